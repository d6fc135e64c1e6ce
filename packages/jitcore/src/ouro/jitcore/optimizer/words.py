"""Arithmetic on machine words for the transfer functions of ranges and the constants of rules.

All of it goes through these functions, so that the proofs can run the same transfer functions on symbolic words of
any width by putting another module in the place of this one.
"""

from ouro.rlib.rarithmetic import LONG_BIT, intmask, ovfcheck, r_uint

BITS = LONG_BIT
LOWEST = -(1 << (LONG_BIT - 1))
HIGHEST = (1 << (LONG_BIT - 1)) - 1


def add(a, b):
    """a + b, wrapped."""
    return intmask(a + b)


def sub(a, b):
    """a - b, wrapped."""
    return intmask(a - b)


def mul(a, b):
    """a * b, wrapped."""
    return intmask(a * b)


def add_overflows(a, b):
    """Is a + b no machine word?"""
    try:
        ovfcheck(a + b)
    except OverflowError:
        return True
    return False


def sub_overflows(a, b):
    """Is a - b no machine word?"""
    try:
        ovfcheck(a - b)
    except OverflowError:
        return True
    return False


def mul_overflows(a, b):
    """Is a * b no machine word?"""
    try:
        ovfcheck(a * b)
    except OverflowError:
        return True
    return False


def shift_left(a, count):
    """a << count, wrapped; 0 <= count < BITS."""
    return intmask(r_uint(a) << r_uint(count))


def shift_right(a, count):
    """a >> count with copies of the sign; 0 <= count < BITS."""
    return a >> count


def shift_right_unsigned(a, count):
    """a >> count with zeros; 0 <= count < BITS."""
    return intmask(r_uint(a) >> r_uint(count))


def less_unsigned(a, b):
    """a < b, both as unsigned numbers."""
    return r_uint(a) < r_uint(b)


def floor_div(a, b):
    """a // b; b is not 0, and not -1 for the lowest a."""
    return a // b


def smear(a):
    """All bits from the highest one of `a` down."""
    bits = r_uint(a)
    bits |= bits >> r_uint(1)
    bits |= bits >> r_uint(2)
    bits |= bits >> r_uint(4)
    bits |= bits >> r_uint(8)
    bits |= bits >> r_uint(16)
    if LONG_BIT > 32:
        bits |= bits >> r_uint(32)
    return intmask(bits)
