"""Allocation from the nursery and write barriers: inline where they are done with, a slow path where they are not."""

from __future__ import annotations

from ouro.backend_x86.machine import SCRATCH
from ouro.backend_x86.registers import ABOVE, EQUAL, NOT_EQUAL
from ouro.jitcore.backend.registers import NOWHERE


class Allocation:
    """Mixin of the emitter: what the rewriting for a collector leaves."""

    _mixin_ = True

    def emit_nursery_allocate(self, number):
        """Add the size to the free pointer of the nursery; a slow path if that goes past its end."""
        runtime = self.runtime
        size = self.operand(number, 0)
        register = self.result_of(number)
        path = self.add_slow_path(runtime.allocate, NOWHERE, [size], "i", register,
                                  self.allocation.gc_maps[number], True)
        self.mov_ri(SCRATCH, runtime.nursery_address)
        self.mov_rm(register, SCRATCH, 0)
        self.add_ri(register, self.word_of(size))
        self.cmp_rm(register, SCRATCH, runtime.nursery_end_offset)
        self.jcc_l(ABOVE, path.begin)
        self.mov_mr(SCRATCH, 0, register)
        self.sub_ri(register, self.word_of(size))
        self.bind(path.end)

    def emit_nursery_next(self, number):
        self.lea_rm(self.result_of(number), self.operand(number, 0), self.word_of(self.operand(number, 1)))

    def emit_leave_if_null(self, number):
        self.compare_with_zero(self.operand(number, 0))
        self.jcc_to(EQUAL, self.stubs.propagate)

    def emit_write_barrier(self, number):
        """Call the barrier of the collector if the object's flags ask for it."""
        self._barrier(number, self.runtime.write_barrier, [self.operand(number, 0)])

    def emit_write_barrier_array(self, number):
        self._barrier(number, self.runtime.write_barrier_array, [self.operand(number, 0), self.operand(number, 1)])

    def _barrier(self, number, function, arguments):
        runtime = self.runtime
        path = self.add_slow_path(function, NOWHERE, arguments, "ii", NOWHERE,
                                  self.allocation.gc_maps[number], False)
        self.test8_mi(self.operand(number, 0), runtime.header_offset + runtime.flags_offset, runtime.barrier_flag)
        self.jcc_l(NOT_EQUAL, path.begin)
        self.bind(path.end)
