"""Lists: fixed ones are arrays, resizable ones structures with spare room, ranges three numbers."""

from __future__ import annotations

from typing import Any, Callable

from ouro.annotator import annotations as a
from ouro.flowspace import Constant
from ouro.lltype import Bool, Char, GcArray, GcStruct, Ptr, Signed, Void, container_of, malloc, nullptr
from ouro.rtyper import _list_helpers as helpers
from ouro.rtyper._context import Operand, OperationContext
from ouro.rtyper._numbers import IntegerRepresentation
from ouro.rtyper._pointers import NullableRepresentation
from ouro.rtyper._registry import method
from ouro.rtyper._representation import (
    NoneRepresentation,
    Representation,
    TyperError,
    conversion,
    representation_for,
    rule,
)

__all__ = [
    "FixedListRepresentation",
    "ListRepresentation",
    "RangeRepresentation",
    "ResizableListRepresentation",
    "equality_function",
]

RANGE = GcStruct("range", ("start", Signed), ("stop", Signed), ("step", Signed), hints={"immutable": True})


class ListRepresentation(NullableRepresentation):
    """What fixed and resizable lists share.

    The item's representation is looked up when it is first needed, since a list may hold tuples of itself.
    """

    optional = True

    def __init__(self, typer: Any, definition: Any) -> None:
        super().__init__(typer)
        self.definition = definition
        self.item: Representation = typer.representation(definition.item.root().annotation)
        self.stored = self.item.storage
        self.ITEM = self.stored.lowleveltype
        self.ITEMS = GcArray(self.ITEM)
        self._constants: dict[int, Any] = {}

    @property
    def clear(self) -> bool:
        """Whether unused places must be cleared for the collector."""
        return isinstance(self.ITEM, Ptr) and self.ITEM.is_gc

    def items(self, context: Any, value: Any) -> Any:
        """Emit the array of the items."""
        raise NotImplementedError

    def length(self, context: Any, value: Any) -> Any:
        """Emit the length."""
        raise NotImplementedError

    def from_items(self, context: Any, items: Any) -> Any:
        """Emit a list of exactly the items of a new array."""
        raise NotImplementedError

    def constant(self, value: Any) -> Any:
        TYPE: Any = self.lowleveltype
        if value is None:
            return nullptr(TYPE.TO)
        known = self._constants.get(id(value))
        if known is None:
            values = list(value)
            items = malloc(self.ITEMS, len(values), zero=True)
            known = self._constants[id(value)] = self._wrap(items)
            self.typer.keep_alive.append(value)
            if self.ITEM is not Void:
                self.typer.later(lambda: self._fill(items, values))
        return known

    def _wrap(self, items: Any) -> Any:
        raise NotImplementedError

    def _fill(self, items: Any, values: list[Any]) -> None:
        constant = self.stored.constant
        container_of(items).values[:] = [constant(value) for value in values]

    def equality(self) -> Any:
        equal = self.stored.equality() or helpers.primitive_equal
        return helpers.list_equality(isinstance(self, ResizableListRepresentation), self.ITEM is not Void, equal)


class FixedListRepresentation(ListRepresentation):
    """An array."""

    def __init__(self, typer: Any, definition: Any) -> None:
        super().__init__(typer, definition)
        self.lowleveltype = Ptr(self.ITEMS)

    def items(self, context: Any, value: Any) -> Any:
        return value

    def length(self, context: Any, value: Any) -> Any:
        return context.emit("getarraysize", [value], Signed)

    def from_items(self, context: Any, items: Any) -> Any:
        return items

    def _wrap(self, items: Any) -> Any:
        return items


class ResizableListRepresentation(ListRepresentation):
    """A length and an array with spare room."""

    def __init__(self, typer: Any, definition: Any) -> None:
        super().__init__(typer, definition)
        self.LIST = GcStruct("list", ("length", Signed), ("items", Ptr(self.ITEMS)))
        self.lowleveltype = Ptr(self.LIST)

    def items(self, context: Any, value: Any) -> Any:
        return context.emit("getfield", [value, "items"], Ptr(self.ITEMS))

    def length(self, context: Any, value: Any) -> Any:
        return context.emit("getfield", [value, "length"], Signed)

    def from_items(self, context: Any, items: Any) -> Any:
        return context.helper(helpers.new_list, [self.LIST, items], self.lowleveltype)

    def _wrap(self, items: Any) -> Any:
        result = malloc(self.LIST)
        result.length = len(items)
        result.items = items
        return result


class RangeRepresentation(NullableRepresentation):
    """A `range` that nothing mutates: start, stop and step."""

    lowleveltype = Ptr(RANGE)

    def __init__(self, typer: Any, step: int) -> None:
        super().__init__(typer)
        self.step = step
        self._constants: dict[Any, Any] = {}

    @property
    def item(self) -> Representation:
        """The representation of the items."""
        return self.typer.primitive(Signed)

    def constant(self, value: Any) -> Any:
        if value is None:
            return nullptr(RANGE)
        key = (value.start, value.stop, value.step) if isinstance(value, range) else None
        if key is None:
            raise TyperError("a list of numbers is used as a range")
        known = self._constants.get(key)
        if known is None:
            known = self._constants[key] = malloc(RANGE)
            known.start, known.stop, known.step = key
        return known

    def parts(self, context: Any, value: Any) -> tuple[Any, Any, Any]:
        """Emit start, stop and step."""
        start = context.emit("getfield", [value, "start"], Signed)
        stop = context.emit("getfield", [value, "stop"], Signed)
        step = context.constant(self.step, Signed)
        if self.step == 0:
            step = context.emit("getfield", [value, "step"], Signed)
        return start, stop, step

    def length(self, context: Any, value: Any) -> Any:
        """Emit the length."""
        return context.helper(helpers.range_length, list(self.parts(context, value)), Signed)


@representation_for(a.List)
def _list(typer: Any, annotation: Any) -> Any:
    root = annotation.definition.root()
    if root.range_step is not None:
        return ("range", root.range_step), lambda: RangeRepresentation(typer, root.range_step)
    if root.is_resizable:
        return ("list", root), lambda: ResizableListRepresentation(typer, root)
    return ("list", root), lambda: FixedListRepresentation(typer, root)


@conversion(ListRepresentation, ListRepresentation)
def _between_lists(context: Any, value: Any, source: Any, target: Any) -> Any:
    if source.lowleveltype is target.lowleveltype:
        return value
    if source.ITEM is Void or target.ITEM is Void:
        length = source.length(context, value)
        items = context.helper(helpers.copy_nothing, [target.ITEMS, length], Ptr(target.ITEMS))
        return target.from_items(context, items)
    return None


def equality_function(representation: Representation) -> Any:
    """A Void constant with the equality function of a representation."""
    return Constant(representation.equality() or helpers.primitive_equal, Void)


def sequence_parts(context: OperationContext, operand: Operand, stored: Representation) -> tuple[Any, Any]:
    """Emit an array with items in a representation and the number of items, for a list, range, tuple or string."""
    representation = operand.representation
    ITEMS = GcArray(stored.lowleveltype)
    value = context.operand_as(operand, representation)
    if isinstance(representation, ListRepresentation) and representation.ITEMS is ITEMS:
        return representation.items(context, value), representation.length(context, value)
    if isinstance(representation, RangeRepresentation) and ITEMS.ITEM is Signed:
        items = context.helper(
            helpers.range_items, [ITEMS, *representation.parts(context, value)], Ptr(ITEMS)
        )
        return items, context.emit("getarraysize", [items], Signed)
    special = getattr(representation, "array_of_items", None)
    if special is not None:
        items = special(context, operand, ITEMS)
        return items, context.emit("getarraysize", [items], Signed)
    if isinstance(representation, ListRepresentation) and representation.ITEM is Void:
        length = representation.length(context, value)
        return context.helper(helpers.copy_nothing, [ITEMS, length], Ptr(ITEMS)), length
    if ITERATION:
        return ITERATION[0](context, operand, stored)  # type: ignore[no-any-return]
    raise TyperError(f"the items of {operand.annotation} cannot be copied into a list of {ITEMS.ITEM}")


ITERATION: list[Callable[[OperationContext, Operand, Any], Any]] = []
"""What copies the items of anything else that can be iterated over; set by the module of iterators."""


def _parts(context: OperationContext, index: int) -> tuple[Any, Any]:
    source = context.representation(index)
    value = context.arg(index)
    return source.items(context, value), source.length(context, value)


# ---- making lists


@rule("newlist", Representation)
def _newlist(context: OperationContext) -> Any:
    return new_list_of(context, context.result, [context.operands[index] for index in range(context.count)])


def new_list_of(context: OperationContext, target: Any, operands: list[Operand]) -> Any:
    """Emit a new list of operands."""
    if target.lowleveltype is Void:
        return None
    values = [context.operand_as(operand, target.stored) for operand in operands]
    items = context.emit(
        "malloc_varsize",
        [target.ITEMS, {"flavor": "gc", "zero": False}, len(operands)],
        Ptr(target.ITEMS),
    )
    if target.ITEM is not Void:
        for index, value in enumerate(values):
            context.emit("setarrayitem", [items, index, value])
    result = target.from_items(context, items)
    if len(values) == 1:
        context.typer.one_item_lists[result] = values[0]
    return result


@rule("finish_list", ListRepresentation)
def _finish_list(context: OperationContext) -> Any:
    target: Any = context.result
    source = context.representation(0)
    if source.lowleveltype is target.lowleveltype:
        return context.arg(0)
    items, length = sequence_parts(context, context.operands[0], target.stored)
    return target.from_items(context, context.helper(helpers.exact_items, [target.ITEMS, items, length]))


@rule("add", ListRepresentation, ListRepresentation)
def _add(context: OperationContext) -> Any:
    target: Any = context.result
    first, first_length = sequence_parts(context, context.operands[0], target.stored)
    second, second_length = sequence_parts(context, context.operands[1], target.stored)
    args = [target.ITEMS, first, first_length, second, second_length]
    return target.from_items(context, context.helper(helpers.concat, args, Ptr(target.ITEMS)))


@rule("mul inplace_mul", ListRepresentation, IntegerRepresentation)
def _mul(context: OperationContext) -> Any:
    return _repeated(context, 0, 1)


@rule("mul", IntegerRepresentation, ListRepresentation)
def _mul_swapped(context: OperationContext) -> Any:
    return _repeated(context, 1, 0)


def _repeated(context: OperationContext, list_index: int, times_index: int) -> Any:
    times = context.arg_type(times_index, Signed)
    if context.opname == "inplace_mul":
        target = context.arg(list_index)
        context.helper(helpers.repeat_in_place, [target, context.representation(list_index).ITEMS, times])
        return target
    target_representation: Any = context.result
    operand = context.operands[list_index]
    only = context.typer.one_item_lists.get(operand.value)
    if only is not None and only.concretetype is Void and isinstance(target_representation.ITEM, Ptr):
        nulls = context.helper(
            helpers.repeat_nothing, [target_representation.ITEMS, times], Ptr(target_representation.ITEMS)
        )
        return target_representation.from_items(context, nulls)
    if only is not None and _is_zero(only, target_representation.ITEM):
        zeros = context.helper(
            helpers.fill_zero, [target_representation.ITEMS, times], Ptr(target_representation.ITEMS)
        )
        return target_representation.from_items(context, zeros)
    if only is not None and only.concretetype is target_representation.ITEM:
        filled = context.helper(
            helpers.fill, [target_representation.ITEMS, times, only], Ptr(target_representation.ITEMS)
        )
        return target_representation.from_items(context, filled)
    items, length = sequence_parts(context, context.operands[list_index], target_representation.stored)
    args = [target_representation.ITEMS, items, length, times]
    result = context.helper(helpers.repeat, args, Ptr(target_representation.ITEMS))
    return target_representation.from_items(context, result)


def _is_zero(value: Any, ITEM: Any) -> bool:
    """Whether an item is what cleared memory holds: for integers, as 0.0 has a negative that equals it."""
    return isinstance(value, Constant) and value.concretetype is ITEM and ITEM is Signed and value.value == 0


@rule("inplace_add", ListRepresentation, Representation)
def _inplace_add(context: OperationContext) -> Any:
    target = context.arg(0)
    source = context.representation(0)
    _extend(context, target, source, context.operands[1])
    return target


def _extend(context: OperationContext, target: Any, source: Any, operand: Operand) -> None:
    if source.ITEM is Void:
        return
    if not isinstance(source, ResizableListRepresentation):
        raise TyperError("a list of fixed length is extended")
    from_string = getattr(operand.representation, "is_string", False)
    if from_string and source.ITEM is Char:
        value = context.operand_as(operand, operand.representation)
        context.helper(helpers.extend_by_string, [target, source.ITEMS, value])
        return
    items, length = sequence_parts(context, operand, source.stored)
    context.helper(helpers.extend, [target, source.ITEMS, items, length])


# ---- reading


@rule("len", ListRepresentation)
def _len(context: OperationContext) -> Any:
    return context.representation(0).length(context, context.arg(0))


@rule("unpack", Representation)
def _unpack(context: OperationContext) -> Any:
    length = context.apply("len", context.operands[0])
    return context.helper(helpers.check_length, [length, context.arg_type(1, Signed)])


@rule("len", RangeRepresentation)
def _range_len(context: OperationContext) -> Any:
    return context.representation(0).length(context, context.arg(0))


@rule("bool", ListRepresentation)
def _bool(context: OperationContext) -> Any:
    if context.annotation(0).can_be_none:
        source = context.representation(0)
        function = helpers.nonempty_list if isinstance(source, ResizableListRepresentation) else helpers.nonempty_array
        return context.helper(function, [context.arg(0)], Bool)
    length = context.representation(0).length(context, context.arg(0))
    return context.emit("int_is_true", [length], Bool)


@rule("bool", RangeRepresentation)
def _range_bool(context: OperationContext) -> Any:
    return context.emit("int_is_true", [_range_len(context)], Bool)


def _index_kind(context: OperationContext, index: int) -> str:
    """How an index is treated: "checked" where IndexError is caught, "nonneg", or "signed"."""
    if context.expects(IndexError):
        return "checked"
    if context.is_constant(index):
        return "nonneg" if context.host(index) >= 0 else "signed"
    return "nonneg" if context.annotation(index).nonneg else "signed"


_GETTERS = {"checked": helpers.get_checked, "nonneg": helpers.get_nonneg, "signed": helpers.get_signed}
_SETTERS = {"checked": helpers.set_checked, "nonneg": helpers.set_nonneg, "signed": helpers.set_signed}


@rule("getitem", ListRepresentation, IntegerRepresentation)
def _getitem(context: OperationContext) -> Any:
    source = context.representation(0)
    items, length = _parts(context, 0)
    index = context.arg_type(1, Signed)
    if source.ITEM is Void:
        if context.expects(IndexError):
            context.helper(helpers.check_index, [length, index])
        return None if context.result.lowleveltype is Void else context.convert_result(context.void(None), source.item)
    function = _GETTERS[_index_kind(context, 1)]
    value = context.helper(function, [items, length, index], source.ITEM)
    return context.convert_result(value, source.stored)


@rule("setitem", ListRepresentation, IntegerRepresentation)
def _setitem(context: OperationContext) -> Any:
    source = context.representation(0)
    items, length = _parts(context, 0)
    if source.ITEM is Void:
        if context.expects(IndexError):
            context.helper(helpers.check_index, [length, context.arg_type(1, Signed)])
        return None
    value = context.arg(2, source.stored)
    function = _SETTERS[_index_kind(context, 1)]
    return context.helper(function, [items, length, context.arg_type(1, Signed), value])


@rule("getitem", RangeRepresentation, IntegerRepresentation)
def _range_getitem(context: OperationContext) -> Any:
    source = context.representation(0)
    start, stop, step = source.parts(context, context.arg(0))
    length = context.helper(helpers.range_length, [start, stop, step], Signed)
    function = helpers.range_get_checked if context.expects(IndexError) else helpers.range_get
    return context.helper(function, [start, length, step, context.arg_type(1, Signed)], Signed)


@rule("contains", RangeRepresentation)
def _range_contains(context: OperationContext) -> Any:
    parts = context.representation(0).parts(context, context.arg(0))
    return context.helper(helpers.in_range, [*parts, context.arg_type(1, Signed)], Bool)


@rule("getslice", RangeRepresentation)
def _range_slice(context: OperationContext) -> Any:
    return _getslice(context)


@rule("delitem", ListRepresentation, IntegerRepresentation)
def _delitem(context: OperationContext) -> Any:
    source = context.representation(0)
    function = helpers.delete_item_checked if context.expects(IndexError) else helpers.delete_item
    return context.helper(function, [context.arg(0), source.ITEMS, context.arg_type(1, Signed), source.clear])


def slice_bounds(context: OperationContext, length: Any) -> tuple[Any, Any]:
    """Start and stop of a slice operation on something of a known length, neither counted from the end."""
    start: Any = context.constant(0, Signed)
    if not isinstance(context.representation(1), NoneRepresentation):
        start = _slice_end(context, 1, length)
    if isinstance(context.representation(2), NoneRepresentation):
        return start, length
    return start, _slice_end(context, 2, length)


def _slice_end(context: OperationContext, index: int, length: Any) -> Any:
    end = context.arg_type(index, Signed)
    if not context.is_constant(index):
        if context.annotation(index).nonneg:
            return end
        return context.helper(helpers.from_start, [end, length], Signed)
    if context.host(index) >= 0:
        return end
    end = context.emit("int_add", [length, end], Signed)
    return context.emit("int_force_ge_zero", [end], Signed)


@rule("getslice", ListRepresentation)
def _getslice(context: OperationContext) -> Any:
    target: Any = context.result
    items, length = sequence_parts(context, context.operands[0], target.stored)
    start, stop = slice_bounds(context, length)
    copy = context.helper(helpers.copy_range, [target.ITEMS, items, start, stop, length], Ptr(target.ITEMS))
    return target.from_items(context, copy)


@rule("delslice", ListRepresentation)
def _delslice(context: OperationContext) -> Any:
    source = context.representation(0)
    target = context.arg(0)
    start, stop = slice_bounds(context, source.length(context, target))
    return context.helper(helpers.delete_range, [target, source.ITEMS, start, stop, source.clear])


@rule("setslice", ListRepresentation)
def _setslice(context: OperationContext) -> Any:
    source = context.representation(0)
    target = context.arg(0)
    start, stop = slice_bounds(context, source.length(context, target))
    items, length = sequence_parts(context, context.operands[3], source.stored)
    if isinstance(source, ResizableListRepresentation):
        args = [target, source.ITEMS, start, stop, items, length, source.clear]
        return context.helper(helpers.set_range, args)
    return context.helper(helpers.set_fixed_range, [target, source.length(context, target), start, stop, items, length])


@rule("contains", ListRepresentation)
def _contains(context: OperationContext) -> Any:
    items, length, value, equal = _searched(context)
    if value.concretetype is Void:
        return context.emit("int_is_true", [length], Bool)
    return context.helper(helpers.contains, [items, length, value, equal], Bool)


def _searched(context: OperationContext) -> tuple[Any, Any, Any, Any]:
    """Emit what a search in a list needs: items, length, what is searched, and the equality function."""
    stored = context.common_storage(context.representation(0).stored, context.representation(1))
    items, length = sequence_parts(context, context.operands[0], stored)
    return items, length, context.arg(1, stored), equality_function(stored)


@rule("eq ne", ListRepresentation, ListRepresentation)
def _equal(context: OperationContext) -> Any:
    if context.annotation(0).can_be_none or context.annotation(1).can_be_none:
        same = Constant(context.representation(0).equality(), Void)
        result = context.helper(helpers.compare, [context.arg(0), context.arg(1), same], Bool)
        return result if context.opname == "eq" else context.emit("bool_not", [result], Bool)
    stored = context.common_storage(context.representation(0).stored, context.representation(1).stored)
    first, first_length = sequence_parts(context, context.operands[0], stored)
    second, second_length = sequence_parts(context, context.operands[1], stored)
    if stored.lowleveltype is Void:
        result = context.emit("int_eq", [first_length, second_length], Bool)
        return result if context.opname == "eq" else context.emit("bool_not", [result], Bool)
    args = [first, first_length, second, second_length, equality_function(stored)]
    result = context.helper(helpers.equal_items, args, Bool)
    return result if context.opname == "eq" else context.emit("bool_not", [result], Bool)


@rule("eq ne", RangeRepresentation, RangeRepresentation)
def _equal_ranges(context: OperationContext) -> Any:
    parts = [part for index in (0, 1) for part in context.representation(index).parts(context, context.arg(index))]
    result = context.helper(helpers.equal_ranges, parts, Bool)
    return result if context.opname == "eq" else context.emit("bool_not", [result], Bool)


@rule("is_", ListRepresentation, ListRepresentation)
def _same(context: OperationContext) -> Any:
    return context.emit("ptr_eq", [context.arg(0), context.arg(1)], Bool)


# ---- methods


@method(ListRepresentation, "append")
def _append(context: OperationContext) -> Any:
    source = context.representation(0)
    if source.ITEM is Void:
        return context.helper(helpers.append_nothing, [context.arg(0)])
    return context.helper(helpers.append, [context.arg(0), source.ITEMS, context.arg(1, source.stored)])


@method(ListRepresentation, "extend")
def _extend_method(context: OperationContext) -> Any:
    _extend(context, context.arg(0), context.representation(0), context.operands[1])


@method(ListRepresentation, "insert")
def _insert(context: OperationContext) -> Any:
    source = context.representation(0)
    args = [context.arg(0), source.ITEMS, context.arg_type(1, Signed), context.arg(2, source.stored)]
    return context.helper(helpers.insert, args)


@method(ListRepresentation, "pop")
def _pop(context: OperationContext) -> Any:
    source = context.representation(0)
    checked = context.expects(IndexError)
    function: Any
    if source.ITEM is Void:
        index = context.constant(-1, Signed) if context.count == 1 else context.arg_type(1, Signed)
        function = helpers.delete_item_checked if checked else helpers.delete_item
        context.helper(function, [context.arg(0), source.ITEMS, index, False])
        return None
    if context.count == 1 or (context.is_constant(1) and context.host(1) == -1):
        function = helpers.pop_last_checked if checked else helpers.pop_last
        value = context.helper(function, [context.arg(0), source.ITEMS, source.clear], source.ITEM)
    else:
        function = helpers.pop_checked if checked else helpers.pop
        args = [context.arg(0), source.ITEMS, context.arg_type(1, Signed), source.clear]
        value = context.helper(function, args, source.ITEM)
    return context.convert_result(value, source.stored)


@method(ListRepresentation, "remove")
def _remove(context: OperationContext) -> Any:
    source = context.representation(0)
    place = context.helper(helpers.index_checked, list(_searched(context)), Signed)
    return context.helper(helpers.delete_item, [context.arg(0), source.ITEMS, place, source.clear])


@method(ListRepresentation, "index count")
def _index(context: OperationContext) -> Any:
    name = context.source.args[0]
    function = helpers.count if _method_name(context, name) == "count" else helpers.index_checked
    return context.helper(function, list(_searched(context)), Signed)


def _method_name(context: OperationContext, value: Any) -> str:
    annotation = value.annotation
    if annotation is None:
        annotation = context.typer.annotated.annotation_of_constant(value.value)
    return str(annotation.name)


@method(ListRepresentation, "reverse")
def _reverse(context: OperationContext) -> Any:
    items, length = _parts(context, 0)
    return context.helper(helpers.reverse, [items, length])


@method(ListRepresentation, "clear")
def _clear(context: OperationContext) -> Any:
    return context.helper(helpers.clear_list, [context.arg(0), context.representation(0).ITEMS])


@method(ListRepresentation, "copy")
def _copy(context: OperationContext) -> Any:
    return copy_of(context, context.operands[0])


def copy_of(context: OperationContext, operand: Operand) -> Any:
    """Emit a new list, as the result wants it, of the items of an operand."""
    target: Any = context.result
    items, length = sequence_parts(context, operand, target.stored)
    args = [target.ITEMS, items, 0, length, length]
    return target.from_items(context, context.helper(helpers.copy_range, args, Ptr(target.ITEMS)))


@method(ListRepresentation, "sort")
def _sort(context: OperationContext) -> Any:
    items, length = _parts(context, 0)
    sort_items(context, items, length, context.representation(0))


def sort_items(context: OperationContext, items: Any, length: Any, source: ListRepresentation) -> None:
    """Emit the sorting of an array of items, backwards where the call's `reverse` says so."""
    if source.ITEM is Void:
        return
    less = getattr(source.stored, "less_than", None)
    function = less() if less is not None else helpers.primitive_less
    args = [source.ITEMS, items, length, Constant(function, Void)]
    direction = context.extra.get("reverse") if context.extra else None
    if direction is None:
        context.helper(helpers.merge_sort, args)
    else:
        backwards = context.operand_as(direction, context.typer.primitive(Bool))
        context.helper(helpers.sort_either_way, [*args, backwards])
