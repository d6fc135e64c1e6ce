"""The error of this stage: what was expected, what came, from where, and what to write instead."""

from __future__ import annotations

from typing import Any

from attrs import define, field
from ouro.annotator._sites import Site
from ouro.flowspace import FlowSpaceError, Position, source_excerpt
from rich.console import Console
from rich.text import Text


@define(eq=False)
class Place:
    """A source line to show, and why."""

    why: str
    filename: str | None
    position: Position | None
    function: str | None

    @classmethod
    def of_site(cls, why: str, site: Site) -> Place:
        return cls(why, site.filename, site.position, site.graph.name)

    @property
    def where(self) -> str:
        line = f":{self.position.line}" if self.position is not None else ""
        function = f", in {self.function}" if self.function else ""
        return f"{self.filename or '<unknown>'}{line}{function}"

    def excerpt(self) -> list[str]:
        """The source line and the carets under it."""
        if self.filename is None or self.position is None:
            return []
        return source_excerpt(self.filename, self.position)


@define(eq=False)
class AnnotatorError(Exception):
    """A program that cannot be typed.

    `message` says what does not fit; `place` where; `notes` are the other places that matter (where the
    conflicting
    value comes from); `chain` are the calls that lead there, innermost first; `suggestion` is what to write
    instead; `others` are the errors found elsewhere in the program. `str()` gives the whole as plain text,
    `render` prints it with colours.
    """

    message: str
    place: Place | None = None
    notes: list[Place] = field(factory=list)
    chain: list[Place] = field(factory=list)
    suggestion: str = ""
    others: list[AnnotatorError] = field(factory=list)

    def lines(self) -> list[tuple[str, str]]:
        """The message as (style, line) pairs."""
        result: list[tuple[str, str]] = []
        if self.place is not None:
            result.append(("bold", self.place.where))
            result += _excerpt_lines(self.place, "bold red")
        result.append(("bold red", f"error: {self.message}"))
        for note in self.notes:
            result.append(("cyan", f"note: {note.why}"))
            result.append(("", f"  {note.where}"))
            result += _excerpt_lines(note, "cyan")
        for index, call in enumerate(self.chain):
            result.append(("dim", ("called from " if index == 0 else "       from ") + call.where))
            if index == 0:
                result += _excerpt_lines(call, "dim")
        if self.suggestion:
            result.append(("green", f"help: {self.suggestion}"))
        for other in self.others:
            result.append(("", ""))
            result += other.lines()
        return result

    def __str__(self) -> str:
        return "\n".join(line for _, line in self.lines())

    def render(self, console: Console) -> None:
        """Print to a `rich` console: colours on a terminal, plain text elsewhere."""
        text = Text()
        for style, line in self.lines():
            text.append(line + "\n", style=style)
        console.print(text, end="", soft_wrap=True)


def error_of_flow(error: FlowSpaceError, chain: list[Place]) -> AnnotatorError:
    """A construct that is not RPython, with the calls that lead to it."""
    place = Place("", error.filename, error.position, error.function)
    return AnnotatorError(error.message, place, [], chain, error.suggestion or "")


def _excerpt_lines(place: Place, caret_style: str) -> list[tuple[str, str]]:
    return [
        (caret_style if line.strip().strip("^") == "" else "", line) for line in place.excerpt()
    ]


class Complaint(Exception):
    """Raised by handlers: the engine knows the place and makes an `AnnotatorError` of it.

    `notes` are other places that matter, each with the reason. `site` (or `place`, where there is no operation) is set
    where the place of the error is not the operation that is being analysed.
    """

    def __init__(self, message: str, suggestion: str = "", notes: Any = ()) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion
        self.notes: list[tuple[str, Any]] = list(notes)
        self.site: Site | None = None
        self.place: Place | None = None


def as_place(why: str, note: Any) -> Place:
    """A note's site or place as a `Place` that says why it matters."""
    if isinstance(note, Place):
        note.why = why
        return note
    return Place.of_site(why, note)
