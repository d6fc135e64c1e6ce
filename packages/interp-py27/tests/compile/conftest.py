"""Shared by the tests of the parser and compiler: what CPython 2.7 says, and helpers beside this file."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
# The compiler recurses with the nesting of the program, on the host several frames a level.
sys.setrecursionlimit(20000)


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
def cpython27(cpython27):
    return CPython27(cpython27)
