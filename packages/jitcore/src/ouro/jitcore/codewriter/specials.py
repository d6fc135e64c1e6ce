"""Calls that the optimizer knows: by the `oopspec` of a function, or by the operation that a function is made for."""

from __future__ import annotations

from typing import Any

from ouro.flowspace import Operation
from ouro.jitcore.descriptors.calls import (
    SPECIAL_NONE,
    SPECIAL_NOT_IN_TRACE,
    SPECIAL_SHRINK_STRING,
    SPECIAL_STRING_EQUAL,
)
from ouro.lltype import resolve
from ouro.rtyper import STRING_POINTER

#: By the name in an `oopspec`, what is in front of the parenthesis. Others mean nothing.
SPECIALS = {"string.equal": SPECIAL_STRING_EQUAL}


def special_of_function(function: Any) -> int:
    """The number for calls of a Python function."""
    if getattr(function, "_jit_not_in_trace_", False):
        return SPECIAL_NOT_IN_TRACE
    return SPECIALS.get(getattr(function, "oopspec", "").partition("(")[0], SPECIAL_NONE)


def special_of_operation(operation: Operation) -> int:
    """The number for calls of the function that does an operation."""
    if operation.opname == "shrink_array" and resolve(operation.args[0].concretetype) is STRING_POINTER:
        return SPECIAL_SHRINK_STRING
    return SPECIAL_NONE
