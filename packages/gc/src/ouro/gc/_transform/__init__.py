"""The transform: makes the collector's part in a program explicit.

The order of its steps, each a module: the effects of calls are found, operations are rewritten
(`_operations`), roots are saved around what may collect (`_roots`).
"""

from __future__ import annotations

from typing import Any, Callable

from attrs import define
from ouro.flowspace import Constant, FunctionGraph
from ouro.gc._collectors.base import GC_DATA
from ouro.gc._collectors.generational import GenerationalCollector
from ouro.gc._collectors.marksweep import MarkSweepCollector
from ouro.gc._collectors.semispace import SemiSpaceCollector
from ouro.gc._header import PREBUILT_FLAGS
from ouro.gc._transform._entry_points import EntryPoints
from ouro.gc._transform._finalizers import is_light_finalizer
from ouro.gc._transform._made_graphs import make_thread_run, make_trigger, uses_threads
from ouro.gc._transform._operations import COLLECTING, OperationRewriter, rewrite_graph
from ouro.gc._transform._roots import insert_roots
from ouro.gc._transform._without import PlainAllocator
from ouro.gc._type_table import TypeTable
from ouro.graphopt import analyze_effects, optimize
from ouro.lltype import Ptr
from ouro.rtyper import TypedProgram

__all__ = ["COLLECTORS", "CollectedProgram", "transform"]


@define(eq=False)
class CollectedProgram:
    """A program with its collector.

    `program` is the transformed program, `type_table` what the C generator prints and adds the types of
    prebuilt objects to, `collector` its name. `data` is the constant pointer to the structure that holds
    `root_top` and the nursery pointers, `setup` the function to call first; both None without a collector.
    `prebuilt_flags` stands in the header of every prebuilt object. `thread_run` is the function, without
    arguments, to call when a thread has got the global lock; None where a program has no threads.
    """

    program: TypedProgram
    type_table: TypeTable
    collector: str
    data: Constant | None
    setup: Constant | None
    prebuilt_flags: int
    thread_run: Constant | None = None


#: The collectors by name.
COLLECTORS: dict[str, Callable[[], Any]] = {
    "generational": GenerationalCollector,
    "semispace": SemiSpaceCollector,
    "marksweep": MarkSweepCollector,
}


def transform(program: TypedProgram, collector: str = "generational") -> CollectedProgram:
    """Rewrite a typed program, in place, for a collector.

    Parameters: `collector` is a name of `COLLECTORS`; `"none"` never gives memory back.
    Raises ValueError for another name.
    """
    effects = analyze_effects(program)
    finalizers = {
        TYPE: (pointer, is_light_finalizer(pointer)) for TYPE, pointer in program.finalizers.items()
    }
    table = TypeTable(dict(program.instance_types), finalizers)
    if collector == "none":
        graphs = list(program.graphs)
        operations = OperationRewriter(
            table, PlainAllocator(program), effects, collects=False, barriers=False
        )
        for graph in graphs:
            rewrite_graph(operations, graph)
        return CollectedProgram(program, table, collector, None, None, PREBUILT_FLAGS)
    if collector not in COLLECTORS:
        raise ValueError(f"there is no collector {collector!r}; there are none, {', '.join(COLLECTORS)}")
    instance = COLLECTORS[collector]()
    instance.trigger = make_trigger(program).value
    thread_run = make_thread_run(program) if uses_threads(program) else None
    graphs = list(program.graphs)
    functions = EntryPoints(program, instance)
    data = Constant(instance.data, Ptr(GC_DATA))
    operations = OperationRewriter(
        table, functions, effects, data if collector == "generational" else None, data
    )
    setup = functions["setup"]
    for graph in graphs:
        rewrite_graph(operations, graph)
    effects.collecting.update(functions.graphs(COLLECTING))
    for graph in graphs:
        insert_roots(graph, effects.can_collect)
    program.graphs = graphs + _collector_graphs(program, functions, len(graphs))
    return CollectedProgram(program, table, collector, data, setup, PREBUILT_FLAGS, thread_run)


def _collector_graphs(program: TypedProgram, functions: EntryPoints, count: int) -> list[FunctionGraph]:
    """The graphs of the collector, optimised; they are those behind the first `count`.

    A collector is many small functions in several modules, and no faster than they are when all is one.
    """
    collector = TypedProgram(
        functions.graphs(["setup"])[0],
        program.graphs[count:],
        program.exceptions,
        program.instance_types,
        attributes={"entry points": functions.pointers()},
    )
    return optimize(collector).graphs
