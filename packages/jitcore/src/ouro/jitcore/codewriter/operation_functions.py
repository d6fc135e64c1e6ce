"""Functions that do one operation: what the tracer calls for operations that it has no instructions for.

Single-precision numbers are their bits in traces, and so they are for these functions: compiled code passes words.
"""

from __future__ import annotations

from typing import Any

from ouro.flowspace import Block, Constant, FunctionGraph, Link, Operation, Variable
from ouro.lltype import Signed, SingleFloat, Void, container_of, resolve
from ouro.rtyper import OBJECT_POINTER, VTABLE_POINTER, TypedProgram


class OperationFunctions:
    """Makes them, one for each operation with the same types and the same Void operands, and adds them to the
    program."""

    def __init__(self, program: TypedProgram) -> None:
        self._program = program
        self._made: dict[Any, FunctionGraph] = {}

    def graph_for(self, operation: Operation) -> tuple[FunctionGraph, list[Any]]:
        """The function for an operation, and the operands that are its arguments."""
        fixed = [_is_fixed(operation, index) for index in range(len(operation.args))]
        arguments = [argument for argument, constant in zip(operation.args, fixed) if not constant]
        RESULT = operation.result.concretetype
        key = (
            operation.opname, RESULT,
            *[_key(one) if constant else one.concretetype for one, constant in zip(operation.args, fixed)],
        )
        graph = self._made.get(key)
        if graph is None:
            graph = self._made[key] = self._make(operation, fixed, RESULT)
        return graph, arguments

    def _make(self, operation: Operation, fixed: list[bool], RESULT: Any) -> FunctionGraph:
        start = Block([])
        operands: list[Any] = []
        for argument, constant in zip(operation.args, fixed):
            if constant:
                operands.append(argument)
            else:
                operands.append(_input(start, argument.concretetype))
        result = Variable("result", RESULT)
        start.operations.append(Operation(operation.opname, operands, result))
        if resolve(RESULT) is SingleFloat:
            result = Variable("bits", Signed)
            start.operations.append(Operation("single_to_bits", [start.operations[-1].result], result))
        graph = FunctionGraph(f"do_{operation.opname}_{len(self._made)}", start)
        graph.returnblock.inputargs[0].concretetype = result.concretetype
        for variable, TYPE in zip(graph.exceptblock.inputargs, (VTABLE_POINTER, OBJECT_POINTER)):
            variable.concretetype = TYPE
        start.exits = [Link([result], graph.returnblock)]
        self._program.graphs.append(graph)
        return graph


def _input(start: Block, TYPE: Any) -> Variable:
    """An argument of the function, as an operand of the operation."""
    if resolve(TYPE) is not SingleFloat:
        start.inputargs.append(Variable("x", TYPE))
        return start.inputargs[-1]
    start.inputargs.append(Variable("bits", Signed))
    single = Variable("x", TYPE)
    start.operations.append(Operation("single_from_bits", [start.inputargs[-1]], single))
    return single


def passes_singles(FUNCTION: Any) -> bool:
    """Does a function take or give single-precision numbers?"""
    FUNCTION = resolve(FUNCTION)
    return any(resolve(TYPE) is SingleFloat for TYPE in [*FUNCTION.ARGS, FUNCTION.RESULT])


def _is_fixed(operation: Operation, index: int) -> bool:
    """Is an operand part of the function: a Void constant, or the C function that is called?"""
    argument = operation.args[index]
    if not isinstance(argument, Constant):
        return False
    if argument.concretetype is Void:
        return True
    return operation.opname == "direct_call" and index == 0


def _key(constant: Any) -> Any:
    """What tells a fixed operand from others."""
    value = constant.value
    if constant.concretetype is not Void:
        return id(container_of(value))
    if isinstance(value, list):  # the graphs that a pointer may lead to
        return tuple(id(graph) for graph in value)
    if isinstance(value, dict):
        return tuple(sorted((name, repr(one)) for name, one in value.items()))
    try:
        return resolve(value)
    except (TypeError, AttributeError):
        return id(value)
