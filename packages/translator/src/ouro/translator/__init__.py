"""The `ouro` command: an RPython program to a native executable.

`load_target` reads a target file and `ouro.translator.pipeline.translate` runs every stage on it; importing that module
imports all of them. The names here are imported when they are asked for: the command is to be there before the rest, so
that an interrupt finds it.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the name that type checkers know; importing it from `typing` takes long enough for a Ctrl-C
if TYPE_CHECKING:
    from typing import Any

    from ouro.translator._cache import ExecutableCache
    from ouro.translator._command_line import main
    from ouro.translator._errors import UserError
    from ouro.translator._progress import Progress, StageFigures
    from ouro.translator._target import Target, TargetDriver, load_target

__all__ = [
    "ExecutableCache",
    "Progress",
    "StageFigures",
    "Target",
    "TargetDriver",
    "UserError",
    "load_target",
    "main",
]

_HOMES = {
    "ExecutableCache": "_cache",
    "Progress": "_progress",
    "StageFigures": "_progress",
    "Target": "_target",
    "TargetDriver": "_target",
    "UserError": "_errors",
    "load_target": "_target",
    "main": "_command_line",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # as for `typing`

    return getattr(import_module(f"{__name__}.{home}"), name)
