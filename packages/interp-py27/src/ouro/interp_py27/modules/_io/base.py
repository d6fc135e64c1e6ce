"""The abstract classes ``_IOBase``, ``_RawIOBase``, ``_BufferedIOBase`` and ``_TextIOBase``.

They share one layout, so that application classes may derive from several of them.
"""

from ouro.interp_py27.modules._io.errors import (
    io_error,
    is_interrupt,
    size_w,
    target_buffer,
    unsupported,
)
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.bytearray_object import W_ByteArray
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Dictful
from ouro.interp_py27.vm.errors import OperationError, type_error, value_error
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib.objectmodel import instantiate, not_rpython
from ouro.rlib.rstring import StringBuilder

DEFAULT_BUFFER_SIZE = 8192


class W_IOBase(W_Dictful):
    """A stream. `base_closed` is the state that ``_IOBase.close`` sets;"""

    _attrs_ = ("base_closed", "lifeline")
    base_closed = False
    lifeline = None

    def start(self):
        """What every new stream needs before ``__init__``."""

    def getweakref(self):
        return self.lifeline

    def setweakref(self, lifeline):
        self.lifeline = lifeline

    def delweakref(self):
        self.lifeline = None

    def release(self):
        """Close a stream that nobody knows any more."""
        try:
            if not is_closed(self):
                call_method(self, "close")
        except OperationError:
            # As in CPython, nobody is told.
            pass

    def iter_next(self):
        w_line = call_method(self, "readline")
        if space.len_w(w_line) == 0:
            return None
        return w_line


class W_RawIOBase(W_IOBase):
    _attrs_ = ()


class W_BufferedIOBase(W_IOBase):
    _attrs_ = ()


class W_TextIOBase(W_IOBase):
    _attrs_ = ()


W_IOBaseUser = make_user_class(W_IOBase)


# ---- making streams


@not_rpython
def make_new(cls, user_cls, finalized=True):
    """``__new__`` of a stream type: an instance before ``__init__``. `finalized` streams are closed when they die."""

    def stream_new(w_subtype, __args__):
        if w_subtype is cls.w_builtin_type:
            w_stream = instantiate(cls)
            w_stream.start()
            if finalized:
                space.register_finalizer(w_stream)
            return w_stream
        space.check_subtype(w_subtype, cls.w_builtin_type)
        w_stream = instantiate(user_cls)
        w_stream.start()
        space.init_user(w_stream, w_subtype)
        if finalized and not w_subtype.has_del:
            space.register_finalizer(w_stream)
        return w_stream

    stream_new.__name__ = stream_new.__qualname__ = "new_" + cls.__name__
    return stream_new


# ---- calling streams


def call_method(w_obj, name):
    return space.getattr_str(w_obj, name).call_0()


def call_method_1(w_obj, name, w_1):
    return space.getattr_str(w_obj, name).call_1(w_1)


def call_method_2(w_obj, name, w_1, w_2):
    return space.getattr_str(w_obj, name).call_2(w_1, w_2)


def is_closed(w_stream):
    return space.is_true(space.getattr_str(w_stream, "closed"))


def check_closed(w_stream):
    if is_closed(w_stream):
        raise value_error("I/O operation on closed file.")


def check_readable(w_stream):
    if call_method(w_stream, "readable") is not space.w_True:
        raise io_error("File or stream is not readable.")


def check_writable(w_stream):
    if call_method(w_stream, "writable") is not space.w_True:
        raise io_error("File or stream is not writable.")


def check_seekable(w_stream):
    if call_method(w_stream, "seekable") is not space.w_True:
        raise io_error("File or stream is not seekable.")


# ---- _IOBase


def stream_seek(self, args_w):
    """Change stream position.

Change the stream position to the given byte offset. The offset is
interpreted relative to the position indicated by whence.  Values
for whence are:

* 0 -- start of stream (the default); offset should be zero or positive
* 1 -- current stream position; offset may be negative
* 2 -- end of stream; offset is usually negative

Return the new absolute position."""
    raise unsupported("seek")


def stream_tell(self):
    """Return current stream position."""
    return call_method_2(self, "seek", space.newint(0), space.newint(1))


def stream_truncate(self, args_w):
    """Truncate file to size bytes.

File pointer is left unchanged.  Size defaults to the current IO
position as reported by tell().  Returns the new size."""
    raise unsupported("truncate")


def stream_flush(self):
    """Flush write buffers, if applicable.

This is not implemented for read-only and non-blocking streams.
"""
    if self.base_closed:
        raise value_error("I/O operation on closed file.")


def stream_close(self):
    """Flush and close the IO object.

This method has no effect if the file is already closed.
"""
    if self.base_closed:
        return
    try:
        call_method(self, "flush")
    finally:
        self.base_closed = True


def get_closed(self):
    return space.newbool(self.base_closed)


def stream_seekable(self):
    """Return whether object supports random access.

If False, seek(), tell() and truncate() will raise IOError.
This method may need to do a test seek()."""
    return space.w_False


def stream_readable(self):
    """Return whether object was opened for reading.

If False, read() will raise IOError."""
    return space.w_False


def stream_writable(self):
    """Return whether object was opened for writing.

If False, read() will raise IOError."""
    return space.w_False


def stream_check_closed(self):
    check_closed(self)
    return space.w_True


def stream_check_seekable(self):
    check_seekable(self)
    return space.w_True


def stream_check_readable(self):
    check_readable(self)
    return space.w_True


def stream_check_writable(self):
    check_writable(self)
    return space.w_True


def stream_fileno(self):
    """Returns underlying file descriptor if one exists.

An IOError is raised if the IO object does not use a file descriptor.
"""
    raise unsupported("fileno")


def stream_isatty(self):
    """Return whether this is an 'interactive' stream.

Return False if it can't be determined.
"""
    check_closed(self)
    return space.w_False


def stream_enter(self):
    check_closed(self)
    return self


def stream_exit(self, args_w):
    return call_method(self, "close")


def stream_iter(self):
    check_closed(self)
    return self


def stream_next(self):
    w_line = call_method(self, "readline")
    if space.len_w(w_line) == 0:
        raise OperationError(space.w_StopIteration, None)
    return w_line


def stream_readline(self, w_limit=None):
    """Read and return a line from the stream.

If limit is specified, at most limit bytes will be read.

The line terminator is always b'\\n' for binary files; for text
files, the newlines argument to open can be used to select the line
terminator(s) recognized.
"""
    limit = size_w(w_limit)
    has_peek = space.findattr(self, "peek") is not None
    builder = StringBuilder()
    while limit < 0 or builder.getlength() < limit:
        count = 1
        if has_peek:
            count = readline_peek(self, limit - builder.getlength() if limit >= 0 else -1)
        try:
            w_data = call_method_1(self, "read", space.newint(count))
        except OperationError as error:
            if is_interrupt(error):
                continue
            raise
        if not space.is_str(w_data):
            raise io_error("read() should have returned a bytes object, not '%s'" % space.type_name(w_data))
        data = space.bytes_w(w_data)
        if data == "":
            break
        builder.append(data)
        if data[len(data) - 1] == "\n":
            break
    return space.newstr(builder.build())


def readline_peek(w_stream, limit):
    """How much to read so as not to read past a newline, by what ``peek`` shows."""
    while True:
        try:
            w_ahead = call_method_1(w_stream, "peek", space.newint(1))
            break
        except OperationError as error:
            if not is_interrupt(error):
                raise
    if not space.is_str(w_ahead):
        raise io_error("peek() should have returned a bytes object, not '%s'" % space.type_name(w_ahead))
    ahead = space.bytes_w(w_ahead)
    if ahead == "":
        return 1
    stop = ahead.find("\n") + 1
    if stop == 0:
        stop = len(ahead)
    if 0 <= limit < stop:
        return limit
    return stop


def stream_readlines(self, w_hint=None):
    """Return a list of lines from the stream.

hint can be specified to control the number of lines read: no more
lines will be read if the total size (in bytes/characters) of all
lines so far exceeds hint."""
    hint = size_w(w_hint)
    lines_w = []
    length = 0
    w_iterator = space.iter(self)
    while True:
        w_line = w_iterator.iter_next()
        if w_line is None:
            break
        lines_w.append(w_line)
        if hint > 0:
            length += space.len_w(w_line)
            if length > hint:
                break
    return space.newlist(lines_w)


def stream_writelines(self, w_lines):
    check_closed(self)
    w_iterator = space.iter(w_lines)
    while True:
        w_line = w_iterator.iter_next()
        if w_line is None:
            return
        while True:
            try:
                call_method_1(self, "write", w_line)
                break
            except OperationError as error:
                if not is_interrupt(error):
                    raise


def get_dict(self):
    return self.getdict()


define_type(W_IOBase, "_IOBase", {
    "__new__": make_new(W_IOBase, W_IOBaseUser),
    "__dict__": GetSet(get_dict),
    "__weakref__": None,
    "__enter__": stream_enter,
    "__exit__": stream_exit,
    "__iter__": stream_iter,
    "next": stream_next,
    "seek": stream_seek,
    "tell": stream_tell,
    "truncate": stream_truncate,
    "flush": stream_flush,
    "close": stream_close,
    "closed": GetSet(get_closed),
    "seekable": stream_seekable,
    "readable": stream_readable,
    "writable": stream_writable,
    "_checkClosed": stream_check_closed,
    "_checkSeekable": stream_check_seekable,
    "_checkReadable": stream_check_readable,
    "_checkWritable": stream_check_writable,
    "fileno": stream_fileno,
    "isatty": stream_isatty,
    "readline": stream_readline,
    "readlines": stream_readlines,
    "writelines": stream_writelines,
}, module="_io", user_class=W_IOBaseUser, doc="""The abstract base class for all I/O classes, acting on streams of
bytes. There is no public constructor.

This class provides dummy implementations for many methods that
derived classes can override selectively; the default implementations
represent a file that cannot be read, written or seeked.

Even though IOBase does not declare read, readinto, or write because
their signatures will vary, implementations and clients should
consider those methods part of the interface. Also, implementations
may raise an IOError when operations they do not support are called.

The basic type used for binary data read from or written to a file is
the bytes type. Method arguments may also be bytearray or memoryview
of arrays of bytes. In some cases, such as readinto, a writable
object such as bytearray is required. Text I/O classes work with
unicode data.

Note that calling any method (except additional calls to close(),
which are ignored) on a closed stream should raise a ValueError.

IOBase (and its subclasses) support the iterator protocol, meaning
that an IOBase object can be iterated over yielding the lines in a
stream.

IOBase also supports the :keyword:`with` statement. In this example,
fp is closed after the suite of the with statement is complete:

with open('spam.txt', 'r') as fp:
    fp.write('Spam and eggs!')
""")


# ---- _RawIOBase


def raw_read(self, w_size=None):
    size = size_w(w_size)
    if size < 0:
        return call_method(self, "readall")
    w_buffer = W_ByteArray(["\0"] * size)
    w_count = call_method_1(self, "readinto", w_buffer)
    if space.is_none(w_count):
        return w_count
    count = space.int_w(w_count)
    text = w_buffer.text()
    if count < 0:
        count = max(count + len(text), 0)
    return space.newstr(text[:count])


def raw_readall(self):
    """Read until EOF, using multiple read() call."""
    builder = StringBuilder()
    nothing = True
    while True:
        try:
            w_data = call_method_1(self, "read", space.newint(DEFAULT_BUFFER_SIZE))
        except OperationError as error:
            if is_interrupt(error):
                continue
            raise
        if space.is_none(w_data):
            if nothing:
                return w_data
            break
        if not space.is_str(w_data):
            raise type_error("read() should return bytes")
        data = space.bytes_w(w_data)
        if data == "":
            break
        nothing = False
        builder.append(data)
    return space.newstr(builder.build())


define_type(W_RawIOBase, "_RawIOBase", {
    "__new__": make_new(W_RawIOBase, W_IOBaseUser),
    "read": raw_read,
    "readall": raw_readall,
}, base=W_IOBase, module="_io", user_class=W_IOBaseUser, self_class=W_IOBase, doc="Base class for raw binary I/O.")


# ---- _BufferedIOBase


def buffered_detach(self):
    """Disconnect this buffer from its underlying raw stream and return it.

After the raw stream has been detached, the buffer is in an unusable
state.
"""
    raise unsupported("detach")


def buffered_read(self, args_w):
    """Read and return up to n bytes.

If the argument is omitted, None, or negative, reads and
returns all data until EOF.

If the argument is positive, and the underlying raw stream is
not 'interactive', multiple raw reads may be issued to satisfy
the byte count (unless EOF is reached first).  But for
interactive raw streams (as well as sockets and pipes), at most
one raw read will be issued, and a short result does not imply
that EOF is imminent.

Returns an empty bytes object on EOF.

Returns None if the underlying raw stream was open in non-blocking
mode and no data is available at the moment.
"""
    raise unsupported("read")


def buffered_read1(self, args_w):
    """Read and return up to n bytes, with at most one read() call
to the underlying raw stream. A short result does not imply
that EOF is imminent.

Returns an empty bytes object on EOF.
"""
    raise unsupported("read1")


def buffered_write(self, args_w):
    """Write the given buffer to the IO stream.

Returns the number of bytes written, which is always len(b).

Raises BlockingIOError if the buffer is full and the
underlying raw stream cannot accept more data at the moment.
"""
    raise unsupported("write")


def buffered_readinto(self, w_buffer):
    buffer = target_buffer(w_buffer)
    size = buffer.length()
    w_data = call_method_1(self, "read", space.newint(size))
    if space.is_none(w_data):
        return w_data
    if not space.is_str(w_data):
        raise type_error("read() should return bytes")
    data = space.bytes_w(w_data)
    if len(data) > size:
        raise value_error("read() returned too much data: %d bytes requested, %d returned" % (size, len(data)))
    buffer.store(0, data)
    return space.newlong_from_int(len(data))


define_type(W_BufferedIOBase, "_BufferedIOBase", {
    "__new__": make_new(W_BufferedIOBase, W_IOBaseUser),
    "detach": buffered_detach,
    "read": buffered_read,
    "read1": buffered_read1,
    "write": buffered_write,
    "readinto": buffered_readinto,
}, base=W_IOBase, module="_io", user_class=W_IOBaseUser, self_class=W_IOBase, doc="""Base class for buffered IO objects.

The main difference with RawIOBase is that the read() method
supports omitting the size argument, and does not have a default
implementation that defers to readinto().

In addition, read(), readinto() and write() may raise
BlockingIOError if the underlying raw stream is in non-blocking
mode and not ready; unlike their raw counterparts, they will never
return None.

A typical implementation should not inherit from a RawIOBase
implementation, but wrap one.
""")


# ---- _TextIOBase


def text_detach(self):
    """Separate the underlying buffer from the TextIOBase and return it.

After the underlying buffer has been detached, the TextIO is in an
unusable state.
"""
    raise unsupported("detach")


def text_read(self, args_w):
    """Read at most n characters from stream.

Read from underlying buffer until we have n characters or we hit EOF.
If n is negative or omitted, read until EOF.
"""
    raise unsupported("read")


def text_readline(self, args_w):
    """Read until newline or EOF.

Returns an empty string if EOF is hit immediately.
"""
    raise unsupported("readline")


def text_write(self, args_w):
    """Write string to stream.
Returns the number of characters written (which is always equal to
the length of the string).
"""
    raise unsupported("write")


def get_none(self):
    return space.w_None


define_type(W_TextIOBase, "_TextIOBase", {
    "__new__": make_new(W_TextIOBase, W_IOBaseUser),
    "detach": text_detach,
    "read": text_read,
    "readline": text_readline,
    "write": text_write,
    "encoding": GetSet(get_none, doc="Encoding of the text stream.\n\nSubclasses should override.\n"),
    "newlines": GetSet(get_none, doc="Line endings translated so far.\n\nOnly line endings translated during reading "
                                     "are considered.\n\nSubclasses should override.\n"),
    "errors": GetSet(get_none, doc="The error setting of the decoder or encoder.\n\nSubclasses should override.\n"),
}, base=W_IOBase, module="_io", user_class=W_IOBaseUser, self_class=W_IOBase, doc="""Base class for text I/O.

This class provides a character and line based interface to stream
I/O. There is no readinto method because Python's character strings
are immutable. There is no public constructor.
""")
