"""``FileIO``: a raw stream over a file descriptor."""

from ouro.interp_py27.modules._io.base import W_RawIOBase, make_new, stream_close
from ouro.interp_py27.modules._io.errors import data_w, newposition, size_w, target_buffer
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.file_object import close_dead_files
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.vm.errors import OperationError, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib import rposix
from ouro.rlib.rstring import StringBuilder

EAGAIN = 11
EBADF = 9
EINTR = 4
EISDIR = 21
O_WRONLY = 1
O_RDWR = 2
O_CREAT = 0o100
O_TRUNC = 0o1000
O_APPEND = 0o2000
SMALLEST_CHUNK = 8192
LARGEST_CHUNK = 1 << 20

UNKNOWN = -1


class Mode:
    """What the letters of a mode mean."""

    def __init__(self, mode):
        self.readable = False
        self.writable = False
        self.append = False
        self.flags = 0
        kind = "\0"
        plus = False
        for letter in mode:
            if letter == "r" or letter == "w" or letter == "a":
                if kind != "\0":
                    raise bad_mode()
                kind = letter
            elif letter == "+":
                if plus:
                    raise bad_mode()
                plus = True
            elif letter != "b":
                raise value_error("invalid mode: " + mode)
        if kind == "\0":
            raise bad_mode()
        self.readable = plus or kind == "r"
        self.writable = plus or kind != "r"
        if plus:
            self.flags = O_RDWR
        elif self.writable:
            self.flags = O_WRONLY
        if kind == "w":
            self.flags |= O_CREAT | O_TRUNC
        elif kind == "a":
            self.append = True
            self.flags |= O_CREAT | O_APPEND


def bad_mode():
    return value_error("Must have exactly one of read/write/append mode and at most one plus")


class W_FileIO(W_RawIOBase):
    """`fd` is -1 before ``__init__`` and after ``close``; `seekable` is 0, 1 or UNKNOWN."""

    _attrs_ = ("fd", "is_readable", "is_writable", "is_appending", "seekable", "closefd")

    def start(self):
        self.fd = -1
        self.is_readable = False
        self.is_writable = False
        self.is_appending = False
        self.seekable = UNKNOWN
        self.closefd = True

    def opened(self):
        """The descriptor; the file must be open."""
        if self.fd < 0:
            raise value_error("I/O operation on closed file")
        return self.fd

    def for_reading(self):
        fd = self.opened()
        if not self.is_readable:
            raise value_error("File not open for reading")
        return fd

    def for_writing(self):
        fd = self.opened()
        if not self.is_writable:
            raise value_error("File not open for writing")
        return fd

    def read_once(self, count):
        """What one system call reads; None where it would block."""
        fd = self.for_reading()
        while True:
            try:
                return rposix.read(fd, count)
            except OSError as error:
                if error.errno == EAGAIN:
                    return None
                if error.errno != EINTR:
                    raise space.ioerror(error.errno)
            space.check_signals()

    def read_all(self):
        """All that is left, or what there is before it would block; None where that is nothing at all."""
        chunk = max(self.size_left(), SMALLEST_CHUNK)
        text = self.read_once(chunk)
        if text is None or text == "":
            return text
        more = self.read_once(chunk)
        if more is None or more == "":
            return text
        builder = StringBuilder()
        builder.append(text)
        while more is not None and more != "":
            builder.append(more)
            if chunk < LARGEST_CHUNK:
                chunk += chunk >> 1
            more = self.read_once(chunk)
        return builder.build()

    def size_left(self):
        """How much more there is of a regular file, as a guess."""
        try:
            fd = self.for_reading()
            size = rposix.fstat(fd).st_size
            if size > 0:
                return size - rposix.lseek(fd, 0, 1) + 1
        except OSError:
            # no regular file
            pass
        return 0

    def write_once(self, data):
        """How much one system call writes; -1 where it would block."""
        fd = self.for_writing()
        while True:
            try:
                return rposix.write(fd, data)
            except OSError as error:
                if error.errno == EAGAIN:
                    return -1
                if error.errno != EINTR:
                    raise space.ioerror(error.errno)
            space.check_signals()

    def seek_to(self, offset, how):
        try:
            return rposix.lseek(self.opened(), offset, how)
        except OSError as error:
            raise space.ioerror(error.errno)

    def is_seekable(self):
        if self.seekable == UNKNOWN:
            try:
                rposix.lseek(self.opened(), 0, 1)
                self.seekable = 1
            except OSError:
                self.seekable = 0
        return self.seekable == 1

    def mode_text(self):
        if self.is_appending:
            return "ab+" if self.is_readable else "ab"
        if self.is_readable:
            return "rb+" if self.is_writable else "rb"
        return "wb"

    def close_descriptor(self):
        fd = self.fd
        self.fd = -1
        if fd >= 0:
            try:
                rposix.close(fd)
            except OSError as error:
                raise space.ioerror(error.errno)


W_FileIOUser = make_user_class(W_FileIO)


@unwrap_spec(mode=str, closefd=bool)
def fileio_init(self, w_file=None, mode="r", closefd=True):
    if w_file is None:
        raise type_error("Required argument 'file' (pos 1) not found")
    if self.fd >= 0:
        if self.closefd:
            self.close_descriptor()
        self.fd = -1
    if space.is_float(w_file):
        raise type_error("integer argument expected, got float")
    parsed = Mode(mode)
    self.is_readable = parsed.readable
    self.is_writable = parsed.writable
    self.is_appending = parsed.append
    self.seekable = UNKNOWN
    self.closefd = closefd
    if space.is_int(w_file) or space.is_long(w_file):
        fd = space.int_w(w_file)
        if fd < 0:
            raise value_error("negative file descriptor")
        check_descriptor(fd)
    else:
        if not closefd:
            raise value_error("Cannot use closefd=False with file name")
        fd = open_descriptor(w_file, parsed.flags)
    try:
        if rposix.fstat(fd).is_directory():
            if not (space.is_int(w_file) or space.is_long(w_file)):
                rposix.close(fd)
            raise OperationError(space.w_IOError, space.system_error_arguments(EISDIR, w_file))
    except OSError as error:
        raise space.ioerror(error.errno)
    self.fd = fd
    space.setattr_str(self, "name", w_file)
    if parsed.append:
        try:
            rposix.lseek(fd, 0, 2)
        except OSError as error:
            self.fd = -1
            if not (space.is_int(w_file) or space.is_long(w_file)):
                rposix.close(fd)
            raise space.ioerror(error.errno)


def check_descriptor(fd):
    try:
        rposix.fstat(fd)
    except OSError as error:
        if error.errno == EBADF:
            raise space.oserror(EBADF)


def open_descriptor(w_name, flags):
    if not space.is_text(w_name):
        raise type_error("coercing to Unicode: need string or buffer, %s found" % space.type_name(w_name))
    if "\0" in (space.utf8_w(w_name) if space.is_unicode(w_name) else space.bytes_w(w_name)):
        raise type_error("embedded NUL character")
    path = space.path_w(w_name)
    while True:
        try:
            fd = rposix.open(path, flags, 0o666)
            close_dead_files(fd)
            return fd
        except OSError as error:
            if error.errno != EINTR:
                raise OperationError(space.w_IOError, space.system_error_arguments(error.errno, w_name))
        space.check_signals()


def fileio_read(self, w_size=None):
    """read(size: int) -> bytes.  read at most size bytes, returned as bytes.

Only makes one system call, so less data may be returned than requested
In non-blocking mode, returns None if no data is available.
On end-of-file, returns ''."""
    self.for_reading()
    size = size_w(w_size)
    text = self.read_once(size) if size >= 0 else self.read_all()
    return space.newtext_or_none(text)


def fileio_readall(self):
    """readall() -> bytes.  read all data from the file, returned as bytes.

In non-blocking mode, returns as much as is immediately available,
or None if no data is available.  On end-of-file, returns ''."""
    self.for_reading()
    return space.newtext_or_none(self.read_all())


def fileio_readinto(self, w_buffer=None):
    """readinto() -> Same as RawIOBase.readinto()."""
    self.for_reading()
    if w_buffer is None:
        raise type_error("readinto() takes exactly 1 argument (0 given)")
    buffer = target_buffer(w_buffer)
    text = self.read_once(buffer.length())
    if text is None:
        return space.w_None
    buffer.store(0, text)
    return newposition(len(text))


def fileio_write(self, w_data=None):
    """write(b) -> int.  Write array of bytes b, return number written.

Only makes one system call, so not all of the data may be written.
The number of bytes actually written is returned.  In non-blocking mode,
returns None if the write would block."""
    self.for_writing()
    if w_data is None:
        raise type_error("write() takes exactly 1 argument (0 given)")
    count = self.write_once(data_w(w_data))
    if count < 0:
        return space.w_None
    return newposition(count)


def fileio_seek(self, w_offset=None, w_whence=None):
    """seek(offset: int[, whence: int]) -> int.  Move to new file position
and return the file position.

Argument offset is a byte count.  Optional argument whence defaults to
SEEK_SET or 0 (offset from start of file, offset should be >= 0); other values
are SEEK_CUR or 1 (move relative to current position, positive or negative),
and SEEK_END or 2 (move relative to end of file, usually negative, although
many platforms allow seeking beyond the end of a file).

Note that not all file objects are seekable."""
    self.opened()
    if w_offset is None:
        raise type_error("seek() takes at least 1 argument (0 given)")
    how = 0 if w_whence is None else space.int_w(w_whence)
    return newposition(self.seek_to(offset_w(w_offset), how))


def offset_w(w_offset):
    if space.is_float(w_offset):
        raise type_error("an integer is required")
    return space.int_w(w_offset)


def fileio_tell(self):
    """tell() -> int.  Current file position.

Can raise OSError for non seekable files."""
    self.opened()
    return newposition(self.seek_to(0, 1))


def fileio_truncate(self, w_size=None):
    """truncate([size: int]) -> int.  Truncate the file to at most size bytes and
return the truncated size.

Size defaults to the current file position, as returned by tell().
The current file position is changed to the value of size."""
    fd = self.for_writing()
    if w_size is None or space.is_none(w_size):
        size = self.seek_to(0, 1)
        w_size = newposition(size)
    else:
        size = offset_w(w_size)
    while True:
        try:
            rposix.ftruncate(fd, size)
            return w_size
        except OSError as error:
            if error.errno != EINTR:
                raise space.ioerror(error.errno)
        space.check_signals()


def fileio_close(self):
    """close() -> None.  Close the file.

A closed file cannot be used for further I/O operations.  close() may be
called more than once without error."""
    try:
        stream_close(self)
    finally:
        if self.closefd:
            self.close_descriptor()
        self.fd = -1


def fileio_fileno(self):
    """fileno() -> int.  Return the underlying file descriptor (an integer)."""
    return space.newint(self.opened())


def fileio_isatty(self):
    """isatty() -> bool.  True if the file is connected to a TTY device."""
    return space.newbool(rposix.isatty(self.opened()))


def fileio_readable(self):
    """readable() -> bool.  True if file was opened in a read mode."""
    self.opened()
    return space.newbool(self.is_readable)


def fileio_writable(self):
    """writable() -> bool.  True if file was opened in a write mode."""
    self.opened()
    return space.newbool(self.is_writable)


def fileio_seekable(self):
    """seekable() -> bool.  True if file supports random-access."""
    self.opened()
    return space.newbool(self.is_seekable())


def fileio_repr(self):
    if self.fd < 0:
        return space.newstr("<_io.FileIO [closed]>")
    w_name = space.findattr(self, "name")
    if w_name is None:
        return space.newstr("<_io.FileIO fd=%d mode='%s'>" % (self.fd, self.mode_text()))
    return space.newstr("<_io.FileIO name=%s mode='%s'>" % (space.repr_text(w_name), self.mode_text()))


def get_closed(self):
    return space.newbool(self.fd < 0)


def get_closefd(self):
    return space.newbool(self.closefd)


def get_mode(self):
    return space.newstr(self.mode_text())


define_type(W_FileIO, "FileIO", {
    "__new__": make_new(W_FileIO, W_FileIOUser),
    "__init__": fileio_init,
    "__repr__": fileio_repr,
    "read": fileio_read,
    "readall": fileio_readall,
    "readinto": fileio_readinto,
    "write": fileio_write,
    "seek": fileio_seek,
    "tell": fileio_tell,
    "truncate": fileio_truncate,
    "close": fileio_close,
    "fileno": fileio_fileno,
    "isatty": fileio_isatty,
    "readable": fileio_readable,
    "writable": fileio_writable,
    "seekable": fileio_seekable,
    "closed": GetSet(get_closed, doc="True if the file is closed"),
    "closefd": GetSet(get_closefd, doc="True if the file descriptor will be closed by close()."),
    "mode": GetSet(get_mode, doc="String giving the file mode"),
}, base=W_RawIOBase, module="_io", user_class=W_FileIOUser, doc="""file(name: str[, mode: str]) -> file IO object

Open a file.  The mode can be 'r' (default), 'w' or 'a' for reading,
writing or appending.  The file will be created if it doesn't exist
when opened for writing or appending; it will be truncated when
opened for writing.  Add a '+' to the mode to allow simultaneous
reading and writing.""")
