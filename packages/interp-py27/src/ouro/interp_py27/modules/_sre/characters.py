"""Upper and lower case and classes of characters for regular expressions: the C locale's and Unicode's."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.unicode_database import is_alphanumeric, is_decimal, is_linebreak, is_space, to_lower
from ouro.rlib import rffi
from ouro.rlib.rarithmetic import intmask
from ouro.rlib.rsre import FLAG_LOCALE, FLAG_UNICODE, CharacterClasses, lower_ascii

_libc = rffi.library("int tolower(int); int isalnum(int);", includes=["ctype.h"])


class InterpreterCharacters(CharacterClasses):
    """The classes as the database of the interpreter and the C library know them."""

    def look_around(self):
        space.check_signals()

    def locale_lower(self, code):
        if code < 256:
            return intmask(_libc.tolower(code))
        return code

    def locale_is_word(self, code):
        return code < 256 and (_libc.isalnum(code) != 0 or code == 95)

    def unicode_lower(self, code):
        return to_lower(code)

    def unicode_is_digit(self, code):
        return is_decimal(code)

    def unicode_is_space(self, code):
        return is_space(code)

    def unicode_is_word(self, code):
        return is_alphanumeric(code) or code == 95

    def unicode_is_linebreak(self, code):
        return is_linebreak(code)


CHARACTERS = InterpreterCharacters()


def lower(code, flags):
    """Lower case of a character as a pattern with these flags sees it."""
    if flags & FLAG_LOCALE:
        return CHARACTERS.locale_lower(code)
    if flags & FLAG_UNICODE:
        return CHARACTERS.unicode_lower(code)
    return lower_ascii(code)
