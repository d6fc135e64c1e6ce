"""The run-time parts are RPython, and compiled they do what they do on the host."""

import os
import subprocess

import pytest
from ouro import cgen, gc, graphopt
from ouro.annotator import annotate
from ouro.rtyper import TypedInterpreter, specialize, verify_program
from translatable import PARTS

NUMBERS = (2, 3)


@pytest.mark.parametrize("name", PARTS)
def test_the_part_can_be_annotated_and_typed(name):
    program = specialize(annotate(PARTS[name], [int]))
    verify_program(program)
    interpreter = TypedInterpreter(program)
    assert interpreter.run(program.entry_graph, [3]) == PARTS[name](3)


def test_all_parts_in_one_compiled_program(tmp_path):
    functions = list(PARTS.items())

    def run(name, function):
        for number in NUMBERS:
            os.write(1, ("%s %d\n" % (name, function(number))).encode("latin-1"))

    # one function for each part: the program has no list of all, so that none keeps another from being typed
    def calls(rest):
        if not rest:
            return lambda: 0
        (name, function), others = rest[0], calls(rest[1:])

        def call():
            run(name, function)
            return others()

        return call

    entry = calls(functions)
    program = specialize(annotate(entry, []))
    graphopt.optimize(program, keep_checks=True)
    sources = cgen.generate(gc.transform(program, "generational"), debug=True)
    executable = tmp_path / "parts"
    cgen.build(sources, executable, optimisation=0)
    done = subprocess.run([str(executable)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    expected = [f"{name} {function(number)}" for name, function in functions for number in NUMBERS]
    assert done.stdout.splitlines() == expected
