"""``_struct``: values as bytes in the layouts of C."""

from ouro.interp_py27.modules._struct.layout import NATIVE_BIG_ENDIAN, BadFormat, parse_format
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.support import new_exception_class
from ouro.interp_py27.vm.errors import OperationError, operror, overflow_error, type_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib import rfloat, rstruct
from ouro.rlib.rarithmetic import LONG_BIT, r_longlong, r_ulonglong
from ouro.rlib.rbigint import rbigint
from ouro.rlib.rstring import StringBuilder

w_error = new_exception_class("struct.error", space.w_Exception)

MAX_CACHED = 100

# Formats with the same messages as C's own types, where the byte order is that of the machine.
_SMALL_MESSAGES = {
    "b": "byte format requires -128 <= number <= 127",
    "B": "ubyte format requires 0 <= number <= 255",
    "h": "short format requires SHRT_MIN <= number <= SHRT_MAX",
    "H": "ushort format requires 0 <= number <= USHRT_MAX",
}
SMALL_MESSAGES = [_SMALL_MESSAGES.get(chr(_code), "") for _code in range(256)]


def struct_error(message):
    return operror(w_error, message)


class W_Struct(W_Root):
    """Struct(fmt) --> compiled struct object\n\nReturn a new Struct object which writes and reads binary data according
to\nthe format string fmt.  See help(struct) for more on format\nstrings."""

    _attrs_ = ("format", "layout")

    def __init__(self):
        self.format = ""
        self.layout = None


W_StructUser = make_user_class(W_Struct)


class FormatCache:
    """Layouts of the formats used lately."""

    def __init__(self):
        self.layouts = {}


cache = FormatCache()


def _layout(format):
    layout = cache.layouts.get(format, None)
    if layout is None:
        try:
            layout = parse_format(format)
        except BadFormat as problem:
            raise struct_error(problem.message) from None
        if len(cache.layouts) >= MAX_CACHED:
            cache.layouts.clear()
        cache.layouts[format] = layout
    return layout


def _format_w(w_format):
    if not space.is_text(w_format):
        raise type_error("Struct() argument 1 must be string, not " + space.type_name(w_format))
    return space.text_w(w_format)


# Packing


class Packer:
    """Appends the values `args_w[index:]` to `builder` as a layout says."""

    def __init__(self, layout, args_w, index):
        self.layout = layout
        self.args_w = args_w
        self.index = index
        self.builder = StringBuilder(layout.size)

    def pack(self):
        layout = self.layout
        builder = self.builder
        for item in layout.items:
            builder.append_multiple_char("\x00", item.offset - builder.getlength())
            for _ in range(item.count):
                self._pack_value(item, self.args_w[self.index])
                self.index += 1
        builder.append_multiple_char("\x00", layout.size - builder.getlength())
        return builder.build()

    def _pack_value(self, item, w_value):
        code = item.code
        if code == "s" or code == "p":
            self._pack_string(item, w_value)
        elif code == "c":
            if not space.is_str(w_value) or len(space.bytes_w(w_value)) != 1:
                raise struct_error("char format require string of length 1")
            self.builder.append(space.bytes_w(w_value))
        elif code == "?":
            self.builder.append("\x01" if space.is_true(w_value) else "\x00")
        elif code == "f" or code == "d":
            self._pack_float(item, w_value)
        else:
            self._pack_integer(item, w_value)

    def _pack_string(self, item, w_value):
        if not space.is_str(w_value):
            raise struct_error("argument for '%s' must be a string" % item.code)
        text = space.bytes_w(w_value)
        room = item.size
        if item.code == "p" and room > 0:
            room -= 1
            length = len(text)
            if length > room:
                length = room
            if length > 255:
                length = 255
            self.builder.append(chr(length))
        if len(text) > room:
            text = text[:room]
        self.builder.append(text)
        self.builder.append_multiple_char("\x00", room - len(text))

    def _pack_float(self, item, w_value):
        try:
            value = space.float_w(w_value)
        except OperationError as error:
            if not error.match(space.w_TypeError):
                raise
            raise struct_error("required argument is not a float") from None
        if item.code == "d":
            rstruct.append_double(self.builder, value, self.layout.is_big_endian)
            return
        try:
            rstruct.append_single(self.builder, value, self.layout.is_big_endian)
        except OverflowError:
            if not self.layout.is_native:
                raise overflow_error("float too large to pack with f format") from None
            infinity = rfloat.INFINITY if value > 0.0 else -rfloat.INFINITY
            rstruct.append_single(self.builder, infinity, self.layout.is_big_endian)

    def _pack_integer(self, item, w_value):
        if space.is_int(w_value) and item.code != "P":
            word = space.int_w(w_value)
            if _fits(word, item):
                rstruct.append_integer(self.builder, r_ulonglong(word), item.size, self.layout.is_big_endian)
                return
        try:
            value = _integer(w_value)
        except OperationError as error:
            # an infinity, say, which is no integer at all
            if item.code == "P" or not error.match(space.w_OverflowError):
                raise
            raise _not_in_range(item.code) from None
        self._pack_big_integer(item, value)

    def _pack_big_integer(self, item, value):
        size = item.size
        is_signed = item.code.islower()
        bits = 8 * size
        fits = value.bit_length() <= (bits - 1 if is_signed else bits)
        if is_signed and not fits:
            # The least number has one bit more.
            fits = value.sign < 0 and value.int_add(1).bit_length() <= bits - 1
        if item.code == "P":
            _check_pointer(value)
        elif not fits or (value.sign < 0 and not is_signed):
            raise self._out_of_range(item, value, is_signed)
        if value.sign < 0:
            word = r_ulonglong(value.tolonglong())
        else:
            word = value.toulonglong()
        rstruct.append_integer(self.builder, word, size, self.layout.is_big_endian)

    def _out_of_range(self, item, value, is_signed):
        code = item.code
        bits = 8 * item.size
        small = SMALL_MESSAGES[ord(code)]
        if small != "" and (item.size == 1 or self.layout.is_big_endian == NATIVE_BIG_ENDIAN):
            if value.fits_int():
                return struct_error(small)
        elif bits < LONG_BIT and is_signed and value.fits_int():
            return struct_error("'%s' format requires %d <= number <= %d" % (
                code, -(1 << (bits - 1)), (1 << (bits - 1)) - 1))
        elif bits < LONG_BIT and not is_signed and value.sign > 0 and value.bit_length() <= LONG_BIT:
            return struct_error("'%s' format requires 0 <= number <= %d" % (code, (1 << bits) - 1))
        return _not_in_range(code)


def _not_in_range(code):
    return struct_error("integer out of range for '%s' format code" % code)


def _fits(word, item):
    """Whether a machine integer is in the range of an integer format."""
    bits = 8 * item.size
    is_signed = item.code.islower()
    if bits >= LONG_BIT:
        return is_signed or word >= 0
    if is_signed:
        half = 1 << (bits - 1)
        return -half <= word < half
    return 0 <= word < 1 << bits


def _check_pointer(value):
    """Addresses may be given as signed or unsigned words."""
    if value.sign < 0 and not value.fits_int():
        raise overflow_error("Python int too large to convert to C long")
    if value.bit_length() > LONG_BIT:
        raise overflow_error("long int too large to convert")


def _integer(w_value):
    """The value of an integer argument; anything with ``__int__`` will do, with a warning."""
    if space.is_int(w_value) or space.is_long(w_value):
        return space.bigint_w(w_value)
    if space.is_index(w_value):
        try:
            return space.bigint_w(space.index_object(w_value))
        except OperationError as error:
            # What has an __index__ that fails may still have an __int__.
            if not error.match(space.w_TypeError):
                raise
    w_method = space.lookup(w_value, "__int__")
    if w_method is None:
        raise struct_error("cannot convert argument to integer")
    if space.is_float(w_value):
        space.warn("integer argument expected, got float", space.w_DeprecationWarning)
    else:
        space.warn("integer argument expected, got non-integer", space.w_DeprecationWarning)
    w_result = space.call_special_0(w_method, w_value)
    if not space.is_int(w_result) and not space.is_long(w_result):
        raise type_error("__int__ method returned non-integer")
    return space.bigint_w(w_result)


def _pack(layout, args_w, index, what):
    count = len(args_w) - index
    if count != layout.value_count:
        raise struct_error("%s expected %d items for packing (got %d)" % (what, layout.value_count, count))
    return Packer(layout, args_w, index).pack()


# Unpacking


def _unpack(layout, data, start):
    """The values of a layout as a tuple; `data` is long enough."""
    values_w = []
    for item in layout.items:
        position = start + item.offset
        for _ in range(item.count):
            values_w.append(_unpack_value(item, data, position, layout.is_big_endian))
            position += item.size
    return space.newtuple(values_w[:])


def _unpack_value(item, data, position, is_big_endian):
    code = item.code
    size = item.size
    assert position >= 0
    if code == "s" or code == "c":
        return space.newstr(data[position:position + size])
    if code == "p":
        if size == 0:
            return space.newstr("")
        length = ord(data[position])
        if length >= size:
            length = size - 1
        assert length >= 0
        return space.newstr(data[position + 1:position + 1 + length])
    if code == "?":
        return space.newbool(data[position] != "\x00")
    if code == "f":
        return space.newfloat(rstruct.read_single(data, position, is_big_endian))
    if code == "d":
        return space.newfloat(rstruct.read_double(data, position, is_big_endian))
    if code.islower():
        signed = rstruct.read_integer(data, position, size, is_big_endian)
        if size * 8 <= LONG_BIT:
            return space.newint(int(signed))
        return space.newint_or_long(rbigint.fromrarith_int(r_longlong(signed)))
    unsigned = rstruct.read_unsigned(data, position, size, is_big_endian)
    if size * 8 < LONG_BIT or unsigned >> (LONG_BIT - 1) == 0:
        return space.newint(int(unsigned))
    return space.newint_or_long(rbigint.fromrarith_int(unsigned))


def _unpack_string(layout, w_data):
    if not space.has_buffer(w_data) and not space.is_text(w_data):
        raise struct_error("unpack requires a string argument of length %d" % layout.size)
    data = space.buffer_str_w(w_data)
    if len(data) != layout.size:
        raise struct_error("unpack requires a string argument of length %d" % layout.size)
    return _unpack(layout, data, 0)


def _unpack_from(layout, w_buffer, offset):
    if space.is_str(w_buffer):
        data = space.bytes_w(w_buffer)
        start = _start(offset, len(data), layout.size)
        if start >= 0:
            return _unpack(layout, data, start)
    else:
        memory = space.buffer_of(w_buffer)
        start = _start(offset, memory.length(), layout.size)
        if start >= 0:
            return _unpack(layout, memory.text(start, start + layout.size), 0)
    raise struct_error("unpack_from requires a buffer of at least %d bytes" % layout.size)


def _start(offset, length, size):
    """Where to begin in a buffer, or -1 where there is no room."""
    if offset < 0:
        offset += length
    if offset < 0 or length - offset < size:
        return -1
    return offset


def _pack_into(layout, args_w, index):
    """pack_into() with its arguments from `index` on: the buffer, the offset, the values."""
    if len(args_w) - index < 1:
        raise struct_error("pack_into expected buffer argument")
    if len(args_w) - index < 2:
        raise struct_error("pack_into expected offset argument")
    memory = space.writable_buffer_of(args_w[index])
    data = _pack(layout, args_w, index + 2, "pack_into")
    start = _start(space.index_w(args_w[index + 1]), memory.length(), layout.size)
    if start < 0:
        raise struct_error("pack_into requires a buffer of at least %d bytes" % layout.size)
    memory.store(start, data)


# The module's functions


def calcsize(w_format):
    """Return size of C struct described by format string fmt."""
    return space.newint(_layout(_format_w(w_format)).size)


def pack(args_w):
    """Return string containing values v1, v2, ... packed according to fmt."""
    if len(args_w) == 0:
        raise type_error("missing format argument")
    return space.newstr(_pack(_layout(_format_w(args_w[0])), args_w, 1, "pack"))


def pack_into(args_w):
    """Pack the values v1, v2, ... according to fmt.\nWrite the packed bytes into the writable buffer buf starting at
offset."""
    if len(args_w) == 0:
        raise type_error("missing format argument")
    _pack_into(_layout(_format_w(args_w[0])), args_w, 1)


def unpack(w_format, w_string):
    """Unpack the string containing packed C structure data, according to fmt.
Requires len(string) == calcsize(fmt)."""
    return _unpack_string(_layout(_format_w(w_format)), w_string)


@unwrap_spec(offset="index")
def unpack_from(w_format, w_buffer, offset=0):
    """Unpack the buffer, containing packed C structure data, according to\nfmt, starting at offset. Requires
len(buffer[offset:]) >= calcsize(fmt)."""
    return _unpack_from(_layout(_format_w(w_format)), w_buffer, offset)


def clearcache():
    """Clear the internal cache."""
    cache.layouts.clear()


# Struct objects


def struct_new(w_subtype, __args__):
    if w_subtype is W_Struct.w_builtin_type:
        return W_Struct()
    space.check_subtype(w_subtype, W_Struct.w_builtin_type)
    w_struct = W_StructUser()
    space.init_user(w_struct, w_subtype)
    return w_struct


def struct_init(self, w_format):
    self.format = _format_w(w_format)
    self.layout = _layout(self.format)


def _ready(w_struct):
    layout = w_struct.layout
    if layout is None:
        raise struct_error("Struct object is not initialized")
    return layout


def struct_pack(self, args_w):
    """S.pack(v1, v2, ...) -> string"""
    return space.newstr(_pack(_ready(self), args_w, 0, "pack"))


def struct_pack_into(self, args_w):
    """S.pack_into(buffer, offset, v1, v2, ...)"""
    _pack_into(_ready(self), args_w, 0)


def struct_unpack(self, w_string):
    """S.unpack(str) -> (v1, v2, ...)"""
    return _unpack_string(_ready(self), w_string)


@unwrap_spec(offset="index")
def struct_unpack_from(self, w_buffer, offset=0):
    """S.unpack_from(buffer[, offset]) -> (v1, v2, ...)"""
    return _unpack_from(_ready(self), w_buffer, offset)


def get_format(self):
    return space.newstr(self.format)


def get_size(self):
    return space.newint(_ready(self).size)


define_type(W_Struct, "Struct", {
    "__doc__": W_Struct.__doc__,
    "__new__": struct_new,
    "__init__": struct_init,
    "pack": struct_pack,
    "pack_into": struct_pack_into,
    "unpack": struct_unpack,
    "unpack_from": struct_unpack_from,
    "format": GetSet(get_format, doc="struct format string"),
    "size": GetSet(get_size, doc="struct size in bytes"),
}, user_class=W_StructUser)

define_module("_struct", {
    "Struct": W_Struct, "error": w_error, "calcsize": calcsize, "pack": pack, "pack_into": pack_into,
    "unpack": unpack, "unpack_from": unpack_from, "_clearcache": clearcache, "__version__": "0.2",
    "_PY_STRUCT_RANGE_CHECKING": 0, "_PY_STRUCT_FLOAT_COERCE": 1,
}, doc="Functions to convert between Python values and C structs.\n"
       "Python strings are used to hold the data representing the C struct\n"
       "and also as format strings to describe the layout of data in the C struct.")
