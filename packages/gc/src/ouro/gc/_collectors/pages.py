"""The old space for small objects: pages of equal slots, carved out of arenas.

A page serves one size class. It hands out never-used slots in order and reuses swept ones from a list that
runs through them. Sweeping is page by page, so that it can go on in slices between collections, or when an
allocation needs a slot of a class that has unswept pages.
"""

from ouro.gc._collectors.memory import (
    WORD,
    get_flags,
    get_link,
    raw_malloc_or_die,
    set_flags,
    set_header,
    set_link,
)
from ouro.gc._header import FREE_SLOT, HEADER_SIZE, MARKED
from ouro.lltype import NULL, Address, Signed, load, raw_free, raw_malloc, raw_memclear, store
from ouro.rlib.objectmodel import specialize

#: The largest object that lives in a page.
SMALL_LIMIT = 2048
PAGE_SIZE = 16 * 1024
ARENA_PAGES = 32
#: More than there are.
ALL_ARENAS = 1 << 30

#: Unswept pages that allocation goes through for free slots between two slices of a sweep. There may be none in
#: any, and a pause has to end.
SEARCHED_PAGES = 128

# A page's first words.
_PAGE_NEXT = 0
_PAGE_ARENA = WORD
_PAGE_SLOT_SIZE = 2 * WORD
_PAGE_FREE = 3 * WORD  # list of swept slots
_PAGE_FRESH = 4 * WORD  # the first slot that was never used
_PAGE_HEADER = 6 * WORD

# An arena's first words, in front of its pages.
_ARENA_NEXT = 0
_ARENA_FREE = WORD  # list of its free pages
_ARENA_FREE_COUNT = 2 * WORD
_ARENA_HEADER = 4 * WORD
_ARENA_SIZE = _ARENA_HEADER + ARENA_PAGES * PAGE_SIZE


def _make_size_classes():
    """Slot sizes: every 8 bytes up to 128, every 16 up to 256, then four for each doubling."""
    sizes = list(range(16, 128, 8)) + list(range(128, 256, 16))
    step = 64
    size = 256
    while size < SMALL_LIMIT:
        sizes.extend(range(size, size * 2, step))
        size *= 2
        step *= 2
    return [*sizes, SMALL_LIMIT]


SIZE_CLASSES = _make_size_classes()
_CLASS_COUNT = len(SIZE_CLASSES)


def _least_in_full_page():
    """Bytes of objects that a full page holds at least: those of a class may be just too big for the one below."""
    least = PAGE_SIZE
    smallest = HEADER_SIZE + WORD
    for size in SIZE_CLASSES:
        least = min(least, (PAGE_SIZE - _PAGE_HEADER) // size * smallest)
        smallest = size + 8
    return least


_LEAST_IN_FULL_PAGE = _least_in_full_page()


def pages_for(size):
    """The most pages that objects of `size` bytes together can need: full ones, and one for each class."""
    return size // _LEAST_IN_FULL_PAGE + 1 + _CLASS_COUNT


def arenas_for(pages):
    """Bytes of the arenas that so many pages take."""
    return (pages + ARENA_PAGES - 1) // ARENA_PAGES * _ARENA_SIZE


class PageSpace:
    """Slots of up to `SMALL_LIMIT` bytes."""

    _alloc_flavor_ = "raw"

    def __init__(self):
        self.class_of_size = NULL  # size in words of 8 bytes -> class, both as Signed
        self.sizes = NULL
        self.available = NULL  # class -> list of pages with free slots; the first one is allocated from
        self.full = NULL  # class -> list of pages without
        self.unswept = NULL  # class -> list of pages that the current sweep has not visited
        self.unswept_full = NULL  # the same for pages that had no free slot, which follow
        self.arenas = NULL  # those with free pages
        self.unreleased = NULL  # the same: it is to be seen whether they are wholly free
        self.free_pages = 0
        self.sweep_class = _CLASS_COUNT
        self.search_left = 0
        self.used = 0  # bytes in slots that are taken
        self.freed = 0  # bytes that the current sweep has freed
        self.reserved = 0  # bytes of arenas

    def setup(self):
        """Make the tables."""
        lists = _CLASS_COUNT * WORD
        self.available = self._cleared(lists)
        self.full = self._cleared(lists)
        self.unswept = self._cleared(lists)
        self.unswept_full = self._cleared(lists)
        self.sizes = self._cleared(lists)
        words = SMALL_LIMIT // 8 + 1
        self.class_of_size = self._cleared(words * WORD)
        size_class = 0
        index = 0
        while index < words:
            if index * 8 > SIZE_CLASSES[size_class]:
                size_class += 1
            store(Signed, self.class_of_size, index * WORD, size_class)
            index += 1
        index = 0
        while index < _CLASS_COUNT:
            store(Signed, self.sizes, index * WORD, SIZE_CLASSES[index])
            index += 1

    def _cleared(self, size):
        result = raw_malloc_or_die(size)
        raw_memclear(result, size)
        return result

    # -- allocation

    def allocate(self, size):
        """A slot for an object of `size` bytes, its content undefined; NULL when the system has no memory."""
        size_class = load(Signed, self.class_of_size, (size >> 3) * WORD)
        place = self.available + size_class * WORD
        while True:
            page = load(Address, place)
            if page == NULL:
                page = self._more(size_class)
                if page == NULL:
                    return NULL
            slot_size = load(Signed, page, _PAGE_SLOT_SIZE)
            slot = load(Address, page, _PAGE_FREE)
            if slot != NULL:
                store(Address, page, _PAGE_FREE, get_link(slot))
                self.used += slot_size
                return slot
            slot = load(Address, page, _PAGE_FRESH)
            end = slot + slot_size
            if end <= page + PAGE_SIZE:
                store(Address, page, _PAGE_FRESH, end)
                self.used += slot_size
                return slot
            # No slot is left: the page moves to the other list.
            store(Address, place, 0, load(Address, page, _PAGE_NEXT))
            self._push(self.full, size_class, page)

    def _push(self, lists, size_class, page):
        place = lists + size_class * WORD
        store(Address, page, _PAGE_NEXT, load(Address, place))
        store(Address, place, 0, page)

    def _more(self, size_class):
        """Find a page for a class that has none with free slots."""
        place = self.available + size_class * WORD
        while self.search_left > 0 and self._has_unswept(size_class):
            self.search_left -= 1
            self.sweep_page(size_class)
            page = load(Address, place)
            if page != NULL:
                return page
        page = self._take_page()
        if page != NULL:
            store(Signed, page, _PAGE_SLOT_SIZE, load(Signed, self.sizes, size_class * WORD))
            store(Address, page, _PAGE_FREE, NULL)
            store(Address, page, _PAGE_FRESH, page + _PAGE_HEADER)
            self._push(self.available, size_class, page)
        return page

    def _take_page(self):
        arena = self.arenas
        if arena == NULL:
            if self.unreleased != NULL:
                arena = self.unreleased
                self.unreleased = load(Address, arena, _ARENA_NEXT)
                self._add_to_list(arena)
            elif not self.add_arena():
                return NULL
            arena = self.arenas
        page = load(Address, arena, _ARENA_FREE)
        following = load(Address, page, _PAGE_NEXT)
        store(Address, arena, _ARENA_FREE, following)
        store(Signed, arena, _ARENA_FREE_COUNT, load(Signed, arena, _ARENA_FREE_COUNT) - 1)
        if following == NULL:
            self.arenas = load(Address, arena, _ARENA_NEXT)
        self.free_pages -= 1
        return page

    def add_arena(self):
        """Get another arena from the system; False where it gives none."""
        arena = raw_malloc(_ARENA_SIZE)
        if arena == NULL:
            return False
        following = NULL
        page = arena + (_ARENA_HEADER + (ARENA_PAGES - 1) * PAGE_SIZE)
        count = ARENA_PAGES
        while count > 0:
            store(Address, page, _PAGE_ARENA, arena)
            store(Address, page, _PAGE_NEXT, following)
            following = page
            page = page - PAGE_SIZE
            count -= 1
        store(Address, arena, _ARENA_FREE, following)
        store(Signed, arena, _ARENA_FREE_COUNT, ARENA_PAGES)
        self._add_to_list(arena)
        self.free_pages += ARENA_PAGES
        self.reserved += _ARENA_SIZE
        return True

    def ensure_free_pages(self, pages):
        """Get arenas until that many pages are free; False where the system gives none."""
        while self.free_pages < pages:
            if not self.add_arena():
                return False
        return True

    @specialize.arg(2)
    def each_slot(self, collector, visit):
        """Call `visit(collector, slot)` for every slot that was ever used; not while there are unswept pages."""
        size_class = 0
        while size_class < _CLASS_COUNT:
            self._each_slot_of(load(Address, self.available, size_class * WORD), collector, visit)
            self._each_slot_of(load(Address, self.full, size_class * WORD), collector, visit)
            size_class += 1

    @specialize.arg(3)
    def _each_slot_of(self, page, collector, visit):
        while page != NULL:
            slot_size = load(Signed, page, _PAGE_SLOT_SIZE)
            slot = page + _PAGE_HEADER
            end = load(Address, page, _PAGE_FRESH)
            while slot < end:
                visit(collector, slot)
                slot += slot_size
            page = load(Address, page, _PAGE_NEXT)

    # -- sweeping

    def start_sweep(self):
        """All pages become unswept; `sweep` visits them. Takes a time that does not depend on their number."""
        size_class = 0
        while size_class < _CLASS_COUNT:
            self._move_list(self.available, self.unswept, size_class)
            self._move_list(self.full, self.unswept_full, size_class)
            size_class += 1
        self.sweep_class = 0
        self.freed = 0

    def _move_list(self, source, target, size_class):
        store(Address, target, size_class * WORD, load(Address, source, size_class * WORD))
        store(Address, source, size_class * WORD, NULL)

    def _has_unswept(self, size_class):
        """Whether pages of a class are unswept; if so the first one is in `unswept`."""
        if load(Address, self.unswept, size_class * WORD) == NULL:
            self._move_list(self.unswept_full, self.unswept, size_class)
        return load(Address, self.unswept, size_class * WORD) != NULL

    def sweep(self, pages):
        """Sweep up to that many pages; True when none is left."""
        self.search_left = SEARCHED_PAGES
        while self.sweep_class < _CLASS_COUNT:
            if not self._has_unswept(self.sweep_class):
                self.sweep_class += 1
            else:
                if pages <= 0:
                    return False
                self.sweep_page(self.sweep_class)
                pages -= 1
        return True

    def sweep_page(self, size_class):
        """Free the unmarked objects of one page and unmark the others."""
        place = self.unswept + size_class * WORD
        page = load(Address, place)
        store(Address, place, 0, load(Address, page, _PAGE_NEXT))
        slot_size = load(Signed, page, _PAGE_SLOT_SIZE)
        slot = page + _PAGE_HEADER
        end = load(Address, page, _PAGE_FRESH)
        free = NULL
        live = 0
        freed = 0
        while slot < end:
            flags = get_flags(slot)
            if flags & MARKED:
                set_flags(slot, flags & ~MARKED)
                live += 1
            else:
                if flags & FREE_SLOT == 0:
                    freed += 1
                    set_header(slot, 0, FREE_SLOT)
                set_link(slot, free)
                free = slot
            slot += slot_size
        self.used -= freed * slot_size
        self.freed += freed * slot_size
        if live == 0:
            self._give_page(page)
        elif free == NULL and end + slot_size > page + PAGE_SIZE:
            self._push(self.full, size_class, page)
        else:
            store(Address, page, _PAGE_FREE, free)
            self._push(self.available, size_class, page)

    def _give_page(self, page):
        arena = load(Address, page, _PAGE_ARENA)
        first = load(Address, arena, _ARENA_FREE)
        if first == NULL:
            self._add_to_list(arena)
        store(Address, page, _PAGE_NEXT, first)
        store(Address, arena, _ARENA_FREE, page)
        store(Signed, arena, _ARENA_FREE_COUNT, load(Signed, arena, _ARENA_FREE_COUNT) + 1)
        self.free_pages += 1

    def start_release(self):
        """Look at all arenas with free pages: `release` gives those back to the system that are wholly free."""
        while self.unreleased != NULL:  # an earlier round did not come to these
            arena = self.unreleased
            self.unreleased = load(Address, arena, _ARENA_NEXT)
            self._add_to_list(arena)
        self.unreleased = self.arenas
        self.arenas = NULL

    def release(self, pages_to_keep, limit):
        """Give back up to *limit* arenas, but keep a number of free pages; True when all have been looked at."""
        while self.unreleased != NULL:
            arena = self.unreleased
            wholly_free = load(Signed, arena, _ARENA_FREE_COUNT) == ARENA_PAGES
            if wholly_free and self.free_pages - ARENA_PAGES >= pages_to_keep:
                if limit <= 0:
                    return False
                limit -= 1
                self.unreleased = load(Address, arena, _ARENA_NEXT)
                self.free_pages -= ARENA_PAGES
                self.reserved -= _ARENA_SIZE
                raw_free(arena)
            else:
                self.unreleased = load(Address, arena, _ARENA_NEXT)
                self._add_to_list(arena)
        return True

    def _add_to_list(self, arena):
        store(Address, arena, _ARENA_NEXT, self.arenas)
        self.arenas = arena


assert SIZE_CLASSES[0] >= HEADER_SIZE + WORD
