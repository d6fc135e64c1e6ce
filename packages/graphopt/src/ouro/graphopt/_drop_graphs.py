"""Forgets the functions that nothing refers to any more, mostly because all their calls were inlined.

Needs the whole program. Follows function pointers from the entry point through operands, link arguments and
prebuilt data. Whatever the program names outside of graphs (finalizers, exceptions, instances' vtables)
counts as a root.
"""

from __future__ import annotations

from typing import Any

from ouro.flowspace import Constant, FunctionGraph
from ouro.lltype import (
    ArrayContainer,
    Container,
    FunctionContainer,
    Pointer,
    PointerWord,
    StructContainer,
    container_of,
)
from ouro.rtyper import TypedProgram

__all__ = ["drop_graphs"]


def drop_graphs(program: TypedProgram) -> int:
    """Remove unreachable graphs from `program.graphs`; how many."""
    walk = _Walk()
    if program.entry_graph is None:
        return 0
    walk.graph(program.entry_graph)
    exceptions = program.exceptions
    named = (program.finalizers, program.finalizer_triggers, exceptions.vtables, exceptions.instances)
    for roots in named:
        for pointer in roots.values():
            walk.value(pointer)
    for pointer in program.instance_types.values():
        walk.value(pointer)
    for value in program.attributes.values():
        walk.value(value)
    walk.run()
    before = len(program.graphs)
    program.graphs = [graph for graph in program.graphs if graph in walk.graphs]
    return before - len(program.graphs)


class _Walk:
    def __init__(self) -> None:
        self.graphs: dict[FunctionGraph, None] = {}
        self.containers: set[int] = set()
        self.pending_graphs: list[FunctionGraph] = []
        self.pending: list[Container] = []

    def graph(self, graph: FunctionGraph) -> None:
        if graph not in self.graphs:
            self.graphs[graph] = None
            self.pending_graphs.append(graph)

    def value(self, value: Any) -> None:
        kind = type(value)
        if kind is int or kind is str or value is None:
            return
        if isinstance(value, Pointer):
            container = container_of(value)
            if isinstance(container, Container):
                self.container(container)
        elif isinstance(value, PointerWord):
            self.value(value.pointer)
        elif isinstance(value, Container):
            self.container(value)
        elif isinstance(value, FunctionGraph):
            self.graph(value)
        elif kind is list or kind is tuple or kind is set:
            for item in value:
                self.value(item)
        elif kind is dict:
            for item in value.values():
                self.value(item)

    def container(self, container: Container) -> None:
        container = container.top()
        if id(container) not in self.containers:
            self.containers.add(id(container))
            self.pending.append(container)

    def run(self) -> None:
        """Follow everything."""
        while self.pending or self.pending_graphs:
            while self.pending_graphs:
                self._read_graph(self.pending_graphs.pop())
            if self.pending:
                self._read_container(self.pending.pop())

    def _read_graph(self, graph: FunctionGraph) -> None:
        for block in graph.iterblocks():
            for operation in block.operations:
                for arg in operation.args:
                    if isinstance(arg, Constant):
                        self.value(arg.value)
            for link in block.exits:
                for passed in link.args:
                    if isinstance(passed, Constant):
                        self.value(passed.value)
                if isinstance(link.exitcase, Constant):
                    self.value(link.exitcase.value)

    def _read_container(self, container: Container) -> None:
        stack: list[Any] = [container]
        while stack:
            part = stack.pop()
            if isinstance(part, FunctionContainer):
                if part.graph is not None:
                    self.graph(part.graph)
            elif isinstance(part, (StructContainer, ArrayContainer)):
                for value in part.values:
                    if isinstance(value, (StructContainer, ArrayContainer)):
                        stack.append(value)
                    else:
                        self.value(value)
            elif hasattr(part, "reference"):
                self.value(part.reference())
