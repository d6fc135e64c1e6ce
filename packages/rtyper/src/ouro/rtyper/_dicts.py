"""Dicts, r_dicts and sets over the one hash table of `_dict_helpers`."""

from __future__ import annotations

from typing import Any

from ouro.annotator import annotations as a
from ouro.annotator.descriptions import FrozenMethodDescription, FunctionDescription
from ouro.flowspace import Constant
from ouro.lltype import Bool, Ptr, Signed, Void, cast_pointer, malloc, nullptr
from ouro.rlib.objectmodel import r_dict, r_ordereddict
from ouro.rtyper import _dict_helpers as helpers
from ouro.rtyper._context import Operand, OperationContext
from ouro.rtyper._helpers import low_level
from ouro.rtyper._list_helpers import compare
from ouro.rtyper._lists import equality_function, sequence_parts
from ouro.rtyper._pointers import NullableRepresentation
from ouro.rtyper._registry import builtin, method, primitive
from ouro.rtyper._representation import (
    ImpossibleRepresentation,
    NoneRepresentation,
    Representation,
    TyperError,
    conversion,
    representation_for,
    rule,
)
from ouro.rtyper._strings import TextRepresentation, method_name
from ouro.rtyper._tuples import TupleRepresentation, tuple_representation

__all__ = ["DictRepresentation", "SetRepresentation"]


class TableRepresentation(NullableRepresentation):
    """What dicts and sets share."""

    optional = True

    def __init__(self, typer: Any, key_annotation: Any, value_annotation: Any, definition: Any) -> None:
        super().__init__(typer)
        self.definition = definition
        self._equality: Any = None
        self.key: Any = typer.representation(key_annotation)
        custom = getattr(definition, "equality", None) is not None
        self.never_filled = isinstance(self.key, ImpossibleRepresentation)
        if self.never_filled:
            # nothing is ever looked up in it: its functions were never annotated
            self.key = typer.primitive(Signed)
            custom = False
        self.value: Any = None if value_annotation is None else typer.representation(value_annotation)
        self.stored_key = self.key if custom else self.key.storage
        self.stored_value: Any = None if self.value is None else self.value.storage
        KEY = self.stored_key.lowleveltype
        VALUE = Void if self.stored_value is None else self.stored_value.lowleveltype
        if custom:
            equal = _custom_function(typer, definition.equality, [KEY, KEY])
            hashing = _custom_function(typer, definition.hashing, [KEY])
        else:
            equal = self.stored_key.equality() or helpers.primitive_equal
            hashing = self.stored_key.hashing()
        # nothing says of low-level pointers that they are not null
        may_be_null = key_annotation.can_be_none or isinstance(key_annotation, a.Pointer)
        null_is_dead = isinstance(KEY, Ptr) and KEY.is_gc and not may_be_null
        store_hash = custom or isinstance(self.stored_key, TupleRepresentation)
        may_change = custom and not definition.simple_hash_eq
        self.functions = helpers.functions_for(KEY, VALUE, equal, hashing, null_is_dead, store_hash, may_change)
        self.ENTRIES = self.functions.ENTRIES
        self.lowleveltype = Ptr(self.functions.DICT)
        self._constants: dict[int, Any] = {}

    def entry_part(self, context: Any, entries: Any, index: Any, name: str) -> Any:
        """Emit the key or the value of an entry."""
        source = self.key if name == "key" else self.value
        stored = self.stored_key if name == "key" else self.stored_value
        if stored.lowleveltype is Void:
            return context.convert(context.void(None), stored, source)
        got = context.emit("getinteriorfield", [entries, index, name], stored.lowleveltype)
        return context.convert(got, stored, source)

    def pairs_of(self, value: Any) -> list[tuple[Any, Any]]:
        """The keys and values of a host container."""
        raise NotImplementedError

    def constant(self, value: Any) -> Any:
        functions = self.functions
        if value is None:
            return nullptr(functions.DICT)
        known = self._constants.get(id(value))
        if known is None:
            pairs = self.pairs_of(value)
            known = self._constants[id(value)] = functions.new()
            self.typer.keep_alive.append(value)
            if pairs:
                entries = malloc(self.ENTRIES, len(pairs), zero=True)
                known.entries = entries
                known.count = known.used = len(pairs)
                known.kind = helpers.NOT_INDEXED
                self.typer.later(lambda: self._fill(entries, pairs))
        return known

    def _fill(self, entries: Any, pairs: list[tuple[Any, Any]]) -> None:
        functions = self.functions
        for number, (key, value) in enumerate(pairs):
            entry = entries[number]
            entry.key = self.stored_key.constant(key)
            if functions.has_value:
                entry.value = self.stored_value.constant(value)
            if not functions.null_is_dead:
                entry.live = True


class DictRepresentation(TableRepresentation):
    """A dict."""

    def pairs_of(self, value: Any) -> list[tuple[Any, Any]]:
        return list(value.items())

    def equality(self) -> Any:
        if self.definition.is_custom:
            return None  # as plain Python does: r_dicts are equal when they are the same
        if self._equality is None:
            equal_dicts = self.functions.equal_dicts
            equal_values = self.stored_value.equality() or helpers.primitive_equal
            self._equality = low_level(lambda first, second: equal_dicts(first, second, equal_values))
        return self._equality


class SetRepresentation(TableRepresentation):
    """A set or frozenset."""

    def pairs_of(self, value: Any) -> list[tuple[Any, Any]]:
        try:
            ordered = sorted(value)
        except TypeError:
            ordered = list(value)
        return [(item, None) for item in ordered]

    def equality(self) -> Any:
        return self.functions.equal_sets


@representation_for(a.Dict)
def _dict(typer: Any, annotation: Any) -> Any:
    root = annotation.definition.root()
    return (
        ("dict", root),
        lambda: DictRepresentation(typer, root.key.root().annotation, root.value.root().annotation, root),
    )


@representation_for(a.Set)
def _set(typer: Any, annotation: Any) -> Any:
    root = annotation.definition.root()
    return ("set", root), lambda: SetRepresentation(typer, root.item.root().annotation, None, root)


@conversion(TableRepresentation, TableRepresentation)
def _between_tables(context: Any, value: Any, source: Any, target: Any) -> Any:
    return value if source.lowleveltype is target.lowleveltype else None


def _custom_function(typer: Any, cell: Any, types: list[Any]) -> Any:
    """The equality or hash function of an r_dict as a function over low-level keys."""
    annotation = cell.root().annotation
    description = annotation.single()
    receivers: list[Any] = []
    if isinstance(description, FrozenMethodDescription):
        receivers = [description.receiver]
        description = description.function
    if not isinstance(description, FunctionDescription) or len(description.graphs) != 1:
        raise TyperError("the functions of an r_dict must be known functions")
    (graph,) = description.graphs.values()
    pointer = typer.function_pointer(graph)
    ARGS = pointer._T.TO.ARGS[len(receivers) :]
    if receivers and pointer._T.TO.ARGS[0] is not Void:
        raise TyperError("the functions of an r_dict must not be methods of run-time objects")
    cache = typer.cache("r_dict functions")
    key = (pointer, tuple(types), bool(receivers))
    known = cache.get(key)
    if known is None:
        if len(types) == 2:
            known = _custom_equality(pointer, types, ARGS, bool(receivers))
        else:
            known = _custom_hash(pointer, types, ARGS, bool(receivers))
        cache[key] = low_level(known)
    return known


def _custom_equality(pointer: Any, types: list[Any], ARGS: Any, bound: bool) -> Any:
    FIRST, SECOND = ARGS
    if types[0] is FIRST and types[1] is SECOND:
        if bound:
            return lambda first, second: pointer(None, first, second)
        return lambda first, second: pointer(first, second)
    if bound:
        return lambda first, second: pointer(None, cast_pointer(FIRST, first), cast_pointer(SECOND, second))
    return lambda first, second: pointer(cast_pointer(FIRST, first), cast_pointer(SECOND, second))


def _custom_hash(pointer: Any, types: list[Any], ARGS: Any, bound: bool) -> Any:
    (FIRST,) = ARGS
    if types[0] is FIRST:
        if bound:
            return lambda key: pointer(None, key)
        return lambda key: pointer(key)
    if bound:
        return lambda key: pointer(None, cast_pointer(FIRST, key))
    return lambda key: pointer(cast_pointer(FIRST, key))


# ---- rules


def _stored_value(context: OperationContext, index: int) -> Any:
    source = context.representation(0)
    if source.stored_value is None or source.stored_value.lowleveltype is Void:
        return context.void(None)
    return context.arg(index, source.stored_value)


def _value_result(context: OperationContext, value: Any) -> Any:
    source = context.representation(0)
    return context.convert_result(value, source.stored_value)


def _key(context: OperationContext, index: int = 1) -> Any:
    return context.arg(index, context.representation(0).stored_key)


@rule("newdict", Representation)
@rule("newset", Representation)
def _new(context: OperationContext) -> Any:
    target: Any = context.result
    table = context.helper(target.functions.new, [], target.lowleveltype)
    step = 2 if context.opname == "newdict" else 1
    for index in range(0, context.count, step):
        key = context.arg(index, target.stored_key)
        value = context.void(None)
        if step == 2 and target.stored_value.lowleveltype is not Void:
            value = context.arg(index + 1, target.stored_value)
        context.helper(target.functions.set_item, [table, key, value])
    return table


@rule("len", TableRepresentation)
def _len(context: OperationContext) -> Any:
    return context.emit("getfield", [context.arg(0), "count"], Signed)


@rule("bool", TableRepresentation)
def _bool(context: OperationContext) -> Any:
    if context.annotation(0).can_be_none:
        return context.helper(helpers.nonempty, [context.arg(0)], Bool)
    return context.emit("int_is_true", [_len(context)], Bool)


@rule("is_", TableRepresentation, TableRepresentation)
def _same(context: OperationContext) -> Any:
    return context.emit("ptr_eq", [context.arg(0), context.arg(1)], Bool)


@rule("contains", TableRepresentation)
def _contains(context: OperationContext) -> Any:
    functions = context.representation(0).functions
    return context.helper(functions.contains, [context.arg(0), _key(context)], Bool)


@rule("getitem", DictRepresentation)
def _getitem(context: OperationContext) -> Any:
    source = context.representation(0)
    if source.stored_value.lowleveltype is Void:
        if context.expects(KeyError):
            context.helper(source.functions.lookup_checked, [context.arg(0), _key(context)])
        return _value_result(context, context.void(None))
    value = context.helper(source.functions.get, [context.arg(0), _key(context)])
    return _value_result(context, value)


@rule("setitem", DictRepresentation)
def _setitem(context: OperationContext) -> Any:
    functions = context.representation(0).functions
    return context.helper(functions.set_item, [context.arg(0), _key(context), _stored_value(context, 2)])


@rule("delitem", DictRepresentation)
def _delitem(context: OperationContext) -> Any:
    return context.helper(context.representation(0).functions.delete, [context.arg(0), _key(context)])


@method(DictRepresentation, "get")
def _get(context: OperationContext) -> Any:
    return _with_default(context, "get_default")


def _with_default(context: OperationContext, name: str) -> Any:
    """`get` and `pop` with a default: in the stored representation, or by tests where that cannot hold it."""
    source = context.representation(0)
    stored = source.stored_value
    function = getattr(source.functions, name)
    if stored.lowleveltype is Void:
        context.helper(source.functions.contains, [context.arg(0), _key(context)], Bool)
        return _value_result(context, context.void(None))
    if context.count > 2 and not isinstance(context.representation(2), NoneRepresentation):
        default = context.arg(2, stored)
    elif isinstance(stored.lowleveltype, Ptr):
        default = context.constant(nullptr(stored.lowleveltype.TO), stored.lowleveltype)
    elif isinstance(context.result, type(stored)):
        default = context.constant(stored.lowleveltype.default_value(), stored.lowleveltype)
    elif isinstance(context.result, TextRepresentation):
        return _text_with_default(context, name)
    else:
        raise TyperError(f"{method_name(context)}() of {context.annotation(0)} needs a default that is not None")
    return _value_result(context, context.helper(function, [context.arg(0), _key(context), default]))


def _text_with_default(context: OperationContext, name: str) -> Any:
    """A dict of characters, whose `get` gives a string or None."""
    source = context.representation(0)
    args = [context.arg(0), _key(context)]
    if name == "pop_default":
        return context.helper(source.functions.pop_text, args)
    return context.helper(source.functions.get_text, args)


@method(DictRepresentation, "setdefault")
def _setdefault(context: OperationContext) -> Any:
    source = context.representation(0)
    if source.stored_value.lowleveltype is Void:
        context.helper(source.functions.set_item, [context.arg(0), _key(context), None])
        return _value_result(context, context.void(None))
    if context.count == 2:
        default = context.constant(source.stored_value.lowleveltype.default_value(), source.stored_value.lowleveltype)
    else:
        default = context.arg(2, source.stored_value)
    value = context.helper(source.functions.setdefault, [context.arg(0), _key(context), default])
    return _value_result(context, value)


@method(DictRepresentation, "pop")
def _pop(context: OperationContext) -> Any:
    if context.count > 2:
        return _with_default(context, "pop_default")
    source = context.representation(0)
    if source.stored_value.lowleveltype is Void:
        context.helper(source.functions.delete, [context.arg(0), _key(context)])
        return _value_result(context, context.void(None))
    return _value_result(context, context.helper(source.functions.pop, [context.arg(0), _key(context)]))


@method(DictRepresentation, "popitem")
def _popitem(context: OperationContext) -> Any:
    source = context.representation(0)
    target: Any = context.result
    if target.lowleveltype is Void:
        return None
    table = context.arg(0)
    number = context.helper(source.functions.last_entry, [table], Signed)
    entries = context.emit("getfield", [table, "entries"], Ptr(source.ENTRIES))
    parts = [source.entry_part(context, entries, number, name) for name in ("key", "value")]
    context.helper(source.functions.remove_entry, [table, number])
    items = (source.key, source.value)
    return target.build(context, [context.convert(p, s, t) for p, s, t in zip(parts, items, target.items)])


@method(DictRepresentation, "update")
def _update(context: OperationContext) -> Any:
    source = context.representation(0)
    return _update_from(context, context.arg(0), source, context.operands[1])


def _update_from(context: OperationContext, table: Any, source: Any, operand: Operand) -> Any:
    other = operand.representation
    value = context.operand_as(operand, other)
    if other.lowleveltype is source.lowleveltype:
        return context.helper(source.functions.update, [table, value])
    if not isinstance(other, TableRepresentation):
        raise TyperError(f"update() by {operand.annotation}")
    if other.never_filled:
        return None
    if isinstance(other, SetRepresentation) or source.stored_value.lowleveltype is Void:
        return add_items(context, table, source, Operand(operand.annotation, other, value, a.NO_CONSTANT))
    pairs = a.View(operand.annotation, "pairs")
    add_pairs(context, table, source, Operand(pairs, context.typer.representation(pairs), value, a.NO_CONSTANT))
    return None


def add_pairs(context: OperationContext, table: Any, source: Any, operand: Operand) -> None:
    """Emit the addition of all pairs of a list (or other sequence) to a dict."""
    pair: Any = tuple_representation(context.typer, (source.stored_key, source.stored_value))
    items, length = sequence_parts(context, operand, pair)
    context.helper(helpers.add_pairs, [table, items, length, Constant(source.functions.set_item, Void)])


@method(TableRepresentation, "clear")
def _clear(context: OperationContext) -> Any:
    return context.helper(context.representation(0).functions.clear, [context.arg(0)])


@method(TableRepresentation, "copy")
def _copy(context: OperationContext) -> Any:
    source = context.representation(0)
    return context.helper(source.functions.copy, [context.arg(0)], source.lowleveltype)


@method(DictRepresentation, "keys values items")
def _views(context: OperationContext) -> Any:
    return context.arg(0)


@method(DictRepresentation, "iterkeys itervalues iteritems")
def _iterators(context: OperationContext) -> Any:
    target: Any = context.result
    return target.make(context, context.operands[0])


# ---- sets


@method(SetRepresentation, "add")
def _add(context: OperationContext) -> Any:
    functions = context.representation(0).functions
    return context.helper(functions.set_item, [context.arg(0), _key(context), None])


@method(SetRepresentation, "discard remove")
def _discard(context: OperationContext) -> Any:
    functions = context.representation(0).functions
    function = functions.discard if method_name(context) == "discard" else functions.delete
    return context.helper(function, [context.arg(0), _key(context)])


@method(SetRepresentation, "pop")
def _set_pop(context: OperationContext) -> Any:
    source = context.representation(0)
    table = context.arg(0)
    number = context.helper(source.functions.last_entry, [table], Signed)
    entries = context.emit("getfield", [table, "entries"], Ptr(source.ENTRIES))
    key = source.entry_part(context, entries, number, "key")
    context.helper(source.functions.remove_entry, [table, number])
    return context.convert_result(key, source.key)


@method(SetRepresentation, "update")
def _set_update(context: OperationContext) -> Any:
    source = context.representation(0)
    operand = context.operands[1]
    if isinstance(operand.representation, SetRepresentation):
        return _update_from(context, context.arg(0), source, operand)
    return add_items(context, context.arg(0), source, operand)


def add_items(context: OperationContext, table: Any, source: Any, operand: Operand) -> Any:
    """Emit the addition of all items of a list (or other sequence) to a set."""
    items, length = sequence_parts(context, operand, source.stored_key)
    function = Constant(source.functions.set_item, Void)
    return context.helper(helpers.add_all, [table, items, length, function])


_OPERATIONS = {
    "or_": "union", "and_": "intersection", "sub": "difference", "xor": "symmetric_difference",
    "inplace_or": "union", "inplace_and": "intersection", "inplace_sub": "difference",
    "inplace_xor": "symmetric_difference",
}  # fmt: skip


@rule("or_ and_ sub xor inplace_or inplace_and inplace_sub inplace_xor", SetRepresentation, SetRepresentation)
def _set_operation(context: OperationContext) -> Any:
    source = context.representation(0)
    function = getattr(source.functions, _OPERATIONS[context.opname])
    first = context.arg(0)
    result = context.helper(function, [first, context.arg(1)], source.lowleveltype)
    if context.opname.startswith("inplace_"):
        context.helper(source.functions.replace_contents, [first, result])
        return first
    return result


@method(SetRepresentation, "union intersection difference symmetric_difference")
def _set_method(context: OperationContext) -> Any:
    source = context.representation(0)
    function = getattr(source.functions, method_name(context))
    return context.helper(function, [context.arg(0), context.arg(1)], source.lowleveltype)


@method(SetRepresentation, "issubset issuperset isdisjoint")
def _set_test(context: OperationContext) -> Any:
    functions = context.representation(0).functions
    name = method_name(context)
    args = [context.arg(0), context.arg(1)]
    if name == "isdisjoint":
        return context.helper(functions.is_disjoint, args, Bool)
    if name == "issuperset":
        args.reverse()
    return context.helper(functions.is_subset, args, Bool)


@rule("eq ne", TableRepresentation, TableRepresentation)
def _equal(context: OperationContext) -> Any:
    args = [context.arg(0), context.arg(1), equality_function(context.representation(0))]
    result = context.helper(compare, args, Bool)
    return result if context.opname == "eq" else context.emit("bool_not", [result], Bool)


@rule("lt le gt ge", SetRepresentation, SetRepresentation)
def _set_compare(context: OperationContext) -> Any:
    functions = context.representation(0).functions
    args = [context.arg(0), context.arg(1)]
    if context.opname in ("gt", "ge"):
        args.reverse()
    is_proper = context.opname in ("lt", "gt")
    return context.helper(functions.is_proper_subset if is_proper else functions.is_subset, args, Bool)


# ---- builtins and markers


@builtin(dict, r_dict, r_ordereddict)
def _make_dict(context: OperationContext) -> Any:
    target: Any = context.result
    if context.count == 1 and isinstance(context.representation(0), DictRepresentation):
        return context.helper(target.functions.copy, [context.arg(0, target)], target.lowleveltype)
    table = context.helper(target.functions.new, [], target.lowleveltype)
    if context.count == 1 and target.stored_value.lowleveltype is not Void:
        add_pairs(context, table, target, context.operands[0])
    return table


@builtin(set, frozenset)
def _make_set(context: OperationContext) -> Any:
    target: Any = context.result
    if context.count and isinstance(context.representation(0), SetRepresentation):
        return context.helper(target.functions.copy, [context.arg(0, target)], target.lowleveltype)
    table = context.helper(target.functions.new, [], target.lowleveltype)
    if context.count:
        add_items(context, table, target, context.operands[0])
    return table


@primitive("objectmodel.getitem_with_hash")
def _get_h(context: OperationContext) -> Any:
    functions = context.representation(0).functions
    return _value_result(
        context, context.helper(functions.get_h, [context.arg(0), _key(context), context.arg_type(2, Signed)])
    )


@primitive("objectmodel.setitem_with_hash")
def _set_h(context: OperationContext) -> Any:
    args = [context.arg(0), _key(context), context.arg_type(2, Signed), _stored_value(context, 3)]
    return context.helper(context.representation(0).functions.set_h, args)


@primitive("objectmodel.delitem_with_hash")
def _del_h(context: OperationContext) -> Any:
    functions = context.representation(0).functions
    return context.helper(functions.delete_h, [context.arg(0), _key(context), context.arg_type(2, Signed)])


@primitive("objectmodel.contains_with_hash")
def _contains_h(context: OperationContext) -> Any:
    functions = context.representation(0).functions
    return context.helper(functions.contains_h, [context.arg(0), _key(context), context.arg_type(2, Signed)], Bool)


@primitive("objectmodel.delitem_if_value_is")
def _delete_if(context: OperationContext) -> Any:
    functions = context.representation(0).functions
    return context.helper(functions.delete_if_value_is, [context.arg(0), _key(context), _stored_value(context, 2)])


@primitive("objectmodel.move_to_end")
def _move_to_end(context: OperationContext) -> Any:
    functions = context.representation(0).functions
    last = context.extra.get("last")
    at_end = context.count < 3 or context.host(2)
    if last is not None:
        at_end = last.host
    function = functions.move_to_end if at_end else functions.move_to_start
    return context.helper(function, [context.arg(0), _key(context)])


@primitive("objectmodel.prepare_dict_update")
def _prepare(context: OperationContext) -> Any:
    return None


@primitive("objectmodel.reversed_dict objectmodel.iterkeys_with_hash objectmodel.iteritems_with_hash")
def _iterator_of_its_own(context: OperationContext) -> Any:
    target: Any = context.result
    return target.make(context, context.operands[0])
