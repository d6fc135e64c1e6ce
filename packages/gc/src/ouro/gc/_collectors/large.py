"""Objects that have a block of memory each, with cards in front of those that hold many pointers.

A block is: the card table (one byte for `CARD_ITEMS` items), four words of administration, the object.
Young blocks are in a list of their own until a minor collection finds them reachable.

Where the system has no memory, what leaves the nursery is carved off a reserve: one block with a count of the
objects in it (and of this owner) in its first word, which is given back when that falls to zero.
"""

from ouro.gc._collectors.memory import WORD, get_flags, round_up, set_flags
from ouro.gc._header import MARKED, YOUNG_LARGE
from ouro.lltype import NULL, Address, Char, Signed, load, raw_free, raw_malloc, raw_memclear, store
from ouro.rlib.objectmodel import specialize

#: Small, as one written item costs a look at all of its card.
CARD_SHIFT = 5
CARD_ITEMS = 1 << CARD_SHIFT

# In front of the object.
_NEXT = -4 * WORD
_BLOCK = -3 * WORD
_SIZE = -2 * WORD
_CARDS = -1 * WORD  # number of cards
_ADMINISTRATION = 4 * WORD

#: Added to the size of a block that is part of a reserve; the word in front of it says of which.
_CARVED = 1


def block_size_for(size, cards):
    """Bytes of the block of an object, a multiple of 8."""
    return round_up(cards) + _ADMINISTRATION + round_up(size)


def reserve_for(size):
    """Bytes of reserve for objects of `size` bytes together, each bigger than those that live in pages.

    Each takes its administration, the word in front, and a byte of cards for 256 of its own: less than a sixteenth.
    """
    return size + size // 16 + 1024


def card_count(obj):
    return load(Signed, obj, _CARDS)


def next_dirty_card(obj, number):
    """The first dirty card from *number* on; the count of cards where there is none."""
    cards = load(Address, obj, _BLOCK)
    count = card_count(obj)
    while number < count:
        if number & (WORD - 1) == 0 and load(Signed, cards, number) == 0:
            number += WORD  # most are clean; the table is filled up to whole words
        elif load(Char, cards, number) != "\x00":
            return number
        else:
            number += 1
    return count


def set_card(obj, number):
    store(Char, load(Address, obj, _BLOCK), number, "\x01")


def clear_cards(obj, number):
    """Clear a dirty card and those that follow it; the first one that was clean."""
    cards = load(Address, obj, _BLOCK)
    count = card_count(obj)
    while number < count and load(Char, cards, number) != "\x00":
        store(Char, cards, number, "\x00")
        number += 1
    return number


class LargeSpace:
    """Lists of blocks: young, old, and those that the current sweep has not visited."""

    _alloc_flavor_ = "raw"

    def __init__(self):
        self.young = NULL
        self.old = NULL
        self.unswept = NULL
        self.used = 0
        self.freed = 0  # bytes that the current sweep has freed
        self.young_used = 0
        self.reserve = NULL
        self.reserve_free = NULL

    def secure_reserve(self, size):
        """See to it that a whole reserve of `size` bytes is there; False where the system has no memory."""
        if self.reserve != NULL:
            if load(Signed, self.reserve) == 1:
                self.reserve_free = self.reserve + WORD
            if self.reserve_free == self.reserve + WORD:
                return True
        reserve = raw_malloc(WORD + size)
        if reserve == NULL:
            return False
        if self.reserve != NULL:
            self._release(self.reserve)
        store(Signed, reserve, 0, 1)
        self.reserve = reserve
        self.reserve_free = reserve + WORD
        return True

    def _release(self, reserve):
        count = load(Signed, reserve) - 1
        store(Signed, reserve, 0, count)
        if count == 0:
            raw_free(reserve)

    def allocate_in_minor_collection(self, size, cards):
        """A block for an object that is copied there at once, off the reserve if need be; only its cards are clear."""
        block_size = block_size_for(size, cards)
        block = raw_malloc(block_size)
        if block != NULL:
            raw_memclear(block, round_up(cards))
            return self._make(block, size, cards, 0)
        block = self.reserve_free + WORD
        self.reserve_free = block + round_up(block_size)
        store(Signed, self.reserve, 0, load(Signed, self.reserve) + 1)
        store(Address, block, -WORD, self.reserve)
        raw_memclear(block, round_up(cards))
        return self._make(block, size, cards, _CARVED)

    def allocate(self, size, cards):
        """A cleared block for an object of `size` bytes, in no list yet; NULL where there is no memory."""
        block = raw_malloc(block_size_for(size, cards), zero=True)  # pages fresh from the system are clear
        if block == NULL:
            return NULL
        return self._make(block, size, cards, 0)

    def _make(self, block, size, cards, carved):
        block_size = block_size_for(size, cards)
        obj = block + (round_up(cards) + _ADMINISTRATION)
        store(Address, obj, _BLOCK, block)
        store(Signed, obj, _SIZE, block_size | carved)
        store(Signed, obj, _CARDS, cards)
        self.used += block_size
        return obj

    def add_young(self, obj):
        store(Address, obj, _NEXT, self.young)
        self.young = obj
        self.young_used += load(Signed, obj, _SIZE) & ~_CARVED

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
        size = load(Signed, obj, _SIZE)
        self.used -= size & ~_CARVED
        block = load(Address, obj, _BLOCK)
        if size & _CARVED:
            self._release(load(Address, block, -WORD))
        else:
            raw_free(block)

    @specialize.arg(2)
    def each_old(self, collector, visit):
        """Call `visit(collector, obj)` for every old object; not while there are unswept ones."""
        obj = self.old
        while obj != NULL:
            visit(collector, obj)
            obj = load(Address, obj, _NEXT)

    def start_sweep(self):
        self.unswept = self.old
        self.old = NULL
        self.freed = 0

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
                used = self.used
                self._free(obj)
                self.freed += used - self.used
        return True
