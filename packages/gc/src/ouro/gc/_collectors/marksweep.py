"""Mark and sweep: every object is a block of its own. The simplest reference for the others.

An allocation needs chunks in reserve for the list of objects, so that a collection, which moves the list from one
stack to another, always has those that this takes.
"""

from ouro.gc._collectors.marking import RESERVED_CHUNKS, MarkingCollector
from ouro.gc._collectors.memory import (
    CHUNK_RESERVE,
    MEMORY_ERROR,
    AddressStack,
    get_flags,
    set_flags,
    set_header,
)
from ouro.gc._header import MARKED
from ouro.lltype import NULL, raw_free, raw_malloc, raw_memclear
from ouro.rlib.objectmodel import specialize


class MarkSweepCollector(MarkingCollector):
    """Collects when the heap has doubled since the last time."""

    FIRST_THRESHOLD = 4 * 1024 * 1024

    def __init__(self):
        MarkingCollector.__init__(self)
        self.objects = AddressStack()
        self.used = 0
        self.threshold = self.FIRST_THRESHOLD

    def setup(self, table, offsets, nursery, maximum, debug, root_slots):
        MarkingCollector.setup(self, table, offsets, nursery, maximum, debug, root_slots)
        if nursery > 0:
            self.threshold = nursery
        if not CHUNK_RESERVE.setup(RESERVED_CHUNKS):
            raise MEMORY_ERROR

    def allocate(self, type_id, size):
        """A new object of `size` bytes, cleared but for its header. Raises MemoryError."""
        if (self.used + size > self.threshold and self.enabled) or self.debug & 2:
            self.collect(2)
        if self.maximum > 0 and self.used + size > self.maximum:
            self.collect(2)
            if self.used + size > self.maximum:
                raise MEMORY_ERROR
        obj = self.get_block(size)
        if obj == NULL:
            self.collect(2)
            obj = self.get_block(size)
            if obj == NULL:
                raise MEMORY_ERROR
        raw_memclear(obj, size)
        set_header(obj, type_id, 0)
        self.used += size
        self.objects.push(obj)
        return obj

    def get_block(self, size):
        """Memory for an object, or NULL."""
        if not CHUNK_RESERVE.refill():
            return NULL
        return raw_malloc(size)

    def allocate_varsize(self, type_id, length):
        """A new object of `length` items. Raises MemoryError."""
        size = self.varsize_size(type_id, length)
        if size < 0:
            raise MEMORY_ERROR
        obj = self.allocate(type_id, size)
        self.set_length(obj, length)
        return obj

    @specialize.arg(1)
    def each_object(self, visit):
        self.objects.each(self, visit)

    def collect(self, generation):
        """Free every object that cannot be reached, and run finalizers."""
        self.mark_roots()
        self.mark_pending()
        self.finish_marking()
        kept = self.scratch
        used = 0
        while self.objects.non_empty():
            obj = self.objects.pop()
            flags = get_flags(obj)
            if flags & MARKED:
                set_flags(obj, flags & ~MARKED)
                used += self.size_of(obj)
                kept.push(obj)
            else:
                raw_free(obj)
        self.objects.take_all(kept)
        self.used = used
        self.threshold = max(used * 2, self.FIRST_THRESHOLD)
        self.run_finalizers()
