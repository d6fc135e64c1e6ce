"""MD5 (RFC 1321)."""

import math

from ouro.rlib.rarithmetic import r_uint

from ._digest import MASK, WordDigest, little_endian_word, packed_words, rotate_left

INITIAL = [r_uint(word) for word in (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)]
SINES = [r_uint(int(abs(math.sin(i + 1)) * 2 ** 32)) for i in range(64)]
SHIFTS = [shift for row in ((7, 12, 17, 22), (5, 9, 14, 20), (4, 11, 16, 23), (6, 10, 15, 21)) for shift in row * 4]
ORDER = ([i for i in range(16)] + [(5 * i + 1) % 16 for i in range(16)] + [(3 * i + 5) % 16 for i in range(16)]
         + [7 * i % 16 for i in range(16)])


class Md5(WordDigest):
    is_little_endian = True

    def __init__(self):
        WordDigest.__init__(self, INITIAL)

    def fresh(self):
        return Md5()

    def result(self):
        return packed_words(self.words, True)

    def compress(self, data, offset):
        block = [little_endian_word(data, offset + 4 * i) for i in range(16)]
        a = self.words[0]
        b = self.words[1]
        c = self.words[2]
        d = self.words[3]
        for i in range(64):
            if i < 16:
                mixed = d ^ (b & (c ^ d))
            elif i < 32:
                mixed = c ^ (d & (b ^ c))
            elif i < 48:
                mixed = b ^ c ^ d
            else:
                mixed = c ^ (b | (d ^ MASK))
            total = (a + mixed + SINES[i] + block[ORDER[i]]) & MASK
            a = d
            d = c
            c = b
            b = (b + rotate_left(total, SHIFTS[i])) & MASK
        self.add(0, a)
        self.add(1, b)
        self.add(2, c)
        self.add(3, d)
