"""Iterators: small structures with a `next` that raises StopIteration.

An iterator over a list, a range, a string or a dict is a structure of its own; `enumerate`, `zip` and `reversed`
are made of the iterators of what they iterate over. A representation says how an iterator is made from an
operand and what `next` emits.
"""

from __future__ import annotations

from typing import Any, Callable

from ouro.annotator import annotations as a
from ouro.flowspace import Block, FunctionGraph, Link, Variable
from ouro.lltype import Char, GcArray, GcStruct, Ptr, Signed, Void
from ouro.rtyper import _iterator_helpers as helpers
from ouro.rtyper._context import Emitter, Operand, OperationContext
from ouro.rtyper._dicts import DictRepresentation, SetRepresentation
from ouro.rtyper._lists import ITERATION, ListRepresentation, RangeRepresentation
from ouro.rtyper._program import OBJECT_POINTER, VTABLE_POINTER
from ouro.rtyper._registry import builtin
from ouro.rtyper._representation import (
    ImpossibleRepresentation,
    Representation,
    TyperError,
    conversion,
    representation_for,
    rule,
)
from ouro.rtyper._strings import BytesRepresentation, CharRepresentation, TextRepresentation, string_representation
from ouro.rtyper._tuples import tuple_representation

__all__ = ["IteratorRepresentation", "iterator_representation"]


class IteratorRepresentation(Representation):
    """Base: `make` emits a new iterator over an operand, `next` the next item in the representation `item`."""

    item: Representation

    def make(self, context: OperationContext, operand: Operand) -> Any:
        """Emit a new iterator."""
        raise NotImplementedError

    def next(self, context: Emitter, value: Any) -> Any:
        """Emit the next item."""
        raise NotImplementedError


class EmptyIterator(IteratorRepresentation):
    """An iterator over a container that never holds anything."""

    lowleveltype = Ptr(GcStruct("empty_iterator"))

    def __init__(self, typer: Any) -> None:
        super().__init__(typer)
        self.item = ImpossibleRepresentation(typer)

    def make(self, context: OperationContext, operand: Operand) -> Any:
        TYPE: Any = self.lowleveltype
        return context.emit("malloc", [TYPE.TO, {"flavor": "gc", "zero": False}], TYPE)

    def next(self, context: Emitter, value: Any) -> Any:
        context.helper(helpers.stop, [])
        return context.void(None)


class ArrayIterator(IteratorRepresentation):
    """Over a list; a resizable one is looked at anew for each item, since its length may change."""

    def __init__(self, typer: Any, source: Any, backwards: bool) -> None:
        super().__init__(typer)
        self.source = source
        self.item = source.item
        self.backwards = backwards
        self.ITERATOR = GcStruct("list_iterator", ("list", source.lowleveltype), ("index", Signed))
        self.lowleveltype = Ptr(self.ITERATOR)

    def make(self, context: OperationContext, operand: Operand) -> Any:
        value = context.operand_as(operand, self.source)
        index = self.source.length(context, value) if self.backwards else context.constant(0, Signed)
        return context.helper(helpers.new_list_iterator, [self.ITERATOR, value, index], self.lowleveltype)

    def next_index(self, context: Emitter, value: Any, lst: Any) -> Any:
        """Emit the index of the next item."""
        if self.backwards:
            return context.helper(helpers.previous_index, [value], Signed)
        return context.helper(helpers.next_index, [value, self.source.length(context, lst)], Signed)

    def next(self, context: Emitter, value: Any) -> Any:
        source = self.source
        lst = context.emit("getfield", [value, "list"], source.lowleveltype)
        index = self.next_index(context, value, lst)
        if source.ITEM is Void:
            return context.void(None)
        got = context.emit("getarrayitem", [source.items(context, lst), index], source.ITEM)
        return context.convert(got, source.stored, source.item)


class StringIterator(IteratorRepresentation):
    """Over the characters of a string, or the numbers of bytes."""

    def __init__(self, typer: Any, source: Any, backwards: bool) -> None:
        super().__init__(typer)
        self.source = string_representation(typer) if isinstance(source, CharRepresentation) else source
        self.numbers = isinstance(source, BytesRepresentation)
        self.item = typer.primitive(Signed if self.numbers else Char)
        self.backwards = backwards
        self.ITERATOR = GcStruct("string_iterator", ("list", self.source.lowleveltype), ("index", Signed))
        self.lowleveltype = Ptr(self.ITERATOR)

    def make(self, context: OperationContext, operand: Operand) -> Any:
        value = context.operand_as(operand, self.source)
        index = context.constant(0, Signed)
        if self.backwards:
            index = context.emit("getinteriorarraysize", [value, "chars"], Signed)
        return context.helper(helpers.new_list_iterator, [self.ITERATOR, value, index], self.lowleveltype)

    def next(self, context: Emitter, value: Any) -> Any:
        text = context.emit("getfield", [value, "list"], self.source.lowleveltype)
        if self.backwards:
            index = context.helper(helpers.previous_index, [value], Signed)
        else:
            length = context.emit("getinteriorarraysize", [text, "chars"], Signed)
            index = context.helper(helpers.next_index, [value, length], Signed)
        char = context.emit("getinteriorfield", [text, "chars", index], Char)
        return context.emit("cast_char_to_int", [char], Signed) if self.numbers else char


class RangeIterator(IteratorRepresentation):
    """Over a range: the next value, the end, and the step where it is not constant."""

    def __init__(self, typer: Any, source: RangeRepresentation, backwards: bool) -> None:
        super().__init__(typer)
        self.source = source
        self.backwards = backwards
        self.item = source.item
        self.step = -source.step if backwards else source.step
        fields: list[Any] = [("value", Signed), ("stop", Signed)]
        if self.step == 0:
            fields.append(("step", Signed))
        self.ITERATOR = GcStruct("range_iterator", *fields)
        self.lowleveltype = Ptr(self.ITERATOR)

    def make(self, context: OperationContext, operand: Operand) -> Any:
        value = context.operand_as(operand, self.source)
        start, stop, step = self.source.parts(context, value)
        if self.backwards:
            length = context.helper(helpers.range_length, [start, stop, step], Signed)
            start = context.helper(helpers.range_last, [start, length, step], Signed)
            stop = context.helper(helpers.range_before, [start, length, step], Signed)
            step = context.fold("int_neg", [step], Signed)
        if self.step == 0:
            return context.helper(helpers.new_step_iterator, [self.ITERATOR, start, stop, step], self.lowleveltype)
        return context.helper(helpers.new_range_iterator, [self.ITERATOR, start, stop], self.lowleveltype)

    def next(self, context: Emitter, value: Any) -> Any:
        if self.step == 0:
            return context.helper(helpers.next_by_step, [value], Signed)
        if self.step > 0:
            return context.helper(helpers.next_up, [value, self.step], Signed)
        return context.helper(helpers.next_down, [value, self.step], Signed)


class DictIterator(IteratorRepresentation):
    """Over the keys, values or tuples with some of both and the hash of a dict, or the items of a set, in order of
    insertion.
    """

    # What the variants that give tuples put into them.
    PARTS = {"pairs": ("key", "value"), "hashed keys": ("key", "hash"), "hashed pairs": ("key", "value", "hash")}

    def __init__(self, typer: Any, source: Any, variant: str) -> None:
        super().__init__(typer)
        self.source = source
        self.variant = variant
        self.backwards = variant == "reversed"
        self.parts = self.PARTS.get(variant)
        if variant == "values":
            self.item = source.value
        elif self.parts is not None:
            kinds = {"key": source.key, "value": source.value, "hash": typer.primitive(Signed)}
            self.item = tuple_representation(typer, tuple(kinds[name] for name in self.parts))
        else:
            self.item = source.key
        # The length at the start: to change it meanwhile is an error.
        fields = (("list", source.lowleveltype), ("index", Signed), ("length", Signed))
        self.ITERATOR = GcStruct("dict_iterator", *fields)
        self.lowleveltype = Ptr(self.ITERATOR)

    def make(self, context: OperationContext, operand: Operand) -> Any:
        value = context.operand_as(operand, self.source)
        index = context.constant(0, Signed)
        if self.backwards:
            index = context.emit("getfield", [value, "used"], Signed)
        if self.parts is not None and "hash" in self.parts:
            context.helper(self.source.functions.know_hashes, [value])
        return context.helper(helpers.new_table_iterator, [self.ITERATOR, value, index], self.lowleveltype)

    def next(self, context: Emitter, value: Any) -> Any:
        source = self.source
        functions = source.functions
        if isinstance(context, OperationContext) and context.expects(RuntimeError):
            function = functions.previous_entry_checked if self.backwards else functions.next_entry_checked
        else:
            function = functions.previous_entry if self.backwards else functions.next_entry
        index = context.helper(function, [value], Signed)
        table = context.emit("getfield", [value, "list"], source.lowleveltype)
        entries = context.emit("getfield", [table, "entries"], Ptr(source.ENTRIES))
        if self.variant == "values":
            return source.entry_part(context, entries, index, "value")
        if self.parts is not None:
            together: Any = self.item
            return together.build(context, [self._part(context, entries, index, name) for name in self.parts])
        return source.entry_part(context, entries, index, "key")

    def _part(self, context: Emitter, entries: Any, index: Any, name: str) -> Any:
        if name == "hash":
            return context.helper(self.source.functions.entry_hash, [entries, index], Signed)
        return self.source.entry_part(context, entries, index, name)


class EnumerateIterator(IteratorRepresentation):
    """(index, item) pairs."""

    def __init__(self, typer: Any, inner: IteratorRepresentation) -> None:
        super().__init__(typer)
        self.inner = inner
        integer = typer.representation(a.NONNEG_INTEGER)
        self.item = tuple_representation(typer, (integer, inner.item))
        self.ITERATOR = GcStruct("enumerate", ("inner", inner.lowleveltype), ("index", Signed))
        self.lowleveltype = Ptr(self.ITERATOR)

    def make(self, context: OperationContext, operand: Operand) -> Any:
        return self.make_from(context, operand, context.constant(0, Signed))

    def make_from(self, context: OperationContext, operand: Operand, start: Any) -> Any:
        """Emit a new iterator that counts from a number."""
        inner = start_iterator(context, self.inner, operand)
        return context.helper(helpers.new_enumerate, [self.ITERATOR, inner, start], self.lowleveltype)

    def next(self, context: Emitter, value: Any) -> Any:
        inner = context.emit("getfield", [value, "inner"], self.inner.lowleveltype)
        item = self.inner.next(context, inner)
        index = context.helper(helpers.count_up, [value], Signed)
        pair: Any = self.item
        return pair.build(context, [index, item])


class ZipIterator(IteratorRepresentation):
    """Tuples of one item of each of several iterators, until the first ends."""

    def __init__(self, typer: Any, inners: list[IteratorRepresentation]) -> None:
        super().__init__(typer)
        self.inners = inners
        self.item = tuple_representation(typer, tuple(inner.item for inner in inners))
        fields = [(f"inner{index}", inner.lowleveltype) for index, inner in enumerate(inners)]
        self.ITERATOR = GcStruct("zip", *fields)
        self.lowleveltype = Ptr(self.ITERATOR)

    def make(self, context: OperationContext, operand: Operand) -> Any:
        operands = operand.representation.unpack(context, operand)  # type: ignore[attr-defined]
        return self.make_of(context, operands)

    def make_of(self, context: OperationContext, operands: list[Operand]) -> Any:
        """Emit a new iterator over several operands."""
        made = [start_iterator(context, inner, one) for inner, one in zip(self.inners, operands)]
        result = context.emit("malloc", [self.ITERATOR, {"flavor": "gc", "zero": False}], self.lowleveltype)
        for index, inner in enumerate(made):
            context.emit("setfield", [result, f"inner{index}", inner])
        return result

    def next(self, context: Emitter, value: Any) -> Any:
        items = []
        for index, inner in enumerate(self.inners):
            one = context.emit("getfield", [value, f"inner{index}"], inner.lowleveltype)
            items.append(inner.next(context, one))
        pair: Any = self.item
        return pair.build(context, items)


class TupleIterator(IteratorRepresentation):
    """Over a tuple whose items have one representation: its items are copied into an array."""

    def __init__(self, typer: Any, source: Any, backwards: bool) -> None:
        super().__init__(typer)
        self.source = source
        self.item = source.items[0]
        self.ITEMS = GcArray(self.item.storage.lowleveltype)
        self.backwards = backwards
        self.ITERATOR = GcStruct("list_iterator", ("list", Ptr(self.ITEMS)), ("index", Signed))
        self.lowleveltype = Ptr(self.ITERATOR)

    def make(self, context: OperationContext, operand: Operand) -> Any:
        items = array_of_tuple(context, operand, self.item.storage)
        start = context.constant(len(self.source.items) if self.backwards else 0, Signed)
        return context.helper(helpers.new_list_iterator, [self.ITERATOR, items, start], self.lowleveltype)

    def next(self, context: Emitter, value: Any) -> Any:
        items = context.emit("getfield", [value, "list"], Ptr(self.ITEMS))
        if self.backwards:
            index = context.helper(helpers.previous_index, [value], Signed)
        else:
            length = context.emit("getarraysize", [items], Signed)
            index = context.helper(helpers.next_index, [value, length], Signed)
        got = context.emit("getarrayitem", [items, index], self.ITEMS.ITEM)
        return context.convert(got, self.item.storage, self.item)


def array_of_tuple(context: OperationContext, operand: Operand, stored: Representation) -> Any:
    """Emit an array with the items of a tuple in a representation."""
    operands = operand.representation.unpack(context, operand)  # type: ignore[attr-defined]
    ITEMS = GcArray(stored.lowleveltype)
    items = context.emit("malloc_varsize", [ITEMS, {"flavor": "gc", "zero": False}, len(operands)], Ptr(ITEMS))
    for index, one in enumerate(operands):
        context.emit("setarrayitem", [items, index, context.operand_as(one, stored)])
    return items


def start_iterator(context: OperationContext, iterator: IteratorRepresentation, operand: Operand) -> Any:
    """Emit an iterator of a known representation over an operand, which may be one already."""
    if operand.representation is iterator:
        return context.operand_as(operand, iterator)
    if isinstance(operand.representation, DictViewRepresentation):
        return operand.representation.make_iterator(context, operand)
    return iterator.make(context, operand)


def iterator_representation(typer: Any, container: Any, variant: str) -> IteratorRepresentation:
    """The representation of iterators over a container, given by its annotation."""
    key, make = _iterator_key(typer, container, variant)
    made: Any = typer.registered(key, make)
    return made  # type: ignore[no-any-return]


def _iterator_key(typer: Any, container: Any, variant: str) -> Any:
    if variant == "zip":
        inners = [iterator_of(typer, item) for item in container.items]
        return ("iterator", "zip", *inners), lambda: ZipIterator(typer, inners)
    if variant == "enumerate":
        inner = iterator_of(typer, container)
        return ("iterator", "enumerate", inner), lambda: EnumerateIterator(typer, inner)
    source = typer.representation(container)
    return ("iterator", source, variant), lambda: _make_iterator(typer, source, variant)


def iterator_of(typer: Any, annotation: Any) -> IteratorRepresentation:
    """The representation of `iter(x)` for an x with this annotation."""
    if isinstance(annotation, a.View):
        return iterator_representation(typer, annotation.container, annotation.variant)
    if isinstance(annotation, a.Iterator):
        made: Any = typer.representation(annotation)
        return made  # type: ignore[no-any-return]
    return iterator_representation(typer, annotation, "items")


ITERATOR_MAKERS: dict[type, Any] = {}


def iterator_maker(kind: type) -> Callable[[Any], Any]:
    """Register what makes the iterators of one more kind of container: function(typer, source, variant)."""

    def register(function: Any) -> Any:
        ITERATOR_MAKERS[kind] = function
        return function

    return register


def _make_iterator(typer: Any, source: Representation, variant: str) -> IteratorRepresentation:
    maker = ITERATOR_MAKERS.get(type(source))
    if maker is not None:
        made: IteratorRepresentation = maker(typer, source, variant)
        return made
    backwards = variant == "reversed"
    if isinstance(source, ListRepresentation):
        return ArrayIterator(typer, source, backwards)
    if isinstance(source, RangeRepresentation):
        return RangeIterator(typer, source, backwards)
    if isinstance(source, (DictRepresentation, SetRepresentation)):
        return DictIterator(typer, source, variant)
    if isinstance(source, (TextRepresentation, CharRepresentation)):
        return StringIterator(typer, source, backwards)
    items = getattr(source, "items", None)
    if isinstance(items, tuple):
        return TupleIterator(typer, source, backwards) if items else EmptyIterator(typer)
    if isinstance(source, ImpossibleRepresentation):
        return EmptyIterator(typer)
    raise TyperError(f"{source} has no iterator")


@representation_for(a.Iterator)
def _iterator(typer: Any, annotation: Any) -> Any:
    return _iterator_key(typer, annotation.container, annotation.variant)


class DictViewRepresentation(Representation):
    """`d.keys()`, `d.values()`, `d.items()`: the dict."""

    def __init__(self, typer: Any, source: Representation, iterator: IteratorRepresentation) -> None:
        super().__init__(typer)
        self.source = source
        self.iterator = iterator
        self.lowleveltype = source.lowleveltype

    def make_iterator(self, context: OperationContext, operand: Operand) -> Any:
        """Emit an iterator."""
        inner = Operand(None, self.source, context.operand_as(operand, self), a.NO_CONSTANT)
        return self.iterator.make(context, inner)


@representation_for(a.View)
def _view(typer: Any, annotation: Any) -> Any:
    if annotation.variant in ("items", "values", "pairs"):
        source = typer.representation(annotation.container)
        iterator = iterator_representation(typer, annotation.container, annotation.variant)
        return (
            ("view", source, annotation.variant),
            lambda: DictViewRepresentation(typer, source, iterator),
        )
    return _iterator_key(typer, annotation.container, annotation.variant)


@conversion(IteratorRepresentation, IteratorRepresentation)
def _between_iterators(context: Any, value: Any, source: Any, target: Any) -> Any:
    return value if source.lowleveltype is target.lowleveltype else None


# ---- all items at once


def next_pointer(typer: Any, iterator: IteratorRepresentation, stored: Representation) -> Any:
    """A pointer to a function that gives the next item in a representation."""
    cache = typer.cache("next functions")
    known = cache.get((iterator, stored))
    if known is None:
        argument = Variable("iterator", iterator.lowleveltype)
        graph = FunctionGraph("next_item", Block([argument]))
        emitter = Emitter(typer)
        value = emitter.convert(iterator.next(emitter, argument), iterator.item, stored)
        graph.startblock.operations = emitter.operations
        graph.startblock.exits = [Link([value], graph.returnblock)]
        graph.getreturnvar().concretetype = stored.lowleveltype
        graph.exceptblock.inputargs[0].concretetype = VTABLE_POINTER
        graph.exceptblock.inputargs[1].concretetype = OBJECT_POINTER
        typer.program.graphs.append(graph)
        known = cache[iterator, stored] = typer.program.function_pointer(graph)
    return known


def collect_items(context: OperationContext, operand: Operand, stored: Representation) -> tuple[Any, Any]:
    """Emit an array with the items that an operand iterates over, in a representation, and their number."""
    if isinstance(operand.annotation, a.Tuple) and operand.annotation.items:
        # Not by an iterator: what the items have in common may be wider than each of them.
        items = array_of_tuple(context, operand, stored)
        return items, context.emit("getarraysize", [items], Signed)
    value, iterator = make_iterator(context, operand)
    ITEMS = GcArray(stored.lowleveltype)
    if isinstance(iterator, DictIterator) and iterator.source.never_filled:
        items = context.emit("malloc_varsize", [ITEMS, {"flavor": "gc", "zero": False}, 0], Ptr(ITEMS))
        return items, context.constant(0, Signed)
    pointer = next_pointer(context.typer, iterator, stored)
    items = context.helper(helpers.collector_of(pointer), [value, ITEMS], Ptr(ITEMS))
    return items, context.emit("getarraysize", [items], Signed)


ITERATION.append(collect_items)


# ---- rules


def make_iterator(context: OperationContext, operand: Operand) -> tuple[Any, IteratorRepresentation]:
    """Emit an iterator over an operand; the iterator and its representation."""
    source = operand.representation
    if isinstance(source, IteratorRepresentation):
        return context.operand_as(operand, source), source
    if isinstance(source, DictViewRepresentation):
        return source.make_iterator(context, operand), source.iterator
    iterator = iterator_of(context.typer, operand.annotation)
    return iterator.make(context, operand), iterator


@rule("iter", Representation)
def _iter(context: OperationContext) -> Any:
    value, source = make_iterator(context, context.operands[0])
    return context.convert_result(value, source)


@rule("next", IteratorRepresentation)
def _next(context: OperationContext) -> Any:
    source = context.representation(0)
    value = source.next(context, context.arg(0))
    return context.convert_result(value, source.item)


@rule("contains", DictViewRepresentation)
def _view_contains(context: OperationContext) -> Any:
    source = context.representation(0)
    if source.iterator.variant != "items":
        raise TyperError(f"`in` of {context.annotation(0)}: test the keys")
    inner = Operand(context.annotation(0).container, source.source, context.arg(0), a.NO_CONSTANT)
    return context.apply("contains", inner, context.operands[1])


@rule("len", DictViewRepresentation)
def _view_len(context: OperationContext) -> Any:
    return context.emit("getfield", [context.arg(0), "count"], Signed)


@builtin(enumerate)
def _enumerate(context: OperationContext) -> Any:
    target: Any = context.result
    start = context.constant(0, Signed)
    given = context.extra.get("start")
    if given is not None:
        start = context.operand_as(given, context.typer.primitive(Signed))
    elif context.count > 1:
        start = context.arg_type(1, Signed)
    return target.make_from(context, context.operands[0], start)


@builtin(zip)
def _zip(context: OperationContext) -> Any:
    target: Any = context.result
    return target.make_of(context, context.operands)


@builtin(reversed)
def _reversed(context: OperationContext) -> Any:
    target: Any = context.result
    return target.make(context, context.operands[0])


@builtin(iter)
def _builtin_iter(context: OperationContext) -> Any:
    return _iter(context)


@builtin(next)
def _builtin_next(context: OperationContext) -> Any:
    return _next(context)
