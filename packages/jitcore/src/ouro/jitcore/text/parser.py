"""Text to traces. Every error names its line and column and shows the line.

    trace = "[" values "]" line*
    line = [value "="] operation "(" [operand, ...] [descriptor] ")" ["{" kept, ... "}"]
    operand = value | integer | float | "null" | "@" name | "$" name
    kept = operand | "_"

A value is its kind and a number, any number that is not taken. `#` begins a comment.
"""

from __future__ import annotations

import re
import struct

from ouro.jitcore import operations
from ouro.jitcore.descriptors import Descriptor, GuardDescriptor
from ouro.jitcore.operations import FAILURE, NO_DESCRIPTOR
from ouro.jitcore.text.names import Names
from ouro.jitcore.text.printer import QUIET_NAN
from ouro.jitcore.trace import NOTHING, NULL_REFERENCE, Trace

TOKEN = re.compile(r"[\[\](){}=,]|[^\s\[\](){}=,#](?:[^\s\[\](){}=,#]|\[\])*")
SPACE = re.compile(r"\s*(#.*)?")
VALUE = re.compile(r"[irf]\d+")
INTEGER = re.compile(r"-?(0x[0-9a-fA-F]+|\d+)")
FLOAT = re.compile(r"-?(\d+\.\d*(e[+-]?\d+)?|\d+e[+-]?\d+|inf)")
NAN = re.compile(r"nan(:[0-9a-f]{16})?")
KIND_NAMES = {"i": "an integer", "r": "a reference", "f": "a float"}


class TraceSyntaxError(Exception):
    """What is wrong with a text, where. `line` and `column` count from 1."""

    def __init__(self, message: str, line: int, column: int, text: str) -> None:
        super().__init__(f"line {line}, column {column}: {message}\n  {text}\n  {' ' * (column - 1)}^")
        self.message = message
        self.line = line
        self.column = column


def parse_trace(text: str, names: Names) -> Trace:
    """Read a trace.

    Args:
        text: what `print_trace` prints.
        names: the descriptors, addresses and objects that the text names.

    Raises:
        TraceSyntaxError: the text is no trace.
    """
    return _Parser(text, names).parse()


def parse_value(text: str, trace: Trace, names: Names) -> int:
    """The reference of one value, written as in the trace: `i4` is the result of instruction 4, an integer.

    Raises:
        TraceSyntaxError: the text is no value of the trace.
    """
    parser = _Parser(text, names)
    parser.trace = trace
    parser._split()
    if VALUE.fullmatch(text) and int(text[1:]) < trace.length() and trace.kind_of(int(text[1:])) == text[0]:
        parser.defined[text] = int(text[1:])
    parser._next("a value")
    return parser._operand(0)


class _Parser:
    def __init__(self, text: str, names: Names) -> None:
        self.lines = text.split("\n")
        self.names = names
        self.trace = Trace()
        self.defined: dict[str, int] = {}
        self.line = 0
        self.tokens: list[tuple[str, int]] = []
        self.position = 0

    def parse(self) -> Trace:
        seen_inputs = False
        for line in range(len(self.lines)):
            self.line = line
            self._split()
            if not self.tokens:
                continue
            if seen_inputs:
                self._instruction()
            else:
                self._inputs()
                seen_inputs = True
            if self.position < len(self.tokens):
                self._fail(f"{self._peek()!r} behind the end of the line")
        if not seen_inputs:
            self.tokens, self.position = [], 0
            self._fail("a trace begins with its inputs in brackets")
        return self.trace

    def _split(self) -> None:
        text = self.lines[self.line]
        self.tokens, self.position, column = [], 0, 0
        while True:
            match = SPACE.match(text, column)
            assert match is not None
            column = match.end()
            if column == len(text):
                return
            match = TOKEN.match(text, column)
            assert match is not None
            self.tokens.append((match[0], column))
            column = match.end()

    def _inputs(self) -> None:
        self._expect("[", "a trace begins with its inputs in brackets")
        if self._peek() != "]":
            while True:
                token = self._next("an input")
                if not VALUE.fullmatch(token):
                    self._fail_before(f"{token!r} is no input: i, r or f and a number")
                self._define(token, self.trace.append(operations.by_name["input_" + token[0]]))
                if self._peek() != ",":
                    break
                self.position += 1
        self._expect("]", "the inputs end with ]")

    def _instruction(self) -> None:
        result, result_place = None, self.position
        if self.position + 1 < len(self.tokens) and self.tokens[self.position + 1][0] == "=":
            result = self._next("a value")
            if not VALUE.fullmatch(result):
                self._fail_before(f"{result!r} is no value: i, r or f and a number")
            self.position += 1
        name = self._next("an operation")
        opcode = operations.by_name.get(name)
        if opcode is None:
            self._fail_before(f"there is no operation {name!r}")
        if operations.is_input(opcode):
            self._fail_before("inputs stand in the brackets of the first line")
        kind = operations.result_kind(opcode)
        if result is not None and kind == "n":
            self._fail_before(f"{name} has no result")
        if result is None and kind != "n":
            self._fail_before(f"{name} has a result: write {kind}N = {name}(...)")
        if result is not None and result[0] != kind:
            self._fail_at(result_place, f"the result of {name} is {KIND_NAMES[kind]}, not {result}")
        number = self._operation(opcode)
        if result is not None:
            if result in self.defined:
                self._fail_at(result_place, f"{result} is defined twice")
            self.defined[result] = number

    def _operation(self, opcode: int) -> int:
        name = operations.name_of(opcode)
        self._expect("(", f"the operands of {name} begin with (")
        places = self._list(")", f"the operands of {name} end with )")
        described_as = operations.descriptor_classes[opcode]
        descriptor: Descriptor | None = None
        if described_as not in (NO_DESCRIPTOR, FAILURE):
            if not places:
                self._fail_before(f"{name} needs a descriptor as its last operand")
            descriptor = self._descriptor(name, places.pop())
        wanted = operations.arity(opcode)
        if len(places) != wanted and (len(places) < wanted or not operations.has_more(opcode)):
            least = "at least " if operations.has_more(opcode) else ""
            self._fail_before(f"{name} takes {least}{wanted} operands, not {len(places)}")
        kinds = operations.operand_kinds[opcode]
        operands = []
        for index, place in enumerate(places):
            reference = self._operand(place)
            kind = self.trace.kind_of(reference)
            if index < len(kinds) and kinds[index] in KIND_NAMES and kinds[index] != kind:
                self._fail_at(place, f"operand {index + 1} of {name} is {KIND_NAMES[kinds[index]]}")
            operands.append(reference)
        if described_as == FAILURE:
            self._expect("{", "a guard ends with what it keeps, in braces")
            kept = [self._kept(place) for place in self._list("}", "what a guard keeps ends with }")]
            descriptor = GuardDescriptor(kept)
        return self.trace.append_list(opcode, operands, descriptor)

    def _list(self, end: str, message: str) -> list[int]:
        """The places of the tokens up to `end`, separated by commas."""
        places: list[int] = []
        if self._peek() == end:
            self.position += 1
            return places
        while True:
            token = self._next("an operand")
            if token in "[](){}=,":
                self._fail_before(f"an operand is missing before {token!r}")
            places.append(self.position - 1)
            if self._peek() == ",":
                self.position += 1
            else:
                self._expect(end, message)
                return places

    def _descriptor(self, name: str, place: int) -> Descriptor:
        token = self.tokens[place][0]
        descriptor = self.names.descriptors.get(token)
        if descriptor is None:
            self._fail_at(place, f"{name} ends with its descriptor, and no descriptor has the name {token!r}")
        return descriptor

    def _kept(self, place: int) -> int:
        return NOTHING if self.tokens[place][0] == "_" else self._operand(place)

    def _operand(self, place: int) -> int:
        token = self.tokens[place][0]
        constants = self.trace.constants
        if VALUE.fullmatch(token):
            if token not in self.defined:
                self._fail_at(place, f"{token} is not defined here")
            return self.defined[token]
        if INTEGER.fullmatch(token):
            value = int(token, 0)
            if not -(1 << 63) <= value < 1 << 63:
                self._fail_at(place, f"{token} is no machine word")
            return constants.of_int(value)
        if FLOAT.fullmatch(token):
            return constants.of_float(float(token))
        if NAN.fullmatch(token):
            bits = int(token[4:], 16) if len(token) > 3 else QUIET_NAN
            return constants.of_float(struct.unpack("<d", struct.pack("<Q", bits))[0])
        if token == "null":
            return constants.of_reference(NULL_REFERENCE)
        if token.startswith("@"):
            return constants.of_int(self._named(place, self.names.integers, "address"))
        if token.startswith("$"):
            return constants.of_reference(self._named(place, self.names.references, "object"))
        self._fail_at(place, f"{token!r} is neither a value nor a constant")

    def _named(self, place: int, table: dict, what: str):  # type: ignore[no-untyped-def]
        name = self.tokens[place][0][1:]
        if name not in table:
            self._fail_at(place, f"no {what} has the name {name!r}")
        return table[name]

    def _define(self, token: str, number: int) -> None:
        if token in self.defined:
            self._fail_before(f"{token} is defined twice")
        self.defined[token] = number

    def _peek(self) -> str:
        return self.tokens[self.position][0] if self.position < len(self.tokens) else ""

    def _next(self, what: str) -> str:
        if self.position >= len(self.tokens):
            self._fail(f"{what} is missing")
        self.position += 1
        return self.tokens[self.position - 1][0]

    def _expect(self, token: str, message: str) -> None:
        if self._peek() != token:
            self._fail(message)
        self.position += 1

    def _fail_before(self, message: str):  # type: ignore[no-untyped-def]
        self._fail_at(self.position - 1, message)

    def _fail_at(self, place: int, message: str):  # type: ignore[no-untyped-def]
        self._fail(message, self.tokens[place][1])

    def _fail(self, message: str, column: int | None = None):  # type: ignore[no-untyped-def]
        text = self.lines[self.line]
        if column is None:
            column = self.tokens[self.position][1] if self.position < len(self.tokens) else len(text.rstrip())
        raise TraceSyntaxError(message, self.line + 1, column + 1, text)
