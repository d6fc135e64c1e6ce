"""Runs code over machine words with symbolic words: all its paths, each with the condition under which it is taken.

`Word` and `Truth` wrap z3 expressions; where the code asks a `Truth` for a bool, the run goes both ways, one after
the other. A module such as `ouro.jitcore.optimizer.words` is replaced by `BitWords` (bit vectors of any width) or
`RealWords` (real numbers that do not overflow silently, for products and quotients).
"""

import z3
from proofs import refute


class Truth:
    def __init__(self, paths, expression):
        self.paths = paths
        self.expression = expression

    def __bool__(self):
        return self.paths.decide(self.expression)


class Word:
    """A word; operators as machine words have them, without wrapping checks."""

    def __init__(self, paths, expression):
        self.paths = paths
        self.expression = expression

    def lift(self, other):
        if isinstance(other, Word):
            return other.expression
        sort = self.expression.sort()
        return z3.BitVecVal(other, sort.size()) if z3.is_bv_sort(sort) else z3.RealVal(other)

    def __hash__(self):
        raise TypeError("symbolic words have no hash")


def _operator(name, function, wrapper):
    def method(self, other):
        return wrapper(self.paths, function(self.expression, self.lift(other)))

    def reflected(self, other):
        return wrapper(self.paths, function(self.lift(other), self.expression))

    setattr(Word, f"__{name}__", method)
    if wrapper is Word:
        setattr(Word, f"__r{name}__", reflected)


for _name, _function in {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "and": lambda a, b: a & b,
    "or": lambda a, b: a | b, "xor": lambda a, b: a ^ b,
}.items():  # fmt: skip
    _operator(_name, _function, Word)
for _name, _function in {
    "lt": lambda a, b: a < b, "le": lambda a, b: a <= b, "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b,
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b,
}.items():  # fmt: skip
    _operator(_name, _function, Truth)
Word.__invert__ = lambda self: Word(self.paths, ~self.expression)
Word.__neg__ = lambda self: Word(self.paths, -self.expression)


class Paths:
    """All ways through a function. `assumptions` hold on every one; `logic` is the name of z3's solver."""

    def __init__(self, logic="QF_BV", timeout=60_000):
        self.logic = logic
        self.assumptions = []
        self.conditions = []
        self.decisions = []
        self.position = 0
        self.timeout = timeout

    def decide(self, expression):
        simple = z3.simplify(expression)
        if z3.is_true(simple) or z3.is_false(simple):
            return z3.is_true(simple)
        if self.position == len(self.decisions):
            # a way that is not possible costs one proof that everything holds on it
            self.decisions.append((True, False))
        taken = self.decisions[self.position][0]
        self.position += 1
        self.conditions.append(expression if taken else z3.Not(expression))
        return taken

    def run(self, function):
        """Yields what each path gives, while `conditions` are those of the path."""
        self.decisions = []
        while True:
            self.position = 0
            self.conditions = []
            yield function()
            while self.decisions and self.decisions[-1][1]:
                self.decisions.pop()
            if not self.decisions:
                return
            self.decisions[-1] = (False, True)

    def prove(self, claim):
        """The claim holds under the assumptions on this path.

        Raises:
            AssertionError: with the counterexample, or where z3 gives up.
        """
        solver = z3.SolverFor(self.logic)
        solver.set("timeout", self.timeout)
        solver.add(*self.assumptions, *self.conditions, z3.Not(claim))
        result = refute(solver, self.logic)
        assert result == z3.unsat, solver.model() if result == z3.sat else solver.reason_unknown()


class BitWords:
    """`optimizer.words` over bit vectors."""

    def __init__(self, paths, bits):
        self.paths = paths
        self.BITS = bits
        self.LOWEST = self.word(1 << (bits - 1))
        self.HIGHEST = self.word((1 << (bits - 1)) - 1)

    def word(self, value):
        return Word(self.paths, z3.BitVecVal(value, self.BITS))

    def symbol(self, name):
        return Word(self.paths, z3.BitVec(name, self.BITS))

    def expression(self, value):
        return value.expression if isinstance(value, Word) else z3.BitVecVal(value, self.BITS)

    def _word(function):  # noqa: N805, a decorator for this class only
        return lambda self, *operands: Word(self.paths, function(*[self.expression(operand) for operand in operands]))

    def _truth(function):  # noqa: N805
        return lambda self, *operands: Truth(self.paths, function(*[self.expression(operand) for operand in operands]))

    add = _word(lambda a, b: a + b)
    sub = _word(lambda a, b: a - b)
    mul = _word(lambda a, b: a * b)
    shift_left = _word(lambda a, b: a << b)
    shift_right = _word(lambda a, b: a >> b)
    shift_right_unsigned = _word(z3.LShR)
    less_unsigned = _truth(z3.ULT)
    add_overflows = _truth(lambda a, b: z3.Not(z3.And(z3.BVAddNoOverflow(a, b, True), z3.BVAddNoUnderflow(a, b))))
    sub_overflows = _truth(lambda a, b: z3.Not(z3.And(z3.BVSubNoOverflow(a, b), z3.BVSubNoUnderflow(a, b, True))))
    mul_overflows = _truth(lambda a, b: z3.Not(z3.And(z3.BVMulNoOverflow(a, b, True), z3.BVMulNoUnderflow(a, b))))

    def smear(self, a):
        bits = self.expression(a)
        shift = 1
        while shift < self.BITS:
            bits = bits | z3.LShR(bits, shift)
            shift *= 2
        return Word(self.paths, bits)


class RealWords:
    """What `product_bounds` and `int_floordiv` use, over the real numbers: what holds there of bounds holds of words,
    because floor is monotone.
    """

    def __init__(self, paths, bits):
        self.paths = paths
        self.LOWEST = -(1 << (bits - 1))
        self.HIGHEST = (1 << (bits - 1)) - 1

    def symbol(self, name):
        return Word(self.paths, z3.Real(name))

    def mul_overflows(self, a, b):
        product = a.expression * b.expression
        return Truth(self.paths, z3.Or(product < self.LOWEST, product > self.HIGHEST))

    def floor_div(self, a, b):
        return Word(self.paths, a.expression / b.expression)
