"""How arrays keep their items: one class for each type code, with a list of machine values of just that width.

`_make_kind` makes the class. It knows how to turn an item to an application object and back (`wrap`, `unwrap`) and to
the bits in memory and back (`bits`, `from_bits`), through which the bytes of an array are seen: by its buffer, by
``tostring``.
"""

import sys

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.buffers import Buffer
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Lifeline, W_Root
from ouro.interp_py27.vm.errors import overflow_error, type_error, value_error
from ouro.rlib import rfloat, rstruct, rutf8
from ouro.rlib.objectmodel import not_rpython, specialize
from ouro.rlib.rarithmetic import (
    intmask,
    r_int8,
    r_int16,
    r_int32,
    r_longlong,
    r_singlefloat,
    r_uint,
    r_uint8,
    r_uint16,
    r_uint32,
    r_ulonglong,
)
from ouro.rlib.rbigint import rbigint

BIG_ENDIAN = sys.byteorder == "big"
# From half way between the greatest single and the next power of two on, C makes a single infinite.
SINGLE_LIMIT = float.fromhex("0x1.ffffffp+127")


class W_Array(W_Root):
    """An array of any kind; the methods below are those of the kinds."""

    _attrs_ = ("lifeline",)
    typecode = "?"
    itemsize = 0
    lifeline = None

    def getweakref(self):
        return self.lifeline

    def setweakref(self, lifeline):
        assert lifeline is None or isinstance(lifeline, W_Lifeline)
        self.lifeline = lifeline

    def delweakref(self):
        self.lifeline = None

    def get_buffer(self):
        return ArrayBuffer(self)

    def length(self):
        raise NotImplementedError

    def item(self, index):
        """The wrapped item at a checked index."""
        raise NotImplementedError

    def set_item(self, index, w_item):
        raise NotImplementedError

    def append(self, w_item):
        raise NotImplementedError

    def insert(self, index, w_item):
        raise NotImplementedError

    def delete(self, index):
        raise NotImplementedError

    def new_empty(self):
        """A new array of the same kind."""
        raise NotImplementedError

    def append_from(self, w_other, start, step, count):
        """Append *count* items of another array of the same kind."""
        raise NotImplementedError

    def set_from(self, start, step, w_other):
        """Store all items of another array of the same kind from *start* on, *step* apart."""
        raise NotImplementedError

    def replace(self, start, stop, w_other):
        """Put the items of another array of the same kind in place of those from *start* to *stop*."""
        raise NotImplementedError

    def repeat(self, count):
        """Make the items repeat *count* times."""
        raise NotImplementedError

    def reverse(self):
        raise NotImplementedError

    def swap_bytes(self):
        raise NotImplementedError

    def pack(self, start, stop):
        """The items from *start* to *stop* as bytes."""
        raise NotImplementedError

    def unpack(self, data):
        """Append the items of a string of bytes."""
        raise NotImplementedError

    def first_difference(self, w_other):
        """The first index where the items of another array of the same kind differ, or the length of the shorter."""
        raise NotImplementedError

    def is_less(self, index, w_other):
        """Whether the item at an index is less than that of another array of the same kind."""
        raise NotImplementedError

    def item_bits(self, index):
        """The memory of an item as an r_ulonglong."""
        raise NotImplementedError

    def set_item_bits(self, index, bits):
        raise NotImplementedError


class ArrayBuffer(Buffer):
    """The memory of an array. What is beyond the end, after the array became shorter, is zero."""

    _attrs_ = ("w_array",)
    modern = False
    textual = False

    def __init__(self, w_array):
        self.w_array = w_array
        self.readonly = False

    def length(self):
        return self.w_array.length() * self.w_array.itemsize

    def shift(self, index):
        """The place of byte `index` within the bits of its item."""
        size = self.w_array.itemsize
        offset = index % size
        return 8 * (size - 1 - offset) if BIG_ENDIAN else 8 * offset

    def get(self, index):
        position = index // self.w_array.itemsize
        if position >= self.w_array.length():
            return "\x00"
        return chr(intmask((self.w_array.item_bits(position) >> self.shift(index)) & r_ulonglong(0xFF)))

    def set(self, index, character):
        position = index // self.w_array.itemsize
        if position < self.w_array.length():
            shift = self.shift(index)
            others = self.w_array.item_bits(position) & ~(r_ulonglong(0xFF) << shift)
            self.w_array.set_item_bits(position, others | (r_ulonglong(ord(character)) << shift))

    def text(self, start, stop):
        size = self.w_array.itemsize
        if stop > self.length():
            return Buffer.text(self, start, stop)
        first = start // size
        skip = start - first * size
        packed = self.w_array.pack(first, (stop + size - 1) // size)
        if skip == 0 and len(packed) == stop - start:
            return packed
        assert skip >= 0
        end = skip + stop - start
        assert end >= skip
        return packed[skip:end]

    def store(self, start, data):
        size = self.w_array.itemsize
        if start % size != 0 or len(data) % size != 0:
            Buffer.store(self, start, data)
            return
        position = 0
        index = start // size
        while position < len(data) and index < self.w_array.length():
            self.w_array.set_item_bits(index, rstruct.read_unsigned(data, position, size, BIG_ENDIAN))
            position += size
            index += 1


@specialize.argtype(0)
def _itself(item):
    return item


def _single_value(item):
    return float(item)


@not_rpython
def _make_kind(typecode, itemsize, unwrap, wrap, bits, from_bits):
    """The class for one type code.

    ``unwrap(w_item)`` gives an item, ``wrap(item)`` the reverse; ``bits(item)`` gives its memory as an r_ulonglong, and
    ``from_bits(bits)`` the reverse.
    """

    comparable = _single_value if typecode == "f" else _itself

    class W_Kind(W_Array):
        _attrs_ = ("items",)

        def __init__(self):
            self.items = []

        def length(self):
            return len(self.items)

        def item(self, index):
            return wrap(self.items[index])

        def set_item(self, index, w_item):
            item = unwrap(w_item)
            # Unwrapping may run a program, which may make the array shorter.
            if index < len(self.items):
                self.items[index] = item

        def append(self, w_item):
            self.items.append(unwrap(w_item))

        def insert(self, index, w_item):
            item = unwrap(w_item)
            self.items.insert(min(index, len(self.items)), item)

        def delete(self, index):
            del self.items[index]

        def new_empty(self):
            return W_Kind()

        def append_from(self, w_other, start, step, count):
            assert isinstance(w_other, W_Kind)
            items = w_other.items
            if step == 1:
                assert start >= 0
                stop = start + count
                assert stop >= start
                self.items += items[start:stop]
                return
            for _ in range(count):
                self.items.append(items[start])
                start += step

        def set_from(self, start, step, w_other):
            assert isinstance(w_other, W_Kind)
            for item in w_other.items[:]:
                self.items[start] = item
                start += step

        def replace(self, start, stop, w_other):
            assert isinstance(w_other, W_Kind)
            assert start >= 0
            assert stop >= start
            self.items[start:stop] = w_other.items[:]

        def repeat(self, count):
            self.items = self.items * max(count, 0)

        def reverse(self):
            self.items.reverse()

        def swap_bytes(self):
            items = self.items
            for index in range(len(items)):
                value = bits(items[index])
                swapped = r_ulonglong(0)
                for _ in range(itemsize):
                    swapped = (swapped << 8) | (value & r_ulonglong(0xFF))
                    value = value >> 8
                items[index] = from_bits(swapped)

        def pack(self, start, stop):
            items = self.items
            data = ["\x00"] * ((stop - start) * itemsize)
            position = 0
            for index in range(start, stop):
                value = bits(items[index])
                for offset in range(itemsize):
                    place = itemsize - 1 - offset if BIG_ENDIAN else offset
                    data[position + place] = chr(intmask(value & r_ulonglong(0xFF)))
                    value = value >> 8
                position += itemsize
            return "".join(data)

        def unpack(self, data):
            position = 0
            while position < len(data):
                self.items.append(from_bits(rstruct.read_unsigned(data, position, itemsize, BIG_ENDIAN)))
                position += itemsize

        def first_difference(self, w_other):
            assert isinstance(w_other, W_Kind)
            left = self.items
            right = w_other.items
            count = min(len(left), len(right))
            for index in range(count):
                if comparable(left[index]) != comparable(right[index]):
                    return index
            return count

        def is_less(self, index, w_other):
            assert isinstance(w_other, W_Kind)
            return comparable(self.items[index]) < comparable(w_other.items[index])

        def item_bits(self, index):
            return bits(self.items[index])

        def set_item_bits(self, index, value):
            self.items[index] = from_bits(value)

    W_Kind.__name__ = W_Kind.__qualname__ = "W_Array_" + typecode
    W_Kind.typecode = typecode
    W_Kind.itemsize = itemsize
    return W_Kind


# ---- kinds of items


@not_rpython
def _make_integer(typecode, stored, what):
    """Items of the fixed-width class `stored`, all of which fit an int of the application."""
    itemsize = stored.BITS // 8
    low = int(stored.MINIMUM)
    high = int(stored.MAXIMUM)

    def unwrap(w_item):
        value = space.arg_int_w(w_item)
        if value < low:
            raise overflow_error(what + " is less than minimum")
        if value > high:
            raise overflow_error(what + " is greater than maximum")
        return stored(value)

    def wrap(item):
        return space.newint(int(item))

    def bits(item):
        return r_ulonglong(int(item))

    def from_bits(value):
        return stored(intmask(value))

    return _make_kind(typecode, itemsize, unwrap, wrap, bits, from_bits)


def unwrap_word(w_item):
    return space.arg_int_w(w_item)


def wrap_word(item):
    return space.newint(item)


def word_bits(item):
    return r_ulonglong(item)


def word_from_bits(value):
    return intmask(value)


@not_rpython
def _make_wide(typecode, itemsize, stored, what):
    """Unsigned items that application code sees as longs."""
    high = (1 << (8 * itemsize)) - 1

    def unwrap(w_item):
        if not (space.is_int(w_item) or space.is_long(w_item)):
            w_item = space.newint(space.arg_int_w(w_item))
        big = space.bigint_w(w_item)
        if big.sign < 0:
            raise overflow_error(what + " is less than minimum")
        try:
            value = big.touint()
        except OverflowError:
            raise overflow_error("long int too large to convert") from None
        if value > r_uint(high):
            raise overflow_error(what + " is greater than maximum")
        return stored(value)

    def wrap(item):
        return space.newlong(rbigint.fromrarith_int(r_uint(item)))

    def bits(item):
        return r_ulonglong(item)

    def from_bits(value):
        return stored(value)

    return _make_kind(typecode, itemsize, unwrap, wrap, bits, from_bits)


def unwrap_double(w_item):
    return space.float_w(w_item)


def wrap_double(item):
    return space.newfloat(item)


def double_bits(item):
    return r_ulonglong(rfloat.float_to_bits(item))


def double_from_bits(value):
    return rfloat.float_from_bits(r_longlong(value))


def unwrap_single(w_item):
    """The nearest single, infinite where there is none."""
    value = space.float_w(w_item)
    if value >= SINGLE_LIMIT:
        value = rfloat.INFINITY
    elif value <= -SINGLE_LIMIT:
        value = -rfloat.INFINITY
    return r_singlefloat(value)


def wrap_single(item):
    return space.newfloat(float(item))


def single_bits(item):
    return r_ulonglong(rfloat.single_to_bits(item))


def single_from_bits(value):
    return rfloat.single_from_bits(intmask(value))


def unwrap_character(w_item):
    if not space.is_str(w_item) or len(space.bytes_w(w_item)) != 1:
        raise type_error("array item must be char")
    return space.bytes_w(w_item)[0]


def wrap_character(item):
    return space.newstr(item)


def character_bits(item):
    return r_ulonglong(ord(item))


def character_from_bits(value):
    return chr(intmask(value))


def unwrap_code_point(w_item):
    if not space.is_unicode(w_item) or space.len_w(w_item) != 1:
        raise type_error("array item must be unicode character")
    return r_uint32(space.unicode_ordinal(w_item, 0))


def wrap_code_point(item):
    code = int(item)
    if code > rutf8.MAXIMUM_CODE_POINT:
        raise value_error("array item is no code point")
    return space.newunicode_length(rutf8.unichr_as_utf8(code, True), 1)


def code_point_bits(item):
    return r_ulonglong(item)


def code_point_from_bits(value):
    return r_uint32(value)


KINDS = [
    _make_kind("c", 1, unwrap_character, wrap_character, character_bits, character_from_bits),
    _make_kind("u", 4, unwrap_code_point, wrap_code_point, code_point_bits, code_point_from_bits),
    _make_integer("b", r_int8, "signed char"),
    _make_integer("B", r_uint8, "unsigned byte integer"),
    _make_integer("h", r_int16, "signed short integer"),
    _make_integer("H", r_uint16, "unsigned short"),
    _make_integer("i", r_int32, "signed integer"),
    _make_wide("I", 4, r_uint32, "unsigned int"),
    _make_kind("l", 8, unwrap_word, wrap_word, word_bits, word_from_bits),
    _make_wide("L", 8, r_uint, "unsigned long"),
    _make_kind("f", 4, unwrap_single, wrap_single, single_bits, single_from_bits),
    _make_kind("d", 8, unwrap_double, wrap_double, double_bits, double_from_bits),
]
USER_KINDS = [make_user_class(_kind) for _kind in KINDS]
MAKERS = {}
USER_MAKERS = {}


@not_rpython
def _add_makers(kind, user_kind):
    def make():
        return kind()

    def make_user():
        return user_kind()

    MAKERS[kind.typecode] = make
    USER_MAKERS[kind.typecode] = make_user


for _kind, _user_kind in zip(KINDS, USER_KINDS):
    _add_makers(_kind, _user_kind)
