"""A translated program compiles traces to machine code and runs them."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

TARGET = Path(__file__).parent / "machine_code" / "traces_target.py"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="runs x86-64 code in the program")
def test_traces_are_compiled_patched_called_and_freed(tmp_path):
    executable = tmp_path / "program"
    command = [sys.executable, "-m", "ouro.translator", "translate", str(TARGET), "-O0", "--output", str(executable)]
    subprocess.run(command, check=True, timeout=600, capture_output=True)
    done = subprocess.run([executable, "run"], check=True, capture_output=True, timeout=60, text=True)
    assert done.stdout.splitlines() == [
        "guard 55 of 1 failures", "done 10100", "done 21", "done 31", "done 43", "guard 1", "10 0.9765625",
        "list 20000100000 array 210 kept 1", "freed 1"]
    # a small nursery that is verified whenever it is full
    environment = {**os.environ, "OUROGC_NURSERY": "64K", "OUROGC_DEBUG": "1"}
    again = subprocess.run(
        [executable, "run"], check=True, capture_output=True, timeout=120, text=True, env=environment)
    assert again.stdout == done.stdout
