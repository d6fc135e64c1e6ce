"""The verifier finds each way to break a graph, and the parser says where a text is wrong."""

import pytest
from ouro.flowspace import (
    LAST_EXCEPTION,
    Block,
    Constant,
    FlowTextError,
    FunctionGraph,
    Link,
    Operation,
    Variable,
    VerificationError,
    parse_graph,
    verify,
)

GOOD = """\
graph good {
  block0(n):
    a = add(n, 1)
    b = lt(a, 5)
    switch b
    case False -> return(a)
    case True -> block1(a)
  block1(x):
    c = getitem(x, 0)
    try -> return(c)
    except &builtins:IndexError (t, v) -> raise(t, v)
}
"""


def broken(change):
    graph = parse_graph(GOOD)
    first = graph.startblock
    second = first.exits[1].target
    change(graph, first, second)
    with pytest.raises(VerificationError) as caught:
        verify(graph)
    return str(caught.value)


def test_a_good_graph_is_accepted():
    verify(parse_graph(GOOD))


def test_a_variable_is_defined_once():
    def change(graph, first, second):
        second.operations[0].result = first.operations[0].result

    assert "defined twice" in broken(change)


def test_a_variable_is_used_in_its_own_block_only():
    def change(graph, first, second):
        second.operations[0].args[0] = first.inputargs[0]

    assert "not defined before" in broken(change)


def test_a_link_passes_a_value_for_each_argument():
    def change(graph, first, second):
        first.exits[1].args = []

    assert "0 values for 1 arguments" in broken(change)


def test_exception_exits_do_not_pass_the_result():
    def change(graph, first, second):
        second.exits[1].args[1] = second.operations[-1].result

    assert "result of the operation that raised" in broken(change)


def test_nothing_leads_to_the_start_block():
    def change(graph, first, second):
        second.exits[0].target = first

    assert "link to the start block" in broken(change)


def test_exits_fit_the_switch():
    def without_exits(graph, first, second):
        second.exits = second.exits[:1]

    def duplicate_case(graph, first, second):
        first.exits[0].exitcase = True

    def case_without_switch(graph, first, second):
        first.exitswitch = None

    assert "at least one exception exit" in broken(without_exits)
    assert "different constants" in broken(duplicate_case)
    assert "exactly one exit" in broken(case_without_switch)


def test_operations_are_those_of_the_table():
    def unknown(graph, first, second):
        first.operations[0].opname = "frobnicate"

    def arity(graph, first, second):
        first.operations[0].args.pop()

    assert "unknown operation frobnicate" in broken(unknown)
    assert "add has 1 operands" in broken(arity)


def test_final_blocks_are_empty():
    def change(graph, first, second):
        graph.returnblock.operations.append(Operation("same_as", [Constant(1)], Variable()))

    assert "final arguments" in broken(change)


def test_a_block_that_catches_has_an_operation():
    def change(graph, first, second):
        second.operations = []

    assert "no operation that could raise" in broken(change)


@pytest.mark.parametrize(
    "text, message",
    [
        ("graph f {\n  block0(n):\n    a = add(m, 1)\n    goto return(n)\n}", "line 3: m is used before"),
        ("graph f {\n  block0(n):\n    goto block7(n)\n}", "line 4: undefined blocks: block7"),
        ("graph f {\n  block0(n, n):\n    goto return(n)\n}", "line 2: n is defined twice"),
        ("graph f {\n  block0(n):\n    goto return(#3)\n}", "line 3: there is no object #3"),
        ("graph f {\n  block0(n):\n    goto return(%)\n}", "line 3: '%)"),
    ],
)
def test_mistakes_in_a_text_are_found_with_their_line(text, message):
    with pytest.raises(FlowTextError) as caught:
        parse_graph(text)
    assert str(caught.value).startswith(message)


def test_graphs_can_be_made_by_hand():
    block = Block([Variable("n")])
    graph = FunctionGraph("hand_made", block)
    result = Variable("r")
    block.operations.append(Operation("getitem", [block.inputargs[0], Constant(0)], result))
    block.exitswitch = LAST_EXCEPTION
    pair = Variable("t"), Variable("v")
    handler = Link(list(pair), graph.exceptblock, IndexError)
    handler.last_exception, handler.last_exc_value = pair
    block.exits = [Link([result], graph.returnblock), handler]
    verify(graph)
