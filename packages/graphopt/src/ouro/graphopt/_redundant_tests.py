"""Tests whose outcome is known from a test before are not done again.

Needs merged blocks. Walks the trees of blocks with one entry (extended basic blocks): there, the outcome of a
switch is known below each of its exits, for the value tested and for equal tests of the same operands.
"""

from __future__ import annotations

from typing import Any

from ouro.flowspace import Block, Constant, FunctionGraph, Link, Operation, Variable
from ouro.lltype import Bool
from ouro.rtyper import OPERATIONS

__all__ = ["remove_redundant_tests"]

_OPPOSITES = {
    "ptr_nonzero": "ptr_iszero",
    "ptr_eq": "ptr_ne",
    "int_eq": "int_ne",
    "int_lt": "int_ge",
    "int_gt": "int_le",
    "uint_eq": "uint_ne",
    "uint_lt": "uint_ge",
    "uint_gt": "uint_le",
    "char_eq": "char_ne",
}
_OPPOSITE = {**_OPPOSITES, **{value: key for key, value in _OPPOSITES.items()}}

Fact = tuple[Any, ...]

_MOST_FACTS = 64
"""A path that knows more starts afresh, which keeps long chains of tests linear."""


def remove_redundant_tests(graph: FunctionGraph) -> bool:
    """Replace the tests of `graph` whose outcome is known by constants; whether there were any."""
    counts: dict[Block, int] = {graph.startblock: 2}
    blocks = list(graph.iterblocks())
    for block in blocks:
        for link in block.exits:
            counts[link.target] = counts.get(link.target, 0) + 1
    changed = False
    for block in blocks:
        if counts.get(block, 0) != 1:
            stack: list[tuple[Block, dict[Fact, bool]]] = [(block, {})]
            while stack:
                current, facts = stack.pop()
                changed |= _visit(current, facts, counts, stack)
    return changed


def _visit(
    block: Block,
    facts: dict[Fact, bool],
    counts: dict[Block, int],
    stack: list[tuple[Block, dict[Fact, bool]]],
) -> bool:
    changed = False
    tests: dict[Any, Fact] = {}
    for operation in block.operations:
        if operation.result.concretetype is Bool:
            row = OPERATIONS.get(operation.opname)
            if row is None or not row.pure:
                continue
            fact = _fact(operation)
            outcome = facts.get(fact)
            if outcome is not None and operation.opname != "same_as":
                operation.opname = "same_as"
                operation.args = [Constant(outcome, Bool)]
                changed = True
            else:
                tests[operation.result] = fact
    for link in block.exits:
        if counts[link.target] == 1 and link.target is not block:
            stack.append((link.target, _facts_below(block, link, facts, tests)))
    return changed


def _fact(operation: Operation) -> Fact:
    return (operation.opname,) + tuple([_key(arg) for arg in operation.args])


def _key(value: Any) -> Any:
    if isinstance(value, Constant):
        kind = type(value.value)
        return (kind, value.value) if kind in (int, str, bool) else ("constant", id(value))
    return value


def _facts_below(
    block: Block, link: Link, facts: dict[Fact, bool], tests: dict[Any, Fact]
) -> dict[Fact, bool]:
    """The facts that hold in the target of a link, in the names that it has there."""
    known = dict(facts) if len(facts) < _MOST_FACTS else {}
    switch = block.exitswitch
    outcome = link.exitcase
    if isinstance(switch, Variable) and isinstance(outcome, bool):
        known["value", switch] = outcome
        fact = tests.get(switch)
        if fact is not None:
            known[fact] = outcome
            opposite = _OPPOSITE.get(fact[0])
            if opposite is not None:
                known[(opposite,) + fact[1:]] = not outcome
    names: dict[Any, list[Any]] = {}
    for arg, parameter in zip(link.args, link.target.inputargs):
        if isinstance(arg, Variable):
            names.setdefault(arg, []).append(parameter)
    below: dict[Fact, bool] = {}
    for fact, holds in known.items():
        translated: list[Any] = [fact[0]]
        for part in fact[1:]:
            if isinstance(part, Variable):
                here = names.get(part)
                if here is None:
                    break
                translated.append(here[0])
            else:
                translated.append(part)
        else:
            below[tuple(translated)] = holds
            if fact[0] == "value":
                for parameter, arg in zip(link.target.inputargs, link.args):
                    if arg is fact[1]:
                        below["value", parameter] = holds
    if isinstance(switch, Variable) and isinstance(outcome, bool):
        link.args = [Constant(outcome, Bool) if arg is switch else arg for arg in link.args]
    return below
