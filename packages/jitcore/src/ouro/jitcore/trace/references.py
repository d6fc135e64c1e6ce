"""References: the values of a trace as ints.

`reference >= 0` is the number of the instruction that makes the value, `NOTHING` is no value, and what is below it is a
constant: its kind and its place in the pool of that kind.
"""

NOTHING = -1

KIND_INT, KIND_REFERENCE, KIND_FLOAT = range(3)


def constant_reference(kind, index):
    """The reference of constant number `index` (at least 0) of a kind (`KIND_INT`, ...)."""
    return -2 - ((index << 2) | kind)


def is_constant(reference):
    """Does a reference name a constant?"""
    return reference < NOTHING


def is_result(reference):
    """Does a reference name the result of an instruction?"""
    return reference >= 0


def constant_kind(reference):
    """The kind (`KIND_INT`, ...) of a constant."""
    return (-2 - reference) & 3


def constant_index(reference):
    """The place of a constant in the pool of its kind."""
    return (-2 - reference) >> 2
