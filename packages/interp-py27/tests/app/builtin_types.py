# -*- coding: utf-8 -*-
print cmp(1, 2), cmp('a', 'a'), cmp([1], [2]), cmp({}, {1:2}), cmp((1,), 1) in (1,-1), 1 == 'a', [] == (), {} == []
class A(object):
    def __cmp__(self, o): return -1
print A() < 3, 3 < A(), A() == A(), cmp(A(), 1), cmp(1, A()), sorted([A(), 1]) is not None
class B:
    def __cmp__(self, o): return 0
print B() == 1, 1 == B(), B() != 2, cmp(B(), 5), cmp(5, B())
class C:
    def __eq__(self, o): return 'eq'
    def __coerce__(self, o): return (10, o)
print C() == 1, C() + 5, 5 + C() if False else 0
print cmp(slice(1), slice(2)), slice(1) == slice(1)
import sys
print sys.version_info[:3], sys.version_info.major, sys.maxint, sys.byteorder
def f(a, (b, c), d=4): return a, b, c, d
print f(1, (2, 3))
print map(lambda (a, b): a + b, [(1, 2), (3, 4)])
class Meta(type):
    def __instancecheck__(cls, o): return True
    def __len__(cls): return 42
class D:
    __metaclass__ = Meta
print isinstance(3, D), len(D)
class E(object):
    def __getattr__(self, n):
        if n.startswith('__'): raise AttributeError(n)
        return n
print E().foo, hasattr(E(), '__len__')
class F(E): __slots__ = 'x'
f = F(); f.x = 5; f.y = 6
print f.x, f.y, f.__dict__
class G(object):
    x = 1
G.x = 2; g = G(); G.y = property(lambda s: 'prop')
print g.x, g.y
g.__class__ = type('H', (object,), {'z': 3})
print g.z, type(g).__name__
try:
    g.__class__ = int
except TypeError, e: print e
try:
    class I(int, str): pass
except TypeError, e: print e
try:
    class J(bool): pass
except TypeError, e: print e
class X(object): pass
class Y(X): pass
try:
    class Z(X, Y): pass
except TypeError, e: print str(e)[:60]  # the rest is in the order of a dict of addresses
print Y.__mro__, Y.__bases__, X.__subclasses__()
Y.__bases__ = (G,)
print Y.x
d = X.__dict__
print type(d), '__module__' in d
it = iter([1,2,3]); print it.next(), list(it)
def gen():
    try:
        x = yield 1
        print 'got', x
        try:
            yield 2
        except ValueError, e:
            print 'caught', e
            yield 3
    finally:
        print 'fin'
g = gen(); print g.next(), g.send('s'), g.throw(ValueError('v')),
try: g.next()
except StopIteration: print 'stop'
print [(x, y) for x in 'ab' for y in range(2)], dict((k, v) for k, v in [(1, 2)])
print type(iter('a')), type(iter([])), type(iter({})), type(xrange(3)), type(gen())
print repr(object)[:7], 'spam %(x)s' % {'x': 3}
x = [1,2,3,4,5]; x[::2] = 'abc'; print x; del x[1::2]; print x
a = b = []; a.append(a); print a, [a]
d = {}; d['d'] = d; print d
print 10 .__add__(5), (5).__cmp__(6), int.__add__(1, 2), str.upper('a'), [].__len__()
print hex(255), oct(8), bin(5), hex(-1L), round(2.5), round(-1.567, 2), abs(-3), pow(2, 3, 5), divmod(-7, 3)
print long('123'), int('0x1f', 16), int(' 12 '), float('1e3'), int(3.9), long(2.5), int('777', 8), int(u'12')
try: int('12', 1)
except ValueError, e: print e
try: int('9x')
except ValueError, e: print e
print 1e16, 1e15, 123456789.123456789, 1.0, -0.0, 1e-5, 0.0001, 3.14159265358979, str(0.1+0.2), repr(0.1+0.2)
print 5 .bit_length(), (2.5).as_integer_ratio(), (0.1).hex(), float.fromhex('0x1.8p1'), (3.0).is_integer()
print True + True, isinstance(True, int), bool('') is False, True & 1, True | False, ~True
print 'a,b,c'.split(','), ' a b '.split(), 'a-b-c'.rsplit('-', 1), 'abc'.find('c'), 'abcabc'.replace('b', 'X', 1), 'x'.join('abc'), 'abc'.partition('b')
print 'Hello World'.swapcase(), 'hello world'.title(), 'abc'.center(9, '*'), 'abc'.ljust(5) + '|', '42'.zfill(5), '-42'.zfill(5), 'a\tb'.expandtabs(4)
print 'abc'.translate(''.join([chr(i) for i in range(256)]), 'b'), 'abc'.startswith(('x', 'a')), 'aXb'.isalpha(), 'abc'.isalnum(), 'a b'.splitlines(), 'a\nb\r\nc'.splitlines(True)
print min('abc'), max([1, 5, 3], key=lambda v: -v), sum([1, 2, 3], 10), any([0, 1]), all([1, 0]), zip([1, 2], 'ab'), filter(lambda c: c > 'a', 'abc')
print sorted('bca'), range(3)[::-1], list(xrange(10, 0, -3)), xrange(5)[2], len(xrange(0, 10, 3)), repr(xrange(1, 5))
print globals()['__name__'], sorted(locals().keys())[:2], callable(f), id(f) == id(f), dir([])[:3]
exec "def q(): return 7" ; print q()
print eval('a + 1', {'a': 2}), eval(compile('3 * 4', '', 'eval'))
ns = {}; exec compile('w = 1\nv = w + 1', 'f', 'exec') in ns; print ns['v']
print (lambda: (yield))().next()
class K(object):
    def __del__(self): pass
    @property
    def p(self): return 'p'
    @p.setter
    def p(self, v): print 'set', v
k = K(); k.p = 3; print k.p
try: del k.p
except AttributeError, e: print e
print super(F, f).__thisclass__, getattr(k, 'nope', 'dflt')
while True:
    try: break
    finally: print 'w'
for i in []: pass
else: print 'else'
print `u'\xe9'`, 'é', repr('é'), u'\u1234'.encode('utf8') == '\xe1\x88\xb4'
