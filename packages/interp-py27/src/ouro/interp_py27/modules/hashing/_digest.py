"""What the digests have in common: cutting the message into blocks, and padding it."""

from ouro.rlib.rarithmetic import intmask, r_uint

MASK = r_uint(0xFFFFFFFF)


class Digest:
    """A digest under way.

    Subclasses define `block_size`, `length_size` (bytes of the message length at the end), `is_little_endian`,
    `compress(data, offset)`, `result()` and `fresh()`.
    """

    _immutable_fields_ = ["block_size", "length_size", "is_little_endian"]
    block_size = 64
    length_size = 8
    is_little_endian = False

    def __init__(self):
        self.pending = ""
        self.count = 0

    def update(self, data):
        """Append to the message."""
        self.count += len(data)
        position = 0
        if self.pending != "":
            needed = self.block_size - len(self.pending)
            if len(data) < needed:
                self.pending += data
                return
            self.compress(self.pending + data[:needed], 0)
            position = needed
        while position + self.block_size <= len(data):
            self.compress(data, position)
            position += self.block_size
        assert position >= 0
        self.pending = data[position:]

    def digest(self):
        """The digest of the message so far, which may go on."""
        final = self.copy()
        bits = self.count * 8
        zeros = (self.block_size - 1 - self.length_size - self.count) % self.block_size
        final.update("\x80" + "\x00" * zeros + _packed_length(bits, self.length_size, self.is_little_endian))
        return final.result()

    def copy(self):
        other = self.fresh()
        other.pending = self.pending
        other.count = self.count
        self.copy_words(other)
        return other

    def compress(self, data, offset):
        raise NotImplementedError

    def result(self):
        raise NotImplementedError

    def fresh(self):
        raise NotImplementedError

    def copy_words(self, other):
        raise NotImplementedError


def _packed_length(bits, size, is_little_endian):
    characters = ["\x00"] * size
    for i in range(size):
        if bits == 0:
            break
        if is_little_endian:
            characters[i] = chr(bits & 0xFF)
        else:
            characters[size - 1 - i] = chr(bits & 0xFF)
        bits >>= 8
    return "".join(characters)


class WordDigest(Digest):
    """A digest whose state is a list of 32-bit words, kept in `r_uint`."""

    def __init__(self, initial):
        Digest.__init__(self)
        self.words = [r_uint(0)] * len(initial)
        for i in range(len(initial)):
            self.words[i] = initial[i]

    def copy_words(self, other):
        assert isinstance(other, WordDigest)
        for i in range(len(self.words)):
            other.words[i] = self.words[i]

    def add(self, index, value):
        self.words[index] = (self.words[index] + value) & MASK


def rotate_left(value, count):
    """Rotate a 32-bit word."""
    return ((value << count) | (value >> (32 - count))) & MASK


def rotate_right(value, count):
    return ((value >> count) | (value << (32 - count))) & MASK


def big_endian_word(data, offset):
    return (r_uint(ord(data[offset])) << 24 | r_uint(ord(data[offset + 1])) << 16
            | r_uint(ord(data[offset + 2])) << 8 | r_uint(ord(data[offset + 3])))


def little_endian_word(data, offset):
    return (r_uint(ord(data[offset + 3])) << 24 | r_uint(ord(data[offset + 2])) << 16
            | r_uint(ord(data[offset + 1])) << 8 | r_uint(ord(data[offset])))


def packed_words(words, is_little_endian):
    """32-bit words as bytes."""
    characters = []
    for word in words:
        for i in range(4):
            shift = 8 * i if is_little_endian else 24 - 8 * i
            characters.append(chr(intmask(word >> shift) & 0xFF))
    return "".join(characters)
