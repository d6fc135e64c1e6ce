"""Decompression of raw deflate data (RFC 1951), for archives that are read before there is a zlib module."""

from ouro.rlib.rstring import StringBuilder

MAX_BITS = 15

# Length codes 257 to 285 and distance codes 0 to 29: base value and number of extra bits.
LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
               227, 258]
LENGTH_EXTRA = [0] * 8 + [1] * 4 + [2] * 4 + [3] * 4 + [4] * 4 + [5] * 4 + [0]
DISTANCE_BASE = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
                 4097, 6145, 8193, 12289, 16385, 24577]
DISTANCE_EXTRA = [0, 0, 0, 0] + [_bits for _bits in range(1, 14) for _ in range(2)]
CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

FIXED_LENGTHS = [8] * 144 + [9] * 112 + [7] * 24 + [8] * 8
FIXED_DISTANCES = [5] * 30


class BadData(Exception):
    """The data is no deflate stream."""


class Huffman:
    """A canonical Huffman code: how many codes there are of each length, and the symbols in order of their codes."""

    def __init__(self, lengths):
        self.counts = [0] * (MAX_BITS + 1)
        for length in lengths:
            self.counts[length] += 1
        self.counts[0] = 0
        offsets = [0] * (MAX_BITS + 2)
        for length in range(1, MAX_BITS + 1):
            offsets[length + 1] = offsets[length] + self.counts[length]
        self.symbols = [0] * len(lengths)
        for symbol in range(len(lengths)):
            length = lengths[symbol]
            if length != 0:
                self.symbols[offsets[length]] = symbol
                offsets[length] += 1


class _Inflater:
    def __init__(self, data, position):
        self.data = data
        self.position = position
        self.window = 0
        self.available = 0
        # What has been decoded: copies reach back into it.
        self.output = []

    def bits(self, count):
        """The next `count` bits, the first one lowest."""
        while self.available < count:
            if self.position >= len(self.data):
                raise BadData()
            self.window |= ord(self.data[self.position]) << self.available
            self.position += 1
            self.available += 8
        result = self.window & ((1 << count) - 1)
        self.window >>= count
        self.available -= count
        return result

    def symbol(self, huffman):
        """The next symbol; the bits of a code come highest first."""
        code = 0
        first = 0
        index = 0
        for length in range(1, MAX_BITS + 1):
            code |= self.bits(1)
            count = huffman.counts[length]
            if code - count < first:
                return huffman.symbols[index + code - first]
            index += count
            first = (first + count) << 1
            code <<= 1
        raise BadData()

    def run(self):
        while True:
            is_last = self.bits(1)
            kind = self.bits(2)
            if kind == 0:
                self._stored()
            elif kind == 1:
                self._compressed(Huffman(FIXED_LENGTHS), Huffman(FIXED_DISTANCES))
            elif kind == 2:
                self._dynamic()
            else:
                raise BadData()
            if is_last:
                return

    def _stored(self):
        self.window = 0
        self.available = 0
        position = self.position
        if position + 4 > len(self.data):
            raise BadData()
        size = ord(self.data[position]) | ord(self.data[position + 1]) << 8
        position += 4
        if position + size > len(self.data):
            raise BadData()
        for i in range(position, position + size):
            self.output.append(self.data[i])
        self.position = position + size

    def _dynamic(self):
        literal_count = self.bits(5) + 257
        distance_count = self.bits(5) + 1
        code_count = self.bits(4) + 4
        code_lengths = [0] * 19
        for i in range(code_count):
            code_lengths[CODE_LENGTH_ORDER[i]] = self.bits(3)
        huffman = Huffman(code_lengths)
        lengths = []
        while len(lengths) < literal_count + distance_count:
            symbol = self.symbol(huffman)
            value = 0
            repeat = 1
            if symbol < 16:
                value = symbol
            elif symbol == 16:
                if len(lengths) == 0:
                    raise BadData()
                value = lengths[-1]
                repeat = 3 + self.bits(2)
            elif symbol == 17:
                repeat = 3 + self.bits(3)
            else:
                repeat = 11 + self.bits(7)
            for _ in range(repeat):
                lengths.append(value)
        if len(lengths) > literal_count + distance_count:
            raise BadData()
        self._compressed(Huffman(lengths[:literal_count]), Huffman(lengths[literal_count:]))

    def _compressed(self, literals, distances):
        output = self.output
        while True:
            symbol = self.symbol(literals)
            if symbol < 256:
                output.append(chr(symbol))
                continue
            if symbol == 256:
                return
            symbol -= 257
            if symbol >= len(LENGTH_BASE):
                raise BadData()
            length = LENGTH_BASE[symbol] + self.bits(LENGTH_EXTRA[symbol])
            symbol = self.symbol(distances)
            if symbol >= len(DISTANCE_BASE):
                raise BadData()
            distance = DISTANCE_BASE[symbol] + self.bits(DISTANCE_EXTRA[symbol])
            start = len(output) - distance
            if start < 0:
                raise BadData()
            for i in range(start, start + length):
                output.append(output[i])


def inflate(data, position=0):
    """The decompressed data; raises BadData."""
    inflater = _Inflater(data, position)
    inflater.run()
    builder = StringBuilder(len(inflater.output))
    for character in inflater.output:
        builder.append(character)
    return builder.build()
