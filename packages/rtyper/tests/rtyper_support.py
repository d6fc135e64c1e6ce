"""Runs RPython functions through annotator, rtyper and the typed-graph interpreter."""

from __future__ import annotations

from typing import Any

from ouro.annotator import annotate
from ouro.lltype import GcStruct, Pointer
from ouro.rtyper import LowLevelException, TypedInterpreter, TypedProgram, specialize, verify_program
from ouro.rtyper._string_helpers import STR, host_string, prebuilt_string


def typed(function: Any, *arguments: Any) -> TypedProgram:
    """The verified typed program of a function called with arguments like these."""
    program = specialize(annotate(function, [type(argument) for argument in arguments]))
    verify_program(program)
    return program


def to_low_level(value: Any) -> Any:
    return prebuilt_string(value) if isinstance(value, str) else value


def to_host(value: Any) -> Any:
    if isinstance(value, Pointer) and value._T.TO is STR:
        return host_string(value)
    assert not isinstance(value, Pointer) or isinstance(value._T.TO, GcStruct)
    return value


def run(program: TypedProgram, *arguments: Any) -> Any:
    """What the entry graph does: its result, or the exception class's name in `("raises", name)`."""
    try:
        result = TypedInterpreter(program).run(program.entry_graph, [to_low_level(value) for value in arguments])
    except LowLevelException as exception:
        return "raises", exception.class_name
    return to_host(result)


def on_host(function: Any, *arguments: Any) -> Any:
    """What the function does on plain Python, in the form that `run` has."""
    try:
        return function(*arguments)
    except Exception as error:
        return "raises", type(error).__name__


def agrees(function: Any, *calls: tuple[Any, ...]) -> TypedProgram:
    """Assert that the typed program does what plain Python does, for each of the calls."""
    program = typed(function, *calls[0])
    for arguments in calls:
        expected, found = on_host(function, *arguments), run(program, *arguments)
        same = found == expected or (found != found and expected != expected)
        assert same and type(found) is type(expected), f"{function.__name__}{arguments}: {found!r}, not {expected!r}"
    return program
