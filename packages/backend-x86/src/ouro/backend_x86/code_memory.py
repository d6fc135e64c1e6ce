"""Where machine code lives once it has an address: one range of pages that are writable or executable, never both.

The range is less than 2 GB, so every piece of code in it reaches every other by a relative jump. Its pages belong to
this process alone: after a fork, what one process patches does not change the other.

While code is written or patched its pages cannot be executed. The caller holds the lock under which all code in this
memory runs; a thread that waits for the lock must do so in C, and come back to machine code only when it has it.
"""

from __future__ import annotations

from ouro.backend_x86.code_buffer import OutOfReach, fits_int32
from ouro.jitcore.backend import NoRoomForCode
from ouro.lltype import cast_adr_to_ptr, cast_ptr_to_adr
from ouro.rlib import rmmap
from ouro.rlib.rffi import CCHARP, cast_ptr_to_int

#: Code starts at multiples of this, a line of the cache: the labels in it are aligned to no more.
ALIGNMENT = 64

_JUMP = "\xe9"  # the opcode of a jump with a distance of 32 bits


class OutOfCodeMemory(NoRoomForCode):
    """The reserved range is full, or the system gives no executable memory."""


class CodeBlock:
    """A piece of code memory in use. `address` is where its code begins."""

    def __init__(self, offset, size, address):
        self.offset = offset
        self.size = size
        self.address = address


class CodeMemory:
    """Allocates code memory, first fit, and writes code to it.

    Raises OutOfCodeMemory if the system refuses the range.
    """

    def __init__(self, size):
        """Reserve `size` bytes of addresses, rounded up to pages; at most 1 GB."""
        assert 0 < size <= 1 << 30
        page = rmmap.page_size()
        self._page = page
        self._size = (size + page - 1) & -page
        try:
            self._memory = rmmap.map_anonymous(self._size, rmmap.PROT_NONE)
        except OSError:
            raise OutOfCodeMemory from None
        self._address = cast_ptr_to_int(self._memory)
        # unused ranges in the order of their offsets; neighbours are merged
        self._free_offsets = [0]
        self._free_sizes = [self._size]
        self._free_bytes = self._size

    def release(self):
        """Give all memory back: no code in it may run any more."""
        rmmap.unmap(self._memory, self._size)

    def begin(self):
        """The first address."""
        return self._address

    def end(self):
        """The address behind the last one."""
        return self._address + self._size

    def free_bytes(self):
        """How much is unused."""
        return self._free_bytes

    def used_bytes(self):
        """How much is in use."""
        return self._size - self.free_bytes()

    # ---- allocation

    def install(self, buffer):
        """Give the code of a CodeBuffer memory and write it there; returns its CodeBlock.

        Raises OutOfCodeMemory, or OutOfReach for code that refers to places that are too far away.
        """
        length = buffer.position()
        assert length > 0
        block = self._allocate((length + ALIGNMENT - 1) & -ALIGNMENT)
        try:
            self._protect(block.offset, block.size, rmmap.PROT_READ | rmmap.PROT_WRITE)
            try:
                buffer.copy_to(self._memory, block.offset, block.address)
            finally:
                self._protect(block.offset, block.size, rmmap.PROT_READ | rmmap.PROT_EXEC)
        except (OutOfReach, OutOfCodeMemory):
            self.free(block)
            raise
        return block

    def _allocate(self, size):
        for i in range(len(self._free_offsets)):
            available = self._free_sizes[i]
            if available >= size:
                offset = self._free_offsets[i]
                if available == size:
                    del self._free_offsets[i]
                    del self._free_sizes[i]
                else:
                    self._free_offsets[i] = offset + size
                    self._free_sizes[i] = available - size
                self._free_bytes -= size
                return CodeBlock(offset, size, self._address + offset)
        raise OutOfCodeMemory

    def free(self, block):
        """The block's memory may be used for other code: nothing will enter the old code any more."""
        offsets = self._free_offsets
        sizes = self._free_sizes
        place = 0
        end = len(offsets)
        while place < end:
            middle = (place + end) // 2
            if offsets[middle] < block.offset:
                place = middle + 1
            else:
                end = middle
        assert place == len(offsets) or offsets[place] >= block.offset + block.size, "freed twice"
        assert place == 0 or offsets[place - 1] + sizes[place - 1] <= block.offset, "freed twice"
        offsets.insert(place, block.offset)
        sizes.insert(place, block.size)
        self._free_bytes += block.size
        self._merge_with_next(place)
        if place > 0:
            self._merge_with_next(place - 1)

    def _merge_with_next(self, place):
        offsets = self._free_offsets
        sizes = self._free_sizes
        if place + 1 < len(offsets) and offsets[place] + sizes[place] == offsets[place + 1]:
            sizes[place] += sizes[place + 1]
            del offsets[place + 1]
            del sizes[place + 1]

    # ---- writing

    def _protect(self, offset, size, protection):
        first = offset & -self._page
        end = (offset + size + self._page - 1) & -self._page
        start = cast_adr_to_ptr(cast_ptr_to_adr(self._memory) + first, CCHARP)
        try:
            rmmap.protect(start, end - first, protection)
        except OSError:
            raise OutOfCodeMemory from None

    def read_int32(self, block, position):
        """The 4 bytes at a position of a block, as a signed number."""
        assert 0 <= position <= block.size - 4
        start = block.offset + position
        value = 0
        for i in range(3):
            value |= ord(self._memory[start + i]) << 8 * i
        high = ord(self._memory[start + 3])
        if high >= 0x80:
            high -= 0x100
        return value + high * 0x1000000

    def patch_int32(self, block, position, value):
        """Overwrite the 4 bytes at a position of a block, whose code may run again afterwards."""
        assert 0 <= position <= block.size - 4
        start = block.offset + position
        self._protect(start, 4, rmmap.PROT_READ | rmmap.PROT_WRITE)
        self._write_int32(start, value)
        self._protect(start, 4, rmmap.PROT_READ | rmmap.PROT_EXEC)

    def patch_relative(self, block, position, address):
        """Let the jump or call whose distance is at the position go to an address.

        Raises OutOfReach for an address that is too far away.
        """
        self.patch_relatives(block, [position], address)

    def patch_relatives(self, block, positions, address):
        """Let all jumps and calls whose distances are at positions of a block go to an address: all of them or, where
        an exception is raised, none.
        """
        if len(positions) == 0:
            return
        lowest = highest = positions[0]
        for position in positions:
            assert 0 <= position <= block.size - 4
            if not fits_int32(address - (block.address + position + 4)):
                raise OutOfReach
            lowest = min(lowest, position)
            highest = max(highest, position)
        start = block.offset + lowest
        self._protect(start, highest + 4 - lowest, rmmap.PROT_READ | rmmap.PROT_WRITE)
        for position in positions:
            self._write_int32(block.offset + position, address - (block.address + position + 4))
        self._protect(start, highest + 4 - lowest, rmmap.PROT_READ | rmmap.PROT_EXEC)

    def write_jumps(self, block, positions, targets):
        """Overwrite 5 bytes at each of the positions with a jump to the position `targets` of the same block."""
        if len(positions) == 0:
            return
        self._protect(block.offset, block.size, rmmap.PROT_READ | rmmap.PROT_WRITE)
        for index in range(len(positions)):
            position = positions[index]
            self._memory[block.offset + position] = _JUMP
            self._write_int32(block.offset + position + 1, targets[index] - (position + 5))
        self._protect(block.offset, block.size, rmmap.PROT_READ | rmmap.PROT_EXEC)

    def _write_int32(self, start, value):
        for i in range(4):
            self._memory[start + i] = chr(value >> 8 * i & 0xFF)
