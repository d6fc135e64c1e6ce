"""The methods and attributes of ``file``."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.file_object import (
    W_File,
    W_FileUser,
    argument_kind,
    closed_file,
    open_path,
    text_to_write,
)
from ouro.interp_py27.vm.errors import OperationError, type_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib import rfile
from ouro.rlib.rstring import StringBuilder


def file_new(w_subtype, __args__):
    if w_subtype is W_File.w_builtin_type:
        return W_File()
    space.check_subtype(w_subtype, W_File.w_builtin_type)
    w_file = W_FileUser()
    space.init_user(w_file, w_subtype)
    return w_file


@unwrap_spec(buffering=int)
def file_init(self, w_name=None, w_mode=None, buffering=-1):
    if w_name is None:
        raise type_error("Required argument 'name' (pos 1) not found")
    mode = "r"
    if w_mode is not None:
        if not space.is_text(w_mode):
            raise type_error("file() argument 2 must be string, not %s" % argument_kind(w_mode))
        mode = space.text_w(w_mode)
        if "\0" in mode:
            raise type_error("file() argument 2 must be string without null bytes, not str")
    self.close()
    open_path(self, w_name, mode, buffering)


def file_repr(self):
    state = "closed" if self.stream is None else "open"
    name = "'<uninitialized file>'" if self.w_name is None else space.repr_text(self.w_name)
    return space.newstr("<%s file %s, mode '%s' at %s>" % (state, name, self.mode, space.address_text(self)))


# ---- reading


def optional_int(w_value, default):
    if w_value is None:
        return default
    return space.int_w(w_value)


def file_read(self, w_size=None):
    """read([size]) -> read at most size bytes, returned as a string.

If the size argument is negative or omitted, read until EOF is reached.
Notice that when in non-blocking mode, less data than what was requested
may be returned, even if no size parameter was given."""
    self.readable()
    return space.newstr(self.read(optional_int(w_size, -1)))


def file_readline(self, w_size=None):
    """readline([size]) -> next line from the file, as a string.

Retain newline.  A non-negative size argument limits the maximum
number of bytes to return (an incomplete line may be returned then).
Return an empty string at EOF."""
    self.readable()
    return space.newstr(self.readline(optional_int(w_size, -1)))


def file_readlines(self, w_size=None):
    """readlines([size]) -> list of strings, each a line from the file.

Call readline() repeatedly and return a list of the lines so read.
The optional size argument, if given, is an approximate bound on the
total number of bytes in the lines returned."""
    self.readable()
    hint = optional_int(w_size, 0)
    lines = []
    if hint <= 0:
        while True:
            line = self.readline(-1)
            if line == "":
                return space.newlist_text(lines)
            lines.append(line)
    # A buffer is filled until there is as much as was asked for, and the last line is read to its end.
    total = 0
    size = rfile.DEFAULT_BUFFER
    rest = StringBuilder()
    while total < hint:
        if rest.getlength() == size:
            size *= 2
        block = self.read(size - rest.getlength())
        if block == "":
            break
        total += len(block)
        start = 0
        while True:
            stop = block.find("\n", start) + 1
            if stop <= 0:
                break
            if rest.getlength() > 0:
                rest.append_slice(block, start, stop)
                lines.append(rest.build())
                rest = StringBuilder()
            else:
                lines.append(block[start:stop])
            start = stop
        rest.append_slice(block, start, len(block))
    if rest.getlength() > 0:
        rest.append(self.readline(-1))
        lines.append(rest.build())
    return space.newlist_text(lines)


def file_readinto(self, w_buffer=None):
    """readinto() -> Undocumented.  Don't use this; it may go away."""
    self.readable()
    if w_buffer is None:
        raise type_error("function takes exactly 1 argument (0 given)")
    if space.is_unicode(w_buffer):
        raise type_error("cannot use unicode as modifiable buffer")
    buffer = w_buffer.get_buffer()
    if buffer is None or buffer.readonly:
        raise type_error("argument 1 must be read-write buffer, not %s" % argument_kind(w_buffer))
    text = self.read(buffer.length())
    buffer.store(0, text)
    return space.newint(len(text))


def file_iter(self):
    self.opened()
    return self


def file_next(self):
    """x.next() -> the next value, or raise StopIteration"""
    line = self.next_line()
    if line == "":
        self.opened()
        raise OperationError(space.w_StopIteration, None)
    return space.newstr(line)


def file_xreadlines(self):
    """xreadlines() -> returns self.

For backward compatibility. File objects now include the performance
optimizations previously implemented in the xreadlines module."""
    space.warn_py3k("f.xreadlines() not supported in 3.x, try 'for line in f' instead")
    return file_iter(self)


# ---- writing


def file_write(self, w_text=None):
    """write(str) -> None.  Write string str to file.

Note that due to buffering, flush() or close() may be needed before
the file on disk reflects the data written."""
    self.writable()
    if w_text is None:
        raise type_error("function takes exactly 1 argument (0 given)")
    self.softspace = 0
    self.write(text_to_write(self, w_text))


def file_writelines(self, w_lines=None):
    """writelines(sequence_of_strings) -> None.  Write the strings to the file.

Note that newlines are not added.  The sequence can be any iterable object
producing strings. This is equivalent to calling write() for each string."""
    self.writable()
    self.softspace = 0
    if w_lines is None or not space.is_iterable(w_lines):
        raise type_error("writelines() requires an iterable argument")
    w_iterator = space.iter(w_lines)
    while True:
        w_line = w_iterator.iter_next()
        if w_line is None:
            return
        if not (space.has_buffer(w_line) if self.binary else space.has_character_buffer(w_line)):
            raise type_error("writelines() argument must be a sequence of strings")
        try:
            text = space.buffer_str_w(w_line)
        except OperationError:
            raise type_error("writelines() argument must be a sequence of strings")
        self.write(text)


# ---- positions


def position_w(w_position):
    """A position in a file: an integer, or a float with a warning."""
    if space.is_float(w_position):
        space.warn("integer argument expected, got float", space.w_DeprecationWarning)
        return space.int_w(space.newint_from_float(space.float_w(w_position)))
    return space.int_w(space.index_object(w_position))


@unwrap_spec(whence=int)
def file_seek(self, w_offset=None, whence=0):
    """seek(offset[, whence]) -> None.  Move to new file position.

Argument offset is a byte count.  Optional argument whence defaults to
0 (offset from start of file, offset should be >= 0); other values are 1
(move relative to current position, positive or negative), and 2 (move
relative to end of file, usually negative, although many platforms allow
seeking beyond the end of a file).  If the file is opened in text mode,
only offsets returned by tell() are legal.  Use of other offsets causes
undefined behavior.
Note that not all file objects are seekable."""
    stream = self.opened()
    if w_offset is None:
        raise type_error("seek() takes at least 1 argument (0 given)")
    self.drop_ahead()
    offset = position_w(w_offset)
    try:
        stream.seek(offset, whence)
    except OSError as error:
        raise space.ioerror(error.errno)
    except rfile.StreamClosedError:
        raise closed_file()


def file_tell(self):
    """tell() -> current file position, an integer (may be a long integer)."""
    try:
        return space.newint(self.opened().tell())
    except OSError as error:
        raise space.ioerror(error.errno)
    except rfile.StreamClosedError:
        raise closed_file()


def file_truncate(self, w_size=None):
    """truncate([size]) -> None.  Truncate the file to at most size bytes.

Size defaults to the current file position, as returned by tell()."""
    stream = self.writable()
    try:
        if w_size is None:
            size = stream.tell()
        else:
            size = position_w(w_size) if space.is_float(w_size) else space.int_w(w_size)
        stream.truncate(size)
    except OSError as error:
        raise space.ioerror(error.errno)
    except rfile.StreamClosedError:
        raise closed_file()


# ---- state


def file_close(self):
    """close() -> None or (perhaps) an integer.  Close the file.

Sets data attribute .closed to True.  A closed file cannot be used for
further I/O operations.  close() may be called more than once without
error.  Some kinds of file objects (for example, opened by popen())
may return an exit status upon closing."""
    status = self.close()
    if status != 0:
        return space.newint(status)
    return space.w_None


def file_flush(self):
    """flush() -> None.  Flush the internal I/O buffer."""
    self.flush()


def file_fileno(self):
    """fileno() -> integer "file descriptor".

This is needed for lower-level file interfaces, such os.read()."""
    return space.newint(space.file_fileno(self))


def file_isatty(self):
    """isatty() -> true or false.  True if the file is connected to a tty device."""
    try:
        return space.newbool(self.opened().isatty())
    except rfile.StreamClosedError:
        raise closed_file()


def file_enter(self):
    """__enter__() -> self."""
    self.opened()
    return self


def file_exit(self, args_w):
    """__exit__(*excinfo) -> None.  Closes the file."""
    space.getattr_str(self, "close").call_0()


def get_closed(self):
    return space.newbool(self.stream is None)


def get_mode(self):
    return space.newstr(self.mode)


def get_name(self):
    if self.w_name is None:
        return space.newstr("<uninitialized file>")
    return self.w_name


def get_encoding(self):
    return space.wrap_none(self.w_encoding)


def get_errors(self):
    return space.wrap_none(self.w_errors)


def read_only(self, w_value):
    raise type_error("readonly attribute")


NEWLINES = [(rfile.NEWLINE_CR, "\r"), (rfile.NEWLINE_LF, "\n"), (rfile.NEWLINE_CRLF, "\r\n")]


def get_newlines(self):
    stream = self.stream
    return newlines_seen(self.newlines if stream is None else stream.newlines)


def newlines_seen(bits):
    """None, a str or a tuple, for the bits of `rfile`."""
    kinds_w = []
    for bit, text in NEWLINES:
        if bits & bit:
            kinds_w.append(space.newstr(text))
    if len(kinds_w) == 0:
        return space.w_None
    if len(kinds_w) == 1:
        return kinds_w[0]
    return space.newtuple(kinds_w)


def get_softspace(self):
    space.warn_py3k("file.softspace not supported in 3.x")
    return space.newint(self.softspace)


def set_softspace(self, w_value):
    space.warn_py3k("file.softspace not supported in 3.x")
    self.softspace = space.int_w(w_value)


def delete_softspace(self):
    raise type_error("can't delete softspace attribute")


DOC = """file(name[, mode[, buffering]]) -> file object

Open a file.  The mode can be 'r', 'w' or 'a' for reading (default),
writing or appending.  The file will be created if it doesn't exist
when opened for writing or appending; it will be truncated when
opened for writing.  Add a 'b' to the mode for binary files.
Add a '+' to the mode to allow simultaneous reading and writing.
If the buffering argument is given, 0 means unbuffered, 1 means line
buffered, and larger numbers specify the buffer size.  The preferred way
to open a file is with the builtin open() function.
Add a 'U' to mode to open the file for input with universal newline
support.  Any line ending in the input file will be seen as a '\\n'
in Python.  Also, a file so opened gains the attribute 'newlines';
the value for this attribute is one of None (no newline read yet),
'\\r', '\\n', '\\r\\n' or a tuple containing all the newline types seen.

'U' cannot be combined with 'w' or '+' mode.
"""

define_type(W_File, "file", {
    "__doc__": DOC,
    "__new__": file_new,
    "__init__": file_init,
    "__repr__": file_repr,
    "__iter__": file_iter,
    "__enter__": file_enter,
    "__exit__": file_exit,
    "__weakref__": None,
    "next": file_next,
    "read": file_read,
    "readline": file_readline,
    "readlines": file_readlines,
    "readinto": file_readinto,
    "xreadlines": file_xreadlines,
    "write": file_write,
    "writelines": file_writelines,
    "seek": file_seek,
    "tell": file_tell,
    "truncate": file_truncate,
    "flush": file_flush,
    "close": file_close,
    "fileno": file_fileno,
    "isatty": file_isatty,
    "closed": GetSet(get_closed, doc="True if the file is closed"),
    "mode": GetSet(get_mode, read_only, doc="file mode ('r', 'U', 'w', 'a', possibly with 'b' or '+' added)"),
    "name": GetSet(get_name, read_only, doc="file name"),
    "encoding": GetSet(get_encoding, read_only, doc="file encoding"),
    "errors": GetSet(get_errors, read_only, doc="Unicode error handler"),
    "newlines": GetSet(get_newlines, doc="end-of-line convention used in this file"),
    "softspace": GetSet(get_softspace, set_softspace, delete_softspace,
                        doc="flag indicating that a space needs to be printed; used by print"),
}, user_class=W_FileUser)
