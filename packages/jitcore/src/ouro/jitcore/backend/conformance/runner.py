"""Runs the tests of the suite on a host."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

from ouro.jitcore import operations as ops
from ouro.jitcore.backend.conformance.cases import Case, Command
from ouro.jitcore.backend.conformance.hosts import Host
from ouro.jitcore.backend.conformance.world import World
from ouro.jitcore.descriptors import FinishDescriptor, GuardDescriptor, LoopToken
from ouro.jitcore.text import parse_trace, verify
from ouro.jitcore.text.verifier import CONSTANT_OPERANDS


class Mismatch(AssertionError):
    """A backend did something else than the suite says."""


class Runner:
    """Runs one test on a fresh world.

    Args:
        host: where.

    Attributes:
        results: what each command with an expectation gave, by line.
    """

    def __init__(self, host: Host) -> None:
        self.host = host
        self.world = World(host)
        self.results: dict[int, str] = {}
        self._traces: dict[str, list[GuardDescriptor]] = {}
        self._number = 0

    def run(self, case: Case, check: bool = True) -> None:
        """Run a test.

        Raises:
            Mismatch: an expectation does not hold, if `check`.
        """
        self.host.set_assembler_failure(self._no_answer)
        for command in case.commands:
            method = self._row if command.name == "row" else getattr(self, "_" + command.name)
            result = method(case, command)
            self.host.check()
            if result is None:
                continue
            self.results[command.line] = result
            if check and result != command.expected:
                place = f"{case.file.name}:{command.line + 1}"
                raise Mismatch(
                    f"{place}: {case.name}: {command.rest}\n  expected {command.expected}\n  got      {result}")

    # commands

    def _let(self, case: Case, command: Command) -> None:
        name, _, text = command.rest.partition("=")
        self.world.bound[name.strip()] = self.world.value(text.strip())

    def _loop(self, case: Case, command: Command) -> None:
        name = command.rest
        token = self._new_token(name, command.trace)
        trace = self._parse(command.trace)
        self._traces[name] = list(trace.guards)
        self.host.backend.compile_loop(self.host.lower(trace), token)

    def _bridge(self, case: Case, command: Command) -> None:
        name, number = command.rest.split()
        guards = self._traces[name]
        trace = self._parse(command.trace)
        guard = guards[int(number)]
        guards += trace.guards
        self.host.backend.compile_bridge(guard, self.host.lower(trace), self.world.tokens[name])

    def _run(self, case: Case, command: Command) -> str:
        name, _, text = command.rest.partition(" ")
        values = [self.world.value(word) for word in split_values(text)]
        return self._enter(name, values)

    def _noted(self, case: Case, command: Command) -> str:
        result, self.world.noted[:] = " ".join(self.world.noted), []
        return result

    def _forced(self, case: Case, command: Command) -> str:
        result, self.world.forced[:] = " ".join(self.world.forced), []
        return result

    def _show(self, case: Case, command: Command) -> str:
        value = self.world.value(command.rest)
        kind = "i" if isinstance(value, int) else "f" if isinstance(value, float) else "r"
        bound, self.world.bound = self.world.bound, {}
        result = self.world.describe(kind, value)
        self.world.bound = bound
        return result

    def _invalidate(self, case: Case, command: Command) -> None:
        self.host.backend.invalidate(self.world.tokens[command.rest])

    def _free(self, case: Case, command: Command) -> None:
        self.host.backend.free(self.world.tokens[command.rest])

    def _redirect(self, case: Case, command: Command) -> None:
        old, new = command.rest.split()
        self.host.backend.redirect_call_assembler(self.world.tokens[old], self.world.tokens[new])

    def _answer(self, case: Case, command: Command) -> None:
        text = command.rest

        def answer(frame: Any) -> Any:
            self.world.noted.append(self._describe_end(frame))
            value = self.world.value(text)
            if text.startswith("error("):
                raise self.host.exception_of(value)
            return value

        self.host.set_assembler_failure(answer)

    @staticmethod
    def _no_answer(frame: Any) -> Any:
        raise Mismatch("a guard failed in a loop that was called, and the test has no answer for that")

    # traces

    def _new_token(self, name: str, text: str) -> LoopToken:
        world = self.world
        first = text.split("\n")[0]
        kinds = "".join(word.strip()[0] for word in first.strip("[] ").split(",") if word.strip())
        ends = [kind for kind in "irf" if f"done_{kind}" in text]
        known = world.tokens.get(name)
        if known is None:
            known = world.tokens[name] = LoopToken(name, kinds, ends[0] if ends else "n")
            world.names.add_descriptor(known, name)
            for label in ("start", "peeled"):
                world.names.add_descriptor(known.new_target(f"{name}.{label}"), f"{name}.{label}")
        return known

    def _parse(self, text: str) -> Any:
        self.world.add_weighing_functions(text)
        trace = parse_trace(text, self.world.names)
        verify(trace)
        self.world.know_guards(trace)
        return trace

    def _enter(self, name: str, values: list[Any]) -> str:
        token = self.world.tokens[name]
        by_kind: dict[str, list[Any]] = {"i": [], "r": [], "f": []}
        for kind, value in zip(token.argument_kinds, values):
            by_kind[kind].append(float(value) if kind == "f" else value)
        frame = self.host.backend.enter(token, by_kind["i"], by_kind["r"], by_kind["f"])
        self.host.check()
        return self._describe_end(frame)

    def _describe_end(self, frame: Any) -> str:
        descriptor, backend, world = frame.descriptor, self.host.backend, self.world
        if isinstance(descriptor, FinishDescriptor):
            if descriptor.is_exception:
                return f"leave {world.describe('r', backend.value_reference(frame, 0))}"
            if descriptor.kind == "n":
                return "done"
            read: Callable[..., Any] = {
                "i": backend.value_int, "r": backend.value_reference, "f": backend.value_float}[descriptor.kind]
            return f"done {world.describe(descriptor.kind, read(frame, 0))}"
        number = next(guards.index(descriptor) for guards in self._traces.values() if descriptor in guards)
        pending = backend.exception(frame)
        suffix = f" pending {world.describe('r', pending)}" if pending else ""
        return f"guard {number} {world.describe_frame(frame)}{suffix}"

    # operations on their own

    def _row(self, case: Case, command: Command) -> str:
        """One row of an operation, in all its forms; they agree, or the result says which do not."""
        name, _, descriptor = case.name.partition(" ")
        opcode = ops.by_name[name]
        operands = split_values(command.rest)
        kinds = self._operand_kinds(opcode, operands)
        results = {}
        for constants in product((False, True), repeat=len(operands)):
            if any(not constants[position] for position in CONSTANT_OPERANDS.get(opcode, ())):
                continue
            if any(constant and kind == "r" and text != "null"
                   for constant, kind, text in zip(constants, kinds, operands)):
                continue
            for form in self._forms(opcode):
                results[constants, form] = self._run_form(opcode, descriptor, operands, kinds, constants, form)
        distinct = set(results.values())
        if len(distinct) == 1:
            return distinct.pop()
        return "; ".join(f"{form} {constants}: {result}" for (constants, form), result in results.items())

    @staticmethod
    def _operand_kinds(opcode: int, operands: list[str]) -> str:
        kinds = ops.operand_kinds[opcode]
        if "a" in kinds or "v" in kinds:
            raise ValueError(f"{ops.name_of(opcode)} is not tested by rows")
        return kinds[: len(operands)]

    @staticmethod
    def _forms(opcode: int) -> list[str]:
        if ops.has_flag(opcode, ops.OVERFLOW):
            return ["guard_no_overflow", "guard_overflow"]
        if ops.has_flag(opcode, ops.COMPARE):
            return ["value", "guard_true", "guard_false", "guard_true far"]
        return ["value", "operands live on"]

    def _run_form(self, opcode: int, descriptor: str, operands: list[str], kinds: str, constants: tuple[bool, ...],
                  form: str) -> str:
        """The result of an operation in one form, as text."""
        self._number += 1
        name = f"row{self._number}"
        inputs = [f"{kind}{position}" for position, kind in enumerate(kinds)]
        arguments = [text if constant else value for text, constant, value in zip(operands, constants, inputs)]
        kept = [value for value, constant in zip(inputs, constants) if not constant]
        result_kind = ops.result_kind(opcode)
        value = f"{result_kind}{len(inputs)}"
        call = f"{value} = {ops.name_of(opcode)}({', '.join([*arguments, *([descriptor] if descriptor else [])])})"
        lines = [f"[{', '.join(inputs)}]", call]
        if form == "value":
            lines.append(f"finish({value}, done_{result_kind})")
        elif form == "operands live on":
            lines += [f"guard_always_fails() {{{', '.join([value, *kept])}}}", f"finish({value}, done_{result_kind})"]
        elif form.startswith("guard_true") or form == "guard_false":
            if form.endswith("far"):
                lines.append("call_n(@note, 5, call.note)")
            lines += [f"{form.split()[0]}({value}) {{{', '.join(kept)}}}", "finish(1, done_i)"]
        else:
            lines += [f"{form}() {{{', '.join([value, *kept])}}}", f"finish({value}, done_i)"]
        token = self._new_token(name, "\n".join(lines))
        trace = self._parse("\n".join(lines))
        self._traces[name] = list(trace.guards)
        self.host.backend.compile_loop(self.host.lower(trace), token)
        values = [self.world.value(text) for text in operands]
        end = self._enter(name, values)
        self.host.backend.free(token)
        passed = [self.world.describe(kind, v) for kind, v, c in zip(kinds, values, constants) if not c]
        return self._result_of_form(form, end, passed)

    @staticmethod
    def _result_of_form(form: str, end: str, passed: list[str]) -> str:
        """The end of a form as that of the plain operation."""
        if form == "value":
            return end.partition(" ")[2]
        if form.startswith("guard_true") or form == "guard_false":
            holds = end == "done 1"
            if not holds and end != f"guard 0 {{{', '.join(passed)}}}":
                return end
            return str(int(holds == form.startswith("guard_true")))
        if end.startswith("done"):
            result = end.partition(" ")[2]
            return result if form == "guard_no_overflow" else f"overflow {result}"
        kept = end.partition("{")[2].rstrip("}").split(", ") if "{" in end else []
        if kept[1:] != passed:
            return end
        if form == "operands live on":
            return kept[0]
        return f"overflow {kept[0]}" if form == "guard_no_overflow" else kept[0]


def split_values(text: str) -> list[str]:
    """Split at spaces that are in no brackets and no quotes."""
    words, depth, quoted, current = [], 0, False, ""
    for character in text:
        if character == '"':
            quoted = not quoted
        if not quoted:
            depth += character in "([{"
            depth -= character in ")]}"
        if character == " " and not depth and not quoted:
            words.append(current)
            current = ""
        else:
            current += character
    return [word for word in [*words, current] if word]
