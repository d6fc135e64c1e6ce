"""SHA-1 (FIPS 180-4)."""

from ouro.rlib.rarithmetic import r_uint

from ._digest import MASK, WordDigest, big_endian_word, packed_words, rotate_left

INITIAL = [r_uint(word) for word in (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0)]
CONSTANTS = [r_uint(word) for word in (0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6)]


class Sha1(WordDigest):
    def __init__(self):
        WordDigest.__init__(self, INITIAL)

    def fresh(self):
        return Sha1()

    def result(self):
        return packed_words(self.words, False)

    def compress(self, data, offset):
        block = [big_endian_word(data, offset + 4 * i) for i in range(16)]
        a = self.words[0]
        b = self.words[1]
        c = self.words[2]
        d = self.words[3]
        e = self.words[4]
        for i in range(80):
            slot = i & 15
            if i >= 16:
                block[slot] = rotate_left(
                    block[(i - 3) & 15] ^ block[(i - 8) & 15] ^ block[(i - 14) & 15] ^ block[slot], 1)
            if i < 20:
                mixed = d ^ (b & (c ^ d))
            elif i < 40 or i >= 60:
                mixed = b ^ c ^ d
            else:
                mixed = (b & c) | (d & (b | c))
            total = (rotate_left(a, 5) + mixed + e + block[slot] + CONSTANTS[i // 20]) & MASK
            e = d
            d = c
            c = rotate_left(b, 30)
            b = a
            a = total
        self.add(0, a)
        self.add(1, b)
        self.add(2, c)
        self.add(3, d)
        self.add(4, e)
