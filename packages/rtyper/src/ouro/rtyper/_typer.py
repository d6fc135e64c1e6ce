"""The driver: annotated flow graphs to typed graphs, one at a time, from a worklist.

A graph is typed when something refers to it for the first time: the entry point, then whatever its typed
operations, prebuilt data and vtables point to.  What `FunctionGraph` a flow graph becomes is settled before it
is typed, so that recursion needs no special case.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Callable

from ouro.annotator import implied
from ouro.annotator.annotations import NO_CONSTANT
from ouro.annotator.lowlevel import annotation_of_type
from ouro.annotator.program import AnnotatedProgram
from ouro.flowspace import Block, Constant, FunctionGraph
from ouro.lltype import FuncType, Pointer, Void, functionptr
from ouro.rtyper._program import OBJECT_POINTER, VTABLE_POINTER, TypedProgram
from ouro.rtyper._representation import (
    REPRESENTATION_MAKERS,
    Representation,
    TyperError,
)

__all__ = ["Typer"]


def _release(graph: FunctionGraph) -> None:
    """Give up what a typed flow graph holds: two forms of a program at once would be the peak of all memory.

    Its arguments and its result stay, for the callers that are typed later.
    """
    for block in list(graph.iterblocks()):
        block.operations = []
        block.exits = []


class Typer:
    """All state of typing one program."""

    def __init__(self, annotated: AnnotatedProgram, translate_graph: Callable[..., None]) -> None:
        self.annotated = annotated
        self.program = TypedProgram(helper_factory=self._helper_graph)
        self._translate_graph = translate_graph
        self._representations: dict[Any, Representation] = {}
        self._by_annotation: dict[Any, Representation] = {}
        self._graphs: dict[FunctionGraph, FunctionGraph] = {}
        self._pending: deque[tuple[FunctionGraph, FunctionGraph]] = deque()
        self._actions: deque[Callable[[], None]] = deque()
        self._helpers: dict[Any, Pointer] = {}
        self._primitives: dict[Any, Representation] = {}
        self.prebuilt: dict[Any, Any] = {}
        self.keep_alive: list[Any] = []
        self.caches: dict[str, dict[Any, Any]] = {}
        #: In the block being typed: pointers into GC objects -> (object, path).
        self.interior: dict[Any, Any] = {}
        #: In the block being typed: new lists of one item -> that item.
        self.one_item_lists: dict[Any, Any] = {}
        self.finishers: list[Callable[[], None]] = []

    # ---- representations

    def representation(self, annotation: Any) -> Representation:
        """The representation of an annotation; the same object for annotations that need not differ."""
        known = self._by_annotation.get(annotation)
        if known is not None:
            return known
        maker = REPRESENTATION_MAKERS.get(type(annotation))
        if maker is None:
            raise TyperError(f"no representation for {annotation}")
        key, make = maker(self, annotation)
        known = self._representations.get(key)
        if known is None:
            known = make()
            known = self._representations.setdefault(key, known)
        self._by_annotation[annotation] = known
        return known

    def registered(self, key: Any, make: Callable[[], Representation]) -> Representation:
        """The representation with this key, made if it is new."""
        known = self._representations.get(key)
        if known is None:
            known = self._representations.setdefault(key, make())
        return known

    def primitive(self, TYPE: Any) -> Representation:
        """The representation that low-level code has for a type: numbers, characters, pointers, Void."""
        known = self._primitives.get(TYPE)
        if known is None:
            known = self.representation(annotation_of_type(TYPE))
            self._primitives[TYPE] = known
        return known

    def constant(self, value: Any, representation: Representation) -> Constant:
        """A host value as a low-level constant."""
        TYPE = representation.lowleveltype
        if TYPE is Void:
            return Constant(value, Void)
        return Constant(representation.constant(value), TYPE)

    def cache(self, name: str) -> dict[Any, Any]:
        """A cache that lives as long as the program."""
        return self.caches.setdefault(name, {})

    # ---- graphs

    def typed_graph(self, graph: FunctionGraph) -> FunctionGraph:
        """What a flow graph becomes; queued to be typed when it is new."""
        known = self._graphs.get(graph)
        if known is None:
            known = FunctionGraph(graph.name, Block([]))
            known.func = graph.func
            known.signature = graph.signature
            known.filename = graph.filename
            known.firstlineno = graph.firstlineno
            known.module = graph.module
            known.source = graph.source
            known.tags = graph.tags
            known.exceptblock.inputargs[0].concretetype = VTABLE_POINTER
            known.exceptblock.inputargs[1].concretetype = OBJECT_POINTER
            TYPE = self.function_type(graph)
            known.getreturnvar().concretetype = TYPE.RESULT
            pointer = functionptr(TYPE, graph.name, callable=graph.func)
            self._graphs[graph] = known
            self.program.register_function_pointer(known, pointer)
            self.program.graphs.append(known)
            self._pending.append((graph, known))
        return known

    def function_type(self, graph: FunctionGraph) -> FuncType:
        """The low-level type of what a flow graph becomes."""
        representation = self.representation
        return FuncType(
            [representation(variable.annotation).lowleveltype for variable in graph.getargs()],
            representation(graph.getreturnvar().annotation).lowleveltype,
        )

    def function_pointer(self, graph: FunctionGraph) -> Pointer:
        """The pointer to what a flow graph becomes."""
        return self.program.function_pointer(self.typed_graph(graph))

    def later(self, action: Callable[[], None]) -> None:
        """Do something before the next graph: how the contents of prebuilt data are filled in."""
        self._actions.append(action)

    def run(self) -> None:
        """Type everything that is pending."""
        while True:
            if self._actions:
                self._actions.popleft()()
            elif self._pending:
                graph, typed = self._pending.popleft()
                self._translate_graph(self, graph, typed)
                _release(graph)
            else:
                return

    # ---- helpers

    def helper_pointer(self, function: Callable[..., Any], args: list[Any]) -> Pointer:
        """The pointer to a helper specialised for operands: their types, and the values of Void constants."""
        key: list[Any] = [function]
        for value in args:
            TYPE = value.concretetype
            if TYPE is Void:
                constant = value.value if type(value) is Constant else None
                key.append((Void, constant if _is_plain(constant) else id(constant)))
            else:
                key.append(TYPE)
        found = self._helpers.get(tuple(key))
        if found is None:
            self.keep_alive.append([value.value for value in args if type(value) is Constant])
            annotations = [self._helper_annotation(value) for value in args]
            graph = self.annotated.annotate_helper(function, annotations)
            found = self._helpers[tuple(key)] = self.function_pointer(graph)
            container = found._obj.graph
            container.tags = dict(container.tags, helper=True)
        return found

    def _helper_annotation(self, value: Any) -> Any:
        if value.concretetype is Void:
            host = value.value if type(value) is Constant else None
            return self.annotated.annotation_of_constant(host)
        return annotation_of_type(value.concretetype)

    def function_of_types(self, function: Callable[..., Any], types: list[Any]) -> Pointer:
        """The pointer to a helper for arguments of these types."""
        key = (function, *types)
        found = self._helpers.get(key)
        if found is None:
            graph = self.annotated.annotate_helper(function, [annotation_of_type(TYPE) for TYPE in types])
            found = self._helpers[key] = self.function_pointer(graph)
        return found

    def implied_pointer(self, function: Callable[..., Any]) -> Pointer:
        """The pointer to a function of `ouro.annotator.implied`."""
        found = self._helpers.get(function)
        if found is None:
            graph = self.annotated.annotate_helper(function, implied.ARGUMENTS[function])
            found = self._helpers[function] = self.function_pointer(graph)
        return found

    def _helper_graph(self, program: TypedProgram, function: Any, types: list[Any], result: Any) -> FunctionGraph:
        pointer = self.function_of_types(function, types)
        self.finish()
        graph = pointer._obj.graph
        if result is not None and graph.getreturnvar().concretetype is not result:
            raise TyperError(f"{function.__name__} returns {graph.getreturnvar().concretetype}, not {result}")
        assert isinstance(graph, FunctionGraph)
        return graph

    def finish(self) -> None:
        """Type what is pending and settle what depends on the whole program (subclass ranges)."""
        self.run()
        for finisher in self.finishers:
            finisher()

    # ---- annotations of values in blocks

    def host_value(self, annotation: Any) -> Any:
        """The constant that an annotation stands for, or NO_CONSTANT."""
        return annotation.constant if annotation is not None else NO_CONSTANT


def _is_plain(value: Any) -> bool:
    return value is None or type(value) in (str, int, bool)
