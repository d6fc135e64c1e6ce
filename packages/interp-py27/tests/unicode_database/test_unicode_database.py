"""The character database says what CPython 2.7's says, of every character.

`properties.expected` is the output of `properties.py` under CPython 2.7.
"""

import importlib.util
from pathlib import Path

import pytest
from ouro.interp_py27 import unicode_database as database
from ouro.interp_py27.unicode_database import CURRENT, OLD, character_name, lookup_name

HERE = Path(__file__).parent
EXPECTED = dict(line.split(" ", 1) for line in (HERE / "properties.expected").read_text().splitlines())


def _reference():
    spec = importlib.util.spec_from_file_location("properties", HERE / "properties.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def utf8(code):
    return chr(code).encode("utf-8", "surrogatepass").decode("latin-1")


def codes(text):
    return ",".join("%x" % ord(character) for character in text.encode("latin-1").decode("utf-8", "surrogatepass"))


def flag(function):
    return lambda code: str(int(function(code)))


FUNCTIONS = {
    "isalpha": flag(database.is_alpha), "isalnum": flag(database.is_alphanumeric),
    "isdecimal": flag(database.is_decimal), "isdigit": flag(database.is_digit),
    "isnumeric": flag(database.is_numeric), "islower": flag(database.is_lower), "isupper": flag(database.is_upper),
    "isspace": flag(database.is_space), "name": character_name,
    "upper": lambda code: "%x" % database.to_upper(code), "lower": lambda code: "%x" % database.to_lower(code),
    "title": lambda code: "%x" % database.to_title(code),
}


def _as_text(function):
    return lambda code: str(function(code))


def _add(prefix, version):
    for name in ("category", "bidirectional", "east_asian_width", "decomposition"):
        FUNCTIONS[prefix + name] = getattr(version, name)
    for name in ("combining", "mirrored", "decimal", "digit"):
        FUNCTIONS[prefix + name] = _as_text(getattr(version, name))
    FUNCTIONS[prefix + "numeric"] = lambda code: repr(version.numeric(code))
    for form, is_compatible, is_composed in (("NFC", False, True), ("NFD", False, False), ("NFKC", True, True),
                                             ("NFKD", True, False)):
        FUNCTIONS[prefix + form] = lambda code, is_compatible=is_compatible, is_composed=is_composed: codes(
            version.normalize(utf8(code), is_compatible, is_composed))


_add("", CURRENT)
_add("old_", OLD)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_property_of_all_characters(name):
    assert _reference().digests(FUNCTIONS[name]) == EXPECTED[name]


def test_every_name_is_found():
    for code in list(range(0x3000)) + [0x4E00, 0x9FCB, 0xAC00, 0xAC01, 0xD7A3, 0x1D11E, 0x2B734]:
        name = character_name(code)
        if name:
            assert lookup_name(name) == code
            assert lookup_name(name.lower()) == code


@pytest.mark.parametrize("name", ["", "LATIN", "CJK UNIFIED IDEOGRAPH-9FFF", "CJK UNIFIED IDEOGRAPH-4E0",
                                  "HANGUL SYLLABLE ", "HANGUL SYLLABLE GAX", "LATIN SMALL LETTER A "])
def test_unknown_name_is_not_found(name):
    assert lookup_name(name) == -1


@pytest.mark.parametrize("text, form, expected", [
    ("a\u0323\u0307", (False, True), "\u1ea1\u0307"),
    ("a\u0307\u0323", (False, True), "\u1ea1\u0307"),
    ("\u1e0b\u0323", (False, False), "d\u0323\u0307"),
    ("\u1e0b\u0323", (False, True), "\u1e0d\u0307"),
    ("\u1100\u1161\u11a8", (False, True), "\uac01"),
    ("\uac01", (False, False), "\u1100\u1161\u11a8"),
    ("\ufb01x\u00b2", (True, True), "fix2"),
    ("\u0374\u1fef", (False, True), "\u02b9`"),
    ("e\u0301\u0301", (False, True), "\u00e9\u0301"),
    ("\u0b47\u0300\u0b3e", (False, True), "\u0b47\u0300\u0b3e"),
])
def test_normal_forms_of_sequences(text, form, expected):
    encoded = text.encode("utf-8").decode("latin-1")
    result = CURRENT.normalize(encoded, *form)
    assert result.encode("latin-1").decode("utf-8") == expected
