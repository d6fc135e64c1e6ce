"""What can be switched: the optimisations by name, and the limits."""

_NAMES = [
    "ranges",  # integer ranges with known bits
    "rewrite",  # constant folding, the table of rules
    "guards",  # guard removal and strengthening
    "pure",  # one computation for equal pure operations and calls
    "allocation",  # allocations that do not escape are not made
    "heap",  # loads and stores
    "strings",  # strings that are not made, lengths, comparisons
    "peel",  # the first iteration apart, knowledge carried round the loop
]

RANGES, REWRITE, GUARDS, PURE, ALLOCATION, HEAP, STRINGS, PEEL = [1 << position for position in range(len(_NAMES))]

#: What belongs to every forward pass, even if all optimisations are off.
ALWAYS = 1 << len(_NAMES)

ALL = (1 << len(_NAMES)) - 1
NONE = 0

#: The bit of each optimisation by its name.
BITS = {name: 1 << position for position, name in enumerate(_NAMES)}


class UnknownOptimization(Exception):
    """There is no optimisation with a name."""

    def __init__(self, name):
        self.name = name


def parse_enabled(text):
    """The bits for a text such as `"all"`, `"none"` or `"ranges:rewrite:heap"`; `"all:-peel"` is all but one.

    Raises:
        UnknownOptimization: for a name that there is none of.
    """
    enabled = NONE
    for word in text.split(":"):
        name = word.strip(" ")
        if name == "" or name == "none":
            continue
        if name == "all":
            enabled = ALL
        elif name.startswith("-"):
            enabled &= ~_bit(name[1:])
        else:
            enabled |= _bit(name)
    return enabled


def _bit(name):
    bit = BITS.get(name, 0)
    if bit == 0:
        raise UnknownOptimization(name)
    return bit


class Options:
    """How much to do.

    Attributes:
        enabled: bits of the optimisations that are on.
        bridge_facts_limit: how many facts about memory a guard remembers for its bridge.
    """

    def __init__(self, enabled=ALL, bridge_facts_limit=32):
        self.enabled = enabled
        self.bridge_facts_limit = bridge_facts_limit
