"""Tuples with named fields, made by the interpreter: ``sys.version_info``, ``os.stat_result``, ``time.struct_time``.

CPython calls them struct sequences. The first fields are the items of the tuple, further ones are attributes only.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.tuple_object import W_AnyTuple
from ouro.interp_py27.vm.errors import type_error
from ouro.interp_py27.vm.typedef import Member, define_type
from ouro.rlib.objectmodel import not_rpython


class W_Structure(W_AnyTuple):
    """`fields_w` are all values: the items, then those that are attributes only."""

    _attrs_ = ("fields_w",)
    _immutable_fields_ = ["fields_w[*]"]
    field_names = []
    visible = 0

    def __init__(self, fields_w):
        W_AnyTuple.__init__(self, fields_w[:self.visible])
        self.fields_w = fields_w


def structure_repr(self):
    parts = []
    for i in range(len(self.items_w)):
        parts.append("%s=%s" % (self.field_names[i], space.repr_text(self.items_w[i])))
    w_type = self.getclass()
    return space.newstr("%s(%s)" % (w_type.built_from.doc_name, ", ".join(parts)))


def structure_reduce(self):
    w_extra = space.newdict()
    for i in range(len(self.items_w), len(self.fields_w)):
        w_extra.setitem_str(self.field_names[i], self.fields_w[i])
    return space.newtuple([self.getclass(), space.newtuple([space.newtuple_fixed(self.items_w), w_extra])])


@not_rpython
def _make_new(cls, name):
    count = len(cls.field_names)
    visible = cls.visible
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
                w_value = w_dict.getitem_str(cls.field_names[i])
            items_w.append(space.wrap_none(w_value))
        return cls(items_w[:])

    structure_new.__name__ = structure_new.__qualname__ = "new_" + short_name
    return structure_new


@not_rpython
def _make_getter(cls, position):
    def get(self):
        assert isinstance(self, cls)
        return self.fields_w[position]

    get.__name__ = get.__qualname__ = "get_" + cls.field_names[position]
    return get


@not_rpython
def define_structure(name, fields, visible=None, doc=None, constructible=True):
    """The RPython class of a structure type called `name` (``module.type``).

    `fields` are the names of all fields, `visible` how many are items of the tuple (default: all). Call the class with
    the list of all values.
    """
    cls = type("W_" + name.replace(".", "_"), (W_Structure,), {"_attrs_": (), "__module__": __name__})
    cls.field_names = list(fields)
    cls.visible = len(fields) if visible is None else visible
    entries = {"__repr__": structure_repr, "__reduce__": structure_reduce}
    if constructible:
        entries["__new__"] = _make_new(cls, name)
    for position, field in enumerate(fields):
        entries[field] = Member(getter=_make_getter(cls, position))
    entries["n_fields"] = space.newint(len(fields))
    entries["n_sequence_fields"] = space.newint(cls.visible)
    entries["n_unnamed_fields"] = space.newint(0)
    module, _, short_name = name.rpartition(".")
    typedef = define_type(cls, short_name, entries, base=W_AnyTuple, module=module, doc=doc, acceptable_as_base=False)
    typedef.doc_name = name
    return cls
