"""Typed graphs to C and to an executable."""
