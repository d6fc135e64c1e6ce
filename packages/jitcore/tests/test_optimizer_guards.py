"""Guards that hold go, and those of one object become one; equal computations are done once."""

import pytest
from optimizer_support import Optimizing, bits
from ouro.jitcore.optimizer import InvalidTrace


@pytest.fixture
def world():
    return Optimizing(bits("ranges rewrite guards pure"))


def test_a_class_is_guarded_once(world):
    world.check("""
        [r0]
        guard_class(r0, @class.Node) {r0}
        guard_class(r0, @class.Node) {r0}
        guard_nonnull(r0) {r0}
        i1 = load_class(r0)
        guard_is_object(r0) {r0}
        finish(i1, done_i)
    """, """
        [r0]
        guard_class(r0, @class.Node) {r0}
        finish(@class.Node, done_i)
    """)


def test_a_later_guard_of_the_class_makes_the_first_one_stronger(world):
    world.check("""
        [r0, i1]
        guard_nonnull(r0) {r0}
        i2 = int_lt(i1, 5)
        guard_true(i2) {r0}
        guard_class(r0, @class.Node) {r0, i1}
        finish(i1, done_i)
    """, """
        [r0, i1]
        guard_nonnull_class(r0, @class.Node) {r0}
        i2 = int_lt(i1, 5)
        guard_true(i2) {r0}
        finish(i1, done_i)
    """)


def test_a_guard_of_the_value_takes_the_place_of_one_of_the_class(world):
    world.names.add_reference("node", world.node(5))
    world.check("""
        [r0, i1]
        guard_class(r0, @class.Node) {r0}
        guard_value(r0, $node) {r0, i1}
        i2 = getfield_gc_i(r0, Node.value)
        finish(i2, done_i)
    """, """
        [r0, i1]
        guard_value(r0, $node) {r0}
        i2 = getfield_gc_i($node, Node.value)
        finish(i2, done_i)
    """)


def test_a_class_that_differs_is_a_contradiction(world):
    with pytest.raises(InvalidTrace):
        world.loop("""
            [r0]
            guard_class(r0, @class.Node) {r0}
            guard_class(r0, @class.Leaf) {r0}
            finish(1, done_i)
        """)


def test_a_guard_on_a_null_test_is_one_on_the_object(world):
    world.check("""
        [r0, r1]
        i2 = ptr_nonzero(r0)
        guard_true(i2) {r0}
        i3 = ptr_iszero(r1)
        guard_true(i3) {r0}
        i4 = ptr_eq(r0, r1)
        guard_false(i4) {r0}
        i5 = ptr_eq(r1, null)
        finish(i5, done_i)
    """, """
        [r0, r1]
        guard_nonnull(r0) {r0}
        guard_isnull(r1) {r0}
        finish(1, done_i)
    """)


@pytest.mark.parametrize("may_fail", [False, True])
def test_a_guard_that_may_fail_though_it_holds_keeps_its_condition(may_fail):
    keeps = "i0, i1" if may_fail else "i1"
    Optimizing(bits("ranges rewrite guards pure"), guards_may_fail=may_fail).check("""
        [i0, i1]
        guard_true(i0) {i0, i1}
        finish(i1, done_i)
    """, f"""
        [i0, i1]
        guard_true(i0) {{{keeps}}}
        finish(i1, done_i)
    """)


def test_a_guard_keeps_the_condition_as_it_is_where_it_fails(world):
    world.check("""
        [r0]
        i2 = ptr_nonzero(r0)
        guard_true(i2) {i2}
        finish(i2, done_i)
    """, """
        [r0]
        i2 = ptr_nonzero(r0)
        guard_nonnull(r0) {i2}
        finish(1, done_i)
    """)


def test_subclasses_and_types_are_guarded_once(world):
    world.check("""
        [r0]
        guard_is_object(r0) {}
        guard_subclass(r0, @class.Node) {}
        guard_subclass(r0, @class.Node) {}
        guard_gc_type(r0, 8) {}
        guard_gc_type(r0, 8) {}
        guard_is_object(r0) {}
        finish(1, done_i)
    """, """
        [r0]
        guard_is_object(r0) {}
        guard_subclass(r0, @class.Node) {}
        guard_gc_type(r0, 8) {}
        finish(1, done_i)
    """)


def test_a_known_class_decides_about_subclasses(world):
    world.check("""
        [r0]
        guard_nonnull_class(r0, @class.Leaf) {}
        guard_subclass(r0, @class.Node) {}
        finish(1, done_i)
    """, """
        [r0]
        guard_nonnull_class(r0, @class.Leaf) {}
        finish(1, done_i)
    """)
    with pytest.raises(InvalidTrace):
        world.loop("""
            [r0]
            guard_nonnull_class(r0, @class.Error) {}
            guard_subclass(r0, @class.Node) {}
            finish(1, done_i)
        """)


def with_constants(world):
    """A world in which `$node` and `$plain` are objects with and without a class, and `TYPE` is a type id."""
    plain = world.machine.new(world.names.descriptors["Plain"])
    world.names.add_reference("node", world.node(5))
    world.names.add_reference("plain", plain)
    return world, world.machine.type_id_of(plain)


@pytest.mark.parametrize("enabled", ["", "guards"])
@pytest.mark.parametrize("guard", [
    "guard_true(0)", "guard_false(1)", "guard_value(1, 2)", "guard_value($node, $plain)", "guard_nonnull(null)",
    "guard_isnull($node)", "guard_class($node, @class.Leaf)", "guard_class($plain, @class.Node)",
    "guard_nonnull_class(null, @class.Node)", "guard_is_object($plain)", "guard_is_object(null)",
    "guard_subclass($node, @class.Leaf)", "guard_subclass($plain, @class.Node)", "guard_gc_type($node, TYPE)",
    "guard_gc_type(null, TYPE)",
])  # fmt: skip
def test_a_guard_on_a_constant_that_cannot_hold_is_a_contradiction_whatever_is_on(guard, enabled):
    world, type_id = with_constants(Optimizing(bits(enabled)))
    with pytest.raises(InvalidTrace):
        world.loop(f"""
            []
            {guard.replace("TYPE", str(type_id))} {{}}
            finish(1, done_i)
        """)


@pytest.mark.parametrize("enabled", ["", "guards"])
@pytest.mark.parametrize("guard", [
    "guard_true(1)", "guard_false(0)", "guard_value(2, 2)", "guard_value($node, $node)", "guard_nonnull($plain)",
    "guard_isnull(null)", "guard_class($node, @class.Node)", "guard_nonnull_class($node, @class.Node)",
    "guard_is_object($node)", "guard_subclass($node, @class.Node)", "guard_gc_type($plain, TYPE)",
])  # fmt: skip
def test_a_guard_on_a_constant_that_holds_stays_only_if_guards_are_not_optimized(guard, enabled):
    world, type_id = with_constants(Optimizing(bits(enabled)))
    text = world.text(f"""
        []
        {guard.replace("TYPE", str(type_id))} {{}}
        finish(1, done_i)
    """)
    assert ("guard" in text) == (enabled == "")


def test_recorded_facts_leave_no_trace(world):
    world.check("""
        [r0, i1]
        record_exact_class(r0, @class.Node)
        guard_class(r0, @class.Node) {}
        record_exact_value(i1, 5)
        i2 = int_add(i1, 1)
        finish(i2, done_i)
    """, """
        [r0, i1]
        finish(6, done_i)
    """)


def test_the_code_is_asked_once_whether_it_is_valid_until_a_call_may_change_that(world):
    world.check("""
        [i0]
        guard_not_invalidated() {}
        guard_not_invalidated() {}
        call_n(@note, i0, call.note)
        guard_not_invalidated() {}
        call_n(@note, i0, call.random)
        guard_no_exception() {}
        guard_not_invalidated() {}
        finish(i0, done_i)
    """, """
        [i0]
        guard_not_invalidated() {}
        call_n(@note, i0, call.note)
        call_n(@note, i0, call.random)
        guard_no_exception() {}
        guard_not_invalidated() {}
        finish(i0, done_i)
    """)


def test_equal_operations_are_done_once(world):
    world.check("""
        [i0, i1]
        i2 = int_mul(i0, i1)
        i3 = int_mul(i1, i0)
        i4 = int_sub(i2, i1)
        i5 = int_sub(i3, i1)
        i6 = int_lt(i4, i1)
        i7 = int_gt(i1, i5)
        i8 = int_add(i6, i7)
        finish(i8, done_i)
    """, """
        [i0, i1]
        i2 = int_mul(i0, i1)
        i4 = int_sub(i2, i1)
        i6 = int_lt(i4, i1)
        i8 = int_lshift(i6, 1)
        finish(i8, done_i)
    """)


def test_an_overflow_operation_is_checked_once(world):
    world.check("""
        [i0, i1]
        i2 = int_mul_ovf(i0, i1)
        guard_no_overflow() {i0}
        i3 = int_mul_ovf(i1, i0)
        guard_no_overflow() {i1}
        i4 = int_sub(i2, i3)
        i5 = int_add(i4, i2)
        finish(i5, done_i)
    """, """
        [i0, i1]
        i2 = int_mul_ovf(i0, i1)
        guard_no_overflow() {i0}
        finish(i2, done_i)
    """)


def test_a_pure_call_is_made_once(world):
    world.check("""
        [i0]
        i1 = call_pure_i(@add, i0, 2, call.pure_add)
        i2 = call_pure_i(@add, i0, 2, call.pure_add)
        i3 = call_i(@add, i0, 2, call.pure_add)
        i4 = int_sub(i1, i2)
        i5 = int_add(i4, i3)
        finish(i5, done_i)
    """, """
        [i0]
        i1 = call_pure_i(@add, i0, 2, call.pure_add)
        finish(i1, done_i)
    """)


def test_a_pure_call_of_constants_is_made_at_once(world):
    world.check("""
        []
        i1 = call_pure_i(@add, 40, 2, call.pure_add)
        guard_no_exception() {}
        finish(i1, done_i)
    """, """
        []
        finish(42, done_i)
    """)


def test_a_pure_call_that_raises_is_left_alone(world):
    before = """
        []
        i1 = call_pure_i(@raise_if, 5, call.pure_raise_if)
        r2 = guard_exception(@class.Error) {}
        i3 = call_pure_i(@raise_if, 5, call.pure_raise_if)
        r4 = guard_exception(@class.Error) {}
        i5 = ptr_eq(r2, r4)
        finish(i5, done_i)
    """
    world.check(before, before)
    assert not world.machine.pending_exception()


def test_a_pure_call_that_may_raise_but_did_not_is_made_once(world):
    world.check("""
        [i0]
        i1 = call_pure_i(@raise_if, i0, call.pure_raise_if)
        guard_no_exception() {}
        i3 = call_pure_i(@raise_if, i0, call.pure_raise_if)
        guard_no_exception() {}
        i4 = int_add(i1, i3)
        finish(i4, done_i)
    """, """
        [i0]
        i1 = call_pure_i(@raise_if, i0, call.pure_raise_if)
        guard_no_exception() {}
        i4 = int_lshift(i1, 1)
        finish(i4, done_i)
    """)


def test_many_operations_are_found_again(world):
    lines = [f"i{2 + n} = int_mul(i0, {3 + 2 * n})" for n in range(200)]
    again = [f"i{202 + n} = int_mul(i0, {3 + 2 * n})" for n in range(200)]
    kept = "{" + ", ".join(f"i{2 + n}" for n in range(200)) + "}"
    rest = ["i500 = int_lt(i0, 5)", f"guard_true(i500) {kept}", "finish(i0, done_i)"]
    world.check("\n".join(["[i0]", *lines, *again, *rest]), "\n".join(["[i0]", *lines, *rest]))


def test_a_comparison_is_told_by_the_opposite_one(world):
    world.check("""
        [i0, i1]
        i2 = int_ge(i0, i1)
        guard_false(i2) {i0}
        i3 = int_lt(i0, i1)
        guard_true(i3) {i0}
        i4 = int_gt(i0, i1)
        guard_false(i4) {i0}
        i5 = int_le(i0, i1)
        guard_true(i5) {i0}
        i6 = int_le(i1, i0)
        guard_false(i6) {i0}
        finish(i0, done_i)
    """, """
        [i0, i1]
        i2 = int_ge(i0, i1)
        guard_false(i2) {i0}
        finish(i0, done_i)
    """)


def test_a_comparison_that_is_not_strict_tells_only_what_follows(world):
    world.check("""
        [i0, i1]
        i2 = uint_le(i0, i1)
        guard_true(i2) {i0}
        i3 = uint_lt(i0, i1)
        guard_false(i3) {i0}
        finish(i0, done_i)
    """, """
        [i0, i1]
        i2 = uint_le(i0, i1)
        guard_true(i2) {i0}
        i3 = uint_lt(i0, i1)
        guard_false(i3) {i0}
        finish(i0, done_i)
    """)


def test_the_guards_for_both_bounds_become_one(world):
    world.check("""
        [i0, r1]
        i2 = arraylen_gc(r1, Ints)
        i3 = int_lt(i0, 0)
        guard_false(i3) {i0, r1}
        i4 = int_ge(i0, i2)
        guard_false(i4) {i0, i2, r1}
        i5 = getarrayitem_gc_i(r1, i0, Ints)
        finish(i5, done_i)
    """, """
        [i0, r1]
        i2 = arraylen_gc(r1, Ints)
        i3 = uint_ge(i0, i2)
        guard_false(i3) {i0, r1}
        i5 = getarrayitem_gc_i(r1, i0, Ints)
        finish(i5, done_i)
    """)


def test_guards_for_both_bounds_that_hold_become_one(world):
    world.check("""
        [i0, r1]
        i2 = arraylen_gc(r1, Ints)
        i3 = int_ge(i0, 0)
        guard_true(i3) {i0, r1}
        i4 = int_lt(i0, i2)
        guard_true(i4) {i0, i2, r1}
        i5 = int_ge(i0, 0)
        i6 = int_lt(i0, i2)
        i7 = int_and(i5, i6)
        finish(i7, done_i)
    """, """
        [i0, r1]
        i2 = arraylen_gc(r1, Ints)
        i3 = uint_lt(i0, i2)
        guard_true(i3) {i0, r1}
        finish(1, done_i)
    """)


@pytest.mark.parametrize("first, between, second", [
    # the length is not known at the first guard
    ("guard_false(i3) {i0, r1}", "i2 = arraylen_gc(r1, Ints)", "int_ge(i0, i2)"),
    # the first guard keeps that the index is negative
    ("guard_false(i3) {i0, i3, r1}", "i2 = copy_i(i9)", "int_ge(i0, i9)"),
    # the other bound may be negative, so that nothing is below it
    ("guard_false(i3) {i0, r1}", "i2 = copy_i(i8)", "int_ge(i0, i8)"),
    # another index
    ("guard_false(i3) {i0, r1}", "i2 = copy_i(i9)", "int_ge(i8, i9)"),
])
def test_guards_for_bounds_that_stay_two(world, first, between, second):
    trace = world.text(f"""
        [i0, r1, i8, r7]
        i9 = arraylen_gc(r7, Ints)
        i3 = int_lt(i0, 0)
        {first}
        {between}
        i4 = {second}
        guard_false(i4) {{i0, i2, r1}}
        i5 = getarrayitem_gc_i(r1, i0, Ints)
        finish(i5, done_i)
    """)
    assert "int_lt" in trace and "int_ge" in trace and "uint" not in trace
