"""The values of one optimised piece of a trace, with all that is known of them.

Every instruction of the recording, and every one that an optimisation makes, gets a number here: the reference of
its result. It is emitted when the number stands in `order`. A virtual object has a number and is not emitted until
it is forced, so the order of emission is not that of the numbers; the last step copies the emitted instructions to a
`Trace` and numbers them anew. What is known of a value stands in lists indexed by its number, so that learning and
asking cost one list access.
"""

from ouro.jitcore.trace import NOTHING, Trace
from ouro.rlib.objectmodel import newlist_hint

#: Bits in `facts`.
NONNULL = 1  # the reference is not null
ESCAPED = 2  # an object made in this trace has got where others can reach it
IS_INSTANCE = 4  # the object has a class


#: Contents of virtuals and pending stores are references in `Work`; resume data name them by numbers from here on, to
#: tell them from those of the recording, which the values of snapshots are.
IN_WORK = 1 << 28


def in_work(reference):
    """How resume data name a reference in `Work`."""
    if reference >= 0:
        return reference + IN_WORK
    return reference


class Work(Trace):
    """Instructions that may or may not be emitted, and knowledge of their results.

    Attributes:
        order: the numbers of the emitted instructions.
        forwarded: the reference that took the place of a value, `NOTHING` for itself.
        facts: bits.
        classes: the address of the vtable, 0 where it is not known.
        ranges: what is known of an integer (`IntRange`), None for nothing.
        virtuals: the description of an object that is not made (`Virtual`), None for others.
    """

    def __init__(self, constants, room):
        Trace.__init__(self, room)
        self.constants = constants
        self.order = newlist_hint(room)
        self.forwarded = newlist_hint(room)
        self.facts = newlist_hint(room)
        self.classes = newlist_hint(room)
        self.ranges = newlist_hint(room)
        self.virtuals = newlist_hint(room)

    def _append_descriptor(self, descriptor):
        Trace._append_descriptor(self, descriptor)
        self.forwarded.append(NOTHING)
        self.facts.append(0)
        self.classes.append(0)
        self.ranges.append(None)
        self.virtuals.append(None)

    def resolve(self, reference):
        """What stands for a reference now: itself, another value or a constant."""
        while reference >= 0:
            target = self.forwarded[reference]
            if target == NOTHING:
                break
            reference = target
        return reference

    def forward(self, number, reference):
        """From now on `reference` stands for the value `number`."""
        assert number != reference
        self.forwarded[number] = reference

    def rewrite(self, number, opcode, first=NOTHING, second=NOTHING, third=NOTHING):
        """Make another operation without descriptor of an instruction that is not emitted yet."""
        self.opcodes[number] = opcode
        self.first[number] = first
        self.second[number] = second
        self.third[number] = third
        self.extra[number] = -1
        self.descriptors[number] = None

    def set_operand(self, number, position, reference):
        """Change one operand."""
        extra = self.extra[number]
        if extra >= 0:
            self.operands[extra + 1 + position] = reference
        elif position == 0:
            self.first[number] = reference
        elif position == 1:
            self.second[number] = reference
        else:
            self.third[number] = reference
