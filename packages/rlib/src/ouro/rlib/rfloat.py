"""Floats as text and back, exactly; their parts and their hash."""

from __future__ import annotations

from ouro.rlib._decimal_digits import (
    HALF_AWAY,
    HALF_EVEN,
    digits_after_point,
    shortest_digits,
    significant_digits,
)
from ouro.rlib._decimal_parse import decimal_to_float
from ouro.rlib._floatbits import (
    INFINITY,
    MAX_EXPONENT,
    MIN_EXPONENT,
    NAN,
    decompose,
    float_from_bits,
    float_to_bits,
    scale,
    single_from_bits,
    single_to_bits,
)
from ouro.rlib.rarithmetic import LONG_TEST, ParseStringError, intmask, is_space
from ouro.rlib.rbigint import rbigint

__all__ = [
    "DTSF_ADD_DOT_0",
    "DTSF_ALT",
    "DTSF_SIGN",
    "INFINITY",
    "MAX_EXPONENT",
    "MIN_EXPONENT",
    "NAN",
    "copysign",
    "double_to_string",
    "float_as_rbigint_ratio",
    "float_from_bits",
    "float_hash",
    "float_to_bits",
    "float_to_string",
    "formatd",
    "frexp",
    "isfinite",
    "isinf",
    "isnan",
    "ldexp",
    "round_away",
    "round_double",
    "signbit",
    "single_from_bits",
    "single_to_bits",
    "string_to_float",
]

DTSF_SIGN = 0x1
"""Flag of `double_to_string`: a sign always."""
DTSF_ADD_DOT_0 = 0x2
"""Flag of `double_to_string`: `.0` at the end of what looks like an integer."""
DTSF_ALT = 0x4
"""Flag of `double_to_string`: a point always, and for `g` the trailing zeros."""


# ---- parts


def isnan(x):
    """Whether it is no number."""
    return x != x


def isinf(x):
    """Whether it is infinite."""
    return x == INFINITY or x == -INFINITY


def isfinite(x):
    """Whether it is neither infinite nor a NaN."""
    return x - x == 0.0


def signbit(x):
    """Whether the sign is minus, of zeros and NaNs too."""
    return float_to_bits(x) < 0


def copysign(x, y):
    """The magnitude of `x` with the sign of `y`."""
    return -x if signbit(x) != signbit(y) else x


def frexp(x):
    """`(m, e)` with `x == m * 2 ** e` and `0.5 <= abs(m) < 1`; `(x, 0)` for zeros, infinities and NaNs."""
    if x == 0.0 or not isfinite(x):
        return x, 0
    mantissa, exponent = decompose(x)
    size = 0
    while mantissa >> size != 0:
        size += 1
    return copysign(scale(float(mantissa), -size), x), exponent + size


def ldexp(x, exponent):
    """`x * 2 ** exponent`, rounded once. Raises OverflowError if a finite `x` becomes infinite."""
    if x == 0.0 or not isfinite(x):
        return x
    result = scale(x, exponent)
    if isinf(result):
        raise OverflowError("math range error")
    return result


def float_as_rbigint_ratio(x):
    """`(numerator, denominator)` in lowest terms, the denominator positive. Raises OverflowError and
    ValueError.
    """
    if isinf(x):
        raise OverflowError("cannot convert float infinity to integer")
    if isnan(x):
        raise ValueError("cannot convert float NaN to integer")
    mantissa, exponent = decompose(x)
    if mantissa == 0:
        exponent = 0
    while mantissa != 0 and mantissa & 1 == 0:
        mantissa >>= 1
        exponent += 1
    numerator = rbigint.fromrarith_int(mantissa)
    denominator = rbigint.fromint(1)
    if exponent > 0:
        numerator = numerator.lshift(exponent)
    else:
        denominator = denominator.lshift(-exponent)
    if x < 0.0:
        numerator = numerator.neg()
    return numerator, denominator


def float_hash(x):
    """CPython 2.7's hash: that of the integer where the float is integral."""
    if isinf(x):
        return 314159 if x > 0.0 else -271828
    if isnan(x):
        return 0
    if -float(LONG_TEST) <= x < float(LONG_TEST):
        truncated = int(x)
        if float(truncated) == x:
            return truncated
    elif isfinite(x):
        return rbigint.fromfloat(x).hash()
    mantissa, exponent = frexp(x)
    mantissa *= 2147483648.0
    high = int(mantissa)
    low = int((mantissa - float(high)) * 2147483648.0)
    return intmask(high + low + (exponent << 15))


# ---- rounding


def round_away(x):
    """The nearest integral float, away from zero in the middle."""
    if abs(x) >= 4503599627370496.0 or isnan(x):
        return x
    truncated = float(int(abs(x)))
    if abs(x) - truncated >= 0.5:
        truncated += 1.0
    return copysign(truncated, x)


def round_double(x, ndigits, half_even=False):
    """`x` rounded to `ndigits` places after the point: Python 2's `round()`, away from zero in the
    middle.
    """
    if not isfinite(x) or x == 0.0:
        return x
    digits, point = digits_after_point(abs(x), ndigits, HALF_EVEN if half_even else HALF_AWAY)
    result = decimal_to_float(digits, point)
    if isinf(result):
        raise OverflowError("rounded value too large to represent")
    return copysign(result, x)


# ---- to text


def float_to_string(x):
    """The shortest text that denotes the float, with `.0` where it looks like an integer: Python's `repr`."""
    return double_to_string(x, "r", 0, DTSF_ADD_DOT_0)


def formatd(x, code, precision, flags=0):
    """The same as `double_to_string`."""
    return double_to_string(x, code, precision, flags)


def double_to_string(x, code, precision, flags):
    """The text of the float as CPython's `PyOS_double_to_string` makes it.

    `code` is `"e"`, `"f"`, `"g"`, or `"r"` for the shortest text that denotes it (where `precision` is
    not used); or the same in upper case. `flags` are the `DTSF_*`.
    """
    upper = "A" <= code <= "Z"
    if upper:
        code = chr(ord(code) + 32)
    sign = ""
    if isnan(x):
        if flags & DTSF_SIGN:
            sign = "+"
        return sign + ("NAN" if upper else "nan")
    if signbit(x):
        sign = "-"
        x = -x
    elif flags & DTSF_SIGN:
        sign = "+"
    if isinf(x):
        return sign + ("INF" if upper else "inf")
    digits, point, last, exponential = _digits_for(x, code, precision, flags)
    exponent = 0
    if exponential:
        exponent = point - 1
        point = 1
    if not exponential and flags & DTSF_ADD_DOT_0:
        last = max(last, point + 1)
    else:
        last = max(last, point)
    result = sign + _place_point(digits, point, last, flags & DTSF_ALT != 0)
    if exponential:
        result += ("E" if upper else "e") + _exponent_text(exponent)
    return result


def _digits_for(x, code, precision, flags):
    """`(digits, point, least number of digits shown, with exponent)`."""
    if code == "e":
        digits, point = significant_digits(x, precision + 1)
        if x == 0.0:
            point = 1
        return digits, point, precision + 1, True
    if code == "f":
        digits, point = digits_after_point(x, precision)
        if digits == "":
            point = 0
        return digits, point, point + precision, False
    if code == "g":
        if precision == 0:
            precision = 1
        digits, point = significant_digits(x, precision)
        if x == 0.0:
            point = 1
        limit = precision
        if flags & DTSF_ADD_DOT_0:
            limit -= 1
        exponential = point <= -4 or point > limit
        return digits, point, precision if flags & DTSF_ALT else len(digits), exponential
    assert code == "r"
    if x == 0.0:
        return "0", 1, 1, False
    digits, point = shortest_digits(x)
    return digits, point, len(digits), point <= -4 or point > 16


def _place_point(digits, point, last, always_point):
    # digits before the point, at least one; the rest up to the place `last` after the start of the digits
    if point <= 0:
        whole = "0"
        fraction = "0" * -point + digits
        wanted = last - point
    elif point >= len(digits):
        whole = digits + "0" * (point - len(digits))
        fraction = ""
        wanted = last - point
    else:
        whole = digits[:point]
        fraction = digits[point:]
        wanted = last - point
    if wanted > len(fraction):
        fraction += "0" * (wanted - len(fraction))
    if fraction or always_point:
        return whole + "." + fraction
    return whole


def _exponent_text(exponent):
    sign = "+"
    if exponent < 0:
        sign = "-"
        exponent = -exponent
    if exponent < 10:
        return sign + "0" + str(exponent)
    return sign + str(exponent)


# ---- from text


def string_to_float(s):
    """The float that the literal denotes, with white space around it. Raises ParseStringError.

    `inf`, `infinity` and `nan` are known in any case.
    """
    start = 0
    end = len(s)
    while start < end and is_space(s[start]):
        start += 1
    while end > start and is_space(s[end - 1]):
        end -= 1
    negative = False
    if start < end and (s[start] == "-" or s[start] == "+"):
        negative = s[start] == "-"
        start += 1
    if start < end and not ("0" <= s[start] <= "9" or s[start] == "."):
        assert end >= start
        result = _special(s[start:end], s)
    else:
        result = _number(s, start, end)
    return -result if negative else result


def _fail(s):
    raise ParseStringError("could not convert string to float: " + s)


def _special(word, s):
    word = word.lower()
    if word == "inf" or word == "infinity":
        return INFINITY
    if word != "nan":
        _fail(s)
    return NAN


def _number(s, start, end):
    i = start
    point = -1
    while i < end and ("0" <= s[i] <= "9" or (s[i] == "." and point < 0)):
        if s[i] == ".":
            point = i
        i += 1
    assert i >= start >= 0
    if point < 0:
        digits = s[start:i]
        exponent = len(digits)
    else:
        digits = s[start:point] + s[point + 1 : i]
        exponent = point - start
    if len(digits) == 0:
        _fail(s)
    if i < end:
        if s[i] != "e" and s[i] != "E":
            _fail(s)
        exponent += _exponent(s, i + 1, end)
    return decimal_to_float(digits, exponent)


_ABSURD_EXPONENT = 1 << 28  # beyond what any number of digits in memory makes up for


def _exponent(s, i, end):
    negative = False
    if i < end and (s[i] == "-" or s[i] == "+"):
        negative = s[i] == "-"
        i += 1
    if i == end:
        _fail(s)
    result = 0
    while i < end:
        if not "0" <= s[i] <= "9":
            _fail(s)
        if result < _ABSURD_EXPONENT:
            result = result * 10 + ord(s[i]) - ord("0")
        i += 1
    return -result if negative else result
