"""``unicodedata``: the character database at application level.

Each function exists twice, for Unicode 5.2.0 in the module and for 3.2.0 as a method of `ucd_3_2_0`; both are
closures around one function that takes the `Database`.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.unicode_database import CURRENT, OLD, character_name, lookup_name
from ouro.interp_py27.vm.errors import operror, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib import rutf8


class W_UCD(W_Root):
    """The database of one version of Unicode."""

    _attrs_ = ("database",)

    def __init__(self, database):
        self.database = database


def _code(w_character, function_name):
    if not space.is_unicode(w_character):
        raise type_error("%s() argument 1 must be unicode, not %s" % (function_name, space.type_name(w_character)))
    if space.len_w(w_character) != 1:
        raise type_error("need a single Unicode character as parameter")
    return rutf8.codepoint_at_pos(space.utf8_w(w_character), 0)


def category(database, w_character):
    """category(unichr)\n\nReturns the general category assigned to the Unicode character\nunichr as string."""
    return space.newstr(database.category(_code(w_character, "category")))


def bidirectional(database, w_character):
    """bidirectional(unichr)\n\nReturns the bidirectional category assigned to the Unicode character
unichr as string. If no such value is defined, an empty string is\nreturned."""
    return space.newstr(database.bidirectional(_code(w_character, "bidirectional")))


def combining(database, w_character):
    """combining(unichr)\n\nReturns the canonical combining class assigned to the Unicode
character unichr as integer. Returns 0 if no combining class is\ndefined."""
    return space.newint(database.combining(_code(w_character, "combining")))


def mirrored(database, w_character):
    """mirrored(unichr)\n\nReturns the mirrored property assigned to the Unicode character
unichr as integer. Returns 1 if the character has been identified as
a "mirrored" character in bidirectional text, 0 otherwise."""
    return space.newint(database.mirrored(_code(w_character, "mirrored")))


def east_asian_width(database, w_character):
    """east_asian_width(unichr)\n\nReturns the east asian width assigned to the Unicode character\nunichr as string."""
    return space.newstr(database.east_asian_width(_code(w_character, "east_asian_width")))


def decomposition(database, w_character):
    """decomposition(unichr)\n\nReturns the character decomposition mapping assigned to the Unicode
character unichr as string. An empty string is returned in case no\nsuch mapping is defined."""
    return space.newstr(database.decomposition(_code(w_character, "decomposition")))


def _default_or_fail(w_default, message):
    if w_default is None:
        raise value_error(message)
    return w_default


def decimal(database, w_character, w_default=None):
    """decimal(unichr[, default])\n\nReturns the decimal value assigned to the Unicode character unichr
as integer. If no such value is defined, default is returned, or, if\nnot given, ValueError is raised."""
    value = database.decimal(_code(w_character, "decimal"))
    if value < 0:
        return _default_or_fail(w_default, "not a decimal")
    return space.newint(value)


def digit(database, w_character, w_default=None):
    """digit(unichr[, default])\n\nReturns the digit value assigned to the Unicode character unichr as
integer. If no such value is defined, default is returned, or, if\nnot given, ValueError is raised."""
    value = database.digit(_code(w_character, "digit"))
    if value < 0:
        return _default_or_fail(w_default, "not a digit")
    return space.newint(value)


def numeric(database, w_character, w_default=None):
    """numeric(unichr[, default])\n\nReturns the numeric value assigned to the Unicode character unichr
as float. If no such value is defined, default is returned, or, if\nnot given, ValueError is raised."""
    value = database.numeric(_code(w_character, "numeric"))
    if value == -1.0:
        return _default_or_fail(w_default, "not a numeric character")
    return space.newfloat(value)


def name(database, w_character, w_default=None):
    """name(unichr[, default])\n\nReturns the name assigned to the Unicode character unichr as a
string. If no name is defined, default is returned, or, if not\ngiven, ValueError is raised."""
    code = _code(w_character, "name")
    result = ""
    if database.is_assigned(code):
        result = character_name(code)
    if result == "":
        return _default_or_fail(w_default, "no such name")
    return space.newstr(result)


def lookup(database, w_name):
    """lookup(name)\n\nLook up character by name. If a character with the
given name is found, return the corresponding Unicode\ncharacter. If not found, KeyError is raised."""
    if not space.is_text(w_name):
        raise type_error("lookup() argument 1 must be string or read-only buffer, not " + space.type_name(w_name))
    wanted = space.text_w(w_name)
    code = lookup_name(wanted)
    if code < 0 or not database.is_assigned(code):
        raise operror(space.w_KeyError, "undefined character name '%s'" % space.until_nul(wanted))
    return space.newunicode(rutf8.unichr_as_utf8(code))


def normalize(database, form, w_text):
    """normalize(form, unistr)\n\nReturn the normal form 'form' for the Unicode string unistr. Valid
values for form are 'NFC', 'NFKC', 'NFD', and 'NFKD'."""
    if not space.is_unicode(w_text):
        raise type_error("normalize() argument 2 must be unicode, not " + space.type_name(w_text))
    utf8 = space.utf8_w(w_text)
    if utf8 == "":
        return w_text
    if form == "NFC":
        result = database.normalize(utf8, False, True)
    elif form == "NFD":
        result = database.normalize(utf8, False, False)
    elif form == "NFKC":
        result = database.normalize(utf8, True, True)
    elif form == "NFKD":
        result = database.normalize(utf8, True, False)
    else:
        raise value_error("invalid normalization form")
    return space.newunicode(result)


# Makers of the module's functions and of the methods, by parameters.


def _of_character(function):
    def current(w_character):
        return function(CURRENT, w_character)

    def method(self, w_character):
        return function(self.database, w_character)

    return current, method


def _of_character_and_default(function):
    def current(w_character, w_default=None):
        return function(CURRENT, w_character, w_default)

    def method(self, w_character, w_default=None):
        return function(self.database, w_character, w_default)

    return current, method


def _of_name(function):
    def current(w_name):
        return function(CURRENT, w_name)

    def method(self, w_name):
        return function(self.database, w_name)

    return current, method


def _of_form_and_text(function):
    @unwrap_spec(form=str)
    def current(form, w_text):
        return function(CURRENT, form, w_text)

    @unwrap_spec(form=str)
    def method(self, form, w_text):
        return function(self.database, form, w_text)

    return current, method


_FUNCTIONS = (
    (_of_character, (category, bidirectional, combining, mirrored, east_asian_width, decomposition)),
    (_of_character_and_default, (decimal, digit, numeric, name)),
    (_of_name, (lookup,)),
    (_of_form_and_text, (normalize,)),
)


def get_version(self):
    return space.newstr(self.database.version)


def _entries():
    functions = {}
    methods = {"unidata_version": GetSet(get_version)}
    for make, implementations in _FUNCTIONS:
        for implementation in implementations:
            current, method = make(implementation)
            current.__name__ = method.__name__ = implementation.__name__
            current.__doc__ = method.__doc__ = implementation.__doc__
            functions[implementation.__name__] = current
            methods[implementation.__name__] = method
    return functions, methods


_functions, _methods = _entries()

define_type(W_UCD, "UCD", _methods, module="unicodedata", acceptable_as_base=False)

define_module("unicodedata", dict(
    _functions, UCD=W_UCD, ucd_3_2_0=W_UCD(OLD), unidata_version=CURRENT.version,
), doc="""This module provides access to the Unicode Character Database which
defines character properties for all Unicode characters. The data in
this database is based on the UnicodeData.txt file version
5.2.0 which is publically available from ftp://ftp.unicode.org/.

The module uses the same names and symbols as defined by the
UnicodeData File Format 5.2.0 (see
http://www.unicode.org/reports/tr44/tr44-4.html).""")
