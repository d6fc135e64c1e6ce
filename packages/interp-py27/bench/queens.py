# Queens on a board and permutations: generators that call generators.
from harness import run


def permutations(items):
    if len(items) <= 1:
        yield items
        return
    for position, item in enumerate(items):
        for rest in permutations(items[:position] + items[position + 1:]):
            yield [item] + rest


def queens(size):
    for columns in permutations(range(size)):
        if size == len(set(columns[i] + i for i in xrange(size))) == len(set(columns[i] - i for i in xrange(size))):
            yield columns


def numbers():
    n = 0
    while True:
        yield n
        n += 1


def primes(source):
    seen = []
    for n in source:
        if n > 1 and all(n % p for p in seen):
            seen.append(n)
            yield n


def first(generator, count):
    return [value for _, value in zip(xrange(count), generator)]


def iteration():
    return sum(1 for _ in queens(8)), first(primes(numbers()), 900)[-1]


if __name__ == '__main__':
    run(iteration)
