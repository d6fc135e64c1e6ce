"""The mark on low-level helpers: one copy for each combination of low-level types and constants."""

from __future__ import annotations

import types
from typing import Any

__all__ = ["low_level", "low_level_module"]


def low_level(function: Any) -> Any:
    """Mark one function."""
    if not hasattr(function, "_specialize_"):
        function._specialize_ = "ll"
        function._specialize_args_ = ()
    return function


def low_level_module(namespace: dict[str, Any]) -> None:
    """Mark every function that a module, or the body of a function that makes helpers, has defined."""
    module = namespace.get("__name__")
    for value in list(namespace.values()):
        if isinstance(value, types.FunctionType) and (module is None or value.__module__ == module):
            low_level(value)
