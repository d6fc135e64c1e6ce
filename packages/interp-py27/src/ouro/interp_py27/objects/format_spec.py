"""``__format__`` of the built-in types, and the ``format()`` function: PEP 3101."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.bigint_object import W_AnyLong
from ouro.interp_py27.objects.number_text import BASES, group_digits, integer_digits
from ouro.interp_py27.objects.oldstyle_object import W_OldInstance
from ouro.interp_py27.objects.str_object import W_AnyStr
from ouro.interp_py27.objects.unicode_object import W_AnyUnicode
from ouro.interp_py27.vm.errors import OperationError, overflow_error, type_error, value_error
from ouro.rlib import rfloat, rutf8
from ouro.rlib.rarithmetic import intmask


def is_one_character(text, is_unicode):
    """Whether it is one character of a str, or of UTF-8."""
    return len(text) == 1 or (is_unicode and text[0] >= "\xc0" and rutf8.next_codepoint_pos(text, 0) == len(text))


class FormatSpecification:
    """``[[fill]align][sign][#][0][width][,][.precision][type]``, taken apart.

    *fill* is one character (of UTF-8 where unicode text is formatted); *width* and *precision* are -1
    where they are not given; *alignment*, *sign* and *kind* are "" then.
    """

    def __init__(self, text, default_kind, default_alignment, is_unicode=False):
        self.text = text
        self.is_unicode = is_unicode
        self.fill = " "
        self.alignment = default_alignment
        self.has_alignment = False
        self.sign = ""
        self.alternate = False
        self.width = -1
        self.thousands = False
        self.precision = -1
        self.kind = default_kind
        self._parse(text)

    def _parse(self, text):
        position = 0
        end = len(text)
        if end > 0:
            following = rutf8.next_codepoint_pos(text, 0) if self.is_unicode and ord(text[0]) >= 128 else 1
            if following < end and text[following] in "<>=^":
                self.fill = text[:following]
                self._align(text[following])
                position = following + 1
            elif text[0] in "<>=^":
                self._align(text[0])
                position = 1
        if position < end and text[position] in "+- ":
            self.sign = text[position]
            position += 1
        if position < end and text[position] == "#":
            self.alternate = True
            position += 1
        if not self.has_fill(text) and position < end and text[position] == "0":
            self.fill = "0"
            if not self.has_alignment:
                self.alignment = "="
                self.has_alignment = True
            position += 1
        position, self.width = self._number(position)
        if position < end and text[position] == ",":
            self.thousands = True
            position += 1
        if position < end and text[position] == ".":
            position, self.precision = self._number(position + 1)
            if self.precision < 0:
                raise value_error("Format specifier missing precision")
        if position < end:
            self.kind = text[position:]
            if not is_one_character(self.kind, self.is_unicode):
                raise value_error("Invalid conversion specification")
        if self.thousands and not (self.kind in "deEfFgG%" or self.kind == ""):
            raise value_error("Cannot specify ',' with '%s'." % self.kind)

    def has_fill(self, text):
        """Whether a fill character was given (not the same as there being one)."""
        return len(text) > 1 and self.has_alignment and text[0] not in "<>=^" or (
            len(text) > 1 and self.has_alignment and text[1] in "<>=^")

    def _align(self, character):
        self.alignment = character
        self.has_alignment = True

    def _number(self, position):
        text = self.text
        if position >= len(text) or not "0" <= text[position] <= "9":
            return position, -1
        number = 0
        while position < len(text) and "0" <= text[position] <= "9":
            digit = ord(text[position]) - ord("0")
            if number > (9223372036854775807 - digit) // 10:
                raise value_error("Too many decimal digits in format string")
            number = number * 10 + digit
            position += 1
        return position, number

    def unknown(self, w_value):
        kind = self.kind
        shown = kind
        if isinstance(w_value, W_AnyUnicode) and not " " < kind < "\x80":
            shown = "\\x" + space.hex_digits(rutf8.codepoint_at_pos(kind, 0))
        return value_error("Unknown format code '%s' for object of type '%s'" % (shown, space.type_name(w_value)))

    def pad(self, text, length):
        """*text* of *length* characters in a field of the width."""
        missing = self.width - length
        if missing <= 0:
            return text
        if missing > 2 ** 40:
            raise MemoryError
        if self.alignment == "<":
            return text + self.fill * missing
        if self.alignment == "^":
            left = missing // 2
            return self.fill * left + text + self.fill * (missing - left)
        return self.fill * missing + text

    def number(self, is_negative, prefix, digits, rest):
        """A number: sign, *prefix* such as ``0x``, *digits* before the point and the *rest* behind them."""
        sign = ""
        if is_negative:
            sign = "-"
        elif self.sign == "+" or self.sign == " ":
            sign = self.sign
        lead = sign + prefix
        if self.thousands and digits != "":
            minimum = 0
            if self.fill == "0" and self.alignment == "=":
                minimum = self.width - len(lead) - len(rest)
            digits = group_digits(digits, minimum)
        body = digits + rest
        if self.alignment == "=":
            missing = self.width - len(lead) - len(body)
            if missing > 2 ** 40:
                raise MemoryError
            if missing > 0:
                return lead + self.fill * missing + body
            return lead + body
        return self.pad(lead + body, len(lead) + len(body))


def _number_spec_text(w_specification):
    """The specification for a number, which CPython refuses in other words than the one for text."""
    if not space.is_text(w_specification):
        raise type_error("__format__ requires str or unicode")
    return space.text_w(w_specification)


def _spec_text(w_specification):
    if isinstance(w_specification, W_AnyUnicode):
        return w_specification.utf8
    if isinstance(w_specification, W_AnyStr):
        return w_specification.value
    raise type_error("__format__ arg must be str or unicode, not %s" % space.type_name(w_specification))


def format_text(w_text, w_specification):
    """``__format__`` of str and unicode."""
    spec_text = _spec_text(w_specification)
    # The specification is taken as text of the same kind.
    if not isinstance(w_text, W_AnyUnicode):
        spec_text = space.text_w(w_specification)
    elif not isinstance(w_specification, W_AnyUnicode):
        spec_text = space.utf8_w(w_specification)
    if spec_text == "":
        # a subclass may have its own text
        return space.unicode_from(w_text) if isinstance(w_text, W_AnyUnicode) else space.str(w_text)
    w_value = w_text
    is_unicode = isinstance(w_text, W_AnyUnicode)
    if isinstance(w_text, W_AnyUnicode):
        text = w_text.utf8
        length = w_text.length
    else:
        text = space.bytes_w(w_text)
        length = len(text)
    specification = FormatSpecification(spec_text, "s", "<", is_unicode)
    if specification.kind != "s":
        raise specification.unknown(w_value)
    if specification.sign != "":
        raise value_error("Sign not allowed in string format specifier")
    if specification.alternate:
        raise value_error("Alternate form (#) not allowed in string format specifier")
    if specification.alignment == "=":
        raise value_error("'=' alignment not allowed in string format specifier")
    if 0 <= specification.precision < length:
        length = specification.precision
        if is_unicode:
            text = text[: rutf8.position_after(text, 0, length)]
        else:
            text = text[:length]
    text = specification.pad(text, length)
    if is_unicode:
        return space.newunicode(text)
    return space.newstr(text)


def format_integer(w_number, w_specification):
    """``__format__`` of int and long."""
    text = _number_spec_text(w_specification)
    if text == "":
        return space.str(w_number)
    specification = FormatSpecification(text, "d", ">")
    kind = specification.kind
    if kind in "eEfFgG%":
        return space.newstr(_float_text(_as_float(w_number), specification, kind))
    if kind != "c" and (kind not in BASES or kind == "i" or kind == "u"):
        raise specification.unknown(w_number)
    if specification.precision >= 0:
        raise value_error("Precision not allowed in integer format specifier")
    if kind == "c":
        return space.newstr(_character_text(w_number, specification))
    base = BASES[kind]
    is_negative, digits = integer_digits(w_number, base)
    prefix = ""
    if specification.alternate and base != 10:
        prefix = "0" + kind
    if kind == "X":
        digits = digits.upper()
    return space.newstr(specification.number(is_negative, prefix, digits, ""))


def _as_float(w_number):
    if isinstance(w_number, W_AnyLong):
        try:
            return w_number.big.tofloat()
        except OverflowError:
            raise overflow_error("long int too large to convert to float")
    return float(space.int_w(w_number))


def _character_text(w_number, specification):
    if specification.sign != "":
        raise value_error("Sign not allowed with integer format specifier 'c'")
    code = space.int_w(w_number)
    if not 0 <= code <= 255:
        raise overflow_error("%c arg not in range(0x100)")
    return specification.pad(chr(code), 1)


def format_float(w_number, w_specification):
    """``__format__`` of float."""
    text = _number_spec_text(w_specification)
    if text == "":
        return space.str(w_number)
    specification = FormatSpecification(text, "", ">")
    kind = specification.kind
    if not (kind == "" or kind in "eEfFgGn%"):
        raise specification.unknown(w_number)
    return space.newstr(_float_text(space.float_w(w_number), specification, kind))


def _float_text(value, specification, kind):
    """The text of a float by a specification of *kind*, "" for none given."""
    if specification.alternate:
        raise value_error("Alternate form (#) not allowed in float format specifier")
    sign_free, is_negative = _digits_of_float(value, specification, kind)
    point = 0
    while point < len(sign_free) and "0" <= sign_free[point] <= "9":
        point += 1
    return specification.number(is_negative, "", sign_free[:point], sign_free[point:])


def _digits_of_float(value, specification, kind):
    """``(text without sign, is negative)``."""
    flags = 0
    precision = specification.precision
    if precision > 2147483647:
        raise value_error("precision too big")
    is_percent = kind == "%"
    if is_percent:
        kind = "f"
        value *= 100.0
    if kind == "":
        kind = "g"
        flags = rfloat.DTSF_ADD_DOT_0
        if precision < 0:
            precision = 12
    elif kind == "n":
        kind = "g"
    if precision < 0:
        precision = 6
    text = rfloat.double_to_string(value, kind, intmask(precision), flags)
    is_negative = text.startswith("-")
    if is_negative:
        text = text[1:]
    if is_percent:
        text += "%"
    return text, is_negative


def format_complex(w_number, real, imaginary, w_specification):
    """``__format__`` of complex: both parts by the same specification, then padding of the whole."""
    text = _number_spec_text(w_specification)
    if text == "":
        return space.str(w_number)
    specification = FormatSpecification(text, "", ">")
    kind = specification.kind
    if not (kind == "" or kind in "eEfFgGn"):
        raise specification.unknown(w_number)
    if specification.alternate:
        raise value_error("Alternate form (#) not allowed in complex format specifier")
    if specification.fill == "0":
        raise value_error("Zero padding is not allowed in complex format specifier")
    if specification.alignment == "=":
        raise value_error("'=' alignment flag is not allowed in complex format specifier")
    skip_real = False
    parentheses = False
    if kind == "":
        kind = "g"
        if specification.precision < 0:
            specification.precision = 12
        if real == 0.0 and not rfloat.signbit(real):
            skip_real = True
        else:
            parentheses = True
    width = specification.width
    specification.width = -1
    body = ""
    if not skip_real:
        body = _float_text(real, specification, kind)
        specification.sign = "+"
    body += _float_text(imaginary, specification, kind) + "j"
    if parentheses:
        body = "(" + body + ")"
    specification.width = width
    return space.newstr(specification.pad(body, len(body)))


def format(w_value, w_specification):
    """The ``format()`` function.

    Raises TypeError of the application where ``__format__`` gives no text.
    """
    if isinstance(w_value, W_OldInstance):
        w_result = _format_old_instance(w_value, w_specification)
    else:
        w_method = space.lookup(w_value, "__format__")
        if w_method is None:
            raise type_error("Type %s doesn't define __format__" % space.type_name(w_value))
        w_result = space.call_special_1(w_method, w_value, w_specification)
    if isinstance(w_result, W_AnyStr):
        if isinstance(w_specification, W_AnyUnicode):
            return space.unicode_from(w_result)
        return w_result
    if isinstance(w_result, W_AnyUnicode):
        return w_result
    raise type_error("%s.__format__ must return string or unicode, not %s" % (
        space.type_name(w_value), space.type_name(w_result)))


def _format_old_instance(w_value, w_specification):
    try:
        w_method = space.getattr_str(w_value, "__format__")
    except OperationError as error:
        if not error.match(space.w_AttributeError):
            raise
        return space.object_format(w_value, w_specification)
    return w_method.call_1(w_specification)
