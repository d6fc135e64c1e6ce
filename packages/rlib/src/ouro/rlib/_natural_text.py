"""Naturals as text in any base, in less than quadratic time for long ones.

A base that is a power of two takes bits out. For any other base, a long number is halved by a power of
the base, over and over, which costs as much as a few multiplications; parts of some twenty digits are
converted directly.
"""

from __future__ import annotations

from ouro.rlib import _natural as natural
from ouro.rlib.rarithmetic import highest_bit

__all__ = ["from_digit_values", "to_text"]

_DIRECT_SIZE = 24
_DIRECT_CHUNKS = 16


def _chunk(base):
    """`(count, base ** count)`: as many places as fit one digit of a natural."""
    count = 1
    power = base
    while power <= natural.MASK // base:
        power *= base
        count += 1
    return count, power


# ---- to text


def to_text(a, alphabet, prefix, suffix):
    """The text of the natural, one character of `alphabet` for each place; its length is the base."""
    base = len(alphabet)
    if len(a) == 0:
        return prefix + alphabet[0] + suffix
    characters = [prefix]
    if base & (base - 1) == 0:
        _append_bits(a, alphabet, highest_bit(base), characters)
    else:
        count, power = _chunk(base)
        powers = [natural.from_digit(power)]
        places = [count]
        while 2 * len(powers[len(powers) - 1]) <= len(a) + 1:
            powers.append(natural.square(powers[len(powers) - 1]))
            places.append(2 * places[len(places) - 1])
        _append_halves(a, alphabet, len(powers) - 1, powers, places, 0, characters)
    characters.append(suffix)
    return "".join(characters)


def _append_bits(a, alphabet, bits, characters):
    mask = (1 << bits) - 1
    i = (natural.bit_length(a) + bits - 1) // bits - 1
    while i >= 0:
        start = i * bits
        index = start // natural.SHIFT
        offset = start % natural.SHIFT
        value = a[index] >> offset
        if offset + bits > natural.SHIFT and index + 1 < len(a):
            value |= a[index + 1] << (natural.SHIFT - offset)
        characters.append(alphabet[value & mask])
        i -= 1


def _append_halves(a, alphabet, level, powers, places, width, characters):
    # at least `width` places, filled with zeros
    if level < 0 or len(a) <= _DIRECT_SIZE:
        _append_directly(a, alphabet, powers[0][0], places[0], width, characters)
        return
    if natural.compare(a, powers[level]) < 0:
        if width:
            _append_zeros(alphabet, width - places[level], characters)
            width = places[level]
        _append_halves(a, alphabet, level - 1, powers, places, width, characters)
        return
    high, low = natural.divide(a, powers[level])
    high_width = width - places[level] if width else 0
    _append_halves(high, alphabet, level - 1, powers, places, high_width, characters)
    _append_halves(low, alphabet, level - 1, powers, places, places[level], characters)


def _append_zeros(alphabet, count, characters):
    if count > 0:
        characters.append(alphabet[0] * count)


def _append_directly(a, alphabet, power, count, width, characters):
    base = len(alphabet)
    reverse = []
    while len(a):
        a, rest = natural.divide_digit(a, power)
        places = 0
        while rest or (places < count and len(a)):
            reverse.append(alphabet[rest % base])
            rest //= base
            places += 1
    _append_zeros(alphabet, width - len(reverse), characters)
    reverse.reverse()
    characters.append("".join(reverse))


# ---- from text


def from_digit_values(values, base):
    """The natural whose places in `base` have these values, the highest first."""
    if base & (base - 1) == 0:
        return _from_bits(values, highest_bit(base))
    count, power = _chunk(base)
    block = count * _DIRECT_CHUNKS
    blocks = (len(values) + block - 1) // block
    if blocks <= 1:
        return _from_places(values, 0, len(values), base, count)
    parts = [natural.from_digit(0)] * blocks  # the lowest first
    stop = len(values)
    for i in range(blocks):
        start = max(stop - block, 0)
        parts[i] = _from_places(values, start, stop, base, count)
        stop = start
    factor = natural.from_digit(1)
    for _ in range(_DIRECT_CHUNKS):
        factor = natural.multiply_add_digit(factor, power, 0)
    while len(parts) > 1:
        merged = [natural.from_digit(0)] * ((len(parts) + 1) >> 1)
        for i in range(len(parts) >> 1):
            merged[i] = natural.add(natural.multiply(parts[2 * i + 1], factor), parts[2 * i])
        if len(parts) & 1:
            merged[len(merged) - 1] = parts[len(parts) - 1]
        parts = merged
        if len(parts) > 1:
            factor = natural.square(factor)
    return parts[0]


def _from_places(values, start, stop, base, count):
    result = natural.from_digit(0)
    i = start
    while i < stop:
        chunk = 0
        factor = 1
        end = min(i + count, stop)
        while i < end:
            chunk = chunk * base + values[i]
            factor *= base
            i += 1
        result = natural.multiply_add_digit(result, factor, chunk)
    return result


def _from_bits(values, bits):
    size = (len(values) * bits + natural.SHIFT - 1) // natural.SHIFT
    result = [0] * size
    position = 0
    i = len(values) - 1
    while i >= 0:
        index = position // natural.SHIFT
        offset = position % natural.SHIFT
        result[index] |= (values[i] << offset) & natural.MASK
        if offset + bits > natural.SHIFT:
            result[index + 1] |= values[i] >> (natural.SHIFT - offset)
        position += bits
        i -= 1
    return natural.normalized(result)
