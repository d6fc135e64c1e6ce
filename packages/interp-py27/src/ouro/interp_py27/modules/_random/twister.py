"""The Mersenne Twister MT19937 (Matsumoto and Nishimura, ACM TOMACS 8, 1998), seeded from an array of words."""

from ouro.rlib.rarithmetic import intmask, r_uint

N = 624
M = 397
MASK = r_uint(0xFFFFFFFF)
MATRIX = r_uint(0x9908B0DF)
UPPER = r_uint(0x80000000)
LOWER = r_uint(0x7FFFFFFF)
MAGIC = [r_uint(0), MATRIX]
TEMPER_B = r_uint(0x9D2C5680)
TEMPER_C = r_uint(0xEFC60000)


class Twister:
    """`words` is the state, of which `index` words have been used."""

    def __init__(self):
        self.words = [r_uint(0)] * N
        self.index = N

    def seed_word(self, word):
        """Fill the state from one word."""
        words = self.words
        word &= MASK
        words[0] = word
        for i in range(1, N):
            word = (r_uint(1812433253) * (word ^ (word >> 30)) + r_uint(i)) & MASK
            words[i] = word
        self.index = N

    def seed(self, key):
        """Fill the state from a list of one word or more."""
        self.seed_word(r_uint(19650218))
        words = self.words
        i = 1
        j = 0
        for _ in range(max(N, len(key))):
            previous = words[i - 1]
            words[i] = ((words[i] ^ ((previous ^ (previous >> 30)) * r_uint(1664525))) + key[j] + r_uint(j)) & MASK
            i += 1
            j += 1
            if i >= N:
                words[0] = words[N - 1]
                i = 1
            if j >= len(key):
                j = 0
        for _ in range(N - 1):
            previous = words[i - 1]
            words[i] = ((words[i] ^ ((previous ^ (previous >> 30)) * r_uint(1566083941))) - r_uint(i)) & MASK
            i += 1
            if i >= N:
                words[0] = words[N - 1]
                i = 1
        words[0] = UPPER

    def _refill(self):
        words = self.words
        for i in range(N):
            y = (words[i] & UPPER) | (words[(i + 1) % N] & LOWER)
            words[i] = words[(i + M) % N] ^ (y >> 1) ^ MAGIC[intmask(y & r_uint(1))]
        self.index = 0

    def next_word(self):
        """32 random bits."""
        if self.index >= N:
            self._refill()
        y = self.words[self.index]
        self.index += 1
        y ^= y >> 11
        y ^= (y << 7) & TEMPER_B
        y ^= (y << 15) & TEMPER_C
        return y ^ (y >> 18)

    def next_float(self):
        """A random number from 0 to below 1, with 53 bits."""
        high = intmask(self.next_word() >> 5)
        low = intmask(self.next_word() >> 6)
        return (high * 67108864.0 + low) * (1.0 / 9007199254740992.0)

    def jump(self, remainder):
        """Shuffle the state; `remainder(i)` is the number to jump by modulo i."""
        words = self.words
        for i in range(N - 1, 1, -1):
            j = remainder.modulo(i)
            word = words[i]
            words[i] = words[j]
            words[j] = word
        all_zero = True
        for i in range(1, N):
            words[i] = (words[i] + r_uint(i + 1)) & MASK
            all_zero = all_zero and words[i] == r_uint(0)
        # With all other words zero only the top bit of the first one counts.
        if all_zero:
            words[0] = UPPER
        self.index = N
