import sys
# tracebacks and misc
def f(x):
    return g(x)
def g(x):
    raise ValueError('bad %s' % x)
try:
    f(1)
except ValueError:
    tb = sys.exc_info()[2]
    while tb:
        print tb.tb_frame.f_code.co_name, tb.tb_lineno
        tb = tb.tb_next
class P(object):
    def __getattribute__(self, n): return 'got ' + n
print P().x
class Q(object):
    def __eq__(self, o): return True
    def __hash__(self): return 1
    def __cmp__(self, o): return 0
    def __lt__(self, o): return 'lt'
    def __contains__(self, x): return x == 3
    def __call__(self, *a, **k): return a, k
    def __getitem__(self, i): return i
    def __setitem__(self, i, v): print 'setitem', i, v
    def __delitem__(self, i): print 'delitem', i
    def __nonzero__(self): return False
    def __iadd__(self, o): return 'iadd'
    def __radd__(self, o): return 'radd'
    def __neg__(self): return 'neg'
    def __index__(self): return 2
    def __int__(self): return 7
    def __float__(self): return 2.5
    def __str__(self): return 'strq'
    def __len__(self): return 4
    def __enter__(self): return self
    def __exit__(self, *a): return False
q = Q()
print q == 1, q != 1, q < 2, 3 in q, q(1, a=2), q[1:2], q[::2], q[1, 2], bool(q), 1 + q, -q, [1,2,3,4][q], int(q), float(q), str(q), len(q)
q[3] = 4
del q[5]
q += 1
print q
for x in xrange(3): print x,
print
print range(10)[2:8:3], 'abc' 'def', """multi
line"""
import sys as system
print system is sys
def kw(**k): return k
print kw(a=1, **{'b': 2}) == {'a':1,'b':2}
print (lambda *a, **k: (a, k))(1, 2, z=3)
def defaults(a, b=[], c={}): b.append(a); return b
print defaults(1), defaults(2)
x = 10
def scope():
    global x
    x = 20
scope()
print x
def nested():
    a = 1
    def inner():
        b = a
        def inner2():
            return a + b
        return inner2
    return inner()()
print nested()
print [i for i in range(3)], i
try:
    try:
        1/0
    finally:
        print 'fin'
except ZeroDivisionError: print 'zde'
def ret():
    for i in range(3):
        try:
            continue
        finally:
            print 'c', i
    while 1:
        try:
            break
        finally:
            print 'b'
    try:
        return 'r'
    finally:
        print 'f'
print ret()
print 1 if True else 2, not (1 and 0)
assert True
try:
    assert False, 'msg'
except AssertionError, e: print 'AE', e
print type(type), type(object), object.__bases__, type.__mro__
class M(type): pass
class N(object):
    __metaclass__ = M
    def m(self): pass
print N.m, N().m.im_func is N.__dict__['m'], N.__name__, N.__module__, M.__name__
print isinstance(N, M), type(N) is M
class X(object):
    def __new__(cls, *a):
        o = object.__new__(cls)
        o.args = a
        return o
print X(1,2).args
class Y(tuple):
    def __new__(cls, a, b): return tuple.__new__(cls, (a, b))
    a = property(lambda s: s[0])
y = Y(1,2)
print y, y.a, len(y), y == (1,2), hash(y) == hash((1,2))
