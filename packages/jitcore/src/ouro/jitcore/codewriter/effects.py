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
from ouro.flowspace import Constant, FunctionGraph, Operation
from ouro.graphopt import CallGraph, called_external, called_graphs
from ouro.jitcore.codewriter.errors import CodewriterError
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
from ouro.lltype import Struct, Void, container_of, is_varsize, resolve, varsize_array
from ouro.rtyper import OPERATIONS, TypedProgram

COLLECTS, RAISES_MEMORY_ERROR, RAISES, MAY_FORCE, INVALIDATES, RELEASES_LOCK, ANYTHING = (1 << bit for bit in range(7))

Place = tuple[Any, ...]

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


def field_place(STRUCT: Any, name: str) -> Place:
    """The place of a field, under the structure that has it, whichever of the inlined ones the pointer is to."""
    STRUCT = resolve(STRUCT)
    while name not in STRUCT.index and isinstance(STRUCT.types[0], Struct):
        STRUCT = STRUCT.types[0]
    return "field", STRUCT, name


def items_place(ARRAY: Any) -> Place:
    """The place of the items of an array, or of the array that a structure ends in."""
    return "items", resolve(ARRAY)


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

    @staticmethod
    def _extra(effect: Effect, function: Any, graph: FunctionGraph | None, known_elidable: bool) -> int:
        flags = effect.flags
        elidable = known_elidable or getattr(function, "_elidable_", False)
        invariant = getattr(function, "_jit_loop_invariant_", False)
        if elidable or invariant:
            if graph is not None:
                check_mark("elidable" if elidable else "loop-invariant", graph)
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


def check_mark(mark: str, graph: FunctionGraph) -> None:
    """See that a function which is marked elidable or loop-invariant does not plainly contradict it.

    It may fill caches: fields of its arguments that it reads as well. What it calls is not looked at.

    Raises:
        CodewriterError: it has no result, or changes what it was given.
    """
    if graph.getreturnvar().concretetype is Void:
        raise CodewriterError(
            f"marked {mark}, but it has no result", graph, graph.startblock.position, f"leave out the mark {mark}")
    given = set(graph.getargs())
    read: set[Place] = set()
    written: list[tuple[Place, Operation]] = []
    for _, operation in graph.iterblockops():
        if operation.opname == "jit_force_quasi_immutable":
            raise CodewriterError(
                f"marked {mark}, but it changes a quasi-immutable field", graph, operation.position,
                f"leave out the mark {mark}: calls of the function are done once and left out then")
        if operation.args and operation.opname in ("cast_pointer", "same_as") and operation.args[0] in given:
            given.add(operation.result)
        read.update(read_places(operation))
        if operation.opname in ("setfield", "setarrayitem") and operation.args:
            owner = operation.args[0]
            if owner in given or isinstance(owner, Constant):
                written.append((written_places(operation)[0], operation))
    for place, operation in written:
        if place not in read:
            what = f"the field {str(place[2]).removeprefix('inst_')}" if operation.opname == "setfield" else "the items"
            whose = "of what it was given" if operation.args[0] in given else "of an object that outlives the call"
            raise CodewriterError(
                f"marked {mark}, but it changes {what} {whose}", graph, operation.position,
                f"leave out the mark {mark}: calls of the function are done once and left out then")


# ---- the places that operations touch


def read_places(operation: Operation) -> list[Place]:
    """The places that an operation reads."""
    name, args = operation.opname, operation.args
    if name == "getfield":
        return [field_place(args[0].concretetype.TO, _name(args[1]))]
    if name == "getarrayitem":
        return [items_place(args[0].concretetype.TO)]
    if name == "getinteriorfield":
        return interior_places(args[0].concretetype.TO, args[1:])
    if name in ("array_copy", "array_find_char", "array_copy_to_raw"):
        return [items_place(args[0].concretetype.TO)]
    if name == "array_compare":
        return [items_place(argument.concretetype.TO) for argument in args[:2]]
    return []


def written_places(operation: Operation) -> list[Place]:
    """The places that an operation writes."""
    name, args = operation.opname, operation.args
    if name == "setfield":
        return [field_place(args[0].concretetype.TO, _name(args[1]))]
    if name in ("setarrayitem", "array_clear"):
        return _items_and_fields(args[0].concretetype.TO)
    if name == "setinteriorfield":
        return interior_places(args[0].concretetype.TO, args[1:-1])
    if name in ("array_copy", "array_copy_from_raw"):
        return _items_and_fields(args[1].concretetype.TO)
    return []


def interior_places(TYPE: Any, path: list[Any]) -> list[Place]:
    """The places that are touched by an access through a path of fields and indices: array and field of its items."""
    places: list[Place] = []
    whole = TYPE
    for step in path:
        TYPE = resolve(TYPE)
        if isinstance(TYPE, Struct):
            places = [*places, field_place(TYPE, _name(step))]
            TYPE = TYPE.field_type(_name(step))
        else:
            ends_in_it = isinstance(whole, Struct) and is_varsize(whole) and varsize_array(whole) is TYPE
            places = [items_place(whole if ends_in_it else TYPE)]
            TYPE = whole = TYPE.ITEM
    return places


def _items_and_fields(ARRAY: Any) -> list[Place]:
    """The items of an array; of structures, with their fields."""
    ITEM = resolve(varsize_array(ARRAY).ITEM)
    places = [items_place(ARRAY)]
    if isinstance(ITEM, Struct):
        places += [field_place(ITEM, name) for name in ITEM.names]
    return places


def _name(constant: Any) -> str:
    assert isinstance(constant, Constant)
    return str(constant.value)


_STABLE = frozenset(["gc_id", "gc_identityhash"])
"""Operations that give the same for an object whenever they are done."""


def is_elidable(operation: Operation) -> bool:
    """Does the result of an operation depend on nothing but its operands?"""
    if operation.opname == "direct_call":
        external = called_external(operation)
        return external is not None and external.is_pure
    row = OPERATIONS.get(operation.opname)
    return row is not None and (row.pure or operation.opname in _STABLE)


def graph_of(pointer: Any) -> FunctionGraph | None:
    """The graph of the function that a pointer is to; None for C functions."""
    return getattr(container_of(pointer), "graph", None)
