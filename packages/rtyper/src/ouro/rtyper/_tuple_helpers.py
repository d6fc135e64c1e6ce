# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Equality and hash of tuples, made once for each list of fields and functions."""

from __future__ import annotations

from typing import Any

from ouro.rlib.rarithmetic import intmask
from ouro.rlib.unroll import unrolling_iterable
from ouro.rtyper._helpers import low_level
from ouro.rtyper._list_helpers import primitive_equal, primitive_less

_equalities: dict[Any, Any] = {}
_orders: dict[Any, Any] = {}
_hashes: dict[Any, Any] = {}


def equality_of(fields: Any) -> Any:
    """The function that compares structures by these (name, equality function or None) pairs."""
    key = tuple(fields)
    known = _equalities.get(key)
    if known is None:
        parts = unrolling_iterable([(name, equal or primitive_equal) for name, equal in fields])

        def tuple_equal(a, b):
            for name, equal in parts:
                if not equal(getattr(a, name), getattr(b, name)):
                    return False
            return True

        known = _equalities[key] = low_level(tuple_equal)
    return known


def order_of(fields: Any) -> Any:
    """The function that says whether one structure comes before another.

    `fields` are (name, equality function or None, order function or None) triples.
    """
    key = tuple(fields)
    known = _orders.get(key)
    if known is None:
        parts = unrolling_iterable(
            [(name, equal or primitive_equal, less or primitive_less) for name, equal, less in fields]
        )

        def tuple_less(a, b):
            for name, equal, less in parts:
                if not equal(getattr(a, name), getattr(b, name)):
                    return less(getattr(a, name), getattr(b, name))
            return False

        known = _orders[key] = low_level(tuple_less)
    return known


def hashing_of(fields: Any) -> Any:
    """The function that mixes the hashes of these (name, hash function) pairs, as `compute_hash` does."""
    key = tuple(fields)
    known = _hashes.get(key)
    if known is None:
        parts = unrolling_iterable(list(fields))

        def tuple_hash(a):
            x = 0x345678
            for name, hashing in parts:
                x = intmask((1000003 * x) ^ hashing(getattr(a, name)))
            return x

        known = _hashes[key] = low_level(tuple_hash)
    return known
