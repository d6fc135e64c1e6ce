"""Every example of the guide to RPython: what it does on the host it does as an executable, and errors are as shown."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from ouro.annotator import AnnotatorError, annotate
from ouro.rlib.source import execute_source

PAGE = Path(__file__).parent.parent / "docs" / "guide" / "rpython.md"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
OURO = [sys.executable, "-m", "ouro.translator"]


def blocks_of(kind):
    """Pairs of the examples of a kind and the block behind each."""
    return [
        (text, following)
        for (language, text), following in zip(BLOCKS, [*BLOCKS[1:], ("", "")])
        if language == "python" and text.partition("\n")[0] == kind
    ]


OTHERS = ("# program", "# error")
FRAGMENTS = [text for language, text in BLOCKS if language == "python" and not text.startswith(OTHERS)]
ERRORS = blocks_of("# error")
PROGRAMS = blocks_of("# program")


def run(target, folder, *arguments):
    host = subprocess.run([*OURO, "run", str(target), *arguments], capture_output=True, text=True, timeout=100)
    executable = folder / target.stem
    command = [*OURO, "translate", str(target), "-O0", "--output", str(executable)]
    made = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert made.returncode == 0, made.stderr
    translated = subprocess.run([str(executable), *arguments], capture_output=True, text=True, timeout=100)
    assert (translated.returncode, translated.stdout) == (host.returncode, host.stdout)
    assert host.returncode == 0, host.stderr
    return host.stdout


def test_the_page_has_examples_of_every_kind():
    assert len(PROGRAMS) >= 1 and len(ERRORS) >= 6 and len(FRAGMENTS) >= 10
    assert all(language in ("python", "output", "message") for language, _ in BLOCKS)


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_print_what_the_page_shows(program, tmp_path):
    source, (language, expected) = program
    assert language == "output"
    target = tmp_path / "program.py"
    target.write_text(source)
    assert run(target, tmp_path) == expected


def test_fragments_give_the_same_on_the_host_and_translated(tmp_path):
    lines = ["import importlib"]
    calls = []
    for number, source in enumerate(FRAGMENTS):
        (tmp_path / f"fragment_{number}.py").write_text(source)
        lines.append(f"import fragment_{number}")
        names = re.findall(r"^def (example_\w+)\(\):", source, re.MULTILINE)
        assert names, source
        calls += [f"    print(fragment_{number}.{name}())" for name in names]
    lines += ["def entry_point(argv):", *calls, "    return 0", "def target(driver, args):", "    return entry_point"]
    target = tmp_path / "fragments.py"
    target.write_text("\n".join(lines) + "\n")
    assert len(run(target, tmp_path).splitlines()) == len(calls)


@pytest.mark.parametrize("error", ERRORS)
def test_errors_are_as_the_page_shows(error):
    source, (language, expected) = error
    assert language == "message"
    namespace = execute_source(source, {"__name__": "__main__"}, "example")
    with pytest.raises(AnnotatorError) as caught:
        annotate(namespace["wrong"], [int])
    for line in expected.splitlines():
        assert line in str(caught.value).splitlines()
