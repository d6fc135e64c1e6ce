"""Optimisations on typed graphs."""

from ouro.graphopt._call_graph import CallGraph, build_call_graph
from ouro.graphopt._inline import InlineLimits, has_loop, inline_chosen
from ouro.graphopt._merge_blocks import choose_exit
from ouro.graphopt._pipeline import PASSES, Optimizer, clean_graph, optimize
from ouro.graphopt.effects import CallEffects, analyze_effects, called_external, called_graphs
from ouro.graphopt.memory_effects import MemoryEffects, analyze_memory, place_of

__all__ = [
    "PASSES",
    "CallEffects",
    "CallGraph",
    "InlineLimits",
    "MemoryEffects",
    "Optimizer",
    "analyze_effects",
    "analyze_memory",
    "build_call_graph",
    "called_external",
    "called_graphs",
    "choose_exit",
    "clean_graph",
    "has_loop",
    "inline_chosen",
    "optimize",
    "place_of",
]
