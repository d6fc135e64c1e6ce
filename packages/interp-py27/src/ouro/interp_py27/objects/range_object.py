"""``xrange``, ``enumerate``, ``reversed`` and ``range()``."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.bigint_object import W_AnyLong
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.int_object import W_AnyInt, W_Int
from ouro.interp_py27.objects.oldstyle_object import W_OldInstance
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.argument import counted_arguments, named_arguments
from ouro.interp_py27.vm.errors import OperationError, index_error, overflow_error, type_error, value_error
from ouro.interp_py27.vm.typedef import ITERATOR_ENTRIES, define_type, open_iterator_entries
from ouro.rlib.rarithmetic import intmask, ovfcheck, r_uint
from ouro.rlib.rbigint import rbigint


class W_XRange(W_Root):
    """``xrange(start, stop, step)``; `length` items."""

    _attrs_ = ("start", "step", "length")
    _immutable_fields_ = ["start", "step", "length"]

    def __init__(self, start, step, length):
        self.start = start
        self.step = step
        self.length = length

    def has_integer_keys_only(self):
        return True


class W_XRangeIterator(W_Root):
    _attrs_ = ("current", "step", "remaining")

    def __init__(self, current, step, remaining):
        self.current = current
        self.step = step
        self.remaining = remaining

    def iter_next(self):
        remaining = self.remaining
        if remaining <= 0:
            return None
        self.remaining = remaining - 1
        value = self.current
        # Beyond the last item the sum may wrap around; it is not used then.
        self.current = intmask(value + self.step)
        return W_Int(value)

    def items_expected(self):
        return self.remaining

    def descr_length_hint(self):
        return W_Int(self.remaining)


def range_length(start, stop, step):
    """How many items; -1 where that does not fit a machine word."""
    if step > 0:
        if start >= stop:
            return 0
        count = (r_uint(stop) - r_uint(start) - r_uint(1)) // r_uint(step) + r_uint(1)
    else:
        if start <= stop:
            return 0
        count = (r_uint(start) - r_uint(stop) - r_uint(1)) // (r_uint(0) - r_uint(step)) + r_uint(1)
    if count > r_uint(2 ** 63 - 1):
        return -1
    return int(count)


def xrange_new(w_subtype, __args__):
    args_w = __args__.args_w
    if __args__.has_keywords():
        raise type_error("xrange() does not take keyword arguments")
    if not 1 <= len(args_w) <= 3:
        raise type_error("xrange() requires 1-3 int arguments")
    start = 0
    step = 1
    if len(args_w) == 1:
        stop = xrange_int(args_w[0])
    else:
        start = xrange_int(args_w[0])
        stop = xrange_int(args_w[1])
        if len(args_w) == 3:
            step = xrange_int(args_w[2])
            if step == 0:
                raise value_error("xrange() arg 3 must not be zero")
    length = range_length(start, stop, step)
    if length < 0:
        raise overflow_error("xrange() result has too many items")
    return W_XRange(start, step, length)


def xrange_int(w_value):
    return space.arg_int_w(w_value)


def xrange_len(self):
    return W_Int(self.length)


def xrange_iter(self):
    return W_XRangeIterator(self.start, self.step, self.length)


def xrange_reversed(self):
    if self.length == 0:
        return W_XRangeIterator(0, 1, 0)
    return W_XRangeIterator(self.start + (self.length - 1) * self.step, -self.step, self.length)


def xrange_getitem(self, w_index):
    if not space.is_index(w_index):
        raise type_error("sequence index must be integer, not '%s'" % space.type_name(w_index))
    index = space.index_w(w_index)
    if index < 0:
        index += self.length
    if index < 0 or index >= self.length:
        raise index_error("xrange object index out of range")
    return W_Int(self.start + index * self.step)


def xrange_stop(w_range):
    """An upper (for negative steps lower) bound that gives the same range: the next item, if that is a machine word."""
    if w_range.length == 0:
        return w_range.start
    last = intmask(w_range.start + (w_range.length - 1) * w_range.step)
    try:
        return ovfcheck(last + w_range.step)
    except OverflowError:
        return 2 ** 63 - 1 if w_range.step > 0 else -(2 ** 63)


def xrange_repr(self):
    stop = xrange_stop(self)
    if self.step != 1:
        return space.newstr("xrange(%d, %d, %d)" % (self.start, stop, self.step))
    if self.start != 0:
        return space.newstr("xrange(%d, %d)" % (self.start, stop))
    return space.newstr("xrange(%d)" % stop)


def xrange_reduce(self):
    stop = xrange_stop(self)
    return space.newtuple([self.getclass(), space.newtuple([W_Int(self.start), W_Int(stop), W_Int(self.step)])])


define_type(W_XRange, "xrange", {
    "__doc__": "xrange(stop) -> xrange object\nxrange(start, stop[, step]) -> xrange object\n\n"
               "Like range(), but instead of returning a list, returns an object that\ngenerates the numbers in the "
               "range on demand.",
    "__new__": xrange_new,
    "__len__": xrange_len,
    "__iter__": xrange_iter,
    "__reversed__": xrange_reversed,
    "__getitem__": xrange_getitem,
    "__repr__": xrange_repr,
    "__reduce__": xrange_reduce,
}, acceptable_as_base=False)
define_type(W_XRangeIterator, "rangeiterator", dict(
    ITERATOR_ENTRIES, __length_hint__=W_XRangeIterator.descr_length_hint), acceptable_as_base=False)


# ---- range()


def range_list(w_start, w_stop, w_step):
    """The list ``range(...)`` gives; the bounds may be longs."""
    if isinstance(w_start, W_AnyInt) and isinstance(w_stop, W_AnyInt) and isinstance(w_step, W_AnyInt):
        return int_range(w_start.intval, w_stop.intval, w_step.intval)
    start = range_bound(w_start, "start")
    stop = range_bound(w_stop, "end")
    if space.cmp_int(w_step, space.newint(0)) == 0:
        raise value_error("range() step argument must not be zero")
    step = range_bound(w_step, "step")
    if not step.tobool():
        raise value_error("range() step argument must not be zero")
    if start.fits_int() and stop.fits_int() and step.fits_int():
        return int_range(start.toint(), stop.toint(), step.toint())
    distance = stop.sub(start) if step.sign > 0 else start.sub(stop)
    if distance.sign <= 0:
        return space.newlist([])
    try:
        length = distance.int_sub(1).floordiv(step.abs()).int_add(1).toint()
    except OverflowError:
        raise overflow_error("range() result has too many items")
    check_length(length)
    items_w = [None] * length
    value = start
    for i in range(length):
        items_w[i] = space.newlong(value)
        value = value.add(step)
    return space.newlist(items_w)


def check_length(length):
    """No list has more items than this: it would not fit into the memory of any machine."""
    if length > 2 ** 48:
        raise MemoryError


def range_bound(w_value, name):
    if isinstance(w_value, W_AnyInt):
        return rbigint.fromint(w_value.intval)
    if isinstance(w_value, W_AnyLong):
        return w_value.big
    if space.is_float(w_value):
        raise type_error("range() integer %s argument expected, got float." % name)
    w_method = space.lookup(w_value, "__int__")
    if w_method is None:
        raise type_error("range() integer %s argument expected, got %s." % (name, space.type_name(w_value)))
    w_result = space.call_special_0(w_method, w_value)
    if not (space.is_int(w_result) or space.is_long(w_result)):
        raise type_error("__int__ should return int object")
    return space.bigint_w(w_result)


def int_range(start, stop, step):
    if step == 0:
        raise value_error("range() step argument must not be zero")
    length = range_length(start, stop, step)
    if length < 0:
        raise overflow_error("range() result has too many items")
    check_length(length)
    return space.newlist_progression(start, step, length)


# ---- enumerate, reversed


class W_Enumerate(W_Root):
    """Counts with a machine integer until that overflows, then with a long."""

    _attrs_ = ("w_iterator", "index", "w_index")
    w_index = None

    def iter_next(self):
        w_item = self.w_iterator.iter_next()
        if w_item is None:
            return None
        if self.w_index is None:
            w_index = W_Int(self.index)
            try:
                self.index = ovfcheck(self.index + 1)
            except OverflowError:
                self.w_index = space.add(w_index, W_Int(1))
        else:
            w_index = self.w_index
            self.w_index = space.add(w_index, W_Int(1))
        return space.newtuple_2(w_index, w_item)


W_EnumerateUser = make_user_class(W_Enumerate)


def enumerate_new(w_subtype, __args__):
    w_sequence, w_start = named_arguments(__args__, "enumerate", ["sequence", "start"], 1)
    if w_subtype is W_Enumerate.w_builtin_type:
        w_enumerate = W_Enumerate()
    else:
        space.check_subtype(w_subtype, W_Enumerate.w_builtin_type)
        w_enumerate = W_EnumerateUser()
        space.init_user(w_enumerate, w_subtype)
    w_enumerate.index = 0
    if w_start is not None:
        start = space.bigint_w(space.index_object(w_start))
        try:
            w_enumerate.index = start.toint()
        except OverflowError:
            w_enumerate.w_index = space.newlong(start)
    w_enumerate.w_iterator = space.iter(w_sequence)
    return w_enumerate


define_type(W_Enumerate, "enumerate", dict(
    open_iterator_entries(W_Enumerate),
    __new__=enumerate_new,
    __doc__="enumerate(iterable[, start]) -> iterator for index, value of iterable",
), user_class=W_EnumerateUser)


class W_Reversed(W_Root):
    _attrs_ = ("w_sequence", "position")

    def iter_next(self):
        if self.w_sequence is None:
            return None
        if self.position < 0:
            self.w_sequence = None
            return None
        try:
            w_item = space.getitem(self.w_sequence, W_Int(self.position))
        except OperationError as error:
            if not (error.match(space.w_IndexError) or error.match(space.w_StopIteration)):
                raise
            self.w_sequence = None
            return None
        self.position -= 1
        return w_item

    def descr_length_hint(self):
        if self.w_sequence is None:
            return W_Int(0)
        remaining = self.position + 1
        return W_Int(remaining if space.len_w(self.w_sequence) >= remaining else 0)


W_ReversedUser = make_user_class(W_Reversed)


def reversed_new(w_subtype, __args__):
    if __args__.has_keywords() and w_subtype is W_Reversed.w_builtin_type:
        raise type_error("reversed() does not take keyword arguments")
    w_sequence = counted_arguments(__args__.args_w, "reversed", 1, 1)[0]
    w_method = space.lookup(w_sequence, "__reversed__")
    if isinstance(w_sequence, W_OldInstance):
        w_bound = w_sequence.find("__reversed__")
        if w_bound is not None:
            return w_bound.call_0()
    elif w_method is not None:
        return space.call_special_0(w_method, w_sequence)
    if space.lookup(w_sequence, "__getitem__") is None or space.is_dict(w_sequence):
        raise type_error("argument to reversed() must be a sequence")
    if w_subtype is W_Reversed.w_builtin_type:
        w_reversed = W_Reversed()
    else:
        space.check_subtype(w_subtype, W_Reversed.w_builtin_type)
        w_reversed = W_ReversedUser()
        space.init_user(w_reversed, w_subtype)
    w_reversed.w_sequence = w_sequence
    w_reversed.position = space.len_w(w_sequence) - 1
    return w_reversed


define_type(W_Reversed, "reversed", dict(
    open_iterator_entries(W_Reversed),
    __new__=reversed_new,
    __length_hint__=W_Reversed.descr_length_hint,
    __doc__="reversed(sequence) -> reverse iterator over values of the sequence\n\nReturn a reverse iterator",
), user_class=W_ReversedUser)
