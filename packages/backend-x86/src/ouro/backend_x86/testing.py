"""A process for compiled code on the host: native memory, native functions, and a nursery without a collector. For
tests.

Objects are blocks of native memory with a header in front of where references point; they live until the process of the
test ends. Whenever the nursery is full all objects grow old: their flags ask for the write barrier. Functions of
low-level types become functions that machine code calls, and the exceptions that they raise are pending in two words,
as in a translated program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from cffi import FFI
from ouro.backend_x86.backend import X86Backend
from ouro.backend_x86.machine import MACHINE
from ouro.backend_x86.runtime import Runtime
from ouro.jitcore.backend import CalledLoops
from ouro.jitcore.backend.conformance import Host
from ouro.jitcore.backend.registers.checker import check
from ouro.jitcore.backend.rewriting import CollectorDescription
from ouro.jitcore.descriptors import ELIDABLE_MEMORY_ERROR, ArrayDescriptor, EffectDescriptor, FinishDescriptor
from ouro.jitcore.descriptors.from_types import DescriptorTable, kind_of_type
from ouro.jitcore.outcome import Outcome, finished_float, finished_int, finished_none, finished_reference, raised
from ouro.lltype import (
    GCREF,
    Address,
    Bool,
    Char,
    FuncType,
    Pointer,
    Ptr,
    Signed,
    SingleFloat,
    UInt32,
    Void,
    cast_adr_to_ptr,
    cast_int_to_adr,
    cast_opaque_ptr,
    cast_ptr_to_int,
    container_of,
    is_varsize,
    load,
    malloc,
    native_pointer,
    offsetof,
    raw_malloc,
    resolve,
    sizeof,
    store,
)
from ouro.rlib.rarithmetic import intmask, r_singlefloat
from ouro.rtyper import OBJECT_POINTER, OBJECT_VTABLE, LowLevelException

_ffi = FFI()
_ffi.cdef("void *memcpy(void *, void *, unsigned long);")
#: By kind; `s` is a number of single precision.
_C_TYPES = {"i": "long", "r": "long", "f": "double", "s": "float", "n": "void"}

HEADER = 8
_FLAGS = 4
_NEEDS_BARRIER = 1
_ROW_SIZE = 32
_ROW_FLAG_CLASS = 64
_NURSERY_SIZE = 768


class CheckedBackend(X86Backend):
    """The backend, which has every allocation of registers checked.

    Attributes:
        checked: how many were.
    """

    checked = 0

    def allocate_registers(self, trace: Any, inputs: list[int]) -> Any:
        allocation = super().allocate_registers(trace, inputs)
        check(trace, MACHINE, inputs, allocation)
        self.checked += 1
        return allocation


class NativeProcess:
    """Descriptors, functions, objects and a backend over native memory.

    Args:
        instance_types: the vtable of each structure that is an instance, checked memory of the host.
        clears_nursery: is memory for objects zero? Otherwise it is full of ones.

    Attributes:
        descriptors: the table for traces that run here.
        runtime, collector, backend: as compiled code sees the process.
        barriers: how often the write barrier was called.
        collections: how often the nursery was full.
        lock_events: "release" and "acquire", as compiled code gives back and takes the global lock.
    """

    def __init__(self, instance_types: dict[Any, Pointer] | None = None, clears_nursery: bool = True,
                 code_memory_size: int = 1 << 20) -> None:
        self._kept: list[Any] = []
        self._functions: dict[int, Any] = {}
        self.pending = _ffi.cast("long *", raw_malloc(16, zero=True).value)
        self._nursery = _ffi.new("long[2]")
        self._type_table = raw_malloc(1 << 16, zero=True).value
        self._type_ids: dict[Any, int] = {}
        self._types: dict[int, Any] = {}
        self._young: list[int] = []
        self._block = 0
        self.barriers = 0
        self.collections = 0
        self.lock_events: list[str] = []
        self.failure: BaseException | None = None
        self._instance_types = instance_types or {}
        self.descriptors = DescriptorTable(self._instance_types, self.address_of, self._type_id)
        self.collector = self._describe_collector(clears_nursery)
        self.runtime = Runtime()
        self._fill_runtime()
        self.leaves = FinishDescriptor("leaves", "r", True)
        self.backend = CheckedBackend(self.runtime, self.collector, code_memory_size, self.leaves)

    def _fill_runtime(self) -> None:
        runtime = self.runtime
        runtime.exception_address = self._address(self.pending)
        runtime.allocate_frame = self.native("i", "i", self._allocate_frame)
        runtime.grow_frame = self.native("ii", "i", self._grow_frame)
        runtime.assembler_helpers = [self.native("i", kind, self._result_of_loop(kind)) for kind in "irfn"]
        runtime.release_lock = self.native("", "n", lambda: self.lock_events.append("release"))
        runtime.acquire_lock = self.native("", "n", lambda: self.lock_events.append("acquire"))
        runtime.memory_copy = self._address(_ffi.dlopen(None).memcpy)
        runtime.nursery_address = self._address(self._nursery)
        runtime.nursery_end_offset = 8
        runtime.allocate = self.native("i", "r", self._refill)
        runtime.write_barrier = self.native("r", "n", self._write_barrier)
        runtime.write_barrier_array = self.native("ri", "n", self._write_barrier)
        runtime.header_offset = -HEADER
        runtime.flags_offset = _FLAGS
        runtime.barrier_flag = _NEEDS_BARRIER
        runtime.type_table = self._type_table
        runtime.type_row_size = _ROW_SIZE
        runtime.type_flags_offset = 0
        runtime.type_flag_instance = _ROW_FLAG_CLASS
        runtime.class_low_offset = int(offsetof(OBJECT_VTABLE, "subclass_range_min"))
        runtime.class_high_offset = int(offsetof(OBJECT_VTABLE, "subclass_range_max"))

    def _describe_collector(self, clears_nursery: bool) -> CollectorDescription:
        collector = CollectorDescription()
        effect = EffectDescriptor(ELIDABLE_MEMORY_ERROR)
        collector.header_in_front = HEADER
        collector.clears_nursery = clears_nursery
        collector.largest_in_nursery = 512
        collector.largest_batch = 256
        collector.cards_from = 16
        collector.allocate = self.native("ii", "r", self._allocate)
        collector.allocate_array = self.native("ii", "r", self._allocate_array)
        collector.allocate_raw = self.native("i", "i", lambda size: raw_malloc(size).value)
        collector.allocate_descriptor = self.descriptors.call(FuncType([Signed, Signed], GCREF), effect)
        collector.allocate_array_descriptor = collector.allocate_descriptor
        collector.allocate_raw_descriptor = self.descriptors.call(FuncType([Signed], Address), effect)
        return collector

    # ---- functions

    def address_of(self, pointer: Pointer) -> int:
        """The address of a function that machine code calls, of a class, or of raw native memory."""
        for STRUCT, vtable in self._instance_types.items():
            if container_of(vtable) is container_of(pointer):
                return self._type_table + self._type_id(STRUCT) + _ROW_SIZE
        if not isinstance(pointer._T.TO, FuncType):
            return cast_ptr_to_int(pointer)
        container = container_of(pointer)
        known = self._functions.get(id(container))
        if known is None:
            self._kept.append(pointer)
            known = self._functions[id(container)] = self._native_function(pointer)
        return known

    def _native_function(self, pointer: Pointer) -> int:
        FUNCTION = pointer._T.TO
        arguments = [ARGUMENT for ARGUMENT in FUNCTION.ARGS if ARGUMENT is not Void]
        kinds = "".join(_c_kind(ARGUMENT) for ARGUMENT in arguments)

        def call(*values: Any) -> Any:
            result = pointer(*[self.from_word(ARGUMENT, value) for ARGUMENT, value in zip(arguments, values)])
            return self.to_word(FUNCTION.RESULT, result)

        return self.native(kinds, _c_kind(FUNCTION.RESULT), call)

    def native(self, kinds: str, result: str, function: Callable[..., Any]) -> int:
        """The address of a C function of words and doubles that calls a Python function.

        A `LowLevelException` becomes pending; any other error is kept and comes out of `check`.
        """
        signature = f"{_C_TYPES[result]}({', '.join(_C_TYPES[kind] for kind in kinds)})"

        def guarded(*values: Any) -> Any:
            try:
                # functions of a translated program would take it for their own
                assert self.pending[0] == 0, "a call while an exception is pending"
                value = function(*values)
            except LowLevelException as exception:
                self.pending[0] = self.address_of(exception.vtable)
                self.pending[1] = cast_ptr_to_int(exception.value)
            except BaseException as error:
                self.failure = error
            else:
                return None if result == "n" else value
            return None if result == "n" else 0

        callback = _ffi.callback(signature, guarded)
        self._kept.append(callback)
        return self._address(callback)

    def check(self) -> None:
        """Raise the error of a function that compiled code called."""
        if self.failure is not None:
            error, self.failure = self.failure, None
            raise error

    def from_word(self, TYPE: Any, value: Any) -> Any:
        """A low-level value from what a register holds."""
        TYPE = resolve(TYPE)
        if isinstance(TYPE, Ptr):
            return self.pointer(TYPE, value)
        if TYPE is SingleFloat:
            return r_singlefloat(value)
        if kind_of_type(TYPE) == "f":
            return value
        if TYPE is Bool:
            return value & 0xFF != 0
        return chr(value & 0xFF) if TYPE is Char else TYPE.wrap(value)

    def to_word(self, TYPE: Any, value: Any) -> Any:
        """What a register holds for a value that a function gives: the bits above a small one are anything."""
        TYPE = resolve(TYPE)
        if TYPE is Void:
            return None
        if isinstance(TYPE, Ptr):
            return cast_ptr_to_int(value)
        if kind_of_type(TYPE) == "f" or TYPE is SingleFloat:
            return float(value)
        bits = 8 * int(sizeof(TYPE))
        word = ord(value) if TYPE is Char else int(value)
        return word if bits >= 64 else intmask((word & ((1 << bits) - 1)) | (-1 << 62 | 0x5A5A5A5A) << bits)

    @staticmethod
    def _address(pointer: Any) -> int:
        return int(_ffi.cast("long", pointer))

    # ---- objects

    def pointer(self, PTR: Any, word: int) -> Pointer:
        """A typed pointer to the object at an address."""
        if word == 0 or PTR is GCREF:
            return cast_opaque_ptr(PTR, self.runtime.reference_at(word))
        return native_pointer(PTR, word)

    def type_of(self, reference: Pointer) -> Any:
        """The type of the object that a reference leads to."""
        return self._types[self._word(cast_ptr_to_int(reference) - HEADER, UInt32)]

    def typed(self, reference: Pointer) -> Pointer:
        """A pointer, of the type of the object, for a reference."""
        return native_pointer(Ptr(self.type_of(reference)), cast_ptr_to_int(reference))

    def new(self, STRUCT: Any) -> Pointer:
        """A new object, as a reference."""
        return self.runtime.reference_at(self._allocate(self._type_id(STRUCT), int(sizeof(STRUCT)) + HEADER))

    def new_array(self, ARRAY: Any, length: int) -> Pointer:
        """A new array, as a reference."""
        return self.runtime.reference_at(self._allocate_array(self._type_id(ARRAY), length))

    def _type_id(self, TYPE: Any) -> int:
        known = self._type_ids.get(TYPE)
        if known is None:
            known = self._type_ids[TYPE] = 64 * (len(self._type_ids) + 1)
            self._types[known] = TYPE
            vtable = self._instance_types.get(TYPE)
            if vtable is not None:
                row = cast_int_to_adr(self._type_table + known)
                store(UInt32, row, 0, _ROW_FLAG_CLASS)
                copy = cast_adr_to_ptr(row + _ROW_SIZE, Ptr(OBJECT_VTABLE))
                copy.subclass_range_min = vtable.subclass_range_min
                copy.subclass_range_max = vtable.subclass_range_max
        return known

    def _allocate(self, type_id: int, size: int) -> int:
        address = raw_malloc(size, zero=True).value
        store(UInt32, cast_int_to_adr(address), 0, type_id)
        self._young.append(address + HEADER)
        return address + HEADER

    def _allocate_array(self, type_id: int, length: int) -> int:
        array = self.descriptors.array(self._types[type_id])
        assert isinstance(array, ArrayDescriptor)
        reference = self._allocate(type_id, HEADER + int(array.base_size) + length * int(array.item_size))
        store(Signed, cast_int_to_adr(reference + int(array.length_offset)), 0, length)
        return reference

    def _refill(self, size: int) -> int:
        """The nursery is full: objects grow old, and the next block begins with `size` bytes that are given out."""
        self.collections += 1
        for reference in self._young + list(self._objects_in_nursery()):
            flags = cast_int_to_adr(reference - HEADER + _FLAGS)
            store(UInt32, flags, 0, load(UInt32, flags) | _NEEDS_BARRIER)
        self._young = []
        content = b"\0" if self.collector.clears_nursery else b"\xff"
        block = raw_malloc(_NURSERY_SIZE).value
        _ffi.memmove(_ffi.cast("char *", block), content * _NURSERY_SIZE, _NURSERY_SIZE)
        self._block = block
        self._nursery[0] = block + size
        self._nursery[1] = block + _NURSERY_SIZE
        return block

    def _objects_in_nursery(self) -> Iterator[int]:
        """The references to the objects that compiled code has made; it may have left what it took unused."""
        address = self._block
        while address < self._nursery[0]:
            TYPE = self._types.get(self._word(address, UInt32))
            if TYPE is None:
                address += 8
                continue
            yield address + HEADER
            size = int(sizeof(TYPE))
            if is_varsize(TYPE):
                array = self.descriptors.array(TYPE)
                length = self._word(address + HEADER + int(array.length_offset), Signed)
                size = int(array.base_size) + length * int(array.item_size)
            address += (HEADER + size + 7) & -8

    def _write_barrier(self, reference: int, index: int = 0) -> None:
        flags = cast_int_to_adr(reference - HEADER + _FLAGS)
        assert load(UInt32, flags) & _NEEDS_BARRIER, "the barrier of an object that did not ask for it"
        store(UInt32, flags, 0, load(UInt32, flags) & ~_NEEDS_BARRIER)
        self.barriers += 1

    @staticmethod
    def _word(address: int, TYPE: Any) -> int:
        return load(TYPE, cast_int_to_adr(address))

    # ---- what compiled code calls

    def _allocate_frame(self, information: int) -> int:
        return self.backend.frames.new_frame(information)

    def _grow_frame(self, frame: int, words: int) -> int:
        return self.backend.frames.grow(frame, words)

    def _result_of_loop(self, kind: str) -> Callable[[int], Any]:
        def ended(address: int) -> Any:
            outcome = self.backend.result_of_loop(address)
            if kind == "r":
                return cast_ptr_to_int(outcome.reference)
            return outcome.number if kind == "f" else outcome.value

        return ended


class NativeHost(Host):
    """The conformance suite in this process.

    Args:
        ranges: the bounds of each class's range of subclasses, by structure.
        clears_nursery: as for `NativeProcess`.
    """

    def __init__(self, ranges: dict[Any, tuple[int, int]], clears_nursery: bool = True) -> None:
        self.vtables = {STRUCT: _vtable(*bounds) for STRUCT, bounds in ranges.items()}
        self.process = NativeProcess(self.vtables, clears_nursery)
        self.backend = self.process.backend
        self.descriptors = self.process.descriptors

    def address_of(self, pointer: Pointer) -> int:
        return self.process.address_of(pointer)

    def make(self, TYPE: Any, length: int | None = None) -> Pointer:
        process = self.process
        return process.typed(process.new(TYPE) if length is None else process.new_array(TYPE, length))

    def make_raw(self, TYPE: Any, length: int | None = None) -> int:
        return raw_malloc(sizeof(TYPE, length), zero=True).value

    def type_of(self, reference: Pointer) -> Any:
        return self.process.type_of(reference)

    def set_assembler_failure(self, function: Callable[[Any], Any]) -> None:
        self.backend.called_loops = _Answers(function)

    def exception_of(self, reference: Pointer) -> LowLevelException:
        vtable = self.vtables[self.type_of(reference)]
        return LowLevelException(vtable, cast_opaque_ptr(OBJECT_POINTER, reference))

    def check(self) -> None:
        self.process.check()


class _Answers(CalledLoops):
    """`CalledLoops` from a function that gives the result or raises."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def left(self, frame: Any) -> Outcome:
        try:
            value = self.function(frame)
        except LowLevelException as exception:
            return raised(cast_opaque_ptr(GCREF, exception.value))
        if isinstance(value, Pointer):
            return finished_reference(value)
        if isinstance(value, float):
            return finished_float(value)
        return finished_none() if value is None else finished_int(value)


def _c_kind(TYPE: Any) -> str:
    return "s" if resolve(TYPE) is SingleFloat else kind_of_type(TYPE)


def _vtable(low: int, high: int) -> Pointer:
    vtable = malloc(OBJECT_VTABLE, immortal=True, zero=True)
    vtable.subclass_range_min, vtable.subclass_range_max = low, high
    return vtable
