"""Which backend the JIT of an executable has. The functions run when the executable starts: they are RPython."""

from __future__ import annotations

import platform
from collections.abc import Callable
from typing import Any

from ouro.jitcore.translation import interpret_traces
from ouro.translator._errors import UserError

#: Address space for the code of one process; pages are only taken as they are used.
CODE_MEMORY = 1 << 28


def has_native_backend(collector: str) -> bool:
    """Can traces become machine code on this machine, in a program with that collector?"""
    return platform.machine() in ("x86_64", "AMD64") and collector == "generational"


def start_backend(name: str | None, collector: str) -> Callable[[Any], Any]:
    """The function that makes a backend in the running program.

    Args:
        name: "x86" or "interpret"; None for the best that there is for the machine and the collector.
        collector: of the program.

    Raises:
        UserError: the backend does not work there.
    """
    fits = has_native_backend(collector)
    if name == "interpret" or (name is None and not fits):
        return interpret_traces
    if not fits:
        raise UserError("the x86 backend needs an x86-64 machine and --gc generational", "use --jit-backend interpret")
    from ouro.backend_x86 import process  # only there for its own machine
    from ouro.backend_x86.code_memory import OutOfCodeMemory

    def start_x86(machine):  # type: ignore[no-untyped-def] # RPython
        try:
            return process.make_backend(CODE_MEMORY)
        except OutOfCodeMemory:
            return None

    return start_x86
