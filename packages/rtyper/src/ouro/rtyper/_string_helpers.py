# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Strings in memory and the algorithms on them: RPython functions over `Ptr(STR)`.

A `str` and a `bytes` are the same structure: a hash, computed when first asked for (0 until then), and the
characters. Strings never change once they are visible. Null stands for None.
"""

from __future__ import annotations

from typing import Any

from ouro.lltype import WORD_BITS, Array, Char, GcArray, GcStruct, Ptr, Signed, container_of, malloc, nullptr
from ouro.rlib.jit import dont_look_inside, elidable, isconstant, oopspec, we_are_jitted
from ouro.rlib.objectmodel import compute_hash
from ouro.rlib.rarithmetic import intmask
from ouro.rtyper._helpers import low_level_module
from ouro.rtyper._llops import array_compare, array_copy, array_find_char

STR = GcStruct("string", ("hash", Signed), ("chars", Array(Char)), hints={"immutable": ("chars[*]",)})
STR_POINTER = Ptr(STR)
STR_ARRAY = GcArray(STR_POINTER)

_strings: dict[str, Any] = {}


#: Longer prebuilt strings get their hash when it is first asked for.
HASHED = 64


def prebuilt_string(text: Any) -> Any:
    """The prebuilt low-level string with these characters; one object for each text. Host only."""
    key = text.decode("latin-1") if isinstance(text, bytes) else text
    known = _strings.get(key)
    if known is None:
        key.encode("latin-1")  # raises where a character has more than 8 bits
        known = malloc(STR, len(key), zero=True)
        container_of(known.chars).values[:] = key
        if len(key) <= HASHED:
            known.hash = compute_hash(key)
        _strings[key] = known
    return known


def host_string(pointer: Any) -> Any:
    """The host string for a low-level one, None for null. Host only."""
    return "".join(pointer.chars) if pointer else None


EMPTY = prebuilt_string("")
NULL = nullptr(STR)


def _one_character_strings():
    table = malloc(STR_ARRAY, 256, zero=True)
    for code in range(256):
        table[code] = prebuilt_string(chr(code))
    return table


CHARACTERS = _one_character_strings()


def length(s):
    return len(s.chars)


def new_string(n):
    """A string of n characters, still to be filled in."""
    result = malloc(STR, n)
    result.hash = 0
    return result


def char_to_string(c):
    return CHARACTERS[ord(c)]


def truth(s):
    return bool(s) and len(s.chars) != 0


def hash_string(s):
    if not s:
        return 0
    if we_are_jitted() and isconstant(s):
        return known_hash(s)
    x = s.hash
    if x == 0:
        x = compute_string_hash(s)
        s.hash = x
    return x


@elidable
def known_hash(s):
    x = s.hash
    if x == 0:
        x = compute_string_hash(s)
        s.hash = x
    return x


@elidable
def compute_string_hash(s):
    n = len(s.chars)
    if n == 0:
        return 0
    x = ord(s.chars[0]) << 7
    i = 0
    while i < n:
        x = intmask(1000003 * x) ^ ord(s.chars[i])
        i += 1
    return x ^ n


@elidable
@oopspec("string.equal(a, b)")
def equal(a, b):
    if a == b:
        return True
    if not a or not b:
        return False
    n = len(a.chars)
    if n != len(b.chars):
        return False
    # The first character decides most comparisons of different strings, without a call.
    if n > 0 and a.chars[0] != b.chars[0]:
        return False
    return array_compare(a, b, 0, 0, n) == 0


def compare(a, b):
    if a == b:
        return 0
    n = len(a.chars)
    m = len(b.chars)
    if n > 0 and m > 0 and a.chars[0] != b.chars[0]:
        return ord(a.chars[0]) - ord(b.chars[0])
    result = array_compare(a, b, 0, 0, n if n < m else m)
    if result != 0:
        return result
    return n - m


def lt(a, b):
    return compare(a, b) < 0


def le(a, b):
    return compare(a, b) <= 0


def gt(a, b):
    return compare(a, b) > 0


def ge(a, b):
    return compare(a, b) >= 0


def char_at(s, i):
    return s.chars[i]


def char_at_signed(s, i):
    if i < 0:
        i += len(s.chars)
    return s.chars[i]


def char_at_checked(s, i):
    n = len(s.chars)
    if i < 0:
        i += n
    if i < 0 or i >= n:
        raise IndexError
    return s.chars[i]


def concat(a, b):
    n = len(a.chars)
    m = len(b.chars)
    if n == 0:
        return b
    if m == 0:
        return a
    result = new_string(n + m)
    array_copy(a, result, 0, 0, n)
    array_copy(b, result, 0, n, m)
    return result


def concat3(a, b, c):
    n = len(a.chars)
    m = len(b.chars)
    k = len(c.chars)
    result = new_string(n + m + k)
    array_copy(a, result, 0, 0, n)
    array_copy(b, result, 0, n, m)
    array_copy(c, result, 0, n + m, k)
    return result


LONGEST = (1 << (WORD_BITS - 1)) - 1
#: Longer strings are made by a call, in compiled code too: that there is no memory for one is an exception of the call
#: then, for which the program may have a handler.
LARGE = 1 << 24
#: Copies inside a string that is being filled get no longer: what they read is in the caches then.
LONGEST_PART = 8192


def repeat(s, times):
    n = len(s.chars)
    if times <= 0 or n == 0:
        return EMPTY
    result = large_string(n, times) if times > LARGE // n else new_string(n * times)
    array_copy(s, result, 0, 0, n)
    spread(result, n)
    return result


@dont_look_inside
def large_string(n, times):
    if times > LONGEST // n:
        raise MemoryError
    return new_string(n * times)


def repeat_char(c, times):
    if times <= 0:
        return EMPTY
    result = new_string(times)
    filled = times if times < 16 else 16
    i = 0
    while i < filled:
        result.chars[i] = c
        i += 1
    spread(result, filled)
    return result


def spread(s, filled):
    """Repeat the first characters through the string, with copies that double until they are long enough."""
    n = len(s.chars)
    part = filled
    while filled < n:
        count = n - filled
        if count > part:
            count = part
        array_copy(s, s, 0, filled, count)
        filled += count
        if part < LONGEST_PART:
            part = filled


def slice_part(s, start, stop):
    """Characters from start to stop, both within the string or beyond its end."""
    n = len(s.chars)
    if stop > n:
        stop = n
    if start >= stop:
        return EMPTY
    if start == 0 and stop == n:
        return s
    if stop - start == 1:
        return char_to_string(s.chars[start])
    result = new_string(stop - start)
    array_copy(s, result, start, 0, stop - start)
    return result


def slice_signed(s, start, stop):
    n = len(s.chars)
    if start < 0:
        start += n
        if start < 0:
            start = 0
    if stop < 0:
        stop += n
    return slice_part(s, start, stop)


def slice_from(s, start):
    return slice_signed(s, start, len(s.chars))


def matches_at(s, part, position):
    return array_compare(s, part, position, 0, len(part.chars)) == 0


def starts_with(s, part):
    if len(part.chars) > len(s.chars):
        return False
    return matches_at(s, part, 0)


def ends_with(s, part):
    position = len(s.chars) - len(part.chars)
    if position < 0:
        return False
    return matches_at(s, part, position)


def starts_with_char(s, c):
    return len(s.chars) > 0 and s.chars[0] == c


def ends_with_char(s, c):
    n = len(s.chars)
    return n > 0 and s.chars[n - 1] == c


def starts_with_from(s, part, start):
    if start < 0:
        start += len(s.chars)
        if start < 0:
            start = 0
    if start + len(part.chars) > len(s.chars):
        return False
    return matches_at(s, part, start)


def adjust_start(start, n):
    """The start of a search as an index that is not negative."""
    if start < 0:
        start += n
        if start < 0:
            start = 0
    return start


def adjust_stop(stop, n):
    """The end of a search as an index within the string."""
    if stop < 0:
        stop += n
        if stop < 0:
            stop = 0
    if stop > n:
        stop = n
    return stop


def find_char(s, c, start, stop):
    n = len(s.chars)
    start = adjust_start(start, n)
    stop = adjust_stop(stop, n)
    if start >= stop:
        return -1
    return array_find_char(s, c, start, stop)


def rfind_char(s, c, start, stop):
    n = len(s.chars)
    start = adjust_start(start, n)
    stop = adjust_stop(stop, n)
    i = stop - 1
    while i >= start:
        if s.chars[i] == c:
            return i
        i -= 1
    return -1


def count_char(s, c, start, stop):
    count = 0
    position = find_char(s, c, start, stop)
    while position >= 0:
        count += 1
        position = find_char(s, c, position + 1, stop)
    return count


def find(s, part, start, stop):
    n = len(s.chars)
    m = len(part.chars)
    start = adjust_start(start, n)
    stop = adjust_stop(stop, n)
    last = stop - m
    if start > last:
        return -1
    if m == 0:
        return start
    first = part.chars[0]
    i = start
    while True:
        i = array_find_char(s, first, i, last + 1)
        if i < 0:
            return -1
        if array_compare(s, part, i, 0, m) == 0:
            return i
        i += 1
        if i > last:
            return -1


def rfind(s, part, start, stop):
    n = len(s.chars)
    m = len(part.chars)
    start = adjust_start(start, n)
    stop = adjust_stop(stop, n)
    i = stop - m
    while i >= start:
        if array_compare(s, part, i, 0, m) == 0:
            return i
        i -= 1
    return -1


def count(s, part, start, stop):
    n = len(s.chars)
    start = adjust_start(start, n)
    stop = adjust_stop(stop, n)
    m = len(part.chars)
    if m == 0:
        return stop - start + 1 if stop >= start else 0
    found = 0
    position = find(s, part, start, stop)
    while position >= 0:
        found += 1
        position = find(s, part, position + m, stop)
    return found


def contains(s, part):
    return find(s, part, 0, len(s.chars)) >= 0


def contains_char(s, c):
    return array_find_char(s, c, 0, len(s.chars)) >= 0


def replace(s, old, new, limit):
    n = len(s.chars)
    m = len(old.chars)
    k = len(new.chars)
    if m == 0:
        pieces = n + 1
        if limit >= 0 and limit < pieces:
            pieces = limit
        result = new_string(n + pieces * k)
        target = 0
        i = 0
        while i < pieces:
            array_copy(new, result, 0, target, k)
            target += k
            if i < n:
                result.chars[target] = s.chars[i]
                target += 1
            i += 1
        if i < n:
            array_copy(s, result, i, target, n - i)
        return result
    found = count(s, old, 0, n)
    if limit >= 0 and found > limit:
        found = limit
    if found == 0:
        return s
    result = new_string(n + found * (k - m))
    source = 0
    target = 0
    while found > 0:
        position = find(s, old, source, n)
        array_copy(s, result, source, target, position - source)
        target += position - source
        array_copy(new, result, 0, target, k)
        target += k
        source = position + m
        found -= 1
    array_copy(s, result, source, target, n - source)
    return result


def replace_char(s, old, new):
    n = len(s.chars)
    if array_find_char(s, old, 0, n) < 0:
        return s
    result = new_string(n)
    i = 0
    while i < n:
        c = s.chars[i]
        result.chars[i] = new if c == old else c
        i += 1
    return result


def is_space(c):
    return c == " " or ("\t" <= c <= "\r")


def is_digit(c):
    return "0" <= c <= "9"


def is_alpha(c):
    return "a" <= c <= "z" or "A" <= c <= "Z"


def is_alnum(c):
    return is_digit(c) or is_alpha(c)


def is_upper(c):
    return "A" <= c <= "Z"


def is_lower(c):
    return "a" <= c <= "z"


def char_upper(c):
    return chr(ord(c) - 32) if "a" <= c <= "z" else c


def char_lower(c):
    return chr(ord(c) + 32) if "A" <= c <= "Z" else c


def all_characters(s, predicate):
    n = len(s.chars)
    if n == 0:
        return False
    i = 0
    while i < n:
        if not predicate(s.chars[i]):
            return False
        i += 1
    return True


def case_is(s, wanted, other):
    """Whether there is a character of the wanted case and none of the other."""
    n = len(s.chars)
    found = False
    i = 0
    while i < n:
        if other(s.chars[i]):
            return False
        if wanted(s.chars[i]):
            found = True
        i += 1
    return found


def map_characters(s, function):
    n = len(s.chars)
    result = new_string(n)
    i = 0
    while i < n:
        result.chars[i] = function(s.chars[i])
        i += 1
    return result


def strip_spaces(s, left, right):
    start = 0
    stop = len(s.chars)
    if left:
        while start < stop and is_space(s.chars[start]):
            start += 1
    if right:
        while stop > start and is_space(s.chars[stop - 1]):
            stop -= 1
    return slice_part(s, start, stop)


def strip_characters(s, characters, left, right):
    start = 0
    stop = len(s.chars)
    if left:
        while start < stop and contains_char(characters, s.chars[start]):
            start += 1
    if right:
        while stop > start and contains_char(characters, s.chars[stop - 1]):
            stop -= 1
    return slice_part(s, start, stop)


def join(separator, items, count_of_items):
    if count_of_items == 0:
        return EMPTY
    if count_of_items == 1:
        return items[0]
    m = len(separator.chars)
    total = m * (count_of_items - 1)
    i = 0
    while i < count_of_items:
        total += len(items[i].chars)
        i += 1
    result = new_string(total)
    position = 0
    i = 0
    while i < count_of_items:
        if i > 0 and m > 0:
            array_copy(separator, result, 0, position, m)
            position += m
        part = items[i]
        n = len(part.chars)
        array_copy(part, result, 0, position, n)
        position += n
        i += 1
    return result


def join_characters(separator, items, count_of_items):
    if count_of_items == 0:
        return EMPTY
    m = len(separator.chars)
    result = new_string(count_of_items + m * (count_of_items - 1))
    if m == 0:
        array_copy(items, result, 0, 0, count_of_items)
        return result
    position = 0
    i = 0
    while i < count_of_items:
        if i > 0:
            array_copy(separator, result, 0, position, m)
            position += m
        result.chars[position] = items[i]
        position += 1
        i += 1
    return result


def split_char(s, c, limit):
    """The parts between occurrences of c, at most limit + 1 of them where limit is not negative."""
    n = len(s.chars)
    parts = count_char(s, c, 0, n) + 1
    if limit >= 0 and parts > limit + 1:
        parts = limit + 1
    result = malloc(STR_ARRAY, parts)
    start = 0
    i = 0
    while i < parts - 1:
        stop = array_find_char(s, c, start, n)
        result[i] = slice_part(s, start, stop)
        start = stop + 1
        i += 1
    result[i] = slice_part(s, start, n)
    return result


def split_string(s, separator, limit):
    n = len(s.chars)
    m = len(separator.chars)
    if m == 0:
        raise ValueError
    parts = count(s, separator, 0, n) + 1
    if limit >= 0 and parts > limit + 1:
        parts = limit + 1
    result = malloc(STR_ARRAY, parts)
    start = 0
    i = 0
    while i < parts - 1:
        stop = find(s, separator, start, n)
        result[i] = slice_part(s, start, stop)
        start = stop + m
        i += 1
    result[i] = slice_part(s, start, n)
    return result


def rsplit_string(s, separator, limit):
    n = len(s.chars)
    m = len(separator.chars)
    if m == 0:
        raise ValueError
    parts = count(s, separator, 0, n) + 1
    if limit >= 0 and parts > limit + 1:
        parts = limit + 1
    result = malloc(STR_ARRAY, parts)
    stop = n
    i = parts - 1
    while i > 0:
        start = rfind(s, separator, 0, stop)
        result[i] = slice_part(s, start + m, stop)
        stop = start
        i -= 1
    result[0] = slice_part(s, 0, stop)
    return result


def split_spaces(s, limit):
    n = len(s.chars)
    parts = 0
    i = 0
    while True:
        while i < n and is_space(s.chars[i]):
            i += 1
        if i == n:
            break
        parts += 1
        if limit >= 0 and parts > limit:
            break
        while i < n and not is_space(s.chars[i]):
            i += 1
    result = malloc(STR_ARRAY, parts)
    part = 0
    i = 0
    while part < parts:
        while is_space(s.chars[i]):
            i += 1
        start = i
        if limit >= 0 and part == limit:
            i = n
        else:
            while i < n and not is_space(s.chars[i]):
                i += 1
        result[part] = slice_part(s, start, i)
        part += 1
    return result


def split_lines(s, keep_ends):
    n = len(s.chars)
    lines = 0
    i = 0
    while i < n:
        while i < n and s.chars[i] != "\n" and s.chars[i] != "\r":
            i += 1
        if i < n:
            i += 2 if s.chars[i] == "\r" and i + 1 < n and s.chars[i + 1] == "\n" else 1
        lines += 1
    result = malloc(STR_ARRAY, lines)
    i = 0
    line = 0
    while i < n:
        start = i
        while i < n and s.chars[i] != "\n" and s.chars[i] != "\r":
            i += 1
        stop = i
        if i < n:
            i += 2 if s.chars[i] == "\r" and i + 1 < n and s.chars[i + 1] == "\n" else 1
        result[line] = slice_part(s, start, i if keep_ends else stop)
        line += 1
    return result


def from_characters(items, start, stop):
    """A string of characters of an array."""
    if start >= stop:
        return EMPTY
    result = new_string(stop - start)
    array_copy(items, result, start, 0, stop - start)
    return result


def characters_of(s, ITEMS):
    n = len(s.chars)
    result = malloc(ITEMS, n)
    array_copy(s, result, 0, 0, n)
    return result


def strings_of(s, ITEMS):
    n = len(s.chars)
    result = malloc(ITEMS, n)
    i = 0
    while i < n:
        result[i] = char_to_string(s.chars[i])
        i += 1
    return result


def int_to_string(value):
    if value == 0:
        return CHARACTERS[48]
    digits = 0
    rest = value
    while rest != 0:
        digits += 1
        rest = _tenth(rest)
    negative = 1 if value < 0 else 0
    result = new_string(digits + negative)
    if negative:
        result.chars[0] = "-"
    position = digits + negative - 1
    rest = value
    while rest != 0:
        quotient = _tenth(rest)
        digit = rest - quotient * 10
        result.chars[position] = chr(48 + (digit if digit >= 0 else -digit))
        position -= 1
        rest = quotient
    return result


def _tenth(value):
    return value // 10 if value >= 0 else -(-value // 10) if value != -9223372036854775808 else -922337203685477580


def unsigned_to_string(value):
    digits = 1
    rest = value // 10
    while rest:
        digits += 1
        rest = rest // 10
    result = new_string(digits)
    position = digits - 1
    rest = value
    while position >= 0:
        quotient = rest // 10
        result.chars[position] = chr(48 + intmask(rest - quotient * 10))
        rest = quotient
        position -= 1
    return result


DIGITS = prebuilt_string("0123456789abcdef")


def unsigned_to_base(value, shift, prefix):
    """Digits of an unsigned number in base 2**shift behind a prefix."""
    digits = 1
    rest = value >> shift
    while rest:
        digits += 1
        rest = rest >> shift
    skip = len(prefix.chars)
    result = new_string(digits + skip)
    array_copy(prefix, result, 0, 0, skip)
    mask = (1 << shift) - 1
    position = digits + skip - 1
    rest = value
    while position >= skip:
        result.chars[position] = DIGITS.chars[intmask(rest) & mask]
        rest = rest >> shift
        position -= 1
    return result


def pad(s, width, fill, left):
    """Fill up to a width; `left` puts the text at the left."""
    n = len(s.chars)
    if n >= width:
        return s
    result = new_string(width)
    start = 0 if left else width - n
    i = 0
    while i < width:
        result.chars[i] = fill
        i += 1
    array_copy(s, result, 0, start, n)
    return result


def center(s, width, fill):
    n = len(s.chars)
    if n >= width:
        return s
    marg = width - n
    left = marg // 2 + (marg & width & 1)
    return pad(pad(s, n + left, fill, False), width, fill, True)


def zero_fill(s, width):
    n = len(s.chars)
    if n >= width:
        return s
    if n > 0 and (s.chars[0] == "-" or s.chars[0] == "+"):
        result = pad(slice_part(s, 1, n), width, "0", False)
        result.chars[0] = s.chars[0]
        return result
    return pad(s, width, "0", False)


def truncate(s, width):
    return slice_part(s, 0, width)


def parse_int(s, base):
    """The number that a string spells, as Python's int(); ValueError where it is none, too large, or in no base."""
    if base < 0 or base == 1 or base > 36:
        raise ValueError
    n = len(s.chars)
    i = 0
    while i < n and is_space(s.chars[i]):
        i += 1
    negative = False
    if i < n and (s.chars[i] == "-" or s.chars[i] == "+"):
        negative = s.chars[i] == "-"
        i += 1
    separable = False  # may an underscore stand here: behind a digit or the prefix
    octal_of_c = False
    if base == 0 or base == 16 or base == 8 or base == 2:
        if i + 1 < n and s.chars[i] == "0":
            letter = char_lower(s.chars[i + 1])
            prefixed = 16 if letter == "x" else 8 if letter == "o" else 2 if letter == "b" else 0
            if prefixed and (base == 0 or base == prefixed):
                base = prefixed
                i += 2
                separable = True
            octal_of_c = base == 0
    if base == 0:
        base = 10
    start = i
    value = 0
    while i < n:
        c = s.chars[i]
        if is_digit(c):
            digit = ord(c) - 48
        elif is_alpha(c):
            digit = ord(char_lower(c)) - 87
        elif c == "_" and separable:
            separable = False
            i += 1
            continue
        else:
            break
        if digit >= base:
            break
        # Only what is near the limit for base 36 may overflow; the division rounds up.
        if value < -256204778801521550 and value < (-9223372036854775808 + digit + base - 1) // base:
            raise ValueError
        value = value * base - digit
        separable = True
        i += 1
    if i == start or not separable:
        raise ValueError
    if octal_of_c and value != 0:
        raise ValueError
    while i < n and is_space(s.chars[i]):
        i += 1
    if i < n:
        raise ValueError
    if negative:
        return value
    if value == -9223372036854775808:
        raise ValueError
    return -value


def equal_char(s, c):
    return bool(s) and len(s.chars) == 1 and s.chars[0] == c


def hash_char(c):
    x = ord(c)
    return (intmask(1000003 * (x << 7)) ^ x) ^ 1


def numbers_of(s, ITEMS):
    n = len(s.chars)
    result = malloc(ITEMS, n)
    i = 0
    while i < n:
        result[i] = ord(s.chars[i])
        i += 1
    return result


def index(s, part, start, stop):
    found = find(s, part, start, stop)
    if found < 0:
        raise ValueError
    return found


def rindex(s, part, start, stop):
    found = rfind(s, part, start, stop)
    if found < 0:
        raise ValueError
    return found


def index_char(s, c, start, stop):
    found = find_char(s, c, start, stop)
    if found < 0:
        raise ValueError
    return found


def rindex_char(s, c, start, stop):
    found = rfind_char(s, c, start, stop)
    if found < 0:
        raise ValueError
    return found


def char_swapcase(c):
    if "a" <= c <= "z":
        return chr(ord(c) - 32)
    if "A" <= c <= "Z":
        return chr(ord(c) + 32)
    return c


def capitalize(s):
    n = len(s.chars)
    result = new_string(n)
    i = 0
    while i < n:
        c = s.chars[i]
        result.chars[i] = char_upper(c) if i == 0 else char_lower(c)
        i += 1
    return result


def title(s):
    n = len(s.chars)
    result = new_string(n)
    after_letter = False
    i = 0
    while i < n:
        c = s.chars[i]
        result.chars[i] = char_lower(c) if after_letter else char_upper(c)
        after_letter = is_alpha(c)
        i += 1
    return result


def rsplit_spaces(s, limit):
    n = len(s.chars)
    parts = 0
    i = n
    while True:
        while i > 0 and is_space(s.chars[i - 1]):
            i -= 1
        if i == 0:
            break
        parts += 1
        if limit >= 0 and parts > limit:
            break
        while i > 0 and not is_space(s.chars[i - 1]):
            i -= 1
    result = malloc(STR_ARRAY, parts)
    part = parts - 1
    i = n
    while part >= 0:
        while is_space(s.chars[i - 1]):
            i -= 1
        stop = i
        if limit >= 0 and part == parts - 1 - limit:
            i = 0
        else:
            while i > 0 and not is_space(s.chars[i - 1]):
                i -= 1
        result[part] = slice_part(s, i, stop)
        part -= 1
    return result


def place_of_separator(s, separator, right):
    """Where partition() divides, -1 for nowhere. ValueError: the separator is empty."""
    if len(separator.chars) == 0:
        raise ValueError
    if right:
        return rfind(s, separator, 0, len(s.chars))
    return find(s, separator, 0, len(s.chars))


def part_before(s, separator, found, right):
    if found < 0:
        return EMPTY if right else s
    return slice_part(s, 0, found)


def part_between(s, separator, found, right):
    return EMPTY if found < 0 else separator


def part_after(s, separator, found, right):
    if found < 0:
        return s if right else EMPTY
    return slice_part(s, found + len(separator.chars), len(s.chars))


NONE_TEXT = prebuilt_string("None")
TRUE_TEXT = prebuilt_string("True")
FALSE_TEXT = prebuilt_string("False")


def or_none(s):
    return s if s else NONE_TEXT


def bool_to_string(value):
    return TRUE_TEXT if value else FALSE_TEXT


def is_shown(c, only_ascii):
    """Whether repr() shows a character as it is: it has a shape, and is no space but " "."""
    if c < "\x7f":
        return c >= " "
    return not only_ascii and c > "\xa0" and c != "\xad"


def represent(s, only_ascii):
    """As repr() or ascii() of a str: the quotes that need fewer escapes, others as \\xNN."""
    if not s:
        return NONE_TEXT
    n = len(s.chars)
    quote = "'"
    if contains_char(s, "'") and not contains_char(s, '"'):
        quote = '"'
    size = 2
    i = 0
    while i < n:
        c = s.chars[i]
        if c == quote or c == "\\" or c == "\n" or c == "\r" or c == "\t":
            size += 2
        elif not is_shown(c, only_ascii):
            size += 4
        else:
            size += 1
        i += 1
    result = new_string(size)
    result.chars[0] = quote
    position = 1
    i = 0
    while i < n:
        c = s.chars[i]
        if c == quote or c == "\\" or c == "\n" or c == "\r" or c == "\t":
            result.chars[position] = "\\"
            result.chars[position + 1] = escape_letter(c)
            position += 2
        elif not is_shown(c, only_ascii):
            result.chars[position] = "\\"
            result.chars[position + 1] = "x"
            result.chars[position + 2] = DIGITS.chars[ord(c) >> 4]
            result.chars[position + 3] = DIGITS.chars[ord(c) & 15]
            position += 4
        else:
            result.chars[position] = c
            position += 1
        i += 1
    result.chars[position] = quote
    return result


def escape_letter(c):
    if c == "\n":
        return "n"
    if c == "\r":
        return "r"
    if c == "\t":
        return "t"
    return c


def center_format(s, width, fill):
    """As format() centres: the odd place goes to the right."""
    n = len(s.chars)
    if n >= width:
        return s
    return pad(pad(s, n + (width - n) // 2, fill, False), width, fill, True)


def with_sign(s, sign):
    if len(s.chars) > 0 and s.chars[0] == "-":
        return s
    return concat(sign, s)


def zero_fill_digits(s, digits):
    """At least so many digits, the sign not counted."""
    n = len(s.chars)
    if n > 0 and s.chars[0] == "-":
        return zero_fill(s, digits + 1)
    return zero_fill(s, digits)


low_level_module(globals())
