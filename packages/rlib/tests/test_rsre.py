"""The regular expression engine agrees with CPython's `re` on the patterns that both know.

The pattern code comes from a small translation of the host's parse trees into CPython 2.7's units, so that
no Python 2.7 is needed.
"""

import re
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ouro.rlib import rsre
from ouro.rlib.rsre import _engine
from ouro.rlib.rsre import _opcodes as op
from sre27 import compile27

PATTERNS = [
    r"abc", r"a*b", r"a*?b", r"(a|b)*c", r"(a|ab)(c|bcd)(d*)", r"(?:ab){2,3}", r"(a+)+b", r"[a-c]+[^a]", r"\bfoo\b",
    r"\Bo", r"^a$", r"(?m)^b$", r"(?s)a.b", r"a.b", r"(?i)aBc", r"(a)(?=b)", r"a(?!b)", r"(?<=a)b", r"(?<!a)b",
    r"(a)?(?(1)b|c)", r"(a*)\1", r"(?i)(a)\1", r"((a)|(b))*", r"(?:(a)|b)*?c", r"a{2,4}?", r"(a?)*b", r"(?:a?){3}",
    r"x*", r"(x*)*", r"(x*?)*?y", r"\d+\.\d*", r"\w+\s\w+", r"[\d\-x]+", r"(?:a|b|cd|ef)+", r"(|a)+b", r"()*a",
    r"(?:(?=a)a)*b", r"(?:ab){1,2}?c", r"a((?:bc)??)b", r"(?:a(?!x)){0,2}?b",
    r"(.*)(.*)", r"(.*?),(.*)", r"a\Z", r"\Aab", r"[^\n]*", r"(a)|b", r"(?i)[^b]c",
]  # fmt: skip


def spans(found, groups):
    if found is None:
        return None
    return [(found.group_start(group), found.group_end(group)) for group in range(groups + 1)]


def host_spans(found):
    if found is None:
        return None
    return [found.span(group) for group in range(found.re.groups + 1)]


def assert_agrees(source, text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        host = re.compile(source.encode("latin-1"))
    code, flags, groups = compile27(source)
    pattern = rsre.Pattern(code, flags, groups)
    subject = text.encode("latin-1")
    assert spans(rsre.match(pattern, text, 0, len(text)), groups) == host_spans(host.match(subject))
    found = rsre.search(pattern, text, 0, len(text))
    expected = host.search(subject)
    assert spans(found, groups) == host_spans(expected)
    if expected is not None:
        assert found.last_group == (expected.lastindex or 0)


@pytest.mark.parametrize("source", PATTERNS)
@settings(max_examples=60, deadline=None)
@given(text=st.text(alphabet="abcdefxyoABC,.1 \n", max_size=12))
def test_matching_agrees_with_the_host(source, text):
    assert_agrees(source, text)


ATOMS = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", r"\w", r"\b", "^", "$", "(?=a)", "(?!b)"])
REPEATS = st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{1,2}"])
PIECES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: "(?:%s|%s)" % pair),
        inner.map(lambda piece: "(%s)" % piece),
        st.tuples(inner, REPEATS).map(lambda pair: "(?:%s)%s" % pair),
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(source=PIECES, text=st.text(alphabet="abc\n", max_size=8))
def test_generated_patterns_find_the_same_place(source, text):
    """Only the whole match: which repetition a group remembers differs between versions of CPython."""
    code, flags, groups = compile27(source)
    found = rsre.search(rsre.Pattern(code, flags, groups), text, 0, len(text))
    expected = re.search(source, text)
    assert (found and (found.start, found.end)) == (expected and expected.span())


ITEMS = st.one_of(ATOMS, st.tuples(ATOMS.filter(lambda atom: atom[-1] not in "^$)b"), REPEATS).map("".join))
GROUPED = st.recursive(
    ITEMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: "(?:%s|%s)" % pair),
        inner.map(lambda piece: "(%s)" % piece),
        inner.map(lambda piece: "(?=%s)" % piece),
        inner.map(lambda piece: "(?!%s)" % piece),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(source=GROUPED, text=st.text(alphabet="abc\n", max_size=8))
def test_generated_patterns_give_the_same_groups(source, text):
    """Groups that no repeat encloses; those inside negative assertions are undefined where a match goes on."""
    code, flags, groups = compile27(source)
    found = rsre.search(rsre.Pattern(code, flags, groups), text, 0, len(text))
    expected = re.search(source, text)
    assert (found is None) == (expected is None)
    if "(?!" not in source and found is not None:
        spans = [(found.group_start(number), found.group_end(number)) for number in range(groups + 1)]
        assert spans == [expected.span(number) for number in range(groups + 1)]


def test_a_lazy_repeat_takes_its_maximum_and_no_more():
    code, flags, groups = compile27("a((?:bc)??)d")
    pattern = rsre.Pattern(code, flags, groups)
    assert rsre.match(pattern, "abcd", 0, 4).group_start(1) == 1
    assert rsre.match(pattern, "abcbcd", 0, 6) is None


def test_an_info_block_finds_the_literal_prefix_in_both_kinds_of_text():
    code, flags, groups = compile27("ab+")
    info = [op.INFO, 8, op.INFO_PREFIX, 2, op.MAXIMUM_REPEAT, 2, 2, ord("a"), ord("b")]
    pattern = rsre.Pattern(info + code, flags, groups)
    assert rsre.search(pattern, "xaabbx", 0, 6).group_start(0) == 2
    assert rsre.search(pattern, "xaabbx", 0, 3) is None
    assert rsre.search_utf8(pattern, "\xc3\xa9aab", 0, 5).group_start(0) == 3


def test_a_literal_prefix_that_is_not_ascii_is_no_prefix_of_both_kinds_of_text():
    code, flags, groups = compile27("\u00e9b+")
    info = [op.INFO, 8, op.INFO_PREFIX, 2, op.MAXIMUM_REPEAT, 2, 2, 0xE9, ord("b")]
    pattern = rsre.Pattern(info + code, flags, groups)
    assert pattern.prefix() is None
    assert rsre.search(pattern, "x\xe9bb", 0, 4).group_start(0) == 1
    assert rsre.search_utf8(pattern, "x\xc3\xa9bb", 0, 5).group_start(0) == 1


@pytest.mark.parametrize("source, beginnings", [
    ("foo|bar|baz", "bf"), (r"\s*,\s*", "\t\n\x0b\x0c\r ,"), ("(a+)b", "a"), ("(?:x|(y)?)z", "xyz"), ("^a", "a"),
    (r"\bq", "q"), ("(?=b)[a-c]", "abc"), ("(?:ab)*c", "ac"), ("(?:ab)+?c", "a"), ("(?i)k", "Kk"), ("a{0,3}b", "ab"),
    ("(?:(?:a|b)|(?:c|d))e", "abcd"),
    ("a*", None), ("a|", None), ("(?:a?)+b", None), (r"(a)?\1b", None), ("(?s).", None), ("$", None),
])  # fmt: skip
def test_what_a_match_can_begin_with(source, beginnings):
    code, flags, groups = compile27(source)
    found = rsre.Pattern(code, flags, groups).beginnings()
    if found is not None:
        found = "".join(chr(code) for code in range(256) if found[code] == "\x01")
    assert found == beginnings


def test_the_locale_may_change_what_a_match_can_begin_with():
    code, flags, groups = compile27("[a-c]")
    assert rsre.Pattern(code, flags | op.FLAG_LOCALE, groups).beginnings() is None


def test_what_a_match_can_begin_with_is_not_looked_for_without_end():
    code, flags, groups = compile27("(?:ab||cd|)" * 40 + "e")
    assert rsre.Pattern(code, flags, groups).beginnings() is None


def test_characters_beyond_the_tables_can_begin_a_match():
    code, flags, groups = compile27("[\u20ac\u20ad]+b")
    text = "b\u20adb".encode().decode("latin-1")
    assert rsre.search_utf8(rsre.Pattern(code, flags, groups), text, 0, len(text)).group_start(0) == 1


@pytest.mark.parametrize("source", PATTERNS)
@pytest.mark.parametrize("length", [0, 1, 3])
def test_matches_that_take_long_go_on_in_the_other_loop(source, length, monkeypatch):
    monkeypatch.setattr(_engine, "FIRST_LONG_MATCH", length)
    for text in ("aabab.cabcb", "bbb aaaabc", "fooo foo,12.5 xyx", "abababa\nabx"):
        assert_agrees(source, text)


def test_work_counts_what_a_pattern_has_had_to_do():
    code, flags, groups = compile27("(?:ab|ba)*c")
    pattern = rsre.Pattern(code, flags, groups)
    rsre.match(pattern, "c", 0, 1)
    short = pattern.work
    assert short >= _engine.WORK_OF_MATCH
    rsre.match(pattern, "ab" * 50 + "c", 0, 101)
    assert pattern.work >= 2 * short + 50


def test_marks_that_were_taken_stay_as_they_are():
    code, flags, groups = compile27("(a)|(b)")
    matcher = rsre.BytesMatcher(rsre.Pattern(code, flags, groups), "ab", 2)
    assert matcher.match(0)
    taken = matcher.take_marks()
    matcher.reset()
    assert matcher.match(1)
    assert taken == [0, 1, -1, -1]
    assert matcher.marks == [-1, -1, 1, 2]
    matcher.reset()
    assert matcher.marks == [-1, -1, -1, -1]


def test_a_million_repetitions_need_no_deep_stack():
    code, flags, groups = compile27(r"(?:ab|c)*d")
    text = "ab" * 200000 + "d"
    assert rsre.match(rsre.Pattern(code, flags, groups), text, 0, len(text)).end == len(text)


def test_utf8_positions_are_byte_offsets_and_characters_are_code_points():
    code, flags, groups = compile27("(.)\u20ac+(.)")
    text = "x\u00e9\u20ac\u20acz".encode().decode("latin-1")
    found = rsre.search_utf8(rsre.Pattern(code, flags, groups), text, 0, len(text))
    assert spans(found, groups) == [(1, 10), (1, 3), (9, 10)]


def test_a_search_may_end_before_the_string_does():
    code, flags, groups = compile27("a$")
    assert rsre.search(rsre.Pattern(code, flags, groups), "baab", 0, 3).end == 3


def test_a_match_that_goes_back_for_long_looks_around_and_may_be_ended():
    class Interrupted(Exception):
        pass

    class Classes(rsre.CharacterClasses):
        looks = 0

        def look_around(self):
            self.looks += 1
            if self.looks == 3:
                raise Interrupted

    code, flags, groups = compile27("(a*)*b")
    classes = Classes()
    pattern = rsre.Pattern(code, flags, groups, classes)
    with pytest.raises(Interrupted):
        rsre.match(pattern, "a" * 60, 0, 60)
    assert classes.looks == 3
    assert rsre.match(pattern, "aab", 0, 3).end == 3


def test_unknown_operations_are_reported():
    with pytest.raises(rsre.BadPatternCode):
        rsre.match(rsre.Pattern([99], 0, 0), "a", 0, 1)
