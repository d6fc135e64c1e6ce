"""Which functions the tracer looks into. All others are calls in every trace."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ouro.flowspace import FunctionGraph
from ouro.jitcore.codewriter.graphs import JitGraphs
from ouro.jitcore.codewriter.rules_untraceable import untraceable
from ouro.jitcore.codewriter.specials import special_of_function
from ouro.jitcore.descriptors.calls import SPECIAL_NONE
from ouro.jitcore.descriptors.from_types import kind_of_type

INLINE = "inline"
RESIDUAL = "residual"
RECURSIVE = "recursive"


class Policy:
    """Decides by the marks of a function and by its graph. Subclasses may refuse functions of their own choice.

    A function is looked into unless it is marked `dont_look_inside`, `elidable`, `loop_invariant` or `not_in_trace`,
    has a loop (unless it is marked `unroll_safe` or `look_inside`), or does what the tracer cannot follow.
    """

    def __init__(self) -> None:
        self._graphs: JitGraphs | None = None
        self._portals: frozenset[FunctionGraph] = frozenset()
        self._plans: dict[FunctionGraph, str] = {}

    def start(self, graphs: JitGraphs, portals: Iterable[FunctionGraph]) -> None:
        """Take what there is to decide about."""
        self._graphs = graphs
        self._portals = frozenset(portals)
        self._plans = {}

    def look_inside_function(self, function: Any) -> bool:
        """May the tracer look into this Python function? For subclasses."""
        return True

    def plan(self, graph: FunctionGraph | None) -> str:
        """How a call of a graph (None: of an unknown function) is made."""
        if graph is None:
            return RESIDUAL
        known = self._plans.get(graph)
        if known is None:
            known = self._plans[graph] = self._decide(graph)
        return known

    def _decide(self, graph: FunctionGraph) -> str:
        if graph in self._portals:
            return RECURSIVE
        return INLINE if self.reason_against(graph) is None else RESIDUAL

    def reason_against(self, graph: FunctionGraph) -> str | None:
        """Why the tracer does not look into a graph; None if it does."""
        function = graph.func
        look = getattr(function, "_jit_look_inside_", None)
        if look is False:
            return "marked dont_look_inside"
        for name, mark in (
            ("_elidable_", "elidable"), ("_jit_loop_invariant_", "loop_invariant"), ("_jit_not_in_trace_",
            "not_in_trace")
        ):
            if getattr(function, name, False):
                return f"marked {mark}"
        if special_of_function(function) != SPECIAL_NONE:
            return "known to the optimizer"
        if function is not None and not self.look_inside_function(function):
            return "refused by the policy"
        assert self._graphs is not None
        traced = self._graphs.of(graph)
        unsupported = _unsupported(traced)
        if unsupported is not None:
            return unsupported
        if not look and not getattr(function, "_jit_unroll_safe_", False) and self._graphs.has_loop(graph):
            return "has a loop"
        return None


_checked: dict[Any, bool] = {}


def _fits(TYPE: Any) -> bool:
    known = _checked.get(TYPE)
    if known is None:
        try:
            kind_of_type(TYPE)
            known = True
        except TypeError:
            known = False
        _checked[TYPE] = known
    return known


def _unsupported(graph: FunctionGraph) -> str | None:
    """What the tracer cannot follow in a graph."""
    for block in graph.iterblocks():
        for variable in block.inputargs:
            if not _fits(variable.concretetype):
                return f"has a value of type {variable.concretetype}"
        for operation in block.operations:
            if not _fits(operation.result.concretetype):
                return f"has a value of type {operation.result.concretetype}"
            reason = untraceable(operation)
            if reason is not None:
                return reason
    return None
