"""Memory: fields, arrays, strings, allocation, pointers and addresses.

Pointers to GC objects are references, all others words. What has no instruction (parts of the collector's interface,
raw memory by the block, copies of arrays) is left to a function that does the one operation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ouro.flowspace import Constant, Operation
from ouro.jitcore.codewriter.graphs import LARGE
from ouro.jitcore.codewriter.rules_numbers import Rule, same
from ouro.jitcore.jitcode.building import ConstantOperand
from ouro.lltype import (
    Array,
    Char,
    FixedSizeArray,
    Ptr,
    Signed,
    Struct,
    Void,
    is_varsize,
    items_offset,
    lengthoffsetof,
    offsetof,
    resolve,
    sizeof,
    varsize_array,
)

if TYPE_CHECKING:
    from ouro.jitcore.codewriter.lowering import Lowering

MEMORY_RULES: dict[str, Rule] = {}

WORDS = Array(Signed, hints={"nolength": True})


def _rule(names: str) -> Callable[[Rule], Rule]:
    def register(rule: Rule) -> Rule:
        for name in names.split():
            MEMORY_RULES[name] = rule
        return rule

    return register


def is_gc(value: Any) -> bool:
    """Is a variable or constant a pointer to a GC object?"""
    TYPE = resolve(value.concretetype)
    return isinstance(TYPE, Ptr) and TYPE.TO.gckind == "gc"


def _is_string(TYPE: Any) -> bool:
    """Is a type a structure that ends in characters: a string?"""
    TYPE = resolve(TYPE)
    return isinstance(TYPE, Struct) and TYPE.gckind == "gc" and is_varsize(TYPE) and varsize_array(TYPE).ITEM is Char


# ---- comparisons and casts of pointers


def _is_instance(lowering: Lowering, value: Any) -> bool:
    return lowering.writer.is_instance_type(value.concretetype.TO)


def _is_null(operand: Any) -> bool:
    return isinstance(operand, ConstantOperand) and not operand.value


@_rule("ptr_eq ptr_ne")
def _compare(lowering: Lowering, operation: Operation) -> Any:
    first, second = (lowering.operand(argument) for argument in operation.args)
    ending = operation.opname[3:]
    if not is_gc(operation.args[0]):
        return lowering.emit("int" + ending, first, second, kind="i")
    if _is_null(first) or _is_null(second):
        name = "ptr_iszero" if ending == "_eq" else "ptr_nonzero"
        return lowering.emit(name, second if _is_null(first) else first, kind="i")
    instances = all(_is_instance(lowering, argument) for argument in operation.args)
    return lowering.emit(("instance_ptr" if instances else "ptr") + ending, first, second, kind="i")


@_rule("ptr_iszero ptr_nonzero")
def _test(lowering: Lowering, operation: Operation) -> Any:
    operand = lowering.operand(operation.args[0])
    if is_gc(operation.args[0]):
        return lowering.emit(operation.opname, operand, kind="i")
    return lowering.emit("int_is_zero" if operation.opname == "ptr_iszero" else "int_is_true", operand, kind="i")


MEMORY_RULES["cast_pointer"] = same


@_rule(
    "cast_opaque_ptr cast_ptr_to_int cast_int_to_ptr cast_ptr_to_adr cast_adr_to_ptr cast_adr_to_int cast_int_to_adr"
)
def _cast(lowering: Lowering, operation: Operation) -> Any:
    if lowering.kind(operation.args[0]) != lowering.kind(operation.result):
        return lowering.writer.call_operation(lowering, operation)
    return lowering.operand(operation.args[0])


# ---- addresses are words


def _word_operation(name: str) -> Rule:
    def rule(lowering: Lowering, operation: Operation) -> Any:
        return lowering.emit(name, *[lowering.operand(argument) for argument in operation.args], kind="i")

    return rule


MEMORY_RULES["adr_add"] = _word_operation("int_add")
MEMORY_RULES["adr_sub"] = MEMORY_RULES["adr_delta"] = _word_operation("int_sub")
for _name in ("lt", "le", "gt", "ge"):
    MEMORY_RULES[f"adr_{_name}"] = _word_operation(f"uint_{_name}")
for _name in ("eq", "ne"):
    MEMORY_RULES[f"adr_{_name}"] = _word_operation(f"int_{_name}")


@_rule("raw_load")
def _raw_load(lowering: Lowering, operation: Operation) -> Any:
    TYPE = operation.result.concretetype
    if is_gc(operation.result):
        raise lowering.fail("raw_load of a GC pointer cannot be traced")
    address, offset = (lowering.operand(argument) for argument in operation.args)
    kind = lowering.kind(operation.result)
    return lowering.emit(f"raw_load_{kind}", address, offset, _raw_items(lowering, TYPE), kind=kind)


@_rule("raw_store")
def _raw_store(lowering: Lowering, operation: Operation) -> None:
    value = operation.args[2]
    if is_gc(value):
        raise lowering.fail("raw_store of a GC pointer cannot be traced")
    address, offset, operand = (lowering.operand(argument) for argument in operation.args)
    items = _raw_items(lowering, value.concretetype)
    lowering.emit(f"raw_store_{lowering.kind(value)}", address, offset, operand, items)


def _raw_items(lowering: Lowering, TYPE: Any) -> Any:
    """The descriptor of memory that holds values of a primitive type."""
    return lowering.writer.descriptors.array(Array(TYPE, hints={"nolength": True}))


# ---- fields


@_rule("getfield")
def _getfield(lowering: Lowering, operation: Operation) -> Any:
    pointer, name = operation.args[0], operation.args[1].value  # type: ignore[union-attr]
    if lowering.kind(operation.result) == "n":
        return None
    STRUCT = pointer.concretetype.TO
    writer = lowering.writer
    owner = lowering.operand(pointer)
    kind = lowering.kind(operation.result)
    if not is_gc(pointer):
        return lowering.emit(f"getfield_raw_{kind}", owner, writer.descriptors.field(STRUCT, name), kind=kind)
    descriptor = writer.descriptors.field(STRUCT, name)
    if pointer not in lowering.fresh:
        if writer.virtualizables.is_field(STRUCT, name):
            return lowering.emit(f"getfield_virtualizable_{kind}", owner, descriptor, kind=kind)
        if writer.virtualizables.is_array_field(STRUCT, name):
            lowering.arrays[operation.result] = owner, STRUCT, name
            return None
    if descriptor.quasi_immutable:
        lowering.emit("quasi_immutable_field", owner, descriptor)
    return lowering.emit(f"getfield_gc_{kind}", owner, descriptor, kind=kind)


@_rule("setfield")
def _setfield(lowering: Lowering, operation: Operation) -> None:
    pointer, name, value = operation.args[0], operation.args[1].value, operation.args[2]  # type: ignore[union-attr]
    kind = lowering.kind(value)
    if kind == "n":
        return
    STRUCT = pointer.concretetype.TO
    writer = lowering.writer
    if is_gc(pointer) and pointer not in lowering.fresh and writer.virtualizables.is_array_field(STRUCT, name):
        raise lowering.fail(f"the array {name} of a virtualizable is set, which the JIT cannot follow; do that in "
                            "__init__ with a fresh_virtualizable hint")
    owner, operand = lowering.operand(pointer), lowering.operand(value)
    descriptor = writer.descriptors.field(STRUCT, name)
    if not is_gc(pointer):
        lowering.emit(f"setfield_raw_{kind}", owner, operand, descriptor)
    elif pointer not in lowering.fresh and writer.virtualizables.is_field(STRUCT, name):
        lowering.emit(f"setfield_virtualizable_{kind}", owner, operand, descriptor)
    else:
        lowering.emit(f"setfield_gc_{kind}", owner, operand, descriptor)


# ---- arrays


@_rule("getarraysize")
def _arraylen(lowering: Lowering, operation: Operation) -> Any:
    array = operation.args[0]
    ARRAY = resolve(array.concretetype.TO)
    if array in lowering.arrays:
        owner, STRUCT, name = lowering.arrays[array]
        table = lowering.writer.descriptors
        return lowering.emit("arraylen_virtualizable", owner, table.field(STRUCT, name), table.array(ARRAY), kind="i")
    if isinstance(ARRAY, FixedSizeArray):
        return lowering.integer(ARRAY.length)
    if not is_gc(array):
        return _raw_length(lowering, lowering.operand(array), ARRAY)
    return lowering.emit("arraylen_gc", lowering.operand(array), lowering.writer.descriptors.array(ARRAY), kind="i")


def _raw_length(lowering: Lowering, address: Any, ARRAY: Any) -> Any:
    """The length of a raw array: the word that stands in front of its items."""
    offset = lowering.integer(lengthoffsetof(ARRAY))
    return lowering.emit("raw_load_i", address, offset, lowering.writer.descriptors.array(WORDS), kind="i")


@_rule("getarrayitem")
def _getarrayitem(lowering: Lowering, operation: Operation) -> Any:
    array = operation.args[0]
    if lowering.kind(operation.result) == "n":
        return None
    ARRAY = resolve(array.concretetype.TO)
    kind = lowering.kind(operation.result)
    index = lowering.operand(operation.args[1])
    table = lowering.writer.descriptors
    if array in lowering.arrays:
        owner, STRUCT, name = lowering.arrays[array]
        field = table.field(STRUCT, name)
        return lowering.emit(
            f"getarrayitem_virtualizable_{kind}", owner, index, field, table.array(ARRAY), kind=kind)
    address = lowering.operand(array)
    if isinstance(ARRAY, FixedSizeArray):
        return _load_at(lowering, address, _item_offset(lowering, ARRAY, index), operation)
    where = "gc" if is_gc(array) else "raw"
    return lowering.emit(f"getarrayitem_{where}_{kind}", address, index, table.array(ARRAY), kind=kind)


@_rule("setarrayitem")
def _setarrayitem(lowering: Lowering, operation: Operation) -> None:
    array, _, value = operation.args
    kind = lowering.kind(value)
    if kind == "n":
        return
    ARRAY = resolve(array.concretetype.TO)
    index, operand = lowering.operand(operation.args[1]), lowering.operand(value)
    table = lowering.writer.descriptors
    if array in lowering.arrays:
        owner, STRUCT, name = lowering.arrays[array]
        field = table.field(STRUCT, name)
        lowering.emit(f"setarrayitem_virtualizable_{kind}", owner, index, operand, field, table.array(ARRAY))
        return
    address = lowering.operand(array)
    if isinstance(ARRAY, FixedSizeArray):
        items = _raw_items(lowering, value.concretetype)
        lowering.emit(f"raw_store_{kind}", address, _item_offset(lowering, ARRAY, index), operand, items)
        return
    where = "gc" if is_gc(array) else "raw"
    lowering.emit(f"setarrayitem_{where}_{kind}", address, index, operand, table.array(ARRAY))


def _load_at(lowering: Lowering, address: Any, offset: Any, operation: Operation) -> Any:
    kind = lowering.kind(operation.result)
    return lowering.emit(
        f"raw_load_{kind}", address, offset, _raw_items(lowering, operation.result.concretetype), kind=kind)


def _item_offset(lowering: Lowering, ARRAY: Any, index: Any) -> Any:
    """The offset of an item of a raw array, as an operand."""
    base, size = items_offset(ARRAY), sizeof(ARRAY.ITEM)
    if isinstance(index, ConstantOperand) and type(index.value) is int:
        return lowering.integer(base + size * index.value)
    scaled = lowering.emit("int_mul", index, lowering.integer(size), kind="i")
    return lowering.emit("int_add", scaled, lowering.integer(base), kind="i")


# ---- inlined parts of structures


@_rule("getsubstruct")
def _getsubstruct(lowering: Lowering, operation: Operation) -> Any:
    pointer, name = operation.args[0], operation.args[1].value  # type: ignore[union-attr]
    STRUCT = resolve(pointer.concretetype.TO)
    if name == STRUCT.names[0] and isinstance(resolve(STRUCT.types[0]), Struct):
        return lowering.operand(pointer)
    if is_gc(pointer):
        raise lowering.fail(f"a pointer to the field {name} inside of a GC object cannot be traced")
    return lowering.emit("int_add", lowering.operand(pointer), lowering.integer(offsetof(STRUCT, name)), kind="i")


@_rule("getarraysubstruct")
def _getarraysubstruct(lowering: Lowering, operation: Operation) -> Any:
    array = operation.args[0]
    if is_gc(array):
        raise lowering.fail("a pointer to a structure inside of a GC array cannot be traced")
    offset = _item_offset(lowering, resolve(array.concretetype.TO), lowering.operand(operation.args[1]))
    return lowering.emit("int_add", lowering.operand(array), offset, kind="i")


class _Part:
    """What a path of names and indices leads to.

    In a GC object: a field of the object (`field`), an item of its array (`array` and `index`), or a field of a
    structure in that array (all three). In raw memory: `address` and `offset`.
    """

    def __init__(self, lowering: Lowering, operation: Operation, path: list[Any]) -> None:
        pointer = operation.args[0]
        self.pointer = lowering.operand(pointer)
        self.gc = is_gc(pointer)
        self.array: Any = None
        self.index: Any = None
        self.field: Any = None
        self.offset: Any = lowering.integer(0)
        TYPE = resolve(pointer.concretetype.TO)
        for step in path:
            if self.gc:
                TYPE = self._step(lowering, TYPE, step)
            else:
                TYPE = self._raw_step(lowering, TYPE, step)
        self.TYPE = TYPE

    def _step(self, lowering: Lowering, TYPE: Any, step: Any) -> Any:
        if isinstance(TYPE, Struct):
            PART = resolve(TYPE.field_type(step.value))
            if isinstance(PART, (Struct, FixedSizeArray)) or self.field is not None:
                leading = self.field is None and self.array is None and step.value == TYPE.names[0]
                if leading and isinstance(PART, Struct):
                    return PART
                raise lowering.fail(f"the part {step.value} inside of a GC object cannot be traced")
            if isinstance(PART, Array):
                self.array = TYPE
            else:
                self.field = TYPE, step.value
            return PART
        if self.array is None:
            self.array = TYPE
        elif self.index is not None:
            raise lowering.fail("an array inside of an item of a GC array cannot be traced")
        self.index = lowering.operand(step)
        return resolve(TYPE.ITEM)

    def _raw_step(self, lowering: Lowering, TYPE: Any, step: Any) -> Any:
        if isinstance(TYPE, Struct):
            more: Any = lowering.integer(offsetof(TYPE, step.value))
            PART = resolve(TYPE.field_type(step.value))
        else:
            more = _item_offset(lowering, TYPE, lowering.operand(step))
            PART = resolve(TYPE.ITEM)
        if isinstance(more, ConstantOperand) and isinstance(self.offset, ConstantOperand):
            self.offset = lowering.integer(self.offset.value + more.value)
        else:
            self.offset = lowering.emit("int_add", self.offset, more, kind="i")
        return PART


@_rule("getinteriorarraysize")
def _interior_length(lowering: Lowering, operation: Operation) -> Any:
    part = _Part(lowering, operation, operation.args[1:])
    if isinstance(part.TYPE, FixedSizeArray):
        return lowering.integer(part.TYPE.length)
    if not part.gc:
        address = lowering.emit("int_add", part.pointer, part.offset, kind="i")
        return _raw_length(lowering, address, part.TYPE)
    name = "strlen" if _is_string(part.array) else "arraylen_gc"
    return lowering.emit(name, part.pointer, lowering.writer.descriptors.array(part.array), kind="i")


@_rule("getinteriorfield")
def _getinteriorfield(lowering: Lowering, operation: Operation) -> Any:
    kind = lowering.kind(operation.result)
    if kind == "n":
        return None
    part = _Part(lowering, operation, operation.args[1:])
    table = lowering.writer.descriptors
    if not part.gc:
        return _load_at(lowering, part.pointer, part.offset, operation)
    if part.array is None:
        return lowering.emit(f"getfield_gc_{kind}", part.pointer, table.field(*part.field), kind=kind)
    if part.field is not None:
        descriptor = table.interior_field(part.array, part.field[1])
        return lowering.emit(f"getinteriorfield_gc_{kind}", part.pointer, part.index, descriptor, kind=kind)
    name = "strgetitem" if _is_string(part.array) else f"getarrayitem_gc_{kind}"
    return lowering.emit(name, part.pointer, part.index, table.array(part.array), kind=kind)


@_rule("setinteriorfield")
def _setinteriorfield(lowering: Lowering, operation: Operation) -> None:
    value = operation.args[-1]
    kind = lowering.kind(value)
    if kind == "n":
        return
    part = _Part(lowering, operation, operation.args[1:-1])
    operand = lowering.operand(value)
    table = lowering.writer.descriptors
    if not part.gc:
        items = _raw_items(lowering, value.concretetype)
        lowering.emit(f"raw_store_{kind}", part.pointer, part.offset, operand, items)
    elif part.array is None:
        lowering.emit(f"setfield_gc_{kind}", part.pointer, operand, table.field(*part.field))
    elif part.field is not None:
        descriptor = table.interior_field(part.array, part.field[1])
        lowering.emit(f"setinteriorfield_gc_{kind}", part.pointer, part.index, operand, descriptor)
    else:
        name = "strsetitem" if _is_string(part.array) else f"setarrayitem_gc_{kind}"
        lowering.emit(name, part.pointer, part.index, operand, table.array(part.array))


@_rule("array_copy")
def _array_copy(lowering: Lowering, operation: Operation) -> None:
    """Strings are copied into new ones only, so source and target differ; what else is copied is left to a function.

    That includes the characters of a string that go to a list of characters: their places in memory are others.
    """
    source, target = (resolve(argument.concretetype).TO for argument in operation.args[:2])
    if not _is_string(source) or source is not target:
        lowering.writer.call_operation(lowering, operation)
        return
    operands = [lowering.operand(argument) for argument in operation.args]
    lowering.emit("copystrcontent", *operands, lowering.writer.descriptors.array(source))


# ---- allocation


@_rule("malloc")
def _malloc(lowering: Lowering, operation: Operation) -> Any:
    STRUCT = resolve(operation.args[0].value)  # type: ignore[union-attr]
    flavor = operation.args[1].value.get("flavor", "gc")  # type: ignore[union-attr]
    if flavor != "gc" or STRUCT in lowering.writer.program.finalizers:
        return lowering.writer.call_operation(lowering, operation)
    descriptor = lowering.writer.descriptors.size(STRUCT)
    name = "new_with_vtable" if lowering.writer.is_instance_type(STRUCT) else "new"
    return lowering.emit(name, descriptor, kind="r")


@_rule("malloc_varsize")
def _malloc_varsize(lowering: Lowering, operation: Operation) -> Any:
    TYPE = resolve(operation.args[0].value)  # type: ignore[union-attr]
    flags = operation.args[1].value  # type: ignore[union-attr]
    if flags.get(LARGE):
        flags = Constant({name: value for name, value in flags.items() if name != LARGE}, Void)
        operation = Operation(operation.opname, [operation.args[0], flags, operation.args[2]], operation.result)
        return lowering.writer.call_operation(lowering, operation)
    if flags.get("flavor", "gc") != "gc":
        return lowering.writer.call_operation(lowering, operation)
    length = lowering.operand(operation.args[2])
    descriptor = lowering.writer.descriptors.array(TYPE)
    if _is_string(TYPE) and not flags.get("zero"):
        return lowering.emit("newstr", length, descriptor, kind="r")
    name = "new_array_clear" if flags.get("zero") else "new_array"
    return lowering.emit(name, length, descriptor, kind="r")


@_rule("get_object_type")
def _class(lowering: Lowering, operation: Operation) -> Any:
    return lowering.emit("guard_class", lowering.operand(operation.args[0]), kind="i")


@_rule("keepalive")
def _keepalive(lowering: Lowering, operation: Operation) -> None:
    if is_gc(operation.args[0]):
        lowering.emit("keepalive", lowering.operand(operation.args[0]))
