"""Tells light finalizers from others.

A light finalizer may run in the middle of a collection: it neither allocates nor changes a pointer, and what
it calls does not either. Usually it frees raw memory or closes a descriptor.
"""

from __future__ import annotations

from typing import Any

from ouro.flowspace import FunctionGraph, Operation
from ouro.graphopt import called_external, called_graphs
from ouro.lltype import Ptr, container_of
from ouro.rtyper import OPERATIONS

__all__ = ["is_light_finalizer"]

_RAW_MEMORY = frozenset(["free", "raw_free", "raw_store", "raw_memclear", "raw_memcopy", "keepalive"])


def is_light_finalizer(pointer: Any) -> bool:
    """Whether the function that the pointer leads to touches raw memory only."""
    graph = getattr(container_of(pointer), "graph", None)
    return graph is not None and _graph_is_light(graph, set())


def _graph_is_light(graph: FunctionGraph, seen: set[FunctionGraph]) -> bool:
    if graph in seen:
        return True
    seen.add(graph)
    return all(_operation_is_light(operation, seen) for _, operation in graph.iterblockops())


def _operation_is_light(operation: Operation, seen: set[FunctionGraph]) -> bool:
    if operation.opname == "direct_call":
        external = called_external(operation)
        if external is not None:
            return not (external.may_collect or external.releases_gil)
        graphs = called_graphs(operation)
        return graphs is not None and all(_graph_is_light(graph, seen) for graph in graphs)
    info = OPERATIONS.get(operation.opname)
    if info is None:
        return False
    if info.effects == "write":
        if operation.opname in _RAW_MEMORY:
            return True
        value = operation.args[-1].concretetype
        return not (isinstance(value, Ptr) and value.is_gc) and operation.opname in (
            "setfield",
            "setarrayitem",
            "setinteriorfield",
        )
    return info.effects in ("pure", "marker") or operation.opname in _RAW_MEMORY or _reads_numbers(operation)


def _reads_numbers(operation: Operation) -> bool:
    """A pointer that is read may lead to an object that was freed already; a number does no harm."""
    if OPERATIONS[operation.opname].effects != "read":
        return False
    result = operation.result.concretetype
    return not (isinstance(result, Ptr) and result.is_gc)
