"""Steps of merge points, where loops close, and of the ways out of a jitcode."""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import FieldDescriptor
from ouro.jitcore.jitcode import instructions, read_byte, read_index, read_offset, read_signed_byte
from ouro.jitcore.trace import NOTHING, NULL_REFERENCE
from ouro.jitcore.tracer import reasons
from ouro.jitcore.tracer.arguments import Arguments
from ouro.jitcore.tracer.blame import worst_inlined
from ouro.jitcore.tracer.call_steps import call_assembler, join, key_of, residual_call
from ouro.jitcore.tracer.ending import Aborted
from ouro.jitcore.tracer.frames import CONSTANT
from ouro.jitcore.tracer.heap_cache import IS_NULL, NOT_NULL
from ouro.jitcore.tracer.meta_interpreter import FRAME_CHANGED, MergePoint

STEPS = {}


def _step(number):
    def register(function):
        STEPS[number] = function
        return function

    return register


# ---- merge points


@_step(instructions.LOOP_HEADER)
def _loop_header(meta, frame, position):
    meta.loop_header_seen = read_signed_byte(frame.code, position + 1)
    return position + 2


@_step(instructions.JIT_MERGE_POINT)
def _merge_point(meta, frame, position):
    code = frame.code
    driver = meta.system.drivers[read_signed_byte(code, position + 1)]
    greens = Arguments()
    place = greens.read_lists(frame, position + 2)
    reds = Arguments()
    after = reds.read_lists(frame, place)
    _forget_dead_references(driver, frame, position + 2)
    if not greens.all_constant():
        # codewriters promote the greens in front of the merge point
        raise Aborted(reasons.NOT_CLOSED)
    key = key_of(greens)
    if meta.length() > meta.limit:
        _too_long(meta, frame, greens, reds)
    if meta.loop_header_seen == driver.index:
        meta.loop_header_seen = -1
        if frame.caller is not None:
            if not frame.unrolled and driver.hooks.should_unroll_one_iteration(key):
                frame.unrolled = True
                _record_merge_point(meta, driver, greens)
                return after
            return _leave_for_own_loop(meta, frame, driver, key, greens, reds)
        if driver is meta.driver:
            inputs = loop_inputs(meta, frame, place)
            meta.heap.reset(meta.recorded.count)
            _reached_loop(meta, key, greens, reds, inputs)
            return _begin_again(frame, greens, reds, inputs)
    _record_merge_point(meta, driver, greens)
    return after


def _forget_dead_references(driver, frame, position):
    """Nothing but greens and reds is used behind a merge point: the objects that the instruction of the interpreted
    program in front of it used may die, as they may without the tracer. Weak references would tell.
    """
    dead = driver.dead_references
    if dead is None:
        dead = driver.dead_references = _other_references(frame, position)
    references = frame.references
    for character in dead:
        references[ord(character)] = NULL_REFERENCE


def _other_references(frame, position):
    """The registers for references that are not in the lists of a merge point, which begin at a position."""
    code = frame.code
    used = [False] * len(frame.references)
    for _ in range(2):
        for kind in "irf":
            count = ord(code[position])
            if kind == "r":
                for place in range(position + 1, position + 1 + count):
                    used[ord(code[place])] = True
            position += 1 + count
    return "".join([chr(register) for register in range(frame.jitcode.registers_r) if not used[register]])


def _too_long(meta, frame, greens, reds):
    """The recording is too long. If inlined calls of the portal are to blame it is given up, and they are called the
    next time; else it is cut here, and goes on as a bridge of a guard that always fails.

    (PyPy traces once more to do the latter, and calls the pieces segments.)
    """
    if frame.caller is not None or worst_inlined(meta) >= 0:
        raise Aborted(reasons.TOO_LONG)
    meta.guard_before(ops.GUARD_ALWAYS_FAILS, [])
    meta.system.compiler.cut(meta, greens, reds)


def _record_merge_point(meta, driver, greens):
    operands = [meta.constants.of_int(driver.index), meta.constants.of_int(meta.portal_depth)]
    for number in greens.ints:
        operands.append(meta.constants.of_int(number))
    for reference in greens.references:
        operands.append(meta.constants.of_reference(reference))
    for number in greens.floats:
        operands.append(meta.constants.of_float(number))
    meta.record(ops.DEBUG_MERGE_POINT, operands)


def _leave_for_own_loop(meta, frame, driver, key, greens, reds):
    """An inlined call of the portal has come to a loop of its own: that is compiled by itself, and called."""
    # this may give the recording up: the frame must still be there then
    token, operands = meta.system.compiler.prepare_call_assembler(meta, driver, key, greens, reds)
    caller = meta.pop()
    after = caller.position
    register = 0
    if driver.result_kind != "n":
        register = read_byte(caller.code, after - 1)
    position = call_assembler(meta, driver, token, operands, join(greens, reds), register, after)
    if position >= 0:
        meta.frame.position = position
    return FRAME_CHANGED


def _distinct(meta, seen, reference, kind):
    """A reference that no other input has: constants and values that stand twice get a name of their own."""
    if reference >= 0 and reference not in seen:
        seen[reference] = True
        return reference
    if kind == "i":
        opcode = ops.COPY_I
    elif kind == "r":
        opcode = ops.COPY_R
    else:
        opcode = ops.COPY_F
    copy = meta.record(opcode, [reference])
    seen[copy] = True
    return copy


def loop_inputs(meta, frame, place):
    """The references of what a loop that begins here carries round: the reds, and the virtualizable's values.

    The registers get these references, so that nothing behind depends on what only holds this time.

    Args:
        place: where the lists of the reds stand in the code.
    """
    code = frame.code
    seen = {}
    inputs = []
    own = NOTHING
    for kind in "irf":
        count = ord(code[place])
        place += 1
        for number in range(place, place + count):
            register = ord(code[number])
            if kind == "i":
                reference = _distinct(meta, seen, meta.int_register(register), kind)
                frame.ints_in_trace[register] = reference
            elif kind == "r":
                is_own = meta.view is not None and frame.references[register] == meta.view.reference
                reference = _distinct(meta, seen, meta.gc_register(register), kind)
                frame.references_in_trace[register] = reference
                if is_own and own == NOTHING:
                    own = reference
            else:
                reference = _distinct(meta, seen, meta.float_register(register), kind)
                frame.floats_in_trace[register] = reference
            inputs.append(reference)
        place += count
    if meta.view is not None:
        if meta.virtualizable_forced or own == NOTHING:
            raise Aborted(reasons.ESCAPED)
        meta.virtualizable_in_trace[0] = own
        for position in range(1, meta.view.count):
            reference = _distinct(meta, seen, meta.virtualizable_reference(position), meta.view.kind(position))
            meta.virtualizable_in_trace[position] = reference
            inputs.append(reference)
    return inputs


def _reached_loop(meta, key, greens, reds, inputs):
    """A loop of the interpreted program begins anew: close the recording, or go on and remember the place.

    Raises:
        Ended: it was closed.
    """
    if meta.virtual_references:
        raise Aborted(reasons.ESCAPED)
    meta.loop_invariants = {}
    meta.guard_before(ops.GUARD_FUTURE_CONDITION, [])
    compiler = meta.system.compiler
    token = meta.warm_state.code_at(key)
    if token is not None:
        if meta.retrace is not None and meta.retrace.key.same(key) and meta.guard.loop is token:
            compiler.close_retrace(meta, token, inputs, greens, reds)
        compiler.close_with_jump(meta, token, key, inputs, greens, reds)
        return
    for number in range(len(meta.merge_points) - 1, -1, -1):
        known = meta.merge_points[number]
        if known.key.same(key):
            if not known.unrolled and meta.driver.hooks.should_unroll_one_iteration(key):
                known.unrolled = True
                return
            compiler.close_loop(meta, known, inputs, greens, reds)
    meta.merge_points.append(MergePoint(key, meta.recorded.mark(), inputs))


def _begin_again(frame, greens, reds, inputs):
    """Begin the portal anew with the greens and reds of its merge point: where a loop begins nothing else may count.

    Between the beginning of the portal and its merge point may stand what an optimisation has taken out of the loop.
    """
    for number in range(len(greens.ints)):
        frame.set_int(number, greens.ints[number], CONSTANT)
    for number in range(len(greens.references)):
        frame.set_reference(number, greens.references[number], CONSTANT)
    for number in range(len(greens.floats)):
        frame.set_float(number, greens.floats[number], CONSTANT)
    place = 0
    for number in range(len(reds.ints)):
        frame.set_int(len(greens.ints) + number, reds.ints[number], inputs[place])
        place += 1
    for number in range(len(reds.references)):
        frame.set_reference(len(greens.references) + number, reds.references[number], inputs[place])
        place += 1
    for number in range(len(reds.floats)):
        frame.set_float(len(greens.floats) + number, reds.floats[number], inputs[place])
        place += 1
    return 0


# ---- ways out of a jitcode


@_step(instructions.INT_RETURN)
def _return_int(meta, frame, position):
    register = ord(frame.code[position + 1])
    if frame.caller is None:
        meta.system.compiler.finish_int(meta, frame.ints[register], meta.int_register(register))
    caller = meta.pop()
    result = read_byte(caller.code, caller.position - 1)
    caller.set_int(result, frame.ints[register], frame.ints_in_trace[register])
    return FRAME_CHANGED


@_step(instructions.REFERENCE_RETURN)
def _return_reference(meta, frame, position):
    register = ord(frame.code[position + 1])
    if frame.caller is None:
        meta.system.compiler.finish_reference(meta, frame.references[register], meta.gc_register(register))
    caller = meta.pop()
    result = read_byte(caller.code, caller.position - 1)
    caller.set_reference(result, frame.references[register], frame.references_in_trace[register])
    return FRAME_CHANGED


@_step(instructions.FLOAT_RETURN)
def _return_float(meta, frame, position):
    register = ord(frame.code[position + 1])
    if frame.caller is None:
        meta.system.compiler.finish_float(meta, frame.floats[register], meta.float_register(register))
    caller = meta.pop()
    result = read_byte(caller.code, caller.position - 1)
    caller.set_float(result, frame.floats[register], frame.floats_in_trace[register])
    return FRAME_CHANGED


@_step(instructions.NONE_RETURN)
def _return_none(meta, frame, position):
    if frame.caller is None:
        meta.system.compiler.finish_none(meta)
    meta.pop()
    return FRAME_CHANGED


# ---- exceptions


@_step(instructions.RAISE)
def _raise(meta, frame, position):
    register = ord(frame.code[position + 1])
    reference = frame.references_in_trace[register]
    meta.guard_class_of(frame.references[register], reference)
    meta.set_exception(frame.references[register], reference)
    return _leave_by_exception(meta)


@_step(instructions.RERAISE)
def _reraise(meta, frame, position):
    return _leave_by_exception(meta)


def _leave_by_exception(meta):
    meta.leave_by_exception()
    meta.unwind()
    return FRAME_CHANGED


@_step(instructions.CATCH_EXCEPTION)
def _catch(meta, frame, position):
    # only a call that raised goes to the target
    return position + 4


@_step(instructions.GOTO_IF_EXCEPTION_MISMATCH)
def _goto_if_mismatch(meta, frame, position):
    wanted = frame.ints[ord(frame.code[position + 1])]
    if meta.machine.is_subclass(meta.machine.class_of(meta.exception), wanted):
        return position + 5
    return read_offset(frame.code, position + 2)


@_step(instructions.LAST_EXCEPTION)
def _exception_class(meta, frame, position):
    frame.set_int(ord(frame.code[position + 1]), meta.machine.class_of(meta.exception), CONSTANT)
    return position + 2


@_step(instructions.LAST_EXCEPTION_VALUE)
def _exception_value(meta, frame, position):
    frame.set_reference(ord(frame.code[position + 1]), meta.exception, meta.exception_in_trace)
    return position + 2


# ---- what runs code of the JIT itself


@_step(instructions.PROMOTE_VIRTUAL_REF)
def _promote_virtual_ref(meta, frame, position):
    """References that the interpreter made are the objects themselves: compiled code that knows so need not call
    anyone to follow them.
    """
    register = ord(frame.code[position + 1])
    reference = frame.references_in_trace[register]
    if reference == CONSTANT or meta.system.virtual_reference is None or _made_here(meta, reference) >= 0:
        return position + 2
    value = frame.references[register]
    if not value:
        if not meta.heap.knows(reference, IS_NULL):
            meta.guard_before(ops.GUARD_ISNULL, [reference])
            meta.heap.learn(reference, IS_NULL)
        frame.references_in_trace[register] = CONSTANT
        return position + 2
    if not meta.heap.knows(reference, NOT_NULL):
        meta.guard_before(ops.GUARD_NONNULL, [reference])
        meta.heap.learn(reference, NOT_NULL)
    meta.guard_class_of(value, reference)
    return position + 2


def _made_here(meta, reference):
    """The number of a virtual reference among those that the trace has made and not finished, or -1."""
    pairs = meta.virtual_references
    for number in range(0, len(pairs), 2):
        if pairs[number] == reference:
            return number // 2
    return -1


@_step(instructions.FORCE_VIRTUAL_REF)
def _force_virtual_ref(meta, frame, position):
    code = frame.code
    register = ord(code[position + 1])
    result = ord(code[position + 2])
    after = position + 3
    reference = frame.references_in_trace[register]
    system = meta.system
    value = frame.references[register]
    if system.virtual_reference is None or not system.virtual_reference.is_stand_in(meta.machine, value):
        frame.set_reference(result, value, reference)
        return after
    number = _made_here(meta, reference)
    if number >= 0:
        frame.set_reference(result, meta.referents[number], meta.virtual_references[2 * number + 1])
        return after
    helpers = meta.system.helpers
    if helpers.follow_virtual_reference == 0:
        raise Aborted(reasons.ESCAPED)
    arguments = Arguments()
    arguments.references.append(frame.references[register])
    arguments.references_in_trace.append(reference)
    return residual_call(meta, helpers.follow_virtual_reference, CONSTANT, helpers.follow_virtual_reference_call,
                         arguments, result, after)


@_step(instructions.QUASI_IMMUTABLE_FIELD)
def _quasi_immutable_field(meta, frame, position):
    register = ord(frame.code[position + 1])
    field = meta.program.descriptors[read_index(frame.code, position + 2)]
    assert isinstance(field, FieldDescriptor)
    if frame.references_in_trace[register] != CONSTANT:
        # of an object that the trace does not know it is a field like others: interpreters that want it to be known
        # promote the object, and those that meet many of them (closures) do not
        return position + 4
    base = meta.gc_register(register)
    if not meta.heap.quasi_immutable_is_checked(base, field):
        meta.record(ops.QUASIIMMUT_FIELD, [base], field)
        meta.heap.quasi_immutable_checked(base, field)
        meta.depend_on(frame.references[register], field)
        if meta.heap.may_be_invalidated:
            meta.guard_before(ops.GUARD_NOT_INVALIDATED, [])
            meta.heap.may_be_invalidated = False
    return position + 4


@_step(instructions.FORCE_QUASI_IMMUTABLE)
def _force_quasi_immutable(meta, frame, position):
    register = ord(frame.code[position + 1])
    field = meta.program.descriptors[read_index(frame.code, position + 2)]
    assert isinstance(field, FieldDescriptor)
    after = position + 4
    reference = frame.references_in_trace[register]
    if reference != CONSTANT and meta.heap.is_unescaped(reference):
        return after  # no code can depend on an object that no one has seen
    helpers = meta.system.helpers
    if helpers.quasi_immutable_changes == 0:
        raise Aborted(reasons.QUASI_IMMUTABLE_CHANGED)
    arguments = Arguments()
    arguments.references.append(frame.references[register])
    arguments.references_in_trace.append(reference)
    arguments.ints.append(field.index)
    arguments.ints_in_trace.append(CONSTANT)
    next_position = residual_call(meta, helpers.quasi_immutable_changes, CONSTANT, helpers.quasi_immutable_changes_call,
                                  arguments, 0, after)
    meta.heap.quasi_immutable_changed(field)
    return next_position
