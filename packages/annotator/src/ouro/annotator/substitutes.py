"""RPython functions that stand in for functions of the host's standard library.

Authors write `os.write(fd, data)` as they do in any Python program. `SUBSTITUTES` maps such host functions to
functions of
`rlib` with the same arguments and results, which are then part of the program like any other. Where `rlib` speaks
8-bit `str` and the host `bytes`, a small function between the two converts, which costs nothing.
"""

from __future__ import annotations

import math
import os
import sys
import time
from typing import Any, Callable

from ouro.rlib import rfloat, rmath, rposix, rtime
from ouro.rlib.objectmodel import specialize
from ouro.rlib.rarithmetic import ovfcheck_float_to_int


def _read(descriptor, count):  # type: ignore[no-untyped-def] # RPython: everything is inferred
    return rposix.read(descriptor, count).encode("latin-1")  # type: ignore[no-untyped-call]


def _write(descriptor, data):  # type: ignore[no-untyped-def] # as above
    return rposix.write(descriptor, data.decode("latin-1"))  # type: ignore[no-untyped-call]


def _urandom(count):  # type: ignore[no-untyped-def] # as above
    return rposix.urandom(count).encode("latin-1")  # type: ignore[no-untyped-call]


@specialize.argtype(0)  # type: ignore[no-untyped-call]
def _exit(status=0):  # type: ignore[no-untyped-def] # as above
    raise SystemExit(status)


def _write_output(text):  # type: ignore[no-untyped-def] # as above
    print(text, end="")
    return len(text)


def _write_error(text):  # type: ignore[no-untyped-def] # as above
    print(text, end="", file=sys.stderr)
    return len(text)


def _flush():  # type: ignore[no-untyped-def] # as above: what is printed is written at once
    pass


STREAM_METHODS: dict[tuple[int, str], Callable[..., Any]] = {
    (1, "write"): _write_output,
    (2, "write"): _write_error,
    (1, "flush"): _flush,
    (2, "flush"): _flush,
}
"""The methods of the standard streams, by the number of the stream."""


def standard_stream(value: Any) -> int:
    """1 for `sys.stdout`, 2 for `sys.stderr`, else 0."""
    if value is None:
        return 0
    if value is sys.stdout or value is sys.__stdout__:
        return 1
    return 2 if value is sys.stderr or value is sys.__stderr__ else 0


@specialize.argtype(0)  # type: ignore[no-untyped-call]
def str_or_none(value):  # type: ignore[no-untyped-def] # as above
    """`str(value)` of an instance or None."""
    if value is None:
        return "None"
    return str(value)


@specialize.argtype(0)  # type: ignore[no-untyped-call]
def repr_or_none(value):  # type: ignore[no-untyped-def] # as above
    """`repr(value)` of an instance or None."""
    if value is None:
        return "None"
    return repr(value)


def exception_text(error):  # type: ignore[no-untyped-def] # as above
    """`str(error)`.

    One function for all exceptions of the host: later stages may bring in more of them, when it is too late for more
    methods.
    """
    text = error.__text__
    if text is not None:
        return repr(text) if isinstance(error, KeyError) else text
    if isinstance(error, OSError):
        return _os_error_text(error)  # type: ignore[no-untyped-call]
    if isinstance(error, SystemExit):
        return str(error.code)
    return ""


def _os_error_text(error):  # type: ignore[no-untyped-def] # as above
    if error.strerror is None:
        return ""
    text = "[Errno %d] %s" % (error.errno, error.strerror)
    if error.filename is not None:
        text += ": " + repr(error.filename)
    return text


def _exists(path):  # type: ignore[no-untyped-def] # as above
    return rposix.access(path, os.F_OK)  # type: ignore[no-untyped-call]


def _isdir(path):  # type: ignore[no-untyped-def] # as above
    try:
        return rposix.stat(path).is_directory()  # type: ignore[no-untyped-call]
    except OSError:
        return False


def _isfile(path):  # type: ignore[no-untyped-def] # as above
    try:
        return rposix.stat(path).is_regular()  # type: ignore[no-untyped-call]
    except OSError:
        return False


def _join(folder, name):  # type: ignore[no-untyped-def] # as above
    if name.startswith("/"):
        return name
    if folder == "" or folder.endswith("/"):
        return folder + name
    return folder + "/" + name


def _whole(x):  # type: ignore[no-untyped-def] # as above
    if x != x:
        raise ValueError("cannot convert float NaN to integer")
    return ovfcheck_float_to_int(x)  # type: ignore[no-untyped-call]


def _floor(x):  # type: ignore[no-untyped-def] # as above
    return _whole(rmath.floor(x))  # type: ignore[no-untyped-call]


def _ceil(x):  # type: ignore[no-untyped-def] # as above
    return _whole(rmath.ceil(x))  # type: ignore[no-untyped-call]


def _trunc(x):  # type: ignore[no-untyped-def] # as above
    return _whole(x)  # type: ignore[no-untyped-call]


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
    os.path.exists: _exists,
    os.path.isdir: _isdir,
    os.path.isfile: _isfile,
    os.path.join: _join,
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
    math.acos: rmath.acos,
    math.acosh: rmath.acosh,
    math.asin: rmath.asin,
    math.asinh: rmath.asinh,
    math.atan: rmath.atan,
    math.atan2: rmath.atan2,
    math.atanh: rmath.atanh,
    math.cos: rmath.cos,
    math.cosh: rmath.cosh,
    math.erf: rmath.erf,
    math.erfc: rmath.erfc,
    math.exp: rmath.exp,
    math.expm1: rmath.expm1,
    math.fabs: rmath.fabs,
    math.fmod: rmath.fmod,
    math.gamma: rmath.gamma,
    math.hypot: rmath.hypot,
    math.lgamma: rmath.lgamma,
    math.log10: rmath.log10,
    math.log1p: rmath.log1p,
    math.modf: rmath.modf,
    math.pow: rmath.pow,
    math.sin: rmath.sin,
    math.sinh: rmath.sinh,
    math.sqrt: rmath.sqrt,
    math.tan: rmath.tan,
    math.tanh: rmath.tanh,
    math.floor: _floor,
    math.ceil: _ceil,
    math.trunc: _trunc,
    sys.exit: _exit,
    time.time: rtime.time,
    time.sleep: rtime.sleep,
}
"""Host function -> RPython function."""
