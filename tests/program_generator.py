"""Hypothesis strategy for typed RPython programs: any stage can run what it makes and compare with the host.

`programs()` gives `GeneratedProgram`s: the source text of a module with classes, functions and `entry(a, b, s)`,
and arguments for it. The programs terminate, as calls and rounds of loops use up an allowance; every name has one type
and a value on every path, and integers are wrapped into machine words, so the host is a reference for every stage.
What happens on the way is mixed into the result, so that it shows which effects there were, and in which order.
"""

from __future__ import annotations

import random
from typing import Any, NamedTuple

from hypothesis import strategies as st
from program_grammar import Choose, Grammar, Names, Writer
from program_prelude import PRELUDE
from program_productions import EXPRESSIONS, INITIAL, MIXED, STATEMENTS

#: Kinds that fields, parameters and results may have, most frequent first.
PASSED = ["int", "int", "str", "bool", "float", "ints", "base", "maybe", "strs", "pair", "objects", "table", "names"]
HINTS = {"int": "int", "str": "str", "bool": "bool", "float": "float", "ints": "list[int]", "base": "Base"}


#: What a constructor makes of its arguments, by kind; None for other kinds.
_OF_BASE = {"base": "Base(x, y)", "objects": "[Base(y, x)]", "table": "{x: y}", "names": "{'x': Base(x, x)}"}


class GeneratedProgram(NamedTuple):
    """`source` defines `entry`; `arguments` are what to call it with (two integers and a string)."""

    source: str
    arguments: list[tuple[int, int, str]]


class _ProgramWriter(Writer):
    """Writes one module: what it defines becomes part of the grammar for the rest."""

    def __init__(self, choose: Choose) -> None:
        grammar = Grammar()
        grammar.initial = {kind: list(texts) for kind, texts in INITIAL.items()}
        grammar.expressions = {kind: list(texts) for kind, texts in EXPRESSIONS.items()}
        grammar.statements = list(STATEMENTS)
        super().__init__(grammar, choose)
        self.methods: list[tuple[str, list[str], str]] = []

    def module(self) -> str:
        self.declare_classes()
        functions = [self.declare_function(f"function{number}") for number in range(self.choose(4))]
        functions += [self.declare_generator(f"generator{number}") for number in range(self.choose(2))]
        self.write_classes()
        for write in functions:
            write()
        self.lines += ["", "", "def entry(a, b, s):", "    STATE.reset()"]
        self.body({"a": "int", "b": "int", "s": "str"}, "    ", 3)
        return PRELUDE + "\n".join(self.lines) + "\n"

    # ---- functions

    def body(self, names: Names, indent: str, depth: int, result: str = "int") -> None:
        """Variables of some kinds, statements, and a result that depends on all of the variables."""
        names = dict(names)
        kinds = ["int", "bool", "str"]
        others = [kind for kind in self.grammar.initial if kind not in kinds]
        kinds += [self.pick(others) for _ in range(2 + self.choose(5))]
        for kind in kinds:
            name = f"{kind[0]}{len(names)}"
            self.lines.append(f"{indent}{name} = {self.expression(names, kind, 1)}")
            names[name] = kind
        self.result = result
        for _ in range(2):
            self.block(names, indent, depth, False)
        for name, kind in names.items():
            if kind in MIXED:
                self.lines.append(f"{indent}{MIXED[kind].format(name)}")
        value = self.expression(names, result, 2)
        self.lines.append(f"{indent}return " + (f"intmask(STATE.value + {value})" if result == "int" else value))

    def declare_function(self, name: str) -> Any:
        kinds = [self.pick(PASSED) for _ in range(1 + self.choose(3))]
        result = self.pick(PASSED)
        defaulted = self.choose(3) == 0
        arguments = [f"<<{kind}>>" for kind in kinds]
        calls = [f"{name}({', '.join(arguments)})"]
        if defaulted:
            calls.append(f"{name}({', '.join([*arguments, 'last=<<int>>'])})")
        if len(kinds) > 1:
            swapped = [f"p{number}=<<{kind}>>" for number, kind in enumerate(kinds)][::-1]
            calls.append(f"{name}({', '.join(swapped)})")
        self.grammar.expressions[result] += calls
        hinted = self.choose(3) == 0

        def write() -> None:
            names = {f"p{number}": kind for number, kind in enumerate(kinds)}
            parts = [f"{n}: {HINTS[k]}" if hinted and k in HINTS else n for n, k in names.items()]
            if defaulted:
                parts.append("last=7")
                names["last"] = "int"
            arrow = f" -> {HINTS[result]}" if hinted and result in HINTS else ""
            self.lines += ["", "", f"def {name}({', '.join(parts)}){arrow}:", *self.entered("    ", result)]
            self.body(names, "    ", 2, result)

        return write

    def entered(self, indent: str, result: str) -> list[str]:
        """The first lines of a function: where too many were called it returns at once."""
        value = self.filled(self.pick(self.grammar.initial[result]), {}, 0)
        return [f"{indent}if STATE.enter():", f"{indent}    return {value}"]

    def declare_generator(self, name: str) -> Any:
        kind = self.pick(["int", "str", "base", "pair"])
        self.grammar.statements.append(
            f"for <<v=new {kind}>> in {name}(<<0..4>>, <<int>>):\n    STATE.tick()\n    <<loop>>"
        )
        if kind == "int":
            self.grammar.expressions["ints"].append(f"[x & 255 for x in {name}(<<0..4>>, <<int>>)]")

        def write() -> None:
            self.lines += ["", "", f"def {name}(n, start):", "    i = 0", "    while i < n:"]
            self.lines += ["        STATE.tick()", "        i += 1"]
            names = {"n": "int", "start": "int"}
            if self.choose(2):
                self.lines.append(f"        yield {self.expression(names, kind, 2)}")
            self.result = None
            self.block(names | {"i": "int"}, "        ", 1, False)
            self.lines.append(f"        yield {self.expression(names | {'i': 'int'}, kind, 2)}")

        return write

    # ---- classes

    def declare_classes(self) -> None:
        """Subclasses of `Base`: their fields, and the methods that all of them have."""
        self.fields: dict[str, dict[str, str]] = {"Base": {"x": "int", "y": "int"}}
        self.parents: dict[str, str] = {}
        for number in range(self.choose(3)):
            kinds = [self.pick(PASSED) for _ in range(self.choose(3))]
            self.methods.append((f"method{number}", kinds, self.pick(PASSED)))
        for number in range(1 + self.choose(3)):
            name = f"Sub{number}"
            parent = self.pick(list(self.fields))
            self.parents[name] = parent
            own = {f"f{number}_{index}": self.pick(PASSED) for index in range(self.choose(4))}
            self.fields[name] = {**self.fields[parent], **own}
            ancestors = [parent]
            while ancestors[-1] != "Base":
                ancestors.append(self.parents[ancestors[-1]])
            for ancestor in ancestors:
                self.grammar.subkinds.setdefault("base" if ancestor == "Base" else ancestor, []).append(name)
        for name in self.parents:
            made = f"{name}(<<int>>, <<int>>)"
            self.grammar.initial[name] = [f"{name}(1, 2)"]
            self.grammar.expressions[name] = [made]
            self.grammar.expressions["base"] += [made, f"<<{name}>>"]
            self.grammar.initial["class"].append(name)
            self.grammar.expressions["bool"].append(f"isinstance(<<base>>, {name})")
            self.grammar.statements.append(
                f"<<v=new {name}>> = <<base>>\nif isinstance(<<v>>, {name}):\n    <<block>>\n"
                "else:\n    STATE.note(<<v>>.x)"
            )
        for name in self.parents:
            for field, kind in self.fields[name].items():
                self.grammar.expressions[kind].append(f"<<{name}>>.{field}")
                self.grammar.statements.append(f"<<{name}.name>>.{field} = <<{kind}>>")
        for method, kinds, result in self.methods:
            arguments = ", ".join(f"<<{kind}>>" for kind in kinds)
            self.grammar.expressions[result] += [f"<<base>>.{method}({arguments})"]

    def write_classes(self) -> None:
        self.lines += ["", "", "class Base(Root):"]
        self.write_methods("Base")
        for name, parent in self.parents.items():
            self.lines += ["", "", f"class {name}({parent}):"]
            self.lines.append(f"    label = '{name}'")
            own = [field for field in self.fields[name] if field not in self.fields[parent]]
            if own and self.choose(2):
                self.lines.append(f"    _immutable_fields_ = ['{self.pick(own)}?']")
            self.lines += ["", "    def __init__(self, x, y):", "        super().__init__(x, y)"]
            for field in own:
                names = {"x": "int", "y": "int"}
                self.lines.append(f"        self.{field} = {self.simple(names, self.fields[name][field])}")
            self.lines += ["", "    def weight(self):"]
            parts = [f"{MIXED[self.fields[name][field]].format('self.' + field)}" for field in own]
            self.lines += [*self.entered("        ", "int"), *[f"        {part}" for part in parts]]
            self.lines.append(f"        return intmask({self.pick(['super().weight()', 'self.x'])} * 3 + {len(own)})")
            self.write_methods(name)

    def simple(self, names: Names, kind: str) -> str:
        """An expression that makes no objects of classes, so that constructors end."""
        if kind in ("int", "str", "bool", "float", "ints", "strs", "pair"):
            return self.filled(self.pick(self.grammar.initial[kind]), names, 0)
        return _OF_BASE.get(kind, "None")

    def write_methods(self, name: str) -> None:
        if name == "Base" and not self.methods:
            self.lines.append("    pass")
        for method, kinds, result in self.methods:
            if name != "Base" and self.choose(2):
                continue
            names = {f"p{number}": kind for number, kind in enumerate(kinds)}
            self.lines += ["", f"    def {method}({', '.join(['self', *names])}):", *self.entered("        ", result)]
            names["self"] = "base" if name == "Base" else name
            if name != "Base" and self.choose(2):
                arguments = ", ".join(known for known in names if known != "self")
                kept = self.fresh()
                self.lines.append(f"        {kept} = super().{method}({arguments})")
                names[kept] = result
            self.body(names, "        ", 1, result)


def write_program(choose: Choose) -> str:
    """The source of a program; `choose(n)` gives a number below n."""
    return _ProgramWriter(choose).module()


def random_program(seed: int) -> GeneratedProgram:
    """The program of a number: for long runs, where Hypothesis would take more time than the stages."""
    source = random.Random(seed)
    text = write_program(source.randrange)
    words = [source.choice([source.randrange(-10, 10), source.randrange(-(1 << 63), 1 << 63)]) for _ in range(6)]
    texts = ["".join(source.choice("ab,1 ") for _ in range(source.randrange(7))) for _ in range(3)]
    return GeneratedProgram(text, list(zip(words[::2], words[1::2], texts)))


@st.composite
def programs(draw: Any) -> GeneratedProgram:
    """Programs, each with three calls of `entry`."""
    text = write_program(lambda below: int(draw(st.integers(0, below - 1))))
    word = st.one_of(st.integers(-10, 10), st.integers(-(1 << 63), (1 << 63) - 1))
    letters = st.text(st.sampled_from("ab,1 "), max_size=6)
    return GeneratedProgram(text, draw(st.lists(st.tuples(word, word, letters), min_size=3, max_size=3)))
