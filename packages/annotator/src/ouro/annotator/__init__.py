"""Whole-program type inference over flow graphs."""
