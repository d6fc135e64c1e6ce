"""Which slices go to __getslice__ and its like: those whose bounds are not written, or are integers. None is neither."""

import operator


class Index(object):
    def __index__(self):
        return 5


METHODS = """
def __getslice__(self, start, stop): return "getslice", start, stop
def __getitem__(self, key): return "getitem", key
def __setslice__(self, start, stop, value): print "setslice", start, stop, value
def __setitem__(self, key, value): print "setitem", key, value
def __delslice__(self, start, stop): print "delslice", start, stop
def __delitem__(self, key): print "delitem", key
"""


class New(object):
    exec METHODS


class Old:
    exec METHODS


class Items(list):
    def __getslice__(self, start, stop):
        return "getslice", start, stop


class OnlySlices(object):
    exec METHODS
    del __getitem__, __setitem__, __delitem__


class OldOnlySlices:
    exec METHODS
    del __getitem__, __setitem__, __delitem__


def attempt(text, a):
    n, index = None, Index()
    try:
        if "=" in text or "del" in text:
            exec text
            print text
        else:
            print text, repr(eval(text))
    except Exception as error:
        print text, type(error).__name__, error


READ = """a[:] a[n:] a[:n] a[n:n] a[1:n] a[n:2] a[index:2] a[index:] a["a":] a[1.5:2] a[2L:10**30] a[True:] a[-1:] a[n:2:3]
operator.getslice(a,1,2) operator.getslice(a,None,2) operator.getslice(a,index,2L) operator.setslice(a,None,2,3)
operator.delslice(a,None,2)""".split()
WRITE = ["a[n:] = [3]", "a[:] = [3]", "a[1:n] = [3]", "del a[n:]", "a['a':2] = [3]", "a[n:2] += (3,)", "del a[n:3]",
         "del a[0:n]", "del a['a':3]", "del a[:]"]
for kind in [New, Old, OnlySlices, OldOnlySlices]:
    for text in READ + WRITE:
        attempt(text, kind())
for text in READ + WRITE:
    attempt(text, Items([1, 2, 3]))
for value in [[1, 2, 3], "abc", u"abc", (1, 2, 3), bytearray("abc"), buffer("abc"), xrange(3), {}, 3, None, iter([])]:
    for text in READ[:8] + WRITE:
        attempt(text, value)
