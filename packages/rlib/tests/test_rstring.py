"""Searching and splitting agree with the host's string methods."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ouro.rlib import rstring

SHORT = st.text(alphabet="ab", max_size=14)
NEEDLE = st.text(alphabet="ab", max_size=4)
SPACED = st.text(alphabet="ab \t\n", max_size=14)


@given(SHORT, NEEDLE, st.integers(0, 16), st.integers(0, 16))
def test_find_rfind_and_count_agree_with_the_host(s, sub, start, end):
    start = min(start, len(s))
    end = min(end, len(s))
    assert rstring.find(s, sub, start, end) == s.find(sub, start, end)
    assert rstring.rfind(s, sub, start, end) == s.rfind(sub, start, end)
    assert rstring.count(s, sub, start, end) == s.count(sub, start, end)
    assert rstring.startswith(s, sub, start, end) == s.startswith(sub, start, end)
    assert rstring.endswith(s, sub, start, end) == s.endswith(sub, start, end)


@given(st.text(alphabet="abc", min_size=30, max_size=200), st.text(alphabet="abc", min_size=2, max_size=6))
def test_find_agrees_with_the_host_on_longer_strings(s, sub):
    assert rstring.find(s, sub, 0, len(s)) == s.find(sub)


@given(SPACED, st.integers(-1, 4))
def test_split_by_white_space_agrees_with_the_host(s, maxsplit):
    assert rstring.split(s, None, maxsplit) == s.encode().decode().split(None, maxsplit)
    assert rstring.rsplit(s, None, maxsplit) == s.rsplit(None, maxsplit)


@given(SHORT, st.text(alphabet="ab", min_size=1, max_size=2), st.integers(-1, 4))
def test_split_by_separator_agrees_with_the_host(s, by, maxsplit):
    assert rstring.split(s, by, maxsplit) == s.split(by, maxsplit)
    assert rstring.rsplit(s, by, maxsplit) == s.rsplit(by, maxsplit)


@given(SHORT, NEEDLE, st.text(alphabet="xy", max_size=3), st.integers(-1, 6))
def test_replace_agrees_with_the_host(s, sub, by, maxsplit):
    assert rstring.replace(s, sub, by, maxsplit) == s.replace(sub, by, maxsplit)


def test_an_empty_separator_is_an_error():
    for function in (rstring.split, rstring.rsplit):
        with pytest.raises(ValueError):
            function("abc", "")


def test_a_builder_gives_what_was_appended_and_goes_on_after_build():
    builder = rstring.StringBuilder()
    builder.append("ab")
    builder.append_slice("0123456", 2, 4)
    builder.append_multiple_char("x", 3)
    assert builder.getlength() == 7
    assert builder.build() == "ab23xxx"
    builder.append("!")
    assert builder.build() == "ab23xxx!"
