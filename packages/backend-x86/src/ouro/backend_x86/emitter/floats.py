"""Operations on doubles, with SSE2."""

from __future__ import annotations

from ouro.backend_x86.machine import FLOAT_SCRATCH, SCRATCH
from ouro.backend_x86.registers import ABOVE, ABOVE_OR_EQUAL, EQUAL, NO_PARITY, NOT_EQUAL, PARITY
from ouro.jitcore import operations as ops
from ouro.jitcore.backend.registers import FIRST_FLOAT, is_float_register, is_memory

#: All bits of a double but its sign, and its sign.
_MAGNITUDE = (1 << 63) - 1
_SIGN = -1 << 63


def _commuting(name):
    """The method for an operation that commutes: result = first op second."""
    apply_name = "apply_" + name

    def emit(self, number):
        first, second, result = self.operand(number, 0), self.operand(number, 1), self.result_of(number)
        if second == result:
            first, second = second, first
        register = result - FIRST_FLOAT
        self.load_float(register, first)
        getattr(self, apply_name)(register, second)

    emit.__name__ = "emit_" + name
    return emit


def _ordered(name):
    """The method for an operation that does not commute; the second operand is not in the register of the result."""
    apply_name = "apply_" + name

    def emit(self, number):
        first, second, result = self.operand(number, 0), self.operand(number, 1), self.result_of(number)
        assert second != result or first == result
        register = result - FIRST_FLOAT
        self.load_float(register, first)
        getattr(self, apply_name)(register, second)

    emit.__name__ = "emit_" + name
    return emit


def _masked(name, mask):
    """The method for an operation on the bits of a double, with a constant."""
    form = name + "_ff"

    def emit(self, number):
        register = self.result_of(number) - FIRST_FLOAT
        self.load_float(register, self.operand(number, 0))
        self.movsd_fp(FLOAT_SCRATCH, self.float_constant(mask))
        getattr(self, form)(register, FLOAT_SCRATCH)

    emit.__name__ = "emit_" + name
    return emit


class Floats:
    """Mixin of the emitter: operations on doubles.

    `ucomisd` sets the carry flag for less, the zero flag for equal, and both with the parity flag where one of the two
    is not a number. So only "above" and "above or equal" are false of those, and less is greater with the operands
    exchanged.
    """

    _mixin_ = True

    emit_float_add = _commuting("addsd")
    emit_float_mul = _commuting("mulsd")
    emit_float_sub = _ordered("subsd")
    emit_float_truediv = _ordered("divsd")
    emit_float_neg = _masked("xorpd", _SIGN)
    emit_float_abs = _masked("andpd", _MAGNITUDE)

    def emit_float_condition(self, opcode, number):
        """Make a comparison of doubles that are the operands of an instruction; the condition under which it holds, but
        for `EQUAL` and `NOT_EQUAL`, for which the parity flag must be looked at too: see `emit_float_comparison`.
        """
        first, second = self.operand(number, 0), self.operand(number, 1)
        if opcode == ops.FLOAT_LT or opcode == ops.FLOAT_LE:
            first, second = second, first
        self.apply_ucomisd(self.in_float_register(first, FLOAT_SCRATCH), second)
        if opcode == ops.FLOAT_LT or opcode == ops.FLOAT_GT:
            return ABOVE
        if opcode == ops.FLOAT_LE or opcode == ops.FLOAT_GE:
            return ABOVE_OR_EQUAL
        return EQUAL if opcode == ops.FLOAT_EQ else NOT_EQUAL

    def emit_float_comparison(self, number):
        condition = self.emit_float_condition(self.trace.opcodes[number], number)
        register = self.result_of(number)
        if condition == EQUAL:
            self.setcc_r(NO_PARITY, SCRATCH)
            self.setcc_r(EQUAL, register)
            self.and_rr(register, SCRATCH)
            self.movzx8_rr(register, register)
        elif condition == NOT_EQUAL:
            self.setcc_r(PARITY, SCRATCH)
            self.setcc_r(NOT_EQUAL, register)
            self.or_rr(register, SCRATCH)
            self.movzx8_rr(register, register)
        else:
            self.set_condition(condition, register)

    def emit_cast_float_to_int(self, number):
        first, register = self.operand(number, 0), self.result_of(number)
        if is_memory(first):
            self.cvttsd2si_rm(register, self.base_of(first), self.offset_of(first))
        else:
            self.cvttsd2si_rf(register, self.in_float_register(first, FLOAT_SCRATCH))

    def emit_cast_int_to_float(self, number):
        first, register = self.operand(number, 0), self.result_of(number) - FIRST_FLOAT
        # the conversion leaves the upper half of the register, on which it would wait
        self.xorpd_ff(register, register)
        if is_memory(first):
            self.cvtsi2sd_fm(register, self.base_of(first), self.offset_of(first))
        else:
            self.cvtsi2sd_fr(register, self.in_register(first, SCRATCH))

    def emit_convert_float_bytes_to_longlong(self, number):
        first, register = self.operand(number, 0), self.result_of(number)
        if is_float_register(first):
            self.movq_rf(register, first - FIRST_FLOAT)
        elif is_memory(first):
            self.load_word(register, first)
        else:
            self.mov_ri(register, self.float_bits_of(first))

    def emit_convert_longlong_bytes_to_float(self, number):
        first, register = self.operand(number, 0), self.result_of(number) - FIRST_FLOAT
        if is_memory(first):
            self.movsd_fm(register, self.base_of(first), self.offset_of(first))
        else:
            self.movq_fr(register, self.in_register(first, SCRATCH))

    def emit_copy_f(self, number):
        self.load_float(self.result_of(number) - FIRST_FLOAT, self.operand(number, 0))
