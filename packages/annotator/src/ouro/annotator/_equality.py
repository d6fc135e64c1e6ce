"""Comparison with `==`, said or implied: instances are equal when they are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ouro.annotator import annotations as a
from ouro.annotator._errors import Complaint
from ouro.annotator.annotations import Annotation

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine


def check_equality(engine: Engine, *values: Annotation) -> None:
    """Complain where plain Python would call an `__eq__` to compare these, or what they hold."""
    for value in values:
        if isinstance(value, a.Instance):
            found = value.class_description.lookup("__eq__")
            if found is not None:
                raise Complaint(
                    f"{value} is compared with `==`: class {found[0].name} defines __eq__, which RPython does not call",
                    "call a method by name, use `is`, or an r_dict for keys",
                )
        elif isinstance(value, a.Tuple):
            check_equality(engine, *value.items)
        elif isinstance(value, a.List):
            check_equality(engine, engine.read(value.definition.root().item))
        elif isinstance(value, a.Dict):
            definition = value.definition.root()
            if not definition.is_custom:
                check_equality(engine, engine.read(definition.value))
