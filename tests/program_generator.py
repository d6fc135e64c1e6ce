"""Hypothesis strategy for typed RPython programs: any stage can run what it makes and compare with the host.

`programs()` gives `GeneratedProgram`s: the source text of a module with classes, helper functions and
`entry(a, b, s)`, and arguments for it. The programs terminate (loops count to a small bound, helpers call
only those before them), every name has one type and a value on every path, and integers are wrapped into
machine words, so the host is a reference for every stage.
"""

from __future__ import annotations

from typing import Any, Callable, NamedTuple

from hypothesis import strategies as st

INT, BOOL, STR, LIST, OBJECT, DICT, FLOAT = "int", "bool", "str", "list", "object", "dict", "float"
_INITIAL = {
    INT: "0",
    BOOL: "False",
    STR: "''",
    LIST: "[1, 2, 3]",
    OBJECT: "Point(1, 2)",
    DICT: "{1: 2}",
    FLOAT: "0.5",
}
_PRELUDE = """\
from ouro.rlib.rarithmetic import intmask, ovfcheck


class Oops(Exception):
    def __init__(self, code):
        self.code = code


class Worse(Oops):
    pass


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def value(self):
        return intmask(self.x * 3 + self.y)


class Moved(Point):
    def value(self):
        return intmask(self.x - self.y)


class Guard:
    def __init__(self, point, amount):
        self.point = point
        self.amount = amount

    def __enter__(self):
        self.point.x = intmask(self.point.x + self.amount)
        return self.point

    def __exit__(self, kind, error, traceback):
        if kind is None:
            self.point.y ^= self.amount
        else:
            self.point.y = -1
        return False


def both(x, y=3, *, swap=False):
    if swap:
        return y, x
    return x, y


def counted(n):
    i = 0
    while i < n:
        yield i * 3
        i += 1
"""


class GeneratedProgram(NamedTuple):
    """`source` defines `entry`; `arguments` are what to call it with (two integers and a string)."""

    source: str
    arguments: list[tuple[int, int, str]]


class _Writer:
    """Writes one module, drawing every choice."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        self.draw = draw
        self.lines: list[str] = []
        self.helpers: list[str] = []
        self.counter = 0

    def pick(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def small(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

    # ---- expressions

    def name(self, names: dict[str, str], kind: str) -> str:
        return str(self.pick(*[name for name, known in names.items() if known == kind]))

    def expression(self, names: dict[str, str], kind: str, depth: int) -> str:
        if depth <= 0:
            return self.name(names, kind)
        return str(getattr(self, f"_{kind}")(names, depth - 1))

    def _int(self, names: dict[str, str], depth: int) -> str:
        part = lambda kind=INT: self.expression(names, kind, depth)  # noqa: E731
        form = self.small(0, 17)
        if form == 14:
            return f"{self.name(names, DICT)}.get({part()}, {part()})"
        if form == 15:
            return f"len({self.name(names, DICT)})"
        if form == 16:
            swap = self.pick("", ", swap=True", f", swap={part(BOOL)}")
            return f"both({part()}{self.pick('', ', ' + part(), ', y=' + part())}{swap})[{self.small(0, 1)}]"
        if form == 17:
            return f"int({part(FLOAT)})"
        if form == 0:
            return str(self.pick(0, 1, -1, 2, 7, 255, -128, 1 << 31, (1 << 63) - 1, -(1 << 63)))
        if form <= 2:
            return f"intmask({part()} {self.pick('+', '-', '*')} {part()})"
        if form == 3:
            return f"({part()} {self.pick('&', '|', '^')} {part()})"
        if form == 4:
            return f"({part()} {self.pick('//', '%')} {self.pick(3, -3, 7, 10, 16)})"
        if form == 5:
            return f"intmask({part()} {self.pick('<<', '>>')} {self.small(0, 40)})"
        if form == 6:
            return f"({part()} if {part(BOOL)} else {part()})"
        if form == 7:
            return f"len({part(self.pick(STR, LIST))})"
        if form == 8:
            return self.pick("{}.x", "{}.y", "{}.value()").format(part(OBJECT))  # type: ignore[no-any-return]
        if form == 9:
            return f"{self.pick('min', 'max')}({part()}, {part()})"
        if form == 10:
            return f"sum({part(LIST)}[:3])" if self.small(0, 1) else f"sum(x & 255 for x in {part(LIST)})"
        if form == 11 and self.helpers:
            return f"{self.pick(*self.helpers)}({part()}, {part()}, {part(STR)})"
        if form == 12:
            return f"intmask(~{part()} + int({part(BOOL)}))"
        return f"(-1 if not {part(BOOL)} and {part()} < {part()} else {part()})"

    def _bool(self, names: dict[str, str], depth: int) -> str:
        part = lambda kind=INT: self.expression(names, kind, depth)  # noqa: E731
        form = self.small(0, 9)
        if form == 8:
            return f"({part()} {self.pick('in', 'not in')} {self.name(names, DICT)})"
        if form == 9:
            return f"({part(FLOAT)} {self.pick('<', '>=', '==')} {part(FLOAT)})"
        if form <= 2:
            return f"({part()} {self.pick('<', '<=', '==', '!=', '>', '>=')} {part()})"
        if form == 3:
            return f"({part(BOOL)} {self.pick('and', 'or')} {part(BOOL)})"
        if form == 4:
            return f"(not {part(BOOL)})"
        if form == 5:
            return f"({part(STR)} {self.pick('==', '!=', '<')} {part(STR)})"
        if form == 6:
            return f"isinstance({part(OBJECT)}, Moved)"
        return f"({part()} < {part()} <= {part()})"

    def _str(self, names: dict[str, str], depth: int) -> str:
        part = lambda kind=STR: self.expression(names, kind, depth)  # noqa: E731
        form = self.small(0, 7)
        if form == 0:
            return repr(self.pick("", "a", "xyz", "hello", "1,2"))
        if form == 1:
            return f"({part()} + {part()})[:20]"
        if form == 2:
            return f"str({part(INT)})"
        if form == 3:
            return f"f'{{{part(INT)}}}:{{{self.name(names, STR)}}}'[:20]"
        if form == 4:
            return f"('%d-%s' % ({part(INT)}, {part()}))[:20]"
        if form == 5:
            return f"({part()} if {part(BOOL)} else {part()})"
        if form == 6:
            return f"{part()}[{self.small(0, 2)}:{self.small(3, 6)}]"
        return f"{part()}.{self.pick('upper()', 'lower()', 'strip()')}"

    def _list(self, names: dict[str, str], depth: int) -> str:
        part = lambda kind=INT: self.expression(names, kind, depth)  # noqa: E731
        form = self.small(0, 4)
        if form == 0:
            return f"[{part()}, {part()}]"
        if form == 1:
            return f"[intmask(x * {self.small(-3, 3)}) for x in {part(LIST)}]"
        if form == 2:
            return f"[x for x in {part(LIST)} if x > {part()}]"
        if form == 3:
            return f"({part(LIST)} + {part(LIST)})[:8]"
        return f"[x for x in counted({self.small(0, 5)})]"

    def _dict(self, names: dict[str, str], depth: int) -> str:
        part = lambda kind=INT: self.expression(names, kind, depth)  # noqa: E731
        if self.small(0, 1):
            return f"{{{part()}: {part()}, {part()}: {part()}}}"
        return f"{{x & 15: intmask(x + {part()}) for x in {part(LIST)}}}"

    def _float(self, names: dict[str, str], depth: int) -> str:
        """Small values, so that conversions back to integers fit."""
        part = lambda kind=FLOAT: self.expression(names, kind, depth)  # noqa: E731
        form = self.small(0, 3)
        if form == 0:
            return self.pick("0.0", "1.5", "-2.25", "1000.125")  # type: ignore[no-any-return]
        if form == 1:
            return f"float({part(INT)} & 1023)"
        if form == 2:
            return f"(min({part()}, 1000000.0) {self.pick('+', '-')} min({part()}, 1000000.0)) / 2.0"
        return f"({part()} if {part(BOOL)} else -{part()})"

    def _object(self, names: dict[str, str], depth: int) -> str:
        part = lambda kind=INT: self.expression(names, kind, depth)  # noqa: E731
        if self.small(0, 3) == 0:
            return f"({part(OBJECT)} if {part(BOOL)} else {part(OBJECT)})"
        return f"{self.pick('Point', 'Moved')}({part()}, {part()})"

    # ---- statements

    def block(self, names: dict[str, str], indent: str, depth: int, in_loop: bool) -> None:
        for _ in range(self.small(1, 4)):
            self.statement(names, indent, depth, in_loop)

    def statement(self, names: dict[str, str], indent: str, depth: int, in_loop: bool) -> None:
        form = self.small(0, 20)
        inner = indent + "    "
        emit = self.lines.append
        if depth <= 0 or form <= 3:
            kind = self.pick(INT, INT, BOOL, STR, LIST, OBJECT, DICT, FLOAT)
            emit(f"{indent}{self.name(names, kind)} = {self.expression(names, kind, 2)}")
        elif form == 4:
            target = self.name(names, INT)
            emit(f"{indent}{target} {self.pick('^=', '|=', '&=')} {self.expression(names, INT, 2)}")
        elif form <= 6:
            emit(f"{indent}if {self.expression(names, BOOL, 2)}:")
            self.block(names, inner, depth - 1, in_loop)
            if self.small(0, 1):
                emit(f"{indent}elif {self.expression(names, BOOL, 2)}:")
                self.block(names, inner, depth - 1, in_loop)
            if self.small(0, 1):
                emit(f"{indent}else:")
                self.block(names, inner, depth - 1, in_loop)
        elif form == 7:
            self.counter += 1
            counter = f"c{self.counter}"
            emit(f"{indent}for {counter} in range({self.small(0, 5)}):")
            self.block({**names, counter: INT}, inner, depth - 1, True)
        elif form == 8:
            self.counter += 1
            counter = f"c{self.counter}"
            emit(f"{indent}{counter} = {self.small(0, 4)}")
            emit(f"{indent}while {counter} > 0 and {self.expression(names, BOOL, 1)}:")
            emit(f"{inner}{counter} -= 1")
            self.block(names, inner, depth - 1, True)
            if self.small(0, 1):
                emit(f"{indent}else:")
                self.block(names, inner, depth - 1, in_loop)
        elif form == 9:
            self.counter += 1
            item = f"c{self.counter}"
            emit(f"{indent}for {item} in {self.expression(names, LIST, 1)}[:6]:")
            self.block({**names, item: INT}, inner, depth - 1, True)
        elif form == 10:
            self._try(names, indent, depth, in_loop)
        elif form == 11:
            emit(f"{indent}if {self.expression(names, BOOL, 2)}:")
            emit(f"{inner}raise {self.pick('Oops', 'Worse')}({self.expression(names, INT, 1)})")
        elif form == 12:
            target = self.name(names, OBJECT)
            emit(f"{indent}{target}.{self.pick('x', 'y')} = {self.expression(names, INT, 2)}")
        elif form == 13:
            emit(f"{indent}if len({self.name(names, LIST)}) < 12:")
            item = self.expression(names, INT, 1)
            emit(f"{inner}{self.name(names, LIST)} = {self.name(names, LIST)} + [{item}]")
        elif form == 16:
            guarded = f"Guard({self.expression(names, OBJECT, 1)}, {self.small(0, 9)})"
            emit(f"{indent}with {guarded} as {self.name(names, OBJECT)}:")
            self.block(names, inner, depth - 1, in_loop)
        elif form == 17:
            target = self.name(names, DICT)
            emit(
                f"{indent}{target}[{self.expression(names, INT, 1)} & 31] = {self.expression(names, INT, 2)}"
            )
        elif form == 18:
            self.counter += 1
            key, value = f"k{self.counter}", f"c{self.counter}"
            emit(f"{indent}for {key}, {value} in {self.expression(names, DICT, 1)}.items():")
            self.block({**names, key: INT, value: INT}, inner, depth - 1, True)
        elif form == 19:
            first, second = self.name(names, INT), self.name(names, INT)
            emit(f"{indent}{first}, {second} = both({self.expression(names, INT, 1)}, swap=True)")
        elif form == 20:
            target = self.name(names, DICT)
            key = self.name(names, INT)
            emit(f"{indent}if {key} in {target}:")
            emit(f"{inner}del {target}[{key}]")
        elif form == 14 and in_loop:
            emit(f"{indent}if {self.expression(names, BOOL, 1)}:")
            emit(f"{inner}{self.pick('break', 'continue')}")
        else:
            emit(f"{indent}if {self.expression(names, BOOL, 1)}:")
            emit(f"{inner}return {self.expression(names, INT, 2)}")

    def _try(self, names: dict[str, str], indent: str, depth: int, in_loop: bool) -> None:
        emit = self.lines.append
        inner = indent + "    "
        target = self.name(names, INT)
        emit(f"{indent}try:")
        form = self.small(-1, 4)
        if form == -1:
            caught = "KeyError"
            emit(f"{inner}{target} = {self.name(names, DICT)}[{self.expression(names, INT, 1)}]")
        elif form == 0:
            caught = "IndexError"
            emit(f"{inner}{target} = {self.name(names, LIST)}[{self.expression(names, INT, 1)}]")
        elif form == 1:
            caught = "OverflowError"
            operator = self.pick("+", "-", "*")
            left, right = self.expression(names, INT, 1), self.expression(names, INT, 1)
            emit(f"{inner}{target} = ovfcheck({left} {operator} {right})")
        elif form == 2:
            caught = "ZeroDivisionError"
            divided = f"{self.name(names, INT)} {self.pick('//', '%')} ({self.expression(names, INT, 1)} & 3)"
            emit(f"{inner}{target} = {divided}")
        else:
            caught = self.pick("Worse", "Oops", "(Worse, IndexError)")
            self.block(names, inner, depth - 1, in_loop)
        handlers = self.small(0, 2)
        if handlers != 1:
            if "Oops" in caught or caught == "Worse":
                emit(f"{indent}except {caught} as error:")
                emit(f"{inner}{target} = error.code")
            else:
                emit(f"{indent}except {caught}:")
            self.block(names, inner, depth - 1, in_loop)
            if self.small(0, 1):
                emit(f"{indent}else:")
                self.block(names, inner, depth - 1, in_loop)
        if handlers != 2:
            if handlers == 1 and form <= 2:
                emit(f"{indent}except {caught}:")
                emit(f"{inner}{target} = 0")
            emit(f"{indent}finally:")
            emit(f"{inner}{target} = intmask({target} + {self.small(0, 9)})")

    def function(self, name: str) -> None:
        names = {"a": INT, "b": INT, "s": STR}
        self.lines.append(f"\n\ndef {name}(a, b, s):")
        for kind, initial in _INITIAL.items():
            for number in range(2):
                variable = f"{kind[0]}{number}"
                names[variable] = kind
                self.lines.append(f"    {variable} = {initial}")
        self.block(names, "    ", 3, False)
        self.lines.append(f"    return {self.expression(names, INT, 2)}")


@st.composite
def programs(draw: Any) -> GeneratedProgram:
    """Programs with up to two helper functions, and three calls of `entry`."""
    writer = _Writer(draw)
    for name in ["first", "second"][: writer.small(0, 2)]:
        writer.function(name)
        writer.helpers.append(name)
    writer.function("entry")
    word = st.one_of(st.integers(-10, 10), st.integers(-(1 << 63), (1 << 63) - 1))
    text = st.text(st.sampled_from("ab,1 "), max_size=6)
    arguments = draw(st.lists(st.tuples(word, word, text), min_size=3, max_size=3))
    return GeneratedProgram(_PRELUDE + "\n".join(writer.lines) + "\n", arguments)
