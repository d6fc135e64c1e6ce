"""Chains of `if x == constant` become switches.

Needs merged blocks. A link of a chain is a block that only compares the same integer or character with one
more constant; three and more make a switch, which the C compiler turns into a table or a search tree.
"""

from __future__ import annotations

from typing import Any

from ouro.flowspace import Block, Constant, FunctionGraph, Link, Operation, Variable

__all__ = ["make_switches"]

_COMPARISONS = frozenset(["int_eq", "uint_eq", "char_eq"])
_FEWEST_CASES = 3


def make_switches(graph: FunctionGraph) -> bool:
    """Make the switches of `graph`; whether there was one."""
    counts: dict[Block, int] = {}
    for link in graph.iterlinks():
        counts[link.target] = counts.get(link.target, 0) + 1
    gone: set[Block] = set()
    changed = False
    for block in list(graph.iterblocks()):
        if block not in gone and _start_switch(block, counts, gone):
            changed = True
    return changed


def _comparison(block: Block) -> Operation | None:
    """The comparison with a constant that the exits of `block` depend on, if it ends in one."""
    if not block.operations or not isinstance(block.exitswitch, Variable) or len(block.exits) != 2:
        return None
    operation = block.operations[-1]
    if operation.result is not block.exitswitch or operation.opname not in _COMPARISONS:
        return None
    if not isinstance(operation.args[0], Variable) or not isinstance(operation.args[1], Constant):
        return None
    if any(operation.result in link.args for link in block.exits):
        return None
    return operation


def _start_switch(head: Block, counts: dict[Block, int], gone: set[Block]) -> bool:
    first = _comparison(head)
    if first is None:
        return False
    subject: Any = first.args[0]
    cases: dict[Any, Link] = {}
    chain: list[Block] = []
    block = head
    operation = first
    renamed: dict[Any, Any] = {}
    while True:
        when_false, when_true = sorted(block.exits, key=lambda link: bool(link.exitcase))
        value = operation.args[1].value  # type: ignore[union-attr]
        if value not in cases:
            args = [renamed.get(arg, arg) for arg in when_true.args]
            cases[value] = Link(args, when_true.target, value, when_true.position)
        onward_args = [renamed.get(arg, arg) for arg in when_false.args]
        target = when_false.target
        default = Link(onward_args, target, "default", when_false.position)
        following = _comparison(target) if counts.get(target) == 1 and target not in gone else None
        if following is None or len(target.operations) != 1 or target is head:
            break
        renamed = dict(zip(target.inputargs, onward_args))
        if following.opname != first.opname or renamed.get(following.args[0]) is not subject:
            break
        chain.append(target)
        block, operation = target, following
    if len(cases) < _FEWEST_CASES:
        return False
    head.operations.pop()
    head.exitswitch = subject
    head.exits = [*cases.values(), default]
    gone.update(chain)
    return True
