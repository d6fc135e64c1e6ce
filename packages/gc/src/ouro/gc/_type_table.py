"""The type table: all that a collector knows of types.

The transform fills it from the low-level types that a program allocates, the C generator adds the types of
prebuilt data and prints it. Sizes and offsets are symbolic (`AddressOffset`) until C evaluates them; the tests
of the collectors make rows with plain numbers and put the table in native memory themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Union

from attrs import define, field, frozen
from ouro.gc._header import HEADER_SIZE
from ouro.lltype import (
    WEAKREF,
    WORD_BITS,
    AddressOffset,
    Array,
    ContainerType,
    FixedSizeArray,
    GcOpaqueType,
    GcStruct,
    LowLevelType,
    Pointer,
    Ptr,
    SizeOf,
    Struct,
    array_items_offset_in,
    is_varsize,
    itemoffsetof,
    lengthoffsetof,
    offsetof,
    resolve,
    size_and_alignment,
    varsize_array,
)

__all__ = [
    "FINALIZER",
    "HAS_POINTERS",
    "HAS_VTABLE",
    "LIGHT_FINALIZER",
    "POINTER_ARRAY",
    "ROW_SIZE",
    "TypeId",
    "TypeRow",
    "TypeTable",
    "VARSIZE",
    "WEAK_REFERENCE",
    "pointer_offsets",
]

Offset = Union[int, AddressOffset]

# Flags of a row.
#: The type ends in an array; `item_size` and `length_offset` are meaningful.
VARSIZE = 1
#: Objects hold pointers that the collector follows.
HAS_POINTERS = 2
#: The items are GC pointers and nothing else, and they are all the pointers of the object.
POINTER_ARRAY = 4
#: The word behind the header is a weak pointer.
WEAK_REFERENCE = 8
#: Dead objects are handed to the row's finalizer, which may do anything.
FINALIZER = 16
#: Dead objects are handed to the row's finalizer, which touches raw memory only.
LIGHT_FINALIZER = 32
#: The vtable of a class stands behind the row.
HAS_VTABLE = 64

# Offsets within a row; `ouro_type_row` in C.
ROW_FLAGS = 0
ROW_FIXED_SIZE = 4
ROW_ITEM_SIZE = 8
ROW_LENGTH_OFFSET = 12
ROW_POINTERS = 16
ROW_ITEM_POINTERS = 20
ROW_FINALIZER = 24
ROW_SIZE = 32 if WORD_BITS == 64 else 28


@define(eq=False)
class TypeRow:
    """What the collector knows of one type.

    `fixed_size` counts the header; of a varying-size type it is the offset of the first item. `pointers` and
    `item_pointers` are indices of the pool, where a count and that many offsets stand. `finalizer` and
    `vtable` are low-level pointers or None.
    """

    number: int
    TYPE: Any
    flags: int
    fixed_size: Offset
    item_size: Offset = 0
    length_offset: Offset = 0
    pointers: int = 0
    item_pointers: int = 0
    finalizer: Any = None
    vtable: Any = None


@frozen
class TypeId(AddressOffset):
    """The type id of a row: where it stands in the type table. Only the C compiler knows the number."""

    row: TypeRow = field(eq=id)

    def __repr__(self) -> str:
        return f"TypeId({self.row.TYPE!r})"


def pointer_offsets(TYPE: LowLevelType, base: AddressOffset | None = None) -> Iterator[Offset]:
    """The offsets of the GC pointers in the part of `TYPE` that has a fixed size.

    `base` is the offset of the value of this type within the object.
    """
    if isinstance(TYPE, Ptr):
        if TYPE.TO.gckind == "gc":
            yield 0 if base is None else base
    elif isinstance(TYPE, Struct):
        for name, FIELD in TYPE.fields:
            if isinstance(FIELD, (Ptr, Struct, FixedSizeArray)):
                place = offsetof(TYPE, name)
                yield from pointer_offsets(FIELD, place if base is None else base + place)
    elif isinstance(TYPE, FixedSizeArray) and isinstance(TYPE.ITEM, (Ptr, Struct, FixedSizeArray)):
        for index in range(TYPE.length):
            place = itemoffsetof(TYPE, index)
            yield from pointer_offsets(TYPE.ITEM, place if base is None else base + place)


@define(eq=False)
class TypeTable:
    """Rows in order of first use; row 0 is no type's.

    `vtables` gives the vtable that stands behind the row of an instance structure, `finalizers` the function
    pointer to call on its dead objects and whether that is a light one.
    """

    vtables: dict[Any, Pointer] = field(factory=dict)
    finalizers: dict[Any, tuple[Pointer, bool]] = field(factory=dict)
    rows: list[TypeRow] = field(factory=lambda: [TypeRow(0, None, 0, HEADER_SIZE)])
    pool: list[Offset] = field(factory=lambda: [0])
    _by_type: dict[Any, TypeRow] = field(factory=dict)
    _pool_positions: dict[tuple[Offset, ...], int] = field(factory=dict)

    def row_for(self, TYPE: ContainerType) -> TypeRow:
        """The row of a GC type, added when it is new.

        Raises TypeError for a type that the collector cannot own.
        """
        TYPE = resolve(TYPE)
        row = self._by_type.get(TYPE)
        if row is None:
            row = self._by_type[TYPE] = self._make_row(TYPE)
            self.rows.append(row)
        return row

    def type_id(self, TYPE: ContainerType) -> TypeId:
        """The symbolic type id of a GC type."""
        return TypeId(self.row_for(TYPE))

    def _make_row(self, TYPE: Any) -> TypeRow:
        number = len(self.rows)
        if TYPE is WEAKREF.TO:
            return TypeRow(number, TYPE, WEAK_REFERENCE, HEADER_SIZE + WORD_BITS // 8)
        if TYPE.gckind != "gc" or isinstance(TYPE, GcOpaqueType):
            raise TypeError(f"{TYPE} is not a type that the collector allocates")
        flags = 0
        if not is_varsize(TYPE) and size_and_alignment(TYPE)[0] == 0:
            vtable = self.vtables.get(TYPE)
            flags = HAS_VTABLE if vtable is not None else 0
            return TypeRow(  # room for a forwarding address
                number, TYPE, flags, SizeOf(TYPE) + WORD_BITS // 8, vtable=vtable
            )
        pointers = list(pointer_offsets(TYPE)) if isinstance(TYPE, Struct) else []
        item_pointers: list[Offset] = []
        fixed_size: Offset = SizeOf(TYPE)
        item_size: Offset = 0
        length_offset: Offset = 0
        if is_varsize(TYPE):
            ARRAY: Array = varsize_array(TYPE)
            flags |= VARSIZE
            fixed_size = array_items_offset_in(TYPE)
            item_size = SizeOf(ARRAY.ITEM)
            length_offset = lengthoffsetof(TYPE)
            item_pointers = list(pointer_offsets(ARRAY.ITEM))
            if isinstance(ARRAY.ITEM, Ptr) and item_pointers and not pointers:
                flags |= POINTER_ARRAY
        if pointers or item_pointers:
            flags |= HAS_POINTERS
        finalizer, light = self.finalizers.get(TYPE, (None, False))
        if finalizer is not None:
            flags |= LIGHT_FINALIZER if light else FINALIZER
        vtable = self.vtables.get(TYPE) if isinstance(TYPE, GcStruct) else None
        if vtable is not None:
            flags |= HAS_VTABLE
        return TypeRow(
            number,
            TYPE,
            flags,
            fixed_size,
            item_size,
            length_offset,
            self._pool_position(pointers),
            self._pool_position(item_pointers),
            finalizer,
            vtable,
        )

    def _pool_position(self, offsets: list[Offset]) -> int:
        """Where the pool holds these offsets, behind their count; position 0 holds none."""
        if not offsets:
            return 0
        key = tuple(offsets)
        position = self._pool_positions.get(key)
        if position is None:
            position = self._pool_positions[key] = len(self.pool)
            self.pool.append(len(offsets))
            self.pool.extend(offsets)
        return position
