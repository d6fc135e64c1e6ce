"""Operations on low-level pointers and addresses, the functions of `lltype`, and calls of C functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ouro import lltype
from ouro.annotator import annotations as a
from ouro.annotator._arguments import Arguments
from ouro.annotator._calls import call, callable_kind
from ouro.annotator._constants import host_type
from ouro.annotator._dispatch import builtin, handler, primitive
from ouro.annotator._errors import Complaint
from ouro.annotator._objects import attribute_name
from ouro.annotator._strings import need_integer
from ouro.annotator._values import called
from ouro.annotator.annotations import ADDRESS, BOOL, INTEGER, NO_CONSTANT, NONE, NONNEG_INTEGER, Annotation
from ouro.annotator.lowlevel import annotation_of_type, type_of_annotation

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine
    from ouro.flowspace import Operation


WEAKREF_POINTER = lltype.WEAKREF if isinstance(lltype.WEAKREF, lltype.Ptr) else lltype.Ptr(lltype.WEAKREF)


# ---- prebuilt values


@host_type(lltype.Pointer)
def _pointer(engine: Engine, value: Any) -> Annotation:
    function = lltype.container_of(value)
    if isinstance(function, lltype.FunctionContainer):
        _see_function(engine, function)
    return a.Pointer(lltype.typeOf(value), constant=value)


def _see_function(engine: Engine, function: Any) -> None:
    """A prebuilt pointer to an RPython function: C code may call it at any time."""
    low_level = engine.state is not None and engine.state.low_level
    if low_level or function.callable is None or function.graph is not None or function.external is not None:
        return
    if function not in engine.function_pointers:
        graph = engine.descriptions.graph_of(engine.descriptions.of_function(function.callable), None)
        engine.function_pointers[function] = graph
        arguments = [annotation_of_type(TYPE) for TYPE in function.TYPE.ARGS]
        engine.later(lambda: engine.call_graph(graph, arguments))


@host_type(lltype.LowLevelType)
def _low_level_type(engine: Engine, value: Any) -> Annotation:
    return a.LowLevelType(constant=value)


@host_type(lltype.AddressOffset)
def _offset(engine: Engine, value: Any) -> Annotation:
    return a.Integer(int, True, constant=value)


@host_type(type(lltype.NULL))
def _null_address(engine: Engine, value: Any) -> Annotation:
    return a.Address(constant=value)


@primitive("_c_library.get_saved_errno")
def _get_errno(engine: Engine, operation: Operation) -> Annotation:
    return INTEGER


@primitive("_c_library.set_saved_errno")
def _set_errno(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    need_integer(engine, value, "errno")
    return NONE


@host_type(lltype.ExternalFunction)
def _external_function(engine: Engine, value: Any) -> Annotation:
    return a.Builtin(_external_call(value), value.name, constant=value)


def _external_call(function: Any) -> Any:
    def call_external(engine: Engine, operation: Operation, *values: Annotation) -> Annotation:
        return call_function_type(engine, function.TYPE, list(values), function.name)

    return call_external


def call_function_type(engine: Engine, TYPE: Any, values: list[Annotation], name: str) -> Annotation:
    """A call through a low-level function type: check the arguments, give the result."""
    if len(values) != len(TYPE.ARGS):
        raise Complaint(f"{name}() takes {len(TYPE.ARGS)} arguments, but {len(values)} are given")
    for index, (ARG, value) in enumerate(zip(TYPE.ARGS, values)):
        check_stored(engine, ARG, value, f"argument {index + 1} of {name}()")
    return annotation_of_type(TYPE.RESULT)


def check_stored(engine: Engine, TYPE: Any, value: Annotation, what: str) -> None:
    """Complain unless a value can go where a low-level type is wanted."""
    wanted = annotation_of_type(TYPE)
    if isinstance(wanted, a.Pointer) and isinstance(value, a.NoneValue):
        return
    if isinstance(wanted, a.Pointer) and isinstance(value, a.Pointer):
        if wanted.type == value.type:
            return
    elif isinstance(wanted, a.Integer) and isinstance(value, a.Integer):
        if wanted.kind is value.kind or value.kind in (int, bool) or value.constant is not NO_CONSTANT:
            return  # a plain int is converted, as on the host
        if _fits_in(value.kind, wanted.kind):
            return
    elif isinstance(wanted, a.Float) and isinstance(value, (a.Float, a.Integer)):
        return
    elif isinstance(wanted, a.SingleFloat) and isinstance(value, (a.SingleFloat, a.Float)):
        return
    elif isinstance(value, type(wanted)):
        return
    elif TYPE is lltype.Void:
        return
    raise Complaint(f"{what} is {TYPE}, but {value} is given", _conversion_help(wanted, value))


def _fits_in(kind: type, wanted: type) -> bool:
    bits, wanted_bits = getattr(kind, "BITS", 64), getattr(wanted, "BITS", 64)
    signed, wanted_signed = getattr(kind, "SIGNED", True), getattr(wanted, "SIGNED", True)
    if signed == wanted_signed:
        return bool(bits <= wanted_bits)
    return bool(wanted_signed and bits < wanted_bits)


def _conversion_help(wanted: Annotation, value: Annotation) -> str:
    if isinstance(wanted, a.Integer) and isinstance(value, a.Integer):
        return "convert it: rffi.cast(TYPE, x)"
    return ""


# ---- pointers


@handler("getattr", a.Pointer)
def _getattr(engine: Engine, operation: Operation, value: a.Pointer, name: Annotation) -> Annotation:
    TO = lltype.resolve(value.type.TO)
    field = attribute_name(name)
    method = getattr(TO, "hints", {}).get("methods", {}).get(field) if hasattr(TO, "hints") else None
    if method is not None:
        return a.PointerMethod(value.type, method)
    if not isinstance(TO, lltype.Struct):
        raise Complaint(f"{value} has no field `{field}`")
    if field not in TO.index:
        raise Complaint(f"{TO} has no field `{field}`", "its fields: " + ", ".join(TO.names))
    return annotation_of_type(TO.field_type(field))


@handler("setattr", a.Pointer)
def _setattr(
    engine: Engine, operation: Operation, value: a.Pointer, name: Annotation, item: Annotation
) -> Annotation:
    TO = lltype.resolve(value.type.TO)
    field = attribute_name(name)
    if not isinstance(TO, lltype.Struct) or field not in TO.index:
        raise Complaint(f"{TO} has no field `{field}`")
    check_stored(engine, TO.field_type(field), item, f"field `{field}` of {TO}")
    return NONE


def _item_type(value: a.Pointer) -> Any:
    TO = lltype.resolve(value.type.TO)
    if not isinstance(TO, (lltype.Array, lltype.FixedSizeArray)):
        raise Complaint(f"{value} is not an array")
    return TO.ITEM


@handler("getitem", a.Pointer)
def _getitem(engine: Engine, operation: Operation, value: a.Pointer, index: Annotation) -> Annotation:
    need_integer(engine, index, "the index of an array")
    return annotation_of_type(_item_type(value))


@handler("setitem", a.Pointer)
def _setitem(
    engine: Engine, operation: Operation, value: a.Pointer, index: Annotation, item: Annotation
) -> Annotation:
    need_integer(engine, index, "the index of an array")
    check_stored(engine, _item_type(value), item, f"an item of {value.type.TO}")
    return NONE


@handler("len", a.Pointer)
def _len(engine: Engine, operation: Operation, value: a.Pointer) -> Annotation:
    _item_type(value)
    return NONNEG_INTEGER


@handler("bool", a.Pointer)
@handler("bool", a.Address)
def _bool(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return BOOL


@handler("eq ne is_", a.Pointer, a.Pointer)
def _same(engine: Engine, operation: Operation, left: a.Pointer, right: a.Pointer) -> Annotation:
    engine.join(left, right)
    return BOOL


@callable_kind(a.Pointer)
def _call_pointer(engine: Engine, operation: Operation, function: a.Pointer, arguments: Arguments) -> Annotation:
    TO = lltype.resolve(function.type.TO)
    if not isinstance(TO, lltype.FuncType):
        raise Complaint(f"{function} cannot be called")
    return call_function_type(engine, TO, arguments.positional, "the function pointer")


@callable_kind(a.PointerMethod)
def _call_method(engine: Engine, operation: Operation, function: a.PointerMethod, arguments: Arguments) -> Annotation:
    from_constant = engine.constant(function.method)
    receiver = a.Pointer(function.type)
    shape = arguments.shape._replace(positional=arguments.shape.positional + 1)
    return call(engine, operation, from_constant, Arguments(shape, [receiver, *arguments.values], arguments.star))


# ---- types as values


@handler("getattr", a.LowLevelType)
def _getattr_type(engine: Engine, operation: Operation, value: Annotation, name: Annotation) -> Annotation:
    return engine.constant(getattr(value.constant, attribute_name(name)))


@handler("eq is_", a.LowLevelType, a.LowLevelType)
def _same_type(engine: Engine, operation: Operation, left: Annotation, right: Annotation) -> Annotation:
    return a.TRUE if left.constant == right.constant else a.FALSE


@handler("ne", a.LowLevelType, a.LowLevelType)
def _other_type(engine: Engine, operation: Operation, left: Annotation, right: Annotation) -> Annotation:
    return a.FALSE if left.constant == right.constant else a.TRUE


# ---- addresses


@handler("add sub", a.Address, a.Integer)
def _move(engine: Engine, operation: Operation, left: Annotation, right: Annotation) -> Annotation:
    return ADDRESS


@handler("sub", a.Address, a.Address)
def _distance(engine: Engine, operation: Operation, left: Annotation, right: Annotation) -> Annotation:
    return INTEGER


@handler("lt le eq ne gt ge is_", a.Address, a.Address)
def _compare(engine: Engine, operation: Operation, left: Annotation, right: Annotation) -> Annotation:
    return BOOL


# ---- functions of lltype


def constant_type(value: Annotation, what: str = "the type") -> Any:
    """The low-level type that an argument is."""
    if not isinstance(value, a.LowLevelType) or value.constant is NO_CONSTANT:
        raise Complaint(f"{what} must be a constant low-level type, not {value}")
    return lltype.resolve(value.constant)


@builtin(lltype.malloc)
def _malloc(
    engine: Engine,
    operation: Operation,
    TYPE: Annotation,
    n: Annotation | None = None,
    flavor: Annotation | None = None,
    zero: Annotation | None = None,
    immortal: Annotation | None = None,
) -> Annotation:
    if n is not None and not isinstance(n, a.NoneValue):
        need_integer(engine, n, "the length of malloc()")
    for option, name in ((flavor, "flavor"), (zero, "zero"), (immortal, "immortal")):
        if option is not None and option.constant is NO_CONSTANT:
            raise Complaint(f"`{name}` of malloc() must be a constant")
    return a.Pointer(lltype.Ptr(constant_type(TYPE)))


@builtin(lltype.free)
def _free(engine: Engine, operation: Operation, pointer: Annotation, flavor: Annotation = NONE) -> Annotation:
    _need_pointer(pointer)
    return NONE


def _need_pointer(value: Annotation) -> None:
    if not isinstance(value, a.Pointer):
        raise Complaint(f"a low-level pointer is needed, not {value}")


@builtin(lltype.nullptr)
def _nullptr(engine: Engine, operation: Operation, TYPE: Annotation) -> Annotation:
    return engine.constant(lltype.nullptr(constant_type(TYPE)))


@builtin(lltype.cast_pointer, lltype.cast_opaque_ptr)
def _cast_pointer(engine: Engine, operation: Operation, PTR: Annotation, pointer: Annotation) -> Annotation:
    _need_pointer(pointer)
    return a.Pointer(constant_type(PTR))


@builtin(lltype.cast_ptr_to_int, lltype.identityhash)
def _cast_ptr_to_int(engine: Engine, operation: Operation, pointer: Annotation) -> Annotation:
    _need_pointer(pointer)
    return INTEGER


@builtin(lltype.cast_int_to_ptr)
def _cast_int_to_ptr(engine: Engine, operation: Operation, PTR: Annotation, value: Annotation) -> Annotation:
    need_integer(engine, value, "the argument of cast_int_to_ptr()")
    return a.Pointer(constant_type(PTR))


@builtin(lltype.typeOf)
def _type_of(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    TYPE = type_of_annotation(value)
    if TYPE is None:
        raise Complaint(f"{value} has no low-level type yet")
    return engine.constant(TYPE)


@builtin(lltype.cast_ptr_to_adr)
def _cast_ptr_to_adr(engine: Engine, operation: Operation, pointer: Annotation) -> Annotation:
    _need_pointer(pointer)
    return ADDRESS


@builtin(lltype.cast_adr_to_ptr)
def _cast_adr_to_ptr(engine: Engine, operation: Operation, address: Annotation, PTR: Annotation) -> Annotation:
    return a.Pointer(constant_type(PTR))


@builtin(lltype.cast_adr_to_int)
def _cast_adr_to_int(engine: Engine, operation: Operation, address: Annotation) -> Annotation:
    return INTEGER


@builtin(lltype.cast_int_to_adr)
def _cast_int_to_adr(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return ADDRESS


@builtin(lltype.load)
def _load(
    engine: Engine, operation: Operation, TYPE: Annotation, address: Annotation, offset: Annotation = NONNEG_INTEGER
) -> Annotation:
    return annotation_of_type(constant_type(TYPE))


@builtin(lltype.store)
def _store(
    engine: Engine,
    operation: Operation,
    TYPE: Annotation,
    address: Annotation,
    offset: Annotation,
    value: Annotation,
) -> Annotation:
    check_stored(engine, constant_type(TYPE), value, "the stored value")
    return NONE


@builtin(lltype.raw_malloc)
def _raw_malloc(engine: Engine, operation: Operation, size: Annotation, zero: Annotation = NONE) -> Annotation:
    need_integer(engine, size, "the size")
    return ADDRESS


@builtin(lltype.raw_free, lltype.raw_memcopy, lltype.raw_memclear)
def _raw_memory(engine: Engine, operation: Operation, *values: Annotation) -> Annotation:
    return NONE


@builtin(lltype.sizeof, lltype.offsetof, lltype.itemoffsetof, lltype.lengthoffsetof, lltype.items_offset)
def _offset_function(engine: Engine, operation: Operation, *values: Annotation) -> Annotation:
    function = called(operation)
    if all(value.constant is not NO_CONSTANT for value in values):
        return engine.constant(function(*[value.constant for value in values]))
    return NONNEG_INTEGER


@builtin(lltype.weakref_create)
def _weakref_create(engine: Engine, operation: Operation, pointer: Annotation) -> Annotation:
    return a.Pointer(WEAKREF_POINTER)


@builtin(lltype.weakref_deref)
def _weakref_deref(engine: Engine, operation: Operation, PTR: Annotation, weak: Annotation) -> Annotation:
    return a.Pointer(constant_type(PTR))
