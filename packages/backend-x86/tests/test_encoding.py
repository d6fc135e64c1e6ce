"""Every method of the assemblers emits what GNU as emits for the same instruction."""

import ast
import functools
import itertools
import subprocess
from pathlib import Path

import capstone
import pytest
from ouro.backend_x86 import Assembler32, Assembler64, Label, code_buffer, code_memory, emitter
from ouro.backend_x86._forms import methods
from ouro.backend_x86._methods import make_methods
from ouro.backend_x86.code_buffer import CodeBuffer
from ouro.backend_x86.registers import CONDITION_NAMES, NO_REGISTER, register_name

DISPLACEMENTS = (0, 1, -1, 127, -128, 128, -129, 0x12345678, -0x80000000)
ADDRESSES = (0, 127, 0x12345678, -0x80000000)
IMMEDIATES = {
    8: (0, 1, 5, 127, -128),
    16: (0, 1, 127, -128, 128, -129, 0x7FFF, -0x8000),
    32: (0, 1, 127, -128, 128, -129, 0x7FFFFFFF, -0x80000000),
}
POINTER = {8: "byte ptr ", 16: "word ptr ", 32: "dword ptr ", 64: "qword ptr ", 128: "xmmword ptr "}
TARGET = "target"

MODES = {64: Assembler64, 32: Assembler32}
METHODS = {
    bits: [(name, method) for method in methods(bits) for name in make_methods(method, bits)] for bits in MODES
}


class Line:
    """One instruction to test: the arguments of the method and the assembler's text for it."""

    def __init__(self, arguments, text):
        self.arguments = arguments
        self.text = text


def _operand_registers(operand, bits):
    """The registers that an operand can be: numbers and names."""
    count = 16 if bits == 64 else 8
    if operand == "xmm":
        return [(number, "xmm%d" % number) for number in range(count)]
    size = int(operand[1:])
    if size == 8 and bits == 32:
        count = 4
    return [(number, register_name(number, size)) for number in range(count)]


def _memory_operands(operand, mode, bits):
    """Arguments and text of memory operands, all registers and all sizes of displacement among them."""
    pointer = POINTER[int(operand[1:])] if operand != "m" else ""
    registers = [(number, register_name(number, bits)) for number in range(16 if bits == 64 else 8)]
    if mode == "m":
        for (number, name), displacement in itertools.product(registers, DISPLACEMENTS):
            yield (number, displacement), f"{pointer}[{name}{displacement:+#x}]"
    elif mode == "x":
        bases = [*registers, (NO_REGISTER, "")]
        choices = itertools.cycle(itertools.product(range(4), DISPLACEMENTS))
        for (base, base_name), (index, index_name) in itertools.product(bases, registers):
            if index_name in ("rsp", "esp"):
                continue
            shift, displacement = next(choices)
            base_text = base_name and base_name + "+"
            text = f"{pointer}[{base_text}{index_name}*{1 << shift}{displacement:+#x}]"
            yield (base, index, shift, displacement), text
    elif mode == "a":
        for address in ADDRESSES:
            yield (address,), f"{pointer}ds:[{address:#x}]"
    else:
        yield (TARGET,), f"{pointer}[rip+{{label}}]"


def _choices(operand, mode, method, bits):
    """All values of one operand: a tuple of arguments and a text."""
    if operand in ("cl", "1"):
        return [((), operand)]
    if operand == "3":
        return [((), "")]
    if operand == "i":
        size = min(method.size, 32)
        if method.large is None:
            size = 8
        elif method.instruction == "RET":
            return [((value,), str(value)) for value in (0, 8, 0x7FFF)]
        return [((value,), str(value)) for value in IMMEDIATES[size]]
    if operand == "imm64":
        return [((value,), str(value)) for value in (0, -1, 2**31, 2**63 - 1, -(2**63))]
    if operand in ("rel32", "rel8"):
        return [((TARGET,), "{label}")]
    if operand[0] == "m":
        return list(_memory_operands(operand, mode, bits))
    return [((number,), name) for number, name in _operand_registers(operand, bits)]


def _register_and_memory(first, second):
    """Every memory operand once, and every register with every base register."""
    memory, others = (first, second) if len(first) > len(second) else (second, first)
    by_base = {}
    for choice in memory:
        by_base.setdefault(choice[0][0], []).append(choice)
    pairs = list(zip(memory, itertools.cycle(others)))
    for number, (group, other) in enumerate(itertools.product(by_base.values(), others)):
        pairs.append((group[number % len(group)], other))
    return pairs if memory is first else [(other, choice) for choice, other in pairs]


def _combine(choices):
    """All pairs of values of every two operands, without all combinations of three."""
    if not choices:
        return [()]
    if len(choices) == 1:
        return [(choice,) for choice in choices[0]]
    if len(choices) == 2 and len(choices[0]) * len(choices[1]) <= 300:
        return itertools.product(*choices)
    result = []
    for first, second in itertools.combinations(range(len(choices)), 2):
        a, b = choices[first], choices[second]
        pairs = _register_and_memory(a, b) if len(a) * len(b) > 300 else itertools.product(a, b)
        for number, (value, other) in enumerate(pairs):
            combination = [choice[number % len(choice)] for choice in choices]
            combination[first], combination[second] = value, other
            result.append(tuple(combination))
    return result


def _lines(name, method, bits):
    """What to test of one method."""
    letters = method.letters
    mode = ""
    if "m" in letters:
        mode = name.rpartition("_")[2][letters.index("m")]
    mnemonic = {"INT": "int3"}.get(method.instruction, method.instruction.lower())
    if method.name.startswith("lock_"):
        mnemonic = "lock " + mnemonic
    if name.startswith("movabs"):
        mnemonic = "movabs"
    if method.operands[-1:] == ("rel32",):
        mnemonic = "{{disp32}} " + mnemonic
    if method.operands[-1:] == ("rel8",):
        mnemonic = "{{disp8}} " + mnemonic
    choices = [_choices(operand, mode, method, bits) for operand in method.operands]
    combinations = list(_combine(choices))
    conditions = range(16) if method.conditional else (None,)
    for number, combination in enumerate(combinations):
        arguments = tuple(argument for values, _ in combination for argument in values)
        text = ", ".join(text for _, text in combination if text)
        for condition in conditions if number < 40 else (None if conditions == (None,) else number % 16,):
            if condition is None:
                yield Line(arguments, f"{mnemonic} {text}")
            else:
                yield Line((condition, *arguments), f"{mnemonic[:-1]}{CONDITION_NAMES[condition]} {text}")


def _has_other_encoding(line, bits):
    """GNU as has an encoding for rax that is shorter by one byte and that we do not use."""
    mnemonic, _, operands = line.text.partition(" ")
    names = operands.replace(",", " ").split()
    accumulators = {register_name(0, size) for size in (16, 32, 64)}
    if mnemonic == "xchg":
        return "ptr" not in operands and not accumulators.isdisjoint(names)
    if mnemonic == "mov" and bits == 32:
        return "ds:" in operands and not (accumulators | {"al"}).isdisjoint(names)
    return False


@functools.cache
def _emitted(bits):
    """(text, bytes) of each instruction, and the assembler source."""
    result = []
    source = [".intel_syntax noprefix", ".code%d" % bits]
    for number, (name, method) in enumerate(METHODS[bits]):
        if name.endswith("_to"):
            continue
        assembler = MODES[bits]()
        label = Label()
        starts = []
        for line in _lines(name, method, bits):
            if _has_other_encoding(line, bits):
                continue
            text = line.text.format(label=".L%d" % number)
            starts.append((text, assembler.position()))
            arguments = [label if argument is TARGET else argument for argument in line.arguments]
            getattr(assembler, name)(*arguments)
            source.append(text)
        assert starts, name
        assembler.bind(label)
        source.append(".L%d:" % number)
        code = assembler.build().encode("latin-1")
        ends = [start for _, start in starts[1:]] + [len(code)]
        result += [(name + ": " + text, code[start:end]) for (text, start), end in zip(starts, ends)]
    return result, "\n".join(source) + "\n"


def _assembled(source, bits, folder):
    """The bytes that GNU as makes of the source."""
    (folder / "all.s").write_text(source)
    subprocess.run(["as", "--%d" % bits, "-o", "all.o", "all.s"], check=True, cwd=folder)
    subprocess.run(["objcopy", "-O", "binary", "-j", ".text", "all.o", "all.bin"], check=True, cwd=folder)
    return (folder / "all.bin").read_bytes()


@pytest.mark.parametrize("bits", MODES)
def test_every_instruction_is_encoded_as_by_gnu_as(bits, tmp_path):
    emitted, source = _emitted(bits)
    expected = _assembled(source, bits, tmp_path)
    position = 0
    for text, code in emitted:
        assert code.hex(" ") == expected[position : position + len(code)].hex(" "), text
        position += len(code)
    assert position == len(expected)


@pytest.mark.parametrize("bits", MODES)
def test_every_register_displacement_size_and_special_base_is_among_the_tested_operands(bits):
    count = 16 if bits == 64 else 8
    (method,) = [method for name, method in METHODS[bits] if name == "add_rm"]
    lines = list(_lines("add_rm", method, bits))
    assert {(line.arguments[0], line.arguments[1]) for line in lines} == set(
        itertools.product(range(count), range(count))
    )
    assert {line.arguments[1:] for line in lines} == set(itertools.product(range(count), DISPLACEMENTS))
    indexed = list(_lines("add_rx", method, bits))
    assert {line.arguments[1:3] for line in indexed} == {
        (base, index) for base in (NO_REGISTER, *range(count)) for index in range(count) if index != 4
    }
    assert {line.arguments[3:] for line in indexed} == set(itertools.product(range(4), DISPLACEMENTS))


@pytest.mark.parametrize("bits", MODES)
def test_another_disassembler_finds_one_instruction_in_each(bits):
    engine = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64 if bits == 64 else capstone.CS_MODE_32)
    emitted, _ = _emitted(bits)
    for text, code in emitted[::17]:
        (instruction,) = engine.disasm(code, 0)
        assert instruction.size == len(code), text


def test_xchg_with_the_accumulator_takes_the_general_form():
    engine = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    assembler = Assembler64()
    assembler.xchg_rr(0, 9)
    assembler.xchg_rr(9, 0)
    assembler.xchg32_rr(0, 0)
    texts = [item.mnemonic + " " + item.op_str for item in engine.disasm(assembler.build().encode("latin-1"), 0)]
    assert [set(text.replace(",", "").split()) for text in texts] == [
        {"xchg", "rax", "r9"}, {"xchg", "rax", "r9"}, {"xchg", "eax"},
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "mov eax, 0"),
        (0x7FFFFFFF, "mov eax, 0x7fffffff"),
        (0xFFFFFFFF, "mov eax, 0xffffffff"),
        (-1, "mov rax, 0xffffffffffffffff"),
        (-0x80000000, "mov rax, 0xffffffff80000000"),
        (0x100000000, "movabs rax, 0x100000000"),
        (-0x80000001, "movabs rax, 0xffffffff7fffffff"),
    ],
)
def test_constants_take_the_shortest_move(value, text):
    engine = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    assembler = Assembler64()
    assembler.mov_ri(0, value)
    (instruction,) = engine.disasm(assembler.build().encode("latin-1"), 0)
    assert (instruction.mnemonic + " " + instruction.op_str) == text


def test_what_32_bit_mode_cannot_express_is_refused():
    with pytest.raises(AssertionError, match="64-bit mode"):
        Assembler32().add_rr(8, 0)
    with pytest.raises(AssertionError, match="no low byte"):
        Assembler32().setcc_r(4, 6)
    assert not hasattr(Assembler32, "cqo")
    assert not hasattr(Assembler32, "add_rp")


def test_rsp_is_no_index_and_constants_must_fit():
    with pytest.raises(AssertionError, match="index"):
        Assembler64().lea_rx(0, 1, 4, 0, 0)
    with pytest.raises(AssertionError):
        Assembler64().add_ri(0, 1 << 31)
    with pytest.raises(AssertionError):
        Assembler64().add_rm(0, 1, 1 << 31)
    with pytest.raises(AssertionError):
        Assembler64().mov_ra(0, 1 << 31)


#: What is put down byte by byte: room for jumps and between functions, data, and the distance of a short jump.
WRITTEN_BY_HAND = {
    ("emitter.py", "nop5"), ("emitter.py", "_emit_constants"), ("code_buffer.py", "align"),
    ("code_buffer.py", "short_relative"),
}


def test_all_code_is_emitted_by_methods_that_are_compared():
    found = set()
    for path in Path(emitter.__file__).parents[1].rglob("*.py"):
        if path.name in ("_encoder.py", "_methods.py", "_forms.py"):
            continue
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef) and function.name not in ("int16", "int32", "int64"):
                found |= {
                    (path.name, function.name) for node in ast.walk(function)
                    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                    and node.func.attr in ("byte", "int16")
                }
    assert found == WRITTEN_BY_HAND


def test_what_is_written_by_hand_is_what_gnu_as_makes(tmp_path):
    room = emitter.Emitter64.__new__(emitter.Emitter64)
    CodeBuffer.__init__(room)
    room.nop5()
    code = room.build().encode("latin-1")
    jump = Assembler64()
    target = Label()
    jump.jmp_l(target)
    jump.bind(target)
    code += jump.build().encode("latin-1")
    assert jump.build()[0] == code_memory._JUMP
    source = [".intel_syntax noprefix", "{disp8} nop dword ptr [rax+rax*1+0]", "{disp32} jmp .L1", ".L1:"]
    for size in range(1, 10):
        source.append(f".nops {size}")
        code += code_buffer._NOPS[size].encode("latin-1")
    assert code.hex(" ") == _assembled("\n".join(source) + "\n", 64, tmp_path).hex(" ")
