"""`bytearray`: a resizable list of characters whose items are numbers on the outside."""

from __future__ import annotations

from typing import Any

from ouro.annotator import annotations as a
from ouro.flowspace import Constant
from ouro.lltype import Bool, Char, GcArray, GcStruct, Ptr, Signed, Void, malloc, nullptr
from ouro.rtyper import _builtin_helpers as helpers
from ouro.rtyper import _list_helpers as lists
from ouro.rtyper import _string_helpers as strings
from ouro.rtyper._context import Emitter, Operand, OperationContext
from ouro.rtyper._iterators import ArrayIterator, IteratorRepresentation, iterator_maker
from ouro.rtyper._lists import ListRepresentation, sequence_parts, slice_bounds
from ouro.rtyper._numbers import IntegerRepresentation
from ouro.rtyper._pointers import NullableRepresentation
from ouro.rtyper._registry import builtin, method
from ouro.rtyper._representation import NoneRepresentation, representation_for, rule
from ouro.rtyper._string_helpers import STR_POINTER
from ouro.rtyper._strings import BytesRepresentation, TextRepresentation

__all__ = ["ByteArrayRepresentation"]

ITEMS = GcArray(Char)
BYTEARRAY = GcStruct("list", ("length", Signed), ("items", Ptr(ITEMS)))


class ByteArrayRepresentation(NullableRepresentation):
    """A length and characters with spare room."""

    optional = True
    lowleveltype = Ptr(BYTEARRAY)
    ITEM = Char
    ITEMS = ITEMS

    def __init__(self, typer: Any) -> None:
        super().__init__(typer)
        self._constants: dict[int, Any] = {}

    def equality(self) -> Any:
        return lists.list_equality(True, True, lists.primitive_equal)

    def items(self, context: Any, value: Any) -> Any:
        """Emit the array of characters."""
        return context.emit("getfield", [value, "items"], Ptr(ITEMS))

    def length(self, context: Any, value: Any) -> Any:
        """Emit the length."""
        return context.emit("getfield", [value, "length"], Signed)

    def from_items(self, context: Any, items: Any) -> Any:
        """Emit a bytearray of exactly the items of a new array."""
        return context.helper(lists.new_list, [BYTEARRAY, items], self.lowleveltype)

    def constant(self, value: Any) -> Any:
        if value is None:
            return nullptr(BYTEARRAY)
        known = self._constants.get(id(value))
        if known is None:
            known = self._constants[id(value)] = malloc(BYTEARRAY)
            known.length = len(value)
            known.items = malloc(ITEMS, len(value))
            for index, code in enumerate(value):
                known.items[index] = chr(code)
            self.typer.keep_alive.append(value)
        return known


class ByteArrayIterator(ArrayIterator):
    """Over the numbers."""

    def __init__(self, typer: Any, source: Any, backwards: bool) -> None:
        source.item = source.stored = typer.primitive(Char)
        super().__init__(typer, source, backwards)
        self.item = typer.primitive(Signed)

    def next(self, context: Emitter, value: Any) -> Any:
        lst = context.emit("getfield", [value, "list"], self.source.lowleveltype)
        index = self.next_index(context, value, lst)
        char = context.emit("getarrayitem", [self.source.items(context, lst), index], Char)
        return context.emit("cast_char_to_int", [char], Signed)


@iterator_maker(ByteArrayRepresentation)
def _make_iterator(typer: Any, source: Any, variant: str) -> IteratorRepresentation:
    return ByteArrayIterator(typer, source, variant == "reversed")


@representation_for(a.ByteArray)
def _bytearray(typer: Any, annotation: Any) -> Any:
    return "bytearray", lambda: ByteArrayRepresentation(typer)


def _number_to_char(context: OperationContext, index: int) -> Any:
    return context.fold("cast_int_to_char", [context.arg_type(index, Signed)], Char)


def _parts(context: OperationContext, operand: Operand) -> tuple[Any, Any]:
    """An array of characters and the count, for bytes and bytearrays."""
    source = operand.representation
    value = context.operand_as(operand, source)
    if isinstance(source, ByteArrayRepresentation):
        return source.items(context, value), source.length(context, value)
    items = context.helper(strings.characters_of, [value, ITEMS], Ptr(ITEMS))
    return items, context.emit("getarraysize", [items], Signed)


@builtin(bytearray)
def _make(context: OperationContext) -> Any:
    target: Any = context.result
    if context.count == 0:
        return target.from_items(context, context.helper(lists.copy_empty, [ITEMS], Ptr(ITEMS)))
    source = context.representation(0)
    if isinstance(source, IntegerRepresentation):
        items = context.helper(lists.fill, [ITEMS, context.arg_type(0, Signed), context.char_constant("\0")])
    elif isinstance(source, ListRepresentation):
        numbers, length = sequence_parts(context, context.operands[0], source.stored)
        text = context.helper(helpers.string_of_numbers, [numbers, length], STR_POINTER)
        items = context.helper(strings.characters_of, [text, ITEMS], Ptr(ITEMS))
    else:
        items, length = _parts(context, context.operands[0])
        items = context.helper(lists.copy_range, [ITEMS, items, 0, length, length], Ptr(ITEMS))
    return target.from_items(context, items)


def to_bytes(context: OperationContext, operand: Operand) -> Any:
    """Emit the bytes that a bytearray holds now."""
    items, length = _parts(context, operand)
    return context.helper(strings.from_characters, [items, 0, length], STR_POINTER)


@rule("len", ByteArrayRepresentation)
def _len(context: OperationContext) -> Any:
    return context.representation(0).length(context, context.arg(0))


@rule("bool", ByteArrayRepresentation)
def _bool(context: OperationContext) -> Any:
    return context.helper(lists.nonempty_list, [context.arg(0)], Bool)


@rule("getitem", ByteArrayRepresentation, IntegerRepresentation)
def _getitem(context: OperationContext) -> Any:
    items, length = _parts(context, context.operands[0])
    function = lists.get_checked if context.expects(IndexError) else lists.get_signed
    char = context.helper(function, [items, length, context.arg_type(1, Signed)], Char)
    return context.emit("cast_char_to_int", [char], Signed)


@rule("setitem", ByteArrayRepresentation, IntegerRepresentation)
def _setitem(context: OperationContext) -> Any:
    items, length = _parts(context, context.operands[0])
    function = lists.set_checked if context.expects(IndexError) else lists.set_signed
    args = [items, length, context.arg_type(1, Signed), _number_to_char(context, 2)]
    return context.helper(function, args)


@rule("getslice", ByteArrayRepresentation)
def _getslice(context: OperationContext) -> Any:
    target: Any = context.result
    items, length = _parts(context, context.operands[0])
    start, stop = slice_bounds(context, length)
    return target.from_items(context, context.helper(lists.copy_range, [ITEMS, items, start, stop, length]))


@rule("delslice", ByteArrayRepresentation)
def _delslice(context: OperationContext) -> Any:
    value = context.arg(0)
    start, stop = slice_bounds(context, context.representation(0).length(context, value))
    return context.helper(lists.delete_range, [value, ITEMS, start, stop, False])


@rule("add", ByteArrayRepresentation, ByteArrayRepresentation)
@rule("add", ByteArrayRepresentation, BytesRepresentation)
@rule("add", BytesRepresentation, ByteArrayRepresentation)
def _add(context: OperationContext) -> Any:
    target: Any = context.result
    first, second = (_parts(context, operand) for operand in context.operands)
    return target.from_items(context, context.helper(lists.concat, [ITEMS, *first, *second], Ptr(ITEMS)))


@rule("eq ne", ByteArrayRepresentation, ByteArrayRepresentation)
def _equal_bytearrays(context: OperationContext) -> Any:
    same = Constant(context.representation(0).equality(), Void)
    result = context.helper(lists.compare, [context.arg(0), context.arg(1), same], Bool)
    return result if context.opname == "eq" else context.emit("bool_not", [result], Bool)


@rule("eq ne", ByteArrayRepresentation, BytesRepresentation)
@rule("eq ne", BytesRepresentation, ByteArrayRepresentation)
def _equal(context: OperationContext) -> Any:
    first, second = (_parts(context, operand) for operand in context.operands)
    args = [*first, *second, Constant(lists.primitive_equal, Void)]
    result = context.helper(lists.equal_items, args, Bool)
    return result if context.opname == "eq" else context.emit("bool_not", [result], Bool)


@rule("contains", ByteArrayRepresentation)
def _contains(context: OperationContext) -> Any:
    value = to_bytes(context, context.operands[0])
    if isinstance(context.representation(1), IntegerRepresentation):
        return context.helper(strings.contains_char, [value, _number_to_char(context, 1)], Bool)
    return context.helper(strings.contains, [value, to_bytes(context, context.operands[1])], Bool)


@method(ByteArrayRepresentation, "append")
def _append(context: OperationContext) -> Any:
    return context.helper(lists.append, [context.arg(0), ITEMS, _number_to_char(context, 1)])


@method(ByteArrayRepresentation, "extend")
def _extend(context: OperationContext) -> Any:
    source = context.representation(1)
    if isinstance(source, TextRepresentation):
        return context.helper(lists.extend_by_string, [context.arg(0), ITEMS, context.arg(1)])
    items, length = _parts(context, context.operands[1])
    return context.helper(lists.extend, [context.arg(0), ITEMS, items, length])


@method(ByteArrayRepresentation, "pop")
def _pop(context: OperationContext) -> Any:
    checked = context.expects(IndexError)
    if context.count == 1 or isinstance(context.representation(1), NoneRepresentation):
        function: Any = lists.pop_last_checked if checked else lists.pop_last
        char = context.helper(function, [context.arg(0), ITEMS, False], Char)
    else:
        function = lists.pop_checked if checked else lists.pop
        char = context.helper(function, [context.arg(0), ITEMS, context.arg_type(1, Signed), False], Char)
    return context.emit("cast_char_to_int", [char], Signed)
