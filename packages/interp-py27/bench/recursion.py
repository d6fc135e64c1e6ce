# Functions that call themselves: Fibonacci, Takeuchi, Ackermann, towers, and sums over nested lists.
from harness import run


def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def takeuchi(x, y, z):
    if y >= x:
        return z
    return takeuchi(takeuchi(x - 1, y, z), takeuchi(y - 1, z, x), takeuchi(z - 1, x, y))


def ackermann(m, n):
    if m == 0:
        return n + 1
    return ackermann(m - 1, 1 if n == 0 else ackermann(m, n - 1))


def towers(height, source, target, spare):
    if height == 0:
        return 0
    return towers(height - 1, source, spare, target) + 1 + towers(height - 1, spare, target, source)


def nested(depth):
    return [depth] if depth == 0 else [nested(depth - 1), depth, nested(depth - 1)]


def total(tree):
    return sum([total(item) if isinstance(item, list) else item for item in tree])


def iteration():
    return fibonacci(27), takeuchi(18, 10, 3), ackermann(2, 120), towers(17, 'a', 'b', 'c'), total(nested(15))


if __name__ == '__main__':
    run(iteration)
