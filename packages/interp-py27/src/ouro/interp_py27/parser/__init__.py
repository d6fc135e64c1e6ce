"""Python 2.7 source to AST.

`parse_source` reads a program; `nodes` holds the AST classes, `SUMS` the table they are made from; mistakes
in the program arrive as `SyntaxProblem`.  Everything here is RPython and knows no application objects:
literals are `Constant`s, and what needs the virtual machine (codecs, warnings, character names) goes through
`Callbacks`.
"""

from . import _nodes as nodes
from ._asdl import SUMS, is_enumeration, is_product
from ._constants import (
                         ELLIPSIS,
                         FALSE,
                         NONE,
                         STOP_ITERATION,
                         TRUE,
                         Constant,
                         ConstBool,
                         ConstBytes,
                         ConstComplex,
                         ConstEllipsis,
                         ConstFloat,
                         ConstFrozenSet,
                         ConstInt,
                         ConstLong,
                         ConstNone,
                         ConstStopIteration,
                         ConstTuple,
                         ConstUnicode,
)
from ._driver import DEFAULT_OPTIONS, ParseOptions, parse_source
from ._future import (
                         CO_FUTURE_ABSOLUTE_IMPORT,
                         CO_FUTURE_DIVISION,
                         CO_FUTURE_PRINT_FUNCTION,
                         CO_FUTURE_UNICODE_LITERALS,
                         CO_FUTURE_WITH_STATEMENT,
                         DONT_IMPLY_DEDENT,
                         FEATURE_FLAGS,
                         FUTURE_MASK,
                         ONLY_AST,
                         SOURCE_IS_UTF8,
)
from ._problems import Callbacks, DecodingProblem, IncompleteInput, SyntaxProblem
from ._tokenizer import TABS_REFUSED

__all__ = [
    "CO_FUTURE_ABSOLUTE_IMPORT", "CO_FUTURE_DIVISION", "CO_FUTURE_PRINT_FUNCTION",
    "CO_FUTURE_UNICODE_LITERALS", "CO_FUTURE_WITH_STATEMENT", "Callbacks", "ConstBool", "ConstBytes",
    "ConstComplex", "ConstEllipsis", "ConstFloat", "ConstFrozenSet", "ConstInt", "ConstLong",
    "ConstNone", "ConstStopIteration", "ConstTuple", "ConstUnicode", "Constant", "DEFAULT_OPTIONS",
    "DONT_IMPLY_DEDENT", "DecodingProblem", "ELLIPSIS", "FALSE", "FEATURE_FLAGS", "FUTURE_MASK",
    "IncompleteInput", "NONE", "ONLY_AST", "ParseOptions", "SOURCE_IS_UTF8", "STOP_ITERATION", "SUMS",
    "SyntaxProblem", "TABS_REFUSED", "TRUE", "is_enumeration", "is_product", "nodes", "parse_source",
]
