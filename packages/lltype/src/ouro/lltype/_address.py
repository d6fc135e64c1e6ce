"""Addresses: untyped places in native memory.

On the host an address is a number and memory is that of the process, so that machine code can work on it;
memory from `raw_malloc` is remembered with its size, and access outside of it, or after `raw_free`, is an
error. The address of a checked container is not a number: it can be compared and cast back, and followed by
field offsets.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from typing import Any

from cffi import FFI  # type: ignore[import-untyped]
from ouro.lltype._layout import (
    AddressOffset,
    ArrayItemsOffset,
    ArrayLengthOffset,
    CompositeOffset,
    FieldOffset,
    ItemOffset,
    size_and_alignment,
)
from ouro.lltype._memory import Container, MemoryAccessError, Pointer
from ouro.lltype._types import (
    WORD_BITS,
    Address,
    Bool,
    Char,
    Float,
    LowLevelType,
    Primitive,
    Ptr,
    SingleFloat,
    register_value_class,
)

ffi = FFI()

_WORD_MASK = (1 << WORD_BITS) - 1


class NativeAddress:
    """A machine address."""

    __slots__ = ("value",)
    is_address = True

    def __init__(self, value: int) -> None:
        self.value = value & _WORD_MASK

    def __add__(self, offset: Any) -> NativeAddress:
        return NativeAddress(self.value + _bytes(offset))

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, NativeAddress):
            return self.value - other.value
        return NativeAddress(self.value - _bytes(other))

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, NativeAddress) and self.value == other.value

    def __ne__(self, other: Any) -> bool:
        return not self == other

    def __lt__(self, other: NativeAddress) -> bool:
        return self.value < other.value

    def __le__(self, other: NativeAddress) -> bool:
        return self.value <= other.value

    def __gt__(self, other: NativeAddress) -> bool:
        return self.value > other.value

    def __ge__(self, other: NativeAddress) -> bool:
        return self.value >= other.value

    def __hash__(self) -> int:
        return hash(self.value)

    def __bool__(self) -> bool:
        return self.value != 0

    def __repr__(self) -> str:
        return f"<address {self.value:#x}>" if self.value else "NULL"


class ContainerAddress:
    """The address of a checked container, plus symbolic offsets."""

    __slots__ = ("container", "offset")
    is_address = True

    def __init__(self, container: Container, offset: tuple[AddressOffset, ...] = ()) -> None:
        self.container = container
        self.offset = offset

    def __add__(self, offset: Any) -> ContainerAddress:
        if isinstance(offset, CompositeOffset):
            return ContainerAddress(self.container, (*self.offset, *offset.parts))
        if isinstance(offset, AddressOffset):
            return ContainerAddress(self.container, (*self.offset, offset))
        if offset == 0:
            return self
        raise MemoryAccessError(f"{offset} added to the address of checked {self.container.describe()}")

    def place(self) -> tuple[Any, Any]:
        """The container and index that this address leads to; the index is None for a container as a
        whole.
        """
        container: Any = self.container
        index: Any = None
        for part in self.offset:
            if index is not None:
                container, index = container.read(index), None
            if isinstance(part, FieldOffset):
                while container.TYPE is not part.TYPE:
                    container = container.read(0)
                index = container.TYPE.index[part.field]
            elif isinstance(part, ArrayItemsOffset):
                index = 0
            elif isinstance(part, ArrayLengthOffset):
                index = "length"
            elif isinstance(part, ItemOffset):
                index = part.count
            else:
                raise MemoryAccessError(f"{part!r} does not lead to a place in {container.describe()}")
        return container, index

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, ContainerAddress) and self._key() == other._key()

    def __ne__(self, other: Any) -> bool:
        return not self == other

    def _key(self) -> tuple[int, tuple[AddressOffset, ...]]:
        return id(self.container), self.offset

    def __hash__(self) -> int:
        return hash(self._key())

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<address of {self.container.TYPE}{''.join(f' + {part!r}' for part in self.offset)}>"


NULL = NativeAddress(0)
Address.default = NULL
for _address_class in (NativeAddress, ContainerAddress):
    register_value_class(_address_class, Address, primary=False)


def _bytes(offset: Any) -> int:
    if isinstance(offset, AddressOffset):
        return offset.evaluate()
    return int(offset)


class _Blocks:
    """The native memory that is allocated now: begin -> (size, keep-alive)."""

    def __init__(self) -> None:
        self.begins: list[int] = []
        self.blocks: dict[int, tuple[int, Any]] = {}

    def add(self, begin: int, size: int, owner: Any) -> None:
        insort(self.begins, begin)
        self.blocks[begin] = (size, owner)

    def remove(self, begin: int) -> None:
        if begin not in self.blocks:
            raise MemoryAccessError(f"{begin:#x} is not the beginning of allocated memory")
        del self.blocks[begin]
        del self.begins[bisect_right(self.begins, begin) - 1]

    def covers(self, address: int, size: int) -> bool:
        position = bisect_right(self.begins, address) - 1
        if position < 0:
            return False
        begin = self.begins[position]
        return address + size <= begin + self.blocks[begin][0]


_blocks = _Blocks()
_foreign: list[tuple[int, int]] = []


def allow_access(begin: int, size: int) -> None:
    """Let `load` and `store` work on memory that did not come from `raw_malloc`."""
    _foreign.append((begin, begin + size))


def check_access(address: int, size: int) -> None:
    """Raise MemoryAccessError unless the bytes belong to allocated native memory."""
    if _blocks.covers(address, size):
        return
    for begin, end in _foreign:
        if begin <= address and address + size <= end:
            return
    raise MemoryAccessError(f"{size} bytes at {address:#x} are not in allocated memory")


_C_INTEGERS = {(8, True): "int8_t", (16, True): "int16_t", (32, True): "int32_t", (64, True): "int64_t"}
_C_INTEGERS.update({(bits, False): "u" + name for (bits, _), name in list(_C_INTEGERS.items())})


def _c_pointer_type(TYPE: LowLevelType) -> Any:
    known = _c_pointer_types.get(TYPE)
    if known is None:
        if TYPE is Float:
            name = "double"
        elif TYPE is SingleFloat:
            name = "float"
        elif TYPE in (Bool, Char):
            name = "uint8_t"
        elif TYPE is Address or isinstance(TYPE, Ptr):
            name = "uintptr_t"
        elif isinstance(TYPE, Primitive) and (TYPE.bits, TYPE.signed) in _C_INTEGERS:
            name = _C_INTEGERS[TYPE.bits, bool(TYPE.signed)]
        else:
            raise TypeError(f"{TYPE} cannot be loaded or stored")
        known = _c_pointer_types[TYPE] = ffi.typeof(name + " *")
    return known


_c_pointer_types: dict[LowLevelType, Any] = {}

# Pointers to checked containers that were stored in native memory: a number that stands for the container.
_handles: dict[int, Container] = {}


def number_of(TYPE: LowLevelType, value: Any) -> Any:
    """The machine value of a checked `value`, as cffi stores it."""
    if isinstance(TYPE, Ptr):
        container = value._obj
        if container is None:
            return 0
        if isinstance(container, int):
            return container
        native = getattr(container, "address", None)
        if isinstance(native, int):
            return native
        number = id(container)
        _handles[number] = container
        return number
    if TYPE is Address:
        if isinstance(value, NativeAddress):
            return value.value
        _handles[id(value.container)] = value.container
        return id(value.container)
    if TYPE is Char:
        return ord(value)
    return value


def value_of(TYPE: LowLevelType, number: Any) -> Any:
    """The host value of a machine value read from native memory."""
    if TYPE is Char:
        return chr(number)
    if TYPE is Bool:
        return bool(number)
    if TYPE is Address:
        container = _handles.get(number)
        return NativeAddress(number) if container is None else ContainerAddress(container)
    if isinstance(TYPE, Ptr):
        return pointer_from_number(TYPE, number)
    if isinstance(TYPE, Primitive) and TYPE.value_class is not None:
        return TYPE.value_class(number)
    return number


def pointer_from_number(PTR: Ptr, number: int) -> Pointer:
    """The pointer that a machine word in native memory stands for."""
    if number == 0:
        return PTR.default_value()  # type: ignore[no-any-return]
    if number & 1:
        return Pointer(PTR, number)
    container = _handles.get(number)
    if container is not None:
        return Pointer(PTR, container)
    return _native_pointer[0](PTR, number)  # type: ignore[no-any-return]


_native_pointer: list[Any] = []


def set_native_pointer_maker(maker: Any) -> None:
    """Tell addresses how a typed view of native memory is made; called once, by the native store."""
    _native_pointer[:] = [maker]


def raw_load_unchecked(TYPE: LowLevelType, place: int) -> Any:
    """The value of type `TYPE` at a number, whoever owns the memory."""
    return value_of(TYPE, ffi.cast(_c_pointer_type(TYPE), place)[0])


def raw_store_unchecked(TYPE: LowLevelType, place: int, value: Any) -> None:
    """Write `value` of type `TYPE` at a number, whoever owns the memory."""
    ffi.cast(_c_pointer_type(TYPE), place)[0] = number_of(TYPE, value)


def load(TYPE: LowLevelType, address: Any, offset: Any = 0) -> Any:
    """Read a value of type `TYPE` at `address + offset`."""
    if isinstance(address, ContainerAddress):
        container, index = (address + offset).place()
        if index == "length":
            return container.length()
        value = container.read(index)
        return TYPE.check(value)
    place = address.value + _bytes(offset)
    check_access(place, size_and_alignment(TYPE)[0])
    return raw_load_unchecked(TYPE, place)


def store(TYPE: LowLevelType, address: Any, offset: Any, value: Any) -> None:
    """Write `value` of type `TYPE` at `address + offset`."""
    value = TYPE.check(value)
    if isinstance(address, ContainerAddress):
        container, index = (address + offset).place()
        container.write(index, value)
        return
    place = address.value + _bytes(offset)
    check_access(place, size_and_alignment(TYPE)[0])
    raw_store_unchecked(TYPE, place, value)


def raw_malloc(size: Any, zero: bool = False) -> NativeAddress:
    """Allocate `size` bytes of native memory; filled with a pattern unless `zero`."""
    size = _bytes(size)
    if size < 0:
        raise MemoryAccessError(f"raw_malloc of {size} bytes")
    owner = ffi.new("char[]", max(size, 1) + 15)
    begin = (int(ffi.cast("uintptr_t", owner)) + 15) & ~15
    if not zero:
        ffi.memmove(ffi.cast("char *", begin), b"\xdb" * size, size)
    _blocks.add(begin, size, owner)
    return NativeAddress(begin)


def raw_free(address: NativeAddress) -> None:
    """Give back memory from `raw_malloc`."""
    _blocks.remove(address.value)


def raw_memcopy(source: NativeAddress, target: NativeAddress, size: Any) -> None:
    """Copy `size` bytes; the areas may overlap."""
    size = _bytes(size)
    if size:
        check_access(source.value, size)
        check_access(target.value, size)
        ffi.memmove(ffi.cast("char *", target.value), ffi.cast("char *", source.value), size)


def raw_memclear(address: NativeAddress, size: Any) -> None:
    """Set `size` bytes to zero."""
    size = _bytes(size)
    if size:
        check_access(address.value, size)
        ffi.memmove(ffi.cast("char *", address.value), bytes(size), size)


def cast_ptr_to_adr(pointer: Pointer) -> Any:
    """The address of what a pointer points to."""
    container = pointer._obj
    if container is None:
        return NULL
    if isinstance(container, int):
        return NativeAddress(container)
    native = getattr(container, "address", None)
    if isinstance(native, int):
        return NativeAddress(native)
    return ContainerAddress(container.head())


def cast_adr_to_ptr(address: Any, PTR: Ptr) -> Pointer:
    """View memory at an address as a `PTR`."""
    if isinstance(address, ContainerAddress):
        container, index = address.place()
        if index is not None:
            container = container.read(index)
        if container.TYPE is not PTR.TO:
            container = container.head()
            while container.TYPE is not PTR.TO:
                if not isinstance(container.read(0), Container):
                    raise MemoryAccessError(f"{address!r} is not the address of a {PTR.TO}")
                container = container.read(0)
        return Pointer(PTR, container)
    return pointer_from_number(PTR, address.value)


def cast_adr_to_int(address: Any) -> int:
    """The number of an address."""
    if isinstance(address, ContainerAddress):
        return id(address.container)
    number: int = address.value
    return number - (1 << WORD_BITS) if number >> (WORD_BITS - 1) else number


def cast_int_to_adr(number: int) -> NativeAddress:
    """The address with that number."""
    return NativeAddress(number)
