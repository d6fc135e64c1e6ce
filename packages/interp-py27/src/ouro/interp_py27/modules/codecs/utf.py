"""UTF-8, UTF-16, UTF-32 and UTF-7.

Text inside is UTF-8 already, with surrogates allowed as CPython 2.7 allows them, so that UTF-8 is checked and
copied. Decoders give ``(text, bytes consumed)``; with *final* false they leave an incomplete character at the end
unconsumed.
"""

from ouro.interp_py27.modules.codecs.runs import DecodeRun, EncodeRun
from ouro.rlib import rutf8
from ouro.rlib.rstring import StringBuilder

NATIVE = 0
LITTLE = -1
BIG = 1


# ---- UTF-8


def sequence_length(first):
    """How many bytes a sequence has that begins with *first*; 0 where none does."""
    if first < 0x80:
        return 1
    if 0xC2 <= first <= 0xDF:
        return 2
    if 0xE0 <= first <= 0xEF:
        return 3
    if 0xF0 <= first <= 0xF4:
        return 4
    return 0


def is_continuation(byte):
    return byte & 0xC0 == 0x80


def second_fits(first, second):
    """Whether *second* continues *first*, shortest forms and the end of Unicode considered."""
    if not is_continuation(second):
        return False
    if first == 0xE0:
        return second >= 0xA0
    if first == 0xF0:
        return second >= 0x90
    if first == 0xF4:
        return second <= 0x8F
    return True


def shaped_length(text, position, length):
    """How many bytes of the sequence of *length* bytes at *position* have the shape they should have."""
    count = 1
    while count < length and is_continuation(ord(text[position + count])):
        count += 1
    return count


def decode_utf_8(text, errors, final):
    position = rutf8.first_non_ascii_char(text)
    if position < 0:
        return text, len(text)
    run = DecodeRun(text, "utf8", errors)
    start = 0
    size = len(text)
    while position < size:
        length = sequence_length(ord(text[position]))
        if length > 0 and position + length <= size:
            good = shaped_length(text, position, length)
            if good == length and (length == 1 or second_fits(ord(text[position]), ord(text[position + 1]))):
                position += length
                continue
            good = min(good, length - 1)
            reason = "invalid continuation byte"
        elif length == 0:
            good = 1
            reason = "invalid start byte"
        else:
            if not final:
                break
            good = 1
            step = 1
            while position + step < size and is_continuation(ord(text[position + step])):
                good += step
                step += 1
            reason = "unexpected end of data"
        append_checked(run, text, start, position)
        position = run.problem(position, position + good, reason)
        start = position
    append_checked(run, text, start, position)
    return run.result(), position


def append_checked(run, text, start, end):
    """Append bytes that are known to be good UTF-8."""
    if start < end:
        run.builder.append_slice(text, start, end, rutf8.codepoints_in_utf8(text, start, end))


def encode_utf_8(w_unicode, errors):
    """A high surrogate and a low one behind it become the one character that they stand for."""
    utf8 = w_unicode.utf8
    if not rutf8.has_surrogates(utf8):
        return utf8
    run = EncodeRun(w_unicode, "utf-8", errors)
    while run.has_more():
        code = run.peek()
        run.advance()
        if 0xD800 <= code <= 0xDBFF and run.has_more() and 0xDC00 <= run.peek() <= 0xDFFF:
            code = rutf8.combine_surrogates(code, run.peek())
            run.advance()
        rutf8.unichr_as_utf8_append(run.builder, code, True)
    return run.result()


# ---- UTF-16


def unit_16(text, position, order):
    first = ord(text[position])
    second = ord(text[position + 1])
    if order == BIG:
        return first << 8 | second
    return second << 8 | first


def byte_order_16(text, order):
    """``(order, position behind the mark)`` of a text that may begin with a byte order mark."""
    if order != NATIVE:
        return order, 0
    if len(text) >= 2:
        mark = unit_16(text, 0, LITTLE)
        if mark == 0xFEFF:
            return LITTLE, 2
        if mark == 0xFFFE:
            return BIG, 2
    return NATIVE, 0


def decode_utf_16(text, errors, final, order, encoding):
    """``(text, consumed, byte order found)``; *order* is NATIVE, LITTLE or BIG."""
    run = DecodeRun(text, encoding, errors)
    found, position = byte_order_16(text, order)
    size = len(text)
    while position < size:
        if size - position < 2:
            if not final:
                break
            position = run.problem(position, size, "truncated data")
            continue
        code = unit_16(text, position, found)
        if not 0xD800 <= code <= 0xDFFF:
            run.builder.append_code(code)
            position += 2
        elif size - position < 4:
            # a low surrogate needs nothing behind it, but CPython looks for that first
            if not final:
                break
            position = run.problem(position, size, "unexpected end of data")
        elif code >= 0xDC00:
            position = run.problem(position, position + 2, "illegal encoding")
        else:
            low = unit_16(text, position + 2, found)
            if 0xDC00 <= low <= 0xDFFF:
                run.builder.append_code(rutf8.combine_surrogates(code, low))
                position += 4
            else:
                position = run.problem(position, position + 2, "illegal UTF-16 surrogate")
    return run.result(), position, found


def append_unit_16(builder, unit, order):
    if order == BIG:
        builder.append(chr(unit >> 8))
        builder.append(chr(unit & 255))
    else:
        builder.append(chr(unit & 255))
        builder.append(chr(unit >> 8))


def encode_utf_16(w_unicode, order):
    builder = StringBuilder(2 * w_unicode.length + 2)
    if order == NATIVE:
        append_unit_16(builder, 0xFEFF, LITTLE)
    utf8 = w_unicode.utf8
    position = 0
    while position < len(utf8):
        code = rutf8.codepoint_at_pos(utf8, position)
        position = rutf8.next_codepoint_pos(utf8, position)
        if code > 0xFFFF:
            append_unit_16(builder, 0xD800 + ((code - 0x10000) >> 10), order)
            code = 0xDC00 + ((code - 0x10000) & 0x3FF)
        append_unit_16(builder, code, order)
    return builder.build()


# ---- UTF-32


def unit_32(text, position, order):
    code = 0
    for index in range(4):
        offset = index if order == BIG else 3 - index
        code = code << 8 | ord(text[position + offset])
    return code


def decode_utf_32(text, errors, final, order, encoding):
    """``(text, consumed, byte order found)``."""
    run = DecodeRun(text, encoding, errors)
    position = 0
    found = order
    size = len(text)
    if order == NATIVE and size >= 4:
        mark = unit_32(text, 0, LITTLE)
        if mark == 0xFEFF:
            found = LITTLE
            position = 4
        elif mark == 0xFFFE0000:
            found = BIG
            position = 4
    while position < size:
        if size - position < 4:
            if not final:
                break
            position = run.problem(position, size, "truncated data")
            continue
        code = unit_32(text, position, found)
        if code > rutf8.MAXIMUM_CODE_POINT:
            position = run.problem(position, position + 4, "code point not in range(0x110000)")
            continue
        run.builder.append_code(code)
        position += 4
    return run.result(), position, found


def encode_utf_32(w_unicode, order):
    builder = StringBuilder(4 * w_unicode.length + 4)
    if order == NATIVE:
        append_unit_32(builder, 0xFEFF, LITTLE)
    utf8 = w_unicode.utf8
    position = 0
    while position < len(utf8):
        append_unit_32(builder, rutf8.codepoint_at_pos(utf8, position), order)
        position = rutf8.next_codepoint_pos(utf8, position)
    return builder.build()


def append_unit_32(builder, code, order):
    for index in range(4):
        shift = 24 - 8 * index if order == BIG else 8 * index
        builder.append(chr((code >> shift) & 255))


# ---- UTF-7: RFC 2152

BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
DIRECT = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'(),-./:? \t\n\r"
OPTIONAL_DIRECT = "!\"#$%&*;<=>@[]^_`{|}"


def decode_utf_7(text, errors, final):
    run = DecodeRun(text, "utf7", errors)
    position = 0
    safe = 0
    size = len(text)
    while position < size:
        character = text[position]
        if character != "+":
            if ord(character) >= 128:
                position = run.problem(position, position + 1, "unexpected special character")
            else:
                run.builder.append_char(character)
                position += 1
            safe = position
            continue
        start = position
        position += 1
        if position < size and text[position] == "-":
            run.builder.append_char("+")
            position += 1
            safe = position
            continue
        position = decode_shifted(run, start, position, final)
        if position < 0:
            return run.result(), start
        safe = position
    return run.result(), safe


def decode_shifted(run, start, position, final):
    """The base64 part that begins behind *start*: the position behind it, -1 where it is incomplete and not final."""
    text = run.text
    bits = 0
    buffer = 0
    high = 0
    codes = []
    while position < len(text):
        value = BASE64.find(text[position])
        if value < 0:
            break
        buffer = (buffer << 6 | value) & 0xFFFFFF
        bits += 6
        position += 1
        if bits >= 16:
            bits -= 16
            unit = (buffer >> bits) & 0xFFFF
            buffer &= (1 << bits) - 1
            if high and 0xDC00 <= unit <= 0xDFFF:
                codes.append(rutf8.combine_surrogates(high, unit))
                high = 0
                continue
            if high:
                codes.append(high)
                high = 0
            if 0xD800 <= unit <= 0xDBFF:
                high = unit
            else:
                codes.append(unit)
    if position >= len(text):
        if not final:
            return -1
        if high or bits >= 6 or buffer:
            append_codes(run, codes)
            return run.problem(start, len(text), "unterminated shift sequence")
        append_codes(run, codes)
        return position
    append_codes(run, codes)
    if bits >= 6:
        return run.problem(start, position + 1, "partial character in shift sequence")
    if buffer:
        return run.problem(start, position + 1, "non-zero padding bits in shift sequence")
    if high and ord(text[position]) < 128:
        run.builder.append_code(high)
    if text[position] == "-":
        position += 1
    return position


def append_codes(run, codes):
    for code in codes:
        run.builder.append_code(code)


def encode_utf_7(w_unicode):
    builder = StringBuilder(w_unicode.length)
    utf8 = w_unicode.utf8
    position = 0
    bits = 0
    buffer = 0
    shifted = False
    while position < len(utf8):
        code = rutf8.codepoint_at_pos(utf8, position)
        position = rutf8.next_codepoint_pos(utf8, position)
        direct = code < 128 and (chr(code) in DIRECT or chr(code) in OPTIONAL_DIRECT)
        if shifted and direct:
            if bits:
                builder.append(BASE64[(buffer << (6 - bits)) & 63])
            bits = 0
            buffer = 0
            shifted = False
            if chr(code) in BASE64 or code == ord("-"):
                builder.append("-")
        if not shifted and direct:
            builder.append(chr(code))
            continue
        if not shifted and code == ord("+"):
            builder.append("+-")
            continue
        if not shifted:
            builder.append("+")
            shifted = True
        units = [code]
        if code > 0xFFFF:
            units = [0xD800 + ((code - 0x10000) >> 10), 0xDC00 + ((code - 0x10000) & 0x3FF)]
        for unit in units:
            buffer = buffer << 16 | unit
            bits += 16
            while bits >= 6:
                bits -= 6
                builder.append(BASE64[(buffer >> bits) & 63])
                buffer &= (1 << bits) - 1
    if shifted:
        if bits:
            builder.append(BASE64[(buffer << (6 - bits)) & 63])
        builder.append("-")
    return builder.build()
