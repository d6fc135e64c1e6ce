"""``deque``: a ring buffer that grows and shrinks by halves, so that both ends and the middle are near."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.int_object import W_Int
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.argument import named_arguments
from ouro.interp_py27.vm.errors import index_error, runtime_error, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import ITERATOR_ENTRIES, GetSet, define_type
from ouro.rlib.objectmodel import not_rpython

SMALLEST = 8


class W_Deque(W_Root):
    """deque([iterable[, maxlen]]) --> deque object

Build an ordered collection with optimized access from its endpoints."""

    # Item i is `ring_w[(first + i) & (len(ring_w) - 1)]`: the length is a power of two. Unused places hold None.
    # `limit` is -1 for none. `version` changes with every change of the items, for iterators to notice.
    _attrs_ = ("ring_w", "first", "count", "limit", "version", "lifeline")
    lifeline = None

    def __init__(self):
        self.ring_w = [None] * SMALLEST
        self.first = 0
        self.count = 0
        self.limit = -1
        self.version = 0

    def getweakref(self):
        return self.lifeline

    def setweakref(self, lifeline):
        self.lifeline = lifeline

    def delweakref(self):
        self.lifeline = None

    def has_integer_keys_only(self):
        return True

    def get(self, index):
        ring_w = self.ring_w
        return ring_w[(self.first + index) & (len(ring_w) - 1)]

    def set(self, index, w_item):
        ring_w = self.ring_w
        ring_w[(self.first + index) & (len(ring_w) - 1)] = w_item

    def resize(self, size):
        """Move the items to a ring with `size` places."""
        ring_w = [None] * size
        for i in range(self.count):
            ring_w[i] = self.get(i)
        self.ring_w = ring_w
        self.first = 0

    def append(self, w_item):
        self.version += 1
        if self.count == self.limit:
            if self.limit == 0:
                return
            self.pop_left()
        ring_w = self.ring_w
        if self.count == len(ring_w):
            self.resize(self.count << 1)
            ring_w = self.ring_w
        ring_w[(self.first + self.count) & (len(ring_w) - 1)] = w_item
        self.count += 1

    def append_left(self, w_item):
        self.version += 1
        if self.count == self.limit:
            if self.limit == 0:
                return
            self.pop()
        if self.count == len(self.ring_w):
            self.resize(self.count << 1)
        ring_w = self.ring_w
        self.first = (self.first - 1) & (len(ring_w) - 1)
        ring_w[self.first] = w_item
        self.count += 1

    def pop(self):
        """The last item; there must be one."""
        self.version += 1
        ring_w = self.ring_w
        self.count -= 1
        index = (self.first + self.count) & (len(ring_w) - 1)
        w_item = ring_w[index]
        ring_w[index] = None
        self.shrink()
        return w_item

    def pop_left(self):
        """The first item; there must be one."""
        self.version += 1
        ring_w = self.ring_w
        index = self.first
        w_item = ring_w[index]
        ring_w[index] = None
        self.first = (index + 1) & (len(ring_w) - 1)
        self.count -= 1
        self.shrink()
        return w_item

    def shrink(self):
        """Give memory back when only an eighth is used: growing again is far away then."""
        size = len(self.ring_w)
        if size > SMALLEST and self.count <= size >> 3:
            self.resize(size >> 1)

    def clear(self):
        self.version += 1
        self.ring_w = [None] * SMALLEST
        self.first = 0
        self.count = 0

    def rotate(self, steps):
        """To the right; each step moves one item from one end to the other."""
        count = self.count
        if count <= 1:
            return
        steps %= count
        if steps == 0:
            return
        self.version += 1
        if count == len(self.ring_w):
            self.first = (self.first - steps) & (count - 1)
            return
        ring_w = self.ring_w
        mask = len(ring_w) - 1
        first = self.first
        if steps <= count >> 1:
            for _ in range(steps):
                last = (first + count - 1) & mask
                w_item = ring_w[last]
                ring_w[last] = None
                first = (first - 1) & mask
                ring_w[first] = w_item
        else:
            for _ in range(count - steps):
                w_item = ring_w[first]
                ring_w[first] = None
                ring_w[(first + count) & mask] = w_item
                first = (first + 1) & mask
        self.first = first

    def delete(self, index):
        """Close the gap from the nearer end."""
        if index < self.count >> 1:
            while index > 0:
                self.set(index, self.get(index - 1))
                index -= 1
            self.pop_left()
        else:
            while index < self.count - 1:
                self.set(index, self.get(index + 1))
                index += 1
            self.pop()

    def items_list(self):
        items_w = [None] * self.count
        for i in range(self.count):
            items_w[i] = self.get(i)
        return items_w

    def extend(self, w_iterable):
        if w_iterable is self:
            for w_item in self.items_list():
                self.append(w_item)
            return
        w_iterator = space.iter(w_iterable)
        while True:
            w_item = w_iterator.iter_next()
            if w_item is None:
                return
            self.append(w_item)

    def checked_index(self, w_index):
        if isinstance(w_index, W_Int):
            index = w_index.intval
        elif space.is_index(w_index):
            index = space.index_w(w_index)
        else:
            raise type_error("sequence index must be integer, not '%s'" % space.type_name(w_index))
        if index < 0:
            index += self.count
        if index < 0 or index >= self.count:
            raise index_error("deque index out of range")
        return index


W_DequeUser = make_user_class(W_Deque)


class W_DequeIterator(W_Root):
    """From the left; a change of the deque is an error."""

    _attrs_ = ("deque", "position", "version")

    def __init__(self, deque):
        self.deque = deque
        self.position = 0
        self.version = deque.version

    def iter_next(self):
        deque = self.deque
        position = self.position
        if self.version != deque.version:
            if position >= 0:
                self.position = -1
            raise runtime_error("deque mutated during iteration")
        if position >= deque.count:
            return None
        self.position = position + 1
        return deque.get(position)

    def descr_length_hint(self):
        """Private method returning an estimate of len(list(it))."""
        if self.position < 0:
            return space.newint(0)
        return space.newint(max(self.deque.count - self.position, 0))


class W_DequeReverseIterator(W_Root):
    """From the right."""

    _attrs_ = ("deque", "position", "version")

    def __init__(self, deque):
        self.deque = deque
        self.position = deque.count - 1
        self.version = deque.version

    def iter_next(self):
        deque = self.deque
        position = self.position
        if self.version != deque.version:
            self.position = -1
            raise runtime_error("deque mutated during iteration")
        if position < 0:
            return None
        self.position = position - 1
        return deque.get(position)

    def descr_length_hint(self):
        """Private method returning an estimate of len(list(it))."""
        return space.newint(self.position + 1)


def deque_new(w_subtype, __args__):
    if w_subtype is W_Deque.w_builtin_type:
        return W_Deque()
    space.check_subtype(w_subtype, W_Deque.w_builtin_type)
    w_deque = W_DequeUser()
    space.init_user(w_deque, w_subtype)
    return w_deque


def deque_init(self, __args__):
    w_iterable, w_limit = named_arguments(__args__, "deque", ["iterable", "maxlen"], 0)
    limit = -1
    if w_limit is not None and not space.is_none(w_limit):
        limit = space.size_w(w_limit)
        if limit < 0:
            raise value_error("maxlen must be non-negative")
    self.limit = limit
    self.clear()
    if w_iterable is not None:
        self.extend(w_iterable)


def deque_append(self, w_item):
    """Add an element to the right side of the deque."""
    self.append(w_item)


def deque_appendleft(self, w_item):
    """Add an element to the left side of the deque."""
    self.append_left(w_item)


def deque_pop(self):
    """Remove and return the rightmost element."""
    if self.count == 0:
        raise index_error("pop from an empty deque")
    return self.pop()


def deque_popleft(self):
    """Remove and return the leftmost element."""
    if self.count == 0:
        raise index_error("pop from an empty deque")
    return self.pop_left()


def deque_extend(self, w_iterable):
    """Extend the right side of the deque with elements from the iterable"""
    self.extend(w_iterable)


def deque_extendleft(self, w_iterable):
    """Extend the left side of the deque with elements from the iterable"""
    if w_iterable is self:
        w_iterable = space.newlist(self.items_list()[:])
    w_iterator = space.iter(w_iterable)
    while True:
        w_item = w_iterator.iter_next()
        if w_item is None:
            return
        self.append_left(w_item)


def deque_iadd(self, w_iterable):
    self.extend(w_iterable)
    return self


def deque_clear(self):
    """Remove all elements from the deque."""
    self.clear()


@unwrap_spec(steps=int)
def deque_rotate(self, steps=1):
    """Rotate the deque n steps to the right (default n=1).  If n is negative, rotates left."""
    self.rotate(steps)


def deque_reverse(self):
    """D.reverse() -- reverse *IN PLACE*"""
    low = 0
    high = self.count - 1
    while low < high:
        w_item = self.get(low)
        self.set(low, self.get(high))
        self.set(high, w_item)
        low += 1
        high -= 1


def deque_count(self, w_value):
    """D.count(value) -> integer -- return number of occurrences of value"""
    version = self.version
    count = 0
    for i in range(self.count):
        if space.eq_w(self.get(i), w_value):
            count += 1
        if self.version != version:
            raise runtime_error("deque mutated during iteration")
    return space.newint(count)


def deque_remove(self, w_value):
    """D.remove(value) -- remove first occurrence of value."""
    count = self.count
    for i in range(count):
        equal = space.eq_w(self.get(i), w_value)
        if self.count != count:
            raise index_error("deque mutated during remove().")
        if equal:
            self.delete(i)
            return
    raise value_error("deque.remove(x): x not in deque")


def deque_len(self):
    return space.newint(self.count)


def deque_getitem(self, w_index):
    return self.get(self.checked_index(w_index))


def deque_setitem(self, w_index, w_item):
    self.set(self.checked_index(w_index), w_item)


def deque_delitem(self, w_index):
    self.delete(self.checked_index(w_index))


def deque_iter(self):
    return W_DequeIterator(self)


def deque_reversed(self):
    """D.__reversed__() -- return a reverse iterator over the deque"""
    return W_DequeReverseIterator(self)


def deque_repr(self):
    if not space.enter_repr(self):
        return space.newstr("[...]")
    try:
        text = space.repr_text(space.newlist(space.unpack_list(self)))
    finally:
        space.leave_repr(self)
    if self.limit >= 0:
        return space.newstr("deque(%s, maxlen=%d)" % (text, self.limit))
    return space.newstr("deque(%s)" % text)


def deque_copy(self):
    """Return a shallow copy of a deque."""
    if self.limit < 0:
        return self.getclass().call_1(self)
    return self.getclass().call_2(self, space.newint(self.limit))


def deque_reduce(self):
    """Return state information for pickling."""
    w_items = space.newlist(space.unpack_list(self))
    w_dict = self.getdict()
    if w_dict is None:
        arguments_w = [w_items]
        if self.limit >= 0:
            arguments_w = [w_items, space.newint(self.limit)]
        return space.newtuple([self.getclass(), space.newtuple(arguments_w)])
    w_limit = space.w_None if self.limit < 0 else space.newint(self.limit)
    return space.newtuple([self.getclass(), space.newtuple([w_items, w_limit]), w_dict])


def deque_sizeof(self):
    """D.__sizeof__() -- size of D in memory, in bytes"""
    return space.newint(64 + 8 * len(self.ring_w))


def get_limit(self):
    if self.limit < 0:
        return space.w_None
    return space.newint(self.limit)


@not_rpython
def _make_comparison(name):
    """As lists compare: the first items that differ decide, then the lengths."""

    def compare(self, w_other):
        if not isinstance(w_other, W_Deque):
            return space.w_NotImplemented
        if self is w_other:
            return space.newbool(name == "eq" or name == "le" or name == "ge")
        if (name == "eq" or name == "ne") and self.count != w_other.count:
            return space.newbool(name == "ne")
        left = W_DequeIterator(self)
        right = W_DequeIterator(w_other)
        while True:
            w_left = left.iter_next()
            w_right = right.iter_next()
            if w_left is None or w_right is None:
                return space.newbool(by_length(w_left is not None, w_right is not None))
            if not space.eq_w(w_left, w_right):
                return compare_items(w_left, w_right)

    if name == "eq":
        def compare_items(w_left, w_right):
            return space.w_False

        def by_length(left, right):
            return left == right
    elif name == "ne":
        def compare_items(w_left, w_right):
            return space.w_True

        def by_length(left, right):
            return left != right
    elif name == "lt":
        def compare_items(w_left, w_right):
            return space.lt(w_left, w_right)

        def by_length(left, right):
            return right and not left
    elif name == "le":
        def compare_items(w_left, w_right):
            return space.le(w_left, w_right)

        def by_length(left, right):
            return right or not left
    elif name == "gt":
        def compare_items(w_left, w_right):
            return space.gt(w_left, w_right)

        def by_length(left, right):
            return left and not right
    else:
        def compare_items(w_left, w_right):
            return space.ge(w_left, w_right)

        def by_length(left, right):
            return left or not right

    compare.__name__ = compare.__qualname__ = "deque_" + name
    return compare


_entries = {
    "__doc__": W_Deque.__doc__,
    "__new__": deque_new,
    "__init__": deque_init,
    "__len__": deque_len,
    "__iter__": deque_iter,
    "__reversed__": deque_reversed,
    "__getitem__": deque_getitem,
    "__setitem__": deque_setitem,
    "__delitem__": deque_delitem,
    "__iadd__": deque_iadd,
    "__repr__": deque_repr,
    "__copy__": deque_copy,
    "__reduce__": deque_reduce,
    "__sizeof__": deque_sizeof,
    "__hash__": None,
    "__weakref__": None,
    "append": deque_append,
    "appendleft": deque_appendleft,
    "clear": deque_clear,
    "count": deque_count,
    "extend": deque_extend,
    "extendleft": deque_extendleft,
    "maxlen": GetSet(get_limit, doc="maximum size of a deque or None if unbounded"),
    "pop": deque_pop,
    "popleft": deque_popleft,
    "remove": deque_remove,
    "reverse": deque_reverse,
    "rotate": deque_rotate,
}
for _name in ["eq", "ne", "lt", "le", "gt", "ge"]:
    _entries["__%s__" % _name] = _make_comparison(_name)
define_type(W_Deque, "deque", _entries, module="collections", user_class=W_DequeUser)
define_type(W_DequeIterator, "deque_iterator", dict(
    ITERATOR_ENTRIES, __length_hint__=W_DequeIterator.descr_length_hint), acceptable_as_base=False)
define_type(W_DequeReverseIterator, "deque_reverse_iterator", dict(
    ITERATOR_ENTRIES, __length_hint__=W_DequeReverseIterator.descr_length_hint), acceptable_as_base=False)
