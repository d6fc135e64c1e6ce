"""Low-level types as text.

Structures are named (`%node`) and defined one by one, so that recursive types have a finite text; everything
else is written in place:

    Signed   Ptr(%node)   GcArray(Char)   Array(Char, {'nolength': True})   FixedSizeArray(Signed, 4)
    Func(Signed, Ptr(%node)) -> Void   Opaque(name)   GcOpaque(GCREF)

A definition is `GcStruct node (next: Ptr(%node), value: Signed)`, with the hints as a dictionary behind it
and the word `unique` for a structure that is not shared with one that looks alike.
"""

from __future__ import annotations

import re
from typing import Any

from ouro.lltype import (
    PRIMITIVES,
    Array,
    FixedSizeArray,
    ForwardReference,
    FuncType,
    GcArray,
    GcForwardReference,
    GcOpaqueType,
    GcStruct,
    OpaqueType,
    Ptr,
    Struct,
)
from ouro.rtyper._lexer import Lexer

__all__ = ["TypeNames", "TypeReader"]

_NOT_IDENTIFIER = re.compile(r"[^A-Za-z0-9_]")


class TypeNames:
    """Names for the structures that a text mentions, and the definitions still to be written."""

    def __init__(self) -> None:
        self._names: dict[Any, str] = {}
        self._used: dict[str, int] = {}
        self.pending: list[Struct] = []

    def name(self, TYPE: Struct) -> str:
        """The structure's name, `%` included; a new one is queued for its definition."""
        known = self._names.get(TYPE)
        if known is None:
            base = _NOT_IDENTIFIER.sub("_", TYPE.name)
            count = self._used.get(base, 0)
            self._used[base] = count + 1
            known = f"%{base}" if count == 0 else f"%{base}.{count}"
            self._names[TYPE] = known
            self.pending.append(TYPE)
        return known

    def text(self, TYPE: Any) -> str:
        """A type as it is written in place."""
        if isinstance(TYPE, Struct):
            return self.name(TYPE)
        if isinstance(TYPE, Ptr):
            return f"Ptr({self.text(TYPE.TO)})"
        if isinstance(TYPE, FixedSizeArray):
            return f"FixedSizeArray({self.text(TYPE.ITEM)}, {TYPE.length})"
        if isinstance(TYPE, Array):
            hints = f", {TYPE.hints!r}" if TYPE.hints else ""
            return f"{type(TYPE).__name__}({self.text(TYPE.ITEM)}{hints})"
        if isinstance(TYPE, FuncType):
            return f"Func({', '.join(map(self.text, TYPE.ARGS))}) -> {self.text(TYPE.RESULT)}"
        if isinstance(TYPE, OpaqueType):
            hints = f", {TYPE.hints!r}" if TYPE.hints else ""
            word = "GcOpaque" if isinstance(TYPE, GcOpaqueType) else "Opaque"
            return f"{word}({TYPE.name}{hints})"
        return str(TYPE)

    def definition(self, TYPE: Struct) -> str:
        """The definition of a structure: what stands behind `type %name =`."""
        fields = ", ".join(f"{name}: {self.text(FIELD)}" for name, FIELD in TYPE.fields)
        hints = f" {TYPE.hints!r}" if TYPE.hints else ""
        unique = " unique" if TYPE.unique else ""
        return f"{type(TYPE).__name__} {_quoted(TYPE.name)} ({fields}){hints}{unique}"


def _quoted(name: str) -> str:
    return name if name.isidentifier() else repr(name)


class TypeReader:
    """Reads types, and structures by name, defined before or after their use."""

    def __init__(self) -> None:
        self._defined: dict[str, Any] = {}
        self._is_gc: dict[str, bool] = {}

    def known(self, name: str) -> Any:
        """The structure called `name`; KeyError when it has no definition."""
        TYPE = self._defined[name]
        if isinstance(TYPE, ForwardReference):
            raise KeyError(name)
        return TYPE

    def read(self, lexer: Lexer) -> Any:
        """Read a type written in place."""
        kind, text = lexer.next()
        if kind == "type":
            return self._lookup(text)
        if text in PRIMITIVES:
            return PRIMITIVES[text]
        if text == "Ptr":
            lexer.expect("(")
            TYPE = Ptr(self.read(lexer))
            lexer.expect(")")
            return TYPE
        if text in ("Array", "GcArray"):
            lexer.expect("(")
            ITEM = self.read(lexer)
            hints = lexer.literal() if lexer.accept(",") else None
            lexer.expect(")")
            return (GcArray if text == "GcArray" else Array)(ITEM, hints=hints)
        if text == "FixedSizeArray":
            lexer.expect("(")
            ITEM = self.read(lexer)
            lexer.expect(",")
            length = lexer.literal()
            lexer.expect(")")
            return FixedSizeArray(ITEM, length)
        if text == "Func":
            lexer.expect("(")
            arguments = []
            while not lexer.accept(")"):
                arguments.append(self.read(lexer))
                lexer.accept(",")
            lexer.expect("->")
            return FuncType(arguments, self.read(lexer))
        if text in ("Opaque", "GcOpaque"):
            lexer.expect("(")
            name = lexer.word()
            hints = lexer.literal() if lexer.accept(",") else None
            lexer.expect(")")
            return (GcOpaqueType if text == "GcOpaque" else OpaqueType)(name, hints=hints)
        raise lexer.error(f"{text!r} is not a type")

    def _lookup(self, name: str) -> Any:
        TYPE = self._defined.get(name)
        if TYPE is None:
            reference = GcForwardReference() if self._is_gc[name] else ForwardReference()
            TYPE = self._defined[name] = reference
        return TYPE

    def declare(self, name: str, is_gc: bool) -> None:
        """Say that a structure of this name is defined further down."""
        self._is_gc[name] = is_gc

    def define(self, name: str, lexer: Lexer) -> Any:
        """Read the definition of a structure and settle the references to it."""
        word = lexer.word()
        maker = {"GcStruct": GcStruct, "Struct": Struct}[word]
        struct_name = lexer.word()
        lexer.expect("(")
        fields = []
        while not lexer.accept(")"):
            field_name = lexer.word()
            lexer.expect(":")
            fields.append((field_name, self.read(lexer)))
            lexer.accept(",")
        hints = lexer.literal() if lexer.peek() == "{" else None
        unique = lexer.accept("unique")
        reference = self._defined.get(name)
        TYPE = maker(struct_name, *fields, hints=hints, unique=unique)
        if reference is not None:
            if reference._pointer is None or TYPE._pointer is None:
                reference.become(TYPE)
            else:
                TYPE = maker(struct_name, *fields, hints=hints, unique=True)
                reference.become(TYPE)
        self._defined[name] = TYPE
        return TYPE
