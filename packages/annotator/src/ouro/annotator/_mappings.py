"""Operations and methods of dicts, r_dicts and sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ouro.annotator import annotations as a
from ouro.annotator._dispatch import handler, method, raises
from ouro.annotator._equality import check_equality
from ouro.annotator._errors import Complaint
from ouro.annotator._join import unite_sets
from ouro.annotator._sequences import iterated
from ouro.annotator._strings import nullable_bool
from ouro.annotator.annotations import BOOL, IMPOSSIBLE, NONE, NONNEG_INTEGER, Annotation
from ouro.annotator.containers import DictDefinition, SetDefinition

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine
    from ouro.flowspace import Operation


def read_key(engine: Engine, value: a.Dict) -> Annotation:
    return engine.read(value.definition.root().key)


def read_value(engine: Engine, value: a.Dict) -> Annotation:
    return engine.read(value.definition.root().value)


def store_key(engine: Engine, value: a.Dict, key: Annotation) -> None:
    """A key is stored or looked up."""
    definition = value.definition.root()
    if definition.equality is None:
        check_key(engine, key)
    engine.grow(definition.key, key, "the keys of the dict")
    if definition.equality is not None:
        engine.check_dict(definition)


_CHANGING = {a.List: "a list", a.Dict: "a dict", a.Set: "a set", a.ByteArray: "a bytearray"}


def check_key(engine: Engine, key: Annotation) -> None:
    """Complain about a key that can change, or that plain Python compares by a method."""
    check_equality(engine, key)
    for one in key.items if isinstance(key, a.Tuple) else (key,):
        if type(one) in _CHANGING:
            raise Complaint(
                f"{_CHANGING[type(one)]} cannot be a key of a dict or an item of a set: it can change",
                "use a str, a number or a tuple, or an r_dict with an equality of its own",
            )
        if isinstance(one, a.Tuple):
            check_key(engine, one)


def store_value(engine: Engine, value: a.Dict, item: Annotation) -> None:
    engine.grow(value.definition.root().value, item, "the values of the dict")


@handler("newdict")
def _newdict(engine: Engine, operation: Operation, *items: Annotation) -> Annotation:
    result = a.Dict(engine.definition(DictDefinition))
    for index in range(0, len(items), 2):
        store_key(engine, result, items[index])
        store_value(engine, result, items[index + 1])
    return result


@handler("getitem", a.Dict)
def _getitem(engine: Engine, operation: Operation, value: a.Dict, key: Annotation) -> Annotation:
    store_key(engine, value, key)
    return read_value(engine, value)


@handler("setitem", a.Dict)
def _setitem(engine: Engine, operation: Operation, value: a.Dict, key: Annotation, item: Annotation) -> Annotation:
    store_key(engine, value, key)
    store_value(engine, value, item)
    return NONE


@handler("delitem", a.Dict)
def _delitem(engine: Engine, operation: Operation, value: a.Dict, key: Annotation) -> Annotation:
    store_key(engine, value, key)
    return NONE


@handler("contains", a.Dict)
def _contains(engine: Engine, operation: Operation, value: a.Dict, key: Annotation) -> Annotation:
    store_key(engine, value, key)
    return BOOL


@handler("len", a.Dict)
@handler("len", a.Set)
@handler("len", a.View)
def _len(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return NONNEG_INTEGER


@handler("bool", a.Dict)
@handler("bool", a.Set)
def _bool(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return nullable_bool(operation, value)


@method(a.Dict, "get")
def _get(
    engine: Engine, operation: Operation, value: a.Dict, key: Annotation, default: Annotation = NONE
) -> Annotation:
    store_key(engine, value, key)
    store_value_if_it_fits(engine, value, default)
    return engine.join(read_value(engine, value), default)


def store_value_if_it_fits(engine: Engine, value: a.Dict, default: Annotation) -> None:
    """The default of `get` and `pop` has the representation of the values: None makes them optional only outside."""
    if not isinstance(default, a.NoneValue):
        store_value(engine, value, default)


@method(a.Dict, "setdefault")
def _setdefault(
    engine: Engine, operation: Operation, value: a.Dict, key: Annotation, default: Annotation = NONE
) -> Annotation:
    store_key(engine, value, key)
    store_value(engine, value, default)
    return read_value(engine, value)


@method(a.Dict, "pop")
def _pop(engine: Engine, operation: Operation, value: a.Dict, key: Annotation, *default: Annotation) -> Annotation:
    store_key(engine, value, key)
    if default:
        store_value_if_it_fits(engine, value, default[0])
        return engine.join(read_value(engine, value), default[0])
    return read_value(engine, value)


@method(a.Dict, "popitem")
def _popitem(engine: Engine, operation: Operation, value: a.Dict) -> Annotation:
    key, item = read_key(engine, value), read_value(engine, value)
    if key is IMPOSSIBLE or item is IMPOSSIBLE:
        return IMPOSSIBLE
    return a.Tuple((key, item))


@method(a.Dict, "update")
def _update(engine: Engine, operation: Operation, value: a.Dict, other: Annotation) -> Annotation:
    if not isinstance(other, a.Dict):
        raise Complaint(f"update() needs a dict, not {other}")
    store_key(engine, value, read_key(engine, other))
    store_value(engine, value, read_value(engine, other))
    return NONE


@method(a.Dict, "clear")
@method(a.Set, "clear")
def _clear(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return NONE


@method(a.Dict, "copy")
@method(a.Set, "copy")
def _copy(engine: Engine, operation: Operation, value: Any) -> Annotation:
    return type(value)(value.definition.root())  # type: ignore[no-any-return]


def _view(names: str, variant: str) -> None:
    def view(engine: Engine, operation: Operation, value: a.Dict) -> Annotation:
        return a.View(a.Dict(value.definition.root()), variant)

    method(a.Dict, names)(view)


_view("keys", "items")
_view("values", "values")
_view("items", "pairs")


def _iterator(names: str, variant: str) -> None:
    def iterator(engine: Engine, operation: Operation, value: a.Dict) -> Annotation:
        return a.Iterator(a.Dict(value.definition.root()), variant)

    method(a.Dict, names)(iterator)


_iterator("iterkeys", "items")
_iterator("itervalues", "values")
_iterator("iteritems", "pairs")


# ---- sets


def store_member(engine: Engine, value: a.Set, item: Annotation) -> None:
    check_key(engine, item)
    engine.grow(value.definition.root().item, item, "the set")


def read_member(engine: Engine, value: a.Set) -> Annotation:
    return engine.read(value.definition.root().item)


def new_set(engine: Engine, item: Annotation) -> a.Set:
    """A set made by the current operation."""
    result = a.Set(engine.definition(SetDefinition))
    if item is not IMPOSSIBLE:
        store_member(engine, result, item)
    return result


@handler("newset")
def _newset(engine: Engine, operation: Operation, *items: Annotation) -> Annotation:
    return new_set(engine, engine.join_all(items))


@handler("contains", a.Set)
def _set_contains(engine: Engine, operation: Operation, value: a.Set, item: Annotation) -> Annotation:
    store_member(engine, value, item)
    return BOOL


@method(a.Set, "add discard remove")
def _set_add(engine: Engine, operation: Operation, value: a.Set, item: Annotation) -> Annotation:
    store_member(engine, value, item)
    return NONE


@method(a.Set, "pop")
def _set_pop(engine: Engine, operation: Operation, value: a.Set) -> Annotation:
    return read_member(engine, value)


@method(a.Set, "update")
def _set_update(engine: Engine, operation: Operation, value: a.Set, other: Annotation) -> Annotation:
    store_member(engine, value, iterated(engine, other))
    return NONE


@handler("or_ and_ xor sub", a.Set, a.Set)
@handler("inplace_or inplace_and inplace_xor inplace_sub", a.Set, a.Set)
def _set_operation(engine: Engine, operation: Operation, left: a.Set, right: a.Set) -> Annotation:
    unite_sets(engine, left.definition, right.definition)
    return a.Set(left.definition.root())


@method(a.Set, "union intersection difference symmetric_difference")
def _set_method(engine: Engine, operation: Operation, left: a.Set, right: Annotation) -> Annotation:
    if not isinstance(right, a.Set):
        raise Complaint(f"a set is needed here, not {right}", "make one: set(x)")
    return _set_operation(engine, operation, left, right)


@method(a.Set, "issubset issuperset isdisjoint")
@handler("eq ne lt le gt ge", a.Set, a.Set)
def _set_compare(engine: Engine, operation: Operation, left: a.Set, right: Any) -> Annotation:
    if isinstance(right, a.Set):
        unite_sets(engine, left.definition, right.definition)
    return BOOL


@handler("eq ne", a.Dict, a.Dict)
def _dict_compare(engine: Engine, operation: Operation, left: a.Dict, right: a.Dict) -> Annotation:
    check_equality(engine, engine.join(left, right))
    return BOOL


raises("getitem delitem", a.Dict, KeyError)
raises("setitem", a.Dict)
