"""Attributes of built-in types (`W_GetSet`, shown as getset and member descriptors) and of ``__slots__``."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.type_object import W_Type
from ouro.interp_py27.vm.errors import attribute_error, type_error
from ouro.interp_py27.vm.typedef import GetSet, Member, define_type


class W_GetSet(W_Root):
    """An attribute of a built-in type; the functions take and check the object."""

    _attrs_ = ("getter", "setter", "deleter", "doc", "name", "w_objclass")
    _immutable_fields_ = ["getter", "setter", "deleter", "doc", "name", "w_objclass"]

    def __init__(self, getter, setter, deleter, doc, name, w_objclass):
        self.getter = getter
        self.setter = setter
        self.deleter = deleter
        self.doc = doc
        self.name = name
        self.w_objclass = w_objclass

    def descr_get(self, w_obj, w_type):
        if w_obj is None:
            return self
        return self.getter(w_obj)

    def is_data_descr(self):
        return True


class W_MemberDescr(W_GetSet):
    """A read-only attribute that is a field; a kind of its own, as in CPython."""


def check_get_arguments(w_obj, w_type):
    """For ``__get__`` called by name."""
    if space.is_none(w_obj) and (w_type is None or space.is_none(w_type)):
        raise type_error("__get__(None, None) is invalid")


def getset_get(self, w_obj, w_type=None):
    check_get_arguments(w_obj, w_type)
    if space.is_none(w_obj) and (w_type is None or not space.is_none_type(w_type)):
        return self
    return self.getter(w_obj)


def not_writable(descr):
    if isinstance(descr, W_MemberDescr):
        return type_error("readonly attribute")
    return attribute_error("attribute '%s' of '%s' objects is not writable" % (
        descr.name, descr.w_objclass.full_name()))


def getset_set(self, w_obj, w_value):
    if self.setter is None:
        raise not_writable(self)
    self.setter(w_obj, w_value)


def getset_delete(self, w_obj):
    if self.deleter is None:
        if self.setter is not None:
            if self.name == "__class__":
                raise type_error("can't delete __class__ attribute")
            # Attributes of classes name the class.
            w_owner = w_obj if isinstance(w_obj, W_Type) else self.w_objclass
            raise type_error("can't delete %s.%s" % (w_owner.name, self.name))
        raise not_writable(self)
    self.deleter(w_obj)


def getset_name(self):
    return space.newstr(self.name)


def getset_doc(self):
    return space.newtext_or_none(self.doc)


def getset_repr(self):
    return space.newstr("<attribute '%s' of '%s' objects>" % (self.name, self.w_objclass.full_name()))


def member_repr(self):
    return space.newstr("<member '%s' of '%s' objects>" % (self.name, self.w_objclass.full_name()))


_entries = {
    "__get__": getset_get,
    "__set__": getset_set,
    "__delete__": getset_delete,
    "__name__": GetSet(getset_name),
    "__doc__": GetSet(getset_doc),
    "__objclass__": Member("w_objclass"),
}
define_type(W_GetSet, "getset_descriptor", dict(_entries, __repr__=getset_repr), acceptable_as_base=False)
define_type(W_MemberDescr, "member_descriptor", dict(_entries, __repr__=member_repr), acceptable_as_base=False)


class W_SlotMember(W_Root):
    """The descriptor of one ``__slots__`` entry: an attribute of the instance's map of a kind of its own."""

    _attrs_ = ("name", "kind", "w_owner")
    _immutable_fields_ = ["name", "kind", "w_owner"]

    def __init__(self, name, kind, w_owner):
        self.name = name
        self.kind = kind
        self.w_owner = w_owner

    def descr_get(self, w_obj, w_type):
        if w_obj is None:
            return self
        w_value = self.holder(w_obj).read(self.name, self.kind)
        if w_value is None:
            raise attribute_error(self.name)
        return w_value

    def is_data_descr(self):
        return True

    def holder(self, w_obj):
        mapped = w_obj.getmapped()
        if mapped is None or not w_obj.getclass().issubtype(self.w_owner):
            raise type_error("descriptor '%s' for '%s' objects doesn't apply to '%s' object" % (
                self.name, self.w_owner.name, space.type_name(w_obj)))
        return mapped


def slot_get(self, w_obj, w_type=None):
    check_get_arguments(w_obj, w_type)
    if space.is_none(w_obj) and (w_type is None or not space.is_none_type(w_type)):
        return self
    return self.descr_get(w_obj, w_type)


def slot_set(self, w_obj, w_value):
    self.holder(w_obj).write(self.name, self.kind, w_value)


def slot_delete(self, w_obj):
    if not self.holder(w_obj).delete(self.name, self.kind):
        raise attribute_error(self.name)


def slot_name(self):
    return space.newstr(self.name)


def slot_repr(self):
    return space.newstr("<member '%s' of '%s' objects>" % (self.name, self.w_owner.full_name()))


define_type(W_SlotMember, "member_descriptor", {
    "__get__": slot_get,
    "__set__": slot_set,
    "__delete__": slot_delete,
    "__name__": Member(getter=slot_name),
    "__objclass__": Member("w_owner"),
    "__repr__": slot_repr,
}, acceptable_as_base=False)
