"""Optimisations on typed graphs."""

from ouro.graphopt.effects import CallEffects, analyze_effects, called_external, called_graphs

__all__ = ["CallEffects", "analyze_effects", "called_external", "called_graphs"]
