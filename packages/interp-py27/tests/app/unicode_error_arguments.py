# The arguments of the three classes, and what is said of wrong ones.
for cls in (UnicodeEncodeError, UnicodeDecodeError, UnicodeTranslateError):
    good = ("ascii", u"x" if cls is UnicodeEncodeError else "x", 0, 1, "r")
    if cls is UnicodeTranslateError:
        good = (u"x", 0, 1, "r")
    e = cls(*good)
    print str(e), e.args, e.start, e.end, e.object, e.reason, getattr(e, "encoding", None)
    for i in range(len(good)):
        for bad in (None, 1, "s", u"u", 2L):
            args = good[:i] + (bad,) + good[i+1:]
            try:
                print cls(*args)
            except TypeError as t:
                print t
    try:
        cls(1)
    except TypeError as t:
        print t
