"""The arguments of one call, and how they reach the parameters of a function."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from attrs import define
from ouro.annotator import annotations as a
from ouro.annotator._errors import Complaint
from ouro.annotator.annotations import Annotation
from ouro.annotator.calls import ArgumentError, ArgumentSource, plan_arguments
from ouro.annotator.descriptions import FunctionDescription
from ouro.flowspace import CallShape

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine


@define(eq=False)
class Arguments:
    """The arguments of one call: `values` as in the operation, `star` the items of its `*args`."""

    shape: CallShape
    values: list[Annotation]
    star: tuple[Annotation, ...] = ()

    @property
    def positional(self) -> list[Annotation]:
        """All positional arguments, those of `*args` included."""
        return [*self.values[: self.shape.positional], *self.star]

    @property
    def keywords(self) -> dict[str, Annotation]:
        return dict(zip(self.shape.keywords, self.values[self.shape.positional :]))


_simple_shapes = [CallShape(count) for count in range(30)]


def simple_shape(count: int) -> CallShape:
    """The shape of a call with positional arguments only."""
    return _simple_shapes[count] if count < len(_simple_shapes) else CallShape(count)


def bind(engine: Engine, plan: list[ArgumentSource], receiver: Annotation | None, arguments: Arguments) -> list[Any]:
    """The annotations of the parameters that a plan gives."""
    values = arguments.values
    result: list[Any] = []
    for source in plan:
        kind = source.kind
        if kind == "argument":
            result.append(values[source.index])
        elif kind == "receiver":
            result.append(receiver)
        elif kind == "default":
            result.append(engine.constant(source.value))
        elif kind == "star":
            result.append(arguments.star[source.index])
        else:
            items = tuple(bind(engine, list(source.parts), receiver, arguments))
            result.append(a.Tuple(items) if items else a.EMPTY_TUPLE)
    return result


def plan_for(
    engine: Engine, function: FunctionDescription, shape: CallShape, star_length: int, receiver: bool
) -> list[ArgumentSource]:
    """`plan_arguments`, remembered."""
    key = (function, shape, star_length, receiver)
    plan = engine.argument_plans.get(key)
    if plan is None:
        try:
            plan = plan_arguments(function.name, function.signature, shape, star_length, receiver)
        except ArgumentError as error:
            takes_any = function.function.__code__.co_flags & inspect.CO_VARKEYWORDS
            suggestion = error.suggestion
            if takes_any:
                suggestion = "name the keyword parameters: `**` parameters are not RPython"
            raise Complaint(str(error), suggestion, notes=engine.definition_site(function)) from None
        engine.argument_plans[key] = plan
    return plan
