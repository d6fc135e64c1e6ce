"""The one kind of error that the codewriter reports: a hint in the program contradicts the program."""

from __future__ import annotations

from ouro.flowspace import FunctionGraph, Position


class CodewriterError(Exception):
    """What is wrong, and where.

    Attributes:
        message: one sentence, for the author of the program.
        graph: the function it is in, where it is in one.
        position: the place in it.
    """

    def __init__(self, message: str, graph: FunctionGraph | None = None, position: Position | None = None) -> None:
        self.message = message
        self.graph = graph
        self.position = position
        super().__init__(place_of(graph, position) + message)


def place_of(graph: FunctionGraph | None, position: Position | None) -> str:
    """`"file:line: function: "`, as far as it is known."""
    if graph is None:
        return ""
    filename, name, line = graph.filename, graph.name, graph.firstlineno
    if position is not None:
        filename, name, line = position.filename or filename, position.function or name, position.line
    return f"{filename}:{line}: {name}: " if filename else f"{name}: "
