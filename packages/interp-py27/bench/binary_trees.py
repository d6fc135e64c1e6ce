# Allocation: builds and walks many trees of small objects.
from harness import run


class Tree(object):
    __slots__ = ['left', 'right']

    def __init__(self, left, right):
        self.left = left
        self.right = right

    def count(self):
        if self.left is None:
            return 1
        return 1 + self.left.count() + self.right.count()


def build(depth):
    if depth == 0:
        return Tree(None, None)
    return Tree(build(depth - 1), build(depth - 1))


def iteration(deepest=14):
    keep = build(deepest)
    results = []
    for depth in xrange(4, deepest + 1, 2):
        rounds = 1 << (deepest - depth + 2)
        total = 0
        for _ in xrange(rounds):
            total += build(depth).count()
        results.append((depth, rounds, total))
    return results, keep.count()


if __name__ == '__main__':
    run(iteration)
