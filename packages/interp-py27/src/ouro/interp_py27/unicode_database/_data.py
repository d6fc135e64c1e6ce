"""Loads `unicode_5_2_0.dat` (made by `tools/make_unicode_data.py`, which describes it) while the program is imported.

Big tables stay packed in strings: in the executable they are read-only data and cost nothing at start-up.
"""

import struct
import zlib
from pathlib import Path


def _sections():
    data = zlib.decompress(Path(__file__).with_name("unicode_5_2_0.dat").read_bytes())
    header_end = data.index(b"\n\n") + 2
    position = header_end
    sections = {}
    for line in data[:header_end].decode("ascii").split("\n"):
        if line:
            name, length = line.split(" ")
            sections[name] = data[position:position + int(length)]
            position += int(length)
    return sections


_SECTIONS = _sections()


def text(name):
    """A section as a string of 8-bit characters."""
    return _SECTIONS[name].decode("latin-1")


def numbers(name, code):
    """A section of numbers, as a list; `code` is that of the `struct` module."""
    data = _SECTIONS[name]
    return list(struct.unpack("<%d%s" % (len(data) // struct.calcsize("<" + code), code), data))


def rows(name, code):
    """A section of rows of numbers."""
    return list(struct.iter_unpack("<" + code, _SECTIONS[name]))


class Table:
    """A number for every code point, in two stages of pages of 128 code points."""

    _immutable_fields_ = ["pages", "values"]

    def __init__(self, name):
        self.pages = text(name + ".pages")
        self.values = text(name + ".values")

    def get(self, code):
        index = (code >> 7) << 1
        page = ord(self.pages[index]) | ord(self.pages[index + 1]) << 8
        index = (page << 7 | (code & 127)) << 1
        return ord(self.values[index]) | ord(self.values[index + 1]) << 8


class Strings:
    """Strings, one after the other in one string."""

    _immutable_fields_ = ["ends", "text"]

    def __init__(self, name):
        self.ends = text(name + ".ends")
        self.text = text(name + ".text")

    def get(self, number):
        end = packed_number(self.ends, number)
        start = 0
        if number > 0:
            start = packed_number(self.ends, number - 1)
        return self.text[start:end]


def packed_number(data, index):
    """Number `index` of a string of four-byte numbers, none of which is negative."""
    position = index << 2
    result = (ord(data[position]) | ord(data[position + 1]) << 8 | ord(data[position + 2]) << 16
              | ord(data[position + 3]) << 24)
    assert result >= 0
    return result
