"""The corpus as executables: every call of every program gives what it gives on the host.

One executable a program: a generated target file with a function for each call, which prints the outcome.
"""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import program_corpus

HEAD = """import os
import sys
sys.path.insert(0, {folder!r})
import program_corpus
program = program_corpus.load_program(program_corpus.Path({path!r}))

def show(text):
    os.write(1, (text + "\\n").encode("latin-1"))

def show_bool(value):
    show("True" if value else "False")

def show_none(value):
    show("None")

def show_int(value):
    show(str(value))

def show_float(value):
    show(str(value))
"""

CALL = """
def call_{number}():
    try:
        {show}(program.{function}({arguments}))
    except {exception}:
        show("raises {name}")
"""

TAIL = """
def main(argv):
{calls}
    return 0

def target(driver, args):
    return main
"""

SHOW = {bool: "show_bool", int: "show_int", float: "show_float", str: "show", type(None): "show_none"}


def expected_line(outcome):
    kind, value = outcome
    return f"raises {value}" if kind == "raises" else str(value)


def make_target(path, samples, outcomes):
    """The text of a target that makes all the calls."""
    folder = str(Path(__file__).parent)
    parts = [HEAD.format(folder=folder, path=str(path))]
    module = program_corpus.load_program(path)
    returned = {}
    for sample, (kind, value) in zip(samples, outcomes):
        if kind == "returns":
            returned[sample.function] = type(value)
    for number, (sample, (kind, value)) in enumerate(zip(samples, outcomes)):
        name = value if kind == "raises" else "ArithmeticError"
        exception = f"program.{name}" if hasattr(module, name) else name
        parts.append(
            CALL.format(
                number=number,
                show=SHOW[returned.get(sample.function, type(None))],
                function=sample.function.__name__,
                arguments=", ".join(map(repr, sample.arguments)),
                exception=exception,
                name=name,
            )
        )
    calls = "\n".join(f"    call_{number}()" for number in range(len(samples)))
    return "".join(parts) + TAIL.format(calls=calls)


@pytest.mark.parametrize("path", program_corpus.programs(), ids=lambda path: path.stem)
@pytest.mark.parametrize("collector", ["none", "generational"])
def test_corpus_program_gives_what_the_host_gives(path, collector, tmp_path):
    samples = [sample for sample in program_corpus.samples() if sample.program == path.stem]
    outcomes = [program_corpus.outcome(lambda s=s: s.function(*s.arguments)) for s in samples]
    target = tmp_path / f"{path.stem}_target.py"
    target.write_text(make_target(path, samples, outcomes))
    executable = tmp_path / path.stem
    command = [sys.executable, "-m", "ouro.translator", "translate", str(target), "-O0", "--verify"]
    subprocess.run([*command, "--gc", collector, "--output", str(executable)], check=True, timeout=300)
    done = subprocess.run([str(executable)], capture_output=True, text=True, encoding="latin-1", timeout=60)
    lines = done.stdout.splitlines()
    wrong = [
        f"{sample}: {line!r}, not {expected_line(outcome)!r}"
        for sample, outcome, line in zip(samples, outcomes, lines)
        if line != expected_line(outcome)
    ]
    assert not wrong and len(lines) == len(samples) and done.returncode == 0, (wrong, done.stderr)
