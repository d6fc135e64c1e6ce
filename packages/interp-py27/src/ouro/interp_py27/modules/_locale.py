"""``_locale``: the locale of the C library."""

import locale as host_locale

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.support import new_exception_class
from ouro.interp_py27.vm.errors import operror, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.rlib import rffi
from ouro.rlib.rarithmetic import intmask

CATEGORIES = ["LC_CTYPE", "LC_TIME", "LC_COLLATE", "LC_MONETARY", "LC_MESSAGES", "LC_NUMERIC", "LC_ALL"]
LANGINFO = (["CODESET", "D_T_FMT", "D_FMT", "T_FMT", "T_FMT_AMPM", "RADIXCHAR", "THOUSEP", "YESEXPR", "NOEXPR",
             "CRNCYSTR", "ERA", "ERA_D_FMT", "ERA_D_T_FMT", "ERA_T_FMT", "ALT_DIGITS", "AM_STR", "PM_STR", "_DATE_FMT"]
            + ["%s_%d" % (name, number) for name in ("DAY", "ABDAY") for number in range(1, 8)]
            + ["%s_%d" % (name, number) for name in ("MON", "ABMON") for number in range(1, 13)])
CHAR_MAX = 127
TEXT_SIZE = 256

# Fields of `struct lconv`; those of the second list are lists of numbers.
TEXTS = ["decimal_point", "thousands_sep", "int_curr_symbol", "currency_symbol", "mon_decimal_point",
         "mon_thousands_sep", "positive_sign", "negative_sign"]
GROUPINGS = ["grouping", "mon_grouping"]
NUMBERS = ["int_frac_digits", "frac_digits", "p_cs_precedes", "p_sep_by_space", "n_cs_precedes", "n_sep_by_space",
           "p_sign_posn", "n_sign_posn"]

_SOURCE = """
/* Copies text field number `which` of the locale's conventions, NUL included where there is room. */
void ouro_locale_text(long which, char *buffer, long size)
{
    struct lconv *c = localeconv();
    const char *texts[] = {%s};
    snprintf(buffer, size, "%%s", texts[which]);
}

long ouro_locale_number(long which)
{
    struct lconv *c = localeconv();
    char numbers[] = {%s};
    return numbers[which];
}
""" % (", ".join("c->" + name for name in TEXTS + GROUPINGS), ", ".join("c->" + name for name in NUMBERS))


def _host_locale_text(which, buffer, size):
    value = host_locale.localeconv()[(TEXTS + GROUPINGS)[which]]
    text = value if isinstance(value, str) else "".join(chr(number) for number in value)
    for i, character in enumerate(text[:size - 1] + "\x00"):
        buffer[i] = character


def _host_locale_number(which):
    return host_locale.localeconv()[NUMBERS[which]]


_libc = rffi.library(
    """
    char *setlocale(int, const char *);
    int strcoll(const char *, const char *);
    size_t strxfrm(char *, const char *, size_t);
    char *nl_langinfo(int);
    void ouro_locale_text(long, char *, long);
    long ouro_locale_number(long);
    """ + "".join("#define %s ...\n" % name for name in CATEGORIES + LANGINFO),
    includes=["locale.h", "langinfo.h", "stdio.h", "string.h"],
    defines=["_GNU_SOURCE"],
    source=_SOURCE,
    host={"ouro_locale_text": _host_locale_text, "ouro_locale_number": _host_locale_number},
)

w_Error = new_exception_class("locale.Error", space.w_Exception)
LANGINFO_VALUES = [getattr(_libc, name) for name in LANGINFO]


@unwrap_spec(category=int, locale="c_text_or_none")
def setlocale(category, locale=None):
    """(integer,string=None) -> string. Activates/queries locale processing."""
    with rffi.scoped_str2charp(locale) as raw_locale:
        result = _libc.setlocale(category, raw_locale)
        if not result:
            message = "locale query failed" if locale is None else "unsupported locale setting"
            raise operror(w_Error, message)
        return space.newstr(rffi.charp2str(result))


def _text(which):
    with rffi.scoped_alloc_buffer(TEXT_SIZE) as buffer:
        _libc.ouro_locale_text(which, buffer.raw, TEXT_SIZE)
        return rffi.charp2str(buffer.raw)


def localeconv():
    """() -> dict. Returns numeric and monetary locale-specific parameters."""
    w_result = space.newdict()
    for i in range(len(TEXTS)):
        w_result.setitem(space.newstr(TEXTS[i]), space.newstr(_text(i)))
    for i in range(len(GROUPINGS)):
        sizes_w = []
        for character in _text(len(TEXTS) + i):
            sizes_w.append(space.newint(ord(character)))
        if len(sizes_w) > 0 and space.int_w(sizes_w[-1]) != CHAR_MAX:
            sizes_w.append(space.newint(0))
        w_result.setitem(space.newstr(GROUPINGS[i]), space.newlist(sizes_w))
    for i in range(len(NUMBERS)):
        w_result.setitem(space.newstr(NUMBERS[i]), space.newint(_libc.ouro_locale_number(i)))
    return w_result


def strcoll(w_first, w_second):
    """string,string -> int. Compares two strings according to the locale."""
    if not space.is_text(w_first) or not space.is_text(w_second):
        raise type_error("strcoll arguments must be strings")
    if space.is_unicode(w_first) or space.is_unicode(w_second):
        first = space.utf8_w(w_first)
        second = space.utf8_w(w_second)
        return space.newint(-1 if first < second else 1 if first > second else 0)
    with rffi.scoped_str2charp(space.text_w(w_first)) as raw_first:
        with rffi.scoped_str2charp(space.text_w(w_second)) as raw_second:
            return space.newint(intmask(_libc.strcoll(raw_first, raw_second)))


@unwrap_spec(string="c_text")
def strxfrm(string):
    """string -> string. Returns a string that behaves for cmp locale-aware."""
    with rffi.scoped_str2charp(string) as raw:
        size = intmask(_libc.strxfrm(rffi.NULL_CHARP, raw, 0)) + 1
        with rffi.scoped_alloc_buffer(size) as buffer:
            _libc.strxfrm(buffer.raw, raw, size)
            return space.newstr(rffi.charp2str(buffer.raw))


@unwrap_spec(key=int)
def nl_langinfo(key):
    """nl_langinfo(key) -> string\nReturn the value for the locale information associated with key."""
    if key not in LANGINFO_VALUES:
        raise value_error("unsupported langinfo constant")
    return space.newstr(rffi.charp2str(_libc.nl_langinfo(key)))


define_module("_locale", dict(
    {name: getattr(_libc, name) for name in CATEGORIES + LANGINFO},
    setlocale=setlocale, localeconv=localeconv, strcoll=strcoll, strxfrm=strxfrm, nl_langinfo=nl_langinfo,
    Error=w_Error, CHAR_MAX=CHAR_MAX,
), doc="Support for POSIX locales.")
