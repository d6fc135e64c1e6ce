"""Sorting: a stable merge sort over runs, for unboxed and for application items.

The natural-run merge sort is Knuth's (The Art of Computer Programming 3, 5.2.4, algorithm N) with insertion sort to
bring short runs to a minimum length. Comparisons of application items may raise; the items stay a permutation of what
they were.
"""

from ouro.interp_py27.objects import space
from ouro.rlib.objectmodel import not_rpython

MINIMUM_RUN = 24


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


def less_by_function(a, b):
    return a.compare(b) < 0


sort_integers = make_sort(less_integer, "sort_integers")
sort_floats = make_sort(less_float, "sort_floats")
sort_strings = make_sort(less_string, "sort_strings")
sort_objects = make_sort(less_object, "sort_objects")


class Decorated:
    """An item with its key."""

    def __init__(self, w_key, w_item):
        self.w_key = w_key
        self.w_item = w_item


class Compared:
    """An item with its key and the function to compare keys with."""

    def __init__(self, w_key, w_item, w_compare):
        self.w_key = w_key
        self.w_item = w_item
        self.w_compare = w_compare

    def compare(self, other):
        w_order = self.w_compare.call_2(self.w_key, other.w_key)
        if not space.is_int(w_order):
            raise space.type_error("comparison function must return int, not %s" % space.type_name(w_order))
        return space.int_w(w_order)


sort_decorated = make_sort(less_decorated, "sort_decorated")
sort_compared = make_sort(less_by_function, "sort_compared")


def sorted_items(items_w, w_compare, w_key, reverse):
    """The items in a new sorted list, as ``list.sort``: stable, also in reverse; keys are made in the given order."""
    if w_compare is not None:
        compared = []
        for w_item in items_w:
            w_item_key = w_item if w_key is None else w_key.call_1(w_item)
            compared.append(Compared(w_item_key, w_item, w_compare))
        if reverse:
            compared.reverse()
        sort_compared(compared)
        items_w = [entry.w_item for entry in compared]
    elif w_key is not None:
        decorated = [Decorated(w_key.call_1(w_item), w_item) for w_item in items_w]
        if reverse:
            decorated.reverse()
        sort_decorated(decorated)
        items_w = [entry.w_item for entry in decorated]
    else:
        items_w = items_w[:]
        if reverse:
            items_w.reverse()
        sort_objects(items_w)
    if reverse:
        items_w.reverse()
    return items_w
