# Dictionaries with integer, string and tuple keys: filling, looking up, iterating, removing.
from harness import run


def integers(count):
    counts = {}
    state = 1
    for _ in xrange(count):
        state = (state * 1103515245 + 12345) & 0x7fffffff
        key = state % 5003
        if key in counts:
            counts[key] += 1
        else:
            counts[key] = 1
    return sum(counts.itervalues()), len(counts)


def words(count):
    index = {}
    for i in xrange(count):
        word = 'w%d' % (i * 7919 % 10007)
        index.setdefault(word, []).append(i)
    longest = max([(len(v), k) for k, v in index.iteritems()])
    return len(index), longest


def grid(size):
    cells = {}
    for x in xrange(size):
        for y in xrange(size):
            cells[x, y] = x * y
    total = 0
    for x in xrange(1, size - 1):
        for y in xrange(1, size - 1):
            total += cells[x - 1, y] + cells[x + 1, y] - cells[x, y - 1] - cells[x, y + 1]
    for key in [key for key in cells if (key[0] + key[1]) % 3 == 0]:
        del cells[key]
    return total, len(cells)


def iteration():
    for _ in xrange(10):
        result = integers(50000), words(30000), grid(120)
    return result


if __name__ == '__main__':
    run(iteration)
