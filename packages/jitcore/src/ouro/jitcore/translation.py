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
from ouro.flowspace import Block, Constant, FunctionGraph, Link, Operation, Variable
from ouro.graphopt import InlineLimits
from ouro.jitcore.backend import Backend
from ouro.jitcore.backend.interpreting import InterpretingBackend
from ouro.jitcore.codewriter import Policy, write_jitcodes
from ouro.jitcore.descriptors import RANDOM, EffectDescriptor
from ouro.jitcore.descriptors.from_types import DescriptorTable
from ouro.jitcore.entry_points import EntryPoints
from ouro.jitcore.environment import take_environment
from ouro.jitcore.jitcode import JitProgram
from ouro.jitcore.machine import Machine
from ouro.jitcore.machine.native import NativeMachine
from ouro.jitcore.machine.stubs import StubTable
from ouro.jitcore.portal import (
    ENTRY_FUNCTIONS,
    HOOK_TYPE,
    PROGRAM_FUNCTIONS,
    EntryLinks,
    Portal,
    add_stand_ins,
    install_entries,
    install_operations,
    make_drivers,
    make_gates,
    name_helpers,
    split_portals,
)
from ouro.jitcore.program_entry import LoopsOfSystem, ProgramEntry
from ouro.jitcore.tracer import JitSystem, hash_float, hash_int, hash_reference, log
from ouro.lltype import (
    GCREF,
    Float,
    FuncType,
    Pointer,
    PointerWord,
    Signed,
    TypeIdWord,
    Void,
    container_of,
    functionptr,
)
from ouro.rlib.objectmodel import dont_inline
from ouro.rtyper import TypedProgram, function_of_method

#: Makes the backend in the process that runs the program: RPython. None where there can be none; the JIT is off then.
StartBackend = Callable[[Machine], "Backend | None"]


def interpret_traces(machine):  # type: ignore[no-untyped-def] # RPython
    """The backend for targets without another one."""
    return InterpretingBackend(machine)


@define(eq=False)
class ProgramJit:
    """The JIT of a program: what the stage made, for reports and for later stages."""

    portals: list[Portal]
    jitcodes: JitProgram
    system: JitSystem


def add_jit(
    program: TypedProgram, start_backend: StartBackend = interpret_traces, policy: Policy | None = None
) -> ProgramJit:
    """Give a typed program its JIT, in place.

    Args:
        program: as the rtyper gives it; it has a `JitDriver` with a merge point (`portal.has_portals`).
        start_backend: makes the backend when the program starts.
        policy: which functions the tracer looks into.

    Raises:
        PortalError, CodewriterError: the program contradicts its hints.
    """
    portals = split_portals(program)
    graphopt.optimize(program, limits=InlineLimits(for_jit=True))
    table = DescriptorTable(program.instance_types, _word_of, TypeIdWord, StubTable().stub_for)
    jitcodes = write_jitcodes(program, portals, table, policy)
    stand_ins = add_stand_ins(program, table)
    machine = NativeMachine()
    system = JitSystem(machine, None, jitcodes, make_drivers(program, portals, table, machine), stand_ins)
    gates = make_gates(system.warm_states)
    functions = _Functions(program, system, start_backend)
    name_helpers(system.helpers, table, functions)
    system.events.hook_call = table.call(HOOK_TYPE, EffectDescriptor(RANDOM, can_invalidate=True))
    functions.settle()
    install_entries(program, portals, EntryLinks(functions), gates)
    install_operations(program, portals, table, jitcodes.virtualizables, functions)
    _wrap_entry(program, functions)
    return ProgramJit(portals, jitcodes, system)


def _word_of(pointer: Pointer) -> Any:
    return PointerWord(pointer) if pointer else 0


#: Called before and after the program.
_PROCESS_FUNCTIONS = {"start": FuncType([], Void), "stop": FuncType([], Void)}


class _Functions:
    """The run-time functions that the program calls, by name: constant function pointers.

    They exist before they are typed, because prebuilt data of the run-time parts contain some of their addresses.
    """

    def __init__(self, program: TypedProgram, system: JitSystem, start_backend: StartBackend) -> None:
        self.program = program
        self._entry_points = EntryPoints(system, system.warm_states)
        self._program_entry = ProgramEntry(system)
        self._process = _Process(system, start_backend)
        functions = {"hash_int": hash_int, "hash_reference": hash_reference, "hash_float": hash_float}
        self._constants: dict[str, Constant] = {}
        for owner, types in (
            (self._entry_points, ENTRY_FUNCTIONS), (self._program_entry, PROGRAM_FUNCTIONS),
            (self._process, _PROCESS_FUNCTIONS),
        ):
            for name, TYPE in types.items():
                function = functions.get(name) or _plain_function(name, getattr(owner, name))
                pointer = functionptr(TYPE, f"jit_{name}", callable=function)
                self._constants[name] = Constant(pointer, pointer._T)

    def __call__(self, name: str) -> Constant:
        return self._constants[name]

    def settle(self) -> None:
        """Annotate and type them with the program."""
        # A class is laid out when the first function with it is typed, and all its attributes must be known by then:
        # so everything is annotated together.
        anchor = _make_anchor(self._entry_points, self._program_entry, self._process)
        self.program.add_helper(anchor, [Signed, GCREF, Float], Void)
        for constant in self._constants.values():
            TYPE = constant.concretetype.TO
            typed = self.program.add_helper(container_of(constant.value).callable, list(TYPE.ARGS), TYPE.RESULT)
            self.program.register_function_pointer(container_of(typed.value).graph, constant.value)


class _Process:
    """Begin and end of the process that runs the program. Run time."""

    def __init__(self, system, start_backend):  # type: ignore[no-untyped-def]
        self.system = system
        self.start_backend = start_backend

    def start(self):  # type: ignore[no-untyped-def]
        backend = self.start_backend(self.system.machine)
        if backend is None:
            log.log_off("the system gives no memory for code")
            self.system.turn_off()
        else:
            backend.called_loops = LoopsOfSystem(self.system)
            self.system.start(backend)
        take_environment(self.system)

    def stop(self):  # type: ignore[no-untyped-def]
        self.system.log_summary()


def _make_anchor(entry_points: EntryPoints, program_entry: ProgramEntry, process: _Process) -> Callable[..., Any]:
    """A function that calls everything."""

    # each under a condition of its own: what a program has no use for may be known never to return
    def anchor(n, reference, x):  # type: ignore[no-untyped-def]
        if n == 1:
            process.start()
        if n == 2:
            n = hash_float(hash_reference(hash_int(n, n), reference), x)
        if n == 3 and (entry_points.at_loop_header(n, n) or entry_points.at_function_start(n, n)):
            entry_points.push_int(n)
            entry_points.push_reference(reference)
            entry_points.push_float(x)
            n = entry_points.enter(n)
        if n == 4:
            entry_points.push_int(entry_points.next_int(n) + entry_points.result_int())
            entry_points.push_reference(entry_points.next_reference(n))
            entry_points.push_reference(entry_points.result_reference())
            entry_points.push_float(entry_points.next_float(n) + entry_points.result_float())
        if n == 5:
            program_entry.force_virtualizable(n, reference)
        if n == 6:
            program_entry.quasi_immutable_changes(reference, n)
        if n == 7:
            program_entry.set_parameter(n, n, n)
        if n == 8:
            entry_points.push_reference(program_entry.follow_virtual_reference(reference))
        if n == 9:
            process.stop()
        if n == 10:
            entry_points.push_int(program_entry.ask(n, n, n))
        if n == 11:
            entry_points.trace_next(n)

    return anchor


_NEVER_INLINED = frozenset(["enter", "start", "stop", *PROGRAM_FUNCTIONS])


def _plain_function(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """A method of a prebuilt object as a function."""
    function = function_of_method(method, f"jit_{name}")
    return dont_inline(function) if name in _NEVER_INLINED else function


def _wrap_entry(program: TypedProgram, functions: _Functions) -> None:
    """Let the program begin with the start of the JIT and end with its stop."""
    old = program.entry_graph
    assert old is not None
    block = Block([variable.copy() for variable in old.getargs()])
    graph = FunctionGraph(old.name + "_with_jit", block)
    graph.filename, graph.firstlineno, graph.module = old.filename, old.firstlineno, old.module
    graph.getreturnvar().concretetype = RESULT = old.getreturnvar().concretetype
    for variable, known in zip(graph.exceptblock.inputargs, old.exceptblock.inputargs):
        variable.concretetype = known.concretetype
    result = Variable("result", RESULT)
    block.operations = [
        Operation("direct_call", [functions("start")], Variable("nothing", Void)),
        Operation("direct_call", [program.function_constant(old), *block.inputargs], result),
        Operation("direct_call", [functions("stop")], Variable("nothing", Void)),
    ]
    block.exits = [Link([result], graph.returnblock)]
    program.graphs.append(graph)
    program.entry_graph = graph
