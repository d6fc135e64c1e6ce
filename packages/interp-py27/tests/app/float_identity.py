"""Floats keep their identity in containers that keep no boxes."""

import collections

nan = float("nan")
items = [nan]
print nan in items, items == items, items == [nan], items != [nan], items[0] is nan
print items.index(nan), items.count(nan), cmp(items, [nan]), items < [nan], items <= [nan]
items.remove(items[0])
print items
items = [1.0, nan, 0.0, -2.5]
print items.index(nan), items.index(-0.0), items.count(0), nan in items[:1], items == list(items)
print [0.0] == [-0.0], 0.0 in [-0.0], -0.0 in (0.0,)
print (nan,) == (nan,), nan in (nan,), {nan: 1} == {nan: 1}, nan in {nan: 1}, len({nan, nan}), nan in set([nan])
print nan in collections.deque([nan]), [[nan]] == [[nan]], [nan, "a"] == [nan, "a"]
print nan == nan, nan != nan, nan is nan, nan < nan, id(nan) == id(nan)
one, zero, negative = 1.5, 0.0, -0.0
held = [one, zero, negative]
print held[0] is one, held[1] is zero, held[2] is negative, held[1] is held[2], held[0] is held[1]
print id(held[0]) == id(one), id(one) == id(-one), id(one) > 0, id(held[1]) == id(held[2])


class Holder(object):
    pass


class Number(float):
    pass


def repeat(count):
    """A loop for the JIT."""
    holder = Holder()
    same = found = 0
    for number in xrange(count):
        value = number * 1.5
        holder.value = value
        same += holder.value is value
        same += [value][0] is value
        same += value is not [value, "a"][0]
        found += nan in [value, nan]
        found += [value, nan] == [value, nan]
    return same, found


print repeat(3000)
number = Number(2.5)
print number is number, [number][0] is number, Number(2.5) is number, number is 2.5, id(number) == id(Number(2.5))
print number in [2.5], [2.5].index(number), [number] == [2.5], [Number(nan)] == [nan]
