"""A program that records a trace, reads it back and computes it: run on the host and translated by the tests."""

from ouro.jitcore import operations
from ouro.jitcore.descriptors import CallDescriptor, EffectDescriptor, LoopToken
from ouro.jitcore.descriptors.calls import CANNOT_RAISE, make_bit_set
from ouro.jitcore.descriptors.from_types import DescriptorTable
from ouro.jitcore.trace import NO_FRAME, NOTHING, NULL_REFERENCE, RecordedTrace, TraceReader, expand, is_constant
from ouro.lltype import GCREF, GcArray, GcStruct, Signed, cast_opaque_ptr, malloc
from ouro.rlib.rarithmetic import intmask

CELL = GcStruct("cell", ("value", Signed))
ARRAY = GcArray(Signed)
TABLE = DescriptorTable()
SIZE, FIELD, ITEMS = TABLE.size(CELL), TABLE.field(CELL, "value"), TABLE.array(ARRAY)
EFFECT = EffectDescriptor(CANNOT_RAISE, make_bit_set([FIELD.index]), "", "", make_bit_set([ITEMS.index]))
CALL = CallDescriptor("double", "i", "i", 8, True, EffectDescriptor(CANNOT_RAISE))


def record(number):
    """A recording with every part that the format has."""
    recorded = RecordedTrace()
    constants = recorded.constants
    i0 = recorded.record(operations.INPUT_I, [])
    i1 = recorded.record(operations.INPUT_I, [])
    token = LoopToken("loop", "ii", "i")
    recorded.record(operations.LABEL, [i0, i1], token.new_target("start"))
    i3 = recorded.record(operations.INT_ADD, [i0, constants.of_int(number)])
    i4 = recorded.record(operations.INT_MUL, [i3, i1])
    i5 = recorded.record(operations.INT_LT, [i4, constants.of_int(-(1 << 62))])
    outer = recorded.frame(NO_FRAME, 7, 100000, [i0, NOTHING, constants.of_float(0.5)])
    inner = recorded.frame(outer, 8, 3, [i3])
    recorded.record(operations.GUARD_FALSE, [i5], None, recorded.snapshot(inner, [i4], []))
    cell = cast_opaque_ptr(GCREF, malloc(CELL))
    constants.of_reference(NULL_REFERENCE)
    constants.of_reference(cell)
    constants.of_reference(cell)
    i7 = recorded.record(operations.CALL_I, [constants.of_int(12345), i4], CALL)
    mark = recorded.mark()
    recorded.record(operations.INT_SUB, [i7, i7])
    recorded.cut(mark)
    i8 = recorded.record(operations.INT_SUB, [i7, constants.of_int(number)])
    recorded.record(operations.JUMP, [i8, i1], token.targets[0])
    return recorded


def value_of(constants, values, reference):
    if is_constant(reference):
        return constants.int_of(reference)
    return values[reference]


def compute(recorded, first, second):
    """Once through the loop; what it jumps with."""
    reader = TraceReader(recorded)
    values = []
    arguments = [first, second]
    result = 0
    while reader.next():
        opcode = reader.opcode
        a = b = 0
        if operations.arity(opcode) == 2:
            a = value_of(recorded.constants, values, reader.operands[0])
            b = value_of(recorded.constants, values, reader.operands[1])
        if operations.is_input(opcode):
            result = arguments[reader.number]
        elif opcode == operations.INT_ADD:
            result = intmask(a + b)
        elif opcode == operations.INT_SUB:
            result = intmask(a - b)
        elif opcode == operations.INT_MUL:
            result = intmask(a * b)
        elif opcode == operations.INT_LT:
            result = a < b
        elif operations.is_call(opcode):
            descriptor = reader.descriptor
            assert isinstance(descriptor, CallDescriptor)
            result = 2 * values[reader.operands[1]] * len(descriptor.argument_kinds)
        elif operations.is_guard(opcode):
            snapshot = reader.read_snapshot(reader.snapshot)
            result = len(snapshot.frames) * 1000 + snapshot.frames[1].position
        values.append(int(result))
    return values


def entry_point(argv):
    recorded = record(int(argv[1]))
    trace = expand(recorded)
    lines = []
    for number in range(trace.length()):
        text = operations.name_of(trace.opcodes[number])
        for reference in trace.operand_list(number):
            text += " %d%s" % (reference, trace.kind_of(reference))
        descriptor = trace.descriptors[number]
        if descriptor is not None:
            text += " " + descriptor.name
        lines.append(text)
    lines.append("guards: %d, kept: %d" % (len(trace.guards), len(trace.guards[0].values)))
    lines.append("references: %d, bytes: %d" % (len(trace.constants.references), len(recorded.characters)))
    lines.append(" ".join([str(value) for value in compute(recorded, int(argv[2]), 3)]))
    effects = [EFFECT.reads_field(FIELD), EFFECT.writes_field(FIELD), EFFECT.writes_array(ITEMS), EFFECT.can_raise()]
    lines.append(" ".join([str(int(effect)) for effect in effects]))
    fits = int(FIELD.offset) + int(FIELD.size) <= int(SIZE.size) and ITEMS.has_length() and not SIZE.is_instance()
    lines.append("%s of %s: %d, %d" % (FIELD.name, FIELD.owner.name, int(fits), len(SIZE.fields)))
    print("\n".join(lines))
    return 0


def target(driver, args):
    return entry_point
