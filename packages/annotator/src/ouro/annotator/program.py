"""The result of the stage, which the rtyper consumes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Callable

from attrs import define, field
from ouro.annotator._engine import Engine
from ouro.annotator.annotations import Annotation
from ouro.annotator.descriptions import CallSite, ClassDescription, Description, FunctionDescription
from ouro.flowspace import Constant, FunctionGraph, Operation, Value


@define(eq=False)
class AnnotatedProgram:
    """Flow graphs whose variables have annotations, and the descriptions they refer to.

    `graphs` holds every graph of the program in order of discovery, simplified so that only blocks and links
    that the
    analysis reached are left. A block that ends in an operation that never returns leads to the except block.

    `call_sites` has one entry for each operation that calls functions, methods or classes of the program.
    `helper_graphs` are the roots that `annotate_helper` added.
    """

    entry_graph: FunctionGraph
    engine: Engine
    helper_graphs: list[FunctionGraph] = field(factory=list)

    @property
    def graphs(self) -> list[FunctionGraph]:
        return self.engine.graphs

    @property
    def functions(self) -> dict[Any, FunctionDescription]:
        """Descriptions by function."""
        return self.engine.descriptions.functions

    @property
    def classes(self) -> list[ClassDescription]:
        """Every class description, bases before the classes derived from them."""
        return self.engine.descriptions.class_list

    @property
    def call_sites(self) -> dict[Operation, CallSite]:
        return self.engine.call_sites

    @property
    def finalizer_queues(self) -> dict[Any, ClassDescription]:
        """The prebuilt `rgc.FinalizerQueue`s that objects are registered with, and the class of those objects."""
        return self.engine.finalizer_queues

    @property
    def function_pointers(self) -> dict[Any, FunctionGraph]:
        """The graphs of RPython functions that prebuilt function pointers of the program point to, by container."""
        return self.engine.function_pointers

    @property
    def jit_functions(self) -> dict[tuple[Any, str], FunctionGraph]:
        """The graphs of the functions that drivers were given for the JIT, by `JitDriver` and name."""
        return self.engine.jit_functions

    def annotation(self, value: Value) -> Annotation:
        """The annotation of a variable or constant of a graph."""
        if isinstance(value, Constant):
            return self.engine.constant(value.value)
        annotation: Annotation = value.annotation
        return annotation

    def annotation_of_constant(self, value: Any) -> Annotation:
        """The annotation of a prebuilt host object."""
        return self.engine.constant(value)

    def describe(self, value: Any) -> Description:
        """The description of a function, class or frozen object of the host."""
        return self.engine.descriptions.of(value)

    def class_description(self, python_class: type) -> ClassDescription:
        return self.engine.descriptions.of_class(python_class)

    def annotate_helper(self, function: Callable[..., Any], arguments: Sequence[Annotation]) -> FunctionGraph:
        """Annotate one more function, called with `arguments`, and whatever it calls, in this program.

        For the low-level helpers of later stages; may be called at any time. Equal functions are annotated
        once for
        each combination of low-level types and constants of the arguments, as `specialize.ll` does.
        """
        graph = self.engine.annotate_helper(function, arguments)
        self.helper_graphs.append(graph)
        return graph
