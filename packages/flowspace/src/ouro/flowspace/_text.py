"""The text form of flow graphs: printer and parser. The grammar by example:

    graph largest file 'program.py' 12 {
      block0(items, limit):
        v = iter(items)
        goto block1(v, limit)
      block1(v, limit):
        item = next(v)                               # a comment
        try -> block2(item, limit, v)
        except &builtins:StopIteration (etype, evalue) -> return(limit)
      block2(item, limit, v):
        v.1 = gt(item, limit)
        switch v.1
        case False -> block1(v, limit)
        case True -> return(item)
    }

Constants: Python literals of simple types; `&module:name` for a function, class or module that can be
imported; `shape(2, 'keyword', *)` for a `CallShape`; `#0` for any other object, which is looked up in the
`objects` that printer and parser share. `return` and `raise` are the return and the except block. It is the
form of typed programs (see `ouro.rtyper`) without the types.
"""

from __future__ import annotations

import ast
import importlib
import re
import types
from typing import Any

from ouro.flowspace._model import (
    LAST_EXCEPTION,
    Block,
    CallShape,
    Constant,
    FunctionGraph,
    Link,
    Operation,
    Position,
    Signature,
    Value,
    Variable,
)

_NOT_IDENTIFIER = re.compile(r"[^A-Za-z0-9_]")
_RESERVED = {"goto", "try", "except", "switch", "case", "shape", "True", "False", "None", "inf", "nan"}
_LITERALS = (bool, int, str, bytes, type(None))


class FlowTextError(Exception):
    """The text of a graph is malformed."""


# ---- printing


def print_graph(graph: FunctionGraph, objects: list[Any] | None = None, positions: bool = False) -> str:
    """The text of a graph.

    Objects that have no text of their own are appended to `objects`, if given, and printed by their number
    there. With `positions` each operation carries its place in the source.
    """
    return _Printer([] if objects is None else objects, positions).graph(graph)


class _Printer:
    def __init__(self, objects: list[Any], positions: bool) -> None:
        self.objects = objects
        self.positions = positions
        self.names: dict[Variable, str] = {}
        self.used: dict[str, int] = {}

    def name(self, variable: Variable) -> str:
        known = self.names.get(variable)
        if known is None:
            base = _NOT_IDENTIFIER.sub("_", variable.name) or "v"
            if base[0].isdigit() or base in _RESERVED:
                base = "v" + base
            count = self.used.get(base, 0)
            self.used[base] = count + 1
            known = self.names[variable] = base if count == 0 else f"{base}.{count}"
        return known

    def operand(self, value: Value) -> str:
        return self.name(value) if isinstance(value, Variable) else self.constant(value.value)

    def constant(self, value: Any) -> str:
        kind = type(value)
        if kind in _LITERALS or kind is float:
            return repr(value)
        if kind is CallShape:
            parts = [str(value.positional), *map(repr, value.keywords), *(["*"] if value.star else [])]
            return f"shape({', '.join(parts)})"
        if kind is tuple:
            inner = ", ".join(map(self.constant, value))
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        path = import_path(value)
        if path is not None:
            return f"&{path}"
        for index, known in enumerate(self.objects):
            if known is value:
                return f"#{index}"
        self.objects.append(value)
        return f"#{len(self.objects) - 1}"

    def graph(self, graph: FunctionGraph) -> str:
        head = f"graph {_NOT_IDENTIFIER.sub('_', graph.name)}"
        if graph.filename:
            head += f" file {graph.filename!r} {graph.firstlineno}"
        lines = [head + " {"]
        blocks = list(graph.iterblocks())
        labels = {graph.returnblock: "return", graph.exceptblock: "raise"}
        for block in blocks:
            if block not in labels:
                labels[block] = f"block{len(labels) - 2}"
        for block in blocks:
            if block is not graph.returnblock and block is not graph.exceptblock:
                self._block(block, labels, lines)
        lines.append("}")
        return "\n".join(lines) + "\n"

    def _block(self, block: Block, labels: dict[Block, str], lines: list[str]) -> None:
        lines.append(f"  {labels[block]}({', '.join(map(self.name, block.inputargs))}):")
        for operation in block.operations:
            args = ", ".join(map(self.operand, operation.args))
            text = f"    {self.name(operation.result)} = {operation.opname}({args})"
            position = operation.position
            if self.positions and position is not None:
                text += f" !{position.line}:{position.column}:{position.end_column}"
            lines.append(text)
        if block.exitswitch is None:
            lines.extend(f"    goto {self._target(link, labels)}" for link in block.exits)
        elif block.exitswitch is LAST_EXCEPTION:
            lines.append(f"    try -> {self._target(block.exits[0], labels)}")
            for link in block.exits[1:]:
                pair = f"{_optional(self, link.last_exception)}, {_optional(self, link.last_exc_value)}"
                case = self.constant(link.exitcase)
                lines.append(f"    except {case} ({pair}) -> {self._target(link, labels)}")
        else:
            lines.append(f"    switch {self.operand(block.exitswitch)}")  # type: ignore[arg-type]
            for link in block.exits:
                case = "default" if link.exitcase == "default" else self.constant(link.exitcase)
                lines.append(f"    case {case} -> {self._target(link, labels)}")

    def _target(self, link: Link, labels: dict[Block, str]) -> str:
        return f"{labels[link.target]}({', '.join(map(self.operand, link.args))})"


def _optional(printer: _Printer, value: Value | None) -> str:
    return "_" if value is None else printer.operand(value)


def import_path(value: Any) -> str | None:
    """`module:qualified.name` of a function, class or module that can be imported again, else None."""
    if isinstance(value, types.ModuleType):
        return f"{value.__name__}:"
    if not isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
        return None
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", "")
    if (
        not isinstance(module, str)
        or "<" in name
        or "." in name
        and isinstance(value, types.BuiltinFunctionType)
    ):
        return None
    path = f"{module}:{name}"
    try:
        return path if resolve_path(path) is value else None
    except (ImportError, AttributeError):
        return None


def resolve_path(path: str) -> Any:
    """The object that `import_path` described. Raises ImportError or AttributeError."""
    module, _, name = path.partition(":")
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        if part:
            found = getattr(found, part)
    return found


# ---- parsing

_TOKEN = re.compile(
    r"""
    (?P<object>\#\d+)
  | (?P<space>[ \t\r\n]+ | \#[^\n]*)
  | (?P<path>&[\w.]+:[\w.]*)
  | (?P<number>-?(?:\d+\.\d*(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+|\d+|inf\b|nan\b))
  | (?P<string>b?'(?:[^'\\]|\\.)*'|b?"(?:[^"\\]|\\.)*")
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*(?:\.\d+)?)
  | (?P<mark>->|[(){},:=!*])
    """,
    re.VERBOSE,
)


def parse_graph(text: str, objects: list[Any] | None = None) -> FunctionGraph:
    """The graph that `print_graph` printed. `objects` are those that printing it gathered.

    Raises FlowTextError with the line of the mistake.
    """
    return _Parser(text, objects or []).graph()


class _Parser:
    def __init__(self, text: str, objects: list[Any]) -> None:
        self.text = text
        self.objects = objects
        self.tokens: list[tuple[str, str, int]] = []
        self.index = 0
        self.variables: dict[str, Variable] = {}
        position = 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise self._error(f"{text[position : position + 20]!r} is not understood", position)
            if match.lastgroup != "space":
                self.tokens.append((match.lastgroup or "", match.group(), position))
            position = match.end()
        self.tokens.append(("end", "", len(text)))

    def _error(self, message: str, position: int | None = None) -> FlowTextError:
        if position is None:
            position = self.tokens[max(self.index - 1, 0)][2]
        return FlowTextError(f"line {self.text.count(chr(10), 0, position) + 1}: {message}")

    def peek(self) -> str:
        return self.tokens[self.index][1]

    def take(self, expected: str | None = None) -> str:
        found = self.tokens[self.index][1]
        self.index += 1
        if expected is not None and found != expected:
            raise self._error(f"{expected!r} expected, not {found!r}")
        return found

    def graph(self) -> FunctionGraph:
        self.take("graph")
        graph = FunctionGraph(self.take(), Block([]))
        if self.peek() == "file":
            self.take()
            graph.filename = ast.literal_eval(self.take())
            graph.firstlineno = int(self.take())
        self.take("{")
        labels: dict[str, Block] = {
            "return": graph.returnblock,
            "raise": graph.exceptblock,
            self.peek(): graph.startblock,
        }
        defined: set[str] = set()
        while self.peek() != "}":
            label = self.take()
            if label in defined:
                raise self._error(f"{label} is defined twice")
            defined.add(label)
            block = labels.setdefault(label, Block([]))
            block.inputargs = [self._define() for _ in self._list("(", ")")]
            self.take(":")
            self._body(block, labels)
        self.take("}")
        missing = set(labels) - defined - {"return", "raise"}
        if missing:
            raise self._error(f"undefined blocks: {', '.join(sorted(missing))}")
        graph.signature = Signature(tuple([variable.name for variable in graph.startblock.inputargs]))
        return graph

    def _list(self, opening: str, closing: str) -> Any:
        """Iterates once for each comma-separated item between the marks; the body takes it."""
        self.take(opening)
        while self.peek() != closing:
            yield None
            if self.peek() != closing:
                self.take(",")
        self.take(closing)

    def _define(self, token: str | None = None) -> Variable:
        if token is None:
            token = self.take()
        if token in self.variables:
            raise self._error(f"{token} is defined twice")
        variable = self.variables[token] = Variable(token.partition(".")[0])
        return variable

    def _body(self, block: Block, labels: dict[str, Block]) -> None:
        while True:
            word = self.take()
            if word == "goto":
                block.exits = [self._target(labels)]
                return
            if word == "try":
                self.take("->")
                block.exitswitch = LAST_EXCEPTION
                block.exits = [self._target(labels)]
                while self.peek() == "except":
                    self.take()
                    block.exits.append(self._except(labels))
                return
            if word == "switch":
                switch = self._value()
                assert isinstance(switch, Variable)
                block.exitswitch = switch
                while self.peek() == "case":
                    self.take()
                    case = "default"
                    if self.peek() == "default":
                        self.take()
                    else:
                        case = self._constant()
                    self.take("->")
                    link = self._target(labels)
                    link.exitcase = case
                    block.exits.append(link)
                return
            self.index -= 1
            block.operations.append(self._operation())

    def _operation(self) -> Operation:
        name = self.take()
        self.take("=")
        opname = self.take()
        args = [self._value() for _ in self._list("(", ")")]
        result = self._define(name)
        position = None
        if self.peek() == "!":
            self.take()
            line = int(self.take())
            self.take(":")
            column = int(self.take())
            self.take(":")
            position = Position(line, column, int(self.take()))
        return Operation(opname, args, result, position)

    def _except(self, labels: dict[str, Block]) -> Link:
        case = self._constant()
        self.take("(")
        exception = self._define()
        self.take(",")
        value = self._define()
        self.take(")")
        self.take("->")
        link = self._target(labels)
        link.exitcase = case
        link.last_exception = exception
        link.last_exc_value = value
        return link

    def _target(self, labels: dict[str, Block]) -> Link:
        label = self.take()
        target = labels.setdefault(label, Block([]))
        return Link([self._value() for _ in self._list("(", ")")], target)

    def _value(self) -> Value:
        kind, token, _ = self.tokens[self.index]
        if kind == "word" and token not in _RESERVED:
            self.index += 1
            if token not in self.variables:
                raise self._error(f"{token} is used before it is defined")
            return self.variables[token]
        return Constant(self._constant())

    def _constant(self) -> Any:
        kind, token, _ = self.tokens[self.index]
        if token == "(":
            return tuple([self._constant() for _ in self._list("(", ")")])
        self.index += 1
        if kind == "number":
            return float(token) if re.search(r"[.einf]", token) else int(token)
        if kind == "string" or token in ("True", "False", "None"):
            return ast.literal_eval(token)
        if token in ("inf", "nan"):
            return float(token)
        if kind == "path":
            return resolve_path(token[1:])
        if kind == "object":
            number = int(token[1:])
            if number >= len(self.objects):
                raise self._error(f"there is no object {token}")
            return self.objects[number]
        if token == "shape":
            return self._shape()
        raise self._error(f"a constant expected, not {token!r}")

    def _shape(self) -> CallShape:
        items: list[Any] = []
        for _ in self._list("(", ")"):
            items.append(self.take())
        star = items[-1] == "*"
        keywords = [ast.literal_eval(item) for item in items[1:] if item != "*"]
        return CallShape(int(items[0]), tuple(keywords), star)
