"""The optimiser on one page: one call a pass, top to bottom.

Functions are optimised callees first, so that what is inlined is already small. Every pass leaves graphs
closed and valid; `verify` between passes is a matter of tests.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Callable

from attrs import define, field
from ouro.flowspace import FunctionGraph
from ouro.graphopt._call_graph import CallGraph, build_call_graph
from ouro.graphopt._dead_code import remove_dead_code
from ouro.graphopt._drop_checks import drop_checks
from ouro.graphopt._drop_graphs import drop_graphs
from ouro.graphopt._drop_markers import drop_markers
from ouro.graphopt._fold_constants import fold_constants
from ouro.graphopt._inline import InlineLimits, inline_calls
from ouro.graphopt._merge_blocks import merge_blocks
from ouro.graphopt._prune_exceptions import prune_exceptions
from ouro.graphopt._redundant_tests import remove_redundant_tests
from ouro.graphopt._scalar_replacement import replace_scalars
from ouro.graphopt._share_tails import share_tails
from ouro.graphopt._share_values import share_values
from ouro.graphopt._switches import make_switches
from ouro.graphopt._unify_parameters import unify_parameters
from ouro.graphopt.effects import CallEffects, analyze_effects
from ouro.graphopt.memory_effects import MemoryEffects, analyze_memory
from ouro.rtyper import TypedProgram

__all__ = ["PASSES", "Optimizer", "clean_graph", "optimize"]


@define(eq=False)
class Optimizer:
    """What the passes share: the program, its call graph and effects, and the cost model of inlining."""

    program: TypedProgram
    calls: CallGraph
    effects: CallEffects
    memory: MemoryEffects
    limits: InlineLimits = InlineLimits()
    weights: dict[FunctionGraph, int] = field(factory=dict)
    keep_checks: bool = False


PASSES: dict[str, Callable[[FunctionGraph, Optimizer], bool]] = {
    "drop_markers": lambda graph, state: not state.limits.for_jit and drop_markers(graph),
    "drop_checks": lambda graph, state: not state.keep_checks and drop_checks(graph, state.program),
    "prune_exceptions": lambda graph, state: prune_exceptions(graph, state.effects, state.calls),
    "fold_constants": lambda graph, state: fold_constants(graph, state.program),
    "merge_blocks": lambda graph, state: merge_blocks(graph),
    "remove_dead_code": lambda graph, state: remove_dead_code(graph),
    "inline": lambda graph, state: inline_calls(
        graph, state.program, state.calls, state.effects, state.limits, state.weights
    ),
    "replace_scalars": lambda graph, state: replace_scalars(graph, state.program),
    "remove_redundant_tests": lambda graph, state: remove_redundant_tests(graph),
    "share_values": lambda graph, state: share_values(graph, state.memory),
    "unify_parameters": lambda graph, state: unify_parameters(graph),
    "make_switches": lambda graph, state: make_switches(graph),
    "share_tails": lambda graph, state: share_tails(graph),
}
"""Every pass by name: function(graph, optimizer) -> whether anything changed."""

CLEANING = ("fold_constants", "merge_blocks", "remove_dead_code")

CONTROL_FLOW = frozenset(
    ["merge_blocks", "unify_parameters", "remove_redundant_tests", "make_switches", "share_tails"]
)
"""Passes that find nothing in a graph of one block."""

ORDER = (
    "drop_markers",
    "drop_checks",
    "prune_exceptions",
    *CLEANING,
    "inline",
    *CLEANING,
    "unify_parameters",
    "replace_scalars",
    "share_values",
    "remove_redundant_tests",
    *CLEANING,
    "unify_parameters",
    "replace_scalars",
    *CLEANING,
    "make_switches",
    "share_tails",
    "merge_blocks",
    "remove_dead_code",
)
"""The passes that `optimize` runs on each function, in order."""


def optimize(
    program: TypedProgram,
    passes: Collection[str] | None = None,
    limits: InlineLimits | None = None,
    keep_checks: bool = False,
) -> TypedProgram:
    """Optimise every graph of `program` in place, and return it.

    Parameters: `passes` names those of `PASSES` to run, in the fixed order (all by default); `keep_checks` is for
    debug builds, where assertions are tested.
    Raises: KeyError for a pass that does not exist.
    """
    order = [name for name in ORDER if passes is None or name in passes]
    for name in passes or ():
        PASSES[name]
    calls = build_call_graph(program)
    state = Optimizer(
        program,
        calls,
        analyze_effects(program),
        analyze_memory(program, calls),
        limits or InlineLimits(),
        keep_checks=keep_checks,
    )
    for graph in state.calls.order:
        optimize_graph(graph, order, state)
    if "inline" in order:
        drop_graphs(program)
    return program


def optimize_graph(graph: FunctionGraph, order: Collection[str], state: Optimizer) -> None:
    """Run passes on one graph.

    A pass that comes again is left out if nothing has changed since its last run; cleaning counts only what
    other passes changed, because it finds little in its own traces. Passes on control flow leave out single
    blocks.
    """
    changes = substance = 0
    done: dict[str, int] = {}
    for name in order:
        cleaning = name in CLEANING
        seen = substance if cleaning else changes
        if done.get(name) == seen or name in CONTROL_FLOW and _is_single_block(graph):
            continue
        if PASSES[name](graph, state):
            changes += 1
            if not cleaning:
                substance += 1
        done[name] = substance if cleaning else changes


def clean_graph(graph: FunctionGraph, program: TypedProgram) -> None:
    """Run the cleaning passes on one graph, in place: for stages after that put constants into it."""
    while fold_constants(graph, program) | merge_blocks(graph) | remove_dead_code(graph):
        pass


def _is_single_block(graph: FunctionGraph) -> bool:
    return len(graph.startblock.exits) == 1 and not graph.startblock.exits[0].target.exits
