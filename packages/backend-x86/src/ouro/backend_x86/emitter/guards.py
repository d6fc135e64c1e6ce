"""Guards: a conditional jump to a failure stub behind the code of the trace.

A guard costs the trace one test and one jump that is not taken. The stub of a guard is 4 bytes: it pushes the number of
the guard within its group and jumps to the end of the group, which pushes the number of the group's first exit and
jumps to code that all traces share (the exit stubs of LuaJIT, `lj_asm_x86.h`, are in groups likewise). When the guard
gets a bridge, the jumps in the trace are patched to go there directly.
"""

from __future__ import annotations

from ouro.backend_x86.code_buffer import fits_int32
from ouro.backend_x86.emitter.operands import is_constant_location
from ouro.backend_x86.frame_layout import FORCED_WORD
from ouro.backend_x86.machine import FRAME, SCRATCH
from ouro.backend_x86.registers import (
    ABOVE_OR_EQUAL,
    EQUAL,
    NO_OVERFLOW,
    NOT_EQUAL,
    OVERFLOW,
    PARITY,
)
from ouro.jitcore import operations as ops
from ouro.jitcore.backend.registers import FIRST_FLOAT, is_float_register

#: Guards in a group: the jump of the first stub, 4 bytes each, must reach the end with a signed byte.
STUBS_IN_GROUP = 31


class Guards:
    """Mixin of the emitter: guards."""

    _mixin_ = True

    def fail_if(self, condition):
        """Leave through the guard at hand if a condition of the flags holds."""
        site = self.jcc_l(condition, self.exit_label())
        self.exit_sites.append(site)
        self.exit_of_site.append(self.exit_count - 1)

    def fail_or_repeat(self, number, condition):
        """Leave through the guard at hand if a condition of the flags holds. Where the jump that ends a loop stands
        right behind, one jump goes back where the condition does not hold, so that a round takes one jump.
        """
        target = self.target_of_jump(number + 1)
        if target is None or self.backend.failing_period > 0:
            self.fail_if(condition)
            return
        self.jcc_l(condition ^ 1, target)
        self.jump_always()
        self.repeats = True

    def jump_always(self):
        """Leave through the guard at hand."""
        site = self.jmp_l(self.exit_label())
        self.exit_sites.append(site)
        self.exit_of_site.append(self.exit_count - 1)

    def exit_label(self):
        """The label of the stub of the guard at hand."""
        return self.exit_labels[self.exit_count - 1]

    def begin_guard(self, number):
        """Count a guard: `fail_if` leaves through it from now on."""
        self.exit_labels.append(self.new_label())
        self.exit_numbers.append(number)
        self.exit_count += 1

    def emit_failing(self):
        """Count down to the guard that fails on purpose, in front of a guard or behind it: the flags are gone."""
        label = self.new_label()
        self.mov_ri(SCRATCH, self.backend.failing_cell)
        self.sub_mi(SCRATCH, 0, 1)
        self.jcc_l(EQUAL, label)
        self.failing_labels.append(label)
        self.failing_exits.append(self.exit_count - 1)

    def emit_failing_stubs(self):
        """Where guards go that fail on purpose: their own jumps may lead to bridges, these never do."""
        for index in range(len(self.failing_labels)):
            self.bind(self.failing_labels[index])
            self.mov_ri(SCRATCH, self.backend.failing_cell)
            self.mov_mi(SCRATCH, self.word_size, 1)
            self.jmp_l(self.exit_labels[self.failing_exits[index]])

    def emit_stubs(self):
        """The failure stubs of all guards, behind the code."""
        first = 0
        while first < self.exit_count:
            end = min(first + STUBS_IN_GROUP, self.exit_count)
            tail = self.new_label()
            for index in range(first, end):
                self.bind(self.exit_labels[index])
                self.push_i(index - first)
                self.jmp_s(tail)
            self.bind(tail)
            self.push_i(self.first_exit + first)
            self.jmp_to(self.stubs.failure)
            first = end

    # ---- conditions

    def emit_guard_true(self, number):
        self._guard_bool(number, True)

    def emit_guard_false(self, number):
        self._guard_bool(number, False)

    def _guard_bool(self, number, wanted):
        fused = self.allocation.fused[number]
        if fused < 0:
            self.compare_with_zero(self.operand(number, 0))
            self.fail_or_repeat(number, EQUAL if wanted else NOT_EQUAL)
            return
        # the operands at the guard are those of the comparison
        opcode = self.trace.opcodes[fused]
        if compares_floats(opcode):
            condition = self.emit_float_condition(opcode, number)
            if condition == EQUAL or condition == NOT_EQUAL:
                self._fail_unless_equal((condition == EQUAL) == wanted)
                return
        else:
            condition = self.emit_condition(opcode, number)
        self.fail_or_repeat(number, condition ^ 1 if wanted else condition)

    def _fail_unless_equal(self, equal):
        """Leave unless two doubles are equal, or (`equal` false) unless they are different or not numbers."""
        if equal:
            self.fail_if(NOT_EQUAL)
            self.fail_if(PARITY)
        else:
            different = self.new_label()
            self.jcc_s(PARITY, different)
            self.fail_if(EQUAL)
            self.bind(different)

    def emit_guard_overflow(self, number):
        self.fail_if(NO_OVERFLOW)

    def emit_guard_no_overflow(self, number):
        self.fail_if(OVERFLOW)

    def emit_guard_value(self, number):
        value, wanted = self.operand(number, 0), self.operand(number, 1)
        if self.trace.kind_of(self.trace.first[number]) == "f":
            bits = self.float_constant(self.float_bits_of(wanted))
            if is_float_register(value):
                self.movq_rf(SCRATCH, value - FIRST_FLOAT)
            else:
                self.load_word(SCRATCH, value)
            self.cmp_rp(SCRATCH, bits)
        else:
            self.compare(value, wanted)
        self.fail_if(NOT_EQUAL)

    def emit_guard_nonnull(self, number):
        self.compare_with_zero(self.operand(number, 0))
        self.fail_if(EQUAL)

    def emit_guard_isnull(self, number):
        self.compare_with_zero(self.operand(number, 0))
        self.fail_if(NOT_EQUAL)

    # ---- types of objects

    def compare_type_id(self, register, type_id):
        """Compare the type id of an object with a number."""
        assert fits_int32(type_id)
        self.cmp32_mi(register, self.runtime.header_offset, type_id)

    def emit_guard_class(self, number):
        wanted = self.word_of(self.operand(number, 1))
        self.compare_type_id(self.operand(number, 0), self.runtime.type_id_of_class(wanted))
        self.fail_if(NOT_EQUAL)

    def emit_guard_nonnull_class(self, number):
        self.emit_guard_nonnull(number)
        self.emit_guard_class(number)

    def emit_guard_gc_type(self, number):
        self.compare_type_id(self.operand(number, 0), self.word_of(self.operand(number, 1)))
        self.fail_if(NOT_EQUAL)

    def emit_guard_is_object(self, number):
        """The rows of types that have a class behind them say so in their flags."""
        runtime = self.runtime
        register = self.temporary(number, 0)
        self.mov32_rm(register, self.operand(number, 0), runtime.header_offset)
        self.mov_ri(SCRATCH, runtime.type_table)
        self.test32_xi(SCRATCH, register, 0, runtime.type_flags_offset, runtime.type_flag_instance)
        self.fail_if(EQUAL)

    def emit_guard_subclass(self, number):
        """One comparison of numbers: the classes below one are a range."""
        runtime = self.runtime
        register = self.temporary(number, 0)
        low, high = runtime.class_range(self.word_of(self.operand(number, 1)))
        self.mov32_rm(register, self.operand(number, 0), runtime.header_offset)
        self.mov_ri(SCRATCH, runtime.type_table)
        self.mov_rx(register, SCRATCH, register, 0, runtime.type_row_size + runtime.class_low_offset)
        assert fits_int32(low) and fits_int32(high - low)
        self.sub_ri(register, low)
        self.cmp_ri(register, high - low)
        self.fail_if(ABOVE_OR_EQUAL)

    def emit_load_class(self, number):
        runtime = self.runtime
        register = self.result_of(number)
        self.mov32_rm(register, self.operand(number, 0), runtime.header_offset)
        address = runtime.type_table + runtime.type_row_size
        if fits_int32(address):
            self.add_ri(register, address)
        else:
            self.mov_ri(SCRATCH, address)
            self.add_rr(register, SCRATCH)

    # ---- exceptions: the pending one is in two words of the process

    def emit_guard_no_exception(self, number):
        self.mov_ri(SCRATCH, self.runtime.exception_address)
        self.cmp_mi(SCRATCH, 0, 0)
        self.fail_if(NOT_EQUAL)

    def emit_guard_exception(self, number):
        """The exception's class is the first of the words; taking it clears both."""
        wanted = self.operand(number, 0)
        temporary = self.temporary(number, 0)
        self.mov_ri(SCRATCH, self.runtime.exception_address)
        if self.is_small_constant(wanted):
            self.cmp_mi(SCRATCH, 0, self.word_of(wanted))
        elif is_constant_location(wanted):
            self.mov_ri(temporary, self.word_of(wanted))
            self.cmp_mr(SCRATCH, 0, temporary)
        else:
            self.load_word(temporary, wanted)
            self.cmp_mr(SCRATCH, 0, temporary)
        self.fail_if(NOT_EQUAL)
        self.mov_rm(self.result_of(number), SCRATCH, self.word_size)
        self.mov_mi(SCRATCH, 0, 0)
        self.mov_mi(SCRATCH, self.word_size, 0)

    # ---- the state of the code and of the frame

    def emit_guard_not_invalidated(self, number):
        """Nothing but room for a jump, which invalidation writes."""
        self.invalidation_positions.append(self.position())
        self.invalidation_exits.append(self.exit_count - 1)
        self.nop5()

    def emit_guard_not_forced(self, number):
        self.cmp_mi(FRAME, self.frame_offset(FORCED_WORD), 0)
        self.fail_if(NOT_EQUAL)

    def emit_guard_future_condition(self, number):
        """It holds; what it keeps is for guards made later, which have their own."""

    def emit_guard_always_fails(self, number):
        self.jump_always()


def compares_floats(opcode):
    """Is an operation a comparison of doubles?"""
    return ops.FLOAT_LT <= opcode <= ops.FLOAT_GE
