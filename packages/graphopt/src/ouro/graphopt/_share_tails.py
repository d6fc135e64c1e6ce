"""Blocks that do the same and go to the same places become one.

Needs nothing; most is found after inlining. Works backwards: once two blocks are one, the blocks that lead
to them may be the same too, so it goes in rounds.
"""

from __future__ import annotations

from typing import Any

from ouro.flowspace import LAST_EXCEPTION, Block, Constant, FunctionGraph, Variable
from ouro.lltype import Pointer, container_of

__all__ = ["share_tails"]

_MOST_ROUNDS = 4


def share_tails(graph: FunctionGraph) -> bool:
    """Share the equal blocks of `graph`; whether there were any."""
    changed = False
    for _ in range(_MOST_ROUNDS):
        kept: dict[Any, Block] = {}
        replaced: dict[Block, Block] = {}
        for block in graph.iterblocks():
            if block in (graph.startblock, graph.returnblock, graph.exceptblock):
                continue
            form = _form(block)
            if form is None:
                continue
            first = kept.setdefault(form, block)
            if first is not block:
                replaced[block] = first
        if not replaced:
            break
        changed = True
        for link in graph.iterlinks():
            link.target = replaced.get(link.target, link.target)
    return changed


def _form(block: Block) -> Any:
    """A key that equal blocks share; None for a block whose constants cannot be compared."""
    numbers: dict[Any, int] = {variable: index for index, variable in enumerate(block.inputargs)}

    def name(value: Any) -> Any:
        if isinstance(value, Variable):
            number = numbers.get(value)
            if number is None:
                number = numbers[value] = len(numbers)
            return number
        return _constant(value)

    try:
        parts: list[Any] = [tuple([variable.concretetype for variable in block.inputargs])]
        for operation in block.operations:
            args = tuple([name(arg) for arg in operation.args])
            parts.append((operation.opname, args, name(operation.result), operation.result.concretetype))
        switch = block.exitswitch
        parts.append("exception" if switch is LAST_EXCEPTION else None if switch is None else name(switch))
        for link in block.exits:
            for value in (link.last_exception, link.last_exc_value):
                if value is not None:
                    name(value)
            case = _constant(link.exitcase) if isinstance(link.exitcase, Constant) else repr(link.exitcase)
            parts.append((case, id(link.target), tuple([name(arg) for arg in link.args]), link.position))
        return tuple(parts)
    except TypeError:
        return None


def _constant(constant: Any) -> Any:
    """A key for a constant. Void constants hold host objects, which are compared by identity."""
    value = constant.value
    if isinstance(value, Pointer):
        return "pointer", constant.concretetype, id(container_of(value))
    if type(value) in (int, str, bool, float, type(None)):
        return type(value), repr(value), constant.concretetype
    if type(value) is dict:
        return "dict", repr(sorted(value.items())), constant.concretetype
    return "object", id(value), constant.concretetype
