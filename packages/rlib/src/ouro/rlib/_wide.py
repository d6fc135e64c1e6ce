"""Products of two 64-bit integers, on machines with words of either size."""

from __future__ import annotations

from ouro.rlib.objectmodel import we_are_translated
from ouro.rlib.rarithmetic import LONG_BIT, r_uint, r_ulonglong, uint_mul_high

__all__ = ["multiply_high"]

_LOW_32 = r_ulonglong((1 << 32) - 1)


def multiply_high(a, b):
    """The upper 64 bits of the product of two `r_ulonglong`."""
    if not we_are_translated():
        return r_ulonglong((int(a) * int(b)) >> 64)
    if LONG_BIT == 64:
        return r_ulonglong(uint_mul_high(r_uint(a), r_uint(b)))
    return multiply_high_by_halves(a, b)


def multiply_high_by_halves(a, b):
    """The same from four products of halves."""
    a_high = a >> 32
    a_low = a & _LOW_32
    b_high = b >> 32
    b_low = b & _LOW_32
    cross = a_high * b_low + ((a_low * b_low) >> 32)
    other = a_low * b_high + (cross & _LOW_32)
    return a_high * b_high + (cross >> 32) + (other >> 32)
