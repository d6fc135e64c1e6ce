"""Calls of the functions of `lltype`, of low-level operations as functions, and of C functions."""

from __future__ import annotations

from typing import Any

from ouro import lltype
from ouro.annotator import annotations as a
from ouro.annotator import registry
from ouro.annotator.lowlevel import annotation_of_type
from ouro.flowspace import Constant
from ouro.lltype import Address, Ptr, Signed, Void
from ouro.rtyper._context import OperationContext
from ouro.rtyper._llops import FIRST, GIVEN, LOW_LEVEL_OPERATIONS
from ouro.rtyper._llops import operation as make_operation
from ouro.rtyper._registry import builtin
from ouro.rtyper._representation import NoneRepresentation, TyperError
from ouro.rtyper.operations import OPERATIONS

__all__ = ["low_level_operation", "register_operation"]


# ---- low-level operations as functions


def register_operation(function: Any) -> None:
    """Tell the annotator and the rtyper what a function made by `_llops.operation` means."""
    name, RESULT = LOW_LEVEL_OPERATIONS[function]

    def annotate(engine: Any, operation: Any, *values: Any) -> Any:
        if RESULT is FIRST:
            return values[0]
        if RESULT is GIVEN:
            return annotation_of_type(values[0].constant)
        return annotation_of_type(RESULT)

    def emit(context: OperationContext) -> Any:
        first = 1 if RESULT is GIVEN else 0
        args = []
        for word, index in zip(_operand_words(name), range(first, context.count)):
            args.append(_operand(context, index, word))
        TYPE = context.result.lowleveltype
        path = context.typer.interior.get(args[0]) if args and not isinstance(args[0], Constant) else None
        if path is not None and name.startswith("array_"):
            raise TyperError(f"{name} needs a pointer to the whole object")
        return context.emit(name, args, TYPE)

    registry.builtin(function)(annotate)
    builtin(function)(emit)


def low_level_operation(name: str, RESULT: Any = GIVEN) -> Any:
    """A function whose calls in RPython are the operation `name`, for later stages that need one more.

    RESULT is the type of the result; by default the function takes that type as its first argument.
    """
    function = make_operation(name, RESULT)
    register_operation(function)
    return function


def _operand_words(name: str) -> list[str]:
    words = list(OPERATIONS[name].operands)
    if words and words[-1].endswith("*"):
        words = words[:-1] + [words[-1][:-1]] * 20
    return words


def _operand(context: OperationContext, index: int, word: str) -> Any:
    if word == "void":
        return context.void(context.host(index))
    TYPE = getattr(lltype, word, None)
    if TYPE is not None:
        return context.arg_type(index, TYPE)
    return context.arg(index)


for _function in list(LOW_LEVEL_OPERATIONS):
    register_operation(_function)


# ---- lltype


def _type(context: OperationContext, index: int) -> Any:
    return lltype.resolve(context.host(index))


def _option(context: OperationContext, name: str, index: int, default: Any) -> Any:
    operand = context.extra.get(name)
    if operand is not None:
        return operand.host
    if context.count > index:
        return context.host(index)
    return default


@builtin(lltype.malloc)
def _malloc(context: OperationContext) -> Any:
    TYPE = _type(context, 0)
    flags = {
        "flavor": _option(context, "flavor", 2, "gc"),
        "zero": bool(_option(context, "zero", 3, False)),
    }
    if _option(context, "immortal", 4, False):
        flags["immortal"] = True
        flags["flavor"] = "raw"
    if flags["flavor"] == "gc" and lltype.is_varsize(TYPE) and _holds_gc_pointers(TYPE):
        flags["zero"] = True
    length = context.extra.get("n")
    if context.count > 1 and not isinstance(context.representation(1), NoneRepresentation):
        args = [TYPE, flags, context.arg_type(1, Signed)]
        return context.emit("malloc_varsize", args, Ptr(TYPE))
    if length is not None:
        args = [TYPE, flags, context.operand_as(length, context.typer.primitive(Signed))]
        return context.emit("malloc_varsize", args, Ptr(TYPE))
    return context.emit("malloc", [TYPE, flags], Ptr(TYPE))


def _holds_gc_pointers(TYPE: Any) -> bool:
    """Whether items may be looked at by the collector before the program has filled them in."""
    ITEM = lltype.varsize_array(TYPE).ITEM
    if isinstance(ITEM, Ptr):
        return ITEM.is_gc
    return any(isinstance(FIELD, Ptr) and FIELD.is_gc for FIELD in getattr(ITEM, "types", ()))


@builtin(lltype.free)
def _free(context: OperationContext) -> Any:
    return context.emit("free", [context.arg(0), {"flavor": "raw"}])


@builtin(lltype.nullptr)
def _nullptr(context: OperationContext) -> Any:
    TYPE = _type(context, 0)
    return context.constant(lltype.nullptr(TYPE), Ptr(TYPE))


@builtin(lltype.cast_pointer)
def _cast_pointer(context: OperationContext) -> Any:
    PTR = _type(context, 0)
    value = context.arg(1)
    if value.concretetype is PTR:
        return value
    if isinstance(value, Constant):
        return Constant(lltype.cast_pointer(PTR, value.value), PTR)
    return context.emit("cast_pointer", [value], PTR)


@builtin(lltype.cast_opaque_ptr)
def _cast_opaque(context: OperationContext) -> Any:
    PTR = _type(context, 0)
    value = context.arg(1)
    if value.concretetype is PTR:
        return value
    return context.emit("cast_opaque_ptr", [value], PTR)


@builtin(lltype.cast_ptr_to_int)
def _cast_ptr_to_int(context: OperationContext) -> Any:
    return context.emit("cast_ptr_to_int", [context.arg(0)], Signed)


@builtin(lltype.identityhash)
def _identityhash(context: OperationContext) -> Any:
    return context.emit("gc_identityhash", [context.arg(0)], Signed)


@builtin(lltype.cast_int_to_ptr)
def _cast_int_to_ptr(context: OperationContext) -> Any:
    return context.emit("cast_int_to_ptr", [context.arg_type(1, Signed)], _type(context, 0))


@builtin(lltype.typeOf, lltype.sizeof, lltype.offsetof, lltype.itemoffsetof, lltype.lengthoffsetof,
         lltype.items_offset)  # fmt: skip
def _constant_result(context: OperationContext) -> Any:
    constant = context.result_annotation.constant
    if constant is a.NO_CONSTANT:
        function = context.extra["function"]
        if function is lltype.itemoffsetof:
            return _item_offset(context)
        if function is lltype.sizeof:
            return _variable_size(context)
        raise TyperError(f"{function.__name__}() of something that is not constant")
    if context.result.lowleveltype is Void:
        return None
    return context.constant(constant, context.result.lowleveltype)


def _item_offset(context: OperationContext) -> Any:
    TYPE = _type(context, 0)
    size = context.constant(lltype.sizeof(TYPE.ITEM), Signed)
    bytes_before = context.emit("int_mul", [size, context.arg_type(1, Signed)], Signed)
    first = context.constant(lltype.itemoffsetof(TYPE, 0), Signed)
    return context.emit("int_add", [first, bytes_before], Signed)


def _variable_size(context: OperationContext) -> Any:
    TYPE = _type(context, 0)
    ITEM = lltype.varsize_array(TYPE).ITEM
    size = context.constant(lltype.sizeof(ITEM), Signed)
    bytes_of_items = context.emit("int_mul", [size, context.arg_type(1, Signed)], Signed)
    base = context.constant(lltype.sizeof(TYPE, 0), Signed)
    return context.emit("int_add", [base, bytes_of_items], Signed)


@builtin(lltype.cast_ptr_to_adr)
def _cast_ptr_to_adr(context: OperationContext) -> Any:
    return context.emit("cast_ptr_to_adr", [context.arg(0)], Address)


@builtin(lltype.cast_adr_to_ptr)
def _cast_adr_to_ptr(context: OperationContext) -> Any:
    return context.emit("cast_adr_to_ptr", [context.arg(0)], _type(context, 1))


@builtin(lltype.cast_adr_to_int)
def _cast_adr_to_int(context: OperationContext) -> Any:
    return context.emit("cast_adr_to_int", [context.arg(0)], Signed)


@builtin(lltype.cast_int_to_adr)
def _cast_int_to_adr(context: OperationContext) -> Any:
    return context.emit("cast_int_to_adr", [context.arg_type(0, Signed)], Address)


@builtin(lltype.load)
def _load(context: OperationContext) -> Any:
    offset = context.arg_type(2, Signed) if context.count > 2 else context.constant(0, Signed)
    return context.emit("raw_load", [context.arg(1), offset], _type(context, 0))


@builtin(lltype.store)
def _store(context: OperationContext) -> Any:
    value = context.arg_type(3, _type(context, 0))
    return context.emit("raw_store", [context.arg(1), context.arg_type(2, Signed), value])


@builtin(lltype.raw_malloc)
def _raw_malloc(context: OperationContext) -> Any:
    zero = _option(context, "zero", 1, False)
    name = "raw_malloc_zeroed" if zero else "raw_malloc"
    return context.emit(name, [context.arg_type(0, Signed)], Address)


@builtin(lltype.raw_free, lltype.raw_memcopy, lltype.raw_memclear)
def _raw_memory(context: OperationContext) -> Any:
    name = context.extra["function"].__name__
    types = {"raw_free": [Address], "raw_memcopy": [Address, Address, Signed], "raw_memclear": [Address, Signed]}
    args = [context.arg_type(index, TYPE) for index, TYPE in enumerate(types[name])]
    return context.emit(name, args)


@builtin(lltype.weakref_create)
def _weakref_create(context: OperationContext) -> Any:
    return context.emit("weakref_create", [context.arg(0)], lltype.WEAKREF)


@builtin(lltype.weakref_deref)
def _weakref_deref(context: OperationContext) -> Any:
    return context.emit("weakref_deref", [context.arg(1)], _type(context, 0))


# ---- C functions


def call_external(context: OperationContext, external: Any) -> Any:
    """Emit a call of a C function with the operands."""
    cache = context.typer.cache("external functions")
    pointer = cache.get(external)
    if pointer is None:
        pointer = cache[external] = lltype.functionptr(external.TYPE, external.name, external=external)
    args = [context.arg_type(index, ARG) for index, ARG in enumerate(external.TYPE.ARGS)]
    return context.emit("direct_call", [context.constant(pointer, pointer._T), *args], external.TYPE.RESULT)
