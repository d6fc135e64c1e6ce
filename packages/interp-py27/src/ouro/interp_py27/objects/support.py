"""What several types need: recursion guards of repr, identity numbers, warnings, errors of the system."""

import errno as host_errno
import weakref

from ouro.interp_py27.objects import space
from ouro.interp_py27.vm.errors import OperationError, type_error, value_error
from ouro.rlib import rffi, rposix
from ouro.rlib.objectmodel import compute_unique_id, not_rpython

EINTR = host_errno.EINTR

libm = rffi.library("""
double fmod(double, double);
double floor(double);
double ceil(double);
double pow(double, double);
""", libraries=["m"])


def math_fmod(x, y):
    return libm.fmod(x, y)


def math_floor(x):
    return libm.floor(x)


def math_ceil(x):
    return libm.ceil(x)


def math_pow(x, y):
    return libm.pow(x, y)


def range_error(message):
    """OverflowError as CPython's float power raises it: with errno."""
    return OperationError(space.w_OverflowError, space.newtuple([space.newint(34), space.newstr(message)]))


# ---- repr of recursive containers


def enter_repr(w_obj):
    """False if the repr of `w_obj` is being made already."""
    context = space.get_context()
    running_w = context.repr_running
    for w_running in running_w:
        if w_running is w_obj:
            return False
    context.enter_recursion(" while getting the repr of an object")
    running_w.append(w_obj)
    return True


def leave_repr(w_obj):
    context = space.get_context()
    context.leave_recursion()
    context.repr_running.pop()


# ---- identity and weak references


def unique_id(w_obj):
    """A number for the object that stays the same while it lives."""
    return compute_unique_id(w_obj)


def weak_reference(w_obj):
    """An interp-level weak reference."""
    return weakref.ref(w_obj)


# ---- errors of the system


def sys_get(name):
    """An attribute of ``sys``, or None."""
    w_sys = space.state.w_sys_module
    if w_sys is None:
        return None
    return w_sys.w_dict.getitem_str(name)


def system_error_arguments(errno, w_path):
    """The arguments of OSError and its like. A call that a signal interrupted runs the handlers first."""
    if errno == EINTR:
        space.check_signals()
    args_w = [space.newint(errno), space.newstr(rposix.strerror(errno))]
    if w_path is not None:
        args_w.append(w_path)
    return space.newtuple(args_w)


def oserror(errno):
    return OperationError(space.w_OSError, system_error_arguments(errno, None))


def oserror_path(errno, path):
    return OperationError(space.w_OSError, system_error_arguments(errno, space.newstr(path)))


def ioerror(errno):
    return OperationError(space.w_IOError, system_error_arguments(errno, None))


def ioerror_path(errno, path):
    return OperationError(space.w_IOError, system_error_arguments(errno, space.newstr(path)))


# ---- file descriptors


def descriptor_w(w_obj):
    """A file descriptor: an integer, or what the method ``fileno`` gives."""
    if space.is_int(w_obj) or space.is_long(w_obj):
        w_number = w_obj
    else:
        w_method = space.findattr(w_obj, "fileno")
        if w_method is None:
            raise type_error("argument must be an int, or have a fileno() method")
        w_number = w_method.call_0()
        if not space.is_int(w_number) and not space.is_long(w_number):
            raise type_error("fileno() returned a non-integer")
    fd = -1
    if space.bigint_w(w_number).bit_length() < 32:
        fd = space.int_w(w_number)
    if fd < 0:
        raise value_error("file descriptor cannot be a negative integer (%d)" % fd)
    return fd


# ---- exceptions of modules


@not_rpython
def new_exception_class(name, w_base):
    """An exception class that a built-in module defines; `name` is that of the module, a dot, and its own."""
    module, _, own_name = name.rpartition(".")
    w_namespace = space.newdict()
    w_namespace.setitem(space.newstr("__module__"), space.newstr(module))
    return space.w_type.call_3(space.newstr(own_name), space.newtuple([w_base]), w_namespace)


# ---- pickling


def reduce_object(w_obj, protocol):
    """``object.__reduce_ex__``: done by ``copy_reg``, as in CPython."""
    w_copy_reg = space.import_module("copy_reg")
    if protocol >= 2:
        return space.reduce_2(w_obj, w_copy_reg)
    return space.getattr_str(w_copy_reg, "_reduce_ex").call_2(w_obj, space.newint(protocol))


def reduce_2(w_obj, w_copy_reg):
    """Protocol 2: ``copy_reg.__newobj__`` with the class and ``__getnewargs__``, and the state."""
    w_type = w_obj.getclass()
    if not w_type.is_heap_type and w_type is not space.w_object and w_type.lookup("__new__") is space.w_object_new:
        raise space.type_error("can't pickle %s objects" % w_type.name)
    w_class = space.getattr_str(w_obj, "__class__")
    args_w = [w_class]
    w_getnewargs = space.findattr(w_obj, "__getnewargs__")
    if w_getnewargs is not None:
        w_new_args = w_getnewargs.call_0()
        if not space.is_tuple(w_new_args):
            raise space.type_error("__getnewargs__ should return a tuple, not '%s'" % space.type_name(w_new_args))
        args_w = args_w + space.tuple_list(w_new_args)
    w_getstate = space.findattr(w_obj, "__getstate__")
    if w_getstate is not None:
        w_state = w_getstate.call_0()
    else:
        w_state = default_state(w_obj, w_class, w_copy_reg)
    w_items = space.w_None
    if space.is_list(w_obj):
        w_items = space.iter(w_obj)
    w_pairs = space.w_None
    if space.is_dict(w_obj):
        w_pairs = space.getattr_str(w_obj, "iteritems").call_0()
    return space.newtuple([
        space.getattr_str(w_copy_reg, "__newobj__"), space.newtuple(args_w), w_state, w_items, w_pairs])


def default_state(w_obj, w_class, w_copy_reg):
    """``__dict__``, with the values of slots beside it if there are any."""
    w_state = space.findattr(w_obj, "__dict__")
    if w_state is None:
        w_state = space.w_None
    w_names = space.getattr_str(w_copy_reg, "_slotnames").call_1(w_class)
    if space.is_none(w_names):
        return w_state
    w_slots = space.newdict()
    for w_name in space.unpack_list(w_names):
        w_value = space.findattr(w_obj, space.text_w(w_name))
        if w_value is not None:
            w_slots.setitem(w_name, w_value)
    if space.len_w(w_slots) == 0:
        return w_state
    return space.newtuple([w_state, w_slots])
