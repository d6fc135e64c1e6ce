"""``StringIO``: a text stream in memory.

The text is a unicode object with a builder for what is written at its end; writing elsewhere makes it anew.
"""

from ouro.interp_py27.modules._io.base import W_TextIOBase, make_new
from ouro.interp_py27.modules._io.bytesio import call_copy
from ouro.interp_py27.modules._io.errors import io_error, newposition, size_w
from ouro.interp_py27.modules._io.newlines import (
    NewlineMode,
    W_IncrementalNewlineDecoder,
    find_line_end,
    newlines_seen,
)
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.unicode_object import W_AnyUnicode, W_Unicode
from ouro.interp_py27.vm.errors import OperationError, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib import rutf8
from ouro.rlib.rstring import StringBuilder


class W_StringIO(W_TextIOBase):
    """`text` and then what is in `builder` (or None); `length` and `position` count code points.

    `byte_position` is `position` as a place in the UTF-8 of `text`, or -1 where that is not known.
    """

    _attrs_ = ("text", "builder", "length", "position", "byte_position", "is_closed", "mode", "decoder", "ready")

    def start(self):
        self.ready = False
        self.is_closed = False
        self.mode = None
        self.decoder = None
        self.clear()

    def clear(self):
        self.text = W_Unicode("", 0)
        self.builder = None
        self.length = 0
        self.move(0)

    def move(self, position):
        self.position = position
        self.byte_position = 0 if position == 0 else -1

    def check(self):
        if not self.ready:
            raise value_error("I/O operation on uninitialized object")
        if self.is_closed:
            raise value_error("I/O operation on closed file")

    def contents(self):
        """The whole as a unicode object, which is kept."""
        if self.builder is not None:
            self.text = W_Unicode(self.text.utf8 + self.builder.build(), self.length)
            self.builder = None
        return self.text

    def place(self):
        """The position, which is not beyond the end, in the UTF-8 of the contents."""
        if self.byte_position < 0:
            self.byte_position = self.contents().position(self.position)
        assert self.byte_position >= 0
        return self.byte_position

    def take(self, count):
        """The next `count` characters, or as many as there are; all if negative."""
        text = self.contents()
        left = self.length - self.position
        if left <= 0:
            return W_Unicode("", 0)
        if count < 0 or count > left:
            count = left
        if self.position == 0 and count == self.length:
            self.position = count
            self.byte_position = len(text.utf8)
            return text
        start = self.place()
        self.position += count
        stop = text.position(self.position)
        assert stop >= start
        self.byte_position = stop
        return W_Unicode(text.utf8[start:stop], count)

    def take_line(self, limit):
        if self.position >= self.length or limit == 0:
            return W_Unicode("", 0)
        utf8 = self.contents().utf8
        start = self.place()
        stop = find_line_end(utf8, start, self.mode.ends)
        if stop < 0:
            stop = len(utf8)
        count = rutf8.codepoints_in_utf8(utf8, start, stop)
        if 0 <= limit < count:
            return self.take(limit)
        assert stop >= start
        self.position += count
        self.byte_position = stop
        return W_Unicode(utf8[start:stop], count)

    def write(self, utf8):
        """Write UTF-8, with newlines as the mode says."""
        if self.decoder is not None:
            utf8 = self.decoder.process(utf8, True)
        if self.mode.written != "":
            utf8 = utf8.replace("\n", self.mode.written)
        count = rutf8.codepoints_in_utf8(utf8)
        if count == 0:
            return
        if self.position == self.length:
            if self.builder is None:
                self.builder = StringBuilder()
            self.builder.append(utf8)
            self.length += count
            self.move(self.length)
            return
        text = self.contents()
        if self.position > self.length:
            head = text.utf8 + "\0" * (self.position - self.length)
            tail = ""
            self.length = self.position + count
        else:
            start = self.place()
            head = text.utf8[:start]
            stop = self.position + count
            if stop >= self.length:
                tail = ""
                self.length = stop
            else:
                tail = text.utf8[text.position(stop):]
        self.text = W_Unicode(head + utf8 + tail, self.length)
        self.move(self.position + count)

    def truncate(self, size):
        if size >= self.length:
            return
        text = self.contents()
        stop = text.position(size)
        assert stop >= 0
        self.text = W_Unicode(text.utf8[:stop], size)
        self.length = size
        self.byte_position = -1

    def iter_next(self):
        self.check()
        w_line = self.take_line(-1)
        if w_line.length == 0:
            return None
        return w_line


W_StringIOUser = make_user_class(W_StringIO)


def stringio_init(self, w_initial_value=None, w_newline=None):
    newline = "\n"
    if w_newline is not None:
        if space.is_none(w_newline):
            newline = None
        elif not space.is_text(w_newline):
            raise type_error("__init__() argument 2 must be string or None, not %s" % space.type_name(w_newline))
        else:
            newline = space.text_w(w_newline)
    initialize(self, w_initial_value, newline)


def initialize(w_stream, w_initial_value, newline):
    if w_initial_value is not None and not space.is_none(w_initial_value) and not space.is_unicode(w_initial_value):
        raise type_error("initial_value must be unicode or None, not %s" % space.type_name(w_initial_value))
    w_stream.ready = False
    w_stream.mode = NewlineMode(newline)
    w_stream.decoder = None
    w_stream.is_closed = False
    if w_stream.mode.universal:
        decoder = W_IncrementalNewlineDecoder()
        decoder.set_up(space.w_None, w_stream.mode.translate_input)
        w_stream.decoder = decoder
    w_stream.clear()
    w_stream.ready = True
    if w_initial_value is not None and not space.is_none(w_initial_value):
        w_stream.write(space.utf8_w(w_initial_value))
        w_stream.move(0)


def stringio_read(self, w_size=None):
    """Read at most n characters, returned as a string.

If the argument is negative or omitted, read until EOF
is reached. Return an empty string at EOF.
"""
    self.check()
    return self.take(size_w(w_size))


def stringio_readline(self, w_size=None):
    """Read until newline or EOF.

Returns an empty string if EOF is hit immediately.
"""
    self.check()
    return self.take_line(size_w(w_size))


def stringio_next(self):
    self.check()
    w_line = self.take_line(-1)
    if w_line.length == 0:
        raise OperationError(space.w_StopIteration, None)
    return w_line


def stringio_write(self, w_text):
    """Write string to file.

Returns the number of characters written, which is always equal to
the length of the string.
"""
    self.check()
    if not isinstance(w_text, W_AnyUnicode):
        raise type_error("unicode argument expected, got '%s'" % space.type_name(w_text))
    self.write(w_text.utf8)
    return newposition(w_text.length)


def stringio_getvalue(self):
    """Retrieve the entire contents of the object."""
    self.check()
    return self.contents()


@unwrap_spec(whence=int)
def stringio_seek(self, w_pos, whence=0):
    """Change stream position.

Seek to character offset pos relative to position indicated by whence:
    0  Start of stream (the default).  pos should be >= 0;
    1  Current position - pos must be 0;
    2  End of stream - pos must be 0.
Returns the new absolute position.
"""
    position = space.index_overflow_w(w_pos)
    self.check()
    if whence != 0 and whence != 1 and whence != 2:
        raise value_error("Invalid whence (%d, should be 0, 1 or 2)" % whence)
    if position < 0 and whence == 0:
        raise value_error("Negative seek position %d" % position)
    if whence != 0 and position != 0:
        raise io_error("Can't do nonzero cur-relative seeks")
    if whence == 1:
        position = self.position
    elif whence == 2:
        position = self.length
    self.move(position)
    return newposition(position)


def stringio_tell(self):
    """Tell the current file position."""
    self.check()
    return newposition(self.position)


def stringio_truncate(self, w_pos=None):
    """Truncate size to pos.

The pos argument defaults to the current file position, as
returned by tell().  The current file position is unchanged.
Returns the new absolute position.
"""
    self.check()
    size = self.position
    if w_pos is not None and not space.is_none(w_pos):
        size = size_w(w_pos)
    if size < 0:
        raise value_error("Negative size value %d" % size)
    self.truncate(size)
    return newposition(size)


def stringio_close(self):
    """Close the IO object. Attempting any further operation after the
object is closed will raise a ValueError.

This method has no effect if the file is already closed.
"""
    self.is_closed = True
    self.clear()


def stringio_true(self):
    self.check()
    return space.w_True


def stringio_getstate(self):
    self.check()
    w_dict = self.getdict()
    w_attributes = space.w_None
    if w_dict is not None and space.len_w(w_dict) > 0:
        w_attributes = call_copy(w_dict)
    return space.newtuple([
        self.contents(), space.newtext_or_none(self.mode.newline), space.newint(self.position), w_attributes])


def stringio_setstate(self, w_state):
    if self.is_closed:
        raise value_error("I/O operation on closed file")
    if not space.is_tuple(w_state) or space.len_w(w_state) < 4:
        raise type_error("%s.__setstate__ argument should be 4-tuple, got %s" % (
            space.type_name(self), space.type_name(w_state)))
    items_w = space.tuple_items(w_state)
    stringio_init(self, items_w[0], items_w[1])
    # The value is as it was: its newlines have been translated already.
    self.text = W_Unicode(space.utf8_w(items_w[0]), space.len_w(items_w[0]))
    self.builder = None
    self.length = self.text.length
    w_position = items_w[2]
    if not (space.is_int(w_position) or space.is_long(w_position)):
        raise type_error("third item of state must be an integer, got %s" % space.type_name(w_position))
    position = space.int_w(w_position)
    if position < 0:
        raise value_error("position value cannot be negative")
    self.move(position)
    w_attributes = items_w[3]
    if not space.is_none(w_attributes):
        if not space.is_dict(w_attributes):
            raise type_error("fourth item of state should be a dict, got a %s" % space.type_name(w_attributes))
        space.getattr_str(self.getdict(), "update").call_1(w_attributes)


def get_closed(self):
    return space.newbool(self.is_closed)


def get_newlines(self):
    self.check()
    if self.decoder is None:
        return space.w_None
    return newlines_seen(self.decoder.seen)


def get_line_buffering(self):
    self.check()
    return space.w_False


define_type(W_StringIO, "StringIO", {
    "__new__": make_new(W_StringIO, W_StringIOUser, finalized=False),
    "__init__": stringio_init,
    "__getstate__": stringio_getstate,
    "__setstate__": stringio_setstate,
    "next": stringio_next,
    "read": stringio_read,
    "readline": stringio_readline,
    "write": stringio_write,
    "getvalue": stringio_getvalue,
    "seek": stringio_seek,
    "tell": stringio_tell,
    "truncate": stringio_truncate,
    "close": stringio_close,
    "readable": stringio_true,
    "writable": stringio_true,
    "seekable": stringio_true,
    "closed": GetSet(get_closed),
    "newlines": GetSet(get_newlines),
    "line_buffering": GetSet(get_line_buffering),
}, base=W_TextIOBase, module="_io", user_class=W_StringIOUser, doc="""Text I/O implementation using an in-memory buffer.

The initial_value argument sets the value of object.  The newline
argument is like the one of TextIOWrapper's constructor.""")
