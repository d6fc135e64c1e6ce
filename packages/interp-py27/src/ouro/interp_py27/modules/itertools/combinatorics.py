"""``product``, ``permutations``, ``combinations``, ``combinations_with_replacement``.

Each keeps the positions in its pools of the items of the last result, and those items, and changes what differs in
the next: in lexicographic order of the positions, as counting with one digit for each item (Knuth, The Art of Computer
Programming 4A, 7.2.1.1 to 7.2.1.3).
"""

from ouro.interp_py27.modules.itertools._support import define_iterator
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.tuple_object import W_Tuple
from ouro.interp_py27.vm.argument import Arguments, named_arguments
from ouro.interp_py27.vm.errors import overflow_error, value_error


class W_Combinatoric(W_Root):
    """The common part: the first result is made from `positions` as they are, later ones after `advance`."""

    # `items_w` is None before the first result.
    _attrs_ = ("positions", "items_w", "finished")

    def iter_next(self):
        if self.finished:
            return None
        if self.items_w is None:
            self.start()
        elif not self.advance():
            self.finished = True
            return None
        return W_Tuple(self.items_w[:])

    def start(self):
        """Make the first `items_w`."""
        raise NotImplementedError

    def advance(self):
        """Change `positions` and `items_w` to the next result; False if that was the last."""
        raise NotImplementedError


class W_Product(W_Combinatoric):
    """product(*iterables) --> product object

Cartesian product of input iterables.  Equivalent to nested for-loops.

For example, product(A, B) returns the same as:  ((x,y) for x in A for y in B).
The leftmost iterators are in the outermost for-loop, so the output tuples
cycle in a manner similar to an odometer (with the rightmost element changing
on every iteration).

To compute the product of an iterable with itself, specify the number
of repetitions with the optional repeat keyword argument. For example,
product(A, repeat=4) means the same as product(A, A, A, A).

product('ab', range(3)) --> ('a',0) ('a',1) ('a',2) ('b',0) ('b',1) ('b',2)
product((0,1), (0,1), (0,1)) --> (0,0,0) (0,0,1) (0,1,0) (0,1,1) (1,0,0) ..."""

    _attrs_ = ("pools",)

    def start(self):
        pools = self.pools
        items_w = [None] * len(pools)
        for i in range(len(pools)):
            items_w[i] = pools[i][0]
        self.items_w = items_w

    def advance(self):
        positions = self.positions
        items_w = self.items_w
        i = len(positions) - 1
        while i >= 0:
            pool_w = self.pools[i]
            position = positions[i] + 1
            if position < len(pool_w):
                positions[i] = position
                items_w[i] = pool_w[position]
                return True
            positions[i] = 0
            items_w[i] = pool_w[0]
            i -= 1
        return False


def product_initialize(w_product, args, exact):
    repeat = 1
    if args.has_keywords():
        w_repeat = named_arguments(Arguments([], args.keywords, args.keywords_w), "product", ["repeat"], 0)[0]
        if w_repeat is not None:
            repeat = space.arg_int_w(w_repeat)
    if repeat < 0:
        raise value_error("repeat argument cannot be negative")
    pools = []
    if repeat > 0:
        pools = [space.unpack_list(w_iterable)[:] for w_iterable in args.args_w]
    if len(pools) > 0 and repeat > 2**40 // len(pools):
        raise overflow_error("repeat argument too large")
    w_product.pools = pools * repeat
    w_product.positions = [0] * (len(pools) * repeat)
    w_product.items_w = None
    w_product.finished = False
    for pool_w in pools:
        if len(pool_w) == 0:
            w_product.finished = True


class W_Combinations(W_Combinatoric):
    """combinations(iterable, r) --> combinations object

Return successive r-length combinations of elements in the iterable.

combinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)"""

    _attrs_ = ("pool_w",)

    def start(self):
        self.items_w = items_at(self.pool_w, self.positions)

    def advance(self):
        """The rightmost position that can grow does; those after it follow closely."""
        positions = self.positions
        items_w = self.items_w
        pool_w = self.pool_w
        length = len(positions)
        limit = len(pool_w) - length
        i = length - 1
        while i >= 0 and positions[i] == limit + i:
            i -= 1
        if i < 0:
            return False
        position = positions[i]
        while i < length:
            position += 1
            positions[i] = position
            items_w[i] = pool_w[position]
            i += 1
        return True


class W_CombinationsWithReplacement(W_Combinatoric):
    """combinations_with_replacement(iterable, r) --> combinations_with_replacement object

Return successive r-length combinations of elements in the iterable
allowing individual elements to have successive repeats.
combinations_with_replacement('ABC', 2) --> AA AB AC BB BC CC"""

    _attrs_ = ("pool_w",)

    def start(self):
        self.items_w = items_at(self.pool_w, self.positions)

    def advance(self):
        """The rightmost position that can grow does; those after it become the same."""
        positions = self.positions
        items_w = self.items_w
        pool_w = self.pool_w
        last = len(pool_w) - 1
        i = len(positions) - 1
        while i >= 0 and positions[i] == last:
            i -= 1
        if i < 0:
            return False
        position = positions[i] + 1
        w_item = pool_w[position]
        while i < len(positions):
            positions[i] = position
            items_w[i] = w_item
            i += 1
        return True


class W_Permutations(W_Combinatoric):
    """permutations(iterable[, r]) --> permutations object

Return successive r-length permutations of elements in the iterable.

permutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), (2,0), (2,1)"""

    # `positions` has all positions of the pool, those of the result first; `left[i]` says how many values place i
    # has still to take before the places before it change.
    _attrs_ = ("pool_w", "length", "left")

    def start(self):
        self.items_w = items_at(self.pool_w, self.positions[:self.length])

    def advance(self):
        positions = self.positions
        left = self.left
        pool_w = self.pool_w
        size = len(pool_w)
        length = self.length
        i = length - 1
        while i >= 0:
            left[i] -= 1
            if left[i] > 0:
                other = size - left[i]
                position = positions[i]
                positions[i] = positions[other]
                positions[other] = position
                break
            # All values were here: rotate the rest back into order, and go on one place before.
            position = positions[i]
            for j in range(i, size - 1):
                positions[j] = positions[j + 1]
            positions[size - 1] = position
            left[i] = size - i
            i -= 1
        if i < 0:
            return False
        items_w = self.items_w
        while i < length:
            items_w[i] = pool_w[positions[i]]
            i += 1
        return True


def items_at(pool_w, positions):
    items_w = [None] * len(positions)
    for i in range(len(positions)):
        items_w[i] = pool_w[positions[i]]
    return items_w


def checked_length(length):
    if length < 0:
        raise value_error("r must be non-negative")
    return length


def combinations_initialize(w_combinations, args, exact):
    w_iterable, w_length = named_arguments(args, "combinations", ["iterable", "r"], 2)
    length = space.arg_int_w(w_length)
    pool_w = space.unpack_list(w_iterable)[:]
    length = checked_length(length)
    w_combinations.pool_w = pool_w
    w_combinations.items_w = None
    w_combinations.finished = length > len(pool_w)
    w_combinations.positions = [] if w_combinations.finished else first_numbers(length)


def with_replacement_initialize(w_combinations, args, exact):
    w_iterable, w_length = named_arguments(args, "combinations_with_replacement", ["iterable", "r"], 2)
    length = space.arg_int_w(w_length)
    pool_w = space.unpack_list(w_iterable)[:]
    length = checked_length(length)
    w_combinations.pool_w = pool_w
    w_combinations.items_w = None
    w_combinations.finished = len(pool_w) == 0 and length > 0
    w_combinations.positions = [] if w_combinations.finished else [0] * length


def permutations_initialize(w_permutations, args, exact):
    w_iterable, w_length = named_arguments(args, "permutations", ["iterable", "r"], 1)
    pool_w = space.unpack_list(w_iterable)[:]
    size = len(pool_w)
    length = size
    if w_length is not None and not space.is_none(w_length):
        length = checked_length(space.size_w(w_length))
    w_permutations.pool_w = pool_w
    w_permutations.items_w = None
    w_permutations.finished = length > size
    if length > size:
        length = 0
    w_permutations.length = length
    w_permutations.positions = first_numbers(size)
    w_permutations.left = [size - i for i in range(length)]


def first_numbers(count):
    """[0, 1, ..., count - 1]"""
    numbers = [0] * count
    for i in range(count):
        numbers[i] = i
    return numbers


define_iterator(W_Product, "product", product_initialize)
define_iterator(W_Combinations, "combinations", combinations_initialize)
define_iterator(W_CombinationsWithReplacement, "combinations_with_replacement", with_replacement_initialize)
define_iterator(W_Permutations, "permutations", permutations_initialize)
