"""Random programs with hot loops print under random parameters of the JIT what they print on CPython 2.7.18.

`OURO_HOT_LOOPS` says how many; `nox -s hot-loops` runs 2,000. A failure names the seed and the parameters;
`python27_hot_loops.py SEED` prints the program.
"""

import os

import pytest
from python27 import run
from python27_hot_loops import environments, program

COUNT = int(os.environ.get("OURO_HOT_LOOPS", "40"))
BATCH = 10
#: How often each program runs, with other parameters each time.
RUNS = 4
MEMORY = 4 << 30


@pytest.mark.parametrize("first", range(0, COUNT, BATCH))
def test_programs_with_hot_loops_print_the_same_under_the_jit(first, ouro27, cpython27, tmp_path):
    path = tmp_path / "program.py"
    for seed in range(first, min(first + BATCH, COUNT)):
        path.write_text(program(seed), encoding="latin-1")
        expected = run([cpython27, "-S", str(path)])
        assert expected.returncode == 0, (seed, expected.stderr)
        for environment in environments(seed, RUNS):
            actual = run([ouro27, "-S", str(path)], memory=MEMORY, **environment)
            message = (seed, environment, actual.stderr[-2000:])
            assert (actual.stdout, actual.returncode) == (expected.stdout, 0), message
