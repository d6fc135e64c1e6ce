"""The worklist: flows annotations through blocks until nothing grows.

The unit of work is a block. Every value that may grow (a block's input arguments, a list's item, an
attribute,
a function's result) knows the blocks that read it and from which operation on; when it grows those blocks are
scheduled again *from that operation*, so a block with ten calls is not analysed ten times from its head.

Order: graphs found last go first, so callees settle before their callers go on, and within a graph
blocks go in reverse postorder. A block whose operation has no result yet (a call of a function that has not
returned so far, an item of an empty list) stops there and goes on when the result grows.

Nothing here is recursive in the depth of the program: calls only schedule, and the contents of prebuilt
objects
wait in a queue.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Sequence
from typing import Any, Callable

from attrs import define, field
from ouro.annotator import annotations as a
from ouro.annotator._call_groups import CallGroup, group_result_grown
from ouro.annotator._calls import call_value
from ouro.annotator._constants import Constants
from ouro.annotator._declared_fields import check_declared_fields
from ouro.annotator._dispatch import CAN_RAISE, DISPATCH, find_handler, find_raises
from ouro.annotator._errors import AnnotatorError, Complaint, Place, as_place, error_of_flow
from ouro.annotator._explain import (
    call_chain,
    class_place,
    is_start,
    none_and_number,
    origins_of_link,
    place_of_link_constant,
    unset_attribute,
    unsupported_operation,
)
from ouro.annotator._host import Descriptions
from ouro.annotator._join import JoinError, check_nesting, join
from ouro.annotator._normalise import finish_rows, normalise_rows
from ouro.annotator._prune import remove_unreached
from ouro.annotator._sites import Site
from ouro.annotator._values import as_type_only, detached, goes_over_table, narrow, rename_variables, without_flags
from ouro.annotator.annotations import IMPOSSIBLE, NO_CONSTANT, Annotation
from ouro.annotator.containers import Cell, DictDefinition, ListDefinition
from ouro.annotator.descriptions import CallRow, CallSite, ClassDescription, FunctionDescription, MemoTable
from ouro.flowspace import (
    LAST_EXCEPTION,
    Block,
    CallShape,
    FlowSpaceError,
    FunctionGraph,
    Link,
    Operation,
    Position,
    Variable,
)
from ouro.flowspace.operations import OPERATIONS


@define(eq=False)
class GraphState:
    """What the engine knows of one graph.

    `order` numbers the blocks in reverse postorder; `pending` is a heap of (number, tie, block) and `start`
    the
    operation to begin at for each scheduled block. `callers` are the blocks that read the result, `groups` the
    call groups that do.
    `first_call` is the site that called the graph first, for call chains; `description` the function.
    `low_level`: the graph is a helper of a later stage, or called from one: functions that it calls get graphs
    of their own for the low-level types of their arguments, so that graphs that are typed already never change.
    `outside`: the tracer never looks into it: it must not touch a virtualizable directly.
    `predicate`: what either outcome of a function such as `def is_x(v): return isinstance(v, X)` tells about its
    arguments, by position; callers narrow with it.
    """

    graph: FunctionGraph
    number: int
    description: FunctionDescription | None
    order: dict[Block, int] = field(factory=dict)
    pending: list[tuple[int, Block]] = field(factory=list)
    start: dict[Block, int] = field(factory=dict)
    callers: dict[Block, int] = field(factory=dict)
    groups: dict[CallGroup, None] = field(factory=dict)
    first_call: Site | None = None
    queued: bool = False
    low_level: bool = False
    outside: bool = False
    predicate: dict[bool, dict[int, Annotation]] = field(factory=dict)


class Engine:
    """One whole-program analysis."""

    def __init__(self, policy: Any = None, error_limit: int = 10) -> None:
        self.policy = policy
        self.error_limit = error_limit
        self.errors: dict[Any, AnnotatorError] = {}
        self.graphs: list[FunctionGraph] = []
        self.states: dict[FunctionGraph, GraphState] = {}
        self.owner: dict[Block, GraphState] = {}
        self.call_sites: dict[Operation, CallSite] = {}
        self.indirect_sites: dict[Operation, CallSite] = {}
        self.call_groups: dict[Any, CallGroup] = {}
        self.groups_of_sites: dict[CallSite, CallGroup] = {}
        self.kept_alive: list[Any] = []
        self.argument_plans: dict[Any, Any] = {}
        self.jit_functions: dict[tuple[Any, str], FunctionGraph] = {}
        self.memo_tables: dict[FunctionDescription, MemoTable] = {}
        self.erased: dict[Any, Cell] = {}
        self.finalizer_queues: dict[Any, ClassDescription] = {}
        self.function_pointers: dict[Any, FunctionGraph] = {}
        self.unset_attributes: dict[Any, Site] = {}
        self.definitions: dict[Any, Any] = {}
        self.followed: set[Link] = set()
        self.stopped: dict[Block, int] = {}
        self.descriptions = Descriptions(self)
        self.constants = Constants(self)
        self.constant = self.constants.annotation
        self._queue: list[tuple[int, GraphState]] = []
        self._later: deque[tuple[Callable[[], Any], Any]] = deque()
        self._reached_from: Any = None
        self._finished_graphs = 0
        self.finished_rows: dict[CallRow, dict[FunctionDescription, FunctionGraph]] = {}
        self.state: GraphState | None = None
        self.block: Block = None  # type: ignore[assignment]
        self.operation: Operation | None = None
        self.index = 0
        self.processed_blocks = 0
        self._oldest_touched = 0

    # ---- joins, cells, definitions

    def join(self, left: Annotation, right: Annotation) -> Annotation:
        """See `ouro.annotator._join.join`."""
        if left is right:
            return left
        return join(self, left, right)

    def join_all(self, annotations: Any) -> Annotation:
        result: Annotation = IMPOSSIBLE
        for annotation in annotations:
            result = self.join(result, annotation)
        return result

    def read(self, cell: Cell) -> Annotation:
        """The annotation of a cell; the current operation is done again when it grows."""
        while cell.forward is not None:
            cell = cell.forward
        block = self.block
        if block is not None:
            readers = cell.readers
            index = self.index
            if readers.get(block, index) >= index:
                readers[block] = index
        return cell.annotation

    def grow(self, cell: Cell, annotation: Annotation, what: str = "") -> None:
        """Make a cell cover one more annotation."""
        while cell.forward is not None:
            cell = cell.forward
        old = cell.annotation
        if annotation is old:
            return
        annotation = detached(annotation)
        try:
            joined = join(self, old, annotation)
        except JoinError as error:
            raise self._cell_error(cell, error, what, old, annotation) from None
        cell = cell.root()
        if joined is not old:
            if cell.annotation is not old:
                joined = join(self, cell.annotation, joined)
            cell.annotation = joined
            if isinstance(joined, (a.List, a.Dict, a.Set, a.Tuple)):
                check_nesting(cell)
            if cell.origin is None and self.operation is not None:
                cell.origin = self.here()
            self.reflow(cell.readers)

    def _cell_error(self, cell: Cell, error: JoinError, what: str, old: Annotation, new: Annotation) -> Complaint:
        notes = []
        if cell.origin is not None:
            notes.append((f"it became {old} here", cell.origin))
        # An initialiser may be analysed after what changes its attributes: what it assigns is meant all the same.
        late = None
        if what.startswith("attribute ") and self._is_initialiser(self.state) and cell.origin is not None:
            late = None if self._is_initialiser(self.states[cell.origin.graph]) else cell.origin
        if late is not None:
            old, new = new, old
            notes = [(f"it is {old} here", self.here())]
        message = f"{what or 'this'}: {new} is stored where {old} is expected"
        if error.reason:
            message += f": {error.reason}"
        suggestion = "use one type everywhere, or keep the two kinds apart"
        complaint = Complaint(message, error.suggestion or none_and_number(old, new) or suggestion, notes)
        complaint.site = late
        return complaint

    @staticmethod
    def _is_initialiser(state: GraphState | None) -> bool:
        return state is not None and state.description is not None and state.description.name.endswith("__init__")

    def reflow(self, readers: dict[Block, int]) -> None:
        """Schedule blocks, each from the operation given."""
        for block, index in readers.items():
            self.schedule(block, index)

    def definition(self, kind: Any, key: Any = None) -> Any:
        """The container definition that belongs to the current operation: the same each time it is done."""
        if key is None:
            key = self.operation
        found = self.definitions.get((kind, key))
        if found is None:
            found = self.definitions[kind, key] = kind()
            if self.operation is not None:
                found.origin = self.here()
        return found.root()

    def new_list(self, item: Annotation, key: Any = None, resized: bool = False) -> a.List:
        """A list made by the current operation."""
        definition = self.definition(ListDefinition, key)
        if item is not IMPOSSIBLE:
            self.grow(definition.item, item, "the list")
            definition = definition.root()
        if resized and not definition.resized:
            self.resize(definition)
        return a.List(definition)

    def resize(self, definition: ListDefinition) -> None:
        """The length of this kind of list changes."""
        definition = definition.root()
        if not definition.resized:
            definition.resized = True
            definition.resized_from = self.here_or_none()
            self.set_range_step(definition, None)
            self.check_list(definition)

    def mutate(self, definition: ListDefinition) -> None:
        """Items of this kind of list are assigned."""
        definition = definition.root()
        if not definition.mutated:
            definition.mutated = True
            self.set_range_step(definition, None)
            self.check_list(definition)

    def set_range_step(self, definition: ListDefinition, step: int | None) -> None:
        definition.range_step = step

    def check_list(self, definition: ListDefinition) -> None:
        """Complain if a list that must not be resized is."""
        if definition.resized and definition.must_not_resize is not None:
            declared: Any = definition.must_not_resize
            notes: list[tuple[str, Any]]
            if isinstance(declared, ClassDescription):
                why = f"`_immutable_fields_` of {declared.name} says that the list is never resized"
                notes = [(why, class_place(declared.python_class))]
            else:
                notes = [("declared as never resized here", declared)]
            if definition.resized_from is not None:
                notes.append(("resized here", definition.resized_from))
            definition.must_not_resize = None  # said once
            raise Complaint(
                "a list that must not be resized is resized",
                "copy it before changing its length: `items = items[:]`, or build it with `[x] * n`",
                notes,
            )

    def new_cell(self) -> Cell:
        return Cell()

    def check_dict(self, definition: DictDefinition) -> None:
        """The key functions of an r_dict are called with its keys: flow those into them."""
        definition = definition.root()
        key = definition.key.root().annotation
        if key is IMPOSSIBLE or definition.equality is None or definition.hashing is None:
            return
        for cell, arguments in ((definition.equality, [key, key]), (definition.hashing, [key])):
            site = self.definitions.get(("dict function", cell.root()))
            if site is None:
                operation = Operation("simple_call", [], Variable("hash"))
                site = self.definitions["dict function", cell.root()] = CallSite(operation, CallShape(len(arguments)))
                self.call_sites[operation] = site
            call_value(self, site.operation, cell.root().annotation, arguments)

    # ---- places

    def here(self) -> Site:
        """The current operation."""
        assert self.state is not None
        return Site(self.state.graph, self.block, self.operation)

    def here_or_none(self) -> Site | None:
        return self.here() if self.state is not None and self.block is not None else None

    def definition_site(self, function: FunctionDescription) -> list[tuple[str, Place]]:
        """Where a function is defined, as a note of a message."""
        code = getattr(function.function, "__code__", None)
        if code is None:
            return []
        position = Position(code.co_firstlineno, 0, -1)
        return [(f"{function.name} is defined here", Place("", code.co_filename, position, function.name))]

    # ---- graphs and scheduling

    def add_graph(
        self, graph: FunctionGraph, description: FunctionDescription | None, low_level: bool = False
    ) -> GraphState:
        """Take a new graph into the program."""
        state = GraphState(graph, len(self.graphs), description, low_level=low_level)
        if description is not None:
            state.outside = getattr(description.function, "_jit_look_inside_", None) is False
        self.graphs.append(graph)
        self.states[graph] = state
        number_blocks(graph, state.order)
        owner = self.owner
        for block in state.order:
            owner[block] = state
        graph.returnblock.inputargs[0].annotation = IMPOSSIBLE
        return state

    def schedule(self, block: Block, index: int = 0) -> None:
        """Analyse a block (again) from its `index`-th operation on."""
        state = self.owner[block]
        start = state.start
        known = start.get(block)
        if known is None:
            start[block] = index
            heapq.heappush(state.pending, (state.order[block], block))
            if not state.queued:
                state.queued = True
                heapq.heappush(self._queue, (-state.number, state))
        elif index < known:
            start[block] = index

    def later(self, action: Callable[[], Any]) -> None:
        """Do something before the next block: how the contents of prebuilt objects are reached."""
        place = self._reached_from if self.block is None else (self.state, self.block, self.operation)
        self._later.append((action, place))

    def call_graph(self, graph: FunctionGraph, arguments: Sequence[Annotation]) -> Annotation:
        """Flow argument annotations into a graph; its result as known so far."""
        state = self.states[graph]
        block = self.block
        if block is not None:
            callers = state.callers
            index = self.index
            if callers.get(block, index) >= index:
                callers[block] = index
            if state.first_call is None:
                state.first_call = self.here()
        if state.low_level:
            arguments = [as_type_only(annotation) for annotation in arguments]
        if state.outside:
            arguments = [without_flags(annotation) for annotation in arguments]
        self.merge_into(graph.startblock, arguments, state, None)
        result: Annotation = graph.returnblock.inputargs[0].annotation
        return result

    def result_grown(self, state: GraphState) -> None:
        """A graph returns more than before."""
        self.reflow(state.callers)
        if state.groups:
            annotation = state.graph.returnblock.inputargs[0].annotation
            for group in list(state.groups):
                group_result_grown(self, group, annotation)

    def merge_into(
        self, target: Block, arguments: Sequence[Annotation], state: GraphState, link: Link | None
    ) -> None:
        """Flow annotations into the input arguments of a block, and schedule it if it is new or they grew."""
        changed = False
        inputs = target.inputargs
        for index, variable in enumerate(inputs):
            old = variable.annotation
            new = arguments[index]
            if old is new:
                continue
            if old is None:
                variable.annotation = new
                changed = True
                continue
            try:
                joined = join(self, old, new)
            except JoinError as error:
                raise self._merge_error(target, index, state, link, error, old, new) from None
            if joined is not old:
                variable.annotation = joined
                changed = True
        if changed or (not inputs and target not in self.stopped and target not in state.start):
            if target is state.graph.returnblock:
                self.result_grown(state)
            elif target.exits:
                self.schedule(target)

    def _merge_error(
        self,
        target: Block,
        index: int,
        state: GraphState,
        link: Link | None,
        error: JoinError,
        old: Annotation,
        new: Annotation,
    ) -> Complaint:
        name = target.inputargs[index].name
        notes = origins_of_link(self, state, target, index, link, new)
        if target is state.graph.returnblock:
            message = f"{state.graph.name}() returns {new} here, but {old} elsewhere"
        elif target is state.graph.startblock:
            message = f"argument `{name}` of {state.graph.name}() is {new} here, but {old} in another call"
        elif name.startswith("."):
            message = f"this would be {old} or {new}"
        else:
            message = f"`{name}` would hold {old} or {new}"
        if error.reason:
            message += f": {error.reason}"
        elif str(old) == str(new):  # what is inside of the two has been joined in part already
            message += f": inside, {error.left} and {error.right} do not fit together"
        suggestion = none_and_number(old, new) or "use different names for the two, or one type"
        if name.startswith("."):
            suggestion = none_and_number(old, new) or "use one type for both, or an `if` statement for each"
        if target is state.graph.returnblock:
            suggestion = "return values of one type; None goes with instances, strings, lists and dicts"
        return Complaint(message, error.suggestion or suggestion, notes)

    # ---- running

    def run(self) -> None:
        """Work until nothing is pending, then make call rows uniform, until that changes nothing either."""
        while True:
            self._drain()
            self.raise_errors()
            if not normalise_rows(self):
                break
        self._check_unset_attributes()
        self._check_declared_fields()

    def _check_declared_fields(self) -> None:
        classes = self.descriptions.class_list
        if any("_immutable_fields_" in vars(description.python_class) for description in classes):
            for error in check_declared_fields(classes, assigned_names(self.graphs)):
                self.errors[error.message] = error
            self.raise_errors()

    def _check_unset_attributes(self) -> None:
        """Complain about attributes that are read from instances that exist, and assigned nowhere.

        An assignment that is never reached counts too: then the author did not mistype the name. One to an instance of
        another class, neither a base nor derived, does not.
        """
        assigned: dict[Any, set[ClassDescription | None]] | None = None
        for (description, name), site in self.unset_attributes.items():
            attribute = description.find_attribute(name)
            if attribute is None or attribute.annotation is not IMPOSSIBLE or attribute.methods:
                continue
            if not any(derived.instantiated for derived in description.all_subclasses()):
                continue
            if assigned is None:
                assigned = assigned_names(self.graphs)
            owners = assigned.get(name, set())
            if any(
                owner is None or owner in description.ancestors or description in owner.ancestors for owner in owners
            ):
                continue
            message, suggestion = unset_attribute(description, name, {owner.name for owner in owners if owner})
            self.errors[site.block, site.operation] = self._error_here(message, suggestion, [], site)
        self.unset_attributes = {}
        self.raise_errors()

    def _drain(self) -> None:
        queue = self._queue
        later = self._later
        while True:
            while later:
                self.block = None  # type: ignore[assignment]
                self.operation = None
                self.state = None
                action, self._reached_from = later.popleft()
                try:
                    action()
                except (Complaint, JoinError) as complaint:
                    raise self._error_outside(complaint) from None
                finally:
                    self._reached_from = None
            if not queue:
                return
            _, state = queue[0]
            if not state.pending:
                heapq.heappop(queue)
                state.queued = False
                continue
            _, block = heapq.heappop(state.pending)
            self._process(state, block, state.start.pop(block))

    def _process(self, state: GraphState, block: Block, index: int) -> None:
        self.state = state
        self.block = block
        self.operation = None
        self.processed_blocks += 1
        if state.number < self._oldest_touched:
            self._oldest_touched = state.number
        try:
            self._flow(state, block, index)
        except Complaint as complaint:
            error = self._error_here(complaint.message, complaint.suggestion, complaint.notes, complaint.site)
            error.place = complaint.place or error.place
            self._record(error)
        except JoinError as error:
            message = f"{error.left} and {error.right} do not fit together"
            if error.reason:
                message += f": {error.reason}"
            suggestion = error.suggestion or none_and_number(error.left, error.right)
            self._record(self._error_here(message, suggestion, []))
        except FlowSpaceError as error:
            chain = [] if is_start(state.graph) else [Place.of_site("", self.here()), *call_chain(self, state)]
            self._record(error_of_flow(error, chain))
        finally:
            self.block = None  # type: ignore[assignment]

    def _flow(self, state: GraphState, block: Block, index: int) -> None:
        operations = block.operations
        self.index = index
        while index < len(operations):
            operation = operations[index]
            self.operation = operation
            self.index = index
            result = self.annotate_operation(operation)
            if result is IMPOSSIBLE:
                if operations[index] is not operation:
                    continue  # it was rewritten into others
                self.stopped[block] = index
                if operation.result.annotation is None:
                    operation.result.annotation = IMPOSSIBLE
                if index == len(operations) - 1 and block.exitswitch is LAST_EXCEPTION:
                    self._follow_exceptions(state, block, operation)
                return
            operation.result.annotation = result
            index += 1
        self.stopped[block] = -1
        self._follow_exits(state, block)

    def annotate_operation(self, operation: Operation) -> Annotation:
        """The annotation of the result of one operation."""
        opname = operation.opname
        arity, handlers = DISPATCH[opname]
        operands: list[Any] = []
        constants = True
        for argument in operation.args:
            annotation = argument.annotation
            if annotation is None:
                annotation = self.bind_constant(argument)
            elif annotation is IMPOSSIBLE:
                return a.IMPOSSIBLE
            if annotation.constant is NO_CONSTANT:
                constants = False
            operands.append(annotation)
        if constants and operands:
            folded = self._fold(opname, operands)
            if folded is not None:
                return folded
        key: Any
        if arity == 1:
            key = type(operands[0])
        elif arity == 2:
            key = (type(operands[0]), type(operands[1]))
        else:
            key = ()
        function = handlers.get(key)
        if function is None:
            function = find_handler(opname, key)
        result: Annotation = function(self, operation, *operands)
        return result

    def bind_constant(self, argument: Any) -> Annotation:
        """The annotation of a `Constant` operand, kept on it."""
        if type(argument) is Variable:
            raise AnnotatorError(f"internal: {argument!r} is used before it is defined")
        annotation = argument.annotation = self.constant(argument.value)
        return annotation

    def _fold(self, opname: str, operands: list[Annotation]) -> Annotation | None:
        fold = OPERATIONS[opname].fold
        if fold is None:
            return None
        values = []
        for operand in operands:
            if type(operand) not in _FOLDABLE:
                return None
            values.append(operand.constant)
        try:
            result = fold(*values)
        except Exception:  # noqa: BLE001 - an operation that fails on these constants fails at run time, as it should
            return None
        if type(result) is int and not -(2**63) <= result < 2**63:
            return None
        if type(result) is str and len(result) > 1000:
            return None
        return self.constant(result)

    # ---- exits

    def _follow_exits(self, state: GraphState, block: Block) -> None:
        switch = block.exitswitch
        exits = block.exits
        if switch is None:
            self.follow(state, exits[0], None)
        elif switch is LAST_EXCEPTION:
            self.follow(state, exits[0], None)
            self._follow_exceptions(state, block, block.operations[-1])
        else:
            self._follow_switch(state, block, switch)

    def _follow_switch(self, state: GraphState, block: Block, switch: Any) -> None:
        annotation = switch.annotation
        if annotation is None:
            annotation = self.bind_constant(switch)
        constant = annotation.constant
        narrowings = annotation.narrowings if type(annotation) is a.Bool else None
        for link in block.exits:
            case = link.exitcase
            if constant is not NO_CONSTANT:
                if case == "default":
                    if any(other.exitcase == constant for other in block.exits if other is not link):
                        continue
                elif case != constant:
                    continue
            known = None
            if narrowings is not None:
                known = narrowings.get(bool(case))
            self.follow(state, link, known)

    def _follow_exceptions(self, state: GraphState, block: Block, operation: Operation) -> None:
        possible = self._possible_exceptions(operation)
        taken = None if possible is None else exits_taken(possible, block.exits[1:])
        for link in block.exits[1:]:
            if taken is not None and link not in taken:
                continue
            case = link.exitcase
            description = self.descriptions.of_class(case)
            if link.last_exc_value is not None:
                link.last_exc_value.annotation = a.Instance(description)
                if isinstance(link.last_exception, Variable):
                    link.last_exception.annotation = a.TypeOf(description, (link.last_exc_value,))
            self.follow(state, link, None)

    def _possible_exceptions(self, operation: Operation) -> tuple[type[BaseException], ...] | None:
        spec = OPERATIONS[operation.opname]
        possible: tuple[type[BaseException], ...] | None = spec.raises
        if possible == (Exception,):
            possible = None
        if operation.args:
            annotation = operation.args[0].annotation
            if annotation is not None:
                known = find_raises(operation.opname, type(annotation)) if CAN_RAISE else None
                if known is not None:
                    possible = known
                if operation.opname == "next" and goes_over_table(annotation):
                    possible = (StopIteration, RuntimeError)  # of a length that changes meanwhile
                if type(annotation) is a.Dict and annotation.definition.root().is_custom:
                    return None
        if possible is not None and spec.allocates:
            possible = (*possible, MemoryError)
        return possible

    def follow(self, state: GraphState, link: Link, narrowings: dict[Any, Annotation] | None) -> None:
        """Flow the arguments of a link into its target, narrowed by what the exit says about them."""
        values: list[Annotation] = []
        renamed = False
        for argument in link.args:
            annotation = argument.annotation
            if annotation is None:
                try:
                    annotation = self.bind_constant(argument)
                except Complaint as complaint:
                    if not isinstance(argument, Variable):
                        complaint.place = place_of_link_constant(state.graph, link, argument)
                    raise
            elif narrowings is not None and argument in narrowings:
                annotation = narrow(annotation, narrowings[argument])
                if annotation is IMPOSSIBLE:
                    return
            kind = type(annotation)
            if (kind is a.Bool and annotation.narrowings is not None) or (kind is a.TypeOf and annotation.variables):
                renamed = True
            values.append(annotation)
        if renamed:
            rename_variables(link, values)
        self.followed.add(link)
        if link.target is state.graph.returnblock and self.block is state.graph.startblock:
            self._note_predicate(state, values[0], link)
        self.merge_into(link.target, values, state, link)

    def _note_predicate(self, state: GraphState, result: Annotation, link: Link) -> None:
        """A function of one block returns the outcome of a test: remember what that tells about the arguments."""
        narrowings = getattr(link.args[0].annotation, "narrowings", None)
        if len(self.block.exits) != 1 or (narrowings is None and not state.predicate):
            return
        predicate: dict[bool, dict[int, Annotation]] = {}
        for outcome, known in (narrowings or {}).items():
            for index, variable in enumerate(self.block.inputargs):
                annotation = known.get(variable)
                if isinstance(annotation, (a.Instance, a.NoneValue)):
                    predicate.setdefault(outcome, {})[index] = annotation
        if not same_predicate(predicate, state.predicate):
            state.predicate = predicate
            self.reflow(state.callers)

    # ---- errors

    def unsupported(self, operation: Operation, operands: Sequence[Annotation]) -> Complaint:
        """The complaint about an operation on values that do not have it."""
        message, suggestion = unsupported_operation(operation, operands)
        return Complaint(message, suggestion)

    def _error_here(
        self, message: str, suggestion: str, notes: list[Any], site: Site | None = None
    ) -> AnnotatorError:
        if site is None:
            site = self.here()
        place = Place.of_site("", site)
        places = [as_place(why, note) for why, note in notes]
        return AnnotatorError(
            message,
            place,
            [note for note in places if (note.filename, note.position) != (place.filename, place.position)],
            call_chain(self, self.states[site.graph]),
            suggestion,
        )

    def _record(self, error: AnnotatorError) -> None:
        """Keep an error; the block stops here, and the rest of the program is analysed for more of them."""
        self.errors.setdefault((self.block, self.operation), error)
        self.stopped[self.block] = self.index
        if len(self.errors) >= self.error_limit:
            self.raise_errors()

    def raise_errors(self) -> None:
        """Raise what was recorded, if anything was."""
        if self.errors:
            first, *others = self.errors.values()
            self.errors = {}
            first.others = others
            raise first

    def _error_outside(self, error: Complaint | JoinError) -> AnnotatorError:
        """An error in what a prebuilt object holds; its place is the operation that the object was reached from."""
        place, chain = None, []
        if self._reached_from is not None:
            state, block, operation = self._reached_from
            place = Place.of_site("", Site(state.graph, block, operation))
            chain = call_chain(self, state)
        if isinstance(error, Complaint):
            notes = [as_place(why, note) for why, note in error.notes]
            return AnnotatorError(error.message, place, notes, chain, error.suggestion)
        message = f"{error.left} and {error.right} do not fit together"
        if error.reason:
            message += f": {error.reason}"
        return AnnotatorError(message, place, [], chain, error.suggestion)

    # ---- helpers of later stages

    def annotate_helper(self, function: Callable[..., Any], arguments: Sequence[Annotation]) -> FunctionGraph:
        """See `AnnotatedProgram.annotate_helper`."""
        description = self.descriptions.of_function(function)
        self.block = None  # type: ignore[assignment]
        self.operation = None
        self.state = None
        known, sites = len(self.graphs), len(self.indirect_sites)
        self._oldest_touched = known
        graph = self.descriptions.helper_graph(description, arguments)
        self.call_graph(graph, arguments)
        self._drain()
        self.raise_errors()
        if self._oldest_touched < known or len(self.indirect_sites) != sites:
            self.run()
            self.finish()
        else:
            self._finish_graphs()
        return graph

    @property
    def is_finished(self) -> bool:
        """Whether the program is typed, and only what later stages add comes now."""
        return self._finished_graphs > 0

    def finish(self) -> None:
        """Remove what was not reached from the graphs that are new since the last time, finish their call rows."""
        self._finish_graphs()
        finish_rows(self)

    def _finish_graphs(self) -> None:
        graphs = self.graphs[self._finished_graphs :]
        self._finished_graphs = len(self.graphs)
        for graph in graphs:
            remove_unreached(self, graph)


_WHERE_CAUGHT = (IndexError, KeyError, ZeroDivisionError, MemoryError)
"""Exceptions of built-in operations that are raised only for a clause that names them or a base up to Exception."""


def exits_taken(possible: tuple[type[BaseException], ...], exits: list[Link]) -> set[Link]:
    """The exception exits that one of the possible exceptions takes. Exits are tried in order."""
    taken = set()
    for exception in possible:
        for link in exits:
            case = link.exitcase
            if case is BaseException and exception in _WHERE_CAUGHT:
                continue
            if issubclass(exception, case):
                taken.add(link)
                break
            if issubclass(case, exception):
                taken.add(link)
    return taken


def assigned_names(graphs: list[FunctionGraph]) -> dict[Any, set[ClassDescription | None]]:
    """The names of all attributes that some operation of the graphs assigns, with the classes of the instances.

    None is for operations that were never reached, and for what is no instance.
    """
    found: dict[Any, set[ClassDescription | None]] = {}
    for graph in graphs:
        for _, operation in graph.iterblockops():
            if operation.opname == "setattr":
                annotation = operation.args[0].annotation
                owner = annotation.class_description if isinstance(annotation, a.Instance) else None
                found.setdefault(getattr(operation.args[1], "value", None), set()).add(owner)
    return found


def same_predicate(left: dict[bool, dict[int, Annotation]], right: dict[bool, dict[int, Annotation]]) -> bool:
    """Whether two summaries of a test say the same."""

    def content(predicate: dict[bool, dict[int, Annotation]]) -> set[Any]:
        return {
            (outcome, index, getattr(annotation, "class_description", None), annotation.can_be_none)
            for outcome, known in predicate.items()
            for index, annotation in known.items()
        }

    return content(left) == content(right)


_FOLDABLE = {a.Integer, a.Bool, a.Float, a.String, a.Char, a.NoneValue, a.Bytes}


def number_blocks(graph: FunctionGraph, order: dict[Block, int]) -> None:
    """Number the blocks of a graph in reverse postorder, without recursion."""
    finished: list[Block] = []
    seen = {graph.startblock}
    stack: list[tuple[Block, int]] = [(graph.startblock, 0)]
    while stack:
        block, index = stack.pop()
        exits = block.exits
        if index < len(exits):
            stack.append((block, index + 1))
            target = exits[index].target
            if target not in seen:
                seen.add(target)
                stack.append((target, 0))
        else:
            finished.append(block)
    for number, block in enumerate(reversed(finished)):
        order[block] = number
    for block in (graph.returnblock, graph.exceptblock):
        if block not in order:
            order[block] = len(order)
