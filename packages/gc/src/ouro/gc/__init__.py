"""Garbage collectors in RPython and the transform that inserts them.

`transform` turns a typed program into one with explicit collector calls; `TypeTable` is what the C generator
prints for the collector to read.
"""

from ouro.gc._collectors.base import FRAME_FIRST_WORD, FRAME_MAP_WORD, FRAME_TAG, GC_DATA
from ouro.gc._header import FLAGS_OFFSET, HEADER_SIZE, NEEDS_BARRIER, PREBUILT, TYPE_ID_OFFSET
from ouro.gc._transform import CollectedProgram, transform
from ouro.gc._type_table import FINALIZER, HAS_VTABLE, LIGHT_FINALIZER, ROW_SIZE, TypeId, TypeRow, TypeTable

__all__ = [
    "CollectedProgram",
    "FINALIZER",
    "FLAGS_OFFSET",
    "FRAME_FIRST_WORD",
    "FRAME_MAP_WORD",
    "FRAME_TAG",
    "GC_DATA",
    "HAS_VTABLE",
    "HEADER_SIZE",
    "LIGHT_FINALIZER",
    "NEEDS_BARRIER",
    "PREBUILT",
    "ROW_SIZE",
    "TYPE_ID_OFFSET",
    "TypeId",
    "TypeRow",
    "TypeTable",
    "transform",
]
