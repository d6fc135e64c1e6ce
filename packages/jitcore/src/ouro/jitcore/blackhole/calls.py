"""The instructions that call: functions, jitcodes, portals.

A function is called as the program would call it. A jitcode is run by calling its function, too, if it has one: what
a frame calls need not go through the blackhole interpreter.
"""

from ouro.jitcore.blackhole.operands import (
    FRAME_CHANGED,
    WRITERS,
    behind_list,
    fill_floats,
    fill_ints,
    fill_references,
    read_descriptor,
    read_floats,
    read_int,
    read_ints,
    read_reference,
    read_references,
    write_int,
    write_reference,
)
from ouro.jitcore.descriptors import CallDescriptor, FieldDescriptor
from ouro.jitcore.jitcode import read_byte, read_index, read_signed_byte
from ouro.jitcore.resume import follow_virtual_reference
from ouro.jitcore.trace import NULL_REFERENCE


class Arguments:
    """The operands of a call, lists by kind, and the position behind them."""

    def __init__(self, ints, references, floats, end):
        self.ints = ints
        self.references = references
        self.floats = floats
        self.end = end


def read_arguments(frame, code, position):
    """The operands `IRF` at a position."""
    of_references = behind_list(code, position)
    of_floats = behind_list(code, of_references)
    return Arguments(
        read_ints(frame, code, position), read_references(frame, code, of_references),
        read_floats(frame, code, of_floats), behind_list(code, of_floats))


def call_int(run, address, callee, arguments):
    return run.machine.call_int(address, callee, arguments.ints, arguments.references, arguments.floats)


def call_reference(run, address, callee, arguments):
    return run.machine.call_reference(address, callee, arguments.ints, arguments.references, arguments.floats)


def call_float(run, address, callee, arguments):
    return run.machine.call_float(address, callee, arguments.ints, arguments.references, arguments.floats)


def call_none(run, address, callee, arguments):
    run.machine.call_none(address, callee, arguments.ints, arguments.references, arguments.floats)


CALLS = {"i": call_int, "r": call_reference, "f": call_float, "n": call_none}


def inline_calling(kind):
    """The handler of `inline_call_K`."""
    call = CALLS[kind]
    write = WRITERS[kind]
    result_size = 0 if kind == "n" else 1

    def handle(run, frame, code, position):
        jitcode = run.program.jitcodes[read_index(code, position + 1)]
        arguments = read_arguments(frame, code, position + 3)
        position = arguments.end
        if jitcode.address:
            value = call(run, jitcode.address, jitcode.call, arguments)
            write(frame, code, position, value)
            return run.after_call(frame, code, position + result_size)
        frame.position = position + result_size
        run.enter(jitcode, frame, arguments.ints, arguments.references, arguments.floats)
        return FRAME_CHANGED

    return handle


def residual_calling(kind):
    """The handler of `residual_call_K`, and of `indirect_call_K`: a function is called wherever it is from."""
    call = CALLS[kind]
    write = WRITERS[kind]
    result_size = 0 if kind == "n" else 1

    def handle(run, frame, code, position):
        address = read_int(run, frame, code, position + 1)
        arguments = read_arguments(frame, code, position + 2)
        position = arguments.end
        callee = read_descriptor(run, frame, code, position)
        assert isinstance(callee, CallDescriptor)
        value = call(run, address, callee, arguments)
        write(frame, code, position + 2, value)
        return run.after_call(frame, code, position + 2 + result_size)

    return handle


def recursive_calling(kind):
    """The handler of `recursive_call_K`: the portal runs from its merge point on, in compiled code if there is some."""
    call = CALLS[kind]
    write = WRITERS[kind]
    result_size = 0 if kind == "n" else 1

    def handle(run, frame, code, position):
        driver = run.drivers[read_signed_byte(code, position + 1)]
        arguments = greens_and_reds(frame, code, position + 2)
        position = arguments.end
        value = call(run, driver.runner, driver.runner_call, arguments)
        write(frame, code, position, value)
        return run.after_call(frame, code, position + result_size)

    return handle


def greens_and_reds(frame, code, position):
    """The operands `IRFIRF` at a position: of each kind the greens and then the reds."""
    greens_r = behind_list(code, position)
    greens_f = behind_list(code, greens_r)
    reds_i = behind_list(code, greens_f)
    reds_r = behind_list(code, reds_i)
    reds_f = behind_list(code, reds_r)
    greens = read_byte(code, position)
    ints = [0] * (greens + read_byte(code, reds_i))
    fill_ints(frame, code, position, ints, 0)
    fill_ints(frame, code, reds_i, ints, greens)
    greens = read_byte(code, greens_r)
    references = [NULL_REFERENCE] * (greens + read_byte(code, reds_r))
    fill_references(frame, code, greens_r, references, 0)
    fill_references(frame, code, reds_r, references, greens)
    greens = read_byte(code, greens_f)
    floats = [0.0] * (greens + read_byte(code, reds_f))
    fill_floats(frame, code, greens_f, floats, 0)
    fill_floats(frame, code, reds_f, floats, greens)
    return Arguments(ints, references, floats, behind_list(code, reds_f))


def jit_merge_point(run, frame, code, position):
    return run.at_merge_point(
        frame, read_signed_byte(code, position + 1), greens_and_reds(frame, code, position + 2))


def conditional_call(run, frame, code, position):
    condition = read_int(run, frame, code, position + 1)
    address = read_int(run, frame, code, position + 2)
    arguments = read_arguments(frame, code, position + 3)
    position = arguments.end
    callee = read_descriptor(run, frame, code, position)
    assert isinstance(callee, CallDescriptor)
    if condition:
        call_none(run, address, callee, arguments)
    return run.after_call(frame, code, position + 2)


def conditional_call_value_i(run, frame, code, position):
    value = read_int(run, frame, code, position + 1)
    address = read_int(run, frame, code, position + 2)
    arguments = read_arguments(frame, code, position + 3)
    position = arguments.end
    callee = read_descriptor(run, frame, code, position)
    assert isinstance(callee, CallDescriptor)
    if not value:
        value = call_int(run, address, callee, arguments)
    write_int(frame, code, position + 2, value)
    return run.after_call(frame, code, position + 3)


def conditional_call_value_r(run, frame, code, position):
    value = read_reference(run, frame, code, position + 1)
    address = read_int(run, frame, code, position + 2)
    arguments = read_arguments(frame, code, position + 3)
    position = arguments.end
    callee = read_descriptor(run, frame, code, position)
    assert isinstance(callee, CallDescriptor)
    if not value:
        value = call_reference(run, address, callee, arguments)
    write_reference(frame, code, position + 2, value)
    return run.after_call(frame, code, position + 3)


def force_quasi_immutable(run, frame, code, position):
    field = read_descriptor(run, frame, code, position + 2)
    assert isinstance(field, FieldDescriptor)
    run.shared.quasi_immutable_changes(read_reference(run, frame, code, position + 1), field)
    return run.after_call(frame, code, position + 4)


def force_virtual_ref(run, frame, code, position):
    reference = read_reference(run, frame, code, position + 1)
    shared = run.shared
    value = follow_virtual_reference(run.machine, shared.backend, shared.virtual_reference, reference)
    write_reference(frame, code, position + 2, value)
    return run.after_call(frame, code, position + 3)


HANDLERS = {
    "jit_merge_point": jit_merge_point,
    "conditional_call": conditional_call,
    "conditional_call_value_i": conditional_call_value_i,
    "conditional_call_value_r": conditional_call_value_r,
    "force_quasi_immutable": force_quasi_immutable,
    "force_virtual_ref": force_virtual_ref,
}
for _kind in "irfn":
    HANDLERS["inline_call_" + _kind] = inline_calling(_kind)
    HANDLERS["residual_call_" + _kind] = residual_calling(_kind)
    HANDLERS["indirect_call_" + _kind] = residual_calling(_kind)
    HANDLERS["recursive_call_" + _kind] = recursive_calling(_kind)
