"""Sizes and offsets, symbolic and on the host.

A program never computes with the size of a structure as a number: it holds an `AddressOffset`, which cgen
prints as C `sizeof` and `offsetof` for the machine the program is compiled for, and which the host evaluates
by its own layout.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from attrs import frozen
from ouro.lltype._types import (
    WORD_BITS,
    Array,
    FixedSizeArray,
    GcOpaqueType,
    LowLevelType,
    OpaqueType,
    Primitive,
    Ptr,
    Signed,
    Struct,
    Void,
    is_varsize,
    register_value_class,
    resolve,
    varsize_array,
)

WORD = WORD_BITS // 8


class AddressOffset:
    """A number of bytes that only the target's C compiler knows. A value of type Signed."""

    __slots__ = ()

    def evaluate(self) -> int:
        """The number of bytes in the host's layout."""
        raise TypeError(f"{self!r} cannot be evaluated")

    def __add__(self, other: Any) -> AddressOffset:
        if isinstance(other, AddressOffset):
            return CompositeOffset((*_parts(self), *_parts(other)))
        if isinstance(other, int):
            return self if other == 0 else CompositeOffset((*_parts(self), PlainOffset(other)))
        return NotImplemented

    def __radd__(self, other: Any) -> AddressOffset:
        if isinstance(other, int):
            return self if other == 0 else CompositeOffset((PlainOffset(other), *_parts(self)))
        return NotImplemented

    def __mul__(self, count: int) -> AddressOffset:
        if not isinstance(count, int):
            return NotImplemented
        return ItemOffset(self, count)

    __rmul__ = __mul__

    def __index__(self) -> int:
        return self.evaluate()

    __int__ = __index__


@frozen(repr=True)
class PlainOffset(AddressOffset):
    """A number of bytes known already."""

    number: int

    def evaluate(self) -> int:
        return self.number


@frozen
class SizeOf(AddressOffset):
    """The size of a type; for a varying-size type, that of the part in front of its items."""

    TYPE: LowLevelType

    def evaluate(self) -> int:
        return size_and_alignment(self.TYPE)[0]


@frozen
class FieldOffset(AddressOffset):
    """From the beginning of a structure to a field of it."""

    TYPE: Struct
    field: str

    def evaluate(self) -> int:
        return field_offsets(self.TYPE)[self.TYPE.index[self.field]]


@frozen
class ArrayItemsOffset(AddressOffset):
    """From the beginning of an array to its first item."""

    TYPE: Array | FixedSizeArray

    def evaluate(self) -> int:
        return items_offset(self.TYPE)


@frozen
class ArrayLengthOffset(AddressOffset):
    """From the beginning of an array to its length."""

    TYPE: Array

    def evaluate(self) -> int:
        return 0


@frozen
class ItemOffset(AddressOffset):
    """A size, `count` times."""

    size: AddressOffset
    count: int

    def evaluate(self) -> int:
        return self.size.evaluate() * self.count


@frozen
class CompositeOffset(AddressOffset):
    """The sum of other offsets."""

    parts: tuple[AddressOffset, ...]

    def evaluate(self) -> int:
        return sum(part.evaluate() for part in self.parts)


def _parts(offset: AddressOffset) -> tuple[AddressOffset, ...]:
    return offset.parts if isinstance(offset, CompositeOffset) else (offset,)


for _offset_class in (
    PlainOffset, SizeOf, FieldOffset, ArrayItemsOffset, ArrayLengthOffset, ItemOffset, CompositeOffset,
):  # fmt: skip
    register_value_class(_offset_class, Signed, primary=False)


def sizeof(TYPE: Any, n: int | None = None) -> AddressOffset:
    """The symbolic size of a type; of a varying-size type with `n` items (without `n`: of what precedes
    them).
    """
    TYPE = resolve(TYPE)
    if n is None:
        return SizeOf(TYPE)
    ARRAY = varsize_array(TYPE)
    return array_items_offset_in(TYPE) + ItemOffset(SizeOf(ARRAY.ITEM), n)


def offsetof(TYPE: Any, field: str) -> AddressOffset:
    """The symbolic offset of a field in a structure."""
    TYPE = resolve(TYPE)
    TYPE.field_type(field)
    return FieldOffset(TYPE, field)


def itemoffsetof(TYPE: Any, i: int = 0) -> AddressOffset:
    """The symbolic offset of item number `i` in an array."""
    TYPE = resolve(TYPE)
    if i == 0:
        return ArrayItemsOffset(TYPE)
    return ArrayItemsOffset(TYPE) + ItemOffset(SizeOf(TYPE.ITEM), i)


def lengthoffsetof(TYPE: Any) -> AddressOffset:
    """The symbolic offset of the length in a varying-size type."""
    TYPE = resolve(TYPE)
    if isinstance(TYPE, Struct):
        assert TYPE.array_field is not None
        return FieldOffset(TYPE, TYPE.array_field) + lengthoffsetof(TYPE.types[-1])
    return ArrayLengthOffset(TYPE)


def array_items_offset_in(TYPE: Any) -> AddressOffset:
    """The symbolic offset of the first item in a varying-size type."""
    TYPE = resolve(TYPE)
    if isinstance(TYPE, Struct):
        assert TYPE.array_field is not None
        return FieldOffset(TYPE, TYPE.array_field) + array_items_offset_in(TYPE.types[-1])
    return ArrayItemsOffset(TYPE)


# --------------------------------------------------------------------------------------------------
# the host's layout, which is that of its C compiler


def _round_up(offset: int, alignment: int) -> int:
    return -(-offset // alignment) * alignment


@cache
def size_and_alignment(TYPE: LowLevelType) -> tuple[int, int]:
    """Size and alignment in bytes; the size of a varying-size type is that with no items."""
    if isinstance(TYPE, Primitive):
        size = TYPE.bits // 8
        return size, max(size, 1)
    if isinstance(TYPE, Ptr):
        return WORD, WORD
    if isinstance(TYPE, Struct):
        size, alignment = _struct_layout(TYPE)[1:]
        return size, alignment
    if isinstance(TYPE, FixedSizeArray):
        size, alignment = size_and_alignment(TYPE.ITEM)
        return size * TYPE.length, alignment
    if isinstance(TYPE, Array):
        alignment = max(size_and_alignment(TYPE.ITEM)[1], WORD if TYPE.has_length else 1)
        return items_offset(TYPE), alignment
    if isinstance(TYPE, (OpaqueType, GcOpaqueType)) and "size" in TYPE.hints:
        return TYPE.hints["size"], TYPE.hints.get("alignment", WORD)
    raise TypeError(f"{TYPE} has no size")


@cache
def items_offset(TYPE: Array | FixedSizeArray) -> int:
    """Bytes from the beginning of an array to its first item."""
    if isinstance(TYPE, FixedSizeArray) or not TYPE.has_length:
        return 0
    return _round_up(WORD, size_and_alignment(TYPE.ITEM)[1])


@cache
def _struct_layout(TYPE: Struct) -> tuple[tuple[int, ...], int, int]:
    given = TYPE.hints.get("layout")
    if given is not None:  # probed: ((offset, ...), size, alignment)
        return given  # type: ignore[no-any-return]
    offsets = []
    position, alignment = 0, 1
    for FIELD in TYPE.types:
        if FIELD is Void:
            offsets.append(position)
            continue
        size, field_alignment = size_and_alignment(FIELD)
        position = _round_up(position, field_alignment)
        offsets.append(position)
        position += size
        alignment = max(alignment, field_alignment)
    if not is_varsize(TYPE):
        position = _round_up(position, alignment)
    return tuple(offsets), position, alignment


def field_offsets(TYPE: Struct) -> tuple[int, ...]:
    """The offset in bytes of each field of a structure."""
    return _struct_layout(TYPE)[0]
