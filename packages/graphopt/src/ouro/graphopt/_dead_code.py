"""Drops operations, allocations and block parameters that nothing uses.

Needs nothing. The walk starts from what has an effect and goes backwards through arguments and parameters
(the classic marking algorithm), so cycles of dead parameters around loops vanish too. A store into an array
has an effect if the array is used, where the graph makes the array itself: `[0] * n` leaves a list of one
item that nobody reads.
"""

from __future__ import annotations

from typing import Any

from ouro.flowspace import LAST_EXCEPTION, Block, FunctionGraph, Link, Operation, Variable
from ouro.rtyper import OPERATIONS

__all__ = ["is_removable", "remove_dead_code"]

_ALLOCATIONS = frozenset(["malloc", "malloc_varsize"])
_STORES = frozenset(["setfield", "setarrayitem"])


def is_removable(operation: Operation) -> bool:
    """Whether the operation may be dropped when its result is not used.

    An allocation may: that it could fail is no effect that a program can rely on. So may an overflow check,
    but only where nobody catches it (see `remove_dead_code`).
    """
    row = OPERATIONS.get(operation.opname)
    if row is None:
        return False
    if operation.opname in _ALLOCATIONS:
        flags: Any = operation.args[1]
        return bool(flags.value.get("flavor", "gc") == "gc")
    return row.removable


def remove_dead_code(graph: FunctionGraph) -> bool:
    """Remove what is dead in `graph`; whether anything was."""
    blocks = list(graph.iterblocks())
    fixed = (graph.startblock, graph.returnblock, graph.exceptblock)
    parameters: dict[Variable, tuple[Block, int]] = {}
    removable: dict[Variable, Operation] = {}
    made: dict[Variable, list[Operation]] = _stores_into_new_arrays(blocks)
    entries: dict[Block, list[Link]] = {block: [] for block in blocks}
    work: list[Any] = []
    for block in blocks:
        if block not in fixed:
            for index, variable in enumerate(block.inputargs):
                parameters[variable] = (block, index)
        last = block.operations[-1] if block.exitswitch is LAST_EXCEPTION else None
        for operation in block.operations:
            if operation is not last and is_removable(operation):
                removable[operation.result] = operation
            elif operation.opname not in _STORES or operation.args[0] not in made:
                work.extend(operation.args)
        work.append(block.exitswitch)
        for link in block.exits:
            entries[link.target].append(link)
            if link.target in fixed:
                work.extend(link.args)
    live: set[Any] = set()
    while work:
        value = work.pop()
        if value in live or not isinstance(value, Variable):
            continue
        live.add(value)
        dead = removable.get(value)
        if dead is not None:
            work.extend(dead.args)
            for store in made.get(value, ()):
                work.extend(store.args)
        elif value in parameters:
            block, index = parameters[value]
            work.extend(link.args[index] for link in entries[block])
    return _sweep(blocks, fixed, entries, removable, made, live)


def _stores_into_new_arrays(blocks: list[Block]) -> dict[Variable, list[Operation]]:
    """The stores into each array that an operation here allocates, as far as they name its result.

    Structures may have finalizers, which run for what nobody reads too; those without are replaced by their fields.
    """
    made: dict[Variable, list[Operation]] = {}
    for block in blocks:
        last = block.operations[-1] if block.exitswitch is LAST_EXCEPTION else None
        for operation in block.operations:
            if operation.opname == "malloc_varsize" and operation is not last and is_removable(operation):
                made[operation.result] = []
    if made:
        for block in blocks:
            for operation in block.operations:
                if operation.opname in _STORES and operation.args[0] in made:
                    made[operation.args[0]].append(operation)
    return made


def _sweep(
    blocks: list[Block],
    fixed: tuple[Block, ...],
    entries: dict[Block, list[Link]],
    removable: dict[Variable, Operation],
    made: dict[Variable, list[Operation]],
    live: set[Any],
) -> bool:
    changed = False
    for block in blocks:
        kept = [
            operation
            for operation in block.operations
            if (operation.result in live or operation.result not in removable)
            and not (operation.opname in _STORES and operation.args[0] in made and operation.args[0] not in live)
        ]
        if len(kept) != len(block.operations):
            block.operations = kept
            changed = True
        if block in fixed:
            continue
        used = [variable in live for variable in block.inputargs]
        if not all(used):
            changed = True
            block.inputargs = [variable for variable, keep in zip(block.inputargs, used) if keep]
            for link in entries[block]:
                link.args = [arg for arg, keep in zip(link.args, used) if keep]
    return changed
