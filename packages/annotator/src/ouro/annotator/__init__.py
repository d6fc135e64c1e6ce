"""Whole-program type inference over flow graphs."""

from ouro.annotator import annotations, containers, descriptions

__all__ = ["annotations", "containers", "descriptions"]
