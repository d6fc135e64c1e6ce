"""Sequences with named fields, made by the interpreter: ``sys.version_info``, ``os.stat_result``, ``time.struct_time``.

CPython calls them struct sequences. They are no tuples, but do everything as the tuple of their items would; the
first fields are the items, further ones are attributes only.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.tuple_object import W_Tuple, descr_contains, descr_getitem, hash_items
from ouro.interp_py27.vm.errors import type_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import Member, define_type
from ouro.rlib.objectmodel import not_rpython


class W_Structure(W_Root):
    """`fields_w` are all values: the items, then those that are attributes only.

    `shown_names` are the names of the fields that have one, `unnamed` the number of the others. As in CPython, where
    names belong to positions unnamed fields are passed over: `repr` of an ``os.stat_result`` gives its whole seconds
    the names of the fields with fractions.
    """

    _attrs_ = ("fields_w", "items_w")
    _immutable_fields_ = ["fields_w[*]", "items_w[*]"]
    shown_names = []
    visible = 0
    unnamed = 0
    substitutes = []

    def __init__(self, fields_w):
        self.items_w = fields_w[:self.visible]
        self.fields_w = fields_w

    def as_tuple(self):
        return W_Tuple(self.items_w)


def structure_repr(self):
    parts = []
    for i in range(len(self.items_w)):
        parts.append("%s=%s" % (self.shown_names[i], space.repr_text(self.items_w[i])))
    w_type = self.getclass()
    return space.newstr("%s(%s)" % (w_type.built_from.doc_name, ", ".join(parts)))


def structure_reduce(self):
    w_extra = space.newdict()
    for i in range(len(self.items_w), len(self.fields_w)):
        w_extra.setitem_str(self.shown_names[i - self.unnamed], self.fields_w[i])
    return space.newtuple([self.getclass(), space.newtuple([self.as_tuple(), w_extra])])


def structure_len(self):
    return space.newint(len(self.items_w))


def structure_getitem(self, w_index):
    if not space.is_slice(w_index) and not space.is_index(w_index):
        raise type_error("structseq index must be integer")
    return descr_getitem(self.as_tuple(), w_index)


@unwrap_spec(start=int, stop=int)
def structure_getslice(self, start, stop):
    return descr_getitem(self.as_tuple(), space.slice_between(start, stop))


def structure_contains(self, w_item):
    return descr_contains(self.as_tuple(), w_item)


def structure_add(self, w_other):
    return space.add(self.as_tuple(), w_other)


def structure_mul(self, w_count):
    if not space.is_index(w_count):
        return space.w_NotImplemented
    return space.mul(self.as_tuple(), w_count)


def structure_hash(self):
    return space.newint(hash_items(self.items_w))


@not_rpython
def _make_comparison(name, compare):
    def compare_structure(self, w_other):
        return compare(self.as_tuple(), w_other)

    compare_structure.__name__ = compare_structure.__qualname__ = "structure_" + name
    return compare_structure


_entries = {
    "__repr__": structure_repr,
    "__reduce__": structure_reduce,
    "__len__": structure_len,
    "__getitem__": structure_getitem,
    "__getslice__": structure_getslice,
    "__contains__": structure_contains,
    "__add__": structure_add,
    "__mul__": structure_mul,
    "__rmul__": structure_mul,
    "__hash__": structure_hash,
    "__lt__": _make_comparison("lt", lambda w_a, w_b: space.lt(w_a, w_b)),
    "__le__": _make_comparison("le", lambda w_a, w_b: space.le(w_a, w_b)),
    "__eq__": _make_comparison("eq", lambda w_a, w_b: space.eq(w_a, w_b)),
    "__ne__": _make_comparison("ne", lambda w_a, w_b: space.ne(w_a, w_b)),
    "__gt__": _make_comparison("gt", lambda w_a, w_b: space.gt(w_a, w_b)),
    "__ge__": _make_comparison("ge", lambda w_a, w_b: space.ge(w_a, w_b)),
}


@not_rpython
def _make_new(cls, name):
    visible = cls.visible
    unnamed = cls.unnamed
    substitutes = cls.substitutes
    count = len(cls.shown_names) + unnamed
    short_name = name[name.rfind(".") + 1:]

    def structure_new(w_subtype, w_sequence, w_dict=None):
        if not space.is_iterable(w_sequence):
            raise type_error("constructor requires a sequence")
        if w_dict is not None and not space.is_dict(w_dict):
            raise type_error("%s() takes a dict as second arg, if any" % name)
        items_w = space.unpack_list(w_sequence)
        if len(items_w) < visible:
            how = "at least " if count > visible else ""
            raise type_error("%s() takes a%s %s%d-sequence (%d-sequence given)" % (
                name, "n" if how else "", how, visible, len(items_w)))
        if len(items_w) > count:
            how = "at most " if count > visible else ""
            raise type_error("%s() takes a%s %s%d-sequence (%d-sequence given)" % (
                name, "n" if how else "", how, count, len(items_w)))
        for i in range(len(items_w), count):
            w_value = None
            if w_dict is not None:
                w_value = w_dict.getitem_str(cls.shown_names[i - unnamed])
            items_w.append(space.wrap_none(w_value))
        for position, substitute in substitutes:
            if space.is_none(items_w[position]):
                items_w[position] = items_w[substitute]
        return cls(items_w[:])

    structure_new.__name__ = structure_new.__qualname__ = "new_" + short_name
    return structure_new


@not_rpython
def _make_getter(cls, position, name):
    def get(self):
        assert isinstance(self, cls)
        return self.fields_w[position]

    get.__name__ = get.__qualname__ = "get_" + name
    return get


@not_rpython
def define_structure(name, fields, visible=None, doc=None, constructible=True, substitutes=()):
    """The RPython class of a structure type called `name` (``module.type``).

    `fields` are the names of all fields, None for those without, `visible` how many are items of the sequence
    (default: all); `substitutes` are pairs of positions: where the first is None, a new object has the second there.
    Call the class with the list of all values.
    """
    cls = type("W_" + name.replace(".", "_"), (W_Structure,), {"_attrs_": (), "__module__": __name__})
    cls.shown_names = [field for field in fields if field is not None]
    cls.visible = len(fields) if visible is None else visible
    cls.unnamed = len(fields) - len(cls.shown_names)
    cls.substitutes = list(substitutes)
    entries = dict(_entries)
    if constructible:
        entries["__new__"] = _make_new(cls, name)
    for position, field in enumerate(fields):
        if field is not None:
            entries[field] = Member(getter=_make_getter(cls, position, field))
    entries["n_fields"] = space.newint(len(fields))
    entries["n_sequence_fields"] = space.newint(cls.visible)
    entries["n_unnamed_fields"] = space.newint(cls.unnamed)
    module, _, short_name = name.rpartition(".")
    typedef = define_type(cls, short_name, entries, module=module, doc=doc, acceptable_as_base=False)
    typedef.doc_name = name
    return cls
