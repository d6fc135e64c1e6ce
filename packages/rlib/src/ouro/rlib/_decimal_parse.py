"""Correctly rounded doubles from decimal literals.

Short literals take one exact division or multiplication; nearly all others one or two 64-bit products, by
the algorithm of Daniel Lemire ("Number parsing at a gigabyte per second", 2021, after Michael Eisel),
which knows when it cannot tell; the rest is done with `rbigint`.
"""

from __future__ import annotations

from ouro.rlib._floatbits import INFINITY, float_from_bits
from ouro.rlib._wide import multiply_high
from ouro.rlib.objectmodel import not_rpython
from ouro.rlib.rarithmetic import LONGLONG_BIT, highest_bit, r_longlong, r_ulonglong
from ouro.rlib.rbigint import rbigint

__all__ = ["decimal_to_float"]

_TABLE_START = -342
_TABLE_END = 309
_MANTISSA_BITS = 52
_MOST_DIGITS = 19

_ZERO = r_ulonglong(0)
_ONE = r_ulonglong(1)
_ALL_ONES = r_ulonglong(-1)
_LOW_9 = r_ulonglong((1 << 9) - 1)
_EXACT_POWERS = [10.0**i for i in range(23)]


@not_rpython
def _make_table():
    # powers of five scaled to 128 bits; truncated, and for negative exponents rounded up
    highs = []
    lows = []
    for q in range(_TABLE_START, _TABLE_END):
        if q < 0:
            power = 5**-q
            bits = (power - 1).bit_length()
            value = (1 << (bits + 127 if q >= -27 else 2 * bits + 128)) // power + 1
        else:
            value = 5**q << 128
        value >>= max(0, value.bit_length() - 128)
        highs.append(r_ulonglong(value >> 64))
        lows.append(r_ulonglong(value))
    return highs, lows


_TABLE_HIGH, _TABLE_LOW = _make_table()


def decimal_to_float(digits, exponent):
    """The double nearest to `0.digits * 10 ** exponent`; infinite where that is too great.

    `digits` is a string of decimal digits.
    """
    start = 0
    end = len(digits)
    while start < end and digits[start] == "0":
        start += 1
        exponent -= 1
    while end > start and digits[end - 1] == "0":
        end -= 1
    if start == end:
        return 0.0
    if exponent > 310:
        return INFINITY
    if exponent < -330:
        return 0.0
    count = min(end - start, _MOST_DIGITS)
    mantissa = _ZERO
    for i in range(start, start + count):
        mantissa = mantissa * r_ulonglong(10) + r_ulonglong(ord(digits[i]) - ord("0"))
    power = exponent - count
    complete = count == end - start
    if complete and mantissa >> 53 == _ZERO and -22 <= power <= 22:
        if power < 0:
            return float(mantissa) / _EXACT_POWERS[-power]
        return float(mantissa) * _EXACT_POWERS[power]
    bits = _nearest_bits(mantissa, power)
    if bits >= 0 and (complete or bits == _nearest_bits(mantissa + _ONE, power)):
        return float_from_bits(bits)
    assert end >= start
    return _by_division(digits[start:end], exponent)


def _by_division(digits, exponent):
    number = rbigint.fromstr(digits, 10)
    power = exponent - len(digits)
    try:
        if power >= 0:
            return number.mul(rbigint.fromint(10).int_pow(power)).tofloat()
        return number.truediv(rbigint.fromint(10).int_pow(-power))
    except OverflowError:
        return INFINITY


def _highest_bit_of(number):
    upper = number >> 32
    if upper != _ZERO:
        return highest_bit(int(upper >> 1)) + 33 if upper > _ONE else 32
    lower = int(number >> 1)
    return highest_bit(lower) + 1 if lower > 0 else 0


def _nearest_bits(mantissa, power):
    """The bits of the double nearest to `mantissa * 10 ** power`, or -1 where this way does not tell."""
    if power < _TABLE_START:
        return r_longlong(0)
    if power >= _TABLE_END:
        return r_longlong(0x7FF << _MANTISSA_BITS)
    leading_zeros = LONGLONG_BIT - 1 - _highest_bit_of(mantissa)
    w = mantissa << leading_zeros
    factor = _TABLE_HIGH[power - _TABLE_START]
    high = multiply_high(w, factor)
    low = w * factor
    if high & _LOW_9 == _LOW_9:
        more = multiply_high(w, _TABLE_LOW[power - _TABLE_START])
        low += more
        if low < more:
            high += _ONE
    if low == _ALL_ONES and not -27 <= power <= 55:
        return r_longlong(-1)
    upper_bit = int(high >> 63)
    shift = upper_bit + 9
    result = high >> shift
    biased = ((217706 * power) >> 16) + 63 + upper_bit - leading_zeros + 1023
    if biased <= 0:
        if biased <= -63:
            return r_longlong(0)
        result >>= 1 - biased
        result = (result + (result & _ONE)) >> 1
        return r_longlong(result)  # a carry into the exponent is what rounding up to a normal number is
    if low <= _ONE and -4 <= power <= 23 and result & r_ulonglong(3) == _ONE and result << shift == high:
        result &= ~_ONE
    result = (result + (result & _ONE)) >> 1
    if result >> (_MANTISSA_BITS + 1) != _ZERO:
        result >>= 1
        biased += 1
    if biased >= 0x7FF:
        return r_longlong(0x7FF << _MANTISSA_BITS)
    return r_longlong(result ^ (_ONE << _MANTISSA_BITS)) | (r_longlong(biased) << _MANTISSA_BITS)
