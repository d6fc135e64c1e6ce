"""The state of one decoding or encoding, and what happens where it goes wrong.

A decoder appends text to a `DecodeRun`, an encoder bytes to an `EncodeRun`. At a problem they call ``problem``,
which does what the error handler says and gives the place to go on at.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.unicode_object import W_AnyUnicode
from ouro.interp_py27.vm.errors import OperationError, index_error, type_error
from ouro.rlib import rutf8
from ouro.rlib.rstring import StringBuilder
from ouro.rlib.rutf8 import Utf8StringBuilder


def exception_instance(w_type, encoding, w_object, start, end, reason):
    return w_type.call_list([
        space.newstr(encoding), w_object, space.newint(start), space.newint(end), space.newstr(reason)])


def handler_result(w_result, what, size):
    """``(replacement as UTF-8, position)`` of what an error handler returned, the position checked against *size*."""
    if not space.is_tuple(w_result) or space.len_w(w_result) != 2:
        raise type_error(what + " error handler must return (unicode, int) tuple")
    items_w = space.tuple_items(w_result)
    w_text = items_w[0]
    if not isinstance(w_text, W_AnyUnicode):
        raise type_error(what + " error handler must return (unicode, int) tuple")
    position = space.int_w(items_w[1])
    if position < 0:
        position += size
    if position < 0 or position > size:
        raise index_error("position %d from error handler out of bounds" % position)
    return w_text.utf8, position


class DecodeRun:
    """Decoding of the str *text*; *errors* names the handler."""

    def __init__(self, text, encoding, errors):
        self.text = text
        self.encoding = encoding
        self.errors = errors
        self.builder = Utf8StringBuilder(len(text))

    def problem(self, start, end, reason):
        """Bytes *start* to *end* cannot be decoded: the position to go on at."""
        if end > len(self.text):
            end = len(self.text)
        errors = self.errors
        if errors == "ignore":
            return end
        if errors == "replace":
            self.builder.append_code(0xFFFD)
            return end
        w_error = exception_instance(
            space.w_UnicodeDecodeError, self.encoding, space.newstr(self.text), start, end, reason)
        if errors == "strict":
            raise OperationError(space.w_UnicodeDecodeError, w_error)
        w_result = space.lookup_error_handler(errors).call_1(w_error)
        replacement, position = handler_result(w_result, "decoding", len(self.text))
        self.builder.append(replacement)
        return position

    def result(self):
        return self.builder.build()


class EncodeRun:
    """Encoding of a unicode object; *errors* names the handler.

    `position` is the byte position in its UTF-8, `index` the same in code points.
    """

    def __init__(self, w_unicode, encoding, errors):
        self.w_unicode = w_unicode
        self.utf8 = w_unicode.utf8
        self.length = w_unicode.length
        self.encoding = encoding
        self.errors = errors
        self.builder = StringBuilder(len(w_unicode.utf8))
        self.position = 0
        self.index = 0

    def has_more(self):
        return self.position < len(self.utf8)

    def peek(self):
        """The code point at the position."""
        return rutf8.codepoint_at_pos(self.utf8, self.position)

    def advance(self):
        self.position = rutf8.next_codepoint_pos(self.utf8, self.position)
        self.index += 1

    def problem(self, end, reason):
        """The code points from the index to *end* cannot be encoded: moves on, and gives the replacement to encode.

        The replacement is UTF-8, "" for nothing. Raises UnicodeEncodeError of the application where the handler is
        strict.
        """
        errors = self.errors
        start = self.index
        replacement = ""
        index = end
        if errors == "replace":
            replacement = "?" * (end - start)
        elif errors == "xmlcharrefreplace":
            replacement = character_references(self.w_unicode, start, end)
        elif errors == "backslashreplace":
            replacement = backslash_escapes(self.w_unicode, start, end)
        elif errors != "ignore":
            w_error = exception_instance(
                space.w_UnicodeEncodeError, self.encoding, self.w_unicode, start, end, reason)
            if errors == "strict":
                raise OperationError(space.w_UnicodeEncodeError, w_error)
            w_result = space.lookup_error_handler(errors).call_1(w_error)
            replacement, index = handler_result(w_result, "encoding", self.length)
        self.index = index
        self.position = self.w_unicode.position(index)
        return replacement

    def strict_error(self, start, end, reason):
        """The error of a strict encoding: for a replacement that cannot be encoded either."""
        w_error = exception_instance(space.w_UnicodeEncodeError, self.encoding, self.w_unicode, start, end, reason)
        return OperationError(space.w_UnicodeEncodeError, w_error)

    def result(self):
        return self.builder.build()


def character_references(w_unicode, start, end):
    """``&#NNN;`` for each code point from *start* to *end*."""
    builder = StringBuilder()
    for index in range(start, end):
        builder.append("&#%d;" % w_unicode.ordinal(index))
    return builder.build()


def backslash_escapes(w_unicode, start, end):
    """``\\xNN``, ``\\uNNNN`` or ``\\UNNNNNNNN`` for each code point from *start* to *end*."""
    builder = StringBuilder()
    for index in range(start, end):
        append_escape(builder, w_unicode.ordinal(index))
    return builder.build()


def append_escape(builder, code):
    if code <= 0xFF:
        builder.append("\\x")
        append_hexadecimal(builder, code, 2)
    elif code <= 0xFFFF:
        builder.append("\\u")
        append_hexadecimal(builder, code, 4)
    else:
        builder.append("\\U")
        append_hexadecimal(builder, code, 8)


def append_hexadecimal(builder, code, digits):
    shift = 4 * (digits - 1)
    while shift >= 0:
        builder.append("0123456789abcdef"[(code >> shift) & 15])
        shift -= 4
