"""Iterators over several others: ``chain``, ``imap``, ``starmap``, ``izip``, ``izip_longest``."""

from ouro.interp_py27.modules.itertools._support import (
    define_iterator,
    iterators_of,
    least_expected,
    no_keywords,
)
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.tuple_object import W_Tuple
from ouro.interp_py27.vm.argument import counted_arguments
from ouro.interp_py27.vm.errors import OperationError, type_error
from ouro.interp_py27.vm.typedef import class_method
from ouro.rlib import jit


class W_Chain(W_Root):
    """chain(*iterables) --> chain object

Return a chain object whose .next() method returns elements from the
first iterable until it is exhausted, then elements from the next
iterable, until all of the iterables are exhausted."""

    # `w_iterables` is None at the end, `w_active` between two of them.
    _attrs_ = ("w_iterables", "w_active")

    def iter_next(self):
        w_active = self.w_active
        if w_active is not None:
            w_item = w_active.iter_next()
            if w_item is not None:
                return w_item
            self.w_active = None
        return self.next_of_following()

    def next_of_following(self):
        while True:
            w_active = self.w_active
            if w_active is None:
                w_active = self.next_iterator()
                if w_active is None:
                    return None
                self.w_active = w_active
            w_item = w_active.iter_next()
            if w_item is not None:
                return w_item
            self.w_active = None

    def next_iterator(self):
        """The iterator of the next iterable, or None; after an error there is none any more."""
        if self.w_iterables is None:
            return None
        w_iterable = None
        w_iterator = None
        try:
            w_iterable = self.w_iterables.iter_next()
            if w_iterable is not None:
                w_iterator = space.iter(w_iterable)
        finally:
            if w_iterator is None:
                self.w_iterables = None
        return w_iterator


def chain_initialize(w_chain, args, exact):
    w_chain.w_iterables = space.iter(space.newtuple(no_keywords(args, "chain", exact)[:]))
    w_chain.w_active = None


def chain_from_iterable(w_type, w_iterable):
    """chain.from_iterable(iterable) --> chain object

Alternate chain() constructor taking a single iterable argument
that evaluates lazily."""
    w_iterables = space.iter(w_iterable)
    w_chain = allocate_chain(w_type)
    w_chain.w_iterables = w_iterables
    w_chain.w_active = None
    return w_chain


allocate_chain = define_iterator(W_Chain, "chain", chain_initialize, {
    "from_iterable": class_method(chain_from_iterable)})


def call_with(w_function, items_w):
    """Call with the items of a tuple, which the call must not keep."""
    count = len(items_w)
    if count == 1:
        return w_function.call_1(items_w[0])
    if count == 2:
        return w_function.call_2(items_w[0], items_w[1])
    if count == 3:
        return w_function.call_3(items_w[0], items_w[1], items_w[2])
    return w_function.call_list(items_w[:])


class W_Map(W_Root):
    """imap(func, *iterables) --> imap object

Make an iterator that computes the function using arguments from
each of the iterables.  Like map() except that it returns
an iterator instead of a list and that it stops when the shortest
iterable is exhausted instead of filling in None for shorter
iterables."""

    # `w_function` is None for tuples of the items; `w_single` is the only iterator, or None.
    _attrs_ = ("w_function", "iterators_w", "w_single")

    def iter_next(self):
        w_function = self.w_function
        w_single = self.w_single
        if w_single is not None:
            w_item = w_single.iter_next()
            if w_item is None:
                return None
            return w_function.call_1(w_item)
        items_w = space.next_items(self.iterators_w)
        if items_w is None:
            return None
        if w_function is None:
            return W_Tuple(items_w)
        return call_with(w_function, items_w)

    def items_expected(self):
        return least_expected(self.iterators_w)


def imap_initialize(w_map, args, exact):
    args_w = no_keywords(args, "imap", exact)
    if len(args_w) < 2:
        raise type_error("imap() must have at least two arguments.")
    w_map.iterators_w = iterators_of(args_w, 1, "")
    w_map.w_single = None
    if space.is_none(args_w[0]):
        w_map.w_function = None
    else:
        w_map.w_function = args_w[0]
        if len(args_w) == 2:
            w_map.w_single = w_map.iterators_w[0]


define_iterator(W_Map, "imap", imap_initialize)


class W_StarMap(W_Root):
    """starmap(function, sequence) --> starmap object

Return an iterator whose values are returned from the function evaluated
with an argument tuple taken from the given sequence."""

    _attrs_ = ("w_function", "w_iterator")

    def iter_next(self):
        w_arguments = self.w_iterator.iter_next()
        if w_arguments is None:
            return None
        if isinstance(w_arguments, W_Tuple):
            return call_with(self.w_function, w_arguments.items_w)
        return self.w_function.call_list(space.unpack_list(w_arguments)[:])


def starmap_initialize(w_starmap, args, exact):
    args_w = counted_arguments(no_keywords(args, "starmap", exact), "starmap", 2, 2)
    w_starmap.w_function = args_w[0]
    w_starmap.w_iterator = space.iter(args_w[1])


define_iterator(W_StarMap, "starmap", starmap_initialize)


class W_Zip(W_Root):
    """izip(iter1 [,iter2 [...]]) --> izip object

Return a izip object whose .next() method returns a tuple where
the i-th element comes from the i-th iterable argument.  The .next()
method continues until the shortest iterable in the argument sequence
is exhausted and then it raises StopIteration.  Works like the zip()
function but consumes less memory by returning an iterator instead of
a list."""

    _attrs_ = ("iterators_w",)

    def iter_next(self):
        iterators_w = self.iterators_w
        count = len(iterators_w)
        if count == 2:
            # The usual number: a tuple that is new when it is filled needs no write barrier.
            w_first = iterators_w[0].iter_next()
            if w_first is None:
                return None
            w_second = iterators_w[1].iter_next()
            return None if w_second is None else W_Tuple([w_first, w_second])
        if count == 0:
            return None
        items_w = space.next_items(iterators_w)
        if items_w is None:
            return None
        return W_Tuple(items_w)

    def items_expected(self):
        return least_expected(self.iterators_w)


def izip_initialize(w_zip, args, exact):
    args_w = no_keywords(args, "izip", exact)
    w_zip.iterators_w = iterators_of(args_w, 0, "izip argument #%d must support iteration")


define_iterator(W_Zip, "izip", izip_initialize)


class W_ZipLongest(W_Root):
    """izip_longest(iter1 [,iter2 [...]], [fillvalue=None]) --> izip_longest object

Return an izip_longest object whose .next() method returns a tuple where
the i-th element comes from the i-th iterable argument.  The .next()
method continues until the longest iterable in the argument sequence
is exhausted and then it raises StopIteration.  When the shorter iterables
are exhausted, the fillvalue is substituted in their place.  The fillvalue
defaults to None or can be specified by a keyword argument.
"""

    # Exhausted iterators are None; `active` counts the others.
    _attrs_ = ("iterators_w", "active", "w_fill")

    def iter_next(self):
        if self.active == 0:
            return None
        try:
            return self.next_tuple()
        except OperationError:
            self.active = 0
            raise

    @jit.unroll_safe
    def next_tuple(self):
        iterators_w = self.iterators_w
        items_w = [None] * len(iterators_w)
        for i in range(len(iterators_w)):
            w_iterator = iterators_w[i]
            w_item = None
            if w_iterator is not None:
                w_item = w_iterator.iter_next()
                if w_item is None:
                    self.active -= 1
                    if self.active <= 0:
                        self.active = 0
                        return None
                    iterators_w[i] = None
            items_w[i] = self.w_fill if w_item is None else w_item
        return W_Tuple(items_w)


def izip_longest_initialize(w_zip, args, exact):
    w_zip.w_fill = space.w_None
    if args.has_keywords():
        w_fill = args.keyword("fillvalue")
        if w_fill is None or len(args.keywords) > 1:
            raise type_error("izip_longest() got an unexpected keyword argument")
        w_zip.w_fill = w_fill
    w_zip.iterators_w = iterators_of(args.args_w, 0, "izip_longest argument #%d must support iteration")
    w_zip.active = len(w_zip.iterators_w)


define_iterator(W_ZipLongest, "izip_longest", izip_longest_initialize)
