"""Where machine code is built, before it has an address: bytes in blocks, labels, and what depends on the address.

Code is position independent in itself: jumps between its parts are relative and final once the label is bound.
References to places outside (other code, C functions) are relative too, so they can only be written when the code gets
its address: `copy_to` does that.
"""

from __future__ import annotations

BLOCK_BITS = 10
BLOCK_SIZE = 1 << BLOCK_BITS
_BLOCK_MASK = BLOCK_SIZE - 1

#: Fillers of 1 to 9 bytes that decode as one instruction each (Intel's manual, NOP).
_NOPS = [
    "",
    "\x90",
    "\x66\x90",
    "\x0f\x1f\x00",
    "\x0f\x1f\x40\x00",
    "\x0f\x1f\x44\x00\x00",
    "\x66\x0f\x1f\x44\x00\x00",
    "\x0f\x1f\x80\x00\x00\x00\x00",
    "\x0f\x1f\x84\x00\x00\x00\x00\x00",
    "\x66\x0f\x1f\x84\x00\x00\x00\x00\x00",
]


class OutOfReach(Exception):
    """A relative reference spans more than its 32 bits, or the 8 of a short one, can express."""


def fits_byte(value):
    """Can a signed byte hold it?"""
    return -0x80 <= value <= 0x7F


def fits_int32(value):
    """Can 32 bits with a sign hold it?"""
    return -0x7FFFFFFF - 1 <= value <= 0x7FFFFFFF


class Label:
    """A place in the code: bound once, referred to any number of times before and after."""

    def __init__(self):
        self.position = -1
        self._references = []
        self._short_references = []

    def is_bound(self):
        """Is its position known?"""
        return self.position >= 0


class CodeBuffer:
    """Growing machine code."""

    def __init__(self):
        self._blocks = []
        self._block = ["\x00"] * BLOCK_SIZE
        self._used = 0
        self._unbound = 0
        # places of 32 bits that are relative to the end of their instruction, and the absolute addresses they mean
        self._outside_positions = []
        self._outside_addresses = []

    def position(self):
        """How many bytes there are."""
        return (len(self._blocks) << BLOCK_BITS) + self._used

    def byte(self, value):
        """Append one byte; only its low 8 bits count."""
        used = self._used
        if used == BLOCK_SIZE:
            self._blocks.append(self._block)
            self._block = ["\x00"] * BLOCK_SIZE
            used = 0
        self._block[used] = chr(value & 0xFF)
        self._used = used + 1

    def int16(self, value):
        """Append 2 bytes."""
        self.byte(value)
        self.byte(value >> 8)

    def int32(self, value):
        """Append 4 bytes."""
        self.byte(value)
        self.byte(value >> 8)
        self.byte(value >> 16)
        self.byte(value >> 24)

    def int64(self, value):
        """Append 8 bytes."""
        self.int32(value)
        self.int32(value >> 32)

    def _block_of(self, position):
        number = position >> BLOCK_BITS
        if number == len(self._blocks):
            return self._block
        return self._blocks[number]

    def _get(self, position):
        assert 0 <= position < self.position()
        return ord(self._block_of(position)[position & _BLOCK_MASK])

    def _set(self, position, value):
        assert 0 <= position < self.position()
        self._block_of(position)[position & _BLOCK_MASK] = chr(value & 0xFF)

    def byte_at(self, position):
        """The byte at the position."""
        return self._get(position)

    def get_int32(self, position):
        """The 4 bytes at the position, as a signed number."""
        value = self._get(position) | self._get(position + 1) << 8 | self._get(position + 2) << 16
        high = self._get(position + 3)
        if high >= 0x80:
            high -= 0x100
        return value + high * 0x1000000

    def patch_int32(self, position, value):
        """Overwrite the 4 bytes at the position."""
        self._set(position, value)
        self._set(position + 1, value >> 8)
        self._set(position + 2, value >> 16)
        self._set(position + 3, value >> 24)

    # ---- labels

    def bind(self, label):
        """The label is here. Raises OutOfReach if a short jump to it is too far away."""
        assert not label.is_bound()
        label.position = self.position()
        for reference in label._references:
            self._resolve(reference, label.position)
        for reference in label._short_references:
            self._resolve_short(reference, label.position)
        self._unbound -= len(label._references) + len(label._short_references)
        label._references = []
        label._short_references = []

    def relative(self, label, trailing):
        """Append the 32-bit distance to a label from the end of the instruction, `trailing` bytes behind."""
        reference = self.position()
        self.int32(-4 - trailing)  # what the distance from this place must be corrected by
        if label.is_bound():
            self._resolve(reference, label.position)
        else:
            label._references.append(reference)
            self._unbound += 1

    def _resolve(self, reference, target):
        distance = self.get_int32(reference) + target - reference
        if not fits_int32(distance):
            raise OutOfReach
        self.patch_int32(reference, distance)

    def short_relative(self, label):
        """Append the 8-bit distance to a label from the end of the instruction, which this byte is.

        Raises OutOfReach if the label is bound and too far away; if it is not bound yet, `bind` may.
        """
        reference = self.position()
        self.byte(0)
        if label.is_bound():
            self._resolve_short(reference, label.position)
        else:
            label._short_references.append(reference)
            self._unbound += 1

    def _resolve_short(self, reference, target):
        distance = target - (reference + 1)
        if not fits_byte(distance):
            raise OutOfReach
        self._set(reference, distance)

    def relative_to_address(self, address):
        """Append the 32-bit distance to an absolute address, written by `copy_to`; returns where it is.

        The instruction must end with it.
        """
        reference = self.position()
        self._outside_positions.append(reference)
        self._outside_addresses.append(address)
        self.int32(0)
        return reference

    # ---- data

    def align(self, boundary):
        """Append instructions that do nothing until the position is a multiple of a power of 2."""
        assert boundary & (boundary - 1) == 0
        missing = -self.position() & (boundary - 1)
        while missing > 0:
            size = min(missing, 9)
            filler = _NOPS[size]
            for i in range(size):
                self.byte(ord(filler[i]))
            missing -= size

    # ---- the result

    def build(self):
        """The bytes, as a string, for code that refers to nothing outside."""
        assert self._unbound == 0
        assert len(self._outside_positions) == 0
        return "".join([self._block_of(i)[i & _BLOCK_MASK] for i in range(self.position())])

    def copy_to(self, memory, offset, address):
        """Write the code to `memory[offset:]`, where it will run as if at `address`.

        memory: a raw `char *`, writable.
        Raises OutOfReach, with nothing written, if a place outside is too far away for a relative reference.
        """
        assert self._unbound == 0
        for i in range(len(self._outside_positions)):
            reference = self._outside_positions[i]
            distance = self._outside_addresses[i] - (address + reference + 4)
            if not fits_int32(distance):
                raise OutOfReach
            self.patch_int32(reference, distance)
        position = offset
        for block in self._blocks:
            for i in range(BLOCK_SIZE):
                memory[position + i] = block[i]
            position += BLOCK_SIZE
        for i in range(self._used):
            memory[position + i] = self._block[i]
