"""Sorting is stable, in the given order, and keeps all items when a comparison raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ouro.rlib import listsort

RUNS = st.lists(
    st.builds(
        lambda start, length, step: [start + i * step for i in range(length)],
        st.integers(-50, 50),
        st.integers(0, 120),
        st.sampled_from([-1, 0, 1]),
    ),
    max_size=12,
).map(lambda runs: [x for run in runs for x in run])
LISTS = st.one_of(st.lists(st.integers(-20, 20), max_size=300), RUNS, st.lists(st.integers(), max_size=40))


@given(LISTS)
def test_integers_are_sorted(items):
    copy = list(items)
    listsort.IntSort(copy).sort()
    assert copy == sorted(items)


@given(LISTS)
def test_sorting_by_a_key_is_stable(items):
    pairs = [(x // 3, i) for i, x in enumerate(items)]
    copy = list(pairs)
    listsort.make_sorter(lambda a, b: a[0] < b[0])(copy).sort()
    assert copy == sorted(pairs, key=lambda pair: pair[0])


@given(LISTS, st.integers(0, 400))
def test_no_item_is_lost_when_a_comparison_raises(items, limit):
    calls = [0]

    def less_than(a, b):
        calls[0] += 1
        if calls[0] > limit:
            raise ZeroDivisionError
        return a < b

    copy = list(items)
    try:
        listsort.make_sorter(less_than)(copy).sort()
    except ZeroDivisionError:
        pass
    assert sorted(copy) == sorted(items)


@pytest.mark.parametrize("n", [10, 1000, 5000])
def test_ordered_lists_take_one_comparison_an_item(n):
    calls = [0]

    def less_than(a, b):
        calls[0] += 1
        return a < b

    for items in (list(range(n)), list(range(n, 0, -1))):
        calls[0] = 0
        listsort.make_sorter(less_than)(items).sort()
        assert calls[0] == n - 1


@given(st.lists(st.text(alphabet="ab", max_size=4)), st.lists(st.floats(allow_nan=False)))
def test_strings_and_floats_are_sorted(strings, floats):
    copy = list(strings)
    listsort.StringSort(copy).sort()
    assert copy == sorted(strings)
    numbers = list(floats)
    listsort.FloatSort(numbers).sort()
    assert numbers == sorted(floats)
