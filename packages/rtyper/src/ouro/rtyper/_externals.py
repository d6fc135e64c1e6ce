"""C functions that typed code calls without the author naming them."""

from __future__ import annotations

import math
import os
import sys
from typing import Any, Callable

from ouro.lltype import (
    Address,
    Char,
    ExternalFunction,
    Float,
    FuncType,
    Library,
    Pointer,
    Signed,
    Void,
    functionptr,
    load,
)

__all__ = ["EXIT", "MATH", "MATH_ARITIES", "SCALE", "WRITE", "math_function"]

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


def _host_math(name: str) -> Callable[..., Any]:
    """A function of Python's math as C has it: NaN and infinity in the place of exceptions."""
    function = getattr(math, name)

    def call(*args: float) -> float:
        try:
            return float(function(*args))
        except ValueError:
            return -math.inf if name.startswith("log") and args[0] == 0.0 else math.nan
        except OverflowError:
            return math.inf

    return call


MATH = {
    name: math_function(name, 1, _host_math(name))
    for name in (
        "sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp expm1 log log10 log1p".split()
    )
}
MATH.update({name: math_function(name, 2, _host_math(name)) for name in ("atan2", "hypot", "copysign")})
MATH.update({
    "fmod": math_function("fmod", 2, _fmod),
    "floor": math_function("floor", 1, _floor),
    "ceil": math_function("ceil", 1, lambda value: -_floor(-value)),
    "trunc": math_function("trunc", 1, lambda value: math.copysign(_floor(abs(value)), value)),
    "pow": math_function("pow", 2, _pow),
})
MATH_ARITIES = {name: 2 if name in ("atan2", "hypot", "copysign", "fmod", "pow") else 1 for name in MATH}


def _host_scale(value: float, exponent: int) -> float:
    try:
        return math.ldexp(value, exponent)
    except OverflowError:
        return math.copysign(math.inf, value)


_SCALE_TYPE = FuncType([Float, Signed], Float)
SCALE = functionptr(
    _SCALE_TYPE,
    "scalbln",
    external=ExternalFunction("scalbln", _SCALE_TYPE, LIBM, is_pure=True, host=_host_scale),
)

UNISTD = Library(includes=("unistd.h",))


def _host_write(descriptor: int, address: Any, count: int) -> int:
    data = bytes(ord(load(Char, address, index)) for index in range(count))
    if descriptor == 1:
        sys.stdout.flush()
    return os.write(descriptor, data)


_WRITE_TYPE = FuncType([Signed, Address, Signed], Signed)
WRITE = functionptr(
    _WRITE_TYPE,
    "write",
    external=ExternalFunction("write", _WRITE_TYPE, UNISTD, releases_gil=True, saves_errno=True, host=_host_write),
)
_EXIT_TYPE = FuncType([Signed], Void)
EXIT = functionptr(
    _EXIT_TYPE, "_exit", external=ExternalFunction("_exit", _EXIT_TYPE, UNISTD, host=os._exit)
)
