"""Optimisations on typed graphs."""
