"""Each pass on typed programs in text form.

A file holds, for each case, a line `# passes: NAME...`, a program, a line `----`, the graphs that come out,
and a line `====`. `OURO_BLESS=1 pytest ...` rewrites the files.
"""

import os
from pathlib import Path

import pytest
from ouro.flowspace import verify
from ouro.graphopt import optimize
from ouro.rtyper import parse_program, print_program

FILES = sorted((Path(__file__).parent / "passes").glob("*.txt"))
CASE_END = "====\n"
SEPARATOR = "----\n"


def graphs_after(source):
    first, _, _ = source.partition("\n")
    assert first.startswith("# passes:"), first
    program = parse_program(source)
    optimize(program, first.split(":")[1].split())
    for graph in program.graphs:
        verify(graph, None)
    text = print_program(program)
    start = text.index("graph @")
    lines = text[start:].splitlines(keepends=True)
    return "".join(line for line in lines if line.startswith(("graph ", " ", "}")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_pass_makes_what_is_expected(path):
    cases = path.read_text().split(CASE_END)
    if os.environ.get("OURO_BLESS"):
        sources = [case.partition(SEPARATOR)[0] for case in cases if case.strip()]
        path.write_text(CASE_END.join(source + SEPARATOR + graphs_after(source) for source in sources))
    else:
        for case in cases:
            source, _, expected = case.partition(SEPARATOR)
            found = graphs_after(source)
            assert found == expected, "to accept the new output, run again with OURO_BLESS=1"
