"""Operations that are one C expression.

`{0}`, `{1}`, ... are the operands, `{T}` is the C type of the result. What needs more than an expression
(calls, memory, exceptions) is written by `_function`.
"""

from __future__ import annotations

from ouro.rtyper.operations import OPERATIONS

EXPRESSIONS: dict[str, str] = {
    "bool_not": "!{0}",
    "same_as": "{0}",
    "likely": "OURO_LIKELY({0})",
    "unlikely": "OURO_UNLIKELY({0})",
    "int_between": "({0} <= {1} && {1} < {2})",
    "int_force_ge_zero": "({0} < 0 ? 0 : {0})",
    "uint_mul_high": "ouro_uint_mul_high({0}, {1})",
    "int_signext": "ouro_int_signext({0}, {1})",
    "int_abs": "({0} < 0 ? -{0} : {0})",
    "llong_abs": "({0} < 0 ? -{0} : {0})",
    "float_add": "{0} + {1}",
    "float_sub": "{0} - {1}",
    "float_mul": "{0} * {1}",
    "float_truediv": "{0} / {1}",
    "float_neg": "-{0}",
    "float_abs": "__builtin_fabs({0})",
    "float_is_true": "{0} != 0.0",
    "float_to_bits": "ouro_float_to_bits({0})",
    "float_from_bits": "ouro_float_from_bits({0})",
    "single_to_bits": "ouro_single_to_bits({0})",
    "single_from_bits": "ouro_single_from_bits({0})",
    "ptr_eq": "(void *){0} == (void *){1}",
    "ptr_ne": "(void *){0} != (void *){1}",
    "ptr_iszero": "{0} == NULL",
    "ptr_nonzero": "{0} != NULL",
    "adr_add": "{0} + {1}",
    "adr_sub": "{0} - {1}",
    "adr_delta": "{0} - {1}",
    "raw_malloc": "ouro_raw_malloc({0})",
    "raw_malloc_zeroed": "ouro_raw_malloc_zeroed({0})",
    "raw_realloc": "ouro_raw_realloc({0}, {1})",
    "get_object_type": "({T})((char *)ouro_type_table + ((struct ouro_gc_header *){0})->type_id "
    "+ sizeof(struct ouro_type_row))",
    "stack_current": "(Signed)ouro_stack_pointer()",
    "debug_enabled": "ouro_debug_enabled()",
    "read_timestamp": "ouro_read_timestamp()",
    "get_saved_errno": "ouro_saved_errno",
    "atomic_compare_exchange": "__sync_bool_compare_and_swap((Signed *){0}, {1}, {2})",
    "we_are_jitted": "0",
    "jit_is_constant": "0",
    "jit_is_virtual": "0",
}

#: Operations that are one C statement.
STATEMENTS: dict[str, str] = {
    "raw_free": "ouro_raw_free({0});",
    "raw_memcopy": "memcpy({1}, {0}, (size_t){2});",
    "raw_memmove": "memmove({1}, {0}, (size_t){2});",
    "raw_memclear": "memset({0}, 0, (size_t){1});",
    "memory_fence": "__sync_synchronize();",
    "save_errno": "ouro_save_errno();",
    "restore_errno": "ouro_restore_errno();",
    "set_saved_errno": "ouro_saved_errno = (int){0};",
    "debug_flush": "ouro_debug_flush();",
    "debug_traceback_reset": "ouro_traceback_reset();",
    "gc_write_barrier": "if (OURO_UNLIKELY(((struct ouro_gc_header *){0})->flags & 1)) {1}((char *){0});",
    "gc_write_barrier_array": "if (OURO_UNLIKELY(((struct ouro_gc_header *){0})->flags & 1)) "
    "{2}((char *){0}, {1});",
}

#: Operations that leave nothing in C.
NOTHING = frozenset(
    {
        "jit_marker",
        "jit_force_virtualizable",
        "jit_force_quasi_immutable",
        "jit_record_exact_class",
        "jit_record_exact_value",
        "jit_virtual_ref_finish",
        "jit_set_param",
        "jit_call_for_events",
        "debug_assert_not_none",
        "debug_record_traceback",
    }
)

#: Operations whose result is their first operand.
ALIASES = frozenset({"same_as", "hint", "jit_force_virtual", "jit_virtual_ref"})

_ARITHMETIC = {"add": "+", "sub": "-", "mul": "*", "and": "&", "or": "|", "xor": "^"}
_COMPARISONS = {"lt": "<", "le": "<=", "eq": "==", "ne": "!=", "gt": ">", "ge": ">="}

for _prefix in ("int", "uint", "llong", "ullong"):
    for _name, _sign in _ARITHMETIC.items():
        EXPRESSIONS[f"{_prefix}_{_name}"] = f"{{0}} {_sign} {{1}}"
    EXPRESSIONS[f"{_prefix}_lshift"] = "{0} << {1}"
    EXPRESSIONS[f"{_prefix}_rshift"] = "{0} >> {1}"
    EXPRESSIONS[f"{_prefix}_neg"] = "-{0}"
    EXPRESSIONS[f"{_prefix}_invert"] = "~{0}"
    EXPRESSIONS[f"{_prefix}_is_true"] = "{0} != 0"
    EXPRESSIONS[f"{_prefix}_max"] = "({0} > {1} ? {0} : {1})"
    EXPRESSIONS[f"{_prefix}_min"] = "({0} < {1} ? {0} : {1})"
    if _prefix.startswith("u"):
        EXPRESSIONS.update(
            {f"{_prefix}_{_name}": "{0} " + _sign + " {1}" for _name, _sign in
             (("c_div", "/"), ("c_mod", "%"), ("floordiv", "/"), ("mod", "%"))}
        )  # fmt: skip
    else:
        for _name in ("c_div", "c_mod", "floordiv", "mod"):
            EXPRESSIONS[f"{_prefix}_{_name}"] = f"ouro_{_prefix}_{_name}({{0}}, {{1}})"
for _prefix in ("int", "uint", "llong", "ullong", "float", "char", "adr"):
    for _name, _sign in _COMPARISONS.items():
        EXPRESSIONS[f"{_prefix}_{_name}"] = f"{{0}} {_sign} {{1}}"

for _conversion in (
    "cast_primitive cast_pointer cast_opaque_ptr cast_ptr_to_int cast_int_to_ptr cast_ptr_to_adr cast_adr_to_ptr "
    "cast_adr_to_int cast_int_to_adr cast_bool_to_int cast_bool_to_uint cast_bool_to_llong cast_bool_to_ullong "
    "cast_bool_to_float cast_char_to_int cast_int_to_char cast_int_to_uint cast_uint_to_int cast_int_to_llong "
    "cast_int_to_ullong cast_uint_to_llong cast_uint_to_ullong cast_llong_to_int cast_llong_to_uint "
    "cast_llong_to_ullong cast_ullong_to_int cast_ullong_to_uint cast_ullong_to_llong cast_int_to_float "
    "cast_uint_to_float cast_llong_to_float cast_ullong_to_float cast_float_to_int cast_float_to_uint "
    "cast_float_to_llong cast_float_to_ullong"
).split():
    EXPRESSIONS[_conversion] = "({T}){0}"
EXPRESSIONS["cast_primitive"] = "({T})({0})"

#: Operations that may be written inside the expression that uses them: they depend on their operands alone, and
#: those whose text repeats an operand, so that folding could double the text again and again, are left out.
FOLDED = frozenset(
    name
    for name, text in EXPRESSIONS.items()
    if OPERATIONS[name].pure and not any(text.count("{%d}" % number) > 1 for number in range(3))
)

#: Checked arithmetic: the GCC builtin that does it, and its operands.
OVERFLOW: dict[str, tuple[str, str]] = {
    "int_add_ovf": ("__builtin_add_overflow", "{0}, {1}"),
    "int_sub_ovf": ("__builtin_sub_overflow", "{0}, {1}"),
    "int_mul_ovf": ("__builtin_mul_overflow", "{0}, {1}"),
    "int_neg_ovf": ("__builtin_sub_overflow", "(Signed)0, {0}"),
    "int_abs_ovf": ("ouro_int_abs_overflow", "{0}"),
}
