"""The reference pages of the JIT say what the tables in the code say."""

import re
from pathlib import Path

from ouro.rlib import _jit_parameters as parameters

ROOT = Path(__file__).parent.parent
OPTIONS = (ROOT / "docs" / "reference" / "jit-options.md").read_text()


def sources(package):
    return (ROOT / "packages" / package / "src").rglob("*.py")


def test_every_parameter_is_on_its_page():
    for number, name in enumerate(parameters.NAMES):
        bounds = f"{parameters._LOWEST[number]}, {parameters._HIGHEST[number]}"
        row = f"| `{name}` | {parameters.DEFAULTS[number]} | {bounds} |"
        if number == parameters.ENABLE_OPTS:
            row = f"| `{name}` | all | |"
        assert f"{row} {parameters.DOCS[number]} |\n" in OPTIONS


def test_every_optimisation_is_on_its_page():
    assert ", ".join(f"`{name}`" for name in parameters.OPTIMIZATIONS) in OPTIONS


def test_every_section_of_the_log_is_on_its_page():
    texts = [path.read_text() for package in ("jitcore", "backend-x86") for path in sources(package)]
    sections = {name for text in texts for name in re.findall(r'(?:debug_start\(|_SECTION = )"(jit-[\w-]+)"', text)}
    assert len(sections) >= 7
    assert sections == set(re.findall(r"^\| `(jit-[\w-]+)`", OPTIONS, re.M))
