"""Lists that range() makes, changed in every way."""
import heapq
import pickle


def show(name, change, *bounds):
    numbers = range(*bounds)
    try:
        result = change(numbers)
    except Exception as error:
        result = "%s: %s" % (type(error).__name__, error)
    print name, bounds, result, numbers


def assign(place, value):
    def change(numbers):
        numbers[place] = value
    return change


def delete(place):
    def change(numbers):
        del numbers[place]
    return change


CHANGES = [
    ("append", lambda numbers: numbers.append(7)),
    ("append str", lambda numbers: numbers.append("seven")),
    ("extend", lambda numbers: numbers.extend(range(3))),
    ("extend tuple", lambda numbers: numbers.extend((1, 2))),
    ("extend list", lambda numbers: numbers.extend([1, 2])),
    ("extend floats", lambda numbers: numbers.extend([1.5])),
    ("extend itself", lambda numbers: numbers.extend(numbers)),
    ("insert", lambda numbers: numbers.insert(1, 99)),
    ("pop", lambda numbers: numbers.pop()),
    ("pop twice", lambda numbers: (numbers.pop(), numbers.pop())),
    ("pop and append", lambda numbers: (numbers.pop(), numbers.append(1))),
    ("pop first", lambda numbers: numbers.pop(0)),
    ("pop far", lambda numbers: numbers.pop(100)),
    ("remove", lambda numbers: numbers.remove(3)),
    ("index", lambda numbers: numbers.index(3)),
    ("index of float", lambda numbers: numbers.index(3.0)),
    ("index of long", lambda numbers: numbers.index(3L)),
    ("index of True", lambda numbers: numbers.index(True)),
    ("count", lambda numbers: numbers.count(3)),
    ("contains", lambda numbers: (3 in numbers, -1 in numbers, "3" in numbers, 3L in numbers)),
    ("reverse", lambda numbers: numbers.reverse()),
    ("sort", lambda numbers: numbers.sort()),
    ("sort backwards", lambda numbers: numbers.sort(reverse=True)),
    ("sort by key", lambda numbers: numbers.sort(key=lambda number: -number)),
    ("sort by cmp", lambda numbers: numbers.sort(lambda a, b: cmp(b, a))),
    ("heapify", heapq.heapify),
    ("heappush", lambda numbers: heapq.heappush(numbers, -5)),
    ("heapreplace", lambda numbers: heapq.heapreplace(numbers, 50)),
    ("nlargest", lambda numbers: heapq.nlargest(2, numbers)),
    ("set first", assign(0, 11)),
    ("set last", assign(-1, 11)),
    ("set object", assign(0, None)),
    ("set far", assign(100, 1)),
    ("set slice", assign(slice(1, 3), [8, 8, 8])),
    ("set slice to range", assign(slice(1, 3), range(5))),
    ("set slice to nothing", assign(slice(1, 3), [])),
    ("set slice to objects", assign(slice(1, 3), ["x", None])),
    ("set all", assign(slice(None), range(2))),
    ("set extended", assign(slice(0, 3, 2), [1, 2])),
    ("delete", delete(1)),
    ("delete slice", delete(slice(1, 3))),
    ("delete extended", delete(slice(None, None, 2))),
    ("slices", lambda numbers: (numbers[1:3], numbers[::2], numbers[::-1], numbers[-2:], numbers[3:1], numbers[:0])),
    ("slice of slice", lambda numbers: numbers[1:][::-2][1:]),
    ("items", lambda numbers: (numbers[0], numbers[-1])),
    ("plus", lambda numbers: numbers + [1]),
    ("plus range", lambda numbers: numbers + range(2)),
    ("added to", lambda numbers: ["x"] + numbers),
    ("times", lambda numbers: (numbers * 2, numbers * 0, 2 * numbers)),
    ("compare", lambda numbers: (numbers == range(5), numbers == [0, 1, 2, 3, 4], numbers < [1], cmp(numbers, range(4)))),
    ("functions", lambda numbers: (sum(numbers), max(numbers), min(numbers), sorted(numbers), list(reversed(numbers)))),
    ("copy", lambda numbers: (list(numbers), tuple(numbers), sorted(set(numbers)), numbers[:])),
    ("pickled", lambda numbers: pickle.loads(pickle.dumps(numbers, 2))),
    ("joined", lambda numbers: "".join(numbers)),
    ("call", lambda numbers: (lambda *rest: rest)(*numbers)),
]

for name, change in CHANGES:
    show(name, change, 5)
    show(name, change, 1)
    show(name, change, 0)
    show(name, change, 9, -9, -4)


def times_in_place(numbers):
    numbers *= 2
    return numbers


def plus_in_place(numbers):
    numbers += range(2)
    numbers += "ab"


def while_iterating(numbers):
    seen = []
    for number in numbers:
        seen.append(number)
        if len(numbers) < 8:
            numbers.append(number * 10)
    return seen


def removing_while_iterating(numbers):
    return [number for number in numbers if numbers.pop() > -10]


for change in (times_in_place, plus_in_place, while_iterating, removing_while_iterating):
    show(change.__name__, change, 5)
    show(change.__name__, change, 2, 20, 3)

import sys
print range(sys.maxint - 2, sys.maxint), range(-sys.maxint - 1, -sys.maxint + 2)
print range(sys.maxint - 5, sys.maxint, 2)[::-1], range(-sys.maxint - 1, sys.maxint, sys.maxint)[::-1]
for bounds in [(sys.maxint,), (-sys.maxint, sys.maxint), (10 ** 30,), (1, 2, 0)]:
    try:
        print len(range(*bounds))
    except (OverflowError, MemoryError, ValueError) as error:
        print type(error).__name__ in ("OverflowError", "MemoryError", "ValueError")
