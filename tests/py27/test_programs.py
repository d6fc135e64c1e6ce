"""Python 2.7 programs print the same on the translated interpreter as on CPython 2.7.18, with a tiny nursery too."""

from pathlib import Path

import pytest
from python27 import run

APP = Path(__file__).parents[2] / "packages" / "interp-py27" / "tests" / "app"
PROGRAMS = sorted(path.name for path in APP.glob("*.py"))
BENCH = Path(__file__).parents[2] / "packages" / "interp-py27" / "bench"
BENCHMARKS = sorted(path.name for path in BENCH.glob("*.py") if path.stem != "harness")


@pytest.mark.parametrize("nursery", ["", "4096"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_program_prints_the_same_as_under_cpython(program, nursery, ouro27, cpython27):
    environment = {"OUROGC_NURSERY": nursery} if nursery else {}
    expected = run([cpython27, "-S", program], APP)
    actual = run([ouro27, "-S", program], APP, **environment)
    assert actual.stdout.decode("latin-1") == expected.stdout.decode("latin-1"), actual.stderr.decode("latin-1")
    assert actual.stderr.decode("latin-1") == expected.stderr.decode("latin-1")
    assert actual.returncode == expected.returncode


@pytest.mark.parametrize("program", BENCHMARKS)
def test_benchmark_computes_the_same_as_under_cpython(program, ouro27, cpython27):
    expected = run([cpython27, program, "1"], BENCH)
    actual = run([ouro27, program, "1"], BENCH)
    assert expected.returncode == 0, expected.stderr.decode("latin-1")
    assert (actual.stdout, actual.stderr, actual.returncode) == (expected.stdout, expected.stderr, 0)
