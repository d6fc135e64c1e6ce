"""Generated programs as executables, with each of the collectors.

`random_program(number)` makes the program again that a failure names; other numbers are for long runs by hand.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from generated_target import expected_lines, write_target
from program_generator import random_program

NUMBERS = range(5919552, 5919560)
TINY = {"OUROGC_NURSERY": "4096"}
ALL = {"OUROGC_NURSERY": "4096", "OUROGC_DEBUG": "7"}


@pytest.mark.parametrize("collector, optimisation, environments", [
    ("generational", 0, [{}, TINY, ALL]),
    ("generational", 2, [{}, TINY]),
    ("marksweep", 0, [ALL]),
    ("semispace", 0, [ALL]),
])
def test_generated_programs_give_what_the_host_gives(collector, optimisation, environments, tmp_path):
    programs = {number: random_program(number) for number in NUMBERS}
    calls = [(number, arguments) for number, program in programs.items() for arguments in program.arguments]
    expected = [line for program in programs.values() for line in expected_lines(program)]
    executable = tmp_path / "executable"
    target = write_target(tmp_path, list(programs.values()))
    command = [sys.executable, "-m", "ouro.translator", "translate", str(target), f"-O{optimisation}", "--verify"]
    subprocess.run([*command, "--gc", collector, "--output", str(executable)], check=True, timeout=600)
    for environment in environments:
        done = subprocess.run(
            [str(executable)], capture_output=True, text=True, encoding="latin-1", timeout=300,
            env={**os.environ, **environment},
        )
        lines = done.stdout.splitlines()
        wrong = [(call, line, right) for call, line, right in zip(calls, lines, expected) if line != right]
        assert not wrong and len(lines) == len(expected) and done.returncode == 0, (environment, wrong, done.stderr)
