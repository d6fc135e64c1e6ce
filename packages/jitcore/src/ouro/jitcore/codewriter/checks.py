"""What has to hold between the drivers of a program and its markers; each violation is one error with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ouro.flowspace import FunctionGraph, Operation, Variable
from ouro.jitcore.codewriter.errors import CodewriterError
from ouro.jitcore.descriptors.from_types import kind_of_type
from ouro.jitcore.portal import Portal
from ouro.lltype import Void
from ouro.rtyper import TypedProgram


def check_drivers(program: TypedProgram, portals: Sequence[Portal]) -> None:
    """Check all markers of a program.

    Raises:
        CodewriterError: a marker does not fit the merge point of its driver.
    """
    points: dict[Any, tuple[FunctionGraph, Operation]] = {}
    others: list[tuple[FunctionGraph, Operation]] = []
    for graph in program.graphs:
        for operation in _markers(graph):
            driver = operation.args[1].value  # type: ignore[union-attr]
            if operation.args[0].value != "jit_merge_point":  # type: ignore[union-attr]
                others.append((graph, operation))
            elif driver in points:
                raise CodewriterError(
                    f"a second merge point of the driver {driver.name}, which has one in {points[driver][0].name}",
                    graph, operation.position, "give this loop a driver of its own, such as driver.clone()")
            else:
                points[driver] = graph, operation
    known = {portal.driver for portal in portals}
    for driver, (graph, operation) in points.items():
        if driver not in known:
            raise CodewriterError(
                f"the merge point of the driver {driver.name} is in no portal", graph, operation.position)
    for portal in portals:
        if portal.driver not in points:
            raise CodewriterError(f"the merge point of the driver {portal.driver.name} has gone", portal.graph)
        _check_greens(portal, *points[portal.driver])
    for graph, operation in others:
        _check_marker(graph, operation, points)


def _markers(graph: FunctionGraph) -> Iterator[Operation]:
    for _, operation in graph.iterblockops():
        if operation.opname == "jit_marker":
            yield operation


def _check_greens(portal: Portal, graph: FunctionGraph, operation: Operation) -> None:
    """Greens are what the trace is for, so their values at the merge point are those of the portal's arguments."""
    for name, value in zip(portal.green_names, operation.args[2:]):
        if isinstance(value, Variable) and value.concretetype is Void:
            raise CodewriterError(f"the green {name} has no value at run time", graph, operation.position)


def _check_marker(
    graph: FunctionGraph, operation: Operation, points: dict[Any, tuple[FunctionGraph, Operation]]
) -> None:
    """`can_enter_jit` gives the same greens, of the same types, as the merge point of its driver, and reds of the same
    kinds.
    """
    kind, driver = operation.args[0].value, operation.args[1].value  # type: ignore[union-attr]
    if driver not in points:
        raise CodewriterError(
            f"{kind} of the driver {driver.name}, which has no merge point in the program", graph, operation.position,
            "call jit_merge_point at the head of the loop, or use the driver of another loop")
    if kind != "can_enter_jit":
        return
    count = len(driver.greens)
    wanted = sorted(_types(points[driver][1].args[2:2 + count]))
    given = sorted(_types(operation.args[2:2 + count]))
    if wanted != given:
        raise CodewriterError(
            f"the greens of {driver.name}.can_enter_jit have the types {', '.join(given)}, those of the merge point "
            f"{', '.join(wanted)}", graph, operation.position, "pass the same variables in both places")
    wanted = _kinds(points[driver][1].args[2 + count:])
    given = _kinds(operation.args[2 + count:])
    if wanted != given and not driver.autoreds:
        raise CodewriterError(
            f"the reds of {driver.name}.can_enter_jit are {', '.join(given)}, those of the merge point "
            f"{', '.join(wanted)}", graph, operation.position, "pass the same variables in both places")


def _types(values: list[Any]) -> list[str]:
    return [str(value.concretetype) for value in values if value.concretetype is not Void]


_KINDS = {"i": "an int", "r": "an object", "f": "a float"}


def _kinds(values: list[Any]) -> list[str]:
    kinds = [kind_of_type(value.concretetype) for value in values if value.concretetype is not Void]
    return [_KINDS[kind] for kind in sorted(kinds)]
