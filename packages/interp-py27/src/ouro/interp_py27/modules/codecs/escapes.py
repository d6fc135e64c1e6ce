"""``unicode_escape``, ``raw_unicode_escape`` and ``string_escape``."""

from ouro.interp_py27.modules.codecs.runs import DecodeRun, append_escape
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.str_object import str_repr
from ouro.interp_py27.unicode_database import lookup_name
from ouro.interp_py27.vm.errors import operror, value_error
from ouro.rlib import rutf8
from ouro.rlib.rstring import StringBuilder

SIMPLE = {
    "\\": "\\", "'": "'", '"': '"', "b": "\b", "f": "\f", "t": "\t", "n": "\n", "r": "\r", "v": "\v", "a": "\a",
}  # fmt: skip


def hex_value(character):
    """The value of a hexadecimal digit, -1 where it is none."""
    if "0" <= character <= "9":
        return ord(character) - ord("0")
    if "a" <= character <= "f":
        return ord(character) - ord("a") + 10
    if "A" <= character <= "F":
        return ord(character) - ord("A") + 10
    return -1


def octal_run(text, position):
    """``(value, position behind)`` of one to three octal digits at *position*."""
    code = 0
    stop = min(position + 3, len(text))
    while position < stop and "0" <= text[position] <= "7":
        code = code * 8 + ord(text[position]) - ord("0")
        position += 1
    return code, position


def decode_unicode_escape(text, errors):
    run = DecodeRun(text, "unicodeescape", errors)
    position = 0
    while position < len(text):
        character = text[position]
        if character != "\\":
            run.builder.append_code(ord(character))
            position += 1
        else:
            position = decode_one_escape(run, position)
    return run.result()


def decode_one_escape(run, start):
    """The escape whose backslash is at *start*: the position behind it."""
    text = run.text
    position = start + 1
    if position >= len(text):
        return run.problem(start, len(text), "\\ at end of string")
    character = text[position]
    position += 1
    if character == "\n":
        return position
    if character in SIMPLE:
        run.builder.append_char(SIMPLE[character])
        return position
    if "0" <= character <= "7":
        code, position = octal_run(text, position - 1)
        run.builder.append_code(code)
        return position
    if character == "x":
        return decode_hexadecimal(run, start, 2, "truncated \\xXX escape")
    if character == "u":
        return decode_hexadecimal(run, start, 4, "truncated \\uXXXX escape")
    if character == "U":
        return decode_hexadecimal(run, start, 8, "truncated \\UXXXXXXXX escape")
    if character == "N":
        return decode_name(run, start)
    run.builder.append_char("\\")
    run.builder.append_code(ord(character))
    return position


def decode_hexadecimal(run, start, digits, reason):
    text = run.text
    position = start + 2
    code = 0
    for index in range(digits):
        value = hex_value(text[position + index]) if position + index < len(text) else -1
        if value < 0:
            return run.problem(start, position + index, reason)
        code = code << 4 | value
    if code > rutf8.MAXIMUM_CODE_POINT:
        return run.problem(start, position + digits, "illegal Unicode character")
    run.builder.append_code(code)
    return position + digits


def decode_name(run, start):
    text = run.text
    position = start + 2
    reason = "malformed \\N character escape"
    if not space.has_unicode_names():
        raise operror(space.w_UnicodeError, "\\N escapes not supported (can't load unicodedata module)")
    if position < len(text) and text[position] == "{":
        end = position + 1
        while end < len(text) and text[end] != "}":
            end += 1
        if end > position + 1 and end < len(text):
            code = lookup_name(text[position + 1 : end].upper())
            if code >= 0:
                run.builder.append_code(code)
                return end + 1
            return run.problem(start, end + 1, "unknown Unicode character name")
        return run.problem(start, end, reason)
    return run.problem(start, position, reason)


def encode_unicode_escape(utf8, quote):
    """The escapes of a literal; *quote* is escaped too, "" for none."""
    builder = StringBuilder(len(utf8))
    position = 0
    while position < len(utf8):
        code = rutf8.codepoint_at_pos(utf8, position)
        position = rutf8.next_codepoint_pos(utf8, position)
        if code == ord("\\") or (quote != "" and code == ord(quote[0])):
            builder.append("\\")
            builder.append(chr(code))
        elif 32 <= code < 127:
            builder.append(chr(code))
        elif code == 10:
            builder.append("\\n")
        elif code == 9:
            builder.append("\\t")
        elif code == 13:
            builder.append("\\r")
        else:
            append_escape(builder, code)
    return builder.build()


def decode_raw_unicode_escape(text, errors):
    run = DecodeRun(text, "rawunicodeescape", errors)
    position = 0
    size = len(text)
    while position < size:
        if text[position] != "\\":
            run.builder.append_code(ord(text[position]))
            position += 1
            continue
        start = position
        while position < size and text[position] == "\\":
            position += 1
        odd = (position - start) & 1
        if not odd or position >= size or (text[position] != "u" and text[position] != "U"):
            run.builder.append_slice(text, start, position, position - start)
            continue
        run.builder.append_slice(text, start, position - 1, position - 1 - start)
        digits = 4 if text[position] == "u" else 8
        position = decode_raw_digits(run, position - 1, digits)
    return run.result()


def decode_raw_digits(run, start, digits):
    text = run.text
    position = start + 2
    code = 0
    for index in range(digits):
        value = hex_value(text[position + index]) if position + index < len(text) else -1
        if value < 0:
            return run.problem(start, position + index, "truncated \\uXXXX")
        code = code << 4 | value
    if code > rutf8.MAXIMUM_CODE_POINT:
        return run.problem(start, position + digits, "\\Uxxxxxxxx out of range")
    run.builder.append_code(code)
    return position + digits


def encode_raw_unicode_escape(utf8):
    builder = StringBuilder(len(utf8))
    position = 0
    while position < len(utf8):
        code = rutf8.codepoint_at_pos(utf8, position)
        position = rutf8.next_codepoint_pos(utf8, position)
        if code < 256:
            builder.append(chr(code))
        else:
            append_escape(builder, code)
    return builder.build()


def encode_string_escape(text):
    """The inside of a str literal in single quotes."""
    if "'" in text and '"' not in text:
        return str_repr(text + '"')[1:-2].replace("'", "\\'").replace('\\"', '"')
    return str_repr(text)[1:-1]


def decode_string_escape(text, errors):
    builder = StringBuilder(len(text))
    position = 0
    size = len(text)
    while position < size:
        character = text[position]
        position += 1
        if character != "\\":
            builder.append(character)
            continue
        if position >= size:
            raise value_error("Trailing \\ in string")
        character = text[position]
        position += 1
        if character == "\n":
            continue
        if character in SIMPLE:
            builder.append(SIMPLE[character])
        elif "0" <= character <= "7":
            code, position = octal_run(text, position - 1)
            builder.append(chr(code & 255))
        elif character == "x":
            if position + 1 < size and hex_value(text[position]) >= 0 and hex_value(text[position + 1]) >= 0:
                builder.append(chr(hex_value(text[position]) << 4 | hex_value(text[position + 1])))
                position += 2
            elif errors == "strict":
                raise value_error("invalid \\x escape")
            elif errors != "replace" and errors != "ignore":
                raise value_error("decoding error; unknown error handling code: " + errors)
            else:
                if errors == "replace":
                    builder.append("?")
                if position < size and hex_value(text[position]) >= 0:
                    # A single digit belongs to what is wrong.
                    position += 1
        else:
            builder.append("\\")
            builder.append(character)
    return builder.build()
