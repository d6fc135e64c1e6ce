"""The libraries of `rlib` as parts of a program: what they compute is the same on every stage."""

import os

from ouro.rlib import listsort, rfloat, rposix, rstring, rstruct, rutf8
from ouro.rlib.objectmodel import compute_hash
from ouro.rlib.rarithmetic import (
    ParseStringError,
    ParseStringOverflowError,
    highest_bit,
    intmask,
    mulmod,
    r_longlong,
    r_uint,
    r_ulonglong,
    string_to_int,
)
from ouro.rlib.rbigint import rbigint


class Random:
    """Marsaglia's xorshift."""

    def __init__(self, seed):
        self.state = r_uint(88172645463325252 + seed)

    def next(self):
        x = self.state
        x ^= x << 13
        x ^= x >> 7
        x ^= x << 17
        self.state = x
        return x

    def choose(self, count):
        return intmask(self.next() >> 33) % count

    def big(self, bits):
        result = rbigint.fromint(1)
        while result.bit_length() < bits:
            result = result.lshift(40).int_or_(intmask(self.next() >> 24))
            if self.choose(7) == 0:
                result = result.lshift(64)
        return result if self.choose(2) else result.neg()


def big_arithmetic(seed, bits, other_bits):
    random = Random(seed)
    a = random.big(bits)
    b = random.big(other_bits)
    quotient, rest = a.divmod(b)
    assert quotient.mul(b).add(rest).eq(a)
    assert rbigint.fromstr(a.str(), 10).eq(a)
    assert rbigint.frombytes(a.tobytes(1000, "little", True), "little", True).eq(a)
    parts = [
        a.mul(b).str(),
        quotient.format("0123456789abcdef"),
        rest.str(),
        a.and_(b).hex(),
        a.or_(b).repr(),
        a.xor(b).oct(),
        a.rshift(13).str(),
        a.lshift(70).str(),
        str(a.hash()),
        a.pow(rbigint.fromint(5), b).str(),
        a.int_mul(-12345).int_add(99).int_floordiv(77).int_mod(1000003).str(),
        a.gcd(b).str(),
        a.abs().isqrt().str(),
    ]
    try:
        parts.append(rfloat.float_to_string(a.truediv(b)))
        parts.append(rfloat.float_to_string(a.tofloat()))
    except OverflowError:
        parts.append("too large")
    return " ".join(parts)


def power_of_three(exponent):
    return rbigint.fromint(3).int_pow(exponent).str()


def float_text(seed):
    x = rfloat.float_from_bits(r_longlong(Random(seed * 1000003).next()))
    shortest = rfloat.float_to_string(x)
    if rfloat.isfinite(x):
        assert rfloat.string_to_float(shortest) == x
    y = rfloat.ldexp(rfloat.frexp(x)[0], seed % 60)
    return " ".join(
        [
            shortest,
            rfloat.formatd(x, "e", seed % 20),
            rfloat.formatd(x, "g", seed % 17),
            rfloat.formatd(y, "f", seed % 15),
            rfloat.float_to_string(rfloat.round_double(y, seed % 5)),
            str(rfloat.float_hash(x)),
        ]
    )


def read_float(text):
    try:
        return rfloat.float_to_string(rfloat.string_to_float(text))
    except ParseStringError as error:
        return error.msg


def read_int(text, base):
    try:
        return str(string_to_int(text, base))
    except ParseStringError as error:
        return error.msg
    except ParseStringOverflowError:
        return "overflow"


def word_arithmetic(a, b, c):
    return mulmod(a, b, c) + highest_bit(a)


def string_searching(s, sub, by, maxsplit):
    return "|".join(
        [
            ",".join(rstring.split(s, sub, maxsplit)),
            ",".join(rstring.rsplit(s, sub, maxsplit)),
            ",".join(rstring.split(s)),
            rstring.replace(s, sub, by, maxsplit),
            str(rstring.find(s, sub, 0, len(s))),
            str(rstring.rfind(s, sub, 0, len(s))),
            str(rstring.count(s, sub, 0, len(s))),
            str(compute_hash(s)),
        ]
    )


def utf8_text(first, second, third):
    builder = rutf8.Utf8StringBuilder()
    for code in [first, second, third]:
        builder.append_code(code)
    text = builder.build()
    total = 0
    for code in rutf8.Utf8StringIterator(text):
        total = total * 31 + code
    index = rutf8.Utf8Index(text, builder.getlength())
    total += index.position(text, 2) * 1000 + index.index(text, len(text))
    try:
        total += rutf8.check_utf8(text, False)
    except rutf8.CheckError as error:
        return str(error.position) + error.reason
    return str(total)


def less_by_first(a, b):
    return a[0] < b[0]


PairSort = listsort.make_sorter(less_by_first, "PairSort")


def stable_sort(seed, length, different):
    random = Random(seed)
    pairs = [(random.choose(different), i) for i in range(length)]
    PairSort(pairs).sort()
    result = 0
    for i in range(length - 1):
        assert pairs[i][0] < pairs[i + 1][0] or (pairs[i][0] == pairs[i + 1][0] and pairs[i][1] < pairs[i + 1][1])
        result = intmask(result * 31 + pairs[i][1])
    return result


def packed_numbers(x, n, big_endian):
    builder = rstring.StringBuilder()
    rstruct.append_double(builder, x, big_endian)
    rstruct.append_single(builder, x, big_endian)
    rstruct.append_integer(builder, r_ulonglong(n), 3, big_endian)
    packed = builder.build()
    assert rstruct.read_double(packed, 0, big_endian) == x
    single = rfloat.float_to_string(rstruct.read_single(packed, 8, big_endian))
    return packed + single + str(int(rstruct.read_integer(packed, 12, 3, big_endian)))


def system_error_text(path, fd):
    texts = []
    try:
        os.open(path, os.O_RDONLY, 0)
    except OSError as error:
        texts.append("%d %s %s" % (error.errno, error.strerror, error.filename))
        texts.append(str(error))
    try:
        rposix.rmdir(path)
    except OSError as error:
        texts.append(str(error))
    try:
        os.close(fd)
    except OSError as error:
        texts.append(str(error))
        if error.filename is None:
            texts.append("no file")
    return "; ".join(texts)


ENTRIES = [
    (big_arithmetic, [(1, 30, 1), (2, 64, 63), (3, 200, 130), (4, 1000, 400), (5, 2600, 2500), (6, 60, 900)]),
    (power_of_three, [(0,), (1,), (40,), (200,), (2500,)]),
    (float_text, [(n,) for n in range(12)]),
    (
        read_float,
        [("1e400",), ("-0.0",), ("nan",), ("1e",), ("1.5e-320",), ("2.2250738585072014e-308",), ("0.1e-5",)]
        + [("123456789012345678901234567890",), ("9007199254740993",), (" 1.7976931348623159e308 ",), ("",)],
    ),
    (read_int, [("12", 10), ("-7f", 16), ("-7f", 10), ("9223372036854775808", 10), ("0x10", 0), ("z", 36)]),
    (word_arithmetic, [(1 << 61, 1 << 60, 1000000007), (5, 6, 7)]),
    (
        string_searching,
        [("the quick brown fox jumps over the lazy dog", "o", "00", 2), ("aaaa", "aa", "b", -1), ("", "x", "y", 1)],
    ),
    (utf8_text, [(65, 200, 0x20AC), (0x1F600, 0x7FF, 0x800), (65, 0xD800, 66)]),
    (stable_sort, [(1, 0, 1), (2, 10, 3), (3, 40, 5), (4, 300, 20), (5, 300, 1)]),
    (packed_numbers, [(1.1, 0x123456, True), (-2.5e10, 255, False), (0.0, 0xFFFFFF, True)]),
    (system_error_text, [("/no/such", -1), ("/no/such/file", 1 << 20)]),
]
