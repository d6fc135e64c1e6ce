"""Text to data: the reader."""

from ouro.rlib.rbigint import rbigint
from ouro.rlib.rfloat import string_to_float

from scheme import values
from scheme.errors import IncompleteInput, Place, SchemeError

DELIMITERS = " \t\r\n()\";'"
QUOTES = {"'": "quote", "`": "quasiquote", ",": "unquote"}
DEEPEST = 10000


class Reader:
    """Reads data one after the other from *text*; *filename* is for messages."""

    def __init__(self, text, filename):
        self.text = text
        self.filename = filename
        self.position = 0
        self.line = 1
        self.line_start = 0
        self.datum_place = self.place()

    def place(self):
        return Place(self.filename, self.line, self.position - self.line_start + 1)

    def _skip(self):
        text = self.text
        while self.position < len(text):
            character = text[self.position]
            if character == "\n":
                self.position += 1
                self.line += 1
                self.line_start = self.position
            elif character == " " or character == "\t" or character == "\r":
                self.position += 1
            elif character == ";":
                while self.position < len(text) and text[self.position] != "\n":
                    self.position += 1
            else:
                return

    def read(self):
        """The next datum, which begins at `datum_place`, or None at the end of the text.

        Raises:
            IncompleteInput: the text ends inside the datum.
            SchemeError: what stands there is no datum.
        """
        self._skip()
        if self.position >= len(self.text):
            return None
        self.datum_place = self.place()
        return self._datum(0)

    def _inner(self, depth, opened):
        self._skip()
        if self.position >= len(self.text):
            raise IncompleteInput("the text ends before what begins here", opened)
        return self._datum(depth)

    def _datum(self, depth):
        place = self.place()
        if depth > DEEPEST:
            raise SchemeError("the data are nested too deeply", place)
        character = self.text[self.position]
        if character == "(":
            self.position += 1
            return self._list(depth, place)
        if character == ")":
            self.position += 1
            raise SchemeError("this ')' closes no '('", place)
        if character == '"':
            self.position += 1
            return self._string(place)
        if character in QUOTES:
            self.position += 1
            name = QUOTES[character]
            if character == "," and self.position < len(self.text) and self.text[self.position] == "@":
                self.position += 1
                name = "unquote-splicing"
            quoted = self._inner(depth + 1, place)
            return values.PlacedPair(values.symbol(name), values.Pair(quoted, values.EMPTY), place)
        if character == "#":
            return self._hash(depth, place)
        return self._atom(self._token(), place)

    def _list(self, depth, place):
        items = []
        places = []
        tail = values.EMPTY
        while True:
            self._skip()
            if self.position >= len(self.text):
                raise IncompleteInput("this '(' is never closed", place)
            if self.text[self.position] == ")":
                self.position += 1
                break
            if self._at_dot():
                if len(items) == 0:
                    raise SchemeError("a '.' needs a datum before it", self.place())
                self.position += 1
                tail = self._inner(depth + 1, place)
                self._skip()
                if self.position >= len(self.text):
                    raise IncompleteInput("this '(' is never closed", place)
                if self.text[self.position] != ")":
                    raise SchemeError("only one datum may stand after a '.'", self.place())
                self.position += 1
                break
            places.append(self.place())
            items.append(self._datum(depth + 1))
        result = tail
        index = len(items) - 1
        while index >= 0:
            where = place if index == 0 else places[index]
            result = values.PlacedPair(items[index], result, where)
            index -= 1
        return result

    def _at_dot(self):
        text = self.text
        after = self.position + 1
        if text[self.position] != ".":
            return False
        return after >= len(text) or text[after] in DELIMITERS

    def _token(self):
        text = self.text
        start = self.position
        end = start
        while end < len(text) and text[end] not in DELIMITERS:
            end += 1
        self.position = end
        return text[start:end]

    def _string(self, place):
        parts = []
        text = self.text
        while self.position < len(text):
            character = text[self.position]
            self.position += 1
            if character == '"':
                return values.String("".join(parts))
            if character == "\\":
                if self.position >= len(text):
                    break
                escaped = text[self.position]
                self.position += 1
                if escaped == "n":
                    parts.append("\n")
                elif escaped == "t":
                    parts.append("\t")
                elif escaped == '"' or escaped == "\\":
                    parts.append(escaped)
                else:
                    raise SchemeError("unknown escape '\\%s' in a string" % escaped, place)
                continue
            if character == "\n":
                self.line += 1
                self.line_start = self.position
            parts.append(character)
        raise IncompleteInput("this string is never closed", place)

    def _hash(self, depth, place):
        text = self.text
        after = self.position + 1
        if after < len(text) and text[after] == "(":
            self.position += 2
            items = values.items_of(self._list(depth, place), "a vector is written as a proper list")
            return values.Vector(items)
        if after < len(text) and text[after] == "\\":
            self.position += 2
            if self.position >= len(text):
                raise IncompleteInput("a character must follow '#\\'", place)
            self.position += 1
            name = text[self.position - 1] + self._token()
            if len(name) == 1:
                return values.Character(name)
            if name in values.CHARACTERS_BY_NAME:
                return values.Character(values.CHARACTERS_BY_NAME[name])
            raise SchemeError("unknown character name '%s'" % name, place)
        token = self._token()
        if token == "#t" or token == "#true":
            return values.TRUE
        if token == "#f" or token == "#false":
            return values.FALSE
        raise SchemeError("unknown syntax '%s'" % token, place)

    def _atom(self, token, place):
        number = parse_number(token)
        if number is not None:
            return number
        if token[0] >= "0" and token[0] <= "9":
            raise SchemeError("'%s' is neither a number nor a name" % token, place)
        return values.symbol(token)


def parse_number(token):
    """The number that *token* writes in decimal, or None."""
    start = 1 if token[0] == "-" or token[0] == "+" else 0
    digits = 0
    others = 0
    for index in range(start, len(token)):
        character = token[index]
        if character >= "0" and character <= "9":
            digits += 1
        elif character == "." or character == "e" or character == "E":
            others += 1
        elif (character == "-" or character == "+") and (token[index - 1] == "e" or token[index - 1] == "E"):
            others += 1
        else:
            return None
    if digits == 0 or not (token[start] == "." or (token[start] >= "0" and token[start] <= "9")):
        return None
    if others == 0:
        sign_free = token[start:]
        number = rbigint.fromdecimalstr(sign_free)
        if token[0] == "-":
            number = number.neg()
        return values.integer(number)
    try:
        return values.Flonum(string_to_float(token))
    except ValueError:
        return None
