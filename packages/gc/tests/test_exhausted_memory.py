"""A system that gives no more memory: allocations raise MemoryError, collections always end."""

import pytest
from ouro.gc._collectors import base, generational, large, marksweep, memory, pages, semispace
from ouro.gc._collectors.generational import IDLE, MARKING, MOST_POSTPONED, GenerationalCollector
from ouro.gc._collectors.marksweep import MarkSweepCollector
from ouro.gc._collectors.memory import CHUNK, CHUNK_RESERVE, AddressStack
from ouro.gc._collectors.pages import PAGE_SIZE, SIZE_CLASSES, PageSpace, pages_for
from ouro.gc._collectors.semispace import SemiSpaceCollector
from ouro.gc.testing import HostHeap, HostType
from ouro.lltype import NULL, Address, Signed, cast_adr_to_int, cast_int_to_adr, load, raw_free, raw_malloc, store

SERIAL = 24  # offset of a pair's number
NURSERY = 16 * 1024
GRACE = 256 * 1024


class System:
    """Memory for the collector up to a limit."""

    def __init__(self):
        self.limit = 1 << 40
        self.sizes = {}
        self.used = 0
        self.refused = 0

    def malloc(self, size, zero=False):
        if self.used + size > self.limit:
            self.refused += 1
            return NULL
        address = raw_malloc(size, zero=zero)
        self.sizes[cast_adr_to_int(address)] = size
        self.used += size
        return address

    def free(self, address):
        self.used -= self.sizes.pop(cast_adr_to_int(address))
        raw_free(address)

    def verify(self, collector):
        """Check the heap; that takes memory of its own."""
        limit, self.limit = self.limit, 1 << 40
        collector.verify()
        self.limit = limit


@pytest.fixture
def system(monkeypatch):
    result = System()
    for module in (base, generational, large, marksweep, memory, pages, semispace):
        if hasattr(module, "raw_malloc"):
            monkeypatch.setattr(module, "raw_malloc", result.malloc)
        if hasattr(module, "raw_free"):
            monkeypatch.setattr(module, "raw_free", result.free)
    monkeypatch.setattr(generational, "LEAST_GRACE", GRACE)
    for name, value in vars(memory.ChunkReserve()).items():
        monkeypatch.setattr(CHUNK_RESERVE, name, value)
    return result


def wide(numbers):
    """A type of large objects that are quick to collect: one pointer."""
    return HostType("wide", pointers=1, numbers=numbers)


def make_heap(extra_types=(), maximum=0, debug=0, collector_class=GenerationalCollector, nursery=NURSERY):
    pair = HostType("pair", pointers=2, numbers=1)
    array = HostType("array", numbers=1, items=(1, 0))
    types = [pair, array, *extra_types]
    heap = HostHeap(collector_class(), types, nursery=nursery, maximum=maximum, debug=debug)
    return heap, pair, array


def push_pair(heap, pair):
    """Make a chain of pairs one longer."""
    obj = heap.allocate(pair)
    heap.set_field(pair, obj, 0, heap.get_root(0))
    heap.set_root(0, obj)


def grow_chain(heap, pair, array):
    while True:
        push_pair(heap, pair)


def grow_arrays(length):
    def grow(heap, pair, array):
        while True:
            obj = heap.allocate(array, length)
            heap.set_item(array, obj, 0, heap.get_root(0))
            heap.set_root(0, obj)

    return grow


def grow_everything(heap, pair, array):
    length = 1
    while True:
        obj = heap.allocate(array, length)
        heap.set_item(array, obj, 0, heap.get_root(0))
        heap.set_root(0, obj)
        length = length * 5 % 2003


GROW = {
    "pairs in a chain": grow_chain,
    "arrays that fit pages badly": grow_arrays(127),
    "arrays with blocks": grow_arrays(300),
    "large arrays": grow_arrays(5000),
    "all sizes": grow_everything,
}


@pytest.mark.parametrize("bound", ["the system's", "the user's"])
@pytest.mark.parametrize("kind", sorted(GROW))
def test_every_exhaustion_raises_and_the_heap_stays_good(system, kind, bound):
    heap, pair, array = make_heap(maximum=300000 if bound == "the user's" else 0)
    if bound == "the system's":
        system.limit = system.used + 200000
    for _ in range(3):
        with pytest.raises(MemoryError):
            GROW[kind](heap, pair, array)
        system.verify(heap.collector)
        # The handler finds room, and what it drops can be used again.
        for serial in range(20):
            store(Signed, heap.allocate(pair), SERIAL, serial)
        heap.set_root(0, NULL)
        heap.collector.collect(2)
        for _ in range(2 * NURSERY // 32):
            heap.allocate(pair)
        system.verify(heap.collector)
    assert (system.refused > 0) == (bound == "the system's")


def test_allocation_goes_on_raising_while_nothing_is_freed_and_recovers_then(system):
    heap, pair, array = make_heap([block := wide(250)])
    system.limit = system.used + 150000
    while not heap.collector.closed:
        with pytest.raises(MemoryError):
            grow_chain(heap, block, array)
        system.verify(heap.collector)
    for _ in range(3):
        with pytest.raises(MemoryError):
            grow_chain(heap, block, array)
    heap.set_root(0, NULL)
    for _ in range((GRACE + 4 * NURSERY) // 32):
        heap.allocate(pair)
    assert not heap.collector.closed and heap.collector.last_resort != NULL


KEEP = {
    "pairs": lambda heap, pair, array: (heap.allocate(pair), 32),
    "arrays that fit pages badly": lambda heap, pair, array: (heap.allocate(array, 127), 1040),
    "arrays with blocks": lambda heap, pair, array: (heap.allocate(array, 300), 2424),
}


@pytest.mark.parametrize("bound", ["the system's", "the user's"])
@pytest.mark.parametrize("nursery", [1024, 4096, NURSERY])
@pytest.mark.parametrize("kind", sorted(KEEP))
def test_what_a_handler_may_keep_does_not_depend_on_the_nursery(system, kind, nursery, bound):
    heap, pair, array = make_heap(maximum=400000 if bound == "the user's" else 0, nursery=nursery)
    assert heap.collector.grace_size == (100000 if bound == "the user's" else GRACE)
    if bound == "the system's":
        system.limit = system.used + 200000
    for _ in range(3):
        with pytest.raises(MemoryError):
            grow_everything(heap, pair, array)
        kept = 0
        while True:
            obj, size = KEEP[kind](heap, pair, array)
            kept += size
            if kept > heap.collector.grace_size - nursery:
                break
            if kind == "pairs":
                heap.set_field(pair, obj, 0, heap.get_root(1))
            else:
                heap.set_item(array, obj, 0, heap.get_root(1))
            heap.set_root(1, obj)
        system.verify(heap.collector)
        heap.set_root(0, NULL)
        heap.set_root(1, NULL)
    assert (system.refused > 0) == (bound == "the system's")


@pytest.mark.parametrize("numbers", [127, 600, 5000])
def test_a_program_that_catches_without_end_stays_below_its_maximum_and_two_graces(numbers):
    maximum = 300000
    heap, pair, array = make_heap([block := wide(numbers)], maximum=maximum)
    for _ in range(100):
        with pytest.raises(MemoryError):
            grow_chain(heap, block, array)
    assert maximum < heap.collector.used() <= maximum + 2 * heap.collector.grace_size + 2 * NURSERY
    heap.set_root(0, NULL)
    for _ in range((GRACE + 4 * NURSERY) // 32):
        heap.allocate(pair)
    assert not heap.collector.closed and heap.collector.last_resort != NULL


def test_a_request_that_nothing_can_meet_is_no_reason_to_refuse_others(system):
    heap, pair, array = make_heap(nursery=4096)
    system.limit = system.used + 8 * GRACE
    for _ in range(3):
        with pytest.raises(MemoryError):
            heap.allocate(array, GRACE * 2)
        for _ in range(20):
            heap.set_root(0, heap.allocate(array, GRACE // 16))
        assert heap.collector.last_resort != NULL
        system.verify(heap.collector)


def test_objects_unpinned_in_a_closed_nursery_stay_until_there_is_room(system):
    heap, pair, array = make_heap([text := HostType("text", numbers=1, items=(0, 1)), block := wide(250)])
    pinned = heap.allocate(text, 3)
    heap.set_root(1, pinned)
    assert heap.collector.pin(pinned)
    system.limit = system.used + 100000
    while not heap.collector.closed:
        with pytest.raises(MemoryError):
            grow_chain(heap, block, array)
    heap.collector.unpin(pinned)
    heap.collector.collect(0)
    assert heap.get_root(1) == pinned
    heap.set_root(0, NULL)
    heap.collector.collect(2)
    heap.collector.collect(0)
    assert heap.get_root(1) != pinned and heap.collector.size_of(heap.get_root(1)) == 48


@pytest.mark.parametrize("shape", ["wide", "arrays"])
def test_marking_ends_where_its_stack_cannot_grow(system, shape):
    heap, pair, array = make_heap()
    count = 4 * CHUNK
    heap.set_root(0, heap.allocate(array, count))
    for index in range(count):
        holder = heap.allocate(pair) if shape == "wide" else heap.allocate(array, 1100 if index % 16 == 0 else 1)
        heap.set_item(array, heap.get_root(0), index, holder)
        leaf = heap.allocate(pair)
        store(Signed, leaf, SERIAL, index)
        holder = heap.get_item(array, heap.get_root(0), index)
        if shape == "wide":
            heap.set_field(pair, holder, 0, leaf)
        else:
            heap.set_item(array, holder, 0, leaf)
    heap.collector.collect(2)
    collector = heap.collector
    system.limit = system.used
    collector.minor_collection()
    while collector.state != IDLE:
        collector.run_slice()
    collector.start_marking()
    assert collector.state == MARKING
    overflowed = False
    while collector.state != IDLE:
        collector.run_slice()
        overflowed = overflowed or collector.overflowed
    assert system.refused > 0 and overflowed
    system.verify(collector)
    for index in range(count):
        holder = heap.get_item(array, heap.get_root(0), index)
        leaf = load(Address, holder, 8) if shape == "wide" else heap.get_item(array, holder, 0)
        assert load(Signed, leaf, SERIAL) == index


def test_stack_takes_chunks_of_the_reserve_and_gives_them_back(system):
    assert CHUNK_RESERVE.setup(5)
    stack = AddressStack()
    system.limit = system.used
    for number in range(5 * CHUNK):
        stack.push(cast_int_to_adr(number))
    assert CHUNK_RESERVE.count == 0 and not stack.try_push(cast_int_to_adr(0))
    for number in reversed(range(5 * CHUNK)):
        assert stack.pop() == cast_int_to_adr(number)
    assert CHUNK_RESERVE.count == 4 and not CHUNK_RESERVE.refill()
    system.limit += PAGE_SIZE
    assert CHUNK_RESERVE.refill()


@pytest.mark.parametrize("size", [16, *[size + 8 for size in SIZE_CLASSES[:-1]], SIZE_CLASSES[-1]])
def test_page_reserve_is_enough_for_any_objects(system, size):
    space = PageSpace()
    space.setup()
    amount = 128 * 1024
    assert space.ensure_free_pages(pages_for(amount))
    system.limit = system.used
    for other in SIZE_CLASSES:
        assert space.allocate(other) != NULL
        amount -= other
    while amount >= size:
        assert space.allocate(size) != NULL
        amount -= size


def test_a_thread_without_memory_for_its_roots_is_not_started(system):
    heap, pair, array = make_heap()
    collector = heap.collector
    system.limit = system.used + 100
    assert not collector.thread_prepare(1000)
    system.limit = 1 << 40
    used = system.used
    assert collector.thread_prepare(1000)
    assert collector.thread_prepare(2000)
    collector.thread_forget(1000)
    collector.thread_die(collector.thread_start(2000))
    assert system.used == used


SIMPLE = [MarkSweepCollector, SemiSpaceCollector]


@pytest.mark.parametrize("kind", sorted(GROW))
@pytest.mark.parametrize("collector_class", SIMPLE)
def test_simple_collectors_raise_and_go_on_when_there_is_room_again(system, collector_class, kind):
    heap, pair, array = make_heap(collector_class=collector_class)
    for _ in range(3):
        system.limit = system.used + 300000
        with pytest.raises(MemoryError):
            GROW[kind](heap, pair, array)
        count = 0
        obj = heap.get_root(0)
        while obj != NULL:
            count += 1
            obj = load(Address, obj, 8) if kind == "pairs in a chain" else heap.get_item(array, obj, 0)
        assert count > 2
        heap.set_root(0, NULL)
        for serial in range(20000):
            store(Signed, heap.allocate(pair), SERIAL, serial)
    assert system.refused > 0


@pytest.mark.parametrize("collector_class", SIMPLE)
def test_simple_collectors_mark_without_memory_for_a_stack(system, collector_class):
    finalized = []
    watched = HostType("watched", pointers=1, numbers=1, finalizer=lambda obj: finalized.append(load(Signed, obj, 16)))
    heap, pair, array = make_heap([watched], collector_class=collector_class)
    count = 30 * CHUNK
    heap.set_root(0, heap.allocate(array, count))
    for index in range(count):
        holder = heap.allocate(pair)
        heap.set_item(array, heap.get_root(0), index, holder)
        leaf = heap.allocate(pair)
        store(Signed, leaf, SERIAL, index)
        heap.set_field(pair, heap.get_item(array, heap.get_root(0), index), 0, leaf)
    heap.set_root(1, heap.allocate(watched))
    store(Signed, heap.get_root(1), 16, 7)
    heap.set_field(watched, heap.get_root(1), 0, heap.get_root(0))
    heap.set_root(0, NULL)
    collector = heap.collector
    collector.collect(2)
    if collector_class is SemiSpaceCollector:
        system.limit = system.used + (collector.top - collector.space)
    else:
        system.limit = system.used
    refused = system.refused
    collector.collect(2)
    assert (system.refused > refused) == (collector_class is MarkSweepCollector)
    heap.set_root(0, load(Address, heap.get_root(1), 8))
    for index in range(count):
        leaf = load(Address, heap.get_item(array, heap.get_root(0), index), 8)
        assert load(Signed, leaf, SERIAL) == index
    heap.set_root(0, NULL)
    heap.set_root(1, NULL)
    assert finalized == []
    # mark-and-sweep leaves finalizers to a collection that has memory
    system.limit = 1 << 40
    collector.collect(2)
    assert finalized == [7]


def test_an_identity_without_memory_to_note_it_is_a_memory_error(system):
    heap, pair, array = make_heap(collector_class=SemiSpaceCollector)
    heap.set_root(0, heap.allocate(pair))
    system.limit = system.used
    with pytest.raises(MemoryError):
        heap.collector.identity(heap.get_root(0))
    system.limit = 1 << 40
    number = heap.collector.identity(heap.get_root(0))
    heap.collector.collect(2)
    assert heap.collector.identity(heap.get_root(0)) == number


class Ticker:
    """A program that is told of a postponed MemoryError when it looks."""

    def __init__(self, monkeypatch):
        self.pending = False
        monkeypatch.setattr(generational, "postpone_memory_error", self.postpone)
        monkeypatch.setattr(generational, "take_memory_error", self.take)

    def postpone(self):
        if self.pending:
            return False
        self.pending = True
        return True

    def take(self):
        pending = self.pending
        self.pending = False
        return pending


@pytest.mark.parametrize("bound", ["the system's", "the user's"])
def test_a_program_with_a_ticker_hears_of_it_when_it_looks(system, monkeypatch, bound):
    heap, pair, array = make_heap(maximum=300000 if bound == "the user's" else 0)
    ticker = Ticker(monkeypatch)
    if bound == "the system's":
        system.limit = system.used + 200000
    for _ in range(3):
        while not ticker.pending:
            push_pair(heap, pair)
        # it goes on for a while before it looks
        for _ in range(heap.collector.grace_size // 2 // 32):
            push_pair(heap, pair)
        assert ticker.take()
        system.verify(heap.collector)
        heap.set_root(0, NULL)


@pytest.mark.parametrize("grow", [
    pytest.param(grow_chain, id="a program that never looks"),
    pytest.param(grow_arrays(MOST_POSTPONED // 8 + 1), id="big objects"),
])  # fmt: skip
def test_what_cannot_wait_for_a_look_is_told_all_the_same_and_once(system, monkeypatch, grow):
    heap, pair, array = make_heap()
    ticker = Ticker(monkeypatch)
    system.limit = system.used + 200000
    for _ in range(3):
        with pytest.raises(MemoryError):
            grow(heap, pair, array)
        assert not ticker.pending
        heap.set_root(0, NULL)
