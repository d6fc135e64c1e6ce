"""``math``: the functions of the C library, with CPython's treatment of special values and errors."""

import math as host_math

from ouro.interp_py27.modules import gamma_functions
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.c_math import libm
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.vm.errors import overflow_error, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.rlib import rfloat
from ouro.rlib.objectmodel import not_rpython
from ouro.rlib.rbigint import rbigint
from ouro.rlib.rfloat import INFINITY, NAN, copysign, isfinite, isinf, isnan


def domain_error():
    return value_error("math domain error")


def range_error():
    return overflow_error("math range error")


@not_rpython
def _make_function(name, function, may_overflow):
    """A function of one float: a result that is no number, or infinite, is an error where the argument was finite."""

    @unwrap_spec(x=float)
    def call(x):
        try:
            result = function(x)
        except ValueError:
            raise domain_error()
        except OverflowError:
            raise range_error()
        if isnan(result) and not isnan(x):
            raise domain_error()
        if isinf(result) and isfinite(x):
            if may_overflow:
                raise range_error()
            raise domain_error()
        return space.newfloat(result)

    call.__name__ = call.__qualname__ = name
    return call


def do_sqrt(x):
    if x < 0.0:
        raise ValueError
    return libm.sqrt(x)


def do_acos(x):
    if x < -1.0 or x > 1.0:
        raise ValueError
    return libm.acos(x)


def do_asin(x):
    if x < -1.0 or x > 1.0:
        raise ValueError
    return libm.asin(x)


def do_sin(x):
    if isinf(x):
        raise ValueError
    return libm.sin(x)


def do_cos(x):
    if isinf(x):
        raise ValueError
    return libm.cos(x)


def do_tan(x):
    if isinf(x):
        raise ValueError
    return libm.tan(x)


def do_exp(x):
    if x > 709.782712893384:
        if isinf(x):
            return x
        raise OverflowError
    return libm.exp(x)


def do_expm1(x):
    if x > 709.782712893384:
        if isinf(x):
            return x
        raise OverflowError
    return libm.expm1(x)


def do_sinh(x):
    if isinf(x):
        return x
    if x > 710.4758600739439 or x < -710.4758600739439:
        raise OverflowError
    return libm.sinh(x)


def do_cosh(x):
    if isinf(x):
        return INFINITY
    if x > 710.4758600739439 or x < -710.4758600739439:
        raise OverflowError
    return libm.cosh(x)


def do_acosh(x):
    if x < 1.0:
        raise ValueError
    return libm.acosh(x)


def do_atanh(x):
    if x <= -1.0 or x >= 1.0:
        raise ValueError
    return libm.atanh(x)


def do_log1p(x):
    if x == -1.0:
        raise OverflowError
    if x < -1.0:
        raise ValueError
    return libm.log1p(x)


def do_log(x):
    if x <= 0.0:
        raise ValueError
    return libm.log(x)


def do_log10(x):
    if x <= 0.0:
        raise ValueError
    return libm.log10(x)


def do_atan(x):
    return libm.atan(x)


def do_tanh(x):
    return libm.tanh(x)


def do_asinh(x):
    return libm.asinh(x)


def do_fabs(x):
    return libm.fabs(x)


def do_ceil(x):
    """As a float, as Python 2 has it."""
    if isnan(x) or isinf(x) or libm.fabs(x) >= 4503599627370496.0:
        return x
    whole = float(int(x))
    if whole < x:
        whole += 1.0
    return copysign(whole, x)


def do_floor(x):
    """As a float, as Python 2 has it."""
    if isnan(x) or isinf(x) or libm.fabs(x) >= 4503599627370496.0:
        return x
    whole = float(int(x))
    if whole > x:
        whole -= 1.0
    return copysign(whole, x)


# name: (function, whether an infinite result is an overflow and no pole)
FUNCTIONS = {
    "sqrt": (do_sqrt, False),
    "acos": (do_acos, False),
    "asin": (do_asin, False),
    "atan": (do_atan, False),
    "sin": (do_sin, False),
    "cos": (do_cos, False),
    "tan": (do_tan, False),
    "sinh": (do_sinh, True),
    "cosh": (do_cosh, True),
    "tanh": (do_tanh, False),
    "asinh": (do_asinh, False),
    "acosh": (do_acosh, False),
    "atanh": (do_atanh, False),
    "exp": (do_exp, True),
    "expm1": (do_expm1, True),
    "log1p": (do_log1p, True),
    "fabs": (do_fabs, False),
    "ceil": (do_ceil, False),
    "floor": (do_floor, False),
    "erf": (gamma_functions.error_function, False),
    "erfc": (gamma_functions.complementary_error_function, False),
    "gamma": (gamma_functions.gamma, True),
    "lgamma": (gamma_functions.log_gamma, True),
}


def fraction_and_exponent(big):
    """What ``frexp`` would say of a positive long that is too large for a float."""
    bits = big.bit_length()
    top = big.rshift(bits - 64)
    if not top.lshift(bits - 64).eq(big):
        # For the rounding, it only matters that there is something behind the first bits.
        top = top.or_(rbigint.fromint(1))
    fraction = rfloat.ldexp(top.tofloat(), -64)
    if fraction == 1.0:
        return 0.5, bits + 1
    return fraction, bits


def logarithm(w_x, function, log_of_two):
    """A logarithm of any number; longs too large for a float are split."""
    if space.is_long(w_x):
        big = space.bigint_w(w_x)
        if big.sign <= 0:
            raise domain_error()
        try:
            return function(big.tofloat())
        except OverflowError:
            fraction, exponent = fraction_and_exponent(big)
            return function(fraction) + log_of_two * float(exponent)
    x = space.float_w(w_x)
    if isnan(x) or (isinf(x) and x > 0.0):
        return x
    if x <= 0.0:
        raise domain_error()
    return function(x)


LOG_2 = host_math.log(2.0)
LOG10_2 = host_math.log10(2.0)


def log(w_x, w_base=None):
    """log(x[, base])"""
    result = logarithm(w_x, do_log, LOG_2)
    if w_base is None:
        return space.newfloat(result)
    divisor = logarithm(w_base, do_log, LOG_2)
    if divisor == 0.0:
        raise space.zero_division("float division by zero")
    return space.newfloat(result / divisor)


def log10(w_x):
    """log10(x)"""
    return space.newfloat(logarithm(w_x, do_log10, LOG10_2))


@unwrap_spec(y=float, x=float)
def atan2(y, x):
    """atan2(y, x)"""
    return space.newfloat(libm.atan2(y, x))


@unwrap_spec(x=float, y=float)
def hypot(x, y):
    """hypot(x, y)"""
    if isinf(x) or isinf(y):
        return space.newfloat(INFINITY)
    if isnan(x) or isnan(y):
        return space.newfloat(NAN)
    result = libm.hypot(x, y)
    if isinf(result):
        raise range_error()
    return space.newfloat(result)


@unwrap_spec(x=float, y=float)
def fmod(x, y):
    """fmod(x, y)"""
    if isinf(y) and isfinite(x):
        return space.newfloat(x)
    if isnan(x) or isnan(y):
        return space.newfloat(NAN)
    if isinf(x) or y == 0.0:
        raise domain_error()
    return space.newfloat(libm.fmod(x, y))


@unwrap_spec(x=float, y=float)
def pow(x, y):
    """pow(x, y)"""
    return space.newfloat(power(x, y))


def power(x, y):
    """x to the y by the rules of C99, Annex F."""
    if x == 1.0 or y == 0.0:
        return 1.0
    if isnan(x):
        return x
    if isnan(y):
        return y
    odd = isfinite(y) and libm.fmod(libm.fabs(y), 2.0) == 1.0
    if isinf(x):
        if x > 0.0:
            return INFINITY if y > 0.0 else 0.0
        if y > 0.0:
            return x if odd else INFINITY
        return -0.0 if odd else 0.0
    if isinf(y):
        size = libm.fabs(x)
        if size == 1.0:
            return 1.0
        if size == 0.0 and y < 0.0:
            raise domain_error()
        return INFINITY if (y > 0.0) == (size > 1.0) else 0.0
    if x == 0.0 and y < 0.0:
        raise domain_error()
    if x < 0.0 and libm.fmod(y, 1.0) != 0.0:
        raise domain_error()
    result = libm.pow(x, y)
    if isinf(result):
        raise range_error()
    return result


@unwrap_spec(x=float)
def frexp(x):
    """frexp(x) -> (m, e)"""
    mantissa, exponent = rfloat.frexp(x)
    return space.newtuple([space.newfloat(mantissa), space.newint(exponent)])


@unwrap_spec(x=float)
def ldexp(x, w_exponent):
    """ldexp(x, i)"""
    if not (space.is_int(w_exponent) or space.is_long(w_exponent)):
        raise type_error("Expected an int or long as second argument to ldexp.")
    exponent = space.index_clamped_w(w_exponent)
    if x == 0.0 or not isfinite(x):
        return space.newfloat(x)
    if exponent > 5000:
        raise range_error()
    if exponent < -5000:
        return space.newfloat(copysign(0.0, x))
    try:
        result = rfloat.ldexp(x, exponent)
    except OverflowError:
        raise range_error()
    if isinf(result):
        raise range_error()
    return space.newfloat(result)


@unwrap_spec(x=float)
def modf(x):
    """modf(x) -> (fractional part, whole part)"""
    if isinf(x):
        return space.newtuple([space.newfloat(copysign(0.0, x)), space.newfloat(x)])
    if isnan(x):
        return space.newtuple([space.newfloat(x), space.newfloat(x)])
    whole = do_floor(x) if x > 0.0 else do_ceil(x)
    whole = copysign(whole, x)
    return space.newtuple([space.newfloat(copysign(x - whole, x)), space.newfloat(whole)])


@unwrap_spec(x=float, y=float)
def do_copysign(x, y):
    """copysign(x, y)"""
    return space.newfloat(copysign(x, y))


@unwrap_spec(x=float)
def degrees(x):
    """degrees(x)"""
    return space.newfloat(x * (180.0 / host_math.pi))


@unwrap_spec(x=float)
def radians(x):
    """radians(x)"""
    return space.newfloat(x * (host_math.pi / 180.0))


@unwrap_spec(x=float)
def do_isnan(x):
    """isnan(x) -> bool"""
    return space.newbool(isnan(x))


@unwrap_spec(x=float)
def do_isinf(x):
    """isinf(x) -> bool"""
    return space.newbool(isinf(x))


def trunc(w_x):
    """trunc(x:Real) -> Integral"""
    w_method = space.findattr(w_x, "__trunc__")
    if w_method is None:
        raise space.attribute_error("'%s' object has no attribute '__trunc__'" % space.type_name(w_x))
    return w_method.call_0()


def factorial(w_n):
    """factorial(x) -> Integral"""
    if space.is_float(w_n):
        x = space.float_w(w_n)
        if not isfinite(x) or do_floor(x) != x:
            raise value_error("factorial() only accepts integral values")
        w_n = space.newlong(rbigint.fromfloat(x))
    big = space.bigint_w(w_n) if space.is_long(w_n) else rbigint.fromint(space.int_w(w_n))
    if big.sign < 0:
        raise value_error("factorial() not defined for negative values")
    try:
        n = big.toint()
    except OverflowError:
        raise overflow_error("Python int too large to convert to C long")
    return space.newint_or_long(product(1, n + 1))


def product(start, stop):
    """The product of the whole numbers from *start* up to, not with, *stop*, by halves."""
    if stop - start <= 8:
        result = rbigint.fromint(1)
        for factor in range(start, stop):
            result = result.int_mul(factor)
        return result
    middle = (start + stop) >> 1
    return product(start, middle).mul(product(middle, stop))


def fsum(w_iterable):
    """fsum(iterable): the exactly rounded sum (Shewchuk, "Adaptive precision floating-point arithmetic", 1997)."""
    partials = []
    special = 0.0
    infinities = 0.0
    w_iterator = space.iter(w_iterable)
    while True:
        w_item = w_iterator.iter_next()
        if w_item is None:
            break
        x = space.float_w(w_item)
        original = x
        kept = 0
        for index in range(len(partials)):
            y = partials[index]
            if libm.fabs(x) < libm.fabs(y):
                x, y = y, x
            high = x + y
            low = y - (high - x)
            if low != 0.0:
                partials[kept] = low
                kept += 1
            x = high
        del partials[kept:]
        if x != 0.0:
            if not isfinite(x):
                if isfinite(original):
                    raise overflow_error("intermediate overflow in fsum")
                if isinf(original):
                    infinities += original
                special += original
                del partials[:]
            else:
                partials.append(x)
    if special != 0.0:
        if isnan(infinities):
            raise value_error("-inf + inf in fsum")
        return space.newfloat(special)
    return space.newfloat(rounded_sum(partials))


def rounded_sum(partials):
    """The sum of partials that do not overlap, in growing order, rounded once, half to even."""
    if len(partials) == 0:
        return 0.0
    index = len(partials) - 1
    high = partials[index]
    low = 0.0
    while index > 0:
        index -= 1
        x = high
        y = partials[index]
        high = x + y
        low = y - (high - x)
        if low != 0.0:
            break
    if index > 0 and (low < 0.0 and partials[index - 1] < 0.0 or low > 0.0 and partials[index - 1] > 0.0):
        doubled = low * 2.0
        x = high + doubled
        if doubled == x - high:
            high = x
    return high


define_module("math", dict(
    {name: _make_function(name, function, overflows) for name, (function, overflows) in FUNCTIONS.items()},
    log=log,
    log10=log10,
    atan2=atan2,
    hypot=hypot,
    fmod=fmod,
    pow=pow,
    frexp=frexp,
    ldexp=ldexp,
    modf=modf,
    copysign=do_copysign,
    degrees=degrees,
    radians=radians,
    isnan=do_isnan,
    isinf=do_isinf,
    trunc=trunc,
    factorial=factorial,
    fsum=fsum,
    pi=host_math.pi,
    e=host_math.e,
), doc="This module is always available.  It provides access to the\nmathematical functions defined by the C standard.")
