"""``frame.f_lineno = n`` in a trace function: which jumps are possible, and what they take from the stacks.

What is refused, and with which words, is as in CPython 2.7's `frame_setlineno`. CPython looks at blocks only; where a
jump leads into an expression of several lines, the instructions find other values on the stack than they expect.
Here the code is also followed to find which instruction made each value on the stack, and such jumps are refused.
"""

from ouro.interp_py27.compiler import stack_effect
from ouro.interp_py27.vm.errors import value_error
from ouro.interp_py27.vm.opcodes import HAVE_ARGUMENT, OPCODES

POP_TOP = OPCODES["POP_TOP"]
DUP_TOP = OPCODES["DUP_TOP"]
POP_BLOCK = OPCODES["POP_BLOCK"]
END_FINALLY = OPCODES["END_FINALLY"]
YIELD_VALUE = OPCODES["YIELD_VALUE"]
FOR_ITER = OPCODES["FOR_ITER"]
SETUP_LOOP = OPCODES["SETUP_LOOP"]
SETUP_EXCEPT = OPCODES["SETUP_EXCEPT"]
SETUP_FINALLY = OPCODES["SETUP_FINALLY"]
SETUP_WITH = OPCODES["SETUP_WITH"]
EXTENDED_ARG = OPCODES["EXTENDED_ARG"]
JUMP_IF_FALSE_OR_POP = OPCODES["JUMP_IF_FALSE_OR_POP"]
JUMP_IF_TRUE_OR_POP = OPCODES["JUMP_IF_TRUE_OR_POP"]
CALL_FUNCTION = OPCODES["CALL_FUNCTION"]
CALL_METHOD = OPCODES["CALL_METHOD"]
LOOKUP_METHOD = OPCODES["LOOKUP_METHOD"]
FILL_LIST = OPCODES["FILL_LIST"]
CHECKED_DIVIDE = OPCODES["CHECKED_DIVIDE"]
CHECKED_INPLACE_DIVIDE = OPCODES["CHECKED_INPLACE_DIVIDE"]


def table(names):
    marks = [False] * 256
    for name in names:
        marks[OPCODES[name]] = True
    return marks


SETS_UP = table(["SETUP_LOOP", "SETUP_EXCEPT", "SETUP_FINALLY", "SETUP_WITH"])
RELATIVE = table(["SETUP_LOOP", "SETUP_EXCEPT", "SETUP_FINALLY", "SETUP_WITH", "JUMP_FORWARD", "FOR_ITER"])
ABSOLUTE = table(["JUMP_ABSOLUTE", "JUMP_IF_FALSE_OR_POP", "JUMP_IF_TRUE_OR_POP", "POP_JUMP_IF_FALSE",
                  "POP_JUMP_IF_TRUE"])
NO_WAY_ON = table(["JUMP_FORWARD", "JUMP_ABSOLUTE", "RETURN_VALUE", "BREAK_LOOP", "CONTINUE_LOOP", "RAISE_VARARGS"])

# Instructions whose last act is to put a value of their own on the stack.
PUTS = table([name for name in OPCODES
              if name.startswith(("UNARY_", "BINARY_", "INPLACE_", "CHECKED_", "SLICE", "GET_ITER", "BUILD_", "LOAD_",
                                  "COMPARE_OP", "IMPORT_NAME", "CALL_", "MAKE_", "LOOKUP_", "YIELD_"))])


def effect_of(opcode, argument):
    """By how much an instruction that is no jump and concerns no blocks changes the depth of the stack."""
    if opcode == LOOKUP_METHOD:
        return 1
    if opcode == CALL_METHOD:
        return stack_effect(CALL_FUNCTION, argument) - 1
    if opcode == FILL_LIST or opcode == CHECKED_DIVIDE or opcode == CHECKED_INPLACE_DIVIDE:
        return -1
    return stack_effect(opcode, argument)


class OpenBlock:
    """A block while the code is followed: where it is set up, the depth of the stack when it is over."""

    def __init__(self, start, opcode, depth):
        self.start = start
        self.has_finally = opcode == SETUP_FINALLY or opcode == SETUP_WITH
        self.in_finally = False
        self.depth = depth


class Place:
    """A position in the code: the makers of the values on the stack there, and the ``finally`` block around it."""

    def __init__(self, makers, finally_start):
        self.makers = makers
        self.finally_start = finally_start


class PlaceFinder:
    """Follows the code once, from the first to the last byte, and describes two positions.

    What a ``finally`` clause finds on the stack counts as one value, although an exception has three.
    """

    def __init__(self, code):
        self.code = code
        self.makers = []
        self.blocks = []
        self.jumps = {}

    def run(self, first, second):
        code = self.code
        first_place = second_place = None
        extension = 0
        way_on = True
        start = 0
        while start < len(code):
            opcode = ord(code[start])
            position = start + 1
            argument = 0
            if opcode >= HAVE_ARGUMENT:
                if start + 2 >= len(code):
                    break
                argument = ord(code[start + 1]) | ord(code[start + 2]) << 8 | extension
                position = start + 3
            extension = 0
            if not way_on and start in self.jumps:
                self.makers = self.jumps[start][:]
            before = self.makers[:]
            if opcode == EXTENDED_ARG:
                extension = argument << 16
                way_on = True
            else:
                self.step(opcode, argument, start, position)
                way_on = not NO_WAY_ON[opcode]
            if start == first:
                first_place = Place(before, self.finally_start())
            if start == second:
                second_place = Place(before, self.finally_start())
            start = position
        return first_place, second_place

    def finally_start(self):
        i = len(self.blocks) - 1
        while i >= 0:
            if self.blocks[i].in_finally:
                return self.blocks[i].start
            i -= 1
        return -1

    def step(self, opcode, argument, start, position):
        if SETS_UP[opcode]:
            self.set_up(opcode, start, position + argument)
        elif opcode == POP_BLOCK:
            if self.blocks:
                block = self.blocks[-1]
                if block.has_finally:
                    block.in_finally = True
                else:
                    self.blocks.pop()
                    self.cut(block.depth)
        elif opcode == END_FINALLY:
            if self.blocks and self.blocks[-1].in_finally:
                self.cut(self.blocks.pop().depth)
            else:
                self.cut(len(self.makers) - 3)
        elif opcode == JUMP_IF_FALSE_OR_POP or opcode == JUMP_IF_TRUE_OR_POP:
            self.note_jump(start, argument)
            self.cut(len(self.makers) - 1)
        elif opcode == FOR_ITER:
            iterator = self.makers.pop() if self.makers else start
            self.note_jump(start, position + argument)
            self.makers.append(iterator)
            self.makers.append(start)
        else:
            before = len(self.makers)
            after = max(before + effect_of(opcode, argument), 0)
            self.cut(after)
            for _ in range(before, after):
                self.makers.append(start)
            if PUTS[opcode] and after > 0:
                self.makers[after - 1] = start
            if RELATIVE[opcode]:
                self.note_jump(start, position + argument)
            elif ABSOLUTE[opcode]:
                self.note_jump(start, argument)

    def set_up(self, opcode, start, handler):
        depth = len(self.makers)
        if opcode == SETUP_WITH:
            depth = max(depth - 1, 0)
            self.cut(depth)
            self.makers.append(start)
        self.blocks.append(OpenBlock(start, opcode, depth))
        inside = len(self.makers)
        if opcode != SETUP_LOOP:
            for _ in range(3 if opcode == SETUP_EXCEPT else 1):
                self.makers.append(handler)
        self.note_jump(start, handler)
        self.cut(inside)
        if opcode == SETUP_WITH:
            self.makers.append(start)

    def note_jump(self, start, target):
        if target > start and target not in self.jumps:
            self.jumps[target] = self.makers[:]

    def cut(self, depth):
        while len(self.makers) > max(depth, 0):
            self.makers.pop()


def find_line(code, line):
    """The position and the number of the first line of the code that is not before `line`."""
    if line < code.firstlineno:
        raise value_error("line %d comes before the current code block" % line)
    address = 0
    current = code.firstlineno
    if line == current:
        return 0, line
    lnotab = code.lnotab
    for i in range(0, len(lnotab) - 1, 2):
        address += ord(lnotab[i])
        current += ord(lnotab[i + 1])
        if current >= line:
            return address, current
    raise value_error("line %d comes after the current code block" % line)


def blocks_left(code, position, target, count):
    """How many of the `count` blocks at `position` are open at `target` too."""
    delta = 0
    least = 0
    i = min(position, target)
    end = max(position, target)
    while i < end:
        opcode = ord(code[i])
        if SETS_UP[opcode]:
            delta += 1
        elif opcode == POP_BLOCK:
            delta -= 1
        least = min(least, delta)
        i += 3 if opcode >= HAVE_ARGUMENT else 1
    left = count + delta if target > position else count - delta
    if left > count + least:
        raise value_error("can't jump into the middle of a block")
    return left


def jump_to(frame, line):
    """Make the frame, which is about to run a line, go on at another one; returns the number of that line."""
    code = frame.code.code
    position = frame.last_instr
    target, line = find_line(frame.code, line)
    if ord(code[position]) == YIELD_VALUE:
        raise value_error("can't jump from a yield statement")
    opcode = ord(code[target])
    if opcode == DUP_TOP or opcode == POP_TOP:
        raise value_error("can't jump to 'except' line as there's no exception")
    here, there = PlaceFinder(code).run(position, target)
    if here is None or there is None:
        raise value_error("can't jump into the middle of a block")
    if here.finally_start != there.finally_start:
        raise value_error("can't jump into or out of a 'finally' block")
    count = 0
    block = frame.block
    while block is not None:
        count += 1
        block = block.previous
    left = blocks_left(code, position, target, count)
    depth = len(there.makers)
    if depth > len(here.makers) or here.makers[:depth] != there.makers:
        raise value_error("can't jump into the middle of a block")
    for _ in range(count - left):
        frame.pop_block()
    frame.drop(len(here.makers) - depth)
    frame.last_instr = target
    return line
