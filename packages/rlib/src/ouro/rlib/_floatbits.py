"""The parts of an IEEE double, and exact scaling by powers of two."""

from __future__ import annotations

import struct

from ouro.rlib._primitive import primitive
from ouro.rlib.rarithmetic import r_longlong, r_singlefloat

__all__ = [
    "INFINITY",
    "MAX_EXPONENT",
    "MIN_EXPONENT",
    "NAN",
    "decompose",
    "float_from_bits",
    "float_to_bits",
    "power_of_two",
    "scale",
    "single_from_bits",
    "single_to_bits",
]

INFINITY = float("inf")
NAN = float("nan")

MAX_EXPONENT = 1024  # as C's DBL_MAX_EXP: every finite double is below 2 ** MAX_EXPONENT
MIN_EXPONENT = -1021


@primitive
def float_to_bits(x):
    """The 64 bits of the double as an `r_longlong`."""
    return r_longlong(struct.unpack("<q", struct.pack("<d", x))[0])


@primitive
def float_from_bits(bits):
    """The double with these 64 bits, an `r_longlong`."""
    return struct.unpack("<d", struct.pack("<q", int(bits)))[0]


@primitive
def single_to_bits(x):
    """The 32 bits of an `r_singlefloat`, as an int that is not negative."""
    return struct.unpack("<I", x._bytes)[0]


@primitive
def single_from_bits(bits):
    """The `r_singlefloat` with the lowest 32 bits of an int; those of a NaN stay as they are."""
    result = r_singlefloat(0.0)
    result._bytes = struct.pack("<I", int(bits) & 0xFFFFFFFF)
    return result


def power_of_two(exponent):
    """`2.0 ** exponent` for a normal result: -1022 to 1023."""
    return float_from_bits(r_longlong(exponent + 1023) << 52)


def scale(x, exponent):
    """`x * 2 ** exponent`: exact where the result is a normal number, infinite where it is too great."""
    if exponent > 4000:
        exponent = 4000
    if exponent < -4000:
        exponent = -4000
    while exponent > 1023:
        x *= power_of_two(1023)
        exponent -= 1023
    while exponent < -1022:
        # not down to the subnormals before the last step, which alone may round
        step = max(-960, exponent + 1022)
        if step == 0:
            break
        x *= power_of_two(step)
        exponent -= step
    return x * power_of_two(exponent)


def decompose(x):
    """`(mantissa, exponent)` of a finite `x`, with `abs(x) == mantissa * 2 ** exponent`.

    The mantissa is an `r_longlong` of at most 53 bits; the exponent, an int, is at least -1074.
    """
    bits = float_to_bits(x)
    biased = int((bits >> 52) & 0x7FF)
    mantissa = bits & ((1 << 52) - 1)
    if biased == 0:
        return mantissa, -1074
    return mantissa | (1 << 52), biased - 1075
