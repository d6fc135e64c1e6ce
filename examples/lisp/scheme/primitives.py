"""The procedures that are there from the start, as one table."""

import os

from ouro.rlib import jit

from scheme import values
from scheme.errors import SchemeError, SchemeExit
from scheme.nodes import Callable, finish
from scheme.values import (
    EMPTY,
    FALSE,
    TRUE,
    UNSPECIFIED,
    Character,
    Fixnum,
    Flonum,
    Number,
    Pair,
    Procedure,
    String,
    Symbol,
    Vector,
    boolean,
    displayed,
    integer,
    items_of,
    list_from,
    symbol,
    written,
)


class Primitive(Callable):
    """A procedure written in RPython: *function* gets the list of arguments, *least* to *most* of them."""

    _attrs_ = ["function", "least", "most"]
    _immutable_fields_ = ["function", "least", "most"]

    def __init__(self, name, function, least, most):
        Callable.__init__(self, name)
        self.function = function
        self.least = least
        self.most = most

    def apply(self, arguments):
        count = len(arguments)
        if count < self.least or (self.most >= 0 and count > self.most):
            if self.most < 0:
                wanted = "at least %d" % self.least
            elif self.least == self.most:
                wanted = "%d" % self.least
            else:
                wanted = "%d to %d" % (self.least, self.most)
            raise SchemeError("%s takes %s arguments, got %d" % (self.name, wanted, count))
        return self.function(arguments)


TABLE = []


def primitive(name, least, most=-2):
    """Enter a function into the table under *name*; *most* of -1 is no bound, left out it is *least*."""

    def register(function):
        TABLE.append((name, function, least, least if most == -2 else most))
        return function

    return register


def wrong(name, expected, value):
    return SchemeError("%s: expected %s, got %s" % (name, expected, written(value)))


def number(name, value):
    if not isinstance(value, Number):
        raise wrong(name, "a number", value)
    return value


def small(name, value):
    """A machine integer, as an index or a count."""
    if not isinstance(value, Fixnum):
        raise wrong(name, "a small exact integer", value)
    return value.number


def text(name, value):
    if not isinstance(value, String):
        raise wrong(name, "a string", value)
    return value.text


def pair(name, value):
    if not isinstance(value, Pair):
        raise wrong(name, "a pair", value)
    return value


def vector(name, value):
    if not isinstance(value, Vector):
        raise wrong(name, "a vector", value)
    return value


@primitive("+", 0, -1)
@jit.unroll_safe
def add(arguments):
    result = Fixnum(0)
    for argument in arguments:
        result = values.add(result, number("+", argument))
    return result


@primitive("*", 0, -1)
@jit.unroll_safe
def multiply(arguments):
    result = Fixnum(1)
    for argument in arguments:
        result = values.multiply(result, number("*", argument))
    return result


@primitive("-", 1, -1)
@jit.unroll_safe
def subtract(arguments):
    first = number("-", arguments[0])
    if len(arguments) == 1:
        return values.subtract(Fixnum(0), first)
    for index in range(1, len(arguments)):
        first = values.subtract(first, number("-", arguments[index]))
    return first


@primitive("/", 1, -1)
def divide(arguments):
    first = number("/", arguments[0])
    if len(arguments) == 1:
        return quotient_of(Fixnum(1), first)
    for index in range(1, len(arguments)):
        first = quotient_of(first, number("/", arguments[index]))
    return first


def quotient_of(left, right):
    """Exact where it comes out even, else inexact: this Scheme has no fractions."""
    if right.is_zero():
        raise SchemeError("/: division by zero")
    if not isinstance(left, Flonum) and not isinstance(right, Flonum):
        whole, rest = left.as_bigint().divmod(right.as_bigint())
        if not rest.tobool():
            return integer(whole)
    return Flonum(left.as_float() / right.as_float())


def whole_division(name, arguments):
    left = number(name, arguments[0])
    right = number(name, arguments[1])
    if right.is_zero():
        raise SchemeError(name + ": division by zero")
    return left.as_bigint(), right.as_bigint()


@primitive("quotient", 2)
def quotient(arguments):
    left, right = whole_division("quotient", arguments)
    result = left.abs().floordiv(right.abs())
    if left.sign * right.sign < 0:
        result = result.neg()
    return integer(result)


@primitive("remainder", 2)
def remainder(arguments):
    left, right = whole_division("remainder", arguments)
    result = left.abs().mod(right.abs())
    if left.sign < 0:
        result = result.neg()
    return integer(result)


@primitive("modulo", 2)
def modulo(arguments):
    left, right = whole_division("modulo", arguments)
    return integer(left.mod(right))


@primitive("expt", 2)
def expt(arguments):
    base = number("expt", arguments[0])
    exponent = number("expt", arguments[1])
    if isinstance(base, Flonum) or isinstance(exponent, Flonum):
        raise SchemeError("expt: expected exact integers")
    power = exponent.as_bigint()
    if power.sign < 0:
        raise wrong("expt", "an exponent that is not negative", exponent)
    return integer(base.as_bigint().pow(power))


@jit.unroll_safe
def ordered(name, arguments, wanted_low, wanted_high):
    """True where each neighbouring pair compares between *wanted_low* and *wanted_high*."""
    result = TRUE
    for index in range(len(arguments) - 1):
        order = values.compare(number(name, arguments[index]), number(name, arguments[index + 1]))
        if order < wanted_low or order > wanted_high:
            result = FALSE
    return result


@primitive("=", 2, -1)
def equal_numbers(arguments):
    return ordered("=", arguments, 0, 0)


@primitive("<", 2, -1)
def increasing(arguments):
    return ordered("<", arguments, -1, -1)


@primitive(">", 2, -1)
def decreasing(arguments):
    return ordered(">", arguments, 1, 1)


@primitive("<=", 2, -1)
def not_decreasing(arguments):
    return ordered("<=", arguments, -1, 0)


@primitive(">=", 2, -1)
def not_increasing(arguments):
    return ordered(">=", arguments, 0, 1)


@primitive("number->string", 1)
def number_to_string(arguments):
    return String(written(number("number->string", arguments[0])))


@primitive("exact->inexact", 1)
def exact_to_inexact(arguments):
    return Flonum(number("exact->inexact", arguments[0]).as_float())


@primitive("not", 1)
def logical_not(arguments):
    return boolean(arguments[0] is FALSE)


@primitive("eq?", 2)
def eq(arguments):
    return boolean(arguments[0].same(arguments[1]))


@primitive("eqv?", 2)
def eqv(arguments):
    return boolean(arguments[0].same(arguments[1]))


@primitive("equal?", 2)
def equal(arguments):
    return boolean(arguments[0].equals(arguments[1]))


@primitive("null?", 1)
def is_null(arguments):
    return boolean(arguments[0] is EMPTY)


@primitive("pair?", 1)
def is_pair(arguments):
    return boolean(isinstance(arguments[0], Pair))


@primitive("number?", 1)
def is_number(arguments):
    return boolean(isinstance(arguments[0], Number))


@primitive("integer?", 1)
def is_integer(arguments):
    return boolean(isinstance(arguments[0], Number) and not isinstance(arguments[0], Flonum))


@primitive("symbol?", 1)
def is_symbol(arguments):
    return boolean(isinstance(arguments[0], Symbol))


@primitive("string?", 1)
def is_string(arguments):
    return boolean(isinstance(arguments[0], String))


@primitive("char?", 1)
def is_character(arguments):
    return boolean(isinstance(arguments[0], Character))


@primitive("vector?", 1)
def is_vector(arguments):
    return boolean(isinstance(arguments[0], Vector))


@primitive("procedure?", 1)
def is_procedure(arguments):
    return boolean(isinstance(arguments[0], Procedure))


@primitive("boolean?", 1)
def is_boolean(arguments):
    return boolean(arguments[0] is TRUE or arguments[0] is FALSE)


@primitive("cons", 2)
def cons(arguments):
    return Pair(arguments[0], arguments[1])


@primitive("car", 1)
def car(arguments):
    return pair("car", arguments[0]).first


@primitive("cdr", 1)
def cdr(arguments):
    return pair("cdr", arguments[0]).rest


@primitive("cadr", 1)
def cadr(arguments):
    return pair("cadr", pair("cadr", arguments[0]).rest).first


@primitive("cddr", 1)
def cddr(arguments):
    return pair("cddr", pair("cddr", arguments[0]).rest).rest


@primitive("caddr", 1)
def caddr(arguments):
    return pair("caddr", pair("caddr", pair("caddr", arguments[0]).rest).rest).first


@primitive("set-car!", 2)
def set_car(arguments):
    pair("set-car!", arguments[0]).first = arguments[1]
    return UNSPECIFIED


@primitive("set-cdr!", 2)
def set_cdr(arguments):
    pair("set-cdr!", arguments[0]).rest = arguments[1]
    return UNSPECIFIED


@primitive("list", 0, -1)
def make_list(arguments):
    return list_from(arguments)


@primitive("length", 1)
def length(arguments):
    return Fixnum(len(items_of(arguments[0], "length: expected a proper list")))


@primitive("append", 0, -1)
def append(arguments):
    if len(arguments) == 0:
        return EMPTY
    result = arguments[len(arguments) - 1]
    index = len(arguments) - 2
    while index >= 0:
        result = list_from(items_of(arguments[index], "append: expected a proper list"), result)
        index -= 1
    return result


@primitive("reverse", 1)
def reverse(arguments):
    result = EMPTY
    for item in items_of(arguments[0], "reverse: expected a proper list"):
        result = Pair(item, result)
    return result


@primitive("list-ref", 2)
def list_ref(arguments):
    items = items_of(arguments[0], "list-ref: expected a proper list")
    index = small("list-ref", arguments[1])
    if index < 0 or index >= len(items):
        raise SchemeError("list-ref: index %d is outside a list of %d" % (index, len(items)))
    return items[index]


@primitive("memv", 2)
def memv(arguments):
    current = arguments[1]
    while isinstance(current, Pair):
        if current.first.same(arguments[0]):
            return current
        current = current.rest
    return FALSE


@primitive("member", 2)
def member(arguments):
    current = arguments[1]
    while isinstance(current, Pair):
        if current.first.equals(arguments[0]):
            return current
        current = current.rest
    return FALSE


@primitive("assoc", 2)
def assoc(arguments):
    for item in items_of(arguments[1], "assoc: expected a proper list"):
        if pair("assoc", item).first.equals(arguments[0]):
            return item
    return FALSE


@primitive("vector", 0, -1)
def make_vector_of(arguments):
    return Vector(arguments[:])


@primitive("make-vector", 1, 2)
def make_vector(arguments):
    size = small("make-vector", arguments[0])
    if size < 0:
        raise wrong("make-vector", "a size that is not negative", arguments[0])
    fill = arguments[1] if len(arguments) == 2 else UNSPECIFIED
    return Vector([fill] * size)


def vector_index(name, arguments):
    items = vector(name, arguments[0]).items
    index = small(name, arguments[1])
    if index < 0 or index >= len(items):
        raise SchemeError("%s: index %d is outside a vector of %d" % (name, index, len(items)))
    return index


@primitive("vector-ref", 2)
def vector_ref(arguments):
    return vector("vector-ref", arguments[0]).items[vector_index("vector-ref", arguments)]


@primitive("vector-set!", 3)
def vector_set(arguments):
    vector("vector-set!", arguments[0]).items[vector_index("vector-set!", arguments)] = arguments[2]
    return UNSPECIFIED


@primitive("vector-length", 1)
def vector_length(arguments):
    return Fixnum(len(vector("vector-length", arguments[0]).items))


@primitive("string-append", 0, -1)
def string_append(arguments):
    return String("".join([text("string-append", argument) for argument in arguments]))


@primitive("string-length", 1)
def string_length(arguments):
    return Fixnum(len(text("string-length", arguments[0])))


@primitive("string-ref", 2)
def string_ref(arguments):
    string = text("string-ref", arguments[0])
    index = small("string-ref", arguments[1])
    if index < 0 or index >= len(string):
        raise SchemeError("string-ref: index %d is outside a string of %d" % (index, len(string)))
    return Character(string[index])


@primitive("substring", 3)
def substring(arguments):
    string = text("substring", arguments[0])
    start = small("substring", arguments[1])
    stop = small("substring", arguments[2])
    if start < 0 or stop < start or stop > len(string):
        raise SchemeError("substring: %d to %d is outside a string of %d" % (start, stop, len(string)))
    return String(string[start:stop])


@primitive("string=?", 2)
def string_equal(arguments):
    return boolean(text("string=?", arguments[0]) == text("string=?", arguments[1]))


@primitive("symbol->string", 1)
def symbol_to_string(arguments):
    value = arguments[0]
    if not isinstance(value, Symbol):
        raise wrong("symbol->string", "a symbol", value)
    return String(value.name)


@primitive("string->symbol", 1)
def string_to_symbol(arguments):
    return symbol(text("string->symbol", arguments[0]))


@primitive("char->integer", 1)
def char_to_integer(arguments):
    value = arguments[0]
    if not isinstance(value, Character):
        raise wrong("char->integer", "a character", value)
    return Fixnum(ord(value.character))


@primitive("integer->char", 1)
def integer_to_char(arguments):
    code = small("integer->char", arguments[0])
    if code < 0 or code > 255:
        raise wrong("integer->char", "an integer from 0 to 255", arguments[0])
    return Character(chr(code))


def callable_argument(name, value):
    if not isinstance(value, Callable):
        raise wrong(name, "a procedure", value)
    return value


@primitive("apply", 2)
def apply(arguments):
    procedure = callable_argument("apply", arguments[0])
    return procedure.apply(items_of(arguments[1], "apply: expected a proper list"))


@primitive("map", 2)
def map_list(arguments):
    procedure = callable_argument("map", arguments[0])
    items = items_of(arguments[1], "map: expected a proper list")
    return list_from([finish(procedure.apply([item])) for item in items])


@primitive("for-each", 2)
def for_each(arguments):
    procedure = callable_argument("for-each", arguments[0])
    for item in items_of(arguments[1], "for-each: expected a proper list"):
        finish(procedure.apply([item]))
    return UNSPECIFIED


@primitive("error", 1, -1)
def error(arguments):
    parts = [displayed(arguments[0])]
    for index in range(1, len(arguments)):
        parts.append(written(arguments[index]))
    raise SchemeError(" ".join(parts))


@primitive("exit", 0, 1)
def leave(arguments):
    raise SchemeExit(small("exit", arguments[0]) if len(arguments) == 1 else 0)


def write_all(descriptor, string):
    data = string.encode("latin-1")
    while len(data) > 0:
        count = os.write(descriptor, data)
        data = data[count:]


@primitive("display", 1)
def display(arguments):
    write_all(1, displayed(arguments[0]))
    return UNSPECIFIED


@primitive("write", 1)
def write(arguments):
    write_all(1, written(arguments[0]))
    return UNSPECIFIED


@primitive("newline", 0)
def newline(arguments):
    write_all(1, "\n")
    return UNSPECIFIED


def define_primitives(variables):
    """Give each primitive its global variable."""
    for name, function, least, most in TABLE:
        variables.cell(name).value = Primitive(name, function, least, most)
