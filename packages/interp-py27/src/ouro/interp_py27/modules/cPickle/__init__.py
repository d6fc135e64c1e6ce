"""``cPickle``: pickles, without the Python code of ``pickle``."""

from ouro.interp_py27.modules.cPickle.opcodes import HIGHEST_PROTOCOL, pickle_state
from ouro.interp_py27.modules.cPickle.pickler import new_pickler
from ouro.interp_py27.modules.cPickle.source import Source
from ouro.interp_py27.modules.cPickle.unpickler import W_Unpickler, new_unpickler
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.function_object import W_MethodDescr
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.support import new_exception_class
from ouro.interp_py27.vm.errors import type_error
from ouro.interp_py27.vm.gateway import make_builtin_code, unwrap_spec
from ouro.rlib.objectmodel import not_rpython


@unwrap_spec(protocol=int)
def dump(w_obj, w_file, protocol=0):
    """dump(obj, file, protocol=0) -- Write an object in pickle format to the given file.

See the Pickler docstring for the meaning of optional argument proto."""
    new_pickler(protocol, w_file).dump(w_obj)


@unwrap_spec(protocol=int)
def dumps(w_obj, protocol=0):
    """dumps(obj, protocol=0) -- Return a string containing an object in pickle format.

See the Pickler docstring for the meaning of optional argument proto."""
    pickler = new_pickler(protocol, None)
    pickler.dump(w_obj)
    return space.newstr(pickler.take_output())


def load(w_file):
    """load(file) -- Load a pickle from the given file"""
    return new_unpickler(w_file).load()


def loads(w_string):
    """loads(string) -- Load a pickle from the given string"""
    if not space.is_str(w_string):
        raise type_error("loads() argument 1 must be string, not %s" % space.type_name(w_string))
    return W_Unpickler(Source(space.text_w(w_string))).load()


@unwrap_spec(protocol=int)
def make_pickler(w_file=None, protocol=0):
    """Pickler(file, protocol=0) -- Create a pickler.

This takes a file-like object for writing a pickle data stream.
The optional proto argument tells the pickler to use the given
protocol; supported protocols are 0, 1, 2.  The default
protocol is 0, to be backwards compatible.  (Protocol 0 is the
only protocol that can be written to a file opened in text
mode and read back successfully.  When using a protocol higher
than 0, make sure the file is opened in binary mode, both when
pickling and unpickling.)

Protocol 1 is more efficient than protocol 0; protocol 2 is
more efficient than protocol 1.

Specifying a negative protocol version selects the highest
protocol version supported.  The higher the protocol used, the
more recent the version of Python needed to read the pickle
produced.

The file parameter must have a write() method that accepts a single
string argument.  It can thus be an open file object, a StringIO
object, or any other custom object that meets this interface.
"""
    if w_file is not None:
        if space.is_int(w_file) and protocol == 0:
            return new_pickler(space.int_w(w_file), None)
        if space.is_none(w_file):
            w_file = None
    return new_pickler(protocol, w_file)


def make_unpickler(w_file):
    """Unpickler(file) -- Create an unpickler."""
    return new_unpickler(w_file)


# ---- exceptions


def pickle_error_str(w_self):
    arguments_w = space.tuple_items(space.getattr_str(w_self, "args"))
    if len(arguments_w) == 0:
        return space.newstr("(what)")
    return space.str(arguments_w[0])


def unpickleable_error_str(w_self):
    arguments_w = space.tuple_items(space.getattr_str(w_self, "args"))
    what = "(what)"
    if len(arguments_w) > 0:
        what = space.str_text(space.getattr_str(arguments_w[0], "__class__"))
    return space.newstr("Cannot pickle %s objects" % what)


@not_rpython
def _new_error(name, w_base, to_text=None):
    w_class = new_exception_class("cPickle." + name, w_base)
    if to_text is not None:
        w_class.dict_w["__str__"] = W_MethodDescr(make_builtin_code(to_text, "__str__"), w_class)
    return w_class


pickle_state.w_PickleError = _new_error("PickleError", space.w_Exception, pickle_error_str)
pickle_state.w_PicklingError = _new_error("PicklingError", pickle_state.w_PickleError)
pickle_state.w_UnpickleableError = _new_error(
    "UnpickleableError", pickle_state.w_PicklingError, unpickleable_error_str)
pickle_state.w_UnpicklingError = _new_error("UnpicklingError", pickle_state.w_PickleError)
pickle_state.w_BadPickleGet = _new_error("BadPickleGet", pickle_state.w_UnpicklingError)


def start_cPickle(w_module):
    w_module.w_dict.setitem_str(
        "compatible_formats", space.newlist_text(["1.0", "1.1", "1.2", "1.3", "2.0"]))


define_module("cPickle", {
    "dump": dump,
    "dumps": dumps,
    "load": load,
    "loads": loads,
    "Pickler": make_pickler,
    "Unpickler": make_unpickler,
    "PickleError": pickle_state.w_PickleError,
    "PicklingError": pickle_state.w_PicklingError,
    "UnpickleableError": pickle_state.w_UnpickleableError,
    "UnpicklingError": pickle_state.w_UnpicklingError,
    "BadPickleGet": pickle_state.w_BadPickleGet,
    "HIGHEST_PROTOCOL": HIGHEST_PROTOCOL,
    "__version__": "1.71",
    "format_version": "2.0",
}, doc="C implementation and optimization of the Python pickle module.", startup=start_cPickle)
