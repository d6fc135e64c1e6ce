"""Artificial machines for tests of register allocation."""

from ouro.jitcore import operations as ops
from ouro.jitcore.backend.registers import (
    ANYWHERE,
    COLLECTS,
    CONSTANT,
    FORCES,
    FUSES,
    IMMEDIATE,
    LATE,
    MANY,
    REGISTER,
    RESULT_FIRST,
    SAVES_REGISTERS,
    SLOT,
    TAKES_FUSED,
    MachineDescription,
    fixed,
    float_register,
    outgoing,
)

SHIFTS = (ops.INT_LSHIFT, ops.INT_RSHIFT, ops.UINT_RSHIFT)
DIVISIONS = (ops.INT_FLOORDIV, ops.INT_MOD)
MAY_FORCE = [
    opcode for opcode, name in enumerate(ops.names) if name.startswith(("call_may_force", "call_assembler"))
]


class ArtificialMachine(MachineDescription):
    """A calling convention with the first arguments in registers and the others in outgoing words."""

    def argument_constraints(self, opcode, kinds):
        constraints, used = [], {"int": 0, "float": 0, "out": 0}
        first = 1 if opcode not in (ops.COND_CALL, ops.COND_CALL_VALUE_I, ops.COND_CALL_VALUE_R) else 2
        if ops.names[opcode].startswith("call_assembler"):
            return [SLOT | CONSTANT] * len(kinds)
        for position, kind in enumerate(kinds):
            if position < first:
                constraints.append(self.constraint(opcode, position))
                continue
            name, registers = ("float", self.floats) if kind == "f" else ("int", self.integers)
            # one integer register is left for the address of the function
            usable = registers[: len(registers) - 1] if name == "int" else registers
            if used[name] < min(len(usable), 3):
                constraints.append(fixed(usable[used[name]]))
                used[name] += 1
            else:
                constraints.append(fixed(outgoing(used["out"])))
                used["out"] += 1
        return constraints


def machine_with(integers, floats, saved_integers=0, saved_floats=0, float_scratch=True, three_operands=False):
    """A machine with so many registers, the last of which calls leave alone.

    Args:
        three_operands: results may be in any register; otherwise they overwrite the first operand.
    """
    ints = list(range(integers))
    doubles = [float_register(number) for number in range(floats)]
    saved = ints[integers - saved_integers :] + doubles[floats - saved_floats :]
    scratch = float_register(floats) if float_scratch else -1
    machine = ArtificialMachine(ints, doubles, saved, integers, scratch, ints + doubles)
    for opcode in range(ops.COUNT):
        if not machine.known[opcode]:
            _row(machine, opcode, ints, doubles, three_operands)
    return machine


def _row(machine, opcode, ints, doubles, three_operands):
    arity, kind = ops.arity(opcode), ops.result_kind(opcode)
    second = REGISTER | SLOT | IMMEDIATE
    if ops.is_call(opcode):
        result = {"i": ints[0], "r": ints[0], "f": doubles[0], "n": None}[kind]
        flags = COLLECTS | (FORCES if opcode in MAY_FORCE else 0)
        machine.row(opcode, [ANYWHERE] * arity, result, clobbers_calls=True, flags=flags, most_in_slots=MANY)
    elif ops.is_guard(opcode):
        flags = TAKES_FUSED if opcode in (ops.GUARD_TRUE, ops.GUARD_FALSE) else 0
        temporaries = "i" if opcode in (ops.GUARD_CLASS, ops.GUARD_SUBCLASS) else ""
        machine.row(opcode, [REGISTER | SLOT, REGISTER | CONSTANT][:arity], temporaries=temporaries, flags=flags)
    elif opcode in SHIFTS and len(ints) > 2 and not three_operands:
        machine.row(opcode, [REGISTER, fixed(ints[1]) | IMMEDIATE], RESULT_FIRST)
    elif opcode in DIVISIONS and len(ints) > 2 and not three_operands:
        result, other = (ints[0], ints[1]) if opcode == ops.INT_FLOORDIV else (ints[1], ints[0])
        machine.row(opcode, [fixed(ints[0]), REGISTER | SLOT | LATE], result, clobbers=[other])
    elif ops.has_flag(opcode, ops.COMPARE):
        machine.row(opcode, [REGISTER | SLOT, second, REGISTER | SLOT | CONSTANT][:arity], flags=FUSES)
    elif (ops.is_pure(opcode) or ops.has_flag(opcode, ops.OVERFLOW)) and arity == 2 and not three_operands:
        machine.row(opcode, [REGISTER, second], RESULT_FIRST)
    elif ops.is_pure(opcode) and not three_operands:
        machine.row(opcode, [REGISTER | SLOT] * arity, temporaries="i" if len(ints) > 3 else "")
    elif ops.has_flag(opcode, ops.ALLOCATE):
        machine.row(opcode, [ANYWHERE] * arity, flags=COLLECTS | SAVES_REGISTERS)
    elif ops.has_flag(opcode, ops.STORE):
        late = LATE if len(ints) > 3 else 0
        machine.row(opcode, [REGISTER | SLOT, second, REGISTER | SLOT | IMMEDIATE | late][:arity], rest=ANYWHERE,
                    most_in_slots=MANY)
    else:
        machine.row(opcode, [REGISTER | SLOT, second][:arity], rest=ANYWHERE, most_in_slots=MANY)
