"""Running Python 2.7 programs on one interpreter or the other."""

import functools
import os
import resource
import shutil
import subprocess
from pathlib import Path


def find_cpython27():
    """The path of CPython 2.7.

    Raises:
        RuntimeError: it is not installed.
    """
    candidates = [shutil.which("python2.7")]
    candidates += [str(path) for path in sorted(Path.home().glob(".pyenv/versions/2.7*/bin/python2.7"))]
    for candidate in candidates:
        if candidate and subprocess.run([candidate, "-c", ""], capture_output=True).returncode == 0:
            return candidate
    raise RuntimeError("CPython 2.7 is not installed: it is what these tests compare with")


def run(command, folder=None, text=b"", timeout=300, memory=None, **environment):
    """The completed process of *command*, with reproducible hashes and without writing byte code files.

    Args:
        memory: the most address space that it may take, in bytes.
    """
    settings = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", **environment}
    limit = None if memory is None else functools.partial(resource.setrlimit, resource.RLIMIT_AS, (memory, memory))
    return subprocess.run(
        command, cwd=folder, input=text, capture_output=True, timeout=timeout, env=settings, preexec_fn=limit
    )
