"""Every transfer function of ranges is right for all operands: proved, not tried."""

import inspect
import re
import sys

import pytest
import z3
from ouro.jitcore.optimizer import ranges
from symbolic_words import BitWords, Paths, RealWords, Word

WIDTHS = [32, 64]


class World:
    """The transfer functions over symbolic words. `make` does not improve ranges: that is proved by itself."""

    def __init__(self, monkeypatch, bits, keep_make=False, words=BitWords):
        self.bits = bits
        self.paths = Paths("QF_BV" if words is BitWords else "QF_NRA")
        self.words = words(self.paths, bits)
        monkeypatch.setattr(ranges, "words", self.words)
        if not keep_make:
            monkeypatch.setattr(ranges, "make", ranges.raw)
        if words is BitWords:
            lowest, highest = self.words.LOWEST, self.words.HIGHEST
            monkeypatch.setattr(ranges, "ANY", ranges.raw(lowest, highest, self.words.word(0), self.words.word(-1)))
            for name, value in (("ZERO", 0), ("ONE", 1)):
                word = self.words.word(value)
                monkeypatch.setattr(ranges, name, ranges.raw(word, word, word, self.words.word(0)))
            zero, one = self.words.word(0), self.words.word(1)
            monkeypatch.setattr(ranges, "BOOL", ranges.raw(zero, one, zero, one))
        else:
            monkeypatch.setattr(ranges, "ANY", None)

    def operand(self, name):
        """A range and a number in it."""
        number = self.words.symbol(name)
        known = ranges.raw(*(self.words.symbol(f"{name}_{part}") for part in ("lower", "upper", "value", "unknown")))
        self.paths.assumptions += self.holds(known, number)
        self.paths.assumptions.append((known.value & known.unknown).expression == 0)
        return known, number

    def holds(self, known, number):
        """Is a number in a range?"""
        def expression(part):
            return self.words.expression(part)

        value = expression(number)
        return [
            expression(known.lower) <= value, value <= expression(known.upper),
            value & ~expression(known.unknown) == expression(known.value),
        ]  # fmt: skip

    def check(self, function, number):
        """Each result that `function` gives holds of `number`; it never says that nothing is left."""

        def run():
            try:
                return function()
            except ranges.EmptyRange:
                return None

        for result in self.paths.run(run):
            for claim in [z3.BoolVal(False)] if result is None else self.holds(result, number):
                self.paths.prove(claim)


def truth(condition, bits):
    return z3.If(condition, z3.BitVecVal(1, bits), z3.BitVecVal(0, bits))


BINARY = {
    "int_add": lambda a, b: a + b,
    "int_sub": lambda a, b: a - b,
    "int_and": lambda a, b: a & b,
    "int_or": lambda a, b: a | b,
    "int_xor": lambda a, b: a ^ b,
    "int_lt": lambda a, b: truth(a < b, a.size()),
    "int_le": lambda a, b: truth(a <= b, a.size()),
    "int_gt": lambda a, b: truth(a > b, a.size()),
    "int_ge": lambda a, b: truth(a >= b, a.size()),
    "int_eq": lambda a, b: truth(a == b, a.size()),
    "int_ne": lambda a, b: truth(a != b, a.size()),
    "uint_lt": lambda a, b: truth(z3.ULT(a, b), a.size()),
    "uint_le": lambda a, b: truth(z3.ULE(a, b), a.size()),
    "uint_gt": lambda a, b: truth(z3.UGT(a, b), a.size()),
    "uint_ge": lambda a, b: truth(z3.UGE(a, b), a.size()),
}
UNARY = {
    "int_neg": lambda a: -a,
    "int_invert": lambda a: ~a,
    "int_is_true": lambda a: truth(a != 0, a.size()),
    "int_is_zero": lambda a: truth(a == 0, a.size()),
    "int_force_ge_zero": lambda a: z3.If(a >= 0, a, 0),
}
SHIFTS = {
    "int_lshift": lambda a, b: a << b,
    "int_rshift": lambda a, b: a >> b,
    "uint_rshift": lambda a, b: z3.LShR(a, b),
}


@pytest.mark.parametrize("bits", WIDTHS)
@pytest.mark.parametrize("name", BINARY)
def test_binary(name, bits, monkeypatch):
    world = World(monkeypatch, bits)
    (known_a, a), (known_b, b) = world.operand("a"), world.operand("b")
    world.check(lambda: getattr(ranges, name)(known_a, known_b),
                Word(world.paths, BINARY[name](a.expression, b.expression)))


@pytest.mark.parametrize("bits", WIDTHS)
@pytest.mark.parametrize("name", UNARY)
def test_unary(name, bits, monkeypatch):
    world = World(monkeypatch, bits)
    known_a, a = world.operand("a")
    world.check(lambda: getattr(ranges, name)(known_a), Word(world.paths, UNARY[name](a.expression)))


@pytest.mark.parametrize("bits", WIDTHS)
@pytest.mark.parametrize("name", SHIFTS)
def test_shifts(name, bits, monkeypatch):
    world = World(monkeypatch, bits)
    (known_a, a), (known_b, b) = world.operand("a"), world.operand("b")
    world.paths.assumptions.append(z3.ULT(b.expression, bits))
    world.check(lambda: getattr(ranges, name)(known_a, known_b),
                Word(world.paths, SHIFTS[name](a.expression, b.expression)))


@pytest.mark.parametrize("bits", WIDTHS)
def test_between(bits, monkeypatch):
    world = World(monkeypatch, bits)
    (known_a, a), (known_b, b), (known_c, c) = [world.operand(name) for name in "abc"]
    condition = z3.And(a.expression <= b.expression, b.expression < c.expression)
    world.check(lambda: ranges.int_between(known_a, known_b, known_c), Word(world.paths, truth(condition, bits)))


@pytest.mark.parametrize("bits", WIDTHS)
@pytest.mark.parametrize("narrow", [8, 16, 32])
def test_sign_extension(narrow, bits, monkeypatch):
    if narrow == bits:
        return
    world = World(monkeypatch, bits)
    known_a, a = world.operand("a")
    result = z3.SignExt(bits - narrow, z3.Extract(narrow - 1, 0, a.expression))
    world.check(lambda: ranges.sign_extended(known_a, narrow), Word(world.paths, result))


@pytest.mark.parametrize("bits", WIDTHS)
@pytest.mark.parametrize("name, overflows", [("add", "add_overflows"), ("sub", "sub_overflows")])
def test_without_overflow(name, overflows, bits, monkeypatch):
    world = World(monkeypatch, bits)
    (known_a, a), (known_b, b) = world.operand("a"), world.operand("b")
    world.paths.assumptions.append(z3.Not(getattr(world.words, overflows)(a, b).expression))
    exact = BINARY["int_" + name](a.expression, b.expression)
    # what is proved of the operation that wraps is taken from there
    wrapped, result = world.operand("wrapped")
    world.paths.assumptions.append(result.expression == exact)
    monkeypatch.setattr(ranges, "int_" + name, lambda a, b: wrapped)
    world.check(lambda: getattr(ranges, name + "_exactly")(known_a, known_b), Word(world.paths, exact))


@pytest.mark.parametrize("bits", WIDTHS)
def test_remainder(bits, monkeypatch):
    # a remainder has the sign of the divisor and is smaller; 0 <= a < b is its own remainder
    world = World(monkeypatch, bits)
    (known_a, a), (known_b, b) = world.operand("a"), world.operand("b")
    remainder, x, y = z3.BitVec("remainder", bits), a.expression, b.expression
    world.paths.assumptions += [
        y != 0,
        z3.Implies(y > 0, z3.And(remainder >= 0, remainder < y)),
        z3.Implies(y < 0, z3.And(remainder <= 0, remainder > y)),
        z3.Implies(z3.And(x >= 0, y > 0), z3.And(remainder <= x, z3.Implies(x < y, remainder == x))),
    ]
    world.check(lambda: ranges.int_mod(known_a, known_b), Word(world.paths, remainder))


@pytest.mark.parametrize("bits", WIDTHS)
@pytest.mark.parametrize("name", ["product_bounds", "int_floordiv"])
def test_bounds_of_products_and_quotients(name, bits, monkeypatch):
    world = World(monkeypatch, bits, words=RealWords)
    known, numbers = [], []
    for letter in "ab":
        lower, upper, number = [world.words.symbol(letter + part) for part in ("l", "u", "")]
        world.paths.assumptions += [lower.expression <= number.expression, number.expression <= upper.expression]
        known.append(ranges.raw(lower, upper, 0, -1))
        numbers.append(number.expression)
    if name == "int_floordiv":
        # the divisor is an integer
        world.paths.assumptions += [z3.Or(numbers[1] >= 1, numbers[1] <= -1)]
    result = numbers[0] * numbers[1] if name == "product_bounds" else numbers[0] / numbers[1]
    for bounds in world.paths.run(lambda: getattr(ranges, name)(*known)):
        if bounds is not None:
            world.paths.prove(z3.And(bounds.lower.expression <= result, result <= bounds.upper.expression))


@pytest.mark.parametrize("bits", WIDTHS)
def test_low_zeros_of_products(bits, monkeypatch):
    # for a lowest bit of the first operand at each place, which makes the product a shift
    for place in range(bits):
        world = World(monkeypatch, bits)
        (known_a, a), (known_b, b) = world.operand("a"), world.operand("b")
        first = (known_a.value | known_a.unknown).expression
        odd = z3.BitVec("odd", bits)
        world.paths.assumptions += [
            first & -first == 1 << place, a.expression == odd << place
        ]
        second = (known_b.value | known_b.unknown).expression
        lowest = (second & -second) << place
        mask = (lowest - 1) & ~lowest
        # odd * b has the low zeros that b has
        product = z3.BitVec("product", bits)
        low_of_b = (b.expression - 1) & ~b.expression
        world.paths.assumptions += [product & low_of_b == 0]
        world.paths.prove((product << place) & mask == 0)


@pytest.mark.parametrize("bits", WIDTHS)
def test_make_loses_nothing(bits, monkeypatch):
    world = World(monkeypatch, bits, keep_make=True)
    known, number = world.operand("a")
    world.check(lambda: ranges.make(known.lower, known.upper, known.value, known.unknown), number)


@pytest.mark.parametrize("bits", WIDTHS)
@pytest.mark.parametrize("name", ["intersect", "union", "widen"])
def test_combinations(name, bits, monkeypatch):
    world = World(monkeypatch, bits)
    known, number = world.operand("a")
    if name == "widen":
        world.check(lambda: ranges.widen(known), number)
        return
    other, _ = world.operand("b")
    if name == "intersect":
        world.paths.assumptions += world.holds(other, number)
    world.check(lambda: getattr(ranges, name)(known, other), number)
    if name == "union":
        world.check(lambda: ranges.union(other, known), number)


BACKWARD = {
    "below": lambda a, b: a < b,
    "at_most": lambda a, b: a <= b,
    "above": lambda a, b: a > b,
    "at_least": lambda a, b: a >= b,
    "different": lambda a, b: a != b,
    "below_unsigned": z3.ULT,
    "at_most_unsigned": z3.ULE,
}


@pytest.mark.parametrize("bits", WIDTHS)
@pytest.mark.parametrize("name", BACKWARD)
def test_backward(name, bits, monkeypatch):
    world = World(monkeypatch, bits)
    (known_a, a), (known_b, b) = world.operand("a"), world.operand("b")
    world.paths.assumptions.append(BACKWARD[name](a.expression, b.expression))
    world.check(lambda: getattr(ranges, name)(known_a, known_b), a)


@pytest.mark.parametrize("bits", WIDTHS)
@pytest.mark.parametrize("name", ["operand_of_and", "operand_of_or"])
def test_operands_of_masks(name, bits, monkeypatch):
    world = World(monkeypatch, bits)
    (known, result), (known_mask, mask) = world.operand("result"), world.operand("mask")
    a = z3.BitVec("a", bits)
    combined = a & mask.expression if name == "operand_of_and" else a | mask.expression
    world.paths.assumptions += [known_mask.unknown.expression == 0, combined == result.expression]
    world.check(lambda: getattr(ranges, name)(known, known_mask), Word(world.paths, a))


@pytest.mark.parametrize("bits", WIDTHS)
@pytest.mark.parametrize("name, shift", [
    ("operand_of_shift_left", lambda a, n: a << n),
    ("operand_of_shift_right", lambda a, n: a >> n),
    ("operand_of_shift_right", z3.LShR),
])
def test_operands_of_shifts(name, shift, bits, monkeypatch):
    world = World(monkeypatch, bits)
    known, result = world.operand("result")
    a, count = z3.BitVec("a", bits), world.words.symbol("count")
    world.paths.assumptions += [z3.ULT(count.expression, bits), shift(a, count.expression) == result.expression]
    world.check(lambda: getattr(ranges, name)(known, count), Word(world.paths, a))


#: Functions that no proof names, and why they need none of their own.
PROVED_BY_PARTS = {
    "constant": "a range of one number",
    "between": "`make`",
    "from_bits": "`make`",
    "add_exactly": "`test_without_overflow`, which makes its name",
    "sub_exactly": "`test_without_overflow`, which makes its name",
    "int_mul": "`product_bounds` and the zeros of products are all that it puts together",
    "low_zeros_of_product": "`test_low_zeros_of_products` goes through its steps",
    "unsigned_lowest": "part of what is proved for unsigned comparisons",
    "unsigned_highest": "part of what is proved for unsigned comparisons",
    "opposite": "turns true and false round",
}


def test_no_function_is_without_proof():
    functions = [name for name, value in vars(ranges).items()
                 if inspect.isfunction(value) and value.__module__ == ranges.__name__ and not name.startswith("_")]
    source = inspect.getsource(sys.modules[__name__]).partition("PROVED_BY_PARTS")[0]
    without = {name for name in functions if not re.search(rf"\b{name}\b", source)}
    assert without == set(PROVED_BY_PARTS)
