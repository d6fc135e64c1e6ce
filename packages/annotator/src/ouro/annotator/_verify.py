"""The contract between annotator and rtyper, as checks.

`verify(program)` raises `VerificationError` listing every broken invariant:

1. every variable of a reached block has an annotation;
2. what a link passes can be converted to what its target expects;
3. every call of functions of the program has a call site, with a graph for each function called;
4. all graphs of a call row take and return annotations of equal kinds;
5. an operation whose result is never produced ends its block;
6. container definitions and cells are reached through `root()` only: annotations in graphs join without effect.
"""

from __future__ import annotations

from typing import Any

from ouro.annotator import annotations as a
from ouro.annotator._join import NULLABLE
from ouro.annotator._normalise import all_rows
from ouro.annotator.annotations import IMPOSSIBLE, Annotation
from ouro.annotator.program import AnnotatedProgram
from ouro.flowspace import Block, FunctionGraph, VerificationError


def verify(program: AnnotatedProgram) -> None:
    """Raise `VerificationError` unless the program keeps the contract."""
    problems: list[str] = []
    for graph in program.graphs:
        for block in graph.iterblocks():
            for problem in _problems_of_block(program, block):
                problems.append(f"{graph.name} ({graph.filename}:{graph.firstlineno}): {problem}")
    problems += _problems_of_rows(program)
    if problems:
        raise VerificationError("\n".join(problems[:50]))


def _problems_of_block(program: AnnotatedProgram, block: Block) -> list[str]:
    problems = []
    for variable in block.inputargs:
        if variable.annotation is None:
            problems.append(f"the argument {variable.name} of a block has no annotation")
    for operation in block.operations:
        if operation.result.annotation is None:
            problems.append(f"the result of {operation!r} has no annotation")
        if operation.result.annotation is IMPOSSIBLE and operation is not block.operations[-1]:
            problems.append(f"{operation!r} never returns and does not end its block")
        problems += _problems_of_call(program, operation)
    for link in block.exits:
        for value, variable in zip(link.args, link.target.inputargs):
            annotation = program.annotation(value) if value.annotation is None else value.annotation
            if variable.annotation is not None and not convertible(annotation, variable.annotation):
                problems.append(f"{value!r} is {annotation}, but its target {variable.name} is {variable.annotation}")
    return problems


def _problems_of_call(program: AnnotatedProgram, operation: Any) -> list[str]:
    if operation.opname not in ("simple_call", "call_args"):
        return []
    called = operation.args[0].annotation
    if not isinstance(called, a.DescriptionSet):
        return []
    site = program.call_sites.get(operation)
    if site is None:
        return [f"{operation!r} has no call site"]
    problems = []
    for graph in site.graphs.values():
        if graph not in program.engine.states:
            problems.append(f"{operation!r} calls a graph that is not in the program")
    if len(site.graphs) > 1 and site.row is None:
        problems.append(f"{operation!r} calls several functions that are in no row")
    return problems


def _problems_of_rows(program: AnnotatedProgram) -> list[str]:
    problems = []
    for row in all_rows(program.engine):
        graphs = list(row.graphs.values())
        first = _signature(graphs[0])
        for graph in graphs[1:]:
            if _signature(graph) != first:
                problems.append(f"{graphs[0].name} {first} and {graph.name} {_signature(graph)} are in one row")
    return problems


def _signature(graph: FunctionGraph) -> list[str]:
    return [variable.annotation.describe() for variable in (*graph.getargs(), graph.getreturnvar())]


def convertible(value: Annotation, target: Annotation) -> bool:
    """Whether a value can be passed where another annotation is expected."""
    if value is IMPOSSIBLE or target is IMPOSSIBLE or isinstance(value, type(target)):
        return True
    if isinstance(value, a.NoneValue):
        return isinstance(target, (*NULLABLE, a.Pointer))
    if isinstance(target, a.NoneValue):
        return value.can_be_none
    if isinstance(value, a.Integer):
        return isinstance(target, (a.Integer, a.Float))
    return isinstance(value, (a.String, a.DescriptionSet)) and isinstance(target, (a.String, a.TypeOf))
