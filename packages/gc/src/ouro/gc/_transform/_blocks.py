"""Rewriting one block to several.

Where an operation becomes a test with a slow path, its block falls apart. The pieces are written as if
variables were visible in all of them; `close_blocks` then restores the closed form of the graphs, in which
every value enters a block as an argument.
"""

from __future__ import annotations

from typing import Any

from ouro.flowspace import LAST_EXCEPTION, Block, Constant, Link, Operation, Variable
from ouro.flowspace import Position as SourcePosition
from ouro.lltype import Void

__all__ = ["BlockRewriter", "Branch", "close_blocks"]


class BlockRewriter:
    """Makes the operations that replace those of one block.

    `block` is the original: it keeps its place in the graph and receives the first piece, the last piece takes
    over its exits. `pieces` are all blocks in topological order.
    """

    __slots__ = ("block", "operations", "pieces", "position", "exitswitch", "exits")

    def __init__(self, block: Block) -> None:
        self.block = block
        self.operations: list[Operation] = []
        self.pieces = [block]
        self.exitswitch = block.exitswitch
        self.exits = block.exits
        block.exitswitch = None
        block.exits = []
        self.position: SourcePosition | None = None

    def emit(self, opname: str, args: list[Any], TYPE: Any = Void, name: str = "v") -> Variable:
        """Append an operation with a new result variable."""
        result = Variable(name, TYPE)
        self.operations.append(Operation(opname, args, result, self.position))
        return result

    def emit_to(self, result: Variable, opname: str, args: list[Any]) -> None:
        """Append an operation that defines a given variable."""
        self.operations.append(Operation(opname, args, result, self.position))

    def branch(self, condition: Variable) -> Branch:
        """End the current piece with a test; see `Branch`."""
        return Branch(self, condition)

    def new_piece(self) -> Block:
        """A further block, which the caller fills."""
        piece = Block([], self.block.position)
        self.pieces.append(piece)
        return piece

    def call(self, function: Constant, args: list[Any], TYPE: Any, raising: bool = False) -> Variable:
        """Append a call of a known function.

        With `raising` it is what the exception exits of the original block are about: they move to here.
        """
        result = self.emit("direct_call", [function, *args], TYPE)
        if not raising or self.exitswitch is not LAST_EXCEPTION:
            return result
        piece = self.pieces[-1]
        piece.operations = self.operations
        piece.exitswitch = LAST_EXCEPTION
        after = self.new_piece()
        passed = Variable("v", TYPE)
        after.inputargs = [passed]
        piece.exits = [Link([result], after), *self.exits[1:]]
        self.operations = []
        self.drop_handlers()
        return passed

    def drop_handlers(self) -> None:
        """Leave only the normal exit: the operation that could raise is gone or has its handlers."""
        if self.exitswitch is LAST_EXCEPTION:
            del self.exits[1:]
            self.exitswitch = None

    def finish(self) -> None:
        """End the last piece with the exits that are left and restore the closed form."""
        last = self.pieces[-1]
        last.operations = self.operations
        last.exitswitch = self.exitswitch
        last.exits = self.exits
        if len(self.pieces) > 1:
            close_blocks(self.pieces)


class Branch:
    """A diamond in the making: `when` starts a side, `join` brings both together."""

    __slots__ = ("rewriter", "head", "ends")

    def __init__(self, rewriter: BlockRewriter, condition: Variable) -> None:
        self.rewriter = rewriter
        self.head = rewriter.pieces[-1]
        self.head.operations = rewriter.operations
        self.head.exitswitch = condition
        self.ends: list[tuple[Block, list[Any]]] = []

    def when(self, case: bool) -> None:
        """Start the side for one outcome of the condition."""
        side = self.rewriter.new_piece()
        self.head.exits.append(Link([], side, case))
        self.rewriter.operations = []

    def end(self, *values: Any) -> None:
        """End the side with the values it gives to the parameters of the join."""
        side = self.rewriter.pieces[-1]
        side.operations = self.rewriter.operations
        self.ends.append((side, list(values)))

    def join(self, *parameters: Variable) -> None:
        """Go on behind the diamond; `parameters` stand for the values that the sides give."""
        self.head.exits.sort(key=lambda link: bool(link.exitcase))
        merge = self.rewriter.new_piece()
        merge.inputargs = list(parameters)
        for side, values in self.ends:
            side.exits = [Link(values, merge)]
        self.rewriter.operations = []


def close_blocks(pieces: list[Block]) -> None:
    """Pass every value that is used across `pieces` through the arguments of their links.

    `pieces` are in topological order and the first one is the only one that others lead to. Links between
    them name the explicit parameters of their target (its input arguments so far) and nothing else.
    """
    inside = set(pieces[1:])
    live_in: dict[Block, list[Variable]] = {}
    for piece in reversed(pieces):
        live = _live_at_entry(piece, inside, live_in)
        live_in[piece] = live
    for piece in pieces:
        renaming: dict[Any, Any] = {}
        if piece in inside:
            renaming = {variable: variable.copy() for variable in live_in[piece]}
            piece.inputargs = piece.inputargs + list(renaming.values())
            for operation in piece.operations:
                operation.args = [renaming.get(arg, arg) for arg in operation.args]
            if isinstance(piece.exitswitch, Variable):
                piece.exitswitch = renaming.get(piece.exitswitch, piece.exitswitch)
        for link in piece.exits:
            args = link.args + live_in[link.target] if link.target in inside else link.args  # type: ignore[operator]
            link.args = [renaming.get(arg, arg) for arg in args]


def _live_at_entry(
    piece: Block, inside: set[Block], live_in: dict[Block, list[Variable]]
) -> list[Variable]:
    live: dict[Variable, None] = {}
    for link in piece.exits:
        for arg in link.args:
            if not isinstance(arg, Constant) and arg is not link.last_exception and arg is not link.last_exc_value:
                live[arg] = None
        if link.target in inside:
            live.update(dict.fromkeys(live_in[link.target]))
    if isinstance(piece.exitswitch, Variable):
        live[piece.exitswitch] = None
    for operation in reversed(piece.operations):
        live.pop(operation.result, None)
        for arg in operation.args:
            if not isinstance(arg, Constant):
                live[arg] = None
    for parameter in piece.inputargs:
        live.pop(parameter, None)
    return list(live)

