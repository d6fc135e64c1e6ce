"""Which classes are virtualizable, and the descriptions of their fields for the run-time parts."""

from __future__ import annotations

from typing import Any

from ouro.flowspace import FunctionGraph, Position
from ouro.jitcore.codewriter.errors import CodewriterError
from ouro.jitcore.descriptors.from_types import DescriptorTable
from ouro.jitcore.jitcode.program import VirtualizableDescription
from ouro.lltype import Array, Ptr, Struct, resolve

TOKEN = "jit_token"
"""The field that the rtyper adds to a virtualizable class."""


class Virtualizables:
    """The virtualizable classes of a program: those that a driver names as such."""

    def __init__(self, descriptors: DescriptorTable) -> None:
        self._descriptors = descriptors
        self._described: dict[Any, VirtualizableDescription] = {}
        self._fields: dict[Any, bool] = {}

    def describe(
        self, PTR: Any, name: str, graph: FunctionGraph, position: Position | None
    ) -> VirtualizableDescription:
        """The description of the class that a pointer type is to.

        Args:
            name, graph, position: the red of the merge point that it is for, for messages.

        Raises:
            CodewriterError: the class is not virtualizable, or names fields that it does not have.
        """
        STRUCT = owner_of(PTR.TO) if isinstance(resolve(PTR), Ptr) and isinstance(resolve(PTR.TO), Struct) else None
        if STRUCT is None:
            raise CodewriterError(
                f"the red {name} is the virtualizable of the driver, but its class has no _virtualizable_ fields",
                graph, position, "name the fields that are to live in registers: _virtualizable_ = [\"field\", ...]")
        missing = STRUCT.hints.get("virtualizable_missing", ())
        if missing:
            raise CodewriterError(
                f"{STRUCT.name}._virtualizable_ names {', '.join(missing)}, which nothing in the program assigns",
                graph, position, "correct the name, or leave it out")
        known = self._described.get(STRUCT)
        if known is None:
            known = self._described[STRUCT] = self._make(STRUCT, graph, position)
        return known

    def is_field(self, STRUCT: Any, name: str) -> bool:
        """Is that a virtualizable field that holds a value?"""
        return self._fields.get((_home(STRUCT, name), name)) is False

    def is_array_field(self, STRUCT: Any, name: str) -> bool:
        """Is that a virtualizable field that holds an array?"""
        return self._fields.get((_home(STRUCT, name), name)) is True

    def _make(self, STRUCT: Any, graph: FunctionGraph, position: Position | None) -> VirtualizableDescription:
        table = self._descriptors
        fields, array_fields, arrays = [], [], []
        for declared in STRUCT.hints["virtualizable"]:
            name = "inst_" + declared.removesuffix("[*]")
            if name not in STRUCT.index:
                continue  # without a value at run time
            TYPE = resolve(STRUCT.field_type(name))
            if declared.endswith("[*]"):
                if not isinstance(TYPE, Ptr) or not isinstance(resolve(TYPE.TO), Array):
                    raise CodewriterError(
                        f"the virtualizable field {declared} of {STRUCT.name} is no list of a fixed size", graph,
                        position, "make it with [x] * n and never append to it")
                array_fields.append(table.field(STRUCT, name))
                arrays.append(table.array(TYPE.TO))
            else:
                fields.append(table.field(STRUCT, name))
            self._fields[STRUCT, name] = declared.endswith("[*]")
        return VirtualizableDescription(
            STRUCT.name, table.size(STRUCT), fields, array_fields, arrays, table.field(STRUCT, TOKEN)
        )


def owner_of(STRUCT: Any) -> Any:
    """The structure, among one and those it begins with, that declares virtualizable fields; None if none does."""
    STRUCT = resolve(STRUCT)
    while "virtualizable" not in STRUCT.hints:
        first = resolve(STRUCT.types[0]) if STRUCT.types else None
        if not isinstance(first, Struct):
            return None
        STRUCT = first
    return STRUCT


def _home(STRUCT: Any, name: str) -> Any:
    """The structure that has a field, among one and those it begins with."""
    STRUCT = resolve(STRUCT)
    while name not in STRUCT.index and STRUCT.types and isinstance(resolve(STRUCT.types[0]), Struct):
        STRUCT = resolve(STRUCT.types[0])
    return STRUCT
