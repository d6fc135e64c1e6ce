"""Signals, noted when they come and handled when the program asks."""

from __future__ import annotations

from ouro.rlib import _runtime
from ouro.rlib.rffi import library

__all__ = [
    "DEFAULT",
    "HANDLED",
    "IGNORED",
    "alarm",
    "default",
    "disposition",
    "ignore",
    "note",
    "pause",
    "pending",
    "poll",
    "set_pending",
    "set_wakeup_fd",
    "siginterrupt",
]

DEFAULT = 0
IGNORED = 1
HANDLED = 2

_libc = library(
    "unsigned int alarm(unsigned int); int pause(void); int siginterrupt(int, int);",
    includes=["signal.h", "unistd.h"],
    blocking=["pause"],
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


def alarm(seconds):
    """SIGALRM after some seconds; returns what was left of the last one."""
    return _libc.alarm(seconds)


def pause():
    """Wait for a signal."""
    _libc.pause()


def siginterrupt(number, flag):
    """Whether the signal interrupts system calls; returns 0 or -1."""
    return _libc.siginterrupt(number, flag)
