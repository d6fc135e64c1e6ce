"""The peephole optimizer: the rewritings CPython 2.7 makes, on instructions rather than bytes.

Instructions are never moved: one that goes away becomes a NOP, which takes no space in the final code, so
that jump targets (indices of instructions) and line numbers stay good.  A rewriting of several instructions
needs them to be in one block: no jump may lead into their middle.  Folded constants are added at the end of
the constant table, where CPython adds them.
"""

from ouro.interp_py27.parser import NONE, ConstTuple

from . import _opcodes as op
from ._folding import fold_binary, fold_unary

_CONDITIONAL_JUMPS = ("POP_JUMP_IF_FALSE", "POP_JUMP_IF_TRUE", "JUMP_IF_FALSE_OR_POP", "JUMP_IF_TRUE_OR_POP")
IS_CONDITIONAL_JUMP = [name in _CONDITIONAL_JUMPS for name in op.OPCODE_NAMES]
JUMPS_ON_TRUE = [name in ("POP_JUMP_IF_TRUE", "JUMP_IF_TRUE_OR_POP") for name in op.OPCODE_NAMES]

# What the optimizer does at an instruction, by opcode.
_RULES = (
    ("negate", ("UNARY_NOT",)),
    ("compare", ("COMPARE_OP",)),
    ("load_name", ("LOAD_NAME", "LOAD_GLOBAL")),
    ("load_constant", ("LOAD_CONST",)),
    ("sequence", ("BUILD_TUPLE", "BUILD_LIST")),
    ("binary", ("BINARY_POWER", "BINARY_MULTIPLY", "BINARY_TRUE_DIVIDE", "BINARY_FLOOR_DIVIDE", "BINARY_MODULO",
                "BINARY_ADD", "BINARY_SUBTRACT", "BINARY_SUBSCR", "BINARY_LSHIFT", "BINARY_RSHIFT", "BINARY_AND",
                "BINARY_XOR", "BINARY_OR")),
    ("unary", ("UNARY_NEGATIVE", "UNARY_CONVERT", "UNARY_INVERT")),
    ("or_pop", ("JUMP_IF_FALSE_OR_POP", "JUMP_IF_TRUE_OR_POP")),
    ("jump", ("POP_JUMP_IF_FALSE", "POP_JUMP_IF_TRUE", "FOR_ITER", "JUMP_FORWARD", "JUMP_ABSOLUTE", "CONTINUE_LOOP",
              "SETUP_LOOP", "SETUP_EXCEPT", "SETUP_FINALLY", "SETUP_WITH")),
    ("return", ("RETURN_VALUE",)),
)
(_NO_RULE, _NEGATE, _COMPARE, _LOAD_NAME, _LOAD_CONSTANT, _SEQUENCE, _BINARY, _UNARY, _OR_POP, _JUMP,
 _RETURN) = range(11)
RULE = [_NO_RULE] * 256
for _index, (_name, _opcodes) in enumerate(_RULES):
    for _opcode_name in _opcodes:
        RULE[op.OPCODE_NUMBERS[_opcode_name]] = _index + 1


def optimize(opcodes, arguments, constants, names):
    """Rewrite the instructions in place; `constants` (a `ConstantTable`) may grow."""
    if len(opcodes) == 0 or opcodes[-1] != op.RETURN_VALUE:
        return
    _Optimizer(opcodes, arguments, constants, names).run()


def _is_unconditional(opcode):
    return opcode == op.JUMP_ABSOLUTE or opcode == op.JUMP_FORWARD


class _Optimizer:
    def __init__(self, opcodes, arguments, constants, names):
        self.opcodes = opcodes
        self.arguments = arguments
        self.constants = constants
        self.names = names
        self.count = len(opcodes)
        self.blocks = self._number_blocks()
        # How many LOAD_CONST in a row end right before the current instruction, and at it.
        self.constants_before = 0
        self.constants_here = 0

    def _number_blocks(self):
        """Block number by instruction: a block begins wherever a jump leads."""
        is_target = [False] * (self.count + 1)
        for i in range(self.count):
            if op.IS_JUMP[self.opcodes[i]]:
                is_target[self.arguments[i]] = True
        blocks = [0] * self.count
        number = 0
        for i in range(self.count):
            if is_target[i]:
                number += 1
            blocks[i] = number
        return blocks

    def _in_one_block(self, first, last):
        return first >= 0 and last < self.count and self.blocks[first] == self.blocks[last]

    def _opcode(self, i):
        if i < self.count:
            return self.opcodes[i]
        return op.NOP

    def _replace(self, i, opcode, argument):
        self.opcodes[i] = opcode
        self.arguments[i] = argument

    def _remove(self, i):
        self._replace(i, op.NOP, 0)

    def run(self):
        for i in range(self.count):
            while True:
                self.constants_before = self.constants_here
                self.constants_here = 0
                if not self._visit(i):
                    break

    def _visit(self, i):
        """Optimize at instruction `i`; returns whether to look at it again."""
        rule = RULE[self.opcodes[i]]
        if rule == _NO_RULE:
            return False
        if rule == _LOAD_CONSTANT:
            self._load_constant(i)
        elif rule == _LOAD_NAME:
            self._load_name(i)
        elif rule == _JUMP:
            self._jump(i)
        elif rule == _OR_POP:
            return self._jump_or_pop(i)
        elif rule == _NEGATE:
            return self._negate(i)
        elif rule == _COMPARE:
            self._compare(i)
        elif rule == _SEQUENCE:
            self._sequence(i)
        elif rule == _BINARY:
            self._binary(i)
        elif rule == _UNARY:
            self._unary(i)
        else:
            self._return(i)
        return False

    def _negate(self, i):
        """`not x` before a jump: jump on the opposite."""
        if self._opcode(i + 1) != op.POP_JUMP_IF_FALSE or not self._in_one_block(i, i + 1):
            return False
        self._replace(i, op.POP_JUMP_IF_TRUE, self.arguments[i + 1])
        self._remove(i + 1)
        return True

    def _compare(self, i):
        """`not (a is b)` is `a is not b`, and so for `in`."""
        comparison = self.arguments[i]
        if (op.COMPARE_IN <= comparison <= op.COMPARE_IS_NOT and self._opcode(i + 1) == op.UNARY_NOT
                and self._in_one_block(i, i + 1)):
            self.arguments[i] = comparison ^ 1
            self._remove(i + 1)

    def _load_name(self, i):
        """`None` cannot be assigned to, so it is a constant."""
        if self.names[self.arguments[i]] == "None":
            self._replace(i, op.LOAD_CONST, self.constants.add(NONE))
            self.constants_here = self.constants_before + 1

    def _load_constant(self, i):
        """A jump that is taken if a true constant is false never is."""
        self.constants_here = self.constants_before + 1
        if (self._opcode(i + 1) == op.POP_JUMP_IF_FALSE and self._in_one_block(i, i + 1)
                and self.constants.items[self.arguments[i]].is_true()):
            self._remove(i)
            self._remove(i + 1)
            self.constants_here = 0

    def _sequence(self, i):
        """Tuples of constants are constants, and lists of constants after `in`; packing just to unpack is a
        rotation."""
        size = self.arguments[i]
        if size <= self.constants_before and self._can_fold_sequence(i, size):
            items = []
            for j in range(i - size, i):
                items.append(self.constants.items[self.arguments[j]])
                self._remove(j)
            self._replace(i, op.LOAD_CONST, self.constants.append(ConstTuple(items)))
            self.constants_here = 1
            return
        if self._opcode(i + 1) != op.UNPACK_SEQUENCE or self.arguments[i + 1] != size:
            return
        if not self._in_one_block(i, i + 1) or size < 1 or size > 3:
            return
        if size == 1:
            self._remove(i)
            self._remove(i + 1)
        elif size == 2:
            self._replace(i, op.ROT_TWO, 0)
            self._remove(i + 1)
        else:
            self._replace(i, op.ROT_THREE, 0)
            self._replace(i + 1, op.ROT_TWO, 0)

    def _can_fold_sequence(self, i, size):
        if self.opcodes[i] == op.BUILD_TUPLE:
            return self._in_one_block(i - size, i)
        return (self._opcode(i + 1) == op.COMPARE_OP and self._in_one_block(i - size, i + 1)
                and (self.arguments[i + 1] == op.COMPARE_IN or self.arguments[i + 1] == op.COMPARE_NOT_IN))

    def _binary(self, i):
        if self.constants_before < 2 or not self._in_one_block(i - 2, i):
            return
        left = self.constants.items[self.arguments[i - 2]]
        right = self.constants.items[self.arguments[i - 1]]
        folded = fold_binary(self.opcodes[i], left, right)
        if folded is not None:
            self._remove(i - 2)
            self._remove(i - 1)
            self._replace(i, op.LOAD_CONST, self.constants.append(folded))
            self.constants_here = 1

    def _unary(self, i):
        if self.constants_before < 1 or not self._in_one_block(i - 1, i):
            return
        folded = fold_unary(self.opcodes[i], self.constants.items[self.arguments[i - 1]])
        if folded is not None:
            self._remove(i - 1)
            self._replace(i, op.LOAD_CONST, self.constants.append(folded))
            self.constants_here = 1

    def _jump_or_pop(self, i):
        """`a and b` as a condition: go straight to where the outer test would."""
        opcode = self.opcodes[i]
        target = self.arguments[i]
        target_opcode = self._opcode(target)
        if not IS_CONDITIONAL_JUMP[target_opcode]:
            self._jump(i)
            return False
        if JUMPS_ON_TRUE[target_opcode] == JUMPS_ON_TRUE[opcode]:
            # The second jump is taken exactly if the first is.
            self._replace(i, target_opcode, self.arguments[target])
        elif JUMPS_ON_TRUE[opcode]:
            # The second jump is never taken after the first, and pops.
            self._replace(i, op.POP_JUMP_IF_TRUE, target + 1)
        else:
            self._replace(i, op.POP_JUMP_IF_FALSE, target + 1)
        return True

    def _jump(self, i):
        opcode = self.opcodes[i]
        target = self.arguments[i]
        target_opcode = self._opcode(target)
        if _is_unconditional(opcode) and target_opcode == op.RETURN_VALUE:
            self._replace(i, op.RETURN_VALUE, 0)
            return
        if not _is_unconditional(target_opcode):
            return
        target = self.arguments[target]
        if opcode == op.JUMP_FORWARD:
            opcode = op.JUMP_ABSOLUTE
        if op.ARGUMENT_KIND[opcode] == op.RELATIVE_JUMP and target <= i:
            return
        self._replace(i, opcode, target)

    def _return(self, i):
        """What follows a return up to the next jump target is dead; the common endings are removed."""
        following = self._opcode(i + 1)
        if _is_unconditional(following) and self._in_one_block(i, i + 1):
            self._remove(i + 1)
        elif (following >= op.HAVE_ARGUMENT and self._opcode(i + 2) == op.RETURN_VALUE
              and self._in_one_block(i, i + 2)):
            self._remove(i + 1)
            self._remove(i + 2)
