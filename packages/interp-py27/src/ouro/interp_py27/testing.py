"""For tests and benchmarks on the host: where the CPython 2.7 is that results are compared with."""

import os
import pathlib
import shutil
import subprocess


def find_cpython27():
    """The path of a CPython 2.7: ``$OURO_CPYTHON27``, the search path, or the newest that pyenv installed.

    Raises:
        FileNotFoundError: there is none that runs.
    """
    installed = sorted(pathlib.Path.home().glob(".pyenv/versions/2.7*/bin/python2.7"), reverse=True)
    for candidate in [os.environ.get("OURO_CPYTHON27"), shutil.which("python2.7"), *map(str, installed)]:
        if candidate and subprocess.run([candidate, "-c", ""], capture_output=True).returncode == 0:
            return candidate
    raise FileNotFoundError("no CPython 2.7 to compare with: install it, or set OURO_CPYTHON27 to its executable")
