"""The native store: containers of the same types with the exact C layout, in the memory of the process.

Three uses: memory that C functions see on the host (C arrays and structures with the hint `external` always
live here), structures returned by C, and checked data made visible to machine code (`native_view`). Bounds
and use after free are checked where the container was allocated here; memory that C handed out is trusted.
"""

from __future__ import annotations

from typing import Any

from ouro.lltype._address import (
    NativeAddress,
    raw_free,
    raw_load_unchecked,
    raw_malloc,
    raw_store_unchecked,
    set_native_pointer_maker,
)
from ouro.lltype._layout import field_offsets, items_offset, size_and_alignment
from ouro.lltype._memory import (
    ArrayContainer,
    Container,
    MemoryAccessError,
    Pointer,
    StructContainer,
    set_native_allocator,
)
from ouro.lltype._types import Array, ContainerType, FixedSizeArray, FuncType, Ptr, Signed, Struct, is_varsize


class NativeContainer(Container):
    """A typed view of native memory at `address`.

    `count` is the number of items of an array where it is known; `owned` memory was allocated for this
    container.
    """

    __slots__ = ("address", "count", "owned", "freed")

    TYPE: Any

    def __init__(
        self,
        TYPE: ContainerType,
        address: int,
        count: int | None,
        owned: bool,
        parent: Container | None = None,
    ) -> None:
        self.TYPE = TYPE
        self.address = address
        self.count = count
        self.owned = owned
        self.freed = False
        self.parent = parent
        self.parent_index = None
        self.site = None
        self.immortal = False
        self.attributes = None

    def is_freed(self) -> bool:
        return self.freed or (self.parent is not None and self.parent.is_freed())

    def release(self) -> None:
        self.freed = True
        raw_free(NativeAddress(self.address))

    def reinterpreted(self, TYPE: ContainerType) -> Container:
        """Memory that was not allocated here is what the caller says."""
        if self.top().owned:  # type: ignore[attr-defined]
            return super().reinterpreted(TYPE)
        return NativeContainer(TYPE, self.address, None, False)

    def length(self) -> int:
        """The number of items of an array."""
        if self.is_freed():
            raise MemoryAccessError(f"length of freed {self.describe()}")
        if isinstance(self.TYPE, Array) and self.TYPE.has_length:
            return int(raw_load_unchecked(Signed, self.address))
        if self.count is None:
            raise MemoryAccessError(f"{self.describe()} does not know its length")
        return self.count

    def _place(self, index: int) -> tuple[Any, int]:
        if self.is_freed():
            raise MemoryAccessError(f"access to freed {self.describe()}")
        TYPE = self.TYPE
        if isinstance(TYPE, Struct):
            return TYPE.types[index], self.address + field_offsets(TYPE)[index]
        count = self.length() if self.count is not None or getattr(TYPE, "has_length", False) else None
        if count is not None and not 0 <= index < count:
            raise MemoryAccessError(f"index {index} outside of {self.describe()} of length {count}")
        return TYPE.ITEM, self.address + items_offset(TYPE) + index * size_and_alignment(TYPE.ITEM)[0]

    def read(self, index: int) -> Any:
        """The value of a field or an item; a container when that is inlined."""
        PLACE, address = self._place(index)
        if PLACE.is_container:
            count = PLACE.length if isinstance(PLACE, FixedSizeArray) else None
            if isinstance(PLACE, Array) and not PLACE.has_length:
                count = self.count
            return NativeContainer(PLACE, address, count, False, self)
        return raw_load_unchecked(PLACE, address)

    def write(self, index: int, value: Any) -> None:
        """Store a field or an item."""
        PLACE, address = self._place(index)
        raw_store_unchecked(PLACE, address, value)

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, NativeContainer) and self.address == other.address

    def __hash__(self) -> int:
        return hash(self.address)


def _size_of_instance(TYPE: Any, count: int | None) -> int:
    size = size_and_alignment(TYPE)[0]
    if count is not None and is_varsize(TYPE):
        offset = 0
        PART = TYPE
        while isinstance(PART, Struct):
            offset += field_offsets(PART)[-1]
            PART = PART.types[-1]
        size = max(size, offset + items_offset(PART) + count * size_and_alignment(PART.ITEM)[0])
    return size


def allocate_native(TYPE: Any, count: int | None = None, zero: bool = False) -> NativeContainer:
    """A new native container. Struct and array lengths inside are set."""
    address = raw_malloc(_size_of_instance(TYPE, count), zero).value
    if isinstance(TYPE, FixedSizeArray):
        count = TYPE.length
    container = NativeContainer(TYPE, address, count, True)
    if count is not None and is_varsize(TYPE):
        part: Any = container
        while isinstance(part.TYPE, Struct):
            part = part.read(len(part.TYPE.types) - 1)
        if part.TYPE.has_length:
            raw_store_unchecked(Signed, part.address, count)
    return container


def native_pointer(PTR: Ptr, address: int) -> Pointer:
    """A typed pointer to native memory that something else owns."""
    if isinstance(PTR.TO, FuncType):
        raise MemoryAccessError(f"the function at {address:#x} cannot be called as {PTR}")
    count = PTR.TO.length if isinstance(PTR.TO, FixedSizeArray) else None
    return Pointer(PTR, NativeContainer(PTR.TO, address, count, False))


def native_view(pointer: Pointer) -> Pointer:
    """Copy checked raw data (and what is inlined in it) to native memory with the C layout; a pointer to the
    copy.
    """
    source = pointer._obj
    count = None
    if is_varsize(source.TYPE):
        part = source
        while isinstance(part, StructContainer):
            part = part.values[-1]
        count = part.length()
    target = allocate_native(source.TYPE, count, zero=True)
    _copy(source, target)
    return Pointer(pointer._T, target)


def _copy(source: Any, target: Any) -> None:
    if not isinstance(source, (StructContainer, ArrayContainer)):
        raise MemoryAccessError(f"{source.describe()} has no C layout")
    for index, value in enumerate(source.values):
        if isinstance(value, Container):
            _copy(value, target.read(index))
        elif value is not None:
            PLACE = source.TYPE.types[index] if isinstance(source, StructContainer) else source.TYPE.ITEM
            try:
                PLACE.check(value)
            except TypeError:
                continue  # never written
            target.write(index, value)


set_native_allocator(allocate_native)
set_native_pointer_maker(native_pointer)
