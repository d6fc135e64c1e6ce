"""Constants and code units in the marshal format of CPython 2.7 (version 2).

Names are written as interned strings, each once; `R` refers back to one.  Numbers are little endian.
"""

from ouro.interp_py27.parser import (
    ELLIPSIS,
    FALSE,
    NONE,
    STOP_ITERATION,
    TRUE,
    ConstBool,
    ConstBytes,
    ConstComplex,
    ConstEllipsis,
    ConstFloat,
    ConstFrozenSet,
    ConstInt,
    ConstLong,
    ConstNone,
    ConstStopIteration,
    ConstTuple,
    ConstUnicode,
)
from ouro.rlib import rfloat
from ouro.rlib.rarithmetic import intmask, r_longlong
from ouro.rlib.rbigint import rbigint
from ouro.rlib.rstring import StringBuilder

from ._code_unit import CodeUnit, ConstCode

LONG_DIGIT_BITS = 15
MAX_DEPTH = 2000


class MarshalProblem(Exception):
    """Data that is no marshalled constant; `kind` names the exception CPython raises."""

    def __init__(self, kind, message):
        self.kind = kind
        self.message = message


def dump_constant(constant):
    """The marshalled form of a `Constant`."""
    writer = MarshalWriter()
    writer.write(constant)
    return writer.builder.build()


def dump_code(unit):
    """The marshalled form of a `CodeUnit`."""
    return dump_constant(ConstCode(unit))


def load_constant(data, position=0):
    """The `Constant` whose marshalled form begins at `position`; raises MarshalProblem."""
    return MarshalReader(data, position).read()


def load_code(data, position=0):
    """The `CodeUnit` whose marshalled form begins at `position`; raises MarshalProblem."""
    constant = load_constant(data, position)
    if not isinstance(constant, ConstCode):
        raise MarshalProblem("ImportError", "Non-code object")
    return constant.unit


class MarshalWriter:
    """Appends marshalled constants to `builder`."""

    def __init__(self):
        self.builder = StringBuilder()
        self.interned = {}

    def write(self, constant):
        builder = self.builder
        if isinstance(constant, ConstNone):
            builder.append("N")
        elif isinstance(constant, ConstInt):
            self._write_int(constant.value)
        elif isinstance(constant, ConstBytes):
            self._write_bytes(constant.value)
        elif isinstance(constant, ConstUnicode):
            builder.append("u")
            self._write_sized(constant.value)
        elif isinstance(constant, ConstTuple):
            builder.append("(")
            self._write_items(constant.items)
        elif isinstance(constant, ConstCode):
            self._write_code(constant.unit)
        elif isinstance(constant, ConstFloat):
            builder.append("g")
            self._write_double(constant.value)
        elif isinstance(constant, ConstLong):
            self._write_long(constant.value)
        elif isinstance(constant, ConstComplex):
            builder.append("y")
            self._write_double(constant.real)
            self._write_double(constant.imag)
        elif isinstance(constant, ConstBool):
            builder.append("T" if constant.value else "F")
        elif isinstance(constant, ConstEllipsis):
            builder.append(".")
        elif isinstance(constant, ConstStopIteration):
            builder.append("S")
        elif isinstance(constant, ConstFrozenSet):
            builder.append(">")
            self._write_items(constant.items)
        else:
            raise MarshalProblem("ValueError", "unmarshallable object")

    def _write_number(self, value, size):
        for _ in range(size):
            self.builder.append(chr(value & 0xFF))
            value >>= 8

    def _write_int(self, value):
        if -0x80000000 <= value <= 0x7FFFFFFF:
            self.builder.append("i")
            self._write_number(value, 4)
        else:
            self.builder.append("I")
            self._write_number(value, 8)

    def _write_double(self, value):
        bits = rfloat.float_to_bits(value)
        for shift in range(0, 64, 8):
            self.builder.append(chr(intmask(bits >> shift) & 0xFF))

    def _write_long(self, value):
        self.builder.append("l")
        magnitude = value.abs()
        bits = magnitude.bit_length()
        digits = (bits + LONG_DIGIT_BITS - 1) // LONG_DIGIT_BITS
        self._write_number(-digits if value.sign < 0 else digits, 4)
        data = magnitude.tobytes((bits + 7) // 8 + 3, "little", False)
        for i in range(digits):
            first_bit = i * LONG_DIGIT_BITS
            byte = first_bit >> 3
            window = ord(data[byte]) | ord(data[byte + 1]) << 8 | ord(data[byte + 2]) << 16
            self._write_number((window >> (first_bit & 7)) & 0x7FFF, 2)

    def _write_sized(self, text):
        self._write_number(len(text), 4)
        self.builder.append(text)

    def _write_bytes(self, value):
        if _is_identifier(value):
            self._write_interned(value)
        else:
            self.builder.append("s")
            self._write_sized(value)

    def _write_interned(self, value):
        number = self.interned.get(value, -1)
        if number >= 0:
            self.builder.append("R")
            self._write_number(number, 4)
        else:
            self.interned[value] = len(self.interned)
            self.builder.append("t")
            self._write_sized(value)

    def _write_items(self, items):
        self._write_number(len(items), 4)
        for item in items:
            self.write(item)

    def _write_names(self, names):
        self.builder.append("(")
        self._write_number(len(names), 4)
        for name in names:
            self._write_interned(name)

    def _write_code(self, unit):
        self.builder.append("c")
        self._write_number(unit.argcount, 4)
        self._write_number(unit.nlocals, 4)
        self._write_number(unit.stacksize, 4)
        self._write_number(unit.flags, 4)
        self.builder.append("s")
        self._write_sized(unit.code)
        self.builder.append("(")
        self._write_items(unit.consts)
        self._write_names(unit.names)
        self._write_names(unit.varnames)
        self._write_names(unit.freevars)
        self._write_names(unit.cellvars)
        self.builder.append("s")
        self._write_sized(unit.filename)
        self._write_interned(unit.name)
        self._write_number(unit.firstlineno, 4)
        self.builder.append("s")
        self._write_sized(unit.lnotab)


def _is_identifier(text):
    for character in text:
        if not (character.isalnum() or character == "_") or ord(character) >= 128:
            return False
    return True


class MarshalReader:
    """Reads marshalled constants from `data`, the next one at `position`."""

    def __init__(self, data, position=0):
        self.data = data
        self.position = position
        self.interned = []
        self.depth = 0

    def _take(self, size):
        """The next `size` characters."""
        start = self.position
        end = start + size
        if size < 0 or end > len(self.data):
            raise MarshalProblem("EOFError", "EOF read where object expected" if size == 1 else
                                 "marshal data too short")
        assert start >= 0
        self.position = end
        return self.data[start:end]

    def _read_number(self, size):
        """A signed number of `size` bytes."""
        text = self._take(size)
        value = 0
        for i in range(size):
            value |= ord(text[i]) << (8 * i)
        if size < 8 and value >> (8 * size - 1):
            value -= 1 << (8 * size)
        return intmask(value)

    def _read_size(self):
        size = self._read_number(4)
        if size < 0:
            raise MarshalProblem("ValueError", "bad marshal data (size out of range)")
        return size

    def _read_double(self):
        text = self._take(8)
        bits = r_longlong(0)
        for i in range(8):
            bits |= r_longlong(ord(text[i])) << (8 * i)
        return rfloat.float_from_bits(bits)

    def _read_text_double(self):
        """The form that version 1 of the format had."""
        text = self._take(ord(self._take(1)))
        try:
            return rfloat.string_to_float(text)
        except rfloat.ParseStringError as error:
            raise MarshalProblem("ValueError", error.msg) from None

    def read(self):
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise MarshalProblem("ValueError", "recursion limit exceeded")
        result = self._read_typed(self._take(1))
        self.depth -= 1
        return result

    def _read_typed(self, kind):
        if kind == "N":
            return NONE
        if kind == "i":
            return ConstInt(self._read_number(4))
        if kind == "I":
            return ConstInt(self._read_number(8))
        if kind == "s" or kind == "t" or kind == "R":
            return ConstBytes(self._read_string(kind))
        if kind == "u":
            return ConstUnicode(self._take(self._read_size()))
        if kind == "(":
            return ConstTuple(self._read_items())
        if kind == ">":
            return ConstFrozenSet(self._read_items())
        if kind == "c":
            return ConstCode(self._read_code())
        if kind == "l":
            return ConstLong(self._read_long())
        if kind == "g":
            return ConstFloat(self._read_double())
        if kind == "f":
            return ConstFloat(self._read_text_double())
        if kind == "y":
            real = self._read_double()
            return ConstComplex(real, self._read_double())
        if kind == "x":
            real = self._read_text_double()
            return ConstComplex(real, self._read_text_double())
        if kind == "T":
            return TRUE
        if kind == "F":
            return FALSE
        if kind == ".":
            return ELLIPSIS
        if kind == "S":
            return STOP_ITERATION
        raise MarshalProblem("ValueError", "bad marshal data (unknown type code)")

    def _read_string(self, kind):
        if kind == "R":
            number = self._read_number(4)
            if number < 0 or number >= len(self.interned):
                raise MarshalProblem("ValueError", "bad marshal data (string ref out of range)")
            return self.interned[number]
        text = self._take(self._read_size())
        if kind == "t":
            self.interned.append(text)
        return text

    def _read_items(self):
        items = []
        for _ in range(self._read_size()):
            items.append(self.read())
        return items[:]

    def _read_long(self):
        size = self._read_number(4)
        negative = size < 0
        text = self._take(2 * (-size if negative else size))
        characters = []
        window = 0
        bits = 0
        for i in range(0, len(text), 2):
            digit = ord(text[i]) | ord(text[i + 1]) << 8
            if digit > 0x7FFF:
                raise MarshalProblem("ValueError", "bad marshal data (digit out of range in long)")
            window |= digit << bits
            bits += LONG_DIGIT_BITS
            while bits >= 8:
                characters.append(chr(window & 0xFF))
                window >>= 8
                bits -= 8
        characters.append(chr(window & 0xFF))
        value = rbigint.frombytes("".join(characters), "little", False)
        return value.neg() if negative else value

    def _read_text(self):
        """A string object that is part of a code object."""
        kind = self._take(1)
        if kind != "s" and kind != "t" and kind != "R":
            raise MarshalProblem("TypeError", "bad marshal data (string expected)")
        return self._read_string(kind)

    def _read_names(self):
        if self._take(1) != "(":
            raise MarshalProblem("TypeError", "bad marshal data (tuple expected)")
        names = []
        for _ in range(self._read_size()):
            names.append(self._read_text())
        return names

    def _read_code(self):
        argcount = self._read_number(4)
        nlocals = self._read_number(4)
        stacksize = self._read_number(4)
        flags = self._read_number(4)
        code = self._read_text()
        if self._take(1) != "(":
            raise MarshalProblem("TypeError", "bad marshal data (tuple expected)")
        consts = self._read_items()
        names = self._read_names()
        varnames = self._read_names()
        freevars = self._read_names()
        cellvars = self._read_names()
        filename = self._read_text()
        name = self._read_text()
        firstlineno = self._read_number(4)
        lnotab = self._read_text()
        return CodeUnit(argcount, nlocals, stacksize, flags, code, consts, names, varnames, freevars, cellvars,
                        filename, name, firstlineno, lnotab)
