"""Drops exception exits of operations that cannot raise.

Needs the effects of the whole program. A call counts as raising also if it may recurse: then it may run out
of stack.
"""

from __future__ import annotations

from ouro.flowspace import LAST_EXCEPTION, FunctionGraph, Operation
from ouro.graphopt._call_graph import CallGraph
from ouro.graphopt.effects import CallEffects, called_graphs

__all__ = ["may_raise", "prune_exceptions"]

_CALLS = frozenset(["direct_call", "indirect_call"])


def may_raise(operation: Operation, effects: CallEffects, calls: CallGraph) -> bool:
    """Whether the operation may raise, running out of stack in a recursion included."""
    if effects.can_raise(operation):
        return True
    if operation.opname not in _CALLS:
        return False
    targets = called_graphs(operation)
    return targets is None or any(target in calls.may_recurse for target in targets)


def prune_exceptions(graph: FunctionGraph, effects: CallEffects, calls: CallGraph) -> bool:
    """Make plain the exits of blocks whose last operation cannot raise; whether there was one."""
    changed = False
    for block in graph.iterblocks():
        if block.exitswitch is LAST_EXCEPTION and not may_raise(block.operations[-1], effects, calls):
            block.exitswitch = None
            block.exits = block.exits[:1]
            changed = True
    return changed
