"""Functions from text, with their source kept for tracebacks, debuggers and the flow graph builder."""

from __future__ import annotations

import itertools
import linecache

__all__ = ["execute_source"]

_numbers = itertools.count(1)


def execute_source(text, namespace=None, name="generated"):
    """Run `text` as a module body in `namespace` (a new one by default) and return the namespace.

    The text is registered with `linecache` under a unique file name, so that code made from it has source.
    """
    if namespace is None:
        namespace = {}
    filename = "<%s %d>" % (name, next(_numbers))
    lines = text.splitlines(True)
    linecache.cache[filename] = (len(text), None, lines, filename)
    exec(compile(text, filename, "exec"), namespace)
    return namespace
