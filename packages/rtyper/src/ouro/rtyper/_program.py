"""The data that the stages after the rtyper work on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Callable

from attrs import define, field
from ouro.flowspace import Constant, FunctionGraph
from ouro.lltype import (
    Array,
    Char,
    FuncType,
    GcStruct,
    Pointer,
    Ptr,
    Signed,
    Struct,
    container_of,
    functionptr,
)

__all__ = [
    "OBJECT",
    "OBJECT_POINTER",
    "OBJECT_VTABLE",
    "VTABLE_POINTER",
    "ExceptionData",
    "TypedProgram",
    "operation_exceptions",
]

OBJECT = GcStruct("object")
"""What every instance begins with.  It has no field: the class is found through the type id."""
OBJECT_POINTER = Ptr(OBJECT)
OBJECT_VTABLE = Struct(
    "object_vtable",
    ("subclass_range_min", Signed),
    ("subclass_range_max", Signed),
    ("instantiate", Ptr(FuncType([], OBJECT_POINTER))),
    ("name", Ptr(Array(Char))),
    hints={"immutable": True},
)
"""What every vtable begins with.  A class is a subclass of another if its ``subclass_range_min`` lies within
the other's half-open range."""
VTABLE_POINTER = Ptr(OBJECT_VTABLE)


def operation_exceptions() -> tuple[str, ...]:
    """Names of the standard exceptions that operations and the run-time system itself raise."""
    return ("OverflowError", "MemoryError", "RecursionError", "ZeroDivisionError", "AssertionError")


HelperFactory = Callable[["TypedProgram", Any, "list[Any]", Any], FunctionGraph]


@define(eq=False)
class ExceptionData:
    """What later stages need to know of exceptions.

    ``vtables`` and ``instances`` map the name of a standard exception to its vtable pointer and to a prebuilt
    instance (both of the root types).
    """

    vtable_type: Struct = OBJECT_VTABLE
    object_type: GcStruct = OBJECT
    vtables: dict[str, Pointer] = field(factory=dict)
    instances: dict[str, Pointer] = field(factory=dict)


@define(eq=False)
class TypedProgram:
    """A whole program of typed graphs.

    ``graphs`` are all reachable graphs in order of discovery, ``instance_types`` gives the vtable pointer for
    the structure of the instances of each class, ``finalizers`` the function pointer that the collector calls
    on a dead object of a type, ``finalizer_triggers`` what it calls when a finalizer queue, by its number, has
    got an object (a function pointer, of one Void argument or none).  ``helper_factory`` annotates and types an
    RPython function that works on low-level values (see ``add_helper``).
    """

    entry_graph: FunctionGraph | None = None
    graphs: list[FunctionGraph] = field(factory=list)
    exceptions: ExceptionData = field(factory=ExceptionData)
    instance_types: dict[GcStruct, Pointer] = field(factory=dict)
    finalizers: dict[GcStruct, Pointer] = field(factory=dict)
    finalizer_triggers: dict[int, Pointer] = field(factory=dict)
    helper_factory: HelperFactory | None = None
    attributes: dict[str, Any] = field(factory=dict)
    _function_pointers: dict[FunctionGraph, Pointer] = field(factory=dict)

    def function_pointer(self, graph: FunctionGraph) -> Pointer:
        """The one function pointer of a graph; its callable is the graph's Python function."""
        pointer = self._function_pointers.get(graph)
        if pointer is None:
            TYPE = FuncType(
                [variable.concretetype for variable in graph.getargs()], graph.getreturnvar().concretetype
            )
            pointer = functionptr(TYPE, graph.name, graph=graph, callable=graph.func)
            self._function_pointers[graph] = pointer
        return pointer

    def register_function_pointer(self, graph: FunctionGraph, pointer: Pointer) -> None:
        """Make ``pointer``, made before the graph was typed, the one of this graph."""
        container_of(pointer).graph = graph
        self._function_pointers[graph] = pointer

    def function_constant(self, graph: FunctionGraph) -> Constant:
        """The graph's function pointer as an operand of ``direct_call``."""
        pointer = self.function_pointer(graph)
        return Constant(pointer, pointer._T)

    def add_helper(self, function: Any, argument_types: Iterable[Any], result: Any = None) -> Constant:
        """Add an RPython function that works on low-level values.

        It is annotated for arguments of ``argument_types`` (low-level types), typed, and added to ``graphs``
        together with what it calls.  The constant is its function pointer.  Asking again for the same
        function and types gives the same graph.
        """
        if self.helper_factory is None:
            raise TypeError("this program was made without a way to type helpers")
        graph = self.helper_factory(self, function, list(argument_types), result)
        self._include(graph)
        return self.function_constant(graph)

    def _include(self, graph: FunctionGraph) -> None:
        """See that a helper and all it calls are among ``graphs``.

        A helper may call a function that was typed before, whose calls the optimiser has all inlined since: it
        was taken out then.
        """
        present = set(self.graphs)
        pending = [graph]
        seen = {graph}
        while pending:
            current = pending.pop()
            if current not in present:
                self.graphs.append(current)
            for called in self.called_graphs(current):
                if called not in seen:
                    seen.add(called)
                    pending.append(called)

    def called_graphs(self, graph: FunctionGraph) -> Iterator[FunctionGraph]:
        """The graphs that operations of this graph name directly or through the list of an indirect call."""
        for _, operation in graph.iterblockops():
            if operation.opname == "direct_call":
                function = operation.args[0]
                if isinstance(function, Constant):
                    target = getattr(container_of(function.value), "graph", None)
                    if target is not None:
                        yield target
            elif operation.opname == "indirect_call":
                last = operation.args[-1]
                if isinstance(last, Constant) and last.value is not None:
                    yield from last.value
