"""``BytesIO``: a buffered stream in memory.

The bytes are a string with a builder for what is written at its end. The first write in their middle turns them
into a list of characters, which stays until somebody asks for the whole value.
"""

from ouro.interp_py27.modules._io.base import W_BufferedIOBase, make_new
from ouro.interp_py27.modules._io.errors import binary_w, newposition, size_w, target_buffer
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.vm.errors import OperationError, overflow_error, type_error, value_error
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib.rstring import StringBuilder, find_char

MAX_INT = 2 ** 63 - 1


class W_BytesIO(W_BufferedIOBase):
    """`text` and then what is in `builder`, or else the characters in `data`; the others are None then."""

    _attrs_ = ("text", "builder", "data", "position", "is_closed")

    def start(self):
        self.text = ""
        self.builder = None
        self.data = None
        self.position = 0
        self.is_closed = False

    def check(self):
        if self.is_closed:
            raise value_error("I/O operation on closed file.")

    def size(self):
        data = self.data
        if data is not None:
            return len(data)
        size = len(self.text)
        if self.builder is not None:
            size += self.builder.getlength()
        return size

    def contents(self):
        """The whole as a string, which is kept."""
        data = self.data
        if data is not None:
            self.text = "".join(data)
            self.data = None
        elif self.builder is not None:
            self.text += self.builder.build()
            self.builder = None
        return self.text

    def set_contents(self, text):
        self.text = text
        self.builder = None
        self.data = None

    def part(self, start, stop):
        """The bytes from `start` to `stop`, which are in range."""
        assert 0 <= start <= stop
        data = self.data
        if data is not None:
            return "".join(data[start:stop])
        text = self.contents()
        if start == 0 and stop == len(text):
            return text
        return text[start:stop]

    def take(self, count):
        """The next `count` bytes, or as many as there are."""
        start = self.position
        left = self.size() - start
        if left <= 0:
            return ""
        if count < 0 or count > left:
            count = left
        self.position = start + count
        return self.part(start, start + count)

    def take_line(self, limit):
        start = self.position
        size = self.size()
        if start >= size:
            return ""
        assert start >= 0
        data = self.data
        if data is not None:
            stop = start
            while stop < size and data[stop] != "\n":
                stop += 1
            stop = min(stop + 1, size)
        else:
            stop = find_char(self.contents(), "\n", start, size) + 1
            if stop == 0:
                stop = size
        if 0 <= limit < stop - start:
            stop = start + limit
        self.position = stop
        return self.part(start, stop)

    def write(self, data):
        if data == "":
            return
        start = self.position
        size = self.size()
        if start > MAX_INT - len(data):
            raise overflow_error("new buffer size too large")
        self.position = start + len(data)
        if start == size and self.data is None:
            if self.builder is None:
                self.builder = StringBuilder()
            self.builder.append(data)
            return
        characters = self.data
        if characters is None:
            characters = list(self.contents())
            self.data = characters
            self.text = ""
        if start > size:
            characters.extend(["\0"] * (start - size))
            size = start
        for i in range(len(data)):
            if start + i < size:
                characters[start + i] = data[i]
            else:
                characters.append(data[i])

    def truncate(self, size):
        if size >= self.size():
            return
        assert size >= 0
        data = self.data
        if data is not None:
            del data[size:]
        else:
            self.text = self.contents()[:size]

    def iter_next(self):
        self.check()
        line = self.take_line(-1)
        if line == "":
            return None
        return space.newstr(line)


W_BytesIOUser = make_user_class(W_BytesIO)


def bytesio_init(self, w_initial_bytes=None):
    self.set_contents("")
    self.position = 0
    if w_initial_bytes is not None and not space.is_none(w_initial_bytes):
        self.set_contents(binary_w(w_initial_bytes))


def bytesio_read(self, w_size=None):
    """read([size]) -> read at most size bytes, returned as a string.

If the size argument is negative, read until EOF is reached.
Return an empty string at EOF."""
    self.check()
    return space.newstr(self.take(size_w(w_size)))


def bytesio_read1(self, w_size):
    """read1(size) -> read at most size bytes, returned as a string.

If the size argument is negative or omitted, read until EOF is reached.
Return an empty string at EOF."""
    self.check()
    return space.newstr(self.take(size_w(w_size)))


def bytesio_readline(self, w_size=None):
    """readline([size]) -> next line from the file, as a string.

Retain newline.  A non-negative size argument limits the maximum
number of bytes to return (an incomplete line may be returned then).
Return an empty string at EOF.
"""
    self.check()
    return space.newstr(self.take_line(size_w(w_size)))


def bytesio_readlines(self, w_size=None):
    """readlines([size]) -> list of strings, each a line from the file.

Call readline() repeatedly and return a list of the lines so read.
The optional size argument, if given, is an approximate bound on the
total number of bytes in the lines returned.
"""
    self.check()
    hint = size_w(w_size)
    lines_w = []
    length = 0
    while True:
        line = self.take_line(-1)
        if line == "":
            break
        lines_w.append(space.newstr(line))
        length += len(line)
        if 0 < hint <= length:
            break
    return space.newlist(lines_w)


def bytesio_readinto(self, w_buffer):
    """readinto(b) -> int.  Read up to len(b) bytes into b.

Returns number of bytes read (0 for EOF), or None if the object
is set not to block and has no data to read."""
    self.check()
    buffer = target_buffer(w_buffer)
    text = self.take(buffer.length())
    buffer.store(0, text)
    return newposition(len(text))


def bytesio_next(self):
    self.check()
    line = self.take_line(-1)
    if line == "":
        raise OperationError(space.w_StopIteration, None)
    return space.newstr(line)


def bytesio_iter(self):
    self.check()
    return self


def bytesio_write(self, w_data):
    """write(bytes) -> int.  Write bytes to file.

Return the number of bytes written."""
    self.check()
    data = binary_w(w_data)
    self.write(data)
    return newposition(len(data))


def bytesio_writelines(self, w_lines):
    """writelines(sequence_of_strings) -> None.  Write strings to the file.

Note that newlines are not added.  The sequence can be any iterable
object producing strings. This is equivalent to calling write() for
each string."""
    self.check()
    w_iterator = space.iter(w_lines)
    while True:
        w_line = w_iterator.iter_next()
        if w_line is None:
            return
        bytesio_write(self, w_line)


def bytesio_getvalue(self):
    """getvalue() -> bytes.

Retrieve the entire contents of the BytesIO object."""
    self.check()
    return space.newstr(self.contents())


def bytesio_seek(self, w_pos, w_whence=None):
    """seek(pos[, whence]) -> int.  Change stream position.

Seek to byte offset pos relative to position indicated by whence:
     0  Start of stream (the default).  pos should be >= 0;
     1  Current position - pos may be negative;
     2  End of stream - pos usually negative.
Returns the new absolute position."""
    self.check()
    position = space.index_overflow_w(w_pos)
    how = 0 if w_whence is None else space.int_w(w_whence)
    if how == 0:
        if position < 0:
            raise value_error("negative seek value %d" % position)
        start = 0
    elif how == 1:
        start = self.position
    elif how == 2:
        start = self.size()
    else:
        raise value_error("invalid whence (%d, should be 0, 1 or 2)" % how)
    if position > MAX_INT - start:
        raise overflow_error("new position too large")
    self.position = max(position + start, 0)
    return newposition(self.position)


def bytesio_tell(self):
    """tell() -> current file position, an integer
"""
    self.check()
    return newposition(self.position)


def bytesio_truncate(self, w_size=None):
    """truncate([size]) -> int.  Truncate the file to at most size bytes.

Size defaults to the current file position, as returned by tell().
The current file position is unchanged.  Returns the new size.
"""
    self.check()
    size = self.position
    if w_size is not None and not space.is_none(w_size):
        size = size_w(w_size)
    if size < 0:
        raise value_error("negative size value %d" % size)
    self.truncate(size)
    return newposition(size)


def bytesio_close(self):
    """close() -> None.  Disable all I/O operations."""
    self.set_contents("")
    self.is_closed = True


def bytesio_flush(self):
    """flush() -> None.  Does nothing."""
    self.check()


def bytesio_isatty(self):
    """isatty() -> False.

Always returns False since BytesIO objects are not connected
to a tty-like device."""
    self.check()
    return space.w_False


def bytesio_true(self):
    self.check()
    return space.w_True


def bytesio_sizeof(self):
    return space.newint(64 + self.size())


def bytesio_getstate(self):
    self.check()
    w_dict = self.getdict()
    w_attributes = space.w_None
    if w_dict is not None and space.len_w(w_dict) > 0:
        w_attributes = call_copy(w_dict)
    return space.newtuple([space.newstr(self.contents()), space.newint(self.position), w_attributes])


def call_copy(w_dict):
    return space.getattr_str(w_dict, "copy").call_0()


def bytesio_setstate(self, w_state):
    self.check()
    if not space.is_tuple(w_state) or space.len_w(w_state) < 3:
        raise type_error("%s.__setstate__ argument should be 3-tuple, got %s" % (
            space.type_name(self), space.type_name(w_state)))
    items_w = space.tuple_items(w_state)
    w_position = items_w[1]
    bytesio_init(self, items_w[0])
    if not (space.is_int(w_position) or space.is_long(w_position)):
        raise type_error("second item of state must be an integer, got %s" % space.type_name(w_position))
    position = space.int_w(w_position)
    if position < 0:
        raise value_error("position value cannot be negative")
    self.position = position
    set_attributes(self, items_w[2])


def set_attributes(w_stream, w_attributes):
    """The third item of the state of `BytesIO`, the fourth of `StringIO`."""
    if space.is_none(w_attributes):
        return
    if not space.is_dict(w_attributes):
        raise type_error("third item of state should be a dict, got a %s" % space.type_name(w_attributes))
    w_dict = w_stream.getdict()
    space.getattr_str(w_dict, "update").call_1(w_attributes)


def get_closed(self):
    return space.newbool(self.is_closed)


define_type(W_BytesIO, "BytesIO", {
    "__new__": make_new(W_BytesIO, W_BytesIOUser, finalized=False),
    "__init__": bytesio_init,
    "__iter__": bytesio_iter,
    "__getstate__": bytesio_getstate,
    "__setstate__": bytesio_setstate,
    "__sizeof__": bytesio_sizeof,
    "next": bytesio_next,
    "read": bytesio_read,
    "read1": bytesio_read1,
    "readline": bytesio_readline,
    "readlines": bytesio_readlines,
    "readinto": bytesio_readinto,
    "write": bytesio_write,
    "writelines": bytesio_writelines,
    "getvalue": bytesio_getvalue,
    "seek": bytesio_seek,
    "tell": bytesio_tell,
    "truncate": bytesio_truncate,
    "close": bytesio_close,
    "flush": bytesio_flush,
    "isatty": bytesio_isatty,
    "readable": bytesio_true,
    "writable": bytesio_true,
    "seekable": bytesio_true,
    "closed": GetSet(get_closed, doc="True if the file is closed."),
}, base=W_BufferedIOBase, module="_io", user_class=W_BytesIOUser, doc="""BytesIO([buffer]) -> object

Create a buffered I/O implementation using an in-memory bytes
buffer, ready for reading and writing.""")
