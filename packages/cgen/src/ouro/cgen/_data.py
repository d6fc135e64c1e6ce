"""Prebuilt data: checked containers become static C data.

A container gets its symbol when something first refers to it, and is written when its file is rendered.
Vtables of classes stand in the type table; the symbols of both rows (`tid_*`) and vtables (`vt_*`) are
link-time constants that the file of the table defines, so that no other file depends on the order of types.
"""

from __future__ import annotations

from typing import Any

from ouro.cgen._ctypes import CTypes, is_bare
from ouro.cgen._files import SourceFile, c_string
from ouro.cgen._names import Names, field_name
from ouro.lltype import (
    NULL,
    WEAKREF,
    Address,
    AddressOffset,
    Array,
    ArrayContainer,
    ArrayItemsOffset,
    ArrayLengthOffset,
    Bool,
    Char,
    CompositeOffset,
    Container,
    FieldOffset,
    FixedSizeArray,
    Float,
    FunctionContainer,
    GcOpaqueType,
    ItemOffset,
    LowLevelType,
    OpaqueContainer,
    PlainOffset,
    Pointer,
    PointerWord,
    Primitive,
    Ptr,
    Signed,
    SingleFloat,
    SizeOf,
    Struct,
    StructContainer,
    TypeIdWord,
    Unsigned,
    Void,
    WeakRefContainer,
    container_of,
    is_uninitialized,
    is_varsize,
)

#: Data files are begun anew after about so many characters, so that they compile in parallel.
DATA_FILE_SIZE = 400_000


def varsize_length(container: Any) -> int | None:
    """The number of items at the end of a varying-size container."""
    if not is_varsize(container.TYPE):
        return None
    while isinstance(container.TYPE, Struct):
        container = container.read(len(container.TYPE.types) - 1)
    if isinstance(container, ArrayContainer):
        return len(container.values)
    length: int = container.length()
    return length


class Data:
    """All prebuilt data of a program, and constants as C expressions.

    `functions` names function containers; `type_table` is the collector's; `prebuilt_flags` go in object
    headers.
    """

    def __init__(
        self, types: CTypes, names: Names, functions: Any, type_table: Any, prebuilt_flags: int
    ) -> None:
        self.types = types
        self.names = names
        self.functions = functions
        self.type_table = type_table
        self.prebuilt_flags = prebuilt_flags
        self._symbols: dict[Container, str] = {}
        self._opaque_symbols: dict[str, str] = {}
        self.pending: list[Container] = []
        self._row_symbols: dict[int, str] = {}
        self.vtables: dict[Any, Any] = {}

    # ---- symbols

    def row_symbol(self, row: Any) -> str:
        """The symbol whose address is the type id of a row."""
        known = self._row_symbols.get(row.number)
        if known is None:
            known = self._row_symbols[row.number] = self.names.unique(
                "tid_" + (self.types.tag(row.TYPE) if row.TYPE is not None else "none")
            )
        return known

    def symbol(self, container: Container) -> str:
        """The C name of a container that is not inlined."""
        known = self._symbols.get(container)
        if known is None:
            TYPE: Any = container.TYPE
            if container in self.vtables:
                known = self.names.unique("vt_" + self.types.tag(self.vtables[container]))
            else:
                base = self.types.tag(TYPE) if not is_bare(TYPE) else "items"
                known = self.names.unique("d_" + base)
                self.pending.append(container)
            self._symbols[container] = known
        return known

    def place(self, container: Container, file: SourceFile) -> str:
        """A C lvalue that is the container."""
        parent = container.parent
        if parent is None:
            if isinstance(container, OpaqueContainer):
                raise TypeError(f"{container.describe()} is opaque and cannot be prebuilt data")
            symbol = self.symbol(container)
            file.declare_data(container.TYPE, symbol)
            return symbol
        outer = self.place(parent, file)
        file.define(parent.TYPE)
        index = container.parent_index
        PARENT: Any = parent.TYPE
        if isinstance(PARENT, Struct):
            return f"{outer}.{field_name(PARENT.names[index])}"
        return f"{outer}[{index}]" if is_bare(PARENT) else f"{outer}.items[{index}]"

    def reference(self, container: Container, file: SourceFile) -> str:
        """A C expression for the address of a container."""
        if isinstance(container, FunctionContainer):
            name: str = self.functions(container, file)
            return name
        if isinstance(container, OpaqueContainer) and container.parent is None:
            symbol = self.symbol(container)
            file.declare_text(f"extern char {symbol}[];")
            return symbol
        place = self.place(container, file)
        return place if is_bare(container.TYPE) else f"&{place}"

    # ---- constants

    def pointer(self, pointer: Pointer, file: SourceFile) -> str:
        """A pointer constant."""
        container = container_of(pointer)
        PTR = pointer._T
        if container is None:
            return "NULL"
        if isinstance(container, int):
            return f"(({file.text(PTR)})(Signed){container})"
        text = self.reference(container, file)
        if container.TYPE is not PTR.TO:
            return f"(({file.text(PTR)}){text})"
        return text

    def constant(self, value: Any, TYPE: LowLevelType, file: SourceFile) -> str:
        """Any constant as a C expression that is also a static initializer."""
        if isinstance(TYPE, Ptr):
            return self.pointer(value, file)
        if is_uninitialized(value) or value is None:
            return "0"
        if isinstance(value, AddressOffset):
            return f"({self.types.text(TYPE)})({self.offset(value, file)})"
        if TYPE is Char:
            return str(ord(value))
        if TYPE is Bool:
            return "1" if value else "0"
        if TYPE is Float or TYPE is SingleFloat:
            return float_constant(float(value))
        if TYPE is Address:
            return self.address(value, file)
        assert isinstance(TYPE, Primitive)
        return integer_constant(int(value), TYPE)

    def address(self, value: Any, file: SourceFile) -> str:
        """A constant address: that of a container, plus offsets."""
        if value == NULL:
            return "NULL"
        container = getattr(value, "container", None)
        if container is None:
            return f"((char *){value.value}ul)"
        text = f"(char *){self.reference(container, file)}"
        for part in value.offset:
            text += f" + {self.offset(part, file)}"
        return f"({text})"

    def offset(self, value: AddressOffset, file: SourceFile) -> str:
        """A symbolic offset."""
        if isinstance(value, PlainOffset):
            return str(value.number)
        if isinstance(value, CompositeOffset):
            return " + ".join(self.offset(part, file) for part in value.parts)
        if isinstance(value, ItemOffset):
            return f"({self.offset(value.size, file)}) * {value.count}"
        if isinstance(value, PointerWord):
            return f"(uintptr_t){self.pointer(value.pointer, file)}"
        row = self.type_table.row_for(value.TYPE) if isinstance(value, TypeIdWord) else getattr(value, "row", None)
        if row is not None:
            symbol = self.row_symbol(row)
            file.declare_text(f"extern const char {symbol}[];")
            return f"(uintptr_t){symbol}"
        TYPE: Any = value.TYPE  # type: ignore[attr-defined]
        file.mention(TYPE)
        if isinstance(value, SizeOf):
            if TYPE is Void:
                return "0"
            if isinstance(TYPE, Array) and not TYPE.has_length:
                return "0"
            if isinstance(TYPE, GcOpaqueType) and TYPE is not WEAKREF.TO:
                raise TypeError(f"{TYPE} has no size")
            return f"sizeof({self.types.text(TYPE)})"
        file.define(TYPE)
        if isinstance(value, FieldOffset):
            return f"offsetof(struct {self.types.tag(TYPE)}, {field_name(value.field)})"
        if is_bare(TYPE):
            return "0"
        if isinstance(value, ArrayLengthOffset):
            return f"offsetof(struct {self.types.tag(TYPE)}, length)"
        assert isinstance(value, ArrayItemsOffset)
        if TYPE.ITEM is Void:
            return f"sizeof(struct {self.types.tag(TYPE)})"
        return f"offsetof(struct {self.types.tag(TYPE)}, items)"

    # ---- definitions

    def header(self, TYPE: Any, file: SourceFile) -> str:
        """The initializer of the header of a prebuilt object of this type."""
        symbol = self.row_symbol(self.type_table.row_for(TYPE))
        file.declare_text(f"extern const char {symbol}[];")
        return f"OURO_GC_HEADER({symbol}, {self.prebuilt_flags})"

    def initializer(self, container: Any, file: SourceFile, owner: Any = None) -> str:
        """The braces of a container; `owner` is the type of the whole object that it is a part of."""
        TYPE: Any = container.TYPE
        owner = TYPE if owner is None else owner
        if isinstance(container, WeakRefContainer):
            target = container.reference()
            text = "NULL" if target is None else f"(void *){self.reference(target, file)}"
            return f"{{ {self.header(TYPE, file)}, {text} }}"
        if isinstance(TYPE, Struct):
            return self._struct_initializer(container, file, owner)
        ITEM = TYPE.ITEM
        if isinstance(container, ArrayContainer):
            values = container.values
        else:
            count = TYPE.length if isinstance(TYPE, FixedSizeArray) else container.length()
            values = [container.read(index) for index in range(count)]
        items = self._items(values, ITEM, file, owner)
        if is_bare(TYPE):
            return items
        head = f"{self.header(owner, file)}, " if TYPE.gckind == "gc" else ""
        return f"{{ {head}{len(values)} }}" if ITEM is Void else f"{{ {head}{len(values)}, {items} }}"

    def _items(self, values: list[Any], ITEM: LowLevelType, file: SourceFile, owner: Any) -> str:
        if not values or ITEM is Void:
            return "{ 0 }" if not ITEM.is_container else "{ }"
        if ITEM is Char:
            text = "".join("\0" if is_uninitialized(value) else value for value in values)
            pieces = [c_string(text[start : start + 2000]) for start in range(0, len(text), 2000)]
            return "\n    ".join(pieces)
        if ITEM.is_container:
            parts = [self.initializer(value, file, owner) for value in values]
        else:
            parts = [self.constant(value, ITEM, file) for value in values]
        lines = [", ".join(parts[start : start + 16]) for start in range(0, len(parts), 16)]
        return "{ " + ",\n    ".join(lines) + " }"

    def _struct_initializer(self, container: Any, file: SourceFile, owner: Any) -> str:
        TYPE: Struct = container.TYPE
        parts = []
        if TYPE.gckind == "gc" and not (TYPE.super_type and TYPE.super_type.gckind == "gc"):
            parts.append(self.header(owner, file))
        values = container.values if isinstance(container, StructContainer) else None
        for index, FIELD in enumerate(TYPE.types):
            if FIELD is Void:
                continue
            value = values[index] if values is not None else container.read(index)
            if FIELD.is_container:
                if isinstance(FIELD, (Struct, Array, FixedSizeArray)):
                    parts.append(self.initializer(value, file, owner))
                else:
                    parts.append("{ 0 }")
            else:
                parts.append(self.constant(value, FIELD, file))
        return "{ " + ", ".join(parts) + " }" if parts else "{ }"

    def definition(self, container: Any, file: SourceFile) -> str:
        """The C definition of a container."""
        TYPE: Any = container.TYPE
        symbol = self.symbol(container)
        if isinstance(container, OpaqueContainer):
            return f"char {symbol}[16] __attribute__((aligned(16)));"
        initializer = self.initializer(container, file)
        file.define(TYPE)
        if is_bare(TYPE):
            count = len(container.values) if isinstance(container, ArrayContainer) else container.length()
            return f"{self.types.declare(TYPE.ITEM, f'{symbol}[{max(count, 1)}]')} = {initializer};"
        length = varsize_length(container)
        if length is None:
            return f"struct {self.types.tag(TYPE)} {symbol} = {initializer};"
        # The structure with an array of this very length; other files, and this one, see it as the general
        # type.
        hidden = f"{symbol}_data"
        for INNER in self.types.inlined(TYPE):
            file.define(INNER)
        alias = f'__asm__(".globl {symbol}\\n.set {symbol}, {hidden}");'
        return (
            f"{self.types.definition(TYPE, length)} {hidden} __attribute__((used)) = {initializer};\n{alias}"
        )


def integer_constant(value: int, TYPE: Primitive) -> str:
    """An integer as a C constant of its type."""
    if TYPE.bits <= 32:
        return f"({value})" if value < 0 else str(value)
    if TYPE.bits > 64:
        high, low = value >> 64, value & ((1 << 64) - 1)
        kind = "__int128" if TYPE.signed else "unsigned __int128"
        return f"((({kind}){high}ll << 64) | {low}ull)"
    suffix = "L" if TYPE in (Signed, Unsigned) else "LL"
    if not TYPE.signed:
        return f"{value}U{suffix}"
    if value == TYPE.minimum:
        return f"({value + 1}{suffix} - 1)"
    return f"({value}{suffix})" if value < 0 else f"{value}{suffix}"


def float_constant(value: float) -> str:
    """A float as an exact C constant."""
    if value != value:
        return '__builtin_nan("")'
    if value in (float("inf"), float("-inf")):
        return "__builtin_inf()" if value > 0 else "(-__builtin_inf())"
    text = repr(value)
    return f"({text})" if text.startswith("-") else text
