"""Divisions by constants become multiplications with the same results."""

from hypothesis import example, given
from hypothesis import strategies as st
from ouro.jitcore.backend.rewriting.division import is_power_of_two, multiplier_for
from ouro.jitcore.model.arithmetic import HIGHEST, LOWEST

WORD = (1 << 64) - 1


def divide(dividend, divisor):
    """What the docstring of `Multiplier` says."""
    multiplier = multiplier_for(divisor, 64)
    assert LOWEST <= multiplier.multiplier <= HIGHEST and 0 <= multiplier.shift < 64
    sign = -1 if dividend < 0 else 0
    product = (multiplier.multiplier & WORD) * (dividend ^ sign)
    return ((product >> 64) >> multiplier.shift) ^ sign


DIVISORS = st.integers(3, HIGHEST).filter(lambda number: not is_power_of_two(number))


@given(DIVISORS, st.integers(LOWEST, HIGHEST))
@example(3, LOWEST)
@example(HIGHEST, LOWEST)
@example(HIGHEST, HIGHEST)
@example(2**62 + 1, HIGHEST)
def test_any_division(divisor, dividend):
    assert divide(dividend, divisor) == dividend // divisor


@given(DIVISORS, st.integers(LOWEST, HIGHEST), st.integers(-1, 1))
def test_divisions_near_multiples(divisor, dividend, distance):
    dividend = dividend // divisor * divisor + distance
    if LOWEST <= dividend <= HIGHEST:
        assert divide(dividend, divisor) == dividend // divisor


def test_small_divisors():
    for divisor in range(3, 300):
        if is_power_of_two(divisor):
            continue
        for quotient in (0, 1, -1, 5, HIGHEST // divisor, LOWEST // divisor + 1):
            for distance in (-1, 0, 1):
                dividend = quotient * divisor + distance
                if LOWEST <= dividend <= HIGHEST:
                    assert divide(dividend, divisor) == dividend // divisor
