"""The memory of the model: checked containers of low-level types behind machine words and references.

A machine word that stands for a raw pointer is its address where the memory is native, and a number of its own where
it is a checked container; `Memory` remembers which.
"""

from __future__ import annotations

from typing import Any

from ouro.jitcore.descriptors import CallDescriptor, Descriptor
from ouro.jitcore.descriptors.from_types import DescriptorTable
from ouro.jitcore.model.arithmetic import wrap
from ouro.jitcore.model.errors import ModelError
from ouro.lltype import (
    GCREF,
    Address,
    Bool,
    Char,
    Float,
    Pointer,
    Primitive,
    Ptr,
    SingleFloat,
    Struct,
    Void,
    cast_adr_to_int,
    cast_adr_to_ptr,
    cast_int_to_adr,
    cast_opaque_ptr,
    cast_pointer,
    cast_ptr_to_int,
    container_of,
    malloc,
    nullptr,
    resolve,
    varsize_array,
)
from ouro.rlib.rarithmetic import r_singlefloat
from ouro.rlib.rfloat import single_from_bits, single_to_bits
from ouro.rtyper import OBJECT_POINTER, OBJECT_VTABLE, LowLevelException, TypedInterpreter


class Memory:
    """Values of low-level types as a trace sees them, and back.

    Args:
        instance_types: from structure to the vtable pointer of its class.
        interpreter: runs the functions that have a graph; the others call what their pointer says.

    Attributes:
        descriptors: the table that the descriptors of the traces come from.
    """

    def __init__(
        self, instance_types: dict[Any, Pointer] | None = None, interpreter: TypedInterpreter | None = None
    ) -> None:
        self._pointers: dict[int, Pointer] = {}
        self._interpreter = interpreter
        self.descriptors = DescriptorTable(instance_types, self.address_of)

    def address_of(self, pointer: Pointer) -> int:
        """The machine word of a raw pointer: a function, a vtable, a structure outside of the heap."""
        number = cast_ptr_to_int(pointer)
        if number:
            self._pointers[number] = pointer
        return number

    def pointer_at(self, PTR: Ptr, number: int) -> Pointer:
        """The raw pointer that a machine word stands for."""
        known = self._pointers.get(number)
        if known is None:
            return cast_adr_to_ptr(cast_int_to_adr(number), PTR) if number else nullptr(PTR.TO)
        return known if known._T is PTR else cast_pointer(PTR, known)

    def to_trace(self, TYPE: Any, value: Any) -> Any:
        """A value of a low-level type as a trace has it: an int, a GCREF or a float."""
        TYPE = resolve(TYPE)
        if isinstance(TYPE, Ptr):
            return cast_opaque_ptr(GCREF, value) if TYPE.TO.gckind == "gc" else self.address_of(value)
        if TYPE is Float:
            return value
        if TYPE is Char:
            return ord(value)
        if TYPE is SingleFloat:
            return single_to_bits(value if isinstance(value, r_singlefloat) else r_singlefloat(value))
        if TYPE is Address:
            return cast_adr_to_int(value)
        return wrap(int(value))

    def from_trace(self, TYPE: Any, value: Any) -> Any:
        """A value of a trace as one of a low-level type; integers lose the bits that do not fit."""
        TYPE = resolve(TYPE)
        if isinstance(TYPE, Ptr):
            return cast_opaque_ptr(TYPE, value) if TYPE.TO.gckind == "gc" else self.pointer_at(TYPE, value)
        if TYPE is Float:
            return value
        if TYPE is Char:
            return chr(value & 0xFF)
        if TYPE is Bool:
            return value & 0xFF != 0
        if TYPE is SingleFloat:
            return single_from_bits(value)
        if TYPE is Address:
            return cast_int_to_adr(value)
        assert isinstance(TYPE, Primitive)
        return TYPE.check(TYPE.wrap(value))

    # structures and arrays

    def get_field(self, descriptor: Descriptor, base: Any) -> Any:
        """Read a field of the structure at `base`, a reference or a word."""
        STRUCT, name = self.descriptors.type_of(descriptor)
        return self.to_trace(STRUCT.field_type(name), getattr(self._at(STRUCT, base), name))

    def set_field(self, descriptor: Descriptor, base: Any, value: Any) -> None:
        """Write a field of the structure at `base`."""
        STRUCT, name = self.descriptors.type_of(descriptor)
        setattr(self._at(STRUCT, base), name, self.from_trace(STRUCT.field_type(name), value))

    def get_item(self, descriptor: Descriptor, base: Any, index: int) -> Any:
        """Read an item of the array at `base`."""
        ARRAY = self.descriptors.type_of(descriptor)
        return self.to_trace(varsize_array(ARRAY).ITEM, self._items(ARRAY, base)[index])

    def set_item(self, descriptor: Descriptor, base: Any, index: int, value: Any) -> None:
        """Write an item of the array at `base`."""
        ARRAY = self.descriptors.type_of(descriptor)
        self._items(ARRAY, base)[index] = self.from_trace(varsize_array(ARRAY).ITEM, value)

    def get_interior_field(self, descriptor: Descriptor, base: Any, index: int) -> Any:
        """Read a field of a structure in the array at `base`."""
        ARRAY, name = self.descriptors.type_of(descriptor)
        TYPE = varsize_array(ARRAY).ITEM.field_type(name)
        return self.to_trace(TYPE, getattr(self._items(ARRAY, base)[index], name))

    def set_interior_field(self, descriptor: Descriptor, base: Any, index: int, value: Any) -> None:
        """Write a field of a structure in the array at `base`."""
        ARRAY, name = self.descriptors.type_of(descriptor)
        TYPE = varsize_array(ARRAY).ITEM.field_type(name)
        setattr(self._items(ARRAY, base)[index], name, self.from_trace(TYPE, value))

    def length(self, descriptor: Descriptor, base: Any) -> int:
        """The number of items of the array at `base`."""
        return len(self._items(self.descriptors.type_of(descriptor), base))

    def new(self, descriptor: Descriptor) -> Pointer:
        """A structure, all zero."""
        return cast_opaque_ptr(GCREF, malloc(self.descriptors.type_of(descriptor), zero=True))

    def new_array(self, descriptor: Descriptor, length: int, clear: bool) -> Pointer:
        """An array. What stands in front of its items is zero; they are too if `clear`, or if they are references."""
        if length < 0:
            raise ModelError(f"an array of {length} items")
        ARRAY = self.descriptors.type_of(descriptor)
        clear = clear or descriptor.kind == "r"
        pointer = malloc(ARRAY, length, zero=clear)
        if not clear and isinstance(ARRAY, Struct):
            for name, TYPE in ARRAY.fields[:-1]:
                setattr(pointer, name, TYPE.default_value())
        return cast_opaque_ptr(GCREF, pointer)

    # classes

    def type_of_object(self, reference: Pointer) -> Any:
        """The type that an object was allocated as."""
        container = container_of(reference)
        if container is None or isinstance(container, int):
            raise ModelError(f"{reference!r} is no object")
        return container.TYPE

    def class_of(self, reference: Pointer) -> int:
        """The address of the vtable of an instance."""
        vtable = self.descriptors.instance_types.get(self.type_of_object(reference))
        if vtable is None:
            raise ModelError(f"{reference!r} is no instance")
        return self.address_of(vtable)

    def is_instance(self, reference: Pointer) -> bool:
        """Has the object a class?"""
        return self.type_of_object(reference) in self.descriptors.instance_types

    def is_subclass(self, class_address: int, base_address: int) -> bool:
        """Is a class another one or below it?"""
        vtable = self.pointer_at(Ptr(OBJECT_VTABLE), class_address)
        base = self.pointer_at(Ptr(OBJECT_VTABLE), base_address)
        return base.subclass_range_min <= vtable.subclass_range_min < base.subclass_range_max

    def class_name(self, class_address: int) -> str:
        """The name of a class; empty if it has none."""
        name = self.pointer_at(Ptr(OBJECT_VTABLE), class_address).name
        return "".join(name[index] for index in range(len(name))) if name else ""

    def exception_of(self, reference: Pointer) -> LowLevelException:
        """The exception with an instance."""
        vtable = self.descriptors.instance_types.get(self.type_of_object(reference))
        if vtable is None:
            raise ModelError(f"{reference!r} is no exception")
        return LowLevelException(cast_pointer(Ptr(OBJECT_VTABLE), vtable), cast_opaque_ptr(OBJECT_POINTER, reference))

    def memory_error(self) -> Pointer:
        """The exception of an allocation that fails."""
        if self._interpreter is None:
            raise ModelError("an allocation fails, and no program catches that")
        return cast_opaque_ptr(GCREF, self._interpreter.exception("MemoryError").value)

    # calls

    def call(self, descriptor: CallDescriptor, address: int, arguments: list[Any]) -> Any:
        """Call the function at an address with values of a trace; its result as one, None where it has none.

        Raises:
            LowLevelException: the function raised it.
            ModelError: it did, and the effect of the call says that it cannot.
        """
        FUNCTION = self.descriptors.type_of(descriptor)
        function = self.pointer_at(Ptr(FUNCTION), address)
        values = iter(arguments)
        given = [None if TYPE is Void else self.from_trace(TYPE, next(values)) for TYPE in FUNCTION.ARGS]
        try:
            if self._interpreter is not None and container_of(function).graph is not None:
                result = self._interpreter.call(function, [_plain(value) for value in given])
            else:
                result = function(*given)
        except LowLevelException as exception:
            if not descriptor.effect.can_raise():
                raise ModelError(f"{function!r} raised {exception}, its effect says that it cannot") from exception
            raise
        return None if descriptor.result_kind == "n" else self.to_trace(FUNCTION.RESULT, result)

    def _at(self, TYPE: Any, base: Any) -> Pointer:
        if isinstance(base, Pointer):
            return cast_opaque_ptr(Ptr(TYPE), base)
        return self.pointer_at(Ptr(TYPE), base)

    def _items(self, ARRAY: Any, base: Any) -> Any:
        place = self._at(ARRAY, base)
        while isinstance(ARRAY, Struct):
            place = getattr(place, ARRAY.names[-1])
            ARRAY = resolve(ARRAY.types[-1])
        return place


def _plain(value: Any) -> Any:
    """A value as frames of the typed interpreter hold it: integers of all widths are plain ints."""
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else value
