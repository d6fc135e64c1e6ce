"""Shared by the tests of the parser and compiler: where CPython 2.7 is, and helpers beside this file."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
# The compiler recurses with the nesting of the program, on the host several frames a level.
sys.setrecursionlimit(20000)


def _find_cpython27():
    candidates = [os.environ.get("OURO_CPYTHON27")]
    candidates += sorted(str(path) for path in Path.home().glob(".pyenv/versions/2.7.*/bin/python2.7"))
    candidates += [shutil.which("python2.7")]
    for candidate in candidates:
        if candidate and os.path.exists(candidate):
            return candidate
    return None


class CPython27:
    def __init__(self, executable):
        self.executable = executable

    def run(self, script, *arguments, options=()):
        """The lines that one of the scripts in `reference` prints, each byte a character."""
        command = [self.executable, "-B", "-W", "ignore", *options, str(HERE / "reference" / script)]
        result = subprocess.run(command + [str(argument) for argument in arguments], stdout=subprocess.PIPE, check=True)
        return result.stdout.decode("latin-1").split("\n")

    def library(self):
        result = subprocess.run([self.executable, "-c", "import os; print(os.__file__)"], stdout=subprocess.PIPE,
                                check=True)
        return Path(result.stdout.decode().strip()).parent


@pytest.fixture(scope="session")
def cpython27():
    executable = _find_cpython27()
    if executable is None:
        pytest.fail("needs CPython 2.7 as reference: set OURO_CPYTHON27 to its executable")
    return CPython27(executable)
