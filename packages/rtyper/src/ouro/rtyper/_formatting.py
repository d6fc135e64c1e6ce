"""f-strings and `%` with a constant format: what stands for `format_value`."""

from __future__ import annotations

import re
from typing import Any

from ouro.annotator import implied
from ouro.lltype import Char, Float, Signed, Unsigned
from ouro.rlib import rfloat
from ouro.rtyper import _builtin_helpers, _builtins
from ouro.rtyper import _string_helpers as strings
from ouro.rtyper._context import OperationContext
from ouro.rtyper._marker_helpers import float_to_int_as_python
from ouro.rtyper._numbers import FloatRepresentation, IntegerRepresentation, convert_integer
from ouro.rtyper._representation import Representation, TyperError, rule
from ouro.rtyper._string_helpers import STR_POINTER, prebuilt_string
from ouro.rtyper._strings import CharRepresentation, TextRepresentation, as_text

__all__: list[str] = []

_SPEC = re.compile(
    r"(?:(?P<fill>.)?(?P<align>[<>^=]))?(?P<sign>[-+ ])?(?P<alternate>\#)?(?P<zero>0)?(?P<left>-)?(?P<width>\d+)?"
    r"(?P<comma>,)?(?:\.(?P<precision>\d+))?(?P<code>[a-zA-Z%])?$",
    re.DOTALL,
)
_PERCENT = re.compile(r"(?P<flags>[-+ #0]*)(?P<width>\d+)?(?:\.(?P<precision>\d+))?[hlL]?(?P<code>[a-zA-Z])$")


@rule("format_value", Representation)
def _format_value(context: OperationContext) -> Any:
    conversion, spec = context.host(1), context.host(2)
    context.operands = context.operands[:1]
    if conversion == "%":
        return _percent(context, spec)
    if conversion in ("r", "a", "s"):
        text = _text(context, conversion)
        return _aligned_text(context, text, _parse(_SPEC, spec)) if spec else text
    return _formatted(context, spec)


def _parse(pattern: Any, spec: str) -> dict[str, Any]:
    match = pattern.match(spec)
    if match is None:
        raise TyperError(f"format specification {spec!r} is not supported")
    found: dict[str, Any] = match.groupdict()
    return found


def _text(context: OperationContext, kind: str) -> Any:
    return _builtins.value_text(context, kind)


def _percent(context: OperationContext, spec: str) -> Any:
    parts = _parse(_PERCENT, spec or "s")
    flags = parts["flags"]
    format_parts = {
        "fill": None,
        "align": "<" if "-" in flags else ">",
        "sign": "+" if "+" in flags else " " if " " in flags else None,
        "alternate": "#" in flags,
        "zero": "0" in flags and "-" not in flags,
        "width": parts["width"],
        "precision": parts["precision"],
        "code": parts["code"],
    }
    code = parts["code"]
    if code in ("s", "r", "a"):
        text = _text(context, code)
        if parts["precision"] is not None:
            text = context.helper(strings.truncate, [text, int(parts["precision"])], STR_POINTER)
        return _padded(context, text, format_parts, ">")
    if code == "c":
        source = context.representation(0)
        if isinstance(source, IntegerRepresentation):
            char = context.fold("cast_int_to_char", [context.arg_type(0, Signed)], Char)
            text = context.helper(strings.char_to_string, [char], STR_POINTER)
        else:
            text = as_text(context, 0)
        return _padded(context, text, format_parts, ">")
    if code in ("d", "i", "u"):
        format_parts["code"] = "d"
        if isinstance(context.representation(0), FloatRepresentation):
            number = context.helper(float_to_int_as_python, [context.arg(0)], Signed)
            text = context.helper(strings.int_to_string, [number], STR_POINTER)
            return _padded(context, _signed(context, text, format_parts), format_parts, ">")
    return _number(context, format_parts)


def _formatted(context: OperationContext, spec: str) -> Any:
    parts = _parse(_SPEC, spec)
    source = context.representation(0)
    if isinstance(source, (TextRepresentation, CharRepresentation)) or parts["code"] == "s":
        return _aligned_text(context, _text(context, "s"), parts)
    if parts["code"] is None and not isinstance(source, (IntegerRepresentation, FloatRepresentation)):
        return _padded(context, _text(context, "s"), parts, "<")
    return _number(context, parts)


def _aligned_text(context: OperationContext, text: Any, parts: dict[str, Any]) -> Any:
    if parts["precision"] is not None:
        text = context.helper(strings.truncate, [text, int(parts["precision"])], STR_POINTER)
    return _padded(context, text, parts, "<")


def _padded(context: OperationContext, text: Any, parts: dict[str, Any], default: str) -> Any:
    if parts["width"] is None:
        return text
    width = int(parts["width"])
    align = parts["align"] or default
    fill = parts["fill"] or " "
    if parts.get("zero") and parts["fill"] is None:
        return context.helper(strings.zero_fill, [text, width], STR_POINTER)
    if align == "=":
        return context.helper(strings.zero_fill, [text, width], STR_POINTER)
    char = context.char_constant(fill)
    if align == "^":
        return context.helper(strings.center_format, [text, width, char], STR_POINTER)
    return context.helper(strings.pad, [text, width, char, align == "<"], STR_POINTER)


def _signed(context: OperationContext, text: Any, parts: dict[str, Any]) -> Any:
    if parts["sign"] not in ("+", " "):
        return text
    sign = context.constant(prebuilt_string(parts["sign"]), STR_POINTER)
    return context.helper(strings.with_sign, [text, sign], STR_POINTER)


_BASES = {"x": (4, "0x"), "X": (4, "0X"), "o": (3, "0o"), "b": (1, "0b")}


def _number(context: OperationContext, parts: dict[str, Any]) -> Any:
    source = context.representation(0)
    code = parts["code"]
    if code is None:
        code = "d" if isinstance(source, IntegerRepresentation) else ""
    if code == "n":
        code = "d"
    if code in _BASES:
        text = _in_base(context, code, bool(parts["alternate"]))
        if parts["precision"] is not None:
            text = context.helper(strings.zero_fill, [text, int(parts["precision"])], STR_POINTER)
    elif code == "c":
        char = context.fold("cast_int_to_char", [context.arg_type(0, Signed)], Char)
        text = context.helper(strings.char_to_string, [char], STR_POINTER)
    elif code == "d":
        text = _builtins.integer_text(context, _wide(context))
        if parts["precision"] is not None:
            text = context.helper(strings.zero_fill_digits, [text, int(parts["precision"])], STR_POINTER)
    else:
        text = _float_text(context, code, parts)
    return _padded(context, _signed(context, text, parts), parts, ">")


def _wide(context: OperationContext) -> Any:
    source = context.representation(0)
    if not isinstance(source, IntegerRepresentation):
        raise TyperError(f"{context.annotation(0)} is formatted as an integer")
    value = context.arg(0)
    return value if value.concretetype.is_integer else convert_integer(context, value, Signed)


def _in_base(context: OperationContext, code: str, alternate: bool) -> Any:
    shift, prefix = _BASES[code]
    text = context.constant(prebuilt_string(prefix if alternate else ""), STR_POINTER)
    value = _wide(context)
    if value.concretetype.signed:
        number = convert_integer(context, value, Signed)
        result = context.helper(_builtin_helpers.int_to_base, [number, shift, text], STR_POINTER)
    else:
        number = convert_integer(context, value, Unsigned)
        result = context.helper(strings.unsigned_to_base, [number, shift, text], STR_POINTER)
    if code == "X":
        upper = context.void(strings.char_upper)
        result = context.helper(strings.map_characters, [result, upper], STR_POINTER)
    return result


def _float_text(context: OperationContext, code: str, parts: dict[str, Any]) -> Any:
    value = context.arg_type(0, Float)
    if code == "" and parts["precision"] is None:
        return context.call_implied(implied.float_text, [value])
    percent = code == "%"
    if percent:
        value = context.fold("float_mul", [value, context.constant(100.0, Float)], Float)
        code = "f"
    precision = 6 if parts["precision"] is None else int(parts["precision"])
    flags = rfloat.DTSF_ALT if parts["alternate"] else 0
    if code == "":
        code = "g"
    args = [
        value,
        context.char_constant(code),
        context.constant(precision, Signed),
        context.constant(flags, Signed),
    ]
    text = context.call_implied(implied.format_float, args)
    if percent:
        sign = context.constant(prebuilt_string("%"), STR_POINTER)
        text = context.helper(strings.concat, [text, sign], STR_POINTER)
    return text
