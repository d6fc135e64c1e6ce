# Conversions between numbers, from texts and by methods; wrong arguments of built-in methods.
def t(f, *a):
    try:
        r = f(*a)
        print type(r), repr(r)
    except Exception as e: print type(e).__name__, e
class I(int): pass
t(I, 10**30); t(I, 2.5); t(I, '12'); t(I, 10L**30)
class A(object):
    def __int__(self): return 10**30
t(int, A()); t(I, A())
class A(object):
    def __int__(self): return True
t(int, A()); t(I, A()); t(long, A())
class A(object):
    def __int__(self): return 'a'
t(int, A()); t(long, A())
class A(object):
    def __trunc__(self): return 'a'
t(int, A()); t(long, A())
class A:
    def __trunc__(self): return 'a'
t(int, A()); t(long, A())
class A:
    def __trunc__(self): return 5.5
t(int, A()); t(long, A())
class A:
    def __trunc__(self): return True
t(int, A()); t(long, A())
class A: pass
t(int, A()); t(long, A()); t(float, A()); t(complex, A())
class A(object): pass
t(int, A()); t(long, A()); t(float, A()); t(complex, A())
class L(long): pass
t(L, 3); t(L, L(3)); t(long, L(3)); t(int, L(3)); t(int, I(3)); t(int, True); t(long, True)
class A(object):
    def __long__(self): return L(5)
t(long, A()); t(L, A())
class A(object):
    def __long__(self): return True
t(long, A())
class A(object):
    def __long__(self): return 2.0
t(long, A())
t(int.__new__, bool, 0); t(object.__new__, int); t(object.__new__, list); t(list.__new__, dict); t(dict.__new__, 3); t(tuple.__new__, list)
t(int.__new__); t(str.__new__); t(int.__new__, 5); t(object.__new__, 5); t(object.__new__)
class X(int): pass
t(object.__new__, X)
t(list.__new__, X)
t(int, 'abc'); t(int, u'abc'); t(int, 'a\0b'); t(int, '1\0'); t(long, '1\0'); t(float, '1\0'); t(int, ''); t(int, ' '); t(float, ''); t(long, '12L'); t(int, '12L'); t(long, '12L', 10)
t(int, '0x1f', 0), t(int, '0b11', 0); t(int, '0o17', 0); t(int, '017', 0); t(int, '0x', 16); t(int, '12', 37); t(int, '12', 1); t(int, 3, 4); t(int, '9', 8)
t(int, float('inf')); t(int, float('nan')); t(long, float('inf')); t(int, 1e30); t(int, 1j); t(float, 1j); t(float, 'abc'); t(complex, 'abc'); t(complex, '1+2j', 2); t(complex, 1, '2')
t(hex, 1.0); t(oct, 'a'); t(bin, 1.0); t(chr, 300); t(unichr, -1); t(ord, 'ab'); t(ord, 3); t(abs, 'a'); t(round, 'a'); t(divmod, 1, 'a'); t(pow, 2, -1, 3); t(pow, 2, 3, 0); t(pow, 2.0, 3, 4); t(pow, 2, 3, 4.0); t(pow, 0, -1); t(pow, 0.0, -1); t(pow, 2, 3, 5L); t(pow, 2L, 3, 5); t(pow, 2, 3L, 5)
t(int.__add__, 1, 2.0); t(int.__add__, 1.0, 2); t(int.__add__); t(int.__add__, 1); t(int.__add__, 1, 2, 3); t((1).__add__); t((1).__add__, 1, 2); t(int.__neg__, 1, 2); t(int.__hash__); t([].append); t([].append, 1, 2); t(list.append); t(list.append, [], 1, 2); t([].append); t({}.get); t({}.get, 1, 2, 3); t(dict.get, 3, 4)
for s in ['', ' ', ' abc ', 'abc', '1abc', ' 1abc ', '1\0', '\0', '1 \0', 'a\0b', '1' + 'x' * 300, '12L', '1.5e', '1e5 x', '- 1', 'inf', 'nan', 'infx', '0x10', '1_0', u'abc', u' abc', u'1\0', u'\u0663', u'\u0663x', u'\xe9', u'\u1234', u' 5 ', u'5\xa0', '5\xa0', '\t5\n', u'1' + u'x' * 300]:
    print repr(s)[:50]
    t(int, s); t(long, s); t(float, s); t(int, s, 10); t(long, s, 10); t(int, s, 0); t(complex, s)
