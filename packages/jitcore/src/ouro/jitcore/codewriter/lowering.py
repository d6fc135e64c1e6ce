"""From a typed graph to instructions on values: walks the graph, asks the rules for each operation, makes the exits.

What a variable of the graph has become is in `env`: a value, or a constant. Operations that only rename (casts, hints
without meaning here) map their result to that of their operand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ouro.flowspace import LAST_EXCEPTION, Block, Constant, FunctionGraph, Link, Operation, Variable
from ouro.jitcore.codewriter.constants import constant_operand
from ouro.jitcore.codewriter.errors import CodewriterError
from ouro.jitcore.codewriter.graphs import always_from
from ouro.jitcore.codewriter.lowered import (
    Branch,
    Caught,
    Edge,
    Goto,
    LoweredBlock,
    LoweredGraph,
    Never,
    Operand,
    Step,
    Switch,
    Value,
    lowered_order,
    reverse_postorder,
)
from ouro.jitcore.codewriter.rules import RULES
from ouro.jitcore.codewriter.rules_calls import call_operation_function
from ouro.jitcore.jitcode import instructions
from ouro.jitcore.jitcode.building import ConstantOperand
from ouro.jitcore.operations import ALLOCATE, LOAD, PURE, by_name, flags_of
from ouro.lltype import Bool, Char, Void

if TYPE_CHECKING:
    from ouro.jitcore.codewriter.writer import Writer

DROPPABLE = frozenset(
    name for number, name in enumerate(instructions.names)
    if instructions.operation_of[number] >= 0 and flags_of[instructions.operation_of[number]] & (PURE | LOAD | ALLOCATE)
    or name.endswith(("_copy", "_is_constant", "_is_virtual")) or name in ("last_exception", "last_exception_value")
)
"""Instructions that do nothing but give their result."""

NEVER_RETURN = frozenset(["debug_fatalerror"])


class Lowering:
    """Lowers one graph.

    Attributes:
        writer: what all functions share: descriptors, policy, effects.
        graph: as the tracer sees it.
        block: the block that is being made.
        fresh: variables whose object this function has just made or was told is fresh: no virtualizable yet.
        arrays: variable -> (object, structure, field name) for the arrays of virtualizables.
    """

    def __init__(self, writer: Writer, graph: FunctionGraph) -> None:
        self.writer = writer
        self.graph = graph
        self.env: dict[Any, Operand] = {}
        self.arrays: dict[Any, tuple[Operand, Any, str]] = {}
        self.fresh = fresh_objects(graph)
        self.definitions: dict[Any, Operation] = {}
        self.block = LoweredBlock([])
        self.operation: Operation | None = None
        self._blocks: dict[Block, LoweredBlock] = {}

    def run(self) -> LoweredGraph:
        """The graph as instructions."""
        order = _graph_order(self.graph)
        for block in order:
            if block.exits:
                self._blocks[block] = LoweredBlock([self.new_value(v) for v in block.inputargs if exists(v)])
        for block in order:
            if block.exits:
                self._lower_block(block)
        # what a known condition or a call that cannot raise has cut off goes away here
        return LoweredGraph(self.graph.name, lowered_order(self._blocks[self.graph.startblock]))

    # ---- what rules use

    def fail(self, message: str, suggestion: str = "") -> CodewriterError:
        """An error at the current operation."""
        position = None if self.operation is None else self.operation.position
        return CodewriterError(message, self.graph, position, suggestion)

    def operand(self, value: Any) -> Operand:
        """A variable or constant of the graph as an operand."""
        if isinstance(value, Constant):
            return constant_operand(value.concretetype, value.value, self.writer.address_of)
        known = self.env.get(value)
        if known is None:
            raise self.fail(
                f"the array {value.name} of a virtualizable is passed around",
                "read it again where it is used, and only index and measure it")
        return known

    def integer(self, number: Any) -> ConstantOperand:
        """A constant word."""
        return ConstantOperand("i", number)

    def emit(self, name: str, *operands: Any, kind: str = "n") -> Any:
        """Append an instruction; its result, a value of that kind, or None."""
        result = None if kind == "n" else Value(kind, name)
        position = None if self.operation is None else self.operation.position
        step = Step(name, list(operands), result, name in DROPPABLE, position)
        if result is not None:
            result.maker = step
        self.block.steps.append(step)
        return result

    def new_value(self, variable: Variable) -> Value:
        """A value for a variable."""
        value = Value(self.kind(variable), variable.name)
        self.env[variable] = value
        return value

    def kind(self, variable: Any) -> str:
        """The kind of a variable or constant of the graph."""
        return self.writer.kind_of(variable.concretetype)

    # ---- blocks

    def _lower_block(self, block: Block) -> None:
        lowered = self.block = self._blocks[block]
        operations = block.operations
        for index, operation in enumerate(operations):
            self.operation = operation
            count = len(lowered.steps)
            rule = RULES.get(operation.opname)
            result = (rule or call_operation_function)(self, operation)
            self.definitions[operation.result] = operation
            if exists(operation.result) and operation.result not in self.arrays:
                if result is None:
                    raise self.fail(f"{operation.opname} has no result for the tracer")
                self.env[operation.result] = result
            if operation.opname in NEVER_RETURN:
                lowered.exit = Never()
                return
            if index == len(operations) - 1 and block.exitswitch is LAST_EXCEPTION:
                self._exits_of_call(block, lowered, count)
                return
        self._exits(block, lowered)

    def _exits(self, block: Block, lowered: LoweredBlock) -> None:
        switch: Any = block.exitswitch
        if switch is None or switch is LAST_EXCEPTION:
            lowered.exit = Goto(self._edge(block.exits[0]))
            return
        value = self.operand(switch)
        if isinstance(value, ConstantOperand):
            lowered.exit = Goto(self._edge(_chosen(block, value, self)))
        elif switch.concretetype is Bool:
            links = {link.exitcase if link.exitcase != "default" else None: link for link in block.exits}
            default = links.get(None)
            if_true, if_false = links.get(True, default), links.get(False, default)
            assert if_true is not None and if_false is not None
            self._branch(lowered, value, self._edge(if_true), self._edge(if_false))
        else:
            cases, default_edge = [], None
            for link in block.exits:
                if link.exitcase == "default":
                    default_edge = self._edge(link)
                else:
                    cases.append((_case(link.exitcase, switch.concretetype), self._edge(link)))
            lowered.exit = Switch(value, cases, default_edge)

    def _branch(self, lowered: LoweredBlock, value: Value, if_true: Edge, if_false: Edge) -> None:
        """A jump on a condition; fused with what computes it where nothing else needs the condition."""
        maker = value.maker
        users = [step for step in lowered.steps if any(value is one for one in _flat(step.operands))]
        used = users or any(value in edge.arguments for edge in (if_true, if_false))
        if maker is not None and maker in lowered.steps and maker.name in by_name and not used:
            if instructions.goto_if_not_of[by_name[maker.name]] >= 0:
                lowered.steps.remove(maker)
                lowered.exit = Branch(maker.name, maker.operands, if_true, if_false)
                return
        lowered.exit = Branch("", [value], if_true, if_false)

    def _exits_of_call(self, block: Block, lowered: LoweredBlock, count: int) -> None:
        """The exits of a block whose last operation may raise."""
        normal = self._edge(block.exits[0])
        last = lowered.steps[-1] if len(lowered.steps) > count else None
        if last is not None and last.overflow is not None:
            last.overflow = self._overflow_edge(block)
        elif last is not None and is_call(last) and self.writer.step_can_raise(last):
            lowered.exit = Caught(normal, [self._handler(link) for link in block.exits[1:]])
            return
        lowered.exit = Goto(normal)

    def _handler(self, link: Link) -> tuple[ConstantOperand | None, Edge]:
        vtable = link.exitcase
        test: ConstantOperand | None = None
        if not self.writer.catches_everything(vtable):
            test = ConstantOperand("i", self.writer.address_of(self.writer.class_pointer(vtable.value)))
        exception_class = self._pair(link.last_exception)
        exception = self._pair(link.last_exc_value)
        edge = self._edge(link)
        edge.exception_class, edge.exception = exception_class, exception
        if edge.target == "raise" and edge.arguments and edge.arguments[0] is exception:
            edge.target, edge.arguments = "reraise", []
        return test, edge

    def _pair(self, variable: Any) -> Value | None:
        return self.new_value(variable) if isinstance(variable, Variable) else None

    def _overflow_edge(self, block: Block) -> Edge:
        """Where an overflow goes: to the first handler of OverflowError, or out of the function."""
        exceptions = self.writer.program.exceptions
        vtable, instance = exceptions.vtables["OverflowError"], exceptions.instances["OverflowError"]
        for link in block.exits[1:]:
            if self.writer.covers(link.exitcase, vtable):
                for variable, value in ((link.last_exception, vtable), (link.last_exc_value, instance)):
                    if isinstance(variable, Variable):
                        self.env[variable] = constant_operand(value._T, value, self.writer.address_of)
                return self._edge(link)
        return self.overflow_out()

    def overflow_out(self) -> Edge:
        """The edge out of the function with an OverflowError."""
        instance = self.writer.program.exceptions.instances["OverflowError"]
        return Edge("raise", [constant_operand(instance._T, instance, self.writer.address_of)])

    def _edge(self, link: Link) -> Edge:
        if link.target is self.graph.returnblock:
            return Edge("return", [self.operand(argument) for argument in link.args if exists(argument)])
        if link.target is self.graph.exceptblock:
            return Edge("raise", [self.operand(link.args[1])])
        arguments = [
            self.operand(argument)
            for argument, parameter in zip(link.args, link.target.inputargs) if exists(parameter)
        ]
        return Edge(self._blocks[link.target], arguments)


def exists(value: Any) -> bool:
    """Is there anything of this variable at run time?"""
    return value.concretetype is not Void


def is_call(step: Step) -> bool:
    """Does the instruction call, so that an exception may come back?"""
    return instructions.has_flag(instructions.by_name[step.name], instructions.CALLS)


def _flat(operands: list[Any]) -> list[Any]:
    found: list[Any] = []
    for operand in operands:
        found += operand if type(operand) is list else [operand]
    return found


def _case(exitcase: Any, TYPE: Any) -> int:
    if isinstance(exitcase, Constant):
        exitcase = exitcase.value
    return ord(exitcase) if TYPE is Char else int(exitcase)


def _chosen(block: Block, value: ConstantOperand, lowering: Lowering) -> Link:
    switch: Any = block.exitswitch
    for link in block.exits:
        if link.exitcase == "default" or _case(link.exitcase, switch.concretetype) == value.value:
            return link
    raise lowering.fail(f"no exit for {value.value}")


def _graph_order(graph: FunctionGraph) -> list[Block]:
    return reverse_postorder(graph.startblock, lambda block: [link.target for link in block.exits])


def fresh_objects(graph: FunctionGraph) -> set[Variable]:
    """The variables that are always an object which this function has made, or was told is fresh.

    Such an object is not the virtualizable of a trace yet, so its fields are in memory (or virtual) like all others.
    """
    return always_from(graph, _makes_fresh)


def _makes_fresh(operation: Operation) -> bool:
    if operation.opname == "hint":
        return bool(operation.args[1].value.get("fresh_virtualizable"))  # type: ignore[union-attr]
    return operation.opname == "malloc"
