"""Code grows in blocks, labels and patches reach across them, outside references wait for the address."""

import capstone
import pytest
from ouro.backend_x86 import Assembler64, CodeBuffer, Label, OutOfReach
from ouro.backend_x86.code_buffer import BLOCK_SIZE
from ouro.backend_x86.registers import EQUAL


def _copied(buffer, address):
    memory = ["?"] * (buffer.position() + 2)
    buffer.copy_to(memory, 1, address)
    assert memory[0] == memory[-1] == "?"
    return "".join(memory[1:-1])


def test_numbers_are_little_endian():
    buffer = CodeBuffer()
    buffer.byte(-1)
    buffer.int16(0x1234)
    buffer.int32(-2)
    buffer.int64(0x0102030405060708)
    assert buffer.build().encode("latin-1").hex() == "ff3412feffffff0807060504030201"


def test_code_of_many_blocks_comes_out_in_order():
    buffer = CodeBuffer()
    count = 3 * BLOCK_SIZE + 5
    for number in range(count):
        buffer.byte(number * 7)
    assert buffer.position() == count
    expected = "".join(chr(number * 7 & 0xFF) for number in range(count))
    assert buffer.build() == expected
    assert _copied(buffer, 0x1000) == expected


@pytest.mark.parametrize("size", [BLOCK_SIZE, 2 * BLOCK_SIZE])
def test_full_blocks_alone_come_out(size):
    buffer = CodeBuffer()
    for _ in range(size):
        buffer.byte(1)
    assert buffer.build() == _copied(buffer, 0) == "\x01" * size


@pytest.mark.parametrize("start", range(BLOCK_SIZE - 4, BLOCK_SIZE + 1))
def test_a_patch_may_lie_across_blocks(start):
    buffer = CodeBuffer()
    for _ in range(start):
        buffer.byte(0)
    buffer.int32(0)
    for value in (-1, 0x12345678, -0x80000000, 0x7FFFFFFF):
        buffer.patch_int32(start, value)
        assert buffer.get_int32(start) == value


def test_a_label_is_reached_from_before_and_behind():
    code = Assembler64()
    label = Label()
    forward = code.jmp_l(label)
    code.cmp_pi(label, 0x12345678)  # the distance counts from behind the immediate
    assert not label.is_bound()
    code.bind(label)
    assert label.is_bound()
    backward = code.jcc_l(EQUAL, label)
    assert code.get_int32(forward) == label.position - (forward + 4)
    assert code.get_int32(backward) == label.position - (backward + 4)
    comparison = forward + 4
    assert code.get_int32(comparison + 3) == 0
    assert code.build()[comparison + 3 + 4 :][:4] == "\x78\x56\x34\x12"


def test_a_label_is_bound_once_and_code_with_open_labels_is_not_finished():
    code = Assembler64()
    label = Label()
    code.call_l(label)
    with pytest.raises(AssertionError):
        code.build()
    code.bind(label)
    assert code.build() == "\xe8\x00\x00\x00\x00"
    with pytest.raises(AssertionError):
        code.bind(label)


@pytest.mark.parametrize("distance", [0, 1, 127])
def test_a_short_jump_takes_one_byte_of_distance(distance):
    code = Assembler64()
    label = Label()
    code.jmp_s(label)
    for _ in range(distance):
        code.ret()
    code.bind(label)
    assert code.build()[:2] == "\xeb" + chr(distance)


@pytest.mark.parametrize("distance", [0, 1, 126])
def test_a_short_jump_goes_back(distance):
    code = Assembler64()
    label = Label()
    code.bind(label)
    for _ in range(distance):
        code.ret()
    code.jcc_s(EQUAL, label)
    assert code.build()[distance:] == "\x74" + chr(256 - 2 - distance)


def test_a_short_jump_that_is_too_far_is_refused():
    code = Assembler64()
    before = Label()
    behind = Label()
    code.bind(before)
    code.jmp_s(behind)
    for _ in range(128):
        code.ret()
    with pytest.raises(OutOfReach):
        code.bind(behind)
    with pytest.raises(OutOfReach):
        code.jcc_s(EQUAL, before)


def test_code_with_an_open_short_jump_is_not_finished():
    code = Assembler64()
    code.jmp_s(Label())
    with pytest.raises(AssertionError):
        code.build()


def test_places_outside_are_written_when_the_address_is_known():
    code = Assembler64()
    code.ud2()
    code.call_to(0x7000_0000)
    code.jcc_to(EQUAL, 0x6000_0000)
    first = _copied(code, 0x6500_0000)
    second = _copied(code, 0x6600_0000)
    engine = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    for text, address in ((first, 0x6500_0000), (second, 0x6600_0000)):
        found = [item.op_str for item in engine.disasm(text.encode("latin-1"), address)]
        assert found == ["", "0x70000000", "0x60000000"]


def test_a_place_outside_that_is_too_far_is_refused_before_anything_is_written():
    code = Assembler64()
    code.jmp_to(0)
    memory = ["?"] * 5
    with pytest.raises(OutOfReach):
        code.copy_to(memory, 0, 1 << 31)
    assert memory == ["?"] * 5
    code.copy_to(memory, 0, (1 << 31) - 5)


@pytest.mark.parametrize("start", range(17))
def test_alignment_is_filled_with_instructions(start):
    code = Assembler64()
    for _ in range(start):
        code.ret()
    code.align(16)
    assert code.position() == -(-start // 16) * 16
    engine = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    instructions = list(engine.disasm(code.build().encode("latin-1"), 0))
    assert sum(item.size for item in instructions) == code.position()
    assert {item.mnemonic for item in instructions[start:]} <= {"nop"}
