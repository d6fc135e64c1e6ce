"""The run-time data of the JIT is RPython: a program that records and reads traces does the same translated."""

import subprocess
import sys
from pathlib import Path

import pytest

TARGET = Path(__file__).parent / "jit" / "recording.py"


@pytest.fixture(scope="module")
def executable(tmp_path_factory):
    output = tmp_path_factory.mktemp("recording") / "recording"
    command = [sys.executable, "-m", "ouro.translator", "translate", str(TARGET), "-O0", "--output", str(output)]
    subprocess.run(command, check=True, timeout=600)
    return output


@pytest.mark.parametrize("arguments", [("41", "5"), ("-1", "0"), ("9223372036854775807", "-9223372036854775808")])
def test_a_recorded_trace_is_the_same_on_the_host_and_translated(executable, arguments):
    on_host = subprocess.run(
        [sys.executable, "-m", "ouro.translator", "run", str(TARGET), *arguments],
        capture_output=True, timeout=60, check=True,
    )
    translated = subprocess.run([str(executable), *arguments], capture_output=True, timeout=60, check=True)
    assert translated.stdout == on_host.stdout
    assert b"guards: 1, kept: 3" in translated.stdout
