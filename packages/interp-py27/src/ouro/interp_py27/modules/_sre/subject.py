"""What a pattern runs over: the characters of an application object, and the way back to slices of it.

The engine works on interpreter strings and their positions; an application program sees indices of characters. They are
the same but for unicode that is not ASCII, which is kept as UTF-8.
"""

import sys

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.str_object import W_AnyStr, W_Str
from ouro.interp_py27.objects.unicode_object import W_AnyUnicode, W_Unicode
from ouro.interp_py27.vm.errors import type_error
from ouro.rlib import rstruct, rutf8
from ouro.rlib.rarithmetic import intmask
from ouro.rlib.rsre import BytesMatcher, Utf8Matcher
from ouro.rlib.rstring import StringBuilder

BIG_ENDIAN = sys.byteorder == "big"


class Subject:
    """An application object that is searched: here a str.

    `text` is what the engine sees, `length` the number of characters.
    """

    _immutable_fields_ = ["w_object", "text", "length"]

    def __init__(self, w_object, text, length):
        self.w_object = w_object
        self.text = text
        self.length = length

    def matcher(self, pattern, end):
        """A matcher for the subject up to index `end`."""
        return BytesMatcher(pattern, self.text, end)

    def position(self, index):
        """The position of a character in `text`."""
        return index

    def index_at(self, position):
        """The index of the character at a position of `text`."""
        return position

    def following(self, position):
        """The position of the next character, or one behind the end."""
        return position + 1

    def slice(self, start, stop):
        """The part of the object between two positions of `text`."""
        assert 0 <= start <= stop
        return W_Str(self.text[start:stop])


class UnicodeSubject(Subject):
    """A unicode object with characters outside of ASCII; `w_text` is it, or has the same characters."""

    _immutable_fields_ = ["w_text"]

    def __init__(self, w_object, w_text):
        Subject.__init__(self, w_object, w_text.utf8, w_text.length)
        self.w_text = w_text

    def matcher(self, pattern, end):
        return Utf8Matcher(pattern, self.text, self.w_text.position(end))

    def position(self, index):
        return self.w_text.position(index)

    def index_at(self, position):
        return self.w_text.index_at(position)

    def following(self, position):
        if position >= len(self.text):
            return position + 1
        return rutf8.next_codepoint_pos(self.text, position)

    def slice(self, start, stop):
        assert 0 <= start <= stop
        return space.newunicode(self.text[start:stop])


class AsciiSubject(Subject):
    """A unicode object of ASCII characters only."""

    def slice(self, start, stop):
        assert 0 <= start <= stop
        return W_Unicode(self.text[start:stop], stop - start)


class OtherSubject(Subject):
    """An object of 8-bit characters that slices itself."""

    def slice(self, start, stop):
        return space.getslice(self.w_object, space.newint(start), space.newint(stop))


class OtherWideSubject(UnicodeSubject):
    """An object of 32-bit characters that slices itself."""

    def slice(self, start, stop):
        return space.getslice(
            self.w_object, space.newint(self.index_at(start)), space.newint(self.index_at(stop)))


def make_subject(w_object):
    """The subject for a str, unicode, or an object with the buffer interface; TypeError for others."""
    if isinstance(w_object, W_Str):
        value = w_object.value
        return Subject(w_object, value, len(value))
    if isinstance(w_object, W_Unicode):
        if w_object.is_ascii():
            return AsciiSubject(w_object, w_object.utf8, w_object.length)
        return UnicodeSubject(w_object, w_object)
    if isinstance(w_object, W_AnyStr):
        value = w_object.value
        return OtherSubject(w_object, value, len(value))
    if isinstance(w_object, W_AnyUnicode):
        return OtherWideSubject(w_object, w_object)
    return _buffer_subject(w_object)


def _buffer_subject(w_object):
    """The items of the object are characters: of 8 bits where it has as many as bytes, else of 32."""
    if not space.has_buffer(w_object):
        raise type_error("expected string or buffer")
    data = space.buffer_str_w(w_object)
    length = space.len_w(w_object)
    if length == len(data):
        return OtherSubject(w_object, data, length)
    if 4 * length != len(data):
        raise type_error("buffer size mismatch")
    builder = StringBuilder(length)
    for index in range(length):
        code = intmask(rstruct.read_unsigned(data, 4 * index, 4, BIG_ENDIAN))
        if code > rutf8.MAXIMUM_CODE_POINT:
            raise type_error("expected string or buffer")
        rutf8.unichr_as_utf8_append(builder, code, True)
    return OtherWideSubject(w_object, W_Unicode(builder.build(), length))
