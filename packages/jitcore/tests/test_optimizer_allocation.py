"""Objects that no one else sees are not made; guards describe them, and they are made where they get out."""

import pytest
from optimizer_support import Optimizing, bits
from ouro.jitcore.resume import VirtualReferenceDescription
from ouro.jitcore.text import print_resume


@pytest.fixture
def world():
    return Optimizing(bits("ranges rewrite guards pure allocation heap"))


def resume(world, text, guard=0):
    """The resume data of a guard of the optimised text."""
    trace = world.loop(text).trace
    return print_resume(trace, trace.guards[guard], world.names).strip()


def test_an_object_that_stays_inside_is_not_made(world):
    world.check("""
        [i0]
        r1 = new_with_vtable(Node)
        setfield_gc(r1, i0, Node.value)
        guard_nonnull_class(r1, @class.Node) {}
        i2 = getfield_gc_i(r1, Node.value)
        r3 = getfield_gc_r(r1, Node.next)
        guard_isnull(r3) {}
        f4 = getfield_gc_f(r1, Node.weight)
        i5 = float_eq(f4, 0.0)
        guard_true(i5) {}
        finish(i2, done_i)
    """, """
        [i0]
        finish(i0, done_i)
    """)


def test_a_guard_describes_objects(world):
    text = """
        [i0, i9]
        r1 = new_with_vtable(Node)
        setfield_gc(r1, i0, Node.value)
        r2 = new_with_vtable(Leaf)
        setfield_gc(r2, r1, Node.next)
        setfield_gc(r1, r2, Node.next)
        i3 = int_lt(i9, 5)
        guard_true(i3) {r2, i9}
        finish(i0, done_i)
    """
    assert "new" not in world.text(text)
    assert resume(world, text).split("\n") == [
        "frame 0@0 (v0, i1)",
        "v0 = instance Leaf (Node.next: v1)",
        "v1 = instance Node (Node.value: i0, Node.next: v0)",
    ]


def test_an_object_that_gets_out_is_made_there_with_what_it_leads_to(world):
    world.check("""
        [i0]
        r1 = new_with_vtable(Node)
        r2 = new_with_vtable(Node)
        setfield_gc(r1, r2, Node.next)
        setfield_gc(r2, r1, Node.next)
        setfield_gc(r2, i0, Node.value)
        i3 = int_lt(i0, 5)
        guard_true(i3) {}
        i4 = call_i(@value_of, r1, call.value_of)
        i5 = getfield_gc_i(r2, Node.value)
        finish(i4, done_i)
    """, """
        [i0]
        i3 = int_lt(i0, 5)
        guard_true(i3) {}
        r1 = new_with_vtable(Node)
        r2 = new_with_vtable(Node)
        setfield_gc(r1, r2, Node.next)
        setfield_gc(r2, i0, Node.value)
        setfield_gc(r2, r1, Node.next)
        i4 = call_i(@value_of, r1, call.value_of)
        finish(i4, done_i)
    """)


def test_structures_without_a_class_are_not_made_either(world):
    world.check("""
        [i0]
        r1 = new(Plain)
        setfield_gc(r1, i0, Plain.big)
        i2 = getfield_gc_i(r1, Plain.big)
        finish(i2, done_i)
    """, """
        [i0]
        finish(i0, done_i)
    """)


def test_arrays_of_known_length_are_not_made(world):
    world.check("""
        [i0, f1]
        r2 = new_array_clear(3, Ints)
        setarrayitem_gc(r2, 1, i0, Ints)
        i3 = arraylen_gc(r2, Ints)
        i4 = getarrayitem_gc_i(r2, 1, Ints)
        i5 = getarrayitem_gc_i(r2, 2, Ints)
        i6 = int_add(i3, i4)
        i7 = int_add(i6, i5)
        finish(i7, done_i)
    """, """
        [i0, f1]
        i7 = int_add(i0, 3)
        finish(i7, done_i)
    """)


def test_an_array_is_made_for_an_unknown_index(world):
    world.check("""
        [i0, i1]
        r2 = new_array_clear(3, Ints)
        setarrayitem_gc(r2, 1, i1, Ints)
        i3 = getarrayitem_gc_i(r2, i0, Ints)
        i4 = getarrayitem_gc_i(r2, 1, Ints)
        i5 = getarrayitem_gc_i(r2, 0, Ints)
        i6 = int_add(i3, i4)
        i7 = int_add(i6, i5)
        finish(i7, done_i)
    """, """
        [i0, i1]
        r2 = new_array_clear(3, Ints)
        setarrayitem_gc(r2, 1, i1, Ints)
        i3 = getarrayitem_gc_i(r2, i0, Ints)
        i6 = int_add(i3, i1)
        finish(i6, done_i)
    """)


def test_arrays_of_structures_are_not_made(world):
    world.check("""
        [i0, r1]
        r2 = new_array_clear(2, Pairs)
        setinteriorfield_gc(r2, 1, i0, Pairs.left)
        setinteriorfield_gc(r2, 0, r1, Pairs.right)
        i3 = getinteriorfield_gc_i(r2, 1, Pairs.left)
        i4 = getinteriorfield_gc_i(r2, 0, Pairs.left)
        r5 = getinteriorfield_gc_r(r2, 0, Pairs.right)
        i6 = ptr_eq(r5, r1)
        i7 = int_add(i3, i4)
        i8 = int_add(i6, i7)
        finish(i8, done_i)
    """, """
        [i0, r1]
        i8 = int_add(i0, 1)
        finish(i8, done_i)
    """)


def test_buffers_outside_of_the_heap_are_not_made(world):
    world.check("""
        [i0, f1]
        i2 = new_raw_buffer(32)
        raw_store(i2, 0, i0, RawInts)
        i3 = int_add(i2, 8)
        setarrayitem_raw(i3, 1, f1, RawFloats)
        i4 = raw_load_i(i2, 0, RawInts)
        f5 = raw_load_f(i2, 16, RawFloats)
        i6 = cast_float_to_int(f5)
        i7 = int_add(i4, i6)
        finish(i7, done_i)
    """, """
        [i0, f1]
        i6 = cast_float_to_int(f1)
        i7 = int_add(i0, i6)
        finish(i7, done_i)
    """)


def test_a_buffer_is_made_when_its_address_is_needed(world):
    world.check("""
        [i0]
        i2 = new_raw_buffer(16)
        raw_store(i2, 8, i0, RawInts)
        i3 = int_add(i2, 8)
        i4 = raw_load_i(i3, i0, RawInts)
        finish(i4, done_i)
    """, """
        [i0]
        i2 = new_raw_buffer(16)
        raw_store(i2, 8, i0, RawInts)
        i3 = int_add(i2, 8)
        i4 = raw_load_i(i3, i0, RawInts)
        finish(i4, done_i)
    """)


def test_a_store_of_another_width_makes_the_buffer(world):
    world.check("""
        [i0]
        i2 = new_raw_buffer(16)
        raw_store(i2, 0, i0, RawInts)
        raw_store(i2, 2, 5, RawInt16)
        i4 = raw_load_i(i2, 0, RawInts)
        finish(i4, done_i)
    """, """
        [i0]
        i2 = new_raw_buffer(16)
        raw_store(i2, 0, i0, RawInts)
        raw_store(i2, 2, 5, RawInt16)
        i4 = raw_load_i(i2, 0, RawInts)
        finish(i4, done_i)
    """)


def test_two_objects_made_here_are_different(world):
    world.check("""
        [r0]
        r1 = new_with_vtable(Node)
        r2 = new_with_vtable(Node)
        i3 = ptr_eq(r1, r2)
        guard_false(i3) {}
        i4 = instance_ptr_eq(r1, r0)
        guard_false(i4) {}
        i5 = ptr_eq(r1, null)
        finish(i5, done_i)
    """, """
        [r0]
        finish(0, done_i)
    """)


def test_keepalive_does_not_make_an_object(world):
    world.check("""
        [r0]
        r1 = new_with_vtable(Node)
        keepalive(r1)
        keepalive(r0)
        finish(1, done_i)
    """, """
        [r0]
        keepalive(r0)
        finish(1, done_i)
    """)


def test_a_virtual_reference_does_not_make_its_object(world):
    descriptors = world.names.descriptors
    plain = world.environment()
    description = VirtualReferenceDescription(
        descriptors["Node"], descriptors["Node.next"], descriptors["Node.next"])
    world.environment = lambda: type(plain)(plain.machine, plain.options, None, description)
    world.check("""
        [i0]
        r1 = new_with_vtable(Leaf)
        r2 = force_token()
        r3 = virtual_ref(r1, r2)
        i4 = int_lt(i0, 5)
        guard_true(i4) {r3}
        virtual_ref_finish(r3, null)
        finish(i0, done_i)
    """, """
        [i0]
        r2 = force_token()
        i4 = int_lt(i0, 5)
        guard_true(i4) {r2}
        finish(i0, done_i)
    """)
