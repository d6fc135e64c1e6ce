"""The low-level types: what every value of a typed graph is, down to its bytes.

Types are compared by identity. Structural types (pointers, arrays, functions, structures) are interned when
they are made: building an equal type again gives the same object, so that the rtyper's millions of
comparisons and dictionary look-ups cost one pointer comparison each.

A structure that refers to itself goes through a forward reference:

    NODE_REFERENCE = GcForwardReference()
    NODE = GcStruct("node", ("value", Signed), ("next", Ptr(NODE_REFERENCE)))
    NODE_REFERENCE.become(NODE)

`Ptr(NODE_REFERENCE)` *is* `Ptr(NODE)` from then on. Two structures that are to stay different although name
and fields are equal (the instances of two classes that happen to look alike) are made with `unique=True`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

WORD_BITS = sys.maxsize.bit_length() + 1

HintItems = tuple[tuple[str, Any], ...]


class LowLevelType:
    """What all low-level types have in common. Equality is identity."""

    __slots__ = ("_pointer", "__weakref__")

    #: "gc", "raw" or "primitive": who owns memory of this type.
    gckind = "primitive"
    #: True for types whose values are memory (structures, arrays), False for values that fit a variable.
    is_container = False

    def __init__(self) -> None:
        self._pointer: Ptr | None = None

    def default_value(self) -> Any:
        """The value of zeroed memory of this type."""
        raise TypeError(f"{self} has no default value")

    def check(self, value: Any) -> Any:
        """Return `value` as it is stored in a place of this type; TypeError or OverflowError where it does
        not fit.
        """
        raise TypeError(f"a value cannot be stored as {self}")

    def __copy__(self) -> LowLevelType:
        return self

    def __deepcopy__(self, memo: Any) -> LowLevelType:
        return self


# Python classes of host values that have a low-level type of their own: exact class -> type.
_type_of_class: dict[type, LowLevelType] = {}


class Primitive(LowLevelType):
    """A type whose values are one machine value.

    `bits` is the width in memory, `minimum` and `maximum` the range of an integer type (None elsewhere).
    """

    __slots__ = ("name", "bits", "signed", "minimum", "maximum", "default", "value_class")

    def __init__(self, name: str, bits: int, signed: bool | None, default: Any) -> None:
        super().__init__()
        self.name = name
        self.bits = bits
        self.signed = signed
        self.default = default
        self.value_class: type | None = None
        self.minimum: int | None = None
        self.maximum: int | None = None
        if signed is not None:
            self.minimum = -(1 << (bits - 1)) if signed else 0
            self.maximum = (1 << (bits - 1)) - 1 if signed else (1 << bits) - 1

    def __repr__(self) -> str:
        return self.name

    def __reduce__(self) -> str:
        return self.name

    @property
    def is_integer(self) -> bool:
        """True for the integer types (not for Bool and Char)."""
        return self.signed is not None

    def default_value(self) -> Any:
        return self.default if self.value_class is None else self.value_class(self.default)

    def check(self, value: Any) -> Any:
        if _type_of_class.get(type(value)) is self:
            if self is Char and not (len(value) == 1 and value <= "\xff"):
                raise TypeError(f"{value!r} is not a Char")
            if self is Signed and type(value) is int and not self.minimum <= value <= self.maximum:  # type: ignore
                raise OverflowError(f"{value} does not fit Signed")
            return value
        if self.signed is not None and type(value) is int:
            if not self.minimum <= value <= self.maximum:  # type: ignore[operator]
                raise OverflowError(f"{value} does not fit {self}")
            return value if self.value_class is None else self.value_class(value)
        if self is SingleFloat and type(value) is float:
            return value
        if self is Address:
            return _check_address(value)
        raise TypeError(f"{value!r} is not a value of type {self}")

    def wrap(self, value: int) -> int:
        """Reduce a Python integer modulo 2**bits into this integer type's range."""
        value &= (1 << self.bits) - 1
        if self.signed and value >> (self.bits - 1):
            value -= 1 << self.bits
        return value


def _check_address(value: Any) -> Any:
    if getattr(value, "is_address", False):
        return value
    raise TypeError(f"{value!r} is not a value of type Address")


Void = Primitive("Void", 0, None, None)
Bool = Primitive("Bool", 8, None, False)
Char = Primitive("Char", 8, None, "\x00")
Signed = Primitive("Signed", WORD_BITS, True, 0)
Unsigned = Primitive("Unsigned", WORD_BITS, False, 0)
SignedLongLong = Primitive("SignedLongLong", 64, True, 0)
UnsignedLongLong = Primitive("UnsignedLongLong", 64, False, 0)
Int8 = Primitive("Int8", 8, True, 0)
UInt8 = Primitive("UInt8", 8, False, 0)
Int16 = Primitive("Int16", 16, True, 0)
UInt16 = Primitive("UInt16", 16, False, 0)
Int32 = Primitive("Int32", 32, True, 0)
UInt32 = Primitive("UInt32", 32, False, 0)
Int64 = SignedLongLong
UInt64 = UnsignedLongLong
Int128 = Primitive("Int128", 128, True, 0)
UInt128 = Primitive("UInt128", 128, False, 0)
Float = Primitive("Float", 64, None, 0.0)
SingleFloat = Primitive("SingleFloat", 32, None, 0.0)
Address = Primitive("Address", WORD_BITS, None, None)

#: Every primitive type by its name; the text form of types reads it.
PRIMITIVES: Mapping[str, Primitive] = {
    primitive.name: primitive
    for primitive in (
        Void, Bool, Char, Signed, Unsigned, SignedLongLong, UnsignedLongLong, Int8, UInt8, Int16, UInt16,
        Int32, UInt32, Int128, UInt128, Float, SingleFloat, Address,
    )
}  # fmt: skip

#: The integer types, narrow to wide.
INTEGERS: tuple[Primitive, ...] = tuple(
    primitive for primitive in PRIMITIVES.values() if primitive.is_integer
)

_type_of_class.update({type(None): Void, bool: Bool, str: Char, int: Signed, float: Float})


def register_value_class(value_class: type, TYPE: Primitive, primary: bool = True) -> None:
    """Say that host values of exactly `value_class` have the low-level type `TYPE`.

    With `primary`, integers read from a place of type TYPE are made with `value_class(int)`: this is how
    `rlib.rarithmetic` makes `r_uint` the host value of Unsigned without lltype knowing of it.
    """
    _type_of_class[value_class] = TYPE
    if primary:
        TYPE.value_class = value_class


def type_of_class(value_class: type) -> LowLevelType | None:
    """The low-level type of host values of exactly this class, None where there is none."""
    return _type_of_class.get(value_class)


# --------------------------------------------------------------------------------------------------
# containers


def resolve(TYPE: Any) -> Any:
    """The type that a forward reference became; any other type itself."""
    if isinstance(TYPE, ForwardReference):
        if TYPE.target is None:
            raise TypeError(f"{TYPE} is used before it became a type")
        return TYPE.target
    return TYPE


def _hint_items(hints: Mapping[str, Any] | None) -> HintItems:
    return tuple(sorted(hints.items())) if hints else ()


_interned: dict[Any, Any] = {}


def _field_type(owner: str, name: str, TYPE: Any) -> LowLevelType:
    if isinstance(TYPE, ForwardReference):
        TYPE = resolve(TYPE)
    if not isinstance(TYPE, LowLevelType):
        raise TypeError(f"field {name!r} of {owner}: {TYPE!r} is not a low-level type")
    return TYPE


class ContainerType(LowLevelType):
    """A type whose values live in memory and are reached through pointers."""

    __slots__ = ()
    gckind = "raw"
    is_container = True


class Struct(ContainerType):
    """A C structure: named fields in order.

    A field may be a container itself (it is then inlined). A GcStruct may begin with an inlined GcStruct,
    which is how instances inherit; nowhere else may a GC type be inlined. The last field may be an array of
    varying length.

    Hints with a meaning to several stages: `immutable` (True, or a tuple of immutable field names with the
    suffix `[*]` or `?` as RPython's `_immutable_fields_` has them), `external` ("C": laid out by a C
    compiler).
    """

    __slots__ = ("name", "fields", "names", "types", "index", "hint_items", "hints", "unique")

    name: str
    fields: tuple[tuple[str, LowLevelType], ...]
    names: tuple[str, ...]
    types: tuple[LowLevelType, ...]
    index: dict[str, int]
    hint_items: HintItems
    hints: dict[str, Any]
    unique: bool

    def __new__(
        cls,
        name: str,
        *fields: tuple[str, LowLevelType],
        hints: Mapping[str, Any] | None = None,
        unique: bool = False,
    ) -> Struct:
        checked = tuple((field, _field_type(name, field, TYPE)) for field, TYPE in fields)
        hint_items = _hint_items(hints)
        key = (cls, name, checked, hint_items)
        if not unique:
            known = _interned.get(key)
            if known is not None:
                return known  # type: ignore[no-any-return]
        self = object.__new__(cls)
        LowLevelType.__init__(self)
        self.name = name
        self.fields = checked
        self.names = tuple(field for field, _ in checked)
        self.types = tuple(TYPE for _, TYPE in checked)
        self.index = {field: number for number, field in enumerate(self.names)}
        self.hint_items = hint_items
        self.hints = dict(hint_items)
        self.unique = unique
        self._check_fields()
        if not unique:
            _interned[key] = self
        return self

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def _check_fields(self) -> None:
        if len(self.index) != len(self.names):
            raise TypeError(f"{self}: two fields have the same name")
        last = len(self.types) - 1
        for number, TYPE in enumerate(self.types):
            if TYPE.gckind == "gc" and not (self.gckind == "gc" and number == 0 and isinstance(TYPE, Struct)):
                raise TypeError(f"{self}: {TYPE} can be inlined only as the first field of a GcStruct")
            if isinstance(TYPE, (FuncType, OpaqueType)) and "external" not in getattr(TYPE, "hints", {}):
                raise TypeError(f"{self}: field {self.names[number]!r} must be a pointer to {TYPE}")
            if is_varsize(TYPE) and number != last:
                raise TypeError(f"{self}: {self.names[number]!r} has no fixed size and is not the last field")

    def field_type(self, name: str) -> LowLevelType:
        """The type of the field `name`; AttributeError where there is none."""
        try:
            return self.types[self.index[name]]
        except KeyError:
            raise AttributeError(f"{self} has no field {name!r}") from None

    @property
    def array_field(self) -> str | None:
        """The name of the last field if that is an array of varying length."""
        if self.types and is_varsize(self.types[-1]):
            return self.names[-1]
        return None

    @property
    def super_type(self) -> Struct | None:
        """The structure inlined as first field, if there is one."""
        if self.types and isinstance(self.types[0], Struct):
            return self.types[0]
        return None

    def __repr__(self) -> str:
        return f"{type(self).__name__} {self.name}"


class GcStruct(Struct):
    """A structure that the collector owns."""

    __slots__ = ()
    gckind = "gc"


class Array(ContainerType):
    """An array of varying length; the length stands in front of the items unless the hint `nolength` is
    set.
    """

    __slots__ = ("ITEM", "hint_items", "hints")

    ITEM: LowLevelType
    hint_items: HintItems
    hints: dict[str, Any]

    def __new__(cls, ITEM: LowLevelType, hints: Mapping[str, Any] | None = None) -> Array:
        ITEM = _field_type(cls.__name__, "item", ITEM)
        if ITEM.gckind == "gc" or isinstance(ITEM, (FuncType, OpaqueType)) or is_varsize(ITEM):
            raise TypeError(f"{ITEM} cannot be inlined in an array")
        hint_items = _hint_items(hints)
        key = (cls, ITEM, hint_items)
        known = _interned.get(key)
        if known is None:
            known = object.__new__(cls)
            LowLevelType.__init__(known)
            known.ITEM = ITEM
            known.hint_items = hint_items
            known.hints = dict(hint_items)
            _interned[key] = known
        return known

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    @property
    def has_length(self) -> bool:
        """False for C arrays, which do not know their length."""
        return "nolength" not in self.hints

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.ITEM})"


class GcArray(Array):
    """An array that the collector owns."""

    __slots__ = ()
    gckind = "gc"


class FixedSizeArray(ContainerType):
    """A C array of a length that is part of the type; always raw, usually inlined in a structure."""

    __slots__ = ("ITEM", "length")

    ITEM: LowLevelType
    length: int

    def __new__(cls, ITEM: LowLevelType, length: int) -> FixedSizeArray:
        ITEM = _field_type(cls.__name__, "item", ITEM)
        if ITEM.gckind == "gc" or is_varsize(ITEM):
            raise TypeError(f"{ITEM} cannot be inlined in an array")
        key = (cls, ITEM, length)
        known = _interned.get(key)
        if known is None:
            known = object.__new__(cls)
            LowLevelType.__init__(known)
            known.ITEM = ITEM
            known.length = length
            _interned[key] = known
        return known

    def __init__(self, *args: Any) -> None:
        pass

    def __repr__(self) -> str:
        return f"FixedSizeArray({self.ITEM}, {self.length})"


class FuncType(ContainerType):
    """The type of a function: argument types and result type."""

    __slots__ = ("ARGS", "RESULT")

    ARGS: tuple[LowLevelType, ...]
    RESULT: LowLevelType

    def __new__(cls, ARGS: Any, RESULT: LowLevelType) -> FuncType:
        ARGS = tuple(ARGS)
        for TYPE in (*ARGS, RESULT):
            if not isinstance(TYPE, LowLevelType) or TYPE.is_container:
                raise TypeError(f"{TYPE!r} cannot be an argument or a result of a function")
        key = (cls, ARGS, RESULT)
        known = _interned.get(key)
        if known is None:
            known = object.__new__(cls)
            LowLevelType.__init__(known)
            known.ARGS = ARGS
            known.RESULT = RESULT
            _interned[key] = known
        return known

    def __init__(self, *args: Any) -> None:
        pass

    def __repr__(self) -> str:
        return f"Func({', '.join(map(str, self.ARGS))}) -> {self.RESULT}"


class OpaqueType(ContainerType):
    """Memory whose inside only its owner knows. Interned by name."""

    __slots__ = ("name", "hint_items", "hints")

    name: str
    hint_items: HintItems
    hints: dict[str, Any]

    def __new__(cls, name: str, hints: Mapping[str, Any] | None = None) -> OpaqueType:
        hint_items = _hint_items(hints)
        key = (cls, name, hint_items)
        known = _interned.get(key)
        if known is None:
            known = object.__new__(cls)
            LowLevelType.__init__(known)
            known.name = name
            known.hint_items = hint_items
            known.hints = dict(hint_items)
            _interned[key] = known
        return known

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __repr__(self) -> str:
        return f"{type(self).__name__} {self.name}"


class GcOpaqueType(OpaqueType):
    """Opaque memory that the collector owns."""

    __slots__ = ()
    gckind = "gc"


class ForwardReference(ContainerType):
    """Stands for a type that is not known yet. Only a pointer to it may be used before `become`."""

    __slots__ = ("target",)

    def __init__(self) -> None:
        super().__init__()
        self.target: ContainerType | None = None

    def become(self, target: ContainerType) -> None:
        """Settle the reference: every `Ptr` of it is from now on the `Ptr` of `target`."""
        target = resolve(target)
        if self.target is not None:
            raise TypeError(f"{self} became a type before")
        if target.gckind != self.gckind:
            raise TypeError(f"{self} cannot become {target}: one is gc, the other raw")
        pointer = self._pointer
        if pointer is not None:
            if target._pointer is not None:
                raise TypeError(f"Ptr({target}) was made before the forward reference to it became it")
            pointer.TO = target
            target._pointer = pointer
        self.target = target

    def __repr__(self) -> str:
        return f"{type(self).__name__}({'' if self.target is None else self.target})"


class GcForwardReference(ForwardReference):
    """Stands for a GC type that is not known yet."""

    __slots__ = ()
    gckind = "gc"


class Ptr(LowLevelType):
    """A pointer to a container type; interned on that type."""

    __slots__ = ("TO", "_null")

    TO: ContainerType
    _null: Any

    def __new__(cls, TO: Any) -> Ptr:
        if isinstance(TO, ForwardReference) and TO.target is not None:
            TO = TO.target
        if not isinstance(TO, ContainerType):
            raise TypeError(f"a pointer cannot point to {TO!r}")
        known = TO._pointer
        if known is None:
            known = object.__new__(cls)
            LowLevelType.__init__(known)
            known.TO = TO
            known._null = None
            TO._pointer = known
        return known

    def __init__(self, TO: Any) -> None:
        pass

    @property
    def is_gc(self) -> bool:
        """True when the collector owns what this points to."""
        return self.TO.gckind == "gc"

    def default_value(self) -> Any:
        return _null_of(self)

    def check(self, value: Any) -> Any:
        if getattr(value, "_T", None) is not self:
            raise TypeError(f"{value!r} is not a value of type {self}")
        return value

    def __repr__(self) -> str:
        return f"Ptr({self.TO})"


def _null_of(TYPE: Ptr) -> Any:
    raise TypeError(f"{TYPE}: pointer values are not loaded")


def set_null_maker(maker: Any) -> None:
    """Tell the types how a null pointer is made; called once, by the module that defines pointer values."""
    global _null_of
    _null_of = maker


def is_varsize(TYPE: LowLevelType) -> bool:
    """True when the size of a container is only known when it is allocated."""
    if isinstance(TYPE, Array):
        return True
    return isinstance(TYPE, Struct) and bool(TYPE.types) and is_varsize(TYPE.types[-1])


def varsize_array(TYPE: ContainerType) -> Array:
    """The array type that gives a varying-size container its length."""
    while isinstance(TYPE, Struct):
        TYPE = TYPE.types[-1]  # type: ignore[assignment]
    if not isinstance(TYPE, Array):
        raise TypeError(f"{TYPE} has a fixed size")
    return TYPE


def contained_types(TYPE: LowLevelType) -> Iterator[LowLevelType]:
    """The types that `TYPE` directly consists of or refers to."""
    if isinstance(TYPE, Struct):
        yield from TYPE.types
    elif isinstance(TYPE, (Array, FixedSizeArray)):
        yield TYPE.ITEM
    elif isinstance(TYPE, Ptr):
        yield TYPE.TO
    elif isinstance(TYPE, FuncType):
        yield from TYPE.ARGS
        yield TYPE.RESULT


#: The pointer to any GC object.
GCREF = Ptr(GcOpaqueType("GCREF"))
#: A weak reference to a GC object, see `weakref_create`.
WEAKREF = Ptr(GcOpaqueType("WEAKREF"))
