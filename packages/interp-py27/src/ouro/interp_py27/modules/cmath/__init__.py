"""``cmath``: the elementary functions of complex numbers.

The formulas avoid overflow, underflow and cancellation on the way and keep the sign of zeros on the branch cuts: Kahan,
"Branch cuts for complex elementary functions, or: much ado about nothing's sign bit" (1987). ValueError in a function
means a domain error, OverflowError one of range.
"""

import math as host_math
import sys

from ouro.interp_py27.modules.cmath._special import (
    special_acos,
    special_acosh,
    special_asinh,
    special_atanh,
    special_cosh,
    special_exp,
    special_log,
    special_rect,
    special_sinh,
    special_sqrt,
    special_tanh,
)
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.c_math import libm
from ouro.interp_py27.objects.complex_object import W_Complex, argument_parts, quotient
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.vm.errors import overflow_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.rlib import rfloat
from ouro.rlib.objectmodel import not_rpython
from ouro.rlib.rfloat import INFINITY, copysign, isfinite, isinf, isnan

E_NUMBER = host_math.e
LOG_2 = host_math.log(2.0)
LOG_10 = host_math.log(10.0)
HALF_PI = host_math.pi / 2.0
SMALLEST_NORMAL = sys.float_info.min
#: A number whose square root times a few does not overflow when squared; and what exp can take.
LARGE = sys.float_info.max / 4.0
SQUARE_ROOT_OF_LARGE = host_math.sqrt(LARGE)
LOG_LARGE = host_math.log(LARGE)
SQUARE_ROOT_OF_SMALLEST = host_math.sqrt(SMALLEST_NORMAL)
#: Subnormal numbers gain the full precision when scaled by two to this odd power.
SCALE = 53


def finite(x, y):
    return isfinite(x) and isfinite(y)


def is_large(x, y):
    return libm.fabs(x) > LARGE or libm.fabs(y) > LARGE


def log_of_large(x, y):
    """log(abs(x + iy)) + log(2), also where abs overflows."""
    return libm.log(libm.hypot(x / 2.0, y / 2.0)) + LOG_2 * 2.0


def do_sqrt(x, y):
    if not finite(x, y):
        return special_sqrt(x, y)
    if x == 0.0 and y == 0.0:
        return 0.0, y
    across = libm.fabs(x)
    up = libm.fabs(y)
    if across < SMALLEST_NORMAL and up < SMALLEST_NORMAL:
        across = rfloat.ldexp(across, SCALE)
        root = rfloat.ldexp(libm.sqrt(across + libm.hypot(across, rfloat.ldexp(up, SCALE))), -(SCALE + 1) // 2)
    else:
        across /= 8.0
        root = 2.0 * libm.sqrt(across + libm.hypot(across, up / 8.0))
    other = up / (2.0 * root)
    if x >= 0.0:
        return root, copysign(other, y)
    return other, copysign(root, y)


def do_acos(x, y):
    if not finite(x, y):
        return special_acos(x, y)
    if is_large(x, y):
        size = log_of_large(x, y)
        return libm.atan2(libm.fabs(y), x), -copysign(size, y)
    left_x, left_y = do_sqrt(1.0 - x, -y)
    right_x, right_y = do_sqrt(1.0 + x, y)
    return 2.0 * libm.atan2(left_x, right_x), libm.asinh(right_x * left_y - right_y * left_x)


def do_acosh(x, y):
    if not finite(x, y):
        return special_acosh(x, y)
    if is_large(x, y):
        return log_of_large(x, y), libm.atan2(y, x)
    left_x, left_y = do_sqrt(x - 1.0, y)
    right_x, right_y = do_sqrt(x + 1.0, y)
    return libm.asinh(left_x * right_x + left_y * right_y), 2.0 * libm.atan2(left_y, right_x)


def do_asinh(x, y):
    if not finite(x, y):
        return special_asinh(x, y)
    if is_large(x, y):
        return copysign(log_of_large(x, y), x), libm.atan2(y, libm.fabs(x))
    left_x, left_y = do_sqrt(1.0 + y, -x)
    right_x, right_y = do_sqrt(1.0 - y, x)
    return (libm.asinh(left_x * right_y - right_x * left_y),
            libm.atan2(y, left_x * right_x - left_y * right_y))


def do_atanh(x, y):
    if not finite(x, y):
        return special_atanh(x, y)
    if x < 0.0 or (x == 0.0 and copysign(1.0, x) < 0.0):
        real, imaginary = do_atanh(-x, -y)
        return -real, -imaginary
    up = libm.fabs(y)
    if x > SQUARE_ROOT_OF_LARGE or up > SQUARE_ROOT_OF_LARGE:
        # The imaginary part is so near to a right angle that nothing else can be told apart.
        half = libm.hypot(x / 2.0, y / 2.0)
        return x / 4.0 / half / half, copysign(HALF_PI, y)
    if x == 1.0 and up < SQUARE_ROOT_OF_SMALLEST:
        if up == 0.0:
            raise ValueError
        return (-libm.log(libm.sqrt(up) / libm.sqrt(libm.hypot(up, 2.0))),
                copysign(libm.atan2(2.0, -up) / 2.0, y))
    real = libm.log1p(4.0 * x / ((1.0 - x) * (1.0 - x) + up * up)) / 4.0
    return real, -libm.atan2(-2.0 * y, (1.0 - x) * (1.0 + x) - up * up) / 2.0


def do_asin(x, y):
    imaginary, real = do_asinh(-y, x)
    return real, -imaginary


def do_atan(x, y):
    imaginary, real = do_atanh(-y, x)
    return real, -imaginary


def do_sin(x, y):
    imaginary, real = do_sinh(-y, x)
    return real, -imaginary


def do_tan(x, y):
    imaginary, real = do_tanh(-y, x)
    return real, -imaginary


def do_cos(x, y):
    return do_cosh(-y, x)


def in_range(real, imaginary):
    if isinf(real) or isinf(imaginary):
        raise OverflowError
    return real, imaginary


def do_cosh(x, y):
    if not finite(x, y):
        if isinf(y) and not isnan(x):
            raise ValueError
        return special_cosh(x, y)
    if libm.fabs(x) > LOG_LARGE:
        # cosh(x) alone may overflow where its product does not.
        smaller = x - copysign(1.0, x)
        return in_range(libm.cos(y) * libm.cosh(smaller) * E_NUMBER, libm.sin(y) * libm.sinh(smaller) * E_NUMBER)
    return in_range(libm.cos(y) * libm.cosh(x), libm.sin(y) * libm.sinh(x))


def do_sinh(x, y):
    if not finite(x, y):
        if isinf(y) and not isnan(x):
            raise ValueError
        return special_sinh(x, y)
    if libm.fabs(x) > LOG_LARGE:
        smaller = x - copysign(1.0, x)
        return in_range(libm.cos(y) * libm.sinh(smaller) * E_NUMBER, libm.sin(y) * libm.cosh(smaller) * E_NUMBER)
    return in_range(libm.cos(y) * libm.sinh(x), libm.sin(y) * libm.cosh(x))


def do_tanh(x, y):
    if not finite(x, y):
        if isinf(y) and isfinite(x):
            raise ValueError
        return special_tanh(x, y)
    if libm.fabs(x) > LOG_LARGE:
        return copysign(1.0, x), 4.0 * libm.sin(y) * libm.cos(y) * libm.exp(-2.0 * libm.fabs(x))
    hyperbolic = libm.tanh(x)
    circular = libm.tan(y)
    secant = 1.0 / libm.cosh(x)
    product = hyperbolic * circular
    divisor = 1.0 + product * product
    return hyperbolic * (1.0 + circular * circular) / divisor, ((circular / divisor) * secant) * secant


def do_exp(x, y):
    if not finite(x, y):
        if isinf(y) and (isfinite(x) or (isinf(x) and x > 0.0)):
            raise ValueError
        return special_exp(x, y)
    if x > LOG_LARGE:
        size = libm.exp(x - 1.0)
        return in_range(size * libm.cos(y) * E_NUMBER, size * libm.sin(y) * E_NUMBER)
    size = libm.exp(x)
    return in_range(size * libm.cos(y), size * libm.sin(y))


def do_log(x, y):
    if not finite(x, y):
        return special_log(x, y)
    across = libm.fabs(x)
    up = libm.fabs(y)
    if across > LARGE or up > LARGE:
        size = libm.log(libm.hypot(across / 2.0, up / 2.0)) + LOG_2
    elif across < SMALLEST_NORMAL and up < SMALLEST_NORMAL:
        if across == 0.0 and up == 0.0:
            raise ValueError
        size = libm.log(libm.hypot(rfloat.ldexp(across, SCALE), rfloat.ldexp(up, SCALE))) - SCALE * LOG_2
    else:
        length = libm.hypot(across, up)
        if 0.71 <= length <= 1.73:
            # Near 1 the logarithm is small: its argument minus 1 must be exact.
            longer = max(across, up)
            shorter = min(across, up)
            size = libm.log1p((longer - 1.0) * (longer + 1.0) + shorter * shorter) / 2.0
        else:
            size = libm.log(length)
    return size, libm.atan2(y, x)


def do_log10(x, y):
    real, imaginary = do_log(x, y)
    return real / LOG_10, imaginary / LOG_10


def do_abs(x, y):
    """The length; OverflowError where it is finite and too large."""
    if not finite(x, y):
        return INFINITY if isinf(x) or isinf(y) else rfloat.NAN
    length = libm.hypot(x, y)
    if not isfinite(length):
        raise OverflowError
    return length


# ---- as the application calls them


def domain_error():
    return value_error("math domain error")


def range_error():
    return overflow_error("math range error")


@not_rpython
def _make_function(name, function, doc):
    def call(w_z):
        x, y = argument_parts(w_z)
        try:
            real, imaginary = function(x, y)
        except ValueError:
            raise domain_error()
        except OverflowError:
            raise range_error()
        return W_Complex(real, imaginary)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = "%s(x)\n\nReturn the %s of x." % (name, doc)
    return call


def log(w_z, w_base=None):
    """log(x[, base]) -> the logarithm of x to the given base.
If the base not specified, returns the natural logarithm (base e) of x."""
    x, y = argument_parts(w_z)
    base_x = 0.0
    base_y = 0.0
    if w_base is not None:
        base_x, base_y = argument_parts(w_base)
    try:
        if w_base is None:
            real, imaginary = do_log(x, y)
            return W_Complex(real, imaginary)
        if x == 0.0 and y == 0.0:
            # No error where there is a base, as in CPython.
            real, imaginary = -INFINITY, libm.atan2(y, x)
        else:
            real, imaginary = do_log(x, y)
        divisor_x, divisor_y = do_log(base_x, base_y)
    except ValueError:
        raise domain_error()
    if divisor_x == 0.0 and divisor_y == 0.0:
        raise domain_error()
    return quotient(W_Complex(real, imaginary), W_Complex(divisor_x, divisor_y))


def phase(w_z):
    """phase(z) -> float

Return argument, also known as the phase angle, of a complex."""
    x, y = argument_parts(w_z)
    return space.newfloat(libm.atan2(y, x))


def polar(w_z):
    """polar(z) -> r: float, phi: float

Convert a complex from rectangular coordinates to polar coordinates. r is
the distance from 0 and phi the phase angle."""
    x, y = argument_parts(w_z)
    try:
        length = do_abs(x, y)
    except OverflowError:
        raise range_error()
    return space.newtuple([space.newfloat(length), space.newfloat(libm.atan2(y, x))])


@unwrap_spec(length=float, angle=float)
def rect(length, angle):
    """rect(r, phi) -> z: complex

Convert from polar coordinates to rectangular coordinates."""
    if not finite(length, angle):
        if isinf(angle) and length != 0.0 and not isnan(length):
            raise domain_error()
        real, imaginary = special_rect(length, angle)
        return W_Complex(real, imaginary)
    if angle == 0.0:
        return W_Complex(length, length * angle)
    return W_Complex(length * libm.cos(angle), length * libm.sin(angle))


def is_nan(w_z):
    """isnan(z) -> bool
Checks if the real or imaginary part of z not a number (NaN)"""
    x, y = argument_parts(w_z)
    return space.newbool(isnan(x) or isnan(y))


def is_inf(w_z):
    """isinf(z) -> bool
Checks if the real or imaginary part of z is infinite."""
    x, y = argument_parts(w_z)
    return space.newbool(isinf(x) or isinf(y))


FUNCTIONS = {
    "acos": (do_acos, "arc cosine"),
    "acosh": (do_acosh, "inverse hyperbolic cosine"),
    "asin": (do_asin, "arc sine"),
    "asinh": (do_asinh, "inverse hyperbolic sine"),
    "atan": (do_atan, "arc tangent"),
    "atanh": (do_atanh, "inverse hyperbolic tangent"),
    "cos": (do_cos, "cosine"),
    "cosh": (do_cosh, "hyperbolic cosine"),
    "exp": (do_exp, "exponential value e**x"),
    "log10": (do_log10, "base-10 logarithm"),
    "sin": (do_sin, "sine"),
    "sinh": (do_sinh, "hyperbolic sine"),
    "sqrt": (do_sqrt, "square root"),
    "tan": (do_tan, "tangent"),
    "tanh": (do_tanh, "hyperbolic tangent"),
}

_entries = {name: _make_function(name, function, doc) for name, (function, doc) in FUNCTIONS.items()}
_entries["exp"].__doc__ = "exp(x)\n\nReturn the exponential value e**x."
define_module("cmath", dict(
    _entries, log=log, phase=phase, polar=polar, rect=rect, isnan=is_nan, isinf=is_inf,
    pi=host_math.pi, e=host_math.e,
), doc="This module is always available. It provides access to mathematical\nfunctions for complex numbers.")
