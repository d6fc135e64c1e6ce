"""Drops assertions, in a translation that is not for debugging.

Needs nothing. `debug_assert` operations go away, and so do branches to a block that does nothing but leave the
function with an AssertionError: `assert` states what the author knows, for the annotator and for debug builds.
An AssertionError that the function itself catches stays.
"""

from __future__ import annotations

from ouro.flowspace import Constant, FunctionGraph, Link
from ouro.lltype import Bool
from ouro.rtyper import TypedProgram

__all__ = ["drop_checks"]

_HARMLESS = frozenset(["malloc", "setfield", "cast_pointer", "same_as"])
"""What making the exception consists of."""


def drop_checks(graph: FunctionGraph, program: TypedProgram) -> bool:
    """Drop the assertions of `graph`; whether there were any."""
    vtable = program.exceptions.vtables.get("AssertionError")
    changed = False
    for block in graph.iterblocks():
        kept = [operation for operation in block.operations if operation.opname != "debug_assert"]
        if len(kept) != len(block.operations):
            block.operations = kept
            changed = True
        if len(block.exits) == 2 and getattr(block.exitswitch, "concretetype", None) is Bool:
            for link, other in (block.exits, block.exits[::-1]):
                if vtable is not None and _is_failure(graph, link, vtable):
                    block.exits = [other]
                    block.exitswitch = None
                    other.exitcase = None
                    changed = True
                    break
    return changed


def _is_failure(graph: FunctionGraph, link: Link, vtable: object) -> bool:
    """Whether a link leads out of the function with an AssertionError, and does nothing else."""
    if link.target is not graph.exceptblock:
        block = link.target
        if len(block.exits) != 1 or block.exits[0].target is not graph.exceptblock:
            return False
        if not all(operation.opname in _HARMLESS for operation in block.operations):
            return False
        link = block.exits[0]
    exception_type = link.args[0]
    return isinstance(exception_type, Constant) and exception_type.value == vtable
