"""The operations that only compute, at 64 bits: opcode to a function of Python numbers."""

from __future__ import annotations

import math
import struct

from ouro.jitcore import operations as ops
from ouro.jitcore.model.errors import ModelError

BITS = 64
MASK = (1 << BITS) - 1
LOWEST = -(1 << (BITS - 1))
HIGHEST = (1 << (BITS - 1)) - 1


def wrap(value: int) -> int:
    """The machine word with the low bits of a number."""
    value &= MASK
    return value - (1 << BITS) if value > HIGHEST else value


def unsigned(value: int) -> int:
    """The same bits as an unsigned number."""
    return value & MASK


def _shift(count: int) -> int:
    if not 0 <= count < BITS:
        raise ModelError(f"shift by {count}")
    return count


def _signext(value: int, size: int) -> int:
    if size not in (1, 2, 4):
        raise ModelError(f"sign extension of {size} bytes")
    half = 1 << (8 * size - 1)
    return ((value + half) & (2 * half - 1)) - half


def _check_division(dividend: int, divisor: int) -> None:
    if divisor == 0:
        raise ModelError("integer division by zero")
    if dividend == LOWEST and divisor == -1:
        raise ModelError("integer division overflows")


def _floordiv(dividend: int, divisor: int) -> int:
    _check_division(dividend, divisor)
    return dividend // divisor


def _mod(dividend: int, divisor: int) -> int:
    _check_division(dividend, divisor)
    return dividend % divisor


def _truediv(dividend: float, divisor: float) -> float:
    if divisor:
        return dividend / divisor
    if dividend == 0 or math.isnan(dividend):
        return math.nan if not math.isnan(dividend) else dividend
    return math.copysign(math.inf, dividend) * math.copysign(1.0, divisor)


def _to_int(value: float) -> int:
    if not -(2.0**63) <= value < 2.0**63:
        raise ModelError(f"{value!r} is no machine word")
    return int(value)


def bits_of(value: float) -> int:
    """The bits of a double as a machine word."""
    return struct.unpack("<q", struct.pack("<d", value))[0]


def from_bits(bits: int) -> float:
    """The double with the bits of a machine word."""
    return struct.unpack("<d", struct.pack("<q", bits))[0]


#: Opcode to what it computes from its operands.
COMPUTE = {
    ops.INT_ADD: lambda a, b: wrap(a + b),
    ops.INT_SUB: lambda a, b: wrap(a - b),
    ops.INT_MUL: lambda a, b: wrap(a * b),
    ops.INT_AND: lambda a, b: a & b,
    ops.INT_OR: lambda a, b: a | b,
    ops.INT_XOR: lambda a, b: a ^ b,
    ops.INT_LSHIFT: lambda a, b: wrap(a << _shift(b)),
    ops.INT_RSHIFT: lambda a, b: a >> _shift(b),
    ops.UINT_RSHIFT: lambda a, b: wrap(unsigned(a) >> _shift(b)),
    ops.INT_NEG: lambda a: wrap(-a),
    ops.INT_INVERT: lambda a: ~a,
    ops.INT_SIGNEXT: _signext,
    ops.INT_IS_TRUE: lambda a: a != 0,
    ops.INT_IS_ZERO: lambda a: a == 0,
    ops.INT_LT: lambda a, b: a < b,
    ops.INT_LE: lambda a, b: a <= b,
    ops.INT_EQ: lambda a, b: a == b,
    ops.INT_NE: lambda a, b: a != b,
    ops.INT_GT: lambda a, b: a > b,
    ops.INT_GE: lambda a, b: a >= b,
    ops.UINT_LT: lambda a, b: unsigned(a) < unsigned(b),
    ops.UINT_LE: lambda a, b: unsigned(a) <= unsigned(b),
    ops.UINT_GT: lambda a, b: unsigned(a) > unsigned(b),
    ops.UINT_GE: lambda a, b: unsigned(a) >= unsigned(b),
    ops.UINT_MUL_HIGH: lambda a, b: wrap(unsigned(a) * unsigned(b) >> BITS),
    ops.INT_FLOORDIV: _floordiv,
    ops.INT_MOD: _mod,
    ops.INT_FORCE_GE_ZERO: lambda a: max(a, 0),
    ops.INT_BETWEEN: lambda a, b, c: a <= b < c,
    ops.FLOAT_ADD: lambda a, b: a + b,
    ops.FLOAT_SUB: lambda a, b: a - b,
    ops.FLOAT_MUL: lambda a, b: a * b,
    ops.FLOAT_TRUEDIV: _truediv,
    ops.FLOAT_NEG: lambda a: from_bits(wrap(bits_of(a) ^ (1 << 63))),
    ops.FLOAT_ABS: lambda a: from_bits(bits_of(a) & HIGHEST),
    ops.FLOAT_LT: lambda a, b: a < b,
    ops.FLOAT_LE: lambda a, b: a <= b,
    ops.FLOAT_EQ: lambda a, b: a == b,
    ops.FLOAT_NE: lambda a, b: a != b,
    ops.FLOAT_GT: lambda a, b: a > b,
    ops.FLOAT_GE: lambda a, b: a >= b,
    ops.CAST_FLOAT_TO_INT: _to_int,
    ops.CAST_INT_TO_FLOAT: float,
    ops.CONVERT_FLOAT_BYTES_TO_LONGLONG: bits_of,
    ops.CONVERT_LONGLONG_BYTES_TO_FLOAT: from_bits,
}

#: Opcode to the exact result, whose low bits are the value and which overflows where it is no machine word.
OVERFLOWING = {
    ops.INT_ADD_OVF: lambda a, b: a + b,
    ops.INT_SUB_OVF: lambda a, b: a - b,
    ops.INT_MUL_OVF: lambda a, b: a * b,
}
