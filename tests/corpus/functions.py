"""Calls, closures, function values, unrolled loops, generators."""

from ouro.rlib.objectmodel import specialize, we_are_translated
from ouro.rlib.unroll import unrolling_iterable

OPERATORS = unrolling_iterable(
    [("add", lambda a, b: a + b), ("mul", lambda a, b: a * b), ("sub", lambda a, b: a - b)]
)


def calculate(name, a, b):
    for known, function in OPERATORS:
        if name == known:
            return function(a, b)
    return -1


def unrolled_break(n):
    for value in unrolling_iterable([1, 2, 3]):
        if value == n:
            result = value * 100
            break
    else:
        result = -1
    return result


def make_adder(amount):
    def add(n):
        return n + amount

    return add


add_five = make_adder(5)
add_seven = make_adder(7)


def closures(n):
    return add_five(n) * 100 + add_seven(n)


def function_values(n):
    if n % 2:
        function = add_five
    else:
        function = add_seven
    return function(n)


def inner_functions(n):
    factor = 3

    def scale(x):
        if x > 100:
            return x
        return scale(x * factor)

    twice = lambda x: x * 2  # noqa: E731
    return scale(n) + twice(n)


def parameters(a, b=10, *rest, scale=1):
    total = a + b
    for item in rest:
        total += item
    return total * scale


def call_forms(n):
    pair = (n, 2)
    return (
        parameters(1)
        + parameters(1, 2) * 10
        + parameters(1, 2, 3, 4) * 100
        + parameters(b=1, a=n)
        + parameters(1, scale=3)
        + parameters(*pair, 5, scale=2)
    )


def fibonacci(n):
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)


def depth(n):
    return 0 if n == 0 else depth(n - 1) + 1


class Nested:
    def __init__(self, n):
        self.inner = Nested(n - 1) if n > 0 else None

    @property
    def total(self):
        return 1 if self.inner is None else 1 + self.inner.total


def deep_recursion(n):
    """As deep as plain Python allows, which has to leave something for what calls this."""
    return depth(n) * 1000 + Nested(n).total


def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


def squares(n):
    i = 0
    while i < n:
        yield i * i
        i += 1


def pairs(items):
    for a in items:
        if a == 0:
            return
        for b in items:
            yield (a, b)


def delegating(n):
    yield 100
    yield from squares(n)
    yield from [7, 8]


def generators(n):
    total = 0
    for value in squares(n):
        total += value
    for a, b in pairs([1, 2, 0, 3]):
        total = total * 2 + a - b
    for value in delegating(n):
        total = total * 3 + value
    iterator = squares(3)
    next(iterator)
    return total + next(iterator)


@specialize.argtype(0)
def twice(x):
    return x + x


def specialized(n):
    return twice("ab") + str(twice(n))


def translation_dead_code(n):
    if not we_are_translated():
        return n + len([])
    return n


def mutual(n):
    result = 0
    if is_even(n):
        result += 1
    if is_odd(n):
        result += 2
    return result


ENTRIES = [
    (deep_recursion, [(3,), (350,)]),
    (calculate, [("add", 3, 4), ("mul", 3, 4), ("sub", 3, 4), ("div", 1, 1)]),
    (unrolled_break, [(2,), (9,)]),
    (closures, [(1,)]),
    (function_values, [(1,), (2,)]),
    (inner_functions, [(2,), (500,)]),
    (call_forms, [(7,)]),
    (fibonacci, [(10,)]),
    (generators, [(4,)]),
    (specialized, [(21,)]),
    (translation_dead_code, [(5,)]),
    (mutual, [(4,), (7,)]),
]
