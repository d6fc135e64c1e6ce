"""Descriptors of low-level types, each made once. Host only: translation and the model backend use it.

Offsets and sizes stay symbolic (`ouro.lltype.AddressOffset`), so that the C compiler of the target fills them in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ouro.jitcore.descriptors.calls import CallDescriptor, EffectDescriptor
from ouro.jitcore.descriptors.memory import (
    ArrayDescriptor,
    Descriptor,
    FieldDescriptor,
    InteriorFieldDescriptor,
    SizeDescriptor,
)
from ouro.lltype import (
    WORD_BITS,
    Float,
    FuncType,
    GcStruct,
    Pointer,
    Primitive,
    Ptr,
    SingleFloat,
    Struct,
    Void,
    array_items_offset_in,
    cast_ptr_to_int,
    is_varsize,
    lengthoffsetof,
    offsetof,
    resolve,
    size_and_alignment,
    sizeof,
    varsize_array,
)


def kind_of_type(TYPE: Any) -> str:
    """The kind, a letter, that values of a low-level type have in a trace.

    Raises:
        TypeError: values of the type do not fit a register (128-bit integers, containers).
    """
    TYPE = resolve(TYPE)
    if TYPE is Void:
        return "n"
    if TYPE is Float:
        return "f"
    if isinstance(TYPE, Ptr):
        return "r" if TYPE.TO.gckind == "gc" else "i"
    if isinstance(TYPE, Primitive) and TYPE.bits <= 64:
        return "i"
    raise TypeError(f"{TYPE} does not fit a register of the JIT")


def _allocated_size(STRUCT: Any) -> Any:
    """What the collector allocates for a structure: it needs room for a forwarding address behind the header."""
    size = sizeof(STRUCT)
    empty = STRUCT.gckind == "gc" and not is_varsize(STRUCT) and size_and_alignment(STRUCT)[0] == 0
    return size + WORD_BITS // 8 if empty else size


def _is_signed(TYPE: Any) -> bool:
    return bool(getattr(TYPE, "signed", False))


def _immutability(STRUCT: Any, name: str) -> tuple[bool, bool, bool]:
    """Whether a field is immutable, is quasi-immutable, and leads to immutable items."""
    immutable = STRUCT.hints.get("immutable", ())
    if immutable is True:
        return True, False, False
    items = f"{name}[*]" in immutable or f"{name}?[*]" in immutable
    quasi = f"{name}?" in immutable or f"{name}?[*]" in immutable
    return name in immutable or f"{name}[*]" in immutable, quasi, items


class DescriptorTable:
    """All descriptors of one program.

    Args:
        instance_types: from structure to the vtable pointer of its class.
        address_of: the machine word of a raw pointer (vtables).
        type_id_of: the type id of a GC type; by default they are numbered as they come.
        stub_of: the `CallStub` of a function type, for programs that are translated.
    """

    def __init__(
        self,
        instance_types: dict[Any, Pointer] | None = None,
        address_of: Callable[[Pointer], int] = cast_ptr_to_int,
        type_id_of: Callable[[Any], int] | None = None,
        stub_of: Callable[[FuncType], Any] | None = None,
    ) -> None:
        self.instance_types = instance_types if instance_types is not None else {}
        self.types: dict[Descriptor, Any] = {}
        self.fields: list[FieldDescriptor] = []
        self.arrays: list[ArrayDescriptor] = []
        self.address_of = address_of
        self._type_id_of = type_id_of or self._number_type
        self._stub_of = stub_of or (lambda FUNCTION: None)
        self._made: dict[Any, Any] = {}
        self._type_ids: dict[Any, int] = {}

    def type_of(self, descriptor: Descriptor) -> Any:
        """What a descriptor of this table describes: a type, or (structure, field name) of a field."""
        return self.types[descriptor]

    def type_id(self, TYPE: Any) -> int:
        """The type id of a GC type."""
        return self._type_id_of(resolve(TYPE))

    def size(self, STRUCT: Any) -> SizeDescriptor:
        """The descriptor of a structure as a whole."""
        STRUCT = resolve(STRUCT)
        known = self._made.get(STRUCT)
        if known is None:
            vtable = self.instance_types.get(STRUCT)
            address = 0 if vtable is None else self.address_of(vtable)
            known = SizeDescriptor(STRUCT.name, _allocated_size(STRUCT), self._id(STRUCT), address)
            self._made[STRUCT] = known
            self.types[known] = STRUCT
            known.fields = [self.field(OWNER, name) for OWNER, name in _data_fields(STRUCT)]
        return known

    def field(self, STRUCT: Any, name: str) -> FieldDescriptor:
        """The descriptor of a field, whether the structure or one that it begins with has it."""
        STRUCT = resolve(STRUCT)
        while name not in STRUCT.index and isinstance(STRUCT.types[0], Struct):
            STRUCT = STRUCT.types[0]
        known = self._made.get((STRUCT, name))
        if known is None:
            TYPE = resolve(STRUCT.field_type(name))
            immutable, quasi_immutable, items = _immutability(STRUCT, name)
            owner = self.size(STRUCT)
            if (STRUCT, name) in self._made:
                return self._made[STRUCT, name]
            known = FieldDescriptor(
                owner, f"{STRUCT.name}.{name}", offsetof(STRUCT, name), sizeof(TYPE), kind_of_type(TYPE),
                _is_signed(TYPE), immutable, quasi_immutable, len(self.fields), items,
            )
            self._remember((STRUCT, name), known, (STRUCT, name))
            self.fields.append(known)
        return known

    def array(self, ARRAY: Any) -> ArrayDescriptor:
        """The descriptor of an array, or of a structure that ends in one."""
        ARRAY = resolve(ARRAY)
        known = self._made.get(("array", ARRAY))
        if known is None:
            ITEMS = varsize_array(ARRAY)
            ITEM = resolve(ITEMS.ITEM)
            immutable = ITEMS.hints.get("immutable") is True
            if isinstance(ARRAY, Struct):
                whole, _, items = _immutability(ARRAY, ARRAY.names[-1])
                immutable = immutable or whole or items
            known = ArrayDescriptor(
                ARRAY.name if isinstance(ARRAY, Struct) else f"Array<{ITEM}>",
                array_items_offset_in(ARRAY), sizeof(ITEM), lengthoffsetof(ARRAY) if ITEMS.has_length else -1,
                "n" if isinstance(ITEM, Struct) else kind_of_type(ITEM), _is_signed(ITEM), self._id(ARRAY),
                immutable, len(self.arrays),
            )
            self._remember(("array", ARRAY), known, ARRAY)
            self.arrays.append(known)
        return known

    def interior_field(self, ARRAY: Any, name: str) -> InteriorFieldDescriptor:
        """The descriptor of a field of the structures in an array."""
        ARRAY = resolve(ARRAY)
        known = self._made.get(("interior", ARRAY, name))
        if known is None:
            known = InteriorFieldDescriptor(self.array(ARRAY), self.field(varsize_array(ARRAY).ITEM, name))
            self._remember(("interior", ARRAY, name), known, (ARRAY, name))
        return known

    def call(self, FUNCTION: FuncType, effect: EffectDescriptor) -> CallDescriptor:
        """The descriptor of calls of functions of a type with an effect."""
        known = self._made.get((FUNCTION, effect))
        if known is None:
            arguments = "".join(kind_of_type(ARGUMENT) for ARGUMENT in FUNCTION.ARGS if ARGUMENT is not Void)
            RESULT = FUNCTION.RESULT
            kind = kind_of_type(RESULT)
            name = f"call_{arguments or 'n'}_{kind}"
            size = 0 if kind == "n" else sizeof(RESULT)
            stub = self._stub_of(FUNCTION)
            passed = "".join("f" if resolve(ARGUMENT) is SingleFloat else kind_of_type(ARGUMENT)
                             for ARGUMENT in FUNCTION.ARGS if ARGUMENT is not Void)
            known = CallDescriptor(name, arguments, kind, size, _is_signed(RESULT), effect, stub, passed,
                                   resolve(RESULT) is SingleFloat)
            self._remember((FUNCTION, effect), known, FUNCTION)
        return known

    def _remember(self, key: Any, descriptor: Descriptor, described: Any) -> None:
        self._made[key] = descriptor
        self.types[descriptor] = described

    def _id(self, TYPE: Any) -> int:
        return self.type_id(TYPE) if TYPE.gckind == "gc" else 0

    def _number_type(self, TYPE: Any) -> int:
        return self._type_ids.setdefault(TYPE, 8 * (len(self._type_ids) + 1))


def _data_fields(STRUCT: Any) -> list[tuple[GcStruct, str]]:
    """The fields of a structure that hold one value, those of the structures that it begins with first."""
    found = []
    for name, TYPE in zip(STRUCT.names, STRUCT.types):
        TYPE = resolve(TYPE)
        if TYPE is Void:
            continue
        if not TYPE.is_container:
            found.append((STRUCT, name))
        elif name == STRUCT.names[0] and isinstance(TYPE, Struct):
            found.extend(_data_fields(TYPE))
    return found
