"""One C file: its body, and the declarations that the body turned out to need.

A file declares exactly what it mentions, so that a change elsewhere in the program leaves it as it is and it
is not compiled again.
"""

from __future__ import annotations

from typing import Any

from ouro.cgen._ctypes import CTypes, is_bare
from ouro.lltype import Array, FuncType, LowLevelType, Ptr, Struct


class SourceFile:
    """Collects one C file. `name` is its file name."""

    def __init__(self, name: str, types: CTypes) -> None:
        self.name = name
        self.types = types
        self.body: list[str] = []
        self._tags: dict[str, None] = {}
        self._definitions: dict[LowLevelType, None] = {}
        self._declarations: dict[str, None] = {}
        self._seen_types: set[LowLevelType] = set()
        self._positions: dict[tuple[str, str, int, int], int] = {}
        self.uses_type_table = False

    # ---- what the body needs

    def mention(self, TYPE: LowLevelType) -> None:
        """A variable of this type is declared."""
        if TYPE in self._seen_types:
            return
        self._seen_types.add(TYPE)
        for tag in self.types.pointed_tags(TYPE):
            self._tags[tag] = None
        if is_bare(TYPE):
            self.mention(TYPE.ITEM)  # type: ignore[attr-defined]
        elif TYPE.is_container:
            self.define(TYPE)

    def define(self, TYPE: Any) -> None:
        """The body looks inside a container of this type."""
        while is_bare(TYPE):
            TYPE = TYPE.ITEM
        if isinstance(TYPE, Ptr):
            self.mention(TYPE)
            return
        if not isinstance(TYPE, (Struct, Array)) or TYPE in self._definitions:
            return
        for INNER in self.types.inlined(TYPE):
            self.define(INNER)
        for FIELD in self.types.field_types(TYPE):
            for tag in self.types.pointed_tags(FIELD):
                self._tags[tag] = None
        self._tags[self.types.tag(TYPE)] = None
        self._definitions[TYPE] = None

    def text(self, TYPE: LowLevelType) -> str:
        """The C name of a type, declared in this file."""
        self.mention(TYPE)
        return self.types.text(TYPE)

    def declare(self, TYPE: LowLevelType, name: str) -> str:
        """The declaration of a variable."""
        self.mention(TYPE)
        return self.types.declare(TYPE, name)

    def declare_function(self, TYPE: FuncType, name: str) -> None:
        """The body uses a function."""
        for PART in (*TYPE.ARGS, TYPE.RESULT):
            self.mention(PART)
        self._declarations[self.types.prototype(TYPE, name) + ";"] = None

    def declare_data(self, TYPE: Any, name: str) -> None:
        """The body uses a piece of prebuilt data by its address."""
        if is_bare(TYPE):
            self.mention(TYPE.ITEM)
            self._declarations[f"extern {self.types.declare(TYPE.ITEM, name + '[]')};"] = None
        else:
            tag = self.types.tag(TYPE)
            self._tags[tag] = None
            self._declarations[f"extern struct {tag} {name};"] = None

    def declare_text(self, declaration: str) -> None:
        """The body uses something with this declaration."""
        self._declarations[declaration] = None

    def position(self, filename: str, function: str, line: int, caller: int = -1) -> int:
        """The number of a place in the source, for tracebacks; `caller` is where it was inlined, if it was."""
        key = (filename, function, line, caller)
        number = self._positions.get(key)
        if number is None:
            number = self._positions[key] = len(self._positions)
        return number

    # ---- output

    def render(self) -> str:
        """The text of the file."""
        lines = ['#include "ouro.h"', ""]
        lines += [f"struct {tag};" for tag in self._tags]
        lines += [self.types.definition(TYPE).replace("; ", ";\n    ").replace("{ ", "{\n    ", 1) + ";"
                  for TYPE in self._definitions]  # fmt: skip
        lines += self._declarations
        if self._positions:
            lines.append("static const struct ouro_position positions[] = {")
            lines += [
                f"    {{{c_string(file)}, {c_string(function)}, {line}, "
                f"{f'&positions[{caller}]' if caller >= 0 else 'NULL'}}},"
                for file, function, line, caller in self._positions
            ]
            lines.append("};")
        lines.append("")
        lines += self.body
        lines.append("")
        return "\n".join(lines)


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "?": "\\?"}
_CHARACTERS = [
    _ESCAPES.get(chr(code)) or (chr(code) if 32 <= code < 127 else f"\\{code:03o}") for code in range(256)
]
_TRANSLATION = {code: text for code, text in enumerate(_CHARACTERS)}


def c_string(text: str) -> str:
    """A string literal of 8-bit characters; characters beyond are written in UTF-8."""
    if not text.isascii() and any(character > "\xff" for character in text):
        text = text.encode().decode("latin-1")
    return f'"{text.translate(_TRANSLATION)}"'
