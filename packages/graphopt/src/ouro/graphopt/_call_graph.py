"""Who calls whom: the order in which functions are optimised, and which of them may recurse."""

from __future__ import annotations

from attrs import define
from ouro.flowspace import FunctionGraph
from ouro.rtyper import TypedProgram, strongly_connected

__all__ = ["CallGraph", "build_call_graph"]


@define(eq=False)
class CallGraph:
    """The call graph of a program.

    `order`: every graph after those that it calls, as far as there are no cycles. `component`: the number of
    the cycle that a graph is in. `callers`: how many operations name a graph. `may_recurse`: the graphs from
    which a cycle can be reached, so that a call may run out of stack.
    """

    order: list[FunctionGraph]
    component: dict[FunctionGraph, int]
    callers: dict[FunctionGraph, int]
    may_recurse: set[FunctionGraph]


def build_call_graph(program: TypedProgram) -> CallGraph:
    """Read the calls of every graph once."""
    callees: dict[FunctionGraph, list[FunctionGraph]] = {}
    callers: dict[FunctionGraph, int] = {}
    for graph in program.graphs:
        called = list(program.called_graphs(graph))
        for target in called:
            callers[target] = callers.get(target, 0) + 1
        callees[graph] = list(dict.fromkeys(called))
    components = strongly_connected(program.graphs, lambda graph: callees.get(graph, ()))
    component = {graph: number for number, members in enumerate(components) for graph in members}
    may_recurse: set[FunctionGraph] = set()
    order: list[FunctionGraph] = []
    for members in components:
        first = members[0]
        if len(members) > 1 or first in callees.get(first, ()):
            may_recurse.update(members)
        elif any(target in may_recurse for target in callees.get(first, ())):
            may_recurse.add(first)
        order.extend(members)
    return CallGraph(order, component, callers, may_recurse)
