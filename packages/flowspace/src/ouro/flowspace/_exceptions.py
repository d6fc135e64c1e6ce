"""`raise`, `try` and `with`.

An exception whose class is known goes straight to the clause that catches it; otherwise `raise` inside a
`try` tests the instance against each clause. Clean-up code (`finally`, `__exit__`) is flowed once for each
way out of the body: normal, exception, `return`, and each loop that is left or continued.
"""

from __future__ import annotations

import ast
from typing import Any, Callable

from ouro.flowspace._conditions import branch_on, truth
from ouro.flowspace._context import (
    Clause,
    Edge,
    FinallyScope,
    FlowContext,
    HandlerTarget,
    TryScope,
    statement,
)
from ouro.flowspace._model import Constant, Link, Unbound, Value, Variable
from ouro.flowspace._scopes import AssignedNames
from ouro.flowspace._targets import assign
from ouro.flowspace.operations import OPERATIONS


def raise_class(flow: FlowContext, cls: type, node: Any) -> None:
    """Raise a new instance of a known class, made without arguments."""
    value = flow.append(OPERATIONS["simple_call"], [Constant(cls)], node)
    raise_value(flow, Constant(cls), value, cls, node)


def raise_value(flow: FlowContext, exception: Value, value: Value, exact: type | None, node: Any) -> None:
    """Raise an instance. `exact`: its class, if that is known."""
    for cls, target in flow.clauses:
        if exact is not None:
            if issubclass(exact, cls):
                _to_target(flow, target, exception, value)
                return
            continue
        if cls is BaseException:
            _to_target(flow, target, exception, value)
            return
        test = flow.append(OPERATIONS["isinstance"], [value, Constant(cls)], node)
        caught, onward = branch_on(flow, test, node)
        flow.enter(caught)
        _to_target(flow, target, exception, value)
        flow.enter(onward)
    link = flow.goto(flow.leave(), flow.graph.exceptblock, [exception, value])
    link.position = flow.position(node)


def _to_target(flow: FlowContext, target: HandlerTarget, exception: Value, value: Value) -> None:
    edge = flow.leave()
    block = edge.block
    assert block is not None
    link = Link([exception, value], block)
    block.exits = [link]
    target.edges.append(Edge(None, link, edge.locals))


@statement(ast.Raise)
def execute_raise(flow: FlowContext, node: ast.Raise) -> None:
    if node.exc is None:
        if not flow.handled:
            raise flow.error("`raise` without an exception outside of an except clause", node)
        exception, value = flow.handled[-1]
        raise_value(flow, exception, value, None, node)
        return
    value = flow.evaluate(node.exc)
    if node.cause is not None and not isinstance(node.cause, ast.Constant):
        flow.evaluate(node.cause)
    if type(value) is Constant and not _is_exception(value.value):
        raise flow.error(
            f"`raise` of {value.value!r}, which is no exception", node, "define a class that derives from Exception"
        )
    if type(value) is Constant and isinstance(value.value, type):
        raise_class(flow, value.value, node)
        return
    exact = flow.exact_classes.get(value) if type(value) is Variable else None
    raised: Value = Constant(exact) if exact is not None else flow.op("type_of_raised", [value], node)
    raise_value(flow, raised, value, exact, node)


def _is_exception(value: Any) -> bool:
    return isinstance(value, BaseException) or (isinstance(value, type) and issubclass(value, BaseException))


# ---- try


@statement(ast.Try)
def execute_try(flow: FlowContext, node: ast.Try) -> None:
    if node.finalbody:

        def body() -> None:
            _try_except(flow, node)

        def cleanup(exception: Value | None, value: Value | None) -> bool:
            flow.execute(node.finalbody)
            return False

        run_with_cleanup(flow, body, cleanup, node)
    else:
        _try_except(flow, node)


def _try_except(flow: FlowContext, node: ast.Try) -> None:
    if not node.handlers:
        flow.execute(node.body)
        return
    clauses: list[Clause] = []
    targets = []
    for handler in node.handlers:
        target = HandlerTarget()
        targets.append(target)
        clauses.extend((cls, target) for cls in _handler_classes(flow, handler))
    flow.push(TryScope(clauses))
    flow.execute(node.body)
    flow.pop()
    flow.execute(node.orelse)
    done: list[Edge] = []
    if flow.block is not None:
        done.append(flow.leave())
    for handler, target in zip(node.handlers, targets):
        if target.edges:
            _execute_handler(flow, handler, target)
            if flow.block is not None:
                done.append(flow.leave())
    flow.enter(done)


def _execute_handler(flow: FlowContext, handler: ast.ExceptHandler, target: HandlerTarget) -> None:
    exception, value = flow.enter_handler(target)
    flow.handled.append((exception, value))
    if handler.name:
        flow.assign_name(handler.name, value, handler)
    flow.execute(handler.body)
    if handler.name and flow.block is not None:
        flow.unbind_name(flow.mangle(handler.name))
    flow.handled.pop()


def _handler_classes(flow: FlowContext, handler: ast.ExceptHandler) -> list[type]:
    if handler.type is None:
        return [Exception, BaseException]
    value = flow.evaluate(handler.type)
    if type(value) is Constant:
        found = value.value if isinstance(value.value, tuple) else (value.value,)
        if all(isinstance(cls, type) and issubclass(cls, BaseException) for cls in found):
            return list(found)
    raise flow.error("the classes of an except clause must be constant", handler.type)


# ---- clean-up


def run_with_cleanup(
    flow: FlowContext,
    body: Callable[[], None],
    cleanup: Callable[[Value | None, Value | None], bool],
    node: Any,
) -> None:
    """Flow `body`, then `cleanup` on every way out of it.

    `cleanup(exception, value)` gets the exception on the way out that is one, else None twice. It returns
    whether it has dealt with the exception itself; otherwise that is raised again.
    """
    scope = FinallyScope()
    flow.push(scope)
    body()
    flow.pop()
    done: list[Edge] = []
    if flow.block is not None:
        cleanup(None, None)
        if flow.block is not None:
            done.append(flow.leave())
    if scope.target.edges:
        exception, value = flow.enter_handler(scope.target)
        flow.handled.append((exception, value))
        handled = cleanup(exception, value)
        flow.handled.pop()
        if flow.block is not None:
            if not handled:
                raise_value(flow, exception, value, None, node)
            else:
                done.append(flow.leave())
    if scope.returns:
        result = flow.enter(scope.returns)
        assert result is not None
        cleanup(None, None)
        if flow.block is not None:
            flow.return_value(result)
    for (loop, kind), edges in scope.jumps.items():
        flow.enter(edges)
        cleanup(None, None)
        if flow.block is not None:
            flow.jump(loop, kind)
    flow.enter(done)


@statement(ast.With)
def execute_with(flow: FlowContext, node: ast.With) -> None:
    _with_items(flow, node, node.items)


def _with_items(flow: FlowContext, node: ast.With, items: list[ast.withitem]) -> None:
    if not items:
        flow.execute(node.body)
        return
    item = items[0]
    manager = flow.evaluate(item.context_expr)
    place = item.context_expr
    call = OPERATIONS["simple_call"]
    leave = flow.op("getattr", [manager, Constant("__exit__")], place)
    enter = flow.op("getattr", [manager, Constant("__enter__")], place)
    entered = flow.append(call, [enter], place)
    none = Constant(None)

    def body() -> None:
        if item.optional_vars is not None:
            assign(flow, item.optional_vars, entered)
        _with_items(flow, node, items[1:])

    def cleanup(exception: Value | None, value: Value | None) -> bool:
        if exception is None or value is None:
            flow.append(call, [leave, none, none, none], place)
            return False
        suppressed = flow.append(call, [leave, exception, value, none], place)
        swallowed, passed_on = branch_on(flow, truth(flow, suppressed, place), place)
        flow.enter(passed_on)
        raise_value(flow, exception, value, None, place)
        flow.enter(swallowed)
        # What the body assigns may have no value here. Most managers never swallow, which only their types
        # tell: the path must be there and may not spoil the names on the other one.
        for name in AssignedNames(list(node.body)).names:
            if name not in flow.locals:
                flow.assign_name(name, Constant(Unbound(name)), place)
        return True

    run_with_cleanup(flow, body, cleanup, node)
