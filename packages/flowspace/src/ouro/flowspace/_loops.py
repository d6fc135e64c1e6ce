"""Loops and comprehensions.

A comprehension is the loop it stands for, with its variables in a scope of their own. A generator
expression is RPython where it is consumed at once, by one of the functions in `CONSUMERS`; it becomes a
loop there too.
"""

from __future__ import annotations

import ast
from typing import Any, Callable

from ouro.flowspace._calls import SHAPED_CALLS, SPECIAL_CALLS, call, call_values, special_call
from ouro.flowspace._conditions import branch
from ouro.flowspace._context import (
    Edge,
    FlowContext,
    HandlerTarget,
    LoopScope,
    expression,
    statement,
)
from ouro.flowspace._expressions import get_attribute, known_items
from ouro.flowspace._generators import append_yield
from ouro.flowspace._model import Constant, Operation, Value, Variable
from ouro.flowspace._targets import assign
from ouro.flowspace.operations import OPERATIONS


@statement(ast.While)
def execute_while(flow: FlowContext, node: ast.While) -> None:
    header = flow.begin_loop(flow.assigned.loops[node])
    scope = LoopScope()
    going_on, finished = branch(flow, node.test)
    flow.push(scope)
    flow.enter(going_on)
    flow.execute(node.body)
    flow.pop()
    if flow.block is not None:
        scope.continues.append(flow.leave())
    flow.close_loop(header, scope.continues)
    flow.enter(finished)
    flow.execute(node.orelse)
    if flow.block is not None:
        scope.breaks.append(flow.leave())
    flow.enter(scope.breaks)


@statement(ast.For)
def execute_for(flow: FlowContext, node: ast.For) -> None:
    scope = LoopScope()

    def body(item: Value) -> None:
        assign(flow, node.target, item)
        flow.execute(node.body)

    iterable = flow.evaluate(node.iter)
    loop_over(flow, iterable, flow.assigned.loops[node], scope, body, node)
    flow.execute(node.orelse)
    if flow.block is not None:
        scope.breaks.append(flow.leave())
    flow.enter(scope.breaks)


def loop_over(
    flow: FlowContext,
    iterable: Value,
    assigned: set[str],
    scope: LoopScope,
    body: Callable[[Value], None],
    node: Any,
) -> None:
    """Flow `body(item)` for the items of `iterable`; afterwards the open block is where they are exhausted."""
    if type(iterable) is Constant and getattr(iterable.value, "_unrolling_iterable_", False):
        _unroll(flow, iterable.value, scope, body)
        return
    place = getattr(node, "iter", node)
    items = known_items(flow, iterable)
    if items is not None:
        iterable = flow.op("newlist", items, place)
    iterator = flow.append(OPERATIONS["iter"], [iterable], place)
    header = flow.begin_loop(assigned)
    exhausted = HandlerTarget()
    item = append_next(flow, iterator, exhausted, place)
    flow.push(scope)
    body(item)
    flow.pop()
    if flow.block is not None:
        scope.continues.append(flow.leave())
    flow.close_loop(header, scope.continues)
    flow.enter_handler(exhausted)


def append_next(flow: FlowContext, iterator: Value, exhausted: HandlerTarget, node: Any) -> Variable:
    """`next(iterator)`, whose StopIteration goes to `exhausted`."""
    block = flow.block or flow.open_detached()
    item = Variable("v")
    block.operations.append(Operation("next", [iterator], item, flow.position(node)))
    flow.end_with_exceptions(OPERATIONS["next"], [(StopIteration, exhausted)])
    return item


def _unroll(flow: FlowContext, iterable: Any, scope: LoopScope, body: Callable[[Value], None]) -> None:
    for item in iterable.get_items():
        if flow.block is None:
            return
        flow.push(scope)
        body(Constant(item))
        flow.pop()
        if flow.block is not None:
            scope.continues.append(flow.leave())
        flow.enter(scope.continues)
        scope.continues.clear()


@expression(ast.YieldFrom)
def evaluate_yield_from(flow: FlowContext, node: ast.YieldFrom) -> Value:
    """`yield from x` as the loop it is where nothing is sent."""
    iterable = flow.evaluate(node.value)
    loop_over(flow, iterable, set(), LoopScope(), lambda item: append_yield(flow, item, node), node)
    return Constant(None)


# ---- comprehensions


def comprehend(
    flow: FlowContext,
    node: Any,
    generators: list[ast.comprehension],
    visit: Callable[[], None],
    whole: LoopScope,
) -> None:
    """Flow the nested loops of a comprehension, and `visit()` where its element is computed.

    `whole.breaks` gathers the edges of a `visit` that wants to leave all loops; they are entered at the end.
    """
    targets = [
        name.id
        for generator in generators
        for name in ast.walk(generator.target)
        if isinstance(name, ast.Name)
    ]
    outer = {name: flow.locals.get(name) for name in targets}
    assigned = flow.assigned.loops.get(node, set())

    def nest(index: int) -> None:
        if index == len(generators):
            visit()
            return
        generator = generators[index]
        if generator.is_async:
            flow.unsupported(generator)
        scope = LoopScope()

        def body(item: Value) -> None:
            assign(flow, generator.target, item)
            for condition in generator.ifs:
                holds, fails = branch(flow, condition)
                scope.continues.extend(fails)
                flow.enter(holds)
                if flow.block is None:
                    return
            nest(index + 1)

        loop_over(flow, flow.evaluate(generator.iter), assigned, scope, body, generator)

    nest(0)
    if whole.breaks:
        if flow.block is not None:
            whole.breaks.append(flow.leave())
        flow.enter(whole.breaks)
    for name, value in outer.items():
        if value is None:
            flow.unbind_name(name)
        else:
            flow.assign_name(name, value)


def _build_container(
    flow: FlowContext, node: Any, generators: list[ast.comprehension], opname: str, method: str, element: Any
) -> Value:
    container = flow.append(OPERATIONS[opname], [], node)

    def visit() -> None:
        value = flow.evaluate(element)
        add = flow.op("getattr", [container, Constant(method)], element)
        flow.append(OPERATIONS["simple_call"], [add, value], element)

    comprehend(flow, node, generators, visit, LoopScope())
    if opname == "newlist":
        # A list of its own, so that appending here does not make the result a resizable one.
        return flow.append(OPERATIONS["finish_list"], [container], node)
    return container


@expression(ast.ListComp)
def evaluate_list_comprehension(flow: FlowContext, node: ast.ListComp) -> Value:
    return _build_container(flow, node, node.generators, "newlist", "append", node.elt)


@expression(ast.SetComp)
def evaluate_set_comprehension(flow: FlowContext, node: ast.SetComp) -> Value:
    return _build_container(flow, node, node.generators, "newset", "add", node.elt)


@expression(ast.DictComp)
def evaluate_dict_comprehension(flow: FlowContext, node: ast.DictComp) -> Value:
    container = flow.append(OPERATIONS["newdict"], [], node)

    def visit() -> None:
        key = flow.evaluate(node.key)
        flow.op("setitem", [container, key, flow.evaluate(node.value)], node.key)

    comprehend(flow, node, node.generators, visit, LoopScope())
    return container


@expression(ast.GeneratorExp)
def evaluate_generator_expression(flow: FlowContext, node: ast.GeneratorExp) -> Value:
    raise flow.error(
        "a generator expression that is not consumed at once",
        node,
        "write a list comprehension, or a generator function",
    )


# ---- functions that consume a generator expression


def _consumed(node: ast.Call) -> ast.GeneratorExp | None:
    if node.args and isinstance(node.args[0], ast.GeneratorExp):
        return node.args[0]
    return None


def _otherwise(function: Any, fallback: Any) -> Callable[[Any], Any]:
    """Register a consumer: with a generator expression it is used, else the call is done as before."""
    previous = SPECIAL_CALLS.get(function)

    def register(consume: Any) -> Any:
        @special_call(function)
        def evaluate(flow: FlowContext, node: ast.Call) -> Value:
            generator = _consumed(node)
            if generator is not None:
                result: Value = consume(flow, node, generator)
                return result
            if previous is not None:
                return previous(flow, node)
            return call(flow, Constant(fallback), node)

        return consume

    return register


@_otherwise(any, any)
def _consume_any(flow: FlowContext, node: ast.Call, generator: ast.GeneratorExp) -> Value:
    return _search(flow, generator, True)


@_otherwise(all, all)
def _consume_all(flow: FlowContext, node: ast.Call, generator: ast.GeneratorExp) -> Value:
    return _search(flow, generator, False)


def _search(flow: FlowContext, generator: ast.GeneratorExp, wanted: bool) -> Value:
    """Leave the loops at the first element whose truth is `wanted`."""
    whole = LoopScope()
    found: list[Edge] = []

    def visit() -> None:
        when_true, when_false = branch(flow, generator.elt)
        hit, miss = (when_true, when_false) if wanted else (when_false, when_true)
        found.extend(hit)
        flow.enter(miss)

    comprehend(flow, generator, generator.generators, visit, whole)
    done = []
    if flow.block is not None:
        done.append(flow.leave(Constant(not wanted)))
    for edge in found:
        edge.value = Constant(wanted)
        edge.locals = _visible(flow, edge)
    result = flow.enter(done + found)
    assert result is not None
    if type(result) is Variable:
        flow.booleans.add(result)
    return result


def _visible(flow: FlowContext, edge: Edge) -> dict[str, Value]:
    """The locals of an edge out of a comprehension without the names that belong to it."""
    return {name: value for name, value in edge.locals.items() if name in flow.locals}


@_otherwise(sum, sum)
def _consume_sum(flow: FlowContext, node: ast.Call, generator: ast.GeneratorExp) -> Value:
    total = ".total"
    start: Value = flow.evaluate(node.args[1]) if len(node.args) > 1 else Constant(0)
    return _accumulate(flow, generator, total, start)


def _accumulate(flow: FlowContext, generator: ast.GeneratorExp, name: str, start: Value) -> Value:
    before = flow.locals.get(name)
    flow.assign_name(name, start)
    loops = flow.assigned.loops
    loops[generator] = loops.get(generator, set()) | {name}

    def visit() -> None:
        element = flow.evaluate(generator.elt)
        flow.assign_name(name, flow.op("add", [flow.locals[name], element], generator.elt))

    comprehend(flow, generator, generator.generators, visit, LoopScope())
    result = flow.locals[name]
    flow.unbind_name(name)
    if before is not None:
        flow.assign_name(name, before)
    return result


@_otherwise(list, list)
def _consume_list(flow: FlowContext, node: ast.Call, generator: ast.GeneratorExp) -> Value:
    return _build_container(flow, generator, generator.generators, "newlist", "append", generator.elt)


@_otherwise(set, set)
def _consume_set(flow: FlowContext, node: ast.Call, generator: ast.GeneratorExp) -> Value:
    return _build_container(flow, generator, generator.generators, "newset", "add", generator.elt)


@_otherwise(dict, dict)
def _consume_dict(flow: FlowContext, node: ast.Call, generator: ast.GeneratorExp) -> Value:
    element = generator.elt
    if not isinstance(element, ast.Tuple) or len(element.elts) != 2:
        raise flow.error(
            "dict() of a generator expression needs pairs", element, "write a dict comprehension"
        )
    pair = ast.copy_location(ast.DictComp(element.elts[0], element.elts[1], generator.generators), generator)
    flow.assigned.loops[pair] = flow.assigned.loops.get(generator, set())
    return evaluate_dict_comprehension(flow, pair)


def _consume_through_list(function: Any) -> None:
    """min, max, sorted: the same call with a list."""

    @_otherwise(function, function)
    def consume(flow: FlowContext, node: ast.Call, generator: ast.GeneratorExp) -> Value:
        items = _consume_list(flow, node, generator)
        keywords = [(keyword.arg or "", flow.evaluate(keyword.value)) for keyword in node.keywords]
        rest = [flow.evaluate(item) for item in node.args[1:]]
        return call_values(flow, Constant(function), [items, *rest], keywords, None, node)


for _function in (min, max, sorted):
    _consume_through_list(_function)


@_otherwise(tuple, tuple)
def _consume_tuple(flow: FlowContext, node: ast.Call, generator: ast.GeneratorExp) -> Value:
    raise flow.error("tuple() of a generator expression has no known length", node, "use a list")


def join_call(flow: FlowContext, node: ast.Call) -> Value | None:
    """`separator.join(generator expression)` as a join of a list, or None if the node is not that."""
    generator = _consumed(node)
    if (
        generator is None
        or not isinstance(node.func, ast.Attribute)
        or node.func.attr not in ("join", "extend")
    ):
        return None
    owner = flow.evaluate(node.func.value)
    items = _consume_list(flow, node, generator)
    method = get_attribute(flow, owner, node.func.attr, node.func)
    return call_values(flow, method, [items], [], None, node)


SHAPED_CALLS.append(join_call)
