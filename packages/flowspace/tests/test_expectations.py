"""Graphs and error messages, each in a text file beside the source they come from.

A file holds RPython source, a line `----`, and what must come out. `OURO_BLESS=1 pytest ...` rewrites the files.
"""

import os
from pathlib import Path

import pytest
from ouro.flowspace import FlowSpaceError, build_flow, print_graph
from ouro.rlib.source import execute_source

HERE = Path(__file__).parent
SEPARATOR = "----\n"


def check(path, produce):
    source, _, expected = path.read_text().partition(SEPARATOR)
    found = produce(source)
    if os.environ.get("OURO_BLESS"):
        path.write_text(source + SEPARATOR + found)
    else:
        assert found == expected, "to accept the new output, run again with OURO_BLESS=1"


def functions_of(source):
    namespace = execute_source(source, {"__name__": "__main__"}, "example")
    return [value for value in namespace.values() if getattr(value, "__module__", "") == "__main__"]


def graphs_of(source):
    texts = []
    for function in functions_of(source):
        if not isinstance(function, type):
            graph = build_flow(function)
            graph.filename = None
            texts.append(print_graph(graph, []))
    return "\n".join(texts)


def messages_of(source):
    texts = []
    for function in functions_of(source):
        if function.__name__.startswith("wrong"):
            with pytest.raises(FlowSpaceError) as caught:
                build_flow(function)
            text = str(caught.value)
            texts.append(text.replace(caught.value.filename or "", "example.py") + "\n")
    return "\n".join(texts)


@pytest.mark.parametrize("path", sorted((HERE / "graphs").glob("*.txt")), ids=lambda path: path.stem)
def test_graphs_are_as_expected(path):
    check(path, graphs_of)


@pytest.mark.parametrize("path", sorted((HERE / "errors").glob("*.txt")), ids=lambda path: path.stem)
def test_errors_say_what_is_wrong_and_what_to_write(path):
    check(path, messages_of)
