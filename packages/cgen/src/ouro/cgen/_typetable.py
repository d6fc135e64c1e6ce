"""The type table in C: rows, vtables behind them, and the link-time constants that name them.

A type id is the offset of a row in the table. Other files know it as the address of the symbol `tid_*`, and
a vtable as the object `vt_*`; both symbols are set here, in assembler, from `offsetof`: so the order and the
size of rows may change without any other file being compiled again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ouro.cgen._files import SourceFile
from ouro.lltype import AddressOffset, container_of

if TYPE_CHECKING:
    from ouro.cgen._program import ProgramWriter

_PER_FUNCTION = 200


def write_type_table(writer: ProgramWriter, file: SourceFile) -> None:
    """Write the table of all rows that were asked for, those of vtables without prebuilt objects included."""
    data, types = writer.data, writer.types
    table = writer.collected.type_table
    for TYPE, vtable in writer.program.instance_types.items():
        if vtable and TYPE.gckind == "gc":
            table.row_for(TYPE)
    members, values, symbols = [], [], []
    position = 0
    while position < len(table.rows):  # vtables may refer to data with types that are new
        row = table.rows[position]
        position += 1
        members.append(f"    struct ouro_type_row row{row.number};")
        values.append("    " + _row_initializer(writer, row, file) + ",")
        symbols.append((data.row_symbol(row), f"row{row.number}", False))
        if row.vtable:
            container = container_of(row.vtable).top()
            file.define(container.TYPE)
            members.append(f"    struct {types.tag(container.TYPE)} vtable{row.number};")
            values.append(f"    {data.initializer(container, file)},")
            symbols.append((data.symbol(container), f"vtable{row.number}", True))
    pool = ", ".join(_number(writer, offset, file) for offset in table.pool)
    file.body += [f"const uint32_t ouro_gc_offsets[] = {{ {pool} }};", ""]
    file.body += ["struct ouro_type_table {", *members, "};", ""]
    file.body += ["struct ouro_type_table ouro_type_table = {", *values, "};", ""]
    for start in range(0, len(symbols), _PER_FUNCTION):
        file.body.append(f"__attribute__((used)) static void define_symbols_{start}(void)")
        file.body.append("{")
        for symbol, member, is_object in symbols[start : start + _PER_FUNCTION]:
            base = "ouro_type_table+" if is_object else ""
            file.body.append(
                f'    __asm__ volatile (".globl {symbol}\\n.set {symbol}, {base}%c0" '
                f': : "i"(offsetof(struct ouro_type_table, {member})));'
            )
        file.body.append("}")


def _number(writer: ProgramWriter, offset: object, file: SourceFile) -> str:
    return writer.data.offset(offset, file) if isinstance(offset, AddressOffset) else str(offset)


def _row_initializer(writer: ProgramWriter, row: object, file: SourceFile) -> str:
    numbers = [
        _number(writer, getattr(row, name), file)
        for name in ("flags", "fixed_size", "item_size", "length_offset", "pointers", "item_pointers")
    ]
    finalizer = getattr(row, "finalizer", None)
    pointer = f"(void (*)(void *)){writer.data.pointer(finalizer, file)}" if finalizer else "NULL"
    return f"{{ {', '.join(numbers)}, {pointer} }}"
