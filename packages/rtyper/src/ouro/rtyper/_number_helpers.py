"""Arithmetic that takes more than one operation: RPython functions over machine numbers."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

from ouro.rlib.rarithmetic import intmask, r_longlong, r_uint
from ouro.rtyper._externals import MATH
from ouro.rtyper._helpers import low_level_module
from ouro.rtyper._llops import float_from_bits, float_to_bits

C_FMOD = MATH["fmod"]
C_COPYSIGN = MATH["copysign"]
C_FLOOR = MATH["floor"]

__all__ = [
    "CHECKED_DIVISIONS",
    "FLOAT_DIVISIONS",
    "OVERFLOW_HELPERS",
    "float_truediv_checked",
    "hash_bool",
    "hash_float",
    "hash_integer",
    "hash_signed",
    "integer_power",
]


def floordiv_checked(a, b):
    if b == 0:
        raise ZeroDivisionError
    return a // b


def mod_checked(a, b):
    if b == 0:
        raise ZeroDivisionError
    return a % b


CHECKED_DIVISIONS = {"floordiv": floordiv_checked, "mod": mod_checked}


def float_truediv_checked(a, b):
    if b == 0.0:
        raise ZeroDivisionError
    return a / b


def float_floordiv(a, b):
    mod = C_FMOD(a, b)
    div = (a - mod) / b
    if mod != 0.0 and (b < 0.0) != (mod < 0.0):
        div -= 1.0
    if div == 0.0:
        return C_COPYSIGN(0.0, a / b)
    floored = C_FLOOR(div)
    if div - floored > 0.5:
        floored += 1.0
    return floored


def float_mod(a, b):
    mod = C_FMOD(a, b)
    if mod == 0.0:
        return C_COPYSIGN(0.0, b)
    if (b < 0.0) != (mod < 0.0):
        mod += b
    return mod


def float_floordiv_checked(a, b):
    if b == 0.0:
        raise ZeroDivisionError
    return float_floordiv(a, b)


def float_mod_checked(a, b):
    if b == 0.0:
        raise ZeroDivisionError
    return float_mod(a, b)


FLOAT_DIVISIONS = {
    ("floordiv", False): float_floordiv,
    ("floordiv", True): float_floordiv_checked,
    ("mod", False): float_mod,
    ("mod", True): float_mod_checked,
}


def integer_power(base, exponent):
    result = 1
    while exponent > 0:
        if exponent & 1:
            result = result * base
        base = base * base
        exponent >>= 1
    return result


def lshift_ovf(a, n):
    result = a << n
    if result >> n != a:
        raise OverflowError
    return result


def floordiv_ovf(a, b):
    if b == -1 and a == intmask(-a) and a < 0:
        raise OverflowError
    return a // b


def mod_ovf(a, b):
    """No remainder overflows; but processors trap where the quotient does."""
    if b == -1:
        return 0
    return a % b


def floordiv_ovf_checked(a, b):
    if b == 0:
        raise ZeroDivisionError
    return floordiv_ovf(a, b)


def mod_ovf_checked(a, b):
    if b == 0:
        raise ZeroDivisionError
    return mod_ovf(a, b)


OVERFLOW_HELPERS = {
    ("lshift_ovf", False): lshift_ovf,
    ("lshift_ovf", True): lshift_ovf,
    ("floordiv_ovf", False): floordiv_ovf,
    ("floordiv_ovf", True): floordiv_ovf_checked,
    ("mod_ovf", False): mod_ovf,
    ("mod_ovf", True): mod_ovf_checked,
}


def hash_signed(value):
    return value


def hash_integer(value):
    return intmask(value)


def hash_bool(value):
    return int(value)


def hash_float(value):
    """As `ouro.rlib.objectmodel.compute_hash`: integral values as the integer, others by frexp's parts."""
    if value != value:
        return 0
    if value - value != 0.0:
        return 314159 if value > 0.0 else -271828
    if -9223372036854775808.0 <= value < 9223372036854775808.0:
        whole = int(value)
        if float(whole) == value:
            return whole
    bits = intmask(float_to_bits(value))
    exponent = (bits >> 52) & 0x7FF
    if exponent >= 1075:
        return hash_large_float(value < 0.0, r_uint((bits & 0xFFFFFFFFFFFFF) | (1 << 52)), (exponent - 1075) & 63)
    if exponent == 0:
        bits = intmask(float_to_bits(value * 18014398509481984.0))
        exponent = ((bits >> 52) & 0x7FF) - 54
    exponent -= 1022
    mantissa = float_from_bits(r_longlong((bits & ~(0x7FF << 52)) | (1022 << 52))) * 2147483648.0
    high = int(mantissa)
    low = int((mantissa - float(high)) * 2147483648.0)
    return intmask(high + low + (exponent << 15))


def hash_large_float(negative, mantissa, shift):
    """An integral value modulo 2**64 - 1, where multiplying by a power of two is rotation."""
    if shift:
        mantissa = (mantissa << shift) | (mantissa >> (64 - shift))
    result = intmask(mantissa)
    return intmask(-result) if negative else result


low_level_module(globals())
