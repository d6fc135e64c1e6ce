"""The `ouro` command: an RPython program to a native executable.

`load_target` reads a target file and `ouro.translator.pipeline.translate` runs every stage on it; importing that module
imports all of them.
"""

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
