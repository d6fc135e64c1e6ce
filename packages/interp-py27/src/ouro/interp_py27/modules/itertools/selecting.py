"""Iterators that pass on some items of another: ``compress``, ``dropwhile``, ``ifilter``, ``islice`` and their like."""

from ouro.interp_py27.modules.itertools._support import define_iterator, no_keywords
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.argument import counted_arguments, named_arguments
from ouro.interp_py27.vm.errors import OperationError, value_error
from ouro.rlib.jit import JitDriver
from ouro.rlib.objectmodel import not_rpython
from ouro.rlib.rarithmetic import intmask


class W_Compress(W_Root):
    """compress(data, selectors) --> iterator over selected data

Return data elements corresponding to true selector elements.
Forms a shorter iterator from selected data elements using the
selectors to choose the data elements."""

    _attrs_ = ("w_data", "w_selectors")

    def iter_next(self):
        return next_selected(self.w_data, self.w_selectors)


selection_driver = JitDriver(greens=["shape", "other"], reds="auto", name="compress")


def next_selected(w_data, w_selectors):
    shape = w_data.iteration_shape()
    other = w_selectors.iteration_shape()
    while True:
        selection_driver.jit_merge_point(shape=shape, other=other)
        w_item = w_data.iter_next()
        if w_item is None:
            return None
        w_selector = w_selectors.iter_next()
        if w_selector is None:
            return None
        if space.is_true(w_selector):
            return w_item


def compress_initialize(w_compress, args, exact):
    w_data, w_selectors = named_arguments(args, "compress", ["data", "selectors"], 2)
    w_compress.w_data = space.iter(w_data)
    w_compress.w_selectors = space.iter(w_selectors)


define_iterator(W_Compress, "compress", compress_initialize)


class W_DropWhile(W_Root):
    """dropwhile(predicate, iterable) --> dropwhile object

Drop items from the iterable while predicate(item) is true.
Afterwards, return every element until the iterable is exhausted."""

    _attrs_ = ("w_predicate", "w_iterator", "started")

    def iter_next(self):
        if self.started:
            return self.w_iterator.iter_next()
        w_item = next_chosen(self.w_iterator, self.w_predicate, False)
        if w_item is not None:
            self.started = True
        return w_item


class W_TakeWhile(W_Root):
    """takewhile(predicate, iterable) --> takewhile object

Return successive entries from an iterable as long as the 
predicate evaluates to true for each entry."""  # noqa: W291 - as CPython has it

    _attrs_ = ("w_predicate", "w_iterator", "stopped")

    def iter_next(self):
        if self.stopped:
            return None
        w_item = self.w_iterator.iter_next()
        if w_item is None:
            return None
        if not space.is_true(self.w_predicate.call_1(w_item)):
            self.stopped = True
            return None
        return w_item


def is_true_for(w_predicate, w_item):
    """What a predicate says of an item; the truth of the item itself if it is None."""
    return space.is_true(w_item if w_predicate is None else w_predicate.call_1(w_item))


choice_driver = JitDriver(greens=["shape", "called", "truth"], reds="auto", name="ifilter")


def next_chosen(w_iterator, w_predicate, truth):
    """The next item for which a predicate is true, or false; None if there is none."""
    shape = w_iterator.iteration_shape()
    called = space.w_None.call_shape() if w_predicate is None else w_predicate.call_shape()
    while True:
        choice_driver.jit_merge_point(shape=shape, called=called, truth=truth)
        w_item = w_iterator.iter_next()
        if w_item is None or is_true_for(w_predicate, w_item) == truth:
            return w_item


class W_Filter(W_Root):
    """ifilter(function or None, sequence) --> ifilter object

Return those items of sequence for which function(item) is true.
If function is None, return the items that are true."""

    # `w_predicate` is None where the truth of the items themselves counts.
    _attrs_ = ("w_predicate", "w_iterator")

    def iter_next(self):
        w_item = self.w_iterator.iter_next()
        if w_item is None or is_true_for(self.w_predicate, w_item):
            return w_item
        return next_chosen(self.w_iterator, self.w_predicate, True)


class W_FilterFalse(W_Root):
    """ifilterfalse(function or None, sequence) --> ifilterfalse object

Return those items of sequence for which function(item) is false.
If function is None, return the items that are false."""

    _attrs_ = ("w_predicate", "w_iterator")

    def iter_next(self):
        w_item = self.w_iterator.iter_next()
        if w_item is None or not is_true_for(self.w_predicate, w_item):
            return w_item
        return next_chosen(self.w_iterator, self.w_predicate, False)


def dropwhile_initialize(w_dropwhile, args, exact):
    args_w = counted_arguments(no_keywords(args, "dropwhile", exact), "dropwhile", 2, 2)
    w_dropwhile.w_predicate = args_w[0]
    w_dropwhile.w_iterator = space.iter(args_w[1])
    w_dropwhile.started = False


def takewhile_initialize(w_takewhile, args, exact):
    args_w = counted_arguments(no_keywords(args, "takewhile", exact), "takewhile", 2, 2)
    w_takewhile.w_predicate = args_w[0]
    w_takewhile.w_iterator = space.iter(args_w[1])
    w_takewhile.stopped = False


@not_rpython
def _make_filter_initialize(name):
    def initialize(w_filter, args, exact):
        args_w = counted_arguments(no_keywords(args, name, exact), name, 2, 2)
        w_predicate = args_w[0]
        w_filter.w_iterator = space.iter(args_w[1])
        if space.is_none(w_predicate) or w_predicate is space.w_bool:
            w_predicate = None
        w_filter.w_predicate = w_predicate

    initialize.__name__ = initialize.__qualname__ = name + "_initialize"
    return initialize


define_iterator(W_DropWhile, "dropwhile", dropwhile_initialize)
define_iterator(W_TakeWhile, "takewhile", takewhile_initialize)
define_iterator(W_Filter, "ifilter", _make_filter_initialize("ifilter"))
define_iterator(W_FilterFalse, "ifilterfalse", _make_filter_initialize("ifilterfalse"))


class W_ISlice(W_Root):
    """islice(iterable, [start,] stop [, step]) --> islice object

Return an iterator whose next() method returns selected values from an
iterable.  If start is specified, will skip all preceding elements;
otherwise, start defaults to zero.  Step defaults to one.  If
specified as another value, step determines how many values are 
skipped between successive calls.  Works like a slice() on a list
but returns an iterator."""  # noqa: W291 - as CPython has it

    # `following` is the index of the next item to return, `stop` -1 for none; `w_iterator` is None at the end.
    _attrs_ = ("w_iterator", "position", "following", "stop", "step")

    def iter_next(self):
        w_iterator = self.w_iterator
        if w_iterator is None:
            return None
        position = self.position
        stop = self.stop
        following = self.following
        if position < following:
            if not self.skip(w_iterator, position, following):
                return self.finish()
            position = following
        if 0 <= stop <= position:
            return self.finish()
        w_item = w_iterator.iter_next()
        if w_item is None:
            return self.finish()
        self.position = position + 1
        # The sum may wrap around; CPython goes on to the stop then, also where there is none.
        advanced = intmask(following + self.step)
        if advanced < following or 0 <= stop < advanced:
            advanced = stop
        self.following = advanced
        return w_item

    def skip(self, w_iterator, position, following):
        """Pass over the items up to `following`; False if there are not so many."""
        while position < following:
            if w_iterator.iter_next() is None:
                return False
            position += 1
            self.position = position
        return True

    def finish(self):
        """Let go of the source."""
        self.w_iterator = None
        return None


def slice_bound(w_value, default):
    """A bound, through ``__int__`` if need be; -1 for what is no integer or too large."""
    if space.is_none(w_value):
        return default
    try:
        return space.size_w(w_value)
    except OperationError:
        return -1


def slice_stop(w_value):
    if space.is_none(w_value):
        return -1
    stop = slice_bound(w_value, -1)
    if stop == -1:
        raise value_error("Stop argument for islice() must be None or an integer: 0 <= x <= maxint.")
    return stop


def islice_initialize(w_islice, args, exact):
    args_w = counted_arguments(no_keywords(args, "islice", exact), "islice", 2, 4)
    start = 0
    step = 1
    if len(args_w) == 2:
        stop = slice_stop(args_w[1])
    else:
        start = slice_bound(args_w[1], 0)
        stop = slice_stop(args_w[2])
    if start < 0 or stop < -1:
        raise value_error("Indices for islice() must be None or an integer: 0 <= x <= maxint.")
    if len(args_w) == 4:
        step = slice_bound(args_w[3], 1)
        if step < 1:
            raise value_error("Step for islice() must be a positive integer or None.")
    w_islice.w_iterator = space.iter(args_w[0])
    w_islice.position = 0
    w_islice.following = start
    w_islice.stop = stop
    w_islice.step = step


define_iterator(W_ISlice, "islice", islice_initialize)
