"""marshal: every type through every version, files, and broken data."""

import marshal
import os


def function(a, b=2, *c, **d):
    """A doc string."""
    def inner():
        return a.upper().join(str(x) for x in [b] if x)
    return inner


def show(value):
    try:
        return repr(value())
    except Exception, error:
        return "%s: %s" % (type(error).__name__, error)


VALUES = [
    None, True, False, 0, -1, 2 ** 31 - 1, 2 ** 31, -2 ** 31, -2 ** 31 - 1, 2 ** 62, 0L, 1L, -1L, 2L ** 70, -2L ** 70,
    1.5, -0.0, 1e300, float("inf"), 1j, 1.5 - 2j, "", "name", "not a name", u"", u"\u1234\U00012345\xe9", (), (1, "a"),
    [], [1, [2]], {}, {1: 2, "key": [3]}, set([1]), frozenset([2]), Ellipsis, StopIteration, bytearray("bytes"),
    ("name", "name", u"name"),
]
for version in (0, 1, 2):
    print [marshal.dumps(value, version) for value in VALUES]
    for value in VALUES:
        back = marshal.loads(marshal.dumps(value, version))
        if repr(back) != repr(value):
            print version, repr(value), repr(back)

for version in (0, 1, 2):
    code = marshal.loads(marshal.dumps(function.func_code, version))
    print code == function.func_code, code.co_name, code.co_varnames, code.co_consts[0], code.co_code == (
        function.func_code.co_code)
code = compile("value = [text.upper().lower() for text in names if text.strip().strip()]", "<test>", "exec")
namespace = {"names": ["ONE", " ", "Two"]}
exec marshal.loads(marshal.dumps(code)) in namespace
print namespace["value"]

stream = os.tmpfile()
for value in [1, "text", (2, u"three")]:
    marshal.dump(value, stream)
stream.write("rest")
stream.seek(0)
print marshal.load(stream), marshal.load(stream), marshal.load(stream), stream.read()
stream.close()


class Subclass(list):
    pass


nested = []
for _ in range(3000):
    nested = [nested]
for value in [object(), Subclass(), [object()], len, xrange(3), function, Subclass, nested]:
    print show(lambda: marshal.dumps(value))
for data in ["", "i", "i\1", "s\5\0\0\0ab", "u\5\0\0\0ab", "(\5\0\0\0N", "(\xff\xff\xff\xff", "[\5\0\0\0N", "{N", "0", "z",
             "R\0\0\0\0", "l\1\0\0\0\xff\xff", "l\2\0\0\0\1\0\0\0", "g123", "f\3abc", "c", "<\1\0\0\0[\0\0\0\0",
             "l\xff\xff\xff\xff\1\0", "s\xff\xff\xff\xff", "i\1\2\3\4rest", "u\1\0\0\0\xff", "I\1\0\0\0\0\0\0\x80", "I\1",
             "x\0011\0012", "(\1\0\0\0000", "[\1\0\0\0000", "[\1\0\0\0" * 3000]:
    print show(lambda: marshal.loads(data))
print show(lambda: marshal.load("text")), show(lambda: marshal.dump(1, "text")), marshal.version
