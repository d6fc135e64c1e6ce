"""An allocation as text: the trace with its moves and locations. Host only, for tests and dumps."""

from __future__ import annotations

from ouro.jitcore.backend.frames import words_of_gc_map
from ouro.jitcore.backend.registers.allocation import Allocation
from ouro.jitcore.backend.registers.locations import NOWHERE, describe
from ouro.jitcore.text import Names
from ouro.jitcore.text.printer import print_instruction, print_value
from ouro.jitcore.trace import Trace, is_constant


def print_allocation(trace: Trace, allocation: Allocation, names: Names) -> str:
    """Every instruction with the moves in front of it, its locations, and what guards and the collector need."""

    def place(location: int) -> str:
        return print_value(trace, location, names) if is_constant(location) else describe(location)

    lines = []
    for number in range(trace.length()):
        first, last = allocation.first_move[number], allocation.first_move[number + 1]
        if number >= trace.input_count():
            for index in range(first, last):
                source, target = allocation.move_sources[index], allocation.move_targets[index]
                lines.append(f"        {place(target)} <- {place(source)}")
        line = print_instruction(trace, number, names)
        if allocation.skipped[number] and number >= trace.input_count():
            lines.append(f"    # {line}")
            continue
        first, last = allocation.first_location[number], allocation.first_location[number + 1]
        described = [place(location) for location in allocation.locations[first:last]]
        notes = [f"({', '.join(described)})"] if described else []
        if allocation.swapped[number]:
            notes.append("swapped")
        if allocation.fused[number] >= 0:
            notes.append(f"with {print_instruction(trace, allocation.fused[number], names)}")
        if allocation.results[number] != NOWHERE:
            notes.append(f"-> {place(allocation.results[number])}")
        if allocation.failures[number]:
            notes.append("{" + ", ".join(map(place, allocation.failure_locations(number))) + "}")
        if allocation.gc_maps[number]:
            notes.append(f"gc {words_of_gc_map(allocation.gc_maps[number])}")
        lines.append(f"    {line:50} {' '.join(notes)}")
    return "\n".join(lines) + "\n"
