"""Calls: from a call operation and the annotation of what is called to the graphs that run."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Callable, TypeVar

from ouro.annotator import annotations as a
from ouro.annotator._arguments import Arguments, bind, plan_for, simple_shape
from ouro.annotator._call_groups import call_group, results_differ, unite_families
from ouro.annotator._contracts import check_arguments, check_result
from ouro.annotator._dispatch import find_method, handler, method_names
from ouro.annotator._errors import Complaint
from ouro.annotator._host import MODULE_KINDS
from ouro.annotator._join import JoinError
from ouro.annotator._specialise import specialised_graph
from ouro.annotator._values import detached
from ouro.annotator.annotations import IMPOSSIBLE, NO_CONSTANT, Annotation
from ouro.annotator.calls import ArgumentSource
from ouro.annotator.descriptions import (
    CallSite,
    ClassDescription,
    FrozenMethodDescription,
    FunctionDescription,
    MethodDescription,
)
from ouro.flowspace import CallShape, Constant, Operation, Variable

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine


@handler("simple_call", Annotation)
def simple_call(engine: Engine, operation: Operation, function: Annotation, *values: Annotation) -> Annotation:
    return call(engine, operation, function, Arguments(simple_shape(len(values)), list(values)))


@handler("call_args", Annotation)
def call_args(
    engine: Engine, operation: Operation, function: Annotation, shape: Annotation, *values: Annotation
) -> Annotation:
    call_shape: CallShape = operation.args[1].value  # type: ignore[union-attr]
    arguments = list(values)
    star: tuple[Annotation, ...] = ()
    if call_shape.star:
        last = arguments.pop()
        if not isinstance(last, a.Tuple):
            raise Complaint(
                f"*args of a call must be a tuple of known length, not {last}",
                "pass the list itself, as one argument",
            )
        star = last.items
    return call(engine, operation, function, Arguments(call_shape, arguments, star))


def call(engine: Engine, operation: Operation, function: Annotation, arguments: Arguments) -> Annotation:
    """Call a value."""
    kind = type(function)
    if kind is a.DescriptionSet:
        return _call_descriptions(engine, operation, function, arguments)  # type: ignore[arg-type]
    if kind is a.Builtin:
        return _call_handler(engine, operation, function.handler, function.name, (), arguments)  # type: ignore[attr-defined]
    if kind is a.BuiltinMethod:
        receiver, name = function.receiver, function.name  # type: ignore[attr-defined]
        found = find_method(receiver, name)
        if found is None:
            raise no_method(receiver, name)
        return _call_handler(engine, operation, found, name, (receiver,), arguments)
    special = _CALLABLE_KINDS.get(kind)
    if special is not None:
        return special(engine, operation, function, arguments)
    raise Complaint(f"{function} is not something that can be called")


def call_value(engine: Engine, operation: Operation, function: Annotation, values: Any) -> Annotation:
    """Call a value with positional arguments."""
    return call(engine, operation, function, Arguments(simple_shape(len(values)), list(values)))


CalledHandler = TypeVar("CalledHandler", bound=Callable[..., Annotation])
_CALLABLE_KINDS: dict[type, Callable[..., Annotation]] = {}


def callable_kind(kind: type) -> Callable[[CalledHandler], CalledHandler]:
    """Register how values with one class of annotation are called."""

    def register(function: CalledHandler) -> CalledHandler:
        _CALLABLE_KINDS[kind] = function
        return function

    return register


def no_method(receiver: Annotation, name: str) -> Complaint:
    """The complaint about a method that a built-in type does not have."""
    names = method_names(receiver)
    close = difflib.get_close_matches(name, names, 1)
    if isinstance(receiver, a.String) and name in ("format", "format_map"):
        suggestion = "use an f-string, or `%` with a constant format"
    elif close:
        suggestion = f"did you mean `{close[0]}`?"
    else:
        suggestion = f"it has: {', '.join(names)}" if names else ""
    return Complaint(f"{receiver.describe()} has no method `{name}` in RPython", suggestion)


def _call_handler(
    engine: Engine, operation: Operation, function: Any, name: str, first: tuple[Any, ...], arguments:
    Arguments
) -> Annotation:
    try:
        result: Annotation = function(engine, operation, *first, *arguments.positional, **arguments.keywords)
    except TypeError as error:
        if "argument" in str(error) and function.__name__ in str(error):
            detail = str(error).replace(function.__name__ + "()", f"{name}()")
            raise Complaint(f"wrong arguments for {name}(): {detail}") from None
        raise
    return result


# ---- functions, methods, classes


def _call_descriptions(
    engine: Engine, operation: Operation, called: a.DescriptionSet, arguments: Arguments
) -> Annotation:
    site = engine.call_sites.get(operation)
    if site is None:
        site = engine.call_sites[operation] = CallSite(operation, arguments.shape, len(arguments.star))
    site.star_length = len(arguments.star)
    values = [detached(value) for value in arguments.values]
    arguments = Arguments(arguments.shape, values, arguments.star)
    functions = called.descriptions
    if len(functions) == 1:
        return _call_one(engine, operation, site, next(iter(functions)), arguments)
    grouped = call_group(engine, operation, site, functions, arguments)
    if grouped is not None:
        return grouped
    if engine.groups_of_sites.pop(site, None) is not None:
        site.graphs = dict(site.graphs)
    result: Annotation = IMPOSSIBLE
    for description in list(functions):
        one = _call_one(engine, operation, site, description, arguments)
        try:
            result = engine.join(result, one)
        except JoinError as error:
            raise results_differ(engine, site.graphs, error) from None
    unite_families(engine, site)
    return result


def _call_one(
    engine: Engine, operation: Operation, site: CallSite, description: Any, arguments: Arguments
) -> Annotation:
    kind = type(description)
    if kind is FunctionDescription:
        return call_function(engine, operation, site, description, None, arguments)
    if kind is MethodDescription:
        bound = a.Instance(description.self_class, False, description.flags)
        return call_function(engine, operation, site, description.function, bound, arguments)
    if kind is ClassDescription:
        return _instantiate(engine, operation, site, description, arguments)
    if kind is FrozenMethodDescription:
        receiver = engine.constant(description.receiver)
        return call_function(engine, operation, site, description.function, receiver, arguments)
    if not callable(description.value) or type(description.value) in MODULE_KINDS:
        raise Complaint(f"{description.describe()} cannot be called")
    return call(engine, operation, engine.constant(description.value.__call__), arguments)


def call_function(
    engine: Engine,
    operation: Operation,
    site: CallSite,
    function: FunctionDescription,
    receiver: Annotation | None,
    arguments: Arguments,
) -> Annotation:
    """Flow the arguments into the function's graph for them; the result as known so far."""
    plan = plan_for(engine, function, arguments.shape, len(arguments.star), receiver is not None)
    inputs = bind(engine, plan, receiver, arguments)
    if function.hints:
        inputs = check_arguments(engine, function, inputs)
    graph, memo = specialised_graph(engine, operation, site, function, inputs)
    if memo is not None:
        return memo
    assert graph is not None
    site.graphs[function] = graph
    result = engine.call_graph(graph, inputs)
    if function.hints and result is not IMPOSSIBLE:
        check_result(engine, function, result, graph)
    if type(result) is a.Bool and result.constant is NO_CONSTANT:
        predicate = engine.states[graph].predicate
        if predicate:
            return _tested(operation, plan, predicate)
    return result


def _tested(operation: Operation, plan: list[ArgumentSource], predicate: Any) -> Annotation:
    """The result of calling a test, with what it tells about the variables that are its arguments."""
    offset = 2 if operation.opname == "call_args" else 1
    narrowings: dict[bool, dict[Any, Annotation]] = {}
    for outcome, known in predicate.items():
        for parameter, annotation in known.items():
            source = plan[parameter]
            if source.kind == "argument" and offset + source.index < len(operation.args):
                narrowings.setdefault(outcome, {})[operation.args[offset + source.index]] = annotation
    return a.Bool(narrowings=narrowings) if narrowings else a.BOOL


def _instantiate(
    engine: Engine, operation: Operation, site: CallSite, description: ClassDescription, arguments: Arguments
) -> Annotation:
    engine.descriptions.mark_instantiated(description)
    result = a.Instance(description)
    found = description.lookup("__init__")
    if description.is_exception:
        engine.descriptions.keep_arguments(description, arguments.positional, found is not None)
    if found is None:
        if description.is_exception:
            return result
        if arguments.positional or arguments.keywords:
            raise Complaint(f"{description.name}() takes no arguments: the class has no __init__")
        return result
    function = engine.descriptions.member(found[0], found[1])
    if not isinstance(function, FunctionDescription):
        raise Complaint(f"{description.name}.__init__ is not a function")
    outcome = call_function(engine, operation, site, function, result, arguments)
    if outcome is not IMPOSSIBLE and not isinstance(outcome, a.NoneValue):
        raise Complaint(f"{description.name}.__init__ returns {outcome}, it must return None")
    return result


# ---- operations on instances that are method calls


def rewrite_as_call(engine: Engine, operation: Operation, name: str, arguments: list[Any]) -> Annotation:
    """Turn an operation into `getattr(first, name)` and a call of it. The engine goes on with those two."""
    bound = Variable(name.strip("_"))
    lookup = Operation("getattr", [operation.args[0], Constant(name)], bound, operation.position)
    calling = Operation("simple_call", [bound, *arguments], operation.result, operation.position)
    engine.block.operations[engine.index : engine.index + 1] = [lookup, calling]
    return IMPOSSIBLE


@callable_kind(a.Instance)
def _call_instance(engine: Engine, operation: Operation, function: a.Instance, arguments: Arguments) -> Annotation:
    if function.class_description.lookup("__call__") is None:
        raise Complaint(f"{function} cannot be called: its class has no __call__ method")
    bound = Variable("call")
    lookup = Operation("getattr", [operation.args[0], Constant("__call__")], bound, operation.position)
    calling = Operation(operation.opname, [bound, *operation.args[1:]], operation.result, operation.position)
    engine.block.operations[engine.index : engine.index + 1] = [lookup, calling]
    return IMPOSSIBLE
