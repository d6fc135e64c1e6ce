"""Numbers: what operations on them become. Small integers stand in words, extended as their type says.

Unsigned and long types have no instructions of their own where the bits of the result are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ouro.flowspace import Operation
from ouro.jitcore.jitcode.building import ConstantOperand
from ouro.lltype import Bool, Char, Float, Primitive, SingleFloat, resolve

if TYPE_CHECKING:
    from ouro.jitcore.codewriter.lowered import Operand
    from ouro.jitcore.codewriter.lowering import Lowering

Rule = Callable[["Lowering", Operation], Any]

NUMBER_RULES: dict[str, Rule] = {}


def _instruction(name: str, kind: str = "i") -> Rule:
    """The operation is one instruction with the same operands."""

    def rule(lowering: Lowering, operation: Operation) -> Any:
        return lowering.emit(name, *[lowering.operand(argument) for argument in operation.args], kind=kind)

    return rule


def same(lowering: Lowering, operation: Operation) -> Operand:
    """The result is the first operand."""
    return lowering.operand(operation.args[0])


_COMPARISONS = ("lt", "le", "eq", "ne", "gt", "ge")

for _prefix in ("int", "uint", "llong", "ullong"):
    _signed = _prefix in ("int", "llong")
    for _name in ("add", "sub", "mul", "and", "or", "xor", "lshift", "neg", "invert", "is_true"):
        NUMBER_RULES[f"{_prefix}_{_name}"] = _instruction(f"int_{_name}")
    NUMBER_RULES[f"{_prefix}_rshift"] = _instruction("int_rshift" if _signed else "uint_rshift")
    for _name in _COMPARISONS:
        _unsigned = not _signed and _name not in ("eq", "ne")
        NUMBER_RULES[f"{_prefix}_{_name}"] = _instruction(("uint_" if _unsigned else "int_") + _name)
    if _signed:
        NUMBER_RULES[f"{_prefix}_floordiv"] = _instruction("int_floordiv")
        NUMBER_RULES[f"{_prefix}_mod"] = _instruction("int_mod")
for _name in _COMPARISONS:
    NUMBER_RULES[f"char_{_name}"] = _instruction(f"int_{_name}")
    NUMBER_RULES[f"float_{_name}"] = _instruction(f"float_{_name}")
for _name in ("int_between", "int_force_ge_zero", "uint_mul_high", "int_signext"):
    NUMBER_RULES[_name] = _instruction(_name)
for _name in ("add", "sub", "mul", "truediv", "neg", "abs"):
    NUMBER_RULES[f"float_{_name}"] = _instruction(f"float_{_name}", "f")
NUMBER_RULES["bool_not"] = _instruction("int_is_zero")
NUMBER_RULES["float_to_bits"] = _instruction("convert_float_bytes_to_longlong")
NUMBER_RULES["float_from_bits"] = _instruction("convert_longlong_bytes_to_float", "f")
for _name in ("likely", "unlikely", "same_as", "single_to_bits", "single_from_bits"):
    NUMBER_RULES[_name] = same


def _rule(name: str) -> Callable[[Rule], Rule]:
    def register(rule: Rule) -> Rule:
        for one in name.split():
            NUMBER_RULES[one] = rule
        return rule

    return register


@_rule("float_is_true")
def _float_is_true(lowering: Lowering, operation: Operation) -> Any:
    return lowering.emit("float_ne", lowering.operand(operation.args[0]), ConstantOperand("f", 0.0), kind="i")


# ---- division rounded towards zero: from the floored one


@_rule("int_c_div llong_c_div")
def _c_div(lowering: Lowering, operation: Operation) -> Any:
    quotient, correction = _floored(lowering, operation, "int_floordiv")
    return lowering.emit("int_add", quotient, correction, kind="i")


@_rule("int_c_mod llong_c_mod")
def _c_mod(lowering: Lowering, operation: Operation) -> Any:
    remainder, correction = _floored(lowering, operation, "int_mod")
    divisor = lowering.operand(operation.args[1])
    return lowering.emit("int_sub", remainder, lowering.emit("int_mul", correction, divisor, kind="i"), kind="i")


def _floored(lowering: Lowering, operation: Operation, name: str) -> tuple[Any, Any]:
    """The floored result, and 1 where the quotient must be one larger to be rounded towards zero."""
    first, second = (lowering.operand(argument) for argument in operation.args)
    remainder = lowering.emit("int_mod", first, second, kind="i")
    result = remainder if name == "int_mod" else lowering.emit(name, first, second, kind="i")
    signs = lowering.emit("int_xor", first, second, kind="i")
    differ = lowering.emit("int_lt", signs, lowering.integer(0), kind="i")
    inexact = lowering.emit("int_is_true", remainder, kind="i")
    return result, lowering.emit("int_and", differ, inexact, kind="i")


# ---- choices without a jump


def _choice(comparison: str) -> Rule:
    """The second operand where the comparison holds, else the first: first + (second - first) * holds."""

    def rule(lowering: Lowering, operation: Operation) -> Any:
        first, second = (lowering.operand(argument) for argument in operation.args)
        holds = lowering.emit(comparison, first, second, kind="i")
        difference = lowering.emit("int_sub", second, first, kind="i")
        chosen = lowering.emit("int_mul", difference, holds, kind="i")
        return lowering.emit("int_add", first, chosen, kind="i")

    return rule


for _prefix in ("int", "llong"):
    NUMBER_RULES[f"{_prefix}_max"], NUMBER_RULES[f"{_prefix}_min"] = _choice("int_lt"), _choice("int_gt")
for _prefix in ("uint", "ullong"):
    NUMBER_RULES[f"{_prefix}_max"], NUMBER_RULES[f"{_prefix}_min"] = _choice("uint_lt"), _choice("uint_gt")


def _sign_and_flipped(lowering: Lowering, operation: Operation) -> tuple[Any, Any]:
    """-1 for a negative operand, else 0; and the operand with all bits flipped if it is negative."""
    operand = lowering.operand(operation.args[0])
    sign = lowering.emit("int_rshift", operand, lowering.integer(63), kind="i")
    return sign, lowering.emit("int_xor", operand, sign, kind="i")


@_rule("int_abs llong_abs")
def _abs(lowering: Lowering, operation: Operation) -> Any:
    sign, flipped = _sign_and_flipped(lowering, operation)
    return lowering.emit("int_sub", flipped, sign, kind="i")


# ---- overflow


def _jump_if_overflow(lowering: Lowering, name: str, first: Operand, second: Operand) -> Any:
    result = lowering.emit(f"{name}_jump_if_overflow", first, second, kind="i")
    lowering.block.steps[-1].overflow = lowering.overflow_out()
    return result


def _overflowing(name: str) -> Rule:
    def rule(lowering: Lowering, operation: Operation) -> Any:
        first, second = (lowering.operand(argument) for argument in operation.args)
        return _jump_if_overflow(lowering, name, first, second)

    return rule


for _name in ("int_add", "int_sub", "int_mul"):
    NUMBER_RULES[f"{_name}_ovf"] = _overflowing(_name)


@_rule("int_neg_ovf")
def _neg_ovf(lowering: Lowering, operation: Operation) -> Any:
    return _jump_if_overflow(lowering, "int_sub", lowering.integer(0), lowering.operand(operation.args[0]))


@_rule("int_abs_ovf")
def _abs_ovf(lowering: Lowering, operation: Operation) -> Any:
    sign, flipped = _sign_and_flipped(lowering, operation)
    return _jump_if_overflow(lowering, "int_sub", flipped, sign)


# ---- conversions


def convert(lowering: Lowering, value: Operand, SOURCE: Any, TARGET: Any) -> Any:
    """A primitive value converted as C does; None where that takes a call."""
    SOURCE, TARGET = resolve(SOURCE), resolve(TARGET)
    if SOURCE is TARGET:
        return value
    if SingleFloat in (SOURCE, TARGET):
        return None
    if SOURCE is Float:
        if not _is_signed(TARGET) and TARGET is not Bool:
            return None if TARGET.bits == 64 else _narrow(
                lowering, lowering.emit("cast_float_to_int", value, kind="i"), TARGET)
        if TARGET is Bool:
            return lowering.emit("float_ne", value, ConstantOperand("f", 0.0), kind="i")
        return _narrow(lowering, lowering.emit("cast_float_to_int", value, kind="i"), TARGET)
    if TARGET is Float:
        if SOURCE.bits == 64 and not _is_signed(SOURCE):
            return None
        return lowering.emit("cast_int_to_float", value, kind="f")
    if TARGET is Bool:
        return lowering.emit("int_is_true", value, kind="i")
    fits = SOURCE.bits < TARGET.bits and (not _is_signed(SOURCE) or _is_signed(TARGET))
    return value if fits or SOURCE is Bool else _narrow(lowering, value, TARGET)


def _narrow(lowering: Lowering, value: Operand, TARGET: Primitive) -> Any:
    """A word as a value of an integer type: its low bits, extended."""
    if TARGET.bits == 64:
        return value
    if _is_signed(TARGET):
        return lowering.emit("int_signext", value, lowering.integer(TARGET.bits // 8), kind="i")
    return lowering.emit("int_and", value, lowering.integer((1 << TARGET.bits) - 1), kind="i")


def _is_signed(TYPE: Any) -> bool:
    return bool(getattr(TYPE, "signed", False)) and TYPE not in (Bool, Char)


def cast(lowering: Lowering, operation: Operation) -> Any:
    """A conversion between primitive types; those that take more than instructions are done by a function."""
    SOURCE, TARGET = operation.args[0].concretetype, operation.result.concretetype
    result = convert(lowering, lowering.operand(operation.args[0]), SOURCE, TARGET)
    return lowering.writer.call_operation(lowering, operation) if result is None else result


for _source, _target in [
    ("bool", "int"), ("bool", "uint"), ("bool", "llong"), ("bool", "ullong"), ("bool", "float"), ("char", "int"),
    ("int", "char"), ("int", "uint"), ("uint", "int"), ("int", "llong"), ("int", "ullong"), ("uint", "llong"),
    ("uint", "ullong"), ("llong", "int"), ("llong", "uint"), ("llong", "ullong"), ("ullong", "int"),
    ("ullong", "uint"), ("ullong", "llong"), ("int", "float"), ("uint", "float"), ("llong", "float"),
    ("ullong", "float"), ("float", "int"), ("float", "uint"), ("float", "llong"), ("float", "ullong"),
]:
    NUMBER_RULES[f"cast_{_source}_to_{_target}"] = cast
NUMBER_RULES["cast_primitive"] = cast
