"""Numbers: words, other widths, floats."""

from ouro.rlib.rarithmetic import intmask, ovfcheck, r_int32, r_longlong, r_uint, r_ulonglong


def words(a, b):
    return a + b * 2 - (a // b) + (a % b) + (a & b) + (a | b) * 3 + (a ^ b) + (a << 2) + (b >> 1) + ~a - -b


def wide_constants(n):
    """Constants beyond a word, of which the low bits count."""
    smallest = intmask(1 << 63)
    product = smallest * 7
    if n > 3:
        product -= 1 << 70
    elif n > 2:
        product = 0x123456789ABCDEF01234
    product = (product ^ n) << 1
    low = (n * 0x9E3779B97F4A7C15) & 0xFFFF
    for i in range(3):
        product = ~product * 0xFEDCBA9876543210 + i
    return intmask(intmask(product + (3 << 65)) + low) ^ intmask(smallest * 3 + n)


def masked_sums_may_be_negative(n):
    length = abs(n)
    total = intmask(length * 0x7FFFFFFFFFFFFFFF)
    if total < 0:
        return total % 10 + 1000
    return total % 10


def floor_rules(a, b):
    return (a // b) * 1000 + a % b


def comparisons(a, b):
    result = 0
    if a < b:
        result += 1
    if a <= b:
        result += 2
    if a == b:
        result += 4
    if a != b:
        result += 8
    if a > b:
        result += 16
    if a >= b:
        result += 32
    return result


def wrapping(n):
    x = n
    for _ in range(10):
        x = intmask(x * 1000003 + 12345)
    return x


def unsigned(n):
    x = r_uint(n)
    x = x * r_uint(2654435761) ^ (x >> 7)
    if x > r_uint(1 << 40):
        x -= r_uint(1 << 40)
    return intmask(x % r_uint(1000))


def widths(n):
    a = r_int32(n) * r_int32(65537)
    b = r_longlong(n) * r_longlong(1 << 33)
    c = r_ulonglong(n) - r_ulonglong(n + 1)
    return int(a) + int(b >> 20) + intmask(c)


def floats(x, n):
    y = x * 2.0 + n
    if y > 10.0:
        y = y / 4.0
    y -= 0.5
    z = float(n) ** 2 + abs(-y)
    return z + int(y) + n / 2


def float_comparisons(x, y):
    result = 0
    if x < y:
        result += 1
    if x == y:
        result += 2
    if x != x:
        result += 4
    return result


def conversions(n):
    return int("12") + int(2.75) + int(str(n)) + len(str(n)) + int("ff", 16) + int(True)


def booleans(a, b):
    p = a > b
    q = not p
    return int(p) + q * 2 + (p == q) * 4


def minimum_maximum(a, b):
    return min(a, b) * 1000 + max(a, b) + abs(a - b)


def divide_modulo(a, b):
    q, r = divmod(a, b)
    return q * 100 + r


def power(n):
    result = 1
    base = 3
    while n:
        if n & 1:
            result *= base
        base = intmask(base * base)
        n >>= 1
    return intmask(result)


def remainder_of_the_smallest(a, b):
    return ovfcheck((a - 9223372036854775807) % b)


def spelled_integer(text, base):
    return int(text, base)


def spelled_float(text):
    return float(text)


ENTRIES = [
    (remainder_of_the_smallest, [(-1, -1), (-1, 7), (0, -1), (5, -3)]),
    (spelled_integer, [
        ("1_0", 10), ("1__0", 10), ("_10", 10), ("10_", 10), ("0x_1f", 0), ("0x", 0), ("0x_", 16), ("0_7", 0),
        ("0_0", 0), ("007", 0), ("00", 0), ("-0b1_1", 0), (" 7_1 ", 8), ("0o_17", 8), ("1_0x", 10),
    ]),
    (spelled_float, [("1_0.5_0",), ("1e1_0",), ("_1.0",), ("1._0",), ("1.0_",), ("1__0",), ("-1_0",)]),
    (words, [(13, 5), (-13, 5), (100, 7)]),
    (wide_constants, [(0,), (1,), (3,), (4,), (-77,)]),
    (masked_sums_may_be_negative, [(0,), (1,), (3,), (-4,)]),
    (floor_rules, [(7, 2), (-7, 2), (7, -2), (-7, -2), (6, 3)]),
    (comparisons, [(1, 2), (2, 2), (3, 2)]),
    (wrapping, [(1,), (-99,)]),
    (unsigned, [(5,), (123456789,)]),
    (widths, [(3,), (70000,)]),
    (floats, [(1.5, 2), (20.0, 3), (-4.25, 0)]),
    (float_comparisons, [(1.0, 2.0), (2.0, 2.0)]),
    (conversions, [(123,), (-5,)]),
    (booleans, [(1, 2), (2, 1)]),
    (minimum_maximum, [(3, 9), (9, -3)]),
    (divide_modulo, [(17, 5), (-17, 5)]),
    (power, [(0,), (13,), (90,)]),
]
