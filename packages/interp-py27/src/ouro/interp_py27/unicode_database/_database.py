"""Properties of characters, decomposition and normalization, in Unicode 5.2.0 and as they were in 3.2.0."""

from ouro.rlib import rutf8
from ouro.rlib.rstring import StringBuilder

from . import _types
from ._data import Strings, Table, numbers, rows, text
from ._names import HANGUL_FIRST, HANGUL_LAST, LEADING, TRAILING, VOWELS

_RECORD = Table("record")
_OLD_RECORD = Table("old_record")
_RECORDS = rows("records", "5B")
_WORDS = text("property_words").split("\n")
CATEGORY = [_WORDS[_row[0]] for _row in _RECORDS]
BIDIRECTIONAL = [_WORDS[_row[1]] for _row in _RECORDS]
COMBINING = [_row[2] for _row in _RECORDS]
WIDTH = [_WORDS[_row[3]] for _row in _RECORDS]
MIRRORED = [_row[4] for _row in _RECORDS]

NUMERIC = dict(zip(numbers("numeric.codes", "I"), numbers("numeric.values", "d")))
_OLD_NUMBERS = rows("old_number", "Iid")
OLD_DECIMAL = {_row[0]: _row[1] for _row in _OLD_NUMBERS}
OLD_NUMERIC = {_row[0]: _row[2] for _row in _OLD_NUMBERS}

_DECOMPOSITION_NUMBER = Table("decomposition")
_DECOMPOSITIONS = Strings("decompositions")
OLD_CORRECTIONS = dict(rows("old_correction", "II"))

# From the UTF-8 of two characters to the one that they compose to.
COMPOSITION = {rutf8.unichr_as_utf8(_first) + rutf8.unichr_as_utf8(_second): _code
               for _first, _second, _code in rows("composition", "III")}

LEADING_FIRST = 0x1100
VOWEL_FIRST = 0x1161
TRAILING_FIRST = 0x11A7

NO_NUMBER = -1.0


class Database:
    """One version of the character database; `is_old` is 3.2.0.

    Numbers that a character does not have are -1.
    """

    _immutable_fields_ = ["is_old", "version"]

    def __init__(self, version, is_old):
        self.version = version
        self.is_old = is_old

    def _record(self, code):
        if self.is_old:
            return _OLD_RECORD.get(code)
        return _RECORD.get(code)

    def is_assigned(self, code):
        return CATEGORY[self._record(code)] != "Cn"

    def category(self, code):
        return CATEGORY[self._record(code)]

    def bidirectional(self, code):
        return BIDIRECTIONAL[self._record(code)]

    def combining(self, code):
        return COMBINING[self._record(code)]

    def east_asian_width(self, code):
        return WIDTH[self._record(code)]

    def mirrored(self, code):
        return MIRRORED[self._record(code)]

    def decimal(self, code):
        if self.is_old:
            if not self.is_assigned(code):
                return -1
            if code in OLD_DECIMAL:
                return OLD_DECIMAL[code]
        return _types.decimal_value(code)

    def digit(self, code):
        # CPython knows no older digits.
        return _types.digit_value(code)

    def numeric(self, code):
        """Negative where the character has no value."""
        if self.is_old:
            if not self.is_assigned(code):
                return NO_NUMBER
            if code in OLD_NUMERIC:
                return OLD_NUMERIC[code]
        return NUMERIC.get(code, NO_NUMBER)

    def decomposition(self, code):
        """The decomposition in the form of the Unicode data files: `<font> 0041`, `0041 0301`, or nothing."""
        if self.is_old and not self.is_assigned(code):
            return ""
        packed = _DECOMPOSITIONS.get(_DECOMPOSITION_NUMBER.get(code))
        if packed == "":
            return ""
        colon = packed.find(":")
        assert colon >= 0
        parts = []
        if colon > 0:
            parts.append("<" + packed[:colon] + ">")
        position = colon + 1
        while position < len(packed):
            parts.append(_hexadecimal(rutf8.codepoint_at_pos(packed, position)))
            position = rutf8.next_codepoint_pos(packed, position)
        return " ".join(parts)

    # Normalization

    def normalize(self, utf8, is_compatible, is_composed):
        """Text in normal form: NFD, NFC (`is_composed`), NFKD and NFKC (`is_compatible`)."""
        if rutf8.first_non_ascii_char(utf8) < 0:
            return utf8
        codes = []
        position = 0
        while position < len(utf8):
            self._decompose(rutf8.codepoint_at_pos(utf8, position), is_compatible, codes)
            position = rutf8.next_codepoint_pos(utf8, position)
        _order(codes)
        if is_composed:
            codes = _compose(codes)
        builder = StringBuilder(len(utf8))
        for code in codes:
            rutf8.unichr_as_utf8_append(builder, code, True)
        return builder.build()

    def _decompose(self, code, is_compatible, codes):
        if code < 0x80:
            codes.append(code)
            return
        if HANGUL_FIRST <= code <= HANGUL_LAST:
            syllable = code - HANGUL_FIRST
            trailing = syllable % len(TRAILING)
            syllable //= len(TRAILING)
            codes.append(LEADING_FIRST + syllable // len(VOWELS))
            codes.append(VOWEL_FIRST + syllable % len(VOWELS))
            if trailing > 0:
                codes.append(TRAILING_FIRST + trailing)
            return
        number = _DECOMPOSITION_NUMBER.get(code)
        if self.is_old:
            number = OLD_CORRECTIONS.get(code, number)
            if not self.is_assigned(code):
                number = 0
        if number == 0:
            codes.append(code)
            return
        packed = _DECOMPOSITIONS.get(number)
        position = packed.find(":") + 1
        if position > 1 and not is_compatible:
            codes.append(code)
            return
        while position < len(packed):
            self._decompose(rutf8.codepoint_at_pos(packed, position), is_compatible, codes)
            position = rutf8.next_codepoint_pos(packed, position)


CURRENT = Database("5.2.0", False)
OLD = Database("3.2.0", True)


def _hexadecimal(code):
    digits = ""
    while code > 0 or len(digits) < 4:
        digits = "0123456789ABCDEF"[code & 15] + digits
        code >>= 4
    return digits


def _order(codes):
    """Put runs of combining characters in the order of their classes, keeping that of equal ones."""
    for i in range(1, len(codes)):
        code = codes[i]
        combining = CURRENT.combining(code)
        if combining == 0:
            continue
        j = i
        while j > 0 and CURRENT.combining(codes[j - 1]) > combining:
            codes[j] = codes[j - 1]
            j -= 1
        codes[j] = code


def _compose(codes):
    """Canonical composition (Unicode standard, section 3.11, D117)."""
    result = []
    starter = -1
    last_class = 0
    for code in codes:
        combining = CURRENT.combining(code)
        if starter >= 0 and (starter == len(result) - 1 or last_class < combining):
            composite = _composite(result[starter], code)
            if composite >= 0:
                result[starter] = composite
                continue
        if combining == 0:
            starter = len(result)
        last_class = combining
        result.append(code)
    return result


def _composite(first, second):
    """The character that the two compose to, or -1."""
    leading = first - LEADING_FIRST
    if 0 <= leading < len(LEADING):
        vowel = second - VOWEL_FIRST
        if 0 <= vowel < len(VOWELS):
            return HANGUL_FIRST + (leading * len(VOWELS) + vowel) * len(TRAILING)
        return -1
    if HANGUL_FIRST <= first <= HANGUL_LAST:
        trailing = second - TRAILING_FIRST
        if 0 < trailing < len(TRAILING) and (first - HANGUL_FIRST) % len(TRAILING) == 0:
            return first + trailing
        return -1
    if second < 0x80:
        return -1
    return COMPOSITION.get(rutf8.unichr_as_utf8(first, True) + rutf8.unichr_as_utf8(second, True), -1)
