"""``BufferedReader``, ``BufferedWriter`` and ``BufferedRandom``: a buffer over a raw stream.

All three are one `W_Buffered`. What was read ahead is a string, and what is to be written is collected in a builder;
at most one of them holds something, for before writing the raw stream goes back to where the program believes it to be,
and before reading everything is written.
"""

from ouro.interp_py27.modules._io.at_exit import open_buffers
from ouro.interp_py27.modules._io.base import (
    DEFAULT_BUFFER_SIZE,
    W_BufferedIOBase,
    call_method,
    call_method_1,
    call_method_2,
    check_readable,
    check_seekable,
    check_writable,
    is_closed,
    make_new,
)
from ouro.interp_py27.modules._io.errors import (
    W_BlockingIOError,
    data_w,
    io_error,
    is_interrupt,
    kind_of,
    newposition,
    size_w,
    would_block,
)
from ouro.interp_py27.modules._io.fileio import W_FileIO
from ouro.interp_py27.modules._io.guard import Guard
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.buffers import TextBuffer
from ouro.interp_py27.objects.bytearray_object import W_ByteArray
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.memory_view_object import W_MemoryView
from ouro.interp_py27.vm.errors import OperationError, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib.rstring import StringBuilder, find_char

UNINITIALIZED = 0
ATTACHED = 1
DETACHED = 2

NO_MAXIMUM = -234
LARGEST_BUFFER = 2 ** 46
BLOCKED = "write could not complete without blocking"


class W_Buffered(W_BufferedIOBase):
    """`raw_position` is where the raw stream is, or -1 where that is not known."""

    _attrs_ = ("w_raw", "file_io", "state", "can_read", "can_write", "buffer_size", "input", "position", "output",
               "output_length", "raw_position", "guard")

    def start(self):
        self.w_raw = None
        self.file_io = None
        self.state = UNINITIALIZED
        self.can_read = False
        self.can_write = False
        self.buffer_size = DEFAULT_BUFFER_SIZE
        self.input = ""
        self.position = 0
        self.output = None
        self.output_length = 0
        self.raw_position = -1
        self.guard = None

    def attach_raw(self, w_raw, buffer_size):
        """``__init__``, after the raw stream has been checked."""
        if buffer_size <= 0:
            raise value_error("buffer size must be strictly positive")
        if buffer_size > LARGEST_BUFFER:
            raise OperationError(space.w_MemoryError, None)
        self.state = UNINITIALIZED
        self.w_raw = w_raw
        self.file_io = None
        if w_raw.getclass() is W_FileIO.w_builtin_type:
            assert isinstance(w_raw, W_FileIO)
            self.file_io = w_raw
        self.buffer_size = buffer_size
        self.drop_input()
        self.output = StringBuilder()
        self.output_length = 0
        self.guard = Guard()
        try:
            self.raw_tell()
        except OperationError:
            self.raw_position = -1
        self.state = ATTACHED

    def raw(self):
        """The raw stream; there must be one."""
        if self.state == ATTACHED:
            return self.w_raw
        if self.state == DETACHED:
            raise value_error("raw stream has been detached")
        raise value_error("I/O operation on uninitialized object")

    def check_open(self, message):
        w_raw = self.raw()
        file_io = self.file_io
        if file_io.fd < 0 if file_io is not None else is_closed(w_raw):
            raise value_error(message)

    def enter(self):
        self.guard.enter(self)

    def leave(self):
        self.guard.leave()

    # ---- the raw stream

    def raw_tell(self):
        position = space.int_w(call_method(self.w_raw, "tell"))
        if position < 0:
            raise io_error("Raw stream returned invalid position %d" % position)
        self.raw_position = position
        return position

    def raw_seek(self, offset, how):
        position = space.int_w(call_method_2(self.w_raw, "seek", space.newint(offset), space.newint(how)))
        if position < 0:
            raise io_error("Raw stream returned invalid position %d" % position)
        self.raw_position = position
        return position

    def raw_read(self, count):
        """What one read gives; None where it would block."""
        file_io = self.file_io
        if file_io is not None:
            text = file_io.read_once(count)
        else:
            text = self.raw_readinto(count)
        if text is not None and self.raw_position >= 0:
            self.raw_position += len(text)
        return text

    def raw_readinto(self, count):
        w_buffer = W_ByteArray(["\0"] * count)
        while True:
            try:
                w_count = call_method_1(self.w_raw, "readinto", W_MemoryView(w_buffer.get_buffer()))
                break
            except OperationError as error:
                if not is_interrupt(error):
                    raise
        if space.is_none(w_count):
            return None
        size = space.int_w(w_count)
        if size < 0 or size > count:
            raise io_error("raw readinto() returned invalid length %d (should have been between 0 and %d)" % (
                size, count))
        return w_buffer.text()[:size]

    def raw_write(self, data):
        """How much one write takes; -1 where it would block."""
        file_io = self.file_io
        if file_io is not None:
            size = file_io.write_once(data)
        else:
            while True:
                try:
                    w_size = call_method_1(self.w_raw, "write", W_MemoryView(TextBuffer(data)))
                    break
                except OperationError as error:
                    if not is_interrupt(error):
                        raise
            if space.is_none(w_size):
                return -1
            size = space.int_w(w_size)
            if size < 0 or size > len(data):
                raise io_error("raw write() returned invalid length %d (should have been between 0 and %d)" % (
                    size, len(data)))
        if size > 0 and self.raw_position >= 0:
            self.raw_position += size
        return size

    # ---- reading

    def drop_input(self):
        self.input = ""
        self.position = 0

    def ahead(self):
        """How much has been read ahead."""
        return len(self.input) - self.position

    def take(self, count):
        """`count` bytes of what has been read ahead."""
        start = self.position
        stop = start + count
        assert 0 <= start <= stop
        self.position = stop
        if start == 0 and stop == len(self.input):
            return self.input
        return self.input[start:stop]

    def fill(self):
        """Read ahead, nothing being left, and say how much: 0 at the end, -1 where it would block."""
        self.drop_input()
        text = self.raw_read(self.buffer_size)
        if text is None:
            return -1
        self.input = text
        return len(text)

    def prepare_reading(self):
        if self.output_length > 0:
            self.flush_output()

    def read_all(self):
        """Everything up to the end; None where that would block and there is nothing yet."""
        builder = StringBuilder()
        builder.append(self.take(self.ahead()))
        self.prepare_reading()
        self.drop_input()
        while True:
            if self.file_io is not None:
                text = self.file_io.read_all()
                self.raw_position = -1
            else:
                text = self.raw_read_some()
            if text is None:
                if builder.getlength() == 0:
                    return None
                break
            if text == "":
                break
            builder.append(text)
        return builder.build()

    def raw_read_some(self):
        w_data = call_method(self.w_raw, "read")
        if space.is_none(w_data):
            return None
        if not space.is_str(w_data):
            raise io_error("read() should return bytes")
        text = space.bytes_w(w_data)
        if self.raw_position >= 0:
            self.raw_position += len(text)
        return text

    def read(self, count):
        """`count` bytes, fewer at the end; None where it would block and there is nothing yet."""
        if count <= self.ahead():
            return self.take(count)
        builder = StringBuilder()
        builder.append(self.take(self.ahead()))
        self.prepare_reading()
        self.drop_input()
        while True:
            left = count - builder.getlength()
            if left == 0:
                break
            if left >= self.buffer_size:
                # Whole blocks need not go through the buffer.
                text = self.raw_read(left - left % self.buffer_size)
                if text is None or text == "":
                    if builder.getlength() == 0 and text is None:
                        return None
                    break
                builder.append(text)
                continue
            size = self.fill()
            if size <= 0:
                if builder.getlength() == 0 and size < 0:
                    return None
                break
            if builder.getlength() == 0 and left <= size:
                return self.take(left)
            builder.append(self.take(min(left, size)))
        return builder.build()

    def read1(self, count):
        self.prepare_reading()
        if self.ahead() == 0 and self.fill() <= 0:
            return ""
        return self.take(min(count, self.ahead()))

    def peek(self):
        """What has been read ahead, after one read if that is nothing."""
        self.prepare_reading()
        if self.ahead() == 0:
            self.fill()
        start = self.position
        assert start >= 0
        return self.input[start:]

    def readline(self, limit):
        stop = find_char(self.input, "\n", self.position, len(self.input)) + 1
        if stop > 0 and (limit < 0 or stop - self.position <= limit):
            return self.take(stop - self.position)
        self.enter()
        try:
            return self.readline_of_blocks(limit)
        finally:
            self.leave()

    def readline_of_blocks(self, limit):
        self.prepare_reading()
        builder = StringBuilder()
        while limit < 0 or builder.getlength() < limit:
            if self.ahead() == 0 and self.fill() <= 0:
                break
            start = self.position
            stop = find_char(self.input, "\n", start, len(self.input)) + 1
            found = stop > 0
            if not found:
                stop = len(self.input)
            if limit >= 0 and stop - start > limit - builder.getlength():
                stop = start + limit - builder.getlength()
                found = False
            builder.append(self.take(stop - start))
            if found:
                break
        return builder.build()

    # ---- writing

    def prepare_writing(self):
        ahead = self.ahead()
        self.drop_input()
        if ahead > 0:
            self.raw_seek(-ahead, 1)

    def keep(self, data):
        self.output.append(data)
        self.output_length += len(data)

    def write(self, data):
        self.prepare_writing()
        size = len(data)
        if size <= self.buffer_size - self.output_length:
            self.keep(data)
            return
        try:
            self.flush_output()
        except OperationError as error:
            w_error = error.get_w_value()
            if not isinstance(w_error, W_BlockingIOError):
                raise
            room = self.buffer_size - self.output_length
            assert room >= 0
            if size > room:
                self.keep(data[:room])
                w_error.characters_written = room
                raise
            self.keep(data)
            return
        written = 0
        while size - written > self.buffer_size:
            count = self.raw_write(data[written:] if written else data)
            if count < 0:
                stop = written + self.buffer_size
                self.keep(data[written:stop])
                raise would_block(BLOCKED, stop)
            written += count
            space.check_signals()
        self.keep(data[written:] if written else data)

    def flush_output(self):
        if self.output_length == 0:
            return
        data = self.output.build()
        written = 0
        self.output = StringBuilder()
        self.output_length = 0
        try:
            while written < len(data):
                count = self.raw_write(data[written:] if written else data)
                if count < 0:
                    raise would_block(BLOCKED, 0)
                written += count
                space.check_signals()
        finally:
            if written < len(data):
                self.keep(data[written:])

    def flush_and_rewind(self):
        """Everything is written, and the raw stream is where the program believes it to be."""
        self.flush_output()
        if self.can_read:
            ahead = self.ahead()
            self.drop_input()
            if ahead > 0:
                self.raw_seek(-ahead, 1)

    # ---- positions

    def offset(self):
        """How far the program is behind the raw stream."""
        return self.ahead() - self.output_length

    def seek(self, target, how):
        if how != 2 and self.can_read and self.ahead() > 0:
            # Within what has been read ahead no system call is needed.
            offset = target
            if how == 0:
                position = self.raw_position if self.raw_position >= 0 else self.raw_tell()
                offset = target - (position - self.ahead())
            if -self.position <= offset <= self.ahead():
                self.position += offset
                position = self.raw_position if self.raw_position >= 0 else self.raw_tell()
                return position - self.ahead()
        if self.can_write:
            self.flush_output()
        if how == 1:
            target -= self.ahead()
        position = self.raw_seek(target, how)
        if self.can_read:
            self.drop_input()
        return position


class W_BufferedReader(W_Buffered):
    _attrs_ = ()

    def iter_next(self):
        return next_line(self)


class W_BufferedWriter(W_Buffered):
    _attrs_ = ()


class W_BufferedRandom(W_Buffered):
    _attrs_ = ()

    def iter_next(self):
        return next_line(self)


W_BufferedReaderUser = make_user_class(W_BufferedReader)
W_BufferedWriterUser = make_user_class(W_BufferedWriter)
W_BufferedRandomUser = make_user_class(W_BufferedRandom)


def next_line(w_stream):
    """The next line of an exact stream, or None."""
    w_stream.check_open("readline of closed file")
    line = w_stream.readline(-1)
    if line == "":
        return None
    return space.newstr(line)


def exact_file_buffer(w_stream):
    """The stream as a `W_Buffered` if it is an exact one over an exact `FileIO`, else None."""
    if not isinstance(w_stream, W_Buffered) or w_stream.file_io is None:
        return None
    w_type = w_stream.getclass()
    if (w_type is W_BufferedReader.w_builtin_type or w_type is W_BufferedWriter.w_builtin_type
            or w_type is W_BufferedRandom.w_builtin_type):
        return w_stream
    return None


# ---- __init__


@unwrap_spec(buffer_size=int)
def reader_init(self, w_raw=None, buffer_size=DEFAULT_BUFFER_SIZE):
    require_raw(w_raw)
    self.state = UNINITIALIZED
    check_readable(w_raw)
    self.can_read = True
    self.attach_raw(w_raw, buffer_size)


@unwrap_spec(buffer_size=int, max_buffer_size=int)
def writer_init(self, w_raw=None, buffer_size=DEFAULT_BUFFER_SIZE, max_buffer_size=NO_MAXIMUM):
    require_raw(w_raw)
    self.state = UNINITIALIZED
    warn_of_maximum(max_buffer_size)
    check_writable(w_raw)
    self.can_write = True
    self.attach_raw(w_raw, buffer_size)
    open_buffers.add(self)


@unwrap_spec(buffer_size=int, max_buffer_size=int)
def random_init(self, w_raw=None, buffer_size=DEFAULT_BUFFER_SIZE, max_buffer_size=NO_MAXIMUM):
    require_raw(w_raw)
    self.state = UNINITIALIZED
    warn_of_maximum(max_buffer_size)
    check_seekable(w_raw)
    check_readable(w_raw)
    check_writable(w_raw)
    self.can_read = True
    self.can_write = True
    self.attach_raw(w_raw, buffer_size)
    open_buffers.add(self)


def require_raw(w_raw):
    if w_raw is None:
        raise type_error("Required argument 'raw' (pos 1) not found")


def warn_of_maximum(max_buffer_size):
    if max_buffer_size != NO_MAXIMUM:
        space.warn("max_buffer_size is deprecated", space.w_DeprecationWarning)


# ---- methods of readers


def buffered_read(self, w_size=None):
    self.raw()
    size = size_w(w_size)
    if size < -1:
        raise value_error("read length must be positive or -1")
    self.check_open("read of closed file")
    if 0 <= size <= self.ahead():
        return space.newstr(self.take(size))
    self.enter()
    try:
        text = self.read_all() if size < 0 else self.read(size)
    finally:
        self.leave()
    return space.newtext_or_none(text)


@unwrap_spec(size=int)
def buffered_read1(self, size):
    self.raw()
    if size < 0:
        raise value_error("read length must be positive")
    if size == 0:
        return space.newstr("")
    self.enter()
    try:
        return space.newstr(self.read1(size))
    finally:
        self.leave()


@unwrap_spec(size=int)
def buffered_peek(self, size=0):
    self.raw()
    self.enter()
    try:
        return space.newstr(self.peek())
    finally:
        self.leave()


def buffered_readline(self, w_size=None):
    self.raw()
    size = size_w(w_size)
    self.check_open("readline of closed file")
    return space.newstr(self.readline(size))


def buffered_next(self):
    self.raw()
    w_type = self.getclass()
    if w_type is W_BufferedReader.w_builtin_type or w_type is W_BufferedRandom.w_builtin_type:
        w_line = next_line(self)
        if w_line is None:
            raise OperationError(space.w_StopIteration, None)
        return w_line
    w_line = call_method(self, "readline")
    if not space.is_str(w_line):
        raise io_error("readline() should have returned a bytes object, not '%s'" % space.type_name(w_line))
    if space.len_w(w_line) == 0:
        raise OperationError(space.w_StopIteration, None)
    return w_line


# ---- methods of writers


def buffered_write(self, w_data):
    self.raw()
    if not space.is_text(w_data) and not space.has_buffer(w_data):
        raise type_error("write() argument 1 must be string or buffer, not %s" % kind_of(w_data))
    data = data_w(w_data)
    self.check_open("write to closed file")
    self.enter()
    try:
        self.write(data)
    finally:
        self.leave()
    return newposition(len(data))


def buffered_flush(self):
    self.check_open("flush of closed file")
    self.enter()
    try:
        self.flush_and_rewind()
    finally:
        self.leave()


# ---- methods of all


def buffered_simple_flush(self):
    return call_method(self.raw(), "flush")


@unwrap_spec(whence=int)
def buffered_seek(self, w_target, whence=0):
    self.raw()
    if whence < 0 or whence > 2:
        raise value_error("whence must be between 0 and 2, not %d" % whence)
    self.check_open("seek of closed file")
    target = space.int_w(space.index_object(w_target))
    self.enter()
    try:
        return newposition(self.seek(target, whence))
    finally:
        self.leave()


def buffered_tell(self):
    self.raw()
    return newposition(self.raw_tell() - self.offset())


def buffered_truncate(self, w_size=None):
    w_raw = self.raw()
    self.enter()
    try:
        if self.can_write:
            self.flush_and_rewind()
        w_result = call_method_1(w_raw, "truncate", space.wrap_none(w_size))
        try:
            self.raw_tell()
        except OperationError:
            self.raw_position = -1
        return w_result
    finally:
        self.leave()


def buffered_close(self):
    w_raw = self.raw()
    if is_closed(self):
        return space.w_None
    try:
        call_method(self, "flush")
    except OperationError:
        call_method(w_raw, "close")
        raise
    return call_method(w_raw, "close")


def buffered_detach(self):
    w_raw = self.raw()
    call_method(self, "flush")
    self.w_raw = None
    self.file_io = None
    self.state = DETACHED
    return w_raw


def buffered_fileno(self):
    return call_method(self.raw(), "fileno")


def buffered_isatty(self):
    return call_method(self.raw(), "isatty")


def buffered_readable(self):
    return call_method(self.raw(), "readable")


def buffered_writable(self):
    return call_method(self.raw(), "writable")


def buffered_seekable(self):
    return call_method(self.raw(), "seekable")


def buffered_sizeof(self):
    return space.newint(128 + self.buffer_size)


def buffered_repr(self):
    return space.newstr("<%s%s>" % (space.type_name(self), name_text(self)))


def name_text(w_stream):
    """`` name='...'`` for the representation of a stream, empty where it has none."""
    try:
        w_name = space.getattr_str(w_stream, "name")
    except OperationError as error:
        if not error.match(space.w_AttributeError) and not error.match(space.w_ValueError):
            raise
        return ""
    return " name=" + space.repr_text(w_name)


def get_raw(self):
    return self.w_raw


def get_closed(self):
    return space.getattr_str(self.raw(), "closed")


def get_name(self):
    return space.getattr_str(self.raw(), "name")


def get_mode(self):
    return space.getattr_str(self.raw(), "mode")


COMMON = {
    "__repr__": buffered_repr,
    "__sizeof__": buffered_sizeof,
    "seek": buffered_seek,
    "tell": buffered_tell,
    "truncate": buffered_truncate,
    "close": buffered_close,
    "detach": buffered_detach,
    "fileno": buffered_fileno,
    "isatty": buffered_isatty,
    "readable": buffered_readable,
    "writable": buffered_writable,
    "seekable": buffered_seekable,
    "raw": GetSet(get_raw),
    "closed": GetSet(get_closed),
    "name": GetSet(get_name),
    "mode": GetSet(get_mode),
}
READING = {
    "read": buffered_read,
    "read1": buffered_read1,
    "peek": buffered_peek,
    "readline": buffered_readline,
    "next": buffered_next,
}
WRITING = {"write": buffered_write, "flush": buffered_flush}

define_type(W_BufferedReader, "BufferedReader", dict(
    COMMON, **READING, __new__=make_new(W_BufferedReader, W_BufferedReaderUser), __init__=reader_init,
    flush=buffered_simple_flush,
), base=W_BufferedIOBase, module="_io", user_class=W_BufferedReaderUser, self_class=W_Buffered,
    doc="Create a new buffered reader using the given readable raw IO object.")

define_type(W_BufferedWriter, "BufferedWriter", dict(
    COMMON, **WRITING, __new__=make_new(W_BufferedWriter, W_BufferedWriterUser), __init__=writer_init,
), base=W_BufferedIOBase, module="_io", user_class=W_BufferedWriterUser, self_class=W_Buffered,
    doc="A buffer for a writeable sequential RawIO object.\n\nThe constructor creates a BufferedWriter for the given "
        "writeable raw\nstream. If the buffer_size is not given, it defaults to\nDEFAULT_BUFFER_SIZE. "
        "max_buffer_size isn't used anymore.\n")

define_type(W_BufferedRandom, "BufferedRandom", dict(
    COMMON, **READING, **WRITING, __new__=make_new(W_BufferedRandom, W_BufferedRandomUser), __init__=random_init,
), base=W_BufferedIOBase, module="_io", user_class=W_BufferedRandomUser, self_class=W_Buffered,
    doc="A buffered interface to random access streams.\n\nThe constructor creates a reader and writer for a seekable "
        "stream,\nraw, given in the first argument. If the buffer_size is omitted it\ndefaults to DEFAULT_BUFFER_SIZE. "
        "max_buffer_size isn't used anymore.\n")
