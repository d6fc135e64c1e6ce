"""Jitcodes as text, for tests and dumps. Host only.

    program = jitcode*
    jitcode = "jitcode" name "(" kinds ")" "->" kind line*
    line = label ":" | instruction [operand ("," operand)*] ["->" register] | "live" "{" register* "}"
    operand = register | constant | "[" [operand ("," operand)*] "]" | descriptor | jitcode | label | number | switch
    switch = "{" [number ":" label ("," number ":" label)*] "}"

Registers are their kind and number; constants as in traces: integers, floats, `null`, `@address`, `$object`. `Names`
has what text cannot spell. `#` begins a comment.

    jitcode count(i) -> i
    L1:
      live {i0}
      goto_if_not_int_lt i0, 100, L2
      int_add i0, 1 -> i0
      goto L1
    L2:
      int_return i0
"""

from __future__ import annotations

import re
import struct
from typing import Any

from ouro.jitcore.jitcode import instructions
from ouro.jitcore.jitcode.building import (
    ConstantOperand,
    EncodingError,
    JitCodeBuilder,
    ProgramTables,
    Register,
    SwitchTable,
)
from ouro.jitcore.jitcode.jitcode import JitCode, read_byte, read_index, read_offset, read_signed_byte
from ouro.jitcore.jitcode.liveness import append_live_registers
from ouro.jitcore.jitcode.program import JitProgram, SwitchDescriptor
from ouro.jitcore.text.names import Names
from ouro.jitcore.text.parser import FLOAT, INTEGER, KIND_NAMES, NAN
from ouro.jitcore.text.printer import QUIET_NAN, print_float
from ouro.jitcore.trace import NULL_REFERENCE

HEADER = re.compile(r"jitcode\s+(\S+?)\(([irf]*)\)\s*->\s*([irfn])\s*")
TOKEN = re.compile(r"->|[\[\]{},]|(?:[^\s\[\]{},#]|\[\])+")
SPACE = re.compile(r"\s*(#.*)?")
REGISTER = re.compile(r"([irf])(\d+)")
LABEL = re.compile(r"L\d+")


# ---- printing


class Instruction:
    """One instruction of a jitcode, decoded: for printers, checkers and interpreters in tests.

    Attributes:
        position, end: where it begins, and where the next one does.
        number: in the table of instructions.
        operands: register numbers as they stand there, lists of those, descriptors, jitcode and constant indices,
            signed bytes, targets; of `live` the registers alive.
        result: number of the register, -1 for none.
    """

    def __init__(self, program: JitProgram, jitcode: JitCode, position: int) -> None:
        code = jitcode.code
        self.position = position
        self.number = read_byte(code, position)
        self.operands: list[Any] = []
        self.result = -1
        position += 1
        for letter in instructions.operand_letters[self.number]:
            if letter in "irf":
                self.operands.append(read_byte(code, position))
                position += 1
            elif letter in "IRF":
                count = read_byte(code, position)
                position += 1
                self.operands.append([read_byte(code, place) for place in range(position, position + count)])
                position += count
            elif letter == "c":
                self.operands.append(read_signed_byte(code, position))
                position += 1
            elif letter in "djk":
                index = read_index(code, position)
                self.operands.append(program.descriptors[index] if letter == "d" else index)
                position += 2
            else:
                self.operands.append(read_offset(code, position))
                position += 3
        if self.number == instructions.LIVE:
            alive: tuple[list[int], list[int], list[int]] = ([], [], [])
            append_live_registers(program.liveness, self.operands[0], *alive)
            self.operands = [Register(kind, number) for kind, numbers in zip("irf", alive) for number in numbers]
        if instructions.result_kinds[self.number] != "n":
            self.result = read_byte(code, position)
            position += 1
        self.end = position

    @property
    def name(self) -> str:
        return instructions.names[self.number]


def decode(program: JitProgram, jitcode: JitCode) -> list[Instruction]:
    """All instructions of a jitcode in order."""
    result = []
    position = 0
    while position < len(jitcode.code):
        result.append(Instruction(program, jitcode, position))
        position = result[-1].end
    return result


def print_program(program: JitProgram, names: Names) -> str:
    """All jitcodes of a program as text."""
    return "\n".join(print_jitcode(program, jitcode, names) for jitcode in program.jitcodes)


def print_jitcode(program: JitProgram, jitcode: JitCode, names: Names) -> str:
    """A jitcode as text, which `parse_program` reads."""
    return _Printer(program, jitcode, names).print()


class _Printer:
    def __init__(self, program: JitProgram, jitcode: JitCode, names: Names) -> None:
        self.program = program
        self.jitcode = jitcode
        self.names = names
        self.lines = decode(program, jitcode)
        targets = set()
        for line in self.lines:
            for letter, operand in zip(instructions.operand_letters[line.number], line.operands):
                if letter == "L":
                    targets.add(operand)
                elif isinstance(operand, SwitchDescriptor):
                    targets.update(operand.targets)
        self.labels = {target: f"L{number + 1}" for number, target in enumerate(sorted(targets))}

    def print(self) -> str:
        jitcode = self.jitcode
        text = [f"jitcode {jitcode.name}({jitcode.argument_kinds}) -> {jitcode.result_kind}"]
        for line in self.lines:
            if line.position in self.labels:
                text.append(self.labels[line.position] + ":")
            text.append("  " + self._line(line))
        return "\n".join(text) + "\n"

    def _line(self, line: Instruction) -> str:
        if line.number == instructions.LIVE:
            return "live {" + " ".join(f"{one.kind}{one.number}" for one in line.operands) + "}"
        letters = instructions.operand_letters[line.number]
        operands = [self._operand(letter, operand) for letter, operand in zip(letters, line.operands)]
        text = f"{line.name} {', '.join(operands)}".rstrip()
        return text if line.result < 0 else f"{text} -> {instructions.result_kinds[line.number]}{line.result}"

    def _operand(self, letter: str, operand: Any) -> str:
        if letter in "irf":
            return self._register(letter, operand)
        if letter in "IRF":
            return "[" + ", ".join(self._register(letter.lower(), one) for one in operand) + "]"
        if letter == "L":
            return self.labels[operand]
        if letter == "j":
            return self.program.jitcodes[operand].name
        if letter == "d":
            if isinstance(operand, SwitchDescriptor):
                cases = zip(operand.keys, operand.targets)
                return "{" + ", ".join(f"{key}: {self.labels[target]}" for key, target in cases) + "}"
            return self.names.of_descriptor(operand)
        return str(operand)

    def _register(self, kind: str, number: int) -> str:
        jitcode = self.jitcode
        first = {"i": jitcode.registers_i, "r": jitcode.registers_r, "f": jitcode.registers_f}[kind]
        if number < first:
            return f"{kind}{number}"
        if kind == "i":
            value = jitcode.constants_i[number - first]
            name = self.names.of_integer(value)
            return str(value if isinstance(value, int) else int(value)) if name is None else "@" + name
        if kind == "f":
            return print_float(jitcode.constants_f[number - first])
        value = jitcode.constants_r[number - first]
        return "$" + self.names.of_reference(value) if value else "null"


# ---- parsing


class JitCodeSyntaxError(Exception):
    """What is wrong with a text, in which line (from 1)."""

    def __init__(self, message: str, line: int, text: str) -> None:
        super().__init__(f"line {line}: {message}\n  {text.strip()}")
        self.message = message
        self.line = line


def parse_program(text: str, names: Names) -> JitProgram:
    """Read jitcodes; they may call each other. The program has no drivers and no table of addresses.

    Raises:
        JitCodeSyntaxError: the text is no program.
    """
    return _Parser(text, names).parse()


class _Parser:
    def __init__(self, text: str, names: Names) -> None:
        self.lines = text.split("\n")
        self.names = names
        self.tables = ProgramTables()
        self.jitcodes: dict[str, JitCode] = {}
        self.line = 0
        self.tokens: list[str] = []
        self.position = 0
        self.used_labels: set[str] = set()
        self.labels: set[str] = set()

    def parse(self) -> JitProgram:
        starts = []
        for line, text in enumerate(self.lines):
            self.line = line
            header = HEADER.match(text)
            if header:
                name, arguments, result = header.groups()
                if name in self.jitcodes:
                    self._fail(f"a second jitcode {name}")
                self.jitcodes[name] = JitCode(name, len(starts), arguments, result, "text")
                starts.append(self.line)
            elif not starts and self._split(text):
                self._fail("a program begins with a line `jitcode name(kinds) -> kind`")
        for jitcode, start, end in zip(self.jitcodes.values(), starts, [*starts[1:], len(self.lines)]):
            self._jitcode(jitcode, start, end)
        return JitProgram(
            list(self.jitcodes.values()), self.tables.descriptors, self.tables.liveness, [], [], [], []
        )

    def _jitcode(self, jitcode: JitCode, start: int, end: int) -> None:
        builder = JitCodeBuilder(jitcode, self.tables)
        self.labels, self.used_labels = set(), set()
        for self.line in range(start + 1, end):
            self.tokens, self.position = self._split(self.lines[self.line]), 0
            if self.tokens:
                self._instruction(builder)
                if self.position < len(self.tokens):
                    self._fail(f"{self.tokens[self.position]!r} behind the end of the instruction")
        missing = self.used_labels - self.labels
        if missing:
            self._fail(f"there is no label {min(missing)} in {jitcode.name}")
        try:
            builder.finish()
        except EncodingError as error:
            self._fail(str(error))

    @staticmethod
    def _split(text: str) -> list[str]:
        tokens, column = [], 0
        while True:
            column = SPACE.match(text, column).end()  # type: ignore[union-attr]
            match = TOKEN.match(text, column)
            if match is None:
                return tokens
            tokens.append(match[0])
            column = match.end()

    def _instruction(self, builder: JitCodeBuilder) -> None:
        name = self._next("an instruction")
        if name.endswith(":") and LABEL.fullmatch(name[:-1]):
            if name[:-1] in self.labels:
                self._fail(f"a second label {name[:-1]}")
            self.labels.add(name[:-1])
            builder.label(name[:-1])
            return
        if name not in instructions.by_name:
            self._fail(f"there is no instruction {name!r}")
        number = instructions.by_name[name]
        if number == instructions.LIVE:
            builder.live(self._alive())
            return
        operands: list[Any] = []
        for index, letter in enumerate(instructions.operand_letters[number]):
            if index:
                self._expect(",", f"{name} takes {len(instructions.operand_letters[number])} operands")
            operands.append(self._operand(letter))
        result = None
        kind = instructions.result_kinds[number]
        if kind != "n":
            self._expect("->", f"{name} has a result: -> {kind}N")
            result = self._register(self._next("the result"))
            if result is None or result.kind != kind:
                self._fail(f"the result of {name} is {KIND_NAMES[kind]}")
        builder.emit(name, *operands, result=result)

    def _alive(self) -> list[Register]:
        self._expect("{", "live is followed by registers in braces")
        alive = []
        while self._peek() != "}":
            register = self._register(self._next("a register or }"))
            if register is None:
                self._fail(f"{self.tokens[self.position - 1]!r} is no register")
            alive.append(register)
        self.position += 1
        return alive

    @staticmethod
    def _register(token: str) -> Register | None:
        match = REGISTER.fullmatch(token)
        return Register(match[1], int(match[2])) if match else None

    def _operand(self, letter: str) -> Any:
        if letter in "IRF":
            self._expect("[", "a list in brackets is expected")
            operands: list[Any] = []
            while self._peek() != "]":
                if operands:
                    self._expect(",", "the operands in a list are separated by commas")
                operands.append(self._value(letter.lower(), self._next("an operand or ]")))
            self.position += 1
            return operands
        if letter == "d" and self._peek() == "{":
            return self._switch()
        token = self._next("an operand")
        if letter in "irf":
            return self._value(letter, token)
        if letter == "L":
            return self._label(token)
        if letter == "j":
            return self._named(token, self.jitcodes, "jitcode")
        if letter == "d":
            return self._named(token, self.names.descriptors, "descriptor")
        if not INTEGER.fullmatch(token):
            self._fail(f"{token!r} is no number")
        return int(token, 0)

    def _switch(self) -> SwitchTable:
        self.position += 1
        cases: list[tuple[int, str]] = []
        while self._peek() != "}":
            if cases:
                self._expect(",", "the cases of a switch are separated by commas")
            key = self._next("a case")
            if not key.endswith(":") or not INTEGER.fullmatch(key[:-1]):
                self._fail(f"{key!r} is no case of a switch: write number: label")
            cases.append((int(key[:-1], 0), self._label(self._next("a label"))))
        self.position += 1
        return SwitchTable(tuple(cases))

    def _label(self, token: str) -> str:
        if not LABEL.fullmatch(token):
            self._fail(f"{token!r} is no label: L and a number")
        self.used_labels.add(token)
        return token

    def _value(self, kind: str, token: str) -> Register | ConstantOperand:
        register = self._register(token)
        found: Any = register
        if register is None:
            if INTEGER.fullmatch(token):
                found = ConstantOperand("i", int(token, 0))
            elif FLOAT.fullmatch(token):
                found = ConstantOperand("f", float(token))
            elif NAN.fullmatch(token):
                bits = int(token[4:], 16) if len(token) > 3 else QUIET_NAN
                found = ConstantOperand("f", struct.unpack("<d", struct.pack("<Q", bits))[0])
            elif token == "null":
                found = ConstantOperand("r", NULL_REFERENCE)
            elif token.startswith("@"):
                found = ConstantOperand("i", self._named(token[1:], self.names.integers, "address"))
            elif token.startswith("$"):
                found = ConstantOperand("r", self._named(token[1:], self.names.references, "object"))
            else:
                self._fail(f"{token!r} is neither a register nor a constant")
        if found.kind != kind:
            self._fail(f"{token} is not {KIND_NAMES[kind]}")
        return found  # type: ignore[no-any-return]

    def _named(self, name: str, table: dict[str, Any], what: str) -> Any:
        if name not in table:
            self._fail(f"there is no {what} {name!r}")
        return table[name]

    def _peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def _next(self, what: str) -> str:
        if self.position >= len(self.tokens):
            self._fail(f"{what} is missing")
        self.position += 1
        return self.tokens[self.position - 1]

    def _expect(self, token: str, message: str) -> None:
        if self._peek() != token:
            self._fail(message)
        self.position += 1

    def _fail(self, message: str) -> Any:
        raise JitCodeSyntaxError(message, self.line + 1, self.lines[self.line])
