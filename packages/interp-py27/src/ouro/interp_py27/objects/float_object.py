"""``float``."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.bigint_object import W_AnyLong, to_float
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.int_object import COMPARISONS, W_AnyInt, before_nul
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import overflow_error, type_error, value_error, zero_division
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, class_method, define_type
from ouro.rlib import rfloat, rmath
from ouro.rlib.objectmodel import not_rpython
from ouro.rlib.rarithmetic import ParseStringError, r_ulonglong
from ouro.rlib.rbigint import rbigint
from ouro.rlib.rfloat import DTSF_ADD_DOT_0, float_hash, float_to_bits, isfinite, isinf, isnan, string_to_float

INFINITY = float("inf")
NAN = float("nan")


class W_AnyFloat(W_Root):
    """A float or an instance of a subclass."""

    _attrs_ = ("floatval",)
    _immutable_fields_ = ["floatval"]

    def __init__(self, floatval):
        self.floatval = floatval


class W_Float(W_AnyFloat):
    """An exact float; the same bits make the same object, since lists and instances keep nothing else of it."""

    def is_same(self, w_other):
        return isinstance(w_other, W_Float) and same_bits(self.floatval, w_other.floatval)


W_FloatUser = make_user_class(W_AnyFloat)


def same_bits(left, right):
    """Whether two floats are the same object: a NaN is the same as itself, 0.0 is not -0.0."""
    return float_to_bits(left) == float_to_bits(right)


def same_or_equal(left, right):
    """Equality as containers use it, where a NaN is found."""
    return left == right or same_bits(left, right)


def float_identity(value):
    """``id()`` of a float, from all its bits; what no address ends with tells it apart."""
    bits = rbigint.fromrarith_int(r_ulonglong(float_to_bits(value)))
    return space.newint_or_long(bits.lshift(4).int_or_(5))


class NotAFloat(Exception):
    """The other operand is no number that floats know."""


def operand(w_obj):
    """The float for a float, int or long operand; raises NotAFloat."""
    if isinstance(w_obj, W_AnyFloat):
        return w_obj.floatval
    if isinstance(w_obj, W_AnyInt):
        return float(w_obj.intval)
    if isinstance(w_obj, W_AnyLong):
        return to_float(w_obj.big)
    raise NotAFloat


@not_rpython
def _make_pair(operate):
    def left(self, w_other):
        try:
            other = operand(w_other)
        except NotAFloat:
            return space.w_NotImplemented
        return operate(self.floatval, other)

    def right(self, w_other):
        try:
            other = operand(w_other)
        except NotAFloat:
            return space.w_NotImplemented
        return operate(other, self.floatval)

    left.__name__ = left.__qualname__ = operate.__name__
    right.__name__ = right.__qualname__ = "r" + operate.__name__
    return left, right


def float_add(a, b):
    return W_Float(a + b)


def float_sub(a, b):
    return W_Float(a - b)


def float_mul(a, b):
    return W_Float(a * b)


def float_div(a, b):
    if b == 0.0:
        raise zero_division("float division by zero")
    return W_Float(a / b)


def float_floordiv(a, b):
    quotient, _ = divide(a, b, "float divmod()")
    return W_Float(quotient)


def float_mod(a, b):
    _, remainder = divide(a, b, "float modulo")
    return W_Float(remainder)


def float_divmod(a, b):
    quotient, remainder = divide(a, b, "float divmod()")
    return space.newtuple([W_Float(quotient), W_Float(remainder)])


def divide(a, b, what):
    """Floor quotient and remainder with the sign of `b`, as CPython's `float_divmod`."""
    if b == 0.0:
        raise zero_division(what)
    remainder = space.math_fmod(a, b)
    quotient = (a - remainder) / b
    if remainder != 0.0:
        if (b < 0.0) != (remainder < 0.0):
            remainder += b
            quotient -= 1.0
    else:
        remainder = rfloat.copysign(0.0, b)
    if quotient != 0.0:
        floor = space.math_floor(quotient)
        if quotient - floor > 0.5:
            floor += 1.0
    else:
        floor = rfloat.copysign(0.0, a / b)
    return floor, remainder


def float_power(x, y):
    """``x ** y`` with the exceptions of Python."""
    if y == 2.0 and rmath.has_exact_square(x):
        return x * x
    if y == 2.0 and x - x == 0.0:
        result = rmath.square(x)
        if isinf(result):
            raise space.range_error("Numerical result out of range")
        return result
    if y == 0.5 and x >= 0.0 and x - x == 0.0:
        return rmath.square_root(x)
    if x > 0.0 and x - x == 0.0 and y - y == 0.0:
        # a finite positive base and a finite exponent: nothing special but the range of the result
        result = space.math_pow(x, y)
        if isinf(result):
            raise space.range_error("Numerical result out of range")
        return result
    if y == 0.0 or x == 1.0:
        return 1.0
    if isnan(x):
        return x
    if isnan(y):
        return y
    if isinf(y):
        magnitude = abs(x)
        if magnitude == 1.0:
            return 1.0
        if (y > 0.0) == (magnitude > 1.0):
            return INFINITY
        return 0.0
    odd = space.math_fmod(abs(y), 2.0) == 1.0
    if isinf(x):
        if y > 0.0:
            return x if odd else abs(x)
        return rfloat.copysign(0.0, x) if odd else 0.0
    if x == 0.0:
        if y < 0.0:
            raise zero_division("0.0 cannot be raised to a negative power")
        return x if odd else 0.0
    if x < 0.0 and y != space.math_floor(y):
        raise value_error("negative number cannot be raised to a fractional power")
    if x == -1.0:
        return -1.0 if odd else 1.0
    result = space.math_pow(x, y)
    if isinf(result):
        raise space.range_error("Numerical result out of range")
    return result


def float_pow(a, b):
    return W_Float(float_power(a, b))


def descr_pow(self, w_exponent, w_modulus=None):
    if w_modulus is not None and not space.is_none(w_modulus):
        raise type_error("pow() 3rd argument not allowed unless all arguments are integers")
    try:
        exponent = operand(w_exponent)
    except NotAFloat:
        return space.w_NotImplemented
    return float_pow(self.floatval, exponent)


def descr_rpow(self, w_base, w_modulus=None):
    try:
        base = operand(w_base)
    except NotAFloat:
        return space.w_NotImplemented
    return float_pow(base, self.floatval)


@not_rpython
def _make_comparison(name, test):
    def compare(self, w_other):
        if isinstance(w_other, W_AnyFloat):
            return space.newbool(test(self.floatval, w_other.floatval))
        if isinstance(w_other, W_AnyInt):
            value = w_other.intval
            if -(1 << 53) <= value <= (1 << 53):
                return space.newbool(test(self.floatval, float(value)))
            return space.newbool(test(compare_with_big(self.floatval, rbigint.fromint(value)), 0.0))
        if isinstance(w_other, W_AnyLong):
            return space.newbool(test(compare_with_big(self.floatval, w_other.big), 0.0))
        return space.w_NotImplemented

    compare.__name__ = compare.__qualname__ = "float_" + name
    return compare


def compare_with_big(value, big):
    """A float that compares with 0.0 as `value` does with `big`, exactly."""
    if not isfinite(value):
        return value
    truncated = rbigint.fromfloat(value)
    if truncated.lt(big):
        return -1.0
    if truncated.gt(big):
        return 1.0
    # The integer parts are equal: what is behind the point decides.
    return value - truncated.tofloat()


def descr_neg(self):
    return W_Float(-self.floatval)


def descr_float(self):
    if isinstance(self, W_Float):
        return self
    return W_Float(self.floatval)


def descr_abs(self):
    return W_Float(abs(self.floatval))


def descr_nonzero(self):
    return space.newbool(self.floatval != 0.0)


def descr_hash(self):
    value = float_hash(self.floatval)
    return space.newint(-2 if value == -1 else value)


def float_repr(value):
    """The shortest text that reads back as `value`."""
    return rfloat.formatd(value, "r", 0, DTSF_ADD_DOT_0)


def float_str(value):
    """``str()``: twelve digits."""
    return rfloat.formatd(value, "g", 12, DTSF_ADD_DOT_0)


def descr_repr(self):
    return space.newstr(float_repr(self.floatval))


def descr_str(self):
    return space.newstr(float_str(self.floatval))


def check_finite(value):
    if isinf(value):
        raise overflow_error("cannot convert float infinity to integer")
    if isnan(value):
        raise value_error("cannot convert float NaN to integer")


def descr_int(self):
    return space.newint_from_float(self.floatval)


def descr_long(self):
    check_finite(self.floatval)
    return space.newlong(rbigint.fromfloat(self.floatval))


def descr_coerce(self, w_other):
    try:
        other = operand(w_other)
    except NotAFloat:
        return space.w_NotImplemented
    return space.newtuple([self, W_Float(other)])


def descr_getnewargs(self):
    return space.newtuple([W_Float(self.floatval)])


def descr_is_integer(self):
    value = self.floatval
    return space.newbool(isfinite(value) and space.math_floor(value) == value)


def descr_as_integer_ratio(self):
    if isinf(self.floatval):
        raise overflow_error("Cannot pass infinity to float.as_integer_ratio.")
    if isnan(self.floatval):
        raise value_error("Cannot pass NaN to float.as_integer_ratio.")
    numerator, denominator = rfloat.float_as_rbigint_ratio(self.floatval)
    return space.newtuple([space.newint_or_long(numerator), space.newint_or_long(denominator)])


def descr_hex(self):
    value = self.floatval
    if not isfinite(value):
        return space.newstr(float_repr(value))
    sign = "-" if rfloat.copysign(1.0, value) < 0.0 else ""
    value = abs(value)
    if value == 0.0:
        return space.newstr(sign + "0x0.0p+0")
    mantissa, exponent = rfloat.frexp(value)
    # One digit before the point; subnormal numbers keep the least exponent.
    shift = 1 - max(-1021 - exponent, 0)
    mantissa = rfloat.ldexp(mantissa, shift)
    exponent -= shift
    digits = []
    for _ in range(14):
        digit = int(mantissa)
        digits.append("0123456789abcdef"[digit])
        mantissa = (mantissa - float(digit)) * 16.0
    text = "".join(digits)
    exponent_sign = "-" if exponent < 0 else "+"
    return space.newstr("%s0x%s.%sp%s%d" % (sign, text[0], text[1:], exponent_sign, abs(exponent)))


def descr_format(self, w_specification):
    return space.format_float(self, w_specification)


def get_real(self):
    return descr_float(self)


def get_imag(self):
    return W_Float(0.0)


def descr_new(w_subtype, w_x=None):
    w_value = W_Float(0.0) if w_x is None else float_from(w_x)
    if w_subtype is W_Float.w_builtin_type:
        return w_value
    space.check_subtype(w_subtype, W_Float.w_builtin_type)
    w_obj = W_FloatUser(w_value.floatval)
    space.init_user(w_obj, w_subtype)
    return w_obj


def float_from(w_x):
    """``float(x)``."""
    if isinstance(w_x, W_Float):
        return w_x
    w_method = space.lookup(w_x, "__float__")
    if w_method is not None:
        w_result = space.call_special_0(w_method, w_x)
        if not isinstance(w_result, W_AnyFloat):
            raise type_error("__float__ returned non-float (type %s)" % space.type_name(w_result))
        return w_result
    if space.is_str(w_x):
        return W_Float(parse(space.bytes_w(w_x)))
    if space.is_unicode(w_x):
        return W_Float(parse(space.decimal_text(w_x)))
    if space.has_character_buffer(w_x):
        return W_Float(parse(space.buffer_str_w(w_x)))
    raise type_error("float() argument must be a string or a number")


def parse(text):
    try:
        return string_to_float(text)
    except ParseStringError:
        shown = before_nul(text.lstrip(" \t\n\r\x0b\x0c"))
        if begins_with_float(shown):
            raise value_error("invalid literal for float(): %s" % shown[:200])
        raise value_error("could not convert string to float: %s" % shown[:200])


def begins_with_float(text):
    """Whether a number stands at the start of `text`, with something else behind it."""
    if text.startswith("+") or text.startswith("-"):
        text = text[1:]
    if text.startswith("."):
        text = text[1:]
    if text == "":
        return False
    if "0" <= text[0] <= "9":
        return True
    word = text[:3].lower()
    return word == "inf" or word == "nan"


@unwrap_spec(text=str)
def descr_fromhex(w_type, text):
    value = parse_hex(text.strip(" \t\n\r\x0b\x0c").lower())
    w_value = W_Float(value)
    if w_type is W_Float.w_builtin_type:
        return w_value
    return w_type.call_1(w_value)


def bad_hex():
    return value_error("invalid hexadecimal floating-point string")


def hex_overflow():
    return overflow_error("hexadecimal value too large to represent as a float")


def parse_hex(text):
    """A hexadecimal literal in lower case: ``[sign] [0x] digits [. digits] [p exponent]``."""
    negative = text.startswith("-")
    if negative or text.startswith("+"):
        text = text[1:]
    if text == "inf" or text == "infinity":
        return -INFINITY if negative else INFINITY
    if text == "nan":
        return NAN
    if text.startswith("0x"):
        text = text[2:]
    exponent = 0
    place = text.find("p")
    if place >= 0:
        exponent = hex_exponent(text[place + 1:])
        text = text[:place]
    point = text.find(".")
    fraction = 0
    if point >= 0:
        fraction = len(text) - point - 1
        text = text[:point] + text[point + 1:]
    if text == "":
        raise bad_hex()
    for character in text:
        if not ("0" <= character <= "9" or "a" <= character <= "f"):
            raise bad_hex()
    mantissa = rbigint.fromstr(text, 16)
    if not mantissa.tobool():
        return -0.0 if negative else 0.0
    exponent -= 4 * fraction
    if exponent > 100000:
        raise hex_overflow()
    if exponent < -100000 - 4 * len(text):
        return -0.0 if negative else 0.0
    # A quotient of integers rounds once, and correctly.
    try:
        if exponent >= 0:
            value = mantissa.lshift(exponent).tofloat()
        else:
            value = mantissa.truediv(rbigint.fromint(1).lshift(-exponent))
    except OverflowError:
        raise hex_overflow()
    if isinf(value):
        raise hex_overflow()
    return -value if negative else value


def hex_exponent(text):
    digits = text
    if digits.startswith("-") or digits.startswith("+"):
        digits = digits[1:]
    if digits == "":
        raise bad_hex()
    for character in digits:
        if not "0" <= character <= "9":
            raise bad_hex()
    if len(digits) > 9:
        digits = "999999999"
    value = int(digits)
    return -value if text.startswith("-") else value


@unwrap_spec(kind=str)
def descr_getformat(w_type, kind):
    if kind != "double" and kind != "float":
        raise value_error("__getformat__() argument 1 must be 'double' or 'float'")
    return space.newstr("IEEE, little-endian")


_entries = {
    "__doc__": (
        "float(x) -> floating point number\n\nConvert a string or number to a floating point number, if possible."
    ),
    "__new__": descr_new,
    "__pow__": descr_pow,
    "__rpow__": descr_rpow,
    "__neg__": descr_neg,
    "__pos__": descr_float,
    "__abs__": descr_abs,
    "__nonzero__": descr_nonzero,
    "__hash__": descr_hash,
    "__repr__": descr_repr,
    "__str__": descr_str,
    "__int__": descr_int,
    "__trunc__": descr_int,
    "__long__": descr_long,
    "__float__": descr_float,
    "__coerce__": descr_coerce,
    "__getnewargs__": descr_getnewargs,
    "__format__": descr_format,
    "__getformat__": class_method(descr_getformat),
    "as_integer_ratio": descr_as_integer_ratio,
    "conjugate": descr_float,
    "fromhex": class_method(descr_fromhex),
    "hex": descr_hex,
    "is_integer": descr_is_integer,
    "real": GetSet(get_real),
    "imag": GetSet(get_imag),
}
for _name, _operate in [
    ("add", float_add), ("sub", float_sub), ("mul", float_mul), ("div", float_div), ("truediv", float_div),
    ("floordiv", float_floordiv), ("mod", float_mod), ("divmod", float_divmod),
]:
    _entries["__%s__" % _name], _entries["__r%s__" % _name] = _make_pair(_operate)
for _name, _test in COMPARISONS.items():
    _entries["__%s__" % _name] = _make_comparison(_name, _test)
define_type(W_AnyFloat, "float", _entries, user_class=W_FloatUser, exact=W_Float)
