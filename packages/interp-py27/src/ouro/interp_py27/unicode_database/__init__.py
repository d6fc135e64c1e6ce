"""The character database of Unicode 5.2.0, the version of CPython 2.7; RPython, and free of application objects.

Functions take code points.  `CURRENT` and `OLD` (3.2.0, which internet standards of its time ask for) are
`Database`s.
"""

from ._database import CURRENT, OLD, Database
from ._names import character_name, lookup_name
from ._types import (
                     decimal_value,
                     digit_value,
                     is_alpha,
                     is_alphanumeric,
                     is_decimal,
                     is_digit,
                     is_linebreak,
                     is_lower,
                     is_numeric,
                     is_space,
                     is_title,
                     is_upper,
                     to_lower,
                     to_title,
                     to_upper,
)

__all__ = [
    "CURRENT", "Database", "OLD", "character_name", "decimal_value", "digit_value", "is_alpha", "is_alphanumeric",
    "is_decimal", "is_digit", "is_linebreak", "is_lower", "is_numeric", "is_space", "is_title", "is_upper",
    "lookup_name", "to_lower", "to_title", "to_upper",
]
