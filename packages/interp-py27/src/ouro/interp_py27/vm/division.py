"""``-Q`` and ``-3``: the operator ``/`` as another operation, or with a warning.

Where the command line asks for that, code objects get instructions of ours in place of BINARY_DIVIDE and INPLACE_DIVIDE
when they are made; so nobody else pays for the question. ``co_code`` shows CPython's.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.vm import opcodes
from ouro.interp_py27.vm.opcodes import OPCODES

DIVIDE = OPCODES["BINARY_DIVIDE"]
INPLACE_DIVIDE = OPCODES["INPLACE_DIVIDE"]
CHECKED_DIVIDE = OPCODES["CHECKED_DIVIDE"]
CHECKED_INPLACE_DIVIDE = OPCODES["CHECKED_INPLACE_DIVIDE"]


class Division:
    """`true` is ``-Qnew``; `warning` 1 warns of integers, 2 of all numbers."""

    def __init__(self):
        self.true = False
        self.warning = 0

    def is_checked(self):
        return self.true or self.warning > 0


division = Division()


def replaced(code, binary, inplace, new_binary, new_inplace):
    """The code with two instructions replaced."""
    result = None
    position = 0
    while position < len(code):
        opcode = ord(code[position])
        if opcode == binary or opcode == inplace:
            if result is None:
                result = [character for character in code]
            result[position] = chr(new_binary if opcode == binary else new_inplace)
        position += 3 if opcode >= opcodes.HAVE_ARGUMENT else 1
    if result is None:
        return code
    return "".join(result)


def with_checked_division(code):
    if not division.is_checked():
        return code
    return replaced(code, DIVIDE, INPLACE_DIVIDE, CHECKED_DIVIDE, CHECKED_INPLACE_DIVIDE)


def without_checked_division(code):
    """The inverse of `with_checked_division`."""
    if not division.is_checked():
        return code
    return replaced(code, CHECKED_DIVIDE, CHECKED_INPLACE_DIVIDE, DIVIDE, INPLACE_DIVIDE)


def divide(w_left, w_right, inplace):
    """What our instructions do."""
    if division.true:
        if inplace:
            return space.inplace_truediv(w_left, w_right)
        return space.truediv(w_left, w_right)
    warn_of_division(w_left, w_right)
    if inplace:
        return space.inplace_div(w_left, w_right)
    return space.div(w_left, w_right)


def warn_of_division(w_left, w_right):
    kind = max(kind_of(w_left), kind_of(w_right))
    if min(kind_of(w_left), kind_of(w_right)) == 0 or (kind > 2 and division.warning < 2):
        return
    space.warn("classic %s division" % KINDS[kind], space.w_DeprecationWarning)


KINDS = ["", "int", "long", "float", "complex"]


def kind_of(w_obj):
    """The place of the object's kind of number in `KINDS`; 0 for anything else."""
    if space.is_int(w_obj):
        return 1
    if space.is_long(w_obj):
        return 2
    if space.is_float(w_obj):
        return 3
    if space.isinstance_w(w_obj, space.w_complex):
        return 4
    return 0
