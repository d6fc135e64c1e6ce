"""RPython functions that stand in for functions of the host's standard library.

Authors write `os.write(fd, data)` as they do in any Python program. `SUBSTITUTES` maps such host functions to
functions of
`rlib` with the same arguments and results, which are then part of the program like any other. Where `rlib` speaks
8-bit `str` and the host `bytes`, a small function between the two converts, which costs nothing.
"""

from __future__ import annotations

import math
import os
from typing import Any, Callable

from ouro.rlib import rfloat, rposix


def _read(descriptor, count):  # type: ignore[no-untyped-def] # RPython: everything is inferred
    return rposix.read(descriptor, count).encode("latin-1")  # type: ignore[no-untyped-call]


def _write(descriptor, data):  # type: ignore[no-untyped-def] # as above
    return rposix.write(descriptor, data.decode("latin-1"))  # type: ignore[no-untyped-call]


def _urandom(count):  # type: ignore[no-untyped-def] # as above
    return rposix.urandom(count).encode("latin-1")  # type: ignore[no-untyped-call]


SUBSTITUTES: dict[Callable[..., Any], Callable[..., Any]] = {
    os.read: _read,
    os.write: _write,
    os.urandom: _urandom,
    os.open: rposix.open,
    os.close: rposix.close,
    os.lseek: rposix.lseek,
    os.dup: rposix.dup,
    os.dup2: rposix.dup2,
    os.isatty: rposix.isatty,
    os.pipe: rposix.pipe,
    os.strerror: rposix.strerror,
    os.getcwd: rposix.getcwd,
    os.chdir: rposix.chdir,
    os.listdir: rposix.listdir,
    os.mkdir: rposix.mkdir,
    os.rmdir: rposix.rmdir,
    os.unlink: rposix.unlink,
    os.remove: rposix.unlink,
    os.rename: rposix.rename,
    os.readlink: rposix.readlink,
    os.access: rposix.access,
    os.getpid: rposix.getpid,
    os.getenv: rposix.getenv,
    os.system: rposix.system,
    os._exit: rposix.exit_now,
    math.isnan: rfloat.isnan,
    math.isinf: rfloat.isinf,
    math.isfinite: rfloat.isfinite,
    math.copysign: rfloat.copysign,
    math.frexp: rfloat.frexp,
    math.ldexp: rfloat.ldexp,
}
"""Host function -> RPython function."""
