"""The instructions that are for the tracer: here they do nothing, or what the program does without a JIT."""

from ouro.jitcore.blackhole.operands import (
    READERS,
    WRITERS,
    read_descriptor,
    read_int,
    read_reference,
    write_float,
    write_int,
    write_reference,
)
from ouro.jitcore.descriptors import ArrayDescriptor, FieldDescriptor
from ouro.jitcore.jitcode import instructions, read_index
from ouro.jitcore.machine import EXECUTE
from ouro.jitcore.machine.execution import NO_VALUE
from ouro.jitcore.operations import by_name


def doing_nothing(name):
    """The handler of an instruction without result."""
    size = instructions.sizes[instructions.by_name[name]]
    return lambda run, frame, code, position: position + size


def copying(kind):
    """The handler of an instruction whose result is its first operand."""
    read = READERS[kind]
    write = WRITERS[kind]

    def handle(run, frame, code, position):
        write(frame, code, position + 2, read(run, frame, code, position + 1))
        return position + 3

    return handle


def answering_no(run, frame, code, position):
    write_int(frame, code, position + 2, 0)
    return position + 3


def int_constant(run, frame, code, position):
    write_int(frame, code, position + 3, frame.jitcode.constants_i[read_index(code, position + 1)])
    return position + 4


def reference_constant(run, frame, code, position):
    write_reference(frame, code, position + 3, frame.jitcode.constants_r[read_index(code, position + 1)])
    return position + 4


def float_constant(run, frame, code, position):
    write_float(frame, code, position + 3, frame.jitcode.constants_f[read_index(code, position + 1)])
    return position + 4


def guard_class(run, frame, code, position):
    write_int(frame, code, position + 2, run.machine.class_of(read_reference(run, frame, code, position + 1)))
    return position + 3


def string_guard_value(run, frame, code, position):
    write_reference(frame, code, position + 5, read_reference(run, frame, code, position + 1))
    return position + 6


def getting_field(kind):
    """The handler of `getfield_virtualizable_K`."""
    execute = EXECUTE[by_name["getfield_gc_" + kind], NO_VALUE]
    write = WRITERS[kind]

    def handle(run, frame, code, position):
        reference = read_reference(run, frame, code, position + 1)
        field = read_descriptor(run, frame, code, position + 2)
        run.force_fields(reference, field)
        write(frame, code, position + 4, execute(run.machine, reference, field))
        return position + 5

    return handle


def setting_field(kind):
    """The handler of `setfield_virtualizable_K`."""
    execute = EXECUTE[by_name["setfield_gc"], kind]
    read = READERS[kind]

    def handle(run, frame, code, position):
        reference = read_reference(run, frame, code, position + 1)
        field = read_descriptor(run, frame, code, position + 3)
        run.force_fields(reference, field)
        execute(run.machine, reference, read(run, frame, code, position + 2), field)
        return position + 5

    return handle


def getting_item(kind):
    """The handler of `getarrayitem_virtualizable_K`."""
    execute = EXECUTE[by_name["getarrayitem_gc_" + kind], NO_VALUE]
    write = WRITERS[kind]

    def handle(run, frame, code, position):
        array = array_of(run, frame, code, position + 1, position + 3)
        descriptor = read_descriptor(run, frame, code, position + 5)
        value = execute(run.machine, array, read_int(run, frame, code, position + 2), descriptor)
        write(frame, code, position + 7, value)
        return position + 8

    return handle


def setting_item(kind):
    """The handler of `setarrayitem_virtualizable_K`."""
    execute = EXECUTE[by_name["setarrayitem_gc"], kind]
    read = READERS[kind]

    def handle(run, frame, code, position):
        array = array_of(run, frame, code, position + 1, position + 4)
        descriptor = read_descriptor(run, frame, code, position + 6)
        index = read_int(run, frame, code, position + 2)
        execute(run.machine, array, index, read(run, frame, code, position + 3), descriptor)
        return position + 8

    return handle


def arraylen_virtualizable(run, frame, code, position):
    array = array_of(run, frame, code, position + 1, position + 2)
    descriptor = read_descriptor(run, frame, code, position + 4)
    assert isinstance(descriptor, ArrayDescriptor)
    write_int(frame, code, position + 6, run.machine.array_length(array, descriptor))
    return position + 7


def array_of(run, frame, code, object_position, field_position):
    """The array in a field of a virtualizable, up to date."""
    reference = read_reference(run, frame, code, object_position)
    field = read_descriptor(run, frame, code, field_position)
    run.force_fields(reference, field)
    assert isinstance(field, FieldDescriptor)
    return run.machine.get_field_reference(reference, field)


HANDLERS = {
    "int_constant": int_constant,
    "reference_constant": reference_constant,
    "float_constant": float_constant,
    "guard_class": guard_class,
    "string_guard_value": string_guard_value,
    "arraylen_virtualizable": arraylen_virtualizable,
    "reference_is_virtual": answering_no,
    # outside of compiled code a virtual reference is the object itself
    "virtual_ref": copying("r"),
}
for _kind in "irf":
    _word = instructions.KIND_WORDS[_kind]
    HANDLERS[_word + "_copy"] = copying(_kind)
    HANDLERS[_word + "_is_constant"] = answering_no
    HANDLERS["getfield_virtualizable_" + _kind] = getting_field(_kind)
    HANDLERS["setfield_virtualizable_" + _kind] = setting_field(_kind)
    HANDLERS["getarrayitem_virtualizable_" + _kind] = getting_item(_kind)
    HANDLERS["setarrayitem_virtualizable_" + _kind] = setting_item(_kind)
for _name in (
    "int_guard_value", "reference_guard_value", "float_guard_value", "record_exact_class", "int_record_exact_value",
    "reference_record_exact_value", "keepalive", "loop_header", "hint_force_virtualizable", "quasi_immutable_field",
    "virtual_ref_finish", "promote_virtual_ref",
):
    HANDLERS[_name] = doing_nothing(_name)
