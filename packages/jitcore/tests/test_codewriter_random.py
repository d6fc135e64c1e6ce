"""Jitcodes of random graphs do what the graphs do; what a live mark does not name is not needed behind it."""

import pytest
from codewriter_support import write_program
from hypothesis import given, settings
from hypothesis import strategies as st
from jitcode_executor import Raised
from ouro.jitcore.jitcode.text import parse_program, print_program
from ouro.jitcore.text import Names
from ouro.rtyper import LowLevelException
from random_graphs import random_program


def outcome_of_graphs(written, arguments):
    try:
        return written.interpreter.run(written.program.entry_graph, list(arguments))
    except LowLevelException as exception:
        return "raises", exception.class_name


def outcome_of_jitcodes(written, arguments):
    try:
        return written.executor.run(written.entry, list(arguments))
    except Raised as raised:
        return "raises", written.memory.exception_of(raised.reference).class_name


def check(seed, optimise, inputs):
    written = write_program(random_program(seed), optimise=optimise)
    for arguments in inputs:
        assert outcome_of_jitcodes(written, arguments) == outcome_of_graphs(written, arguments)
    names = Names()
    text = print_program(written.jitcodes, names)
    assert print_program(parse_program(text, names), names) == text


@pytest.mark.parametrize("optimise", [False, True])
@given(seed=st.integers(0, 1 << 32))
@settings(max_examples=40, deadline=None)
def test_jitcodes_of_random_graphs(optimise, seed):
    check(seed, optimise, [(0, 0), (5, -3), (1, 2), ((1 << 63) - 1, 77)])
