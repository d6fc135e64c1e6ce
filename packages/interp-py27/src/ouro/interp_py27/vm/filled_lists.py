"""List comprehensions that add an item in every iteration make room for all items at the first of them.

The compiler, ``.pyc`` files and ``co_code`` have CPython's instructions only. When a code object is made, LIST_APPEND
becomes FILL_LIST if no jump stands between it and the FOR_ITER of the only loop: the iterator lies on the stack then,
right above the list, and what it expects to give is what the list will have. With a condition it would be too much.
"""

from ouro.interp_py27.compiler import opcodes
from ouro.interp_py27.vm.division import replaced
from ouro.interp_py27.vm.opcodes import OPCODES

FILL_LIST = OPCODES["FILL_LIST"]
HAVE_ARGUMENT = opcodes.HAVE_ARGUMENT

_IS_JUMP = [_kind == opcodes.RELATIVE_JUMP or _kind == opcodes.ABSOLUTE_JUMP for _kind in opcodes.ARGUMENT_KIND]

#: Where the list lies below the item, if there is one loop.
_DISTANCE = 2


def with_filled_lists(code):
    """The code with our instruction."""
    if chr(opcodes.LIST_APPEND) not in code:
        return code
    result = None
    loop = -1
    position = 0
    while position < len(code):
        opcode = ord(code[position])
        if opcode == opcodes.FOR_ITER:
            loop = position
        elif _IS_JUMP[opcode]:
            loop = -1
        elif opcode == opcodes.LIST_APPEND and loop >= 0:
            if _argument(code, position) == _DISTANCE and _goes_to(code, position + 3, loop):
                if result is None:
                    result = [character for character in code]
                result[position] = chr(FILL_LIST)
        position += 3 if opcode >= HAVE_ARGUMENT else 1
    if result is None:
        return code
    return "".join(result)


def without_filled_lists(code):
    """The inverse of `with_filled_lists`."""
    return replaced(code, FILL_LIST, FILL_LIST, opcodes.LIST_APPEND, opcodes.LIST_APPEND)


def _argument(code, position):
    """The argument of the instruction at a position, -1 where the code ends before it."""
    if position + 2 >= len(code):
        return -1
    return ord(code[position + 1]) | ord(code[position + 2]) << 8


def _goes_to(code, position, target):
    """Is the instruction at a position a jump to another?"""
    if position >= len(code) or ord(code[position]) != opcodes.JUMP_ABSOLUTE:
        return False
    return _argument(code, position) == target
