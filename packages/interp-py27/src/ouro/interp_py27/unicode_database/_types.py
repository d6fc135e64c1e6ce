"""What the methods of unicode strings ask: classes of characters, and simple case mappings."""

from ._data import Table, rows

ALPHA = 1
DECIMAL = 2
DIGIT = 4
NUMERIC = 8
LOWER = 16
UPPER = 32
TITLE = 64
SPACE = 128
LINEBREAK = 256

_TABLE = Table("type")
_ROWS = rows("types", "6i")
FLAGS = [_row[0] for _row in _ROWS]
TO_UPPER = [_row[1] for _row in _ROWS]
TO_LOWER = [_row[2] for _row in _ROWS]
TO_TITLE = [_row[3] for _row in _ROWS]
DECIMALS = [_row[4] for _row in _ROWS]
DIGITS = [_row[5] for _row in _ROWS]


def _has(code, flags):
    return FLAGS[_TABLE.get(code)] & flags != 0


def is_alpha(code):
    return _has(code, ALPHA)


def is_alphanumeric(code):
    return _has(code, ALPHA | DECIMAL | DIGIT | NUMERIC)


def is_decimal(code):
    return _has(code, DECIMAL)


def is_digit(code):
    return _has(code, DIGIT)


def is_numeric(code):
    return _has(code, NUMERIC)


def is_lower(code):
    return _has(code, LOWER)


def is_upper(code):
    return _has(code, UPPER)


def is_title(code):
    """Whether the character is a title case letter (upper case letters are not)."""
    return _has(code, TITLE)


def is_space(code):
    return _has(code, SPACE)


def is_linebreak(code):
    return _has(code, LINEBREAK)


def to_upper(code):
    return code + TO_UPPER[_TABLE.get(code)]


def to_lower(code):
    return code + TO_LOWER[_TABLE.get(code)]


def to_title(code):
    return code + TO_TITLE[_TABLE.get(code)]


def decimal_value(code):
    """The value of a decimal digit, or -1."""
    return DECIMALS[_TABLE.get(code)]


def digit_value(code):
    """The value of a digit (superscripts and the like included), or -1."""
    return DIGITS[_TABLE.get(code)]
