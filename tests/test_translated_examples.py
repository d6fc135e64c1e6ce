"""The example VMs as executables do what they do on plain Python."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BF = ROOT / "examples" / "bf"
LISP = ROOT / "examples" / "lisp"


@pytest.fixture(scope="session")
def translate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("translated")
    built = {}

    def build(target):
        if target not in built:
            output = folder / target.parent.name
            ouro = [sys.executable, "-m", "ouro.translator"]
            command = [*ouro, "translate", str(target), "-O0", "--output", str(output)]
            subprocess.run(command, check=True, timeout=600)
            built[target] = output
        return built[target]

    return build


def outcome(command, text=b"", **environment):
    result = subprocess.run(
        command, input=text, capture_output=True, timeout=300, env={**os.environ, **environment}
    )
    return result.returncode, result.stdout, result.stderr


def on_host(target, *arguments, text=b""):
    return outcome([sys.executable, "-m", "ouro.translator", "run", str(target), *arguments], text)


@pytest.mark.parametrize("nursery", ["", "4096"])
def test_brainfuck_programs_print_the_same(translate, nursery):
    executable = translate(BF / "target.py")
    environment = {"OUROGC_NURSERY": nursery} if nursery else {}
    program = str(BF / "programs" / "hello.b")
    assert outcome([executable, program], **environment) == on_host(BF / "target.py", program)


@pytest.mark.parametrize("size", ["abc", "-5", "1.5M", "1KX", "1B", "16777216G", "99999999999999999999"])
def test_a_size_of_the_collector_that_is_none_is_one_message(translate, size):
    program = str(BF / "programs" / "hello.b")
    for name in ("OUROGC_NURSERY", "OUROGC_MAX"):
        status, output, message = outcome([translate(BF / "target.py"), program], **{name: size})
        assert (status, output) == (2, b"")
        assert message.decode().startswith(f"{name}={size} is no size: ") and message.count(b"\n") == 1


def test_scheme_text_that_is_nested_too_deeply_reads_the_same(translate, tmp_path):
    path = tmp_path / "deep.scm"
    path.write_text("(" * 3000000 + ")" * 3000000)
    assert outcome([translate(LISP / "target.py"), str(path)]) == on_host(LISP / "target.py", str(path))


@pytest.mark.parametrize("parameters", ["treshold=3", "threshold=x", "decay=-1", "enable_opts=all:-speed", ""])
def test_bad_parameters_of_the_jit_are_one_message(translate, parameters):
    program = str(BF / "programs" / "hello.b")
    for executable in (translate(BF / "target.py"), translate(LISP / "target.py")):
        status, output, message = outcome([executable, "--jit", parameters, program])
        assert (status, output) == (2, b"")
        assert message.startswith(b"%s: --jit: " % executable.name.encode()) and message.count(b"\n") == 1


def test_brainfuck_mistakes_read_the_same(translate, tmp_path):
    path = tmp_path / "bad.b"
    for source in ("+[", "]", "<"):
        path.write_text(source)
        expected = on_host(BF / "target.py", str(path))
        assert outcome([translate(BF / "target.py"), str(path)]) == expected
        assert expected[0] == 1


@pytest.mark.parametrize("nursery", ["", "4096"])
def test_scheme_programs_print_the_same(translate, nursery):
    executable = translate(LISP / "target.py")
    environment = {"OUROGC_NURSERY": nursery} if nursery else {}
    program = str(LISP / "programs" / "tour.scm")
    assert outcome([executable, program], **environment) == on_host(LISP / "target.py", program)


def test_scheme_reads_expressions_from_its_input(translate):
    text = b"(define (f x) (* x x))\n(f\n(+ 1 2))\n(car 1)\n(exit 5)\n"
    assert outcome([translate(LISP / "target.py")], text) == on_host(LISP / "target.py", text=text)


def test_unbounded_scheme_recursion_is_an_error_of_the_program(translate, tmp_path):
    path = tmp_path / "deep.scm"
    path.write_text("(define (f n) (+ 1 (f n))) (f 1)")
    status, _, message = outcome([translate(LISP / "target.py"), str(path)])
    assert status == 1
    assert b"the calls are nested too deeply" in message
