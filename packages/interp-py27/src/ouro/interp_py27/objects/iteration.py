"""Iterating, unpacking, and the iterator types that several families share."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.list_object import W_List, W_ListIterator
from ouro.interp_py27.objects.oldstyle_object import W_OldInstance
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.specials import special
from ouro.interp_py27.objects.str_object import W_Str, W_StrIterator
from ouro.interp_py27.objects.tuple_object import W_AnyTuple, W_Tuple, W_TupleIterator
from ouro.interp_py27.objects.unicode_object import W_Unicode
from ouro.interp_py27.vm.errors import OperationError, stop_iteration, type_error, value_error
from ouro.interp_py27.vm.loop_drivers import loop_over
from ouro.interp_py27.vm.typedef import ITERATOR_ENTRIES, define_type
from ouro.rlib import jit

GETITEM = special("__getitem__")
ITER = special("__iter__")
LEN = special("__len__")
LENGTH_HINT = special("__length_hint__")
NEXT = special("next")

# Unpacking to so many variables is traced item by item.
MOST_UNROLLED = 16


def iter(w_obj):
    return iter_for(w_obj, "'%s' object is not iterable")


def iter_for(w_obj, message):
    """The iterator of `w_obj`; `message` takes the type name."""
    if isinstance(w_obj, W_List):
        return W_ListIterator(w_obj)
    if isinstance(w_obj, W_Tuple):
        return W_TupleIterator(w_obj.items_w)
    if isinstance(w_obj, W_Str):
        return W_StrIterator(w_obj.value)
    w_type = w_obj.getclass()
    w_method = w_type.lookup_special(ITER)
    if w_method is None:
        if isinstance(w_obj, W_Unicode):
            return space.unicode_iterator(w_obj)
        if w_type.lookup_special(GETITEM) is None:
            raise type_error(message.replace("%s", w_type.full_name()))
        return W_SequenceIterator(w_obj)
    if space.is_none(w_method):
        raise type_error(message.replace("%s", w_type.full_name()))
    w_iterator = space.call_special_0(w_method, w_obj)
    if w_iterator.getclass().lookup_special(NEXT) is None:
        raise type_error("iter() returned non-iterator of type '%s'" % space.type_name(w_iterator))
    return w_iterator


@jit.unroll_safe
def next_items(iterators_w):
    """The next item of every iterator, in a list of fixed length, or None as soon as one has no more."""
    items_w = [None] * len(iterators_w)
    for i in range(len(iterators_w)):
        w_item = iterators_w[i].iter_next()
        if w_item is None:
            return None
        items_w[i] = w_item
    return items_w


def is_iterable(w_obj):
    if space.is_old_instance(w_obj):
        return space.findattr(w_obj, "__iter__") is not None or space.findattr(w_obj, "__getitem__") is not None
    w_type = w_obj.getclass()
    return w_type.lookup_special(ITER) is not None or w_type.lookup_special(GETITEM) is not None


def is_mapping(w_obj):
    """Whether the object has items by key: sequences, which have slices too, do not count."""
    if space.is_old_instance(w_obj):
        return space.findattr(w_obj, "__getitem__") is not None
    return space.lookup(w_obj, "__getitem__") is not None and space.lookup(w_obj, "__getslice__") is None


def next(w_iterator):
    """The next item; raises the application's StopIteration at the end."""
    w_value = w_iterator.iter_next()
    if w_value is None:
        raise stop_iteration()
    return w_value


def unpack_list(w_iterable):
    """All items, in a new list."""
    if isinstance(w_iterable, W_List):
        return w_iterable.items_list()
    if isinstance(w_iterable, W_AnyTuple) and w_iterable.getclass().lookup_special(ITER) is space.w_tuple_iter:
        return w_iterable.items_w[:]
    return exhaust(iter(w_iterable))


exhaust_driver = loop_over("items")


def exhaust(w_iterator):
    """All items that an iterator has yet, in a new list."""
    items_w = []
    shape = w_iterator.iteration_shape()
    while True:
        exhaust_driver.jit_merge_point(shape=shape)
        w_value = w_iterator.iter_next()
        if w_value is None:
            return items_w
        items_w.append(w_value)


def unpack_asking(w_iterable):
    """As `unpack_list`; what is no list or tuple is asked for its length, as in CPython, and may object."""
    if isinstance(w_iterable, W_List) or isinstance(w_iterable, W_AnyTuple):
        return unpack_list(w_iterable)
    w_iterator = iter(w_iterable)
    length_hint(w_iterable, 8)
    return unpack_list(w_iterator)


def fixed_unpack(w_iterable, count):
    """Exactly `count` items, for unpacking assignment."""
    if isinstance(w_iterable, W_AnyTuple) and w_iterable.getclass().lookup_special(ITER) is space.w_tuple_iter:
        items_w = w_iterable.items_w[:]
    elif isinstance(w_iterable, W_List):
        items_w = w_iterable.items_list()
    else:
        items_w = take_at_most(iter(w_iterable), count)
    given = len(items_w)
    if given < count:
        raise value_error("need more than %d value%s to unpack" % (given, "" if given == 1 else "s"))
    if given > count:
        raise value_error("too many values to unpack")
    return items_w


@jit.look_inside_iff(lambda w_iterator, count: jit.isconstant(count) and count <= MOST_UNROLLED)
def take_at_most(w_iterator, count):
    """All items that an iterator has yet, which must be `count` or less."""
    items_w = []
    while True:
        w_value = w_iterator.iter_next()
        if w_value is None:
            return items_w
        items_w.append(w_value)
        if len(items_w) > count:
            raise value_error("too many values to unpack")


def length_hint(w_obj, default):
    """How many items to expect: ``__len__``, ``__length_hint__``, or `default`."""
    w_type = w_obj.getclass()
    if w_type.lookup_special(LEN) is not None:
        try:
            return space.len_w(w_obj)
        except OperationError as error:
            if not (error.match(space.w_TypeError) or error.match(space.w_AttributeError)):
                raise
    try:
        if isinstance(w_obj, W_OldInstance):
            w_bound = w_obj.find("__length_hint__")
            if w_bound is None:
                return default
            w_hint = w_bound.call_0()
        else:
            w_method = w_type.lookup_special(LENGTH_HINT)
            if w_method is None:
                return default
            w_hint = space.call_special_0(w_method, w_obj)
    except OperationError as error:
        if not (error.match(space.w_TypeError) or error.match(space.w_AttributeError)):
            raise
        return default
    if not space.is_number(w_hint):
        return default
    return space.int_w(w_hint)


class W_SequenceIterator(W_Root):
    """``iter()`` of an object with ``__getitem__`` only."""

    _attrs_ = ("w_sequence", "position")

    def __init__(self, w_sequence):
        self.w_sequence = w_sequence
        self.position = 0

    def iter_next(self):
        if self.w_sequence is None:
            return None
        try:
            w_item = space.getitem(self.w_sequence, space.newint(self.position))
        except OperationError as error:
            if not (error.match(space.w_IndexError) or error.match(space.w_StopIteration)):
                raise
            self.w_sequence = None
            return None
        self.position += 1
        return w_item

    def descr_length_hint(self):
        if self.w_sequence is None:
            return space.newint(0)
        remaining = space.len_w(self.w_sequence) - self.position
        return space.newint(remaining if remaining > 0 else 0)


class W_CallableIterator(W_Root):
    """``iter(callable, sentinel)``."""

    _attrs_ = ("w_callable", "w_sentinel")

    def __init__(self, w_callable, w_sentinel):
        self.w_callable = w_callable
        self.w_sentinel = w_sentinel

    def iter_next(self):
        if self.w_callable is None:
            return None
        try:
            w_value = self.w_callable.call_0()
        except OperationError as error:
            if not error.match(space.w_StopIteration):
                raise
            self.w_callable = None
            return None
        if space.eq_w(w_value, self.w_sentinel):
            self.w_callable = None
            return None
        return w_value


define_type(W_SequenceIterator, "iterator", dict(
    ITERATOR_ENTRIES, __length_hint__=W_SequenceIterator.descr_length_hint), acceptable_as_base=False)
define_type(W_CallableIterator, "callable-iterator", ITERATOR_ENTRIES, acceptable_as_base=False)


def sequence_iterator(w_sequence):
    """The iterator over an object with ``__getitem__``."""
    return W_SequenceIterator(w_sequence)
