"""What all collectors share: reading the type table, walking objects and roots, finalizers.

A collector class adds `allocate`, `allocate_varsize`, `collect` and what belongs to them. The other entry
points have the meaning here that fits a collector that does not move and has no generations.
"""

from ouro.gc._collectors.memory import (
    MEMORY_ERROR,
    WORD,
    AddressStack,
    ObjectQueues,
    get_flags,
    get_type_id,
    load_u32,
    round_up,
    set_flags,
)
from ouro.gc._header import NEEDS_BARRIER, PREBUILT, ROOTED
from ouro.gc._type_table import (
    FINALIZER,
    HAS_POINTERS,
    LIGHT_FINALIZER,
    POINTER_ARRAY,
    ROW_FINALIZER,
    ROW_FIXED_SIZE,
    ROW_FLAGS,
    ROW_ITEM_POINTERS,
    ROW_ITEM_SIZE,
    ROW_LENGTH_OFFSET,
    ROW_POINTERS,
    VARSIZE,
)
from ouro.lltype import (
    NULL,
    Address,
    FuncType,
    Ptr,
    Signed,
    Struct,
    UInt8,
    Void,
    cast_adr_to_int,
    cast_int_to_adr,
    load,
    malloc,
    nullptr,
    raw_free,
    raw_malloc,
    store,
)
from ouro.rlib.debug import fatalerror
from ouro.rlib.objectmodel import specialize

#: The part of a collector that transformed programs touch directly.
GC_DATA = Struct(
    "ouro_gc_data",
    ("nursery_free", Address),
    ("nursery_top", Address),
    ("root_top", Address),
)
#: Called with the number of a finalizer queue that has got an object.
TRIGGER_FUNCTION = Ptr(FuncType([Signed], Void))
FINALIZER_FUNCTION = Ptr(FuncType([Address], Void))

# A frame of compiled code on the shadow stack is its address with this in the lowest bits, where references that are no
# numbers have nothing. One of its words is the address of a map, or NULL: two bytes that say how many follow (low
# first), and then a bit for each word behind the frame's header that says whether it is a reference. Code writes the
# address of the map, which is even, in front of each call. A minor collection sets its lowest bit: as long as it is set
# the frame has been in one call, so nothing in it, and nothing below it on its stack, has changed.
FRAME_TAG = 2
FRAME_MASK = 3
FRAME_MAP_WORD = 2
FRAME_FIRST_WORD = 8
_SEEN = 1

#: The most slots of the main thread's shadow stack; memory that is never touched costs address space alone.
ROOT_STACK_SLOTS = 8 * 1024 * 1024

# A shadow stack's record.
_STACK_BASE = 0
_STACK_TOP = WORD
_STACK_NEXT = 2 * WORD
_STACK_PREVIOUS = 3 * WORD
_STACK_SLOTS = 4 * WORD
_STACK_RECORD = 5 * WORD


class Collector:
    """The parts of a collector that do not depend on how it collects."""

    _alloc_flavor_ = "raw"

    def __init__(self):
        self.data = malloc(GC_DATA, flavor="raw", immortal=True, zero=True)
        self.table = NULL
        self.offsets = NULL
        self.maximum = 0
        self.debug = 0
        self.enabled = True
        self.stacks = NULL  # records of all threads
        self.prepared_stacks = NULL  # records of threads to come
        self.main_stack = NULL
        self.current_stack = NULL
        self.pending = AddressStack()  # objects whose pointers are still to be followed
        self.prebuilt_roots = AddressStack()  # prebuilt objects that a pointer was stored in
        self.scratch = AddressStack()
        self.weak_references = AddressStack()
        self.light_finalizers = AddressStack()
        self.finalizable = AddressStack()  # pairs: object, queue number
        self.queues = ObjectQueues()
        self.trigger = nullptr(TRIGGER_FUNCTION.TO)
        self.fresh_queues = 0  # bit n: queue n (or one above 60, for bit 60) has got an object
        self.finalizing = False

    def setup(self, table, offsets, nursery, maximum, debug, root_slots):
        """Start: where the type table is, the settings (0: the default), and how many slots the main thread's shadow
        stack needs.
        """
        self.table = table
        self.offsets = offsets
        self.maximum = maximum
        self.debug = debug
        root_slots = min(root_slots, ROOT_STACK_SLOTS)
        if not self.thread_prepare(root_slots):
            raise MEMORY_ERROR
        self.main_stack = self._begin_stack(root_slots)
        self.current_stack = self.main_stack
        self.data.root_top = load(Address, self.main_stack, _STACK_BASE)

    # -- types

    def row(self, obj):
        return self.table + get_type_id(obj)

    def type_flags(self, obj):
        return load_u32(self.table + get_type_id(obj), ROW_FLAGS)

    def size_of(self, obj):
        """Bytes that the object takes, header included."""
        row = self.row(obj)
        size = load_u32(row, ROW_FIXED_SIZE)
        if load_u32(row, ROW_FLAGS) & VARSIZE:
            length = load(Signed, obj, load_u32(row, ROW_LENGTH_OFFSET))
            size = round_up(size + length * load_u32(row, ROW_ITEM_SIZE))
        return size

    def varsize_size(self, type_id, length):
        """Bytes that an object of so many items takes, or -1 if that is no possible size."""
        row = self.table + type_id
        fixed_size = load_u32(row, ROW_FIXED_SIZE)
        item_size = load_u32(row, ROW_ITEM_SIZE)
        if length < 0 or (item_size > 0 and length > _MOST_BYTES // item_size):
            return -1
        return round_up(fixed_size + length * item_size)

    def set_length(self, obj, length):
        store(Signed, obj, load_u32(self.row(obj), ROW_LENGTH_OFFSET), length)

    def length_of(self, obj):
        return load(Signed, obj, load_u32(self.row(obj), ROW_LENGTH_OFFSET))

    @specialize.arg(2)
    def trace(self, obj, visit):
        """Call `visit(self, slot)` for every pointer slot of an object."""
        row = self.row(obj)
        flags = load_u32(row, ROW_FLAGS)
        if flags & HAS_POINTERS == 0:
            return
        if flags & POINTER_ARRAY == 0:
            self._trace_offsets(obj, load_u32(row, ROW_POINTERS), visit)
        if flags & VARSIZE:
            self.trace_items(obj, 0, load(Signed, obj, load_u32(row, ROW_LENGTH_OFFSET)), visit)

    @specialize.arg(2)
    def trace_fixed_part(self, obj, visit):
        """`trace` without the items."""
        self._trace_offsets(obj, load_u32(self.row(obj), ROW_POINTERS), visit)

    @specialize.arg(3)
    def _trace_offsets(self, base, position, visit):
        cursor = self.offsets + position * 4
        count = load_u32(cursor, 0)
        while count > 0:
            cursor += 4
            visit(self, base + load_u32(cursor, 0))
            count -= 1

    @specialize.arg(4)
    def trace_items(self, obj, start, stop, visit):
        """`trace` for some items of an object of varying size."""
        row = self.row(obj)
        item_size = load_u32(row, ROW_ITEM_SIZE)
        item = obj + (load_u32(row, ROW_FIXED_SIZE) + start * item_size)
        if load_u32(row, ROW_FLAGS) & POINTER_ARRAY:
            end = item + (stop - start) * WORD
            while item < end:
                visit(self, item)
                item += WORD
        else:
            position = load_u32(row, ROW_ITEM_POINTERS)
            if position != 0:
                while start < stop:
                    self._trace_offsets(item, position, visit)
                    item += item_size
                    start += 1

    # -- roots

    def thread_prepare(self, slots):
        """Get the shadow stack of a thread that will be started; False where there is no memory for it."""
        record = raw_malloc(_STACK_RECORD)
        if record == NULL:
            return False
        base = raw_malloc(slots * WORD)
        if base == NULL:
            raw_free(record)
            return False
        store(Address, record, _STACK_BASE, base)
        store(Signed, record, _STACK_SLOTS, slots)
        store(Address, record, _STACK_NEXT, self.prepared_stacks)
        self.prepared_stacks = record
        return True

    def thread_forget(self, slots):
        """A thread that was prepared will not start."""
        record = self._take_prepared(slots)
        raw_free(load(Address, record, _STACK_BASE))
        raw_free(record)

    def _take_prepared(self, slots):
        previous = NULL
        record = self.prepared_stacks
        while record != NULL and load(Signed, record, _STACK_SLOTS) != slots:
            previous = record
            record = load(Address, record, _STACK_NEXT)
        if record == NULL:
            fatalerror("a thread has no shadow stack: it was not prepared")
        following = load(Address, record, _STACK_NEXT)
        if previous == NULL:
            self.prepared_stacks = following
        else:
            store(Address, previous, _STACK_NEXT, following)
        return record

    def _begin_stack(self, slots):
        record = self._take_prepared(slots)
        store(Address, record, _STACK_TOP, load(Address, record, _STACK_BASE))
        store(Address, record, _STACK_NEXT, self.stacks)
        store(Address, record, _STACK_PREVIOUS, NULL)
        if self.stacks != NULL:
            store(Address, self.stacks, _STACK_PREVIOUS, record)
        self.stacks = record
        return record

    def thread_start(self, slots):
        """The calling thread has the global lock for the first time; the result is its shadow stack."""
        record = self._begin_stack(slots)
        self.thread_run(record)
        return record

    def thread_run(self, record):
        """The thread with this shadow stack (NULL: the main thread) has the global lock now."""
        if record == NULL:
            record = self.main_stack
        if record != self.current_stack:
            store(Address, self.current_stack, _STACK_TOP, self.data.root_top)
            self.current_stack = record
            self.data.root_top = load(Address, record, _STACK_TOP)

    def thread_die(self, record):
        """The thread with this shadow stack ends; it has the global lock still."""
        if record == NULL or record == self.main_stack:
            return
        if record == self.current_stack:
            self.current_stack = self.main_stack
            self.data.root_top = load(Address, self.main_stack, _STACK_TOP)
        following = load(Address, record, _STACK_NEXT)
        previous = load(Address, record, _STACK_PREVIOUS)
        if previous == NULL:
            self.stacks = following
        else:
            store(Address, previous, _STACK_NEXT, following)
        if following != NULL:
            store(Address, following, _STACK_PREVIOUS, previous)
        raw_free(load(Address, record, _STACK_BASE))
        raw_free(record)

    @specialize.arg(1)
    def trace_stacks(self, visit):
        """Call `visit(self, slot)` for every slot of the shadow stacks that holds a pointer."""
        store(Address, self.current_stack, _STACK_TOP, self.data.root_top)
        record = self.stacks
        while record != NULL:
            slot = load(Address, record, _STACK_BASE)
            top = load(Address, record, _STACK_TOP)
            while slot < top:
                word = load(Signed, slot)
                if word & FRAME_MASK == FRAME_TAG:
                    self._trace_frame(cast_int_to_adr(word - FRAME_TAG), visit)
                elif word != 0:
                    visit(self, slot)
                slot += WORD
            record = load(Address, record, _STACK_NEXT)

    @specialize.arg(1)
    def trace_changed_stacks(self, visit, remember):
        """`trace_stacks` without what is as it was when this was called last with `remember`, and `visit` left there
        only what it need not see again. It comes to an end at the first frame of compiled code that has been in its
        call since then, so that deep recursion does not cost more with each collection. (The idea of a marker on the
        stack is that of Cheng, Harper and Lee, "Generational stack collection", 1998.)
        """
        store(Address, self.current_stack, _STACK_TOP, self.data.root_top)
        record = self.stacks
        while record != NULL:
            base = load(Address, record, _STACK_BASE)
            slot = load(Address, record, _STACK_TOP)
            while slot > base:
                slot -= WORD
                word = load(Signed, slot)
                if word & FRAME_MASK == FRAME_TAG:
                    frame = cast_int_to_adr(word - FRAME_TAG)
                    gc_map = load(Signed, frame, FRAME_MAP_WORD * WORD)
                    if gc_map & _SEEN:
                        break
                    self._trace_frame(frame, visit)
                    if remember:
                        store(Signed, frame, FRAME_MAP_WORD * WORD, gc_map | _SEEN)
                elif word != 0:
                    visit(self, slot)
            record = load(Address, record, _STACK_NEXT)

    @specialize.arg(2)
    def _trace_frame(self, frame, visit):
        """`trace_stacks` for a frame of compiled code: the words that the map of the call it is in names."""
        gc_map = cast_int_to_adr(load(Signed, frame, FRAME_MAP_WORD * WORD) & ~_SEEN)
        if gc_map == NULL:
            return
        count = int(load(UInt8, gc_map)) | int(load(UInt8, gc_map, 1)) << 8
        byte = gc_map + 2
        first = frame + FRAME_FIRST_WORD * WORD
        while count > 0:
            bits = int(load(UInt8, byte))
            slot = first
            while bits != 0:
                if bits & 1 and load(Address, slot) != NULL:
                    visit(self, slot)
                bits >>= 1
                slot += WORD
            first += 8 * WORD
            byte += 1
            count -= 1

    @specialize.arg(1)
    def trace_queues(self, visit):
        """Call `visit(self, slot)` for the dead objects that wait for their finalizer."""
        number = 0
        while number < self.queues.capacity:
            node = self.queues.first_node(number)
            while node != NULL:
                visit(self, node + WORD)
                node = load(Address, node, 0)
            number += 1

    # -- finalizers

    def register_weak_reference(self, obj):
        """A weak reference was made."""
        self.weak_references.push(obj)

    def register_finalizer(self, obj):
        """An object whose type has a finalizer was made."""
        flags = self.type_flags(obj)
        if flags & LIGHT_FINALIZER:
            self.light_finalizers.push(obj)
        elif flags & FINALIZER:
            self.queue_register(0, obj)

    def queue_register(self, number, obj):
        """Put the object in queue `number` when it dies; queue 0 is for the finalizers of types."""
        self.finalizable.push(obj)
        self.finalizable.push(cast_int_to_adr(number))

    def queue_next(self, number):
        """The next dead object of a queue, or NULL."""
        return self.queues.pop(number)

    def ignore_finalizer(self, obj):
        """The object's finalizer need not run any more: forget that it is registered."""
        kept = self.scratch
        while self.finalizable.non_empty():
            number = self.finalizable.pop()
            other = self.finalizable.pop()
            if other != obj or cast_adr_to_int(number) != 0:
                kept.push(number)
                kept.push(other)
        while kept.non_empty():
            self.finalizable.push(kept.pop())
            self.finalizable.push(kept.pop())

    def enqueue(self, number, obj):
        """Put a dead object in the queue with that number (an address, as the lists hold it); False: no memory."""
        queue = cast_adr_to_int(number)
        if not self.queues.push(queue, obj):
            return False
        self.fresh_queues |= 1 << min(queue, 60)
        return True

    def call_finalizer(self, obj):
        """Call the finalizer of the object's type; what it raises is dropped."""
        function = load(FINALIZER_FUNCTION, self.row(obj), ROW_FINALIZER)
        try:
            function(obj)
        except Exception:
            pass

    def run_finalizers(self):
        """Call the finalizers of the objects in queue 0, and tell the program of those in the others.

        A finalizer may allocate, and so collect, and so come back here: the outermost call does the work.
        """
        if self.finalizing or self.fresh_queues == 0:
            return
        self.finalizing = True
        while True:
            obj = self.queues.pop(0)
            if obj == NULL:
                break
            self.call_finalizer(obj)
        fresh = self.fresh_queues
        self.fresh_queues = 0
        number = 1
        while number < self.queues.capacity and self.trigger:
            if fresh & (1 << min(number, 60)):
                try:
                    self.trigger(number)
                except Exception:
                    pass
            number += 1
        self.finalizing = False

    # -- defaults

    def remember(self, obj):
        """Slow path of the write barrier: the object needs it, and a pointer is about to be stored in it."""
        flags = get_flags(obj)
        if flags & (PREBUILT | ROOTED) == PREBUILT:
            flags |= ROOTED
            self.prebuilt_roots.push(obj)
        set_flags(obj, flags & ~NEEDS_BARRIER)

    def remember_item(self, obj, index):
        """Slow path of the write barrier for an item."""
        self.remember(obj)

    def remember_items(self, obj, start, count):
        """Write barrier in front of a copy of items, without a test in front of the call."""
        if get_flags(obj) & NEEDS_BARRIER:
            self.remember(obj)

    def identity(self, obj):
        """A number that no other living object has."""
        return cast_adr_to_int(obj)

    def identity_hash(self, obj):
        """A hash of the identity."""
        number = self.identity(obj)
        return number ^ (number >> 4)

    def collect_step(self):
        self.collect(2)
        return True

    def set_enabled(self, enabled):
        """Turn automatic major collections on or off."""
        self.enabled = enabled

    def is_enabled(self):
        return self.enabled

    def pin(self, obj):
        """Keep the object from moving; False where that cannot be."""
        return True

    def unpin(self, obj):
        """Let a pinned object move again."""

    def is_pinned(self, obj):
        return True

    def can_move(self, obj):
        """Whether the object's address may change."""
        return False

    def add_memory_pressure(self, size):
        """Objects keep that much more raw memory alive."""

    def statistic(self, number):
        """0: bytes in use, 1: the most there were, 2: minor and 3: major collections, ...; 0 if not counted."""
        return 0

    def collect(self, generation):
        """Collect everything; generational collectors: up to that generation."""
        raise NotImplementedError


_MOST_BYTES = 1 << 46 if WORD == 8 else 1 << 29
