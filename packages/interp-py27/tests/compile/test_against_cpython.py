"""AST and code of CPython 2.7's own library are what CPython makes of it.

A sample of the library by default; all of it with `OURO_WHOLE_LIBRARY=1`.
"""

import os

import pytest
from ast_text import ast_text
from code_text import code_text
from host_callbacks import HostCallbacks
from ouro.interp_py27.compiler import CompileOptions, compile_source
from ouro.interp_py27.parser import SyntaxProblem, parse_source

SAMPLE_STEP = 1 if os.environ.get("OURO_WHOLE_LIBRARY") else 12

# Files with operations on constants that CPython folds and we leave to run time: formatting, powers of complex numbers.
UNFOLDED = {"test_complex.py", "test_descr.py", "test_locale.py", "test_ntpath.py", "test_types.py", "test_unicode.py",
            "test_xpickle.py"}
# Its declared "encoding" decodes to something other than text, which only an application codec can do.
UNDECODABLE = {"bad_coding3.py"}


@pytest.fixture(scope="module")
def library_files(cpython27):
    library = cpython27.library()
    files = sorted(library.glob("*.py")) + sorted(library.glob("*/*.py"))
    return [path for path in files if path.name not in UNDECODABLE][::SAMPLE_STEP]


def read(path):
    """As Python 2.7 reads a file in mode "U"."""
    return path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n").decode("latin-1")


def outcome(function, path):
    try:
        return function(read(path), str(path))
    except SyntaxProblem as problem:
        return "%s %s %s" % (problem.kind, problem.message,
                             problem.lineno if problem.detail != SyntaxProblem.MESSAGE_ONLY else None)


def different(files, lines, function):
    return [str(path) for path, line in zip(files, lines) if outcome(function, path) != line]


def test_syntax_trees_are_those_of_cpython(cpython27, library_files):
    lines = cpython27.run("dump_ast.py", *library_files)
    assert different(library_files, lines, lambda source, filename: ast_text(
        parse_source(source, filename, "exec", 0, HostCallbacks()))) == []


@pytest.mark.parametrize("optimize", [0, 1, 2])
def test_code_is_that_of_cpython(cpython27, library_files, optimize):
    files = [path for path in library_files if path.name not in UNFOLDED]
    lines = cpython27.run("dump_code.py", *files, options=["-O"] * optimize)
    options = CompileOptions(optimize)
    assert different(files, lines, lambda source, filename: code_text(
        compile_source(source, filename, "exec", 0, HostCallbacks(), options))) == []
