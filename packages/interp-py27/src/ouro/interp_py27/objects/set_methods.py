"""The types ``set`` and ``frozenset``: operators, methods, iteration."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.dict_cursors import W_TableIterator
from ouro.interp_py27.objects.dict_object import W_Dict, merge, merge_keys
from ouro.interp_py27.objects.dict_strategies import EMPTY, KnownKeys
from ouro.interp_py27.objects.set_object import (
    W_AnyFrozenSet,
    W_AnyMutableSet,
    W_AnySet,
    W_FrozenSet,
    W_FrozenSetUser,
    W_Set,
    W_SetUser,
)
from ouro.interp_py27.vm.errors import OperationError, key_error, runtime_error, type_error
from ouro.interp_py27.vm.loop_drivers import loop_over
from ouro.interp_py27.vm.typedef import ITERATOR_ENTRIES, define_type
from ouro.rlib.objectmodel import not_rpython
from ouro.rlib.rarithmetic import intmask, r_uint


class W_SetIterator(W_TableIterator):
    """Over the table itself; changes of the size are an error."""

    # `w_set` is None at the end.
    _attrs_ = ("w_set",)

    def __init__(self, w_set):
        W_TableIterator.__init__(self, w_set.items)
        self.w_set = w_set

    def iter_next(self):
        w_set = self.w_set
        if w_set is None:
            return None
        items = w_set.items
        if items.length() != self.length:
            self.length = -1
            raise runtime_error("Set changed size during iteration")
        if self.passed >= self.length:
            self.w_set = None
            self.let_go(EMPTY.fresh())
            return None
        return self.moved(items).next_key()

    def descr_length_hint(self):
        if self.w_set is None or self.w_set.length() != self.length:
            return space.newint(0)
        return space.newint(self.length - self.passed)


# ---- building


def update_from(w_set, w_iterable):
    """Add all items of an iterable."""
    if isinstance(w_iterable, W_AnySet):
        merge(w_set.items, w_iterable.items)
        return
    if isinstance(w_iterable, W_Dict):
        merge_keys(w_set.items, w_iterable, space.w_None)
        return
    add_items(w_set, space.iter(w_iterable))


add_driver = loop_over("set.update")


def add_items(w_set, w_iterator):
    shape = w_iterator.iteration_shape()
    while True:
        add_driver.jit_merge_point(shape=shape)
        w_item = w_iterator.iter_next()
        if w_item is None:
            return
        w_set.add(w_item)


def newfrozenset(items_w):
    w_set = W_FrozenSet()
    for w_item in items_w:
        w_set.add(w_item)
    return w_set


def as_set(w_iterable):
    """A set with the items of an iterable: the argument itself where it is one."""
    if isinstance(w_iterable, W_AnySet):
        return w_iterable
    w_set = W_Set()
    update_from(w_set, w_iterable)
    return w_set


def new_like(w_set):
    """An empty set of the same type, subclasses too, to build a result in."""
    w_type = w_set.getclass()
    if isinstance(w_set, W_AnyFrozenSet):
        if w_type is W_FrozenSet.w_builtin_type:
            return W_FrozenSet()
        w_frozen = W_FrozenSetUser()
        space.init_user(w_frozen, w_type)
        return w_frozen
    if w_type is W_Set.w_builtin_type:
        return W_Set()
    w_result = W_SetUser()
    space.init_user(w_result, w_type)
    return w_result


def copy_of(w_set):
    w_result = new_like(w_set)
    update_from(w_result, w_set)
    return w_result


def element(w_item):
    """The key for a look-up: a set, which has no hash, stands for the frozenset equal to it."""
    if isinstance(w_item, W_AnyMutableSet):
        w_frozen = W_FrozenSet()
        update_from(w_frozen, w_item)
        return w_frozen
    return w_item


def find(w_set, w_item):
    """Membership; sets are looked up as frozensets where they have no hash."""
    try:
        return w_set.contains(w_item)
    except OperationError as error:
        if not isinstance(w_item, W_AnyMutableSet) or not error.match(space.w_TypeError):
            raise
        return w_set.contains(element(w_item))


def remove_item(w_set, w_item):
    """False where it was not there."""
    try:
        return w_set.discard(w_item)
    except OperationError as error:
        if not isinstance(w_item, W_AnyMutableSet) or not error.match(space.w_TypeError):
            raise
        return w_set.discard(element(w_item))


def set_new(w_subtype, __args__):
    if w_subtype is W_Set.w_builtin_type:
        return W_Set()
    space.check_subtype(w_subtype, W_Set.w_builtin_type)
    w_obj = W_SetUser()
    space.init_user(w_obj, w_subtype)
    return w_obj


def set_init(self, __args__):
    if __args__.has_keywords():
        raise type_error("set() does not take keyword arguments")
    args_w = __args__.args_w
    if len(args_w) > 1:
        raise type_error("set expected at most 1 arguments, got %d" % len(args_w))
    self.items.clear()
    if len(args_w) == 1:
        update_from(self, args_w[0])


empty_frozenset = W_FrozenSet()


def frozenset_new(w_subtype, __args__):
    args_w = __args__.args_w
    exact = w_subtype is W_FrozenSet.w_builtin_type
    if exact and __args__.has_keywords():
        raise type_error("frozenset() does not take keyword arguments")
    if len(args_w) > 1:
        raise type_error("frozenset expected at most 1 arguments, got %d" % len(args_w))
    if exact:
        if len(args_w) == 1 and isinstance(args_w[0], W_FrozenSet):
            return args_w[0]
        w_obj = W_FrozenSet()
        if len(args_w) == 1:
            update_from(w_obj, args_w[0])
        # There is one empty frozenset, as in CPython.
        return w_obj if w_obj.length() > 0 else empty_frozenset
    space.check_subtype(w_subtype, W_FrozenSet.w_builtin_type)
    w_obj = W_FrozenSetUser()
    space.init_user(w_obj, w_subtype)
    if len(args_w) == 1:
        update_from(w_obj, args_w[0])
    return w_obj


# ---- as a container


def descr_len(self):
    return space.newint(self.length())


def descr_iter(self):
    return W_SetIterator(self)


def descr_contains(self, w_item):
    return space.newbool(find(self, w_item))


def descr_repr(self):
    name = self.getclass().name
    if not space.enter_repr(self):
        return space.newstr(name + "(...)")
    try:
        parts = [space.repr_text(w_item) for w_item in self.items_list()]
        return space.newstr("%s([%s])" % (name, ", ".join(parts)))
    finally:
        space.leave_repr(self)


def frozenset_hash(self):
    """The hash of CPython's ``frozenset_hash``: it does not depend on the order."""
    if self.cached_hash != -1:
        return space.newint(self.cached_hash)
    result = r_uint(1927868237) * r_uint(self.length() + 1)
    keys = KnownKeys(self.items)
    for i in range(len(keys.keys_w)):
        value = r_uint(keys.hash(i))
        result ^= (value ^ (value << r_uint(16)) ^ r_uint(89869747)) * r_uint(3644798167)
    result = result * r_uint(69069) + r_uint(907133923)
    signed = intmask(result)
    self.cached_hash = 590923713 if signed == -1 else signed
    return space.newint(self.cached_hash)


def descr_reduce(self):
    """Return state information for pickling."""
    w_dict = self.getdict()
    if w_dict is None:
        w_dict = space.w_None
    w_items = space.newtuple([space.newlist(self.items_list())])
    return space.newtuple([self.getclass(), w_items, w_dict])


def descr_copy(self):
    """Return a shallow copy of a set."""
    if isinstance(self, W_FrozenSet):
        return self
    return copy_of(self)


# ---- comparing


def is_subset(w_left, w_right):
    if w_left.length() > w_right.length():
        return False
    keys = KnownKeys(w_left.items)
    for i in range(len(keys.keys_w)):
        if not keys.is_in(i, w_right.items):
            return False
    return True


def is_equal(w_left, w_right):
    return w_left.length() == w_right.length() and is_subset(w_left, w_right)


def descr_eq(self, w_other):
    if not isinstance(w_other, W_AnySet):
        return space.w_NotImplemented
    return space.newbool(is_equal(self, w_other))


def descr_ne(self, w_other):
    if not isinstance(w_other, W_AnySet):
        return space.w_NotImplemented
    return space.newbool(not is_equal(self, w_other))


@not_rpython
def _make_order(name, test):
    def compare(self, w_other):
        if not isinstance(w_other, W_AnySet):
            return space.w_NotImplemented
        return space.newbool(test(self, w_other))

    compare.__name__ = compare.__qualname__ = "set_" + name
    return compare


def is_superset(w_left, w_right):
    return is_subset(w_right, w_left)


def is_proper_subset(w_left, w_right):
    return w_left.length() < w_right.length() and is_subset(w_left, w_right)


def is_proper_superset(w_left, w_right):
    return is_proper_subset(w_right, w_left)


def descr_cmp(self, w_other):
    if not isinstance(w_other, W_AnySet):
        raise space.wrong_cmp_operand(self, space.type_name(self), w_other)
    raise type_error("cannot compare sets using cmp()")


# ---- set algebra; each works in place on a set that is being built


def do_update(w_set, w_iterable):
    update_from(w_set, w_iterable)


def do_intersect(w_set, w_iterable):
    w_kept = W_Set()
    if isinstance(w_iterable, W_AnySet):
        # Over the smaller one, as CPython, whose elements the result has.
        w_smaller, w_larger = w_iterable.items, w_set.items
        if w_smaller.length() > w_larger.length():
            w_smaller, w_larger = w_larger, w_smaller
        keys = KnownKeys(w_smaller)
        for i in range(len(keys.keys_w)):
            if keys.is_in(i, w_larger):
                keys.store(i, w_kept.items, space.w_None)
    else:
        w_iterator = space.iter(w_iterable)
        while True:
            w_item = w_iterator.iter_next()
            if w_item is None:
                break
            key_hash = space.hash_int(w_item)
            if w_set.items.strategy.contains_with_hash(w_set.items, w_item, key_hash):
                w_kept.items.strategy.set_with_hash(w_kept.items, w_item, key_hash, space.w_None)
    w_set.items = w_kept.items


def do_subtract(w_set, w_iterable):
    if w_iterable is w_set:
        w_set.items.clear()
        return
    if isinstance(w_iterable, W_AnySet):
        subtract_keys(w_set, w_iterable.items)
        return
    w_iterator = space.iter(w_iterable)
    while True:
        w_item = w_iterator.iter_next()
        if w_item is None:
            return
        w_set.discard(w_item)


def subtract_keys(w_set, w_dict):
    keys = KnownKeys(w_dict)
    for i in range(len(keys.keys_w)):
        keys.remove(i, w_set.items)


def do_symmetric(w_set, w_iterable):
    keys = KnownKeys(as_set(w_iterable).items)
    for i in range(len(keys.keys_w)):
        if not keys.remove(i, w_set.items):
            keys.store(i, w_set.items, space.w_None)


@not_rpython
def _make_operator(operate):
    def left(self, w_other):
        if not isinstance(w_other, W_AnySet):
            return space.w_NotImplemented
        w_result = copy_of(self)
        operate(w_result, w_other)
        return w_result

    def right(self, w_other):
        if not isinstance(w_other, W_AnySet):
            return space.w_NotImplemented
        w_result = copy_of(w_other)
        operate(w_result, self)
        return w_result

    def in_place(self, w_other):
        if not isinstance(w_other, W_AnySet):
            return space.w_NotImplemented
        operate(self, w_other)
        return self

    return left, right, in_place


@not_rpython
def _make_method(name, operate):
    """A new set from this one and any number of iterables."""

    def method(self, args_w):
        w_result = copy_of(self)
        for w_iterable in args_w:
            operate(w_result, w_iterable)
        return w_result

    method.__name__ = method.__qualname__ = name
    return method


@not_rpython
def _make_update(name, operate):
    def method(self, args_w):
        for w_iterable in args_w:
            operate(self, w_iterable)

    method.__name__ = method.__qualname__ = name
    return method


def difference(self, args_w):
    """Return the difference of two or more sets as a new set."""
    w_result = copy_of(self)
    for w_iterable in args_w:
        # Only here a dict is asked for the hashes of its keys, not for an update in place, as in CPython.
        if isinstance(w_iterable, W_Dict):
            subtract_keys(w_result, w_iterable)
        else:
            do_subtract(w_result, w_iterable)
    return w_result


def symmetric_difference(self, w_iterable):
    """Return the symmetric difference of two sets as a new set."""
    w_result = copy_of(self)
    do_symmetric(w_result, w_iterable)
    return w_result


def symmetric_difference_update(self, w_iterable):
    """Update a set with the symmetric difference of itself and another."""
    do_symmetric(self, w_iterable)


def isdisjoint(self, w_iterable):
    """Return True if two sets have a null intersection."""
    if isinstance(w_iterable, W_AnySet):
        keys = KnownKeys(w_iterable.items)
        for i in range(len(keys.keys_w)):
            if keys.is_in(i, self.items):
                return space.w_False
        return space.w_True
    w_iterator = space.iter(w_iterable)
    while True:
        w_item = w_iterator.iter_next()
        if w_item is None:
            return space.w_True
        if self.contains(w_item):
            return space.w_False


def issubset(self, w_iterable):
    """Report whether another set contains this set."""
    return space.newbool(is_subset(self, as_set(w_iterable)))


def issuperset(self, w_iterable):
    """Report whether this set contains another set."""
    return space.newbool(is_subset(as_set(w_iterable), self))


# ---- changing


def add(self, w_item):
    """Add an element to a set."""
    self.add(w_item)


def remove(self, w_item):
    """Remove an element from a set; it must be a member."""
    if not remove_item(self, w_item):
        raise key_error(w_item)


def discard(self, w_item):
    """Remove an element from a set if it is a member."""
    remove_item(self, w_item)


def pop(self):
    """Remove and return an arbitrary set element."""
    items = self.items
    if items.length() == 0:
        raise OperationError(space.w_KeyError, space.newstr("pop from an empty set"))
    # The newest: taking it costs the same whatever the size.
    w_item, _ = items.strategy.pop_last(items)
    return w_item


def clear(self):
    """Remove all elements from this set."""
    self.items.clear()


COMMON = {
    "__len__": descr_len,
    "__iter__": descr_iter,
    "__contains__": descr_contains,
    "__repr__": descr_repr,
    "__reduce__": descr_reduce,
    "__eq__": descr_eq,
    "__ne__": descr_ne,
    "__lt__": _make_order("lt", is_proper_subset),
    "__le__": _make_order("le", is_subset),
    "__gt__": _make_order("gt", is_proper_superset),
    "__ge__": _make_order("ge", is_superset),
    "__cmp__": descr_cmp,
    "copy": descr_copy,
    "union": _make_method("union", do_update),
    "intersection": _make_method("intersection", do_intersect),
    "difference": difference,
    "symmetric_difference": symmetric_difference,
    "isdisjoint": isdisjoint,
    "issubset": issubset,
    "issuperset": issuperset,
    "__weakref__": None,
}
MUTABLE = {
    "__hash__": None,
    "add": add,
    "remove": remove,
    "discard": discard,
    "pop": pop,
    "clear": clear,
    "update": _make_update("update", do_update),
    "intersection_update": _make_update("intersection_update", do_intersect),
    "difference_update": _make_update("difference_update", do_subtract),
    "symmetric_difference_update": symmetric_difference_update,
}
for _name, _operate in [("or", do_update), ("and", do_intersect), ("sub", do_subtract), ("xor", do_symmetric)]:
    COMMON["__%s__" % _name], COMMON["__r%s__" % _name], MUTABLE["__i%s__" % _name] = _make_operator(_operate)

define_type(W_AnyMutableSet, "set", dict(
    COMMON, __new__=set_new, __init__=set_init,
    __doc__="set() -> new empty set object\nset(iterable) -> new set object\n\n"
            "Build an unordered collection of unique elements.", **MUTABLE,
), user_class=W_SetUser, exact=W_Set)
define_type(W_AnyFrozenSet, "frozenset", dict(
    COMMON, __new__=frozenset_new, __hash__=frozenset_hash,
    __doc__="frozenset() -> empty frozenset object\nfrozenset(iterable) -> frozenset object\n\n"
            "Build an immutable unordered collection of unique elements.",
), user_class=W_FrozenSetUser, exact=W_FrozenSet)
define_type(W_SetIterator, "setiterator", dict(
    ITERATOR_ENTRIES, __length_hint__=W_SetIterator.descr_length_hint), acceptable_as_base=False)
