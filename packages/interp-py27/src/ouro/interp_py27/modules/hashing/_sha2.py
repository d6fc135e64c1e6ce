"""The SHA-2 family (FIPS 180-4).

Its constants are fractional parts of roots of primes, computed here with integers.
"""

from ouro.rlib.rarithmetic import r_uint, r_ulonglong

from ._digest import MASK, Digest, WordDigest, big_endian_word, packed_words, rotate_right


def _primes(count):
    found = []
    candidate = 2
    while len(found) < count:
        if all(candidate % prime for prime in found):
            found.append(candidate)
        candidate += 1
    return found


def _root(number, degree):
    """The integer part of the root of a number."""
    low, high = 0, 1 << (number.bit_length() // degree + 1)
    while low < high:
        middle = (low + high + 1) // 2
        if middle ** degree <= number:
            low = middle
        else:
            high = middle - 1
    return low


def _fraction(number, degree, bits):
    """The first bits of the fractional part of the root."""
    return _root(number << (degree * bits), degree) & ((1 << bits) - 1)


_PRIMES = _primes(80)
INITIAL_512 = [r_ulonglong(_fraction(prime, 2, 64)) for prime in _PRIMES[:8]]
INITIAL_384 = [r_ulonglong(_fraction(prime, 2, 64)) for prime in _PRIMES[8:16]]
INITIAL_256 = [r_uint(_fraction(prime, 2, 32)) for prime in _PRIMES[:8]]
INITIAL_224 = [r_uint(_fraction(prime, 2, 64) & 0xFFFFFFFF) for prime in _PRIMES[8:16]]
CONSTANTS_512 = [r_ulonglong(_fraction(prime, 3, 64)) for prime in _PRIMES]
CONSTANTS_256 = [r_uint(_fraction(prime, 3, 32)) for prime in _PRIMES[:64]]


class Sha256(WordDigest):
    """SHA-256, and SHA-224 by `size`."""

    def __init__(self, size):
        WordDigest.__init__(self, INITIAL_224 if size == 28 else INITIAL_256)
        self.size = size

    def fresh(self):
        return Sha256(self.size)

    def result(self):
        return packed_words(self.words, False)[:self.size]

    def compress(self, data, offset):
        block = [big_endian_word(data, offset + 4 * i) for i in range(16)]
        words = self.words
        a = words[0]
        b = words[1]
        c = words[2]
        d = words[3]
        e = words[4]
        f = words[5]
        g = words[6]
        h = words[7]
        for i in range(64):
            slot = i & 15
            if i >= 16:
                first = block[(i - 15) & 15]
                second = block[(i - 2) & 15]
                block[slot] = (block[slot] + block[(i - 7) & 15]
                               + (rotate_right(first, 7) ^ rotate_right(first, 18) ^ (first >> 3))
                               + (rotate_right(second, 17) ^ rotate_right(second, 19) ^ (second >> 10))) & MASK
            mixed = h + (rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25)) + (g ^ (e & (f ^ g)))
            mixed = (mixed + CONSTANTS_256[i] + block[slot]) & MASK
            spread = (rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22)) + ((a & b) | (c & (a | b)))
            h = g
            g = f
            f = e
            e = (d + mixed) & MASK
            d = c
            c = b
            b = a
            a = (mixed + spread) & MASK
        self.add(0, a)
        self.add(1, b)
        self.add(2, c)
        self.add(3, d)
        self.add(4, e)
        self.add(5, f)
        self.add(6, g)
        self.add(7, h)


def _rotate64(value, count):
    return (value >> count) | (value << (64 - count))


def _word64(data, offset):
    high = r_ulonglong(big_endian_word(data, offset))
    return high << 32 | r_ulonglong(big_endian_word(data, offset + 4))


class Sha512(Digest):
    """SHA-512, and SHA-384 by `size`."""

    block_size = 128
    length_size = 16

    def __init__(self, size):
        Digest.__init__(self)
        self.size = size
        initial = INITIAL_384 if size == 48 else INITIAL_512
        self.words = [r_ulonglong(0)] * 8
        for i in range(8):
            self.words[i] = initial[i]

    def fresh(self):
        return Sha512(self.size)

    def copy_words(self, other):
        assert isinstance(other, Sha512)
        for i in range(8):
            other.words[i] = self.words[i]

    def result(self):
        halves = []
        for word in self.words:
            halves.append(r_uint(word >> 32) & MASK)
            halves.append(r_uint(word) & MASK)
        return packed_words(halves, False)[:self.size]

    def compress(self, data, offset):
        block = [_word64(data, offset + 8 * i) for i in range(16)]
        words = self.words
        a = words[0]
        b = words[1]
        c = words[2]
        d = words[3]
        e = words[4]
        f = words[5]
        g = words[6]
        h = words[7]
        for i in range(80):
            slot = i & 15
            if i >= 16:
                first = block[(i - 15) & 15]
                second = block[(i - 2) & 15]
                block[slot] = (block[slot] + block[(i - 7) & 15]
                               + (_rotate64(first, 1) ^ _rotate64(first, 8) ^ (first >> 7))
                               + (_rotate64(second, 19) ^ _rotate64(second, 61) ^ (second >> 6)))
            mixed = h + (_rotate64(e, 14) ^ _rotate64(e, 18) ^ _rotate64(e, 41)) + (g ^ (e & (f ^ g)))
            mixed = mixed + CONSTANTS_512[i] + block[slot]
            spread = (_rotate64(a, 28) ^ _rotate64(a, 34) ^ _rotate64(a, 39)) + ((a & b) | (c & (a | b)))
            h = g
            g = f
            f = e
            e = d + mixed
            d = c
            c = b
            b = a
            a = mixed + spread
        words[0] += a
        words[1] += b
        words[2] += c
        words[3] += d
        words[4] += e
        words[5] += f
        words[6] += g
        words[7] += h
