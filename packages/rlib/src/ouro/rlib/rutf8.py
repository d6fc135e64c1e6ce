"""Unicode text as UTF-8 in 8-bit strings.

A text is a `str` of bytes that is valid UTF-8, where surrogates (code points D800 to DFFF) are allowed
because Python programs have them. A position is a byte offset; an index counts code points. Turning an
index into a position takes a `Utf8Index` and constant time. The functions named for a position trust the
text: check it once with `check_utf8` where it comes from outside.
"""

from __future__ import annotations

from ouro.rlib.rstring import StringBuilder

__all__ = [
    "CheckError",
    "MAXIMUM_CODE_POINT",
    "Utf8Index",
    "Utf8StringBuilder",
    "Utf8StringIterator",
    "Utf8StringPosIterator",
    "ReverseUtf8StringIterator",
    "check_ascii",
    "check_utf8",
    "codepoint_at_pos",
    "codepoint_before_pos",
    "codepoint_index_at_byte_position",
    "codepoint_size",
    "codepoint_size_at_pos",
    "codepoints_in_utf8",
    "combine_surrogates",
    "decode_latin_1",
    "encode_latin_1",
    "first_non_ascii_char",
    "first_surrogate",
    "has_surrogates",
    "is_surrogate",
    "islinebreak",
    "isspace",
    "next_codepoint_pos",
    "position_after",
    "prev_codepoint_pos",
    "surrogate_in_utf8",
    "unichr_as_utf8",
    "unichr_as_utf8_append",
]

MAXIMUM_CODE_POINT = 0x10FFFF


class CheckError(Exception):
    """The bytes are no valid UTF-8; `position` is where the bad sequence starts, `end` the byte after
    it.
    """

    def __init__(self, position, end, reason):
        self.position = position
        self.end = end
        self.reason = reason


# ---- single code points


def unichr_as_utf8(code, allow_surrogates=False):
    """The code point as UTF-8.

    Raises ValueError if there is none such, or it is a surrogate and those are not allowed.
    """
    if code < 0 or code > MAXIMUM_CODE_POINT:
        raise ValueError("code point out of range")
    if code <= 0x7F:
        return chr(code)
    if code <= 0x7FF:
        return chr(0xC0 | (code >> 6)) + chr(0x80 | (code & 0x3F))
    if code <= 0xFFFF:
        if not allow_surrogates and is_surrogate(code):
            raise ValueError("surrogate")
        return chr(0xE0 | (code >> 12)) + chr(0x80 | ((code >> 6) & 0x3F)) + chr(0x80 | (code & 0x3F))
    return (
        chr(0xF0 | (code >> 18))
        + chr(0x80 | ((code >> 12) & 0x3F))
        + chr(0x80 | ((code >> 6) & 0x3F))
        + chr(0x80 | (code & 0x3F))
    )


def unichr_as_utf8_append(builder, code, allow_surrogates=False):
    """Append the code point to a `StringBuilder` as UTF-8. Raises ValueError as `unichr_as_utf8`."""
    if 0 <= code <= 0x7F:
        builder.append(chr(code))
        return
    if code < 0 or code > MAXIMUM_CODE_POINT:
        raise ValueError("code point out of range")
    if code <= 0x7FF:
        builder.append(chr(0xC0 | (code >> 6)))
    else:
        if code <= 0xFFFF:
            if not allow_surrogates and is_surrogate(code):
                raise ValueError("surrogate")
            builder.append(chr(0xE0 | (code >> 12)))
        else:
            builder.append(chr(0xF0 | (code >> 18)))
            builder.append(chr(0x80 | ((code >> 12) & 0x3F)))
        builder.append(chr(0x80 | ((code >> 6) & 0x3F)))
    builder.append(chr(0x80 | (code & 0x3F)))


def codepoint_size(code):
    """How many bytes the code point takes."""
    if code <= 0x7F:
        return 1
    if code <= 0x7FF:
        return 2
    if code <= 0xFFFF:
        return 3
    return 4


def is_surrogate(code):
    """Whether the code point is half of a UTF-16 surrogate pair."""
    return 0xD800 <= code <= 0xDFFF


def combine_surrogates(high, low):
    """The code point that a pair of surrogates stands for in UTF-16."""
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)


# ---- positions


def codepoint_size_at_pos(text, position):
    """How many bytes the code point at the position takes."""
    byte = ord(text[position])
    if byte < 0x80:
        return 1
    if byte < 0xE0:
        return 2
    if byte < 0xF0:
        return 3
    return 4


def next_codepoint_pos(text, position):
    """The position after the code point at `position`."""
    assert position >= 0
    return position + codepoint_size_at_pos(text, position)


def prev_codepoint_pos(text, position):
    """The position of the code point before `position`, which is not 0."""
    position -= 1
    assert position >= 0
    while ord(text[position]) & 0xC0 == 0x80:
        position -= 1
        assert position >= 0
    return position


def codepoint_at_pos(text, position):
    """The code point at the position."""
    assert position >= 0
    byte = ord(text[position])
    if byte < 0x80:
        return byte
    second = ord(text[position + 1]) & 0x3F
    if byte < 0xE0:
        return ((byte & 0x1F) << 6) | second
    third = ord(text[position + 2]) & 0x3F
    if byte < 0xF0:
        return ((byte & 0x0F) << 12) | (second << 6) | third
    fourth = ord(text[position + 3]) & 0x3F
    return ((byte & 0x07) << 18) | (second << 12) | (third << 6) | fourth


def codepoint_before_pos(text, position):
    """The code point that ends at the position."""
    return codepoint_at_pos(text, prev_codepoint_pos(text, position))


def position_after(text, position, count):
    """The position `count` code points after `position`; at most the end of the text."""
    while count > 0 and position < len(text):
        position = next_codepoint_pos(text, position)
        count -= 1
    return position


def codepoints_in_utf8(text, start=0, end=-1):
    """The number of code points that begin in `text[start:end]`; an `end` of -1 is the end of the text."""
    if end < 0 or end > len(text):
        end = len(text)
    assert start >= 0
    result = 0
    i = start
    while i < end:
        if ord(text[i]) & 0xC0 != 0x80:
            result += 1
        i += 1
    return result


# ---- checks


def first_non_ascii_char(s):
    """The position of the first byte that is not ASCII, or -1."""
    for i in range(len(s)):
        if ord(s[i]) >= 0x80:
            return i
    return -1


def check_ascii(s):
    """Raise CheckError if `s` is not ASCII."""
    position = first_non_ascii_char(s)
    if position >= 0:
        raise CheckError(position, position + 1, "ordinal not in range(128)")


def check_utf8(s, allow_surrogates, start=0, stop=-1):
    """The number of code points of `s[start:stop]`. Raises CheckError if that is no valid UTF-8.

    The position in the error and its end are those that CPython reports, so that error handlers see the
    same.
    """
    end = len(s) if stop < 0 else stop
    assert start >= 0
    count = 0
    i = start
    while i < end:
        count += 1
        byte = ord(s[i])
        if byte < 0x80:
            i += 1
            continue
        size = sequence_size(byte)
        if size == 0:
            raise CheckError(i, i + 1, "invalid start byte")
        good = good_continuation(s, i, end, size, allow_surrogates)
        if good < size:
            if i + good >= end:
                raise CheckError(i, end, "unexpected end of data")
            raise CheckError(i, i + good, "invalid continuation byte")
        i += size
    return count


def sequence_size(byte):
    """The length of the UTF-8 sequence that starts with the byte; 0 if none does."""
    if byte < 0x80:
        return 1
    if byte < 0xC2:
        return 0
    if byte < 0xE0:
        return 2
    if byte < 0xF0:
        return 3
    if byte < 0xF5:
        return 4
    return 0


def good_continuation(s, start, end, size, allow_surrogates):
    """How many bytes of the sequence at `start`, which should have `size`, are good; at least 1."""
    if size == 1:
        return 1
    if start + 1 >= end:
        return 1
    first = ord(s[start])
    second = ord(s[start + 1])
    lowest = 0x80
    highest = 0xBF
    if first == 0xE0:
        lowest = 0xA0
    elif first == 0xF0:
        lowest = 0x90
    elif first == 0xED and not allow_surrogates:
        highest = 0x9F
    elif first == 0xF4:
        highest = 0x8F
    if second < lowest or second > highest:
        return 1
    good = 2
    while good < size and start + good < end and ord(s[start + good]) & 0xC0 == 0x80:
        good += 1
    return good


def first_surrogate(text, start=0):
    """The position of the first surrogate at or after `start`, or -1."""
    i = start
    while i + 2 < len(text):
        if text[i] == "\xed" and ord(text[i + 1]) >= 0xA0:
            return i
        i += 1
    return -1


def has_surrogates(text):
    """Whether there is a surrogate in the text."""
    return first_surrogate(text) >= 0


def surrogate_in_utf8(text):
    """The same as `first_surrogate(text)`."""
    return first_surrogate(text)


# ---- classes of characters that splitting needs


def isspace(text, position):
    """Whether the code point at the position is white space."""
    return codepoint_is_space(codepoint_at_pos(text, position))


def codepoint_is_space(code):
    """Whether the code point is white space, as Unicode 5.2 has it."""
    if code <= 0x7F:
        return code == 0x20 or 0x09 <= code <= 0x0D or 0x1C <= code <= 0x1F
    if code == 0x85 or code == 0xA0 or code == 0x1680 or code == 0x180E:
        return True
    if code < 0x2000:
        return False
    return (
        code <= 0x200A
        or code == 0x2028
        or code == 0x2029
        or code == 0x202F
        or code == 0x205F
        or code == 0x3000
    )


def islinebreak(text, position):
    """Whether the code point at the position ends a line."""
    return codepoint_is_linebreak(codepoint_at_pos(text, position))


def codepoint_is_linebreak(code):
    """Whether the code point ends a line."""
    return 0x0A <= code <= 0x0D or 0x1C <= code <= 0x1E or code == 0x85 or code == 0x2028 or code == 0x2029


# ---- indices

_INDEX_STEP_BITS = 6
_INDEX_STEP = 1 << _INDEX_STEP_BITS


class Utf8Index:
    """Translates between code point indices and byte positions of one text.

    It keeps the position of each 64th code point, so a translation walks over fewer than 64; none where
    the text is ASCII. It takes one word for 64 code points.
    """

    def __init__(self, text, length):
        """`length` is the number of code points of the text."""
        self.length = length
        if length == len(text):
            self._positions = None
            return
        positions = [0] * ((length >> _INDEX_STEP_BITS) + 1)
        position = 0
        slot = 0
        remaining = length
        while remaining >= _INDEX_STEP:
            position = position_after(text, position, _INDEX_STEP)
            remaining -= _INDEX_STEP
            slot += 1
            positions[slot] = position
        self._positions = positions

    def position(self, text, index):
        """The position of the code point with this index; of the end of the text for its length."""
        positions = self._positions
        if positions is None:
            return index
        assert index >= 0
        return position_after(
            text, positions[index >> _INDEX_STEP_BITS], index & (_INDEX_STEP - 1)
        )

    def index(self, text, position):
        """The index of the code point at this position."""
        positions = self._positions
        if positions is None:
            return position
        low = 0
        high = len(positions)
        while high - low > 1:
            middle = (low + high) >> 1
            if positions[middle] <= position:
                low = middle
            else:
                high = middle
        return (low << _INDEX_STEP_BITS) + codepoints_in_utf8(text, positions[low], position)


def codepoint_index_at_byte_position(text, index, position):
    """The same as `index.index(text, position)`."""
    return index.index(text, position)


# ---- iteration and building


class Utf8StringIterator:
    """Iterates over the code points of a text."""

    def __init__(self, text):
        self._text = text
        self._position = 0

    def __iter__(self):
        return self

    def done(self):
        """Whether there are no more."""
        return self._position >= len(self._text)

    def get_pos(self):
        """The position of the next code point."""
        return self._position

    def next(self):
        """The next code point. Raises StopIteration at the end."""
        position = self._position
        if position >= len(self._text):
            raise StopIteration
        self._position = next_codepoint_pos(self._text, position)
        return codepoint_at_pos(self._text, position)

    def __next__(self):
        return self.next()


class Utf8StringPosIterator:
    """Iterates over the code points of a text with their positions: `(code point, position)`."""

    def __init__(self, text):
        self._text = text
        self._position = 0

    def __iter__(self):
        return self

    def __next__(self):
        position = self._position
        if position >= len(self._text):
            raise StopIteration
        self._position = next_codepoint_pos(self._text, position)
        return codepoint_at_pos(self._text, position), position


class ReverseUtf8StringIterator:
    """Iterates over the code points of a text from the last to the first."""

    def __init__(self, text):
        self._text = text
        self._position = len(text)

    def __iter__(self):
        return self

    def __next__(self):
        if self._position <= 0:
            raise StopIteration
        self._position = prev_codepoint_pos(self._text, self._position)
        return codepoint_at_pos(self._text, self._position)


class Utf8StringBuilder:
    """A `StringBuilder` that counts code points."""

    def __init__(self, size=0):
        self._builder = StringBuilder(size)
        self._length = 0

    def append(self, text):
        """Append a text, counting its code points."""
        self._builder.append(text)
        self._length += codepoints_in_utf8(text)

    def append_char(self, character):
        """Append one ASCII character."""
        self._builder.append(character)
        self._length += 1

    def append_code(self, code):
        """Append a code point, surrogates too. Raises ValueError if there is none such."""
        unichr_as_utf8_append(self._builder, code, True)
        self._length += 1

    def append_utf8(self, text, length):
        """Append a text of which the number of code points is known."""
        self._builder.append(text)
        self._length += length

    def append_multiple_char(self, text, times):
        """Append one code point, given as UTF-8, several times."""
        if len(text) == 1:
            self._builder.append_multiple_char(text[0], times)
        else:
            for _ in range(times):
                self._builder.append(text)
        if times > 0:
            self._length += times

    def append_slice(self, text, start, end, length):
        """Append `text[start:end]` of `length` code points; both are positions."""
        self._builder.append_slice(text, start, end)
        self._length += length

    def build(self):
        """The text."""
        return self._builder.build()

    def getlength(self):
        """The number of code points so far."""
        return self._length

    def getbytelength(self):
        """The number of bytes so far."""
        return self._builder.getlength()


# ---- Latin-1


def decode_latin_1(s):
    """The characters of `s`, code points 0 to 255, as UTF-8."""
    start = first_non_ascii_char(s)
    if start < 0:
        return s
    builder = StringBuilder(len(s) + (len(s) >> 2))
    builder.append_slice(s, 0, start)
    for i in range(start, len(s)):
        unichr_as_utf8_append(builder, ord(s[i]))
    return builder.build()


def encode_latin_1(text):
    """The inverse of `decode_latin_1`. Raises CheckError at the first code point that does not fit."""
    start = first_non_ascii_char(text)
    if start < 0:
        return text
    builder = StringBuilder(len(text))
    builder.append_slice(text, 0, start)
    position = start
    while position < len(text):
        code = codepoint_at_pos(text, position)
        end = next_codepoint_pos(text, position)
        if code > 0xFF:
            raise CheckError(position, end, "ordinal not in range(256)")
        builder.append(chr(code))
        position = end
    return builder.build()
