"""Containers whose items have different representations: characters and strings, nothing and something."""

from ouro.rlib.rarithmetic import intmask, r_uint, uint_mul_high


def equal_lists(s, n):
    characters = [c for c in s]
    result = int([s, "ab"] == characters) + int(characters == [s, "ab"]) * 2 + int(["a", "b"] == characters) * 4
    result += int([] == [1, n]) * 8 + int([n] == []) * 16 + int([] == []) * 32 + int([True] == [n]) * 64
    return result


def searched_characters(s, n):
    characters = [c for c in s]
    result = int(s in characters) + int("none" in characters) * 2 + int("l" in characters) * 4
    result += characters.count(s[:n]) * 10 + int(2 in [n == 5, True]) * 1000
    try:
        characters.remove(s)
    except ValueError:
        result += 10000
    return result + len(characters) * 100000


def characters_as_strings(s):
    words = list([c for c in s]) + [s]
    words.extend([c for c in s])
    words += [c for c in s]
    words[0:1] = [c for c in s]
    return "|".join(words)


def updated_tables(s):
    counts = {s: 1}
    counts.update({c: 2 for c in s})
    counts.update({})
    words = {s}
    words.update({c for c in s})
    words.update([c for c in s])
    flags = {s: None}
    flags.update({c: None for c in s})
    return "%d %d %d %d %s" % (len(counts), counts[s], len(words), len(list(flags.values())), ",".join(list(flags)))


def equal_tuples(s, n):
    result = int((s, None) == (s[:n], s)) + int((s[:n], s) == (s, None)) * 2 + int((s[0:1], "x") == ("l", s[n:])) * 4
    if (s, n) < ("b", 3):
        result += 8
    return result


def nothing_at_all(n):
    nothing = []
    numbers = [n]
    numbers.extend(nothing)
    nothing.sort()
    return len(sorted([])) + len(list([])) + len(numbers + nothing)


def high_words():
    return intmask(uint_mul_high(r_uint(0xFFFFFFFFFFFFFFFF), r_uint(3)))


def indexed_nothing(n):
    nothing = []
    result = 0
    try:
        result += nothing[n]
    except IndexError:
        result += 10
    try:
        result += list({x: n for x in nothing})[n]
    except IndexError:
        result += 100
    nones = [None] * 3
    nones.append(None)
    try:
        nones[n] = None
        if nones[n] is None:
            result += 1000
        while True:
            nones.pop()
            result += 10000
    except IndexError:
        result += 100000
    return result + len(nones)


ENTRIES = [
    (indexed_nothing, [(0,), (3,), (4,), (-4,), (-5,)]),
    (equal_lists, [("ab", 1), ("", 0), ("abc", 3)]),
    (searched_characters, [("hello", 1), ("", 0), ("l", 5), ("none", 2)]),
    (characters_as_strings, [("hello",), ("",)]),
    (updated_tables, [("hello",), ("",), ("a",)]),
    (equal_tuples, [("ab", 1), ("", 0), ("lx", 1), ("b", 2)]),
    (nothing_at_all, [(1,)]),
    (high_words, [()]),
]
