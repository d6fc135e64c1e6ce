"""What compiled code must know of the collector in use."""


class CollectorDescription:
    """Numbers and functions; a backend for a collector fills them, a subclass may answer more exactly.

    Attributes:
        word_size: bytes of a machine word.
        header_in_front: bytes of the header that stand in front of where a reference points. 0 where the offsets in
            descriptors count the header, as in a translated VM; on the host low-level types know of no header.
        type_id_offset, type_id_size: where the type id is, from the beginning of the header. What else is in the header
            of a new object is zero.
        alignment: sizes of objects are multiples of it.
        clears_nursery: memory from the nursery is zero.
        largest_in_nursery: bigger objects, in bytes, are allocated by a call.
        largest_batch: at most so many bytes are taken from the nursery at once for objects that follow each other.
        has_barriers: stores of references into objects must be reported.
        cards_from: an array with at least so many items may have cards: stores into it name the item. 0: none has.
        allocate, allocate_descriptor: address and `CallDescriptor` (`ii` to `r`) of the function that makes an object
            of a type id with a size in bytes (its header included), all zero but its header. Where there is no memory:
            null, and a pending exception.
        allocate_array, allocate_array_descriptor: the same for a type id and a number of items.
        allocate_raw, allocate_raw_descriptor: the same (`i` to `i`) for bytes outside of the heap, 0 if there are none.
    """

    def __init__(self):
        self.word_size = 8
        self.header_in_front = 0
        self.type_id_offset = 0
        self.type_id_size = 4
        self.alignment = 8
        self.clears_nursery = True
        self.largest_in_nursery = 64 * 1024
        self.largest_batch = 1024
        self.has_barriers = True
        self.cards_from = 256
        self.allocate = 0
        self.allocate_descriptor = None
        self.allocate_array = 0
        self.allocate_array_descriptor = None
        self.allocate_raw = 0
        self.allocate_raw_descriptor = None

    def must_be_registered(self, type_id):
        """Is the collector to be told of new objects of a type (finalizers)? `allocate` does that."""
        return False

    def is_never_young(self, reference):
        """Is an object that compiled code names one that no store must report (prebuilt)?"""
        return False
