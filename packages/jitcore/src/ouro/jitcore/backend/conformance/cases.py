"""The text of the suite: files of tests, each a few commands with the expected results beside them.

    operation int_add               an operation on its own: rows of operands and result; the runner tries constants in
    3 4 => 7                        place of operands, comparisons that fuse with guards, overflow guards

    test NAME                       anything else, command by command
    let a = node(3)                 a value with a name: objects are compared by it
    loop NAME                       a trace follows, up to the next command; its labels are NAME.start, NAME.peeled
    bridge NAME GUARD               a trace follows, the bridge of a guard of loop NAME. Guards are numbered as they
                                    come: those of the loop, then those of its bridges
    run NAME VALUES => RESULT       `done VALUE`, `leave EXCEPTION`, `guard NUMBER {VALUES}` with ` pending EXCEPTION`
    noted => VALUES                 what `@note` was called with since the last time
    forced => {VALUES} ...          what forced frames held since the last time
    show VALUE => TEXT              what an object looks like now
    invalidate NAME, free NAME
    redirect NAME TO                calls of one loop enter another
    answer VALUE                    the result of loops that are called and fail; `answer error(3)` raises it

Lines that begin with # are comments.
"""

from __future__ import annotations

from pathlib import Path

COMMANDS = ("let", "loop", "bridge", "run", "noted", "forced", "show", "invalidate", "free", "redirect", "answer")

FOLDER = Path(__file__).parent / "traces"


class Command:
    """One command: its words as a string, its expectation (None for none), the trace behind it, and its place.

    `line` counts from 0 in the file.
    """

    def __init__(self, name: str, rest: str, expected: str | None, line: int) -> None:
        self.name = name
        self.rest = rest
        self.expected = expected
        self.line = line
        self.trace = ""


class Case:
    """A test, or the rows of one operation."""

    def __init__(self, file: Path, kind: str, name: str) -> None:
        self.file = file
        self.kind = kind
        self.name = name
        self.commands: list[Command] = []

    def __repr__(self) -> str:
        return f"{self.file.stem}: {self.name}"


def all_cases(folder: Path = FOLDER) -> list[Case]:
    """Every test of the suite."""
    return [case for file in sorted(folder.glob("*.trace")) for case in read_cases(file)]


def read_cases(file: Path) -> list[Case]:
    """The tests in a file.

    Raises:
        ValueError: a line makes no sense.
    """
    cases: list[Case] = []
    for number, line in enumerate(file.read_text().split("\n")):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        word, _, rest = text.partition(" ")
        if word in ("test", "operation"):
            cases.append(Case(file, word, rest))
            continue
        if not cases:
            raise ValueError(f"{file.name}:{number + 1}: nothing has begun")
        case = cases[-1]
        if case.kind == "operation":
            case.commands.append(_command("row", text, number))
        elif word in COMMANDS:
            case.commands.append(_command(word, rest, number))
        elif case.commands and case.commands[-1].name in ("loop", "bridge"):
            case.commands[-1].trace += text + "\n"
        else:
            raise ValueError(f"{file.name}:{number + 1}: there is no command {word!r}")
    return cases


def _command(name: str, text: str, line: int) -> Command:
    rest, arrow, expected = text.partition("=>")
    return Command(name, rest.strip(), expected.strip() if arrow else None, line)


def bless(cases: list[Case], results: dict[int, str]) -> None:
    """Write results into the file of some tests: `results` is by the line of the command."""
    file = cases[0].file
    lines = file.read_text().split("\n")
    for line, result in results.items():
        lines[line] = f"{lines[line].partition('=>')[0].rstrip()} => {result}"
    file.write_text("\n".join(lines))
