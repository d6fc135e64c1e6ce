"""``None``, ``NotImplemented`` and ``Ellipsis``."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.typedef import define_type


class W_None(W_Root):
    _attrs_ = ()


class W_NotImplemented(W_Root):
    _attrs_ = ()


class W_Ellipsis(W_Root):
    _attrs_ = ()


def none_repr(self):
    return space.newstr("None")



def none_hash(self):
    return space.newint(0x1CA3A2D)


def not_implemented_repr(self):
    return space.newstr("NotImplemented")


def ellipsis_repr(self):
    return space.newstr("Ellipsis")


define_type(W_None, "NoneType", {
    "__repr__": none_repr,

    "__hash__": none_hash,
}, acceptable_as_base=False)
define_type(W_NotImplemented, "NotImplementedType", {"__repr__": not_implemented_repr}, acceptable_as_base=False)
define_type(W_Ellipsis, "ellipsis", {"__repr__": ellipsis_repr}, acceptable_as_base=False)
