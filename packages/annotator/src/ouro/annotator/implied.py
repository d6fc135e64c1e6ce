"""RPython functions that do what an operation on floats asks for.

`str(x)` of a float is no call in the flow graph, but takes code that must be part of the analysis like any other: the
functions of `rlib` it uses may be used by the program too. So the handlers of such operations *imply* a call of a
function here, and the rtyper calls the same one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from ouro.annotator.annotations import CHAR, FLOAT, INTEGER, NONNEG_INTEGER, STRING, Annotation
from ouro.rlib import rfloat
from ouro.rlib.rarithmetic import ParseStringError

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine


def float_text(x):  # type: ignore[no-untyped-def] # RPython: everything is inferred
    """`repr(x)`."""
    return rfloat.float_to_string(x)  # type: ignore[no-untyped-call]


def format_float(x, code, precision, flags):  # type: ignore[no-untyped-def] # as above
    """A float by one of the format codes `e`, `f`, `g` and their capitals."""
    return rfloat.formatd(x, code, precision, flags)  # type: ignore[no-untyped-call]


def without_separators(s):  # type: ignore[no-untyped-def] # as above
    """A number without the underscores in it, which stand between digits."""
    characters = []
    for i in range(len(s)):
        if s[i] != "_":
            characters.append(s[i])
        elif i == 0 or i + 1 == len(s) or not s[i - 1].isdigit() or not s[i + 1].isdigit():
            raise ValueError
    return "".join(characters)


def parse_float(s):  # type: ignore[no-untyped-def] # as above
    """`float(s)`."""
    if "_" in s:
        s = without_separators(s)  # type: ignore[no-untyped-call]
    try:
        return rfloat.string_to_float(s)  # type: ignore[no-untyped-call]
    except ParseStringError:
        raise ValueError from None


def round_digits(x, digits):  # type: ignore[no-untyped-def] # as above
    """`round(x, digits)`."""
    return rfloat.round_double(x, digits, True)  # type: ignore[no-untyped-call]


ARGUMENTS: dict[Callable[..., Any], tuple[Annotation, ...]] = {
    float_text: (FLOAT,),
    format_float: (FLOAT, CHAR, NONNEG_INTEGER, NONNEG_INTEGER),
    parse_float: (STRING,),
    round_digits: (FLOAT, INTEGER),
}
"""What each function is called with."""


def imply(engine: Engine, function: Callable[..., Any]) -> None:
    """Make a call of one of these functions part of the analysis."""
    arguments = ARGUMENTS[function]
    description = engine.descriptions.of_function(function)
    engine.call_graph(engine.descriptions.helper_graph(description, arguments), arguments)
