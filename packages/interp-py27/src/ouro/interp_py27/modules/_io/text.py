"""``TextIOWrapper``: text over a buffered stream of bytes.

Decoded text is UTF-8 of which a part has been used up. Positions are cookies: where the bytes begin that the decoder
was given last, its state there, and how much of what it made of them has been used. That scheme, and finding the latest
place where the decoder holds nothing back, are those of CPython's `_pyio`; so is the lay-out of the number.
"""

from ouro.interp_py27.modules._io.at_exit import open_texts
from ouro.interp_py27.modules._io.base import (
    W_TextIOBase,
    call_method,
    call_method_1,
    call_method_2,
    is_closed,
    make_new,
)
from ouro.interp_py27.modules._io.buffered import exact_file_buffer, name_text
from ouro.interp_py27.modules._io.cookies import Cookie
from ouro.interp_py27.modules._io.errors import io_error, is_interrupt, newposition, size_w
from ouro.interp_py27.modules._io.newlines import (
    ENDS_CRLF,
    NewlineMode,
    W_IncrementalNewlineDecoder,
    find_line_end,
)
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.unicode_object import W_AnyUnicode
from ouro.interp_py27.vm.errors import OperationError, attribute_error, type_error, value_error
from ouro.interp_py27.vm.gateway import optional_c_text_argument, unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib import rutf8
from ouro.rlib.rstring import StringBuilder

CHUNK_SIZE = 8192

UNINITIALIZED = 0
ATTACHED = 1
DETACHED = 2

ENCODE_BY_CODEC = 0
ENCODE_UTF_8 = 1
ENCODE_ASCII = 2
ENCODE_LATIN_1 = 3


class W_TextIOWrapper(W_TextIOBase):
    """`decoded` is text of which `used` bytes are used up; `snapshot` the bytes the decoder was last given, or None,
    and `snapshot_flags` its state before them. What waits to be written is in `pending`. `file_buffer` is the buffer
    where it is an exact one over an exact `FileIO`.
    """

    _attrs_ = ("w_buffer", "state", "encoding", "errors", "mode", "line_buffering", "w_encoder", "w_decoder",
               "newline_decoder", "encode_kind", "seekable", "telling", "has_read1", "chunk_size", "decoded", "used",
               "snapshot", "w_snapshot_flags", "pending", "pending_length", "file_buffer")

    def start(self):
        self.w_buffer = None
        self.state = UNINITIALIZED
        self.encoding = None
        self.errors = "strict"
        self.mode = None
        self.line_buffering = False
        self.w_encoder = None
        self.w_decoder = None
        self.newline_decoder = None
        self.encode_kind = ENCODE_BY_CODEC
        self.seekable = False
        self.telling = False
        self.has_read1 = False
        self.chunk_size = CHUNK_SIZE
        self.decoded = ""
        self.used = 0
        self.snapshot = None
        self.w_snapshot_flags = None
        self.pending = StringBuilder()
        self.pending_length = 0
        self.file_buffer = None

    def buffer(self):
        """The stream of bytes; there must be one."""
        if self.state == ATTACHED:
            return self.w_buffer
        if self.state == DETACHED:
            raise value_error("underlying buffer has been detached")
        raise value_error("I/O operation on uninitialized object")

    def check_open(self):
        self.buffer()
        file_buffer = self.file_buffer
        if file_buffer is not None and self.getclass() is W_TextIOWrapper.w_builtin_type:
            # The usual layers answer without being asked by name.
            file_io = file_buffer.file_io
            if file_io is not None and file_io.fd >= 0:
                return
        if is_closed(self):
            raise value_error("I/O operation on closed file.")

    # ---- starting

    def open_codecs(self):
        """Make the decoder and encoder that the buffer has use for."""
        w_buffer = self.w_buffer
        w_codec = space.lookup_codec(self.encoding)
        w_errors = space.newstr(self.errors)
        if space.is_true(call_method(w_buffer, "readable")):
            w_decoder = call_method_1(w_codec, "incrementaldecoder", w_errors)
            if self.mode.universal:
                newline_decoder = W_IncrementalNewlineDecoder()
                newline_decoder.set_up(w_decoder, self.mode.translate_input)
                self.newline_decoder = newline_decoder
                w_decoder = newline_decoder
            self.w_decoder = w_decoder
        if space.is_true(call_method(w_buffer, "writable")):
            self.w_encoder = call_method_1(w_codec, "incrementalencoder", w_errors)
            w_name = space.findattr(w_codec, "name")
            if w_name is not None and space.is_text(w_name):
                self.encode_kind = kind_of_encoding(space.text_w(w_name))

    def find_start(self):
        """Some encoders begin with a mark, but only where the stream begins."""
        if self.seekable and self.w_encoder is not None:
            w_position = call_method(self.w_buffer, "tell")
            if not space.eq_w(w_position, space.newint(0)):
                call_method_1(self.w_encoder, "setstate", space.newint(0))

    # ---- reading

    def set_decoded(self, utf8):
        self.decoded = utf8
        self.used = 0

    def require_decoder(self):
        if self.w_decoder is None:
            raise io_error("not readable")
        return self.w_decoder

    def decode(self, w_data, final):
        """The UTF-8 of what the decoder makes of a str."""
        if self.newline_decoder is not None:
            return self.newline_decoder.decode(w_data, final)
        w_text = call_method_2(self.require_decoder(), "decode", w_data, space.newbool(final))
        if not space.is_unicode(w_text):
            raise type_error("decoder should return a string result, not '%s'" % space.type_name(w_text))
        return space.utf8_w(w_text)

    def decoder_state(self):
        """``(buffer, flags)``."""
        w_state = call_method(self.require_decoder(), "getstate")
        if not space.is_tuple(w_state) or space.len_w(w_state) != 2:
            raise type_error("illegal decoder state")
        items_w = space.tuple_items(w_state)
        if not space.is_str(items_w[0]):
            raise type_error("illegal decoder state: the first item should be a bytes object, not '%s'" % (
                space.type_name(items_w[0])))
        return space.bytes_w(items_w[0]), items_w[1]

    def read_chunk(self):
        """Decode the next bytes, nothing decoded being left. False at the end."""
        self.require_decoder()
        waiting = ""
        w_flags = None
        if self.telling:
            waiting, w_flags = self.decoder_state()
        name = "read1" if self.has_read1 else "read"
        w_chunk = call_method_1(self.w_buffer, name, space.newint(self.chunk_size))
        if not space.is_str(w_chunk):
            raise type_error("underlying %s() should have returned a bytes object, not '%s'" % (
                name, space.type_name(w_chunk)))
        at_end = space.len_w(w_chunk) == 0
        self.set_decoded(self.decode(w_chunk, at_end))
        if self.decoded != "":
            at_end = False
        if self.telling:
            self.w_snapshot_flags = w_flags
            self.snapshot = waiting + space.bytes_w(w_chunk)
        return not at_end

    def read_chunk_again(self):
        """`read_chunk`, repeated where a signal interrupts it."""
        while True:
            try:
                return self.read_chunk()
            except OperationError as error:
                if not is_interrupt(error):
                    raise

    def take_rest(self):
        start = self.used
        assert start >= 0
        self.used = len(self.decoded)
        if start == 0:
            return self.decoded
        return self.decoded[start:]

    def read_all(self):
        w_data = call_method(self.buffer(), "read")
        if space.is_none(w_data):
            w_data = space.newstr("")
        decoded = self.decode(w_data, True)
        result = self.take_rest() + decoded
        self.set_decoded("")
        self.snapshot = None
        return result

    def read(self, count):
        builder = StringBuilder()
        while True:
            start = self.used
            stop = rutf8.position_after(self.decoded, start, count)
            assert 0 <= start <= stop
            builder.append_slice(self.decoded, start, stop)
            self.used = stop
            count -= rutf8.codepoints_in_utf8(self.decoded, start, stop) if stop > start else 0
            if count <= 0:
                break
            if not self.read_chunk_again():
                break
        return builder.build()

    def readline(self, limit):
        """The next line, or its first `limit` characters if that is not negative; UTF-8."""
        if limit < 0 and self.used < len(self.decoded):
            # Mostly the whole line is there.
            start = self.used
            stop = find_line_end(self.decoded, start, self.mode.ends)
            if stop >= 0:
                assert 0 <= start <= stop
                self.used = stop
                return self.decoded[start:stop]
        builder = StringBuilder()
        return_waits = False
        while True:
            if self.used >= len(self.decoded):
                found_more = True
                while True:
                    found_more = self.read_chunk_again()
                    if not found_more or self.decoded != "":
                        break
                if not found_more:
                    self.set_decoded("")
                    self.snapshot = None
                    break
            text = self.decoded
            start = self.used
            stop = find_line_end(text, start, self.mode.ends)
            if return_waits and text[start] == "\n":
                stop = start + 1
            found = stop >= 0
            if not found:
                stop = len(text)
            assert 0 <= start <= stop
            if limit >= 0:
                count = rutf8.codepoints_in_utf8(text, start, stop) if stop > start else 0
                if count >= limit:
                    found = True
                    stop = rutf8.position_after(text, start, limit)
                limit -= count
            builder.append_slice(text, start, stop)
            self.used = stop
            if found:
                break
            return_waits = self.mode.ends == ENDS_CRLF and text[stop - 1] == "\r"
        return builder.build()

    # ---- writing

    def encode(self, w_text):
        kind = self.encode_kind
        if kind == ENCODE_UTF_8:
            return space.encode_object(w_text, "utf-8", self.errors)
        if kind == ENCODE_ASCII:
            return space.encode_object(w_text, "ascii", self.errors)
        if kind == ENCODE_LATIN_1:
            return space.encode_object(w_text, "latin-1", self.errors)
        w_data = call_method_1(self.w_encoder, "encode", w_text)
        if not space.is_str(w_data):
            raise type_error("encoder should return a bytes object, not '%s'" % space.type_name(w_data))
        return w_data

    def write(self, w_text):
        assert isinstance(w_text, W_AnyUnicode)
        utf8 = w_text.utf8
        has_newline = False
        written = self.mode.written
        if written != "" or self.line_buffering:
            has_newline = utf8.find("\n") >= 0
        if has_newline and written != "":
            w_text = space.newunicode(utf8.replace("\n", written))
        flushing = self.line_buffering and (has_newline or utf8.find("\r") >= 0)
        data = space.bytes_w(self.encode(w_text))
        self.pending.append(data)
        self.pending_length += len(data)
        if self.pending_length > self.chunk_size or flushing:
            self.write_pending()
        if flushing:
            call_method(self.w_buffer, "flush")
        self.snapshot = None
        if self.w_decoder is not None:
            call_method(self.w_decoder, "reset")

    def write_pending(self):
        if self.pending_length == 0:
            return
        data = self.pending.build()
        self.pending = StringBuilder()
        self.pending_length = 0
        w_data = space.newstr(data)
        while True:
            try:
                call_method_1(self.w_buffer, "write", w_data)
                return
            except OperationError as error:
                if not is_interrupt(error):
                    raise

    # ---- positions

    def tell(self):
        """The position as an application object."""
        if not self.seekable:
            raise io_error("underlying stream is not seekable")
        if not self.telling:
            raise io_error("telling position disabled by next() call")
        self.write_pending()
        call_method(self, "flush")
        w_position = call_method(self.w_buffer, "tell")
        snapshot = self.snapshot
        if self.w_decoder is None or snapshot is None:
            return w_position
        cookie = Cookie()
        cookie.start = space.int_w(w_position) - len(snapshot)
        cookie.set_flags(self.w_snapshot_flags)
        skip = rutf8.codepoints_in_utf8(self.decoded, 0, self.used) if self.used > 0 else 0
        if skip > 0:
            w_state = call_method(self.w_decoder, "getstate")
            try:
                self.find_safe_place(cookie, snapshot, skip)
            finally:
                call_method_1(self.w_decoder, "setstate", w_state)
        return cookie.wrapped()

    def find_safe_place(self, cookie, snapshot, skip):
        """Go as far as possible into the bytes that were decoded, to a place where the decoder holds nothing back."""
        self.start_decoder(cookie)
        decoded = 0
        done = False
        for character in snapshot:
            decoded += rutf8.codepoints_in_utf8(self.decode(space.newstr(character), False))
            cookie.feed += 1
            held_back, w_flags = self.decoder_state()
            if held_back == "" and decoded <= skip:
                cookie.start += cookie.feed
                skip -= decoded
                cookie.set_flags(w_flags)
                cookie.feed = 0
                decoded = 0
            if decoded >= skip:
                done = True
                break
        if not done:
            decoded += rutf8.codepoints_in_utf8(self.decode(space.newstr(""), True))
            cookie.at_end = 1
            if decoded < skip:
                raise io_error("can't reconstruct logical file position")
        cookie.skip = skip

    def seek_to(self, w_position):
        if space.lt_w(w_position, space.newint(0)):
            raise value_error("negative seek position " + space.repr_text(w_position))
        call_method(self, "flush")
        cookie = Cookie()
        cookie.parse(w_position)
        call_method_1(self.w_buffer, "seek", newposition(cookie.start))
        self.set_decoded("")
        self.snapshot = None
        if self.w_decoder is not None:
            self.start_decoder(cookie)
        if cookie.skip > 0:
            self.skip_forward(cookie)
        else:
            self.w_snapshot_flags = space.newint(cookie.flags)
            self.snapshot = ""
        if self.w_encoder is not None:
            if cookie.start == 0 and cookie.flags == 0:
                call_method(self.w_encoder, "reset")
            else:
                call_method_1(self.w_encoder, "setstate", space.newint(0))

    def start_decoder(self, cookie):
        """The decoder begins where the cookie says."""
        if cookie.start == 0 and cookie.flags == 0:
            call_method(self.w_decoder, "reset")
        else:
            call_method_1(self.w_decoder, "setstate", space.newtuple([space.newstr(""), space.newint(cookie.flags)]))

    def skip_forward(self, cookie):
        w_chunk = call_method_1(self.w_buffer, "read", space.newint(cookie.feed))
        if not space.is_str(w_chunk):
            raise type_error("underlying read() should have returned a bytes object, not '%s'" % (
                space.type_name(w_chunk)))
        self.w_snapshot_flags = space.newint(cookie.flags)
        self.snapshot = space.bytes_w(w_chunk)
        self.set_decoded(self.decode(w_chunk, cookie.at_end != 0))
        if rutf8.codepoints_in_utf8(self.decoded) < cookie.skip:
            raise io_error("can't restore logical file position")
        self.used = rutf8.position_after(self.decoded, 0, cookie.skip)

    def seek_end(self):
        call_method(self, "flush")
        self.set_decoded("")
        self.snapshot = None
        if self.w_decoder is not None:
            call_method(self.w_decoder, "reset")
        return call_method_2(self.w_buffer, "seek", space.newint(0), space.newint(2))

    def iter_next(self):
        return next_line(self)


W_TextIOWrapperUser = make_user_class(W_TextIOWrapper)


def kind_of_encoding(name):
    """How to encode without the codec: these encoders have no state."""
    if name == "utf-8":
        return ENCODE_UTF_8
    if name == "ascii":
        return ENCODE_ASCII
    if name == "iso8859-1":
        return ENCODE_LATIN_1
    return ENCODE_BY_CODEC


def default_encoding():
    """The encoding of the locale."""
    try:
        w_locale = space.import_module("locale")
    except OperationError as error:
        if not error.match(space.w_ImportError):
            raise
        return "ascii"
    w_encoding = call_method(w_locale, "getpreferredencoding")
    if not space.is_str(w_encoding):
        raise io_error("could not determine default encoding")
    return space.bytes_w(w_encoding)


def next_line(w_stream):
    """The next line of an exact stream, or None; `tell` is refused until the end."""
    w_stream.check_open()
    w_stream.telling = False
    w_stream.require_decoder()
    w_stream.write_pending()
    line = w_stream.readline(-1)
    if line == "":
        w_stream.snapshot = None
        w_stream.telling = w_stream.seekable
        return None
    return space.newunicode(line)


# ---- methods


@unwrap_spec(line_buffering=bool)
def wrapper_init(self, w_buffer=None, w_encoding=None, w_errors=None, w_newline=None, line_buffering=False):
    if w_buffer is None:
        raise type_error("Required argument 'buffer' (pos 1) not found")
    self.start()
    encoding = optional_c_text_argument(w_encoding, "fileio() argument 2 ")
    errors = optional_c_text_argument(w_errors, "fileio() argument 3 ")
    newline = optional_c_text_argument(w_newline, "fileio() argument 4 ")
    self.mode = NewlineMode(newline)
    if encoding is None:
        encoding = default_encoding()
    self.encoding = encoding
    if errors is not None:
        self.errors = errors
    self.line_buffering = line_buffering
    self.w_buffer = w_buffer
    self.open_codecs()
    self.seekable = space.is_true(call_method(w_buffer, "seekable"))
    self.telling = self.seekable
    self.has_read1 = space.findattr(w_buffer, "read1") is not None
    self.find_start()
    self.file_buffer = exact_file_buffer(w_buffer)
    self.state = ATTACHED
    if self.w_encoder is not None:
        open_texts.add(self)


def wrapper_read(self, w_size=None):
    self.buffer()
    size = size_w(w_size)
    self.check_open()
    self.require_decoder()
    self.write_pending()
    return space.newunicode(self.read_all() if size < 0 else self.read(size))


def wrapper_readline(self, w_size=None):
    self.buffer()
    size = size_w(w_size)
    self.check_open()
    self.require_decoder()
    self.write_pending()
    return space.newunicode(self.readline(size))


def wrapper_next(self):
    self.buffer()
    if self.getclass() is W_TextIOWrapper.w_builtin_type:
        w_line = next_line(self)
        if w_line is None:
            raise OperationError(space.w_StopIteration, None)
        return w_line
    self.telling = False
    w_line = call_method(self, "readline")
    if not space.is_unicode(w_line):
        raise io_error("readline() should have returned an str object, not '%s'" % space.type_name(w_line))
    if space.len_w(w_line) == 0:
        self.snapshot = None
        self.telling = self.seekable
        raise OperationError(space.w_StopIteration, None)
    return w_line


def wrapper_write(self, w_text):
    self.buffer()
    if not isinstance(w_text, W_AnyUnicode):
        raise type_error("write() argument 1 must be unicode, not %s" % (
            "None" if space.is_none(w_text) else space.type_name(w_text)))
    self.check_open()
    if self.w_encoder is None:
        raise io_error("not writable")
    self.write(w_text)
    return newposition(w_text.length)


def wrapper_flush(self):
    self.check_open()
    self.telling = self.seekable
    self.write_pending()
    return call_method(self.w_buffer, "flush")


def wrapper_close(self):
    w_buffer = self.buffer()
    if is_closed(self):
        return space.w_None
    try:
        call_method(self, "flush")
    except OperationError:
        call_method(w_buffer, "close")
        raise
    return call_method(w_buffer, "close")


def wrapper_detach(self):
    self.buffer()
    call_method(self, "flush")
    w_buffer = self.w_buffer
    self.w_buffer = None
    self.file_buffer = None
    self.state = DETACHED
    return w_buffer


def wrapper_tell(self):
    self.check_open()
    return self.tell()


@unwrap_spec(whence=int)
def wrapper_seek(self, w_cookie, whence=0):
    self.check_open()
    if not self.seekable:
        raise io_error("underlying stream is not seekable")
    if whence == 1:
        if not space.eq_w(w_cookie, space.newint(0)):
            raise io_error("can't do nonzero cur-relative seeks")
        w_cookie = call_method(self, "tell")
    elif whence == 2:
        if not space.eq_w(w_cookie, space.newint(0)):
            raise io_error("can't do nonzero end-relative seeks")
        return self.seek_end()
    elif whence != 0:
        raise value_error("invalid whence (%d, should be 0, 1 or 2)" % whence)
    self.seek_to(w_cookie)
    return w_cookie


def wrapper_truncate(self, w_size=None):
    self.buffer()
    call_method(self, "flush")
    return call_method_1(self.w_buffer, "truncate", space.wrap_none(w_size))


def wrapper_fileno(self):
    return call_method(self.buffer(), "fileno")


def wrapper_seekable(self):
    return call_method(self.buffer(), "seekable")


def wrapper_readable(self):
    return call_method(self.buffer(), "readable")


def wrapper_writable(self):
    return call_method(self.buffer(), "writable")


def wrapper_isatty(self):
    return call_method(self.buffer(), "isatty")


def wrapper_repr(self):
    if self.encoding is None:
        raise value_error("I/O operation on uninitialized object")
    return space.newstr("<_io.TextIOWrapper%s encoding='%s'>" % (
        "" if self.state == DETACHED else name_text(self), self.encoding))


def get_buffer(self):
    return self.w_buffer


def get_encoding(self):
    return space.newtext_or_none(self.encoding)


def get_errors(self):
    return space.newstr(self.errors)


def get_newlines(self):
    self.buffer()
    if self.w_decoder is None:
        return space.w_None
    return space.wrap_none(space.findattr(self.w_decoder, "newlines"))


def get_closed(self):
    return space.getattr_str(self.buffer(), "closed")


def get_name(self):
    return space.getattr_str(self.buffer(), "name")


def get_line_buffering(self):
    return space.newbool(self.line_buffering)


def get_chunk_size(self):
    self.buffer()
    return space.newint(self.chunk_size)


def delete_chunk_size(self):
    raise attribute_error("cannot delete attribute")


def set_chunk_size(self, w_size):
    self.buffer()
    size = space.int_w(w_size)
    if size <= 0:
        raise value_error("a strictly positive integer is required")
    self.chunk_size = size


define_type(W_TextIOWrapper, "TextIOWrapper", {
    "__new__": make_new(W_TextIOWrapper, W_TextIOWrapperUser),
    "__init__": wrapper_init,
    "__repr__": wrapper_repr,
    "next": wrapper_next,
    "read": wrapper_read,
    "readline": wrapper_readline,
    "write": wrapper_write,
    "flush": wrapper_flush,
    "close": wrapper_close,
    "detach": wrapper_detach,
    "tell": wrapper_tell,
    "seek": wrapper_seek,
    "truncate": wrapper_truncate,
    "fileno": wrapper_fileno,
    "seekable": wrapper_seekable,
    "readable": wrapper_readable,
    "writable": wrapper_writable,
    "isatty": wrapper_isatty,
    "buffer": GetSet(get_buffer),
    "encoding": GetSet(get_encoding),
    "errors": GetSet(get_errors),
    "newlines": GetSet(get_newlines),
    "closed": GetSet(get_closed),
    "name": GetSet(get_name),
    "line_buffering": GetSet(get_line_buffering),
    "_CHUNK_SIZE": GetSet(get_chunk_size, set_chunk_size, delete_chunk_size),
}, base=W_TextIOBase, module="_io", user_class=W_TextIOWrapperUser, doc="""\
Character and line based layer over a BufferedIOBase object, buffer.

encoding gives the name of the encoding that the stream will be
decoded or encoded with. It defaults to locale.getpreferredencoding.

errors determines the strictness of encoding and decoding (see the
codecs.register) and defaults to "strict".

newline controls how line endings are handled. It can be None, '',
'\\n', '\\r', and '\\r\\n'.  It works as follows:

* On input, if newline is None, universal newlines mode is
  enabled. Lines in the input can end in '\\n', '\\r', or '\\r\\n', and
  these are translated into '\\n' before being returned to the
  caller. If it is '', universal newline mode is enabled, but line
  endings are returned to the caller untranslated. If it has any of
  the other legal values, input lines are only terminated by the given
  string, and the line ending is returned to the caller untranslated.

* On output, if newline is None, any '\\n' characters written are
  translated to the system default line separator, os.linesep. If
  newline is '', no translation takes place. If newline is any of the
  other legal values, any '\\n' characters written are translated to
  the given string.

If line_buffering is True, a call to flush is implied when a call to
write contains a newline character.""")
