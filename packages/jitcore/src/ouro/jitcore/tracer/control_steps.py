"""Steps of jumps, copies, switches, promotions and other hints about values."""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import CallDescriptor
from ouro.jitcore.jitcode import SwitchDescriptor, instructions, read_index, read_offset
from ouro.jitcore.machine.arithmetic import int_add, int_mul, int_sub, overflows
from ouro.jitcore.machine.execution import EXECUTE, NO_VALUE
from ouro.jitcore.tracer.access import IS_CONSTANT, REFERENCE, VALUE
from ouro.jitcore.tracer.frames import CONSTANT
from ouro.jitcore.tracer.heap_cache import CLASS_KNOWN, IS_NULL, NOT_NULL, UNESCAPED, VALUE_KNOWN
from ouro.jitcore.tracer.memory_steps import UNKNOWN, is_null_known, known_identity

#: By number of the instruction: its step.
STEPS = {}


def _step(number):
    def register(function):
        STEPS[number] = function
        return function

    return register


@_step(instructions.LIVE)
def _live(meta, frame, position):
    return position + instructions.LIVE_SIZE


@_step(instructions.GOTO)
def _goto(meta, frame, position):
    target = read_offset(frame.code, position + 1)
    if target <= position:
        meta.check_length()
    return target


@_step(instructions.INT_COPY)
def _copy_int(meta, frame, position):
    source = ord(frame.code[position + 1])
    frame.set_int(ord(frame.code[position + 2]), frame.ints[source], frame.ints_in_trace[source])
    return position + 3


@_step(instructions.REFERENCE_COPY)
def _copy_reference(meta, frame, position):
    source = ord(frame.code[position + 1])
    frame.set_reference(ord(frame.code[position + 2]), frame.references[source], frame.references_in_trace[source])
    return position + 3


@_step(instructions.FLOAT_COPY)
def _copy_float(meta, frame, position):
    source = ord(frame.code[position + 1])
    frame.set_float(ord(frame.code[position + 2]), frame.floats[source], frame.floats_in_trace[source])
    return position + 3


@_step(instructions.INT_CONSTANT)
def _constant_int(meta, frame, position):
    index = read_index(frame.code, position + 1)
    frame.set_int(ord(frame.code[position + 3]), frame.jitcode.constants_i[index], CONSTANT)
    return position + 4


@_step(instructions.REFERENCE_CONSTANT)
def _constant_reference(meta, frame, position):
    index = read_index(frame.code, position + 1)
    frame.set_reference(ord(frame.code[position + 3]), frame.jitcode.constants_r[index], CONSTANT)
    return position + 4


@_step(instructions.FLOAT_CONSTANT)
def _constant_float(meta, frame, position):
    index = read_index(frame.code, position + 1)
    frame.set_float(ord(frame.code[position + 3]), frame.jitcode.constants_f[index], CONSTANT)
    return position + 4


# ---- branches


@_step(instructions.GOTO_IF_NOT)
def _goto_if_not(meta, frame, position):
    register = ord(frame.code[position + 1])
    holds = frame.ints[register] != 0
    reference = frame.ints_in_trace[register]
    if reference != CONSTANT:
        if not meta.heap.knows(reference, VALUE_KNOWN):
            meta.guard_truth(reference, holds)
            meta.heap.learn(reference, VALUE_KNOWN)
        frame.ints_in_trace[register] = CONSTANT
    if holds:
        return position + 5
    return read_offset(frame.code, position + 2)


def _fused_one(comparison, kinds, size):
    execute = EXECUTE[comparison, NO_VALUE]
    value_a, constant_a, reference_a = VALUE[kinds[0]], IS_CONSTANT[kinds[0]], REFERENCE[kinds[0]]

    def step(meta, frame, position):
        code = frame.code
        a = ord(code[position + 1])
        holds = execute(meta.machine, value_a(frame, a)) != 0
        if not constant_a(frame, a):
            meta.guard_truth(meta.record(comparison, [reference_a(meta, a)]), holds)
        if holds:
            return position + size
        return read_offset(code, position + 2)

    return step


def _fused_two(comparison, kinds, size):
    execute = EXECUTE[comparison, NO_VALUE]
    value_a, constant_a, reference_a = VALUE[kinds[0]], IS_CONSTANT[kinds[0]], REFERENCE[kinds[0]]
    value_b, constant_b, reference_b = VALUE[kinds[1]], IS_CONSTANT[kinds[1]], REFERENCE[kinds[1]]

    def step(meta, frame, position):
        code = frame.code
        a = ord(code[position + 1])
        b = ord(code[position + 2])
        holds = execute(meta.machine, value_a(frame, a), value_b(frame, b)) != 0
        if not (constant_a(frame, a) and constant_b(frame, b)):
            meta.guard_truth(meta.record(comparison, [reference_a(meta, a), reference_b(meta, b)]), holds)
        if holds:
            return position + size
        return read_offset(code, position + 3)

    return step


def _fused_three(comparison, kinds, size):
    execute = EXECUTE[comparison, NO_VALUE]
    assert kinds == "iii"

    def step(meta, frame, position):
        code = frame.code
        a = ord(code[position + 1])
        b = ord(code[position + 2])
        c = ord(code[position + 3])
        holds = execute(meta.machine, frame.ints[a], frame.ints[b], frame.ints[c]) != 0
        trace = frame.ints_in_trace
        if not (trace[a] == CONSTANT and trace[b] == CONSTANT and trace[c] == CONSTANT):
            operands = [meta.int_register(a), meta.int_register(b), meta.int_register(c)]
            meta.guard_truth(meta.record(comparison, operands), holds)
        if holds:
            return position + size
        return read_offset(code, position + 4)

    return step


def _fused_null_test(of_null, size):
    """`ptr_iszero` if `of_null`, else `ptr_nonzero`: a guard of its own says as much, and costs less."""

    def step(meta, frame, position):
        register = ord(frame.code[position + 1])
        is_null = not frame.references[register]
        if not is_null_known(meta, frame, register):
            guard_null(meta, frame.references_in_trace[register], is_null)
        if is_null == of_null:
            return position + size
        return read_offset(frame.code, position + 2)

    return step


def guard_null(meta, reference, is_null):
    """Record whether a value was null."""
    if is_null:
        meta.guard_before(ops.GUARD_ISNULL, [reference])
        meta.heap.learn(reference, IS_NULL | VALUE_KNOWN)
    else:
        meta.guard_before(ops.GUARD_NONNULL, [reference])
        meta.heap.learn(reference, NOT_NULL)


def _fused_identity(comparison, size):
    negated = comparison in (ops.PTR_NE, ops.INSTANCE_PTR_NE)

    def step(meta, frame, position):
        code = frame.code
        a = ord(code[position + 1])
        b = ord(code[position + 2])
        same = frame.references[a] == frame.references[b]
        if known_identity(meta, frame, a, b) == UNKNOWN:
            result = meta.record(comparison, [meta.gc_register(a), meta.gc_register(b)])
            meta.guard_truth(result, same != negated)
        if same != negated:
            return position + size
        return read_offset(code, position + 3)

    return step


def _make_fused(comparison, number):
    size = instructions.sizes[number]
    if comparison == ops.PTR_ISZERO:
        return _fused_null_test(True, size)
    if comparison == ops.PTR_NONZERO:
        return _fused_null_test(False, size)
    if comparison in (ops.PTR_EQ, ops.PTR_NE, ops.INSTANCE_PTR_EQ, ops.INSTANCE_PTR_NE):
        return _fused_identity(comparison, size)
    kinds = ops.operand_kinds[comparison]
    return {1: _fused_one, 2: _fused_two, 3: _fused_three}[len(kinds)](comparison, kinds, size)


for _number in range(instructions.COUNT):
    if instructions.fused_comparison[_number] >= 0:
        STEPS[_number] = _make_fused(instructions.fused_comparison[_number], _number)


@_step(instructions.SWITCH)
def _switch(meta, frame, position):
    register = ord(frame.code[position + 1])
    switch = meta.program.descriptors[read_index(frame.code, position + 2)]
    assert isinstance(switch, SwitchDescriptor)
    value = frame.ints[register]
    target = switch.target_of(value)
    if target >= 0:
        meta.promote_int(register)
        return target
    reference = frame.ints_in_trace[register]
    if reference != CONSTANT:
        # the value is none of the cases: that is all the trace may rely on
        for key in switch.keys:
            meta.guard_truth(meta.record(ops.INT_EQ, [reference, meta.constants.of_int(key)]), False)
    return position + 4


def _make_overflowing(opcode, compute):
    def step(meta, frame, position):
        code = frame.code
        a = ord(code[position + 4])
        b = ord(code[position + 5])
        overflowed = overflows(opcode, frame.ints[a], frame.ints[b])
        reference = CONSTANT
        if frame.ints_in_trace[a] != CONSTANT or frame.ints_in_trace[b] != CONSTANT:
            reference = meta.record(opcode, [meta.int_register(a), meta.int_register(b)])
            meta.guard_before(ops.GUARD_OVERFLOW if overflowed else ops.GUARD_NO_OVERFLOW, [])
        if overflowed:
            return read_offset(code, position + 1)
        frame.set_int(ord(code[position + 6]), compute(frame.ints[a], frame.ints[b]), reference)
        return position + 7

    return step


STEPS[instructions.INT_ADD_JUMP_IF_OVERFLOW] = _make_overflowing(ops.INT_ADD_OVF, int_add)
STEPS[instructions.INT_SUB_JUMP_IF_OVERFLOW] = _make_overflowing(ops.INT_SUB_OVF, int_sub)
STEPS[instructions.INT_MUL_JUMP_IF_OVERFLOW] = _make_overflowing(ops.INT_MUL_OVF, int_mul)


# ---- promotions and hints


@_step(instructions.INT_GUARD_VALUE)
def _promote_int(meta, frame, position):
    meta.promote_int(ord(frame.code[position + 1]))
    return position + 2


@_step(instructions.REFERENCE_GUARD_VALUE)
def _promote_reference(meta, frame, position):
    meta.promote_reference(ord(frame.code[position + 1]))
    return position + 2


@_step(instructions.FLOAT_GUARD_VALUE)
def _promote_float(meta, frame, position):
    meta.promote_float(ord(frame.code[position + 1]))
    return position + 2


@_step(instructions.STRING_GUARD_VALUE)
def _promote_string(meta, frame, position):
    code = frame.code
    register = ord(code[position + 1])
    value = frame.references[register]
    reference = frame.references_in_trace[register]
    if reference != CONSTANT and not meta.heap.knows(reference, VALUE_KNOWN):
        if not value:
            guard_null(meta, reference, True)
        else:
            if not meta.heap.knows(reference, NOT_NULL):
                guard_null(meta, reference, False)
            callee = meta.program.descriptors[read_index(code, position + 3)]
            assert isinstance(callee, CallDescriptor)
            address = meta.int_register(ord(code[position + 2]))
            same = meta.record(ops.CALL_PURE_I, [address, reference, meta.constants.of_reference(value)], callee)
            meta.guard_truth(same, True)
    frame.set_reference(ord(code[position + 5]), value, CONSTANT)
    return position + 6


@_step(instructions.GUARD_CLASS)
def _guard_class(meta, frame, position):
    register = ord(frame.code[position + 1])
    vtable = meta.guard_class_of(frame.references[register], frame.references_in_trace[register])
    frame.set_int(ord(frame.code[position + 2]), vtable, CONSTANT)
    return position + 3


@_step(instructions.INT_IS_CONSTANT)
def _int_is_constant(meta, frame, position):
    answer = frame.ints_in_trace[ord(frame.code[position + 1])] == CONSTANT
    frame.set_int(ord(frame.code[position + 2]), int(answer), CONSTANT)
    return position + 3


@_step(instructions.REFERENCE_IS_CONSTANT)
def _reference_is_constant(meta, frame, position):
    answer = frame.references_in_trace[ord(frame.code[position + 1])] == CONSTANT
    frame.set_int(ord(frame.code[position + 2]), int(answer), CONSTANT)
    return position + 3


@_step(instructions.FLOAT_IS_CONSTANT)
def _float_is_constant(meta, frame, position):
    answer = frame.floats_in_trace[ord(frame.code[position + 1])] == CONSTANT
    frame.set_int(ord(frame.code[position + 2]), int(answer), CONSTANT)
    return position + 3


@_step(instructions.REFERENCE_IS_VIRTUAL)
def _reference_is_virtual(meta, frame, position):
    reference = frame.references_in_trace[ord(frame.code[position + 1])]
    answer = reference != CONSTANT and meta.heap.knows(reference, UNESCAPED)
    frame.set_int(ord(frame.code[position + 2]), int(answer), CONSTANT)
    return position + 3


@_step(instructions.RECORD_EXACT_CLASS)
def _record_exact_class(meta, frame, position):
    reference = frame.references_in_trace[ord(frame.code[position + 1])]
    vtable = ord(frame.code[position + 2])
    if reference != CONSTANT and not meta.heap.knows(reference, CLASS_KNOWN):
        if frame.ints_in_trace[vtable] == CONSTANT:
            meta.record(ops.RECORD_EXACT_CLASS, [reference, meta.int_register(vtable)])
            meta.heap.learn(reference, CLASS_KNOWN | NOT_NULL)
    return position + 3


@_step(instructions.INT_RECORD_EXACT_VALUE)
def _record_exact_int(meta, frame, position):
    register = ord(frame.code[position + 1])
    other = ord(frame.code[position + 2])
    reference = frame.ints_in_trace[register]
    if reference != CONSTANT and frame.ints_in_trace[other] == CONSTANT:
        meta.record(ops.RECORD_EXACT_VALUE, [reference, meta.int_register(other)])
        meta.heap.learn(reference, VALUE_KNOWN)
    return position + 3


@_step(instructions.REFERENCE_RECORD_EXACT_VALUE)
def _record_exact_reference(meta, frame, position):
    register = ord(frame.code[position + 1])
    other = ord(frame.code[position + 2])
    reference = frame.references_in_trace[register]
    if reference != CONSTANT and frame.references_in_trace[other] == CONSTANT:
        meta.record(ops.RECORD_EXACT_VALUE, [reference, meta.gc_register(other)])
        meta.heap.learn(reference, VALUE_KNOWN)
    return position + 3


@_step(instructions.KEEPALIVE)
def _keepalive(meta, frame, position):
    register = ord(frame.code[position + 1])
    if frame.references_in_trace[register] != CONSTANT:
        meta.record(ops.KEEPALIVE, [meta.gc_register(register)])
    return position + 2
