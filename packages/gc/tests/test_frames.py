"""Frames of compiled code on the shadow stack: their maps say which words are references."""

import pytest
from ouro.gc import FRAME_FIRST_WORD, FRAME_MAP_WORD, FRAME_TAG
from ouro.gc._header import HEADER_SIZE
from ouro.gc._transform import COLLECTORS
from ouro.gc.testing import HostHeap, HostType
from ouro.lltype import NULL, Address, Signed, UInt8, load, raw_malloc, store

WORD = 8


@pytest.fixture(params=sorted(COLLECTORS))
def heap(request):
    node = HostType("node", pointers=1, numbers=1)
    return HostHeap(COLLECTORS[request.param](), [node], nursery=4096), node


def make_map(words):
    """The map of some words, as compiled code has it."""
    size = max(words) // 8 + 1
    address = raw_malloc(2 + size, zero=True)
    store(UInt8, address, 0, size)
    for word in words:
        byte = 2 + word // 8
        store(UInt8, address, byte, load(UInt8, address, byte) | 1 << word % 8)
    return address


def make_frame(heap, words, root=0):
    """A frame on the shadow stack, full of what looks like no address."""
    frame = raw_malloc((FRAME_FIRST_WORD + words) * WORD, zero=True)
    for word in range(words):
        store(Signed, frame, (FRAME_FIRST_WORD + word) * WORD, 0x5555_5555_0001)
    heap.set_root(root, frame + FRAME_TAG)
    return frame


def place(word):
    return (FRAME_FIRST_WORD + word) * WORD


def test_what_a_map_names_lives_and_is_updated(heap):
    heap, node = heap
    frame = make_frame(heap, 40)
    words = [0, 3, 7, 8, 21, 39]
    gc_map = make_map([*words, 30])
    for word in [*words, 30]:
        store(Address, frame, place(word), NULL)
    for word in words:
        # as code does in front of each call
        store(Address, frame, FRAME_MAP_WORD * WORD, gc_map)
        one, other = heap.allocate(node), NULL
        store(Signed, one, HEADER_SIZE + WORD, 100 + word)
        heap.set_root(1, one)
        other = heap.allocate(node)
        store(Signed, other, HEADER_SIZE + WORD, 200 + word)
        one = heap.get_root(1)
        heap.set_field(node, one, 0, other)
        heap.set_root(1, NULL)
        store(Address, frame, place(word), one)
    store(Address, frame, FRAME_MAP_WORD * WORD, gc_map)
    for generation in (0, 2, 0):
        heap.collector.collect(generation)
        for _ in range(50):
            heap.allocate(node)
        for word in words:
            one = load(Address, frame, place(word))
            assert load(Signed, one, HEADER_SIZE + WORD) == 100 + word
            assert load(Signed, load(Address, one, HEADER_SIZE), HEADER_SIZE + WORD) == 200 + word
    assert load(Signed, frame, place(1)) == 0x5555_5555_0001


def test_a_frame_without_a_map_holds_nothing(heap):
    heap, node = heap
    frame = make_frame(heap, 4)
    heap.allocate(node)
    heap.collector.collect(0)
    heap.collector.collect(2)
    assert [load(Signed, frame, place(word)) for word in range(4)] == [0x5555_5555_0001] * 4


def test_odd_words_in_the_place_of_references_are_left_alone(heap):
    heap, node = heap
    frame = make_frame(heap, 8)
    store(Address, frame, FRAME_MAP_WORD * WORD, make_map([0, 1]))
    neighbour = raw_malloc(64, zero=True)
    odd = neighbour + 1
    store(Address, frame, place(0), odd)
    store(Address, frame, place(1), NULL)
    heap.set_root(1, odd)
    heap.set_root(2, heap.allocate(node))
    heap.set_field(node, heap.get_root(2), 0, odd)
    for generation in (0, 1, 2, 0):
        heap.collector.collect(generation)
        for _ in range(20):
            heap.allocate(node)
    assert load(Address, frame, place(0)) == odd == heap.get_root(1)
    assert load(Address, heap.get_root(2), HEADER_SIZE) == odd
    assert [load(Signed, neighbour, 8 * index) for index in range(8)] == [0] * 8


FRAMES = 14


@pytest.fixture
def deep():
    """A heap with many frames of two words on the stack, each with an object in the first word."""
    node = HostType("node", pointers=1, numbers=1)
    heap = HostHeap(COLLECTORS["generational"](), [node], nursery=65536)
    gc_map = make_map([0])
    frames = [make_frame(heap, 2, root) for root in range(FRAMES)]
    for number, frame in enumerate(frames):
        one = heap.allocate(node)
        store(Signed, one, HEADER_SIZE + WORD, number)
        store(Address, frame, place(0), one)
        store(Address, frame, FRAME_MAP_WORD * WORD, gc_map)
    return heap, node, frames, gc_map


def numbers(frames):
    return [load(Signed, load(Address, frame, place(0)), HEADER_SIZE + WORD) for frame in frames]


def visits(heap):
    """How many words of the stacks a minor collection looks at."""
    count = 0

    def visit(collector, slot):
        nonlocal count
        count += 1
    heap.collector.trace_changed_stacks(visit, False)
    return count


def test_frames_that_have_been_in_their_call_are_not_looked_at_again(deep):
    heap, node, frames, gc_map = deep
    assert visits(heap) == FRAMES
    heap.collector.collect(0)
    assert visits(heap) == 0 and numbers(frames) == list(range(FRAMES))
    # the upper frames have returned, and what they have called since is there
    for number in range(10, FRAMES):
        one = heap.allocate(node)
        store(Signed, one, HEADER_SIZE + WORD, 1000 + number)
        store(Address, frames[number], place(0), one)
        store(Address, frames[number], FRAME_MAP_WORD * WORD, gc_map)
    assert visits(heap) == FRAMES - 10
    heap.collector.collect(0)
    heap.collector.collect(2)
    assert numbers(frames) == [*range(10), *range(1010, 1000 + FRAMES)]
    assert visits(heap) == 0


def test_what_major_collections_mark_is_in_all_frames(deep):
    heap, node, frames, gc_map = deep
    heap.collector.collect(0)
    for _ in range(3):
        heap.collector.collect(2)
        for _ in range(50):
            heap.allocate(node)
    assert numbers(frames) == list(range(FRAMES))


def test_a_pinned_object_in_a_frame_is_seen_by_each_collection():
    text = HostType("text", numbers=1)
    heap = HostHeap(COLLECTORS["generational"](), [text], nursery=4096)
    frame = make_frame(heap, 1)
    one = heap.allocate(text)
    store(Signed, one, HEADER_SIZE, 77)
    store(Address, frame, place(0), one)
    store(Address, frame, FRAME_MAP_WORD * WORD, make_map([0]))
    assert heap.collector.pin(one)
    for _ in range(3):
        heap.collector.collect(0)
        for _ in range(20):
            heap.allocate(text)
        assert load(Address, frame, place(0)) == one and load(Signed, one, HEADER_SIZE) == 77
    heap.collector.unpin(one)
    heap.collector.collect(0)
    assert visits(heap) <= 1 and load(Signed, load(Address, frame, place(0)), HEADER_SIZE) == 77
