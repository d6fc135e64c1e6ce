"""Between low-level types and annotations."""

from __future__ import annotations

from typing import Any

from ouro import lltype
from ouro.annotator import annotations as a
from ouro.annotator.annotations import Annotation


def annotation_of_type(TYPE: Any) -> Annotation:
    """The annotation of values of a low-level type."""
    TYPE = lltype.resolve(TYPE)
    found = _PRIMITIVE.get(TYPE)
    if found is not None:
        return found
    if isinstance(TYPE, lltype.Ptr):
        return a.Pointer(TYPE)
    if isinstance(TYPE, lltype.Primitive) and TYPE.is_integer:
        kind = TYPE.value_class or int
        result = _PRIMITIVE[TYPE] = a.Integer(kind, not TYPE.signed)
        return result
    if TYPE.is_container:
        return a.Pointer(lltype.Ptr(TYPE))
    raise TypeError(f"{TYPE} has no annotation")


_PRIMITIVE: dict[Any, Annotation] = {
    lltype.Void: a.NONE,
    lltype.Bool: a.BOOL,
    lltype.Char: a.CHAR,
    lltype.Signed: a.INTEGER,
    lltype.Float: a.FLOAT,
    lltype.SingleFloat: a.SINGLE_FLOAT,
    lltype.Address: a.ADDRESS,
}


def type_of_annotation(annotation: Annotation) -> Any:
    """The low-level type that values of an annotation have anyway, or None for high-level ones."""
    if isinstance(annotation, a.Pointer):
        return annotation.type
    if isinstance(annotation, a.Bool):
        return lltype.Bool
    if isinstance(annotation, a.Integer):
        return lltype.typeOf(annotation.kind(0))
    return _TYPES.get(type(annotation))


_TYPES = {
    a.Float: lltype.Float,
    a.SingleFloat: lltype.SingleFloat,
    a.Char: lltype.Char,
    a.NoneValue: lltype.Void,
    a.Address: lltype.Address,
}
