"""Two semispaces: the simplest collector that moves objects, a reference for the others.

What is alive is marked first, with the code that all collectors share, and copied then. A collection needs no memory
that is not there before it begins, so that a program without memory gets a MemoryError and can go on: the space to copy
to is kept in reserve; the mark stack is in that space, which is still empty then, and has room since every object is
larger than a word; and the objects whose pointers are still to be followed while they are copied are those at the end
of the new space (as in Cheney's algorithm).
"""

from ouro.gc._collectors.marking import RESERVED_CHUNKS, MarkingCollector
from ouro.gc._collectors.memory import (
    CHUNK_RESERVE,
    MEMORY_ERROR,
    AddressTable,
    RegionStack,
    get_flags,
    get_link,
    refers,
    round_up,
    set_flags,
    set_header,
    set_link,
)
from ouro.gc._header import FORWARDED, MARKED, PREBUILT
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


class SemiSpaceCollector(MarkingCollector):
    """Allocates in one space; a collection copies what is alive to a new one.

    `id` numbers objects: the numbers are kept in a table from address to number, made anew when objects move.
    """

    FIRST_SIZE = 8 * 1024 * 1024

    def __init__(self):
        MarkingCollector.__init__(self)
        self.space = NULL
        self.free = NULL
        self.top = NULL
        self.reserve = NULL  # the space that the next collection copies to
        self.reserve_size = 0
        self.pending = RegionStack()
        self.next_number = 1
        self.numbers = AddressTable()
        self.new_numbers = AddressTable()

    def setup(self, table, offsets, nursery, maximum, debug, root_slots):
        MarkingCollector.setup(self, table, offsets, nursery, maximum, debug, root_slots)
        size = round_up(nursery)
        if size == 0:
            size = self.FIRST_SIZE
        if not CHUNK_RESERVE.setup(RESERVED_CHUNKS) or not self.secure_reserve(size, size):
            raise MEMORY_ERROR
        self.use_reserve()
        raw_memclear(self.space, size)
        if not self.secure_reserve(size, size):
            raise MEMORY_ERROR

    def secure_reserve(self, wanted, least):
        """Whether there is a space to copy to of `least` bytes; it has the bytes wanted where the system gives them."""
        size = self.reserve_size
        if size >= wanted:
            return True
        if size > 0:
            raw_free(self.reserve)
        self.reserve = raw_malloc(wanted)
        self.reserve_size = wanted
        if self.reserve == NULL:
            self.reserve_size = max(size, least)
            self.reserve = raw_malloc(self.reserve_size)
            if self.reserve == NULL:
                self.reserve_size = 0
        return self.reserve_size >= least

    def use_reserve(self):
        """Allocate in the space that was kept in reserve, which is not clear yet."""
        self.space = self.reserve
        self.free = self.space
        self.top = self.space + self.reserve_size
        self.reserve = NULL
        self.reserve_size = 0

    def allocate(self, type_id, size):
        """A new object of `size` bytes, cleared but for its header. Raises MemoryError."""
        if self.top - self.free < size or self.debug & 2 or CHUNK_RESERVE.count < CHUNK_RESERVE.wanted:
            self.collect_for(size)
        obj = self.free
        self.free = obj + size
        set_header(obj, type_id, 0)
        return obj

    def allocate_varsize(self, type_id, length):
        """A new object of `length` items. Raises MemoryError."""
        size = self.varsize_size(type_id, length)
        if size < 0:
            raise MEMORY_ERROR
        obj = self.allocate(type_id, size)
        self.set_length(obj, length)
        return obj

    def collect(self, generation):
        """Copy every object that can be reached, and run finalizers."""
        self.collect_for(0)

    def collect_for(self, size):
        self.copy_space(size)
        self.run_finalizers()
        if self.top - self.free < size:
            self.copy_space(size)  # the finalizers allocated
        # a space that stays nearly full would be copied again for every few objects
        if size > 0 and self.top - self.free < max(size, (self.top - self.space) // 16):
            raise MEMORY_ERROR

    def copy_space(self, size):
        used = self.free - self.space
        wanted = max(self.top - self.space, round_up(used // 2 * 3 + size * 2))
        if self.maximum > 0:
            wanted = min(wanted, max(self.maximum, used))
        old_space = self.space
        if not CHUNK_RESERVE.refill() or not self.new_numbers.prepare(self.numbers.capacity):
            raise MEMORY_ERROR
        if not self.secure_reserve(wanted, used):
            raise MEMORY_ERROR
        self.use_reserve()
        self.pending.use(self.space)
        self.mark_roots()
        self.mark_pending()
        self.finish_marking()
        raw_memclear(self.space, self.top - self.space)
        self.copy_roots()
        copied = self.space
        while copied < self.free:
            self.trace(copied, SemiSpaceCollector.copy_slot)
            copied += self.size_of(copied)
        self.copy_numbers()
        raw_free(old_space)
        used = self.free - self.space
        self.secure_reserve(self.top - self.space, min(used + size, self.top - self.space))
        if self.reserve_size < self.top - self.space:
            self.top = self.space + max(self.reserve_size, used)

    def copy(self, obj):
        """The new place of a marked object."""
        flags = get_flags(obj)
        if flags & PREBUILT:
            return obj
        if flags & FORWARDED:
            return get_link(obj)
        size = self.size_of(obj)
        target = self.free
        self.free = target + size
        raw_memcopy(obj, target, size)
        set_flags(target, flags & ~MARKED)
        set_flags(obj, FORWARDED)
        set_link(obj, target)
        return target

    def copy_slot(self, slot):
        obj = load(Address, slot)
        if refers(obj):
            store(Address, slot, 0, self.copy(obj))

    def copy_roots(self):
        self.trace_stacks(SemiSpaceCollector.copy_slot)
        self.trace_queues(SemiSpaceCollector.copy_slot)
        scratch = self.scratch
        while self.prebuilt_roots.non_empty():
            obj = self.prebuilt_roots.pop()
            self.trace(obj, SemiSpaceCollector.copy_slot)
            scratch.push(obj)
        self.prebuilt_roots.take_all(scratch)
        while self.light_finalizers.non_empty():
            scratch.push(self.copy(self.light_finalizers.pop()))
        self.light_finalizers.take_all(scratch)
        while self.weak_references.non_empty():
            reference = self.copy(self.weak_references.pop())
            set_link(reference, self.copy(get_link(reference)))
            scratch.push(reference)
        self.weak_references.take_all(scratch)
        while self.finalizable.non_empty():
            scratch.push(self.finalizable.pop())
        while scratch.non_empty():
            self.finalizable.push(self.copy(scratch.pop()))
            self.finalizable.push(scratch.pop())

    def copy_numbers(self):
        index = 0
        while index < self.numbers.capacity:
            obj = self.numbers.key_at(index)
            if obj != NULL and get_flags(obj) & FORWARDED:
                self.new_numbers.set(get_link(obj), self.numbers.value_at(index))
            index += 1
        self.numbers.clear()
        self.numbers.exchange(self.new_numbers)

    def identity(self, obj):
        if get_flags(obj) & PREBUILT:
            return cast_adr_to_int(obj)
        number = self.numbers.get(obj)
        if number == NULL:
            if not self.numbers.make_room():
                raise MEMORY_ERROR
            number = cast_int_to_adr(self.next_number)  # odd: no address of an object
            self.next_number += 2
            self.numbers.set(obj, number)
        return cast_adr_to_int(number)

    def pin(self, obj):
        return False

    def is_pinned(self, obj):
        return False

    def can_move(self, obj):
        return get_flags(obj) & PREBUILT == 0
