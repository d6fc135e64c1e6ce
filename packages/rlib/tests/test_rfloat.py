"""Floats as text, and text as floats, agree with the host, digit by digit and bit by bit."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ouro.rlib import _wide, rfloat
from ouro.rlib._decimal_digits import significant_digits
from ouro.rlib.objectmodel import compute_hash
from ouro.rlib.rarithmetic import ParseStringError, r_ulonglong

BITS = st.integers(0, 2**64 - 1).map(lambda bits: struct.unpack("<d", struct.pack("<Q", bits))[0])
NEAR_POWERS = st.builds(
    lambda base, exponent, steps: _step(base**exponent, steps),
    st.sampled_from([2.0, 10.0]),
    st.integers(-300, 300),
    st.integers(-2, 2),
)
SHORT = st.builds(lambda m, e: m * 10.0**e, st.integers(-(10**6), 10**6), st.integers(-30, 30))
QUARTERS = st.integers(-(10**5), 10**5).map(lambda n: n / 64.0)
FLOATS = st.one_of(st.floats(), BITS, NEAR_POWERS, SHORT, QUARTERS)
FINITE = FLOATS.filter(math.isfinite)


def _step(x, count):
    for _ in range(abs(count)):
        x = math.nextafter(x, math.inf if count > 0 else 0.0)
    return x


def same(x, y):
    return struct.pack("d", x) == struct.pack("d", y) or (x != x and y != y)


@given(FLOATS)
def test_repr_is_the_shortest_as_on_the_host(x):
    assert rfloat.double_to_string(x, "r", 0, rfloat.DTSF_ADD_DOT_0) == repr(x)


@pytest.mark.parametrize(
    "x", [5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 9007199254740993.0, 1e22, 1e23, 2.0**-44, 0.1 + 0.2]
)
def test_repr_of_corner_cases_is_that_of_the_host(x):
    assert rfloat.double_to_string(x, "r", 0, rfloat.DTSF_ADD_DOT_0) == repr(x)


@given(FLOATS, st.sampled_from("eEfFgG"), st.integers(0, 40), st.booleans(), st.booleans())
def test_formatting_with_a_precision_agrees_with_the_host(x, code, precision, sign, alternate):
    flags = (rfloat.DTSF_SIGN if sign else 0) | (rfloat.DTSF_ALT if alternate else 0)
    spec = "%" + ("+" if sign else "") + ("#" if alternate else "") + "." + str(precision) + code
    expected = spec % x
    assert rfloat.formatd(x, code, precision, flags) == expected


@given(FINITE, st.integers(40, 1200))
def test_formatting_with_many_digits_agrees_with_the_host(x, precision):
    assert rfloat.formatd(x, "e", precision) == "%.*e" % (precision, x)


@given(FINITE)
def test_str_with_twelve_digits_is_that_of_python_2(x):
    expected = "%.12g" % x
    if "e" not in expected and "." not in expected:
        exponent_form = "%.11e" % x
        if int(exponent_form.partition("e")[2]) >= 11:
            expected = None  # 12 digits before the point: the exponent form, to have no room for ".0"
        else:
            expected += ".0"
    if expected is not None:
        assert rfloat.formatd(x, "g", 12, rfloat.DTSF_ADD_DOT_0) == expected


@given(FLOATS)
def test_repr_is_read_back_as_the_same_float(x):
    assert same(rfloat.string_to_float(repr(x)), float(repr(x)))


@given(st.integers(0, 10**25), st.integers(-345, 330))
def test_reading_integers_with_exponents_rounds_as_the_host(mantissa, exponent):
    text = "%de%d" % (mantissa, exponent)
    assert same(rfloat.string_to_float(text), float(text))


@given(FINITE, st.integers(-1, 1), st.integers(0, 3))
def test_reading_numbers_half_way_between_floats_rounds_as_the_host(x, offset, zeros):
    x = abs(x)
    following = math.nextafter(x, math.inf)
    if math.isinf(following):
        return
    numerator = x.as_integer_ratio()
    other = following.as_integer_ratio()
    doubled = 2 * numerator[1] * other[1]
    middle = numerator[0] * other[1] + other[0] * numerator[1]
    scale = 1100
    digits = middle * 10**scale // doubled + offset
    text = "%d%se-%d" % (digits, "0" * zeros, scale + zeros)
    assert same(rfloat.string_to_float(text), float(text))


@given(st.text(alphabet="0123456789.eE+-infatyINF ", max_size=10))
def test_bad_literals_are_those_of_the_host(text):
    try:
        expected = float(text)
    except ValueError:
        with pytest.raises(ParseStringError):
            rfloat.string_to_float(text)
    else:
        assert same(rfloat.string_to_float(text), expected)


def test_absurd_exponents_give_zero_or_infinity():
    assert rfloat.string_to_float("1e999999999999999999999") == math.inf
    assert rfloat.string_to_float("1e-999999999999999999999") == 0.0
    assert rfloat.string_to_float("-0e999999999999") == 0.0


@given(FLOATS, FLOATS)
def test_parts_agree_with_the_host(x, y):
    assert rfloat.isnan(x) == math.isnan(x)
    assert rfloat.isinf(x) == math.isinf(x)
    assert rfloat.isfinite(x) == math.isfinite(x)
    assert same(rfloat.copysign(x, y), math.copysign(x, y)) or math.isnan(x)
    if math.isfinite(x):
        assert rfloat.frexp(x) == math.frexp(x)
        numerator, denominator = rfloat.float_as_rbigint_ratio(x)
        assert (numerator.tolong(), denominator.tolong()) == x.as_integer_ratio()


@given(FINITE, st.integers(-2200, 2200))
def test_ldexp_rounds_once(x, exponent):
    try:
        expected = math.ldexp(x, exponent)
    except OverflowError:
        with pytest.raises(OverflowError):
            rfloat.ldexp(x, exponent)
    else:
        assert same(rfloat.ldexp(x, exponent), expected)


@given(FINITE, st.integers(-330, 330))
def test_rounding_to_even_agrees_with_the_host(x, ndigits):
    try:
        expected = round(x, ndigits)
    except OverflowError:
        with pytest.raises(OverflowError):
            rfloat.round_double(x, ndigits, True)
    else:
        assert same(rfloat.round_double(x, ndigits, True), expected)


def test_rounding_goes_away_from_zero_in_the_middle():
    for x, ndigits, expected in [(0.5, 0, 1.0), (2.5, 0, 3.0), (-0.125, 2, -0.13), (25.0, -1, 30.0), (2.675, 2, 2.67)]:
        assert rfloat.round_double(x, ndigits) == expected
    for x, expected in [(0.5, 1.0), (-2.5, -3.0), (0.49999999999999994, 0.0), (4503599627370497.5, 4503599627370497.5)]:
        assert rfloat.round_away(x) == expected


@given(FLOATS)
def test_the_hash_is_the_one_that_dictionaries_use(x):
    assert rfloat.float_hash(x) == compute_hash(x)


@pytest.mark.parametrize(
    "x, expected",
    [
        (0.5, 1073741824),
        (0.1, 2576882278),
        (-3.75, -2013200384),
        (1e300, 8474648701417850880),
        (-1e300, -8474648701417850880),
        (2.0**63, -(2**63)),
        (2.0**64, 1),
        (1e19, -8446744073709551616),
    ],
)
def test_the_hash_is_that_of_cpython_27(x, expected):
    assert rfloat.float_hash(x) == expected


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_high_products_by_halves_are_exact(a, b):
    assert _wide.multiply_high_by_halves(r_ulonglong(a), r_ulonglong(b)) == (a * b) >> 64


@given(FINITE, st.integers(1, 25))
def test_significant_digits_have_no_zeros_at_the_ends(x, count):
    digits, _ = significant_digits(abs(x), count)
    assert len(digits) <= count
    assert digits == digits.strip("0")
