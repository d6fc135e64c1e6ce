"""Places in the program: where the annotator stands, and what its error messages point at."""

from __future__ import annotations

from attrs import define
from ouro.flowspace import Block, FunctionGraph, Operation, Position


@define(eq=False)
class Site:
    """An operation in a block of a graph, or the head of a block where `operation` is None."""

    graph: FunctionGraph
    block: Block
    operation: Operation | None = None

    @property
    def position(self) -> Position | None:
        """The best known source position."""
        if self.operation is not None and self.operation.position is not None:
            return self.operation.position
        return self.block.position

    @property
    def filename(self) -> str | None:
        position = self.position
        if position is not None and position.filename is not None:
            return position.filename
        return self.graph.filename
