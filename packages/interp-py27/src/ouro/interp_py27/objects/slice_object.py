"""``slice``, and bounds of slices and searches."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.argument import positional_arguments
from ouro.interp_py27.vm.errors import type_error, value_error
from ouro.interp_py27.vm.typedef import Member, define_type

MAX_INT = 2 ** 63 - 1
MIN_INT = -(2 ** 63)


class W_Slice(W_Root):
    _attrs_ = ("w_start", "w_stop", "w_step")
    _immutable_fields_ = ["w_start", "w_stop", "w_step"]

    def __init__(self, w_start, w_stop, w_step):
        self.w_start = w_start
        self.w_stop = w_stop
        self.w_step = w_step


def newslice(w_start, w_stop, w_step):
    return W_Slice(w_start, w_stop, w_step)


def is_slice(w_obj):
    return isinstance(w_obj, W_Slice)


def slice_indices(w_slice, length):
    """`(start, step, count)` of the items that a slice selects from a sequence of `length` items."""
    start, stop, step = adjusted(w_slice, length)
    if step > 0:
        count = (stop - start - 1) // step + 1 if stop > start else 0
    else:
        count = (start - stop - 1) // -step + 1 if start > stop else 0
    return start, step, count


def adjusted(w_slice, length):
    """`(start, stop, step)` within a sequence of `length` items."""
    assert isinstance(w_slice, W_Slice)
    if space.is_none(w_slice.w_step):
        step = 1
    else:
        step = space.index_clamped_w(w_slice.w_step)
        if step == 0:
            raise value_error("slice step cannot be zero")
        # The least integer has no negative.
        step = max(step, -MAX_INT)
    high = length - 1 if step < 0 else length
    low = min(-1 if step < 0 else 0, high)
    start = bound(w_slice.w_start, length, low, high, high if step < 0 else low)
    stop = bound(w_slice.w_stop, length, low, high, low if step < 0 else high)
    return start, stop, step


def bound(w_bound, length, low, high, default):
    if space.is_none(w_bound):
        return default
    value = space.index_clamped_w(w_bound)
    if value < 0:
        value += length
        if value < low:
            value = low
    if value > high:
        value = high
    return value


def slice_between(start, stop):
    """The slice that ``__getslice__`` means: bounds that are negative still are before the first item."""
    return W_Slice(space.newint(max(start, 0)), space.newint(max(stop, 0)), space.w_None)


def search_bounds(w_start, w_stop, length):
    """Bounds given to ``find``, ``index``, ``count``...: not negative, `stop` may be beyond the end."""
    start = 0
    stop = MAX_INT
    if w_start is not None and not space.is_none(w_start):
        start = space.index_clamped_w(w_start)
        if start < 0:
            start = max(start + length, 0)
    if w_stop is not None and not space.is_none(w_stop):
        stop = space.index_clamped_w(w_stop)
        if stop < 0:
            stop = max(stop + length, 0)
    return start, stop


def item_search_bounds(w_start, w_stop, length):
    """As `search_bounds`, for ``index`` of lists and tuples: None is no bound."""
    check_item_bound(w_start)
    check_item_bound(w_stop)
    return search_bounds(w_start, w_stop, length)


def check_item_bound(w_bound):
    if w_bound is not None and not space.is_index(w_bound):
        raise type_error("slice indices must be integers or have an __index__ method")


def descr_new(w_subtype, __args__):
    args_w = positional_arguments(__args__, "slice", 1, 3)
    if len(args_w) == 1:
        return W_Slice(space.w_None, args_w[0], space.w_None)
    return W_Slice(args_w[0], args_w[1], args_w[2] if len(args_w) == 3 else space.w_None)


def descr_repr(self):
    return space.newstr("slice(%s, %s, %s)" % (
        space.repr_text(self.w_start), space.repr_text(self.w_stop), space.repr_text(self.w_step)))


def descr_hash(self):
    raise type_error("unhashable type")


def descr_indices(self, w_length):
    start, stop, step = adjusted(self, space.index_overflow_w(w_length))
    return space.newtuple([space.newint(start), space.newint(stop), space.newint(step)])


def descr_reduce(self):
    return space.newtuple([self.getclass(), as_tuple(self)])


def as_tuple(w_slice):
    return space.newtuple([w_slice.w_start, w_slice.w_stop, w_slice.w_step])


def descr_cmp(self, w_other):
    if not isinstance(w_other, W_Slice):
        raise space.wrong_cmp_operand(self, "slice", w_other)
    return space.newint(space.cmp_int(as_tuple(self), as_tuple(w_other)))


define_type(W_Slice, "slice", {
    "__new__": descr_new,
    "__repr__": descr_repr,
    "__hash__": descr_hash,
    "__cmp__": descr_cmp,
    "__reduce__": descr_reduce,
    "indices": descr_indices,
    "start": Member("w_start"),
    "stop": Member("w_stop"),
    "step": Member("w_step"),
}, acceptable_as_base=False)
