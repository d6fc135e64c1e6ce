"""``sys``."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module




def exc_info():
    error = space.get_context().current_exception()
    if error is None:
        return space.newtuple([space.w_None, space.w_None, space.w_None])
    w_value = error.get_w_value()
    return space.newtuple([error.w_type, w_value, space.wrap_none(error.traceback)])


define_module("sys", {"exc_info": exc_info})
