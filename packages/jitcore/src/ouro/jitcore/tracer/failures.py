"""What a bridge knows because its guard has failed: that the condition of the guard did not hold.

When the bridge is recorded, the interpreter's test is done again. The optimizer finds the answer in what is recorded
here, and with it what the test says of the values.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.trace import KIND_INT, NOTHING, NULL_REFERENCE, constant_kind, is_constant
from ouro.jitcore.tracer.heap_cache import IS_NULL, NOT_NULL, VALUE_KNOWN

_BITS = 10
_MASK = (1 << _BITS) - 1


def note_condition(trace, number, guard):
    """Describe the condition of a guard by what the guard keeps, if that is possible.

    A comparison becomes one word: the operation, and for each operand the position of its value plus one, or 0 for the
    constant, which stands by itself.
    """
    opcode = trace.opcodes[number]
    if opcode == ops.GUARD_VALUE or opcode == ops.GUARD_NONNULL or opcode == ops.GUARD_ISNULL:
        guard.tested = _position_of(guard, trace.operand(number, 0))
        return
    if opcode != ops.GUARD_TRUE and opcode != ops.GUARD_FALSE:
        return
    condition = trace.operand(number, 0)
    if condition < 0:
        return
    comparison = trace.opcodes[condition]
    if not ops.has_flag(comparison, ops.COMPARE) or ops.arity(comparison) > 2:
        return
    packed = comparison
    shift = _BITS
    for position in range(ops.arity(comparison)):
        operand = trace.operand(condition, position)
        place = _position_of(guard, operand)
        if place < 0:
            if not is_constant(operand) or constant_kind(operand) != KIND_INT:
                return
            guard.compared_with = trace.constants.int_of(operand)
        elif place >= _MASK:
            return
        packed |= (place + 1) << shift
        shift += _BITS
    guard.comparison = packed


def _position_of(guard, reference):
    for position in range(len(guard.values)):
        if guard.values[position] == reference and reference > NOTHING:
            return position
    return -1


def record_condition(meta, guard):
    """At the beginning of a bridge, behind its inputs: record that the condition of the guard did not hold."""
    if guard.opcode == ops.GUARD_NONNULL and guard.tested >= 0:
        meta.record(ops.RECORD_EXACT_VALUE, [guard.tested, meta.constants.of_reference(NULL_REFERENCE)])
        meta.heap.learn(guard.tested, IS_NULL | VALUE_KNOWN)
    if guard.opcode == ops.GUARD_ISNULL and guard.tested >= 0:
        # no guard will be recorded, and none is needed
        meta.heap.learn(guard.tested, NOT_NULL)
    if guard.comparison < 0:
        return
    packed = guard.comparison
    comparison = packed & _MASK
    operands = []
    for _ in range(ops.arity(comparison)):
        packed >>= _BITS
        place = (packed & _MASK) - 1
        if place < 0:
            operands.append(meta.constants.of_int(guard.compared_with))
        else:
            operands.append(place)
    result = meta.record(comparison, operands)
    holds = guard.opcode == ops.GUARD_FALSE
    meta.record(ops.RECORD_EXACT_VALUE, [result, meta.constants.of_int(int(holds))])
