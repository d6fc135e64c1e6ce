"""The marshal format of CPython 2.7 below objects: numbers, strings, and streams of bytes.

Numbers are little endian. Where the data ends inside a number, CPython's reader takes the missing bytes for 255; so
does ours.
"""

from ouro.rlib import rfloat
from ouro.rlib.rarithmetic import intmask, r_longlong
from ouro.rlib.rbigint import rbigint
from ouro.rlib.rstring import StringBuilder

LONG_DIGIT_BITS = 15
MAX_DEPTH = 2000


class MarshalProblem(Exception):
    """Data that is no marshalled object, or an object without such a form; `kind` names CPython's exception."""

    def __init__(self, kind, message):
        self.kind = kind
        self.message = message


class MarshalOutput:
    """Appends the parts of marshalled objects to `builder`."""

    def __init__(self):
        self.builder = StringBuilder()
        self.interned = {}

    def write_number(self, value, size):
        for _ in range(size):
            self.builder.append(chr(value & 0xFF))
            value >>= 8

    def write_int(self, value):
        if -0x80000000 <= value <= 0x7FFFFFFF:
            self.builder.append("i")
            self.write_number(value, 4)
        else:
            self.builder.append("I")
            self.write_number(value, 8)

    def write_double(self, value):
        bits = rfloat.float_to_bits(value)
        for shift in range(0, 64, 8):
            self.builder.append(chr(intmask(bits >> shift) & 0xFF))

    def write_text_double(self, value):
        """The form that versions 0 and 1 of the format have."""
        text = rfloat.double_to_string(value, "g", 17, 0)
        self.builder.append(chr(len(text)))
        self.builder.append(text)

    def write_long(self, value):
        self.builder.append("l")
        magnitude = value.abs()
        bits = magnitude.bit_length()
        digits = (bits + LONG_DIGIT_BITS - 1) // LONG_DIGIT_BITS
        self.write_number(-digits if value.sign < 0 else digits, 4)
        data = magnitude.tobytes((bits + 7) // 8 + 3, "little", False)
        for i in range(digits):
            first_bit = i * LONG_DIGIT_BITS
            byte = first_bit >> 3
            window = ord(data[byte]) | ord(data[byte + 1]) << 8 | ord(data[byte + 2]) << 16
            self.write_number((window >> (first_bit & 7)) & 0x7FFF, 2)

    def write_sized(self, text):
        self.write_number(len(text), 4)
        self.builder.append(text)

    def write_interned(self, value):
        """A string that is shared: in full the first time, later by its number."""
        number = self.interned.get(value, -1)
        if number >= 0:
            self.builder.append("R")
            self.write_number(number, 4)
        else:
            self.interned[value] = len(self.interned)
            self.builder.append("t")
            self.write_sized(value)


class MarshalInput:
    """Reads the parts of marshalled objects from `data`, the next one at `position`."""

    def __init__(self, data, position):
        self.data = data
        self.position = position
        self.depth = 0

    def fill(self, size):
        """Make `size` bytes available from `position`, if there are more than those of `data`."""

    def enter(self):
        """Begin to read an object inside another one; `depth` is to be counted down after it."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise MarshalProblem("ValueError", "recursion limit exceeded")

    def take(self, size):
        """The next `size` characters."""
        if size > len(self.data) - self.position:
            self.fill(size)
            if size > len(self.data) - self.position:
                raise MarshalProblem("EOFError", "EOF read where object expected")
        start = self.position
        end = start + size
        assert 0 <= start <= end
        self.position = end
        return self.data[start:end]

    def read_number(self, size):
        """A signed number of `size` bytes."""
        if size > len(self.data) - self.position:
            self.fill(size)
        data = self.data
        position = self.position
        value = 0
        for i in range(size):
            byte = 0xFF
            if position < len(data):
                byte = ord(data[position])
                position += 1
            value |= byte << (8 * i)
        self.position = position
        if size < 8 and value >> (8 * size - 1):
            value -= 1 << (8 * size)
        return intmask(value)

    def read_size(self, what):
        size = self.read_number(4)
        if size < 0:
            raise MarshalProblem("ValueError", "bad marshal data (%s size out of range)" % what)
        return size

    def read_double(self):
        text = self.take(8)
        bits = r_longlong(0)
        for i in range(8):
            bits |= r_longlong(ord(text[i])) << (8 * i)
        return rfloat.float_from_bits(bits)

    def read_text_double(self):
        """The form that versions 0 and 1 of the format have."""
        text = self.take(ord(self.take(1)))
        try:
            return rfloat.string_to_float(text)
        except rfloat.ParseStringError:
            raise MarshalProblem("ValueError", "could not convert string to float: " + text) from None

    def read_long(self):
        size = self.read_number(4)
        if size == -0x80000000:
            raise MarshalProblem("ValueError", "bad marshal data (long size out of range)")
        negative = size < 0
        digits = -size if negative else size
        characters = []
        window = 0
        bits = 0
        digit = 1
        for _ in range(digits):
            digit = self.read_number(2)
            if digit < 0:
                raise MarshalProblem("ValueError", "bad marshal data (digit out of range in long)")
            window |= digit << bits
            bits += LONG_DIGIT_BITS
            while bits >= 8:
                characters.append(chr(window & 0xFF))
                window >>= 8
                bits -= 8
        if digit == 0:
            raise MarshalProblem("ValueError", "bad marshal data (unnormalized long data)")
        characters.append(chr(window & 0xFF))
        value = rbigint.frombytes("".join(characters), "little", False)
        return value.neg() if negative else value
