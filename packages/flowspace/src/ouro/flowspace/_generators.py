"""Generator functions become iterator classes.

The graph of the function makes an instance and stores the arguments in it. The body becomes the graph of the
class's `__next__`: a `yield` stores what is live after it in attributes of its own (so that no attribute
has to hold two types), sets the state to its number and returns the value; the next call dispatches on the
state, loads the attributes and goes on there. While the body runs, and after it has ended, the state is
`FINISHED`.

`send`, `throw` and `close` are not RPython: a generator that is dropped does not run its `finally` clauses.
"""

from __future__ import annotations

import ast
import types
from typing import Any

from ouro.flowspace._context import FlowContext, expression
from ouro.flowspace._model import (
    Block,
    Constant,
    FunctionGraph,
    Link,
    Operation,
    Position,
    Signature,
    Value,
    Variable,
)
from ouro.flowspace.operations import OPERATIONS

FINISHED = -1

_classes: dict[Any, type] = {}


@expression(ast.Yield)
def evaluate_yield(flow: FlowContext, node: ast.Yield) -> Value:
    raise flow.error(
        "the value of a `yield` is used: nothing can be sent to a generator in RPython",
        node,
        "make the `yield` a statement of its own; what the generator has to read can stand in an object",
    )


def execute_yield(flow: FlowContext, node: ast.Yield) -> None:
    """A `yield` that is a statement."""
    append_yield(flow, Constant(None) if node.value is None else flow.evaluate(node.value), node)


def append_yield(flow: FlowContext, value: Value, node: Any) -> None:
    """Leave the generator with a value; the open block afterwards is where it goes on."""
    if flow.generator_self is None:
        raise flow.error("`yield` in a lambda or comprehension", node)
    flow.append(OPERATIONS["yield_"], [flow.generator_self, value], node)
    block = flow.block
    assert block is not None
    resumed = Block([])
    block.exits = [Link([], resumed)]
    flow.block = resumed


def iterator_class(func: types.FunctionType) -> type:
    """The class whose instances are the iterators of a generator function."""
    known = _classes.get(func)
    if known is None:
        namespace = {
            "__module__": func.__module__,
            "__doc__": f"The iterators of {func.__qualname__}.",
            "__iter__": _copy(_return_self, "__iter__"),
            "__next__": _copy(_never_called, "__next__"),
        }
        known = _classes[func] = type(f"{func.__name__}_iterator", (), namespace)
    return known


def _return_self(self: Any) -> Any:
    return self


def _never_called(self: Any) -> Any:
    raise NotImplementedError("the iterators of RPython generators run through their flow graphs only")


def _copy(function: Any, name: str) -> types.FunctionType:
    """A function object of its own for each class, so that they are typed separately."""
    copy = types.FunctionType(function.__code__, function.__globals__, name)
    copy.__module__ = function.__module__
    return copy


def fill_creation(graph: FunctionGraph, cls: type, position: Position) -> None:
    """Make the graph of the generator function itself in `graph`, whose start block has the parameters."""
    assert graph.signature is not None
    block = graph.startblock
    iterator = Variable("iterator")
    block.operations.append(Operation("simple_call", [Constant(cls)], iterator, position))
    stored: list[tuple[str, Value]] = [("state", Constant(0))]
    for name, variable in zip(graph.signature.all_names, block.inputargs):
        stored.append((f"arg_{name}", variable))
    for name, value in stored:
        args: list[Value] = [iterator, Constant(name), value]
        block.operations.append(Operation("setattr", args, Variable("v"), position))
    block.exits = [Link([iterator], graph.returnblock)]


def open_body(flow: FlowContext, names: tuple[str, ...], node: Any) -> None:
    """Begin the graph of `__next__`: its one parameter, and the arguments loaded from it."""
    self = Variable("self")
    flow.graph.signature = Signature(("self",))
    flow.graph.startblock.inputargs.append(self)
    flow.generator_self = self
    for name in names:
        flow.locals[name] = flow.op("getattr", [self, Constant(f"arg_{name}")], node)


def split_at_yields(graph: FunctionGraph, position: Position) -> None:
    """Turn the closed graph of a whole body into that of one step."""
    resume: list[Block] = [graph.startblock]
    for block in list(graph.iterblocks()):
        if block.operations and block.operations[-1].opname == "yield_":
            resume.append(_suspend(graph, block, len(resume)))
    self = Variable("self")
    start = Block([self], position)
    state = Variable("state")
    start.operations.append(Operation("getattr", [self, Constant("state")], state, position))
    finished: list[Value] = [self, Constant("state"), Constant(FINISHED)]
    start.operations.append(Operation("setattr", finished, Variable("v"), position))
    block = start
    for number, target in enumerate(resume):
        test = Variable("test")
        block.operations.append(Operation("eq", [state, Constant(number)], test, position))
        block.exitswitch = test
        onward = Block([Variable("self"), Variable("state")])
        block.exits = [Link([self, state], onward, False), Link([self], target, True)]
        self, state = onward.inputargs
        block = onward
    stop = Variable("stop")
    block.operations.append(Operation("simple_call", [Constant(StopIteration)], stop, position))
    block.exits = [Link([Constant(StopIteration), stop], graph.exceptblock)]
    graph.startblock = start


def _suspend(graph: FunctionGraph, block: Block, number: int) -> Block:
    """End `block` by returning the yielded value; the block that goes on from there."""
    yielded = block.operations.pop()
    self, value = yielded.args
    link = block.exits[0]
    resumed = Block([Variable("self")])
    loaded: list[Value] = []
    for index, arg in enumerate(link.args):
        if arg is self:
            loaded.append(resumed.inputargs[0])
        elif isinstance(arg, Constant):
            loaded.append(Constant(arg.value))
        else:
            name = Constant(f"saved_{number}_{index}")
            store: list[Value] = [self, name, arg]
            block.operations.append(Operation("setattr", store, Variable("v"), yielded.position))
            variable = Variable(arg.name)
            load: list[Value] = [resumed.inputargs[0], name]
            resumed.operations.append(Operation("getattr", load, variable, yielded.position))
            loaded.append(variable)
    state: list[Value] = [self, Constant("state"), Constant(number)]
    block.operations.append(Operation("setattr", state, Variable("v"), yielded.position))
    resumed.exits = [Link(loaded, link.target)]
    block.exits = [Link([value], graph.returnblock)]
    return resumed
