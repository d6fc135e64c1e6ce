"""The function that the executable starts with: it makes the list of arguments and calls the entry point.

It is ordinary RPython, translated with the program, so that lists and strings have one maker only.
"""

from __future__ import annotations

import os
import sys
from typing import Callable

from ouro.lltype import ExternalFunction, FuncType, Library, Pointer, Signed, functionptr
from ouro.rlib.objectmodel import specialize


def _runtime_function(name: str, arity: int, host: Callable[..., int]) -> Pointer:
    TYPE = FuncType([Signed] * arity, Signed)
    return functionptr(TYPE, name, external=ExternalFunction(name, TYPE, Library(), host=host))


argument_count = _runtime_function("ouro_argument_count", 0, lambda: len(sys.argv))
argument_length = _runtime_function("ouro_argument_length", 1, lambda index: len(os.fsencode(sys.argv[index])))
argument_character = _runtime_function(
    "ouro_argument_character", 2, lambda index, position: os.fsencode(sys.argv[index])[position]
)


print_traceback = _runtime_function("ouro_print_traceback", 0, lambda: 0)


def _requested_status(error):  # type: ignore[no-untyped-def]
    """The status for `sys.exit(status)` or `sys.exit(message)`, which prints the message."""
    message = error.__text__
    if message is None:
        return error.code
    print(message, file=sys.stderr)
    return 1


def _described(error):  # type: ignore[no-untyped-def]
    """`ValueError: text`, as Python shows an exception that nobody caught."""
    name = type(error).__name__
    try:
        text = str(error)
    except Exception:
        return name + ": <no text: its __str__ failed>"
    return name if text == "" else name + ": " + text


@specialize.argtype(0)  # type: ignore[no-untyped-call]
def _as_status(result):  # type: ignore[no-untyped-def]
    return int(result) if isinstance(result, int) else 0


def start_function(entry_point: Callable[[list[str]], int]) -> Callable[[], int]:
    """The function of no arguments that runs `entry_point` on the arguments of the process."""

    def start():  # type: ignore[no-untyped-def]
        arguments = []
        for index in range(argument_count()):
            characters = []
            for position in range(argument_length(index)):
                characters.append(chr(argument_character(index, position)))
            arguments.append("".join(characters))
        try:
            return _as_status(entry_point(arguments))
        except SystemExit as error:
            return _requested_status(error)  # type: ignore[no-untyped-call]
        except BaseException as error:
            print_traceback()
            described = _described(error)  # type: ignore[no-untyped-call]
            print("Fatal RPython error: " + described, file=sys.stderr)
            return 1

    start._start_of_program_ = True  # type: ignore[attr-defined]  # messages do not show it as a caller
    return start
