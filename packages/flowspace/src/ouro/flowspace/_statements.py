"""Statements other than loops, exception handling, `match` and function definitions."""

from __future__ import annotations

import ast
import importlib
from typing import Any

from ouro.flowspace._conditions import branch
from ouro.flowspace._context import Edge, FinallyScope, FlowContext, LoopScope, statement
from ouro.flowspace._exceptions import raise_class
from ouro.flowspace._expressions import (
    BINARY_OPERATIONS,
    get_attribute,
    get_item,
    get_slice,
    slice_bounds,
    subscript_index,
)
from ouro.flowspace._generators import execute_yield
from ouro.flowspace._model import Constant
from ouro.flowspace._targets import assign, set_attribute
from ouro.flowspace.operations import INPLACE, OPERATIONS


@statement(ast.Expr)
def execute_expression(flow: FlowContext, node: ast.Expr) -> None:
    if isinstance(node.value, ast.Yield):
        execute_yield(flow, node.value)
    elif not isinstance(node.value, ast.Constant):
        flow.evaluate(node.value)


@statement(ast.Pass)
def execute_pass(flow: FlowContext, node: ast.Pass) -> None:
    return


@statement(ast.Global, ast.Nonlocal)
def execute_declaration(flow: FlowContext, node: ast.AST) -> None:
    """Reading such a name is fine; assigning it is the error."""


@statement(ast.Return)
def execute_return(flow: FlowContext, node: ast.Return) -> None:
    flow.return_value(Constant(None) if node.value is None else flow.evaluate(node.value))


@statement(ast.If)
def execute_if(flow: FlowContext, node: ast.If) -> None:
    done: list[Edge] = []
    for edges, body in zip(branch(flow, node.test), (node.body, node.orelse)):
        if not edges:
            continue
        flow.enter(edges)
        flow.execute(body)
        if flow.block is not None:
            done.append(flow.leave())
    flow.enter(done)


@statement(ast.Assert)
def execute_assert(flow: FlowContext, node: ast.Assert) -> None:
    """The message is for the host: it is not evaluated when translated."""
    holds, fails = branch(flow, node.test)
    if fails:
        flow.enter(fails)
        raise_class(flow, AssertionError, node)
    flow.enter(holds)


@statement(ast.Assign)
def execute_assign(flow: FlowContext, node: ast.Assign) -> None:
    target = node.targets[0]
    if len(node.targets) == 1 and isinstance(target, (ast.Tuple, ast.List)):
        right = node.value
        if isinstance(right, (ast.Tuple, ast.List)) and len(right.elts) == len(target.elts):
            if not any(isinstance(item, ast.Starred) for item in [*right.elts, *target.elts]):
                values = [flow.evaluate(item) for item in right.elts]
                for item, value in zip(target.elts, values):
                    assign(flow, item, value)
                return
    value = flow.evaluate(node.value)
    for target in node.targets:
        assign(flow, target, value)


@statement(ast.AnnAssign)
def execute_annotated(flow: FlowContext, node: ast.AnnAssign) -> None:
    if node.value is not None:
        assign(flow, node.target, flow.evaluate(node.value))


@statement(ast.AugAssign)
def execute_augmented(flow: FlowContext, node: ast.AugAssign) -> None:
    target = node.target
    opname = BINARY_OPERATIONS.get(type(node.op))
    if opname is None:
        raise flow.error("matrix multiplication is not RPython", node)
    opname = INPLACE[opname]
    if isinstance(target, ast.Name):
        old = flow.load_name(target.id, target)
        flow.assign_name(target.id, flow.op(opname, [old, flow.evaluate(node.value)], node), node)
    elif isinstance(target, ast.Attribute):
        container = flow.evaluate(target.value)
        name = flow.mangle(target.attr)
        old = get_attribute(flow, container, name, target)
        set_attribute(flow, container, name, flow.op(opname, [old, flow.evaluate(node.value)], node), node)
    else:
        assert isinstance(target, ast.Subscript)
        container = flow.evaluate(target.value)
        index_node = subscript_index(target)
        if isinstance(index_node, ast.Slice):
            start, stop = slice_bounds(flow, index_node)
            old = get_slice(flow, container, start, stop, target)
            new = flow.op(opname, [old, flow.evaluate(node.value)], node)
            flow.op("setslice", [container, start, stop, new], node)
        else:
            index = flow.evaluate(index_node)
            old = get_item(flow, container, index, target)
            new = flow.op(opname, [old, flow.evaluate(node.value)], node)
            flow.op("setitem", [container, index, new], node)


@statement(ast.Delete)
def execute_delete(flow: FlowContext, node: ast.Delete) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            flow.load_name(target.id, target)
            flow.unbind_name(flow.mangle(target.id))
        elif isinstance(target, ast.Attribute):
            name = Constant(flow.mangle(target.attr))
            flow.op("delattr", [flow.evaluate(target.value), name], target)
        elif isinstance(target, ast.Subscript):
            container = flow.evaluate(target.value)
            index = subscript_index(target)
            if isinstance(index, ast.Slice):
                start, stop = slice_bounds(flow, index)
                flow.op("delslice", [container, start, stop], target)
            else:
                flow.append(OPERATIONS["delitem"], [container, flow.evaluate(index)], target)
        else:
            flow.unsupported(target)


def _innermost_loop(flow: FlowContext, node: Any) -> LoopScope:
    for scope in reversed(flow.scopes):
        if isinstance(scope, LoopScope):
            return scope
        if isinstance(scope, FinallyScope):
            continue
    raise flow.error("outside of a loop", node)


@statement(ast.Break)
def execute_break(flow: FlowContext, node: ast.Break) -> None:
    flow.jump(_innermost_loop(flow, node), "break")


@statement(ast.Continue)
def execute_continue(flow: FlowContext, node: ast.Continue) -> None:
    flow.jump(_innermost_loop(flow, node), "continue")


@statement(ast.Import)
def execute_import(flow: FlowContext, node: ast.Import) -> None:
    """Imports in a function are done now: modules are constants."""
    for alias in node.names:
        module = importlib.import_module(alias.name)
        if alias.asname is None:
            module = importlib.import_module(alias.name.partition(".")[0])
        flow.assign_name(alias.asname or alias.name.partition(".")[0], Constant(module), node)


@statement(ast.ImportFrom)
def execute_import_from(flow: FlowContext, node: ast.ImportFrom) -> None:
    package = flow.namespace.get("__package__") or ""
    module = importlib.import_module("." * node.level + (node.module or ""), package)
    for alias in node.names:
        if not hasattr(module, alias.name):
            raise flow.error(f"{module.__name__} has no {alias.name!r}", node)
        flow.assign_name(alias.asname or alias.name, Constant(getattr(module, alias.name)), node)
