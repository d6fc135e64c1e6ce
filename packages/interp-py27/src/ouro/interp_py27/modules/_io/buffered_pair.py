"""``BufferedRWPair``: a reader and a writer in one object."""

from ouro.interp_py27.modules._io.base import (
    DEFAULT_BUFFER_SIZE,
    W_BufferedIOBase,
    call_method,
    check_readable,
    check_writable,
    make_new,
)
from ouro.interp_py27.modules._io.buffered import (
    NO_MAXIMUM,
    W_BufferedReader,
    W_BufferedWriter,
    warn_of_maximum,
)
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.vm.errors import OperationError, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib.objectmodel import not_rpython


class W_BufferedRWPair(W_BufferedIOBase):
    """The streams are None before ``__init__``."""

    _attrs_ = ("w_reader", "w_writer")

    def start(self):
        self.w_reader = None
        self.w_writer = None

    def reader(self):
        if self.w_reader is None:
            raise value_error("I/O operation on uninitialized object")
        return self.w_reader

    def writer(self):
        if self.w_writer is None:
            raise value_error("I/O operation on uninitialized object")
        return self.w_writer


W_BufferedRWPairUser = make_user_class(W_BufferedRWPair)


@unwrap_spec(buffer_size=int, max_buffer_size=int)
def pair_init(self, w_reader, w_writer, buffer_size=DEFAULT_BUFFER_SIZE, max_buffer_size=NO_MAXIMUM):
    warn_of_maximum(max_buffer_size)
    check_readable(w_reader)
    check_writable(w_writer)
    w_size = space.newint(buffer_size)
    self.w_reader = W_BufferedReader.w_builtin_type.call_2(w_reader, w_size)
    self.w_writer = W_BufferedWriter.w_builtin_type.call_2(w_writer, w_size)


@not_rpython
def _forward(name, to_reader):
    """A method that is one of the reader or of the writer."""

    def forward(self, args_w):
        stream = self.reader() if to_reader else self.writer()
        return space.getattr_str(stream, name).call_list(args_w)

    forward.__name__ = forward.__qualname__ = "pair_" + name
    return forward


def pair_close(self):
    writer = self.writer()
    reader = self.reader()
    try:
        call_method(writer, "close")
    except OperationError:
        call_method(reader, "close")
        raise
    return call_method(reader, "close")


def pair_isatty(self):
    w_answer = call_method(self.writer(), "isatty")
    if w_answer is not space.w_False:
        return w_answer
    return call_method(self.reader(), "isatty")


def get_closed(self):
    return space.getattr_str(self.writer(), "closed")


_entries = {
    "__new__": make_new(W_BufferedRWPair, W_BufferedRWPairUser),
    "__init__": pair_init,
    "close": pair_close,
    "isatty": pair_isatty,
    "closed": GetSet(get_closed),
}
for _name in ["read", "read1", "peek", "readinto", "readable"]:
    _entries[_name] = _forward(_name, True)
for _name in ["write", "flush", "writable"]:
    _entries[_name] = _forward(_name, False)

define_type(W_BufferedRWPair, "BufferedRWPair", _entries, base=W_BufferedIOBase, module="_io",
            user_class=W_BufferedRWPairUser, doc="""A buffered reader and writer object together.

A buffered reader object and buffered writer object put together to
form a sequential IO object that can read and write. This is typically
used with a socket or two-way pipe.

reader and writer are RawIOBase objects that are readable and
writeable respectively. If the buffer_size is omitted it defaults to
DEFAULT_BUFFER_SIZE.
""")
