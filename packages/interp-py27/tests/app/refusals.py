# What types, classes, attributes, operators and built-in functions refuse, and how they say so.
def t(f, *a, **k):
    try:
        r = f(*a, **k)
        print type(r), repr(r)[:60]
    except Exception as e: print type(e).__name__, e
t(type, 'A\0B', (), {}); t(type, 3, (), {}); t(type, 'a', [], {}); t(type, 'a', (), []); t(type, 'a', ()); t(type); t(type, u'abc', (), {}); t(type, 'a', (), {}, 1)
t(type, 'A', (), {'__slots__': ('__dict__', '__dict__')}); t(type, 'A', (), {'__slots__': ('__weakref__', '__weakref__')})
t(type, 'A', (), {'__slots__': '1'}); t(type, 'A', (), {'__slots__': [1]}); t(type, 'A', (), {'__slots__': ['']}); t(type, 'A', (), {'__slots__': ['x\0']}); t(type, 'A', (), {'__slots__': ('x', 'x')}); t(type, 'A', (int,), {'__slots__': 'x'}); t(type, 'A', (long,), {'__slots__': 'x'});t(type, 'A', (), {'__slots__': u'x\xe9'})
t(type, 'A', (), {'__slots__': 'x', 'x': 1}); t(type, 'A', (str,), {'__slots__': ['__weakref__']}); t(type, 'A', (str,), {'__slots__': ['__dict__']})
t(type, 'A', (bool,), {}); t(type, 'A', (int, str), {}); t(type, 'A', (3,), {}); t(type, 'A', (int, int), {}); t(type, 'A', (object, int), {}); t(type, 'A', (len,), {}); t(type, 'A', (type(None),), {})
class S1(object): __slots__ = 'a'
class S2(object): __slots__ = 'b'
t(type, 'A', (S1, S2), {})
class M(type): pass
class N(type): pass
class C1(object): __metaclass__ = M
class C2(object): __metaclass__ = N
t(type, 'A', (C1, C2), {}); print type(type('A', (C1,), {}))
C = type.__new__(type, name='C', bases=(int,), dict={'spam': 1}); print C, C.spam
t(type, 'a', (), {}, x=1)
class B(object): pass
def s(o, n, v):
    try: setattr(o, n, v); print 'ok'
    except Exception as e: print type(e).__name__, e
def d(o, n):
    try: delattr(o, n); print 'ok'
    except Exception as e: print type(e).__name__, e
s(B, '__name__', 3); s(B, '__name__', 'a\0'); s(B, '__bases__', ()); s(B, '__bases__', 3); s(B, '__bases__', (3,)); s(B, '__bases__', (B,)); s(B, '__bases__', (int,)); s(B, '__mro__', 3); s(B, '__dict__', {}); s(B, '__doc__', 3); s(int, 'x', 3); s(int, '__name__', 'x'); d(B, '__name__'); d(B, '__module__'); d(B, '__bases__'); d(B, 'nope'); d(int, 'x'); s(B, '__class__', int); s(B(), '__class__', int); s(B(), '__class__', 3); s(3, '__class__', int); s(B(), '__dict__', 3); d(B(), '__class__'); d(B(), '__dict__'); s(B(), '__weakref__', 3); s(object(), 'x', 1); s(3, 'x', 1); s(3, 'real', 1); d(3, 'real'); d(3, 'x'); s([], 'append', 1); d([], 'append'); s(S1(), 'zz', 1); d(S1(), 'a'); t(getattr, S1(), 'a'); t(getattr, S1(), 'zz'); t(getattr, B, 'zz'); t(getattr, B(), 3); t(getattr, B(), u'\xe9'); s(B(), u'\xe9', 1)
t(S1.a.__get__, 3); t(S1.a.__set__, 3, 4); t(S1.a.__get__, None); t(S1.a.__get__, None, S1); print S1.a
t(B, 1); t(B, x=1); t(object, 1); t(object.__init__, 3); t(object.__new__, B, 1)
class I(object):
    def __init__(self): return 3
t(I)
class I:
    def __init__(self): return 3
t(I)
class I: pass
t(I, 1)
class Abs(object):
    __abstractmethods__ = None
import abc
class Abs(object):
    __metaclass__ = abc.ABCMeta
    @abc.abstractmethod
    def f(self): pass
    @abc.abstractmethod
    def e(self): pass
t(Abs)
t(isinstance, 3, 4); t(isinstance, 3, (4,)); t(issubclass, 3, int); t(issubclass, int, 3); t(issubclass, I, (3,)); t(super); t(super, 3); t(super, int, 'a'); t(super, int, 3); t(property().__get__, 3); t(property, 1, 2, 3, 4, 5); t(classmethod); t(staticmethod, 1, 2); t(classmethod(3).__get__, 3); t(B().f if hasattr(B(), 'f') else len); t(B.__cmp__ if hasattr(B, '__cmp__') else len, 3)
t(lambda: B() + 1); t(lambda: 1 + B()); t(lambda: B() < 1 and 0); t(lambda: -B()); t(lambda: B()[0]); t(lambda: B()()); t(lambda: len(B())); t(lambda: iter(B())); t(lambda: 3 in B()); t(lambda: hash([])); t(lambda: abs(B())); t(lambda: [1][B()]); t(lambda: [1][B():]); t(lambda: 'a' * B()); t(lambda: [] + B()); t(lambda: 'a' + 3); t(lambda: () + []); t(lambda: u'a' + 3); t(lambda: int(B())); t(lambda: range(B())); t(lambda: xrange(1.5)); t(lambda: dict(B())); t(lambda: dict([1])); t(lambda: dict([(1,)])); t(lambda: tuple(3)); t(lambda: set(3)); t(lambda: {}[[]]); t(lambda: {}[1]); t(lambda: [][1]); t(lambda: ()[1]); t(lambda: ''[1]); t(lambda: u''[1]); t(lambda: []['a']); t(lambda: ()['a']); t(lambda: ''['a']); t(lambda: u''['a']); t(lambda: 3[1]); t(lambda: [1].index(2)); t(lambda: [1].remove(2)); t(lambda: [].pop()); t(lambda: [1].pop(5)); t(lambda: [1].pop('a')); t(lambda: (1,).index(2)); t(lambda: {}.popitem()); t(lambda: {}.pop(1)); t(lambda: set().pop()); t(lambda: set().remove(1)); t(lambda: ''.index('a')); t(lambda: 'a'.join([1])); t(lambda: u'a'.join([1])); t(lambda: 'abc'.split('')); t(lambda: zip(3)); t(lambda: map(None, 3)); t(lambda: map(len, 3)); t(lambda: filter(None, 3)); t(lambda: reduce(len, [])); t(lambda: sum(['a'])); t(lambda: sum([], '')); t(lambda: max([])); t(lambda: max(1)); t(lambda: sorted(3)); t(lambda: round('a')); t(lambda: next(3)); t(lambda: iter(3, 4)); t(lambda: eval(3)); t(lambda: compile('a', 'b', 'c')); t(lambda: getattr(3)); t(lambda: slice()); t(lambda: vars(3)); t(lambda: dir(1, 2)); t(lambda: reload(3)); t(lambda: apply(len, 3)); t(lambda: apply(len, (), 3)); t(lambda: buffer(3)); t(lambda: intern(3)); t(lambda: unicode('\xff')); t(lambda: str(u'\xff')); t(lambda: file('/nonexistent')); t(lambda: all(3)); t(lambda: enumerate(3)); t(lambda: reversed(3)); t(lambda: reversed({})); t(lambda: bytearray(-1)); t(lambda: bytearray([256])); t(lambda: format(3, 3)); t(lambda: format(3, 'q')); t(lambda: 'a %d' % 'b'); t(lambda: '%s %s' % 1); t(lambda: '%s' % (1, 2)); t(lambda: '%z' % 1); t(lambda: '%(a)s' % 1); t(lambda: '%(a)s' % {})
