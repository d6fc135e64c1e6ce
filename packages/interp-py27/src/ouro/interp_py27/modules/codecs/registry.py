"""Codecs and error handlers by name, and the operations of the object space that encode and decode."""

from ouro.interp_py27.modules.codecs import single_byte, utf
from ouro.interp_py27.modules.codecs.runs import backslash_escapes, character_references
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.str_object import W_AnyStr
from ouro.interp_py27.objects.unicode_object import W_AnyUnicode
from ouro.interp_py27.vm.errors import OperationError, operror, type_error


class CodecRegistry:
    """Search functions, found codecs by normalised name, and error handlers by name."""

    def __init__(self):
        self.search_path_w = []
        self.codecs_w = {}
        self.handlers_w = {}
        self.searching = False


registry = CodecRegistry()


def normal_encoding(encoding):
    return encoding.lower().replace(" ", "-")


def import_encodings():
    """The package that registers the first search function, before any other is registered or asked."""
    if not registry.searching:
        registry.searching = True
        space.import_module("encodings")


def register_codec_search(w_search):
    import_encodings()
    registry.search_path_w.append(w_search)


def lookup_codec(encoding):
    """The codec's tuple.

    Raises LookupError of the application where no search function knows it.
    """
    name = normal_encoding(encoding)
    w_found = registry.codecs_w.get(name, None)
    if w_found is not None:
        return w_found
    import_encodings()
    for w_search in registry.search_path_w:
        w_found = w_search.call_1(space.newstr(name))
        if space.is_none(w_found):
            continue
        if not space.is_tuple(w_found) or space.len_w(w_found) != 4:
            raise type_error("codec search functions must return 4-tuples")
        registry.codecs_w[name] = w_found
        return w_found
    raise operror(space.w_LookupError, "unknown encoding: " + encoding)


def register_error_handler(name, w_handler):
    registry.handlers_w[name] = w_handler


def lookup_error_handler(name):
    w_handler = registry.handlers_w.get(name, None)
    if w_handler is None:
        raise operror(space.w_LookupError, "unknown error handler name '%s'" % name)
    return w_handler


def codec_item(encoding, index):
    return space.tuple_items(lookup_codec(encoding))[index]


def call_codec(w_function, w_object, errors, what):
    """The first item of what an encoder or decoder returns."""
    w_result = w_function.call_2(w_object, space.newstr(errors))
    if not space.is_tuple(w_result) or space.len_w(w_result) != 2:
        raise type_error(what + " must return a tuple (object,integer)")
    return space.tuple_items(w_result)[0]


def builtin_name(encoding):
    """The one spelling of an encoding that is built in, "" for any other."""
    name = encoding.lower().replace("_", "-")
    if name == "utf-8" or name == "utf8":
        return "utf-8"
    if name == "ascii" or name == "us-ascii":
        return "ascii"
    if name == "latin-1" or name == "iso-8859-1" or name == "latin1":
        return "latin-1"
    return ""


def encode_object(w_object, encoding, errors):
    """``object.encode(encoding, errors)`` for str and unicode."""
    name = builtin_name(encoding)
    if name != "":
        if isinstance(w_object, W_AnyStr):
            w_object = space.decode_default(w_object)
        assert isinstance(w_object, W_AnyUnicode)
        if name == "utf-8":
            return space.newstr(utf.encode_utf_8(w_object, errors))
        if name == "ascii":
            return space.newstr(single_byte.encode_below(w_object, errors, "ascii", 128))
        return space.newstr(single_byte.encode_below(w_object, errors, "latin-1", 256))
    w_result = call_codec(codec_item(encoding, 0), w_object, errors, "encoder")
    if not (isinstance(w_result, W_AnyStr) or isinstance(w_result, W_AnyUnicode)):
        raise type_error("encoder did not return a string/unicode object (type=%s)" % space.type_name(w_result))
    return w_result


def decode_object(w_object, encoding, errors):
    """``object.decode(encoding, errors)`` for str and unicode."""
    name = builtin_name(encoding)
    if name != "":
        text = space.buffer_str_w(w_object)
        if name == "utf-8":
            decoded, _ = utf.decode_utf_8(text, errors, True)
        elif name == "ascii":
            decoded = single_byte.decode_ascii(text, errors)
        else:
            decoded = single_byte.decode_latin_1(text)
        return space.newunicode(decoded)
    w_result = call_codec(codec_item(encoding, 1), w_object, errors, "decoder")
    if not (isinstance(w_result, W_AnyStr) or isinstance(w_result, W_AnyUnicode)):
        raise type_error("decoder did not return a string/unicode object (type=%s)" % space.type_name(w_result))
    return w_result


# ---- the handlers that are there from the start


def error_range(w_error):
    """Start and end of what a Unicode error is about, within its object."""
    w_object = space.getattr_str(w_error, "object")
    if is_error_kind(w_error, space.w_UnicodeDecodeError):
        if not isinstance(w_object, W_AnyStr):
            raise type_error("object attribute must be str")
        length = len(w_object.value)
    else:
        if not isinstance(w_object, W_AnyUnicode):
            raise type_error("object attribute must be unicode")
        length = w_object.length
    start = space.int_w(space.getattr_str(w_error, "start"))
    end = space.int_w(space.getattr_str(w_error, "end"))
    return max(min(start, length - 1), 0), min(max(end, 1), length)


def is_error_kind(w_error, w_type):
    return space.isinstance_w(w_error, w_type)


def wrong_error(w_error):
    return type_error("don't know how to handle %s in error callback" % space.type_name(w_error))


def handler_reply(utf8, end):
    return space.newtuple([space.newunicode(utf8), space.newint(end)])


def error_object(w_error):
    w_object = space.getattr_str(w_error, "object")
    if not isinstance(w_object, W_AnyUnicode):
        raise type_error("object attribute must be unicode")
    return w_object


def strict_errors(w_error):
    """Raise the error."""
    if not space.isinstance_w(w_error, space.w_BaseException):
        raise type_error("codec must pass exception instance")
    raise OperationError(w_error.getclass(), w_error)


def ignore_errors(w_error):
    """Leave out what cannot be converted."""
    if not (
        is_error_kind(w_error, space.w_UnicodeEncodeError)
        or is_error_kind(w_error, space.w_UnicodeDecodeError)
        or is_error_kind(w_error, space.w_UnicodeTranslateError)
    ):
        raise wrong_error(w_error)
    _, end = error_range(w_error)
    return handler_reply("", end)


def replace_errors(w_error):
    """A question mark, or the replacement character, for what cannot be converted."""
    if is_error_kind(w_error, space.w_UnicodeEncodeError):
        start, end = error_range(w_error)
        return handler_reply("?" * (end - start), end)
    if is_error_kind(w_error, space.w_UnicodeDecodeError):
        _, end = error_range(w_error)
        return handler_reply("\xef\xbf\xbd", end)
    if is_error_kind(w_error, space.w_UnicodeTranslateError):
        start, end = error_range(w_error)
        return handler_reply("\xef\xbf\xbd" * (end - start), end)
    raise wrong_error(w_error)


def xmlcharrefreplace_errors(w_error):
    """Character references for what cannot be encoded."""
    if not is_error_kind(w_error, space.w_UnicodeEncodeError):
        raise wrong_error(w_error)
    start, end = error_range(w_error)
    return handler_reply(character_references(error_object(w_error), start, end), end)


def backslashreplace_errors(w_error):
    """Escapes for what cannot be encoded."""
    if not is_error_kind(w_error, space.w_UnicodeEncodeError):
        raise wrong_error(w_error)
    start, end = error_range(w_error)
    return handler_reply(backslash_escapes(error_object(w_error), start, end), end)
