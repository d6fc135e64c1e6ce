"""``complex``."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.bigint_object import W_AnyLong
from ouro.interp_py27.objects.c_math import libm
from ouro.interp_py27.objects.float_object import W_AnyFloat
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.int_object import W_AnyInt
from ouro.interp_py27.objects.oldstyle_object import W_OldInstance
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import OperationError, overflow_error, type_error, value_error, zero_division
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib import rfloat
from ouro.rlib.objectmodel import not_rpython
from ouro.rlib.rarithmetic import ParseStringError, intmask
from ouro.rlib.rfloat import copysign, float_hash, isfinite, isinf, isnan

SMALL_EXPONENT = 100.0


class W_AnyComplex(W_Root):
    """A complex number or an instance of a subclass."""

    _attrs_ = ("real", "imaginary")
    _immutable_fields_ = ["real", "imaginary"]

    def __init__(self, real, imaginary):
        self.real = real
        self.imaginary = imaginary


class W_Complex(W_AnyComplex):
    """An exact complex number."""


W_ComplexUser = make_user_class(W_AnyComplex)


def newcomplex(real, imaginary):
    return W_Complex(real, imaginary)


def is_complex(w_obj):
    return isinstance(w_obj, W_AnyComplex)


class NotANumber(Exception):
    """The other operand is no number that complex knows."""


def operand(w_obj):
    """The complex number of an operand; raises NotANumber."""
    if isinstance(w_obj, W_AnyComplex):
        return w_obj
    if isinstance(w_obj, W_AnyFloat) or isinstance(w_obj, W_AnyInt) or isinstance(w_obj, W_AnyLong):
        return W_Complex(space.float_w(w_obj), 0.0)
    raise NotANumber


@not_rpython
def _make_pair(operate):
    def left(self, w_other):
        try:
            other = operand(w_other)
        except NotANumber:
            return space.w_NotImplemented
        return operate(self, other)

    def right(self, w_other):
        try:
            other = operand(w_other)
        except NotANumber:
            return space.w_NotImplemented
        return operate(other, self)

    left.__name__ = left.__qualname__ = operate.__name__
    right.__name__ = right.__qualname__ = "r" + operate.__name__
    return left, right


def complex_add(a, b):
    return W_Complex(a.real + b.real, a.imaginary + b.imaginary)


def complex_sub(a, b):
    return W_Complex(a.real - b.real, a.imaginary - b.imaginary)


def complex_mul(a, b):
    return W_Complex(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)


def quotient(a, b):
    """a / b after Smith ("Algorithm 116: complex division", 1962)."""
    size_real = abs(b.real)
    size_imaginary = abs(b.imaginary)
    if size_real >= size_imaginary:
        if size_real == 0.0:
            raise zero_division("complex division by zero")
        ratio = b.imaginary / b.real
        divisor = b.real + b.imaginary * ratio
        return W_Complex((a.real + a.imaginary * ratio) / divisor, (a.imaginary - a.real * ratio) / divisor)
    if isnan(b.real) or isnan(b.imaginary):
        return W_Complex(rfloat.NAN, rfloat.NAN)
    ratio = b.real / b.imaginary
    divisor = b.real * ratio + b.imaginary
    return W_Complex((a.real * ratio + a.imaginary) / divisor, (a.imaginary * ratio - a.real) / divisor)


def complex_div(a, b):
    return quotient(a, b)


def floor_parts(a, b):
    """Floor quotient and remainder, as CPython 2 defines them for complex numbers."""
    if b.real == 0.0 and b.imaginary == 0.0:
        raise zero_division("complex divmod()")
    space.warn("complex divmod(), // and % are deprecated", space.w_DeprecationWarning)
    whole = W_Complex(space.math_floor(quotient(a, b).real), 0.0)
    return whole, complex_sub(a, complex_mul(b, whole))


def complex_floordiv(a, b):
    whole, _ = floor_parts(a, b)
    return whole


def complex_mod(a, b):
    _, rest = floor_parts(a, b)
    return rest


def complex_divmod(a, b):
    whole, rest = floor_parts(a, b)
    return space.newtuple([whole, rest])


def power(a, b):
    """a to the b."""
    if b.real == 0.0 and b.imaginary == 0.0:
        return W_Complex(1.0, 0.0)
    if a.real == 0.0 and a.imaginary == 0.0:
        if b.imaginary != 0.0 or b.real < 0.0:
            raise zero_division("0.0 to a negative or complex power")
        return W_Complex(0.0, 0.0)
    if b.imaginary == 0.0 and -SMALL_EXPONENT <= b.real <= SMALL_EXPONENT and b.real == float(int(b.real)):
        return whole_power(a, intmask(int(b.real)))
    size = libm.hypot(a.real, a.imaginary)
    length = libm.pow(size, b.real)
    angle = libm.atan2(a.imaginary, a.real)
    phase = angle * b.real
    if b.imaginary != 0.0:
        divisor = libm.exp(angle * b.imaginary)
        length = length / divisor if divisor != 0.0 else rfloat.INFINITY
        phase += b.imaginary * libm.log(size)
    if isinf(phase):
        raise zero_division("0.0 to a negative or complex power")
    return checked(length * libm.cos(phase), length * libm.sin(phase))


def whole_power(a, exponent):
    result = W_Complex(1.0, 0.0)
    square = a
    rest = exponent if exponent >= 0 else -exponent
    while rest > 0:
        if rest & 1:
            result = complex_mul(result, square)
        rest >>= 1
        if rest:
            square = complex_mul(square, square)
    if exponent < 0:
        result = quotient(W_Complex(1.0, 0.0), result)
    return checked(result.real, result.imaginary)


def checked(real, imaginary):
    """The complex number; OverflowError where it is infinite."""
    if isinf(real) or isinf(imaginary):
        raise overflow_error("complex exponentiation")
    return W_Complex(real, imaginary)


def descr_pow(self, w_exponent, w_modulus=None):
    if w_modulus is not None and not space.is_none(w_modulus):
        raise value_error("complex modulo")
    try:
        exponent = operand(w_exponent)
    except NotANumber:
        return space.w_NotImplemented
    return power(self, exponent)


def descr_rpow(self, w_base):
    try:
        base = operand(w_base)
    except NotANumber:
        return space.w_NotImplemented
    return power(base, self)


# ---- making


def parse(text):
    """The complex number that *text* writes.

    Raises:
        ParseStringError: it writes none.
    """
    text = text.strip(" \t\n\r\x0b\x0c")
    if text.startswith("(") and text.endswith(")"):
        text = text[1 : len(text) - 1].strip(" \t\n\r\x0b\x0c")
    if text == "":
        raise ParseStringError("complex() arg is a malformed string")
    end = float_end(text, 0)
    first = text[:end]
    if end == len(text):
        return W_Complex(parse_float(first), 0.0)
    if text[end] == "j" or text[end] == "J":
        if end + 1 != len(text):
            raise ParseStringError("complex() arg is a malformed string")
        return W_Complex(0.0, parse_unit(first))
    if text[end] != "+" and text[end] != "-":
        raise ParseStringError("complex() arg is a malformed string")
    stop = float_end(text, end)
    if text[end] != "+" and text[end] != "-":
        raise ParseStringError("complex() arg is a malformed string")
    if stop + 1 != len(text) or (text[stop] != "j" and text[stop] != "J"):
        raise ParseStringError("complex() arg is a malformed string")
    return W_Complex(parse_float(first), parse_unit(text[end:stop]))


def float_end(text, start):
    """Where the float that begins at *start* ends; *start* or behind the sign where there is none."""
    position = start
    if position < len(text) and (text[position] == "+" or text[position] == "-"):
        position += 1
    lowered = text[position:].lower()
    if lowered.startswith("infinity"):
        return position + 8
    if lowered.startswith("inf") or lowered.startswith("nan"):
        return position + 3
    while position < len(text) and (text[position].isdigit() or text[position] == "."):
        position += 1
    if position < len(text) and (text[position] == "e" or text[position] == "E"):
        exponent = position + 1
        if exponent < len(text) and (text[exponent] == "+" or text[exponent] == "-"):
            exponent += 1
        if exponent < len(text) and text[exponent].isdigit():
            position = exponent
            while position < len(text) and text[position].isdigit():
                position += 1
    return position


def parse_float(text):
    try:
        return rfloat.string_to_float(text)
    except ParseStringError:
        raise ParseStringError("complex() arg is a malformed string")


def parse_unit(text):
    """The factor before the j: a sign alone, or nothing, is one."""
    if text == "" or text == "+":
        return 1.0
    if text == "-":
        return -1.0
    return parse_float(text)


def complex_of(w_obj):
    """The complex number that ``__complex__`` gives, or None where there is no such method."""
    w_method = None
    if isinstance(w_obj, W_OldInstance):
        w_method = space.findattr(w_obj, "__complex__")
        if w_method is None:
            return None
        w_result = w_method.call_0()
    else:
        w_method = space.lookup(w_obj, "__complex__")
        if w_method is None:
            return None
        w_result = space.call_special_0(w_method, w_obj)
    if not isinstance(w_result, W_AnyComplex):
        raise type_error("__complex__ should return a complex object")
    return w_result


def argument_parts(w_obj):
    """The real and imaginary part of an argument of ``cmath``'s functions."""
    w_complex = None
    if isinstance(w_obj, W_AnyComplex):
        w_complex = w_obj
    elif not (isinstance(w_obj, W_AnyFloat) or isinstance(w_obj, W_AnyInt)):
        w_complex = complex_of(w_obj)
    if w_complex is None:
        return space.float_w(w_obj), 0.0
    return w_complex.real, w_complex.imaginary


def real_argument(w_obj):
    """An argument of ``complex()`` that is no complex number."""
    if not space.is_number(w_obj):
        raise type_error("complex() argument must be a string or a number")
    return space.float_w(w_obj)


def from_parts(w_real, w_imag):
    """``complex(real, imag)``: either may be a complex number; zeros keep their signs."""
    w_first = w_second = None
    if w_real is not None and not isinstance(w_real, W_Complex):
        # Subclasses may have a __complex__ of their own.
        w_first = complex_of(w_real)
    if w_first is None and isinstance(w_real, W_AnyComplex):
        w_first = w_real
    if isinstance(w_imag, W_AnyComplex):
        w_second = w_imag
    if w_first is not None:
        real = w_first.real
    else:
        real = 0.0 if w_real is None else real_argument(w_real)
    if w_imag is None:
        return W_Complex(real, 0.0 if w_first is None else w_first.imaginary)
    imaginary = real_argument(w_imag) if w_second is None else w_second.real
    if w_second is not None:
        real -= w_second.imaginary
    if w_first is not None:
        imaginary += w_first.imaginary
    return W_Complex(real, imaginary)


def descr_new(w_subtype, w_real=None, w_imag=None):
    if w_real is not None and (space.is_str(w_real) or space.is_unicode(w_real)):
        if w_imag is not None:
            raise type_error("complex() can't take second arg if first is a string")
        text = space.bytes_w(w_real) if space.is_str(w_real) else space.decimal_text(w_real)
        if "\0" in text:
            raise value_error("complex() arg is a malformed string")
        try:
            value = parse(text)
        except ParseStringError as error:
            raise value_error(error.msg)
    else:
        if w_imag is not None and (space.is_str(w_imag) or space.is_unicode(w_imag)):
            raise type_error("complex() second arg can't be a string")
        if w_imag is None and isinstance(w_real, W_Complex) and w_subtype is W_Complex.w_builtin_type:
            return w_real
        value = from_parts(w_real, w_imag)
    if w_subtype is W_Complex.w_builtin_type:
        return value
    space.check_subtype(w_subtype, W_Complex.w_builtin_type)
    w_obj = W_ComplexUser(value.real, value.imaginary)
    space.init_user(w_obj, w_subtype)
    return w_obj


# ---- the rest


def descr_neg(self):
    return W_Complex(-self.real, -self.imaginary)


def descr_pos(self):
    return W_Complex(self.real, self.imaginary)


def descr_abs(self):
    if not isfinite(self.real) or not isfinite(self.imaginary):
        if isinf(self.real) or isinf(self.imaginary):
            return space.newfloat(rfloat.INFINITY)
        return space.newfloat(rfloat.NAN)
    result = libm.hypot(self.real, self.imaginary)
    if isinf(result):
        raise overflow_error("absolute value too large")
    return space.newfloat(result)


def descr_nonzero(self):
    return space.newbool(self.real != 0.0 or self.imaginary != 0.0)


def descr_hash(self):
    value = intmask(part_hash(self.real) + 1000003 * part_hash(self.imaginary))
    return space.newint(-2 if value == -1 else value)


def part_hash(x):
    value = float_hash(x)
    return -2 if value == -1 else value


def descr_eq(self, w_other):
    return equality(self, w_other, True)


def descr_ne(self, w_other):
    return equality(self, w_other, False)


def equality(w_complex, w_other, wanted):
    if isinstance(w_other, W_AnyComplex):
        same = w_complex.real == w_other.real and w_complex.imaginary == w_other.imaginary
        return space.newbool(same == wanted)
    if isinstance(w_other, W_AnyFloat) or isinstance(w_other, W_AnyInt) or isinstance(w_other, W_AnyLong):
        same = w_complex.imaginary == 0.0 and space.eq_w(space.newfloat(w_complex.real), w_other)
        return space.newbool(same == wanted)
    return space.w_NotImplemented


def descr_no_order(self, w_other):
    if isinstance(w_other, W_AnyComplex) or isinstance(w_other, W_AnyFloat) or (
        isinstance(w_other, W_AnyInt) or isinstance(w_other, W_AnyLong)
    ):
        raise type_error("no ordering relation is defined for complex numbers")
    return space.w_NotImplemented


def text_of(w_complex, code, precision):
    """The number as ``repr`` ("r") or ``str`` ("g", 12) shows it."""
    if w_complex.real == 0.0 and copysign(1.0, w_complex.real) == 1.0:
        return rfloat.double_to_string(w_complex.imaginary, code, precision, 0) + "j"
    return "(%s%sj)" % (
        rfloat.double_to_string(w_complex.real, code, precision, 0),
        rfloat.double_to_string(w_complex.imaginary, code, precision, rfloat.DTSF_SIGN),
    )


def descr_repr(self):
    return space.newstr(text_of(self, "r", 0))


def descr_str(self):
    return space.newstr(text_of(self, "g", 12))


def descr_format(self, w_specification):
    return space.format_complex(self, self.real, self.imaginary, w_specification)


def descr_int(self):
    raise type_error("can't convert complex to int")


def descr_long(self):
    raise type_error("can't convert complex to long")


def descr_float(self):
    raise type_error("can't convert complex to float")


def descr_conjugate(self):
    """Return the complex conjugate of its argument."""
    return W_Complex(self.real, -self.imaginary)


def descr_coerce(self, w_other):
    try:
        other = operand(w_other)
    except NotANumber:
        return space.w_NotImplemented
    return space.newtuple([self, other])


def descr_getnewargs(self):
    return space.newtuple([space.newfloat(self.real), space.newfloat(self.imaginary)])


def get_real(self):
    return space.newfloat(self.real)


def get_imaginary(self):
    return space.newfloat(self.imaginary)


def complex_w(w_obj):
    """The complex number of any number: the argument of a function of ``cmath``.

    Raises TypeError of the application where there is none.
    """
    if isinstance(w_obj, W_AnyComplex):
        return w_obj
    w_complex = complex_of(w_obj)
    if w_complex is not None:
        return w_complex
    try:
        return W_Complex(space.float_w(w_obj), 0.0)
    except OperationError as error:
        if not error.match(space.w_TypeError):
            raise
        raise type_error("a float is required")


_entries = {
    "__doc__": "complex(real[, imag]) -> complex number\n\n"
               "Create a complex number from a real part and an optional imaginary part.\n"
               "This is equivalent to (real + imag*1j) where imag defaults to 0.",
    "__new__": descr_new,
    "__pow__": descr_pow,
    "__rpow__": descr_rpow,
    "__neg__": descr_neg,
    "__pos__": descr_pos,
    "__abs__": descr_abs,
    "__nonzero__": descr_nonzero,
    "__hash__": descr_hash,
    "__eq__": descr_eq,
    "__ne__": descr_ne,
    "__lt__": descr_no_order,
    "__le__": descr_no_order,
    "__gt__": descr_no_order,
    "__ge__": descr_no_order,
    "__repr__": descr_repr,
    "__str__": descr_str,
    "__format__": descr_format,
    "__int__": descr_int,
    "__long__": descr_long,
    "__float__": descr_float,
    "__coerce__": descr_coerce,
    "__getnewargs__": descr_getnewargs,
    "conjugate": descr_conjugate,
    "real": GetSet(get_real),
    "imag": GetSet(get_imaginary),
}
for _name, _operate in [
    ("add", complex_add), ("sub", complex_sub), ("mul", complex_mul), ("div", complex_div), ("truediv", complex_div),
    ("floordiv", complex_floordiv), ("mod", complex_mod), ("divmod", complex_divmod),
]:  # fmt: skip
    _entries["__%s__" % _name], _entries["__r%s__" % _name] = _make_pair(_operate)
define_type(W_AnyComplex, "complex", _entries, user_class=W_ComplexUser, exact=W_Complex)
