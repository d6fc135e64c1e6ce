"""Every arithmetic operation at 64 bits, against its definition in exact integers and doubles."""

import math
import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ouro.jitcore import operations as ops
from ouro.jitcore.model import ModelError
from samples import Samples, same_float

LOW, HIGH = -(2**63), 2**63 - 1
WORDS = [LOW, LOW + 1, -(2**32) - 1, -(2**31), -256, -129, -2, -1, 0, 1, 2, 5, 63, 64, 127, 128, 255, 32768, 2**31,
         2**32, 2**62, HIGH - 1, HIGH]
FLOATS = [0.0, -0.0, 1.0, -1.5, 0.1, 5e-324, 1.7976931348623157e308, math.inf, -math.inf, math.nan, 2.0**62, -3.75]

WORD = st.one_of(st.integers(LOW, HIGH), st.sampled_from(WORDS))
FLOAT = st.one_of(st.floats(), st.sampled_from(FLOATS))


def signed(value):
    return (value + 2**63) % 2**64 - 2**63


def low(value):
    return value % 2**64


BINARY = {
    "int_add": lambda a, b: a + b,
    "int_sub": lambda a, b: a - b,
    "int_mul": lambda a, b: a * b,
    "int_and": lambda a, b: low(a) & low(b),
    "int_or": lambda a, b: low(a) | low(b),
    "int_xor": lambda a, b: low(a) ^ low(b),
    "int_lt": lambda a, b: a < b,
    "int_le": lambda a, b: not b < a,
    "int_eq": lambda a, b: low(a - b) == 0,
    "int_ne": lambda a, b: low(a - b) != 0,
    "int_gt": lambda a, b: b < a,
    "int_ge": lambda a, b: not a < b,
    "uint_lt": lambda a, b: low(a) < low(b),
    "uint_le": lambda a, b: low(a) <= low(b),
    "uint_gt": lambda a, b: low(a) > low(b),
    "uint_ge": lambda a, b: low(a) >= low(b),
    "uint_mul_high": lambda a, b: low(a) * low(b) // 2**64,
}
UNARY = {
    "int_neg": lambda a: 0 - a,
    "int_invert": lambda a: -1 - a,
    "int_is_true": lambda a: a != 0,
    "int_is_zero": lambda a: a == 0,
    "int_force_ge_zero": lambda a: 0 if a < 0 else a,
}
SHIFTS = {
    "int_lshift": lambda a, b: a * 2**b,
    "int_rshift": lambda a, b: a // 2**b,
    "uint_rshift": lambda a, b: low(a) // 2**b,
}
DIVISIONS = {"int_floordiv": lambda a, b: a // b, "int_mod": lambda a, b: a - b * (a // b)}
OVERFLOWS = {"int_add_ovf": lambda a, b: a + b, "int_sub_ovf": lambda a, b: a - b, "int_mul_ovf": lambda a, b: a * b}
FLOAT_BINARY = {
    "float_add": lambda a, b: a + b,
    "float_sub": lambda a, b: a - b,
    "float_mul": lambda a, b: a * b,
}
FLOAT_COMPARE = {
    "float_lt": lambda a, b: a < b, "float_le": lambda a, b: a <= b, "float_eq": lambda a, b: a == b,
    "float_ne": lambda a, b: a != b, "float_gt": lambda a, b: a > b, "float_ge": lambda a, b: a >= b,
}


def runner(name, kinds, result, tail=""):
    """A function that runs one operation."""
    samples = Samples()
    inputs = ", ".join(f"{kind}{number}" for number, kind in enumerate(kinds))
    token = samples.compile(f"[{inputs}]\n{result}9 = {name}({inputs}{tail})\nfinish({result}9, done_{result})")

    def run(*arguments):
        frame = samples.enter(token, *arguments)
        value = samples.backend.value_int if result == "i" else samples.backend.value_float
        return value(frame, 0)

    return run


def for_each(table, kinds, result):
    return [pytest.param(runner(name, kinds, result), table[name], id=name) for name in table]


@pytest.mark.parametrize("run, meaning", for_each(BINARY, "ii", "i"))
@given(WORD, WORD)
@example(LOW, -1)
def test_integer_operation(run, meaning, first, second):
    assert run(first, second) == signed(int(meaning(first, second)))


@pytest.mark.parametrize("run, meaning", for_each(UNARY, "i", "i"))
@given(WORD)
@example(LOW)
def test_integer_operation_of_one_operand(run, meaning, value):
    assert run(value) == signed(int(meaning(value)))


@pytest.mark.parametrize("run, meaning", for_each(SHIFTS, "ii", "i"))
@given(WORD, st.integers(0, 63))
def test_shift(run, meaning, value, count):
    assert run(value, count) == signed(meaning(value, count))


@pytest.mark.parametrize("name", SHIFTS)
@pytest.mark.parametrize("count", [-1, 64, 1000])
def test_a_shift_by_a_word_or_more_is_undefined(name, count):
    with pytest.raises(ModelError, match=f"shift by {count}"):
        runner(name, "ii", "i")(1, count)


@pytest.mark.parametrize("run, meaning", for_each(DIVISIONS, "ii", "i"))
@given(WORD, WORD.filter(bool))
def test_division_floors(run, meaning, dividend, divisor):
    if (dividend, divisor) != (LOW, -1):
        assert run(dividend, divisor) == meaning(dividend, divisor)


@pytest.mark.parametrize("name", DIVISIONS)
def test_division_without_a_result_is_undefined(name):
    with pytest.raises(ModelError, match="by zero"):
        runner(name, "ii", "i")(1, 0)
    with pytest.raises(ModelError, match="overflows"):
        runner(name, "ii", "i")(LOW, -1)


@pytest.mark.parametrize("size, code", [(1, "<b"), (2, "<h"), (4, "<i")])
@given(WORD)
def test_sign_extension(size, code, value):
    expected = struct.unpack(code, struct.pack("<q", value)[:size])[0]
    assert runner("int_signext", "i", "i", f", {size}")(value) == expected


@given(WORD, WORD, WORD)
@example(1, 1, 2)
@example(1, 2, 2)
def test_between(first, second, third):
    assert runner("int_between", "iii", "i")(first, second, third) == (first <= second < third)


@pytest.mark.parametrize("name", OVERFLOWS)
@pytest.mark.parametrize("guard", ["guard_overflow", "guard_no_overflow"])
def test_overflow(name, guard):
    samples = Samples()
    token = samples.compile(f"[i0, i1]\ni2 = {name}(i0, i1)\n{guard}() {{i2}}\nfinish(i2, done_i)")
    for first in WORDS:
        for second in WORDS:
            exact = OVERFLOWS[name](first, second)
            frame = samples.enter(token, first, second)
            assert samples.backend.value_int(frame, 0) == signed(exact)
            holds = (LOW <= exact <= HIGH) == (guard == "guard_no_overflow")
            assert (frame.descriptor is samples.names.descriptors["done_i"]) == holds


@pytest.mark.parametrize("run, meaning", for_each(FLOAT_BINARY, "ff", "f"))
@given(FLOAT, FLOAT)
def test_float_operation(run, meaning, first, second):
    assert same_float(run(first, second), meaning(first, second))


@pytest.mark.parametrize("run, meaning", for_each(FLOAT_COMPARE, "ff", "i"))
@given(FLOAT, FLOAT)
def test_float_comparison(run, meaning, first, second):
    assert run(first, second) == int(meaning(first, second))


@pytest.mark.parametrize(
    "first, second, expected",
    [(1.0, 4.0, 0.25), (1.0, 0.0, math.inf), (1.0, -0.0, -math.inf), (-1.0, 0.0, -math.inf), (0.0, 0.0, math.nan),
     (math.nan, 0.0, math.nan), (math.inf, 0.0, math.inf), (-math.inf, -0.0, math.inf), (1.0, math.inf, 0.0)],
)
def test_float_division_follows_ieee_754(first, second, expected):
    assert same_float(runner("float_truediv", "ff", "f")(first, second), expected)


@given(FLOAT)
def test_sign_operations_change_the_sign_bit_alone(value):
    bits = struct.unpack("<Q", struct.pack("<d", value))[0]
    to_bits = runner("convert_float_bytes_to_longlong", "f", "i")
    assert to_bits(value) == signed(bits)
    assert to_bits(runner("float_neg", "f", "f")(value)) == signed(bits ^ 2**63)
    assert to_bits(runner("float_abs", "f", "f")(value)) == bits & HIGH


@given(WORD)
def test_integers_to_floats(value):
    assert runner("cast_int_to_float", "i", "f")(value) == float(value)
    back = runner("convert_float_bytes_to_longlong", "f", "i")
    assert back(runner("convert_longlong_bytes_to_float", "i", "f")(value)) == value


@pytest.mark.parametrize("value, expected", [(1.9, 1), (-1.9, -1), (-0.0, 0), (2.0**62, 2**62), (-(2.0**63), LOW)])
def test_a_float_is_cut_towards_zero(value, expected):
    assert runner("cast_float_to_int", "f", "i")(value) == expected


@pytest.mark.parametrize("value", [2.0**63, -1e19, math.inf, math.nan])
def test_a_float_that_is_no_word_is_undefined(value):
    with pytest.raises(ModelError, match="no machine word"):
        runner("cast_float_to_int", "f", "i")(value)


def test_every_operation_that_only_computes_on_numbers_is_tested_here():
    tested = {*BINARY, *UNARY, *SHIFTS, *DIVISIONS, *OVERFLOWS, *FLOAT_BINARY, *FLOAT_COMPARE, "int_signext",
              "int_between", "float_truediv", "float_neg", "float_abs", "cast_float_to_int", "cast_int_to_float",
              "convert_float_bytes_to_longlong", "convert_longlong_bytes_to_float"}
    numeric = {name for opcode, name in enumerate(ops.names)
               if ops.has_flag(opcode, ops.PURE | ops.OVERFLOW) and not ops.has_flag(opcode, ops.LOWERED | ops.LOAD)
               and "r" not in ops.operand_kinds[opcode] + ops.result_kinds[opcode]}
    assert numeric == tested
