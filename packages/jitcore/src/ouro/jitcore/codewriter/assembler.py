"""From instructions on values with registers to the bytes of a jitcode: order of blocks, moves on edges, live marks."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from ouro.jitcore.codewriter.lowered import (
    Branch,
    Caught,
    Edge,
    Exit,
    Goto,
    LoweredBlock,
    LoweredGraph,
    Step,
    Switch,
    Value,
    operand_values,
)
from ouro.jitcore.codewriter.registers import KINDS, edge_values, values_of_exit
from ouro.jitcore.jitcode import JitCode, instructions
from ouro.jitcore.jitcode.building import ConstantOperand, JitCodeBuilder, ProgramTables, Register, SwitchTable
from ouro.jitcore.jitcode.instructions import CALLS, GUARDS, KIND_WORDS

_REGISTERS = {kind: [Register(kind, number) for number in range(256)] for kind in KINDS}


def assemble(graph: LoweredGraph, jitcode: JitCode, tables: ProgramTables) -> None:
    """Encode a function whose values have registers.

    Raises:
        EncodingError: it does not fit the format.
    """
    _Assembler(graph, jitcode, tables).run()


class _Assembler:
    def __init__(self, graph: LoweredGraph, jitcode: JitCode, tables: ProgramTables) -> None:
        self.graph = graph
        self.builder = JitCodeBuilder(jitcode, tables)
        self.emitted: set[LoweredBlock] = set()
        self.pending: list[tuple[Hashable, Any]] = []
        self.scratch = self._first_unused()

    def run(self) -> None:
        self._chain(self.graph.blocks[0])
        while self.pending:
            label, what = self.pending.pop()
            if isinstance(what, LoweredBlock):
                if what not in self.emitted:
                    self._chain(what)
            elif isinstance(what, Edge):
                self.builder.label(label)
                self._chain(self._cross(what))
            else:
                self.builder.label(label)
                self._handlers(what)
        self.builder.finish()

    def _first_unused(self) -> dict[str, int]:
        """Registers that no value has, for moves in circles."""
        unused = dict.fromkeys(KINDS, 0)

        def count(value: Value | None) -> None:
            if value is not None:
                unused[value.kind] = max(unused[value.kind], value.register + 1)

        for block in self.graph.blocks:
            for value in block.parameters:
                count(value)
            for step in block.steps:
                count(step.result)
            for edge in block.edges():
                count(edge.exception_class)
                count(edge.exception)
        return unused

    # ---- blocks

    def _chain(self, block: LoweredBlock | None) -> None:
        """Emit a block and those that follow without a jump."""
        while block is not None:
            if block in self.emitted:
                self.builder.emit("goto", block)
                return
            self.emitted.add(block)
            self.builder.label(block)
            block = self._block(block)

    def _block(self, block: LoweredBlock) -> LoweredBlock | None:
        """Emit a block; the one to go on with."""
        marks = _marks(block)
        for index, step in enumerate(block.steps):
            self._step(step, marks.get(index), marks.get(~index))
        end = block.exit
        if isinstance(end, (Branch, Switch)):
            self._live(values_of_exit(block))
        return self._exit(end)

    def _step(self, step: Step, before: list[Value] | None, after: list[Value] | None) -> None:
        if before is not None:
            self._live(before)
        operands = [_encoded(operand) for operand in step.operands]
        if step.overflow is not None:
            operands.insert(0, self._label(step.overflow))
        result = None if step.result is None else _register(step.result)
        self.builder.emit(step.name, *operands, result=result)
        if after is not None:
            self._live(after)

    def _live(self, values: Iterable[Value]) -> None:
        numbers = sorted({(KINDS.index(value.kind), value.register) for value in values})
        registers = [_REGISTERS[KINDS[kind]][number] for kind, number in numbers]
        lines = self.builder.lines
        if not lines or lines[-1].instruction != instructions.LIVE or lines[-1].operands != registers:
            self.builder.live(registers)

    def _exit(self, end: Exit) -> LoweredBlock | None:
        if isinstance(end, Goto):
            return self._cross(end.edge)
        if isinstance(end, Branch):
            name = f"goto_if_not_{end.name}" if end.name else "goto_if_not"
            label = self._label(end.if_false)
            self.builder.emit(name, *[_encoded(operand) for operand in end.operands], label)
            return self._cross(end.if_true)
        if isinstance(end, Switch):
            cases, default = end.cases, end.default
            if default is None:
                cases, default = cases[:-1], cases[-1][1]
            table = SwitchTable(tuple((value, self._label(edge)) for value, edge in cases))
            self.builder.emit("switch", _encoded(end.value), table)
            return self._cross(default)
        if isinstance(end, Caught):
            self.pending.append((end, end.handlers))
            self.builder.emit("catch_exception", end)
            return self._cross(end.normal)
        return None

    def _handlers(self, handlers: list[tuple[ConstantOperand | None, Edge]]) -> None:
        for test, edge in handlers:
            following = object()
            if test is not None:
                self.builder.emit("goto_if_exception_mismatch", test, following)
            for name, value in (("last_exception", edge.exception_class), ("last_exception_value", edge.exception)):
                if value is not None and value.needed:
                    self.builder.emit(name, result=_register(value))
            block = self._cross(edge)
            if block is not None:
                self.builder.emit("goto", block)
                self.pending.append((block, block))
            if test is None:
                return
            self.builder.label(following)
        self.builder.emit("reraise")

    # ---- edges

    def _label(self, edge: Edge) -> Hashable:
        """What a jump that takes an edge goes to: its target where there is nothing to do on the way."""
        if isinstance(edge.target, LoweredBlock) and not self._moves(edge):
            if edge.target not in self.emitted:
                self.pending.append((edge.target, edge.target))
            return edge.target
        self.pending.append((edge, edge))
        return edge

    def _cross(self, edge: Edge) -> LoweredBlock | None:
        """Emit what an edge does; the block it leads to, None out of the function."""
        if isinstance(edge.target, LoweredBlock):
            self._move(self._moves(edge))
            return edge.target
        if edge.target == "return":
            if edge.arguments:
                operand = edge.arguments[0]
                self.builder.emit(f"{KIND_WORDS[operand.kind]}_return", _encoded(operand))
            else:
                self.builder.emit("none_return")
        elif edge.target == "raise":
            self._live(operand_values(edge.arguments))
            self.builder.emit("raise", _encoded(edge.arguments[0]))
        else:
            self.builder.emit("reraise")
        return None

    @staticmethod
    def _moves(edge: Edge) -> list[tuple[Register, Register | ConstantOperand]]:
        assert isinstance(edge.target, LoweredBlock)
        moves = []
        for argument, parameter in zip(edge.arguments, edge.target.parameters):
            if parameter.needed:
                source, target = _encoded(argument), _register(parameter)
                if source != target:
                    moves.append((target, source))
        return moves

    def _move(self, moves: list[tuple[Register, Register | ConstantOperand]]) -> None:
        """Emit moves that happen all at once, one after the other."""
        moves = list(moves)
        while moves:
            read = {source for _, source in moves if isinstance(source, Register)}
            ready = [move for move in moves if move[0] not in read]
            if ready:
                for target, source in ready:
                    self._copy(target, source)
                moves = [move for move in moves if move[0] in read]
            else:
                # all that is left are circles: free one of the registers
                target = moves[0][0]
                spare = Register(target.kind, self.scratch[target.kind])
                self._copy(spare, target)
                moves = [(to, spare if source == target else source) for to, source in moves]

    def _copy(self, target: Register, source: Register | ConstantOperand) -> None:
        self.builder.emit(f"{KIND_WORDS[target.kind]}_copy", source, result=target)


def _register(value: Value) -> Register:
    assert value.register >= 0, value
    return Register(value.kind, value.register)


def _encoded(operand: Any) -> Any:
    if type(operand) is Value:
        return _register(operand)
    if type(operand) is list:
        return [_encoded(one) for one in operand]
    return operand


def _marks(block: LoweredBlock) -> dict[int, list[Value]]:
    """The values alive at live marks: in front of step n under n, behind it under ~n."""
    alive = set(values_of_exit(block))
    marks: dict[int, list[Value]] = {}
    for index in range(len(block.steps) - 1, -1, -1):
        step = block.steps[index]
        flags = instructions.flags_of[instructions.by_name[step.name]]
        if flags & CALLS:
            marks[~index] = list(alive)
        if step.result is not None:
            alive.discard(step.result)
        alive.update(operand_values(step.operands))
        if step.overflow is not None:
            alive.update(edge_values(step.overflow))
        if flags & GUARDS:
            marks[index] = list(alive)
    return marks


