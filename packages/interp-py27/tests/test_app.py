"""Python 2.7 programs print the same in our interpreter, untranslated, as in CPython 2.7.18."""

import os
import pathlib
import subprocess
import sys

import pytest

APP = pathlib.Path(__file__).parent / "app"
PROGRAMS = sorted(path.name for path in APP.glob("*.py"))


def run(command, program):
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", PYTHONHASHSEED="0")
    return subprocess.run(command + [program], cwd=APP, capture_output=True, timeout=120, env=environment)


def text(output):
    return output.decode(errors="backslashreplace")


@pytest.mark.parametrize("program", PROGRAMS)
def test_program_prints_the_same_as_under_cpython(program, cpython27):
    expected = run([cpython27, "-S"], program)
    actual = run([sys.executable, "-m", "ouro.interp_py27", "-S"], program)
    assert text(actual.stdout) == text(expected.stdout), text(actual.stderr)
    assert text(actual.stderr) == text(expected.stderr)
    assert actual.returncode == expected.returncode
