"""Annotated flow graphs to low-level typed graphs.

`TypedProgram` is what the later stages work on; `ouro.rtyper.operations` is the table of its operations;
`print_program` and `parse_program` are its text form.
"""

from ouro.rtyper._components import strongly_connected
from ouro.rtyper._evaluate import Unfoldable, evaluate
from ouro.rtyper._interpreter import FatalError, LowLevelException, TypedInterpreter
from ouro.rtyper._lexer import TextError
from ouro.rtyper._lowlevel import low_level_operation
from ouro.rtyper._methods import function_of_method
from ouro.rtyper._parser import OpaqueValue, parse_program
from ouro.rtyper._printer import print_program, print_typed_graph
from ouro.rtyper._program import (
    OBJECT,
    OBJECT_POINTER,
    OBJECT_VTABLE,
    VTABLE_POINTER,
    ExceptionData,
    TypedProgram,
)
from ouro.rtyper._representation import TyperError
from ouro.rtyper._specialize import specialize
from ouro.rtyper._string_helpers import STR_POINTER as STRING_POINTER
from ouro.rtyper._string_helpers import equal as string_equal
from ouro.rtyper._verify import VerificationError, verify_graph, verify_program
from ouro.rtyper.operations import OPERATIONS, OperationInfo, can_collect, can_raise, is_pure

__all__ = [
    "OBJECT",
    "OBJECT_POINTER",
    "OBJECT_VTABLE",
    "OPERATIONS",
    "STRING_POINTER",
    "VTABLE_POINTER",
    "ExceptionData",
    "FatalError",
    "LowLevelException",
    "OpaqueValue",
    "OperationInfo",
    "TextError",
    "TypedInterpreter",
    "TypedProgram",
    "TyperError",
    "Unfoldable",
    "VerificationError",
    "can_collect",
    "can_raise",
    "evaluate",
    "function_of_method",
    "is_pure",
    "low_level_operation",
    "parse_program",
    "print_program",
    "print_typed_graph",
    "specialize",
    "string_equal",
    "verify_graph",
    "verify_program",
    "strongly_connected",
]
