"""Powers modulo an odd natural, without a division for each product.

Peter Montgomery, "Modular Multiplication Without Trial Division" (1985): with `B` the base of digits and a modulus
`n` of `k` digits, `a` is represented as `a * B**k % n`. A product of two representatives is divided by `B**k` digit by
digit: a multiple of `n` that makes the lowest digit zero is added, and the digit dropped. Both steps share one loop
(the operand scanning of Koc, Acar, Kaliski, "Analyzing and Comparing Montgomery Multiplication Algorithms", 1996),
which writes into an array that is there already.
"""

from __future__ import annotations

from ouro.rlib import _natural as natural
from ouro.rlib._natural import MASK, SHIFT, high_digit, low_digit
from ouro.rlib.objectmodel import we_are_translated
from ouro.rlib.rarithmetic import intmask, r_uint

__all__ = ["LEAST_BITS", "MOST_DIGITS", "power"]

#: Exponents with fewer bits are not worth the two divisions in front.
LEAST_BITS = 12
#: Beyond, multiplication and division by parts are faster.
MOST_DIGITS = 64


def power(base, exponent, modulus):
    """`base ** exponent % modulus` for an odd modulus greater than 1, `base` less than it, and an exponent above 0."""
    size = len(modulus)
    inverse = _negative_inverse(modulus[0])
    factor = _represented(base, modulus)
    width = _window_width(natural.bit_length(exponent))
    odd_powers = _odd_powers(factor, 1 << (width - 1), modulus, inverse)
    result = _represented(natural.from_digit(1), modulus)
    other = [0] * size
    position = natural.bit_length(exponent) - 1
    while position >= 0:
        if not natural.is_bit_set(exponent, position):
            _multiply_into(other, result, result, modulus, inverse)
            result, other = other, result
            position -= 1
            continue
        # as many bits as a window has, down to one that is set
        stop = max(position - width + 1, 0)
        while not natural.is_bit_set(exponent, stop):
            stop += 1
        window = 0
        while position >= stop:
            _multiply_into(other, result, result, modulus, inverse)
            result, other = other, result
            window = window * 2 + (1 if natural.is_bit_set(exponent, position) else 0)
            position -= 1
        _multiply_into(other, result, odd_powers[window >> 1], modulus, inverse)
        result, other = other, result
    one = [0] * size
    one[0] = 1
    _multiply_into(other, result, one, modulus, inverse)
    return natural.normalized(other)


def _window_width(bits):
    if bits <= 24:
        return 2
    if bits <= 80:
        return 3
    return 4 if bits <= 240 else 5


def _odd_powers(factor, count, modulus, inverse):
    """The representatives of `factor ** 1`, `factor ** 3` and so on."""
    size = len(modulus)
    square = [0] * size
    _multiply_into(square, factor, factor, modulus, inverse)
    powers = [factor] * count
    for i in range(1, count):
        target = [0] * size
        _multiply_into(target, powers[i - 1], square, modulus, inverse)
        powers[i] = target
    return powers


def _represented(a, modulus):
    """`a * B**k % modulus`, with as many digits as the modulus has."""
    size = len(modulus)
    _, rest = natural.divide(natural.shift_left(a, size * SHIFT), modulus)
    result = [0] * size
    for i in range(len(rest)):
        result[i] = rest[i]
    return result


def _negative_inverse(digit):
    """`-1 / digit` modulo the base, for an odd digit: Newton's method doubles the bits that are right, first three."""
    inverse = digit
    for _ in range(5):
        inverse = _low_product(inverse, 2 - _low_product(digit, inverse))
    return -inverse & MASK


def _low_product(a, b):
    if not we_are_translated():
        return a * b & MASK
    return intmask(r_uint(a) * r_uint(b)) & MASK


def _multiply_into(target, a, b, modulus, inverse):
    """Write `a * b / B**k` modulo the modulus into an array that is neither `a` nor `b`."""
    size = len(modulus)
    for i in range(size):
        target[i] = 0
    top = 0
    for i in range(size):
        factor = a[i]
        low = low_digit(b[0], factor, target[0], 0)
        carry = high_digit(b[0], factor, target[0], 0)
        multiple = _low_product(low, inverse)
        other_carry = high_digit(modulus[0], multiple, low, 0)
        for j in range(1, size):
            before = target[j]
            low = low_digit(b[j], factor, before, carry)
            carry = high_digit(b[j], factor, before, carry)
            target[j - 1] = low_digit(modulus[j], multiple, low, other_carry)
            other_carry = high_digit(modulus[j], multiple, low, other_carry)
        if we_are_translated():
            total = r_uint(carry) + r_uint(other_carry) + r_uint(top)
            target[size - 1] = intmask(total) & MASK
            top = intmask(total >> SHIFT)
        else:
            target[size - 1] = (carry + other_carry + top) & MASK
            top = (carry + other_carry + top) >> SHIFT
    if top or not _is_less(target, modulus):
        borrow = 0
        for i in range(size):
            difference = target[i] - modulus[i] - borrow
            borrow = 1 if difference < 0 else 0
            target[i] = difference & MASK


def _is_less(a, b):
    i = len(b) - 1
    while i >= 0:
        if a[i] != b[i]:
            return a[i] < b[i]
        i -= 1
    return False
