"""Recordings and traces hold what was put in."""

import math

from hypothesis import given
from hypothesis import strategies as st
from ouro.jitcore import operations
from ouro.jitcore.descriptors import CallDescriptor, EffectDescriptor, FinishDescriptor
from ouro.jitcore.trace import (
    KIND_FLOAT,
    KIND_INT,
    KIND_REFERENCE,
    NO_FRAME,
    NO_SNAPSHOT,
    NOTHING,
    NULL_REFERENCE,
    ConstantPools,
    RecordedTrace,
    Trace,
    TraceReader,
    constant_index,
    constant_kind,
    constant_reference,
    expand,
    is_constant,
    is_result,
    stores_extra,
)
from ouro.jitcore.trace.numbers import NumberReader, append_signed, append_unsigned
from ouro.lltype import GCREF, GcStruct, Signed, cast_opaque_ptr, malloc

WORDS = st.one_of(
    st.integers(-(2**63), 2**63 - 1), st.integers(-300, 300), st.sampled_from([-(2**63), 2**63 - 1, -1, 0, 127, 128])
)
KINDS = st.sampled_from([KIND_INT, KIND_REFERENCE, KIND_FLOAT])


@given(st.lists(st.tuples(st.booleans(), WORDS)))
def test_numbers_are_read_as_they_were_written(values):
    characters = []
    for signed, value in values:
        (append_signed if signed else append_unsigned)(characters, value)
    reader = NumberReader(characters, 0)
    assert [reader.signed() if signed else reader.unsigned() for signed, _ in values] == [value for _, value in values]
    assert reader.at_end()


def test_small_numbers_take_one_character():
    for value in range(-64, 64):
        characters = []
        append_signed(characters, value)
        assert len(characters) == 1


@given(KINDS, st.integers(0, 10**9))
def test_a_constant_reference_is_its_kind_and_index(kind, index):
    reference = constant_reference(kind, index)
    assert is_constant(reference) and not is_result(reference) and reference != NOTHING
    assert (constant_kind(reference), constant_index(reference)) == (kind, index)


def test_nothing_is_neither_constant_nor_result():
    assert not is_constant(NOTHING) and not is_result(NOTHING)


def test_equal_constants_share_a_place():
    pools = ConstantPools()
    cell = GcStruct("cell", ("value", Signed))
    first, second = (cast_opaque_ptr(GCREF, malloc(cell)) for _ in range(2))
    assert pools.of_int(-5) == pools.of_int(-5) != pools.of_int(5)
    assert pools.of_reference(first) == pools.of_reference(first) != pools.of_reference(second)
    assert pools.of_reference(NULL_REFERENCE) == pools.of_reference(NULL_REFERENCE)
    assert pools.reference_of(pools.of_reference(second)) == second
    assert pools.of_float(0.0) != pools.of_float(-0.0)
    assert math.copysign(1, pools.float_of(pools.of_float(-0.0))) == -1
    assert pools.of_float(math.nan) == pools.of_float(math.nan)
    assert pools.int_of(pools.of_int(-5)) == -5


DESCRIPTORS = [CallDescriptor(f"call{number}", "", "i", 8, True, EffectDescriptor(0)) for number in range(3)]
OPCODES = st.sampled_from([opcode for opcode in range(operations.COUNT) if not operations.is_input(opcode)])


@st.composite
def recordings(draw):
    """A recording of arbitrary instructions, with a list of what was recorded."""
    recorded = RecordedTrace()
    expected = []
    frames = [(NO_FRAME, [])]
    references = st.one_of(
        st.integers(0, 3), st.builds(constant_reference, KINDS, st.integers(0, 200)), st.just(NOTHING)
    )
    for _ in range(4):
        recorded.record(operations.INPUT_I, [])
        expected.append((operations.INPUT_I, [], None, None))
    for _ in range(draw(st.integers(0, 30))):
        if draw(st.booleans()):
            caller, chain = draw(st.sampled_from(frames))
            frame = (draw(st.integers(0, 10**6)), draw(st.integers(0, 10**6)), draw(st.lists(references, max_size=5)))
            frames.append((recorded.frame(caller, *frame), [frame, *chain]))
        opcode = draw(OPCODES)
        count = draw(st.integers(0, 8)) if operations.has_more(opcode) else operations.arity(opcode)
        operands = [draw(references) for _ in range(count)]
        snapshot, content, descriptor = NO_SNAPSHOT, None, None
        if operations.is_guard(opcode):
            frame, chain = draw(st.sampled_from(frames))
            extra = draw(st.lists(references, max_size=3)), draw(st.lists(references, max_size=3))
            snapshot, content = recorded.snapshot(frame, *extra), (chain, *extra)
        elif operations.descriptor_classes[opcode] != operations.NO_DESCRIPTOR:
            descriptor = draw(st.sampled_from(DESCRIPTORS))
        number = recorded.record(opcode, operands, descriptor, snapshot)
        assert number == len(expected)
        expected.append((opcode, operands, descriptor, content))
    return recorded, expected


@given(recordings())
def test_a_recording_is_read_as_it_was_made(example):
    recorded, expected = example
    reader = TraceReader(recorded)
    for number, (opcode, operands, descriptor, content) in enumerate(expected):
        assert reader.next()
        assert (reader.number, reader.opcode, reader.operands) == (number, opcode, operands)
        assert reader.descriptor is descriptor
        assert (reader.snapshot != NO_SNAPSHOT) == (content is not None)
        if content is not None:
            snapshot = reader.read_snapshot(reader.snapshot)
            frames = [(frame.jitcode, frame.position, frame.values) for frame in snapshot.frames]
            assert (frames, snapshot.virtualizable, snapshot.virtual_references) == content
    assert not reader.next()


@given(recordings())
def test_an_expanded_recording_has_the_same_instructions(example):
    recorded, expected = example
    trace = expand(recorded)
    assert trace.length() == len(expected)
    assert trace.input_count() == 4
    guards = []
    for number, (opcode, operands, descriptor, content) in enumerate(expected):
        assert trace.opcodes[number] == opcode
        assert trace.operand_count(number) == len(operands)
        assert trace.operand_list(number) == operands
        if content is None:
            assert trace.descriptors[number] is descriptor
        else:
            guards.append(trace.descriptors[number])
            used = [*(value for frame in content[0] for value in frame[2]), *content[1], *content[2]]
            assert guards[-1].values == list(dict.fromkeys(value for value in used if value >= 0))
    assert trace.guards == guards


@given(recordings(), recordings())
def test_cutting_forgets_what_came_behind_the_mark(first, second):
    recorded, _ = first
    before = (list(recorded.characters), list(recorded.snapshot_characters), recorded.count)
    mark = recorded.mark()
    for opcode, operands, descriptor, content in second[1]:
        snapshot = NO_SNAPSHOT
        if content is not None:
            snapshot = recorded.snapshot(NO_FRAME, content[1], content[2])
        recorded.record(opcode, operands, descriptor, snapshot)
    recorded.cut(mark)
    assert (recorded.characters, recorded.snapshot_characters, recorded.count) == before


def test_a_frame_is_stored_once_for_many_guards():
    recorded = RecordedTrace()
    i0 = recorded.record(operations.INPUT_I, [])
    outer = recorded.frame(NO_FRAME, 1, 2, [i0] * 50)
    sizes = []
    for _ in range(3):
        before = len(recorded.snapshot_characters)
        inner = recorded.frame(outer, 3, 4, [i0])
        recorded.record(operations.GUARD_TRUE, [i0], None, recorded.snapshot(inner, [], []))
        sizes.append(len(recorded.snapshot_characters) - before)
    assert max(sizes) < 12


def test_an_instruction_takes_few_characters():
    recorded = RecordedTrace()
    value = recorded.record(operations.INPUT_I, [])
    for _ in range(1000):
        value = recorded.record(operations.INT_ADD, [value, recorded.constants.of_int(10**15)])
    assert len(recorded.characters) == 1 + 1000 * 3


def test_kinds_of_values():
    trace = Trace()
    trace.append(operations.INPUT_R)
    trace.append(operations.INPUT_F)
    finish = trace.append_list(operations.FINISH, [0], FinishDescriptor("done", "r", False))
    assert [trace.kind_of(number) for number in range(3)] == ["r", "f", "n"]
    assert trace.kind_of(trace.constants.of_int(3)) == "i"
    assert trace.kind_of(trace.constants.of_float(3.0)) == "f"
    assert trace.kind_of(trace.constants.of_reference(NULL_REFERENCE)) == "r"
    assert stores_extra(operations.FINISH) and trace.operand_list(finish) == [0]
    assert not stores_extra(operations.INT_BETWEEN) and stores_extra(operations.COPYSTRCONTENT)
