"""Methods of prebuilt objects as functions, which is what a typed program can point to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def function_of_method(method: Callable[..., Any], name: str) -> Callable[..., Any]:
    """A function that calls a bound method of a prebuilt object with its own arguments.

    Args:
        method: a bound method with positional parameters alone, at most six.
        name: the function's name, also that of its graph.
    """
    function = _BY_ARITY[method.__code__.co_argcount - 1](method)
    function.__name__ = function.__qualname__ = name
    return function


def _call_0(method: Any) -> Callable[..., Any]:
    def entry_point():  # type: ignore[no-untyped-def]
        return method()

    return entry_point


def _call_1(method: Any) -> Callable[..., Any]:
    def entry_point(a):  # type: ignore[no-untyped-def]
        return method(a)

    return entry_point


def _call_2(method: Any) -> Callable[..., Any]:
    def entry_point(a, b):  # type: ignore[no-untyped-def]
        return method(a, b)

    return entry_point


def _call_3(method: Any) -> Callable[..., Any]:
    def entry_point(a, b, c):  # type: ignore[no-untyped-def]
        return method(a, b, c)

    return entry_point


def _call_4(method: Any) -> Callable[..., Any]:
    def entry_point(a, b, c, d):  # type: ignore[no-untyped-def]
        return method(a, b, c, d)

    return entry_point


def _call_5(method: Any) -> Callable[..., Any]:
    def entry_point(a, b, c, d, e):  # type: ignore[no-untyped-def]
        return method(a, b, c, d, e)

    return entry_point


def _call_6(method: Any) -> Callable[..., Any]:
    def entry_point(a, b, c, d, e, f):  # type: ignore[no-untyped-def]
        return method(a, b, c, d, e, f)

    return entry_point


#: Graphs have parameters of their own, and so each arity is a function of its own.
_BY_ARITY = (_call_0, _call_1, _call_2, _call_3, _call_4, _call_5, _call_6)
