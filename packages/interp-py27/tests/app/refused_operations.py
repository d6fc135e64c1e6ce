"""Operations that a type refuses, or that only coercion makes possible."""

import collections


class Plain(object):
    pass


class Number(int):
    pass


for value in ["a", u"a", (1,), None, 1, xrange(3), set(), frozenset(), object(), Plain(), Number(), iter([]), len]:
    for key in [0, 5L, "a", None]:
        try:
            del value[key]
        except TypeError as error:
            print type(value).__name__, repr(key), error

for value in [xrange(3), collections.deque([1]), {}, [], Plain(), 1, "a", bytearray("a"), buffer("ab")]:
    for template in ["", "%(a)s"]:
        try:
            print type(value).__name__, repr(template % value)
        except (TypeError, KeyError) as error:
            print type(value).__name__, error


class Coerced(object):
    def __coerce__(self, other):
        print "coerce", type(other).__name__,
        return 7, 5


for value in [(), [], {}, None, 1, 2L, 1.5, 2j, "a", u"a", set(), xrange(2), object(), Coerced(), len, slice(1)]:
    for operation in ["Coerced() - value", "value - Coerced()", "value + Coerced()", "value * Coerced()",
                      "Coerced() ** value", "divmod(Coerced(), value)", "Coerced() % value", "Coerced() | value"]:
        try:
            print operation, type(value).__name__, eval(operation)
        except TypeError as error:
            print operation, type(value).__name__, error

value = []
value -= Coerced()
print value


class Refusing(object):
    def __coerce__(self, other):
        return 0


try:
    () - Refusing()
except TypeError as error:
    print error


class Represented(object):
    def __repr__(self):
        return 1


for function in [repr, str, unicode, lambda value: "%s" % value, lambda value: "%r" % value, "{}".format]:
    try:
        print function(Represented())
    except TypeError as error:
        print error

for code in [2 ** 31, -2 ** 31 - 1, 2 ** 70, 2 ** 31 - 1, -1]:
    for function in [unichr, chr]:
        try:
            function(code)
        except (OverflowError, ValueError) as error:
            print type(error).__name__, error

print repr(bytearray("it's")), repr(bytearray('"')), repr(bytearray("'\"\\\t\x00\xff"))


class Texts(object):
    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text


for text in ["a", "\xe9", u"a", u"\xe9", 1, None]:
    for function in [str, unicode, lambda value: "%s" % value, lambda value: u"%s" % value, u"{}".format, "{}".format]:
        try:
            print repr(function(Texts(text)))
        except (TypeError, UnicodeError) as error:
            print type(error).__name__, error
