"""Type hints as contracts: what is inferred must fit what the author declared."""

from __future__ import annotations

import typing
from typing import TYPE_CHECKING, Any

from ouro.annotator import annotations as a
from ouro.annotator._errors import Complaint
from ouro.annotator._join import without_none
from ouro.annotator._library import is_placeholder
from ouro.annotator.annotations import IMPOSSIBLE, Annotation
from ouro.annotator.descriptions import FrozenDescription, FunctionDescription
from ouro.flowspace import FunctionGraph

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine


def resolve_hints(function: Any) -> dict[str, Any] | None:
    """The type hints of a function by parameter name and `"return"`; None where there are none.

    Hints that name things that exist only for type checkers do not bind the annotator.
    """
    raw = getattr(function, "__annotations__", None)
    if not raw:
        return None
    if not any(isinstance(hint, str) for hint in raw.values()):
        return dict(raw)
    try:
        return typing.get_type_hints(function)
    except Exception:  # noqa: BLE001 - evaluating the author's text can raise anything
        hints = {}
        for name, hint in raw.items():
            if isinstance(hint, str):
                try:
                    hint = eval(hint, getattr(function, "__globals__", {}))
                except Exception:  # noqa: BLE001 - as above
                    continue
            hints[name] = hint
        return hints or None


def stands_for_factory(annotation: Annotation) -> bool:
    """Is it the default of a field whose factory is called where no argument is given?"""
    if not isinstance(annotation, a.DescriptionSet):
        return False
    single = annotation.single()
    return isinstance(single, FrozenDescription) and is_placeholder(single.value)


def check_arguments(engine: Engine, function: FunctionDescription, inputs: list[Any]) -> list[Any]:
    """The argument annotations, an int widened to float where that is declared. Complains where one does not fit."""
    hints = function.hints
    assert hints is not None
    names = function.signature.all_names
    result = inputs
    for index, name in enumerate(names):
        if name not in hints or name == function.signature.vararg:
            continue
        hint, annotation = hints[name], inputs[index]
        if hint is float and type(annotation) in (a.Integer, a.Bool):
            if result is inputs:
                result = list(inputs)
            result[index] = a.FLOAT
        elif not fits(hint, annotation) and not stands_for_factory(annotation):
            raise Complaint(
                f"argument `{name}` of {function.name}() is declared as {describe_hint(hint)}, "
                f"but {annotation} is passed",
                "change the call, or the declaration",
                notes=engine.definition_site(function),
            )
    return result


def check_result(engine: Engine, function: FunctionDescription, result: Annotation, graph: FunctionGraph) -> None:
    """Complain if a function returns what it does not declare."""
    hints = function.hints
    if hints is not None and "return" in hints and not fits(hints["return"], result):
        hint = hints["return"]
        if hint is float and type(result) in (a.Integer, a.Bool):
            return
        raise Complaint(
            f"{function.name}() is declared to return {describe_hint(hint)}, but returns {result}",
            "change the function, or the declaration",
            notes=engine.definition_site(function),
        )


def describe_hint(hint: Any) -> str:
    """A hint as the author wrote it."""
    if isinstance(hint, type) and not typing.get_args(hint):
        return hint.__name__
    if hint is None:
        return "None"
    return str(hint).replace("typing.", "")


_SIMPLE: dict[Any, Any] = {
    bool: lambda annotation: type(annotation) is a.Bool,
    int: lambda annotation: isinstance(annotation, a.Integer) and annotation.kind in (int, bool),
    float: lambda annotation: isinstance(annotation, (a.Float, a.Integer)),
    str: lambda annotation: isinstance(annotation, a.String),
    bytes: lambda annotation: isinstance(annotation, a.Bytes),
    bytearray: lambda annotation: isinstance(annotation, a.ByteArray),
    list: lambda annotation: isinstance(annotation, a.List),
    dict: lambda annotation: isinstance(annotation, a.Dict),
    set: lambda annotation: isinstance(annotation, a.Set),
    frozenset: lambda annotation: isinstance(annotation, a.Set),
    tuple: lambda annotation: isinstance(annotation, a.Tuple),
    type: lambda annotation: isinstance(annotation, (a.DescriptionSet, a.TypeOf)),
    type(None): lambda annotation: isinstance(annotation, a.NoneValue),
    None: lambda annotation: isinstance(annotation, a.NoneValue),
}


def fits(hint: Any, annotation: Annotation) -> bool:
    """Whether every value of the annotation is of the hinted type. True where the hint says nothing we can check."""
    if annotation is IMPOSSIBLE or hint is Any or hint is object:
        return True
    origin = typing.get_origin(hint)
    if origin is typing.Union or (origin is not None and getattr(origin, "__name__", "") == "UnionType"):
        return _fits_union(typing.get_args(hint), annotation)
    base = origin if origin is not None else hint
    test = _SIMPLE.get(base)
    if test is None:
        return _fits_class(base, annotation)
    if getattr(annotation, "optional", False) or not test(annotation):
        return False
    return _fits_items(base, typing.get_args(hint), annotation)


def _fits_union(arms: Any, annotation: Annotation) -> bool:
    nullable = any(arm is None or arm is type(None) for arm in arms)
    if isinstance(annotation, a.NoneValue):
        return nullable or any(fits(arm, annotation) for arm in arms)
    if getattr(annotation, "optional", False):
        if not nullable:
            return False
        annotation = without_none(annotation)
    return any(fits(arm, annotation) for arm in arms)


def _fits_class(base: Any, annotation: Annotation) -> bool:
    if not isinstance(base, type):
        return True
    if isinstance(annotation, a.Integer):
        return annotation.kind is base or (issubclass(base, int) and base is int)
    if isinstance(annotation, a.Instance):
        python_class = annotation.class_description.python_class
        if issubclass(python_class, base):
            return not annotation.optional
        return "Protocol" in str(getattr(base, "__mro__", ""))
    if isinstance(annotation, a.NoneValue) or type(annotation) in (a.Float, a.String, a.Char, a.Bytes, a.List, a.Dict):
        return base.__module__ in ("typing", "collections.abc", "abc")
    return True


def _fits_items(base: Any, arguments: Any, annotation: Any) -> bool:
    if not arguments:
        return True
    if base in (list, set, frozenset):
        return fits(arguments[0], annotation.item)
    if base is dict:
        return fits(arguments[0], annotation.key) and fits(arguments[1], annotation.value)
    if base is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return all(fits(arguments[0], item) for item in annotation.items)
        if arguments == ((),):
            arguments = ()
        return len(arguments) == len(annotation.items) and all(map(fits, arguments, annotation.items))
    return True
