"""Raw memory in the form the collectors use it: words, headers, and containers of addresses.

The containers are prebuilt instances whose contents grow in raw memory: a collector makes no objects while it
runs.
"""

from ouro.gc._header import FLAGS_OFFSET, HEADER_SIZE, TYPE_ID_OFFSET
from ouro.lltype import (
    NULL,
    WORD_BITS,
    Address,
    UInt32,
    cast_adr_to_int,
    load,
    raw_free,
    raw_malloc,
    raw_memclear,
    raw_memcopy,
    store,
)
from ouro.rlib.debug import fatalerror
from ouro.rlib.objectmodel import specialize
from ouro.rlib.rarithmetic import intmask, r_uint32

WORD = WORD_BITS // 8

#: Made beforehand: a collector that has no memory cannot make an exception.
MEMORY_ERROR = MemoryError()


def load_u32(address, offset):
    """A 32-bit number as a non-negative int."""
    return intmask(load(UInt32, address, offset))


def refers(pointer):
    """Does a pointer lead to an object? Null does not, nor does an odd number in the place of a pointer: those that the
    operation `cast_int_to_ptr` makes, and what compiled code puts where a reference belongs.
    """
    return pointer != NULL and cast_adr_to_int(pointer) & 1 == 0


def get_flags(obj):
    """The header flags of an object."""
    return intmask(load(UInt32, obj, FLAGS_OFFSET))


def set_flags(obj, flags):
    """Replace the header flags of an object."""
    store(UInt32, obj, FLAGS_OFFSET, r_uint32(flags))


def get_type_id(obj):
    """The type id of an object: the offset of its row in the type table."""
    return intmask(load(UInt32, obj, TYPE_ID_OFFSET))


def set_header(obj, type_id, flags):
    """Write both halves of a header."""
    store(UInt32, obj, TYPE_ID_OFFSET, r_uint32(type_id))
    store(UInt32, obj, FLAGS_OFFSET, r_uint32(flags))


def get_link(obj):
    """The word behind the header: forwarding address, next free slot, or weak pointer."""
    return load(Address, obj, HEADER_SIZE)


def set_link(obj, address):
    """Set the word behind the header."""
    store(Address, obj, HEADER_SIZE, address)


def round_up(size):
    """The next multiple of 8."""
    return (size + 7) & ~7


def raw_malloc_or_die(size):
    """Memory for the collector's own lists, without which it cannot go on."""
    result = raw_malloc(size)
    if result == NULL:
        fatalerror("out of memory in the garbage collector")
    return result


#: Addresses in one chunk of a stack.
CHUNK = 1019
_CHUNK_SIZE = (CHUNK + 1) * WORD


class ChunkReserve:
    """Chunks that all stacks may take where the system has no memory: what a minor collection needs at most."""

    _alloc_flavor_ = "raw"

    def __init__(self):
        self.wanted = 0
        self.count = 0  # chunks that are here, those that were never used included
        self.free = NULL  # list of chunks
        self.fresh = NULL  # the first that was never used: memory that is not touched costs nothing
        self.fresh_end = NULL
        self.region = NULL

    def setup(self, wanted):
        """Reserve that many chunks in one block; False where the system has no memory."""
        if self.wanted >= wanted:
            return self.refill()
        self.wanted = wanted
        if self.region != NULL:
            return self.refill()
        region = raw_malloc(wanted * _CHUNK_SIZE)
        if region == NULL:
            return False
        self.region = region
        self.fresh = region
        self.fresh_end = region + wanted * _CHUNK_SIZE
        self.count = wanted
        return True

    def take(self):
        """A chunk, or NULL."""
        chunk = self.free
        if chunk != NULL:
            self.free = load(Address, chunk, 0)
        elif self.fresh != self.fresh_end:
            chunk = self.fresh
            self.fresh = chunk + _CHUNK_SIZE
        else:
            return NULL
        self.count -= 1
        return chunk

    def give(self, chunk):
        """A stack needs this chunk no more, wherever it is from."""
        in_region = self.region <= chunk and chunk < self.fresh_end
        if in_region or self.count < self.wanted:
            store(Address, chunk, 0, self.free)
            self.free = chunk
            self.count += 1
        else:
            raw_free(chunk)

    def refill(self):
        """Whether as many chunks are here as are wanted; the system is asked for those that miss."""
        while self.count < self.wanted:
            chunk = raw_malloc(_CHUNK_SIZE)
            if chunk == NULL:
                return False
            self.give(chunk)
        return True


CHUNK_RESERVE = ChunkReserve()


class AddressStack:
    """A stack of addresses in linked chunks."""

    _alloc_flavor_ = "raw"

    CHUNK = CHUNK

    def __init__(self):
        self.chunk = NULL  # word 0 links to the chunk below
        self.used = self.CHUNK
        self.spare = NULL

    def push(self, address):
        if self.used == self.CHUNK:
            self._grow()
        self.used += 1
        store(Address, self.chunk, self.used * WORD, address)

    def _grow(self):
        chunk = self.spare
        if chunk != NULL:
            self.spare = NULL
        else:
            chunk = raw_malloc(_CHUNK_SIZE)
            if chunk == NULL:
                chunk = CHUNK_RESERVE.take()
                if chunk == NULL:
                    fatalerror("out of memory in the garbage collector")
        store(Address, chunk, 0, self.chunk)
        self.chunk = chunk
        self.used = 0

    def try_push(self, address):
        """`push` that leaves the reserve, but for a first chunk, to others; False where there is no memory."""
        if self.used == self.CHUNK and self.spare == NULL and self.chunk != NULL:
            self.spare = raw_malloc(_CHUNK_SIZE)
            if self.spare == NULL:
                return False
        self.push(address)
        return True

    def non_empty(self):
        return self.chunk != NULL

    def pop(self):
        result = load(Address, self.chunk, self.used * WORD)
        self.used -= 1
        if self.used == 0:
            self._shrink()
        return result

    def _shrink(self):
        chunk = self.chunk
        self.chunk = load(Address, chunk, 0)
        self.used = self.CHUNK
        if self.spare != NULL:
            CHUNK_RESERVE.give(self.spare)
        self.spare = chunk

    def take_all(self, other):
        """Exchange contents with an empty stack."""
        self.chunk, other.chunk = other.chunk, self.chunk
        self.used, other.used = other.used, self.used

    def clear(self):
        while self.non_empty():
            self.pop()

    @specialize.arg(2)
    def each(self, collector, visit):
        """Call `visit(collector, address)` for every address; nothing may be pushed or popped meanwhile."""
        chunk = self.chunk
        used = self.used
        while chunk != NULL:
            while used > 0:
                visit(collector, load(Address, chunk, used * WORD))
                used -= 1
            chunk = load(Address, chunk, 0)
            used = self.CHUNK


class RegionStack:
    """A stack of addresses in memory that its user has to spare, and that is large enough for all of them."""

    _alloc_flavor_ = "raw"

    def __init__(self):
        self.base = NULL
        self.top = NULL

    def use(self, region):
        """Begin, empty, in another region."""
        self.base = region
        self.top = region

    def try_push(self, address):
        store(Address, self.top, 0, address)
        self.top += WORD
        return True

    def non_empty(self):
        return self.top != self.base

    def pop(self):
        self.top -= WORD
        return load(Address, self.top)


class AddressTable:
    """A map from addresses to addresses: open addressing, linear probing, NULL is no key."""

    _alloc_flavor_ = "raw"

    def __init__(self):
        self.slots = NULL
        self.capacity = 0  # a power of two
        self.count = 0

    def _position(self, key):
        number = cast_adr_to_int(key)
        return ((number >> 3) ^ (number >> 14)) & (self.capacity - 1)

    def _find(self, key):
        """The slot that holds the key, or the free one where it belongs."""
        position = self._position(key)
        while True:
            slot = self.slots + position * (2 * WORD)
            found = load(Address, slot, 0)
            if found == key or found == NULL:
                return slot
            position = (position + 1) & (self.capacity - 1)

    def get(self, key):
        """The value, or NULL."""
        if self.count == 0:
            return NULL
        slot = self._find(key)
        if load(Address, slot, 0) == NULL:
            return NULL
        return load(Address, slot, WORD)

    def prepare(self, capacity):
        """Whether the table, which is empty, has that capacity now; False where the system has no memory for that."""
        if self.capacity >= capacity:
            return True
        slots = raw_malloc(capacity * (2 * WORD))
        if slots == NULL:
            return False
        self.clear()
        raw_memclear(slots, capacity * (2 * WORD))
        self.slots = slots
        self.capacity = capacity
        return True

    def set(self, key, value):
        if self.count * 3 >= self.capacity * 2:
            self._resize()
        slot = self._find(key)
        if load(Address, slot, 0) == NULL:
            self.count += 1
            store(Address, slot, 0, key)
        store(Address, slot, WORD, value)

    def make_room(self):
        """Whether one more key can be set; False where the system has no memory for that."""
        return self.count * 3 < self.capacity * 2 or self._try_resize()

    def _resize(self):
        if not self._try_resize():
            fatalerror("out of memory in the garbage collector")

    def _try_resize(self):
        old_slots = self.slots
        old_capacity = self.capacity
        capacity = max(old_capacity * 2, 16)
        size = capacity * (2 * WORD)
        slots = raw_malloc(size)
        if slots == NULL:
            return False
        self.slots = slots
        self.capacity = capacity
        raw_memclear(self.slots, size)
        index = 0
        while index < old_capacity:
            old_slot = old_slots + index * (2 * WORD)
            key = load(Address, old_slot, 0)
            if key != NULL:
                slot = self._find(key)
                store(Address, slot, 0, key)
                store(Address, slot, WORD, load(Address, old_slot, WORD))
            index += 1
        if old_slots != NULL:
            raw_free(old_slots)
        return True

    def clear(self):
        if self.slots != NULL:
            raw_free(self.slots)
        self.slots = NULL
        self.capacity = 0
        self.count = 0

    def exchange(self, other):
        """Exchange contents with another table."""
        self.slots, other.slots = other.slots, self.slots
        self.capacity, other.capacity = other.capacity, self.capacity
        self.count, other.count = other.count, self.count

    # Iteration: for index in range(capacity): if key_at(index) != NULL: ...

    def key_at(self, index):
        return load(Address, self.slots, index * (2 * WORD))

    def value_at(self, index):
        return load(Address, self.slots, index * (2 * WORD) + WORD)


class ObjectQueues:
    """Numbered first-in-first-out queues of objects."""

    _alloc_flavor_ = "raw"

    # A queue is two words of `table`: its first and its last node. A node: the next one, the object.

    def __init__(self):
        self.table = NULL
        self.capacity = 0
        self.count = 0

    def push(self, number, obj):
        """Put an object at the end of a queue; False where there is no memory for that."""
        if number >= self.capacity and not self._grow(number):
            return False
        node = raw_malloc(2 * WORD)
        if node == NULL:
            return False
        store(Address, node, 0, NULL)
        store(Address, node, WORD, obj)
        queue = self.table + number * (2 * WORD)
        last = load(Address, queue, WORD)
        if last == NULL:
            store(Address, queue, 0, node)
        else:
            store(Address, last, 0, node)
        store(Address, queue, WORD, node)
        self.count += 1
        return True

    def _grow(self, number):
        capacity = number + 8
        table = raw_malloc(capacity * (2 * WORD))
        if table == NULL:
            return False
        raw_memclear(table, capacity * (2 * WORD))
        if self.capacity > 0:
            raw_memcopy(self.table, table, self.capacity * (2 * WORD))
            raw_free(self.table)
        self.table = table
        self.capacity = capacity
        return True

    def pop(self, number):
        """The first object of a queue, or NULL."""
        if number >= self.capacity:
            return NULL
        queue = self.table + number * (2 * WORD)
        node = load(Address, queue, 0)
        if node == NULL:
            return NULL
        following = load(Address, node, 0)
        store(Address, queue, 0, following)
        if following == NULL:
            store(Address, queue, WORD, NULL)
        obj = load(Address, node, WORD)
        raw_free(node)
        self.count -= 1
        return obj

    def non_empty(self, number):
        if number >= self.capacity:
            return False
        return load(Address, self.table, number * (2 * WORD)) != NULL

    def first_node(self, number):
        return load(Address, self.table, number * (2 * WORD))
