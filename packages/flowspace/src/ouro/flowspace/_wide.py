"""Constants beyond a machine word, where only the low bits of what is made of them count.

`intmask(x * 7 + n)` may have a constant `x * 7` of more than a word. Addition, multiplication and the bitwise
operations give the same low bits whether their operands were cut to a word before or not; so a constant that reaches
nothing but a cut (`intmask`, `& 0xFF`) through such operations is cut where it stands. Others are left alone: that they
do not fit is an error of the program, which the annotator tells.
"""

from __future__ import annotations

from typing import Any, Callable

from ouro.flowspace._model import Constant, FunctionGraph, Operation, Variable
from ouro.rlib.rarithmetic import LONG_TEST, intmask, longlongmask

#: What keeps the low bits: the operation, and its augmented assignment.
_KEEPING = frozenset(
    prefix + name.rstrip("_" if prefix else "")
    for name in ("add", "sub", "mul", "and_", "or_", "xor", "lshift")
    for prefix in ("", "inplace_")
) | {"neg", "pos", "invert", "same_as"}
_SHIFTS = ("lshift", "inplace_lshift")
_MASKS = ("and_", "inplace_and")
_CUTTING = (intmask, longlongmask)
_intmask: Callable[[int], int] = intmask


def cut_wide_constants(graph: FunctionGraph) -> None:
    """Cut the constants of a graph that do not fit into a word, where that changes no result."""
    if not any(map(_is_wide, _operands(graph))):
        return
    exact = _exact_variables(graph)
    for _, operation in graph.iterblockops():
        for index, arg in enumerate(operation.args):
            if _is_wide(arg) and not _needs_all(operation, index, exact):
                operation.args[index] = _cut(arg)
    for link in graph.iterlinks():
        for index, arg in enumerate(link.args):
            if _is_wide(arg) and link.target.inputargs[index] not in exact:
                link.args[index] = _cut(arg)


def _operands(graph: FunctionGraph) -> Any:
    for block in graph.iterblocks():
        for operation in block.operations:
            yield from operation.args
        for link in block.exits:
            yield from link.args


def _is_wide(arg: Any) -> bool:
    return type(arg) is Constant and type(arg.value) is int and not -LONG_TEST <= arg.value < LONG_TEST


def _cut(arg: Any) -> Constant:
    cut: int = _intmask(arg.value)
    return Constant(cut)


def _exact_variables(graph: FunctionGraph) -> set[Variable]:
    """The variables of which something uses more than the low bits."""
    exact = {graph.getreturnvar(), *graph.exceptblock.inputargs}
    makers: dict[Variable, Operation] = {}
    passed: dict[Variable, list[Any]] = {}
    work: list[Any] = list(exact)
    for block in graph.iterblocks():
        work.append(block.exitswitch)
        for operation in block.operations:
            makers[operation.result] = operation
            if operation.opname not in _KEEPING:
                work += [arg for index, arg in enumerate(operation.args) if _needs_all(operation, index, exact)]
            elif operation.opname in _SHIFTS:
                work.append(operation.args[1])
        for link in block.exits:
            for arg, parameter in zip(link.args, link.target.inputargs):
                passed.setdefault(parameter, []).append(arg)
    while work:
        variable = work.pop()
        if type(variable) is not Variable or (variable in exact and variable not in passed):
            continue
        exact.add(variable)
        work += passed.pop(variable, [])
        maker = makers.pop(variable, None)
        if maker is not None and maker.opname in _KEEPING:
            work += [arg for index, arg in enumerate(maker.args) if _needs_all(maker, index, exact)]
    return exact


def _needs_all(operation: Operation, index: int, exact: set[Variable]) -> bool:
    """Whether more than the low bits of an operand count."""
    args = operation.args
    if operation.opname == "simple_call":
        callee = args[0]
        return not (type(callee) is Constant and callee.value in _CUTTING and len(args) == 2)
    if operation.opname not in _KEEPING or (index == 1 and operation.opname in _SHIFTS):
        return True
    if operation.opname in _MASKS:
        mask = args[1 - index]
        if type(mask) is Constant and type(mask.value) is int and 0 <= mask.value < LONG_TEST:
            return False
    return operation.result in exact
