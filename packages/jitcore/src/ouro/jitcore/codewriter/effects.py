"""What calls do: which memory they read and write, and what they may cause.

One pass over the call graph, callees before callers; the functions of a cycle share their effects. Memory is named by
places (a field of a structure type, the items of an array type), sets of places are bits of integers, so that
joining the
sets of ten thousand functions is cheap. Descriptors of effects are made for what jitcodes call, one for each different
effect. Their bit sets are over the fields and arrays that jitcodes use: no trace can know anything of others. So
they are filled in at the end.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any

from attrs import frozen
from ouro.flowspace import FunctionGraph, Operation
from ouro.graphopt import CallGraph, called_external, called_graphs
from ouro.jitcore.codewriter.marks import LastingWrites, check_mark
from ouro.jitcore.codewriter.places import Place, read_places, written_places
from ouro.jitcore.descriptors.calls import (
    CAN_RAISE,
    CANNOT_RAISE,
    ELIDABLE_CAN_RAISE,
    ELIDABLE_CANNOT_RAISE,
    ELIDABLE_MEMORY_ERROR,
    FORCES,
    LOOP_INVARIANT,
    RANDOM,
    SPECIAL_NONE,
    EffectDescriptor,
    make_bit_set,
)
from ouro.jitcore.descriptors.from_types import DescriptorTable
from ouro.lltype import Struct, container_of, resolve
from ouro.rtyper import OPERATIONS, TypedProgram

COLLECTS, RAISES_MEMORY_ERROR, RAISES, MAY_FORCE, INVALIDATES, RELEASES_LOCK, ANYTHING = (1 << bit for bit in range(7))

CALLS = frozenset(["direct_call", "indirect_call", "jit_conditional_call", "jit_conditional_call_value"])

#: Operations that run code of the collector, but none of the program.
_ONLY_COLLECT = frozenset(["weakref_create", "gc_id", "gc_identityhash", "gc_find_instances"])
#: Rows of kind "call" that do not touch the program's data, nor collect.
_HARMLESS = frozenset([
    "gc_set_enabled", "gc_pin", "gc_unpin", "gc_add_memory_pressure", "gc_finalizer_queue_register",
    "gc_finalizer_queue_next", "gc_next_instance", "gc_register_finalizer", "gc_ignore_finalizer",
])


@frozen
class Effect:
    """What an operation or a function does: places as bits, and flags."""

    flags: int = 0
    reads: int = 0
    writes: int = 0

    def __or__(self, other: Effect) -> Effect:
        return Effect(self.flags | other.flags, self.reads | other.reads, self.writes | other.writes)


NO_EFFECT = Effect()


class EffectAnalysis:
    """The effects of all graphs of a program.

    Args:
        program: the program.
        calls: its call graph.
    """

    def __init__(self, program: TypedProgram, calls: CallGraph) -> None:
        self.program = program
        self.calls = calls
        self._places: dict[Place, int] = {}
        self._of_graph: dict[FunctionGraph, Effect] = {}
        self._made: dict[tuple[Any, ...], EffectDescriptor] = {}
        self._lasting_writes = LastingWrites()
        members: list[FunctionGraph] = []
        for graph in self.calls.order:
            if members and self.calls.component[graph] != self.calls.component[members[0]]:
                self._finish(members)
                members = []
            members.append(graph)
        if members:
            self._finish(members)

    def of_graph(self, graph: FunctionGraph) -> Effect:
        """What a call of a graph may do."""
        known = self._of_graph.get(graph)
        if known is None:  # made after the analysis, such as the function for one operation
            self._finish([graph])
            known = self._of_graph[graph]
        return known

    def of_call(self, operation: Operation) -> Effect:
        """What a call operation may do."""
        external = called_external(operation)
        if external is not None:
            if external.is_pure:
                return NO_EFFECT
            if external.releases_gil or external.may_collect:
                return Effect(ANYTHING | COLLECTS | RELEASES_LOCK if external.releases_gil else ANYTHING | COLLECTS)
            return NO_EFFECT
        targets = called_graphs(operation)
        if targets is None:
            return Effect(ANYTHING | COLLECTS | RAISES)
        result = NO_EFFECT
        for target in targets:
            result = result | self.of_graph(target)
        return result

    def can_raise(self, operation: Operation) -> bool:
        """May an operation raise an exception?"""
        return bool(self._of_operation(operation).flags & (RAISES | RAISES_MEMORY_ERROR))

    def _finish(self, members: list[FunctionGraph]) -> None:
        """The graphs of one cycle share their effects."""
        total = NO_EFFECT
        for graph in members:
            self._of_graph[graph] = NO_EFFECT  # what the others add is added below
        for graph in members:
            for block in graph.iterblocks():
                for operation in block.operations:
                    total = total | self._of_operation(operation)
                for link in block.exits:
                    if link.target is graph.exceptblock:
                        total = total | Effect(RAISES)
        if members[0] in self.calls.may_recurse:
            total = total | Effect(RAISES)
        for graph in members:
            self._of_graph[graph] = total

    def reason(self, graph: FunctionGraph, flags: int) -> str:
        """Why a graph has one of some flags: the shortest way through its calls to an operation that has it itself."""
        came_from: dict[FunctionGraph, FunctionGraph | None] = {graph: None}
        pending = deque([graph])
        while pending:
            current = pending.popleft()
            for _, operation in current.iterblockops():
                targets = called_graphs(operation) if operation.opname in CALLS else None
                if targets:
                    for target in targets:
                        if target not in came_from and self.of_graph(target).flags & flags:
                            came_from[target] = current
                            pending.append(target)
                elif self._of_operation(operation).flags & flags:
                    names = [operation.opname]
                    external = called_external(operation)
                    if external is not None:
                        names = [f"the C function {external.name}"]
                    step: FunctionGraph | None = current
                    while step is not None and step is not graph:
                        names.append(step.name)
                        step = came_from[step]
                    return " -> ".join(reversed(names))
        return "it raises"

    def _bit(self, place: Place) -> int:
        return 1 << self._places.setdefault(place, len(self._places))

    def _of_operation(self, operation: Operation) -> Effect:
        name = operation.opname
        if name in CALLS:
            return self.of_call(operation)
        row = OPERATIONS.get(name)
        if row is None:
            return Effect(ANYTHING | COLLECTS | RAISES)
        flags = reads = writes = 0
        for exception in row.raises:
            flags |= RAISES_MEMORY_ERROR if exception == "MemoryError" else RAISES
        if row.effects == "allocate":
            if not name.startswith("malloc") or operation.args[1].value.get("flavor", "gc") == "gc":  # type: ignore[union-attr]
                flags |= COLLECTS
        elif row.effects == "call":
            if name in _ONLY_COLLECT:
                flags |= COLLECTS
            elif name not in _HARMLESS:
                flags |= COLLECTS | ANYTHING
        elif name in ("jit_force_virtualizable", "jit_force_virtual"):
            # what compiled code has in registers becomes objects
            flags |= MAY_FORCE | COLLECTS
        elif name == "jit_force_quasi_immutable":
            flags |= INVALIDATES | COLLECTS
        elif row.effects == "read":
            for place in read_places(operation):
                reads |= self._bit(place)
        elif row.effects == "write":
            for place in written_places(operation):
                writes |= self._bit(place)
            for place in read_places(operation):
                reads |= self._bit(place)
        return Effect(flags, reads, writes)

    # ---- descriptors

    def descriptor(
        self, effect: Effect, function: Any = None, special: int = SPECIAL_NONE, graph: FunctionGraph | None = None,
        elidable: bool = False,
    ) -> EffectDescriptor:
        """The descriptor of calls with an effect.

        Args:
            effect: what the analysis found.
            function: the Python function that is called, with its marks, where there is one.
            special: a number for calls that the optimizer knows.
            graph: of the function, for messages.
            elidable: the result depends on the arguments alone, though no mark says so.

        Raises:
            CodewriterError: a mark of the function contradicts what it does.
        """
        extra = self._extra(effect, function, graph, elidable)
        key = (extra, effect.flags & (INVALIDATES | COLLECTS | RELEASES_LOCK), effect.reads, effect.writes, special)
        known = self._made.get(key)
        if known is None:
            known = self._made[key] = EffectDescriptor(
                extra, can_invalidate=bool(effect.flags & (INVALIDATES | ANYTHING)),
                can_collect=bool(effect.flags & COLLECTS), releases_lock=bool(effect.flags & RELEASES_LOCK),
                special=special,
            )
        return known

    def _extra(self, effect: Effect, function: Any, graph: FunctionGraph | None, known_elidable: bool) -> int:
        flags = effect.flags
        elidable = known_elidable or getattr(function, "_elidable_", False)
        invariant = getattr(function, "_jit_loop_invariant_", False)
        if elidable or invariant:
            if graph is not None:
                reads = self.of_graph(graph).reads
                check_mark("elidable" if elidable else "loop-invariant", graph, self._lasting_writes,
                           lambda place: bool(reads & self._bit(place)))
            # Marks are trusted: what a call through a pointer might lead to says nothing of this function.
            if invariant:
                return LOOP_INVARIANT
            if flags & RAISES:
                return ELIDABLE_CAN_RAISE
            return ELIDABLE_MEMORY_ERROR if flags & RAISES_MEMORY_ERROR else ELIDABLE_CANNOT_RAISE
        if flags & ANYTHING:
            return RANDOM
        if flags & MAY_FORCE:
            return FORCES
        return CAN_RAISE if flags & (RAISES | RAISES_MEMORY_ERROR) else CANNOT_RAISE

    def fill_in(self, descriptors: DescriptorTable, used: Iterable[Any]) -> None:
        """Number the fields and arrays that jitcodes use, and give every effect descriptor its bit sets over them.

        Args:
            descriptors: where they come from.
            used: the field, array and interior field descriptors in jitcodes.
        """
        fields, arrays = [], []
        for descriptor in dict.fromkeys(used):
            kind = type(descriptor).__name__
            if kind == "FieldDescriptor":
                fields.append(descriptor)
            elif kind == "ArrayDescriptor":
                arrays.append(descriptor)
            elif kind == "InteriorFieldDescriptor":
                fields.append(descriptor.field)
                arrays.append(descriptor.array)
        field_bits = _number(fields, descriptors.fields, descriptors, self._places)
        array_bits = _number(arrays, descriptors.arrays, descriptors, self._places)
        for (extra, _, reads, writes, _), made in self._made.items():
            if extra != RANDOM:
                made.reads_fields, made.writes_fields = _as_string(reads, field_bits), _as_string(writes, field_bits)
                made.reads_arrays, made.writes_arrays = _as_string(reads, array_bits), _as_string(writes, array_bits)


def _number(
    used: list[Any], known: list[Any], table: DescriptorTable, places: dict[Place, int]
) -> list[tuple[int, int]]:
    """Give the descriptors in use the lowest numbers; (bit of the place, number) of those that have a place."""
    used = list(dict.fromkeys(used))
    rest = [one for one in known if one not in set(used)]
    for index, descriptor in enumerate(used + rest):
        descriptor.index = index
    bits = []
    for descriptor in used:
        described = table.type_of(descriptor)
        place = ("field", *described) if isinstance(described, tuple) else ("items", described)
        if place in places:
            bits.append((places[place], descriptor.index))
    return bits


def _as_string(bits: int, numbers: list[tuple[int, int]]) -> str:
    return make_bit_set([number for bit, number in numbers if bits >> bit & 1])


_STABLE = frozenset(["gc_id", "gc_identityhash"])
"""Operations that give the same for an object whenever they are done."""


def is_elidable(operation: Operation) -> bool:
    """Does the result of an operation depend on nothing but its operands?"""
    if operation.opname == "direct_call":
        external = called_external(operation)
        return external is not None and external.is_pure
    if operation.opname == "array_find_char":
        return _never_changes(operation.args[0].concretetype.TO)
    row = OPERATIONS.get(operation.opname)
    return row is not None and (row.pure or operation.opname in _STABLE)


def _never_changes(ARRAY: Any) -> bool:
    """Are the items of an array, or of the array that a structure ends in, the same for ever?"""
    ARRAY = resolve(ARRAY)
    whole = ARRAY.hints.get("immutable", ())
    if isinstance(ARRAY, Struct):
        return whole is True or f"{ARRAY.names[-1]}[*]" in whole
    return whole is True


def graph_of(pointer: Any) -> FunctionGraph | None:
    """The graph of the function that a pointer is to; None for C functions."""
    return getattr(container_of(pointer), "graph", None)
