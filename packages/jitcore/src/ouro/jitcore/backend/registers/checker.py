"""The symbolic checker: does an allocation compute what its trace computes? Host only, for tests.

It runs the allocated code with names of values in place of values: every location holds the set of values that are
certainly in it; a move copies the set; an instruction must find its operands, and leaves its result and nothing in
what it clobbers. The idea is that of regalloc2's checker (Cranelift) and of Rideau and Leroy, "Validating Register
Allocation and Spilling" (2010). What it knows of the machine it takes from the rows, and of the trace from the trace
alone, so that no decision of the allocator is believed.
"""

from __future__ import annotations

from ouro.jitcore import operations as ops
from ouro.jitcore.backend.frames import words_of_gc_map
from ouro.jitcore.backend.registers.allocation import Allocation
from ouro.jitcore.backend.registers.locations import (
    FIRST_SLOT,
    NOWHERE,
    describe,
    is_float_register,
    is_memory,
    is_outgoing,
    is_register,
    is_slot,
    outgoing_number,
    register_bit,
    slot,
    slot_number,
)
from ouro.jitcore.backend.registers.machine import (
    COLLECTS,
    CONSTANT,
    FORCES,
    FORM_MASK,
    FUSES,
    IMMEDIATE,
    LATE,
    NO_CODE,
    REGISTER,
    RESULT_FIRST,
    RESULT_NONE,
    SAVES_REGISTERS,
    SLOT,
    TAKES_FUSED,
    MachineDescription,
    fixed_place,
)
from ouro.jitcore.descriptors import CallDescriptor, GuardDescriptor
from ouro.jitcore.trace import NOTHING, Trace, is_constant


class CheckError(AssertionError):
    """An allocation that does not do what its trace does."""


def check(trace: Trace, machine: MachineDescription, inputs: list[int], allocation: Allocation) -> None:
    """Run an allocation symbolically.

    Args:
        trace, machine, inputs: what `allocate` was given.
        allocation: what it gave.

    Raises:
        CheckError: with the instruction and what is wrong there.
    """
    _Checker(trace, machine, inputs, allocation).run()


class _Checker:
    def __init__(self, trace: Trace, machine: MachineDescription, inputs: list[int], allocation: Allocation) -> None:
        self.trace, self.machine, self.inputs, self.allocation = trace, machine, inputs, allocation
        #: location -> the values and constants that it holds
        self.contents: dict[int, set[int]] = {}
        self.number = 0
        self.last_use = self._find_last_uses()

    def run(self) -> None:
        allocation, trace = self.allocation, self.trace
        for value, place in enumerate(self.inputs):
            self.contents.setdefault(place, set()).add(value)
        for number in range(len(self.inputs), trace.length()):
            self.number = number
            for index in range(allocation.first_move[number], allocation.first_move[number + 1]):
                self._move(allocation.move_sources[index], allocation.move_targets[index])
            if allocation.skipped[number]:
                self._check_skipped()
            elif trace.opcodes[number] == ops.LABEL:
                self._label()
            elif trace.opcodes[number] == ops.JUMP:
                self._jump()
            else:
                self._instruction()

    def expect(self, holds: bool, message: str) -> None:
        """Raise unless something holds."""
        if not holds:
            name = ops.name_of(self.trace.opcodes[self.number])
            raise CheckError(f"instruction {self.number}, {name}: {message}")

    def _find_last_uses(self) -> list[int]:
        """The last instruction that needs each value, by the trace alone."""
        last = [-1] * self.trace.length()
        for number, opcode in enumerate(self.trace.opcodes):
            descriptor = self.trace.descriptors[number]
            kept = descriptor.values if isinstance(descriptor, GuardDescriptor) else []
            dead = self.allocation.skipped[number] and opcode != ops.KEEPALIVE
            source = self.allocation.fused[number]
            used = self.trace.operand_list(source) if source >= 0 else self.trace.operand_list(number)
            for value in [*([] if dead else used), *kept]:
                if value >= 0:
                    last[value] = number
        return last

    def _holds(self, place: int, value: int) -> bool:
        return place == value if is_constant(place) else value in self.contents.get(place, ())

    def _move(self, source: int, target: int) -> None:
        trace, machine = self.trace, self.machine
        text = f"move {describe(source)} to {describe(target)}"
        known = [*machine.integers, *machine.floats, machine.scratch, machine.float_scratch]
        for place in (source, target):
            if is_register(place):
                self.expect(place in known, f"{text}: no register to allocate")
            elif is_slot(place):
                self.expect(slot_number(place) < self.allocation.slots, f"{text}: the frame is smaller")
            elif is_outgoing(place):
                self.expect(outgoing_number(place) < self.allocation.outgoing, f"{text}: the outgoing area is smaller")
        self.expect(source != NOWHERE and target >= 0 and not is_outgoing(source), f"{text}: makes no sense")
        if is_constant(source):
            kind = trace.kind_of(source)
            if is_memory(target):
                self.expect(self._is_immediate(ops.JUMP, 0, source), f"{text}: no immediate to memory")
            elif is_float_register(target):
                self.expect(kind == "f", f"{text}: an integer in a float register")
            self.contents[target] = {source}
            return
        self.expect(not (is_memory(source) and is_memory(target)), f"{text}: memory to memory")
        if is_register(source) and is_register(target):
            self.expect(is_float_register(source) == is_float_register(target), f"{text}: between classes")
        held = self.contents.get(source, set())
        self.expect(bool(held), f"{text}: the source holds nothing")
        self.contents[target] = set(held)

    def _is_immediate(self, opcode: int, position: int, constant: int) -> bool:
        kind, constants = self.trace.kind_of(constant), self.trace.constants
        if kind == "i":
            return self.machine.fits_immediate(opcode, position, constants.int_of(constant))
        return kind == "r" and not constants.reference_of(constant)

    def _check_skipped(self) -> None:
        number, opcode = self.number, self.trace.opcodes[self.number]
        if self.machine.flags[opcode] & NO_CODE:
            if opcode == ops.KEEPALIVE and self.trace.first[number] >= 0:
                value = self.trace.first[number]
                self.expect(any(value in held for held in self.contents.values()), f"value {value} is nowhere")
        elif number in self.allocation.fused:
            self.expect(bool(self.machine.flags[opcode] & FUSES), "fused, and no comparison that can be")
            guard = self.allocation.fused.index(number)
            self.expect(self.allocation.fused.count(number) == 1 and self.last_use[number] in (-1, guard),
                        "fused, and used elsewhere")
        else:
            self.expect(self.last_use[number] < 0, "skipped, and its result is used")
            self.expect(ops.has_flag(opcode, ops.PURE | ops.LOAD), "skipped, and it does something")

    def _label(self) -> None:
        values = self.trace.operand_list(self.number)
        target = self.trace.descriptors[self.number]
        self._check_passed(target.locations)
        self.expect(len(set(target.locations)) == len(values), "two values in one location")
        for value, place in zip(values, target.locations):
            self.expect(self._holds(place, value), f"value {value} is not in {describe(place)}")
            self._check_class(place, value)
        self.contents = {place: {value} for value, place in zip(values, target.locations)}

    def _jump(self) -> None:
        target = self.trace.descriptors[self.number]
        values = self.trace.operand_list(self.number)
        self._check_passed(target.locations)
        for value, place in zip(values, target.locations):
            self.expect(self._holds(place, value), f"value {value} is not in {describe(place)}")

    def _check_passed(self, places: list[int]) -> None:
        first = self.allocation.first_location[self.number]
        noted = self.allocation.locations[first : self.allocation.first_location[self.number + 1]]
        self.expect(noted == places, "its locations are not those of the label")
        self.expect(len(places) == self.trace.operand_count(self.number), "not a value for each location")

    def _check_class(self, place: int, value: int) -> None:
        if is_register(place):
            is_float = self.trace.kind_of(value) == "f"
            self.expect(is_float_register(place) == is_float, f"value {value} in {describe(place)}")
            if place not in (self.machine.scratch, self.machine.float_scratch):
                allocatable = self.machine.allocatable_f if is_float else self.machine.allocatable_i
                self.expect(bool(allocatable & register_bit(place)), f"{describe(place)} is not to be allocated")

    # instructions

    def _instruction(self) -> None:
        number, opcode, machine = self.number, self.trace.opcodes[self.number], self.machine
        source = self.allocation.fused[number]
        if source >= 0:
            self.expect(bool(machine.flags[opcode] & TAKES_FUSED), "takes no fused comparison")
            self.expect(self.trace.first[number] == source, "fused with another comparison than it looks at")
        described = number if source < 0 else source
        values = self.trace.operand_list(described)
        constraints = self._constraints(described, values)
        if self.allocation.swapped[number]:
            self.expect(len(values) == 2 and ops.has_flag(self.trace.opcodes[described], ops.COMMUTES), "swapped")
            values.reverse()
        first = self.allocation.first_location[number]
        places = self.allocation.locations[first : self.allocation.first_location[number + 1]]
        temporaries = places[len(values) :]
        del places[len(values) :]
        self.expect(len(places) == len(values), "not a location for each operand")
        for position, (value, place, constraint) in enumerate(zip(values, places, constraints)):
            self._check_operand(described, position, value, place, constraint)
        in_slots = sum(is_slot(place) and fixed_place(c) == NOWHERE and bool(c & REGISTER)
                       for place, c in zip(places, constraints))
        self.expect(in_slots <= machine.most_in_slots[self.trace.opcodes[described]], f"{in_slots} operands in slots")
        self._check_overlaps(opcode, places, constraints, temporaries)
        self._check_forced(opcode)
        self._check_failure(temporaries)
        self._effects(opcode, places, temporaries, constraints)

    def _constraints(self, number: int, values: list[int]) -> list[int]:
        opcode = self.trace.opcodes[number]
        if ops.is_call(opcode):
            return self.machine.argument_constraints(opcode, "".join(map(self.trace.kind_of, values)))
        return [self.machine.constraint(opcode, position) for position in range(len(values))]

    def _check_operand(self, number: int, position: int, value: int, place: int, constraint: int) -> None:
        opcode, what = self.trace.opcodes[number], f"operand {position} in {describe(place)}"
        self.expect(self._holds(place, value), f"{what}: value {value} is not there")
        forms, wanted = constraint & FORM_MASK, fixed_place(constraint)
        if self.machine.results[self.trace.opcodes[self.number]] == RESULT_FIRST and position == 0:
            self.expect(is_register(place), f"{what} is overwritten by the result")
        elif wanted != NOWHERE and not is_constant(place):
            self.expect(place == wanted, f"{what} must be in {describe(wanted)}")
        elif is_constant(place):
            allowed = forms & CONSTANT or (forms & IMMEDIATE and self._is_immediate(opcode, position, place))
            self.expect(bool(allowed), f"{what}: no constant allowed")
        elif is_register(place):
            self.expect(bool(forms & REGISTER), f"{what}: no register allowed")
        else:
            self.expect(is_slot(place) and bool(forms & SLOT), f"{what}: no slot allowed")
        self._check_class(place, value)

    def _check_overlaps(self, opcode: int, places: list[int], constraints: list[int], temporaries: list[int]) -> None:
        """Nothing that the instruction still reads is overwritten."""
        machine, result = self.machine, self.allocation.results[self.number]
        rule = machine.results[opcode]
        if rule == RESULT_NONE:
            self.expect(result == NOWHERE, "a location for a result that it has not")
        elif rule == RESULT_FIRST:
            self.expect(result == places[0], "the result is not in the register of the first operand")
        elif rule >= 0:
            self.expect(result == rule, f"the result is not in {describe(rule)}")
        if rule != RESULT_NONE:
            self.expect(is_register(result), "the result is in no register")
            self._check_class(result, self.number)
        wanted = machine.temporaries_i[opcode], machine.temporaries_f[opcode]
        floats = sum(map(is_float_register, temporaries))
        self.expect((len(temporaries) - floats, floats) == wanted, "not the temporaries that it wants")
        for place in temporaries:
            self.expect(is_register(place) and not self._clobbers(opcode, place), "a temporary is overwritten")
            self.expect(place != result and place not in places, f"temporary {describe(place)} is shared")
        self.expect(len(set(temporaries)) == len(temporaries), "two temporaries in one register")
        for position, (place, constraint) in enumerate(zip(places, constraints)):
            if not is_register(place):
                continue
            if constraint & LATE:
                self.expect(place != result, f"late operand {position} shares the register of the result")
                self.expect(not self._clobbers(opcode, place), f"late operand {position} is overwritten")
            if rule == RESULT_FIRST and position and place == result:
                same = self.contents[place] & {self.trace.operand(self.number, 0), self.trace.operand(self.number, 1)}
                self.expect(bool(same), f"operand {position} is overwritten")

    def _clobbers(self, opcode: int, place: int) -> bool:
        machine = self.machine
        if place == machine.results[opcode]:
            return True
        mask = machine.clobbers_f[opcode] if is_float_register(place) else machine.clobbers_i[opcode]
        return bool(mask & register_bit(place))

    def _check_forced(self, opcode: int) -> None:
        if self.machine.flags[opcode] & FORCES:
            guard = self.trace.descriptors[self.number + 1]
            assert isinstance(guard, GuardDescriptor)
            for value, place in zip(guard.values, self.allocation.failure_locations(self.number + 1)):
                if value not in (NOTHING, self.number):
                    found = is_slot(place) and self._holds(place, value)
                    self.expect(found, f"value {value} cannot be found while the frame is forced")

    def _check_failure(self, temporaries: list[int]) -> None:
        guard = self.trace.descriptors[self.number]
        if not isinstance(guard, GuardDescriptor):
            return
        places = self.allocation.failure_locations(self.number)
        self.expect(len(places) == len(guard.values), "not a location for each value kept")
        references = set()
        for value, place in zip(guard.values, places):
            if value == NOTHING:
                self.expect(place == NOWHERE, "a location for nothing")
                continue
            self.expect(self._holds(place, value), f"kept value {value} is not in {describe(place)}")
            self.expect(place not in temporaries, f"kept value {value} is overwritten")
            self.expect(not is_register(place) or not self._clobbers(self.trace.opcodes[self.number], place),
                        f"kept value {value} is overwritten")
            if self.trace.kind_of(value) == "r":
                references.add(self.machine.frame_word(place))
        found = set(words_of_gc_map(self.allocation.gc_maps[self.number]))
        self.expect(found == references, f"the GC map has words {sorted(found)}, not {sorted(references)}")

    def _effects(self, opcode: int, places: list[int], temporaries: list[int], constraints: list[int]) -> None:
        machine, result = self.machine, self.allocation.results[self.number]
        if self._collects(opcode):
            self._collect(opcode)
        for place in list(self.contents):
            if place in temporaries or (is_register(place) and self._clobbers(opcode, place)):
                del self.contents[place]
            elif place in (machine.scratch, machine.float_scratch) or is_outgoing(place):
                del self.contents[place]
        if result != NOWHERE:
            self.contents[result] = {self.number}
            for place, held in self.contents.items():
                if place != result:
                    held.discard(self.number)

    def _collects(self, opcode: int) -> bool:
        if not self.machine.flags[opcode] & COLLECTS:
            return False
        descriptor = self.trace.descriptors[self.number]
        return not isinstance(descriptor, CallDescriptor) or descriptor.effect.can_collect

    def _collect(self, opcode: int) -> None:
        """References move: only the places that the GC map names hold them afterwards."""
        marked = set(words_of_gc_map(self.allocation.gc_maps[self.number]))
        saves = bool(self.machine.flags[opcode] & SAVES_REGISTERS)
        for word in marked:
            if word < self.machine.saved_words:
                place = self.machine.saved_word.index(word)
                self.expect(saves, f"the GC map names {describe(place)}, which is not saved")
            else:
                place = slot(word - self.machine.saved_words)
            held = self.contents.get(place, set())
            live = any(self.trace.kind_of(value) == "r" for value in held)
            self.expect(live, f"the GC map names {describe(place)}, which holds no reference")
        for place in list(self.contents):
            kept = place >= FIRST_SLOT or saves
            in_map = kept and not is_outgoing(place) and self.machine.frame_word(place) in marked
            if not in_map:
                self.contents[place] = {
                    value for value in self.contents[place] if self.trace.kind_of(value) != "r"
                }
                if not self.contents[place]:
                    del self.contents[place]
