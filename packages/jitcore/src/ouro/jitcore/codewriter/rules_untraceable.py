"""Operations that no jitcode can hold: the functions that do them are called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ouro.flowspace import Operation
from ouro.lltype import Array, FixedSizeArray, Ptr, Struct, resolve


def is_gc_pointer(TYPE: Any) -> bool:
    """Is a type that of references?"""
    TYPE = resolve(TYPE)
    return isinstance(TYPE, Ptr) and TYPE.TO.gckind == "gc"


def _substructure(operation: Operation) -> str | None:
    pointer, name = operation.args[0], operation.args[1].value  # type: ignore[union-attr]
    STRUCT = resolve(pointer.concretetype.TO)
    if not is_gc_pointer(pointer.concretetype) or name == STRUCT.names[0] and isinstance(STRUCT.types[0], Struct):
        return None
    return f"makes a pointer to the field {name} inside of a GC object"


def _array_substructure(operation: Operation) -> str | None:
    if is_gc_pointer(operation.args[0].concretetype):
        return "makes a pointer to a structure inside of a GC array"
    return None


def _raw_load(operation: Operation) -> str | None:
    return "loads a GC pointer from raw memory" if is_gc_pointer(operation.result.concretetype) else None


def _raw_store(operation: Operation) -> str | None:
    return "stores a GC pointer to raw memory" if is_gc_pointer(operation.args[2].concretetype) else None


def _fixed_array(operation: Operation) -> str | None:
    ARRAY = resolve(operation.args[0].concretetype.TO)
    if isinstance(ARRAY, FixedSizeArray) and is_gc_pointer(operation.args[0].concretetype):
        return "uses a fixed-size array inside of a GC object"
    return None


def _interior(path_end: int | None) -> Callable[[Operation], str | None]:
    def check(operation: Operation) -> str | None:
        pointer = operation.args[0]
        path: list[Any] = operation.args[1:path_end]
        if not is_gc_pointer(pointer.concretetype):
            ITEM = operation.result if path_end is None else operation.args[-1]
            return "has a GC pointer in raw memory" if is_gc_pointer(ITEM.concretetype) else None
        TYPE = resolve(pointer.concretetype.TO)
        arrays = fields = 0
        for number, step in enumerate(path):
            if isinstance(TYPE, Struct):
                PART = resolve(TYPE.field_type(step.value))
                leading = number == 0 and step.value == TYPE.names[0] and isinstance(PART, Struct)
                if isinstance(PART, FixedSizeArray) or isinstance(PART, Struct) and not leading:
                    return f"uses the part {step.value} inside of a GC object"
                if not isinstance(PART, (Struct, Array)):
                    fields += 1
                TYPE = PART
            else:
                arrays += 1
                TYPE = resolve(TYPE.ITEM)
        return "uses an array inside of an item of a GC array" if arrays > 1 or fields > 1 else None

    return check


_CHECKS: dict[str, Callable[[Operation], str | None]] = {
    "getsubstruct": _substructure,
    "getarraysubstruct": _array_substructure,
    "raw_load": _raw_load,
    "raw_store": _raw_store,
    "getarrayitem": _fixed_array,
    "setarrayitem": _fixed_array,
    "getinteriorfield": _interior(None),
    "setinteriorfield": _interior(-1),
    "getinteriorarraysize": _interior(None),
}


def untraceable(operation: Operation) -> str | None:
    """Why the tracer cannot follow an operation; None if it can."""
    check = _CHECKS.get(operation.opname)
    return None if check is None else check(operation)
