"""The process of a translated program as compiled code sees it: the addresses that a `Runtime` has, and the functions
of the program that code calls.

Functions that C code calls take no objects, so they find the backend in `STATE`, of which there is one.
"""

from __future__ import annotations

from ouro.backend_x86.backend import X86Backend
from ouro.backend_x86.dump import PerfMap
from ouro.backend_x86.faults import watch_faults
from ouro.backend_x86.runtime import Runtime
from ouro.gc import (
    FINALIZER,
    FLAGS_OFFSET,
    GC_DATA,
    HAS_VTABLE,
    HEADER_SIZE,
    LIGHT_FINALIZER,
    NEEDS_BARRIER,
    PREBUILT,
    TYPE_ID_OFFSET,
)
from ouro.jitcore.backend.rewriting import CollectorDescription
from ouro.jitcore.descriptors import ELIDABLE_MEMORY_ERROR, CallDescriptor, EffectDescriptor, FinishDescriptor
from ouro.lltype import (
    GCREF,
    Float,
    FuncType,
    Signed,
    UInt32,
    Void,
    cast_adr_to_int,
    cast_int_to_adr,
    cast_ptr_to_int,
    functionptr,
    load,
    offsetof,
    raw_malloc,
)
from ouro.rlib import rffi, rgc, rposix, rresource
from ouro.rlib.rarithmetic import LONG_BIT
from ouro.rtyper import low_level_operation

gc_allocate = low_level_operation("gc_allocate")
gc_allocate_varsize = low_level_operation("gc_allocate_varsize")
gc_data_address = low_level_operation("gc_data_address", Signed)
gc_register_finalizer = low_level_operation("gc_register_finalizer", Void)
gc_remember = low_level_operation("gc_remember", Void)
gc_remember_item = low_level_operation("gc_remember_item", Void)

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


_WORD = LONG_BIT // 8


#: How frames end when an exception leaves that is not in the trace: no stack, no memory.
LEAVES = FinishDescriptor("leaves_with_exception", "r", True)


class _State:
    """The backend of the program; None before there is one."""

    def __init__(self):
        self.backend = None

    def has_finalizer(self, type_id):
        """Is the collector to be told of the objects of a type?"""
        row = cast_int_to_adr(self.backend.runtime.type_table + type_id)
        return int(load(UInt32, row)) & (FINALIZER | LIGHT_FINALIZER) != 0


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


def _allocate_array(type_id, length):
    return gc_allocate_varsize(GCREF, type_id, length, 0, 0, 0)


def _take_from_nursery(size):
    # no object has type 0: compiled code writes the headers of what it makes of it before anything else happens
    return gc_allocate(GCREF, 0, size)


def _allocate(type_id, size):
    reference = gc_allocate(GCREF, type_id, size)
    if STATE.has_finalizer(type_id):
        gc_register_finalizer(reference)
    return reference


def _allocate_raw(size):
    address = raw_malloc(size)
    if not address:
        raise MemoryError
    return cast_adr_to_int(address)


def _write_barrier(address):
    gc_remember(cast_int_to_adr(address))


def _write_barrier_array(address, index):
    gc_remember_item(cast_int_to_adr(address), index)


_OF_WORD = FuncType([Signed], Signed)
_RAISE_STACK_FULL = functionptr(FuncType([], Signed), "x86_raise_stack_full", callable=_raise_stack_full)
_ALLOCATE_FRAME = functionptr(_OF_WORD, "x86_allocate_frame", callable=_allocate_frame)
_GROW_FRAME = functionptr(FuncType([Signed, Signed], Signed), "x86_grow_frame", callable=_grow_frame)
_RESULT_INT = functionptr(_OF_WORD, "x86_result_int", callable=_result_int)
_RESULT_REFERENCE = functionptr(_OF_WORD, "x86_result_reference", callable=_result_reference)
_RESULT_FLOAT = functionptr(FuncType([Signed], Float), "x86_result_float", callable=_result_float)
_NO_RESULT = functionptr(_OF_WORD, "x86_no_result", callable=_no_result)
_ALLOCATING = FuncType([Signed, Signed], GCREF)
_TAKE_FROM_NURSERY = functionptr(FuncType([Signed], GCREF), "x86_take_from_nursery", callable=_take_from_nursery)
_ALLOCATE = functionptr(_ALLOCATING, "x86_allocate", callable=_allocate)
_ALLOCATE_ARRAY = functionptr(_ALLOCATING, "x86_allocate_array", callable=_allocate_array)
_ALLOCATE_RAW = functionptr(_OF_WORD, "x86_allocate_raw", callable=_allocate_raw)
_WRITE_BARRIER = functionptr(FuncType([Signed], Void), "x86_write_barrier", callable=_write_barrier)
_WRITE_BARRIER_ARRAY = functionptr(
    FuncType([Signed, Signed], Void), "x86_write_barrier_array", callable=_write_barrier_array)

# what calls of the functions above do: they collect and may find no memory
_EFFECT = EffectDescriptor(ELIDABLE_MEMORY_ERROR)
_CALL_ALLOCATE = CallDescriptor("allocate", "ii", "r", _WORD, False, _EFFECT)
_CALL_ALLOCATE_RAW = CallDescriptor("allocate_raw", "i", "i", _WORD, True, _EFFECT)


class ProcessCollector(CollectorDescription):
    """The collector of the program, which has generations and whose old objects do not move."""

    def must_be_registered(self, type_id):
        return STATE.has_finalizer(type_id)

    def is_never_young(self, reference):
        word = cast_ptr_to_int(reference)
        if word & 1:
            return True
        return int(load(UInt32, cast_int_to_adr(word + FLAGS_OFFSET))) & PREBUILT != 0


def _describe_collector(collector):
    collector.word_size = _WORD
    collector.header_in_front = 0
    collector.type_id_offset = TYPE_ID_OFFSET
    collector.header_size = HEADER_SIZE
    collector.allocate = cast_ptr_to_int(_ALLOCATE)
    collector.allocate_descriptor = _CALL_ALLOCATE
    collector.allocate_array = cast_ptr_to_int(_ALLOCATE_ARRAY)
    collector.allocate_array_descriptor = _CALL_ALLOCATE
    collector.allocate_raw = cast_ptr_to_int(_ALLOCATE_RAW)
    collector.allocate_raw_descriptor = _CALL_ALLOCATE_RAW


class ProcessRuntime(Runtime):
    """The addresses in the running program."""

    def start(self, collector):
        data = gc_data_address()
        self.nursery_address = data + offsetof(GC_DATA, "nursery_free")
        self.nursery_end_offset = offsetof(GC_DATA, "nursery_top") - offsetof(GC_DATA, "nursery_free")
        self.root_stack_address = data + offsetof(GC_DATA, "root_top")
        self.allocate = cast_ptr_to_int(_TAKE_FROM_NURSERY)
        self.write_barrier = cast_ptr_to_int(_WRITE_BARRIER)
        self.write_barrier_array = cast_ptr_to_int(_WRITE_BARRIER_ARRAY)
        self.exception_address = _addresses.ouro_x86_address(_EXCEPTION)
        self.stack_limit_address = _addresses.ouro_x86_address(_STACK_LIMIT)
        self.memory_copy = _addresses.ouro_x86_address(_MEMORY_COPY)
        self.release_lock = _addresses.ouro_x86_address(_RELEASE_LOCK)
        self.acquire_lock = _addresses.ouro_x86_address(_ACQUIRE_LOCK)
        # objects as the code generator lays them out: the header is counted, the flags of a row come first in it, and a
        # class begins with the range of its subclasses
        self.header_offset = 0
        self.flags_offset = FLAGS_OFFSET
        self.barrier_flag = NEEDS_BARRIER
        self.type_table = _addresses.ouro_x86_address(_TYPE_TABLE)
        self.type_row_size = _addresses.ouro_x86_address(_TYPE_ROW_SIZE)
        self.type_flags_offset = 0
        self.type_flag_instance = HAS_VTABLE
        self.class_low_offset = 0
        self.class_high_offset = _WORD
        self.raise_stack_full = cast_ptr_to_int(_RAISE_STACK_FULL)
        self.allocate_frame = cast_ptr_to_int(_ALLOCATE_FRAME)
        self.grow_frame = cast_ptr_to_int(_GROW_FRAME)
        self.assembler_helpers = [
            cast_ptr_to_int(_RESULT_INT), cast_ptr_to_int(_RESULT_REFERENCE), cast_ptr_to_int(_RESULT_FLOAT),
            cast_ptr_to_int(_NO_RESULT),
        ]
        _describe_collector(collector)

    def settle_references(self, references):
        for reference in references:
            if reference and cast_ptr_to_int(reference) & 1 == 0 and rgc.can_move(reference):
                # what survives a minor collection is old
                rgc.collect(0)
                return


#: Environment variables: a file with the names of code for `perf` if it is not empty; the bytes of memory for code.
PERF_VARIABLE = "OUROJIT_PERF"
CODE_VARIABLE = "OUROJIT_CODE"


#: Code takes at most this part of the addresses that a process is allowed: the others are for its heap and its threads.
_SHARE_OF_ADDRESSES = 8

#: The bytes of memory for code that may be asked for.
_LEAST_CODE = 1 << 14
_MOST_CODE = 1 << 30

_BAD_USAGE = 2
_STANDARD_ERROR = 2


def _code_memory_size(default):
    """What the environment says, which ends the process if that makes no sense; or the default, or less where the
    process may not have many addresses.
    """
    text = rposix.getenv(CODE_VARIABLE)
    if text is None or text == "":
        return max(rresource.within_limits(default, _SHARE_OF_ADDRESSES), _LEAST_CODE)
    try:
        size = int(text)
    except ValueError:
        size = -1
    if not _LEAST_CODE <= size <= _MOST_CODE:
        rposix.write(_STANDARD_ERROR, "%s: expected %d to %d bytes, not '%s'\n" % (
            CODE_VARIABLE, _LEAST_CODE, _MOST_CODE, text))
        rposix.exit_now(_BAD_USAGE)
    return size


def _name_code_for_perf(backend):
    if rposix.getenv(PERF_VARIABLE):
        try:
            backend.perf_map = PerfMap()
        except OSError:
            # the program is more important than its profile
            backend.perf_map = None


def make_backend(code_memory_size):
    """The backend of the program, which has one.

    Args:
        code_memory_size: bytes of addresses for code, at most 1 GB.

    Raises:
        OutOfCodeMemory: the system gives no memory for code.
    """
    size = _code_memory_size(code_memory_size)
    backend = X86Backend(ProcessRuntime(), ProcessCollector(), size, LEAVES)
    STATE.backend = backend
    _name_code_for_perf(backend)
    backend.start()
    watch_faults(backend)
    return backend
