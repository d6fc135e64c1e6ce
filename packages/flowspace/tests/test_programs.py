"""The flow graphs of whole programs do what the programs do on the host."""

import pytest
from hypothesis import HealthCheck, given, settings
from ouro.flowspace import FlowInterpreter, parse_graph, print_graph, verify
from ouro.rlib.source import execute_source
from program_corpus import outcome, samples
from program_generator import programs


@pytest.mark.parametrize("sample", list(samples()), ids=str)
def test_graphs_of_the_corpus_agree_with_the_host(sample):
    expected = outcome(lambda: sample.function(*sample.arguments))
    interpreter = FlowInterpreter(step_limit=1_000_000)
    assert outcome(lambda: interpreter.call(sample.function, list(sample.arguments))) == expected
    for graph in interpreter.graphs.values():
        check_graph(graph)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs())
def test_graphs_of_generated_programs_agree_with_the_host(program):
    entry = execute_source(program.source, {"__name__": "generated"})["entry"]
    interpreter = FlowInterpreter(step_limit=1_000_000)
    for arguments in program.arguments:
        expected = outcome(lambda arguments=arguments: entry(*arguments))
        assert outcome(lambda arguments=arguments: interpreter.call(entry, list(arguments))) == expected
    for graph in interpreter.graphs.values():
        check_graph(graph)


def check_graph(graph):
    """The verifier accepts the graph, and its text gives the same text again."""
    verify(graph)
    objects = []
    text = print_graph(graph, objects, positions=True)
    assert print_graph(parse_graph(text, objects), objects, positions=True) == text
