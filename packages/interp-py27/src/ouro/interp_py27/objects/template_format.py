"""``str.format`` and ``unicode.format``: templates with fields in braces, PEP 3101."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.iteration import ITERATOR_ENTRIES
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.unicode_object import W_AnyUnicode
from ouro.interp_py27.vm.errors import index_error, key_error, value_error
from ouro.interp_py27.vm.typedef import define_type
from ouro.rlib.rstring import StringBuilder

NUMBERING_UNKNOWN = 0
NUMBERING_AUTOMATIC = 1
NUMBERING_MANUAL = 2

DEEPEST = 2


class Field:
    """One piece of a template: *literal* text, and behind it a field where *is_field* is true."""

    def __init__(self, literal):
        self.literal = literal
        self.is_field = False
        self.name = ""
        self.conversion = ""
        self.specification = ""
        self.nested = False


class TemplateParser:
    """Cuts a template into `Field`s."""

    def __init__(self, template):
        self.template = template
        self.position = 0

    def next_field(self):
        """The next piece, or None at the end."""
        template = self.template
        end = len(template)
        if self.position >= end:
            return None
        builder = StringBuilder()
        while self.position < end:
            character = template[self.position]
            self.position += 1
            if character != "{" and character != "}":
                builder.append(character)
                continue
            if self.position < end and template[self.position] == character:
                self.position += 1
                builder.append(character)
                return Field(builder.build())
            if character == "}":
                raise value_error("Single '}' encountered in format string")
            if self.position >= end:
                raise value_error("Single '{' encountered in format string")
            field = Field(builder.build())
            self._field(field)
            return field
        return Field(builder.build())

    def _field(self, field):
        """The inside of the braces; the position is behind the opening one."""
        template = self.template
        start = self.position
        depth = 1
        while self.position < len(template):
            character = template[self.position]
            self.position += 1
            if character == "{":
                depth += 1
                field.nested = True
            elif character == "}":
                depth -= 1
                if depth == 0:
                    break
        if depth > 0:
            raise value_error("unmatched '{' in format")
        field.is_field = True
        stop = self.position - 1
        assert stop >= start
        self._split(field, template[start:stop])

    def _split(self, field, text):
        """Name, conversion and specification of the field."""
        end = 0
        brackets = 0
        while end < len(text):
            character = text[end]
            if character == "[":
                brackets = 1
            elif character == "]":
                brackets = 0
            elif brackets == 0 and (character == ":" or character == "!"):
                break
            end += 1
        field.name = text[:end]
        if end >= len(text):
            return
        if text[end] == ":":
            field.specification = text[end + 1 :]
            return
        if end + 1 >= len(text):
            raise value_error("end of format while looking for conversion specifier")
        # A NUL counts as none.
        field.conversion = "" if text[end + 1] == "\0" else text[end + 1]
        if end + 2 < len(text):
            if text[end + 2] != ":":
                raise value_error("expected ':' after format specifier")
            field.specification = text[end + 3 :]


class TemplateFormat:
    """One call of ``format``: the arguments, how fields are numbered, and the kind of text."""

    def __init__(self, is_unicode, args):
        self.is_unicode = is_unicode
        self.arguments_w = args.args_w
        self.args = args
        self.numbering = NUMBERING_UNKNOWN
        self.next_index = 0

    def build(self, template, depth):
        """The text of *template* with its fields filled in."""
        if depth < 0:
            raise value_error("Max string recursion exceeded")
        builder = StringBuilder(len(template))
        parser = TemplateParser(template)
        while True:
            field = parser.next_field()
            if field is None:
                return builder.build()
            builder.append(field.literal)
            if field.is_field:
                builder.append(self.field(field, depth))

    def field(self, field, depth):
        w_value = self.value_of(field.name)
        if field.conversion != "":
            w_value = self.convert(w_value, field.conversion)
        specification = field.specification
        if field.nested:
            specification = self.build(specification, depth - 1)
        return self.text_of(space.format(w_value, self.wrap(specification)))

    def wrap(self, text):
        if self.is_unicode:
            return space.newunicode(text)
        return space.newstr(text)

    def text_of(self, w_text):
        if self.is_unicode:
            return space.utf8_w(w_text)
        return space.text_w(w_text)

    def convert(self, w_value, conversion):
        if conversion == "r":
            return space.repr(w_value)
        if conversion == "s":
            if self.is_unicode:
                return space.unicode_from(w_value)
            return space.str(w_value)
        code = ord(conversion)
        if 32 < code < 127:
            raise value_error("Unknown conversion specifier " + conversion)
        # CPython shows a negative C char.
        shown = space.hex_digits(code - 256 if code > 127 else code)
        raise value_error("Unknown conversion specifier \\x" + shown[max(len(shown) - 8, 0) :])

    def value_of(self, name):
        """The argument that a field name denotes, with its attributes and items looked up."""
        end = name_end(name)
        w_value = self.argument(name[:end])
        path = FieldPath(name, end)
        while path.advance():
            if path.is_attribute:
                w_value = space.getattr(w_value, self.wrap(path.text))
            elif path.index >= 0:
                w_value = space.getitem(w_value, space.newint(path.index))
            else:
                w_value = space.getitem(w_value, self.wrap(path.text))
        return w_value

    def argument(self, first):
        index = parse_index(first)
        if first == "":
            if self.numbering == NUMBERING_MANUAL:
                raise value_error("cannot switch from manual field specification to automatic field numbering")
            self.numbering = NUMBERING_AUTOMATIC
            index = self.next_index
            self.next_index += 1
        elif index >= 0:
            if self.numbering == NUMBERING_AUTOMATIC:
                raise value_error("cannot switch from automatic field numbering to manual field specification")
            self.numbering = NUMBERING_MANUAL
        if index >= 0:
            if index >= len(self.arguments_w):
                raise index_error("tuple index out of range")
            return self.arguments_w[index]
        w_value = self.args.keyword(first)
        if w_value is None:
            raise key_error(self.wrap(first))
        return w_value


def name_end(name):
    """Where the first part of a field name ends."""
    end = 0
    while end < len(name) and name[end] != "." and name[end] != "[":
        end += 1
    return end


def parse_index(text):
    """The number that *text* writes, or -1."""
    if text == "":
        return -1
    number = 0
    for character in text:
        if not "0" <= character <= "9":
            return -1
        digit = ord(character) - ord("0")
        if number > (9223372036854775807 - digit) // 10:
            raise value_error("Too many decimal digits in format string")
        number = number * 10 + digit
    return number


class FieldPath:
    """The ``.name`` and ``[item]`` parts of a field name, one after the other."""

    def __init__(self, name, position):
        self.name = name
        self.position = position
        self.is_attribute = False
        self.text = ""
        self.index = -1

    def advance(self):
        """Go to the next part; false at the end."""
        name = self.name
        if self.position >= len(name):
            return False
        opening = name[self.position]
        start = self.position + 1
        end = start
        if opening == ".":
            while end < len(name) and name[end] != "." and name[end] != "[":
                end += 1
            self.is_attribute = True
            self.index = -1
            self.position = end
        elif opening == "[":
            while end < len(name) and name[end] != "]":
                end += 1
            if end >= len(name):
                raise value_error("Missing ']' in format string")
            self.is_attribute = False
            self.position = end + 1
            self.index = parse_index(name[start:end])
        else:
            raise value_error("Only '.' or '[' may follow ']' in format field specifier")
        self.text = name[start:end]
        if self.text == "":
            raise value_error("Empty attribute in format string")
        return True


def format_method(w_template, args):
    """``str.format`` and ``unicode.format``."""
    if isinstance(w_template, W_AnyUnicode):
        return space.newunicode(TemplateFormat(True, args).build(w_template.utf8, DEEPEST - 1))
    return space.newstr(TemplateFormat(False, args).build(space.bytes_w(w_template), DEEPEST - 1))


# ---- what string.Formatter is built on


class W_FormatterIterator(W_Root):
    """``_formatter_parser()``: (literal, field name, specification, conversion) tuples."""

    _attrs_ = ("parser", "is_unicode")

    def __init__(self, template, is_unicode):
        self.parser = TemplateParser(template)
        self.is_unicode = is_unicode

    def iter_next(self):
        field = self.parser.next_field()
        if field is None:
            return None
        if not field.is_field:
            return space.newtuple([self.wrap(field.literal), space.w_None, space.w_None, space.w_None])
        w_conversion = self.wrap(field.conversion) if field.conversion != "" else space.w_None
        return space.newtuple(
            [self.wrap(field.literal), self.wrap(field.name), self.wrap(field.specification), w_conversion])

    def wrap(self, text):
        if self.is_unicode:
            return space.newunicode(text)
        return space.newstr(text)


class W_FieldNameIterator(W_Root):
    """The second result of ``_formatter_field_name_split()``: (is attribute, name or index) tuples."""

    _attrs_ = ("path", "is_unicode")

    def __init__(self, path, is_unicode):
        self.path = path
        self.is_unicode = is_unicode

    def iter_next(self):
        path = self.path
        if not path.advance():
            return None
        if path.index >= 0:
            w_part = space.newint(path.index)
        elif self.is_unicode:
            w_part = space.newunicode(path.text)
        else:
            w_part = space.newstr(path.text)
        return space.newtuple([space.newbool(path.is_attribute), w_part])


def formatter_parser(w_template):
    """``_formatter_parser()`` of str and unicode."""
    if isinstance(w_template, W_AnyUnicode):
        return W_FormatterIterator(w_template.utf8, True)
    return W_FormatterIterator(space.bytes_w(w_template), False)


def formatter_field_name_split(w_name):
    """``_formatter_field_name_split()`` of str and unicode."""
    is_unicode = isinstance(w_name, W_AnyUnicode)
    name = space.utf8_w(w_name) if is_unicode else space.bytes_w(w_name)
    end = name_end(name)
    index = parse_index(name[:end])
    if index >= 0:
        w_first = space.newint(index)
    elif is_unicode:
        w_first = space.newunicode(name[:end])
    else:
        w_first = space.newstr(name[:end])
    return space.newtuple([w_first, W_FieldNameIterator(FieldPath(name, end), is_unicode)])


define_type(W_FormatterIterator, "formatteriterator", ITERATOR_ENTRIES, acceptable_as_base=False)
define_type(W_FieldNameIterator, "fieldnameiterator", ITERATOR_ENTRIES, acceptable_as_base=False)
