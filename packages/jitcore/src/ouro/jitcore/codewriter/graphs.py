"""The graphs that the tracer sees: those of the program, with what only holds under the JIT folded in.

`we_are_jitted()` is true in a jitcode and false in the same function of the program, so a graph that asks is copied,
and what never runs under the JIT goes away: a loop there is no loop for the policy. The same copies are where the
arrays of virtualizables are kept from crossing blocks (see `separate_arrays` and `localize_arrays`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ouro import graphopt
from ouro.flowspace import LAST_EXCEPTION, Block, Constant, FunctionGraph, Link, Operation, Variable
from ouro.jitcore.codewriter.effects import EffectAnalysis
from ouro.lltype import Bool, Signed, Void
from ouro.rtyper import TypedProgram


class _Copies:
    """New variables for old ones; what is no variable stays."""

    def __init__(self) -> None:
        self.of: dict[Any, Variable] = {}

    def __call__(self, old: Any) -> Any:
        if not isinstance(old, Variable):
            return old
        new = self.of.get(old)
        if new is None:
            new = self.of[old] = old.copy()
        return new


def _copy_block(block: Block, value: _Copies) -> Block:
    """A copy with new operations and links; these lead where those of the block do."""
    new = Block([value(variable) for variable in block.inputargs], block.position)
    new.operations = [
        Operation(one.opname, [value(argument) for argument in one.args], value(one.result), one.position)
        for one in block.operations
    ]
    new.exitswitch = value(block.exitswitch)
    for link in block.exits:
        copy = Link([value(argument) for argument in link.args], link.target, link.exitcase, link.position)
        copy.last_exception, copy.last_exc_value = value(link.last_exception), value(link.last_exc_value)
        new.exits.append(copy)
    return new


def copy_graph(graph: FunctionGraph) -> FunctionGraph:
    """A copy that shares nothing that passes change: blocks, links, operations and variables are new."""
    value = _Copies()
    blocks: dict[Block, Block] = {}
    for block in [*graph.iterblocks(), graph.returnblock, graph.exceptblock]:
        if block not in blocks:
            blocks[block] = _copy_block(block, value)
    for new in blocks.values():
        for link in new.exits:
            link.target = blocks[link.target]
    result = FunctionGraph(graph.name, blocks[graph.startblock])
    result.returnblock, result.exceptblock = blocks[graph.returnblock], blocks[graph.exceptblock]
    for name in ("func", "signature", "filename", "firstlineno", "module", "source", "tags"):
        setattr(result, name, getattr(graph, name))
    return result


class JitGraphs:
    """For each graph of the program what the tracer sees of it, made when first asked for.

    Args:
        program: the program.
        effects: what its operations do.
        array_fields: (structure type, field name) -> whether that is a field of a virtualizable that holds an array.
    """

    def __init__(
        self, program: TypedProgram, effects: EffectAnalysis, array_fields: Callable[[Any, str], bool]
    ) -> None:
        self.program = program
        self.effects = effects
        self._array_fields = array_fields
        self._made: dict[FunctionGraph, FunctionGraph] = {}
        self._loops: dict[FunctionGraph, bool] = {}

    def of(self, graph: FunctionGraph) -> FunctionGraph:
        """The graph as the tracer sees it; the graph itself where nothing differs."""
        known = self._made.get(graph)
        if known is None:
            known = self._made[graph] = self._make(graph)
        return known

    def has_loop(self, graph: FunctionGraph) -> bool:
        """Has the graph a loop, as the tracer sees it?"""
        known = self._loops.get(graph)
        if known is None:
            known = self._loops[graph] = graphopt.has_loop(self.of(graph))
        return known

    def _make(self, graph: FunctionGraph) -> FunctionGraph:
        asks = arrays = conditional = allocates = False
        for _, operation in graph.iterblockops():
            name = operation.opname
            if name == "we_are_jitted":
                asks = True
            elif name == "getfield" and self._is_array_field(operation):
                arrays = True
            elif name == "jit_conditional_call" and self.effects.can_raise(operation):
                conditional = True
            elif _may_be_large(operation):
                allocates = True
        if not asks and not arrays and not conditional and not allocates:
            return graph
        result = copy_graph(graph)
        if asks:
            for _, operation in result.iterblockops():
                if operation.opname == "we_are_jitted":
                    operation.opname, operation.args = "same_as", [Constant(True, Bool)]
            graphopt.clean_graph(result, self.program)
        if conditional:
            expand_conditional_calls(result, self.effects.can_raise)
        if allocates:
            separate_large_allocations(result)
        if arrays:
            self._inline_uses(result)
            separate_arrays(result, self._is_array_field)
            localize_arrays(result, self._is_array_field)
        return result

    def _inline_uses(self, graph: FunctionGraph) -> None:
        """Inline the functions that are called with the array of a virtualizable: those behind `items[index]`."""

        def takes_one(operation: Operation, callee: FunctionGraph) -> bool:
            return any(argument in arrays for argument in operation.args) and not self.has_loop(callee)

        for _ in range(_DEEPEST_USE):
            arrays = array_variables(graph, self._is_array_field)
            if not graphopt.inline_chosen(graph, self.program, self.effects, takes_one):
                return

    def _is_array_field(self, operation: Operation) -> bool:
        return self._array_fields(operation.args[0].concretetype.TO, operation.args[1].value)


def expand_conditional_calls(graph: FunctionGraph, can_raise: Callable[[Operation], bool]) -> None:
    """Make branches of conditional calls of functions that may raise, in place: traces have no operation for them."""
    pending = list(graph.iterblocks())
    while pending:
        block = pending.pop()
        for index, operation in enumerate(block.operations):
            if operation.opname == "jit_conditional_call" and can_raise(operation):
                pending.append(_expand(block, index))
                break


def _expand(block: Block, index: int) -> Block:
    """Split a block around a conditional call; the block behind it."""
    call = block.operations[index]
    condition, *called = call.args
    calling, behind, passed = _split(block, index, "direct_call", called)
    entered = _close(calling)
    block.exitswitch = condition
    block.exits = [Link(passed, behind, False), Link(entered, calling, True)]
    if isinstance(condition, Constant):
        graphopt.choose_exit(block, condition.value)
    return behind


def _split(block: Block, index: int, opname: str, arguments: list[Any]) -> tuple[Block, Block, list[Any]]:
    """Cut a block at an operation that handlers may be for; it is left without exits.

    Returns:
        a block with another operation in its place, for which the handlers are, not closed; the block behind it; the
        variables that go there, among which may be the result of the operation that was cut out.
    """
    old = block.operations[index]
    behind = Block([], block.position)
    behind.operations = block.operations[index + 1:]
    catches = block.exitswitch is LAST_EXCEPTION and not behind.operations
    behind.exitswitch, behind.exits = block.exitswitch, block.exits
    result = old.result.copy()
    raising = Block([], old.position)
    raising.operations = [Operation(opname, list(arguments), result, old.position)]
    normal = Link([], behind)
    raising.exits = [normal]
    if catches:
        behind.exitswitch, behind.exits = None, block.exits[:1]
        raising.exitswitch, raising.exits = LAST_EXCEPTION, [normal, *block.exits[1:]]
    block.operations = block.operations[:index]
    passed = _close(behind)
    normal.args = [result if value is old.result else value for value in passed]
    return raising, behind, list(passed)


MOST_ITEMS = 1024
"""Compiled code allocates arrays of so many items, and others are left to a call, which may raise MemoryError."""

LARGE = "large"
"""The flag of `malloc_varsize`, in the graphs of the tracer only, where there are more items."""


def _may_be_large(operation: Operation) -> bool:
    if operation.opname != "malloc_varsize":
        return False
    _, flags, length = operation.args
    if flags.value.get("flavor", "gc") != "gc" or LARGE in flags.value:  # type: ignore[union-attr]
        return False
    return not isinstance(length, Constant) or length.value > MOST_ITEMS


def _as_large(allocation: Operation) -> list[Any]:
    TYPE, flags, length = allocation.args
    return [TYPE, Constant({**flags.value, LARGE: True}, Void), length]  # type: ignore[union-attr]


def separate_large_allocations(graph: FunctionGraph) -> None:
    """Make calls of allocations of long arrays and strings, in place, behind a test of the length.

    A small object that there is no memory for finds some in what the collector keeps for that, and the program hears of
    it later. Large ones do not, and what cannot be postponed is raised where handlers see it.
    """
    pending = list(graph.iterblocks())
    while pending:
        block = pending.pop()
        for index, operation in enumerate(block.operations):
            if not _may_be_large(operation):
                continue
            if isinstance(operation.args[2], Constant):
                operation.args = _as_large(operation)
                continue
            pending.append(_separate(block, index))
            break


def _separate(block: Block, index: int) -> Block:
    """Split a block around an allocation; the block behind it."""
    allocation = block.operations[index]
    large, behind, passed = _split(block, index, "malloc_varsize", _as_large(allocation))
    small = Block([], allocation.position)
    result = allocation.result.copy()
    small.operations = [Operation("malloc_varsize", list(allocation.args), result, allocation.position)]
    small.exits = [Link([result if value is allocation.result else value for value in passed], behind)]
    is_small = Variable("is_small", Bool)
    block.operations.append(
        Operation("int_le", [allocation.args[2], Constant(MOST_ITEMS, Signed)], is_small, allocation.position))
    block.exitswitch = is_small
    block.exits = [Link(_close(large), large, False), Link(_close(small), small, True)]
    return behind


def _close(block: Block) -> list[Variable]:
    """Give a block parameters for what it uses and does not make; the variables that they stand for."""
    made: set[Any] = set()
    renamed: dict[Any, Variable] = {}

    def use(value: Any) -> Any:
        if not isinstance(value, Variable) or value in made:
            return value
        if value not in renamed:
            renamed[value] = value.copy()
        return renamed[value]

    for operation in block.operations:
        operation.args = [use(argument) for argument in operation.args]
        made.add(operation.result)
    block.exitswitch = use(block.exitswitch)
    for link in block.exits:
        pair = (link.last_exception, link.last_exc_value)
        link.args = [argument if argument in pair else use(argument) for argument in link.args]
    block.inputargs = list(renamed.values())
    return list(renamed)


_DEEPEST_USE = 8
"""So many functions in each other may pass an array on to where it is used."""


def array_variables(graph: FunctionGraph, is_array: Callable[[Operation], bool]) -> set[Variable]:
    """The variables that are the array of a virtualizable."""
    loads = _array_loads(graph, is_array)
    return {*loads, *_array_parameters(graph, loads)}


def _array_loads(graph: FunctionGraph, is_array: Callable[[Operation], bool]) -> dict[Variable, Operation]:
    return {
        operation.result: operation for _, operation in graph.iterblockops()
        if operation.opname == "getfield" and is_array(operation)
    }


def separate_arrays(graph: FunctionGraph, is_array: Callable[[Operation], bool]) -> None:
    """Give the arrays of virtualizables copies of the blocks that get other arrays too, in place.

    Equal ends of blocks have been shared, also such as index two arrays. A block is copied for each combination of
    arrays that its parameters get, so that `localize_arrays` can say which one it is.
    """
    loads = _array_loads(graph, is_array)
    of_one_field = _array_parameters(graph, loads)
    known: dict[Any, Any] = {
        variable: (load.args[0].concretetype, load.args[1].value) for variable, load in loads.items()
    }
    known.update((parameter, (TYPE, name.value)) for parameter, (TYPE, name) in of_one_field.items())
    fixed = (graph.startblock, graph.returnblock, graph.exceptblock)
    copies: dict[Any, Block] = {}
    pending = list(graph.iterblocks())
    while pending:
        for link in pending.pop().exits:
            target = link.target
            if target in fixed:
                continue
            arrays = tuple(
                known.get(argument) if isinstance(argument, Variable) and parameter not in of_one_field else None
                for argument, parameter in zip(link.args, target.inputargs)
            )
            if not any(arrays):
                continue
            copy = copies.get((target, arrays))
            if copy is None:
                value = _Copies()
                copy = copies[target, arrays] = _copy_block(target, value)
                known.update((new, known[old]) for old, new in value.of.items() if old in known)
                known.update((new, array) for new, array in zip(copy.inputargs, arrays) if array is not None)
                pending.append(copy)
            link.target = copy


def localize_arrays(graph: FunctionGraph, is_array: Callable[[Operation], bool]) -> None:
    """Read the arrays of virtualizables in each block that uses them, in place.

    Under the JIT the items of such an array are not in the array, so its address must not be passed around: each use is
    to be seen together with the object that it is from. Optimising the graph has shared the loads across blocks; here a
    block parameter that always gets the array of one field becomes a parameter for the object, and the field is read
    again.
    """
    loads = _array_loads(graph, is_array)
    fields = _array_parameters(graph, loads)
    objects: dict[Variable, Variable] = {}
    for variable, (TYPE, _) in fields.items():
        objects[variable] = Variable("owner", TYPE)
    for link in list(graph.iterlinks()):
        target = link.target
        for index, parameter in enumerate(target.inputargs):
            known = fields.get(parameter)
            if known is None:
                continue
            argument: Any = link.args[index]
            link.args[index] = loads[argument].args[0] if argument in loads else objects[argument]
    for block in graph.iterblocks():
        reads = []
        for index, parameter in enumerate(block.inputargs):
            if parameter in fields:
                _, name = fields[parameter]
                block.inputargs[index] = objects[parameter]
                reads.append(Operation("getfield", [objects[parameter], name], parameter, block.position))
        block.operations[:0] = reads


_MANY: Any = None
"""What a block parameter gets that is not always the array of one field."""


def _array_parameters(
    graph: FunctionGraph, loads: dict[Variable, Operation]
) -> dict[Variable, tuple[Any, Constant]]:
    """The block parameters that always get the array of one field: optimistically, so that loops count."""
    parameters = {variable for block in graph.iterblocks() for variable in block.inputargs}
    fixed = (graph.startblock, graph.returnblock, graph.exceptblock)
    found: dict[Variable, Any] = {variable: _MANY for block in fixed for variable in block.inputargs}
    links = [link for link in graph.iterlinks() if link.target not in fixed]
    changed = True
    while changed:
        changed = False
        for link in links:
            for argument, parameter in zip(link.args, link.target.inputargs):
                if argument in parameters and argument not in found:
                    continue
                new = found.get(argument, _MANY) if isinstance(argument, Variable) else _MANY
                if argument in loads:
                    new = loads[argument].args[0].concretetype, loads[argument].args[1]
                old = found.get(parameter, new)
                if old is not _MANY and (new is _MANY or new[0] != old[0] or new[1].value != old[1].value):
                    new = _MANY
                elif old is _MANY:
                    new = _MANY
                else:
                    new = old
                if parameter not in found or found[parameter] is not new:
                    found[parameter] = new
                    changed = True
    return {parameter: known for parameter, known in found.items() if known is not _MANY}


_SAME_OBJECT = frozenset(["cast_pointer", "cast_opaque_ptr", "same_as", "hint"])


def always_from(graph: FunctionGraph, is_source: Callable[[Operation], bool]) -> set[Variable]:
    """The variables that are the result of some operation that is a source, whichever way the run took."""
    made: set[Variable] = set()
    other: set[Variable] = set(graph.startblock.inputargs)
    followers: dict[Variable, list[Variable]] = {}
    for block in graph.iterblocks():
        for operation in block.operations:
            result = operation.result
            if is_source(operation):
                made.add(result)
            elif operation.opname in _SAME_OBJECT and isinstance(operation.args[0], Variable):
                followers.setdefault(operation.args[0], []).append(result)
            else:
                other.add(result)
        for link in block.exits:
            other.update(v for v in (link.last_exception, link.last_exc_value) if isinstance(v, Variable))
            for argument, parameter in zip(link.args, link.target.inputargs):
                if isinstance(argument, Variable):
                    followers.setdefault(argument, []).append(parameter)
                else:
                    other.add(parameter)
    if not made:
        return made
    reached = _reached(made, followers)
    return reached - _reached(other, followers)


def _reached(start: set[Variable], followers: dict[Variable, list[Variable]]) -> set[Variable]:
    reached = set(start)
    pending = list(start)
    while pending:
        for variable in followers.get(pending.pop(), ()):
            if variable not in reached:
                reached.add(variable)
                pending.append(variable)
    return reached
