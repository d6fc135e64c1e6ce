"""From instructions with labels to the bytes of jitcodes: the last step of the codewriter and of the text parser.

Host only. Operands are given as the signature of the instruction wants them: `Register` or `ConstantOperand` for
registers, lists of them for lists, descriptors, jitcodes, ints for signed bytes, and anything hashable for labels.

A register byte reaches 256 registers and constants of a kind. Where a function has more, the constants used least are
loaded into scratch registers in front of the instructions that use them.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Any, Union

from attrs import define, field, frozen
from ouro.jitcore.descriptors import Descriptor
from ouro.jitcore.jitcode import instructions
from ouro.jitcore.jitcode.instructions import GUARDS, KIND_WORDS
from ouro.jitcore.jitcode.jitcode import JitCode
from ouro.jitcore.jitcode.liveness import encode_liveness
from ouro.jitcore.jitcode.program import SwitchDescriptor

KINDS = "irf"
REACH = 256


class EncodingError(Exception):
    """A function does not fit the format: too many registers, too long, too many descriptors."""


@frozen
class Register:
    """A register of a kind."""

    kind: str
    number: int


@frozen(eq=False)
class ConstantOperand:
    """A constant of a kind: an int (perhaps symbolic), a GC reference or a double."""

    kind: str
    value: Any

    @property
    def key(self) -> Hashable:
        """What equal constants have in common."""
        if self.kind == "f":
            return struct.pack("<d", self.value)
        if self.kind == "i" and type(self.value) is int:
            return self.value
        return type(self.value), self.value


Operand = Union[Register, ConstantOperand]


@frozen
class SwitchTable:
    """The operand of a `switch` while it is built: values with their labels."""

    cases: tuple[tuple[int, Hashable], ...]


@define
class _Line:
    """An instruction, a `live` mark (instruction LIVE, operands the registers) or, for -1, a label."""

    instruction: int
    operands: list[Any]
    result: Register | None = None


@define(eq=False)
class ProgramTables:
    """What the jitcodes of one program share: descriptors and the liveness string, everything once."""

    descriptors: list[Descriptor] = field(factory=list)
    _descriptor_index: dict[Descriptor, int] = field(factory=dict)
    _liveness: list[str] = field(factory=list)
    _liveness_length: int = 0
    _liveness_index: dict[str, int] = field(factory=dict)

    def descriptor(self, descriptor: Descriptor) -> int:
        """The index of a descriptor."""
        index = self._descriptor_index.get(descriptor)
        if index is None:
            index = self._descriptor_index[descriptor] = len(self.descriptors)
            self.descriptors.append(descriptor)
        return index

    def live(self, registers: Iterable[Register]) -> int:
        """The offset of the liveness entry for a set of registers."""
        numbers: dict[str, list[int]] = {kind: [] for kind in KINDS}
        for register in registers:
            numbers[register.kind].append(register.number)
        entry = encode_liveness(numbers["i"], numbers["r"], numbers["f"])
        offset = self._liveness_index.get(entry)
        if offset is None:
            offset = self._liveness_index[entry] = self._liveness_length
            self._liveness.append(entry)
            self._liveness_length += len(entry)
        return offset

    @property
    def liveness(self) -> str:
        """The whole string."""
        return "".join(self._liveness)


class JitCodeBuilder:
    """Collects the instructions of one jitcode; `finish` gives the jitcode its bytes.

    Args:
        jitcode: whose code it will be.
        tables: of the program.
    """

    def __init__(self, jitcode: JitCode, tables: ProgramTables) -> None:
        self.jitcode = jitcode
        self.tables = tables
        self.lines: list[_Line] = []

    def emit(self, name: str, *operands: Any, result: Register | None = None) -> None:
        """Append an instruction."""
        self.lines.append(_Line(instructions.by_name[name], list(operands), result))

    def live(self, registers: Iterable[Register]) -> None:
        """Append a `live` mark."""
        self.lines.append(_Line(instructions.LIVE, list(registers)))

    def label(self, label: Hashable) -> None:
        """Jumps to this label come here."""
        self.lines.append(_Line(-1, [label]))

    def finish(self) -> None:
        """Encode everything.

        Raises:
            EncodingError: it does not fit.
        """
        _Encoder(self).run()


class _Encoder:
    def __init__(self, builder: JitCodeBuilder) -> None:
        self.jitcode = builder.jitcode
        self.tables = builder.tables
        self.lines = builder.lines
        self.registers = dict.fromkeys(KINDS, 0)
        self.constants: dict[str, dict[Hashable, int]] = {kind: {} for kind in KINDS}
        self.values: dict[str, list[Any]] = {kind: [] for kind in KINDS}
        self.code = bytearray()
        self.positions: dict[Hashable, int] = {}
        self.patches: list[tuple[int, Hashable]] = []
        self.switches: list[tuple[SwitchDescriptor, SwitchTable]] = []

    def run(self) -> None:
        uses = self._number()
        scratch = {kind: self._place_constants(kind, uses[kind]) for kind in KINDS}
        for line in self._with_loads(scratch) if any(scratch.values()) else self.lines:
            self._encode(line)
        self._patch()
        self.jitcode.setup(
            self.code.decode("latin-1"), self.values["i"], self.values["r"], self.values["f"],
            self.registers["i"], self.registers["r"], self.registers["f"],
        )

    def _number(self) -> dict[str, Counter[Hashable]]:
        """Count the registers, and how often each constant is used, in order of their first use."""
        uses: dict[str, Counter[Hashable]] = {kind: Counter() for kind in KINDS}
        for kind in KINDS:
            self.registers[kind] = self.jitcode.argument_count(kind)
        for line in self.lines:
            for operand in _flat(line):
                if isinstance(operand, Register):
                    self.registers[operand.kind] = max(self.registers[operand.kind], operand.number + 1)
                elif isinstance(operand, ConstantOperand):
                    table = self.constants[operand.kind]
                    if operand.key not in table:
                        table[operand.key] = len(table)
                        self.values[operand.kind].append(operand.value)
                    uses[operand.kind][operand.key] += 1
        return uses

    def _place_constants(self, kind: str, uses: Counter[Hashable]) -> int:
        """Put the constants that bytes reach first; the number of scratch registers for the others."""
        room = REACH - self.registers[kind]
        table, values = self.constants[kind], self.values[kind]
        if len(table) <= room:
            return 0
        most = max(sum(_is_constant(operand, kind) for operand in _flat(line)) for line in self.lines)
        room -= most
        if room < 0:
            raise EncodingError(
                f"{self.jitcode.name} needs {self.registers[kind]} registers of kind {KIND_WORDS[kind]}: split it"
            )
        order = sorted(table, key=lambda key: -uses[key])
        old = dict(table)
        table.update((key, index) for index, key in enumerate(order))
        values[:] = [values[old[key]] for key in order]
        self.registers[kind] += most
        return most

    def _with_loads(self, scratch: dict[str, int]) -> list[_Line]:
        """The lines, with loads of constants into scratch registers where no byte reaches them."""
        result: list[_Line] = []
        for line in self.lines:
            if line.instruction < 0 or line.instruction == instructions.LIVE:
                result.append(line)
                continue
            used: dict[str, int] = dict.fromkeys(KINDS, 0)
            loads: list[_Line] = []

            def reachable(operand: Any) -> Any:
                if isinstance(operand, list):
                    return [reachable(one) for one in operand]
                if not isinstance(operand, ConstantOperand):
                    return operand
                kind, index = operand.kind, self.constants[operand.kind][operand.key]
                if self.registers[kind] + index < REACH:
                    return operand
                used[kind] += 1  # noqa: B023 - called in this iteration only
                register = Register(kind, self.registers[kind] - used[kind])  # noqa: B023
                load = instructions.by_name[KIND_WORDS[kind] + "_constant"]
                loads.append(_Line(load, [index], register))  # noqa: B023
                return register

            operands = [reachable(operand) for operand in line.operands]
            if loads and instructions.has_flag(line.instruction, GUARDS):
                # the mark stands right in front of the instruction, and what was loaded is alive there
                mark = result.pop()
                result += loads
                result.append(_Line(mark.instruction, mark.operands + [load.result for load in loads]))
            else:
                result += loads
            result.append(_Line(line.instruction, operands, line.result))
        return result

    def _encode(self, line: _Line) -> None:
        if line.instruction < 0:
            self.positions[line.operands[0]] = len(self.code)
            return
        self.code.append(line.instruction)
        if line.instruction == instructions.LIVE:
            self._number_bytes(self.tables.live(line.operands), 3, "the liveness string")
            return
        letters = instructions.operand_letters[line.instruction]
        name = instructions.names[line.instruction]
        assert len(letters) == len(line.operands), f"{name} takes {len(letters)} operands: {line.operands}"
        for letter, operand in zip(letters, line.operands):
            self._operand(letter, operand)
        kind = instructions.result_kinds[line.instruction]
        if kind != "n":
            assert line.result is not None and line.result.kind == kind, f"{name} needs a result of kind {kind}"
            self.code.append(line.result.number)

    def _operand(self, letter: str, operand: Any) -> None:
        if letter in "irf":
            self.code.append(self._register(letter, operand))
        elif letter in "IRF":
            if len(operand) > 255:
                raise EncodingError(f"{self.jitcode.name}: a list of {len(operand)} operands")
            self.code.append(len(operand))
            self.code += bytes([self._register(letter.lower(), one) for one in operand])
        elif letter == "d":
            if isinstance(operand, SwitchTable):
                descriptor = SwitchDescriptor()
                self.switches.append((descriptor, operand))
                operand = descriptor
            self._number_bytes(self.tables.descriptor(operand), 2, "the table of descriptors")
        elif letter == "j":
            self._number_bytes(operand.index, 2, "the table of jitcodes")
        elif letter == "k":
            self._number_bytes(operand, 2, "the table of constants")
        elif letter == "c":
            self.code += struct.pack("b", operand)
        else:
            assert letter == "L"
            self.patches.append((len(self.code), operand))
            self.code += bytes(3)

    def _register(self, kind: str, operand: Operand) -> int:
        assert operand.kind == kind, f"{self.jitcode.name}: {operand} where kind {kind} is needed"
        if isinstance(operand, Register):
            number = operand.number
        else:
            number = self.registers[kind] + self.constants[kind][operand.key]
        if number >= REACH:
            raise EncodingError(
                f"{self.jitcode.name} needs {self.registers[kind]} registers of kind {KIND_WORDS[kind]}: split it"
            )
        return number

    def _number_bytes(self, number: int, count: int, what: str) -> None:
        if number >> (8 * count):
            raise EncodingError(f"{self.jitcode.name}: {what} has become too long")
        self.code += number.to_bytes(count, "little")

    def _patch(self) -> None:
        if len(self.code) >> 24:
            raise EncodingError(f"{self.jitcode.name}: {len(self.code)} bytes of code")
        for place, label in self.patches:
            self.code[place:place + 3] = self.positions[label].to_bytes(3, "little")
        for descriptor, table in self.switches:
            cases = sorted((value, self.positions[label]) for value, label in table.cases)
            descriptor.setup([value for value, _ in cases], [target for _, target in cases])


def _flat(line: _Line) -> Iterable[Any]:
    """The operands, those in lists too, and the result."""
    if line.instruction < 0:
        return
    for operand in line.operands:
        if isinstance(operand, list):
            yield from operand
        else:
            yield operand
    if line.result is not None:
        yield line.result


def _is_constant(operand: Any, kind: str) -> bool:
    return isinstance(operand, ConstantOperand) and operand.kind == kind
