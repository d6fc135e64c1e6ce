"""The emitter: goes through an allocated trace and appends the machine code of each instruction.

One object emits one trace. Its parts are mixins, one for each group of operations; the table at the end says which
method emits which operation. Everything it appends is position independent or relative to what the code buffer
resolves when the code is installed, so nothing outside changes before the whole code is there.
"""

from __future__ import annotations

from ouro.backend_x86.assembler import Assembler64
from ouro.backend_x86.code_buffer import Label
from ouro.backend_x86.dump import wants_positions
from ouro.backend_x86.emitter.allocation import Allocation
from ouro.backend_x86.emitter.calls import Calls
from ouro.backend_x86.emitter.floats import Floats
from ouro.backend_x86.emitter.flow import Flow
from ouro.backend_x86.emitter.guards import Guards
from ouro.backend_x86.emitter.integers import CONDITIONS, Integers
from ouro.backend_x86.emitter.memory import Memory
from ouro.backend_x86.emitter.operands import Operands
from ouro.backend_x86.frame_layout import EXIT_FINISHED, EXIT_SHIFT, frame_bias
from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import GuardDescriptor


class Emitter64(Assembler64, Operands, Integers, Floats, Memory, Allocation, Guards, Calls, Flow):
    """Emits a trace for x86-64.

    Args:
        machine: the machine description of the allocation.
        runtime: what the code must know of the process (`Runtime`).
        stubs: the addresses of the code that all traces share.
        backend: gives exits to ways out and information to loops.
        trace: the trace.
        allocation: the places of its values.

    Attributes:
        exit_count, exit_labels, exit_numbers: the guards: how many, the labels of their stubs, their instructions.
            Their exits are `first_exit` and following.
        exit_sites, exit_of_site: the 32-bit distances of jumps to stubs, and to which.
        repeats: the last guard jumps back to the label of its loop.
        failing_labels, failing_exits: stubs of guards that fail on purpose, and to which stubs they lead.
        invalidation_positions, invalidation_exits: where invalidation writes jumps, and to which stubs.
        targets, target_labels: the labels of the trace.
        positions: where the code of each instruction begins, if the log wants to know; otherwise nothing.
    """

    def __init__(self, machine, runtime, stubs, backend, trace, allocation, first_exit):
        Assembler64.__init__(self)
        self.machine = machine
        self.frame_bias = frame_bias(machine)
        self.runtime = runtime
        self.stubs = stubs
        self.backend = backend
        self.trace = trace
        self.allocation = allocation
        self.first_exit = first_exit
        self.exit_count = 0
        self.exit_labels = []
        self.exit_numbers = []
        self.exit_sites = []
        self.exit_of_site = []
        self.repeats = False
        self.invalidation_positions = []
        self.invalidation_exits = []
        self.failing_labels = []
        self.failing_exits = []
        self.targets = []
        self.target_labels = []
        self.slow_paths = []
        self.assembler_calls = []
        self.positions = []
        self._float_constants = {}
        self._float_constant_bits = []
        self._float_constant_labels = []
        self._gc_maps = {}
        self._gc_map_texts = []
        self._gc_map_labels = []
        self.at_base = 0
        self.at_index = 0
        self.at_shift = 0
        self.at_displacement = 0

    def emit_trace(self):
        """Emit all instructions of the trace, then what stands behind them."""
        trace, allocation = self.trace, self.allocation
        skipped, first_move = allocation.skipped, allocation.first_move
        keeps_positions = wants_positions()
        for number in range(trace.length()):
            if keeps_positions:
                self.positions.append(self.position())
            for index in range(first_move[number], first_move[number + 1]):
                self.move(allocation.move_targets[index], allocation.move_sources[index])
            if not skipped[number]:
                opcode = trace.opcodes[number]
                if ops.is_guard(opcode):
                    self._emit_guard(number, opcode)
                else:
                    EMITTERS[opcode](self, number)
        self.emit_slow_paths()
        self.emit_assembler_calls()
        self.emit_failing_stubs()
        self.emit_stubs()
        self._emit_constants()

    def _emit_guard(self, number, opcode):
        self.begin_guard(number)
        guard = self.trace.descriptors[number]
        assert isinstance(guard, GuardDescriptor)
        fails = self.backend.failing_period > 0 and not guard.leaves_with_exception
        # what it does when it holds cannot be undone
        first = opcode == ops.GUARD_EXCEPTION
        if fails and first:
            self.emit_failing()
        EMITTERS[opcode](self, number)
        if fails and not first:
            self.emit_failing()

    def _emit_constants(self):
        if len(self._float_constant_bits) != 0:
            while self.position() & 7:
                self.int3()
        for index in range(len(self._float_constant_bits)):
            self.bind(self._float_constant_labels[index])
            self.int64(self._float_constant_bits[index])
        for index in range(len(self._gc_map_texts)):
            if self.position() & 1:
                # the collector has a use for the lowest bit of the address
                self.int3()
            self.bind(self._gc_map_labels[index])
            for character in self._gc_map_texts[index]:
                self.byte(ord(character))

    # ---- what the parts ask for

    def operand(self, number, position):
        """The location of an operand of an instruction."""
        return self.allocation.location(number, position)

    def temporary(self, number, position):
        """A temporary register of an instruction."""
        return self.allocation.temporary(self.trace, number, position)

    def result_of(self, number):
        """The location of the result of an instruction, which is a register."""
        return self.allocation.results[number]

    def operand_count(self, number):
        """The number of operands of an instruction."""
        return self.trace.operand_count(number)

    def operand_kind(self, number, position):
        """The kind, a letter, of an operand."""
        return self.trace.kind_of(self.trace.operand(number, position))

    def new_label(self):
        """A label that is not bound yet."""
        return Label()

    def gc_map_label(self, text):
        """The label of a GC map in the constants behind the code."""
        label = self._gc_maps.get(text, None)
        if label is None:
            label = Label()
            self._gc_maps[text] = label
            self._gc_map_texts.append(text)
            self._gc_map_labels.append(label)
        return label

    def finish_exit(self, descriptor):
        """What a finish leaves in the exit word of the frame."""
        word = self.backend.exit_of_finish(descriptor) << EXIT_SHIFT
        if not descriptor.is_exception:
            word |= EXIT_FINISHED
        return word

    def loop_information(self, token):
        """The address of what code must know of a loop."""
        return self.backend.loop_information(token)

    # ---- what depends on the word size

    def sign_extend_accumulator(self):
        """The sign of rax in all bits of rdx."""
        self.cqo()

    def extend_half_word(self, register, source):
        """Sign-extend the low 4 bytes of a register."""
        self.movsx32_rr(register, source)

    def nop5(self):
        """An instruction of 5 bytes that does nothing: room for a jump."""
        self.byte(0x0F)
        self.byte(0x1F)
        self.byte(0x44)
        self.int16(0)

    def load_sized(self, register, base, displacement, size, signed):
        """Load an integer of a size in bytes, extended to a word."""
        if size == 8:
            self.mov_rm(register, base, displacement)
        elif size == 4:
            if signed:
                self.movsx32_rm(register, base, displacement)
            else:
                self.mov32_rm(register, base, displacement)
        elif size == 2:
            if signed:
                self.movsx16_rm(register, base, displacement)
            else:
                self.movzx16_rm(register, base, displacement)
        elif signed:
            self.movsx8_rm(register, base, displacement)
        else:
            self.movzx8_rm(register, base, displacement)

    def load_sized_indexed(self, register, base, index, shift, displacement, size, signed):
        """The same at an address with an index."""
        if size == 8:
            self.mov_rx(register, base, index, shift, displacement)
        elif size == 4:
            if signed:
                self.movsx32_rx(register, base, index, shift, displacement)
            else:
                self.mov32_rx(register, base, index, shift, displacement)
        elif size == 2:
            if signed:
                self.movsx16_rx(register, base, index, shift, displacement)
            else:
                self.movzx16_rx(register, base, index, shift, displacement)
        elif signed:
            self.movsx8_rx(register, base, index, shift, displacement)
        else:
            self.movzx8_rx(register, base, index, shift, displacement)

    def store_sized(self, base, displacement, register, size):
        """Store the low bytes of a register."""
        if size == 8:
            self.mov_mr(base, displacement, register)
        elif size == 4:
            self.mov32_mr(base, displacement, register)
        elif size == 2:
            self.mov16_mr(base, displacement, register)
        else:
            self.mov8_mr(base, displacement, register)

    def store_sized_indexed(self, base, index, shift, displacement, register, size):
        """The same at an address with an index."""
        if size == 8:
            self.mov_xr(base, index, shift, displacement, register)
        elif size == 4:
            self.mov32_xr(base, index, shift, displacement, register)
        elif size == 2:
            self.mov16_xr(base, index, shift, displacement, register)
        else:
            self.mov8_xr(base, index, shift, displacement, register)


#: The method for the operations of a family: all kinds of a name, and other operations with the same code.
_FAMILIES = {
    "getfield_gc": "getfield", "getfield_raw": "getfield", "getarrayitem_gc": "getarrayitem",
    "getarrayitem_raw": "getarrayitem", "getinteriorfield_gc": "getinteriorfield", "raw_load": "raw_load",
    "call": "call", "call_pure": "call", "call_loop_invariant": "call", "call_may_force": "call_may_force",
    "call_release_lock": "call_release_lock", "call_assembler": "call_assembler", "cond_call_value": "cond_call_value",
    "load_indexed": "load_indexed",
}  # fmt: skip
_SAME = {
    "setfield_gc": "setfield", "setfield_raw": "setfield", "setarrayitem_gc": "setarrayitem",
    "setarrayitem_raw": "setarrayitem", "setinteriorfield_gc": "setinteriorfield", "arraylen_gc": "arraylen",
    "strlen": "arraylen", "strgetitem": "getarrayitem", "strsetitem": "setarrayitem",
    "cast_ptr_to_int": "copy", "cast_int_to_ptr": "copy", "virtual_ref": "copy", "copy_i": "copy", "copy_r": "copy",
}  # fmt: skip


def _method_name(opcode):
    name = ops.names[opcode]
    if CONDITIONS[opcode] >= 0:
        return "emit_comparison"
    if ops.FLOAT_LT <= opcode <= ops.FLOAT_GE:
        return "emit_float_comparison"
    if name in _SAME:
        return "emit_" + _SAME[name]
    family = _FAMILIES.get(name[:-2])
    if family is not None and name[-2] == "_":
        return "emit_" + family
    if hasattr(Emitter64, "emit_" + name):
        return "emit_" + name
    return "emit_nothing"


#: The method that emits each operation, by opcode.
EMITTERS = [getattr(Emitter64, _method_name(_opcode)) for _opcode in range(ops.COUNT)]
#: Operations that this backend emits nothing for.
WITHOUT_CODE = [_opcode for _opcode in range(ops.COUNT) if _method_name(_opcode) == "emit_nothing"]
