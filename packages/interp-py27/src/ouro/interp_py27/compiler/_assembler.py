"""The instructions of one code object: from emission through stack depth and layout to bytes.

Instructions are rows of three parallel lists: opcode, argument and source line (0 where no line begins).  The
argument of a jump is a label until `finish`, the index of an instruction from then on, and a byte position
only in the bytes.
"""

from ouro.rlib.rstring import StringBuilder

from . import _opcodes as op
from ._peephole import optimize

# Beyond these CPython does not optimize, and code is compared with CPython's.
MAX_OPTIMIZED_SIZE = 32700
# Of an entry of the line table, in bytes or lines.
LARGEST_STEP = 255


class Assembler:
    """Collects the instructions of one code object."""

    def __init__(self):
        self.opcodes = []
        self.arguments = []
        self.lines = []
        # Instruction index by label, -1 where the label is not placed yet.
        self.labels = []
        # Whether RETURN_VALUE has been emitted since the last label.
        self.returned = False
        self.current_line = 0
        self.line_pending = True

    # Emission

    def begin_line(self, lineno):
        """The next instruction begins source line `lineno`."""
        self.current_line = lineno
        self.line_pending = True

    def begin_later_line(self, lineno):
        """The same, if the line comes after the current one."""
        if lineno > self.current_line:
            self.begin_line(lineno)

    def emit(self, opcode, argument=0):
        self.opcodes.append(opcode)
        self.arguments.append(argument)
        if self.line_pending:
            self.line_pending = False
            self.lines.append(self.current_line)
        else:
            self.lines.append(0)
        if opcode == op.RETURN_VALUE:
            self.returned = True

    def new_label(self):
        self.labels.append(-1)
        return len(self.labels) - 1

    def place(self, label):
        """The label marks the next instruction."""
        self.labels[label] = len(self.opcodes)
        self.returned = False

    def first_line(self):
        """The line of the first instruction, or 1."""
        if len(self.lines) > 0 and self.lines[0] > 0:
            return self.lines[0]
        return 1

    # Results

    def finish(self, constants, names, first_lineno):
        """Resolve labels and optimize; returns the finished `AssembledCode`."""
        self._resolve_labels()
        stack_size = self._stack_depth()
        offsets = self._layout()
        line_table = self._line_table(offsets, first_lineno)
        if offsets[-1] <= MAX_OPTIMIZED_SIZE and line_table.find("\xff") < 0 and not self._has_long_argument():
            optimize(self.opcodes, self.arguments, constants, names)
            offsets = self._layout()
            line_table = self._line_table(offsets, first_lineno)
        return AssembledCode(self._bytes(offsets), stack_size, line_table)

    def _resolve_labels(self):
        opcodes = self.opcodes
        arguments = self.arguments
        for i in range(len(opcodes)):
            if op.IS_JUMP[opcodes[i]]:
                arguments[i] = self.labels[arguments[i]]

    def _has_long_argument(self):
        for i in range(len(self.opcodes)):
            if self.arguments[i] > 0xFFFF and not op.IS_JUMP[self.opcodes[i]]:
                return True
        return False

    def _stack_depth(self):
        is_block_start = [False] * (len(self.opcodes) + 1)
        for position in self.labels:
            if position >= 0:
                is_block_start[position] = True
        return _StackWalk(self.opcodes, self.arguments, is_block_start).run()

    def _layout(self):
        """The byte position of each instruction, and the total size at the end.

        Jumps that need an EXTENDED_ARG push others apart, so this repeats until nothing changes.
        """
        opcodes = self.opcodes
        count = len(opcodes)
        offsets = [0] * (count + 1)
        extended = [False] * count
        for i in range(count):
            if not op.IS_JUMP[opcodes[i]] and self.arguments[i] > 0xFFFF:
                extended[i] = True
        while True:
            position = 0
            for i in range(count):
                offsets[i] = position
                opcode = opcodes[i]
                if opcode >= op.HAVE_ARGUMENT:
                    position += 6 if extended[i] else 3
                elif opcode != op.NOP:
                    position += 1
            offsets[count] = position
            changed = False
            if position > 0xFFFF:
                for i in range(count):
                    if not extended[i] and op.IS_JUMP[opcodes[i]] and self._jump_argument(offsets, i) > 0xFFFF:
                        extended[i] = True
                        changed = True
            if not changed:
                return offsets

    def _jump_argument(self, offsets, i):
        target = offsets[self.arguments[i]]
        if op.ARGUMENT_KIND[self.opcodes[i]] == op.RELATIVE_JUMP:
            return target - offsets[i + 1]
        return target

    def _bytes(self, offsets):
        builder = StringBuilder(offsets[-1])
        opcodes = self.opcodes
        for i in range(len(opcodes)):
            opcode = opcodes[i]
            if opcode < op.HAVE_ARGUMENT:
                if opcode != op.NOP:
                    builder.append(chr(opcode))
                continue
            argument = self.arguments[i]
            if op.IS_JUMP[opcode]:
                argument = self._jump_argument(offsets, i)
            if offsets[i + 1] - offsets[i] == 6:
                builder.append(chr(op.EXTENDED_ARG))
                builder.append(chr((argument >> 16) & 0xFF))
                builder.append(chr((argument >> 24) & 0xFF))
            builder.append(chr(opcode))
            builder.append(chr(argument & 0xFF))
            builder.append(chr((argument >> 8) & 0xFF))
        return builder.build()

    def _line_table(self, offsets, first_lineno):
        """CPython's `co_lnotab`: pairs of byte and line increments."""
        builder = StringBuilder()
        last_offset = 0
        last_line = first_lineno
        lines = self.lines
        for i in range(len(lines)):
            line = lines[i]
            if line == 0:
                continue
            offset_step = offsets[i] - last_offset
            line_step = line - last_line
            # Lines that run backwards cannot be stored.
            if line_step < 0 or (offset_step == 0 and line_step == 0):
                continue
            if offset_step > LARGEST_STEP:
                for _ in range(offset_step // LARGEST_STEP):
                    builder.append("\xff\x00")
                offset_step %= LARGEST_STEP
            if line_step > LARGEST_STEP:
                for _ in range(line_step // LARGEST_STEP):
                    builder.append(chr(offset_step))
                    builder.append("\xff")
                    offset_step = 0
                line_step %= LARGEST_STEP
            builder.append(chr(offset_step))
            builder.append(chr(line_step))
            last_offset = offsets[i]
            last_line = line
        return builder.build()


class AssembledCode:
    def __init__(self, code, stack_size, line_table):
        self.code = code
        self.stack_size = stack_size
        self.line_table = line_table


class _StackWalk:
    """The greatest stack depth over all paths, found as CPython 2.7 finds it.

    CPython walks the blocks depth first, enters a block again only with a greater depth, and never one that
    it is inside of.  Its opcodes' effects are estimates (END_FINALLY pops more on some ways in than on
    others), so another order of walking would give another, equally safe, number.  The recursion is spelled
    out as a stack of frames: chains of blocks are as long as the program.
    """

    def __init__(self, opcodes, arguments, is_block_start):
        self.opcodes = opcodes
        self.arguments = arguments
        self.is_block_start = is_block_start
        count = len(opcodes)
        self.inside = [False] * (count + 1)
        self.start_depth = [-1] * (count + 1)
        # Frames: the block, the next instruction (or -1: leave), the depth there.
        self.frame_block = []
        self.frame_next = []
        self.frame_depth = []

    def run(self):
        opcodes = self.opcodes
        count = len(opcodes)
        maximum = 0
        self._enter(0, 0)
        while len(self.frame_block) > 0:
            i = self.frame_next[-1]
            if i < 0:
                self.inside[self.frame_block.pop()] = False
                self.frame_next.pop()
                self.frame_depth.pop()
                continue
            block = self.frame_block[-1]
            depth = self.frame_depth[-1]
            frame = len(self.frame_block) - 1
            following = -1
            while True:
                if i >= count:
                    break
                if i != block and self.is_block_start[i]:
                    self.frame_next[frame] = -1
                    self._enter(i, depth)
                    following = -2
                    break
                opcode = opcodes[i]
                depth += op.stack_effect(opcode, self.arguments[i])
                if depth > maximum:
                    maximum = depth
                i += 1
                if not op.IS_JUMP[opcode]:
                    continue
                target_depth = depth
                if opcode == op.FOR_ITER:
                    target_depth = depth - 2
                elif opcode == op.SETUP_FINALLY or opcode == op.SETUP_EXCEPT:
                    target_depth = depth + 3
                    if target_depth > maximum:
                        maximum = target_depth
                elif opcode == op.JUMP_IF_TRUE_OR_POP or opcode == op.JUMP_IF_FALSE_OR_POP:
                    depth -= 1
                if opcode != op.JUMP_ABSOLUTE and opcode != op.JUMP_FORWARD:
                    following = i
                self.frame_next[frame] = following
                self.frame_depth[frame] = depth
                self._enter(self.arguments[i - 1], target_depth)
                following = -2
                break
            if following == -1:
                self.frame_next[frame] = -1
        return maximum

    def _enter(self, block, depth):
        if self.inside[block] or self.start_depth[block] >= depth:
            return
        self.inside[block] = True
        self.start_depth[block] = depth
        self.frame_block.append(block)
        self.frame_next.append(block)
        self.frame_depth.append(depth)
