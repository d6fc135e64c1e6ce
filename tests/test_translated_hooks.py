"""A translated program is told by its JIT; without one it is told nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

TARGET = Path(__file__).parent / "jit" / "told.py"
WITH_JIT = """\
3146250
sums loop 1 at file.x:45 main 5 ADD
code
bridge of loop 1
bridge of loop 1
1 freed
"""


@pytest.mark.parametrize(
    "options, expected",
    [(["--no-jit"], "3146250\n"), (["--jit"], WITH_JIT), (["--jit", "--jit-backend", "interpret"], WITH_JIT)],
    ids=["without", "x86", "interpret"],
)
def test_what_a_translated_program_is_told(options, expected, tmp_path):
    command = [sys.executable, "-m", "ouro.translator", "translate", str(TARGET), "-O0", "--quiet", *options]
    subprocess.run([*command, "--output", str(tmp_path / "told")], check=True, timeout=600)
    result = subprocess.run([str(tmp_path / "told")], capture_output=True, text=True, timeout=60)
    assert (result.returncode, result.stdout) == (0, expected)
