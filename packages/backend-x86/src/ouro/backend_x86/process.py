"""The process of a translated program as compiled code sees it: the addresses that a `Runtime` has, and the functions
of the program that code calls.

Functions that C code calls take no objects, so they find the backend in `STATE`, of which there is one.
"""

from __future__ import annotations

from ouro.backend_x86.runtime import Runtime
from ouro.lltype import Float, FuncType, Signed, cast_ptr_to_int, functionptr
from ouro.rlib import rffi
from ouro.rlib.rarithmetic import LONG_BIT

_EXCEPTION, _STACK_LIMIT, _MEMORY_COPY, _RELEASE_LOCK, _ACQUIRE_LOCK, _TYPE_TABLE, _TYPE_ROW_SIZE = range(7)

_addresses = rffi.library(
    "long ouro_x86_address(long number);",
    includes=["string.h"],
    source="""
    /* the names are those of the run time of generated programs, which every C file of them sees */
    extern char ouro_type_table[];

    long ouro_x86_address(long number)
    {
        switch (number) {
        case 0: return (long)&ouro_exception;
        case 1: return (long)&ouro_stack_limit;
        case 2: return (long)&memcpy;
        case 3: return (long)&ouro_release_lock;
        case 4: return (long)&ouro_acquire_lock;
        case 5: return (long)ouro_type_table;
        default: return (long)sizeof(struct ouro_type_row);
        }
    }
    """,
)


#: `ouro.gc`'s flag of a row behind which a class stands.
_HAS_VTABLE = 64
_WORD = LONG_BIT // 8


class _State:
    """The backend of the program; None before there is one."""

    def __init__(self):
        self.backend = None


STATE = _State()


def _raise_stack_full():
    raise RecursionError


def _allocate_frame(information):
    return STATE.backend.frames.new_frame(information)


def _grow_frame(frame, words):
    return STATE.backend.frames.grow(frame, words)


def _result_int(frame):
    return STATE.backend.result_of_loop(frame).value


def _result_reference(frame):
    outcome = STATE.backend.result_of_loop(frame)
    return STATE.backend.runtime.address_of_reference(outcome.reference)


def _result_float(frame):
    return STATE.backend.result_of_loop(frame).number


def _no_result(frame):
    STATE.backend.result_of_loop(frame)
    return 0


_OF_WORD = FuncType([Signed], Signed)
_RAISE_STACK_FULL = functionptr(FuncType([], Signed), "x86_raise_stack_full", callable=_raise_stack_full)
_ALLOCATE_FRAME = functionptr(_OF_WORD, "x86_allocate_frame", callable=_allocate_frame)
_GROW_FRAME = functionptr(FuncType([Signed, Signed], Signed), "x86_grow_frame", callable=_grow_frame)
_RESULT_INT = functionptr(_OF_WORD, "x86_result_int", callable=_result_int)
_RESULT_REFERENCE = functionptr(_OF_WORD, "x86_result_reference", callable=_result_reference)
_RESULT_FLOAT = functionptr(FuncType([Signed], Float), "x86_result_float", callable=_result_float)
_NO_RESULT = functionptr(_OF_WORD, "x86_no_result", callable=_no_result)


def process_runtime():
    """A `Runtime` with all that does not depend on the collector."""
    runtime = Runtime()
    runtime.exception_address = _addresses.ouro_x86_address(_EXCEPTION)
    runtime.stack_limit_address = _addresses.ouro_x86_address(_STACK_LIMIT)
    runtime.memory_copy = _addresses.ouro_x86_address(_MEMORY_COPY)
    runtime.release_lock = _addresses.ouro_x86_address(_RELEASE_LOCK)
    runtime.acquire_lock = _addresses.ouro_x86_address(_ACQUIRE_LOCK)
    # objects as the code generator lays them out: the header is counted, the flags of a row come first in it, and a
    # class begins with the range of its subclasses
    runtime.header_offset = 0
    runtime.flags_offset = 4
    runtime.type_table = _addresses.ouro_x86_address(_TYPE_TABLE)
    runtime.type_row_size = _addresses.ouro_x86_address(_TYPE_ROW_SIZE)
    runtime.type_flags_offset = 0
    runtime.type_flag_instance = _HAS_VTABLE
    runtime.class_low_offset = 0
    runtime.class_high_offset = _WORD
    runtime.raise_stack_full = cast_ptr_to_int(_RAISE_STACK_FULL)
    runtime.allocate_frame = cast_ptr_to_int(_ALLOCATE_FRAME)
    runtime.grow_frame = cast_ptr_to_int(_GROW_FRAME)
    runtime.assembler_helpers = [
        cast_ptr_to_int(_RESULT_INT), cast_ptr_to_int(_RESULT_REFERENCE), cast_ptr_to_int(_RESULT_FLOAT),
        cast_ptr_to_int(_NO_RESULT),
    ]
    return runtime


def set_backend(backend):
    """Say which backend compiled code belongs to."""
    STATE.backend = backend
