"""Operations on constants, done while compiling.

`fold_binary` and `fold_unary` return the resulting constant, or None where the operation is left to run time:
because it would raise, because its result would be large, or because only the object space knows it (string
formatting).
"""

from ouro.interp_py27.parser import ConstBytes, ConstComplex, ConstFloat, ConstInt, ConstLong, ConstTuple, ConstUnicode
from ouro.rlib import rffi, rfloat, rutf8
from ouro.rlib.rarithmetic import ovfcheck
from ouro.rlib.rbigint import rbigint

from . import _opcodes as op

libm = rffi.library("""
double floor(double);
double fmod(double, double);
double pow(double, double);
""", libraries=["m"])

MAX_SEQUENCE = 20
MAX_BITS = 1 << 16


def fold_unary(opcode, operand):
    """The value of a unary operation, or None."""
    if opcode == op.UNARY_NEGATIVE:
        return _negative(operand)
    if opcode == op.UNARY_INVERT:
        if isinstance(operand, ConstInt):
            return ConstInt(~operand.value)
        if isinstance(operand, ConstLong):
            return ConstLong(operand.value.invert())
        return None
    assert opcode == op.UNARY_CONVERT
    if isinstance(operand, ConstInt):
        return ConstBytes(str(operand.value))
    if isinstance(operand, ConstLong):
        return ConstBytes(operand.value.repr())
    if isinstance(operand, ConstFloat):
        return ConstBytes(rfloat.float_to_string(operand.value))
    return None


def _negative(operand):
    # Zeros are left alone, as a negative zero float differs from a positive one.
    if not operand.is_true():
        return None
    if isinstance(operand, ConstInt):
        try:
            return ConstInt(ovfcheck(-operand.value))
        except OverflowError:
            return ConstLong(rbigint.fromint(operand.value).neg())
    if isinstance(operand, ConstLong):
        return ConstLong(operand.value.neg())
    if isinstance(operand, ConstFloat):
        return ConstFloat(-operand.value)
    if isinstance(operand, ConstComplex):
        return ConstComplex(-operand.real, -operand.imag)
    return None


def fold_binary(opcode, left, right):
    """The value of a binary operation, or None."""
    if _is_integer(left) and _is_integer(right):
        if isinstance(left, ConstInt) and isinstance(right, ConstInt):
            return _fold_ints(opcode, left.value, right.value)
        return _fold_longs(opcode, _as_rbigint(left), _as_rbigint(right))
    if opcode == op.BINARY_SUBSCR:
        return _subscript(left, right)
    if _is_real(left) and _is_real(right):
        try:
            return _fold_floats(opcode, _as_float(left), _as_float(right))
        except OverflowError:
            return None
    if (_is_real(left) or isinstance(left, ConstComplex)) and (_is_real(right) or isinstance(right, ConstComplex)):
        try:
            return _fold_complex(opcode, _as_complex(left), _as_complex(right))
        except OverflowError:
            return None
    if opcode == op.BINARY_ADD:
        return _concatenate(left, right)
    if opcode == op.BINARY_MULTIPLY:
        if isinstance(right, ConstInt):
            return _repeat(left, right.value)
        if isinstance(left, ConstInt):
            return _repeat(right, left.value)
    return None


# Numbers


def _is_integer(constant):
    return isinstance(constant, ConstInt) or isinstance(constant, ConstLong)


def _is_real(constant):
    return _is_integer(constant) or isinstance(constant, ConstFloat)


def _as_rbigint(constant):
    if isinstance(constant, ConstInt):
        return rbigint.fromint(constant.value)
    assert isinstance(constant, ConstLong)
    return constant.value


def _as_float(constant):
    if isinstance(constant, ConstInt):
        return float(constant.value)
    if isinstance(constant, ConstLong):
        return constant.value.tofloat()
    assert isinstance(constant, ConstFloat)
    return constant.value


def _as_complex(constant):
    if isinstance(constant, ConstComplex):
        return constant
    return ConstComplex(_as_float(constant), 0.0)


def _fold_ints(opcode, a, b):
    """Machine integers; a result that does not fit one is a long."""
    try:
        if opcode == op.BINARY_ADD:
            return ConstInt(ovfcheck(a + b))
        if opcode == op.BINARY_SUBTRACT:
            return ConstInt(ovfcheck(a - b))
        if opcode == op.BINARY_MULTIPLY:
            return ConstInt(ovfcheck(a * b))
    except OverflowError:
        pass
    if opcode == op.BINARY_AND:
        return ConstInt(a & b)
    if opcode == op.BINARY_OR:
        return ConstInt(a | b)
    if opcode == op.BINARY_XOR:
        return ConstInt(a ^ b)
    if opcode == op.BINARY_RSHIFT:
        if b < 0:
            return None
        return ConstInt(a >> (b if b < 63 else 63))
    if opcode == op.BINARY_POWER and b < 0:
        return _float_power(float(a), float(b))
    result = _fold_longs(opcode, rbigint.fromint(a), rbigint.fromint(b))
    if isinstance(result, ConstLong):
        try:
            return ConstInt(result.value.toint())
        except OverflowError:
            pass
    return result


def _fold_longs(opcode, a, b):
    if opcode == op.BINARY_ADD:
        return ConstLong(a.add(b))
    if opcode == op.BINARY_SUBTRACT:
        return ConstLong(a.sub(b))
    if opcode == op.BINARY_MULTIPLY:
        return ConstLong(a.mul(b))
    if opcode == op.BINARY_AND:
        return ConstLong(a.and_(b))
    if opcode == op.BINARY_OR:
        return ConstLong(a.or_(b))
    if opcode == op.BINARY_XOR:
        return ConstLong(a.xor(b))
    if opcode == op.BINARY_FLOOR_DIVIDE or opcode == op.BINARY_MODULO or opcode == op.BINARY_TRUE_DIVIDE:
        return _divide_longs(opcode, a, b)
    return _shift_or_power(opcode, a, b)


def _divide_longs(opcode, a, b):
    if not b.tobool():
        return None
    if opcode == op.BINARY_FLOOR_DIVIDE:
        return ConstLong(a.floordiv(b))
    if opcode == op.BINARY_MODULO:
        return ConstLong(a.mod(b))
    try:
        return ConstFloat(a.truediv(b))
    except OverflowError:
        return None


def _shift_or_power(opcode, a, b):
    try:
        count = b.toint()
    except OverflowError:
        return None
    if count < 0:
        if opcode != op.BINARY_POWER:
            return None
        try:
            return _float_power(a.tofloat(), b.tofloat())
        except OverflowError:
            return None
    if opcode == op.BINARY_RSHIFT:
        return ConstLong(a.rshift(count))
    if opcode == op.BINARY_LSHIFT:
        if count > MAX_BITS:
            return None
        return ConstLong(a.lshift(count))
    if opcode == op.BINARY_POWER:
        if count > MAX_BITS or a.bit_length() * count > MAX_BITS:
            return None
        return ConstLong(a.pow(b))
    return None


def _fold_floats(opcode, a, b):
    if opcode == op.BINARY_ADD:
        return ConstFloat(a + b)
    if opcode == op.BINARY_SUBTRACT:
        return ConstFloat(a - b)
    if opcode == op.BINARY_MULTIPLY:
        return ConstFloat(a * b)
    if opcode == op.BINARY_POWER:
        return _float_power(a, b)
    if b == 0.0:
        return None
    if opcode == op.BINARY_TRUE_DIVIDE:
        return ConstFloat(a / b)
    if opcode == op.BINARY_MODULO:
        return ConstFloat(_float_modulo(a, b))
    if opcode == op.BINARY_FLOOR_DIVIDE:
        return ConstFloat(_float_floor_divide(a, b))
    return None


def _float_power(a, b):
    """Left to run time where it would raise."""
    if not rfloat.isfinite(a) or not rfloat.isfinite(b):
        return ConstFloat(libm.pow(a, b))
    if (a == 0.0 and b < 0.0) or (a < 0.0 and b != libm.floor(b)):
        return None
    result = libm.pow(a, b)
    if not rfloat.isfinite(result):
        return None
    return ConstFloat(result)


def _float_modulo(a, b):
    """The remainder with the sign of the divisor, that of a zero included."""
    remainder = libm.fmod(a, b)
    if remainder == 0.0:
        return rfloat.copysign(0.0, b)
    if (b < 0.0) != (remainder < 0.0):
        remainder += b
    return remainder


def _float_floor_divide(a, b):
    """The quotient rounded down, made from the remainder so that the two fit each other."""
    quotient = (a - _float_modulo(a, b)) / b
    if quotient == 0.0:
        return quotient * quotient * a / b
    rounded = libm.floor(quotient)
    if quotient - rounded > 0.5:
        rounded += 1.0
    return rounded


def _fold_complex(opcode, a, b):
    if opcode == op.BINARY_ADD:
        return ConstComplex(a.real + b.real, a.imag + b.imag)
    if opcode == op.BINARY_SUBTRACT:
        return ConstComplex(a.real - b.real, a.imag - b.imag)
    if opcode == op.BINARY_MULTIPLY:
        return ConstComplex(a.real * b.real - a.imag * b.imag, a.real * b.imag + a.imag * b.real)
    return None


# Sequences


def _length(constant):
    """The length of a sequence, -1 for anything else."""
    if isinstance(constant, ConstBytes):
        return len(constant.value)
    if isinstance(constant, ConstUnicode):
        return rutf8.codepoints_in_utf8(constant.value)
    if isinstance(constant, ConstTuple):
        return len(constant.items)
    return -1


def _concatenate(left, right):
    if _length(left) < 0 or _length(right) < 0 or _length(left) + _length(right) > MAX_SEQUENCE:
        return None
    if isinstance(left, ConstTuple) or isinstance(right, ConstTuple):
        if isinstance(left, ConstTuple) and isinstance(right, ConstTuple):
            return ConstTuple(left.items + right.items)
        return None
    if isinstance(left, ConstBytes) and isinstance(right, ConstBytes):
        return ConstBytes(left.value + right.value)
    first = _ascii_or_utf8(left)
    second = _ascii_or_utf8(right)
    if first is None or second is None:
        return None
    return ConstUnicode(first + second)


def _ascii_or_utf8(constant):
    if isinstance(constant, ConstUnicode):
        return constant.value
    assert isinstance(constant, ConstBytes)
    if rutf8.first_non_ascii_char(constant.value) >= 0:
        return None
    return constant.value


def _repeat(constant, count):
    length = _length(constant)
    if length < 0:
        return None
    if count < 0:
        count = 0
    if count > MAX_SEQUENCE or length * count > MAX_SEQUENCE:
        return None
    if isinstance(constant, ConstBytes):
        return ConstBytes(constant.value * count)
    if isinstance(constant, ConstUnicode):
        return ConstUnicode(constant.value * count)
    assert isinstance(constant, ConstTuple)
    return ConstTuple(constant.items * count)


def _subscript(sequence, index):
    if not isinstance(index, ConstInt):
        return None
    length = _length(sequence)
    position = index.value
    if position < 0:
        position += length
    if position < 0 or position >= length:
        return None
    if isinstance(sequence, ConstBytes):
        return ConstBytes(sequence.value[position])
    if isinstance(sequence, ConstTuple):
        return sequence.items[position]
    # What a unicode object has at an index depends on the build of CPython that made or runs a .pyc.
    return None
