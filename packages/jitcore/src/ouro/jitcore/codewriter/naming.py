"""Names for the functions and classes of a program, so that jitcodes and traces as text say what they mean."""

from __future__ import annotations

import re
from typing import Any

from ouro.jitcore.descriptors.from_types import DescriptorTable
from ouro.jitcore.text import Names
from ouro.rtyper import TypedProgram

_NO_NAME = re.compile(r"[^\w.]+")


def program_names(program: TypedProgram, descriptors: DescriptorTable) -> Names:
    """Names with `@function` for every function of a program and `@Class.class` for every class."""
    names = Names()

    def add(name: str, pointer: Any) -> None:
        address = descriptors.address_of(pointer)
        if names.of_integer(address) is not None:
            return
        name = _NO_NAME.sub("_", name)
        name = name if name[:1].isalpha() or name[:1] == "_" else "_" + name
        free, number = name, 1
        while free in names.integers or re.fullmatch(r"[irf]\d+|null|_", free):
            number += 1
            free = f"{name}.{number}"
        names.add_integer(free, address)

    for graph in program.graphs:
        add(graph.name, program.function_pointer(graph))
    for STRUCT, vtable in program.instance_types.items():
        add(STRUCT.name + ".class", vtable)
    return names
