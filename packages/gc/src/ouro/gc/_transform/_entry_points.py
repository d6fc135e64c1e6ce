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
from ouro.rtyper import TypedProgram, function_of_method

__all__ = ["ENTRY_POINTS", "EntryPoints"]

ENTRY_POINTS: dict[str, tuple[tuple[Any, ...], Any]] = {
    # type table, offsets, nursery size, maximum heap size, debug level
    "setup": ((Address, Address, Signed, Signed, Signed, Signed), Void),
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
    "find_instances": ((), Bool),
    "next_instance": ((), Address),
    "thread_prepare": ((Signed,), Bool),
    "thread_forget": ((Signed,), Void),
    "thread_start": ((Signed,), Address),
    "thread_run": ((Address,), Void),
    "thread_die": ((Address,), Void),
}


def _make_anchor(collector: Any) -> Callable[..., Any]:
    """A function that calls everything.

    A class is laid out when its first method is typed, and all its attributes must be known then: so the whole
    collector is annotated together, through this function, before any entry point is asked for.
    """

    def anchor(a, n, b):  # type: ignore[no-untyped-def]
        collector.setup(a, a, n, n, n, n)
        a = collector.allocate(n, n)
        a = collector.allocate_varsize(n, n)
        collector.remember(a)
        collector.remember_item(a, n)
        collector.remember_items(a, n, n)
        collector.register_weak_reference(a)
        collector.register_finalizer(a)
        collector.ignore_finalizer(a)
        collector.queue_register(n, a)
        a = collector.queue_next(n)
        n = collector.identity(a)
        n = collector.identity_hash(a)
        collector.collect(n)
        b = collector.collect_step()
        collector.set_enabled(b)
        b = collector.is_enabled()
        b = collector.pin(a)
        collector.unpin(a)
        b = collector.is_pinned(a)
        b = collector.can_move(a)
        collector.add_memory_pressure(n)
        n = collector.statistic(n)
        b = collector.find_instances()
        a = collector.next_instance()
        b = collector.thread_prepare(n)
        collector.thread_forget(n)
        a = collector.thread_start(n)
        collector.thread_run(a)
        collector.thread_die(a)

    return anchor


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
            if not self._constants:
                self.program.add_helper(_make_anchor(self.collector), [Address, Signed, Bool], Void)
            arguments, result = ENTRY_POINTS[name]
            constant = self.program.add_helper(
                function_of_method(getattr(self.collector, name), f"gc_{name}"), arguments, result
            )
            self._constants[name] = constant
        return constant

    def graphs(self, names: Iterable[str]) -> list[Any]:
        """The graphs of the entry points with these names that the program uses."""
        return [
            container_of(self._constants[name].value).graph for name in sorted(names) if name in self._constants
        ]

    def pointers(self) -> list[Any]:
        """The function pointers of all entry points that the program uses."""
        return [constant.value for constant in self._constants.values()]
