"""What the complex functions give where a part of the argument is infinite or no number.

After Annex G of the C99 standard, as far as CPython follows it: each function takes the parts of an argument of which
at least one is not finite, and gives those of the result. Zeros and infinities whose sign the standard leaves open have
CPython's.
"""

from ouro.interp_py27.objects.c_math import libm
from ouro.rlib.rfloat import INFINITY, NAN, copysign, isfinite, isinf, isnan

HALF_PI = 1.5707963267948966


def along(size, angle):
    """`size`, infinite or zero, in the direction of an angle that is finite and not zero."""
    return copysign(size, libm.cos(angle)), copysign(size, libm.sin(angle))


def special_acos(x, y):
    if isnan(x):
        return NAN, -copysign(INFINITY, y) if isinf(y) else NAN
    if isnan(y):
        if isinf(x):
            return NAN, INFINITY
        return HALF_PI if x == 0.0 else NAN, NAN
    return libm.atan2(libm.fabs(y), x), -copysign(INFINITY, y)


def special_acosh(x, y):
    if isnan(x) or isnan(y):
        return INFINITY if isinf(x) or isinf(y) else NAN, NAN
    return INFINITY, libm.atan2(y, x)


def special_asinh(x, y):
    if isnan(x):
        if isinf(y):
            return INFINITY, NAN
        return NAN, y if y == 0.0 else NAN
    if isnan(y):
        return x if isinf(x) else NAN, NAN
    return copysign(INFINITY, x), libm.atan2(y, libm.fabs(x))


def special_atanh(x, y):
    if isnan(x):
        if isinf(y):
            return 0.0, copysign(HALF_PI, y)
        return NAN, NAN
    if isnan(y):
        return copysign(0.0, x) if isinf(x) or x == 0.0 else NAN, NAN
    return copysign(0.0, x), copysign(HALF_PI, y)


def special_cosh(x, y):
    if not isfinite(y):
        if isinf(x):
            return INFINITY, NAN
        return NAN, 0.0 if x == 0.0 else NAN
    if isnan(x):
        return NAN, 0.0 if y == 0.0 else NAN
    if y == 0.0:
        return INFINITY, y * copysign(1.0, x)
    real, imaginary = along(INFINITY, y)
    return real, imaginary * copysign(1.0, x)


def special_sinh(x, y):
    if not isfinite(y):
        if isinf(x):
            return INFINITY, NAN
        return 0.0 if x == 0.0 else NAN, NAN
    if y == 0.0:
        return x, y
    if isnan(x):
        return NAN, NAN
    real, imaginary = along(INFINITY, y)
    return real * copysign(1.0, x), imaginary


def special_tanh(x, y):
    if isinf(x):
        if not isfinite(y):
            return copysign(1.0, x), 0.0
        if y == 0.0:
            return copysign(1.0, x), y
        return copysign(1.0, x), copysign(0.0, 2.0 * libm.sin(y) * libm.cos(y))
    return NAN, y if y == 0.0 else NAN


def special_exp(x, y):
    if isinf(x):
        if not isfinite(y):
            return (INFINITY, NAN) if x > 0.0 else (0.0, 0.0)
        size = INFINITY if x > 0.0 else 0.0
        if y == 0.0:
            return size, y
        return along(size, y)
    return NAN, y if y == 0.0 else NAN


def special_log(x, y):
    if isnan(x) or isnan(y):
        return INFINITY if isinf(x) or isinf(y) else NAN, NAN
    return INFINITY, libm.atan2(y, x)


def special_sqrt(x, y):
    if isinf(y):
        return INFINITY, y
    if isnan(x):
        return NAN, NAN
    if isnan(y):
        if isinf(x):
            return (INFINITY, NAN) if x > 0.0 else (NAN, INFINITY)
        return NAN, NAN
    if x > 0.0:
        return INFINITY, copysign(0.0, y)
    return 0.0, copysign(INFINITY, y)


def special_rect(length, angle):
    if not isfinite(angle):
        if isinf(length):
            return INFINITY, NAN
        return (0.0, 0.0) if length == 0.0 else (NAN, NAN)
    if angle == 0.0:
        if isnan(length):
            return NAN, 0.0
        return length, angle * copysign(1.0, length)
    if isnan(length):
        return NAN, NAN
    real, imaginary = along(INFINITY, angle)
    return real * copysign(1.0, length), imaginary * copysign(1.0, length)
