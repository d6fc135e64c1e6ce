"""Constants and code units in the marshal format of CPython 2.7 (version 2).

Names are written as interned strings, each once; `R` refers back to one.
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

from ._code_unit import CodeUnit, ConstCode
from ._marshal_stream import MarshalInput, MarshalOutput, MarshalProblem


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


class MarshalWriter(MarshalOutput):
    """Appends marshalled constants to `builder`."""

    def write(self, constant):
        builder = self.builder
        if isinstance(constant, ConstNone):
            builder.append("N")
        elif isinstance(constant, ConstInt):
            self.write_int(constant.value)
        elif isinstance(constant, ConstBytes):
            self._write_bytes(constant.value)
        elif isinstance(constant, ConstUnicode):
            builder.append("u")
            self.write_sized(constant.value)
        elif isinstance(constant, ConstTuple):
            builder.append("(")
            self._write_items(constant.items)
        elif isinstance(constant, ConstCode):
            self._write_code(constant.unit)
        elif isinstance(constant, ConstFloat):
            builder.append("g")
            self.write_double(constant.value)
        elif isinstance(constant, ConstLong):
            self.write_long(constant.value)
        elif isinstance(constant, ConstComplex):
            builder.append("y")
            self.write_double(constant.real)
            self.write_double(constant.imag)
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

    def _write_bytes(self, value):
        if _is_identifier(value):
            self.write_interned(value)
        else:
            self.builder.append("s")
            self.write_sized(value)

    def _write_items(self, items):
        self.write_number(len(items), 4)
        for item in items:
            self.write(item)

    def _write_names(self, names):
        self.builder.append("(")
        self.write_number(len(names), 4)
        for name in names:
            self.write_interned(name)

    def _write_code(self, unit):
        self.builder.append("c")
        self.write_number(unit.argcount, 4)
        self.write_number(unit.nlocals, 4)
        self.write_number(unit.stacksize, 4)
        self.write_number(unit.flags, 4)
        self.builder.append("s")
        self.write_sized(unit.code)
        self.builder.append("(")
        self._write_items(unit.consts)
        self._write_names(unit.names)
        self._write_names(unit.varnames)
        self._write_names(unit.freevars)
        self._write_names(unit.cellvars)
        self.builder.append("s")
        self.write_sized(unit.filename)
        self.write_interned(unit.name)
        self.write_number(unit.firstlineno, 4)
        self.builder.append("s")
        self.write_sized(unit.lnotab)


def _is_identifier(text):
    for character in text:
        if not (character.isalnum() or character == "_") or ord(character) >= 128:
            return False
    return True


class MarshalReader(MarshalInput):
    """Reads marshalled constants from `data`, the next one at `position`."""

    def __init__(self, data, position=0):
        MarshalInput.__init__(self, data, position)
        self.interned = []

    def read(self):
        self.enter()
        result = self._read_typed(self.take(1))
        self.depth -= 1
        return result

    def _read_typed(self, kind):
        if kind == "N":
            return NONE
        if kind == "i":
            return ConstInt(self.read_number(4))
        if kind == "I":
            return ConstInt(self.read_number(8))
        if kind == "s" or kind == "t" or kind == "R":
            return ConstBytes(self._read_string(kind))
        if kind == "u":
            return ConstUnicode(self.take(self.read_size("unicode")))
        if kind == "(":
            return ConstTuple(self._read_items("tuple"))
        if kind == ">":
            return ConstFrozenSet(self._read_items("set"))
        if kind == "c":
            return ConstCode(self._read_code())
        if kind == "l":
            return ConstLong(self.read_long())
        if kind == "g":
            return ConstFloat(self.read_double())
        if kind == "f":
            return ConstFloat(self.read_text_double())
        if kind == "y":
            real = self.read_double()
            return ConstComplex(real, self.read_double())
        if kind == "x":
            real = self.read_text_double()
            return ConstComplex(real, self.read_text_double())
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
            number = self.read_number(4)
            if number < 0 or number >= len(self.interned):
                raise MarshalProblem("ValueError", "bad marshal data (string ref out of range)")
            return self.interned[number]
        text = self.take(self.read_size("string"))
        if kind == "t":
            self.interned.append(text)
        return text

    def _read_items(self, what):
        items = []
        for _ in range(self.read_size(what)):
            items.append(self.read())
        return items[:]

    def _read_text(self):
        """A string object that is part of a code object."""
        kind = self.take(1)
        if kind != "s" and kind != "t" and kind != "R":
            raise MarshalProblem("TypeError", "bad marshal data (string expected)")
        return self._read_string(kind)

    def _read_names(self):
        if self.take(1) != "(":
            raise MarshalProblem("TypeError", "bad marshal data (tuple expected)")
        names = []
        for _ in range(self.read_size("tuple")):
            names.append(self._read_text())
        return names

    def _read_code(self):
        argcount = self.read_number(4)
        nlocals = self.read_number(4)
        stacksize = self.read_number(4)
        flags = self.read_number(4)
        code = self._read_text()
        if self.take(1) != "(":
            raise MarshalProblem("TypeError", "bad marshal data (tuple expected)")
        consts = self._read_items("tuple")
        names = self._read_names()
        varnames = self._read_names()
        freevars = self._read_names()
        cellvars = self._read_names()
        filename = self._read_text()
        name = self._read_text()
        firstlineno = self.read_number(4)
        lnotab = self._read_text()
        return CodeUnit(argcount, nlocals, stacksize, flags, code, consts, names, varnames, freevars, cellvars,
                        filename, name, firstlineno, lnotab)
