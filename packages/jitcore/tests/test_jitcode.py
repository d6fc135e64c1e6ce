"""Instructions, liveness, and jitcodes as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ouro.jitcore import operations
from ouro.jitcore.descriptors import SizeDescriptor
from ouro.jitcore.jitcode import JitCode, append_live_registers, count_live_registers, encode_liveness, instructions
from ouro.jitcore.jitcode.building import ConstantOperand, EncodingError, JitCodeBuilder, ProgramTables, Register
from ouro.jitcore.jitcode.program import JitProgram
from ouro.jitcore.jitcode.text import JitCodeSyntaxError, decode, parse_program, print_jitcode, print_program
from ouro.jitcore.text import Names
from samples import NODE, Samples

SAMPLE = """\
jitcode count(irf) -> i
L1:
  live {i0 r0 f0}
  goto_if_not_int_lt i0, 1000000000000, L2
  int_add i0, -1 -> i0
  setfield_gc_i r0, i0, Node.value
  getfield_gc_r r0, Node.next -> r0
  inline_call_i other, [i0], [r0, null], [] -> i1
  live {i0 i1 r0 f0}
  catch_exception L3
  live {i0 i1 r0 f0}
  switch i1, {-1: L1, 7: L2}
  float_add f0, 1.5 -> f0
  goto L1
L2:
  int_return i0
L3:
  goto_if_exception_mismatch @class, L4
  last_exception -> i2
  last_exception_value -> r1
  raise r1
L4:
  reraise

jitcode other(irr) -> i
  live {i0}
  int_add_jump_if_overflow L1, i0, i0 -> i0
  int_return i0
L1:
  jit_merge_point -3, [i0, 3], [], [], [], [r0, $thing], [2.0]
  int_return 0
"""


@pytest.fixture
def names():
    world = Samples()
    world.names.add_integer("class", 64)
    world.names.add_reference("thing", world.memory.new(world.memory.descriptors.size(NODE)))
    return world.names


def test_text_reads_back_as_it_was_printed(names):
    program = parse_program(SAMPLE, names)
    assert print_program(program, names) == SAMPLE


def test_every_instruction_survives_text():
    names = Names()
    lines = []
    for number in range(instructions.COUNT):
        name = instructions.names[number]
        if name == "live" or name.endswith("_constant"):
            continue
        operands = {"i": "i3", "r": "null", "f": "f0", "I": "[i0, 5]", "R": "[]", "F": "[1.0]", "c": "-7", "L": "L1",
                    "j": "all", "d": "{5: L1}"}
        text = ", ".join(operands[letter] for letter in instructions.operand_letters[number])
        kind = instructions.result_kinds[number]
        lines.append(f"  {name} {text}".rstrip() + ("" if kind == "n" else f" -> {kind}1"))
    text = "jitcode all(i) -> n\nL1:\n" + "\n".join(lines) + "\n"
    assert print_program(parse_program(text, names), names) == text


@pytest.mark.parametrize("text, message", [
    ("int_add i0", "a program begins with"),
    ("jitcode f() -> n\n  int_ad i0, i1 -> i2", "there is no instruction 'int_ad'"),
    ("jitcode f() -> n\n  int_add i0 -> i2", "int_add takes 2 operands"),
    ("jitcode f() -> n\n  int_add i0, r0 -> i2", "r0 is not an integer"),
    ("jitcode f() -> n\n  int_add i0, i0", "int_add has a result: -> iN"),
    ("jitcode f() -> n\n  int_add i0, i0 -> r0", "the result of int_add is an integer"),
    ("jitcode f() -> n\n  goto L7", "there is no label L7"),
    ("jitcode f() -> n\nL1:\nL1:", "a second label L1"),
    ("jitcode f() -> n\njitcode f() -> n", "a second jitcode f"),
    ("jitcode f() -> n\n  inline_call_n g, [], [], []", "there is no jitcode 'g'"),
    ("jitcode f() -> n\n  getfield_gc_i r0, X.y -> i0", "there is no descriptor 'X.y'"),
    ("jitcode f() -> n\n  int_return @g", "there is no address 'g'"),
    ("jitcode f() -> n\n  int_return i0, i1", "',' behind the end"),
    ("jitcode f() -> n\n  switch i0, {a: L1}", "'a:' is no case"),
    ("jitcode f() -> n\n  live {x}", "'x' is no register"),
])
def test_what_is_no_program_is_refused(text, message):
    with pytest.raises(JitCodeSyntaxError) as caught:
        parse_program(text, Names())
    assert caught.value.message.startswith(message)


# ---- the table


def test_every_constant_is_the_row_of_its_name():
    for name, number in instructions.by_name.items():
        if name.upper() in vars(instructions):
            assert vars(instructions)[name.upper()] == number
        else:
            assert number < instructions.DERIVED or name.startswith("goto_if_not_"), name
    assert instructions.COUNT <= 256 and len(instructions.by_name) == instructions.COUNT


def test_every_computing_operation_of_traces_is_an_instruction():
    for operation in range(operations.COUNT):
        flags = operations.flags_of[operation]
        wanted = flags & (operations.PURE | operations.LOAD | operations.STORE | operations.ALLOCATE)
        derived = bool(wanted) and not flags & operations.LOWERED
        rows = instructions.instructions_of[operation]
        assert bool(rows) == derived
        for row in rows:
            assert instructions.operation_of[row] == operation
            assert instructions.result_kinds[row] == operations.result_kinds[operation]
        fused = instructions.goto_if_not_of[operation]
        assert (fused >= 0) == operations.has_flag(operation, operations.COMPARE)
        if fused >= 0:
            assert instructions.fused_comparison[fused] == operation


@pytest.mark.parametrize("number", range(instructions.COUNT), ids=instructions.names)
def test_sizes_are_those_of_the_encoding(number):
    tables = ProgramTables()
    builder = JitCodeBuilder(JitCode("f", 0, "", "n"), tables)
    if number == instructions.LIVE:
        builder.live([Register("i", 3)])
    else:
        builder.label("here")
        operands = {"i": Register("i", 0), "r": Register("r", 0), "f": Register("f", 0), "I": [], "R": [], "F": [],
                    "c": 0, "L": "here", "j": builder.jitcode, "k": 0, "d": SizeDescriptor("S", 8, 0, 0)}
        kind = instructions.result_kinds[number]
        builder.emit(
            instructions.names[number], *[operands[letter] for letter in instructions.operand_letters[number]],
            result=None if kind == "n" else Register(kind, 0))
    builder.finish()
    size = instructions.sizes[number]
    has_list = any(letter in "IRF" for letter in instructions.operand_letters[number])
    assert (size == -1) == has_list
    if size >= 0:
        assert size == len(builder.jitcode.code)


# ---- liveness

REGISTERS = st.lists(st.integers(0, 255), unique=True, max_size=20).map(sorted)


@given(st.lists(st.tuples(REGISTERS, REGISTERS, REGISTERS), min_size=1, max_size=10))
def test_liveness_gives_back_what_was_put_in(sets):
    tables = ProgramTables()
    offsets = []
    for one in sets:
        registers = [Register(kind, number) for kind, numbers in zip("irf", one) for number in numbers]
        offsets.append(tables.live(registers))
    for one, offset in zip(sets, offsets):
        found = ([], [], [])
        append_live_registers(tables.liveness, offset, *found)
        assert found == one
        assert count_live_registers(tables.liveness, offset) == sum(map(len, one))
    distinct = {tuple(map(tuple, one)) for one in sets}
    assert len(set(offsets)) == len(distinct)
    assert len(tables.liveness) == sum(len(encode_liveness(*one)) for one in distinct)


# ---- more constants than bytes


def run_straight_line(program, jitcode, ints):
    """Run additions and a return."""
    registers = ints + [None] * (jitcode.registers_i - len(ints)) + list(jitcode.constants_i)
    for line in decode(program, jitcode):
        if line.name == "int_add":
            registers[line.result] = registers[line.operands[0]] + registers[line.operands[1]]
        elif line.name == "int_constant":
            registers[line.result] = jitcode.constants_i[line.operands[0]]
        elif line.name == "goto_if_not":
            assert registers[line.operands[0]] == 1
        elif line.name == "int_return":
            return registers[line.operands[0]]


@pytest.mark.parametrize("count", [200, 254, 255, 300, 2000])
def test_any_number_of_constants_fits(count):
    tables = ProgramTables()
    jitcode = JitCode("sum", 0, "i", "i")
    builder = JitCodeBuilder(jitcode, tables)
    sum_register = Register("i", 0)
    for number in range(count):
        builder.emit("int_add", sum_register, ConstantOperand("i", 1000 + number), result=sum_register)
    builder.emit("int_add", ConstantOperand("i", 5000), ConstantOperand("i", 6000), result=Register("i", 1))
    builder.emit("int_add", sum_register, Register("i", 1), result=sum_register)
    builder.live([sum_register])
    builder.emit("goto_if_not", ConstantOperand("i", 1), "out")
    builder.label("out")
    builder.emit("int_return", sum_register)
    builder.finish()
    program = JitProgram([jitcode], tables.descriptors, tables.liveness, [], [], [], [])
    assert run_straight_line(program, jitcode, [7]) == 7 + sum(range(1000, 1000 + count)) + 11000
    lines = decode(program, jitcode)
    guard = next(index for index, line in enumerate(lines) if line.name == "goto_if_not")
    assert lines[guard].position - lines[guard - 1].position == instructions.LIVE_SIZE
    assert lines[guard - 1].name == "live"
    assert ("int_constant" in [line.name for line in lines]) == (count + 3 + 2 > 256)


def test_too_many_registers_are_refused():
    builder = JitCodeBuilder(JitCode("big", 0, "", "n"), ProgramTables())
    builder.emit("int_copy", Register("i", 1), result=Register("i", 256))
    with pytest.raises(EncodingError, match="big needs 257 registers of kind int"):
        builder.finish()


def test_a_decoded_list_names_constants_behind_the_registers(names):
    program = parse_program(SAMPLE, names)
    assert "inline_call_i other, [i0], [r0, null], [] -> i1" in print_jitcode(program, program.jitcodes[0], names)
