"""Big integers agree with the host's, with the limits of the recursive algorithms made small too."""

import math
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ouro.rlib import _natural as natural
from ouro.rlib.rarithmetic import (
    ParseStringError,
    intmask,
    maxint,
    r_longlong,
    r_uint,
    r_ulonglong,
    string_to_int,
)
from ouro.rlib.rbigint import BASE8, BASE10, BASE16, InvalidSignednessError, rbigint

SPARSE = st.builds(
    lambda bits, sign, offset: sign * (sum(1 << bit for bit in bits) + offset),
    st.lists(st.integers(0, 700), max_size=6),
    st.sampled_from([1, -1]),
    st.integers(-1, 1),
)
RUNS = st.builds(lambda high, low: (1 << high) - (1 << min(low, high)), st.integers(0, 700), st.integers(0, 700))
WORDS = st.one_of(
    st.integers(-3, 3), st.integers(-maxint - 1, maxint), st.sampled_from([maxint, -maxint, -maxint - 1])
)
NUMBERS = st.one_of(st.integers(), st.integers(-(2**700), 2**700), SPARSE, RUNS, WORDS)


@pytest.fixture(params=["default limits", "small limits", "as translated"], scope="module", autouse=True)
def limits(request):
    """The same tests with small limits for the recursive algorithms, and with the code for machine words."""
    patch = pytest.MonkeyPatch()
    if request.param != "default limits":
        patch.setattr(natural, "KARATSUBA_CUTOFF", 4)
        patch.setattr(natural, "RECURSIVE_DIVISION_CUTOFF", 4)
    if request.param == "as translated":
        patch.setattr(natural, "we_are_translated", lambda: True)
    yield
    patch.undo()


def big(n):
    result = rbigint.fromlong(n)
    assert result.tolong() == n
    return result


def check(result, expected):
    digits = result._digits
    assert not digits or digits[-1] != 0
    assert all(0 <= digit <= natural.MASK for digit in digits)
    assert result.tolong() == expected


@given(NUMBERS, NUMBERS)
def test_arithmetic_agrees_with_the_host(a, b):
    x, y = big(a), big(b)
    check(x.add(y), a + b)
    check(x.sub(y), a - b)
    check(x.mul(y), a * b)
    check(x.neg(), -a)
    check(x.abs(), abs(a))
    check(x.invert(), ~a)
    check(x.gcd(y), math.gcd(a, b))
    if b:
        quotient, rest = x.divmod(y)
        check(quotient, a // b)
        check(rest, a % b)
        check(x.floordiv(y), a // b)
        check(x.mod(y), a % b)


@given(NUMBERS, NUMBERS)
def test_bit_operations_agree_with_the_host(a, b):
    check(big(a).and_(big(b)), a & b)
    check(big(a).or_(big(b)), a | b)
    check(big(a).xor(big(b)), a ^ b)


@given(NUMBERS, st.integers(0, 400))
def test_shifts_agree_with_the_host(a, count):
    check(big(a).lshift(count), a << count)
    check(big(a).rshift(count), a >> count)
    assert big(a).bit_length() == a.bit_length()
    assert big(a).abs_rshift_and_mask(count, 1023) == (abs(a) >> count) & 1023


@given(NUMBERS, WORDS)
def test_operations_with_a_word_agree_with_the_host(a, b):
    x = big(a)
    check(x.int_add(b), a + b)
    check(x.int_sub(b), a - b)
    check(x.int_mul(b), a * b)
    check(x.int_and_(b), a & b)
    check(x.int_or_(b), a | b)
    check(x.int_xor(b), a ^ b)
    orders = [("eq", a == b), ("ne", a != b), ("lt", a < b), ("le", a <= b), ("gt", a > b), ("ge", a >= b)]
    for name, expected in orders:
        assert getattr(x, "int_" + name)(b) == expected
        assert getattr(x, name)(big(b)) == expected
    if b:
        check(x.int_floordiv(b), a // b)
        check(x.int_mod(b), a % b)
        quotient, rest = x.int_divmod(b)
        check(quotient, a // b)
        check(rest, a % b)


@given(st.integers(-200, 200), st.integers(0, 40), NUMBERS)
def test_powers_agree_with_the_host(a, exponent, modulus):
    check(big(a).pow(big(exponent)), a**exponent)
    check(big(a).int_pow(exponent), a**exponent)
    if modulus:
        check(big(a).pow(big(exponent), big(modulus)), pow(a, exponent, modulus))


@given(NUMBERS, st.integers(0, 2**300), NUMBERS)
@settings(max_examples=25, deadline=None)
def test_modular_powers_with_long_exponents_agree_with_the_host(a, exponent, modulus):
    if modulus:
        check(big(a).pow(big(exponent), big(modulus)), pow(a, exponent, modulus))


@pytest.mark.parametrize("digits", [1, 2, 3, 5])
def test_modular_powers_at_the_limits_of_digits_agree_with_the_host(digits):
    top = 1 << (natural.SHIFT * digits)
    for modulus in (top - 1, top + 1, top // 2 + 1, top // 4 - 1, 3):
        for base in (0, 1, 2, modulus - 1, modulus + 1, top // 3):
            for exponent in (1 << 11, (1 << 12) - 1, 5**20, (1 << 90) + 1, (1 << 250) - 1):
                check(big(base).pow(big(exponent), big(modulus)), pow(base, exponent, modulus))
        check(big(-5).pow(big(10**9), big(-modulus)), pow(-5, 10**9, -modulus))


@given(NUMBERS)
def test_text_goes_both_ways(a):
    x = big(a)
    assert x.str() == str(a)
    assert x.repr() == str(a) + "L"
    assert x.hex() == hex(a) + "L"
    assert x.format(BASE8, "0o") == oct(a)
    assert x.format("0123456") == _in_base(a, 7)
    for alphabet in ("01", BASE8, BASE10, BASE16, "0123456", "0123456789abcdefghijklmnopqrstuvwxyz"):
        check(rbigint.fromstr(x.format(alphabet), len(alphabet)), a)
    check(rbigint.fromstr(hex(a)), a)


def _in_base(n, base):
    digits = []
    rest = abs(n)
    while rest:
        digits.append(str(rest % base))
        rest //= base
    return ("-" if n < 0 else "") + ("".join(reversed(digits)) or "0")


@given(st.integers(0, 40), st.integers(-5, 5))
def test_text_of_numbers_around_powers_of_ten_keeps_its_zeros(exponent, offset):
    n = 10 ** (18 * exponent) * 7 + offset
    assert big(n).str() == str(n)


def test_long_texts_go_both_ways():
    for n in (3**12000, -(7**5000), 10**9000, 10**9000 - 1, 2**30000 + 1):
        text = big(n).format(BASE16)
        assert text == ("-" if n < 0 else "") + hex(abs(n))[2:]
        decimal = big(n).str()
        check(rbigint.fromdecimalstr(decimal), n)
        digits = []
        rest = abs(n)
        while rest:
            rest, chunk = divmod(rest, 10**100)
            digits.append("%0100d" % chunk)
        assert decimal.lstrip("-") == "".join(reversed(digits)).lstrip("0")


@given(st.text(alphabet="0123456789abxoLl+- _", max_size=12), st.sampled_from([0, 2, 8, 10, 16, 36]))
def test_literals_are_those_of_the_host_but_for_octal(text, base):
    if base == 0 and text.strip().lstrip("+-").strip().startswith(("0", "0o", "0O")):
        return
    stripped = text.strip()
    if stripped[:1] in ("+", "-") and stripped[1:2] == " ":
        return  # Python 2.7 allows a space after the sign
    try:
        expected = int(text, base)
    except ValueError:
        with pytest.raises(ParseStringError):
            rbigint.fromstr(text, base, allow_underscores=True)
        with pytest.raises(ParseStringError):
            string_to_int(text, base, allow_underscores=True)
    else:
        check(rbigint.fromstr(text, base, allow_underscores=True), expected)
        assert string_to_int(text, base, allow_underscores=True) == expected


def test_literals_of_python_2():
    check(rbigint.fromstr("0777", 0), 0o777)
    check(rbigint.fromstr("12L", 10, ignore_l_suffix=True), 12)
    check(rbigint.fromstr(" -0x1fL ", 0, ignore_l_suffix=True), -31)
    with pytest.raises(ParseStringError):
        rbigint.fromstr("L", 10, ignore_l_suffix=True)
    with pytest.raises(ParseStringError):
        rbigint.fromstr("12L", 10)


@given(st.one_of(NUMBERS, st.integers(-(2**1200), 2**1200)))
def test_conversion_to_float_rounds_as_the_host(a):
    try:
        expected = float(a)
    except OverflowError:
        with pytest.raises(OverflowError):
            big(a).tofloat()
    else:
        assert big(a).tofloat() == expected
        mantissa, exponent = big(a).frexp()
        assert (mantissa, exponent) == math.frexp(expected)


@given(st.integers(2**53, 2**54), st.integers(0, 200), st.integers(-1, 1))
def test_conversion_to_float_rounds_ties_to_even(mantissa, shift, offset):
    a = (mantissa << shift) + offset
    assert big(a).tofloat() == float(a)


@given(NUMBERS, NUMBERS)
def test_true_division_rounds_as_the_host(a, b):
    if b:
        try:
            expected = a / b
        except OverflowError:
            with pytest.raises(OverflowError):
                big(a).truediv(big(b))
        else:
            assert struct.pack("d", big(a).truediv(big(b))) == struct.pack("d", expected)


@given(st.integers(1, 2**60), st.integers(900, 1140), st.integers(1, 2**60))
def test_true_division_rounds_subnormal_results_as_the_host(a, exponent, b):
    for numerator, denominator in ((a, b << exponent), (a << exponent, b)):
        try:
            expected = numerator / denominator
        except OverflowError:
            with pytest.raises(OverflowError):
                big(numerator).truediv(big(denominator))
        else:
            assert big(numerator).truediv(big(denominator)) == expected


@given(st.floats())
def test_conversion_from_float_truncates(f):
    if math.isnan(f):
        with pytest.raises(ValueError):
            rbigint.fromfloat(f)
    elif math.isinf(f):
        with pytest.raises(OverflowError):
            rbigint.fromfloat(f)
    else:
        check(rbigint.fromfloat(f), int(f))


@given(NUMBERS)
def test_conversion_to_machine_integers_checks_or_masks(a):
    x = big(a)
    assert x.fits_int() == (-maxint - 1 <= a <= maxint)
    if x.fits_int():
        assert x.toint() == a
        check(rbigint.fromint(a), a)
    else:
        with pytest.raises(OverflowError):
            x.toint()
    assert x.uintmask() == r_uint(a)
    assert x.ulonglongmask() == r_ulonglong(a)
    check(rbigint.fromrarith_int(r_longlong(a)), r_longlong(a))
    check(rbigint.fromrarith_int(r_ulonglong(a)), r_ulonglong(a))
    if -(2**63) <= a < 2**63:
        assert x.tolonglong() == a
    else:
        with pytest.raises(OverflowError):
            x.tolonglong()
    if 0 <= a < 2**64:
        assert x.touint() == a
        assert x.toulonglong() == a
    else:
        for convert in (x.touint, x.toulonglong):
            with pytest.raises((OverflowError, ValueError)):
                convert()


@given(NUMBERS, st.sampled_from(["big", "little"]), st.booleans(), st.integers(1, 100))
def test_bytes_go_both_ways(a, order, signed, length):
    x = big(a)
    try:
        expected = a.to_bytes(length, order, signed=signed)
    except OverflowError:
        with pytest.raises((OverflowError, InvalidSignednessError)):
            x.tobytes(length, order, signed)
    else:
        assert x.tobytes(length, order, signed) == expected.decode("latin-1")
        check(rbigint.frombytes(expected.decode("latin-1"), order, signed), a)


@given(NUMBERS)
def test_the_hash_is_the_remainder_by_all_ones(a):
    expected = abs(a) % (2**64 - 1)
    assert big(a).hash() == intmask(-expected if a < 0 else expected) or (expected == 0 and a != 0)
    if big(a).fits_int():
        assert big(a).hash() == a


@given(st.integers(0, 2**300))
def test_the_integral_square_root_is_exact(a):
    check(big(a).isqrt(), math.isqrt(a))


def test_errors_are_raised():
    for name in ("divmod", "floordiv", "mod", "truediv"):
        with pytest.raises(ZeroDivisionError):
            getattr(big(5), name)(big(0))
    for name in ("int_floordiv", "int_mod", "int_divmod"):
        with pytest.raises(ZeroDivisionError):
            getattr(big(5), name)(0)
    with pytest.raises(ValueError):
        big(5).pow(big(-1))
    with pytest.raises(ValueError):
        big(5).pow(big(1), big(0))
    with pytest.raises(ValueError):
        big(5).lshift(-1)
