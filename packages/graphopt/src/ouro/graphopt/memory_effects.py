"""What calls may read and write, found over the call graph.

Memory is named by *places*: `("field", STRUCT, name)` for a field of a structure type, `("items", ARRAY)`
for the items of an array type. Two pointers to different places never mean the same memory; two to one
place may. A graph's places are its own and those of what it calls; above `MOST_PLACES` it counts as
touching anything (None), which keeps the result linear in the size of the program. The collector does not
count: it moves objects but changes no value. For load sharing here, and for the JIT generator's
descriptions of calls.
"""

from __future__ import annotations

from typing import Any, Optional

from attrs import define, field
from ouro.flowspace import Constant, FunctionGraph, Operation
from ouro.graphopt._call_graph import CallGraph
from ouro.graphopt.effects import called_external, called_graphs
from ouro.lltype import Struct
from ouro.rtyper import OPERATIONS, TypedProgram

__all__ = ["MOST_PLACES", "MemoryEffects", "analyze_memory", "place_of"]

MOST_PLACES = 64

Place = tuple[Any, ...]
Places = Optional[frozenset[Place]]

_NOTHING: frozenset[Place] = frozenset()
_CALLS = frozenset(["direct_call", "indirect_call"])


def place_of(operation: Operation) -> Place | None:
    """The place that a `getfield`, `setfield` or array operation touches; None for other operations."""
    opname = operation.opname
    if opname in ("getfield", "setfield"):
        name = operation.args[1]
        assert isinstance(name, Constant)
        return "field", operation.args[0].concretetype.TO, name.value
    if opname in ("getarrayitem", "setarrayitem"):
        return "items", operation.args[0].concretetype.TO
    if opname in ("getinteriorfield", "setinteriorfield"):
        return _interior_place(operation)
    return None


def _interior_place(operation: Operation) -> Place | None:
    """The innermost structure's field or array's items that a path leads to."""
    TYPE: Any = operation.args[0].concretetype.TO
    place: Place | None = None
    path = operation.args[1:] if operation.opname.startswith("get") else operation.args[1:-1]
    for step in path:
        if isinstance(TYPE, Struct):
            if not isinstance(step, Constant):
                return None
            place = ("field", TYPE, step.value)
            TYPE = TYPE.types[TYPE.names.index(step.value)]
        else:
            place = ("items", TYPE)
            TYPE = TYPE.ITEM
    return place


@define(eq=False)
class MemoryEffects:
    """The answer of `analyze_memory`: places by graph; None stands for any place."""

    reads: dict[FunctionGraph, Places] = field(factory=dict)
    writes: dict[FunctionGraph, Places] = field(factory=dict)

    def written_by(self, operation: Operation) -> Places:
        """The places that an operation may write."""
        if operation.opname in _CALLS:
            return _of_call(operation, self.writes)
        return _own_writes(operation)

    def read_by(self, operation: Operation) -> Places:
        """The places that an operation may read."""
        if operation.opname in _CALLS:
            return _of_call(operation, self.reads)
        return _own_reads(operation)


def _of_call(operation: Operation, table: dict[FunctionGraph, Places]) -> Places:
    external = called_external(operation)
    if external is not None and external.is_pure:
        return _NOTHING
    targets = called_graphs(operation)
    if not targets:
        return None
    result: Places = _NOTHING
    for target in targets:
        result = _union(result, table.get(target))
    return result


def _union(first: Places, second: Places) -> Places:
    if first is None or second is None:
        return None
    if second <= first:
        return first
    both = first | second
    return both if len(both) <= MOST_PLACES else None


def _own_writes(operation: Operation) -> Places:
    row = OPERATIONS.get(operation.opname)
    if row is None or row.effects == "call":
        return None
    if row.effects != "write":
        return _NOTHING
    place = place_of(operation)
    return None if place is None else frozenset([place])


def _own_reads(operation: Operation) -> Places:
    row = OPERATIONS.get(operation.opname)
    if row is None or row.effects == "call":
        return None
    if row.effects != "read":
        return _NOTHING
    place = place_of(operation)
    return None if place is None else frozenset([place])


def analyze_memory(program: TypedProgram, calls: CallGraph) -> MemoryEffects:
    """Find what every graph of the program may read and write: one pass, callees before callers."""
    result = MemoryEffects()
    members: list[FunctionGraph] = []
    for graph in calls.order:
        if members and calls.component[graph] != calls.component[members[0]]:
            _finish(members, result)
            members = []
        members.append(graph)
    if members:
        _finish(members, result)
    return result


def _finish(members: list[FunctionGraph], result: MemoryEffects) -> None:
    """The graphs of one cycle share their places."""
    reads: Places = _NOTHING
    writes: Places = _NOTHING
    inside = set(members)
    for graph in members:
        for _, operation in graph.iterblockops():
            if operation.opname in _CALLS:
                targets = called_graphs(operation)
                if targets and all(target in inside for target in targets):
                    continue
            if writes is not None:
                writes = _union(writes, result.written_by(operation))
            if reads is not None:
                reads = _union(reads, result.read_by(operation))
    for graph in members:
        result.reads[graph] = reads
        result.writes[graph] = writes
