"""Conditions: expressions that decide where control goes, without making a value of them."""

from __future__ import annotations

import ast
from typing import Any

from ouro.flowspace._context import Edge, FlowContext, expression, is_foldable
from ouro.flowspace._model import Constant, Link, Value, Variable

Branches = tuple[list[Edge], list[Edge]]

COMPARE_OPERATIONS: dict[type, tuple[str, bool]] = {
    ast.Eq: ("eq", False),
    ast.NotEq: ("ne", False),
    ast.Lt: ("lt", False),
    ast.LtE: ("le", False),
    ast.Gt: ("gt", False),
    ast.GtE: ("ge", False),
    ast.Is: ("is_", False),
    ast.IsNot: ("is_", True),
    ast.In: ("contains", False),
    ast.NotIn: ("contains", True),
}
"""Comparison node -> operation and whether the result is inverted."""


def truth(flow: FlowContext, value: Value, node: Any) -> Value:
    """The truth of a value: a constant bool, or a variable that is one."""
    if type(value) is Constant:
        known = constant_truth(value.value)
        if known is not None:
            return Constant(known)
    elif value in flow.booleans:
        return value
    return flow.op("bool", [value], node)


def constant_truth(value: Any) -> bool | None:
    """Whether the constant is true, or None if that can change at run time."""
    if is_foldable(value):
        return bool(value)
    kind = type(value)
    if kind in (list, dict, set, bytearray) or hasattr(kind, "__len__") or hasattr(kind, "__bool__"):
        return None
    return True


def branch(flow: FlowContext, node: Any) -> Branches:
    """Evaluate a condition; the edges on which it is true, and those on which it is false."""
    kind = type(node)
    if kind is ast.BoolOp:
        return _branch_bool_op(flow, node)
    if kind is ast.UnaryOp and type(node.op) is ast.Not:
        when_true, when_false = branch(flow, node.operand)
        return when_false, when_true
    if kind is ast.Compare:
        if len(node.ops) > 1:
            return _branch_chain(flow, node)
        operation, inverted = COMPARE_OPERATIONS[type(node.ops[0])]
        left = flow.evaluate(node.left)
        value = compare(flow, operation, left, flow.evaluate(node.comparators[0]), node)
        when_true, when_false = branch_on(flow, value, node)
        return (when_false, when_true) if inverted else (when_true, when_false)
    return branch_on(flow, flow.evaluate(node), node)


def branch_on(flow: FlowContext, value: Value, node: Any) -> Branches:
    """Branch on the truth of a value."""
    condition = truth(flow, value, node)
    if type(condition) is Constant:
        return ([flow.leave()], []) if condition.value else ([], [flow.leave()])
    block = flow.block or flow.open_detached()
    when_false = Link([], block, False)
    when_true = Link([], block, True)
    block.exitswitch = condition
    block.exits = [when_false, when_true]
    names = flow.snapshot()
    flow.block = None
    return [Edge(None, when_true, names)], [Edge(None, when_false, names)]


def _branch_bool_op(flow: FlowContext, node: ast.BoolOp) -> Branches:
    is_and = type(node.op) is ast.And
    done: list[Edge] = []
    for item in node.values[:-1]:
        when_true, when_false = branch(flow, item)
        onward, out = (when_true, when_false) if is_and else (when_false, when_true)
        done += out
        if not onward:
            return ([], done) if is_and else (done, [])
        flow.enter(onward)
    when_true, when_false = branch(flow, node.values[-1])
    return (when_true, done + when_false) if is_and else (done + when_true, when_false)


def _branch_chain(flow: FlowContext, node: ast.Compare) -> Branches:
    failed: list[Edge] = []
    left = flow.evaluate(node.left)
    last = len(node.ops) - 1
    for index, (kind, right_node) in enumerate(zip(node.ops, node.comparators)):
        right = flow.evaluate(right_node)
        operation, inverted = COMPARE_OPERATIONS[type(kind)]
        when_true, when_false = branch_on(flow, compare(flow, operation, left, right, node), node)
        if inverted:
            when_true, when_false = when_false, when_true
        failed += when_false
        if index == last or not when_true:
            return when_true, failed
        flow.enter(when_true)
        left = right
    raise AssertionError("a comparison has operators")


def compare(flow: FlowContext, operation: str, left: Value, right: Value, node: Any) -> Value:
    """One comparison. `contains` takes the container first."""
    if operation == "contains":
        if type(left) is Constant and type(right) is Constant and is_foldable(left.value):
            if is_foldable(right.value) or isinstance(right.value, frozenset):
                return Constant(left.value in right.value)
        return flow.op("contains", [right, left], node)
    if operation == "is_" and type(left) is Constant and type(right) is Constant:
        return Constant(left.value is right.value)
    return flow.op(operation, [left, right], node)


def _join_bool(flow: FlowContext, branches: Branches) -> Value:
    """The value True or False of a condition."""
    when_true, when_false = branches
    for edges, value in ((when_true, True), (when_false, False)):
        for edge in edges:
            edge.value = Constant(value)
    return flow.enter(when_true + when_false) or Constant(False)


@expression(ast.Compare)
def evaluate_compare(flow: FlowContext, node: ast.Compare) -> Value:
    if len(node.ops) > 1:
        return _join_bool(flow, _branch_chain(flow, node))
    operation, inverted = COMPARE_OPERATIONS[type(node.ops[0])]
    left = flow.evaluate(node.left)
    value = compare(flow, operation, left, flow.evaluate(node.comparators[0]), node)
    return flow.op("not_", [value], node) if inverted else value


@expression(ast.BoolOp)
def evaluate_bool_op(flow: FlowContext, node: ast.BoolOp) -> Value:
    """`a and b`: the value of the first operand that decides."""
    is_and = type(node.op) is ast.And
    done: list[Edge] = []
    for item in node.values[:-1]:
        value = flow.evaluate(item)
        when_true, when_false = branch_on(flow, value, item)
        onward, out = (when_true, when_false) if is_and else (when_false, when_true)
        for edge in out:
            edge.value = Constant(not is_and) if value in flow.booleans else value
        done += out
        if not onward:
            return flow.enter(done) or value
        flow.enter(onward)
    value = flow.evaluate(node.values[-1])
    all_booleans = value in flow.booleans and all(
        type(edge.value) is Constant and type(edge.value.value) is bool for edge in done
    )
    done.append(flow.leave(value))
    result = flow.enter(done) or value
    if all_booleans and type(result) is Variable:
        flow.booleans.add(result)
    return result


@expression(ast.IfExp)
def evaluate_conditional(flow: FlowContext, node: ast.IfExp) -> Value:
    done: list[Edge] = []
    for edges, part in zip(branch(flow, node.test), (node.body, node.orelse)):
        if edges:
            flow.enter(edges)
            done.append(flow.leave(flow.evaluate(part)))
    return flow.enter(done) or Constant(None)
