"""Random texts from templates: the engine of `program_generator`.

A template is text with holes in double angle brackets:

* `<<int>>` is an expression of the kind `int`, `<<int.name>>` a variable of that kind, `<<0..9>>` a number,
  `<<a|b|c>>` one of the texts;
* `<<v=int.name>>` is a hole whose text `<<v>>` repeats;
* `<<new int>>` names a new variable, which the blocks of the template see; `<<v=new int>>` too;
* `<<block>>`, alone on its line, is a block of statements, `<<loop>>` one in which `break` may stand.
"""

from __future__ import annotations

import functools
import re
from typing import Any, Callable

_HOLE = re.compile(r"<<([^<>]*?[^<>\s]|[-<>=!+*&|^]+(?:\|[-<>=!+*&|^]+)+)>>")
_BLOCK = re.compile(r"^( *)<<(block|loop)>>$")

Names = dict[str, str]
Choose = Callable[[int], int]


@functools.cache
def _needs(template: str) -> tuple[set[str], bool, bool]:
    """The kinds of the variables that a template names; does it leave a loop, does it return?"""
    holes = {hole.partition("=")[2] or hole for hole in _HOLE.findall(template)}
    named = {hole[: -len(".name")] for hole in holes if hole.endswith(".name")}
    return named, re.search(r"^ *(break|continue)$", template, re.M) is not None, "result" in holes


class Grammar:
    """What may stand where: templates by kind, and which kinds are part of others (`subkinds`)."""

    def __init__(self) -> None:
        self.initial: dict[str, list[str]] = {}
        self.expressions: dict[str, list[str]] = {}
        self.statements: list[str] = []
        self.subkinds: dict[str, list[str]] = {}


class Writer:
    """Writes texts of a grammar; `choose(n)` gives a number below n."""

    def __init__(self, grammar: Grammar, choose: Choose) -> None:
        self.grammar = grammar
        self.choose = choose
        self.lines: list[str] = []
        self.counter = 0
        #: Names that a template made, until its next block knows them.
        self.new: Names = {}
        #: The kind that `<<result>>` stands for; None where nothing can be returned.
        self.result: str | None = None

    def pick(self, choices: list[Any]) -> Any:
        return choices[self.choose(len(choices))]

    def fresh(self) -> str:
        self.counter += 1
        return f"v{self.counter}"

    # ---- expressions

    def variables(self, names: Names, kind: str) -> list[str]:
        kinds = [kind, *self.grammar.subkinds.get(kind, ())]
        return [name for name, known in names.items() if known in kinds]

    def expression(self, names: Names, kind: str, depth: int) -> str:
        known = self.variables(names, kind)
        if depth <= 0 or not self.grammar.expressions.get(kind):
            return str(self.pick(known) if known else self.filled(self.pick(self.grammar.initial[kind]), names, 0))
        if known and self.choose(4) == 0:
            return str(self.pick(known))
        return self.filled(self.pick(self.grammar.expressions[kind]), names, depth - 1)

    def filled(self, template: str, names: Names, depth: int, bound: Names | None = None) -> str:
        """The template with every hole filled; texts to repeat are added to *bound*."""
        bound = {} if bound is None else bound

        def fill(match: re.Match[str]) -> str:
            hole = match[1]
            label, equals, wanted = hole.partition("=")
            if equals and label.isidentifier():
                bound[label] = self.hole(wanted, names, depth)
                return bound[label]
            return bound[hole] if hole in bound else self.hole(hole, names, depth)

        return _HOLE.sub(fill, template)

    def hole(self, hole: str, names: Names, depth: int) -> str:
        if hole.startswith("new "):
            name = self.fresh()
            self.new[name] = hole[4:]
            return name
        low, dots, high = hole.partition("..")
        if dots:
            return str(int(low) + self.choose(int(high) - int(low) + 1))
        if "|" in hole:
            return self.filled(self.pick(hole.split("|")).replace("[[", "<<").replace("]]", ">>"), names, depth)
        if hole == "result":
            return self.expression(names, self.result or "int", depth)
        if hole.endswith(".name"):
            return str(self.pick([name for name, known in names.items() if known == hole[:-5]]))
        return self.expression(names, hole, depth)

    # ---- statements

    def possible(self, template: str, names: Names, in_loop: bool) -> bool:
        """Are there variables for all that the template names?"""
        wanted, leaves_loop, returns = _needs(template)
        if (leaves_loop and not in_loop) or (returns and self.result is None):
            return False
        return wanted <= set(names.values())

    def block(self, names: Names, indent: str, depth: int, in_loop: bool) -> None:
        for _ in range(1 + self.choose(4)):
            self.statement(names, indent, depth, in_loop)

    def statement(self, names: Names, indent: str, depth: int, in_loop: bool) -> None:
        templates = [template for template in self.grammar.statements if self.possible(template, names, in_loop)]
        template = self.pick(templates)
        if depth <= 0 and ("<<block>>" in template or "<<loop>>" in template):
            template = "<<int.name>> = <<int>>"
        self.write(template, names, indent, depth, in_loop)

    def write(self, template: str, names: Names, indent: str, depth: int, in_loop: bool) -> None:
        """Write the lines of a template; its new names are known in its blocks alone."""
        names = dict(names)
        everywhere = dict(names)
        bound: Names = {}
        for line in template.splitlines():
            if line.startswith(("else", "elif", "except", "finally")):
                names = dict(everywhere)
            block = _BLOCK.match(line)
            if block is None:
                self.new = {}
                self.lines.append(indent + self.filled(line, names, 2, bound))
                names.update(self.new)
                if not line.startswith(("for ", "with ", " ")):
                    everywhere.update(self.new)
            else:
                inside = in_loop or block[2] == "loop"
                self.block(names, indent + block[1], depth - 1, inside)
