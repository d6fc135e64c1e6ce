"""Patterns: their code, and what is found out about it once, so that matching need not.

Which characters a match can begin with, the literal text that stands in front of every match, what a set accepts: all
of it as tables of the characters below 256. (Searching by first characters is as old as Thompson's and Pike's engines.)
"""

from ouro.rlib.rsre import _opcodes as op
from ouro.rlib.rsre._classes import CharacterClasses, in_category, in_set, lower_ascii

_SINGLE = (
    op.LITERAL,
    op.IN,
    op.ANY,
    op.ANY_ALL,
    op.NOT_LITERAL,
    op.CATEGORY,
    op.LITERAL_IGNORE,
    op.NOT_LITERAL_IGNORE,
    op.IN_IGNORE,
)
_IS_SINGLE = "".join(["\x01" if kind in _SINGLE else "\x00" for kind in range(32)])
#: So many operations are looked at for what a match can begin with: alternatives of alternatives may be very many.
_MOST_LOOKED_AT = 200


def is_single(kind):
    """True for the operations that match exactly one character by looking at nothing else."""
    return kind < 32 and _IS_SINGLE[kind] == "\x01"


def single_size(kind, code, place):
    """The units of code that a single-character operation takes."""
    if kind == op.ANY or kind == op.ANY_ALL:
        return 1
    if kind == op.IN or kind == op.IN_IGNORE:
        return 1 + code[place + 1]
    return 2


def _is_single_item(code, place):
    kind = code[place]
    if not is_single(kind) or place + 1 >= len(code):
        return False
    after = place + single_size(kind, code, place)
    return after < len(code) and code[after] == op.SUCCESS


class Pattern:
    """Pattern code and what it is run with.

    Args:
        code: the units of ``sre_compile`` as integers.
        flags: the flags of the compiled pattern; IGNORECASE, LOCALE and UNICODE matter here.
        groups: the number of groups, without the whole match.
        classes: a `CharacterClasses`.

    Attributes:
        work: how much has been done with the pattern so far; the engine counts it.
    """

    _immutable_fields_ = ["code[*]", "flags", "groups", "classes", "may_repeat", "_items"]

    def __init__(self, code, flags, groups, classes=CharacterClasses()):  # noqa: B008 - immutable
        self.code = code
        self.flags = flags
        self.groups = groups
        self.classes = classes
        # An operand with this value says so for nothing, which costs time and no more.
        self.may_repeat = op.REPEAT in code
        self.work = 0
        self._tables = [None] * len(code)
        self._items = "".join(["\x01" if _is_single_item(code, place) else "\x00" for place in range(len(code))])
        self._is_analysed = False
        self._body = 0
        self._beginnings = None
        self._prefix = None

    def lower(self, code):
        """Lower case of one character, by the flags."""
        if self.flags & op.FLAG_UNICODE:
            return self.classes.unicode_lower(code)
        if self.flags & op.FLAG_LOCALE:
            return self.classes.locale_lower(code)
        return lower_ascii(code)

    def is_single_item(self, place):
        """True where the item of a one-character repeat at *place* is one single-character operation.

        It may also be a character and an assertion: ``sre_compile`` looks at the width alone.
        """
        return self._items[place] == "\x01"

    def matches(self, kind, place, character):
        """Whether the single-character operation *kind* at *place* accepts *character*."""
        code = self.code
        if kind == op.LITERAL:
            return character == code[place + 1]
        if kind == op.IN or kind == op.IN_IGNORE:
            return self.accepts(kind, place, character)
        if kind == op.ANY:
            return character != 10
        if kind == op.ANY_ALL:
            return True
        if kind == op.NOT_LITERAL:
            return character != code[place + 1]
        if kind == op.CATEGORY:
            return in_category(self.classes, code[place + 1], character)
        if kind == op.LITERAL_IGNORE:
            return self.lower(character) == code[place + 1]
        return self.lower(character) != code[place + 1]

    # ---- sets

    def set_table(self, index, ignore_case):
        """Which of the characters below 256 the set described from *index* on accepts, as a string of 256 flags.

        Made when it is asked for first. The locale may change, so there is none for a pattern that looks at it.
        """
        table = self._tables[index]
        if table is None:
            return self._make_table(index, ignore_case)
        return table

    def _make_table(self, index, ignore_case):
        flags = ["\x00"] * 256
        for code in range(256):
            if in_set(self, index, self.lower(code) if ignore_case else code):
                flags[code] = "\x01"
        table = "".join(flags)
        self._tables[index] = table
        return table

    def has_tables(self):
        """Whether the sets of the pattern stay what they are."""
        return self.flags & op.FLAG_LOCALE == 0

    def accepts(self, kind, place, character):
        """Whether the set of the IN or IN_IGNORE at *place* accepts the character."""
        if character < 256 and self.has_tables():
            return self.set_table(place + 2, kind == op.IN_IGNORE)[character] == "\x01"
        if kind == op.IN_IGNORE:
            character = self.lower(character)
        return in_set(self, place + 2, character)

    # ---- what every match begins with

    def body(self):
        """The place of the code behind the description that it may begin with."""
        if not self._is_analysed:
            self._analyse()
        return self._body

    def beginnings(self):
        """Which of the characters below 256 a match can begin with, as a string of 256 flags. All others can.

        None where a match may be empty or can begin with all of them, and where the locale says.
        """
        if not self._is_analysed:
            self._analyse()
        return self._beginnings

    def prefix(self):
        """ASCII text that every match begins with, or None."""
        if not self._is_analysed:
            self._analyse()
        return self._prefix

    def _analyse(self):
        self._is_analysed = True
        code = self.code
        if code[0] == op.INFO:
            self._body = 1 + code[1]
            if code[2] & op.INFO_PREFIX:
                self._prefix = self._literal_prefix(code[5])
        if self._prefix is None and self.has_tables():
            flags = ["\x00"] * 256
            if _Beginnings(self, flags).add(self._body) and "\x00" in flags:
                self._beginnings = "".join(flags)

    def _literal_prefix(self, length):
        for index in range(length):
            if self.code[7 + index] >= 128:
                return None
        return "".join([chr(self.code[7 + index]) for index in range(length)])


class _Beginnings:
    """Collects what a match of *pattern* can begin with in *flags*, 256 characters."""

    def __init__(self, pattern, flags):
        self.pattern = pattern
        self.flags = flags
        self.left = _MOST_LOOKED_AT

    def add(self, place):
        """Add what a match of the code from *place* on can begin with; false where it may be empty or unknown."""
        pattern = self.pattern
        code = pattern.code
        while self.left > 0:
            self.left -= 1
            kind = code[place]
            if is_single(kind):
                self._add_single(kind, place)
                return True
            if kind == op.FAILURE:
                return True
            if kind == op.MARK or kind == op.AT:
                place += 2
            elif kind == op.INFO or kind == op.JUMP or kind == op.ASSERT or kind == op.ASSERT_NOT:
                place += 1 + code[place + 1]
            elif kind == op.REPEAT_ONE or kind == op.MIN_REPEAT_ONE or kind == op.REPEAT:
                if not self.add(place + 4):
                    return False
                if code[place + 2] > 0:
                    return True
                place += 1 + code[place + 1]
                if kind == op.REPEAT:
                    place += 1
            elif kind == op.BRANCH:
                place += 1
                while code[place] != 0:
                    if not self.add(place + 1):
                        return False
                    place += code[place]
                return True
            else:
                return False
        return False

    def _add_single(self, kind, place):
        flags = self.flags
        for character in range(256):
            if self.pattern.matches(kind, place, character):
                flags[character] = "\x01"
