"""Python 2.7 AST to code units.

`compile_source` and `compile_ast` return a `CodeUnit`, which holds what CPython's code objects hold and knows
no application objects.  Code is CPython 2.7's, byte for byte, but for the two opcodes of method calls, which
`CompileOptions` turns off.
"""

from . import _opcodes as opcodes
from ._code_unit import (
                         CO_GENERATOR,
                         CO_NESTED,
                         CO_NEWLOCALS,
                         CO_NOFREE,
                         CO_OPTIMIZED,
                         CO_VARARGS,
                         CO_VARKEYWORDS,
                         CodeUnit,
                         ConstCode,
)
from ._driver import compile_ast, compile_source
from ._expressions import CompileOptions
from ._marshal import MarshalReader, MarshalWriter, dump_code, dump_constant, load_code, load_constant
from ._marshal_stream import MarshalInput, MarshalOutput, MarshalProblem
from ._opcodes import stack_effect
from ._scopes import mangle

__all__ = [
    "CO_GENERATOR", "CO_NESTED", "CO_NEWLOCALS", "CO_NOFREE", "CO_OPTIMIZED", "CO_VARARGS",
    "CO_VARKEYWORDS", "CodeUnit", "CompileOptions", "ConstCode", "MarshalProblem", "MarshalReader",
    "MarshalInput", "MarshalOutput", "MarshalWriter", "compile_ast", "compile_source", "dump_code", "dump_constant",
    "load_code",
    "load_constant", "mangle", "opcodes", "stack_effect",
]
