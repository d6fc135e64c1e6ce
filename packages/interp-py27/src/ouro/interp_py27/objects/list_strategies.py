"""How lists keep their items: by strategy, so that lists of machine integers, floats or strs hold no boxes.

A list is a strategy and an erased storage. Each strategy is a singleton; an item it cannot hold makes the list
switch to one that can, at last to `ObjectStrategy`. (The idea: Bolz, Diekmann and Tratt, Storage strategies
for collections in dynamically typed languages, OOPSLA 2013.)
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.float_object import W_Float, same_bits
from ouro.interp_py27.objects.int_object import W_Int
from ouro.interp_py27.objects.str_object import W_Str
from ouro.rlib import jit
from ouro.rlib.objectmodel import import_from_mixin, newlist_hint
from ouro.rlib.rarithmetic import intmask
from ouro.rlib.rerased import new_static_erasing_pair

#: Lists that are made with so many items get them one by one in traces.
MOST_UNROLLED = 16

#: Room for no more items is made before they come: what gives them may fail at once.
MOST_ROOM = 2 ** 16


def unrolled(items_w):
    return jit.loop_unrolling_heuristic(items_w, len(items_w), MOST_UNROLLED)


class ListStrategy:
    """What a list does through its strategy. Indices are in range and not negative."""

    def length(self, w_list):
        raise NotImplementedError

    def get(self, w_list, index):
        raise NotImplementedError

    def set(self, w_list, index, w_value):
        raise NotImplementedError

    def get_checked(self, w_list, index):
        """The item at any index, which may count from the end; None where there is none."""
        raise NotImplementedError

    def set_checked(self, w_list, index, w_value):
        """False where there is no item at that index, which may count from the end."""
        raise NotImplementedError

    def append(self, w_list, w_value):
        raise NotImplementedError

    def insert(self, w_list, index, w_value):
        raise NotImplementedError

    def pop(self, w_list, index):
        raise NotImplementedError

    def items_list(self, w_list):
        """The items as a new list of objects."""
        raise NotImplementedError

    def slice(self, w_list, start, step, length):
        """A new list: `length` items from `start` on."""
        raise NotImplementedError

    def delete_range(self, w_list, start, stop):
        raise NotImplementedError

    def replace_range(self, w_list, start, stop, w_other):
        """Items start to stop are replaced by those of `w_other`, which has the same strategy."""
        raise NotImplementedError

    def extend_same(self, w_list, w_other):
        """Add the items of `w_other`, which has the same strategy."""
        raise NotImplementedError

    def repeat(self, w_list, count):
        """A new list with the items `count` times."""
        raise NotImplementedError

    def repeat_in_place(self, w_list, count):
        raise NotImplementedError

    def reverse(self, w_list):
        raise NotImplementedError

    def find(self, w_list, w_value, start, stop):
        """The index of the first item equal to `w_value`, or -1."""
        raise NotImplementedError

    def sort(self, w_list):
        """Sort by the natural order of unboxed items; False if that is to be done on objects."""
        return False

    def settle(self, w_list):
        """Give the list a strategy that stays while items are exchanged for such of the same kind."""

    def storage_for(self, items_w):
        """The erased storage for the items, all of which fit."""
        raise NotImplementedError

    def storage_with_room(self, w_first, count):
        raise NotImplementedError


class EmptyStrategy(ListStrategy):
    """No items."""

    erase, unerase = new_static_erasing_pair("empty list")

    def length(self, w_list):
        return 0

    def get(self, w_list, index):
        raise IndexError

    def set(self, w_list, index, w_value):
        raise IndexError

    def get_checked(self, w_list, index):
        return None

    def set_checked(self, w_list, index, w_value):
        return False

    def append(self, w_list, w_value):
        become(w_list, [w_value])

    def insert(self, w_list, index, w_value):
        become(w_list, [w_value])

    def pop(self, w_list, index):
        raise IndexError

    def items_list(self, w_list):
        return []

    def slice(self, w_list, start, step, length):
        return space.newlist([])

    def delete_range(self, w_list, start, stop):
        pass

    def replace_range(self, w_list, start, stop, w_other):
        pass

    def extend_same(self, w_list, w_other):
        pass

    def repeat(self, w_list, count):
        return space.newlist([])

    def repeat_in_place(self, w_list, count):
        pass

    def reverse(self, w_list):
        pass

    def find(self, w_list, w_value, start, stop):
        return -1

    def storage_for(self, items_w):
        return self.fresh()

    def fresh(self):
        return self.erase(None)


class StorageMixin:
    """The operations over a resizable list of unwrapped items.

    The strategy gives `erase`, `unerase`, `wrap(item)`, `fits(w_value)` and `unwrap(w_value)`.
    """

    def length(self, w_list):
        return len(self.unerase(w_list.storage))

    def get(self, w_list, index):
        return self.wrap(self.unerase(w_list.storage)[index])

    def set(self, w_list, index, w_value):
        if self.fits(w_value):
            self.unerase(w_list.storage)[index] = self.unwrap(w_value)
        else:
            generalize(w_list)
            w_list.strategy.set(w_list, index, w_value)

    def get_checked(self, w_list, index):
        items = self.unerase(w_list.storage)
        if index < 0:
            index += len(items)
            if index < 0:
                return None
        if index >= len(items):
            return None
        return self.wrap(items[index])

    def set_checked(self, w_list, index, w_value):
        items = self.unerase(w_list.storage)
        if index < 0:
            index += len(items)
            if index < 0:
                return False
        if index >= len(items):
            return False
        if self.fits(w_value):
            items[index] = self.unwrap(w_value)
        else:
            self.set(w_list, index, w_value)
        return True

    def append(self, w_list, w_value):
        if self.fits(w_value):
            self.unerase(w_list.storage).append(self.unwrap(w_value))
        else:
            generalize(w_list)
            w_list.strategy.append(w_list, w_value)

    def insert(self, w_list, index, w_value):
        if self.fits(w_value):
            self.unerase(w_list.storage).insert(index, self.unwrap(w_value))
        else:
            generalize(w_list)
            w_list.strategy.insert(w_list, index, w_value)

    def pop(self, w_list, index):
        items = self.unerase(w_list.storage)
        if index == len(items) - 1:
            return self.wrap(items.pop())
        return self.wrap(items.pop(index))

    def items_list(self, w_list):
        items = self.unerase(w_list.storage)
        result_w = newlist_hint(len(items))
        for item in items:
            result_w.append(self.wrap(item))
        return result_w

    def slice(self, w_list, start, step, length):
        items = self.unerase(w_list.storage)
        if step == 1:
            assert start >= 0
            stop = start + length
            assert stop >= start
            return w_list.with_storage(self, self.erase(items[start:stop]))
        return self.slice_with_step(w_list, start, step, length)

    def slice_with_step(self, w_list, start, step, length):
        items = self.unerase(w_list.storage)
        part = newlist_hint(length)
        for _ in range(length):
            assert start >= 0
            part.append(items[start])
            start += step
        return w_list.with_storage(self, self.erase(part))

    def delete_range(self, w_list, start, stop):
        items = self.unerase(w_list.storage)
        assert 0 <= start <= stop
        del items[start:stop]

    def replace_range(self, w_list, start, stop, w_other):
        items = self.unerase(w_list.storage)
        inserted = self.unerase(w_other.storage)
        if w_list is w_other:
            inserted = inserted[:]
        count = len(inserted)
        removed = stop - start
        if count < removed:
            del items[start + count:stop]
        elif count > removed:
            # Make room by moving the tail up.
            grow = count - removed
            old_length = len(items)
            tail = items[stop:]
            for _ in range(grow):
                items.append(inserted[0])
            position = old_length + grow - len(tail)
            for i in range(len(tail)):
                items[position + i] = tail[i]
        for i in range(count):
            items[start + i] = inserted[i]

    def extend_same(self, w_list, w_other):
        items = self.unerase(w_list.storage)
        items.extend(self.unerase(w_other.storage)[:])

    def repeat(self, w_list, count):
        return w_list.with_storage(self, self.erase(self.unerase(w_list.storage) * count))

    def repeat_in_place(self, w_list, count):
        items = self.unerase(w_list.storage)
        once = items[:]
        if count <= 0:
            del items[:]
        for _ in range(count - 1):
            items.extend(once)

    def reverse(self, w_list):
        self.unerase(w_list.storage).reverse()

    def storage_for(self, items_w):
        if jit.we_are_jitted() and not unrolled(items_w):
            return self.storage_of_many(items_w)
        return self.storage_of_few(items_w)

    def storage_with_room(self, w_first, count):
        """The erased storage with one item, and room for `count`."""
        items = newlist_hint(count)
        items.append(self.unwrap(w_first))
        return self.erase(items)

    @jit.dont_look_inside
    def storage_of_many(self, items_w):
        return self.storage_of_few(items_w)

    @jit.unroll_safe
    def storage_of_few(self, items_w):
        items = newlist_hint(len(items_w))
        for w_item in items_w:
            items.append(self.unwrap(w_item))
        return self.erase(items)


class IntegerStrategy(ListStrategy):
    """Exact ints, kept as machine integers."""

    import_from_mixin(StorageMixin)
    erase, unerase = new_static_erasing_pair("integer list")

    def wrap(self, item):
        return W_Int(item)

    def fits(self, w_value):
        return isinstance(w_value, W_Int)

    def unwrap(self, w_value):
        assert isinstance(w_value, W_Int)
        return w_value.intval

    def find(self, w_list, w_value, start, stop):
        if isinstance(w_value, W_Int):
            return find_unwrapped(self.unerase(w_list.storage), w_value.intval, start, stop)
        return find_wrapped(w_list, w_value, start, stop)

    def sort(self, w_list):
        space.sort_integers(self.unerase(w_list.storage))
        return True


class Progression:
    """The ints from `first` on in steps of `step`, `length` of them, all of which are machine integers."""

    _immutable_fields_ = ("first", "step", "length")

    def __init__(self, first, step, length):
        self.first = first
        self.step = step
        self.length = length

    def item(self, index):
        return intmask(self.first + index * self.step)

    def as_list(self):
        items = [0] * self.length
        for index in range(self.length):
            items[index] = self.item(index)
        return items


class RangeStrategy(ListStrategy):
    """What `range` gives, until it is changed: the bounds alone. A loop over it costs what one over xrange does.

    The last item may go; any other change makes it a list of integers.
    """

    erase, unerase = new_static_erasing_pair("range list")

    def length(self, w_list):
        return self.unerase(w_list.storage).length

    def get(self, w_list, index):
        return W_Int(self.unerase(w_list.storage).item(index))

    def get_checked(self, w_list, index):
        items = self.unerase(w_list.storage)
        if index < 0:
            index += items.length
            if index < 0:
                return None
        if index >= items.length:
            return None
        return W_Int(items.item(index))

    def settle(self, w_list):
        items = self.unerase(w_list.storage).as_list()
        w_list.strategy = INTEGERS
        w_list.storage = INTEGERS.erase(items)

    def set(self, w_list, index, w_value):
        self.settle(w_list)
        INTEGERS.set(w_list, index, w_value)

    def set_checked(self, w_list, index, w_value):
        self.settle(w_list)
        return INTEGERS.set_checked(w_list, index, w_value)

    def append(self, w_list, w_value):
        self.settle(w_list)
        INTEGERS.append(w_list, w_value)

    def insert(self, w_list, index, w_value):
        self.settle(w_list)
        INTEGERS.insert(w_list, index, w_value)

    def pop(self, w_list, index):
        items = self.unerase(w_list.storage)
        if index != items.length - 1 or index == 0:
            self.settle(w_list)
            return INTEGERS.pop(w_list, index)
        w_list.storage = self.erase(Progression(items.first, items.step, index))
        return W_Int(items.item(index))

    def items_list(self, w_list):
        items = self.unerase(w_list.storage)
        return [W_Int(items.item(index)) for index in range(items.length)]

    def slice(self, w_list, start, step, length):
        if length == 0:
            return space.newlist([])
        items = self.unerase(w_list.storage)
        return w_list.with_storage(self, self.erase(
            Progression(items.item(start), intmask(items.step * step), length)))

    def delete_range(self, w_list, start, stop):
        self.settle(w_list)
        INTEGERS.delete_range(w_list, start, stop)

    def replace_range(self, w_list, start, stop, w_other):
        w_other.strategy.settle(w_other)
        w_list.strategy.settle(w_list)
        INTEGERS.replace_range(w_list, start, stop, w_other)

    def extend_same(self, w_list, w_other):
        w_other.strategy.settle(w_other)
        w_list.strategy.settle(w_list)
        INTEGERS.extend_same(w_list, w_other)

    def repeat(self, w_list, count):
        items = self.unerase(w_list.storage).as_list()
        return w_list.with_storage(INTEGERS, INTEGERS.erase(items * count))

    def repeat_in_place(self, w_list, count):
        self.settle(w_list)
        INTEGERS.repeat_in_place(w_list, count)

    def reverse(self, w_list):
        self.settle(w_list)
        INTEGERS.reverse(w_list)

    def find(self, w_list, w_value, start, stop):
        if not isinstance(w_value, W_Int):
            return find_wrapped(w_list, w_value, start, stop)
        items = self.unerase(w_list.storage)
        for index in range(start, min(stop, items.length)):
            if items.item(index) == w_value.intval:
                return index
        return -1


class FloatStrategy(ListStrategy):
    """Exact floats, kept unboxed."""

    import_from_mixin(StorageMixin)
    erase, unerase = new_static_erasing_pair("float list")

    def wrap(self, item):
        return W_Float(item)

    def fits(self, w_value):
        return isinstance(w_value, W_Float)

    def unwrap(self, w_value):
        assert isinstance(w_value, W_Float)
        return w_value.floatval

    def find(self, w_list, w_value, start, stop):
        if isinstance(w_value, W_Float):
            return find_float(self.unerase(w_list.storage), w_value.floatval, start, stop)
        return find_wrapped(w_list, w_value, start, stop)

    def sort(self, w_list):
        items = self.unerase(w_list.storage)
        for item in items:
            if item != item:
                return False
        space.sort_floats(items)
        return True


class StrStrategy(ListStrategy):
    """Exact strs, kept as interpreter strings."""

    import_from_mixin(StorageMixin)
    erase, unerase = new_static_erasing_pair("str list")

    def wrap(self, item):
        return W_Str(item)

    def fits(self, w_value):
        return isinstance(w_value, W_Str)

    def unwrap(self, w_value):
        assert isinstance(w_value, W_Str)
        return w_value.value

    def find(self, w_list, w_value, start, stop):
        if isinstance(w_value, W_Str):
            return find_str(self.unerase(w_list.storage), w_value.value, start, stop)
        return find_wrapped(w_list, w_value, start, stop)

    def sort(self, w_list):
        space.sort_strings(self.unerase(w_list.storage))
        return True


class ObjectStrategy(ListStrategy):
    """Anything."""

    import_from_mixin(StorageMixin)
    erase, unerase = new_static_erasing_pair("object list")

    def wrap(self, item):
        return item

    def fits(self, w_value):
        return True

    def unwrap(self, w_value):
        return w_value

    def items_list(self, w_list):
        return self.unerase(w_list.storage)[:]

    def find(self, w_list, w_value, start, stop):
        return find_wrapped(w_list, w_value, start, stop)

    def storage_for(self, items_w):
        return self.erase(items_w[:])


def find_unwrapped(items, value, start, stop):
    for i in range(start, min(stop, len(items))):
        if items[i] == value:
            return i
    return -1


def find_float(items, value, start, stop):
    if value != value:
        return find_nan(items, value, start, stop)
    for i in range(start, min(stop, len(items))):
        if items[i] == value:
            return i
    return -1


def find_nan(items, value, start, stop):
    """No item is equal to a NaN, but one may be the same."""
    for i in range(start, min(stop, len(items))):
        if same_bits(items[i], value):
            return i
    return -1


def find_str(items, value, start, stop):
    for i in range(start, min(stop, len(items))):
        if items[i] == value:
            return i
    return -1


find_driver = jit.JitDriver(greens=["shape"], reds="auto", name="search of a list")


def find_wrapped(w_list, w_value, start, stop):
    # A comparison may change the list.
    i = start
    shape = w_value.getclass()
    while i < stop and i < w_list.length():
        find_driver.jit_merge_point(shape=shape)
        if space.eq_w(w_list.strategy.get(w_list, i), w_value):
            return i
        i += 1
    return -1


EMPTY = EmptyStrategy()
#: A list that is being sorted appears empty; anything put into it gives it another strategy, which tells.
SORTING = EmptyStrategy()
INTEGERS = IntegerStrategy()
RANGE = RangeStrategy()
FLOATS = FloatStrategy()
STRS = StrStrategy()
OBJECTS = ObjectStrategy()


@jit.look_inside_iff(unrolled)
def strategy_for(items_w):
    """The strategy for a list of these items."""
    if len(items_w) == 0:
        return EMPTY
    w_first = items_w[0]
    if isinstance(w_first, W_Int):
        for w_item in items_w:
            if not isinstance(w_item, W_Int):
                return OBJECTS
        return INTEGERS
    if isinstance(w_first, W_Float):
        for w_item in items_w:
            if not isinstance(w_item, W_Float):
                return OBJECTS
        return FLOATS
    if isinstance(w_first, W_Str):
        for w_item in items_w:
            if not isinstance(w_item, W_Str):
                return OBJECTS
        return STRS
    return OBJECTS


def become(w_list, items_w):
    """Make `items_w` (which are copied) the items."""
    strategy = strategy_for(items_w)
    w_list.strategy = strategy
    w_list.storage = strategy.storage_for(items_w)


def begin(w_list, w_first, count):
    """Make `w_first` the only item, with room for `count`: growing from one item on takes as long as the rest."""
    strategy = strategy_for([w_first])
    w_list.strategy = strategy
    w_list.storage = strategy.storage_with_room(w_first, count)


def generalize(w_list):
    """Switch to `ObjectStrategy`."""
    items_w = w_list.strategy.items_list(w_list)
    w_list.strategy = OBJECTS
    w_list.storage = OBJECTS.storage_for(items_w)
