"""Functions are found, however they came to be."""

import dataclasses
import functools
import re

import attrs
import pytest
from ouro.flowspace import FlowInterpreter, FlowSpaceError, build_flow, graphs_to_html, print_graph
from ouro.rlib.source import execute_source


def run(function, *args):
    return FlowInterpreter(step_limit=100_000).call(function, list(args))


PAIR = (lambda x: x + 1, lambda x: x - 1)
NESTED = lambda x: (lambda y: y * 2)(x) + 1  # noqa: E731
SAME_NAMES = [lambda a: a * 2, lambda a: a * 3, lambda b: b * 2]


def test_lambdas_on_one_line_are_told_apart():
    assert [run(function, 10) for function in PAIR] == [11, 9]
    assert [run(function, 10) for function in SAME_NAMES] == [20, 30, 20]


def test_a_lambda_inside_a_lambda_is_found():
    assert run(NESTED, 5) == 11


def plain_decorator(function):
    return function


def wrapping_decorator(function):
    @functools.wraps(function)
    def wrapper(x):
        return function(x) + 1000

    return wrapper


@plain_decorator
@plain_decorator
def decorated(x):
    return x * 2


@wrapping_decorator
def wrapped(x):
    return x * 2


def test_decorated_functions_are_found():
    assert run(decorated, 4) == 8
    assert run(wrapped, 4) == 1008


class Mangled:
    __secret = 5

    def __init__(self):
        self.__value = 3

    def get(self):
        return self.__value + Mangled.__secret


def use_mangled():
    return Mangled().get()


def test_private_names_are_mangled():
    assert run(use_mangled) == 8


@attrs.define
class AttrsPoint:
    x: int
    y: int = 7
    items: list = attrs.Factory(list)


@attrs.frozen
class FrozenPoint:
    x: int


@dataclasses.dataclass
class DataPoint:
    x: int
    y: int = 7
    items: list = dataclasses.field(default_factory=list)

    def __post_init__(self):
        self.total = self.x + self.y


def use_attrs(n):
    point = AttrsPoint(n)
    point.items.append(point.y)
    return point.x + point.items[0]


def use_dataclass(n):
    point = DataPoint(n, 5)
    point.items.append(1)
    return point.total + len(point.items)


def test_classes_of_attrs_and_dataclasses_have_source():
    assert run(use_attrs, 3) == 10
    assert run(use_dataclass, 3) == 9
    assert "setattr" in print_graph(build_flow(AttrsPoint.__init__))
    assert "factory" in build_flow(DataPoint.__init__).source


def test_functions_from_registered_text_are_found():
    namespace = execute_source("def double(x):\n    return x * 2\n")
    assert run(namespace["double"], 21) == 42


def test_functions_without_source_are_an_error_that_says_what_to_do():
    namespace = {}
    exec("def lost(x):\n    return x\n", namespace)
    with pytest.raises(FlowSpaceError, match="there is no source"):
        build_flow(namespace["lost"])


def test_the_same_inner_function_is_made_once():
    def outer(n):
        def inner(x):
            return x

        return inner(n)

    def constants():
        graph = build_flow(outer)
        return [op.args[0].value for _, op in graph.iterblockops() if op.opname == "simple_call"]

    assert constants() == constants() != []


def test_pages_show_drawing_text_and_source():
    page = graphs_to_html([build_flow(decorated)], "one function")
    assert "<svg" in page and re.search(r"mul\(x, 2\)", page) and "@plain_decorator" in page
