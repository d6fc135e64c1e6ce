"""Numbers as bytes: integers of any width, and the IEEE formats, in either byte order."""

from __future__ import annotations

from ouro.rlib._floatbits import float_from_bits, float_to_bits, single_from_bits, single_to_bits
from ouro.rlib.rarithmetic import r_longlong, r_singlefloat, r_ulonglong

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


# Half way between the greatest single and the next power of two: from here on there is no nearest single.
_SINGLE_LIMIT = float.fromhex("0x1.ffffffp+127")


def append_single(builder, value, big_endian):
    """Append the four bytes of the nearest single. Raises OverflowError where a finite double has none."""
    if not -_SINGLE_LIMIT < value < _SINGLE_LIMIT and value - value == 0.0:
        raise OverflowError("float too large to pack with f format")
    append_integer(builder, r_ulonglong(single_to_bits(r_singlefloat(value))), 4, big_endian)


def read_single(s, position, big_endian):
    """The double with the value of the single in four characters."""
    return float(single_from_bits(int(read_unsigned(s, position, 4, big_endian))))
