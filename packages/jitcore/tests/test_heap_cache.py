"""What the heap cache claims is true of a heap that is written to in all ways at once."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from ouro.jitcore.descriptors import CANNOT_RAISE, RANDOM, EffectDescriptor
from ouro.jitcore.tracer.heap_cache import MADE_HERE, NOT_NULL, UNESCAPED, HeapCache
from samples import Samples

SAMPLES = Samples()
FIELDS = [SAMPLES.names.descriptors["Node.next"], SAMPLES.names.descriptors["Node.value"]]
ARRAY = SAMPLES.names.descriptors["Nodes"]
SIZE = 2
EFFECTS = [
    EffectDescriptor(RANDOM),
    EffectDescriptor(CANNOT_RAISE, writes_fields=chr(1 << FIELDS[0].index) if FIELDS[0].index < 8 else ""),
    EffectDescriptor(CANNOT_RAISE),
]


class Heap:
    """A heap of objects with two fields and an array each, names of the objects, and the cache for them."""

    def __init__(self):
        self.cache = HeapCache()
        # of each object: its fields and items, objects themselves
        self.objects = []
        # of each name, which object it is
        self.object_of = []
        for _ in range(2):
            self.name(self.make())

    def make(self):
        self.objects.append([0] * (len(FIELDS) + SIZE))
        return len(self.objects) - 1

    def name(self, number):
        self.object_of.append(number)
        return len(self.object_of) - 1

    def new(self):
        name = self.name(self.make())
        # what is in a new object is not known to be anything that was made here
        self.cache.made(name, True)

    def content(self, name, place):
        return self.objects[self.object_of[name]][place]

    def set_field(self, name, number, value):
        self.objects[self.object_of[name]][number] = self.object_of[value]
        if self.cache.field(name, FIELDS[number]) != value:
            self.cache.field_written(name, FIELDS[number], value)

    def get_field(self, name, number):
        known = self.cache.field(name, FIELDS[number])
        content = self.content(name, number)
        if known >= 0:
            assert self.object_of[known] == content
        else:
            self.cache.field_read(name, FIELDS[number], self.name(content))

    def set_item(self, name, index, value, is_constant):
        self.objects[self.object_of[name]][len(FIELDS) + index] = self.object_of[value]
        if not is_constant:
            self.cache.some_item_written(name, ARRAY, value)
        elif self.cache.item(name, index, ARRAY) != value:
            self.cache.item_written(name, index, ARRAY, value)

    def get_item(self, name, index, is_constant):
        content = self.content(name, len(FIELDS) + index)
        if not is_constant:
            self.cache.some_item_read(name)
            self.name(content)
            return
        known = self.cache.item(name, index, ARRAY)
        if known >= 0:
            assert self.object_of[known] == content
        else:
            self.cache.item_read(name, index, ARRAY, self.name(content))

    def call(self, name, effect, value):
        """A function gets an object and changes what it can reach, as its effect says."""
        self.cache.escape(name)
        self.cache.called(EFFECTS[effect])
        seen = set()
        pending = [self.object_of[name], self.object_of[0], self.object_of[1]]
        pending += [self.object_of[one] for one in range(len(self.object_of)) if not self.cache.is_unescaped(one)]
        while pending:
            number = pending.pop()
            if number not in seen:
                seen.add(number)
                pending.extend(self.objects[number])
        for one in range(len(self.object_of)):
            if self.cache.is_unescaped(one):
                assert self.object_of[one] not in seen
        target = self.object_of[value] if self.object_of[value] in seen else self.object_of[0]
        for number in seen:
            if effect == 0:
                self.objects[number] = [target] * (len(FIELDS) + SIZE)
            elif effect == 1 and FIELDS[0].index < 8:
                self.objects[number][0] = target

    def check(self):
        for name in range(len(self.object_of)):
            if self.cache.knows(name, UNESCAPED):
                assert self.cache.knows(name, MADE_HERE) and self.cache.knows(name, NOT_NULL)
                others = [one for one in range(len(self.object_of)) if self.object_of[one] == self.object_of[name]]
                assert others == [name]


#: A name, counted from the last one that was given: the same few objects should meet again and again.
NAME = st.integers(0, 3)
STEPS = st.one_of(
    st.tuples(st.just("new")),
    st.tuples(st.just("new")),
    st.tuples(st.just("set_field"), NAME, st.integers(0, 1), NAME),
    st.tuples(st.just("get_field"), NAME, st.integers(0, 1)),
    st.tuples(st.just("set_item"), NAME, st.integers(0, SIZE - 1), NAME, st.booleans()),
    st.tuples(st.just("get_item"), NAME, st.integers(0, SIZE - 1), st.booleans()),
    st.tuples(st.just("set_item"), NAME, st.integers(0, SIZE - 1), NAME, st.just(False)),
    st.tuples(st.just("get_item"), NAME, st.integers(0, SIZE - 1), st.just(False)),
    st.tuples(st.just("call"), NAME, st.integers(0, len(EFFECTS) - 1), NAME),
)
#: Which operands of a step are names.
NAMES = {"set_field": (0, 2), "get_field": (0,), "set_item": (0, 2), "get_item": (0,), "call": (0, 2)}


@example([("new",), ("new",), ("set_item", 1, 0, 0, False), ("get_item", 1, 0, False)])
@example([("new",), ("new",), ("set_item", 1, 0, 0, True), ("set_item", 1, 1, 2, False), ("get_item", 1, 0, True)])
@settings(max_examples=500, deadline=None)
@given(st.lists(STEPS, min_size=5, max_size=40))
def test_what_is_known_is_true(steps):
    heap = Heap()
    for what, *operands in steps:
        for position in NAMES.get(what, ()):
            operands[position] = max(0, len(heap.object_of) - 1 - operands[position])
        getattr(heap, what)(*operands)
        if what == "get_item" or what == "get_field":
            heap.check()


def test_knowledge_is_gone_behind_a_reset():
    cache = HeapCache()
    cache.made(3, True)
    cache.field_written(3, FIELDS[0], 2)
    assert cache.field(3, FIELDS[0]) == 2 and cache.is_unescaped(3)
    cache.reset(4)
    assert cache.field(3, FIELDS[0]) == -1 and not cache.is_unescaped(3)
    cache.learn(1, NOT_NULL)
    assert cache.knows(1, NOT_NULL) and not cache.knows(2, NOT_NULL) and not cache.knows(4, NOT_NULL)
