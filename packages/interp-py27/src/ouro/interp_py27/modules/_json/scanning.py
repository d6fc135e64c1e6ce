"""Reading JSON: ``scanstring``, and the scanners that ``make_scanner`` makes.

Everything that means something in JSON is ASCII, so unicode objects are read as the UTF-8 they are stored in; positions
are converted where the application gives or sees them.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.str_object import W_AnyStr
from ouro.interp_py27.objects.unicode_object import W_AnyUnicode, W_Unicode
from ouro.interp_py27.vm.argument import Arguments, named_arguments
from ouro.interp_py27.vm.errors import OperationError, stop_iteration, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import Member, define_type
from ouro.rlib import rfloat, rutf8
from ouro.rlib.rarithmetic import LONG_BIT
from ouro.rlib.rstring import StringBuilder

DEFAULT_ENCODING = "utf-8"
#: What stands for a character behind a backslash, and the characters.
ESCAPES = '"\\/bfnrt'
ESCAPED = '"\\/\b\f\n\r\t'
#: How many digits have the code of a character.
CODE_DIGITS = 4
#: Digits of an integer that surely fits a machine word.
SAFE_DIGITS = 9 if LONG_BIT == 32 else 18
#: How many keys and how many short values a scanner remembers, as the same ones occur again and again; a power of 2.
SHARED = 128
LONGEST_KEY = 40
LONGEST_VALUE = 10
#: For each byte whether it stands for itself in a string that is ASCII.
PLAIN = "".join(["1" if " " <= chr(code) <= "~" and chr(code) not in '"\\' else "0" for code in range(256)])


class Source:
    """A str or unicode object to read; `text` is its bytes or its UTF-8.

    What reads a part gives the object and leaves the place behind it in `end`.
    """

    def __init__(self, w_string, encoding):
        self.end = 0
        self.w_string = w_string
        self.encoding = encoding
        self.is_unicode = False
        if isinstance(w_string, W_AnyUnicode):
            self.text = w_string.utf8
            self.is_unicode = True
        elif isinstance(w_string, W_AnyStr):
            self.text = w_string.value
        else:
            raise type_error("first argument must be a string, not %s" % space.type_name(w_string))
        self.is_utf8 = self.is_unicode or encoding == DEFAULT_ENCODING

    def position(self, index):
        """The place in `text` of an index, which may be behind the end."""
        w_string = self.w_string
        if isinstance(w_string, W_AnyUnicode):
            if index > w_string.length:
                return len(self.text) + index - w_string.length
            return w_string.position(index)
        return index

    def index(self, position):
        w_string = self.w_string
        if isinstance(w_string, W_AnyUnicode) and position >= 0:
            if position > len(self.text):
                return w_string.length + position - len(self.text)
            return w_string.index_at(position)
        return position

    def error(self, message, position):
        """The ValueError that the library's `json.decoder` words."""
        w_module = space.import_module("json.decoder")
        w_text = space.getattr_str(w_module, "errmsg").call_3(
            space.newstr(message), self.w_string, space.newint(self.index(position)))
        return OperationError(space.w_ValueError, w_text)

    def expecting(self, in_unicode, in_str, position):
        """The two kinds of text are told of what is missing in different words."""
        return self.error("Expecting " + (in_unicode if self.is_unicode else in_str), position)

    def part(self, start, stop):
        """The UTF-8 of a part of a string."""
        assert 0 <= start <= stop
        part = self.text[start:stop]
        if self.is_unicode or self.encoding == DEFAULT_ENCODING and rutf8.first_non_ascii_char(part) < 0:
            return part
        return space.utf8_w(space.decode_object(space.newstr(part), self.encoding, "strict"))

    def piece(self, start, stop):
        """A part as an object of the same type."""
        assert 0 <= start <= stop
        part = self.text[start:stop]
        return space.newunicode(part) if self.is_unicode else space.newstr(part)

    def skip_white_space(self, position):
        text = self.text
        while position < len(text):
            character = text[position]
            if character != " " and character != "\n" and character != "\t" and character != "\r":
                break
            position += 1
        return position

    def scan_shared(self, start, is_strict, known_w, longest):
        """`scan_string` that gives the same object again for up to `longest` plain characters that occurred lately."""
        text = self.text
        position = start
        stop = min(len(text), start + longest + 1)
        text_hash = 0
        while position < stop and PLAIN[ord(text[position])] == "1":
            text_hash = (text_hash * 31 + ord(text[position])) & 0xFFFFFF
            position += 1
        if position >= stop or text[position] != '"' or not self.is_utf8:
            return self.scan_string(start, is_strict)
        assert 0 <= start <= position
        length = position - start
        self.end = position + 1
        place = (text_hash ^ (text_hash >> 7)) & (SHARED - 1)
        w_known = known_w[place]
        if w_known is not None and w_known.length == length and self.is_at(start, w_known.utf8):
            return w_known
        w_string = W_Unicode(text[start:position], length)
        known_w[place] = w_string
        return w_string

    def is_at(self, position, word):
        """Whether the text, which is long enough, has a word at a place."""
        text = self.text
        for i in range(len(word)):
            if text[position + i] != word[i]:
                return False
        return True

    def scan_string(self, start, is_strict):
        """The unicode object of the string that begins behind its quote at `start`."""
        text = self.text
        opening = start - 1
        if start < 0 or start >= len(text):
            raise value_error("end is out of bounds")
        position = start
        while position < len(text) and PLAIN[ord(text[position])] == "1":
            position += 1
        if position < len(text) and text[position] == '"' and self.is_utf8:
            self.end = position + 1
            return W_Unicode(text[start:position], position - start)
        builder = StringBuilder(16)
        while True:
            position = start
            while position < len(text):
                character = text[position]
                if character == '"' or character == "\\":
                    break
                if is_strict and character <= "\x1f":
                    raise self.error("Invalid control character at", position)
                position += 1
            if position >= len(text):
                raise self.error("Unterminated string starting at", opening)
            if position != start:
                builder.append(self.part(start, position))
            if text[position] == '"':
                self.end = position + 1
                return space.newunicode(builder.build())
            position += 1
            if position == len(text):
                raise self.error("Unterminated string starting at", opening)
            if text[position] == "u":
                start = self.scan_code(position + 1, builder)
            else:
                which = ESCAPES.find(text[position])
                if which < 0:
                    raise self.error("Invalid \\escape", position - 1)
                builder.append(ESCAPED[which])
                start = position + 1

    def scan_code(self, position, builder):
        """The character whose digits are at `position`, which may be a pair of surrogates; the place behind it."""
        text = self.text
        end = position + CODE_DIGITS
        if end >= len(text):
            raise self.error("Invalid \\uXXXX escape", position - 1)
        code = self.code_at(position)
        if 0xD800 <= code <= 0xDBFF and end + 2 + CODE_DIGITS < len(text) and self.has_word(end, "\\u"):
            second = self.code_at(end + 2)
            if 0xDC00 <= second <= 0xDFFF:
                code = 0x10000 + (((code - 0xD800) << 10) | (second - 0xDC00))
                end += 2 + CODE_DIGITS
        rutf8.unichr_as_utf8_append(builder, code, True)
        return end

    def code_at(self, position):
        code = 0
        for place in range(position, position + CODE_DIGITS):
            digit = digit_value(self.text[place])
            if digit < 0:
                raise self.error("Invalid \\uXXXX escape", position - 1)
            code = code * 16 + digit
        return code

    def number_end(self, start):
        """The place behind the number at `start`, and whether it is a float; StopIteration where there is none."""
        text = self.text
        end = len(text)
        position = start
        is_float = False
        if text[position] == "-":
            position += 1
            if position >= end:
                raise stop_iteration()
        if "1" <= text[position] <= "9":
            position = self.digits_end(position + 1)
        elif text[position] == "0":
            position += 1
        else:
            raise stop_iteration()
        if position < end - 1 and text[position] == "." and is_digit(text[position + 1]):
            is_float = True
            position = self.digits_end(position + 2)
        if position < end - 1 and (text[position] == "e" or text[position] == "E"):
            exponent = position + 1
            if exponent < end - 1 and (text[exponent] == "-" or text[exponent] == "+"):
                exponent += 1
            exponent_end = self.digits_end(exponent)
            if exponent_end > exponent:
                is_float = True
                position = exponent_end
        return position, is_float

    def integer(self, position, end):
        """The value of the few digits at a place, behind a sign or not."""
        text = self.text
        is_negative = text[position] == "-"
        if is_negative:
            position += 1
        value = 0
        while position < end:
            value = value * 10 + (ord(text[position]) - ord("0"))
            position += 1
        return -value if is_negative else value

    def digits_end(self, position):
        text = self.text
        while position < len(text) and is_digit(text[position]):
            position += 1
        return position

    def has_word(self, position, word):
        end = position + len(word)
        return end <= len(self.text) and self.is_at(position, word)


def is_digit(character):
    return "0" <= character <= "9"


def digit_value(character):
    """Of a hexadecimal digit; -1 for others."""
    if "0" <= character <= "9":
        return ord(character) - ord("0")
    if "a" <= character <= "f":
        return ord(character) - ord("a") + 10
    if "A" <= character <= "F":
        return ord(character) - ord("A") + 10
    return -1


@unwrap_spec(encoding="c_text_or_none", strict="c_int")
def scanstring(w_basestring, w_end, encoding=None, strict=1):
    """scanstring(basestring, end, encoding, strict=True) -> (str, end)

Scan the string s for a JSON string. End is the index of the
character in s after the quote that started the JSON string.
Unescapes all valid JSON string escape sequences and raises ValueError
on attempt to decode an invalid string. If strict is False then literal
control characters are allowed in the string.

Returns a tuple of the decoded string and the index of the character in s
after the end quote."""
    end = space.size_w(w_end)
    source = Source(w_basestring, DEFAULT_ENCODING if encoding is None else encoding)
    w_string = source.scan_string(source.position(end) if end >= 0 else end, strict != 0)
    return space.newtuple_2(w_string, space.newint(source.index(source.end)))


#: Where the recursion was too deep: in an array or an object, of a str or a unicode object.
RECURSION = [
    " while decoding a JSON %s from a %s" % (kind, string)
    for kind in ("array", "object")
    for string in ("byte string", "unicode string")
]


class W_Scanner(W_Root):
    """JSON scanner object"""

    _attrs_ = ("w_strict", "w_encoding", "w_object_hook", "w_object_pairs_hook", "w_parse_float", "w_parse_int",
               "w_parse_constant", "encoding", "is_strict", "keys_w", "values_w")

    def call_args(self, args):
        scope_w = named_arguments(args, "scan_once", ["string", "idx"], 2)
        return self.call_2(scope_w[0], scope_w[1])

    def call_2(self, w_string, w_idx):
        index = space.arg_int_w(w_idx)
        source = Source(w_string, self.encoding)
        if index < 0:
            raise value_error("idx cannot be negative")
        w_value = self.scan(source, source.position(index))
        return space.newtuple_2(w_value, space.newint(source.index(source.end)))

    def call_list(self, args_w):
        return self.call_args(Arguments(args_w))

    def scan(self, source, position):
        """The value at a place."""
        text = source.text
        if position >= len(text):
            raise stop_iteration()
        character = text[position]
        if character == '"':
            return source.scan_shared(position + 1, self.is_strict, self.values_w, LONGEST_VALUE)
        if character == "{" or character == "[":
            context = space.get_context()
            context.enter_recursion(RECURSION[(2 if character == "{" else 0) + (1 if source.is_unicode else 0)])
            try:
                if character == "{":
                    return self.scan_object(source, position + 1)
                return self.scan_array(source, position + 1)
            finally:
                context.leave_recursion()
        if character >= "I":
            w_word = self.word(source, position)
            if w_word is not None:
                return w_word
        elif character == "-" and source.has_word(position, "-Infinity"):
            source.end = position + 9
            return self.constant("-Infinity")
        return self.number(source, position)

    def word(self, source, position):
        """The value that a word at a place stands for, or None."""
        character = source.text[position]
        if character == "n" and source.has_word(position, "null"):
            source.end = position + 4
            return space.w_None
        if character == "t" and source.has_word(position, "true"):
            source.end = position + 4
            return space.w_True
        if character == "f" and source.has_word(position, "false"):
            source.end = position + 5
            return space.w_False
        if character == "N" and source.has_word(position, "NaN"):
            source.end = position + 3
            return self.constant("NaN")
        if character == "I" and source.has_word(position, "Infinity"):
            source.end = position + 8
            return self.constant("Infinity")
        return None

    def number(self, source, position):
        end, is_float = source.number_end(position)
        source.end = end
        if is_float:
            if self.w_parse_float is space.w_float:
                return space.newfloat(rfloat.string_to_float(source.text[position:end]))
            return self.w_parse_float.call_1(source.piece(position, end))
        if self.w_parse_int is space.w_int and end - position <= SAFE_DIGITS:
            return space.newint(source.integer(position, end))
        return self.w_parse_int.call_1(source.piece(position, end))

    def constant(self, name):
        return self.w_parse_constant.call_1(space.newstr(name))

    def scan_object(self, source, position):
        text = source.text
        pairs_w = [] if not space.is_none(self.w_object_pairs_hook) else None
        w_dict = space.newdict() if pairs_w is None else None
        position = source.skip_white_space(position)
        if position < len(text) and text[position] != "}":
            while position < len(text):
                if text[position] != '"':
                    raise source.expecting("property name enclosed in double quotes", "property name", position)
                w_key = source.scan_shared(position + 1, self.is_strict, self.keys_w, LONGEST_KEY)
                position = source.skip_white_space(source.end)
                if position >= len(text) or text[position] != ":":
                    raise source.expecting("':' delimiter", ": delimiter", position)
                w_value = self.scan(source, source.skip_white_space(position + 1))
                if w_dict is not None:
                    w_dict.setitem(w_key, w_value)
                else:
                    pairs_w.append(space.newtuple_2(w_key, w_value))
                position = source.skip_white_space(source.end)
                if position >= len(text) or text[position] == "}":
                    break
                if text[position] != ",":
                    raise source.expecting("',' delimiter", ", delimiter", position)
                position = source.skip_white_space(position + 1)
        if position >= len(text) or text[position] != "}":
            raise source.error("Expecting object", len(text) - 1)
        w_result = w_dict
        if pairs_w is not None:
            w_result = self.w_object_pairs_hook.call_1(space.newlist(pairs_w))
        elif not space.is_none(self.w_object_hook):
            w_result = self.w_object_hook.call_1(w_dict)
        source.end = position + 1
        return w_result

    def scan_array(self, source, position):
        text = source.text
        items_w = []
        position = source.skip_white_space(position)
        if position < len(text) and text[position] != "]":
            while position < len(text):
                items_w.append(self.scan(source, position))
                position = source.skip_white_space(source.end)
                if position >= len(text) or text[position] == "]":
                    break
                if text[position] != ",":
                    raise source.expecting("',' delimiter", ", delimiter", position)
                position = source.skip_white_space(position + 1)
        if position >= len(text) or text[position] != "]":
            raise source.error("Expecting object", len(text) - 1)
        source.end = position + 1
        return space.newlist(items_w)


def scanner_new(w_subtype, __args__):
    w_context = named_arguments(__args__, "make_scanner", ["context"], 1)[0]
    scanner = W_Scanner()
    w_encoding = space.getattr_str(w_context, "encoding")
    if space.is_none(w_encoding):
        w_encoding = space.newstr(DEFAULT_ENCODING)
    elif space.is_unicode(w_encoding):
        w_encoding = space.encode_default(w_encoding)
    if not space.is_str(w_encoding):
        raise type_error("encoding must be a string, not %s" % space.type_name(w_encoding))
    scanner.w_encoding = w_encoding
    scanner.encoding = space.bytes_w(w_encoding)
    scanner.w_strict = space.getattr_str(w_context, "strict")
    scanner.w_object_hook = space.getattr_str(w_context, "object_hook")
    scanner.w_object_pairs_hook = space.getattr_str(w_context, "object_pairs_hook")
    scanner.w_parse_float = space.getattr_str(w_context, "parse_float")
    scanner.w_parse_int = space.getattr_str(w_context, "parse_int")
    scanner.w_parse_constant = space.getattr_str(w_context, "parse_constant")
    scanner.keys_w = [None] * SHARED
    scanner.values_w = [None] * SHARED
    scanner.is_strict = space.is_true(scanner.w_strict)
    return scanner


def scanner_call(self, __args__):
    return self.call_args(__args__)


define_type(W_Scanner, "Scanner", {
    "__doc__": W_Scanner.__doc__,
    "__new__": scanner_new,
    "__call__": scanner_call,
    "strict": Member("w_strict"),
    "encoding": Member("w_encoding"),
    "object_hook": Member("w_object_hook"),
    "object_pairs_hook": Member("w_object_pairs_hook"),
    "parse_float": Member("w_parse_float"),
    "parse_int": Member("w_parse_int"),
    "parse_constant": Member("w_parse_constant"),
}, module="_json", acceptable_as_base=False)
