"""Loads of what is known are not made; stores wait until someone could see that they are missing."""

import pytest
from frame_samples import FrameSamples
from optimizer_support import Optimizing, bits
from ouro.jitcore.optimizer import Environment, Options
from ouro.jitcore.resume import rebuild
from ouro.jitcore.text import print_resume


@pytest.fixture
def world():
    return Optimizing(bits("ranges rewrite guards pure allocation heap"))


def test_a_field_is_loaded_once(world):
    world.check("""
        [r0]
        i1 = getfield_gc_i(r0, Node.value)
        i2 = getfield_gc_i(r0, Node.value)
        i3 = int_sub(i1, i2)
        finish(i3, done_i)
    """, """
        [r0]
        finish(0, done_i)
    """)


def test_a_store_somewhere_in_an_array_that_is_made_for_it_may_be_anywhere(world):
    world.check("""
        [i0]
        r1 = new_array_clear(4, Ints)
        setarrayitem_gc(r1, i0, 7, Ints)
        i2 = getarrayitem_gc_i(r1, 0, Ints)
        finish(i2, done_i)
    """, """
        [i0]
        r1 = new_array_clear(4, Ints)
        setarrayitem_gc(r1, i0, 7, Ints)
        i2 = getarrayitem_gc_i(r1, 0, Ints)
        finish(i2, done_i)
    """)


def test_a_load_behind_a_store_is_what_was_stored(world):
    world.check("""
        [r0, i1]
        setfield_gc(r0, i1, Node.value)
        i2 = getfield_gc_i(r0, Node.value)
        finish(i2, done_i)
    """, """
        [r0, i1]
        setfield_gc(r0, i1, Node.value)
        finish(i1, done_i)
    """)


def test_a_store_that_no_one_sees_is_not_made(world):
    world.check("""
        [r0, i1]
        setfield_gc(r0, 1, Node.value)
        setfield_gc(r0, 2, Node.value)
        setfield_gc(r0, 2.0, Node.weight)
        setfield_gc(r0, i1, Node.value)
        finish(i1, done_i)
    """, """
        [r0, i1]
        setfield_gc(r0, i1, Node.value)
        setfield_gc(r0, 2.0, Node.weight)
        finish(i1, done_i)
    """)


def test_a_store_that_brings_back_what_was_there_undoes_the_one_that_waits(world):
    world.check("""
        [r0, i1]
        i2 = getfield_gc_i(r0, Node.value)
        i3 = int_add(i2, 1)
        setfield_gc(r0, i3, Node.value)
        setfield_gc(r0, i2, Node.value)
        i4 = getfield_gc_i(r0, Node.value)
        finish(i4, done_i)
    """, """
        [r0, i1]
        i2 = getfield_gc_i(r0, Node.value)
        finish(i2, done_i)
    """)


def test_a_store_of_what_is_there_is_not_made(world):
    world.check("""
        [r0]
        i1 = getfield_gc_i(r0, Node.value)
        setfield_gc(r0, i1, Node.value)
        finish(i1, done_i)
    """, """
        [r0]
        i1 = getfield_gc_i(r0, Node.value)
        finish(i1, done_i)
    """)


def test_another_reference_may_be_the_same_object(world):
    before = """
        [r0, r1]
        setfield_gc(r0, 1, Node.value)
        i2 = getfield_gc_i(r1, Node.value)
        setfield_gc(r0, i2, Node.value)
        i3 = getfield_gc_i(r1, Node.value)
        finish(i3, done_i)
    """
    world.check(before, before)


def test_objects_of_different_classes_are_different(world):
    world.check("""
        [r0, r1]
        guard_class(r0, @class.Node) {}
        guard_class(r1, @class.Leaf) {}
        i2 = getfield_gc_i(r1, Node.value)
        setfield_gc(r0, 1, Node.value)
        i3 = getfield_gc_i(r1, Node.value)
        i4 = int_add(i2, i3)
        finish(i4, done_i)
    """, """
        [r0, r1]
        guard_class(r0, @class.Node) {}
        guard_class(r1, @class.Leaf) {}
        i2 = getfield_gc_i(r1, Node.value)
        i4 = int_lshift(i2, 1)
        setfield_gc(r0, 1, Node.value)
        finish(i4, done_i)
    """)


def test_a_call_forgets_what_it_may_write_and_sees_what_it_reads(world):
    world.check("""
        [r0]
        i1 = getfield_gc_i(r0, Node.value)
        f2 = getfield_gc_f(r0, Node.weight)
        call_n(@note, 1, call.writes_value)
        i3 = getfield_gc_i(r0, Node.value)
        f4 = getfield_gc_f(r0, Node.weight)
        setfield_gc(r0, 3, Node.value)
        setfield_gc(r0, 4.0, Node.weight)
        call_n(@note, 1, call.reads_value)
        i5 = getfield_gc_i(r0, Node.value)
        setfield_gc(r0, 5.0, Node.weight)
        i6 = int_add(i1, i3)
        i7 = int_add(i6, i5)
        i8 = float_eq(f2, f4)
        i9 = int_add(i7, i8)
        finish(i9, done_i)
    """, """
        [r0]
        i1 = getfield_gc_i(r0, Node.value)
        f2 = getfield_gc_f(r0, Node.weight)
        call_n(@note, 1, call.writes_value)
        i3 = getfield_gc_i(r0, Node.value)
        setfield_gc(r0, 3, Node.value)
        call_n(@note, 1, call.reads_value)
        i6 = int_add(i1, i3)
        i7 = int_add(i6, 3)
        i8 = float_eq(f2, f2)
        i9 = int_add(i7, i8)
        setfield_gc(r0, 5.0, Node.weight)
        finish(i9, done_i)
    """)


def test_an_object_made_here_is_not_touched_by_calls_until_it_gets_out(world):
    world.check("""
        [i0]
        r1 = new_array(i0, Ints)
        setarrayitem_gc(r1, 0, 7, Ints)
        call_n(@note, 1, call.writes_ints)
        i2 = getarrayitem_gc_i(r1, 0, Ints)
        i3 = arraylen_gc(r1, Ints)
        i4 = int_add(i2, i3)
        finish(i4, done_i)
    """, """
        [i0]
        r1 = new_array(i0, Ints)
        setarrayitem_gc(r1, 0, 7, Ints)
        call_n(@note, 1, call.writes_ints)
        i4 = int_add(i0, 7)
        finish(i4, done_i)
    """)


def test_items_at_unknown_indices(world):
    world.check("""
        [r0, i1, i2]
        setarrayitem_gc(r0, i1, 5, Ints)
        i3 = getarrayitem_gc_i(r0, i1, Ints)
        i4 = getarrayitem_gc_i(r0, 2, Ints)
        setarrayitem_gc(r0, i2, 6, Ints)
        i5 = getarrayitem_gc_i(r0, i1, Ints)
        i6 = getarrayitem_gc_i(r0, 2, Ints)
        i7 = int_add(i3, i4)
        i8 = int_add(i5, i6)
        i9 = int_add(i7, i8)
        finish(i9, done_i)
    """, """
        [r0, i1, i2]
        setarrayitem_gc(r0, i1, 5, Ints)
        i4 = getarrayitem_gc_i(r0, 2, Ints)
        setarrayitem_gc(r0, i2, 6, Ints)
        i5 = getarrayitem_gc_i(r0, i1, Ints)
        i6 = getarrayitem_gc_i(r0, 2, Ints)
        i7 = int_add(i4, 5)
        i8 = int_add(i5, i6)
        i9 = int_add(i7, i8)
        finish(i9, done_i)
    """)


def test_a_store_waits_no_longer_than_a_guard(world):
    world.check("""
        [r0, i1]
        setfield_gc(r0, i1, Node.value)
        i2 = int_lt(i1, 5)
        guard_true(i2) {r0}
        setfield_gc(r0, 7, Node.value)
        finish(i1, done_i)
    """, """
        [r0, i1]
        setfield_gc(r0, i1, Node.value)
        i2 = int_lt(i1, 5)
        guard_true(i2) {r0}
        setfield_gc(r0, 7, Node.value)
        finish(i1, done_i)
    """)


def test_a_store_of_an_object_that_is_not_made_is_done_by_resuming(world):
    text = """
        [r0, i1]
        r3 = new_with_vtable(Node)
        setfield_gc(r3, i1, Node.value)
        setfield_gc(r0, r3, Node.next)
        i2 = int_lt(i1, 5)
        guard_true(i2) {}
        setfield_gc(r0, null, Node.next)
        finish(i1, done_i)
    """
    world.check(text, """
        [r0, i1]
        i2 = int_lt(i1, 5)
        guard_true(i2) {r0, i1}
        setfield_gc(r0, null, Node.next)
        finish(i1, done_i)
    """)
    optimized = world.loop(text).trace
    world.backend.compile_loop(optimized, world.token)
    node = world.node()
    frame = world.enter(world.token, node, 9)
    rebuild(world.machine, world.backend, frame)
    following = world.machine.get_field_reference(node, world.names.descriptors["Node.next"])
    assert world.machine.get_field_int(following, world.names.descriptors["Node.value"]) == 9
    assert "Node.next" in print_resume(optimized, optimized.guards[0], world.names)


def test_nothing_comes_between_an_overflow_operation_or_a_call_and_its_guards(world):
    world.check("""
        [r0, i1, r4]
        setfield_gc(r0, i1, Node.value)
        i2 = int_add_ovf(i1, 1)
        guard_no_overflow() {}
        setfield_gc(r0, i2, Node.value)
        i3 = call_i(@raise_if, i1, call.raise_if)
        guard_no_exception() {}
        setarrayitem_gc(r4, i1, i2, Ints)
        i5 = int_add_ovf(i2, 1)
        guard_no_overflow() {}
        finish(i3, done_i)
    """, """
        [r0, i1, r4]
        setfield_gc(r0, i1, Node.value)
        i2 = int_add_ovf(i1, 1)
        guard_no_overflow() {}
        i3 = call_i(@raise_if, i1, call.raise_if)
        guard_no_exception() {r0, i2}
        setarrayitem_gc(r4, i1, i2, Ints)
        i5 = int_add_ovf(i2, 1)
        guard_no_overflow() {r0, i2}
        setfield_gc(r0, i2, Node.value)
        finish(i3, done_i)
    """)


def test_immutable_fields_of_constants_are_constants(world):
    plain = world.machine.new(world.names.descriptors["Plain"])
    world.machine.set_field_int(plain, 1, world.names.descriptors["Plain.flag"])
    world.names.add_reference("plain", plain)
    world.check("""
        []
        i0 = getfield_gc_i($plain, Plain.flag)
        i1 = getfield_gc_i($plain, Plain.small)
        i2 = int_add(i0, i1)
        finish(i2, done_i)
    """, """
        []
        i1 = getfield_gc_i($plain, Plain.small)
        i2 = int_add(i1, 1)
        finish(i2, done_i)
    """)


def test_a_quasi_immutable_field_of_a_constant_is_a_dependency(world):
    plain = world.machine.new(world.names.descriptors["Plain"])
    word = world.names.descriptors["Plain.word"]
    world.machine.set_field_int(plain, 42, word)
    world.names.add_reference("plain", plain)
    text = """
        [r0]
        quasiimmut_field($plain, Plain.word)
        guard_not_invalidated() {}
        i1 = getfield_gc_i($plain, Plain.word)
        i2 = getfield_gc_i(r0, Plain.word)
        i3 = int_add(i1, i2)
        finish(i3, done_i)
    """
    optimized = world.loop(text)
    assert [(one.reference, one.field) for one in optimized.dependencies] == [(plain, word)]
    world.check(text, """
        [r0]
        guard_not_invalidated() {}
        i2 = getfield_gc_i(r0, Plain.word)
        i3 = int_add(i2, 42)
        finish(i3, done_i)
    """)


def test_characters_and_lengths_of_constant_strings(world):
    string = world.machine.new_array(world.names.descriptors["String"], 3, True)
    world.machine.set_item_int(string, 1, ord("x"), world.names.descriptors["String"])
    world.names.add_reference("text", string)
    world.check("""
        []
        i0 = strlen($text, String)
        i1 = strgetitem($text, 1, String)
        i2 = int_add(i0, i1)
        finish(i2, done_i)
    """, f"""
        []
        finish({ord("x") + 3}, done_i)
    """)


def test_no_one_looks_into_a_constant_of_another_type(world):
    machine, descriptors = world.machine, world.names.descriptors
    world.names.add_reference("node", world.node(5))
    world.names.add_reference("plain", machine.new(descriptors["Plain"]))
    world.names.add_reference("ints", machine.new_array(descriptors["Ints"], 3, True))
    text = """
        [i0]
        guard_true(i0) {}
        i1 = getfield_gc_i($node, Plain.flag)
        i2 = arraylen_gc($plain, Ints)
        i3 = strlen($ints, String)
        i4 = strgetitem($ints, 1, String)
        quasiimmut_field($node, Plain.word)
        i5 = getfield_gc_i($node, Plain.word)
        i6 = int_add(i1, i2)
        i7 = int_add(i3, i4)
        i8 = int_add(i6, i7)
        i9 = int_add(i8, i5)
        finish(i9, done_i)
    """
    world.check(text, text.replace("quasiimmut_field($node, Plain.word)", ""))
    assert world.loop(text).dependencies == []


def test_a_narrow_field_gives_back_what_fits(world):
    world.check("""
        [r0, i1]
        setfield_gc(r0, i1, Plain.small)
        i2 = getfield_gc_i(r0, Plain.small)
        setfield_gc(r0, 70000, Plain.uhalf)
        i3 = getfield_gc_i(r0, Plain.uhalf)
        r4 = new_array_clear(2, Bytes)
        setarrayitem_gc(r4, 1, 200, Bytes)
        i5 = getarrayitem_gc_i(r4, 1, Bytes)
        i6 = int_add(i2, i3)
        i7 = int_add(i6, i5)
        finish(i7, done_i)
    """, f"""
        [r0, i1]
        i2 = int_signext(i1, 1)
        i3 = int_add(i2, {70000 - 65536 - 56})
        setfield_gc(r0, i1, Plain.small)
        setfield_gc(r0, 70000, Plain.uhalf)
        finish(i3, done_i)
    """)


def test_a_store_of_what_a_call_makes_real_stands_in_front_of_the_call(world):
    text = world.text("""
        [r0]
        r1 = new_with_vtable(Node)
        setfield_gc(r0, r1, Node.next)
        call_may_force_n(100, r1, call.look_at)
        guard_not_forced() {r0}
        guard_no_exception() {r0}
        finish(r0, done_r)
    """)
    lines = [line.split("(")[0].split(" = ")[-1] for line in text.splitlines()]
    assert lines.index("setfield_gc") < lines.index("call_may_force_n") == lines.index("guard_not_forced") - 1


def test_items_at_indices_that_count_from_one_value_are_different(world):
    world.check("""
        [r0, i1]
        i2 = int_add(i1, 1)
        setarrayitem_gc(r0, i1, 5, Ints)
        setarrayitem_gc(r0, i2, 6, Ints)
        i3 = getarrayitem_gc_i(r0, i1, Ints)
        setarrayitem_gc(r0, i1, 7, Ints)
        i4 = getarrayitem_gc_i(r0, i2, Ints)
        i5 = int_add(i3, i4)
        finish(i5, done_i)
    """, """
        [r0, i1]
        i2 = int_add(i1, 1)
        setarrayitem_gc(r0, i1, 7, Ints)
        setarrayitem_gc(r0, i2, 6, Ints)
        finish(11, done_i)
    """)


def test_items_at_indices_that_count_from_two_values_may_be_the_same(world):
    before = """
        [r0, i1, i2]
        i3 = int_add(i1, 1)
        i4 = int_add(i2, 2)
        setarrayitem_gc(r0, i3, 5, Ints)
        setarrayitem_gc(r0, i4, 6, Ints)
        i5 = getarrayitem_gc_i(r0, i3, Ints)
        finish(i5, done_i)
    """
    world.check(before, before)


def test_a_store_to_one_of_two_arrays_that_are_different_leaves_the_other(world):
    world.check("""
        [r0, i1, i2]
        r3 = new_array_clear(i2, Ints)
        i4 = getarrayitem_gc_i(r0, i1, Ints)
        setarrayitem_gc(r3, i2, 6, Ints)
        i5 = getarrayitem_gc_i(r0, i1, Ints)
        i6 = int_sub(i4, i5)
        finish(i6, done_i)
    """, """
        [r0, i1, i2]
        r3 = new_array_clear(i2, Ints)
        setarrayitem_gc(r3, i2, 6, Ints)
        finish(0, done_i)
    """)


def test_a_field_that_was_loaded_is_stored_by_resuming(world):
    text = """
        [r0]
        i1 = getfield_gc_i(r0, Node.value)
        i2 = int_add(i1, 1)
        setfield_gc(r0, i2, Node.value)
        i3 = int_lt(i1, 5)
        guard_true(i3) {}
        setfield_gc(r0, i1, Node.value)
        finish(i1, done_i)
    """
    world.check(text, """
        [r0]
        i1 = getfield_gc_i(r0, Node.value)
        i2 = int_add(i1, 1)
        i3 = int_lt(i1, 5)
        guard_true(i3) {r0, i2}
        finish(i1, done_i)
    """)
    optimized = world.loop(text).trace
    world.backend.compile_loop(optimized, world.token)
    node = world.node(value=9)
    frame = world.enter(world.token, node)
    rebuild(world.machine, world.backend, frame)
    assert world.machine.get_field_int(node, world.names.descriptors["Node.value"]) == 10


def test_so_many_items_at_unknown_indices_are_kept(world):
    indices = list(range(1, 101))
    lines = [f"[r0, {', '.join(f'i{i}' for i in indices)}]"]
    for number, index in enumerate([*indices, 1, 100]):
        lines.append(f"i{2 * number + 200} = getarrayitem_gc_i(r0, i{index}, Ints)")
        lines.append(f"i{2 * number + 201} = int_xor(i{2 * number + 200}, i{2 * number + 199 if number else 1})")
    text = world.text("\n".join([*lines, "finish(i403, done_i)"]))
    assert text.count("getarrayitem_gc_i") == 101


def test_a_word_outside_of_the_heap_is_loaded_once_until_a_call(world):
    world.check("""
        [i0]
        i1 = getarrayitem_raw_i(4096, 2, RawInts)
        i2 = getarrayitem_raw_i(4096, 2, RawInts)
        i3 = int_sub(i1, i2)
        call_n(@note, i3, call.writes_value)
        i4 = getarrayitem_raw_i(4096, 2, RawInts)
        finish(i4, done_i)
    """, """
        [i0]
        call_n(@note, 0, call.writes_value)
        i4 = getarrayitem_raw_i(4096, 2, RawInts)
        finish(i4, done_i)
    """)


def test_a_store_outside_of_the_heap_may_be_to_any_word_there(world):
    world.check("""
        [i0]
        i1 = getarrayitem_raw_i(4096, 1, RawInts)
        i2 = int_sub(i1, 1)
        setarrayitem_raw(4096, 0, i2, RawInts)
        i3 = getarrayitem_raw_i(4096, 1, RawInts)
        i4 = getarrayitem_raw_i(4096, 0, RawInts)
        i5 = int_sub(i4, i2)
        i6 = int_add(i3, i5)
        finish(i6, done_i)
    """, """
        [i0]
        i1 = getarrayitem_raw_i(4096, 1, RawInts)
        i2 = int_add(i1, -1)
        setarrayitem_raw(4096, 0, i2, RawInts)
        i3 = getarrayitem_raw_i(4096, 1, RawInts)
        finish(i3, done_i)
    """)


class OptimizingFrames(Optimizing, FrameSamples):
    """An optimizer that knows of virtualizables and of stand-ins for virtual references."""

    def environment(self):
        return Environment(self.machine, Options(self.enabled), self.description, self.virtual_reference)


def test_a_virtual_reference_leads_to_its_object_before_a_call_that_follows_it():
    """Resume data would be too late: the stand-in has no token any more by which the call could ask for them."""
    world = OptimizingFrames(bits("ranges rewrite guards pure allocation heap"))
    lines = world.text("""
        [r0]
        r1 = force_token()
        r2 = new_with_vtable(Node)
        setfield_gc(r2, 5, Node.value)
        r3 = virtual_ref(r2, r1)
        call_may_force_n(100, r3, call.look_at)
        guard_not_forced() {r0, r2, r3}
        guard_no_exception() {r0, r2, r3}
        virtual_ref_finish(r3, r2)
        call_may_force_n(100, r3, call.look_at)
        guard_not_forced() {r0, r2, r3}
        guard_no_exception() {r0, r2, r3}
        finish(r0, done_r)
    """).splitlines()
    calls = [place for place, line in enumerate(lines) if line.startswith("call_may_force")]
    (given,) = [place for place, line in enumerate(lines) if "StandIn.object" in line]
    (ended,) = [place for place, line in enumerate(lines) if "null, StandIn.token" in line]
    assert calls[0] < given < calls[1] and calls[0] < ended < calls[1], lines


def test_the_token_of_a_virtualizable_is_that_of_the_call_that_follows():
    world = OptimizingFrames(bits("ranges rewrite guards pure allocation heap"))
    text = """
        [r0]
        r1 = force_token()
        setfield_gc(r0, r1, Frame.token)
        call_may_force_n(100, r0, call.look_at)
        guard_not_forced() {r0}
        guard_no_exception() {r0}
        r2 = force_token()
        setfield_gc(r0, r2, Frame.token)
        call_may_force_n(100, r0, call.look_at)
        guard_not_forced() {r0}
        guard_no_exception() {r0}
        r3 = getfield_gc_r(r0, Frame.token)
        finish(r3, done_r)
    """
    # a run has one token, but a call takes it out of the frame
    expected = text.replace("r2 = force_token()\n", "").replace("r2, Frame.token", "r1, Frame.token")
    world.check(text, expected.replace("r3", "r2"))
