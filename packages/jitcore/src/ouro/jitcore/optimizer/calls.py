"""Calls whose meaning is known: conditional calls of a known condition, copies between arrays."""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import CallDescriptor
from ouro.jitcore.descriptors.calls import SPECIAL_ARRAY_COPY
from ouro.jitcore.optimizer import ranges
from ouro.jitcore.optimizer.allocation import constant_index, virtual_at
from ouro.jitcore.optimizer.integers import range_of
from ouro.jitcore.optimizer.objects import is_nonnull, is_null
from ouro.jitcore.optimizer.verdicts import DONE, KEEP
from ouro.jitcore.optimizer.virtuals import Items

#: A copy of more items is a call.
MOST_COPIED = 16

_GET = {"i": ops.GETARRAYITEM_GC_I, "r": ops.GETARRAYITEM_GC_R, "f": ops.GETARRAYITEM_GC_F}


def _truth(optimizer, reference):
    """1 if a condition, an integer, is not 0; 0 if it is; -1 where that is not known."""
    known = range_of(optimizer, reference)
    if ranges.int_is_true(known) is ranges.ONE:
        return 1
    return 0 if known.is_constant() else -1


def optimize_conditional(optimizer, number):
    work = optimizer.work
    truth = _truth(optimizer, work.operand(number, 0))
    if truth < 0:
        return KEEP
    if truth == 1:
        _call(optimizer, ops.CALL_N, number)
    return DONE


def _call(optimizer, opcode, number):
    """Make the call of a conditional call; its number."""
    work = optimizer.work
    call = work.append_list(opcode, work.operand_list(number)[1:], work.descriptors[number])
    optimizer.process(call)
    return call


def optimize_value_int(optimizer, number):
    return _optimize_value(optimizer, number, ops.CALL_I, _truth(optimizer, optimizer.work.operand(number, 0)))


def optimize_value_reference(optimizer, number):
    value = optimizer.work.operand(number, 0)
    truth = -1
    if is_nonnull(optimizer, value):
        truth = 1
    elif is_null(optimizer, value):
        truth = 0
    return _optimize_value(optimizer, number, ops.CALL_R, truth)


def _optimize_value(optimizer, number, opcode, truth):
    work = optimizer.work
    if truth < 0:
        return KEEP
    if truth == 1:
        optimizer.calls.drop()
        work.forward(number, work.operand(number, 0))
    else:
        work.forward(number, work.resolve(_call(optimizer, opcode, number)))
    return DONE


def optimize_copy(optimizer, number):
    """A copy of a few items from or to an array that is not made: one by one."""
    work = optimizer.work
    callee = work.descriptors[number]
    assert isinstance(callee, CallDescriptor)
    if callee.effect.special != SPECIAL_ARRAY_COPY:
        return KEEP
    source, target = work.operand(number, 1), work.operand(number, 2)
    array = _array_of(optimizer, source)
    if array is None:
        array = _array_of(optimizer, target)
    start = constant_index(optimizer, work.operand(number, 3), 1 << 20)
    target_start = constant_index(optimizer, work.operand(number, 4), 1 << 20)
    count = constant_index(optimizer, work.operand(number, 5), MOST_COPIED + 1)
    if array is None or start < 0 or target_start < 0 or count < 0:
        return KEEP
    constants = optimizer.constants
    # all are read before the first is written: the arrays may be one
    values = []
    for index in range(count):
        values.append(optimizer.make(_GET[array.kind], source, constants.of_int(start + index), descriptor=array))
    for index in range(count):
        position = constants.of_int(target_start + index)
        optimizer.make(ops.SETARRAYITEM_GC, target, position, values[index], array)
    optimizer.calls.drop()
    return DONE


def _array_of(optimizer, reference):
    virtual = virtual_at(optimizer, reference)
    if isinstance(virtual, Items):
        return virtual.array
    return None


HANDLERS = {
    ops.COND_CALL: optimize_conditional,
    ops.COND_CALL_VALUE_I: optimize_value_int,
    ops.COND_CALL_VALUE_R: optimize_value_reference,
}

#: Of calls that are about what is not made.
COPIES = {ops.CALL_N: optimize_copy}
