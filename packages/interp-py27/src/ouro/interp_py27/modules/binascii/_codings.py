"""Text codings of bytes: hexadecimal, base64, uuencode, quoted-printable, BinHex; and checksums.

No application objects here.
"""

from ouro.rlib.rarithmetic import intmask, r_uint
from ouro.rlib.rstring import StringBuilder


class CodingError(Exception):
    """Text that is not in the coding; `kind` is `"Error"`, `"Incomplete"` or `"TypeError"`."""

    def __init__(self, message, kind="Error"):
        self.message = message
        self.kind = kind


# Hexadecimal

HEXADECIMAL = "0123456789abcdef"


def encode_hexadecimal(data):
    builder = StringBuilder(2 * len(data))
    for character in data:
        builder.append(HEXADECIMAL[ord(character) >> 4])
        builder.append(HEXADECIMAL[ord(character) & 15])
    return builder.build()


def hexadecimal_value(character):
    """The value of a digit, or -1."""
    if "0" <= character <= "9":
        return ord(character) - ord("0")
    if "a" <= character <= "f":
        return ord(character) - ord("a") + 10
    if "A" <= character <= "F":
        return ord(character) - ord("A") + 10
    return -1


def decode_hexadecimal(text):
    if len(text) & 1:
        raise CodingError("Odd-length string", "TypeError")
    builder = StringBuilder(len(text) // 2)
    for i in range(0, len(text), 2):
        high = hexadecimal_value(text[i])
        low = hexadecimal_value(text[i + 1])
        if high < 0 or low < 0:
            raise CodingError("Non-hexadecimal digit found", "TypeError")
        builder.append(chr(high << 4 | low))
    return builder.build()


# Six bits a character: base64, uuencode and BinHex


BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
BINHEX = "!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"
UUENCODE = "".join(chr(32 + _value) for _value in range(64))
BASE64_VALUES = [BASE64.find(chr(_code)) for _code in range(256)]
BINHEX_VALUES = [BINHEX.find(chr(_code)) for _code in range(256)]
BINHEX_DONE = ":"


def _encode_sixes(data, alphabet, builder):
    """Append the characters for the bits of the data; returns how many bits the last one lacked."""
    window = 0
    bits = 0
    for character in data:
        window = (window << 8 | ord(character)) & 0xFFFF
        bits += 8
        while bits >= 6:
            bits -= 6
            builder.append(alphabet[(window >> bits) & 63])
    if bits > 0:
        builder.append(alphabet[(window << (6 - bits)) & 63])
        return 6 - bits
    return 0


def encode_base64(data):
    builder = StringBuilder(len(data) * 4 // 3 + 4)
    missing = _encode_sixes(data, BASE64, builder)
    builder.append_multiple_char("=", missing // 2)
    builder.append("\n")
    return builder.build()


def decode_base64(text):
    """Characters outside the alphabet are skipped; padding must be complete."""
    builder = StringBuilder(len(text) * 3 // 4)
    window = 0
    bits = 0
    count = 0
    position = 0
    while position < len(text):
        character = text[position]
        position += 1
        if character == "=":
            if count & 3 >= 2 and (count & 3 == 3 or _next_coded(text, position) == "="):
                # Complete padding ends the text.
                bits = 0
                break
            continue
        value = BASE64_VALUES[ord(character)]
        if value < 0:
            continue
        count += 1
        window = (window << 6 | value) & 0xFFFF
        bits += 6
        if bits >= 8:
            bits -= 8
            builder.append(chr((window >> bits) & 0xFF))
            window &= (1 << bits) - 1
    if bits > 0:
        raise CodingError("Incorrect padding")
    return builder.build()


def _next_coded(text, position):
    """The next character that means something, NUL at the end."""
    while position < len(text):
        character = text[position]
        if character == "=" or BASE64_VALUES[ord(character)] >= 0:
            return character
        position += 1
    return "\x00"


def encode_uu(data):
    if len(data) > 45:
        raise CodingError("At most 45 bytes at once")
    builder = StringBuilder(len(data) * 4 // 3 + 6)
    builder.append(UUENCODE[len(data)])
    padding = (3 - len(data) % 3) % 3
    _encode_sixes(data + "\x00" * padding, UUENCODE, builder)
    builder.append("\n")
    return builder.build()


def _is_uu_blank(character):
    return character == " " or character == "`" or character == "\n" or character == "\r"


def decode_uu(text):
    """One line; what is missing of it counts as zeros."""
    length = 32
    if len(text) > 0:
        length = (ord(text[0]) - 32) & 63
    builder = StringBuilder(length)
    window = 0
    bits = 0
    position = 1
    while builder.getlength() < length:
        value = 0
        if position < len(text):
            character = text[position]
            position += 1
            if character != "\n" and character != "\r":
                if character < " " or ord(character) > 32 + 64:
                    raise CodingError("Illegal char")
                value = (ord(character) - 32) & 63
            else:
                position = len(text)
        window = (window << 6 | value) & 0xFFFF
        bits += 6
        if bits >= 8:
            bits -= 8
            builder.append(chr((window >> bits) & 0xFF))
    while position < len(text):
        if not _is_uu_blank(text[position]):
            raise CodingError("Trailing garbage")
        position += 1
    return builder.build()


def encode_binhex(data):
    builder = StringBuilder(len(data) * 4 // 3 + 4)
    _encode_sixes(data, BINHEX, builder)
    return builder.build()


def decode_binhex(text):
    """The bytes, and whether the end marker was seen."""
    builder = StringBuilder(len(text) * 3 // 4)
    window = 0
    bits = 0
    for character in text:
        if character == "\n" or character == "\r":
            continue
        if character == BINHEX_DONE:
            return builder.build(), True
        value = BINHEX_VALUES[ord(character)]
        if value < 0:
            raise CodingError("Illegal char")
        window = (window << 6 | value) & 0xFFFF
        bits += 6
        if bits >= 8:
            bits -= 8
            builder.append(chr((window >> bits) & 0xFF))
    if bits > 0:
        raise CodingError("String has incomplete number of bytes", "Incomplete")
    return builder.build(), False


# Run lengths of BinHex

RUN = "\x90"


def encode_runs(data):
    builder = StringBuilder(len(data))
    position = 0
    while position < len(data):
        character = data[position]
        if character == RUN:
            builder.append(RUN)
            builder.append("\x00")
            position += 1
            continue
        end = position + 1
        while end < len(data) and data[end] == character and end < position + 255:
            end += 1
        if end - position > 3:
            builder.append(character)
            builder.append(RUN)
            builder.append(chr(end - position))
            position = end
        else:
            builder.append(character)
            position += 1
    return builder.build()


def decode_runs(data):
    builder = StringBuilder(len(data))
    previous = ""
    position = 0
    while position < len(data):
        character = data[position]
        position += 1
        if character != RUN:
            builder.append(character)
            previous = character
            continue
        if position >= len(data):
            raise CodingError("", "Incomplete")
        count = ord(data[position])
        position += 1
        if count == 0:
            builder.append(RUN)
            previous = RUN
        else:
            if previous == "":
                raise CodingError("Orphaned RLE code at start")
            for _ in range(count - 1):
                builder.append(previous)
    return builder.build()


# Quoted-printable

MAX_LINE = 76


def _is_space(character):
    return character == " " or character == "\t"


def decode_quoted_printable(text, is_header):
    builder = StringBuilder(len(text))
    position = 0
    while position < len(text):
        character = text[position]
        position += 1
        if character == "_" and is_header:
            builder.append(" ")
        elif character != "=":
            builder.append(character)
        elif position >= len(text):
            break
        elif text[position] == "\n" or text[position] == "\r":
            # A soft line break.
            position = text.find("\n", position) + 1
            if position <= 0:
                position = len(text)
        elif text[position] == "=":
            builder.append("=")
            position += 1
        else:
            high = hexadecimal_value(text[position])
            low = hexadecimal_value(text[position + 1]) if position + 1 < len(text) else -1
            if high >= 0 and low >= 0:
                builder.append(chr(high << 4 | low))
                position += 2
            else:
                builder.append("=")
    return builder.build()


class QuotedPrintableEncoder:
    """Encodes text; the flags are the parameters of `binascii.b2a_qp`."""

    def __init__(self, data, quote_tabs, is_text, is_header):
        self.data = data
        self.quote_tabs = quote_tabs
        self.is_text = is_text
        self.is_header = is_header
        newline = data.find("\n")
        self.has_crlf = newline > 0 and data[newline - 1] == "\r"
        self.builder = StringBuilder(len(data))
        self.line_length = 0
        # The last character, while it may still turn out to be a blank at the end of a line.
        self.pending = ""

    def encode(self):
        data = self.data
        position = 0
        while position < len(data):
            character = data[position]
            if self._must_quote(position, character):
                if self.line_length + 3 >= MAX_LINE:
                    self._soft_break()
                self._quote(character)
                position += 1
            elif self._is_newline(position):
                position = self._newline(position)
            else:
                following = data[position + 1] if position + 1 < len(data) else "\x00"
                if position + 1 != len(data) and following != "\n" and self.line_length + 1 >= MAX_LINE:
                    self._soft_break()
                self.line_length += 1
                self._flush()
                self.pending = "_" if self.is_header and character == " " else character
                position += 1
        self._flush()
        return self.builder.build()

    def _flush(self):
        self.builder.append(self.pending)
        self.pending = ""

    def _following(self, position):
        if position + 1 < len(self.data):
            return self.data[position + 1]
        return "\x00"

    def _must_quote(self, position, character):
        data = self.data
        at_end = position + 1 == len(data)
        if ord(character) > 126 or character == "=" or (self.is_header and character == "_"):
            return True
        if character == "." and self.line_length == 0:
            following = self._following(position)
            if at_end or following == "\n" or following == "\r" or following == "\x00":
                return True
        if not self.is_text and (character == "\r" or character == "\n"):
            return True
        if _is_space(character) and at_end:
            return True
        if ord(character) < 33 and character != "\r" and character != "\n" and not _is_space(character):
            return True
        if ord(character) < 33 and character != "\r" and character != "\n":
            return self.quote_tabs
        return False

    def _is_newline(self, position):
        character = self.data[position]
        return self.is_text and (character == "\n" or (character == "\r" and self._following(position) == "\n"))

    def _newline(self, position):
        # A blank before the end of the line would be lost.
        if self.pending != "" and _is_space(self.pending[0]):
            blank = self.pending[0]
            self.pending = ""
            self._quote(blank)
        self._flush()
        self.line_length = 0
        self.builder.append("\r\n" if self.has_crlf else "\n")
        if self.data[position] == "\r":
            return position + 2
        return position + 1

    def _quote(self, character):
        self._flush()
        self.builder.append("=")
        self.builder.append(HEXADECIMAL[ord(character) >> 4].upper())
        self.builder.append(HEXADECIMAL[ord(character) & 15].upper())
        self.line_length += 3

    def _soft_break(self):
        self._flush()
        self.builder.append("=")
        self.builder.append("\r\n" if self.has_crlf else "\n")
        self.line_length = 0


# Checksums


def _crc32_row(value):
    for _ in range(8):
        value = value >> 1 ^ (0xEDB88320 if value & 1 else 0)
    return r_uint(value)


def _crc_ccitt_row(value):
    value <<= 8
    for _ in range(8):
        value = (value << 1 ^ (0x1021 if value & 0x8000 else 0)) & 0xFFFF
    return value


CRC32 = [_crc32_row(_code) for _code in range(256)]
CRC_CCITT = [_crc_ccitt_row(_code) for _code in range(256)]
MASK = r_uint(0xFFFFFFFF)


def crc32(data, start):
    """The checksum of zlib and of zip files, as an `r_uint` of 32 bits."""
    value = (start & MASK) ^ MASK
    for character in data:
        value = CRC32[intmask(value & r_uint(0xFF)) ^ ord(character)] ^ (value >> 8)
    return value ^ MASK


def crc_ccitt(data, value):
    """The checksum of BinHex."""
    value &= 0xFFFF
    for character in data:
        value = (value << 8 & 0xFF00) ^ CRC_CCITT[value >> 8 ^ ord(character)]
    return value
