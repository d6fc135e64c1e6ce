"""What holds for every jitcode: the contract between the codewriter and those who run its output. Host only.

1. Instructions follow each other without gaps; the last one ends the code; jumps lead to instructions.
2. A register operand is a register or a constant of the jitcode; a result is a register.
3. What guards has a live mark right in front, what calls one right behind; `catch_exception` stands behind such a mark.
4. Descriptors are of the class, and fields and items of the kind, that the instruction asks for.
5. The arguments of a call fit its descriptor, or the jitcode that is run; so do those of merge points and portals.
6. A register is written on all ways to where it is read. A caught call has not written its result.
7. A live mark names registers that are written, and all that are read behind it before they are written again.
"""

from __future__ import annotations

from ouro.jitcore import operations
from ouro.jitcore.descriptors import (
    ArrayDescriptor,
    CallDescriptor,
    Descriptor,
    FieldDescriptor,
    InteriorFieldDescriptor,
    SizeDescriptor,
)
from ouro.jitcore.jitcode import instructions
from ouro.jitcore.jitcode.building import Register
from ouro.jitcore.jitcode.instructions import CALLS, ENDS, GUARDS
from ouro.jitcore.jitcode.jitcode import JitCode
from ouro.jitcore.jitcode.program import JitProgram, SwitchDescriptor
from ouro.jitcore.jitcode.text import Instruction, decode

_SHIFTS = {"i": 0, "r": 256, "f": 512}

_CLASSES = {
    operations.SIZE: SizeDescriptor,
    operations.FIELD: FieldDescriptor,
    operations.ARRAY: ArrayDescriptor,
    operations.INTERIOR: InteriorFieldDescriptor,
}


class JitCodeError(Exception):
    """A jitcode breaks its contract; one line for each problem."""


def verify_program(program: JitProgram) -> None:
    """Check all jitcodes.

    Raises:
        JitCodeError: something does not hold.
    """
    found = [problem for jitcode in program.jitcodes for problem in problems(program, jitcode)]
    if found:
        raise JitCodeError("\n".join(found))


def problems(program: JitProgram, jitcode: JitCode) -> list[str]:
    """What is wrong with a jitcode, with the position for each problem."""
    return _Verifier(program, jitcode).run()


class _Verifier:
    def __init__(self, program: JitProgram, jitcode: JitCode) -> None:
        self.program = program
        self.jitcode = jitcode
        self.found: list[str] = []
        self.lines: list[Instruction] = []
        self.index_at: dict[int, int] = {}
        self.registers = {"i": jitcode.registers_i, "r": jitcode.registers_r, "f": jitcode.registers_f}
        self.constants = {"i": jitcode.constants_i, "r": jitcode.constants_r, "f": jitcode.constants_f}

    def run(self) -> list[str]:
        try:
            self.lines = decode(self.program, self.jitcode)
        except IndexError:
            return [f"{self.jitcode.name}: the code ends within an instruction"]
        self.index_at = {line.position: index for index, line in enumerate(self.lines)}
        if not self.lines or not instructions.has_flag(self.lines[-1].number, ENDS):
            self._problem(len(self.jitcode.code), "the code does not end")
        for index, line in enumerate(self.lines):
            self._check(index, line)
        if not self.found:
            self._check_values()
        return self.found

    def _problem(self, position: int, message: str) -> None:
        self.found.append(f"{self.jitcode.name}, position {position}: {message}")

    # ---- each instruction for itself

    def _check(self, index: int, line: Instruction) -> None:
        for target in targets_of(line):
            if target not in self.index_at:
                self._problem(line.position, f"{line.name} goes into the middle of an instruction")
        for register in registers_read(line):
            if register.number >= self.registers[register.kind] + len(self.constants[register.kind]):
                self._problem(line.position, f"{line.name} reads {register.kind}{register.number}, which is not there")
        if line.result >= self.registers.get(instructions.result_kinds[line.number], 256):
            self._problem(line.position, f"the result of {line.name} is no register")
        if instructions.has_flag(line.number, GUARDS) and not self._is_mark(index - 1):
            self._problem(line.position, f"{line.name} has no live mark in front")
        if instructions.has_flag(line.number, CALLS) and not self._is_mark(index + 1):
            self._problem(line.position, f"{line.name} has no live mark behind")
        if line.number == instructions.CATCH_EXCEPTION and not self._follows_call(index):
            self._problem(line.position, "catch_exception stands behind no call")
        if instructions.operation_of[line.number] >= 0:
            self._check_descriptor(line)
        elif line.name.startswith(("inline_call", "recursive_call", "jit_merge_point")):
            self._check_entry(line)
        elif line.operands and isinstance(line.operands[-1], CallDescriptor):
            self._check_call(line, line.operands[-1])

    def _is_mark(self, index: int) -> bool:
        return 0 <= index < len(self.lines) and self.lines[index].number == instructions.LIVE

    def _follows_call(self, index: int) -> bool:
        return index >= 2 and self._is_mark(index - 1) and instructions.has_flag(self.lines[index - 2].number, CALLS)

    def _check_descriptor(self, line: Instruction) -> None:
        operation = instructions.operation_of[line.number]
        wanted = _CLASSES.get(operations.descriptor_classes[operation])
        if wanted is None:
            return
        descriptor = line.operands[-1]
        if not isinstance(descriptor, wanted):
            self._problem(line.position, f"the descriptor of {line.name} is a {type(descriptor).__name__}")
            return
        kind = _kind_of(descriptor)
        name = operations.names[operation]
        moved = ""
        if name.startswith(("getfield", "getarrayitem", "getinteriorfield", "raw_load")):
            moved = operations.result_kinds[operation]
        elif "v" in operations.operand_kinds[operation]:
            moved = line.name[-1]
        if moved and moved != kind:
            self._problem(line.position, f"{line.name} of {descriptor.name}, which is of kind {kind}")

    def _check_call(self, line: Instruction, callee: CallDescriptor) -> None:
        if line.number == instructions.STRING_GUARD_VALUE:
            if callee.argument_kinds != "rr" or callee.result_kind != "i":
                self._problem(line.position, f"{callee.name} compares no strings")
            return
        self._compare(line, [len(one) for one in line.operands if isinstance(one, list)], callee.argument_kinds)
        kind = "n" if line.number == instructions.CONDITIONAL_CALL else instructions.result_kinds[line.number]
        if kind != callee.result_kind:
            self._problem(line.position, f"the result of {callee.name} has kind {callee.result_kind}")

    def _check_entry(self, line: Instruction) -> None:
        counts = [len(one) for one in line.operands if isinstance(one, list)]
        if line.name.startswith("inline_call"):
            callee = self.program.jitcodes[line.operands[0]]
        elif line.operands[0] >= len(self.program.portals):
            self._problem(line.position, f"there is no driver {line.operands[0]}")
            return
        else:
            callee = self.program.portals[line.operands[0]]
            counts = [greens + reds for greens, reds in zip(counts[:3], counts[3:])]
        self._compare(line, counts, callee.argument_kinds)
        if line.number != instructions.JIT_MERGE_POINT:
            if instructions.result_kinds[line.number] != callee.result_kind:
                self._problem(line.position, f"the result of {callee.name} has kind {callee.result_kind}")

    def _compare(self, line: Instruction, counts: list[int], argument_kinds: str) -> None:
        wanted = [argument_kinds.count(kind) for kind in "irf"]
        if counts != wanted:
            self._problem(line.position, f"{line.name} has {counts} arguments of the kinds i, r, f, not {wanted}")

    # ---- ways through the code

    def _check_values(self) -> None:
        reads = [self._bits(registers_read(line)) for line in self.lines]
        writes = [self._written(line) for line in self.lines]
        defined = self._forward(writes)
        for line, read, known in zip(self.lines, reads, defined):
            if known is None:
                continue  # never reached
            missing = read & ~known
            if missing:
                what = "names" if line.number == instructions.LIVE else "reads"
                self._problem(line.position, f"{line.name} {what} {_text(missing)}, which may not be written")
        needed = self._backward(reads, writes)
        for index, line in enumerate(self.lines):
            if line.number == instructions.LIVE and defined[index] is not None:
                missing = needed[index] & ~reads[index]
                if missing:
                    self._problem(line.position, f"the live mark does not name {_text(missing)}")

    def _bits(self, registers: list[Register]) -> int:
        bits = 0
        for register in registers:
            if register.number < self.registers[register.kind]:
                bits |= 1 << (_SHIFTS[register.kind] + register.number)
        return bits

    def _written(self, line: Instruction) -> int:
        if line.result < 0:
            return 0
        return 1 << (_SHIFTS[instructions.result_kinds[line.number]] + line.result)

    def _following(self, index: int) -> list[int]:
        """The instructions that may come next, but for the handlers of a caught call."""
        line = self.lines[index]
        following = [] if instructions.has_flag(line.number, ENDS) else [index + 1]
        if line.number != instructions.CATCH_EXCEPTION:
            following += [self.index_at[target] for target in targets_of(line)]
        return following

    def _handler(self, index: int) -> int:
        """The handler of the call at an index, -1 for none."""
        if instructions.has_flag(self.lines[index].number, CALLS) and index + 2 < len(self.lines):
            catch = self.lines[index + 2]
            if catch.number == instructions.CATCH_EXCEPTION:
                return self.index_at[catch.operands[0]]
        return -1

    def _forward(self, writes: list[int]) -> list[int | None]:
        """In front of each instruction: what is written on all ways there; None where no way leads."""
        arguments = [
            Register(kind, number) for kind in "irf" for number in range(self.jitcode.argument_count(kind))
        ]
        defined: list[int | None] = [None] * len(self.lines)
        defined[0] = self._bits(arguments)
        pending = [0]
        while pending:
            index = pending.pop()
            before = defined[index]
            assert before is not None
            after = before | writes[index]
            reached = [(following, after) for following in self._following(index)]
            handler = self._handler(index)
            if handler >= 0:
                reached.append((handler, before))
            if "_jump_if_overflow" in self.lines[index].name:
                reached[1] = reached[1][0], before
            for following, state in reached:
                known = defined[following]
                new = state if known is None else state & known
                if new != known:
                    defined[following] = new
                    pending.append(following)
        return defined

    def _backward(self, reads: list[int], writes: list[int]) -> list[int]:
        """In front of each instruction: what is read from there on before it is written. Marks do not read."""
        needed = [0] * len(self.lines)
        entering: list[list[int]] = [[] for _ in self.lines]
        for index, line in enumerate(self.lines):
            targets = self._following(index)
            if line.number == instructions.CATCH_EXCEPTION:
                targets = [*targets, self.index_at[line.operands[0]]]
            for target in targets:
                entering[target].append(index)
        pending = list(range(len(self.lines)))
        while pending:
            index = pending.pop()
            line = self.lines[index]
            after = 0
            for following in self._following(index):
                after |= needed[following]
            if line.number == instructions.CATCH_EXCEPTION:
                after |= needed[self.index_at[line.operands[0]]]
            new = after & ~writes[index]
            if line.number != instructions.LIVE:
                new |= reads[index]
            if new != needed[index]:
                needed[index] = new
                pending += entering[index]
        return needed


def targets_of(line: Instruction) -> list[int]:
    """The positions that an instruction may jump to."""
    targets = []
    for letter, operand in zip(instructions.operand_letters[line.number], line.operands):
        if letter == "L":
            targets.append(operand)
        elif isinstance(operand, SwitchDescriptor):
            targets += operand.targets
    return targets


def registers_read(line: Instruction) -> list[Register]:
    """The registers, and constants, that an instruction reads; those that a live mark names."""
    if line.number == instructions.LIVE:
        return list(line.operands)
    registers = []
    for letter, operand in zip(instructions.operand_letters[line.number], line.operands):
        if letter in "irf":
            registers.append(Register(letter, operand))
        elif letter in "IRF":
            registers += [Register(letter.lower(), number) for number in operand]
    return registers


def _kind_of(descriptor: Descriptor) -> str:
    if isinstance(descriptor, InteriorFieldDescriptor):
        return str(descriptor.field.kind)
    if isinstance(descriptor, (FieldDescriptor, ArrayDescriptor)):
        return str(descriptor.kind)
    return "n"


def _text(bits: int) -> str:
    names = []
    for kind, shift in _SHIFTS.items():
        names += [f"{kind}{number}" for number in range(256) if bits >> (shift + number) & 1]
    return ", ".join(names)
