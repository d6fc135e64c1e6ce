"""``cStringIO``: files in memory."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import ITERATOR_ENTRIES, GetSet, define_type
from ouro.rlib.rstring import StringBuilder

EINVAL = 22


class W_MemoryFile(W_Root):
    """What readers and writers share: a text and a position in it, which may be past its end."""

    _attrs_ = ("text", "position", "closed")

    def __init__(self, text):
        self.text = text
        self.position = 0
        self.closed = False

    def contents(self):
        """The whole text; the file must be open."""
        if self.closed:
            raise value_error("I/O operation on closed file")
        return self.text

    def read_to(self, end):
        """The text from the position to `end`, which becomes the position."""
        start = self.position
        if start >= end:
            return ""
        assert start >= 0
        self.position = end
        return self.text[start:end]

    def next_line(self, limit):
        """The next line, or its first `limit` characters if that is not negative."""
        text = self.contents()
        start = self.position
        end = text.find("\n", start) + 1 if start < len(text) else 0
        if end <= 0:
            end = len(text)
        if 0 <= limit < end - start:
            end = start + limit
        return self.read_to(end)

    def iter_next(self):
        line = self.next_line(-1)
        if line == "":
            return None
        return space.newstr(line)


class W_StringI(W_MemoryFile):
    """A reader."""


class W_StringO(W_MemoryFile):
    """A writer: what is written at the end is kept in `builder` until somebody looks."""

    _attrs_ = ("builder", "softspace")

    def __init__(self):
        W_MemoryFile.__init__(self, "")
        self.builder = None
        self.softspace = 0

    def contents(self):
        builder = self.builder
        if builder is not None:
            self.text += builder.build()
            self.builder = None
        return W_MemoryFile.contents(self)

    def size(self):
        size = len(self.text)
        if self.builder is not None:
            size += self.builder.getlength()
        return size

    def write(self, data):
        if self.closed:
            raise value_error("I/O operation on closed file")
        start = self.position
        if start == self.size():
            if self.builder is None:
                self.builder = StringBuilder()
            self.builder.append(data)
        else:
            text = self.contents()
            if start > len(text):
                text += "\x00" * (start - len(text))
            end = start + len(data)
            assert start >= 0
            rest = text[end:] if end < len(text) else ""
            self.text = text[:start] + data + rest
        self.position = start + len(data)


def stringio_new(w_initial=None):
    """StringIO([s]) -- Return a StringIO-like stream for reading or writing"""
    if w_initial is None:
        return W_StringO()
    return W_StringI(_buffer(w_initial, "StringIO"))


def _buffer(w_value, function_name):
    if not space.has_buffer(w_value) and not space.is_text(w_value):
        name = "None" if space.is_none(w_value) else space.type_name(w_value)
        raise type_error("%s() argument 1 must be string or buffer, not %s" % (function_name, name))
    return space.buffer_str_w(w_value)


# Methods of both


def file_flush(self):
    """flush(): does nothing."""
    self.contents()


def file_getvalue(self, w_use_position=None):
    """getvalue([use_pos]) -- Get the string value.

If use_pos is specified and is a true value, then the string returned
will include only the text up to the current file position.\n"""
    text = self.contents()
    if w_use_position is not None and space.is_true(w_use_position) and self.position < len(text):
        position = self.position
        assert position >= 0
        text = text[:position]
    return space.newstr(text)


def file_isatty(self):
    """isatty(): always returns 0"""
    self.contents()
    return space.newbool(False)


@unwrap_spec(size=int)
def file_read(self, size=-1):
    """read([s]) -- Read s characters, or the rest of the string"""
    text = self.contents()
    end = len(text)
    if 0 <= size < end - self.position:
        end = self.position + size
    return space.newstr(self.read_to(end))


@unwrap_spec(size=int)
def file_readline(self, size=-1):
    """readline() -- Read one line"""
    return space.newstr(self.next_line(size))


@unwrap_spec(hint=int)
def file_readlines(self, hint=0):
    """readlines() -- Read all lines"""
    lines_w = []
    total = 0
    while True:
        line = self.next_line(-1)
        if line == "":
            break
        lines_w.append(space.newstr(line))
        total += len(line)
        if 0 < hint <= total:
            break
    return space.newlist(lines_w)


def file_reset(self):
    """reset() -- Reset the file position to the beginning"""
    self.contents()
    self.position = 0


@unwrap_spec(position=int, mode=int)
def file_seek(self, position, mode=0):
    """seek(position)       -- set the current position
seek(position, mode) -- mode 0: absolute; 1: relative; 2: relative
to EOF"""
    text = self.contents()
    if mode == 1:
        position += self.position
    elif mode == 2:
        position += len(text)
    if position < 0:
        position = 0
    self.position = position


def file_tell(self):
    """tell() -- get the current position."""
    self.contents()
    return space.newint(self.position)


def file_truncate(self, w_size=None):
    """truncate(): truncate the file at the current position."""
    text = self.contents()
    size = self.position
    if w_size is not None and not space.is_none(w_size):
        size = space.int_w(w_size)
        if size < 0:
            raise space.ioerror(EINVAL)
    if size < len(text):
        self.text = text[:size]
    self.position = len(self.text)


def file_close(self):
    """close(): explicitly release resources held."""
    if not self.closed:
        self.contents()
        self.closed = True
        self.text = ""


def get_closed(self):
    return space.newbool(self.closed)


# Methods of writers


def file_write(self, w_string):
    """write(s) -- Write a string to the file\n\nNote (hack:) writing None resets the buffer"""
    self.write(_buffer(w_string, "write"))


def file_writelines(self, w_lines):
    """writelines(sequence_of_strings) -> None.  Write the strings to the file."""
    w_iterator = space.iter(w_lines)
    while True:
        w_line = w_iterator.iter_next()
        if w_line is None:
            return
        if not space.is_text(w_line) and not space.has_buffer(w_line):
            raise type_error("expected string or Unicode object, %s found" % space.type_name(w_line))
        self.write(space.buffer_str_w(w_line))


def get_softspace(self):
    return space.newint(self.softspace)


def set_softspace(self, w_value):
    self.softspace = space.int_w(w_value)


_ENTRIES = dict(
    ITERATOR_ENTRIES, flush=file_flush, getvalue=file_getvalue, isatty=file_isatty, read=file_read,
    readline=file_readline, readlines=file_readlines, reset=file_reset, seek=file_seek, tell=file_tell,
    truncate=file_truncate, close=file_close, closed=GetSet(get_closed))

define_type(W_StringI, "StringI", _ENTRIES, module="cStringIO", acceptable_as_base=False,
            doc="Simple type for treating strings as input file streams")
define_type(W_StringO, "StringO", dict(
    _ENTRIES, write=file_write, writelines=file_writelines, softspace=GetSet(get_softspace, set_softspace),
), module="cStringIO", acceptable_as_base=False, doc="Simple type for output to strings.")

define_module("cStringIO", {
    "StringIO": stringio_new, "InputType": W_StringI, "OutputType": W_StringO,
}, doc="A simple fast partial StringIO replacement.\n\nThis module provides a simple useful replacement for\n"
       "the StringIO module that is written in C.  It does not provide the\n"
       "full generality of StringIO, but it provides enough for most\n"
       "applications and is especially useful in conjunction with the\npickle module.")
