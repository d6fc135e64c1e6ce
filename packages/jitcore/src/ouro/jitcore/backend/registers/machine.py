"""What the register allocator knows of a machine: its registers, and a row for each operation.

A backend makes one `MachineDescription` when it is imported and fills its rows; the allocator only reads it. Rows are
parallel lists indexed by opcode, so that reading one makes no objects.
"""

from ouro.jitcore import operations
from ouro.jitcore.backend.registers.locations import (
    CLASS_FLOAT,
    CLASS_INT,
    FIRST_SLOT,
    is_float_register,
    register_bit,
    slot_number,
)

#: In which forms an operation takes an operand: a sum of these, or `fixed(register)`.
REGISTER = 1
SLOT = 2
IMMEDIATE = 4  # an integer constant or null for which `fits_immediate` holds
CONSTANT = 8  # any constant of any kind: the emitter finds a way (a word of the constants' table, a scratch register)
LATE = 16  # still read when the result or a temporary has been written: shares a register with neither
ANYWHERE = REGISTER | SLOT | IMMEDIATE | CONSTANT

_FIXED_SHIFT = 8
FORM_MASK = (1 << _FIXED_SHIFT) - 1

#: Where the result goes: one of these, or the register (a location) that it is always in.
RESULT_NONE = -1
RESULT_ANY = -2  # any register; that of an operand that ends here (and is not LATE) is preferred
RESULT_FIRST = -3  # the register of the first operand, which the operation overwrites

#: What else a row says.
COLLECTS = 1  # the collector may run: `Allocation` has a GC map for the instruction
SAVES_REGISTERS = 2  # a slow path saves all registers in the frame and restores them: references may stay in registers
FORCES = 4  # the frame may be read while the instruction runs: what the guard behind it keeps is in slots
FUSES = 8  # a comparison that can be made right at the guard that is its only use, leaving flags and no result
TAKES_FUSED = 16  # a guard that can test the flags of a comparison with FUSES
NO_CODE = 32  # nothing is emitted: operands need no location

#: For `most_in_slots`: no limit.
MANY = 1 << 16


def fixed(register):
    """An operand that must be in one register, or in one outgoing slot. With `IMMEDIATE` or `CONSTANT` added, constants
    are taken as they are instead.
    """
    return REGISTER | ((register + 1) << _FIXED_SHIFT)


def fixed_place(constraint):
    """The register or outgoing slot of an operand made by `fixed`, -1 (`NOWHERE`) for others."""
    return (constraint >> _FIXED_SHIFT) - 1


class MachineDescription:
    """Registers and rows.

    Args:
        integers: locations of the integer registers that may be allocated, those given out first in front.
        floats: the same for float registers (`float_register(n)`).
        callee_saved: locations of the registers that calls leave alone. All others are clobbered by an operation whose
            row says `clobbers_calls`.
        scratch: an integer register that is never allocated: moves from memory to memory and cycles of moves use it.
        float_scratch: the same for floats, `NOWHERE` where there is none (cycles then go through a slot).
        saved_registers: locations of the registers in the order of the words at the beginning of a frame in which
            slow paths and failing guards save them; slots come behind.

    Attributes:
        caller_saved: masks of the registers that calls clobber, by class.
    """

    def __init__(self, integers, floats, callee_saved, scratch, float_scratch, saved_registers):
        self.integers = integers
        self.floats = floats
        self.scratch = scratch
        self.float_scratch = float_scratch
        self.saved_word = [-1] * FIRST_SLOT
        for word, register in enumerate(saved_registers):
            self.saved_word[register] = word
        self.saved_words = len(saved_registers)
        kept_i, kept_f = mask_of(callee_saved, CLASS_INT), mask_of(callee_saved, CLASS_FLOAT)
        self.allocatable_i = mask_of(integers, CLASS_INT)
        self.allocatable_f = mask_of(floats, CLASS_FLOAT)
        self.caller_saved_i = self.allocatable_i & ~kept_i
        self.caller_saved_f = self.allocatable_f & ~kept_f
        self.lowest_immediate = -(1 << 31)
        self.highest_immediate = (1 << 31) - 1
        count = operations.COUNT
        self.operands = [[] for _ in range(count)]
        self.rest = [ANYWHERE] * count
        self.results = [RESULT_NONE] * count
        self.clobbers_i = [0] * count
        self.clobbers_f = [0] * count
        self.temporaries_i = [0] * count
        self.temporaries_f = [0] * count
        self.most_in_slots = [1] * count
        self.flags = [0] * count
        self.known = [False] * count
        for opcode in (operations.LABEL, operations.JUMP):
            self.row(opcode, [], most_in_slots=MANY)
        for opcode in range(count):
            is_marker = operations.has_flag(opcode, operations.MARKER) and operations.result_kind(opcode) == "n"
            if operations.is_input(opcode) or is_marker:
                self.row(opcode, [], result=RESULT_NONE, flags=NO_CODE)

    def row(self, opcode, operand_constraints, result=None, clobbers=(), clobbers_calls=False, temporaries="",
            most_in_slots=1, flags=0, rest=ANYWHERE):
        """Say what an operation needs. Called while the backend is imported.

        Args:
            opcode: the operation.
            operand_constraints: the constraint of each operand: a sum of forms, or `fixed(location)`.
            result: `RESULT_ANY`, `RESULT_FIRST`, or a register; by default `RESULT_ANY` where there is a result.
            clobbers: registers that are overwritten besides the result. An operand that ends at the operation may
                still be in one, unless it is `LATE`.
            clobbers_calls: all caller-saved registers are overwritten too.
            temporaries: a letter, `i` or `f`, for each register that the emitter needs meanwhile; it is none of the
                operands' and not the result's.
            most_in_slots: how many operands may be in slots at a time.
            flags: COLLECTS, ...
            rest: the constraint of the operands past `operand_constraints`.
        """
        if result is None:
            result = RESULT_NONE if operations.result_kind(opcode) == "n" else RESULT_ANY
        self.operands[opcode] = list(operand_constraints)
        self.rest[opcode] = rest
        self.results[opcode] = result
        self.clobbers_i[opcode] = mask_of(clobbers, CLASS_INT) | (self.caller_saved_i if clobbers_calls else 0)
        self.clobbers_f[opcode] = mask_of(clobbers, CLASS_FLOAT) | (self.caller_saved_f if clobbers_calls else 0)
        self.temporaries_i[opcode] = temporaries.count("i")
        self.temporaries_f[opcode] = temporaries.count("f")
        self.most_in_slots[opcode] = most_in_slots
        self.flags[opcode] = flags
        self.known[opcode] = True

    # what a machine may say otherwise

    def fits_immediate(self, opcode, position, value):
        """May a machine word be an immediate as operand number `position` of an operation?"""
        return self.lowest_immediate <= value <= self.highest_immediate

    def constraint(self, opcode, position):
        """The constraint of an operand of an operation that is no call."""
        row = self.operands[opcode]
        if position < len(row):
            return row[position]
        return self.rest[opcode]

    def argument_constraints(self, opcode, kinds):
        """The constraints of the operands of a call whose operands have `kinds` (a string of letters; the address of
        the function and the condition of a conditional call included): a list. The place of the calling convention.
        """
        return [self.constraint(opcode, position) for position in range(len(kinds))]

    def frame_word(self, location):
        """The word of the frame, behind its header, that a slot is, or that a register is saved in."""
        if location < FIRST_SLOT:
            return self.saved_word[location]
        return self.saved_words + slot_number(location)



def mask_of(registers, register_class):
    """The bit mask of those registers in a list of locations that are of a class."""
    mask = 0
    for register in registers:
        if is_float_register(register) == (register_class == CLASS_FLOAT):
            mask |= register_bit(register)
    return mask
