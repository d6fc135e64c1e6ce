"""Where the resume data of one trace is: one string for all its guards, and the tables that the string refers to.

A guard's data are *records* of variable-length integers. A frame record names its caller's record by place, so guards
that share callers share their records; and a record that has been written before, byte for byte, is not written
again. For that the numbers in a record depend on nothing but the records of its callers: positions in what the guard
keeps, and virtuals, are numbered in the order of their first use, the outermost frame first.

    frame:  caller's place + 1, jitcode, position in it, values, definitions
    guard:  innermost frame's place + 1, virtualizable values, values of virtual references, pending stores, definitions
    values: their number, a token for each
    definitions: for each virtual used first in this record (its values or the contents of such virtuals), in
        the order of their numbers: its description, its contents as tokens (as many as the description says)
    pending stores: their number, and for each: descriptor, token of the base, index, token of the value,
        [token of the index]

A token is a number whose two low bits say what is above them:

    KEPT      a position in `GuardDescriptor.values`
    VIRTUAL   the number of a virtual
    SMALL     an integer constant, the sign in the lowest bit
    CONSTANT  two bits of kind and the index of a constant in the store; kind 3 is for no value

The idea to number boxes in the order of use, so that numberings share prefixes, and to tag what a number is, is that
of PyPy's `resume.py`; records that refer to places and the one string per trace follow LuaJIT's snapshot map.
"""

from ouro.jitcore.resume.descriptions import hash_of_description, same_description
from ouro.jitcore.trace import (
    KIND_FLOAT,
    KIND_INT,
    NOTHING,
    constant_index,
    constant_kind,
)
from ouro.rlib.objectmodel import newlist_hint, r_dict
from ouro.rlib.rarithmetic import intmask, r_uint

KEPT, VIRTUAL, SMALL, CONSTANT = range(4)

# what the data of most traces need
_ROOM = 4096

#: The token of `NOTHING`.
NO_VALUE = CONSTANT | 3 << 2

#: Constants in this range are in the token itself.
LOWEST_SMALL, HIGHEST_SMALL = -(1 << 24), 1 << 24


def kept_token(position):
    """The token of a value that the guard keeps."""
    return position << 2 | KEPT


def virtual_token(number):
    """The token of a virtual."""
    return number << 2 | VIRTUAL


def small_token(value):
    """The token of an integer constant between `LOWEST_SMALL` and `HIGHEST_SMALL`."""
    if value < 0:
        return (~value << 1 | 1) << 2 | SMALL
    return value << 3 | SMALL


def token_tag(token):
    """What a token is: `KEPT`, `VIRTUAL`, `SMALL` or `CONSTANT`."""
    return token & 3


def token_number(token):
    """The position, or the number of the virtual."""
    return token >> 2


def small_value(token):
    """The constant in a token that is `SMALL`."""
    if token & 4:
        return ~(token >> 3)
    return token >> 3


#: The index of a pending store to an item at an index that is no constant; -1 is that of a field.
NO_CONSTANT = -2


class ResumeStore:
    """The resume data of one trace.

    `characters` are the records. `descriptions` are the shapes of virtuals and `descriptors` what pending stores write
    to; `ints`, `references` and `floats` the constants that are not in tokens.

    Args:
        virtualizable: the `jitcode.VirtualizableDescription` of the driver whose code the trace is, or None.
        virtual_reference: the `VirtualReferenceDescription` of the program, or None.
    """

    def __init__(self, virtualizable=None, virtual_reference=None):
        self.virtualizable = virtualizable
        self.virtual_reference = virtual_reference
        self.characters = newlist_hint(_ROOM)
        self.descriptions = []
        self.descriptors = []
        self.ints = []
        self.references = []
        self.floats = []
        self._index_of_description = r_dict(same_description, hash_of_description)
        self._index_of_descriptor = {}
        # by the hash: two records with one hash are rare, and one of them may then be written twice
        self._place_of_record = {}
        # parallel to the pools of the trace: place here + 1
        self._of_int = []
        self._of_reference = []
        self._of_float = []

    def close(self):
        """No more guards come: give up what only adding needs."""
        self.characters = self.characters[:]  # as long as needed, no longer
        self._index_of_description = None
        self._index_of_descriptor = None
        self._place_of_record = None
        self._of_int = []
        self._of_reference = []
        self._of_float = []

    def end_record(self, start):
        """The characters from `start` on are a record: forget them if it is there already; its place.

        What comes behind an equal record does not matter: reading ends where the record does.
        """
        characters = self.characters
        end = len(characters)
        hash_value = r_uint(end - start)
        for position in range(start, end):
            hash_value = (hash_value ^ r_uint(ord(characters[position]))) * r_uint(0x01000193)
        key = intmask(hash_value)
        place = self._place_of_record.get(key, -1)
        if place >= 0:
            length = end - start
            position = 0
            while position < length and characters[place + position] == characters[start + position]:
                position += 1
            if position == length:
                del characters[start:]
                return place
        self._place_of_record[key] = start
        return start

    def add_description(self, description):
        """The index of a shape."""
        index = self._index_of_description.get(description, -1)
        if index < 0:
            index = len(self.descriptions)
            self.descriptions.append(description)
            self._index_of_description[description] = index
        return index

    def add_descriptor(self, descriptor):
        """The index of a descriptor that a pending store writes to."""
        index = self._index_of_descriptor.get(descriptor, -1)
        if index < 0:
            index = len(self.descriptors)
            self.descriptors.append(descriptor)
            self._index_of_descriptor[descriptor] = index
        return index

    def token_of_constant(self, constants, reference):
        """The token of a constant, or of `NOTHING`.

        Args:
            constants: the pools that it is in, always the same ones.
            reference: the constant.
        """
        if reference == NOTHING:
            return NO_VALUE
        kind = constant_kind(reference)
        index = constant_index(reference)
        if kind == KIND_INT:
            value = constants.ints[index]
            if LOWEST_SMALL <= value <= HIGHEST_SMALL:
                return small_token(value)
            _grow(self._of_int, index)
            place = self._of_int[index] - 1
            if place < 0:
                place = len(self.ints)
                self.ints.append(value)
                self._of_int[index] = place + 1
        elif kind == KIND_FLOAT:
            _grow(self._of_float, index)
            place = self._of_float[index] - 1
            if place < 0:
                place = len(self.floats)
                self.floats.append(constants.floats[index])
                self._of_float[index] = place + 1
        else:
            _grow(self._of_reference, index)
            place = self._of_reference[index] - 1
            if place < 0:
                place = len(self.references)
                self.references.append(constants.references[index])
                self._of_reference[index] = place + 1
        return (place << 2 | kind) << 2 | CONSTANT

    def constant_in(self, constants, token):
        """The reference of the constant of a token in the pools of another trace."""
        if token & 3 == SMALL:
            return constants.of_int(small_value(token))
        if token == NO_VALUE:
            return NOTHING
        assert token & 3 == CONSTANT
        kind = token >> 2 & 3
        index = token >> 4
        if kind == KIND_INT:
            return constants.of_int(self.ints[index])
        if kind == KIND_FLOAT:
            return constants.of_float(self.floats[index])
        return constants.of_reference(self.references[index])

    def size_in_words(self):
        """About how much memory the store takes once it is closed, in machine words."""
        words = len(self.characters) // 8
        for description in self.descriptions:
            words += 4 + description.count
        return words + len(self.descriptors) + len(self.ints) + len(self.references) + len(self.floats)


def _grow(table, index):
    while len(table) <= index:
        table.append(0)

