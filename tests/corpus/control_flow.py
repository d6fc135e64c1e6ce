"""Branches, loops and everything that leaves them."""


def collatz(n):
    steps = 0
    while n != 1:
        if n % 2 == 0:
            n //= 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


def first_divisor(n):
    for i in range(2, n):
        if n % i == 0:
            break
    else:
        return -1
    return i


def while_else(n):
    i = 0
    while i < 10:
        if i == n:
            result = i * 100
            break
        i += 1
    else:
        result = -1
    return result


def nested_continue(n):
    total = 0
    for i in range(n):
        if i % 3 == 0:
            continue
        for j in range(i):
            if j % 2:
                continue
            if j > 6:
                break
            total += i * j
    return total


def chained(a, b, c):
    result = 0
    if a < b < c:
        result += 1
    if a <= b <= c <= 10:
        result += 10
    if a == b != c:
        result += 100
    if not a < b > c:
        result += 1000
    return result


def boolean_values(a, b):
    first = a or b
    second = a and b
    third = not a or not b
    fourth = (a > 3 and b > 3) or a == b
    result = first * 1000 + second * 10
    if third:
        result += 1
    if fourth:
        result += 2
    return result


def conditional(n):
    return "neg" if n < 0 else "zero" if n == 0 else "pos"


def walrus(n):
    total = 0
    while (n := n - 1) > 0:
        total += n
    if (m := total * 2) > 10 and m % 2 == 0:
        return m
    return -m


def shadowed(n):
    x = n
    values = [x * 2 for x in range(3)]
    return x + len(values)


def swap(a, b):
    for _ in range(3):
        a, b = b, a + b
    (a, b), c = (b, a), a
    return a * 10000 + b * 100 + c


def early(n):
    while True:
        if n > 100:
            return n
        n = n * 2 + 1


def constant_branch(n):
    debug = False
    if debug:
        n.nothing_like_that()
    while False:
        n = 0
    if 1 and not 0:
        n += 1
    return n


def countdown_flags(n):
    seen_even = False
    seen_big = False
    while n > 0:
        if n % 2 == 0:
            seen_even = True
        elif n > 10:
            seen_big = True
        n -= 3
    return seen_even and seen_big


ENTRIES = [
    (collatz, [(1,), (7,), (27,)]),
    (first_divisor, [(2,), (15,), (49,), (13,)]),
    (while_else, [(0,), (5,), (50,)]),
    (nested_continue, [(0,), (5,), (20,)]),
    (chained, [(1, 2, 3), (1, 1, 3), (5, 4, 20), (1, 20, 3), (2, 2, 2)]),
    (boolean_values, [(0, 0), (0, 5), (5, 0), (4, 5), (7, 7)]),
    (conditional, [(-4,), (0,), (9,)]),
    (walrus, [(1,), (3,), (6,)]),
    (shadowed, [(5,)]),
    (swap, [(1, 2), (0, 7)]),
    (early, [(0,), (101,)]),
    (constant_branch, [(3,)]),
    (countdown_flags, [(30,), (4,), (13,)]),
]
