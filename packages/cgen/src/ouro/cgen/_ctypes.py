"""Low-level types in C.

Every structure and array type becomes one C structure; each file declares those it mentions and defines those
whose inside it uses, so that a change of one type recompiles only the files that look into it.
"""

from __future__ import annotations

import hashlib
from typing import Any

from ouro.cgen._names import Names, field_name, mangle
from ouro.lltype import (
    GCREF,
    WEAKREF,
    Address,
    Array,
    Bool,
    Char,
    FixedSizeArray,
    Float,
    FuncType,
    GcArray,
    Int8,
    Int16,
    Int32,
    Int128,
    LowLevelType,
    OpaqueType,
    Ptr,
    Signed,
    SignedLongLong,
    SingleFloat,
    Struct,
    UInt8,
    UInt16,
    UInt32,
    UInt128,
    Unsigned,
    UnsignedLongLong,
    Void,
)

PRIMITIVE_NAMES: dict[LowLevelType, str] = {
    Void: "void",
    Bool: "Bool",
    Char: "Char",
    Signed: "Signed",
    Unsigned: "Unsigned",
    SignedLongLong: "SignedLongLong",
    UnsignedLongLong: "UnsignedLongLong",
    Int8: "int8_t",
    UInt8: "uint8_t",
    Int16: "int16_t",
    UInt16: "uint16_t",
    Int32: "int32_t",
    UInt32: "uint32_t",
    Int128: "__int128",
    UInt128: "unsigned __int128",
    Float: "double",
    SingleFloat: "float",
    Address: "char *",
}

WEAK_REFERENCE_TAG = "ouro_weak_reference"


def is_bare(TYPE: LowLevelType) -> bool:
    """True for arrays that are nothing but their items, so that a pointer to one is a pointer to an item."""
    return isinstance(TYPE, FixedSizeArray) or (isinstance(TYPE, Array) and not TYPE.has_length)


class CTypes:
    """The C names of types. One per program: a type has the same name in every file."""

    def __init__(self) -> None:
        self._tags: dict[LowLevelType, str] = {WEAKREF.TO: WEAK_REFERENCE_TAG}
        self._names = Names()
        self._names.unique(WEAK_REFERENCE_TAG)
        self._declarations: dict[LowLevelType, tuple[str, str]] = {}

    def tag(self, TYPE: LowLevelType) -> str:
        """The tag of the C structure of a structure or an array with length."""
        known = self._tags.get(TYPE)
        if known is None:
            if isinstance(TYPE, (Struct, OpaqueType)):
                base = TYPE.name
            elif isinstance(TYPE, Array):
                kind = "gcarray" if isinstance(TYPE, GcArray) else "array"
                base = f"{kind}_{self._word(TYPE.ITEM)}"
                if TYPE.hints:
                    base += "_" + "_".join(name for name, value in TYPE.hints.items() if value)
            else:
                raise TypeError(f"{TYPE} is no structure in C")
            known = self._tags[TYPE] = self._names.unique(base)
        return known

    def _word(self, TYPE: LowLevelType) -> str:
        if isinstance(TYPE, Ptr):
            return "p_" + self._word(TYPE.TO)
        if isinstance(TYPE, FuncType):
            return "function_" + hashlib.sha256(self.text(Ptr(TYPE)).encode()).hexdigest()[:8]
        if is_bare(TYPE):
            return "items_" + self._word(TYPE.ITEM)  # type: ignore[attr-defined]
        if isinstance(TYPE, (Struct, Array, OpaqueType)):
            return self.tag(TYPE)
        return mangle(str(TYPE))

    def _parts(self, TYPE: LowLevelType) -> tuple[str, str]:
        """What stands before and behind the name in a declaration of a variable of this type."""
        known = self._declarations.get(TYPE)
        if known is None:
            known = self._declarations[TYPE] = self._make_parts(TYPE)
        return known

    def _make_parts(self, TYPE: LowLevelType) -> tuple[str, str]:
        primitive = PRIMITIVE_NAMES.get(TYPE)
        if primitive is not None:
            return (primitive if primitive.endswith("*") else primitive + " "), ""
        if isinstance(TYPE, Ptr):
            TO: Any = TYPE.TO
            if isinstance(TO, FuncType):
                arguments = [self.text(ARG) for ARG in TO.ARGS if ARG is not Void]
                before, behind = self._parts(TO.RESULT)
                return f"{before}(*", f")({', '.join(arguments) or 'void'}){behind}"
            if is_bare(TO):
                if TO.ITEM is Void:
                    return "void *", ""
                before, behind = self._parts(TO.ITEM)
                if is_bare(TO.ITEM):
                    return f"{before}(*", f"){behind}"
                return f"{before}*", behind
            if TYPE is GCREF or (isinstance(TO, OpaqueType) and TO is not WEAKREF.TO):
                return "void *", ""
            return f"struct {self.tag(TO)} *", ""
        if isinstance(TYPE, FixedSizeArray):
            before, behind = self._parts(TYPE.ITEM)
            return before, f"[{max(TYPE.length, 1)}]{behind}"
        if isinstance(TYPE, Array) and not TYPE.has_length:
            before, behind = self._parts(TYPE.ITEM)
            return before, f"[]{behind}"
        if isinstance(TYPE, OpaqueType):
            if "size" in TYPE.hints:
                return "struct { _Alignas(8) char opaque[%d]; } " % TYPE.hints["size"], ""
            return "char ", "[1]"
        return f"struct {self.tag(TYPE)} ", ""

    def declare(self, TYPE: LowLevelType, name: str) -> str:
        """The declaration of `name` with this type."""
        before, behind = self._parts(TYPE)
        return f"{before}{name}{behind}"

    def text(self, TYPE: LowLevelType) -> str:
        """The type alone, as in a cast."""
        before, behind = self._parts(TYPE)
        return f"{before}{behind}".rstrip()

    def prototype(self, TYPE: FuncType, name: str, arguments: list[str] | None = None) -> str:
        """The head of a function; `arguments` are the names of those that are not Void."""
        ARGS = [ARG for ARG in TYPE.ARGS if ARG is not Void]
        names = arguments if arguments is not None else [""] * len(ARGS)
        text = ", ".join(self.declare(ARG, argument).rstrip() for ARG, argument in zip(ARGS, names))
        before, behind = self._parts(TYPE.RESULT)
        return f"{before}{name}({text or 'void'}){behind}"

    # ---- definitions

    def inlined(self, TYPE: Any) -> list[LowLevelType]:
        """The structures that must be defined before this one."""
        found: list[LowLevelType] = []
        FIELD: Any
        for FIELD in self.field_types(TYPE):
            while is_bare(FIELD):
                FIELD = FIELD.ITEM
            if isinstance(FIELD, (Struct, Array)):
                found.append(FIELD)
        return found

    def pointed_tags(self, TYPE: LowLevelType) -> list[str]:
        """The tags that the declaration of a variable of this type mentions."""
        if isinstance(TYPE, Ptr):
            TO: Any = TYPE.TO
            if isinstance(TO, FuncType):
                return [tag for PART in (*TO.ARGS, TO.RESULT) for tag in self.pointed_tags(PART)]
            if is_bare(TO):
                return self.pointed_tags(TO.ITEM)
            if isinstance(TO, OpaqueType) and TO is not WEAKREF.TO:
                return []
            return [self.tag(TO)]
        if is_bare(TYPE):
            return self.pointed_tags(TYPE.ITEM)  # type: ignore[attr-defined]
        if isinstance(TYPE, (Struct, Array)):
            return [self.tag(TYPE)]
        return []

    def field_types(self, TYPE: Any) -> list[LowLevelType]:
        """The types of what a structure holds."""
        return list(TYPE.types) if isinstance(TYPE, Struct) else [TYPE.ITEM]

    def definition(self, TYPE: Any, length: int | None = None) -> str:
        """The C structure of a structure or array type.

        With a `length` it is an anonymous one for static data whose array at the end has that many items.
        """
        head = "struct {" if length is not None else f"struct {self.tag(TYPE)} {{"
        return f"{head} {' '.join(self.members(TYPE, length))} }}"

    def members(self, TYPE: Any, length: int | None = None) -> list[str]:
        """The members of that structure."""
        members = []
        if isinstance(TYPE, Struct):
            if TYPE.gckind == "gc" and not (TYPE.super_type and TYPE.super_type.gckind == "gc"):
                members.append("struct ouro_gc_header gc;")
            if "layout" in TYPE.hints:
                return self._padded_members(TYPE)
            for name, FIELD in TYPE.fields:
                if FIELD is Void:
                    continue
                if length is not None and name == TYPE.names[-1]:
                    if is_bare(FIELD):
                        members.append(self._items(FIELD, field_name(name), length))
                    else:
                        members.append(f"{self.definition(FIELD, length)} {field_name(name)};")
                else:
                    members.append(f"{self.declare(FIELD, field_name(name))};")
            return members or ["char empty[0];"]
        if TYPE.gckind == "gc":
            members.append("struct ouro_gc_header gc;")
        members.append("Signed length;")
        if TYPE.ITEM is not Void:
            members.append(self._items(TYPE, "items", length))
        return members

    def _items(self, TYPE: Any, name: str, length: int | None) -> str:
        size = "" if length is None else str(max(length, 1))
        return f"{self.declare(TYPE.ITEM, f'{name}[{size}]')};"

    def _padded_members(self, TYPE: Struct) -> list[str]:
        """Members placed where a C compiler put them in the structure that this type stands for."""
        offsets, size, alignment = TYPE.hints["layout"]
        members = []
        for (name, FIELD), offset in sorted(zip(TYPE.fields, offsets), key=lambda item: item[1]):
            padding = f"char before_{field_name(name)}[{offset}]; " if offset else ""
            members.append(
                f"struct {{ {padding}{self.declare(FIELD, field_name(name))}; }} __attribute__((packed));"
            )
        whole = f"char whole[{size}];"
        return [f"union {{ {' '.join(members)} {whole} }} __attribute__((aligned({alignment})));"]
