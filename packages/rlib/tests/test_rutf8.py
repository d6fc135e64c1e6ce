"""UTF-8 text agrees with the host's Unicode strings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ouro.rlib import rutf8

CODE_POINTS = st.one_of(
    st.integers(0, 0x10FFFF), st.integers(0, 127), st.integers(0x700, 0x900), st.integers(0xD7F0, 0xE010)
)
TEXT = st.lists(CODE_POINTS, max_size=200).map(lambda codes: "".join(map(chr, codes)))


def utf8(text):
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


@given(TEXT)
def test_iteration_gives_the_code_points_both_ways(text):
    codes = [ord(c) for c in text]
    assert list(rutf8.Utf8StringIterator(utf8(text))) == codes
    assert list(rutf8.ReverseUtf8StringIterator(utf8(text))) == codes[::-1]


@given(TEXT)
def test_building_from_code_points_gives_utf8_and_counts(text):
    builder = rutf8.Utf8StringBuilder()
    for c in text:
        builder.append_code(ord(c))
    assert builder.build() == utf8(text)
    assert builder.getlength() == len(text)
    assert "".join([rutf8.unichr_as_utf8(ord(c), True) for c in text]) == utf8(text)


@given(TEXT)
def test_index_and_position_translate_into_each_other(text):
    encoded = utf8(text)
    index = rutf8.Utf8Index(encoded, len(text))
    position = 0
    for i, c in enumerate(text):
        assert index.position(encoded, i) == position
        assert index.index(encoded, position) == i
        position += len(utf8(c))
    assert index.position(encoded, len(text)) == len(encoded)


@given(st.one_of(st.binary(max_size=12), TEXT.map(lambda t: t.encode("utf-8", "surrogatepass"))), st.binary(max_size=2))
def test_check_utf8_agrees_with_the_host_decoder(data, tail):
    data += tail
    try:
        expected = len(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        with pytest.raises(rutf8.CheckError) as caught:
            rutf8.check_utf8(data.decode("latin-1"), False)
        assert (caught.value.position, caught.value.end) == (error.start, error.end)
        assert caught.value.reason == error.reason
    else:
        assert rutf8.check_utf8(data.decode("latin-1"), False) == expected


@given(TEXT)
def test_surrogates_are_valid_where_they_are_allowed(text):
    assert rutf8.check_utf8(utf8(text), True) == len(text)
    assert rutf8.has_surrogates(utf8(text)) == any(0xD800 <= ord(c) < 0xE000 for c in text)


@given(st.text(alphabet=st.characters(max_codepoint=255)))
def test_latin_1_goes_both_ways(s):
    assert rutf8.decode_latin_1(s) == utf8(s)
    assert rutf8.encode_latin_1(utf8(s)) == s


def test_spaces_and_line_breaks_are_those_of_the_host_but_for_one():
    for code in range(0x11000):
        if code != 0x180E:  # a space in Unicode 5.2, which Python 2.7 has, and not any more in newer ones
            assert rutf8.codepoint_is_space(code) == chr(code).isspace(), hex(code)
        assert rutf8.codepoint_is_linebreak(code) == (len(("a" + chr(code) + "b").splitlines()) == 2), hex(code)
