"""Room on the host's stack for programs that are interpreted."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_DEPTH = 10_000
"""Frames of the host. A call of the program takes several; it may nest calls as deep as plain Python allows."""


@contextmanager
def deep_host_stack(depth: int = _DEPTH) -> Iterator[None]:
    """While the body runs, the host may nest at least that many calls."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, depth))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
