"""The text form of typed programs."""

from __future__ import annotations

import pytest
from ouro.rtyper import TextError, TypedInterpreter, parse_program, print_program, verify_program
from rtyper_support import typed

PROGRAM = """
type %object = GcStruct object ()
type %object_vtable = Struct object_vtable (subclass_range_min: Signed, subclass_range_max: Signed, instantiate: Ptr(Func() -> Ptr(%object)), name: Ptr(Array(Char))) {'immutable': True}
type %node = GcStruct node (value: Signed, next: Ptr(%node))
type %table = Struct table (super: %object_vtable, x: Signed)
extern @sin: Func(Float) -> Float {'name': 'sin', 'external': 'sin', 'includes': ('math.h',)}
data $node: %node = {value: 5, next: $node}
data $name: Array(Char)[3] = 'abc'
data $table: %table = {super: {subclass_range_min: 0, subclass_range_max: 5, instantiate: null, name: $name}, x: 4}
data $overflow: %object = {}
data $ticker: Array(Signed, {'nolength': True})[2] = [5, -1]
graph @f tags {'inline': True} -> Signed {
  block0(n: Signed, p: Ptr(%node)):
    value: Signed = getfield(p, .value) !3:4:5
    setfield((Ptr(%node) $node), .value, n)
    test: Bool = int_lt(value, 10)               # a comment
    big: Unsigned = uint_add((Unsigned 5), (Unsigned 18446744073709551610))
    switch test
    case False -> return(-1)
    case True -> block1(value)
  block1(x: Signed):
    y: Signed = direct_call((Ptr(Func(Signed) -> Signed) @g), x)
    try -> return(y)
    except (Ptr(%object_vtable) $table:super) (t: Ptr(%object_vtable), v: Ptr(%object)) -> return(-7)
}
graph @g -> Signed {
  block0(x: Signed):
    r: Signed = int_add_ovf(x, 9223372036854775800)
    ticker: Signed = getarrayitem((Ptr(Array(Signed, {'nolength': True})) $ticker), 1)
    goto return(r)
}
entry @f
exception OverflowError $overflow $table:super
instance %node $table:super
"""  # noqa: E501


def test_a_program_prints_as_what_parses_to_the_same_text() -> None:
    text = print_program(parse_program(PROGRAM), positions=True)
    assert print_program(parse_program(text), positions=True) == text
    assert "!3:4:5" in text
    assert "{'nolength': True})[2] = [5, -1]" in text  # native memory


def test_a_parsed_program_verifies_and_runs() -> None:
    program = parse_program(PROGRAM)
    verify_program(program)
    node = program.graphs[0].startblock.operations[1].args[0].value
    interpreter = TypedInterpreter(program)
    assert interpreter.run(program.entry_graph, [3, node]) == 9223372036854775805
    assert node.value == 3
    node.value = 9
    assert interpreter.run(program.entry_graph, [3, node]) == -7
    node.value = 10
    assert interpreter.run(program.entry_graph, [3, node]) == -1


class Shape:
    count = 0

    def __init__(self, name: str) -> None:
        self.name = name

    def area(self) -> int:
        return 1


class Square(Shape):
    def area(self) -> int:
        return 4


SHAPES = {"a": Shape("one"), "b": Square("two")}


def whole(n: int) -> int:
    return SHAPES["a" if n else "b"].area() + len(str(n)) + sum([n, 2])


def test_a_typed_program_survives_its_text() -> None:
    program = typed(whole, 5)
    text = print_program(program)
    again = parse_program(text)
    verify_program(again)
    assert print_program(again) == text
    assert TypedInterpreter(again).run(again.entry_graph, [5]) == whole(5)


@pytest.mark.parametrize(
    "text, message",
    [
        ("graph @f -> Signed {\n  block0():\n    goto return(x)\n}", "variable x is not defined"),
        ("graph @f -> Strange {}", "'Strange' is not a type"),
        ("data $x: Signed = ;", "line 1"),
        ("graph @f -> Signed {\n  block0():\n    goto block7(5)\n}", "block block7 is not defined"),
    ],
)
def test_malformed_text_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(TextError, match=message):
        parse_program(text)
