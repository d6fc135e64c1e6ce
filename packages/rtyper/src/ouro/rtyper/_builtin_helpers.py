# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""What Python's functions do, as RPython functions over low-level values."""

from __future__ import annotations

from ouro.rlib.rarithmetic import intmask, r_longlong, r_uint
from ouro.rtyper._externals import MATH, MATH_ARITIES, SCALE, WRITE
from ouro.rtyper._helpers import low_level, low_level_module
from ouro.rtyper._llops import (
    array_copy,
    array_copy_to_raw,
    float_from_bits,
    float_to_bits,
    gc_id,
    get_object_type,
    raw_free,
    raw_malloc,
)
from ouro.rtyper._marker_helpers import float_to_int_as_python
from ouro.rtyper._object_helpers import class_name, is_subclass
from ouro.rtyper._program import VTABLE_POINTER
from ouro.rtyper._string_helpers import (
    EMPTY,
    char_to_string,
    concat,
    concat3,
    new_string,
    prebuilt_string,
    slice_part,
    unsigned_to_base,
)

C_FLOOR = MATH["floor"]
C_COPYSIGN = MATH["copysign"]
C_TRUNC = MATH["trunc"]

__all__ = ["EMPTY", "array_copy", "char_to_string", "is_subclass", "slice_part"]


def minimum(a, b, less):
    return b if less(b, a) else a


def maximum(a, b, less):
    return b if less(a, b) else a


def minimum_of(items, length, less):
    if length == 0:
        raise ValueError from None
    result = items[0]
    i = 1
    while i < length:
        if less(items[i], result):
            result = items[i]
        i += 1
    return result


def maximum_of(items, length, less):
    if length == 0:
        raise ValueError from None
    result = items[0]
    i = 1
    while i < length:
        if less(result, items[i]):
            result = items[i]
        i += 1
    return result


def sum_items(items, length, start):
    i = 0
    while i < length:
        start += items[i]
        i += 1
    return start


def sum_floats(items, length, start):
    i = 0
    while i < length:
        start = start + float(items[i])
        i += 1
    return start


def primitive_truth(value):
    return bool(value)


def any_item(items, length, test):
    i = 0
    while i < length:
        if test(items[i]):
            return True
        i += 1
    return False


def all_items(items, length, test):
    i = 0
    while i < length:
        if not test(items[i]):
            return False
        i += 1
    return True


def chr_checked(value):
    if value < 0 or value > 255:
        raise ValueError from None
    return chr(value)


MINUS = prebuilt_string("-")


def int_to_base(value, shift, prefix):
    if value >= 0:
        return unsigned_to_base(r_uint(value), shift, prefix)
    return concat(MINUS, unsigned_to_base(r_uint(-value), shift, prefix))


def string_of_numbers(items, length):
    result = new_string(length)
    i = 0
    while i < length:
        result.chars[i] = chr(items[i])
        i += 1
    return result


LESS = prebuilt_string("<")
OBJECT_AT = prebuilt_string(" object at ")
POINTER_AT = prebuilt_string("<pointer at ")
MORE = prebuilt_string(">")
HEX = prebuilt_string("0x")
NONE = prebuilt_string("None")


def describe_instance(value):
    if not value:
        return NONE
    name = class_name(get_object_type(VTABLE_POINTER, value))
    number = unsigned_to_base(r_uint(gc_id(value)), 4, HEX)
    return concat3(concat(LESS, name), OBJECT_AT, concat(number, MORE))


def describe_pointer(value):
    if not value:
        return NONE
    return concat3(POINTER_AT, unsigned_to_base(r_uint(gc_id(value)), 4, HEX), MORE)


def write_string(descriptor, s):
    n = len(s.chars)
    buffer = raw_malloc(n)
    array_copy_to_raw(s, 0, buffer, n)
    done = 0
    while done < n:
        count = WRITE(descriptor, buffer + done, n - done)
        if count <= 0:
            break
        done += count
    raw_free(buffer)


# ---- floats


def is_infinite(x):
    return x == x and x - x != 0.0


def is_finite(x):
    return x - x == 0.0


def is_integer(x):
    return x - x == 0.0 and C_FLOOR(x) == x


def truncated(x):
    return C_TRUNC(x)


def fraction_of(x, whole):
    if is_infinite(x):
        return C_COPYSIGN(0.0, x)
    return C_COPYSIGN(x - whole, x)


def frexp_exponent(x):
    if x == 0.0 or x - x != 0.0:
        return 0
    bits = intmask(float_to_bits(x))
    exponent = (bits >> 52) & 0x7FF
    if exponent == 0:
        bits = intmask(float_to_bits(x * 18014398509481984.0))
        exponent = ((bits >> 52) & 0x7FF) - 54
    return exponent - 1022


def frexp_mantissa(x):
    if x == 0.0 or x - x != 0.0:
        return x
    bits = intmask(float_to_bits(x))
    if (bits >> 52) & 0x7FF == 0:
        bits = intmask(float_to_bits(x * 18014398509481984.0))
    return float_from_bits(r_longlong((bits & ~(0x7FF << 52)) | (1022 << 52)))


def ldexp(x, n):
    if n > 5000:
        n = 5000
    if n < -5000:
        n = -5000
    return SCALE(x, n)


def ldexp_checked(x, n):
    result = ldexp(x, n)
    if is_infinite(result) and is_finite(x):
        raise OverflowError
    return result


def round_to_int(x):
    """Halves go to the even number, as Python 3 rounds."""
    lower = C_FLOOR(x)
    rest = x - lower
    if rest > 0.5 or (rest == 0.5 and C_FLOOR(lower * 0.5) * 2.0 != lower):
        lower = lower + 1.0
    return float_to_int_as_python(lower)


def _checked_unary(name):
    pointer = MATH[name]

    def call(x):
        result = pointer(x)
        if result != result and x == x:
            raise ValueError
        if is_infinite(result) and is_finite(x):
            if name in ("log", "log10", "log1p", "atanh"):
                raise ValueError
            raise OverflowError
        return result

    return low_level(call)


def _checked_binary(name):
    pointer = MATH[name]

    def call(x, y):
        result = pointer(x, y)
        if result != result and x == x and y == y:
            raise ValueError
        if is_infinite(result) and is_finite(x) and is_finite(y):
            if name == "pow" and x == 0.0:
                raise ValueError
            raise OverflowError
        return result

    return low_level(call)


CHECKED_MATH = {
    name: (_checked_binary if arity == 2 else _checked_unary)(name) for name, arity in MATH_ARITIES.items()
}


low_level_module(globals())
