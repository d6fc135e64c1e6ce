"""A machine on the host: the program's data are low-level containers. Host only."""

from __future__ import annotations

from typing import Any

from ouro.jitcore.descriptors import CallDescriptor, Descriptor
from ouro.jitcore.machine.interface import Machine
from ouro.jitcore.model.memory import Memory
from ouro.jitcore.trace.constants import NULL_REFERENCE
from ouro.lltype import (
    GCREF,
    Pointer,
    cast_adr_to_int,
    cast_int_to_adr,
    cast_opaque_ptr,
    identityhash,
    load,
    raw_free,
    raw_malloc,
    store,
    varsize_array,
)
from ouro.rtyper import LowLevelException

_DEFAULTS = {"i": 0, "r": NULL_REFERENCE, "f": 0.0, "n": None}

#: Longer arrays there is no memory for, as in the typed interpreter.
LONGEST_ARRAY = 1 << 40


class HostMachine(Machine):
    """Over the containers that `memory` knows. How functions are called is the memory's business, too."""

    def __init__(self, memory: Memory) -> None:
        super().__init__()
        self.memory = memory

    def _get_field(self, base: Any, field: Descriptor) -> Any:
        return self.memory.get_field(field, base)

    def _set_field(self, base: Any, value: Any, field: Descriptor) -> None:
        self.memory.set_field(field, base, value)

    def _get_item(self, base: Any, index: int, array: Descriptor) -> Any:
        return self.memory.get_item(array, base, index)

    def _set_item(self, base: Any, index: int, value: Any, array: Descriptor) -> None:
        self.memory.set_item(array, base, index, value)

    def _get_interior(self, reference: Pointer, index: int, interior: Descriptor) -> Any:
        return self.memory.get_interior_field(interior, reference, index)

    def _set_interior(self, reference: Pointer, index: int, value: Any, interior: Descriptor) -> None:
        self.memory.set_interior_field(interior, reference, index, value)

    get_field_int = get_field_reference = get_field_float = _get_field
    get_raw_field_int = get_raw_field_reference = get_raw_field_float = _get_field
    set_field_int = set_field_reference = set_field_float = _set_field
    set_raw_field_int = set_raw_field_reference = set_raw_field_float = _set_field
    get_item_int = get_item_reference = get_item_float = _get_item
    get_raw_item_int = get_raw_item_reference = get_raw_item_float = _get_item
    set_item_int = set_item_reference = set_item_float = _set_item
    set_raw_item_int = set_raw_item_reference = set_raw_item_float = _set_item
    get_interior_field_int = get_interior_field_reference = get_interior_field_float = _get_interior
    set_interior_field_int = set_interior_field_reference = set_interior_field_float = _set_interior

    def array_length(self, reference: Pointer, array: Descriptor) -> int:
        return self.memory.length(array, reference)

    def copy_string_content(
        self, source: Pointer, target: Pointer, source_start: int, target_start: int, length: int, array: Descriptor
    ) -> None:
        for index in range(length):
            self._set_item(target, target_start + index, self._get_item(source, source_start + index, array), array)

    def _raw_load(self, address: int, offset: int, array: Descriptor) -> Any:
        ITEM = varsize_array(self.memory.descriptors.type_of(array)).ITEM
        return self.memory.to_trace(ITEM, load(ITEM, cast_int_to_adr(address + offset)))

    def _raw_store(self, address: int, offset: int, value: Any, array: Descriptor) -> None:
        ITEM = varsize_array(self.memory.descriptors.type_of(array)).ITEM
        store(ITEM, cast_int_to_adr(address + offset), 0, self.memory.from_trace(ITEM, value))

    raw_load_int = raw_load_float = _raw_load
    raw_store_int = raw_store_float = _raw_store

    def new(self, size: Descriptor) -> Pointer:
        return self.memory.new(size)

    def new_array(self, array: Descriptor, length: int, clear: bool) -> Pointer:
        if length > LONGEST_ARRAY:
            raise MemoryError
        return self.memory.new_array(array, length, clear)

    def new_raw_buffer(self, size: int) -> int:
        return cast_adr_to_int(raw_malloc(size))

    def free_raw_buffer(self, address: int) -> None:
        raw_free(cast_int_to_adr(address))

    def memory_error(self) -> Pointer:
        return self.memory.memory_error()

    def class_of(self, reference: Pointer) -> int:
        return self.memory.class_of(reference)

    def class_name(self, class_address: int) -> str:
        return self.memory.class_name(class_address)

    def type_id_of(self, reference: Pointer) -> int:
        return int(self.memory.descriptors.type_id(self.memory.type_of_object(reference)))

    def is_instance(self, reference: Pointer) -> bool:
        return self.memory.is_instance(reference)

    def is_subclass(self, class_address: int, base_address: int) -> bool:
        return self.memory.is_subclass(class_address, base_address)

    def identity_hash(self, reference: Pointer) -> int:
        return identityhash(reference)

    def _call(
        self, address: int, callee: CallDescriptor, ints: list[int], references: list[Pointer], floats: list[float]
    ) -> Any:
        remaining = {"i": iter(ints), "r": iter(references), "f": iter(floats)}
        arguments = [next(remaining[kind]) for kind in callee.argument_kinds]
        try:
            return self.memory.call(callee, address, arguments)
        except LowLevelException as exception:
            self.pending = cast_opaque_ptr(GCREF, exception.value)
            return _DEFAULTS[callee.result_kind]

    call_int = call_reference = call_float = call_none = _call
