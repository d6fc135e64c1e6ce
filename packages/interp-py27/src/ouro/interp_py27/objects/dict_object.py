"""``dict``, its views and iterators."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.dict_cursors import W_TableIterator
from ouro.interp_py27.objects.dict_strategies import CELLS, CHANGING, EMPTY, INSTANCE, KnownKeys
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.tuple_object import W_Tuple
from ouro.interp_py27.vm.errors import key_error, operror, runtime_error, type_error, value_error
from ouro.interp_py27.vm.typedef import ITERATOR_ENTRIES, class_method, define_type
from ouro.rlib import jit
from ouro.rlib.objectmodel import not_rpython


class W_AnyDict(W_Root):
    """A dict or an instance of a subclass."""

    _attrs_ = ("strategy", "storage")

    def __init__(self):
        self.strategy = EMPTY
        self.storage = EMPTY.fresh()

    def length(self):
        return self.strategy.length(self)

    def getitem(self, w_key):
        """The value, or None."""
        return self.strategy.get(self, w_key)

    def getitem_str(self, key):
        return self.strategy.get_str(self, key)

    def setitem(self, w_key, w_value):
        self.strategy.set(self, w_key, w_value)

    def setitem_str(self, key, w_value):
        self.strategy.set_str(self, key, w_value)

    def delitem(self, w_key):
        """False if the key is missing."""
        return self.strategy.delete(self, w_key)

    def delitem_str(self, key):
        return self.strategy.delete_str(self, key)

    def keys_list(self):
        return self.strategy.keys(self)

    def values_list(self):
        return self.strategy.values(self)

    def clear(self):
        self.strategy.clear(self)


class W_Dict(W_AnyDict):
    """An exact dict."""


W_DictUser = make_user_class(W_AnyDict)


def new_module_dict():
    """The namespace of a module: names have cells."""
    w_dict = W_Dict()
    w_dict.strategy = CELLS
    w_dict.storage = CELLS.fresh()
    return w_dict


def module_cell(w_dict, name):
    """The cell of a name if the dictionary is a module namespace, else None."""
    if isinstance(w_dict, W_AnyDict) and w_dict.strategy is CELLS:
        return CELLS.cell(w_dict, name)
    return None


def global_value(w_dict, name):
    """The value of a name in a namespace that code runs in, or None: of a module, but for ``exec`` in a dictionary.

    Compiled code is made for the namespace, and has the values in it that were bound once.
    """
    if jit.we_are_jitted():
        w_dict = jit.promote(w_dict)
        cell = CELLS.cell_if_module(w_dict, name)
        if cell is not None:
            w_value = cell.w_constant
            if w_value is CHANGING:
                w_value = cell.w_value
                if w_value is None:
                    return w_dict.getitem_str(name)
            return w_value
    return w_dict.getitem_str(name)


def store_global_value(w_dict, name, w_value):
    if jit.we_are_jitted():
        w_dict = jit.promote(w_dict)
        cell = CELLS.cell_if_module(w_dict, name)
        if cell is not None and (cell.w_constant is not CHANGING or cell.w_value is not None):
            cell.store(w_value)
            return
    w_dict.setitem_str(name, w_value)


def detach_instance_dict(w_dict):
    """Make the ``__dict__`` of an instance an ordinary dictionary with the same items."""
    assert isinstance(w_dict, W_AnyDict)
    if w_dict.strategy is INSTANCE:
        keys_w = INSTANCE.keys(w_dict)
        values_w = INSTANCE.values(w_dict)
        w_dict.strategy = EMPTY
        w_dict.storage = EMPTY.fresh()
        for i in range(len(keys_w)):
            w_dict.setitem(keys_w[i], values_w[i])


def new_instance_dict(inst):
    """The ``__dict__`` of an instance."""
    w_dict = W_Dict()
    w_dict.strategy = INSTANCE
    w_dict.storage = INSTANCE.erase(inst)
    return w_dict


def descr_new(w_subtype, __args__):
    if w_subtype is W_Dict.w_builtin_type:
        return W_Dict()
    w_layout_type = w_subtype.layout.typedef.w_type
    if w_layout_type is not W_Dict.w_builtin_type and w_subtype.issubtype(W_Dict.w_builtin_type):
        # A built-in subclass, as defaultdict, has fields of its own.
        return w_layout_type.lookup("__new__").call_1(w_subtype)
    space.check_subtype(w_subtype, W_Dict.w_builtin_type)
    w_obj = W_DictUser()
    space.init_user(w_obj, w_subtype)
    return w_obj


def descr_init(self, __args__):
    update_from_arguments(self, __args__, "dict")


def descr_update(self, __args__):
    update_from_arguments(self, __args__, "update")


def update_from_arguments(w_dict, args, name):
    args_w = args.args_w
    if len(args_w) > 1:
        raise type_error("%s expected at most 1 arguments, got %d" % (name, len(args_w)))
    if len(args_w) == 1:
        update(w_dict, args_w[0])
    if args.has_keywords():
        for i in range(len(args.keywords)):
            args.store_keyword(i, w_dict)


def update(w_dict, w_source):
    """``dict.update``: from a mapping or from pairs."""
    if isinstance(w_source, W_AnyDict) and (
            isinstance(w_source, W_Dict) or space.lookup(w_source, "keys") is space.w_dict_keys):
        merge(w_dict, w_source)
        return
    w_keys = space.findattr(w_source, "keys")
    if w_keys is not None:
        w_iterator = space.iter(w_keys.call_0())
        while True:
            w_key = w_iterator.iter_next()
            if w_key is None:
                return
            w_dict.setitem(w_key, space.getitem(w_source, w_key))
    update_from_pairs(w_dict, w_source)


def merge(w_dict, w_source):
    """All items of another dictionary, with the hashes that it knows."""
    if w_source is w_dict:
        return
    if w_dict.strategy is EMPTY:
        w_copy = w_source.strategy.copy(w_source)
        w_dict.strategy = w_copy.strategy
        w_dict.storage = w_copy.storage
    elif w_dict.strategy is w_source.strategy:
        w_dict.strategy.merge(w_dict, w_source)
    else:
        keys = KnownKeys(w_source)
        values_w = w_source.values_list()
        for i in range(len(values_w)):
            keys.store(i, w_dict, values_w[i])


def merge_keys(w_dict, w_source, w_value):
    """All keys of another dictionary, each with the same value."""
    keys = KnownKeys(w_source)
    for i in range(len(keys.keys_w)):
        keys.store(i, w_dict, w_value)


def update_from_pairs(w_dict, w_pairs):
    w_iterator = space.iter(w_pairs)
    position = 0
    while True:
        w_pair = w_iterator.iter_next()
        if w_pair is None:
            return
        if isinstance(w_pair, W_Tuple) and len(w_pair.items_w) == 2:
            w_dict.setitem(w_pair.items_w[0], w_pair.items_w[1])
            position += 1
            continue
        if not space.is_iterable(w_pair):
            raise type_error("cannot convert dictionary update sequence element #%d to a sequence" % position)
        pair_w = space.unpack_list(w_pair)
        if len(pair_w) != 2:
            raise value_error("dictionary update sequence element #%d has length %d; 2 is required" % (
                position, len(pair_w)))
        w_dict.setitem(pair_w[0], pair_w[1])
        position += 1


def descr_len(self):
    return space.newint(self.length())


def descr_getitem(self, w_key):
    w_value = self.getitem(w_key)
    if w_value is None:
        return missing(self, w_key)
    return w_value


def missing(w_dict, w_key):
    """``__missing__`` of a subclass, else KeyError."""
    if not isinstance(w_dict, W_Dict):
        w_method = space.lookup(w_dict, "__missing__")
        if w_method is not None:
            return space.call_special_1(w_method, w_dict, w_key)
    raise key_error(w_key)


def descr_has_key(self, w_key):
    """D.has_key(k) -> True if D has a key k, else False"""
    space.warn_py3k("dict.has_key() not supported in 3.x; use the in operator")
    return descr_contains(self, w_key)


def descr_setitem(self, w_key, w_value):
    self.setitem(w_key, w_value)


def descr_delitem(self, w_key):
    if not self.delitem(w_key):
        raise key_error(w_key)


def descr_contains(self, w_key):
    return space.newbool(self.getitem(w_key) is not None)


def descr_get(self, w_key, w_default=None):
    w_value = self.getitem(w_key)
    return w_default if w_value is None else w_value


def descr_setdefault(self, w_key, w_default=None):
    return self.strategy.setdefault(self, w_key, space.wrap_none(w_default))


def descr_pop(self, w_key, w_default=None):
    if self.length() == 0:
        # The key is not even hashed, as in CPython.
        if w_default is None:
            raise key_error(w_key)
        return w_default
    w_value = self.strategy.pop(self, w_key)
    if w_value is None:
        if w_default is None:
            raise key_error(w_key)
        return w_default
    return w_value


def descr_popitem(self):
    if self.length() == 0:
        raise operror(space.w_KeyError, "popitem(): dictionary is empty")
    w_key, w_value = self.strategy.pop_last(self)
    return space.newtuple_2(w_key, w_value)


def descr_clear(self):
    self.clear()


def descr_copy(self):
    return self.strategy.copy(self)


def descr_keys(self):
    return space.newlist(self.keys_list())


def descr_values(self):
    return space.newlist(self.values_list())


def items_list(w_dict):
    keys_w = w_dict.keys_list()
    values_w = w_dict.values_list()
    result_w = [None] * len(keys_w)
    for i in range(len(keys_w)):
        result_w[i] = space.newtuple_2(keys_w[i], values_w[i])
    return result_w


def descr_items(self):
    return space.newlist(items_list(self))


def descr_iter(self):
    return W_DictKeyIterator(self)


def descr_itervalues(self):
    return W_DictValueIterator(self)


def descr_iteritems(self):
    return W_DictItemIterator(self)


def descr_fromkeys(w_type, w_keys, w_value=None):
    w_value = space.wrap_none(w_value)
    w_dict = w_type.call_0()
    if isinstance(w_dict, W_Dict) and w_dict.length() == 0:
        w_table = space.table_of_keys(w_keys)
        if w_table is not None:
            merge_keys(w_dict, w_table, w_value)
            return w_dict
    w_iterator = space.iter(w_keys)
    while True:
        w_key = w_iterator.iter_next()
        if w_key is None:
            return w_dict
        space.setitem(w_dict, w_key, w_value)


def descr_repr(self):
    if self.length() == 0:
        return space.newstr("{}")
    if not space.enter_repr(self):
        return space.newstr("{...}")
    try:
        parts = []
        keys_w = self.keys_list()
        values_w = self.values_list()
        for i in range(len(keys_w)):
            parts.append("%s: %s" % (space.repr_text(keys_w[i]), space.repr_text(values_w[i])))
        return space.newstr("{%s}" % ", ".join(parts))
    finally:
        space.leave_repr(self)


def dicts_equal(w_left, w_right):
    if w_left.length() != w_right.length():
        return False
    keys_w = w_left.keys_list()
    values_w = w_left.values_list()
    for i in range(len(keys_w)):
        w_other = w_right.getitem(keys_w[i])
        if w_other is None or not space.eq_w(values_w[i], w_other):
            return False
    return True


def descr_eq(self, w_other):
    if not isinstance(w_other, W_AnyDict):
        return space.w_NotImplemented
    return space.newbool(dicts_equal(self, w_other))


def descr_ne(self, w_other):
    if not isinstance(w_other, W_AnyDict):
        return space.w_NotImplemented
    return space.newbool(not dicts_equal(self, w_other))


def characterize(w_left, w_right):
    """The least key of `w_left` whose value is missing or different in `w_right`, and the value; or None, None."""
    w_least = None
    w_least_value = None
    for w_key in w_left.keys_list():
        w_value = w_left.getitem(w_key)
        if w_value is None or (w_least is not None and space.lt_w(w_least, w_key)):
            continue
        w_other = w_right.getitem(w_key)
        if w_other is None or not space.eq_w(w_value, w_other):
            w_least = w_key
            w_least_value = w_value
    return w_least, w_least_value


def compare_dicts(w_left, w_right):
    """CPython's order: by length, then by the least key that differs, then by its value."""
    if w_left.length() != w_right.length():
        return -1 if w_left.length() < w_right.length() else 1
    w_left_key, w_left_value = characterize(w_left, w_right)
    if w_left_key is None:
        return 0
    w_right_key, w_right_value = characterize(w_right, w_left)
    if w_right_key is None:
        return -1
    order = space.cmp_int(w_left_key, w_right_key)
    if order == 0:
        order = space.cmp_int(w_left_value, w_right_value)
    return order


def descr_order(self, w_other):
    """``<`` and its like leave it to ``__cmp__``, which a subclass may have overridden."""
    return space.w_NotImplemented


def descr_cmp(self, w_other):
    if not isinstance(w_other, W_AnyDict):
        raise space.wrong_cmp_operand(self, "dict", w_other)
    return space.newint(compare_dicts(self, w_other))


# ---- iterators


class W_DictIterator(W_TableIterator):
    """Over the table itself; an insertion or deletion meanwhile is an error."""

    # `w_dict` is None at the end.
    _attrs_ = ("w_dict",)

    def __init__(self, w_dict):
        W_TableIterator.__init__(self, w_dict)
        self.w_dict = w_dict

    def advance(self):
        """The cursor to take the next item from; None at the end."""
        w_dict = self.w_dict
        if w_dict is None:
            return None
        if w_dict.length() != self.length:
            self.length = -1
            raise runtime_error("dictionary changed size during iteration")
        if self.passed >= self.length:
            self.w_dict = None
            self.let_go(EMPTY.fresh())
            return None
        return self.moved(w_dict)

    def descr_length_hint(self):
        if self.w_dict is None or self.w_dict.length() != self.length:
            return space.newint(0)
        return space.newint(self.length - self.passed)


class W_DictKeyIterator(W_DictIterator):
    def iter_next(self):
        cursor = self.advance()
        if cursor is None:
            return None
        return cursor.next_key()


class W_DictValueIterator(W_DictIterator):
    def iter_next(self):
        cursor = self.advance()
        if cursor is None:
            return None
        return cursor.next_value()


class W_DictItemIterator(W_DictIterator):
    def iter_next(self):
        cursor = self.advance()
        if cursor is None:
            return None
        return cursor.next_item()


# ---- views


class W_DictView(W_Root):
    _attrs_ = ("w_dict",)

    def __init__(self, w_dict):
        self.w_dict = w_dict

    def descr_len(self):
        return space.newint(self.w_dict.length())

    def descr_repr(self):
        if not space.enter_repr(self):
            return space.newstr("...")
        try:
            w_items = space.newlist(space.unpack_list(self))
            return space.newstr("%s(%s)" % (self.getclass().name, space.repr_text(w_items)))
        finally:
            space.leave_repr(self)


class W_DictKeys(W_DictView):
    def descr_iter(self):
        return W_DictKeyIterator(self.w_dict)

    def descr_contains(self, w_key):
        return space.newbool(self.w_dict.getitem(w_key) is not None)


class W_DictValues(W_DictView):
    def descr_iter(self):
        return W_DictValueIterator(self.w_dict)


class W_DictItems(W_DictView):
    def descr_iter(self):
        return W_DictItemIterator(self.w_dict)

    def descr_contains(self, w_item):
        if not space.is_tuple(w_item):
            return space.w_False
        items_w = space.tuple_items(w_item)
        if len(items_w) != 2:
            return space.w_False
        w_value = self.w_dict.getitem(items_w[0])
        return space.newbool(w_value is not None and space.eq_w(w_value, items_w[1]))


def descr_viewkeys(self):
    return W_DictKeys(self)


def descr_viewvalues(self):
    return W_DictValues(self)


def descr_viewitems(self):
    return W_DictItems(self)


def is_view_or_set(w_obj):
    return isinstance(w_obj, W_DictKeys) or isinstance(w_obj, W_DictItems) or space.is_set(w_obj)


@not_rpython
def _make_set_operation(name):
    def left(self, w_other):
        w_set = space.newset(space.unpack_list(self))
        space.getattr_str(w_set, name).call_1(w_other)
        return w_set

    left.__name__ = left.__qualname__ = "view_" + name
    return left


def _contains_all(w_container, w_items):
    w_iterator = space.iter(w_items)
    while True:
        w_item = w_iterator.iter_next()
        if w_item is None:
            return True
        if not space.contains(w_container, w_item):
            return False


def view_isdisjoint(self, w_other):
    w_iterator = space.iter(w_other)
    while True:
        w_item = w_iterator.iter_next()
        if w_item is None:
            return space.w_True
        if space.contains(self, w_item):
            return space.w_False


@not_rpython
def _make_view_comparison(name):
    def compare(self, w_other):
        if not is_view_or_set(w_other):
            return space.w_NotImplemented
        own = space.len_w(self)
        other = space.len_w(w_other)
        if name == "eq":
            result = own == other and _contains_all(self, w_other)
        elif name == "ne":
            result = not (own == other and _contains_all(self, w_other))
        elif name == "lt":
            result = own < other and _contains_all(w_other, self)
        elif name == "le":
            result = own <= other and _contains_all(w_other, self)
        elif name == "gt":
            result = own > other and _contains_all(self, w_other)
        else:
            result = own >= other and _contains_all(self, w_other)
        return space.newbool(result)

    compare.__name__ = compare.__qualname__ = "view_" + name
    return compare


define_type(W_AnyDict, "dict", {
    "__doc__": "dict() -> new empty dictionary\ndict(mapping) -> new dictionary initialized from a mapping object's\n"
               "    (key, value) pairs\ndict(iterable) -> new dictionary initialized as if via:\n    d = {}\n"
               "    for k, v in iterable:\n        d[k] = v\n"
               "dict(**kwargs) -> new dictionary initialized with the name=value pairs\n"
               "    in the keyword argument list.  For example:  dict(one=1, two=2)",
    "__new__": descr_new,
    "__init__": descr_init,
    "__len__": descr_len,
    "__iter__": descr_iter,
    "__getitem__": descr_getitem,
    "__setitem__": descr_setitem,
    "__delitem__": descr_delitem,
    "__contains__": descr_contains,
    "__hash__": None,
    "__repr__": descr_repr,
    "__eq__": descr_eq,
    "__ne__": descr_ne,
    "__lt__": descr_order,
    "__le__": descr_order,
    "__gt__": descr_order,
    "__ge__": descr_order,
    "__cmp__": descr_cmp,
    "has_key": descr_has_key,
    "get": descr_get,
    "setdefault": descr_setdefault,
    "pop": descr_pop,
    "popitem": descr_popitem,
    "keys": descr_keys,
    "values": descr_values,
    "items": descr_items,
    "iterkeys": descr_iter,
    "itervalues": descr_itervalues,
    "iteritems": descr_iteritems,
    "viewkeys": descr_viewkeys,
    "viewvalues": descr_viewvalues,
    "viewitems": descr_viewitems,
    "update": descr_update,
    "clear": descr_clear,
    "copy": descr_copy,
    "fromkeys": class_method(descr_fromkeys),
}, user_class=W_DictUser, exact=W_Dict)

for _cls, _name in [
    (W_DictKeyIterator, "dictionary-keyiterator"), (W_DictValueIterator, "dictionary-valueiterator"),
    (W_DictItemIterator, "dictionary-itemiterator"),
]:
    define_type(_cls, _name, dict(ITERATOR_ENTRIES, __length_hint__=W_DictIterator.descr_length_hint),
                acceptable_as_base=False)

_view_entries = {
    "__len__": W_DictView.descr_len,
    "__repr__": W_DictView.descr_repr,
    "__hash__": None,
}
_set_entries = dict(_view_entries, isdisjoint=view_isdisjoint)
for _name, _method in [
    ("and", "intersection_update"), ("or", "update"), ("sub", "difference_update"),
    ("xor", "symmetric_difference_update"),
]:
    _set_entries["__%s__" % _name] = _make_set_operation(_method)
    if _name != "sub":
        _set_entries["__r%s__" % _name] = _make_set_operation(_method)
for _name in ["eq", "ne", "lt", "le", "gt", "ge"]:
    _set_entries["__%s__" % _name] = _make_view_comparison(_name)
define_type(W_DictKeys, "dict_keys", dict(
    _set_entries, __iter__=W_DictKeys.descr_iter, __contains__=W_DictKeys.descr_contains), acceptable_as_base=False)
define_type(W_DictItems, "dict_items", dict(
    _set_entries, __iter__=W_DictItems.descr_iter, __contains__=W_DictItems.descr_contains), acceptable_as_base=False)
define_type(W_DictValues, "dict_values", dict(
    _view_entries, __iter__=W_DictValues.descr_iter), acceptable_as_base=False)
