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
from ouro.rlib.rarithmetic import r_longlong, r_ulonglong
from ouro.rlib.rffi import library

__all__ = ["has_exact_square", "square", "square_root"]

_libm = library("double pow(double, double); double sqrt(double);", includes=["math.h"], libraries=["m"], pure=True)

#: The bits of a double that are not in its upper half, whose square is exact.
_LOWER = r_longlong((1 << 27) - 1)
_UPPER = r_longlong(~((1 << 27) - 1))
_MAGNITUDE = r_longlong((1 << 63) - 1)
_EXPONENT = r_longlong(0x7FF << 52)
_LAST_PLACE = 2.0 ** -52
#: Squares between these are far from what overflows and from what has fewer digits; so are all steps of the product.
_LEAST, _GREATEST = 1e-250, 1e250
_CERTAIN = 0.44
#: The bits of numbers whose squares are between these.
_LEAST_BITS, _GREATEST_BITS = r_ulonglong(float_to_bits(1e-124)), float_to_bits(1e124)


def has_exact_square(x):
    """Is `x * x` exact, and so what `pow(x, 2.0)` is? No for what is not finite, or too large or too small to say so.

    Without a look at the result, and without a case of its own for zero: values of all sizes take one path.
    """
    bits = float_to_bits(x)
    magnitude = bits & _MAGNITUDE
    if bits & _LOWER != r_longlong(0) or magnitude >= _GREATEST_BITS:
        return False
    # zero less one is the greatest of all
    return r_ulonglong(magnitude - r_longlong(1)) >= _LEAST_BITS


def square(x):
    """What `pow(x, 2.0)` is for a finite `x`; infinite if it is too large."""
    if has_exact_square(x):
        return x * x
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
    if x == 0.0:
        return 0.0
    if _LEAST < x < _GREATEST:
        result = _libm.sqrt(x)
        # the root of x is the result less the rest over twice the result
        if abs(_rest_of_square(result, x)) <= 2.0 * _CERTAIN * result * _unit(result):
            return result
    return _libm.pow(x, 0.5)


def _rest_of_square(x, near):
    """The square of `x` less a number near it, exactly."""
    upper = float_from_bits(float_to_bits(x) & _UPPER)
    lower = x - upper
    return ((upper * upper - near) + 2.0 * upper * lower) + lower * lower


def _unit(x):
    """The worth of the last place of a normal double."""
    return float_from_bits(float_to_bits(x) & _EXPONENT) * _LAST_PLACE
