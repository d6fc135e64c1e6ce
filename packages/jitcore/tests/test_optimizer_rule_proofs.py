"""Every row of the table of rewriting rules is proved: pattern and result are the same for all operands."""

import pytest
import z3
from ouro.jitcore import operations as ops
from ouro.jitcore.optimizer.rule_tables import (
    CONSTANT,
    FLOAT,
    LOG2,
    NULL,
    NUMBER,
    OPERATION,
    POWER_OF_TWO,
    VALUE,
    read_rows,
)
from proofs import KnownProofs, refute

ROWS = read_rows()
DOUBLE, ROUNDING = z3.Float64(), z3.RNE()


def truth(condition, bits):
    return z3.If(condition, z3.BitVecVal(1, bits), z3.BitVecVal(0, bits))


def floor_parts(a, b):
    """Floored quotient and remainder of bit vectors, from z3's truncated ones."""
    quotient, remainder = a / b, z3.SRem(a, b)
    adjust = z3.And(remainder != 0, (remainder < 0) != (b < 0))
    return z3.If(adjust, quotient - 1, quotient), z3.If(adjust, remainder + b, remainder)


def signext(a, size):
    bits = a.size()
    return a if size * 8 == bits else z3.SignExt(bits - 8 * size, z3.Extract(8 * size - 1, 0, a))


def compare(function):
    return lambda *operands: truth(function(*operands), operands[0].size())


MEANING = {
    "int_add": lambda a, b: a + b, "int_sub": lambda a, b: a - b, "int_mul": lambda a, b: a * b,
    "int_add_ovf": lambda a, b: a + b, "int_sub_ovf": lambda a, b: a - b, "int_mul_ovf": lambda a, b: a * b,
    "int_and": lambda a, b: a & b, "int_or": lambda a, b: a | b, "int_xor": lambda a, b: a ^ b,
    "int_lshift": lambda a, b: a << b, "int_rshift": lambda a, b: a >> b, "uint_rshift": z3.LShR,
    "int_neg": lambda a: -a, "int_invert": lambda a: ~a,
    "int_floordiv": lambda a, b: floor_parts(a, b)[0], "int_mod": lambda a, b: floor_parts(a, b)[1],
    "uint_mul_high": lambda a, b: z3.Extract(
        2 * a.size() - 1, a.size(), z3.ZeroExt(a.size(), a) * z3.ZeroExt(a.size(), b)),
    "int_force_ge_zero": lambda a: z3.If(a >= 0, a, 0),
    "int_is_true": compare(lambda a: a != 0), "int_is_zero": compare(lambda a: a == 0),
    "int_lt": compare(lambda a, b: a < b), "int_le": compare(lambda a, b: a <= b),
    "int_gt": compare(lambda a, b: a > b), "int_ge": compare(lambda a, b: a >= b),
    "int_eq": compare(lambda a, b: a == b), "int_ne": compare(lambda a, b: a != b),
    "uint_lt": compare(z3.ULT), "uint_le": compare(z3.ULE), "uint_gt": compare(z3.UGT), "uint_ge": compare(z3.UGE),
    "int_between": compare(lambda a, b, c: z3.And(a <= b, b < c)),
    "ptr_eq": compare(lambda a, b: a == b), "ptr_ne": compare(lambda a, b: a != b),
    "instance_ptr_eq": compare(lambda a, b: a == b), "instance_ptr_ne": compare(lambda a, b: a != b),
    "ptr_iszero": compare(lambda a: a == 0), "ptr_nonzero": compare(lambda a: a != 0),
    "cast_ptr_to_int": lambda a: a, "cast_int_to_ptr": lambda a: a,
    "convert_float_bytes_to_longlong": lambda a: a, "convert_longlong_bytes_to_float": lambda a: a,
    "float_neg": lambda a: a ^ (1 << 63), "float_abs": lambda a: a & ((1 << 63) - 1),
}  # fmt: skip

FLOAT_MEANING = {"float_add": z3.fpAdd, "float_sub": z3.fpSub, "float_mul": z3.fpMul, "float_truediv": z3.fpDiv}
SHIFTS = ("int_lshift", "int_rshift", "uint_rshift")
OVERFLOWS = {
    "int_add_ovf": lambda a, b: z3.And(z3.BVAddNoOverflow(a, b, True), z3.BVAddNoUnderflow(a, b)),
    "int_sub_ovf": lambda a, b: z3.And(z3.BVSubNoOverflow(a, b), z3.BVSubNoUnderflow(a, b, True)),
    "int_mul_ovf": lambda a, b: z3.And(z3.BVMulNoOverflow(a, b, True), z3.BVMulNoUnderflow(a, b)),
}


def double(bits):
    return z3.fpBVToFP(bits, DOUBLE)


class Proof:
    """One row at one width, with concrete numbers for some of its constants."""

    def __init__(self, row, bits, fixed):
        self.row, self.bits, self.fixed = row, bits, fixed
        self.defined = []  # of what is being evaluated
        self.definitions = []
        self.letters = [z3.BitVec(letter, bits) for letter in row.letters]
        for number, value in fixed.items():
            self.letters[number] = z3.BitVecVal(value, bits)

    def value(self, node):
        """What a tree means; `defined` gets what it needs to be defined."""
        kind, bits = node.kind, self.bits
        if kind in (VALUE, CONSTANT):
            return self.letters[node.data]
        if kind == NUMBER:
            return z3.BitVecVal(bits if node.data == 64 else node.data, bits)
        if kind == FLOAT:
            return z3.fpToIEEEBV(z3.FPVal(node.data, DOUBLE))
        if kind == NULL:
            return z3.BitVecVal(0, bits)
        if kind == LOG2:
            return z3.BitVecVal(self.fixed[node.children[0].data].bit_length() - 1, bits)
        if kind == POWER_OF_TWO:
            return z3.BitVecVal(1, bits)
        assert kind == OPERATION
        name = ops.name_of(node.data)
        operands = [self.value(child) for child in node.children]
        if name == "int_signext":
            return signext(operands[0], self.fixed[node.children[1].data])
        if name in SHIFTS:
            self.defined.append(z3.ULT(operands[1], bits))
        if name in ("int_floordiv", "int_mod"):
            lowest = z3.BitVecVal(1 << (bits - 1), bits)
            self.defined.append(z3.And(operands[1] != 0, z3.Not(z3.And(operands[0] == lowest, operands[1] == -1))))
        if name in OVERFLOWS:
            self.defined.append(OVERFLOWS[name](*operands))
        if name in FLOAT_MEANING:
            result = z3.BitVec(f"float{len(self.definitions)}", bits)
            exact = FLOAT_MEANING[name](ROUNDING, *[double(operand) for operand in operands])
            self.definitions.append(double(result) == exact)
            return result
        return MEANING[name](*operands)

    def run(self):
        row = self.row
        logic = "QF_FPBV" if self.is_float() else "QF_BV"
        solver = z3.SolverFor(logic)
        solver.set("timeout", 30_000)
        pattern = self.value(row.pattern)
        for condition in row.conditions:
            solver.add(self.value(condition) != 0)
        solver.add(*self.defined)
        self.defined = []
        result = self.value(row.result)
        same = pattern == result
        if ops.result_kind(row.pattern.data) == "f":
            same = z3.Or(same, double(pattern) == double(result))
        solver.add(*self.definitions)
        solver.add(z3.Not(z3.And(same, *self.defined)))
        verdict = refute(solver, logic)
        assert verdict == z3.unsat, (row.name, self.fixed, solver.model() if verdict == z3.sat else "gave up")

    def is_float(self):
        return "f" in ops.operand_kinds[self.row.pattern.data] + ops.result_kind(self.row.pattern.data)


def nodes(tree):
    yield tree
    for child in tree.children:
        yield from nodes(child)


def cases(row, bits):
    """The concrete numbers that a row is proved for one after the other."""
    found = [{}]
    for number, letter in enumerate(row.letters):
        powers = [node for condition in row.conditions for node in nodes(condition) if node.kind == POWER_OF_TWO]
        if letter in "NM":
            found = [{**case, number: size} for case in found for size in (1, 2, 4)]
        elif any(node.children[0].data == number for node in powers):
            found = [{**case, number: 1 << place} for case in found for place in range(bits - 1)]
    return found


@pytest.mark.parametrize("bits", [32, 64])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row(row, bits):
    proof = Proof(row, bits, {})
    if proof.is_float() and bits != 64:
        return
    for case in cases(row, bits):
        Proof(row, bits, case).run()


def test_names_are_unique():
    names = [row.name for row in ROWS]
    assert len(set(names)) == len(names)


def test_results_are_one_operation_at_most():
    for row in ROWS:
        for child in row.result.children:
            for node in nodes(child):
                assert node.kind != VALUE or node is child, f"{row.name}: the result does more than one operation"


def test_what_was_proved_is_not_proved_again_unless_it_changes(tmp_path):
    path = tmp_path / "folder" / "proofs.txt"

    def verdict(claim):
        solver = z3.SolverFor("QF_BV")
        solver.add(z3.Not(claim))
        return refute(solver, "QF_BV", KnownProofs(path))

    x = z3.BitVec("x", 64)
    assert verdict(x + 1 != x) == z3.unsat and len(path.read_text().split()) == 1
    path.write_text(path.read_text() * 2)
    assert verdict(x + 1 != x) == z3.unsat and len(path.read_text().split()) == 2
    assert verdict(x + 1 > x) == z3.sat
    assert verdict(x + 2 != x) == z3.unsat and len(set(path.read_text().split())) == 2


def test_a_wrong_row_is_found_out():
    from ouro.jitcore.optimizer.rule_tables import Row
    with pytest.raises(AssertionError):
        Proof(Row("wrong: int_sub(x, y) => int_sub(y, x)"), 64, {}).run()
    with pytest.raises(AssertionError):
        Proof(Row("wrong: float_add(f, 0.0) => f"), 64, {}).run()
