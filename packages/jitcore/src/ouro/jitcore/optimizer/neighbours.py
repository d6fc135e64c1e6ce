"""Guards that belong to the operation right in front of them go when that operation goes. Always on."""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import CallDescriptor
from ouro.jitcore.optimizer.errors import InvalidTrace
from ouro.jitcore.optimizer.verdicts import DONE, KEEP
from ouro.jitcore.trace import NOTHING


class CallState:
    """What the guards behind a call need to know: whether it is in the trace.

    Attributes:
        may_have_raised: an exception may be pending. It may at the beginning of a bridge.
        may_have_forced: the last call in the recording is one that may force, and is in the trace.
    """

    def __init__(self):
        self.may_have_raised = True
        self.may_have_forced = False

    def drop(self):
        """The last call of the recording was left out: there is nothing for the guards behind it to look at."""
        self.may_have_raised = False
        self.may_have_forced = False


def remember_overflow(optimizer, number):
    optimizer.overflow_operation = number
    return KEEP


def optimize_no_overflow(optimizer, number):
    if optimizer.overflow_operation != NOTHING:
        return KEEP
    return DONE


def optimize_overflow(optimizer, number):
    if optimizer.overflow_operation != NOTHING:
        return KEEP
    raise InvalidTrace


def optimize_no_exception(optimizer, number):
    if optimizer.calls.may_have_raised:
        return KEEP
    return DONE


def optimize_exception(optimizer, number):
    if optimizer.calls.may_have_raised:
        return KEEP
    raise InvalidTrace


def optimize_not_forced(optimizer, number):
    if optimizer.calls.may_have_forced:
        return KEEP
    return DONE


def learn_exception(optimizer, number):
    optimizer.calls.may_have_raised = False


def learn_call(optimizer, number):
    descriptor = optimizer.work.descriptors[number]
    calls = optimizer.calls
    calls.may_have_forced = MAY_FORCE[optimizer.work.opcodes[number]]
    if isinstance(descriptor, CallDescriptor):
        calls.may_have_raised = descriptor.effect.can_raise()
    else:
        calls.may_have_raised = True


MAY_FORCE = [name.startswith(("call_may_force", "call_assembler")) for name in ops.names]

#: In front of all optimisations, which may find that the guard is not needed.
HANDLERS = {opcode: remember_overflow for opcode in range(ops.COUNT) if ops.has_flag(opcode, ops.OVERFLOW)}

#: The guards.
GUARDS = {
    ops.GUARD_OVERFLOW: optimize_overflow,
    ops.GUARD_NO_OVERFLOW: optimize_no_overflow,
    ops.GUARD_NO_EXCEPTION: optimize_no_exception,
    ops.GUARD_EXCEPTION: optimize_exception,
    ops.GUARD_NOT_FORCED: optimize_not_forced,
}

LEARNERS = {opcode: learn_call for opcode in range(ops.COUNT) if ops.is_call(opcode)}
LEARNERS[ops.GUARD_EXCEPTION] = learn_exception
LEARNERS[ops.GUARD_NO_EXCEPTION] = learn_exception
