"""Removing from a graph what the analysis found unreachable, once it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ouro.annotator.annotations import IMPOSSIBLE
from ouro.flowspace import LAST_EXCEPTION, Block, Constant, FunctionGraph, Link

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine


def remove_unreached(engine: Engine, graph: FunctionGraph) -> None:
    """Cut exits that are never taken, and blocks after an operation that never returns.

    Such an operation is made to lead to the except block with an AssertionError, which cannot happen.
    """
    followed = engine.followed
    stopped = engine.stopped
    for block in graph.iterblocks():
        if not block.exits:
            continue
        index = stopped.get(block)
        if index is None:
            # Only the start block of a graph that nothing calls with possible arguments.
            _never_goes_on(engine, graph, block, -1)
        elif index >= 0:
            _never_goes_on(engine, graph, block, index)
        else:
            _cut_exits(block, followed)
    for variable in (*graph.returnblock.inputargs, *graph.exceptblock.inputargs):
        if variable.annotation is None:
            variable.annotation = IMPOSSIBLE


def _cut_exits(block: Block, followed: set[Link]) -> None:
    exits = [link for link in block.exits if link in followed]
    if len(exits) == len(block.exits):
        return
    block.exits = exits
    if block.exitswitch is LAST_EXCEPTION:
        if len(exits) == 1:
            block.exitswitch = None
    elif len(exits) == 1:
        block.exitswitch = None
        exits[0].exitcase = None


def _never_goes_on(engine: Engine, graph: FunctionGraph, block: Block, index: int) -> None:
    taken = []
    if block.exitswitch is LAST_EXCEPTION and index == len(block.operations) - 1:
        taken = [link for link in block.exits[1:] if link in engine.followed]
    del block.operations[index + 1 :]
    error = Constant(AssertionError)
    instance = Constant(_UNREACHABLE)
    for constant in (error, instance):
        constant.annotation = engine.constant(constant.value)
    for variable, constant in zip(graph.exceptblock.inputargs, (error, instance)):
        if variable.annotation is None:
            variable.annotation = constant.annotation
        else:
            variable.annotation = engine.join(variable.annotation, constant.annotation)
    leave = Link([error, instance], graph.exceptblock)
    engine.followed.add(leave)
    block.exits = [leave, *taken]
    block.exitswitch = LAST_EXCEPTION if taken else None


_UNREACHABLE = AssertionError("this call was never found to return")
