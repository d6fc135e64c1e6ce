"""Formatted strings: f-strings and `%` with a constant format become `format_value` and `newstring`."""

from __future__ import annotations

import ast
import re
from typing import Any, Callable

from ouro.flowspace._context import FlowContext, expression, is_foldable
from ouro.flowspace._model import Constant, Value
from ouro.flowspace.operations import OPERATIONS

_PERCENT = re.compile(
    r"%(?:\((?P<name>[^)]*)\))?(?P<spec>[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d+))?)[hlL]?(?P<kind>.)", re.S
)
_KINDS = "diouxXeEfFgGcrsa%"
_CONVERTERS: dict[str, Callable[[Any], str]] = {"s": str, "r": repr, "a": ascii}
_CONVERSIONS = {-1: "", ord("s"): "s", ord("r"): "r", ord("a"): "a"}


def join_parts(flow: FlowContext, parts: list[Value], node: Any) -> Value:
    """The parts of a string put together; neighbouring constants are joined now."""
    joined: list[Value] = []
    for part in parts:
        if type(part) is Constant:
            if part.value == "":
                continue
            if joined and type(joined[-1]) is Constant:
                joined[-1] = Constant(joined[-1].value + part.value)
                continue
        joined.append(part)
    if not joined:
        return Constant("")
    if len(joined) == 1:
        return joined[0]
    return flow.append(OPERATIONS["newstring"], joined, node)


def format_value(flow: FlowContext, value: Value, conversion: str, spec: str, node: Any) -> Value:
    """One value as text."""
    if type(value) is Constant and is_foldable(value.value) and not isinstance(value.value, type):
        if conversion == "%":
            return Constant(("%" + spec) % (value.value,))
        convert = _CONVERTERS.get(conversion)
        converted = value.value if convert is None else convert(value.value)
        return Constant(format(converted, spec))
    return flow.append(OPERATIONS["format_value"], [value, Constant(conversion), Constant(spec)], node)


@expression(ast.JoinedStr)
def evaluate_formatted_string(flow: FlowContext, node: ast.JoinedStr) -> Value:
    parts: list[Value] = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(Constant(part.value))
        else:
            assert isinstance(part, ast.FormattedValue)
            parts.append(_formatted(flow, part, node))
    return join_parts(flow, parts, node)


def _formatted(flow: FlowContext, node: ast.FormattedValue, whole: ast.JoinedStr) -> Value:
    value = flow.evaluate(node.value)
    spec = ""
    if node.format_spec is not None:
        found = flow.evaluate(node.format_spec)
        if type(found) is not Constant:
            raise flow.error(
                "the format specification of an f-string must be constant",
                whole,
                "pad with str.rjust or ljust",
            )
        spec = found.value
    return format_value(flow, value, _CONVERSIONS[node.conversion], spec, node)


def percent_format(flow: FlowContext, text: str | bytes, right: Any, node: Any) -> Value:
    """`text % right`. `right` is a tuple display, a tuple whose making is in sight, or one value."""
    if isinstance(text, bytes):
        raise flow.error("`%` on bytes is not RPython", node, "format a str and encode it")
    pieces = _parse(flow, text, node)
    count = sum(1 for piece in pieces if not isinstance(piece, str))
    values = _operands(flow, right, count, node)
    if len(values) != count:
        raise flow.error(f"the format takes {count} values, {len(values)} are given", node)
    parts: list[Value] = []
    remaining = iter(values)
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(Constant(piece))
            continue
        spec, kind = piece
        value = next(remaining)
        if kind in "sr" and not spec:
            parts.append(format_value(flow, value, kind, "", node))
        else:
            parts.append(format_value(flow, value, "%", spec + kind, node))
    return join_parts(flow, parts, node)


def _parse(flow: FlowContext, text: str, node: Any) -> list[Any]:
    """The pieces of a format: literal strings and (specification, kind) pairs."""
    pieces: list[Any] = []
    position = 0
    while True:
        found = text.find("%", position)
        if found < 0:
            break
        match = _PERCENT.match(text, found)
        if match is None or match["kind"] not in _KINDS:
            raise flow.error(f"the format {text!r} is not valid at position {found}", node)
        if match["name"] is not None or "*" in match["spec"]:
            raise flow.error(
                "named or variable-width `%` formats are not RPython", node, "use plain `%` items"
            )
        pieces.append(text[position:found])
        pieces.append("%" if match["kind"] == "%" else (match["spec"], match["kind"]))
        position = match.end()
    pieces.append(text[position:])
    return pieces


def _operands(flow: FlowContext, right: Any, count: int, node: Any) -> list[Value]:
    if isinstance(right, ast.Tuple):
        return [flow.evaluate(item) for item in right.elts]
    value = flow.evaluate(right)
    if isinstance(value, Constant):
        if isinstance(value.value, tuple):
            return [Constant(item) for item in value.value]
        return [value]
    known = flow.tuple_items.get(value)
    if known is not None:
        return known
    if count == 1:
        return [value]
    return [flow.op("getitem", [value, Constant(index)], node) for index in range(count)]
