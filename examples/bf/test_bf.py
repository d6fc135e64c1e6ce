"""The Brainfuck example, untranslated; ``tests/`` at the root translates it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent


def run_bf(*arguments, text=b"", output=subprocess.PIPE):
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); import target; sys.exit(target.entry_point(sys.argv))"
    command = [sys.executable, "-c", code, str(FOLDER), *arguments]
    return subprocess.run(
        command, input=text, stdout=output, stderr=subprocess.PIPE, env=dict(os.environ), timeout=60
    )


def run_source(tmp_path, source, text=b""):
    path = tmp_path / "program.b"
    path.write_text(source)
    return run_bf(str(path), text=text)


def test_hello_prints_its_greeting():
    assert run_bf(str(FOLDER / "programs" / "hello.b")).stdout == b"Hello from a tape of cells!\n"


def test_input_is_echoed_until_its_end(tmp_path):
    assert run_source(tmp_path, ",[.,]", text=b"abc").stdout == b"abc"


def test_cells_wrap_at_256(tmp_path):
    assert run_source(tmp_path, "-.").stdout == b"\xff"


def test_the_tape_grows_to_the_right(tmp_path):
    assert run_source(tmp_path, ">" * 10000 + "+" * 65 + ".").stdout == b"A"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("+[", "1:2: this '[' is never closed"),
        ("\n]", "2:1: this ']' closes no '['"),
        ("<", "1:1: the head leaves the tape on its left"),
    ],
)
def test_a_bad_program_gets_one_message_with_its_place(tmp_path, source, message):
    result = run_source(tmp_path, source)
    assert result.returncode == 1
    assert result.stderr.decode() == f"bf: {tmp_path}/program.b:{message}\n"


def test_a_missing_file_is_named(tmp_path):
    result = run_bf(str(tmp_path / "none.b"))
    assert result.returncode == 1
    assert b"cannot read" in result.stderr and b"No such file" in result.stderr


def test_the_mandelbrot_program_is_what_its_generator_writes(tmp_path):
    written = (FOLDER / "programs" / "mandelbrot.b").read_text()
    copy = tmp_path / "make_mandelbrot.py"
    copy.write_text((FOLDER / "make_mandelbrot.py").read_text())
    (tmp_path / "programs").mkdir()
    subprocess.run([sys.executable, str(copy)], check=True)
    assert (tmp_path / "programs" / "mandelbrot.b").read_text() == written


def test_a_full_output_is_one_message(tmp_path):
    path = tmp_path / "program.b"
    path.write_text("+[.]")
    with open("/dev/full", "wb") as full:
        result = run_bf(str(path), output=full)
    assert (result.returncode, result.stderr) == (1, b"bf: cannot write the output (No space left on device)\n")


def test_a_closed_output_ends_the_program_without_a_word(tmp_path):
    path = tmp_path / "program.b"
    path.write_text("+[.]")
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as closed:
        result = run_bf(str(path), output=closed)
    assert (result.returncode, result.stderr) == (1, b"")
