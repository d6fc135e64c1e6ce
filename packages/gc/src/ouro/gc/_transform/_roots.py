"""Saves pointers on the shadow stack around what may collect.

A pointer that is used behind an operation that may run the collector has a slot in the function's frame of the
shadow stack. It is saved in front of the operation and read back behind it, where it may have changed.

Graphs are closed (every value enters a block as an argument), so liveness is a matter of single blocks; what
goes across blocks is the assignment of slots and the knowledge of what slots hold:

* values that are passed for each other belong to one web, and the members of a web want the same slot, so that a
  value keeps one slot on its way through the function;
* a forward data-flow analysis finds what each slot holds on entry of a block: a certain argument of it, null,
  or something unknown. A pointer that its slot already holds is not saved again; a slot whose content is not
  wanted any more is cleared in front of the next operation that may collect, so that it keeps nothing alive.

Two rules keep that work off the hot paths of loops (a dispatch loop is the case they are made for): what a loop
carries along unchanged is saved where the loop is entered, and where paths meet, those that leave something behind in
a slot that is to be null clear it, instead of all paths that follow. Both are stores on links, made wherever what a
link delivers differs from what its target was found to expect.

A block that ends in a call whose exceptions are caught reads its pointers back on each of its exits.

Source: the idea of colouring the frame's slots is that of register allocation (Chaitin 1982).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any, Callable

from attrs import define, field
from ouro.flowspace import Block, Constant, FunctionGraph, Link, Operation, Variable
from ouro.gc._transform._operations import is_gc_pointer
from ouro.lltype import GCREF, Void

__all__ = ["insert_roots"]

_NULL = "null"
_UNKNOWN = None
Content = Any
"""What a slot holds: a variable, `_NULL` or `_UNKNOWN`."""


@define(eq=False)
class _BlockPlan:
    """What is known of a block.

    `points` maps the index of an operation that may collect to the pointers that are live across it.
    """

    block: Block
    points: dict[int, list[Variable]]
    entry: list[Content] | None = None
    queued: bool = False
    entrances: int = 0
    wants_null: int = 0  # bit mask: slots that the next point may need to be null
    homes: dict[int, Variable] = field(factory=dict)  # of a loop's first block: what each slot shall hold


@define(eq=False)
class _RootInserter:
    graph: FunctionGraph
    can_collect: Callable[[Operation], bool]
    plans: dict[Block, _BlockPlan] = field(factory=dict)
    slots: dict[Variable, int] = field(factory=dict)
    webs: dict[Variable, Variable] = field(factory=dict)
    web_slots: dict[Variable, int] = field(factory=dict)
    backward: set[Link] = field(factory=set)
    frame_size: int = 0

    def run(self) -> int:
        """Insert the operations; the result is the size of the frame."""
        needed = False
        for block in self.graph.iterblocks():
            points = self._collecting_points(block)
            self.plans[block] = _BlockPlan(block, points)
            needed = needed or any(points.values())
        if not needed:
            return 0
        self._make_webs()
        for plan in self.plans.values():
            self._assign_slots(plan)
        self._find_loops()
        self._find_wanted_nulls()
        self._find_contents()
        fixes = list(self._differences())
        returning = [self.graph.returnblock, self.graph.exceptblock]
        for plan in list(self.plans.values()):
            if plan.entry is not None and plan.block not in returning:
                self._rewrite(plan)
        for block, link, target, slots in fixes:
            _fix_link(block, link, target, slots)
        self._enter_and_leave(returning)
        return self.frame_size

    # -- liveness

    def _collecting_points(self, block: Block) -> dict[int, list[Variable]]:
        collecting = [
            index for index, operation in enumerate(block.operations) if self.can_collect(operation)
        ]
        if not collecting:
            return {}
        live: dict[Variable, None] = {}
        for link in block.exits:
            own = (link.last_exception, link.last_exc_value)
            for arg in link.args:
                if isinstance(arg, Variable) and arg not in own and is_gc_pointer(arg.concretetype):
                    live[arg] = None
        if isinstance(block.exitswitch, Variable) and is_gc_pointer(block.exitswitch.concretetype):
            live[block.exitswitch] = None
        points = {}
        wanted = set(collecting)
        first = collecting[0]
        for index in range(len(block.operations) - 1, first - 1, -1):
            operation = block.operations[index]
            live.pop(operation.result, None)
            if index in wanted:
                points[index] = list(live)
            for arg in operation.args:
                if isinstance(arg, Variable) and is_gc_pointer(arg.concretetype):
                    live[arg] = None
        return points

    # -- slots

    def _web(self, variable: Variable) -> Variable:
        """The representative of a variable's web."""
        webs = self.webs
        root = variable
        while (above := webs.get(root)) is not None:
            root = above
        while variable is not root:
            webs[variable], variable = root, webs[variable]
        return root

    def _make_webs(self) -> None:
        for plan in self.plans.values():
            for link in plan.block.exits:
                target = self.plans[link.target]
                target.entrances += 1
                for arg, parameter in zip(link.args, link.target.inputargs):
                    if isinstance(arg, Variable) and is_gc_pointer(arg.concretetype):
                        one, other = self._web(arg), self._web(parameter)
                        if one is not other:
                            self.webs[one] = other

    def _assign_slots(self, plan: _BlockPlan) -> None:
        slots, web_slots = self.slots, self.web_slots
        for index in sorted(plan.points):
            crossing = plan.points[index]
            taken = {slots[variable] for variable in crossing if variable in slots}
            waiting = [variable for variable in crossing if variable not in slots]
            for variable in waiting:
                wish = web_slots.get(self._web(variable))
                if wish is not None and wish not in taken:
                    slots[variable] = wish
                    taken.add(wish)
            lowest = 0
            for variable in waiting:
                if variable not in slots:
                    while lowest in taken:
                        lowest += 1
                    slots[variable] = lowest
                    taken.add(lowest)
                    web_slots.setdefault(self._web(variable), lowest)
            if taken:
                self.frame_size = max(self.frame_size, max(taken) + 1)

    def _home(self, parameter: Variable) -> int | None:
        """The slot that an argument of a block has or would have."""
        slot = self.slots.get(parameter)
        return slot if slot is not None else self.web_slots.get(self._web(parameter))

    # -- what slots hold

    def _find_loops(self) -> None:
        """Links that go back to a block from which they were reached; what their targets keep in slots."""
        start = self.graph.startblock
        active = {start}
        seen = {start}
        path = [(start, iter(start.exits))]
        while path:
            block, links = path[-1]
            for link in links:
                target = link.target
                if target in active:
                    self.backward.add(link)
                elif target not in seen:
                    seen.add(target)
                    active.add(target)
                    path.append((target, iter(target.exits)))
                    break
            else:
                active.discard(block)
                path.pop()
        for target in {link.target for link in self.backward}:
            homes = self.plans[target].homes
            for parameter in target.inputargs:
                if is_gc_pointer(parameter.concretetype):
                    slot = self._home(parameter)
                    if slot is not None:
                        homes.setdefault(slot, parameter)

    def _find_wanted_nulls(self) -> None:
        """Which slots the first point on some path from a block needs to be null."""
        every = (1 << self.frame_size) - 1
        sources: dict[_BlockPlan, list[_BlockPlan]] = {}
        pending = []
        for plan in self.plans.values():
            if plan.points:
                held = 0
                for variable in plan.points[min(plan.points)]:
                    held |= 1 << self.slots[variable]
                plan.wants_null = every & ~held
                if plan.wants_null:
                    pending.append(plan)
            for link in plan.block.exits:
                sources.setdefault(self.plans[link.target], []).append(plan)
        while pending:
            plan = pending.pop()
            for source in sources.get(plan, ()):
                if not source.points and plan.wants_null & ~source.wants_null:
                    source.wants_null |= plan.wants_null
                    pending.append(source)

    def _find_contents(self) -> None:
        start = self.plans[self.graph.startblock]
        start.entry = [_UNKNOWN] * self.frame_size
        pending = deque([start])
        while pending:
            plan = pending.popleft()
            plan.queued = False
            contents = self._contents_at_exit(plan)
            for link in plan.block.exits:
                target = self.plans[link.target]
                arriving = self._arriving(target, link, self._passed(contents, link))
                if self._meet(target, arriving) and not target.queued:
                    target.queued = True
                    pending.append(target)

    def _arriving(self, target: _BlockPlan, link: Link, contents: list[Content]) -> list[Content]:
        """What the slots hold when stores on the link have done what the target is worth."""
        if target.entrances < 2:
            return contents
        homes = {} if link in self.backward else target.homes
        for slot, content in enumerate(contents):
            if slot in homes:
                contents[slot] = homes[slot]
            elif content is _UNKNOWN and target.wants_null >> slot & 1:
                contents[slot] = _NULL
        return contents

    def _differences(self) -> Iterator[tuple[Block, Link, Block, dict[int, Variable | None]]]:
        """Links that do not deliver what their targets expect: slots to clear (None) or to fill with an
        argument of the target.
        """
        for plan in self.plans.values():
            if plan.entry is None:
                continue
            contents = self._contents_at_exit(plan)
            for link in plan.block.exits:
                expected = self.plans[link.target].entry
                assert expected is not None
                slots: dict[int, Variable | None] = {}
                for slot, content in enumerate(self._passed(contents, link)):
                    if expected[slot] is not _UNKNOWN and expected[slot] is not content:
                        slots[slot] = None if expected[slot] is _NULL else expected[slot]
                if slots:
                    yield plan.block, link, link.target, slots

    def _contents_at_exit(self, plan: _BlockPlan) -> list[Content]:
        assert plan.entry is not None
        contents = list(plan.entry)
        if plan.points:
            self._after_point(contents, plan.points[max(plan.points)])
        return contents

    def _after_point(self, contents: list[Content], crossing: list[Variable]) -> None:
        """At an operation that may collect every slot holds a live pointer or null."""
        contents[:] = [_NULL] * self.frame_size
        for variable in crossing:
            contents[self.slots[variable]] = variable

    def _passed(self, contents: list[Content], link: Link) -> list[Content]:
        """The contents in terms of the target's arguments."""
        names: dict[Variable, list[Variable]] = {}
        for arg, parameter in zip(link.args, link.target.inputargs):
            if isinstance(arg, Variable):
                names.setdefault(arg, []).append(parameter)
        result: list[Content] = []
        for slot, content in enumerate(contents):
            if isinstance(content, Variable):
                parameters = names.get(content)
                if parameters is None:
                    content = _UNKNOWN
                else:
                    content = next(
                        (parameter for parameter in parameters if self._home(parameter) == slot), parameters[0]
                    )
            result.append(content)
        return result

    @staticmethod
    def _meet(target: _BlockPlan, contents: list[Content]) -> bool:
        """Join what another entrance knows; whether that changed the target's entry."""
        if target.entry is None:
            target.entry = contents
            return True
        changed = False
        for slot, content in enumerate(contents):
            if target.entry[slot] is not content and target.entry[slot] is not _UNKNOWN:
                target.entry[slot] = _UNKNOWN
                changed = True
        return changed

    # -- rewriting

    def _rewrite(self, plan: _BlockPlan) -> None:
        if not plan.points:
            return
        block = plan.block
        assert plan.entry is not None
        contents = plan.entry
        current: dict[Any, Any] = {}  # the original variable -> where its pointer is now
        operations: list[Operation] = []
        last = len(block.operations) - 1
        for index, operation in enumerate(block.operations):
            if current:
                operation.args = [current.get(arg, arg) for arg in operation.args]
            crossing = plan.points.get(index)
            if crossing is None:
                operations.append(operation)
                continue
            self._save(operations, contents, crossing, current)
            operations.append(operation)
            self._after_point(contents, crossing)
            if index == last and block.can_raise:
                self._restore_on_exits(block, crossing, current)
                block.operations = operations
                return
            for variable in crossing:
                restored = Variable(variable.name, variable.concretetype)
                slot = Constant(self.slots[variable], Void)
                operations.append(
                    Operation("gc_restore_root", [slot, current.get(variable, variable)], restored)
                )
                current[variable] = restored
        block.operations = operations
        self._substitute_exits(block, current)

    def _save(
        self,
        operations: list[Operation],
        contents: list[Content],
        crossing: list[Variable],
        current: dict[Any, Any],
    ) -> None:
        used = set()
        for variable in crossing:
            slot = self.slots[variable]
            used.add(slot)
            if contents[slot] is not variable:
                args = [Constant(slot, Void), current.get(variable, variable)]
                operations.append(Operation("gc_save_root", args, Variable("v", Void)))
        for slot in range(self.frame_size):
            if slot not in used and contents[slot] is not _NULL:
                null = Constant(GCREF.default_value(), GCREF)
                operations.append(
                    Operation("gc_save_root", [Constant(slot, Void), null], Variable("v", Void))
                )

    @staticmethod
    def _substitute_exits(block: Block, current: dict[Any, Any]) -> None:
        if isinstance(block.exitswitch, Variable):
            block.exitswitch = current.get(block.exitswitch, block.exitswitch)
        for link in block.exits:
            link.args = [current.get(arg, arg) for arg in link.args]

    def _restore_on_exits(self, block: Block, crossing: list[Variable], current: dict[Any, Any]) -> None:
        """Put a block on each exit that passes pointers, which reads them back."""
        crossing_set = set(crossing)
        for link in block.exits:
            slots = [self.slots[arg] if arg in crossing_set else None for arg in link.args]
            link.args = [current.get(arg, arg) for arg in link.args]
            if any(slot is not None for slot in slots):
                middle = _insert_block(link)
                onward = middle.exits[0].args
                for index, slot in enumerate(slots):
                    if slot is not None:
                        stale = onward[index]
                        assert isinstance(stale, Variable)
                        restored = Variable(stale.name, stale.concretetype)
                        middle.operations.append(
                            Operation("gc_restore_root", [Constant(slot, Void), stale], restored)
                        )
                        onward[index] = restored

    # -- the frame

    def _enter_and_leave(self, returning: list[Block]) -> None:
        size = Constant(self.frame_size, Void)
        start = self.graph.startblock
        start.operations.insert(0, Operation("gc_enter_roots", [size], Variable("v", Void)))
        for block in list(self.graph.iterblocks()):
            for link in block.exits:
                if link.target in returning:
                    leaving = block
                    if len(block.exits) > 1 or block.exitswitch is not None:
                        leaving = _insert_block(link)
                    leaving.operations.append(Operation("gc_leave_roots", [size], Variable("v", Void)))


def _fix_link(block: Block, link: Link, target: Block, slots: dict[int, Variable | None]) -> None:
    """Store into slots on the way from `block` to `target`."""
    if link.target is not target:
        block, link = link.target, link.target.exits[0]  # the block that reads pointers back
    elif len(block.exits) > 1 or block.exitswitch is not None:
        block = _insert_block(link)
        link = block.exits[0]
    for slot, parameter in slots.items():
        if parameter is None:
            value: Any = Constant(GCREF.default_value(), GCREF)
        else:
            value = link.args[target.inputargs.index(parameter)]
        block.operations.append(Operation("gc_save_root", [Constant(slot, Void), value], Variable("v", Void)))


def _insert_block(link: Link) -> Block:
    """Put an empty block on a link; it passes on what the link passes."""
    middle = Block([])
    forwarded: list[Any] = []
    passed: list[Any] = []
    for arg in link.args:
        if isinstance(arg, Variable):
            parameter = arg.copy()
            middle.inputargs.append(parameter)
            passed.append(arg)
            forwarded.append(parameter)
        else:
            forwarded.append(arg)
    middle.exits = [Link(forwarded, link.target, None, link.position)]
    link.args = passed
    link.target = middle
    return middle


def insert_roots(graph: FunctionGraph, can_collect: Callable[[Operation], bool]) -> int:
    """Rewrite a graph so that the collector finds its pointers; the size of its frame, 0 for none.

    `can_collect` says of an operation whether it may run the collector.
    """
    return _RootInserter(graph, can_collect).run()
