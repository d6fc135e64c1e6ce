"""Which calls become method calls without bound methods, and back."""

import pytest
from ouro.interp_py27.compiler import CompileOptions, compile_source, opcodes
from ouro.interp_py27.objects import space  # noqa: F401 (completes the object space before its parts are used)
from ouro.interp_py27.parser import Callbacks
from ouro.interp_py27.vm.method_calls import CALL_METHOD, LOOKUP_METHOD, with_method_calls, without_method_calls

NAMES = list(opcodes.OPCODE_NAMES)
NAMES[LOOKUP_METHOD] = "LOOKUP_METHOD"
NAMES[CALL_METHOD] = "CALL_METHOD"


def rewritten(source):
    """The code with method calls, how much more stack it needs, and the names of its instructions."""
    unit = compile_source(source, "<test>", "eval", 0, Callbacks(), CompileOptions())
    code, more_stack = with_method_calls(unit.code, unit.stacksize)
    assert without_method_calls(code) == unit.code
    names = []
    position = 0
    while position < len(code):
        opcode = ord(code[position])
        names.append(NAMES[opcode])
        position += 3 if opcode >= opcodes.HAVE_ARGUMENT else 1
    return names, more_stack


@pytest.mark.parametrize("source, calls, more_stack", [
    ("a.b(c, d=1)", 1, 1),
    ("a.b()", 1, 1),
    ("a.b(c.d(e.f()))", 3, 3),
    ("a.b(c.d(), e.f())", 3, 2),
    ("a.b().c().d()", 3, 1),
    ("a.b(c if d.e() else f.g())", 3, 2),
    ("a.b(c.d() and e or f)", 2, 2),
    ("a.b(x < y < z)", 1, 1),
    ("a.b([c.d(e) for e in f.g() if e.h(1)])", 4, 2),
    ("a.b({1: c.d()}, {2, 3}, (4, c[1:2]), -e, not f)", 2, 2),
    ("a.b(lambda: c)", 1, 1),
])
def test_calls_of_attributes_are_method_calls(source, calls, more_stack):
    names, more = rewritten(source)
    assert names.count("LOOKUP_METHOD") == names.count("CALL_METHOD") == calls
    assert "CALL_FUNCTION" not in names
    assert more == more_stack


@pytest.mark.parametrize("source", [
    "a.b(*c)", "a.b(**c)", "a(b.c)", "(a.b if c else d.e)(f)", "(a or b.c)(d)", "(a.b or c)(d)", "(a and b.c)()",
    "(lambda: a.b)()", "a.b[0](c)",
])
def test_other_calls_stay(source):
    names, more_stack = rewritten(source)
    assert "LOOKUP_METHOD" not in names and "CALL_METHOD" not in names
    assert more_stack == 0
