"""Character classes, lower case and sets: everything about one character, nothing about positions."""

from ouro.rlib.jit import unroll_safe
from ouro.rlib.rsre import _opcodes as op


def lower_ascii(code):
    if 65 <= code <= 90:
        return code + 32
    return code


def lower_latin_1(code):
    """Lower case in ISO 8859-1, for code points below 256."""
    if 65 <= code <= 90 or (192 <= code <= 222 and code != 215):
        return code + 32
    return code


def is_digit(code):
    return 48 <= code <= 57


def is_space(code):
    return code == 32 or 9 <= code <= 13


def is_word(code):
    return 97 <= code <= 122 or 65 <= code <= 90 or 48 <= code <= 57 or code == 95


class CharacterClasses:
    """What ``re.LOCALE`` and ``re.UNICODE`` ask of a character.

    This one knows ASCII and the C locale; an interpreter with a character database passes an
    instance of a subclass.
    """

    def look_around(self):
        """Called now and then while a match goes back over and over; an exception ends the match."""

    def locale_lower(self, code):
        return lower_ascii(code)

    def locale_is_word(self, code):
        return is_word(code)

    def unicode_lower(self, code):
        return lower_latin_1(code)

    def unicode_is_digit(self, code):
        return is_digit(code)

    def unicode_is_space(self, code):
        return is_space(code) or 28 <= code <= 31 or code == 133 or code == 160

    def unicode_is_word(self, code):
        if code < 128:
            return is_word(code)
        return code == 170 or code == 181 or code == 186 or (code >= 192 and code != 215 and code != 247)

    def unicode_is_linebreak(self, code):
        return 10 <= code <= 13 or 28 <= code <= 30 or code == 133 or code == 8232 or code == 8233


def in_category(classes, category, code):
    """True where the character *code* belongs to the *category* of the pattern code."""
    if category == op.CATEGORY_DIGIT:
        return is_digit(code)
    if category == op.CATEGORY_NOT_DIGIT:
        return not is_digit(code)
    if category == op.CATEGORY_SPACE:
        return is_space(code)
    if category == op.CATEGORY_NOT_SPACE:
        return not is_space(code)
    if category == op.CATEGORY_WORD:
        return is_word(code)
    if category == op.CATEGORY_NOT_WORD:
        return not is_word(code)
    if category == op.CATEGORY_LINEBREAK:
        return code == 10
    if category == op.CATEGORY_NOT_LINEBREAK:
        return code != 10
    if category == op.CATEGORY_LOC_WORD:
        return classes.locale_is_word(code)
    if category == op.CATEGORY_LOC_NOT_WORD:
        return not classes.locale_is_word(code)
    if category == op.CATEGORY_UNI_DIGIT:
        return classes.unicode_is_digit(code)
    if category == op.CATEGORY_UNI_NOT_DIGIT:
        return not classes.unicode_is_digit(code)
    if category == op.CATEGORY_UNI_SPACE:
        return classes.unicode_is_space(code)
    if category == op.CATEGORY_UNI_NOT_SPACE:
        return not classes.unicode_is_space(code)
    if category == op.CATEGORY_UNI_WORD:
        return classes.unicode_is_word(code)
    if category == op.CATEGORY_UNI_NOT_WORD:
        return not classes.unicode_is_word(code)
    if category == op.CATEGORY_UNI_LINEBREAK:
        return classes.unicode_is_linebreak(code)
    if category == op.CATEGORY_UNI_NOT_LINEBREAK:
        return not classes.unicode_is_linebreak(code)
    return False


@unroll_safe
def in_set(pattern, index, code):
    """True where the character *code* is in the set whose description begins at *index* of the pattern code.

    The description is a row of members that FAILURE ends; NEGATE turns the answer round for all that follow it.
    A CHARSET is a bit map of 256 bits; a BIGCHARSET maps the high byte of a character to one of several.
    """
    units = pattern.code
    found = True
    while True:
        kind = units[index]
        index += 1
        if kind == op.LITERAL:
            if units[index] == code:
                return found
            index += 1
        elif kind == op.RANGE:
            if units[index] <= code <= units[index + 1]:
                return found
            index += 2
        elif kind == op.CATEGORY:
            if in_category(pattern.classes, units[index], code):
                return found
            index += 1
        elif kind == op.CHARSET:
            if code < 256 and units[index + (code >> 5)] & (1 << (code & 31)):
                return found
            index += 8
        elif kind == op.BIGCHARSET:
            count = units[index]
            index += 1
            if code < 65536:
                high = code >> 8
                block = (units[index + (high >> 2)] >> (8 * (high & 3))) & 255
                low = code & 255
                if units[index + 64 + block * 8 + (low >> 5)] & (1 << (low & 31)):
                    return found
            index += 64 + count * 8
        elif kind == op.NEGATE:
            found = not found
        else:
            return not found
