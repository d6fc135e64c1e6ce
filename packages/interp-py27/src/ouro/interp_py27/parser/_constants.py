"""Constants of code objects, independent of any object space.

Literals in the AST and the entries of `CodeUnit.consts` are of these classes; the virtual machine turns them
into application objects by a virtual call of its own choosing.  `same_constant` says whether the compiler may
share one entry of the constant table between two of them: equal value and equal type, with signed zeros kept
apart.
"""

from ouro.rlib import rfloat


class Constant:
    """Base of all constants."""

    def is_true(self):
        """The truth value the constant has at run time."""
        return True

    def same_constant(self, other):
        return self is other

    def hash_key(self):
        """A string equal for all constants that `same_constant` calls the same."""
        return self.kind_name()

    def kind_name(self):
        return "object"


class ConstNone(Constant):
    def is_true(self):
        return False

    def same_constant(self, other):
        return isinstance(other, ConstNone)

    def kind_name(self):
        return "None"


class ConstEllipsis(Constant):
    def same_constant(self, other):
        return isinstance(other, ConstEllipsis)

    def kind_name(self):
        return "Ellipsis"


class ConstStopIteration(Constant):
    """Only ever found in marshalled data."""

    def kind_name(self):
        return "StopIteration"


class ConstBool(Constant):
    def __init__(self, value):
        self.value = value

    def is_true(self):
        return self.value

    def same_constant(self, other):
        return isinstance(other, ConstBool) and other.value == self.value

    def hash_key(self):
        return "True" if self.value else "False"

    def kind_name(self):
        return "bool"


class ConstInt(Constant):
    """A machine integer: `int` at application level."""

    def __init__(self, value):
        self.value = value

    def is_true(self):
        return self.value != 0

    def same_constant(self, other):
        return isinstance(other, ConstInt) and other.value == self.value

    def hash_key(self):
        return "i%d" % self.value

    def kind_name(self):
        return "int"


class ConstLong(Constant):
    """An arbitrary-precision integer: `long` at application level; `value` is an `rbigint`."""

    def __init__(self, value):
        self.value = value

    def is_true(self):
        return self.value.tobool()

    def same_constant(self, other):
        return isinstance(other, ConstLong) and other.value.eq(self.value)

    def hash_key(self):
        return "l" + self.value.str()

    def kind_name(self):
        return "long"


def _same_float(a, b):
    if a == 0.0 and b == 0.0:
        return rfloat.copysign(1.0, a) == rfloat.copysign(1.0, b)
    return a == b


def _float_key(value):
    return rfloat.double_to_string(value, "r", 0, 0)


class ConstFloat(Constant):
    def __init__(self, value):
        self.value = value

    def is_true(self):
        return self.value != 0.0

    def same_constant(self, other):
        return isinstance(other, ConstFloat) and _same_float(other.value, self.value)

    def hash_key(self):
        return "f" + _float_key(self.value)

    def kind_name(self):
        return "float"


class ConstComplex(Constant):
    def __init__(self, real, imag):
        self.real = real
        self.imag = imag

    def is_true(self):
        return self.real != 0.0 or self.imag != 0.0

    def same_constant(self, other):
        return (isinstance(other, ConstComplex) and _same_float(other.real, self.real)
                and _same_float(other.imag, self.imag))

    def hash_key(self):
        return "c" + _float_key(self.real) + "," + _float_key(self.imag)

    def kind_name(self):
        return "complex"


class ConstBytes(Constant):
    """An 8-bit string: `str` at application level."""

    def __init__(self, value):
        self.value = value

    def is_true(self):
        return len(self.value) > 0

    def same_constant(self, other):
        return isinstance(other, ConstBytes) and other.value == self.value

    def hash_key(self):
        return "s" + self.value

    def kind_name(self):
        return "str"


class ConstUnicode(Constant):
    """Text; `value` is its UTF-8 form, in which surrogates are encoded like any other code point."""

    def __init__(self, value):
        self.value = value

    def is_true(self):
        return len(self.value) > 0

    def same_constant(self, other):
        return isinstance(other, ConstUnicode) and other.value == self.value

    def hash_key(self):
        return "u" + self.value

    def kind_name(self):
        return "unicode"


class ConstTuple(Constant):
    def __init__(self, items):
        self.items = items

    def is_true(self):
        return len(self.items) > 0

    def same_constant(self, other):
        if not isinstance(other, ConstTuple) or len(other.items) != len(self.items):
            return False
        for i in range(len(self.items)):
            if not self.items[i].same_constant(other.items[i]):
                return False
        return True

    def hash_key(self):
        return "t" + "\x00".join([item.hash_key() for item in self.items])

    def kind_name(self):
        return "tuple"


class ConstFrozenSet(Constant):
    """Only ever found in marshalled data."""

    def __init__(self, items):
        self.items = items

    def is_true(self):
        return len(self.items) > 0

    def kind_name(self):
        return "frozenset"


NONE = ConstNone()
ELLIPSIS = ConstEllipsis()
STOP_ITERATION = ConstStopIteration()
TRUE = ConstBool(True)
FALSE = ConstBool(False)
