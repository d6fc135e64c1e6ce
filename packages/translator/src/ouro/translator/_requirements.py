"""What a command needs of the machine, asked before the work, which may take minutes: a compiler, files to write."""

from __future__ import annotations

import os
from pathlib import Path

from ouro.rlib.c_compiler import HOW_TO_GET_ONE, compiler_words, named_compiler, not_found
from ouro.translator._cache import loaded_sources
from ouro.translator._errors import UserError


def check_compiler() -> None:
    """Find out that there is a C compiler. Raises UserError where there is none."""
    compiler = named_compiler()
    if compiler_words(compiler) is None:
        raise UserError(not_found(compiler), HOW_TO_GET_ONE)


def check_output(path: Path, what: str, option: str, regular: bool = True) -> None:
    """Find out that *path* can be made.

    Args:
        path: the file.
        what: what it is, for messages: "the executable".
        option: what names it on the command line.
        regular: whether it must be an ordinary file, and no device or pipe.

    Raises:
        UserError: it cannot.
    """
    shown = str(path).replace("\0", "\\0")
    suggestion = f"name another file with {option}"

    def refusal(reason: str) -> UserError:
        return UserError(f"{shown}: cannot write {what}: {reason}", suggestion)

    if "\0" in str(path):
        raise refusal("a name of a file has no NUL")
    try:
        if path.is_dir():
            raise refusal("this is a folder")
        if path.exists() and not path.is_file():
            if regular:
                raise refusal("this is no ordinary file")
            return
        folder = path.resolve().parent
        if not folder.is_dir():
            there = next(parent for parent in (folder, *folder.parents) if os.path.lexists(parent))
            reason = f"the folder {folder} does not exist" if there.is_dir() else f"{there} is no folder"
            raise refusal(reason)
        if path.exists() and not regular and not os.access(path, os.W_OK):
            raise refusal("no permission to write it")
        trial = folder / f".{path.name}.{os.getpid()}.tmp"
        os.close(os.open(trial, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        trial.unlink()
    except PermissionError as error:
        raise refusal(f"no permission to write in {path.resolve().parent}") from error
    except OSError as error:
        raise refusal(error.strerror or str(error)) from error


def check_is_no_source(path: Path, target: Path, option: str) -> None:
    """Find out that *path* is no file which the target file consists of; to be asked when that is imported.

    Args:
        path: the file to write.
        target: the target file.
        option: what names *path* on the command line.

    Raises:
        UserError: it is one, under this or another name.
    """
    if not path.exists():
        return
    if os.path.samefile(path, target):
        what = "the target file itself"
    elif any(os.path.samefile(path, source) for source in loaded_sources() if os.path.exists(source)):
        what = "a source file that the target imports"
    else:
        return
    raise UserError(f"{path}: this is {what}", f"name another file with {option}")


def write_output(path: Path, text: str, what: str, suggestion: str) -> None:
    """Write a text to a file, whole or not at all where that is an ordinary one.

    Args:
        path: the file; a device or pipe is written as it is.
        what: what it is, for messages: "the page".
        suggestion: what to do when it fails.

    Raises:
        UserError: it cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_text(text)
            return
        whole = path.resolve()  # a link stays one
        fresh = whole.with_name(f".{whole.name}.{os.getpid()}.tmp")
        try:
            fresh.write_text(text)
            os.replace(fresh, whole)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"{path}: cannot write {what}: {error.strerror}", suggestion) from error
