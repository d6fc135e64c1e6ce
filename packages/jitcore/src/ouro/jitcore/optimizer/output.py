"""The last step: the emitted instructions become a `Trace`, numbered in the order in which they stand.

On the way what no one needs is left out: instructions that only compute, load or allocate and whose result is used by
nothing that stays. A trace consists of one piece, or of two with a label between them, the first iteration and the
peeled body; a piece is the `Work` of one forward pass.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import CallDescriptor, GuardDescriptor
from ouro.jitcore.trace import NOTHING, Trace

_REMOVABLE = [
    ops.has_flag(opcode, ops.PURE | ops.LOAD | ops.ALLOCATE)
    or opcode in (ops.COPY_I, ops.COPY_R, ops.COPY_F, ops.FORCE_TOKEN)
    for opcode in range(ops.COUNT)
]

_PURE_CALL = [name.startswith("call_pure") for name in ops.names]


def has_effect(work, number):
    """Must an instruction stay even if no one uses its result?"""
    opcode = work.opcodes[number]
    if _PURE_CALL[opcode]:
        descriptor = work.descriptors[number]
        assert isinstance(descriptor, CallDescriptor)
        return descriptor.effect.can_raise()
    return not _REMOVABLE[opcode]


def find_needed(work):
    """For each value of a piece whether it stays: a list of bools."""
    needed = [False] * work.length()
    order = work.order
    position = len(order) - 1
    while position >= 0:
        number = order[position]
        position -= 1
        if not needed[number] and not has_effect(work, number):
            continue
        needed[number] = True
        for place in range(work.operand_count(number)):
            reference = work.operand(number, place)
            if reference >= 0:
                needed[reference] = True
        descriptor = work.descriptors[number]
        if isinstance(descriptor, GuardDescriptor):
            for reference in descriptor.values:
                if reference >= 0:
                    needed[reference] = True
    return needed


class Output:
    """A trace that pieces are copied to, of about `room` instructions."""

    def __init__(self, constants, room):
        self.trace = Trace(room)
        self.trace.constants = constants

    def copy(self, work, places, left_out=NOTHING):
        """Copy the instructions of a piece.

        Args:
            work: the piece.
            places: a list for all its values with their references in the trace; those of the inputs of a body are
                given, the others filled in.
            left_out: an instruction that is not copied: the jump of a first iteration, behind which the body stands.
        """
        trace = self.trace
        needed = find_needed(work)
        for number in work.order:
            if places[number] != NOTHING or not needed[number] or number == left_out:
                continue
            operands = work.operand_list(number)
            for position in range(len(operands)):
                operands[position] = placed(places, operands[position])
            descriptor = work.descriptors[number]
            if isinstance(descriptor, GuardDescriptor):
                values = []
                for reference in descriptor.values:
                    values.append(placed(places, reference))
                descriptor.values = values
            places[number] = trace.append_list(work.opcodes[number], operands, descriptor)


def placed(places, reference):
    """Where a reference of a piece is in the trace."""
    if reference >= 0:
        reference = places[reference]
        assert reference != NOTHING
    return reference


def no_places(work):
    """The list for `Output.copy` with nothing in it."""
    return [NOTHING] * work.length()
