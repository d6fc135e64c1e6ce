"""Lists, dicts, sets, tuples and strings."""


def list_basics(n):
    items = [3, 1, 2]
    items.append(n)
    items.insert(0, 9)
    items += [n, n]
    items.extend([1])
    items[1] = 100
    last = items.pop()
    del items[0]
    items.reverse()
    return items[0] * 1000 + items[-1] * 10 + last + len(items)


def slices(n):
    items = [i * i for i in range(10)]
    part = items[2:5]
    items[1:3] = [7]
    del items[4:6]
    tail = items[-2:]
    head = items[:n]
    return part[0] + part[-1] * 10 + len(items) * 100 + tail[0] * 1000 + len(head) * 7


def slices_of_another_length(n):
    """Nothing else changes the length of the lists."""
    items = [1, 2, 3, 4]
    items[1:2] = [7] * n
    length = len(items)
    items[1:2] = [7, 8, 9]
    words = ["a", "b"]
    words[:] = "xyz"
    words[1:] = [str(i) for i in range(n)]
    words[5:3] = words
    nothing = [None, None]
    nothing[:n] = [None] * 5
    numbers = [0] * n
    numbers[n // 2:n // 2] = range(n)
    numbers[:] = (5, n)
    return "".join(words) + str(length * 1000 + len(items) * 100 + items[2] + len(nothing) * 7) + str(len(numbers))


def sorting(n):
    items = [(i * 7) % n for i in range(n)]
    items.sort()
    return items[0] + items[n // 2] * 100 + items[n - 1] * 10000


def dictionaries(n):
    table = {}
    for i in range(n):
        key = i % 5
        if key in table:
            table[key] += i
        else:
            table[key] = i
    total = 0
    for key, value in table.items():
        total = total * 7 + key + value
    for value in table.values():
        total += value
    total += table.get(3, -100)
    if 2 in table:
        del table[2]
    return total + len(table)


def string_keys(text):
    counts = {"": 0}
    for word in text.split(" "):
        counts[word] = counts.get(word, 0) + 1
    best = ""
    for word in counts:
        if counts[word] > counts[best]:
            best = word
    return best


def sets(n):
    seen = set()
    for i in range(n):
        seen.add(i * i % 7)
    result = len(seen)
    if 4 in seen:
        seen.discard(4)
        result += 10
    return result * 10 + len({1, 2, n})


def tuples(n):
    pair = (n, "x" * n)
    number, text = pair
    triple = pair + (1.5,)
    return text + str(number) + str(len(triple)) + pair[1]


def unpacking_list(text):
    first, second = text.split(",")
    return second + first


def unpacking_where_caught(text):
    try:
        first, second = text.split(",")
    except ValueError:
        return "wrong"
    finally:
        text = ""
    return second + first


def unpacking_string(text):
    a, b, c = text
    return c + b + a


def unpacking_rows(n):
    rows = [[i, i * i] for i in range(n)]
    if n > 3:
        rows[2].append(5)
    total = 0
    for a, b in rows:
        total += a * b
    return total


def slices_from_the_end(n, m):
    items = [1, 2, 3, 4]
    text = "abcd"
    result = text[n:] + "|" + text[:n] + "|" + text[n:m] + "|"
    total = 0
    for value in items[n:] + [100] + items[:n] + [100] + items[n:m]:
        total = total * 3 + value
    items[n:m] = [7, 8, 9]
    result += ",".join([str(item) for item in items])
    del items[n:]
    return result + "|" + str(total) + "|" + ",".join([str(item) for item in items])


def unpacking_range(n):
    a, b = range(n)
    return a * 10 + b


def nested_tuples(n):
    items = [(i, (i * 2, str(i))) for i in range(n)]
    total = 0
    for a, (b, c) in items:
        total += a * b + len(c)
    return total


def comprehensions(n):
    squares = [i * i for i in range(n) if i % 2 if i > 1]
    table = {i: i * 2 for i in range(n)}
    unique = {i % 3 for i in range(n)}
    pairs = [i * 10 + j for i in range(3) for j in range(i)]
    total = len(unique) + len(pairs)
    for value in squares:
        total += value
    for key in table:
        total += table[key]
    return total + sum(pairs)


def generator_expressions(n):
    items = [i * 3 % 7 for i in range(n)]
    total = sum(i * 2 for i in items)
    if any(i == 6 for i in items):
        total += 1000
    if all(i < 7 for i in items):
        total += 10000
    words = ",".join(str(i) for i in items)
    best = max(i + 1 for i in items)
    return str(total) + words + str(best)


def strings(text, n):
    result = text.upper() + text[n] + text[1:n] + str(text.find("l")) + text.replace("l", "LL")
    if text.startswith("he") and not text.endswith("x"):
        result += "!"
    parts = text.split("l")
    return result + "-".join(parts) + str(len(parts)) + text.strip() + chr(ord(text[0]) + 1)


def formatting(n, text):
    a = f"<{n}:{text}> {n + 1}"
    b = "%d-%s|%x" % (n, text, n)
    c = f"{n:04d} {text!s}"
    d = "%05d %%" % n
    return a + b + c + d


def characters(text):
    total = 0
    for c in text:
        if "a" <= c <= "z":
            total += ord(c) - 97
        elif c in " \t":
            total += 1000
        else:
            total -= 1
    return total


def byte_strings(n):
    data = b"abc" + bytes([n])
    buffer = bytearray()
    for value in data:
        buffer.append(value)
    return len(buffer) * 1000 + data[1] + buffer[3]


def iteration(n):
    total = 0
    for i, value in enumerate([5, 6, 7]):
        total += i * value
    for a, b in zip([1, 2, 3], [n, n, n]):
        total += a * b
    for i in reversed(range(3)):
        total = total * 2 + i
    for i in range(n, 0, -2):
        total += i
    return total


def memberships(n):
    result = 0
    if n in (1, 3, 5):
        result += 1
    if n not in [2, 4]:
        result += 10
    if str(n) in {"7": 0}:
        result += 100
    return result


def equal_dictionaries(n):
    first, second = {}, {}
    for i in range(n):
        first[str(i)] = [i]
        second[str(n - 1 - i)] = [n - 1 - i]
    result = int(first == second)
    if n > 2:
        second["1"].append(3)
    result += int(first != second) * 2
    del second["0"]
    result += int(first == second) * 4 + int({1: None, n: None} == {1: None, 2: None}) * 8
    nothing, neither = {}, {}
    return result + int(nothing == neither) * 16


def equal_containers_of_containers(n):
    dictionaries = [{1: {n: 2}}, {2: {3: 4}}] == [{1: {1: 2}}, {2: {3: 4}}]
    pairs = ({1}, {2: 1.5}) == ({n}, {2: 1.5})
    rows = [[1, 2], [3]]
    rows[0].append(n)
    lists = rows == [[1, 2, 3], [3]]
    return int(dictionaries) + int(pairs) * 2 + int({2: 3} in [{2: n}]) * 4 + int(lists) * 8 + rows.index([n]) * 16


def equal_or_none(n):
    numbers = [1] if n & 1 else None
    others = [1] if n & 2 else None
    members = {1} if n & 1 else None
    dictionary = {1: 1} if n & 1 else None
    result = int(numbers == others) + int(numbers != [1]) * 2
    result += int(members == ({1} if n & 2 else None)) * 4 + int(dictionary == ({1: 1} if n & 2 else None)) * 8
    return result


def equal_ranges_and_bytearrays(n):
    result = int(range(n) == range(3)) + int(range(0, n, 5) != range(1)) * 2 + int(range(n, 0) == range(9, 5)) * 4
    data = bytearray(bytes([n])) if n else None
    return result + int([bytearray(b"\x03")] == [data]) * 8 + int(data != bytearray(b"\x03")) * 16


def subsets(n):
    some, others = {1, 2}, {1, n}
    return int(some < others) + int(some > others) * 2 + int(some <= others) * 4 + int(some >= others) * 8


def matrix(n):
    rows = [[0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            rows[i][j] = i * j
    total = 0
    for row in rows:
        total += sum(row)
    return total


class Item:
    def __init__(self, value):
        self.value = value


class Slots:
    def __init__(self, count):
        self.items = [None] * count

    def fill(self, start, stop):
        for index in range(start, stop):
            self.items[index] = Item(index)


def places_for_later(n):
    slots = Slots(n)
    slots.fill(n // 2, n)
    total = 0
    for item in slots.items:
        total = total * 10 + (item.value if item is not None else 1)
    return total * 100 + len(slots.items)


def representations(n):
    optional = None if n > 5 else "a" * n
    parts = [repr(optional), f"{optional!r}"]
    for code in range(n, 256, 9):
        text = chr(code) + "'"
        parts.append(repr(text))
        parts.append(ascii(text))
        parts.append("%r %a" % (text, chr(code)))
        parts.append(f"{text!a}")
        parts.append(repr(text.encode("latin-1")))
    return " ".join(parts)


def joining(n):
    table = {"a": "x", "b": "yy"}
    for i in range(n):
        table[chr(65 + i)] = str(i)
    words = ["b", "a", "cc"]
    nothing = {}
    parts = [
        ",".join(table),
        ",".join(table.values()),
        "".join({"one"}),
        "|".join(reversed(words)),
        "-".join("abc"),
        "+".join(("q", "rr")),
        "/".join(iter(words)),
        "".join(nothing),
        b".".join({b"z"}).decode("latin-1"),
    ]
    return " ".join(parts)


def sorting_backwards(n):
    numbers = [(i * 7919) % 101 for i in range(n)]
    numbers.sort(reverse=True)
    floats = [float(number) for number in numbers] + [-0.0, 0.0]
    floats.sort(reverse=n > 5)
    either = sorted(numbers, reverse=n % 2 == 0)
    words = [str(number) for number in numbers]
    words.sort(reverse=False)
    return " ".join([str(number) for number in numbers + either] + words + [str(x) for x in floats])


def resized_while_iterating(n, way):
    table = {}
    for i in range(n):
        table[i] = i
    log = ""
    try:
        if way == 0:
            for key in table:
                log += str(key)
                table[key + 10] = 1
        elif way == 1:
            for key, _ in table.items():
                log += str(key)
                del table[key]
        elif way == 2:
            for i, value in enumerate(table.values()):
                log += str(value)
                if i == 1:
                    table.clear()
        elif way == 3:
            for value, key in zip(table.values(), table.keys()):
                log += str(value)
                table[100 + key] = 4
        elif way == 4:
            for key in reversed(table):
                log += str(key)
                table.pop(key)
        elif way == 5:
            log += str(len([key for key in table if table.pop(key) >= 0]))
        elif way == 6:
            numbers = {n}
            for number in numbers:
                log += str(number)
                numbers.add(number + 1)
    except RuntimeError:
        log += "!"
    return log + " " + str(len(table))


def resized_between_steps(n):
    table = {}
    for i in range(n):
        table[i] = i
    log = ""
    keys = iter(table)
    try:
        log += str(next(keys))
        table[77] = 1
        try:
            log += str(next(keys))
        except RuntimeError:
            log += "!"
        del table[77]
        log += str(next(keys))
    except StopIteration:
        log += "."
    except RuntimeError:
        log += "still"
    return log


def resized_at_the_end(n):
    table = {}
    for i in range(n):
        table[i] = i
    keys = iter(table)
    total = 0
    for key in keys:
        total += key
    table[77] = 1
    try:
        return next(keys)
    except (StopIteration, RuntimeError) as error:
        return total if isinstance(error, StopIteration) else -1


ENTRIES = [
    (joining, [(0,), (3,)]),
    (sorting_backwards, [(0,), (1,), (5,), (40,), (41,)]),
    (resized_while_iterating, [(n, way) for n in (0, 1, 2, 5) for way in range(7)]),
    (resized_between_steps, [(0,), (1,), (3,)]),
    (resized_at_the_end, [(0,), (3,)]),
    (representations, [(0,), (1,), (2,), (3,), (4,), (5,), (6,), (7,), (8,)]),
    (unpacking_list, [("a,b",), ("a",), ("a,b,c",)]),
    (unpacking_where_caught, [("a,b",), ("a",), ("a,b,c",)]),
    (unpacking_string, [("abc",), ("ab",), ("abcd",)]),
    (unpacking_rows, [(0,), (3,), (4,)]),
    (slices_from_the_end, [(-1, -1), (-3, -1), (1, -1), (-9, -2), (-2, -9), (2, 9), (0, 0), (9, -1)]),
    (unpacking_range, [(2,), (3,)]),
    (places_for_later, [(5,), (0,)]),
    (list_basics, [(4,)]),
    (slices_of_another_length, [(0,), (1,), (2,), (5,)]),
    (slices, [(3,), (0,)]),
    (sorting, [(5,), (13,)]),
    (dictionaries, [(4,), (20,)]),
    (string_keys, [("a b a",), ("x y z y z z",)]),
    (sets, [(3,), (20,)]),
    (tuples, [(3,)]),
    (nested_tuples, [(12,)]),
    (comprehensions, [(0,), (9,)]),
    (generator_expressions, [(1,), (12,)]),
    (strings, [("hello", 3), ("hex", 2)]),
    (formatting, [(42, "xy"), (7, "")]),
    (characters, [("hello world",), ("A b",)]),
    (byte_strings, [(200,)]),
    (iteration, [(5,), (8,)]),
    (memberships, [(1,), (2,), (7,)]),
    (equal_dictionaries, [(1,), (2,), (5,)]),
    (equal_containers_of_containers, [(3,)]),
    (equal_or_none, [(0,), (1,), (2,), (3,)]),
    (equal_ranges_and_bytearrays, [(0,), (1,), (3,), (6,)]),
    (subsets, [(0,), (1,), (2,)]),
    (matrix, [(4,)]),
]
