"""The digits of numbers, which the ``%`` operator and ``format()`` share."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.bigint_object import W_AnyLong
from ouro.interp_py27.objects.int_object import W_AnyInt
from ouro.interp_py27.vm.errors import OperationError, type_error, value_error
from ouro.rlib.jit import elidable
from ouro.rlib.rarithmetic import r_uint
from ouro.rlib.rstring import StringBuilder

DIGITS = "0123456789abcdef"
BASES = {"d": 10, "i": 10, "u": 10, "o": 8, "x": 16, "X": 16, "b": 2, "n": 10}


@elidable
def base_of(character):
    """The base of the conversion with this letter."""
    return BASES[character]


def magnitude_text(value, base):
    """The digits of the absolute value of a machine integer."""
    if base == 10 and value >= 0:
        return str(value)
    rest = r_uint(value)
    if value < 0:
        rest = r_uint(0) - rest
    return digits_of(rest, base)


@elidable
def digits_of(rest, base):
    characters = []
    divisor = r_uint(base)
    while True:
        characters.append(DIGITS[int(rest % divisor)])
        rest = rest // divisor
        if not rest:
            break
    characters.reverse()
    return "".join(characters)


def big_magnitude_text(big, base):
    """The digits of the absolute value of an rbigint."""
    return big.abs().format(DIGITS[:base])


def integer_digits(w_number, base):
    """``(is negative, digits of the absolute value)`` of an int or long."""
    if isinstance(w_number, W_AnyInt):
        return w_number.intval < 0, magnitude_text(w_number.intval, base)
    assert isinstance(w_number, W_AnyLong)
    return w_number.big.sign < 0, big_magnitude_text(w_number.big, base)


def own_digits(w_number, character):
    """As `integer_digits`, by the special method that an instance of a subclass of long may have for it."""
    if character == "o":
        name = "__oct__"
    elif character == "x" or character == "X":
        name = "__hex__"
    else:
        name = "__str__"
    w_text = space.call_special_0(space.lookup(w_number, name), w_number)
    if not space.is_text(w_text):
        raise type_error("expected string or Unicode object, %s found" % space.type_name(w_text))
    text = space.text_w(w_text)
    end = len(text)
    if text.endswith("L"):
        end -= 1
    start = 1 if text.startswith("-") else 0
    is_negative = start == 1
    valid = True
    if name == "__hex__":
        valid = text.startswith("0x", start)
        start += 2
    elif name == "__oct__":
        valid = text.startswith("0", start)
        if end > start + 1:
            start += 1
    if not valid or end <= start:
        raise value_error("%%%s format: invalid result of %s (type=%s)" % (character, name, space.type_name(w_number)))
    assert start >= 0
    return is_negative, text[start:end]


def integer_of(w_number):
    """The int or long that a number truncates to, or None where it is no number."""
    if isinstance(w_number, W_AnyInt) or isinstance(w_number, W_AnyLong):
        return w_number
    if not space.is_number(w_number):
        return None
    w_result = converted(w_number, "__int__")
    if w_result is None:
        w_result = converted(w_number, "__long__")
    return w_result


def converted(w_number, name):
    """What the special method gives; None where there is none, where it fails, or where that is no integer."""
    w_method = space.lookup(w_number, name)
    if w_method is None:
        return None
    try:
        w_result = space.call_special_0(w_method, w_number)
    except OperationError:
        return None
    if isinstance(w_result, W_AnyInt) or isinstance(w_result, W_AnyLong):
        return w_result
    return None


def group_digits(digits, minimum):
    """Commas between groups of three, with zeros in front up to *minimum* characters."""
    size = len(digits)
    while size + (size - 1) // 3 < minimum:
        size += 1
    builder = StringBuilder(size + size // 3)
    for i in range(size):
        if i > 0 and (size - i) % 3 == 0:
            builder.append(",")
        position = i - (size - len(digits))
        builder.append("0" if position < 0 else digits[position])
    return builder.build()
