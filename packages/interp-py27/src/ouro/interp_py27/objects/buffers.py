"""Views of memory: what the buffer interface of Python 2.7 is between objects of the interpreter.

An object with memory to show overrides `W_Root.get_buffer` and gives a `Buffer`. Offsets and lengths are in bytes
and checked by the caller. Three class attributes say through which of the three interfaces of CPython the memory is
seen: `modern` (what `memoryview` takes), `old` (what ``buffer()`` takes) and `textual` (old too: where text is
expected).
"""

import sys

from ouro.interp_py27.objects import space
from ouro.interp_py27.vm.errors import type_error
from ouro.rlib import rutf8
from ouro.rlib.rstring import StringBuilder

BIG_ENDIAN = sys.byteorder == "big"


class Buffer:
    """Memory of a length in bytes; `format` and `itemsize` say what the items are, as ``struct`` does."""

    _attrs_ = ("readonly",)
    modern = True
    old = True
    textual = True
    readonly = False
    format = "B"
    itemsize = 1

    def length(self):
        raise NotImplementedError

    def get(self, index):
        """The character at an index in range."""
        raise NotImplementedError

    def set(self, index, character):
        """Store a character at an index in range; the memory is writable."""
        raise NotImplementedError

    def text(self, start, stop):
        """The bytes from `start` to `stop`, both in range, as a string."""
        builder = StringBuilder(stop - start)
        for index in range(start, stop):
            builder.append(self.get(index))
        return builder.build()

    def store(self, start, data):
        """Store all of the string `data` from `start` on; it fits and the memory is writable."""
        for index in range(len(data)):
            self.set(start + index, data[index])

    def all_text(self):
        """All bytes as a string."""
        return self.text(0, self.length())


class TextBuffer(Buffer):
    """The characters of an immutable string."""

    _attrs_ = ("value",)

    def __init__(self, value):
        self.value = value
        self.readonly = True

    def length(self):
        return len(self.value)

    def get(self, index):
        return self.value[index]

    def text(self, start, stop):
        assert 0 <= start <= stop
        return self.value[start:stop]

    def all_text(self):
        return self.value


class CodePointBuffer(TextBuffer):
    """The memory of a unicode object: four bytes for each code point, in the order of the machine."""

    _attrs_ = ()
    modern = False


def code_point_buffer(utf8):
    builder = StringBuilder(len(utf8) * 4)
    position = 0
    while position < len(utf8):
        code = rutf8.codepoint_at_pos(utf8, position)
        position = rutf8.next_codepoint_pos(utf8, position)
        for number in range(4):
            shift = 8 * (3 - number) if BIG_ENDIAN else 8 * number
            builder.append(chr((code >> shift) & 0xFF))
    return CodePointBuffer(builder.build())


class BytesBuffer(Buffer):
    """The memory of an object that keeps characters in a list, `holder.data`, which may be replaced or resized.

    A view that outlives a resize sees zeros beyond the end and its stores there are lost.
    """

    _attrs_ = ("holder",)

    def __init__(self, holder):
        self.holder = holder

    def length(self):
        return len(self.holder.data)

    def get(self, index):
        data = self.holder.data
        if index >= len(data):
            return "\x00"
        return data[index]

    def set(self, index, character):
        data = self.holder.data
        if index < len(data):
            data[index] = character

    def text(self, start, stop):
        data = self.holder.data
        if stop > len(data):
            return Buffer.text(self, start, stop)
        assert 0 <= start <= stop
        return "".join(data[start:stop])


class PartBuffer(Buffer):
    """`size` bytes of another buffer from `offset` on."""

    _attrs_ = ("whole", "offset", "size")

    def __init__(self, whole, offset, size):
        self.whole = whole
        self.offset = offset
        self.size = size
        self.readonly = whole.readonly

    def length(self):
        return self.size

    def get(self, index):
        return self.whole.get(self.offset + index)

    def set(self, index, character):
        self.whole.set(self.offset + index, character)

    def text(self, start, stop):
        return self.whole.text(self.offset + start, self.offset + stop)

    def store(self, start, data):
        self.whole.store(self.offset + start, data)


# ---- taking the buffers of objects


def has_buffer(w_obj):
    """Whether `buffer_str_w` works."""
    return w_obj.get_buffer() is not None


def has_character_buffer(w_obj):
    """Whether the object may stand for text: str, unicode, bytearray, buffer, but no memoryview and no array."""
    buffer = w_obj.get_buffer()
    return buffer is not None and buffer.textual


def has_modern_buffer(w_obj):
    """Whether a `memoryview` of the object can be made."""
    buffer = w_obj.get_buffer()
    return buffer is not None and buffer.modern


def buffer_of(w_obj):
    """The memory of the object, to read; a unicode object shows its default encoding."""
    if space.is_text(w_obj):
        return TextBuffer(space.text_w(w_obj))
    buffer = w_obj.get_buffer()
    if buffer is None:
        raise type_error("must be string or buffer, not %s" % space.type_name(w_obj))
    return buffer


def writable_buffer_of(w_obj):
    """The memory of the object, to write."""
    buffer = w_obj.get_buffer()
    if buffer is None or buffer.readonly:
        raise type_error("argument must be read-write buffer, not %s" % space.type_name(w_obj))
    return buffer


def buffer_str_w(w_obj):
    """The bytes of a str, a unicode object's default encoding, or anything with the buffer interface."""
    if space.is_text(w_obj):
        return space.text_w(w_obj)
    return buffer_of(w_obj).all_text()
