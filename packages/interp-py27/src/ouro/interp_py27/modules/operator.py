"""``operator``: the operators as functions, and getters of items and attributes."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import type_error, value_error
from ouro.interp_py27.vm.typedef import define_type, forward_call
from ouro.rlib.objectmodel import not_rpython

BINARY = (
    "add sub mul div floordiv truediv mod lshift rshift and_ or_ xor lt le eq ne gt ge getitem delitem "
    "iadd isub imul idiv ifloordiv itruediv imod ilshift irshift iand ior ixor"
).split()
UNARY = "neg pos abs invert".split()
#: Names of operations of the object space that differ from those here.
OPERATIONS = {
    "iadd": "inplace_add", "isub": "inplace_sub", "imul": "inplace_mul", "idiv": "inplace_div",
    "ifloordiv": "inplace_floordiv", "itruediv": "inplace_truediv", "imod": "inplace_mod",
    "ilshift": "inplace_lshift", "irshift": "inplace_rshift", "iand": "inplace_and", "ior": "inplace_or",
    "ixor": "inplace_xor",
}  # fmt: skip


@not_rpython
def _operation(name):
    for candidate in (OPERATIONS.get(name, name), name, name.rstrip("_") + "_", name.rstrip("_")):
        found = getattr(space, candidate, None)
        if found is not None:
            return found
    raise LookupError(name)


@not_rpython
def _make_binary(name):
    operation = _operation(name)

    def call(w_left, w_right):
        return operation(w_left, w_right)

    call.__name__ = call.__qualname__ = name
    return call


@not_rpython
def _make_unary(name):
    operation = _operation(name)

    def call(w_value):
        return operation(w_value)

    call.__name__ = call.__qualname__ = name
    return call


def index(w_value):
    """index(a) -- Same as a.__index__()"""
    return space.index_object(w_value)


def pow(w_base, w_exponent):
    """pow(a, b) -- Same as a ** b."""
    return space.pow(w_base, w_exponent, space.w_None)


def ipow(w_base, w_exponent):
    """ipow(a, b) -- Same as a **= b."""
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


def setitem(w_container, w_key, w_value):
    """setitem(a, b, c) -- Same as a[b] = c."""
    space.setitem(w_container, w_key, w_value)


def delitem(w_container, w_key):
    """delitem(a, b) -- Same as del a[b]."""
    space.delitem(w_container, w_key)


def getslice(w_container, w_start, w_stop):
    """getslice(a, b, c) -- Same as a[b:c]."""
    return space.getslice(w_container, w_start, w_stop)


def setslice(w_container, w_start, w_stop, w_value):
    """setslice(a, b, c, d) -- Same as a[b:c] = d."""
    space.setslice(w_container, w_start, w_stop, w_value)


def delslice(w_container, w_start, w_stop):
    """delslice(a, b, c) -- Same as del a[b:c]."""
    space.delslice(w_container, w_start, w_stop)


def is_sequence(w_value):
    return not space.is_dict(w_value) and space.lookup(w_value, "__getitem__") is not None


def concat(w_left, w_right):
    """concat(a, b) -- Same as a + b, for a and b sequences."""
    if not is_sequence(w_left) or not is_sequence(w_right):
        raise type_error("'%s' object can't be concatenated" % space.type_name(w_left))
    return space.add(w_left, w_right)


def iconcat(w_left, w_right):
    """iconcat(a, b) -- Same as a += b, for a and b sequences."""
    if not is_sequence(w_left) or not is_sequence(w_right):
        raise type_error("'%s' object can't be concatenated" % space.type_name(w_left))
    return space.inplace_add(w_left, w_right)


def repeat(w_sequence, w_count):
    """repeat(a, b) -- Return a * b, where a is a sequence, and b is an integer."""
    if not is_sequence(w_sequence):
        raise type_error("'%s' object can't be repeated" % space.type_name(w_sequence))
    if not space.is_index(w_count):
        raise type_error("an integer is required")
    return space.mul(w_sequence, w_count)


def irepeat(w_sequence, w_count):
    """irepeat(a, b) -- Same as a *= b, where a is a sequence, and b is an integer."""
    if not is_sequence(w_sequence):
        raise type_error("'%s' object can't be repeated" % space.type_name(w_sequence))
    if not space.is_index(w_count):
        raise type_error("an integer is required")
    return space.inplace_mul(w_sequence, w_count)


def countOf(w_sequence, w_item):
    """countOf(a, b) -- Return the number of times b occurs in a."""
    count = 0
    w_iterator = space.iter(w_sequence)
    while True:
        w_value = w_iterator.iter_next()
        if w_value is None:
            return space.newint(count)
        if space.eq_w(w_value, w_item):
            count += 1


def indexOf(w_sequence, w_item):
    """indexOf(a, b) -- Return the first index of b in a."""
    position = 0
    w_iterator = space.iter(w_sequence)
    while True:
        w_value = w_iterator.iter_next()
        if w_value is None:
            raise value_error("sequence.index(x): x not in sequence")
        if space.eq_w(w_value, w_item):
            return space.newint(position)
        position += 1


def isCallable(w_value):
    """isCallable(a) -- Same as callable(a)."""
    return space.newbool(space.is_callable(w_value))


def isNumberType(w_value):
    """isNumberType(a) -- Return True if a has a numeric type, False otherwise."""
    return space.newbool(space.is_number(w_value))


def isSequenceType(w_value):
    """isSequenceType(a) -- Return True if a has a sequence type, False otherwise."""
    return space.newbool(is_sequence(w_value))


def isMappingType(w_value):
    """isMappingType(a) -- Return True if a has a mapping type, False otherwise."""
    return space.newbool(space.lookup(w_value, "__getitem__") is not None)


def _compare_digest(left, right):
    """Compare in a time that does not depend on where the strings differ."""
    different = len(left) ^ len(right)
    for position in range(len(right)):
        other = ord(left[position]) if position < len(left) else 0
        different |= other ^ ord(right[position])
    return different == 0


def compare_digest(w_left, w_right):
    """compare_digest(a, b): a == b, without telling by its time where they differ."""
    if space.is_unicode(w_left) and space.is_unicode(w_right):
        return space.newbool(_compare_digest(space.text_w(w_left), space.text_w(w_right)))
    if space.has_buffer(w_left) and space.has_buffer(w_right):
        return space.newbool(_compare_digest(space.buffer_str_w(w_left), space.buffer_str_w(w_right)))
    raise type_error("unsupported operand types(s) or combination of types: '%s' and '%s'" % (
        space.type_name(w_left), space.type_name(w_right)))


# ---- getters


class W_ItemGetter(W_Root):
    """itemgetter(item, ...) --> itemgetter object"""

    _attrs_ = ("items_w",)
    _immutable_fields_ = ["items_w[*]"]

    def __init__(self, items_w):
        self.items_w = items_w

    def call_args(self, args):
        return self.call_1(args.fixed("itemgetter", 1)[0])

    def call_1(self, w_object):
        if len(self.items_w) == 1:
            return space.getitem(w_object, self.items_w[0])
        return space.newtuple([space.getitem(w_object, w_item) for w_item in self.items_w])


def itemgetter_new(w_subtype, w_item, args_w):
    return W_ItemGetter([w_item] + args_w)


class W_AttributeGetter(W_Root):
    """attrgetter(attr, ...) --> attrgetter object"""

    _attrs_ = ("names_w",)
    _immutable_fields_ = ["names_w[*]"]

    def __init__(self, names_w):
        self.names_w = names_w

    def call_args(self, args):
        return self.call_1(args.fixed("attrgetter", 1)[0])

    def call_1(self, w_object):
        if len(self.names_w) == 1:
            return dotted(w_object, self.names_w[0])
        return space.newtuple([dotted(w_object, w_name) for w_name in self.names_w])


def dotted(w_object, w_name):
    """The attribute that a name with dots leads to."""
    for part in space.text_w(w_name).split("."):
        w_object = space.getattr(w_object, space.newstr(part))
    return w_object


def attrgetter_new(w_subtype, w_name, args_w):
    names_w = [w_name] + args_w
    for w_each in names_w:
        if not (space.is_str(w_each) or space.is_unicode(w_each)):
            raise type_error("attribute name must be a string")
    return W_AttributeGetter(names_w)


class W_MethodCaller(W_Root):
    """methodcaller(name, ...) --> methodcaller object"""

    _attrs_ = ("w_name", "args")

    def __init__(self, w_name, args):
        self.w_name = w_name
        self.args = args

    def call_args(self, args):
        return self.call_1(args.fixed("methodcaller", 1)[0])

    def call_1(self, w_object):
        return space.getattr(w_object, self.w_name).call_args(self.args)


def methodcaller_new(w_subtype, w_name, __args__):
    return W_MethodCaller(w_name, __args__)


define_type(W_ItemGetter, "itemgetter", {
    "__doc__": W_ItemGetter.__doc__, "__new__": itemgetter_new, "__call__": forward_call,
}, module="operator", acceptable_as_base=False)
define_type(W_AttributeGetter, "attrgetter", {
    "__doc__": W_AttributeGetter.__doc__, "__new__": attrgetter_new, "__call__": forward_call,
}, module="operator", acceptable_as_base=False)
define_type(W_MethodCaller, "methodcaller", {
    "__doc__": W_MethodCaller.__doc__, "__new__": methodcaller_new, "__call__": forward_call,
}, module="operator", acceptable_as_base=False)

_functions = dict(
    pow=pow, ipow=ipow, not_=not_, truth=truth, is_=is_, is_not=is_not, contains=contains, sequenceIncludes=contains,
    setitem=setitem, delitem=delitem, getslice=getslice, setslice=setslice, delslice=delslice, concat=concat,
    iconcat=iconcat, repeat=repeat, irepeat=irepeat, countOf=countOf, indexOf=indexOf, isCallable=isCallable,
    isNumberType=isNumberType, isSequenceType=isSequenceType, isMappingType=isMappingType,
    itemgetter=W_ItemGetter, attrgetter=W_AttributeGetter, methodcaller=W_MethodCaller, index=index,
    _compare_digest=compare_digest,
)  # fmt: skip
for _name in BINARY:
    _functions.setdefault(_name, _make_binary(_name))
for _name in UNARY:
    _functions.setdefault(_name, _make_unary(_name))
_functions["inv"] = _functions["invert"]
for _name in list(_functions):
    _special = {"and_": "and", "or_": "or", "not_": "not"}.get(_name, _name)
    if _special in BINARY or _special in UNARY or _special in (
        "and", "or", "not", "inv", "pow", "ipow", "setitem", "delitem", "getslice", "setslice", "delslice", "contains",
        "concat", "iconcat", "repeat", "irepeat", "index"
    ):  # fmt: skip
        _functions["__%s__" % _special] = _functions[_name]
define_module("operator", _functions, doc="Operator interface.")
