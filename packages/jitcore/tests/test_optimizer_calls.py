"""Conditional calls of a known condition, and copies of items of arrays that are not made."""

import pytest
from optimizer_support import Optimizing, bits
from ouro.jitcore.descriptors import CANNOT_RAISE, EffectDescriptor
from ouro.jitcore.descriptors.calls import SPECIAL_ARRAY_COPY
from ouro.lltype import FuncType, Ptr, Signed, Void, functionptr
from samples import INTS


@pytest.fixture
def world():
    world = Optimizing(bits("ranges rewrite guards pure allocation heap"))
    array = Ptr(INTS)
    TYPE = FuncType([array, array, Signed, Signed, Signed], Void)
    pointer = functionptr(TYPE, "copy", callable=lambda a, b, i, j, n: None)
    world.names.add_integer("copy", world.memory.address_of(pointer))
    index = world.names.descriptors["Ints"].index
    everything = "\xff" * (index // 8 + 1)
    effect = EffectDescriptor(
        CANNOT_RAISE, reads_arrays=everything, writes_arrays=everything, special=SPECIAL_ARRAY_COPY)
    world.names.add_descriptor(world.memory.descriptors.call(TYPE, effect), "call.copy")
    return world


def test_a_call_whose_condition_is_known_is_made_or_not(world):
    world.check("""
        [i0]
        i1 = int_gt(i0, 5)
        guard_true(i1) {}
        cond_call(i0, @note, 7, call.note)
        i2 = int_lt(i0, 0)
        cond_call(i2, @note, 8, call.note)
        finish(i0, done_i)
    """, """
        [i0]
        i1 = int_gt(i0, 5)
        guard_true(i1) {}
        call_n(@note, 7, call.note)
        finish(i0, done_i)
    """)


def test_a_value_that_is_there_is_not_computed(world):
    world.check("""
        [r0, i1]
        guard_nonnull(r0) {}
        r2 = cond_call_value_r(r0, @node_of, i1, call.node_of)
        i3 = getfield_gc_i(r2, Node.value)
        i4 = cond_call_value_i(0, @add, i1, 2, call.add)
        i5 = cond_call_value_i(3, @raise_if, i1, call.raise_if)
        guard_no_exception() {}
        i6 = int_add(i3, i4)
        i7 = int_add(i6, i5)
        finish(i7, done_i)
    """, """
        [r0, i1]
        guard_nonnull(r0) {}
        i3 = getfield_gc_i(r0, Node.value)
        i4 = call_i(@add, i1, 2, call.add)
        i6 = int_add(i3, i4)
        i7 = int_add(i6, 3)
        finish(i7, done_i)
    """)


def test_items_are_copied_between_arrays_that_are_not_made(world):
    world.check("""
        [i0, i1]
        r2 = new_array_clear(2, Ints)
        setarrayitem_gc(r2, 0, i0, Ints)
        setarrayitem_gc(r2, 1, i1, Ints)
        r3 = new_array_clear(4, Ints)
        call_n(@copy, r2, r3, 0, 1, 2, call.copy)
        i4 = getarrayitem_gc_i(r3, 1, Ints)
        i5 = getarrayitem_gc_i(r3, 2, Ints)
        i6 = int_sub(i4, i5)
        finish(i6, done_i)
    """, """
        [i0, i1]
        i6 = int_sub(i0, i1)
        finish(i6, done_i)
    """)


def test_items_move_within_an_array(world):
    world.check("""
        [i0, i1]
        r2 = new_array_clear(3, Ints)
        setarrayitem_gc(r2, 0, i0, Ints)
        setarrayitem_gc(r2, 1, i1, Ints)
        call_n(@copy, r2, r2, 0, 1, 2, call.copy)
        i4 = getarrayitem_gc_i(r2, 1, Ints)
        i5 = getarrayitem_gc_i(r2, 2, Ints)
        i6 = int_sub(i4, i5)
        finish(i6, done_i)
    """, """
        [i0, i1]
        i6 = int_sub(i0, i1)
        finish(i6, done_i)
    """)


def test_items_come_from_an_array_outside(world):
    world.check("""
        [r0]
        r3 = new_array_clear(2, Ints)
        call_n(@copy, r0, r3, 4, 0, 2, call.copy)
        i4 = getarrayitem_gc_i(r3, 1, Ints)
        finish(i4, done_i)
    """, """
        [r0]
        i4 = getarrayitem_gc_i(r0, 5, Ints)
        finish(i4, done_i)
    """)


def test_an_unknown_number_of_items_is_a_call(world):
    world.check("""
        [r0, i1]
        r3 = new_array_clear(2, Ints)
        call_n(@copy, r0, r3, 4, 0, i1, call.copy)
        i4 = getarrayitem_gc_i(r3, 1, Ints)
        finish(i4, done_i)
    """, """
        [r0, i1]
        r3 = new_array_clear(2, Ints)
        call_n(@copy, r0, r3, 4, 0, i1, call.copy)
        i4 = getarrayitem_gc_i(r3, 1, Ints)
        finish(i4, done_i)
    """)
