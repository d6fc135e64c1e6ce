"""Running Python 2.7 programs on one interpreter or the other."""

import functools
import os
import resource
import subprocess


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
