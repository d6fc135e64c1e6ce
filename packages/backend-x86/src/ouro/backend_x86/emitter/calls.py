"""Calls: of functions, of functions that may look at this frame, without the global lock, and of other loops.

The register allocator puts arguments in the registers of the calling convention; those for the stack are put there
here. While a function that may collect runs, the frame says which of its words hold references. Slow paths that are
rarely taken stand behind the code and save all registers in the frame, so that calls which rarely happen cost the
values in registers nothing.
"""

from __future__ import annotations

from ouro.backend_x86.code_buffer import Label, fits_int32
from ouro.backend_x86.emitter.operands import is_constant_location
from ouro.backend_x86.frame_layout import (
    EXIT_FINISHED,
    EXIT_SHIFT,
    EXIT_WORD,
    FRAME_HEADER_WORDS,
    GC_MAP_WORD,
    INFORMATION_ENTRY,
    INFORMATION_FRAME_WORDS,
    INFORMATION_FREE,
    LENGTH_WORD,
)
from ouro.backend_x86.machine import (
    ARGUMENTS,
    FLOAT_ARGUMENTS,
    FLOAT_SCRATCH,
    FRAME,
    SCRATCH,
    leading_operands,
)
from ouro.backend_x86.registers import EQUAL, LESS, NOT_EQUAL, RAX, RDI, RDX, RSI, RSP, XMM0
from ouro.jitcore import operations as ops
from ouro.jitcore.backend.registers import (
    FIRST_FLOAT,
    NOWHERE,
    is_float_register,
    is_memory,
    is_register,
    slot,
)
from ouro.jitcore.descriptors import ArrayDescriptor, CallDescriptor, LoopToken


class SlowPath:
    """A call behind the code, with all registers saved, that the code jumps to and that jumps back.

    The function is at `address`, or where the location `function` says; `arguments` are locations and `kinds` their
    letters; the result, which is as `callee` (a `CallDescriptor`) says if that is there, goes to the register `result`
    (`NOWHERE` for none). With `leaves` an exception that is pending behind the call leaves the frame.
    """

    callee = None

    def __init__(self, address, function, arguments, kinds, result, gc_map, leaves):
        self.begin = Label()
        self.end = Label()
        self.address = address
        self.function = function
        self.arguments = arguments
        self.kinds = kinds
        self.result = result
        self.gc_map = gc_map
        self.leaves = leaves


class AssemblerCall:
    """What stands behind the code of a call of a loop: making a frame, and what to do when the loop did not finish."""

    def __init__(self, information, helper):
        self.information = information
        self.helper = helper
        self.allocate = Label()
        self.allocated = Label()
        self.unfinished = Label()
        self.done = Label()


class Calls:
    """Mixin of the emitter: calls."""

    _mixin_ = True

    # ---- what the collector needs to know

    def set_gc_map(self, gc_map):
        """Let the frame point at the map of the words that hold references."""
        if gc_map == "":
            self.mov_mi(FRAME, self.frame_offset(GC_MAP_WORD), 0)
        else:
            self.lea_rp(SCRATCH, self.gc_map_label(gc_map))
            self.mov_mr(FRAME, self.frame_offset(GC_MAP_WORD), SCRATCH)

    def may_collect(self, number):
        """May the collector run in a call?"""
        descriptor = self.trace.descriptors[number]
        return not isinstance(descriptor, CallDescriptor) or descriptor.effect.can_collect

    # ---- calls of functions

    def emit_call(self, number):
        if self.may_collect(number):
            self.set_gc_map(self.allocation.gc_maps[number])
        self._call_function(number)

    def emit_call_may_force(self, number):
        self.expect_forcing(number)
        self.emit_call(number)

    def expect_forcing(self, number):
        """Tell the frame which guard fails if the call that follows forces it."""
        assert self.trace.opcodes[number + 1] == ops.GUARD_NOT_FORCED
        self.mov_mi(FRAME, self.frame_offset(EXIT_WORD), (self.first_exit + self.exit_count) << EXIT_SHIFT)

    def emit_call_release_lock(self, number):
        """The lock is given back and taken again by functions, which must see neither arguments nor result.

        The collector may run meanwhile, in another thread.
        """
        self.set_gc_map(self.allocation.gc_maps[number])
        descriptor = self._call_descriptor(number)
        saved = self._register_arguments(number, leading_operands(self.trace.opcodes[number]))
        size = self._aligned(len(saved) + 1)
        self.sub_ri(RSP, size)
        for index in range(len(saved)):
            self._store_on_stack(index, saved[index])
        function = self.operand(number, 0)
        self.load_word(SCRATCH, function)
        self.mov_mr(RSP, len(saved) * self.word_size, SCRATCH)
        self.mov_ri(SCRATCH, self.runtime.release_lock)
        self.call_r(SCRATCH)
        for index in range(len(saved)):
            self._load_from_stack(saved[index], index)
        self.mov_rm(SCRATCH, RSP, len(saved) * self.word_size)
        stack = self._push_arguments(number, leading_operands(self.trace.opcodes[number]))
        self.call_r(SCRATCH)
        self._pop_arguments(stack)
        # there is room for the function's address at least, which is not needed any more
        in_float = descriptor.result_kind == "f" or descriptor.gives_single
        if in_float:
            self.movsd_mf(RSP, 0, XMM0)
        elif descriptor.result_kind != "n":
            self.mov_mr(RSP, 0, RAX)
        self.mov_ri(SCRATCH, self.runtime.acquire_lock)
        self.call_r(SCRATCH)
        if in_float:
            self.movsd_fm(XMM0, RSP, 0)
        elif descriptor.result_kind != "n":
            self.mov_rm(RAX, RSP, 0)
        self.add_ri(RSP, size)
        self._widen_result(descriptor)

    def _store_on_stack(self, index, register):
        if is_float_register(register):
            self.movsd_mf(RSP, index * self.word_size, register - FIRST_FLOAT)
        else:
            self.mov_mr(RSP, index * self.word_size, register)

    def _load_from_stack(self, register, index):
        if is_float_register(register):
            self.movsd_fm(register - FIRST_FLOAT, RSP, index * self.word_size)
        else:
            self.mov_rm(register, RSP, index * self.word_size)

    def _call_descriptor(self, number):
        descriptor = self.trace.descriptors[number]
        assert isinstance(descriptor, CallDescriptor)
        return descriptor

    def _call_function(self, number):
        descriptor = self._call_descriptor(number)
        skipped = leading_operands(self.trace.opcodes[number])
        stack = self._push_arguments(number, skipped)
        function = self.operand(number, 0)
        if is_constant_location(function):
            self.mov_ri(SCRATCH, self.word_of(function))
            self.call_r(SCRATCH)
        elif is_memory(function):
            self.call_m(self.base_of(function), self.offset_of(function))
        else:
            self.call_r(function)
        self._pop_arguments(stack)
        self._widen_result(descriptor)

    def _register_arguments(self, number, skipped):
        """The registers that hold arguments of a call."""
        registers = []
        integers = floats = 0
        for position in range(skipped, self.operand_count(number)):
            if self.operand_kind(number, position) == "f":
                if floats < len(FLOAT_ARGUMENTS):
                    registers.append(FLOAT_ARGUMENTS[floats])
                floats += 1
            else:
                if integers < len(ARGUMENTS):
                    registers.append(ARGUMENTS[integers])
                integers += 1
        return registers

    def _aligned(self, words):
        """The bytes that a number of words take on the stack, which stays aligned to 16."""
        return (words * self.word_size + 15) & -16

    def _push_arguments(self, number, skipped):
        """Put the arguments that have no register on the stack; how many bytes they take there."""
        count = self.operand_count(number)
        integers = floats = words = 0
        for position in range(skipped, count):
            if self.operand_kind(number, position) == "f":
                floats += 1
                if floats > len(FLOAT_ARGUMENTS):
                    words += 1
            else:
                integers += 1
                if integers > len(ARGUMENTS):
                    words += 1
        if words == 0:
            return 0
        size = self._aligned(words)
        self.sub_ri(RSP, size)
        integers = floats = words = 0
        for position in range(skipped, count):
            if self.operand_kind(number, position) == "f":
                floats += 1
                if floats <= len(FLOAT_ARGUMENTS):
                    continue
            else:
                integers += 1
                if integers <= len(ARGUMENTS):
                    continue
            self._argument_on_stack(words, self.operand(number, position))
            words += 1
        return size

    def _argument_on_stack(self, index, location):
        """Through the float scratch register where need be: the other one may hold the function's address."""
        offset = index * self.word_size
        if is_float_register(location):
            self.movsd_mf(RSP, offset, location - FIRST_FLOAT)
        elif is_register(location):
            self.mov_mr(RSP, offset, location)
        elif is_memory(location):
            self.movsd_fm(FLOAT_SCRATCH, self.base_of(location), self.offset_of(location))
            self.movsd_mf(RSP, offset, FLOAT_SCRATCH)
        else:
            value = self.constant_bits(location)
            if fits_int32(value):
                self.mov_mi(RSP, offset, value)
            else:
                self.movsd_fp(FLOAT_SCRATCH, self.float_constant(value))
                self.movsd_mf(RSP, offset, FLOAT_SCRATCH)

    def _pop_arguments(self, size):
        if size != 0:
            self.add_ri(RSP, size)

    def _widen_result(self, descriptor):
        """Functions leave the bits above a small result undefined, and numbers of single precision with the floats."""
        if descriptor.result_kind != "i":
            return
        if descriptor.gives_single:
            self.movd_rf(RAX, XMM0)
            return
        size = int(descriptor.result_size)
        signed = descriptor.result_signed
        if size == 1:
            if signed:
                self.movsx8_rr(RAX, RAX)
            else:
                self.movzx8_rr(RAX, RAX)
        elif size == 2:
            if signed:
                self.movsx16_rr(RAX, RAX)
            else:
                self.movzx16_rr(RAX, RAX)
        elif size == 4 and self.word_size == 8:
            if signed:
                self.extend_half_word(RAX, RAX)
            else:
                self.mov32_rr(RAX, RAX)

    def emit_copystrcontent(self, number):
        """A call of memcpy: the machine description has the operands in registers."""
        array = self.trace.descriptors[number]
        assert isinstance(array, ArrayDescriptor)
        size, base = int(array.item_size), int(array.base_size)
        # source and target in rsi and rdi, their starts in rax and rcx, the length in rdx
        self.address_at(RSI, self.operand(number, 2), size, base)
        self.load_address(RSI)
        self.address_at(RDI, self.operand(number, 3), size, base)
        self.load_address(RDI)
        if size != 1:
            self.imul_rri(RDX, RDX, size)
        self.mov_ri(SCRATCH, self.runtime.memory_copy)
        self.call_r(SCRATCH)

    # ---- calls of loops

    def emit_call_assembler(self, number):
        """Take a frame from those that the loop has done with, put the arguments in it, enter, take the result.

        The exit of a loop that finished is odd: one test tells. In every other case, and where the frame is too short
        to be used again, a function of the run time looks at the frame and gives the result, or leaves an exception
        pending.
        """
        token = self.trace.descriptors[number]
        assert isinstance(token, LoopToken)
        self.expect_forcing(number)
        information = self.loop_information(token)
        call = AssemblerCall(information, self.runtime.assembler_helper(token.result_kind))
        self.assembler_calls.append(call)
        size = self.word_size
        self.mov_ri(SCRATCH, information)
        self.mov_rm(RDI, SCRATCH, size * INFORMATION_FREE)
        self.test_rr(RDI, RDI)
        self.jcc_l(EQUAL, call.allocate)
        self.mov_rm(RAX, RDI, size * EXIT_WORD)
        self.mov_mr(SCRATCH, size * INFORMATION_FREE, RAX)
        self.bind(call.allocated)
        for position in range(self.operand_count(number)):
            self._argument_in_frame(position, self.operand(number, position))
        self.set_gc_map(self.allocation.gc_maps[number])
        self.mov_ri(SCRATCH, information)
        self.call_m(SCRATCH, size * INFORMATION_ENTRY)
        self.test8_mi(RAX, size * EXIT_WORD, EXIT_FINISHED)
        self.jcc_l(EQUAL, call.unfinished)
        self.mov_ri(SCRATCH, information)
        self.mov_rm(RDX, RAX, size * LENGTH_WORD)
        self.cmp_rm(RDX, SCRATCH, size * INFORMATION_FRAME_WORDS)
        self.jcc_l(LESS, call.unfinished)
        self.mov_rm(RDX, SCRATCH, size * INFORMATION_FREE)
        self.mov_mr(RAX, size * EXIT_WORD, RDX)
        self.mov_mr(SCRATCH, size * INFORMATION_FREE, RAX)
        if token.result_kind == "f":
            self.movsd_fm(XMM0, RAX, size * FRAME_HEADER_WORDS)
        elif token.result_kind != "n":
            self.mov_rm(RAX, RAX, size * FRAME_HEADER_WORDS)
        self.bind(call.done)

    def _argument_in_frame(self, position, location):
        """Put an argument in the frame at rdi, in the slot that the loop expects it in."""
        offset = self.word_size * (FRAME_HEADER_WORDS + self.machine.frame_word(slot(position)))
        if is_float_register(location):
            self.movsd_mf(RDI, offset, location - FIRST_FLOAT)
        elif is_constant_location(location):
            value = self.constant_bits(location)
            if fits_int32(value):
                self.mov_mi(RDI, offset, value)
            else:
                self.mov_ri(SCRATCH, value)
                self.mov_mr(RDI, offset, SCRATCH)
        else:
            self.mov_mr(RDI, offset, self.in_register(location, SCRATCH))

    def emit_assembler_calls(self):
        """What stands behind the code of calls of loops."""
        for call in self.assembler_calls:
            self.bind(call.allocate)
            self.mov_rr(RDI, SCRATCH)
            self.mov_ri(SCRATCH, self.runtime.allocate_frame)
            self.call_r(SCRATCH)
            self.mov_rr(RDI, RAX)
            self.test_rr(RAX, RAX)
            self.jcc_l(NOT_EQUAL, call.allocated)
            self.jmp_l(call.done)
            self.bind(call.unfinished)
            self.mov_rr(RDI, RAX)
            self.mov_ri(SCRATCH, call.helper)
            self.call_r(SCRATCH)
            self.jmp_l(call.done)

    # ---- conditional calls

    def emit_cond_call(self, number):
        self.compare_with_zero(self.operand(number, 0))
        path = self._conditional_path(number, NOWHERE)
        self.jcc_l(NOT_EQUAL, path.begin)
        self.bind(path.end)

    def emit_cond_call_value(self, number):
        register = self.result_of(number)
        self.load_word(register, self.operand(number, 0))
        self.test_rr(register, register)
        path = self._conditional_path(number, register)
        self.jcc_l(EQUAL, path.begin)
        self.bind(path.end)

    def _conditional_path(self, number, result):
        arguments = []
        kinds = []
        for position in range(2, self.operand_count(number)):
            arguments.append(self.operand(number, position))
            kinds.append(self.operand_kind(number, position))
        gc_map = self.allocation.gc_maps[number]
        path = self.add_slow_path(0, self.operand(number, 1), arguments, "".join(kinds), result, gc_map, False)
        path.callee = self._call_descriptor(number)
        return path

    # ---- slow paths

    def add_slow_path(self, address, function, arguments, kinds, result, gc_map, leaves):
        """A slow path: the code jumps to its `begin` and binds its `end`."""
        path = SlowPath(address, function, arguments, kinds, result, gc_map, leaves)
        self.slow_paths.append(path)
        return path

    def emit_slow_paths(self):
        """All slow paths, behind the code."""
        for path in self.slow_paths:
            self.bind(path.begin)
            self.set_gc_map(path.gc_map)
            self.call_to(self.stubs.save_registers)
            stack = self._arguments_of_path(path)
            if path.function == NOWHERE:
                self.mov_ri(SCRATCH, path.address)
            else:
                self._load_saved(SCRATCH, path.function)
            self.call_r(SCRATCH)
            self._pop_arguments(stack)
            if path.callee is not None:
                self._widen_result(path.callee)
            if path.leaves:
                self.mov_ri(SCRATCH, self.runtime.exception_address)
                self.cmp_mi(SCRATCH, 0, 0)
                self.jcc_to(NOT_EQUAL, self.stubs.propagate)
            if path.result != NOWHERE:
                # where its register was saved: it comes back with the others
                self.mov_mr(FRAME, self.saved_offset(path.result), RAX)
            self.call_to(self.stubs.restore_registers)
            self.jmp_l(path.end)

    def _arguments_of_path(self, path):
        """Bring the arguments of a slow path to where a function finds them; how many bytes they take on the stack."""
        on_stack = []
        integers = floats = 0
        for index in range(len(path.arguments)):
            if path.kinds[index] == "f":
                if floats >= len(FLOAT_ARGUMENTS):
                    on_stack.append(path.arguments[index])
                floats += 1
            else:
                if integers >= len(ARGUMENTS):
                    on_stack.append(path.arguments[index])
                integers += 1
        size = self._aligned(len(on_stack))
        if size != 0:
            self.sub_ri(RSP, size)
            for index in range(len(on_stack)):
                self._saved_on_stack(index * self.word_size, on_stack[index])
        integers = floats = 0
        for index in range(len(path.arguments)):
            if path.kinds[index] == "f":
                if floats < len(FLOAT_ARGUMENTS):
                    self._load_saved(FLOAT_ARGUMENTS[floats], path.arguments[index])
                floats += 1
            else:
                if integers < len(ARGUMENTS):
                    self._load_saved(ARGUMENTS[integers], path.arguments[index])
                integers += 1
        return size

    def _saved_on_stack(self, offset, location):
        """Write the bits that a location had before the registers were saved on the stack. All registers are free."""
        if is_register(location):
            self.mov_rm(RAX, FRAME, self.saved_offset(location))
        elif is_memory(location):
            self.mov_rm(RAX, self.base_of(location), self.offset_of(location))
        else:
            self.mov_ri(RAX, self.constant_bits(location))
        self.mov_mr(RSP, offset, RAX)

    def _load_saved(self, register, location):
        """Bring the value that a location had before the registers were saved to a register."""
        if not is_register(location):
            self.move(register, location)
        elif is_float_register(location):
            self.movsd_fm(register - FIRST_FLOAT, FRAME, self.saved_offset(location))
        else:
            self.mov_rm(register, FRAME, self.saved_offset(location))

    def saved_offset(self, register):
        """Where in the frame a register is saved, in bytes."""
        return self.frame_offset(FRAME_HEADER_WORDS + self.machine.frame_word(register))
