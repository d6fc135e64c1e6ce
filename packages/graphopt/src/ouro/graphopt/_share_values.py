"""A value that was computed or loaded before in the same block is not computed or loaded again.

Needs merged blocks and what calls may write. Loads are shared until a store to the same place (see
`memory_effects`), and a load after a store takes the stored value. Pointers of the same place may be the same
memory, so a store through one forgets what is known of the others.
"""

from __future__ import annotations

from typing import Any

from ouro.flowspace import LAST_EXCEPTION, Block, Constant, FunctionGraph, Operation
from ouro.graphopt.memory_effects import MemoryEffects, Place, place_of
from ouro.lltype import Pointer, container_of
from ouro.rtyper import OPERATIONS

__all__ = ["share_values"]

_LOADS = frozenset(["getfield", "getarrayitem", "getinteriorfield"])
_LOAD_OF_STORE = {
    "setfield": "getfield",
    "setarrayitem": "getarrayitem",
    "setinteriorfield": "getinteriorfield",
}
_MOVING = frozenset(
    [
        "getsubstruct",
        "getarraysubstruct",
        "cast_ptr_to_int",
        "cast_ptr_to_adr",
        "cast_adr_to_int",
        "adr_add",
        "adr_sub",
    ]
)
"""Not shared: their results are places inside of objects that the collector may move in between."""


def share_values(graph: FunctionGraph, memory: MemoryEffects) -> bool:
    """Share the values of each block of `graph`; whether there was one."""
    changed = False
    for block in graph.iterblocks():
        if len(block.operations) > 1 and _share_in_block(block, memory):
            changed = True
    return changed


def _share_in_block(block: Block, memory: MemoryEffects) -> bool:
    values: dict[Any, Any] = {}
    loads: dict[Place, dict[Any, Any]] = {}
    renamed: dict[Any, Any] = {}
    get = renamed.get
    last = block.operations[-1] if block.exitswitch is LAST_EXCEPTION else None
    for operation in block.operations:
        if renamed:
            operation.args = [get(arg, arg) for arg in operation.args]
        opname = operation.opname
        row = OPERATIONS.get(opname)
        if opname in _LOADS:
            place = place_of(operation)
            if place is not None:
                known = loads.setdefault(place, {})
                key = _key(operation, operation.args)
                found = known.get(key)
                if found is not None and found.concretetype == operation.result.concretetype:
                    renamed[operation.result] = found
                else:
                    known[key] = operation.result
        elif opname in _LOAD_OF_STORE:
            _store(operation, loads)
        elif row is not None and row.pure and not row.raises and opname not in _MOVING:
            key = (opname, operation.result.concretetype, *_key(operation, operation.args))
            found = values.setdefault(key, operation.result)
            if found is not operation.result:
                renamed[operation.result] = found
        elif loads:
            written = memory.written_by(operation)
            if written is None:
                loads.clear()
            else:
                for place in written:
                    loads.pop(place, None)
    if not renamed:
        return False
    block.operations = [op for op in block.operations if op.result not in renamed or op is last]
    block.exitswitch = get(block.exitswitch, block.exitswitch)
    for link in block.exits:
        link.args = [get(arg, arg) for arg in link.args]
    return True


def _store(operation: Operation, loads: dict[Place, dict[Any, Any]]) -> None:
    place = place_of(operation)
    if place is None:
        loads.clear()
        return
    *where, value = operation.args
    loads[place] = {_key(operation, where): value}


def _key(operation: Operation, args: list[Any]) -> tuple[Any, ...]:
    """Equal for operands that are the same values."""
    return tuple([_operand_key(arg) if isinstance(arg, Constant) else arg for arg in args])


def _operand_key(constant: Constant) -> Any:
    value = constant.value
    if isinstance(value, Pointer):
        return "pointer", id(container_of(value)), constant.concretetype
    if type(value) in (int, str, bool):
        return type(value), value, constant.concretetype
    return "object", id(value)
