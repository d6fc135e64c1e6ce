"""The default collector: a nursery, an old space of pages and blocks, incremental major collections.

New objects are bumped off the nursery. A minor collection copies those that are reachable from the roots and
from the old objects that the write barrier remembered to the old space, where objects do not move any more.
Every minor collection is followed by a slice of a major one when that is due: marking, then sweeping.

Marking keeps the tri-colour invariant as an incremental-update collector does (Dijkstra's barrier, made
coarse): the generational barrier reports every old object that is written to, and the next minor collection,
which visits its pointers anyway, marks what they refer to. Survivors become black in the same way. Slices come
right after minor collections, so the nursery is empty then and no further barrier is needed. The shadow stacks
are scanned again at the end of marking.

Nursery memory is cleared in steps just ahead of allocation, while it is going to the cache anyway, so objects
are cleared when they are made. Pinned objects stay in the nursery and divide it into gaps.

A collection always ends, however little memory there is: before anything is allocated in the empty nursery, room
for all that may survive is reserved (the copy reserve of copying collectors: Jones, Hosking, Moss, "The Garbage
Collection Handbook", chapters 4 and 9): free pages, a block that bigger objects are carved off, and chunks for the
stack of promoted objects. Where the system does not give that any more a major collection is made, which needs no
room as the nursery is empty, and failing that the nursery stays closed and the program gets a MemoryError. Marking
needs no memory either: where the mark stack cannot grow, objects are left out, and found by going through the heap for
marked objects again (as in Boehm's collector).

With each MemoryError a last resort is given up, so that the program can handle the exception: a block that is large
enough for a grace of allocations, in the course of which the program is not told again unless nothing is left. At the
end of the grace a major collection is made. If there is memory for another last resort then all is as before, else the
program is told again, and has another grace while the system has anything to give. What the user allows is exceeded
by the graces that a program takes one after the other, but not by more than two of them: then the nursery is closed.

A program with a ticker is told at the next look at it, where its handlers see the exception, and not in the middle of
what the JIT does between two instructions of the program. Big objects do not wait, nor does a program that has
not looked for a grace.
"""

from ouro.gc._collectors.large import (
    CARD_ITEMS,
    CARD_SHIFT,
    LargeSpace,
    card_count,
    clear_cards,
    next_dirty_card,
    reserve_for,
    set_card,
)
from ouro.gc._collectors.marking import MarkingCollector
from ouro.gc._collectors.memory import (
    CHUNK,
    CHUNK_RESERVE,
    MEMORY_ERROR,
    WORD,
    AddressStack,
    AddressTable,
    get_flags,
    get_link,
    get_type_id,
    load_u32,
    refers,
    round_up,
    set_flags,
    set_header,
    set_link,
)
from ouro.gc._collectors.pages import ALL_ARENAS, PAGE_SIZE, SMALL_LIMIT, PageSpace, arenas_for, pages_for
from ouro.gc._header import (
    CARDS_DIRTY,
    FORWARDED,
    FREE_SLOT,
    HAS_CARDS,
    HAS_SHADOW,
    LARGE,
    MARKED,
    NEEDS_BARRIER,
    ORDERED,
    PINNED,
    PREBUILT,
    STAYS,
    YOUNG_LARGE,
)
from ouro.gc._type_table import HAS_POINTERS, ROW_ITEM_POINTERS, VARSIZE
from ouro.lltype import (
    NULL,
    Address,
    cast_adr_to_int,
    cast_int_to_adr,
    load,
    raw_free,
    raw_malloc,
    raw_memclear,
    raw_memcopy,
    store,
)
from ouro.rlib.debug import fatalerror
from ouro.rlib.objectmodel import specialize
from ouro.rlib.rgc import postpone_memory_error, take_memory_error

DEFAULT_NURSERY = 4 * 1024 * 1024
SMALLEST_NURSERY = 1024
#: Bytes that a program may allocate, at least, from one MemoryError to the next. In that time a JIT may compile what
#: has become hot, and compiled code comes to where it looks up, before a handler sees the exception at all.
LEAST_GRACE = DEFAULT_NURSERY
#: A grace is that part, at most, of what the user allows.
PART_OF_MAXIMUM = 4
#: The MemoryError for a bigger object is not postponed.
MOST_POSTPONED = 32 * 1024
#: Bytes of nursery that are cleared at a time.
CLEAR_STEP = 32 * 1024
#: Arrays with cards have at least this many items.
CARDS_FROM = 2 * CARD_ITEMS
#: Items of one array that are marked at a time.
MARK_ITEMS = 16 * 1024
#: Of the nursery, a third for pinned objects: whatever lies between them, there is room for the biggest object.
PART_OF_PINNED = 3
#: What reaching an object and following its pointers count, in bytes of work.
MARK_COST = 24
#: The heap grows by this much (in percent) between major collections.
GROWTH = 82
#: Sweeping a byte of pages is that much less work than marking one.
SWEEP_SPEED = 4
#: Arenas that are given back to the system in one pause.
RELEASE_ARENAS = 16

IDLE = 0
MARKING = 1
SWEEPING = 2

# Bits of OUROGC_DEBUG.
DEBUG_VERIFY = 1
DEBUG_COLLECT_ALWAYS = 2
DEBUG_MAJOR_ALWAYS = 4


class GenerationalCollector(MarkingCollector):
    """See the module. `state` is what the major collection in progress does."""

    def __init__(self):
        MarkingCollector.__init__(self)
        self.pages = PageSpace()
        self.large = LargeSpace()
        self.nursery = NULL
        self.nursery_end = NULL
        self.nursery_size = 0
        self.gap_end = NULL  # end of the gap between pinned objects that is allocated from
        self.large_limit = 0  # bigger objects do not go to the nursery
        self.reserve_pages = 0
        self.last_resort = NULL  # memory for a grace; NULL from a MemoryError on until there is enough again
        self.grace_size = 0
        self.grace = 0  # where there is no last resort: bytes to allocate before the program is told again
        self.reserve_size = 0  # bytes for big objects that leave the nursery
        self.closed = False  # the reserve is not whole: nothing is allocated in the nursery
        self.state = IDLE
        self.threshold = 0  # used bytes at which a major collection begins
        self.pressure = 0  # raw bytes that objects keep alive, as far as known
        self.minor_count = 0
        self.most_used = 0
        self.major_count = 0
        self.remembered = AddressStack()
        self.remembered_again = AddressStack()
        self.dirty_arrays = AddressStack()
        self.grey = AddressStack()
        self.grey_arrays = AddressStack()  # pairs: array, first item that is not marked yet
        self.old_weak_references = AddressStack()
        self.old_light_finalizers = AddressStack()
        self.old_finalizable = AddressStack()
        self.shadows = AddressTable()
        self.new_shadows = AddressTable()
        self.used_at_slice = 0
        self.used_at_start = 0  # of the major collection in progress
        self.live = 0  # bytes that the last one found alive, of those there were when it began
        self.survival = 100  # percent of the bytes allocated from one to the next that the next one found alive
        self.work_left = 0
        self.pinned = AddressStack()
        self.pinned_count = 0
        self.most_pinned = 0  # pinned objects at a time; `pin` says no beyond
        self.pinned_reached = False
        self.look_at_old = False  # whether a minor collection cares for pointers out of the nursery
        self.marks_targets = False  # whether that is because what they refer to is to be marked

    def setup(self, table, offsets, nursery, maximum, debug, root_slots):
        MarkingCollector.setup(self, table, offsets, nursery, maximum, debug, root_slots)
        size = DEFAULT_NURSERY if nursery == 0 else max(round_up(nursery), SMALLEST_NURSERY)
        self.nursery_size = size
        self.large_limit = min(size // 4, 64 * 1024)
        self.most_pinned = size // (PART_OF_PINNED * self.large_limit)
        self.nursery = raw_malloc(size)
        if self.nursery == NULL:
            raise MEMORY_ERROR
        self.nursery_end = self.nursery + size
        self.pages.setup()
        self.threshold = size * 4
        self.reserve_pages = pages_for(size)
        self.reserve_size = reserve_for(size)
        # At most every 16 bytes of the nursery are an object to follow; the rest is for the lists of the barrier.
        if not CHUNK_RESERVE.setup(size // (2 * WORD * CHUNK) + 128) or not self.secure_reserve():
            raise MEMORY_ERROR
        least_grace = min(LEAST_GRACE, maximum // PART_OF_MAXIMUM) if maximum > 0 else LEAST_GRACE
        self.grace_size = max(size, least_grace)
        self.grace = self.grace_size
        self.last_resort = raw_malloc(self._last_resort_size())
        self._restart_nursery()

    def _last_resort_size(self):
        """Room for a grace, whatever is allocated in it, and for the reserve of the nursery that follows.

        Memory that is never touched costs address space alone.
        """
        size = self.reserve_size * 2
        pages = self.reserve_pages
        beyond_nursery = self.grace_size - self.nursery_size
        if beyond_nursery > 0:
            size += reserve_for(beyond_nursery)
            pages += pages_for(beyond_nursery)
        return size + arenas_for(pages)

    def is_young(self, obj):
        """Whether the object is in the nursery."""
        return self.nursery <= obj and obj < self.nursery_end

    def used(self):
        """Bytes of the old space that are taken, raw memory that objects keep alive included."""
        return self.pages.used + self.large.used + self.pressure

    # -- allocation

    def allocate(self, type_id, size):
        """A new object of `size` bytes, cleared but for its header. Raises MemoryError."""
        if size > self.large_limit:
            return self.allocate_large(type_id, size, 0)
        if self.debug & DEBUG_COLLECT_ALWAYS:
            self.collect_now(size)
        while not self.make_room(size):
            self.collect_now(size)
        obj = self.data.nursery_free
        self.data.nursery_free = obj + size
        set_header(obj, type_id, 0)
        if self.debug & DEBUG_COLLECT_ALWAYS:
            self.data.nursery_top = self.data.nursery_free
        return obj

    def allocate_varsize(self, type_id, length):
        """A new object of `length` items. Raises MemoryError."""
        size = self.varsize_size(type_id, length)
        if size < 0:
            raise MEMORY_ERROR
        if size > self.large_limit:
            obj = self.allocate_large(type_id, size, self.cards_for(type_id, length))
        else:
            obj = self.allocate(type_id, size)
        self.set_length(obj, length)
        return obj

    def cards_for(self, type_id, length):
        """The number of cards of a large object."""
        row = self.table + type_id
        if length < CARDS_FROM or load_u32(row, ROW_ITEM_POINTERS) == 0:
            return 0
        return (length + CARD_ITEMS - 1) >> CARD_SHIFT

    def allocate_large(self, type_id, size, cards):
        """A new young object with a block of its own."""
        many = self.large.young_used + size > self.nursery_size * 4
        if many or self.debug & DEBUG_COLLECT_ALWAYS or self._exceeds(size):
            self.collect_now(size)
        obj = self.large.allocate(size, cards)
        if obj == NULL:
            self.collect(2)
            obj = self.large.allocate(size, cards)
            if obj == NULL:
                self._tell_of_no_memory(size)
                obj = self.large.allocate(size, cards)
                if obj == NULL:
                    raise self._out_of_memory()
        if self.last_resort == NULL:
            self.grace -= size
        flags = LARGE | YOUNG_LARGE
        if cards > 0:
            flags |= HAS_CARDS
        set_header(obj, type_id, flags)
        self.large.add_young(obj)
        return obj

    def collect_now(self, size):
        """What happens when the nursery is full."""
        self.minor_collection()
        if self.closed or self._exceeds(size):
            self._make_last_room(size)
        else:
            self.major_slice()
        self.run_finalizers()

    def _exceeds(self, size):
        """Whether `size` bytes more are more than the user allows, or than what is left of a grace."""
        if self.last_resort == NULL:
            return size > self.grace or self._exceeds_graces(size)
        return self.maximum > 0 and self.pages.used + self.large.used + size > self.maximum

    def _exceeds_graces(self, size):
        """Whether `size` bytes more are more than a program gets that has exceeded what the user allows."""
        return self.maximum > 0 and self.pages.used + self.large.used + size > self.maximum + 2 * self.grace_size

    def _make_last_room(self, size):
        """There is no memory: what a major collection frees must do, or the program hears of it."""
        self._collect_old()
        if not self.closed and self.last_resort == NULL and self._exceeds(size):
            self._renew_last_resort(size)
        if self.closed or self._exceeds(size):
            self._tell_of_no_memory(size)

    def _tell_of_no_memory(self, size):
        """Have the program hear of it that there is no memory, now or when it looks. It has a grace."""
        self._begin_grace()
        if self.closed:
            self._open_nursery()
        if self.closed or size > MOST_POSTPONED or not postpone_memory_error():
            if not self.closed:
                self.run_finalizers()
            raise self._out_of_memory()

    def _out_of_memory(self):
        """The exception that tells the program; what handles it has a grace."""
        self._begin_grace()
        take_memory_error()
        return MEMORY_ERROR

    def _begin_grace(self):
        if self.last_resort != NULL:
            raw_free(self.last_resort)
            self.last_resort = NULL
        self.grace = self.grace_size

    def _renew_last_resort(self, size):
        """A grace is over: have a last resort again, if `size` bytes more are not too many without one."""
        if self.maximum > 0 and self.pages.used + self.large.used + size > self.maximum:
            return
        self.last_resort = raw_malloc(self._last_resort_size())
        if self.last_resort == NULL:
            self.pages.start_release()
            self.pages.release(self.reserve_pages, ALL_ARENAS)
            self.last_resort = raw_malloc(self._last_resort_size())

    def secure_reserve(self):
        """See to it that what survives a minor collection finds room; False where the system gives none."""
        return (
            self.pages.ensure_free_pages(self.reserve_pages)
            and self.large.secure_reserve(self.reserve_size)
            and CHUNK_RESERVE.refill()
        )

    def _open_nursery(self):
        """Restart the empty nursery if the reserve is whole and the user allows it, else close it."""
        self.closed = self._exceeds_graces(0) or not self.secure_reserve()
        if self.closed:
            self.gap_end = self.nursery_end
            self.data.nursery_free = self.nursery_end
            self.data.nursery_top = self.nursery_end
        else:
            self._restart_nursery()

    def make_room(self, size):
        """Find a gap of the nursery for an object and clear it; False where there is none."""
        data = self.data
        while True:
            if self.gap_end - data.nursery_free >= size:
                top = data.nursery_top
                needed = data.nursery_free + size
                if needed > top:
                    new_top = top + max(CLEAR_STEP, needed - top)
                    if new_top > self.gap_end:
                        new_top = self.gap_end
                    raw_memclear(top, new_top - top)
                    data.nursery_top = new_top
                return True
            if self.gap_end == self.nursery_end:
                return False
            self._enter_gap(self.gap_end + self.size_of(self.gap_end))

    def _restart_nursery(self):
        """Make the whole nursery, but for pinned objects, free again."""
        if self.debug != 0 and self.pinned_count == 0:
            self._fill_nursery()
        self._enter_gap(self.nursery)

    def _fill_nursery(self):
        """Leave a pattern in the dead nursery, so that stale pointers show."""
        address = self.nursery
        while address < self.nursery_end:
            store(Address, address, 0, cast_int_to_adr(0x5DEADBEEF))
            address += WORD

    def _enter_gap(self, start):
        """Allocate from `start` to the next pinned object."""
        end = self.nursery_end
        scratch = self.scratch
        while self.pinned.non_empty():
            obj = self.pinned.pop()
            if start <= obj and obj < end:
                end = obj
            scratch.push(obj)
        self.pinned.take_all(scratch)
        self.gap_end = end
        self.data.nursery_free = start
        self.data.nursery_top = start

    # -- write barrier

    def remember(self, obj):
        flags = get_flags(obj)
        MarkingCollector.remember(self, obj)
        if flags & NEEDS_BARRIER:
            self.remembered.push(obj)

    def remember_item(self, obj, index):
        flags = get_flags(obj)
        if flags & HAS_CARDS:
            set_card(obj, index >> CARD_SHIFT)
            self._has_dirty_cards(obj, flags)
        else:
            self.remember(obj)

    def remember_items(self, obj, start, count):
        flags = get_flags(obj)
        if flags & NEEDS_BARRIER == 0 or count <= 0:
            return
        if flags & HAS_CARDS:
            card = start >> CARD_SHIFT
            last = (start + count - 1) >> CARD_SHIFT
            while card <= last:
                set_card(obj, card)
                card += 1
            self._has_dirty_cards(obj, flags)
        else:
            self.remember(obj)

    def _has_dirty_cards(self, obj, flags):
        if flags & CARDS_DIRTY == 0:
            set_flags(obj, flags | CARDS_DIRTY)
            self.dirty_arrays.push(obj)

    # -- minor collections

    def minor_collection(self):
        """Empty the nursery: copy what is reachable, forget the rest."""
        self.minor_count += 1
        self.most_used = max(
            self.most_used, self.pages.used + self.large.used + (self.data.nursery_free - self.nursery)
        )
        if self.last_resort == NULL and not self.closed:
            self.grace -= self.data.nursery_free - self.nursery
        self._follow_from(self.state == MARKING)
        # pinned objects stay young: what refers to them is visited each time
        self.trace_changed_stacks(GenerationalCollector.visit_young, self.pinned_count == 0 and not self.closed)
        self._visit_young_finalizable()
        self._visit_remembered()
        self._visit_dirty_cards()
        self._visit_promoted()
        self._sort_young_weak_references()
        self._sort_young_light_finalizers()
        self._sort_shadows()
        self._sort_pinned()
        self.large.sort_young()
        self.remembered.take_all(self.remembered_again)
        self._open_nursery()

    def _follow_from(self, is_marked):
        """Pointers of an object, or of the roots, are visited next.

        While marking goes on, what they refer to is marked if they will not be followed again. An object that is not
        marked itself is dead, or marking comes to it yet.
        """
        self.marks_targets = is_marked and self.state == MARKING
        self.look_at_old = self.marks_targets or self.large.young != NULL

    def visit_young(self, slot):
        """Follow a pointer in a minor collection."""
        obj = load(Address, slot)
        if self.nursery <= obj and obj < self.nursery_end:
            store(Address, slot, 0, self.evacuate(obj))
        elif self.look_at_old and refers(obj):
            if get_flags(obj) & YOUNG_LARGE:
                self._promote_large(obj)
            elif self.marks_targets:
                self.mark(obj)

    def _promote_large(self, obj):
        set_flags(obj, (get_flags(obj) & ~YOUNG_LARGE) | NEEDS_BARRIER)
        self._promoted(obj)

    def evacuate(self, obj):
        """The new place of a reachable nursery object."""
        flags = get_flags(obj)
        if flags & FORWARDED:
            return get_link(obj)
        if flags & PINNED or self.closed:
            # In a closed nursery there are only objects that were pinned: they stay while there is no room.
            set_flags(obj, flags | STAYS)
            self.pinned_reached = True
            return obj
        size = self.size_of(obj)
        old_flags = NEEDS_BARRIER
        if flags & HAS_SHADOW:
            target = self.shadows.get(obj)
            old_flags |= get_flags(target)
        elif size <= SMALL_LIMIT:
            target = self.pages.allocate(size)
            if target == NULL:
                fatalerror("out of memory in the middle of a garbage collection")
        else:
            target = self._old_block(obj, size)
            old_flags |= get_flags(target)
        raw_memcopy(obj, target, size)
        set_flags(target, old_flags)
        set_flags(obj, flags | FORWARDED)
        set_link(obj, target)
        self._promoted(target)
        return target

    def _old_block(self, obj, size):
        """A block for a big object that leaves the nursery."""
        cards = 0
        if self.type_flags(obj) & VARSIZE:
            cards = self.cards_for(get_type_id(obj), self.length_of(obj))
        target = self.large.allocate_in_minor_collection(size, cards)
        set_flags(target, LARGE | (HAS_CARDS if cards > 0 else 0))
        self.large.add_old(target)
        return target

    def _promoted(self, obj):
        """An object has become old: its pointers are to be followed, and it is black with that."""
        if self.state == MARKING:
            set_flags(obj, get_flags(obj) | MARKED)
        if self.type_flags(obj) & HAS_POINTERS:
            self.pending.push(obj)

    def _visit_promoted(self):
        self._follow_from(True)
        while self.pending.non_empty():
            obj = self.pending.pop()
            self.pinned_reached = False
            self.trace(obj, GenerationalCollector.visit_young)
            if self.pinned_reached:
                set_flags(obj, get_flags(obj) & ~NEEDS_BARRIER)
                self.remembered_again.push(obj)

    def _visit_remembered(self):
        while self.remembered.non_empty():
            obj = self.remembered.pop()
            self.pinned_reached = False
            self._follow_from(get_flags(obj) & MARKED != 0)
            self.trace(obj, GenerationalCollector.visit_young)
            if self.pinned_reached:
                self.remembered_again.push(obj)
            else:
                # The flags may have changed: making room for an object may sweep a page, this one's too.
                set_flags(obj, get_flags(obj) | NEEDS_BARRIER)

    def _visit_dirty_cards(self):
        while self.dirty_arrays.non_empty():
            obj = self.dirty_arrays.pop()
            flags = get_flags(obj)
            set_flags(obj, flags & ~CARDS_DIRTY)
            length = self.length_of(obj)
            self.pinned_reached = False
            self._follow_from(flags & MARKED != 0)
            count = card_count(obj)
            card = next_dirty_card(obj, 0)
            while card < count:
                end = clear_cards(obj, card)
                stop = min(end << CARD_SHIFT, length)
                self.trace_items(obj, card << CARD_SHIFT, stop, GenerationalCollector.visit_young)
                card = next_dirty_card(obj, end)
            if self.pinned_reached:
                set_flags(obj, get_flags(obj) & ~NEEDS_BARRIER)
                self.remembered_again.push(obj)

    def _visit_young_finalizable(self):
        """Objects with finalizers that may do anything are kept until a major collection."""
        in_order = self.scratch
        while self.finalizable.non_empty():
            in_order.push(self.finalizable.pop())
        while in_order.non_empty():
            obj = self._visited(in_order.pop())
            number = in_order.pop()
            lists = self.finalizable if self.is_young(obj) else self.old_finalizable
            lists.push(obj)
            lists.push(number)

    def _visited(self, obj):
        """Where an object that must survive a minor collection is now."""
        if self.is_young(obj):
            return self.evacuate(obj)
        if get_flags(obj) & YOUNG_LARGE:
            self._promote_large(obj)
        return obj

    def survivor(self, obj):
        """Where an object is after a minor collection; NULL if it died."""
        flags = get_flags(obj)
        if self.is_young(obj):
            if flags & FORWARDED:
                return get_link(obj)
            return obj if flags & STAYS else NULL
        return NULL if flags & YOUNG_LARGE else obj

    def _sort_young_weak_references(self):
        kept = self.scratch
        while self.weak_references.non_empty():
            reference = self.survivor(self.weak_references.pop())
            if reference != NULL:
                target = get_link(reference)
                if target != NULL:
                    target = self.survivor(target)
                    set_link(reference, target)
                if target != NULL:
                    if self.is_young(target):
                        kept.push(reference)  # the target is pinned
                    else:
                        self.old_weak_references.push(reference)
        self.weak_references.take_all(kept)

    def _sort_young_light_finalizers(self):
        while self.light_finalizers.non_empty():
            obj = self.light_finalizers.pop()
            alive = self.survivor(obj)
            if alive != NULL:
                self.old_light_finalizers.push(alive)
            else:
                self.call_finalizer(obj)

    def _sort_shadows(self):
        """Forget the reserved places of objects that took them or died; pinned ones keep theirs."""
        if self.shadows.count == 0:
            return
        index = 0
        while index < self.shadows.capacity:
            obj = self.shadows.key_at(index)
            if obj != NULL and get_flags(obj) & (STAYS | FORWARDED) == STAYS:
                self.new_shadows.set(obj, self.shadows.value_at(index))
            index += 1
        self.shadows.clear()
        self.shadows.exchange(self.new_shadows)

    def _sort_pinned(self):
        """Forget the pinned objects that died or are pinned no more."""
        kept = self.scratch
        while self.pinned.non_empty():
            obj = self.pinned.pop()
            flags = get_flags(obj)
            if flags & STAYS:
                set_flags(obj, flags & ~STAYS)
                kept.push(obj)
            else:
                self.pinned_count -= 1
        self.pinned.take_all(kept)

    # -- major collections

    def collect(self, generation):
        """Collect up to a generation: 0 the nursery, 1 and above everything; then run finalizers.

        A program that empties the nursery by itself, over and over, never finds it full: a slice of a major collection
        that is due follows here too, or none would ever be made.
        """
        if generation == 0:
            self.minor_collection()
            if not self.closed:
                self.major_slice()
        else:
            self.collect_everything()
        self.verify_if_asked()
        self.run_finalizers()

    def collect_step(self):
        """A minor collection and one slice of a major one, begun if need be; whether that ended."""
        self.minor_collection()
        if self.state == IDLE:
            self.start_marking()
        self.run_slice()
        self.verify_if_asked()
        self.run_finalizers()
        return self.state == IDLE

    def collect_everything(self):
        """Empty the nursery, end a major collection in progress, and make a whole one."""
        self.minor_collection()
        self._collect_old()

    def _collect_old(self):
        """The same for an empty nursery."""
        while self.state != IDLE:
            self.run_slice()
        self.start_marking()
        while self.state != IDLE:
            self.run_slice()
        self.pages.release(self._pages_to_keep(), ALL_ARENAS)
        if self.closed:
            self._open_nursery()

    def major_slice(self):
        """The slice that follows a minor collection, if one is due."""
        if self.state == IDLE:
            due = self.used() >= self.threshold or self.debug & DEBUG_MAJOR_ALWAYS
            if due and self.enabled:
                self.start_marking()
        if self.state != IDLE:
            self.run_slice()
        else:
            self.pages.release(self._pages_to_keep(), RELEASE_ARENAS)
        self.verify_if_asked()

    def run_slice(self):
        """Go on with the major collection, for as long as a pause may be."""
        self.work_left = self.slice_work()
        if self.state == MARKING:
            if self.mark_some():
                self.mark_roots()
                self.mark_pending()
                self.finish_marking()
                self.start_sweep()
        elif self.pages.sweep(self.work_left * SWEEP_SPEED // PAGE_SIZE + 1) and self.large.sweep(self.work_left):
            self.end_major()
        self.used_at_slice = self.pages.used + self.large.used

    def slice_work(self):
        """Bytes of work for a slice: faster than the program allocates, or the collection would never end."""
        allocated = self.pages.used + self.large.used - self.used_at_slice
        return max(self.nursery_size, allocated) // 2 * 3

    def start_marking(self):
        self.state = MARKING
        self.used_at_start = self.pages.used + self.large.used
        self.used_at_slice = self.used_at_start
        self.mark_roots()

    def mark_roots(self):
        self.trace_stacks(GenerationalCollector.mark_slot)
        self.trace_queues(GenerationalCollector.mark_slot)
        self.mark_prebuilt_roots()

    def is_alive(self, obj):
        return self.is_young(obj) or get_flags(obj) & MARKED != 0

    def mark(self, obj):
        flags = get_flags(obj)
        if flags & MARKED == 0 and not self.is_young(obj):
            set_flags(obj, flags | self.new_marks)
            self.work_left -= MARK_COST
            if self.type_flags(obj) & HAS_POINTERS and not self.grey.try_push(obj):
                self.overflowed = True

    def mark_pending(self):
        while not self.mark_some():
            self.work_left = self.nursery_size

    def mark_some(self):
        """Mark until the work of this slice is done; True when no grey object is left."""
        while self.work_left > 0:
            if self.grey.non_empty():
                obj = self.grey.pop()
                self.work_left -= MARK_COST
                if self.type_flags(obj) & VARSIZE and self.length_of(obj) > MARK_ITEMS // 16:
                    self._mark_array(obj)
                else:
                    self.trace(obj, GenerationalCollector.mark_slot)
            elif self.grey_arrays.non_empty():
                start = cast_adr_to_int(self.grey_arrays.pop())
                obj = self.grey_arrays.pop()
                length = self.length_of(obj)
                stop = min(start + MARK_ITEMS, length)
                if start < stop:
                    self.trace_items(obj, start, stop, GenerationalCollector.mark_slot)
                    self.work_left -= (stop - start) * WORD
                    self.grey_arrays.push(obj)
                    self.grey_arrays.push(cast_int_to_adr(stop))
            elif self.overflowed:
                self.overflowed = False
                self.each_object(GenerationalCollector.mark_from)
            else:
                return True
        return False

    def _mark_array(self, obj):
        """Follow the pointers of a long array, in portions if there is memory to note that."""
        self.trace_fixed_part(obj, GenerationalCollector.mark_slot)
        if not self.grey_arrays.try_push(obj):
            self.overflowed = True
        elif not self.grey_arrays.try_push(cast_int_to_adr(0)):
            self.grey_arrays.pop()
            self.overflowed = True

    def mark_from(self, obj):
        """Follow the pointers of an object again that may have been left out, and what that leads to."""
        if get_flags(obj) & MARKED:
            self.trace(obj, GenerationalCollector.mark_slot)
            while self.grey.non_empty():
                self.trace(self.grey.pop(), GenerationalCollector.mark_slot)

    @specialize.arg(1)
    def each_object(self, visit):
        self.pages.each_slot(self, visit)
        self.large.each_old(self, visit)

    def finish_marking(self):
        """The lists of old objects join those of young ones; the next minor collection parts them again."""
        while self.old_weak_references.non_empty():
            self.weak_references.push(self.old_weak_references.pop())
        while self.old_light_finalizers.non_empty():
            self.light_finalizers.push(self.old_light_finalizers.pop())
        scratch = self.scratch
        while self.old_finalizable.non_empty():
            scratch.push(self.old_finalizable.pop())
        while scratch.non_empty():
            self.finalizable.push(scratch.pop())
        MarkingCollector.finish_marking(self)

    def start_sweep(self):
        self.state = SWEEPING
        self._forget_dead_remembered()
        index = 0
        while index < self.shadows.capacity:
            if self.shadows.key_at(index) != NULL:
                place = self.shadows.value_at(index)
                set_flags(place, get_flags(place) | MARKED)
            index += 1
        self.pages.start_sweep()
        self.large.start_sweep()

    def _forget_dead_remembered(self):
        """Old objects that refer to pinned ones stay remembered, but not when they are dead."""
        kept = self.scratch
        while self.remembered.non_empty():
            obj = self.remembered.pop()
            if self.is_alive(obj):
                kept.push(obj)
        self.remembered.take_all(kept)

    def end_major(self):
        self.state = IDLE
        self.major_count += 1
        self.pressure = 0
        self.pages.start_release()
        used = self.used()
        self.threshold = max(
            self._expected_to_live(used) // 100 * (100 + GROWTH), used + self.nursery_size, self.nursery_size * 4
        )
        if self.maximum > 0 and self.threshold > self.maximum:
            self.threshold = max(self.maximum - self.nursery_size, used)

    def _expected_to_live(self, used):
        """How many of the used bytes are alive, as far as can be known at the end of a major collection.

        What was allocated since its beginning counts as alive for it. The part of that which is in truth is taken to
        be that of the time between the beginnings of the last two: near all for a program that builds something up,
        near none for one that replaces what it has.
        """
        live = max(self.used_at_start - self.pages.freed - self.large.freed, 0)
        allocated = self.used_at_start - self.live
        if allocated > 0:
            survived = min(max(live - self.live, 0), allocated)
            self.survival = survived * 100 // allocated
        self.live = live
        return min(live + max(used - live, 0) // 100 * self.survival, used)

    def _pages_to_keep(self):
        return self.reserve_pages * 2

    # -- identity, pinning, the rest

    def identity(self, obj):
        """The address of the object in the old space: where it is or where it will be."""
        if not self.is_young(obj):
            return cast_adr_to_int(obj)
        flags = get_flags(obj)
        if flags & HAS_SHADOW:
            return cast_adr_to_int(self.shadows.get(obj))
        if not self.shadows.make_room():
            raise self._out_of_memory()
        size = self.size_of(obj)
        if size <= SMALL_LIMIT:
            place = self.pages.allocate(size)
            if place == NULL:
                raise self._out_of_memory()
            set_header(place, 0, 0)
        else:
            cards = 0
            if self.type_flags(obj) & VARSIZE:
                cards = self.cards_for(get_type_id(obj), self.length_of(obj))
            place = self.large.allocate(size, cards)
            if place == NULL:
                raise self._out_of_memory()
            set_header(place, 0, LARGE | (HAS_CARDS if cards > 0 else 0))
            self.large.add_old(place)
        self.shadows.set(obj, place)
        set_flags(obj, flags | HAS_SHADOW)
        return cast_adr_to_int(place)

    def pin(self, obj):
        """Keep an object without pointers from moving. It may say no: the caller copies then."""
        if not self.is_young(obj):
            return True
        flags = get_flags(obj)
        if flags & PINNED:
            return True
        if self.type_flags(obj) & ~VARSIZE or self.pinned_count >= self.most_pinned:
            return False
        set_flags(obj, flags | PINNED)
        if not self._is_in_pinned(obj):
            self.pinned.push(obj)
            self.pinned_count += 1
        return True

    def _is_in_pinned(self, obj):
        """Whether the object is in the list still: it was pinned before, since the last minor collection."""
        found = False
        scratch = self.scratch
        while self.pinned.non_empty():
            other = self.pinned.pop()
            if other == obj:
                found = True
            scratch.push(other)
        self.pinned.take_all(scratch)
        return found

    def unpin(self, obj):
        if self.is_young(obj):
            set_flags(obj, get_flags(obj) & ~PINNED)

    def is_pinned(self, obj):
        return not self.is_young(obj) or get_flags(obj) & PINNED != 0

    def can_move(self, obj):
        return not self.is_pinned(obj)

    def find_instances(self):
        """The nursery is emptied first: what waits in queues is old."""
        self.minor_collection()
        return MarkingCollector.find_instances(self)

    def add_memory_pressure(self, size):
        self.pressure += size

    def statistic(self, number):
        """0: bytes in use, 1: the most there were, 2: minor and 3: major collections, 4: bytes reserved from
        the system, 5: what the major collection in progress does.
        """
        used = self.pages.used + self.large.used + (self.data.nursery_free - self.nursery)
        if number == 0:
            return used
        if number == 1:
            return max(used, self.most_used)
        if number == 2:
            return self.minor_count
        if number == 3:
            return self.major_count
        if number == 4:
            return self.pages.reserved + self.large.used + self.nursery_size
        if number == 5:
            return self.state
        return 0

    def ignore_finalizer(self, obj):
        MarkingCollector.ignore_finalizer(self, obj)
        if not self.is_young(obj):
            self._exchange_finalizable()
            MarkingCollector.ignore_finalizer(self, obj)
            self._exchange_finalizable()

    def _exchange_finalizable(self):
        self.scratch.take_all(self.finalizable)
        self.finalizable.take_all(self.old_finalizable)
        self.old_finalizable.take_all(self.scratch)

    # -- verification

    def verify_if_asked(self):
        if self.debug & DEBUG_VERIFY:
            self.verify()

    def verify(self):
        """Walk everything that can be reached and stop the program at the first broken invariant."""
        if not self.each_reachable(GenerationalCollector.verify_object):
            fatalerror("out of memory in the verification of the heap")

    def verify_object(self, obj):
        flags = get_flags(obj)
        if flags & (FORWARDED | FREE_SLOT | STAYS | ORDERED):
            fatalerror("heap verification: a reachable object is forwarded, free, or half collected")
        if self.is_young(obj):
            if flags & (NEEDS_BARRIER | LARGE | MARKED | PREBUILT):
                fatalerror("heap verification: a nursery object has the flags of an old one")
        elif flags & YOUNG_LARGE:
            if flags & NEEDS_BARRIER:
                fatalerror("heap verification: a young large object has the flags of an old one")
        elif flags & NEEDS_BARRIER and flags & CARDS_DIRTY == 0:
            self.trace(obj, GenerationalCollector.verify_old_slot)
        if get_type_id(obj) == 0:
            fatalerror("heap verification: a reachable object has no type")

    def verify_old_slot(self, slot):
        """A slot of an object that no list of the write barrier holds."""
        obj = load(Address, slot)
        if refers(obj) and (self.is_young(obj) or get_flags(obj) & YOUNG_LARGE):
            fatalerror("heap verification: an old object refers to a young one unremembered")
