"""The one kind of error that the stages of the JIT report to the author of an interpreter. Host only."""

from __future__ import annotations

import os
from typing import Any

from ouro import rtyper
from ouro.flowspace import FunctionGraph, Position, source_excerpt

_HELPERS = os.path.dirname(rtyper.__file__)


class HintError(Exception):
    """A hint, or the lack of one, contradicts the program.

    Attributes:
        message: one sentence: what is wrong.
        graph: the function it is in, where it is in one.
        position: the place in it; of a helper of the typer that was inlined, the place that it stands for.
        suggestion: what to do about it.
    """

    #: The program is at fault, not the toolchain.
    is_about_program = True

    def __init__(
        self, message: str, graph: FunctionGraph | None = None, position: Any = None, suggestion: str = ""
    ) -> None:
        self.message = message
        self.graph = graph
        self.position = position = _of_program(position)
        self.suggestion = suggestion
        lines = [place_of(graph, position) + message]
        if isinstance(position, Position) and graph is not None:
            filename = position.filename or graph.filename
            lines += source_excerpt(filename, position) if filename else []
        if suggestion:
            lines.append(f"help: {suggestion}")
        super().__init__("\n".join(lines))


def place_of(graph: FunctionGraph | None, position: Position | None) -> str:
    """`"file:line: function: "`, as far as it is known."""
    if graph is None:
        return ""
    filename, name, line = graph.filename, graph.name, graph.firstlineno
    if position is not None:
        filename, name, line = position.filename or filename, position.function or name, position.line
    return f"{filename}:{line}: {name}: " if filename else f"{name}: "


def _of_program(position: Any) -> Any:
    """The place in the program: nobody who writes one knows the functions that lists and dictionaries are made of."""
    while isinstance(position, Position) and position.caller and (position.filename or "").startswith(_HELPERS):
        position = position.caller
    return position
