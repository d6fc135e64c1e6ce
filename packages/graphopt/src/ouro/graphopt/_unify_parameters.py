"""Block parameters that always have the same value become one.

Needs nothing. Inlining passes a value both as an argument and along the call; scalar replacement and the flow
graph builder make such twins too, and aliases in turn keep objects from being replaced by scalars. The
partition is optimistic, so twins carried around a loop are found: all parameters of one type in a block
begin in one class, and classes split while links tell their members apart (Alpern, Wegman and Zadeck 1988,
for parameters only).
"""

from __future__ import annotations

from typing import Any

from ouro.flowspace import Block, Constant, FunctionGraph, Link, Variable
from ouro.lltype import Pointer, container_of

__all__ = ["unify_parameters"]


def unify_parameters(graph: FunctionGraph) -> bool:
    """Unify the parameters of `graph`; whether there were twins."""
    fixed = (graph.startblock, graph.returnblock, graph.exceptblock)
    blocks = [block for block in graph.iterblocks() if block not in fixed]
    entries: dict[Block, list[Link]] = {block: [] for block in blocks}
    twins = False
    for link in graph.iterlinks():
        if link.target in entries:
            entries[link.target].append(link)
            twins = twins or len(set(link.args)) != len(link.args)
    if not twins:
        return False  # all twins come from a link that passes one value twice
    numbers: dict[Any, Any] = {}
    candidates = []
    for block in blocks:
        kinds: dict[Any, int] = {}
        for variable in block.inputargs:
            kinds[variable.concretetype] = kinds.get(variable.concretetype, 0) + 1
            numbers[variable] = (block, variable.concretetype)
        if len(kinds) != len(block.inputargs):
            candidates.append(block)
        else:
            numbers.update((variable, variable) for variable in block.inputargs)
    if not candidates:
        return False
    _refine(candidates, entries, numbers)
    return _replace(candidates, entries, numbers)


def _number(value: Any, numbers: dict[Any, Any]) -> Any:
    if isinstance(value, Variable):
        return numbers.get(value, value)
    constant: Constant = value
    if isinstance(constant.value, Pointer):
        return container_of(constant.value)
    if type(constant.value) in (int, str, bool):
        return constant.value
    return constant


def _refine(candidates: list[Block], entries: dict[Block, list[Link]], numbers: dict[Any, Any]) -> None:
    pending = candidates[::-1]
    queued = set(candidates)
    relevant = set(candidates)
    while pending:
        block = pending.pop()
        queued.discard(block)
        rows = [[_number(arg, numbers) for arg in link.args] for link in entries[block]]
        classes: dict[Any, Any] = {}
        used: set[Any] = set()
        split = False
        for index, variable in enumerate(block.inputargs):
            old = numbers[variable]
            key = (old, tuple([_identity(row[index]) for row in rows]))
            new = classes.get(key)
            if new is None:
                # the first part of a class keeps its number, so that nothing below it is looked at again
                new = classes[key] = old if old not in used else variable
                used.add(old)
            if new is not old:
                numbers[variable] = new
                split = True
        if split:
            for link in block.exits:
                if link.target in relevant and link.target not in queued:
                    queued.add(link.target)
                    pending.append(link.target)


def _identity(number: Any) -> Any:
    """A hashable key; 1 and True and objects that compare equal stay apart."""
    if type(number) in (int, str, bool):
        return type(number), number
    if type(number) is tuple:
        return number
    return id(number)


def _replace(candidates: list[Block], entries: dict[Block, list[Link]], numbers: dict[Any, Any]) -> bool:
    changed = False
    for block in candidates:
        first: dict[Any, Variable] = {}
        renamed: dict[Any, Any] = {}
        for variable in block.inputargs:
            kept = first.setdefault(_identity(numbers[variable]), variable)
            if kept is not variable:
                renamed[variable] = kept
        if not renamed:
            continue
        changed = True
        keep = [variable not in renamed for variable in block.inputargs]
        block.inputargs = [variable for variable in block.inputargs if variable not in renamed]
        for link in entries[block]:
            link.args = [arg for arg, kept_here in zip(link.args, keep) if kept_here]
        get = renamed.get
        for operation in block.operations:
            operation.args = [get(arg, arg) for arg in operation.args]
        block.exitswitch = get(block.exitswitch, block.exitswitch)
        for link in block.exits:
            link.args = [get(arg, arg) for arg in link.args]
    return changed
