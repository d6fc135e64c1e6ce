"""The mark on functions and classes whose Python body is only what they do on the host.

`rlib` cannot import the annotator or the rtyper, so a function that those stages must treat specially is
merely marked here, and the stages register what the mark means. `PRIMITIVES` lists every marked function by
its qualified name, so that a stage's tests can show that none was forgotten.
"""

from __future__ import annotations

from typing import Any, Callable, TypeVar

__all__ = ["PRIMITIVES", "primitive"]

F = TypeVar("F", bound=Callable[..., Any])

PRIMITIVES: dict[str, Callable[..., Any]] = {}


def primitive(function: F) -> F:
    """Mark `function` (or a class, with all its methods) as one that the stages above type by a rule of
    their own, never by its body.
    """
    name = function.__module__.rpartition(".")[2] + "." + function.__qualname__
    function._primitive_ = name  # type: ignore[attr-defined]
    PRIMITIVES[name] = function
    return function
