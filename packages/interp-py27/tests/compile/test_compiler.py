"""What the comparison with CPython does not show: method calls, warnings, flags, trees that no source gives."""

import pytest
from host_callbacks import HostCallbacks
from ouro.interp_py27.compiler import CompileOptions, compile_ast, compile_source, mangle, opcodes, stack_effect
from ouro.interp_py27.parser import (
    CO_FUTURE_DIVISION,
    CO_FUTURE_PRINT_FUNCTION,
    CO_FUTURE_UNICODE_LITERALS,
    SOURCE_IS_UTF8,
    ConstBytes,
    ConstInt,
    ConstUnicode,
    ParseOptions,
    SyntaxProblem,
    nodes,
    parse_source,
)


def compiled(source, mode="exec", flags=0, callbacks=None, **options):
    return compile_source(source, "<test>", mode, flags, callbacks or HostCallbacks(), CompileOptions(**options))


def disassembled(unit):
    """(name, argument) of each instruction."""
    result = []
    position = 0
    while position < len(unit.code):
        opcode = ord(unit.code[position])
        position += 1
        argument = None
        if opcode >= opcodes.HAVE_ARGUMENT:
            argument = ord(unit.code[position]) | ord(unit.code[position + 1]) << 8
            position += 2
        result.append((opcodes.OPCODE_NAMES[opcode], argument))
    return result


def names(unit):
    return [name for name, _ in disassembled(unit)]


def test_private_names_of_methods_are_mangled():
    unit = compiled("class A:\n def f(self): self.__g()\n")
    method = unit.consts[1].unit.consts[0].unit
    assert method.names == ["_A__g"]


@pytest.mark.parametrize("private, name, expected", [
    (None, "__x", "__x"), ("A", "x", "x"), ("A", "_x", "_x"), ("A", "__x", "_A__x"), ("_A", "__x", "_A__x"),
    ("__", "__x", "__x"), ("A", "__x__", "__x__"), ("A", "__x.y", "__x.y"), ("A", "__", "__"), ("A", "___", "___"),
])
def test_mangling(private, name, expected):
    assert mangle(private, name) == expected


def test_long_jumps_and_constants_take_an_extended_argument():
    source = "if x:\n" + "".join("  y(%d)\n" % i for i in range(70000)) + "z\n"
    instructions = disassembled(compiled(source))
    assert instructions[1][0] == "EXTENDED_ARG"
    assert instructions[2][0] == "POP_JUMP_IF_FALSE"
    assert sum(name == "EXTENDED_ARG" for name, _ in instructions) > 4000


def test_flags_in_force_change_code():
    assert "BINARY_TRUE_DIVIDE" in names(compiled("a / b", "eval", CO_FUTURE_DIVISION))
    assert "CALL_FUNCTION" in names(compiled("print(1)", "exec", CO_FUTURE_PRINT_FUNCTION))
    unit = compiled("'x'", "eval", CO_FUTURE_UNICODE_LITERALS)
    assert isinstance(unit.consts[0], ConstUnicode)
    assert unit.flags & CO_FUTURE_UNICODE_LITERALS


def test_docstring_before_unicode_literals_is_unicode():
    unit = compiled("'doc'\nfrom __future__ import unicode_literals\n")
    assert isinstance(unit.consts[0], ConstUnicode)


def test_text_source_is_utf8():
    unit = compiled("u'\xc3\xa9'", "eval", SOURCE_IS_UTF8)
    assert unit.consts[0].value == "\xc3\xa9"
    assert compiled("u'\xe9'", "eval").consts[0].value == "\xc3\xa9"


def test_source_in_another_encoding_gives_bytes_of_that_encoding():
    unit = compiled("# coding: koi8-r\nx = '\xe9\\xe9'; y = u'\xe9'")
    assert [constant.value for constant in unit.consts[:2]] == ["\xe9\xe9", "\xd0\x98"]


@pytest.mark.parametrize("source, warnings", [
    ("assert (x, 'message')", [("assertion is always true, perhaps remove parentheses?", 1)]),
    ("def f():\n  x = 1\n  global x", [("name 'x' is assigned to before global declaration", 3)]),
    ("def f():\n  print x\n  global x", [("name 'x' is used prior to global declaration", 3)]),
    ("\ndef f():\n\n  from x import *", [("import * only allowed at module level", 2)]),
    ("assert x, 'message'\nfrom x import *", []),
])
def test_warnings(source, warnings):
    callbacks = HostCallbacks()
    compiled(source, callbacks=callbacks)
    assert callbacks.warnings == [("SyntaxWarning", message, lineno) for message, lineno in warnings]


@pytest.mark.parametrize("source, message, lineno", [
    ("x=1\ny='\xe9'\n", "Non-ASCII character '\\xe9' in file f.py on line 2, but no encoding declared; "
     "see http://python.org/dev/peps/pep-0263/ for details", 2),
    ("\xef\xbb\xbf# coding: latin1\n", "encoding problem: latin1 with BOM", 1),
])
def test_files_are_ascii_unless_they_say_otherwise(source, message, lineno):
    with pytest.raises(SyntaxProblem) as caught:
        parse_source(source, "f.py", "exec", 0, HostCallbacks(), ParseOptions(from_file=True))
    assert (caught.value.message, caught.value.lineno) == (message, lineno)


@pytest.mark.parametrize("policy, kinds", [(0, []), (1, ["f.py"]), (2, "TabError")])
def test_inconsistent_tabs(policy, kinds):
    callbacks = HostCallbacks()
    options = ParseOptions(tab_policy=policy)
    try:
        parse_source("if x:\n        y\n\tz\n", "f.py", "exec", 0, callbacks, options)
        assert callbacks.files_with_tabs == kinds
    except SyntaxProblem as problem:
        assert problem.kind == kinds


def test_tree_without_source_compiles():
    call = nodes.Call(nodes.Name("f", nodes.Load, 1, 0), [nodes.Num(ConstInt(1), 1, 2)], [], None, None, 1, 0)
    unit = compile_ast(nodes.Expression(call), "<tree>", 0)
    assert names(unit) == ["LOAD_NAME", "LOAD_CONST", "CALL_FUNCTION", "RETURN_VALUE"]


def test_deep_chains_of_blocks_do_not_recurse():
    source = "".join("if x: y\n" for _ in range(20000))
    assert compiled(source).stacksize == 1


def test_equal_code_shares_a_constant():
    unit = compiled("x = (lambda: 0), (lambda: 0)")
    assert len(unit.consts) == 2
    unit = compiled("x = (lambda: 0), (lambda: 1)")
    assert len(unit.consts) == 3


def test_zeros_of_both_signs_are_two_constants():
    assert len(compiled("x = 0.0, -0.0, 0, 0L, 0j, -0.0").consts) == 7


def test_every_opcode_has_an_effect():
    for name, number in opcodes.OPCODE_NUMBERS.items():
        assert -10 <= stack_effect(number, 2) <= 10, name


def test_adjacent_literals_become_one():
    assert compiled("'a' \"b\" '''c'''", "eval").consts[0].same_constant(ConstBytes("abc"))


@pytest.mark.parametrize("expression, value", [
    ("5.5 % 3", "0x1.4000000000000p+1"), ("-5.5 % 3", "0x1.0000000000000p-1"), ("-0.0 % 3", "0x0.0p+0"),
    ("6.0 % -3", "-0x0.0p+0"), ("-5.5 // 3", "-0x1.0000000000000p+1"), ("0.0 // -3", "-0x0.0p+0"),
    ("7.0 // 0.1", "0x1.1400000000000p+6"), ("2 ** -1", "0x1.0000000000000p-1"), ("2L ** -1", "0x1.0000000000000p-1"),
    ("(-2.0) ** 3.0", "-0x1.0000000000000p+3"), ("2.5 ** 2", "0x1.9000000000000p+2"), ("1e400 ** 2", "inf"),
])
def test_operations_on_floats_are_folded(expression, value):
    constant = compiled(expression, "eval").consts[-1]
    assert constant.value.hex() == value


@pytest.mark.parametrize("expression", ["1e308 ** 2", "(-8.0) ** 0.5", "0.0 ** -1", "0 ** -1", "1 % 0", "1.0 // 0",
                                        "1 << -1", "1 << 10 ** 9", "2 ** 10 ** 9", "'x' * 21", "(1,)[1]", "'%s' % 1"])
def test_operations_that_raise_or_grow_are_left_to_run_time(expression):
    assert any(name.startswith("BINARY_") for name in names(compiled(expression, "eval")))
