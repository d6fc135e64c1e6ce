"""The result of register allocation: where every operand and result is, and the moves in between.

An emitter goes through the instructions of the trace in order. For instruction `n` it emits the moves from
`first_move[n]` on up to `first_move[n + 1]`, one after the other, then (unless `skipped[n]`) the instruction itself
with the locations that the accessors give. There are no moves behind an instruction. The moves of a label come in front
of it: code that falls into the label runs them, a jump to it does not.

Moves never change the flags that a comparison or an operation with overflow leaves for the guard behind it, so a
backend emits them with instructions that do not.
"""

from ouro.jitcore.backend.registers.locations import NOWHERE, decode_locations


class Allocation:
    """Parallel lists over the instructions of a trace.

    Attributes:
        skipped: emit nothing: an input, a marker, a comparison that is made at its guard, a result no one uses.
        fused: for a guard, the number of the comparison to make right in front of it, -1 for none. The locations of
            the guard's operands are then those of the comparison's operands.
        results: the location of the result, `NOWHERE` for none.
        first_location: where the locations of an instruction's operands begin in `locations`; those of its
            temporaries follow, first integer then float ones.
        locations: see `first_location`. A constant stands for itself.
        swapped: the two operands of an operation that commutes have changed places in `locations`.
        first_move: see the module; one more than there are instructions.
        move_sources, move_targets: the moves. A source is a register, a slot or a constant; a target a register, a
            slot or an outgoing slot. A move to memory has a register as its source, or a constant that is an
            immediate (`fits_immediate(JUMP, 0, value)`, null). A constant of any kind may be moved to an integer
            register (a double as its bits), a float register takes doubles and slots.
        failures: for a guard, where the values that it keeps are when it fails (`encode_locations`), in the order of
            `GuardDescriptor.values`, `NOWHERE` for those that are `NOTHING`; for others the empty string.
        gc_maps: for an instruction whose row says COLLECTS, and for guards, the words of the frame that hold references
            then, as a bit string (see `ouro.jitcore.backend.frames`); registers count as the words that they are saved
            in. For others the empty string. While the collector runs in an instruction its result does not count.
        slots: the number of slots, at least that of the inputs; `outgoing` that of outgoing words.
    """

    def __init__(self, count):
        self.skipped = [False] * count
        self.fused = [-1] * count
        self.results = [NOWHERE] * count
        self.first_location = [0] * (count + 1)
        self.locations = []
        self.swapped = [False] * count
        self.first_move = [0] * (count + 1)
        self.move_sources = []
        self.move_targets = []
        self.failures = [""] * count
        self.gc_maps = [""] * count
        self.slots = 0
        self.outgoing = 0

    def location(self, number, position):
        """The location of an operand of an instruction, or of a temporary behind the operands."""
        index = self.first_location[number] + position
        assert 0 <= index < self.first_location[number + 1]
        return self.locations[index]

    def temporary(self, trace, number, position):
        """The register that is temporary number `position` of an instruction."""
        source = number
        if self.fused[number] >= 0:
            source = self.fused[number]
        return self.location(number, trace.operand_count(source) + position)

    def result(self, number):
        """The location of the result of an instruction."""
        return self.results[number]

    def failure_locations(self, number):
        """Where the values that a guard keeps are, as a list."""
        return decode_locations(self.failures[number])
