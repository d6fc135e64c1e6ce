"""The transform: makes the collector's part in a program explicit.

The order of its steps, each a module: the effects of calls are found, operations are rewritten
(`_operations`), roots are saved around what may collect (`_roots`).
"""

from __future__ import annotations

from typing import Any

from attrs import define
from ouro.flowspace import Constant
from ouro.gc._header import PREBUILT_FLAGS
from ouro.gc._transform._operations import OperationRewriter, rewrite_graph
from ouro.gc._transform._without import PlainAllocator
from ouro.gc._type_table import TypeTable
from ouro.graphopt import analyze_effects
from ouro.rtyper import TypedProgram

__all__ = ["CollectedProgram", "transform"]


@define(eq=False)
class CollectedProgram:
    """A program with its collector.

    `program` is the transformed program, `type_table` what the C generator prints and adds the types of
    prebuilt objects to, `collector` its name. `data` is the constant pointer to the structure that holds
    `root_top` and the nursery pointers, `setup` the function to call first; both None without a collector.
    `prebuilt_flags` stands in the header of every prebuilt object.
    """

    program: TypedProgram
    type_table: TypeTable
    collector: str
    data: Constant | None
    setup: Constant | None
    prebuilt_flags: int


def transform(program: TypedProgram, collector: str = "generational") -> CollectedProgram:
    """Rewrite a typed program, in place, for a collector.

    Parameters: `collector` is one of `COLLECTORS`; `"none"` never gives memory back.
    Raises ValueError for another name.
    """
    effects = analyze_effects(program)
    table = TypeTable(dict(program.instance_types))
    if collector != "none":
        raise ValueError(f"there is no collector {collector!r}")
    graphs = list(program.graphs)
    operations = OperationRewriter(table, PlainAllocator(program), effects, collects=False, barriers=False)
    for graph in graphs:
        rewrite_graph(operations, graph)
    return CollectedProgram(program, table, collector, None, None, PREBUILT_FLAGS)
