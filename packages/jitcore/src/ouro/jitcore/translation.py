"""The JIT as a stage of the translation: typed program in, the same program with its JIT out. Host only.

The order matters. The portals are split and the graphs optimised as they are to be traced; the codewriter makes the
jitcodes from them; the run-time parts are made as objects of the host, with the jitcodes, and become prebuilt data when
the functions by which the program reaches them are annotated and typed with the program. At last these calls are put
into the graphs. What only the linker knows (offsets, addresses, type ids) is symbolic all the while.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import define
from ouro import graphopt
from ouro.flowspace import Constant
from ouro.graphopt import InlineLimits
from ouro.jitcore.backend import Backend
from ouro.jitcore.backend.interpreting import InterpretingBackend
from ouro.jitcore.codewriter import Policy, write_jitcodes
from ouro.jitcore.descriptors.from_types import DescriptorTable
from ouro.jitcore.entry_points import EntryPoints
from ouro.jitcore.jitcode import JitProgram
from ouro.jitcore.machine import Machine
from ouro.jitcore.machine.native import NativeMachine
from ouro.jitcore.machine.stubs import StubTable
from ouro.jitcore.portal import (
    ENTRY_FUNCTIONS,
    PROGRAM_FUNCTIONS,
    EntryLinks,
    Portal,
    install_entries,
    install_operations,
    make_drivers,
    split_portals,
)
from ouro.jitcore.program_entry import LoopsOfSystem, ProgramEntry
from ouro.jitcore.tracer import JitSystem, hash_float, hash_int, hash_reference
from ouro.lltype import GCREF, Float, Pointer, PointerWord, Signed, TypeIdWord, Void
from ouro.rlib.objectmodel import dont_inline
from ouro.rtyper import TypedProgram


@define(eq=False)
class ProgramJit:
    """The JIT of a program: what the stage made, for reports and for later stages."""

    portals: list[Portal]
    jitcodes: JitProgram
    system: JitSystem


def add_jit(
    program: TypedProgram,
    make_backend: Callable[[Machine], Backend] = InterpretingBackend,
    policy: Policy | None = None,
) -> ProgramJit | None:
    """Give a typed program its JIT, in place; None where it has no `JitDriver` with a merge point.

    Args:
        program: as the rtyper gives it.
        make_backend: makes the backend, an object of the run time.
        policy: which functions the tracer looks into.

    Raises:
        PortalError, CodewriterError: the program contradicts its hints.
    """
    portals = split_portals(program)
    if not portals:
        return None
    graphopt.optimize(program, limits=InlineLimits(for_jit=True))
    table = DescriptorTable(program.instance_types, _word_of, TypeIdWord, StubTable().stub_for)
    jitcodes = write_jitcodes(program, portals, table, policy)
    machine = NativeMachine()
    backend = make_backend(machine)
    system = JitSystem(machine, backend, jitcodes, make_drivers(program, portals, table))
    backend.called_loops = LoopsOfSystem(system)
    functions = _Functions(program, system)
    install_entries(program, portals, EntryLinks(functions.entry))
    install_operations(program, table, jitcodes.virtualizables, functions.operation)
    return ProgramJit(portals, jitcodes, system)


def _word_of(pointer: Pointer) -> Any:
    return PointerWord(pointer) if pointer else 0


class _Functions:
    """The run-time functions that the program calls, annotated and typed with it."""

    def __init__(self, program: TypedProgram, system: JitSystem) -> None:
        self.program = program
        self._entry_points = EntryPoints(system, system.warm_states)
        self._program_entry = ProgramEntry(system)
        self._known: dict[str, Constant] = {}
        # A class is laid out when the first function with it is typed, and all its attributes must be known by then:
        # so everything is annotated together.
        program.add_helper(_make_anchor(self._entry_points, self._program_entry), [Signed, GCREF, Float], Void)

    def entry(self, name: str) -> Constant:
        """The function for a name of `ENTRY_FUNCTIONS`."""
        hashes = {"hash_int": hash_int, "hash_reference": hash_reference, "hash_float": hash_float}
        if name in hashes:
            return self._helper(name, hashes[name], ENTRY_FUNCTIONS[name])
        method = getattr(self._entry_points, name)
        return self._helper(name, _plain_function(name, method), ENTRY_FUNCTIONS[name])

    def operation(self, name: str) -> Constant:
        """The function for a name of `PROGRAM_FUNCTIONS`."""
        method = getattr(self._program_entry, name)
        return self._helper(name, _plain_function(name, method), PROGRAM_FUNCTIONS[name])

    def _helper(self, name: str, function: Callable[..., Any], TYPE: Any) -> Constant:
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self.program.add_helper(function, list(TYPE.ARGS), TYPE.RESULT)
        return known


def _make_anchor(entry_points: EntryPoints, program_entry: ProgramEntry) -> Callable[..., Any]:
    """A function that calls everything."""

    def anchor(n, reference, x):  # type: ignore[no-untyped-def]
        number = hash_float(hash_reference(hash_int(n, n), reference), x)
        if entry_points.at_loop_header(n, number) or entry_points.at_function_start(n, number):
            entry_points.push_int(n)
            entry_points.push_reference(reference)
            entry_points.push_float(x)
            n = entry_points.enter(n)
        entry_points.push_int(entry_points.next_int(n) + entry_points.result_int())
        entry_points.push_reference(entry_points.next_reference(n))
        entry_points.push_reference(entry_points.result_reference())
        entry_points.push_float(entry_points.next_float(n) + entry_points.result_float())
        program_entry.force_virtualizable(n, reference)
        program_entry.quasi_immutable_changes(reference, n)
        entry_points.push_reference(program_entry.follow_virtual_reference(reference))

    return anchor


def _plain_function(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """A method of a prebuilt object as a function."""
    function = _BY_ARITY[method.__code__.co_argcount - 1](method)  # type: ignore[attr-defined]
    function.__name__ = function.__qualname__ = f"jit_{name}"
    if name in ("enter", "force_virtualizable", "quasi_immutable_changes", "follow_virtual_reference"):
        return dont_inline(function)
    return function


def _call_0(method: Any) -> Callable[..., Any]:
    def entry_point():  # type: ignore[no-untyped-def]
        return method()

    return entry_point


def _call_1(method: Any) -> Callable[..., Any]:
    def entry_point(a):  # type: ignore[no-untyped-def]
        return method(a)

    return entry_point


def _call_2(method: Any) -> Callable[..., Any]:
    def entry_point(a, b):  # type: ignore[no-untyped-def]
        return method(a, b)

    return entry_point


_BY_ARITY = {0: _call_0, 1: _call_1, 2: _call_2}
