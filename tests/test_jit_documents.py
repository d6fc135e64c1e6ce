"""The reference pages of the JIT say what the tables in the code say."""

from pathlib import Path

from ouro.rlib import _jit_parameters as parameters

OPTIONS = (Path(__file__).parent.parent / "docs" / "reference" / "jit-options.md").read_text()


def test_every_parameter_is_on_its_page():
    for number, name in enumerate(parameters.NAMES):
        bounds = f"{parameters._LOWEST[number]}, {parameters._HIGHEST[number]}"
        row = f"| `{name}` | {parameters.DEFAULTS[number]} | {bounds} |"
        if number == parameters.ENABLE_OPTS:
            row = f"| `{name}` | all | |"
        assert f"{row} {parameters.DOCS[number]} |\n" in OPTIONS


def test_every_optimisation_is_on_its_page():
    assert ", ".join(f"`{name}`" for name in parameters.OPTIMIZATIONS) in OPTIONS
