"""Green keys: the values that tell a position of the interpreted program.

Integers and references compare as they are, floats by their bits. `hash_int`, ... are used both here and by the code
that the translator puts in front of a loop, which hashes the greens without making a key.
"""

from ouro.jitcore.tracer.counters import mix
from ouro.lltype import identityhash
from ouro.rlib.rarithmetic import intmask
from ouro.rlib.rfloat import float_to_bits


def hash_start(driver_index):
    """The hash of no greens of a driver."""
    return mix(driver_index, 0x5EED)


def hash_int(seed, value):
    """The hash with one more integer."""
    return mix(seed, value)


def hash_reference(seed, value):
    """The hash with one more GC reference, which may be null."""
    if not value:
        return mix(seed, 0)
    return mix(seed, identityhash(value))


def hash_float(seed, value):
    """The hash with one more float."""
    return mix(seed, intmask(float_to_bits(value)))


def hash_of_first(driver, ints, references, floats):
    """The hash of the greens of a driver, the first of some values of each kind."""
    result = hash_start(driver.index)
    for position in range(driver.greens_i):
        result = hash_int(result, ints[position])
    for position in range(driver.greens_r):
        result = hash_reference(result, references[position])
    for position in range(driver.greens_f):
        result = hash_float(result, floats[position])
    return result


class GreenKey:
    """The greens of one position, in the order of the merge point: integers, references, floats."""

    _immutable_ = True

    def __init__(self, ints, references, floats):
        self.ints = ints
        self.references = references
        self.floats = floats

    def hash(self, driver_index):
        """The hash: integers first, then references, then floats."""
        result = hash_start(driver_index)
        for number in self.ints:
            result = hash_int(result, number)
        for reference in self.references:
            result = hash_reference(result, reference)
        for number in self.floats:
            result = hash_float(result, number)
        return result

    def same(self, other):
        """Is it the same position of the same driver?"""
        return self.begins(other.ints, other.references, other.floats)

    def begins(self, ints, references, floats):
        """Are these the first of some values of each kind?"""
        for index in range(len(self.ints)):
            if self.ints[index] != ints[index]:
                return False
        for index in range(len(self.references)):
            if self.references[index] != references[index]:
                return False
        for index in range(len(self.floats)):
            if float_to_bits(self.floats[index]) != float_to_bits(floats[index]):
                return False
        return True
