"""A function as instructions on values: what the rules make of a graph, and what registers are assigned to.

As in graphs, values cross blocks as arguments of edges only. Operands of steps are `Value`s, constants, lists of
those, or what the signature of the instruction asks for besides (descriptors, jitcodes, small ints).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, Union

from attrs import define, field
from ouro.flowspace import Position
from ouro.jitcore.jitcode.building import ConstantOperand


class Value:
    """What lives in a register. `register` is its number, -1 before there is one; `needed` whether anything uses it."""

    __slots__ = ("kind", "name", "register", "needed", "maker", "hint")

    def __init__(self, kind: str, name: str = "v") -> None:
        self.kind = kind
        self.name = name
        self.register = -1
        self.needed = False
        self.maker: Step | None = None
        self.hint = -1

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name} {self.register}>"


Operand = Union[Value, ConstantOperand]


class Step:
    """One instruction, by its name. Without effect it may be dropped when nothing needs its result.

    `overflow` is where an overflowing instruction goes.
    """

    __slots__ = ("name", "operands", "result", "droppable", "position", "overflow")

    def __init__(
        self, name: str, operands: list[Any], result: Value | None, droppable: bool, position: Position | None
    ) -> None:
        self.name = name
        self.operands = operands
        self.result = result
        self.droppable = droppable
        self.position = position
        self.overflow: Edge | None = None

    def __repr__(self) -> str:
        return f"{self.name} {self.operands} -> {self.result}"


@define(eq=False)
class Edge:
    """A way from one block to another, or out of the function.

    `target` is a block, or "return" (the result is the one argument, if there is one), "raise" (the exception is the
    one argument) or "reraise". `exception_class`, `exception` are the values that take the exception that is caught
    here.
    """

    target: LoweredBlock | str
    arguments: list[Operand]
    exception_class: Value | None = None
    exception: Value | None = None


@define(eq=False)
class Exit:
    """How a block ends."""


@define(eq=False)
class Goto(Exit):
    edge: Edge


@define(eq=False)
class Branch(Exit):
    """A fused or plain conditional jump: `name` without `goto_if_not_`, empty for a plain test."""

    name: str
    operands: list[Operand]
    if_true: Edge
    if_false: Edge


@define(eq=False)
class Switch(Exit):
    value: Operand
    cases: list[tuple[int, Edge]]
    default: Edge | None


@define(eq=False)
class Caught(Exit):
    """The last step is a call, and these handlers are asked in order: (address of the class's vtable or None, edge)."""

    normal: Edge
    handlers: list[tuple[ConstantOperand | None, Edge]]


@define(eq=False)
class Never(Exit):
    """The last step does not come back."""


@define(eq=False)
class LoweredBlock:
    """A straight line of steps."""

    parameters: list[Value]
    steps: list[Step] = field(factory=list)
    exit: Exit = field(factory=Never)

    def edges(self) -> list[Edge]:
        """All ways out, those of overflowing steps too."""
        end = self.exit
        found = [step.overflow for step in self.steps if step.overflow is not None]
        if isinstance(end, Goto):
            found.append(end.edge)
        elif isinstance(end, Branch):
            found += [end.if_true, end.if_false]
        elif isinstance(end, Switch):
            found += [edge for _, edge in end.cases]
            if end.default is not None:
                found.append(end.default)
        elif isinstance(end, Caught):
            found += [end.normal, *[edge for _, edge in end.handlers]]
        return found


@define(eq=False)
class LoweredGraph:
    """A function; `blocks` in reverse postorder, the first is entered with the arguments."""

    name: str
    blocks: list[LoweredBlock]


def operand_values(operands: list[Any]) -> list[Value]:
    """The values among operands, those in lists too."""
    found: list[Value] = []
    for operand in operands:
        if type(operand) is Value:
            found.append(operand)
        elif type(operand) is list:
            found += [one for one in operand if type(one) is Value]
    return found


AnyBlock = TypeVar("AnyBlock")


def lowered_order(first: LoweredBlock) -> list[LoweredBlock]:
    """The blocks that are reached from the first, in reverse postorder."""
    return reverse_postorder(
        first, lambda block: [edge.target for edge in block.edges() if isinstance(edge.target, LoweredBlock)])


def reverse_postorder(first: AnyBlock, following: Callable[[AnyBlock], list[AnyBlock]]) -> list[AnyBlock]:
    """What is reached from a block, each before those that it leads to, but for loops."""
    order: list[AnyBlock] = []
    seen = {first}
    stack = [(first, iter(following(first)))]
    while stack:
        block, targets = stack[-1]
        for target in targets:
            if target not in seen:
                seen.add(target)
                stack.append((target, iter(following(target))))
                break
        else:
            order.append(block)
            stack.pop()
    return order[::-1]
