"""Waiting for file descriptors: `poll` and `select`."""

from __future__ import annotations

import errno
import select as host_select

from ouro.lltype import free, malloc
from ouro.rlib._system_errors import last_error, system_error
from ouro.rlib.rffi import INTP, library

__all__ = ["POLLERR", "POLLHUP", "POLLIN", "POLLNVAL", "POLLOUT", "POLLPRI", "poll", "select"]

POLLIN = 0x001
POLLPRI = 0x002
POLLOUT = 0x004
POLLERR = 0x008
POLLHUP = 0x010
POLLNVAL = 0x020

_SOURCE = r"""
/* The events asked for are replaced by those that came. */
int ouro_poll(int count, int *fds, int *events, int milliseconds)
{
    struct pollfd few[16];
    struct pollfd *all = count <= 16 ? few : malloc(count * sizeof *all);
    int i, result;
    if (all == NULL) {
        errno = ENOMEM;
        return -1;
    }
    for (i = 0; i < count; i++) {
        all[i].fd = fds[i];
        all[i].events = (short)events[i];
        all[i].revents = 0;
    }
    result = poll(all, count, milliseconds);
    if (result >= 0)
        for (i = 0; i < count; i++)
            events[i] = all[i].revents;
    if (all != few) {
        int saved = errno;
        free(all);
        errno = saved;
    }
    return result;
}
"""


def _host_poll(count, fds, events, milliseconds):
    poller = host_select.poll()
    for i in range(count):
        poller.register(int(fds[i]), int(events[i]))
    came = dict(poller.poll(None if milliseconds < 0 else milliseconds))
    for i in range(count):
        events[i] = came.get(int(fds[i]), 0)
    return len(came)


_libc = library(
    "int ouro_poll(int, int *, int *, int);",
    includes=["errno.h", "poll.h", "stdlib.h"],
    source=_SOURCE,
    saves_errno=True,
    blocking=["ouro_poll"],
    host={"ouro_poll": _host_poll},
)


def poll(fds, events, milliseconds):
    """Wait until a descriptor is ready, at most so long (for ever if negative).

    fds, events: two lists of the same length, of different descriptors. Returns the list of events that came, 0 for
    descriptors that are not ready. Raises OSError.
    """
    count = len(fds)
    raw_fds = malloc(INTP.TO, count + 1, flavor="raw", zero=True)
    raw_events = malloc(INTP.TO, count + 1, flavor="raw", zero=True)
    try:
        for i in range(count):
            raw_fds[i] = fds[i]
            raw_events[i] = events[i]
        if _libc.ouro_poll(count, raw_fds, raw_events, milliseconds) < 0:
            raise last_error()
        return [int(raw_events[i]) for i in range(count)]
    finally:
        free(raw_events, flavor="raw")
        free(raw_fds, flavor="raw")


def select(readers, writers, exceptional, seconds):
    """The descriptors of the three lists that are ready, as three lists.

    Waits at most `seconds`, for ever if that is negative. Raises OSError; EBADF for a descriptor that is not open.
    """
    events = {}
    _ask(events, readers, POLLIN)
    _ask(events, writers, POLLOUT)
    _ask(events, exceptional, POLLPRI)
    fds = []
    asked = []
    for fd, wanted in events.items():
        fds.append(fd)
        asked.append(wanted)
    milliseconds = -1
    if seconds >= 0.0:
        milliseconds = int(min(seconds * 1000.0 + 0.999, 2147483647.0))
    came = poll(fds, asked, milliseconds)
    ready = {}
    for i in range(len(fds)):
        if came[i] & POLLNVAL:
            raise system_error(_EBADF)
        ready[fds[i]] = came[i]
    return (
        _answer(ready, readers, POLLIN | POLLHUP | POLLERR),
        _answer(ready, writers, POLLOUT | POLLERR),
        _answer(ready, exceptional, POLLPRI),
    )


_EBADF = errno.EBADF


def _ask(events, fds, event):
    for fd in fds:
        events[fd] = events.get(fd, 0) | event


def _answer(ready, fds, events):
    return [fd for fd in fds if ready[fd] & events]
