"""ASCII, Latin-1 and codecs by a character map."""

from ouro.interp_py27.modules.codecs.runs import DecodeRun, EncodeRun
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.str_object import W_AnyStr
from ouro.interp_py27.objects.unicode_object import W_AnyUnicode
from ouro.interp_py27.vm.errors import OperationError, type_error
from ouro.interp_py27.vm.typedef import define_type
from ouro.rlib import rutf8


def decode_ascii(text, errors):
    if rutf8.first_non_ascii_char(text) < 0:
        return text
    run = DecodeRun(text, "ascii", errors)
    position = 0
    while position < len(text):
        character = text[position]
        if ord(character) < 128:
            run.builder.append_char(character)
            position += 1
        else:
            position = run.problem(position, position + 1, "ordinal not in range(128)")
    return run.result()


def decode_latin_1(text):
    return rutf8.decode_latin_1(text)


def encode_below(w_unicode, errors, encoding, limit):
    """Encode by the numbers of the code points, which must be below *limit*: ASCII and Latin-1."""
    if w_unicode.is_ascii():
        return w_unicode.utf8
    run = EncodeRun(w_unicode, encoding, errors)
    reason = "ordinal not in range(%d)" % limit
    while run.has_more():
        code = run.peek()
        if code < limit:
            run.builder.append(chr(code))
            run.advance()
            continue
        start = run.index
        end = end_of_bad(w_unicode, start, limit)
        replacement = run.problem(end, reason)
        position = 0
        while position < len(replacement):
            code = rutf8.codepoint_at_pos(replacement, position)
            if code >= limit:
                raise run.strict_error(start, end, reason)
            run.builder.append(chr(code))
            position = rutf8.next_codepoint_pos(replacement, position)
    return run.result()


def end_of_bad(w_unicode, index, limit):
    """The index behind the code points from *index* on that are not below *limit*."""
    while index < w_unicode.length and w_unicode.ordinal(index) >= limit:
        index += 1
    return index


# ---- character maps

UNDEFINED = "character maps to <undefined>"


class W_EncodingMap(W_Root):
    """What ``charmap_build`` makes: bytes by code point."""

    _attrs_ = ("bytes_of",)

    def __init__(self, bytes_of):
        self.bytes_of = bytes_of


define_type(W_EncodingMap, "EncodingMap", {}, acceptable_as_base=False)


def charmap_build(w_table):
    """The encoding map of a decoding table: a unicode object with the character of each byte."""
    if not isinstance(w_table, W_AnyUnicode):
        raise type_error("charmap_build() argument 1 must be unicode, not %s" % space.type_name(w_table))
    bytes_of = {}
    for byte in range(min(w_table.length, 256)):
        code = w_table.ordinal(byte)
        if code != 0xFFFE:
            bytes_of[code] = byte
    return W_EncodingMap(bytes_of)


def mapping_item(w_mapping, code):
    """The item of a mapping under *code*, or None where there is none."""
    try:
        return space.getitem(w_mapping, space.newint(code))
    except OperationError as error:
        if error.match(space.w_LookupError):
            return None
        raise


def decode_charmap(text, errors, w_mapping):
    run = DecodeRun(text, "charmap", errors)
    position = 0
    while position < len(text):
        if append_decoded(run, ord(text[position]), w_mapping):
            position += 1
        else:
            position = run.problem(position, position + 1, UNDEFINED)
    return run.result()


def append_decoded(run, byte, w_mapping):
    """Append what *w_mapping* has for *byte*; false where that is nothing."""
    if isinstance(w_mapping, W_AnyUnicode):
        if byte >= w_mapping.length or w_mapping.ordinal(byte) == 0xFFFE:
            return False
        run.builder.append_code(w_mapping.ordinal(byte))
        return True
    w_value = mapping_item(w_mapping, byte)
    if w_value is None or space.is_none(w_value):
        return False
    if isinstance(w_value, W_AnyUnicode):
        if w_value.length == 1 and w_value.ordinal(0) == 0xFFFE:
            return False
        run.builder.append(w_value.utf8)
        return True
    if not space.is_int(w_value):
        raise type_error("character mapping must return integer, None or unicode")
    code = space.int_w(w_value)
    if code == 0xFFFE:
        return False
    if code < 0 or code > rutf8.MAXIMUM_CODE_POINT:
        raise type_error("character mapping must be in range(0x110000)")
    run.builder.append_code(code)
    return True


def append_encoded(run, code, w_mapping):
    """Append the bytes that *w_mapping* has for *code*; false where that is nothing."""
    if isinstance(w_mapping, W_EncodingMap):
        byte = w_mapping.bytes_of.get(code, -1)
        if byte < 0:
            return False
        run.builder.append(chr(byte))
        return True
    w_value = mapping_item(w_mapping, code)
    if w_value is None or space.is_none(w_value):
        return False
    if isinstance(w_value, W_AnyStr):
        run.builder.append(w_value.value)
        return True
    if not space.is_int(w_value):
        raise type_error("character mapping must return integer, None or str, not %s" % space.type_name(w_value))
    byte = space.int_w(w_value)
    if byte < 0 or byte > 255:
        raise type_error("character mapping must be in range(256)")
    run.builder.append(chr(byte))
    return True


def can_encode(w_unicode, index, w_mapping):
    probe = EncodeRun(w_unicode, "charmap", "strict")
    return append_encoded(probe, w_unicode.ordinal(index), w_mapping)


def encode_charmap(w_unicode, errors, w_mapping):
    run = EncodeRun(w_unicode, "charmap", errors)
    while run.has_more():
        if append_encoded(run, run.peek(), w_mapping):
            run.advance()
            continue
        start = run.index
        end = start + 1
        while end < w_unicode.length and not can_encode(w_unicode, end, w_mapping):
            end += 1
        replacement = run.problem(end, UNDEFINED)
        position = 0
        while position < len(replacement):
            if not append_encoded(run, rutf8.codepoint_at_pos(replacement, position), w_mapping):
                raise run.strict_error(start, end, UNDEFINED)
            position = rutf8.next_codepoint_pos(replacement, position)
    return run.result()
