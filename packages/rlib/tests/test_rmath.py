"""Mathematical functions give what the host's `math` gives, errors included."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ouro.rlib import rmath

FLOATS = st.one_of(st.floats(), st.floats(-20, 20), st.integers(-30, 30).map(float))
SIMPLE = sorted(set(rmath.__all__) - {"domain_error", "range_error", "atan2", "hypot", "fmod", "pow", "modf"})


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
