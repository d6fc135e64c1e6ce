"""The ``%`` operator of str and unicode.

Both read their template byte by byte: what the operator looks for is ASCII, also in UTF-8. They differ in how
an argument becomes text and in what a width counts. A str template that meets a unicode argument starts again
as unicode.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.bigint_object import W_AnyLong, W_Long
from ouro.interp_py27.objects.float_object import W_AnyFloat
from ouro.interp_py27.objects.int_object import W_AnyInt
from ouro.interp_py27.objects.number_text import base_of, integer_digits, integer_of, own_digits
from ouro.interp_py27.objects.str_object import W_AnyStr
from ouro.interp_py27.objects.tuple_object import W_AnyTuple
from ouro.interp_py27.objects.unicode_object import W_AnyUnicode
from ouro.interp_py27.vm.errors import OperationError, overflow_error, type_error, value_error
from ouro.rlib import rfloat, rutf8
from ouro.rlib.jit import isconstant, look_inside_iff, unroll_safe
from ouro.rlib.rstring import StringBuilder

FLAG_LEFT = 1
FLAG_SIGN = 2
FLAG_BLANK = 4
FLAG_ALTERNATE = 8
FLAG_ZERO = 16

MAX_C_INT = 2 ** 31 - 1
MAX_INT = 2 ** 63 - 1


class NeedsUnicode(Exception):
    """The result of a str template is unicode."""


class PercentFormat:
    """One run of the operator: the template, the place in it, and the arguments not yet used."""

    def __init__(self, template, is_unicode, w_values):
        self.template = template
        self.position = 0
        self.is_unicode = is_unicode
        self.w_values = w_values
        self.w_mapping = None
        if isinstance(w_values, W_AnyTuple):
            self.arguments_w = w_values.items_w
        else:
            self.arguments_w = [w_values]
            if not (isinstance(w_values, W_AnyStr) or isinstance(w_values, W_AnyUnicode)):
                if space.lookup(w_values, "__getitem__") is not None and not w_values.has_integer_keys_only():
                    self.w_mapping = w_values
        self.next_argument = 0
        self.builder = StringBuilder(len(template) + 16)
        self.flags = 0
        self.width = -1
        self.precision = -1

    # ---- arguments

    def take(self):
        """The next argument."""
        index = self.next_argument
        if index >= len(self.arguments_w):
            raise type_error("not enough arguments for format string")
        self.next_argument = index + 1
        return self.arguments_w[index]

    def select(self, key):
        """Make the value under *key* of the mapping the next argument."""
        if self.is_unicode:
            w_key = space.newunicode(key)
        else:
            w_key = space.newstr(key)
        self.arguments_w = [space.getitem(self.w_mapping, w_key)]
        self.next_argument = 0

    # ---- reading the template

    def peek(self):
        """The character at the position.

        Raises ValueError of the application where the template ends inside a conversion.
        """
        if self.position >= len(self.template):
            raise value_error("incomplete format")
        return self.template[self.position]

    @look_inside_iff(lambda self: isconstant(self.template))
    def run(self):
        template = self.template
        end = len(template)
        while True:
            start = self.position
            position = start
            while position < end and template[position] != "%":
                position += 1
            self.builder.append_slice(template, start, position)
            if position >= end:
                break
            self.position = position + 1
            self.conversion()
        if self.w_mapping is None and self.next_argument < len(self.arguments_w):
            raise type_error("not all arguments converted during string formatting")
        return self.builder.build()

    def conversion(self):
        """One conversion, from behind the ``%`` on."""
        self.flags = 0
        self.width = -1
        self.precision = -1
        if self.peek() == "(":
            self.select(self.read_key())
        self.read_flags()
        self.width = self.read_number("width too big", True)
        if self.peek() == ".":
            self.position += 1
            self.precision = self.read_number("prec too big", False)
            if self.precision < 0:
                self.precision = 0
        character = self.peek()
        if character == "h" or character == "l" or character == "L":
            self.position += 1
            character = self.peek()
        self.position += 1
        self.convert(character)

    @unroll_safe
    def read_key(self):
        """The text between the parentheses, which may nest."""
        if self.w_mapping is None:
            raise type_error("format requires a mapping")
        template = self.template
        self.position += 1
        start = self.position
        depth = 1
        while self.position < len(template):
            character = template[self.position]
            self.position += 1
            if character == "(":
                depth += 1
            elif character == ")":
                depth -= 1
                if depth == 0:
                    return template[start : self.position - 1]
        raise value_error("incomplete format key")

    @unroll_safe
    def read_flags(self):
        while True:
            character = self.peek()
            if character == "-":
                self.flags |= FLAG_LEFT
            elif character == "+":
                self.flags |= FLAG_SIGN
            elif character == " ":
                self.flags |= FLAG_BLANK
            elif character == "#":
                self.flags |= FLAG_ALTERNATE
            elif character == "0":
                self.flags |= FLAG_ZERO
            else:
                return
            self.position += 1

    @unroll_safe
    def read_number(self, complaint, is_width):
        """Digits or ``*``; -1 where there is neither."""
        if self.peek() == "*":
            self.position += 1
            w_number = self.take()
            if not space.is_int(w_number):
                raise type_error("* wants int")
            number = space.int_w(w_number)
            if number < 0:
                if is_width:
                    self.flags |= FLAG_LEFT
                    return -max(number, -MAX_INT)
                return 0
            if not is_width and number > MAX_C_INT:
                raise overflow_error("Python int too large to convert to C int")
            return number
        if not "0" <= self.peek() <= "9":
            return -1
        number = 0
        limit = MAX_INT if is_width else MAX_C_INT
        while "0" <= self.peek() <= "9":
            digit = ord(self.peek()) - ord("0")
            if number > (limit - digit) // 10:
                raise value_error(complaint)
            number = number * 10 + digit
            self.position += 1
        return number

    # ---- conversions

    def convert(self, character):
        if character == "%":
            self.add_text("%", 1)
        elif character == "s" or character == "r":
            self.convert_text(character)
        elif character in "diuoxX":
            self.convert_integer(character)
        elif character in "eEfFgG":
            self.convert_float(character)
        elif character == "c":
            self.convert_character()
        else:
            self.complain_of_character()

    def complain_of_character(self):
        self.take()
        template = self.template
        position = self.position - 1
        index = position
        code = ord(template[position])
        shown = template[position]
        if self.is_unicode:
            code = rutf8.codepoint_at_pos(template, position)
            index = rutf8.codepoints_in_utf8(template, 0, position)
            if not 31 <= code < 128:
                shown = "?"
        elif code >= 128:
            # CPython shows a negative C char.
            code += 0xFFFFFF00
        raise value_error("unsupported format character '%s' (0x%s) at index %d" % (
            shown, space.hex_digits(code), index))

    def convert_text(self, character):
        w_value = self.take()
        if self.is_unicode:
            if character == "s":
                w_text = space.unicode_from(w_value)
            else:
                w_text = space.unicode_from(space.repr(w_value))
            assert isinstance(w_text, W_AnyUnicode)
            text = w_text.utf8
            length = w_text.length
            if 0 <= self.precision < length:
                text = text[: w_text.position(self.precision)]
                length = self.precision
        else:
            if character == "s":
                if isinstance(w_value, W_AnyUnicode):
                    raise NeedsUnicode
                w_text = space.str_or_unicode(w_value)
                if isinstance(w_text, W_AnyUnicode):
                    raise NeedsUnicode
                text = space.bytes_w(w_text)
            else:
                text = space.repr_text(w_value)
            length = len(text)
            precision = self.precision
            if 0 <= precision < length:
                text = text[:precision]
                length = precision
        self.add_text(text, length)

    def convert_integer(self, character):
        w_value = self.take()
        w_number = integer_of(w_value)
        if w_number is None:
            raise type_error("%%%s format: a number is required, not %s" % (
                "d" if character == "i" else character, space.type_name(w_value)))
        if self.precision > MAX_C_INT - 3:
            raise overflow_error("formatted integer is too long (precision too large?)")
        base = base_of(character)
        if isinstance(w_number, W_AnyLong) and not isinstance(w_number, W_Long):
            is_negative, digits = own_digits(w_number, "d" if character == "i" else character)
        else:
            is_negative, digits = integer_digits(w_number, base)
        if self.precision == 0 and digits == "0" and not isinstance(w_number, W_AnyLong):
            digits = ""  # as the printf of C
        prefix = ""
        if self.flags & FLAG_ALTERNATE:
            if base == 16:
                prefix = "0" + character
            elif base == 8 and digits != "0":
                digits = "0" + digits
        if self.precision > len(digits):
            digits = "0" * (self.precision - len(digits)) + digits
        if character == "X":
            digits = digits.upper()
        self.add_number(is_negative, prefix, digits)

    def convert_float(self, character):
        w_value = self.take()
        if not (isinstance(w_value, W_AnyFloat) or isinstance(w_value, W_AnyInt)):
            if space.lookup(w_value, "__float__") is None:
                raise self.float_required(w_value)
        try:
            value = space.float_w(w_value)
        except OperationError:
            if self.is_unicode:
                raise
            raise type_error("float argument required, not %s" % space.type_name(w_value))
        flags = rfloat.DTSF_ALT if self.flags & FLAG_ALTERNATE else 0
        precision = self.precision if self.precision >= 0 else 6
        text = rfloat.double_to_string(value, character, precision, flags)
        if text.startswith("-"):
            self.add_number(True, "", text[1:])
        else:
            self.add_number(False, "", text)

    def float_required(self, w_value):
        if self.is_unicode:
            return type_error("a float is required")
        return type_error("float argument required, not %s" % space.type_name(w_value))

    def convert_character(self):
        w_value = self.take()
        if isinstance(w_value, W_AnyUnicode):
            if not self.is_unicode:
                raise NeedsUnicode
            if w_value.length != 1:
                raise type_error("%c requires int or char")
            self.add_text(w_value.utf8, 1)
        elif isinstance(w_value, W_AnyStr):
            if len(w_value.value) != 1:
                raise type_error("%c requires int or char")
            text = w_value.value
            if self.is_unicode:
                text = space.decode_default(w_value).utf8
            self.add_text(text, 1)
        else:
            if self.is_unicode:
                try:
                    code = space.size_w(w_value)
                except OperationError:
                    raise type_error("%c requires int or char")
                if code < 0 or code > rutf8.MAXIMUM_CODE_POINT:
                    raise overflow_error("%c arg not in range(0x110000) (wide Python build)")
                self.add_text(rutf8.unichr_as_utf8(code, True), 1)
            else:
                code = space.arg_int_w(w_value)
                if code < 0:
                    raise overflow_error("unsigned byte integer is less than minimum")
                if code > 255:
                    raise overflow_error("unsigned byte integer is greater than maximum")
                self.add_text(chr(code), 1)

    # ---- padding

    def padding(self, length):
        """How many blanks or zeros are missing, none if it is not positive.

        Nobody tests for that but the function that appends them: a loop would be compiled for each combination of
        numbers that fill their places and such that do not.
        """
        missing = self.width - length
        if missing > 2 ** 40:
            raise MemoryError
        return missing

    def add_text(self, text, length):
        """Append *text*, which is *length* characters long, padded with blanks."""
        builder = self.builder
        if self.width <= 0:
            builder.append(text)
        elif self.flags & FLAG_LEFT:
            builder.append(text)
            builder.append_multiple_char(" ", self.padding(length))
        else:
            builder.append_multiple_char(" ", self.padding(length))
            builder.append(text)

    def add_number(self, is_negative, prefix, digits):
        """Append a number with its sign; zeros go behind the sign and the prefix."""
        sign = ""
        if is_negative:
            sign = "-"
        elif self.flags & FLAG_SIGN:
            sign = "+"
        elif self.flags & FLAG_BLANK:
            sign = " "
        sign += prefix
        builder = self.builder
        if self.width <= 0:
            builder.append(sign)
            builder.append(digits)
            return
        missing = self.padding(len(sign) + len(digits))
        if self.flags & FLAG_LEFT:
            builder.append(sign)
            builder.append(digits)
            builder.append_multiple_char(" ", missing)
        elif self.flags & FLAG_ZERO:
            builder.append(sign)
            builder.append_multiple_char("0", missing)
            builder.append(digits)
        else:
            builder.append_multiple_char(" ", missing)
            builder.append(sign)
            builder.append(digits)


def format_str(w_template, w_values):
    """``str % values``."""
    try:
        return space.newstr(PercentFormat(space.bytes_w(w_template), False, w_values).run())
    except NeedsUnicode:
        return format_unicode(space.decode_default(w_template), w_values)


def format_unicode(w_template, w_values):
    """``unicode % values``."""
    return space.newunicode(PercentFormat(space.utf8_w(w_template), True, w_values).run())
