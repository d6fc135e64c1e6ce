"""Small functions on annotations that several parts of the engine share."""

from __future__ import annotations

from typing import Any

from ouro.annotator import annotations as a
from ouro.annotator._join import copy_with
from ouro.annotator.annotations import IMPOSSIBLE, NO_CONSTANT, Annotation
from ouro.flowspace import Link, Variable


def detached(annotation: Annotation) -> Annotation:
    """The annotation without what it says of variables of the current block: fit to be stored elsewhere."""
    kind = type(annotation)
    if kind is a.Bool and annotation.narrowings is not None:  # type: ignore[attr-defined]
        return a.BOOL if annotation.constant is NO_CONSTANT else (a.TRUE if annotation.constant else a.FALSE)
    if kind is a.TypeOf and annotation.variables:  # type: ignore[attr-defined]
        return a.TypeOf(annotation.base, optional=annotation.optional)  # type: ignore[attr-defined]
    return annotation


def without_constant(annotation: Annotation) -> Annotation:
    """The annotation of values of the same type that are not known."""
    if annotation.constant is NO_CONSTANT or isinstance(annotation, (a.NoneValue, a.DescriptionSet)):
        return annotation
    if isinstance(annotation, a.Integer) and annotation.kind in (int, bool):
        if annotation.kind is bool:
            return a.BOOL
        return a.NONNEG_INTEGER if annotation.nonneg else a.INTEGER
    if isinstance(annotation, a.Tuple):
        return a.Tuple(tuple(without_constant(item) for item in annotation.items), annotation.optional)
    return copy_with(annotation, constant=NO_CONSTANT)  # type: ignore[no-any-return]


def as_type_only(annotation: Annotation) -> Annotation:
    """What helpers of later stages may know of a number: its type alone.

    Such a helper is typed as soon as it is annotated, and called again later with other numbers.
    """
    if type(annotation) is a.Integer:
        return a.Integer(annotation.kind, False)
    if type(annotation) in _NUMBERS_AND_TEXT:
        return without_constant(annotation)
    return annotation


def without_flags(annotation: Annotation) -> Annotation:
    """An annotation without hints about how the reference is used."""
    if isinstance(annotation, a.Instance) and annotation.flags:
        return a.Instance(annotation.class_description, annotation.optional, constant=annotation.constant)
    return annotation


_NUMBERS_AND_TEXT = (a.Bool, a.Float, a.Char, a.String, a.Pointer)


def narrow(annotation: Any, known: Any) -> Annotation:
    """The part of `annotation` that `known` allows. Only narrows: never takes knowledge away."""
    kind = type(annotation)
    if type(known) is a.NoneValue:
        return a.NONE if annotation.can_be_none else IMPOSSIBLE
    if kind is a.Instance and type(known) is a.Instance:
        mine, other = annotation.class_description, known.class_description
        if other is not mine and mine in other.ancestors:
            return known if known.optional is False or annotation.optional else a.Instance(other, False, known.flags)
        if annotation.optional and not known.optional:
            return a.Instance(mine, False, annotation.flags, constant=annotation.constant)
        return annotation  # type: ignore[no-any-return]
    if kind is a.NoneValue:
        return annotation if known.can_be_none else IMPOSSIBLE
    return known  # type: ignore[no-any-return]


def rename_variables(link: Link, values: list[Annotation]) -> None:
    """Say what tests know in terms of the target's variables, where the tested values go there too."""
    names: dict[Any, list[Variable]] = {}
    for argument, variable in zip(link.args, link.target.inputargs):
        names.setdefault(argument, []).append(variable)
    for index, annotation in enumerate(values):
        if type(annotation) is a.Bool and annotation.narrowings is not None:
            narrowings = {}
            for outcome, known in annotation.narrowings.items():
                kept = {
                    variable: annotated
                    for old, annotated in known.items()
                    for variable in names.get(old, ())
                }
                if kept:
                    narrowings[outcome] = kept
            if narrowings:
                values[index] = a.Bool(narrowings=narrowings, constant=annotation.constant)
            elif annotation.constant is NO_CONSTANT:
                values[index] = a.BOOL
            else:
                values[index] = a.TRUE if annotation.constant else a.FALSE
        elif type(annotation) is a.TypeOf and annotation.variables:
            variables = tuple(
                variable for old in annotation.variables for variable in names.get(old, ())
            )
            values[index] = a.TypeOf(annotation.base, variables, optional=annotation.optional)


def called(operation: Any) -> Any:
    """The host function that a call operation calls."""
    return operation.args[0].annotation.constant


def goes_over_table(annotation: Annotation) -> bool:
    """Whether an iterator, or what it is made of, goes over a dict or set."""
    if isinstance(annotation, (a.Iterator, a.View)):
        container = annotation.container
        if annotation.variant == "zip" and isinstance(container, a.Tuple):
            return any(goes_over_table(item) for item in container.items)
        return goes_over_table(container)
    return isinstance(annotation, (a.Dict, a.Set))
