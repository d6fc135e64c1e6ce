"""Low-level programming: pointers, addresses and types as values of the program.

A pointer to a structure or array inlined in a GC object must not live while the collector may move that object.
So `object.array[i]` does not become a pointer to the array and an access through it, but one access by a path
(`getinteriorfield`): the rule for the inner step notes the path of its result, and the outer step uses it.
"""

from __future__ import annotations

from typing import Any

from ouro.annotator import annotations as a
from ouro.annotator.lowlevel import annotation_of_type
from ouro.flowspace import Constant
from ouro.lltype import (
    Address,
    ArrayContainer,
    Bool,
    FixedSizeArray,
    FunctionContainer,
    FuncType,
    OpaqueType,
    Pointer,
    Ptr,
    Signed,
    Struct,
    StructContainer,
    Void,
    cast_pointer,
    container_of,
    nullptr,
)
from ouro.rtyper._context import OperationContext
from ouro.rtyper._numbers import IntegerRepresentation
from ouro.rtyper._representation import (
    NoneRepresentation,
    Representation,
    TyperError,
    VoidRepresentation,
    conversion,
    representation_for,
    rule,
)

__all__ = [
    "AddressRepresentation",
    "NullableRepresentation",
    "PointerRepresentation",
    "TypeRepresentation",
    "see_low_level_data",
]


class NullableRepresentation(Representation):
    """Values are pointers, and null may stand for None."""


class PointerRepresentation(NullableRepresentation):
    """A low-level pointer is held as itself."""

    optional = True

    def __init__(self, typer: Any, TYPE: Ptr) -> None:
        super().__init__(typer)
        self.lowleveltype = TYPE

    def constant(self, value: Any) -> Any:
        TYPE: Any = self.lowleveltype
        if value is None:
            return nullptr(TYPE.TO)
        if value._T is not TYPE:
            value = cast_pointer(TYPE, value)
        see_low_level_data(self.typer, value)
        return value

    def equality(self) -> Any:
        return None

    def hashing(self) -> Any:
        return _hash_pointer


def _hash_pointer(pointer: Any) -> Any:
    raise TyperError("pointers have no hash of their own")


class AddressRepresentation(Representation):
    """A machine address."""

    lowleveltype = Address

    def constant(self, value: Any) -> Any:
        return value

    def equality(self) -> Any:
        return None


class TypeRepresentation(VoidRepresentation):
    """A low-level type as a value."""


@representation_for(a.Pointer)
def _pointer(typer: Any, annotation: Any) -> Any:
    TYPE = annotation.type
    return ("pointer", TYPE), lambda: PointerRepresentation(typer, TYPE)


@representation_for(a.Address)
def _address(typer: Any, annotation: Any) -> Any:
    return "address", lambda: AddressRepresentation(typer)


@representation_for(a.LowLevelType)
def _type(typer: Any, annotation: Any) -> Any:
    return "low-level type", lambda: TypeRepresentation(typer)


def see_low_level_data(typer: Any, pointer: Pointer) -> None:
    """Prebuilt low-level data came into the program: type the functions it points to."""
    seen = typer.cache("low-level data")
    stack = [container_of(pointer)]
    while stack:
        container = stack.pop()
        if container is None or isinstance(container, int):
            continue
        container = container.top() if container.parent is not None else container
        if container in seen:
            continue
        seen[container] = True
        if isinstance(container, FunctionContainer):
            if container.graph is None and container.external is None and container.callable is not None:
                graph = typer.annotated.function_pointers.get(container)
                if graph is None:
                    arguments = [annotation_of_type(TYPE) for TYPE in container.TYPE.ARGS]
                    graph = typer.annotated.annotate_helper(container.callable, arguments)
                typed = typer.typed_graph(graph)
                container.graph = typed
        elif isinstance(container, StructContainer):
            _push_pointers(stack, container, zip(container.TYPE.types, container.values))
        elif isinstance(container, ArrayContainer):
            ITEM = container.TYPE.ITEM
            if isinstance(ITEM, Ptr) or ITEM.is_container:
                _push_pointers(stack, container, ((ITEM, value) for value in container.values))


def _push_pointers(stack: list[Any], container: Any, parts: Any) -> None:
    for TYPE, value in parts:
        if isinstance(TYPE, Ptr):
            if isinstance(value, Pointer):
                stack.append(container_of(value))
        elif isinstance(value, StructContainer):
            _push_pointers(stack, value, zip(value.TYPE.types, value.values))
        elif isinstance(value, ArrayContainer):
            ITEM = value.TYPE.ITEM
            if isinstance(ITEM, Ptr) or ITEM.is_container:
                _push_pointers(stack, value, ((ITEM, item) for item in value.values))


# ---- paths into GC objects


def _note_interior(context: Any, result: Any, base: Any, parts: list[Any]) -> Any:
    """Remember that `result` points into a GC object."""
    interior = context.typer.interior
    outer = interior.get(base) if not isinstance(base, Constant) else None
    if outer is not None:
        interior[result] = (outer[0], [*outer[1], *parts])
    elif base.concretetype.TO.gckind == "gc":
        interior[result] = (base, parts)
    return result


def _path(context: Any, value: Any) -> Any:
    """(object, path) for a pointer into a GC object, None for any other."""
    return context.typer.interior.get(value) if not isinstance(value, Constant) else None


# ---- rules


@rule("getattr", PointerRepresentation)
def _getattr(context: OperationContext) -> Any:
    pointer = context.arg(0)
    name = context.host(1)
    TO = pointer.concretetype.TO
    FIELD = TO.field_type(name)
    if FIELD is Void:
        return None
    if FIELD.is_container:
        result = context.emit("getsubstruct", [pointer, name], Ptr(FIELD))
        if FIELD.gckind == "gc":
            return result
        return _note_interior(context, result, pointer, [context.void(name)])
    path = _path(context, pointer)
    if path is not None:
        return context.emit("getinteriorfield", [path[0], *path[1], name], FIELD)
    return context.emit("getfield", [pointer, name], FIELD)


@rule("setattr", PointerRepresentation)
def _setattr(context: OperationContext) -> Any:
    pointer = context.arg(0)
    name = context.host(1)
    FIELD = pointer.concretetype.TO.field_type(name)
    if FIELD is Void:
        return None
    value = context.arg_type(2, FIELD)
    path = _path(context, pointer)
    if path is not None:
        return context.emit("setinteriorfield", [path[0], *path[1], name, value])
    return context.emit("setfield", [pointer, name, value])


@rule("getitem", PointerRepresentation, IntegerRepresentation)
def _getitem(context: OperationContext) -> Any:
    pointer = context.arg(0)
    index = context.arg_type(1, Signed)
    ITEM = pointer.concretetype.TO.ITEM
    if ITEM.is_container:
        result = context.emit("getarraysubstruct", [pointer, index], Ptr(ITEM))
        return _note_interior(context, result, pointer, [index])
    if ITEM is Void:
        return None
    path = _path(context, pointer)
    if path is not None:
        return context.emit("getinteriorfield", [path[0], *path[1], index], ITEM)
    return context.emit("getarrayitem", [pointer, index], ITEM)


@rule("setitem", PointerRepresentation, IntegerRepresentation)
def _setitem(context: OperationContext) -> Any:
    pointer = context.arg(0)
    index = context.arg_type(1, Signed)
    ITEM = pointer.concretetype.TO.ITEM
    if ITEM is Void:
        return None
    value = context.arg_type(2, ITEM)
    path = _path(context, pointer)
    if path is not None:
        return context.emit("setinteriorfield", [path[0], *path[1], index, value])
    return context.emit("setarrayitem", [pointer, index, value])


@rule("len", PointerRepresentation)
def _len(context: OperationContext) -> Any:
    pointer = context.arg(0)
    TO = pointer.concretetype.TO
    if isinstance(TO, FixedSizeArray):
        return context.constant(TO.length, Signed)
    path = _path(context, pointer)
    if path is not None:
        return context.emit("getinteriorarraysize", [path[0], *path[1]], Signed)
    return context.emit("getarraysize", [pointer], Signed)


@rule("bool", NullableRepresentation)
def _truth(context: OperationContext) -> Any:
    return context.emit("ptr_nonzero", [context.arg(0)], Bool)


def is_null(context: OperationContext, index: int) -> Any:
    """Emit the test of a pointer operand against null."""
    return context.emit("ptr_iszero", [context.arg(index)], Bool)


@rule("is_ eq", NullableRepresentation, NoneRepresentation)
def _is_none(context: OperationContext) -> Any:
    return is_null(context, 0)


@rule("is_ eq", NoneRepresentation, NullableRepresentation)
def _none_is(context: OperationContext) -> Any:
    return is_null(context, 1)


@rule("ne", NullableRepresentation, NoneRepresentation)
def _is_not_none(context: OperationContext) -> Any:
    return context.emit("ptr_nonzero", [context.arg(0)], Bool)


@rule("ne", NoneRepresentation, NullableRepresentation)
def _none_is_not(context: OperationContext) -> Any:
    return context.emit("ptr_nonzero", [context.arg(1)], Bool)


@rule("is_ eq", VoidRepresentation, NoneRepresentation)
@rule("is_ eq", NoneRepresentation, VoidRepresentation)
@rule("is_ eq", Representation, NoneRepresentation)
@rule("is_ eq", NoneRepresentation, Representation)
def _never_none(context: OperationContext) -> Any:
    both = all(isinstance(context.representation(index), NoneRepresentation) for index in (0, 1))
    return context.constant(both, Bool)


@rule("ne", Representation, NoneRepresentation)
@rule("ne", NoneRepresentation, Representation)
def _always_not_none(context: OperationContext) -> Any:
    both = all(isinstance(context.representation(index), NoneRepresentation) for index in (0, 1))
    return context.constant(not both, Bool)


def pointer_comparison(context: OperationContext, target: Representation) -> Any:
    """Emit the comparison of two pointer operands in one representation."""
    name = "ptr_ne" if context.opname == "ne" else "ptr_eq"
    left, right = context.arg(0, target), context.arg(1, target)
    for first, second in ((left, right), (right, left)):
        if isinstance(second, Constant) and not second.value:
            return context.emit("ptr_iszero" if name == "ptr_eq" else "ptr_nonzero", [first], Bool)
    return context.emit(name, [left, right], Bool)


@rule("eq ne is_", PointerRepresentation, PointerRepresentation)
def _compare_pointers(context: OperationContext) -> Any:
    return pointer_comparison(context, context.representation(0))


@rule("simple_call", PointerRepresentation)
def _call_pointer(context: OperationContext) -> Any:
    TYPE = context.representation(0).lowleveltype.TO
    if not isinstance(TYPE, FuncType):
        raise TyperError(f"a pointer to {TYPE} is called")
    function = context.arg(0)
    args = [context.arg_type(index + 1, ARG) for index, ARG in enumerate(TYPE.ARGS)]
    if isinstance(function, Constant):
        return context.emit("direct_call", [function, *args], TYPE.RESULT)
    return context.emit("indirect_call", [function, *args, context.void(None)], TYPE.RESULT)


@conversion(PointerRepresentation, PointerRepresentation)
def _between_pointers(context: Any, value: Any, source: Any, target: Any) -> Any:
    if source.lowleveltype is target.lowleveltype:
        return value
    return None


# ---- addresses

_ADDRESS_COMPARISONS = {"is_": "eq"}


@rule("eq ne lt le gt ge is_", AddressRepresentation, AddressRepresentation)
def _compare_addresses(context: OperationContext) -> Any:
    name = _ADDRESS_COMPARISONS.get(context.opname, context.opname)
    return context.emit(f"adr_{name}", [context.arg(0), context.arg(1)], Bool)


@rule("add sub inplace_add inplace_sub", AddressRepresentation, IntegerRepresentation)
def _move_address(context: OperationContext) -> Any:
    name = context.opname.replace("inplace_", "")
    return context.emit(f"adr_{name}", [context.arg(0), context.arg_type(1, Signed)], Address)


@rule("sub", AddressRepresentation, AddressRepresentation)
def _address_distance(context: OperationContext) -> Any:
    return context.emit("adr_delta", [context.arg(0), context.arg(1)], Signed)


@rule("bool", AddressRepresentation)
def _address_truth(context: OperationContext) -> Any:
    null = context.constant(Address.default_value(), Address)
    return context.emit("adr_ne", [context.arg(0), null], Bool)


def is_opaque(TYPE: Any) -> bool:
    """Whether a pointer type is opaque."""
    return isinstance(TYPE.TO, OpaqueType)


def is_struct(TYPE: Any) -> bool:
    """Whether a pointer type leads to a structure."""
    return isinstance(TYPE.TO, Struct)
