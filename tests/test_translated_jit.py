"""Interpreters that are translated with a JIT do what they do without, and the JIT has compiled their loops."""

import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

#: Much code soon.
CROWDED = "threshold=2,trace_eagerness=1,function_threshold=2,enable_opts=none"
TARGET = Path(__file__).parent / "jit" / "interpreters.py"


#: Machine code comes of itself.
BACKENDS = {"interpret": ["--jit", "--jit-backend", "interpret"], "x86": []}


@pytest.fixture(scope="module", params=BACKENDS)
def executable(tmp_path_factory, request):
    if request.param == "x86" and platform.machine() != "x86_64":
        pytest.skip("x86-64 only")
    output = tmp_path_factory.mktemp("jit") / "interpreters"
    command = [sys.executable, "-m", "ouro.translator", "translate", str(TARGET), "-O0", "--quiet"]
    subprocess.run([*command, *BACKENDS[request.param], "--output", str(output)], check=True, timeout=600)
    return output


def run(command, **environment):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True, env=environment or None)


@pytest.mark.parametrize("n", [10, 3333, 19999])
def test_the_program_does_what_it_does_on_the_host(executable, n):
    on_host = run([sys.executable, "-m", "ouro.translator", "run", str(TARGET), str(n)])
    assert run([str(executable), str(n)]).stdout == on_host.stdout


def test_loops_and_bridges_were_compiled(executable):
    log = run([str(executable), "19999"], OUROLOG="jit-log-opt:-").stderr
    for name in ("bytecode", "objects", "exceptions", "recursive", "strings", "stack", "singles"):
        assert name in log, log


def test_failures_of_guards_are_counted(executable):
    log = run([str(executable), "19999"], OUROLOG="jit-guards,jit-summary:-").stderr
    failures = [int(count) for count in re.findall(r"^guard \d+ of \S+: (\d+)", log, re.M)]
    assert failures and sum(failures) == int(re.search(r"guard failures without bridge: (\d+)", log).group(1))


def test_a_program_goes_on_where_there_is_no_room_for_code(executable, request):
    if "x86" not in request.node.callspec.id:
        pytest.skip("traces that are interpreted need none")
    environment = {"OUROJIT_CODE": "16384", "OUROJIT": CROWDED, "OUROLOG": "jit-abort:-"}
    full = run([str(executable), "19999"], **environment)
    assert full.stdout == run([str(executable), "19999"]).stdout
    assert "no room for code" in full.stderr


@pytest.mark.parametrize("size", ["16383", "1073741825", "-1", "some", "99999999999999999999"])
def test_a_size_of_code_memory_that_is_none_is_an_error(executable, request, size):
    if "x86" not in request.node.callspec.id:
        pytest.skip("traces that are interpreted have no code")
    refused = subprocess.run([str(executable), "10"], env={"OUROJIT_CODE": size}, capture_output=True, text=True,
                             timeout=120)
    expected = f"OUROJIT_CODE: expected 16384 to 1073741824 bytes, not '{size}'\n"
    assert (refused.returncode, refused.stdout, refused.stderr) == (2, "", expected)


def test_perf_finds_the_names_of_code(executable, request):
    if "x86" not in request.node.callspec.id:
        pytest.skip("traces that are interpreted have no code")
    process = subprocess.Popen([str(executable), "19999"], env={"OUROJIT_PERF": "1"}, stdout=subprocess.DEVNULL)
    assert process.wait(timeout=120) == 0
    names = Path(f"/tmp/perf-{process.pid}.map")  # where perf looks
    lines = names.read_text().splitlines()
    names.unlink()
    assert any(re.fullmatch(r"[0-9a-f]+ [0-9a-f]+ jit loop loop\d+ \(bytecode.*\)", line) for line in lines), lines
    assert any(" jit bridge loop" in line for line in lines)


def test_collections_wherever_the_collector_may_run(executable):
    on_host = run([sys.executable, "-m", "ouro.translator", "run", str(TARGET), "333"])
    # 1 verifies the heap, 2 collects at every allocation
    for debug in ("1", "2"):
        assert run([str(executable), "333"], OUROGC_DEBUG=debug, OUROGC_NURSERY="64K").stdout == on_host.stdout


def test_major_collections_see_force_tokens_in_virtualizables(executable):
    n = 999999
    lines = run([str(executable), str(n)], OUROGC_DEBUG="1").stdout.splitlines()
    assert lines[-1].startswith(f"stack {n * (n + 1) // 2} ")


@pytest.mark.parametrize("fail_guards", [1, 10])
def test_guards_that_fail_without_need_change_nothing(executable, fail_guards):
    n = "333" if fail_guards == 1 else "3333"
    on_host = run([sys.executable, "-m", "ouro.translator", "run", str(TARGET), n])
    parameters = f"threshold=1,function_threshold=1,trace_eagerness=2,fail_guards={fail_guards}"
    assert run([str(executable), n], OUROJIT=parameters).stdout == on_host.stdout


def test_the_environment_sets_parameters(executable):
    assert run([str(executable), "19999"], OUROJIT="off", OUROLOG="jit-log-opt:-").stderr == ""
    bad = subprocess.run([str(executable), "3"], capture_output=True, text=True, env={"OUROJIT": "fast=1"})
    assert bad.returncode == 2 and bad.stderr.startswith("OUROJIT: no JIT parameter 'fast'; there are threshold, ")
