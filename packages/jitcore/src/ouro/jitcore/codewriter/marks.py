"""Does a function that is marked elidable or loop-invariant change what outlives a call of it?

For each function that such a one calls: which places it writes in the objects that it was given, or that were there
before. An object is one of those if it was passed, is a constant, or was loaded from such a one; what the function
allocates is its own. Calls through pointers are not followed: what they could lead to says nothing of this call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import Factory, define
from ouro.flowspace import Block, Constant, FunctionGraph, Operation, Variable
from ouro.graphopt import called_graphs
from ouro.jitcore.codewriter.errors import CodewriterError
from ouro.jitcore.codewriter.places import Place, written_places
from ouro.lltype import Ptr, Void, resolve

#: Where an object comes from: the number of a parameter, or this for one that was there before the call.
OUTSIDE = -1

_SAME = frozenset(["cast_pointer", "same_as", "cast_opaque_ptr"])
#: Operations of numbers, by the beginnings of their names.
_ARITHMETIC = ("int_", "uint_", "llong_", "ullong_", "float_", "cast_", "same_as")
_LOADS = frozenset(["getfield", "getarrayitem", "getinteriorfield"])
#: The operand that is written to.
_WRITTEN_OPERAND = {
    "setfield": 0, "setarrayitem": 0, "setinteriorfield": 0, "array_clear": 0, "array_copy": 1,
    "array_copy_from_raw": 1, "jit_force_quasi_immutable": 0,
}

Sources = frozenset[int]
_NONE: Sources = frozenset()


@define
class Write:
    """One write to what outlives a call: the place, and the operation of the function that does it or calls who does;
    `names` are the functions on the way. It counts if each call that returns makes it, and computes the value from the
    one before."""

    place: Place
    operation: Operation
    names: list[str]
    counts: bool = False


@define
class Summary:
    """What a function writes, by where the object comes from, and where its result comes from."""

    writes: dict[int, dict[Place, Write]] = Factory(dict)
    returns: Sources = _NONE


class LastingWrites:
    """The summaries of functions, made when they are asked for."""

    def __init__(self) -> None:
        self._known: dict[FunctionGraph, Summary] = {}

    def of_graph(self, graph: FunctionGraph) -> Summary:
        """The summary of a function. In a cycle of calls what is known so far counts for the inner ones."""
        known = self._known.get(graph)
        if known is None:
            known = self._known[graph] = Summary()
            _Reader(graph, known, self.of_graph).read()
        return known


class _Reader:
    """Fills the summary of one graph."""

    def __init__(self, graph: FunctionGraph, summary: Summary, of_graph: Callable[[FunctionGraph], Summary]) -> None:
        self.graph = graph
        self.summary = summary
        self.of_graph = of_graph
        self.sources: dict[Any, Sources] = {
            argument: frozenset([index]) for index, argument in enumerate(graph.getargs())
        }

    def read(self) -> None:
        blocks = list(self.graph.iterblocks())
        changed = True
        while changed:
            changed = False
            for block in blocks:
                for operation in block.operations:
                    changed |= self._add(operation.result, self._of_result(operation))
                for link in block.exits:
                    for value, target in zip(link.args, link.target.inputargs):
                        changed |= self._add(target, self._of(value))
        for block in blocks:
            for operation in block.operations:
                self._note_writes(block, operation)
        self.summary.returns = self._of(self.graph.getreturnvar())

    def _of(self, value: Any) -> Sources:
        if isinstance(value, Constant):
            return frozenset([OUTSIDE]) if _is_gc_pointer(value) and value.value else _NONE
        return self.sources.get(value, _NONE)

    def _add(self, variable: Variable | None, sources: Sources) -> bool:
        if variable is None or not sources:
            return False
        known = self.sources.get(variable, _NONE)
        self.sources[variable] = known | sources
        return len(self.sources[variable]) > len(known)

    def _of_result(self, operation: Operation) -> Sources:
        name = operation.opname
        if name in _SAME or name in _LOADS and _is_gc_pointer(operation.result):
            return self._of(operation.args[0])
        graph = _callee(operation)
        if graph is None or not _is_gc_pointer(operation.result):
            return _NONE
        return self._of_sources(self.of_graph(graph).returns, operation)

    def _of_sources(self, sources: Sources, call: Operation) -> Sources:
        """What the sources of a callee are here."""
        result: set[int] = set()
        for source in sources:
            result |= {OUTSIDE} if source == OUTSIDE else self._of(call.args[1 + source])
        return frozenset(result)

    def _note_writes(self, block: Block, operation: Operation) -> None:
        operand = _WRITTEN_OPERAND.get(operation.opname)
        if operand is not None:
            if operation.opname == "jit_force_quasi_immutable":
                places: list[Place] = [("quasi-immutable", operation.args[1].value)]  # type: ignore[union-attr]
            else:
                places = written_places(operation)
            found = self._of(operation.args[operand])
            counts = bool(found) and self._is_from_itself(operation) and self._is_always_run(block)
            for source in found:
                for place in places:
                    self._note(source, Write(place, operation, [], counts))
        graph = _callee(operation)
        if graph is not None:
            for source, writes in list(self.of_graph(graph).writes.items()):
                for here in self._of_sources(frozenset([source]), operation):
                    for write in list(writes.values()):
                        counts = write.counts and self._is_always_run(block)
                        self._note(here, Write(write.place, operation, [graph.name, *write.names], counts))

    def _note(self, source: int, write: Write) -> None:
        places = self.summary.writes.setdefault(source, {})
        if write.place not in places or write.counts:
            places[write.place] = write

    def _is_from_itself(self, operation: Operation) -> bool:
        """Does it write to an attribute of an instance what is computed from the attribute?"""
        if operation.opname != "setfield" or not operation.args[1].value.startswith("inst_"):  # type: ignore[union-attr]
            return False
        computed: set[Any] = set()
        size = -1
        while len(computed) > size:
            size = len(computed)
            for block in self.graph.iterblocks():
                for other in block.operations:
                    if other.opname == "getfield":
                        if _same_attribute(other, operation):
                            computed.add(other.result)
                    elif other.opname.startswith(_ARITHMETIC) and not computed.isdisjoint(other.args):
                        computed.add(other.result)
                for link in block.exits:
                    passed = zip(link.args, link.target.inputargs)
                    computed.update(target for value, target in passed if value in computed)
        return operation.args[2] in computed

    def _is_always_run(self, block: Block) -> bool:
        """Does every call that returns run a block?"""
        seen = {block}
        waiting = [self.graph.startblock]
        while waiting:
            at = waiting.pop()
            if at in seen:
                continue
            if at is self.graph.returnblock:
                return False
            seen.add(at)
            waiting += [link.target for link in at.exits]
        return True


def _same_attribute(read: Operation, write: Operation) -> bool:
    return (read.args[1].value == write.args[1].value  # type: ignore[union-attr]
            and resolve(read.args[0].concretetype) == resolve(write.args[0].concretetype))


def _callee(operation: Operation) -> FunctionGraph | None:
    """The function that is called, if there is but one."""
    if operation.opname != "direct_call" or not isinstance(operation.args[0], Constant):
        return None
    graphs = called_graphs(operation)
    if graphs is None or len(graphs) != 1:
        return None
    (graph,) = graphs
    return graph


def _is_gc_pointer(value: Any) -> bool:
    TYPE = resolve(value.concretetype)
    return isinstance(TYPE, Ptr) and TYPE.TO.gckind == "gc"


def check_mark(mark: str, graph: FunctionGraph, writes: LastingWrites, is_read: Callable[[Place], bool]) -> None:
    """See that a function which is marked elidable or loop-invariant does not plainly contradict it.

    It may fill caches: what it reads as well, and does not count up in each call.

    Args:
        mark: the word for messages.
        graph: the function.
        writes: who knows what functions write.
        is_read: whether a call of the function may read a place.

    Raises:
        CodewriterError: it has no result, or changes what it was given, or what was there before.
    """
    if graph.getreturnvar().concretetype is Void:
        raise CodewriterError(
            f"marked {mark}, but it has no result", graph, graph.startblock.position, f"leave out the mark {mark}")
    for source, places in writes.of_graph(graph).writes.items():
        for place, write in places.items():
            if is_read(place) and not write.counts:
                continue
            if place[0] == "quasi-immutable":
                what = "a quasi-immutable field"
            elif place[0] == "field":
                what = f"the field {str(place[2]).removeprefix('inst_')}"
                what += " of an object that outlives the call" if source == OUTSIDE else " of what it was given"
            else:
                what = "the items"
                what += " of an object that outlives the call" if source == OUTSIDE else " of what it was given"
            way = f", through {' and '.join(write.names)}" if write.names else ""
            raise CodewriterError(
                f"marked {mark}, but it changes {what}{way}", graph, write.operation.position,
                f"leave out the mark {mark}: calls of the function are done once and left out then")
