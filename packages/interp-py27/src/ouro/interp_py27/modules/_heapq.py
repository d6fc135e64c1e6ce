"""``_heapq``: binary heaps in lists (Williams, "Algorithm 232: Heapsort", 1964)."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.float_object import W_Float
from ouro.interp_py27.objects.int_object import W_Int
from ouro.interp_py27.objects.list_object import W_AnyList, W_List
from ouro.interp_py27.objects.list_strategies import OBJECTS
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.oldstyle_object import W_OldInstance
from ouro.interp_py27.objects.str_object import W_Str
from ouro.interp_py27.objects.tuple_object import W_Tuple
from ouro.interp_py27.vm.errors import index_error, runtime_error, type_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.rlib.objectmodel import not_rpython

DOC = """Heap queue algorithm (a.k.a. priority queue).

Heaps are arrays for which a[k] <= a[2*k+1] and a[k] <= a[2*k+2] for
all k, counting elements from 0.  For the sake of comparison,
non-existing elements are considered to be infinite.  The interesting
property of a heap is that a[0] is always its smallest element.

Usage:

heap = []            # creates an empty heap
heappush(heap, item) # pushes a new item on the heap
item = heappop(heap) # pops the smallest item from the heap
item = heap[0]       # smallest item on the heap without popping it
heapify(x)           # transforms list into a heap, in-place, in linear time
item = heapreplace(heap, item) # pops and returns smallest item, and adds
                               # new item; the heap size is unchanged

Our API differs from textbook heap algorithms as follows:

- We use 0-based indexing.  This makes the relationship between the
  index for a node and the indexes for its children slightly less
  obvious, but is more suitable since Python uses 0-based indexing.

- Our heappop() method returns the smallest item, not the largest.

These two make it possible to view the heap as a regular Python list
without surprises: heap[0] is the smallest item, and heap.sort()
maintains the heap invariant!
"""


def less(w_left, w_right):
    """``left < right``; through ``right <= left`` where the left one does not define it."""
    if (isinstance(w_left, W_Int) or isinstance(w_left, W_Str) or isinstance(w_left, W_Tuple)
            or isinstance(w_left, W_Float)):
        return space.lt_w(w_left, w_right)
    if isinstance(w_left, W_OldInstance):
        defined = space.findattr(w_left, "__lt__") is not None
    else:
        defined = space.lookup(w_left, "__lt__") is not None
    if defined:
        return space.lt_w(w_left, w_right)
    return not space.is_true(space.le(w_right, w_left))


def less_at(w_heap, left, right):
    """Whether item `left` of the heap is less than item `right`; the comparison must leave the length alone."""
    strategy = w_heap.strategy
    if strategy is OBJECTS:
        items_w = OBJECTS.unerase(w_heap.storage)
        w_left = items_w[left]
        w_right = items_w[right]
        if isinstance(w_left, W_Tuple) and isinstance(w_right, W_Tuple):
            # Most tuples in heaps begin with numbers that differ: nothing is called for these.
            left_w = w_left.items_w
            right_w = w_right.items_w
            if len(left_w) > 0 and len(right_w) > 0:
                w_first = left_w[0]
                w_other = right_w[0]
                if isinstance(w_first, W_Int) and isinstance(w_other, W_Int) and w_first.intval != w_other.intval:
                    return w_first.intval < w_other.intval
    else:
        w_left = strategy.get(w_heap, left)
        w_right = strategy.get(w_heap, right)
    length = w_heap.length()
    result = less(w_left, w_right)
    if w_heap.length() != length:
        raise runtime_error("list changed size during iteration")
    return result


def more_at(w_heap, left, right):
    """The order of a heap with its greatest item first."""
    return less_at(w_heap, right, left)


@not_rpython
def _make_sifts(before):
    """The two moves that restore a heap, in the order ``before(w_heap, i, j)``."""

    def sift_to_root(w_heap, start, position):
        """Item `position` goes towards item `start` as far as it must."""
        while position > start:
            parent = (position - 1) >> 1
            if not before(w_heap, position, parent):
                return
            exchange(w_heap, position, parent)
            position = parent

    def sift_to_leaf(w_heap, position):
        """Item `position` sinks: first to a leaf, then up again (Knuth, volume 3, 5.2.3, exercise 18)."""
        start = position
        length = w_heap.length()
        child = 2 * position + 1
        while child < length:
            if child + 1 < length and not before(w_heap, child, child + 1):
                child += 1
            exchange(w_heap, position, child)
            position = child
            child = 2 * position + 1
        sift_to_root(w_heap, start, position)

    def heapify_list(w_heap):
        position = (w_heap.length() >> 1) - 1
        while position >= 0:
            sift_to_leaf(w_heap, position)
            position -= 1

    return sift_to_root, sift_to_leaf, heapify_list


def exchange(w_heap, i, j):
    if w_heap.strategy is OBJECTS:
        items_w = OBJECTS.unerase(w_heap.storage)
        w_item = items_w[i]
        items_w[i] = items_w[j]
        items_w[j] = w_item
        return
    w_heap.strategy.settle(w_heap)
    strategy = w_heap.strategy
    w_item = strategy.get(w_heap, i)
    strategy.set(w_heap, i, strategy.get(w_heap, j))
    strategy.set(w_heap, j, w_item)


sift_to_root, sift_to_leaf, heapify_list = _make_sifts(less_at)
_, sift_to_leaf_of_greatest, heapify_greatest = _make_sifts(more_at)


def heap_of(w_heap):
    if not isinstance(w_heap, W_AnyList):
        raise type_error("heap argument must be a list")
    return w_heap


def first_of(w_heap):
    if w_heap.length() == 0:
        raise index_error("index out of range")
    return w_heap.strategy.get(w_heap, 0)


def heappush(w_heap, w_item):
    """heappush(heap, item) -> None. Push item onto heap, maintaining the heap invariant."""
    w_heap = heap_of(w_heap)
    w_heap.append(w_item)
    sift_to_root(w_heap, 0, w_heap.length() - 1)


def heappop(w_heap):
    """Pop the smallest item off the heap, maintaining the heap invariant."""
    w_heap = heap_of(w_heap)
    w_first = first_of(w_heap)
    w_last = w_heap.strategy.pop(w_heap, w_heap.length() - 1)
    if w_heap.length() == 0:
        return w_last
    w_heap.strategy.set(w_heap, 0, w_last)
    sift_to_leaf(w_heap, 0)
    return w_first


def heapreplace(w_heap, w_item):
    """heapreplace(heap, item) -> value. Pop and return the current smallest value, and add the new item.

This is more efficient than heappop() followed by heappush(), and can be
more appropriate when using a fixed-size heap.  Note that the value
returned may be larger than item!  That constrains reasonable uses of
this routine unless written as part of a conditional replacement:

    if item > heap[0]:
        item = heapreplace(heap, item)
"""
    w_heap = heap_of(w_heap)
    w_first = first_of(w_heap)
    w_heap.strategy.set(w_heap, 0, w_item)
    sift_to_leaf(w_heap, 0)
    return w_first


def heappushpop(w_heap, w_item):
    """heappushpop(heap, item) -> value. Push item on the heap, then pop and return the smallest item
from the heap. The combined action runs more efficiently than
heappush() followed by a separate call to heappop()."""
    w_heap = heap_of(w_heap)
    if w_heap.length() == 0:
        return w_item
    w_first = w_heap.strategy.get(w_heap, 0)
    if not less(w_first, w_item):
        return w_item
    if w_heap.length() == 0:
        raise index_error("index out of range")
    w_first = w_heap.strategy.get(w_heap, 0)
    w_heap.strategy.set(w_heap, 0, w_item)
    sift_to_leaf(w_heap, 0)
    return w_first


def heapify(w_heap):
    """Transform list into a heap, in-place, in O(len(heap)) time."""
    heapify_list(heap_of(w_heap))


def first_items(w_iterator, count):
    """Up to `count` items, in a new list."""
    items_w = []
    while len(items_w) < count:
        w_item = w_iterator.iter_next()
        if w_item is None:
            break
        items_w.append(w_item)
    return W_List(items_w)


@unwrap_spec(count=int)
def nlargest(count, w_iterable):
    """Find the n largest elements in a dataset.

Equivalent to:  sorted(iterable, reverse=True)[:n]
"""
    w_iterator = space.iter(w_iterable)
    w_heap = first_items(w_iterator, count)
    if w_heap.length() == 0:
        return w_heap
    heapify_list(w_heap)
    while True:
        w_item = w_iterator.iter_next()
        if w_item is None:
            break
        if less(w_heap.strategy.get(w_heap, 0), w_item):
            w_heap.strategy.set(w_heap, 0, w_item)
            sift_to_leaf(w_heap, 0)
    space.getattr_str(w_heap, "sort").call_0()
    w_heap.strategy.reverse(w_heap)
    return w_heap


@unwrap_spec(count=int)
def nsmallest(count, w_iterable):
    """Find the n smallest elements in a dataset.

Equivalent to:  sorted(iterable)[:n]
"""
    w_iterator = space.iter(w_iterable)
    w_heap = first_items(w_iterator, count)
    if w_heap.length() == 0:
        return w_heap
    heapify_greatest(w_heap)
    while True:
        w_item = w_iterator.iter_next()
        if w_item is None:
            break
        if less(w_item, w_heap.strategy.get(w_heap, 0)):
            w_heap.strategy.set(w_heap, 0, w_item)
            sift_to_leaf_of_greatest(w_heap, 0)
    space.getattr_str(w_heap, "sort").call_0()
    return w_heap


define_module("_heapq", {
    "heappush": heappush,
    "heappop": heappop,
    "heapreplace": heapreplace,
    "heappushpop": heappushpop,
    "heapify": heapify,
    "nlargest": nlargest,
    "nsmallest": nsmallest,
    "__about__": "Heap queues\n\nItem i of the list is not greater than the items 2i+1 and 2i+2.\n",
}, doc=DOC)
