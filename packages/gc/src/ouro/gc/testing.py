"""A heap on the host: runs a collector's own code in native memory, without a translated program.

The type table has plain numbers and the "program" is Python: it allocates, reads and writes as transformed code
does, including the inlined fast paths.
"""

from __future__ import annotations

from typing import Any, Callable

from attrs import define, field
from ouro.gc._collectors.base import FINALIZER_FUNCTION
from ouro.gc._collectors.memory import WORD, get_flags, set_header
from ouro.gc._header import HEADER_SIZE, NEEDS_BARRIER, PREBUILT_FLAGS
from ouro.gc._type_table import (
    FINALIZER,
    HAS_POINTERS,
    HAS_VTABLE,
    LIGHT_FINALIZER,
    POINTER_ARRAY,
    ROW_FINALIZER,
    ROW_FIXED_SIZE,
    ROW_FLAGS,
    ROW_ITEM_POINTERS,
    ROW_ITEM_SIZE,
    ROW_LENGTH_OFFSET,
    ROW_POINTERS,
    ROW_SIZE,
    VARSIZE,
    WEAK_REFERENCE,
)
from ouro.lltype import (
    NULL,
    Address,
    Signed,
    UInt32,
    functionptr,
    load,
    raw_malloc,
    raw_memclear,
    store,
)

__all__ = ["HostHeap", "HostType"]


@define(eq=False)
class HostType:
    """A type for the heap: `pointers` pointer fields, then `numbers` Signed fields, then items.

    `items` is None for a fixed size, else the number of (pointer, Signed) words of one item. `instance` says that the
    objects are instances of a class, without a vtable that the tests would need.
    """

    name: str
    pointers: int = 0
    numbers: int = 0
    items: tuple[int, int] | None = None
    weak: bool = False
    finalizer: Callable[[Any], None] | None = None
    light: bool = False
    instance: bool = False
    type_id: int = 0

    @property
    def length_offset(self) -> int:
        return HEADER_SIZE + WORD * (self.pointers + self.numbers)

    @property
    def fixed_size(self) -> int:
        return max(self.length_offset + (WORD if self.items is not None else 0), HEADER_SIZE + WORD)

    @property
    def item_size(self) -> int:
        return 0 if self.items is None else WORD * sum(self.items)

    @property
    def flags(self) -> int:
        flags = 0
        if self.items is not None:
            flags |= VARSIZE
            if self.items == (1, 0) and not self.pointers:
                flags |= POINTER_ARRAY
        if not self.weak and (self.pointers or (self.items is not None and self.items[0])):
            flags |= HAS_POINTERS
        if self.weak:
            flags |= WEAK_REFERENCE
        if self.instance:
            flags |= HAS_VTABLE
        if self.finalizer is not None:
            flags |= LIGHT_FINALIZER if self.light else FINALIZER
        return flags


@define(eq=False)
class HostHeap:
    """A collector with its type table, one shadow stack of `roots` slots, and the program's operations."""

    collector: Any
    types: list[HostType]
    roots: int = 16
    nursery: int = 0
    maximum: int = 0
    debug: int = 1
    functions: list[Any] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        collector = self.collector
        table = raw_malloc(ROW_SIZE * (len(self.types) + 1), zero=True)
        store(UInt32, table, ROW_FIXED_SIZE, HEADER_SIZE)
        pool = [0]
        for number, host_type in enumerate(self.types, 1):
            host_type.type_id = number * ROW_SIZE
            self._write_row(table + host_type.type_id, host_type, pool)
        offsets = raw_malloc(4 * len(pool))
        for index, number in enumerate(pool):
            store(UInt32, offsets, 4 * index, number)
        collector.setup(table, offsets, self.nursery, self.maximum, self.debug, self.roots)
        self.root_base = collector.data.root_top
        raw_memclear(self.root_base, self.roots * WORD)
        collector.data.root_top = self.root_base + self.roots * WORD

    root_base: Any = field(init=False, default=None)

    def _write_row(self, row: Any, host_type: HostType, pool: list[int]) -> None:
        def pooled(offsets: list[int]) -> int:
            if not offsets:
                return 0
            pool.append(len(offsets))
            pool.extend(offsets)
            return len(pool) - len(offsets) - 1

        fixed = [] if host_type.weak else [HEADER_SIZE + WORD * index for index in range(host_type.pointers)]
        item = [WORD * index for index in range(host_type.items[0])] if host_type.items else []
        for offset, number in [
            (ROW_FLAGS, host_type.flags),
            (ROW_FIXED_SIZE, host_type.fixed_size),
            (ROW_ITEM_SIZE, host_type.item_size),
            (ROW_LENGTH_OFFSET, host_type.length_offset),
            (ROW_POINTERS, pooled(fixed)),
            (ROW_ITEM_POINTERS, pooled(item)),
        ]:
            store(UInt32, row, offset, number)
        if host_type.finalizer is not None:
            function = functionptr(FINALIZER_FUNCTION.TO, host_type.name, callable=host_type.finalizer)
            self.functions.append(function)
            store(FINALIZER_FUNCTION, row, ROW_FINALIZER, function)

    # -- what inlined code does

    def allocate(self, host_type: HostType, length: int = 0) -> Any:
        """A new object, through the fast path where that fits."""
        collector = self.collector
        data = collector.data
        if host_type.items is None:
            size = host_type.fixed_size
        else:
            size = host_type.fixed_size + length * host_type.item_size
        if data.nursery_free != NULL and data.nursery_top - data.nursery_free >= size and size <= 2048:
            obj = data.nursery_free
            data.nursery_free = obj + size
            store(UInt32, obj, 0, host_type.type_id)
            if host_type.items is not None:
                store(Signed, obj, host_type.length_offset, length)
        elif host_type.items is None:
            obj = collector.allocate(host_type.type_id, size)
        else:
            obj = collector.allocate_varsize(host_type.type_id, length)
        if host_type.finalizer is not None:
            collector.register_finalizer(obj)
        return obj

    def make_prebuilt(self, host_type: HostType, length: int = 0) -> Any:
        """Static data, as the C generator prints it."""
        size = host_type.fixed_size + length * host_type.item_size
        obj = raw_malloc(size, zero=True)
        set_header(obj, host_type.type_id, PREBUILT_FLAGS)
        if host_type.items is not None:
            store(Signed, obj, host_type.length_offset, length)
        return obj

    def set_field(self, host_type: HostType, obj: Any, index: int, value: Any) -> None:
        """Write a pointer field."""
        if get_flags(obj) & NEEDS_BARRIER:
            self.collector.remember(obj)
        store(Address, obj, HEADER_SIZE + index * WORD, value)

    def set_item(self, host_type: HostType, obj: Any, index: int, value: Any) -> None:
        """Write the first pointer of an item."""
        if get_flags(obj) & NEEDS_BARRIER:
            self.collector.remember_item(obj, index)
        store(Address, obj, host_type.fixed_size + index * host_type.item_size, value)

    def get_item(self, host_type: HostType, obj: Any, index: int) -> Any:
        """Read the first pointer of an item."""
        return load(Address, obj, host_type.fixed_size + index * host_type.item_size)

    def copy_items(
        self, host_type: HostType, source: Any, target: Any, start: int, target_start: int, count: int
    ) -> None:
        """Copy items between two arrays of a type, or within one."""
        self.collector.remember_items(target, target_start, count)
        words = [
            load(Address, source, host_type.fixed_size + start * host_type.item_size + WORD * index)
            for index in range(count * host_type.item_size // WORD)
        ]
        for index, word in enumerate(words):
            store(Address, target, host_type.fixed_size + target_start * host_type.item_size + WORD * index, word)

    def get_root(self, index: int) -> Any:
        """A slot of the shadow stack."""
        return load(Address, self.root_base, index * WORD)

    def set_root(self, index: int, value: Any) -> None:
        """Save a pointer in a slot of the shadow stack."""
        store(Address, self.root_base, index * WORD, value)
