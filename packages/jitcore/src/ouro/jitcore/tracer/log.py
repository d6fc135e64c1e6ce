"""What the tracer writes to the log (`OUROLOG`): recordings, compiled traces, aborts, and the summary at the end.

Sections: `jit-tracing` (one for each recording), `jit-log-noopt` (the recording), `jit-log-opt` (what was compiled),
`jit-abort` (the reason), `jit-summary` and `jit-guards` (counts, at the end of the program). Traces are in the text
form, but objects are numbered; comments say where the interpreted program is, which guard is which, and what classes
are called.
"""

from ouro.jitcore import operations
from ouro.jitcore.descriptors import GuardDescriptor
from ouro.jitcore.trace import NO_SNAPSHOT, TraceReader, constant_index, constant_kind, is_constant
from ouro.jitcore.trace.references import KIND_FLOAT, KIND_INT, NOTHING
from ouro.jitcore.tracer import reasons
from ouro.jitcore.tracer.greens import GreenKey
from ouro.rlib.debug import debug_print, debug_start, debug_stop, have_debug_prints

#: Operations whose last operand is the vtable of a class.
NAMES_CLASS = (
    operations.GUARD_CLASS, operations.GUARD_NONNULL_CLASS, operations.GUARD_SUBCLASS, operations.GUARD_EXCEPTION,
    operations.RECORD_EXACT_CLASS,
)  # fmt: skip


def value_text(constants, kinds, reference):
    """A reference as the text form writes it; constants that are objects by their identity hash.

    Args:
        constants: the pools.
        kinds: of the results, a list of letters by reference.
        reference: any, `NOTHING` included.
    """
    if reference == NOTHING:
        return "_"
    if is_constant(reference):
        kind = constant_kind(reference)
        index = constant_index(reference)
        if kind == KIND_INT:
            return str(constants.ints[index])
        if kind == KIND_FLOAT:
            return str(constants.floats[index])
        if not constants.references[index]:
            return "null"
        return "$" + str(index)
    return kinds[reference] + str(reference)


def _join(texts):
    return ", ".join(texts)


def recording_lines(recorded, system):
    """A recording as lines of text, with the positions of the interpreted program and the names of classes."""
    lines = []
    kinds = []
    reader = TraceReader(recorded)
    while reader.next():
        opcode = reader.opcode
        kinds.append(operations.result_kind(opcode))
        if operations.is_input(opcode):
            continue
        texts = []
        for reference in reader.operands:
            texts.append(value_text(recorded.constants, kinds, reference))
        kept = _kept(recorded, reader, kinds)
        if opcode == operations.DEBUG_MERGE_POINT:
            kept = _location(recorded.constants, reader.operands, system.drivers)
        class_name = _class_name(recorded.constants, opcode, reader.operands, system.machine)
        lines.append(_instruction(kinds, reader.number, opcode, texts, reader.descriptor, kept, class_name))
    return [_inputs(kinds, recorded_input_count(recorded))] + lines


def recorded_input_count(recorded):
    """The number of inputs that a recording begins with."""
    reader = TraceReader(recorded)
    count = 0
    while reader.next() and operations.is_input(reader.opcode):
        count += 1
    return count


def _kept(recorded, reader, kinds):
    if reader.snapshot == NO_SNAPSHOT:
        return ""
    texts = []
    for reference in reader.read_snapshot(reader.snapshot).all_values():
        texts.append(value_text(recorded.constants, kinds, reference))
    return " {" + _join(texts) + "}"


def trace_lines(trace, system):
    """A trace as lines of text, with the positions of the interpreted program and the names of classes."""
    lines = []
    kinds = []
    for number in range(trace.length()):
        opcode = trace.opcodes[number]
        kinds.append(operations.result_kind(opcode))
        if operations.is_input(opcode):
            continue
        texts = []
        operands = trace.operand_list(number)
        for reference in operands:
            texts.append(value_text(trace.constants, kinds, reference))
        descriptor = trace.descriptors[number]
        kept = ""
        if isinstance(descriptor, GuardDescriptor):
            values = []
            for reference in descriptor.values:
                values.append(value_text(trace.constants, kinds, reference))
            kept = " {" + _join(values) + "}"
        elif opcode == operations.DEBUG_MERGE_POINT:
            kept = _location(trace.constants, operands, system.drivers)
        class_name = _class_name(trace.constants, opcode, operands, system.machine)
        lines.append(_instruction(kinds, number, opcode, texts, descriptor, kept, class_name))
    return [_inputs(kinds, trace.input_count())] + lines


def _inputs(kinds, count):
    texts = []
    for number in range(count):
        texts.append(kinds[number] + str(number))
    return "[" + _join(texts) + "]"


def _instruction(kinds, number, opcode, texts, descriptor, kept, class_name):
    if isinstance(descriptor, GuardDescriptor):
        kept += "  # guard " + str(descriptor.number)
        if class_name != "":
            kept += ", " + class_name
    elif descriptor is not None:
        texts.append(descriptor.name)
    elif class_name != "":
        kept = "  # " + class_name
    text = operations.name_of(opcode) + "(" + _join(texts) + ")" + kept
    if kinds[number] != "n":
        return kinds[number] + str(number) + " = " + text
    return text


def _class_name(constants, opcode, operands, machine):
    """The name of the class that is the last operand of an operation, empty where none is."""
    if opcode not in NAMES_CLASS or not is_constant(operands[-1]):
        return ""
    return machine.class_name(constants.int_of(operands[-1]))


def _location(constants, operands, drivers):
    """What a `debug_merge_point` means in the interpreted program, as a comment."""
    driver = drivers[constants.int_of(operands[0])]
    ints = []
    references = []
    floats = []
    for position in range(2, len(operands)):
        reference = operands[position]
        kind = constant_kind(reference)
        if kind == KIND_INT:
            ints.append(constants.int_of(reference))
        elif kind == KIND_FLOAT:
            floats.append(constants.float_of(reference))
        else:
            references.append(constants.reference_of(reference))
    location = driver.hooks.printable_location(GreenKey(ints, references, floats))
    if location == "":
        return ""
    return "  # " + location


def log_recording(recorded, title, system):
    """Write a recording into `jit-log-noopt`."""
    debug_start("jit-log-noopt")
    if have_debug_prints():
        debug_print("# " + title)
        for line in recording_lines(recorded, system):
            debug_print(line)
    debug_stop("jit-log-noopt")


def log_trace(trace, title, system):
    """Write what goes to the backend into `jit-log-opt`."""
    debug_start("jit-log-opt")
    if have_debug_prints():
        debug_print("# " + title)
        for line in trace_lines(trace, system):
            debug_print(line)
    debug_stop("jit-log-opt")


def log_abort(reason, meta):
    """Write why a recording was given up, and in which functions it was, into `jit-abort`."""
    debug_start("jit-abort")
    if have_debug_prints():
        driver = meta.driver
        line = driver.name + ": " + reasons.NAMES[reason]
        if meta.guard is not None:
            line += ", bridge of guard " + str(meta.guard.number)
        elif meta.start_key is not None:
            line += ", from " + driver.hooks.printable_location(meta.start_key)
        line += ", in"
        frame = meta.frame
        while frame is not None:
            line += " " + frame.jitcode.name + "@" + str(frame.position)
            frame = frame.caller
        debug_print(line)
    debug_stop("jit-abort")


def log_off(why):
    """Write into `jit-abort` that there is no JIT in this run."""
    debug_start("jit-abort")
    if have_debug_prints():
        debug_print("the JIT is off: " + why)
    debug_stop("jit-abort")


def log_summary(statistics, times):
    """Write what happened in this run, and how long it took, into `jit-summary`, and which guards failed how often into
    `jit-guards`.
    """
    debug_start("jit-summary")
    if have_debug_prints():
        for line in statistics.lines():
            debug_print(line)
        for line in times.lines():
            debug_print(line)
    debug_stop("jit-summary")
    debug_start("jit-guards")
    if have_debug_prints():
        for guard in statistics.failed_guards:
            text = "guard " + str(guard.number) + " of " + guard.loop.name + ": " + str(guard.failures)
            if guard.bridge is not None:
                text += ", then a bridge"
            debug_print(text)
    debug_stop("jit-guards")

