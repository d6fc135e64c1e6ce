"""``file``: an `rfile.Stream` with the state that Python 2.7 shows. The methods are in `file_methods`.

Iteration reads ahead of the stream in blocks, as CPython does: it is the fastest way through a file, and it is
why other ways of reading are refused while a block is not used up.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import OperationError, operror, type_error, value_error
from ouro.rlib import rfile, rposix
from ouro.rlib.rstring import StringBuilder, find_char

READ_AHEAD = 8192
MANY_DESCRIPTORS = 256
EINTR = 4
EISDIR = 21
ENFILE = 23
EMFILE = 24


class FileStream(rfile.Stream):
    """A stream that lets the application handle signals."""

    def interrupted(self):
        space.check_signals()


class W_File(W_Root):
    """A file.

    `stream` is None before ``__init__`` and after ``close``; `child` is the process of ``popen``, or 0;
    `newlines` are the kinds of line ends that were seen before it was closed;
    `ahead` is the block that iteration has read, used up to `ahead_position`.
    """

    _attrs_ = ("stream", "w_name", "mode", "binary", "w_encoding", "w_errors", "softspace", "ahead", "ahead_position",
               "child", "newlines", "lifeline")
    lifeline = None

    def __init__(self):
        self.stream = None
        self.w_name = None
        self.mode = "<uninitialized file>"
        self.binary = False
        self.w_encoding = None
        self.w_errors = None
        self.softspace = 0
        self.ahead = ""
        self.ahead_position = 0
        self.child = 0
        self.newlines = 0

    def getweakref(self):
        return self.lifeline

    def setweakref(self, lifeline):
        self.lifeline = lifeline

    def delweakref(self):
        self.lifeline = None

    # ---- state

    def start(self, fd, w_name, mode, buffering):
        """Become the file on an open descriptor. The mode has been checked."""
        stream = FileStream(fd, False, False)
        rfile.attach(stream, mode, buffering)
        self.stream = stream
        self.w_name = w_name
        self.mode = mode
        self.binary = "b" in mode
        if not self.getclass().has_del:
            space.register_finalizer(self)

    def opened(self):
        """The stream; the file must be open."""
        stream = self.stream
        if stream is None:
            raise closed_file()
        return stream

    def readable(self):
        """The stream, which can be read and has nothing read ahead."""
        stream = self.opened()
        if not stream.readable:
            raise operror(space.w_IOError, "File not open for reading")
        if self.ahead_position < len(self.ahead):
            raise value_error("Mixing iteration and read methods would lose data")
        return stream

    def writable(self):
        """The stream, which can be written."""
        stream = self.opened()
        if not stream.writable:
            raise operror(space.w_IOError, "File not open for writing")
        return stream

    def close(self):
        """Close the stream; the status of the child process that is at its other end, or 0."""
        stream = self.stream
        if stream is None:
            return 0
        if stream.busy:
            raise operror(space.w_IOError, "close() called during concurrent operation on the same file object.")
        self.stream = None
        self.newlines = stream.newlines
        self.ahead = ""
        self.ahead_position = 0
        child = self.child
        self.child = 0
        try:
            stream.close()
        except OSError as error:
            raise space.ioerror(error.errno)
        except rfile.StreamClosedError:
            raise closed_file()
        if child == 0:
            return 0
        return wait_for(child)

    def release(self):
        """Close a file that nobody knows any more."""
        try:
            self.close()
        except OperationError as error:
            close_failed(error)

    # ---- reading and writing

    def write(self, text):
        try:
            self.writable().write(text)
        except OSError as error:
            raise space.ioerror(error.errno)
        except rfile.StreamClosedError:
            raise closed_file()

    def flush(self):
        try:
            self.opened().flush()
        except OSError as error:
            raise space.ioerror(error.errno)
        except rfile.StreamClosedError:
            raise closed_file()

    def read(self, size):
        try:
            return self.readable().read(size)
        except OSError as error:
            raise space.ioerror(error.errno)
        except rfile.StreamClosedError:
            raise closed_file()

    def readline(self, size):
        try:
            return self.readable().readline(size)
        except OSError as error:
            raise space.ioerror(error.errno)
        except rfile.StreamClosedError:
            raise closed_file()

    def drop_ahead(self):
        self.ahead = ""
        self.ahead_position = 0

    def next_line(self):
        """The next line by way of the read-ahead; empty at the end."""
        start = self.ahead_position
        assert start >= 0
        ahead = self.ahead
        stop = find_char(ahead, "\n", start, len(ahead))
        if stop >= 0:
            stop += 1
            self.ahead_position = stop
            return ahead[start:stop]
        return self.next_line_of_blocks()

    def next_line_of_blocks(self):
        stream = self.opened()
        if not stream.readable:
            raise operror(space.w_IOError, "File not open for reading")
        start = self.ahead_position
        assert start >= 0
        builder = StringBuilder()
        builder.append(self.ahead[start:])
        size = READ_AHEAD
        while True:
            self.drop_ahead()
            try:
                ahead = stream.read(size)
            except OSError as error:
                raise space.ioerror(error.errno)
            except rfile.StreamClosedError:
                raise closed_file()
            if ahead == "":
                return builder.build()
            stop = find_char(ahead, "\n", 0, len(ahead)) + 1
            if stop > 0:
                self.ahead = ahead
                self.ahead_position = stop
                if builder.getlength() == 0:
                    return ahead[:stop]
                builder.append_slice(ahead, 0, stop)
                return builder.build()
            builder.append(ahead)
            size += size >> 2

    def iter_next(self):
        line = self.next_line()
        if line == "":
            if self.stream is None:
                raise closed_file()
            return None
        return space.newstr(line)


W_FileUser = make_user_class(W_File)


def closed_file():
    return value_error("I/O operation on closed file")


def wait_for(child):
    """The status of the child process once it has ended."""
    while True:
        try:
            return rposix.waitpid(child, 0)[1]
        except OSError as error:
            if error.errno != EINTR:
                raise space.ioerror(error.errno)
        space.check_signals()


# ---- making files


def check_file_mode(mode):
    """The flags for `rposix.open`; ValueError of the application for a mode that ``open`` refuses."""
    try:
        return rfile.mode_flags(mode)[4]
    except rfile.ModeError as error:
        raise value_error(error.message)


class Descriptors:
    """`opened` counts the files opened since dead ones were looked for."""

    def __init__(self):
        self.opened = 0


descriptors = Descriptors()


def close_dead_files(fd):
    """Called with each descriptor that a file is opened on.

    Where references are counted, files that nobody refers to are closed at once. Here they are looked for when so high
    a number shows that many are open: descriptors run out long before memory does.
    """
    descriptors.opened += 1
    if fd >= MANY_DESCRIPTORS and descriptors.opened >= MANY_DESCRIPTORS // 2:
        descriptors.opened = 0
        space.collect_and_finalize()


def open_path(w_file, w_name, mode, buffering):
    """``file.__init__``: open the file by its name."""
    frame = space.get_context().topframe()
    if frame is not None and space.is_restricted(frame):
        raise operror(space.w_IOError, "file() constructor not accessible in restricted mode")
    flags = check_file_mode(mode)
    path = space.path_argument_w(w_name, "file() argument 1 ")
    # Where references are counted, a file that nobody refers to any more is closed by now: a program may read back
    # what it wrote, or open another file, without having closed the first.
    rfile.flush_waiting()
    collected = False
    while True:
        try:
            fd = rposix.open(path, flags, 0o666)
            break
        except OSError as error:
            if (error.errno == EMFILE or error.errno == ENFILE) and not collected:
                collected = True
                space.collect_and_finalize()
            elif error.errno != EINTR:
                raise path_error(error.errno, w_name)
        space.check_signals()
    close_dead_files(fd)
    attach(w_file, fd, w_name, mode, buffering, True)


def attach(w_file, fd, w_name, mode, buffering, owned):
    """Make `w_file` the file on a descriptor, which must not be a directory; it is closed then if `owned`."""
    try:
        is_directory = rposix.fstat(fd).is_directory()
        if not is_directory:
            w_file.start(fd, w_name, mode, buffering)
    except OSError as error:
        raise path_error(error.errno, w_name)
    if is_directory:
        if owned:
            rposix.close(fd)
        raise path_error(EISDIR, w_name)


def path_error(errno, w_name):
    return OperationError(space.w_IOError, space.system_error_arguments(errno, w_name))


def is_file(w_obj):
    return isinstance(w_obj, W_File)


def new_file(fd, name, mode, buffering):
    """A file on an open descriptor; errors are IOError."""
    w_file = W_File()
    check_file_mode(mode)
    attach(w_file, fd, space.newstr(name), mode, buffering, False)
    return w_file


def new_pipe_file(fd, command, mode, buffering, child):
    """The file that ``popen`` gives: closing it waits for the child process."""
    w_file = new_file(fd, command, mode, buffering)
    w_file.child = child
    return w_file


def standard_file(fd, name, mode, buffering, encoding):
    """The file object of ``sys.stdin`` and its like, which may be on a closed descriptor.

    `encoding` is the value of PYTHONIOENCODING, an encoding and perhaps a colon and an error handler; without it
    terminals have the encoding of the locale.
    """
    w_file = W_File()
    w_file.start(fd, space.newstr("<%s>" % name), mode, buffering)
    if encoding == "":
        if rposix.isatty(fd):
            w_file.w_encoding = space.newstr(locale_encoding())
        return w_file
    colon = encoding.find(":")
    if colon >= 0:
        w_file.w_errors = space.newstr(encoding[colon + 1:])
        encoding = encoding[:colon]
    if encoding != "":
        w_file.w_encoding = space.newstr(encoding)
    return w_file


def locale_encoding():
    """The encoding that the environment asks for."""
    for name in ["LC_ALL", "LC_CTYPE", "LANG"]:
        value = rposix.getenv(name)
        if value is not None and value != "":
            upper = value.upper()
            if upper.find("UTF-8") >= 0 or upper.find("UTF8") >= 0:
                return "UTF-8"
            break
    return "ANSI_X3.4-1968"


def file_fileno(w_file):
    """The descriptor of an open file."""
    assert isinstance(w_file, W_File)
    try:
        return w_file.opened().fileno()
    except rfile.StreamClosedError:
        raise closed_file()


def flush_files():
    """Write out what is buffered in all files, at the end of the program."""
    for errno in rfile.flush_all():
        close_failed(space.ioerror(errno))


def close_failed(error):
    """Say that a file which nobody closed could not be written."""
    space.write_stderr("close failed in file object destructor:\n")
    space.write_stderr(space.exception_text(error.w_type, error.get_w_value()))


# ---- what is written


def text_to_write(w_file, w_text):
    """The characters that ``write(w_text)`` writes: unicode is encoded by text files as they say."""
    if space.is_str(w_text):
        return space.bytes_w(w_text)
    if w_file.binary:
        if not space.is_text(w_text) and not space.has_buffer(w_text):
            raise type_error("argument 1 must be string or buffer, not %s" % argument_kind(w_text))
        return space.buffer_str_w(w_text)
    if space.is_unicode(w_text):
        if w_file.w_encoding is not None:
            return space.bytes_w(space.encode_for_stream(w_text, w_file))
    elif not space.has_character_buffer(w_text):
        raise type_error("expected a string or other character buffer object")
    return space.buffer_str_w(w_text)


def argument_kind(w_value):
    """What messages about arguments call the object."""
    return "None" if space.is_none(w_value) else space.type_name(w_value)
