"""What every generated program starts with: classes, exceptions and functions for its statements to use."""

from __future__ import annotations

PRELUDE = '''\
from ouro.rlib.objectmodel import always_inline, compute_hash, r_dict, specialize
from ouro.rlib.rarithmetic import (
    int_c_div,
    int_c_mod,
    intmask,
    ovfcheck,
    r_int32,
    r_singlefloat,
    r_uint,
    r_uint32,
    r_ulonglong,
    uint_mul_high,
)
from ouro.rlib.rbigint import rbigint
from ouro.rlib.rstring import StringBuilder
from ouro.rlib.unroll import unrolling_iterable


class Exhausted(BaseException):
    pass


class Oops(Exception):
    def __init__(self, code):
        self.code = code


class Worse(Oops):
    def __init__(self, code, detail="detail"):
        super().__init__(code)
        self.detail = detail


class Other(Exception):
    pass


class State:
    """What the program did so far, and what it may still do."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.value = 1
        self.calls = 60
        self.rounds = 400

    def note(self, n):
        self.value = intmask(self.value * 31 + n)

    def enter(self):
        self.calls -= 1
        return self.calls < 0

    def tick(self):
        self.rounds -= 1
        if self.rounds < 0:
            raise Exhausted


STATE = State()


class Root:
    label = "root"

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def value(self):
        return intmask(self.x * 3 + self.y)

    def add(self, n):
        self.x = intmask(self.x + n)
        return self.x

    def weight(self):
        return intmask(self.x ^ self.y)

    @property
    def both(self):
        return (self.x, self.label)

    @both.setter
    def both(self, pair):
        self.x, _ = pair

    @staticmethod
    def shared(a, b):
        return intmask(a - 2 * b)

    def __len__(self):
        return self.x & 7

    def __getitem__(self, index):
        return intmask(self.y + index)

    def __contains__(self, n):
        return n == self.x or n == self.y

    def __call__(self, n):
        return intmask(n * self.y)


class Guard:
    def __init__(self, base, amount, stops):
        self.base = base
        self.amount = amount
        self.stops = stops

    def __enter__(self):
        self.base.x = intmask(self.base.x + self.amount)
        return self.base

    def __exit__(self, kind, error, traceback):
        if kind is None:
            self.base.y ^= self.amount
        else:
            self.base.y = -1
        return self.stops and kind is not None


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        self.n -= 1
        if self.n < 0:
            raise StopIteration
        return self.n


def both(x, y=3, *, swap=False):
    if swap:
        return y, x
    return x, y


def total(first, *rest):
    for item in rest:
        first = intmask(first * 2 + item)
    return first


def counted(n):
    i = 0
    while i < n:
        yield i * 3
        i += 1


def guarded(items, n):
    try:
        for item in items:
            if item == n:
                return
            yield item, str(item)
    finally:
        STATE.note(n)


def delegating(items):
    yield len(items)
    yield from counted(2)
    for item in items:
        yield item


def increment(n):
    return intmask(n + 1)


def negate(n):
    return intmask(-n)


def adder(amount):
    def add(n):
        return intmask(n + amount)

    return add


add_five = adder(5)
add_minus = adder(-(1 << 62))


@specialize.argtype(0)
def twice(x):
    return x + x


@specialize.argtype(0)
def measured(x):
    if isinstance(x, int):
        return x & 63
    return len(x)


@specialize.arg(0)
def chosen(kind, n):
    if kind == "double":
        return intmask(n * 2)
    elif kind == "half":
        return n >> 1
    return n


@always_inline
def clamped(n, low, high):
    if n < low:
        return low
    if n > high:
        return high
    return n


OPERATIONS = unrolling_iterable([("add", lambda a, b: a + b), ("mul", lambda a, b: a * b), ("and", lambda a, b: a & b)])


def operate(name, a, b):
    for known, function in OPERATIONS:
        if known == name:
            return intmask(function(a, b))
    return 0


def same_number(a, b):
    return (a ^ b) & 7 == 0


def hash_number(a):
    return a & 7


def note_optional(maybe):
    if maybe is not None:
        STATE.note(maybe.x)
    else:
        STATE.note(-1)


def note_float(x):
    if -1e15 < x < 1e15:
        STATE.note(int(x * 1024.0))
    else:
        STATE.note(5 if x > 0.0 else 6)


def note_ints(numbers):
    STATE.note(len(numbers))
    for number in numbers:
        STATE.note(number)


def note_str(text):
    STATE.note(len(text))
    for character in text:
        STATE.note(ord(character))


def note_strs(texts):
    for text in texts:
        note_str(text)


def note_objects(objects):
    for item in objects:
        STATE.note(item.value())


def note_table(table):
    for key, value in table.items():
        STATE.note(key)
        STATE.note(value)


def note_modular(modular):
    for key in modular:
        STATE.note(key)
        STATE.note(modular[key])


def note_names(names):
    for key, value in names.items():
        note_str(key)
        STATE.note(value.weight())


def note_pairs(pairs):
    for number, text in pairs:
        STATE.note(number)
        note_str(text)


def note_set(numbers):
    STATE.note(len(numbers))
    note_ints(sorted_copy([n for n in numbers]))


def sorted_copy(numbers):
    numbers = numbers[:]
    numbers.sort()
    return numbers


def note_words(words):
    STATE.note(len(words))
    for word in ["", "a", "b", "x1", "1"]:
        STATE.note(int(word in words))


def note_owners(owners):
    for owner, text in owners.items():
        STATE.note(owner.x)
        note_str(text)


def note_paired(paired):
    for (number, text), value in paired.items():
        STATE.note(number)
        note_str(text)
        STATE.note(value)


def note_rows(rows):
    for row in rows:
        note_ints(row)


def note_groups(groups):
    for key, row in groups.items():
        STATE.note(key)
        note_ints(row)


def note_nested(nested):
    item, (number, text), x = nested
    STATE.note(item.y)
    STATE.note(number)
    note_str(text)
    note_float(x)
'''
