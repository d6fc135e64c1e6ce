"""``groupby``, and ``tee``, which shares what it has read between several iterators."""

from ouro.interp_py27.modules.itertools._support import define_iterator
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.argument import named_arguments
from ouro.interp_py27.vm.errors import runtime_error, type_error, value_error
from ouro.interp_py27.vm.typedef import ITERATOR_ENTRIES, define_type


class W_GroupBy(W_Root):
    """groupby(iterable[, keyfunc]) -> create an iterator which returns
(key, sub-iterator) grouped by each value of key(value).
"""

    # `w_target` is the key of the current group, `w_key` and `w_value` belong to the item read ahead, if any.
    _attrs_ = ("w_iterator", "w_key_function", "w_target", "w_key", "w_value")

    def iter_next(self):
        while self.w_key is None or (self.w_target is not None and space.eq_w(self.w_target, self.w_key)):
            if not self.read():
                return None
        w_key = self.w_key
        self.w_target = w_key
        return space.newtuple_2(w_key, W_Group(self, w_key))

    def read(self):
        """Read one item ahead; False at the end."""
        w_value = self.w_iterator.iter_next()
        if w_value is None:
            return False
        w_key = w_value
        if self.w_key_function is not None:
            w_key = self.w_key_function.call_1(w_value)
        self.w_key = w_key
        self.w_value = w_value
        return True


class W_Group(W_Root):
    """The items of one group of a ``groupby``."""

    _attrs_ = ("groups", "w_target")

    def __init__(self, groups, w_target):
        self.groups = groups
        self.w_target = w_target

    def iter_next(self):
        groups = self.groups
        if groups.w_value is None and not groups.read():
            return None
        if not space.eq_w(self.w_target, groups.w_key):
            return None
        w_value = groups.w_value
        groups.w_value = None
        groups.w_key = None
        return w_value


def groupby_initialize(w_groupby, args, exact):
    w_iterable, w_key_function = named_arguments(args, "groupby", ["iterable", "key"], 1)
    if w_key_function is not None and space.is_none(w_key_function):
        w_key_function = None
    w_groupby.w_key_function = w_key_function
    w_groupby.w_target = None
    w_groupby.w_key = None
    w_groupby.w_value = None
    w_groupby.w_iterator = space.iter(w_iterable)


define_iterator(W_GroupBy, "groupby", groupby_initialize)
define_type(W_Group, "_grouper", ITERATOR_ENTRIES, module="itertools", acceptable_as_base=False)


# ---- tee

BLOCK = 57


class TeeBlock:
    """Some items in a row that one iterator gave, and the block after them.

    The iterators of a ``tee`` each stand in some block; what lies behind the last of them is garbage.
    """

    _attrs_ = ("items_w", "filled", "following", "w_iterator", "running")

    def __init__(self, w_iterator):
        self.w_iterator = w_iterator
        self.items_w = [None] * BLOCK
        self.filled = 0
        self.following = None
        self.running = False

    def item(self, position):
        """The item at `position`, read from the iterator if nobody has before; None at the end."""
        if position < self.filled:
            return self.items_w[position]
        if self.running:
            raise runtime_error("cannot re-enter the tee iterator")
        self.running = True
        try:
            w_item = self.w_iterator.iter_next()
        finally:
            self.running = False
        if w_item is not None:
            self.items_w[position] = w_item
            self.filled = position + 1
        return w_item

    def next_block(self):
        block = self.following
        if block is None:
            block = self.following = TeeBlock(self.w_iterator)
        return block


class W_Tee(W_Root):
    """Iterator wrapped to make it copyable"""

    _attrs_ = ("block", "position", "lifeline")
    lifeline = None

    def __init__(self, block, position):
        self.block = block
        self.position = position

    def iter_next(self):
        if self.position >= BLOCK:
            self.block = self.block.next_block()
            self.position = 0
        w_item = self.block.item(self.position)
        if w_item is not None:
            self.position += 1
        return w_item

    def descr_copy(self):
        """Returns an independent iterator."""
        return W_Tee(self.block, self.position)

    def getweakref(self):
        return self.lifeline

    def setweakref(self, lifeline):
        self.lifeline = lifeline

    def delweakref(self):
        self.lifeline = None


def tee_of(w_iterable):
    """A copyable iterator; the iterator of a ``tee`` is one already."""
    w_iterator = space.iter(w_iterable)
    if isinstance(w_iterator, W_Tee):
        return W_Tee(w_iterator.block, w_iterator.position)
    return W_Tee(TeeBlock(w_iterator), 0)


def tee_new(w_subtype, args_w):
    if len(args_w) != 1:
        raise type_error("tee expected 1 arguments, got %d" % len(args_w))
    return tee_of(args_w[0])


define_type(W_Tee, "tee", dict(
    ITERATOR_ENTRIES, __new__=tee_new, __copy__=W_Tee.descr_copy, __doc__=W_Tee.__doc__, __weakref__=None,
), module="itertools", acceptable_as_base=False)


def tee(args_w):
    """tee(iterable, n=2) --> tuple of n independent iterators."""
    if len(args_w) < 1:
        raise type_error("function takes at least 1 argument (0 given)")
    if len(args_w) > 2:
        raise type_error("function takes at most 2 arguments (%d given)" % len(args_w))
    count = 2 if len(args_w) == 1 else space.arg_int_w(args_w[1])
    if count < 0:
        raise value_error("n must be >= 0")
    iterators_w = [None] * count
    if count > 0:
        w_iterator = space.iter(args_w[0])
        w_copy = space.findattr(w_iterator, "__copy__")
        if w_copy is None:
            w_iterator = tee_of(w_iterator)
        iterators_w[0] = w_iterator
        for i in range(1, count):
            iterators_w[i] = space.getattr_str(w_iterator, "__copy__").call_0()
            w_iterator = iterators_w[i]
    return space.newtuple(iterators_w)
