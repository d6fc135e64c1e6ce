# Sorting: the built-in sort with keys and comparison functions, classes that compare, and sorts written in Python.
from operator import attrgetter, itemgetter

from harness import run


def numbers(count, seed=42):
    for _ in xrange(count):
        seed = (seed * 1103515245 + 12345) % 2147483648
        yield seed >> 8


class Version(object):
    def __init__(self, number):
        self.major, self.minor = divmod(number % 10000, 100)

    def __lt__(self, other):
        return (self.major, self.minor) < (other.major, other.minor)


def quicksort(items, low, high):
    while low < high:
        pivot = items[(low + high) >> 1]
        i, j = low, high
        while i <= j:
            while items[i] < pivot:
                i += 1
            while items[j] > pivot:
                j -= 1
            if i <= j:
                items[i], items[j] = items[j], items[i]
                i += 1
                j -= 1
        quicksort(items, low, j)
        low = i


def merged(items):
    if len(items) < 2:
        return items
    middle = len(items) // 2
    left, right = merged(items[:middle]), merged(items[middle:])
    result = []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            result.append(left[i])
            i += 1
        else:
            result.append(right[j])
            j += 1
    return result + left[i:] + right[j:]


def iteration():
    data = list(numbers(60000))
    quick = data[:]
    quicksort(quick, 0, len(quick) - 1)
    records = [(n % 100, 'k%05d' % (n % 99991), float(n)) for n in data]
    by_text = sorted(records, key=itemgetter(1))
    by_rule = sorted(data[:20000], cmp=lambda a, b: cmp(a % 1000, b % 1000) or cmp(b, a))
    by_lambda = sorted(records, key=lambda record: (-record[0], record[2]))
    versions = sorted([Version(n) for n in data[:15000]])
    versions.sort(key=attrgetter('minor'), reverse=True)
    return (quick == sorted(data), merged(data[:30000]) == sorted(data[:30000]), by_text[7], by_rule[9], by_lambda[11],
            versions[5].major)


if __name__ == '__main__':
    run(iteration)
