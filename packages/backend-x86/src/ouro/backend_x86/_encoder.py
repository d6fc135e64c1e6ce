"""How x86 instructions are put together from a packed form and operands: prefixes, opcode, ModRM, SIB, displacement.

`Encoder` is written once for both word sizes; what differs is `word_size`, a constant of each subclass. Source for the
layout: Intel's manual, volume 2, chapter 2.
"""

from __future__ import annotations

from ouro.backend_x86._forms import BYTE_OPERAND, BYTE_REGISTER, DIGIT_SHIFT, LOCKED, PREFIX_SHIFT, TWO_BYTES, WIDE
from ouro.backend_x86.code_buffer import CodeBuffer, fits_byte, fits_int32
from ouro.backend_x86.registers import NO_REGISTER, RBP, RSP

_RSP_IN_RM = 4  # in ModRM.rm: a SIB byte follows
_NO_INDEX = 4  # in SIB.index
_RBP_IN_RM = 5  # in ModRM.rm or SIB.base with mod 0: no base


class Encoder(CodeBuffer):
    """Appends instructions to a code buffer; the subclasses have a method for each instruction form of the table."""

    #: 8 or 4 bytes.
    word_size = 0

    # ---- the start: prefixes and opcode

    def _start(self, form, reg, index, rm):
        """Everything before ModRM. `index` and `rm` are registers, or 0 where there is none."""
        if form & LOCKED:
            self.byte(0xF0)
        prefix = (form >> PREFIX_SHIFT) & 0xFF
        if prefix:
            self.byte(prefix)
        if self.word_size == 8:
            rex = (reg >> 3) << 2 | (index >> 3) << 1 | rm >> 3
            if form & WIDE:
                rex |= 8
            if (
                rex
                or (form & BYTE_REGISTER and reg >= RSP)
                or (form & BYTE_OPERAND and rm >= RSP)
            ):
                self.byte(0x40 | rex)
        else:
            assert reg < 8 and index < 8 and rm < 8, "registers above 7 need 64-bit mode"
            assert not (form & BYTE_REGISTER and reg >= RSP), "this register has no low byte in 32-bit mode"
            assert not (form & BYTE_OPERAND and rm >= RSP), "this register has no low byte in 32-bit mode"
        if form & TWO_BYTES:
            self.byte(0x0F)

    def _plain(self, form):
        self._start(form, 0, 0, 0)
        self.byte(form)

    def _in_opcode(self, form, register):
        """A register that is added to the opcode."""
        self._start(form, 0, 0, register)
        self.byte(form | register & 7)

    # ---- register and memory operands; `reg` is ModRM.reg

    def _register(self, form, reg, rm):
        self._start(form, reg, 0, rm)
        self.byte(form)
        self.byte(0xC0 | (reg & 7) << 3 | rm & 7)

    def _based(self, form, reg, base, displacement):
        self._start(form & ~BYTE_OPERAND, reg, 0, base)
        self.byte(form)
        reg_bits = (reg & 7) << 3
        low = base & 7
        if displacement == 0 and low != _RBP_IN_RM:
            mode = 0
        elif fits_byte(displacement):
            mode = 0x40
        else:
            mode = 0x80
        self.byte(mode | reg_bits | low)
        if low == _RSP_IN_RM:
            self.byte(_NO_INDEX << 3 | _RSP_IN_RM)
        self._displacement(mode, displacement)

    def _displacement(self, mode, displacement):
        if mode == 0x40:
            self.byte(displacement)
        elif mode == 0x80:
            assert fits_int32(displacement)
            self.int32(displacement)

    def _indexed(self, form, reg, base, index, shift, displacement):
        assert index != RSP, "rsp cannot be an index"
        reg_bits = (reg & 7) << 3
        scaled = shift << 6 | (index & 7) << 3
        if base == NO_REGISTER:
            self._start(form & ~BYTE_OPERAND, reg, index, 0)
            self.byte(form)
            self.byte(reg_bits | _RSP_IN_RM)
            self.byte(scaled | _RBP_IN_RM)
            assert fits_int32(displacement)
            self.int32(displacement)
            return
        self._start(form & ~BYTE_OPERAND, reg, index, base)
        self.byte(form)
        if displacement == 0 and base & 7 != RBP:
            mode = 0
        elif fits_byte(displacement):
            mode = 0x40
        else:
            mode = 0x80
        self.byte(mode | reg_bits | _RSP_IN_RM)
        self.byte(scaled | base & 7)
        self._displacement(mode, displacement)

    def _absolute(self, form, reg, address):
        """[address], which must fit 32 bits with a sign."""
        assert fits_int32(address)
        self._start(form & ~BYTE_OPERAND, reg, 0, 0)
        self.byte(form)
        reg_bits = (reg & 7) << 3
        if self.word_size == 8:
            # without a SIB byte it would be relative to the instruction
            self.byte(reg_bits | _RSP_IN_RM)
            self.byte(_NO_INDEX << 3 | _RBP_IN_RM)
        else:
            self.byte(reg_bits | _RBP_IN_RM)
        self.int32(address)

    def _relative(self, form, reg, label, trailing):
        """[label]: relative to the end of the instruction, which has `trailing` more bytes. 64-bit mode only."""
        assert self.word_size == 8
        self._start(form & ~BYTE_OPERAND, reg, 0, 0)
        self.byte(form)
        self.byte((reg & 7) << 3 | _RBP_IN_RM)
        self.relative(label, trailing)

    def _immediate(self, size, value):
        """An immediate of 0, 1, 2 or 4 bytes: signed, or unsigned where the whole operand has that size."""
        if size == 0:
            return
        if size == 1:
            assert -0x80 <= value <= 0xFF
            self.byte(value)
        elif size == 2:
            assert -0x8000 <= value <= 0xFFFF
            self.int16(value)
        else:
            assert fits_int32(value)
            self.int32(value)


def digit(form):
    """ModRM.reg of a form that has no register there."""
    return (form >> DIGIT_SHIFT) & 7
