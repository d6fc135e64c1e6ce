"""Weak references that a finalizer queue brings back together with the object that holds them."""

import pytest
from ouro.gc._collectors.generational import GenerationalCollector
from ouro.gc._collectors.marksweep import MarkSweepCollector
from ouro.gc._collectors.semispace import SemiSpaceCollector
from ouro.gc._header import HEADER_SIZE
from ouro.gc.testing import HostHeap, HostType
from ouro.lltype import NULL, Address, Signed, load, store

SERIAL = 24  # offset of a pair's number
HOLDER, TARGET = 0, 1
QUEUE = 1


def weak_target(reference):
    return load(Address, reference, HEADER_SIZE)


@pytest.mark.parametrize("collector_class", [GenerationalCollector, MarkSweepCollector, SemiSpaceCollector])
@pytest.mark.parametrize("target_survives_holder", [True, False])
def test_weak_reference_of_a_dead_object_is_still_cleared(collector_class, target_survives_holder):
    pair = HostType("pair", pointers=2, numbers=1)
    weak = HostType("weak", pointers=1, weak=True)
    heap = HostHeap(collector_class(), [pair, weak], nursery=8192, maximum=0)
    collector = heap.collector
    heap.set_root(TARGET, heap.allocate(pair))
    heap.set_root(HOLDER, heap.allocate(pair))
    reference = heap.allocate(weak)
    store(Address, reference, HEADER_SIZE, heap.get_root(TARGET))
    collector.register_weak_reference(reference)
    heap.set_field(pair, heap.get_root(HOLDER), 0, reference)
    collector.queue_register(QUEUE, heap.get_root(HOLDER))
    heap.set_root(HOLDER, NULL)
    if not target_survives_holder:
        heap.set_root(TARGET, NULL)
    collector.collect(2)
    heap.set_root(HOLDER, collector.queue_next(QUEUE))
    assert heap.get_root(HOLDER) != NULL
    reference = load(Address, heap.get_root(HOLDER), 8)
    if target_survives_holder:
        assert weak_target(reference) == heap.get_root(TARGET)
    else:
        assert weak_target(reference) == NULL
    heap.set_root(TARGET, NULL)
    collector.collect(2)
    assert weak_target(load(Address, heap.get_root(HOLDER), 8)) == NULL


@pytest.mark.parametrize("collector_class", [GenerationalCollector, MarkSweepCollector, SemiSpaceCollector])
def test_light_finalizer_waits_for_a_dead_object_that_refers_to_it(collector_class):
    finalized = []
    pair = HostType("pair", pointers=2, numbers=1)
    light = HostType("light", numbers=1, finalizer=lambda obj: finalized.append(load(Signed, obj, 8)), light=True)
    heap = HostHeap(collector_class(), [pair, light], nursery=8192, maximum=0)
    collector = heap.collector
    heap.set_root(HOLDER, heap.allocate(pair))
    heap.set_root(TARGET, heap.allocate(light))
    store(Signed, heap.get_root(TARGET), 8, 5)
    heap.set_field(pair, heap.get_root(HOLDER), 0, heap.get_root(TARGET))
    collector.queue_register(QUEUE, heap.get_root(HOLDER))
    heap.set_root(HOLDER, NULL)
    heap.set_root(TARGET, NULL)
    collector.collect(2)
    assert finalized == []
    heap.set_root(HOLDER, collector.queue_next(QUEUE))
    heap.set_root(HOLDER, NULL)
    collector.collect(2)
    assert finalized == [5]
