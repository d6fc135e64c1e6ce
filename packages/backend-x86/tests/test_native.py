"""What the assembler emits runs on this machine, and its memory is never writable and executable at once."""

import ctypes
import platform

import pytest
from ouro.backend_x86 import Assembler64, CodeMemory, Label, OutOfCodeMemory, OutOfReach, call_code
from ouro.backend_x86.registers import (
    ABOVE,
    EQUAL,
    LESS,
    NOT_EQUAL,
    OVERFLOW,
    R10,
    R11,
    R12,
    R13,
    RAX,
    RCX,
    RDI,
    RDX,
    RSI,
    RSP,
    XMM1,
    XMM9,
)
from ouro.rlib import rmmap

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="runs x86-64 code in this process")

MASK = (1 << 64) - 1
WORDS = (0, 1, -1, 7, -7, 127, 128, 2**31, -(2**31) - 1, 2**63 - 1, -(2**63))


def signed(value, bits=64):
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


@pytest.fixture
def memory():
    memory = CodeMemory(1 << 20)
    yield memory
    memory.release()


def run(memory, code, first=0, second=0):
    block = memory.install(code)
    result = call_code(block.address, first, second)
    memory.free(block)
    return result


def two_operands(emit):
    """Code that leaves `emit`'s result for rdi and rsi in rax."""
    code = Assembler64()
    code.mov_rr(RAX, RDI)
    emit(code)
    code.ret()
    return code


BINARY = {
    "add": (lambda code: code.add_rr(RAX, RSI), lambda a, b: a + b),
    "sub": (lambda code: code.sub_rr(RAX, RSI), lambda a, b: a - b),
    "and": (lambda code: code.and_rr(RAX, RSI), lambda a, b: a & b),
    "or": (lambda code: code.or_rr(RAX, RSI), lambda a, b: a | b),
    "xor": (lambda code: code.xor_rr(RAX, RSI), lambda a, b: a ^ b),
    "imul": (lambda code: code.imul_rr(RAX, RSI), lambda a, b: a * b),
    "add32": (lambda code: code.add32_rr(RAX, RSI), lambda a, b: a + b & 0xFFFFFFFF),
    "imul by a constant": (lambda code: code.imul_rri(RAX, RSI, -1000), lambda a, b: b * -1000),
    "neg": (lambda code: code.neg_r(RAX), lambda a, b: -a),
    "not": (lambda code: code.not_r(RAX), lambda a, b: ~a),
    "lea": (lambda code: code.lea_rx(RAX, RDI, RSI, 3, -5), lambda a, b: a + b * 8 - 5),
    "lea without base": (lambda code: code.lea_rx(RAX, -1, RSI, 2, 99), lambda a, b: b * 4 + 99),
    "movzx8": (lambda code: code.movzx8_rr(RAX, RSI), lambda a, b: b & 0xFF),
    "movsx8": (lambda code: code.movsx8_rr(RAX, RSI), lambda a, b: signed(b, 8)),
    "movzx16": (lambda code: code.movzx16_rr(RAX, RSI), lambda a, b: b & 0xFFFF),
    "movsx16": (lambda code: code.movsx16_rr(RAX, RSI), lambda a, b: signed(b, 16)),
    "movsx32": (lambda code: code.movsx32_rr(RAX, RSI), lambda a, b: signed(b, 32)),
    "bswap": (lambda code: code.bswap_r(RAX), lambda a, b: int.from_bytes((a & MASK).to_bytes(8, "little"), "big")),
    "xchg": (lambda code: code.xchg_rr(RAX, RSI), lambda a, b: b),
}


@pytest.mark.parametrize("name", BINARY)
def test_integer_instructions_compute(name, memory):
    emit, expected = BINARY[name]
    code = two_operands(emit)
    for a in WORDS:
        for b in WORDS:
            assert run(memory, code, a, b) == signed(expected(a, b)), (a, b)


@pytest.mark.parametrize("high", ["multiply_high_signed_r", "multiply_high_unsigned_r"])
def test_the_high_half_of_a_product(high, memory):
    def emit(code):
        getattr(code, high)(RSI)
        code.mov_rr(RAX, RDX)

    code = two_operands(emit)
    mask = -1 if "unsigned" not in high else MASK
    for a in WORDS:
        for b in WORDS:
            assert run(memory, code, a, b) == signed((a & mask) * (b & mask) >> 64), (a, b)


def test_division_gives_quotient_and_remainder(memory):
    def divide(code):
        code.cqo()
        code.idiv_r(RSI)

    def remainder(code):
        divide(code)
        code.mov_rr(RAX, RDX)

    for a, b in [(7, 2), (-7, 2), (7, -2), (-(2**63), 3), (2**63 - 1, -5)]:
        quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
        assert run(memory, two_operands(divide), a, b) == quotient
        assert run(memory, two_operands(remainder), a, b) == a - quotient * b


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("shl", lambda a, n: signed(a << n)),
        ("shr", lambda a, n: signed((a & MASK) >> n)),
        ("sar", lambda a, n: a >> n),
        ("rol", lambda a, n: signed((a << n) | ((a & MASK) >> (64 - n)))),
    ],
)
def test_shifts_by_constants_and_by_cl(name, expected, memory):
    for count in (0, 1, 2, 31, 63):
        by_constant = two_operands(lambda code, count=count: getattr(code, name + "_ri")(RAX, count))

        def emit_by_cl(code):
            code.mov_rr(RCX, RSI)
            getattr(code, name + "_rc")(RAX)

        by_cl = two_operands(emit_by_cl)
        for a in WORDS:
            assert run(memory, by_constant, a) == expected(a, count), (a, count)
            assert run(memory, by_cl, a, count) == expected(a, count), (a, count)


def test_conditions_drive_set_move_and_jump(memory):
    def emit(code):
        # 1 for less, 10 for unsigned above, 100 for an overflow of the difference
        code.mov_ri(RAX, 0)
        code.mov_ri(RCX, 0)
        code.mov_ri(R10, 10)
        code.mov_rr(R11, RDI)
        code.sub_rr(R11, RSI)
        skip = Label()
        overflow = Label()
        code.jcc_l(OVERFLOW, overflow)
        code.jmp_l(skip)
        code.bind(overflow)
        code.mov_ri(RAX, 100)
        code.bind(skip)
        code.cmp_rr(RDI, RSI)
        code.cmovcc_rr(ABOVE, RCX, R10)
        code.setcc_r(LESS, RDX)
        code.movzx8_rr(RDX, RDX)
        code.add_rr(RAX, RCX)
        code.add_rr(RAX, RDX)

    code = two_operands(emit)
    for a in WORDS:
        for b in WORDS:
            expected = (a < b) + 10 * (a & MASK > b & MASK) + 100 * (signed(a - b) != a - b)
            assert run(memory, code, a, b) == expected, (a, b)


def test_a_loop_of_many_blocks_of_code(memory):
    code = Assembler64()
    loop = Label()
    code.mov_ri(RAX, 0)
    code.align(16)
    code.bind(loop)
    for _ in range(1000):
        code.add_rr(RAX, RDI)
    code.dec_r(RDI)
    code.jcc_l(NOT_EQUAL, loop)
    code.ret()
    assert run(memory, code, 10) == 55 * 1000


def test_loads_and_stores_of_every_size_in_every_address_mode(memory):
    data = (ctypes.c_uint8 * 64)(*range(0x80, 0xC0))
    address = ctypes.addressof(data)
    code = Assembler64()
    constant = Label()
    code.push_r(R12)
    code.push_r(R13)
    code.mov_rr(R12, RDI)
    code.lea_rm(R13, RDI, 8)
    code.movzx8_rm(RAX, R12, 1)
    code.mov_mr(RDI, 32, RAX)
    code.movsx16_rm(RAX, R13, 0)
    code.mov32_mr(R12, 40, RAX)
    code.mov_ri(RCX, 2)
    code.movsx32_rx(RAX, R12, RCX, 2, 0)
    code.mov16_xr(R13, RCX, 3, 20, RAX)
    code.mov8_mi(R12, 46, -1)
    code.mov_mi(R13, 40, -2)
    code.mov_rp(RAX, constant)
    code.pop_r(R13)
    code.pop_r(R12)
    code.ret()
    code.align(8)
    code.bind(constant)
    code.int64(-0x123456789ABCDEF)
    expected = bytearray(data)
    expected[32:40] = (0x81).to_bytes(8, "little")
    expected[40:44] = bytes([0x88, 0x89, 0xFF, 0xFF])
    expected[44:46] = bytes([0x88, 0x89])
    expected[46] = 0xFF
    expected[48:56] = (-2).to_bytes(8, "little", signed=True)
    assert run(memory, code, address) == -0x123456789ABCDEF
    assert bytes(data) == bytes(expected)


def test_doubles_compute_compare_and_convert(memory):
    numbers = (ctypes.c_double * 8)(2.25, -0.5, 0, 0, 0, 0, 0, 0)
    single = ctypes.c_float(0.1)
    code = Assembler64()
    code.movsd_fm(XMM9, RDI, 0)
    code.movapd_ff(XMM1, XMM9)
    code.addsd_fm(XMM1, RDI, 8)
    code.movsd_mf(RDI, 16, XMM1)
    code.sqrtsd_ff(XMM1, XMM9)
    code.movsd_mf(RDI, 24, XMM1)
    code.divsd_fm(XMM1, RDI, 8)
    code.mulsd_ff(XMM1, XMM1)
    code.subsd_ff(XMM1, XMM9)
    code.movsd_mf(RDI, 32, XMM1)
    code.mov_ri(RAX, -3)
    code.cvtsi2sd_fr(XMM1, RAX)
    code.movsd_mf(RDI, 40, XMM1)
    code.movss_fm(XMM1, RSI, 0)
    code.cvtss2sd_ff(XMM1, XMM1)
    code.movsd_mf(RDI, 48, XMM1)
    code.movq_rf(RAX, XMM9)
    code.movq_fr(XMM1, RAX)
    code.xorpd_ff(XMM9, XMM9)
    code.ucomisd_ff(XMM1, XMM9)
    code.setcc_r(ABOVE, RCX)
    code.movzx8_rr(RCX, RCX)
    code.cvttsd2si_rf(RAX, XMM1)
    code.shl_ri(RAX, 8)
    code.or_rr(RAX, RCX)
    code.ret()
    assert run(memory, code, ctypes.addressof(numbers), ctypes.addressof(single)) == 2 << 8 | 1
    assert list(numbers) == [2.25, -0.5, 1.75, 1.5, 6.75, -3.0, single.value, 0]


def test_locked_instructions_change_memory(memory):
    cell = ctypes.c_long(40)
    code = Assembler64()
    code.lock_inc_m(RDI, 0)
    code.lock_dec_m(RDI, 0)
    code.lock_add_mi(RDI, 0, 2)
    code.mov_ri(RAX, 42)
    code.mov_ri(RCX, 7)
    code.lock_cmpxchg_mr(RDI, 0, RCX)
    code.mov_ri(RAX, 5)
    code.xchg_mr(RDI, 0, RAX)
    code.ret()
    assert run(memory, code, ctypes.addressof(cell)) == 7
    assert cell.value == 5


def test_code_calls_c_and_other_code(memory):
    @ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_long)
    def triple(value):
        return 3 * value

    callee = Assembler64()
    callee.lea_rm(RAX, RDI, 1)
    callee.ret()
    callee_block = memory.install(callee)
    code = Assembler64()
    code.sub_ri(RSP, 8)
    code.mov_ri(R11, ctypes.cast(triple, ctypes.c_void_p).value)
    code.call_r(R11)
    code.mov_rr(RDI, RAX)
    code.call_to(callee_block.address)
    code.add_ri(RSP, 8)
    code.ret()
    assert run(memory, code, 5) == 16


def test_a_jump_in_installed_code_is_patched(memory):
    code = Assembler64()
    behind = Label()
    code.mov_ri(RAX, 1)
    code.test_rr(RDI, RDI)
    jump = code.jcc_l(EQUAL, behind)
    code.mov_ri(RAX, 2)
    code.bind(behind)
    code.ret()
    block = memory.install(code)
    other = Assembler64()
    other.mov_ri(RAX, 3)
    other.ret()
    other_block = memory.install(other)
    before = memory.read_int32(block, jump)
    assert before == code.get_int32(jump)
    assert [call_code(block.address, argument, 0) for argument in (0, 1)] == [1, 2]
    memory.patch_relative(block, jump, other_block.address)
    assert memory.read_int32(block, jump) == other_block.address - (block.address + jump + 4)
    assert [call_code(block.address, argument, 0) for argument in (0, 1)] == [3, 2]
    memory.patch_int32(block, jump, before)
    assert [call_code(block.address, argument, 0) for argument in (0, 1)] == [1, 2]
    with pytest.raises(OutOfReach):
        memory.patch_relative(block, jump, block.address + (1 << 32))


def _permissions(address):
    with open("/proc/self/maps") as maps:
        for line in maps:
            begin, end = (int(item, 16) for item in line.split()[0].split("-"))
            if begin <= address < end:
                return line.split()[1]
    return ""


def test_pages_with_code_cannot_be_written_and_others_not_even_read(memory):
    code = Assembler64()
    code.ret()
    block = memory.install(code)
    memory.patch_int32(block, 4, 0)
    assert _permissions(block.address) == "r-xp"
    assert _permissions(block.address + 4096 * 4) == "---p"


def _nops(count):
    code = Assembler64()
    for _ in range(count):
        code.byte(0x90)
    return code


def test_freed_memory_is_merged_and_used_again(memory):
    everything = memory.free_bytes()
    blocks = [memory.install(_nops(size)) for size in (64, 65, 400, 4096, 1)]
    assert [block.size for block in blocks] == [64, 128, 448, 4096, 64]
    assert memory.free_bytes() == everything - 64 - 128 - 448 - 4096 - 64
    for number in (1, 3, 2):
        memory.free(blocks[number])
    again = memory.install(_nops(128 + 448 + 4096))
    assert again.address == blocks[1].address
    for block in (blocks[4], again, blocks[0]):
        memory.free(block)
    assert memory.free_bytes() == everything
    with pytest.raises(AssertionError, match="twice"):
        memory.free(blocks[0])


def test_a_full_range_is_an_error_and_stays_usable():
    memory = CodeMemory(4096)
    block = memory.install(_nops(4000))
    with pytest.raises(OutOfCodeMemory):
        memory.install(_nops(65))
    memory.install(_nops(64))
    assert memory.free_bytes() == 0
    memory.free(block)
    memory.install(_nops(4000))
    memory.release()


def test_a_system_without_executable_memory_is_an_error_that_costs_no_memory(memory, monkeypatch):
    everything = memory.free_bytes()
    allowed = rmmap.protect

    def refuse(start, size, protection):
        if protection & rmmap.PROT_EXEC:
            raise OSError(13, "mprotect failed")
        allowed(start, size, protection)

    monkeypatch.setattr(rmmap, "protect", refuse)
    with pytest.raises(OutOfCodeMemory):
        memory.install(_nops(8))
    assert memory.free_bytes() == everything


def test_code_that_cannot_reach_its_targets_costs_no_memory(memory):
    everything = memory.free_bytes()
    code = Assembler64()
    code.jmp_to(16)
    with pytest.raises(OutOfReach):
        memory.install(code)
    assert memory.free_bytes() == everything
