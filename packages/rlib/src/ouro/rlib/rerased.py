"""Typed storage without its type: many kinds of value in one field, told apart by the program itself.

A strategy pattern needs it: an object holds a strategy and an erased storage, and only the strategy knows
what the storage is. `erase` hides the type from the annotator and `unerase` of the same pair gives it
back, without cost.
"""

from __future__ import annotations

__all__ = ["Erased", "ErasingPair", "new_erasing_pair", "new_static_erasing_pair", "erase_int", "unerase_int"]


class Erased:
    """What `erase` returns on the host: the value and the pair that hid it."""

    __slots__ = ("_value", "_pair")

    def __init__(self, value, pair):
        self._value = value
        self._pair = pair

    def __repr__(self):
        return "Erased(%r, %s)" % (self._value, self._pair.name)

    def __eq__(self, other):
        raise TypeError("erased values are compared with `is` only")

    __hash__ = None


class ErasingPair:
    """One kind of erased value. `name` is for messages."""

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return "<erasing pair %s>" % self.name


def new_erasing_pair(name):
    """Make the two functions `erase(value) -> Erased` and `unerase(erased) -> value`.

    Every pair has a type of its own: all the values that its `erase` is called with have one common type,
    which is the type of what its `unerase` returns. Both functions have the pair as `_erasing_pair_`, and
    `_erasing_kind_` is `"erase"` or `"unerase"`.
    """
    pair = ErasingPair(name)

    def erase(value):
        return Erased(value, pair)

    def unerase(erased):
        if erased._pair is not pair:
            raise TypeError("%r was not erased by %r" % (erased, pair))
        return erased._value

    _mark(erase, pair, "erase")
    _mark(unerase, pair, "unerase")
    return erase, unerase


def new_static_erasing_pair(name):
    """As `new_erasing_pair`, wrapped as static methods for use in a class body."""
    erase, unerase = new_erasing_pair(name)
    return staticmethod(erase), staticmethod(unerase)


def _mark(function, pair, kind):
    function._erasing_pair_ = pair
    function._erasing_kind_ = kind
    function.__name__ = "%s_%s" % (kind, pair.name)
    function.__qualname__ = function.__name__


erase_int, unerase_int = new_erasing_pair("int")
