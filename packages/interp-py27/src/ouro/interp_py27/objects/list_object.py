"""``list``."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.list_strategies import (
    EMPTY,
    MOST_ROOM,
    OBJECTS,
    RANGE,
    SORTING,
    Progression,
    become,
    begin,
    generalize,
)
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import index_error, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.loop_drivers import loop_over
from ouro.interp_py27.vm.typedef import ITERATOR_ENTRIES, define_type
from ouro.rlib import jit
from ouro.rlib.objectmodel import instantiate, not_rpython

MAX_INT = 2 ** 63 - 1


class W_AnyList(W_Root):
    """A list or an instance of a subclass."""

    _attrs_ = ("strategy", "storage")

    def __init__(self, items_w):
        become(self, items_w)

    def with_storage(self, strategy, storage):
        """A new exact list."""
        w_list = instantiate(W_List)
        w_list.strategy = strategy
        w_list.storage = storage
        return w_list

    def length(self):
        return self.strategy.length(self)

    def items_list(self):
        """The items as a new list."""
        return self.strategy.items_list(self)

    def getitem_int(self, index):
        w_value = self.strategy.get_checked(self, index)
        if w_value is None:
            raise index_error("list index out of range")
        return w_value

    def setitem_int(self, index, w_value):
        if not self.strategy.set_checked(self, index, w_value):
            raise index_error("list assignment index out of range")

    def append(self, w_value):
        self.strategy.append(self, w_value)

    def extend(self, w_iterable):
        if isinstance(w_iterable, W_List):
            if w_iterable.length() == 0:
                return
            if self.strategy is w_iterable.strategy:
                self.strategy.extend_same(self, w_iterable)
                return
            if self.strategy is EMPTY:
                copy = w_iterable.strategy.slice(w_iterable, 0, 1, w_iterable.length())
                self.strategy = copy.strategy
                self.storage = copy.storage
                return
            self.strategy.settle(self)
            w_iterable.strategy.settle(w_iterable)
            if self.strategy is w_iterable.strategy:
                self.strategy.extend_same(self, w_iterable)
            else:
                self.extend_items(w_iterable.items_list())
            return
        if space.is_tuple(w_iterable):
            self.extend_items(space.unpack_list(w_iterable))
            return
        w_iterator = space.iter(w_iterable)
        # Lists grow well without knowing; but classes of the application see that they are asked.
        space.length_hint(w_iterable, 8)
        extend_from(self, w_iterator)

    def extend_items(self, items_w):
        for w_item in items_w:
            self.strategy.append(self, w_item)

    def set_items(self, items_w):
        become(self, items_w)


extend_driver = loop_over("list.extend")


def extend_from(w_list, w_iterator):
    if w_list.strategy is EMPTY:
        expected = w_iterator.items_expected()
        if expected > 1:
            w_first = w_iterator.iter_next()
            if w_first is None:
                return
            if w_list.strategy is EMPTY:
                begin(w_list, w_first, min(expected, MOST_ROOM))
            else:
                w_list.append(w_first)
    shape = w_iterator.iteration_shape()
    while True:
        extend_driver.jit_merge_point(shape=shape)
        w_value = w_iterator.iter_next()
        if w_value is None:
            return
        w_list.append(w_value)


class W_List(W_AnyList):
    """An exact list."""


W_ListUser = make_user_class(W_AnyList)


#: A longer progression is written down at once: memory that is not there is missed here and not somewhere later.
LONGEST_PROGRESSION = 2 ** 24


def newlist_progression(first, step, length):
    """The list of `length` ints from `first` on in steps of `step`; all are machine integers."""
    w_list = W_List([])
    if length > 0:
        w_list.strategy = RANGE
        w_list.storage = RANGE.erase(Progression(first, step, length))
        if length > LONGEST_PROGRESSION:
            RANGE.settle(w_list)
    return w_list


class W_ListIterator(W_Root):
    """Looks at the list at each step: changes of the list are seen."""

    _attrs_ = ("w_list", "position")

    def __init__(self, w_list):
        self.w_list = w_list
        self.position = 0

    def iter_next(self):
        w_list = self.w_list
        if w_list is None:
            return None
        position = self.position
        w_value = w_list.strategy.get_checked(w_list, position)
        if w_value is None:
            self.w_list = None
            return None
        self.position = position + 1
        return w_value

    def items_expected(self):
        if self.w_list is None:
            return 0
        return max(self.w_list.length() - self.position, 0)

    def descr_length_hint(self):
        return space.newint(self.items_expected())


class W_ListReverseIterator(W_Root):
    _attrs_ = ("w_list", "position")

    def __init__(self, w_list):
        self.w_list = w_list
        self.position = w_list.length() - 1

    def iter_next(self):
        if self.w_list is None:
            return None
        position = self.position
        if position < 0 or position >= self.w_list.length():
            self.w_list = None
            return None
        self.position = position - 1
        return self.w_list.strategy.get(self.w_list, position)

    def items_expected(self):
        if self.w_list is None or self.position >= self.w_list.length():
            return 0
        return self.position + 1

    def descr_length_hint(self):
        return space.newint(self.items_expected())


def descr_new(w_subtype, __args__):
    if w_subtype is W_List.w_builtin_type:
        return W_List([])
    space.check_subtype(w_subtype, W_List.w_builtin_type)
    w_obj = W_ListUser([])
    space.init_user(w_obj, w_subtype)
    return w_obj


def descr_init(self, w_sequence=None):
    become(self, [])
    if w_sequence is not None:
        self.extend(w_sequence)


def descr_len(self):
    return space.newint(self.length())


def descr_iter(self):
    return W_ListIterator(self)


def descr_reversed(self):
    return W_ListReverseIterator(self)


def descr_getitem(self, w_index):
    if space.is_slice(w_index):
        start, step, length = space.slice_indices(w_index, self.length())
        return self.strategy.slice(self, start, step, length)
    if not space.is_index(w_index):
        raise type_error("list indices must be integers, not %s" % space.type_name(w_index))
    return self.getitem_int(space.index_w(w_index))


def descr_setitem(self, w_index, w_value):
    if space.is_slice(w_index):
        start, step, length = space.slice_indices(w_index, self.length())
        if step == 1:
            assign_range(self, start, start + length, w_value)
        else:
            assign_extended(self, start, step, length, w_value)
        return
    if not space.is_index(w_index):
        raise type_error("list indices must be integers, not %s" % space.type_name(w_index))
    self.setitem_int(space.index_w(w_index), w_value)


def assign_range(w_list, start, stop, w_value):
    if isinstance(w_value, W_AnyList):
        if w_value is w_list:
            w_other = w_value.strategy.slice(w_value, 0, 1, w_value.length())
        else:
            w_other = w_value
    else:
        if not space.is_iterable(w_value):
            raise type_error("can only assign an iterable")
        w_other = W_List(space.unpack_list(w_value))
    # Making the list of new items may have run code that changed this one.
    w_list.strategy.settle(w_list)
    w_other.strategy.settle(w_other)
    length = w_list.length()
    start = min(start, length)
    stop = max(start, min(stop, length))
    if w_other.length() == 0:
        w_list.strategy.delete_range(w_list, start, stop)
        return
    if w_list.length() == 0:
        become(w_list, w_other.items_list())
        return
    if w_list.strategy is not w_other.strategy:
        if w_list.strategy is not OBJECTS:
            generalize(w_list)
        if w_other.strategy is not OBJECTS:
            w_other = W_List(w_other.items_list())
            if w_other.strategy is not OBJECTS:
                generalize(w_other)
    w_list.strategy.replace_range(w_list, start, stop, w_other)


def assign_extended(w_list, start, step, length, w_value):
    if not space.is_iterable(w_value):
        raise type_error("must assign iterable to extended slice")
    items_w = space.unpack_list(w_value)
    if len(items_w) != length:
        raise value_error("attempt to assign sequence of size %d to extended slice of size %d" % (
            len(items_w), length))
    for w_item in items_w:
        w_list.setitem_int(start, w_item)
        start += step


def descr_delitem(self, w_index):
    length = self.length()
    if space.is_slice(w_index):
        start, step, count = space.slice_indices(w_index, length)
        if step < 0 and count > 0:
            start = start + (count - 1) * step
            step = -step
        if step == 1:
            self.strategy.delete_range(self, start, start + count)
        elif count > 0:
            items_w = self.items_list()
            kept_w = []
            following = start
            remaining = count
            for i in range(length):
                if remaining > 0 and i == following:
                    following += step
                    remaining -= 1
                else:
                    kept_w.append(items_w[i])
            become(self, kept_w)
        return
    if not space.is_index(w_index):
        raise type_error("list indices must be integers, not %s" % space.type_name(w_index))
    index = space.index_w(w_index)
    if index < 0:
        index += length
    if index < 0 or index >= length:
        raise index_error("list assignment index out of range")
    self.strategy.pop(self, index)


def clamp(bound, length):
    return max(0, min(bound, length))


@unwrap_spec(start=int, stop=int)
def descr_getslice(self, start, stop):
    length = self.length()
    start = clamp(start, length)
    stop = max(start, clamp(stop, length))
    return self.strategy.slice(self, start, 1, stop - start)


@unwrap_spec(start=int, stop=int)
def descr_setslice(self, start, stop, w_value):
    length = self.length()
    start = clamp(start, length)
    assign_range(self, start, max(start, clamp(stop, length)), w_value)


@unwrap_spec(start=int, stop=int)
def descr_delslice(self, start, stop):
    length = self.length()
    start = clamp(start, length)
    self.strategy.delete_range(self, start, max(start, clamp(stop, length)))


def descr_contains(self, w_item):
    return space.newbool(self.strategy.find(self, w_item, 0, MAX_INT) >= 0)


def descr_add(self, w_other):
    if not isinstance(w_other, W_AnyList):
        return space.w_NotImplemented
    w_result = self.strategy.slice(self, 0, 1, self.length())
    if w_other.length():
        w_result.extend(W_List(w_other.items_list()) if not isinstance(w_other, W_List) else w_other)
    return w_result


def descr_iadd(self, w_other):
    self.extend(w_other)
    return self


def repeat_count(w_list, w_count):
    count = max(space.index_overflow_w(w_count), 0)
    length = w_list.length()
    if length and count > 2 ** 48 // length:
        raise MemoryError
    return count


def descr_mul(self, w_count):
    if not space.is_index(w_count):
        return space.w_NotImplemented
    count = repeat_count(self, w_count)
    if count == 0:
        return W_List([])
    return self.strategy.repeat(self, count)


def descr_imul(self, w_count):
    if not space.is_index(w_count):
        return space.w_NotImplemented
    self.strategy.repeat_in_place(self, repeat_count(self, w_count))
    return self


@not_rpython
def _make_comparison(name, compare_items, test):
    def compare(self, w_other):
        if not isinstance(w_other, W_AnyList):
            return space.w_NotImplemented
        if equality and self.length() != w_other.length():
            return space.newbool(name == "ne")
        i = 0
        while i < self.length() and i < w_other.length():
            w_left = self.strategy.get(self, i)
            w_right = w_other.strategy.get(w_other, i)
            if not space.eq_w(w_left, w_right):
                return compare_items(w_left, w_right)
            i += 1
        return space.newbool(test(self.length(), w_other.length()))

    equality = name == "eq" or name == "ne"
    compare.__name__ = compare.__qualname__ = "list_" + name
    return compare


def descr_repr(self):
    if self.length() == 0:
        return space.newstr("[]")
    if not space.enter_repr(self):
        return space.newstr("[...]")
    try:
        parts = []
        i = 0
        while i < self.length():
            parts.append(space.repr_text(self.strategy.get(self, i)))
            i += 1
        return space.newstr("[%s]" % ", ".join(parts))
    finally:
        space.leave_repr(self)


def descr_append(self, w_value):
    self.strategy.append(self, w_value)


def descr_extend(self, w_iterable):
    self.extend(w_iterable)


def descr_insert(self, w_index, w_value):
    index = space.arg_int_w(w_index)
    length = self.length()
    if index < 0:
        index = max(index + length, 0)
    self.strategy.insert(self, min(index, length), w_value)


def descr_pop(self, w_index=None):
    length = self.length()
    index = -1
    if w_index is not None:
        index = space.int_w(w_index)
    if length == 0:
        raise index_error("pop from empty list")
    if index < 0:
        index += length
    if index < 0 or index >= length:
        raise index_error("pop index out of range")
    return self.strategy.pop(self, index)


def descr_remove(self, w_value):
    index = self.strategy.find(self, w_value, 0, MAX_INT)
    if index < 0:
        raise value_error("list.remove(x): x not in list")
    if index < self.length():
        self.strategy.pop(self, index)


def descr_index(self, w_value, w_start=None, w_stop=None):
    start, stop = space.item_search_bounds(w_start, w_stop, self.length())
    index = self.strategy.find(self, w_value, start, stop)
    if index < 0:
        raise value_error("%s is not in list" % space.repr_text(w_value))
    return space.newint(index)


def descr_count(self, w_value):
    count = 0
    i = 0
    while i < self.length():
        if space.eq_w(self.strategy.get(self, i), w_value):
            count += 1
        i += 1
    return space.newint(count)


def descr_reverse(self):
    self.strategy.reverse(self)


@unwrap_spec(reverse="c_int")
@jit.dont_look_inside
def descr_sort(self, w_cmp=None, w_key=None, reverse=0):
    """L.sort(cmp=None, key=None, reverse=False) -- stable sort *IN PLACE*"""
    no_cmp = w_cmp is None or space.is_none(w_cmp)
    if not no_cmp:
        space.warn_py3k("the cmp argument is not supported in 3.x")
    no_key = w_key is None or space.is_none(w_key)
    if self.length() == 0:
        return
    if no_cmp and no_key:
        self.strategy.settle(self)
        strategy = self.strategy
        if reverse:
            # Backwards before and after, so that equal items stay in order.
            strategy.reverse(self)
        sorted_unboxed = strategy.sort(self)
        if reverse:
            strategy.reverse(self)
        if sorted_unboxed:
            return
    items_w = self.items_list()
    # The list appears empty while keys and comparisons run.
    self.strategy = SORTING
    self.storage = SORTING.fresh()
    modified = False
    try:
        items_w = space.sorted_items(items_w, None if no_cmp else w_cmp, None if no_key else w_key, reverse)
    finally:
        modified = self.strategy is not SORTING
        become(self, items_w)
    if modified:
        raise value_error("list modified during sort")


_entries = {
    "__doc__": "list() -> new empty list\nlist(iterable) -> new list initialized from iterable's items",
    "__new__": descr_new,
    "__init__": descr_init,
    "__len__": descr_len,
    "__iter__": descr_iter,
    "__reversed__": descr_reversed,
    "__getitem__": descr_getitem,
    "__setitem__": descr_setitem,
    "__delitem__": descr_delitem,
    "__getslice__": descr_getslice,
    "__setslice__": descr_setslice,
    "__delslice__": descr_delslice,
    "__contains__": descr_contains,
    "__add__": descr_add,
    "__iadd__": descr_iadd,
    "__mul__": descr_mul,
    "__rmul__": descr_mul,
    "__imul__": descr_imul,
    "__hash__": None,
    "__repr__": descr_repr,
    "append": descr_append,
    "extend": descr_extend,
    "insert": descr_insert,
    "pop": descr_pop,
    "remove": descr_remove,
    "index": descr_index,
    "count": descr_count,
    "reverse": descr_reverse,
    "sort": descr_sort,
    "__lt__": _make_comparison("lt", lambda w_a, w_b: space.lt(w_a, w_b), lambda a, b: a < b),
    "__le__": _make_comparison("le", lambda w_a, w_b: space.le(w_a, w_b), lambda a, b: a <= b),
    "__eq__": _make_comparison("eq", lambda w_a, w_b: space.w_False, lambda a, b: a == b),
    "__ne__": _make_comparison("ne", lambda w_a, w_b: space.w_True, lambda a, b: a != b),
    "__gt__": _make_comparison("gt", lambda w_a, w_b: space.gt(w_a, w_b), lambda a, b: a > b),
    "__ge__": _make_comparison("ge", lambda w_a, w_b: space.ge(w_a, w_b), lambda a, b: a >= b),
}
define_type(W_AnyList, "list", _entries, user_class=W_ListUser, exact=W_List)
define_type(W_ListIterator, "listiterator", dict(
    ITERATOR_ENTRIES, __length_hint__=W_ListIterator.descr_length_hint), acceptable_as_base=False)
define_type(W_ListReverseIterator, "listreverseiterator", dict(
    ITERATOR_ENTRIES, __length_hint__=W_ListReverseIterator.descr_length_hint), acceptable_as_base=False)


def list_append(w_list, w_value):
    """LIST_APPEND: the target is an exact list."""
    assert isinstance(w_list, W_List)
    w_list.strategy.append(w_list, w_value)


def list_fill(w_list, w_value, w_iterator):
    """FILL_LIST: as LIST_APPEND, and an item comes for each that the iterator still gives."""
    assert isinstance(w_list, W_List)
    if w_list.strategy is EMPTY:
        expected = w_iterator.items_expected()
        if expected > 0:
            begin(w_list, w_value, min(expected, MOST_ROOM) + 1)
            return
    w_list.strategy.append(w_list, w_value)
