"""Straight-line blocks become one; links skip empty blocks; switches on known values disappear.

Needs nothing. Afterwards a block with a single plain exit leads to a block that others lead to as well.
"""

from __future__ import annotations

from typing import Any

from ouro.flowspace import LAST_EXCEPTION, Block, Constant, FunctionGraph, Link, Variable

__all__ = ["merge_blocks"]

_LONGEST_HOP = 16


def merge_blocks(graph: FunctionGraph) -> bool:
    """Merge the blocks of `graph`; whether anything changed."""
    changed = _skip_empty_blocks(graph)
    counts: dict[Block, int] = {graph.startblock: 1}
    for link in graph.iterlinks():
        counts[link.target] = counts.get(link.target, 0) + 1
    final = (graph.returnblock, graph.exceptblock)
    for block in list(graph.iterblocks()):
        while block.exitswitch is None and len(block.exits) == 1:
            link = block.exits[0]
            target = link.target
            if counts[target] != 1 or target in final or target is block:
                break
            _append(block, link, target)
            counts[target] = 0
            changed = True
    return changed


def _append(block: Block, link: Link, target: Block) -> None:
    """Put the content of `target`, which only `link` leads to, at the end of `block`."""
    renamed: dict[Any, Any] = dict(zip(target.inputargs, link.args))
    get = renamed.get
    for operation in target.operations:
        operation.args = [get(arg, arg) for arg in operation.args]
    block.operations.extend(target.operations)
    for onward in target.exits:
        onward.args = [get(arg, arg) for arg in onward.args]
    block.exitswitch = get(target.exitswitch, target.exitswitch)
    block.exits = target.exits
    if isinstance(block.exitswitch, Constant):
        choose_exit(block, block.exitswitch.value)
    target.operations = []
    target.exits = []


def choose_exit(block: Block, value: Any) -> None:
    """Keep only the exit that a switch on this value takes."""
    for link in block.exits:
        if link.exitcase == value or link.exitcase == "default":
            block.exits = [link]
            break
    link = block.exits[0]
    link.exitcase = None
    block.exitswitch = None


def _skip_empty_blocks(graph: FunctionGraph) -> bool:
    changed = False
    for block in graph.iterblocks():
        for link in block.exits:
            for _ in range(_LONGEST_HOP):
                onward = _onward(graph, link)
                if onward is None:
                    break
                passed: dict[Any, Any] = dict(zip(link.target.inputargs, link.args))
                link.args = [passed.get(arg, arg) for arg in onward.args]
                link.target = onward.target
                link.position = onward.position
                changed = True
        if len(block.exits) == 2 and isinstance(block.exitswitch, Variable):
            first, second = block.exits
            if first.target is second.target and first.args == second.args:
                block.exits = [first]
                first.exitcase = None
                block.exitswitch = None
                changed = True
    return changed


def _onward(graph: FunctionGraph, link: Link) -> Link | None:
    """The exit that control takes after `link` if nothing happens in its target."""
    target = link.target
    if target.operations or not target.exits or target.exitswitch is LAST_EXCEPTION:
        return None
    if target.exitswitch is None:
        return target.exits[0] if target.exits[0].target is not target else None
    value: Any = target.exitswitch
    if isinstance(value, Variable):
        value = link.args[target.inputargs.index(value)]
    if not isinstance(value, Constant):
        return None
    for onward in target.exits:
        if onward.exitcase == value.value or onward.exitcase == "default":
            return onward if onward.target is not target else None
    return None
