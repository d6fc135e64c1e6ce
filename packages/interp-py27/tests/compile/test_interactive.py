"""The prompt knows when a statement needs more lines."""

import pytest
from host_callbacks import HostCallbacks
from ouro.interp_py27.compiler import compile_source, opcodes
from ouro.interp_py27.parser import IncompleteInput, ParseOptions, SyntaxProblem

INTERACTIVE = ParseOptions(interactive=True)


def enter(*lines):
    """Type lines at a prompt; returns how many the statement took, or the problem's message."""
    for count in range(1, len(lines) + 1):
        try:
            compile_source("".join(line + "\n" for line in lines[:count]), "<stdin>", "single", 0, HostCallbacks(),
                           parse_options=INTERACTIVE)
        except IncompleteInput:
            continue
        except SyntaxProblem as problem:
            return "%s: %s" % (problem.kind, problem.message)
        return count
    return "incomplete"


@pytest.mark.parametrize("lines, expected", [
    (["x = 1", "y"], 1),
    ([""], 1),
    (["# comment", "x"], 2),
    (["x = (1,", "2)"], 2),
    (["x = '''a", "", "b'''"], 3),
    (["x = \\", "1"], 2),
    (["if x:", "  y", ""], 3),
    (["if x:", "  y", "else:", "  z", ""], 5),
    (["if x:", "  y"], "incomplete"),
    (["if x: y", ""], 2),
    (["for x in y:", "  if z:", "    w", "", "v"], 4),
    (["def f():", "  '''doc", "", "  '''", "  return 1", ""], 6),
    (["@decorated", "def f(): pass", ""], 3),
    (["try:", "  x", ""], "SyntaxError: invalid syntax"),
    (["if x:", "y"], "IndentationError: expected an indented block"),
    (["  x"], "IndentationError: unexpected indent"),
    (["x = 'abc"], "SyntaxError: EOL while scanning string literal"),
    (["x = = 1"], "SyntaxError: invalid syntax"),
    (["f() = 1"], "SyntaxError: can't assign to function call"),
])
def test_statement_takes_the_lines_it_needs(lines, expected):
    assert enter(*lines) == expected


def test_expressions_are_printed():
    unit = compile_source("x\n", "<stdin>", "single", 0, HostCallbacks())
    assert chr(opcodes.PRINT_EXPR) in unit.code


def test_expressions_inside_functions_are_not_printed():
    unit = compile_source("def f():\n  x\n", "<stdin>", "single", 0, HostCallbacks())
    assert chr(opcodes.PRINT_EXPR) not in unit.consts[0].unit.code
