# Exceptions as control flow: raised, caught by class, passed through finally and with.
from harness import run


class Failure(Exception):
    def __init__(self, code):
        Exception.__init__(self, 'failure %d' % code)
        self.code = code


class Special(Failure):
    pass


class Guard(object):
    def __init__(self, log):
        self.log = log

    def __enter__(self):
        self.log[0] += 1
        return self

    def __exit__(self, kind, value, traceback):
        self.log[1] += 1
        return kind is Special


def risky(n):
    if n % 7 == 0:
        raise Special(n)
    if n % 5 == 0:
        raise Failure(n)
    if n % 11 == 0:
        return {}[n]
    return n


def deep(n, depth):
    if depth == 0:
        return risky(n)
    try:
        return deep(n, depth - 1) + 1
    finally:
        depth = 0


def iteration(count=200000):
    total = 0
    log = [0, 0]
    for n in xrange(count):
        try:
            with Guard(log):
                total += deep(n, n % 4)
        except Failure, failure:
            total += failure.code % 13
        except KeyError:
            total -= 1
        else:
            total += 2
    cut = 0
    for n in xrange(count):
        try:
            cut += int('12x'[:n % 4])
        except ValueError:
            cut -= 1
    return total, log, cut


if __name__ == '__main__':
    run(iteration)
