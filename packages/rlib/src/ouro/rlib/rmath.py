"""The functions of C's `math.h`, with the errors that Python raises.

Every function raises ValueError ("math domain error") where the result is undefined for a defined argument, and
OverflowError ("math range error") where it is too large.
"""

from __future__ import annotations

from ouro.rlib._floatbits import INFINITY, NAN
from ouro.rlib._power import has_exact_square, square, square_root
from ouro.rlib.rffi import library
from ouro.rlib.rfloat import copysign, isfinite, isinf, isnan

__all__ = [
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "ceil",
    "cos",
    "cosh",
    "domain_error",
    "erf",
    "erfc",
    "exp",
    "expm1",
    "fabs",
    "floor",
    "fmod",
    "gamma",
    "has_exact_square",
    "hypot",
    "lgamma",
    "log",
    "log10",
    "log1p",
    "modf",
    "pow",
    "range_error",
    "sin",
    "sinh",
    "sqrt",
    "square",
    "square_root",
    "tan",
    "tanh",
    "trunc",
]

_ONE_ARGUMENT = (
    "acos acosh asin asinh atan atanh ceil cos cosh erf erfc exp expm1 fabs floor lgamma log log10 log1p "
    "sin sinh sqrt tan tanh tgamma trunc"
)
_TWO_ARGUMENTS = "atan2 fmod hypot pow"

_libm = library(
    "".join("double %s(double);" % name for name in _ONE_ARGUMENT.split())
    + "".join("double %s(double, double);" % name for name in _TWO_ARGUMENTS.split()),
    includes=["math.h"],
    libraries=["m"],
    pure=True,
)


def domain_error():
    """The exception for an argument that the function is not defined for."""
    return ValueError("math domain error")


def range_error():
    """The exception for a result that is too large."""
    return OverflowError("math range error")


def _checked(name, can_overflow, doc):
    function = getattr(_libm, name)

    def call(x):
        result = function(x)
        if not isfinite(result):
            if isnan(result):
                if not isnan(x):
                    raise domain_error()
            elif isfinite(x):
                if can_overflow:
                    raise range_error()
                raise domain_error()
        return result

    call.__name__ = call.__qualname__ = name
    call.__doc__ = doc
    return call


acos = _checked("acos", False, "The arc cosine.")
acosh = _checked("acosh", False, "The inverse hyperbolic cosine.")
asin = _checked("asin", False, "The arc sine.")
asinh = _checked("asinh", False, "The inverse hyperbolic sine.")
atan = _checked("atan", False, "The arc tangent.")
atanh = _checked("atanh", False, "The inverse hyperbolic tangent.")
ceil = _checked("ceil", False, "The least integral float that is not below.")
cos = _checked("cos", False, "The cosine.")
cosh = _checked("cosh", True, "The hyperbolic cosine.")
erf = _checked("erf", False, "The error function.")
erfc = _checked("erfc", False, "One less the error function.")
exp = _checked("exp", True, "The exponential.")
expm1 = _checked("expm1", True, "The exponential less one.")
fabs = _checked("fabs", False, "The magnitude.")
floor = _checked("floor", False, "The greatest integral float that is not above.")
log = _checked("log", False, "The natural logarithm.")
log10 = _checked("log10", False, "The decimal logarithm.")
log1p = _checked("log1p", False, "The natural logarithm of one more.")
sin = _checked("sin", False, "The sine.")
sinh = _checked("sinh", True, "The hyperbolic sine.")
sqrt = _checked("sqrt", False, "The square root.")
tan = _checked("tan", False, "The tangent.")
tanh = _checked("tanh", False, "The hyperbolic tangent.")
trunc = _checked("trunc", False, "The integral part, a float.")


def gamma(x):
    """The gamma function; an error at zero and the negative integers."""
    if isinf(x):
        if x < 0.0:
            raise domain_error()
        return x
    if x <= 0.0 and _libm.floor(x) == x:
        raise domain_error()
    result = _libm.tgamma(x)
    if isinf(result):
        raise range_error()
    return result


def lgamma(x):
    """The logarithm of the gamma function's magnitude; an error at zero and the negative integers."""
    if isinf(x):
        return INFINITY
    if x <= 0.0 and _libm.floor(x) == x:
        raise domain_error()
    result = _libm.lgamma(x)
    if isinf(result):
        raise range_error()
    return result


def atan2(y, x):
    """The angle of the point (x, y)."""
    return _libm.atan2(y, x)


def hypot(x, y):
    """The distance of the point (x, y) from the origin; infinite where one of them is or it is too large."""
    return _libm.hypot(x, y)


def fmod(x, y):
    """The remainder of the division rounding towards zero, exactly."""
    if isinf(y) and isfinite(x):
        return x
    result = _libm.fmod(x, y)
    if isnan(result) and not isnan(x) and not isnan(y):
        raise domain_error()
    return result


def modf(x):
    """`(fractional part, integral part)`, both with the sign of `x`."""
    if isinf(x):
        return copysign(0.0, x), x
    if isnan(x):
        return NAN, x
    whole = _libm.trunc(x)
    return copysign(x - whole, x), whole


def pow(x, y):
    """`x` to the power of `y`."""
    result = _libm.pow(x, y)
    if isfinite(result) or isnan(x) or isnan(y):
        return result
    if isfinite(x) and isfinite(y):
        # a negative base with a fractional exponent, or zero with a negative one; else an overflow
        if isnan(result) or x == 0.0:
            raise domain_error()
        raise range_error()
    return result
