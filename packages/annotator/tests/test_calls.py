"""Arguments, families, specialisation."""

import pytest
from ouro.annotator import AnnotatorError, annotate, plan_arguments
from ouro.annotator import annotations as a
from ouro.flowspace import CallShape, Signature
from ouro.rlib.objectmodel import specialize


def result_of(function, *types):
    return annotate(function, types).entry_graph.getreturnvar().annotation


def with_defaults(x, y=2, *, z="z"):
    return x, y, z


def test_defaults_and_keywords_reach_their_parameters():
    def f(n):
        return with_defaults(n), with_defaults(y=n, x=1, z="q")

    first, second = result_of(f, int).items
    assert isinstance(first.items[2], a.String) and isinstance(second.items[1], a.Integer)


def gather(*args):
    return args


def test_star_arguments_are_tuples_and_each_length_is_a_function():
    def f(n):
        return gather(n), gather(n, "x"), gather(*(n, "yy"))

    program = annotate(f, [int])
    lengths = [len(item.items) for item in program.entry_graph.getreturnvar().annotation.items]
    assert lengths == [1, 2, 2]
    assert [graph.name for graph in program.graphs].count("gather") == 2


def test_plan_arguments_says_where_each_parameter_comes_from():
    signature = Signature(("a", "b"), ("k",), "rest", {"b": 5, "k": 6})
    plan = plan_arguments("f", signature, CallShape(1, ("k",), True), 2)
    assert [source.kind for source in plan] == ["argument", "star", "argument", "tuple"]
    assert plan[3].parts[0].index == 1


@pytest.mark.parametrize(
    "shape, message",
    [
        (CallShape(0), "without its argument `a`"),
        (CallShape(3), "takes 2 arguments, but 3 are given"),
        (CallShape(1, ("q",)), "has no argument `q`"),
        (CallShape(1, ("a",)), "two values for `a`"),
    ],
)
def test_calls_that_do_not_fit_say_why(shape, message):
    with pytest.raises(Exception, match=message):
        plan_arguments("f", Signature(("a", "b"), defaults={"b": 5}), shape)


def plus_one(x):
    return x + 1


def plus_many(x, amount=10):
    return x + amount


def test_functions_with_different_defaults_meet_in_one_row():
    def f(n):
        function = plus_one if n else plus_many
        return function(n)

    program = annotate(f, [int])
    (site,) = [site for site in program.call_sites.values() if site.row is not None]
    assert len(site.family.root().descriptions) == 2
    assert all(len(graph.getargs()) == 1 for graph in site.row.graphs.values())


def as_int(x):
    return 1


def as_float(x):
    return 1.5


def test_results_of_functions_in_one_row_have_one_type():
    def f(n):
        function = as_int if n else as_float
        return function(n)

    program = annotate(f, [int])
    (site,) = [site for site in program.call_sites.values() if site.row is not None]
    assert {type(graph.getreturnvar().annotation) for graph in site.row.graphs.values()} == {a.Float}


@specialize.arg(1)
def convert(x, kind):
    if kind == "text":
        return str(x)
    return x


def test_specialize_arg_makes_one_copy_for_each_constant():
    def f(n):
        return convert(n, "text"), convert(n, "number")

    items = result_of(f, int).items
    assert isinstance(items[0], a.String) and isinstance(items[1], a.Integer)


@specialize.argtype(0)
def identity(x):
    return x


def test_specialize_argtype_makes_one_copy_for_each_type():
    def f(n):
        return identity(n), identity("x"), identity(1.5), identity(2)

    program = annotate(f, [int])
    assert [graph.name for graph in program.graphs].count("identity") == 3


@specialize.call_location()
def located(x):
    return x


def test_specialize_call_location_makes_one_copy_for_each_call():
    def f(n):
        return located(n), located("x")

    items = result_of(f, int).items
    assert isinstance(items[0], a.Integer) and isinstance(items[1], a.String)


class Red:
    pass


class Blue:
    pass


@specialize.memo()
def color_name(cls):
    return cls.__name__.lower()


def test_memo_functions_run_during_translation():
    def f(n):
        return color_name(Red if n else Blue)

    program = annotate(f, [int])
    assert isinstance(program.entry_graph.getreturnvar().annotation, a.String)
    (site,) = [site for site in program.call_sites.values() if site.memo is not None]
    assert sorted(site.memo.results.values()) == ["blue", "red"]


def fibonacci(n):
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)


def test_recursion_reaches_a_fixed_point():
    assert isinstance(result_of(fibonacci, int), a.Integer)


def test_deep_chains_of_calls_need_no_recursion():
    def bottom(n):
        return n

    function = bottom
    for _ in range(3000):
        function = _caller_of(function)
    assert isinstance(result_of(function, int), a.Integer)


def _caller_of(function):
    def caller(n):
        return function(n)

    return caller


def declared(x: int, y: float, names: list[str]) -> str:
    return names[x]


def test_type_hints_are_checked_and_an_int_goes_where_a_float_is_declared():
    def f(n):
        return declared(n, n, ["x"])

    program = annotate(f, [int])
    (graph,) = [graph for graph in program.graphs if graph.name == "declared"]
    assert isinstance(graph.getargs()[1].annotation, a.Float)


def test_helpers_of_later_stages_join_the_program():
    def f(n):
        return n

    def helper(x):
        return plus_one(x)

    program = annotate(f, [int])
    graph = program.annotate_helper(helper, [a.INTEGER])
    again = program.annotate_helper(helper, [a.INTEGER])
    other = program.annotate_helper(helper, [a.FLOAT])
    assert graph is again and graph is not other
    assert isinstance(graph.getreturnvar().annotation, a.Integer)
    assert graph in program.graphs


def test_an_error_in_a_helper_is_reported_as_any_other():
    def f(n):
        return n

    def helper(x):
        return x + "x"

    program = annotate(f, [int])
    with pytest.raises(AnnotatorError, match="does not work on int and str"):
        program.annotate_helper(helper, [a.INTEGER])


def test_rows_stay_as_they_are_when_helpers_are_added():
    def f(n):
        function = plus_one if n else plus_many
        return function(n)

    program = annotate(f, [int])
    (site,) = [site for site in program.call_sites.values() if site.row is not None]
    row, graphs = site.row, dict(site.row.graphs)
    program.annotate_helper(lambda x: x + 1, [a.INTEGER])
    assert site.row is row and row.graphs == graphs


def test_many_overrides_called_from_many_places_cost_the_sum_not_the_product():
    class Base:
        def work(self, n):
            return n

    def override(k):
        class Derived(Base):
            def work(self, n):
                return n + k

        return Derived

    instances = [override(k)() for k in range(60)]

    def caller():
        def call(i, n):
            return instances[i].work(n)

        return call

    total = None
    for _ in range(60):
        total = add_calls(total, caller())
    program = annotate(total, [int, int])
    assert program.engine.processed_blocks < 4 * sum(1 for graph in program.graphs for _ in graph.iterblocks())
    sizes = {len(site.graphs) for site in program.call_sites.values() if site.row is not None}
    assert sizes == {61}


def add_calls(first, second):
    if first is None:
        return second

    def both(i, n):
        return first(i, n) + second(i, n)

    return both
