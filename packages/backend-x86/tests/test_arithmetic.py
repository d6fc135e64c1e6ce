"""Every operation that only computes gives what the model gives, for operands in registers, in slots and constant."""

import math
import platform
import struct

import pytest
from native_worlds import Samples
from ouro.jitcore import operations as ops
from ouro.jitcore.model.arithmetic import COMPUTE, HIGHEST, LOWEST, OVERFLOWING, wrap

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="runs x86-64 code in this process")

WORDS = (0, 1, -1, 2, 7, -7, 63, 128, -129, 2**31, -(2**31) - 1, 2**40 + 3, HIGHEST, LOWEST)
DOUBLES = (0.0, -0.0, 1.0, -2.5, 1e300, -1e-300, 5e-324, math.inf, -math.inf, math.nan)
COUNTS = (0, 1, 31, 63)
DIVISORS = (1, 2, 3, -3, 7, 8, -8, 1000, -(2**40), 2**62, HIGHEST, LOWEST, -1)
VALUES = {"i": WORDS, "f": DOUBLES}


@pytest.fixture(scope="module")
def samples():
    return Samples()


def second_values(opcode):
    if opcode in (ops.INT_LSHIFT, ops.INT_RSHIFT, ops.UINT_RSHIFT):
        return COUNTS
    if opcode in (ops.INT_FLOORDIV, ops.INT_MOD):
        return DIVISORS
    if opcode == ops.INT_SIGNEXT:
        return (1, 2, 4)
    return VALUES[ops.operand_kinds[opcode][1]]


def is_defined(opcode, values):
    if opcode in (ops.INT_FLOORDIV, ops.INT_MOD):
        return values != [LOWEST, -1]
    if opcode == ops.CAST_FLOAT_TO_INT:
        return -(2.0**63) <= values[0] < 2.0**63
    return True


def text_of(value):
    return repr(value) if isinstance(value, float) else str(value)


def same(first, second):
    if isinstance(first, float):
        return struct.pack("<d", first) == struct.pack("<d", second) or (first != first and second != second)
    return first == second


def result(frame, kind):
    return frame.real if kind == "f" else frame.number


def trace_of(opcode, operands, in_registers):
    """A trace of one operation; an operand that is None is an input."""
    kinds = ops.operand_kinds[opcode]
    inputs = [f"{kind}{position}" for position, kind in enumerate(kinds) if operands[position] is None]
    lines = [f"[{', '.join(inputs)}]"]
    given = []
    for position, kind in enumerate(kinds):
        given.append(f"{kind}{position}" if operands[position] is None else text_of(operands[position]))
        if operands[position] is None and in_registers:
            # a use that brings it into a register, in which it stays for the second one
            name = f"{kind}{10 + position}"
            lines.append(f"{name} = {'int_neg' if kind == 'i' else 'float_neg'}({given[-1]})")
            given[-1] = f"{kind}{20 + position}"
            lines.append(f"{given[-1]} = {'int_neg' if kind == 'i' else 'float_neg'}({name})")
    kind = ops.result_kind(opcode)
    lines.append(f"{kind}30 = {ops.name_of(opcode)}({', '.join(given)})")
    lines.append(f"finish({kind}30, done_{kind})")
    return "\n".join(lines)


def check(samples, opcode, token, given, values):
    expected = COMPUTE[opcode](*values)
    expected = int(expected) if ops.result_kind(opcode) == "i" else expected
    frame = samples.enter(token, *given)
    assert same(result(frame, ops.result_kind(opcode)), expected), (ops.name_of(opcode), values)


@pytest.mark.parametrize("opcode", [opcode for opcode in COMPUTE if ops.arity(opcode) == 1], ids=ops.name_of)
@pytest.mark.parametrize("in_registers", [False, True])
def test_operations_of_one_operand(samples, opcode, in_registers):
    token = samples.compile(trace_of(opcode, [None], in_registers))
    for value in VALUES[ops.operand_kinds[opcode]]:
        if is_defined(opcode, [value]):
            check(samples, opcode, token, [value], [value])


@pytest.mark.parametrize("opcode", [opcode for opcode in COMPUTE if ops.arity(opcode) == 2], ids=ops.name_of)
def test_operations_of_two_operands(samples, opcode):
    firsts, seconds = VALUES[ops.operand_kinds[opcode][0]], second_values(opcode)
    if opcode != ops.INT_SIGNEXT:
        for in_registers in (False, True):
            token = samples.compile(trace_of(opcode, [None, None], in_registers))
            for first in firsts:
                for second in seconds:
                    if is_defined(opcode, [first, second]):
                        check(samples, opcode, token, [first, second], [first, second])
    for in_registers in (False, True):
        for second in seconds:
            if isinstance(second, float) and not math.isfinite(second):
                continue
            token = samples.compile(trace_of(opcode, [None, second], in_registers))
            for first in firsts:
                if is_defined(opcode, [first, second]):
                    check(samples, opcode, token, [first], [first, second])
            samples.backend.free(token)
        for first in firsts if opcode != ops.INT_SIGNEXT else ():
            if isinstance(first, float) and not math.isfinite(first):
                continue
            token = samples.compile(trace_of(opcode, [first, None], in_registers))
            for second in seconds:
                if is_defined(opcode, [first, second]):
                    check(samples, opcode, token, [second], [first, second])
            samples.backend.free(token)


@pytest.mark.parametrize("in_registers", [False, True])
def test_between(samples, in_registers):
    token = samples.compile(trace_of(ops.INT_BETWEEN, [None, None, None], in_registers))
    constant = samples.compile(trace_of(ops.INT_BETWEEN, [-7, None, 2**40 + 3], in_registers))
    for low in WORDS:
        for value in WORDS:
            check(samples, ops.INT_BETWEEN, constant, [value], [-7, value, 2**40 + 3])
            for high in (-7, 0, 63, HIGHEST):
                check(samples, ops.INT_BETWEEN, token, [low, value, high], [low, value, high])


COMPARISONS = [opcode for opcode in COMPUTE if ops.has_flag(opcode, ops.COMPARE) and ops.arity(opcode) < 3]


@pytest.mark.parametrize("opcode", COMPARISONS, ids=ops.name_of)
@pytest.mark.parametrize("guard", ["guard_true", "guard_false"])
def test_comparisons_at_guards(samples, opcode, guard):
    kinds = ops.operand_kinds[opcode]
    names = [f"{kind}{position}" for position, kind in enumerate(kinds)]
    inputs = ", ".join(names)
    token = samples.compile(f"[{inputs}]\ni5 = {ops.name_of(opcode)}({inputs})\n{guard}(i5) {{{names[0]}}}\n"
                            "finish(1, done_i)")
    values = VALUES[kinds[0]]
    for first in values:
        for second in values if len(kinds) == 2 else (None,):
            given = [first] if second is None else [first, second]
            holds = bool(COMPUTE[opcode](*given)) == (guard == "guard_true")
            frame = samples.enter(token, *given)
            assert (frame.descriptor.name == "done_i") == holds, given
            if not holds:
                kept = frame.floats[0] if kinds[0] == "f" else frame.ints[0]
                assert same(kept, first)


@pytest.mark.parametrize("opcode", list(OVERFLOWING), ids=ops.name_of)
@pytest.mark.parametrize("guard", ["guard_no_overflow", "guard_overflow"])
def test_overflow(samples, opcode, guard):
    name = ops.name_of(opcode)
    text = f"%s\n{guard}() {{i0}}\nfinish(i2, done_i)"
    token = samples.compile(text % f"[i0, i1]\ni2 = {name}(i0, i1)")
    swapped = samples.compile(text % f"[i1, i0]\ni2 = {name}(i0, i1)")
    for second in WORDS:
        constant = samples.compile(text % f"[i0]\ni2 = {name}(i0, {second})")
        for first in WORDS:
            exact = OVERFLOWING[opcode](first, second)
            holds = (LOWEST <= exact <= HIGHEST) == (guard == "guard_no_overflow")
            for frame in (samples.enter(token, first, second), samples.enter(swapped, second, first),
                          samples.enter(constant, first)):
                assert (frame.descriptor.name == "done_i") == holds, (first, second)
                assert samples.backend.value_int(frame, 0) == (wrap(exact) if holds else first)
        samples.backend.free(constant)
