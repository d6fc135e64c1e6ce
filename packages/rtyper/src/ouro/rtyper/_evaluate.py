"""What the pure operations on numbers compute, as plain Python functions.

The typed-graph interpreter and constant folding share this table.  Operands and results are in the host form
of their type: integers of every width are Python ints within the range of the type, characters are strings of
length 1, floats are floats, booleans are bools.  ``evaluate`` raises OverflowError where the operation does,
and ``Unfoldable`` where the result is undefined (division by zero, shift count out of range).
"""

from __future__ import annotations

import operator
import struct
from typing import Any, Callable

__all__ = ["EVALUATORS", "Unfoldable", "evaluate", "wrap_signed", "wrap_unsigned"]

_MASK = (1 << 64) - 1
_SIGN = 1 << 63


class Unfoldable(Exception):
    """The operation has no defined result for these operands."""


def wrap_signed(value: int) -> int:
    """The value modulo 2**64, as a signed word."""
    if -_SIGN <= value < _SIGN:
        return value
    return ((value + _SIGN) & _MASK) - _SIGN


def wrap_unsigned(value: int) -> int:
    """The value modulo 2**64."""
    return value & _MASK


def _c_div(a: int, b: int) -> int:
    if b == 0:
        raise Unfoldable("division by zero")
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


def _c_mod(a: int, b: int) -> int:
    if b == 0:
        raise Unfoldable("division by zero")
    remainder = abs(a) % abs(b)
    return -remainder if a < 0 else remainder


def _floordiv(a: int, b: int) -> int:
    if b == 0:
        raise Unfoldable("division by zero")
    return a // b


def _mod(a: int, b: int) -> int:
    if b == 0:
        raise Unfoldable("division by zero")
    return a % b


def _lshift(a: int, n: int) -> int:
    if not 0 <= n < 64:
        raise Unfoldable("shift count out of range")
    return a << n


def _rshift(a: int, n: int) -> int:
    if not 0 <= n < 64:
        raise Unfoldable("shift count out of range")
    return a >> n


def _truediv(a: float, b: float) -> float:
    try:
        return a / b
    except ZeroDivisionError:
        if a != a or a == 0.0:
            return float("nan")
        negative = (str(a)[0] == "-") != (str(b)[0] == "-")
        return float("-inf") if negative else float("inf")


def _float_product(a: float, b: float) -> float:
    return a * b


def _float_to_integer(wrap: Callable[[int], int]) -> Callable[[float], int]:
    def convert(value: float) -> int:
        try:
            return wrap(int(value))
        except (ValueError, OverflowError):
            raise Unfoldable("float outside of the integer range") from None

    return convert


def _checked(function: Callable[..., int]) -> Callable[..., int]:
    def run(*args: int) -> int:
        result = function(*args)
        if not -_SIGN <= result < _SIGN:
            raise OverflowError
        return result

    return run


def _wrapped(function: Callable[..., int], wrap: Callable[[int], int]) -> Callable[..., int]:
    def run(*args: int) -> int:
        return wrap(function(*args))

    return run


def _signed_add(a: int, b: int) -> int:
    result = a + b
    if -_SIGN <= result < _SIGN:
        return result
    return ((result + _SIGN) & _MASK) - _SIGN


def _signed_sub(a: int, b: int) -> int:
    result = a - b
    if -_SIGN <= result < _SIGN:
        return result
    return ((result + _SIGN) & _MASK) - _SIGN


def _unsigned_add(a: int, b: int) -> int:
    return (a + b) & _MASK


def _unsigned_sub(a: int, b: int) -> int:
    return (a - b) & _MASK


def _sign_extend(value: int, size: int) -> int:
    bits = size * 8
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def _identity(value: Any) -> Any:
    return value


EVALUATORS: dict[str, Callable[..., Any]] = {}

_BINARY: dict[str, Callable[..., Any]] = {
    "mul": operator.mul, "c_div": _c_div, "c_mod": _c_mod, "floordiv": _floordiv, "mod": _mod,
    "lshift": _lshift,
}
_UNWRAPPED: dict[str, Callable[..., Any]] = {
    "and": operator.and_, "or": operator.or_, "xor": operator.xor, "rshift": _rshift,
    "lt": operator.lt, "le": operator.le, "eq": operator.eq, "ne": operator.ne, "gt": operator.gt,
    "ge": operator.ge, "max": max, "min": min, "is_true": bool,
}
_UNARY: list[tuple[str, Callable[..., Any]]] = [("neg", operator.neg), ("invert", operator.invert), ("abs", abs)]
for _prefix, _wrap in [
    ("int", wrap_signed), ("uint", wrap_unsigned), ("llong", wrap_signed), ("ullong", wrap_unsigned),
]:
    for _name, _function in _BINARY.items():
        EVALUATORS[f"{_prefix}_{_name}"] = _wrapped(_function, _wrap)
    for _name, _function in _UNWRAPPED.items():
        EVALUATORS[f"{_prefix}_{_name}"] = _function
    for _name, _unary in _UNARY:
        EVALUATORS[f"{_prefix}_{_name}"] = _wrapped(_unary, _wrap)
    _signed = _wrap is wrap_signed
    EVALUATORS[f"{_prefix}_add"] = _signed_add if _signed else _unsigned_add
    EVALUATORS[f"{_prefix}_sub"] = _signed_sub if _signed else _unsigned_sub
del EVALUATORS["uint_abs"], EVALUATORS["ullong_abs"]

for _name, _comparison in [
    ("lt", operator.lt), ("le", operator.le), ("eq", operator.eq), ("ne", operator.ne), ("gt", operator.gt),
    ("ge", operator.ge),
]:
    EVALUATORS[f"float_{_name}"] = _comparison
    EVALUATORS[f"char_{_name}"] = _comparison

EVALUATORS.update({
    "int_add_ovf": _checked(operator.add),
    "int_sub_ovf": _checked(operator.sub),
    "int_mul_ovf": _checked(operator.mul),
    "int_neg_ovf": _checked(operator.neg),
    "int_abs_ovf": _checked(abs),
    "int_between": lambda low, value, high: low <= value < high,
    "int_force_ge_zero": lambda value: value if value > 0 else 0,
    "uint_mul_high": lambda a, b: (int(a) * int(b)) >> 64,
    "int_signext": _sign_extend,
    "float_add": operator.add,
    "float_sub": operator.sub,
    "float_mul": _float_product,
    "float_truediv": _truediv,
    "float_neg": operator.neg,
    "float_abs": abs,
    "float_is_true": bool,
    "bool_not": operator.not_,
    "cast_char_to_int": ord,
    "cast_int_to_char": lambda value: chr(value & 255),
    "same_as": _identity,
    "likely": _identity,
    "unlikely": _identity,
    "float_to_bits": lambda value: struct.unpack("<q", struct.pack("<d", value))[0],
    "float_from_bits": lambda bits: struct.unpack("<d", struct.pack("<q", bits))[0],
    "single_to_bits": lambda value: struct.unpack("<I", struct.pack("<f", value))[0],
    "single_from_bits": lambda bits: struct.unpack("<f", struct.pack("<I", bits & 0xFFFFFFFF))[0],
})
for _source in ("bool", "int", "uint", "llong", "ullong"):
    EVALUATORS[f"cast_{_source}_to_float"] = float
    for _result, _wrap in [
        ("int", wrap_signed), ("uint", wrap_unsigned), ("llong", wrap_signed), ("ullong", wrap_unsigned),
    ]:
        if _source != _result:
            EVALUATORS[f"cast_{_source}_to_{_result}"] = _wrapped(int, _wrap)
for _result, _wrap in [
    ("int", wrap_signed), ("uint", wrap_unsigned), ("llong", wrap_signed), ("ullong", wrap_unsigned),
]:
    EVALUATORS[f"cast_float_to_{_result}"] = _float_to_integer(_wrap)


def evaluate(name: str, args: list[Any]) -> Any:
    """Compute a pure operation on numbers.

    Raises KeyError for an operation that is not one, OverflowError where the operation raises it, and
    Unfoldable where the result is undefined.
    """
    return EVALUATORS[name](*args)
