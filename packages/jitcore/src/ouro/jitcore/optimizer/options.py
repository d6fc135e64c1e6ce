"""What can be switched: the optimisations by name, and the limits."""

from ouro.rlib.jit import ALL_OPTIMIZATIONS, OPTIMIZATIONS, parse_optimizations

#: The bits, in the order of the table of names, which stands where users are told of them:
#: ranges      integer ranges with known bits
#: rewrite     constant folding, the table of rules
#: guards      guard removal and strengthening
#: pure        one computation for equal pure operations and calls
#: allocation  allocations that do not escape are not made
#: heap        loads and stores
#: strings     strings that are not made, lengths, comparisons
#: peel        the first iteration apart, knowledge carried round the loop
#: count       loops that only count run at once
RANGES, REWRITE, GUARDS, PURE, ALLOCATION, HEAP, STRINGS, PEEL, COUNT = [
    1 << place for place in range(len(OPTIMIZATIONS))
]

#: What belongs to every forward pass, even if all optimisations are off.
ALWAYS = 1 << len(OPTIMIZATIONS)

ALL = ALL_OPTIMIZATIONS
NONE = 0

#: The bit of each optimisation by its name.
BITS = {name: 1 << position for position, name in enumerate(OPTIMIZATIONS)}

#: The bits for a text such as `"all:-peel"`. Raises `ouro.rlib.jit.BadParameter`.
parse_enabled = parse_optimizations


class Options:
    """How much to do.

    Attributes:
        enabled: bits of the optimisations that are on.
        bridge_facts_limit: how many facts about memory a guard remembers for its bridge.
        entry_guards_limit: how many values a jump to a peeled body may guard; with more it goes elsewhere.
        second_iterations: may there be a second iteration in front of a peeled body?
        guards_may_fail: guards may fail though they hold, so that nothing follows from a failure.
    """

    def __init__(self, enabled=ALL, bridge_facts_limit=32, guards_may_fail=False):
        self.enabled = enabled
        self.guards_may_fail = guards_may_fail
        self.bridge_facts_limit = bridge_facts_limit
        self.entry_guards_limit = 15
        self.second_iterations = True
