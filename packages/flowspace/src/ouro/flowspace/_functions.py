"""Function definitions and lambdas inside functions: closures over constants.

The function object is made now, from the code object the compiler made of it, with the captured constants
in its cells. The same definition with the same captured constants gives the same function object every
time, so that flowing a function twice does not multiply its inner functions.
"""

from __future__ import annotations

import ast
import types
from typing import Any

from ouro.flowspace._context import FlowContext, expression, statement
from ouro.flowspace._model import Constant, Value

_made: dict[Any, types.FunctionType] = {}


@expression(ast.Lambda)
def evaluate_lambda(flow: FlowContext, node: ast.Lambda) -> Value:
    return Constant(_make_function(flow, node, "<lambda>"))


@statement(ast.FunctionDef)
def execute_definition(flow: FlowContext, node: ast.FunctionDef) -> None:
    function: Any = _make_function(flow, node, node.name)
    for decorator in reversed(node.decorator_list):
        value = flow.evaluate(decorator)
        if type(value) is not Constant:
            raise flow.error("a decorator that is not constant", decorator, "define the function outside")
        function = value.value(function)
    flow.assign_name(node.name, Constant(function), node)


def _make_function(flow: FlowContext, node: Any, name: str) -> types.FunctionType:
    code = _find_code(flow, node, name)
    cells = []
    captured: list[Any] = []
    for free in code.co_freevars:
        if free == name and free not in flow.locals:
            cells.append(types.CellType())
            captured.append("itself")
            continue
        value = flow.load_name(free, node)
        if type(value) is not Constant:
            raise flow.error(
                f"{name!r} captures {free!r}, which is not constant",
                node,
                "pass it as an argument, or make a class with a method",
            )
        cells.append(types.CellType(value.value))
        captured.append(value.value)
    defaults = tuple([_constant(flow, default) for default in node.args.defaults])
    keyword_defaults = {
        argument.arg: _constant(flow, default)
        for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults)
        if default is not None
    }
    identity = (code, flow.graph.module, tuple(map(id, captured)), tuple(map(id, defaults)))
    function = _made.get(identity)
    if function is None:
        function = types.FunctionType(code, flow.namespace, name, defaults or None, tuple(cells))
        function.__kwdefaults__ = keyword_defaults or None
        for free, cell in zip(code.co_freevars, cells):
            if free == name and free not in flow.locals:
                cell.cell_contents = function
        function.__qualname__ = f"{flow.graph.name}.<locals>.{name}"
        _made[identity] = function
    return function


def _constant(flow: FlowContext, node: Any) -> Any:
    value = flow.evaluate(node)
    if type(value) is not Constant:
        raise flow.error("a default value that is not constant", node)
    return value.value


def _find_code(flow: FlowContext, node: Any, name: str) -> types.CodeType:
    """The code object of an inner function, from the constants of the outer one."""
    line = min([node.lineno, *[item.lineno for item in getattr(node, "decorator_list", ())]])
    found: list[types.CodeType] = []
    stack = [flow.code]
    while stack:
        code = stack.pop()
        for item in code.co_consts:
            if isinstance(item, types.CodeType):
                if item.co_name == name and item.co_firstlineno == line:
                    found.append(item)
                stack.append(item)
    if len(found) > 1:
        candidates = [source for source in flow.source.file.index[line, name]]
        for source, code in zip(candidates, found):
            if source.node is node:
                return code
    if not found:
        raise flow.error(f"the code of {name!r} is not found", node)
    return found[0]
