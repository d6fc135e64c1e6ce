"""Where the traces of the suite run: memory, functions and the backend under test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ouro.jitcore.backend.interface import Backend
from ouro.jitcore.descriptors.from_types import DescriptorTable
from ouro.jitcore.model import Memory, ModelBackend
from ouro.jitcore.trace import Trace
from ouro.lltype import Pointer, Ptr, cast_opaque_ptr, container_of, malloc
from ouro.rtyper import OBJECT_VTABLE, LowLevelException


class Host:
    """One process that a backend compiles for. A subclass for each way of running code.

    References are GCREFs; `cast_opaque_ptr` gives a pointer whose fields can be read, whatever the memory.

    Attributes:
        backend: the backend under test.
        descriptors: the table that the descriptors of its traces come from.
        vtables: from structure to the vtable pointer of its class.
    """

    backend: Backend
    descriptors: DescriptorTable
    vtables: dict[Any, Pointer]

    def address_of(self, pointer: Pointer) -> int:
        """The machine word of a function or of memory outside of the heap."""
        raise NotImplementedError

    def make(self, TYPE: Any, length: int | None = None) -> Pointer:
        """A new object, all zero, as a pointer of its type."""
        raise NotImplementedError

    def make_raw(self, TYPE: Any, length: int | None = None) -> int:
        """The address of new memory outside of the heap that may hold references, all zero."""
        raise NotImplementedError

    def type_of(self, reference: Pointer) -> Any:
        """The type that an object was made as."""
        raise NotImplementedError

    def lower(self, trace: Trace) -> Trace:
        """The trace as the backend takes it."""
        return trace

    def set_assembler_failure(self, function: Callable[[Any], Any]) -> None:
        """What `call_assembler` asks when the loop that it entered has failed: a function of the frame."""
        raise NotImplementedError

    def exception_of(self, reference: Pointer) -> LowLevelException:
        """The exception with an instance."""
        raise NotImplementedError

    def check(self) -> None:
        """Raise what went wrong in a run without the backend being able to say so."""


class ModelHost(Host):
    """The reference: checked memory and the model backend."""

    def __init__(self, ranges: dict[Any, tuple[int, int]]) -> None:
        self.vtables = {STRUCT: _checked_vtable(*bounds) for STRUCT, bounds in ranges.items()}
        self.memory = Memory(self.vtables)
        self.descriptors = self.memory.descriptors
        self.backend: ModelBackend = ModelBackend(self.memory)

    def address_of(self, pointer: Pointer) -> int:
        return self.memory.address_of(pointer)

    def make(self, TYPE: Any, length: int | None = None) -> Pointer:
        return malloc(TYPE, zero=True) if length is None else malloc(TYPE, length, zero=True)

    def make_raw(self, TYPE: Any, length: int | None = None) -> int:
        if length is None:
            return self.address_of(malloc(TYPE, immortal=True, zero=True))
        return self.address_of(malloc(TYPE, length, immortal=True, zero=True))

    def type_of(self, reference: Pointer) -> Any:
        return container_of(reference).TYPE

    def set_assembler_failure(self, function: Callable[[Any], Any]) -> None:
        self.backend.on_assembler_failure = function

    def exception_of(self, reference: Pointer) -> LowLevelException:
        return self.memory.exception_of(reference)


def _checked_vtable(low: int, high: int) -> Pointer:
    vtable = malloc(OBJECT_VTABLE, immortal=True, zero=True)
    vtable.subclass_range_min, vtable.subclass_range_max = low, high
    return vtable


def view(TYPE: Any, reference: Pointer) -> Pointer:
    """An object as a pointer of its type."""
    return cast_opaque_ptr(Ptr(TYPE), reference)
