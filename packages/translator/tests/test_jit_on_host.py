"""`ouro run --jit-untranslated`: a whole target under its JIT, without a C compiler."""

import os
import subprocess
import sys
import textwrap

import pytest

SOURCE = """
    from ouro.rlib import jit

    driver = jit.JitDriver(greens=["step"], reds=["n", "total"], name="sums")

    def entry_point(argv):
        n, total, step = int(argv[1]), 0, 2
        while n > 0:
            driver.jit_merge_point(step=step, n=n, total=total)
            total += n * step
            n -= 1
        if total == 6:
            raise KeyError
        print("%d" % total)
        return total % 7

    def target(driver, arguments):
        return entry_point
"""


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "program.py"
    path.write_text(textwrap.dedent(SOURCE))
    return path


def run(*arguments, log=""):
    command = [sys.executable, "-m", "ouro.translator", "run", "--jit-untranslated", *map(str, arguments)]
    environment = {**os.environ, "OUROLOG": log}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)


def test_output_status_and_traces(program):
    result = run(program, 100, log="jit-log-opt:-")
    assert (result.returncode, result.stdout) == (10100 % 7, "10100\n")
    assert "# loop1 (sums" in result.stderr and "int_lshift" in result.stderr and "guard_true" in result.stderr


def test_the_summary_is_written_at_the_end(program):
    assert "loops: 1\n" in run(program, 100, log="jit-summary:-").stderr


def test_parameters_are_those_of_executables(program):
    assert "loops: 0\n" in run("--jit", "off", program, 100, log="jit-summary:-").stderr
    trace = run("--jit", "threshold=3,enable_opts=none", program, 100, log="jit-log-opt:-").stderr
    assert "int_mul" in trace and "peeled" not in trace


def test_wrong_parameters_are_one_message_with_status_2(program):
    result = run("--jit", "threshold", program, 100)
    assert result.returncode == 2
    assert "expected off, default or name=value" in result.stderr and "Traceback" not in result.stderr


def test_an_exception_that_leaves_the_program_is_named(program):
    result = run(program, 2)
    assert result.returncode == 1
    assert "KeyError" in result.stderr and "Traceback" not in result.stderr


def test_a_program_without_a_merge_point_is_refused(tmp_path):
    path = tmp_path / "plain.py"
    path.write_text("def entry_point(argv):\n    return 0\n\ndef target(driver, arguments):\n    return entry_point\n")
    result = run(path)
    assert result.returncode == 1
    assert "no interpreter loop" in result.stderr and "jit_merge_point" in result.stderr


@pytest.mark.parametrize("command", ["run --jit-untranslated", "translate --jit --quiet", "dump jitcodes"])
def test_hints_that_contradict_the_program_are_the_authors_mistake(program, command, tmp_path):
    program.write_text(program.read_text().replace("n -= 1", "n -= 1; step += n"))
    command = [sys.executable, "-m", "ouro.translator", *command.split(), str(program)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert result.returncode == 1 and "internal error" not in result.stderr
    assert "the green step is computed from the red n" in result.stderr
    assert "step += n" in result.stderr and result.stderr.count("help: make it red too") == 1
