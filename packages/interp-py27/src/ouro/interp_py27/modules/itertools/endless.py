"""``count``, ``cycle``, ``repeat``: the iterators that need not end."""

from ouro.interp_py27.modules.itertools._support import define_iterator, no_keywords
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.int_object import W_AnyInt, W_Int
from ouro.interp_py27.objects.root import ENDLESS, W_Root
from ouro.interp_py27.vm.argument import counted_arguments, named_arguments
from ouro.interp_py27.vm.errors import type_error
from ouro.rlib.rarithmetic import ovfcheck


class W_Count(W_Root):
    """count(start=0, step=1) --> count object

Return a count object whose .next() method returns consecutive values.
Equivalent to:

    def count(firstval=0, step=1):
        x = firstval
        while 1:
            yield x
            x += step
"""

    # Machine integers while `w_current` is None; they go over to objects where they overflow.
    _attrs_ = ("current", "step", "w_current", "w_step")

    def iter_next(self):
        w_current = self.w_current
        if w_current is not None:
            self.w_current = space.add(w_current, self.w_step)
            return w_current
        current = self.current
        w_current = W_Int(current)
        try:
            self.current = ovfcheck(current + self.step)
        except OverflowError:
            self.w_current = space.add(w_current, self.w_step)
        return w_current

    def items_expected(self):
        return ENDLESS

    def value(self):
        """What comes next."""
        if self.w_current is None:
            return W_Int(self.current)
        return self.w_current

    def steps_by_one(self):
        w_step = self.w_step
        return isinstance(w_step, W_AnyInt) and w_step.intval == 1


def count_initialize(w_count, args, exact):
    w_start, w_step = named_arguments(args, "count", ["start", "step"], 0)
    if w_start is not None and not space.is_number(w_start) or w_step is not None and not space.is_number(w_step):
        raise type_error("a number is required")
    if w_start is None:
        w_start = W_Int(0)
    if w_step is None:
        w_step = W_Int(1)
    w_count.w_step = w_step
    w_count.current = 0
    w_count.step = 0
    w_count.w_current = w_start
    if isinstance(w_start, W_AnyInt) and isinstance(w_step, W_AnyInt):
        # A start of another integer type is given back as it is, unless the step is 1.
        if isinstance(w_start, W_Int) or w_step.intval == 1:
            w_count.current = w_start.intval
            w_count.step = w_step.intval
            w_count.w_current = None


def count_repr(self):
    start = space.repr_text(self.value())
    if self.steps_by_one():
        return space.newstr("count(%s)" % start)
    return space.newstr("count(%s, %s)" % (start, space.repr_text(self.w_step)))


def count_reduce(self):
    """Return state information for pickling."""
    if self.w_current is None and self.step == 1:
        arguments_w = [self.value()]
    else:
        arguments_w = [self.value(), self.w_step]
    return space.newtuple([self.getclass(), space.newtuple(arguments_w)])


define_iterator(W_Count, "count", count_initialize, {"__repr__": count_repr, "__reduce__": count_reduce})


class W_Cycle(W_Root):
    """cycle(iterable) --> cycle object

Return elements from the iterable until it is exhausted.
Then repeat the sequence indefinitely."""

    # `w_iterator` is None once it is exhausted and its items are all in `saved_w`.
    _attrs_ = ("w_iterator", "saved_w", "position")

    def iter_next(self):
        if self.w_iterator is not None:
            w_item = self.w_iterator.iter_next()
            if w_item is not None:
                self.saved_w.append(w_item)
                return w_item
            self.w_iterator = None
        saved_w = self.saved_w
        if len(saved_w) == 0:
            return None
        position = self.position
        if position >= len(saved_w):
            position = 0
        self.position = position + 1
        return saved_w[position]


def cycle_initialize(w_cycle, args, exact):
    args_w = counted_arguments(no_keywords(args, "cycle", exact), "cycle", 1, 1)
    w_cycle.w_iterator = space.iter(args_w[0])
    w_cycle.saved_w = []
    w_cycle.position = 0


define_iterator(W_Cycle, "cycle", cycle_initialize)


class W_Repeat(W_Root):
    """repeat(object [,times]) -> create an iterator which returns the object
for the specified number of times.  If not specified, returns the object
endlessly."""

    # `remaining` is -1 without end.
    _attrs_ = ("w_object", "remaining")

    def iter_next(self):
        remaining = self.remaining
        if remaining > 0:
            self.remaining = remaining - 1
        elif remaining == 0:
            return None
        return self.w_object

    def items_expected(self):
        return self.remaining if self.remaining >= 0 else ENDLESS


def repeat_initialize(w_repeat, args, exact):
    w_object, w_times = named_arguments(args, "repeat", ["object", "times"], 1)
    w_repeat.w_object = w_object
    w_repeat.remaining = -1
    if w_times is not None:
        w_repeat.remaining = max(space.arg_int_w(w_times), 0)


def repeat_repr(self):
    text = space.repr_text(self.w_object)
    if self.remaining < 0:
        return space.newstr("repeat(%s)" % text)
    return space.newstr("repeat(%s, %d)" % (text, self.remaining))


def repeat_length_hint(self):
    """Private method returning an estimate of len(list(it))."""
    if self.remaining < 0:
        raise type_error("len() of unsized object")
    return space.newint(self.remaining)


define_iterator(W_Repeat, "repeat", repeat_initialize, {
    "__repr__": repeat_repr, "__length_hint__": repeat_length_hint})
