"""Method calls without bound method objects: our two instructions beside those of CPython.

The compiler, ``.pyc`` files and ``co_code`` have CPython's instructions only. When a code object is made, each
LOAD_ATTR whose value can only be what a certain CALL_FUNCTION calls becomes LOOKUP_METHOD, which leaves the function
and the object, and the call becomes CALL_METHOD. Both pairs take the same room, so positions do not change.
"""

from ouro.interp_py27.compiler import opcodes, stack_effect
from ouro.interp_py27.vm.opcodes import OPCODES

LOOKUP_METHOD = OPCODES["LOOKUP_METHOD"]
CALL_METHOD = OPCODES["CALL_METHOD"]
HAVE_ARGUMENT = opcodes.HAVE_ARGUMENT

# After these the next instruction is reached by a jump only.
_NO_WAY_ON = [False] * 256
for _opcode in [opcodes.JUMP_FORWARD, opcodes.JUMP_ABSOLUTE, opcodes.RETURN_VALUE, opcodes.BREAK_LOOP,
                opcodes.CONTINUE_LOOP, opcodes.RAISE_VARARGS]:
    _NO_WAY_ON[_opcode] = True

# How much deeper the stack is at the target of a jump than after the instruction, where that is not 0.
# The table of the compiler counts JUMP_IF_X_OR_POP as at its target.
_DEEPER_AT_TARGET = [0] * 256
_DEEPER_AT_TARGET[opcodes.JUMP_IF_FALSE_OR_POP] = 1
_DEEPER_AT_TARGET[opcodes.JUMP_IF_TRUE_OR_POP] = 1
_DEEPER_AT_TARGET[opcodes.FOR_ITER] = -2

# Instructions that take values from the stack and leave the others as they are; all others put a value on top.
_ONLY_TAKES = [False] * 256
for _opcode in [opcodes.POP_TOP, opcodes.POP_JUMP_IF_FALSE, opcodes.POP_JUMP_IF_TRUE, opcodes.JUMP_IF_FALSE_OR_POP,
                opcodes.JUMP_IF_TRUE_OR_POP, opcodes.JUMP_FORWARD, opcodes.JUMP_ABSOLUTE, opcodes.STORE_FAST,
                opcodes.STORE_NAME, opcodes.STORE_GLOBAL, opcodes.STORE_DEREF, opcodes.LIST_APPEND]:
    _ONLY_TAKES[_opcode] = True

# Instructions that change values below the top.
_EXCHANGED = [1] * 256
_EXCHANGED[opcodes.ROT_TWO] = 2
_EXCHANGED[opcodes.ROT_THREE] = 3
_EXCHANGED[opcodes.ROT_FOUR] = 4

_RELATIVE = [_kind == opcodes.RELATIVE_JUMP for _kind in opcodes.ARGUMENT_KIND]
_ABSOLUTE = [_kind == opcodes.ABSOLUTE_JUMP for _kind in opcodes.ARGUMENT_KIND]


class MethodCallFinder:
    """Finds the pairs by following the depth of the stack through the code, once, from the first to the last byte.

    `loaded[depth]` is where the LOAD_ATTR stands that put the value there, or -1. At a place that jumps from before
    that LOAD_ATTR lead to, the value may be another one, so it is forgotten. `jumped_from` is the first jump to each
    place, and `depth_at` the depth there; both None as long as there is no jump.
    """

    def __init__(self, code, stack_size):
        self.code = code
        self.loaded = [-1] * (stack_size + 2)
        self.depth = 0
        self.jumped_from = None
        self.depth_at = None
        self.result = None

    def run(self):
        """The code with method calls as a list of characters; None if there are none."""
        code = self.code
        size = len(code)
        extension = 0
        position = 0
        way_on = True
        while position < size:
            start = position
            opcode = ord(code[position])
            position += 1
            argument = 0
            if opcode >= HAVE_ARGUMENT:
                if position + 2 > size:
                    break
                argument = ord(code[position]) | ord(code[position + 1]) << 8 | extension
                position += 2
            extension = 0
            jumped_from = self.jumped_from
            if jumped_from is not None and jumped_from[start] >= 0:
                if not way_on:
                    self.depth = self.depth_at[start]
                self.forget_since(jumped_from[start])
            elif not way_on:
                continue  # never reached, or by jumps back only: what the stack holds is not known
            way_on = not _NO_WAY_ON[opcode]
            if opcode == opcodes.EXTENDED_ARG:
                extension = argument << 16
            elif opcode == opcodes.LOAD_ATTR:
                self.set_loaded(self.depth - 1, start)
            else:
                self.step(opcode, argument, start)
                if _RELATIVE[opcode]:
                    self.jump(opcode, start, position + argument)
                elif _ABSOLUTE[opcode]:
                    self.jump(opcode, start, argument)
        return self.result

    def set_loaded(self, place, position):
        if 0 <= place < len(self.loaded):
            self.loaded[place] = position

    def forget_since(self, jump):
        place = self.depth - 1
        while 0 <= place < len(self.loaded) and self.loaded[place] > jump:
            self.loaded[place] = -1
            place -= 1

    def step(self, opcode, argument, start):
        before = self.depth
        depth = before + stack_effect(opcode, argument)
        if opcode == opcodes.JUMP_IF_FALSE_OR_POP or opcode == opcodes.JUMP_IF_TRUE_OR_POP:
            depth -= 1
        if depth < 0:
            depth = 0
        self.depth = depth
        if opcode == opcodes.CALL_FUNCTION:
            self.call(depth - 1, start)
        if not _ONLY_TAKES[opcode]:
            for place in range(min(before, depth - _EXCHANGED[opcode]), depth):
                self.set_loaded(place, -1)

    def call(self, place, start):
        """The function that is called here lies at depth `place`."""
        if not 0 <= place < len(self.loaded) or self.loaded[place] < 0:
            return
        result = self.result
        if result is None:
            result = self.result = [character for character in self.code]
        result[self.loaded[place]] = chr(LOOKUP_METHOD)
        result[start] = chr(CALL_METHOD)

    def jump(self, opcode, start, target):
        if target <= start or target >= len(self.code):
            return
        jumped_from = self.jumped_from
        if jumped_from is None:
            jumped_from = self.jumped_from = [-1] * len(self.code)
            self.depth_at = [0] * len(self.code)
        if jumped_from[target] < 0:
            jumped_from[target] = start
            self.depth_at[target] = max(self.depth + _DEEPER_AT_TARGET[opcode], 0)


def with_method_calls(code, stack_size):
    """The code with our instructions for method calls, and how much more stack it needs."""
    result = MethodCallFinder(code, stack_size).run()
    if result is None:
        return code, 0
    code = "".join(result)
    return code, open_method_calls(code)


def open_method_calls(code):
    """How many method calls at most are being prepared at one time."""
    most = 0
    count = 0
    position = 0
    while position < len(code):
        opcode = ord(code[position])
        if opcode == LOOKUP_METHOD:
            count += 1
            most = max(most, count)
        elif opcode == CALL_METHOD:
            count -= 1
        position += 3 if opcode >= HAVE_ARGUMENT else 1
    return most


def without_method_calls(code):
    """The code as CPython has it: the inverse of `with_method_calls`."""
    result = None
    position = 0
    while position < len(code):
        opcode = ord(code[position])
        if opcode == LOOKUP_METHOD or opcode == CALL_METHOD:
            if result is None:
                result = [character for character in code]
            result[position] = chr(opcodes.LOAD_ATTR if opcode == LOOKUP_METHOD else opcodes.CALL_FUNCTION)
        position += 3 if opcode >= HAVE_ARGUMENT else 1
    if result is None:
        return code
    return "".join(result)
