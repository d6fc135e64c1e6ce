# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Lists in memory and the algorithms on them: RPython functions over low-level pointers.

A list that is never resized is a `GcArray` of its items. A resizable list is `GcStruct("list", length, items)`
with room to grow behind the last item. What only reads takes an array of items and a length, so that both kinds
share it. `clear` arguments say that items are GC pointers, so that unused places are cleared.
"""

from __future__ import annotations

from typing import Any

from ouro.lltype import malloc
from ouro.rlib.jit import dont_look_inside, isconstant, unroll_safe, we_are_jitted
from ouro.rtyper._helpers import low_level, low_level_module
from ouro.rtyper._llops import array_clear, array_copy, debug_assert

#: A trace sees the stores that fill so many items, and calls a function for more.
MOST_UNROLLED = 32


def primitive_equal(a, b):
    return a == b


# ---- resizable lists


def new_list(LIST, items):
    result = malloc(LIST)
    result.length = len(items)
    result.items = items
    return result


def new_list_with_room(LIST, ITEMS, room):
    result = malloc(LIST)
    result.length = 0
    result.items = malloc(ITEMS, room)
    return result


def room_for(n):
    """The room to allocate for n items: an eighth more, as CPython does."""
    return n + (n >> 3) + (3 if n < 9 else 6)


def reserve(lst, ITEMS, n):
    """Make room for n items."""
    old = lst.items
    if len(old) < n:
        new = malloc(ITEMS, room_for(n), zero=True)
        array_copy(old, new, 0, 0, lst.length)
        lst.items = new


def reserve_exactly(lst, ITEMS, n):
    old = lst.items
    if len(old) < n:
        new = malloc(ITEMS, n, zero=True)
        array_copy(old, new, 0, 0, lst.length)
        lst.items = new


def append(lst, ITEMS, value):
    n = lst.length
    if len(lst.items) == n:
        reserve(lst, ITEMS, n + 1)
    lst.length = n + 1
    lst.items[n] = value


def shrink(lst, ITEMS, n, clear):
    """Cut to n items; gives memory back when less than half is used."""
    old = lst.items
    size = len(old)
    if size > 16 and n < (size >> 1) - 5:
        new = malloc(ITEMS, room_for(n), zero=True)
        array_copy(old, new, 0, 0, n)
        lst.items = new
    elif clear:
        array_clear(old, n, lst.length - n)
    lst.length = n


def insert(lst, ITEMS, index, value):
    n = lst.length
    if index < 0:
        index += n
        if index < 0:
            index = 0
    if index > n:
        index = n
    reserve(lst, ITEMS, n + 1)
    items = lst.items
    array_copy(items, items, index, index + 1, n - index)
    items[index] = value
    lst.length = n + 1


def pop_last(lst, ITEMS, clear):
    n = lst.length - 1
    debug_assert(n >= 0, "pop from an empty list")
    value = lst.items[n]
    shrink(lst, ITEMS, n, clear)
    return value


def pop_last_checked(lst, ITEMS, clear):
    if lst.length == 0:
        raise IndexError
    return pop_last(lst, ITEMS, clear)


def pop(lst, ITEMS, index, clear):
    n = lst.length
    if index < 0:
        index += n
    debug_assert(0 <= index < n, "pop index out of range")
    value = lst.items[index]
    delete_range(lst, ITEMS, index, index + 1, clear)
    return value


def pop_checked(lst, ITEMS, index, clear):
    n = lst.length
    if index < 0:
        index += n
    if index < 0 or index >= n:
        raise IndexError
    return pop(lst, ITEMS, index, clear)


def delete_item(lst, ITEMS, index, clear):
    n = lst.length
    if index < 0:
        index += n
    debug_assert(0 <= index < n, "del index out of range")
    delete_range(lst, ITEMS, index, index + 1, clear)


def delete_item_checked(lst, ITEMS, index, clear):
    n = lst.length
    if index < 0:
        index += n
    if index < 0 or index >= n:
        raise IndexError
    delete_range(lst, ITEMS, index, index + 1, clear)


def delete_range(lst, ITEMS, start, stop, clear):
    n = lst.length
    if stop > n:
        stop = n
    if start >= stop:
        return
    items = lst.items
    array_copy(items, items, stop, start, n - stop)
    shrink(lst, ITEMS, n - (stop - start), clear)


def extend(lst, ITEMS, items, count):
    n = lst.length
    reserve(lst, ITEMS, n + count)
    array_copy(items, lst.items, 0, n, count)
    lst.length = n + count


def extend_by_string(lst, ITEMS, s):
    n = lst.length
    count = len(s.chars)
    reserve(lst, ITEMS, n + count)
    array_copy(s, lst.items, 0, n, count)
    lst.length = n + count


def set_range(lst, ITEMS, start, stop, items, count, clear):
    """`l[start:stop] = items`, of any length."""
    n = lst.length
    start = min(start, n)
    stop = max(start, min(stop, n))
    change = count - (stop - start)
    if change > 0:
        reserve(lst, ITEMS, n + change)
        own = lst.items
        array_copy(own, own, stop, stop + change, n - stop)
        lst.length = n + change
    elif change < 0:
        own = lst.items
        array_copy(own, own, stop, stop + change, n - stop)
        shrink(lst, ITEMS, n + change, clear)
    array_copy(items, lst.items, 0, start, count)


def set_fixed_range(target, n, start, stop, items, count):
    """`l[start:stop] = items` of a list that the author declared as never resized: as many items as there are."""
    start = min(start, n)
    stop = max(start, min(stop, n))
    if count != stop - start:
        raise ValueError
    array_copy(items, target, 0, start, count)


#: More items are made by a call, in compiled code too, as long strings are (`_string_helpers.LARGE`).
LARGE = 1 << 24


def repeat_in_place(lst, ITEMS, times):
    n = lst.length
    if times <= 0:
        lst.length = 0
        lst.items = malloc(ITEMS, 0)
        return
    if n * times > LARGE:
        reserve_large(lst, ITEMS, n * times)
    else:
        reserve_exactly(lst, ITEMS, n * times)
    copy_onwards(lst.items, n, n * times)
    lst.length = n * times


def clear_list(lst, ITEMS):
    lst.length = 0
    lst.items = malloc(ITEMS, 0)


# ---- reading and making, for both kinds


def get_signed(items, length, index):
    if index < 0:
        index += length
    debug_assert(0 <= index < length, "list index out of range")
    return items[index]


def get_nonneg(items, length, index):
    debug_assert(0 <= index < length, "list index out of range")
    return items[index]


def check_index(length, index):
    """Raise the IndexError of an index that counts from either end."""
    if index < 0:
        index += length
    if index < 0 or index >= length:
        raise IndexError


def get_checked(items, length, index):
    if index < 0:
        index += length
    if index < 0 or index >= length:
        raise IndexError
    return items[index]


def set_signed(items, length, index, value):
    if index < 0:
        index += length
    debug_assert(0 <= index < length, "list index out of range")
    items[index] = value


def set_nonneg(items, length, index, value):
    debug_assert(0 <= index < length, "list index out of range")
    items[index] = value


def set_checked(items, length, index, value):
    if index < 0:
        index += length
    if index < 0 or index >= length:
        raise IndexError
    items[index] = value


def from_start(end, length):
    """The end of a slice, which may be counted from the end of the list or string."""
    if end < 0:
        end += length
        if end < 0:
            return 0
    return end


def copy_range(ITEMS, items, start, stop, length):
    if stop > length:
        stop = length
    if start >= stop:
        return malloc(ITEMS, 0)
    result = malloc(ITEMS, stop - start)
    array_copy(items, result, start, 0, stop - start)
    return result


def exact_items(ITEMS, items, length):
    """An array of just these items, which nobody else uses."""
    if len(items) == length:
        return items
    return copy_range(ITEMS, items, 0, length, length)


def concat(ITEMS, first, first_length, second, second_length):
    result = malloc(ITEMS, first_length + second_length)
    array_copy(first, result, 0, 0, first_length)
    array_copy(second, result, 0, first_length, second_length)
    return result


def repeat(ITEMS, items, length, times):
    if times < 0:
        times = 0
    if length == 1:
        return fill_any(ITEMS, times, items[0])
    total = length * times
    result = large_items(ITEMS, total) if total > LARGE else malloc(ITEMS, total)
    if times > 0:
        array_copy(items, result, 0, 0, length)
        copy_onwards(result, length, total)
    return result


@dont_look_inside
def large_items(ITEMS, count):
    return malloc(ITEMS, count)


@dont_look_inside
def reserve_large(lst, ITEMS, n):
    reserve_exactly(lst, ITEMS, n)


def copy_onwards(items, done, total):
    """Fill items up to `total` with those up to `done` again and again, in pieces that double."""
    while done < total:
        count = min(done, total - done)
        array_copy(items, items, 0, done, count)
        done += count


def fill(ITEMS, count, value):
    if we_are_jitted() and isconstant(count) and count <= MOST_UNROLLED:
        return fill_few(ITEMS, count, value)
    return fill_any(ITEMS, count, value)


@unroll_safe
def fill_few(ITEMS, count, value):
    """Stores that a trace can see, so that it need not make the items."""
    if count < 0:
        count = 0
    result = malloc(ITEMS, count)
    i = 0
    while i < count:
        result[i] = value
        i += 1
    return result


def fill_any(ITEMS, count, value):
    if count < 0:
        count = 0
    result = malloc(ITEMS, count)
    i = 0
    while i < count:
        result[i] = value
        i += 1
    return result


def fill_zero(ITEMS, count):
    if count < 0:
        count = 0
    return malloc(ITEMS, count, zero=True)


def index_of(items, length, value, equal):
    i = 0
    while i < length:
        if equal(items[i], value):
            return i
        i += 1
    return -1


def check_length(length, count):
    if length != count:
        raise ValueError


def index_checked(items, length, value, equal):
    i = index_of(items, length, value, equal)
    if i < 0:
        raise ValueError
    return i


def contains(items, length, value, equal):
    return index_of(items, length, value, equal) >= 0


def count(items, length, value, equal):
    found = 0
    i = 0
    while i < length:
        if equal(items[i], value):
            found += 1
        i += 1
    return found


def equal_items(a, a_length, b, b_length, equal):
    if a_length != b_length:
        return False
    i = 0
    while i < a_length:
        if not equal(a[i], b[i]):
            return False
        i += 1
    return True


def compare(a, b, equal):
    return equal(a, b)


_list_equalities: dict[Any, Any] = {}


def list_equality(resizable: bool, has_items: bool, equal: Any) -> Any:
    """The function that compares two lists of one kind, or null, with this equality of their items."""
    key = (resizable, has_items, equal)
    known = _list_equalities.get(key)
    if known is None:

        def same_lists(a, b):
            if a == b:
                return True
            if not a or not b:
                return False
            if not has_items:
                return a.length == b.length if resizable else len(a) == len(b)
            if resizable:
                return equal_items(a.items, a.length, b.items, b.length, equal)
            return equal_items(a, len(a), b, len(b), equal)

        known = _list_equalities[key] = low_level(same_lists)
    return known


def reverse(items, length):
    i = 0
    j = length - 1
    while i < j:
        value = items[i]
        items[i] = items[j]
        items[j] = value
        i += 1
        j -= 1


def sort_either_way(ITEMS, items, length, less, backwards):
    """Sort; equal items keep their order in both directions."""
    if backwards:
        reverse(items, length)
    merge_sort(ITEMS, items, length, less)
    if backwards:
        reverse(items, length)


def merge_sort(ITEMS, items, length, less):
    """A stable merge sort, bottom up from insertion-sorted runs of 8."""
    start = 0
    while start < length:
        stop = start + 8
        if stop > length:
            stop = length
        i = start + 1
        while i < stop:
            value = items[i]
            j = i
            while j > start and less(value, items[j - 1]):
                items[j] = items[j - 1]
                j -= 1
            items[j] = value
            i += 1
        start = stop
    if length <= 8:
        return
    spare = malloc(ITEMS, length)
    width = 8
    source = items
    target = spare
    while width < length:
        start = 0
        while start < length:
            middle = start + width
            if middle > length:
                middle = length
            stop = middle + width
            if stop > length:
                stop = length
            left = start
            right = middle
            place = start
            while left < middle and right < stop:
                if less(source[right], source[left]):
                    target[place] = source[right]
                    right += 1
                else:
                    target[place] = source[left]
                    left += 1
                place += 1
            array_copy(source, target, left, place, middle - left)
            array_copy(source, target, right, place + middle - left, stop - right)
            start = stop
        other = source
        source = target
        target = other
        width = width * 2
    if source != items:
        array_copy(source, items, 0, 0, length)


def primitive_less(a, b):
    return a < b


# ---- ranges


def range_length(start, stop, step):
    if step > 0:
        if start >= stop:
            return 0
        return (stop - start - 1) // step + 1
    if start <= stop:
        return 0
    return (start - stop - 1) // -step + 1


def equal_ranges(a_start, a_stop, a_step, b_start, b_stop, b_step):
    """Whether two ranges have the same items."""
    length = range_length(a_start, a_stop, a_step)
    if length != range_length(b_start, b_stop, b_step):
        return False
    return length == 0 or (a_start == b_start and (length == 1 or a_step == b_step))


def new_range(RANGE, start, stop, step):
    result = malloc(RANGE)
    result.start = start
    result.stop = stop
    result.step = step
    return result


def range_items(ITEMS, start, stop, step):
    n = range_length(start, stop, step)
    result = malloc(ITEMS, n)
    i = 0
    value = start
    while i < n:
        result[i] = value
        value += step
        i += 1
    return result


def in_range(start, stop, step, value):
    if step > 0:
        return start <= value < stop and (value - start) % step == 0
    return stop < value <= start and (start - value) % -step == 0


def range_get_checked(start, length, step, index):
    if index < 0:
        index += length
    if index < 0 or index >= length:
        raise IndexError
    return start + index * step


def range_get(start, length, step, index):
    if index < 0:
        index += length
    return start + index * step


def copy_empty(ITEMS):
    return malloc(ITEMS, 0)


def copy_nothing(ITEMS, length):
    """The items of a list that holds None only, as another array type has them."""
    return malloc(ITEMS, length, zero=True)


def repeat_nothing(ITEMS, times):
    """The items of `[None] * times`."""
    return malloc(ITEMS, times if times > 0 else 0, zero=True)


def append_nothing(lst):
    lst.length = lst.length + 1


def nonempty_list(lst):
    return bool(lst) and lst.length != 0


def nonempty_array(items):
    return bool(items) and len(items) != 0


low_level_module(globals())
