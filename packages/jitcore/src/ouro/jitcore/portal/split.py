"""Cuts the function with a merge point in two: what comes before it, and the *portal*, which begins there.

The portal has the greens and the reds of the merge point as its arguments, so that compiled code, the blackhole
interpreter and the interpreter itself can all go on at a merge point by calling it. The function itself keeps what
comes before the loop, and a call of the portal. Needs typed graphs with their markers (before graphopt drops them);
the markers stay where they are, for the codewriter.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import define
from ouro.flowspace import LAST_EXCEPTION, Block, Constant, FunctionGraph, Link, Operation, Variable
from ouro.jitcore.descriptors.from_types import kind_of_type
from ouro.jitcore.errors import HintError
from ouro.jitcore.portal.greens import ChangingGreen, check_greens
from ouro.lltype import Void
from ouro.rlib.jit import JitDriver
from ouro.rtyper import TypedProgram


class PortalError(HintError):
    """A merge point is not as the JIT needs it; the message says what to change."""


@define(eq=False)
class Portal:
    """One driver with its portal.

    Attributes:
        index: number of the driver in the program.
        graph: of the portal. Its first block only leads to `merge_block`, where the loops come back to, whose first
            operation is the merge point; until the graph is optimised.
        green_names, red_names: of the variables that exist at run time, in the order of the portal's arguments: ints,
            then references, then floats.
        green_kinds, red_kinds: a letter for each.
        result_kind: a letter.
    """

    driver: JitDriver
    index: int
    graph: FunctionGraph
    merge_block: Block
    green_names: list[str]
    red_names: list[str]
    green_kinds: str
    red_kinds: str
    result_kind: str


def has_portals(program: TypedProgram) -> bool:
    """Has a program a merge point?"""
    return any(list(markers(graph, "jit_merge_point")) for graph in program.graphs)


def split_portals(program: TypedProgram) -> list[Portal]:
    """Split every function that has a merge point, in place.

    Raises:
        PortalError: a driver has two merge points, a function has those of two drivers, or something that is alive at
            a merge point is neither green nor red.
    """
    portals: list[Portal] = []
    owner: dict[JitDriver, FunctionGraph] = {}
    for graph in list(program.graphs):
        places = list(markers(graph, "jit_merge_point"))
        if not places:
            continue
        driver = places[0][1].args[1].value
        if len(places) > 1:
            raise PortalError(
                f"a second merge point in {graph.name}; a function has one at most", graph, places[1][1].position,
                "move one of the loops into a function of its own",
            )
        if driver in owner:
            raise PortalError(
                f"a second merge point of the driver {driver.name}, which has one in {owner[driver].name}", graph,
                places[0][1].position, "give this loop a driver of its own, such as driver.clone()",
            )
        owner[driver] = graph
        block, marker = places[0]
        portals.append(_split(program, graph, block, marker, driver, len(portals)))
    _mark_loops(program, portals)
    return portals


def _mark_loops(program: TypedProgram, portals: list[Portal]) -> None:
    """Where a driver says nowhere that a loop begins anew: every way back to the merge point is one."""
    marked = {
        marker.args[1].value
        for graph in program.graphs for kind in ("can_enter_jit", "loop_header") for _, marker in markers(graph, kind)
    }
    for portal in portals:
        if portal.driver in marked:
            continue
        arguments = [Constant("loop_header", Void), Constant(portal.driver, Void)]
        for block in list(portal.graph.iterblocks()):
            if block is portal.graph.startblock:
                continue
            for link in block.exits:
                if link.target is portal.merge_block:
                    position = portal.merge_block.position
                    between = Block([variable.copy() for variable in portal.merge_block.inputargs], position)
                    between.operations = [
                        Operation("jit_marker", list(arguments), Variable("nothing", Void), position)
                    ]
                    between.exits = [Link(list(between.inputargs), portal.merge_block)]
                    link.target = between


def markers(graph: FunctionGraph, kind: str) -> Iterator[tuple[Block, Operation]]:
    """The markers of a kind in a graph, with their blocks."""
    for block in graph.iterblocks():
        for operation in block.operations:
            if operation.opname == "jit_marker" and operation.args[0].value == kind:
                yield block, operation


def _split(
    program: TypedProgram, graph: FunctionGraph, block: Block, marker: Operation, driver: JitDriver, index: int
) -> Portal:
    position = block.operations.index(marker)
    before, after = block.operations[:position], block.operations[position + 1 :]
    alive = _alive(block, after)
    values = marker.args[2:]
    names = _names_of(driver, values)
    greens = _sorted(names[: len(driver.greens)], values[: len(driver.greens)])
    reds = _sorted(names[len(driver.greens) :], values[len(driver.greens) :])
    if driver.autoreds:
        known = {value for value in values if isinstance(value, Variable)}
        rest = [value for value in alive if value not in known and value.concretetype is not Void]
        reds = _sorted([value.name for value in rest], rest)
    given = [value for _, value in greens + reds]
    missing = [v for v in alive if v not in given and v.concretetype is not Void]
    if missing:
        names = ", ".join(sorted({variable.name for variable in missing}))
        raise PortalError(
            f"{driver.name}.jit_merge_point in {graph.name}: needed behind it, and neither green nor red: {names}",
            graph, marker.position, "add it to the reds, or to the greens if it is constant at one position",
        )
    merge_block = _cut(block, before, after, marker, given, len(greens), alive)
    portal_graph = _make_portal(program, graph, merge_block)
    _call_portal(program, graph, block, portal_graph, given, marker)
    merge_block = portal_graph.startblock.exits[0].target
    try:
        check_greens(portal_graph, merge_block, len(greens))
    except ChangingGreen as error:
        green, red = greens[error.green][0], reds[error.red - len(greens)][0]
        raise PortalError(
            f"{driver.name}.jit_merge_point in {graph.name}: the green {green} is computed from the red {red}, so the "
            "loop would be compiled anew for every value", graph, error.operation.position,
            f"make it red too, or compute it from jit.promote({red}) if that has few values",
        ) from None
    return Portal(
        driver, index, portal_graph, merge_block, [name for name, _ in greens], [name for name, _ in reds],
        _kinds(greens), _kinds(reds), kind_of_type(portal_graph.getreturnvar().concretetype),
    )


def _names_of(driver: JitDriver, values: list[Any]) -> list[str]:
    names = list(driver.greens) + list(driver.reds)
    assert len(names) == len(values), f"{driver}: {len(values)} values for {names}"
    return names


def _kinds(pairs: list[tuple[str, Any]]) -> str:
    return "".join(kind_of_type(value.concretetype) for _, value in pairs)


def _sorted(names: list[str], values: list[Any]) -> list[tuple[str, Any]]:
    """Names and values by kind: ints, references, floats; without those that do not exist at run time."""
    pairs = [(name, value) for name, value in zip(names, values) if value.concretetype is not Void]
    return sorted(pairs, key=lambda pair: "irf".index(kind_of_type(pair[1].concretetype)))


def _alive(block: Block, after: list[Operation]) -> list[Variable]:
    """The variables that are made before the end of `block` and used in the operations `after`, or in its exits."""
    made: set[Any] = set()
    used: dict[Variable, None] = {}

    def use(value: Any) -> None:
        if isinstance(value, Variable) and value not in made:
            used[value] = None

    for operation in after:
        for argument in operation.args:
            use(argument)
        made.add(operation.result)
    use(block.exitswitch)
    for link in block.exits:
        made.update(value for value in (link.last_exception, link.last_exc_value) if value is not None)
        for argument in link.args:
            use(argument)
    return list(used)


def _cut(
    block: Block, before: list[Operation], after: list[Operation], marker: Operation, given: list[Any],
    green_count: int, alive: list[Variable],
) -> Block:
    """End `block` in front of the marker; the new block goes on from there, with `given` as its arguments."""
    arguments = [Variable(getattr(value, "name", "green"), value.concretetype) for value in given]
    renamed: dict[Any, Any] = {}
    for value, argument in zip(given, arguments):
        if isinstance(value, Variable):
            renamed.setdefault(value, argument)
    for variable in alive:
        if variable.concretetype is Void:
            renamed.setdefault(variable, Constant(None, Void))
    copy = _Copy(renamed)
    new = Block(arguments, marker.position)
    new.operations = [
        Operation("jit_marker", [*marker.args[:2], *arguments], Variable("nothing", Void), marker.position),
        *[copy.operation(operation) for operation in after],
    ]
    new.exitswitch = copy.value(block.exitswitch)
    new.exits = [copy.link(link, link.target) for link in block.exits]
    block.operations = before
    block.exitswitch = None
    block.exits = [Link(list(given), new)]
    return new


def _make_portal(program: TypedProgram, graph: FunctionGraph, merge_block: Block) -> FunctionGraph:
    """A graph with copies of all blocks from the merge point on."""
    start = Block([variable.copy() for variable in merge_block.inputargs], merge_block.position)
    portal = FunctionGraph(graph.name + "_portal", start)
    portal.filename, portal.firstlineno = graph.filename, graph.firstlineno
    portal.module, portal.source = graph.module, graph.source
    portal.tags = {"inline": False}
    copies = {graph.returnblock: portal.returnblock, graph.exceptblock: portal.exceptblock}
    for old, new in copies.items():
        for known, variable in zip(old.inputargs, new.inputargs):
            variable.concretetype = known.concretetype
    start.exits = [Link(list(start.inputargs), copy_blocks(merge_block, copies))]
    program.graphs.append(portal)
    return portal


def copy_blocks(first: Block, copies: dict[Block, Block]) -> Block:
    """Copy what is reached from a block and not yet in `copies`; the copy of the block."""
    waiting = [first]
    links: list[tuple[_Copy, Block, Block]] = []
    while waiting:
        block = waiting.pop()
        if block in copies:
            continue
        copy = _Copy({variable: variable.copy() for variable in block.inputargs})
        new = copies[block] = Block([copy.value(variable) for variable in block.inputargs], block.position)
        new.operations = [copy.operation(operation) for operation in block.operations]
        new.exitswitch = copy.value(block.exitswitch)
        links.append((copy, block, new))
        waiting.extend(link.target for link in block.exits)
    for copy, block, new in links:
        new.exits = [copy.link(link, copies[link.target]) for link in block.exits]
    return copies[first]


class _Copy:
    """Copies the contents of one block with other variables."""

    def __init__(self, renamed: dict[Any, Any]) -> None:
        self.renamed = renamed

    def value(self, value: Any) -> Any:
        if not isinstance(value, Variable):
            return value
        return self.renamed[value]

    def define(self, variable: Variable) -> Variable:
        self.renamed[variable] = new = variable.copy()
        return new

    def operation(self, operation: Operation) -> Operation:
        arguments = [self.value(argument) for argument in operation.args]
        return Operation(operation.opname, arguments, self.define(operation.result), operation.position)

    def link(self, link: Link, target: Block) -> Link:
        # the pair of one link is no value of the others
        inner = _Copy(dict(self.renamed))
        new = Link([], target, link.exitcase, link.position)
        for name in ("last_exception", "last_exc_value"):
            variable = getattr(link, name)
            if isinstance(variable, Variable):
                setattr(new, name, inner.define(variable))
            else:
                setattr(new, name, variable)
        new.args = [inner.value(argument) for argument in link.args]
        return new


def split_block(block: Block, position: int) -> tuple[Block, list[Variable]]:
    """Move the operations from a position on, with the exits, into a new block that `block` goes on to.

    Returns:
        The new block, and what is alive there: the arguments that `block` passes it, all variables.
    """
    moved = block.operations[position:]
    defined: set[Any] = {operation.result for operation in moved}
    needed: dict[Variable, Variable] = {}

    def use(value: Any) -> Any:
        if not isinstance(value, Variable) or value in defined:
            return value
        known = needed.get(value)
        if known is None:
            known = needed[value] = value.copy()
        return known

    for operation in moved:
        operation.args = [use(argument) for argument in operation.args]
    if isinstance(block.exitswitch, Variable):
        block.exitswitch = use(block.exitswitch)
    for link in block.exits:
        own = {link.last_exception, link.last_exc_value}
        link.args = [argument if argument in own else use(argument) for argument in link.args]
    rest = Block(list(needed.values()), block.position)
    rest.operations, rest.exitswitch, rest.exits = moved, block.exitswitch, block.exits
    del block.operations[position:]
    block.exitswitch, block.exits = None, [Link(list(needed), rest)]
    return rest, list(needed)


def _call_portal(
    program: TypedProgram, graph: FunctionGraph, block: Block, portal: FunctionGraph, given: list[Any],
    marker: Operation,
) -> None:
    """End `block` in a call of the portal, whose result is that of the function."""
    result = Variable("result", portal.getreturnvar().concretetype)
    call = Operation("direct_call", [program.function_constant(portal), *given], result, marker.position)
    block.operations.append(call)
    assert block.exitswitch is not LAST_EXCEPTION
    block.exits = [Link([result], graph.returnblock)]
