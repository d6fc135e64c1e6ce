"""The numbers that ``TextIOWrapper.tell`` gives."""

from ouro.interp_py27.modules._io.errors import newposition
from ouro.interp_py27.objects import space
from ouro.interp_py27.vm.errors import overflow_error
from ouro.rlib.rarithmetic import intmask, r_uint
from ouro.rlib.rbigint import rbigint

# The fields, from the lowest bit: the start (a word), then 32 bits each, then the mark of the end.
FLAGS = 64
FEED = 96
SKIP = 128
AT_END = 160
WORD_MASK = rbigint.fromlong((1 << 64) - 1)
FIELD_MASK = rbigint.fromlong((1 << 32) - 1)


class Cookie:
    """A position in text: feed the decoder, which is in state `flags`, `feed` bytes from `start` on, and the end if
    `at_end`; then `skip` characters of what it gives come before the position.
    """

    def __init__(self):
        self.start = 0
        self.flags = 0
        self.feed = 0
        self.skip = 0
        self.at_end = 0

    def set_flags(self, w_flags):
        self.flags = space.int_w(w_flags)

    def wrapped(self):
        if self.flags == 0 and self.feed == 0 and self.skip == 0 and self.at_end == 0:
            return newposition(self.start)
        big = rbigint.fromint(self.start)
        for value, shift in [(self.flags, FLAGS), (self.feed, FEED), (self.skip, SKIP), (self.at_end, AT_END)]:
            big = big.or_(rbigint.fromint(value & 0xFFFFFFFF).lshift(shift))
        return space.newlong(big)

    def parse(self, w_cookie):
        big = space.bigint_w(space.w_long.call_1(w_cookie))
        self.start = intmask(big.and_(WORD_MASK).uintmask())
        if self.start < 0:
            raise overflow_error("Python int too large to convert to C long")
        self.flags = field(big, FLAGS)
        self.feed = field(big, FEED)
        self.skip = field(big, SKIP)
        self.at_end = field(big, AT_END)


def field(big, shift):
    return intmask(big.rshift(shift).and_(FIELD_MASK).uintmask() & r_uint(0xFFFFFFFF))
