"""The shared RPython programs of `tests/corpus`, which every stage runs and compares with the host.

Each file is an ordinary module with `ENTRIES`: a list of (function, list of argument tuples). The arguments
and results are integers, floats, booleans, strings and None, so that every stage can pass them; what a
function raises counts as its result too.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

CORPUS = Path(__file__).parent / "corpus"


class Sample(NamedTuple):
    """One call of an entry function."""

    program: str
    function: Any
    arguments: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.program}.{self.function.__name__}{self.arguments!r}"


def load_program(path: Path) -> ModuleType:
    """The module of one corpus file."""
    name = f"corpus_{path.stem}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


def programs() -> list[Path]:
    """The corpus files that this host can parse: those for newer syntax say so in their name (`_py310`)."""
    found = []
    for path in sorted(CORPUS.glob("*.py")):
        _, marker, version = path.stem.rpartition("_py3")
        if not marker or sys.version_info >= (3, int(version)):
            found.append(path)
    return found


def samples() -> Iterator[Sample]:
    """Every call of every program."""
    for path in programs():
        module = load_program(path)
        for function, calls in module.ENTRIES:
            for arguments in calls:
                yield Sample(path.stem, function, arguments)


def outcome(run: Any) -> tuple[str, Any]:
    """What `run()` does: `("returns", value)` or `("raises", name of the exception class)`."""
    try:
        return "returns", run()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return "raises", type(error).__name__
