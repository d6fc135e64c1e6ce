"""The target file: the program to translate, by the convention of a `target` function."""

from __future__ import annotations

import importlib.util
import inspect
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Callable

from attrs import define, field
from ouro.rlib import rarithmetic
from ouro.translator._errors import UserError

EntryPoint = Callable[["list[str]"], int]

COLLECTORS = ("generational", "marksweep", "semispace", "none")
OPTIMISATIONS = (0, 2)

#: The module name of a target file; not `__main__`, so that its `if __name__ == "__main__"` does not run.
MODULE_NAME = "ouro_target"


@define
class TargetDriver:
    """What a target file may ask of the translation, passed to its `target` function, which may set all of it.

    The function sees what the command line says, or the defaults; an option that is given there wins over what it sets.

    Attributes:
        optimisation: 0 or 2.
        collector: the name of the garbage collector, one of `COLLECTORS`.
        executable_name: the name of the executable where `--output` gives none.
    """

    optimisation: int = 2
    collector: str = "generational"
    executable_name: str | None = None


@define
class Target:
    """A loaded target file."""

    path: Path
    entry_point: EntryPoint
    driver: TargetDriver = field(factory=TargetDriver)

    @property
    def executable_name(self) -> str:
        """The name the target chose, or its folder's for a file called ``target.py``, or the file's."""
        if self.driver.executable_name:
            return self.driver.executable_name
        if self.path.stem == "target":
            return self.path.resolve().parent.name
        return self.path.stem


def load_target(path: Path, driver: TargetDriver, arguments: Sequence[str] = ()) -> Target:
    """Import a target file as ``python FILE`` would and call its `target` function.

    Raises:
        UserError: the file is missing or no Python, its code fails, or it has no usable `target`.
    """
    module = _import(path)
    function = getattr(module, "target", None)
    if not callable(function):
        raise UserError(
            f"{path}: the file has no function called 'target'",
            "add `def target(driver, args)` that returns the function which takes argv and returns the exit status",
        )
    try:
        entry_point = function(driver, list(arguments))
    except SystemExit as error:
        raise _left(path, "in target(driver, args)", error) from error
    except Exception as error:
        raise UserError(f"{path}: target(driver, args) failed\n{short_traceback(error)}") from error
    if not callable(entry_point):
        raise UserError(
            f"{path}: target(driver, args) returned {type(entry_point).__name__}, not a function",
            "return the function that takes argv and returns the exit status",
        )
    try:
        inspect.signature(entry_point).bind([])
    except TypeError as error:
        raise UserError(
            f"{where(entry_point)}: the entry point is called with the list of arguments alone: {error}",
            "give it one parameter: `def entry_point(argv):`",
        ) from error
    check_driver(path, driver)
    return Target(path, entry_point, driver)


def check_driver(path: Path, driver: TargetDriver) -> None:
    """What the target file has set must be something that there is.

    Raises:
        UserError: it is not.
    """
    name = driver.executable_name
    for attribute, fits, suggestion in (
        ("optimisation", driver.optimisation in OPTIMISATIONS and not isinstance(driver.optimisation, bool),
         "set it to 0 or 2"),
        ("collector", driver.collector in COLLECTORS, f"set it to one of {', '.join(map(repr, COLLECTORS))}"),
        ("executable_name", name is None or isinstance(name, str) and "\0" not in name and not _names_folder(name),
         "set it to the name of a file"),
    ):  # fmt: skip
        if not fits:
            value = getattr(driver, attribute)
            raise UserError(f"{path}: target(driver, args) has set driver.{attribute} to {value!r}", suggestion)


def where(function: Callable[..., Any]) -> str:
    """File and line of a function, and its name, as in the messages of the stages."""
    code = getattr(function, "__code__", None)
    name = getattr(function, "__name__", repr(function))
    return f"{code.co_filename}:{code.co_firstlineno}, in {name}" if code is not None else name


def exit_status(entry_point: Callable[..., Any], result: object) -> int:
    """The exit status for what the entry point returned on the host.

    Raises:
        UserError: it is nothing that an executable could return.
    """
    if result is None or isinstance(result, int) and type(result).__module__ != rarithmetic.__name__:
        return int(result or 0)
    raise wrong_result(entry_point, type(result).__name__)


def wrong_result(entry_point: Callable[..., Any], kind: str) -> UserError:
    """The entry point returns something that is no exit status."""
    return UserError(
        f"{where(entry_point)}: the entry point returns {kind}, which is no exit status",
        "return an int from 0 to 255 (0: all went well), a bool, or nothing",
    )


def _import(path: Path) -> ModuleType:
    if not path.exists():
        raise UserError(f"{path}: there is no such file")
    if path.is_dir():
        raise UserError(f"{path}: this is a folder", f"name the target file in it, such as {path / 'target.py'}")
    specification = importlib.util.spec_from_file_location(MODULE_NAME, path)
    if specification is None or specification.loader is None:
        raise UserError(f"{path}: this is no Python file", "a target file ends in .py")
    module = importlib.util.module_from_spec(specification)
    sys.modules[MODULE_NAME] = module
    sys.path.insert(0, str(path.resolve().parent))
    try:
        specification.loader.exec_module(module)
    except SyntaxError as error:
        message = "".join(traceback.format_exception_only(type(error), error)).rstrip()
        if error.filename != str(path):
            message = f"{path}: importing the file failed\n{short_traceback(error)}"
        raise UserError(message) from error
    except SystemExit as error:
        raise _left(path, "while it was imported", error) from error
    except Exception as error:
        raise UserError(f"{path}: importing the file failed\n{short_traceback(error)}") from error
    return module


def _names_folder(name: str) -> bool:
    return name.split("/")[-1] in ("", ".", "..")


def _left(path: Path, when: str, error: SystemExit) -> UserError:
    """The target file has called `sys.exit` before there was a program."""
    return UserError(
        f"{path}: the file called sys.exit({'' if error.code is None else repr(error.code)}) {when}\n"
        f"{short_traceback(error)}",
        "raise an error that says what is wrong, or call sys.exit in the entry point alone",
    )


def short_traceback(error: BaseException) -> str:
    """The traceback of *error* from the user's first line on."""
    entries = traceback.extract_tb(error.__traceback__)
    ours = str(Path(__file__).parent)
    mine = [entry for entry in entries if not entry.filename.startswith((ours, "<frozen importlib"))]
    lines = traceback.format_list(mine) + traceback.format_exception_only(type(error), error)
    return "".join(lines).rstrip()
