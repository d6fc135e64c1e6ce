"""Numbers, truth values and None: representations, conversions and arithmetic."""

from __future__ import annotations

from typing import Any

from ouro.annotator import annotations as a
from ouro.lltype import (
    Bool,
    Char,
    Float,
    Primitive,
    Signed,
    SignedLongLong,
    SingleFloat,
    Unsigned,
    UnsignedLongLong,
    typeOf,
)
from ouro.rtyper import _number_helpers as helpers
from ouro.rtyper._context import OperationContext
from ouro.rtyper._externals import MATH
from ouro.rtyper._representation import (
    ImpossibleRepresentation,
    NoneRepresentation,
    Representation,
    VoidRepresentation,
    conversion,
    representation_for,
    rule,
)

__all__ = [
    "BoolRepresentation",
    "FloatRepresentation",
    "IntegerRepresentation",
    "NumberRepresentation",
    "SingleFloatRepresentation",
    "convert_integer",
    "prefix_of",
]


class NumberRepresentation(Representation):
    """Numbers are held as themselves."""

    def __init__(self, typer: Any, TYPE: Primitive) -> None:
        super().__init__(typer)
        self.lowleveltype = TYPE

    def equality(self) -> Any:
        return None

    def constant(self, value: Any) -> Any:
        return self.lowleveltype.check(value)


class IntegerRepresentation(NumberRepresentation):
    """An integer of one width."""

    def __init__(self, typer: Any, TYPE: Primitive, nonneg: bool = False) -> None:
        super().__init__(typer, TYPE)
        self.nonneg = nonneg

    def constant(self, value: Any) -> Any:
        TYPE: Any = self.lowleveltype
        if isinstance(value, bool):
            value = int(value)
        return TYPE.check(value if typeOf(value) is TYPE else int(value))

    def hashing(self) -> Any:
        return helpers.hash_signed if self.lowleveltype is Signed else helpers.hash_integer


class BoolRepresentation(IntegerRepresentation):
    """A truth value."""

    def constant(self, value: Any) -> Any:
        return bool(value)

    def hashing(self) -> Any:
        return helpers.hash_bool


class FloatRepresentation(NumberRepresentation):
    """A double."""

    def constant(self, value: Any) -> Any:
        return float(value)

    def hashing(self) -> Any:
        return helpers.hash_float


class SingleFloatRepresentation(NumberRepresentation):
    """A C float; only stored and converted."""


@representation_for(a.Integer)
def _integer(typer: Any, annotation: Any) -> Any:
    kind = annotation.kind
    if kind is int:
        nonneg = annotation.nonneg
        return ("int", int, nonneg), lambda: IntegerRepresentation(typer, Signed, nonneg)
    if kind is bool:
        return "bool", lambda: BoolRepresentation(typer, Bool)
    return ("int", kind), lambda: IntegerRepresentation(typer, typeOf(kind(0)))  # type: ignore[arg-type]


@representation_for(a.Bool)
def _bool(typer: Any, annotation: Any) -> Any:
    return "bool", lambda: BoolRepresentation(typer, Bool)


@representation_for(a.Float)
def _float(typer: Any, annotation: Any) -> Any:
    return "float", lambda: FloatRepresentation(typer, Float)


@representation_for(a.SingleFloat)
def _single_float(typer: Any, annotation: Any) -> Any:
    return "single float", lambda: SingleFloatRepresentation(typer, SingleFloat)


@representation_for(a.NoneValue)
def _none(typer: Any, annotation: Any) -> Any:
    return "None", lambda: NoneRepresentation(typer)


@representation_for(a.Impossible)
def _impossible(typer: Any, annotation: Any) -> Any:
    return "impossible", lambda: ImpossibleRepresentation(typer)


# ---- conversions

_PREFIXES = {
    Signed: "int", Unsigned: "uint", SignedLongLong: "llong", UnsignedLongLong: "ullong", Bool: "bool",
    Char: "char", Float: "float",
}  # fmt: skip


def prefix_of(TYPE: Any) -> str:
    """The prefix of the operations on a type; small integers have none of their own."""
    return _PREFIXES[TYPE]


def convert_integer(context: Any, value: Any, TYPE: Any) -> Any:
    """Convert between numbers as C does."""
    source = value.concretetype
    if source is TYPE:
        return value
    before, after = _PREFIXES.get(source), _PREFIXES.get(TYPE)
    if after == "bool":
        if before is None:
            value = context.emit("cast_primitive", [value], Signed)
            before = "int"
        return context.fold(f"{before}_is_true", [value], Bool)
    if before is None or after is None or (before == "char" and after != "int"):
        return context.emit("cast_primitive", [value], TYPE)
    return context.fold(f"cast_{before}_to_{after}", [value], TYPE)


@conversion(NumberRepresentation, NumberRepresentation)
def _between_numbers(context: Any, value: Any, source: Any, target: Any) -> Any:
    if target.lowleveltype is Bool and source.lowleveltype is not Bool:
        return None
    return convert_integer(context, value, target.lowleveltype)


# ---- arithmetic

_NAMES = {
    "add": "add", "sub": "sub", "mul": "mul", "and_": "and", "or_": "or", "xor": "xor", "lshift": "lshift",
    "rshift": "rshift",
}  # fmt: skip


def _operation_type(context: OperationContext) -> Any:
    """The type that an integer operation computes in."""
    TYPE: Any = context.result.lowleveltype
    if TYPE in _PREFIXES and TYPE is not Bool and TYPE is not Float:
        return TYPE
    return Signed


def _plain_name(opname: str) -> str:
    if opname.startswith("inplace_"):
        opname = opname[8:]
        return opname + "_" if opname in ("and", "or") else opname
    return opname


def _as_result(context: OperationContext, value: Any) -> Any:
    return convert_integer(context, value, context.result.lowleveltype)


@rule("add sub mul and_ or_ xor inplace_add inplace_sub inplace_mul inplace_and inplace_or inplace_xor",
      IntegerRepresentation, IntegerRepresentation)  # fmt: skip
def _integer_arithmetic(context: OperationContext) -> Any:
    name = _NAMES[_plain_name(context.opname)]
    if context.result.lowleveltype is Bool and name in ("and", "or", "xor"):
        as_int = [convert_integer(context, context.arg_type(index, Bool), Signed) for index in (0, 1)]
        return convert_integer(context, context.fold(f"int_{name}", as_int, Signed), Bool)
    TYPE = _operation_type(context)
    left, right = context.arg_type(0, TYPE), context.arg_type(1, TYPE)
    return _as_result(context, context.fold(f"{_PREFIXES[TYPE]}_{name}", [left, right], TYPE))


@rule("lshift rshift inplace_lshift inplace_rshift", IntegerRepresentation, IntegerRepresentation)
def _shift(context: OperationContext) -> Any:
    name = _plain_name(context.opname)
    TYPE = _operation_type(context)
    left, right = context.arg_type(0, TYPE), context.arg_type(1, Signed)
    return _as_result(context, context.fold(f"{_PREFIXES[TYPE]}_{name}", [left, right], TYPE))


@rule("floordiv mod inplace_floordiv inplace_mod", IntegerRepresentation, IntegerRepresentation)
def _division(context: OperationContext) -> Any:
    name = _plain_name(context.opname)
    TYPE = _operation_type(context)
    left, right = context.arg_type(0, TYPE), context.arg_type(1, TYPE)
    prefix = _PREFIXES[TYPE]
    if context.expects(ZeroDivisionError) and not _known_nonzero(context, 1):
        function = helpers.CHECKED_DIVISIONS[name]
        return _as_result(context, context.helper(function, [left, right], TYPE))
    if _known_nonnegative(context, 0) and _known_nonnegative(context, 1):
        name = {"floordiv": "c_div", "mod": "c_mod"}[name]
    return _as_result(context, context.fold(f"{prefix}_{name}", [left, right], TYPE))


def _known_nonzero(context: OperationContext, index: int) -> bool:
    return context.is_constant(index) and context.host(index) != 0


def _known_nonnegative(context: OperationContext, index: int) -> bool:
    annotation = context.annotation(index)
    if context.is_constant(index):
        return bool(context.host(index) >= 0)
    return isinstance(annotation, a.Integer) and (annotation.nonneg or annotation.kind is not int)


@rule("truediv inplace_truediv", NumberRepresentation, NumberRepresentation)
def _true_division(context: OperationContext) -> Any:
    left, right = context.arg_type(0, Float), context.arg_type(1, Float)
    if context.expects(ZeroDivisionError) and not _known_nonzero(context, 1):
        return context.helper(helpers.float_truediv_checked, [left, right], Float)
    return context.fold("float_truediv", [left, right], Float)


@rule("add sub mul inplace_add inplace_sub inplace_mul", NumberRepresentation, NumberRepresentation)
def _float_arithmetic(context: OperationContext) -> Any:
    name = _plain_name(context.opname)
    return context.fold(f"float_{name}", [context.arg_type(0, Float), context.arg_type(1, Float)], Float)


@rule("floordiv mod inplace_floordiv inplace_mod", NumberRepresentation, NumberRepresentation)
def _float_division(context: OperationContext) -> Any:
    name = _plain_name(context.opname)
    args = [context.arg_type(0, Float), context.arg_type(1, Float)]
    checked = context.expects(ZeroDivisionError)
    return context.helper(helpers.FLOAT_DIVISIONS[name, checked], args, Float)


@rule("pow inplace_pow", IntegerRepresentation, IntegerRepresentation)
def _integer_power(context: OperationContext) -> Any:
    args = [context.arg_type(0, Signed), context.arg_type(1, Signed)]
    return _as_result(context, context.helper(helpers.integer_power, args, Signed))


@rule("pow inplace_pow", NumberRepresentation, NumberRepresentation)
def _float_power(context: OperationContext) -> Any:
    args = [context.arg_type(0, Float), context.arg_type(1, Float)]
    return context.emit("direct_call", [context.constant(MATH["pow"], MATH["pow"]._T), *args], Float)


@rule("add_ovf sub_ovf mul_ovf", IntegerRepresentation, IntegerRepresentation)
def _overflow(context: OperationContext) -> Any:
    # Also where nothing in this function catches it: the exception goes on to the callers.
    args = [context.arg_type(0, Signed), context.arg_type(1, Signed)]
    return context.emit("int_" + context.opname, args, Signed)


@rule("lshift_ovf floordiv_ovf mod_ovf", IntegerRepresentation, IntegerRepresentation)
def _overflow_by_helper(context: OperationContext) -> Any:
    args = [context.arg_type(0, Signed), context.arg_type(1, Signed)]
    function = helpers.OVERFLOW_HELPERS[context.opname, context.expects(ZeroDivisionError)]
    return context.helper(function, args, Signed)


@rule("neg_ovf abs_ovf", IntegerRepresentation)
def _unary_overflow(context: OperationContext) -> Any:
    return context.emit("int_" + context.opname, [context.arg_type(0, Signed)], Signed)


@rule("neg invert", IntegerRepresentation)
def _integer_unary(context: OperationContext) -> Any:
    TYPE = _operation_type(context)
    value = context.arg_type(0, TYPE)
    return _as_result(context, context.fold(f"{_PREFIXES[TYPE]}_{context.opname}", [value], TYPE))


@rule("neg", FloatRepresentation)
def _float_negation(context: OperationContext) -> Any:
    return context.fold("float_neg", [context.arg(0)], Float)


@rule("pos", NumberRepresentation)
def _plus(context: OperationContext) -> Any:
    return context.arg(0, context.result)


@rule("bool", NumberRepresentation)
def _number_truth(context: OperationContext) -> Any:
    return convert_integer(context, context.arg(0), Bool)


@rule("bool", VoidRepresentation)
def _constant_truth(context: OperationContext) -> Any:
    if not context.is_constant(0):
        return context.constant(not isinstance(context.representation(0), NoneRepresentation), Bool)
    return context.constant(bool(context.host(0)), Bool)


@rule("not_", Representation)
def _not(context: OperationContext) -> Any:
    from_truth = truth(context, 0)
    return context.fold("bool_not", [from_truth], Bool)


def truth(context: OperationContext, index: int) -> Any:
    """Emit the truth of an operand, whatever it is."""
    return context.apply("bool", context.operands[index])


def _common_type(context: OperationContext) -> Any:
    """The type in which two numbers are compared."""
    types = [context.representation(index).lowleveltype for index in (0, 1)]
    if Float in types or SingleFloat in types:
        return Float
    left, right = types
    if left is right and left in _PREFIXES and left is not Bool:
        return left
    best: Any = Signed
    for TYPE in types:
        if TYPE.bits >= best.bits and TYPE is not Bool and TYPE in _PREFIXES and TYPE is not Signed:
            best = TYPE
    for index, TYPE in enumerate(types):
        if TYPE is not best and context.is_constant(index):
            continue
    return best


@rule("lt le eq ne gt ge", NumberRepresentation, NumberRepresentation)
def _comparison(context: OperationContext) -> Any:
    TYPE = _common_type(context)
    args = [context.arg_type(0, TYPE), context.arg_type(1, TYPE)]
    return context.fold(f"{_PREFIXES[TYPE]}_{context.opname}", args, Bool)


@rule("is_", BoolRepresentation, BoolRepresentation)
def _is_bool(context: OperationContext) -> Any:
    args = [context.arg_type(0, Signed), context.arg_type(1, Signed)]
    return context.fold("int_eq", args, Bool)


@rule("is_ eq", NoneRepresentation, NoneRepresentation)
def _none_is_none(context: OperationContext) -> Any:
    return context.constant(True, Bool)


@rule("ne", NoneRepresentation, NoneRepresentation)
def _none_is_not_none(context: OperationContext) -> Any:
    return context.constant(False, Bool)


@rule("same_as", Representation)
def _same(context: OperationContext) -> Any:
    return context.arg(0, context.result)
