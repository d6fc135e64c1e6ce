"""The class of the stand-ins that compiled code makes for virtual references. Host only."""

from __future__ import annotations

from ouro.jitcore.descriptors.from_types import DescriptorTable
from ouro.jitcore.resume import VirtualReferenceDescription
from ouro.lltype import GCREF, Array, Char, GcStruct, malloc
from ouro.rtyper import OBJECT, OBJECT_VTABLE, TypedProgram

NAME = "virtual_reference"


def add_stand_ins(program: TypedProgram, descriptors: DescriptorTable) -> VirtualReferenceDescription | None:
    """Add the class to a program that has virtual references, before its collector is put in.

    Args:
        program: the typed program, with its markers.
        descriptors: its table; that of instance types is the program's.

    Returns:
        The description, None for a program without virtual references.
    """
    if not any(
        operation.opname == "jit_virtual_ref"
        for graph in program.graphs for block in graph.iterblocks() for operation in block.operations
    ):
        return None
    STAND_IN = GcStruct(NAME, ("super", OBJECT), ("token", GCREF), ("object", GCREF))
    vtable = malloc(OBJECT_VTABLE, immortal=True, zero=True)
    # below all classes of the program: it is no subclass of any, and none of it
    vtable.subclass_range_min = vtable.subclass_range_max = -1
    name = malloc(Array(Char), len(NAME), immortal=True)
    for index, character in enumerate(NAME):
        name[index] = character
    vtable.name = name
    program.instance_types[STAND_IN] = vtable
    return VirtualReferenceDescription(
        descriptors.size(STAND_IN), descriptors.field(STAND_IN, "token"), descriptors.field(STAND_IN, "object"))
