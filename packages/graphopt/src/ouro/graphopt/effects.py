"""What calls can do, found over the call graph.

One linear pass reads every operation once, then facts spread from callees to callers. A fact is "may raise
an exception" or "may run the collector, so that objects move". Calls of unknown functions have every effect.
Handlers are not looked at: a graph that catches what its callees raise still counts as raising.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import define, field
from ouro.flowspace import Constant, FunctionGraph, Operation
from ouro.lltype import ExternalFunction, container_of
from ouro.rtyper import OPERATIONS, TypedProgram

__all__ = ["CallEffects", "analyze_effects", "called_external", "called_graphs"]

#: What the table says allocates does so on the collector's heap; these two ask their flags, a shrunk array stays where
#: it is.
_ALLOCATING = frozenset(name for name, row in OPERATIONS.items() if row.effects == "allocate") - frozenset(
    ["malloc", "malloc_varsize", "shrink_array"]
)
_COLLECTING = _ALLOCATING | frozenset(
    ["gc_collect", "gc_collect_step", "gc_find_instances", "gc_thread_start", "gc_thread_run", "gc_thread_die"]
)


def called_external(operation: Operation) -> ExternalFunction | None:
    """The C function that a `direct_call` calls, if it calls one."""
    if operation.opname != "direct_call":
        return None
    function = operation.args[0]
    if isinstance(function, Constant):
        external = getattr(container_of(function.value), "external", None)
        return external if isinstance(external, ExternalFunction) else None
    return None


def called_graphs(operation: Operation) -> list[FunctionGraph] | None:
    """The graphs that a call operation may enter; None where that is not known.

    A call of a C function enters none.
    """
    if operation.opname == "indirect_call":
        targets = operation.args[-1]
        return list(targets.value) if isinstance(targets, Constant) and targets.value is not None else None
    function = operation.args[1 if operation.opname.startswith("jit_") else 0]
    if not isinstance(function, Constant):
        return None
    container = container_of(function.value)
    graph = getattr(container, "graph", None)
    if graph is not None:
        return [graph]
    return [] if getattr(container, "external", None) is not None else None


_CALLS = frozenset(["direct_call", "indirect_call", "jit_conditional_call", "jit_conditional_call_value"])


def _own_collect(operation: Operation) -> bool:
    name = operation.opname
    if name in ("malloc", "malloc_varsize"):
        flags = operation.args[1]
        return not isinstance(flags, Constant) or flags.value.get("flavor", "gc") == "gc"
    if name in _COLLECTING:
        return True
    if name in _CALLS:
        external = called_external(operation)
        if external is not None:
            return external.releases_gil or external.may_collect
    return False


def _own_raise(operation: Operation) -> bool:
    info = OPERATIONS.get(operation.opname)
    return info is not None and info.can_raise and operation.opname not in _CALLS


@define(eq=False)
class CallEffects:
    """The answer of `analyze_effects`: asks of graphs are set look-ups, asks of operations nearly so."""

    collecting: set[FunctionGraph] = field(factory=set)
    raising: set[FunctionGraph] = field(factory=set)

    def graph_can_collect(self, graph: FunctionGraph) -> bool:
        """Whether a call of the graph may run the collector."""
        return graph in self.collecting

    def graph_can_raise(self, graph: FunctionGraph) -> bool:
        """Whether an exception may leave the graph."""
        return graph in self.raising

    def can_collect(self, operation: Operation) -> bool:
        """Whether the operation may run the collector."""
        return _own_collect(operation) or (
            operation.opname in _CALLS and self._any(operation, self.collecting)
        )

    def can_raise(self, operation: Operation) -> bool:
        """Whether the operation may raise an exception."""
        return _own_raise(operation) or (operation.opname in _CALLS and self._any(operation, self.raising))

    @staticmethod
    def _any(operation: Operation, graphs: set[FunctionGraph]) -> bool:
        targets = called_graphs(operation)
        return targets is None or any(target in graphs for target in targets)


def analyze_effects(program: TypedProgram, graphs: Iterable[FunctionGraph] | None = None) -> CallEffects:
    """Find the effects of every graph of a program.

    Parameters: `graphs` instead of `program.graphs`, for a part of the program that is closed under calls.
    A graph outside of those counts as having no effect, so it must not be missing.
    """
    result = CallEffects()
    collect_callers: dict[FunctionGraph, list[FunctionGraph]] = {}
    raise_callers: dict[FunctionGraph, list[FunctionGraph]] = {}
    for graph in program.graphs if graphs is None else graphs:
        _read_graph(graph, result, collect_callers, raise_callers)
    _spread(result.collecting, collect_callers)
    _spread(result.raising, raise_callers)
    return result


def _read_graph(
    graph: FunctionGraph,
    result: CallEffects,
    collect_callers: dict[FunctionGraph, list[FunctionGraph]],
    raise_callers: dict[FunctionGraph, list[FunctionGraph]],
) -> None:
    for block in graph.iterblocks():
        for link in block.exits:
            if link.target is graph.exceptblock:
                result.raising.add(graph)
        for operation in block.operations:
            if _own_collect(operation):
                result.collecting.add(graph)
            if _own_raise(operation):
                result.raising.add(graph)
            if operation.opname in _CALLS:
                targets = called_graphs(operation)
                if targets is None:
                    result.collecting.add(graph)
                    result.raising.add(graph)
                    continue
                for target in targets:
                    collect_callers.setdefault(target, []).append(graph)
                    raise_callers.setdefault(target, []).append(graph)


def _spread(having: set[FunctionGraph], callers: dict[FunctionGraph, list[FunctionGraph]]) -> None:
    pending = list(having)
    while pending:
        for caller in callers.get(pending.pop(), ()):
            if caller not in having:
                having.add(caller)
                pending.append(caller)
