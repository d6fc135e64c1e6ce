"""What must hold of every typed graph, between any two stages.

* every Variable and Constant has a `concretetype`;
* a variable is defined once, and used only in the block that defines it;
* a block other than the return and the except block has exits; without a switch exactly one;
* a link passes values of the types of the target's input arguments;
* the exits of an exception switch: the last operation is there, the first exit is the normal one, each other
  has a Constant vtable as its case, and only the first passes the operation's result;
* operations are those of the table, with operands of the types that their row says.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ouro.flowspace import LAST_EXCEPTION, Block, Constant, FunctionGraph, Link, Operation, Variable
from ouro.lltype import (
    PRIMITIVES,
    FuncType,
    Ptr,
    Void,
    container_of,
)
from ouro.rtyper._program import OBJECT_POINTER, VTABLE_POINTER, TypedProgram
from ouro.rtyper.operations import OPERATIONS

__all__ = ["VerificationError", "verify_graph", "verify_program"]


class VerificationError(Exception):
    """A typed graph breaks an invariant; the message says which and where."""


def verify_program(program: TypedProgram, graphs: Iterable[FunctionGraph] | None = None) -> None:
    """Verify all graphs of a program, or some."""
    for graph in list(program.graphs) if graphs is None else graphs:
        verify_graph(graph)


def verify_graph(graph: FunctionGraph) -> None:
    """Verify one graph. Raises VerificationError."""
    _Verifier(graph).run()


class _Verifier:
    def __init__(self, graph: FunctionGraph) -> None:
        self.graph = graph
        self.owner: dict[Variable, Block] = {}
        self.block: Any = None

    def fail(self, message: str) -> VerificationError:
        where = "" if self.block is None else f", block at {self.block.position}"
        return VerificationError(f"graph {self.graph.name}{where}: {message}")

    def check(self, condition: bool, message: str) -> None:
        if not condition:
            raise self.fail(message)

    def run(self) -> None:
        graph = self.graph
        self.check(len(graph.returnblock.inputargs) == 1, "the return block takes one value")
        types = [variable.concretetype for variable in graph.exceptblock.inputargs]
        self.check(types == [VTABLE_POINTER, OBJECT_POINTER], "the except block takes a class and an object")
        blocks = list(graph.iterblocks())
        for block in blocks:
            self.block = block
            for variable in block.inputargs:
                self.define(variable)
            for operation in block.operations:
                self.define(operation.result)
            for link in block.exits:
                for value in (link.last_exception, link.last_exc_value):
                    if isinstance(value, Variable):
                        self.define(value)
        for block in blocks:
            self.block = block
            self.verify_block(block)

    def define(self, variable: Variable) -> None:
        self.check(type(variable) is Variable, f"{variable!r} is defined but is not a Variable")
        self.check(variable not in self.owner, f"{variable!r} is defined twice")
        self.check(variable.concretetype is not None, f"{variable!r} has no type")
        self.owner[variable] = self.block

    def use(self, value: Any) -> None:
        if isinstance(value, Variable):
            self.check(self.owner.get(value) is self.block, f"{value!r} is used where it is not defined")
        else:
            self.check(isinstance(value, Constant), f"{value!r} is used as a value")
            self.check(value.concretetype is not None, f"{value!r} has no type")

    def verify_block(self, block: Block) -> None:
        graph = self.graph
        if block is graph.returnblock or block is graph.exceptblock:
            self.check(not block.exits and not block.operations, "the return and except blocks are empty")
            return
        seen: set[Variable] = set(block.inputargs)
        for operation in block.operations:
            self.verify_operation(operation, seen)
            seen.add(operation.result)
        self.check(bool(block.exits), "a block has no exits")
        switch = block.exitswitch
        if switch is None:
            self.check(len(block.exits) == 1, "a block without a switch has one exit")
        elif switch is LAST_EXCEPTION:
            self.verify_exception_exits(block)
        else:
            self.use(switch)
            cases = [link.exitcase for link in block.exits]
            self.check("default" not in cases[:-1], "the default exit comes last")
            self.check(len(set(map(repr, cases))) == len(cases), "two exits have the same case")
        for index, link in enumerate(block.exits):
            self.verify_link(block, link, index)

    def verify_exception_exits(self, block: Block) -> None:
        self.check(bool(block.operations), "an exception switch without an operation")
        self.check(block.exits[0].exitcase is None, "the first exit is the normal one")
        for link in block.exits[1:]:
            case = link.exitcase
            self.check(
                isinstance(case, Constant) and case.concretetype is VTABLE_POINTER, "an exception exit needs a vtable"
            )

    def verify_link(self, block: Block, link: Link, index: int) -> None:
        target = link.target
        count = len(target.inputargs)
        self.check(len(link.args) == count, f"a link passes {len(link.args)} values to a block that takes {count}")
        pair = (link.last_exception, link.last_exc_value)
        raised = block.operations[-1].result if block.exitswitch is LAST_EXCEPTION else None
        for value, variable in zip(link.args, target.inputargs):
            self.use(value)
            self.check(
                value.concretetype is variable.concretetype,
                f"a link passes {value.concretetype} for {variable!r} of {variable.concretetype}",
            )
            if index > 0 and raised is not None:
                self.check(value is not raised, "an exception exit passes the operation's result")
            if isinstance(value, Variable) and value in pair:
                continue
            for other in block.exits:
                if other is not link and isinstance(value, Variable):
                    foreign = value is other.last_exception or value is other.last_exc_value
                    self.check(not foreign, "a link passes the exception of another exit")

    def verify_operation(self, operation: Operation, seen: set[Variable]) -> None:
        info = OPERATIONS.get(operation.opname)
        if info is None:
            raise self.fail(f"{operation.opname} is not an operation")
        for value in operation.args:
            self.use(value)
            self.check(
                not isinstance(value, Variable) or value in seen, f"{value!r} is used before it is defined"
            )
        words = list(info.operands)
        many = bool(words) and words[-1].endswith("*")
        if many:
            self.check(len(operation.args) >= len(words) - 1, f"{operation.opname} has too few operands")
        else:
            self.check(len(operation.args) == len(words), f"{operation.opname} takes {len(words)} operands")
        for word, value in zip(words, operation.args):
            self.verify_operand(operation, word, value)
        self.verify_result(operation, info.result)

    def verify_operand(self, operation: Operation, word: str, value: Any) -> None:
        TYPE = value.concretetype
        fits = True
        if word in PRIMITIVES:
            fits = TYPE is PRIMITIVES[word]
        elif word == "ptr":
            fits = isinstance(TYPE, Ptr)
        elif word == "gcptr":
            fits = isinstance(TYPE, Ptr) and TYPE.is_gc
        elif word == "void":
            fits = TYPE is Void
        self.check(fits, f"{operation.opname}: an operand is {TYPE}, not {word}")

    def verify_result(self, operation: Operation, rule: str) -> None:
        RESULT = operation.result.concretetype
        args = operation.args
        expected: Any = RESULT
        if rule in PRIMITIVES:
            expected = PRIMITIVES[rule]
        elif rule == "void":
            expected = Void
        elif rule == "same":
            expected = args[0].concretetype
        elif rule == "field":
            expected = args[0].concretetype.TO.field_type(args[1].value)  # type: ignore[union-attr]
        elif rule == "item":
            expected = args[0].concretetype.TO.ITEM
        elif rule == "container":
            expected = Ptr(args[0].value)  # type: ignore[union-attr]
        elif rule == "call":
            expected = self.verify_call(operation)
        self.check(RESULT is expected, f"{operation.opname} gives {expected}, but its result is {RESULT}")
        if operation.opname == "setfield":
            FIELD = args[0].concretetype.TO.field_type(args[1].value)  # type: ignore[union-attr]
            self.check(args[2].concretetype is FIELD, f"setfield stores {args[2].concretetype} as {FIELD}")
        elif operation.opname == "setarrayitem":
            ITEM = args[0].concretetype.TO.ITEM
            self.check(args[2].concretetype is ITEM, f"setarrayitem stores {args[2].concretetype} as {ITEM}")

    def verify_call(self, operation: Operation) -> Any:
        args = operation.args
        TYPE = args[0].concretetype.TO
        self.check(isinstance(TYPE, FuncType), f"{operation.opname} of {TYPE}")
        given = [value.concretetype for value in args[1:]]
        if operation.opname == "indirect_call":
            self.check(given[-1:] == [Void], "the last operand of indirect_call is a list of graphs or None")
            given = given[:-1]
        self.check(
            given == list(TYPE.ARGS), f"{operation.opname} passes {given} to a function that takes {TYPE.ARGS}"
        )
        if operation.opname == "direct_call" and isinstance(args[0], Constant):
            graph = getattr(container_of(args[0].value), "graph", None)
            if graph is not None:
                types = [variable.concretetype for variable in graph.getargs()]
                self.check(types == list(TYPE.ARGS), f"the graph of {graph.name} has other argument types")
                result = graph.getreturnvar().concretetype
                self.check(result is TYPE.RESULT, f"the graph of {graph.name} has another result type")
        return TYPE.RESULT
