"""Reads the log of a JIT: what was compiled, how often its guards failed, and the machine code beside it.

The log is what `OUROLOG=jit-:FILE` writes (see docs/reference/jit-options.md): sections, one in another. Sections that
are not known, and lines outside of sections (a program may write to the same file), are skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from attrs import define, field
from ouro.backend_x86.disassemble import DumpedCode, read_dump
from ouro.translator._errors import UserError

_SECTION = re.compile(r"^\s*\[[0-9a-f]+\] (?:\{(?P<start>[\w-]+)|(?P<stop>[\w-]+)\})$")
_LOOP = re.compile(r"^# (?P<loop>\S+) \((?P<where>.*)\)$")
_BRIDGE = re.compile(r"^# bridge of guard (?P<guard>\d+) of (?P<loop>\S+)$")
_GUARD = re.compile(r"^guard (?P<guard>\d+) of (?P<loop>\S+): (?P<count>\d+)(?P<bridge>, then a bridge)?$")
_INSTRUCTION = re.compile(r"^(?:[irf]\d+ = )?(?P<name>\w+)\(.*?\)(?: \{.*?\})?(?:  # (?P<comment>.*))?$")

#: Machine code never goes on behind such an instruction.
_LEAVES = re.compile(r"  (?:jmp|ret)\b")

#: The sections with something to show.
SECTIONS = ("jit-log-opt", "jit-log-noopt", "jit-backend-dump", "jit-guards", "jit-abort", "jit-summary")


@define
class Instruction:
    """One line of a trace.

    Attributes:
        text: without the comment.
        name: of the operation.
        comment: where the interpreted program is (`debug_merge_point`), or the number of the guard.
        machine_code: the lines of the code that it became, and what stands above it without any.
    """

    text: str
    name: str
    comment: str = ""
    machine_code: list[str] = field(factory=list)

    @property
    def guard(self) -> int | None:
        """The number of a guard."""
        found = re.match(r"guard (\d+)", self.comment) if self.name.startswith("guard_") else None
        return int(found.group(1)) if found else None


@define
class LoggedTrace:
    """One trace that was compiled.

    Attributes:
        loop: the name of the loop that it belongs to.
        where: the position of the interpreted program where it begins; empty for a bridge.
        guard: the number of the guard that a bridge goes on from.
        inputs: what it begins with, as text.
        recording: the lines before the optimisation, where the log has them.
        size: bytes of machine code, 0 where the log has none.
    """

    loop: str
    where: str = ""
    guard: int | None = None
    inputs: str = ""
    instructions: list[Instruction] = field(factory=list)
    recording: list[str] = field(factory=list)
    size: int = 0

    @property
    def title(self) -> str:
        return self.loop if self.guard is None else f"bridge of guard {self.guard} of {self.loop}"


@define
class JitLog:
    """All of a log.

    Attributes:
        failures: how often guards failed, by number; empty where the log does not say.
        aborts: the lines about recordings that were given up.
        summary: the lines of counts.
    """

    traces: list[LoggedTrace] = field(factory=list)
    failures: dict[int, int] = field(factory=dict)
    aborts: list[str] = field(factory=list)
    summary: list[str] = field(factory=list)


def read_log(lines: Iterable[str], name: str) -> JitLog:
    """Read a log.

    Args:
        lines: of the file.
        name: of the file, for messages.

    Raises:
        UserError: it is no log, or has no section with something to show.
    """
    log = JitLog()
    recordings: dict[str, list[str]] = {}
    dumps: list[tuple[LoggedTrace | None, list[str]]] = []
    found: set[str] = set()
    for section, body in _sections(lines):
        found.add(section)
        if section == "jit-log-opt":
            trace = _read_trace(body, recordings)
            if trace is not None:
                log.traces.append(trace)
        elif section == "jit-log-noopt" and body:
            recordings[body[0]] = body[1:]
        elif section == "jit-backend-dump":
            dumps.append((log.traces[-1] if log.traces else None, body))
        elif section == "jit-guards":
            for line in body:
                guard = _GUARD.match(line)
                if guard:
                    log.failures[int(guard.group("guard"))] = int(guard.group("count"))
        elif section == "jit-abort":
            log.aborts += body
        elif section == "jit-summary":
            log.summary += body
    if not found.intersection(SECTIONS):
        raise UserError(
            f"{name}: this is no log of a JIT",
            "run the program with OUROLOG=jit-:FILE, where it was translated with --jit",
        )
    if not log.traces and not log.aborts:
        raise UserError(
            f"{name}: the log has no traces",
            "log the section jit-log-opt, and see whether anything is hot: --jit threshold=3",
        )
    try:
        _add_machine_code(dumps)
    except (ValueError, IndexError, StopIteration) as error:
        raise UserError(
            f"{name}: the machine code in the log is damaged",
            "have the log written anew, or without jit-backend-dump",
        ) from error
    return log


def _sections(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """The sections in the order in which they end, each with its own lines."""
    open_sections: list[tuple[str, list[str]]] = []
    for line in lines:
        text = line.rstrip("\n")
        bracket = _SECTION.match(text) if text.lstrip().startswith("[") else None
        if bracket is None:
            if open_sections:
                open_sections[-1][1].append(text)
        elif bracket.group("start"):
            open_sections.append((bracket.group("start"), []))
        elif open_sections and open_sections[-1][0] == bracket.group("stop"):
            yield open_sections.pop()
    # the program may have been killed: what is there is shown
    yield from reversed(open_sections)


def _read_trace(body: list[str], recordings: dict[str, list[str]]) -> LoggedTrace | None:
    bridge = _BRIDGE.match(body[0]) if body else None
    loop = _LOOP.match(body[0]) if body else None
    if bridge is not None:
        trace = LoggedTrace(bridge.group("loop"), guard=int(bridge.group("guard")))
    elif loop is not None:
        trace = LoggedTrace(loop.group("loop"), loop.group("where"))
    else:
        return None
    trace.recording = recordings.pop(body[0], [])
    for line in body[1:]:
        match = _INSTRUCTION.match(line)
        if match is not None:
            text, _, _ = line.partition("  # ") if match.group("comment") else (line, "", "")
            trace.instructions.append(Instruction(text, match.group("name"), match.group("comment") or ""))
        elif line.startswith("[") and not trace.inputs:
            trace.inputs = line
    return trace


# ---- machine code


def _is_anchor(name: str) -> bool:
    """Is it an operation that is in the trace before and after the rewriting for the backend, in the same order?"""
    return name.startswith("guard_") or name in ("debug_merge_point", "label", "jump", "finish")


def _add_machine_code(dumps: list[tuple[LoggedTrace | None, list[str]]]) -> None:
    """Put the machine code of each trace beside its operations; later patches are in it."""
    text = [line for _, lines in dumps for line in lines]
    codes = iter(read_dump(text))
    for trace, lines in dumps:
        for line in lines:
            if not line.startswith("code "):
                continue
            code = next(codes)
            kind = "loop" if trace is not None and trace.guard is None else "bridge"
            if trace is not None and trace.size == 0 and (code.kind, code.name) == (kind, trace.loop):
                trace.size = code.size
                _place(trace, code)


def _place(trace: LoggedTrace, code: DumpedCode) -> None:
    """Disassemble a piece of code and give each operation its part.

    The code of an operation that the rewriting keeps is its own; what lies between two of them belongs to the
    operations between them, and stands below the last of these.
    """
    from ouro.backend_x86.disassemble import assembly_lines  # capstone is only needed for machine code

    places = [number for number, instruction in enumerate(trace.instructions) if _is_anchor(instruction.name)]
    kept = [index for index, (_, name) in enumerate(code.operations) if _is_anchor(name)]
    if [code.operations[index][1] for index in kept] != [trace.instructions[number].name for number in places]:
        whole = Instruction("", "", "the whole machine code", assembly_lines(code, 0, code.size))
        trace.instructions.append(whole)
        return
    bounds = [offset for offset, _ in code.operations] + [code.size]
    end = 0
    for number, index in zip(places, kept):
        own = trace.instructions[number]
        before = trace.instructions[number - 1] if number else own
        before.machine_code += assembly_lines(code, end, bounds[index])
        end = bounds[index + 1]
        own.machine_code += assembly_lines(code, bounds[index], end)
    # behind the last operation, which jumps away, are the exits of the guards
    last = trace.instructions[places[-1]]
    count = next((number for number, line in enumerate(last.machine_code, 1) if _LEAVES.search(line)), 0)
    if 0 < count < len(last.machine_code):
        exits = last.machine_code[count:]
        last.machine_code = last.machine_code[:count]
        trace.instructions.append(Instruction("", "", "the exits of the guards", exits))
