"""``__builtin__``."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.exception_object import exception_types
from ouro.interp_py27.objects.module_object import define_module


def builtin_isinstance(w_obj, w_class):
    return space.newbool(space.isinstance_allow_override(w_obj, w_class))


_entries = {"isinstance": builtin_isinstance, "None": None, "True": space.w_True, "False": space.w_False,
            "object": space.w_object, "float": space.w_float, "len": lambda w_obj: space.len(w_obj)}
for _name, _cls in exception_types.items():
    _entries[_name] = _cls
define_module("__builtin__", _entries)
