"""What cgen asks of the call graph: which functions may raise, and which must check the stack."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ouro.flowspace import Constant, FunctionGraph, Link, Operation
from ouro.lltype import FuncType, Pointer, Ptr, container_of
from ouro.rtyper import ExceptionData
from ouro.rtyper.operations import OPERATIONS

CALLS = frozenset({"direct_call", "indirect_call", "jit_conditional_call", "jit_conditional_call_value"})
#: Which operand of a call is the function.
FUNCTION_OPERAND = {"jit_conditional_call": 1, "jit_conditional_call_value": 1}


def called_function(operation: Operation) -> Any:
    """The container of the function that a call calls, None when it is known at run time only."""
    function = operation.args[FUNCTION_OPERAND.get(operation.opname, 0)]
    return container_of(function.value) if isinstance(function, Constant) else None


def class_range(vtable: Pointer) -> tuple[int, int]:
    """The range of `subclass_range_min` that a class and its subclasses have."""
    container: Any = container_of(vtable)
    while "subclass_range_min" not in container.TYPE.index:
        container = container.read(0)
    index = container.TYPE.index
    return container.read(index["subclass_range_min"]), container.read(index["subclass_range_max"])


def static_handler(exceptions: ExceptionData, handlers: Iterable[Link], name: str) -> Link | None:
    """The exception exit that takes the standard exception `name`, None where none of them does."""
    vtable = exceptions.vtables.get(name)
    if vtable is None:
        return None
    number = class_range(vtable)[0]
    for link in handlers:
        low, high = class_range(link.exitcase.value)
        if low <= number < high:
            return link
    return None


class CallGraph:
    """Callees of every graph, computed once.

    An indirect call without a list of graphs may reach every graph whose address is taken and whose type
    fits.
    """

    def __init__(
        self,
        graphs: Iterable[FunctionGraph],
        address_taken: Iterable[FunctionGraph],
        exceptions: ExceptionData,
    ) -> None:
        self.graphs = list(graphs)
        self._exceptions = exceptions
        self._by_type: dict[FuncType, list[FunctionGraph]] = {}
        for graph in address_taken:
            TYPE = FuncType([v.concretetype for v in graph.getargs()], graph.getreturnvar().concretetype)
            self._by_type.setdefault(TYPE, []).append(graph)
        self.callees: dict[FunctionGraph, list[FunctionGraph]] = {}
        self._raises_itself: dict[FunctionGraph, bool] = {}
        for graph in self.graphs:
            self._scan(graph)

    def targets(self, operation: Operation) -> list[FunctionGraph]:
        """The graphs that a call may reach."""
        container = called_function(operation)
        if container is not None:
            graph = getattr(container, "graph", None)
            return [] if graph is None else [graph]
        if operation.opname == "indirect_call":
            known = operation.args[-1]
            if isinstance(known, Constant) and known.value is not None:
                return list(known.value)
        function = operation.args[FUNCTION_OPERAND.get(operation.opname, 0)]
        PTR = function.concretetype
        assert isinstance(PTR, Ptr) and isinstance(PTR.TO, FuncType)
        return self._by_type.get(PTR.TO, [])

    def _scan(self, graph: FunctionGraph) -> None:
        callees: dict[FunctionGraph, None] = {}
        raises = False
        for block in graph.iterblocks():
            operations = block.operations
            for operation in operations:
                if operation.opname in CALLS:
                    for target in self.targets(operation):
                        callees[target] = None
                elif not raises and OPERATIONS[operation.opname].raises:
                    caught = block.exits[1:] if operation is block.raising_operation else []
                    raises = any(
                        static_handler(self._exceptions, caught, name) is None
                        for name in OPERATIONS[operation.opname].raises
                    )
            for link in block.exits:
                if link.target is graph.exceptblock:
                    raises = True
        self.callees[graph] = list(callees)
        self._raises_itself[graph] = raises

    def raising_graphs(self, checking: set[FunctionGraph]) -> set[FunctionGraph]:
        """The graphs that an exception can leave; those in `checking` raise RecursionError by themselves."""
        callers: dict[FunctionGraph, list[FunctionGraph]] = {}
        for graph, callees in self.callees.items():
            for callee in callees:
                callers.setdefault(callee, []).append(graph)
        raising = {graph for graph in self.graphs if self._raises_itself[graph]} | checking
        pending = list(raising)
        while pending:
            for caller in callers.get(pending.pop(), ()):
                if caller not in raising:
                    raising.add(caller)
                    pending.append(caller)
        return raising

    def stack_checks(self) -> set[FunctionGraph]:
        """Graphs that between them cut every cycle of calls: the targets of back edges of a depth-first
        search.
        """
        checks: set[FunctionGraph] = set()
        state: dict[FunctionGraph, int] = {}  # 1: being visited, 2: done
        for root in self.graphs:
            if root in state:
                continue
            state[root] = 1
            stack = [(root, iter(self.callees[root]))]
            while stack:
                graph, callees = stack[-1]
                for callee in callees:
                    seen = state.get(callee)
                    if seen == 1:
                        checks.add(callee)
                    elif seen is None and callee in self.callees:
                        state[callee] = 1
                        stack.append((callee, iter(self.callees[callee])))
                        break
                else:
                    state[graph] = 2
                    stack.pop()
        return checks
