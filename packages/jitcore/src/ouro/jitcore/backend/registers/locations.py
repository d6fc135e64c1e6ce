"""Locations: where a value is while compiled code runs, as an int.

    < -1          a constant: its reference in the trace (`ouro.jitcore.trace.references`)
    NOWHERE       no value
    0 .. 31       an integer register, by the machine's number
    32 .. 63      a float register, by the machine's number plus FIRST_FLOAT
    64 ..         a slot: a word of the frame
    65536 ..      an outgoing slot: a word of the area for the arguments of a call that do not go in registers

An int takes no allocation, compares with one instruction and is an index in tables; a set of registers is a bit mask
for each of the two classes.
"""

from ouro.jitcore.trace.numbers import append_unsigned

NOWHERE = -1
FIRST_FLOAT = 32
FIRST_SLOT = 64
FIRST_OUTGOING = 1 << 16
MOST_SLOTS = FIRST_OUTGOING - FIRST_SLOT

CLASS_INT, CLASS_FLOAT = range(2)


def float_register(number):
    """The location of a float register of the machine."""
    return FIRST_FLOAT + number


def slot(number):
    """The location of a word of the frame."""
    return FIRST_SLOT + number


def outgoing(number):
    """The location of a word of the outgoing arguments."""
    return FIRST_OUTGOING + number


def is_register(location):
    """Is a location a register, of either class?"""
    return 0 <= location < FIRST_SLOT


def is_float_register(location):
    """Is a location a float register?"""
    return FIRST_FLOAT <= location < FIRST_SLOT


def is_slot(location):
    """Is a location a word of the frame?"""
    return FIRST_SLOT <= location < FIRST_OUTGOING


def is_outgoing(location):
    """Is a location a word of the outgoing arguments?"""
    return location >= FIRST_OUTGOING


def is_memory(location):
    """Is a location a slot or an outgoing slot?"""
    return location >= FIRST_SLOT


def slot_number(location):
    """The number of the word of a slot."""
    return location - FIRST_SLOT


def outgoing_number(location):
    """The number of the word of an outgoing slot."""
    return location - FIRST_OUTGOING


def register_class(location):
    """`CLASS_INT` or `CLASS_FLOAT` of a register."""
    return CLASS_FLOAT if location >= FIRST_FLOAT else CLASS_INT


def class_of_kind(kind):
    """The class of registers for values of a kind (a letter)."""
    return CLASS_FLOAT if kind == "f" else CLASS_INT


def register_bit(location):
    """The bit of a register in the mask of its class."""
    return 1 << (location & 31)


def encode_locations(locations):
    """Registers, slots and `NOWHERE` as a string: one character for each of the first 126 locations.

    What a guard's stub and the bridge that starts there need to know of it; most of the memory that guards take.
    """
    characters = []
    for location in locations:
        append_unsigned(characters, location + 1)
    return "".join(characters)


def decode_locations(text):
    """The locations in a string made by `encode_locations`."""
    locations = []
    value = shift = 0
    for index in range(len(text)):
        character = ord(text[index])
        value |= (character & 0x7F) << shift
        shift += 7
        if character < 0x80:
            locations.append(value - 1)
            value = shift = 0
    return locations


def describe(location):
    """A location as text, for tests and dumps: `i3`, `f0`, `slot 2`, `out 1`, `constant -6`."""
    if location < NOWHERE:
        return "constant %d" % location
    if location == NOWHERE:
        return "_"
    if location < FIRST_FLOAT:
        return "i%d" % location
    if location < FIRST_SLOT:
        return "f%d" % (location - FIRST_FLOAT)
    if location < FIRST_OUTGOING:
        return "slot %d" % (location - FIRST_SLOT)
    return "out %d" % (location - FIRST_OUTGOING)
