"""Which value is where at one point of the trace: registers and slots, and how they are given out."""

from ouro.jitcore.backend.interface import CannotCompile
from ouro.jitcore.backend.registers.allocation import Allocation
from ouro.jitcore.backend.registers.locations import (
    CLASS_FLOAT,
    CLASS_INT,
    FIRST_FLOAT,
    FIRST_SLOT,
    MOST_SLOTS,
    NOWHERE,
    is_register,
    register_bit,
    register_class,
    slot,
)
from ouro.jitcore.backend.registers.moves import MoveList
from ouro.jitcore.backend.registers.uses import NEVER
from ouro.jitcore.trace import NOTHING, is_constant

#: In `slot_holder`: the instruction at hand is the last that reads the slot.
ENDED = -2


class AllocationError(CannotCompile):
    """A trace does not fit a machine: an instruction wants more registers than there are, or has no row, or there are
    too many slots.
    """


class State:
    """Values are in a register, in a slot, or (as they never change) in both.

    Attributes:
        holder: what each register holds: a value, a constant that can be made again at any time, or `NOTHING`.
        register_of: the register that a value is in, `NOWHERE` for none. A register whose value says another one is
            an echo: it still holds the value and is about to be overwritten.
        slot_of: the slot (as a location) that a value is in, `NOWHERE` for none.
        next_use: the next instruction that has a value as an operand.
        forbidden: masks of the registers, by class, that the instruction at hand has use for already.
        label_place: where the label of the segment has put a value.
        stored: the values that were stored in a slot behind the label.
    """

    def __init__(self, trace, machine, uses):
        count = trace.length()
        self.trace = trace
        self.machine = machine
        self.uses = uses
        self.allocation = Allocation(count)
        self.moves = MoveList(machine, trace.constants)
        self.holder = [NOTHING] * FIRST_SLOT
        self.register_of = [NOWHERE] * count
        self.slot_of = [NOWHERE] * count
        self.next_use = [NEVER] * count
        self.label_place = [NOWHERE] * count
        self.stored = [False] * count
        self.slot_holder = []
        self.free_slots = []
        self.ended_slots = []
        self.spare = NOWHERE
        self.free_i = machine.allocatable_i
        self.free_f = machine.allocatable_f
        self.forbidden_i = 0
        self.forbidden_f = 0
        self.at = 0

    # registers

    def forbid(self, register):
        """Do not give out a register, nor take it from its value, before the next instruction."""
        if register >= FIRST_FLOAT:
            self.forbidden_f |= register_bit(register)
        else:
            self.forbidden_i |= register_bit(register)

    def is_free(self, register):
        """Does an allocatable register hold nothing?"""
        free = self.free_f if register >= FIRST_FLOAT else self.free_i
        return free & register_bit(register) != 0

    def occupy(self, register, value):
        """Note that a register holds a value or a constant. A value is in that register from now on."""
        self.holder[register] = value
        if register >= FIRST_FLOAT:
            self.free_f &= ~register_bit(register)
        else:
            self.free_i &= ~register_bit(register)
        if value >= 0:
            self.register_of[value] = register

    def vacate(self, register):
        """Note that a register holds nothing."""
        value = self.holder[register]
        if value >= 0 and self.register_of[value] == register:
            self.register_of[value] = NOWHERE
        self.holder[register] = NOTHING
        if register >= FIRST_FLOAT:
            self.free_f |= register_bit(register) & self.machine.allocatable_f
        else:
            self.free_i |= register_bit(register) & self.machine.allocatable_i

    def free_register(self, wanted_class, value, forbidden):
        """The best free register for a value (or `NOTHING`), none of those in a mask; `NOWHERE` where there is none."""
        free = (self.free_f if wanted_class == CLASS_FLOAT else self.free_i) & ~forbidden
        if free == 0:
            return NOWHERE
        machine = self.machine
        order = machine.floats if wanted_class == CLASS_FLOAT else machine.integers
        if value >= 0:
            wish = self.wished_register(value)
            if wish != NOWHERE and register_class(wish) == wanted_class and free & register_bit(wish):
                return wish
            caller_saved = machine.caller_saved_f if wanted_class == CLASS_FLOAT else machine.caller_saved_i
            preferred = free & caller_saved
            if self.crosses_call(value):
                preferred = free & ~caller_saved
            if preferred != 0:
                free = preferred
        for register in order:
            if free & register_bit(register):
                return register
        return NOWHERE

    def wished_register(self, value):
        """The register that the future of a value asks for, `NOWHERE` for any."""
        uses = self.uses
        if uses.hint[value] != NOWHERE:
            return uses.hint[value]
        like = uses.like[value]
        if like >= 0 and is_register(self.label_place[like]):
            return self.label_place[like]
        return NOWHERE

    def crosses_call(self, value):
        """Is a value, which may stay in a register then, needed behind the next call?"""
        uses = self.uses
        return uses.next_call[self.at + 1] < uses.last_use[value] and not uses.is_reference[value]

    def take(self, wanted_class, value, forbidden=0):
        """A register for a value or a constant: a free one, or that of the value that is used last; `NOWHERE` where the
        instruction itself has all of them.

        `forbidden` is a mask of registers to leave alone beside those of the instruction.
        """
        forbidden |= self.forbidden_f if wanted_class == CLASS_FLOAT else self.forbidden_i
        register = self.free_register(wanted_class, value, forbidden)
        if register == NOWHERE:
            register = self._least_wanted(wanted_class, forbidden)
            if register != NOWHERE:
                self.evict(register)
        return register

    def _least_wanted(self, wanted_class, forbidden):
        machine = self.machine
        best = NOWHERE
        best_distance = -1
        for register in machine.floats if wanted_class == CLASS_FLOAT else machine.integers:
            if forbidden & register_bit(register):
                continue
            value = self.holder[register]
            if is_constant(value):
                distance = 4 * NEVER
            else:
                # giving up a value that has a slot costs a load later, others cost a store too
                distance = min(self.next_use[value], NEVER) - self.at
                if self.slot_of[value] != NOWHERE:
                    distance *= 2
            if distance > best_distance:
                best_distance = distance
                best = register
        return best

    def evict(self, register):
        """Free a register; its value gets a slot if it has none."""
        value = self.holder[register]
        if value >= 0 and self.register_of[value] == register:
            self.store(value)
        self.vacate(register)

    # slots

    def store(self, value):
        """Put a value that is in a register in a slot too."""
        if self.slot_of[value] == NOWHERE:
            self.give_slot(value)
            self.stored[value] = True
            self.moves.move(self.register_of[value], self.slot_of[value])

    def give_slot(self, value):
        """Choose a slot for a value; that of the label's value whose place it takes, if it can."""
        like = self.uses.like[value]
        if like >= 0:
            place = self.label_place[like]
            if place >= FIRST_SLOT and self.slot_holder[place - FIRST_SLOT] == NOTHING:
                self.occupy_slot(place, value)
                return
        while len(self.free_slots) > 0:
            place = self.free_slots.pop()
            if self.slot_holder[place - FIRST_SLOT] == NOTHING:
                self.occupy_slot(place, value)
                return
        self.occupy_slot(self.new_slot(), value)

    def new_slot(self):
        """A slot that nothing has been in."""
        number = len(self.slot_holder)
        if number >= MOST_SLOTS:
            raise AllocationError("a trace needs too many slots")
        self.slot_holder.append(NOTHING)
        return slot(number)

    def occupy_slot(self, place, value):
        """Note that a value is in a slot."""
        while len(self.slot_holder) <= place - FIRST_SLOT:
            self.free_slots.append(self.new_slot())
        self.slot_holder[place - FIRST_SLOT] = value
        self.slot_of[value] = place

    def vacate_slot(self, value):
        """Note that the slot of a value, if it has one, is free from the next instruction on: moves that are made for
        the result of this one come in front of it, when it has not read its operands.
        """
        place = self.slot_of[value]
        if place != NOWHERE:
            self.slot_of[value] = NOWHERE
            self.slot_holder[place - FIRST_SLOT] = ENDED
            self.ended_slots.append(place)

    def free_ended_slots(self):
        """Begin an instruction: slots of values that the one before used last are free."""
        while len(self.ended_slots) > 0:
            place = self.ended_slots.pop()
            if self.slot_holder[place - FIRST_SLOT] == ENDED:
                self.slot_holder[place - FIRST_SLOT] = NOTHING
                self.free_slots.append(place)

    # values

    def place_of(self, value):
        """Where a value is, in a register if it is in one."""
        register = self.register_of[value]
        return register if register != NOWHERE else self.slot_of[value]

    def release(self, value):
        """Forget a value: no one needs it any more."""
        if self.register_of[value] != NOWHERE:
            self.vacate(self.register_of[value])
        self.vacate_slot(value)

    def parallel(self, sources, targets):
        """Move values at once."""
        if self.spare == NOWHERE:
            spare = slot(len(self.slot_holder))
        else:
            spare = self.spare
        if self.moves.parallel(sources, targets, spare) and self.spare == NOWHERE:
            self.spare = self.new_slot()

    def forget_everything(self):
        """Empty all registers and slots, at a label."""
        for register in self.machine.integers:
            self.vacate(register)
        for register in self.machine.floats:
            self.vacate(register)
        self.free_slots = []
        number = len(self.slot_holder) - 1
        while number >= 0:
            if slot(number) != self.spare:
                value = self.slot_holder[number]
                if value >= 0:
                    self.slot_of[value] = NOWHERE
                self.slot_holder[number] = NOTHING
                self.free_slots.append(slot(number))
            number -= 1

    def class_for(self, value):
        """The class of registers for a value."""
        return self.uses.register_class[value] if value >= 0 else CLASS_INT
