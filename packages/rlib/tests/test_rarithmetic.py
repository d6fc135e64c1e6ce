"""Machine integers wrap, check and convert as the hardware does."""

import ctypes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ouro.rlib.rarithmetic import (
    INTEGER_TYPES,
    LONG_BIT,
    ParseStringError,
    ParseStringOverflowError,
    byteswap,
    highest_bit,
    int_c_div,
    int_c_mod,
    intmask,
    maxint,
    most_neg_value_of,
    most_pos_value_of,
    mulmod,
    ovfcheck,
    ovfcheck_float_to_int,
    r_int,
    r_int32,
    r_longlong,
    r_singlefloat,
    r_uint,
    r_uint32,
    r_ulonglong,
    string_to_int,
    uint_mul_high,
    widen,
)

ANY = st.one_of(st.integers(), st.integers(-(2**70), 2**70))
WORD = st.integers(-maxint - 1, maxint)


@given(ANY)
def test_intmask_wraps_as_c(n):
    assert intmask(n) == ctypes.c_long(n).value
    assert type(intmask(r_uint(n))) is int


@given(st.sampled_from(INTEGER_TYPES), ANY, ANY, st.integers(0, 7))
def test_arithmetic_wraps_in_every_type(tp, a, b, count):
    x, y = tp(a), tp(b)
    for result, exact in [
        (x + y, int(x) + int(y)),
        (x - y, int(x) - int(y)),
        (x * y, int(x) * int(y)),
        (x & y, int(x) & int(y)),
        (x | y, int(x) | int(y)),
        (x ^ y, int(x) ^ int(y)),
        (~x, ~int(x)),
        (-x, -int(x)),
        (x << count, int(x) << count),
        (x >> count, int(x) >> count),
        (x + 1, int(x) + 1),
        (1 - x, 1 - int(x)),
    ]:
        assert type(result) is tp
        assert int(result) & tp.MASK == exact & tp.MASK
        assert tp.MINIMUM <= result <= tp.MAXIMUM
    if y:
        assert x // y == tp(int(x) // int(y))
        assert x % y == int(x) % int(y)


def test_mixed_operations_have_the_wider_type_and_unsigned_wins():
    assert type(r_uint(1) + r_int(1)) is r_uint
    assert type(r_int32(1) + r_uint32(1)) is r_uint32
    assert type(r_uint32(1) + r_longlong(1)) is r_longlong
    assert type(r_longlong(1) * r_ulonglong(1)) is r_ulonglong
    assert type(5 + r_uint(1)) is r_uint


def test_widening_gives_plain_words_from_narrow_types():
    assert type(widen(r_int32(-1))) is int
    assert type(widen(r_uint(1))) is r_uint
    assert type(widen(r_uint32(1))) is (int if LONG_BIT == 64 else r_uint32)


@given(ANY)
def test_ovfcheck_lets_words_through_only(n):
    if -maxint - 1 <= n <= maxint:
        assert ovfcheck(n) == n
    else:
        with pytest.raises(OverflowError):
            ovfcheck(n)


def test_ovfcheck_refuses_other_types():
    with pytest.raises(TypeError):
        ovfcheck(r_uint(1))


@given(st.floats())
def test_floats_become_words_or_overflow(x):
    try:
        expected = int(x)
        ovfcheck(expected)
    except (ValueError, OverflowError):
        with pytest.raises(OverflowError):
            ovfcheck_float_to_int(x)
    else:
        assert ovfcheck_float_to_int(x) == expected


@given(WORD, WORD.filter(bool))
def test_c_division_truncates(x, y):
    quotient = int_c_div(x, y)
    assert quotient * y + int_c_mod(x, y) == x
    assert abs(int_c_mod(x, y)) < abs(y)
    assert int_c_mod(x, y) == 0 or (int_c_mod(x, y) < 0) == (x < 0)


@given(st.integers(1, maxint))
def test_the_highest_bit_is_found(n):
    assert highest_bit(n) == n.bit_length() - 1


@given(st.integers(0, maxint), st.integers(0, maxint), st.integers(1, maxint))
def test_modular_products_do_not_overflow(a, b, c):
    assert mulmod(a, b, c) == a * b % c


@given(WORD, WORD)
def test_high_products_and_byte_order(a, b):
    assert uint_mul_high(r_uint(a), r_uint(b)) == (int(r_uint(a)) * int(r_uint(b))) >> LONG_BIT
    assert byteswap(byteswap(a)) == a
    assert byteswap(r_int32(1)) == 1 << 24


def test_limits_of_types_have_their_type():
    for tp in INTEGER_TYPES:
        assert type(most_neg_value_of(tp)) is tp and most_neg_value_of(tp) == tp.MINIMUM
        assert most_pos_value_of(tp) == tp.MAXIMUM
    assert most_neg_value_of(int) == -maxint - 1


def test_single_floats_are_rounded():
    assert float(r_singlefloat(0.1)) == ctypes.c_float(0.1).value
    assert r_singlefloat(0.5) == r_singlefloat(0.5)


@given(ANY, st.sampled_from([2, 8, 10, 16, 36]))
def test_literals_are_read_or_too_great(n, base):
    alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"
    digits = []
    rest = abs(n)
    while rest:
        digits.append(alphabet[rest % base])
        rest //= base
    text = ("-" if n < 0 else "") + ("".join(reversed(digits)) or "0")
    if -maxint - 1 <= n <= maxint:
        assert string_to_int(text, base) == n
    else:
        with pytest.raises(ParseStringOverflowError):
            string_to_int(text, base)
        with pytest.raises(ParseStringError):
            string_to_int(text + "!", base)


def test_the_message_of_a_bad_literal_is_that_of_python_2():
    with pytest.raises(ParseStringError, match=r"invalid literal for int\(\) with base 10: '12x'"):
        string_to_int("12x")
    with pytest.raises(ParseStringError, match="base must be >= 2 and <= 36"):
        string_to_int("12", 37)
