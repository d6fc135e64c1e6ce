"""The error for source that is not RPython."""

from __future__ import annotations

import difflib
import linecache
from collections.abc import Iterable

from ouro.flowspace._model import Position


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """The suggestion for a mistyped name, where one of the known ones is close."""
    close = difflib.get_close_matches(name, list(known), 1)
    return f"did you mean `{close[0]}`?" if close else None


class FlowSpaceError(Exception):
    """A construct that is not RPython, or source that cannot be found.

    `str()` gives the whole message: file and line, the source line with a caret, what is wrong, and what to
    write instead.

    Parameters: `message` names the construct; `suggestion` says what to write instead; `function` is the
    name of the function being flowed.
    """

    def __init__(
        self,
        message: str,
        filename: str | None = None,
        position: Position | None = None,
        suggestion: str | None = None,
        function: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.filename = filename
        self.position = position
        self.suggestion = suggestion
        self.function = function

    def __str__(self) -> str:
        lines = []
        if self.filename is not None:
            line = self.position.line if self.position is not None else 0
            where = f"{self.filename}:{line}" if line else self.filename
            lines.append(where + (f", in {self.function}" if self.function else ""))
            if self.position is not None:
                lines.extend(source_excerpt(self.filename, self.position))
        lines.append(f"error: {self.message}")
        if self.suggestion:
            lines.append(f"help: {self.suggestion}")
        return "\n".join(lines)


def source_excerpt(filename: str, position: Position) -> list[str]:
    """The source line of a position and a line of carets under it; empty if the source is not found."""
    text = linecache.getline(filename, position.line).rstrip("\n")
    if not text:
        return []
    raw = text.encode("utf-8")
    start = len(raw[: position.column].decode("utf-8", "replace"))
    stop = len(text.rstrip())
    if position.end_column >= 0:
        stop = len(raw[: position.end_column].decode("utf-8", "replace"))
    indent = len(text) - len(text.lstrip())
    shown = text[indent:].replace("\t", " ")
    return ["    " + shown, "    " + " " * (start - indent) + "^" * max(1, stop - start)]
