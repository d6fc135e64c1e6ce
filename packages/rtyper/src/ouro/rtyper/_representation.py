"""Representations: how the values of one annotation are held in low-level memory.

There is one object per distinct annotation (see `key`), made on first use.  What an operation on values of some
representations becomes is a *rule*: a function found in one table by the operation's name and the classes of
the first one or two operands' representations.  Conversions between representations are found the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from ouro.lltype import LowLevelType, Ptr, Void, nullptr

if TYPE_CHECKING:
    from ouro.rtyper._context import OperationContext
    from ouro.rtyper._typer import Typer

__all__ = [
    "CONVERSIONS",
    "RULES",
    "ImpossibleRepresentation",
    "NoneRepresentation",
    "Representation",
    "Rule",
    "TyperError",
    "VoidRepresentation",
    "conversion",
    "find_conversion",
    "find_rule",
    "representation_for",
    "REPRESENTATION_MAKERS",
    "rule",
]


class TyperError(Exception):
    """The program has no low-level form; the message says why, `position` where."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.places: list[str] = []

    def __str__(self) -> str:
        return "\n".join([str(self.args[0]), *self.places])


class Representation:
    """How values of one annotation are held.

    `lowleveltype` is the type of variables; `storage` the representation used inside of containers, to which
    and from which values convert (pointers to instances of all classes are stored as pointers to objects, so
    that containers of instances share their code).
    """

    lowleveltype: LowLevelType = Void
    #: True where null is a value that means None.
    optional = False

    def __init__(self, typer: Typer) -> None:
        self.typer = typer

    @property
    def storage(self) -> Representation:
        return self

    def constant(self, value: Any) -> Any:
        """The low-level form of a host value."""
        raise TyperError(f"{value!r} is not a constant of {self}")

    def common_parts(self, context: Any, other: Representation) -> Representation | None:
        """How values of this representation and another are compared; None if one converts to the other."""
        return None

    # What containers ask of their items and keys.  A function is an RPython function over low-level values.

    def equality(self) -> Callable[[Any, Any], Any] | None:
        """A low-level function that compares two values, None where the primitive comparison does."""
        raise TyperError(f"values of {self} cannot be compared")

    def hashing(self) -> Callable[[Any], Any]:
        """A low-level function that computes a value's hash."""
        raise TyperError(f"values of {self} have no hash")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.lowleveltype}>"


class VoidRepresentation(Representation):
    """A value known at translation time."""

    def constant(self, value: Any) -> Any:
        return value

    def equality(self) -> Callable[[Any, Any], Any] | None:
        return _always_equal

    def hashing(self) -> Callable[[Any], Any]:
        return _no_hash


def _always_equal(first: Any, second: Any) -> bool:
    return True


def _no_hash(value: Any) -> int:
    return 0


class NoneRepresentation(VoidRepresentation):
    """Always None."""

    optional = True


class ImpossibleRepresentation(VoidRepresentation):
    """Never a value: the item of a list that stays empty."""


Rule = Callable[["OperationContext"], Any]
RULES: dict[tuple[str, type, type | None], Rule] = {}
CONVERSIONS: dict[tuple[type, type], Callable[..., Any]] = {}
REPRESENTATION_MAKERS: dict[type, Callable[[Any, Any], Any]] = {}

_rule_cache: dict[tuple[str, type, type | None], Rule | None] = {}
_conversion_cache: dict[tuple[type, type], Any] = {}


def rule(names: str, first: type, second: type | None = None) -> Callable[[Rule], Rule]:
    """Register a rule for operations (names separated by spaces) on these representations."""

    def register(function: Rule) -> Rule:
        for name in names.split():
            RULES[name, first, second] = function
        return function

    return register


def find_rule(name: str, first: type, second: type | None) -> Rule | None:
    """The most specific rule: by the first operand's class, then the second's, then without the second."""
    key = (name, first, second)
    if key in _rule_cache:
        return _rule_cache[key]
    found = None
    for base in first.__mro__:
        if second is not None:
            for other in second.__mro__:
                found = RULES.get((name, base, other))
                if found is not None:
                    break
        if found is None:
            found = RULES.get((name, base, None))
        if found is not None:
            break
    _rule_cache[key] = found
    return found


def conversion(source: type, target: type) -> Callable[[Any], Any]:
    """Register `function(context, value, source, target)` to convert low-level values.

    The function may return None to say that these two do not convert.
    """

    def register(function: Any) -> Any:
        CONVERSIONS[source, target] = function
        return function

    return register


def find_conversion(source: type, target: type) -> Any:
    """The most specific conversion, or None."""
    key = (source, target)
    if key in _conversion_cache:
        return _conversion_cache[key]
    found = None
    for base in source.__mro__:
        for other in target.__mro__:
            found = CONVERSIONS.get((base, other))
            if found is not None:
                break
        if found is not None:
            break
    _conversion_cache[key] = found
    return found


def representation_for(annotation_class: type) -> Callable[[Any], Any]:
    """Register `function(typer, annotation)`, which returns the key of the representation and its maker.

    The maker, called without arguments when the key is new, makes the representation.
    """

    def register(function: Any) -> Any:
        REPRESENTATION_MAKERS[annotation_class] = function
        return function

    return register


@conversion(NoneRepresentation, Representation)
def _none_to_optional(context: Any, value: Any, source: Representation, target: Representation) -> Any:
    if isinstance(target.lowleveltype, Ptr):
        return context.constant(nullptr(target.lowleveltype.TO), target.lowleveltype)
    if target.lowleveltype is Void:
        return context.constant(None, Void)
    return context.constant(target.constant(None), target.lowleveltype)


@conversion(ImpossibleRepresentation, Representation)
def _impossible_to_anything(context: Any, value: Any, source: Representation, target: Representation) -> Any:
    if target.lowleveltype is Void:
        return context.constant(None, Void)
    return context.constant(target.lowleveltype.default_value(), target.lowleveltype)
