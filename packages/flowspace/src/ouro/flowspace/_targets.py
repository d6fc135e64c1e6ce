"""Assignment to every kind of target."""

from __future__ import annotations

import ast
import types
from typing import Any

from ouro.flowspace._context import FlowContext
from ouro.flowspace._expressions import get_item, known_items, slice_bounds, subscript_index
from ouro.flowspace._model import Constant, Value


def assign(flow: FlowContext, target: Any, value: Value) -> None:
    """Assign a value to any kind of target."""
    if isinstance(target, ast.Name):
        flow.assign_name(target.id, value, target)
    elif isinstance(target, ast.Attribute):
        set_attribute(flow, flow.evaluate(target.value), flow.mangle(target.attr), value, target)
    elif isinstance(target, ast.Subscript):
        container = flow.evaluate(target.value)
        index = subscript_index(target)
        if isinstance(index, ast.Slice):
            start, stop = slice_bounds(flow, index)
            flow.op("setslice", [container, start, stop, value], target)
        else:
            flow.op("setitem", [container, flow.evaluate(index), value], target)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(flow, target, value)
    else:
        flow.unsupported(target)


def set_attribute(flow: FlowContext, container: Value, name: str, value: Value, node: Any) -> None:
    """`container.name = value`."""
    if type(container) is Constant and isinstance(container.value, (type, types.ModuleType)):
        raise flow.error(
            f"assignment to an attribute of {container.value.__name__!r}",
            node,
            "classes and modules are constant; keep run-time state in a prebuilt instance",
        )
    flow.op("setattr", [container, Constant(name), value], node)


def _unpack(flow: FlowContext, target: ast.Tuple | ast.List, value: Value) -> None:
    elements = target.elts
    items = known_items(flow, value)
    starred = [index for index, item in enumerate(elements) if isinstance(item, ast.Starred)]
    if items is not None:
        _unpack_known(flow, target, items, starred)
    elif starred:
        raise flow.error("a starred target for something whose length is not known", target, "use slices")
    else:
        flow.op("unpack", [value, Constant(len(elements))], target)
        for index, item in enumerate(elements):
            assign(flow, item, get_item(flow, value, Constant(index), target))


def _unpack_known(
    flow: FlowContext, target: ast.Tuple | ast.List, items: list[Value], starred: list[int]
) -> None:
    elements = target.elts
    if starred:
        first = starred[0]
        after = len(elements) - first - 1
        if len(items) < first + after:
            raise flow.error(f"{len(items)} values for at least {first + after} targets", target)
        stop = len(items) - after
        middle = flow.op("newlist", items[first:stop], target)
        rest = elements[first]
        assert isinstance(rest, ast.Starred)
        items = [*items[:first], middle, *items[stop:]]
        elements = [*elements[:first], rest.value, *elements[first + 1 :]]
    elif len(items) != len(elements):
        raise flow.error(f"{len(items)} values for {len(elements)} targets", target)
    for element, item in zip(elements, items):
        assign(flow, element, item)
