"""The exceptions of ``io``, and the errors that its streams raise."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.exception_object import W_EnvironmentError, exception_types
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.vm.errors import OperationError, operror, type_error, value_error
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib.objectmodel import not_rpython

EINTR = 4
EAGAIN = 11


# ---- exceptions


class W_BlockingIOError(W_EnvironmentError):
    """An IOError that says how many characters were written before the stream would have blocked."""

    _attrs_ = ("characters_written",)
    characters_written = 0


W_BlockingIOErrorUser = make_user_class(W_BlockingIOError)


def blocking_new(w_subtype, __args__):
    if w_subtype is W_BlockingIOError.w_builtin_type:
        w_error = W_BlockingIOError(__args__.args_w)
    else:
        space.check_subtype(w_subtype, W_BlockingIOError.w_builtin_type)
        w_error = W_BlockingIOErrorUser(__args__.args_w)
        space.init_user(w_error, w_subtype)
    w_error.init_fields()
    return w_error


def blocking_init(self, w_errno, w_strerror, w_characters_written=None):
    self.set_arguments([w_errno, w_strerror])
    self.characters_written = 0
    if w_characters_written is not None:
        self.characters_written = space.int_w(w_characters_written)


def get_characters_written(self):
    return space.newint(self.characters_written)


def set_characters_written(self, w_value):
    self.characters_written = space.int_w(w_value)


define_type(W_BlockingIOError, "BlockingIOError", {
    "__new__": blocking_new,
    "__init__": blocking_init,
    "characters_written": GetSet(get_characters_written, set_characters_written),
}, base=exception_types["IOError"], doc="Exception raised when I/O would block on a non-blocking I/O stream",
   user_class=W_BlockingIOErrorUser)


@not_rpython
def _make_unsupported_operation():
    w_namespace = space.newdict()
    w_namespace.setitem(space.newstr("__module__"), space.newstr("io"))
    return space.w_type.call_3(
        space.newstr("UnsupportedOperation"), space.newtuple([space.w_ValueError, space.w_IOError]), w_namespace)


w_UnsupportedOperation = _make_unsupported_operation()


# ---- making errors


def unsupported(message):
    return operror(w_UnsupportedOperation, message)


def closed_error(message):
    return value_error(message)


def would_block(message, written):
    """BlockingIOError."""
    return OperationError(W_BlockingIOError.w_builtin_type, space.newtuple([
        space.newint(EAGAIN), space.newstr(message), space.newint(written)]))


def io_error(message):
    return operror(space.w_IOError, message)


def is_interrupt(error):
    """Whether the exception says that a signal interrupted a system call, which is to be repeated then."""
    if not error.match(space.w_EnvironmentError):
        return False
    w_errno = space.findattr(error.get_w_value(), "errno")
    return w_errno is not None and space.is_int(w_errno) and space.int_w(w_errno) == EINTR


# ---- arguments


def size_w(w_size):
    """A number of characters: None means all, which is -1."""
    if w_size is None or space.is_none(w_size):
        return -1
    if not space.is_number(w_size):
        raise type_error("integer argument expected, got '%s'" % space.type_name(w_size))
    return space.index_overflow_w(w_size)


def kind_of(w_value):
    """What messages about arguments call the object."""
    return "None" if space.is_none(w_value) else space.type_name(w_value)


def data_w(w_data):
    """The bytes to write; unicode is encoded by the default encoding, as the format "s*" of CPython does."""
    if not space.is_text(w_data) and not space.has_buffer(w_data):
        raise type_error("must be string or buffer, not %s" % kind_of(w_data))
    return space.buffer_str_w(w_data)


def binary_w(w_data):
    """The bytes of anything that has them; unicode has none."""
    if space.is_unicode(w_data) or not space.has_modern_buffer(w_data):
        raise type_error("'%s' does not have the buffer interface" % space.type_name(w_data))
    return space.buffer_str_w(w_data)


def target_buffer(w_buffer):
    """The writable memory that ``readinto`` fills."""
    if space.is_unicode(w_buffer):
        raise type_error("cannot use unicode as modifiable buffer")
    buffer = w_buffer.get_buffer()
    if buffer is None or buffer.readonly:
        raise type_error("argument 1 must be read-write buffer, not %s" % kind_of(w_buffer))
    return buffer


def newposition(value):
    """Positions and counts are longs, as in CPython."""
    return space.newlong_from_int(value)
