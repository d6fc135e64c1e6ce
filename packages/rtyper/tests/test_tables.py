"""The hash table and the string algorithms, run on the host against Python's own."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ouro.lltype import GcArray, Signed, Void
from ouro.rlib.objectmodel import compute_hash
from ouro.rtyper import _list_helpers as lists
from ouro.rtyper import _number_helpers as numbers
from ouro.rtyper import _string_helpers as strings
from ouro.rtyper._dict_helpers import functions_for

WORDS = st.text(st.sampled_from("ab \n"), max_size=12)
KINDS = {
    "numbers": (Signed, Signed, lists.primitive_equal, numbers.hash_signed, False, False, False),
    "strings": (strings.STR_POINTER, Signed, strings.equal, strings.hash_string, True, False, False),
    "set": (strings.STR_POINTER, Void, strings.equal, strings.hash_string, False, True, True),
    "collisions": (Signed, Signed, lists.primitive_equal, lambda key: key & 3, False, True, False),
}


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_table_behaves_like_an_ordered_dict(kind: str) -> None:
    functions: Any = functions_for(*KINDS[kind])
    KEY = KINDS[kind][0]

    def key_of(number: int) -> Any:
        return number if KEY is Signed else strings.prebuilt_string(f"k{number}")

    random_numbers = random.Random(7)
    table = functions.new()
    model: dict[int, int] = {}
    for step in range(5000):
        number = random_numbers.randrange(300)
        key = key_of(number)
        action = random_numbers.random()
        if action < 0.5:
            functions.set_item(table, key, step if functions.has_value else None)
            model[number] = step
        elif action < 0.8:
            if number in model:
                functions.delete(table, key)
                del model[number]
            else:
                with pytest.raises(KeyError):
                    functions.delete(table, key)
        elif action < 0.9:
            assert functions.contains(table, key) == (number in model)
        elif action < 0.94 and model:
            functions.remove_entry(table, functions.last_entry(table))
            model.popitem()
        elif action < 0.96 and number in model:
            functions.move_to_end(table, key)
            model[number] = model.pop(number)
        elif action < 0.97 and number in model:
            functions.move_to_start(table, key)
            model = {number: model.pop(number), **model}
        elif action < 0.971:
            table = functions.copy(table)
        elif action < 0.9715:
            functions.clear(table)
            model.clear()
        assert table.count == len(model)
    assert list(functions.keys_in_order(table, GcArray(KEY))) == [key_of(number) for number in model]
    if functions.has_value:
        assert list(functions.values_in_order(table, GcArray(Signed))) == list(model.values())


def low(text: str) -> Any:
    return strings.prebuilt_string(text)


def high(pointers: Any) -> list[str]:
    return [strings.host_string(pointer) for pointer in pointers]


@given(WORDS, WORDS, st.integers(-15, 15), st.integers(-15, 15))
def test_searches_find_what_python_finds(text: str, part: str, start: int, stop: int) -> None:
    assert strings.find(low(text), low(part), start, stop) == text.find(part, start, stop)
    assert strings.rfind(low(text), low(part), start, stop) == text.rfind(part, start, stop)
    assert strings.count(low(text), low(part), start, stop) == text.count(part, start, stop)


@given(WORDS, WORDS, WORDS, st.integers(-1, 4))
def test_replacing_is_that_of_python(text: str, old: str, new: str, limit: int) -> None:
    assert strings.host_string(strings.replace(low(text), low(old), low(new), limit)) == text.replace(old, new, limit)


@given(WORDS, WORDS, st.integers(-1, 4))
def test_splitting_is_that_of_python(text: str, separator: str, limit: int) -> None:
    assert high(strings.split_spaces(low(text), limit)) == text.split(None, limit)
    assert high(strings.rsplit_spaces(low(text), limit)) == text.rsplit(None, limit)
    assert high(strings.split_lines(low(text), False)) == text.splitlines()
    if separator:
        assert high(strings.split_string(low(text), low(separator), limit)) == text.split(separator, limit)
        assert high(strings.rsplit_string(low(text), low(separator), limit)) == text.rsplit(separator, limit)


@given(st.text(st.characters(max_codepoint=255)))
def test_the_representation_of_a_string_evaluates_to_it(text: str) -> None:
    for only_ascii in (False, True):
        assert eval(strings.host_string(strings.represent(low(text), only_ascii))) == text


@given(st.integers(-(2**63), 2**63 - 1))
def test_numbers_print_and_parse(number: int) -> None:
    text = strings.int_to_string(number)
    assert strings.host_string(text) == str(number)
    assert strings.parse_int(text, 10) == number


@given(st.one_of(st.floats(), st.integers(-(2**70), 2**70).map(float)))
def test_hashes_of_floats_are_those_of_rlib(number: float) -> None:
    assert numbers.hash_float(number) == compute_hash(number)


@given(WORDS, WORDS)
def test_strings_compare_and_hash_as_on_the_host(first: str, second: str) -> None:
    assert (strings.compare(low(first), low(second)) < 0) == (first < second)
    assert strings.equal(low(first), low(second)) == (first == second)
    assert strings.compute_string_hash(low(first)) == compute_hash(first)


@given(st.lists(st.integers(0, 50)))
def test_sorting_is_stable_and_complete(values: list[int]) -> None:
    ITEMS = GcArray(Signed)
    array = lists.fill(ITEMS, len(values), 0)
    for index, value in enumerate(values):
        array[index] = value * 1000 + index
    lists.merge_sort(ITEMS, array, len(values), lambda a, b: a // 1000 < b // 1000)
    assert list(array) == sorted(value * 1000 + index for index, value in enumerate(values))
