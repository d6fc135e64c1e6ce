# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Making and advancing iterators: RPython functions over their structures."""

from __future__ import annotations

from typing import Any

from ouro.lltype import malloc
from ouro.rtyper._helpers import low_level, low_level_module
from ouro.rtyper._list_helpers import exact_items, range_length
from ouro.rtyper._llops import array_copy

__all__ = ["range_length"]


def stop():
    raise StopIteration


def new_list_iterator(ITERATOR, lst, index):
    result = malloc(ITERATOR)
    result.list = lst
    result.index = index
    return result


def new_table_iterator(ITERATOR, table, index):
    result = malloc(ITERATOR)
    result.list = table
    result.index = index
    result.length = table.count
    return result


def next_index(iterator, length):
    index = iterator.index
    if index >= length:
        raise StopIteration
    iterator.index = index + 1
    return index


def previous_index(iterator):
    index = iterator.index - 1
    if index < 0:
        raise StopIteration
    iterator.index = index
    return index


def new_range_iterator(ITERATOR, start, stop):
    result = malloc(ITERATOR)
    result.value = start
    result.stop = stop
    return result


def new_step_iterator(ITERATOR, start, stop, step):
    result = malloc(ITERATOR)
    result.value = start
    result.stop = stop
    result.step = step
    return result


def next_up(iterator, step):
    value = iterator.value
    if value >= iterator.stop:
        raise StopIteration
    iterator.value = value + step
    return value


def next_down(iterator, step):
    value = iterator.value
    if value <= iterator.stop:
        raise StopIteration
    iterator.value = value + step
    return value


def next_by_step(iterator):
    step = iterator.step
    value = iterator.value
    if step > 0:
        if value >= iterator.stop:
            raise StopIteration
    elif value <= iterator.stop:
        raise StopIteration
    iterator.value = value + step
    return value


def range_last(start, length, step):
    return start + (length - 1) * step


def range_before(last, length, step):
    return last - length * step


def new_enumerate(ITERATOR, inner, start):
    result = malloc(ITERATOR)
    result.inner = inner
    result.index = start
    return result


def count_up(iterator):
    index = iterator.index
    iterator.index = index + 1
    return index


_collectors: dict[Any, Any] = {}


def collector_of(pointer: Any) -> Any:
    """The helper that puts what a `next` function gives into an array. Host only."""
    known = _collectors.get(pointer)
    if known is None:

        def collect(iterator, ITEMS):
            items = malloc(ITEMS, 16)
            count = 0
            while True:
                try:
                    item = pointer(iterator)
                except StopIteration:
                    break
                if count == len(items):
                    larger = malloc(ITEMS, count + (count >> 1))
                    array_copy(items, larger, 0, 0, count)
                    items = larger
                items[count] = item
                count += 1
            return exact_items(ITEMS, items, count)

        known = _collectors[pointer] = low_level(collect)
    return known


low_level_module(globals())
