"""The entry point of the stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Callable

from ouro.annotator import _builtins, _collector, _lowlevel, _mappings, _numbers, _objects, _rlib, _sequences, _strings
from ouro.annotator._engine import Engine
from ouro.annotator._errors import AnnotatorError, Complaint, error_of_flow
from ouro.annotator._hints import annotation_of_hint
from ouro.annotator.annotations import Annotation
from ouro.annotator.program import AnnotatedProgram
from ouro.flowspace import FlowSpaceError

HANDLER_MODULES = (_builtins, _collector, _lowlevel, _mappings, _numbers, _objects, _rlib, _sequences, _strings)
"""The modules that fill the dispatch tables when they are imported."""


def annotate(
    entry_point: Callable[..., Any], argument_types: Sequence[Any] = (), policy: Any = None, error_limit: int = 10
) -> AnnotatedProgram:
    """Infer the types of a whole program.

    Parameters: `entry_point` is the function it starts at; `argument_types` has one item for each of its
    parameters: an `Annotation`, or a Python type as in a type hint (`int`, `str`, `list[str]`). `policy` is
    kept for later stages. At most `error_limit` errors are looked for before giving up.

    Raises `AnnotatorError` where the program cannot be typed or is not RPython.
    """
    engine = Engine(policy, error_limit)
    try:
        arguments = [
            argument if isinstance(argument, Annotation) else annotation_of_hint(engine, argument)
            for argument in argument_types
        ]
        description = engine.descriptions.of_function(entry_point)
        graph = engine.descriptions.graph_of(description, None)
    except FlowSpaceError as error:
        raise error_of_flow(error, []) from None
    except Complaint as complaint:
        raise AnnotatorError(complaint.message, None, [], [], complaint.suggestion) from None
    if len(arguments) != len(graph.getargs()):
        raise AnnotatorError(
            f"{description.name}() takes {len(graph.getargs())} arguments, but {len(arguments)} types are given"
        )
    engine.call_graph(graph, arguments)
    engine.run()
    engine.finish()
    return AnnotatedProgram(graph, engine)
