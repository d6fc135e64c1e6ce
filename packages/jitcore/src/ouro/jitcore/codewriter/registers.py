"""Assigns registers: one pass over the blocks, each kind for itself.

In the closed form of graphs nothing is alive at the head of a block but its parameters, so what is alive where is
found by
looking at one block at a time, and a block can be coloured greedily from its head on. A parameter gets the register
of the first argument seen for it (blocks come in reverse postorder), and a result that goes to a parameter which has
a register already takes that one if it is free: so most edges need no moves.
"""

from __future__ import annotations

from typing import Any

from ouro.jitcore.codewriter.lowered import (
    Branch,
    Edge,
    Goto,
    LoweredBlock,
    LoweredGraph,
    Switch,
    Value,
    lowered_order,
    operand_values,
)
from ouro.jitcore.jitcode import instructions
from ouro.jitcore.jitcode.building import ConstantOperand
from ouro.jitcore.jitcode.instructions import GUARDS

KINDS = "irf"


def assign_registers(graph: LoweredGraph) -> None:
    """Drop what nothing needs and give every other value its register."""
    mark_needed(graph)
    while _drop_idle_branches(graph):
        mark_needed(graph)
    start = graph.blocks[0]
    counts = dict.fromkeys(KINDS, 0)
    for value in start.parameters:
        value.register = counts[value.kind]
        counts[value.kind] += 1
    for block in graph.blocks:
        _color(block)


def mark_needed(graph: LoweredGraph) -> None:
    """Find the values that something with an effect needs; drop the steps that only make others."""
    work: list[Value] = []
    entering: dict[Value, list[Value]] = {}

    def need(values: list[Value]) -> None:
        for value in values:
            if not value.needed:
                value.needed = True
                work.append(value)

    for block in graph.blocks:
        for step in block.steps:
            if not step.droppable:
                need(operand_values(step.operands))
        end = block.exit
        if isinstance(end, Branch):
            need(operand_values(end.operands))
        elif isinstance(end, Switch):
            need(operand_values([end.value]))
        for edge in block.edges():
            if isinstance(edge.target, LoweredBlock):
                for argument, parameter in zip(edge.arguments, edge.target.parameters):
                    if type(argument) is Value:
                        entering.setdefault(parameter, []).append(argument)
            else:
                need(operand_values(edge.arguments))
    while work:
        value = work.pop()
        if value.maker is not None:
            need(operand_values(value.maker.operands))
        need(entering.get(value, []))
    for block in graph.blocks:
        block.steps = [
            step for step in block.steps
            if not step.droppable or step.result is not None and step.result.needed
        ]


def _drop_idle_branches(graph: LoweredGraph) -> bool:
    """Make jumps of the branches whose two ways are the same: what is left of assertions. Whether there were any."""
    changed = False
    for block in graph.blocks:
        end = block.exit
        if isinstance(end, Branch):
            first, second = _destination(end.if_true), _destination(end.if_false)
            if first == second:
                block.exit = Goto(end.if_true)
                changed = True
    if changed:
        for block in graph.blocks:
            for value in block.parameters:
                value.needed = False
            for step in block.steps:
                if step.result is not None:
                    step.result.needed = False
        graph.blocks = lowered_order(graph.blocks[0])
    return changed


def _destination(edge: Edge) -> tuple[Any, ...]:
    """Where an edge leads through blocks that do nothing, and with which values for what is needed there."""
    arguments: list[Any] = edge.arguments
    target = edge.target
    for _ in range(_LONGEST_WAY):
        if not isinstance(target, LoweredBlock) or target.steps or not isinstance(target.exit, Goto):
            break
        onward = target.exit.edge
        given = dict(zip(target.parameters, arguments))
        arguments = [given.get(one, one) if type(one) is Value else one for one in onward.arguments]
        target = onward.target
    if isinstance(target, LoweredBlock):
        pairs = zip(arguments, target.parameters)
        arguments = [argument for argument, parameter in pairs if parameter.needed]
    return target, [one.key if isinstance(one, ConstantOperand) else one for one in arguments]


_LONGEST_WAY = 8


def edge_values(edge: Edge) -> list[Value]:
    """The values that an edge needs, but for those of the exception that is caught there."""
    caught = (edge.exception_class, edge.exception)
    if isinstance(edge.target, LoweredBlock):
        pairs = zip(edge.arguments, edge.target.parameters)
        values = [argument for argument, parameter in pairs if parameter.needed and type(argument) is Value]
    else:
        values = operand_values(edge.arguments)
    return [value for value in values if value not in caught]


def values_of_exit(block: LoweredBlock) -> list[Value]:
    """The values that are alive behind the last step of a block."""
    end = block.exit
    values: list[Value] = []
    if isinstance(end, Branch):
        values += operand_values(end.operands)
    elif isinstance(end, Switch):
        values += operand_values([end.value])
    inside = {id(step.overflow) for step in block.steps if step.overflow is not None}
    for edge in block.edges():
        if id(edge) not in inside:
            values += edge_values(edge)
    return values


def _color(block: LoweredBlock) -> None:
    occupied = dict.fromkeys(KINDS, 0)
    for value in block.parameters:
        if value.needed:
            occupied[value.kind] |= 1 << value.register
    dying = _last_uses(block)
    _give_hints(block)
    _free(occupied, dying[-1])
    for index, step in enumerate(block.steps):
        # what guards does again from its operands, so its result may not overwrite one
        again = instructions.has_flag(instructions.by_name[step.name], GUARDS)
        if not again:
            _free(occupied, dying[index])
        result = step.result
        if result is not None:
            kind = result.kind
            result.register = _choose(occupied[kind], result.hint)
            occupied[kind] |= 1 << result.register
            if not result.needed:
                _free(occupied, [result])
        if again:
            _free(occupied, dying[index])
        if step.overflow is not None:
            _enter(step.overflow)
    for edge in block.edges():
        _enter(edge)


def _free(occupied: dict[str, int], values: list[Value]) -> None:
    for value in values:
        occupied[value.kind] &= ~(1 << value.register)


def _last_uses(block: LoweredBlock) -> list[list[Value]]:
    """For each step the values that nothing uses after it; last, the needed parameters that the block does not use."""
    seen = set(values_of_exit(block))
    dying: list[list[Value]] = []
    for step in reversed(block.steps):
        values = operand_values(step.operands)
        if step.overflow is not None:
            values += edge_values(step.overflow)
        ending = []
        for value in values:
            if value not in seen:
                seen.add(value)
                ending.append(value)
        dying.append(ending)
    dying.reverse()
    dying.append([value for value in block.parameters if value.needed and value not in seen])
    return dying


def _give_hints(block: LoweredBlock) -> None:
    for edge in block.edges():
        if isinstance(edge.target, LoweredBlock):
            for argument, parameter in zip(edge.arguments, edge.target.parameters):
                if parameter.register >= 0 and type(argument) is Value:
                    argument.hint = parameter.register


def _choose(occupied: int, hint: int) -> int:
    """A free register: the one that is hinted at, or the lowest."""
    if hint >= 0 and not occupied >> hint & 1:
        return hint
    return (~occupied & (occupied + 1)).bit_length() - 1


def _enter(edge: Edge) -> None:
    """Give the parameters of a block that is entered for the first time their registers."""
    occupied = dict.fromkeys(KINDS, 0)
    for value in edge_values(edge):
        occupied[value.kind] |= 1 << value.register
    for value in (edge.exception_class, edge.exception):
        if value is not None and value.needed:
            value.register = _choose(occupied[value.kind], -1)
            occupied[value.kind] |= 1 << value.register
    target = edge.target
    if not isinstance(target, LoweredBlock) or all(one.register >= 0 or not one.needed for one in target.parameters):
        return
    taken = dict.fromkeys(KINDS, 0)
    rest = []
    for argument, parameter in zip(edge.arguments, target.parameters):
        if not parameter.needed:
            continue
        if type(argument) is Value and not taken[parameter.kind] >> argument.register & 1:
            parameter.register = argument.register
            taken[parameter.kind] |= 1 << parameter.register
        else:
            rest.append(parameter)
    for parameter in rest:
        parameter.register = _choose(taken[parameter.kind], -1)
        taken[parameter.kind] |= 1 << parameter.register
