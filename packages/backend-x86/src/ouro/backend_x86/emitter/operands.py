"""Operands of instructions by location: what every other part of the emitter is made of.

A location is a register, a word of the frame or a constant (`ouro.jitcore.backend.registers.locations`); the methods
here find the form of an instruction that takes it where it is. What no form takes goes through a scratch register that
is never allocated, so every operation accepts every location, also where the machine description promises less.
"""

from __future__ import annotations

from ouro.backend_x86.code_buffer import Label, fits_int32
from ouro.backend_x86.frame_layout import FRAME_HEADER_WORDS
from ouro.backend_x86.machine import FRAME, SCRATCH
from ouro.backend_x86.registers import RSP
from ouro.jitcore.backend.registers.locations import (
    FIRST_FLOAT,
    NOWHERE,
    is_float_register,
    is_memory,
    is_outgoing,
    is_register,
    outgoing_number,
)
from ouro.jitcore.trace import KIND_FLOAT, KIND_INT, constant_kind
from ouro.rlib.rarithmetic import intmask
from ouro.rlib.rfloat import float_to_bits


def is_constant_location(location):
    """Is a location a constant of the trace?"""
    return location < NOWHERE


def is_integer_register(location):
    """Is a location an integer register?"""
    return 0 <= location < FIRST_FLOAT


def arithmetic(name):
    """A method that applies a two-operand instruction to a register and an integer operand anywhere."""
    register_form, memory_form, immediate_form = name + "_rr", name + "_rm", name + "_ri"

    def apply(self, register, location):
        if is_register(location):
            getattr(self, register_form)(register, location)
        elif is_memory(location):
            getattr(self, memory_form)(register, self.base_of(location), self.offset_of(location))
        else:
            value = self.word_of(location)
            if fits_int32(value):
                getattr(self, immediate_form)(register, value)
            else:
                assert register != SCRATCH
                self.mov_ri(SCRATCH, value)
                getattr(self, register_form)(register, SCRATCH)

    apply.__name__ = "apply_" + name
    return apply


def float_arithmetic(name):
    """A method that applies an SSE instruction to a register (by its number) and a double anywhere."""
    register_form, memory_form, relative_form = name + "_ff", name + "_fm", name + "_fp"

    def apply(self, register, location):
        if is_register(location):
            getattr(self, register_form)(register, location - FIRST_FLOAT)
        elif is_memory(location):
            getattr(self, memory_form)(register, self.base_of(location), self.offset_of(location))
        else:
            getattr(self, relative_form)(register, self.float_constant(self.float_bits_of(location)))

    apply.__name__ = "apply_" + name
    return apply


class Operands:
    """Mixin of the emitter: locations to operands."""

    _mixin_ = True

    apply_add = arithmetic("add")
    apply_sub = arithmetic("sub")
    apply_and = arithmetic("and")
    apply_or = arithmetic("or")
    apply_xor = arithmetic("xor")
    apply_cmp = arithmetic("cmp")

    apply_addsd = float_arithmetic("addsd")
    apply_subsd = float_arithmetic("subsd")
    apply_mulsd = float_arithmetic("mulsd")
    apply_divsd = float_arithmetic("divsd")
    apply_ucomisd = float_arithmetic("ucomisd")

    # ---- memory

    def base_of(self, location):
        """The register that a word of memory is addressed by."""
        return RSP if is_outgoing(location) else FRAME

    def offset_of(self, location):
        """The distance in bytes of a word of memory from its base register."""
        if is_outgoing(location):
            return self.word_size * outgoing_number(location)
        return self.frame_offset(FRAME_HEADER_WORDS + self.machine.frame_word(location))

    def frame_offset(self, word):
        """The distance in bytes of a word of the frame, its header counted, from the frame register."""
        return self.word_size * word - self.frame_bias

    # ---- constants

    def word_of(self, location):
        """The machine word of a constant that is no double."""
        constants = self.trace.constants
        if constant_kind(location) == KIND_INT:
            return constants.int_of(location)
        return self.runtime.address_of_reference(constants.reference_of(location))

    def float_bits_of(self, location):
        """The bits of a constant double."""
        return intmask(float_to_bits(self.trace.constants.float_of(location)))

    def constant_bits(self, location):
        """The word, or the bits of the double, of a constant of any kind."""
        if constant_kind(location) == KIND_FLOAT:
            return self.float_bits_of(location)
        return self.word_of(location)

    def is_small_constant(self, location):
        """Is a location a constant that instructions have as an immediate?"""
        return is_constant_location(location) and fits_int32(self.word_of(location))

    def float_constant(self, bits):
        """The label of 8 bytes in the constants behind the code."""
        label = self._float_constants.get(bits, None)
        if label is None:
            label = Label()
            self._float_constants[bits] = label
            self._float_constant_bits.append(bits)
            self._float_constant_labels.append(label)
        return label

    # ---- words

    def load_word(self, register, location):
        """Bring a word into a register. Leaves the flags alone."""
        if is_integer_register(location):
            if location != register:
                self.mov_rr(register, location)
        elif is_memory(location):
            self.mov_rm(register, self.base_of(location), self.offset_of(location))
        else:
            self.mov_ri(register, self.constant_bits(location))

    def in_register(self, location, scratch):
        """The register that a word is in, if need be after a load of `scratch`. Leaves the flags alone."""
        if is_integer_register(location):
            return location
        self.load_word(scratch, location)
        return scratch

    def store_word(self, location, register):
        """Put a register's word where a location is."""
        if is_memory(location):
            self.mov_mr(self.base_of(location), self.offset_of(location), register)
        elif location != register:
            self.mov_rr(location, register)

    def compare(self, location, other):
        """Compare two words anywhere; the flags are those of their difference."""
        if is_memory(location):
            if is_integer_register(other):
                self.cmp_mr(self.base_of(location), self.offset_of(location), other)
                return
            if self.is_small_constant(other):
                self.cmp_mi(self.base_of(location), self.offset_of(location), self.word_of(other))
                return
        if is_constant_location(other) and not self.is_small_constant(other):
            # the scratch register is for the constant: what is compared with it stands in a register or in memory
            self.mov_ri(SCRATCH, self.word_of(other))
            if is_memory(location):
                self.cmp_mr(self.base_of(location), self.offset_of(location), SCRATCH)
                return
            if is_integer_register(location):
                self.cmp_rr(location, SCRATCH)
                return
        if is_integer_register(location) and self.is_small_constant(other) and self.word_of(other) == 0:
            self.test_rr(location, location)
            return
        self.apply_cmp(self.in_register(location, SCRATCH), other)

    # ---- doubles

    def load_float(self, register, location):
        """Bring a double into an SSE register, given by its number."""
        if is_float_register(location):
            if location - FIRST_FLOAT != register:
                self.movapd_ff(register, location - FIRST_FLOAT)
        elif is_memory(location):
            self.movsd_fm(register, self.base_of(location), self.offset_of(location))
        else:
            bits = self.float_bits_of(location)
            if bits == 0:
                self.xorpd_ff(register, register)
            else:
                self.movsd_fp(register, self.float_constant(bits))

    def in_float_register(self, location, scratch):
        """The number of the SSE register that a double is in, if need be after a load of `scratch`."""
        if is_float_register(location):
            return location - FIRST_FLOAT
        self.load_float(scratch, location)
        return scratch

    def store_float(self, location, register):
        """Put the double of an SSE register, given by its number, where a location is."""
        if is_memory(location):
            self.movsd_mf(self.base_of(location), self.offset_of(location), register)
        elif location - FIRST_FLOAT != register:
            self.movapd_ff(location - FIRST_FLOAT, register)

    # ---- moves

    def move(self, target, source):
        """Copy a value of either class to a register or a word of memory. Leaves the flags alone."""
        if target == source:
            return
        if is_float_register(target):
            self.load_float(target - FIRST_FLOAT, source)
        elif is_register(target):
            self.load_word(target, source)
        elif is_register(source):
            if is_float_register(source):
                self.store_float(target, source - FIRST_FLOAT)
            else:
                self.store_word(target, source)
        else:
            self.move_to_memory(target, source)

    def move_to_memory(self, target, source):
        """Copy a word of memory or a constant of any kind to a word of memory."""
        base, offset = self.base_of(target), self.offset_of(target)
        if is_memory(source):
            self.mov_rm(SCRATCH, self.base_of(source), self.offset_of(source))
            self.mov_mr(base, offset, SCRATCH)
            return
        value = self.constant_bits(source)
        if fits_int32(value):
            self.mov_mi(base, offset, value)
        else:
            self.mov_ri(SCRATCH, value)
            self.mov_mr(base, offset, SCRATCH)
