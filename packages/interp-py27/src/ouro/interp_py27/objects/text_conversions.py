"""Between ``str`` and ``unicode`` by the default encoding."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.str_object import W_AnyStr
from ouro.interp_py27.objects.unicode_object import W_AnyUnicode, W_Unicode
from ouro.interp_py27.parser import DecodingProblem
from ouro.interp_py27.vm.errors import OperationError, type_error
from ouro.rlib import rutf8


class DefaultEncoding:
    """``sys.getdefaultencoding()``."""

    def __init__(self):
        self.name = "ascii"


default_encoding = DefaultEncoding()


def encode_default_text(w_unicode):
    """The characters of a unicode object in the default encoding."""
    assert isinstance(w_unicode, W_AnyUnicode)
    if w_unicode.is_ascii():
        return w_unicode.utf8
    if default_encoding.name == "utf-8":
        return w_unicode.utf8
    if default_encoding.name == "ascii":
        utf8 = w_unicode.utf8
        position = rutf8.first_non_ascii_char(utf8)
        start = w_unicode.index_at(position)
        end = start + 1
        while end < w_unicode.length and w_unicode.ordinal(end) >= 128:
            end += 1
        raise encode_error("ascii", w_unicode, start, end, "ordinal not in range(128)")
    return space.bytes_w(space.encode_object(w_unicode, default_encoding.name, "strict"))


def encode_default(w_unicode):
    return space.newstr(encode_default_text(w_unicode))


def encode_error(encoding, w_unicode, start, end, reason):
    return OperationError(space.w_UnicodeEncodeError, space.newtuple([
        space.newstr(encoding), w_unicode, space.newint(start), space.newint(end), space.newstr(reason)]))


def decode_error(encoding, w_str, start, end, reason):
    return OperationError(space.w_UnicodeDecodeError, space.newtuple([
        space.newstr(encoding), w_str, space.newint(start), space.newint(end), space.newstr(reason)]))


def decode_default(w_str):
    """The W_Unicode of a str in the default encoding."""
    text = space.bytes_w(w_str)
    position = rutf8.first_non_ascii_char(text)
    if position < 0:
        return W_Unicode(text, len(text))
    if default_encoding.name == "ascii":
        raise decode_error("ascii", w_str, position, position + 1, "ordinal not in range(128)")
    w_result = space.decode_object(w_str, default_encoding.name, "strict")
    assert isinstance(w_result, W_AnyUnicode)
    return w_result


def encoding_or_default(encoding):
    """The encoding that an argument names, or the default one."""
    return default_encoding.name if encoding is None else encoding


def decode_source_text(source, encoding):
    """The UTF-8 of source text that declares an encoding; DecodingProblem where that fails."""
    try:
        w_decoded = space.decode_object(space.newstr(source), encoding, "strict")
    except OperationError as error:
        if not error.match(space.w_Exception):
            raise
        raise DecodingProblem(space.str_text(error.get_w_value()))
    if not isinstance(w_decoded, W_AnyUnicode):
        raise DecodingProblem("codec did not return a unicode object")
    return w_decoded.utf8


def decode_source_lines(source, encoding):
    """As `decode_source_text`, through the codec's reader of streams."""
    try:
        w_codec = space.getattr_str(space.find_builtin_module("_codecs"), "lookup").call_1(space.newstr(encoding))
    except OperationError as error:
        if not error.match(space.w_LookupError):
            raise
        raise DecodingProblem(space.str_text(error.get_w_value()), True)
    try:
        w_stream = space.getattr_str(space.find_builtin_module("cStringIO"), "StringIO").call_1(space.newstr(source))
        w_reader = space.getitem(w_codec, space.newint(2)).call_1(w_stream)
        w_decoded = space.getattr_str(w_reader, "read").call_0()
    except OperationError as error:
        if not error.match(space.w_Exception):
            raise
        raise DecodingProblem(space.str_text(error.get_w_value()))
    if not isinstance(w_decoded, W_AnyUnicode):
        raise DecodingProblem("codec did not return a unicode object")
    return w_decoded.utf8


def encode_filename(w_unicode):
    """A file name: file systems take UTF-8."""
    assert isinstance(w_unicode, W_AnyUnicode)
    return w_unicode.utf8


def encode_for_stream(w_unicode, w_stream):
    """What ``print`` writes to a file with an encoding."""
    w_encoding = space.getattr_str(w_stream, "encoding")
    if space.is_none(w_encoding):
        return encode_default(w_unicode)
    w_errors = space.findattr(w_stream, "errors")
    errors = "strict"
    if w_errors is not None and space.is_str(w_errors):
        errors = space.text_w(w_errors)
    return space.encode_object(w_unicode, space.text_w(w_encoding), errors)


def unicode_from(w_obj):
    """``unicode(obj)``."""
    if isinstance(w_obj, W_Unicode):
        return w_obj
    if isinstance(w_obj, W_AnyUnicode):
        w_method = space.lookup(w_obj, "__unicode__")
        if w_method is None:
            return W_Unicode(w_obj.utf8, w_obj.length)
    else:
        w_method = space.lookup(w_obj, "__unicode__")
    if w_method is None and isinstance(w_obj, W_AnyStr):
        return decode_default(space.str(w_obj))
    if w_method is not None:
        w_result = space.call_special_0(w_method, w_obj)
    else:
        w_result = space.unchecked_str(w_obj)
    if isinstance(w_result, W_AnyUnicode):
        # An instance of a subclass too, where the method gives one.
        return w_result
    if isinstance(w_result, W_AnyStr):
        return decode_default(w_result)
    raise type_error("coercing to Unicode: need string or buffer, %s found" % space.type_name(w_result))


def has_unicode_names():
    """Whether the program lets ``unicodedata`` be imported: escapes by name need it, as in CPython."""
    w_modules = space.sys_get("modules")
    if w_modules is None:
        return True
    w_module = space.finditem_str(w_modules, "unicodedata")
    return w_module is None or not space.is_none(w_module)


def is_printable_ascii(text):
    for character in text:
        if not " " <= character <= "~":
            return False
    return True


def decimal_text(w_unicode):
    """The text of a number: decimal digits of all scripts and spaces as ASCII."""
    utf8 = space.utf8_w(w_unicode)
    if is_printable_ascii(utf8):
        return utf8
    parts = []
    position = 0
    index = 0
    while position < len(utf8):
        code = rutf8.codepoint_at_pos(utf8, position)
        digit = space.unicode_decimal(code)
        if rutf8.isspace(utf8, position):
            parts.append(" ")
        elif digit >= 0:
            parts.append(chr(ord("0") + digit))
        elif 0 < code < 256:
            parts.append(chr(code))
        else:
            raise encode_error("decimal", w_unicode, index, index + 1, "invalid decimal Unicode string")
        position = rutf8.next_codepoint_pos(utf8, position)
        index += 1
    return "".join(parts)
