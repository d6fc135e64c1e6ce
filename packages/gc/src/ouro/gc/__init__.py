"""Garbage collectors in RPython and the transform that inserts them."""
