"""``int`` and ``bool``: machine integers that become longs where they overflow."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import type_error, value_error, zero_division
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib import jit
from ouro.rlib.objectmodel import not_rpython, specialize
from ouro.rlib.rarithmetic import (
    LONG_BIT,
    ParseStringError,
    ParseStringOverflowError,
    int_c_mod,
    intmask,
    ovfcheck,
    r_uint,
    string_to_int,
)
from ouro.rlib.rbigint import rbigint

MIN_INT = -(2 ** (LONG_BIT - 1))


class W_AnyInt(W_Root):
    """An int, a bool, or an instance of a subclass of int."""

    _attrs_ = ("intval",)
    _immutable_fields_ = ["intval"]

    def __init__(self, intval):
        self.intval = intval


class W_Int(W_AnyInt):
    """An exact int."""

    def is_same(self, w_other):
        return isinstance(w_other, W_Int) and self.intval == w_other.intval

    def identity(self):
        return int_identity(self.intval)


class W_Bool(W_AnyInt):
    """``True`` or ``False``; there are two of them."""


W_IntUser = make_user_class(W_AnyInt)


def int_identity(value):
    """``id()`` of an int: equal ints are the same object. Bits that no address has tell it apart."""
    identity = intmask(r_uint(value) << r_uint(4)) | 1
    return identity if identity != -1 else 1


def int_hash(value):
    return -2 if value == -1 else value


# ---- arithmetic; each pair of functions is ``__x__`` and ``__rx__``


@not_rpython
def _make_pair(operate):
    def left(self, w_other):
        if not isinstance(w_other, W_AnyInt):
            return space.w_NotImplemented
        return operate(self.intval, w_other.intval)

    def right(self, w_other):
        if not isinstance(w_other, W_AnyInt):
            return space.w_NotImplemented
        return operate(w_other.intval, self.intval)

    left.__name__ = left.__qualname__ = operate.__name__
    right.__name__ = right.__qualname__ = "r" + operate.__name__
    return left, right


def int_add(a, b):
    try:
        return W_Int(ovfcheck(a + b))
    except OverflowError:
        return space.newlong(rbigint.fromint(a).int_add(b))


def int_sub(a, b):
    try:
        return W_Int(ovfcheck(a - b))
    except OverflowError:
        return space.newlong(rbigint.fromint(a).int_sub(b))


def int_mul(a, b):
    try:
        return W_Int(ovfcheck(a * b))
    except OverflowError:
        return space.newlong(rbigint.fromint(a).int_mul(b))


def int_floordiv(a, b):
    if b == 0:
        raise zero_division("integer division or modulo by zero")
    if b == -1:
        return int_neg(a)
    return W_Int(a // b)


def int_truediv(a, b):
    if b == 0:
        raise zero_division("division by zero")
    if -(1 << 53) <= a <= (1 << 53) and -(1 << 53) <= b <= (1 << 53):
        return space.newfloat(float(a) / float(b))
    return space.newfloat(rbigint.fromint(a).truediv(rbigint.fromint(b)))


def int_mod(a, b):
    if b == 0:
        raise zero_division("integer division or modulo by zero")
    if b == -1:
        if a == MIN_INT:
            # The quotient is no int, and so the remainder is none either.
            return space.newlong(rbigint.fromint(0))
        return W_Int(0)
    return W_Int(a % b)


def int_divmod(a, b):
    return space.newtuple([int_floordiv(a, b), int_mod(a, b)])


def int_lshift(a, b):
    if b < 0:
        raise value_error("negative shift count")
    if a == 0:
        return W_Int(0)
    if b < LONG_BIT:
        shifted = intmask(r_uint(a) << r_uint(b))
        if shifted >> b == a:
            return W_Int(shifted)
    return space.newlong(rbigint.fromint(a).lshift(b))


def int_rshift(a, b):
    if b < 0:
        raise value_error("negative shift count")
    if b >= LONG_BIT:
        return W_Int(-1 if a < 0 else 0)
    return W_Int(a >> b)


def int_and(a, b):
    return W_Int(a & b)


def int_or(a, b):
    return W_Int(a | b)


def int_xor(a, b):
    return W_Int(a ^ b)


def int_neg(a):
    try:
        return W_Int(ovfcheck(-a))
    except OverflowError:
        return space.newlong(rbigint.fromint(a).neg())


def int_power(base, exponent):
    """``base ** exponent`` by squaring, a long where it overflows."""
    if exponent < 0:
        if base == 0:
            raise zero_division("0.0 cannot be raised to a negative power")
        return space.newfloat(space.float_power(float(base), float(exponent)))
    try:
        if exponent == 2:
            return W_Int(ovfcheck(base * base))
        return W_Int(machine_power(base, exponent))
    except OverflowError:
        return space.newlong(rbigint.fromint(base).pow(rbigint.fromint(exponent)))


@jit.look_inside_iff(lambda base, exponent: jit.isconstant(exponent) and exponent <= 32)
def machine_power(base, exponent):
    """Raises OverflowError."""
    result = 1
    factor = base
    rest = exponent
    while rest > 0:
        if rest & 1:
            result = ovfcheck(result * factor)
        rest >>= 1
        if rest == 0:
            break
        factor = ovfcheck(factor * factor)
    return result


def int_power_modulo(base, exponent, modulus):
    """``pow(base, exponent, modulus)``: a long where CPython's way of computing it overflows, as `int_power`."""
    if modulus == 0:
        raise value_error("pow() 3rd argument cannot be 0")
    result = 1
    factor = base
    rest = exponent
    try:
        while rest > 0:
            if rest & 1:
                result = ovfcheck(result * factor)
                if factor == 0:
                    break
            rest >>= 1
            if rest == 0:
                break
            factor = ovfcheck(factor * factor)
            if modulus == -1:
                result = factor = 0
            else:
                result = int_c_mod(result, modulus)
                factor = int_c_mod(factor, modulus)
    except OverflowError:
        power = rbigint.fromint(base).pow(rbigint.fromint(exponent), rbigint.fromint(modulus))
        return space.newlong(power)
    return int_mod(result, modulus)


def descr_pow(self, w_exponent, w_modulus=None):
    if not isinstance(w_exponent, W_AnyInt):
        return space.w_NotImplemented
    if w_modulus is None or space.is_none(w_modulus):
        return int_power(self.intval, w_exponent.intval)
    if w_exponent.intval < 0:
        raise type_error("pow() 2nd argument cannot be negative when 3rd argument specified")
    if not isinstance(w_modulus, W_AnyInt):
        return space.w_NotImplemented
    return int_power_modulo(self.intval, w_exponent.intval, w_modulus.intval)


def descr_rpow(self, w_base, w_modulus=None):
    if not isinstance(w_base, W_AnyInt):
        return space.w_NotImplemented
    return descr_pow(w_base, self, w_modulus)


# The tests of the rich comparisons by name, for the types that have them.
COMPARISONS = {
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}
for _test in COMPARISONS.values():
    specialize.argtype(0, 1)(_test)


def descr_cmp(self, w_other):
    if not isinstance(w_other, W_AnyInt):
        raise space.wrong_cmp_operand(self, "int", w_other)
    return W_Int(-1 if self.intval < w_other.intval else 1 if self.intval > w_other.intval else 0)


def descr_neg(self):
    return int_neg(self.intval)


def descr_int(self):
    """The exact int."""
    if isinstance(self, W_Int):
        return self
    return W_Int(self.intval)


def descr_abs(self):
    if self.intval >= 0:
        return descr_int(self)
    return int_neg(self.intval)


def descr_invert(self):
    return W_Int(~self.intval)


def descr_nonzero(self):
    return space.newbool(self.intval != 0)


def descr_hash(self):
    return W_Int(int_hash(self.intval))


def descr_repr(self):
    return space.newstr(str(self.intval))


def descr_hex(self):
    return space.newstr(rbigint.fromint(self.intval).format("0123456789abcdef", "0x", ""))


def descr_oct(self):
    if self.intval == 0:
        return space.newstr("0")
    return space.newstr(rbigint.fromint(self.intval).format("01234567", "0", ""))


def descr_float(self):
    return space.newfloat(float(self.intval))


def descr_long(self):
    return space.newlong_from_int(self.intval)


def descr_coerce(self, w_other):
    if not isinstance(w_other, W_AnyInt):
        return space.w_NotImplemented
    return space.newtuple([self, w_other])


def descr_getnewargs(self):
    return space.newtuple([W_Int(self.intval)])


def descr_bit_length(self):
    return W_Int(rbigint.fromint(self.intval).bit_length())


def descr_format(self, w_specification):
    return space.format_integer(self, w_specification)


def get_real(self):
    return descr_int(self)


def get_imag(self):
    return W_Int(0)


def get_denominator(self):
    return W_Int(1)


def descr_new(w_subtype, w_x=None, w_base=None):
    if w_base is None:
        if w_x is None:
            w_value = W_Int(0)
        else:
            w_value = int_from(w_x)
    else:
        w_value = parse_with_base(w_x, w_base)
    if w_subtype is W_Int.w_builtin_type:
        return w_value
    space.check_subtype(w_subtype, W_Int.w_builtin_type)
    w_obj = W_IntUser(space.int_w(w_value))
    space.init_user(w_obj, w_subtype)
    return w_obj


def parse_with_base(w_x, w_base):
    if w_x is None:
        raise type_error("int() missing string argument")
    base = space.arg_c_int_w(w_base)
    if space.is_str(w_x):
        text = space.bytes_w(w_x)
    elif space.is_unicode(w_x):
        text = space.decimal_text(w_x)
    else:
        raise type_error("int() can't convert non-string with explicit base")
    if "\0" in text:
        raise value_error("invalid literal for int() with base %d: %s" % (base, space.repr_text(w_x)))
    return parse(text, base)


def parse(text, base):
    """The int or long that `text` writes."""
    try:
        return W_Int(string_to_int(text, base))
    except ParseStringOverflowError:
        return space.newlong(rbigint.fromstr(text, base))
    except ParseStringError:
        if base != 0 and (base < 2 or base > 36):
            raise value_error("int() base must be >= 2 and <= 36, or 0")
        head = before_nul(text)
        if len(head) < len(text):
            parse(head, base)
            raise value_error("null byte in argument for int()")
        raise value_error("invalid literal for int() with base %d: %s" % (
            base, literal_shown(text.lstrip(" \t\n\r\x0b\x0c"))))


def before_nul(text):
    """What C sees of a string."""
    end = text.find("\0")
    if end < 0:
        return text
    return text[:end]


def literal_shown(text):
    """What a message about a bad number shows of it."""
    return space.repr_text(space.newstr(text[:200]))


def int_from(w_x):
    """``int(x)``."""
    if isinstance(w_x, W_Int):
        return w_x
    w_method = space.lookup(w_x, "__int__")
    if w_method is not None:
        w_result = space.call_special_0(w_method, w_x)
        if space.is_integer(w_result):
            return w_result
        raise type_error("__int__ returned non-int (type %s)" % space.type_name(w_result))
    w_method = space.find_quietly(w_x, "__trunc__")
    if w_method is not None:
        return integral(w_method.call_0())
    if space.is_str(w_x):
        return parse(space.bytes_w(w_x), 10)
    if space.is_unicode(w_x):
        return parse(space.decimal_text(w_x), 10)
    if space.has_character_buffer(w_x):
        return parse(space.buffer_str_w(w_x), 10)
    raise type_error("int() argument must be a string or a number, not '%s'" % space.type_name(w_x))


def integral(w_result):
    """What ``__trunc__`` returned, as an int or long."""
    if space.is_integer(w_result):
        return w_result
    if space.is_old_instance(w_result):
        w_bound = w_result.find("__int__")
        w_converted = None if w_bound is None else w_bound.call_0()
    else:
        w_method = space.lookup(w_result, "__int__")
        w_converted = None if w_method is None else space.call_special_0(w_method, w_result)
    if w_converted is None or not space.is_integer(w_converted):
        raise type_error("__trunc__ returned non-Integral (type %s)" % space.class_name_of(w_result))
    return w_converted


_entries = {
    "__doc__": "int(x=0) -> int or long\nint(x, base=10) -> int or long\n\n"
               "Convert a number or string to an integer, or return 0 if no arguments\nare given.",
    "__new__": descr_new,
    "__pow__": descr_pow,
    "__rpow__": descr_rpow,
    "__cmp__": descr_cmp,
    "__neg__": descr_neg,
    "__pos__": descr_int,
    "__abs__": descr_abs,
    "__invert__": descr_invert,
    "__nonzero__": descr_nonzero,
    "__hash__": descr_hash,
    "__repr__": descr_repr,
    "__str__": descr_repr,
    "__hex__": descr_hex,
    "__oct__": descr_oct,
    "__int__": descr_int,
    "__index__": descr_int,
    "__trunc__": descr_int,
    "__long__": descr_long,
    "__float__": descr_float,
    "__coerce__": descr_coerce,
    "__getnewargs__": descr_getnewargs,
    "__format__": descr_format,
    "bit_length": descr_bit_length,
    "conjugate": descr_int,
    "real": GetSet(get_real),
    "imag": GetSet(get_imag),
    "numerator": GetSet(get_real),
    "denominator": GetSet(get_denominator),
}
for _name, _operate in [
    ("add", int_add), ("sub", int_sub), ("mul", int_mul), ("div", int_floordiv), ("floordiv", int_floordiv),
    ("truediv", int_truediv), ("mod", int_mod), ("divmod", int_divmod), ("lshift", int_lshift),
    ("rshift", int_rshift), ("and", int_and), ("or", int_or), ("xor", int_xor),
]:
    _entries["__%s__" % _name], _entries["__r%s__" % _name] = _make_pair(_operate)
define_type(W_AnyInt, "int", _entries, user_class=W_IntUser, exact=W_Int)


# ---- bool


def bool_new(w_subtype, w_x=None):
    space.check_subtype(w_subtype, W_Bool.w_builtin_type)
    if w_x is None:
        return space.w_False
    return space.newbool(space.is_true(w_x))


def bool_repr(self):
    return space.newstr("True" if self.intval else "False")


@not_rpython
def _make_bool_pair(operate, on_ints):
    def left(self, w_other):
        if isinstance(w_other, W_Bool):
            return space.newbool(operate(self.intval, w_other.intval) != 0)
        if isinstance(w_other, W_AnyInt):
            return on_ints(self.intval, w_other.intval)
        return space.w_NotImplemented

    left.__name__ = left.__qualname__ = "bool_" + on_ints.__name__
    return left


_bool_entries = {
    "__doc__": "bool(x) -> bool\n\nReturns True when the argument x is true, False otherwise.",
    "__new__": bool_new,
    "__repr__": bool_repr,
    "__str__": bool_repr,
}
for _name, _operate, _on_ints in [
    ("and", lambda a, b: a & b, int_and), ("or", lambda a, b: a | b, int_or), ("xor", lambda a, b: a ^ b, int_xor),
]:
    _bool_entries["__%s__" % _name] = _bool_entries["__r%s__" % _name] = _make_bool_pair(_operate, _on_ints)
define_type(W_Bool, "bool", _bool_entries, base=W_AnyInt, acceptable_as_base=False)

w_True = W_Bool(1)
w_False = W_Bool(0)
