"""Numbers as bytes: integers of any width, and the IEEE formats, in either byte order."""

from __future__ import annotations

from ouro.rlib._floatbits import INFINITY, NAN, decompose, float_from_bits, float_to_bits, power_of_two, scale
from ouro.rlib.rarithmetic import r_longlong, r_ulonglong

__all__ = [
    "append_double",
    "append_integer",
    "append_single",
    "read_double",
    "read_integer",
    "read_single",
    "read_unsigned",
]


# ---- integers


def append_integer(builder, value, size, big_endian):
    """Append the lowest `size` (1 to 8) bytes of an `r_ulonglong` to a `StringBuilder`."""
    for i in range(size):
        shift = 8 * (size - 1 - i) if big_endian else 8 * i
        builder.append(chr(int((value >> shift) & r_ulonglong(0xFF))))


def read_unsigned(s, position, size, big_endian):
    """The integer in `size` (1 to 8) characters, as an `r_ulonglong`."""
    assert position >= 0
    result = r_ulonglong(0)
    for i in range(size):
        index = position + i if big_endian else position + size - 1 - i
        result = (result << 8) | r_ulonglong(ord(s[index]))
    return result


def read_integer(s, position, size, big_endian):
    """The signed integer in `size` characters, as an `r_longlong`."""
    unused = 64 - 8 * size
    return r_longlong(read_unsigned(s, position, size, big_endian) << unused) >> unused


# ---- floats


def append_double(builder, value, big_endian):
    """Append the eight bytes of a double."""
    append_integer(builder, r_ulonglong(float_to_bits(value)), 8, big_endian)


def read_double(s, position, big_endian):
    """The double in eight characters."""
    return float_from_bits(r_longlong(read_unsigned(s, position, 8, big_endian)))


_SINGLE_MANTISSA = 23
_SINGLE_BIAS = 127
_SINGLE_LEAST = -149
_SINGLE_SPECIAL = 0xFF


def append_single(builder, value, big_endian):
    """Append the four bytes of the nearest single. Raises OverflowError where a finite double has none."""
    append_integer(builder, r_ulonglong(_single_bits(value)), 4, big_endian)


def _single_bits(value):
    sign = (float_to_bits(value) >> 63) & 1
    if value != value:
        return (sign << 31) | (_SINGLE_SPECIAL << _SINGLE_MANTISSA) | (1 << (_SINGLE_MANTISSA - 1))
    if value == INFINITY or value == -INFINITY:
        return (sign << 31) | (_SINGLE_SPECIAL << _SINGLE_MANTISSA)
    mantissa, exponent = decompose(value)
    if mantissa == 0:
        return sign << 31
    bits = 0
    while mantissa >> bits != 0:
        bits += 1
    dropped = max(bits - (_SINGLE_MANTISSA + 1), _SINGLE_LEAST - exponent)
    if dropped > bits + 1:
        return sign << 31
    if dropped > 0:
        rest = mantissa & ((r_longlong(1) << dropped) - 1)
        half = r_longlong(1) << (dropped - 1)
        mantissa >>= dropped
        exponent += dropped
        if rest > half or (rest == half and mantissa & 1 == 1):
            mantissa += 1
    else:
        mantissa <<= -dropped
        exponent += dropped
    if mantissa >> (_SINGLE_MANTISSA + 1) != 0:
        mantissa >>= 1
        exponent += 1
    if mantissa >> _SINGLE_MANTISSA == 0:
        return (sign << 31) | mantissa
    biased = exponent + _SINGLE_MANTISSA + _SINGLE_BIAS
    if biased >= _SINGLE_SPECIAL:
        raise OverflowError("float too large to pack with f format")
    return (sign << 31) | (r_longlong(biased) << _SINGLE_MANTISSA) | (mantissa - (1 << _SINGLE_MANTISSA))


def read_single(s, position, big_endian):
    """The double with the value of the single in four characters."""
    bits = int(read_unsigned(s, position, 4, big_endian))
    biased = (bits >> _SINGLE_MANTISSA) & _SINGLE_SPECIAL
    mantissa = bits & ((1 << _SINGLE_MANTISSA) - 1)
    if biased == _SINGLE_SPECIAL:
        result = INFINITY if mantissa == 0 else NAN
    elif biased == 0:
        result = float(mantissa) * power_of_two(_SINGLE_LEAST)
    else:
        result = scale(float(mantissa | (1 << _SINGLE_MANTISSA)), biased - _SINGLE_BIAS - _SINGLE_MANTISSA)
    return -result if bits >> 31 else result
