"""Loops that are unrolled when the flow graph is built."""

from __future__ import annotations

__all__ = ["unrolling_iterable"]


class unrolling_iterable:
    """Wraps an iterable of constants: `for x in it` becomes one copy of the loop body per item.

    The items are taken once, here. In each copy the loop variable is a constant, so the items may have
    different types and branches on them are decided when the graph is built.
    """

    _unrolling_iterable_ = True

    def __init__(self, iterable):
        self._items = tuple(iterable)

    def __iter__(self):
        return iter(self._items)

    def get_items(self):
        """The items as a tuple."""
        return self._items

    def __repr__(self):
        return "unrolling_iterable(%r)" % (self._items,)
