"""The lattice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ouro.annotator import annotations as a
from ouro.annotator._engine import Engine
from ouro.annotator._errors import Complaint
from ouro.annotator._join import JoinError, join, with_none, without_none
from ouro.annotator.containers import Cell, ListDefinition
from ouro.rlib.rarithmetic import r_uint

engine = Engine()

integers = st.one_of(
    st.integers(-5, 5).map(engine.constant), st.sampled_from([a.INTEGER, a.NONNEG_INTEGER, a.BOOL, a.TRUE, a.FALSE])
)
strings = st.one_of(
    st.text("ab\0", max_size=2).map(engine.constant), st.sampled_from([a.STRING, a.CHAR, a.OPTIONAL_STRING, a.NONE])
)
values = st.one_of(integers, strings)


def says_the_same(left, right):
    return str(left) == str(right) and getattr(left, "no_nul", None) == getattr(right, "no_nul", None)


@given(st.one_of(st.tuples(integers, integers), st.tuples(strings, strings)))
def test_a_join_does_not_depend_on_the_order(pair):
    left, right = pair
    assert says_the_same(join(engine, left, right), join(engine, right, left))


@given(st.one_of(st.tuples(integers, integers), st.tuples(strings, strings)))
def test_a_join_covers_both_and_joining_again_returns_the_same_object(pair):
    joined = join(engine, *pair)
    assert join(engine, joined, pair[0]) is joined
    assert join(engine, joined, pair[1]) is joined


@given(values)
def test_nothing_adds_nothing(value):
    assert join(engine, value, a.IMPOSSIBLE) is value
    assert join(engine, a.IMPOSSIBLE, value) is value


@pytest.mark.parametrize(
    "left, right",
    [
        (a.INTEGER, a.STRING),
        (a.INTEGER, a.NONE),
        (a.STRING, a.BYTES),
        (a.Tuple((a.INTEGER,)), a.Tuple((a.INTEGER, a.INTEGER))),
        (a.INTEGER, a.Integer(r_uint, True)),
        (a.EMPTY_TUPLE, a.NONE),
    ],
)
def test_types_that_do_not_fit_are_refused(left, right):
    with pytest.raises(JoinError):
        join(engine, left, right)


def test_an_integer_that_cannot_be_negative_joins_an_unsigned_one():
    assert join(engine, engine.constant(3), a.Integer(r_uint, True)).kind is r_uint


def test_none_makes_optional_and_a_test_takes_it_away():
    optional = with_none(a.STRING)
    assert optional.can_be_none
    assert not without_none(optional).can_be_none


def test_lists_that_meet_become_one_list():
    left = a.List(ListDefinition(item=Cell(a.INTEGER)))
    right = a.List(ListDefinition(item=Cell(a.FLOAT)))
    join(engine, left, right)
    assert left.definition.root() is right.definition.root()
    assert isinstance(left.item, a.Float)


def test_a_list_that_contains_itself_is_refused_where_it_is_united_with_another():
    first, second = ListDefinition(), ListDefinition()
    first.item.annotation = a.List(first)
    second.item.annotation = a.List(second)
    with pytest.raises(Complaint, match="their type would have no end"):
        join(engine, a.List(first), a.List(second))
