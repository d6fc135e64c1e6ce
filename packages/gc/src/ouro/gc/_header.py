"""The header of objects, as every collector and the C generator know it.

A header is 32 bits of type id and 32 bits of flags. Which flags mean what is the same for all collectors, so
that verifiers, statistics and the JIT can read them without knowing the collector.
"""

TYPE_ID_OFFSET = 0
FLAGS_OFFSET = 4
HEADER_SIZE = 8

#: A write of a pointer into this object must be reported first (`gc_write_barrier` tests this bit).
NEEDS_BARRIER = 1
#: Reached by the current (or last finished) mark phase; always set in prebuilt objects.
MARKED = 2
#: Static data of the executable: never moved, never freed.
PREBUILT = 4
#: A prebuilt object that is in the list of those to be traced as roots.
ROOTED = 8
#: The object has a block of its own instead of a slot in a page.
LARGE = 16
#: A large object that has not survived a minor collection yet.
YOUNG_LARGE = 32
#: A large array of pointers with a table of cards in front of it.
HAS_CARDS = 64
#: Some card is dirty: the array is in the list of such arrays.
CARDS_DIRTY = 128
#: The object must not move; set by `pin`, reset by `unpin`.
PINNED = 256
#: A nursery object whose place in the old space is reserved (its address is known as `id`).
HAS_SHADOW = 512
#: A nursery object that was copied: the new address follows the header.
FORWARDED = 1024
#: Visited by the second pass that orders finalizers.
ORDERED = 2048
#: A nursery object that stays where it is in this collection (pinned and reached).
STAYS = 4096
#: A slot of a page that holds no object; the address of the next free slot follows the header.
FREE_SLOT = 1 << 30

#: What the C generator writes in the header of prebuilt objects.
PREBUILT_FLAGS = NEEDS_BARRIER | MARKED | PREBUILT
