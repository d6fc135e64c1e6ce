# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""String builders and odd arithmetic: RPython functions over low-level values."""

from __future__ import annotations

from ouro.lltype import WEAKREF, Address, GcStruct, Ptr, Signed, malloc, weakref_create
from ouro.rlib.rarithmetic import r_uint
from ouro.rlib.rstring import StringBuilder
from ouro.rtyper._helpers import low_level_module
from ouro.rtyper._llops import array_copy, array_copy_from_raw, shrink_array
from ouro.rtyper._string_helpers import EMPTY, STR

__all__ = ["WEAKREF", "Address", "StringBuilder", "weakref_create"]

BUILDER = GcStruct("string_builder", ("used", Signed), ("buffer", Ptr(STR)))


#: Sizes that are guessed are often too large; from here on, copying a buffer that grows costs more.
LARGE_BUFFER = 1 << 17


def new_builder(size):
    result = malloc(BUILDER)
    result.used = 0
    if size < 16:
        size = 16
    if 1280 < size < LARGE_BUFFER:
        size = 1280
    buffer = malloc(STR, size)
    buffer.hash = 0
    result.buffer = buffer
    return result


def reserve(builder, count):
    """Make room for `count` more characters."""
    used = builder.used
    needed = used + count
    old = builder.buffer
    if needed > len(old.chars):
        room = needed + (needed >> 1) + 16
        buffer = malloc(STR, room)
        buffer.hash = 0
        array_copy(old, buffer, 0, 0, used)
        builder.buffer = buffer


def append_char(builder, c):
    used = builder.used
    if used == len(builder.buffer.chars):
        reserve(builder, 1)
    builder.buffer.chars[used] = c
    builder.used = used + 1


def append(builder, s):
    count = len(s.chars)
    reserve(builder, count)
    used = builder.used
    array_copy(s, builder.buffer, 0, used, count)
    builder.used = used + count


def append_slice(builder, s, start, stop):
    count = stop - start
    reserve(builder, count)
    used = builder.used
    array_copy(s, builder.buffer, start, used, count)
    builder.used = used + count


def append_many(builder, c, times):
    if times <= 0:
        return
    reserve(builder, times)
    used = builder.used
    buffer = builder.buffer
    i = 0
    while i < times:
        buffer.chars[used + i] = c
        i += 1
    builder.used = used + times


def append_raw(builder, address, count):
    used = builder.used
    if used == 0 and count > len(builder.buffer.chars):
        # Mostly that is all, so that no room behind it has to be cut off again.
        buffer = malloc(STR, count)
        buffer.hash = 0
        builder.buffer = buffer
    else:
        reserve(builder, count)
    array_copy_from_raw(address, builder.buffer, used, count)
    builder.used = used + count


def build(builder):
    """The string so far; the builder goes on with a buffer that has no room, so the string never changes."""
    used = builder.used
    if used == 0:
        return EMPTY
    buffer = builder.buffer
    if used != len(buffer.chars):
        buffer = shrink_array(buffer, used)
        builder.buffer = buffer
    return buffer


def both(a, b):
    return a and b


def float_to_int_checked(x):
    if not (-9223372036854775808.0 <= x < 9223372036854775808.0):
        raise OverflowError
    return int(x)


def float_to_int_as_python(x):
    """`int(x)`, with the exceptions of plain Python; what is finite but beyond a word raises OverflowError too."""
    if x != x:
        raise ValueError
    return float_to_int_checked(x)


def swap_8(value):
    return value


def swap_16(value):
    return ((value >> 8) & r_uint(255)) | ((value & r_uint(255)) << 8)


def swap_32(value):
    return swap_16(value >> 16) | (swap_16(value & r_uint(65535)) << 16)


def swap_64(value):
    return swap_32(value >> 32) | (swap_32(value & r_uint(4294967295)) << 32)


SWAPS = {8: swap_8, 16: swap_16, 32: swap_32, 64: swap_64}

low_level_module(globals())
