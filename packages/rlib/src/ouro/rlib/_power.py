"""Squares and square roots as C's `pow` gives them, without calling it where that cannot matter.

`pow(x, 2.0)` is not always `x * x`: `pow` is off by a little more than half a unit in the last place, so that it rounds
to the other side where the exact result is near the middle between two doubles, in about one case of a thousand. How
far the exact result is from the rounded one follows from Dekker's exact product (Dekker, A floating-point technique for
extending the available precision, 1971). Where that is less than 0.44 units, both agree: the `pow` of glibc, musl and
the BSDs computes with an error of less than 0.05 units before it rounds.
"""

from __future__ import annotations

from ouro.rlib import jit
from ouro.rlib._floatbits import float_from_bits, float_to_bits
from ouro.rlib.rarithmetic import intmask, r_longlong
from ouro.rlib.rffi import library

__all__ = ["square", "square_root"]

_libm = library("double pow(double, double); double sqrt(double);", includes=["math.h"], libraries=["m"], pure=True)

#: The bits of a double that are not in its upper half, whose square is exact.
_LOWER = (1 << 27) - 1
_EXPONENT = r_longlong(0x7FF << 52)
_LAST_PLACE = 2.0 ** -52
#: Squares between these are far from what overflows and from what has fewer digits; so are all steps of the product.
_LEAST, _GREATEST = 1e-250, 1e250
_CERTAIN = 0.44


def square(x):
    """What `pow(x, 2.0)` is for a finite `x`; infinite if it is too large."""
    result = x * x
    if intmask(float_to_bits(x)) & _LOWER == 0 and result < _GREATEST and (result > _LEAST or x == 0.0):
        return result
    return _square(x)


@jit.elidable
def _square(x):
    result = x * x
    if _LEAST < result < _GREATEST and abs(_rest_of_square(x, result)) <= _CERTAIN * _unit(result):
        return result
    return _libm.pow(x, 2.0)


@jit.elidable
def square_root(x):
    """What `pow(x, 0.5)` is for a finite `x` that is not negative."""
    if _LEAST < x < _GREATEST:
        result = _libm.sqrt(x)
        # the root of x is the result less the rest over twice the result
        if abs(_rest_of_square(result, x)) <= 2.0 * _CERTAIN * result * _unit(result):
            return result
    return _libm.pow(x, 0.5)


def _rest_of_square(x, near):
    """The square of `x` less a number near it, exactly."""
    upper = float_from_bits(float_to_bits(x) & r_longlong(~_LOWER))
    lower = x - upper
    return ((upper * upper - near) + 2.0 * upper * lower) + lower * lower


def _unit(x):
    """The worth of the last place of a normal double."""
    return float_from_bits(float_to_bits(x) & _EXPONENT) * _LAST_PLACE
