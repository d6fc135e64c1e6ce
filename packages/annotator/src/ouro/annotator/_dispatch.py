"""The tables that say what each operation does with each kind of annotation.

`HANDLERS[opname]` maps annotation classes to handlers: a pair of classes for the operations in
`BINARY_OPERATIONS`, one class (that of the first operand) for most others, nothing for those in
`FREE_OPERATIONS`.
A handler is called as `handler(engine, operation, *annotations of all operands)` and returns the
annotation of the result. A handler registered for a class serves the classes derived from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from ouro.annotator.annotations import Annotation, Registered
from ouro.flowspace.operations import OPERATIONS

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine
    from ouro.flowspace import Operation

Handler = Callable[..., Annotation]

_ARITHMETIC = "add sub mul floordiv truediv mod pow lshift rshift and_ or_ xor"
_OVERFLOW = "add_ovf sub_ovf mul_ovf lshift_ovf floordiv_ovf mod_ovf"
COMPARISONS = ("lt", "le", "eq", "ne", "gt", "ge")

BINARY_OPERATIONS = frozenset(
    [*_ARITHMETIC.split(), *_OVERFLOW.split(), *COMPARISONS, "is_"]
    + ["inplace_" + name.rstrip("_") for name in _ARITHMETIC.split()]
)
FREE_OPERATIONS = frozenset("newtuple newlist newdict newset newstring format_value same_as finish_list".split())
INPLACE_OF = {"inplace_" + name.rstrip("_"): name for name in _ARITHMETIC.split()}

HANDLERS: dict[str, dict[Any, Handler]] = {name: {} for name in OPERATIONS}
_RESOLVED: dict[str, dict[Any, Handler]] = {name: {} for name in OPERATIONS}

DISPATCH: dict[str, tuple[int, dict[Any, Handler]]] = {
    name: (
        0 if name in FREE_OPERATIONS else 2 if name in BINARY_OPERATIONS else 1,
        _RESOLVED[name],
    )
    for name in OPERATIONS
}
"""Operation -> (how many operands choose the handler, handlers found so far)."""


def handler(opnames: str, *kinds: type) -> Callable[[Handler], Handler]:
    """Register a handler for one or more operations (names separated by blanks) and the given classes."""

    def register(function: Handler) -> Handler:
        for opname in opnames.split():
            arity = DISPATCH[opname][0]
            assert len(kinds) == arity, opname
            HANDLERS[opname][kinds[0] if arity == 1 else kinds] = function
        return function

    return register


def find_handler(opname: str, key: Any) -> Handler:
    """The handler of an operation for exact annotation classes; the nearest along their bases. Cached."""
    found = _search(HANDLERS[opname], key)
    if found is None and opname in INPLACE_OF:
        found = _search(HANDLERS[INPLACE_OF[opname]], key)
    if found is None:
        found = _unsupported
    _RESOLVED[opname][key] = found
    return found


def _search(table: dict[Any, Handler], key: Any) -> Handler | None:
    if key is None or key == ():
        return table.get(())
    if isinstance(key, tuple):
        for left in key[0].__mro__[:-1]:
            for right in key[1].__mro__[:-1]:
                found = table.get((left, right))
                if found is not None:
                    return found
        return None
    for kind in key.__mro__[:-1]:
        found = table.get(kind)
        if found is not None:
            return found
    return None


def _unsupported(engine: Engine, operation: Operation, *operands: Annotation) -> Annotation:
    raise engine.unsupported(operation, operands)


METHODS: dict[tuple[Any, str], Handler] = {}
"""Methods of built-in types: (class of the receiver or name of its registered type, method name) ->
handler(engine, operation, receiver, *arguments)."""

_resolved_methods: dict[tuple[Any, str], Handler | None] = {}


def method(kind: type | str, names: str) -> Callable[[Handler], Handler]:
    """Register a method (or several that are typed alike) of a built-in type, or of a registered type by name."""

    def register(function: Handler) -> Handler:
        for name in names.split():
            METHODS[kind, name] = function
        return function

    return register


def find_method(receiver: Annotation, name: str) -> Handler | None:
    """The handler of a method of a value of a built-in type, or None."""
    kind = type(receiver)
    if kind is Registered:
        return METHODS.get((receiver.name, name))  # type: ignore[attr-defined]
    key = (kind, name)
    if key not in _resolved_methods:
        found = None
        for base in kind.__mro__[:-1]:
            found = METHODS.get((base, name))
            if found is not None:
                break
        _resolved_methods[key] = found
    return _resolved_methods[key]


def method_names(receiver: Annotation) -> list[str]:
    """Every method that a value has, for suggestions."""
    if type(receiver) is Registered:
        return sorted(name for kind, name in METHODS if kind == receiver.name)
    return sorted({name for kind, name in METHODS if isinstance(kind, type) and isinstance(receiver, kind)})


CAN_RAISE: dict[tuple[str, type], tuple[type[BaseException], ...]] = {}
"""What an operation can raise for one class of the first operand, where that is less than its row of the operations
table says: the exits for other exceptions are never taken."""

CONTAINERS_RAISE = (IndexError, KeyError)


def raises(opnames: str, kind: type, *exceptions: type[BaseException]) -> None:
    """Register a row of `CAN_RAISE`."""
    for opname in opnames.split():
        CAN_RAISE[opname, kind] = exceptions


def find_raises(opname: str, kind: type) -> tuple[type[BaseException], ...] | None:
    """What the operation can raise on this kind of operand; None for anything."""
    for base in kind.__mro__[:-1]:
        found = CAN_RAISE.get((opname, base))
        if found is not None:
            return found
    return None


BUILTINS: dict[int, tuple[Any, str, Handler]] = {}
"""Host functions and classes with a meaning of their own: id -> (the object, name, handler)."""


def builtin(*functions: Any, name: str = "") -> Callable[[Handler], Handler]:
    """Register what calling host functions or classes means: handler(engine, operation, *arguments).

    Keyword arguments of a call arrive as keyword arguments of the handler.
    """

    def register(function: Handler) -> Handler:
        for host_function in functions:
            shown = name or getattr(host_function, "__name__", repr(host_function))
            BUILTINS[id(host_function)] = (host_function, shown, function)
        return function

    return register


PRIMITIVES: dict[str, Handler] = {}
"""Markers of `rlib` (functions with `_primitive_`) by that name -> handler."""


def primitive(names: str) -> Callable[[Handler], Handler]:
    """Register the meaning of marked functions of `rlib`, as `"module.name"`, several separated by blanks."""

    def register(function: Handler) -> Handler:
        for name in names.split():
            PRIMITIVES[name] = function
        return function

    return register
