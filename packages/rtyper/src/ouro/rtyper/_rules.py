"""Loads every module that registers rules."""

from __future__ import annotations

from ouro.rtyper import (
    _builtins,
    _bytearrays,
    _dicts,
    _formatting,
    _functions,
    _instances,
    _iterators,
    _lists,
    _lowlevel,
    _markers,
    _numbers,
    _pointers,
    _strings,
    _tuples,
)

__all__ = ["LOADED"]

LOADED = (
    _builtins, _bytearrays, _dicts, _formatting, _functions, _instances, _iterators, _lists, _lowlevel, _markers,
    _numbers, _pointers, _strings, _tuples,
)  # fmt: skip
"""The modules, so that importing them is not mistaken for nothing."""
