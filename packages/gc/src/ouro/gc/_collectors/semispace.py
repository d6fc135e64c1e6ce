"""Two semispaces: the simplest collector that moves objects, a reference for the others.

What is alive is marked first, with the code that all collectors share, and copied then.
"""

from ouro.gc._collectors.marking import MarkingCollector
from ouro.gc._collectors.memory import (
    MEMORY_ERROR,
    AddressTable,
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
        self.next_number = 1
        self.numbers = AddressTable()
        self.new_numbers = AddressTable()

    def setup(self, table, offsets, nursery, maximum, debug):
        MarkingCollector.setup(self, table, offsets, nursery, maximum, debug)
        size = round_up(nursery)
        if size == 0:
            size = self.FIRST_SIZE
        if not self.use_new_space(size):
            raise MEMORY_ERROR

    def use_new_space(self, size):
        space = raw_malloc(size)
        if space == NULL:
            return False
        raw_memclear(space, size)
        self.space = space
        self.free = space
        self.top = space + size
        return True

    def allocate(self, type_id, size):
        """A new object of `size` bytes, cleared but for its header. Raises MemoryError."""
        if self.top - self.free < size or self.debug & 2:
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
            if self.top - self.free < size:
                raise MEMORY_ERROR

    def copy_space(self, size):
        used = self.free - self.space
        wanted = max(self.top - self.space, round_up(used // 2 * 3 + size * 2))
        if self.maximum > 0:
            wanted = min(wanted, max(self.maximum, used))
        old_space = self.space
        if not self.use_new_space(wanted):
            raise MEMORY_ERROR
        self.mark_roots()
        self.mark_pending()
        self.finish_marking()
        self.copy_roots()
        while self.pending.non_empty():
            self.trace(self.pending.pop(), SemiSpaceCollector.copy_slot)
        self.copy_numbers()
        raw_free(old_space)

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
        self.pending.push(target)
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
