"""From values visible where they dominate to closed blocks.

The builder lets an operation use any variable whose definition dominates it, and places block parameters
(phis) only where different values meet. This last step makes the graph closed, as the contract wants it:
each block gets a parameter for every variable that is live into it, and every link passes it.

Liveness is found by walking backwards from each use to the definition (Boissinot et al., "Computing Liveness
Sets for SSA-Form Programs", section 5.2), so the cost is the size of the result. A phi, or the result of a
pure operation, counts as used only once it is known to be used itself; so dead ones vanish on the way.
"""

from __future__ import annotations

from typing import Any, Callable

from ouro.flowspace._model import (
    LAST_EXCEPTION,
    Block,
    Constant,
    FunctionGraph,
    Link,
    Operation,
    Value,
    Variable,
)
from ouro.flowspace.operations import OPERATIONS

UNDEFINED = Constant("<undefined>")
"""Passed to a phi on a path on which its name has no value."""

#: What is dropped where nobody uses its result. Operators stay: the annotator tells whether their operands have them,
#: and a class of the program might define one with effects, which would be an error and must not be lost.
_PURE = frozenset(name for name, row in OPERATIONS.items() if row.pure and not row.symbol)


def close_graph(
    graph: FunctionGraph, replaced: dict[Variable, Value], undefined: Callable[[Variable], Exception]
) -> None:
    """Close `graph` in place.

    `replaced` maps variables to the values that stand for them (phis that turned out trivial). `undefined`
    makes the error for a live phi that has no value on some path.
    """
    _remove_empty_blocks(graph)
    blocks = list(graph.iterblocks())
    if replaced:
        _replace(blocks, replaced)
    entries: dict[Block, list[tuple[Block, Link]]] = {block: [] for block in blocks}
    for block in blocks:
        for link in block.exits:
            entries[link.target].append((block, link))
    live_in, live = _liveness(graph, blocks, entries)
    _rewrite(graph, blocks, live_in, live, undefined)


def _remove_empty_blocks(graph: FunctionGraph) -> None:
    for block in graph.iterblocks():
        for link in block.exits:
            target = link.target
            hops = 0
            while (
                not target.operations
                and not target.inputargs
                and len(target.exits) == 1
                and target.exitswitch is None
                and hops < 100
                and target is not target.exits[0].target
            ):
                onward = target.exits[0]
                link.args = list(onward.args)
                link.position = onward.position
                target = onward.target
                hops += 1
            link.target = target


def _replace(blocks: list[Block], replaced: dict[Variable, Value]) -> None:
    def final(value: Any) -> Any:
        while value in replaced:
            value = replaced[value]
        return value

    for block in blocks:
        for operation in block.operations:
            operation.args = [final(arg) for arg in operation.args]
        if isinstance(block.exitswitch, Variable):
            block.exitswitch = final(block.exitswitch)
        for link in block.exits:
            link.args = [final(arg) for arg in link.args]


def _liveness(
    graph: FunctionGraph, blocks: list[Block], entries: dict[Block, list[tuple[Block, Link]]]
) -> tuple[dict[Block, dict[Variable, None]], set[Variable]]:
    """The variables live into each block (in order of discovery), and the live ones of all."""
    home: dict[Variable, Block] = {}
    phi_index: dict[Variable, int] = {}
    pure: dict[Variable, Operation] = {}
    live_in: dict[Block, dict[Variable, None]] = {}
    live: set[Variable] = set()
    on_links: set[Any] = set()
    work: list[tuple[Variable, Block]] = []
    fixed = (graph.startblock, graph.returnblock, graph.exceptblock)
    for block in blocks:
        live_in[block] = {}
        for index, variable in enumerate(block.inputargs):
            home[variable] = block
            if block in fixed:
                live.add(variable)
            else:
                phi_index[variable] = index
        for link in block.exits:
            if link.last_exception is not None:
                on_links.add(link.last_exception)
                on_links.add(link.last_exc_value)
        operations = block.operations
        last = operations[-1] if block.exitswitch is LAST_EXCEPTION else None
        for operation in operations:
            home[operation.result] = block
            if operation.opname in _PURE and operation is not last:
                pure[operation.result] = operation
            else:
                live.add(operation.result)
                for arg in operation.args:
                    if type(arg) is Variable:
                        work.append((arg, block))
        if type(block.exitswitch) is Variable:
            work.append((block.exitswitch, block))
        for link in block.exits:
            if link.target in fixed:
                for arg in link.args:
                    if type(arg) is Variable and arg not in on_links:
                        work.append((arg, block))
    work.reverse()
    while work:
        variable, block = work.pop()
        if home[variable] is not block:
            needed = live_in[block]
            if variable not in needed:
                needed[variable] = None
                for source, _ in entries[block]:
                    work.append((variable, source))
        elif variable not in live:
            live.add(variable)
            operation_ = pure.get(variable)
            if operation_ is not None:
                for arg in operation_.args:
                    if type(arg) is Variable:
                        work.append((arg, block))
            else:
                index = phi_index[variable]
                for source, link in entries[block]:
                    arg = link.args[index]
                    if type(arg) is Variable and arg not in on_links:
                        work.append((arg, source))
    return live_in, live


def _rewrite(
    graph: FunctionGraph,
    blocks: list[Block],
    live_in: dict[Block, dict[Variable, None]],
    live: set[Variable],
    undefined: Callable[[Variable], Exception],
) -> None:
    phis = {block: [variable in live for variable in block.inputargs] for block in blocks}
    incoming: dict[Block, list[Variable]] = {}
    for block in blocks:
        renamed: dict[Any, Any] = {variable: Variable(variable.name) for variable in live_in[block]}
        incoming[block] = list(renamed.values())
        operations = []
        last = block.operations[-1] if block.exitswitch is LAST_EXCEPTION else None
        for operation in block.operations:
            if operation is not last and operation.opname in _PURE and operation.result not in live:
                continue
            operation.args = [renamed.get(arg, arg) for arg in operation.args]
            operations.append(operation)
        block.operations = operations
        block.exitswitch = renamed.get(block.exitswitch, block.exitswitch)
        for link in block.exits:
            args: list[Value] = []
            for keep, arg, parameter in zip(phis[link.target], link.args, link.target.inputargs):
                if keep:
                    if arg is UNDEFINED:
                        raise undefined(parameter)
                    args.append(renamed.get(arg, arg))
            for variable in live_in[link.target]:
                args.append(renamed.get(variable, variable))
            link.args = args
    for block in blocks:
        kept = [variable for keep, variable in zip(phis[block], block.inputargs) if keep]
        block.inputargs = kept + incoming[block]
