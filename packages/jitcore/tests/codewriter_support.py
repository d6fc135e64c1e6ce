"""Writes the jitcodes of RPython functions and runs them beside the typed graphs and plain Python."""

from __future__ import annotations

from typing import Any

from jitcode_executor import Executor, Raised
from ouro import graphopt
from ouro.annotator import annotate
from ouro.graphopt import InlineLimits
from ouro.jitcore.codewriter import Policy
from ouro.jitcore.codewriter.writer import Writer
from ouro.jitcore.jitcode import JitProgram
from ouro.jitcore.jitcode.text import parse_program, print_program
from ouro.jitcore.jitcode.verifier import verify_program as verify_jitcodes
from ouro.jitcore.machine.host import HostMachine
from ouro.jitcore.model import Memory
from ouro.jitcore.portal import split_portals
from ouro.jitcore.text import Names
from ouro.lltype import Ptr
from ouro.rtyper import LowLevelException, TypedInterpreter, TypedProgram, specialize, verify_program
from ouro.rtyper._string_helpers import STR, host_string, prebuilt_string

#: Nothing is inlined, so that calls stay calls.
NO_INLINING = InlineLimits(small=0, single_use=0, tiny=0, for_jit=True)


class Written:
    """A program and its jitcodes, those of its entry graph too.

    Args:
        program: typed.
        limits: for inlining, None for the usual ones.
        optimise: run the optimiser on graphs at all.
        policy: of the codewriter.
    """

    def __init__(
        self, program: TypedProgram, limits: InlineLimits | None, optimise: bool, policy: Policy | None
    ) -> None:
        self.program = program
        self.portals = split_portals(program)
        if optimise:
            graphopt.optimize(program, limits=limits or InlineLimits(for_jit=True))
        verify_program(program)
        self.interpreter = TypedInterpreter(program)
        self.memory = Memory(program.instance_types, self.interpreter)
        self.writer = Writer(program, self.portals, self.memory.descriptors, policy or Policy())
        self.entry = self.writer.jitcode_of(program.entry_graph)
        self.jitcodes: JitProgram = self.writer.run()
        verify_jitcodes(self.jitcodes)
        verify_program(program)
        self.machine = HostMachine(self.memory)
        self.executor = Executor(self.jitcodes, self.machine)

    def text(self) -> str:
        """All jitcodes as text, checked to read back."""
        names = Names()
        text = print_program(self.jitcodes, names)
        assert print_program(parse_program(text, names), names) == text
        return text

    def run_jitcodes(self, *arguments: Any) -> Any:
        """What the jitcodes do: the result, or the name of the exception's class in `("raises", name)`."""
        memory = self.memory
        variables = self.program.entry_graph.getargs()
        operands = [
            memory.to_trace(variable.concretetype, to_low_level(value))
            for variable, value in zip(variables, arguments)
        ]
        try:
            result = self.executor.run(self.entry, operands)
        except Raised as raised:
            return "raises", memory.exception_of(raised.reference).class_name
        RESULT = self.program.entry_graph.getreturnvar().concretetype
        return None if self.entry.result_kind == "n" else to_host(memory.from_trace(RESULT, result))

    def run_graphs(self, *arguments: Any) -> Any:
        """What the typed graphs do, in the same form."""
        try:
            operands = [to_low_level(value) for value in arguments]
            return to_host(self.interpreter.run(self.program.entry_graph, operands))
        except LowLevelException as exception:
            return "raises", exception.class_name


def write_program(
    program: TypedProgram, limits: InlineLimits | None = NO_INLINING, optimise: bool = True,
    policy: Policy | None = None,
) -> Written:
    """The jitcodes of a typed program."""
    return Written(program, limits, optimise, policy)


def write(function: Any, arguments: tuple[Any, ...], **options: Any) -> Written:
    """The jitcodes of a function that is called with arguments like these."""
    return write_program(specialize(annotate(function, [type(argument) for argument in arguments])), **options)


def to_low_level(value: Any) -> Any:
    return prebuilt_string(value) if isinstance(value, str) else value


def to_host(value: Any) -> Any:
    if getattr(value, "_T", None) == Ptr(STR):
        return host_string(value)
    assert not hasattr(value, "_T"), "results are numbers and strings"
    return value


def on_host(function: Any, *arguments: Any) -> Any:
    """What plain Python does, in the same form."""
    try:
        return function(*arguments)
    except Exception as error:
        return "raises", type(error).__name__


def agree(function: Any, *calls: tuple[Any, ...], **options: Any) -> Written:
    """Assert that jitcodes do what graphs and plain Python do, for each of the calls."""
    written = write(function, calls[0], **options)
    for arguments in calls:
        expected = on_host(function, *arguments)
        for found in (written.run_graphs(*arguments), written.run_jitcodes(*arguments)):
            same = found == expected or (found != found and expected != expected)
            assert same, f"{function.__name__}{arguments}: {found!r}, not {expected!r}\n{written.text()}"
    return written


