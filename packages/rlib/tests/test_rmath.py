"""Mathematical functions give what the host's `math` gives, errors included."""

import math
import random
import struct
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ouro.rlib import rmath

FLOATS = st.one_of(st.floats(), st.floats(-20, 20), st.integers(-30, 30).map(float))
OTHERS = {
    "domain_error", "range_error", "atan2", "hypot", "fmod", "pow", "modf", "has_exact_square", "square", "square_root",
}
SIMPLE = sorted(set(rmath.__all__) - OTHERS)


def outcome(function, *args):
    try:
        return function(*args)
    except (ValueError, OverflowError) as error:
        return type(error)


def agree(ours, host):
    if isinstance(host, type) or isinstance(ours, type):
        return ours is host
    return ours == host or (ours != ours and host != host) or math.isclose(ours, host, rel_tol=1e-13, abs_tol=1e-13)


@pytest.mark.parametrize("name", SIMPLE)
@given(x=FLOATS)
def test_functions_of_one_argument_agree_with_the_host(name, x):
    ours = outcome(getattr(rmath, name), x)
    if name in ("ceil", "floor", "trunc"):  # the host gives integers, and errors for what is none
        expected = x if not math.isfinite(x) or x == 0.0 else float(getattr(math, name)(x))
        assert agree(ours, expected)
    else:
        assert agree(ours, outcome(getattr(math, name), x))


@pytest.mark.parametrize("name", ["atan2", "hypot", "fmod", "pow"])
@given(x=FLOATS, y=FLOATS)
def test_functions_of_two_arguments_agree_with_the_host(name, x, y):
    assert agree(outcome(getattr(rmath, name), x, y), outcome(getattr(math, name), x, y))


@given(FLOATS)
def test_the_parts_of_a_float_agree_with_the_host(x):
    fraction, whole = rmath.modf(x)
    expected = math.modf(x)
    assert agree(fraction, expected[0]) and agree(whole, expected[1])


@given(st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-10**9, 10**9).map(float)))
def test_squares_and_roots_are_those_of_pow(x):
    try:
        expected = x ** 2.0
    except OverflowError:
        expected = math.inf
    assert rmath.square(x) == expected
    assert rmath.square_root(abs(x)) == abs(x) ** 0.5


def test_squares_that_are_exact():
    exact = [0.0, -0.0, 0.25, -3.0, 2.0 ** 26 + 1.0, 1e-123, -4e-123, 2.0 ** 400]
    for x in exact:
        x = upper_half(x)
        assert rmath.has_exact_square(x) and Fraction(x * x) == Fraction(x) ** 2
    for x in [math.inf, -math.inf, math.nan, 0.1, 2.0 ** 520, -2.0 ** 520, 2.0 ** -520, 5e-324, 2.0 ** 27 + 1.0]:
        assert not rmath.has_exact_square(x)


def upper_half(x):
    return struct.unpack("<d", struct.pack("<q", struct.unpack("<q", struct.pack("<d", x))[0] >> 27 << 27))[0]


@given(st.floats())
def test_a_square_is_exact_where_it_is_said_to_be(x):
    for number in [x, upper_half(x)]:
        if rmath.has_exact_square(number):
            assert Fraction(number * number) == Fraction(number) ** 2 and number * number == number ** 2.0


def test_squares_and_roots_that_pow_rounds_to_the_other_side():
    numbers = random.Random(7)
    squares, roots = 0, 0
    for _ in range(20000):
        x = numbers.uniform(0.0, 100.0)
        assert rmath.square(x) == x ** 2.0
        assert rmath.square_root(x) == x ** 0.5
        squares += x * x != x ** 2.0
        roots += math.sqrt(x) != x ** 0.5
    assert squares < 200 and roots < 200
