"""The tables of builtin functions, markers of rlib, methods of builtin types and low-level functions.

A rule gets the context of the call with the operands of the *arguments*: for a function they start at 0, for a
method operand 0 is the receiver. Keyword arguments are in `context.extra`, a dictionary of operands.
"""

from __future__ import annotations

from typing import Any, Callable

__all__ = ["BUILTIN_RULES", "METHOD_RULES", "PRIMITIVE_RULES", "builtin", "find_method", "method", "primitive"]

BUILTIN_RULES: dict[int, tuple[Any, Any]] = {}
PRIMITIVE_RULES: dict[str, Any] = {}
METHOD_RULES: dict[tuple[type, str], Any] = {}

_method_cache: dict[tuple[type, str], Any] = {}


def builtin(*functions: Any) -> Callable[[Any], Any]:
    """Register the rule of functions or classes of the host."""

    def register(rule: Any) -> Any:
        for function in functions:
            BUILTIN_RULES[id(function)] = (function, rule)
        return rule

    return register


def primitive(names: str) -> Callable[[Any], Any]:
    """Register the rule of functions that rlib marks, as `"module.name"`, several separated by spaces."""

    def register(rule: Any) -> Any:
        for name in names.split():
            PRIMITIVE_RULES[name] = rule
        return rule

    return register


def method(representation: type, names: str) -> Callable[[Any], Any]:
    """Register the rule of methods of values in a representation."""

    def register(rule: Any) -> Any:
        for name in names.split():
            METHOD_RULES[representation, name] = rule
        return rule

    return register


def find_method(representation: type, name: str) -> Any:
    """The rule of a method, the most specific one; None where there is none."""
    key = (representation, name)
    if key not in _method_cache:
        found = None
        for base in representation.__mro__:
            found = METHOD_RULES.get((base, name))
            if found is not None:
                break
        _method_cache[key] = found
    return _method_cache[key]
