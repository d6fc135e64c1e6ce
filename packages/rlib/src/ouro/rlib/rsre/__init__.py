"""A regular expression engine for the pattern code of CPython 2.7's ``sre_compile``.

`Pattern` holds the code; `match` and `search` run it over 8-bit strings, `match_utf8` and `search_utf8` over UTF-8
text, where positions are byte offsets and characters are code points.
"""

from ouro.rlib.rsre._classes import CharacterClasses, lower_ascii, lower_latin_1
from ouro.rlib.rsre._engine import (
    BytesMatcher,
    Match,
    Utf8Matcher,
    match,
    match_utf8,
    search,
    search_utf8,
)
from ouro.rlib.rsre._opcodes import CODE_SIZE, FLAG_IGNORECASE, FLAG_LOCALE, FLAG_UNICODE, MAGIC, MAXIMUM_REPEAT
from ouro.rlib.rsre._pattern import Pattern
from ouro.rlib.rsre._validation import BadPatternCode, check_code

__all__ = [
    "CODE_SIZE",
    "FLAG_IGNORECASE",
    "FLAG_LOCALE",
    "FLAG_UNICODE",
    "MAGIC",
    "MAXIMUM_REPEAT",
    "BytesMatcher",
    "BadPatternCode",
    "CharacterClasses",
    "Match",
    "Pattern",
    "Utf8Matcher",
    "check_code",
    "lower_ascii",
    "lower_latin_1",
    "match",
    "match_utf8",
    "search",
    "search_utf8",
]
