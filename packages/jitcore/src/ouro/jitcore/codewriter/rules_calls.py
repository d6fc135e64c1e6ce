"""Calls: which become jitcodes to run, which are left to the machine, and how their arguments are passed.

An operation without a rule becomes a call of a function that does nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ouro.flowspace import Constant, FunctionGraph, Operation
from ouro.graphopt import called_graphs
from ouro.jitcore.codewriter.effects import graph_of
from ouro.jitcore.codewriter.operation_functions import passes_singles
from ouro.jitcore.codewriter.policy import INLINE, RECURSIVE
from ouro.jitcore.codewriter.rules_numbers import Rule
from ouro.jitcore.codewriter.specials import special_of_function
from ouro.jitcore.descriptors.calls import SPECIAL_NONE
from ouro.jitcore.jitcode.building import ConstantOperand
from ouro.lltype import container_of, resolve

if TYPE_CHECKING:
    from ouro.jitcore.codewriter.lowering import Lowering

CALL_RULES: dict[str, Rule] = {}


def call_operation_function(lowering: Lowering, operation: Operation) -> Any:
    """Call a function that does the one operation."""
    return lowering.writer.call_operation(lowering, operation)


def by_kind(lowering: Lowering, arguments: list[Any]) -> list[list[Any]]:
    """Three lists of operands, of kinds i, r and f, for the arguments that exist at run time."""
    lists: dict[str, list[Any]] = {"i": [], "r": [], "f": []}
    for argument in arguments:
        kind = lowering.kind(argument)
        if kind != "n":
            lists[kind].append(lowering.operand(argument))
    return [lists["i"], lists["r"], lists["f"]]


def residual_call(
    lowering: Lowering, address: Any, FUNCTION: Any, arguments: list[Any], effect: Any, name: str = "residual_call"
) -> Any:
    """A call of the function at an address, of a type, with what it does."""
    descriptor = lowering.writer.descriptors.call(FUNCTION, effect)
    kind = descriptor.result_kind
    return lowering.emit(f"{name}_{kind}", address, *by_kind(lowering, arguments), descriptor, kind=kind)


def _direct_call(lowering: Lowering, operation: Operation) -> Any:
    writer = lowering.writer
    function, arguments = operation.args[0], operation.args[1:]
    if not isinstance(function, Constant):
        return _indirect_call(lowering, operation)
    container = container_of(function.value)
    if getattr(container, "external", None) is not None:
        return writer.call_operation(lowering, operation)
    graph = graph_of(function.value)
    plan = writer.policy.plan(graph)
    if plan == RECURSIVE:
        assert graph is not None
        return _recursive_call(lowering, graph, arguments)
    if plan == INLINE:
        assert graph is not None
        jitcode = writer.jitcode_of(graph)
        kind = jitcode.result_kind
        return lowering.emit(f"inline_call_{kind}", jitcode, *by_kind(lowering, arguments), kind=kind)
    func = None if graph is None else graph.func
    _promote_arguments(lowering, func, arguments)
    if passes_singles(function.concretetype.TO):
        return writer.call_operation(lowering, operation)
    effect = writer.effects.descriptor(
        writer.effects.of_call(operation), func, special_of_function(func), graph)
    return residual_call(
        lowering, lowering.operand(function), resolve(function.concretetype.TO), arguments, effect)


def _recursive_call(lowering: Lowering, graph: FunctionGraph, arguments: list[Any]) -> Any:
    portal = lowering.writer.portal_of(graph)
    greens, reds = arguments[: len(portal.green_kinds)], arguments[len(portal.green_kinds) :]
    _promote(lowering, greens)
    kind = portal.result_kind
    return lowering.emit(
        f"recursive_call_{kind}", portal.index, *by_kind(lowering, greens), *by_kind(lowering, reds), kind=kind)


def _promote(lowering: Lowering, arguments: list[Any]) -> None:
    words = {"i": "int", "r": "reference", "f": "float"}
    for argument in arguments:
        operand = lowering.operand(argument)
        if not isinstance(operand, ConstantOperand):
            lowering.emit(f"{words[operand.kind]}_guard_value", operand)


def _promote_arguments(lowering: Lowering, function: Any, arguments: list[Any]) -> None:
    """Promote the arguments that `elidable_promote` names; strings by content."""
    for index in getattr(function, "_elidable_promote_", ()):
        if index < len(arguments) and lowering.kind(arguments[index]) != "n":
            lowering.writer.promote(lowering, arguments[index])


def _indirect_call(lowering: Lowering, operation: Operation) -> Any:
    """A call through a pointer. Where it may lead into a jitcode the address is promoted: the tracer then knows it."""
    writer = lowering.writer
    function, arguments = operation.args[0], operation.args[1:]
    targets = called_graphs(operation)
    if operation.opname == "indirect_call":
        arguments = arguments[:-1]
    if passes_singles(function.concretetype.TO):
        return writer.call_operation(lowering, operation)
    address = lowering.operand(function)
    FUNCTION = resolve(function.concretetype.TO)
    effect = writer.effects.descriptor(writer.effects.of_call(operation))
    inside = [graph for graph in targets or () if writer.policy.plan(graph) == INLINE]
    if not inside:
        return residual_call(lowering, address, FUNCTION, arguments, effect)
    for graph in inside:
        writer.jitcode_at_address(graph)
    if not isinstance(address, ConstantOperand):
        lowering.emit("int_guard_value", address)
    return residual_call(lowering, address, FUNCTION, arguments, effect, "indirect_call")


def _conditional_call(lowering: Lowering, operation: Operation) -> Any:
    writer = lowering.writer
    condition, function, arguments = operation.args[0], operation.args[1], operation.args[2:]
    graph = graph_of(function.value)  # type: ignore[union-attr]
    effect = writer.effects.descriptor(
        writer.effects.of_call(operation), None if graph is None else graph.func, SPECIAL_NONE, graph)
    if operation.opname == "jit_conditional_call" and effect.can_raise():
        raise lowering.fail("a conditional call of a function that may raise is left")
    if effect.forces():
        raise lowering.fail("the function of a conditional call may look into a virtualizable, or do anything")
    if passes_singles(function.concretetype.TO):
        raise lowering.fail("a single-precision number cannot be passed to the function of a conditional call")
    descriptor = writer.descriptors.call(resolve(function.concretetype.TO), effect)
    operands = [lowering.operand(condition), lowering.operand(function), *by_kind(lowering, arguments), descriptor]
    if operation.opname == "jit_conditional_call":
        return lowering.emit("conditional_call", *operands)
    kind = lowering.kind(condition)
    if kind == "f":
        raise lowering.fail("conditional_call_elidable of a float: give an int or an object")
    return lowering.emit(f"conditional_call_value_{kind}", *operands, kind=kind)


CALL_RULES["direct_call"] = _direct_call
CALL_RULES["indirect_call"] = _indirect_call
CALL_RULES["jit_conditional_call"] = CALL_RULES["jit_conditional_call_value"] = _conditional_call
