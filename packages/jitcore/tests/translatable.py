"""Uses of the run-time parts that are RPython themselves: one function for each part, from an int to an int.

A part that is no RPython, or that computes something else when it is compiled, fails `test_translatable.py`. Whoever
adds a class or a function that the translated JIT runs adds a use of it here.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import (
    CAN_RAISE,
    ArrayDescriptor,
    CallDescriptor,
    EffectDescriptor,
    FieldDescriptor,
    FinishDescriptor,
    GuardDescriptor,
    InteriorFieldDescriptor,
    LoopToken,
    SizeDescriptor,
)
from ouro.jitcore.entry_points import EntryPoints
from ouro.jitcore.machine import (
    compute_float,
    compute_float_of_int,
    compute_int,
    compute_int_of_floats,
    compute_int_of_references,
    is_defined,
    is_defined_of_float,
    overflows,
)
from ouro.jitcore.outcome import CONTINUE, finished_int
from ouro.jitcore.trace import NOTHING, NULL_REFERENCE, RecordedTrace, Trace, TraceReader, expand, used_values
from ouro.jitcore.tracer import Counters, Driver, DriverHooks, GreenKey, WarmState
from translatable_blackhole import use_blackhole
from translatable_optimizer import use_optimizer
from translatable_resume import use_resume
from translatable_tracer import use_tracer

SIZE = SizeDescriptor("Point", 32, 8, 4096)
FIELD = FieldDescriptor(SIZE, "Point.x", 8, 8, "i", True, False, False, 3)
ARRAY = ArrayDescriptor("Points", 16, 32, 8, "n", False, 24, False, 0)
INTERIOR = InteriorFieldDescriptor(ARRAY, FIELD)
CALLEE = CallDescriptor("call_i_i", "i", "i", 8, True, EffectDescriptor(CAN_RAISE, writes_fields="\x08"))
DONE = FinishDescriptor("done", "i", False)
DRIVER = Driver(0, "driver", "ir", "if", "i", 0, CALLEE, DriverHooks())


def use_arithmetic(n):
    """Every operation that only computes."""
    total = 0
    for opcode in range(ops.INT_ADD, ops.FLOAT_ADD):
        if is_defined(opcode, n, 3):
            total += compute_int(opcode, n, 3, 5) & 0xFFFF
    for opcode in (ops.INT_ADD_OVF, ops.INT_SUB_OVF, ops.INT_MUL_OVF):
        total += int(overflows(opcode, n << 60, n << 59))
    for opcode in range(ops.FLOAT_ADD, ops.FLOAT_LT):
        total += int(compute_float(opcode, float(n), 1.5) * 100.0)
    for opcode in range(ops.FLOAT_LT, ops.CAST_INT_TO_FLOAT):
        if is_defined_of_float(opcode, float(n)):
            total += compute_int_of_floats(opcode, float(n), 1.5)
    total += int(compute_float_of_int(ops.CAST_INT_TO_FLOAT, n))
    return total + compute_int_of_references(ops.PTR_ISZERO, NULL_REFERENCE, NULL_REFERENCE)


def use_recording(n):
    """Record a trace with a snapshot, read it, expand it."""
    recorded = RecordedTrace()
    value = recorded.record(ops.INPUT_I, [])
    constants = recorded.constants
    mark = recorded.mark()
    recorded.record(ops.INT_ADD, [value, constants.of_int(n)])
    recorded.cut(mark)
    added = recorded.record(ops.INT_ADD, [value, constants.of_int(n + 1)])
    recorded.record(ops.SETFIELD_GC, [constants.of_reference(NULL_REFERENCE), added], FIELD)
    truth = recorded.record(ops.INT_LT, [added, constants.of_int(n)])
    frame = recorded.frame(-1, 3, 17, [added, NOTHING, constants.of_float(2.5)])
    snapshot = recorded.snapshot(frame, [value], [])
    recorded.record(ops.GUARD_TRUE, [truth], None, snapshot)
    recorded.record(ops.FINISH, [added], DONE)
    total = 0
    reader = TraceReader(recorded)
    while reader.next():
        total = total * 3 + reader.opcode + len(reader.operands)
        if reader.snapshot >= 0:
            read = reader.read_snapshot(reader.snapshot)
            total += len(used_values(read)) + read.frames[0].position
    return total + count_kinds(expand(recorded))


def count_kinds(trace):
    total = 0
    for number in range(trace.length()):
        for reference in trace.operand_list(number):
            total = total * 5 + ord(trace.kind_of(reference))
        if isinstance(trace.descriptors[number], GuardDescriptor):
            total += len(trace.guards[0].values)
    return total & 0xFFFFFF


def use_traces(n):
    """Build a trace as the optimizer does."""
    trace = Trace()
    token = LoopToken("loop", "i", "i")
    first = trace.append(ops.INPUT_I)
    trace.append_list(ops.LABEL, [first], token.new_target("start"))
    second = trace.append(ops.INT_SUB, first, trace.constants.of_int(n))
    trace.append_guard(ops.GUARD_TRUE, second, NOTHING, [first, second])
    trace.append_list(ops.CALL_I, [trace.constants.of_int(n), second], CALLEE)
    trace.append_list(ops.JUMP, [second], token.targets[0])
    return count_kinds(trace) + trace.input_count() + len(ops.name_of(ops.INT_ADD)) + CALLEE.effect.extra


def use_descriptors(n):
    """What descriptors answer."""
    effect = CALLEE.effect
    total = int(effect.writes_field(FIELD)) + 2 * int(effect.reads_array(ARRAY)) + 4 * int(effect.can_raise())
    return total + int(SIZE.is_instance()) + int(ARRAY.has_length()) + INTERIOR.field.index + len(INTERIOR.name) + n


def use_counters(n):
    """A position that gets hot, and its cell."""
    warm = WarmState(DRIVER, Counters())
    key = GreenKey([n], [NULL_REFERENCE], [])
    hash_value = key.hash(0)
    ticks = 0
    while not warm.at_loop_header(hash_value):
        ticks += 1
    cell = warm.cell_for(key, hash_value)
    token = LoopToken("loop", "i", "i")
    warm.give_code(cell, token, False)
    warm.never_inline(GreenKey([n + 1], [NULL_REFERENCE], []))
    warm.counters.decay(40)
    known = warm.cell_count
    warm.forget_code(token)
    return ticks + 10 * known + warm.cell_count + int(warm.may_inline(key)) + int(warm.code_at(key) is cell.token)


class Counting:
    """Takes the place of the tracer: gives the sum of what it is entered with."""

    def enter(self, warm_state, key, ints, references, floats):
        return finished_int(key.ints[0] * 100 + ints[0] + len(references) + int(floats[0]))

    def run_passed(self, driver, token, values):
        values.clear()
        return finished_int(driver.index)

    def go_on(self, warm_state, outcome):
        return outcome


def use_entry_points(n):
    """What the graphs of the program call."""
    entry = EntryPoints(Counting(), [WarmState(DRIVER, Counters())])
    while not entry.at_loop_header(0, n):
        pass
    entry.push_int(n)
    entry.push_int(n + 1)
    entry.push_reference(NULL_REFERENCE)
    entry.push_float(2.5)
    what = entry.enter(0)
    total = what * 1000 + entry.result_int() + int(entry.result_float()) + int(bool(entry.result_reference()))
    if what == CONTINUE:
        total += entry.next_int(0) + int(entry.next_float(0)) + int(bool(entry.next_reference(0)))
    return total + int(entry.at_function_start(0, n))


#: Name of the part to the function that uses it.
PARTS = {
    "arithmetic": use_arithmetic,
    "recording": use_recording,
    "traces": use_traces,
    "descriptors": use_descriptors,
    "counters": use_counters,
    "entry points": use_entry_points,
    "resume data": use_resume,
    "blackhole interpreter": use_blackhole,
    "optimizer": use_optimizer,
    "tracer": use_tracer,
}
