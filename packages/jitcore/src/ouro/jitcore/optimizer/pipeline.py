"""The pipeline on one page: which optimisations see an operation, in order.

Each module has a table `HANDLERS` from opcode to function. The order within an operation is that of `PIPELINE`.
"""

from ouro.jitcore import operations as ops


class Step:
    """One function of an optimisation, for one operation."""

    def __init__(self, optimization, function):
        self.optimization = optimization
        self.function = function


#: (bit that switches it, handlers)
PIPELINE = []


def _chains():
    chains = [[] for _ in range(ops.COUNT)]
    for optimization, handlers in PIPELINE:
        for opcode, function in handlers.items():
            chains[opcode].append(Step(optimization, function))
    return chains


#: By opcode: the steps.
CHAINS = _chains()
