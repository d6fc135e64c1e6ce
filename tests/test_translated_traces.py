"""A translated program compiles traces to machine code and runs them."""

import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from ouro.backend_x86.disassemble import disassembly, read_dump

TARGET = Path(__file__).parent / "machine_code" / "traces_target.py"


pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="runs x86-64 code in the program")


@pytest.fixture(scope="module")
def executable(tmp_path_factory):
    output = tmp_path_factory.mktemp("traces") / "program"
    command = [sys.executable, "-m", "ouro.translator", "translate", str(TARGET), "-O0", "--output", str(output)]
    subprocess.run(command, check=True, timeout=600, capture_output=True)
    return output


def test_traces_are_compiled_patched_called_and_freed(executable):
    done = subprocess.run([executable, "run"], check=True, capture_output=True, timeout=60, text=True)
    assert done.stdout.splitlines() == [
        "guard 55 of 1 failures", "done 10100", "done 21", "done 31", "done 43", "guard 1", "10 0.9765625",
        "list 20000100000 array 210 kept 1", "freed 1"]
    # a small nursery that is verified whenever it is full
    environment = {**os.environ, "OUROGC_NURSERY": "64K", "OUROGC_DEBUG": "1"}
    again = subprocess.run(
        [executable, "run"], check=True, capture_output=True, timeout=120, text=True, env=environment)
    assert again.stdout == done.stdout


def test_the_log_has_the_code_of_each_operation_and_where_jumps_lead_in_the_end(executable, tmp_path):
    log = tmp_path / "log"
    environment = {**os.environ, "OUROLOG": f"jit-backend-dump:{log}"}
    subprocess.run([executable, "run"], check=True, capture_output=True, timeout=60, env=environment)
    dumped = read_dump(log.read_text().splitlines())
    assert [code.kind for code in dumped[:3]] == ["stubs", "loop", "bridge"]
    loop, bridge = dumped[1:3]
    lines = list(disassembly(loop))
    assert lines[0].startswith("loop sum: ")
    add = lines.index("  int_add")
    assert "add" in lines[add + 1] and lines[add + 2] == "  int_sub"
    assert any(line.endswith(f" {bridge.address:#x}") and " j" in line for line in lines)


def test_the_profiler_is_told_the_names_of_code(executable):
    with subprocess.Popen([executable, "perf"], stdout=subprocess.PIPE) as process:
        process.communicate(timeout=60)
    names = Path(f"/tmp/perf-{process.pid}.map")
    lines = names.read_text().splitlines()
    names.unlink()
    assert [line.split(" ", 2)[2] for line in lines][:3] == ["jit loop sum", "jit bridge sum", "jit loop caller"]
    assert all(int(line.split()[1], 16) > 20 for line in lines)


IN_CALL = "in a function that compiled code has called"


@pytest.mark.parametrize(("where", "text"), [
    ("code", "in compiled code"),
    ("call", IN_CALL),
    ("stack", "(the stack is full) " + IN_CALL),
    ("thread", "(the stack is full) " + IN_CALL),
])
def test_a_fault_names_the_loop_and_the_guard(executable, where, text):
    done = subprocess.run([executable, "crash", where], capture_output=True, timeout=60, text=True)
    assert done.returncode == -signal.SIGSEGV
    assert done.stderr == (
        f"fatal error: signal 11 {text}: in a bridge of sum of the first numbers, behind guard 42\n")


def test_signals_that_others_send_end_the_program(executable):
    with subprocess.Popen([executable, "speed", "1000000"], stdout=subprocess.PIPE) as process:
        process.send_signal(signal.SIGSEGV)
        assert process.wait(timeout=60) == -signal.SIGSEGV


def test_debuggers_see_the_lines_of_the_source(executable):
    symbols = subprocess.run(["nm", executable], check=True, capture_output=True, text=True).stdout
    addresses = [line.split()[0] for line in symbols.splitlines() if line.endswith("float_loop")]
    assert addresses, symbols[-2000:]
    command = ["addr2line", "-e", executable, *addresses]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    number = 1 + TARGET.read_text().splitlines().index("def float_loop(token):")
    assert any(f"{TARGET.name}:{line}\n" in found for line in range(number, number + 4)), found
