"""The `OSError` of a system call that failed, as Python makes it: the number, the system's text and the path."""

from __future__ import annotations

from ouro.rlib.rffi import charp2str, get_saved_errno, library

__all__ = ["checked", "checked_at", "last_error", "last_error_at", "strerror", "system_error"]

_libc = library("char *strerror(int);", includes=["string.h"])


def strerror(number):
    """The system's message for the error number."""
    return charp2str(_libc.strerror(number))


def system_error(number):
    """The OSError of an error number."""
    return OSError(number, strerror(number))


def last_error():
    """The OSError of the last external call that saves its errno."""
    return system_error(get_saved_errno())


def last_error_at(path):
    """The same where the call was about a file."""
    number = get_saved_errno()
    return OSError(number, strerror(number), path)


def checked(result):
    """What a system call returned; raises OSError for a negative result."""
    if result < 0:
        raise last_error()
    return result


def checked_at(result, path):
    """The same where the call was about a file."""
    if result < 0:
        raise last_error_at(path)
    return result
