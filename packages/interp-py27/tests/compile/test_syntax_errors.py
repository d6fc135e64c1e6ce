"""Every bad program is refused as CPython 2.7 refuses it: same exception, arguments and location."""

import json
from pathlib import Path

import pytest
from host_callbacks import HostCallbacks
from ouro.interp_py27.compiler import compile_source
from ouro.interp_py27.parser import SyntaxProblem
from syntax_cases import CASES

MODES = ("exec", "eval", "single")
EXPECTED = [json.loads(line) for line in
            (Path(__file__).parent / "syntax_cases.expected").read_text().splitlines()]


def fate(source, mode):
    """What `reference/compile_errors.py` prints for one program."""
    end = source.find("\0")
    if end >= 0:
        return ["TypeError", ["compile() expected string without null bytes"]]
    try:
        compile_source(source, "<case>", mode, 0, HostCallbacks())
    except SyntaxProblem as problem:
        offset = None if problem.offset < 0 else problem.offset
        if problem.detail == SyntaxProblem.WITH_LOCATION:
            location = [problem.lineno, offset, problem.text]
            return [problem.kind, [problem.message, ["<case>"] + location], location]
        arguments = [problem.message] if problem.message else []
        if problem.kind not in ("SyntaxError", "IndentationError", "TabError"):
            return [problem.kind, arguments]
        lineno = problem.lineno if problem.detail == SyntaxProblem.LOCATION_AS_ATTRIBUTES else None
        return [problem.kind, arguments, [lineno, offset, problem.text]]
    return ["ok"]


@pytest.mark.parametrize("number", range(len(CASES)))
def test_case_fails_as_in_cpython(number):
    source = CASES[number]
    assert [fate(source, mode) for mode in MODES] == EXPECTED[number], source


def test_expectations_are_what_cpython_prints(cpython27):
    lines = cpython27.run("compile_errors.py")
    assert [json.loads(line) for line in lines if line] == EXPECTED
