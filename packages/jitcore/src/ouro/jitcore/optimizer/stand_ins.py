"""Virtual references become stand-ins: objects with a force token, which may be virtual as all others.

Not a matter of speed: an object behind a virtual reference may be in registers only because whoever follows the
reference finds the token, and forces the frame. So it is done whatever is switched off.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.optimizer.verdicts import DONE, KEEP
from ouro.jitcore.trace import NOTHING, is_constant


def make_stand_in(optimizer, number):
    """The stand-in does not lead to the object as long as it has the token."""
    description = optimizer.environment.virtual_reference
    if description is None:
        return KEEP
    work = optimizer.work
    token = work.second[number]
    work.opcodes[number] = ops.NEW_WITH_VTABLE
    work.first[number] = work.second[number] = NOTHING
    work.descriptors[number] = description.size
    optimizer.process(number)
    optimizer.make(ops.SETFIELD_GC, number, token, NOTHING, description.token_field)
    return DONE


def finish_stand_in(optimizer, number):
    """From here on the stand-in, if it was made, leads to the object."""
    description = optimizer.environment.virtual_reference
    if description is None:
        return KEEP
    work = optimizer.work
    stand_in, value = work.first[number], work.second[number]
    if not (is_constant(value) and optimizer.is_zero(value)):
        optimizer.make(ops.SETFIELD_GC, stand_in, value, NOTHING, description.object_field)
    optimizer.make(ops.SETFIELD_GC, stand_in, optimizer.null, NOTHING, description.token_field)
    return DONE


HANDLERS = {ops.VIRTUAL_REF: make_stand_in, ops.VIRTUAL_REF_FINISH: finish_stand_in}
