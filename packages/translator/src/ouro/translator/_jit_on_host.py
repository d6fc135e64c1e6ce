"""`ouro run --jit-untranslated`: a whole target with its JIT on this Python, and nothing compiled by C.

The stages up to the typed program are those of a translation; the typed interpreter runs it, and the JIT's own parts
run as plain Python over the model of the machine. So a change to a rewriting rule, to a hint or to an interpreter shows
in the traces after seconds: what is left out is everything behind the typed program.
"""

from __future__ import annotations

import gc as host_collector
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ouro.jitcore.testing import Jitted
from ouro.rlib import jit
from ouro.rlib.debug import FatalError
from ouro.rtyper import FatalError as FatalTypedError
from ouro.rtyper import LowLevelException
from ouro.translator._entry import start_function
from ouro.translator._errors import UserError
from ouro.translator._target import Target


def run_with_jit(target: Target, arguments: list[str], parameters: str) -> int:
    """Run a target; its exit status. What `OUROLOG` asks for is written as by an executable.

    Args:
        arguments: of the program, its name first.
        parameters: of the JIT, as a user writes them.

    Raises:
        UserError: the parameters are wrong, or the program ends with an exception.
        PortalError, CodewriterError: the program contradicts its hints.
    """
    settings = _settings(parameters)
    # as in a translation: nearly all that the stages make stays alive
    host_collector.set_threshold(200_000, 50, 100)
    with _arguments_of_process(arguments):
        jitted = Jitted(start_function(target.entry_point), [], **settings)
        if not jitted.portals:
            raise UserError(
                f"{target.path}: the program has no interpreter loop for a JIT",
                "call JitDriver.jit_merge_point at the head of the loop",
            )
        try:
            status = int(jitted.run())
        except LowLevelException as error:
            raise UserError(f"{target.path}: the program ended with an exception: {error.class_name}") from error
        except (FatalError, FatalTypedError) as error:
            raise UserError(f"{target.path}: fatal error: {error}") from error
        finally:
            jitted.system.log_summary()
    return status


def _settings(parameters: str) -> dict[str, Any]:
    try:
        found = jit.parse_parameters(parameters)
    except jit.BadParameter as error:
        raise UserError(f"--jit: {error.message}", "`--jit help` of any executable lists them", status=2) from error
    names = list(jit.DEFAULT_PARAMETERS)
    return {names[number]: value for number, value in zip(found[::2], found[1::2])}


@contextmanager
def _arguments_of_process(arguments: list[str]) -> Iterator[None]:
    """The program reads its arguments from the process."""
    before = sys.argv
    sys.argv = arguments
    try:
        yield
    finally:
        sys.argv = before
