"""Fields that `_immutable_fields_` names must exist: a mistyped name would say nothing about the one that is meant."""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterator
from typing import Any

from ouro.annotator._errors import AnnotatorError
from ouro.annotator._explain import class_place
from ouro.annotator.descriptions import ClassDescription


def check_declared_fields(classes: list[ClassDescription], assigned: Any) -> Iterator[AnnotatorError]:
    """Errors for the declared fields that nothing sets: no instance, body nor method of the class or of one derived.

    `assigned` are the names of all attributes that the program assigns. A method that the program does not reach counts
    as well.
    """
    for description in classes:
        declared = vars(description.python_class).get("_immutable_fields_", ())
        if not declared or not description.instantiated:
            continue
        missing = [name for name in (text.rstrip("[*]?") for text in declared) if name not in assigned]
        if not missing:
            continue
        known = _known_names(description)
        for name in missing:
            if name not in known:
                close = difflib.get_close_matches(name, sorted(_own_attributes(description)), 1)
                yield AnnotatorError(
                    f"`_immutable_fields_` of {description.name} names `{name}`, which nothing assigns",
                    class_place(description.python_class),
                    [],
                    [],
                    f"did you mean `{close[0]}`?" if close else "take it out, or assign it in __init__",
                )


def _own_attributes(description: ClassDescription) -> set[str]:
    related = (*description.ancestors, *description.all_subclasses())
    return {name for one in related for name in one.attributes}


def _known_names(description: ClassDescription) -> set[str]:
    found = _own_attributes(description)
    for one in (*description.ancestors, *description.all_subclasses()):
        found.update(one.class_dict, one.pending_sources, one.allowed_attributes or ())
    pending = list(description.python_class.__mro__)
    while pending:
        python_class = pending.pop()
        found.update(vars(python_class).get("__annotations__", ()))
        for value in vars(python_class).values():
            code = getattr(value, "__code__", None)
            if isinstance(code, types.CodeType):
                found.update(code.co_names)
        if python_class is not object and issubclass(python_class, description.python_class):
            pending += python_class.__subclasses__()
    return found
