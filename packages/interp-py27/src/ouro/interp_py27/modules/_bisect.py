"""``_bisect``: binary search in sorted sequences."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.list_object import W_List
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.vm.argument import named_arguments
from ouro.interp_py27.vm.errors import value_error
from ouro.rlib.objectmodel import not_rpython


def find_right(w_sequence, w_item, low, high):
    """The index behind the last item that is not greater than `w_item`; `high` -1 means the length."""
    if low < 0:
        raise value_error("lo must be non-negative")
    if high == -1:
        high = space.len_w(w_sequence)
    while low < high:
        middle = low + ((high - low) >> 1)
        if space.lt_w(w_item, item_at(w_sequence, middle)):
            high = middle
        else:
            low = middle + 1
    return low


def find_left(w_sequence, w_item, low, high):
    """The index of the first item that is not less than `w_item`."""
    if low < 0:
        raise value_error("lo must be non-negative")
    if high == -1:
        high = space.len_w(w_sequence)
    while low < high:
        middle = low + ((high - low) >> 1)
        if space.lt_w(item_at(w_sequence, middle), w_item):
            low = middle + 1
        else:
            high = middle
    return low


def item_at(w_sequence, index):
    if isinstance(w_sequence, W_List):
        return w_sequence.getitem_int(index)
    return space.getitem(w_sequence, space.newint(index))


@not_rpython
def _make_functions(side, find):
    """The search, and the insertion at the place that it finds."""

    def place(arguments_w):
        w_sequence, w_item, w_low, w_high = arguments_w
        low = 0 if w_low is None else space.arg_int_w(w_low)
        high = -1 if w_high is None else space.arg_int_w(w_high)
        return find(w_sequence, w_item, low, high)

    def bisect(__args__):
        arguments_w = named_arguments(__args__, "bisect_" + side, ["a", "x", "lo", "hi"], 2)
        return space.newint(place(arguments_w))

    def insort(__args__):
        arguments_w = named_arguments(__args__, "insort_" + side, ["a", "x", "lo", "hi"], 2)
        index = place(arguments_w)
        w_sequence = arguments_w[0]
        if isinstance(w_sequence, W_List):
            w_sequence.strategy.insert(w_sequence, min(index, w_sequence.length()), arguments_w[1])
        else:
            space.getattr_str(w_sequence, "insert").call_2(space.newint(index), arguments_w[1])

    return bisect, insort


_EXTENT = """
Optional args lo (default 0) and hi (default len(a)) bound the
slice of a to be searched.
"""

bisect_right, insort_right = _make_functions("right", find_right)
bisect_left, insort_left = _make_functions("left", find_left)
bisect_right.__doc__ = """bisect(a, x[, lo[, hi]]) -> index
bisect_right(a, x[, lo[, hi]]) -> index

Return the index where to insert item x in list a, assuming a is sorted.

The return value i is such that all e in a[:i] have e <= x, and all e in
a[i:] have e > x.  So if x already appears in the list, i points just
beyond the rightmost x already there
""" + _EXTENT
bisect_left.__doc__ = """bisect_left(a, x[, lo[, hi]]) -> index

Return the index where to insert item x in list a, assuming a is sorted.

The return value i is such that all e in a[:i] have e < x, and all e in
a[i:] have e >= x.  So if x already appears in the list, i points just
before the leftmost x already there.
""" + _EXTENT
insort_right.__doc__ = """insort(a, x[, lo[, hi]])
insort_right(a, x[, lo[, hi]])

Insert item x in list a, and keep it sorted assuming a is sorted.

If x is already in a, insert it to the right of the rightmost x.
""" + _EXTENT
insort_left.__doc__ = """insort_left(a, x[, lo[, hi]])

Insert item x in list a, and keep it sorted assuming a is sorted.

If x is already in a, insert it to the left of the leftmost x.
""" + _EXTENT

define_module("_bisect", {
    "bisect": bisect_right,
    "bisect_right": bisect_right,
    "bisect_left": bisect_left,
    "insort": insort_right,
    "insort_right": insort_right,
    "insort_left": insort_left,
}, doc="""Bisection algorithms.

This module provides support for maintaining a list in sorted order without
having to sort the list after each insertion. For long lists of items with
expensive comparison operations, this can be an improvement over the more
common approach.
""")
