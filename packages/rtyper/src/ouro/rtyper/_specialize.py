"""The entry point of the stage."""

from __future__ import annotations

from ouro.annotator.program import AnnotatedProgram
from ouro.lltype import cast_pointer
from ouro.rtyper import _rules
from ouro.rtyper._blocks import translate_graph
from ouro.rtyper._classes import layout_of, settle_classes
from ouro.rtyper._instances import class_representation, instance_representation
from ouro.rtyper._program import OBJECT_POINTER, TypedProgram
from ouro.rtyper._typer import Typer

__all__ = ["specialize"]

STANDARD_EXCEPTIONS: tuple[type[BaseException], ...] = (
    OverflowError,
    MemoryError,
    RecursionError,
    ZeroDivisionError,
    AssertionError,
)
"""What operations and the run-time system raise: always part of the program, with a prebuilt instance each."""


def specialize(annotated: AnnotatedProgram) -> TypedProgram:
    """Type a whole program.

    Raises TyperError, with the chain of places, where something has no low-level form.
    """
    assert _rules.LOADED
    typer = Typer(annotated, translate_graph)
    program = typer.program
    class_representation(typer)
    instance_representation(typer, None)
    typer.finishers.append(lambda: settle_classes(typer))
    for exception in STANDARD_EXCEPTIONS:
        _add_standard_exception(typer, exception)
    program.entry_graph = typer.typed_graph(annotated.entry_graph)
    typer.finish()
    typer.run()
    return program


def _add_standard_exception(typer: Typer, exception: type[BaseException]) -> None:
    description = typer.annotated.class_description(exception)
    layout = layout_of(typer, description)
    exceptions = typer.program.exceptions
    name = exception.__name__
    exceptions.vtables[name] = layout.vtable
    exceptions.instances[name] = cast_pointer(OBJECT_POINTER, layout.prebuilt(exception()))
