"""A program with a JIT on the host: the typed interpreter runs it, the run-time parts are plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Callable

from ouro import graphopt
from ouro.annotator import annotate
from ouro.flowspace import deep_host_stack
from ouro.graphopt import InlineLimits
from ouro.jitcore.backend import Backend
from ouro.jitcore.codewriter import Policy, write_jitcodes
from ouro.jitcore.descriptors import RANDOM, EffectDescriptor
from ouro.jitcore.entry_points import EntryPoints
from ouro.jitcore.machine.host import HostMachine
from ouro.jitcore.model import Memory, ModelBackend
from ouro.jitcore.outcome import FINISHED_FLOAT, FINISHED_INT, FINISHED_REFERENCE, RAISED
from ouro.jitcore.portal import (
    HOOK_TYPE,
    add_stand_ins,
    host_links,
    install_entries,
    install_operations,
    make_drivers,
    make_gates,
    name_helpers,
    program_functions,
    split_portals,
)
from ouro.jitcore.program_entry import LoopsOfSystem
from ouro.jitcore.testing.compiled import Compiled, watch
from ouro.jitcore.tracer import JitSystem, parameters, reasons
from ouro.lltype import Pointer
from ouro.rlib.jit import parse_optimizations
from ouro.rtyper import LowLevelException, TypedInterpreter, TypedProgram, specialize, verify_program

#: Frames of the host that a program may use: a call of the program is several.
RECURSION_LIMIT = 20_000


class Jitted:
    """A program with its JIT.

    Args:
        function: the entry point.
        arguments: examples of its arguments: ints, floats and bools.
        backend: makes a backend for the memory of the program.
        policy: of the codewriter.
        settings: parameters of all drivers, by name; `enable_opts` may be text, such as `"all:-peel"`.

    Attributes:
        program, portals, jitcodes: what the stages made of it.
        system: the `JitSystem`.
        compiled: a `Compiled` for each trace, in the order in which they were compiled.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        arguments: Sequence[Any],
        backend: Callable[[Memory], Backend] = ModelBackend,
        policy: Policy | None = None,
        **settings: int | str,
    ) -> None:
        self.program = _typed(function, arguments)
        self.portals = split_portals(self.program)
        graphopt.optimize(self.program, limits=InlineLimits(for_jit=True))
        self.interpreter = TypedInterpreter(self.program)
        self.memory = Memory(self.program.instance_types, self.interpreter)
        table = self.memory.descriptors
        virtual_reference = add_stand_ins(self.program, table)
        self.jitcodes = write_jitcodes(self.program, self.portals, table, policy)
        self.backend = backend(self.memory)
        self.compiled: list[Compiled] = []
        watch(self.backend, self.compiled)
        machine = HostMachine(self.memory)
        drivers = make_drivers(self.program, self.portals, table, machine)
        self.system = JitSystem(machine, self.backend, self.jitcodes, drivers, virtual_reference)
        if isinstance(self.backend, ModelBackend):
            self.backend.on_assembler_failure = self._left
        else:
            self.backend.called_loops = LoopsOfSystem(self.system)
        for name, value in settings.items():
            value = parse_optimizations(value) if isinstance(value, str) else value
            self.system.set_parameter(-1, parameters.number_of(name), value)
        install_entries(
            self.program, self.portals, host_links(self.memory, EntryPoints(self.system, self.system.warm_states)),
            make_gates(self.system.warm_states),
        )
        functions = program_functions(self.system)
        name_helpers(self.system.helpers, table, functions)
        self.system.events.hook_call = table.call(HOOK_TYPE, EffectDescriptor(RANDOM, can_invalidate=True))
        install_operations(self.program, self.portals, table, self.jitcodes.virtualizables, functions)
        verify_program(self.program)

    def run(self, *arguments: Any) -> Any:
        """The result for some arguments.

        Raises:
            LowLevelException: what left the program.
        """
        with deep_host_stack(RECURSION_LIMIT):
            return _to_host(self.interpreter.run(self.program.entry_graph, list(arguments)))

    def _left(self, frame: Any) -> Any:
        """What a loop gives that other code has called, and that was left at a guard."""
        outcome = self.system.call_left(frame)
        if outcome.what == RAISED:
            raise self.memory.exception_of(outcome.reference)
        values = {FINISHED_INT: outcome.value, FINISHED_REFERENCE: outcome.reference, FINISHED_FLOAT: outcome.number}
        return values.get(outcome.what)


class JitRun:
    """What came of one run: `result`, or `raised`, the name of the class of the exception that left the program."""

    def __init__(self, jitted: Jitted, arguments: Sequence[Any]) -> None:
        self.jitted = jitted
        self.result: Any = None
        self.raised: str | None = None
        try:
            self.result = jitted.run(*arguments)
        except LowLevelException as exception:
            self.raised = exception.class_name

    @property
    def statistics(self) -> Any:
        """The counts of the tracer."""
        return self.jitted.system.statistics

    @property
    def loops(self) -> list[Compiled]:
        """The traces that jump back to themselves."""
        return [one for one in self.jitted.compiled if one.is_loop]

    @property
    def bridges(self) -> list[Compiled]:
        """The traces that begin at a guard."""
        return [one for one in self.jitted.compiled if one.guard is not None]

    @property
    def aborts(self) -> dict[str, int]:
        """How many recordings were given up, by reason."""
        counts = self.statistics.aborts
        return {reasons.NAMES[reason]: counts[reason] for reason in range(reasons.COUNT) if counts[reason]}

    def check(self, **expected: int) -> None:
        """Assert counts of the statistics (`loops`, `bridges`, `recordings`, ...), `aborts` the sum of all reasons."""
        found = {
            name: sum(self.aborts.values()) if name == "aborts" else getattr(self.statistics, name)
            for name in expected
        }
        assert found == expected, f"{found}, not {expected}; aborts: {self.aborts}"

    def check_loop(self, number: int = 0, **expected: int) -> None:
        """Assert that the body of a loop consists of exactly these operations."""
        found = self.loops[number].counts()
        assert found == expected, f"{found}, not {expected}:\n{self.loops[number].text()}"

    def check_loop_has(self, number: int = 0, **expected: int) -> None:
        """Assert how often some operations are in the body of a loop, 0 for not at all."""
        counts = self.loops[number].counts()
        found = {name: counts.get(name, 0) for name in expected}
        assert found == expected, f"{found}, not {expected}:\n{self.loops[number].text()}"


def meta_interp(
    function: Callable[..., Any],
    arguments: Sequence[Any],
    backend: Callable[[Memory], Backend] = ModelBackend,
    policy: Policy | None = None,
    **settings: int | str,
) -> JitRun:
    """Run a function with the JIT, and without: both must give the same.

    Args:
        function: the entry point of a program with a `JitDriver`.
        arguments: its arguments: ints, floats and bools.
        backend: makes a backend for the memory of the program.
        policy: of the codewriter.
        settings: parameters of all drivers, by name; `threshold` is 3 unless it is given.

    Returns:
        A `JitRun`.
    """
    settings.setdefault("threshold", 3)
    settings.setdefault("trace_eagerness", 2)
    run = JitRun(Jitted(function, arguments, backend, policy, **settings), arguments)
    expected = _plain(_typed(function, arguments), arguments)
    found = ("raises", run.raised) if run.raised else run.result
    same = found == expected or (found != found and expected != expected)
    assert same, f"{found!r} with the JIT, {expected!r} without"
    return run


def _typed(function: Callable[..., Any], arguments: Sequence[Any]) -> TypedProgram:
    return specialize(annotate(function, [type(argument) for argument in arguments]))


def _plain(program: TypedProgram, arguments: Sequence[Any]) -> Any:
    try:
        return _to_host(TypedInterpreter(program).run(program.entry_graph, list(arguments)))
    except LowLevelException as exception:
        return "raises", exception.class_name


def _to_host(value: Any) -> Any:
    """A low-level string as a string; all else as it is."""
    if isinstance(value, Pointer) and value and hasattr(value._T.TO, "index") and "chars" in value._T.TO.index:
        return "".join(value.chars)
    return value
