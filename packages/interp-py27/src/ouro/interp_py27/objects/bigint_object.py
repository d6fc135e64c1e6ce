"""``long``: integers of any size."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.int_object import W_AnyInt, W_Int, before_nul, literal_shown
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import overflow_error, type_error, value_error, zero_division
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib.objectmodel import not_rpython
from ouro.rlib.rarithmetic import ParseStringError
from ouro.rlib.rbigint import rbigint


class W_AnyLong(W_Root):
    """A long or an instance of a subclass."""

    _attrs_ = ("big",)
    _immutable_fields_ = ["big"]

    def __init__(self, big):
        self.big = big


class W_Long(W_AnyLong):
    """An exact long."""


W_LongUser = make_user_class(W_AnyLong)


def operand(w_obj):
    """The rbigint of an int or long, or None."""
    if isinstance(w_obj, W_AnyLong):
        return w_obj.big
    if isinstance(w_obj, W_AnyInt):
        return rbigint.fromint(w_obj.intval)
    return None


@not_rpython
def _make_pair(operate):
    def left(self, w_other):
        other = operand(w_other)
        if other is None:
            return space.w_NotImplemented
        return operate(self.big, other)

    def right(self, w_other):
        other = operand(w_other)
        if other is None:
            return space.w_NotImplemented
        return operate(other, self.big)

    left.__name__ = left.__qualname__ = operate.__name__
    right.__name__ = right.__qualname__ = "r" + operate.__name__
    return left, right


def long_add(a, b):
    return W_Long(a.add(b))


def long_sub(a, b):
    return W_Long(a.sub(b))


def long_mul(a, b):
    return W_Long(a.mul(b))


def long_floordiv(a, b):
    if not b.tobool():
        raise zero_division("long division or modulo by zero")
    return W_Long(a.floordiv(b))


def long_truediv(a, b):
    if not b.tobool():
        raise zero_division("division by zero")
    try:
        return space.newfloat(a.truediv(b))
    except OverflowError:
        raise overflow_error("long int too large to convert to float")


def long_mod(a, b):
    if not b.tobool():
        raise zero_division("long division or modulo by zero")
    return W_Long(a.mod(b))


def long_divmod(a, b):
    if not b.tobool():
        raise zero_division("long division or modulo by zero")
    quotient, remainder = a.divmod(b)
    return space.newtuple([W_Long(quotient), W_Long(remainder)])


def shift_count(b):
    if b.sign < 0:
        raise value_error("negative shift count")
    try:
        return b.toint()
    except OverflowError:
        return -1


def long_lshift(a, b):
    count = shift_count(b)
    if count < 0:
        raise overflow_error("long int too large to convert to int")
    return W_Long(a.lshift(count))


def long_rshift(a, b):
    count = shift_count(b)
    if count < 0:
        raise overflow_error("long int too large to convert to int")
    return W_Long(a.rshift(count))


def long_and(a, b):
    return W_Long(a.and_(b))


def long_or(a, b):
    return W_Long(a.or_(b))


def long_xor(a, b):
    return W_Long(a.xor(b))


def long_power(base, exponent, modulus):
    if exponent.sign < 0:
        if modulus is not None:
            raise type_error("pow() 2nd argument cannot be negative when 3rd argument specified")
        return space.newfloat(space.float_power(to_float(base), to_float(exponent)))
    if modulus is not None and not modulus.tobool():
        raise value_error("pow() 3rd argument cannot be 0")
    try:
        return W_Long(base.pow(exponent, modulus))
    except OverflowError:
        raise MemoryError


def descr_pow(self, w_exponent, w_modulus=None):
    exponent = operand(w_exponent)
    if exponent is None:
        return space.w_NotImplemented
    modulus = None
    if w_modulus is not None and not space.is_none(w_modulus):
        modulus = operand(w_modulus)
        if modulus is None:
            return space.w_NotImplemented
    return long_power(self.big, exponent, modulus)


def descr_rpow(self, w_base, w_modulus=None):
    base = operand(w_base)
    if base is None:
        return space.w_NotImplemented
    return long_power(base, self.big, None)


def to_float(big):
    try:
        return big.tofloat()
    except OverflowError:
        raise overflow_error("long int too large to convert to float")


def bigint_hash(big):
    value = big.hash()
    return -2 if value == -1 else value


def descr_cmp(self, w_other):
    if not isinstance(w_other, W_AnyLong):
        raise space.wrong_cmp_operand(self, "long", w_other)
    return space.newint(space.big_order(self.big, w_other.big))


def descr_neg(self):
    return W_Long(self.big.neg())


def descr_long(self):
    """The exact long."""
    if isinstance(self, W_Long):
        return self
    return W_Long(self.big)


def descr_int(self):
    try:
        return W_Int(self.big.toint())
    except OverflowError:
        return descr_long(self)


def shrink_long(w_long):
    """An exact int where the value fits, else the exact long."""
    assert isinstance(w_long, W_AnyLong)
    return descr_int(w_long)


def descr_abs(self):
    return W_Long(self.big.abs())


def descr_invert(self):
    return W_Long(self.big.invert())


def descr_nonzero(self):
    return space.newbool(self.big.tobool())


def descr_hash(self):
    return W_Int(bigint_hash(self.big))


def descr_repr(self):
    return space.newstr(self.big.repr())


def descr_str(self):
    return space.newstr(self.big.str())


def descr_hex(self):
    return space.newstr(self.big.hex())


def descr_oct(self):
    return space.newstr(self.big.oct())


def descr_float(self):
    return space.newfloat(to_float(self.big))


def descr_coerce(self, w_other):
    if isinstance(w_other, W_AnyLong):
        return space.newtuple([self, w_other])
    if isinstance(w_other, W_AnyInt):
        return space.newtuple([self, space.newlong_from_int(w_other.intval)])
    return space.w_NotImplemented


def descr_getnewargs(self):
    return space.newtuple([W_Long(self.big)])


def descr_bit_length(self):
    return W_Int(self.big.bit_length())


def descr_format(self, w_specification):
    return space.format_integer(self, w_specification)


def get_real(self):
    return descr_long(self)


def get_imag(self):
    return space.newlong_from_int(0)


def get_denominator(self):
    return space.newlong_from_int(1)


def descr_new(w_subtype, w_x=None, w_base=None):
    if w_base is not None:
        if w_x is None:
            raise type_error("long() missing string argument")
        base = space.arg_c_int_w(w_base)
        if space.is_str(w_x):
            text = space.bytes_w(w_x)
        elif space.is_unicode(w_x):
            text = space.decimal_text(w_x)
        else:
            raise type_error("long() can't convert non-string with explicit base")
        if "\0" in text:
            raise value_error("invalid literal for long() with base %d: %s" % (base, space.repr_text(w_x)))
        big = parse(text, base)
    elif w_x is None:
        big = rbigint.fromint(0)
    else:
        w_value = long_from(w_x)
        if w_subtype is W_Long.w_builtin_type:
            return w_value
        big = w_value.big
    if w_subtype is W_Long.w_builtin_type:
        return W_Long(big)
    space.check_subtype(w_subtype, W_Long.w_builtin_type)
    w_obj = W_LongUser(big)
    space.init_user(w_obj, w_subtype)
    return w_obj


def parse(text, base):
    try:
        return rbigint.fromstr(text, base, False, True)
    except ParseStringError:
        if base != 0 and (base < 2 or base > 36):
            raise value_error("long() base must be >= 2 and <= 36, or 0")
        head = before_nul(text)
        if len(head) < len(text):
            parse(head, base)
            raise value_error("null byte in argument for long()")
        raise value_error("invalid literal for long() with base %d: %s" % (base, literal_shown(text)))


def long_from(w_x):
    """``long(x)``."""
    if isinstance(w_x, W_Long):
        return w_x
    if isinstance(w_x, W_Int):
        return space.newlong_from_int(w_x.intval)
    w_method = space.lookup(w_x, "__long__")
    if w_method is not None:
        w_result = space.call_special_0(w_method, w_x)
        if not space.is_integer(w_result):
            raise type_error("__long__ returned non-long (type %s)" % space.type_name(w_result))
        return long_of(w_result)
    w_method = space.find_quietly(w_x, "__trunc__")
    if w_method is not None:
        return long_of(space.integral(w_method.call_0()))
    if space.is_str(w_x):
        return W_Long(parse(space.bytes_w(w_x), 10))
    if space.is_unicode(w_x):
        return W_Long(parse(space.decimal_text(w_x), 10))
    if space.has_character_buffer(w_x):
        return W_Long(parse(space.buffer_str_w(w_x), 10))
    raise type_error("long() argument must be a string or a number, not '%s'" % space.type_name(w_x))


def long_of(w_integer):
    """An int as a long; a long as it is, be it of a subclass."""
    if isinstance(w_integer, W_AnyLong):
        return w_integer
    assert isinstance(w_integer, W_AnyInt)
    return space.newlong_from_int(w_integer.intval)


_entries = {
    "__doc__": "long(x=0) -> long\nlong(x, base=10) -> long\n\n"
               "Convert a number or string to a long integer, or return 0L if no arguments\nare given.",
    "__new__": descr_new,
    "__pow__": descr_pow,
    "__rpow__": descr_rpow,
    "__cmp__": descr_cmp,
    "__neg__": descr_neg,
    "__pos__": descr_long,
    "__abs__": descr_abs,
    "__invert__": descr_invert,
    "__nonzero__": descr_nonzero,
    "__hash__": descr_hash,
    "__repr__": descr_repr,
    "__str__": descr_str,
    "__hex__": descr_hex,
    "__oct__": descr_oct,
    "__int__": descr_int,
    "__index__": descr_long,
    "__trunc__": descr_long,
    "__long__": descr_long,
    "__float__": descr_float,
    "__coerce__": descr_coerce,
    "__getnewargs__": descr_getnewargs,
    "__format__": descr_format,
    "bit_length": descr_bit_length,
    "conjugate": descr_long,
    "real": GetSet(get_real),
    "imag": GetSet(get_imag),
    "numerator": GetSet(get_real),
    "denominator": GetSet(get_denominator),
}
for _name, _operate in [
    ("add", long_add), ("sub", long_sub), ("mul", long_mul), ("div", long_floordiv), ("floordiv", long_floordiv),
    ("truediv", long_truediv), ("mod", long_mod), ("divmod", long_divmod), ("lshift", long_lshift),
    ("rshift", long_rshift), ("and", long_and), ("or", long_or), ("xor", long_xor),
]:
    _entries["__%s__" % _name], _entries["__r%s__" % _name] = _make_pair(_operate)
define_type(W_AnyLong, "long", _entries, user_class=W_LongUser, exact=W_Long)
