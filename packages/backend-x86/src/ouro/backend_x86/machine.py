"""The machine as the register allocator sees it: registers, calling conventions, and what each operation needs.

`rbp` is the frame of compiled code, `rsp` the machine's stack, and one register of each class is the emitter's: all
others are allocated. Rows say what makes good code; the emitter takes every location anyway.
"""

from __future__ import annotations

from ouro.backend_x86 import registers as x86
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
    RESULT_ANY,
    RESULT_NONE,
    SAVES_REGISTERS,
    SLOT,
    TAKES_FUSED,
    MachineDescription,
    fixed,
    float_register,
)

FRAME = x86.RBP
SCRATCH = x86.R11
FLOAT_SCRATCH = x86.XMM15
RESULT = x86.RAX
FLOAT_RESULT = float_register(x86.XMM0)

#: System V: the registers of the first arguments of a call, and the registers that a call leaves alone.
ARGUMENTS = [x86.RDI, x86.RSI, x86.RDX, x86.RCX, x86.R8, x86.R9]
FLOAT_ARGUMENTS = [float_register(number) for number in range(8)]
CALLEE_SAVED = [x86.RBX, x86.R12, x86.R13, x86.R14, x86.R15]
#: What the entry of compiled code saves on the stack.
SAVED_BY_ENTRY = [x86.RBP, *CALLEE_SAVED]

#: Those in front are given out first: no prefix, then those that calls leave alone.
_INTEGERS = (
    x86.RAX, x86.RCX, x86.RDX, x86.RSI, x86.RDI, x86.RBX, x86.R8, x86.R9, x86.R10, x86.R12, x86.R13, x86.R14, x86.R15,
)
_FLOATS = tuple([float_register(number) for number in range(15)])

_ARITHMETIC = [REGISTER, ANYWHERE | LATE]
_COMPARISONS = (
    ops.INT_LT, ops.INT_LE, ops.INT_EQ, ops.INT_NE, ops.INT_GT, ops.INT_GE, ops.UINT_LT, ops.UINT_LE, ops.UINT_GT,
    ops.UINT_GE, ops.PTR_EQ, ops.PTR_NE, ops.INSTANCE_PTR_EQ, ops.INSTANCE_PTR_NE,
)
_TESTS = (ops.INT_IS_TRUE, ops.INT_IS_ZERO, ops.PTR_ISZERO, ops.PTR_NONZERO)
_FLOAT_COMPARISONS = (ops.FLOAT_LT, ops.FLOAT_LE, ops.FLOAT_EQ, ops.FLOAT_NE, ops.FLOAT_GT, ops.FLOAT_GE)
_CONDITIONAL_CALLS = (ops.COND_CALL, ops.COND_CALL_VALUE_I, ops.COND_CALL_VALUE_R)
#: A number that is part of the instruction.
_NUMBER = IMMEDIATE | CONSTANT


def leading_operands(opcode):
    """How many operands of a call stand in front of its arguments: the function, and the condition of some."""
    if ops.takes_more[opcode] and ops.operand_kinds[opcode] == "":
        return 0
    return len(ops.operand_kinds[opcode])


class X86Machine(MachineDescription):
    """The description for x86-64 with System V's convention."""

    word_size = 8

    def argument_constraints(self, opcode, kinds):
        """Arguments go in the registers of the convention; those on the stack are put there by the emitter.

        Calls of loops and conditional calls find theirs anywhere: see `_call_rows`.
        """
        constraints = []
        skipped = leading_operands(opcode)
        if calls_assembler(opcode) or opcode in _CONDITIONAL_CALLS:
            return [self.constraint(opcode, position) for position in range(len(kinds))]
        for position in range(skipped):
            constraints.append(self.operands[opcode][position])
        integers = floats = 0
        for position in range(skipped, len(kinds)):
            if kinds[position] == "f":
                if floats < len(FLOAT_ARGUMENTS):
                    constraints.append(fixed(FLOAT_ARGUMENTS[floats]))
                else:
                    constraints.append(ANYWHERE | LATE)
                floats += 1
            else:
                if integers < len(ARGUMENTS):
                    constraints.append(fixed(ARGUMENTS[integers]))
                else:
                    constraints.append(ANYWHERE | LATE)
                integers += 1
        return constraints


def calls_assembler(opcode):
    """Does an operation enter another loop?"""
    return ops.CALL_ASSEMBLER_I <= opcode <= ops.CALL_ASSEMBLER_N


def _integer_rows(machine):
    row = machine.row
    for opcode in (ops.INT_ADD, ops.INT_MUL, ops.INT_AND, ops.INT_OR, ops.INT_XOR):
        row(opcode, [REGISTER, ANYWHERE])
    row(ops.INT_SUB, _ARITHMETIC)
    # their flags are the guard's: the emitter has no scratch register for a constant
    for opcode in (ops.INT_ADD_OVF, ops.INT_MUL_OVF):
        row(opcode, [REGISTER, REGISTER | SLOT | IMMEDIATE])
    row(ops.INT_SUB_OVF, [REGISTER, REGISTER | SLOT | IMMEDIATE | LATE])
    for opcode in (ops.INT_LSHIFT, ops.INT_RSHIFT, ops.UINT_RSHIFT):
        row(opcode, [REGISTER, fixed(x86.RCX) | IMMEDIATE | LATE])
    for opcode in (ops.INT_NEG, ops.INT_INVERT, ops.INT_FORCE_GE_ZERO):
        row(opcode, [REGISTER])
    row(ops.INT_SIGNEXT, [REGISTER | SLOT, IMMEDIATE])
    row(ops.UINT_MUL_HIGH, [fixed(x86.RAX), REGISTER | SLOT | LATE], result=x86.RDX, clobbers=[x86.RAX])
    row(ops.INT_FLOORDIV, [fixed(x86.RAX), REGISTER | SLOT | LATE], result=x86.RAX, clobbers=[x86.RDX])
    row(ops.INT_MOD, [fixed(x86.RAX), REGISTER | SLOT | LATE], result=x86.RDX, clobbers=[x86.RAX])
    for opcode in _COMPARISONS:
        row(opcode, [REGISTER | SLOT, ANYWHERE], flags=FUSES)
    for opcode in _TESTS:
        row(opcode, [REGISTER | SLOT], flags=FUSES)
    row(ops.INT_BETWEEN, [REGISTER | SLOT | IMMEDIATE | LATE] * 3, temporaries="i", most_in_slots=3)
    for opcode in (ops.CAST_PTR_TO_INT, ops.CAST_INT_TO_PTR, ops.COPY_I, ops.COPY_R):
        row(opcode, [ANYWHERE])
    # the stand-in is the object itself, which is what it stands for while the trace runs
    row(ops.VIRTUAL_REF, [ANYWHERE])


def _float_rows(machine):
    row = machine.row
    for opcode in (ops.FLOAT_ADD, ops.FLOAT_MUL):
        row(opcode, [REGISTER, ANYWHERE])
    for opcode in (ops.FLOAT_SUB, ops.FLOAT_TRUEDIV):
        row(opcode, [REGISTER, ANYWHERE | LATE])
    for opcode in (ops.FLOAT_NEG, ops.FLOAT_ABS):
        row(opcode, [REGISTER | SLOT])
    for opcode in _FLOAT_COMPARISONS:
        row(opcode, [REGISTER, ANYWHERE], flags=FUSES)
    row(ops.CAST_FLOAT_TO_INT, [REGISTER | SLOT])
    row(ops.CAST_INT_TO_FLOAT, [REGISTER | SLOT])
    row(ops.CONVERT_FLOAT_BYTES_TO_LONGLONG, [ANYWHERE])
    row(ops.CONVERT_LONGLONG_BYTES_TO_FLOAT, [REGISTER | SLOT])
    row(ops.COPY_F, [ANYWHERE])


def _memory_rows(machine):
    row = machine.row
    one, two = [REGISTER], [REGISTER, REGISTER | IMMEDIATE]
    value = REGISTER | IMMEDIATE
    for opcode in (
        ops.GETFIELD_GC_I, ops.GETFIELD_GC_R, ops.GETFIELD_GC_F, ops.GETFIELD_RAW_I, ops.GETFIELD_RAW_R,
        ops.GETFIELD_RAW_F, ops.ARRAYLEN_GC, ops.STRLEN, ops.LOAD_CLASS,
    ):  # fmt: skip
        row(opcode, one)
    for opcode in (
        ops.GETARRAYITEM_GC_I, ops.GETARRAYITEM_GC_R, ops.GETARRAYITEM_GC_F, ops.GETARRAYITEM_RAW_I,
        ops.GETARRAYITEM_RAW_R, ops.GETARRAYITEM_RAW_F, ops.GETINTERIORFIELD_GC_I, ops.GETINTERIORFIELD_GC_R,
        ops.GETINTERIORFIELD_GC_F, ops.STRGETITEM, ops.RAW_LOAD_I, ops.RAW_LOAD_F,
    ):  # fmt: skip
        row(opcode, two)
    for opcode in (ops.SETFIELD_GC, ops.SETFIELD_RAW):
        row(opcode, [REGISTER, value])
    for opcode in (
        ops.SETARRAYITEM_GC, ops.SETARRAYITEM_RAW, ops.SETINTERIORFIELD_GC, ops.STRSETITEM, ops.RAW_STORE,
    ):  # fmt: skip
        row(opcode, [*two, value])
    number = IMMEDIATE | REGISTER
    for opcode in (ops.LOAD_INDEXED_I, ops.LOAD_INDEXED_R, ops.LOAD_INDEXED_F):
        row(opcode, [*two, _NUMBER, _NUMBER, _NUMBER])
    row(ops.STORE_INDEXED, [*two, value, _NUMBER, _NUMBER, _NUMBER])
    row(ops.LOAD_EFFECTIVE_ADDRESS, [*two, _NUMBER, _NUMBER])
    row(ops.ZERO_RANGE, [REGISTER, number, number], temporaries="i")
    row(ops.INCREMENT_DEBUG_COUNTER, one)
    row(ops.NURSERY_ALLOCATE, [_NUMBER], flags=COLLECTS | SAVES_REGISTERS)
    row(ops.NURSERY_NEXT, [REGISTER, _NUMBER])
    row(ops.LEAVE_IF_NULL, [REGISTER | SLOT])
    row(ops.WRITE_BARRIER, one, flags=SAVES_REGISTERS)
    row(ops.WRITE_BARRIER_ARRAY, two, flags=SAVES_REGISTERS)
    # a call of memcpy: see `emit_copystrcontent`
    row(ops.COPYSTRCONTENT, [fixed(x86.RSI), fixed(x86.RDI), fixed(x86.RAX), fixed(x86.RCX), fixed(x86.RDX)],
        clobbers_calls=True)


def _call_rows(machine):
    row = machine.row
    function = REGISTER | SLOT | CONSTANT | LATE
    for opcode in range(ops.COUNT):
        if not ops.is_call(opcode):
            continue
        kind = ops.result_kind(opcode)
        result = RESULT_NONE if kind == "n" else FLOAT_RESULT if kind == "f" else RESULT
        if calls_assembler(opcode):
            row(opcode, [], result=result, clobbers_calls=True, most_in_slots=MANY, flags=COLLECTS | FORCES,
                rest=ANYWHERE | LATE)
        elif opcode in _CONDITIONAL_CALLS:
            # the arguments may be anywhere: the slow path finds them where the registers are saved
            result = RESULT_NONE if kind == "n" else RESULT_ANY
            first = REGISTER if kind != "n" else REGISTER | SLOT
            row(opcode, [first, function], result=result, most_in_slots=MANY, flags=COLLECTS | SAVES_REGISTERS,
                rest=ANYWHERE | LATE)
        else:
            flags = COLLECTS
            if ops.CALL_MAY_FORCE_I <= opcode <= ops.CALL_MAY_FORCE_N:
                flags |= FORCES
            row(opcode, [function], result=result, clobbers_calls=True, most_in_slots=MANY, flags=flags)


def _guard_rows(machine):
    row = machine.row
    anywhere = REGISTER | SLOT
    for opcode in (ops.GUARD_TRUE, ops.GUARD_FALSE):
        row(opcode, [anywhere], flags=TAKES_FUSED)
    row(ops.GUARD_VALUE, [anywhere, ANYWHERE])
    for opcode in (ops.GUARD_NONNULL, ops.GUARD_ISNULL):
        row(opcode, [anywhere])
    for opcode in (ops.GUARD_CLASS, ops.GUARD_NONNULL_CLASS, ops.GUARD_GC_TYPE):
        row(opcode, [REGISTER, ANYWHERE])
    row(ops.GUARD_SUBCLASS, [REGISTER, ANYWHERE], temporaries="i")
    row(ops.GUARD_IS_OBJECT, [REGISTER], temporaries="i")
    row(ops.GUARD_EXCEPTION, [ANYWHERE], temporaries="i")
    for opcode in (
        ops.GUARD_OVERFLOW, ops.GUARD_NO_OVERFLOW, ops.GUARD_NO_EXCEPTION, ops.GUARD_NOT_INVALIDATED,
        ops.GUARD_NOT_FORCED, ops.GUARD_FUTURE_CONDITION, ops.GUARD_ALWAYS_FAILS,
    ):  # fmt: skip
        row(opcode, [])
    row(ops.FINISH, [ANYWHERE])
    row(ops.FORCE_TOKEN, [])


def _make_machine() -> X86Machine:
    saved = [*_INTEGERS, *_FLOATS]
    machine = X86Machine(list(_INTEGERS), list(_FLOATS), list(CALLEE_SAVED), SCRATCH, float_register(FLOAT_SCRATCH),
                         saved)
    _integer_rows(machine)
    _float_rows(machine)
    _memory_rows(machine)
    _call_rows(machine)
    _guard_rows(machine)
    return machine

#: The only description of x86-64.
MACHINE = _make_machine()
