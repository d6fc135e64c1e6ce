"""Generated programs as one target: an executable that prints the outcome of every call of each of them."""

from __future__ import annotations

from pathlib import Path

from ouro.rlib.source import execute_source
from program_corpus import outcome
from program_generator import GeneratedProgram

_CAUGHT = ["Worse", "Oops", "Other", "Exhausted"]
_HEAD = """import os
import sys
sys.path.insert(0, {folder!r})
{imports}

def show(text):
    os.write(1, (text + "\\n").encode("latin-1"))
"""
_CALL = """
def call_{name}(a, b, s):
    try:
        show(str({name}.entry(a, b, s)))
{handlers}
    except ValueError:
        show("raises ValueError")
    except KeyError:
        show("raises KeyError")
"""
_TAIL = """
def main(argv):
{calls}
    return 0

def target(driver, args):
    return main
"""


def write_target(folder: Path, programs: list[GeneratedProgram]) -> Path:
    """The target file in *folder*, beside a module for each program."""
    names = [f"{folder.name}_program{number}".replace("-", "_") for number in range(len(programs))]
    parts = [_HEAD.format(folder=str(folder), imports="\n".join(f"import {name}" for name in names))]
    calls = []
    for name, program in zip(names, programs):
        (folder / f"{name}.py").write_text(program.source)
        handlers = [f"    except {name}.{caught}:\n        show('raises {caught}')" for caught in _CAUGHT]
        parts.append(_CALL.format(name=name, handlers="\n".join(handlers)))
        calls += [f"    call_{name}({a}, {b}, {s!r})" for a, b, s in program.arguments]
    target = folder / "target.py"
    target.write_text("".join(parts) + _TAIL.format(calls="\n".join(calls)))
    return target


def expected_lines(program: GeneratedProgram) -> list[str]:
    """What the executable prints for one program."""
    entry = execute_source(program.source, {"__name__": "generated"})["entry"]
    lines = []
    for arguments in program.arguments:
        kind, value = outcome(lambda arguments=arguments: entry(*arguments))
        lines.append(f"raises {value}" if kind == "raises" else str(value))
    return lines
