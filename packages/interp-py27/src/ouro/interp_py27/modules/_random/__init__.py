"""``_random``: the generator under ``random.Random``."""

from ouro.interp_py27.modules._random.twister import N, Twister
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import define_type
from ouro.rlib import rtime
from ouro.rlib.rarithmetic import r_uint
from ouro.rlib.rbigint import rbigint


class W_Random(W_Root):
    """Random() -> create a random number generator with its own internal state."""

    _attrs_ = ("twister",)

    def __init__(self):
        self.twister = Twister()


W_RandomUser = make_user_class(W_Random)


class Jump:
    """The argument of jumpahead()."""

    def __init__(self, big):
        self.big = big

    def modulo(self, divisor):
        return self.big.int_mod_int_result(divisor)


def random_new(w_subtype, __args__):
    args_w = __args__.args_w
    if __args__.has_keywords() and w_subtype is W_Random.w_builtin_type:
        raise type_error("Random() does not take keyword arguments")
    if w_subtype is W_Random.w_builtin_type:
        w_random = W_Random()
    else:
        space.check_subtype(w_subtype, W_Random.w_builtin_type)
        w_random = W_RandomUser()
        space.init_user(w_random, w_subtype)
    w_seed = None
    if len(args_w) > 1:
        raise type_error("seed expected at most 1 arguments, got %d" % len(args_w))
    if len(args_w) == 1:
        w_seed = args_w[0]
    _seed(w_random.twister, w_seed)
    return w_random


def random_seed(self, w_seed=None):
    """seed([n]) -> None.  Defaults to current time."""
    _seed(self.twister, w_seed)


def _seed(twister, w_seed):
    if w_seed is None or space.is_none(w_seed):
        twister.seed_word(r_uint(int(rtime.time())))
        return
    if space.is_int(w_seed) or space.is_long(w_seed):
        number = space.bigint_w(w_seed).abs()
    else:
        number = rbigint.fromrarith_int(r_uint(space.hash_int(w_seed)))
    twister.seed(_words_of(number))


def _words_of(number):
    """The 32-bit words of a number, lowest first; one word for 0."""
    count = (number.bit_length() + 31) // 32
    if count == 0:
        return [r_uint(0)]
    data = number.tobytes(count * 4, "little", False)
    words = []
    for i in range(0, len(data), 4):
        word = ord(data[i]) | ord(data[i + 1]) << 8 | ord(data[i + 2]) << 16
        words.append(r_uint(word) | r_uint(ord(data[i + 3])) << 24)
    return words


def random_random(self):
    """random() -> x in the interval [0, 1)."""
    return space.newfloat(self.twister.next_float())


def random_getstate(self):
    """getstate() -> tuple containing the current state."""
    items_w = []
    for word in self.twister.words:
        items_w.append(space.newlong(rbigint.fromrarith_int(word)))
    items_w.append(space.newlong_from_int(self.twister.index))
    return space.newtuple(items_w)


def random_setstate(self, w_state):
    """setstate(state) -> None.  Restores generator state."""
    if not space.is_tuple(w_state):
        raise type_error("state vector must be a tuple")
    items_w = space.tuple_items(w_state)
    if len(items_w) != N + 1:
        raise value_error("state vector is the wrong size")
    words = []
    for i in range(N):
        words.append(space.uint_w(items_w[i]))
    index = space.int_w(items_w[N])
    if index < 0 or index > N:
        raise value_error("invalid state")
    twister = self.twister
    for i in range(N):
        twister.words[i] = words[i]
    twister.index = index


@unwrap_spec(k=int)
def random_getrandbits(self, k):
    """getrandbits(k) -> x.  Generates a long int with k random bits."""
    if k <= 0:
        raise value_error("number of bits must be greater than zero")
    characters = []
    while k > 0:
        word = self.twister.next_word()
        if k < 32:
            word >>= 32 - k
        for _ in range(4):
            characters.append(chr(int(word & r_uint(0xFF))))
            word >>= 8
        k -= 32
    return space.newlong(rbigint.frombytes("".join(characters), "little", False))


def random_jumpahead(self, w_number):
    """jumpahead(int) -> None.  Create new state from existing state and integer."""
    if not space.is_int(w_number) and not space.is_long(w_number):
        raise type_error("jumpahead requires an integer, not '%s'" % space.type_name(w_number))
    self.twister.jump(Jump(space.bigint_w(w_number)))


define_type(W_Random, "Random", {
    "__doc__": W_Random.__doc__,
    "__new__": random_new,
    "seed": random_seed,
    "random": random_random,
    "getstate": random_getstate,
    "setstate": random_setstate,
    "getrandbits": random_getrandbits,
    "jumpahead": random_jumpahead,
}, module="_random", user_class=W_RandomUser)

define_module("_random", {"Random": W_Random},
              doc="Module implements the Mersenne Twister random number generator.")
