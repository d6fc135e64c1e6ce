"""``sys``."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import builtin_modules, define_module
from ouro.interp_py27.objects.printing import display_exception
from ouro.interp_py27.objects.state import actionflag, state
from ouro.interp_py27.objects.structure_object import define_structure
from ouro.interp_py27.objects.text_conversions import default_encoding
from ouro.interp_py27.vm.context import keep
from ouro.interp_py27.vm.errors import OperationError, overflow_error, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.threads import set_check_interval
from ouro.rlib.rarithmetic import LONG_BIT

MAX_C_INT = 2 ** 31 - 1
MAX_INT = 2 ** (LONG_BIT - 1) - 1


def exc_info():
    """exc_info() -> (type, value, traceback)\n\nReturn information about the most recent exception caught by an except
clause in the current stack frame or in an older stack frame."""
    error = space.get_context().current_exception()
    if error is None:
        return space.newtuple([space.w_None, space.w_None, space.w_None])
    w_value = error.get_w_value()
    return space.newtuple([error.w_type, w_value, space.wrap_none(error.traceback)])


def handled_exception_part(name):
    """``exc_type``, ``exc_value`` and ``exc_traceback``: older names of what `exc_info` gives."""
    if not name.startswith("exc_"):
        return None
    error = space.get_context().current_exception()
    if error is None:
        return None
    if name == "exc_type":
        return error.w_type
    if name == "exc_value":
        return error.get_w_value()
    if name == "exc_traceback":
        return space.wrap_none(error.traceback)
    return None


def exc_clear():
    """exc_clear() -> None\n\nClear global information on the current exception."""
    space.warn_py3k("sys.exc_clear() not supported in 3.x; use except clauses")
    space.get_context().clear_exception()


def clear_type_cache():
    """_clear_type_cache() -> None\nClear the internal type lookup cache."""
    space.w_object.mutated()


def sys_exit(w_status=None):
    """exit([status])\n\nExit the interpreter by raising SystemExit(status)."""
    raise OperationError(space.w_SystemExit, w_status)


@unwrap_spec(depth=int)
def getframe(depth=0):
    """_getframe([depth]) -> frameobject"""
    frame = space.get_context().running_frame()
    while depth > 0 and frame is not None:
        frame = frame.f_back()
        depth -= 1
    if frame is None:
        raise value_error("call stack is not deep enough")
    return keep(frame)


def current_frames():
    """_current_frames() -> dictionary\n\nReturn a dictionary mapping each current thread T's thread id to T's
current stack frame."""
    w_dict = space.newdict()
    for ident, context in space.running_threads():
        frame = context.running_frame()
        if frame is not None:
            w_dict.setitem(space.newint(ident), keep(frame))
    return w_dict


def getrecursionlimit():
    """getrecursionlimit()\n\nReturn the current value of the recursion limit."""
    return space.newint(state.recursion_limit)


@unwrap_spec(limit=int)
def setrecursionlimit(limit):
    """setrecursionlimit(n)\n\nSet the maximum depth of the Python interpreter stack to n."""
    if limit > MAX_C_INT:
        raise overflow_error("signed integer is greater than maximum")
    if limit <= 0:
        raise value_error("recursion limit must be positive")
    state.recursion_limit = limit


def getcheckinterval():
    """getcheckinterval() -> current check interval; see setcheckinterval()."""
    return space.newint(actionflag.interval)


@unwrap_spec(interval=int)
def setcheckinterval(interval):
    """setcheckinterval(n)"""
    set_check_interval(max(interval, 0))


def getdefaultencoding():
    """getdefaultencoding() -> string"""
    return space.newstr(default_encoding.name)


@unwrap_spec(name="c_text")
def setdefaultencoding(name):
    """setdefaultencoding(encoding)"""
    normalized = name.lower().replace("_", "-")
    if normalized == "utf8":
        normalized = "utf-8"
    elif normalized == "us-ascii":
        normalized = "ascii"
    else:
        space.lookup_codec(normalized)
    default_encoding.name = normalized


def getfilesystemencoding():
    """getfilesystemencoding() -> string"""
    return space.newstr("UTF-8")


def settrace(w_function):
    """settrace(function)"""
    space.get_context().settrace(None if space.is_none(w_function) else w_function)


def gettrace():
    """gettrace()"""
    return space.wrap_none(space.get_context().w_tracefunc)


def setprofile(w_function):
    """setprofile(function)"""
    space.get_context().setprofile(None if space.is_none(w_function) else w_function)


def getprofile():
    """getprofile()"""
    return space.wrap_none(space.get_context().w_profilefunc)


def getsizeof(w_object, w_default=None):
    """getsizeof(object, default) -> int"""
    w_method = space.lookup(w_object, "__sizeof__")
    if w_method is None:
        return space.newint(16)
    try:
        return space.newint(space.int_w(space.call_special_0(w_method, w_object)))
    except OperationError as error:
        if w_default is None or not error.match(space.w_TypeError):
            raise
        return w_default


def displayhook(w_value):
    """displayhook(object) -> None\n\nPrint an object to sys.stdout and also save it in __builtin__._"""
    if space.is_none(w_value):
        return
    w_builtins = state.w_builtin_module.w_dict
    w_builtins.setitem_str("_", space.w_None)
    space.print_item(space.repr(w_value), None)
    space.print_newline(None)
    w_builtins.setitem_str("_", w_value)


def excepthook(w_type, w_value, w_traceback):
    """excepthook(exctype, value, traceback) -> None\n\nHandle an exception by displaying it with a traceback on
sys.stderr."""
    traceback = w_traceback if space.is_traceback(w_traceback) else None
    display_exception(w_type, w_value, traceback)


def call_tracing(w_function, w_args):
    """call_tracing(func, args) -> object"""
    if not space.is_tuple(w_args):
        raise type_error("call_tracing() argument 2 must be tuple, not %s" % space.type_name(w_args))
    context = space.get_context()
    saved = context.is_tracing
    context.is_tracing = 0
    try:
        return w_function.call_list(space.tuple_items(w_args)[:])
    finally:
        context.is_tracing = saved


version_info = define_structure(
    "sys.version_info", ["major", "minor", "micro", "releaselevel", "serial"], constructible=False,
    doc="sys.version_info\n\nVersion information as a named tuple.")
flags_structure = define_structure("sys.flags", [
    "debug", "py3k_warning", "division_warning", "division_new", "inspect", "interactive", "optimize",
    "dont_write_bytecode", "no_user_site", "no_site", "ignore_environment", "tabcheck", "verbose", "unicode",
    "bytes_warning", "hash_randomization"], constructible=False,
    doc="sys.flags\n\nFlags provided through command line arguments or environment vars.")
float_info = define_structure("sys.float_info", [
    "max", "max_exp", "max_10_exp", "min", "min_exp", "min_10_exp", "dig", "mant_dig", "epsilon", "radix", "rounds"],
    doc="sys.float_info\n\nA structseq holding information about the float type. It contains low level\n"
        "information about the precision and internal representation. Please study\n"
        "your system's :file:`float.h` for more information.")
long_info = define_structure("sys.long_info", ["bits_per_digit", "sizeof_digit"], doc=(
    "sys.long_info\n\nA struct sequence that holds information about Python's\n"
    "internal representation of integers.  The attributes are read only."))


def new_flags(values):
    """``sys.flags`` from the sixteen values."""
    return flags_structure([space.newint(value) for value in values])


def start_sys(w_module):
    """What is a fresh object at each start."""
    w_dict = w_module.w_dict
    w_dict.setitem_str("modules", space.newdict())
    w_dict.setitem_str("path", space.newlist([]))
    w_dict.setitem_str("argv", space.newlist([]))
    w_dict.setitem_str("meta_path", space.newlist([]))
    w_dict.setitem_str("path_hooks", space.newlist([]))
    w_dict.setitem_str("path_importer_cache", space.newdict())
    w_dict.setitem_str("warnoptions", space.newlist([]))
    names = []
    for name in builtin_modules.table:
        names.append(name)
    space.sort_strings(names)
    w_dict.setitem_str("builtin_module_names", space.newtuple([space.newstr(name) for name in names]))
    w_dict.setitem_str("__displayhook__", w_dict.getitem_str("displayhook"))
    w_dict.setitem_str("__excepthook__", w_dict.getitem_str("excepthook"))


_entries = {
    "exc_info": exc_info,
    "exc_clear": exc_clear,
    "_clear_type_cache": clear_type_cache,
    "exit": sys_exit,
    "_getframe": getframe,
    "_current_frames": current_frames,
    "getrecursionlimit": getrecursionlimit,
    "setrecursionlimit": setrecursionlimit,
    "getcheckinterval": getcheckinterval,
    "setcheckinterval": setcheckinterval,
    "getdefaultencoding": getdefaultencoding,
    "setdefaultencoding": setdefaultencoding,
    "getfilesystemencoding": getfilesystemencoding,
    "settrace": settrace,
    "gettrace": gettrace,
    "setprofile": setprofile,
    "getprofile": getprofile,
    "getsizeof": getsizeof,
    "displayhook": displayhook,
    "excepthook": excepthook,
    "call_tracing": call_tracing,
    "maxint": MAX_INT,
    "maxsize": MAX_INT,
    "maxunicode": 0x10FFFF,
    "byteorder": "little",
    "platform": "linux2",
    "hexversion": 0x020712F0,
    "api_version": 1013,
    "copyright": "Copyright (c) 2001-2020 Python Software Foundation.\nAll Rights Reserved.",
    "version": "2.7.18 (default)\n[Ouroboros]",
    "subversion": space.newtuple([space.newstr("CPython"), space.newstr(""), space.newstr("")]),
    "_git": space.newtuple([space.newstr("CPython"), space.newstr(""), space.newstr("")]),
    "dont_write_bytecode": False,
    "py3kwarning": False,
    "float_repr_style": "short",
    "executable": "",
    "prefix": "/usr/local",
    "exec_prefix": "/usr/local",
    "_mercurial": space.newtuple([space.newstr("CPython"), space.newstr(""), space.newstr("")]),
}

_entries["version_info"] = version_info([
    space.newint(2), space.newint(7), space.newint(18), space.newstr("final"), space.newint(0)])
_entries["flags"] = new_flags([0] * 16)
_entries["float_info"] = float_info([
    space.newfloat(1.7976931348623157e308), space.newint(1024), space.newint(308),
    space.newfloat(2.2250738585072014e-308), space.newint(-1021), space.newint(-307), space.newint(15),
    space.newint(53), space.newfloat(2.220446049250313e-16), space.newint(2), space.newint(1)])
_entries["long_info"] = long_info([space.newint(30), space.newint(4)])
define_module("sys", _entries, doc="This module provides access to some objects used or maintained by the\n"
              "interpreter and to functions that interact strongly with the interpreter.", startup=start_sys,
              compute=handled_exception_part)
