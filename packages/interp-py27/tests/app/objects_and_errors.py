import sys
class Meta(type):
    def __new__(mcs, name, bases, d):
        d['added'] = 1
        return type.__new__(mcs, name, bases, d)
    def __call__(cls, *args):
        print 'meta call', args
        return type.__call__(cls, *args)
class A(object):
    __metaclass__ = Meta
    def __init__(self, x): self.x = x
a = A(3)
print a.added, a.x, type(A), A.__mro__
class B(A): pass
print type(B), B(1).x
class C(int):
    def foo(self): return self + 1
c = C(5)
c.attr = 'x'
print c, c.foo(), c.attr, type(c), c.__dict__, C('12')
class L(list):
    def __init__(self, *a): list.__init__(self, a); self.z = 1
l = L(1,2,3)
print l, len(l), l.z, l[1], l + [1]
class D(dict):
    def __missing__(self, k): return k * 2
d = D(a=1)
print d['a'], d['zz'], d
class S(str): pass
print S('abc'), S('abc').upper(), type(S('abc') + 'x'), repr(S("q"))
class Desc(object):
    def __get__(self, o, t): return ('get', o is None)
    def __set__(self, o, v): print 'set', v
class E(object):
    d = Desc()
e = E()
print e.d, E.d
e.d = 4
class F(object):
    __slots__ = ['a', 'b']
f = F(); f.a = 1
try:
    print f.b
except AttributeError, x: print 'AttributeError', x
try:
    f.c = 1
except AttributeError, x: print 'AttributeError', x
def g():
    try:
        yield 1
        yield 2
    finally:
        print 'cleanup'
it = g()
print next(it)
it.close()
try:
    raise TypeError, 'old style raise'
except TypeError:
    t, v, tb = sys.exc_info()
    print t, v, tb.tb_lineno
class OldErr:
    pass
try:
    raise OldErr()
except OldErr, o:
    print 'caught', o.__class__.__name__
print `1+1`, u'abc' 
print sorted([3,1,2], cmp=lambda a,b: b-a)
print [x for x in reversed([1,2,3])], list(enumerate('ab'))
class It:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def next(self):
        self.n += 1
        if self.n > 3: raise StopIteration
        return self.n
print list(It()), 2 in It(), max(It())
class Seq:
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return i * 10
print list(Seq()), [a for a in Seq()]
print isinstance(3, (str, int)), issubclass(bool, int), callable(len), hash('a') == hash('a')
def deco(f):
    def w(*a, **k):
        return ('deco', f(*a, **k))
    return w
@deco
def h(a, b=3): return a + b
print h(1), h(1, b=5)
try:
    h()
except TypeError, e: print e
try:
    h(1,2,3)
except TypeError, e: print e
try:
    len()
except TypeError, e: print e
try:
    [].append()
except TypeError, e: print e
try:
    'a' + 1
except TypeError, e: print e
try:
    1 + 'a'
except TypeError, e: print e
try:
    [] + 1
except TypeError, e: print e
try:
    {}[[]]
except TypeError, e: print e
try:
    None()
except TypeError, e: print e
try:
    int('abc')
except ValueError, e: print e
try:
    a, b = 1, 2, 3
except ValueError, e: print e
try:
    for i in 5: pass
except TypeError, e: print e
try:
    x = object(); x.foo
except AttributeError, e: print e
try:
    x.foo = 1
except AttributeError, e: print e
try:
    import nosuch
except ImportError, e: print e
try:
    A.nope
except AttributeError, e: print e
try:
    def rec(): rec()
    rec()
except RuntimeError, e: print e
print dir(a)[:3], vars(e.__class__) is not None
print "%s %d %r %5.2f %x" % ('a', 3, 'b', 2.5, 255)
print 'x'.__class__, (1).__class__.__name__, type(None), type(len), type([].append), len, [].append.__name__
print str.join, str.__add__, A.__init__.__name__, type(A.__init__), object.__init__
