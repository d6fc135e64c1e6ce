"""Sorting: a stable merge sort over runs, for unboxed and for application items.

The natural-run merge sort is Knuth's (The Art of Computer Programming 3, 5.2.4, algorithm N) with insertion sort to
bring short runs to a minimum length. Comparisons of application items may raise; the items stay a permutation of what
they were.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.comparison import tuple_less
from ouro.interp_py27.objects.int_object import W_Int
from ouro.interp_py27.objects.list_strategies import INTEGERS, STRS
from ouro.interp_py27.objects.str_object import W_Str
from ouro.interp_py27.objects.tuple_object import W_Tuple
from ouro.rlib import jit
from ouro.rlib.objectmodel import newlist_hint, not_rpython

MINIMUM_RUN = 24
NO_ITEMS = []


@not_rpython
def make_sort(less, name):
    """A function that sorts a list in place by `less(a, b)`."""

    def count_run(items, start, stop):
        """The end of the run at `start`; a strictly descending one is reversed."""
        end = start + 1
        if end >= stop:
            return stop
        if less(items[end], items[start]):
            end += 1
            while end < stop and less(items[end], items[end - 1]):
                end += 1
            low = start
            high = end - 1
            while low < high:
                item = items[low]
                items[low] = items[high]
                items[high] = item
                low += 1
                high -= 1
        else:
            end += 1
            while end < stop and not less(items[end], items[end - 1]):
                end += 1
        return end

    def insert(items, start, sorted_end, stop):
        """Binary insertion of the items from `sorted_end` on into the sorted ones before."""
        for position in range(sorted_end, stop):
            pivot = items[position]
            low = start
            high = position
            while low < high:
                middle = (low + high) >> 1
                if less(pivot, items[middle]):
                    high = middle
                else:
                    low = middle + 1
            at = position
            while at > low:
                items[at] = items[at - 1]
                at -= 1
            items[low] = pivot

    def merge(items, start, middle, stop):
        """Merge two neighbouring runs; what is already in place at both ends is left alone."""
        pivot = items[middle]
        low = start
        high = middle
        while low < high:
            probe = (low + high) >> 1
            if less(pivot, items[probe]):
                high = probe
            else:
                low = probe + 1
        start = low
        if start == middle:
            return
        left = items[start:middle]
        i = 0
        j = middle
        target = start
        count = len(left)
        try:
            while i < count and j < stop:
                if less(items[j], left[i]):
                    items[target] = items[j]
                    j += 1
                else:
                    items[target] = left[i]
                    i += 1
                target += 1
        finally:
            # Also when a comparison raised: nothing may be lost.
            while i < count:
                items[target] = left[i]
                i += 1
                target += 1

    def sort(items):
        length = len(items)
        if length < 2:
            return
        starts = []
        start = 0
        while start < length:
            end = count_run(items, start, length)
            if end - start < MINIMUM_RUN and end < length:
                forced = min(start + MINIMUM_RUN, length)
                insert(items, start, end, forced)
                end = forced
            starts.append(start)
            start = end
        starts.append(length)
        while len(starts) > 2:
            merged = []
            i = 0
            while i + 2 < len(starts):
                merge(items, starts[i], starts[i + 1], starts[i + 2])
                merged.append(starts[i])
                i += 2
            while i < len(starts):
                if i + 1 < len(starts) or starts[i] == length:
                    merged.append(starts[i])
                i += 1
            starts = merged

    sort.__name__ = sort.__qualname__ = name
    return sort


def less_integer(a, b):
    return a < b


def less_float(a, b):
    return a < b


def less_string(a, b):
    return a < b


def less_object(w_a, w_b):
    return space.lt_w(w_a, w_b)


def less_decorated(a, b):
    return space.lt_w(a.w_key, b.w_key)


def less_integer_key(a, b):
    return a.key < b.key


def less_string_key(a, b):
    return a.key < b.key


def less_numbers(a, b):
    if a.first != b.first:
        return a.first < b.first
    if a.second != b.second:
        return a.second < b.second
    return tuple_less(a.items_w, b.items_w)


def less_name(a, b):
    if a.name == b.name:
        return tuple_less(a.items_w, b.items_w)
    return a.name < b.name


sort_integers = make_sort(less_integer, "sort_integers")
sort_floats = make_sort(less_float, "sort_floats")
sort_strings = make_sort(less_string, "sort_strings")
sort_objects = make_sort(less_object, "sort_objects")


class Decorated:
    """An item with its key."""

    def __init__(self, w_key, w_item):
        self.w_key = w_key
        self.w_item = w_item


class WithInteger:
    """An item with a key that is a machine integer."""

    def __init__(self, key, w_item):
        self.key = key
        self.w_item = w_item


class WithString:
    """An item with a key that is a string."""

    def __init__(self, key, w_item):
        self.key = key
        self.w_item = w_item


class WithNumbers:
    """An item with a tuple for a key: the machine integers that it begins with, and the items of the tuple."""

    def __init__(self, first, second, items_w, w_item):
        self.first = first
        self.second = second
        self.items_w = items_w
        self.w_item = w_item


class WithName:
    """An item with a tuple for a key: the string that it begins with, and the items of the tuple."""

    def __init__(self, name, items_w, w_item):
        self.name = name
        self.items_w = items_w
        self.w_item = w_item


sort_with_numbers = make_sort(less_numbers, "sort_with_numbers")
sort_with_names = make_sort(less_name, "sort_with_names")
sort_decorated = make_sort(less_decorated, "sort_decorated")
sort_with_integers = make_sort(less_integer_key, "sort_with_integers")
sort_with_strings = make_sort(less_string_key, "sort_with_strings")

keys_driver = jit.JitDriver(greens=["called"], reds="auto", name="keys of a sort")


def keys_of(items_w, w_key):
    """The keys of the items, in a list object."""
    w_keys = space.newlist([])
    called = w_key.call_shape()
    index = 0
    while index < len(items_w):
        keys_driver.jit_merge_point(called=called)
        w_keys.append(w_key.call_1(items_w[index]))
        index += 1
    return w_keys


def sorted_by_key(items_w, w_key, reverse):
    """A new list of the items, sorted by keys; if `reverse` these are taken from the last on."""
    w_keys = keys_of(items_w, w_key)
    count = len(items_w)
    if w_keys.strategy is INTEGERS:
        integers = INTEGERS.unerase(w_keys.storage)
        numbered = [WithInteger(integers[i], items_w[i]) for i in range(count)]
        if reverse:
            numbered.reverse()
        sort_with_integers(numbered)
        return [entry.w_item for entry in numbered]
    if w_keys.strategy is STRS:
        strings = STRS.unerase(w_keys.storage)
        named = [WithString(strings[i], items_w[i]) for i in range(count)]
        if reverse:
            named.reverse()
        sort_with_strings(named)
        return [entry.w_item for entry in named]
    keys_w = w_keys.items_list()
    sorted_w = sorted_by_tuples(keys_w, items_w, reverse)
    if sorted_w is not None:
        return sorted_w
    decorated = [Decorated(keys_w[i], items_w[i]) for i in range(count)]
    if reverse:
        decorated.reverse()
    sort_decorated(decorated)
    return [entry.w_item for entry in decorated]


# ---- sorting by tuples
#
# A comparison of two tuples goes through four objects in places of the memory that have nothing to do with each other.
# What the tuples begin with decides most of them, and that can be next to the item.

#: Fewer items are not worth a look at all of them.
LEAST_TUPLES = 16


def sorted_by_tuples(keys_w, items_w, reverse):
    """`sorted_by_key`, where all keys are tuples that begin with ints or with strs; None where they are not."""
    count = len(keys_w)
    if count < LEAST_TUPLES:
        return None
    w_key = keys_w[0]
    if not isinstance(w_key, W_Tuple) or len(w_key.items_w) == 0:
        return None
    w_first = w_key.items_w[0]
    if isinstance(w_first, W_Int):
        numbered = with_numbers(keys_w, items_w)
        if numbered is None:
            return None
        if reverse:
            numbered.reverse()
        sort_with_numbers(numbered)
        return [entry.w_item for entry in numbered]
    if isinstance(w_first, W_Str):
        named = with_names(keys_w, items_w)
        if named is None:
            return None
        if reverse:
            named.reverse()
        sort_with_names(named)
        return [entry.w_item for entry in named]
    return None


def parts_of(w_key):
    """The items of a key that is a tuple, none of another one."""
    return w_key.items_w if isinstance(w_key, W_Tuple) else NO_ITEMS


def with_numbers(keys_w, items_w):
    """The items with the numbers that their keys begin with, or None."""
    entries = newlist_hint(len(keys_w))
    all_second = True
    all_pairs = True
    for i in range(len(keys_w)):
        parts_w = parts_of(keys_w[i])
        if len(parts_w) == 0:
            return None
        w_first = parts_w[0]
        if not isinstance(w_first, W_Int):
            return None
        second = 0
        if len(parts_w) > 1:
            w_second = parts_w[1]
            if isinstance(w_second, W_Int):
                second = w_second.intval
            else:
                all_second = False
        else:
            all_second = False
        all_pairs = all_pairs and len(parts_w) == 2
        entries.append(WithNumbers(w_first.intval, second, parts_w, items_w[i]))
    if not all_second:
        for entry in entries:
            entry.second = 0
    elif all_pairs:
        # nothing is left to compare
        for entry in entries:
            entry.items_w = NO_ITEMS
    return entries


def with_names(keys_w, items_w):
    """The items with the strings that their keys begin with, or None."""
    entries = newlist_hint(len(keys_w))
    for i in range(len(keys_w)):
        parts_w = parts_of(keys_w[i])
        if len(parts_w) == 0:
            return None
        w_first = parts_w[0]
        if not isinstance(w_first, W_Str):
            return None
        entries.append(WithName(w_first.value, parts_w, items_w[i]))
    return entries


# ---- sorting by a function of the application

runs_driver = jit.JitDriver(greens=["called", "descending"], reds="auto", name="runs of a sort with cmp")
merge_driver = jit.JitDriver(greens=["called"], reds="auto", name="merge of a sort with cmp")


def is_less(w_compare, w_a, w_b):
    w_order = w_compare.call_2(w_a, w_b)
    if isinstance(w_order, W_Int):
        return w_order.intval < 0
    if not space.is_int(w_order):
        raise space.type_error("comparison function must return int, not %s" % space.type_name(w_order))
    return space.int_w(w_order) < 0


def run_end(keys_w, end, w_compare, descending):
    """The end of a run that goes on to `end` at least; in one that descends each item is less than the one before."""
    called = w_compare.call_shape()
    while end < len(keys_w):
        runs_driver.jit_merge_point(called=called, descending=descending)
        if is_less(w_compare, keys_w[end], keys_w[end - 1]) != descending:
            break
        end += 1
    return end


def reverse_range(items_w, start, stop):
    low = start
    high = stop - 1
    while low < high:
        w_item = items_w[low]
        items_w[low] = items_w[high]
        items_w[high] = w_item
        low += 1
        high -= 1


def merge_by_function(keys_w, items_w, start, middle, stop, w_compare, new_keys_w, new_items_w):
    """Append two neighbouring runs, merged, to the new lists."""
    called = w_compare.call_shape()
    i = start
    j = middle
    while i < middle and j < stop:
        merge_driver.jit_merge_point(called=called)
        if is_less(w_compare, keys_w[j], keys_w[i]):
            new_keys_w.append(keys_w[j])
            new_items_w.append(items_w[j])
            j += 1
        else:
            new_keys_w.append(keys_w[i])
            new_items_w.append(items_w[i])
            i += 1
    append_range(new_keys_w, keys_w, i, middle)
    append_range(new_items_w, items_w, i, middle)
    append_range(new_keys_w, keys_w, j, stop)
    append_range(new_items_w, items_w, j, stop)


def append_range(target_w, source_w, start, stop):
    for i in range(start, stop):
        target_w.append(source_w[i])


def sorted_by_function(keys_w, items_w, w_compare):
    """The items, sorted by what a function says of their keys, which may be the same list: a natural merge sort.

    Both lists are changed. The loops are compiled together with the function.
    """
    count = len(items_w)
    starts = []
    start = 0
    while start < count:
        starts.append(start)
        end = start + 1
        if end < count:
            descending = is_less(w_compare, keys_w[end], keys_w[start])
            end = run_end(keys_w, end + 1, w_compare, descending)
            if descending:
                reverse_range(keys_w, start, end)
                if items_w is not keys_w:
                    reverse_range(items_w, start, end)
        start = end
    starts.append(count)
    while len(starts) > 2:
        new_keys_w = newlist_hint(count)
        new_items_w = newlist_hint(count)
        merged = []
        i = 0
        while i < len(starts) - 1:
            merged.append(starts[i])
            middle = starts[i + 1]
            stop = starts[i + 2] if i + 2 < len(starts) else middle
            merge_by_function(keys_w, items_w, starts[i], middle, stop, w_compare, new_keys_w, new_items_w)
            i += 2
        merged.append(count)
        starts = merged
        keys_w = new_keys_w
        items_w = new_items_w
    return items_w


def sorted_items(items_w, w_compare, w_key, reverse):
    """The items in a sorted list, as ``list.sort``: stable, also in reverse; keys are made in the given order.

    The list is the caller's own, and changed: without a function and keys it is what comes back, and where a comparison
    raises it is partly sorted, as in CPython.
    """
    if w_compare is not None:
        items_w = items_w[:]
        keys_w = items_w
        if w_key is not None:
            keys_w = keys_of(items_w, w_key).items_list()
        if reverse:
            items_w.reverse()
            if w_key is not None:
                keys_w.reverse()
        items_w = sorted_by_function(keys_w, items_w, w_compare)
    elif w_key is not None:
        items_w = sorted_by_key(items_w, w_key, reverse)
    else:
        sorted_w = sorted_by_tuples(items_w, items_w, reverse)
        if sorted_w is None:
            if reverse:
                items_w.reverse()
            try:
                sort_objects(items_w)
            finally:
                if reverse:
                    items_w.reverse()
            return items_w
        items_w = sorted_w
    if reverse:
        items_w.reverse()
    return items_w
