"""C functions that typed code calls without the author naming them."""

from __future__ import annotations

import math
from typing import Any, Callable

from ouro.lltype import ExternalFunction, Float, FuncType, Library, Pointer, functionptr

__all__ = ["MATH", "math_function"]

LIBM = Library(includes=("math.h",), libraries=("m",))


def math_function(name: str, arity: int, host: Callable[..., Any]) -> Pointer:
    """A pointer to a pure function of libm on doubles."""
    TYPE = FuncType([Float] * arity, Float)
    return functionptr(TYPE, name, external=ExternalFunction(name, TYPE, LIBM, is_pure=True, host=host))


def _floor(value: float) -> float:
    return value if math.isinf(value) or math.isnan(value) else float(math.floor(value))


def _fmod(first: float, second: float) -> float:
    try:
        return math.fmod(first, second)
    except ValueError:
        return math.nan


def _pow(first: float, second: float) -> float:
    try:
        return math.pow(first, second)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.inf if first == 0.0 else math.nan


MATH = {
    "fmod": math_function("fmod", 2, _fmod),
    "floor": math_function("floor", 1, _floor),
    "copysign": math_function("copysign", 2, math.copysign),
    "pow": math_function("pow", 2, _pow),
}
