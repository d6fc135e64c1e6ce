"""Exits: numbers for the ways out of compiled code, so that code need not refer to descriptors."""

from __future__ import annotations


def _size_of_row(count):
    """Rows have lengths of which there are few: up to 8, then four for each doubling."""
    step = 1
    while count > 8 * step:
        step *= 2
    return (count + step - 1) // step * step


class Exits:
    """Descriptors by number. The guards of a trace have numbers in a row; those of freed code are given out again.

    Rows are neither split nor joined, but only given to traces with about as many guards: so the numbers do not
    fragment, however much code comes and goes, and a row is found at once. (Segregated fits; Wilson et al., "Dynamic
    Storage Allocation: A Survey and Critical Review", 1995.)
    """

    def __init__(self):
        self._descriptors = []
        self._pieces = []
        self._finishes = {}
        # for each length the first numbers of rows that are not in use
        self._free = {}

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
        if count == 0:
            return len(self._descriptors)
        size = _size_of_row(count)
        free = self._free.get(size, None)
        if free is not None and len(free) > 0:
            return free.pop()
        first = len(self._descriptors)
        for _ in range(size):
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
        size = _size_of_row(count)
        if size not in self._free:
            self._free[size] = []
        self._free[size].append(first)
