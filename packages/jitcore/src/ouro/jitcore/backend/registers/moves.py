"""Moves that happen at the same time, put in an order in which one after the other does the same.

A move whose target no other move reads can be made; when none is left the rest are cycles, and one of its values is
held elsewhere meanwhile. See Rideau, Serpette, Leroy, "Tilting at windmills with Coq" (2008), for the same algorithm
with its proof.
"""

from ouro.jitcore import operations
from ouro.jitcore.backend.registers.locations import NOWHERE, is_float_register, is_memory
from ouro.jitcore.trace import KIND_FLOAT, KIND_INT, constant_kind, is_constant


class MoveList:
    """The moves of an allocation, as two lists. Moves from memory to memory go through the scratch register."""

    def __init__(self, machine, constants):
        self.machine = machine
        self.constants = constants
        self.sources = []
        self.targets = []

    def move(self, source, target):
        """Append one move, in one or two steps."""
        if source == target:
            return
        if is_memory(target) and self._needs_register(source):
            self.sources.append(source)
            self.targets.append(self.machine.scratch)
            source = self.machine.scratch
        self.sources.append(source)
        self.targets.append(target)

    def parallel(self, sources, targets, spare):
        """Append moves that happen at once.

        Args:
            sources: registers, slots, constants.
            targets: different registers, slots, outgoing slots.
            spare: a slot that may be used to hold a value.

        Returns:
            Whether the spare slot is used.
        """
        readers = {}  # location -> moves that still read it
        writer = {}  # location -> the move that writes it
        pending = 0
        for index in range(len(sources)):
            if sources[index] != targets[index]:
                writer[targets[index]] = index
                if not is_constant(sources[index]):
                    readers[sources[index]] = readers.get(sources[index], 0) + 1
                    pending += 1
        ready = []
        for index in range(len(sources)):
            if sources[index] != targets[index] and not is_constant(sources[index]):
                if readers.get(targets[index], 0) == 0:
                    ready.append(index)
        spare_used = False
        done = [False] * len(sources)
        held_at = NOWHERE  # where the value of location `held` is while a cycle is made
        held = NOWHERE
        start = 0
        while pending > 0:
            while len(ready) > 0:
                index = ready.pop()
                source = sources[index]
                if source == held:
                    self.move(held_at, targets[index])
                    held = NOWHERE
                else:
                    self.move(source, targets[index])
                    left = readers[source] - 1
                    readers[source] = left
                    if left == 0:
                        following = writer.get(source, -1)
                        if following >= 0 and not is_constant(sources[following]):
                            ready.append(following)
                done[index] = True
                pending -= 1
            if pending > 0:
                while done[start] or sources[start] == targets[start] or is_constant(sources[start]):
                    start += 1
                held = targets[start]
                held_at = self._holder_for(sources, targets, start, writer, spare)
                if held_at == spare:
                    spare_used = True
                self.move(held, held_at)
                ready.append(start)
        for index in range(len(sources)):
            if is_constant(sources[index]):
                self.move(sources[index], targets[index])
        return spare_used

    def _holder_for(self, sources, targets, start, writer, spare):
        """Where the value that the target of move `start` of a cycle holds can wait."""
        in_memory = False
        index = start
        reader = start
        while True:
            if is_memory(sources[index]) and is_memory(targets[index]):
                in_memory = True
            if sources[index] == targets[start]:
                reader = index
            index = writer[sources[index]]
            if index == start:
                break
        # a cycle may have registers of both classes in it: slots take values of either
        if is_float_register(targets[start]) or is_float_register(targets[reader]):
            holder = self.machine.float_scratch
        else:
            holder = self.machine.scratch
        if in_memory or holder == NOWHERE:
            return spare
        return holder

    def _needs_register(self, source):
        """Is something that goes to memory no register and no immediate?"""
        if not is_constant(source):
            return is_memory(source)
        kind = constant_kind(source)
        if kind == KIND_INT:
            return not self.machine.fits_immediate(operations.JUMP, 0, self.constants.int_of(source))
        return kind == KIND_FLOAT or bool(self.constants.reference_of(source))
