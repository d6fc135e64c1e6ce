"""The exception classes of the host that RPython programs may use, and what their instances keep."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

from ouro.annotator import annotations as a
from ouro.annotator import substitutes
from ouro.annotator.descriptions import ClassDescription

HOST_EXCEPTION_ATTRIBUTES: dict[type, dict[str, Any]] = {
    OSError: {
        "errno": a.INTEGER,
        "strerror": a.OPTIONAL_STRING,
        "filename": a.OPTIONAL_STRING,
    },
    SystemExit: {"code": a.INTEGER},
}
"""The fields that instances of host exceptions have, in the order of their arguments."""

TEXT = "__text__"
"""The attribute of every exception with its text: its argument, where that is one str. Other arguments are forgotten:
a program that wants them back defines an exception class of its own."""

EXCEPTION_METHODS: dict[str, Any] = {"__str__": substitutes.exception_text}
"""The methods of `BaseException` that programs may call."""


def is_host_exception(python_class: type) -> bool:
    """Whether the class is an exception of Python itself."""
    return issubclass(python_class, BaseException) and python_class.__module__ == "builtins"


HOST_INITIALISERS: list[Any] = [
    vars(cls)["__init__"]
    for cls in vars(builtins).values()
    if isinstance(cls, type) and is_host_exception(cls) and "__init__" in vars(cls)
]
"""The `__init__` of all exceptions of the host: what `super().__init__(text)` calls."""


def kept_arguments(
    description: ClassDescription, arguments: Sequence[a.Annotation], has_initialiser: bool = False
) -> list[tuple[str, int]]:
    """What an exception keeps of its positional arguments by itself.

    Args:
        description: the class.
        arguments: of the call of the class, or of the host's `__init__`.
        has_initialiser: whether the call of the class goes on to an `__init__` of the program.

    Returns:
        Names of attributes, each with the index of the argument.
    """
    if len(arguments) == 1 and isinstance(arguments[0], a.String):
        return [(TEXT, 0)]
    if has_initialiser:
        return []
    for ancestor in description.python_class.__mro__:
        names = HOST_EXCEPTION_ATTRIBUTES.get(ancestor)
        if names is not None:
            pairs = zip(names, range(len(arguments)))
            return [(name, index) for name, index in pairs if not isinstance(arguments[index], a.NoneValue)]
    return []


def host_text(instance: BaseException) -> str | None:
    """The text of an exception that exists before the program runs; None where it has none that a str can hold."""
    arguments = instance.args
    if len(arguments) == 1 and isinstance(arguments[0], str) and all(char < "\u0100" for char in arguments[0]):
        return arguments[0]
    return None
