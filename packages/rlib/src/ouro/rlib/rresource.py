"""Limits on what a process may use, and what it has used."""

from __future__ import annotations

import resource as host_resource

from ouro.lltype import free, malloc
from ouro.rlib import _runtime
from ouro.rlib._system_errors import last_error
from ouro.rlib._usage import FILL_USAGE, USAGE_COUNTS, Usage, host_fill_usage, usage_of
from ouro.rlib.rffi import DOUBLEP, LONGP, library

__all__ = ["Usage", "getpagesize", "getrlimit", "getrusage", "setrlimit", "within_limits"]

_SOURCE = FILL_USAGE + r"""
int ouro_getrlimit(int which, long *out)
{
    struct rlimit limit;
    if (getrlimit(which, &limit) != 0)
        return -1;
    out[0] = (long)limit.rlim_cur;
    out[1] = (long)limit.rlim_max;
    return 0;
}

int ouro_setrlimit(int which, long current, long most)
{
    struct rlimit limit;
    limit.rlim_cur = (rlim_t)current;
    limit.rlim_max = (rlim_t)most;
    return setrlimit(which, &limit);
}

int ouro_getrusage(int who, double *seconds, long *counts)
{
    struct rusage usage;
    if (getrusage(who, &usage) != 0)
        return -1;
    ouro_fill_usage(&usage, seconds, counts);
    return 0;
}
"""


def _host_getrlimit(which, out):
    try:
        out[0], out[1] = host_resource.getrlimit(which)
    except ValueError as error:
        raise OSError(22, str(error)) from None
    return 0


def _host_setrlimit(which, current, most):
    try:
        host_resource.setrlimit(which, (current, most))
    except ValueError as error:
        number = 1 if "not allowed" in str(error) else 22
        raise OSError(number, str(error)) from None
    return 0


def _host_getrusage(who, seconds, counts):
    try:
        usage = host_resource.getrusage(who)
    except ValueError as error:
        raise OSError(22, str(error)) from None
    host_fill_usage(usage, seconds, counts)
    return 0


_libc = library(
    """
    int getpagesize(void);
    int ouro_getrlimit(int, long *);
    int ouro_setrlimit(int, long, long);
    int ouro_getrusage(int, double *, long *);
    """,
    includes=["sys/resource.h", "sys/time.h", "unistd.h"],
    defines=["_GNU_SOURCE"],
    source=_SOURCE,
    saves_errno=["ouro_getrlimit", "ouro_setrlimit", "ouro_getrusage"],
    host={
        "ouro_getrlimit": _host_getrlimit,
        "ouro_setrlimit": _host_setrlimit,
        "ouro_getrusage": _host_getrusage,
    },
)


def getpagesize():
    """Bytes of a page of memory."""
    return _libc.getpagesize()


def getrlimit(which):
    """`(current, most)`; -1 is unlimited. Raises OSError."""
    out = malloc(LONGP.TO, 2, flavor="raw", zero=True)
    try:
        if _libc.ouro_getrlimit(which, out) < 0:
            raise last_error()
        return out[0], out[1]
    finally:
        free(out, flavor="raw")


def within_limits(most, share):
    """The `share`-th part of the addresses that the process may have where that is less than `most`, else `most`."""
    return _runtime.within_limits(most, share)


def setrlimit(which, current, most):
    """Set both limits. Raises OSError."""
    if _libc.ouro_setrlimit(which, current, most) < 0:
        raise last_error()


def getrusage(who):
    """The Usage of this process, or of its children. Raises OSError."""
    seconds = malloc(DOUBLEP.TO, 2, flavor="raw", zero=True)
    counts = malloc(LONGP.TO, USAGE_COUNTS, flavor="raw", zero=True)
    try:
        if _libc.ouro_getrusage(who, seconds, counts) < 0:
            raise last_error()
        return usage_of(seconds, counts)
    finally:
        free(counts, flavor="raw")
        free(seconds, flavor="raw")
