"""The values of number and string tokens.

String literals are decoded in one pass over the source text.  Where CPython decodes a `u"..."` literal of an
encoded source it first rewrites every non-ASCII character as a ten-character escape; positions in its error
messages count in that rewritten text, and so do ours (`_EXPANDED_SIZE`).
"""

from ouro.rlib import rfloat, rutf8
from ouro.rlib.rarithmetic import ovfcheck
from ouro.rlib.rbigint import rbigint
from ouro.rlib.rstring import StringBuilder

from ._constants import ConstBytes, ConstComplex, ConstFloat, ConstInt, ConstLong, ConstUnicode
from ._problems import DecodingProblem

_EXPANDED_SIZE = 10

UTF_8 = "utf-8"
LATIN_1 = "iso-8859-1"


class LiteralProblem(Exception):
    """A literal whose contents are bad.  `kind` is `"UnicodeError"` or the exception class to raise."""

    def __init__(self, kind, message):
        self.kind = kind
        self.message = message


# Numbers


def _digit(character):
    code = ord(character)
    if code <= ord("9"):
        return code - ord("0")
    return (code | 32) - ord("a") + 10


def parse_number(text, negative):
    """The constant for a number token; `negative` for one that a unary minus was folded into."""
    last = text[len(text) - 1]
    is_hexadecimal = len(text) > 1 and text[0] == "0" and (text[1] == "x" or text[1] == "X")
    if not is_hexadecimal:
        if last == "j" or last == "J":
            imaginary = rfloat.string_to_float(text[:len(text) - 1])
            return ConstComplex(0.0, -imaginary if negative else imaginary)
        for character in text:
            if character == "." or character == "e" or character == "E":
                value = rfloat.string_to_float(text)
                return ConstFloat(-value if negative else value)
    return _parse_integer(text, negative)


def _parse_integer(text, negative):
    end = len(text)
    is_long = text[end - 1] == "l" or text[end - 1] == "L"
    if is_long:
        end -= 1
    start = 0
    base = 10
    if end > 1 and text[0] == "0":
        start = 2
        marker = text[1]
        if marker == "x" or marker == "X":
            base = 16
        elif marker == "o" or marker == "O":
            base = 8
        elif marker == "b" or marker == "B":
            base = 2
        else:
            base = 8
            start = 1
    if not is_long:
        value = 0
        try:
            for i in range(start, end):
                if negative:
                    value = ovfcheck(ovfcheck(value * base) - _digit(text[i]))
                else:
                    value = ovfcheck(ovfcheck(value * base) + _digit(text[i]))
            return ConstInt(value)
        except OverflowError:
            pass
    assert start >= 0
    assert end >= start
    big = rbigint.fromstr(text[start:end], base)
    return ConstLong(big.neg() if negative else big)


# Strings


def parse_string(source, start, end, encoding, unicode_by_default, all_unicode, callbacks):
    """The constant for the string token `source[start:end]`.

    Parameters:
        encoding: that which the source declares; empty if none.  The source itself is UTF-8 unless
            this is empty or Latin-1.
        unicode_by_default: `from __future__ import unicode_literals` is in force.
        all_unicode: even ``b"..."`` is a unicode literal.

    Raises LiteralProblem.
    """
    is_unicode = unicode_by_default
    is_raw = False
    first = source[start]
    if first == "u" or first == "U":
        is_unicode = True
        start += 1
    elif first == "b" or first == "B":
        is_unicode = False
        start += 1
    first = source[start]
    if first == "r" or first == "R":
        is_raw = True
        start += 1
    quote = source[start]
    if end - start >= 6 and source[start + 1] == quote and source[start + 2] == quote:
        start += 3
        end -= 3
    else:
        start += 1
        end -= 1
    assert start >= 0
    assert end >= start
    if is_unicode or all_unicode:
        is_utf8 = encoding != "" and encoding != LATIN_1
        if is_raw:
            return ConstUnicode(_RawUnicodeDecoder(source, start, end, is_utf8, callbacks).decode())
        return ConstUnicode(_UnicodeDecoder(source, start, end, is_utf8, callbacks).decode())
    recode = "" if encoding == UTF_8 or encoding == LATIN_1 else encoding
    text = source[start:end]
    if is_raw or text.find("\\") < 0:
        if recode != "" and rutf8.first_non_ascii_char(text) >= 0:
            text = _encode(text, recode, callbacks)
        return ConstBytes(text)
    return ConstBytes(_decode_bytes_escapes(text, recode, callbacks))


def concatenate(first, second):
    """The constant for two adjacent string literals; an 8-bit one next to a unicode one is decoded as
    ASCII."""
    if isinstance(first, ConstBytes) and isinstance(second, ConstBytes):
        return ConstBytes(first.value + second.value)
    return ConstUnicode(_as_unicode(first) + _as_unicode(second))


def _as_unicode(constant):
    if isinstance(constant, ConstUnicode):
        return constant.value
    assert isinstance(constant, ConstBytes)
    position = rutf8.first_non_ascii_char(constant.value)
    if position >= 0:
        raise LiteralProblem("UnicodeError", _decode_message("ascii", constant.value, position, position + 1,
                                                             "ordinal not in range(128)"))
    return constant.value


def _hex_byte(value):
    return "0123456789abcdef"[value >> 4] + "0123456789abcdef"[value & 15]


def _decode_message(codec, text, start, end, reason):
    if end - start == 1:
        return "'%s' codec can't decode byte 0x%s in position %d: %s" % (
            codec, _hex_byte(ord(text[start])), start, reason)
    return "'%s' codec can't decode bytes in position %d-%d: %s" % (codec, start, end - 1, reason)


def _check_utf8(run):
    try:
        rutf8.check_utf8(run, True)
    except rutf8.CheckError as error:
        raise LiteralProblem("UnicodeError", _utf8_message(run, error.position)) from None


def _utf8_message(run, start):
    """What CPython 2.7 says of the bad UTF-8 sequence that starts there.

    Unlike later versions it looks for the end of the data before it looks at continuation bytes, and at their two
    top bits alone to tell how far the sequence goes.
    """
    size = rutf8.sequence_size(ord(run[start]))
    if size == 0:
        return _decode_message("utf8", run, start, start + 1, "invalid start byte")
    end = start + 1
    limit = start + size
    reason = "unexpected end of data"
    if limit <= len(run):
        limit -= 1
        reason = "invalid continuation byte"
    while end < limit and end < len(run) and ord(run[end]) & 0xC0 == 0x80:
        end += 1
    return _decode_message("utf8", run, start, end, reason)


def _encode(utf8, encoding, callbacks):
    _check_utf8(utf8)
    try:
        return callbacks.encode(utf8, encoding)
    except DecodingProblem as problem:
        raise LiteralProblem("UnicodeError", problem.message) from None


def _non_ascii_end(text, position, end):
    while position < end and ord(text[position]) >= 0x80:
        position += 1
    return position


_SIMPLE_ESCAPES = {"\\": "\\", "'": "'", '"': '"', "b": "\b", "f": "\f", "t": "\t", "n": "\n", "r": "\r",
                   "v": "\v", "a": "\a"}
SIMPLE_ESCAPES = [_SIMPLE_ESCAPES.get(chr(_code), "\x00") for _code in range(256)]


def _is_octal(character):
    return "0" <= character <= "7"


def _hex_value(character):
    """The value of a hexadecimal digit, or -1."""
    if "0" <= character <= "9":
        return ord(character) - ord("0")
    lower = ord(character) | 32
    if ord("a") <= lower <= ord("f"):
        return lower - ord("a") + 10
    return -1


def _octal_end(text, position, end):
    limit = position + 3
    while position < end and position < limit and _is_octal(text[position]):
        position += 1
    return position


def _octal_value(text, start, end):
    value = 0
    for i in range(start, end):
        value = value * 8 + ord(text[i]) - ord("0")
    return value


def _decode_bytes_escapes(text, recode, callbacks):
    builder = StringBuilder(len(text))
    end = len(text)
    position = 0
    while position < end:
        character = text[position]
        if recode != "" and ord(character) >= 0x80:
            run_end = _non_ascii_end(text, position, end)
            builder.append(_encode(text[position:run_end], recode, callbacks))
            position = run_end
            continue
        position += 1
        if character != "\\":
            builder.append(character)
            continue
        if position >= end:
            raise LiteralProblem("ValueError", "Trailing \\ in string")
        character = text[position]
        simple = SIMPLE_ESCAPES[ord(character)]
        if simple != "\x00":
            builder.append(simple)
            position += 1
        elif character == "\n":
            position += 1
        elif _is_octal(character):
            octal_end = _octal_end(text, position, end)
            builder.append(chr(_octal_value(text, position, octal_end) & 0xFF))
            position = octal_end
        elif character == "x":
            high = _hex_value(text[position + 1]) if position + 1 < end else -1
            low = _hex_value(text[position + 2]) if position + 2 < end else -1
            if high < 0 or low < 0:
                raise LiteralProblem("ValueError", "invalid \\x escape")
            builder.append(chr(high * 16 + low))
            position += 3
        else:
            builder.append("\\")
    return builder.build()


class _UnicodeDecoder:
    """Decodes the inside of one unicode literal to UTF-8."""

    codec = "unicodeescape"

    def __init__(self, text, start, end, is_utf8, callbacks):
        self.text = text
        self.start = start
        self.position = start
        self.end = end
        self.is_utf8 = is_utf8
        self.callbacks = callbacks
        self.builder = StringBuilder(end - start)
        # By how much positions in CPython's rewritten text exceed those in this one.
        self.expansion = 0

    def decode(self):
        text = self.text
        while self.position < self.end:
            character = text[self.position]
            if ord(character) >= 0x80:
                self._non_ascii(character)
            elif character == "\\":
                self._escape()
            else:
                run_start = self.position
                position = run_start + 1
                while position < self.end and text[position] != "\\" and ord(text[position]) < 0x80:
                    position += 1
                self.builder.append_slice(text, run_start, position)
                self.position = position
        return self.builder.build()

    def _append(self, code):
        rutf8.unichr_as_utf8_append(self.builder, code, True)

    def _non_ascii(self, character):
        if not self.is_utf8:
            self._append(ord(character))
            self.position += 1
            return
        start = self.position
        run_end = _non_ascii_end(self.text, start, self.end)
        run = self.text[start:run_end]
        _check_utf8(run)
        self.builder.append(run)
        self.expansion += rutf8.codepoints_in_utf8(run) * _EXPANDED_SIZE - (run_end - start)
        self.position = run_end

    def _problem(self, start, end, reason):
        offset = self.expansion - self.start
        start += offset
        end += offset
        where = "byte 0x5c in position %d" % start
        if end - start > 1:
            where = "bytes in position %d-%d" % (start, end - 1)
        return LiteralProblem("UnicodeError", "'%s' codec can't decode %s: %s" % (self.codec, where, reason))

    def _hexadecimal(self, digits, reason):
        """Read the digits that follow the two characters `\\x`, `\\u` or `\\U`."""
        start = self.position
        value = 0
        for i in range(start + 2, start + 2 + digits):
            digit = _hex_value(self.text[i]) if i < self.end else -1
            if digit < 0:
                raise self._problem(start, i, reason)
            value = value * 16 + digit
        self.position = start + 2 + digits
        return value

    def _escape(self):
        start = self.position
        if start + 1 >= self.end:
            raise self._problem(start, self.end, "\\ at end of string")
        character = self.text[start + 1]
        simple = SIMPLE_ESCAPES[ord(character)]
        if simple != "\x00":
            self.builder.append(simple)
            self.position = start + 2
        elif character == "\n":
            self.position = start + 2
        elif _is_octal(character):
            octal_end = _octal_end(self.text, start + 1, self.end)
            self._append(_octal_value(self.text, start + 1, octal_end))
            self.position = octal_end
        elif character == "x":
            self._append(self._hexadecimal(2, "truncated \\xXX escape"))
        elif character == "u":
            self._append(self._hexadecimal(4, "truncated \\uXXXX escape"))
        elif character == "U":
            code = self._hexadecimal(8, "truncated \\UXXXXXXXX escape")
            if code > rutf8.MAXIMUM_CODE_POINT:
                raise self._problem(start, start + 10, "illegal Unicode character")
            self._append(code)
        elif character == "N":
            self._named_character()
        else:
            self.builder.append("\\")
            self.position = start + 1
            if ord(character) >= 0x80 and self.is_utf8:
                self.expansion += len("u005c")

    def _named_character(self):
        start = self.position
        position = start + 2
        if not self.callbacks.has_unicode_names():
            raise LiteralProblem("UnicodeError", "\\N escapes not supported (can't load unicodedata module)")
        if position < self.end and self.text[position] == "{":
            position += 1
            name_start = position
            while position < self.end and self.text[position] != "}":
                position += 1
            if position < self.end and position > name_start:
                code = self.callbacks.unicode_name(self.text[name_start:position])
                if code < 0:
                    raise self._problem(start, position + 1, "unknown Unicode character name")
                self._append(code)
                self.position = position + 1
                return
        raise self._problem(start, position, "malformed \\N character escape")


class _RawUnicodeDecoder(_UnicodeDecoder):
    """Decodes `ur"..."`, in which only `\\u` and `\\U` after an odd number of backslashes are escapes."""

    codec = "rawunicodeescape"

    def _escape(self):
        start = self.position
        position = start
        while position < self.end and self.text[position] == "\\":
            position += 1
        odd = (position - start) & 1
        if odd and position < self.end and (self.text[position] == "u" or self.text[position] == "U"):
            self.builder.append_multiple_char("\\", position - start - 1)
            self.position = position - 1
            if self.text[position] == "u":
                self._append(self._hexadecimal(4, "truncated \\uXXXX"))
                return
            code = self._hexadecimal(8, "truncated \\uXXXX")
            if code > rutf8.MAXIMUM_CODE_POINT:
                raise self._problem(position - 1, position + 9, "\\Uxxxxxxxx out of range")
            self._append(code)
            return
        self.builder.append_multiple_char("\\", position - start)
        self.position = position
