"""The rewriting rules: one table. Rules for rules:

* A row is `name: pattern => result` or `name: pattern => result if condition, ...`, in the text of traces.
  It may go on in indented lines.
* Small letters are values, capitals constants, `N` and `M` numbers of bytes for `int_signext`. A letter that stands
  twice is the same value twice.
* `null` is the null reference; `BITS` the number of bits of a word. Floats have a point.
* A result is a letter, a constant, or one operation on such. Constants that are computed are written as operations;
  `log2(C)` is for constants that `power_of_two(C)` holds of.
* A condition is an operation on integers; it holds where the ranges of its operands make it certain.
* Where an operation commutes, both orders match. Constants stand on the right of it, so a pattern writes them there.
* The result must not do more than the pattern. The first row that fits is taken, and what it makes is looked at again.
* Every row is proved by z3 at 32 and 64 bits (floats as doubles, in which all NaNs are one). A row without a proof does
  not go in.

The idea of rows that a matcher is made of is that of LuaJIT's fold rules and of Cranelift's ISLE.
"""

INTEGER_RULES = """
add_zero: int_add(x, 0) => x
add_constants: int_add(int_add(x, C), D) => int_add(x, int_add(C, D))
add_to_difference: int_add(int_sub(C, x), D) => int_sub(int_add(C, D), x)
add_back: int_add(int_sub(x, y), y) => x
add_negation: int_add(x, int_neg(y)) => int_sub(x, y)
add_self: int_add(x, x) => int_lshift(x, 1)

sub_zero: int_sub(x, 0) => x
sub_self: int_sub(x, x) => 0
sub_constant: int_sub(x, C) => int_add(x, int_neg(C))
sub_from_zero: int_sub(0, x) => int_neg(x)
sub_from_constant: int_sub(C, int_add(x, D)) => int_sub(int_sub(C, D), x)
sub_difference_from_constant: int_sub(C, int_sub(D, x)) => int_add(x, int_sub(C, D))
sub_first_summand: int_sub(int_add(x, y), x) => y
sub_difference: int_sub(x, int_sub(x, y)) => y
sub_from_part: int_sub(int_sub(x, y), x) => int_neg(y)
sub_sum: int_sub(x, int_add(x, y)) => int_neg(y)
sub_negation: int_sub(x, int_neg(y)) => int_add(x, y)
sub_minus_one: int_sub(-1, x) => int_invert(x)

neg_neg: int_neg(int_neg(x)) => x
neg_sub: int_neg(int_sub(x, y)) => int_sub(y, x)
neg_invert: int_neg(int_invert(x)) => int_add(x, 1)
invert_invert: int_invert(int_invert(x)) => x
invert_neg: int_invert(int_neg(x)) => int_add(x, -1)

mul_zero: int_mul(x, 0) => 0
mul_one: int_mul(x, 1) => x
mul_minus_one: int_mul(x, -1) => int_neg(x)
mul_power_of_two: int_mul(x, C) => int_lshift(x, log2(C)) if power_of_two(C)
mul_shifted: int_mul(int_lshift(x, C), D) => int_mul(x, int_lshift(D, C))
mul_negations: int_mul(int_neg(x), int_neg(y)) => int_mul(x, y)
high_of_mul_zero: uint_mul_high(x, 0) => 0
high_of_mul_one: uint_mul_high(x, 1) => 0

ovf_add_zero: int_add_ovf(x, 0) => x
ovf_sub_zero: int_sub_ovf(x, 0) => x
ovf_sub_self: int_sub_ovf(x, x) => 0
ovf_mul_one: int_mul_ovf(x, 1) => x
ovf_mul_zero: int_mul_ovf(x, 0) => 0

floordiv_one: int_floordiv(x, 1) => x
floordiv_minus_one: int_floordiv(x, -1) => int_neg(x)
floordiv_power_of_two: int_floordiv(x, C) => int_rshift(x, log2(C)) if power_of_two(C)
floordiv_small: int_floordiv(x, y) => 0 if int_ge(x, 0), int_lt(x, y)
mod_power_of_two: int_mod(x, C) => int_and(x, int_sub(C, 1)) if power_of_two(C)
mod_minus_one: int_mod(x, -1) => 0
mod_small: int_mod(x, y) => x if int_ge(x, 0), int_lt(x, y)

and_self: int_and(x, x) => x
and_zero: int_and(x, 0) => 0
and_all: int_and(x, -1) => x
and_useless: int_and(x, C) => x if int_eq(int_and(x, int_invert(C)), 0)
and_constants: int_and(int_and(x, C), D) => int_and(x, int_and(C, D))
and_of_or: int_and(int_or(x, y), x) => x
and_of_or_constant: int_and(int_or(x, C), D) => int_and(x, D) if int_eq(int_and(C, D), 0)
and_invert: int_and(x, int_invert(x)) => 0
and_again: int_and(int_and(x, y), y) => int_and(x, y)

or_self: int_or(x, x) => x
or_zero: int_or(x, 0) => x
or_all: int_or(x, -1) => -1
or_useless: int_or(x, C) => x if int_eq(int_and(int_invert(x), C), 0)
or_constants: int_or(int_or(x, C), D) => int_or(x, int_or(C, D))
or_of_and: int_or(int_and(x, y), x) => x
or_invert: int_or(x, int_invert(x)) => -1
or_again: int_or(int_or(x, y), y) => int_or(x, y)

xor_self: int_xor(x, x) => 0
xor_zero: int_xor(x, 0) => x
xor_all: int_xor(x, -1) => int_invert(x)
xor_constants: int_xor(int_xor(x, C), D) => int_xor(x, int_xor(C, D))
xor_back: int_xor(int_xor(x, y), y) => x
xor_inverts: int_xor(int_invert(x), int_invert(y)) => int_xor(x, y)

lshift_zero: int_lshift(x, 0) => x
lshift_of_zero: int_lshift(0, x) => 0
lshift_twice: int_lshift(int_lshift(x, C), D) => int_lshift(x, int_add(C, D))
    if uint_lt(C, BITS), uint_lt(int_add(C, D), BITS)
lshift_of_rshift: int_lshift(int_rshift(x, C), C) => int_and(x, int_lshift(-1, C))
lshift_of_uint_rshift: int_lshift(uint_rshift(x, C), C) => int_and(x, int_lshift(-1, C))
lshift_of_and: int_lshift(int_and(x, C), D) => int_lshift(x, D) if int_eq(int_lshift(int_invert(C), D), 0)
rshift_zero: int_rshift(x, 0) => x
rshift_of_zero: int_rshift(0, x) => 0
rshift_of_all: int_rshift(-1, x) => -1
rshift_twice: int_rshift(int_rshift(x, C), D) => int_rshift(x, int_add(C, D))
    if uint_lt(C, BITS), uint_lt(int_add(C, D), BITS)
uint_rshift_zero: uint_rshift(x, 0) => x
uint_rshift_of_zero: uint_rshift(0, x) => 0
uint_rshift_twice: uint_rshift(uint_rshift(x, C), D) => uint_rshift(x, int_add(C, D))
    if uint_lt(C, BITS), uint_lt(int_add(C, D), BITS)
uint_rshift_of_lshift: uint_rshift(int_lshift(x, C), C) => int_and(x, uint_rshift(-1, C))
uint_rshift_of_nonnegative: uint_rshift(x, y) => int_rshift(x, y) if int_ge(x, 0)

signext_fits: int_signext(x, N) => x
    if int_ge(x, int_neg(int_lshift(1, int_sub(int_lshift(N, 3), 1)))),
        int_lt(x, int_lshift(1, int_sub(int_lshift(N, 3), 1)))
signext_twice: int_signext(int_signext(x, N), M) => int_signext(x, N) if int_le(N, M)
signext_narrower: int_signext(int_signext(x, N), M) => int_signext(x, M) if int_gt(N, M)
signext_of_and: int_signext(int_and(x, C), N) => int_signext(x, N)
    if int_eq(int_lshift(int_invert(C), int_sub(BITS, int_lshift(N, 3))), 0)

force_nonnegative: int_force_ge_zero(x) => x if int_ge(x, 0)
force_twice: int_force_ge_zero(int_force_ge_zero(x)) => int_force_ge_zero(x)

is_true_of_bool: int_is_true(x) => x if uint_le(x, 1)
is_true_of_is_zero: int_is_true(int_is_zero(x)) => int_is_zero(x)
is_true_of_neg: int_is_true(int_neg(x)) => int_is_true(x)
is_true_of_sub: int_is_true(int_sub(x, y)) => int_ne(x, y)
is_true_of_xor: int_is_true(int_xor(x, y)) => int_ne(x, y)
is_zero_of_sub: int_is_zero(int_sub(x, y)) => int_eq(x, y)
is_zero_of_xor: int_is_zero(int_xor(x, y)) => int_eq(x, y)
is_zero_of_neg: int_is_zero(int_neg(x)) => int_is_zero(x)
is_zero_of_is_zero: int_is_zero(int_is_zero(x)) => int_is_true(x)
is_zero_of_is_true: int_is_zero(int_is_true(x)) => int_is_zero(x)
not_lt: int_is_zero(int_lt(x, y)) => int_ge(x, y)
not_le: int_is_zero(int_le(x, y)) => int_gt(x, y)
not_gt: int_is_zero(int_gt(x, y)) => int_le(x, y)
not_ge: int_is_zero(int_ge(x, y)) => int_lt(x, y)
not_eq: int_is_zero(int_eq(x, y)) => int_ne(x, y)
not_ne: int_is_zero(int_ne(x, y)) => int_eq(x, y)
not_below: int_is_zero(uint_lt(x, y)) => uint_ge(x, y)
not_at_most: int_is_zero(uint_le(x, y)) => uint_gt(x, y)
not_above: int_is_zero(uint_gt(x, y)) => uint_le(x, y)
not_at_least: int_is_zero(uint_ge(x, y)) => uint_lt(x, y)
not_null: int_is_zero(ptr_iszero(r)) => ptr_nonzero(r)
not_nonnull: int_is_zero(ptr_nonzero(r)) => ptr_iszero(r)
not_same: int_is_zero(ptr_eq(r, s)) => ptr_ne(r, s)
not_different: int_is_zero(ptr_ne(r, s)) => ptr_eq(r, s)

eq_self: int_eq(x, x) => 1
eq_zero: int_eq(x, 0) => int_is_zero(x)
eq_one_of_bool: int_eq(x, 1) => x if uint_le(x, 1)
eq_of_sums: int_eq(int_add(x, C), D) => int_eq(x, int_sub(D, C))
eq_of_difference: int_eq(int_sub(C, x), D) => int_eq(x, int_sub(C, D))
eq_of_xor: int_eq(int_xor(x, C), D) => int_eq(x, int_xor(C, D))
eq_of_neg: int_eq(int_neg(x), C) => int_eq(x, int_neg(C))
eq_of_invert: int_eq(int_invert(x), C) => int_eq(x, int_invert(C))
eq_same_summand: int_eq(int_add(x, y), x) => int_is_zero(y)
eq_same_summands: int_eq(int_add(x, y), int_add(x, z)) => int_eq(y, z)
ne_self: int_ne(x, x) => 0
ne_zero: int_ne(x, 0) => int_is_true(x)
ne_one_of_bool: int_ne(x, 1) => int_is_zero(x) if uint_le(x, 1)
ne_of_sums: int_ne(int_add(x, C), D) => int_ne(x, int_sub(D, C))
ne_of_difference: int_ne(int_sub(C, x), D) => int_ne(x, int_sub(C, D))
ne_of_xor: int_ne(int_xor(x, C), D) => int_ne(x, int_xor(C, D))
ne_of_neg: int_ne(int_neg(x), C) => int_ne(x, int_neg(C))
ne_of_invert: int_ne(int_invert(x), C) => int_ne(x, int_invert(C))
ne_same_summand: int_ne(int_add(x, y), x) => int_is_true(y)
ne_same_summands: int_ne(int_add(x, y), int_add(x, z)) => int_ne(y, z)
lt_self: int_lt(x, x) => 0
le_self: int_le(x, x) => 1
gt_self: int_gt(x, x) => 0
ge_self: int_ge(x, x) => 1
lt_one_of_bool: int_lt(x, 1) => int_is_zero(x) if uint_le(x, 1)
gt_zero_of_bool: int_gt(x, 0) => x if uint_le(x, 1)
gt_zero_of_nonnegative: int_gt(x, 0) => int_is_true(x) if int_ge(x, 0)
le_zero_of_nonnegative: int_le(x, 0) => int_is_zero(x) if int_ge(x, 0)
lt_of_inverts: int_lt(int_invert(x), int_invert(y)) => int_lt(y, x)
below_self: uint_lt(x, x) => 0
at_most_self: uint_le(x, x) => 1
above_self: uint_gt(x, x) => 0
at_least_self: uint_ge(x, x) => 1
below_one: uint_lt(x, 1) => int_is_zero(x)
at_least_one: uint_ge(x, 1) => int_is_true(x)
above_zero: uint_gt(x, 0) => int_is_true(x)
below_signed: uint_lt(x, y) => int_lt(x, y) if int_ge(x, 0), int_ge(y, 0)
at_most_signed: uint_le(x, y) => int_le(x, y) if int_ge(x, 0), int_ge(y, 0)
above_signed: uint_gt(x, y) => int_gt(x, y) if int_ge(x, 0), int_ge(y, 0)
at_least_signed: uint_ge(x, y) => int_ge(x, y) if int_ge(x, 0), int_ge(y, 0)
between_known_below: int_between(x, y, z) => int_lt(y, z) if int_le(x, y)
between_known_above: int_between(x, y, z) => int_le(x, y) if int_lt(y, z)
between_next: int_between(x, y, C) => int_eq(y, x) if int_eq(int_add(x, 1), C), int_lt(x, C)
"""

REFERENCE_RULES = """
same_itself: ptr_eq(r, r) => 1
different_from_itself: ptr_ne(r, r) => 0
same_as_null: ptr_eq(r, null) => ptr_iszero(r)
different_from_null: ptr_ne(r, null) => ptr_nonzero(r)
instance_same_itself: instance_ptr_eq(r, r) => 1
instance_different_from_itself: instance_ptr_ne(r, r) => 0
instance_same_as_null: instance_ptr_eq(r, null) => ptr_iszero(r)
instance_different_from_null: instance_ptr_ne(r, null) => ptr_nonzero(r)
word_of_reference: cast_int_to_ptr(cast_ptr_to_int(r)) => r
reference_of_word: cast_ptr_to_int(cast_int_to_ptr(x)) => x
"""

FLOAT_RULES = """
float_mul_one: float_mul(f, 1.0) => f
float_mul_minus_one: float_mul(f, -1.0) => float_neg(f)
float_mul_two: float_mul(f, 2.0) => float_add(f, f)
float_sub_zero: float_sub(f, 0.0) => f
float_add_minus_zero: float_add(f, -0.0) => f
float_div_one: float_truediv(f, 1.0) => f
float_div_minus_one: float_truediv(f, -1.0) => float_neg(f)
float_div_two: float_truediv(f, 2.0) => float_mul(f, 0.5)
float_div_four: float_truediv(f, 4.0) => float_mul(f, 0.25)
float_div_half: float_truediv(f, 0.5) => float_add(f, f)
float_neg_neg: float_neg(float_neg(f)) => f
float_abs_abs: float_abs(float_abs(f)) => float_abs(f)
float_abs_neg: float_abs(float_neg(f)) => float_abs(f)
float_bits: convert_longlong_bytes_to_float(convert_float_bytes_to_longlong(f)) => f
bits_of_float: convert_float_bytes_to_longlong(convert_longlong_bytes_to_float(x)) => x
"""

def rows(text):
    """The rows of a text, without line ends."""
    found = []
    for line in text.strip().split("\n"):
        if line.startswith(" "):
            found[-1] += " " + line.strip()
        elif line:
            found.append(line)
    return found


ROWS = rows(INTEGER_RULES) + rows(REFERENCE_RULES) + rows(FLOAT_RULES)
