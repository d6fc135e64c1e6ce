"""The programs that all stages share, and the examples."""

import importlib.util
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from ouro.annotator import annotate, verify
from ouro.rlib.source import execute_source
from program_corpus import samples
from program_generator import programs

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("sample", list(samples()), ids=str)
def test_the_shared_programs_are_typed(sample):
    verify(annotate(sample.function, [type(value) for value in sample.arguments]))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs())
def test_generated_programs_are_typed(program):
    entry = execute_source(program.source, {"__name__": "generated"})["entry"]
    verify(annotate(entry, [type(value) for value in program.arguments[0]]))


@pytest.mark.parametrize("name", ["bf", "lisp"])
def test_the_examples_are_typed(name, monkeypatch):
    folder = ROOT / "examples" / name
    monkeypatch.syspath_prepend(str(folder))
    spec = importlib.util.spec_from_file_location(f"example_{name}", folder / "target.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    program = annotate(module.target(None, []), [list[str]])
    verify(program)
    assert len(program.graphs) > 20
