"""The code that all traces share: leaving, failing, saving registers, growing a frame, and running out of stack."""

from __future__ import annotations

from ouro.backend_x86.assembler import Assembler64
from ouro.backend_x86.code_buffer import Label
from ouro.backend_x86.frame_layout import (
    EXCEPTION_WORD,
    EXIT_SHIFT,
    EXIT_WORD,
    FRAME_HEADER_WORDS,
    GC_MAP_WORD,
    frame_bias,
)
from ouro.backend_x86.machine import FRAME, SAVED_BY_ENTRY, SCRATCH
from ouro.backend_x86.registers import EQUAL, RAX, RCX, RDI, RSI, RSP
from ouro.gc import FRAME_TAG
from ouro.jitcore.backend.registers import FIRST_FLOAT, is_float_register


class Stubs(Assembler64):
    """Emits the shared code; when it is installed, the addresses of its parts.

    Attributes:
        leave: frame and stack are as behind the entry; gives the frame to who entered.
        failure: jumped to by the stub of a group of guards, with two numbers on the stack whose sum is the exit.
        propagate: lets the pending exception leave the frame.
        stack_full: raises the exception for a stack that is full, and lets it leave.
        save_registers, restore_registers: called; all registers that the allocator gives out to the frame and back.
        grow: called with a number of words in the scratch register; exchanges the frame for one with as many.
    """

    def __init__(self, machine, runtime, propagate_exit):
        Assembler64.__init__(self)
        self.machine = machine
        self.runtime = runtime
        self.frame_bias = frame_bias(machine)
        leave, failure, propagate, stack_full = Label(), Label(), Label(), Label()
        save, restore, grow = Label(), Label(), Label()
        self.block = None
        self.leave = self.failure = self.propagate = self.stack_full = 0
        self.save_registers = self.restore_registers = self.grow = 0
        self._labels = [leave, failure, propagate, stack_full, save, restore, grow]
        self._emit_failure(failure, save)
        self._emit_leave(leave)
        self._emit_stack_full(stack_full)
        self._emit_propagate(propagate, leave, propagate_exit)
        self._emit_save(save)
        self._emit_restore(restore)
        self._emit_grow(grow, save, restore, propagate)

    def install(self, memory):
        """Give the code an address in a `CodeMemory`."""
        block = memory.install(self)
        self.block = block
        addresses = [block.address + label.position for label in self._labels]
        self.leave, self.failure, self.propagate, self.stack_full = addresses[0:4]
        self.save_registers, self.restore_registers, self.grow = addresses[4:7]

    def _offset(self, word):
        return self.word_size * word - self.frame_bias

    def _take_exception(self, word):
        """Move the pending exception to a word of the frame. Uses rax and rcx."""
        self.mov_ri(RCX, self.runtime.exception_address)
        self.mov_rm(RAX, RCX, self.word_size)
        self.mov_mr(FRAME, self._offset(word), RAX)
        self.mov_mi(RCX, 0, 0)
        self.mov_mi(RCX, self.word_size, 0)

    def _emit_failure(self, begin, save):
        self.bind(begin)
        self.call_l(save)
        self.pop_r(RAX)
        self.pop_r(RCX)
        self.add_rr(RAX, RCX)
        self.shl_ri(RAX, EXIT_SHIFT)
        self.mov_mr(FRAME, self._offset(EXIT_WORD), RAX)
        self._take_exception(EXCEPTION_WORD)

    def _emit_leave(self, begin):
        self.bind(begin)
        if self.runtime.root_stack_address != 0:
            self.mov_ri(RCX, self.runtime.root_stack_address)
            self.sub_mi(RCX, 0, self.word_size)
        self.lea_rm(RAX, FRAME, -self.frame_bias)
        self.add_ri(RSP, self.word_size)
        for index in range(len(SAVED_BY_ENTRY)):
            self.pop_r(SAVED_BY_ENTRY[len(SAVED_BY_ENTRY) - 1 - index])
        self.ret()

    def _emit_stack_full(self, begin):
        self.bind(begin)
        self.mov_mi(FRAME, self._offset(GC_MAP_WORD), 0)
        self.mov_ri(SCRATCH, self.runtime.raise_stack_full)
        self.call_r(SCRATCH)

    def _emit_propagate(self, begin, leave, propagate_exit):
        self.bind(begin)
        self._take_exception(FRAME_HEADER_WORDS)
        self.mov_mi(FRAME, self._offset(EXIT_WORD), propagate_exit << EXIT_SHIFT)
        self.jmp_l(leave)

    def _registers(self):
        machine = self.machine
        return machine.integers + machine.floats

    def _saved_offset(self, register):
        return self._offset(FRAME_HEADER_WORDS + self.machine.frame_word(register))

    def _emit_save(self, begin):
        self.align(16)
        self.bind(begin)
        for register in self._registers():
            if is_float_register(register):
                self.movsd_mf(FRAME, self._saved_offset(register), register - FIRST_FLOAT)
            else:
                self.mov_mr(FRAME, self._saved_offset(register), register)
        self.ret()

    def _emit_restore(self, begin):
        self.align(16)
        self.bind(begin)
        for register in self._registers():
            if is_float_register(register):
                self.movsd_fm(register - FIRST_FLOAT, FRAME, self._saved_offset(register))
            else:
                self.mov_rm(register, FRAME, self._saved_offset(register))
        self.ret()

    def _emit_grow(self, begin, save, restore, propagate):
        """A bridge behind a call begins with the exception pending that the call raised. Functions of the program take
        such a one for their own, so it is put aside meanwhile; nothing collects.
        """
        self.bind(begin)
        self.call_l(save)
        self.mov_ri(RCX, self.runtime.exception_address)
        for word in range(2):
            self.mov_rm(RAX, RCX, word * self.word_size)
            self.push_r(RAX)
            self.mov_mi(RCX, word * self.word_size, 0)
        self.lea_rm(RDI, FRAME, -self.frame_bias)
        self.mov_rr(RSI, SCRATCH)
        self.sub_ri(RSP, self.word_size)  # what called pushed one word
        self.mov_ri(SCRATCH, self.runtime.grow_frame)
        self.call_r(SCRATCH)
        self.add_ri(RSP, self.word_size)
        self.pop_r(RSI)
        self.pop_r(RDI)
        self.test_rr(RAX, RAX)
        failed = Label()
        self.jcc_l(EQUAL, failed)
        self.mov_ri(RCX, self.runtime.exception_address)
        self.mov_mr(RCX, 0, RDI)
        self.mov_mr(RCX, self.word_size, RSI)
        self.lea_rm(FRAME, RAX, self.frame_bias)
        if self.runtime.root_stack_address != 0:
            self.mov_ri(RCX, self.runtime.root_stack_address)
            self.mov_rm(RCX, RCX, 0)
            self.add_ri(RAX, FRAME_TAG)
            self.mov_mr(RCX, -self.word_size, RAX)
        self.call_l(restore)
        self.ret()
        self.bind(failed)
        self.add_ri(RSP, self.word_size)  # the return address
        self.jmp_l(propagate)
