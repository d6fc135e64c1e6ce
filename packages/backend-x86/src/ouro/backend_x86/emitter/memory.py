"""Loads, stores and addresses.

The operations of traces name a descriptor; those behind the rewriting for a collector carry scale, offset and size as
constants. Both end in `load_at` and `store_at`, for an `AddressMode`.
"""

from __future__ import annotations

from ouro.backend_x86.code_buffer import fits_int32
from ouro.backend_x86.emitter.operands import is_constant_location
from ouro.backend_x86.machine import FLOAT_SCRATCH, SCRATCH
from ouro.backend_x86.registers import LESS, NO_REGISTER
from ouro.jitcore.backend.registers import FIRST_FLOAT, NOWHERE, is_float_register
from ouro.jitcore.backend.rewriting.division import is_power_of_two, trailing_zeros
from ouro.jitcore.descriptors import ArrayDescriptor, FieldDescriptor, InteriorFieldDescriptor

#: Longer ranges are cleared in a loop.
_UNROLLED_WORDS = 16


class Memory:
    """Mixin of the emitter: memory.

    `address_at` keeps the address that the next loads and stores use in `at_base`, `at_index`, `at_shift` and
    `at_displacement`: fields rather than an object, as there is one for every access.
    """

    _mixin_ = True

    # ---- addresses

    def address_at(self, base, index, scale, displacement):
        """The address `base + index * scale + displacement` of locations: registers, or constants that fit. Where
        `scale` is none of the machine's the product is computed in the scratch register.
        """
        self.at_index = NO_REGISTER
        self.at_shift = 0
        if is_constant_location(index):
            displacement += self.word_of(index) * scale
        elif index != NOWHERE:
            if scale == 1 or scale == 2 or scale == 4 or scale == 8:
                self.at_index = self.in_register(index, SCRATCH)
                self.at_shift = trailing_zeros(scale)
            else:
                self._scaled_index(index, scale)
        if is_constant_location(base):
            self._constant_base(self.word_of(base), displacement)
            return
        self.at_base = base
        self.at_displacement = displacement
        if not fits_int32(displacement):
            self._large_displacement(displacement)

    def _scaled_index(self, index, scale):
        assert fits_int32(scale)
        if is_power_of_two(scale):
            self.load_word(SCRATCH, index)
            self.shl_ri(SCRATCH, trailing_zeros(scale))
        else:
            self.imul_rri(SCRATCH, self.in_register(index, SCRATCH), scale)
        self.at_index = SCRATCH

    def _constant_base(self, address, displacement):
        """An address whose base is known; nothing but the constant may need the scratch register."""
        self.at_base = NO_REGISTER
        self.at_displacement = address + displacement
        if fits_int32(self.at_displacement) and self.at_index != NO_REGISTER:
            return
        if self.at_index == SCRATCH:
            self.add_rp(SCRATCH, self.float_constant(self.at_displacement))
            self.at_base, self.at_index, self.at_displacement = SCRATCH, NO_REGISTER, 0
            return
        self.mov_ri(SCRATCH, self.at_displacement)
        self.at_base = SCRATCH
        self.at_displacement = 0

    def _large_displacement(self, displacement):
        if self.at_index == SCRATCH:
            self.shl_ri(SCRATCH, self.at_shift)
            self.at_shift = 0
            self.add_rp(SCRATCH, self.float_constant(displacement))
        elif self.at_index == NO_REGISTER:
            self.mov_ri(SCRATCH, displacement)
            self.at_index = SCRATCH
        else:
            self.lea_rx(SCRATCH, NO_REGISTER, self.at_index, self.at_shift, 0)
            self.at_index = SCRATCH
            self.at_shift = 0
            self.add_rp(SCRATCH, self.float_constant(displacement))
        self.at_displacement = 0

    def _is_indexed(self):
        return self.at_index != NO_REGISTER

    # ---- loads and stores at the address

    def load_at(self, location, size, signed):
        """Load a value of a size in bytes into a register of the class that it belongs to."""
        base, displacement = self.at_base, self.at_displacement
        index, shift = self.at_index, self.at_shift
        if is_float_register(location):
            register = location - FIRST_FLOAT
            if index == NO_REGISTER:
                self.movsd_fm(register, base, displacement)
            else:
                self.movsd_fx(register, base, index, shift, displacement)
        elif index == NO_REGISTER:
            self.load_sized(location, base, displacement, size, signed)
        else:
            self.load_sized_indexed(location, base, index, shift, displacement, size, signed)

    def store_at(self, value, size):
        """Store a value of a size in bytes: a register, or a constant that fits an immediate."""
        base, displacement = self.at_base, self.at_displacement
        index, shift = self.at_index, self.at_shift
        if is_float_register(value):
            register = value - FIRST_FLOAT
            if index == NO_REGISTER:
                self.movsd_mf(base, displacement, register)
            else:
                self.movsd_xf(base, index, shift, displacement, register)
        elif is_constant_location(value):
            self._store_constant(self.word_of(value), size)
        elif index == NO_REGISTER:
            self.store_sized(base, displacement, value, size)
        else:
            self.store_sized_indexed(base, index, shift, displacement, value, size)

    def _store_constant(self, value, size):
        base, displacement = self.at_base, self.at_displacement
        index, shift = self.at_index, self.at_shift
        if size == 1:
            value = ((value + 0x80) & 0xFF) - 0x80
            if index == NO_REGISTER:
                self.mov8_mi(base, displacement, value)
            else:
                self.mov8_xi(base, index, shift, displacement, value)
        elif size == 2:
            value = ((value + 0x8000) & 0xFFFF) - 0x8000
            if index == NO_REGISTER:
                self.mov16_mi(base, displacement, value)
            else:
                self.mov16_xi(base, index, shift, displacement, value)
        elif size == 4:
            if index == NO_REGISTER:
                self.mov32_mi(base, displacement, value)
            else:
                self.mov32_xi(base, index, shift, displacement, value)
        elif index == NO_REGISTER:
            self.mov_mi(base, displacement, value)
        else:
            self.mov_xi(base, index, shift, displacement, value)

    # ---- operations with a descriptor

    def _field(self, number):
        descriptor = self.trace.descriptors[number]
        assert isinstance(descriptor, FieldDescriptor)
        return descriptor

    def _array(self, number):
        descriptor = self.trace.descriptors[number]
        assert isinstance(descriptor, ArrayDescriptor)
        return descriptor

    def emit_getfield(self, number):
        field = self._field(number)
        self.address_at(self.operand(number, 0), NOWHERE, 1, int(field.offset))
        self.load_at(self.result_of(number), int(field.size), field.signed)

    def emit_setfield(self, number):
        field = self._field(number)
        self.address_at(self.operand(number, 0), NOWHERE, 1, int(field.offset))
        self.store_at(self.operand(number, 1), int(field.size))

    def _item_address(self, number):
        array = self._array(number)
        self.address_at(
            self.operand(number, 0), self.operand(number, 1), int(array.item_size), int(array.base_size))
        return array

    def emit_getarrayitem(self, number):
        array = self._item_address(number)
        self.load_at(self.result_of(number), int(array.item_size), array.signed)

    def emit_setarrayitem(self, number):
        array = self._item_address(number)
        self.store_at(self.operand(number, 2), int(array.item_size))

    def _interior_address(self, number):
        descriptor = self.trace.descriptors[number]
        assert isinstance(descriptor, InteriorFieldDescriptor)
        array, field = descriptor.array, descriptor.field
        self.address_at(self.operand(number, 0), self.operand(number, 1), int(array.item_size),
                        int(array.base_size) + int(field.offset))
        return field

    def emit_getinteriorfield(self, number):
        field = self._interior_address(number)
        self.load_at(self.result_of(number), int(field.size), field.signed)

    def emit_setinteriorfield(self, number):
        field = self._interior_address(number)
        self.store_at(self.operand(number, 2), int(field.size))

    def emit_arraylen(self, number):
        self.address_at(self.operand(number, 0), NOWHERE, 1, int(self._array(number).length_offset))
        self.load_at(self.result_of(number), self.word_size, True)

    def emit_raw_load(self, number):
        array = self._array(number)
        self.address_at(self.operand(number, 0), self.operand(number, 1), 1, 0)
        self.load_at(self.result_of(number), int(array.item_size), array.signed)

    def emit_raw_store(self, number):
        array = self._array(number)
        self.address_at(self.operand(number, 0), self.operand(number, 1), 1, 0)
        self.store_at(self.operand(number, 2), int(array.item_size))

    # ---- operations with numbers

    def emit_load_indexed(self, number):
        size = self.word_of(self.operand(number, 4))
        self.address_at(self.operand(number, 0), self.operand(number, 1), self.word_of(self.operand(number, 2)),
                        self.word_of(self.operand(number, 3)))
        self.load_at(self.result_of(number), abs(size), size < 0)

    def emit_store_indexed(self, number):
        self.address_at(self.operand(number, 0), self.operand(number, 1), self.word_of(self.operand(number, 3)),
                        self.word_of(self.operand(number, 4)))
        self.store_at(self.operand(number, 2), self.word_of(self.operand(number, 5)))

    def emit_load_effective_address(self, number):
        shift = self.word_of(self.operand(number, 2))
        self.address_at(self.operand(number, 0), self.operand(number, 1), 1 << shift,
                        self.word_of(self.operand(number, 3)))
        self.load_address(self.result_of(number))

    def load_address(self, register):
        """Bring the address itself into a register."""
        if self._is_indexed():
            self.lea_rx(register, self.at_base, self.at_index, self.at_shift, self.at_displacement)
        else:
            self.lea_rm(register, self.at_base, self.at_displacement)

    def emit_zero_range(self, number):
        """Clear `length` bytes; both start and length are multiples of a word, and the scratch registers are enough."""
        base, start, length = self.operand(number, 0), self.operand(number, 1), self.operand(number, 2)
        if is_constant_location(length):
            size = self.word_of(length)
            if size <= _UNROLLED_WORDS * self.word_size:
                self.address_at(base, start, 1, 0)
                self._clear_words(size)
                return
        self._clear_in_loop(number, base, start, length)

    def _clear_words(self, size):
        """Clear bytes from the address on, 16 at a time where the machine does not mind."""
        if size >= 16:
            self.xorpd_ff(FLOAT_SCRATCH, FLOAT_SCRATCH)
        position = 0
        while position < size:
            displacement = self.at_displacement + position
            if size - position >= 16:
                if self._is_indexed():
                    self.movupd_xf(self.at_base, self.at_index, self.at_shift, displacement, FLOAT_SCRATCH)
                else:
                    self.movupd_mf(self.at_base, displacement, FLOAT_SCRATCH)
                position += 16
            else:
                step = 8 if size - position >= 8 and self.word_size == 8 else 4 if size - position >= 4 else 1
                if self._is_indexed():
                    self._clear_indexed(displacement, step)
                else:
                    self._clear_based(displacement, step)
                position += step

    def _clear_based(self, displacement, size):
        if size == 8:
            self.mov_mi(self.at_base, displacement, 0)
        elif size == 4:
            self.mov32_mi(self.at_base, displacement, 0)
        else:
            self.mov8_mi(self.at_base, displacement, 0)

    def _clear_indexed(self, displacement, size):
        if size == 8:
            self.mov_xi(self.at_base, self.at_index, self.at_shift, displacement, 0)
        elif size == 4:
            self.mov32_xi(self.at_base, self.at_index, self.at_shift, displacement, 0)
        else:
            self.mov8_xi(self.at_base, self.at_index, self.at_shift, displacement, 0)

    def _clear_in_loop(self, number, base, start, length):
        """Clear a number of bytes that is not known: backwards, 8 at a time, then what is left at the beginning."""
        place = self.temporary(number, 0)
        self.load_word(place, base)
        self.apply_add(place, start)
        self.load_word(SCRATCH, length)
        words, bytes_left, done = self.new_label(), self.new_label(), self.new_label()
        self.bind(words)
        self.sub_ri(SCRATCH, self.word_size)
        self.jcc_s(LESS, bytes_left)
        self.mov_xi(place, SCRATCH, 0, 0, 0)
        self.jmp_s(words)
        self.bind(bytes_left)
        self.add_ri(SCRATCH, self.word_size)
        again = self.new_label()
        self.bind(again)
        self.sub_ri(SCRATCH, 1)
        self.jcc_s(LESS, done)
        self.mov8_xi(place, SCRATCH, 0, 0, 0)
        self.jmp_s(again)
        self.bind(done)

    def emit_increment_debug_counter(self, number):
        counter = self.operand(number, 0)
        self.address_at(counter, NOWHERE, 1, 0)
        assert not self._is_indexed()
        self.inc_m(self.at_base, self.at_displacement)
