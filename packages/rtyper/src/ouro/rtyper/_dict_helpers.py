# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""The hash table behind every dict and set: ordered, compact, open addressing.

Entries stand in an array in order of insertion; a separate index table of 8, 16, 32 or 64 bits per slot holds
their numbers (0: free, 1: deleted, n + 2: entry n). The layout is that of Raymond Hettinger's proposal for
CPython (python-dev, December 2012), probing is CPython's. `functions_for` makes the functions for one kind of
key, value, equality and hash; they are RPython functions over low-level types and run on the host as well.

A table whose `kind` is NOT_INDEXED has its entries but no index yet: prebuilt ones, since hashes may depend on
where objects are. The first look-up makes the index.
"""

from __future__ import annotations

import sys
from typing import Any

from ouro.lltype import (
    GCREF,
    Bool,
    GcArray,
    GcStruct,
    Ptr,
    Signed,
    Struct,
    UInt8,
    UInt16,
    UInt32,
    Void,
    cast_opaque_ptr,
    malloc,
    nullptr,
)
from ouro.rlib.rarithmetic import intmask, r_uint
from ouro.rtyper._helpers import low_level, low_level_module
from ouro.rtyper._list_helpers import primitive_equal
from ouro.rtyper._llops import array_copy, debug_assert
from ouro.rtyper._string_helpers import NULL as NULL_STRING
from ouro.rtyper._string_helpers import char_to_string

__all__ = ["NOT_INDEXED", "functions_for", "primitive_equal"]

NOT_INDEXED = 4
INDEX_TYPES = [GcArray(UInt8), GcArray(UInt16), GcArray(UInt32), GcArray(Signed)]
INDEX_LIMITS = [1 << 8, 1 << 16, 1 << 32]
FREE = 0
DELETED = 1
FIRST = 2
EMPTY_INDEX = malloc(INDEX_TYPES[0], 8, zero=True)
EMPTY_INDEX_REFERENCE = cast_opaque_ptr(GCREF, EMPTY_INDEX)
SMALLEST = 8
# The position of an iterator that has come to its end: it stays there, whatever the table gets.
EXHAUSTED = sys.maxsize


def _width_functions(kind):
    INDEX = Ptr(INDEX_TYPES[kind])
    ITEM = INDEX_TYPES[kind].ITEM
    make = ITEM.value_class or int

    def read(d, slot):
        return intmask(cast_opaque_ptr(INDEX, d.index)[slot])

    def write(d, slot, value):
        cast_opaque_ptr(INDEX, d.index)[slot] = make(value)

    return low_level(read), low_level(write)


READ_8, WRITE_8 = _width_functions(0)
READ_16, WRITE_16 = _width_functions(1)
READ_32, WRITE_32 = _width_functions(2)
READ_64, WRITE_64 = _width_functions(3)


def read_index(d, slot):
    kind = d.kind
    if kind == 0:
        return READ_8(d, slot)
    if kind == 1:
        return READ_16(d, slot)
    if kind == 2:
        return READ_32(d, slot)
    return READ_64(d, slot)


def write_index(d, slot, value):
    kind = d.kind
    if kind == 0:
        WRITE_8(d, slot, value)
    elif kind == 1:
        WRITE_16(d, slot, value)
    elif kind == 2:
        WRITE_32(d, slot, value)
    else:
        WRITE_64(d, slot, value)


INDEX_8, INDEX_16, INDEX_32, INDEX_64 = INDEX_TYPES


def new_index(d, size):
    """Give the table an empty index of `size` slots, a power of two."""
    if size <= 256:
        d.kind = 0
        d.index = cast_opaque_ptr(GCREF, malloc(INDEX_8, size, zero=True))
    elif size <= 65536:
        d.kind = 1
        d.index = cast_opaque_ptr(GCREF, malloc(INDEX_16, size, zero=True))
    elif size <= 4294967296:
        d.kind = 2
        d.index = cast_opaque_ptr(GCREF, malloc(INDEX_32, size, zero=True))
    else:
        d.kind = 3
        d.index = cast_opaque_ptr(GCREF, malloc(INDEX_64, size, zero=True))
    d.mask = size - 1
    d.room = size - size // 3


def next_slot(slot, perturb, mask):
    return intmask(r_uint(slot) * r_uint(5) + perturb + r_uint(1)) & mask


def insert_in_index(d, h, number):
    """Put an entry that is not there into the index."""
    mask = d.mask
    slot = h & mask
    perturb = r_uint(h)
    while read_index(d, slot) >= FIRST:
        perturb = perturb >> 5
        slot = next_slot(slot, perturb, mask)
    if read_index(d, slot) == FREE:
        d.room -= 1
    write_index(d, slot, number + FIRST)


def delete_from_index(d, h, number):
    mask = d.mask
    slot = h & mask
    perturb = r_uint(h)
    wanted = number + FIRST
    while read_index(d, slot) != wanted:
        perturb = perturb >> 5
        slot = next_slot(slot, perturb, mask)
    write_index(d, slot, DELETED)


def index_size_for(count):
    """The number of index slots for a table that is to hold this many entries."""
    size = SMALLEST
    while size * 2 <= count * 3:
        size = size * 2
    return size


def check_same_length(iterator, d):
    if d.count != iterator.length:
        iterator.length = -1  # for good, as on the host
        raise RuntimeError


def promise_same_length(iterator, d):
    debug_assert(d.count == iterator.length, "dict or set changed size during iteration")


class DictFunctions:
    """The types and functions of one kind of table."""


_functions: dict[Any, Any] = {}


def functions_for(
    KEY: Any, VALUE: Any, equal: Any, hashing: Any, null_is_dead: bool, store_hash: bool, may_change: bool
) -> Any:
    """The types and functions of tables with these keys and values (Void for a set).

    `null_is_dead`: no key is null, so that a null key marks a deleted entry. `store_hash`: hashes are kept with
    the entries. `may_change`: comparing keys runs code that may change the table meanwhile.
    """
    key = (KEY, VALUE, equal, hashing, null_is_dead, store_hash, may_change)
    known = _functions.get(key)
    if known is None:
        known = _functions[key] = _make_functions(*key)
    return known


def _make_functions(KEY, VALUE, equal, hashing, null_is_dead, store_hash, may_change):
    fields = [("key", KEY)]
    has_value = VALUE is not Void
    if has_value:
        fields.append(("value", VALUE))
    if store_hash:
        fields.append(("hash", Signed))
    if not null_is_dead:
        fields.append(("live", Bool))
    ENTRY = Struct("entry", *fields)
    ENTRIES = GcArray(ENTRY)
    DICT = GcStruct(
        "dict", ("count", Signed), ("used", Signed), ("room", Signed), ("mask", Signed), ("kind", Signed),
        ("index", GCREF), ("entries", Ptr(ENTRIES)),
    )  # fmt: skip
    EMPTY_ENTRIES = malloc(ENTRIES, 0, zero=True)
    key_is_gc = isinstance(KEY, Ptr) and KEY.is_gc
    value_is_gc = isinstance(VALUE, Ptr) and VALUE.is_gc
    NULL_KEY = nullptr(KEY.TO) if key_is_gc else None
    NULL_VALUE = nullptr(VALUE.TO) if value_is_gc else None

    def is_live(entries, number):
        if null_is_dead:
            return bool(entries[number].key)
        return entries[number].live

    def entry_hash(entries, number):
        if store_hash:
            return entries[number].hash
        return hashing(entries[number].key)

    def make_lookup(read):
        def lookup(d, key, h):
            mask = d.mask
            slot = h & mask
            perturb = r_uint(h)
            while True:
                number = read(d, slot)
                if number >= FIRST:
                    entries = d.entries
                    number -= FIRST
                    found = entries[number].key
                    if store_hash and entries[number].hash != h:
                        same = False
                    else:
                        same = equal(found, key)
                        if may_change and (d.entries != entries or entries[number].key != found):
                            return lookup_again(d, key, h)
                    if same:
                        return number
                elif number == FREE:
                    return -1
                perturb = perturb >> 5
                slot = next_slot(slot, perturb, mask)

        return low_level(lookup)

    lookup_8 = make_lookup(READ_8)
    lookup_16 = make_lookup(READ_16)
    lookup_32 = make_lookup(READ_32)
    lookup_64 = make_lookup(READ_64)

    def lookup(d, key, h):
        """The number of the entry with this key, or -1."""
        kind = d.kind
        if kind == 0:
            return lookup_8(d, key, h)
        if kind == 1:
            return lookup_16(d, key, h)
        if kind == 2:
            return lookup_32(d, key, h)
        if kind == NOT_INDEXED:
            index_prebuilt(d)
            return lookup_again(d, key, h)
        return lookup_64(d, key, h)

    def know_hashes(d):
        """Make sure that the hashes of the entries are there, also in a prebuilt table."""
        if d.kind == NOT_INDEXED:
            index_prebuilt(d)

    def lookup_again(d, key, h):
        return lookup(d, key, h)

    def reindex(d, size):
        new_index(d, size)
        entries = d.entries
        number = 0
        while number < d.used:
            if is_live(entries, number):
                insert_in_index(d, entry_hash(entries, number), number)
            number += 1

    def index_prebuilt(d):
        if store_hash:
            entries = d.entries
            number = 0
            while number < d.used:
                entries[number].hash = hashing(entries[number].key)
                number += 1
        reindex(d, index_size_for(d.count + 1))

    def new():
        d = malloc(DICT)
        d.count = 0
        d.used = 0
        d.room = 0
        d.mask = 7
        d.kind = 0
        d.index = EMPTY_INDEX_REFERENCE
        d.entries = EMPTY_ENTRIES
        return d

    def move_entry(old, source, entries, target):
        entries[target].key = old[source].key
        if has_value:
            entries[target].value = old[source].value
        if store_hash:
            entries[target].hash = old[source].hash
        if not null_is_dead:
            entries[target].live = True

    def resize_entries(d, room):
        """Move the live entries to a new array with room for `room` of them."""
        old = d.entries
        entries = malloc(ENTRIES, room, zero=True)
        target = 0
        number = 0
        while number < d.used:
            if is_live(old, number):
                move_entry(old, number, entries, target)
                target += 1
            number += 1
        compacted = target != d.used
        d.entries = entries
        d.used = target
        return compacted

    def make_room(d):
        """Make room for one more entry, in the array and in the index."""
        if d.kind == NOT_INDEXED:
            index_prebuilt(d)
        count = d.count
        compacted = False
        if d.used == len(d.entries):
            compacted = resize_entries(d, count + (count >> 1) + SMALLEST)
        if compacted or d.room <= 1:
            reindex(d, index_size_for(count + (count >> 1) + 1))

    def append_entry(d, key, h, value):
        if d.used == len(d.entries) or d.room <= 1:
            make_room(d)
        number = d.used
        entries = d.entries
        entries[number].key = key
        if has_value:
            entries[number].value = value
        if store_hash:
            entries[number].hash = h
        if not null_is_dead:
            entries[number].live = True
        d.used = number + 1
        d.count += 1
        insert_in_index(d, h, number)

    def kill(d, number, h):
        delete_from_index(d, h, number)
        entries = d.entries
        if key_is_gc:
            entries[number].key = NULL_KEY
        if value_is_gc:
            entries[number].value = NULL_VALUE
        if not null_is_dead:
            entries[number].live = False
        d.count -= 1
        if d.count == 0:
            clear(d)
        elif number == d.used - 1:
            d.used = number

    def clear(d):
        d.count = 0
        d.used = 0
        d.room = 0
        d.mask = 7
        d.kind = 0
        d.index = EMPTY_INDEX_REFERENCE
        d.entries = EMPTY_ENTRIES

    def get_h(d, key, h):
        number = lookup(d, key, h)
        if number < 0:
            raise KeyError
        return d.entries[number].value

    def get(d, key):
        return get_h(d, key, hashing(key))

    def get_default(d, key, default):
        number = lookup(d, key, hashing(key))
        if number < 0:
            return default
        return d.entries[number].value

    def contains_h(d, key, h):
        return lookup(d, key, h) >= 0

    def contains(d, key):
        return lookup(d, key, hashing(key)) >= 0

    def set_h(d, key, h, value):
        number = lookup(d, key, h)
        if number < 0:
            append_entry(d, key, h, value)
        elif has_value:
            d.entries[number].value = value

    def set_item(d, key, value):
        set_h(d, key, hashing(key), value)

    def setdefault(d, key, default):
        h = hashing(key)
        number = lookup(d, key, h)
        if number < 0:
            append_entry(d, key, h, default)
            return default
        return d.entries[number].value

    def delete_h(d, key, h):
        number = lookup(d, key, h)
        if number < 0:
            raise KeyError
        kill(d, number, h)

    def delete(d, key):
        delete_h(d, key, hashing(key))

    def lookup_checked(d, key):
        if lookup(d, key, hashing(key)) < 0:
            raise KeyError

    def get_text(d, key):
        number = lookup(d, key, hashing(key))
        if number < 0:
            return NULL_STRING
        return char_to_string(d.entries[number].value)

    def pop_text(d, key):
        h = hashing(key)
        number = lookup(d, key, h)
        if number < 0:
            return NULL_STRING
        value = d.entries[number].value
        kill(d, number, h)
        return char_to_string(value)

    def delete_if_value_is(d, key, value):
        h = hashing(key)
        number = lookup(d, key, h)
        if number >= 0 and d.entries[number].value == value:
            kill(d, number, h)

    def move_to_end(d, key):
        h = hashing(key)
        number = lookup(d, key, h)
        if number < 0:
            raise KeyError
        if number != d.used - 1:
            key = d.entries[number].key
            if has_value:
                value = d.entries[number].value
                kill(d, number, h)
                append_entry(d, key, h, value)
            else:
                kill(d, number, h)
                append_entry(d, key, h, None)

    def move_to_start(d, key):
        h = hashing(key)
        number = lookup(d, key, h)
        if number < 0:
            raise KeyError
        old = d.entries
        entries = malloc(ENTRIES, len(old) + 1, zero=True)
        move_entry(old, number, entries, 0)
        target = 1
        source = 0
        while source < d.used:
            if source != number and is_live(old, source):
                move_entry(old, source, entries, target)
                target += 1
            source += 1
        d.entries = entries
        d.used = target
        reindex(d, index_size_for(d.count + 1))

    def discard(d, key):
        h = hashing(key)
        number = lookup(d, key, h)
        if number >= 0:
            kill(d, number, h)

    def pop(d, key):
        h = hashing(key)
        number = lookup(d, key, h)
        if number < 0:
            raise KeyError
        value = d.entries[number].value
        kill(d, number, h)
        return value

    def pop_default(d, key, default):
        h = hashing(key)
        number = lookup(d, key, h)
        if number < 0:
            return default
        value = d.entries[number].value
        kill(d, number, h)
        return value

    def last_entry(d):
        """The number of the last live entry; KeyError in an empty table."""
        if d.count == 0:
            raise KeyError
        if d.kind == NOT_INDEXED:
            index_prebuilt(d)
        number = d.used - 1
        while not is_live(d.entries, number):
            number -= 1
        return number

    def first_entry(d):
        if d.count == 0:
            raise KeyError
        number = 0
        while not is_live(d.entries, number):
            number += 1
        return number

    def remove_entry(d, number):
        if d.kind == NOT_INDEXED:
            index_prebuilt(d)
        kill(d, number, entry_hash(d.entries, number))

    def copy_entries(d):
        old = d.entries
        n = d.used
        entries = malloc(ENTRIES, n + 1, zero=True)
        array_copy(old, entries, 0, 0, n)
        return entries

    def copy(d):
        result = malloc(DICT)
        result.count = d.count
        result.used = d.used
        result.room = 0
        result.mask = 0
        result.kind = 0
        result.index = EMPTY_INDEX_REFERENCE
        result.entries = copy_entries(d)
        if d.kind == NOT_INDEXED:
            index_prebuilt(result)
        else:
            reindex(result, index_size_for(d.count + 1))
        return result

    def update(d, other):
        if other.kind == NOT_INDEXED:
            index_prebuilt(other)
        number = 0
        while number < other.used:
            entries = other.entries
            if is_live(entries, number):
                h = entry_hash(entries, number)
                if has_value:
                    set_h(d, entries[number].key, h, entries[number].value)
                else:
                    set_h(d, entries[number].key, h, None)
            number += 1

    def make_stepping(check):
        """The functions that give the number of the next entry, and `check` that the table has kept its length."""

        def next_entry(iterator):
            # Without a loop where nothing was deleted, so that traces of a JIT need no call.
            d = iterator.list
            number = iterator.index
            if number < d.used and is_live(d.entries, number):
                check(iterator, d)
                iterator.index = number + 1
                return number
            return next_live_entry(iterator, number)

        def next_live_entry(iterator, number):
            d = iterator.list
            if number != EXHAUSTED:
                check(iterator, d)
            entries = d.entries
            while number < d.used:
                if is_live(entries, number):
                    iterator.index = number + 1
                    return number
                number += 1
            iterator.index = EXHAUSTED
            raise StopIteration

        def previous_entry(iterator):
            d = iterator.list
            number = iterator.index
            if number != EXHAUSTED:
                check(iterator, d)
                entries = d.entries
                number -= 1
                while number >= 0:
                    if number < d.used and is_live(entries, number):
                        iterator.index = number
                        return number
                    number -= 1
            iterator.index = EXHAUSTED
            raise StopIteration

        low_level_module(locals())
        return next_entry, previous_entry

    next_entry, previous_entry = make_stepping(promise_same_length)
    next_entry_checked, previous_entry_checked = make_stepping(check_same_length)

    def keys_in_order(d, ITEMS):
        result = malloc(ITEMS, d.count)
        number = 0
        target = 0
        while number < d.used:
            if is_live(d.entries, number):
                result[target] = d.entries[number].key
                target += 1
            number += 1
        return result

    def values_in_order(d, ITEMS):
        result = malloc(ITEMS, d.count)
        number = 0
        target = 0
        while number < d.used:
            if is_live(d.entries, number):
                result[target] = d.entries[number].value
                target += 1
            number += 1
        return result

    # ---- sets

    def intersection(a, b):
        result = new()
        number = 0
        while number < a.used:
            if is_live(a.entries, number):
                key = a.entries[number].key
                if contains(b, key):
                    set_item(result, key, None)
            number += 1
        return result

    def difference(a, b):
        result = new()
        number = 0
        while number < a.used:
            if is_live(a.entries, number):
                key = a.entries[number].key
                if not contains(b, key):
                    set_item(result, key, None)
            number += 1
        return result

    def union(a, b):
        result = copy(a)
        update(result, b)
        return result

    def symmetric_difference(a, b):
        result = difference(a, b)
        update(result, difference(b, a))
        return result

    def is_subset(a, b):
        if a.count > b.count:
            return False
        number = 0
        while number < a.used:
            if is_live(a.entries, number) and not contains(b, a.entries[number].key):
                return False
            number += 1
        return True

    def is_disjoint(a, b):
        number = 0
        while number < a.used:
            if is_live(a.entries, number) and contains(b, a.entries[number].key):
                return False
            number += 1
        return True

    def is_proper_subset(a, b):
        return a.count != b.count and is_subset(a, b)

    def equal_sets(a, b):
        if a == b:
            return True
        return bool(a) and bool(b) and a.count == b.count and is_subset(a, b)

    def equal_dicts(a, b, equal_values):
        if a == b:
            return True
        if not a or not b or a.count != b.count:
            return False
        number = 0
        while number < a.used:
            if is_live(a.entries, number):
                key = a.entries[number].key
                other = lookup(b, key, hashing(key))
                if other < 0:
                    return False
                if has_value and not equal_values(a.entries[number].value, b.entries[other].value):
                    return False
            number += 1
        return True

    def replace_contents(d, other):
        d.count = other.count
        d.used = other.used
        d.room = other.room
        d.mask = other.mask
        d.kind = other.kind
        d.index = other.index
        d.entries = other.entries

    low_level_module(locals())
    result = DictFunctions()
    for name, value in list(locals().items()):
        if name not in ("fields", "result", "make_lookup", "make_stepping", "key"):
            setattr(result, name, value)
    return result


def add_all(d, items, length, add):
    i = 0
    while i < length:
        add(d, items[i], None)
        i += 1


def add_pairs(d, items, length, add):
    i = 0
    while i < length:
        add(d, items[i].item0, items[i].item1)
        i += 1


def nonempty(d):
    return bool(d) and d.count != 0


low_level_module(globals())
