"""Exits: numbers for the ways out of compiled code, so that code need not refer to descriptors."""

from __future__ import annotations


class Exits:
    """Descriptors by number. The guards of a trace have numbers in a row; those of freed code are given out again."""

    def __init__(self):
        self._descriptors = []
        self._pieces = []
        self._finishes = {}
        # ranges of numbers that are not in use
        self._free_firsts = []
        self._free_counts = []

    def descriptor(self, number):
        """The guard or finish of an exit."""
        return self._descriptors[number]

    def piece(self, number):
        """The code that an exit of a guard belongs to."""
        return self._pieces[number]

    def of_finish(self, descriptor):
        """The exit of a finish, which has one for all traces."""
        number = self._finishes.get(descriptor, -1)
        if number < 0:
            number = len(self._descriptors)
            self._descriptors.append(descriptor)
            self._pieces.append(None)
            self._finishes[descriptor] = number
        return number

    def take(self, count):
        """The first of `count` numbers in a row."""
        for index in range(len(self._free_firsts)):
            available = self._free_counts[index]
            if available >= count:
                first = self._free_firsts[index]
                if available == count:
                    del self._free_firsts[index]
                    del self._free_counts[index]
                else:
                    self._free_firsts[index] = first + count
                    self._free_counts[index] = available - count
                return first
        first = len(self._descriptors)
        for _ in range(count):
            self._descriptors.append(None)
            self._pieces.append(None)
        return first

    def assign(self, number, guard, piece):
        """An exit is that of a guard in some code."""
        self._descriptors[number] = guard
        self._pieces[number] = piece

    def give_back(self, first, count):
        """Numbers that no code uses any more."""
        if count == 0:
            return
        for number in range(first, first + count):
            self._descriptors[number] = None
            self._pieces[number] = None
        self._free_firsts.append(first)
        self._free_counts.append(count)
