"""The ways between the graphs of a program and the JIT when both run on the host. Host only."""

from __future__ import annotations

from typing import Any, Callable

from ouro.flowspace import Constant
from ouro.jitcore.entry_points import EntryPoints
from ouro.jitcore.model import Memory
from ouro.jitcore.portal.entry import ENTRY_FUNCTIONS, EntryLinks
from ouro.jitcore.tracer import hash_float, hash_int, hash_reference
from ouro.lltype import FuncType, Ptr, Signed, functionptr


def host_links(memory: Memory, entry_points: EntryPoints) -> EntryLinks:
    """Links to the run-time parts as plain Python; raw pointers are words that `memory` knows."""
    hashes = {"hash_int": hash_int, "hash_reference": hash_reference, "hash_float": hash_float}
    pointers: dict[Any, Constant] = {}

    def pointer(key: Any, TYPE: FuncType, function: Callable[..., Any]) -> Constant:
        known = pointers.get(key)
        if known is None:
            made = functionptr(TYPE, getattr(function, "__name__", "function"), callable=function)
            known = pointers[key] = Constant(made, made._T)
        return known

    def function(name: str) -> Constant:
        target = hashes[name] if name in hashes else getattr(entry_points, name)
        return pointer(name, ENTRY_FUNCTIONS[name], target)

    def word_of(PTR: Ptr) -> Constant:
        return pointer(("word", PTR), FuncType([PTR], Signed), memory.address_of)

    def pointer_of(PTR: Ptr) -> Constant:
        return pointer(("pointer", PTR), FuncType([Signed], PTR), lambda word: memory.pointer_at(PTR, word))

    return EntryLinks(function, word_of, pointer_of)
