"""Small graphs that the transform makes itself, without a typing stage."""

from __future__ import annotations

from typing import Any

from ouro.flowspace import Block, Constant, FunctionGraph, Link, Operation, Variable
from ouro.lltype import FuncType, Ptr, Signed, Void
from ouro.rtyper import TypedProgram

__all__ = ["make_thread_run", "make_trigger", "uses_threads"]


def _new_graph(program: TypedProgram, name: str, arguments: list[Variable]) -> FunctionGraph:
    graph = FunctionGraph(name, Block(arguments))
    graph.getreturnvar().concretetype = Void
    exceptions = program.exceptions
    graph.exceptblock.inputargs[0].concretetype = Ptr(exceptions.vtable_type)
    graph.exceptblock.inputargs[1].concretetype = Ptr(exceptions.object_type)
    program.graphs.append(graph)
    return graph


def _return(graph: FunctionGraph, exitcase: Any = None) -> Link:
    return Link([Constant(None, Void)], graph.returnblock, exitcase)


def make_trigger(program: TypedProgram) -> Constant:
    """The function that calls the trigger of a finalizer queue, given its number."""
    graph = _new_graph(program, "trigger_finalizer_queue", [Variable("number", Signed)])
    start = graph.startblock
    if not program.finalizer_triggers:
        start.exits = [_return(graph)]
        return program.function_constant(graph)
    start.exitswitch = start.inputargs[0]
    for number, trigger in sorted(program.finalizer_triggers.items()):
        block = Block([])
        signature = trigger._T.TO
        assert isinstance(signature, FuncType)
        arguments = [Constant(None, TYPE) for TYPE in signature.ARGS]  # the queue itself: Void
        operation = Operation("direct_call", [Constant(trigger, trigger._T), *arguments], Variable("v", Void))
        block.operations.append(operation)
        block.exits = [_return(graph)]
        start.exits.append(Link([], block, number))
    start.exits.append(_return(graph, "default"))
    return program.function_constant(graph)


def uses_threads(program: TypedProgram) -> bool:
    """Whether the program starts threads of its own."""
    return any(
        operation.opname == "gc_thread_start"
        for graph in program.graphs
        for _, operation in graph.iterblockops()
    )


def make_thread_run(program: TypedProgram) -> Constant:
    """The function to call when a thread has got the global lock."""
    graph = _new_graph(program, "thread_run", [])
    graph.startblock.operations.append(Operation("gc_thread_run", [], Variable("v", Void)))
    graph.startblock.exits = [_return(graph)]
    return program.function_constant(graph)
