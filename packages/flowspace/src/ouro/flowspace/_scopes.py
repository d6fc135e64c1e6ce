"""Which names a piece of code assigns: what decides where phis stand.

One walk over a function answers it for the function and for each loop in it.
"""

from __future__ import annotations

import ast
from typing import Any

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class AssignedNames:
    """The names assigned in a function.

    `names`: all of them; `loops`: for each `for` and `while` node, those assigned in it; `yields`: the
    `yield` expressions; `global_names` and `nonlocal_names` as declared. Comprehension variables do not
    count: they live in a scope of their own.
    """

    def __init__(self, body: list[Any]) -> None:
        self.loops: dict[ast.AST, set[str]] = {}
        self.yields: list[ast.AST] = []
        self.global_names: set[str] = set()
        self.nonlocal_names: set[str] = set()
        self.names: set[str] = set()
        self._walk(body, self.names)

    def _walk(self, nodes: list[Any], names: set[str]) -> None:
        stack = list(nodes)
        while stack:
            node = stack.pop()
            kind = type(node)
            if kind is ast.Name:
                if type(node.ctx) is not ast.Load:
                    names.add(node.id)
            elif kind is ast.For or kind is ast.While:
                inside: set[str] = set()
                self.loops[node] = inside
                self._walk(list(ast.iter_child_nodes(node)), inside)
                names |= inside
            elif kind in _FUNCTIONS:
                names.add(node.name)
                stack.extend(node.decorator_list)
            elif kind is ast.Lambda:
                continue
            elif kind in _COMPREHENSIONS:
                self._walk_comprehension(node, names)
            else:
                self._note(node, kind, names)
                stack.extend(ast.iter_child_nodes(node))

    def _walk_comprehension(self, node: Any, names: set[str]) -> None:
        """Only the walrus assigns outside of a comprehension, and the first iterable is evaluated outside."""
        inside: set[str] = set()
        self._walk(list(ast.iter_child_nodes(node)), inside)
        for child in ast.walk(node):
            if isinstance(child, ast.NamedExpr):
                names.add(child.target.id)
        self.loops[node] = {child.target.id for child in ast.walk(node) if isinstance(child, ast.NamedExpr)}

    def _note(self, node: Any, kind: type, names: set[str]) -> None:
        if kind is ast.ExceptHandler:
            if node.name:
                names.add(node.name)
        elif kind is ast.Global:
            self.global_names.update(node.names)
        elif kind is ast.Nonlocal:
            self.nonlocal_names.update(node.names)
        elif kind is ast.alias:
            names.add((node.asname or node.name).partition(".")[0])
        elif kind is ast.Yield or kind is ast.YieldFrom:
            self.yields.append(node)
        elif kind.__name__ in ("MatchAs", "MatchStar"):
            if node.name:
                names.add(node.name)
        elif kind.__name__ == "MatchMapping" and node.rest:
            names.add(node.rest)
