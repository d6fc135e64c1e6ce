"""What the operations that only compute give: the one implementation for tracer, blackhole interpreter and optimizer.

There is a function for each operation, with the name of the operation. Who knows the operation when his code is made
(a dispatch loop over a table) calls that one; who has an opcode at run time (constant folding) calls `compute_int` and
its like, which look the function up by opcode. Both are only for operands for which the operation is defined:
`is_defined` and `is_defined_of_float` say so. The model backend computes on its own, to have something to compare with.
"""

from ouro.jitcore import operations as ops
from ouro.lltype import GCREF, cast_int_to_ptr, cast_ptr_to_int
from ouro.rlib.rarithmetic import LONG_BIT, intmask, ovfcheck, r_longlong, r_uint
from ouro.rlib.rarithmetic import uint_mul_high as unsigned_mul_high
from ouro.rlib.rfloat import INFINITY, NAN, copysign, float_from_bits, float_to_bits

LOWEST = -(1 << (LONG_BIT - 1))
TOO_LARGE = float(1 << (LONG_BIT - 1))

# ---- integers


def int_add(a, b):
    return intmask(a + b)


def int_sub(a, b):
    return intmask(a - b)


def int_mul(a, b):
    return intmask(a * b)


def int_and(a, b):
    return a & b


def int_or(a, b):
    return a | b


def int_xor(a, b):
    return a ^ b


def int_lshift(a, b):
    return intmask(r_uint(a) << r_uint(b))


def int_rshift(a, b):
    return a >> b


def uint_rshift(a, b):
    return intmask(r_uint(a) >> r_uint(b))


def int_neg(a):
    return intmask(-a)


def int_invert(a):
    return ~a


def int_signext(a, size):
    shift = LONG_BIT - 8 * size
    return int_lshift(a, shift) >> shift


def int_is_true(a):
    return int(a != 0)


def int_is_zero(a):
    return int(a == 0)


def int_lt(a, b):
    return int(a < b)


def int_le(a, b):
    return int(a <= b)


def int_eq(a, b):
    return int(a == b)


def int_ne(a, b):
    return int(a != b)


def int_gt(a, b):
    return int(a > b)


def int_ge(a, b):
    return int(a >= b)


def uint_lt(a, b):
    return int(r_uint(a) < r_uint(b))


def uint_le(a, b):
    return int(r_uint(a) <= r_uint(b))


def uint_gt(a, b):
    return int(r_uint(a) > r_uint(b))


def uint_ge(a, b):
    return int(r_uint(a) >= r_uint(b))


def uint_mul_high(a, b):
    return intmask(unsigned_mul_high(r_uint(a), r_uint(b)))


def int_floordiv(a, b):
    return a // b


def int_mod(a, b):
    return a % b


def int_force_ge_zero(a):
    return a if a >= 0 else 0


def int_between(a, b, c):
    return int(a <= b < c)


def _overflows_add(a, b):
    try:
        ovfcheck(a + b)
    except OverflowError:
        return True
    return False


def _overflows_sub(a, b):
    try:
        ovfcheck(a - b)
    except OverflowError:
        return True
    return False


def _overflows_mul(a, b):
    try:
        ovfcheck(a * b)
    except OverflowError:
        return True
    return False


# ---- floats


def float_add(a, b):
    return a + b


def float_sub(a, b):
    return a - b


def float_mul(a, b):
    return a * b


def float_truediv(a, b):
    if b != 0.0:
        return a / b
    if a == 0.0:
        return NAN
    return copysign(INFINITY, a) * copysign(1.0, b) if a == a else a


def float_neg(a):
    return -a


def float_abs(a):
    return copysign(a, 1.0)


def float_lt(a, b):
    return int(a < b)


def float_le(a, b):
    return int(a <= b)


def float_eq(a, b):
    return int(a == b)


def float_ne(a, b):
    return int(a != b)


def float_gt(a, b):
    return int(a > b)


def float_ge(a, b):
    return int(a >= b)


def cast_float_to_int(a):
    return int(a)


def cast_int_to_float(a):
    return float(a)


def convert_float_bytes_to_longlong(a):
    return intmask(float_to_bits(a))


def convert_longlong_bytes_to_float(a):
    return float_from_bits(r_longlong(a))


# ---- references


def ptr_eq(a, b):
    return int(a == b)


def ptr_ne(a, b):
    return int(a != b)


def ptr_iszero(a):
    return int(not a)


def ptr_nonzero(a):
    return int(bool(a))


def cast_ptr_to_word(a):
    return cast_ptr_to_int(a)


def cast_word_to_ptr(a):
    return cast_int_to_ptr(GCREF, a)


# ---- by opcode


def _no_ints(a, b, c):
    raise AssertionError("the operation does not make an int of ints")


def _no_floats(a, b):
    raise AssertionError("the operation does not make an int of floats")


def _no_float(a, b):
    raise AssertionError("the operation does not make a float of floats")


def _no_references(a, b):
    raise AssertionError("the operation does not make an int of references")


def _no_overflow(a, b):
    raise AssertionError("the operation cannot overflow")


def _with_arity(function, arity, wanted):
    """The function, taking and ignoring further operands up to `wanted`, so that those of one table are alike."""
    if arity == wanted:
        return function
    if wanted == 2:
        return lambda a, b: function(a)
    if arity == 2:
        return lambda a, b, c: function(a, b)
    return lambda a, b, c: function(a)


#: Operations whose function has another name: the name is that of a function of lltype.
_RENAMED = {"cast_ptr_to_int": cast_ptr_to_word, "cast_int_to_ptr": cast_word_to_ptr}

_BY_NAME = dict(globals())
_BY_NAME.update(_RENAMED)
_BY_NAME["int_add_ovf"] = int_add
_BY_NAME["int_sub_ovf"] = int_sub
_BY_NAME["int_mul_ovf"] = int_mul
_BY_NAME["instance_ptr_eq"] = ptr_eq
_BY_NAME["instance_ptr_ne"] = ptr_ne

#: Opcode to the function of its operands, for those that make dispatch loops. Of an overflow operation: what is left
#: of the result, the low bits. `load_class` is missing: it needs a machine.
FUNCTIONS = {
    opcode: _BY_NAME[name]
    for opcode, name in enumerate(ops.names)
    if (ops.has_flag(opcode, ops.PURE | ops.OVERFLOW) and not ops.has_flag(opcode, ops.LOAD | ops.LOWERED))
    and opcode != ops.LOAD_CLASS
}


def _table(kinds, result, nothing):
    """The list, by opcode, of the functions of operands of one kind with some result."""
    wanted = nothing.__code__.co_argcount
    found = [nothing] * ops.COUNT
    for opcode, function in FUNCTIONS.items():
        operands = ops.operand_kinds[opcode]
        if set(operands) == {kinds} and ops.result_kinds[opcode] == result:
            found[opcode] = _with_arity(function, len(operands), wanted)
    return found


_INT_OF_INTS = _table("i", "i", _no_ints)
_INT_OF_FLOATS = _table("f", "i", _no_floats)
_FLOAT_OF_FLOATS = _table("f", "f", _no_float)
_INT_OF_REFERENCES = _table("r", "i", _no_references)
_OVERFLOWS = [_no_overflow] * ops.COUNT
_OVERFLOWS[ops.INT_ADD_OVF] = _overflows_add
_OVERFLOWS[ops.INT_SUB_OVF] = _overflows_sub
_OVERFLOWS[ops.INT_MUL_OVF] = _overflows_mul


def compute_int(opcode, a, b=0, c=0):
    """The result, an int, of an operation on ints; of an overflow operation its low bits."""
    return _INT_OF_INTS[opcode](a, b, c)


def compute_int_of_floats(opcode, a, b=0.0):
    """The result, an int, of an operation on floats."""
    return _INT_OF_FLOATS[opcode](a, b)


def compute_float(opcode, a, b=0.0):
    """The result, a float, of an operation on floats."""
    return _FLOAT_OF_FLOATS[opcode](a, b)


def compute_float_of_int(opcode, a):
    """The result, a float, of an operation on an int."""
    if opcode == ops.CAST_INT_TO_FLOAT:
        return cast_int_to_float(a)
    assert opcode == ops.CONVERT_LONGLONG_BYTES_TO_FLOAT
    return convert_longlong_bytes_to_float(a)


def compute_int_of_references(opcode, a, b):
    """The result, an int, of an operation on references other than `load_class`; `b` is ignored where there is one."""
    return _INT_OF_REFERENCES[opcode](a, b)


def overflows(opcode, a, b):
    """Does an overflow operation overflow?"""
    return _OVERFLOWS[opcode](a, b)


def is_defined(opcode, a, b=0):
    """Has an operation on ints a result for these operands? (Of divisions and shifts not for all.)"""
    if opcode == ops.INT_FLOORDIV or opcode == ops.INT_MOD:
        return b != 0 and not (b == -1 and a == LOWEST)
    if opcode == ops.INT_LSHIFT or opcode == ops.INT_RSHIFT or opcode == ops.UINT_RSHIFT:
        return 0 <= b < LONG_BIT
    if opcode == ops.INT_SIGNEXT:
        return b == 1 or b == 2 or b == 4
    return True


def is_defined_of_float(opcode, a):
    """Has an operation on a float a result for this operand?"""
    return opcode != ops.CAST_FLOAT_TO_INT or -TOO_LARGE <= a < TOO_LARGE
