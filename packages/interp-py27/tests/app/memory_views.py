"""bytearray, memoryview, buffer and arrays: memory seen from several sides."""

import array
import struct


def show(function, *args):
    try:
        print repr(function(*args))
    except Exception as error:
        print type(error).__name__, error


def assign(target, index, value):
    target[index] = value
    return target


def delete(target, index):
    del target[index]
    return target


# ---- bytearray

for arguments in [(), ("abc",), (u"abc",), (u"\xe9", "utf-8"), ([1, 255],), ([1, 256],), (3,), (-1,), (1.0,), (["a", 1],),
                  (["ab"],), (memoryview("ab"),), (array.array("h", [1]),), (3, "ascii")]:
    show(bytearray, *arguments)
text = bytearray("Hello, world")
for name, arguments in [
        ("find", ("o",)), ("find", (u"o",)), ("find", (buffer("o"),)), ("index", ("z",)), ("count", (bytearray("o"),)),
        ("startswith", (("x", "Hell"),)), ("endswith", (1,)), ("split", ()), ("split", (bytearray("o"), 1)), ("rsplit", ("o", 1)),
        ("split", ("",)), ("partition", (", ",)), ("rpartition", (1,)), ("join", (["a", bytearray("b")],)), ("join", (["a", u"b"],)),
        ("replace", ("l", memoryview("L"), 2)), ("strip", ("Hd",)), ("lstrip", ("H",)), ("rstrip", ()), ("center", (20, "*")),
        ("zfill", (15,)), ("upper", ()), ("swapcase", ()), ("title", ()), ("isalpha", ()), ("istitle", ()), ("expandtabs", ()),
        ("translate", (None, "lo")), ("translate", ("abc",)), ("decode", ("ascii",)), ("splitlines", (True,)), ("__reduce__", ()),
        ("__contains__", (72,)), ("__contains__", ("world",)), ("__contains__", (256,)), ("__add__", ("!",)), ("__add__", (u"!",))]:
    show(getattr(text, name), *arguments)
for index, value in [(0, 74), (-1, "D"), (99, 1), (0, "xx"), ("a", 1), (slice(0, 5), "Bye"), (slice(0, 3), u"x"), (slice(0, 3), 3),
                     (slice(None, None, 2), "123"), (slice(0, 4, 2), [65, 66]), (slice(1, 3), iter([33]))]:
    show(assign, bytearray("Hello"), index, value)
for index in [0, -1, 9, slice(1, 3), slice(None, None, 2), slice(None, None, -2), slice(3, 1)]:
    show(delete, bytearray("Hello"), index)
for name, arguments in [("append", (33,)), ("append", ("ab",)), ("extend", ("xy",)), ("extend", ([1, 2],)), ("extend", (1,)),
                        ("insert", (-1, "z")), ("pop", ()), ("pop", (0,)), ("pop", (9,)), ("remove", ("b",)), ("remove", ("z",)),
                        ("reverse", ()), ("__imul__", (2,)), ("__iadd__", (buffer("q"),)), ("__iadd__", (1,))]:
    target = bytearray("abc")
    show(getattr(target, name), *arguments)
    print repr(target)
print repr(bytearray.fromhex("00 fF10")), repr("a" + bytearray("b")), bytearray("a") < "b", bytearray("a") == u"a"
show(bytearray.fromhex, "1 2")
show(lambda: u"a" + bytearray("b"))
show(hash, bytearray("a"))


class Named(bytearray):
    pass


named = Named("abc")
named.label = "x"
print repr(named), named.label, type(named[:2]), named == "abc"

# ---- memoryview

memory = bytearray("abcdef")
view = memoryview(memory)
part = view[2:5]
for index in [0, -1, 9, "a", slice(None, None, 2)]:
    show(lambda: view[index])
for index, value in [(0, "A"), (0, "AB"), (0, 1), (slice(0, 2), "xy"), (slice(0, 2), "x"), (9, "a")]:
    show(assign, part, index, value) if index == 9 or value in ("AB", 1, "x") else assign(part, index, value)
    print repr(memory)
show(assign, memoryview("abc"), 0, "x")
show(memory.append, 1)
print part.tobytes(), part.tolist(), len(part), part == "xyA", part != memoryview("cde"), part < "z" or part > "z"
print view.format, view.itemsize, view.ndim, view.shape, view.strides, view.readonly, memoryview("a").readonly
for other in [1, u"a", array.array("c", "a")]:
    show(memoryview, other)
show(hash, view)

# ---- buffer

letters = buffer("abcdef", 1, 4)
for index in [0, -1, 9, "a", slice(1, 3), slice(None, None, -1)]:
    show(lambda: letters[index])
print repr(str(letters)), len(letters), letters + "x", letters * 2, letters == buffer("bcde"), cmp(letters, buffer("b"))
print str(buffer(letters, 1, 9)), len(buffer("abc", 9)), hash(buffer("abc")) == hash("abc"), str(buffer(memory, 4))
show(assign, letters, 0, "x")
show(buffer, "abc", -1)
show(buffer, 1)
show(buffer, view)

# ---- arrays

for typecode, items in [("b", [-128, 127]), ("B", [0, 255]), ("h", [-2 ** 15]), ("H", [65535]), ("i", [-2 ** 31]), ("I", [2 ** 32 - 1]),
                        ("l", [-2 ** 63]), ("L", [2 ** 64 - 1]), ("f", [1.1, 1e300]), ("d", [1.1]), ("c", ["x"]), ("u", [u"\U0001f600"])]:
    items = array.array(typecode, items)
    print items, items.itemsize, repr(items.tostring()), repr(str(buffer(items))), repr(bytearray(items.tostring()))
    items.byteswap() if typecode != "u" else None
    print repr(items.tostring())
numbers = array.array("h", range(5))
struct.pack_into("<hh", numbers, 3, 0x1234, 0x5678)
print numbers, struct.unpack_from("<hh", numbers, 3), struct.unpack_from("<h", memoryview(bytearray("abcd")), 2)
show(struct.pack_into, "i", "abcd", 0, 1)
show(struct.pack_into, "i", bytearray(3), 0, 1)
numbers.fromstring(buffer("\1\0\2\0"))
print numbers, numbers * 2 == numbers + numbers, numbers[::-2]
show(lambda: numbers * "x")
show(hash, numbers)
