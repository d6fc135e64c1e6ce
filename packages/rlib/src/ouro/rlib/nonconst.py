"""Values that the annotator must not take for constants."""

from __future__ import annotations

from ouro.rlib._primitive import primitive

__all__ = ["NonConstant"]


@primitive
def NonConstant(value):
    """`value`, of whose annotation only the type is kept. For tests and entry points."""
    return value
