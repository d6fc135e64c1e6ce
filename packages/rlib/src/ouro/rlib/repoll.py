"""Linux's `epoll`."""

from __future__ import annotations

import os
import select as host_select

from ouro.lltype import free, malloc
from ouro.rlib._system_errors import last_error
from ouro.rlib.rarithmetic import intmask
from ouro.rlib.rffi import INTP, UINTP, library

__all__ = ["ADD", "DELETE", "MODIFY", "control", "create", "wait"]

ADD = 1
DELETE = 2
MODIFY = 3

_SOURCE = r"""
int ouro_epoll_control(int epoll, int operation, int fd, unsigned int events)
{
    struct epoll_event event;
    memset(&event, 0, sizeof event);
    event.events = events;
    event.data.fd = fd;
    return epoll_ctl(epoll, operation, fd, &event);
}

int ouro_epoll_wait(int epoll, int *fds, unsigned int *events, int most, int milliseconds)
{
    struct epoll_event *all = malloc(most * sizeof *all);
    int i, count, saved;
    if (all == NULL) {
        errno = ENOMEM;
        return -1;
    }
    count = epoll_wait(epoll, all, most, milliseconds);
    for (i = 0; i < count; i++) {
        fds[i] = all[i].data.fd;
        events[i] = all[i].events;
    }
    saved = errno;
    free(all);
    errno = saved;
    return count;
}
"""


def _host_create(flags):
    poller = host_select.epoll()
    fd = os.dup(poller.fileno())
    poller.close()
    return fd


def _host_poller(fd):
    # closing it must leave the descriptor open
    return host_select.epoll.fromfd(os.dup(fd))


def _host_control(epoll, operation, fd, events):
    with _host_poller(epoll) as poller:
        if operation == ADD:
            poller.register(fd, int(events))
        elif operation == MODIFY:
            poller.modify(fd, int(events))
        else:
            poller.unregister(fd)
    return 0


def _host_wait(epoll, fds, events, most, milliseconds):
    with _host_poller(epoll) as poller:
        came = poller.poll(-1 if milliseconds < 0 else milliseconds * 1e-3, most)
    for i, (fd, event) in enumerate(came):
        fds[i] = fd
        events[i] = event
    return len(came)


_libc = library(
    """
    int epoll_create1(int);
    int ouro_epoll_control(int, int, int, unsigned int);
    int ouro_epoll_wait(int, int *, unsigned int *, int, int);
    """,
    includes=["errno.h", "stdlib.h", "string.h", "sys/epoll.h"],
    source=_SOURCE,
    saves_errno=True,
    blocking=["ouro_epoll_wait"],
    host={
        "epoll_create1": _host_create,
        "ouro_epoll_control": _host_control,
        "ouro_epoll_wait": _host_wait,
    },
)


def create():
    """A new descriptor to wait with. Raises OSError."""
    fd = _libc.epoll_create1(0)
    if fd < 0:
        raise last_error()
    return fd


def control(epoll, operation, fd, events):
    """`ADD`, `MODIFY` or `DELETE` a descriptor. Raises OSError."""
    if _libc.ouro_epoll_control(epoll, operation, fd, events) < 0:
        raise last_error()


def wait(epoll, most, milliseconds):
    """At most `most` pairs `(descriptor, events)`; waits for ever if the time is negative. Raises OSError."""
    fds = malloc(INTP.TO, most, flavor="raw", zero=True)
    events = malloc(UINTP.TO, most, flavor="raw", zero=True)
    try:
        count = _libc.ouro_epoll_wait(epoll, fds, events, most, milliseconds)
        if count < 0:
            raise last_error()
        return [(int(fds[i]), intmask(events[i])) for i in range(count)]
    finally:
        free(events, flavor="raw")
        free(fds, flavor="raw")
