"""The markers of `rlib`: every stage gives them the meaning that they have on the host."""

from ouro.rlib import debug, jit, objectmodel
from ouro.rlib.nonconst import NonConstant
from ouro.rlib.objectmodel import (
    always_inline,
    compute_hash,
    dont_inline,
    import_from_mixin,
    instantiate,
    newlist_hint,
    r_dict,
    r_ordereddict,
    resizelist_hint,
    specialize,
    try_inline,
)
from ouro.rlib.rarithmetic import (
    byteswap,
    int_between,
    int_c_div,
    int_c_mod,
    int_force_ge_zero,
    intmask,
    longlongmask,
    most_neg_value_of,
    most_pos_value_of,
    ovfcheck,
    ovfcheck_float_to_int,
    r_int32,
    r_longlong,
    r_singlefloat,
    r_uint,
    r_uint32,
    r_ulonglong,
    uint_mul_high,
    widen,
)
from ouro.rlib.rerased import new_erasing_pair
from ouro.rlib.rstring import StringBuilder
from ouro.rlib.unroll import unrolling_iterable


class Key:
    def __init__(self, number):
        self.number = number


def equal_keys(a, b):
    return a.number % 10 == b.number % 10


def hash_key(a):
    return a.number % 10


def own_equality(first, second):
    d = r_dict(equal_keys, hash_key)
    for i in range(first, second):
        d[Key(i)] = i
    result = 0
    for key, value in d.items():
        result = result * 3 + key.number + value
    if Key(first + 10) in d:
        result += 1000
    d[Key(first + 10)] = 5
    del d[Key(first + 1)]
    return result * 100 + len(d) + d.get(Key(first), -1)


def equal_strings(a, b):
    return a == b


def hash_string(word):
    return compute_hash(word)


def by_hash(word):
    d = r_ordereddict(equal_strings, hash_string)
    for name in ["x", "y", word, "z"]:
        d[name] = len(d)
    h = compute_hash(word)
    result = 0
    if objectmodel.contains_with_hash(d, word, h):
        result += objectmodel.getitem_with_hash(d, word, h)
    objectmodel.setitem_with_hash(d, word, h, 50)
    objectmodel.move_to_end(d, "x")
    objectmodel.move_to_end(d, "z", last=False)
    order = ",".join(list(d))
    objectmodel.delitem_with_hash(d, word, h)
    for name in objectmodel.reversed_dict(d):
        order += name
    return order + str(result) + str(len(d))


hashed = []


def noting_hash(word):
    hashed.append(word)
    return compute_hash(word)


PREBUILT = r_dict(equal_strings, noting_hash)
PREBUILT["early"] = 1


def known_hashes(word):
    """The hashes that a table has are not computed again: the count at the end says how often they were."""
    first = r_dict(equal_strings, noting_hash)
    first[word] = 2
    first["other"] = 3
    del hashed[:]
    second = r_dict(equal_strings, noting_hash)
    total = 0
    for key, value, h in objectmodel.iteritems_with_hash(first):
        objectmodel.setitem_with_hash(second, key, h, value)
        total = intmask(total * 3 + h)
    for key, h in objectmodel.iterkeys_with_hash(second):
        if objectmodel.contains_with_hash(first, key, h):
            total = intmask(total * 7 + objectmodel.getitem_with_hash(first, key, h))
    third = second.copy()
    third.update(first)
    count = len(hashed)
    for key, h in objectmodel.iterkeys_with_hash(PREBUILT):
        total = intmask(total + h + len(key))
    plain = {word: 1, "plain": 2}
    for key, value, h in objectmodel.iteritems_with_hash(plain):
        if objectmodel.contains_with_hash(plain, key, h):
            total = intmask(total * 5 + h + value)
    return "%d %d %d" % (total, count, len(third))


def plain_order(n):
    d = {}
    for i in range(n):
        d[i * 7 % n] = i
    objectmodel.prepare_dict_update(d, 10)
    objectmodel.move_to_end(d, 0)
    result = 0
    for key in objectmodel.reversed_dict(d):
        result = intmask(result * 31 + key)
    return result


erase_number, unerase_number = new_erasing_pair("number")
erase_words, unerase_words = new_erasing_pair("words")


class Strategy:
    def length(self, storage):
        raise NotImplementedError


class NumberStrategy(Strategy):
    def length(self, storage):
        return unerase_number(storage).number


class WordsStrategy(Strategy):
    def length(self, storage):
        return len(unerase_words(storage))


class Holder:
    def __init__(self, strategy, storage):
        self.strategy = strategy
        self.storage = storage


def erased_storage(n):
    if n > 5:
        holder = Holder(NumberStrategy(), erase_number(Key(n)))
    else:
        holder = Holder(WordsStrategy(), erase_words(["a"] * n))
    return holder.strategy.length(holder.storage)


class CounterMixin:
    def count(self):
        self.counted += 1
        return self.counted * self.step


class ByTwo:
    import_from_mixin(CounterMixin)
    step = 2

    def __init__(self):
        self.counted = 0


@import_from_mixin(CounterMixin)
class ByThree:
    step = 3

    def __init__(self):
        self.counted = 10


def mixins(n):
    a = ByTwo()
    b = ByThree()
    for _ in range(n):
        a.count()
        b.count()
    return a.count() * 1000 + b.count()


class Plain:
    value = 7

    def __init__(self):
        self.value = 8


@specialize.memo()
def table_of(cls):
    return len(cls.__name__) * 100


@specialize.arg(0)
def by_constant(kind, n):
    if kind == "double":
        return n * 2
    return n + 1


@specialize.argtype(0)
def twice(x):
    return x + x


@always_inline
def inlined(n):
    return n + 1


@dont_inline
def not_inlined(n):
    return n + 2


@try_inline
def maybe_inlined(n):
    return n + 3


def copies(n):
    made = instantiate(Plain)
    cls = ByTwo if n > 3 else ByThree
    numbers = newlist_hint(n)
    resizelist_hint(numbers, 2 * n)
    for i in range(n):
        numbers.append(inlined(not_inlined(maybe_inlined(i))))
    result = by_constant("double", n) + by_constant("increment", n) + len(twice("ab")) + twice(n) + made.value
    return result * 1000 + sum_of(numbers) + table_of(cls)


def sum_of(numbers):
    result = 0
    for number in numbers:
        result += number
    return result


FIELDS = unrolling_iterable([("first", 1), ("second", "two"), ("third", 3.0)])


def unrolled(name):
    result = ""
    for field, value in FIELDS:
        if field == name:
            result += str(value)
    return result


def widths(n):
    parts = [
        str(int(r_int32(n) * r_int32(3))),
        str(int(r_uint32(n) - r_uint32(5))),
        str(int(r_longlong(n) << 20)),
        str(int(r_ulonglong(n) >> 3)),
        str(intmask(r_uint(n) * r_uint(0x9E3779B97F4A7C15))),
        str(intmask(uint_mul_high(r_uint(n), r_uint(0x9E3779B97F4A7C15)))),
        str(int_c_div(n, -7)),
        str(int_c_mod(n, -7)),
        str(n // -7),
        str(n % -7),
        str(byteswap(n)),
        str(int_between(0, n, 100)),
        str(int_force_ge_zero(n)),
        str(int(longlongmask(n))),
        str(widen(r_int32(n))),
        str(float(r_singlefloat(n / 3.0))),
        str(most_neg_value_of(int) + most_pos_value_of(int)),
    ]
    try:
        parts.append(str(ovfcheck(n * n)))
        parts.append(str(ovfcheck(n << 3)))
    except OverflowError:
        parts.append("overflow")
    try:
        parts.append(str(ovfcheck_float_to_int(n * 1e10)))
    except OverflowError:
        parts.append("too large")
    return " ".join(parts)


def printable(pc, program):
    return program


driver = jit.JitDriver(greens=["pc", "program"], reds=["total", "limit"], get_printable_location=printable)


@jit.elidable
def next_pc(program, pc):
    return (pc + 1) % len(program)


@jit.unroll_safe
def jitted(program, limit):
    total = 0
    pc = 0
    while True:
        driver.jit_merge_point(pc=pc, program=program, total=total, limit=limit)
        if total >= limit:
            break
        total += jit.promote(ord(program[pc]) - ord("a"))
        if jit.isconstant(total) or jit.isvirtual(program) or jit.we_are_jitted():
            total += 1
        pc = next_pc(program, pc)
        if pc == 0:
            driver.can_enter_jit(pc=pc, program=program, total=total, limit=limit)
    jit.conditional_call(total > 5, debug_line, total)
    return jit.hint(total, promote=True) + jit.conditional_call_elidable(0, next_pc, program, 0)


def debug_line(n):
    debug.debug_start("corpus")
    debug.debug_print("total", n)
    debug.debug_stop("corpus")


def virtual_references(n):
    frame = Key(n)
    ref = jit.virtual_ref(frame)
    seen = ref().number
    jit.virtual_ref_finish(ref, frame)
    return seen


def checked(n):
    numbers = debug.make_sure_not_resized([n, n + 1])
    debug.check_nonneg(len(numbers))
    debug.ll_assert(len(numbers) == 2, "two")
    if NonConstant(False):
        debug.fatalerror("never")
    return numbers[0] + numbers[1]


def built(n):
    builder = StringBuilder(n)
    for i in range(n):
        builder.append(str(i))
        builder.append_slice("abcdef", 1, 4)
        builder.append_multiple_char("-", i)
    return str(builder.getlength()) + builder.build()


def hashes(text, n):
    return compute_hash(text) ^ compute_hash(n) ^ compute_hash((text, n)) ^ compute_hash(0.5 * n)


ENTRIES = [
    (own_equality, [(0, 4), (3, 30)]),
    (by_hash, [("word",), ("x",)]),
    (known_hashes, [("word",), ("",)]),
    (plain_order, [(10,), (100,)]),
    (erased_storage, [(3,), (9,)]),
    (mixins, [(0,), (4,)]),
    (copies, [(2,), (6,)]),
    (unrolled, [("first",), ("second",), ("third",), ("fourth",)]),
    (widths, [(0,), (7,), (-123456789,), (1 << 40,)]),
    (jitted, [("abc", 20), ("b", 3)]),
    (virtual_references, [(5,)]),
    (checked, [(4,)]),
    (built, [(0,), (5,)]),
    (hashes, [("abc", 3), ("", -1)]),
]
