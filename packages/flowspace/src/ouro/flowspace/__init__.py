"""Python functions to SSA flow graphs.

`build_flow(func)` reads the AST of a live function and executes it symbolically. The graph classes defined
here are those of the typed graphs too. The table of operations is `ouro.flowspace.operations`.
"""

from ouro.flowspace._build import build_flow
from ouro.flowspace._errors import FlowSpaceError, source_excerpt
from ouro.flowspace._host_stack import deep_host_stack
from ouro.flowspace._interpreter import FlowInterpreter, StepLimitExceeded
from ouro.flowspace._model import (
    LAST_EXCEPTION,
    Block,
    CallShape,
    Constant,
    FunctionGraph,
    Link,
    Operation,
    Position,
    Signature,
    Unbound,
    Value,
    Variable,
)
from ouro.flowspace._text import FlowTextError, parse_graph, print_graph
from ouro.flowspace._verifier import VerificationError, verify
from ouro.flowspace._view import graph_to_dot, graphs_to_html
from ouro.flowspace.operations import OPERATIONS, OperationSpec

__all__ = [
    "LAST_EXCEPTION",
    "OPERATIONS",
    "Block",
    "CallShape",
    "Constant",
    "FlowInterpreter",
    "FlowSpaceError",
    "FlowTextError",
    "FunctionGraph",
    "Link",
    "Operation",
    "OperationSpec",
    "Position",
    "Signature",
    "StepLimitExceeded",
    "Unbound",
    "Value",
    "Variable",
    "VerificationError",
    "build_flow",
    "deep_host_stack",
    "graph_to_dot",
    "graphs_to_html",
    "parse_graph",
    "print_graph",
    "source_excerpt",
    "verify",
]
