"""The exception classes of the host that RPython programs may use."""

from __future__ import annotations

from typing import Any

from ouro.annotator import annotations as a

HOST_EXCEPTION_ATTRIBUTES: dict[type, dict[str, Any]] = {
    OSError: {
        "errno": a.INTEGER,
        "strerror": a.OPTIONAL_STRING,
        "filename": a.OPTIONAL_STRING,
    },
    SystemExit: {"code": a.INTEGER},
}
"""The fields that instances of host exceptions have, in the order of their arguments. All others take any
arguments and
forget them: a program that wants the text back defines an exception class of its own."""


def is_host_exception(python_class: type) -> bool:
    """Whether the class is an exception of Python itself."""
    return issubclass(python_class, BaseException) and python_class.__module__ == "builtins"
