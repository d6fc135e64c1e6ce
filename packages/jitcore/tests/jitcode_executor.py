"""Runs jitcodes as they stand, over checked memory: what the codewriter's output has to mean, in a few lines each.

Registers that a `live` mark does not name are cleared there, so that reading one that the liveness has forgotten is an
error: a frame that resumes at the mark would not have it either.
"""

from __future__ import annotations

from typing import Any

from ouro.jitcore import operations
from ouro.jitcore.jitcode import JitCode, JitProgram, instructions
from ouro.jitcore.jitcode.instructions import CALLS, GUARDS
from ouro.jitcore.jitcode.text import Instruction
from ouro.jitcore.machine import EXECUTE, NO_VALUE
from ouro.jitcore.machine.host import HostMachine
from ouro.jitcore.machine.interface import Machine
from ouro.lltype import Pointer


class Raised(Exception):
    """An exception of the program that left a jitcode."""

    def __init__(self, reference: Pointer) -> None:
        super().__init__()
        self.reference = reference


class _Cleared:
    def __repr__(self) -> str:
        return "a register that was not alive"


CLEARED = _Cleared()

OVERFLOWING = {"int_add": lambda a, b: a + b, "int_sub": lambda a, b: a - b, "int_mul": lambda a, b: a * b}


class Executor:
    """Runs jitcodes of one program.

    Attributes:
        trail: names of the instructions that were run, for tests that look at them.
    """

    def __init__(self, program: JitProgram, machine: HostMachine) -> None:
        self.program = program
        self.machine: Machine = machine
        self.trail: list[str] = []
        self._decoded: dict[tuple[int, int], Instruction] = {}

    def run(self, jitcode: JitCode, arguments: list[Any]) -> Any:
        """Run a jitcode with arguments in the order of `argument_kinds`.

        Raises:
            Raised: it raised.
        """
        lists: dict[str, list[Any]] = {"i": [], "r": [], "f": []}
        for kind, argument in zip(jitcode.argument_kinds, arguments):
            lists[kind].append(argument)
        return _Frame(self, jitcode, lists["i"], lists["r"], lists["f"]).run()

    def at(self, jitcode: JitCode, position: int) -> Instruction:
        """The instruction at a position."""
        known = self._decoded.get((jitcode.index, position))
        if known is None:
            known = self._decoded[jitcode.index, position] = Instruction(self.program, jitcode, position)
        return known


class _Frame:
    def __init__(
        self, executor: Executor, jitcode: JitCode, ints: list[int], references: list[Pointer], floats: list[float]
    ) -> None:
        self.executor = executor
        self.machine = executor.machine
        self.jitcode = jitcode
        counts = {"i": jitcode.registers_i, "r": jitcode.registers_r, "f": jitcode.registers_f}
        constants = {"i": jitcode.constants_i, "r": jitcode.constants_r, "f": jitcode.constants_f}
        given = {"i": ints, "r": references, "f": floats}
        self.counts = counts
        self.registers: dict[str, list[Any]] = {
            kind: given[kind] + [CLEARED] * (counts[kind] - len(given[kind])) + list(constants[kind]) for kind in "irf"
        }
        self.position = 0
        self.caught: Pointer | None = None

    def run(self) -> Any:
        previous: Instruction | None = None
        while True:
            line = self.executor.at(self.jitcode, self.position)
            self._check_marks(previous, line)
            previous = line
            self.position = line.end
            self.executor.trail.append(line.name)
            name = line.name
            if name.endswith("_return"):
                return None if name == "none_return" else self._values(line)[0]
            if line.number == instructions.LIVE:
                self._clear_dead(line)
                continue
            try:
                self._step(line)
            except Raised as raised:
                if not instructions.has_flag(line.number, CALLS):
                    raise
                self._catch(line, raised)
                previous = None

    def _check_marks(self, previous: Instruction | None, line: Instruction) -> None:
        if instructions.has_flag(line.number, GUARDS):
            before = self.executor.at(self.jitcode, line.position - instructions.LIVE_SIZE)
            assert before.number == instructions.LIVE and before.end == line.position, f"no mark before {line.name}"
        if previous is not None and instructions.has_flag(previous.number, CALLS):
            assert line.number == instructions.LIVE, f"no mark behind {previous.name}"

    def _catch(self, line: Instruction, raised: Raised) -> None:
        following = self.executor.at(self.jitcode, line.end)
        self._clear_dead(following)
        handler = self.executor.at(self.jitcode, following.end)
        if handler.name != "catch_exception":
            raise raised
        self.caught = raised.reference
        self.position = handler.operands[0]

    def _clear_dead(self, mark: Instruction) -> None:
        alive = {(register.kind, register.number) for register in mark.operands}
        for kind in "irf":
            for number in range(self.counts[kind]):
                if (kind, number) not in alive:
                    self.registers[kind][number] = CLEARED

    def _read(self, kind: str, number: int) -> Any:
        value = self.registers[kind][number]
        assert value is not CLEARED, f"{self.jitcode.name} at {self.position}: {kind}{number} is not alive"
        return value

    def _values(self, line: Instruction) -> list[Any]:
        values = []
        for letter, operand in zip(instructions.operand_letters[line.number], line.operands):
            if letter in "irf":
                values.append(self._read(letter, operand))
            elif letter in "IRF":
                values.append([self._read(letter.lower(), one) for one in operand])
            else:
                values.append(operand)
        return values

    def _step(self, line: Instruction) -> None:
        name, values = line.name, self._values(line)
        fused = instructions.fused_comparison[line.number]
        result: Any = None
        if instructions.operation_of[line.number] >= 0:
            result = self._derived(line, values)
        elif fused >= 0:
            if not EXECUTE[fused, NO_VALUE](self.machine, *values[:-1]):
                self.position = values[-1]
        elif name.endswith("_jump_if_overflow"):
            result = OVERFLOWING[name[:7]](values[1], values[2])
            if not -(1 << 63) <= result < 1 << 63:
                self.position = values[0]
                return
        else:
            result = getattr(self, "do_" + _method_of(name))(*values)
        if line.result >= 0:
            kind = instructions.result_kinds[line.number]
            assert line.result < self.counts[kind]
            self.registers[kind][line.result] = result

    def _derived(self, line: Instruction, values: list[Any]) -> Any:
        operation = instructions.operation_of[line.number]
        kinds = operations.operand_kinds[operation]
        stored = NO_VALUE
        if "v" in kinds:
            stored = instructions.operand_letters[line.number][kinds.index("v")]
        return EXECUTE[operation, stored](self.machine, *values)

    # ---- one method for each instruction or family

    def do_copy(self, value: Any) -> Any:
        return value

    def do_constant_i(self, index: int) -> Any:
        return self.jitcode.constants_i[index]

    def do_constant_r(self, index: int) -> Any:
        return self.jitcode.constants_r[index]

    def do_constant_f(self, index: int) -> Any:
        return self.jitcode.constants_f[index]

    def do_goto(self, target: int) -> None:
        self.position = target

    def do_goto_if_not(self, condition: int, target: int) -> None:
        assert condition in (0, 1)
        if not condition:
            self.position = target

    def do_switch(self, value: int, switch: Any) -> None:
        target = switch.target_of(value)
        if target >= 0:
            self.position = target

    def do_raise(self, reference: Pointer) -> None:
        assert reference
        raise Raised(reference)

    def do_reraise(self) -> None:
        assert self.caught is not None
        raise Raised(self.caught)

    def do_catch_exception(self, target: int) -> None:
        pass

    def do_goto_if_exception_mismatch(self, base: int, target: int) -> None:
        if not self.machine.is_subclass(self.do_last_exception(), base):
            self.position = target

    def do_last_exception(self) -> int:
        assert self.caught is not None
        return self.machine.class_of(self.caught)

    def do_last_exception_value(self) -> Any:
        assert self.caught is not None
        return self.caught

    def do_inline_call(self, index: int, ints: Any, references: Any, floats: Any) -> Any:
        callee = self.executor.program.jitcodes[index]
        return _Frame(self.executor, callee, ints, references, floats).run()

    def do_residual_call(self, address: int, ints: Any, references: Any, floats: Any, callee: Any) -> Any:
        call = getattr(
            self.machine, {"i": "call_int", "r": "call_reference", "f": "call_float", "n":
            "call_none"}[callee.result_kind])
        result = call(address, callee, ints, references, floats)
        if self.machine.pending_exception():
            assert callee.effect.can_raise(), f"{callee.name} raised"
            raise Raised(self.machine.take_exception())
        return result

    def do_indirect_call(self, address: int, ints: Any, references: Any, floats: Any, callee: Any) -> Any:
        jitcode = self.executor.program.jitcode_at(address)
        if jitcode is None:
            return self.do_residual_call(address, ints, references, floats, callee)
        return _Frame(self.executor, jitcode, ints, references, floats).run()

    def do_recursive_call(self, driver: int, gi: Any, gr: Any, gf: Any, ri: Any, rr: Any, rf: Any) -> Any:
        portal = self.executor.program.portals[driver]
        return _Frame(self.executor, portal, gi + ri, gr + rr, gf + rf).run()

    def do_conditional_call(self, condition: int, address: int, *rest: Any) -> None:
        if condition:
            self.do_residual_call(address, *rest)

    def do_conditional_call_value(self, value: Any, address: int, *rest: Any) -> Any:
        return value if value else self.do_residual_call(address, *rest)

    def do_guard_class(self, reference: Pointer) -> int:
        assert reference
        return self.machine.class_of(reference)

    def do_nothing(self, *values: Any) -> None:
        pass

    do_guard_value = do_record_exact_class = do_record_exact_value = do_keepalive = do_jit_merge_point = do_nothing
    do_loop_header = do_hint_force_virtualizable = do_quasi_immutable_field = do_force_quasi_immutable = do_nothing
    do_virtual_ref_finish = do_promote_virtual_ref = do_nothing

    def do_string_guard_value(self, string: Pointer, address: int, callee: Any) -> Pointer:
        assert self.machine.call_int(address, callee, [], [string, string], []) == 1
        return string

    def do_is_constant(self, value: Any) -> int:
        return 0

    do_is_virtual = do_is_constant
    do_virtual_ref = do_force_virtual_ref = do_copy

    def do_getfield_virtualizable(self, reference: Pointer, field: Any) -> Any:
        return self._load("getfield_gc", field.kind, reference, field)

    def do_setfield_virtualizable(self, reference: Pointer, value: Any, field: Any) -> None:
        EXECUTE[operations.SETFIELD_GC, field.kind](self.machine, reference, value, field)

    def do_getarrayitem_virtualizable(self, reference: Pointer, index: int, field: Any, array: Any) -> Any:
        return self._load("getarrayitem_gc", array.kind, self._load("getfield_gc", "r", reference, field), index, array)

    def do_setarrayitem_virtualizable(
        self, reference: Pointer, index: int, value: Any, field: Any, array: Any
    ) -> None:
        items = self._load("getfield_gc", "r", reference, field)
        EXECUTE[operations.SETARRAYITEM_GC, array.kind](self.machine, items, index, value, array)

    def do_arraylen_virtualizable(self, reference: Pointer, field: Any, array: Any) -> int:
        return self.machine.array_length(self._load("getfield_gc", "r", reference, field), array)

    def _load(self, name: str, kind: str, *operands: Any) -> Any:
        return EXECUTE[operations.by_name[f"{name}_{kind}"], NO_VALUE](self.machine, *operands)


_FAMILIES = (
    "guard_value", "is_constant", "is_virtual", "record_exact_value", "copy", "inline_call", "residual_call",
    "indirect_call", "recursive_call", "conditional_call_value", "getfield_virtualizable", "setfield_virtualizable",
    "getarrayitem_virtualizable", "setarrayitem_virtualizable",
)


def _method_of(name: str) -> str:
    """The method for an instruction: its name without the kind."""
    if name.endswith("_constant") and not name.endswith("is_constant"):
        return "constant_" + {"int": "i", "reference": "r", "float": "f"}[name.split("_")[0]]
    if name == "string_guard_value":
        return name
    for family in _FAMILIES:
        if family in name:
            return family
    return name
