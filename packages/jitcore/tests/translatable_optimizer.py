"""A use of the optimizer for `translatable.PARTS`: a loop and a bridge with something for every optimisation."""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import (
    CAN_RAISE,
    CANNOT_RAISE,
    ELIDABLE_CANNOT_RAISE,
    CallDescriptor,
    EffectDescriptor,
    LoopToken,
)
from ouro.jitcore.descriptors.calls import SPECIAL_ARRAY_COPY, SPECIAL_SHRINK_STRING, SPECIAL_STRING_EQUAL
from ouro.jitcore.machine import Machine
from ouro.jitcore.optimizer import (
    Environment,
    InvalidTrace,
    Options,
    optimize_bridge,
    optimize_loop,
    parse_enabled,
)
from ouro.jitcore.trace import NO_FRAME, RecordedTrace
from ouro.rlib.jit import BadParameter
from translatable_resume import (
    INTS,
    NEXT,
    PAIRS,
    REFERENCES,
    RIGHT,
    SIZE,
    STRING,
    THING,
    VALUE,
    WEIGHT,
)

SIZE.fields = [VALUE, NEXT, WEIGHT]
PURE_CALL = CallDescriptor("pure", "i", "i", 8, True, EffectDescriptor(ELIDABLE_CANNOT_RAISE))
CALL = CallDescriptor("call", "ir", "i", 8, True, EffectDescriptor(CAN_RAISE, writes_fields="\x01"))
SAME = CallDescriptor("same", "rr", "i", 8, True, EffectDescriptor(CANNOT_RAISE, special=SPECIAL_STRING_EQUAL))
SHRINK = CallDescriptor("shrink", "ri", "r", 8, True, EffectDescriptor(CANNOT_RAISE, special=SPECIAL_SHRINK_STRING))
COPY = CallDescriptor("copy", "rriii", "n", 0, True, EffectDescriptor(CANNOT_RAISE, special=SPECIAL_ARRAY_COPY))
QUIET = CallDescriptor("quiet", "", "n", 0, True, EffectDescriptor(CANNOT_RAISE, writes_arrays="\x01"))


class FixedMachine(Machine):
    """Memory in which everything is the same."""

    def is_instance(self, reference):
        return True

    def class_of(self, reference):
        return SIZE.vtable

    def type_id_of(self, reference):
        return SIZE.type_id

    def is_subclass(self, class_address, base_address):
        return class_address == base_address

    def array_length(self, reference, array):
        return 5

    def get_field_int(self, reference, field):
        return 6

    def get_field_reference(self, reference, field):
        return THING

    def get_field_float(self, reference, field):
        return 0.5

    def get_raw_field_int(self, address, field):
        return 7

    def get_raw_field_reference(self, address, field):
        return THING

    def get_raw_field_float(self, address, field):
        return 1.5

    def get_item_int(self, reference, index, array):
        return 8

    def get_item_reference(self, reference, index, array):
        return THING

    def get_item_float(self, reference, index, array):
        return 2.5

    def new_array(self, array, length, clear):
        return THING

    def set_item_int(self, reference, index, value, array):
        pass

    def call_int(self, address, callee, ints, references, floats):
        return address + len(ints)

    def call_reference(self, address, callee, ints, references, floats):
        return THING

    def call_float(self, address, callee, ints, references, floats):
        return 3.5


class Recorder:
    """Records with one frame for all guards."""

    def __init__(self):
        self.recorded = RecordedTrace()
        self.constants = self.recorded.constants
        self.kept = []

    def add(self, opcode, operands, descriptor=None):
        return self.recorded.record(opcode, operands, descriptor)

    def guard(self, opcode, operands):
        frame = self.recorded.frame(NO_FRAME, 1, 2, self.kept)
        return self.recorded.record(opcode, operands, None, self.recorded.snapshot(frame, [], []))

    def number(self, value):
        return self.constants.of_int(value)


def record_loop(n, target):
    recorder = Recorder()
    add, guard, number = recorder.add, recorder.guard, recorder.number
    i0 = add(ops.INPUT_I, [])
    r1 = add(ops.INPUT_R, [])
    f2 = add(ops.INPUT_F, [])
    recorder.kept = [i0, r1, f2]
    guard(ops.GUARD_NONNULL, [r1])
    guard(ops.GUARD_CLASS, [r1, number(SIZE.vtable)])
    value = add(ops.GETFIELD_GC_I, [r1], VALUE)
    total = add(ops.INT_ADD_OVF, [value, number(n)])
    guard(ops.GUARD_NO_OVERFLOW, [])
    box = add(ops.NEW_WITH_VTABLE, [], SIZE)
    add(ops.SETFIELD_GC, [box, total], VALUE)
    add(ops.SETFIELD_GC, [box, r1], NEXT)
    recorder.kept = [i0, box, f2]
    less = add(ops.INT_LT, [i0, number(100)])
    guard(ops.GUARD_TRUE, [less])
    again = add(ops.GETFIELD_GC_I, [box], VALUE)
    mod = add(ops.INT_MOD, [again, number(8)])
    shifted = add(ops.INT_LSHIFT, [mod, number(3)])
    array = add(ops.NEW_ARRAY_CLEAR, [number(4)], INTS)
    add(ops.SETARRAYITEM_GC, [array, number(1), shifted], INTS)
    item = add(ops.GETARRAYITEM_GC_I, [array, number(1)], INTS)
    pairs = add(ops.NEW_ARRAY_CLEAR, [number(2)], PAIRS)
    add(ops.SETINTERIORFIELD_GC, [pairs, number(1), box], RIGHT)
    inner = add(ops.GETINTERIORFIELD_GC_R, [pairs, number(1)], RIGHT)
    buffer = add(ops.NEW_RAW_BUFFER, [number(16)])
    place = add(ops.INT_ADD, [buffer, number(8)])
    add(ops.RAW_STORE, [place, number(0), item], INTS)
    raw = add(ops.RAW_LOAD_I, [buffer, number(8)], INTS)
    pure = add(ops.CALL_I, [number(1000), raw], PURE_CALL)
    pure = add(ops.INT_ADD, [pure, add(ops.CALL_PURE_I, [number(1000), raw], PURE_CALL)])
    constant = add(ops.CALL_PURE_I, [number(1000), number(5)], PURE_CALL)
    add(ops.SETFIELD_GC, [r1, f2], WEIGHT)
    add(ops.SETFIELD_GC, [r1, recorder.constants.of_float(1.0)], WEIGHT)
    called = add(ops.CALL_I, [number(2000), pure, inner], CALL)
    guard(ops.GUARD_NO_EXCEPTION, [])
    add(ops.CALL_N, [number(3000)], QUIET)
    weight = add(ops.GETFIELD_GC_F, [r1], WEIGHT)
    doubled = add(ops.FLOAT_MUL, [weight, recorder.constants.of_float(2.0)])
    length = add(ops.STRLEN, [recorder.constants.of_reference(THING)], STRING)
    text = add(ops.NEWSTR, [number(4)], STRING)
    add(ops.STRSETITEM, [text, number(0), raw], STRING)
    add(ops.COPYSTRCONTENT, [recorder.constants.of_reference(THING), text, number(0), number(1), number(3)], STRING)
    part = add(ops.NEWSTR, [number(2)], STRING)
    add(ops.COPYSTRCONTENT, [text, part, number(1), number(0), number(2)], STRING)
    recorder.kept = [i0, box, f2, text, part]
    guard(ops.GUARD_FALSE, [add(ops.INT_EQ, [add(ops.STRGETITEM, [part, number(1)], STRING), i0])])
    recorder.kept = [i0, box, f2]
    add(ops.CALL_I, [number(2500), text, part], SAME)
    add(ops.CALL_R, [number(2600), part, number(2)], SHRINK)
    references = add(ops.NEW_ARRAY, [i0], REFERENCES)
    add(ops.SETARRAYITEM_GC, [references, i0, r1], REFERENCES)
    back = add(ops.GETARRAYITEM_GC_R, [references, i0], REFERENCES)
    few = add(ops.NEW_ARRAY_CLEAR, [number(3)], REFERENCES)
    add(ops.CALL_N, [number(2700), few, few, number(0), number(1), number(2)], COPY)
    add(ops.COND_CALL, [number(1), number(2800)], QUIET)
    add(ops.COND_CALL_VALUE_I, [raw, number(2900), raw], PURE_CALL)
    add(ops.COND_CALL_VALUE_R, [r1, number(3000), few, number(1)], SHRINK)
    same = add(ops.PTR_EQ, [back, r1])
    guard(ops.GUARD_TRUE, [same])
    i0 = add(ops.INT_ADD, [i0, length])
    i0 = add(ops.INT_SUB, [i0, constant])
    i0 = add(ops.INT_ADD, [i0, called])
    total = add(ops.FLOAT_ADD, [f2, doubled])
    guard(ops.GUARD_FUTURE_CONDITION, [])
    add(ops.JUMP, [i0, box, total], target)
    return recorder.recorded


def record_bridge(n, target):
    recorder = Recorder()
    add, number = recorder.add, recorder.number
    i0 = add(ops.INPUT_I, [])
    r1 = add(ops.INPUT_R, [])
    f2 = add(ops.INPUT_F, [])
    recorder.kept = [i0, r1, f2]
    zero = add(ops.INT_IS_ZERO, [add(ops.INT_AND, [i0, number(n | 1)])])
    recorder.guard(ops.GUARD_FALSE, [zero])
    recorder.guard(ops.GUARD_FUTURE_CONDITION, [])
    box = add(ops.NEW_WITH_VTABLE, [], SIZE)
    add(ops.SETFIELD_GC, [box, i0], VALUE)
    add(ops.JUMP, [i0, box, f2], target)
    return recorder.recorded


def checksum(trace):
    result = trace.length()
    for number in range(trace.length()):
        result = (result * 31 + trace.opcodes[number]) & 0xFFFFFFF
        for reference in trace.operand_list(number):
            result = (result * 31 + reference) & 0xFFFFFFF
    for guard in trace.guards:
        result = (result * 31 + len(guard.values)) & 0xFFFFFFF
    return result


def use_optimizer(n):
    """Loops with all and with single optimisations, a bridge, an impossible trace."""
    result = 0
    for names in ["all", "none", "all:-peel", "ranges:rewrite", "allocation", "heap:guards"]:
        token = LoopToken("loop", "irf", "n")
        target = token.new_target("loop.start")
        environment = Environment(FixedMachine(), Options(parse_enabled(names)))
        optimized = optimize_loop(record_loop(n, target), token, environment)
        result = (result * 31 + checksum(optimized.trace)) & 0xFFFFFFF
        guard = optimized.trace.guards[0]
        bridge = optimize_bridge(record_bridge(n, target), guard, environment)
        result = (result * 31 + checksum(bridge.trace)) & 0xFFFFFFF
    try:
        parse_enabled("nothing")
    except BadParameter:
        result += 1
    recorder = Recorder()
    recorder.guard(ops.GUARD_TRUE, [recorder.number(0)])
    recorder.add(ops.JUMP, [], LoopToken("other", "", "n").new_target("other"))
    try:
        optimize_loop(recorder.recorded, LoopToken("never", "", "n"), Environment(FixedMachine(), Options()))
    except InvalidTrace:
        result += 1
    return result
