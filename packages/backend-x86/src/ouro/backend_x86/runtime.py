"""What compiled code must know of the process it runs in: addresses, the layout of objects, conversions of
references."""

from __future__ import annotations

from ouro.jitcore.trace import NULL_REFERENCE
from ouro.lltype import (
    GCREF,
    Signed,
    UInt32,
    cast_adr_to_ptr,
    cast_int_to_adr,
    cast_int_to_ptr,
    cast_ptr_to_int,
    load,
    store,
)
from ouro.rlib.rarithmetic import LONG_BIT

_WORD = LONG_BIT // 8


class Runtime:
    """Words that the code of traces contains; 0 where the process has no such thing.

    Attributes:
        exception_address: two words: class and value of the pending exception; both 0 while there is none.
        stack_limit_address: a word, below which the stack must not grow.
        root_stack_address: a word, the address of the first free word of the shadow stack. Frames are on it while they
            run, as `ouro.gc` says.
        raise_stack_full: a function that leaves the exception for that pending.
        allocate_frame: a function from the address of the information of a loop to the address of a new frame, or 0
            with an exception pending. Does not collect.
        grow_frame: a function from the address of a frame and a number of words to that of a frame with as many and the
            same contents, or 0 with an exception pending. Does not collect.
        assembler_helpers: for each kind (in the order of `operations.KINDS`) a function from the address of the frame
            of a loop that was called to its result, or with an exception pending; gives the frame back.
        release_lock, acquire_lock: functions without arguments, for calls without the global lock.
        memory_copy: `memcpy`.
        nursery_address: a word, the address of the free part of the nursery; `nursery_end_offset` bytes behind it the
            word that is its end.
        allocate: a function from a size in bytes to a new object of unspecified contents, or null with an exception
            pending.
        write_barrier, write_barrier_array: functions of an object, and of an object and an index. Do not collect.
        header_offset: from where a reference points to the header of an object, which begins with the type id (32
            bits); `flags_offset` bytes on are its flags, of which `barrier_flag`, in the first byte, asks for the
            write barrier.
        type_table: its address. A type id is the offset of a row in it; a row has `type_row_size` bytes, at
            `type_flags_offset` flags of which `type_flag_instance` says that a class stands behind the row.
        class_low_offset, class_high_offset: in a class, where the bounds of the range of its subclasses are.
    """

    def __init__(self):
        self.exception_address = 0
        self.stack_limit_address = 0
        self.root_stack_address = 0
        self.raise_stack_full = 0
        self.allocate_frame = 0
        self.grow_frame = 0
        self.assembler_helpers = [0, 0, 0, 0]
        self.release_lock = 0
        self.acquire_lock = 0
        self.memory_copy = 0
        self.nursery_address = 0
        self.nursery_end_offset = 0
        self.allocate = 0
        self.write_barrier = 0
        self.write_barrier_array = 0
        self.header_offset = 0
        self.flags_offset = 4
        self.barrier_flag = 1
        self.type_table = 0
        self.type_row_size = 0
        self.type_flags_offset = 0
        self.type_flag_instance = 0
        self.class_low_offset = 0
        self.class_high_offset = 0

    def start(self, collector):
        """Called once before anything is compiled: the time to find out addresses, here and in the
        `CollectorDescription`.
        """

    def settle_references(self, references):
        """Make sure that the objects of a list, which the caller keeps, will not move any more."""

    def address_of_reference(self, reference):
        """The word that a reference which does not move is."""
        return cast_ptr_to_int(reference)

    def reference_at(self, word):
        """The reference that a word is."""
        if word == 0:
            return NULL_REFERENCE
        if word & 1:
            return cast_int_to_ptr(GCREF, word)
        return cast_adr_to_ptr(cast_int_to_adr(word), GCREF)

    def class_at(self, word):
        """The address of the class of the instance that a word refers to."""
        type_id = load(UInt32, cast_int_to_adr(word + self.header_offset))
        return self.type_table + int(type_id) + self.type_row_size

    def set_pending_exception(self, reference):
        """Let an exception be pending for compiled code and for functions that it calls."""
        word = self.address_of_reference(reference)
        store(Signed, cast_int_to_adr(self.exception_address), 0, self.class_at(word))
        store(Signed, cast_int_to_adr(self.exception_address + _WORD), 0, word)

    def assembler_helper(self, kind):
        """The function for loops with a result of a kind."""
        if kind == "i":
            return self.assembler_helpers[0]
        if kind == "r":
            return self.assembler_helpers[1]
        if kind == "f":
            return self.assembler_helpers[2]
        return self.assembler_helpers[3]

    def type_id_of_class(self, address):
        """The type id of the instances of a class."""
        return address - self.type_row_size - self.type_table

    def class_range(self, address):
        """The bounds of the range of the subclasses of a class."""
        low = load(Signed, cast_int_to_adr(address + self.class_low_offset))
        high = load(Signed, cast_int_to_adr(address + self.class_high_offset))
        return low, high
