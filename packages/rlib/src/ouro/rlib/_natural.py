"""Natural numbers of any size: the unsigned half of `rbigint`.

A natural is a list of digits in base 2**SHIFT, the lowest first, without a zero at the end; zero is the
empty list. Lists are never changed once a function has returned them, and never resized. A digit has one
bit less than a machine word, so sums of two fit, and products are taken as a low and a high digit.

Algorithms: Karatsuba's multiplication; Knuth's algorithm D (TAOCP 2, 4.3.1) for division and, above a
limit, the recursive division of Burnikel and Ziegler ("Fast Recursive Division", 1998), which takes a few
multiplications.
"""

from __future__ import annotations

from ouro.rlib.objectmodel import always_inline, we_are_translated
from ouro.rlib.rarithmetic import LONG_BIT, highest_bit, intmask, r_uint, uint_mul_high

__all__ = [
    "MASK",
    "SHIFT",
    "add",
    "add_digit",
    "bit_length",
    "compare",
    "divide",
    "divide_digit",
    "from_digit",
    "has_bits_below",
    "is_bit_set",
    "multiply",
    "multiply_add_digit",
    "normalized",
    "shift_left",
    "shift_right",
    "square",
    "subtract",
    "subtract_digit",
]

SHIFT = LONG_BIT - 1
MASK = (1 << SHIFT) - 1

KARATSUBA_CUTOFF = 32
RECURSIVE_DIVISION_CUTOFF = 48

_HALF_BIT = LONG_BIT // 2
_HALF_MASK = (1 << _HALF_BIT) - 1


# ---- two-digit arithmetic


# The factor `b` is doubled, so that the high word of the product is the high digit. `d` is what comes from the digit
# below: few operations lie between it and the result.


@always_inline
def high_digit(a, b, c, d):
    """The high digit of `a * b + c + d`, all digits: the sum always fits two digits."""
    if not we_are_translated():
        return (a * b + c + d) >> SHIFT
    doubled = r_uint(b) << 1
    first = ((r_uint(a) * doubled) >> 1) + r_uint(c)
    second = (first & r_uint(MASK)) + r_uint(d)
    return intmask(uint_mul_high(r_uint(a), doubled) + (first >> SHIFT) + (second >> SHIFT))


@always_inline
def low_digit(a, b, c, d):
    """The low digit of `a * b + c + d`."""
    if not we_are_translated():
        return (a * b + c + d) & MASK
    return intmask(((r_uint(a) * (r_uint(b) << 1)) >> 1) + r_uint(c) + r_uint(d)) & MASK


def divide_two_digits(high, low, divisor):
    """The quotient of `high * 2**SHIFT + low` by a digit greater than `high`."""
    if not we_are_translated():
        return ((high << SHIFT) | low) // divisor
    shift = LONG_BIT - 1 - highest_bit(divisor)
    # the two digits as two words, shifted left with the divisor so that its highest bit is the word's
    word_low = (r_uint(high) << SHIFT) | r_uint(low)
    word_high = r_uint(high) >> 1
    word_high = (word_high << shift) | (word_low >> (LONG_BIT - shift))
    return intmask(_divide_two_words(word_high, word_low << shift, r_uint(divisor) << shift))


def _divide_two_words(high, low, divisor):
    """The quotient of a double word by a word with its highest bit set, greater than `high`.

    Two steps of algorithm D with half words for digits.
    """
    divisor_high = divisor >> _HALF_BIT
    divisor_low = divisor & r_uint(_HALF_MASK)
    quotient_high = _half_quotient(high, low >> _HALF_BIT, divisor_high, divisor_low)
    rest = ((high << _HALF_BIT) | (low >> _HALF_BIT)) - quotient_high * divisor
    quotient_low = _half_quotient(rest, low & r_uint(_HALF_MASK), divisor_high, divisor_low)
    return (quotient_high << _HALF_BIT) | quotient_low


@always_inline
def _half_quotient(high, next_half, divisor_high, divisor_low):
    quotient = high // divisor_high
    rest = high - quotient * divisor_high
    while quotient > r_uint(_HALF_MASK) or quotient * divisor_low > ((rest << _HALF_BIT) | next_half):
        quotient -= r_uint(1)
        rest += divisor_high
        if rest > r_uint(_HALF_MASK):
            break
    return quotient


# ---- basics


def normalized(digits):
    """The natural with these digits, of which the highest ones may be zero."""
    size = len(digits)
    while size > 0 and digits[size - 1] == 0:
        size -= 1
    if size == len(digits):
        return digits
    return digits[:size]


def from_digit(digit):
    """The natural of one digit, which may be zero."""
    if digit == 0:
        return [0] * 0
    return [digit] * 1


def _part(digits, start, stop):
    # digits[start:stop], where both may be beyond the end, as a natural
    if stop > len(digits):
        stop = len(digits)
    while stop > start and digits[stop - 1] == 0:
        stop -= 1
    if stop <= start:
        return [0] * 0
    assert start >= 0
    return digits[start:stop]


def bit_length(a):
    """The number of bits, 0 for zero."""
    if len(a) == 0:
        return 0
    return (len(a) - 1) * SHIFT + highest_bit(a[len(a) - 1]) + 1


def is_bit_set(a, number):
    """Whether the bit with this number, counted from the lowest, is 1."""
    index = number // SHIFT
    if index >= len(a):
        return False
    return (a[index] >> (number % SHIFT)) & 1 == 1


def compare(a, b):
    """-1, 0 or 1 as `a` is less than, equal to or greater than `b`."""
    if len(a) != len(b):
        return -1 if len(a) < len(b) else 1
    i = len(a) - 1
    while i >= 0:
        if a[i] != b[i]:
            return -1 if a[i] < b[i] else 1
        i -= 1
    return 0


# ---- addition and subtraction
#
# The sum of two digits and a carry fits an unsigned word, whose highest bit is the carry to the next digit.


@always_inline
def _digits_sum(a, b, carry):
    if not we_are_translated():
        return a + b + int(carry)
    return r_uint(a) + r_uint(b) + carry


@always_inline
def _sum_digit(total):
    if not we_are_translated():
        return total & MASK
    return intmask(total) & MASK


_NO_CARRY = r_uint(0)


def _with_top(digits, top):
    result = [0] * (len(digits) + 1)
    for i in range(len(digits)):
        result[i] = digits[i]
    result[len(digits)] = top
    return result


def add(a, b):
    """`a + b`."""
    if len(a) < len(b):
        a, b = b, a
    result = [0] * len(a)
    carry_bit = _NO_CARRY
    for i in range(len(b)):
        total = _digits_sum(a[i], b[i], carry_bit)
        result[i] = _sum_digit(total)
        carry_bit = total >> SHIFT
    carry = intmask(carry_bit)
    i = len(b)
    while carry and i < len(a):
        carry = 1 if a[i] == MASK else 0
        result[i] = 0 if carry else a[i] + 1
        i += 1
    while i < len(a):
        result[i] = a[i]
        i += 1
    if carry:
        return _with_top(result, 1)
    return result


def add_digit(a, digit):
    """`a + digit`."""
    if digit == 0:
        return a
    return add(a, [digit] * 1)


def subtract(a, b):
    """`a - b`, where `a >= b`."""
    result = [0] * len(a)
    borrow = 0
    for i in range(len(b)):
        digit = a[i] - b[i] - borrow
        borrow = 1 if digit < 0 else 0
        result[i] = digit & MASK
    i = len(b)
    while borrow:
        digit = a[i] - 1
        borrow = 1 if digit < 0 else 0
        result[i] = digit & MASK
        i += 1
    while i < len(a):
        result[i] = a[i]
        i += 1
    return normalized(result)


def subtract_digit(a, digit):
    """`a - digit`, where `a >= digit`."""
    if digit == 0:
        return a
    return subtract(a, [digit] * 1)


def _add_into(target, offset, a):
    # target += a << offset digits, in place; the sum fits
    carry_bit = _NO_CARRY
    for i in range(len(a)):
        total = _digits_sum(target[offset + i], a[i], carry_bit)
        target[offset + i] = _sum_digit(total)
        carry_bit = total >> SHIFT
    carry = intmask(carry_bit)
    i = offset + len(a)
    while carry:
        carry = 1 if target[i] == MASK else 0
        target[i] = 0 if carry else target[i] + 1
        i += 1


# ---- multiplication


def multiply_add_digit(a, factor, addend):
    """`a * factor + addend`, both digits."""
    result = [0] * len(a)
    carry = addend
    for i in range(len(a)):
        digit = a[i]
        result[i] = low_digit(digit, factor, 0, carry)
        carry = high_digit(digit, factor, 0, carry)
    if carry:
        return _with_top(result, carry)
    return normalized(result)


def multiply(a, b):
    """`a * b`."""
    if len(a) < len(b):
        a, b = b, a
    if len(b) < KARATSUBA_CUTOFF:
        if len(b) == 0:
            return b
        if len(b) == 1:
            return multiply_add_digit(a, b[0], 0)
        return _multiply_schoolbook(a, b)
    if 2 * len(b) <= len(a):
        return _multiply_lopsided(a, b)
    return _multiply_karatsuba(a, b)


def square(a):
    """`a * a`."""
    return multiply(a, a)


def _multiply_schoolbook(a, b):
    result = [0] * (len(a) + len(b))
    for j in range(len(b)):
        factor = b[j]
        carry = 0
        for i in range(len(a)):
            digit = a[i]
            before = result[i + j]
            result[i + j] = low_digit(digit, factor, before, carry)
            carry = high_digit(digit, factor, before, carry)
        result[j + len(a)] = carry
    return normalized(result)


def _multiply_lopsided(a, b):
    # a in pieces of the size of b, so that the recursive method gets balanced operands
    result = [0] * (len(a) + len(b))
    start = 0
    while start < len(a):
        _add_into(result, start, multiply(_part(a, start, start + len(b)), b))
        start += len(b)
    return normalized(result)


def _multiply_karatsuba(a, b):
    middle = len(a) >> 1
    a_low = _part(a, 0, middle)
    a_high = _part(a, middle, len(a))
    b_low = _part(b, 0, middle)
    b_high = _part(b, middle, len(b))
    low = multiply(a_low, b_low)
    high = multiply(a_high, b_high)
    both = multiply(add(a_low, a_high), add(b_low, b_high))
    result = [0] * (len(a) + len(b))
    for i in range(len(low)):
        result[i] = low[i]
    for i in range(len(high)):
        result[2 * middle + i] = high[i]
    _add_into(result, middle, subtract(subtract(both, low), high))
    return normalized(result)


# ---- shifts


def shift_left(a, count):
    """`a << count`."""
    if len(a) == 0 or count == 0:
        return a
    words = count // SHIFT
    bits = count % SHIFT
    result = [0] * (len(a) + words + 1)
    if bits == 0:
        for i in range(len(a)):
            result[words + i] = a[i]
        return normalized(result)
    carry = 0
    for i in range(len(a)):
        digit = a[i]
        result[words + i] = ((digit << bits) & MASK) | carry
        carry = digit >> (SHIFT - bits)
    result[words + len(a)] = carry
    return normalized(result)


def shift_right(a, count):
    """`a >> count`."""
    words = count // SHIFT
    bits = count % SHIFT
    size = len(a) - words
    if size <= 0:
        return [0] * 0
    result = [0] * size
    if bits == 0:
        for i in range(size):
            result[i] = a[words + i]
        return result
    for i in range(size - 1):
        result[i] = (a[words + i] >> bits) | ((a[words + i + 1] << (SHIFT - bits)) & MASK)
    result[size - 1] = a[words + size - 1] >> bits
    return normalized(result)


def has_bits_below(a, count):
    """Whether one of the lowest `count` bits is 1."""
    words = count // SHIFT
    for i in range(min(words, len(a))):
        if a[i]:
            return True
    return words < len(a) and a[words] & ((1 << (count % SHIFT)) - 1) != 0


# ---- division


def divide_digit(a, divisor):
    """`(a // divisor, a % divisor)` for a digit; the remainder is a digit too."""
    result = [0] * len(a)
    rest = 0
    i = len(a) - 1
    while i >= 0:
        digit = a[i]
        if rest == 0:
            quotient = digit // divisor
            rest = digit - quotient * divisor
        else:
            quotient = divide_two_digits(rest, digit, divisor)
            rest = (digit - low_digit(quotient, divisor, 0, 0)) & MASK
        result[i] = quotient
        i -= 1
    return normalized(result), rest


def divide(a, b):
    """`(a // b, a % b)`, where `b` is not zero."""
    if compare(a, b) < 0:
        return [0] * 0, a
    if len(b) == 1:
        quotient, rest = divide_digit(a, b[0])
        return quotient, from_digit(rest)
    if len(b) < RECURSIVE_DIVISION_CUTOFF or len(a) - len(b) < RECURSIVE_DIVISION_CUTOFF // 2:
        return _divide_schoolbook(a, b)
    return _divide_in_blocks(a, b)


def _divide_schoolbook(a, b):
    # Algorithm D. It wants both shifted so that the highest bit of the divisor is set; only the digits that the
    # quotient is estimated from are, as the quotient is the same without.
    size = len(b)
    bits = SHIFT - 1 - highest_bit(b[size - 1])
    top = _shifted_digit(b[size - 1], b[size - 2], bits)
    second = _shifted_digit(b[size - 2], b[size - 3] if size > 2 else 0, bits)
    rest = [0] * (len(a) + 1)
    for i in range(len(a)):
        rest[i] = a[i]
    result = [0] * (len(a) - size + 1)
    j = len(a) - size
    while j >= 0:
        below = j + size - 1
        middle = rest[below]
        low = rest[below - 1]
        lowest = rest[below - 2] if below > 1 else 0
        digit = _estimate(
            _shifted_digit(rest[below + 1], middle, bits),
            _shifted_digit(middle, low, bits),
            _shifted_digit(low, lowest, bits),
            top,
            second,
        )
        if digit and _subtract_product(rest, j, b, digit):
            digit -= 1
            _add_back(rest, j, b)
        result[j] = digit
        j -= 1
    return normalized(result), _part(rest, 0, size)


@always_inline
def _shifted_digit(digit, below, bits):
    """A digit of a natural that is shifted left by `bits`, less than a whole digit."""
    return ((digit << bits) & MASK) | (below >> (SHIFT - bits))


def _estimate(high, middle, low, top, second):
    """The quotient digit of three digits by two, at most one too great."""
    if high >= top:
        digit = MASK  # and high == top, so the rest is high * base + middle - MASK * top
        rest = r_uint(middle) + r_uint(top)
    else:
        digit = divide_two_digits(high, middle, top)
        rest = r_uint((middle - low_digit(digit, top, 0, 0)) & MASK)
    while rest <= r_uint(MASK):
        product_high = high_digit(digit, second, 0, 0)
        rest_digit = intmask(rest)
        if product_high < rest_digit:
            break
        if product_high == rest_digit and low_digit(digit, second, 0, 0) <= low:
            break
        digit -= 1
        rest += r_uint(top)
    return digit


def _subtract_product(rest, offset, divisor, factor):
    # rest -= divisor * factor << offset digits, in place; whether the result is negative
    carry = 0
    for i in range(len(divisor)):
        digit = divisor[i]
        low = low_digit(digit, factor, 0, carry)
        carry = high_digit(digit, factor, 0, carry)
        difference = rest[offset + i] - low
        if difference < 0:
            carry += 1
        rest[offset + i] = difference & MASK
    last = offset + len(divisor)
    difference = rest[last] - carry
    rest[last] = difference & MASK
    return difference < 0


def _add_back(rest, offset, divisor):
    carry = _NO_CARRY
    for i in range(len(divisor)):
        total = _digits_sum(rest[offset + i], divisor[i], carry)
        rest[offset + i] = _sum_digit(total)
        carry = total >> SHIFT
    if carry:
        last = offset + len(divisor)
        rest[last] = 0 if rest[last] == MASK else rest[last] + 1


def _shift_digits(a, count, low):
    # (a << count digits) + low, where low has at most count digits
    if len(a) == 0:
        return low
    result = [0] * (len(a) + count)
    for i in range(len(low)):
        result[i] = low[i]
    for i in range(len(a)):
        result[count + i] = a[i]
    return result


def _divide_in_blocks(a, b):
    # the divisor is shifted to a block of `size` digits that halves well, the dividend is cut into such
    # blocks
    size = len(b)
    halvings = 0
    while size >= RECURSIVE_DIVISION_CUTOFF:
        size = (size + 1) >> 1
        halvings += 1
    size <<= halvings
    bits = size * SHIFT - bit_length(b)
    divisor = shift_left(b, bits)
    dividend = shift_left(a, bits)
    blocks = len(dividend) // size + 1
    result = [0] * (blocks * size)
    rest = [0] * 0
    j = blocks - 1
    while j >= 0:
        current = _shift_digits(rest, size, _part(dividend, j * size, (j + 1) * size))
        quotient, rest = _divide_double(current, divisor, size)
        for i in range(len(quotient)):
            result[j * size + i] = quotient[i]
        j -= 1
    return normalized(result), shift_right(rest, bits)


def _divide_double(a, b, size):
    # a by b of `size` digits, highest bit set; the quotient fits `size` digits
    if size < RECURSIVE_DIVISION_CUTOFF or size & 1:
        if compare(a, b) < 0:
            return [0] * 0, a
        return _divide_schoolbook(a, b)
    half = size >> 1
    b_low = _part(b, 0, half)
    b_high = _part(b, half, size)
    high, rest = _divide_three_halves(_part(a, size, 2 * size), _part(a, half, size), b, b_low, b_high, half)
    low, rest = _divide_three_halves(rest, _part(a, 0, half), b, b_low, b_high, half)
    return _shift_digits(high, half, low), rest


def _divide_three_halves(high, low, b, b_low, b_high, half):
    # ((high << half digits) + low) by b, where high < b: three half blocks by two
    top = _part(high, half, 2 * half)
    if compare(top, b_high) < 0:
        quotient, rest = _divide_double(high, b_high, half)
    else:
        quotient = [MASK] * half
        rest = add(subtract(high, _shift_digits(b_high, half, [0] * 0)), b_high)
    rest = _shift_digits(rest, half, low)
    product = multiply(quotient, b_low)
    while compare(rest, product) < 0:
        quotient = subtract_digit(quotient, 1)
        rest = add(rest, b)
    return quotient, subtract(rest, product)
