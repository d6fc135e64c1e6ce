"""Expressions other than calls, conditions, comprehensions and formatted strings."""

from __future__ import annotations

import ast
import types
from typing import Any

from ouro.flowspace._context import FlowContext, expression, is_foldable
from ouro.flowspace._errors import did_you_mean
from ouro.flowspace._model import Constant, Value, Variable
from ouro.flowspace._strings import percent_format
from ouro.flowspace.operations import OPERATIONS

BINARY_OPERATIONS: dict[type, str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.FloorDiv: "floordiv",
    ast.Div: "truediv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
    ast.BitAnd: "and_",
    ast.BitOr: "or_",
    ast.BitXor: "xor",
}
UNARY_OPERATIONS: dict[type, str] = {
    ast.USub: "neg",
    ast.UAdd: "pos",
    ast.Invert: "invert",
    ast.Not: "not_",
}


@expression(ast.Constant)
def evaluate_constant(flow: FlowContext, node: ast.Constant) -> Value:
    return Constant(node.value)


@expression(ast.Name)
def evaluate_name(flow: FlowContext, node: ast.Name) -> Value:
    return flow.load_name(node.id, node)


@expression(ast.NamedExpr)
def evaluate_walrus(flow: FlowContext, node: Any) -> Value:
    value = flow.evaluate(node.value)
    flow.assign_name(node.target.id, value, node)
    return value


@expression(ast.BinOp)
def evaluate_binary(flow: FlowContext, node: ast.BinOp) -> Value:
    opname = BINARY_OPERATIONS.get(type(node.op))
    if opname is None:
        raise flow.error("matrix multiplication is not RPython", node)
    left = flow.evaluate(node.left)
    if opname == "mod" and type(left) is Constant and isinstance(left.value, (str, bytes)):
        return percent_format(flow, left.value, node.right, node)
    return flow.op(opname, [left, flow.evaluate(node.right)], node)


@expression(ast.UnaryOp)
def evaluate_unary(flow: FlowContext, node: ast.UnaryOp) -> Value:
    operand = flow.evaluate(node.operand)
    return flow.op(UNARY_OPERATIONS[type(node.op)], [operand], node)


@expression(ast.Attribute)
def evaluate_attribute(flow: FlowContext, node: ast.Attribute) -> Value:
    return get_attribute(flow, flow.evaluate(node.value), flow.mangle(node.attr), node)


_HOST_ONLY_KINDS = (
    types.ModuleType,
    type,
    types.FunctionType,
    types.BuiltinFunctionType,
)


def has_constant_attributes(value: Any) -> bool:
    """Whether attributes of the constant never change at run time, so that reading one folds.

    Modules, classes and functions; and objects that say so with `_freeze_`, as the descriptions of
    low-level types do.
    """
    return isinstance(value, _HOST_ONLY_KINDS) or hasattr(type(value), "_freeze_")


def get_attribute(flow: FlowContext, value: Value, name: str, node: Any) -> Value:
    """`value.name`."""
    if type(value) is Constant and has_constant_attributes(value.value):
        try:
            return Constant(getattr(value.value, name))
        except AttributeError:
            owner = getattr(value.value, "__name__", repr(value.value))
            suggestion = did_you_mean(name, dir(value.value))
            raise flow.error(f"{owner!r} has no attribute {name!r}", node, suggestion) from None
    return flow.op("getattr", [value, Constant(name)], node)


@expression(ast.Subscript)
def evaluate_subscript(flow: FlowContext, node: ast.Subscript) -> Value:
    container = flow.evaluate(node.value)
    index = subscript_index(node)
    if isinstance(index, ast.Slice):
        start, stop = slice_bounds(flow, index)
        return get_slice(flow, container, start, stop, node)
    return get_item(flow, container, flow.evaluate(index), node)


def subscript_index(node: ast.Subscript) -> Any:
    """The node of the index, on every version of the syntax tree."""
    index: Any = node.slice
    if type(index).__name__ == "Index":
        index = index.value
    return index


def get_item(flow: FlowContext, container: Value, index: Value, node: Any) -> Value:
    """`container[index]`; items of tuples whose making is in sight are taken from there."""
    if type(index) is Constant:
        if isinstance(container, Variable):
            items = flow.tuple_items.get(container)
            if items is not None and type(index.value) is int and -len(items) <= index.value < len(items):
                return items[index.value]
        elif is_foldable(container.value) and isinstance(container.value, (tuple, str, bytes)):
            try:
                return Constant(container.value[index.value])
            except (IndexError, TypeError):
                return flow.op("getitem", [container, index], node)
        elif isinstance(container.value, tuple) and type(index.value) is int:
            if -len(container.value) <= index.value < len(container.value):
                return Constant(container.value[index.value])
    return flow.op("getitem", [container, index], node)


def slice_bounds(flow: FlowContext, node: ast.Slice) -> tuple[Value, Value]:
    """Start and stop of a slice; a missing one is the constant None."""
    start: Value = Constant(None) if node.lower is None else flow.evaluate(node.lower)
    stop: Value = Constant(None) if node.upper is None else flow.evaluate(node.upper)
    if node.step is not None:
        step = flow.evaluate(node.step)
        if type(step) is not Constant or step.value not in (1, None):
            raise flow.error("a slice with a step is not RPython", node, "write a loop")
    return start, stop


def get_slice(flow: FlowContext, container: Value, start: Value, stop: Value, node: Any) -> Value:
    """`container[start:stop]`."""
    if isinstance(start, Constant) and isinstance(stop, Constant):
        if isinstance(container, Constant):
            if is_foldable(container.value) and isinstance(container.value, (tuple, str, bytes)):
                return Constant(container.value[start.value : stop.value])
        else:
            items = flow.tuple_items.get(container)
            if items is not None:
                return new_tuple(flow, items[start.value : stop.value], node)
    return flow.op("getslice", [container, start, stop], node)


def new_tuple(flow: FlowContext, items: list[Value], node: Any) -> Value:
    """A tuple of values; constant if all of them are."""
    if all(type(item) is Constant for item in items):
        return Constant(tuple([item.value for item in items]))  # type: ignore[union-attr]
    result = flow.append(OPERATIONS["newtuple"], items, node)
    flow.tuple_items[result] = items
    return result


def known_items(flow: FlowContext, value: Value) -> list[Value] | None:
    """The items of a tuple whose making is in sight (or of a constant one), else None."""
    if isinstance(value, Constant):
        return [Constant(item) for item in value.value] if isinstance(value.value, tuple) else None
    return flow.tuple_items.get(value)


def evaluate_items(flow: FlowContext, nodes: list[Any]) -> list[Value]:
    """The values of a display or an argument list; `*` of a tuple of known length is spread."""
    items: list[Value] = []
    for node in nodes:
        if type(node) is ast.Starred:
            value = flow.evaluate(node.value)
            known = known_items(flow, value)
            if known is None:
                raise flow.error(
                    "`*` of something whose length is not known here",
                    node,
                    "spell the items out, or extend a list",
                )
            items.extend(known)
        else:
            items.append(flow.evaluate(node))
    return items


@expression(ast.Tuple)
def evaluate_tuple(flow: FlowContext, node: ast.Tuple) -> Value:
    return new_tuple(flow, evaluate_items(flow, node.elts), node)


@expression(ast.List)
def evaluate_list(flow: FlowContext, node: ast.List) -> Value:
    return flow.op("newlist", evaluate_items(flow, node.elts), node)


@expression(ast.Set)
def evaluate_set(flow: FlowContext, node: ast.Set) -> Value:
    return flow.op("newset", evaluate_items(flow, node.elts), node)


@expression(ast.Dict)
def evaluate_dict(flow: FlowContext, node: ast.Dict) -> Value:
    args: list[Value] = []
    for key, value in zip(node.keys, node.values):
        if key is None:
            raise flow.error("`**` in a dict display is not RPython", node, "use dict.update")
        args.append(flow.evaluate(key))
        args.append(flow.evaluate(value))
    return flow.op("newdict", args, node)
