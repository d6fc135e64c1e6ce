"""Which copy of a function a call uses.

A function has one graph for the whole program unless it is marked. `SPECIALISERS` says, for each mark, what
the copies are
told apart by: a key made from the annotations of the arguments.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Callable

from ouro.annotator import annotations as a
from ouro.annotator._contracts import stands_for_factory
from ouro.annotator._errors import Complaint
from ouro.annotator.annotations import NO_CONSTANT, Annotation
from ouro.annotator.descriptions import CallSite, FunctionDescription, MemoTable
from ouro.flowspace import FunctionGraph, Operation

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine


def specialised_graph(
    engine: Engine, operation: Operation, site: CallSite, function: FunctionDescription, inputs: list[Any]
) -> tuple[FunctionGraph | None, Annotation | None]:
    """The graph for a call with these arguments, or the annotation of the result if there is nothing to call."""
    key: Any = None
    if function.specialisation is not None:
        kind, indices = function.specialisation
        if kind == "memo":
            return None, _memo(engine, site, function, inputs)
        specialiser = SPECIALISERS.get(kind)
        if specialiser is None:
            raise Complaint(f"{function.name}() asks for unknown specialisation {kind!r}")
        key = specialiser(engine, operation, function, indices, inputs)
    elif engine.state is not None and engine.state.low_level:
        key = _by_low_level_types(engine, operation, function, (), inputs)
    if function.signature.vararg is not None:
        key = (key, len(inputs[-1].items))
    graph = function.graphs.get(key)
    if graph is None:
        graph = engine.descriptions.graph_of(function, key)
    return graph, None


def key_of(engine: Engine, annotation: Annotation, with_constant: bool) -> Any:
    """What tells two annotations apart as types; with constants where asked and the value is not a mere number."""
    kind = type(annotation)
    if with_constant and annotation.constant is not NO_CONSTANT and kind in _COMPILE_TIME:
        return ("constant", _constant_key(annotation))
    parts = _KEY_PARTS.get(kind)
    if parts is not None:
        return (kind, parts(engine, annotation))
    if kind is a.Char:
        return a.String
    return kind


_COMPILE_TIME = {a.LowLevelType, a.DescriptionSet, a.Builtin, a.NoneValue}

_KEY_PARTS: dict[type, Callable[[Any, Any], Any]] = {
    a.Integer: lambda engine, annotation: annotation.kind,
    a.Pointer: lambda engine, annotation: annotation.type,
    a.PointerMethod: lambda engine, annotation: (annotation.type, annotation.method),
    a.Instance: lambda engine, annotation: annotation.class_description,
    a.Tuple: lambda engine, annotation: tuple(key_of(engine, item, False) for item in annotation.items),
    a.Registered: lambda engine, annotation: annotation.name,
    a.DescriptionSet: lambda engine, annotation: tuple(id(one) for one in annotation.descriptions),
    a.LowLevelType: lambda engine, annotation: annotation.constant,
    a.Builtin: lambda engine, annotation: id(annotation.constant),
}


def _constant_key(annotation: Annotation) -> Any:
    constant = annotation.constant
    if type(annotation) is a.DescriptionSet:
        return annotation.single()
    try:
        hash(constant)
    except TypeError:
        return id(constant)
    return (type(constant), constant)


def _by_constants(
    engine: Engine, operation: Operation, function: FunctionDescription, indices: Any, inputs: list[Any]
) -> Any:
    key = []
    for index in indices:
        annotation = inputs[index]
        if isinstance(annotation, a.DescriptionSet) and annotation.single() is not None and not annotation.optional:
            key.append(annotation.single())
        elif annotation.constant is not NO_CONSTANT:
            key.append(_constant_key(annotation))
        else:
            name = function.signature.all_names[index]
            raise Complaint(
                f"argument `{name}` of {function.name}() must be a constant (specialize.arg), but is {annotation}",
                "pass a constant, or call it under a test for each of the values",
                notes=engine.definition_site(function),
            )
    return tuple(key)


def _by_types(
    engine: Engine, operation: Operation, function: FunctionDescription, indices: Any, inputs: list[Any]
) -> Any:
    return tuple(key_of(engine, inputs[index], False) for index in indices)


def _by_low_level_types(
    engine: Engine, operation: Operation, function: FunctionDescription, indices: Any, inputs: list[Any]
) -> Any:
    return ("ll", *[key_of(engine, annotation, True) for annotation in inputs])


def _by_low_level_types_and_constants(
    engine: Engine, operation: Operation, function: FunctionDescription, indices: Any, inputs: list[Any]
) -> Any:
    return (
        _by_constants(engine, operation, function, indices, inputs),
        _by_low_level_types(engine, operation, function, indices, inputs),
    )


def _by_call_location(
    engine: Engine, operation: Operation, function: FunctionDescription, indices: Any, inputs: list[Any]
) -> Any:
    return operation


def _by_what_is_given(
    engine: Engine, operation: Operation, function: FunctionDescription, indices: Any, inputs: list[Any]
) -> Any:
    """A field has the value of its argument in one copy, what its factory makes in the other: the types may differ."""
    return tuple(not stands_for_factory(inputs[index]) for index in indices)


SPECIALISERS: dict[str, Any] = {
    "arg": _by_constants,
    "argtype": _by_types,
    "ll": _by_low_level_types,
    "ll_and_arg": _by_low_level_types_and_constants,
    "call_location": _by_call_location,
    "given": _by_what_is_given,
}
"""Mark of `rlib.objectmodel.specialize`, or "given" -> the key that tells the copies apart."""


# ---- memo


def _memo(engine: Engine, site: CallSite, function: FunctionDescription, inputs: list[Any]) -> Annotation:
    """Run the function on the host for every combination of its arguments."""
    table = site.memo
    if table is None:
        table = engine.memo_tables.get(function)
        if table is None:
            table = engine.memo_tables[function] = MemoTable(function)
        site.memo = table
    choices = [_memo_choices(function, index, annotation) for index, annotation in enumerate(inputs)]
    names = function.signature.all_names
    for combination in itertools.product(*choices):
        key = tuple(id(value) for value in combination)
        if key not in table.results:
            table.arguments[key] = combination
            result = function.function(**dict(zip(names, combination)))
            table.results[key] = result
            engine.grow(table.cell, engine.constant(result), f"the result of {function.name}()")
    return engine.read(table.cell)


def _memo_choices(function: FunctionDescription, index: int, annotation: Annotation) -> list[Any]:
    if isinstance(annotation, a.DescriptionSet):
        values = [_host_object(description) for description in annotation.descriptions]
        return [*values, None] if annotation.optional else values
    if annotation.constant is not NO_CONSTANT:
        return [annotation.constant]
    if type(annotation) is a.Bool:
        return [False, True]
    name = function.signature.all_names[index]
    raise Complaint(
        f"argument `{name}` of {function.name}() (specialize.memo) must be one of a set of constants, "
        f"but is {annotation}"
    )


def _host_object(description: Any) -> Any:
    for name in ("function", "python_class", "value"):
        if hasattr(description, name):
            return getattr(description, name)
    raise Complaint(f"{description.describe()} cannot be an argument of a memo function")
