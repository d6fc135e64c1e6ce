"""Signals, noted when they come and handled when the program asks."""

from __future__ import annotations

import signal as host_signal

from ouro.lltype import free, malloc
from ouro.rlib import _runtime
from ouro.rlib._system_errors import last_error
from ouro.rlib.rffi import DOUBLEP, library

__all__ = [
    "DEFAULT",
    "HANDLED",
    "IGNORED",
    "alarm",
    "default",
    "disposition",
    "getitimer",
    "ignore",
    "note",
    "pause",
    "pending",
    "poll",
    "set_pending",
    "set_ticker",
    "set_wakeup_fd",
    "setitimer",
    "siginterrupt",
]

DEFAULT = 0
IGNORED = 1
HANDLED = 2

_SOURCE = r"""
static void ouro_from_timer(const struct itimerval *timer, double *out)
{
    out[0] = timer->it_value.tv_sec + timer->it_value.tv_usec * 1e-6;
    out[1] = timer->it_interval.tv_sec + timer->it_interval.tv_usec * 1e-6;
}

static void ouro_to_timeval(double seconds, struct timeval *out)
{
    out->tv_sec = (long)seconds;
    out->tv_usec = (long)((seconds - (double)out->tv_sec) * 1e6);
}

int ouro_setitimer(int which, double value, double interval, double *before)
{
    struct itimerval wanted, old;
    ouro_to_timeval(value, &wanted.it_value);
    ouro_to_timeval(interval, &wanted.it_interval);
    if (setitimer(which, &wanted, &old) != 0)
        return -1;
    ouro_from_timer(&old, before);
    return 0;
}

int ouro_getitimer(int which, double *now)
{
    struct itimerval timer;
    if (getitimer(which, &timer) != 0)
        return -1;
    ouro_from_timer(&timer, now);
    return 0;
}
"""


def _host_setitimer(which, value, interval, before):
    before[0], before[1] = host_signal.setitimer(which, value, interval)
    return 0


def _host_getitimer(which, now):
    now[0], now[1] = host_signal.getitimer(which)
    return 0


_libc = library(
    """
    unsigned int alarm(unsigned int);
    int pause(void);
    int siginterrupt(int, int);
    int ouro_setitimer(int, double, double, double *);
    int ouro_getitimer(int, double *);
    """,
    includes=["signal.h", "sys/time.h", "unistd.h"],
    source=_SOURCE,
    saves_errno=["ouro_getitimer", "ouro_setitimer", "siginterrupt"],
    blocking=["pause"],
    host={"ouro_setitimer": _host_setitimer, "ouro_getitimer": _host_getitimer},
)


def note(number):
    """Note this signal when it comes, for `poll`. Raises ValueError if that cannot be."""
    if _runtime.signal_note(number) != 0:
        raise ValueError("signal number out of range")


def default(number):
    """Let the signal do what it does by default. Raises ValueError if that cannot be."""
    if _runtime.signal_default(number) != 0:
        raise ValueError("signal number out of range")


def ignore(number):
    """Ignore the signal. Raises ValueError if that cannot be."""
    if _runtime.signal_ignore(number) != 0:
        raise ValueError("signal number out of range")


def disposition(number):
    """`DEFAULT`, `IGNORED` or `HANDLED`; or -1."""
    return _runtime.signal_disposition(number)


def pending():
    """Whether a noted signal may have come: cheap enough to ask all the time."""
    return _runtime.signals_are_pending() != 0


def poll():
    """A noted signal that came and was not given yet, or 0."""
    return _runtime.signal_next()


def set_pending(number):
    """Act as if the signal had come."""
    _runtime.signal_set(number)


def set_wakeup_fd(fd):
    """Write a byte to the descriptor when a signal comes (-1: to none); returns the one before."""
    return _runtime.signal_wakeup(fd)


def set_ticker(word):
    """Set item 0 of this raw array (a `LONGP` that is never freed) to -1 whenever a noted signal comes.

    An interpreter that counts this word down anyway notices signals without asking for them. So it does a
    MemoryError that was postponed: see `rgc.take_memory_error`.
    """
    _runtime.signal_ticker(word)


def alarm(seconds):
    """SIGALRM after some seconds; returns what was left of the last one."""
    return _libc.alarm(seconds)


def pause():
    """Wait for a signal."""
    _libc.pause()


def siginterrupt(number, flag):
    """Whether the signal interrupts system calls; returns 0 or -1."""
    return _libc.siginterrupt(number, flag)


def setitimer(which, seconds, interval):
    """Start a timer that sends a signal after `seconds` and then every `interval`; both as they were before.

    Raises OSError.
    """
    before = malloc(DOUBLEP.TO, 2, flavor="raw", zero=True)
    try:
        if _libc.ouro_setitimer(which, seconds, interval, before) != 0:
            raise last_error()
        return before[0], before[1]
    finally:
        free(before, flavor="raw")


def getitimer(which):
    """The seconds that are left of a timer, and its interval. Raises OSError."""
    now = malloc(DOUBLEP.TO, 2, flavor="raw", zero=True)
    try:
        if _libc.ouro_getitimer(which, now) != 0:
            raise last_error()
        return now[0], now[1]
    finally:
        free(now, flavor="raw")
