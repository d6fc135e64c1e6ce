"""The allocator: one walk forward over a trace, an instruction at a time.

Linear scan as in Poletto, Sarkar, "Linear Scan Register Allocation" (1999), without intervals: a trace is a straight
line in SSA form, so the state at an instruction is all there is to know, and what happens behind it has been found by
a walk backward (`uses`). Values move between registers and slots at any point (a live range is split wherever that
helps); the one that is used last gives way. The label of a loop fixes where its values are: those used soonest in
registers, and the jump at the end, whose values aim at these places from the start, closes the loop by parallel moves.

What the loop does not change and has no register for belongs in a slot from the beginning, rather than to be stored in
every iteration: if the first walk stored such values behind the label, a second walk starts with them in slots.
"""

from ouro.jitcore import operations
from ouro.jitcore.backend.frames import make_gc_map
from ouro.jitcore.backend.registers.labels import registers_at_label
from ouro.jitcore.backend.registers.locations import (
    CLASS_FLOAT,
    CLASS_INT,
    FIRST_FLOAT,
    NOWHERE,
    encode_locations,
    is_outgoing,
    is_register,
    is_slot,
    outgoing_number,
    register_bit,
    register_class,
    slot,
    slot_number,
)
from ouro.jitcore.backend.registers.machine import (
    CONSTANT,
    FORCES,
    FORM_MASK,
    IMMEDIATE,
    LATE,
    REGISTER,
    RESULT_FIRST,
    RESULT_NONE,
    SAVES_REGISTERS,
    SLOT,
    fixed_place,
)
from ouro.jitcore.backend.registers.state import AllocationError, State
from ouro.jitcore.backend.registers.uses import NEVER, Uses
from ouro.jitcore.descriptors import GuardDescriptor, TargetToken
from ouro.jitcore.trace import NOTHING, is_constant


def allocate(trace, machine, inputs):
    """Give every value of a trace a place at every instruction.

    Args:
        trace: a lowered trace.
        machine: the `MachineDescription`.
        inputs: the location (register or slot) of each input of the trace.

    Returns:
        An `Allocation`. `TargetToken.locations` is set at the labels.

    Raises:
        AllocationError: the trace does not fit the machine.
    """
    uses = Uses(trace, machine)
    in_slots = [False] * trace.length()
    scan = LinearScan(trace, machine, uses, inputs, in_slots)
    scan.run()
    if scan.find_better_in_slots():
        scan = LinearScan(trace, machine, uses, inputs, in_slots)
        scan.run()
    return scan.state.allocation


TOO_FEW = "an instruction needs more registers than there are"


class LinearScan:
    """One walk. `in_slots` says of values that a label passes that they belong in slots."""

    def __init__(self, trace, machine, uses, inputs, in_slots):
        self.trace = trace
        self.machine = machine
        self.uses = uses
        self.inputs = inputs
        self.in_slots = in_slots
        self.state = State(trace, machine, uses)
        self.kept_at = [-1] * trace.length()
        self.at = 0
        self.loop = -1  # the label that the jump at the end goes to
        # uses and where they are; those of the instruction at hand are numbers `first` to `last`
        self.values = uses.values
        self.constraints = uses.constraints
        self.places = [NOWHERE] * len(uses.values)
        self.first = 0
        self.last = 0
        # of the instruction at hand
        self.has_fixed = False
        self.fixed_i = 0
        self.fixed_f = 0
        self.clobbers_i = 0
        self.clobbers_f = 0
        self.late_i = 0
        self.late_f = 0
        self.temporaries = []
        self.read_from_slots = 0  # operands that are read from slots though they might be in registers
        self.source = 0  # the instruction whose operands are placed: the fused comparison or the instruction itself
        self.nothing_kept = []
        # constants that a guard behind a call that may force keeps, and the slots they are in from the call on
        self.forced_constants = []
        self.forced_places = []

    def run(self):
        """Walk over the trace."""
        state, trace = self.state, self.trace
        allocation = state.allocation
        self._enter()
        for number in range(len(self.inputs), trace.length()):
            self.at = number
            state.at = number
            state.forbidden_i = 0
            state.forbidden_f = 0
            state.free_ended_slots()
            if number > len(self.inputs):
                allocation.first_move[number] = len(state.moves.sources)
            allocation.first_location[number] = len(allocation.locations)
            opcode = trace.opcodes[number]
            if self.uses.skipped[number]:
                allocation.skipped[number] = True
                if opcode == operations.KEEPALIVE:
                    self._release_at_end(trace.first[number])
            elif opcode == operations.LABEL:
                self._label()
            elif opcode == operations.JUMP:
                self._jump()
            else:
                self._instruction(opcode)
        count = trace.length()
        allocation.first_move[count] = len(state.moves.sources)
        allocation.first_location[count] = len(allocation.locations)
        allocation.move_sources = state.moves.sources
        allocation.move_targets = state.moves.targets
        allocation.fused = self.uses.fused
        allocation.swapped = self.uses.swapped
        allocation.slots = len(state.slot_holder)

    def find_better_in_slots(self):
        """Mark the values that the loop passes on unchanged and yet stored; were there any?"""
        found = False
        if self.loop >= 0:
            jump = self.trace.length() - 1
            for position in range(self.trace.operand_count(self.loop)):
                value = self.trace.operand(self.loop, position)
                if self.state.stored[value] and self.trace.operand(jump, position) == value:
                    self.in_slots[value] = True
                    found = True
        return found

    # the ends of segments

    def _enter(self):
        state, uses = self.state, self.uses
        for value in range(len(uses.first_use)):
            state.next_use[value] = uses.first_use[value]
        for value in range(len(self.inputs)):
            place = self.inputs[value]
            state.allocation.results[value] = place
            state.allocation.skipped[value] = True
            if is_slot(place):
                while len(state.slot_holder) <= slot_number(place):
                    state.free_slots.append(state.new_slot())
        again = []
        for value in range(len(self.inputs)):
            place = self.inputs[value]
            if uses.last_use[value] < 0:
                continue
            if is_register(place):
                if state.is_free(place):
                    state.occupy(place, value)
                else:
                    again.append(value)
            elif state.slot_holder[slot_number(place)] == NOTHING:
                state.occupy_slot(place, value)
            else:
                again.append(value)
        # a guard may keep one value several times: the inputs of a bridge are different values
        for value in again:
            state.give_slot(value)
            state.moves.move(self.inputs[value], state.slot_of[value])

    def _label(self):
        state, trace, uses, number = self.state, self.trace, self.uses, self.at
        target = trace.descriptors[number]
        assert isinstance(target, TargetToken)
        values = trace.operand_list(number)
        last = trace.length() - 1
        invariant = [False] * len(values)
        if trace.opcodes[last] == operations.JUMP and trace.descriptors[last] is target:
            self.loop = number
            for position in range(len(values)):
                invariant[position] = trace.operand(last, position) == values[position]
        targets = registers_at_label(state, values, invariant, self.in_slots)
        sources = []
        for value in values:
            assert value >= 0
            sources.append(state.place_of(value))
        for position in range(len(values)):
            if targets[position] == NOWHERE:
                value = values[position]
                if state.slot_of[value] == NOWHERE:
                    state.give_slot(value)
                targets[position] = state.slot_of[value]
        state.parallel(sources, targets)
        state.forget_everything()
        for position in range(len(values)):
            value = values[position]
            place = targets[position]
            state.register_of[value] = NOWHERE
            if uses.last_use[value] > number:
                if is_register(place):
                    state.occupy(place, value)
                else:
                    state.occupy_slot(place, value)
            state.label_place[value] = place
            state.stored[value] = False
            state.allocation.locations.append(place)
        target.locations = targets

    def _jump(self):
        state, trace, number = self.state, self.trace, self.at
        target = trace.descriptors[number]
        assert isinstance(target, TargetToken)
        for place in target.locations:
            if is_slot(place):
                while len(state.slot_holder) <= slot_number(place):
                    state.new_slot()
        sources = []
        for position in range(trace.operand_count(number)):
            value = trace.operand(number, position)
            if value < 0:
                sources.append(value)
            elif state.slot_of[value] == target.locations[position]:
                sources.append(state.slot_of[value])
            else:
                sources.append(state.place_of(value))
            state.allocation.locations.append(target.locations[position])
        state.parallel(sources, target.locations)

    # one instruction

    def _instruction(self, opcode):
        state, machine, uses, number = self.state, self.machine, self.uses, self.at
        if not machine.known[opcode]:
            raise AllocationError("the machine has no row for an operation: it must be lowered first")
        self._read_row(opcode)
        kept = self._kept_values()
        for value in kept:
            if value >= 0:
                self.kept_at[value] = number
        self._save_clobbered(opcode)
        if self.has_fixed:
            self._clear_fixed()
            self._place_fixed()
        self._place_others()
        if machine.results[opcode] == RESULT_FIRST:
            self._place_overwritten()
        if machine.temporaries_i[opcode] + machine.temporaries_f[opcode] > 0:
            self._take_temporaries(opcode)
        if operations.is_guard(opcode):
            self._note_failure(opcode, kept)
        self._find_late_registers()
        for index in range(self.first, self.last):
            self._release_at_end(self.values[index])
        for value in kept:
            self._release_at_end(value)
        self._forget_clobbered()
        state.forbidden_i = self.late_i
        state.forbidden_f = self.late_f
        self._place_result(opcode)
        if uses.collects(number):
            self._note_gc_map(opcode)
        locations = state.allocation.locations
        for index in range(self.first, self.last):
            locations.append(self.places[index])
        if len(self.temporaries) > 0:
            for register in self.temporaries:
                locations.append(register)
                state.vacate(register)
            self.temporaries = []

    def _read_row(self, opcode):
        """Take over operands and masks of the instruction."""
        state, machine, uses, number = self.state, self.machine, self.uses, self.at
        self.source = number
        if uses.fused[number] >= 0:
            self.source = uses.fused[number]
        self.first = uses.start[number]
        self.last = uses.start[number + 1]
        self.read_from_slots = 0
        self.has_fixed = False
        self.fixed_i = 0
        self.fixed_f = 0
        if self.last - self.first == 2 and operations.has_flag(self.trace.opcodes[self.source], operations.COMMUTES):
            self._order_operands(opcode)
        for index in range(self.first, self.last):
            value = self.values[index]
            self.places[index] = NOWHERE
            if value >= 0:
                state.next_use[value] = uses.next_uses[index]
            place = fixed_place(self.constraints[index])
            if place != NOWHERE:
                if value < 0 and self._may_stand_for_itself(index, value):
                    self.constraints[index] &= FORM_MASK
                    continue
                self.has_fixed = True
                if is_register(place):
                    if place >= FIRST_FLOAT:
                        self.fixed_f |= register_bit(place)
                    else:
                        self.fixed_i |= register_bit(place)
        self.clobbers_i = machine.clobbers_i[opcode]
        self.clobbers_f = machine.clobbers_f[opcode]
        result = machine.results[opcode]
        if result >= FIRST_FLOAT:
            self.clobbers_f |= register_bit(result)
        elif result >= 0:
            self.clobbers_i |= register_bit(result)

    def _order_operands(self, opcode):
        """Swap the operands of an operation that commutes, where the other order is better."""
        uses, index = self.uses, self.first
        first, second = self.values[index], self.values[index + 1]
        better = False
        if is_constant(first):
            better = not is_constant(second)
        elif self.machine.results[opcode] == RESULT_FIRST and not is_constant(second):
            better = self._gain_of_overwriting(second) > self._gain_of_overwriting(first)
        if better:
            self.values[index] = second
            self.values[index + 1] = first
            following = uses.next_uses[index]
            uses.next_uses[index] = uses.next_uses[index + 1]
            uses.next_uses[index + 1] = following
            uses.swapped[self.at] = not uses.swapped[self.at]

    def _may_stand_for_itself(self, index, constant):
        """May a constant be part of the instruction, fixed place or not?"""
        forms = self.constraints[index]
        return forms & CONSTANT != 0 or (forms & IMMEDIATE != 0 and self._is_immediate(index, constant))

    def _gain_of_overwriting(self, value):
        state = self.state
        if self._lives_on(value) or state.register_of[value] == NOWHERE:
            return 0
        if state.register_of[value] == state.wished_register(self.at):
            return 2
        return 1

    def _kept_values(self):
        descriptor = self.trace.descriptors[self.at]
        if isinstance(descriptor, GuardDescriptor):
            return descriptor.values
        return self.nothing_kept

    def _lives_on(self, value):
        """Is a value needed when the instruction has been made, or when it fails?"""
        return self.uses.last_use[value] > self.at or self.kept_at[value] == self.at

    def _is_clobbered(self, register):
        if register >= FIRST_FLOAT:
            return self.clobbers_f & register_bit(register) != 0
        return self.clobbers_i & register_bit(register) != 0

    # values that the instruction is in the way of

    def _save_clobbered(self, opcode):
        """Bring values that live on out of clobbered registers; references into slots where the collector moves them;
        what a call may look at into slots.
        """
        state, machine, uses, number = self.state, self.machine, self.uses, self.at
        moves_references = uses.moves_references(number)
        if moves_references or self.clobbers_i != 0:
            for register in machine.integers:
                value = state.holder[register]
                if value == NOTHING:
                    continue
                if value < 0:
                    if self.clobbers_i & register_bit(register):
                        state.vacate(register)
                elif self._lives_on(value):
                    if moves_references and uses.is_reference[value]:
                        state.store(value)
                    elif self.clobbers_i & register_bit(register):
                        self._save(register, value)
        if self.clobbers_f != 0:
            for register in machine.floats:
                if self.clobbers_f & register_bit(register):
                    value = state.holder[register]
                    if value >= 0:
                        if self._lives_on(value):
                            self._save(register, value)
                    elif value != NOTHING:
                        state.vacate(register)
        if machine.flags[opcode] & FORCES and number + 1 < self.trace.length():
            descriptor = self.trace.descriptors[number + 1]
            if isinstance(descriptor, GuardDescriptor):
                for value in descriptor.values:
                    if value >= 0 and value != number:
                        state.store(value)
                    elif is_constant(value):
                        self.forced_constants.append(value)
                        self.forced_places.append(self._store_constant(value))

    def _save(self, register, value):
        """Put a value of a clobbered register elsewhere too; the register still holds it."""
        state = self.state
        if state.slot_of[value] != NOWHERE or state.register_of[value] != register:
            return
        if state.next_use[value] < NEVER:
            other = self._other_register(register, value)
            if other != NOWHERE:
                state.moves.move(register, other)
                state.occupy(other, value)
                return
        state.store(value)

    def _other_register(self, register, value):
        """A free register, of the class of `register`, that the instruction has no use for."""
        if register >= FIRST_FLOAT:
            return self.state.free_register(CLASS_FLOAT, value, self.clobbers_f | self.fixed_f)
        return self.state.free_register(CLASS_INT, value, self.clobbers_i | self.fixed_i)

    def _clear_fixed(self):
        """Free the registers that operands must be in of other values."""
        state = self.state
        for index in range(self.first, self.last):
            place = fixed_place(self.constraints[index])
            if not is_register(place):
                continue
            held = state.holder[place]
            if held == NOTHING or held == self.values[index]:
                continue
            if held < 0 or state.register_of[held] != place:
                state.vacate(place)
            elif not self._moves_along(held):
                if state.slot_of[held] != NOWHERE:
                    state.vacate(place)
                    continue
                other = self._other_register(place, held)
                if other != NOWHERE:
                    state.moves.move(place, other)
                    state.occupy(other, held)
                else:
                    state.store(held)
                state.vacate(place)

    def _moves_along(self, value):
        """Is a value needed in fixed places of the instruction and nowhere else?"""
        if self._lives_on(value):
            return False
        for index in range(self.first, self.last):
            if self.values[index] == value and fixed_place(self.constraints[index]) == NOWHERE:
                return False
        return True

    # operands

    def _place_fixed(self):
        """Bring operands into their fixed places, all at once."""
        state = self.state
        sources = []
        targets = []
        for index in range(self.first, self.last):
            place = fixed_place(self.constraints[index])
            if place == NOWHERE:
                continue
            value = self.values[index]
            self.places[index] = place
            if is_outgoing(place):
                state.allocation.outgoing = max(state.allocation.outgoing, outgoing_number(place) + 1)
            source = value
            if value >= 0:
                source = state.place_of(value)
                if is_register(place) and state.holder[place] == value:
                    source = place
            sources.append(source)
            targets.append(place)
        state.parallel(sources, targets)
        for index in range(self.first, self.last):
            place = self.places[index]
            if not is_register(place):
                continue
            value = self.values[index]
            if state.holder[place] != value:
                state.vacate(place)
            echo = NOTHING
            if value >= 0:
                echo = state.register_of[value]
            state.occupy(place, value if value >= 0 else NOTHING)
            if echo != NOTHING and echo != place:
                state.register_of[value] = echo
            state.forbid(place)

    def _place_others(self):
        """Find a place for the operands that are not fixed: first keep the registers of those that are in one."""
        state = self.state
        overwrites = self.machine.results[self.trace.opcodes[self.at]] == RESULT_FIRST
        for index in range(self.first, self.last):
            value = self.values[index]
            if value < 0 or self.places[index] != NOWHERE:
                continue
            register = state.register_of[value]
            if register != NOWHERE and self.constraints[index] & REGISTER:
                state.forbid(register)
                if self._is_readable(register, self.constraints[index]):
                    self.places[index] = register
        most = self.machine.most_in_slots[self.trace.opcodes[self.source]]
        for index in range(self.first, self.last):
            if self.places[index] != NOWHERE or (overwrites and index == self.first):
                continue
            value = self.values[index]
            forms = self.constraints[index]
            if value < 0:
                self.places[index] = self._place_constant(index, value, forms)
            elif self._is_readable(state.register_of[value], forms):
                self.places[index] = state.register_of[value]
            elif state.register_of[value] != NOWHERE and forms & REGISTER == 0:
                state.store(value)
                self.places[index] = state.slot_of[value]
            elif forms & SLOT and self.read_from_slots < most and self._is_clobbered_everywhere(value):
                state.store(value)
                self.read_from_slots += 1
                self.places[index] = state.slot_of[value]
            elif forms & SLOT and self.read_from_slots < most and self._is_best_in_slot(value, forms):
                self.read_from_slots += 1
                self.places[index] = state.slot_of[value]
            else:
                self.places[index] = self._load(value, forms)

    def _is_readable(self, register, forms):
        """May an operand be in a register that its value is in?"""
        if register == NOWHERE or forms & REGISTER == 0:
            return False
        return forms & LATE == 0 or not self._is_clobbered(register)

    def _place_constant(self, index, constant, forms):
        """A constant as an operand: itself, or a register that it is in from now on."""
        state = self.state
        if forms & CONSTANT or (forms & IMMEDIATE and self._is_immediate(index, constant)):
            return constant
        wanted_class = CLASS_FLOAT if self.trace.kind_of(constant) == "f" else CLASS_INT
        for register in self.machine.floats if wanted_class == CLASS_FLOAT else self.machine.integers:
            if state.holder[register] == constant and self._is_readable(register, forms):
                state.forbid(register)
                return register
        register = self._take(wanted_class, NOTHING, self._late_clobbers(wanted_class, forms))
        state.moves.move(constant, register)
        state.occupy(register, constant)
        state.forbid(register)
        return register

    def _is_immediate(self, index, constant):
        kind = self.trace.kind_of(constant)
        constants = self.trace.constants
        if kind == "i":
            position = index - self.first
            return self.machine.fits_immediate(self.trace.opcodes[self.source], position, constants.int_of(constant))
        return kind == "r" and not constants.reference_of(constant)

    def _is_clobbered_everywhere(self, value):
        """Is a LATE operand in a register that is overwritten, and no other one free?"""
        register = self.state.register_of[value]
        return register != NOWHERE and self._other_register(register, value) == NOWHERE

    def _is_best_in_slot(self, value, forms):
        """Is a value read from its slot, for it is not used again soon, or there is no register for it free?"""
        state = self.state
        if state.slot_of[value] == NOWHERE:
            return False
        if forms & REGISTER == 0 or state.next_use[value] >= self.uses.next_call[self.at]:
            return True
        wanted_class = self.uses.register_class[value]
        taken = state.forbidden_f if wanted_class == CLASS_FLOAT else state.forbidden_i
        taken |= self.clobbers_f if wanted_class == CLASS_FLOAT else self.clobbers_i
        return state.free_register(wanted_class, value, taken) == NOWHERE

    def _load(self, value, forms):
        """Bring a value into a register that it may be read from."""
        state = self.state
        wanted_class = self.uses.register_class[value]
        avoided = self._late_clobbers(wanted_class, forms)
        if self._lives_on(value):
            clobbers = self.clobbers_f if wanted_class == CLASS_FLOAT else self.clobbers_i
            taken = state.forbidden_f if wanted_class == CLASS_FLOAT else state.forbidden_i
            if state.free_register(wanted_class, value, clobbers | taken) != NOWHERE:
                avoided = clobbers
        source = state.place_of(value)
        register = self._find(wanted_class, value, avoided)
        if register == NOWHERE:
            if forms & SLOT == 0 or self.read_from_slots >= self.machine.most_in_slots[self.trace.opcodes[self.source]]:
                raise AllocationError(TOO_FEW)
            # all registers that keep their contents are taken: the value may be in no slot yet
            state.store(value)
            self.read_from_slots += 1
            return state.slot_of[value]
        state.moves.move(source, register)
        if is_register(source):
            # the value leaves a register that is clobbered while the instruction still reads it
            state.vacate(source)
        state.occupy(register, value)
        state.forbid(register)
        return register

    def _late_clobbers(self, wanted_class, forms):
        if forms & LATE == 0:
            return 0
        return self.clobbers_f if wanted_class == CLASS_FLOAT else self.clobbers_i

    def _place_overwritten(self):
        """Bring the first operand into the register of the result."""
        state, number = self.state, self.at
        value = self.values[self.first]
        wanted_class = self.uses.register_class[number]
        if value >= 0:
            register = state.register_of[value]
            if register != NOWHERE and not self._lives_on(value) and not self._is_clobbered(register):
                if not self._is_late_elsewhere(value):
                    state.forbid(register)
                    self.places[self.first] = register
                    return
        clobbers = self.clobbers_f if wanted_class == CLASS_FLOAT else self.clobbers_i
        source = value
        if value >= 0:
            source = state.place_of(value)
            # if no register is free, the value itself may give way: it is copied to a slot and then overwritten
            self._allow(source)
        register = self._take(wanted_class, number, clobbers)
        state.moves.move(source, register)
        state.occupy(register, NOTHING)
        state.forbid(register)
        self.places[self.first] = register

    def _take(self, wanted_class, value, avoided=0):
        """A register for a value or a constant."""
        register = self._find(wanted_class, value, avoided)
        if register == NOWHERE:
            raise AllocationError(TOO_FEW)
        return register

    def _find(self, wanted_class, value, avoided):
        """A register or `NOWHERE`. If the operands have all of them, one that may be in a slot goes there."""
        state = self.state
        register = state.take(wanted_class, value, avoided)
        if register != NOWHERE:
            return register
        if self.read_from_slots < self.machine.most_in_slots[self.trace.opcodes[self.source]]:
            for index in range(self.first, self.last):
                register = self.places[index]
                if not is_register(register) or register_class(register) != wanted_class:
                    continue
                if avoided & register_bit(register) == 0 and self._may_go_to_slot(index):
                    held = self.values[index]
                    state.store(held)
                    state.vacate(register)
                    self.read_from_slots += 1
                    self.places[index] = state.slot_of[held]
                    return register
        return NOWHERE

    def _may_go_to_slot(self, index):
        """May an operand that is in a register be read from a slot instead, and is no other one in its register?"""
        value = self.values[index]
        if value < 0 or self.constraints[index] & SLOT == 0:
            return False
        if fixed_place(self.constraints[index]) != NOWHERE or self.state.register_of[value] != self.places[index]:
            return False
        for other in range(self.first, self.last):
            if other != index and self.places[other] == self.places[index]:
                return False
        return True

    def _allow(self, register):
        """Let the register of the first operand be taken, unless another operand is in it too."""
        if is_register(register):
            for index in range(self.first + 1, self.last):
                if self.places[index] == register:
                    return
            if register >= FIRST_FLOAT:
                self.state.forbidden_f &= ~register_bit(register)
            else:
                self.state.forbidden_i &= ~register_bit(register)

    def _is_late_elsewhere(self, value):
        for index in range(self.first + 1, self.last):
            if self.values[index] == value and self.constraints[index] & LATE:
                return True
        return False

    def _take_temporaries(self, opcode):
        state, machine = self.state, self.machine
        for wanted_class in (CLASS_INT, CLASS_FLOAT):
            is_float = wanted_class == CLASS_FLOAT
            count = machine.temporaries_f[opcode] if is_float else machine.temporaries_i[opcode]
            for _ in range(count):
                register = self._take(wanted_class, NOTHING, self.clobbers_f if is_float else self.clobbers_i)
                state.occupy(register, NOTHING)
                state.forbid(register)
                self.temporaries.append(register)

    # behind the instruction

    def _find_late_registers(self):
        """The registers that the result must not be in: those of LATE operands and of temporaries."""
        self.late_i = 0
        self.late_f = 0
        for index in range(self.first, self.last):
            if self.constraints[index] & LATE:
                self._add_late(self.places[index])
        for register in self.temporaries:
            self._add_late(register)

    def _add_late(self, place):
        if is_register(place):
            if place >= FIRST_FLOAT:
                self.late_f |= register_bit(place)
            else:
                self.late_i |= register_bit(place)

    def _release_at_end(self, value):
        if value >= 0 and self.uses.last_use[value] == self.at:
            self.state.release(value)

    def _forget_clobbered(self):
        """Empty the registers that the instruction has overwritten, and the echoes in fixed places."""
        state, machine, uses = self.state, self.machine, self.uses
        moves_references = uses.moves_references(self.at)
        if moves_references or (self.clobbers_i | self.fixed_i) != 0:
            for register in machine.integers:
                value = state.holder[register]
                if self.clobbers_i & register_bit(register):
                    state.vacate(register)
                elif self.fixed_i & register_bit(register) and (
                        value == NOTHING or (value >= 0 and state.register_of[value] != register)):
                    state.vacate(register)
                elif moves_references and value != NOTHING and self.trace.kind_of(value) == "r":
                    state.vacate(register)
        if (self.clobbers_f | self.fixed_f) != 0:
            for register in machine.floats:
                value = state.holder[register]
                if self.clobbers_f & register_bit(register):
                    state.vacate(register)
                elif self.fixed_f & register_bit(register) and (
                        value == NOTHING or (value >= 0 and state.register_of[value] != register)):
                    state.vacate(register)

    def _place_result(self, opcode):
        state, machine, uses, number = self.state, self.machine, self.uses, self.at
        rule = machine.results[opcode]
        if rule == RESULT_NONE:
            return
        if rule >= 0:
            register = rule
        elif rule == RESULT_FIRST:
            register = self.places[self.first]
        else:
            register = self._result_register(uses.register_class[number])
        state.allocation.results[number] = register
        if uses.last_use[number] >= 0:
            state.occupy(register, number)
        elif state.holder[register] == NOTHING:
            state.vacate(register)

    def _result_register(self, wanted_class):
        """Any register; without a better wish that of an operand which has ended."""
        state, number = self.state, self.at
        wish = state.wished_register(number)
        taken = state.forbidden_f if wanted_class == CLASS_FLOAT else state.forbidden_i
        if wish == NOWHERE or register_class(wish) != wanted_class or not state.is_free(wish):
            if self.last > self.first and not state.crosses_call(number):
                register = self.places[self.first]
                if is_register(register) and register_class(register) == wanted_class and state.is_free(register):
                    if taken & register_bit(register) == 0:
                        return register
        return self._take(wanted_class, number)

    # what the run time needs to know

    def _note_failure(self, opcode, kept):
        """Where the values that a guard keeps are, and which of them are references."""
        state, trace, number = self.state, self.trace, self.at
        prefers_slots = opcode == operations.GUARD_NOT_FORCED
        places = []
        words = []
        for value in kept:
            if value == NOTHING:
                places.append(NOWHERE)
                continue
            if value < 0:
                if len(self.forced_places) > 0:
                    place = self.forced_places.pop(0)
                else:
                    place = self._store_constant(value)
                state.free_slots.append(place)
            elif prefers_slots and state.slot_of[value] != NOWHERE:
                place = state.slot_of[value]
            else:
                place = state.place_of(value)
                if is_register(place) and self._is_clobbered(place):
                    place = state.slot_of[value]
            places.append(place)
            if trace.kind_of(value) == "r":
                words.append(self.machine.frame_word(place))
        if len(self.forced_constants) > 0:
            self.forced_constants = []
        state.allocation.failures[number] = encode_locations(places)
        state.allocation.gc_maps[number] = make_gc_map(words)

    def _store_constant(self, constant):
        """Put a constant that a guard keeps in a slot of its own."""
        place = self.state.new_slot()
        self.state.moves.move(constant, place)
        return place

    def _note_gc_map(self, opcode):
        """Which words of the frame hold references while the collector runs."""
        state, machine, uses = self.state, self.machine, self.uses
        words = []
        for number in range(len(state.slot_holder)):
            value = state.slot_holder[number]
            if value >= 0 and uses.is_reference[value]:
                words.append(machine.frame_word(slot(number)))
        for index in range(len(self.forced_constants)):
            if self.trace.kind_of(self.forced_constants[index]) == "r":
                words.append(machine.frame_word(self.forced_places[index]))
        if machine.flags[opcode] & SAVES_REGISTERS:
            for register in machine.integers:
                value = state.holder[register]
                if value != NOTHING and value != self.at and self.trace.kind_of(value) == "r":
                    words.append(machine.frame_word(register))
            for index in range(self.first, self.last):
                place = self.places[index]
                if self.constraints[index] & LATE and is_register(place) and self.trace.kind_of(
                        self.values[index]) == "r":
                    words.append(machine.frame_word(place))
        state.allocation.gc_maps[self.at] = make_gc_map(words)
