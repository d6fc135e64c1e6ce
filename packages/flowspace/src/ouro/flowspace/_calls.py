"""Calls.

Built-in functions with an operation of their own, and markers that mean something to flow graphs, are in two
tables by function: `OPERATION_CALLS` and `SPECIAL_CALLS`. Everything else is a `simple_call`, or a
`call_args` where keywords or a star are involved.
"""

from __future__ import annotations

import ast
from typing import Any, Callable

from ouro.flowspace._context import FlowContext, expression, is_foldable
from ouro.flowspace._expressions import (
    BINARY_OPERATIONS,
    evaluate_items,
    get_attribute,
    known_items,
    new_tuple,
)
from ouro.flowspace._model import CallShape, Constant, Value, Variable
from ouro.flowspace.operations import OPERATIONS, OVERFLOW_VARIANTS
from ouro.rlib import objectmodel, rarithmetic, unroll

SpecialCall = Callable[[FlowContext, ast.Call], Value]

OPERATION_CALLS: dict[Any, str] = {
    len: "len",
    iter: "iter",
    next: "next",
    bool: "bool",
    isinstance: "isinstance",
    type: "type",
}
"""Function -> the operation that a call with the right number of plain arguments is."""

FOLDED_CALLS = frozenset(
    {
        int,
        float,
        str,
        abs,
        min,
        max,
        ord,
        chr,
        len,
        hash,
        divmod,
        repr,
        isinstance,
        issubclass,
        callable,
        bool,
        rarithmetic.intmask,
        rarithmetic.longlongmask,
        rarithmetic.widen,
        rarithmetic.most_neg_value_of,
        rarithmetic.most_pos_value_of,
        rarithmetic.highest_bit,
        *rarithmetic.INTEGER_TYPES,
    }
) - {hash}
"""Functions whose calls with constant arguments are done now."""

SPECIAL_CALLS: dict[Any, SpecialCall] = {}
"""Function -> what evaluates a call of it."""


SHAPED_CALLS: list[Callable[[FlowContext, ast.Call], Value | None]] = []
"""What evaluates calls known by their form, not by their function: `super().m(...)`, `s.join(x for ...)`."""


def special_call(*functions: Any) -> Callable[[SpecialCall], SpecialCall]:
    """Register the decorated function for calls of these functions."""

    def register(handler: SpecialCall) -> SpecialCall:
        for function in functions:
            SPECIAL_CALLS[function] = handler
        return handler

    return register


@expression(ast.Call)
def evaluate_call(flow: FlowContext, node: ast.Call) -> Value:
    for shape in SHAPED_CALLS:
        result = shape(flow, node)
        if result is not None:
            return result
    callee = flow.evaluate(node.func)
    if type(callee) is Constant:
        function = callee.value
        try:
            special = SPECIAL_CALLS.get(function)
        except TypeError:  # an unhashable callable
            special = None
        if special is not None:
            return special(flow, node)
        if getattr(function, "_not_rpython_", False):
            raise flow.error(
                f"{getattr(function, '__name__', function)!r} runs on the host only",
                node,
                "do not call it here",
            )
    return call(flow, callee, node)


def call(flow: FlowContext, callee: Value, node: ast.Call) -> Value:
    """Call `callee` with the arguments of the node."""
    args, keywords, star = evaluate_arguments(flow, node)
    return call_values(flow, callee, args, keywords, star, node)


def call_values(
    flow: FlowContext,
    callee: Value,
    args: list[Value],
    keywords: list[tuple[str, Value]],
    star: Value | None,
    node: Any,
) -> Value:
    """Call `callee` with values."""
    if not keywords and star is None:
        if type(callee) is Constant:
            folded = _fold_call(callee.value, args)
            if folded is not None:
                return folded
            opname = _operation_of(callee.value)
            if opname is not None and OPERATIONS[opname].arity == len(args):
                return flow.op(opname, args, node)
        return _note_exception(flow, callee, flow.append(OPERATIONS["simple_call"], [callee, *args], node))
    shape = CallShape(len(args), tuple([name for name, _ in keywords]), star is not None)
    values = [callee, Constant(shape), *args, *[value for _, value in keywords]]
    if star is not None:
        values.append(star)
    return _note_exception(flow, callee, flow.append(OPERATIONS["call_args"], values, node))


def _note_exception(flow: FlowContext, callee: Value, result: Variable) -> Variable:
    """Remember the class of a new exception: a `raise` of it then finds its clause now."""
    if type(callee) is Constant and isinstance(callee.value, type):
        if issubclass(callee.value, BaseException):
            flow.exact_classes[result] = callee.value
    return result


def _operation_of(function: Any) -> str | None:
    try:
        return OPERATION_CALLS.get(function)
    except TypeError:
        return None


def _fold_call(function: Any, args: list[Value]) -> Constant | None:
    try:
        if function not in FOLDED_CALLS:
            return None
    except TypeError:
        return None
    for arg in args:
        if type(arg) is not Constant:
            return None
    values = [arg.value for arg in args]  # type: ignore[union-attr]
    if not (all(map(is_foldable, values)) or function is isinstance):
        return None
    try:
        return Constant(function(*values))
    except Exception:
        return None


def evaluate_arguments(
    flow: FlowContext, node: ast.Call
) -> tuple[list[Value], list[tuple[str, Value]], Value | None]:
    """Positional values, keyword values and the tuple of a trailing `*` whose items are not in sight."""
    args: list[Value] = []
    star: Value | None = None
    for item in node.args:
        if star is not None:
            raise flow.error("an argument after `*args` of unknown length", item, "put `*args` last")
        if type(item) is ast.Starred:
            value = flow.evaluate(item.value)
            items = known_items(flow, value)
            if items is None:
                star = value
            else:
                args.extend(items)
        else:
            args.append(flow.evaluate(item))
    keywords: list[tuple[str, Value]] = []
    for keyword in node.keywords:
        value = flow.evaluate(keyword.value)
        if keyword.arg is not None:
            keywords.append((keyword.arg, value))
        elif type(value) is Constant and isinstance(value.value, dict):
            keywords.extend((name, Constant(item)) for name, item in value.value.items())
        else:
            raise flow.error(
                "`**` of something that is not constant", keyword.value, "spell the keywords out"
            )
    return args, keywords, star


# ---- built-in functions


@special_call(getattr)
def _call_getattr(flow: FlowContext, node: ast.Call) -> Value:
    args = evaluate_items(flow, node.args)
    name = _attribute_name(flow, args, node)
    if len(args) == 3:
        if type(args[0]) is not Constant:
            raise flow.error(
                "getattr with a default on a run-time value", node, "give the class the attribute"
            )
        return get_attribute(flow, args[0], name, node) if hasattr(args[0].value, name) else args[2]
    return get_attribute(flow, args[0], name, node)


@special_call(setattr)
def _call_setattr(flow: FlowContext, node: ast.Call) -> Value:
    args = evaluate_items(flow, node.args)
    name = _attribute_name(flow, args, node)
    flow.op("setattr", [args[0], Constant(name), args[2]], node)
    return Constant(None)


def _attribute_name(flow: FlowContext, args: list[Value], node: Any) -> str:
    if len(args) < 2 or type(args[1]) is not Constant or not isinstance(args[1].value, str):
        raise flow.error(
            "the attribute name is not a constant", node, "unroll over the names with unrolling_iterable"
        )
    return args[1].value


@special_call(hasattr)
def _call_hasattr(flow: FlowContext, node: ast.Call) -> Value:
    args = evaluate_items(flow, node.args)
    name = _attribute_name(flow, args, node)
    if type(args[0]) is Constant:
        return Constant(hasattr(args[0].value, name))
    return flow.append(OPERATIONS["simple_call"], [Constant(hasattr), *args], node)


@special_call(divmod)
def _call_divmod(flow: FlowContext, node: ast.Call) -> Value:
    args = evaluate_items(flow, node.args)
    return new_tuple(flow, [flow.op("floordiv", args, node), flow.op("mod", args, node)], node)


@special_call(tuple)
def _call_tuple(flow: FlowContext, node: ast.Call) -> Value:
    if not node.args:
        return Constant(())
    value = flow.evaluate(node.args[0])
    items = known_items(flow, value)
    if items is not None:
        return new_tuple(flow, items, node)
    raise flow.error("tuple() of something whose length is not known here", node, "use a list")


@special_call(globals, locals, vars, eval, exec, compile, __import__, input)
def _call_host_only(flow: FlowContext, node: ast.Call) -> Value:
    name = ast.unparse(node.func)
    suggestion = "use os.read(0, count), or ouro.rlib.rfile" if name == "input" else "do it before translation"
    raise flow.error(f"{name}() is not RPython", node, suggestion)


@special_call(super)
def _call_super(flow: FlowContext, node: ast.Call) -> Value:
    raise flow.error("super() is only for calling a method", node, "write super().method(...)")


def super_method(flow: FlowContext, node: ast.Call) -> Value | None:
    """`super().method(...)`, if the node is that: a call of the function that the next class has."""
    attribute = node.func
    if not isinstance(attribute, ast.Attribute) or not isinstance(attribute.value, ast.Call):
        return None
    inner = attribute.value
    if not isinstance(inner.func, ast.Name) or inner.func.id != "super" or "super" in flow.locals:
        return None
    if inner.args:
        values = evaluate_items(flow, inner.args)
        cls, receiver = values[0], values[1]
    else:
        if "__class__" not in flow.closure or flow.first_name is None:
            raise flow.error("super() outside of a method", node)
        cls = Constant(flow.closure["__class__"])
        receiver = flow.load_name(flow.first_name, node)
    if type(cls) is not Constant:
        raise flow.error("super() of a class that is not constant", node)
    name = flow.mangle(attribute.attr)
    for base in cls.value.__mro__[1:]:
        if name in vars(base):
            found = vars(base)[name]
            break
    else:
        raise flow.error(f"no base of {cls.value.__name__} has a method {name!r}", node)
    args, keywords, star = evaluate_arguments(flow, node)
    if base is object and name == "__init__":
        return Constant(None)
    if isinstance(found, staticmethod):
        return call_values(flow, Constant(found.__func__), args, keywords, star, node)
    function = found.__func__ if isinstance(found, classmethod) else found
    return call_values(flow, Constant(function), [receiver, *args], keywords, star, node)


SHAPED_CALLS.append(super_method)


# ---- markers


@special_call(objectmodel.we_are_translated)
def _call_we_are_translated(flow: FlowContext, node: ast.Call) -> Value:
    return Constant(True)


@special_call(unroll.unrolling_iterable)
def _call_unrolling_iterable(flow: FlowContext, node: ast.Call) -> Value:
    """Made in place from constants, it is a constant too."""
    display = node.args[0]
    if isinstance(display, (ast.List, ast.Tuple)):
        items: list[Value] | None = evaluate_items(flow, display.elts)
    else:
        items = known_items(flow, flow.evaluate(display))
    constants = [item.value for item in items or () if isinstance(item, Constant)]
    if items is None or len(constants) != len(items):
        raise flow.error("unrolling_iterable() of something that is not constant", node)
    make: Any = unroll.unrolling_iterable
    return Constant(make(constants))


@special_call(rarithmetic.ovfcheck)
def _call_ovfcheck(flow: FlowContext, node: ast.Call) -> Value:
    inner = node.args[0]
    if isinstance(inner, ast.BinOp):
        opname = OVERFLOW_VARIANTS.get(BINARY_OPERATIONS.get(type(inner.op), ""))
        if opname is not None:
            return _checked(flow, opname, [flow.evaluate(inner.left), flow.evaluate(inner.right)], inner)
    elif isinstance(inner, ast.UnaryOp) and isinstance(inner.op, ast.USub):
        return _checked(flow, "neg_ovf", [flow.evaluate(inner.operand)], inner)
    elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "abs":
        return _checked(flow, "abs_ovf", [flow.evaluate(inner.args[0])], inner)
    raise flow.error(
        "ovfcheck() needs the operation itself as its argument",
        node,
        "write ovfcheck(a + b) in one expression",
    )


def _checked(flow: FlowContext, opname: str, args: list[Value], node: Any) -> Variable:
    return flow.append(OPERATIONS[opname], args, node)
