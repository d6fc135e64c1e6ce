"""Stable sorting of lists, in place, adaptive to order that is there already.

The method is Tim Peters's timsort as CPython's `listsort.txt` describes it: natural runs, extended to a minimum
length by binary insertion, are merged pairwise with galloping. `make_sorter` gives a sorter class with its own order;
`IntSort`, `FloatSort` and `StringSort` are ready.
"""

from __future__ import annotations

__all__ = ["FloatSort", "IntSort", "StringSort", "make_sorter"]

_SHORTEST_MERGE = 32
_FIRST_GALLOP = 7


def make_sorter(less_than, name="Sorter"):
    """A class `Sorter(items)` whose `sort()` sorts the list in place.

    `less_than(a, b)` is the order. If it raises, the list holds all its items, in some order.
    """

    class Sorter:
        def __init__(self, items):
            self.items = items
            self.gallop = _FIRST_GALLOP
            # the runs not merged yet: where each starts, and how long it is
            self.starts = []
            self.lengths = []

        def sort(self):
            """Sort the list."""
            length = len(self.items)
            if length < 2:
                return
            shortest = _shortest_run(length)
            start = 0
            while start < length:
                run = self.count_run(start, length)
                if run < shortest:
                    wanted = min(shortest, length - start)
                    self.insert(start, start + wanted, start + run)
                    run = wanted
                self.starts.append(start)
                self.lengths.append(run)
                self.merge_unbalanced()
                start += run
            while len(self.starts) > 1:
                n = len(self.starts) - 2
                if n > 0 and self.lengths[n - 1] < self.lengths[n + 1]:
                    n -= 1
                self.merge(n)

        def count_run(self, start, stop):
            # the length of the run at start; a strictly descending one is reversed
            items = self.items
            i = start + 1
            if i == stop:
                return 1
            if less_than(items[i], items[start]):
                i += 1
                while i < stop and less_than(items[i], items[i - 1]):
                    i += 1
                low = start
                high = i - 1
                while low < high:
                    items[low], items[high] = items[high], items[low]
                    low += 1
                    high -= 1
            else:
                i += 1
                while i < stop and not less_than(items[i], items[i - 1]):
                    i += 1
            return i - start

        def insert(self, start, stop, first):
            # binary insertion of items[first:stop] into the sorted items[start:first]
            items = self.items
            i = first
            while i < stop:
                pivot = items[i]
                low = start
                high = i
                while low < high:
                    middle = (low + high) >> 1
                    if less_than(pivot, items[middle]):
                        high = middle
                    else:
                        low = middle + 1
                j = i
                while j > low:
                    items[j] = items[j - 1]
                    j -= 1
                items[low] = pivot
                i += 1

        def merge_unbalanced(self):
            # keep the lengths of runs decreasing faster than Fibonacci's numbers, so that there are few of them
            lengths = self.lengths
            while len(lengths) > 1:
                n = len(lengths) - 2
                if (n > 0 and lengths[n - 1] <= lengths[n] + lengths[n + 1]) or (
                    n > 1 and lengths[n - 2] <= lengths[n - 1] + lengths[n]
                ):
                    if lengths[n - 1] < lengths[n + 1]:
                        n -= 1
                elif lengths[n] > lengths[n + 1]:
                    return
                self.merge(n)

        def merge(self, n):
            # merge run n and the one after it
            items = self.items
            start = self.starts[n]
            middle = start + self.lengths[n]
            stop = middle + self.lengths[n + 1]
            self.lengths[n] = stop - start
            del self.starts[n + 1]
            del self.lengths[n + 1]
            # what is in place at both ends stays
            start = self.gallop_right(items, items[middle], start, middle)
            if start == middle:
                return
            stop = self.gallop_left(items, items[middle - 1], middle, stop)
            if middle - start <= stop - middle:
                self.merge_low(start, middle, stop)
            else:
                self.merge_high(start, middle, stop)

        def gallop_left(self, items, key, start, stop):
            # the first position in the sorted items[start:stop] whose item is not less than the key, sought
            # in steps that double
            step = 1
            low = start
            while low + step <= stop and less_than(items[low + step - 1], key):
                low += step
                step *= 2
            high = min(low + step - 1, stop)
            while low < high:
                middle = (low + high) >> 1
                if less_than(items[middle], key):
                    low = middle + 1
                else:
                    high = middle
            return low

        def gallop_right(self, items, key, start, stop):
            # the first position whose item is greater than the key
            step = 1
            low = start
            while low + step <= stop and not less_than(key, items[low + step - 1]):
                low += step
                step *= 2
            high = min(low + step - 1, stop)
            while low < high:
                middle = (low + high) >> 1
                if less_than(key, items[middle]):
                    high = middle
                else:
                    low = middle + 1
            return low

        def gallop_left_from_end(self, items, key, start, stop):
            step = 1
            high = stop
            while high - step >= start and not less_than(items[high - step], key):
                high -= step
                step *= 2
            low = max(high - step + 1, start)
            while low < high:
                middle = (low + high) >> 1
                if less_than(items[middle], key):
                    low = middle + 1
                else:
                    high = middle
            return high

        def gallop_right_from_end(self, items, key, start, stop):
            step = 1
            high = stop
            while high - step >= start and less_than(key, items[high - step]):
                high -= step
                step *= 2
            low = max(high - step + 1, start)
            while low < high:
                middle = (low + high) >> 1
                if less_than(key, items[middle]):
                    high = middle
                else:
                    low = middle + 1
            return high

        def merge_low(self, start, middle, stop):
            # the left run is the shorter: it is copied out, and the list filled from the left
            items = self.items
            left = items[start:middle]
            i = 0
            j = middle
            target = start
            try:
                while i < len(left) and j < stop:
                    left_wins = 0
                    right_wins = 0
                    while i < len(left) and j < stop:
                        if less_than(items[j], left[i]):
                            items[target] = items[j]
                            j += 1
                            right_wins += 1
                            left_wins = 0
                        else:
                            items[target] = left[i]
                            i += 1
                            left_wins += 1
                            right_wins = 0
                        target += 1
                        if left_wins >= self.gallop or right_wins >= self.gallop:
                            break
                    while i < len(left) and j < stop:
                        end = self.gallop_right(left, items[j], i, len(left))
                        left_wins = end - i
                        while i < end:
                            items[target] = left[i]
                            target += 1
                            i += 1
                        if i == len(left):
                            break
                        end = self.gallop_left(items, left[i], j, stop)
                        right_wins = end - j
                        while j < end:
                            items[target] = items[j]
                            target += 1
                            j += 1
                        if left_wins < _FIRST_GALLOP and right_wins < _FIRST_GALLOP:
                            self.gallop += 1
                            break
                        if self.gallop > 1:
                            self.gallop -= 1
            finally:
                while i < len(left):
                    items[target] = left[i]
                    target += 1
                    i += 1

        def merge_high(self, start, middle, stop):
            # the right run is the shorter: it is copied out, and the list filled from the right
            items = self.items
            right = items[middle:stop]
            i = middle
            j = len(right)
            target = stop
            try:
                while i > start and j > 0:
                    left_wins = 0
                    right_wins = 0
                    while i > start and j > 0:
                        target -= 1
                        if less_than(right[j - 1], items[i - 1]):
                            i -= 1
                            items[target] = items[i]
                            left_wins += 1
                            right_wins = 0
                        else:
                            j -= 1
                            items[target] = right[j]
                            right_wins += 1
                            left_wins = 0
                        if left_wins >= self.gallop or right_wins >= self.gallop:
                            break
                    while i > start and j > 0:
                        end = self.gallop_right_from_end(items, right[j - 1], start, i)
                        left_wins = i - end
                        while i > end:
                            i -= 1
                            target -= 1
                            items[target] = items[i]
                        if i == start:
                            break
                        end = self.gallop_left_from_end(right, items[i - 1], 0, j)
                        right_wins = j - end
                        while j > end:
                            j -= 1
                            target -= 1
                            items[target] = right[j]
                        if left_wins < _FIRST_GALLOP and right_wins < _FIRST_GALLOP:
                            self.gallop += 1
                            break
                        if self.gallop > 1:
                            self.gallop -= 1
            finally:
                while j > 0:
                    j -= 1
                    items[i + j] = right[j]

    Sorter.__name__ = name
    Sorter.__qualname__ = name
    return Sorter


def _shortest_run(length):
    """A length from 16 to 32 such that the number of runs is a power of two, or just below one."""
    carry = 0
    while length >= _SHORTEST_MERGE:
        carry |= length & 1
        length >>= 1
    return length + carry


def _less_than(a, b):
    return a < b


def _float_less_than(a, b):
    return a < b


def _string_less_than(a, b):
    return a < b


IntSort = make_sorter(_less_than, "IntSort")
FloatSort = make_sorter(_float_less_than, "FloatSort")
StringSort = make_sorter(_string_less_than, "StringSort")
