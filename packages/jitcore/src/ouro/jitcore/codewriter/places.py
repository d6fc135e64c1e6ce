"""The places of memory that operations touch: fields of structures, and the items of arrays."""

from __future__ import annotations

from typing import Any

from ouro.flowspace import Constant, Operation
from ouro.lltype import Struct, is_varsize, resolve, varsize_array

Place = tuple[Any, ...]


def field_place(STRUCT: Any, name: str) -> Place:
    """The place of a field, under the structure that has it, whichever of the inlined ones the pointer is to."""
    STRUCT = resolve(STRUCT)
    while name not in STRUCT.index and isinstance(STRUCT.types[0], Struct):
        STRUCT = STRUCT.types[0]
    return "field", STRUCT, name


def items_place(ARRAY: Any) -> Place:
    """The place of the items of an array, or of the array that a structure ends in."""
    return "items", resolve(ARRAY)


def read_places(operation: Operation) -> list[Place]:
    """The places that an operation reads."""
    name, args = operation.opname, operation.args
    if name == "getfield":
        return [field_place(args[0].concretetype.TO, _name(args[1]))]
    if name == "getarrayitem":
        return [items_place(args[0].concretetype.TO)]
    if name == "getinteriorfield":
        return interior_places(args[0].concretetype.TO, args[1:])
    if name in ("array_copy", "array_find_char", "array_copy_to_raw"):
        return [items_place(args[0].concretetype.TO)]
    if name == "array_compare":
        return [items_place(argument.concretetype.TO) for argument in args[:2]]
    return []


def written_places(operation: Operation) -> list[Place]:
    """The places that an operation writes."""
    name, args = operation.opname, operation.args
    if name == "setfield":
        return [field_place(args[0].concretetype.TO, _name(args[1]))]
    if name in ("setarrayitem", "array_clear"):
        return _items_and_fields(args[0].concretetype.TO)
    if name == "setinteriorfield":
        return interior_places(args[0].concretetype.TO, args[1:-1])
    if name in ("array_copy", "array_copy_from_raw"):
        return _items_and_fields(args[1].concretetype.TO)
    return []


def interior_places(TYPE: Any, path: list[Any]) -> list[Place]:
    """The places that are touched by an access through a path of fields and indices: array and field of its items."""
    places: list[Place] = []
    whole = TYPE
    for step in path:
        TYPE = resolve(TYPE)
        if isinstance(TYPE, Struct):
            places = [*places, field_place(TYPE, _name(step))]
            TYPE = TYPE.field_type(_name(step))
        else:
            ends_in_it = isinstance(whole, Struct) and is_varsize(whole) and varsize_array(whole) is TYPE
            places = [items_place(whole if ends_in_it else TYPE)]
            TYPE = whole = TYPE.ITEM
    return places


def _items_and_fields(ARRAY: Any) -> list[Place]:
    """The items of an array; of structures, with their fields."""
    ITEM = resolve(varsize_array(ARRAY).ITEM)
    places = [items_place(ARRAY)]
    if isinstance(ITEM, Struct):
        places += [field_place(ITEM, name) for name in ITEM.names]
    return places


def _name(constant: Any) -> str:
    assert isinstance(constant, Constant)
    return str(constant.value)
