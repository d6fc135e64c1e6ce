"""Tokens of the text form of typed programs."""

from __future__ import annotations

import ast
import re
from typing import Any

__all__ = ["Lexer", "TextError"]

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n]+ | \#[^\n]*)
  | (?P<number>-?(?:\d+\.\d*(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+|\d+|inf\b|nan\b))
  | (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
  | (?P<type>%[A-Za-z0-9_.]+)
  | (?P<data>\$[A-Za-z0-9_.]+)
  | (?P<graph>@[A-Za-z0-9_.<>]+)
  | (?P<word>[A-Za-z_][A-Za-z0-9_.]*)
  | (?P<mark>->|[(){}\[\],:=.?!])
    """,
    re.VERBOSE,
)


class TextError(Exception):
    """The text of a program is malformed."""


class Lexer:
    """The tokens of a text, with one token of look-ahead."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens: list[tuple[str, str, int]] = []
        self._index = 0
        position = 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                line = text.count("\n", 0, position) + 1
                raise TextError(f"line {line}: {text[position : position + 20]!r} is not understood")
            if match.lastgroup != "space":
                self._tokens.append((match.lastgroup or "", match.group(), position))
            position = match.end()
        self._tokens.append(("end", "", len(text)))

    def error(self, message: str) -> TextError:
        """An exception that names the current line."""
        position = self._tokens[max(self._index - 1, 0)][2]
        return TextError(f"line {self.text.count(chr(10), 0, position) + 1}: {message}")

    def peek(self, ahead: int = 0) -> str:
        """The text of a coming token."""
        return self._tokens[min(self._index + ahead, len(self._tokens) - 1)][1]

    def peek_kind(self, ahead: int = 0) -> str:
        """The kind of a coming token."""
        return self._tokens[min(self._index + ahead, len(self._tokens) - 1)][0]

    def next(self) -> tuple[str, str]:
        """Take the next token: its kind and its text."""
        kind, text, _ = self._tokens[self._index]
        if kind != "end":
            self._index += 1
        return kind, text

    def accept(self, text: str) -> bool:
        """Take the next token if it is this one."""
        if self._tokens[self._index][1] == text and self._tokens[self._index][0] != "string":
            self._index += 1
            return True
        return False

    def expect(self, text: str) -> None:
        """Take the next token, which must be this one."""
        if not self.accept(text):
            found = self.peek()
            self._index += 1
            raise self.error(f"expected {text!r}, found {found!r}")

    def word(self) -> str:
        """Take a name; a quoted one may hold any character."""
        kind, text = self.next()
        if kind == "string":
            return str(ast.literal_eval(text))
        if kind != "word":
            raise self.error(f"expected a name, found {text!r}")
        return text

    def literal(self) -> Any:
        """Take a Python literal: a number, a string, a tuple, a list, a dictionary, None, True, False."""
        start = self._tokens[self._index][2]
        kind, text = self.next()
        if text in ("(", "[", "{"):
            depth = 1
            while depth:
                kind, text = self.next()
                if kind == "end":
                    raise self.error("unfinished literal")
                if kind == "mark":
                    depth += text in ("(", "[", "{")
                    depth -= text in (")", "]", "}")
            return ast.literal_eval(self.text[start : self._tokens[self._index][2]].strip())
        if text in ("inf", "nan", "-inf", "-nan"):
            return float(text)
        return ast.literal_eval(text)

    def skip_block(self) -> None:
        """Skip what stands between the next `{` and its `}`."""
        self.expect("{")
        depth = 1
        while depth:
            kind, text = self.next()
            if kind == "end":
                raise self.error("unfinished block")
            if kind == "mark":
                depth += text == "{"
                depth -= text == "}"

    @property
    def index(self) -> int:
        return self._index

    @index.setter
    def index(self, value: int) -> None:
        self._index = value
