"""Operations and methods of lists and tuples, and iteration over anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ouro.annotator import annotations as a
from ouro.annotator._dispatch import handler, method, raises
from ouro.annotator._equality import check_equality
from ouro.annotator._errors import Complaint
from ouro.annotator._join import JoinError, unite_cells
from ouro.annotator._strings import check_slice, need_integer, need_text, nullable_bool, same_kind, text
from ouro.annotator.annotations import (
    BOOL,
    BYTES,
    IMPOSSIBLE,
    INTEGER,
    NO_CONSTANT,
    NONE,
    NONNEG_INTEGER,
    Annotation,
)

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine
    from ouro.flowspace import Operation


@handler("newlist")
def _newlist(engine: Engine, operation: Operation, *items: Annotation) -> Annotation:
    return engine.new_list(joined_items(engine, items))


def joined_items(engine: Engine, items: tuple[Annotation, ...]) -> Annotation:
    """The one type of the items of a list, or of a tuple that a loop goes over."""
    try:
        return engine.join_all(items)
    except JoinError as error:
        if not error.suggestion:
            error.suggestion = (
                "lists and loops have items of one type: take those of a tuple by `a, b = ...`, or loop over an "
                "unrolling_iterable"
            )
        raise


@handler("newtuple")
def _newtuple(engine: Engine, operation: Operation, *items: Annotation) -> Annotation:
    return make_tuple(items)


def make_tuple(items: tuple[Annotation, ...]) -> a.Tuple:
    """A tuple of these; a constant where all of them are immutable constants."""
    values = []
    for item in items:
        if item.constant is NO_CONSTANT:
            return a.Tuple(items)
        values.append(item.constant)
    return a.Tuple(items, constant=tuple(values))


# ---- lists


def item_of(engine: Engine, value: a.List) -> Annotation:
    """The item of a list, read by the current operation."""
    return engine.read(value.definition.root().item)


def store_item(engine: Engine, value: a.List, item: Annotation) -> None:
    """An item goes into a list."""
    engine.grow(value.definition.root().item, item, "the list")


@handler("getitem", a.List)
def _getitem(engine: Engine, operation: Operation, value: a.List, index: Annotation) -> Annotation:
    need_integer(engine, index, "the index of a list")
    return item_of(engine, value)


@handler("setitem", a.List)
def _setitem(engine: Engine, operation: Operation, value: a.List, index: Annotation, item: Annotation) -> Annotation:
    need_integer(engine, index, "the index of a list")
    engine.mutate(value.definition)
    store_item(engine, value, item)
    return NONE


@handler("delitem", a.List)
def _delitem(engine: Engine, operation: Operation, value: a.List, index: Annotation) -> Annotation:
    need_integer(engine, index, "the index of a list")
    engine.resize(value.definition)
    return NONE


@handler("getslice", a.List)
def _getslice(engine: Engine, operation: Operation, value: a.List, start: Annotation, stop: Annotation) -> Annotation:
    check_slice(engine, operation, start, stop)
    return engine.new_list(item_of(engine, value))


@handler("setslice", a.List)
def _setslice(
    engine: Engine, operation: Operation, value: a.List, start: Annotation, stop: Annotation, items:
    Annotation
) -> Annotation:
    check_slice(engine, operation, start, stop)
    engine.mutate(value.definition)
    value.definition.root().slice_assigned = True
    store_item(engine, value, iterated(engine, items))
    return NONE


@handler("delslice", a.List)
def _delslice(engine: Engine, operation: Operation, value: a.List, start: Annotation, stop: Annotation) -> Annotation:
    check_slice(engine, operation, start, stop)
    engine.resize(value.definition)
    return NONE


@handler("len", a.List)
def _len(engine: Engine, operation: Operation, value: a.List) -> Annotation:
    return NONNEG_INTEGER


@handler("bool", a.List)
def _bool(engine: Engine, operation: Operation, value: a.List) -> Annotation:
    return nullable_bool(operation, value)


@handler("add", a.List, a.List)
def _add(engine: Engine, operation: Operation, left: a.List, right: a.List) -> Annotation:
    return engine.new_list(engine.join(item_of(engine, left), item_of(engine, right)))


@handler("inplace_add", a.List, Annotation)
def _inplace_add(engine: Engine, operation: Operation, left: a.List, right: Annotation) -> Annotation:
    engine.resize(left.definition)
    store_item(engine, left, iterated(engine, right))
    return left


@handler("mul", a.List, a.Integer)
def _mul(engine: Engine, operation: Operation, left: a.List, right: a.Integer) -> Annotation:
    return engine.new_list(item_of(engine, left))


@handler("mul", a.Integer, a.List)
def _mul_swapped(engine: Engine, operation: Operation, left: a.Integer, right: a.List) -> Annotation:
    return engine.new_list(item_of(engine, right))


@handler("inplace_mul", a.List, a.Integer)
def _inplace_mul(engine: Engine, operation: Operation, left: a.List, right: a.Integer) -> Annotation:
    engine.resize(left.definition)
    return left


@handler("eq ne", a.List, a.List)
def _compare(engine: Engine, operation: Operation, left: a.List, right: a.List) -> Annotation:
    if left.can_be_none or right.can_be_none:
        engine.join(left, right)
    else:
        engine.join(item_of(engine, left), item_of(engine, right))
    check_equality(engine, left, right)
    return BOOL


@handler("contains", a.List)
def _contains(engine: Engine, operation: Operation, value: a.List, item: Annotation) -> Annotation:
    check_equality(engine, engine.join(item_of(engine, value), item))
    return BOOL


@method(a.List, "append")
def _append(engine: Engine, operation: Operation, value: a.List, item: Annotation) -> Annotation:
    engine.resize(value.definition)
    store_item(engine, value, item)
    return NONE


@method(a.List, "extend")
def _extend(engine: Engine, operation: Operation, value: a.List, other: Annotation) -> Annotation:
    engine.resize(value.definition)
    store_item(engine, value, iterated(engine, other))
    return NONE


@method(a.List, "insert")
def _insert(engine: Engine, operation: Operation, value: a.List, index: Annotation, item: Annotation) -> Annotation:
    need_integer(engine, index, "the index of insert()")
    engine.resize(value.definition)
    store_item(engine, value, item)
    return NONE


@method(a.List, "pop")
def _pop(engine: Engine, operation: Operation, value: a.List, index: Annotation = INTEGER) -> Annotation:
    need_integer(engine, index, "the index of pop()")
    engine.resize(value.definition)
    return item_of(engine, value)


@method(a.List, "remove")
def _remove(engine: Engine, operation: Operation, value: a.List, item: Annotation) -> Annotation:
    engine.resize(value.definition)
    check_equality(engine, engine.join(item_of(engine, value), item))
    return NONE


@method(a.List, "index count")
def _index(engine: Engine, operation: Operation, value: a.List, item: Annotation, *ends: Annotation) -> Annotation:
    check_equality(engine, engine.join(item_of(engine, value), item))
    return NONNEG_INTEGER


@method(a.List, "reverse")
def _reverse(engine: Engine, operation: Operation, value: a.List) -> Annotation:
    engine.mutate(value.definition)
    return NONE


@method(a.List, "clear")
def _clear(engine: Engine, operation: Operation, value: a.List) -> Annotation:
    engine.resize(value.definition)
    return NONE


@method(a.List, "copy")
def _copy(engine: Engine, operation: Operation, value: a.List) -> Annotation:
    return engine.new_list(item_of(engine, value))


@method(a.List, "sort")
def _sort(engine: Engine, operation: Operation, value: a.List, **options: Annotation) -> Annotation:
    check_sortable(item_of(engine, value), options)
    engine.mutate(value.definition)
    return NONE


def check_sortable(item: Annotation, options: dict[str, Annotation]) -> None:
    """Complain unless items have an order of their own: numbers and strings. Of the options there is `reverse`."""
    direction = options.pop("reverse", a.FALSE)
    if not isinstance(direction, a.Bool):
        raise Complaint(f"`reverse` of sorting is a bool, not {direction}")
    if options or not isinstance(item, (a.Integer, a.Float, a.String, a.Bytes, a.Impossible)) or item.can_be_none:
        what = f"by `{next(iter(options))}`" if options else f"of {item}"
        raise Complaint(
            f"sorting {what} is not built in",
            "use ouro.rlib.listsort, which takes the comparison to use",
        )


@handler("finish_list")
def _finish_list(engine: Engine, operation: Operation, value: a.List) -> Annotation:
    result = engine.new_list(IMPOSSIBLE)
    unite_cells(engine, result.definition.root().item, value.definition.root().item)
    return a.List(result.definition.root())


# ---- tuples


@handler("getitem", a.Tuple)
def _tuple_getitem(engine: Engine, operation: Operation, value: a.Tuple, index: Annotation) -> Annotation:
    position = _constant_index(index, len(value.items))
    if not -len(value.items) <= position < len(value.items):
        raise Complaint(f"the index {position} is out of range of a tuple of {len(value.items)} items")
    return value.items[position]


def _constant_index(index: Annotation, length: int) -> int:
    if not isinstance(index, a.Integer) or index.constant is NO_CONSTANT:
        raise Complaint(
            "a tuple is indexed by something that is not a constant",
            "its items may have different types: use a list, or unpack the tuple",
        )
    return int(index.constant)


@handler("getslice", a.Tuple)
def _tuple_getslice(
    engine: Engine, operation: Operation, value: a.Tuple, start: Annotation, stop: Annotation
) -> Annotation:
    ends = []
    for end in (start, stop):
        ends.append(None if isinstance(end, a.NoneValue) else _constant_index(end, len(value.items)))
    return make_tuple(value.items[slice(*ends)])


@handler("len", a.Tuple)
def _tuple_len(engine: Engine, operation: Operation, value: a.Tuple) -> Annotation:
    return engine.constant(len(value.items))


@handler("bool", a.Tuple)
def _tuple_bool(engine: Engine, operation: Operation, value: a.Tuple) -> Annotation:
    if value.optional:
        return nullable_bool(operation, value)
    return a.TRUE if value.items else a.FALSE


@handler("add", a.Tuple, a.Tuple)
def _tuple_add(engine: Engine, operation: Operation, left: a.Tuple, right: a.Tuple) -> Annotation:
    return make_tuple(left.items + right.items)


@handler("eq ne lt le gt ge", a.Tuple, a.Tuple)
def _tuple_compare(engine: Engine, operation: Operation, left: a.Tuple, right: a.Tuple) -> Annotation:
    if len(left.items) != len(right.items) and operation.opname in ("eq", "ne"):
        return a.FALSE if operation.opname == "eq" else a.TRUE
    check_equality(engine, left, right)
    if operation.opname not in ("eq", "ne"):
        _check_order(left)
    return BOOL


def _check_order(value: a.Tuple) -> None:
    """Complain about items of a tuple that have no order, so that the tuple has none."""
    for item in value.items:
        if isinstance(item, a.Tuple):
            _check_order(item)
        elif isinstance(item, (a.Instance, a.List, a.Dict, a.Set)):
            raise Complaint(
                f"{value} has no order: {item} in it has none",
                "compare the items that have one, in the order that you mean",
            )


@handler("contains", a.Tuple)
def _tuple_contains(engine: Engine, operation: Operation, value: a.Tuple, item: Annotation) -> Annotation:
    for one in value.items:
        check_equality(engine, engine.join(one, item))
    return BOOL


# ---- unpacking


@handler("unpack", a.List)
@handler("unpack", a.String)
@handler("unpack", a.Bytes)
@handler("unpack", a.ByteArray)
def _unpack(engine: Engine, operation: Operation, value: Annotation, count: Annotation) -> Annotation:
    return NONE


@handler("unpack", a.Tuple)
def _unpack_tuple(engine: Engine, operation: Operation, value: a.Tuple, count: a.Integer) -> Annotation:
    if len(value.items) != count.constant:
        raise Complaint(
            f"a tuple of {len(value.items)} items is unpacked into {count.constant} targets",
            "give each item of the tuple one target",
        )
    return NONE


# ---- iteration


@handler("iter", a.List)
@handler("iter", a.Tuple)
@handler("iter", a.Dict)
@handler("iter", a.Set)
def _iter(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return a.Iterator(value)


@handler("iter", a.View)
def _iter_view(engine: Engine, operation: Operation, value: a.View) -> Annotation:
    return a.Iterator(value.container, value.variant)


@handler("iter", a.Iterator)
def _iter_iterator(engine: Engine, operation: Operation, value: a.Iterator) -> Annotation:
    return value


@handler("next", a.Iterator)
def _next(engine: Engine, operation: Operation, value: a.Iterator) -> Annotation:
    return next_item(engine, value.container, value.variant)


@handler("next", a.View)
def _next_view(engine: Engine, operation: Operation, value: a.View) -> Annotation:
    return next_item(engine, value.container, value.variant)


def next_item(engine: Engine, container: Annotation, variant: str) -> Annotation:
    """What iteration over a container in a certain way gives."""
    return ITERATED[variant](engine, container)


def iterated(engine: Engine, value: Annotation) -> Annotation:
    """What iteration over a value gives."""
    if isinstance(value, (a.View, a.Iterator)):
        return next_item(engine, value.container, value.variant)
    return next_item(engine, value, "items")


def _items(engine: Engine, container: Any) -> Annotation:
    if isinstance(container, a.List):
        return item_of(engine, container)
    if isinstance(container, a.Dict):
        return engine.read(container.definition.root().key)
    if isinstance(container, a.Set):
        return engine.read(container.definition.root().item)
    if isinstance(container, a.String):
        return a.CHAR_NO_NUL if container.no_nul else a.CHAR
    if isinstance(container, (a.Bytes, a.ByteArray)):
        return NONNEG_INTEGER
    if isinstance(container, a.Tuple):
        return joined_items(engine, container.items)
    if isinstance(container, (a.View, a.Iterator)):
        return next_item(engine, container.container, container.variant)
    if isinstance(container, a.NoneValue):
        return IMPOSSIBLE
    raise Complaint(f"{container} cannot be iterated over here", "make a list of it first: [item for item in ...]")


def _values(engine: Engine, container: Any) -> Annotation:
    return engine.read(container.definition.root().value)


def _pairs(engine: Engine, container: Any) -> Annotation:
    return _together((_items(engine, container), _values(engine, container)))


def _hashed_keys(engine: Engine, container: Any) -> Annotation:
    return _together((_items(engine, container), INTEGER))


def _hashed_pairs(engine: Engine, container: Any) -> Annotation:
    return _together((_items(engine, container), _values(engine, container), INTEGER))


def _enumerate(engine: Engine, container: Any) -> Annotation:
    return _together((NONNEG_INTEGER, _items(engine, container)))


def _zip(engine: Engine, containers: Any) -> Annotation:
    return _together(tuple(_items(engine, container) for container in containers.items))


def _together(items: tuple[Annotation, ...]) -> Annotation:
    if any(item is IMPOSSIBLE for item in items):
        return IMPOSSIBLE
    return a.Tuple(items)


@method(a.String, "join")
@method(a.Bytes, "join")
def _join(engine: Engine, operation: Operation, value: Any, items: Annotation) -> Annotation:
    item = iterated(engine, items)
    if item is IMPOSSIBLE:
        return same_kind(value)
    need_text(item, value)
    if item.can_be_none:
        raise Complaint(f"join() of a list whose items may be None ({items})")
    if isinstance(value, a.String):
        return text(value.no_nul and item.no_nul)  # type: ignore[attr-defined]
    return BYTES


ITERATED = {
    "items": _items,
    "values": _values,
    "pairs": _pairs,
    "hashed keys": _hashed_keys,
    "hashed pairs": _hashed_pairs,
    "enumerate": _enumerate,
    "reversed": _items,
    "zip": _zip,
}

raises("getitem setitem delitem", a.List, IndexError)
raises("setslice", a.List, ValueError)
raises("getitem unpack", a.Tuple)
raises("unpack", a.List, ValueError)
raises("unpack", a.String, ValueError)
raises("unpack", a.Bytes, ValueError)
raises("unpack", a.ByteArray, ValueError)
