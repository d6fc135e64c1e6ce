"""What `sys.exc_info` and a bare ``raise`` see after ``finally``, ``with`` and ``yield``; errors of metaclasses."""
import sys
def e(): return sys.exc_info()[0]
def f():
    for i in 1,2:
        try:
            1/0
        finally:
            print e()
            break
    print e()
    try: raise
    except Exception as x: print type(x), x
f()
def g():
    try: 1/0
    except ZeroDivisionError:
        yield e()
        yield e()
    yield e()
print list(g())
def h():
    try: 1/0
    finally: return e()
print h(), e()
def k():
    try:
        with open('/dev/null') as q: 1/0
    finally:
        print e()
        return e()
print k(), e()
class Bad(Exception):
    def __init__(self, *a): print 'init', a
try:
    try: raise TypeError
    except TypeError:
        try: len(5)
        finally: print e()
except TypeError as x: print x
def t(*a): return len(1)
try:
    class X: __metaclass__ = t
except TypeError as x: print x
def t(*a):
    try: return len(1)
    finally: pass
try:
    class X: __metaclass__ = t
except TypeError as x: print x
def t(*a):
    try: return len(1)
    except ZeroDivisionError: pass
try:
    class X: __metaclass__ = t
except TypeError as x: print x

# The dictionary counts when it is there, empty or not; copying and comparing do not make it.
import copy
class WithDict(Exception, object): pass
for error in (WithDict(1), Exception(1), IOError(1, "a"), IOError(1, "a", "b"), WithDict()):
    print error.__reduce__(), copy.copy(error).args
    try: del error.missing
    except AttributeError as other: print other
    error.__dict__
    print error.__reduce__()
    error.a = 1
    print error.__reduce__()
    del error.a
    print error.__reduce__()
    try: del error.missing
    except AttributeError as other: print other
