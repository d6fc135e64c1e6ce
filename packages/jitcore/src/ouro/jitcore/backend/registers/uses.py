"""One walk backward over a trace: what is needed at all, what is fused, and when each value is used next.

The allocator goes forward and only ever asks "when is this value used next" (Belady's rule: what is used last is
spilled first) and "where would it be best" (a register that a later instruction or the label of the loop wants it in).
Both are known only from behind, so this walk collects them first, in lists indexed by value and by use.
"""

from ouro.jitcore import operations
from ouro.jitcore.backend.registers.locations import CLASS_FLOAT, CLASS_INT, NOWHERE, is_register
from ouro.jitcore.backend.registers.machine import (
    COLLECTS,
    FUSES,
    NO_CODE,
    RESULT_FIRST,
    SAVES_REGISTERS,
    TAKES_FUSED,
    fixed_place,
)
from ouro.jitcore.descriptors import CallDescriptor, GuardDescriptor, TargetToken
from ouro.rlib.objectmodel import newlist_hint

#: A position behind all instructions.
NEVER = 1 << 30


class Uses:
    """What the walk finds; lists are indexed by instruction or (as all values are results) by value.

    Attributes:
        skipped, fused: as in `Allocation`.
        swapped: as in `Allocation`: the allocator swaps uses here.
        start: where the uses of an instruction begin in the three lists that follow; one more than instructions. The
            operands of a fused comparison are uses of its guard.
        values: the value (or constant) of each use, operands in order.
        constraints: the constraint of each use.
        next_uses: the next instruction that uses the value after this one.
        first_use: the first instruction that uses a value as an operand, `NEVER` for none.
        last_use: the last one, where a guard that keeps the value or a label that passes it counts too; -1 for none.
        next_call: the next instruction from here on that clobbers what calls clobber.
        hint: the register that a value should best be in, `NOWHERE` for none.
        like: the operand of the label at the beginning of the loop whose place a value takes at the jump; -1 for none.
        register_class: of each value.
        is_reference: is a value a reference?
    """

    def __init__(self, trace, machine):
        count = trace.length()
        self.trace = trace
        self.machine = machine
        self.skipped = [False] * count
        self.fused = [-1] * count
        self.start = [0] * (count + 1)
        self.swapped = [False] * count
        self.values = newlist_hint(2 * count)
        self.constraints = newlist_hint(2 * count)
        self.next_uses = newlist_hint(2 * count)
        self.first_use = [NEVER] * count
        self.last_use = [-1] * count
        self.next_call = [NEVER] * (count + 1)
        self.hint = [NOWHERE] * count
        self.like = [-1] * count
        self.register_class = [CLASS_INT] * count
        self.is_reference = [False] * count
        self._count_uses()
        self._collect_uses()
        self._find_wishes_of_jump()
        self._link_uses()
        self._hand_wishes_on()

    def collects(self, number):
        """May the collector run in an instruction?"""
        if self.machine.flags[self.trace.opcodes[number]] & COLLECTS == 0:
            return False
        descriptor = self.trace.descriptors[number]
        return not isinstance(descriptor, CallDescriptor) or descriptor.effect.can_collect

    def moves_references(self, number):
        """May the collector run in an instruction so that it cannot see references in registers?"""
        flags = self.machine.flags[self.trace.opcodes[number]]
        return flags & SAVES_REGISTERS == 0 and self.collects(number)

    def _count_uses(self):
        """Fuse comparisons that only a guard uses; skip what computes something that no one uses."""
        trace, machine = self.trace, self.machine
        counts = [0] * trace.length()
        guard_of = [-1] * trace.length()
        number = trace.length() - 1
        while number >= 0:
            opcode = trace.opcodes[number]
            kind = operations.result_kind(opcode)
            if kind == "f":
                self.register_class[number] = CLASS_FLOAT
            elif kind == "r":
                self.is_reference[number] = True
            flags = machine.flags[opcode]
            if flags & NO_CODE != 0 or (counts[number] == 0 and _only_computes(opcode)):
                self.skipped[number] = True
                if opcode == operations.KEEPALIVE:
                    # no code, but what it keeps alive must be there
                    self._count(counts, number)
            elif flags & FUSES != 0 and counts[number] == 1 and guard_of[number] >= 0:
                self.fused[guard_of[number]] = number
                self.skipped[number] = True
                self._count(counts, number)
            else:
                self._count(counts, number)
                if flags & TAKES_FUSED != 0 and trace.first[number] >= 0:
                    guard_of[trace.first[number]] = number
                descriptor = trace.descriptors[number]
                if isinstance(descriptor, GuardDescriptor):
                    for value in descriptor.values:
                        if value >= 0:
                            counts[value] += 1
            number -= 1

    def _count(self, counts, number):
        for position in range(self.trace.operand_count(number)):
            value = self.trace.operand(number, position)
            if value >= 0:
                counts[value] += 1

    def _collect_uses(self):
        """Fill `start`, `values`, `constraints`, and `last_use`."""
        trace, machine, last_use = self.trace, self.machine, self.last_use
        for number in range(trace.length()):
            self.start[number] = len(self.values)
            opcode = trace.opcodes[number]
            if opcode == operations.KEEPALIVE:
                if trace.first[number] >= 0:
                    last_use[trace.first[number]] = number
                continue
            if self.skipped[number]:
                continue
            source = number
            if self.fused[number] >= 0:
                source = self.fused[number]
                opcode = trace.opcodes[source]
            count = trace.operand_count(source)
            if operations.is_call(opcode):
                kinds = "".join([trace.kind_of(trace.operand(source, position)) for position in range(count)])
                for constraint in machine.argument_constraints(opcode, kinds):
                    self.constraints.append(constraint)
            else:
                for position in range(count):
                    self.constraints.append(machine.constraint(opcode, position))
            for position in range(count):
                value = trace.operand(source, position)
                self.values.append(value)
                self.next_uses.append(NEVER)
                if value >= 0:
                    last_use[value] = number
            descriptor = trace.descriptors[number]
            if isinstance(descriptor, GuardDescriptor):
                for value in descriptor.values:
                    if value >= 0:
                        last_use[value] = number
        self.start[trace.length()] = len(self.values)

    def _link_uses(self):
        """Fill `next_uses`, `first_use` and `next_call`. Being passed by a label is no use, and being passed by the
        jump only where the value changes places.
        """
        trace, machine, first_use = self.trace, self.machine, self.first_use
        call = NEVER
        number = trace.length() - 1
        while number >= 0:
            opcode = trace.opcodes[number]
            if not self.skipped[number]:
                if machine.clobbers_i[opcode] & machine.caller_saved_i == machine.caller_saved_i:
                    call = number
                if opcode != operations.LABEL:
                    for index in range(self.start[number], self.start[number + 1]):
                        value = self.values[index]
                        if value >= 0:
                            self.next_uses[index] = first_use[value]
                    for index in range(self.start[number], self.start[number + 1]):
                        value = self.values[index]
                        if value >= 0 and (opcode != operations.JUMP or self.like[value] != value):
                            first_use[value] = number
            self.next_call[number] = call
            number -= 1

    def _find_wishes_of_jump(self):
        """Fill `hint` and `like` for the values that the jump at the end passes."""
        trace = self.trace
        jump = trace.length() - 1
        if jump < 0 or trace.opcodes[jump] != operations.JUMP:
            return
        target = trace.descriptors[jump]
        assert isinstance(target, TargetToken)
        label = jump - 1
        while label >= 0 and trace.descriptors[label] is not target:
            label -= 1
        for position in range(trace.operand_count(jump)):
            value = trace.operand(jump, position)
            if value < 0:
                continue
            if label >= 0:
                self.like[value] = trace.operand(label, position)
            elif position < len(target.locations) and is_register(target.locations[position]):
                self.hint[value] = target.locations[position]

    def _hand_wishes_on(self):
        """Fill `hint` for operands in fixed places, and hand wishes on from results to operands that they overwrite."""
        trace, machine = self.trace, self.machine
        number = trace.length() - 1
        while number >= 0:
            if not self.skipped[number] and trace.opcodes[number] != operations.LABEL:
                opcode = trace.opcodes[number]
                for index in range(self.start[number], self.start[number + 1]):
                    value = self.values[index]
                    place = fixed_place(self.constraints[index])
                    if value >= 0 and is_register(place) and self.last_use[value] == number:
                        if self.next_call[value + 1] >= number:
                            self.hint[value] = place
                if machine.results[opcode] == RESULT_FIRST:
                    value = self.values[self.start[number]]
                    if value >= 0 and self.last_use[value] == number:
                        if self.hint[value] == NOWHERE:
                            self.hint[value] = self.hint[number]
                        if self.like[value] < 0:
                            self.like[value] = self.like[number]
            number -= 1


def _only_computes(opcode):
    return operations.has_flag(opcode, operations.PURE | operations.LOAD)
