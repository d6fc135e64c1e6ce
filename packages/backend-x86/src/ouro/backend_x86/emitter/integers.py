"""Integer operations."""

from __future__ import annotations

from ouro.backend_x86.code_buffer import fits_int32
from ouro.backend_x86.emitter.operands import is_constant_location, is_integer_register
from ouro.backend_x86.machine import SCRATCH
from ouro.backend_x86.registers import (
    ABOVE,
    ABOVE_OR_EQUAL,
    BELOW,
    BELOW_OR_EQUAL,
    EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    NOT_EQUAL,
    NOT_NEGATIVE,
    RAX,
    RCX,
    RDX,
)
from ouro.jitcore import operations as ops
from ouro.jitcore.backend.registers import is_memory

#: The condition under which a comparison of words holds, by opcode; -1 for other operations.
CONDITIONS = [-1] * ops.COUNT
for _opcode, _condition in (
    (ops.INT_LT, LESS), (ops.INT_LE, LESS_OR_EQUAL), (ops.INT_EQ, EQUAL), (ops.INT_NE, NOT_EQUAL),
    (ops.INT_GT, GREATER), (ops.INT_GE, GREATER_OR_EQUAL), (ops.UINT_LT, BELOW), (ops.UINT_LE, BELOW_OR_EQUAL),
    (ops.UINT_GT, ABOVE), (ops.UINT_GE, ABOVE_OR_EQUAL), (ops.PTR_EQ, EQUAL), (ops.PTR_NE, NOT_EQUAL),
    (ops.INSTANCE_PTR_EQ, EQUAL), (ops.INSTANCE_PTR_NE, NOT_EQUAL), (ops.INT_IS_TRUE, NOT_EQUAL),
    (ops.INT_IS_ZERO, EQUAL), (ops.PTR_ISZERO, EQUAL), (ops.PTR_NONZERO, NOT_EQUAL),
):  # fmt: skip
    CONDITIONS[_opcode] = _condition


def _commuting(name):
    """The method for an operation that commutes: result = first op second."""
    apply_name = "apply_" + name

    def emit(self, number):
        first, second, register = self.operand(number, 0), self.operand(number, 1), self.result_of(number)
        if second == register:
            first, second = second, first
        self.load_word(register, first)
        getattr(self, apply_name)(register, second)

    emit.__name__ = "emit_int_" + name
    return emit


def _shift(name):
    """The method for a shift. The number of bits is a constant or in rcx, which is not the result's register then."""
    by_constant, by_cl = name + "_ri", name + "_rc"

    def emit(self, number):
        first, count, register = self.operand(number, 0), self.operand(number, 1), self.result_of(number)
        self.load_word(register, first)
        if is_constant_location(count):
            bits = self.word_of(count) & (8 * self.word_size - 1)
            if bits != 0:
                getattr(self, by_constant)(register, bits)
        else:
            assert count == RCX and register != RCX
            getattr(self, by_cl)(register)

    emit.__name__ = "emit_" + name
    return emit


def _unary(name):
    """The method for an instruction that changes one register."""
    form = name + "_r"

    def emit(self, number):
        register = self.result_of(number)
        self.load_word(register, self.operand(number, 0))
        getattr(self, form)(register)

    emit.__name__ = "emit_" + name
    return emit


class Integers:
    """Mixin of the emitter: integer operations."""

    _mixin_ = True

    emit_int_and = _commuting("and")
    emit_int_or = _commuting("or")
    emit_int_xor = _commuting("xor")
    emit_int_lshift = _shift("shl")
    emit_int_rshift = _shift("sar")
    emit_uint_rshift = _shift("shr")
    emit_int_neg = _unary("neg")
    emit_int_invert = _unary("not")

    def emit_int_add(self, number):
        first, second, register = self.operand(number, 0), self.operand(number, 1), self.result_of(number)
        if second == register:
            first, second = second, first
        if is_integer_register(first) and first != register:
            if is_integer_register(second):
                self.lea_rx(register, first, second, 0, 0)
                return
            if self.is_small_constant(second):
                self.lea_rm(register, first, self.word_of(second))
                return
        self.load_word(register, first)
        self.apply_add(register, second)

    def emit_int_sub(self, number):
        first, second, register = self.operand(number, 0), self.operand(number, 1), self.result_of(number)
        if is_integer_register(first) and first != register and self.is_small_constant(second):
            value = -self.word_of(second)
            if fits_int32(value):
                self.lea_rm(register, first, value)
                return
        self._subtract(register, first, second)

    def _subtract(self, register, first, second):
        """register = first - second, with the flags of it."""
        assert second != register or first == register
        self.load_word(register, first)
        self.apply_sub(register, second)

    def emit_int_mul(self, number):
        first, second, register = self.operand(number, 0), self.operand(number, 1), self.result_of(number)
        self._multiply(register, first, second)

    def _multiply(self, register, first, second):
        """register = first * second, with the overflow flag of it."""
        if is_constant_location(first) or second == register:
            first, second = second, first
        if is_constant_location(second):
            value = self.word_of(second)
            if fits_int32(value):
                if is_integer_register(first):
                    self.imul_rri(register, first, value)
                elif is_memory(first):
                    self.imul_rmi(register, self.base_of(first), self.offset_of(first), value)
                else:
                    self.load_word(register, first)
                    self.imul_rri(register, register, value)
            else:
                self.load_word(register, first)
                self.mov_ri(SCRATCH, value)
                self.imul_rr(register, SCRATCH)
            return
        self.load_word(register, first)
        if is_memory(second):
            self.imul_rm(register, self.base_of(second), self.offset_of(second))
        else:
            self.imul_rr(register, second)

    # ---- with overflow: the guard behind looks at the overflow flag

    def emit_int_add_ovf(self, number):
        first, second, register = self.operand(number, 0), self.operand(number, 1), self.result_of(number)
        if second == register:
            first, second = second, first
        self.load_word(register, first)
        self.apply_add(register, second)

    def emit_int_sub_ovf(self, number):
        register = self.result_of(number)
        self._subtract(register, self.operand(number, 0), self.operand(number, 1))

    def emit_int_mul_ovf(self, number):
        self._multiply(self.result_of(number), self.operand(number, 0), self.operand(number, 1))

    # ---- division and high words

    def emit_uint_mul_high(self, number):
        assert self.operand(number, 0) == RAX
        second = self.operand(number, 1)
        if is_memory(second):
            self.multiply_high_unsigned_m(self.base_of(second), self.offset_of(second))
        else:
            self.multiply_high_unsigned_r(self.in_register(second, SCRATCH))
        assert self.result_of(number) == RDX

    def _divide(self, number):
        """Quotient towards zero in rax, remainder in rdx; the register that the divisor is in."""
        assert self.operand(number, 0) == RAX
        divisor = self.in_register(self.operand(number, 1), SCRATCH)
        assert divisor != RAX and divisor != RDX
        self.sign_extend_accumulator()
        self.idiv_r(divisor)
        return divisor

    def emit_int_floordiv(self, number):
        divisor = self._divide(number)
        # one less where there is a remainder whose sign is not the divisor's: then the sign of their exclusive or is
        # set, and adding all ones to a remainder that is not 0 carries
        self.mov_rr(SCRATCH, divisor)
        self.xor_rr(SCRATCH, RDX)
        self.sar_ri(SCRATCH, 8 * self.word_size - 1)
        self.add_ri(RDX, -1)
        self.sbb_rr(RDX, RDX)
        self.and_rr(SCRATCH, RDX)
        self.add_rr(RAX, SCRATCH)
        assert self.result_of(number) == RAX

    def emit_int_mod(self, number):
        divisor = self._divide(number)
        # the divisor is added where there is a remainder and its sign is not the divisor's
        self.mov_rr(RAX, RDX)
        self.xor_rr(RAX, divisor)
        self.sar_ri(RAX, 8 * self.word_size - 1)
        self.and_rr(RAX, divisor)
        self.mov_rr(SCRATCH, RDX)
        self.neg_r(SCRATCH)
        self.sbb_rr(SCRATCH, SCRATCH)
        self.and_rr(RAX, SCRATCH)
        self.add_rr(RDX, RAX)
        assert self.result_of(number) == RDX

    # ---- comparisons

    def emit_condition(self, opcode, number):
        """Make a comparison of words that are the operands of an instruction; the condition under which it holds."""
        if ops.arity(opcode) == 1:
            self.compare_with_zero(self.operand(number, 0))
        else:
            self.compare(self.operand(number, 0), self.operand(number, 1))
        return CONDITIONS[opcode]

    def emit_comparison(self, number):
        condition = self.emit_condition(self.trace.opcodes[number], number)
        self.set_condition(condition, self.result_of(number))

    def compare_with_zero(self, location):
        """The flags of a word."""
        if is_memory(location):
            self.cmp_mi(self.base_of(location), self.offset_of(location), 0)
        else:
            register = self.in_register(location, SCRATCH)
            self.test_rr(register, register)

    def set_condition(self, condition, register):
        """1 or 0 in a register, whether a condition of the flags holds."""
        self.setcc_r(condition, register)
        self.movzx8_rr(register, register)

    def emit_int_between(self, number):
        low, value, high = self.operand(number, 0), self.operand(number, 1), self.operand(number, 2)
        register = self.result_of(number)
        middle = self.temporary(number, 0)
        assert register != value and register != high
        self.load_word(middle, value)
        self.apply_cmp(middle, low)
        self.setcc_r(GREATER_OR_EQUAL, register)
        self.apply_cmp(middle, high)
        self.setcc_r(LESS, middle)
        self.and_rr(register, middle)
        self.movzx8_rr(register, register)

    def emit_int_force_ge_zero(self, number):
        first, register = self.operand(number, 0), self.result_of(number)
        self.load_word(register, first)
        self.test_rr(register, register)
        keep = self.new_label()
        self.jcc_s(NOT_NEGATIVE, keep)
        self.mov_ri(register, 0)
        self.bind(keep)

    def emit_int_signext(self, number):
        first, register = self.operand(number, 0), self.result_of(number)
        size = self.word_of(self.operand(number, 1))
        if is_memory(first):
            self.load_sized(register, self.base_of(first), self.offset_of(first), size, True)
        else:
            source = self.in_register(first, SCRATCH)
            if size == 1:
                self.movsx8_rr(register, source)
            elif size == 2:
                self.movsx16_rr(register, source)
            else:
                assert size == 4
                self.extend_half_word(register, source)

    def emit_copy(self, number):
        """An operation whose result has the bits of its operand, both of them words."""
        self.load_word(self.result_of(number), self.operand(number, 0))
