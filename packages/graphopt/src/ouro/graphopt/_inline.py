"""Inlines calls.

Needs the call graph and the effects of the program; keeps graphs closed (values that live across the call are
passed through the copied blocks). `inline_calls` decides by the cost model; `_Inliner` does one call:

* a callee of one block is spliced into the block of the call;
* otherwise the block is split, the callee's blocks are copied, its returns lead to the second half;
* where the call's exceptions are caught, a `raise` of a known class goes straight to its handler, one of an
  unknown class goes through tests of its class, and every operation of the callee that may raise something
  that is caught gets the handlers as exits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from attrs import define
from ouro.flowspace import (
    LAST_EXCEPTION,
    Block,
    Constant,
    FunctionGraph,
    Link,
    Operation,
    Position,
    Variable,
)
from ouro.graphopt._call_graph import CallGraph
from ouro.graphopt.effects import CallEffects
from ouro.lltype import Bool, Signed, Void, container_of
from ouro.rtyper import OPERATIONS, TypedProgram

__all__ = ["InlineLimits", "callee_weight", "has_loop", "inline_calls", "inline_chosen"]

_FREE = frozenset(["same_as", "cast_pointer", "keepalive", "debug_assert", "hint", "likely", "unlikely"])


_JIT_MARKS = (
    "_elidable_",
    "_jit_look_inside_",
    "_jit_loop_invariant_",
    "_jit_unroll_safe_",
    "_jit_not_in_trace_",
    "oopspec",
)


@define(frozen=True)
class InlineLimits:
    """The cost model: weights count operations; a call or an array allocation counts as `call_weight`.

    `for_jit`: a JIT is generated afterwards: markers stay, and so do calls that mean something to it, and those of
    functions with loops.
    `small`: up to this weight a function is inlined everywhere. `single_use`: the same for one that is
    called at one place only. `largest_caller`: a function that has grown beyond it takes in nothing more, but for
    what is not larger than `tiny`, and so hardly more than the call itself.
    """

    small: int = 12
    single_use: int = 60
    largest_caller: int = 3000
    tiny: int = 10
    call_weight: int = 4
    for_jit: bool = False


LOOP_WEIGHT = 1 << 30
"""What a loop costs where a JIT is generated afterwards: the tracer looks into functions without loops."""


def callee_weight(graph: FunctionGraph, limits: InlineLimits) -> int:
    """What a copy of the graph costs."""
    if limits.for_jit and has_loop(graph):
        return LOOP_WEIGHT
    return _size(graph, limits)


def _size(graph: FunctionGraph, limits: InlineLimits) -> int:
    weight = 0
    for block in graph.iterblocks():
        for operation in block.operations:
            if operation.opname in ("direct_call", "indirect_call"):
                weight += limits.call_weight
            elif operation.opname == "malloc_varsize":
                weight += limits.call_weight
            elif operation.opname not in _FREE:
                weight += 1
        if len(block.exits) > 1:
            weight += 1
    return weight


def inline_calls(
    graph: FunctionGraph,
    program: TypedProgram,
    calls: CallGraph,
    effects: CallEffects,
    limits: InlineLimits,
    weights: dict[FunctionGraph, int],
) -> bool:
    """Inline into `graph` what is worth it; whether anything was.

    `weights` caches the weights of finished graphs; callees are finished before their callers.
    """
    inliner = _Inliner(graph, program, effects)
    size = _size(graph, limits)
    changed = False
    pending = list(graph.iterblocks())
    while pending:
        block = pending.pop()
        index = 0
        while index < len(block.operations):
            operation = block.operations[index]
            callee = _known_callee(operation)
            if callee is not None and callee is not graph:
                weight = weights.get(callee)
                if weight is None:
                    weight = weights[callee] = callee_weight(callee, limits)
                if _is_worth_it(graph, callee, weight, size, calls, limits):
                    changed = True
                    size += weight
                    after = inliner.inline(block, index, callee)
                    if after is not None:
                        pending.append(after)
                        break
                    continue
            index += 1
    return changed


class RaisingOperations(Protocol):
    """Who says which operations may raise: `CallEffects`, or what a stage after has found out."""

    def can_raise(self, operation: Operation) -> bool:
        """Whether an operation may raise an exception."""


def inline_chosen(
    graph: FunctionGraph,
    program: TypedProgram,
    effects: RaisingOperations,
    chosen: Callable[[Operation, FunctionGraph], bool],
) -> bool:
    """Inline the calls of known graphs that `chosen` picks, whatever they cost; whether there were any.

    Calls in what is inlined are not looked at.
    """
    inliner = _Inliner(graph, program, effects)
    found = [
        (block, operation, callee) for block, operation in graph.iterblockops()
        if (callee := _known_callee(operation)) is not None and callee is not graph and chosen(operation, callee)
    ]
    moved: dict[Block, Block] = {}
    for block, operation, callee in found:
        while block in moved:
            block = moved[block]
        after = inliner.inline(block, block.operations.index(operation), callee)
        if after is not None:
            moved[block] = after
    return bool(found)


def has_loop(graph: FunctionGraph) -> bool:
    """Does a block of the graph come back to itself?"""
    inside, done = 1, 2
    state: dict[Block, int] = {graph.startblock: inside}
    stack = [(graph.startblock, iter(graph.startblock.exits))]
    while stack:
        block, exits = stack[-1]
        for link in exits:
            known = state.get(link.target)
            if known == inside:
                return True
            if known is None:
                state[link.target] = inside
                stack.append((link.target, iter(link.target.exits)))
                break
        else:
            state[block] = done
            stack.pop()
    return False


def _known_callee(operation: Operation) -> FunctionGraph | None:
    if operation.opname != "direct_call" or not isinstance(operation.args[0], Constant):
        return None
    graph: FunctionGraph | None = getattr(container_of(operation.args[0].value), "graph", None)
    return graph


def _is_worth_it(
    caller: FunctionGraph,
    callee: FunctionGraph,
    weight: int,
    size: int,
    calls: CallGraph,
    limits: InlineLimits,
) -> bool:
    if calls.component.get(callee, -1) == calls.component.get(caller, -2) or callee not in calls.component:
        return False
    func = callee.func
    if callee.tags.get("inline") is False or getattr(func, "_dont_inline_", False):
        return False
    if limits.for_jit and any(hasattr(func, name) for name in _JIT_MARKS):
        return False
    if callee.tags.get("inline") is True or getattr(func, "_always_inline_", False):
        return True
    if size > limits.largest_caller:
        return weight <= limits.tiny
    return weight <= (limits.single_use if calls.callers.get(callee) == 1 else limits.small)


class _Inliner:
    """Inlines into one graph."""

    def __init__(self, caller: FunctionGraph, program: TypedProgram, effects: RaisingOperations) -> None:
        self.caller = caller
        self.program = program
        self.effects = effects
        self._positions: dict[tuple[Position, Operation], Position] = {}

    def inline(self, block: Block, index: int, callee: FunctionGraph) -> Block | None:
        """Inline one call.

        Returns the block with what follows the call, or None if the callee was spliced into `block`, whose
        operations from `index` on are then to be looked at again.
        """
        catches = block.exitswitch is LAST_EXCEPTION and index == len(block.operations) - 1
        start = callee.startblock
        if (
            start.exitswitch is None
            and start.exits[0].target is callee.returnblock
            and not (catches and any(self._handlers_of(op, block.exits[1:]) for op in start.operations))
        ):
            self._splice(block, index, callee, catches)
            return None
        return _Copy(self, block, index, callee, catches).run()

    def position(self, position: Position | None, callee: FunctionGraph, call: Operation) -> Position | None:
        """The position of a copied operation: it names its function and file, and where that was called."""
        if position is None:
            return None
        key = (position, call)
        known = self._positions.get(key)
        if known is None:
            if position.caller is not None or position.function is not None:
                caller = self.position(position.caller, callee, call) if position.caller else call.position
                known = position._replace(caller=caller)
            else:
                known = position._replace(
                    filename=position.filename or callee.filename, function=callee.name, caller=call.position
                )
            self._positions[key] = known
        return known

    def _splice(self, block: Block, index: int, callee: FunctionGraph, catches: bool) -> None:
        call = block.operations[index]
        renamed: dict[Any, Any] = dict(zip(callee.startblock.inputargs, call.args[1:]))
        body = [self.copy(operation, renamed, callee, call) for operation in callee.startblock.operations]
        result = callee.startblock.exits[0].args[0]
        result = renamed.get(result, result)
        if catches:
            block.exitswitch = None
            block.exits = block.exits[:1]
        old = call.result
        rest = block.operations[index + 1 :]
        for operation in rest:
            if old in operation.args:
                operation.args = [result if arg is old else arg for arg in operation.args]
        for link in block.exits:
            if old in link.args:
                link.args = [result if arg is old else arg for arg in link.args]
        if block.exitswitch is old:
            block.exitswitch = result
            if isinstance(result, Constant):
                same = Operation("same_as", [result], Variable("switch", Bool), call.position)
                block.exitswitch = same.result
                rest.append(same)
        block.operations[index:] = body + rest

    def copy(
        self, operation: Operation, renamed: dict[Any, Any], callee: FunctionGraph, call: Operation
    ) -> Operation:
        """A copy of the callee's operation with operands renamed; its result is added to `renamed`."""
        result = renamed[operation.result] = operation.result.copy()
        args = [renamed.get(arg, arg) for arg in operation.args]
        return Operation(operation.opname, args, result, self.position(operation.position, callee, call))

    def _handlers_of(self, operation: Operation, handlers: list[Link]) -> list[Link]:
        """The handlers that may catch what the operation raises."""
        if not self.effects.can_raise(operation):
            return []
        row = OPERATIONS[operation.opname]
        if "*" in row.raises or operation.opname in ("direct_call", "indirect_call"):
            return handlers
        vtables = self.program.exceptions.vtables
        found = []
        for handler in handlers:
            if any(name not in vtables or covers(handler.exitcase, vtables[name]) for name in row.raises):
                found.append(handler)
        return found


def covers(handler: Constant, vtable: Any) -> bool:
    """Whether a handler for one class catches exceptions of another, both vtable pointers."""
    caught = handler.value
    number = vtable.subclass_range_min
    return bool(caught.subclass_range_min <= number < caught.subclass_range_max)


class _Copy:
    """One multi-block inlining."""

    def __init__(
        self, inliner: _Inliner, block: Block, index: int, callee: FunctionGraph, catches: bool
    ) -> None:
        self.inliner = inliner
        self.block = block
        self.callee = callee
        self.call = block.operations[index]
        self.rest = block.operations[index + 1 :]
        self.handlers = block.exits[1:] if catches else []
        del block.operations[index:]
        self.passed = self._values_across()
        self.copies: dict[Block, Block] = {}
        self.environments: dict[Block, dict[Any, Any]] = {}
        self.dispatch: Block | None = None

    def _values_across(self) -> list[Variable]:
        """The variables from before the call that are used after it or by the handlers."""
        used: dict[Any, None] = {}
        defined: set[Any] = {self.call.result}
        for operation in self.rest:
            used.update(dict.fromkeys(operation.args))
            defined.add(operation.result)
        used[self.block.exitswitch] = None
        for link in self.block.exits:
            used.update(dict.fromkeys(link.args))
            defined.add(link.last_exception)
            defined.add(link.last_exc_value)
        return [value for value in used if isinstance(value, Variable) and value not in defined]

    def run(self) -> Block:
        """Do it; returns the block after the call."""
        after = Block([self.call.result, *[variable.copy() for variable in self.passed]], self.block.position)
        self._fill_after(after)
        blocks = [
            block
            for block in self.callee.iterblocks()
            if block is not self.callee.returnblock and block is not self.callee.exceptblock
        ]
        for block in blocks:
            self._open(block)
        for block in blocks:
            self._fill(block, after)
        self.block.exitswitch = None
        self.block.exits = [Link([*self.call.args[1:], *self.passed], self.copies[self.callee.startblock])]
        return after

    def _fill_after(self, after: Block) -> None:
        renamed: dict[Any, Any] = dict(zip(self.passed, after.inputargs[1:]))
        for operation in self.rest:
            operation.args = [renamed.get(arg, arg) for arg in operation.args]
        after.operations = self.rest
        exits = self.block.exits[:1] if self.handlers else self.block.exits
        if not self.handlers:
            after.exitswitch = renamed.get(self.block.exitswitch, self.block.exitswitch)
        after.exits = []
        for link in exits:
            args = [renamed.get(arg, arg) for arg in link.args]
            new = Link(args, link.target, link.exitcase, link.position)
            new.last_exception, new.last_exc_value = link.last_exception, link.last_exc_value
            after.exits.append(new)

    def _open(self, block: Block) -> None:
        environment: dict[Any, Any] = {variable: variable.copy() for variable in block.inputargs}
        environment.update((variable, variable.copy()) for variable in self.passed)
        position = self.inliner.position(block.position, self.callee, self.call)
        copy = Block(list(environment.values()), position)
        self.copies[block] = copy
        self.environments[block] = environment

    def _fill(self, block: Block, after: Block) -> None:
        environment = self.environments[block]
        copy = self.copies[block]
        last = block.operations[-1] if block.exitswitch is LAST_EXCEPTION else None
        for index, operation in enumerate(block.operations):
            copy.operations.append(self.inliner.copy(operation, environment, self.callee, self.call))
            if self.handlers and operation is not last:
                caught = self.inliner._handlers_of(operation, self.handlers)
                if caught:
                    copy, environment = self._split(copy, environment, block, index, caught)
        copy.exitswitch = environment.get(block.exitswitch, block.exitswitch)
        for link in block.exits:
            copy.exits.append(self._copy_link(link, environment, after))
        if last is not None and self.handlers:
            for handler in self.inliner._handlers_of(last, self.handlers):
                if not any(covers(link.exitcase, handler.exitcase.value) for link in block.exits[1:]):
                    copy.exits.append(self._handler_link(handler, environment))

    def _split(
        self, copy: Block, environment: dict[Any, Any], block: Block, index: int, caught: list[Link]
    ) -> tuple[Block, dict[Any, Any]]:
        """End a copied block after an operation that may raise; go on in a new one."""
        needed: dict[Any, None] = dict.fromkeys(self.passed)
        defined: set[Any] = set()
        for operation in block.operations[index + 1 :]:
            needed.update(dict.fromkeys(arg for arg in operation.args if arg not in defined))
            defined.add(operation.result)
        if block.exitswitch not in defined:
            needed[block.exitswitch] = None
        for link in block.exits:
            needed.update(dict.fromkeys(arg for arg in link.args if arg not in defined))
        names = [name for name in needed if name in environment]
        values = [environment[name] for name in names]
        onward: dict[Any, Any] = {}
        inputargs: list[Variable] = []
        passed: list[Any] = []
        for name, value in zip(names, values):
            if isinstance(value, Variable):
                onward[name] = value.copy()
                inputargs.append(onward[name])
                passed.append(value)
            else:
                onward[name] = value
        rest = Block(inputargs, copy.position)
        copy.exitswitch = LAST_EXCEPTION
        copy.exits = [Link(passed, rest)]
        copy.exits.extend(self._handler_link(handler, environment) for handler in caught)
        return rest, onward

    def _copy_link(self, link: Link, environment: dict[Any, Any], after: Block) -> Link:
        if link.last_exception is not None:
            environment = dict(environment)
            for value in (link.last_exception, link.last_exc_value):
                if isinstance(value, Variable):
                    environment[value] = value.copy()
        args = [environment.get(arg, arg) for arg in link.args]
        if link.target is self.callee.returnblock:
            target = after
            args += [environment[variable] for variable in self.passed]
        elif link.target is self.callee.exceptblock:
            target, args = self._raise(args, environment)
        else:
            target = self.copies[link.target]
            args += [environment[variable] for variable in self.passed]
        position = self.inliner.position(link.position, self.callee, self.call)
        new = Link(args, target, link.exitcase, position)
        new.last_exception = environment.get(link.last_exception, link.last_exception)
        new.last_exc_value = environment.get(link.last_exc_value, link.last_exc_value)
        return new

    def _raise(self, pair: list[Any], environment: dict[Any, Any]) -> tuple[Block, list[Any]]:
        """Where an exception of the callee goes, and what is passed there."""
        if not self.handlers:
            return self.inliner.caller.exceptblock, pair
        exception = pair[0]
        if isinstance(exception, Constant):
            for handler in self.handlers:
                if covers(handler.exitcase, exception.value):
                    return handler.target, self._handler_args(handler, environment, pair)
            return self.inliner.caller.exceptblock, pair
        if self.dispatch is None:
            self.dispatch = self._make_dispatch(pair)
        return self.dispatch, pair + [environment[variable] for variable in self.passed]

    def _make_dispatch(self, pair: list[Any]) -> Block:
        """Blocks that find the handler of an exception by tests of its class."""
        first = block = Block([Variable("etype"), Variable("evalue")])
        for handler in [*self.handlers, None]:
            pair_here: list[Any] = block.inputargs[:2]
            for variable, like in zip(pair_here, pair):
                variable.concretetype = like.concretetype
            environment: dict[Any, Any] = {variable: variable.copy() for variable in self.passed}
            block.inputargs = block.inputargs[:2] + list(environment.values())
            if handler is None:
                block.exits = [Link(pair_here, self.inliner.caller.exceptblock, None, self.call.position)]
                break
            onward = Block([Variable("etype"), Variable("evalue")])
            number = Variable("number", Signed)
            test = Variable("caught", Bool)
            caught = handler.exitcase.value
            field = Constant("subclass_range_min", Void)
            low = Constant(caught.subclass_range_min, Signed)
            high = Constant(caught.subclass_range_max, Signed)
            block.operations.append(Operation("getfield", [pair_here[0], field], number))
            block.operations.append(Operation("int_between", [low, number, high], test))
            block.exitswitch = test
            block.exits = [
                Link([*pair_here, *environment.values()], onward, False),
                Link(self._handler_args(handler, environment, pair_here), handler.target, True),
            ]
            block = onward
        return first

    def _handler_args(self, handler: Link, environment: dict[Any, Any], pair: list[Any]) -> list[Any]:
        here = dict(environment)
        here[handler.last_exception] = pair[0]
        here[handler.last_exc_value] = pair[1]
        return [here.get(arg, arg) for arg in handler.args]

    def _handler_link(self, handler: Link, environment: dict[Any, Any]) -> Link:
        """The handler as an exception exit of a copied operation."""
        pair: list[Any] = [
            value.copy() if isinstance(value, Variable) else value
            for value in (handler.last_exception, handler.last_exc_value)
        ]
        args = self._handler_args(handler, environment, pair)
        link = Link(args, handler.target, handler.exitcase, handler.position)
        link.last_exception, link.last_exc_value = pair
        return link
