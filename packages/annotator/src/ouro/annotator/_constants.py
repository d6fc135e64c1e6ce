"""The annotations of prebuilt objects.

The contents of lists, dicts, sets and instances are not looked at here but queued, so that an object graph
of any depth
needs no recursion, and each object is looked at once.
"""

from __future__ import annotations

import enum
import types
import weakref
from typing import TYPE_CHECKING, Any, Callable

from ouro.annotator import annotations as a
from ouro.annotator._dispatch import BUILTINS, PRIMITIVES
from ouro.annotator._errors import Complaint
from ouro.annotator._host import is_frozen
from ouro.annotator._join import description_set
from ouro.annotator._library import full_name, instead_of, is_library_class, is_placeholder
from ouro.annotator.annotations import Annotation
from ouro.annotator.containers import Cell, DictDefinition, ListDefinition, SetDefinition
from ouro.annotator.substitutes import STREAM_METHODS, SUBSTITUTES, standard_stream
from ouro.flowspace import Unbound
from ouro.rlib.objectmodel import r_dict
from ouro.rlib.rarithmetic import MachineInteger, r_singlefloat

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine

HOST_TYPES: dict[type, Callable[[Engine, Any], Annotation]] = {}
"""Host types with annotations of their own, by exact type; subclasses are found along the method resolution order."""


def host_type(*kinds: type) -> Callable[[Any], Any]:
    """Register how prebuilt objects of host types are annotated: function(engine, object)."""

    def register(function: Any) -> Any:
        for kind in kinds:
            HOST_TYPES[kind] = function
        return function

    return register


class Constants:
    """The annotations of the constants of one analysis."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._by_value: dict[Any, Annotation] = {}
        self._by_identity: dict[int, Annotation] = {}
        self._keep: list[Any] = []
        self._handlers: dict[type, Any] = {}

    def annotation(self, value: Any) -> Annotation:
        """The annotation of a host object. Raises Complaint for those that have no place in a program."""
        kind = type(value)
        if kind in _BY_VALUE:
            key = (kind, value) if kind is not float else (kind, repr(value))
            found = self._by_value.get(key)
            if found is None:
                found = self._by_value[key] = HOST_TYPES[kind](self.engine, value)
            return found
        found = self._by_identity.get(id(value))
        if found is None:
            function = self._handlers.get(kind)
            if function is None:
                function = self._handlers[kind] = self._find(kind)
            self._keep.append(value)
            found = function(self.engine, value)
            self._by_identity.setdefault(id(value), found)
        return found

    def remember(self, value: Any, annotation: Annotation) -> Annotation:
        """Fix the annotation of an object before its contents are looked at."""
        self._by_identity[id(value)] = annotation
        return annotation

    def is_registered(self, value: Any) -> bool:
        """Whether the object's type is one with an annotation of its own, not a class of the program."""
        return any(base in HOST_TYPES for base in type(value).__mro__[:-1])

    def _find(self, kind: type) -> Any:
        for base in kind.__mro__[:-1]:
            if base in HOST_TYPES:
                return HOST_TYPES[base]
        return _instance


_BY_VALUE = {type(None), bool, int, float, str, bytes}


@host_type(type(None))
def _none(engine: Engine, value: None) -> Annotation:
    return a.NONE


@host_type(bool)
def _bool(engine: Engine, value: bool) -> Annotation:
    return a.TRUE if value else a.FALSE


@host_type(int)
def _int(engine: Engine, value: int) -> Annotation:
    if -(2**63) <= value < 2**63:
        return a.Integer(int, value >= 0, constant=value)
    raise Complaint(
        f"the integer {value} does not fit into a machine word", "use r_uint, or rbigint for integers of any size"
    )


@host_type(MachineInteger)
def _machine_integer(engine: Engine, value: Any) -> Annotation:
    return a.Integer(type(value), value >= 0, constant=value)


@host_type(float)
def _float(engine: Engine, value: float) -> Annotation:
    return a.Float(constant=value)


@host_type(r_singlefloat)
def _single_float(engine: Engine, value: Any) -> Annotation:
    return a.SingleFloat(constant=value)


@host_type(str)
def _str(engine: Engine, value: str) -> Annotation:
    no_nul = "\0" not in value
    for character in "" if value.isascii() else value:
        if ord(character) > 255:
            raise Complaint(
                f"the str constant {_short(value)} has the character {character!r}: in RPython a str holds 8-bit "
                "characters (codes 0 to 255)",
                "keep text as UTF-8: TEXT = '...'.encode('utf-8').decode('latin-1') outside of functions; "
                "ouro.rlib.rutf8 works on it",
            )
    if len(value) == 1:
        return a.Char(no_nul=no_nul, constant=value)
    return a.String(no_nul=no_nul, constant=value)


def _short(value: str) -> str:
    return repr(value if len(value) <= 40 else value[:40] + "...")


@host_type(bytes)
def _bytes(engine: Engine, value: bytes) -> Annotation:
    return a.Bytes(no_nul=b"\0" not in value, constant=value)


@host_type(bytearray)
def _bytearray(engine: Engine, value: bytearray) -> Annotation:
    return a.ByteArray(constant=value)


@host_type(tuple)
def _tuple(engine: Engine, value: tuple[Any, ...]) -> Annotation:
    return a.Tuple(tuple(engine.constant(item) for item in value), constant=value)


@host_type(list)
def _list(engine: Engine, value: list[Any]) -> Annotation:
    definition = ListDefinition()
    annotation = engine.constants.remember(value, a.List(definition, constant=value))
    engine.later(lambda: _fill(engine, definition.item, value, "an item of a prebuilt list"))
    return annotation


@host_type(Unbound)
def _unbound(engine: Engine, value: Any) -> Annotation:
    raise Complaint(
        f"`{value.name}` may have no value here: the `with` statement that assigns it may swallow an exception",
        f"give `{value.name}` a value before the `with`",
    )


@host_type(range)
def _range(engine: Engine, value: range) -> Annotation:
    definition = ListDefinition(range_step=value.step)
    item = a.NONNEG_INTEGER if not value or min(value[0], value[-1]) >= 0 else a.INTEGER
    definition.item.annotation = item
    return a.List(definition, constant=value)


@host_type(set, frozenset)
def _set(engine: Engine, value: Any) -> Annotation:
    definition = SetDefinition()
    annotation = engine.constants.remember(value, a.Set(definition, constant=value))
    engine.later(lambda: _fill(engine, definition.item, value, "an item of a prebuilt set"))
    return annotation


@host_type(dict)
def _dict(engine: Engine, value: dict[Any, Any]) -> Annotation:
    definition = DictDefinition()
    annotation = engine.constants.remember(value, a.Dict(definition, constant=value))
    engine.later(lambda: _fill(engine, definition.key, value, "a key of a prebuilt dict"))
    engine.later(lambda: _fill(engine, definition.value, value.values(), "a value of a prebuilt dict"))
    return annotation


@host_type(r_dict)
def _r_dict(engine: Engine, value: Any) -> Annotation:
    definition = DictDefinition(
        equality=Cell(engine.constant(value.key_eq)),
        hashing=Cell(engine.constant(value.key_hash)),
        force_non_null=value.force_non_null,
        simple_hash_eq=value.simple_hash_eq,
    )
    annotation = engine.constants.remember(value, a.Dict(definition, constant=value))
    keys: Any = list(value)
    engine.later(lambda: _fill(engine, definition.key, keys, "a key of a prebuilt r_dict"))
    engine.later(lambda: _fill(engine, definition.value, [value[key] for key in keys], "a value of a prebuilt r_dict"))
    engine.later(lambda: call_dict_functions(engine, definition))
    return annotation


def call_dict_functions(engine: Engine, definition: DictDefinition) -> None:
    """Make the key functions of an r_dict part of the program. Set up by the handlers of dicts."""
    engine.check_dict(definition)


def _fill(engine: Engine, cell: Cell, values: Any, what: str) -> None:
    constant = engine.constant
    grow = engine.grow
    for value in values:
        grow(cell, constant(value), what)


@host_type(weakref.ReferenceType)
def _weak_reference(engine: Engine, value: Any) -> Annotation:
    target = value()
    if target is None:
        return a.WeakReference(constant=value)
    annotation = engine.constant(target)
    if not isinstance(annotation, a.Instance):
        raise Complaint(f"a weak reference to {annotation} is not possible")
    return a.WeakReference(annotation.class_description, constant=value)


@host_type(types.FunctionType)
def _function(engine: Engine, value: Any) -> Annotation:
    substitute = SUBSTITUTES.get(value)
    if substitute is not None:
        return engine.constant(substitute)
    known = BUILTINS.get(id(value))
    if known is not None:
        return a.Builtin(known[2], known[1], constant=value)
    name = getattr(value, "_primitive_", None)
    if name is not None:
        meaning = PRIMITIVES.get(name)
        if meaning is None:
            raise Complaint(f"{name}() has no meaning registered with the annotator")
        return a.Builtin(meaning, name.rpartition(".")[2], constant=value)
    erasing = getattr(value, "_erasing_kind_", None)
    if erasing is not None:
        return a.Builtin(PRIMITIVES["rerased." + erasing], value.__name__, constant=value)
    return description_set({engine.descriptions.of_function(value): None})


@host_type(types.BuiltinFunctionType, types.MethodDescriptorType, types.MethodWrapperType, types.WrapperDescriptorType)
def _builtin_function(engine: Engine, value: Any) -> Annotation:
    substitute = SUBSTITUTES.get(value)
    if substitute is not None:
        return engine.constant(substitute)
    known = BUILTINS.get(id(value))
    if known is not None:
        return a.Builtin(known[2], known[1], constant=value)
    receiver = getattr(value, "__self__", None)
    stream = standard_stream(receiver)
    if (stream, value.__name__) in STREAM_METHODS:
        return engine.constant(STREAM_METHODS[stream, value.__name__])
    if receiver is not None and not isinstance(receiver, types.ModuleType):
        return a.BuiltinMethod(engine.constant(receiver), value.__name__)
    for known_value, name, meaning in BUILTINS.values():
        if known_value == value and type(known_value) is type(value):
            return a.Builtin(meaning, name, constant=value)
    name = full_name(value)
    raise Complaint(f"{name} is a function of the host that RPython does not have", instead_of(name))


@host_type(type)
def _class(engine: Engine, value: type) -> Annotation:
    known = BUILTINS.get(id(value))
    if known is not None:
        return a.Builtin(known[2], known[1], constant=value)
    if is_library_class(value):
        name = full_name(value)
        raise Complaint(f"{name} is a class of the host that RPython does not have", instead_of(name))
    return description_set({engine.descriptions.of_class(value): None})


@host_type(types.MethodType)
def _bound_method(engine: Engine, value: Any) -> Annotation:
    stream = standard_stream(value.__self__)
    if (stream, value.__func__.__name__) in STREAM_METHODS:
        return engine.constant(STREAM_METHODS[stream, value.__func__.__name__])
    meaning = _method_meaning(value)
    if meaning is not None:
        return meaning
    receiver = value.__self__
    if not isinstance(receiver, type) and engine.constants.is_registered(receiver):
        return a.BuiltinMethod(engine.constant(receiver), value.__func__.__name__)
    return description_set({engine.descriptions.of_bound_method(value): None})


def _method_meaning(value: Any) -> Annotation | None:
    function = value.__func__
    known = BUILTINS.get(id(function))
    if known is not None:
        return a.Builtin(known[2], known[1], constant=value)
    name = getattr(function, "_primitive_", None)
    if name is not None and name in PRIMITIVES:
        return a.Builtin(_bound_meaning(PRIMITIVES[name], value.__self__), name.rpartition(".")[2], constant=value)
    return None


def _bound_meaning(meaning: Any, receiver: Any) -> Any:
    def bound(engine: Engine, operation: Any, *values: Annotation, **keywords: Annotation) -> Annotation:
        result: Annotation = meaning(engine, operation, engine.constant(receiver), *values, **keywords)
        return result

    return bound


@host_type(types.ModuleType)
def _module(engine: Engine, value: Any) -> Annotation:
    return description_set({engine.descriptions.of_frozen(value): None})


def _instance(engine: Engine, value: Any) -> Annotation:
    if is_frozen(value) or is_placeholder(value):
        return description_set({engine.descriptions.of_frozen(value): None})
    if isinstance(value, enum.Enum):
        advice = instead_of("attr" if type(value).__module__ == "attr._make" else "enum")
        raise Complaint(f"{value} is a member of an enum, which is not RPython", advice)
    if standard_stream(value):
        return description_set({engine.descriptions.of_frozen(value): None})
    if is_library_class(type(value)):
        name = full_name(type(value))
        raise Complaint(f"an object of the host's class {name} has no place in RPython", instead_of(name))
    cleanup = getattr(value, "_cleanup_", None)
    if callable(cleanup):
        cleanup()
    description = engine.descriptions.of_class(type(value))
    annotation = engine.constants.remember(value, a.Instance(description, constant=value))
    engine.later(lambda: engine.descriptions.attributes.see_instance(value, description))
    return annotation
