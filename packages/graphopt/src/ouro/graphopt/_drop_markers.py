"""Drops what is meant for the JIT generator, in a translation without one.

Needs nothing. Hints become the value they are about, questions to the tracer get the answer No, marks that
keep the greens and reds of an interpreter loop alive go away; so do the obstacles they are to the passes
after.
"""

from __future__ import annotations

from typing import Any, Callable

from ouro.flowspace import Block, Constant, FunctionGraph, Operation, Variable
from ouro.lltype import Bool, Signed, Void

__all__ = ["drop_markers"]


def _first_operand(operation: Operation) -> Any:
    return operation.args[0]


def _no(operation: Operation) -> Any:
    return Constant(False, Bool)


def _zero(operation: Operation) -> Any:
    return Constant(0, Signed)


_VALUES: dict[str, Callable[[Operation], Any]] = {
    "hint": _first_operand,
    "jit_force_virtual": _first_operand,
    "jit_is_virtual": _no,
    "jit_is_constant": _no,
    "jit_ask": _zero,
    "we_are_jitted": _no,
}
"""Marker -> the value that its result has."""

_GONE = frozenset(
    [
        "jit_marker",
        "jit_force_virtualizable",
        "jit_force_quasi_immutable",
        "jit_record_exact_class",
        "jit_record_exact_value",
        "jit_virtual_ref_finish",
        "jit_set_param",
        "jit_call_for_events",
    ]
)


def drop_markers(graph: FunctionGraph) -> bool:
    """Drop the markers of `graph`; whether there were any."""
    changed = False
    for block in graph.iterblocks():
        for operation in block.operations:
            if operation.opname in _GONE or operation.opname in _VALUES:
                _drop_in_block(block)
                changed = True
                break
    return changed


def _drop_in_block(block: Block) -> None:
    renamed: dict[Any, Any] = {}
    get = renamed.get
    kept = []
    for operation in block.operations:
        operation.args = [get(arg, arg) for arg in operation.args]
        if operation.opname in _GONE:
            continue
        value = _VALUES.get(operation.opname)
        if value is None:
            kept.append(operation)
        elif operation.result.concretetype is not Void:
            renamed[operation.result] = value(operation)
    block.operations = kept
    switch = get(block.exitswitch, block.exitswitch)
    if isinstance(switch, Constant):
        same = Operation("same_as", [switch], Variable("switch", Bool))
        block.operations.append(same)
        switch = same.result
    block.exitswitch = switch
    for link in block.exits:
        link.args = [get(arg, arg) for arg in link.args]
