"""The functions of a collector that transformed programs call.

One row for each: its name (that of the collector's method), argument types, result type. The transform asks
for what a program uses; only that is annotated, typed and compiled.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Callable

from attrs import define, field
from ouro.flowspace import Constant
from ouro.lltype import Address, Bool, Signed, Void, container_of
from ouro.rtyper import TypedProgram

__all__ = ["ENTRY_POINTS", "EntryPoints"]

ENTRY_POINTS: dict[str, tuple[tuple[Any, ...], Any]] = {
    # type table, offsets, nursery size, maximum heap size, debug level
    "setup": ((Address, Address, Signed, Signed, Signed), Void),
    # type id, size in bytes
    "allocate": ((Signed, Signed), Address),
    # type id, number of items
    "allocate_varsize": ((Signed, Signed), Address),
    "remember": ((Address,), Void),
    "remember_item": ((Address, Signed), Void),
    # array, first item, number of items
    "remember_items": ((Address, Signed, Signed), Void),
    "register_weak_reference": ((Address,), Void),
    "register_finalizer": ((Address,), Void),
    "ignore_finalizer": ((Address,), Void),
    "queue_register": ((Signed, Address), Void),
    "queue_next": ((Signed,), Address),
    "identity": ((Address,), Signed),
    "identity_hash": ((Address,), Signed),
    "collect": ((Signed,), Void),
    "collect_step": ((), Bool),
    "set_enabled": ((Bool,), Void),
    "is_enabled": ((), Bool),
    "pin": ((Address,), Bool),
    "unpin": ((Address,), Void),
    "is_pinned": ((Address,), Bool),
    "can_move": ((Address,), Bool),
    "add_memory_pressure": ((Signed,), Void),
    "statistic": ((Signed,), Signed),
    "thread_start": ((), Address),
    "thread_run": ((Address,), Void),
    "thread_die": ((Address,), Void),
}


def _call_0(collector: Any, name: str) -> Callable[..., Any]:
    def entry_point():  # type: ignore[no-untyped-def]
        return getattr(collector, name)()

    return entry_point


def _call_1(collector: Any, name: str) -> Callable[..., Any]:
    def entry_point(a):  # type: ignore[no-untyped-def]
        return getattr(collector, name)(a)

    return entry_point


def _call_2(collector: Any, name: str) -> Callable[..., Any]:
    def entry_point(a, b):  # type: ignore[no-untyped-def]
        return getattr(collector, name)(a, b)

    return entry_point


def _call_3(collector: Any, name: str) -> Callable[..., Any]:
    def entry_point(a, b, c):  # type: ignore[no-untyped-def]
        return getattr(collector, name)(a, b, c)

    return entry_point


def _call_5(collector: Any, name: str) -> Callable[..., Any]:
    def entry_point(a, b, c, d, e):  # type: ignore[no-untyped-def]
        return getattr(collector, name)(a, b, c, d, e)

    return entry_point


_BY_ARITY = {0: _call_0, 1: _call_1, 2: _call_2, 3: _call_3, 5: _call_5}


@define(eq=False)
class EntryPoints:
    """The entry points of a collector in one program, added as they are asked for."""

    program: TypedProgram
    collector: Any
    _constants: dict[str, Constant] = field(factory=dict)

    def __getitem__(self, name: str) -> Constant:
        """The function pointer of an entry point."""
        constant = self._constants.get(name)
        if constant is None:
            arguments, result = ENTRY_POINTS[name]
            function = _BY_ARITY[len(arguments)](self.collector, name)
            function.__name__ = function.__qualname__ = f"gc_{name}"
            constant = self.program.add_helper(function, arguments, result)
            self._constants[name] = constant
        return constant

    def graphs(self, names: Iterable[str]) -> list[Any]:
        """The graphs of the entry points with these names that the program uses."""
        return [
            container_of(self._constants[name].value).graph for name in sorted(names) if name in self._constants
        ]
