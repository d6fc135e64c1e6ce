# The spectral norm of an infinite matrix by the power method: nested loops, calls, floats.
from itertools import izip

from harness import run


def cell(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(vector, transposed):
    result = []
    for i in xrange(len(vector)):
        total = 0.0
        for j, value in enumerate(vector):
            total += (cell(j, i) if transposed else cell(i, j)) * value
        result.append(total)
    return result


def both(vector):
    return times(times(vector, False), True)


def iteration(size=230):
    u = [1.0] * size
    for _ in range(10):
        v = both(u)
        u = both(v)
    dividend = sum([a * b for a, b in izip(u, v)])
    divisor = sum([b * b for b in v])
    return '%.9f' % (dividend / divisor) ** 0.5


if __name__ == '__main__':
    run(iteration)
