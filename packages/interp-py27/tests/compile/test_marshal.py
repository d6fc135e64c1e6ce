"""Code units survive marshalling, and CPython 2.7 reads what we write."""

import subprocess
from pathlib import Path

import pytest
from code_text import code_text
from host_callbacks import HostCallbacks
from ouro.interp_py27.compiler import (
    CompileOptions,
    ConstCode,
    MarshalProblem,
    compile_source,
    dump_code,
    dump_constant,
    load_code,
    load_constant,
)
from ouro.interp_py27.parser import (
    ELLIPSIS,
    FALSE,
    NONE,
    STOP_ITERATION,
    TRUE,
    ConstBytes,
    ConstComplex,
    ConstFloat,
    ConstFrozenSet,
    ConstInt,
    ConstLong,
    ConstTuple,
    ConstUnicode,
)
from ouro.rlib.rbigint import rbigint

PROGRAM = """'doc'
import os, sys as system
class A(object):
    'class doc'
    def method(self, a, b=1.5, *args, **kwargs):
        return [lambda: a + x for x in (1, 2L, 3j, -0.0, u'\\u1234\\ud800', 'a b', 'name', None, 'name')]
    def other(self):
        return 123456789012345678901234567890, -98765432109876543210, 1 << 40, x[..., 1:2], 4e300, 1e400
"""

CONSTANTS = [NONE, TRUE, FALSE, ELLIPSIS, STOP_ITERATION, ConstInt(0), ConstInt(-1), ConstInt(2**31 - 1),
             ConstInt(-2**31), ConstInt(2**31), ConstInt(-2**63), ConstInt(2**63 - 1), ConstFloat(0.0),
             ConstFloat(-0.0), ConstFloat(1e308), ConstFloat(5e-324), ConstFloat(float("inf")), ConstComplex(1.5, -2.0),
             ConstBytes(""), ConstBytes("\x00\xff"), ConstBytes("name"), ConstUnicode("\xe1\x88\xb4"),
             ConstTuple([]), ConstTuple([ConstInt(1), ConstTuple([ConstBytes("a"), ConstBytes("a")])])]
CONSTANTS += [ConstLong(rbigint.fromlong(sign * value)) for sign in (1, -1)
              for value in (0, 1, 2**15 - 1, 2**15, 2**30, 2**64, 10**40, 2**300 - 1)]


@pytest.mark.parametrize("number", range(len(CONSTANTS)))
def test_constant_survives(number):
    constant = CONSTANTS[number]
    result = load_constant(dump_constant(constant))
    assert result.same_constant(constant)
    assert result.hash_key() == constant.hash_key()


def test_frozenset_survives():
    result = load_constant(dump_constant(ConstFrozenSet([ConstInt(7)])))
    assert isinstance(result, ConstFrozenSet) and result.items[0].value == 7


def compiled():
    return compile_source(PROGRAM, "<program>", "exec", 0, HostCallbacks(), CompileOptions(0))


def test_code_survives():
    unit = compiled()
    again = load_code(dump_code(unit))
    assert code_text(again) == code_text(unit)
    assert ConstCode(again).same_constant(ConstCode(unit))


def test_cpython_reads_our_code(cpython27):
    script = ("import sys, marshal; sys.path.insert(0, sys.argv[1]); from dump_code import code;"
              "sys.stdout.write(code(marshal.loads(sys.stdin.read())))")
    result = subprocess.run([cpython27.executable, "-c", script, str(Path(__file__).parent / "reference")],
                            input=dump_code(compiled()).encode("latin-1"), stdout=subprocess.PIPE, check=True)
    assert result.stdout.decode() == code_text(compiled())


def test_we_read_the_code_of_cpython(cpython27, tmp_path):
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    script = ("import sys, marshal; sys.stdout.write(marshal.dumps(compile(sys.stdin.read(), '<program>', 'exec')))")
    result = subprocess.run([cpython27.executable, "-c", script], input=PROGRAM.encode(), stdout=subprocess.PIPE,
                            check=True)
    assert code_text(load_code(result.stdout.decode("latin-1"))) == code_text(compiled())


@pytest.mark.parametrize("data, kind, message", [
    ("", "EOFError", "EOF read where object expected"),
    ("s\x05\x00\x00\x00abc", "EOFError", "EOF read where object expected"),
    ("q", "ValueError", "bad marshal data (unknown type code)"),
    ("R\x00\x00\x00\x00", "ValueError", "bad marshal data (string ref out of range)"),
    ("l\x01\x00\x00\x00\xff\xff", "ValueError", "bad marshal data (digit out of range in long)"),
    ("(\xff\xff\xff\xff", "ValueError", "bad marshal data (tuple size out of range)"),
])
def test_bad_data_is_refused(data, kind, message):
    with pytest.raises(MarshalProblem) as caught:
        load_constant(data)
    assert (caught.value.kind, caught.value.message) == (kind, message)


def test_every_truncation_is_refused():
    data = dump_code(compiled())
    for end in range(len(data)):
        with pytest.raises(MarshalProblem):
            load_constant(data[:end])
