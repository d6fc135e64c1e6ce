"""The pipeline on one page: which optimisations see an operation, in order.

Each module has a table `HANDLERS` from opcode to function, and may have a table `LEARNERS` of functions that look at
what was just emitted. The order within an operation is that of `PIPELINE`.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.optimizer import (
    allocation,
    bounds,
    calls,
    guards,
    heap,
    integers,
    neighbours,
    pure,
    raw_memory,
    rewrite,
    stand_ins,
    strings,
)
from ouro.jitcore.optimizer.options import ALLOCATION, ALWAYS, GUARDS, HEAP, PURE, RANGES, REWRITE, STRINGS


class Step:
    """One function of an optimisation that looks at an operation before it is emitted."""

    def __init__(self, optimization, function):
        self.optimization = optimization
        self.function = function


class Learner:
    """One function of an optimisation that looks at an operation behind its emission."""

    def __init__(self, optimization, function):
        self.optimization = optimization
        self.function = function


#: (bit that switches it, handlers)
PIPELINE = [
    (ALWAYS, neighbours.HANDLERS),
    (ALWAYS, stand_ins.HANDLERS),
    (RANGES, integers.HANDLERS),
    (REWRITE, rewrite.HANDLERS),
    (ALWAYS, neighbours.GUARDS),
    (ALWAYS, guards.DEPENDENCIES),
    (ALWAYS, guards.CONTRADICTIONS),
    (GUARDS, guards.HANDLERS),
    (GUARDS, bounds.HANDLERS),
    (GUARDS, calls.HANDLERS),
    (ALLOCATION, allocation.HANDLERS),
    (ALLOCATION, calls.COPIES),
    (STRINGS, strings.HANDLERS),
    (PURE, pure.HANDLERS),
    (HEAP, heap.HANDLERS),
    (HEAP, raw_memory.HANDLERS),
]

#: (bit that switches it, learners)
BEHIND = [
    (ALWAYS, neighbours.LEARNERS),
    (RANGES, integers.LEARNERS),
    (GUARDS, bounds.LEARNERS),
    (GUARDS, guards.LEARNERS),
    (PURE, pure.LEARNERS),
    (HEAP, heap.LEARNERS),
    (HEAP, raw_memory.LEARNERS),
]


def _by_opcode(tables, make):
    chains = [[] for _ in range(ops.COUNT)]
    for optimization, handlers in tables:
        for opcode, function in handlers.items():
            chains[opcode].append(make(optimization, function))
    return chains


#: By opcode: the steps in front of an instruction being emitted, and behind.
CHAINS = _by_opcode(PIPELINE, Step)
LEARNING = _by_opcode(BEHIND, Learner)
