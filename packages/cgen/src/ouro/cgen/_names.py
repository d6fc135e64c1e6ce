"""C identifiers: readable, unique, and the same every time for the same program."""

from __future__ import annotations

import hashlib
import re

#: Words that a generated identifier must not be.
RESERVED = frozenset(
    "auto bool break case char const continue default do double else enum extern false float for goto if inline int "
    "long register restrict return short signed sizeof static struct switch true typedef union unsigned void "
    "volatile while asm typeof main linux unix errno NULL roots propagate".split()
)

_NOT_IDENTIFIER = re.compile(r"\W+", re.ASCII)
_LONGEST = 80


def mangle(text: str) -> str:
    """The nearest C identifier; long ones are cut and told apart by a hash."""
    name = _NOT_IDENTIFIER.sub("_", text).strip("_") or "x"
    if name[0].isdigit():
        name = "_" + name
    if len(name) > _LONGEST:
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        name = f"{name[: _LONGEST - 9]}_{digest}"
    return name


def field_name(name: str) -> str:
    """The C name of a structure's field."""
    mangled = mangle(name) if not name.isidentifier() or not name.isascii() else name
    return mangled + "_" if mangled in RESERVED else mangled


class Names:
    """Hands out identifiers, each only once."""

    def __init__(self) -> None:
        self._used: dict[str, int] = {}

    def unique(self, base: str) -> str:
        """`base` made an identifier, with a number behind it where it is taken."""
        base = mangle(base)
        number = self._used.get(base, 0) + 1
        self._used[base] = number
        if number == 1 and base not in RESERVED:
            return base
        return self.unique(f"{base}_{number}")
