"""A use of resume data for `translatable.PARTS`: made, forced, rebuilt, and turned into the beginning of a bridge."""

from ouro.jitcore import operations as ops
from ouro.jitcore.backend import Backend, JitFrame
from ouro.jitcore.descriptors import (
    ArrayDescriptor,
    FieldDescriptor,
    GuardDescriptor,
    InteriorFieldDescriptor,
    SizeDescriptor,
)
from ouro.jitcore.jitcode import VirtualizableDescription
from ouro.jitcore.machine import Machine
from ouro.jitcore.resume import (
    BridgeRecorder,
    PendingStores,
    ResumeBuilder,
    ResumeStore,
    ValueSource,
    VirtualArray,
    VirtualConcatenation,
    VirtualFields,
    VirtualRawBuffer,
    VirtualRawSlice,
    VirtualReferenceDescription,
    VirtualSlice,
    VirtualString,
    VirtualStructureArray,
    capture_all,
    follow_virtual_reference,
    force,
    force_virtualizable,
    rebuild,
)
from ouro.jitcore.trace import NO_FRAME, NOTHING, NULL_REFERENCE, RecordedTrace, expand
from ouro.lltype import GCREF, GcStruct, Signed, cast_opaque_ptr, malloc

THING = cast_opaque_ptr(GCREF, malloc(GcStruct("thing", ("n", Signed)), immortal=True))

SIZE = SizeDescriptor("Node", 32, 8, 5)
VALUE = FieldDescriptor(SIZE, "value", 8, 8, "i", True, False, False, 0)
NEXT = FieldDescriptor(SIZE, "next", 16, 8, "r", False, False, False, 1)
WEIGHT = FieldDescriptor(SIZE, "weight", 24, 8, "f", False, False, False, 2)
INTS = ArrayDescriptor("ints", 16, 8, 8, "i", True, 16, False, 0)
REFERENCES = ArrayDescriptor("references", 16, 8, 8, "r", True, 24, False, 1)
FLOATS = ArrayDescriptor("floats", 16, 8, 8, "f", True, 24, False, 2)
PAIRS = ArrayDescriptor("pairs", 16, 8, 8, "n", False, 32, False, 3)
STRING = ArrayDescriptor("string", 16, 1, 8, "i", False, 40, False, 4)
LEFT, RIGHT = InteriorFieldDescriptor(PAIRS, VALUE), InteriorFieldDescriptor(PAIRS, NEXT)
RATIO = InteriorFieldDescriptor(PAIRS, WEIGHT)
VIRTUALIZABLE = VirtualizableDescription("frame", SIZE, [VALUE, NEXT, WEIGHT], [NEXT, NEXT, NEXT],
                                         [INTS, REFERENCES, FLOATS], NEXT)
STAND_IN = VirtualReferenceDescription(SIZE, NEXT, NEXT)


class NotingMachine(Machine):
    """Adds up what is done to it."""

    def __init__(self):
        Machine.__init__(self)
        self.sum = 0

    def note(self, number):
        self.sum = (self.sum * 31 + number) % 1000003

    def note_reference(self, reference):
        self.note(1 if reference else 0)

    def get_field_reference(self, reference, field):
        self.note(1)
        return reference

    def set_field_int(self, reference, value, field):
        self.note(value)

    def set_field_reference(self, reference, value, field):
        self.note_reference(value)

    def set_field_float(self, reference, value, field):
        self.note(int(value * 4.0))

    def set_item_int(self, reference, index, value, array):
        self.note(value + index)

    def set_item_reference(self, reference, index, value, array):
        self.note_reference(value)

    def set_item_float(self, reference, index, value, array):
        self.note(int(value * 4.0) + index)

    def set_interior_field_int(self, reference, index, value, interior):
        self.note(value + index)

    def set_interior_field_reference(self, reference, index, value, interior):
        self.note_reference(value)

    def set_interior_field_float(self, reference, index, value, interior):
        self.note(int(value * 4.0) + index)

    def raw_store_int(self, address, offset, value, array):
        self.note(address + offset + value)

    def raw_store_float(self, address, offset, value, array):
        self.note(address + offset + int(value))

    def array_length(self, reference, array):
        return 2

    def copy_string_content(self, source, target, source_start, target_start, length, array):
        self.note(source_start + target_start + length)

    def new(self, size):
        self.note(size.type_id)
        return THING

    def new_array(self, array, length, clear):
        self.note(length)
        return THING

    def new_raw_buffer(self, size):
        self.note(size)
        return 1000

    def is_instance(self, reference):
        return True

    def class_of(self, reference):
        return 5


class NotingBackend(Backend):
    def __init__(self, guard):
        self.guard = guard
        self.kept = None

    def value_int(self, frame, position):
        return position + 100

    def value_reference(self, frame, position):
        return THING

    def value_float(self, frame, position):
        return position * 0.5

    def force(self, frame_token):
        return frame_of(self.guard)

    def keep_forced(self, frame, forced):
        self.kept = forced

    def forced_of(self, frame):
        return self.kept


def frame_of(guard):
    frame = JitFrame()
    frame.descriptor = guard
    return frame


#: What the virtuals of the program are: shapes by number.
SHAPES = [
    VirtualFields(SIZE, [VALUE, NEXT, WEIGHT]),
    VirtualArray(REFERENCES, 2, True),
    VirtualStructureArray(PAIRS, [LEFT, RIGHT, RATIO], 1),
    VirtualRawBuffer(16, [0, 8], [INTS, FLOATS]),
    VirtualRawSlice(8),
    VirtualString(STRING, 2),
    VirtualConcatenation(STRING),
    VirtualSlice(STRING),
]
FIRST = 20


class Source(ValueSource):
    """References from `FIRST` on are virtuals."""

    def __init__(self, trace):
        self.trace = trace

    def virtual_of(self, reference):
        return reference - FIRST if reference >= FIRST else -1

    def value_of(self, reference):
        return reference

    def kind_of(self, value):
        return self.trace.kind_of(value)

    def describe(self, virtual, contents):
        if virtual == 0:
            contents.extend([0, FIRST + 1, 2])
        elif virtual == 1:
            contents.extend([FIRST, 1])
        elif virtual == 2:
            contents.extend([3, FIRST, 2])
        elif virtual == 3:
            contents.extend([0, 2])
        elif virtual == 4:
            contents.append(FIRST + 3)
        elif virtual == 5:
            contents.extend([3, NOTHING])
        elif virtual == 6:
            contents.extend([FIRST + 5, FIRST + 7])
        else:
            contents.extend([1, 0, 3])
        return SHAPES[virtual]


def use_resume(n):
    recorded = RecordedTrace()
    constants = recorded.constants
    for opcode in (ops.INPUT_I, ops.INPUT_R, ops.INPUT_F):
        recorded.record(opcode, [])
    recorded.record(ops.INT_ADD, [0, constants.of_int(n)])
    outer = recorded.frame(NO_FRAME, 1, 2, [0, constants.of_int(n), constants.of_int(1 << 40), 1, FIRST])
    inner = recorded.frame(outer, 2, 6, [FIRST + 2, FIRST + 4, FIRST + 6, constants.of_reference(THING), 2])
    virtualizable = [1, 3, FIRST, 2, 0, NOTHING, FIRST, 1, 2, constants.of_float(0.25)]
    snapshot = recorded.snapshot(inner, virtualizable, [1, FIRST])
    recorded.record(ops.GUARD_TRUE, [3], None, snapshot)
    recorded.record(ops.GUARD_FALSE, [3], None, recorded.snapshot(outer, [], []))
    trace = expand(recorded)
    plain = ResumeStore()
    guard = GuardDescriptor([])
    store = ResumeStore(VIRTUALIZABLE, STAND_IN)
    builder = ResumeBuilder(recorded, constants, store)
    pending = PendingStores()
    pending.add_field(VALUE, 1, 3)
    pending.add_item(REFERENCES, 1, 1, FIRST)
    pending.add_item(RIGHT, 1, 1, FIRST)
    builder.capture(guard, snapshot, Source(trace), pending)
    again = GuardDescriptor([])
    builder.capture(again, snapshot, Source(trace), pending)
    assert again.resume == guard.resume
    store.close()

    machine = NotingMachine()
    backend = NotingBackend(guard)
    force(machine, backend, THING)
    force_virtualizable(machine, backend, VIRTUALIZABLE, THING)
    machine.note_reference(follow_virtual_reference(machine, backend, STAND_IN, THING))
    materializer = rebuild(machine, backend, frame_of(guard))
    machine.note(materializer.int_of(materializer.reader.tokens[0]))
    backend.kept = None
    rebuild(machine, backend, frame_of(guard))

    bridge = RecordedTrace()
    recorder = BridgeRecorder(bridge, guard, materializer.reader)
    recorder.record()
    machine.note(len(bridge.characters))
    for token in materializer.reader.tokens:
        machine.note(recorder.reference_of(token))
    small = RecordedTrace()
    small.record(ops.INPUT_I, [])
    frame = small.frame(NO_FRAME, 0, 0, [0, small.constants.of_int(n)])
    small.record(ops.GUARD_TRUE, [0], None, small.snapshot(frame, [], []))
    expanded = expand(small)
    capture_all(small, expanded, plain)
    machine.note(len(expanded.guards[0].values) + store.size_in_words() + plain.size_in_words())
    return machine.sum + (1 if machine.pending == NULL_REFERENCE else 0)
