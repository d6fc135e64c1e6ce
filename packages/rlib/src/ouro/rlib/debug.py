"""Assertions, promises to the annotator, and the debug log.

The log goes to the file that the `OUROLOG` environment variable names, in sections opened by
`debug_start` and closed by `debug_stop`; on the host it is written when `OUROLOG` is set as well.
"""

from __future__ import annotations

import os
import sys
import time

from ouro.rlib._primitive import primitive

__all__ = [
    "attach_gdb",
    "check_annotation",
    "check_list_of_chars",
    "check_nonneg",
    "check_regular_int",
    "debug_flush",
    "debug_offset",
    "debug_print",
    "debug_print_traceback",
    "debug_start",
    "debug_stop",
    "fatalerror",
    "fatalerror_notb",
    "have_debug_prints",
    "have_debug_prints_for",
    "ll_assert",
    "ll_assert_not_none",
    "make_sure_not_modified",
    "make_sure_not_resized",
    "mark_dict_non_null",
]


@primitive
def ll_assert(condition, message):
    """Check in debug builds, without a branch otherwise; unlike `assert` it raises nothing: failing is
    fatal.
    """
    if not condition:
        raise AssertionError(message)


@primitive
def ll_assert_not_none(value):
    """`value`, which is not None."""
    if value is None:
        raise AssertionError("ll_assert_not_none: it is None")
    return value


class FatalError(BaseException):
    """What `fatalerror` raises on the host, where the process must not be killed."""


@primitive
def fatalerror(message):
    """Print `message` and the RPython traceback, and abort the process."""
    raise FatalError(message)


@primitive
def fatalerror_notb(message):
    """Print `message` and abort the process."""
    raise FatalError(message)


@primitive
def debug_print_traceback():
    """Print the RPython traceback of the exception being handled."""
    sys.excepthook(*sys.exc_info())


# ---- promises that the annotator checks


@primitive
def make_sure_not_resized(items):
    """The list keeps its length for ever: an operation that resizes it is an annotation error.

    A slice of it is assigned as many items as it has: compiled code raises ValueError otherwise.
    """
    return items


@primitive
def make_sure_not_modified(items):
    """The list never changes at all."""
    return items


@primitive
def mark_dict_non_null(d):
    """No key and no value of the dictionary is None."""
    return d


@primitive
def check_nonneg(n):
    """The annotator must be able to prove that `n` is not negative."""
    assert n >= 0


@primitive
def check_regular_int(n):
    """The annotator must find a machine word, not one of the `r_*` types."""
    assert type(n) is int or type(n) is bool


@primitive
def check_list_of_chars(characters):
    """The annotator must find a list of single characters."""
    assert all(isinstance(c, str) and len(c) == 1 for c in characters)


@primitive
def check_annotation(value, checker):
    """Call `checker(annotation)` while annotating; nothing on the host."""


# ---- the log


def _opened(name):
    """The log's file; None, which standard error is told of, where it cannot be written."""
    try:
        return open(name, "a")  # noqa: SIM115 - open for the process
    except OSError as error:
        print("OUROLOG: cannot write %s: %s" % (name, error.strerror), file=sys.stderr)
        return None


class _HostLog:
    """The state of the log on the host."""

    def __init__(self):
        self.sections = []
        self.destination = None
        self.prefixes = ()
        setting = os.environ.get("OUROLOG", "")
        if setting:
            prefixes, colon, name = setting.rpartition(":")
            self.prefixes = tuple(prefixes.split(",")) if colon else ("",)
            self.destination = sys.stderr if name == "-" else _opened(name)

    def enabled_for(self, category):
        return self.destination is not None and category.startswith(self.prefixes)

    def write(self, text):
        self.destination.write(text)


_log = _HostLog()


@primitive
def debug_start(category, timestamp=False):
    """Open a section of the log. Returns the time in nanoseconds if `timestamp`, else 0."""
    _log.sections.append(category)
    if _log.enabled_for(category):
        _log.write("[%x] {%s\n" % (time.perf_counter_ns(), category))
    return time.perf_counter_ns() if timestamp else 0


@primitive
def debug_stop(category, timestamp=False):
    """Close the section that `debug_start(category)` opened."""
    opened = _log.sections.pop()
    if opened != category:
        raise AssertionError("debug_stop(%r) closes the section %r" % (category, opened))
    if _log.enabled_for(category):
        _log.write("[%x] %s}\n" % (time.perf_counter_ns(), category))
    return time.perf_counter_ns() if timestamp else 0


@primitive
def debug_print(*values):
    """Write one line into the open section; nothing where the section is not logged."""
    if have_debug_prints():
        _log.write(" ".join([str(value) for value in values]) + "\n")


@primitive
def have_debug_prints():
    """Whether `debug_print` would write something here."""
    return bool(_log.sections) and _log.enabled_for(_log.sections[-1])


@primitive
def have_debug_prints_for(category_prefix):
    """Whether some section with that prefix would be logged."""
    return _log.enabled_for(category_prefix)


@primitive
def debug_offset():
    """The position in the log file, or -1."""
    if _log.destination is None or not _log.destination.seekable():
        return -1
    return _log.destination.tell()


@primitive
def debug_flush():
    """Write what the log has buffered."""
    if _log.destination is not None:
        _log.destination.flush()


@primitive
def attach_gdb():
    """Stop and start a debugger on this process; on the host, Python's."""
    breakpoint()
