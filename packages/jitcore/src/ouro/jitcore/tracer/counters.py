"""Counters by hash that decay: how hot the places of the interpreted program and the failing guards are.

There are far more places than is worth remembering, and only hot ones matter. So the table has a fixed size: a hash
picks a set of a few entries, the rest of it is compared, and the coldest entry of a full set is given up (a set
associative cache; LuaJIT and PyPy share one table among all places in this way, too). An entry is one word: the
remaining bits of the hash above, a fixed-point count below, of which `ONE` means hot: increments are fractions of it,
so that places with different thresholds share the table.
"""

from ouro.rlib.rarithmetic import LONG_BIT, intmask, r_uint

WAYS = 4
SETS = 1024

COUNT_BITS = LONG_BIT // 2
COUNT_MASK = (1 << COUNT_BITS) - 1

#: The count at which a place is hot.
ONE = 1 << (COUNT_BITS - 1)

_TAG_SHIFT = COUNT_BITS + 1
_MULTIPLIER = r_uint(0x9E3779B97F4A7C15 & ((1 << LONG_BIT) - 1))
_FOLD = LONG_BIT // 2


def mix(seed, value):
    """A hash of `value` on top of another hash. All bits of it depend on all bits of both."""
    product = (r_uint(seed) ^ r_uint(value)) * _MULTIPLIER
    return intmask((product ^ (product >> r_uint(_FOLD))) * _MULTIPLIER)


def increment_for(threshold):
    """What to add for an event so that `threshold` of them make `ONE`. 0 or less: never, so 0."""
    if threshold <= 0:
        return 0
    if threshold >= ONE:
        return 1
    return (ONE + threshold - 1) // threshold


class Counters:
    """The table."""

    def __init__(self):
        self.entries = [0] * (WAYS * SETS)

    def tick(self, hash_value, increment):
        """Count one event (`increment` from `increment_for`).

        Returns:
            Is it hot now? Then its count begins again.
        """
        if increment == 0:
            return False
        entries = self.entries
        tag = intmask(r_uint(hash_value) >> r_uint(_TAG_SHIFT))
        place = self._place(hash_value, tag)
        if place < 0:
            place = self._coldest(hash_value)
            count = increment
        else:
            count = (entries[place] & COUNT_MASK) + increment
        if count >= ONE:
            entries[place] = tag << COUNT_BITS
            return True
        entries[place] = (tag << COUNT_BITS) | count
        return False

    def _place(self, hash_value, tag):
        """Where the entry of a place is, or -1."""
        entries = self.entries
        first = (hash_value & (SETS - 1)) * WAYS
        for place in range(first, first + WAYS):
            if entries[place] >> COUNT_BITS == tag:
                return place
        return -1

    def _coldest(self, hash_value):
        entries = self.entries
        first = (hash_value & (SETS - 1)) * WAYS
        coldest = first
        for place in range(first + 1, first + WAYS):
            if entries[place] & COUNT_MASK < entries[coldest] & COUNT_MASK:
                coldest = place
        return coldest

    def count(self, hash_value):
        """The count of a place, from 0 to `ONE`."""
        place = self._place(hash_value, intmask(r_uint(hash_value) >> r_uint(_TAG_SHIFT)))
        if place < 0:
            return 0
        return self.entries[place] & COUNT_MASK

    def forget(self, hash_value):
        """Begin to count a place anew."""
        self._set(hash_value, 0)

    def make_hot(self, hash_value):
        """Let the next event make the place hot."""
        self._set(hash_value, ONE - 1)

    def _set(self, hash_value, count):
        tag = intmask(r_uint(hash_value) >> r_uint(_TAG_SHIFT))
        place = self._place(hash_value, tag)
        if place < 0:
            place = self._coldest(hash_value)
        self.entries[place] = (tag << COUNT_BITS) | count

    def decay(self, thousandths):
        """Take that part from every count: what is not hot for long was not worth compiling."""
        if thousandths <= 0:
            return
        keep = max(0, 1000 - thousandths)
        entries = self.entries
        for place in range(len(entries)):
            entry = entries[place]
            count = entry & COUNT_MASK
            if count != 0:
                entries[place] = (entry - count) | (count // 1000 * keep + count % 1000 * keep // 1000)
