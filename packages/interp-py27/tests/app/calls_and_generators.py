"""Keywords, context managers and generators in unusual roles."""

def f():
    class A:
        def __enter__(self): print 'enter'; return (1,2,3)
        def __exit__(self, t, v, tb): print 'exit', t; return True
    with A():
        1//0
    t = [1,2,3]
    with A() as (t[0], t[1], t[2]):
        print t
f()
def g():
    it = iter([1,2])
    while 1: yield tuple([it.next() for i in [1]])
for i in g(): print i
print list(g())
print unicode(Exception('a'))
print repr(unicode(Exception('a', 3)))
class E(Exception):
    def __str__(self): return 'abc'
print repr(unicode(E('a', 3)))
class S(unicode): pass
print type(unicode(Exception(S('a'))))
print type(unicode(S('a')))
def h(): raise StopIteration(42)
    
class I:
    def next(self): raise StopIteration(42)
    def __iter__(self): return self
try: next(I())
except StopIteration as e: print e.args
def gg():
    yield 1
    raise StopIteration(3)
y = gg()
next(y)
try: next(y)
except StopIteration as e: print e.args
y = gg()
y.next()
try: y.next()
except StopIteration as e: print e.args
try: y.next()
except StopIteration as e: print e.args
y = gg()
y.next()
try: y.send(1)
except StopIteration as e: print e.args
def f(a): return a
print f(**{u'a':1})
for k in (u'st\xf6r', u'ab', 5, u'\u1234'):
    try: f(**{k: 1})
    except Exception as e: print type(e), repr(e.args)
try: f(1, **{u'a': 2})
except Exception as e: print type(e), repr(e.args)
def ff(**k): return k
try: print ff(**{u'st\xf6r': 2})
except Exception as e: print type(e), repr(e.args)


for f in (id, len, [].append, {}.has_key, hash, repr, u''.upper, ''.join, ord, chr, abs, callable, (1).__add__):
    try: f(1, **{'foo': 1})
    except TypeError as e: print f.__name__, e
    try: f(x=1)
    except TypeError as e: print f.__name__, e
print [].__iter__.__doc__, iter([]).next.__doc__, [].__mul__.__doc__, (1).__mul__.__doc__, str.__str__.__doc__, object.__new__.__doc__


def t(f, *a, **k):
    try: print f(*a, **k)
    except Exception as e: print type(e), e
t(lambda: dict(**{5:1}))
t(lambda: dict(1, **{5:1}))
t(lambda: int(**{5:1}))
t(lambda: (lambda **k: k)(**{5:1}))
t(lambda: (lambda **k: k)(a=1, **{'a':1}))
t(lambda: (lambda **k: k)(a=1, **{u'a':1}))
t(lambda: (lambda **k: k)(**{u'a':1}))
t(lambda: dict(a=1, **{u'a':1}))
t(lambda: dict(**{u'a\xe9':1, 'b': 3}))
t(lambda: dict(a=1, **[]))
t(lambda: dict(a=1, **None))
t(lambda: int('x', **{u'a\xe9':1}))
t(lambda: len(**{5:1}))
class M(object):
    def keys(self): return [u'a', 'b', 3]
    def __getitem__(self, k): return k
t(lambda: sorted([3,1,2], **{u'reverse': True}))
t(lambda: sorted([3,1,2], **{3: True}))
