"""Executes flow graphs on the host: the reference for what a graph means.

Functions of the program run through their graphs, nested calls and the methods that operations call by name
included. Functions of the standard library, of `ouro.rlib` and of `ouro.lltype` run as they are on the host.
"""

from __future__ import annotations

import operator
import sysconfig
import types
from typing import Any, Callable

from ouro.flowspace._build import SYNTHETIC, build_flow
from ouro.flowspace._host_stack import deep_host_stack
from ouro.flowspace._model import LAST_EXCEPTION, CallShape, FunctionGraph, Operation, Signature, Variable
from ouro.rlib.rarithmetic import ovfcheck

_LIBRARY = sysconfig.get_paths()["stdlib"]
_SITE = sysconfig.get_paths()["purelib"]
_HOST_PACKAGES = ("ouro.rlib", "ouro.lltype")


class StepLimitExceeded(Exception):
    """The program did more operations than it was allowed."""


def runs_on_host(function: types.FunctionType) -> bool:
    """Whether a function is called as it is instead of through its graph."""
    if function in SYNTHETIC:
        return False
    if hasattr(function, "_primitive_") or hasattr(function, "_erasing_kind_"):
        return True
    module = function.__module__ or ""
    if module.startswith(_HOST_PACKAGES):
        return True
    filename = function.__code__.co_filename
    return filename.startswith(_LIBRARY) and not filename.startswith(_SITE)


class FlowInterpreter:
    """Runs functions through their flow graphs.

    `step_limit`: the number of operations after which StepLimitExceeded is raised, None for no limit.
    `graphs` holds the graphs built so far, by function.
    """

    def __init__(self, step_limit: int | None = None) -> None:
        self.graphs: dict[Any, FunctionGraph] = {}
        self.steps_left = step_limit if step_limit is not None else -1

    def graph_of(self, function: types.FunctionType) -> FunctionGraph:
        """The graph of a function, built on first use."""
        graph = self.graphs.get(function)
        if graph is None:
            graph = self.graphs[function] = build_flow(function)
        return graph

    # ---- calls

    def call(self, callee: Any, args: list[Any], keywords: dict[str, Any] | None = None) -> Any:
        """Call anything callable, through its graph where it has one."""
        with deep_host_stack():
            return self.nested_call(callee, args, keywords or {})

    def run(self, graph: FunctionGraph, args: list[Any]) -> Any:
        """Execute a graph on arguments; returns its result or raises its exception."""
        with deep_host_stack():
            return self._execute_graph(graph, args)

    def nested_call(self, callee: Any, args: list[Any], keywords: dict[str, Any]) -> Any:
        """A call that the program itself does."""
        if isinstance(callee, types.MethodType):
            return self.nested_call(callee.__func__, [callee.__self__, *args], keywords)
        if isinstance(callee, types.FunctionType):
            if runs_on_host(callee):
                return callee(*args, **keywords)
            graph = self.graph_of(callee)
            assert graph.signature is not None
            return self._execute_graph(graph, bind_arguments(graph.signature, args, keywords))
        if isinstance(callee, type):
            return self._instantiate(callee, args, keywords)
        method = self._method(callee, "__call__")
        if method is not None:
            return self.nested_call(method, [callee, *args], keywords)
        return callee(*args, **keywords)

    def _instantiate(self, cls: type, args: list[Any], keywords: dict[str, Any]) -> Any:
        init = getattr(cls, "__init__", None)
        if isinstance(init, types.FunctionType) and not runs_on_host(init):
            if isinstance(cls.__new__, types.BuiltinFunctionType):
                plain = cls.__new__ is object.__new__
                instance: Any = cls.__new__(cls, *([] if plain else args))
                self.nested_call(init, [instance, *args], keywords)
                return instance
        return cls(*args, **keywords)

    def _method(self, value: Any, name: str) -> types.FunctionType | None:
        """The method of a class of the program that an operation calls by name, or None."""
        method = getattr(type(value), name, None)
        if isinstance(method, types.FunctionType) and not runs_on_host(method):
            return method
        return None

    def by_name(self, name: str, fallback: Callable[..., Any], args: list[Any]) -> Any:
        """Do an operation through the special method of the first operand, or as the host does it."""
        method = self._method(args[0], name)
        return fallback(*args) if method is None else self.nested_call(method, args, {})

    # ---- execution

    def _execute_graph(self, graph: FunctionGraph, args: list[Any]) -> Any:
        block = graph.startblock
        values: dict[Any, Any] = dict(zip(block.inputargs, args))
        while True:
            operations = block.operations
            if block.exitswitch is LAST_EXCEPTION:
                for operation in operations[:-1]:
                    values[operation.result] = self.execute(operation, values)
                link = block.exits[0]
                try:
                    values[operations[-1].result] = self.execute(operations[-1], values)
                except StepLimitExceeded:
                    raise
                except BaseException as error:
                    for link in block.exits[1:]:
                        if isinstance(error, link.exitcase):
                            break
                    else:
                        raise
                    values[link.last_exception] = type(error)
                    values[link.last_exc_value] = error
            else:
                for operation in operations:
                    values[operation.result] = self.execute(operation, values)
                if block is graph.returnblock:
                    return values[block.inputargs[0]]
                if block is graph.exceptblock:
                    raise values[block.inputargs[1]]
                link = block.exits[0]
                if block.exitswitch is not None:
                    value = values[block.exitswitch]
                    for link in block.exits:
                        if link.exitcase == "default" or link.exitcase == value:
                            break
            passed = [values[a] if isinstance(a, Variable) else a.value for a in link.args]
            block = link.target
            values = dict(zip(block.inputargs, passed))

    def execute(self, operation: Operation, values: dict[Any, Any]) -> Any:
        """The result of one operation."""
        if self.steps_left == 0:
            raise StepLimitExceeded
        self.steps_left -= 1
        args = [values[a] if isinstance(a, Variable) else a.value for a in operation.args]
        return EXECUTORS[operation.opname](self, args)


def bind_arguments(signature: Signature, args: list[Any], keywords: dict[str, Any]) -> list[Any]:
    """One value for each parameter, as a call binds them. Raises TypeError as the host does."""
    names = signature.arguments
    if len(args) > len(names) and signature.vararg is None:
        raise TypeError(f"{len(args)} arguments for {len(names)} parameters")
    bound = dict(zip(names, args))
    for name, value in keywords.items():
        if name in bound or name not in signature.all_names:
            raise TypeError(f"the keyword argument {name!r} does not fit")
        bound[name] = value
    result = []
    for name in names + signature.keyword_only:
        if name not in bound:
            if name not in signature.defaults:
                raise TypeError(f"no value for the parameter {name!r}")
            bound[name] = signature.defaults[name]
        result.append(bound[name])
    if signature.vararg is not None:
        result.append(tuple(args[len(names) :]))
    return result


Executor = Callable[[FlowInterpreter, list[Any]], Any]


def _host(function: Callable[..., Any]) -> Executor:
    return lambda interpreter, args: function(*args)


def _named(method: str, fallback: Callable[..., Any]) -> Executor:
    return lambda interpreter, args: interpreter.by_name(method, fallback, args)


_checked: Callable[[int], int] = ovfcheck


def _overflow(function: Callable[..., Any]) -> Executor:
    return lambda interpreter, args: _checked(function(*args))


def _get_attribute(interpreter: FlowInterpreter, args: list[Any]) -> Any:
    value, name = args
    found = getattr(type(value), name, None)
    if isinstance(found, property) and isinstance(found.fget, types.FunctionType):
        return interpreter.nested_call(found.fget, [value], {})
    return getattr(value, name)


def _set_attribute(interpreter: FlowInterpreter, args: list[Any]) -> None:
    value, name, new = args
    found = getattr(type(value), name, None)
    if isinstance(found, property) and isinstance(found.fset, types.FunctionType):
        interpreter.nested_call(found.fset, [value, new], {})
    else:
        setattr(value, name, new)


def _call_args(interpreter: FlowInterpreter, args: list[Any]) -> Any:
    callee, shape, *values = args
    assert isinstance(shape, CallShape)
    positional = list(values[: shape.positional])
    keywords = dict(zip(shape.keywords, values[shape.positional :]))
    if shape.star:
        positional.extend(values[-1])
    return interpreter.nested_call(callee, positional, keywords)


def _check_unpacking(value: Any, count: int) -> None:
    if len(value) < count:
        raise ValueError(f"not enough values to unpack (expected {count}, got {len(value)})")
    if len(value) > count:
        raise ValueError(f"too many values to unpack (expected {count})")


def _type_of_raised(value: Any) -> type:
    if not isinstance(value, BaseException):
        raise TypeError("exceptions must derive from BaseException")
    return type(value)


def _set_slice(container: Any, start: Any, stop: Any, value: Any) -> None:
    container[start:stop] = value


def _delete_slice(container: Any, start: Any, stop: Any) -> None:
    del container[start:stop]


def _format(value: Any, conversion: str, spec: str) -> str:
    if conversion == "%":
        return ("%" + spec) % (value,)
    convert: Any = {"s": str, "r": repr, "a": ascii}.get(conversion)
    return format(value if convert is None else convert(value), spec)


EXECUTORS: dict[str, Executor] = {
    **{name: _host(getattr(operator, name)) for name in "add sub mul floordiv truediv mod pow".split()},
    **{name: _host(getattr(operator, name)) for name in "lshift rshift and_ or_ xor".split()},
    **{name: _host(getattr(operator, name)) for name in "lt le eq ne gt ge is_ not_ neg pos invert".split()},
    **{
        "inplace_" + name: _host(getattr(operator, "i" + name))
        for name in "add sub mul floordiv truediv mod pow lshift rshift and or xor".split()
    },
    "bool": _host(bool),
    "contains": _named("__contains__", operator.contains),
    "add_ovf": _overflow(operator.add),
    "sub_ovf": _overflow(operator.sub),
    "mul_ovf": _overflow(operator.mul),
    "lshift_ovf": _overflow(operator.lshift),
    "floordiv_ovf": _overflow(operator.floordiv),
    "mod_ovf": _overflow(operator.mod),
    "neg_ovf": _overflow(operator.neg),
    "abs_ovf": _overflow(abs),
    "getitem": _named("__getitem__", operator.getitem),
    "unpack": _host(_check_unpacking),
    "setitem": _named("__setitem__", operator.setitem),
    "delitem": _named("__delitem__", operator.delitem),
    "getslice": _host(lambda container, start, stop: container[start:stop]),
    "setslice": _host(_set_slice),
    "delslice": _host(_delete_slice),
    "getattr": _get_attribute,
    "setattr": _set_attribute,
    "delattr": _host(delattr),
    "simple_call": lambda interpreter, args: interpreter.nested_call(args[0], args[1:], {}),
    "call_args": _call_args,
    "iter": _named("__iter__", iter),
    "next": _named("__next__", next),
    "len": _named("__len__", len),
    "type": _host(type),
    "type_of_raised": _host(_type_of_raised),
    "isinstance": _host(isinstance),
    "newtuple": lambda interpreter, args: tuple(args),
    "newlist": lambda interpreter, args: list(args),
    "newdict": lambda interpreter, args: dict(zip(args[::2], args[1::2])),
    "newset": lambda interpreter, args: set(args),
    "format_value": _host(_format),
    "newstring": lambda interpreter, args: "".join(args),
    "same_as": lambda interpreter, args: args[0],
    "finish_list": lambda interpreter, args: args[0],
}
"""Operation -> function(interpreter, arguments)."""
