"""``_codecs``."""

from ouro.interp_py27.modules.codecs import escapes, registry, single_byte, utf
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.str_object import W_AnyStr
from ouro.interp_py27.objects.unicode_methods import coerced
from ouro.interp_py27.objects.unicode_object import W_AnyUnicode
from ouro.interp_py27.vm.errors import type_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.rlib.objectmodel import not_rpython


def as_unicode(w_text):
    """The unicode object to encode: a str or buffer is decoded by the default encoding."""
    return coerced(w_text)


def as_bytes(w_data):
    """The bytes to decode: of a str, or of anything with the buffer interface."""
    if isinstance(w_data, W_AnyStr):
        return w_data.value
    return space.buffer_str_w(w_data)


def as_errors(w_errors):
    if w_errors is None or space.is_none(w_errors):
        return "strict"
    return space.text_w(w_errors)


def pair(w_result, length):
    return space.newtuple([w_result, space.newint(length)])


# ---- registry


def register(w_search):
    """register(search_function)"""
    if not space.is_callable(w_search):
        raise type_error("argument must be callable")
    registry.register_codec_search(w_search)


@unwrap_spec(encoding="c_text")
def lookup(encoding):
    """lookup(encoding) -> CodecInfo"""
    return registry.lookup_codec(encoding)


@unwrap_spec(name="c_text")
def register_error(name, w_handler):
    """register_error(errors, handler)"""
    if not space.is_callable(w_handler):
        raise type_error("handler must be callable")
    registry.register_error_handler(name, w_handler)


@unwrap_spec(name="c_text")
def lookup_error(name):
    """lookup_error(errors) -> handler"""
    return registry.lookup_error_handler(name)


@unwrap_spec(encoding="c_text", errors="c_text")
def encode(w_object, encoding=None, errors="strict"):
    """encode(obj, [encoding[,errors]]) -> object"""
    w_encoder = registry.codec_item(space.encoding_or_default(encoding), 0)
    return registry.call_codec(w_encoder, w_object, errors, "encoder")


@unwrap_spec(encoding="c_text", errors="c_text")
def decode(w_object, encoding=None, errors="strict"):
    """decode(obj, [encoding[,errors]]) -> object"""
    w_decoder = registry.codec_item(space.encoding_or_default(encoding), 1)
    return registry.call_codec(w_decoder, w_object, errors, "decoder")


# ---- UTF-8 and UTF-7


def utf_8_encode(w_text, w_errors=None):
    w_text = as_unicode(w_text)
    return pair(space.newstr(utf.encode_utf_8(w_text, as_errors(w_errors))), w_text.length)


@unwrap_spec(final=bool)
def utf_8_decode(w_data, w_errors=None, final=False):
    text, consumed = utf.decode_utf_8(as_bytes(w_data), as_errors(w_errors), final)
    return pair(space.newunicode(text), consumed)


def utf_7_encode(w_text, w_errors=None):
    w_text = as_unicode(w_text)
    return pair(space.newstr(utf.encode_utf_7(w_text)), w_text.length)


@unwrap_spec(final=bool)
def utf_7_decode(w_data, w_errors=None, final=False):
    text, consumed = utf.decode_utf_7(as_bytes(w_data), as_errors(w_errors), final)
    return pair(space.newunicode(text), consumed)


# ---- UTF-16 and UTF-32, each in three byte orders


@not_rpython
def _make_wide(encode_text, decode_text, order, name, encoding):
    """Encoder and decoder of one width in one byte order, which messages do not tell."""

    def encode_wide(w_text, w_errors=None):
        w_text = as_unicode(w_text)
        return pair(space.newstr(encode_text(w_text, order)), w_text.length)

    @unwrap_spec(final=bool)
    def decode_wide(w_data, w_errors=None, final=False):
        text, consumed, _ = decode_text(as_bytes(w_data), as_errors(w_errors), final, order, encoding)
        return pair(space.newunicode(text), consumed)

    encode_wide.__name__ = name + "_encode"
    decode_wide.__name__ = name + "_decode"
    return encode_wide, decode_wide


@not_rpython
def _make_ex(decode_text, encoding):
    """The decoder that also tells the byte order it found."""

    @unwrap_spec(order=int, final=bool)
    def decode_ex(w_data, w_errors=None, order=0, final=False):
        text, consumed, found = decode_text(as_bytes(w_data), as_errors(w_errors), final, order, encoding)
        return space.newtuple([space.newunicode(text), space.newint(consumed), space.newint(found)])

    decode_ex.__name__ = encoding + "_ex_decode"
    return decode_ex


WIDE = {}
for _width, _encode, _decode in [
    ("16", utf.encode_utf_16, utf.decode_utf_16),
    ("32", utf.encode_utf_32, utf.decode_utf_32),
]:
    for _suffix, _order in [("", utf.NATIVE), ("_le", utf.LITTLE), ("_be", utf.BIG)]:
        _name = "utf_" + _width + _suffix
        _encoder, _decoder = _make_wide(_encode, _decode, _order, _name, "utf" + _width)
        WIDE[_name + "_encode"] = _encoder
        WIDE[_name + "_decode"] = _decoder
    WIDE["utf_" + _width + "_ex_decode"] = _make_ex(_decode, "utf" + _width)


# ---- one byte a character


def ascii_encode(w_text, w_errors=None):
    w_text = as_unicode(w_text)
    return pair(space.newstr(single_byte.encode_below(w_text, as_errors(w_errors), "ascii", 128)), w_text.length)


def ascii_decode(w_data, w_errors=None):
    data = as_bytes(w_data)
    return pair(space.newunicode(single_byte.decode_ascii(data, as_errors(w_errors))), len(data))


def latin_1_encode(w_text, w_errors=None):
    w_text = as_unicode(w_text)
    return pair(space.newstr(single_byte.encode_below(w_text, as_errors(w_errors), "latin-1", 256)), w_text.length)


def latin_1_decode(w_data, w_errors=None):
    data = as_bytes(w_data)
    return pair(space.newunicode(single_byte.decode_latin_1(data)), len(data))


def charmap_encode(w_text, w_errors=None, w_mapping=None):
    w_text = as_unicode(w_text)
    if w_mapping is None or space.is_none(w_mapping):
        return latin_1_encode(w_text, w_errors)
    return pair(space.newstr(single_byte.encode_charmap(w_text, as_errors(w_errors), w_mapping)), w_text.length)


def charmap_decode(w_data, w_errors=None, w_mapping=None):
    if w_mapping is None or space.is_none(w_mapping):
        return latin_1_decode(w_data, w_errors)
    data = as_bytes(w_data)
    return pair(space.newunicode(single_byte.decode_charmap(data, as_errors(w_errors), w_mapping)), len(data))


# ---- escapes


def unicode_escape_encode(w_text, w_errors=None):
    w_text = as_unicode(w_text)
    return pair(space.newstr(escapes.encode_unicode_escape(w_text.utf8, "")), w_text.length)


def unicode_escape_decode(w_data, w_errors=None):
    data = text_or_bytes(w_data)
    return pair(space.newunicode(escapes.decode_unicode_escape(data, as_errors(w_errors))), len(data))


def raw_unicode_escape_encode(w_text, w_errors=None):
    w_text = as_unicode(w_text)
    return pair(space.newstr(escapes.encode_raw_unicode_escape(w_text.utf8)), w_text.length)


def raw_unicode_escape_decode(w_data, w_errors=None):
    data = text_or_bytes(w_data)
    return pair(space.newunicode(escapes.decode_raw_unicode_escape(data, as_errors(w_errors))), len(data))


def text_or_bytes(w_data):
    if isinstance(w_data, W_AnyUnicode):
        return space.text_w(w_data)
    return as_bytes(w_data)


def escape_encode(w_data, w_errors=None):
    if not isinstance(w_data, W_AnyStr):
        raise type_error("must be string, not %s" % space.type_name(w_data))
    return pair(space.newstr(escapes.encode_string_escape(w_data.value)), len(w_data.value))


def escape_decode(w_data, w_errors=None):
    data = text_or_bytes(w_data)
    return pair(space.newstr(escapes.decode_string_escape(data, as_errors(w_errors))), len(data))


# ---- buffers as they are


def readbuffer_encode(w_data, w_errors=None):
    data = text_or_bytes(w_data)
    return pair(space.newstr(data), len(data))


def unicode_internal_encode(w_text, w_errors=None):
    if not isinstance(w_text, W_AnyUnicode):
        return readbuffer_encode(w_text)
    return pair(space.newstr(utf.encode_utf_32(w_text, utf.LITTLE)), w_text.length)


def unicode_internal_decode(w_data, w_errors=None):
    if isinstance(w_data, W_AnyUnicode):
        return pair(w_data, w_data.length)
    data = as_bytes(w_data)
    text, _, _ = utf.decode_utf_32(data, as_errors(w_errors), True, utf.LITTLE, "unicode_internal")
    return pair(space.newunicode(text), len(data))


def start_codecs(w_module):
    """Register the error handlers: they are application functions by now."""
    for name in ["strict", "ignore", "replace", "xmlcharrefreplace", "backslashreplace"]:
        registry.register_error_handler(name, space.getattr_str(w_module, "_" + name + "_errors"))


define_module("_codecs", dict(
    WIDE,
    register=register,
    lookup=lookup,
    register_error=register_error,
    lookup_error=lookup_error,
    encode=encode,
    decode=decode,
    utf_8_encode=utf_8_encode,
    utf_8_decode=utf_8_decode,
    utf_7_encode=utf_7_encode,
    utf_7_decode=utf_7_decode,
    ascii_encode=ascii_encode,
    ascii_decode=ascii_decode,
    latin_1_encode=latin_1_encode,
    latin_1_decode=latin_1_decode,
    charmap_encode=charmap_encode,
    charmap_decode=charmap_decode,
    charmap_build=single_byte.charmap_build,
    unicode_escape_encode=unicode_escape_encode,
    unicode_escape_decode=unicode_escape_decode,
    raw_unicode_escape_encode=raw_unicode_escape_encode,
    raw_unicode_escape_decode=raw_unicode_escape_decode,
    escape_encode=escape_encode,
    escape_decode=escape_decode,
    readbuffer_encode=readbuffer_encode,
    charbuffer_encode=readbuffer_encode,
    unicode_internal_encode=unicode_internal_encode,
    unicode_internal_decode=unicode_internal_decode,
    _strict_errors=registry.strict_errors,
    _ignore_errors=registry.ignore_errors,
    _replace_errors=registry.replace_errors,
    _xmlcharrefreplace_errors=registry.xmlcharrefreplace_errors,
    _backslashreplace_errors=registry.backslashreplace_errors,
), startup=start_codecs)
