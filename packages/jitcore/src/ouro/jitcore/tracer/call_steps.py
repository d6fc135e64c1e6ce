"""Steps of calls: those that are traced into, and those that are called while tracing and in the trace."""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import (
    ELIDABLE_CAN_RAISE,
    LOOP_INVARIANT,
    CallDescriptor,
)
from ouro.jitcore.jitcode import instructions, read_index, read_signed_byte
from ouro.jitcore.trace import NULL_REFERENCE
from ouro.jitcore.tracer import reasons, times
from ouro.jitcore.tracer.arguments import Arguments
from ouro.jitcore.tracer.ending import Aborted
from ouro.jitcore.tracer.frames import CONSTANT
from ouro.jitcore.tracer.greens import GreenKey
from ouro.jitcore.tracer.heap_cache import CLASS_KNOWN, NOT_NULL
from ouro.jitcore.tracer.meta_interpreter import FRAME_CHANGED
from ouro.jitcore.tracer.virtualizables import after_residual_call, before_residual_call, finish_seen_references

STEPS = {}

#: By kind of the result: the operations for a call, from that which promises most.
_CALL = {"i": ops.CALL_I, "r": ops.CALL_R, "f": ops.CALL_F, "n": ops.CALL_N}
_CALL_PURE = {"i": ops.CALL_PURE_I, "r": ops.CALL_PURE_R, "f": ops.CALL_PURE_F, "n": ops.CALL_N}
_CALL_MAY_FORCE = {
    "i": ops.CALL_MAY_FORCE_I, "r": ops.CALL_MAY_FORCE_R, "f": ops.CALL_MAY_FORCE_F, "n": ops.CALL_MAY_FORCE_N}
_CALL_LOOP_INVARIANT = {
    "i": ops.CALL_LOOP_INVARIANT_I, "r": ops.CALL_LOOP_INVARIANT_R, "f": ops.CALL_LOOP_INVARIANT_F, "n": ops.CALL_N}
_CALL_RELEASE_LOCK = {
    "i": ops.CALL_RELEASE_LOCK_I, "r": ops.CALL_R, "f": ops.CALL_RELEASE_LOCK_F, "n": ops.CALL_RELEASE_LOCK_N}
_CALL_ASSEMBLER = {
    "i": ops.CALL_ASSEMBLER_I, "r": ops.CALL_ASSEMBLER_R, "f": ops.CALL_ASSEMBLER_F, "n": ops.CALL_ASSEMBLER_N}

#: How often one position of the interpreted program may be inlined into itself in one recording. Functions that call
#: themselves twice would fill the recording with a tree of calls if only the depth were limited; and each branch in
#: that tree would get a bridge, with a tree of its own: so a function that wants more is called from then on.
MOST_RECURSION = 2


class LoopInvariantResult:
    """What a loop-invariant function has given, and its reference in the trace."""

    def __init__(self, reference):
        self.reference = reference
        self.word = 0
        self.pointer = NULL_REFERENCE
        self.number = 0.0


class Result:
    """The result of a call of some kind, with its reference."""

    def __init__(self):
        self.word = 0
        self.pointer = NULL_REFERENCE
        self.number = 0.0
        self.reference = CONSTANT

    def put(self, frame, kind, register):
        """Write it to a register."""
        if kind == "i":
            frame.set_int(register, self.word, self.reference)
        elif kind == "r":
            frame.set_reference(register, self.pointer, self.reference)
        elif kind == "f":
            frame.set_float(register, self.number, self.reference)


def execute_call(meta, address, callee, arguments, result):
    """Call a function; the result goes into a `Result`, an exception stays pending in the machine."""
    machine = meta.machine
    phase = meta.system.times.enter(times.PROGRAM)
    kind = callee.result_kind
    if kind == "i":
        result.word = machine.call_int(
            address, callee, arguments.ints, arguments.references, arguments.floats)
    elif kind == "r":
        result.pointer = machine.call_reference(
            address, callee, arguments.ints, arguments.references, arguments.floats)
    elif kind == "f":
        result.number = machine.call_float(
            address, callee, arguments.ints, arguments.references, arguments.floats)
    else:
        machine.call_none(address, callee, arguments.ints, arguments.references, arguments.floats)
    meta.system.times.enter(phase)


def take_exception(meta, after):
    """Behind a call that can raise: record what happened. True if an exception was raised, which is caught then.

    Args:
        after: the live mark behind the call.
    """
    exception = meta.machine.take_exception()
    if not exception:
        meta.guard_at(ops.GUARD_NO_EXCEPTION, [], after)
        return False
    vtable = meta.machine.class_of(exception)
    reference = meta.guard_at(ops.GUARD_EXCEPTION, [meta.constants.of_int(vtable)], after)
    meta.heap.learn(reference, CLASS_KNOWN | NOT_NULL)
    meta.set_exception(exception, reference)
    return True


def residual_call(meta, address, address_in_trace, callee, arguments, register, after):
    """Call a function now and in the trace. The result register is that of the innermost frame.

    Args:
        address, address_in_trace: of the function.
        callee: the `CallDescriptor`.
        arguments: `Arguments`.
        register: of the result; not used for a function without result.
        after: the live mark behind the instruction.

    Returns:
        The next position.
    """
    frame = meta.frame
    effect = callee.effect
    kind = callee.result_kind
    result = Result()
    operands = [meta.int_reference(address, address_in_trace)]
    arguments.append_to(operands, callee.argument_kinds, meta.constants)
    if effect.extra <= ELIDABLE_CAN_RAISE:
        execute_call(meta, address, callee, arguments, result)
        if address_in_trace == CONSTANT and arguments.all_constant() and not meta.machine.pending_exception():
            result.put(frame, kind, register)
            return after
        result.reference = meta.record(_CALL_PURE[kind], operands, callee)
    elif effect.extra == LOOP_INVARIANT and address_in_trace == CONSTANT and kind != "n":
        if address in meta.loop_invariants:
            known = meta.loop_invariants[address]
            result.word, result.pointer, result.number = known.word, known.pointer, known.number
            result.reference = known.reference
            result.put(frame, kind, register)
            return after
        execute_call(meta, address, callee, arguments, result)
        result.reference = meta.record(_CALL_LOOP_INVARIANT[kind], operands, callee)
        known = LoopInvariantResult(result.reference)
        known.word, known.pointer, known.number = result.word, result.pointer, result.number
        meta.loop_invariants[address] = known
    elif effect.forces():
        return _call_may_force(meta, address, operands, callee, arguments, register, after)
    else:
        execute_call(meta, address, callee, arguments, result)
        opcode = _CALL_RELEASE_LOCK[kind] if effect.releases_lock else _CALL[kind]
        result.reference = meta.record(opcode, operands, callee)
    for operand in operands:
        meta.heap.escape(operand)
    meta.heap.called(effect)
    result.put(frame, kind, register)
    if effect.can_raise():
        return _after_call(meta, after)
    return after


def _after_call(meta, after):
    meta.frame.position = after
    if take_exception(meta, after):
        meta.unwind()
        return FRAME_CHANGED
    return after


def _call_may_force(meta, address, operands, callee, arguments, register, after):
    """A call of a function that may look into the frames of the trace."""
    result = Result()
    before_residual_call(meta)
    execute_call(meta, address, callee, arguments, result)
    finish_seen_references(meta)
    result.reference = meta.record(_CALL_MAY_FORCE[callee.result_kind], operands, callee)
    return finish_forcing_call(meta, operands, callee.effect, callee.result_kind, result, register, after)


def finish_forcing_call(meta, operands, effect, kind, result, register, after):
    """Behind a call that may force: guards, and what the call may have changed."""
    for operand in operands:
        meta.heap.escape(operand)
    meta.heap.called(effect)
    result.put(meta.frame, kind, register)
    meta.frame.position = after
    if after_residual_call(meta):
        # the frames are not what the trace believes any more: go on without it, behind the call; if that raised, the
        # exception is still pending
        raise Aborted(reasons.ESCAPED)
    meta.guard_at(ops.GUARD_NOT_FORCED, [], after)
    return _after_call(meta, after)


# ---- instructions


def _residual_call(meta, frame, position):
    code = frame.code
    register = ord(code[position + 1])
    arguments = Arguments()
    place = arguments.read_lists(frame, position + 2)
    callee = meta.program.descriptors[read_index(code, place)]
    assert isinstance(callee, CallDescriptor)
    place += 2
    result = 0
    if callee.result_kind != "n":
        result = ord(code[place])
        place += 1
    return residual_call(
        meta, frame.ints[register], frame.ints_in_trace[register], callee, arguments, result, place)


def _indirect_call(meta, frame, position):
    code = frame.code
    register = ord(code[position + 1])
    if frame.ints_in_trace[register] != CONSTANT:
        return _residual_call(meta, frame, position)
    jitcode = meta.program.jitcode_at(frame.ints[register])
    if jitcode is None:
        return _residual_call(meta, frame, position)
    arguments = Arguments()
    place = arguments.read_lists(frame, position + 2) + 2
    if jitcode.result_kind != "n":
        place += 1
    return enter(meta, jitcode, arguments, place)


def enter(meta, jitcode, arguments, after):
    """Trace into a jitcode."""
    meta.check_length()
    meta.frame.position = after
    callee = meta.push(jitcode)
    for number in range(len(arguments.ints)):
        callee.set_int(number, arguments.ints[number], arguments.ints_in_trace[number])
    for number in range(len(arguments.references)):
        callee.set_reference(number, arguments.references[number], arguments.references_in_trace[number])
    for number in range(len(arguments.floats)):
        callee.set_float(number, arguments.floats[number], arguments.floats_in_trace[number])
    return FRAME_CHANGED


def _inline_call(meta, frame, position):
    jitcode = meta.program.jitcodes[read_index(frame.code, position + 1)]
    arguments = Arguments()
    place = arguments.read_lists(frame, position + 3)
    if jitcode.result_kind != "n":
        place += 1
    return enter(meta, jitcode, arguments, place)


def _conditional_call(meta, frame, position):
    code = frame.code
    condition = ord(code[position + 1])
    function = ord(code[position + 2])
    arguments = Arguments()
    place = arguments.read_lists(frame, position + 3)
    callee = meta.program.descriptors[read_index(code, place)]
    assert isinstance(callee, CallDescriptor)
    after = place + 2
    if frame.ints_in_trace[condition] == CONSTANT:
        if frame.ints[condition] == 0:
            return after
        return residual_call(
            meta, frame.ints[function], frame.ints_in_trace[function], callee, arguments, 0, after)
    operands = [meta.int_register(condition), meta.int_register(function)]
    arguments.append_to(operands, callee.argument_kinds, meta.constants)
    if frame.ints[condition] != 0:
        execute_call(meta, frame.ints[function], callee, arguments, Result())
    meta.record(ops.COND_CALL, operands, callee)
    for operand in operands:
        meta.heap.escape(operand)
    meta.heap.called(callee.effect)
    return after


def _conditional_call_value(meta, frame, position, is_null, value_in_trace, opcode):
    """`value or function(...)`: the value is known to be null or not if it is a constant."""
    code = frame.code
    function = ord(code[position + 2])
    arguments = Arguments()
    place = arguments.read_lists(frame, position + 3)
    callee = meta.program.descriptors[read_index(code, place)]
    assert isinstance(callee, CallDescriptor)
    register = ord(code[place + 2])
    after = place + 3
    value = ord(code[position + 1])
    kind = callee.result_kind
    result = Result()
    result.reference = value_in_trace
    if value_in_trace == CONSTANT and is_null:
        return residual_call(
            meta, frame.ints[function], frame.ints_in_trace[function], callee, arguments, register, after)
    if is_null:
        execute_call(meta, frame.ints[function], callee, arguments, result)
    elif kind == "i":
        result.word = frame.ints[value]
    else:
        result.pointer = frame.references[value]
    if value_in_trace == CONSTANT:
        result.put(frame, kind, register)
        return after
    operands = [value_in_trace, meta.int_register(function)]
    arguments.append_to(operands, callee.argument_kinds, meta.constants)
    result.reference = meta.record(opcode, operands, callee)
    for operand in operands:
        meta.heap.escape(operand)
    meta.heap.called(callee.effect)
    result.put(frame, kind, register)
    if callee.effect.can_raise():
        return _after_call(meta, after)
    return after


def _conditional_call_int(meta, frame, position):
    value = ord(frame.code[position + 1])
    return _conditional_call_value(
        meta, frame, position, frame.ints[value] == 0, frame.ints_in_trace[value], ops.COND_CALL_VALUE_I)


def _conditional_call_reference(meta, frame, position):
    value = ord(frame.code[position + 1])
    return _conditional_call_value(
        meta, frame, position, not frame.references[value], frame.references_in_trace[value], ops.COND_CALL_VALUE_R)


# ---- calls of a portal


def key_of(arguments):
    """The green key that the greens of an instruction make."""
    return GreenKey(arguments.ints, arguments.references, arguments.floats)


def join(greens, reds):
    """The arguments of a portal: greens, then reds, of each kind."""
    arguments = Arguments()
    arguments.ints = greens.ints + reds.ints
    arguments.ints_in_trace = greens.ints_in_trace + reds.ints_in_trace
    arguments.references = greens.references + reds.references
    arguments.references_in_trace = greens.references_in_trace + reds.references_in_trace
    arguments.floats = greens.floats + reds.floats
    arguments.floats_in_trace = greens.floats_in_trace + reds.floats_in_trace
    return arguments


def _is_recursive(meta, driver, key):
    """Is the portal at a position being traced already?"""
    frame = meta.frame
    while frame.caller is not None:
        if frame.key is not None and frame.jitcode is driver.portal and frame.key.same(key):
            return True
        frame = frame.caller
    return frame.jitcode is driver.portal and meta.start_key is not None and meta.start_key.same(key)


def _may_inline(meta, driver, key):
    """Should a call of the portal be traced into? Counts those that are recursive."""
    if not meta.system.warm_states[driver.index].may_inline(key):
        return False
    if not _is_recursive(meta, driver, key):
        return True
    hash_value = key.hash(driver.index)
    count = meta.recursions.get(hash_value, 0)
    meta.recursions[hash_value] = count + 1
    if count < MOST_RECURSION:
        return True
    meta.system.warm_states[driver.index].never_inline(key)
    return False


def _recursive_call(meta, frame, position):
    code = frame.code
    driver = meta.system.drivers[read_signed_byte(code, position + 1)]
    greens = Arguments()
    place = greens.read_lists(frame, position + 2)
    reds = Arguments()
    after = reds.read_lists(frame, place)
    register = 0
    if driver.result_kind != "n":
        register = ord(code[after])
        after += 1
    if not greens.all_constant():
        return residual_call(
            meta, driver.runner, CONSTANT, driver.runner_call, join(greens, reds), register, after)
    key = key_of(greens)
    if _may_inline(meta, driver, key):
        enter(meta, driver.portal, join(greens, reds), after)
        callee = meta.frame
        callee.inlined_driver = driver.index
        callee.key = key
        callee.start = meta.recorded.count
        meta.portal_depth += 1
        unique_id = driver.hooks.unique_id(key)
        meta.record(ops.ENTER_PORTAL, [meta.constants.of_int(driver.index), meta.constants.of_int(unique_id)])
        return FRAME_CHANGED
    token, operands = meta.system.compiler.prepare_call_assembler(meta, driver, key, greens, reds)
    return call_assembler(meta, driver, token, operands, join(greens, reds), register, after)


def call_assembler(meta, driver, token, operands, arguments, register, after):
    """Call the portal where it is compiled by itself: now through the interpreter, in the trace its code.

    Args:
        token, operands: from `Compiler.prepare_call_assembler`.
        arguments: greens and reds, `Arguments`.
        register, after: as for `residual_call`.
    """
    result = Result()
    before_residual_call(meta)
    execute_call(meta, driver.runner, driver.runner_call, arguments, result)
    finish_seen_references(meta)
    result.reference = meta.record(_CALL_ASSEMBLER[driver.result_kind], operands, token)
    return finish_forcing_call(
        meta, operands, driver.runner_call.effect, driver.result_kind, result, register, after)


def _collect():
    for number in (instructions.RESIDUAL_CALL_I, instructions.RESIDUAL_CALL_R, instructions.RESIDUAL_CALL_F,
                   instructions.RESIDUAL_CALL_N):
        STEPS[number] = _residual_call
    for number in (instructions.INDIRECT_CALL_I, instructions.INDIRECT_CALL_R, instructions.INDIRECT_CALL_F,
                   instructions.INDIRECT_CALL_N):
        STEPS[number] = _indirect_call
    for number in (instructions.INLINE_CALL_I, instructions.INLINE_CALL_R, instructions.INLINE_CALL_F,
                   instructions.INLINE_CALL_N):
        STEPS[number] = _inline_call
    for number in (instructions.RECURSIVE_CALL_I, instructions.RECURSIVE_CALL_R, instructions.RECURSIVE_CALL_F,
                   instructions.RECURSIVE_CALL_N):
        STEPS[number] = _recursive_call
    STEPS[instructions.CONDITIONAL_CALL] = _conditional_call
    STEPS[instructions.CONDITIONAL_CALL_VALUE_I] = _conditional_call_int
    STEPS[instructions.CONDITIONAL_CALL_VALUE_R] = _conditional_call_reference


_collect()
