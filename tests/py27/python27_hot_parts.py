"""What programs with hot loops are made of, for `python27_hot_loops`: definitions in front, expressions, statements.

All are over the variables that every function of such a program has (`LOCALS`), the loop's `i`, and `acc`, which `mix`
takes what was computed into. What they give is determined by the language: no addresses, no order of dicts and sets.
"""

PROLOGUE = r'''
import sys, weakref, gc
G = 5
H = "h"
def mix(acc, value):
    return (acc * 31 + sum([ord(ch) for ch in repr(value).split(" at 0x")[0]])) % 1000003
class Old:
    kind = "old"
    def __init__(self, v): self.v = v
    def get(self): return self.v
    def __len__(self): return self.v % 5
    def __cmp__(self, other): return cmp(self.v, getattr(other, "v", other))
    def __coerce__(self, other): return None
    def __add__(self, other): return Old(self.v + getattr(other, "v", 1))
class OldMissing:
    def __getattr__(self, name):
        if name.startswith("m"): return lambda *a: (name, a)
        raise AttributeError(name)
class Meta(type):
    made = 0
    def __call__(cls, *args):
        Meta.made += 1
        return type.__call__(cls, *args)
    def __getattr__(cls, name):
        if name == "virtual": return 17
        raise AttributeError(name)
class New(object):
    attr = 1
    def __init__(self, v): self.v = v
    def meth(self, y): return self.v + y
    @property
    def prop(self): return self.v * 2
    @staticmethod
    def stat(y): return y + 1
    @classmethod
    def klass(cls, y): return cls.__name__, y
    def __eq__(self, other): return isinstance(other, New) and self.v == other.v
    def __ne__(self, other): return not self == other
    def __lt__(self, other): return self.v < other.v if isinstance(other, New) else NotImplemented
    def __hash__(self): return self.v % 3
    def __repr__(self): return "%s(%r)" % (type(self).__name__, self.v)
    def __add__(self, other): return New(self.v + (other.v if isinstance(other, New) else 1))
    def __radd__(self, other): return New(self.v + 100)
    def __nonzero__(self): return self.v % 4 != 0
    def __getitem__(self, k):
        if k > 4: raise IndexError(k)
        return self.v + k
class Sub(New):
    def meth(self, y): return super(Sub, self).meth(y) * 2
    def __getattr__(self, name):
        if name.startswith("x"): return name
        raise AttributeError(name)
class WithMeta(New):
    __metaclass__ = Meta
class Slots(object):
    __slots__ = ["v", "w"]
    def __init__(self, v): self.v = v
class Desc(object):
    def __init__(self): self.n = 0
    def __get__(self, obj, cls):
        self.n += 1
        return (self.n % 7, obj is None)
    def __set__(self, obj, value): self.n = value
class HasDesc(New):
    d = Desc()
class CM(object):
    def __init__(self, swallow): self.swallow = swallow; self.log = []
    def __enter__(self): self.log.append("in"); return self
    def __exit__(self, t, v, tb):
        self.log.append(t.__name__ if t else None)
        return self.swallow
class Err(Exception):
    pass
def risky(i):
    if i % 3 == 0: raise ValueError(i)
    if i % 5 == 0: raise KeyError(i)
    if i % 7 == 0: raise Err("e%d" % i)
    return i
def gen(n):
    got = 0
    for j in xrange(n):
        try:
            x = yield j + got
            if x: got += x
        except ValueError as e:
            got -= 1
            yield "caught %s" % e
        finally:
            got += 1
def outer_frame(depth):
    if depth: return outer_frame(depth - 1)
    f = sys._getframe()
    names = []
    while f is not None and len(names) < 6:
        names.append((f.f_code.co_name, sorted(f.f_locals.keys())[:3] if f.f_code.co_name == "outer_frame" else None))
        f = f.f_back
    return names
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
def star(a, b=2, *args, **kw):
    return a, b, args, sorted(kw.items())
def counter():
    state = [0]
    def bump(by=1):
        state[0] += by
        return state[0]
    return bump
def finals(i):
    for j in range(3):
        try:
            if (i + j) % 4 == 0: continue
            if (i + j) % 5 == 0: break
            if (i + j) % 6 == 0: return "ret%d" % j
        finally:
            i += 1
    else:
        return "else%d" % i
    return "end%d" % i
def nested_exc(i):
    try:
        try:
            risky(i)
        except ValueError:
            raise TypeError("from %d" % i)
        finally:
            i += 1
    except TypeError as e:
        return str(e), sys.exc_info()[0].__name__
    except Err, e:
        try:
            raise
        except Err:
            return "re", e.args
    return i, sys.exc_info()[0] is None or True
class Iter(object):
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def next(self):
        if self.n <= 0: raise StopIteration
        self.n -= 1
        return self.n
events = [0]
def tracer(frame, event, arg):
    events[0] += 1
    return tracer
devnull = open("/dev/null", "w")
blen = len
'''

#: The variables of a function. No inner function uses `x`, which some statements delete.
LOCALS = """\
a = 3; b = 4; x = 1.5; s = 'st'; l = [1, 2, 3]; d = {1: 2, 'k1': 3}; o = New(3); o2 = Sub(4); old = Old(2)
om = OldMissing(); hd = HasDesc(1); sl = Slots(1); st = set([1]); r = weakref.ref(o); fs = []; bump = counter()
it = gen(3); ns = {'i': 0}; e = None
""".splitlines()

EXPRESSIONS = [
    "a + i", "a * i", "a - b", "i % 7", "a & 255", "b ^ i", "a // (i + 1)", "(a << (i % 5)) & 0xffff",
    "a * 1000003 * b", "2 ** (i % 70)", "i * 0.5", "x + i", "x * 1.25 % 1000.0", "int(x)", "float(a) / 3",
    "round(x, 2)", "divmod(a, 7)", "abs(b - a)", "a > b", "a == i", "not a", "a if i & 1 else b", "-a", "~i",
    "s[-5:]", "len(s)", "s + str(i)", "'%d-%s' % (i, a % 10)", "s.upper()[:4]", "s.find('1')", "'1' in s",
    "s.replace('1', 'x')[-4:]", "','.join([str(k) for k in l[:3]])", "ord(s[i % len(s)])", "s.split('1')[:2]",
    "unicode(i)", "u'%s\xe9' % i", "repr(s[-3:])", "hash(i)", "str(x)",
    "l[i % len(l)]", "l[:3]", "sum(l) if all(isinstance(q, (int, long)) for q in l) else 0", "len(l)",
    "sorted(l)[:2]", "[q for q in l if q][:3]", "max(l)", "l[::-1][:2]", "i in l", "tuple(l[:2])", "zip(l, l)[:2]",
    "map(str, l)[:2]", "filter(None, l)[:2]", "reduce(lambda p, q: p, l)", "enumerate(l).next()",
    "list(reversed(l))[:2]",
    "d.get(i, 0)", "d.get('k%d' % (i % 4))", "len(d)", "i in d", "sorted(d.items())[:2]", "d.setdefault(i % 6, i)",
    "dict(d) == d", "d[i % 3]", "d.pop(i % 9, 'none')", "{i: a}", "len({i % 3, a % 3})",
    "sorted({k: v for k, v in d.items() if k}.keys())[:2]",
    "o.v", "o.meth(i)", "o.prop", "o.attr", "o.stat(i)", "o.klass(i)", "getattr(o, 'q%d' % (i % 3), None)",
    "hasattr(o, 'zz')", "isinstance(o, Sub)", "type(o).__name__", "o == New(i)", "bool(o)", "(o + 1).v", "(1 + o).v",
    "list(o)", "o[i % 6]", "o.xyz", "hash(o)", "o.__dict__.get('v')", "sorted(vars(o))[:1]", "New.attr",
    "sorted(k for k in dir(o) if not k.startswith('_'))[:4]",
    "old.get()", "len(old)", "old.kind", "old < i", "(old + old).v", "om.method(i)", "om.zzz", "old.v",
    "isinstance(old, Old)", "WithMeta(i).v", "WithMeta.virtual", "Meta.made", "hd.d", "HasDesc.d", "sl.v", "sl.w",
    "risky(i)", "fib(i % 7)", "star(i, *l[:2])", "star(a=i, z=b)", "star(i, b=a, **{'c': 1})", "apply(star, (i, a))",
    "bump()", "bump(i)", "finals(i)", "nested_exc(i)", "list(gen(i % 4))", "sum(Iter(i % 5))", "list(Iter(3))",
    "outer_frame(i % 3)[:2]", "[f(i) for f in fs[-2:]]", "(lambda y: y + a + i)(3)",
    "eval('a + i')", "eval('G * 2')", "eval('[q for q in (1, 2, i)]')", "len(locals()) > 3",
    "sorted(locals().keys())[:3]", "sys._getframe().f_code.co_name", "sys._getframe().f_lineno > 0",
    "sys._getframe().f_locals['i'] == i", "sys._getframe(1).f_code.co_name", "r() is o", "G", "H", "G + i",
    "callable(o)", "next(it, 'done')", "zip(gen(2), gen(3))", "any(q == i for q in l)", "sys.exc_info()[0]",
    "id(o) == id(o)", "o is o2", "cmp(o2.v, o.v)", "chr(97 + i % 26)", "range(i % 4)", "xrange(i)[-1]",
    "slice(1, i).indices(5)", "isinstance(i, bool)", "issubclass(Sub, New)", "complex(i, a % 5)", "long(i) << 65",
    "hex(a)", "int(str(i) + '1')", "bytearray('ab')[i % 3]", "frozenset(l[:2]) == frozenset(l[:2])",
]

STATEMENTS = [
    "a = (a * 3 + i) % 1009", "a += 1", "b = a - i", "a, b = b, a", "x = x * 0.5 + i", "x += 1",
    "a = a * 7919 % 10007", "b = b * b % 997", "a = a | (1 << (i % 66))", "a %= 100000", "b = int(x) % 50",
    "s = (s + str(i))[-20:]", "s += 'a'; s = s[-10:]", "s = s[1:] + 'b' if s else 'q'",
    "l.append(i)", "l.append(a)", "l.append('s')", "l.append(0.5)", "l.pop()", "l.insert(0, i)", "del l[0]",
    "l[i % len(l)] = a", "l[1:3] = [i]", "l.reverse()", "l.sort()", "l = l[-8:]", "l.extend([1, i])",
    "l *= 2; l = l[:9]", "l.remove(i)", "l = range(4)", "l = list(l); l.append(None); l.pop()",
    "l = [q * 2 for q in l if not isinstance(q, str)][:9] or [1]",
    "d[i % 5] = a", "d['k%d' % (i % 4)] = i", "del d[i % 5]", "d.clear()", "d.update({i % 3: 1})", "d = dict(d)",
    "d[i, a] = 1", "d[o] = i", "d.pop(o, None)", "d = {}", "d[2.0] = i",
    "for k in d: d[k] = i", "for k in d: d[0, len(d)] = 2", "for k in list(d): del d[k]",
    "for k, v in d.iteritems():\n    if v == i: break", "for q in l:\n    l.append(q)\n    if l[15:]: break",
    "st.add(i % 7)", "st.discard(i % 5)", "for q in st: st.add(q + 1000)", "st = set(q for q in st if q < 50)",
    "st |= set([a % 9])",
    "o.v += 1", "o.v = a", "o.w = i", "del o.w", "o.w2 = s", "o = New(i)", "o = Sub(a)", "o = WithMeta(i)", "o2 = o",
    "o2 = New(a)", "o.__class__ = Sub", "o.__class__ = New", "setattr(o, 'q%d' % (i % 3), i)", "o.attr = 7",
    "o.__dict__['v'] = 3", "o.__dict__ = {'v': i}", "hd.d = i", "sl.w = i", "del sl.w", "sl = Slots(i)",
    "old.v = i", "old = Old(i)", "old.extra = 2; del old.extra", "old.__class__ = Old", "old.get = lambda: 99",
    "del old.get",
    "r = weakref.ref(o)", "fs.append(lambda y, k=i: y + k)", "fs.append(lambda y: y + i)", "del fs[:-3]",
    "bump = counter()", "it = gen(4)", "it = iter(l)", "it = Iter(5)", "acc = mix(acc, it.send(None))",
    "acc = mix(acc, it.send(i))", "acc = mix(acc, it.throw(ValueError('t')))", "it.close()", "del x", "x = 1.5",
    "gc.collect()",
    "exec 'acc2 = i + 1' in ns", "exec 'G2 = i' in globals()", "acc = mix(acc, ns.get('acc2'))",
    "events[0] = 0; sys.settrace(tracer)", "sys.settrace(None); acc = mix(acc, events[0] > 0)", "sys.exc_clear()",
    "import os; a += len(os.sep)", "from math import floor as fl; a += int(fl(x % 10))", "assert i % 9, 'nine'",
    "print >>devnull, i", "pass",
]

#: What is done in few iterations only: it takes away what compiled code relies on.
UPSETS = [
    "G = G + 1", "H = H + 'h'", "globals()['G'] = i", "New.attr = i", "New.attr2 = i", "del New.attr2",
    "New.meth = lambda self, y: y + 5", "Sub.meth = lambda self, y: y * 3",
    "New.prop = property(lambda self: self.v + 1)", "New.prop = 5", "Old.kind = i", "Old.get = lambda self: 55",
    "HasDesc.d = Desc()", "Desc.__get__ = lambda self, obj, cls: 'g'", "New.__eq__ = lambda self, other: True",
    "New.__add__ = lambda self, other: Old(1)", "Sub.__bases__ = (HasDesc,)", "Sub.__bases__ = (New,)",
    "fib.func_defaults = None", "star.func_defaults = (9,)", "risky.func_code = finals.func_code",
    "mix.func_doc = 'x'", "New.__getattribute__ = lambda self, name: object.__getattribute__(self, name)",
    "del New.__getattribute__", "import __builtin__; __builtin__.len = lambda q: 3",
    "import __builtin__; del globals()['__builtins__'].__dict__['zzz']", "import __builtin__; __builtin__.len = blen",
    "abs = lambda q: 77", "del globals()['abs']", "sys.setcheckinterval(i % 50 + 1)", "Meta.virtual = 3",
    "WithMeta.virtual = 4", "Slots.extra = 1", "class New2(New): pass\nNew2.attr = i", "sys.setrecursionlimit(900)",
    "CM.__exit__ = lambda self, *t: False", "Iter.next = lambda self: (_ for _ in ()).next()",
]
