"""Loads every module that registers rules."""

from __future__ import annotations

from ouro.rtyper import _functions, _instances, _lists, _lowlevel, _numbers, _pointers, _strings, _tuples

__all__ = ["LOADED"]

LOADED = (_functions, _instances, _lists, _lowlevel, _numbers, _pointers, _strings, _tuples)
"""The modules, so that importing them is not mistaken for nothing."""
