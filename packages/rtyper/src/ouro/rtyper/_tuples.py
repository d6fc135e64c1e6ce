"""Tuples: immutable structures with one field for each item; the empty tuple is nothing."""

from __future__ import annotations

from typing import Any

from ouro.annotator import annotations as a
from ouro.flowspace import Constant
from ouro.lltype import Bool, GcStruct, Ptr, Signed, Void, malloc, nullptr
from ouro.rtyper import _tuple_helpers as helpers
from ouro.rtyper._context import Operand, OperationContext
from ouro.rtyper._numbers import IntegerRepresentation
from ouro.rtyper._pointers import NullableRepresentation
from ouro.rtyper._representation import (
    Representation,
    VoidRepresentation,
    conversion,
    representation_for,
    rule,
)

__all__ = ["TupleRepresentation", "tuple_representation"]


class TupleRepresentation(NullableRepresentation):
    """A pointer to a structure of the items in their storage representations."""

    optional = True

    def __init__(self, typer: Any, items: tuple[Representation, ...]) -> None:
        super().__init__(typer)
        self.items = items
        self.stored = [item.storage for item in items]
        fields = [
            (f"item{index}", stored.lowleveltype)
            for index, stored in enumerate(self.stored)
            if stored.lowleveltype is not Void
        ]
        self.TUPLE = GcStruct("tuple", *fields, hints={"immutable": True})
        self.lowleveltype = Ptr(self.TUPLE)
        self._constants: dict[Any, Any] = {}

    @property
    def storage(self) -> Representation:
        if all(stored is item for stored, item in zip(self.stored, self.items)):
            return self
        stored: Representation = tuple_representation(self.typer, tuple(self.stored))
        return stored

    def common_parts(self, context: Any, other: Representation) -> Representation | None:
        if not isinstance(other, TupleRepresentation) or len(other.items) != len(self.items):
            return None
        parts = [context.common_storage(left, right) for left, right in zip(self.items, other.items)]
        common: Representation = tuple_representation(self.typer, tuple(parts))
        return common

    def constant(self, value: Any) -> Any:
        if value is None:
            return nullptr(self.TUPLE)
        known = self._constants.get(id(value))
        if known is None:
            known = malloc(self.TUPLE, zero=True)
            self._constants[id(value)] = known
            self.typer.keep_alive.append(value)
            self.typer.later(lambda: self._fill(known, value))
        return known

    def _fill(self, pointer: Any, value: Any) -> None:
        for index, stored in enumerate(self.stored):
            if stored.lowleveltype is not Void:
                setattr(pointer, f"item{index}", stored.constant(value[index]))

    def build(self, context: Any, values: list[Any]) -> Any:
        """Emit a new tuple of low-level values in the items' representations."""
        values = [
            context.convert(value, item, stored) for value, item, stored in zip(values, self.items, self.stored)
        ]
        result = context.emit("malloc", [self.TUPLE, {"flavor": "gc", "zero": False}], self.lowleveltype)
        for index, (value, stored) in enumerate(zip(values, self.stored)):
            if stored.lowleveltype is not Void:
                context.emit("setfield", [result, f"item{index}", value])
        return result

    def item(self, context: Any, value: Any, index: int) -> Any:
        """Emit an item, in the item's representation."""
        item, stored = self.items[index], self.stored[index]
        if item.lowleveltype is Void:
            return context.void(None)
        got = context.emit("getfield", [value, f"item{index}"], stored.lowleveltype)
        return context.convert(got, stored, item)

    def unpack(self, context: Any, operand: Operand) -> list[Operand]:
        """The items of an operand, as operands."""
        annotations = operand.annotation.items
        if operand.host is not a.NO_CONSTANT:
            return [
                Operand(annotation, item, None, host)
                for annotation, item, host in zip(annotations, self.items, operand.host)
            ]
        return [
            Operand(annotation, item, self.item(context, operand.value, index), annotation.constant)
            for index, (annotation, item) in enumerate(zip(annotations, self.items))
        ]

    def equality(self) -> Any:
        return helpers.equality_of(
            [
                (f"item{index}", stored.equality())
                for index, stored in enumerate(self.stored)
                if stored.lowleveltype is not Void
            ]
        )

    def less_than(self) -> Any:
        """The lexicographic order."""
        fields = []
        for index, stored in enumerate(self.stored):
            if stored.lowleveltype is not Void:
                order = getattr(stored, "less_than", None)
                fields.append((f"item{index}", stored.equality(), order() if order is not None else None))
        return helpers.order_of(fields)

    def hashing(self) -> Any:
        return helpers.hashing_of(
            [
                (f"item{index}", stored.hashing())
                for index, stored in enumerate(self.stored)
                if stored.lowleveltype is not Void
            ]
        )


def unpack(context: Any, operand: Operand) -> list[Operand]:
    """The items of an operand that is a tuple."""
    source: Any = operand.representation
    items: list[Operand] = source.unpack(context, operand)
    return items


class EmptyTupleRepresentation(VoidRepresentation):
    """The tuple without items."""

    items: tuple[Representation, ...] = ()

    def unpack(self, context: Any, operand: Operand) -> list[Operand]:
        """No items."""
        return []

    def build(self, context: Any, values: list[Any]) -> Any:
        """Nothing to build."""
        return context.void(())


def tuple_representation(typer: Any, items: tuple[Representation, ...]) -> Any:
    """The representation of tuples of items in these representations."""
    if not items:
        return typer.registered(("tuple",), lambda: EmptyTupleRepresentation(typer))
    return typer.registered(("tuple", *items), lambda: TupleRepresentation(typer, items))


@representation_for(a.Tuple)
def _tuple(typer: Any, annotation: Any) -> Any:
    items = tuple(typer.representation(item) for item in annotation.items)
    return ("tuple", *items), lambda: tuple_representation(typer, items)


@conversion(TupleRepresentation, TupleRepresentation)
def _between_tuples(context: Any, value: Any, source: Any, target: Any) -> Any:
    if len(source.items) != len(target.items):
        return None
    if source.TUPLE is target.TUPLE:
        return value
    converted = []
    for index, (before, after) in enumerate(zip(source.items, target.items)):
        item = source.item(context, value, index)
        converted.append(context.convert(item, before, after))
    return target.build(context, converted)


@rule("newtuple", Representation)
def _newtuple(context: OperationContext) -> Any:
    target: Any = context.result
    if target.lowleveltype is Void:
        return None
    return target.build(context, [context.arg(index, item) for index, item in enumerate(target.items)])


@rule("getitem", TupleRepresentation, IntegerRepresentation)
def _getitem(context: OperationContext) -> Any:
    source = context.representation(0)
    if not context.is_constant(1):
        value = context.arg(0)
        index = context.arg_type(1, Signed)
        first = source.items[0]
        items = [context.convert(source.item(context, value, i), item, first)
                 for i, item in enumerate(source.items)]
        return context.convert_result(context.pick(index, items, first.lowleveltype), first)
    index = context.host(1)
    if index < 0:
        index += len(source.items)
    operand = context.operands[0]
    if operand.host is not a.NO_CONSTANT:
        return context.typer.constant(operand.host[index], context.result)
    return context.convert_result(source.item(context, context.arg(0), index), source.items[index])


@rule("len", TupleRepresentation)
def _len(context: OperationContext) -> Any:
    return context.constant(len(context.representation(0).items), Signed)


@rule("len", EmptyTupleRepresentation)
def _len_empty(context: OperationContext) -> Any:
    return context.constant(0, Signed)


@rule("unpack", TupleRepresentation)
@rule("unpack", EmptyTupleRepresentation)
def _unpack(context: OperationContext) -> None:
    """Nothing: the annotator has compared the two lengths."""


@rule("bool", TupleRepresentation)
def _bool(context: OperationContext) -> Any:
    if context.annotation(0).can_be_none:
        return context.emit("ptr_nonzero", [context.arg(0)], Bool)
    return context.constant(True, Bool)


@rule("add", TupleRepresentation, TupleRepresentation)
def _add(context: OperationContext) -> Any:
    target: Any = context.result
    operands = [item for operand in context.operands for item in unpack(context, operand)]
    return target.build(
        context, [context.operand_as(operand, item) for operand, item in zip(operands, target.items)]
    )


@rule("add", TupleRepresentation, EmptyTupleRepresentation)
def _add_empty(context: OperationContext) -> Any:
    return context.arg(0, context.result)


@rule("add", EmptyTupleRepresentation, TupleRepresentation)
def _empty_add(context: OperationContext) -> Any:
    return context.arg(1, context.result)


@rule("getslice", TupleRepresentation)
def _slice(context: OperationContext) -> Any:
    target: Any = context.result
    if target.lowleveltype is Void:
        return None
    operand = context.operands[0]
    items = unpack(context, operand)[context.host(1) : context.host(2)]
    return target.build(context, [context.operand_as(one, item) for one, item in zip(items, target.items)])


@rule("eq ne", TupleRepresentation, TupleRepresentation)
def _equal(context: OperationContext) -> Any:
    left, right = context.representation(0), context.representation(1)
    if len(left.items) != len(right.items):
        return context.constant(context.opname == "ne", Bool)
    common: Any = context.common_storage(left, right)
    args = [context.arg(0, common), context.arg(1, common)]
    result = context.helper(common.equality(), args, Bool)
    return result if context.opname == "eq" else context.emit("bool_not", [result], Bool)


@rule("lt le gt ge", TupleRepresentation, TupleRepresentation)
def _order(context: OperationContext) -> Any:
    common: Any = context.common_storage(context.representation(0), context.representation(1))
    args = [context.arg(0, common), context.arg(1, common)]
    if context.opname in ("gt", "le"):
        args.reverse()
    result = context.helper(common.less_than(), args, Bool)
    return result if context.opname in ("lt", "gt") else context.emit("bool_not", [result], Bool)


@rule("is_", TupleRepresentation, TupleRepresentation)
def _same(context: OperationContext) -> Any:
    left = context.representation(0)
    return context.emit("ptr_eq", [context.arg(0), context.arg(1, left)], Bool)


@rule("contains", TupleRepresentation)
def _contains(context: OperationContext) -> Any:
    """`x in (a, b, c)`: a chain of comparisons."""
    operand = context.operands[0]
    value = context.operands[1]
    result: Any = context.constant(False, Bool)
    for item in unpack(context, operand):
        one = context.apply("eq", value, item)
        if isinstance(result, Constant):
            if result.value:
                return result
            result = one
        else:
            as_int = [context.emit("cast_bool_to_int", [part], Signed) for part in (result, one)]
            result = context.emit("int_is_true", [context.emit("int_or", as_int, Signed)], Bool)
    return result
