"""The generational collector in situations that random programs rarely meet."""

import pytest
from ouro.gc._collectors.generational import IDLE, MARK_ITEMS, MARKING, RELEASE_ARENAS, GenerationalCollector
from ouro.gc._collectors.large import CARD_ITEMS, clear_cards, next_dirty_card, set_card
from ouro.gc._collectors.memory import get_flags, set_header
from ouro.gc._collectors.pages import ARENA_PAGES, PAGE_SIZE, SEARCHED_PAGES, SMALL_LIMIT
from ouro.gc._header import HAS_CARDS, MARKED
from ouro.gc.testing import HostHeap, HostType
from ouro.lltype import NULL, Address, Signed, load, store

SERIAL = 24  # offset of a pair's number


class OneObjectSlices(GenerationalCollector):
    """Marks about one object in each slice."""

    def slice_work(self):
        return 1


def make_heap(collector=None, nursery=4096, maximum=0, extra_types=()):
    pair = HostType("pair", pointers=2, numbers=1)
    array = HostType("array", numbers=1, items=(1, 0))
    text = HostType("text", numbers=1, items=(0, 1))
    heap = HostHeap(
        collector or GenerationalCollector(), [pair, array, text, *extra_types], nursery=nursery, maximum=maximum
    )
    return heap, pair, array, text


def new_pair(heap, pair, serial):
    obj = heap.allocate(pair)
    store(Signed, obj, SERIAL, serial)
    return obj


def make_chain(heap, pair, root, length):
    """A list in a root, newest first; its last pair has serial 0."""
    for serial in range(length):
        obj = new_pair(heap, pair, serial)
        heap.set_field(pair, obj, 0, heap.get_root(root))
        heap.set_root(root, obj)


def last_of_chain(heap, root):
    obj = heap.get_root(root)
    while load(Address, obj, 8) != NULL:
        previous, obj = obj, load(Address, obj, 8)
    return previous, obj


def step_until(heap, condition):
    for _ in range(5000):
        if condition():
            return
        heap.collector.collect_step()
    raise AssertionError("the collection does not come to an end")


@pytest.mark.parametrize("holder_kind", ["pair", "array with cards"])
def test_white_object_moved_to_a_black_one_while_marking_survives(holder_kind):
    heap, pair, array, _ = make_heap(OneObjectSlices())
    make_chain(heap, pair, 0, 40)
    heap.set_root(1, heap.allocate(pair) if holder_kind == "pair" else heap.allocate(array, 400))
    heap.collector.collect(0)
    holder = heap.get_root(1)
    assert bool(get_flags(holder) & HAS_CARDS) == (holder_kind != "pair")
    previous, white = last_of_chain(heap, 0)
    heap.collector.collect_step()
    step_until(heap, lambda: get_flags(holder) & MARKED)
    assert heap.collector.state == MARKING and not get_flags(white) & MARKED
    if holder_kind == "pair":
        heap.set_field(pair, holder, 0, white)
    else:
        heap.set_item(array, holder, 399, white)
    heap.set_field(pair, previous, 0, NULL)
    step_until(heap, lambda: heap.collector.state == IDLE)
    heap.collector.verify()
    assert load(Signed, white, SERIAL) == 0
    for _ in range(200):
        new_pair(heap, pair, 7)
    heap.collector.collect(0)
    heap.collector.verify()


def test_copied_items_that_are_young_survive_in_an_old_array_with_cards():
    heap, pair, array, _ = make_heap()
    heap.set_root(0, heap.allocate(array, 1000))
    heap.collector.collect(0)
    heap.set_root(1, heap.allocate(array, 100))
    for index in range(100):
        obj = new_pair(heap, pair, index)
        heap.set_item(array, heap.get_root(1), index, obj)
    heap.copy_items(array, heap.get_root(1), heap.get_root(0), 0, 850, 100)
    heap.set_root(1, NULL)
    heap.collector.collect(0)
    heap.collector.verify()
    items = [heap.get_item(array, heap.get_root(0), 850 + index) for index in range(100)]
    assert [load(Signed, item, SERIAL) for item in items] == list(range(100))


def test_large_array_is_marked_in_slices():
    heap, pair, array, _ = make_heap(OneObjectSlices())
    length = 3 * MARK_ITEMS
    heap.set_root(0, heap.allocate(array, length))
    obj = new_pair(heap, pair, 5)
    heap.set_item(array, heap.get_root(0), length - 1, obj)
    heap.collector.collect(0)
    heap.collector.collect_step()
    steps = 0
    while heap.collector.state == MARKING:
        heap.collector.collect_step()
        steps += 1
    assert steps >= 3
    step_until(heap, lambda: heap.collector.state == IDLE)
    heap.collector.verify()
    assert load(Signed, heap.get_item(array, heap.get_root(0), length - 1), SERIAL) == 5


@pytest.mark.parametrize("nursery", [1024, 4096, 16 * 1024, 512 * 1024])
def test_between_pinned_objects_there_is_room_for_the_biggest(nursery):
    heap, pair, array, text = make_heap(nursery=nursery)
    biggest = (heap.collector.large_limit - 64) // 8
    heap.set_root(0, heap.allocate(array, 50))
    pinned = 0
    for number in range(50):
        heap.allocate(text, biggest // 2)
        obj = heap.allocate(text, biggest)
        pinned += heap.collector.pin(obj)
        heap.set_item(array, heap.get_root(0), number, obj)
    assert 1 <= pinned < 50
    for _ in range(20):
        heap.allocate(text, biggest)
    heap.collector.verify()


def test_reserved_place_of_a_pinned_object_survives_a_major_collection():
    heap, pair, _, text = make_heap()
    pinned = heap.allocate(text, 3)
    heap.set_root(0, pinned)
    assert heap.collector.pin(pinned)
    identity = heap.collector.identity(pinned)
    heap.collector.collect(2)
    heap.collector.collect(2)
    places = set()
    for _ in range(100):
        obj = heap.allocate(text, 3)
        places.add(heap.collector.identity(obj))
    assert heap.get_root(0) == pinned and heap.collector.identity(pinned) == identity
    assert identity not in places
    heap.collector.unpin(pinned)
    heap.collector.collect(0)
    assert heap.get_root(0) != pinned and heap.collector.identity(heap.get_root(0)) == identity


def test_finalizers_run_from_the_outside_in_one_layer_for_each_collection():
    called = []
    owner = HostType(
        "owner", pointers=1, numbers=1, finalizer=lambda obj: called.append(load(Signed, obj, 16))
    )
    heap, _, _, _ = make_heap(extra_types=[owner])
    for serial in (3, 2, 1):  # 1 refers to 2 refers to 3
        obj = heap.allocate(owner)
        store(Signed, obj, 16, serial)
        heap.set_field(owner, obj, 0, heap.get_root(0))
        heap.set_root(0, obj)
    heap.collector.collect(2)
    assert called == []
    heap.set_root(0, NULL)
    for expected in ([1], [1, 2], [1, 2, 3], [1, 2, 3]):
        heap.collector.collect(2)
        assert called == expected


def test_cycle_of_objects_with_finalizers_is_broken():
    called = []
    owner = HostType(
        "owner", pointers=1, numbers=1, finalizer=lambda obj: called.append(load(Signed, obj, 16))
    )
    heap, _, _, _ = make_heap(extra_types=[owner])
    for root in (0, 1):
        obj = heap.allocate(owner)
        store(Signed, obj, 16, root)
        heap.set_root(root, obj)
    heap.set_field(owner, heap.get_root(0), 0, heap.get_root(1))
    heap.set_field(owner, heap.get_root(1), 0, heap.get_root(0))
    heap.set_root(0, NULL)
    heap.set_root(1, NULL)
    heap.collector.collect(2)
    assert len(called) == 1
    heap.collector.collect(2)
    assert sorted(called) == [0, 1]


def test_trigger_is_called_for_a_queue_that_gets_an_object():
    heap, pair, _, _ = make_heap()
    numbers = []
    heap.collector.trigger = numbers.append
    heap.collector.queue_register(3, new_pair(heap, pair, 8))
    heap.collector.collect(2)
    assert numbers == [3]
    assert load(Signed, heap.collector.queue_next(3), SERIAL) == 8
    assert heap.collector.queue_next(3) == NULL


def test_ignored_finalizer_does_not_run():
    called = []
    owner = HostType("owner", numbers=1, pointers=1, finalizer=called.append)
    heap, _, _, _ = make_heap(extra_types=[owner])
    for collect_between in (False, True):
        heap.set_root(0, heap.allocate(owner))
        if collect_between:
            heap.collector.collect(0)
        heap.collector.ignore_finalizer(heap.get_root(0))
        heap.set_root(0, NULL)
        heap.collector.collect(2)
    assert called == []


def test_heap_over_its_maximum_raises_memory_error_until_something_is_freed():
    heap, pair, _, text = make_heap(maximum=100_000)
    with pytest.raises(MemoryError):
        for root in range(16):
            heap.set_root(root, heap.allocate(text, 2000))
    for root in range(16):
        heap.set_root(root, NULL)
    heap.set_root(0, heap.allocate(text, 2000))
    heap.collector.verify()


@pytest.mark.parametrize("length", [-1, 1 << 60, 1 << 46])
def test_impossible_lengths_raise_memory_error(length):
    heap, _, array, _ = make_heap()
    with pytest.raises(MemoryError):
        heap.collector.allocate_varsize(array.type_id, length)


def test_memory_of_dead_objects_is_used_again():
    heap, pair, _, _ = make_heap()
    make_chain(heap, pair, 0, 2000)
    heap.collector.collect(2)
    reserved = heap.collector.statistic(4)
    for _ in range(6):
        heap.set_root(0, NULL)
        make_chain(heap, pair, 0, 2000)
        heap.collector.collect(2)
    assert heap.collector.statistic(4) <= reserved * 1.5
    heap.set_root(0, NULL)
    heap.collector.collect(2)
    assert heap.collector.statistic(0) < 1000


def test_emptying_the_nursery_by_hand_makes_slices_of_major_collections():
    heap, pair, _, _ = make_heap()
    most = 0
    for _ in range(400):
        heap.set_root(0, NULL)
        make_chain(heap, pair, 0, 60)  # dead one round later, but old by then
        heap.collector.collect(0)
        most = max(most, heap.collector.statistic(0))
    assert heap.collector.statistic(3) >= 5
    assert most < 60_000
    heap.collector.verify()


def test_threads_have_their_own_roots():
    heap, pair, _, _ = make_heap()
    collector = heap.collector
    heap.set_root(0, new_pair(heap, pair, 1))
    main_top = collector.data.root_top
    assert collector.thread_prepare(1000)
    other = collector.thread_start(1000)
    obj = new_pair(heap, pair, 2)
    slot = collector.data.root_top
    store(Address, slot, 0, obj)
    collector.data.root_top = slot + 8
    collector.thread_run(NULL)
    assert collector.data.root_top == main_top
    collector.collect(2)
    assert load(Signed, heap.get_root(0), SERIAL) == 1
    assert load(Signed, load(Address, slot), SERIAL) == 2
    collector.thread_run(other)
    assert collector.data.root_top == slot + 8
    collector.thread_die(other)
    assert collector.data.root_top == main_top
    collector.collect(2)
    assert load(Signed, heap.get_root(0), SERIAL) == 1


def test_the_heap_of_a_program_that_replaces_what_it_has_stays_small():
    heap, pair, array, _ = make_heap()
    count = 1000
    heap.set_root(0, heap.allocate(array, count))
    for index in range(count):
        heap.set_item(array, heap.get_root(0), index, new_pair(heap, pair, index))
    heap.collector.collect(2)
    live = heap.collector.used()
    heap.collector.most_used = 0
    for serial in range(6 * count):
        heap.set_item(array, heap.get_root(0), serial * 7 % count, new_pair(heap, pair, serial))
    assert heap.collector.major_count >= 4
    assert heap.collector.most_used < 2.6 * live


def test_a_program_that_builds_something_up_is_not_collected_more_often_for_that():
    heap, pair, _, _ = make_heap()
    make_chain(heap, pair, 0, 4000)
    assert heap.collector.survival > 90
    assert heap.collector.major_count <= 5


def test_what_an_unmarked_object_refers_to_is_not_marked_for_it():
    heap, pair, _, _ = make_heap(OneObjectSlices())
    make_chain(heap, pair, 0, 40)
    heap.set_root(1, heap.allocate(pair))
    heap.set_root(2, heap.allocate(pair))
    heap.collector.collect(0)
    dying, target = heap.get_root(1), heap.get_root(2)
    heap.set_root(1, NULL)
    heap.set_root(2, NULL)
    heap.collector.collect_step()
    assert heap.collector.state == MARKING and not get_flags(dying) & MARKED
    heap.set_field(pair, dying, 0, target)
    heap.collector.minor_collection()
    assert not get_flags(target) & MARKED


def test_memory_goes_back_to_the_system_in_portions():
    heap, pair, _, _ = make_heap()
    pages = heap.collector.pages
    for _ in range(RELEASE_ARENAS + 8):
        assert pages.add_arena()
    pages.start_release()
    reserved = [pages.reserved]
    for _ in range(3):
        heap.collector.collect_now(0)
        reserved.append(pages.reserved)
    first, second, third = (before - after for before, after in zip(reserved, reserved[1:]))
    assert first == RELEASE_ARENAS * (PAGE_SIZE * ARENA_PAGES + 32)
    assert 0 < second < first and third == 0
    heap.collector.verify()


def test_allocation_does_not_go_through_all_unswept_pages():
    heap, pair, _, _ = make_heap()
    pages = heap.collector.pages
    slots = (PAGE_SIZE // SMALL_LIMIT - 1) * (SEARCHED_PAGES + 20)
    for _ in range(slots):
        place = pages.allocate(SMALL_LIMIT)
        set_header(place, 0, MARKED)
    pages.start_sweep()
    assert not pages.sweep(1)
    assert pages.allocate(SMALL_LIMIT) != NULL
    left = 0
    while not pages.sweep(1):
        left += 1
    assert 15 <= left <= 20


def test_dirty_cards_are_found_one_run_after_the_other():
    heap, pair, array, _ = make_heap()
    heap.set_root(0, heap.allocate(array, 64 * CARD_ITEMS))
    heap.collector.collect(0)
    obj = heap.get_root(0)
    for card in (0, 1, 7, 8, 9, 31, 63):
        set_card(obj, card)
    runs = []
    card = next_dirty_card(obj, 0)
    while card < 64:
        end = clear_cards(obj, card)
        runs.append((card, end))
        card = next_dirty_card(obj, end)
    assert runs == [(0, 2), (7, 10), (31, 32), (63, 64)]
    assert next_dirty_card(obj, 0) == 64
