"""The beginning of a bridge: the tracer's frames where a guard has failed."""

from ouro.jitcore import operations as ops
from ouro.jitcore.jitcode import append_live_registers, read_offset
from ouro.jitcore.resume import BridgeRecorder, VirtualFields, VirtualizableView, rebuild
from ouro.jitcore.trace import NOTHING, is_constant
from ouro.jitcore.tracer.failures import record_condition
from ouro.jitcore.tracer.frames import CONSTANT, TraceFrame
from ouro.jitcore.tracer.heap_cache import CLASS_KNOWN, NOT_NULL


def begin_bridge(meta, frame):
    """Set up a `MetaInterpreter` to go on where a guard failed; the data of the program are brought up to date.

    Args:
        meta: a new `MetaInterpreter`, whose `guard` has failed.
        frame: the `JitFrame`.
    """
    guard = meta.guard
    system = meta.system
    exception = system.backend.exception(frame)
    materializer = rebuild(system.machine, system.backend, frame)
    reader = materializer.reader
    recorder = BridgeRecorder(meta.recorded, guard, reader)
    recorder.record_inputs()
    caught = _guard_exception(meta, guard, exception)
    recorder.record_virtuals()
    record_condition(meta, guard)
    for number in range(len(recorder.virtuals)):
        description = reader.descriptions[number]
        if isinstance(description, VirtualFields) and description.size.is_instance():
            meta.heap.learn(recorder.virtuals[number], CLASS_KNOWN | NOT_NULL)
    for number in range(reader.frame_count()):
        jitcode = system.program.jitcodes[reader.jitcodes[number]]
        if meta.frame is not None:
            meta.frame.awaits = jitcode.result_kind
        meta.frame = TraceFrame(jitcode, meta.frame)
        if meta.frame.caller is not None:
            meta.frame.inlined_driver = system.driver_of(jitcode)
            meta.portal_depth += int(meta.frame.inlined_driver >= 0)
        meta.frame.position = reader.positions[number]
        _fill(meta, meta.frame, materializer, recorder, reader.frame_starts[number])
    if reader.virtualizable_count:
        _begin_virtualizable(meta, materializer, recorder)
    for number in range(reader.references_count // 2):
        stand_in = reader.tokens[reader.references_start + 2 * number]
        value = reader.tokens[reader.references_start + 2 * number + 1]
        meta.watch_virtual_reference(materializer.reference_of(stand_in), materializer.reference_of(value),
                                     recorder.reference_of(stand_in), recorder.reference_of(value))
    if exception:
        meta.set_exception(exception, caught)
        meta.unwind()


def _guard_exception(meta, guard, exception):
    """Record a guard of what is pending where a bridge begins that may begin with an exception; the exception in the
    trace, `NOTHING` for none.

    It comes before the virtuals: what allocates runs code of the collector, which would take the exception for its own.
    It has no snapshot, as no frame is there yet: it resumes as the failed guard does.
    """
    if exception:
        meta.system.statistics.recorded_guards += 1
        vtable = meta.constants.of_int(meta.machine.class_of(exception))
        caught = meta.record(ops.GUARD_EXCEPTION, [vtable])
        meta.heap.learn(caught, CLASS_KNOWN | NOT_NULL)
        return caught
    if guard.opcode == ops.GUARD_EXCEPTION or guard.opcode == ops.GUARD_NO_EXCEPTION:
        meta.system.statistics.recorded_guards += 1
        meta.record(ops.GUARD_NO_EXCEPTION, [])
    return NOTHING


def _known(reference):
    """What a register holds for a reference of the new recording."""
    if is_constant(reference):
        return CONSTANT
    return reference


def _fill(meta, frame, materializer, recorder, start):
    ints = []
    references = []
    floats = []
    offset = read_offset(frame.code, frame.position + 1)
    append_live_registers(meta.liveness, offset, ints, references, floats)
    tokens = materializer.reader.tokens
    for register in ints:
        token = tokens[start]
        frame.set_int(register, materializer.int_of(token), _known(recorder.reference_of(token)))
        start += 1
    for register in references:
        token = tokens[start]
        frame.set_reference(register, materializer.reference_of(token), _known(recorder.reference_of(token)))
        start += 1
    for register in floats:
        token = tokens[start]
        frame.set_float(register, materializer.float_of(token), _known(recorder.reference_of(token)))
        start += 1


def _begin_virtualizable(meta, materializer, recorder):
    reader = materializer.reader
    start = reader.virtualizable_start
    value = materializer.reference_of(reader.tokens[start])
    meta.view = VirtualizableView(meta.machine, meta.driver.virtualizable, value)
    meta.virtualizable_in_trace = []
    for position in range(meta.view.count):
        meta.virtualizable_in_trace.append(_known(recorder.reference_of(reader.tokens[start + position])))
