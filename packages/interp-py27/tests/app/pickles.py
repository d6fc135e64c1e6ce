"""cPickle and copy_reg: objects of every kind through every protocol, and what broken pickles raise."""

import cPickle
import copy_reg


class Old:
    def __init__(self, value):
        self.value = value

    def __cmp__(self, other):
        return cmp(self.value, other.value)


class OldWithArguments:
    def __init__(self, *arguments):
        self.arguments = arguments

    def __getinitargs__(self):
        return self.arguments


class New(object):
    pass


class Slots(object):
    __slots__ = ("one", "two")


class Numbers(list):
    def __getstate__(self):
        return "state"

    def __setstate__(self, state):
        self.state = state


class Reduced(object):
    def __init__(self, value):
        self.value = value

    def __reduce__(self):
        return Reduced, (self.value,), {"extra": 1}


class Container(object):
    def __init__(self):
        self.items = []
        self.pairs = {}

    def append(self, item):
        self.items.append(item)

    def __setitem__(self, key, value):
        self.pairs[key] = value

    def __reduce__(self):
        return Container, (), None, iter(self.items), self.pairs.iteritems()


def function():
    pass


VALUES = [
    None, True, False, 0, 1, -1, 255, 256, 65535, 65536, 2 ** 31 - 1, -2 ** 31, 2 ** 31, 2 ** 62, 0L, 5L, -128L, 128L,
    -129L, 2L ** 70, -2L ** 2041, 1.5, -0.0, 1e300, float("inf"), "", "a", "two words\n'\"\\\x00\xff", "x" * 300,
    u"", u"a", u"\u1234\U00012345 \\ \n \xe9", (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [1], range(2003), {},
    {1: 2}, dict((i, str(i)) for i in range(1005)), int, Old, New, function, len, 3 + 4j, set([1]), frozenset("a"),
    xrange(5), slice(1, None, 3), NotImplemented.__class__.__class__,
]
for protocol in (0, 1, 2):
    for value in VALUES:
        text = cPickle.dumps(value, protocol)
        back = cPickle.loads(text)
        if not (back == value or back is value or repr(back) == repr(value)) or type(back) is not type(value):
            print "different:", protocol, repr(value)[:60], repr(back)[:60]
    print protocol, [cPickle.dumps(value, protocol) for value in VALUES[:12] + VALUES[13:16] + [VALUES[26], VALUES[31]]]

for protocol in (0, 1, 2):
    print "protocol", protocol
    print cPickle.loads(cPickle.dumps(Old(5), protocol)).value
    print cPickle.loads(cPickle.dumps(OldWithArguments(1, 2), protocol)).arguments
    new = New()
    new.me = new
    new.text = "text"
    back = cPickle.loads(cPickle.dumps(new, protocol))
    print back.me is back, back.text, type(back) is New
    numbers = cPickle.loads(cPickle.dumps(Numbers([1, 2]), protocol))
    print list(numbers), numbers.state
    reduced = cPickle.loads(cPickle.dumps(Reduced(7), protocol))
    print reduced.value, reduced.extra
    container = Container()
    container.items.extend(range(5))
    container.pairs["key"] = 1
    container.pairs["other"] = 2
    back = cPickle.loads(cPickle.dumps(container, protocol))
    print back.items, sorted(back.pairs.items())
    cyclic = []
    cyclic.append((cyclic, {"list": cyclic}))
    back = cPickle.loads(cPickle.dumps(cyclic, protocol))
    print back[0][0] is back, back[0][1]["list"] is back
    shared = ["shared"]
    back = cPickle.loads(cPickle.dumps([shared, shared], protocol))
    print back[0] is back[1]
    try:
        slots = Slots()
        slots.one = 1
        back = cPickle.loads(cPickle.dumps(slots, protocol))
        print back.one, hasattr(back, "two")
    except TypeError, error:
        print error
    error = cPickle.loads(cPickle.dumps(KeyError("key", 3), protocol))
    print repr(error), error.args
    for unpicklable in [lambda: 0, iter([]), (i for i in []), type("Nowhere", (), {})()]:
        try:
            cPickle.dumps(unpicklable, protocol)
        except (cPickle.PicklingError, TypeError), error:
            print type(error).__name__, str(error).split(" at 0x")[0]


class Writer(object):
    def __init__(self):
        self.parts = []

    def write(self, text):
        self.parts.append(text)


class Reader(object):
    def __init__(self, text):
        self.text = text

    def read(self, size):
        result, self.text = self.text[:size], self.text[size:]
        return result

    def readline(self):
        end = self.text.find("\n") + 1
        result, self.text = self.text[:end], self.text[end:]
        return result


for protocol in (0, 1, 2):
    writer = Writer()
    pickler = cPickle.Pickler(writer, protocol)
    pickler.persistent_id = lambda obj: "the number" if obj == 12345 else None
    pickler.dump([1, 12345, "text", "text"])
    pickler.dump("text")
    pickler.clear_memo()
    pickler.dump("text")
    reader = Reader("".join(writer.parts))
    unpickler = cPickle.Unpickler(reader)
    unpickler.persistent_load = lambda name: "<%s>" % name
    print unpickler.load(), unpickler.load(), unpickler.load(), repr(reader.text)
    reader = Reader("".join(writer.parts))
    unpickler = cPickle.Unpickler(reader)
    unpickler.persistent_load = names = []
    unpickler.noload()
    print names

unpickler = cPickle.Unpickler(Reader(cPickle.dumps(New())))
unpickler.find_global = None
try:
    unpickler.load()
except cPickle.UnpicklingError, error:
    print error
unpickler = cPickle.Unpickler(Reader(cPickle.dumps(int)))
unpickler.find_global = lambda module, name: (module, name)
print unpickler.load()

copy_reg.add_extension("__main__", "New", 0x1234)
text = cPickle.dumps(New, 2)
print repr(text), cPickle.loads(text) is New
copy_reg.remove_extension("__main__", "New", 0x1234)
copy_reg.pickle(complex, lambda number: (complex, (number.real, 0.5)))
print cPickle.loads(cPickle.dumps(1 + 2j))

pickler = cPickle.Pickler(2)
pickler.fast = 1
pickler.dump([["a"] * 2] * 2)
print repr(pickler.getvalue()), pickler.fast, pickler.binary

for text in ["", "N", "x", ".", "0.", "t.", "Ix\n.", "Sa\n.", "S'a\n.", "g1\n.", "h\1.", "U\5ab", "\x80\5.", "2.", "R.",
             "NNR.", "Pid\n.", "cnowhere\nname\n.", "c__builtin__\nnothing\n.", "}(Nu.", "(e.", "\x82\1.", "Nb.",
             "c__builtin__\nobject\n)\x81(K\1K\2tb.", "T\xff\xff\xff\xff.", "NN\x81.", "Va\\u12\n.", "](K\1K\2e.",
             "(I1\nI2\nd.", "I0x10\n.", "L5L\n.", "F1e5\n.", "(c__builtin__\nint\nK\5o.", "(i__builtin__\nint\n."]:
    try:
        print repr(text), repr(cPickle.loads(text))
    except Exception, error:
        print repr(text), type(error).__name__, error
print issubclass(cPickle.BadPickleGet, cPickle.UnpicklingError), cPickle.UnpickleableError(3), cPickle.PickleError()
