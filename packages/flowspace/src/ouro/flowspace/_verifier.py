"""The invariants of graphs, as the contract between this stage and the next states them.

Each is a function that yields what is wrong; `verify` runs them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ouro.flowspace._model import LAST_EXCEPTION, Block, Constant, FunctionGraph, Variable
from ouro.flowspace.operations import OPERATIONS


class VerificationError(Exception):
    """A graph breaks an invariant; the message lists all that it breaks."""


def verify(graph: FunctionGraph, operations: Any = OPERATIONS) -> None:
    """Check `graph`. `operations` is the table whose operations may occur; None checks the structure only.

    Raises VerificationError.
    """
    blocks = list(graph.iterblocks())
    numbers = {block: index for index, block in enumerate(blocks)}
    problems: list[str] = []
    for check in STRUCTURE:
        problems.extend(check(graph, blocks, numbers))
    if operations is not None:
        problems.extend(known_operations(blocks, numbers, operations))
    if problems:
        raise VerificationError(f"{graph.name}: " + "; ".join(problems))


def special_blocks(graph: FunctionGraph, blocks: list[Block], numbers: dict[Block, int]) -> Iterator[str]:
    """The return block has one argument, the except block two; both have no operations and no exits."""
    for block, count in ((graph.returnblock, 1), (graph.exceptblock, 2)):
        if len(block.inputargs) != count or block.operations or block.exits:
            yield f"the block with {count} final arguments is not of that form"


def single_definition(graph: FunctionGraph, blocks: list[Block], numbers: dict[Block, int]) -> Iterator[str]:
    """Every variable is defined once."""
    seen: set[Variable] = set()
    for block in blocks:
        defined = list(block.inputargs) + [operation.result for operation in block.operations]
        for link in block.exits:
            for value in (link.last_exception, link.last_exc_value):
                if isinstance(value, Variable):
                    defined.append(value)
        for variable in defined:
            if variable in seen:
                yield f"block{numbers[block]}: {variable.name} is defined twice"
            seen.add(variable)


def local_use(graph: FunctionGraph, blocks: list[Block], numbers: dict[Block, int]) -> Iterator[str]:
    """A variable is used only in its own block, after its definition; a link's exception pair only on it."""
    for block in blocks:
        where = f"block{numbers[block]}"
        defined: set[Any] = set(block.inputargs)
        for operation in block.operations:
            for arg in operation.args:
                if isinstance(arg, Variable) and arg not in defined:
                    yield f"{where}: {arg.name} is used in {operation.opname} but not defined before"
            defined.add(operation.result)
        if isinstance(block.exitswitch, Variable) and block.exitswitch not in defined:
            yield f"{where}: the exit switch is not defined"
        result = (
            block.operations[-1].result if block.exitswitch is LAST_EXCEPTION and block.operations else None
        )
        for index, link in enumerate(block.exits):
            for arg in link.args:
                if isinstance(arg, Constant):
                    continue
                if index and arg is result:
                    yield f"{where}: an exception exit passes the result of the operation that raised"
                elif arg not in defined and arg is not link.last_exception and arg is not link.last_exc_value:
                    yield f"{where}: {arg.name} is passed but not defined"


def matching_links(graph: FunctionGraph, blocks: list[Block], numbers: dict[Block, int]) -> Iterator[str]:
    """A link passes as many values as its target has arguments; nothing links to the start block."""
    for block in blocks:
        for link in block.exits:
            if len(link.args) != len(link.target.inputargs):
                yield (
                    f"block{numbers[block]}: {len(link.args)} values for "
                    f"{len(link.target.inputargs)} arguments of block{numbers[link.target]}"
                )
            if link.target is graph.startblock:
                yield f"block{numbers[block]}: a link to the start block"


def exit_forms(graph: FunctionGraph, blocks: list[Block], numbers: dict[Block, int]) -> Iterator[str]:
    """The exits fit the exit switch."""
    for block in blocks:
        if block is graph.returnblock or block is graph.exceptblock:
            continue
        where = f"block{numbers[block]}"
        cases = [link.exitcase for link in block.exits]
        if block.exitswitch is None:
            if len(cases) != 1 or cases[0] is not None:
                yield f"{where}: without a switch there is exactly one exit, without a case"
        elif block.exitswitch is LAST_EXCEPTION:
            if not block.operations:
                yield f"{where}: no operation that could raise"
            if len(cases) < 2 or cases[0] is not None or None in cases[1:]:
                yield f"{where}: the normal exit comes first, then at least one exception exit"
        else:
            if not isinstance(block.exitswitch, Variable):
                yield f"{where}: a switch on a constant"
            if not cases or None in cases or len(set(map(repr, cases))) != len(cases):
                yield f"{where}: the cases of a switch are different constants"
            if "default" in cases[:-1]:
                yield f"{where}: the default comes last"


STRUCTURE = [special_blocks, single_definition, local_use, matching_links, exit_forms]


def known_operations(blocks: list[Block], numbers: dict[Block, int], operations: Any) -> Iterator[str]:
    """Every operation is in the table and has the right number of operands."""
    for block in blocks:
        for operation in block.operations:
            row = operations.get(operation.opname)
            count = len(operation.args)
            if row is None:
                yield f"block{numbers[block]}: unknown operation {operation.opname}"
            elif row.arity is None and count < row.minimum or row.arity is not None and row.arity != count:
                yield f"block{numbers[block]}: {operation.opname} has {count} operands"
