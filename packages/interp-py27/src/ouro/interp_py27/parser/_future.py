"""Compiler flags, and the features that `from __future__ import` turns on."""

CO_FUTURE_DIVISION = 0x2000
CO_FUTURE_ABSOLUTE_IMPORT = 0x4000
CO_FUTURE_WITH_STATEMENT = 0x8000
CO_FUTURE_PRINT_FUNCTION = 0x10000
CO_FUTURE_UNICODE_LITERALS = 0x20000

# Flags that a code object keeps and hands to code compiled inside it.
FUTURE_MASK = (CO_FUTURE_DIVISION | CO_FUTURE_ABSOLUTE_IMPORT | CO_FUTURE_WITH_STATEMENT
               | CO_FUTURE_PRINT_FUNCTION | CO_FUTURE_UNICODE_LITERALS)

# Flags of `compile()` alone.
SOURCE_IS_UTF8 = 0x100
DONT_IMPLY_DEDENT = 0x200
ONLY_AST = 0x400

# Feature name to flag; features that are always on have none.
FEATURE_FLAGS = {
    "nested_scopes": 0,
    "generators": 0,
    "division": CO_FUTURE_DIVISION,
    "absolute_import": CO_FUTURE_ABSOLUTE_IMPORT,
    "with_statement": CO_FUTURE_WITH_STATEMENT,
    "print_function": CO_FUTURE_PRINT_FUNCTION,
    "unicode_literals": CO_FUTURE_UNICODE_LITERALS,
}
