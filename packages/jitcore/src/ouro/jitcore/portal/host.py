"""The ways between the graphs of a program and the JIT when both run on the host. Host only."""

from __future__ import annotations

from typing import Any, Callable

from ouro.flowspace import Constant
from ouro.jitcore.entry_points import EntryPoints
from ouro.jitcore.model import Memory
from ouro.jitcore.portal.entry import ENTRY_FUNCTIONS, EntryLinks
from ouro.jitcore.portal.program_operations import PROGRAM_FUNCTIONS
from ouro.jitcore.program_entry import ProgramEntry
from ouro.jitcore.tracer import JitSystem, hash_float, hash_int, hash_reference
from ouro.lltype import FuncType, Ptr, Signed, functionptr


class _Pointers:
    """Function pointers to host functions, each made once."""

    def __init__(self) -> None:
        self._known: dict[Any, Constant] = {}

    def __call__(self, key: Any, TYPE: FuncType, function: Callable[..., Any]) -> Constant:
        known = self._known.get(key)
        if known is None:
            made = functionptr(TYPE, getattr(function, "__name__", "function"), callable=function)
            known = self._known[key] = Constant(made, made._T)
        return known


def host_links(memory: Memory, entry_points: EntryPoints) -> EntryLinks:
    """Links to the run-time parts as plain Python; raw pointers are words that `memory` knows."""
    hashes = {"hash_int": hash_int, "hash_reference": hash_reference, "hash_float": hash_float}
    pointer = _Pointers()

    def function(name: str) -> Constant:
        target = hashes[name] if name in hashes else getattr(entry_points, name)
        return pointer(name, ENTRY_FUNCTIONS[name], target)

    def word_of(PTR: Ptr) -> Constant:
        return pointer(("word", PTR), FuncType([PTR], Signed), memory.address_of)

    def pointer_of(PTR: Ptr) -> Constant:
        return pointer(("pointer", PTR), FuncType([Signed], PTR), lambda word: memory.pointer_at(PTR, word))

    return EntryLinks(function, word_of, pointer_of)


def program_functions(system: JitSystem) -> Callable[[str], Constant]:
    """What `install_operations` calls, as plain Python."""
    entry = ProgramEntry(system)
    pointer = _Pointers()
    return lambda name: pointer(name, PROGRAM_FUNCTIONS[name], getattr(entry, name))
