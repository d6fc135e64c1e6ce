"""Shared by all tests: where CPython 2.7 is."""

import os
import pathlib
import shutil
import subprocess

import pytest


def find_cpython27():
    candidates = [os.environ.get("OURO_CPYTHON27"), shutil.which("python2.7")]
    candidates += [str(path) for path in sorted(pathlib.Path.home().glob(".pyenv/versions/2.7*/bin/python2.7"))]
    for candidate in candidates:
        if candidate and subprocess.run([candidate, "-c", ""], capture_output=True).returncode == 0:
            return candidate
    raise RuntimeError("these tests compare with CPython 2.7: install it, or set OURO_CPYTHON27 to its executable")


@pytest.fixture(scope="session")
def cpython27():
    return find_cpython27()
