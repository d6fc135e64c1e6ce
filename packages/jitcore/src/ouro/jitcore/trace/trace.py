"""The trace that the optimizer and the backends work on: a structure of arrays."""

from ouro.jitcore import operations
from ouro.jitcore.descriptors import GuardDescriptor
from ouro.jitcore.trace.constants import ConstantPools
from ouro.jitcore.trace.recorded import NO_SNAPSHOT, TraceReader, used_values
from ouro.jitcore.trace.references import KIND_FLOAT, KIND_INT, NOTHING, constant_kind, is_constant
from ouro.rlib.objectmodel import newlist_hint

NO_EXTRA = -1


class Trace:
    """Instructions as parallel lists indexed by reference.

    Up to three operands stand in `first`, `second`, `third` (`NOTHING` where there is none). An operation with more, or
    with a varying number, has all of them in `operands`, behind their number, from `extra` on; it is `NO_EXTRA` for the
    others. `guards` are the descriptors of the guards in order.

    Args:
        room: about how many instructions there will be, so that the lists need not grow one step after the other.
    """

    def __init__(self, room=0):
        self.opcodes = newlist_hint(room)
        self.first = newlist_hint(room)
        self.second = newlist_hint(room)
        self.third = newlist_hint(room)
        self.extra = newlist_hint(room)
        self.operands = newlist_hint(room)
        self.descriptors = newlist_hint(room)
        self.guards = []
        self.constants = ConstantPools()

    def length(self):
        """The number of instructions."""
        return len(self.opcodes)

    def append(self, opcode, first=NOTHING, second=NOTHING, third=NOTHING, descriptor=None):
        """Append an instruction with a fixed number of operands, at most three; the reference of its result."""
        assert not stores_extra(opcode)
        number = len(self.opcodes)
        self.opcodes.append(opcode)
        self.first.append(first)
        self.second.append(second)
        self.third.append(third)
        self.extra.append(NO_EXTRA)
        self._append_descriptor(descriptor)
        return number

    def append_list(self, opcode, operands, descriptor=None):
        """Append any instruction with its operands in a list; the reference of its result."""
        count = len(operands)
        if not stores_extra(opcode):
            assert count == operations.arity(opcode)
            return self.append(
                opcode,
                operands[0] if count > 0 else NOTHING,
                operands[1] if count > 1 else NOTHING,
                operands[2] if count > 2 else NOTHING,
                descriptor,
            )
        number = len(self.opcodes)
        self.opcodes.append(opcode)
        self.first.append(NOTHING)
        self.second.append(NOTHING)
        self.third.append(NOTHING)
        self.extra.append(len(self.operands))
        self.operands.append(count)
        for reference in operands:
            self.operands.append(reference)
        self._append_descriptor(descriptor)
        return number

    def append_guard(self, opcode, first, second, values, resume=NO_SNAPSHOT):
        """Append a guard that keeps `values` (a list of references) for who resumes; its descriptor."""
        descriptor = GuardDescriptor(values, resume)
        self.append(opcode, first, second, NOTHING, descriptor)
        return descriptor

    def operand_count(self, number):
        """The number of operands of an instruction."""
        extra = self.extra[number]
        if extra >= 0:
            return self.operands[extra]
        return operations.arity(self.opcodes[number])

    def operand(self, number, position):
        """Operand number `position` of an instruction."""
        extra = self.extra[number]
        if extra >= 0:
            assert 0 <= position < self.operands[extra]
            return self.operands[extra + 1 + position]
        if position == 0:
            return self.first[number]
        if position == 1:
            return self.second[number]
        assert position == 2
        return self.third[number]

    def operand_list(self, number):
        """The operands of an instruction as a new list."""
        result = []
        for position in range(self.operand_count(number)):
            result.append(self.operand(number, position))
        return result

    def kind_of(self, reference):
        """The kind of a value, a letter."""
        if is_constant(reference):
            kind = constant_kind(reference)
            if kind == KIND_INT:
                return "i"
            if kind == KIND_FLOAT:
                return "f"
            return "r"
        return operations.result_kind(self.opcodes[reference])

    def input_count(self):
        """The number of instructions at the beginning that are inputs."""
        count = 0
        while count < len(self.opcodes) and operations.is_input(self.opcodes[count]):
            count += 1
        return count

    def _append_descriptor(self, descriptor):
        self.descriptors.append(descriptor)
        if isinstance(descriptor, GuardDescriptor):
            self.guards.append(descriptor)


def stores_extra(opcode):
    """Do the operands of an operation stand in the list of further operands?"""
    return operations.has_more(opcode) or operations.arity(opcode) > 3


def expand(recorded):
    """A recording as a trace, unoptimised: the same instructions with the same numbers.

    A guard keeps what its snapshot uses. The pools of constants are shared.
    """
    trace = Trace(recorded.count)
    trace.constants = recorded.constants
    reader = TraceReader(recorded)
    while reader.next():
        opcode = reader.opcode
        if operations.is_guard(opcode):
            values = []
            if reader.snapshot != NO_SNAPSHOT:
                values = used_values(reader.read_snapshot(reader.snapshot))
            trace.append_list(opcode, reader.operands, GuardDescriptor(values, reader.snapshot))
        else:
            trace.append_list(opcode, reader.operands, reader.descriptor)
    return trace
