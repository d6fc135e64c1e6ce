"""Weak references, and dictionaries that hold their values weakly.

`weakref.ref(x)` of the standard library works in RPython, without callbacks: the reference, called, gives the object
or None.
"""

from __future__ import annotations

import weakref

__all__ = ["WeakValueDictionary", "dead_ref", "ref"]

ref = weakref.ref


class _Dead:
    """Has no instance alive."""


dead_ref = weakref.ref(_Dead())
"""A reference that gives None."""

_FIRST_CLEANING = 16


def WeakValueDictionary(name):
    """A class of dictionaries with `get(key)`, `set(key, value)` and `values()`, whose values may die at any time.

    Every call makes a class of its own, with one type of keys and one of values.
    """

    class Dictionary:
        def __init__(self):
            self._references = {}
            self._clean_at = _FIRST_CLEANING

        def get(self, key):
            """The value, or None where there is none (any more)."""
            reference = self._references.get(key, None)
            if reference is None:
                return None
            return reference()

        def set(self, key, value):
            """Set the value; None removes it."""
            if value is None:
                if key in self._references:
                    del self._references[key]
                return
            self._references[key] = weakref.ref(value)
            if len(self._references) >= self._clean_at:
                self._clean()

        def values(self):
            """A list of the values that are alive."""
            result = []
            for reference in self._references.values():
                value = reference()
                if value is not None:
                    result.append(value)
            return result

        def _clean(self):
            # as often as the dictionary doubles, so that dead entries are at most half of it
            alive = {}
            for key, reference in self._references.items():
                if reference() is not None:
                    alive[key] = reference
            self._references = alive
            self._clean_at = max(2 * len(alive), _FIRST_CLEANING)

        def length(self):
            """The number of values that are alive."""
            self._clean()
            return len(self._references)

    Dictionary.__name__ = name
    Dictionary.__qualname__ = name
    return Dictionary
