# Closures: functions that make functions, composed, curried and called through map, filter, reduce and sorted.
from harness import run


def compose(*functions):
    def composed(value):
        for function in functions:
            value = function(value)
        return value
    return composed


def adder(n):
    return lambda value: value + n


def counter(step):
    state = [0]

    def tick(by=1):
        state[0] += step * by
        return state[0]
    return tick


def memoized(function):
    known = {}

    def lookup(*args):
        if args not in known:
            known[args] = function(*args)
        return known[args]
    return lookup


def parser(symbols):
    def symbol(wanted):
        return lambda text, at: (wanted, at + 1) if text[at:at + 1] == wanted else None

    def either(*choices):
        def parse(text, at):
            for choice in choices:
                found = choice(text, at)
                if found is not None:
                    return found
        return parse

    def many(part):
        def parse(text, at):
            items = []
            found = part(text, at)
            while found is not None:
                items.append(found[0])
                at = found[1]
                found = part(text, at)
            return items, at
        return parse
    return many(either(*map(symbol, symbols)))


def iteration():
    pipeline = compose(*[adder(n) for n in range(10)])
    total = 0
    for n in xrange(150000):
        total += pipeline(n)
    ticks = [counter(n) for n in range(8)]
    for n in xrange(200000):
        ticks[n & 7](n)
    paths = memoized(lambda x, y: 1 if x == 0 or y == 0 else paths(x - 1, y) + paths(x, y - 1))
    mapped = map(adder(1), filter(lambda n: n % 3, xrange(300000)))
    ordered = sorted(mapped, key=lambda n: (n % 17, -n))
    folded = reduce(lambda a, b: (a * 31 + b) % 1000003, ordered)
    letters, end = parser('abcdefgh')('hgfedcba' * 5000 + '!', 0)
    return total, [tick() for tick in ticks], paths(60, 60), folded, len(letters), end


if __name__ == '__main__':
    run(iteration)
