"""From a live function to its syntax tree.

A function is found from its code object: file, first line and name. Every file is parsed once; its function
nodes are indexed by line and name together with the class they are in, which name mangling needs. Several
lambdas on one line are told apart by the columns of their code (`co_positions`, CPython 3.11 and later), on
older hosts by their order among the code objects of the compiled file.
"""

from __future__ import annotations

import ast
import linecache
import types
from typing import Any, Union

from ouro.flowspace._dataclasses import dataclass_init_source
from ouro.flowspace._errors import FlowSpaceError

FunctionNode = Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda]

_BODIES = ("body", "orelse", "finalbody", "handlers", "cases")


class FunctionSource:
    """The syntax tree of one function, its file, and the class that mangles its private names.

    `names` are constants that the text uses on top of those the function sees.
    """

    __slots__ = ("node", "file", "class_name", "names")

    def __init__(self, node: FunctionNode, file: SourceFile, class_name: str | None) -> None:
        self.node = node
        self.file = file
        self.class_name = class_name
        self.names: dict[str, object] = {}

    @property
    def text(self) -> str:
        """The source text of the function, whole lines."""
        node = self.node
        first = node.lineno
        for decorator in getattr(node, "decorator_list", ()):
            first = min(first, decorator.lineno)
        return "".join(self.file.lines[first - 1 : node.end_lineno])


class SourceFile:
    """A parsed file with an index of its functions: (first line, name) -> functions in source order."""

    def __init__(self, filename: str, lines: list[str]) -> None:
        self.filename = filename
        self.lines = lines
        self.tree = ast.parse("".join(lines), filename)
        self.index: dict[tuple[int, str], list[FunctionSource]] = {}
        self._lambda_lines = [number for number, line in enumerate(lines, 1) if "lambda" in line]
        self._codes: dict[tuple[int, str], list[types.CodeType]] | None = None
        self._index_statements(self.tree.body, None)

    def _index_statements(self, statements: list[Any], class_name: str | None) -> None:
        for node in statements:
            kind = type(node)
            if kind is ast.FunctionDef or kind is ast.AsyncFunctionDef:
                for decorator in node.decorator_list:
                    self._index_lambdas(decorator, class_name)
                self._index_lambdas(node.args, class_name)
                self._add(node, node.name, class_name)
                self._index_statements(node.body, class_name)
            elif kind is ast.ClassDef:
                for part in node.decorator_list + node.bases + node.keywords:
                    self._index_lambdas(part, class_name)
                self._index_statements(node.body, node.name)
            else:
                self._index_other(node, class_name)

    def _index_other(self, node: Any, class_name: str | None) -> None:
        has_body = False
        for name in _BODIES:
            body = getattr(node, name, None)
            if isinstance(body, list):
                has_body = True
        if not has_body:
            self._index_lambdas(node, class_name)
            return
        for field, value in ast.iter_fields(node):
            if field in _BODIES:
                self._index_statements(value, class_name)
            elif isinstance(value, list):
                for item in value:
                    if isinstance(item, ast.AST):
                        self._index_lambdas(item, class_name)
            elif isinstance(value, ast.AST):
                self._index_lambdas(value, class_name)

    def _index_lambdas(self, node: ast.AST, class_name: str | None) -> None:
        first = getattr(node, "lineno", 0)
        last = getattr(node, "end_lineno", 0) or 1 << 30
        if not any(first <= line <= last for line in self._lambda_lines):
            return
        if isinstance(node, ast.Lambda):
            self._add(node, "<lambda>", class_name)
        for child in ast.iter_child_nodes(node):
            self._index_lambdas(child, class_name)

    def _add(self, node: FunctionNode, name: str, class_name: str | None) -> None:
        line = node.lineno
        for decorator in getattr(node, "decorator_list", ()):
            line = min(line, decorator.lineno)
        self.index.setdefault((line, name), []).append(FunctionSource(node, self, class_name))

    def codes_at(self, line: int, name: str) -> list[types.CodeType]:
        """The code objects of that line and name, in the order in which the compiler made them."""
        if self._codes is None:
            self._codes = {}
            stack = [compile(self.tree, self.filename, "exec", dont_inherit=True)]
            while stack:
                code = stack.pop()
                self._codes.setdefault((code.co_firstlineno, code.co_name), []).append(code)
                stack.extend(c for c in reversed(code.co_consts) if isinstance(c, types.CodeType))
        return self._codes.get((line, name), [])


_files: dict[str, SourceFile] = {}


def source_file(filename: str, module_globals: dict[str, Any] | None = None) -> SourceFile:
    """The parsed file of that name; `linecache` finds the text. Raises FlowSpaceError if there is none."""
    lines = linecache.getlines(filename, module_globals)
    if not lines:
        raise FlowSpaceError(
            "there is no source for this function",
            filename,
            suggestion="make functions from text with ouro.rlib.source.execute_source, which registers it",
        )
    found = _files.get(filename)
    if found is None or found.lines is not lines and found.lines != lines:
        found = _files[filename] = SourceFile(filename, lines)
    return found


def find_function(function: types.FunctionType) -> FunctionSource:
    """The syntax tree of `function`. Raises FlowSpaceError if its source is not found or has changed."""
    code = function.__code__
    made = dataclass_init_source(function)
    if made is not None:
        found = source_file(made[0]).index[code.co_firstlineno, code.co_name][0]
        found.names = made[1]
        return found
    file = source_file(code.co_filename, function.__globals__)
    candidates = file.index.get((code.co_firstlineno, code.co_name), [])
    if len(candidates) > 1:
        candidates = _tell_apart(candidates, code, file)
    if not candidates:
        raise FlowSpaceError(
            f"the source of {function.__qualname__} is not at line {code.co_firstlineno}",
            code.co_filename,
            suggestion="the file was changed after it was imported: start again",
        )
    return candidates[0]


def _tell_apart(
    candidates: list[FunctionSource], code: types.CodeType, file: SourceFile
) -> list[FunctionSource]:
    positions = getattr(code, "co_positions", None)
    if positions is not None:
        columns = [
            (line, column) for line, _, column, _ in positions() if line is not None and column is not None
        ]
        # the RESUME at the head of a code object stands at column 0
        columns = [place for place in columns if place != (code.co_firstlineno, 0)] or columns
        for candidate in candidates:
            node = candidate.node
            start, stop = (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)
            if columns and all(start <= place < stop for place in columns):
                inner = [c for c in candidates if c is not candidate and _inside(c.node, node)]
                if not any(all(_holds(c.node, place) for place in columns) for c in inner):
                    return [candidate]
    codes = file.codes_at(code.co_firstlineno, code.co_name)
    if len(codes) == len(candidates):
        for candidate, compiled in zip(candidates, codes):
            if compiled == code:
                return [candidate]
    return candidates


def _inside(inner: FunctionNode, outer: FunctionNode) -> bool:
    return _holds(outer, (inner.lineno, inner.col_offset)) and inner is not outer


def _holds(node: FunctionNode, place: tuple[int, int]) -> bool:
    start, stop = (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)
    return start <= place < stop


def mangle(name: str, class_name: str | None) -> str:
    """`name` as the compiler knows it inside `class_name` (private names get the class name in front)."""
    if class_name is None or not name.startswith("__") or name.endswith("__") or "." in name:
        return name
    stripped = class_name.lstrip("_")
    return f"_{stripped}{name}" if stripped else name
