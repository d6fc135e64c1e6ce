"""Garbage collectors in RPython and the transform that inserts them.

`transform` turns a typed program into one with explicit collector calls; `TypeTable` is what the C generator
prints for the collector to read.
"""

from ouro.gc._transform import CollectedProgram, transform
from ouro.gc._type_table import HAS_VTABLE, ROW_SIZE, TypeId, TypeRow, TypeTable

__all__ = ["HAS_VTABLE", "ROW_SIZE", "CollectedProgram", "TypeId", "TypeRow", "TypeTable", "transform"]
