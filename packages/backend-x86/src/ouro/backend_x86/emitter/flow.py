"""The ways into, through and out of a trace."""

from __future__ import annotations

from ouro.backend_x86.frame_layout import (
    EXIT_WORD,
    FORCE_TOKEN_TAG,
    FORCED_WORD,
    FRAME_HEADER_WORDS,
    LENGTH_WORD,
)
from ouro.backend_x86.machine import FRAME, SAVED_BY_ENTRY, SCRATCH
from ouro.backend_x86.registers import BELOW, LESS, RAX, RDI, RSP
from ouro.gc import FRAME_TAG
from ouro.jitcore import operations as ops
from ouro.jitcore.backend.registers import FIRST_FLOAT, is_float_register
from ouro.jitcore.descriptors import FinishDescriptor, TargetToken

#: Jumps come to addresses that are a multiple of this: what the processor fetches at once.
LABEL_ALIGNMENT = 16

#: The same for the label that a trace itself jumps back to: a line of the cache, so that how fast a short loop is does
#: not depend on what stands in front of it. The same instructions took up to a third longer elsewhere.
LOOP_ALIGNMENT = 64


class Flow:
    """Mixin of the emitter: entry, labels, jumps, the end, and operations that are about the frame itself."""

    _mixin_ = True

    def emit_entry(self):
        """A C function of one argument, the frame, whose arguments are in the first slots."""
        for register in SAVED_BY_ENTRY:
            self.push_r(register)
        self.sub_ri(RSP, self.word_size)  # the return address and the registers are an odd number of words
        self.lea_rm(FRAME, RDI, self.frame_bias)
        self.mov_mi(FRAME, self.frame_offset(FORCED_WORD), 0)
        if self.runtime.root_stack_address != 0:
            self.mov_ri(SCRATCH, self.runtime.root_stack_address)
            self.mov_rm(RAX, SCRATCH, 0)
            self.lea_rm(RDI, RDI, FRAME_TAG)
            self.mov_mr(RAX, 0, RDI)
            self.add_mi(SCRATCH, 0, self.word_size)
        if self.runtime.stack_limit_address != 0:
            self.mov_ri(SCRATCH, self.runtime.stack_limit_address)
            self.cmp_rm(RSP, SCRATCH, 0)
            self.jcc_to(BELOW, self.stubs.stack_full)

    def emit_frame_check(self, words):
        """At the beginning of a bridge: the frame may be one of a loop that did not know how long it must be."""
        enough = self.new_label()
        self.cmp_mi(FRAME, self.frame_offset(LENGTH_WORD), words)
        self.jcc_s(LESS ^ 1, enough)
        self.mov_ri(SCRATCH, words)
        self.call_to(self.stubs.grow)
        self.bind(enough)

    def emit_unforce(self):
        """At the beginning of a bridge that goes on after the frame was forced: what was given then counts no more."""
        self.mov_mi(FRAME, self.frame_offset(FORCED_WORD), 0)

    def emit_label(self, number):
        """The register allocator's moves are in front; jumps come behind them."""
        target = self.trace.descriptors[number]
        assert isinstance(target, TargetToken)
        self.align(LOOP_ALIGNMENT if self._is_repeated(target) else LABEL_ALIGNMENT)
        label = self.new_label()
        self.bind(label)
        self.targets.append(target)
        self.target_labels.append(label)

    def _is_repeated(self, target):
        """Does the trace end with a jump to this label of it?"""
        last = len(self.trace.opcodes) - 1
        return self.trace.opcodes[last] == ops.JUMP and self.trace.descriptors[last] is target

    def emit_jump(self, number):
        if self.repeats:
            return
        target = self.trace.descriptors[number]
        assert isinstance(target, TargetToken)
        label = self._label_of(target)
        if label is None:
            assert target.place != -1
            self.jmp_to(target.place)
        else:
            self.jmp_l(label)

    def _label_of(self, target):
        """The label of a target in this trace, None for others."""
        for index in range(len(self.targets)):
            if self.targets[index] is target:
                return self.target_labels[index]
        return None

    def target_of_jump(self, number):
        """The label that an instruction jumps to, None where it is no jump within the trace or has to move values."""
        first_move = self.allocation.first_move
        if self.trace.opcodes[number] != ops.JUMP or first_move[number] != first_move[number + 1]:
            return None
        target = self.trace.descriptors[number]
        assert isinstance(target, TargetToken)
        return self._label_of(target)

    def emit_finish(self, number):
        descriptor = self.trace.descriptors[number]
        assert isinstance(descriptor, FinishDescriptor)
        if self.operand_count(number) != 0:
            location = self.operand(number, 0)
            offset = self.frame_offset(FRAME_HEADER_WORDS)
            if is_float_register(location):
                self.movsd_mf(FRAME, offset, location - FIRST_FLOAT)
            else:
                self.mov_mr(FRAME, offset, self.in_register(location, SCRATCH))
        self.mov_mi(FRAME, self.frame_offset(EXIT_WORD), self.finish_exit(descriptor))
        self.jmp_to(self.stubs.leave)

    def emit_force_token(self, number):
        # an odd number, which the collector takes for a tagged reference
        self.lea_rm(self.result_of(number), FRAME, FORCE_TOKEN_TAG - self.frame_bias)

    def emit_nothing(self, number):
        """A marker, or an operation that the allocator leaves out."""


