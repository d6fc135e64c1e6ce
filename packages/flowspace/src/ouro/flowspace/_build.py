"""`build_flow`: the entry point of the stage."""

from __future__ import annotations

import ast
import types
from typing import Any, Callable

from ouro.flowspace import _exceptions, _functions, _loops, _match, _statements
from ouro.flowspace._closing import close_graph
from ouro.flowspace._context import FlowContext
from ouro.flowspace._errors import FlowSpaceError
from ouro.flowspace._generators import fill_creation, iterator_class, open_body, split_at_yields
from ouro.flowspace._model import Block, Constant, FunctionGraph, Signature, Variable
from ouro.flowspace._scopes import AssignedNames
from ouro.flowspace._source import FunctionSource, find_function
from ouro.flowspace._wide import cut_wide_constants

REGISTERING_MODULES = (_exceptions, _functions, _loops, _match, _statements)
"""The modules that fill the tables of node classes when they are imported."""

SYNTHETIC: dict[Any, Callable[[Any], FunctionGraph]] = {}
"""Functions made by this stage itself -> what makes their graph (the `__next__` of generators)."""


def build_flow(func: Any) -> FunctionGraph:
    """The flow graph of a Python function.

    Parameters: `func` is a function object (of a bound method, its function).
    Raises: FlowSpaceError if the source is not found or not RPython.
    """
    func = getattr(func, "__func__", func)
    if func in SYNTHETIC:
        return SYNTHETIC[func](func)
    if not isinstance(func, types.FunctionType):
        raise FlowSpaceError(f"{func!r} is not a Python function", suggestion="call it on the host instead")
    if getattr(func, "_not_rpython_", False):
        raise FlowSpaceError(f"{func.__qualname__!r} runs on the host only", suggestion="do not call it here")
    source = find_function(func)
    graph = _new_graph(func, source)
    flow = start(func, graph, source)
    if flow.assigned.yields:
        _build_generator(func, flow)
        return graph
    _bind_parameters(flow)
    _execute_body(flow)
    finish(flow)
    return graph


def _new_graph(func: types.FunctionType, source: FunctionSource) -> FunctionGraph:
    graph = FunctionGraph(func.__name__, Block([]))
    graph.func = func
    graph.filename = source.file.filename
    graph.firstlineno = func.__code__.co_firstlineno
    graph.module = func.__module__
    graph.source = source.text
    graph.signature = signature_of(func)
    return graph


def _execute_body(flow: FlowContext) -> None:
    node: Any = flow.source.node
    if isinstance(node.body, list):
        flow.execute(node.body)
        if flow.block is not None:
            flow.return_value(Constant(None))
    else:
        flow.return_value(flow.evaluate(node.body))


def _build_generator(func: types.FunctionType, creation: FlowContext) -> None:
    """Fill the graph of a generator function, and prepare the one of its iterators' `__next__`."""
    cls: Any = iterator_class(func)
    _bind_parameters(creation)
    position = creation.position(creation.source.node)
    fill_creation(creation.graph, cls, position)

    def build_step(step: Any) -> FunctionGraph:
        graph = _new_graph(func, creation.source)
        graph.name = f"{func.__name__}_next"
        graph.func = step
        names = signature_of(func).all_names
        flow = start(func, graph, creation.source)
        flow.assigned.names.update(names)
        open_body(flow, names, creation.source.node)
        _execute_body(flow)
        finish(flow)
        split_at_yields(graph, position)
        return graph

    SYNTHETIC[cls.__next__] = build_step


def start(func: types.FunctionType, graph: FunctionGraph, source: FunctionSource) -> FlowContext:
    """A context at the beginning of the function; its parameters are not bound yet."""
    node: Any = source.node
    assigned = AssignedNames(node.body if isinstance(node.body, list) else [node.body])
    closure: dict[str, Any] = dict(source.names)
    for name, cell in zip(func.__code__.co_freevars, func.__closure__ or ()):
        try:
            closure[name] = cell.cell_contents
        except ValueError:
            continue
    flow = FlowContext(graph, source, func.__globals__, closure, assigned, func.__code__)
    signature = graph.signature
    assert signature is not None
    if isinstance(node, ast.AsyncFunctionDef):
        raise flow.error("a coroutine is not RPython", node, "write an ordinary function or a generator")
    if func.__code__.co_flags & 0x08:
        raise flow.error("`**` parameters are not RPython", node, "name the keyword parameters")
    if signature.arguments:
        flow.first_name = signature.arguments[0]
    return flow


def _bind_parameters(flow: FlowContext) -> None:
    signature = flow.graph.signature
    assert signature is not None
    for name in signature.all_names:
        variable = Variable(name)
        flow.graph.startblock.inputargs.append(variable)
        flow.locals[name] = variable
    flow.assigned.names.update(signature.all_names)


def finish(flow: FlowContext) -> None:
    """Close the graph of a context whose body is done."""
    close_graph(
        flow.graph,
        flow.replaced,
        lambda variable: flow.error(
            f"{variable.name!r} has no value on some path around a loop",
            flow.source.node,
            f"give {variable.name!r} a value on every path",
        ),
    )
    cut_wide_constants(flow.graph)


def signature_of(func: types.FunctionType) -> Signature:
    """The signature of a function, from its code object."""
    code = func.__code__
    names = code.co_varnames
    count = code.co_argcount
    keyword_end = count + code.co_kwonlyargcount
    arguments = names[:count]
    defaults: dict[str, Any] = {}
    if func.__defaults__:
        defaults.update(zip(arguments[count - len(func.__defaults__) :], func.__defaults__))
    if func.__kwdefaults__:
        defaults.update(func.__kwdefaults__)
    vararg = names[keyword_end] if code.co_flags & 0x04 else None
    return Signature(arguments, names[count:keyword_end], vararg, defaults, code.co_posonlyargcount)
