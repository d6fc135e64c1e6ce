"""Machine integers on a host whose integers have no limit.

RPython's `int` is one machine word. On the host a plain `int` stands for it, and nothing wraps by itself:
a program says `intmask(a * b)` where it wants wrap-around and `ovfcheck(a * b)` where it wants to know.
The other widths and the unsigned word are the `r_*` classes below, which do wrap by themselves, on the
host too.
"""

from __future__ import annotations

import struct

from ouro import lltype
from ouro.rlib._machine_int import (
    LONG_BIT,
    LONG_MASK,
    LONG_TEST,
    LONGLONG_BIT,
    MachineInteger,
    r_int,
    r_int8,
    r_int16,
    r_int32,
    r_int64,
    r_longlong,
    r_uint,
    r_uint8,
    r_uint16,
    r_uint32,
    r_uint64,
    r_ulonglong,
)
from ouro.rlib._primitive import primitive

__all__ = [
    "INTEGER_TYPES",
    "IntegerLiteral",
    "LONGLONG_BIT",
    "LONG_BIT",
    "LONG_MASK",
    "LONG_TEST",
    "MachineInteger",
    "ParseStringError",
    "ParseStringOverflowError",
    "byteswap",
    "highest_bit",
    "int_between",
    "int_c_div",
    "int_c_mod",
    "int_force_ge_zero",
    "intmask",
    "is_valid_int",
    "longlongmask",
    "maxint",
    "most_neg_value_of",
    "most_neg_value_of_same_type",
    "most_pos_value_of",
    "most_pos_value_of_same_type",
    "mulmod",
    "ovfcheck",
    "ovfcheck_float_to_int",
    "ovfcheck_float_to_longlong",
    "r_int",
    "r_int16",
    "r_int32",
    "r_int64",
    "r_int8",
    "r_longlong",
    "r_singlefloat",
    "r_uint",
    "r_uint16",
    "r_uint32",
    "r_uint64",
    "r_uint8",
    "r_ulonglong",
    "string_to_int",
    "uint_mul_high",
    "widen",
]

maxint = LONG_TEST - 1

INTEGER_TYPES = (
    r_int,
    r_uint,
    r_longlong,
    r_ulonglong,
    r_int8,
    r_int16,
    r_int32,
    r_uint8,
    r_uint16,
    r_uint32,
)


# ---- conversions


@primitive
def intmask(n):
    """`n`, of any integer type, wrapped around into a signed machine word."""
    if type(n) is not int:
        if not isinstance(n, int):
            raise TypeError("intmask() of %r" % (n,))
        n = int(n)
    if -LONG_TEST <= n < LONG_TEST:
        return n
    n &= LONG_MASK
    return n - 2 * LONG_TEST if n >= LONG_TEST else n


@primitive
def longlongmask(n):
    """`n`, of any integer type, wrapped around into an `r_longlong`."""
    return r_longlong(n)


@primitive
def ovfcheck(r):
    """Written around one operation, `ovfcheck(a + b)`: raises OverflowError if it overflows a machine word.

    The operation is `+`, `-`, `*`, `//`, `%`, `<<`, unary `-` or `abs()`, on plain integers.
    """
    if type(r) is not int and type(r) is not bool:
        raise TypeError("ovfcheck() works on plain machine words, not on %r" % (r,))
    if not -LONG_TEST <= r < LONG_TEST:
        raise OverflowError("signed integer expression did overflow")
    return r


@primitive
def ovfcheck_float_to_int(x):
    """`int(x)`; raises OverflowError if that is no machine word (or `x` is a NaN or infinite)."""
    if -float(LONG_TEST) <= x < float(LONG_TEST):
        return int(x)
    raise OverflowError("float out of the range of a machine word")


@primitive
def ovfcheck_float_to_longlong(x):
    """`r_longlong(x)`; raises OverflowError if the value does not fit."""
    if -(2.0**63) <= x < 2.0**63:
        return r_longlong(int(x))
    raise OverflowError("float out of the range of 64 bits")


@primitive
def widen(n):
    """A value of a type narrower than a machine word as a plain integer; others stay as they are."""
    if isinstance(n, MachineInteger):
        if n.BITS < LONG_BIT or (n.BITS == LONG_BIT and n.SIGNED and not isinstance(n, r_longlong)):
            return int(n)
        return n
    return int(n)


class r_singlefloat:
    """A C `float`: storage only. Convert with `float()` to compute."""

    __slots__ = ("_bytes",)

    def __init__(self, value):
        self._bytes = struct.pack("<f", value)

    def __float__(self):
        return struct.unpack("<f", self._bytes)[0]

    def __eq__(self, other):
        if not isinstance(other, r_singlefloat):
            return NotImplemented
        return float(self) == float(other)

    def __hash__(self):
        return hash(float(self))

    def __repr__(self):
        return "r_singlefloat(%r)" % (float(self),)


lltype.register_value_class(r_singlefloat, lltype.SingleFloat)


# ---- ranges of types


@primitive
def most_neg_value_of(tp):
    """The smallest value of the type, as a value of that type."""
    if tp is int:
        return -LONG_TEST
    return tp(tp.MINIMUM)


@primitive
def most_pos_value_of(tp):
    """The greatest value of the type, as a value of that type."""
    if tp is int:
        return LONG_TEST - 1
    return tp(tp.MAXIMUM)


@primitive
def most_neg_value_of_same_type(x):
    """The smallest value of the type of `x`."""
    return most_neg_value_of(type(x) if isinstance(x, MachineInteger) else int)


@primitive
def most_pos_value_of_same_type(x):
    """The greatest value of the type of `x`."""
    return most_pos_value_of(type(x) if isinstance(x, MachineInteger) else int)


@primitive
def is_valid_int(n):
    """Whether `n` is a plain machine word; always true when translated."""
    return isinstance(n, int) and not isinstance(n, MachineInteger) and -LONG_TEST <= n < LONG_TEST


# ---- arithmetic with one instruction or a few


@primitive
def int_c_div(x, y):
    """Division rounding towards zero, as C's. `y` is not zero."""
    quotient = abs(x) // abs(y)
    return quotient if (x < 0) == (y < 0) else -quotient


@primitive
def int_c_mod(x, y):
    """The remainder of `int_c_div`, with the sign of `x`. `y` is not zero."""
    remainder = abs(x) % abs(y)
    return -remainder if x < 0 else remainder


@primitive
def int_between(n, m, p):
    """`n <= m < p`, with one comparison; `n <= p` is known."""
    return n <= m < p


@primitive
def int_force_ge_zero(n):
    """`n`, or 0 if it is negative; the annotator knows the result as not negative."""
    return n if n >= 0 else 0


@primitive
def uint_mul_high(x, y):
    """The high word of the product of two unsigned words."""
    return r_uint((int(x) * int(y)) >> LONG_BIT)


@primitive
def byteswap(n):
    """The value, of any integer type, with the order of its bytes reversed."""
    tp = type(n)
    if tp is int:
        return intmask(int.from_bytes((n & LONG_MASK).to_bytes(LONG_BIT // 8, "little"), "big"))
    return tp(int.from_bytes((int(n) & tp.MASK).to_bytes(tp.BITS // 8, "little"), "big"))


def highest_bit(n):
    """The number of the highest bit set in `n`, which is positive: 0 for 1, 3 for 8 to 15."""
    assert n > 0
    number = 0
    width = LONG_BIT >> 1
    while width > 0:
        if n >> width:
            n >>= width
            number += width
        width >>= 1
    return number


def mulmod(a, b, c):
    """`(a * b) % c` computed without overflow, for `0 <= a`, `0 <= b`, `0 < c`."""
    assert a >= 0 and b >= 0 and c > 0
    try:
        return ovfcheck(a * b) % c
    except OverflowError:
        return _mulmod_by_addition(a % c, b % c, c)


def _mulmod_by_addition(a, b, c):
    # a and b are below c: doubling and adding stay below 2 * c, which fits an unsigned word
    unsigned_c = r_uint(c)
    factor = r_uint(a)
    result = r_uint(0)
    while b > 0:
        if b & 1:
            result += factor
            if result >= unsigned_c:
                result -= unsigned_c
        factor += factor
        if factor >= unsigned_c:
            factor -= unsigned_c
        b >>= 1
    return intmask(result)


# ---- parsing


class ParseStringError(Exception):
    """The string is no integer literal; `msg` says so as CPython 2.7 does."""

    def __init__(self, msg):
        self.msg = msg

    def __str__(self):
        return self.msg


class ParseStringOverflowError(Exception):
    """The literal is good but does not fit a machine word."""


def string_to_int(s, base=10, allow_underscores=False, no_implicit_octal=False):
    """The machine word that the literal `s` denotes, with white space around and a sign.

    `base` is 2 to 36, or 0: then a prefix (`0x`, `0o`, `0b`, or a plain `0` for octal) tells. The prefix of
    the base is allowed for 2, 8 and 16 too. `no_implicit_octal` makes a leading zero an error in base 0.

    Raises ParseStringError, or ParseStringOverflowError where only the value is too great.
    """
    literal = IntegerLiteral(s, base, "int", allow_underscores, no_implicit_octal)
    result = 0
    radix = literal.base
    while True:
        digit = literal.next_digit()
        if digit < 0:
            return result
        try:
            if literal.negative:
                result = ovfcheck(ovfcheck(result * radix) - digit)
            else:
                result = ovfcheck(ovfcheck(result * radix) + digit)
        except OverflowError:
            literal.check_rest()
            raise ParseStringOverflowError() from None


_BASE_WITH_L = 21  # from the next one on, `l` is a digit


class IntegerLiteral:
    """The parts of an integer literal: sign, base and digits; the digits are checked as they are read.

    `name` is the type named in the message of the error; `ignore_l_suffix` allows Python 2's `L` at the
    end.
    """

    def __init__(
        self, s, base, name, allow_underscores=False, no_implicit_octal=False, ignore_l_suffix=False
    ):
        self.literal = s
        self.name = name
        self.allow_underscores = allow_underscores
        self.requested_base = base
        start = 0
        end = len(s)
        while start < end and is_space(s[start]):
            start += 1
        while end > start and is_space(s[end - 1]):
            end -= 1
        if ignore_l_suffix and end - start > 1 and (s[end - 1] == "l" or s[end - 1] == "L"):
            if base <= _BASE_WITH_L:
                end -= 1
        self.negative = False
        if start < end and (s[start] == "-" or s[start] == "+"):
            self.negative = s[start] == "-"
            start += 1
            while start < end and is_space(s[start]):
                start += 1
        self.position = start
        self.start = start
        self.end = end
        prefix_base = self._prefix_base()
        implicit_octal = False
        if base == 0:
            if prefix_base > 0:
                base = prefix_base
            elif end - start > 1 and s[start] == "0":
                if no_implicit_octal:
                    implicit_octal = True
                    base = 10
                else:
                    base = 8
            else:
                base = 10
        elif base < 2 or base > 36:
            raise ParseStringError("%s() base must be >= 2 and <= 36" % (name,))
        self.base = base
        if prefix_base == base and prefix_base > 0:
            self.start = start + 2
            self.position = self.start
            if allow_underscores and self.start < end and s[self.start] == "_":
                self.position = self.start + 1
        if self.position >= end:
            self.fail()
        if implicit_octal:
            self._only_zeros()

    def _prefix_base(self):
        start = self.start
        if self.end - start < 2 or self.literal[start] != "0":
            return 0
        letter = self.literal[start + 1]
        if letter == "x" or letter == "X":
            return 16
        if letter == "o" or letter == "O":
            return 8
        if letter == "b" or letter == "B":
            return 2
        return 0

    def _only_zeros(self):
        i = self.start
        while i < self.end:
            c = self.literal[i]
            if c != "0" and c != "_":
                self.fail()
            i += 1

    def fail(self):
        """Raise the error that says that this is no literal."""
        raise ParseStringError(
            "invalid literal for %s() with base %d: '%s'" % (self.name, self.requested_base, self.literal)
        )

    def next_digit(self):
        """The value of the next digit, or -1 at the end. Raises ParseStringError."""
        i = self.position
        if i >= self.end:
            return -1
        c = self.literal[i]
        if c == "_" and self.allow_underscores and self.start < i < self.end - 1:
            if self.literal[i - 1] == "_":
                self.fail()
            i += 1
            c = self.literal[i]
        digit = digit_value(c)
        if digit >= self.base:
            self.fail()
        self.position = i + 1
        return digit

    def check_rest(self):
        """Check the digits not read yet."""
        while self.next_digit() >= 0:
            pass

    def rewind(self):
        """Start over at the first digit."""
        self.position = self.start
        if self.allow_underscores and self.literal[self.start] == "_":
            self.position = self.start + 1


def is_space(c):
    """Whether the character is ASCII white space."""
    return c == " " or "\t" <= c <= "\r"


def digit_value(c):
    """The value of a digit or letter in the greatest base; 99 for other characters."""
    if "0" <= c <= "9":
        return ord(c) - ord("0")
    if "a" <= c <= "z":
        return ord(c) - ord("a") + 10
    if "A" <= c <= "Z":
        return ord(c) - ord("A") + 10
    return 99
