"""Which values of a loop are in registers at its label, and in which.

The label fixes the places for every iteration, so those values get registers that the loop uses first. One that only
passes through belongs in a slot, unless it is new in every iteration and there is a register left; one that is needed
behind a call is best in a register that calls leave alone.
"""

from ouro.jitcore.backend.registers.locations import (
    CLASS_FLOAT,
    CLASS_INT,
    NOWHERE,
    register_bit,
    register_class,
)
from ouro.jitcore.backend.registers.uses import NEVER


def registers_at_label(state, values, invariant, in_slots):
    """A register, or `NOWHERE` for a slot, for each value that a label passes.

    Args:
        state: where the values are in front of the label.
        values: the operands of the label.
        invariant: for each, whether the jump back passes the same value.
        in_slots: by value, whether it belongs in a slot anyway.
    """
    uses = state.uses
    places = [NOWHERE] * len(values)
    for wanted_class in (CLASS_INT, CLASS_FLOAT):
        machine = state.machine
        free = machine.allocatable_f if wanted_class == CLASS_FLOAT else machine.allocatable_i
        order = machine.floats if wanted_class == CLASS_FLOAT else machine.integers
        chosen = _wanted_in_registers(state, values, invariant, in_slots, wanted_class, len(order))
        caller_saved = machine.caller_saved_f if wanted_class == CLASS_FLOAT else machine.caller_saved_i
        left = []
        for position in chosen:
            register = state.register_of[values[position]]
            stays = register != NOWHERE and free & register_bit(register) != 0
            if stays and (not state.crosses_call(values[position]) or caller_saved & register_bit(register) == 0):
                places[position] = register
                free &= ~register_bit(register)
            else:
                left.append(position)
        for position in left:
            value = values[position]
            best = NOWHERE
            preferred = free & caller_saved
            if state.crosses_call(value):
                preferred = free & ~caller_saved
            if preferred == 0:
                preferred = free
            wish = uses.hint[value]
            if wish != NOWHERE and register_class(wish) == wanted_class and preferred & register_bit(wish):
                best = wish
            elif state.register_of[value] != NOWHERE and preferred & register_bit(state.register_of[value]):
                best = state.register_of[value]
            else:
                for register in order:
                    if preferred & register_bit(register):
                        best = register
                        break
            places[position] = best
            free &= ~register_bit(best)
    return places


def _wanted_in_registers(state, values, invariant, in_slots, wanted_class, most):
    """The positions of the values of a class that a label has registers for, used soonest in front."""
    uses = state.uses
    used = []
    only_passed = []
    for position in range(len(values)):
        value = values[position]
        if uses.register_class[value] != wanted_class or in_slots[value]:
            continue
        if uses.last_use[value] <= state.at:
            continue
        if state.next_use[value] < NEVER:
            used.append(position)
        elif not invariant[position]:
            only_passed.append(position)
    if len(used) > most:
        used = _nearest(used, [state.next_use[values[position]] for position in used], most)
    for position in only_passed:
        if len(used) < most:
            used.append(position)
    return used


def _nearest(positions, distances, count):
    """Those `count` positions whose distances are the smallest, in that order."""
    result = []
    taken = [False] * len(positions)
    while len(result) < count:
        best = -1
        for index in range(len(positions)):
            if not taken[index] and (best < 0 or distances[index] < distances[best]):
                best = index
        taken[best] = True
        result.append(positions[best])
    return result
