"""Objects that have a block of memory each, with cards in front of those that hold many pointers.

A block is: the card table (one byte for `CARD_ITEMS` items), four words of administration, the object.
Young blocks are in a list of their own until a minor collection finds them reachable.
"""

from ouro.gc._collectors.memory import WORD, get_flags, round_up, set_flags
from ouro.gc._header import MARKED, YOUNG_LARGE
from ouro.lltype import NULL, Address, Char, Signed, load, raw_free, raw_malloc, raw_memclear, store

CARD_SHIFT = 7
CARD_ITEMS = 1 << CARD_SHIFT

# In front of the object.
_NEXT = -4 * WORD
_BLOCK = -3 * WORD
_SIZE = -2 * WORD
_CARDS = -1 * WORD  # number of cards
_ADMINISTRATION = 4 * WORD


def card_count(obj):
    return load(Signed, obj, _CARDS)


def card_is_dirty(obj, number):
    return load(Char, load(Address, obj, _BLOCK), number) != "\x00"


def set_card(obj, number):
    store(Char, load(Address, obj, _BLOCK), number, "\x01")


def clear_card(obj, number):
    store(Char, load(Address, obj, _BLOCK), number, "\x00")


class LargeSpace:
    """Lists of blocks: young, old, and those that the current sweep has not visited."""

    _alloc_flavor_ = "raw"

    def __init__(self):
        self.young = NULL
        self.old = NULL
        self.unswept = NULL
        self.used = 0
        self.young_used = 0

    def allocate(self, size, cards):
        """A cleared block for an object of `size` bytes, in no list yet; NULL where there is no memory."""
        cards_size = round_up(cards)
        block_size = cards_size + _ADMINISTRATION + size
        block = raw_malloc(block_size)
        if block == NULL:
            return NULL
        raw_memclear(block, block_size)
        obj = block + (cards_size + _ADMINISTRATION)
        store(Address, obj, _BLOCK, block)
        store(Signed, obj, _SIZE, block_size)
        store(Signed, obj, _CARDS, cards)
        self.used += block_size
        return obj

    def add_young(self, obj):
        store(Address, obj, _NEXT, self.young)
        self.young = obj
        self.young_used += load(Signed, obj, _SIZE)

    def add_old(self, obj):
        store(Address, obj, _NEXT, self.old)
        self.old = obj

    def sort_young(self):
        """End of a minor collection: what was reached is old, the rest is freed."""
        obj = self.young
        self.young = NULL
        self.young_used = 0
        while obj != NULL:
            following = load(Address, obj, _NEXT)
            if get_flags(obj) & YOUNG_LARGE:
                self._free(obj)
            else:
                self.add_old(obj)
            obj = following

    def _free(self, obj):
        self.used -= load(Signed, obj, _SIZE)
        raw_free(load(Address, obj, _BLOCK))

    def start_sweep(self):
        self.unswept = self.old
        self.old = NULL

    def sweep(self, bytes_limit):
        """Sweep blocks of up to that many bytes; True when none is left."""
        while self.unswept != NULL:
            if bytes_limit <= 0:
                return False
            obj = self.unswept
            self.unswept = load(Address, obj, _NEXT)
            bytes_limit -= 256
            flags = get_flags(obj)
            if flags & MARKED:
                set_flags(obj, flags & ~MARKED)
                self.add_old(obj)
            else:
                bytes_limit -= load(Signed, obj, _SIZE) >> 6
                self._free(obj)
        return True
