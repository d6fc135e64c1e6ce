"""The methods of ``unicode`` that look at the kinds of characters: case and character classes."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.unicode_object import W_Unicode
from ouro.interp_py27.unicode_database import (
    decimal_value,
    is_alpha,
    is_alphanumeric,
    is_decimal,
    is_digit,
    is_lower,
    is_numeric,
    is_space,
    is_title,
    is_upper,
    to_lower,
    to_title,
    to_upper,
)
from ouro.rlib import rutf8
from ouro.rlib.objectmodel import not_rpython
from ouro.rlib.rstring import StringBuilder


def unicode_decimal(code):
    """The value of a decimal digit of any script, -1 where it is none."""
    return decimal_value(code)


def is_cased(code):
    return is_upper(code) or is_lower(code) or is_title(code)


def swap_case(code):
    if is_upper(code):
        return to_lower(code)
    if is_lower(code):
        return to_upper(code)
    return code


@not_rpython
def _make_mapping(name, change):
    def method(self):
        utf8 = self.utf8
        builder = StringBuilder(len(utf8))
        position = 0
        while position < len(utf8):
            rutf8.unichr_as_utf8_append(builder, change(rutf8.codepoint_at_pos(utf8, position)), True)
            position = rutf8.next_codepoint_pos(utf8, position)
        return W_Unicode(builder.build(), self.length)

    method.__name__ = method.__qualname__ = "unicode_" + name
    return method


def descr_capitalize(self):
    """S.capitalize() -> unicode"""
    utf8 = self.utf8
    builder = StringBuilder(len(utf8))
    position = 0
    while position < len(utf8):
        code = rutf8.codepoint_at_pos(utf8, position)
        rutf8.unichr_as_utf8_append(builder, to_upper(code) if position == 0 else to_lower(code), True)
        position = rutf8.next_codepoint_pos(utf8, position)
    return W_Unicode(builder.build(), self.length)


def descr_title(self):
    """S.title() -> unicode"""
    utf8 = self.utf8
    builder = StringBuilder(len(utf8))
    position = 0
    inside = False
    while position < len(utf8):
        code = rutf8.codepoint_at_pos(utf8, position)
        rutf8.unichr_as_utf8_append(builder, to_lower(code) if inside else to_title(code), True)
        inside = is_cased(code)
        position = rutf8.next_codepoint_pos(utf8, position)
    return W_Unicode(builder.build(), self.length)


@not_rpython
def _make_all(name, test):
    """All characters, and at least one."""

    def method(self):
        utf8 = self.utf8
        if utf8 == "":
            return space.w_False
        position = 0
        while position < len(utf8):
            if not test(rutf8.codepoint_at_pos(utf8, position)):
                return space.w_False
            position = rutf8.next_codepoint_pos(utf8, position)
        return space.w_True

    method.__name__ = method.__qualname__ = "unicode_" + name
    return method


@not_rpython
def _make_case_test(name, wanted, refused):
    """Some character is *wanted*, and none is *refused*."""

    def method(self):
        utf8 = self.utf8
        position = 0
        found = False
        while position < len(utf8):
            code = rutf8.codepoint_at_pos(utf8, position)
            if refused(code) or is_title(code):
                return space.w_False
            found = found or wanted(code)
            position = rutf8.next_codepoint_pos(utf8, position)
        return space.newbool(found)

    method.__name__ = method.__qualname__ = "unicode_" + name
    return method


def descr_istitle(self):
    """S.istitle() -> bool"""
    utf8 = self.utf8
    position = 0
    found = False
    inside = False
    while position < len(utf8):
        code = rutf8.codepoint_at_pos(utf8, position)
        position = rutf8.next_codepoint_pos(utf8, position)
        if is_upper(code) or is_title(code):
            if inside:
                return space.w_False
            inside = True
            found = True
        elif is_lower(code):
            if not inside:
                return space.w_False
            found = True
        else:
            inside = False
    return space.newbool(found)


CASE_ENTRIES = dict(
    upper=_make_mapping("upper", to_upper),
    lower=_make_mapping("lower", to_lower),
    swapcase=_make_mapping("swapcase", swap_case),
    capitalize=descr_capitalize,
    title=descr_title,
    isalpha=_make_all("isalpha", is_alpha),
    isalnum=_make_all("isalnum", is_alphanumeric),
    isdecimal=_make_all("isdecimal", is_decimal),
    isdigit=_make_all("isdigit", is_digit),
    isnumeric=_make_all("isnumeric", is_numeric),
    isspace=_make_all("isspace", is_space),
    isupper=_make_case_test("isupper", is_upper, is_lower),
    islower=_make_case_test("islower", is_lower, is_upper),
    istitle=descr_istitle,
)
