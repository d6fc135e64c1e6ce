"""``io.open``."""

from ouro.interp_py27.modules._io.base import DEFAULT_BUFFER_SIZE, call_method
from ouro.interp_py27.modules._io.buffered import W_BufferedRandom, W_BufferedReader, W_BufferedWriter
from ouro.interp_py27.modules._io.fileio import W_FileIO
from ouro.interp_py27.modules._io.text import W_TextIOWrapper
from ouro.interp_py27.objects import space
from ouro.interp_py27.vm.errors import OperationError, type_error, value_error
from ouro.interp_py27.vm.gateway import c_text_argument, optional_c_text_argument, unwrap_spec
from ouro.rlib import rposix


class OpenMode:
    """What the letters of a mode mean."""

    def __init__(self, mode):
        self.reading = False
        self.writing = False
        self.appending = False
        self.updating = False
        self.text = False
        self.binary = False
        self.universal = False
        for i in range(len(mode)):
            letter = mode[i]
            if letter == "r":
                self.reading = True
            elif letter == "w":
                self.writing = True
            elif letter == "a":
                self.appending = True
            elif letter == "+":
                self.updating = True
            elif letter == "t":
                self.text = True
            elif letter == "b":
                self.binary = True
            elif letter == "U":
                self.universal = True
                self.reading = True
            else:
                raise invalid_mode(mode)
            if mode.find(letter, i + 1) >= 0:
                raise invalid_mode(mode)

    def raw(self):
        """The mode of the `FileIO`."""
        result = ""
        if self.reading:
            result += "r"
        if self.writing:
            result += "w"
        if self.appending:
            result += "a"
        if self.updating:
            result += "+"
        return result

    def check(self, has_encoding, has_errors, has_newline):
        if self.universal and (self.writing or self.appending):
            raise value_error("can't use U and writing mode at once")
        if self.text and self.binary:
            raise value_error("can't have text and binary mode at once")
        if int(self.reading) + int(self.writing) + int(self.appending) > 1:
            raise value_error("must have exactly one of read/write/append mode")
        if self.binary and has_encoding:
            raise value_error("binary mode doesn't take an encoding argument")
        if self.binary and has_errors:
            raise value_error("binary mode doesn't take an errors argument")
        if self.binary and has_newline:
            raise value_error("binary mode doesn't take a newline argument")


def invalid_mode(mode):
    return value_error("invalid mode: '%s'" % mode)


@unwrap_spec(buffering=int, closefd=bool)
def io_open(w_file=None, w_mode=None, buffering=-1, w_encoding=None, w_errors=None, w_newline=None, closefd=True):
    """Open file and return a stream.  Raise IOError upon failure.

file is either a text or byte string giving the name (and the path
if the file isn't in the current working directory) of the file to
be opened or an integer file descriptor of the file to be
wrapped. (If a file descriptor is given, it is closed when the
returned I/O object is closed, unless closefd is set to False.)

mode is an optional string that specifies the mode in which the file
is opened. It defaults to 'r' which means open for reading in text
mode.  Other common values are 'w' for writing (truncating the file if
it already exists), and 'a' for appending. The letters 'b' and 't' choose
binary and text mode, '+' opens for updating, and 'U' is universal newline
mode (for backwards compatibility).

buffering is an optional integer used to set the buffering policy.
Pass 0 to switch buffering off (only allowed in binary mode), 1 to select
line buffering (only usable in text mode), and an integer > 1 to indicate
the size of a fixed-size chunk buffer.

encoding, errors and newline are those of TextIOWrapper. If closefd is
False, the underlying file descriptor will be kept open when the file is
closed.

In text mode open() returns a TextIOWrapper; in binary mode a
BufferedReader, BufferedWriter or BufferedRandom, or without buffering a
FileIO."""
    if w_file is None:
        raise type_error("Required argument 'file' (pos 1) not found")
    mode = "r"
    if w_mode is not None:
        mode = c_text_argument(w_mode, "open() argument 2 ")
    encoding = optional_c_text_argument(w_encoding, "open() argument 4 ")
    errors = optional_c_text_argument(w_errors, "open() argument 5 ")
    newline = optional_c_text_argument(w_newline, "open() argument 6 ")
    if not space.is_text(w_file) and not space.is_number(w_file):
        raise type_error("invalid file: " + space.repr_text(w_file))
    parsed = OpenMode(mode)
    parsed.check(encoding is not None, errors is not None, newline is not None)
    w_raw = W_FileIO.w_builtin_type.call_3(w_file, space.newstr(parsed.raw()), space.newbool(closefd))
    w_stream = w_raw
    try:
        line_buffering = buffering == 1
        if buffering < 0 and space.is_true(call_method(w_raw, "isatty")):
            buffering = -1
            line_buffering = True
        if line_buffering:
            buffering = -1
        if buffering < 0:
            buffering = block_size(w_raw)
        if buffering == 0:
            if not parsed.binary:
                raise value_error("can't have unbuffered text I/O")
            return w_raw
        if parsed.updating:
            w_class = W_BufferedRandom.w_builtin_type
        elif parsed.writing or parsed.appending:
            w_class = W_BufferedWriter.w_builtin_type
        else:
            w_class = W_BufferedReader.w_builtin_type
        w_stream = w_class.call_2(w_raw, space.newint(buffering))
        if parsed.binary:
            return w_stream
        w_stream = W_TextIOWrapper.w_builtin_type.call_list([
            w_stream, space.newtext_or_none(encoding), space.newtext_or_none(errors), space.newtext_or_none(newline),
            space.newbool(line_buffering)])
        space.setattr_str(w_stream, "mode", space.newstr(mode))
        return w_stream
    except OperationError:
        call_method(w_stream, "close")
        raise


def block_size(w_raw):
    """The size of a buffer that suits the device."""
    try:
        size = rposix.fstat(space.int_w(call_method(w_raw, "fileno"))).st_blksize
    except OSError as error:
        raise space.ioerror(error.errno)
    return size if size > 1 else DEFAULT_BUFFER_SIZE
