# Comparison and coercion.
def t(f, *a):
    try: print f(*a)
    except Exception as e: print type(e).__name__, e
t(coerce, 'a', 'b'); t(coerce, u'a', u'b'); t(coerce, [], []); t(coerce, set(), set())
class A(object): pass
t(coerce, A(), A()); t(coerce, 1, 'a'); t(coerce, None, None); t(coerce, 1, True); t(coerce, True, True)
t((1).__coerce__, 1.0)
class C(object):
    def __coerce__(self, o): return 1
t(coerce, C(), 3); t(coerce, 3, C())
class C: 
    def __coerce__(self, o): return 1
t(coerce, C(), 3); t(coerce, 3, C())
t(int.__cmp__, 1, 1.0); t({}.__cmp__, 3)
t(cmp, set(), set()); t(cmp, set(), 3); t(cmp, slice(1), slice(2)); t(slice(1).__cmp__, 2)
print cmp(slice(1,2), slice(1,2)), slice(1) < slice(2), slice(1)==slice(1)
class I(int):
    def __cmp__(self, o): return -1
print I(3) == I(3), I(3) < I(2), cmp(I(3), 2), 2 < I(3), I(3)<2.0, 2.0 < I(3)
class D(dict):
    def __cmp__(self, o): return 0
print D() < D(), D() == D(), D(a=1) == D(a=2), cmp(D(a=1), {}), cmp({}, D(a=1)), {} < D(a=1)
class N(object):
    def __cmp__(self, o): return NotImplemented
a, b = sorted([N(), N()], key=id)
print a < b, b < a, a == b, a == a
class L(object):
    def __cmp__(self, o): return 10L**30
t(lambda: L() > 1)
class L(object):
    def __cmp__(self, o): return 'a'
t(lambda: L() > 1)
class L:
    def __cmp__(self, o): return 'a'
t(lambda: L() > 1)
class L:
    def __cmp__(self, o): return 1L
t(lambda: L() > 1)
t(lambda: 1L < 2 < 3L < 4.0 <= 5+0j)
t(lambda: 1L < 2+0j); t(lambda: cmp(1, 2+0j));t(lambda: 1+0j < 1)
print sorted([None, 3, 'a', (), [], {}, 2.5, 1L, u'b', int, len is None][:10], key=lambda x:(x if 0 else type(x).__name__))
print 1 < [], [] < 'a', () > [], None < -1, 1 < None, 10**30 < [], object() > 5
a = []; a.append(a); b = []; b.append(b)
t(lambda: a == b)
t(lambda: cmp(a,b))
d = {}; d[1] = d; e = {}; e[1] = e
t(lambda: d == e)
def f(): return f()
t(f)


def local_names(ops):
    a = 1
    for b in [1, 2]:
        print eval('a + b')
        exec 'z = a + b'
        print z
local_names([1])
class Stores(object):
    def __set__(self, instance, value): instance.__dict__['stored'] = value
class Owner(object):
    stored = Stores()
owner = Owner()
owner.stored = 42
print owner.stored
print hasattr(u'', '__iter__'), list(u'a\u1234')
