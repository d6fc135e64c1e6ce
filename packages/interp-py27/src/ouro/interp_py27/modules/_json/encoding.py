"""Writing JSON: ``encode_basestring_ascii``, and the encoders that ``make_encoder`` makes."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.dict_object import W_AnyDict, W_Dict
from ouro.interp_py27.objects.function_object import W_BuiltinFunction
from ouro.interp_py27.objects.list_object import W_AnyList
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.unicode_object import W_AnyUnicode
from ouro.interp_py27.vm.argument import Arguments, named_arguments
from ouro.interp_py27.vm.errors import type_error, value_error
from ouro.interp_py27.vm.typedef import Member, define_type
from ouro.rlib import rfloat, rutf8
from ouro.rlib.rstring import StringBuilder

HEX = "0123456789abcdef"


def append_code(builder, code):
    builder.append("\\u")
    builder.append(HEX[(code >> 12) & 15])
    builder.append(HEX[(code >> 8) & 15])
    builder.append(HEX[(code >> 4) & 15])
    builder.append(HEX[code & 15])


def quoted(utf8):
    """The JSON of a text, in ASCII alone."""
    builder = StringBuilder(len(utf8) + 2)
    builder.append('"')
    position = 0
    while position < len(utf8):
        character = utf8[position]
        if character == '"' or character == "\\":
            builder.append("\\" + character)
            position += 1
        elif " " <= character <= "~":
            builder.append(character)
            position += 1
        elif character == "\n":
            builder.append("\\n")
            position += 1
        elif character == "\t":
            builder.append("\\t")
            position += 1
        elif character == "\r":
            builder.append("\\r")
            position += 1
        elif character == "\b":
            builder.append("\\b")
            position += 1
        elif character == "\f":
            builder.append("\\f")
            position += 1
        else:
            code = rutf8.codepoint_at_pos(utf8, position)
            position = rutf8.next_codepoint_pos(utf8, position)
            if code > 0xFFFF:
                code -= 0x10000
                append_code(builder, 0xD800 | (code >> 10))
                code = 0xDC00 | (code & 0x3FF)
            append_code(builder, code)
    builder.append('"')
    return builder.build()


def encode_basestring_ascii(w_basestring):
    """encode_basestring_ascii(basestring) -> str

Return an ASCII-only JSON representation of a Python string"""
    if isinstance(w_basestring, W_AnyUnicode):
        return space.newstr(quoted(w_basestring.utf8))
    if not space.is_str(w_basestring):
        raise type_error("first argument must be a string, not %s" % space.type_name(w_basestring))
    text = space.bytes_w(w_basestring)
    if rutf8.first_non_ascii_char(text) >= 0:
        text = space.utf8_w(space.decode_object(w_basestring, "utf-8", "strict"))
    return space.newstr(quoted(text))


def item_count(w_list, items_w):
    """How many items there are now; `items_w` are those of a tuple."""
    if isinstance(w_list, W_AnyList):
        return w_list.length()
    return len(items_w)


class W_Encoder(W_Root):
    """_iterencode(obj, _current_indent_level) -> iterable"""

    _attrs_ = ("w_markers", "w_default", "w_encoder", "w_indent", "w_key_separator", "w_item_separator", "w_sort_keys",
               "w_skipkeys", "skips_keys", "allows_nan", "is_fast")

    def call_args(self, args):
        scope_w = named_arguments(args, "_iterencode", ["obj", "_current_indent_level"], 2)
        return self.call_2(scope_w[0], scope_w[1])

    def call_2(self, w_obj, w_indent_level):
        space.arg_int_w(w_indent_level)
        parts_w = []
        self.encode(parts_w, w_obj)
        return space.newlist(parts_w)

    def call_list(self, args_w):
        return self.call_args(Arguments(args_w))

    def encode(self, parts_w, w_obj):
        """Add the pieces of the JSON of an object."""
        if space.is_none(w_obj):
            parts_w.append(space.newstr("null"))
        elif w_obj is space.w_True:
            parts_w.append(space.newstr("true"))
        elif w_obj is space.w_False:
            parts_w.append(space.newstr("false"))
        elif space.is_text(w_obj):
            parts_w.append(self.encode_text(w_obj))
        elif space.is_int(w_obj) or space.is_long(w_obj):
            parts_w.append(space.str(w_obj))
        elif space.is_float(w_obj):
            parts_w.append(self.encode_float(w_obj))
        elif space.is_list(w_obj) or space.is_tuple(w_obj):
            self.enter()
            try:
                self.encode_list(parts_w, w_obj)
            finally:
                space.get_context().leave_recursion()
        elif space.is_dict(w_obj):
            self.enter()
            try:
                self.encode_dict(parts_w, w_obj)
            finally:
                space.get_context().leave_recursion()
        else:
            self.encode_other(parts_w, w_obj)

    def enter(self):
        space.get_context().enter_recursion(" while encoding a JSON object")

    def mark(self, w_obj):
        """Note that an object is being encoded; what gives up to `unmark`, or None where nothing is noted."""
        w_markers = self.w_markers
        if space.is_none(w_markers):
            return None
        w_identity = space.newint(space.identity_of(w_obj))
        if space.contains(w_markers, w_identity):
            raise value_error("Circular reference detected")
        space.setitem(w_markers, w_identity, w_obj)
        return w_identity

    def unmark(self, w_identity):
        if w_identity is not None:
            space.delitem(self.w_markers, w_identity)

    def encode_other(self, parts_w, w_obj):
        """What the function `default` of the application makes of it."""
        w_identity = self.mark(w_obj)
        w_replaced = self.w_default.call_1(w_obj)
        self.enter()
        try:
            self.encode(parts_w, w_replaced)
        finally:
            space.get_context().leave_recursion()
        self.unmark(w_identity)

    def encode_text(self, w_text):
        if self.is_fast:
            return encode_basestring_ascii(w_text)
        return self.w_encoder.call_1(w_text)

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

    def encode_list(self, parts_w, w_list):
        items_w = space.tuple_list(w_list) if space.is_tuple(w_list) else []
        if item_count(w_list, items_w) == 0:
            parts_w.append(space.newstr("[]"))
            return
        w_identity = self.mark(w_list)
        parts_w.append(space.newstr("["))
        i = 0
        # What the application is called for may change a list.
        while i < item_count(w_list, items_w):
            if i > 0:
                parts_w.append(self.w_item_separator)
            self.encode(parts_w, w_list.getitem_int(i) if isinstance(w_list, W_AnyList) else items_w[i])
            i += 1
        self.unmark(w_identity)
        parts_w.append(space.newstr("]"))

    def encode_dict(self, parts_w, w_dict):
        assert isinstance(w_dict, W_AnyDict)
        if w_dict.length() == 0:
            parts_w.append(space.newstr("{}"))
            return
        w_identity = self.mark(w_dict)
        parts_w.append(space.newstr("{"))
        before = len(parts_w)
        if isinstance(w_dict, W_Dict):
            keys_w = w_dict.keys_list()
            values_w = w_dict.values_list()
            for i in range(len(keys_w)):
                self.encode_pair(parts_w, keys_w[i], values_w[i], before)
        else:
            # A subclass may iterate and give its values in its own way.
            w_iterator = space.iter(w_dict)
            while True:
                w_key = w_iterator.iter_next()
                if w_key is None:
                    break
                self.encode_pair(parts_w, w_key, space.getitem(w_dict, w_key), before)
        self.unmark(w_identity)
        parts_w.append(space.newstr("}"))

    def encode_pair(self, parts_w, w_key, w_value, before):
        """A key and its value; behind a separator where there are more than `before` parts."""
        w_text = self.key_text(w_key)
        if w_text is None:
            return
        if len(parts_w) > before:
            parts_w.append(self.w_item_separator)
        parts_w.append(self.encode_text(w_text))
        parts_w.append(self.w_key_separator)
        self.encode(parts_w, w_value)

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
