"""Format strings of ``struct``: what is where in the packed bytes."""

import sys

from ouro.interp_py27.objects import space
from ouro.rlib.rarithmetic import LONG_BIT, ovfcheck

NATIVE_BIG_ENDIAN = sys.byteorder == "big"
MAX_SIZE = (1 << (LONG_BIT - 1)) - 1

# Size of each format character, in the standard and in the native layout; natively a value is aligned to its size.
_STANDARD = {"x": 1, "c": 1, "b": 1, "B": 1, "?": 1, "s": 1, "p": 1, "h": 2, "H": 2, "i": 4, "I": 4, "l": 4, "L": 4,
             "f": 4, "q": 8, "Q": 8, "d": 8}
_NATIVE = dict(_STANDARD, l=LONG_BIT // 8, L=LONG_BIT // 8, P=LONG_BIT // 8)
STANDARD_SIZE = [_STANDARD.get(chr(_code), 0) for _code in range(256)]
NATIVE_SIZE = [_NATIVE.get(chr(_code), 0) for _code in range(256)]


class BadFormat(Exception):
    def __init__(self, message):
        self.message = message


class Item:
    """One value, or run of equal values, of a format.

    `code` is the format character; `size` that of one value, and of the whole for `s` and `p`, which have `count` 1.
    """

    _immutable_fields_ = ["code", "count", "size", "offset"]

    def __init__(self, code, count, size, offset):
        self.code = code
        self.count = count
        self.size = size
        self.offset = offset


class Layout:
    """A parsed format: `items`, the `size` of the whole and how many values it has."""

    _immutable_fields_ = ["items[*]", "size", "value_count", "is_big_endian", "is_native"]

    def __init__(self, items, size, value_count, is_big_endian, is_native):
        self.items = items
        self.size = size
        self.value_count = value_count
        self.is_big_endian = is_big_endian
        self.is_native = is_native


def parse_format(format):
    """The Layout of a format string, which ends at a NUL; raises BadFormat."""
    format = space.until_nul(format)
    position = 0
    is_big_endian = NATIVE_BIG_ENDIAN
    is_native = True
    if len(format) > 0:
        first = format[0]
        position = 1
        if first == "<":
            is_big_endian = False
            is_native = False
        elif first == ">" or first == "!":
            is_big_endian = True
            is_native = False
        elif first == "=":
            is_native = False
        elif first != "@":
            position = 0
    try:
        return _parse_items(format, position, is_big_endian, is_native)
    except OverflowError:
        raise BadFormat("total struct size too long") from None


def _is_space(character):
    return character == " " or "\t" <= character <= "\r"


def _parse_items(format, position, is_big_endian, is_native):
    items = []
    offset = 0
    value_count = 0
    while position < len(format):
        code = format[position]
        position += 1
        if _is_space(code):
            continue
        count = 1
        if "0" <= code <= "9":
            count = ord(code) - ord("0")
            while position < len(format) and "0" <= format[position] <= "9":
                count = ovfcheck(ovfcheck(count * 10) + (ord(format[position]) - ord("0")))
                position += 1
            if position == len(format):
                break
            code = format[position]
            position += 1
        size = NATIVE_SIZE[ord(code)] if is_native else STANDARD_SIZE[ord(code)]
        if size == 0:
            raise BadFormat("bad char in struct format")
        if is_native and size > 1:
            offset = ovfcheck(offset + (size - 1)) // size * size
        total = ovfcheck(size * count)
        if code == "s" or code == "p":
            items.append(Item(code, 1, count, offset))
            value_count += 1
        elif code != "x":
            items.append(Item(code, count, size, offset))
            value_count += count
        offset = ovfcheck(offset + total)
    return Layout(items[:], offset, value_count, is_big_endian, is_native)
