"""The Scheme example, untranslated; ``tests/`` at the root translates it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
TOUR = """\
265252859812191058636308480000000
4999950000
(3 "text" #\\a 1.5 symbol (1 2 9 16))
#f
0 1 2
composite
1267650600228229401496703205376
"""


def run_lisp(*arguments, text=b"", output=subprocess.PIPE):
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); import target; sys.exit(target.entry_point(sys.argv))"
    command = [sys.executable, "-c", code, str(FOLDER), *arguments]
    return subprocess.run(command, input=text, stdout=output, stderr=subprocess.PIPE, timeout=120)


def run_source(tmp_path, source):
    path = tmp_path / "program.scm"
    path.write_text(source)
    return run_lisp(str(path))


def test_the_tour_prints_what_its_comments_promise():
    result = run_lisp(str(FOLDER / "programs" / "tour.scm"))
    assert result.stderr == b""
    assert result.stdout.decode() == TOUR


def test_expressions_from_the_terminal_may_span_lines():
    result = run_lisp(text=b"(+ 1\n2)\n(car '())\n'done\n")
    assert result.stdout.decode() == "> ... 3\n> error: <input>:1:1: car: expected a pair, got ()\n> done\n> \n"


def test_a_text_that_is_nested_too_deeply_is_a_mistake_like_others(tmp_path):
    result = run_source(tmp_path, "(" * 100000 + ")" * 100000)
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr.decode().startswith("lisp: ") and b"nested too deeply" in result.stderr


def test_exit_sets_the_status(tmp_path):
    assert run_source(tmp_path, "(exit 3)").returncode == 3


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("(display", "1:1: this '(' is never closed"),
        (")", "1:1: this ')' closes no '('"),
        ('"abc', "1:1: this string is never closed"),
        ("(f 1)", "1:1: 'f' is not defined"),
        ("\n  nothing", "2:3: 'nothing' is not defined"),
        ("()", "1:1: the empty list is no expression; write '() for the value"),
        ("(if)", "1:1: if: takes 2 to 3 operands, got 0"),
        ("\n (car 5)", "2:2: car: expected a pair, got 5"),
        ("(5 6)", "1:1: this is no procedure and cannot be called: 5"),
        ("((lambda (x) x))", "1:1: lambda takes 1 argument, got 0"),
        ("(let ((x 1) (x 2)) x)", "1:1: let: the name 'x' is bound twice"),
        ("(letrec ((a b) (b 1)) a)", "1:1: 'b' is used before it has a value"),
        ("(set! nothing 1)", "1:1: cannot set 'nothing': it is not defined"),
        ("(quotient 1 0)", "1:1: quotient: division by zero"),
        ("(vector-ref (vector 1) 1)", "1:1: vector-ref: index 1 is outside a vector of 1"),
        ("(error \"went wrong:\" 'here 12)", "1:1: went wrong: here 12"),
        ("(1 . 2)", "1:1: a call is written as a proper list, got 2"),
        ("12ab", "1:1: '12ab' is neither a number nor a name"),
        ("#\\unknown", "1:1: unknown character name 'unknown'"),
    ],
)
def test_each_mistake_gets_one_message_with_its_place(tmp_path, source, message):
    result = run_source(tmp_path, source)
    assert result.returncode == 1
    assert result.stderr.decode() == f"lisp: {tmp_path}/program.scm:{message}\n"


def test_unbounded_recursion_is_an_error_of_the_program(tmp_path):
    result = run_source(tmp_path, "(define (f n) (+ 1 (f n))) (f 1)")
    assert result.returncode == 1
    assert b"the calls are nested too deeply" in result.stderr


def test_a_full_output_is_one_message(tmp_path):
    path = tmp_path / "program.scm"
    path.write_text("(display 1)")
    with open("/dev/full", "wb") as full:
        result = run_lisp(str(path), output=full)
    assert (result.returncode, result.stderr) == (1, b"lisp: cannot write the output (No space left on device)\n")


def test_a_closed_output_ends_the_program_without_a_word():
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as closed:
        result = run_lisp(text=b"(display 1)", output=closed)
    assert (result.returncode, result.stderr) == (1, b"")
