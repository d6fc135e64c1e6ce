"""The instruction set: CPython 2.7's.

One table gives every opcode's number, the kind of its argument and its effect on the depth of the value
stack.
"""

NONE = 0          # no argument
PLAIN = 1         # a number
CONST = 2         # index into the constants
NAME = 3          # index into the names
LOCAL = 4         # index into the local variables
FREE = 5          # index into cell and free variables
COMPARE = 6       # index into COMPARISONS
RELATIVE_JUMP = 7
ABSOLUTE_JUMP = 8

# Effects that depend on the argument; see stack_effect().
_BY_ARGUMENT = 100

_TABLE = (
    # name, number, argument, stack effect
    ("POP_TOP", 1, NONE, -1),
    ("ROT_TWO", 2, NONE, 0),
    ("ROT_THREE", 3, NONE, 0),
    ("DUP_TOP", 4, NONE, 1),
    ("ROT_FOUR", 5, NONE, 0),
    ("NOP", 9, NONE, 0),
    ("UNARY_POSITIVE", 10, NONE, 0),
    ("UNARY_NEGATIVE", 11, NONE, 0),
    ("UNARY_NOT", 12, NONE, 0),
    ("UNARY_CONVERT", 13, NONE, 0),
    ("UNARY_INVERT", 15, NONE, 0),
    ("BINARY_POWER", 19, NONE, -1),
    ("BINARY_MULTIPLY", 20, NONE, -1),
    ("BINARY_DIVIDE", 21, NONE, -1),
    ("BINARY_MODULO", 22, NONE, -1),
    ("BINARY_ADD", 23, NONE, -1),
    ("BINARY_SUBTRACT", 24, NONE, -1),
    ("BINARY_SUBSCR", 25, NONE, -1),
    ("BINARY_FLOOR_DIVIDE", 26, NONE, -1),
    ("BINARY_TRUE_DIVIDE", 27, NONE, -1),
    ("INPLACE_FLOOR_DIVIDE", 28, NONE, -1),
    ("INPLACE_TRUE_DIVIDE", 29, NONE, -1),
    ("SLICE_0", 30, NONE, 0),
    ("SLICE_1", 31, NONE, -1),
    ("SLICE_2", 32, NONE, -1),
    ("SLICE_3", 33, NONE, -2),
    ("STORE_SLICE_0", 40, NONE, -2),
    ("STORE_SLICE_1", 41, NONE, -3),
    ("STORE_SLICE_2", 42, NONE, -3),
    ("STORE_SLICE_3", 43, NONE, -4),
    ("DELETE_SLICE_0", 50, NONE, -1),
    ("DELETE_SLICE_1", 51, NONE, -2),
    ("DELETE_SLICE_2", 52, NONE, -2),
    ("DELETE_SLICE_3", 53, NONE, -3),
    ("STORE_MAP", 54, NONE, -2),
    ("INPLACE_ADD", 55, NONE, -1),
    ("INPLACE_SUBTRACT", 56, NONE, -1),
    ("INPLACE_MULTIPLY", 57, NONE, -1),
    ("INPLACE_DIVIDE", 58, NONE, -1),
    ("INPLACE_MODULO", 59, NONE, -1),
    ("STORE_SUBSCR", 60, NONE, -3),
    ("DELETE_SUBSCR", 61, NONE, -2),
    ("BINARY_LSHIFT", 62, NONE, -1),
    ("BINARY_RSHIFT", 63, NONE, -1),
    ("BINARY_AND", 64, NONE, -1),
    ("BINARY_XOR", 65, NONE, -1),
    ("BINARY_OR", 66, NONE, -1),
    ("INPLACE_POWER", 67, NONE, -1),
    ("GET_ITER", 68, NONE, 0),
    ("PRINT_EXPR", 70, NONE, -1),
    ("PRINT_ITEM", 71, NONE, -1),
    ("PRINT_NEWLINE", 72, NONE, 0),
    ("PRINT_ITEM_TO", 73, NONE, -2),
    ("PRINT_NEWLINE_TO", 74, NONE, -1),
    ("INPLACE_LSHIFT", 75, NONE, -1),
    ("INPLACE_RSHIFT", 76, NONE, -1),
    ("INPLACE_AND", 77, NONE, -1),
    ("INPLACE_XOR", 78, NONE, -1),
    ("INPLACE_OR", 79, NONE, -1),
    ("BREAK_LOOP", 80, NONE, 0),
    ("WITH_CLEANUP", 81, NONE, -1),
    ("LOAD_LOCALS", 82, NONE, 1),
    ("RETURN_VALUE", 83, NONE, -1),
    ("IMPORT_STAR", 84, NONE, -1),
    ("EXEC_STMT", 85, NONE, -3),
    ("YIELD_VALUE", 86, NONE, 0),
    ("POP_BLOCK", 87, NONE, 0),
    ("END_FINALLY", 88, NONE, -3),
    ("BUILD_CLASS", 89, NONE, -2),
    ("STORE_NAME", 90, NAME, -1),
    ("DELETE_NAME", 91, NAME, 0),
    ("UNPACK_SEQUENCE", 92, PLAIN, _BY_ARGUMENT),
    ("FOR_ITER", 93, RELATIVE_JUMP, 1),
    ("LIST_APPEND", 94, PLAIN, -1),
    ("STORE_ATTR", 95, NAME, -2),
    ("DELETE_ATTR", 96, NAME, -1),
    ("STORE_GLOBAL", 97, NAME, -1),
    ("DELETE_GLOBAL", 98, NAME, 0),
    ("DUP_TOPX", 99, PLAIN, _BY_ARGUMENT),
    ("LOAD_CONST", 100, CONST, 1),
    ("LOAD_NAME", 101, NAME, 1),
    ("BUILD_TUPLE", 102, PLAIN, _BY_ARGUMENT),
    ("BUILD_LIST", 103, PLAIN, _BY_ARGUMENT),
    ("BUILD_SET", 104, PLAIN, _BY_ARGUMENT),
    ("BUILD_MAP", 105, PLAIN, 1),
    ("LOAD_ATTR", 106, NAME, 0),
    ("COMPARE_OP", 107, COMPARE, -1),
    ("IMPORT_NAME", 108, NAME, -1),
    ("IMPORT_FROM", 109, NAME, 1),
    ("JUMP_FORWARD", 110, RELATIVE_JUMP, 0),
    ("JUMP_IF_FALSE_OR_POP", 111, ABSOLUTE_JUMP, 0),
    ("JUMP_IF_TRUE_OR_POP", 112, ABSOLUTE_JUMP, 0),
    ("JUMP_ABSOLUTE", 113, ABSOLUTE_JUMP, 0),
    ("POP_JUMP_IF_FALSE", 114, ABSOLUTE_JUMP, -1),
    ("POP_JUMP_IF_TRUE", 115, ABSOLUTE_JUMP, -1),
    ("LOAD_GLOBAL", 116, NAME, 1),
    ("CONTINUE_LOOP", 119, ABSOLUTE_JUMP, 0),
    ("SETUP_LOOP", 120, RELATIVE_JUMP, 0),
    ("SETUP_EXCEPT", 121, RELATIVE_JUMP, 0),
    ("SETUP_FINALLY", 122, RELATIVE_JUMP, 0),
    ("LOAD_FAST", 124, LOCAL, 1),
    ("STORE_FAST", 125, LOCAL, -1),
    ("DELETE_FAST", 126, LOCAL, 0),
    ("RAISE_VARARGS", 130, PLAIN, _BY_ARGUMENT),
    ("CALL_FUNCTION", 131, PLAIN, _BY_ARGUMENT),
    ("MAKE_FUNCTION", 132, PLAIN, _BY_ARGUMENT),
    ("BUILD_SLICE", 133, PLAIN, _BY_ARGUMENT),
    ("MAKE_CLOSURE", 134, PLAIN, _BY_ARGUMENT),
    ("LOAD_CLOSURE", 135, FREE, 1),
    ("LOAD_DEREF", 136, FREE, 1),
    ("STORE_DEREF", 137, FREE, -1),
    ("CALL_FUNCTION_VAR", 140, PLAIN, _BY_ARGUMENT),
    ("CALL_FUNCTION_KW", 141, PLAIN, _BY_ARGUMENT),
    ("CALL_FUNCTION_VAR_KW", 142, PLAIN, _BY_ARGUMENT),
    ("SETUP_WITH", 143, RELATIVE_JUMP, 4),
    ("EXTENDED_ARG", 145, PLAIN, 0),
    ("SET_ADD", 146, PLAIN, -1),
    ("MAP_ADD", 147, PLAIN, -2),
)

# Opcodes from this number on have an argument.
HAVE_ARGUMENT = 90

COMPARISONS = ("<", "<=", "==", "!=", ">", ">=", "in", "not in", "is", "is not", "exception match", "BAD")

COMPARE_IN = COMPARISONS.index("in")
COMPARE_NOT_IN = COMPARISONS.index("not in")
COMPARE_IS_NOT = COMPARISONS.index("is not")
COMPARE_EXCEPTION_MATCH = COMPARISONS.index("exception match")

OPCODE_NAMES = [""] * 256
OPCODE_NUMBERS = {}
ARGUMENT_KIND = [NONE] * 256
_STACK_EFFECT = [0] * 256
for _name, _number, _kind, _effect in _TABLE:
    OPCODE_NAMES[_number] = _name
    OPCODE_NUMBERS[_name] = _number
    ARGUMENT_KIND[_number] = _kind
    _STACK_EFFECT[_number] = _effect
    globals()[_name] = _number

_CALL_FUNCTION = OPCODE_NUMBERS["CALL_FUNCTION"]
_CALL_FUNCTION_VAR = OPCODE_NUMBERS["CALL_FUNCTION_VAR"]
_CALL_FUNCTION_KW = OPCODE_NUMBERS["CALL_FUNCTION_KW"]
_CALL_FUNCTION_VAR_KW = OPCODE_NUMBERS["CALL_FUNCTION_VAR_KW"]
_BUILD_TUPLE = OPCODE_NUMBERS["BUILD_TUPLE"]
_BUILD_LIST = OPCODE_NUMBERS["BUILD_LIST"]
_BUILD_SET = OPCODE_NUMBERS["BUILD_SET"]
_BUILD_SLICE = OPCODE_NUMBERS["BUILD_SLICE"]
_UNPACK_SEQUENCE = OPCODE_NUMBERS["UNPACK_SEQUENCE"]
_DUP_TOPX = OPCODE_NUMBERS["DUP_TOPX"]
_RAISE_VARARGS = OPCODE_NUMBERS["RAISE_VARARGS"]
_MAKE_FUNCTION = OPCODE_NUMBERS["MAKE_FUNCTION"]
_MAKE_CLOSURE = OPCODE_NUMBERS["MAKE_CLOSURE"]

IS_JUMP = [_kind == RELATIVE_JUMP or _kind == ABSOLUTE_JUMP for _kind in ARGUMENT_KIND]


def _count_arguments(argument):
    return (argument & 0xFF) + 2 * (argument >> 8)


def stack_effect(opcode, argument):
    """By how much the instruction changes the depth of the stack (where it does not jump)."""
    effect = _STACK_EFFECT[opcode]
    if effect != _BY_ARGUMENT:
        return effect
    if opcode == _CALL_FUNCTION:
        return -_count_arguments(argument)
    if opcode == _CALL_FUNCTION_VAR or opcode == _CALL_FUNCTION_KW:
        return -_count_arguments(argument) - 1
    if opcode == _BUILD_TUPLE or opcode == _BUILD_LIST or opcode == _BUILD_SET or opcode == _BUILD_SLICE:
        return 1 - argument
    if opcode == _UNPACK_SEQUENCE:
        return argument - 1
    if opcode == _DUP_TOPX:
        return argument
    if opcode == _RAISE_VARARGS or opcode == _MAKE_FUNCTION:
        return -argument
    if opcode == _MAKE_CLOSURE:
        return -argument - 1
    assert opcode == _CALL_FUNCTION_VAR_KW
    return -_count_arguments(argument) - 2
