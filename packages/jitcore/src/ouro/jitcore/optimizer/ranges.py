"""What is known of an integer: the lowest and highest value and single bits; and what operations make of that.

`IntRange` is a signed interval together with known bits in the form of Linux's tnums (Vishwanathan, Shachnai,
Narayana, Nagarakatte, "Sound, Precise, and Fast Abstract Interpretation with Tristate Numbers", CGO 2022): bits that
are 1 in `unknown` are not known, the others are those of `value`. Each transfer function is proved by z3 for words of
32 and 64 bits: if the operands lie in the given ranges, the result lies in the range made of them.

A transfer function that needs an operation to be defined (shift counts, divisors) may assume that it is.
"""

from ouro.jitcore.optimizer import words


class IntRange:
    """Never changed after it is made. `unknown & value == 0`; made by `make`, which lets bounds and bits help each
    other.
    """

    _immutable_ = True

    def __init__(self, lower, upper, value, unknown):
        self.lower = lower
        self.upper = upper
        self.value = value
        self.unknown = unknown

    def is_constant(self):
        """Is there one value left?"""
        return self.lower == self.upper

    def is_unlimited(self):
        """Is nothing known?"""
        return self.unknown == -1 and self.lower == words.LOWEST and self.upper == words.HIGHEST

    def contains(self, number):
        """May the integer be `number`?"""
        return self.lower <= number <= self.upper and number & ~self.unknown == self.value

    def includes(self, other):
        """Is every integer of `other` one of this range?"""
        if other.lower < self.lower or other.upper > self.upper:
            return False
        return other.unknown & ~self.unknown == 0 and other.value & ~self.unknown == self.value

    def same(self, other):
        """Is the same known?"""
        return (
            self.lower == other.lower
            and self.upper == other.upper
            and self.value == other.value
            and self.unknown == other.unknown
        )


class EmptyRange(Exception):
    """No integer is left: the place in the trace is never reached."""


def raw(lower, upper, value, unknown):
    """A range as it stands."""
    return IntRange(lower, upper, value, unknown)


def make(lower, upper, value, unknown):
    """A range with all that follows from its parts.

    Raises:
        EmptyRange: nothing is left.
    """
    if lower > upper:
        raise EmptyRange
    differing = lower ^ upper
    if differing >= 0:
        # the bits above the highest one that differs are those of both bounds
        known = ~words.smear(differing)
        if (lower ^ value) & known & ~unknown != 0:
            raise EmptyRange
        value = value | (lower & known)
        unknown = unknown & ~known
    lowest = value | (unknown & words.LOWEST)
    highest = value | (unknown & words.HIGHEST)
    if lower < lowest:
        lower = lowest
    if upper > highest:
        upper = highest
    if lower > upper:
        raise EmptyRange
    if lower == upper:
        value = lower
        unknown = 0
    return raw(lower, upper, value, unknown)


ANY = IntRange(words.LOWEST, words.HIGHEST, 0, -1)
BOOL = IntRange(0, 1, 0, 1)
NONNEGATIVE = IntRange(0, words.HIGHEST, 0, words.HIGHEST)
ZERO = IntRange(0, 0, 0, 0)
ONE = IntRange(1, 1, 1, 0)


def constant(number):
    """The range of one number."""
    return raw(number, number, number, 0)


def between(lower, upper):
    """The range of a signed interval."""
    return make(lower, upper, 0, -1)


def from_bits(value, unknown):
    """The range of known bits."""
    return make(words.LOWEST, words.HIGHEST, value, unknown)


def intersect(a, b):
    """What holds if both do. Raises EmptyRange."""
    if (a.value ^ b.value) & ~a.unknown & ~b.unknown != 0:
        raise EmptyRange
    lower = a.lower if a.lower > b.lower else b.lower
    upper = a.upper if a.upper < b.upper else b.upper
    return make(lower, upper, a.value | b.value, a.unknown & b.unknown)


def union(a, b):
    """What holds if one does."""
    lower = a.lower if a.lower < b.lower else b.lower
    upper = a.upper if a.upper > b.upper else b.upper
    unknown = a.unknown | b.unknown | (a.value ^ b.value)
    return make(lower, upper, a.value & ~unknown, unknown)


def widen(a):
    """`a` without what would not hold again after many rounds of a loop, or would only be in the way of others who
    come to it: far bounds and known bits.
    """
    lower = 0 if a.lower >= 0 else words.LOWEST
    upper = a.upper
    if upper >= words.shift_right(words.HIGHEST, 1):
        # what is less than something stays so, and can be incremented; an even number is less for no such reason
        if upper != words.sub(words.HIGHEST, 1) or a.unknown & 1 == 0:
            upper = words.HIGHEST
    return between(lower, upper)


# ---- arithmetic


def int_add(a, b):
    value = words.add(a.value, b.value)
    carries = words.add(words.add(a.unknown, b.unknown), value) ^ value
    unknown = carries | a.unknown | b.unknown
    if words.add_overflows(a.lower, b.lower) or words.add_overflows(a.upper, b.upper):
        return from_bits(value & ~unknown, unknown)
    return make(a.lower + b.lower, a.upper + b.upper, value & ~unknown, unknown)


def int_sub(a, b):
    # a - b is ~(~a + b): the sum has one carry chain, which is also quicker to prove
    value = words.add(~a.value & ~a.unknown, b.value)
    carries = words.add(words.add(a.unknown, b.unknown), value) ^ value
    unknown = carries | a.unknown | b.unknown
    if words.sub_overflows(a.lower, b.upper) or words.sub_overflows(a.upper, b.lower):
        return from_bits(~value & ~unknown, unknown)
    return make(a.lower - b.upper, a.upper - b.lower, ~value & ~unknown, unknown)


def add_exactly(a, b):
    """`int_add` that is known not to overflow."""
    exact = int_add(a, b)
    lower = words.LOWEST
    if not words.add_overflows(a.lower, b.lower):
        lower = a.lower + b.lower
    elif a.lower > 0:
        raise EmptyRange
    upper = words.HIGHEST
    if not words.add_overflows(a.upper, b.upper):
        upper = a.upper + b.upper
    elif a.upper < 0:
        raise EmptyRange
    return make(lower, upper, exact.value, exact.unknown)


def sub_exactly(a, b):
    """`int_sub` that is known not to overflow."""
    exact = int_sub(a, b)
    lower = words.LOWEST
    if not words.sub_overflows(a.lower, b.upper):
        lower = a.lower - b.upper
    elif a.lower > 0:
        raise EmptyRange
    upper = words.HIGHEST
    if not words.sub_overflows(a.upper, b.lower):
        upper = a.upper - b.lower
    elif a.upper < 0:
        raise EmptyRange
    return make(lower, upper, exact.value, exact.unknown)


def low_zeros_of_product(a, b):
    """The mask of low bits that are 0 in every product."""
    first = a.value | a.unknown
    second = b.value | b.unknown
    lowest = words.mul(first & words.sub(0, first), second & words.sub(0, second))
    return words.sub(lowest, 1) & ~lowest


def product_bounds(a, b):
    """Bounds of the product, `ANY` where one of the corners overflows."""
    if (
        words.mul_overflows(a.lower, b.lower)
        or words.mul_overflows(a.lower, b.upper)
        or words.mul_overflows(a.upper, b.lower)
        or words.mul_overflows(a.upper, b.upper)
    ):
        return ANY
    lower = upper = a.lower * b.lower
    for product in [a.lower * b.upper, a.upper * b.lower, a.upper * b.upper]:
        if product < lower:
            lower = product
        if product > upper:
            upper = product
    return raw(lower, upper, 0, -1)


def int_mul(a, b):
    bounds = product_bounds(a, b)
    return make(bounds.lower, bounds.upper, 0, ~low_zeros_of_product(a, b))


def int_neg(a):
    return int_sub(ZERO, a)


def int_floordiv(a, b):
    if b.lower <= 0 <= b.upper:
        return ANY
    if a.lower == words.LOWEST and b.upper < 0:
        return ANY
    lower = upper = words.floor_div(a.lower, b.lower)
    for quotient in [
        words.floor_div(a.lower, b.upper), words.floor_div(a.upper, b.lower), words.floor_div(a.upper, b.upper),
    ]:
        if quotient < lower:
            lower = quotient
        if quotient > upper:
            upper = quotient
    return between(lower, upper)


def int_mod(a, b):
    if b.lower > 0:
        if a.lower >= 0:
            if a.upper < b.lower:
                return a
            if a.upper < b.upper:
                return between(0, a.upper)
        return between(0, b.upper - 1)
    if b.upper < 0:
        return between(b.lower + 1, 0)
    return ANY


def int_force_ge_zero(a):
    if a.lower >= 0:
        return a
    if a.upper < 0:
        return ZERO
    return between(0, a.upper)


# ---- bits


def int_and(a, b):
    ones = a.value & b.value
    unknown = (a.value | a.unknown) & (b.value | b.unknown) & ~ones
    upper = words.HIGHEST
    if a.lower >= 0:
        upper = a.upper
    if b.lower >= 0 and b.upper < upper:
        upper = b.upper
    return make(words.LOWEST, upper, ones, unknown)


def int_or(a, b):
    value = a.value | b.value
    lower = words.LOWEST
    if a.lower >= 0 and b.lower >= 0:
        lower = a.lower if a.lower > b.lower else b.lower
    return make(lower, words.HIGHEST, value, (a.unknown | b.unknown) & ~value)


def int_xor(a, b):
    unknown = a.unknown | b.unknown
    return from_bits((a.value ^ b.value) & ~unknown, unknown)


def int_invert(a):
    return make(~a.upper, ~a.lower, ~a.value & ~a.unknown, a.unknown)


def _is_undefined(b):
    """Is a shift by `b` never defined? Nothing is computed from such a count."""
    return b.upper < 0 or b.lower >= words.BITS


def int_lshift(a, b):
    if _is_undefined(b):
        return ANY
    if not b.is_constant():
        if a.lower < 0 or b.lower < 0 or b.upper >= words.BITS:
            return ANY
        shifted = words.shift_left(a.upper, b.upper)
        if shifted < 0 or words.shift_right(shifted, b.upper) != a.upper:
            return ANY
        return between(a.lower, shifted)
    count = b.lower
    value = words.shift_left(a.value, count)
    unknown = words.shift_left(a.unknown, count)
    lower = words.shift_left(a.lower, count)
    upper = words.shift_left(a.upper, count)
    if words.shift_right(lower, count) != a.lower or words.shift_right(upper, count) != a.upper:
        return from_bits(value, unknown)
    return make(lower, upper, value, unknown)


def int_rshift(a, b):
    if _is_undefined(b):
        return ANY
    if not b.is_constant():
        least, most = _counts(b)
        lower = words.shift_right(a.lower, least if a.lower < 0 else most)
        upper = words.shift_right(a.upper, most if a.upper < 0 else least)
        return between(lower, upper)
    count = b.lower
    return make(
        words.shift_right(a.lower, count),
        words.shift_right(a.upper, count),
        words.shift_right(a.value, count),
        words.shift_right(a.unknown, count),
    )


def uint_rshift(a, b):
    if _is_undefined(b):
        return ANY
    if not b.is_constant():
        least, most = _counts(b)
        if a.lower >= 0:
            return between(words.shift_right(a.lower, most), words.shift_right(a.upper, least))
        if least > 0:
            return between(0, words.shift_right_unsigned(-1, least))
        return ANY
    count = b.lower
    value = words.shift_right_unsigned(a.value, count)
    unknown = words.shift_right_unsigned(a.unknown, count)
    if a.lower >= 0:
        return make(words.shift_right(a.lower, count), words.shift_right(a.upper, count), value, unknown)
    return from_bits(value, unknown)


def _counts(b):
    """The least and the greatest count of a shift that is defined."""
    least = b.lower if b.lower > 0 else 0
    most = b.upper if b.upper < words.BITS else words.BITS - 1
    return least, most


def sign_extended(a, bits):
    """`int_signext`: the low `bits` bits of `a`, of which the highest is the sign."""
    half = words.shift_left(1, bits - 1)
    if -half <= a.lower and a.upper < half:
        return a
    rest = words.BITS - bits
    value = words.shift_right(words.shift_left(a.value, rest), rest)
    unknown = words.shift_right(words.shift_left(a.unknown, rest), rest)
    return make(-half, half - 1, value & ~unknown, unknown)


# ---- comparisons


def int_lt(a, b):
    if a.upper < b.lower:
        return ONE
    if a.lower >= b.upper:
        return ZERO
    return BOOL


def int_le(a, b):
    if a.upper <= b.lower:
        return ONE
    if a.lower > b.upper:
        return ZERO
    return BOOL


def int_gt(a, b):
    return int_lt(b, a)


def int_ge(a, b):
    return int_le(b, a)


def int_eq(a, b):
    if a.upper < b.lower or b.upper < a.lower or (a.value ^ b.value) & ~a.unknown & ~b.unknown != 0:
        return ZERO
    if a.is_constant() and b.is_constant():
        return ONE
    return BOOL


def int_ne(a, b):
    return opposite(int_eq(a, b))


def int_is_zero(a):
    return int_eq(a, ZERO)


def int_is_true(a):
    return int_ne(a, ZERO)


def opposite(truth):
    """The range of the negation of a comparison."""
    if truth is ONE:
        return ZERO
    if truth is ZERO:
        return ONE
    return BOOL


def unsigned_lowest(a):
    """The lowest value, in unsigned order."""
    if (a.lower ^ a.upper) >= 0:
        return a.lower
    return a.value


def unsigned_highest(a):
    """The highest value, in unsigned order."""
    if (a.lower ^ a.upper) >= 0:
        return a.upper
    return a.value | a.unknown


def uint_lt(a, b):
    if words.less_unsigned(unsigned_highest(a), unsigned_lowest(b)):
        return ONE
    if not words.less_unsigned(unsigned_lowest(a), unsigned_highest(b)):
        return ZERO
    return BOOL


def uint_le(a, b):
    return opposite(uint_lt(b, a))


def uint_gt(a, b):
    return uint_lt(b, a)


def uint_ge(a, b):
    return opposite(uint_lt(a, b))


def int_between(a, b, c):
    first = int_le(a, b)
    second = int_lt(b, c)
    if first is ZERO or second is ZERO:
        return ZERO
    if first is ONE and second is ONE:
        return ONE
    return BOOL


# ---- backward: what the operands are if the result is known


def below(a, limit):
    """`a`, known to be less than something in `limit`. Raises EmptyRange."""
    if limit.upper == words.LOWEST:
        raise EmptyRange
    return intersect(a, raw(words.LOWEST, limit.upper - 1, 0, -1))


def at_most(a, limit):
    """`a`, known to be at most something in `limit`. Raises EmptyRange."""
    return intersect(a, raw(words.LOWEST, limit.upper, 0, -1))


def above(a, limit):
    """`a`, known to be greater than something in `limit`. Raises EmptyRange."""
    if limit.lower == words.HIGHEST:
        raise EmptyRange
    return intersect(a, raw(limit.lower + 1, words.HIGHEST, 0, -1))


def at_least(a, limit):
    """`a`, known to be at least something in `limit`. Raises EmptyRange."""
    return intersect(a, raw(limit.lower, words.HIGHEST, 0, -1))


def different(a, b):
    """`a`, known to differ from what is in `b`. Raises EmptyRange."""
    if not b.is_constant():
        return a
    if a.lower == b.lower:
        if a.lower == a.upper:
            raise EmptyRange
        return make(a.lower + 1, a.upper, a.value, a.unknown)
    if a.upper == b.lower:
        return make(a.lower, a.upper - 1, a.value, a.unknown)
    return a


def below_unsigned(a, limit):
    """`a`, known to be less, unsigned, than something in `limit`. Raises EmptyRange."""
    highest = unsigned_highest(limit)
    if highest == 0:
        raise EmptyRange
    if highest > 0:
        return intersect(a, raw(0, highest - 1, 0, -1))
    return a


def at_most_unsigned(a, limit):
    """`a`, known to be at most, unsigned, something in `limit`. Raises EmptyRange."""
    highest = unsigned_highest(limit)
    if highest >= 0:
        return intersect(a, raw(0, highest, 0, -1))
    return a


def operand_of_and(result, mask):
    """What the other operand of `int_and` is, if one is in `mask` (a constant) and the result in `result`."""
    known = mask.value & ~result.unknown
    return from_bits(result.value & known, ~known)


def operand_of_or(result, mask):
    """As `operand_of_and`, of `int_or`."""
    known = ~mask.value & ~result.unknown
    return from_bits(result.value & known, ~known)


def operand_of_shift_left(result, count):
    """What is shifted, if the count is `count` (a number) and the result in `result`."""
    return from_bits(
        words.shift_right_unsigned(result.value, count),
        words.shift_right_unsigned(result.unknown, count) | ~words.shift_right_unsigned(-1, count),
    )


def operand_of_shift_right(result, count):
    """As `operand_of_shift_left`, of both shifts to the right."""
    low = words.sub(words.shift_left(1, count), 1)
    return from_bits(words.shift_left(result.value, count), words.shift_left(result.unknown, count) | low)
