"""Writing JSON: ``encode_basestring_ascii``, and the encoders that ``make_encoder`` makes."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.dict_object import W_AnyDict, W_Dict
from ouro.interp_py27.objects.function_object import W_BuiltinFunction
from ouro.interp_py27.objects.int_object import W_Int
from ouro.interp_py27.objects.list_object import W_AnyList
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.str_object import W_AnyStr, W_Str
from ouro.interp_py27.objects.unicode_object import W_AnyUnicode
from ouro.interp_py27.vm.argument import Arguments, named_arguments
from ouro.interp_py27.vm.errors import OperationError, type_error, value_error
from ouro.interp_py27.vm.typedef import Member, define_type
from ouro.rlib import rfloat, rutf8
from ouro.rlib.rstring import StringBuilder

HEX = "0123456789abcdef"
#: For each byte whether it stands for itself between quotes.
PLAIN = "".join(["1" if " " <= chr(code) <= "~" and chr(code) not in '"\\' else "0" for code in range(256)])


def append_code(builder, code):
    builder.append("\\u")
    builder.append(HEX[(code >> 12) & 15])
    builder.append(HEX[(code >> 8) & 15])
    builder.append(HEX[(code >> 4) & 15])
    builder.append(HEX[code & 15])


def append_quoted(builder, w_text, text):
    """Append the JSON of a text, in ASCII alone; `text` is the bytes of a str or the UTF-8 of a unicode object."""
    is_utf8 = isinstance(w_text, W_AnyUnicode)
    builder.append('"')
    start = 0
    position = 0
    while position < len(text):
        character = text[position]
        if PLAIN[ord(character)] == "1":
            position += 1
            continue
        if character >= "\x80" and not is_utf8:
            # What was read up to here is the same in UTF-8.
            text = space.utf8_w(space.decode_object(w_text, "utf-8", "strict"))
            is_utf8 = True
        if position > start:
            builder.append_slice(text, start, position)
        if character >= "\x80":
            code = rutf8.codepoint_at_pos(text, position)
            position = rutf8.next_codepoint_pos(text, position)
            if code > 0xFFFF:
                code -= 0x10000
                append_code(builder, 0xD800 | (code >> 10))
                code = 0xDC00 | (code & 0x3FF)
            append_code(builder, code)
        else:
            position += 1
            append_escaped(builder, character)
        start = position
    if start == 0:
        builder.append(text)
    else:
        builder.append_slice(text, start, position)
    builder.append('"')


def append_escaped(builder, character):
    if character == '"' or character == "\\":
        builder.append("\\")
        builder.append(character)
    elif character == "\n":
        builder.append("\\n")
    elif character == "\t":
        builder.append("\\t")
    elif character == "\r":
        builder.append("\\r")
    elif character == "\b":
        builder.append("\\b")
    elif character == "\f":
        builder.append("\\f")
    else:
        append_code(builder, ord(character))


def encode_basestring_ascii(w_basestring):
    """encode_basestring_ascii(basestring) -> str

Return an ASCII-only JSON representation of a Python string"""
    if isinstance(w_basestring, W_AnyUnicode):
        text = w_basestring.utf8
    elif isinstance(w_basestring, W_AnyStr):
        text = w_basestring.value
    else:
        raise type_error("first argument must be a string, not %s" % space.type_name(w_basestring))
    builder = StringBuilder(len(text) + 2)
    append_quoted(builder, w_basestring, text)
    return space.newstr(builder.build())


class Output:
    """What an encoder has written so far.

    Where all pieces are strs known to the encoder they become one. Where an encoder of the application makes some, each
    stays what it is, for `join` to judge.
    """

    def __init__(self, is_joined):
        self.is_joined = is_joined
        self.builder = StringBuilder(256)
        self.parts_w = []
        self.count = 0
        self.open_w = []  # the objects that contain the one being encoded, where that is noted

    def add(self, text):
        self.count += 1
        if self.is_joined:
            self.builder.append(text)
        else:
            self.parts_w.append(space.newstr(text))

    def add_object(self, w_piece):
        self.count += 1
        if self.is_joined:
            self.builder.append(space.bytes_w(w_piece))
        else:
            self.parts_w.append(w_piece)

    def result(self):
        if self.is_joined:
            return space.newlist([space.newstr(self.builder.build())])
        return space.newlist(self.parts_w)


def item_count(w_list, items_w):
    """How many items there are now; `items_w` are those of a tuple."""
    if isinstance(w_list, W_AnyList):
        return w_list.length()
    return len(items_w)


def identity_as_key(w_obj):
    return space.wrapped_identity(w_obj)


class W_Encoder(W_Root):
    """_iterencode(obj, _current_indent_level) -> iterable"""

    _attrs_ = ("w_markers", "w_default", "w_encoder", "w_indent", "w_key_separator", "w_item_separator", "w_sort_keys",
               "w_skipkeys", "skips_keys", "allows_nan", "is_fast")

    def call_args(self, args):
        scope_w = named_arguments(args, "_iterencode", ["obj", "_current_indent_level"], 2)
        return self.call_2(scope_w[0], scope_w[1])

    def call_2(self, w_obj, w_indent_level):
        space.arg_int_w(w_indent_level)
        are_strs = isinstance(self.w_key_separator, W_Str) and isinstance(self.w_item_separator, W_Str)
        output = Output(self.is_fast and are_strs)
        try:
            self.encode(output, w_obj)
        except OperationError:
            for w_open in output.open_w:
                space.setitem(self.w_markers, identity_as_key(w_open), w_open)
            raise
        return output.result()

    def call_list(self, args_w):
        return self.call_args(Arguments(args_w))

    def encode(self, output, w_obj):
        """Write the JSON of an object."""
        if isinstance(w_obj, W_Int):
            output.add(str(w_obj.intval))
        elif space.is_text(w_obj):
            self.encode_text(output, w_obj)
        elif space.is_none(w_obj):
            output.add("null")
        elif w_obj is space.w_True:
            output.add("true")
        elif w_obj is space.w_False:
            output.add("false")
        elif space.is_int(w_obj) or space.is_long(w_obj):
            output.add_object(space.str(w_obj))
        elif space.is_float(w_obj):
            output.add_object(self.encode_float(w_obj))
        elif space.is_list(w_obj) or space.is_tuple(w_obj):
            self.enter()
            try:
                self.encode_list(output, w_obj)
            finally:
                space.get_context().leave_recursion()
        elif space.is_dict(w_obj):
            self.enter()
            try:
                self.encode_dict(output, w_obj)
            finally:
                space.get_context().leave_recursion()
        else:
            self.encode_other(output, w_obj)

    def enter(self):
        space.get_context().enter_recursion(" while encoding a JSON object")

    def mark(self, output, w_obj):
        """Note that an object is being encoded, where circles are looked for.

        There are few such objects at a time, so that they are in a list; the dict of markers has them after an error.
        """
        w_markers = self.w_markers
        if space.is_none(w_markers):
            return
        for w_open in output.open_w:
            if w_open is w_obj:
                raise value_error("Circular reference detected")
        if space.is_true(w_markers) and space.contains(w_markers, identity_as_key(w_obj)):
            raise value_error("Circular reference detected")
        output.open_w.append(w_obj)

    def unmark(self, output):
        if len(output.open_w) > 0:
            output.open_w.pop()

    def encode_other(self, output, w_obj):
        """What the function `default` of the application makes of it."""
        self.mark(output, w_obj)
        w_replaced = self.w_default.call_1(w_obj)
        self.enter()
        try:
            self.encode(output, w_replaced)
        finally:
            space.get_context().leave_recursion()
        self.unmark(output)

    def encode_text(self, output, w_text):
        if output.is_joined:
            output.count += 1
            if isinstance(w_text, W_AnyUnicode):
                append_quoted(output.builder, w_text, w_text.utf8)
            else:
                append_quoted(output.builder, w_text, space.bytes_w(w_text))
        elif self.is_fast:
            output.add_object(encode_basestring_ascii(w_text))
        else:
            output.add_object(self.w_encoder.call_1(w_text))

    def encode_float(self, w_float):
        value = space.float_w(w_float)
        if rfloat.isfinite(value):
            # That of a float, whatever a subclass says.
            return space.repr(space.newfloat(value))
        if not self.allows_nan:
            raise value_error("Out of range float values are not JSON compliant")
        if rfloat.isnan(value):
            return space.newstr("NaN")
        return space.newstr("Infinity" if value > 0.0 else "-Infinity")

    def encode_list(self, output, w_list):
        items_w = space.tuple_list(w_list) if space.is_tuple(w_list) else []
        if item_count(w_list, items_w) == 0:
            output.add("[]")
            return
        self.mark(output, w_list)
        output.add("[")
        i = 0
        # What the application is called for may change a list.
        while i < item_count(w_list, items_w):
            if i > 0:
                output.add_object(self.w_item_separator)
            self.encode(output, w_list.getitem_int(i) if isinstance(w_list, W_AnyList) else items_w[i])
            i += 1
        self.unmark(output)
        output.add("]")

    def encode_dict(self, output, w_dict):
        assert isinstance(w_dict, W_AnyDict)
        if w_dict.length() == 0:
            output.add("{}")
            return
        self.mark(output, w_dict)
        output.add("{")
        before = output.count
        if isinstance(w_dict, W_Dict):
            keys_w = w_dict.keys_list()
            values_w = w_dict.values_list()
            for i in range(len(keys_w)):
                self.encode_pair(output, keys_w[i], values_w[i], before)
        else:
            # A subclass may iterate and give its values in its own way.
            w_iterator = space.iter(w_dict)
            while True:
                w_key = w_iterator.iter_next()
                if w_key is None:
                    break
                self.encode_pair(output, w_key, space.getitem(w_dict, w_key), before)
        self.unmark(output)
        output.add("}")

    def encode_pair(self, output, w_key, w_value, before):
        """A key and its value; behind a separator where there are more than `before` pieces."""
        w_text = self.key_text(w_key)
        if w_text is None:
            return
        if output.count > before:
            output.add_object(self.w_item_separator)
        self.encode_text(output, w_text)
        output.add_object(self.w_key_separator)
        self.encode(output, w_value)

    def key_text(self, w_key):
        """A key as text; None where it is to be left out."""
        if space.is_text(w_key):
            return w_key
        if space.is_float(w_key):
            return self.encode_float(w_key)
        if space.is_none(w_key):
            return space.newstr("null")
        if space.is_int(w_key) or space.is_long(w_key):
            return space.str(w_key)
        if self.skips_keys:
            return None
        raise type_error("keys must be a string")


PARAMETERS = [
    "markers", "default", "encoder", "indent", "key_separator", "item_separator", "sort_keys", "skipkeys", "allow_nan",
]  # fmt: skip


def encoder_new(w_subtype, __args__):
    scope_w = named_arguments(__args__, "make_encoder", PARAMETERS, len(PARAMETERS))
    encoder = W_Encoder()
    encoder.w_markers = scope_w[0]
    if not space.is_none(encoder.w_markers) and not space.is_dict(encoder.w_markers):
        raise type_error("make_encoder() argument 1 must be dict or None, not %s" % space.type_name(scope_w[0]))
    encoder.w_default = scope_w[1]
    encoder.w_encoder = w_encoder = scope_w[2]
    encoder.w_indent = scope_w[3]
    encoder.w_key_separator = scope_w[4]
    encoder.w_item_separator = scope_w[5]
    encoder.w_sort_keys = scope_w[6]
    encoder.w_skipkeys = scope_w[7]
    encoder.skips_keys = space.is_true(scope_w[7])
    encoder.allows_nan = space.is_true(scope_w[8])
    encoder.is_fast = isinstance(w_encoder, W_BuiltinFunction) and w_encoder.code.name == "encode_basestring_ascii"
    return encoder


def encoder_call(self, __args__):
    return self.call_args(__args__)


define_type(W_Encoder, "Encoder", {
    "__doc__": W_Encoder.__doc__,
    "__new__": encoder_new,
    "__call__": encoder_call,
    "markers": Member("w_markers"),
    "default": Member("w_default"),
    "encoder": Member("w_encoder"),
    "indent": Member("w_indent"),
    "key_separator": Member("w_key_separator"),
    "item_separator": Member("w_item_separator"),
    "sort_keys": Member("w_sort_keys"),
    "skipkeys": Member("w_skipkeys"),
}, module="_json", acceptable_as_base=False)
