"""Building, searching and splitting strings, for all that goes beyond the string methods that RPython has
itself.
"""

from __future__ import annotations

from ouro.rlib._primitive import primitive
from ouro.rlib.rarithmetic import LONG_BIT, is_space, ovfcheck

__all__ = [
    "StringBuilder",
    "assert_str0",
    "bytes_to_str",
    "count",
    "endswith",
    "find",
    "replace",
    "replace_count",
    "rfind",
    "rsplit",
    "split",
    "startswith",
    "str_to_bytes",
    "strip_spaces",
]


@primitive
class StringBuilder:
    """A string under construction: append pieces, then `build()` once or several times."""

    def __init__(self, init_size=100):
        self._pieces = []
        self._length = 0

    def append(self, s):
        """Append a string or a character."""
        assert isinstance(s, str)
        self._pieces.append(s)
        self._length += len(s)

    def append_slice(self, s, start, end):
        """Append `s[start:end]`, where `0 <= start <= end <= len(s)`."""
        assert 0 <= start <= end <= len(s)
        self.append(s[start:end])

    def append_multiple_char(self, character, times):
        """Append the character `times` times; nothing if that is not positive."""
        assert len(character) == 1
        self.append(character * times)

    def append_charpsize(self, pointer, size):
        """Append `size` characters from raw memory."""
        self.append("".join([pointer[i] for i in range(size)]))

    def getlength(self):
        """The number of characters so far."""
        return self._length

    def build(self):
        """The string."""
        result = "".join(self._pieces)
        self._pieces = [result]
        return result


@primitive
def assert_str0(s):
    """`s`, which has no NUL character in it: what C functions want. Raises ValueError where it has one."""
    if "\x00" in s:
        raise ValueError("embedded NUL character")
    return s


@primitive
def str_to_bytes(s):
    """The string as `bytes`, the same characters."""
    return s.encode("latin-1")


@primitive
def bytes_to_str(b):
    """The `bytes` as a string, the same characters."""
    return b.decode("latin-1")


# ---- searching
#
# One character is searched directly. A longer needle is compared at its last character first; a bit mask
# of its characters then says how far the search may skip (the idea of Sunday's quick search, with a Bloom
# filter for the table as Fredrik Lundh described for CPython's stringlib).


def find(s, sub, start, end):
    """The first position of `sub` in `s[start:end]`, or -1. Requires `0 <= start`, `end <= len(s)`."""
    assert start >= 0
    length = len(sub)
    last = end - length
    if last < start:
        return -1
    if length == 0:
        return start
    if length == 1:
        return find_char(s, sub[0], start, end)
    mask = 0
    last_character = sub[length - 1]
    skip = length - 1
    for i in range(length - 1):
        mask |= 1 << (ord(sub[i]) & (LONG_BIT - 1))
        if sub[i] == last_character:
            skip = length - 2 - i
    mask |= 1 << (ord(last_character) & (LONG_BIT - 1))
    i = start
    while i <= last:
        if s[i + length - 1] == last_character:
            j = 0
            while j < length - 1 and s[i + j] == sub[j]:
                j += 1
            if j == length - 1:
                return i
            if i + length < len(s) and mask & (1 << (ord(s[i + length]) & (LONG_BIT - 1))) == 0:
                i += length
            else:
                i += skip
        elif i + length < len(s) and mask & (1 << (ord(s[i + length]) & (LONG_BIT - 1))) == 0:
            i += length
        i += 1
    return -1


def find_char(s, character, start, end):
    """The first position of the character in `s[start:end]`, or -1."""
    assert start >= 0
    assert end >= 0
    return s.find(character, start, end)


def rfind(s, sub, start, end):
    """The last position of `sub` in `s[start:end]`, or -1. Requires `0 <= start`, `end <= len(s)`."""
    assert start >= 0
    length = len(sub)
    i = end - length
    if i < start:
        return -1
    if length == 0:
        return end
    first = sub[0]
    while i >= start:
        if s[i] == first:
            j = 1
            while j < length and s[i + j] == sub[j]:
                j += 1
            if j == length:
                return i
        i -= 1
    return -1


def count(s, sub, start, end):
    """How many times `sub` is in `s[start:end]` without overlap. Requires `0 <= start`, `end <= len(s)`."""
    if len(sub) == 0:
        return max(end - start + 1, 0)
    result = 0
    i = find(s, sub, start, end)
    while i >= 0:
        result += 1
        i = find(s, sub, i + len(sub), end)
    return result


def startswith(s, prefix, start, end):
    """Whether `s[start:end]` starts with `prefix`. Requires `0 <= start`, `end <= len(s)`."""
    assert start >= 0
    if end - start < len(prefix):
        return False
    for i in range(len(prefix)):
        if s[start + i] != prefix[i]:
            return False
    return True


def endswith(s, suffix, start, end):
    """Whether `s[start:end]` ends with `suffix`. Requires `0 <= start`, `end <= len(s)`."""
    assert start >= 0
    first = end - len(suffix)
    if first < start:
        return False
    for i in range(len(suffix)):
        if s[first + i] != suffix[i]:
            return False
    return True


# ---- splitting and replacing


def strip_spaces(s):
    """`s` without the ASCII white space at both ends."""
    start = 0
    end = len(s)
    while start < end and is_space(s[start]):
        start += 1
    while end > start and is_space(s[end - 1]):
        end -= 1
    assert end >= 0
    return s[start:end]


def split(s, by=None, maxsplit=-1):
    """The parts of `s` between occurrences of `by`, at most `maxsplit` of them cut off, from the left.

    Without `by` the parts are separated by runs of white space, and no part is empty. Raises ValueError
    where `by` is empty.
    """
    if by is None:
        return _split_spaces(s, maxsplit)
    if len(by) == 0:
        raise ValueError("empty separator")
    result = []
    start = 0
    while maxsplit != 0:
        next_start = find(s, by, start, len(s))
        if next_start < 0:
            break
        assert next_start >= start
        result.append(s[start:next_start])
        start = next_start + len(by)
        maxsplit -= 1
    result.append(s[start : len(s)])
    return result


def _split_spaces(s, maxsplit):
    result = []
    i = 0
    while True:
        while i < len(s) and is_space(s[i]):
            i += 1
        if i == len(s):
            break
        if maxsplit == 0:
            result.append(s[i : len(s)])
            break
        start = i
        while i < len(s) and not is_space(s[i]):
            i += 1
        result.append(s[start:i])
        maxsplit -= 1
    return result


def rsplit(s, by=None, maxsplit=-1):
    """As `split`, cutting from the right."""
    if by is None:
        return _rsplit_spaces(s, maxsplit)
    if len(by) == 0:
        raise ValueError("empty separator")
    result = []
    end = len(s)
    while maxsplit != 0:
        found = rfind(s, by, 0, end)
        if found < 0:
            break
        assert end >= 0
        result.append(s[found + len(by) : end])
        end = found
        maxsplit -= 1
    assert end >= 0
    result.append(s[:end])
    result.reverse()
    return result


def _rsplit_spaces(s, maxsplit):
    result = []
    i = len(s)
    while True:
        while i > 0 and is_space(s[i - 1]):
            i -= 1
        if i == 0:
            break
        assert i > 0
        if maxsplit == 0:
            result.append(s[:i])
            break
        end = i
        while i > 0 and not is_space(s[i - 1]):
            i -= 1
        assert i >= 0
        result.append(s[i:end])
        maxsplit -= 1
    result.reverse()
    return result


def replace(s, sub, by, maxsplit=-1):
    """`s` with occurrences of `sub` replaced, at most `maxsplit` of them. Raises OverflowError if too
    long.
    """
    result, _ = replace_count(s, sub, by, maxsplit)
    return result


def replace_count(s, sub, by, maxsplit=-1):
    """`(replace(s, sub, by, maxsplit), number of replacements)`; an empty `sub` is between all
    characters.
    """
    if maxsplit == 0:
        return s, 0
    if len(sub) == 0:
        return _replace_between(s, by, maxsplit)
    times = count(s, sub, 0, len(s))
    if 0 <= maxsplit < times:
        times = maxsplit
    if times == 0:
        return s, 0
    builder = StringBuilder(ovfcheck(len(s) + ovfcheck(times * (len(by) - len(sub)))))
    start = 0
    for _ in range(times):
        found = find(s, sub, start, len(s))
        assert found >= 0
        builder.append_slice(s, start, found)
        builder.append(by)
        start = found + len(sub)
    builder.append_slice(s, start, len(s))
    return builder.build(), times


def _replace_between(s, by, maxsplit):
    times = len(s) + 1
    if 0 <= maxsplit < times:
        times = maxsplit
    builder = StringBuilder(ovfcheck(len(s) + ovfcheck(times * len(by))))
    for i in range(times):
        builder.append(by)
        if i < len(s):
            builder.append(s[i])
    if times < len(s):
        builder.append_slice(s, times, len(s))
    return builder.build(), times
