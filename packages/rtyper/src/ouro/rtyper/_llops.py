"""Low-level operations as functions that helpers call.

On the host a function does what the operation does; in a graph a call of it *is* the operation.
`operation(name, RESULT)` makes one. RESULT is the result type, `FIRST` for the type of the first operand, or
`GIVEN` where the function's first argument is the result type itself.
"""

from __future__ import annotations

from typing import Any, Callable

from ouro.lltype import (
    Address,
    Bool,
    Float,
    Signed,
    SignedLongLong,
    Void,
    cast_opaque_ptr,
    weakref_deref,
)
from ouro.rtyper._evaluate import EVALUATORS
from ouro.rtyper._interpreter import SIMPLE_OPERATIONS, TypedInterpreter
from ouro.rtyper._program import TypedProgram

__all__ = ["FIRST", "GIVEN", "LOW_LEVEL_OPERATIONS", "operation"]

FIRST = "first"
GIVEN = "given"

LOW_LEVEL_OPERATIONS: dict[Any, tuple[str, Any]] = {}
"""Function -> (operation, result)."""

_host_interpreter = TypedInterpreter(TypedProgram())

_GIVEN_ON_HOST: dict[str, Callable[..., Any]] = {
    "cast_opaque_ptr": cast_opaque_ptr,
    "weakref_deref": weakref_deref,
    "jit_virtual_ref": cast_opaque_ptr,
}


def operation(name: str, RESULT: Any) -> Callable[..., Any]:
    """The function that stands for an operation."""
    evaluator = EVALUATORS.get(name)
    simple = SIMPLE_OPERATIONS.get(name)
    if RESULT is GIVEN and name in _GIVEN_ON_HOST:
        function = _GIVEN_ON_HOST[name]

        def call(*args: Any) -> Any:
            return function(*args)
    elif evaluator is not None:
        evaluate = evaluator

        def call(*args: Any) -> Any:
            return evaluate(*args)
    elif simple is not None:
        run = simple

        def call(*args: Any) -> Any:
            return run(_host_interpreter, *args)
    else:

        def call(*args: Any) -> Any:
            return None

    call.__name__ = call.__qualname__ = name
    LOW_LEVEL_OPERATIONS[call] = (name, RESULT)
    return call


array_copy = operation("array_copy", Void)
array_clear = operation("array_clear", Void)
array_compare = operation("array_compare", Signed)
array_find_char = operation("array_find_char", Signed)
array_copy_to_raw = operation("array_copy_to_raw", Void)
array_copy_from_raw = operation("array_copy_from_raw", Void)
shrink_array = operation("shrink_array", FIRST)
float_to_bits = operation("float_to_bits", SignedLongLong)
float_from_bits = operation("float_from_bits", Float)
float_abs = operation("float_abs", Float)
gc_identityhash = operation("gc_identityhash", Signed)
gc_id = operation("gc_id", Signed)
gc_can_move = operation("gc_can_move", Bool)
gc_next_instance = operation("gc_next_instance", GIVEN)
debug_assert = operation("debug_assert", Void)
cast_ptr_to_adr = operation("cast_ptr_to_adr", Address)
get_object_type = operation("get_object_type", GIVEN)
unlikely = operation("unlikely", Bool)
likely = operation("likely", Bool)
keepalive = operation("keepalive", Void)
raw_malloc = operation("raw_malloc", Address)
raw_free = operation("raw_free", Void)
