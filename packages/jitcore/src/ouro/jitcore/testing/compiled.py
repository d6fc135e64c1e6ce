"""What was compiled in a run: traces, and counts of the operations in them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ouro.jitcore import operations as ops
from ouro.jitcore.backend import Backend
from ouro.jitcore.text import Names, print_trace
from ouro.jitcore.trace import Trace


class Compiled:
    """One trace that a backend was given.

    Attributes:
        token: of the loop that it is part of.
        guard: where it goes on, None for a loop.
        trace: the trace as it was before the backend changed it.
    """

    def __init__(self, token: Any, guard: Any, trace: Trace) -> None:
        self.token = token
        self.guard = guard
        self.trace = trace

    @property
    def is_loop(self) -> bool:
        """Does it jump back to a label of its own?"""
        last = self.trace.length() - 1
        if self.trace.opcodes[last] != ops.JUMP:
            return False
        target = self.trace.descriptors[last]
        return any(
            opcode == ops.LABEL and self.trace.descriptors[number] is target
            for number, opcode in enumerate(self.trace.opcodes)
        )

    def body(self) -> list[int]:
        """The opcodes that are run again and again: those behind the label that the trace jumps to."""
        trace = self.trace
        last = trace.length() - 1
        start = 0
        if self.is_loop:
            target = trace.descriptors[last]
            start = next(
                number for number, opcode in enumerate(trace.opcodes)
                if opcode == ops.LABEL and trace.descriptors[number] is target
            )
        return [opcode for opcode in trace.opcodes[start:] if opcode != ops.LABEL and not ops.is_input(opcode)]

    def counts(self) -> dict[str, int]:
        """How often each operation is in the body, without those that compute nothing."""
        return operation_counts(self.body())

    def text(self) -> str:
        """The trace as text."""
        return print_trace(self.trace, Names())


def operation_counts(opcodes: list[int]) -> dict[str, int]:
    """How often each operation is there, by name; markers are left out."""
    return dict(Counter(ops.names[opcode] for opcode in opcodes if not ops.has_flag(opcode, ops.MARKER)))


def _copy(trace: Trace) -> Trace:
    copy = Trace()
    for name in ("opcodes", "first", "second", "third", "extra", "operands", "descriptors", "guards"):
        setattr(copy, name, list(getattr(trace, name)))
    copy.constants = trace.constants
    return copy


def watch(backend: Backend, compiled: list[Compiled]) -> None:
    """Let every trace that a backend compiles be added to a list."""
    compile_loop, compile_bridge = backend.compile_loop, backend.compile_bridge

    def loop(trace: Trace, token: Any) -> None:
        compiled.append(Compiled(token, None, _copy(trace)))
        compile_loop(trace, token)

    def bridge(guard: Any, trace: Trace, token: Any) -> None:
        compiled.append(Compiled(token, guard, _copy(trace)))
        compile_bridge(guard, trace, token)

    backend.compile_loop, backend.compile_bridge = loop, bridge  # type: ignore[method-assign] # of this one only
