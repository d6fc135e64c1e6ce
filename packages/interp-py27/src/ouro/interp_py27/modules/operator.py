"""``operator``: the operators as functions, and getters of items and attributes."""


from ouro.interp_py27.modules._collections.deque import W_Deque
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.dict_proxy_object import W_DictProxy
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.range_object import W_XRange
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.tuple_object import W_Tuple
from ouro.interp_py27.vm.argument import Arguments, counted_arguments
from ouro.interp_py27.vm.errors import type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import define_type, forward_call
from ouro.rlib import jit
from ouro.rlib.objectmodel import not_rpython

#: Names of binary operators: the operation of the object space, and how the documentation writes it.
BINARY = {
    "add": ("add", "a + b"),
    "sub": ("sub", "a - b"),
    "mul": ("mul", "a * b"),
    "div": ("div", "a / b when __future__.division is not in effect"),
    "floordiv": ("floordiv", "a // b"),
    "truediv": ("truediv", "a / b when __future__.division is in effect"),
    "mod": ("mod", "a % b"),
    "lshift": ("lshift", "a << b"),
    "rshift": ("rshift", "a >> b"),
    "and_": ("and_", "a & b"),
    "or_": ("or_", "a | b"),
    "xor": ("xor", "a ^ b"),
    "lt": ("lt", "a<b"),
    "le": ("le", "a<=b"),
    "eq": ("eq", "a==b"),
    "ne": ("ne", "a!=b"),
    "gt": ("gt", "a>b"),
    "ge": ("ge", "a>=b"),
    "getitem": ("getitem", "a[b]"),
    "iadd": ("inplace_add", "a += b"),
    "isub": ("inplace_sub", "a -= b"),
    "imul": ("inplace_mul", "a *= b"),
    "idiv": ("inplace_div", "a /= b when __future__.division is not in effect"),
    "ifloordiv": ("inplace_floordiv", "a //= b"),
    "itruediv": ("inplace_truediv", "a /= b when __future__.division is in effect"),
    "imod": ("inplace_mod", "a %= b"),
    "ilshift": ("inplace_lshift", "a <<= b"),
    "irshift": ("inplace_rshift", "a >>= b"),
    "iand": ("inplace_and", "a &= b"),
    "ior": ("inplace_or", "a |= b"),
    "ixor": ("inplace_xor", "a ^= b"),
}
UNARY = {
    "neg": ("neg", "-a"),
    "pos": ("pos", "+a"),
    "abs": ("abs", "abs(a)"),
    "invert": ("invert", "~a"),
    "inv": ("invert", "~a"),
}


@not_rpython
def _operation(name):
    for candidate in (name, name + "_", name.rstrip("_")):
        found = getattr(space, candidate, None)
        if found is not None:
            return found
    raise LookupError(name)


@not_rpython
def _make_binary(name, operation_name, text):
    operation = _operation(operation_name)

    def call(w_left, w_right):
        return operation(w_left, w_right)

    call.__name__ = call.__qualname__ = name
    result = "a = " if operation_name.startswith("inplace_") else ""
    call.__doc__ = "%s%s(a, b) -- Same as %s." % (result, name, text)
    return call


@not_rpython
def _make_unary(name, operation_name, text):
    operation = _operation(operation_name)

    def call(w_value):
        return operation(w_value)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = "%s(a) -- Same as %s." % (name, text)
    return call


def index(w_value):
    """index(a) -- Same as a.__index__()"""
    return space.index_object(w_value)


def pow(w_base, w_exponent):
    """pow(a, b) -- Same as a ** b."""
    return space.pow(w_base, w_exponent, space.w_None)


def ipow(w_base, w_exponent):
    """a = ipow(a, b) -- Same as a **= b."""
    return space.inplace_pow(w_base, w_exponent)


def not_(w_value):
    """not_(a) -- Same as not a."""
    return space.newbool(not space.is_true(w_value))


def truth(w_value):
    """truth(a) -- Return True if a is true, False otherwise."""
    return space.newbool(space.is_true(w_value))


def is_(w_left, w_right):
    """is_(a, b) -- Same as a is b."""
    return space.newbool(space.is_w(w_left, w_right))


def is_not(w_left, w_right):
    """is_not(a, b) -- Same as a is not b."""
    return space.newbool(not space.is_w(w_left, w_right))


def contains(w_container, w_item):
    """contains(a, b) -- Same as b in a (note reversed operands)."""
    return space.newbool(space.contains(w_container, w_item))


def sequenceIncludes(w_container, w_item):
    """sequenceIncludes(a, b) -- Same as b in a (note reversed operands; deprecated)."""
    space.warn_py3k("operator.sequenceIncludes() is not supported in 3.x. Use operator.contains().")
    return space.newbool(space.contains(w_container, w_item))


def setitem(w_container, w_key, w_value):
    """setitem(a, b, c) -- Same as a[b] = c."""
    space.setitem(w_container, w_key, w_value)


def delitem(w_container, w_key):
    """delitem(a, b) -- Same as del a[b]."""
    space.delitem(w_container, w_key)


@unwrap_spec(start=int, stop=int)
def getslice(w_container, start, stop):
    """getslice(a, b, c) -- Same as a[b:c]."""
    check_sliceable(w_container, "__getslice__", "__getitem__", "'%s' object is unsliceable")
    return space.getslice(w_container, space.newint(start), space.newint(stop))


@unwrap_spec(start=int, stop=int)
def setslice(w_container, start, stop, w_value):
    """setslice(a, b, c, d) -- Same as a[b:c] = d."""
    check_sliceable(w_container, "__setslice__", "__setitem__", "'%s' object doesn't support slice assignment")
    space.setslice(w_container, space.newint(start), space.newint(stop), w_value)


@unwrap_spec(start=int, stop=int)
def delslice(w_container, start, stop):
    """delslice(a, b, c) -- Same as del a[b:c]."""
    check_sliceable(w_container, "__delslice__", "__delitem__", "'%s' object doesn't support slice deletion")
    space.delslice(w_container, space.newint(start), space.newint(stop))


def check_sliceable(w_container, slice_method, item_method, message):
    if space.lookup(w_container, slice_method) is None and space.lookup(w_container, item_method) is None:
        raise type_error(message.replace("%s", space.type_name(w_container)))


def is_sequence(w_value):
    """Items by position, as ``PySequence_Check`` finds: classes with ``__getitem__`` pass for that."""
    if space.is_old_instance(w_value):
        return space.findattr(w_value, "__getitem__") is not None
    if space.is_dict(w_value) or isinstance(w_value, W_DictProxy):
        return False
    return space.lookup(w_value, "__getitem__") is not None


def is_mapping(w_value):
    """Items by key, as ``PyMapping_Check`` finds: what has slices of its own is no mapping."""
    if space.is_old_instance(w_value):
        return space.findattr(w_value, "__getitem__") is not None
    if isinstance(w_value, W_XRange) or isinstance(w_value, W_Deque):
        return False
    return space.lookup(w_value, "__getitem__") is not None and space.lookup(w_value, "__getslice__") is None


def is_defined(w_left, method, w_right, reflected):
    return space.lookup(w_left, method) is not None or space.lookup(w_right, reflected) is not None


def check_repetition(w_sequence, method):
    if not is_sequence(w_sequence) or (
            space.lookup(w_sequence, "__mul__") is None and space.lookup(w_sequence, method) is None):
        raise type_error("'%s' object can't be repeated" % space.type_name(w_sequence))


def concatenates(w_value, name):
    """Whether it is a sequence that says itself what it cannot be concatenated with."""
    return space.is_sequence_slot(space.lookup(w_value, name))


def concat(w_left, w_right):
    """concat(a, b) -- Same as a + b, for a and b sequences."""
    if not (concatenates(w_left, "__add__") or is_sequence(w_left) and is_sequence(w_right)
            and is_defined(w_left, "__add__", w_right, "__radd__")):
        raise not_concatenable(w_left)
    return space.add(w_left, w_right)


def iconcat(w_left, w_right):
    """a = iconcat(a, b) -- Same as a += b, for a and b sequences."""
    if not (concatenates(w_left, "__iadd__") or concatenates(w_left, "__add__")
            or is_sequence(w_left) and is_sequence(w_right)
            and (space.lookup(w_left, "__iadd__") is not None or is_defined(w_left, "__add__", w_right, "__radd__"))):
        raise not_concatenable(w_left)
    return space.inplace_add(w_left, w_right)


def not_concatenable(w_value):
    return type_error("'%s' object can't be concatenated" % space.type_name(w_value))


@unwrap_spec(count=int)
def repeat(w_sequence, count):
    """repeat(a, b) -- Return a * b, where a is a sequence, and b is an integer."""
    check_repetition(w_sequence, "__mul__")
    return space.mul(w_sequence, space.newint(count))


@unwrap_spec(count=int)
def irepeat(w_sequence, count):
    """a = irepeat(a, b) -- Same as a *= b, where a is a sequence, and b is an integer."""
    check_repetition(w_sequence, "__imul__")
    return space.inplace_mul(w_sequence, space.newint(count))


def countOf(w_sequence, w_item):
    """countOf(a, b) -- Return the number of times b occurs in a."""
    count = 0
    w_iterator = space.iter_for(w_sequence, "argument of type '%s' is not iterable")
    while True:
        w_value = w_iterator.iter_next()
        if w_value is None:
            return space.newint(count)
        if space.eq_w(w_value, w_item):
            count += 1


def indexOf(w_sequence, w_item):
    """indexOf(a, b) -- Return the first index of b in a."""
    position = 0
    w_iterator = space.iter_for(w_sequence, "argument of type '%s' is not iterable")
    while True:
        w_value = w_iterator.iter_next()
        if w_value is None:
            raise value_error("sequence.index(x): x not in sequence")
        if space.eq_w(w_value, w_item):
            return space.newint(position)
        position += 1


def isCallable(w_value):
    """isCallable(a) -- Same as callable(a)."""
    space.warn_py3k("operator.isCallable() is not supported in 3.x. Use hasattr(obj, '__call__').")
    return space.newbool(space.is_callable(w_value))


def isNumberType(w_value):
    """isNumberType(a) -- Return True if a has a numeric type, False otherwise."""
    return space.newbool(space.is_number(w_value))


def isSequenceType(w_value):
    """isSequenceType(a) -- Return True if a has a sequence type, False otherwise."""
    return space.newbool(is_sequence(w_value))


def isMappingType(w_value):
    """isMappingType(a) -- Return True if a has a mapping type, False otherwise."""
    return space.newbool(is_mapping(w_value))


def differ(left, right):
    """Whether the strings differ, in a time that does not depend on where."""
    different = len(left) ^ len(right)
    for position in range(len(right)):
        other = ord(left[position]) if position < len(left) else 0
        different |= other ^ ord(right[position])
    return different != 0


def compare_digest(w_left, w_right):
    """compare_digest(a, b) -> bool

Return 'a == b'.  This function uses an approach designed to prevent
timing analysis, making it appropriate for cryptography.
a and b must both be of the same type: either str (ASCII only),
or any type that supports the buffer protocol (e.g. bytes).

Note: If a and b are of different lengths, or if an error occurs,
a timing attack could theoretically reveal information about the
types and lengths of a and b--but not their values.
"""
    if space.is_unicode(w_left) and space.is_unicode(w_right):
        return space.newbool(not differ(space.utf8_w(w_left), space.utf8_w(w_right)))
    return space.newbool(not differ(digest_bytes(w_left), digest_bytes(w_right)))


def digest_bytes(w_value):
    if space.is_unicode(w_value) or not space.has_buffer(w_value):
        raise type_error("'%s' does not have the buffer interface" % space.type_name(w_value))
    return space.buffer_str_w(w_value)


# ---- getters


class W_ItemGetter(W_Root):
    """itemgetter(item, ...) --> itemgetter object

Return a callable object that fetches the given item(s) from its operand.
After f = itemgetter(2), the call f(r) returns r[2].
After g = itemgetter(2, 5, 3), the call g(r) returns (r[2], r[5], r[3])"""

    _attrs_ = ("keys_w", "w_only_key")
    _immutable_fields_ = ["keys_w[*]", "w_only_key"]

    def __init__(self, keys_w):
        self.keys_w = keys_w
        self.w_only_key = keys_w[0] if len(keys_w) == 1 else None

    def call_args(self, args):
        return self.call_1(only_argument(args, "itemgetter"))

    @jit.unroll_safe
    def call_1(self, w_object):
        if self.w_only_key is not None:
            return space.getitem(w_object, self.w_only_key)
        keys_w = self.keys_w
        items_w = [None] * len(keys_w)
        for i in range(len(keys_w)):
            items_w[i] = space.getitem(w_object, keys_w[i])
        return W_Tuple(items_w)


def only_argument(args, name):
    """The operand of a call of a getter."""
    if args.has_keywords():
        raise type_error("%s does not take keyword arguments" % name)
    return counted_arguments(args.args_w, name, 1, 1)[0]


def itemgetter_new(w_subtype, __args__):
    if __args__.has_keywords():
        raise type_error("itemgetter() does not take keyword arguments")
    if len(__args__.args_w) == 0:
        raise type_error("itemgetter expected 1 arguments, got 0")
    return W_ItemGetter(__args__.args_w[:])


class W_AttributeGetter(W_Root):
    """attrgetter(attr, ...) --> attrgetter object

Return a callable object that fetches the given attribute(s) from its operand.
After f = attrgetter('name'), the call f(r) returns r.name.
After g = attrgetter('name', 'date'), the call g(r) returns (r.name, r.date).
After h = attrgetter('name.first', 'name.last'), the call h(r) returns
(r.name.first, r.name.last)."""

    # `paths` are the names cut at the dots, None until the first call: only that checks them.
    _attrs_ = ("names_w", "paths")
    _immutable_fields_ = ["names_w[*]", "paths?"]
    paths = None

    def __init__(self, names_w):
        self.names_w = names_w

    def call_args(self, args):
        return self.call_1(only_argument(args, "attrgetter"))

    @jit.unroll_safe
    def call_1(self, w_object):
        paths = self.paths
        if paths is None:
            return self.first_call(w_object)
        if len(paths) == 1:
            return follow(w_object, paths[0])
        items_w = [None] * len(paths)
        for i in range(len(paths)):
            items_w[i] = follow(w_object, paths[i])
        return W_Tuple(items_w)

    def first_call(self, w_object):
        """A name that is none is found when its turn comes."""
        paths = []
        items_w = [None] * len(self.names_w)
        for i in range(len(items_w)):
            path = cut_name(self.names_w[i])
            items_w[i] = follow(w_object, path)
            paths.append(path)
        self.paths = paths
        return items_w[0] if len(items_w) == 1 else W_Tuple(items_w)


def cut_name(w_name):
    if not space.is_text(w_name):
        raise type_error("attribute name must be a string")
    return space.text_w(w_name).split(".")


@jit.unroll_safe
def follow(w_object, path):
    """The attribute that a name with dots leads to."""
    for name in path:
        w_object = space.getattr_str(w_object, name)
    return w_object


def attrgetter_new(w_subtype, __args__):
    if __args__.has_keywords():
        raise type_error("attrgetter() does not take keyword arguments")
    if len(__args__.args_w) == 0:
        raise type_error("attrgetter expected 1 arguments, got 0")
    return W_AttributeGetter(__args__.args_w[:])


class W_MethodCaller(W_Root):
    """methodcaller(name, ...) --> methodcaller object

Return a callable object that calls the given method on its operand.
After f = methodcaller('name'), the call f(r) returns r.name().
After g = methodcaller('name', 'date', foo=1), the call g(r) returns
r.name('date', foo=1)."""

    _attrs_ = ("w_name", "args")
    _immutable_fields_ = ["w_name", "args"]

    def __init__(self, w_name, args):
        self.w_name = w_name
        self.args = args

    def call_args(self, args):
        return self.call_1(only_argument(args, "methodcaller"))

    def call_1(self, w_object):
        return space.getattr(w_object, self.w_name).call_args(self.args)


def methodcaller_new(w_subtype, __args__):
    args_w = __args__.args_w
    if len(args_w) == 0:
        raise type_error("methodcaller needs at least one argument, the method name")
    return W_MethodCaller(args_w[0], Arguments(args_w[1:], __args__.keywords, __args__.keywords_w))


for _class, _name, _new in [
    (W_ItemGetter, "itemgetter", itemgetter_new),
    (W_AttributeGetter, "attrgetter", attrgetter_new),
    (W_MethodCaller, "methodcaller", methodcaller_new),
]:
    define_type(_class, _name, {"__doc__": _class.__doc__, "__new__": _new, "__call__": forward_call},
                module="operator", acceptable_as_base=False)

_functions = dict(
    pow=pow, ipow=ipow, not_=not_, truth=truth, is_=is_, is_not=is_not, contains=contains,
    sequenceIncludes=sequenceIncludes, setitem=setitem, delitem=delitem, getslice=getslice, setslice=setslice,
    delslice=delslice, concat=concat, iconcat=iconcat, repeat=repeat, irepeat=irepeat, countOf=countOf, indexOf=indexOf,
    isCallable=isCallable, isNumberType=isNumberType, isSequenceType=isSequenceType, isMappingType=isMappingType,
    itemgetter=W_ItemGetter, attrgetter=W_AttributeGetter, methodcaller=W_MethodCaller, index=index,
    _compare_digest=compare_digest,
)  # fmt: skip
for _name, (_operation_name, _text) in BINARY.items():
    _functions[_name] = _make_binary(_name, _operation_name, _text)
for _name, (_operation_name, _text) in UNARY.items():
    _functions[_name] = _make_unary(_name, _operation_name, _text)
for _name in [*BINARY, *UNARY, *(
    "not_ pow ipow setitem delitem getslice setslice delslice contains concat iconcat repeat irepeat index".split()
)]:  # fmt: skip
    _functions["__%s__" % _name.rstrip("_")] = _functions[_name]
for _name in [*BINARY, "setitem", "delitem", "contains", "concat", "iconcat"]:
    # Functions that unpack their arguments under the name of the C function.
    _functions[_name].counted_name = "op_" + _name
define_module("operator", _functions, doc="""Operator interface.

This module exports a set of functions implemented in C corresponding
to the intrinsic operators of Python.  For example, operator.add(x, y)
is equivalent to the expression x+y.  The function names are those
used for special methods; variants without leading and trailing
'__' are also provided for convenience.""")
