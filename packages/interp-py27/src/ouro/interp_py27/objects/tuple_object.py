"""``tuple``."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import index_error, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import ITERATOR_ENTRIES, define_type
from ouro.rlib import jit
from ouro.rlib.objectmodel import not_rpython
from ouro.rlib.rarithmetic import intmask


class W_AnyTuple(W_Root):
    """A tuple or an instance of a subclass; `items_w` never changes."""

    _attrs_ = ("items_w",)
    _immutable_fields_ = ["items_w[*]"]

    def __init__(self, items_w):
        self.items_w = items_w

    def getitem_int(self, index):
        items_w = self.items_w
        if index < 0:
            index += len(items_w)
        if index < 0 or index >= len(items_w):
            raise index_error("tuple index out of range")
        return items_w[index]


class W_Tuple(W_AnyTuple):
    """An exact tuple."""


W_TupleUser = make_user_class(W_AnyTuple)


class W_TupleIterator(W_Root):
    _attrs_ = ("items_w", "position")

    def __init__(self, items_w):
        self.items_w = items_w
        self.position = 0

    def iter_next(self):
        position = self.position
        items_w = self.items_w
        if position >= len(items_w):
            return None
        self.position = position + 1
        return items_w[position]

    def items_expected(self):
        return len(self.items_w) - self.position

    def descr_length_hint(self):
        return space.newint(self.items_expected())


def descr_new(w_subtype, w_sequence=None):
    if w_sequence is None:
        items_w = []
    elif w_subtype is W_Tuple.w_builtin_type and isinstance(w_sequence, W_Tuple):
        return w_sequence
    else:
        items_w = space.unpack_asking(w_sequence)
    if w_subtype is W_Tuple.w_builtin_type:
        return W_Tuple(items_w[:])
    space.check_subtype(w_subtype, W_Tuple.w_builtin_type)
    w_obj = W_TupleUser(items_w[:])
    space.init_user(w_obj, w_subtype)
    return w_obj


#: Loops over so many items are traced item by item.
MOST_UNROLLED = 16


def unrolled(items_w):
    """Whether a loop over the items is traced item by item. (The interpreter never asks itself.)"""
    return not jit.we_are_jitted() or jit.loop_unrolling_heuristic(items_w, len(items_w), MOST_UNROLLED)


def descr_len(self):
    return space.newint(len(self.items_w))


def descr_iter(self):
    return W_TupleIterator(self.items_w)


def descr_getitem(self, w_index):
    if space.is_slice(w_index):
        start, step, length = space.slice_indices(w_index, len(self.items_w))
        return W_Tuple(slice_items(self.items_w, start, step, length))
    if not space.is_index(w_index):
        raise type_error("tuple indices must be integers, not %s" % space.type_name(w_index))
    return self.getitem_int(space.index_w(w_index))


@jit.look_inside_iff(lambda items_w, start, step, length: jit.isconstant(length) and length <= MOST_UNROLLED)
def slice_items(items_w, start, step, length):
    """`length` items from `start` on, every `step`-th."""
    result_w = [None] * length
    for i in range(length):
        result_w[i] = items_w[start]
        start += step
    return result_w


@unwrap_spec(start=int, stop=int)
def descr_getslice(self, start, stop):
    return descr_getitem(self, space.slice_between(start, stop))


def descr_contains(self, w_item):
    if unrolled(self.items_w):
        return space.newbool(is_one_of(self.items_w, w_item))
    return space.newbool(is_one_of_many(self.items_w, w_item))


@jit.unroll_safe
def is_one_of(items_w, w_item):
    for w_value in items_w:
        if space.eq_w(w_value, w_item):
            return True
    return False


contains_driver = jit.JitDriver(greens=["shape"], reds="auto", name="tuple.__contains__")


def is_one_of_many(items_w, w_item):
    shape = w_item.getclass()
    index = 0
    while index < len(items_w):
        contains_driver.jit_merge_point(shape=shape)
        if space.eq_w(items_w[index], w_item):
            return True
        index += 1
    return False


def descr_add(self, w_other):
    if not isinstance(w_other, W_AnyTuple):
        return space.w_NotImplemented
    return W_Tuple(self.items_w + w_other.items_w)


def descr_mul(self, w_count):
    if not space.is_index(w_count):
        return space.w_NotImplemented
    count = space.index_overflow_w(w_count)
    if isinstance(self, W_Tuple) and (count == 1 or len(self.items_w) == 0):
        return self
    return W_Tuple(repeated(self.items_w, count))


def repeated(items_w, count):
    """`count` times the items; MemoryError where that cannot be."""
    if count <= 0 or len(items_w) == 0:
        return []
    if count > 2 ** 48 // len(items_w):
        raise MemoryError
    return items_w * count


@not_rpython
def _make_comparison(name, compare_items, test):
    """Rich comparison: the first different items decide, else the lengths."""

    def compare(self, w_other):
        if not isinstance(w_other, W_AnyTuple):
            return space.w_NotImplemented
        left_w = self.items_w
        right_w = w_other.items_w
        index = space.first_difference(left_w, right_w)
        if index >= 0:
            return compare_items(left_w[index], right_w[index])
        return space.newbool(test(len(left_w), len(right_w)))

    compare.__name__ = compare.__qualname__ = "tuple_" + name
    return compare


def descr_hash(self):
    return space.newint(hash_items(self.items_w))


@jit.unroll_safe
def hash_items(items_w):
    """CPython's tuple hash: order matters, nested pairs do not cancel."""
    result = 0x345678
    multiplier = 1000003
    remaining = len(items_w)
    for w_item in items_w:
        remaining -= 1
        result = intmask((result ^ space.hash_int(w_item)) * multiplier)
        multiplier = intmask(multiplier + 82520 + remaining + remaining)
    result = intmask(result + 97531)
    return -2 if result == -1 else result


def descr_repr(self):
    items_w = self.items_w
    if len(items_w) == 0:
        return space.newstr("()")
    if not space.enter_repr(self):
        return space.newstr("(...)")
    try:
        if len(items_w) == 1:
            return space.newstr("(%s,)" % space.repr_text(items_w[0]))
        return space.newstr("(%s)" % ", ".join([space.repr_text(w_item) for w_item in items_w]))
    finally:
        space.leave_repr(self)


def descr_getnewargs(self):
    return space.newtuple([W_Tuple(self.items_w)])


def descr_count(self, w_value):
    count = 0
    for w_item in self.items_w:
        if space.eq_w(w_item, w_value):
            count += 1
    return space.newint(count)


def descr_index(self, w_value, w_start=None, w_stop=None):
    start, stop = space.item_search_bounds(w_start, w_stop, len(self.items_w))
    for i in range(start, min(stop, len(self.items_w))):
        if space.eq_w(self.items_w[i], w_value):
            return space.newint(i)
    raise value_error("tuple.index(x): x not in tuple")


_entries = {
    "__doc__": "tuple() -> empty tuple\ntuple(iterable) -> tuple initialized from iterable's items\n\n"
               "If the argument is a tuple, the return value is the same object.",
    "__new__": descr_new,
    "__len__": descr_len,
    "__iter__": descr_iter,
    "__getitem__": descr_getitem,
    "__getslice__": descr_getslice,
    "__contains__": descr_contains,
    "__add__": descr_add,
    "__mul__": descr_mul,
    "__rmul__": descr_mul,
    "__hash__": descr_hash,
    "__repr__": descr_repr,
    "__getnewargs__": descr_getnewargs,
    "count": descr_count,
    "index": descr_index,
    "__lt__": _make_comparison("lt", lambda w_a, w_b: space.lt(w_a, w_b), lambda a, b: a < b),
    "__le__": _make_comparison("le", lambda w_a, w_b: space.le(w_a, w_b), lambda a, b: a <= b),
    "__eq__": _make_comparison("eq", lambda w_a, w_b: space.w_False, lambda a, b: a == b),
    "__ne__": _make_comparison("ne", lambda w_a, w_b: space.w_True, lambda a, b: a != b),
    "__gt__": _make_comparison("gt", lambda w_a, w_b: space.gt(w_a, w_b), lambda a, b: a > b),
    "__ge__": _make_comparison("ge", lambda w_a, w_b: space.ge(w_a, w_b), lambda a, b: a >= b),
}
define_type(W_AnyTuple, "tuple", _entries, user_class=W_TupleUser, exact=W_Tuple)
define_type(W_TupleIterator, "tupleiterator", dict(
    ITERATOR_ENTRIES, __length_hint__=W_TupleIterator.descr_length_hint), acceptable_as_base=False)
