"""A translated program emits the same machine code as plain Python, and runs it."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

TARGET = Path(__file__).parent / "machine_code" / "target.py"


@pytest.fixture(scope="module")
def executable(tmp_path_factory):
    output = tmp_path_factory.mktemp("machine_code") / "program"
    command = [sys.executable, "-m", "ouro.translator", "translate", str(TARGET), "-O0", "--output", str(output)]
    subprocess.run(command, check=True, timeout=600)
    return output


def _output(command):
    return subprocess.run(command, check=True, capture_output=True, timeout=300, text=True).stdout


def _on_host(*arguments):
    return _output([sys.executable, "-m", "ouro.translator", "run", str(TARGET), *arguments])


def test_every_instruction_form_is_emitted_alike(executable):
    emitted = _output([executable, "emit"])
    assert emitted == _on_host("emit")
    assert len(emitted) > 20_000


@pytest.mark.skipif(platform.machine() != "x86_64", reason="runs x86-64 code in the program")
def test_emitted_code_runs_is_patched_and_runs_again(executable):
    expected = ["squares 338350", "cubes 25502500", "roots 1 2 1000", "full after 3", "out of reach, 65280 free"]
    assert _output([executable, "run", "100"]).splitlines() == expected
    assert _on_host("run", "100").splitlines() == expected
