"""Floored division by a constant as a multiplication: which multiplier and which shift.

Torbjörn Granlund and Peter Montgomery, "Division by invariant integers using multiplication" (PLDI 1994), section 6:
the bits of a negative dividend are flipped, so that an unsigned multiplication divides a number without sign, and those
of the quotient flipped back. Python's division is floored, so nothing else is to be done.
"""

from __future__ import annotations

from ouro.rlib.rarithmetic import intmask, r_uint


def is_power_of_two(value):
    """Is a positive word one bit?"""
    return value > 0 and value & (value - 1) == 0


def trailing_zeros(value):
    """The number of the lowest bit that is set; `value` is not 0."""
    count = 0
    while value & 1 == 0:
        value >>= 1
        count += 1
    return count


class Multiplier:
    """`a // divisor == ((high_word(multiplier * (a ^ sign)) >> shift) ^ sign` where sign is all bits of a negative `a`.

    The product is unsigned; `multiplier` has the bits of the unsigned word. Only its high word counts.
    """

    def __init__(self, multiplier, shift):
        self.multiplier = multiplier
        self.shift = shift


def multiplier_for(divisor, word_bits):
    """The multiplier for a divisor of at least 3 that is no power of two.

    With n = word_bits and l = ceil(log2(divisor)), m = floor(2**(n + l - 1) / divisor) + 1 fits a word and is exact for
    dividends below 2**(n - 1): m * divisor exceeds 2**(n + l - 1) by e <= divisor <= 2**l (Granlund and Montgomery,
    theorem 4.2 with one bit less in the dividend).
    """
    assert divisor >= 3 and not is_power_of_two(divisor)
    bits = 0
    while divisor >> bits:
        bits += 1
    # bits == ceil(log2(divisor)), as divisor is no power of two. The division of 2**(n + bits - 1) by the divisor, a
    # bit at a time: `remainder` stays below the divisor, so twice that fits an unsigned word.
    quotient = r_uint(0)
    remainder = r_uint(1)
    unsigned_divisor = r_uint(divisor)
    for _ in range(word_bits + bits - 1):
        quotient = quotient << 1
        remainder = remainder << 1
        if remainder >= unsigned_divisor:
            remainder = remainder - unsigned_divisor
            quotient = quotient | r_uint(1)
    return Multiplier(intmask(quotient + r_uint(1)), bits - 1)
