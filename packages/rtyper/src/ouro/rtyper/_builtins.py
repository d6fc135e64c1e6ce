"""Python's own functions."""

from __future__ import annotations

import math
import os
import weakref
from typing import Any

from ouro.annotator import annotations as a
from ouro.annotator import implied
from ouro.annotator._exceptions import HOST_INITIALISERS
from ouro.annotator.substitutes import standard_stream
from ouro.flowspace import Constant
from ouro.lltype import Bool, Char, Float, Ptr, Signed, Unsigned, Void
from ouro.rtyper import _builtin_helpers as helpers
from ouro.rtyper import _list_helpers as list_helpers
from ouro.rtyper import _string_helpers as strings
from ouro.rtyper._context import OperationContext
from ouro.rtyper._externals import EXIT, MATH
from ouro.rtyper._functions import keep_arguments
from ouro.rtyper._instances import InstanceRepresentation, class_representation
from ouro.rtyper._lists import (
    RANGE,
    FixedListRepresentation,
    ListRepresentation,
    RangeRepresentation,
    copy_of,
    sequence_parts,
    sort_items,
)
from ouro.rtyper._marker_helpers import float_to_int_as_python
from ouro.rtyper._numbers import (
    FloatRepresentation,
    IntegerRepresentation,
    SingleFloatRepresentation,
    convert_integer,
    prefix_of,
    truth,
)
from ouro.rtyper._pointers import NullableRepresentation
from ouro.rtyper._registry import builtin, method
from ouro.rtyper._representation import NoneRepresentation, TyperError
from ouro.rtyper._string_helpers import STR_POINTER, prebuilt_string
from ouro.rtyper._strings import (
    CharRepresentation,
    TextRepresentation,
    as_text,
    integer_text,
    text_of,
)

__all__ = ["apply_rule", "hash_of", "integer_text", "math_call", "value_text"]


def apply_rule(context: OperationContext, opname: str) -> Any:
    """Emit an operation on the operands as if the source had written it."""
    return context.apply(opname, *context.operands)


def math_call(context: OperationContext, name: str, args: list[Any]) -> Any:
    """Emit a call of a function of libm."""
    pointer: Any = MATH[name]
    return context.emit("direct_call", [Constant(pointer, pointer._T), *args], pointer._T.TO.RESULT)


# ---- numbers


@builtin(int)
def _int(context: OperationContext) -> Any:
    if context.count == 0:
        return context.constant(0, Signed)
    source = context.representation(0)
    if isinstance(source, (TextRepresentation, CharRepresentation)):
        base: Any = context.constant(10, Signed)
        given = context.extra.get("base")
        if given is not None:
            base = context.operand_as(given, context.typer.primitive(Signed))
        elif context.count > 1:
            base = context.arg_type(1, Signed)
        return context.helper(strings.parse_int, [as_text(context, 0), base], Signed)
    if isinstance(source, FloatRepresentation) and (context.expects(OverflowError) or context.expects(ValueError)):
        return context.helper(float_to_int_as_python, [context.arg(0)], Signed)
    return convert_integer(context, context.arg(0), context.result.lowleveltype)


@builtin(float)
def _float(context: OperationContext) -> Any:
    if context.count == 0:
        return context.constant(0.0, Float)
    source = context.representation(0)
    if isinstance(source, (TextRepresentation, CharRepresentation)):
        return context.call_implied(implied.parse_float, [as_text(context, 0)])
    if isinstance(source, SingleFloatRepresentation):
        return context.emit("cast_primitive", [context.arg(0)], Float)
    return context.arg_type(0, Float)


@builtin(bool)
def _bool(context: OperationContext) -> Any:
    if context.count == 0:
        return context.constant(False, Bool)
    return truth(context, 0)


@builtin(abs)
def _abs(context: OperationContext) -> Any:
    source = context.representation(0)
    if isinstance(source, FloatRepresentation):
        return context.fold("float_abs", [context.arg(0)], Float)
    TYPE = context.result.lowleveltype
    value = context.arg_type(0, TYPE)
    if TYPE in (Unsigned,) or not getattr(TYPE, "signed", True):
        return value
    return context.fold(f"{prefix_of(TYPE)}_abs", [value], TYPE)


@builtin(round)
def _round(context: OperationContext) -> Any:
    value = context.arg_type(0, Float)
    if context.count > 1 and not isinstance(context.representation(1), NoneRepresentation):
        args = [value, context.arg_type(1, Signed)]
        return context.call_implied(implied.round_digits, args)
    return context.helper(helpers.round_to_int, [value], Signed)


@builtin(divmod)
def _divmod(context: OperationContext) -> Any:
    target: Any = context.result
    saved = context.result
    parts = []
    for opname, item in zip(("floordiv", "mod"), target.items):
        context.result = item
        parts.append(apply_rule(context, opname))
    context.result = saved
    return target.build(context, parts)


@builtin(pow)
def _pow(context: OperationContext) -> Any:
    return apply_rule(context, "pow")


@builtin(min, max)
def _extreme(context: OperationContext) -> Any:
    name = context.extra["function"].__name__
    target = context.result
    if context.count == 1:
        return _extreme_of_list(context, name)
    TYPE = target.lowleveltype
    result = context.arg(0, target)
    for index in range(1, context.count):
        value = context.arg(index, target)
        if TYPE is Signed:
            result = context.fold(f"int_{name}", [result, value], Signed)
        else:
            less = getattr(target, "less_than", None)
            function = Constant(less() if less is not None else list_helpers.primitive_less, Void)
            helper = helpers.minimum if name == "min" else helpers.maximum
            result = context.helper(helper, [result, value, function], TYPE)
    return result


def _extreme_of_list(context: OperationContext, name: str) -> Any:
    target = context.result
    items, length = sequence_parts(context, context.operands[0], target.storage)
    less = getattr(target, "less_than", None)
    function = Constant(less() if less is not None else list_helpers.primitive_less, Void)
    helper = helpers.minimum_of if name == "min" else helpers.maximum_of
    value = context.helper(helper, [items, length, function])
    return context.convert(value, target.storage, target)


@builtin(sum)
def _sum(context: OperationContext) -> Any:
    TYPE = context.result.lowleveltype
    start = context.arg_type(1, TYPE) if context.count > 1 else context.constant(TYPE.default_value(), TYPE)
    source = context.representation(0)
    stored = source.stored if isinstance(source, ListRepresentation) else context.result.storage
    if stored.lowleveltype is Void:
        return start
    items, length = sequence_parts(context, context.operands[0], stored)
    function = helpers.sum_floats if TYPE is Float else helpers.sum_items
    return context.helper(function, [items, length, start], TYPE)


@builtin(any, all)
def _any(context: OperationContext) -> Any:
    source = context.representation(0)
    if not isinstance(source, ListRepresentation):
        raise TyperError(f"any() of {context.annotation(0)}: make a list first")
    if source.ITEM is Void:
        return context.constant(context.extra["function"] is all, Bool)
    items, length = sequence_parts(context, context.operands[0], source.stored)
    if source.ITEM is STR_POINTER:
        test = strings.truth
    else:
        test = helpers.primitive_truth
    helper = helpers.any_item if context.extra["function"] is any else helpers.all_items
    return context.helper(helper, [items, length, Constant(test, Void)], Bool)


# ---- text


@builtin(ord)
def _ord(context: OperationContext) -> Any:
    value = context.arg(0)
    if value.concretetype is not Char:
        value = context.helper(strings.char_at, [value, 0], Char)
    return context.fold("cast_char_to_int", [value], Signed)


@builtin(chr)
def _chr(context: OperationContext) -> Any:
    value = context.arg_type(0, Signed)
    if context.expects(ValueError):
        return context.helper(helpers.chr_checked, [value], Char)
    return context.fold("cast_int_to_char", [value], Char)


@builtin(hex, oct, bin)
def _hex(context: OperationContext) -> Any:
    shift, prefix = {"hex": (4, "0x"), "oct": (3, "0o"), "bin": (1, "0b")}[context.extra["function"].__name__]
    text = context.constant(prebuilt_string(prefix), STR_POINTER)
    TYPE: Any = context.representation(0).lowleveltype
    if TYPE.signed is False:
        unsigned = convert_integer(context, context.arg(0), Unsigned)
        return context.helper(strings.unsigned_to_base, [unsigned, shift, text], STR_POINTER)
    return context.helper(helpers.int_to_base, [context.arg_type(0, Signed), shift, text], STR_POINTER)


@builtin(str)
def _str(context: OperationContext) -> Any:
    if context.count == 0:
        return context.constant(prebuilt_string(""), STR_POINTER)
    source = context.representation(0)
    if isinstance(source, CharRepresentation) and context.result.lowleveltype is Char:
        return context.arg(0)
    if isinstance(source, TextRepresentation):
        return context.arg(0)
    return value_text(context, "s")


@builtin(repr)
def _repr(context: OperationContext) -> Any:
    return value_text(context, "r")


@builtin(ascii)
def _ascii(context: OperationContext) -> Any:
    return value_text(context, "a")


def value_text(context: OperationContext, kind: str) -> Any:
    """Emit str(), repr() or ascii() (`kind` "s", "r" or "a") of the first operand."""
    source = context.representation(0)
    if isinstance(source, InstanceRepresentation):
        value = context.arg(0, source.storage)
        return context.helper(helpers.describe_instance, [value], STR_POINTER)
    if isinstance(source, NullableRepresentation) and not isinstance(source, TextRepresentation):
        return context.helper(helpers.describe_pointer, [context.arg(0)], STR_POINTER)
    return text_of(context, context.operands[0], kind)


@builtin(bytes)
def _bytes(context: OperationContext) -> Any:
    if context.count == 0:
        return context.constant(prebuilt_string(""), STR_POINTER)
    source = context.representation(0)
    if isinstance(source, TextRepresentation):
        return context.arg(0)
    if isinstance(source, IntegerRepresentation):
        zero = context.char_constant("\0")
        return context.helper(strings.repeat_char, [zero, context.arg_type(0, Signed)], STR_POINTER)
    if hasattr(source, "items") and source.ITEM is Char:
        value = context.arg(0)
        args = [source.items(context, value), 0, source.length(context, value)]
        return context.helper(strings.from_characters, args, STR_POINTER)
    if isinstance(source, ListRepresentation):
        items, length = sequence_parts(context, context.operands[0], source.stored)
        return context.helper(helpers.string_of_numbers, [items, length], STR_POINTER)
    raise TyperError(f"bytes() of {context.annotation(0)}")


@builtin(print)
def _print(context: OperationContext) -> Any:
    separator = " "
    end = "\n"
    for name in ("sep", "end"):
        given = context.extra.get(name)
        if given is not None and given.host is not None:
            separator, end = (given.host, end) if name == "sep" else (separator, given.host)
    target = context.extra.get("file")
    line: Any = None
    for operand in context.operands:
        text = _text_of_operand(context, operand)
        if line is None:
            line = text
        else:
            between = context.constant(prebuilt_string(separator), STR_POINTER)
            line = context.helper(strings.concat3, [line, between, text], STR_POINTER)
    ending = context.constant(prebuilt_string(end), STR_POINTER)
    line = ending if line is None else context.helper(strings.concat, [line, ending], STR_POINTER)
    descriptor = 1 if target is None else standard_stream(target.annotation.single().value)
    return context.helper(helpers.write_string, [descriptor, line])


def _text_of_operand(context: OperationContext, operand: Any) -> Any:
    saved = context.operands
    context.operands = [operand]
    try:
        return value_text(context, "s")
    finally:
        context.operands = saved


@builtin(*HOST_INITIALISERS)
def _initialise_exception(context: OperationContext) -> Any:
    description = context.annotation(0).class_description
    keep_arguments(context, description, context.operands[0], context.operands[1:])
    return None


# ---- containers


@builtin(len)
def _len(context: OperationContext) -> Any:
    return apply_rule(context, "len")


@builtin(range)
def _range(context: OperationContext) -> Any:
    target: Any = context.result
    numbers = [context.arg_type(index, Signed) for index in range(context.count)]
    if len(numbers) == 1:
        numbers.insert(0, context.constant(0, Signed))
    if len(numbers) == 2:
        numbers.append(context.constant(1, Signed))
    if isinstance(target, RangeRepresentation):
        return context.helper(list_helpers.new_range, [RANGE, *numbers], target.lowleveltype)
    items = context.helper(list_helpers.range_items, [target.ITEMS, *numbers], Ptr(target.ITEMS))
    return target.from_items(context, items)


def stored_in_order(source: Any, view: Any) -> Any:
    """How a table has its keys, or the values for a view of them."""
    table = source if view is None else view.source
    return table.stored_value if view is not None and view.variant == "values" else table.stored_key


@builtin(list)
def _list(context: OperationContext) -> Any:
    target: Any = context.result
    if context.count == 0:
        items = context.helper(list_helpers.copy_empty, [target.ITEMS], Ptr(target.ITEMS))
        return target.from_items(context, items)
    source: Any = context.representation(0)
    table = getattr(source, "functions", None)
    view = getattr(source, "iterator", None)
    if table is None and view is not None and hasattr(view, "variant") and view.variant != "pairs":
        table = view.source.functions
    if table is not None and (target.ITEM is Void or stored_in_order(source, view) is not target.stored):
        table = None
    if table is not None:
        function = table.values_in_order if view is not None and view.variant == "values" else table.keys_in_order
        items = context.helper(function, [context.arg(0), target.ITEMS], Ptr(target.ITEMS))
        return target.from_items(context, items)
    return copy_of(context, context.operands[0])


@builtin(sorted)
def _sorted(context: OperationContext) -> Any:
    target: Any = context.result
    result = _list(context)
    if not isinstance(target, FixedListRepresentation) and not hasattr(target, "items"):
        raise TyperError(f"sorted() of {context.annotation(0)}")
    items, length = target.items(context, result), target.length(context, result)
    sort_items(context, items, length, target)
    return result


@builtin(tuple)
def _tuple(context: OperationContext) -> Any:
    return context.arg(0, context.result) if context.count else None


# ---- objects


@builtin(isinstance)
def _isinstance(context: OperationContext) -> Any:
    return apply_rule(context, "isinstance")


@builtin(issubclass)
def _issubclass(context: OperationContext) -> Any:
    constant = context.result_annotation.constant
    if constant is not a.NO_CONSTANT:
        return context.constant(bool(constant), Bool)
    classes = class_representation(context.typer)
    return context.helper(helpers.is_subclass, [context.arg(0, classes), context.arg(1, classes)], Bool)


@builtin(hasattr)
def _hasattr(context: OperationContext) -> Any:
    return context.constant(bool(context.result_annotation.constant), Bool)


@builtin(getattr)
def _getattr(context: OperationContext) -> Any:
    if context.count == 3 and context.result_annotation is context.annotation(2):
        return context.arg(2, context.result)
    return apply_rule(context, "getattr")


@builtin(setattr)
def _setattr(context: OperationContext) -> Any:
    return apply_rule(context, "setattr")


@builtin(callable)
def _callable(context: OperationContext) -> Any:
    return context.constant(bool(context.result_annotation.constant), Bool)


@builtin(type)
def _type(context: OperationContext) -> Any:
    return apply_rule(context, "type")


@builtin(hash)
def _hash(context: OperationContext) -> Any:
    return hash_of(context, 0)


def hash_of(context: OperationContext, index: int) -> Any:
    """Emit the hash of an operand."""
    source = context.representation(index)
    if isinstance(source, NoneRepresentation):
        return context.constant(0, Signed)
    stored = source.storage
    value = context.arg(index, stored)
    return context.helper(stored.hashing(), [value], Signed)


@builtin(id)
def _id(context: OperationContext) -> Any:
    source = context.representation(0)
    if not isinstance(source, NullableRepresentation):
        raise TyperError(f"id() of {context.annotation(0)}")
    return context.emit("gc_id", [context.arg(0)], Signed)


@builtin(weakref.ref)
def _weakref(context: OperationContext) -> Any:
    target: Any = context.result
    return target.make(context, context.operands[0])


# ---- math


@builtin(math.isnan)
def _isnan(context: OperationContext) -> Any:
    value = context.arg_type(0, Float)
    return context.fold("float_ne", [value, value], Bool)


@builtin(math.isinf)
def _isinf(context: OperationContext) -> Any:
    return context.helper(helpers.is_infinite, [context.arg_type(0, Float)], Bool)


@builtin(math.isfinite)
def _isfinite(context: OperationContext) -> Any:
    return context.helper(helpers.is_finite, [context.arg_type(0, Float)], Bool)


@builtin(math.frexp)
def _frexp(context: OperationContext) -> Any:
    target: Any = context.result
    value = context.arg_type(0, Float)
    parts = [
        context.helper(helpers.frexp_mantissa, [value], Float),
        context.helper(helpers.frexp_exponent, [value], Signed),
    ]
    return target.build(context, parts)


@builtin(math.modf)
def _modf(context: OperationContext) -> Any:
    target: Any = context.result
    value = context.arg_type(0, Float)
    whole = context.helper(helpers.truncated, [value], Float)
    fraction = context.helper(helpers.fraction_of, [value, whole], Float)
    return target.build(context, [fraction, whole])


@builtin(math.fabs)
def _fabs(context: OperationContext) -> Any:
    return context.fold("float_abs", [context.arg_type(0, Float)], Float)


@builtin(math.ldexp)
def _ldexp(context: OperationContext) -> Any:
    args = [context.arg_type(0, Float), context.arg_type(1, Signed)]
    checked = context.expects(OverflowError)
    return context.helper(helpers.ldexp_checked if checked else helpers.ldexp, args, Float)


@builtin(math.degrees, math.radians)
def _angle(context: OperationContext) -> Any:
    factor = 180.0 / math.pi if context.extra["function"] is math.degrees else math.pi / 180.0
    return context.fold("float_mul", [context.arg_type(0, Float), context.constant(factor, Float)], Float)


_CHECKED = (
    "sqrt sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh exp expm1 log log10 log1p pow fmod hypot "
    "copysign"
).split()


@builtin(*[getattr(math, name) for name in _CHECKED])
def _math(context: OperationContext) -> Any:
    name = context.extra["function"].__name__
    args = [context.arg_type(index, Float) for index in range(context.count)]
    if name == "log" and len(args) == 2:
        logs = [math_call(context, "log", [value]) for value in args]
        return context.fold("float_truediv", logs, Float)
    if not (context.expects(ValueError) or context.expects(OverflowError)):
        return math_call(context, name, args)
    function = helpers.CHECKED_MATH[name]
    return context.helper(function, args, Float)


@method(FloatRepresentation, "is_integer")
def _is_integer(context: OperationContext) -> Any:
    return context.helper(helpers.is_integer, [context.arg(0)], Bool)


@builtin(os._exit)
def _exit(context: OperationContext) -> Any:
    return context.emit("direct_call", [Constant(EXIT, EXIT._T), convert_integer(
        context, context.arg_type(0, Signed), Signed)], Void)
