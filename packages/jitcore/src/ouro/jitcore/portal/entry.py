"""Puts the way into the JIT into the graphs: behind the codewriter, which needs them without.

    start(greens, reds):  if not gate.open: goto first
                          if at_function_start(hash of greens): push all; switch enter(driver)
                              not entered: goto first
                              continue: goto first, with the greens and reds of the outcome
                              finished: return the result
                              raised: leave with the exception
                          goto first
    first(greens, reds):  what the portal began with; it comes to the merge point
    at a loop header:     if not gate.open: goto the way to the merge point
                          goto a copy of that way, to the question
    the question:         if at_loop_header(hash of greens): as above; not entered: goto rest
                          goto rest
    rest(all alive):      what stood behind the merge point; its loops come to the merge point again

Compiled code, and the blackhole interpreter behind it, come back as values and not as exceptions: whatever handlers
stand around the loop, none of them sees the JIT. `can_enter_jit` and `loop_header` are the loop headers. Those that
stand in another function than the merge point, or far from it, set a flag in a static structure, the gate of the
driver, that the merge point looks at, and the question is asked if it is set:

    at a loop header:     gate.loop_header_seen = gate.open
    at the merge point:   if not gate.loop_header_seen: goto rest
                          gate.loop_header_seen = 0, and the question

A look at every merge point would be a fifth of what a small interpreter costs, and hashing and counting where the JIT
is off a quarter of a tight loop: hence the copies, and the gate. The graphs may have been optimised since the portals
were split: more than the greens and the reds may be alive at the merge point, which `first` computes.
"""

from __future__ import annotations

from typing import Any, Callable

from attrs import define
from ouro.flowspace import Block, Constant, Link, Operation, Variable
from ouro.jitcore.descriptors.from_types import kind_of_type
from ouro.jitcore.portal.split import Portal, PortalError, copy_blocks, markers, split_block
from ouro.jitcore.tracer import (
    CONTINUE,
    FINISHED_FLOAT,
    FINISHED_INT,
    FINISHED_NONE,
    FINISHED_REFERENCE,
    NOT_ENTERED,
    RAISED,
    hash_start,
)
from ouro.jitcore.tracer.warm_state import GATE, WarmState
from ouro.lltype import (
    GCREF,
    Address,
    Bool,
    Float,
    FuncType,
    Ptr,
    Signed,
    SingleFloat,
    Void,
    malloc,
    resolve,
)
from ouro.rtyper import OBJECT_POINTER, VTABLE_POINTER, TypedProgram

_FINISHED = {"i": FINISHED_INT, "r": FINISHED_REFERENCE, "f": FINISHED_FLOAT, "n": FINISHED_NONE}
_WORDS = {"i": "int", "r": "reference", "f": "float"}
_CANONICAL = {"i": Signed, "r": GCREF, "f": Float}

#: The type of each function that the graphs call: the run-time functions of `entry_points` and `tracer.greens`.
ENTRY_FUNCTIONS: dict[str, FuncType] = {
    "hash_int": FuncType([Signed, Signed], Signed),
    "hash_reference": FuncType([Signed, GCREF], Signed),
    "hash_float": FuncType([Signed, Float], Signed),
    "at_loop_header": FuncType([Signed, Signed], Bool),
    "at_function_start": FuncType([Signed, Signed], Bool),
    "push_int": FuncType([Signed], Void),
    "push_reference": FuncType([GCREF], Void),
    "push_float": FuncType([Float], Void),
    "enter": FuncType([Signed], Signed),
    "trace_next": FuncType([Signed], Void),
    "next_int": FuncType([Signed], Signed),
    "next_reference": FuncType([Signed], GCREF),
    "next_float": FuncType([Signed], Float),
    "result_int": FuncType([], Signed),
    "result_reference": FuncType([], GCREF),
    "result_float": FuncType([], Float),
}


@define(eq=False)
class EntryLinks:
    """How the graphs reach the run-time parts.

    Attributes:
        function: the function pointer, as a constant, for a name of `ENTRY_FUNCTIONS`.
        word_of, pointer_of: None where a raw pointer is the machine word that it looks like; on the host the function
            pointer that makes a word of a raw pointer of some type, and back.
    """

    function: Callable[[str], Constant]
    word_of: Callable[[Ptr], Constant] | None = None
    pointer_of: Callable[[Ptr], Constant] | None = None


def make_gates(warm_states: list[WarmState]) -> list[Any]:
    """The `GATE` of each driver, which its `WarmState` opens and closes."""
    for state in warm_states:
        state.gate = malloc(GATE, flavor="raw", immortal=True, zero=True)
        state.parameters_changed()
    return [state.gate for state in warm_states]


def install_entries(program: TypedProgram, portals: list[Portal], links: EntryLinks, gates: list[Any]) -> None:
    """Replace the markers of all drivers by what they do; `gates` are theirs, by number."""
    headers = {"can_enter_jit": [], "loop_header": []}
    for graph in program.graphs:
        for kind, found in headers.items():
            found.extend(markers(graph, kind))
    requests = [found for graph in program.graphs for found in markers(graph, "trace_next_iteration")]
    for portal in portals:
        own = [
            (block, marker) for found in headers.values() for block, marker in found
            if marker.args[1].value is portal.driver
        ]
        gate = gates[portal.index]
        installer = _Installer(portal, links, gate)
        for block, marker in requests:
            if marker.args[1].value is portal.driver:
                installer.request_trace(block, marker)
        ways = _ways(portal, own)
        if ways is None:
            for block, marker in own:
                _announce(block, marker, gate)
        installer.install(ways)


#: So many blocks between loop headers and the merge point are copied at most.
_MOST_COPIED = 24


def _ways(portal: Portal, own: list[tuple[Block, Operation]]) -> list[tuple[Block, Operation]] | None:
    """The loop headers of a portal, if from all of them the ways to the merge point are short and in its graph."""
    graph = portal.graph
    blocks = set(graph.iterblocks())
    ((merge_block, _),) = markers(graph, "jit_merge_point")
    headers = [block for block, _ in own]
    if not blocks.issuperset(headers) or merge_block in headers or len(set(headers)) < len(headers):
        return None
    count = 0
    for header in headers:
        seen = {merge_block, graph.returnblock, graph.exceptblock}
        waiting = [link.target for link in header.exits]
        while waiting:
            block = waiting.pop()
            if block in headers:
                return None
            if block not in seen:
                seen.add(block)
                waiting += [link.target for link in block.exits]
                count += 1
                if count > _MOST_COPIED:
                    return None
    return own


def _announce(block: Block, marker: Operation, gate: Any) -> None:
    """A marker of a loop header sets the flag, if the gate is open."""
    pointer = Constant(gate, Ptr(GATE))
    is_open = Variable("open", Signed)
    load = Operation("getfield", [pointer, Constant("open", Void)], is_open, marker.position)
    arguments = [pointer, Constant("loop_header_seen", Void), is_open]
    store = Operation("setfield", arguments, Variable("nothing", Void), marker.position)
    position = block.operations.index(marker)
    block.operations[position : position + 1] = [load, store]


class _Builder:
    """Appends operations to a block."""

    def __init__(self, block: Block, position: Any) -> None:
        self.block = block
        self.position = position

    def emit(self, name: str, arguments: list[Any], TYPE: Any) -> Variable:
        result = Variable(name, TYPE)
        self.block.operations.append(Operation(name, arguments, result, self.position))
        return result

    def branch(self, condition: Variable, no: Link, yes: Link) -> None:
        no.exitcase, yes.exitcase = False, True
        self.block.exitswitch = condition
        self.block.exits = [no, yes]


class _Installer:
    """The blocks of one portal."""

    def __init__(self, portal: Portal, links: EntryLinks, gate: Any) -> None:
        self.portal = portal
        self.links = links
        self.gate = gate
        self.position = portal.merge_block.position
        self.kinds = portal.green_kinds + portal.red_kinds
        self.TYPES = [resolve(variable.concretetype) for variable in portal.graph.getargs()]
        for TYPE in self.TYPES:
            if TYPE is SingleFloat:
                raise PortalError(f"{portal.driver.name}: a single-precision float cannot be green or red")

    def install(self, ways: list[tuple[Block, Operation]] | None) -> None:
        """Replace the markers.

        Args:
            ways: the loop headers, if they lead to the question by ways of their own; None where the flag says so.
        """
        graph = self.portal.graph
        first = graph.startblock
        ((block, marker),) = markers(graph, "jit_merge_point")
        rest, alive = split_block(block, block.operations.index(marker) + 1)
        block.operations.pop()
        if ways is None:
            self._look(block, marker.args[2:], alive, rest, first)
        else:
            self._lead(ways, block, marker.args[2:], alive, rest, first)
        start = Block([variable.copy() for variable in first.inputargs], self.position)
        builder = _Builder(start, self.position)
        is_open = builder.emit("getfield", [Constant(self.gate, Ptr(GATE)), Constant("open", Void)], Signed)
        condition = builder.emit("int_is_true", [is_open], Bool)
        ask = Block([variable.copy() for variable in first.inputargs], self.position)
        builder.branch(condition, Link(list(start.inputargs), first), Link(list(start.inputargs), ask))
        self._ask(ask, list(ask.inputargs), list(ask.inputargs), "at_function_start", first, first)
        graph.startblock = start

    def _lead(
        self, ways: list[tuple[Block, Operation]], merge_block: Block, values: list[Any], alive: list[Any],
        rest: Block, first: Block,
    ) -> None:
        """Give each loop header a way of its own from there to the question of the tracer."""
        arguments = [Variable("value", value.concretetype) for value in values]
        passed = [variable.copy() for variable in alive]
        ask = Block([*arguments, *passed], self.position)
        self._ask(ask, arguments, passed, "at_loop_header", rest, first)
        (link,) = merge_block.exits
        graph = self.portal.graph
        copies = {graph.returnblock: graph.returnblock, graph.exceptblock: graph.exceptblock, ask: ask}
        merge_block.exits = [Link([*values, *alive], ask)]
        asking = copy_blocks(merge_block, copies)
        merge_block.exits = [link]
        for header, marker in ways:
            following, needed = split_block(header, header.operations.index(marker) + 1)
            header.operations.pop()
            builder = _Builder(header, marker.position)
            is_open = builder.emit("getfield", [Constant(self.gate, Ptr(GATE)), Constant("open", Void)], Signed)
            condition = builder.emit("int_is_true", [is_open], Bool)
            known = {
                graph.returnblock: graph.returnblock, graph.exceptblock: graph.exceptblock, merge_block: asking
            }
            following_copy = copy_blocks(following, known)
            builder.branch(condition, Link(list(needed), following), Link(list(needed), following_copy))

    def _look(self, block: Block, values: list[Any], alive: list[Any], rest: Block, first: Block) -> None:
        """End a block in the question whether a loop header was seen, and if so in the question of the tracer."""
        builder = _Builder(block, self.position)
        flag = [Constant(self.gate, Ptr(GATE)), Constant("loop_header_seen", Void)]
        value = builder.emit("getfield", list(flag), Signed)
        # said to be rare, so that the interpreter's loop stays in one piece
        condition = builder.emit("unlikely", [builder.emit("int_is_true", [value], Bool)], Bool)
        arguments = [Variable("value", value.concretetype) for value in values]
        passed = [variable.copy() for variable in alive]
        ask = Block([*arguments, *passed], self.position)
        builder.branch(condition, Link(list(alive), rest), Link([*values, *alive], ask))
        _Builder(ask, self.position).emit("setfield", [*flag, Constant(0, Signed)], Void)
        self._ask(ask, arguments, passed, "at_loop_header", rest, first)

    def _ask(
        self, block: Block, values: list[Any], alive: list[Any], question: str, rest: Block, first: Block
    ) -> None:
        """End a block in a question to the tracer about greens and reds; where there is nothing to do, go on at `rest`
        with what is alive.
        """
        builder = _Builder(block, self.position)
        hash_value: Any = Constant(hash_start(self.portal.index), Signed)
        for kind, value in zip(self.portal.green_kinds, values):
            canonical = self._to_canonical(builder, kind, value)
            hash_value = self._call(builder, "hash_" + _WORDS[kind], [hash_value, canonical])
        answer = self._call(builder, question, [Constant(self.portal.index, Signed), hash_value])
        enter_values = [Variable("value", value.concretetype) for value in values]
        enter_alive = [variable.copy() for variable in alive]
        enter = Block([*enter_values, *enter_alive], self.position)
        builder.branch(answer, Link(list(alive), rest), Link([*values, *alive], enter))
        self._enter(enter, enter_values, enter_alive, rest, first)

    def _enter(self, block: Block, values: list[Any], alive: list[Any], rest: Block, first: Block) -> None:
        builder = _Builder(block, self.position)
        for kind, value in zip(self.kinds, values):
            self._call(builder, "push_" + _WORDS[kind], [self._to_canonical(builder, kind, value)])
        what = self._call(builder, "enter", [Constant(self.portal.index, Signed)])
        exits = [
            (NOT_ENTERED, Link(list(alive), rest)),
            (CONTINUE, Link([], self._continue_block(first))),
            (_FINISHED[self.portal.result_kind], Link([], self._finished_block())),
        ]
        for number, link in exits:
            link.exitcase = number
        block.exitswitch = what
        block.exits = [link for _, link in exits] + [Link([], self._raised_block(), "default")]
        assert RAISED not in [number for number, _ in exits]

    def request_trace(self, block: Block, marker: Operation) -> None:
        """`trace_next_iteration`: pass the greens, and have the next run at that position traced."""
        position = block.operations.index(marker)
        greens = [value for value in marker.args[2:] if value.concretetype is not Void]
        if sorted(kind_of_type(value.concretetype) for value in greens) != sorted(self.portal.green_kinds):
            name = self.portal.driver.name
            raise PortalError(
                f"{name}.trace_next_iteration needs the greens of the merge point, in their order",
                self.portal.graph, marker.position)
        builder = _Builder(Block([], marker.position), marker.position)
        for value in greens:
            kind = kind_of_type(value.concretetype)
            self._call(builder, "push_" + _WORDS[kind], [self._to_canonical(builder, kind, value)])
        self._call(builder, "trace_next", [Constant(self.portal.index, Signed)])
        block.operations[position : position + 1] = builder.block.operations

    def _continue_block(self, first: Block) -> Block:
        block = Block([], self.position)
        builder = _Builder(block, self.position)
        arguments = []
        counts = {"i": 0, "r": 0, "f": 0}
        for kind, TYPE in zip(self.kinds, self.TYPES):
            value = self._call(builder, "next_" + _WORDS[kind], [Constant(counts[kind], Signed)])
            counts[kind] += 1
            arguments.append(self._from_canonical(builder, kind, value, TYPE))
        block.exits = [Link(arguments, first)]
        return block

    def _finished_block(self) -> Block:
        block = Block([], self.position)
        builder = _Builder(block, self.position)
        returnblock = self.portal.graph.returnblock
        TYPE = resolve(returnblock.inputargs[0].concretetype)
        kind = kind_of_type(TYPE)
        if kind == "n":
            result: Any = Constant(None, Void)
        else:
            value = self._call(builder, "result_" + _WORDS[kind], [])
            result = self._from_canonical(builder, kind, value, TYPE)
        block.exits = [Link([result], returnblock)]
        return block

    def _raised_block(self) -> Block:
        block = Block([], self.position)
        builder = _Builder(block, self.position)
        reference = self._call(builder, "result_reference", [])
        value = builder.emit("cast_opaque_ptr", [reference], OBJECT_POINTER)
        vtable = builder.emit("get_object_type", [value], VTABLE_POINTER)
        block.exits = [Link([vtable, value], self.portal.graph.exceptblock)]
        return block

    def _call(self, builder: _Builder, name: str, arguments: list[Any]) -> Variable:
        return builder.emit("direct_call", [self.links.function(name), *arguments], ENTRY_FUNCTIONS[name].RESULT)

    def _to_canonical(self, builder: _Builder, kind: str, value: Variable) -> Variable:
        """A word, a GCREF or a double with the value."""
        TYPE = resolve(value.concretetype)
        if TYPE is _CANONICAL[kind]:
            return value
        if kind == "r":
            return builder.emit("cast_opaque_ptr", [value], GCREF)
        if isinstance(TYPE, Ptr):
            if self.links.word_of is not None:
                return builder.emit("direct_call", [self.links.word_of(TYPE), value], Signed)
            return builder.emit("cast_ptr_to_int", [value], Signed)
        if TYPE is Address:
            return builder.emit("cast_adr_to_int", [value], Signed)
        return builder.emit("cast_primitive", [value], Signed)

    def _from_canonical(self, builder: _Builder, kind: str, value: Variable, TYPE: Any) -> Variable:
        """The value of some type of which `value` is the canonical form."""
        if TYPE is _CANONICAL[kind]:
            return value
        if kind == "r":
            return builder.emit("cast_opaque_ptr", [value], TYPE)
        if isinstance(TYPE, Ptr):
            if self.links.pointer_of is not None:
                return builder.emit("direct_call", [self.links.pointer_of(TYPE), value], TYPE)
            return builder.emit("cast_int_to_ptr", [value], TYPE)
        if TYPE is Address:
            return builder.emit("cast_int_to_adr", [value], TYPE)
        return builder.emit("cast_primitive", [value], TYPE)
