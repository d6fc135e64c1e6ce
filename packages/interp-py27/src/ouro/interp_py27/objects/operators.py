"""The operators: binary and in-place arithmetic, containment, truth, length, hashing, text.

The functions that differ only in the special methods they look up are made by closures from tables.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.attributes import call_special_0, call_special_1, call_special_2
from ouro.interp_py27.objects.dict_object import W_Dict
from ouro.interp_py27.objects.function_object import W_SlotWrapper
from ouro.interp_py27.objects.int_object import W_AnyInt, W_Bool, W_Int
from ouro.interp_py27.objects.list_object import W_List, assign_range
from ouro.interp_py27.objects.list_object import descr_getitem as list_getitem
from ouro.interp_py27.objects.list_object import descr_setitem as list_setitem
from ouro.interp_py27.objects.oldstyle_object import W_OldInstance
from ouro.interp_py27.objects.specials import special
from ouro.interp_py27.objects.str_object import W_AnyStr, W_Str
from ouro.interp_py27.objects.str_object import descr_getitem as str_getitem
from ouro.interp_py27.objects.tuple_object import W_Tuple
from ouro.interp_py27.objects.type_object import W_Type
from ouro.interp_py27.vm.errors import OperationError, key_error, type_error, value_error
from ouro.interp_py27.vm.loop_drivers import loop_over
from ouro.rlib.objectmodel import compute_identity_hash, not_rpython

# ---- arithmetic

SUB = special("__sub__")
MOD = special("__mod__")


@not_rpython
def _make_binary(symbol, name):
    left_slot = special("__%s__" % name)
    right_slot = special("__r%s__" % name)
    right_name = "__r%s__" % name
    sequences = name in ("add", "mul")

    def operate(w_left, w_right):
        w_type_left = w_left.getclass()
        w_type_right = w_right.getclass()
        w_method = w_type_left.lookup_special(left_slot)
        if w_type_left is w_type_right:
            if w_method is not None:
                w_result = call_special_1(w_method, w_left, w_right)
                if w_result is not space.w_NotImplemented:
                    return w_result
            if isinstance(w_left, W_OldInstance):
                # All old-style instances have one type; their classes may differ.
                w_result = call_special_1(w_type_right.lookup_special(right_slot), w_right, w_left)
                if w_result is not space.w_NotImplemented:
                    return w_result
            sequence_fallback(symbol, w_left, w_right)
            raise unsupported(symbol, w_left, w_right)
        w_reflected = w_type_right.lookup_special(right_slot)
        if w_reflected is not None and w_type_right.issubtype(w_type_left):
            # The subclass goes first if it provides the reflected method itself.
            if w_reflected is not w_type_left.lookup(right_name):
                w_result = call_special_1(w_reflected, w_right, w_left)
                if w_result is not space.w_NotImplemented:
                    return w_result
                w_reflected = None
        elif sequences and w_reflected is not None and not isinstance(w_right, W_AnyInt):
            if w_method is not None and is_sequence_slot(w_method) and not is_sequence_slot(w_reflected):
                w_result = call_special_1(w_reflected, w_right, w_left)
                if w_result is not space.w_NotImplemented:
                    return w_result
                w_reflected = None
        if w_method is not None:
            w_result = call_special_1(w_method, w_left, w_right)
            if w_result is not space.w_NotImplemented:
                return w_result
        if w_reflected is not None:
            w_result = call_special_1(w_reflected, w_right, w_left)
            if w_result is not space.w_NotImplemented:
                return w_result
        w_result = coerced_result(left_slot, w_left, w_right)
        if w_result is not None:
            return w_result
        sequence_fallback(symbol, w_left, w_right)
        raise unsupported(symbol, w_left, w_right)

    operate.__name__ = operate.__qualname__ = name
    return operate


def unsupported(symbol, w_left, w_right):
    return type_error("unsupported operand type(s) for %s: '%s' and '%s'" % (
        symbol, space.type_name(w_left), space.type_name(w_right)))


def coerced_result(slot, w_left, w_right):
    """What an operation gives after ``__coerce__``, or None.

    CPython coerces where one of the operands is of a built-in type without any arithmetic (list, dict, None, ...).
    """
    if takes_mixed_operands(w_left) and takes_mixed_operands(w_right):
        return None
    pair_w = space.coerced_pair(w_left, w_right)
    if pair_w is None:
        return None
    w_method = pair_w[0].getclass().lookup_special(slot)
    if w_method is None:
        return None
    w_result = call_special_1(w_method, pair_w[0], pair_w[1])
    return None if w_result is space.w_NotImplemented else w_result


def takes_mixed_operands(w_obj):
    """Is the type of the application, or a built-in one with arithmetic (not just concatenation and repetition)?"""
    w_type = w_obj.getclass()
    return w_type.is_heap_type or w_type.lookup_special(SUB) is not None or w_type.lookup_special(MOD) is not None


def sequence_fallback(symbol, w_left, w_right):
    """Raises what CPython's sequence slots say, where they have a message of their own."""
    if symbol == "+":
        if space.is_str(w_left):
            raise type_error("cannot concatenate 'str' and '%s' objects" % space.type_name(w_right))
        if space.is_list(w_left) or space.is_tuple(w_left):
            kind = "list" if space.is_list(w_left) else "tuple"
            raise type_error('can only concatenate %s (not "%s") to %s' % (kind, space.type_name(w_right), kind))
    elif symbol == "*":
        if _is_sequence(w_left):
            raise type_error("can't multiply sequence by non-int of type '%s'" % space.type_name(w_right))
        if _is_sequence(w_right):
            raise type_error("can't multiply sequence by non-int of type '%s'" % space.type_name(w_left))


def check_sequence_slot(w_method, w_left, w_right, w_result):
    """What a method of a built-in sequence gives when a program calls it: no NotImplemented, as CPython's slots."""
    if w_result is not space.w_NotImplemented:
        return w_result
    name = w_method.code.name
    if (name == "__mul__" or name == "__rmul__" or name == "__imul__") and _is_sequence(w_left):
        raise type_error("'%s' object cannot be interpreted as an index" % space.type_name(w_right))
    if name == "__add__":
        sequence_fallback("+", w_left, w_right)
    return w_result


def _is_sequence(w_obj):
    """Whether a built-in type gives the object its repetition, as CPython's sq_repeat."""
    if space.is_old_instance(w_obj):
        return False
    w_type = w_obj.getclass()
    w_owner = w_type.lookup_where("__mul__")
    return isinstance(w_owner, W_Type) and not w_owner.is_heap_type and w_type.lookup("__getitem__") is not None


def is_mapping(w_obj):
    """Has it items by key? As CPython's PyMapping_Check: sequences that are built in do not count."""
    if isinstance(w_obj, W_OldInstance):
        return w_obj.find("__getitem__") is not None
    w_type = w_obj.getclass()
    return w_type.lookup_special(GETITEM) is not None and not isinstance(w_type.lookup_special(GETSLICE), W_SlotWrapper)


def is_sequence_slot(w_method):
    """Is it the concatenation or repetition of a built-in sequence, which comes after what numbers do?"""
    if not isinstance(w_method, W_SlotWrapper):
        return False
    w_owner = w_method.w_objclass
    return w_owner is not space.w_instance and w_owner.lookup_special(GETITEM) is not None


@not_rpython
def _make_inplace(symbol, name, binary):
    slot = special("__i%s__" % name)
    right_slot = special("__r%s__" % name)
    sequences = name in ("add", "mul")

    def operate(w_left, w_right):
        w_method = w_left.getclass().lookup_special(slot)
        if w_method is not None:
            if sequences and not isinstance(w_right, W_AnyInt) and is_sequence_slot(w_method):
                w_reflected = w_right.getclass().lookup_special(right_slot)
                if w_reflected is not None and not is_sequence_slot(w_reflected):
                    w_result = call_special_1(w_reflected, w_right, w_left)
                    if w_result is not space.w_NotImplemented:
                        return w_result
            w_result = call_special_1(w_method, w_left, w_right)
            if w_result is not space.w_NotImplemented:
                return w_result
        try:
            return binary(w_left, w_right)
        except OperationError as error:
            if error.message is not None and error.message.startswith("unsupported operand type(s) for %s:" % symbol):
                raise unsupported(symbol + "=", w_left, w_right)
            raise

    operate.__name__ = operate.__qualname__ = "inplace_" + name
    return operate


add = _make_binary("+", "add")
sub = _make_binary("-", "sub")
mul = _make_binary("*", "mul")
div = _make_binary("/", "div")
floordiv = _make_binary("//", "floordiv")
truediv = _make_binary("/", "truediv")
mod = _make_binary("%", "mod")
divmod = _make_binary("divmod()", "divmod")
lshift = _make_binary("<<", "lshift")
rshift = _make_binary(">>", "rshift")
and_ = _make_binary("&", "and")
or_ = _make_binary("|", "or")
xor = _make_binary("^", "xor")

power = _make_binary("** or pow()", "pow")
POW = special("__pow__")


def pow(w_base, w_exponent, w_modulus):
    if space.is_none(w_modulus):
        return power(w_base, w_exponent)
    w_method = w_base.getclass().lookup_special(POW)
    if w_method is not None:
        w_result = call_special_2(w_method, w_base, w_exponent, w_modulus)
        if w_result is not space.w_NotImplemented:
            return w_result
    if space.is_integer(w_base) and space.is_integer(w_exponent) and space.is_integer(w_modulus):
        # An int knows nothing of the longs beside it.
        return space.long_power(space.bigint_w(w_base), space.bigint_w(w_exponent), space.bigint_w(w_modulus))
    raise modulus_refused(w_base, w_exponent, w_modulus)


def modulus_refused(w_base, w_exponent, w_modulus):
    """The exception for ``pow(base, exponent, modulus)``, which no operand knows how to do."""
    for w_operand in [w_base, w_exponent, w_modulus]:
        # Each type of number refuses in its own words.
        if space.is_float(w_operand):
            return type_error("pow() 3rd argument not allowed unless all arguments are integers")
        if space.is_complex(w_operand) and space.is_number(w_base) and space.is_number(w_exponent):
            return value_error("complex modulo")
    return type_error("unsupported operand type(s) for pow(): '%s', '%s', '%s'" % (
        space.type_name(w_base), space.type_name(w_exponent), space.type_name(w_modulus)))


inplace_add = _make_inplace("+", "add", add)
inplace_sub = _make_inplace("-", "sub", sub)
inplace_mul = _make_inplace("*", "mul", mul)
inplace_div = _make_inplace("/", "div", div)
inplace_floordiv = _make_inplace("//", "floordiv", floordiv)
inplace_truediv = _make_inplace("/", "truediv", truediv)
inplace_mod = _make_inplace("%", "mod", mod)
inplace_pow = _make_inplace("**", "pow", power)
inplace_lshift = _make_inplace("<<", "lshift", lshift)
inplace_rshift = _make_inplace(">>", "rshift", rshift)
inplace_and = _make_inplace("&", "and", and_)
inplace_or = _make_inplace("|", "or", or_)
inplace_xor = _make_inplace("^", "xor", xor)


@not_rpython
def _make_unary(name, what):
    slot = special("__%s__" % name)

    def operate(w_obj):
        w_method = w_obj.getclass().lookup_special(slot)
        if w_method is None:
            raise type_error("bad operand type for %s: '%s'" % (what, space.type_name(w_obj)))
        return call_special_0(w_method, w_obj)

    operate.__name__ = operate.__qualname__ = name
    return operate


neg = _make_unary("neg", "unary -")
pos = _make_unary("pos", "unary +")
invert = _make_unary("invert", "unary ~")
abs = _make_unary("abs", "abs()")


# ---- truth, length, hash


NONZERO = special("__nonzero__")
LEN = special("__len__")
CMP = special("__cmp__")
EQ = special("__eq__")
HASH = special("__hash__")
CONTAINS = special("__contains__")
GETITEM = special("__getitem__")
SETITEM = special("__setitem__")
DELITEM = special("__delitem__")


def is_true(w_obj):
    if isinstance(w_obj, W_Bool):
        return w_obj.intval != 0
    if isinstance(w_obj, W_Int):
        return w_obj.intval != 0
    if w_obj is space.w_None:
        return False
    if isinstance(w_obj, W_Str):
        return w_obj.length() != 0
    if isinstance(w_obj, W_List):
        return w_obj.length() != 0
    w_type = w_obj.getclass()
    w_method = w_type.lookup_special(NONZERO)
    if w_method is not None:
        w_result = call_special_0(w_method, w_obj)
        if isinstance(w_result, W_AnyInt):
            if isinstance(w_result, W_Bool) or isinstance(w_result, W_Int):
                return w_result.intval != 0
        raise type_error("__nonzero__ should return bool or int, returned %s" % space.type_name(w_result))
    w_method = w_type.lookup_special(LEN)
    if w_method is not None:
        return _length(w_method, w_obj) != 0
    return True


def _length(w_method, w_obj):
    w_result = call_special_0(w_method, w_obj)
    if isinstance(w_result, W_AnyInt):
        result = w_result.intval
    elif space.is_long(w_result):
        result = space.int_w(w_result)
    else:
        raise type_error("an integer is required")
    if result < 0:
        raise OperationError(space.w_ValueError, space.newstr("__len__() should return >= 0"))
    return result


def len_w(w_obj):
    """``len(w_obj)`` as an int."""
    if isinstance(w_obj, W_List):
        return w_obj.length()
    if isinstance(w_obj, W_Str):
        return w_obj.length()
    if isinstance(w_obj, W_Dict):
        return w_obj.length()
    w_method = w_obj.getclass().lookup_special(LEN)
    if w_method is None:
        raise type_error("object of type '%s' has no len()" % space.type_name(w_obj))
    return _length(w_method, w_obj)


def len(w_obj):
    return space.newint(len_w(w_obj))


def hash_int(w_obj):
    """``hash(w_obj)`` as an int."""
    if isinstance(w_obj, W_Int):
        return space.int_hash(w_obj.intval)
    if isinstance(w_obj, W_Str):
        return space.str_hash(w_obj.value)
    w_type = w_obj.getclass()
    w_method = w_type.lookup_special(HASH)
    if w_method is None:
        if w_type.lookup_special(EQ) is not None or w_type.lookup_special(CMP) is not None:
            raise type_error("unhashable type: '%s'" % w_type.full_name())
        return identity_hash(w_obj)
    if space.is_none(w_method):
        raise type_error("unhashable type: '%s'" % w_type.full_name())
    w_result = call_special_0(w_method, w_obj)
    if isinstance(w_result, W_AnyInt):
        value = w_result.intval
        return -2 if value == -1 else value
    if space.is_long(w_result):
        return space.bigint_hash(space.bigint_w(w_result))
    raise type_error("an integer is required")


def identity_hash(w_obj):
    return compute_identity_hash(w_obj)


# ---- items


def not_indexable(w_obj, w_key):
    """What CPython says of types with and without the table of sequence methods, which all classes have."""
    w_type = w_obj.getclass()
    if w_type.is_heap_type or space.is_set(w_obj):
        if space.is_int(w_key) or space.is_long(w_key) or space.lookup(w_key, "__index__") is not None:
            return type_error("'%s' object does not support indexing" % space.type_name(w_obj))
    return type_error("'%s' object has no attribute '__getitem__'" % space.type_name(w_obj))


def getitem(w_obj, w_key):
    if isinstance(w_key, W_Int):
        if isinstance(w_obj, W_Tuple):
            return w_obj.getitem_int(w_key.intval)
        if isinstance(w_obj, W_Str):
            return w_obj.getitem_int(w_key.intval)
    if isinstance(w_obj, W_Dict):
        w_value = w_obj.getitem(w_key)
        if w_value is None:
            raise key_error(w_key)
        return w_value
    if isinstance(w_obj, W_List):
        return list_getitem(w_obj, w_key)
    if isinstance(w_obj, W_Str):
        return str_getitem(w_obj, w_key)
    w_method = w_obj.getclass().lookup_special(GETITEM)
    if w_method is None:
        raise not_indexable(w_obj, w_key)
    return call_special_1(w_method, w_obj, w_key)


def sequence_item(w_obj, index):
    """The item of a sequence; `getitem` for the interpreter's own use, with another message for other objects."""
    if w_obj.getclass().lookup_special(GETITEM) is None:
        raise type_error("'%s' object does not support indexing" % space.type_name(w_obj))
    return getitem(w_obj, space.newint(index))


def setitem(w_obj, w_key, w_value):
    if isinstance(w_obj, W_Dict):
        w_obj.setitem(w_key, w_value)
        return
    if isinstance(w_obj, W_List):
        list_setitem(w_obj, w_key, w_value)
        return
    w_method = w_obj.getclass().lookup_special(SETITEM)
    if w_method is None:
        raise type_error("'%s' object does not support item assignment" % space.type_name(w_obj))
    call_special_2(w_method, w_obj, w_key, w_value)


def not_deletable(w_obj, w_key):
    """What CPython says depends on whether its sequence protocol or its mapping protocol refuses."""
    refusal = "does not support"
    if space.is_int(w_key) or space.is_long(w_key) or space.lookup(w_key, "__index__") is not None:
        if w_obj.getclass().is_heap_type or space.lookup(w_obj, "__len__") is not None:
            refusal = "doesn't support"
    return type_error("'%s' object %s item deletion" % (space.type_name(w_obj), refusal))


def delitem(w_obj, w_key):
    w_method = w_obj.getclass().lookup_special(DELITEM)
    if w_method is None:
        raise not_deletable(w_obj, w_key)
    call_special_1(w_method, w_obj, w_key)


def getitem_str(w_obj, name):
    return getitem(w_obj, space.newstr(name))


def setitem_str(w_obj, name, w_value):
    if space.is_exact_dict(w_obj):
        w_obj.setitem_str(name, w_value)
    else:
        setitem(w_obj, space.newstr(name), w_value)


def finditem_str(w_obj, name):
    """``w_obj[name]``, or None where it raises KeyError."""
    if space.is_exact_dict(w_obj):
        return w_obj.getitem_str(name)
    try:
        return getitem(w_obj, space.newstr(name))
    except OperationError as error:
        if not error.match(space.w_KeyError):
            raise
        return None


def contains(w_container, w_item):
    """The ``in`` operator."""
    if isinstance(w_container, W_Dict):
        return w_container.getitem(w_item) is not None
    if isinstance(w_container, W_Str) and isinstance(w_item, W_Str):
        return w_container.value.find(w_item.value) >= 0
    w_method = w_container.getclass().lookup_special(CONTAINS)
    if w_method is not None:
        return space.is_true(call_special_1(w_method, w_container, w_item))
    return is_among(w_item, space.iter_for(w_container, "argument of type '%s' is not iterable"))


among_driver = loop_over("in")


def is_among(w_item, w_iterator):
    """Is one of the items that an iterator has yet equal?"""
    shape = w_iterator.iteration_shape()
    while True:
        among_driver.jit_merge_point(shape=shape)
        w_value = w_iterator.iter_next()
        if w_value is None:
            return False
        if space.eq_w(w_value, w_item):
            return True


GETSLICE = special("__getslice__")
SETSLICE = special("__setslice__")
DELSLICE = special("__delslice__")


def _simple_bounds(w_start, w_stop):
    """Whether ``obj[a:b]`` may go to ``__getslice__``: both bounds not written, or integers. None is no integer."""
    return _simple_bound(w_start) and _simple_bound(w_stop)


def _simple_bound(w_bound):
    return w_bound is None or space.is_index(w_bound)


def _slice_start(w_obj, w_bound):
    if w_bound is None:
        return space.newint(0)
    return _adjusted(w_obj, w_bound)


def _slice_stop(w_obj, w_bound):
    if w_bound is None:
        return space.newint(MAX_INT)
    return _adjusted(w_obj, w_bound)


def _adjusted(w_obj, w_bound):
    """Negative bounds count from the end for ``__getslice__``."""
    bound = space.index_clamped_w(w_bound)
    if bound < 0:
        w_method = w_obj.getclass().lookup_special(LEN)
        if w_method is not None:
            bound += _length(w_method, w_obj)
    return space.newint(bound)


MAX_INT = 2 ** 63 - 1


def getslice(w_obj, w_start, w_stop):
    """``w_obj[start:stop]``; None stands for a bound that is not written."""
    if (is_plain_bound(w_start) and is_plain_bound(w_stop)
            and (isinstance(w_obj, W_List) or isinstance(w_obj, W_Str))):
        length = len_w(w_obj)
        start = plain_bound(w_start, length, 0)
        stop = max(start, plain_bound(w_stop, length, length))
        if isinstance(w_obj, W_List):
            return w_obj.strategy.slice(w_obj, start, 1, stop - start)
        assert isinstance(w_obj, W_Str)
        assert start >= 0
        assert stop >= start
        return W_Str(w_obj.value[start:stop])
    if isinstance(w_obj, W_List) or isinstance(w_obj, W_Str) or isinstance(w_obj, W_Tuple):
        return getitem(w_obj, _slice_object(w_start, w_stop))
    w_method = w_obj.getclass().lookup_special(GETSLICE)
    if w_method is not None and _simple_bounds(w_start, w_stop):
        return call_special_2(w_method, w_obj, _slice_start(w_obj, w_start), _slice_stop(w_obj, w_stop))
    w_method = w_obj.getclass().lookup_special(GETITEM)
    if w_method is None:
        raise type_error("'%s' object has no attribute '__getitem__'" % space.type_name(w_obj))
    return getitem(w_obj, _slice_object(w_start, w_stop))


def _slice_object(w_start, w_stop):
    return space.newslice(space.wrap_none(w_start), space.wrap_none(w_stop), space.w_None)


def is_plain_bound(w_bound):
    return w_bound is None or isinstance(w_bound, W_Int) or space.is_none(w_bound)


def plain_bound(w_bound, length, default):
    """A bound of a slice of step 1 as a position between 0 and `length`."""
    if not isinstance(w_bound, W_Int):
        return default
    bound = w_bound.intval
    if bound < 0:
        bound += length
        return bound if bound > 0 else 0
    return bound if bound < length else length


def setslice(w_obj, w_start, w_stop, w_value):
    if isinstance(w_obj, W_List) and is_plain_bound(w_start) and is_plain_bound(w_stop):
        length = w_obj.length()
        start = plain_bound(w_start, length, 0)
        assign_range(w_obj, start, max(start, plain_bound(w_stop, length, length)), w_value)
        return
    w_method = w_obj.getclass().lookup_special(SETSLICE)
    if w_method is not None and _simple_bounds(w_start, w_stop):
        space.call_special_3(w_method, w_obj, _slice_start(w_obj, w_start), _slice_stop(w_obj, w_stop), w_value)
        return
    setitem(w_obj, _slice_object(w_start, w_stop), w_value)


def delslice(w_obj, w_start, w_stop):
    w_method = w_obj.getclass().lookup_special(DELSLICE)
    if w_method is not None and _simple_bounds(w_start, w_stop):
        call_special_2(w_method, w_obj, _slice_start(w_obj, w_start), _slice_stop(w_obj, w_stop))
        return
    delitem(w_obj, _slice_object(w_start, w_stop))


# ---- text


REPR = special("__repr__")
STR = special("__str__")


def unchecked_repr(w_obj):
    """Whatever ``__repr__`` gives."""
    w_method = w_obj.getclass().lookup_special(REPR)
    if w_method is None:
        return space.newstr("<%s object at %s>" % (space.type_name(w_obj), space.address_text(w_obj)))
    return call_special_0(w_method, w_obj)


def repr(w_obj):
    w_result = unchecked_repr(w_obj)
    if isinstance(w_result, W_AnyStr):
        return w_result
    if space.is_unicode(w_result):
        return space.encode_default(w_result)
    raise type_error("__repr__ returned non-string (type %s)" % space.type_name(w_result))


def unchecked_str(w_obj):
    """Whatever ``__str__`` gives."""
    w_method = w_obj.getclass().lookup_special(STR)
    if w_method is None:
        return repr(w_obj)
    return call_special_0(w_method, w_obj)


def str(w_obj):
    if isinstance(w_obj, W_Str):
        return w_obj
    w_result = unchecked_str(w_obj)
    if isinstance(w_result, W_AnyStr):
        return w_result
    if space.is_unicode(w_result):
        return space.encode_default(w_result)
    raise type_error("__str__ returned non-string (type %s)" % space.type_name(w_result))


def str_or_unicode(w_obj):
    """As `str`, but a unicode object that ``__str__`` returns stays one: for ``%s``."""
    if isinstance(w_obj, W_Str):
        return w_obj
    w_result = unchecked_str(w_obj)
    if isinstance(w_result, W_AnyStr) or space.is_unicode(w_result):
        return w_result
    raise type_error("__str__ returned non-string (type %s)" % space.type_name(w_result))


def repr_text(w_obj):
    return space.text_w(repr(w_obj))


def str_text(w_obj):
    return space.text_w(str(w_obj))
