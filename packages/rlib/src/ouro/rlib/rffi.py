"""C functions, declared in C, and raw memory to talk to them with.

`library("double pow(double, double);", libraries=["m"])` gives an object whose attributes are low-level function
pointers: translated, a call is a direct C call; on the host it goes through cffi. C integers no wider than a word are
plain integers in RPython (`unsigned long` and `size_t`: `r_uint`), `char` is a character, pointers are raw
low-level pointers, `void *` being a `char *`.
"""

from __future__ import annotations

from ouro.lltype import (
    Array,
    Char,
    ExternalFunction,
    Float,
    Int8,
    Int16,
    Int32,
    Ptr,
    Signed,
    SignedLongLong,
    SingleFloat,
    UInt8,
    UInt16,
    UInt32,
    Unsigned,
    UnsignedLongLong,
    cast_int_to_ptr,
    cast_pointer,
    cast_ptr_to_int,
    free,
    malloc,
    nullptr,
)
from ouro.rlib._c_library import CLibrary, get_saved_errno, library, set_saved_errno
from ouro.rlib.rarithmetic import intmask
from ouro.rlib.rstring import StringBuilder, assert_str0

__all__ = [
    "CArray",
    "CArrayPtr",
    "CCHARP",
    "CCHARPP",
    "CLibrary",
    "DOUBLEP",
    "ExternalFunction",
    "FLOATP",
    "INTP",
    "LONGLONGP",
    "LONGP",
    "NULL_CHARP",
    "SHORTP",
    "SIGNEDCHARP",
    "UCHARP",
    "UINTP",
    "ULONGLONGP",
    "ULONGP",
    "USHORTP",
    "VOIDP",
    "cast_int_to_ptr",
    "cast_pointer",
    "cast_ptr_to_int",
    "charp2str",
    "charp2strn",
    "charpp2liststr",
    "charpsize2str",
    "free",
    "free_charp",
    "free_charpp",
    "get_saved_errno",
    "library",
    "liststr2charpp",
    "malloc",
    "nullptr",
    "scoped_alloc_buffer",
    "scoped_str2charp",
    "set_saved_errno",
    "str2charp",
    "str2chararray",
]


def CArray(ITEM):
    """The type of a C array of items, without a length."""
    return Array(ITEM, hints={"nolength": True})


def CArrayPtr(ITEM):
    """The type of a C pointer to one or more items."""
    return Ptr(CArray(ITEM))


CCHARP = CArrayPtr(Char)
VOIDP = CCHARP
CCHARPP = CArrayPtr(CCHARP)
SIGNEDCHARP = CArrayPtr(Int8)
UCHARP = CArrayPtr(UInt8)
SHORTP = CArrayPtr(Int16)
USHORTP = CArrayPtr(UInt16)
INTP = CArrayPtr(Int32)
UINTP = CArrayPtr(UInt32)
LONGP = CArrayPtr(Signed)
ULONGP = CArrayPtr(Unsigned)
LONGLONGP = CArrayPtr(SignedLongLong)
ULONGLONGP = CArrayPtr(UnsignedLongLong)
FLOATP = CArrayPtr(SingleFloat)
DOUBLEP = CArrayPtr(Float)

NULL_CHARP = nullptr(CCHARP.TO)


# ---- strings


def str2charp(s):
    """A raw copy of the string with a NUL behind it. Give it to `free_charp` at the end."""
    buffer = malloc(CCHARP.TO, len(s) + 1, flavor="raw")
    for i in range(len(s)):
        buffer[i] = s[i]
    buffer[len(s)] = "\x00"
    return buffer


def str2chararray(s, buffer, maxsize):
    """Copy at most `maxsize` characters into raw memory, without a NUL; returns how many."""
    length = min(len(s), maxsize)
    for i in range(length):
        buffer[i] = s[i]
    return length


def free_charp(buffer):
    """Free what `str2charp` made."""
    free(buffer, flavor="raw")


def charp2str(buffer):
    """The characters up to the first NUL."""
    builder = StringBuilder()
    i = 0
    while buffer[i] != "\x00":
        builder.append(buffer[i])
        i += 1
    return assert_str0(builder.build())


def charp2strn(buffer, maxsize):
    """The characters up to the first NUL, at most `maxsize`."""
    size = 0
    while size < maxsize and buffer[size] != "\x00":
        size += 1
    return charpsize2str(buffer, size)


def charpsize2str(buffer, size):
    """`size` characters."""
    builder = StringBuilder(0)
    builder.append_charpsize(buffer, size)
    return builder.build()


def liststr2charpp(strings):
    """A raw array of raw copies of the strings, with a null pointer at the end; for `free_charpp`."""
    array = malloc(CCHARPP.TO, len(strings) + 1, flavor="raw")
    for i in range(len(strings)):
        array[i] = str2charp(strings[i])
    array[len(strings)] = nullptr(CCHARP.TO)
    return array


def free_charpp(array):
    """Free what `liststr2charpp` made."""
    i = 0
    while array[i]:
        free_charp(array[i])
        i += 1
    free(array, flavor="raw")


def charpp2liststr(array):
    """The strings of an array that ends with a null pointer."""
    result = []
    i = 0
    while array[i]:
        result.append(charp2str(array[i]))
        i += 1
    return result


class scoped_str2charp:
    """`with scoped_str2charp(s) as buffer:`, a raw copy of the string, or a null pointer for None."""

    def __init__(self, s):
        if s is None:
            self.buffer = nullptr(CCHARP.TO)
        else:
            self.buffer = str2charp(s)

    def __enter__(self):
        return self.buffer

    def __exit__(self, *exception):
        if self.buffer:
            free(self.buffer, flavor="raw")


class scoped_alloc_buffer:
    """`with scoped_alloc_buffer(size) as buffer:`, raw memory at `buffer.raw`; `buffer.str(n)` is its start."""

    def __init__(self, size):
        self.size = size
        self.raw = malloc(CCHARP.TO, size, flavor="raw", zero=True)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        free(self.raw, flavor="raw")

    def str(self, length):
        """The first `length` characters."""
        assert 0 <= length <= self.size
        return charpsize2str(self.raw, length)


def ptr_as_int(pointer):
    """The address as a machine word."""
    return intmask(cast_ptr_to_int(pointer))
