"""Integers of any size.

An `rbigint` is a sign and a natural (`_natural`). It is immutable. The `int_*` methods take a machine
word on the right and spare making an `rbigint` of it.
"""

from __future__ import annotations

from ouro.rlib import _montgomery as montgomery
from ouro.rlib import _natural as natural
from ouro.rlib import _natural_text as text
from ouro.rlib import jit
from ouro.rlib._floatbits import INFINITY, MAX_EXPONENT, MIN_EXPONENT, decompose, scale
from ouro.rlib.objectmodel import not_rpython, specialize
from ouro.rlib.rarithmetic import (
    LONG_BIT,
    LONGLONG_BIT,
    IntegerLiteral,
    intmask,
    maxint,
    r_longlong,
    r_uint,
    r_ulonglong,
)

__all__ = [
    "BASE8",
    "BASE10",
    "BASE16",
    "MASK",
    "NULLRBIGINT",
    "ONERBIGINT",
    "SHIFT",
    "InvalidEndiannessError",
    "InvalidSignednessError",
    "rbigint",
]

SHIFT = natural.SHIFT
MASK = natural.MASK

BASE2 = "01"
BASE8 = "01234567"
BASE10 = "0123456789"
BASE16 = "0123456789abcdef"

_MANTISSA_BITS = 53
_NO_DIGITS = [0] * 0
_ONE_DIGIT = [1] * 1


class InvalidEndiannessError(Exception):
    """The byte order is neither `"big"` nor `"little"`."""


class InvalidSignednessError(Exception):
    """A negative number was to be written without sign."""


class rbigint:
    """An immutable integer of any size: `sign` is -1, 0 or 1."""

    _immutable_ = True
    _immutable_fields_ = ["sign", "_digits[*]"]

    def __init__(self, digits, sign):
        self._digits = digits
        self.sign = sign if len(digits) else 0

    # ---- from other types

    @staticmethod
    def fromint(value):
        """From a machine word."""
        if value >= 0:
            return rbigint(natural.from_digit(value), 1)
        if value == -maxint - 1:
            return rbigint([0, 1], -1)
        return rbigint([-value] * 1, -1)

    @staticmethod
    def frombool(value):
        """1 or 0."""
        return ONERBIGINT if value else NULLRBIGINT

    @staticmethod
    @not_rpython
    def fromlong(value):
        """From a host integer of any size."""
        digits = []
        rest = abs(value)
        while rest:
            digits.append(rest & MASK)
            rest >>= SHIFT
        return rbigint(digits, -1 if value < 0 else 1)

    @staticmethod
    @specialize.argtype(0)
    def fromrarith_int(value):
        """From a machine integer of any type."""
        if value < 0:
            low = r_ulonglong(value) ^ r_ulonglong(-1)
            return rbigint._from_ulonglong(low).add(ONERBIGINT).neg()
        return rbigint._from_ulonglong(r_ulonglong(value))

    @staticmethod
    def _from_ulonglong(value):
        size = 0
        rest = value
        while rest != 0:
            rest >>= SHIFT
            size += 1
        digits = [0] * size
        for i in range(size):
            digits[i] = intmask(value & r_ulonglong(MASK))
            value >>= SHIFT
        return rbigint(digits, 1)

    @staticmethod
    def fromfloat(value):
        """The integral part of a float. Raises OverflowError for infinities and ValueError for NaNs."""
        if value != value:
            raise ValueError("cannot convert float NaN to integer")
        if value == INFINITY or value == -INFINITY:
            raise OverflowError("cannot convert float infinity to integer")
        mantissa, exponent = decompose(value)
        result = rbigint._from_ulonglong(r_ulonglong(mantissa))
        result = result.lshift(exponent) if exponent >= 0 else result.rshift(-exponent)
        return result.neg() if value < 0.0 else result

    @staticmethod
    def fromdecimalstr(s):
        """From decimal digits with an optional sign, and nothing else. Raises ParseStringError."""
        return rbigint.fromstr(s, 10)

    @staticmethod
    def fromstr(s, base=0, allow_underscores=False, ignore_l_suffix=False):
        """From a literal in the base; 0 means that a prefix tells. Raises ParseStringError.

        `ignore_l_suffix` allows one `l` or `L` at the end, as Python 2's `long()` does.
        """
        literal = IntegerLiteral(s, base, "long", allow_underscores, False, ignore_l_suffix)
        values = []
        digit = literal.next_digit()
        while digit >= 0:
            values.append(digit)
            digit = literal.next_digit()
        return rbigint(text.from_digit_values(values, literal.base), -1 if literal.negative else 1)

    @staticmethod
    def frombytes(s, byteorder, signed):
        """From bytes, `byteorder` "big" or "little", `signed`: in two's complement."""
        if byteorder != "big" and byteorder != "little":
            raise InvalidEndiannessError()
        size = len(s)
        if size == 0:
            return NULLRBIGINT
        big = byteorder == "big"
        top = ord(s[0] if big else s[size - 1])
        negative = signed and top >= 0x80
        values = [0] * size
        for i in range(size):
            byte = ord(s[i] if big else s[size - 1 - i])
            values[i] = byte ^ 0xFF if negative else byte
        magnitude = text.from_digit_values(values, 256)
        if negative:
            return rbigint(natural.add_digit(magnitude, 1), -1)
        return rbigint(magnitude, 1)

    # ---- to other types

    def tobytes(self, length, byteorder, signed):
        """`length` bytes, in two's complement if `signed`. Raises OverflowError if that is too few."""
        if byteorder != "big" and byteorder != "little":
            raise InvalidEndiannessError()
        if self.sign < 0 and not signed:
            raise InvalidSignednessError()
        digits = self._digits
        inverted = 0
        if self.sign < 0:
            digits = natural.subtract_digit(digits, 1)
            inverted = 0xFF
        bits = natural.bit_length(digits) + (1 if signed else 0)
        if bits > 8 * length:
            raise OverflowError("int too big to convert")
        characters = ["\x00"] * length
        for i in range(length):
            byte = chr(_byte(digits, i) ^ inverted)
            if byteorder == "big":
                characters[length - 1 - i] = byte
            else:
                characters[i] = byte
        return "".join(characters)

    def fits_int(self):
        """Whether it is a machine word."""
        size = len(self._digits)
        if size <= 1:
            return True
        return size == 2 and self.sign < 0 and self._digits[1] == 1 and self._digits[0] == 0

    def toint(self):
        """The machine word. Raises OverflowError if it is none."""
        size = len(self._digits)
        if size == 0:
            return 0
        if size == 1:
            return self._digits[0] if self.sign > 0 else -self._digits[0]
        if not self.fits_int():
            raise OverflowError("long int too large to convert to int")
        return -maxint - 1

    def tobool(self):
        """Whether it is not 0."""
        return self.sign != 0

    def touint(self):
        """The unsigned word. Raises ValueError if it is negative and OverflowError if it does not fit."""
        if self.sign < 0:
            raise ValueError("cannot convert negative integer to unsigned int")
        if natural.bit_length(self._digits) > LONG_BIT:
            raise OverflowError("long int too large to convert to unsigned int")
        return self.uintmask()

    def toulonglong(self):
        """The unsigned 64 bits. Raises as `touint`."""
        if self.sign < 0:
            raise ValueError("cannot convert negative integer to unsigned int")
        if natural.bit_length(self._digits) > LONGLONG_BIT:
            raise OverflowError("long int too large to convert to unsigned long long int")
        return self.ulonglongmask()

    def tolonglong(self):
        """The signed 64 bits. Raises OverflowError if it does not fit."""
        magnitude = self._digits
        if self.sign < 0:
            magnitude = natural.subtract_digit(magnitude, 1)
        if natural.bit_length(magnitude) >= LONGLONG_BIT:
            raise OverflowError("long int too large to convert to long long int")
        return r_longlong(self.ulonglongmask())

    def uintmask(self):
        """The lowest bits, of the two's complement, as an unsigned word."""
        result = r_uint(0)
        digits = self._digits
        for i in range(min(len(digits), 2)):
            result |= r_uint(digits[i]) << (i * SHIFT)
        return -result if self.sign < 0 else result

    def ulonglongmask(self):
        """The lowest 64 bits, of the two's complement, unsigned."""
        result = r_ulonglong(0)
        digits = self._digits
        i = 0
        shift = 0
        while i < len(digits) and shift < LONGLONG_BIT:
            result |= r_ulonglong(digits[i]) << shift
            shift += SHIFT
            i += 1
        return -result if self.sign < 0 else result

    @jit.elidable
    def tofloat(self):
        """The nearest float, the even one of two. Raises OverflowError if that is infinite."""
        digits = self._digits
        size = len(digits)
        if size == 0:
            return 0.0
        if size == 1:
            return float(digits[0]) if self.sign > 0 else -float(digits[0])
        value, exponent = _rounded_mantissa(digits)
        if natural.bit_length(digits) > MAX_EXPONENT:
            raise OverflowError("long int too large to convert to float")
        result = scale(value, exponent)
        if result == INFINITY:
            raise OverflowError("long int too large to convert to float")
        return result if self.sign > 0 else -result

    def frexp(self):
        """`(m, e)` with the number about `m * 2 ** e` and `0.5 <= abs(m) < 1`; `(0.0, 0)` for 0. Never
        overflows.
        """
        digits = self._digits
        if len(digits) == 0:
            return 0.0, 0
        value, exponent = _rounded_mantissa(digits)
        mantissa, bits = decompose(value)
        size = 0
        while mantissa >> size != 0:
            size += 1
        value = scale(float(mantissa), -size)
        return (value if self.sign > 0 else -value), exponent + bits + size

    # ---- text

    def format(self, digits, prefix="", suffix=""):
        """The text in base `len(digits)`, with these characters; the sign comes before the prefix."""
        if self.sign < 0:
            prefix = "-" + prefix
        return text.to_text(self._digits, digits, prefix, suffix)

    @jit.elidable
    def str(self):
        """The decimal text."""
        return self.format(BASE10)

    def repr(self):
        """The decimal text with an `L`."""
        return self.format(BASE10, suffix="L")

    def hex(self):
        """As Python 2's `hex()`."""
        return self.format(BASE16, "0x", "L")

    def oct(self):
        """As Python 2's `oct()`."""
        if self.sign == 0:
            return "0L"
        return self.format(BASE8, "0", "L")

    def __repr__(self):
        return "<rbigint %s>" % self.str()

    # ---- comparison

    @jit.elidable
    def eq(self, other):
        """Whether the two are equal."""
        return self.sign == other.sign and natural.compare(self._digits, other._digits) == 0

    @jit.elidable
    def int_eq(self, other):
        """`eq` with a machine word."""
        if not self.fits_int():
            return False
        return self.toint() == other

    def ne(self, other):
        """Whether the two differ."""
        return not self.eq(other)

    def int_ne(self, other):
        """`ne` with a machine word."""
        return not self.int_eq(other)

    @jit.elidable
    def lt(self, other):
        """Whether this is less than the other."""
        if self.sign != other.sign:
            return self.sign < other.sign
        order = natural.compare(self._digits, other._digits)
        return order < 0 if self.sign > 0 else order > 0

    @jit.elidable
    def int_lt(self, other):
        """`lt` with a machine word."""
        if self.fits_int():
            return self.toint() < other
        return self.sign < 0

    def le(self, other):
        """Whether this is at most the other."""
        return not other.lt(self)

    def int_le(self, other):
        """`le` with a machine word."""
        if self.fits_int():
            return self.toint() <= other
        return self.sign < 0

    def gt(self, other):
        """Whether this is greater than the other."""
        return other.lt(self)

    def int_gt(self, other):
        """`gt` with a machine word."""
        return not self.int_le(other)

    def ge(self, other):
        """Whether this is at least the other."""
        return not self.lt(other)

    def int_ge(self, other):
        """`ge` with a machine word."""
        return not self.int_lt(other)

    @jit.elidable
    def hash(self):
        """CPython 2.7's hash: the remainder by `2**LONG_BIT - 1` with the sign, as a machine word."""
        x = r_uint(0)
        digits = self._digits
        i = len(digits) - 1
        while i >= 0:
            x = (x << SHIFT) | (x >> (LONG_BIT - SHIFT))
            x += r_uint(digits[i])
            if x < r_uint(digits[i]):
                x += r_uint(1)
            i -= 1
        return intmask(x if self.sign >= 0 else -x)

    # ---- arithmetic

    @jit.elidable
    def add(self, other):
        """The sum."""
        if self.sign == 0:
            return other
        if other.sign == 0:
            return self
        if self.sign == other.sign:
            return rbigint(natural.add(self._digits, other._digits), self.sign)
        return _difference(self._digits, other._digits, self.sign)

    @jit.elidable
    def sub(self, other):
        """The difference."""
        if other.sign == 0:
            return self
        if self.sign == 0:
            return other.neg()
        if self.sign != other.sign:
            return rbigint(natural.add(self._digits, other._digits), self.sign)
        return _difference(self._digits, other._digits, self.sign)

    @jit.elidable
    def int_add(self, other):
        """The sum with a machine word."""
        if other == 0:
            return self
        if self.sign == 0 or other == -maxint - 1:
            return self.add(rbigint.fromint(other))
        if (other > 0) == (self.sign > 0):
            return rbigint(natural.add_digit(self._digits, abs(other)), self.sign)
        return _difference(self._digits, [abs(other)] * 1, self.sign)

    @jit.elidable
    def int_sub(self, other):
        """The difference with a machine word."""
        if other == -maxint - 1:
            return self.sub(rbigint.fromint(other))
        return self.int_add(-other)

    @jit.elidable
    def mul(self, other):
        """The product."""
        return rbigint(natural.multiply(self._digits, other._digits), self.sign * other.sign)

    @jit.elidable
    def int_mul(self, other):
        """The product with a machine word."""
        if other == 0:
            return NULLRBIGINT
        if other == 1:
            return self
        if other == -maxint - 1:
            return self.mul(rbigint.fromint(other))
        sign = self.sign if other > 0 else -self.sign
        return rbigint(natural.multiply_add_digit(self._digits, abs(other), 0), sign)

    @jit.elidable
    def divmod(self, other):
        """`(floor quotient, remainder with the sign of other)`. Raises ZeroDivisionError."""
        if other.sign == 0:
            raise ZeroDivisionError("long division or modulo by zero")
        quotient, rest = natural.divide(self._digits, other._digits)
        if self.sign == other.sign or len(rest) == 0:
            return rbigint(quotient, self.sign * other.sign), rbigint(rest, other.sign)
        if self.sign == 0:
            return NULLRBIGINT, NULLRBIGINT
        return (
            rbigint(natural.add_digit(quotient, 1), -1),
            rbigint(natural.subtract(other._digits, rest), other.sign),
        )

    def int_divmod(self, other):
        """`divmod` by a machine word."""
        if other == -maxint - 1:
            return self.divmod(rbigint.fromint(other))
        return self.int_floordiv(other), self.int_mod(other)

    @jit.elidable
    def floordiv(self, other):
        """The floor quotient. Raises ZeroDivisionError."""
        quotient, _ = self.divmod(other)
        return quotient

    def div(self, other):
        """The same as `floordiv`."""
        return self.floordiv(other)

    @jit.elidable
    def mod(self, other):
        """The remainder, with the sign of the other. Raises ZeroDivisionError."""
        _, rest = self.divmod(other)
        return rest

    @jit.elidable
    def int_floordiv(self, other):
        """`floordiv` by a machine word."""
        if other == 0:
            raise ZeroDivisionError("long division or modulo by zero")
        if other == -maxint - 1:
            return self.floordiv(rbigint.fromint(other))
        quotient, rest = natural.divide_digit(self._digits, abs(other))
        if (other > 0) == (self.sign >= 0) or self.sign == 0:
            return rbigint(quotient, 1)
        if rest:
            quotient = natural.add_digit(quotient, 1)
        return rbigint(quotient, -1)

    def int_div(self, other):
        """The same as `int_floordiv`."""
        return self.int_floordiv(other)

    @jit.elidable
    def int_mod(self, other):
        """`mod` by a machine word."""
        if other == -maxint - 1:
            return self.mod(rbigint.fromint(other))
        return rbigint.fromint(self.int_mod_int_result(other))

    @jit.elidable
    def int_mod_int_result(self, other):
        """`mod` by a machine word other than the least one, as a machine word."""
        if other == 0:
            raise ZeroDivisionError("long division or modulo by zero")
        divisor = abs(other)
        _, rest = natural.divide_digit(self._digits, divisor)
        if rest == 0 or self.sign == 0:
            return 0
        if (other > 0) != (self.sign > 0):
            rest = divisor - rest
        return rest if other > 0 else -rest

    @jit.elidable
    def truediv(self, other):
        """The nearest float to the quotient. Raises ZeroDivisionError and OverflowError."""
        if other.sign == 0:
            raise ZeroDivisionError("long division or modulo by zero")
        if self.sign == 0:
            return 0.0 if other.sign > 0 else -0.0
        difference = natural.bit_length(self._digits) - natural.bit_length(other._digits)
        if difference > MAX_EXPONENT:
            raise OverflowError("long/long too large for a float")
        if difference < MIN_EXPONENT - _MANTISSA_BITS - 1:
            return 0.0 if self.sign == other.sign else -0.0
        # the integral quotient of 55 or 56 bits, fewer for a subnormal result, whose lowest bit says
        # "inexact"
        exponent = max(difference, MIN_EXPONENT) - _MANTISSA_BITS - 2
        dividend = self._digits
        divisor = other._digits
        if exponent <= 0:
            dividend = natural.shift_left(dividend, -exponent)
        else:
            divisor = natural.shift_left(divisor, exponent)
        quotient, rest = natural.divide(dividend, divisor)
        inexact = len(rest) > 0
        value, shift = _round_to_float(quotient, inexact, max(0, MIN_EXPONENT - _MANTISSA_BITS - exponent))
        result = scale(value, exponent + shift)
        if result == INFINITY:
            raise OverflowError("long/long too large for a float")
        return result if self.sign == other.sign else -result

    @jit.elidable
    def pow(self, exponent, modulus=None):
        """The power, reduced by `modulus` if there is one.

        Raises ValueError for a negative exponent and for a modulus of 0; OverflowError where the result
        is too great.
        """
        if exponent.sign < 0:
            raise ValueError("negative exponent")
        if modulus is not None:
            return _power_modulo(self, exponent, modulus)
        if exponent.sign == 0:
            return ONERBIGINT
        if self.sign == 0 or (len(self._digits) == 1 and self._digits[0] == 1):
            if self.sign < 0 and not natural.is_bit_set(exponent._digits, 0):
                return ONERBIGINT
            return self
        if len(exponent._digits) > 1:
            raise OverflowError("exponent too large")
        return self._power(exponent._digits[0])

    def int_pow(self, exponent, modulus=None):
        """`pow` by a machine word."""
        return self.pow(rbigint.fromint(exponent), modulus)

    def _power(self, exponent):
        # the trailing zero bits of the base are shifted in at the end
        digits = self._digits
        zeros = 0
        while not natural.is_bit_set(digits, zeros):
            zeros += 1
        odd = natural.shift_right(digits, zeros)
        result = _ONE_DIGIT
        if len(odd) > 1 or odd[0] > 1:
            bit = 0
            while exponent >> bit > 1:
                bit += 1
            while bit >= 0:
                result = natural.square(result)
                if (exponent >> bit) & 1:
                    result = natural.multiply(result, odd)
                bit -= 1
        if zeros:
            if exponent > maxint // zeros:
                raise OverflowError("exponent too large")
            result = natural.shift_left(result, zeros * exponent)
        return rbigint(result, -1 if self.sign < 0 and exponent & 1 else 1)

    @jit.elidable
    def neg(self):
        """The negative."""
        return rbigint(self._digits, -self.sign)

    def abs(self):
        """The magnitude."""
        return self if self.sign >= 0 else rbigint(self._digits, 1)

    # ---- bits

    @jit.elidable
    def invert(self):
        """`-1 - self`."""
        if self.sign < 0:
            return rbigint(natural.subtract_digit(self._digits, 1), 1)
        return rbigint(natural.add_digit(self._digits, 1), -1)

    @jit.elidable
    def lshift(self, count):
        """`self << count`. Raises ValueError if the count is negative and OverflowError if it is absurd."""
        if count < 0:
            raise ValueError("negative shift count")
        if self.sign == 0:
            return self
        if count > maxint >> 3:
            raise OverflowError("shift count too large")
        return rbigint(natural.shift_left(self._digits, count), self.sign)

    @jit.elidable
    def rshift(self, count, dont_invert=False):
        """`self >> count`, rounding down; `dont_invert`: rounding towards zero."""
        if count < 0:
            raise ValueError("negative shift count")
        result = natural.shift_right(self._digits, count)
        if self.sign < 0 and not dont_invert and natural.has_bits_below(self._digits, count):
            result = natural.add_digit(result, 1)
        return rbigint(result, self.sign)

    @jit.elidable
    def abs_rshift_and_mask(self, count, mask):
        """`(abs(self) >> count) & mask` for a machine word as mask."""
        digits = self._digits
        index = count // SHIFT
        offset = count % SHIFT
        if index >= len(digits):
            return 0
        value = digits[index] >> offset
        if offset and index + 1 < len(digits):
            value |= (digits[index + 1] << (SHIFT - offset)) & MASK
        return value & mask

    @jit.elidable
    def bit_length(self):
        """The number of bits of the magnitude."""
        return natural.bit_length(self._digits)

    @jit.elidable
    def and_(self, other):
        """Bitwise and, of endless two's complements."""
        return _bitwise(self, "&", other)

    @jit.elidable
    def or_(self, other):
        """Bitwise or."""
        return _bitwise(self, "|", other)

    @jit.elidable
    def xor(self, other):
        """Bitwise exclusive or."""
        return _bitwise(self, "^", other)

    @jit.elidable
    def int_and_(self, other):
        """`and_` with a machine word."""
        if other >= 0 and self.sign >= 0:
            if self.sign == 0:
                return self
            return rbigint(natural.from_digit(self._digits[0] & other), 1)
        return _bitwise(self, "&", rbigint.fromint(other))

    @jit.elidable
    def int_or_(self, other):
        """`or_` with a machine word."""
        return _bitwise(self, "|", rbigint.fromint(other))

    @jit.elidable
    def int_xor(self, other):
        """`xor` with a machine word."""
        return _bitwise(self, "^", rbigint.fromint(other))

    # ---- number theory

    @jit.elidable
    def gcd(self, other):
        """The greatest common divisor, not negative."""
        a = self._digits
        b = other._digits
        while len(b) > 1:
            _, rest = natural.divide(a, b)
            a, b = b, rest
        if len(b) == 0:
            return rbigint(a, 1)
        _, small = natural.divide_digit(a, b[0])
        x, y = b[0], small
        while y:
            x, y = y, x % y
        return rbigint(natural.from_digit(x), 1)

    @jit.elidable
    def isqrt(self):
        """The integral square root. Raises ValueError if negative."""
        if self.sign < 0:
            raise ValueError("isqrt() argument must be nonnegative")
        if self.sign == 0:
            return self
        # Newton's iteration from above
        root = ONERBIGINT.lshift((self.bit_length() + 1) >> 1)
        while True:
            better = root.add(self.floordiv(root)).rshift(1)
            if better.ge(root):
                return root
            root = better

    @not_rpython
    def tolong(self):
        """The host integer."""
        result = 0
        for digit in reversed(self._digits):
            result = (result << SHIFT) | digit
        return -result if self.sign < 0 else result


NULLRBIGINT = rbigint(_NO_DIGITS, 0)
ONERBIGINT = rbigint(_ONE_DIGIT, 1)


def _difference(a, b, sign):
    """`(a - b) * sign` of two naturals."""
    order = natural.compare(a, b)
    if order == 0:
        return NULLRBIGINT
    if order > 0:
        return rbigint(natural.subtract(a, b), sign)
    return rbigint(natural.subtract(b, a), -sign)


def _byte(digits, number):
    """The byte of a natural with this number, the lowest being 0."""
    position = 8 * number
    index = position // SHIFT
    offset = position % SHIFT
    if index >= len(digits):
        return 0
    value = digits[index] >> offset
    if offset > SHIFT - 8 and index + 1 < len(digits):
        value |= digits[index + 1] << (SHIFT - offset)
    return value & 0xFF


def _rounded_mantissa(digits):
    """`(value, exponent)`: the natural, not zero, rounded to the nearest float `value * 2 ** exponent`."""
    exponent = natural.bit_length(digits) - (_MANTISSA_BITS + 2)
    if exponent <= 0:
        value, shift = _round_to_float(digits, False, 0)
        return value, shift
    top = natural.shift_right(digits, exponent)
    value, shift = _round_to_float(top, natural.has_bits_below(digits, exponent), 0)
    return value, exponent + shift


def _round_to_float(digits, inexact, least_dropped):
    """Round a natural of at most 62 bits to 53 bits, to even: `(value, exponent)`.

    `inexact` says that the number is really somewhat greater; at least `least_dropped` bits are dropped.
    """
    dropped = max(natural.bit_length(digits) - _MANTISSA_BITS, least_dropped)
    kept = r_ulonglong(0)
    for i in range(len(digits)):
        kept |= r_ulonglong(digits[i]) << (i * SHIFT)
    if dropped <= 0:
        return float(kept), 0
    one = r_ulonglong(1)
    rest = kept & ((one << dropped) - one)
    kept >>= dropped
    half = one << (dropped - 1)
    if rest > half or (rest == half and (inexact or kept & one == one)):
        kept += one
    return float(kept), dropped


def _power_modulo(base, exponent, modulus):
    if modulus.sign == 0:
        raise ValueError("pow() 3rd argument cannot be 0")
    divisor = modulus._digits
    if len(divisor) == 1 and divisor[0] == 1:
        return NULLRBIGINT
    factor = base.mod(modulus.abs())._digits
    result = _ONE_DIGIT
    bits = natural.bit_length(exponent._digits)
    if bits >= montgomery.LEAST_BITS and len(divisor) <= montgomery.MOST_DIGITS and divisor[0] & 1:
        result = montgomery.power(factor, exponent._digits, divisor)
    elif bits <= _WINDOW_LIMIT:
        i = bits - 1
        while i >= 0:
            result = _multiply_modulo(result, result, divisor)
            if natural.is_bit_set(exponent._digits, i):
                result = _multiply_modulo(result, factor, divisor)
            i -= 1
    else:
        result = _power_by_windows(factor, exponent, bits, divisor)
    if modulus.sign < 0 and len(result) > 0:
        return rbigint(natural.subtract(divisor, result), -1)
    return rbigint(result, 1)


_WINDOW_BITS = 5
_WINDOW_LIMIT = 120


def _power_by_windows(factor, exponent, bits, divisor):
    # five bits of the exponent at a time, with the first 32 powers at hand
    powers = [_ONE_DIGIT] * (1 << _WINDOW_BITS)
    for i in range(1, 1 << _WINDOW_BITS):
        powers[i] = _multiply_modulo(powers[i - 1], factor, divisor)
    result = _ONE_DIGIT
    position = (bits + _WINDOW_BITS - 1) // _WINDOW_BITS * _WINDOW_BITS - _WINDOW_BITS
    while position >= 0:
        for _ in range(_WINDOW_BITS):
            result = _multiply_modulo(result, result, divisor)
        window = exponent.abs_rshift_and_mask(position, (1 << _WINDOW_BITS) - 1)
        if window:
            result = _multiply_modulo(result, powers[window], divisor)
        position -= _WINDOW_BITS
    return result


def _multiply_modulo(a, b, divisor):
    _, rest = natural.divide(natural.multiply(a, b), divisor)
    return rest


@specialize.arg(1)
def _bitwise(a, operation, b):
    """`a operation b` on the two's complements: negative numbers are `~(magnitude - 1)`."""
    a_digits = a._digits
    b_digits = b._digits
    a_mask = 0
    b_mask = 0
    if a.sign < 0:
        a_digits = natural.subtract_digit(a_digits, 1)
        a_mask = MASK
    if b.sign < 0:
        b_digits = natural.subtract_digit(b_digits, 1)
        b_mask = MASK
    if operation == "&":
        result_mask = a_mask & b_mask
    elif operation == "|":
        result_mask = a_mask | b_mask
    else:
        result_mask = a_mask ^ b_mask
    size = max(len(a_digits), len(b_digits))
    if operation == "&":
        # beyond its end a number that is not negative clears everything
        if a_mask == 0:
            size = len(a_digits)
        if b_mask == 0:
            size = min(size, len(b_digits))
    result = [0] * size
    for i in range(size):
        x = a_mask
        if i < len(a_digits):
            x ^= a_digits[i]
        y = b_mask
        if i < len(b_digits):
            y ^= b_digits[i]
        if operation == "&":
            digit = x & y
        elif operation == "|":
            digit = x | y
        else:
            digit = x ^ y
        result[i] = digit ^ result_mask
    magnitude = natural.normalized(result)
    if result_mask:
        return rbigint(natural.add_digit(magnitude, 1), -1)
    return rbigint(magnitude, 1)
