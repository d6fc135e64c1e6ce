"""Traces as text: what is printed is parsed again, and what is wrong is said where it is."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import GuardDescriptor, LoopToken
from ouro.jitcore.text import Names, TraceSyntaxError, VerificationError, parse_trace, print_trace, verify
from ouro.jitcore.text.printer import print_float
from ouro.jitcore.trace import NOTHING, Trace
from samples import Samples

LOOP = """[i0, r1]
label(i0, r1, loop.start)
i3 = int_add(i0, 1)
i4 = int_lt(i3, @limit)
guard_true(i4) {i3, _, r1}
r6 = getfield_gc_r(r1, Node.next)
guard_nonnull_class(r6, @class.Leaf) {r6, null, 1.5}
jump(i3, r6, loop.start)
"""


@pytest.fixture
def world():
    samples = Samples()
    samples.names.add_integer("limit", 1000)
    return samples


def test_a_trace_is_printed_as_it_was_written(world):
    trace = world.parse(LOOP)
    assert print_trace(trace, world.names) == LOOP
    verify(trace)


def test_values_may_have_any_numbers_and_comments_are_skipped(world):
    text = "# a comment\n\n[i7]   # inputs\n  i100=int_add( i7,0x10 )# more\nfinish(i100, done_i)"
    printed = "[i0]\ni1 = int_add(i0, 16)\nfinish(i1, done_i)\n"
    assert print_trace(world.parse(text), world.names) == printed


@given(st.floats())
def test_a_float_keeps_its_bits(value):
    world = Samples()
    text = print_float(value)
    trace = world.parse(f"[]\nfinish({text}, done_f)")
    assert print_float(trace.constants.floats[0]) == text
    assert math.isnan(value) or trace.constants.floats[0] == value


@st.composite
def kinded_traces(draw):
    """A trace of any operations over operands of the right kinds, and the world it is from."""
    world = Samples()
    trace = Trace()
    by_class = {}
    for descriptor in [*world.names.descriptors.values(), LoopToken("other", "ir", "i")]:
        by_class.setdefault(type(descriptor).__name__, []).append(descriptor)
    token = LoopToken("loop", "", "n")
    described = {
        ops.SIZE: by_class["SizeDescriptor"], ops.FIELD: by_class["FieldDescriptor"],
        ops.ARRAY: by_class["ArrayDescriptor"], ops.INTERIOR: by_class["InteriorFieldDescriptor"],
        ops.CALLEE: by_class["CallDescriptor"], ops.RESULT: by_class["FinishDescriptor"],
        ops.LOOP: by_class["LoopToken"], ops.TARGET: [token.new_target("a"), token.new_target("b")],
    }
    values = {"i": [], "r": [], "f": []}
    nodes = [world.node() for _ in range(2)]
    constants = {
        "i": lambda: trace.constants.of_int(draw(st.integers(-(2**63), 2**63 - 1))),
        "f": lambda: trace.constants.of_float(draw(st.floats())),
        "r": lambda: trace.constants.of_reference(draw(st.sampled_from(nodes))),
    }

    def operand(kind):
        kind = draw(st.sampled_from("irf")) if kind in "av" else kind
        if values[kind] and draw(st.booleans()):
            return draw(st.sampled_from(values[kind]))
        return constants[kind]()

    for _ in range(draw(st.integers(0, 4))):
        opcode = draw(st.sampled_from([ops.INPUT_I, ops.INPUT_R, ops.INPUT_F]))
        values[ops.result_kind(opcode)].append(trace.append(opcode))
    for _ in range(draw(st.integers(0, 25))):
        opcode = draw(st.integers(ops.INPUT_F + 1, ops.COUNT - 1))
        operands = [operand(kind) for kind in ops.operand_kinds[opcode]]
        if ops.has_more(opcode):
            operands += [operand("a") for _ in range(draw(st.integers(0, 4)))]
        descriptor = None
        if ops.is_guard(opcode):
            descriptor = GuardDescriptor([draw(st.just(NOTHING)) if draw(st.booleans()) else operand("a")
                                          for _ in range(draw(st.integers(0, 4)))])
        elif ops.descriptor_classes[opcode] != ops.NO_DESCRIPTOR:
            descriptor = draw(st.sampled_from(described[ops.descriptor_classes[opcode]]))
        number = trace.append_list(opcode, operands, descriptor)
        if ops.result_kind(opcode) != "n":
            values[ops.result_kind(opcode)].append(number)
    return world, trace


@given(kinded_traces())
def test_text_round_trips(example):
    world, trace = example
    text = print_trace(trace, world.names)
    again = parse_trace(text, world.names)
    assert print_trace(again, world.names) == text
    assert again.opcodes == trace.opcodes
    for number in range(trace.length()):
        if not ops.is_guard(trace.opcodes[number]):
            assert again.descriptors[number] is trace.descriptors[number]


@pytest.mark.parametrize("text, line, column, message", [
    ("", 1, 1, "a trace begins with its inputs in brackets"),
    ("i0 = int_add(1, 2)", 1, 1, "a trace begins with its inputs in brackets"),
    ("[i0, x1]", 1, 6, "'x1' is no input: i, r or f and a number"),
    ("[i0, i0]", 1, 6, "i0 is defined twice"),
    ("[i0", 1, 4, "the inputs end with ]"),
    ("[i0] i1", 1, 6, "'i1' behind the end of the line"),
    ("[i0]\ni1 = int_ad(i0, 1)", 2, 6, "there is no operation 'int_ad'"),
    ("[i0]\ni1 = int_add(i0)", 2, 16, "int_add takes 2 operands, not 1"),
    ("[i0]\ni1 = int_add(i0, i2)", 2, 18, "i2 is not defined here"),
    ("[f0]\ni1 = int_add(f0, 1)", 2, 14, "operand 1 of int_add is an integer"),
    ("[f0]\ni1 = int_add(1, 1.0)", 2, 17, "operand 2 of int_add is an integer"),
    ("[i0]\nr1 = int_add(i0, 1)", 2, 1, "the result of int_add is an integer, not r1"),
    ("[i0]\ni0 = int_add(i0, 1)", 2, 1, "i0 is defined twice"),
    ("[i0]\nint_add(i0, 1)", 2, 1, "int_add has a result: write iN = int_add(...)"),
    ("[r0]\ni1 = keepalive(r0)", 2, 6, "keepalive has no result"),
    ("[i0]\nx = int_add(i0, 1)", 2, 1, "'x' is no value: i, r or f and a number"),
    ("[i0]\ni1 = int_add(i0, 1", 2, 19, "the operands of int_add end with )"),
    ("[i0]\ni1 = int_add(i0,, 1)", 2, 17, "an operand is missing before ','"),
    ("[i0]\ni1 = int_add(i0, 9223372036854775808)", 2, 18, "9223372036854775808 is no machine word"),
    ("[i0]\ni1 = int_add(i0, what)", 2, 18, "'what' is neither a value nor a constant"),
    ("[i0]\ni1 = int_add(i0, @what)", 2, 18, "no address has the name 'what'"),
    ("[i0]\ni1 = ptr_iszero($what)", 2, 17, "no object has the name 'what'"),
    ("[r0]\ni1 = getfield_gc_i(r0, Node.walue)", 2, 24,
     "getfield_gc_i ends with its descriptor, and no descriptor has the name 'Node.walue'"),
    ("[]\nr0 = new()", 2, 10, "new needs a descriptor as its last operand"),
    ("[i0]\nguard_true(i0)", 2, 15, "a guard ends with what it keeps, in braces"),
    ("[i0]\nguard_true(i0) {i5}", 2, 17, "i5 is not defined here"),
    ("[]\ni0 = input_i()", 2, 6, "inputs stand in the brackets of the first line"),
    ("[]\nr0 = ", 2, 5, "an operation is missing"),
])
def test_an_error_says_what_and_where(world, text, line, column, message):
    with pytest.raises(TraceSyntaxError) as caught:
        world.parse(text)
    error = caught.value
    assert (error.message, error.line, error.column) == (message, line, column)
    shown = text.split("\n")[line - 1]
    assert str(error) == f"line {line}, column {column}: {message}\n  {shown}\n  {' ' * (column - 1)}^"


@pytest.mark.parametrize("text, message", [
    ("[i0]\ni1 = int_add(i0, 1)", "a trace ends with jump or finish, and only there"),
    ("[i0]\nfinish(done_n)\nfinish(done_n)", "a trace ends with jump or finish, and only there"),
    ("[i0]\ni1 = int_add_ovf(i0, 1)\nfinish(i1, done_i)", "a guard of overflow stands behind"),
    ("[i0]\nguard_overflow() {}\nfinish(i0, done_i)", "a guard of overflow stands behind"),
    ("[]\nguard_no_overflow() {}\nfinish(done_n)", "a guard of overflow stands behind"),
    ("[i0]\nguard_not_forced() {}\nfinish(i0, done_i)", "guard_not_forced stands behind"),
    ("[i0]\ni1 = call_i(@raise_if, i0, call.raise_if)\nfinish(i1, done_i)", "an exception may be pending"),
    ("[i0]\ncond_call(i0, @raise_if, i0, call.raise_if)\nfinish(done_n)", "result of kind i"),
    ("[i0]\ni1 = call_i(@add, i0, call.add)\nfinish(i1, done_i)", "arguments of kinds 'i' for parameters 'ii'"),
    ("[i0]\nr1 = call_r(@add, i0, i0, call.add)\nfinish(r1, done_r)", "call_ii_i gives a result of kind i"),
    ("[i0]\nfinish(i0, done_f)", "the result is of kind i, not f"),
    ("[i0]\nlabel(i0, i0, loop.start)\njump(i0, i0, loop.start)", "the operands of a label are different values"),
    ("[i0]\nlabel(1, loop.start)\njump(i0, loop.start)", "the operands of a label are different values"),
    ("[i0]\nlabel(i0, loop.start)\njump(1.0, loop.start)", "loop.start takes values of kinds 'i', not 'f'"),
    ("[i0]\nlabel(i0, loop.start)\nlabel(i0, loop.start)\njump(i0, loop.start)", "a second label loop.start"),
    ("[i0, i1]\nlabel(i0, loop.start)\njump(i1, loop.start)", "i1 is not passed by the label in front"),
    ("[i0, i1]\nlabel(i0, loop.start)\nguard_true(i0) {i1}\njump(i0, loop.start)", "i1 is not passed by the label"),
    ("[i0]\nguard_value(i0, i0) {}\nfinish(done_n)", "operand 2 is no constant"),
    ("[i0]\nguard_value(i0, 1.0) {}\nfinish(done_n)", "the operands are of different kinds"),
    ("[i0]\ni1 = int_signext(i0, 3)\nfinish(done_n)", "the number of bytes is not 1, 2 or 4"),
    ("[r0]\ni1 = getfield_gc_i(r0, Node.next)\nfinish(done_n)", "Node.next holds values of kind r"),
    ("[r0]\nsetfield_gc(r0, 1.0, Node.value)\nfinish(done_n)", "operand 2 is of kind f, not i"),
    ("[r0]\ni1 = getinteriorfield_gc_i(r0, 0, Pairs.ratio)\nfinish(done_n)", "holds values of kind f"),
    ("[]\nr0 = new(Node)\nfinish(done_n)", "new_with_vtable makes instances"),
    ("[]\nr0 = new_with_vtable(Plain)\nfinish(done_n)", "new_with_vtable makes instances"),
    ("[r0]\ni1 = arraylen_gc(r0, RawInts)\nfinish(done_n)", "has no length"),
    ("[r0]\nr1 = new(Ints)\nfinish(done_n)", "its descriptor is a ArrayDescriptor, not a SizeDescriptor"),
    ("[]\nr0 = new_with_vtable(Node)\nr1 = guard_exception(@class.Node) {r0}\nfinish(done_n)",
     "guarded before the bridge does anything"),
    ("[r0]\nwrite_barrier(r0)\nfinish(done_n)", "only a backend makes this operation"),
])
def test_the_verifier_names_what_is_broken(world, text, message):
    trace = world.parse(text)
    with pytest.raises(VerificationError) as caught:
        verify(trace)
    assert message in str(caught.value)


def test_lowered_traces_may_have_lowered_operations(world):
    verify(world.parse("[r0]\nwrite_barrier(r0)\nfinish(done_n)"), lowered=True)


def test_the_verifier_sees_what_text_cannot_say():
    for build, message in (
        (lambda trace: trace.append(ops.INT_NEG, 3), "operand 3 is not computed before"),
        (lambda trace: trace.append(ops.INT_NEG), "an operand is missing"),
        (lambda trace: trace.append(ops.INT_NEG, -2), "there is no constant -2"),
        (lambda trace: trace.append(ops.INT_NEG, trace.append(ops.KEEPALIVE, 0)), "instruction 1 has no result"),
        (lambda trace: (trace.append(ops.INT_NEG, 0), trace.append(ops.INPUT_I)), "an input behind the beginning"),
        (lambda trace: trace.append(ops.GUARD_ISNULL, 0, descriptor=trace.append_guard(ops.GUARD_ISNULL, 0, -1, [])),
         "two guards share a descriptor"),
    ):
        trace = Trace()
        trace.append(ops.INPUT_R)
        build(trace)
        with pytest.raises(VerificationError, match=message):
            verify(trace)
    with pytest.raises(VerificationError, match="the trace is empty"):
        verify(Trace())


def test_names_that_read_as_something_else_are_refused():
    names = Names()
    descriptor = LoopToken("i5", "", "n")
    for name in ("i5", "null", "nan", "inf", "_", "a b", "a(", "[", ""):
        with pytest.raises(ValueError, match="cannot be a name"):
            names.add_descriptor(descriptor, name)
    assert names.of_descriptor(descriptor) == "_i5"
    assert names.of_descriptor(LoopToken("i5", "", "n")) == "_i5.2"
    with pytest.raises(ValueError, match="taken"):
        names.add_descriptor(LoopToken("x", "", "n"), "_i5")
