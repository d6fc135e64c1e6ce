"""Options of the command line do to a program what they do in CPython 2.7.18, and files are read as there."""

import os
import subprocess
import sys

import pytest

LITERALS = r'''# -*- coding: utf-8 -*-
import imp, sys
def documented():
    "text"
print repr("a"), repr("\xe9\u1234" "b"), repr(r"\u1234\n"), repr(b"a"), repr(u"a"), repr("é"), sys.flags.unicode
print repr(eval("'x'")), repr(eval(u"b'x'")), repr(documented.__doc__), compile("'a'", "name", "eval").co_consts
print repr(imp.get_magic()), __name__.__class__
'''

CAUGHT = r'''
class Old:
    pass
try:
    raise KeyError
except (Old, (int, object), ValueError):
    pass
except object:
    pass
except KeyError:
    print "caught"
'''

OLD_SYNTAX = r'''
x = 1
a = `x`
b = 1 <> 2
def f((a, b)): pass
exec "g = `1`; h = 1 <> 2"
e = 3 <> 4, `5`
True = 3
for bad in ("1 <> 2; `3`; 4 5", "`1`; 1 = 2; `3`; 4 <> 5", "from __future__ import unicode_literals; `'a'`"):
    try:
        compile(bad, "<bad>", "exec")
    except SyntaxError as error:
        print error
'''

BYTES = r'''
b = bytearray("a")
print b == u"a"
print b != u"a", b < u"b", u"a" != b, str(b), "%s" % b
print u"a" == b
'''

PROGRAMS = {
    "all literals are unicode": (["-U"], LITERALS),
    "only those that say so": ([], LITERALS),
    "a NUL ends the last line": ([], b"print 1\nx=\x00 2\n"),
    "a NUL ends a line that goes on": ([], b"print 1\nx=\x00 2\n3\nprint x\ny=\x00"),
    "a NUL ends a file in a block": ([], b"if 1:\n  print 1\n  if 2:\x00 print 2"),
    "old syntax": (["-3"], OLD_SYNTAX),
    "bytearrays and unicode": (["-b"], BYTES),
    "bytearrays are no unicode": (["-bb"], BYTES),
    "classes that catch nothing": (["-3"], CAUGHT),
}


def run(command, options, program):
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", PYTHONHASHSEED="0")
    done = subprocess.run([*command, "-S", *options, program], capture_output=True, timeout=120, env=environment,
                          check=False)
    return done.stdout.decode(errors="backslashreplace"), done.stderr.decode(errors="backslashreplace"), done.returncode


@pytest.mark.parametrize("claim", PROGRAMS)
def test_program_prints_the_same_as_under_cpython(claim, cpython27, tmp_path):
    options, source = PROGRAMS[claim]
    program = tmp_path / "program.py"
    program.write_bytes(source if isinstance(source, bytes) else source.encode())
    expected = run([cpython27], options, str(program))
    assert run([sys.executable, "-m", "ouro.interp_py27"], options, str(program)) == expected


def test_the_help_names_what_cpython_has(cpython27):
    """In its words, but for what a parser without debug output, Windows and the manual page have to do with."""
    expected = run([cpython27], ["-h"], "none")
    actual = run([sys.executable, "-m", "ouro.interp_py27"], ["-h"], "none")
    lines = set(actual[0].splitlines())
    missing = [line for line in expected[0].splitlines()[1:] if line not in lines]
    assert [line[:12] for line in missing] == ["-d     : deb", "         see", "PYTHONCASEOK"]
    assert actual[1:] == expected[1:]
