"""Between interpreter values and application objects: `space.newint`, `space.int_w`, ...

``newX`` makes an application object, ``X_w`` takes one apart and raises the application TypeError where the
object is of another kind.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.bigint_object import W_AnyLong, W_Long
from ouro.interp_py27.objects.dict_object import W_AnyDict, W_Dict
from ouro.interp_py27.objects.float_object import W_AnyFloat, W_Float
from ouro.interp_py27.objects.int_object import W_AnyInt, W_Bool, W_Int
from ouro.interp_py27.objects.list_object import W_AnyList, W_List
from ouro.interp_py27.objects.list_strategies import STRS
from ouro.interp_py27.objects.none_object import W_None
from ouro.interp_py27.objects.set_object import W_AnySet, W_FrozenSet, W_Set
from ouro.interp_py27.objects.specials import special
from ouro.interp_py27.objects.str_object import W_AnyStr, W_Str
from ouro.interp_py27.objects.tuple_object import W_AnyTuple, W_Tuple
from ouro.interp_py27.objects.unicode_object import W_AnyUnicode, W_Unicode
from ouro.interp_py27.vm.argument import Arguments
from ouro.interp_py27.vm.code import PyCode
from ouro.interp_py27.vm.errors import index_error, overflow_error, type_error, value_error
from ouro.rlib import jit, rutf8
from ouro.rlib.objectmodel import current_object_addr_as_int
from ouro.rlib.rarithmetic import intmask, r_uint
from ouro.rlib.rbigint import rbigint
from ouro.rlib.rweakref import WeakValueDictionary

FLOAT = special("__float__")
INDEX = special("__index__")
INT = special("__int__")
LONG = special("__long__")

MAX_INT = 2 ** 63 - 1
MAX_C_INT = 2 ** 31 - 1
MIN_INT = -(2 ** 63)


# ---- making objects


def newint(value):
    return W_Int(value)


def newbool(value):
    return space.w_True if value else space.w_False


def newfloat(value):
    return W_Float(value)


def newstr(value: str):
    return W_Str(value)


def newtext_or_none(value):
    if value is None:
        return space.w_None
    return W_Str(value)


class InternedStrings:
    """``intern()``: one W_Str for each text, for as long as somebody has it."""

    def __init__(self):
        self.table = WeakStrings()


WeakStrings = WeakValueDictionary("WeakStrings")

interned = InternedStrings()


@jit.dont_look_inside
def newstr_interned(value):
    w_value = interned.table.get(value)
    if w_value is None:
        w_value = W_Str(value)
        interned.table.set(value, w_value)
    return w_value


@jit.dont_look_inside
def intern_text(w_text):
    """The W_Str of the text that an exact str has; that str itself, which somebody has, where there is none yet."""
    w_value = interned.table.get(w_text.value)
    if w_value is None:
        w_value = w_text
        interned.table.set(w_text.value, w_value)
    return w_value


@jit.dont_look_inside
def is_interned(w_text):
    """Whether the W_Str is the one of its text."""
    return interned.table.get(w_text.value) is w_text


def newunicode(utf8):
    """A unicode object from checked UTF-8 (surrogates allowed)."""
    return W_Unicode(utf8, rutf8.codepoints_in_utf8(utf8))


def newunicode_length(utf8, length):
    return W_Unicode(utf8, length)


def newlong(big):
    return W_Long(big)


def newlong_from_int(value):
    return W_Long(rbigint.fromint(value))


def newint_or_long(big):
    """An int where `big` fits a machine word, else a long."""
    try:
        return W_Int(big.toint())
    except OverflowError:
        return W_Long(big)


def newint_from_uint(value):
    if intmask(value) >= 0:
        return W_Int(intmask(value))
    return W_Long(rbigint.fromrarith_int(value))


def newint_from_float(value):
    """The integer part of a finite float."""
    if -9.2e18 < value < 9.2e18:
        return W_Int(int(value))
    try:
        return newint_or_long(rbigint.fromfloat(value))
    except OverflowError:
        raise overflow_error("cannot convert float infinity to integer")
    except ValueError:
        raise value_error("cannot convert float NaN to integer")


def newtuple(items_w):
    """A tuple of the items, which are copied: the list may be one that grows."""
    return W_Tuple(items_w[:])


def newtuple_fixed(items_w):
    """A tuple that keeps the list; it must be one that is never resized."""
    return W_Tuple(items_w)


def newtuple_2(w_first, w_second):
    return W_Tuple([w_first, w_second])


def newlist(items_w):
    return W_List(items_w)


def newlist_text(items):
    """A list of strs from a list of interpreter strings."""
    w_list = W_List([])
    if len(items) > 0:
        w_list.strategy = STRS
        w_list.storage = STRS.erase(items[:])
    return w_list


def newdict():
    return W_Dict()


def new_arguments(args_w):
    return Arguments(args_w)


def wrap_none(w_value):
    if w_value is None:
        return space.w_None
    return w_value


# ---- kinds


def is_none(w_obj):
    return isinstance(w_obj, W_None)


def is_none_type(w_obj):
    return w_obj is W_None.w_builtin_type or isinstance(w_obj, W_None)


def is_str(w_obj):
    return isinstance(w_obj, W_AnyStr)


def is_unicode(w_obj):
    return isinstance(w_obj, W_AnyUnicode)


def is_text(w_obj):
    return isinstance(w_obj, W_AnyStr) or isinstance(w_obj, W_AnyUnicode)


def is_int(w_obj):
    return isinstance(w_obj, W_AnyInt)


def is_bool(w_obj):
    return isinstance(w_obj, W_Bool)


def is_long(w_obj):
    return isinstance(w_obj, W_AnyLong)


def is_float(w_obj):
    return isinstance(w_obj, W_AnyFloat)


def is_integer(w_obj):
    return isinstance(w_obj, W_AnyInt) or isinstance(w_obj, W_AnyLong)


def is_list(w_obj):
    return isinstance(w_obj, W_AnyList)


def is_tuple(w_obj):
    return isinstance(w_obj, W_AnyTuple)


def is_dict(w_obj):
    return isinstance(w_obj, W_AnyDict)


def is_exact_dict(w_obj):
    return isinstance(w_obj, W_Dict)


def is_set(w_obj):
    return isinstance(w_obj, W_AnySet)


def table_of_keys(w_obj):
    """Where an exact dict, set or frozenset has its keys; None for other objects."""
    if isinstance(w_obj, W_Dict):
        return w_obj
    if isinstance(w_obj, W_Set) or isinstance(w_obj, W_FrozenSet):
        return w_obj.items
    return None


def is_number(w_obj):
    w_type = w_obj.getclass()
    return isinstance(w_obj, W_AnyInt) or isinstance(w_obj, W_AnyFloat) or isinstance(w_obj, W_AnyLong) or (
        w_type.lookup_special(INT) is not None or w_type.lookup_special(FLOAT) is not None)


def is_index(w_obj):
    """Can it be a slice bound: an integer, or anything with ``__index__``?"""
    if isinstance(w_obj, W_AnyInt) or isinstance(w_obj, W_AnyLong):
        return True
    return w_obj.getclass().lookup_special(INDEX) is not None


def type_name(w_obj):
    """The name of the type as messages show it."""
    return w_obj.getclass().full_name()


# ---- taking objects apart


def tuple_items(w_obj):
    """The items of a tuple; the list must not be changed or become one that is."""
    assert isinstance(w_obj, W_AnyTuple)
    return w_obj.items_w


def tuple_list(w_obj):
    """The items of a tuple in a new list."""
    assert isinstance(w_obj, W_AnyTuple)
    return w_obj.items_w[:]


def code_of(w_obj):
    """The PyCode, or None."""
    if isinstance(w_obj, PyCode):
        return w_obj
    return None


def int_w(w_obj):
    """A machine integer: int and long; floats are refused."""
    if isinstance(w_obj, W_AnyInt):
        return w_obj.intval
    return arg_int_w(w_obj)


def arg_int_w(w_obj):
    """As the argument format "i" of CPython: int, long, ``__int__``, but no float."""
    if isinstance(w_obj, W_AnyInt):
        return w_obj.intval
    if isinstance(w_obj, W_AnyLong):
        try:
            return w_obj.big.toint()
        except OverflowError:
            raise overflow_error("Python int too large to convert to C long")
    if isinstance(w_obj, W_AnyFloat):
        raise type_error("integer argument expected, got float")
    w_method = w_obj.getclass().lookup_special(INT)
    if w_method is None:
        raise type_error("an integer is required")
    w_result = space.call_special_0(w_method, w_obj)
    if isinstance(w_result, W_AnyInt):
        return w_result.intval
    if isinstance(w_result, W_AnyLong):
        return arg_int_w(w_result)
    raise type_error("__int__ returned non-int (type %s)" % type_name(w_result))


def arg_c_int_w(w_obj):
    """As `arg_int_w`, for what CPython keeps in a C int."""
    value = arg_int_w(w_obj)
    if value > MAX_C_INT:
        raise overflow_error("signed integer is greater than maximum")
    if value < -MAX_C_INT - 1:
        raise overflow_error("signed integer is less than minimum")
    return value


def size_w(w_obj):
    """As CPython's ``PyInt_AsSsize_t``: any number, floats too, cut to an integer."""
    if isinstance(w_obj, W_AnyFloat):
        w_obj = space.call_special_0(w_obj.getclass().lookup_special(INT), w_obj)
    if isinstance(w_obj, W_AnyLong):
        try:
            return w_obj.big.toint()
        except OverflowError:
            raise overflow_error("long int too large to convert to int")
    return arg_int_w(w_obj)


def index_object(w_obj):
    """``operator.index``: an int or long."""
    if isinstance(w_obj, W_AnyInt) or isinstance(w_obj, W_AnyLong):
        return w_obj
    w_method = w_obj.getclass().lookup_special(INDEX)
    if w_method is None:
        raise type_error("'%s' object cannot be interpreted as an index" % type_name(w_obj))
    w_result = space.call_special_0(w_method, w_obj)
    if isinstance(w_result, W_AnyInt) or isinstance(w_result, W_AnyLong):
        return w_result
    raise type_error("__index__ returned non-(int,long) (type %s)" % type_name(w_result))


def index_w(w_obj):
    """A machine integer from anything that can be an index; IndexError where it does not fit."""
    w_index = index_object(w_obj)
    if isinstance(w_index, W_AnyInt):
        return w_index.intval
    try:
        return bigint_w(w_index).toint()
    except OverflowError:
        raise index_error("cannot fit '%s' into an index-sized integer" % type_name(w_obj))


def index_overflow_w(w_obj):
    """As `index_w`, with OverflowError: repeat counts."""
    w_index = index_object(w_obj)
    if isinstance(w_index, W_AnyInt):
        return w_index.intval
    try:
        return bigint_w(w_index).toint()
    except OverflowError:
        raise overflow_error("cannot fit '%s' into an index-sized integer" % type_name(w_obj))


def index_clamped_w(w_obj):
    """As `index_w`, with large values clamped: slice bounds."""
    if isinstance(w_obj, W_AnyInt):
        return w_obj.intval
    if not is_index(w_obj):
        raise type_error("slice indices must be integers or None or have an __index__ method")
    w_index = index_object(w_obj)
    if isinstance(w_index, W_AnyInt):
        return w_index.intval
    big = bigint_w(w_index)
    try:
        return big.toint()
    except OverflowError:
        return MAX_INT if big.sign > 0 else MIN_INT


def float_w(w_obj):
    if isinstance(w_obj, W_AnyFloat):
        return w_obj.floatval
    if isinstance(w_obj, W_AnyInt):
        return float(w_obj.intval)
    w_method = w_obj.getclass().lookup_special(FLOAT)
    if w_method is None:
        raise type_error("a float is required")
    w_result = space.call_special_0(w_method, w_obj)
    if not isinstance(w_result, W_AnyFloat):
        raise type_error("__float__ returned non-float (type %s)" % type_name(w_result))
    return w_result.floatval


def bigint_w(w_obj):
    if isinstance(w_obj, W_AnyLong):
        return w_obj.big
    if isinstance(w_obj, W_AnyInt):
        return rbigint.fromint(w_obj.intval)
    raise type_error("an integer is required")


def uint_w(w_obj):
    """A non-negative integer that fits a machine word."""
    if isinstance(w_obj, W_AnyInt):
        if w_obj.intval < 0:
            raise overflow_error("can't convert negative value to unsigned int")
        return r_uint(w_obj.intval)
    big = bigint_w(w_obj)
    if big.sign < 0:
        raise overflow_error("can't convert negative value to unsigned int")
    try:
        return big.touint()
    except OverflowError:
        raise overflow_error("long int too large to convert")


def uint_mask_w(w_obj):
    """The low bits of an integer, as the argument format "k" of CPython."""
    if isinstance(w_obj, W_AnyInt):
        return r_uint(w_obj.intval)
    return bigint_w(w_obj).uintmask()


def bytes_w(w_obj):
    """The characters of a str."""
    if isinstance(w_obj, W_AnyStr):
        return w_obj.value
    raise type_error("expected string, got %s object" % type_name(w_obj))


def text_w(w_obj):
    """The characters of a str, or of a unicode object encoded by the default encoding."""
    if isinstance(w_obj, W_AnyStr):
        return w_obj.value
    if isinstance(w_obj, W_AnyUnicode):
        return space.encode_default_text(w_obj)
    raise type_error("expected string, got %s object" % type_name(w_obj))


def utf8_w(w_obj):
    """The UTF-8 of a unicode object, or of a str decoded by the default encoding."""
    if isinstance(w_obj, W_AnyUnicode):
        return w_obj.utf8
    if isinstance(w_obj, W_AnyStr):
        return space.decode_default(w_obj).utf8
    raise type_error("expected unicode, got %s object" % type_name(w_obj))


def path_w(w_obj):
    """A file name."""
    return path_argument_w(w_obj, "")


def path_argument_w(w_obj, argument):
    """A file name; the message about a NUL in it begins with `argument`."""
    if isinstance(w_obj, W_AnyUnicode):
        path = space.encode_filename(w_obj)
    else:
        if not isinstance(w_obj, W_AnyStr):
            raise type_error("coercing to Unicode: need string or buffer, %s found" % type_name(w_obj))
        path = w_obj.value
    if "\0" in path:
        raise type_error("%smust be encoded string without null bytes, not %s" % (argument, type_name(w_obj)))
    return path


def until_nul(text):
    """The text as C reads it."""
    end = text.find("\0")
    return text if end < 0 else text[:end]


# ---- identity


def address_of(w_obj):
    return current_object_addr_as_int(w_obj)


def identity_of(w_obj):
    """``id()`` of anything but a float."""
    identity = w_obj.identity()
    if identity != -1:
        return identity
    return space.unique_id(w_obj)


def wrapped_identity(w_obj):
    """``id()``."""
    if isinstance(w_obj, W_Float):
        return space.float_identity(w_obj.floatval)
    return space.newint(identity_of(w_obj))


def address_text(w_obj):
    """The address as ``repr`` shows it."""
    return "0x" + hex_digits(space.unique_id(w_obj))


def hex_digits(value):
    """`value`, taken as unsigned, in hexadecimal."""
    digits = []
    rest = r_uint(value)
    while True:
        digits.append("0123456789abcdef"[intmask(rest & r_uint(15))])
        rest = rest >> r_uint(4)
        if not rest:
            break
    digits.reverse()
    return "".join(digits)


