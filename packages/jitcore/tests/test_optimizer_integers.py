"""Ranges, constant folding and rewriting rules, in traces."""

import pytest
from optimizer_support import Optimizing, bits
from ouro.jitcore.optimizer import InvalidTrace


@pytest.fixture
def world():
    return Optimizing(bits("ranges rewrite guards pure"))


def test_a_guarded_comparison_decides_a_weaker_one(world):
    world.check("""
        [i0]
        i1 = int_lt(i0, 10)
        guard_true(i1) {i0}
        i2 = int_lt(i0, 20)
        guard_true(i2) {i0}
        i3 = int_ge(i0, 10)
        guard_false(i3) {i0}
        finish(i0, done_i)
    """, """
        [i0]
        i1 = int_lt(i0, 10)
        guard_true(i1) {i0}
        finish(i0, done_i)
    """)


def test_an_addition_that_cannot_overflow_needs_no_guard(world):
    world.check("""
        [i0, i1]
        i2 = int_lt(i0, i1)
        guard_true(i2) {i0}
        i3 = int_add_ovf(i0, 1)
        guard_no_overflow() {i0}
        finish(i3, done_i)
    """, """
        [i0, i1]
        i2 = int_lt(i0, i1)
        guard_true(i2) {i0}
        i3 = int_add(i0, 1)
        finish(i3, done_i)
    """)


def test_the_bounds_check_of_a_masked_index_goes(world):
    world.check("""
        [i0]
        i1 = int_and(i0, 15)
        i2 = uint_lt(i1, 16)
        guard_true(i2) {i0}
        i3 = int_ge(i1, 0)
        guard_true(i3) {i0}
        finish(i1, done_i)
    """, """
        [i0]
        i1 = int_and(i0, 15)
        finish(i1, done_i)
    """)


def test_known_bits_decide_equality(world):
    world.check("""
        [i0]
        i1 = int_lshift(i0, 3)
        i2 = int_or(i1, 5)
        i3 = int_and(i2, 7)
        i4 = int_eq(i2, 16)
        guard_false(i4) {i3}
        finish(i3, done_i)
    """, """
        [i0]
        finish(5, done_i)
    """)


def test_a_guard_narrows_what_the_value_was_computed_from(world):
    world.check("""
        [i0]
        i1 = int_add_ovf(i0, 5)
        guard_no_overflow() {i0}
        i2 = int_lt(i1, 10)
        guard_true(i2) {i0}
        i3 = int_gt(i1, 4)
        guard_true(i3) {i0}
        i4 = int_lt(i0, 5)
        guard_true(i4) {i0}
        i5 = int_lt(i0, 0)
        guard_false(i5) {i0}
        finish(i0, done_i)
    """, """
        [i0]
        i1 = int_add_ovf(i0, 5)
        guard_no_overflow() {i0}
        i2 = int_lt(i1, 10)
        guard_true(i2) {i0}
        i3 = int_gt(i1, 4)
        guard_true(i3) {i0}
        finish(i0, done_i)
    """)


def test_a_guarded_equality_makes_a_constant(world):
    world.check("""
        [i0, i1]
        i2 = int_and(i0, 255)
        i3 = int_eq(i2, 17)
        guard_true(i3) {i0}
        i4 = int_add(i2, i1)
        i5 = int_and(i0, 1)
        finish(i5, done_i)
    """, """
        [i0, i1]
        i2 = int_and(i0, 255)
        i3 = int_eq(i2, 17)
        guard_true(i3) {i0}
        finish(1, done_i)
    """)


def test_loaded_bytes_are_small(world):
    world.check("""
        [r0, r1]
        i2 = strgetitem(r0, 0, String)
        i3 = int_lt(i2, 256)
        guard_true(i3) {i2}
        i4 = getfield_gc_i(r1, Plain.small)
        i5 = int_ge(i4, -128)
        guard_true(i5) {i4}
        i6 = strlen(r0, String)
        i7 = int_ge(i6, 0)
        guard_true(i7) {}
        finish(i2, done_i)
    """, """
        [r0, r1]
        i2 = strgetitem(r0, 0, String)
        finish(i2, done_i)
    """)


def test_constants_are_added_up(world):
    world.check("""
        [i0]
        i1 = int_add(i0, 5)
        i2 = int_sub(i1, 7)
        i3 = int_sub(10, i2)
        i4 = int_neg(i3)
        finish(i4, done_i)
    """, """
        [i0]
        i1 = int_add(i0, -12)
        finish(i1, done_i)
    """)


def test_division_and_multiplication_by_powers_of_two_are_shifts(world):
    world.check("""
        [i0]
        i1 = int_mul(i0, 8)
        i2 = int_floordiv(i0, 4)
        i3 = int_mod(i0, 4)
        i4 = int_xor(i1, i2)
        i5 = int_xor(i4, i3)
        finish(i5, done_i)
    """, """
        [i0]
        i1 = int_lshift(i0, 3)
        i2 = int_rshift(i0, 2)
        i3 = int_and(i0, 3)
        i4 = int_xor(i1, i2)
        i5 = int_xor(i4, i3)
        finish(i5, done_i)
    """)


def test_a_negated_comparison_is_the_opposite_one(world):
    world.check("""
        [i0, i1]
        i2 = int_lt(i0, i1)
        i3 = int_is_zero(i2)
        guard_true(i3) {i0}
        finish(i0, done_i)
    """, """
        [i0, i1]
        i3 = int_ge(i0, i1)
        guard_true(i3) {i0}
        finish(i0, done_i)
    """)


def test_operations_on_constants_are_computed(world):
    world.check("""
        []
        i0 = int_mul(6, 7)
        f1 = cast_int_to_float(i0)
        f2 = float_truediv(f1, 4.0)
        i3 = cast_float_to_int(f2)
        i4 = int_between(1, i3, 11)
        guard_true(i4) {}
        i5 = int_add_ovf(i3, i0)
        guard_no_overflow() {}
        finish(i5, done_i)
    """, """
        []
        finish(52, done_i)
    """)


def test_what_is_undefined_is_not_computed(world):
    before = """
        [i0]
        i1 = int_floordiv(5, 0)
        i2 = int_lshift(5, 64)
        i3 = cast_float_to_int(1e300)
        i4 = int_add(i1, i2)
        i5 = int_add(i4, i3)
        finish(i5, done_i)
    """
    world.check(before, before)


def test_a_guard_that_never_holds_makes_the_trace_invalid(world):
    with pytest.raises(InvalidTrace):
        world.loop("""
            [i0]
            i1 = int_and(i0, 7)
            i2 = int_gt(i1, 7)
            guard_true(i2) {}
            finish(i0, done_i)
        """)
    with pytest.raises(InvalidTrace):
        world.loop("""
            [i0]
            i1 = int_lt(i0, 7)
            guard_true(i1) {}
            i2 = int_gt(i0, 7)
            guard_true(i2) {}
            finish(i0, done_i)
        """)


def test_floats_are_rewritten_too(world):
    world.check("""
        [f0]
        f1 = float_mul(f0, 1.0)
        f2 = float_neg(f1)
        f3 = float_neg(f2)
        f4 = float_truediv(f3, 2.0)
        finish(f4, done_f)
    """, """
        [f0]
        f1 = float_mul(f0, 0.5)
        finish(f1, done_f)
    """)


def test_an_overflow_that_is_expected_keeps_its_operation(world):
    before = """
        [i0]
        i1 = int_add_ovf(i0, 9223372036854775807)
        guard_overflow() {i0}
        finish(i0, done_i)
    """
    world.check(before, before)
