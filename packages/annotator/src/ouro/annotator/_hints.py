"""Annotations from Python types, for the arguments of entry points."""

from __future__ import annotations

import typing
from typing import TYPE_CHECKING, Any

from ouro.annotator import annotations as a
from ouro.annotator._errors import Complaint
from ouro.annotator._join import with_none
from ouro.annotator.annotations import Annotation
from ouro.annotator.containers import Cell, DictDefinition, ListDefinition, SetDefinition
from ouro.rlib.rarithmetic import MachineInteger

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine

_PLAIN = {
    int: a.INTEGER,
    bool: a.BOOL,
    float: a.FLOAT,
    str: a.STRING,
    bytes: a.BYTES,
    bytearray: a.BYTEARRAY,
    None: a.NONE,
    type(None): a.NONE,
}


def annotation_of_hint(engine: Engine, hint: Any) -> Annotation:
    """The annotation of a Python type. Raises Complaint for those that have none."""
    try:
        plain = _PLAIN.get(hint)
    except TypeError:
        plain = None
    if plain is not None:
        return plain
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Union:
        kinds = [argument for argument in arguments if argument is not type(None)]
        annotation = engine.join_all(annotation_of_hint(engine, kind) for kind in kinds)
        return with_none(annotation) if len(kinds) < len(arguments) else annotation
    parts = [annotation_of_hint(engine, argument) for argument in arguments if argument is not Ellipsis]
    if origin is list:
        return a.List(ListDefinition(item=Cell(parts[0]), resized=True))
    if origin is dict:
        return a.Dict(DictDefinition(key=Cell(parts[0]), value=Cell(parts[1])))
    if origin in (set, frozenset):
        return a.Set(SetDefinition(item=Cell(parts[0])))
    if origin is tuple:
        return a.Tuple(tuple(parts))
    if isinstance(hint, type):
        if issubclass(hint, MachineInteger):
            return a.Integer(hint)
        return a.Instance(engine.descriptions.of_class(hint))
    raise Complaint(f"{hint!r} has no annotation")
