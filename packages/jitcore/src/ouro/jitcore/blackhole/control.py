"""The instructions that move control: jumps, returns, exceptions."""

from ouro.jitcore import operations as ops
from ouro.jitcore.blackhole.operands import READERS, read_int, read_reference, write_int, write_reference
from ouro.jitcore.jitcode import SwitchDescriptor, instructions, read_byte, read_index, read_offset
from ouro.jitcore.machine import EXECUTE
from ouro.jitcore.machine.execution import NO_VALUE
from ouro.rlib.rarithmetic import ovfcheck


def live(run, frame, code, position):
    return position + instructions.LIVE_SIZE


def goto(run, frame, code, position):
    return read_offset(code, position + 1)


def goto_if_not(run, frame, code, position):
    if read_int(run, frame, code, position + 1):
        return position + 5
    return read_offset(code, position + 2)


def comparing(operation):
    """The handler of the jump that compares first."""
    function = EXECUTE[operation, NO_VALUE]
    readers = [READERS[letter] for letter in ops.operand_kinds[operation]]
    target = 1 + len(readers)
    size = target + instructions.OPERAND_SIZES["L"]
    if len(readers) == 1:
        (read,) = readers

        def handle(run, frame, code, position):
            if function(run.machine, read(run, frame, code, position + 1)):
                return position + size
            return read_offset(code, position + target)

    elif len(readers) == 2:
        read_1, read_2 = readers

        def handle(run, frame, code, position):
            first = read_1(run, frame, code, position + 1)
            if function(run.machine, first, read_2(run, frame, code, position + 2)):
                return position + size
            return read_offset(code, position + target)

    else:
        read_1, read_2, read_3 = readers

        def handle(run, frame, code, position):
            first = read_1(run, frame, code, position + 1)
            second = read_2(run, frame, code, position + 2)
            if function(run.machine, first, second, read_3(run, frame, code, position + 3)):
                return position + size
            return read_offset(code, position + target)

    return handle


def switch(run, frame, code, position):
    descriptor = run.program.descriptors[read_index(code, position + 2)]
    assert isinstance(descriptor, SwitchDescriptor)
    target = descriptor.target_of(read_int(run, frame, code, position + 1))
    if target < 0:
        return position + 4
    return target


def int_add_jump_if_overflow(run, frame, code, position):
    first = read_int(run, frame, code, position + 4)
    second = read_int(run, frame, code, position + 5)
    try:
        result = ovfcheck(first + second)
    except OverflowError:
        return read_offset(code, position + 1)
    write_int(frame, code, position + 6, result)
    return position + 7


def int_sub_jump_if_overflow(run, frame, code, position):
    first = read_int(run, frame, code, position + 4)
    second = read_int(run, frame, code, position + 5)
    try:
        result = ovfcheck(first - second)
    except OverflowError:
        return read_offset(code, position + 1)
    write_int(frame, code, position + 6, result)
    return position + 7


def int_mul_jump_if_overflow(run, frame, code, position):
    first = read_int(run, frame, code, position + 4)
    second = read_int(run, frame, code, position + 5)
    try:
        result = ovfcheck(first * second)
    except OverflowError:
        return read_offset(code, position + 1)
    write_int(frame, code, position + 6, result)
    return position + 7


def int_return(run, frame, code, position):
    return run.leave_int(frame, read_int(run, frame, code, position + 1))


def reference_return(run, frame, code, position):
    return run.leave_reference(frame, read_reference(run, frame, code, position + 1))


def float_return(run, frame, code, position):
    return run.leave_float(frame, frame.registers_f[read_byte(code, position + 1)])


def none_return(run, frame, code, position):
    return run.leave_none(frame)


def raise_(run, frame, code, position):
    return run.raise_from(frame, read_reference(run, frame, code, position + 1))


def reraise(run, frame, code, position):
    return run.raise_from(frame, frame.exception)


def catch_exception(run, frame, code, position):
    # the call in front came back without an exception: one that raised does not come here
    return position + 4


def goto_if_exception_mismatch(run, frame, code, position):
    wanted = read_int(run, frame, code, position + 1)
    machine = run.machine
    if machine.is_subclass(machine.class_of(frame.exception), wanted):
        return position + 5
    return read_offset(code, position + 2)


def last_exception(run, frame, code, position):
    write_int(frame, code, position + 1, run.machine.class_of(frame.exception))
    return position + 2


def last_exception_value(run, frame, code, position):
    write_reference(frame, code, position + 1, frame.exception)
    return position + 2


HANDLERS = {
    "live": live,
    "goto": goto,
    "goto_if_not": goto_if_not,
    "switch": switch,
    "int_add_jump_if_overflow": int_add_jump_if_overflow,
    "int_sub_jump_if_overflow": int_sub_jump_if_overflow,
    "int_mul_jump_if_overflow": int_mul_jump_if_overflow,
    "int_return": int_return,
    "reference_return": reference_return,
    "float_return": float_return,
    "none_return": none_return,
    "raise": raise_,
    "reraise": reraise,
    "catch_exception": catch_exception,
    "goto_if_exception_mismatch": goto_if_exception_mismatch,
    "last_exception": last_exception,
    "last_exception_value": last_exception_value,
}
HANDLERS.update({
    instructions.names[instruction]: comparing(operation)
    for operation, instruction in enumerate(instructions.goto_if_not_of)
    if instruction >= 0
})

