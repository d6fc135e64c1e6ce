"""What a Scheme program computes with: one class for each kind of value."""

from ouro.rlib import jit
from ouro.rlib.rarithmetic import ovfcheck
from ouro.rlib.rbigint import rbigint
from ouro.rlib.rfloat import float_to_string

from scheme.errors import SchemeError


class Value:
    """Any Scheme value; *kind* names it in error messages."""

    _attrs_ = []
    kind = "value"

    def write(self, parts):
        """Append the external representation to the list of strings *parts*."""
        parts.append("#<" + self.kind + ">")

    def display(self, parts):
        """As `write`, but strings and characters appear as themselves."""
        self.write(parts)

    def equals(self, other):
        """``equal?``: the same value; pairs and strings are compared by content."""
        return self.same(other)

    def same(self, other):
        """``eqv?``: the same object, or the same number or character."""
        return self is other


def written(value):
    parts = []
    value.write(parts)
    return "".join(parts)


def displayed(value):
    parts = []
    value.display(parts)
    return "".join(parts)


class Constant(Value):
    """The values that exist once: the empty list, the booleans, the unspecified value."""

    _immutable_fields_ = ["text"]

    def __init__(self, text):
        self.text = text

    def write(self, parts):
        parts.append(self.text)


EMPTY = Constant("()")
TRUE = Constant("#t")
FALSE = Constant("#f")
UNSPECIFIED = Constant("#<unspecified>")
UNASSIGNED = Constant("#<unassigned>")


def boolean(flag):
    if flag:
        return TRUE
    return FALSE


class Number(Value):
    """An exact integer of any size or an inexact real."""

    _attrs_ = []
    kind = "number"

    def as_float(self):
        raise SchemeError("this number has no inexact form")

    def as_bigint(self):
        raise SchemeError("expected an exact integer, got " + written(self))

    def is_zero(self):
        return False


class Fixnum(Number):
    """An exact integer that fits in a machine word."""

    _attrs_ = ["number"]
    _immutable_fields_ = ["number"]

    def __init__(self, number):
        self.number = number

    def write(self, parts):
        parts.append(str(self.number))

    def same(self, other):
        return isinstance(other, Fixnum) and other.number == self.number

    def as_float(self):
        return float(self.number)

    def as_bigint(self):
        return rbigint.fromint(self.number)

    def is_zero(self):
        return self.number == 0


class Bignum(Number):
    """An exact integer that does not fit in a machine word (`integer` keeps to that)."""

    _attrs_ = ["number"]
    _immutable_fields_ = ["number"]

    def __init__(self, number):
        self.number = number

    def write(self, parts):
        parts.append(self.number.str())

    def same(self, other):
        return isinstance(other, Bignum) and other.number.eq(self.number)

    def as_float(self):
        try:
            return self.number.tofloat()
        except OverflowError:
            raise SchemeError("this integer is too large for an inexact number") from None

    def as_bigint(self):
        return self.number


class Flonum(Number):
    """An inexact real: a double."""

    _attrs_ = ["number"]
    _immutable_fields_ = ["number"]

    def __init__(self, number):
        self.number = number

    def write(self, parts):
        parts.append(float_to_string(self.number))

    def same(self, other):
        return isinstance(other, Flonum) and other.number == self.number

    def as_float(self):
        return self.number

    def is_zero(self):
        return self.number == 0.0


def integer(number):
    """The exact integer of an rbigint: a fixnum where it fits."""
    try:
        return Fixnum(number.toint())
    except OverflowError:
        return Bignum(number)


def add(left, right):
    if isinstance(left, Fixnum) and isinstance(right, Fixnum):
        try:
            return Fixnum(ovfcheck(left.number + right.number))
        except OverflowError:
            return integer(left.as_bigint().add(right.as_bigint()))
    if isinstance(left, Flonum) or isinstance(right, Flonum):
        return Flonum(left.as_float() + right.as_float())
    return integer(left.as_bigint().add(right.as_bigint()))


def subtract(left, right):
    if isinstance(left, Fixnum) and isinstance(right, Fixnum):
        try:
            return Fixnum(ovfcheck(left.number - right.number))
        except OverflowError:
            return integer(left.as_bigint().sub(right.as_bigint()))
    if isinstance(left, Flonum) or isinstance(right, Flonum):
        return Flonum(left.as_float() - right.as_float())
    return integer(left.as_bigint().sub(right.as_bigint()))


def multiply(left, right):
    if isinstance(left, Fixnum) and isinstance(right, Fixnum):
        try:
            return Fixnum(ovfcheck(left.number * right.number))
        except OverflowError:
            return integer(left.as_bigint().mul(right.as_bigint()))
    if isinstance(left, Flonum) or isinstance(right, Flonum):
        return Flonum(left.as_float() * right.as_float())
    return integer(left.as_bigint().mul(right.as_bigint()))


def compare(left, right):
    """Negative, zero or positive, as *left* is smaller than, equal to or larger than *right*."""
    if isinstance(left, Fixnum) and isinstance(right, Fixnum):
        if left.number < right.number:
            return -1
        return int(left.number > right.number)
    if isinstance(left, Flonum) or isinstance(right, Flonum):
        first = left.as_float()
        second = right.as_float()
        if first < second:
            return -1
        return int(first > second)
    first_integer = left.as_bigint()
    second_integer = right.as_bigint()
    if first_integer.lt(second_integer):
        return -1
    return int(second_integer.lt(first_integer))


class Symbol(Value):
    """An interned name (`symbol` keeps one object a name)."""

    _attrs_ = ["name"]
    _immutable_fields_ = ["name"]
    kind = "symbol"

    def __init__(self, name):
        self.name = name

    def write(self, parts):
        parts.append(self.name)


class SymbolTable:
    """All symbols by name."""

    def __init__(self):
        self.symbols = {}

    @jit.elidable
    def intern(self, name):
        symbol = self.symbols.get(name, None)
        if symbol is None:
            symbol = Symbol(name)
            self.symbols[name] = symbol
        return symbol


TABLE = SymbolTable()


def symbol(name):
    return TABLE.intern(name)


class Pair(Value):
    _attrs_ = ["first", "rest"]
    kind = "pair"

    def __init__(self, first, rest):
        self.first = first
        self.rest = rest

    def write(self, parts):
        self._print(parts, False)

    def display(self, parts):
        self._print(parts, True)

    def _print(self, parts, as_display):
        parts.append("(")
        pair = self
        while True:
            if as_display:
                pair.first.display(parts)
            else:
                pair.first.write(parts)
            rest = pair.rest
            if isinstance(rest, Pair):
                parts.append(" ")
                pair = rest
                continue
            if rest is not EMPTY:
                parts.append(" . ")
                if as_display:
                    rest.display(parts)
                else:
                    rest.write(parts)
            break
        parts.append(")")

    def equals(self, other):
        left = self
        while isinstance(other, Pair):
            if not left.first.equals(other.first):
                return False
            rest = left.rest
            if not isinstance(rest, Pair):
                return rest.equals(other.rest)
            left = rest
            other = other.rest
        return False


class PlacedPair(Pair):
    """A pair that came from the source text; the analyser reports errors with its place."""

    _attrs_ = ["place"]

    def __init__(self, first, rest, place):
        Pair.__init__(self, first, rest)
        self.place = place


class String(Value):
    _attrs_ = ["text"]
    _immutable_fields_ = ["text"]
    kind = "string"

    def __init__(self, text):
        self.text = text

    def write(self, parts):
        parts.append('"')
        for character in self.text:
            if character == '"' or character == "\\":
                parts.append("\\")
                parts.append(character)
            elif character == "\n":
                parts.append("\\n")
            elif character == "\t":
                parts.append("\\t")
            else:
                parts.append(character)
        parts.append('"')

    def display(self, parts):
        parts.append(self.text)

    def equals(self, other):
        return isinstance(other, String) and other.text == self.text


CHARACTER_NAMES = {" ": "space", "\n": "newline", "\t": "tab", "\0": "nul", "\r": "return"}
CHARACTERS_BY_NAME = {name: character for character, name in CHARACTER_NAMES.items()}


class Character(Value):
    _attrs_ = ["character"]
    _immutable_fields_ = ["character"]
    kind = "character"

    def __init__(self, character):
        self.character = character

    def write(self, parts):
        parts.append("#\\" + CHARACTER_NAMES.get(self.character, self.character))

    def display(self, parts):
        parts.append(self.character)

    def same(self, other):
        return isinstance(other, Character) and other.character == self.character


class Vector(Value):
    _attrs_ = ["items"]
    kind = "vector"

    def __init__(self, items):
        self.items = items

    def write(self, parts):
        parts.append("#(")
        for index in range(len(self.items)):
            if index > 0:
                parts.append(" ")
            self.items[index].write(parts)
        parts.append(")")

    def display(self, parts):
        parts.append("#(")
        for index in range(len(self.items)):
            if index > 0:
                parts.append(" ")
            self.items[index].display(parts)
        parts.append(")")

    def equals(self, other):
        if not isinstance(other, Vector) or len(other.items) != len(self.items):
            return False
        for index in range(len(self.items)):
            if not self.items[index].equals(other.items[index]):
                return False
        return True


class Procedure(Value):
    """What can stand at the head of a combination."""

    _attrs_ = ["name"]
    _immutable_fields_ = ["name"]
    kind = "procedure"

    def __init__(self, name):
        self.name = name

    def write(self, parts):
        parts.append("#<procedure " + self.name + ">")


def list_from(items, tail=EMPTY):
    result = tail
    index = len(items) - 1
    while index >= 0:
        result = Pair(items[index], result)
        index -= 1
    return result


def items_of(value, message):
    """The items of a proper list.

    Raises:
        SchemeError: *value* is no proper list; the text is *message* and what it is.
    """
    items = []
    current = value
    while isinstance(current, Pair):
        items.append(current.first)
        current = current.rest
    if current is not EMPTY:
        raise SchemeError(message + ", got " + written(value))
    return items
