"""RPython functions that C code calls by name."""

from __future__ import annotations

from typing import Any, Callable

__all__ = ["EXPORTED", "export"]

EXPORTED: dict[str, Callable[..., Any]] = {}
"""The exported functions by their C name."""


def export(*argument_types, result, name=None):
    """Make the function visible to C under `name`, or its own name, with these low-level types.

    The decorated function has `_exported_name_` and `_exported_types_`, a pair of the argument types and the result.
    Raises ValueError if the name is taken.
    """

    def decorate(function):
        c_name = name or function.__name__
        if EXPORTED.setdefault(c_name, function) is not function:
            raise ValueError("the C name %s is exported twice" % c_name)
        function._exported_name_ = c_name
        function._exported_types_ = (tuple(argument_types), result)
        return function

    return decorate
