"""Calls that the optimizer knows: by the `oopspec` of a function, or by the operation that a function is made for."""

from __future__ import annotations

from typing import Any

from ouro.flowspace import Operation
from ouro.jitcore.descriptors.calls import (
    SPECIAL_ARRAY_COPY,
    SPECIAL_NONE,
    SPECIAL_NOT_IN_TRACE,
    SPECIAL_SHRINK_STRING,
    SPECIAL_STRING_EQUAL,
)
from ouro.lltype import GcArray, resolve
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
    if operation.opname == "array_copy" and len(operation.args) == 5 and _is_plain_array(operation):
        return SPECIAL_ARRAY_COPY
    return SPECIAL_NONE


def _is_plain_array(operation: Operation) -> bool:
    """Are both operands arrays of one type, with items of one value?"""
    source, target = (resolve(argument.concretetype).TO for argument in operation.args[:2])
    return source is target and isinstance(source, GcArray) and not resolve(source.ITEM).is_container
