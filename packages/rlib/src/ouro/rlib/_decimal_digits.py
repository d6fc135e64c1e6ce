"""The decimal digits of a double: the shortest that denote it, or a given number of them, exactly rounded.

Shortest digits are found by the Schubfach algorithm (Raffaele Giulietti, "The Schubfach way to render
doubles", 2020): one table look-up and three multiplications. A given number of digits comes from one
multiplication of the mantissa by a power of ten where the product fits two words, else from `rbigint`.

Digits are given as `(text, point)`: the number is `0.text * 10 ** point`; `text` has no zero at either
end, and is empty where the rounded number is zero.
"""

from __future__ import annotations

from ouro.rlib._floatbits import decompose
from ouro.rlib._wide import multiply_high
from ouro.rlib.objectmodel import not_rpython
from ouro.rlib.rarithmetic import highest_bit, r_ulonglong
from ouro.rlib.rbigint import rbigint

__all__ = ["digits_after_point", "rounded_multiple", "shortest_digits", "significant_digits"]

HALF_EVEN = 0
HALF_AWAY = 1

_HIDDEN_BIT = r_ulonglong(1 << 52)
_LOW_63 = r_ulonglong((1 << 63) - 1)
_ONE = r_ulonglong(1)
_TEN = r_ulonglong(10)

_TABLE_START = -324
_TABLE_END = 293
_LARGEST_POWER = 19


@not_rpython
def _make_table():
    # g(k): 10 ** -k scaled to 126 bits, rounded up; as two parts of 63 bits
    highs = []
    lows = []
    for k in range(_TABLE_START, _TABLE_END):
        scale = _floor_log2_of_power_of_10(-k) - 125
        if k <= 0:
            power = 10**-k
            g = (power >> scale if scale >= 0 else power << -scale) + 1
        else:
            g = (1 << -scale) // 10**k + 1
        highs.append(r_ulonglong(g >> 63))
        lows.append(r_ulonglong(g & ((1 << 63) - 1)))
    return highs, lows


def _floor_log2_of_power_of_10(e):
    return (e * 913124641741) >> 38


def _floor_log10_of_power_of_2(e):
    return (e * 661971961083) >> 41


def _floor_log10_of_three_quarters_power_of_2(e):
    return (e * 661971961083 - 274743187321) >> 41


_TABLE_HIGH, _TABLE_LOW = _make_table()
_POWERS_OF_10 = [r_ulonglong(10**i) for i in range(_LARGEST_POWER + 1)]


# ---- shortest


def _round_to_odd(high, low, multiple):
    # the integral part of g * multiple / 2**127, its lowest bit set where it is not exact
    x1 = multiply_high(low, multiple)
    y0 = high * multiple
    y1 = multiply_high(high, multiple)
    z = (y0 >> 1) + x1
    w = y1 + (z >> 63)
    return w | (((z & _LOW_63) + _LOW_63) >> 63)


def shortest_digits(x):
    """The fewest digits that denote the positive `x`, and of those the nearest to it."""
    mantissa, q = decompose(x)
    c = r_ulonglong(mantissa)
    out = c & _ONE
    center = c << 2
    right = center + r_ulonglong(2)
    if c != _HIDDEN_BIT or q == -1074:
        left = center - r_ulonglong(2)
        k = _floor_log10_of_power_of_2(q)
    else:  # the next lower double is nearer
        left = center - _ONE
        k = _floor_log10_of_three_quarters_power_of_2(q)
    h = q + _floor_log2_of_power_of_10(-k) + 2
    high = _TABLE_HIGH[k - _TABLE_START]
    low = _TABLE_LOW[k - _TABLE_START]
    vb = _round_to_odd(high, low, center << h)
    vb_left = _round_to_odd(high, low, left << h) + out
    vb_right = _round_to_odd(high, low, right << h)
    s = vb >> 2
    if s >= _TEN:
        shorter = s // _TEN * _TEN
        shorter_next = shorter + _TEN
        inside = vb_left <= shorter << 2
        next_inside = (shorter_next << 2) + out <= vb_right
        if inside != next_inside:
            return _as_digits(shorter if inside else shorter_next, k)
    following = s + _ONE
    inside = vb_left <= s << 2
    next_inside = (following << 2) + out <= vb_right
    if inside != next_inside:
        return _as_digits(s if inside else following, k)
    middle = (s + following) << 1
    if vb < middle or (vb == middle and s & _ONE == r_ulonglong(0)):
        return _as_digits(s, k)
    return _as_digits(following, k)


def _as_digits(number, exponent):
    """The digits of `number * 10 ** exponent`, where the number is an `r_ulonglong`."""
    if number == r_ulonglong(0):
        return "", 0
    return _stripped(_text_of(number), exponent)


def _text_of(number):
    characters = ["0"] * 20
    i = 20
    while number != r_ulonglong(0):
        quotient = number // _TEN
        i -= 1
        characters[i] = chr(ord("0") + int(number - quotient * _TEN))
        number = quotient
    assert i >= 0
    return "".join(characters[i:20])


def _stripped(text, exponent):
    end = len(text)
    while end > 0 and text[end - 1] == "0":
        end -= 1
    assert end >= 0
    return text[:end], len(text) + exponent


# ---- a given number of digits


def rounded_multiple(x, power, rounding):
    """`x * 10 ** power` rounded to an integer, as `(number, big)`; `x` is not negative and finite.

    The number is an `r_ulonglong` and `big` is None; or where it does not fit, `big` is an `rbigint`.
    """
    mantissa, exponent = decompose(x)
    m = r_ulonglong(mantissa)
    if m == r_ulonglong(0):
        return m, None
    if 0 <= power <= _LARGEST_POWER and -64 < exponent <= 0:
        factor = _POWERS_OF_10[power]
        high = multiply_high(m, factor)
        low = m * factor
        shift = -exponent
        if high >> shift == r_ulonglong(0):
            if shift == 0:
                return low, None
            quotient = (high << (64 - shift)) | (low >> shift)
            rest = low & ((_ONE << shift) - _ONE)
            half = _ONE << (shift - 1)
            if rest > half or (rest == half and (rounding == HALF_AWAY or quotient & _ONE == _ONE)):
                quotient += _ONE
            if quotient >> 63 == r_ulonglong(0):
                return quotient, None
    return r_ulonglong(0), _rounded_multiple_exactly(mantissa, exponent, power, rounding)


def _rounded_multiple_exactly(mantissa, exponent, power, rounding):
    numerator = rbigint.fromrarith_int(mantissa)
    denominator = rbigint.fromint(1)
    if power >= 0:
        numerator = numerator.mul(rbigint.fromint(10).int_pow(power))
    else:
        denominator = rbigint.fromint(10).int_pow(-power)
    if exponent >= 0:
        numerator = numerator.lshift(exponent)
    else:
        denominator = denominator.lshift(-exponent)
    quotient, rest = numerator.divmod(denominator)
    twice = rest.lshift(1)
    if twice.gt(denominator) or (
        twice.eq(denominator) and (rounding == HALF_AWAY or quotient.abs_rshift_and_mask(0, 1) == 1)
    ):
        quotient = quotient.int_add(1)
    return quotient


def digits_after_point(x, count, rounding=HALF_EVEN):
    """The digits of `x`, not negative and finite, rounded to `count` places after the point, which may be
    negative.
    """
    if count > 1100:
        count = 1100  # a double has no more
    elif count < -320:
        return "", 0
    number, big = rounded_multiple(x, count, rounding)
    if big is None:
        return _as_digits(number, -count)
    if big.sign == 0:
        return "", 0
    return _stripped(big.str(), -count)


def significant_digits(x, count):
    """The digits of `x`, not negative and finite, rounded to `count` digits, at least 1."""
    if x == 0.0:
        return "", 0
    if count > 1100:
        count = 1100
    mantissa, exponent = decompose(x)
    bits = highest_bit(int(mantissa >> 31)) + 31 if mantissa >> 31 != 0 else highest_bit(int(mantissa))
    point = _floor_log10_of_power_of_2(bits + exponent) + 1
    while True:
        number, big = rounded_multiple(x, count - point, HALF_EVEN)
        text = _text_of(number) if big is None else big.str()
        if len(text) > count:
            point += 1
        elif len(text) < count:
            point -= 1
        else:
            return _stripped(text, point - count)
