"""The text form of low-level types, printer and parser.

    type        := NAME | "*" type | array | function
    array       := ["gc"] "[" type "]" [hints] | "[" type ";" LENGTH "]"
    function    := "fn(" type, ... ")" "->" type
    definition  := ("struct" | "gcstruct") NAME "{" field ":" type, ... "}" ["unique"] [hints]
                 | ("opaque" | "gcopaque") NAME [hints]
    hints       := "with" "{" Python literals "}"

Primitive types stand under their names; structures and opaque types are defined before a text that uses them,
in any order, so that types may refer to each other. A name that is taken gets a suffix (`node#2`); names
that are not plain identifiers are quoted.
"""

from __future__ import annotations

import ast
import re
from typing import Any

from ouro.lltype._types import (
    PRIMITIVES,
    Array,
    FixedSizeArray,
    ForwardReference,
    FuncType,
    GcArray,
    GcForwardReference,
    GcOpaqueType,
    GcStruct,
    LowLevelType,
    OpaqueType,
    Ptr,
    Struct,
    resolve,
)

_PLAIN = re.compile(r"[A-Za-z_][\w.]*(#\d+)?\Z")
_KEYWORDS = frozenset(PRIMITIVES) | {"gc", "fn", "with", "unique", "struct", "gcstruct", "opaque", "gcopaque"}


def _quoted(name: str) -> str:
    return name if _PLAIN.match(name) and name not in _KEYWORDS else '"%s"' % name.replace('"', "''")


def _hint_text(hints: dict[str, Any]) -> str:
    shown = {}
    for key, value in sorted(hints.items()):
        try:
            ast.literal_eval(repr(value))
        except (ValueError, SyntaxError):
            continue  # a hint that holds a live object means nothing in a text
        shown[key] = value
    return f" with {shown!r}" if shown else ""


class TypePrinter:
    """Prints types, collecting the definitions that the printed texts need."""

    def __init__(self) -> None:
        self._names: dict[LowLevelType, str] = {}
        self._taken: set[str] = set()
        self._order: list[LowLevelType] = []
        self._texts: dict[LowLevelType, str] = {}

    def text(self, TYPE: LowLevelType) -> str:
        """The text of a type; the structures in it are defined by `definitions()`."""
        known = self._texts.get(TYPE)
        if known is None:
            known = self._texts[TYPE] = self._text(resolve(TYPE))
        return known

    def _text(self, TYPE: LowLevelType) -> str:
        if isinstance(TYPE, Ptr):
            return "*" + self.text(TYPE.TO)
        if isinstance(TYPE, (Struct, OpaqueType)):
            return self._name(TYPE)
        if isinstance(TYPE, Array):
            prefix = "gc" if isinstance(TYPE, GcArray) else ""
            return f"{prefix}[{self.text(TYPE.ITEM)}]{_hint_text(TYPE.hints)}"
        if isinstance(TYPE, FixedSizeArray):
            return f"[{self.text(TYPE.ITEM)}; {TYPE.length}]"
        if isinstance(TYPE, FuncType):
            return f"fn({', '.join(map(self.text, TYPE.ARGS))}) -> {self.text(TYPE.RESULT)}"
        return str(TYPE)

    def _name(self, TYPE: Any) -> str:
        known = self._names.get(TYPE)
        if known is None:
            known, number = TYPE.name, 1
            while known in self._taken:
                number += 1
                known = f"{TYPE.name}#{number}"
            self._taken.add(known)
            known = self._names[TYPE] = _quoted(known)
            self._order.append(TYPE)
        return known

    def definitions(self) -> list[str]:
        """One line per structure and opaque type that the texts so far use, directly or not."""
        lines = []
        position = 0
        while position < len(self._order):  # printing a definition may add more
            lines.append(self._definition(self._order[position]))
            position += 1
        return lines

    def _definition(self, TYPE: Any) -> str:
        prefix = "gc" if TYPE.gckind == "gc" else ""
        if isinstance(TYPE, OpaqueType):
            return f"{prefix}opaque {self._name(TYPE)}{_hint_text(TYPE.hints)}"
        fields = ", ".join(f"{_quoted(name)}: {self.text(FIELD)}" for name, FIELD in TYPE.fields)
        unique = " unique" if TYPE.unique else ""
        return f"{prefix}struct {self._name(TYPE)} {{{fields}}}{unique}{_hint_text(TYPE.hints)}"


_TOKEN = re.compile(
    r"""\s*(?: (?P<hints>with\s*\{) | (?P<string>"[^"]*") | (?P<name>[A-Za-z_][\w.]*(?:\#\d+)?)
        | (?P<number>\d+) | (?P<mark>->|[*\[\](){},:;]) )""",
    re.VERBOSE,
)


class TypeSyntaxError(ValueError):
    """A text is not that of a type."""


class TypeParser:
    """Parses types; `define` takes the definitions they use."""

    def __init__(self) -> None:
        self._pending: dict[str, str] = {}
        self._known: dict[str, LowLevelType] = {}
        self._open: dict[str, ForwardReference] = {}
        self._texts: dict[str, LowLevelType] = {}

    def define(self, definition: str) -> None:
        """Take one definition; it is parsed when a type that uses it is."""
        match = re.match(r'\s*((?:gc)?(?:struct|opaque))\s+("[^"]*"|[\w.#]+)', definition)
        if match is None:
            raise TypeSyntaxError(f"not a definition of a type: {definition!r}")
        self._pending[match.group(2).strip('"')] = definition

    def parse(self, text: str) -> LowLevelType:
        """The type that `text` stands for; TypeSyntaxError where it stands for none."""
        known = self._texts.get(text)
        if known is None:
            reader = _Reader(text, 0)
            known = self._type(reader)
            if reader.rest():
                raise TypeSyntaxError(f"{reader.rest()!r} left over in the type {text!r}")
            self._texts[text] = known
        return known

    def parse_prefix(self, text: str, start: int = 0) -> tuple[LowLevelType, int]:
        """Parse the type that begins at `start`; also the position behind it."""
        reader = _Reader(text, start)
        return self._type(reader), reader.position

    def _type(self, reader: _Reader) -> Any:
        kind, token = reader.next()
        if token == "*":
            return self._pointer(reader)
        if token == "[":
            return self._array(reader, Array)
        if kind == "name" and token == "gc" and reader.peek() == "[":
            reader.next()
            return self._array(reader, GcArray)
        if kind == "name" and token == "fn" and reader.peek() == "(":
            return self._function(reader)
        if kind == "name" and token in PRIMITIVES:
            return PRIMITIVES[token]
        if kind in ("name", "string"):
            return resolve(self._named(token.strip('"')))
        raise TypeSyntaxError(f"a type was expected instead of {token!r} in {reader.text!r}")

    def _pointer(self, reader: _Reader) -> Ptr:
        start = reader.position
        kind, token = reader.next()
        if kind in ("name", "string") and token not in PRIMITIVES and reader.peek() not in ("[", "("):
            return Ptr(self._named(token.strip('"')))
        reader.position = start
        return Ptr(self._type(reader))

    def _array(self, reader: _Reader, kind: Any) -> Any:
        ITEM = self._type(reader)
        if reader.peek() == ";":
            reader.next()
            length = int(reader.next()[1])
            reader.expect("]")
            return FixedSizeArray(ITEM, length)
        reader.expect("]")
        return kind(ITEM, hints=reader.hints())

    def _function(self, reader: _Reader) -> FuncType:
        reader.expect("(")
        arguments = []
        while reader.peek() != ")":
            arguments.append(self._type(reader))
            if reader.peek() == ",":
                reader.next()
        reader.expect(")")
        reader.expect("->")
        return FuncType(arguments, self._type(reader))

    def _named(self, name: str) -> Any:
        known: Any = self._known.get(name)
        if known is not None:
            return known
        if name in self._open:
            return self._open[name]
        if name not in self._pending:
            raise TypeSyntaxError(f"the type {name!r} is not defined")
        reader = _Reader(self._pending[name], 0)
        keyword = reader.next()[1]
        reader.next()
        plain_name = re.sub(r"#\d+\Z", "", name)
        if keyword.endswith("opaque"):
            opaque = GcOpaqueType if keyword == "gcopaque" else OpaqueType
            known = opaque(plain_name, hints=reader.hints())
        else:
            reference = GcForwardReference() if keyword == "gcstruct" else ForwardReference()
            self._open[name] = reference
            known = self._struct(reader, GcStruct if keyword == "gcstruct" else Struct, plain_name, reference)
            del self._open[name]
        self._known[name] = known
        return known

    def _struct(self, reader: _Reader, kind: Any, name: str, reference: ForwardReference) -> Any:
        fields = []
        reader.expect("{")
        while reader.peek() != "}":
            field = reader.next()[1].strip('"')
            reader.expect(":")
            fields.append((field, self._type(reader)))
            if reader.peek() == ",":
                reader.next()
        reader.expect("}")
        unique = reader.peek() == "unique"
        if unique:
            reader.next()
        struct = kind(name, *fields, hints=reader.hints(), unique=unique)
        reference.become(struct)
        return struct


class _Reader:
    """Tokens of one text."""

    def __init__(self, text: str, position: int) -> None:
        self.text = text
        self.position = position

    def rest(self) -> str:
        return self.text[self.position :].strip()

    def next(self) -> tuple[str, str]:
        match = _TOKEN.match(self.text, self.position)
        if match is None:
            raise TypeSyntaxError(f"a type was expected at {self.text[self.position :]!r}")
        self.position = match.end()
        kind = match.lastgroup or ""
        return kind, match.group(kind)

    def peek(self) -> str:
        match = _TOKEN.match(self.text, self.position)
        return "" if match is None else match.group(match.lastgroup or 0)

    def expect(self, mark: str) -> None:
        token = self.next()[1]
        if token != mark:
            raise TypeSyntaxError(f"{mark!r} was expected instead of {token!r} in {self.text!r}")

    def hints(self) -> dict[str, Any]:
        match = _TOKEN.match(self.text, self.position)
        if match is None or match.lastgroup != "hints":
            return {}
        start = match.end() - 1
        end = _literal_end(self.text, start)
        self.position = end
        hints: dict[str, Any] = ast.literal_eval(self.text[start:end])
        return hints


def _literal_end(text: str, start: int) -> int:
    """The position behind the bracketed Python literal at `start`."""
    depth = 0
    position = start
    while position < len(text):
        character = text[position]
        if character in "'\"":
            position = _string_end(text, position)
            continue
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
            if depth == 0:
                return position + 1
        position += 1
    raise TypeSyntaxError(f"a bracket is not closed in {text!r}")


def _string_end(text: str, start: int) -> int:
    position = start + 1
    while position < len(text) and text[position] != text[start]:
        position += 2 if text[position] == "\\" else 1
    return position + 1


def print_type(TYPE: LowLevelType) -> str:
    """The text of a type, preceded by the definitions it needs, one a line."""
    printer = TypePrinter()
    text = printer.text(TYPE)
    return "\n".join([*printer.definitions(), text])


def parse_type(text: str) -> LowLevelType:
    """The type from the text that `print_type` makes."""
    *definitions, last = text.strip().split("\n")
    parser = TypeParser()
    for definition in definitions:
        parser.define(definition)
    return parser.parse(last.strip())
