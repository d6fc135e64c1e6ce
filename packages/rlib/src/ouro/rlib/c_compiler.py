"""The C compiler of the host: the variable CC names it, and it may hold arguments (``ccache gcc -m32``)."""

from __future__ import annotations

import os
import shlex
import shutil

__all__ = ["HOW_TO_GET_ONE", "compiler_identity", "compiler_words", "named_compiler", "not_found"]

#: What to do where there is none.
HOW_TO_GET_ONE = "install gcc, or name one with the variable CC"


def named_compiler() -> str:
    """What CC says; `cc` where the variable is missing or empty, as in `make`."""
    return os.environ.get("CC", "").strip() or "cc"


def compiler_words(compiler: str) -> list[str] | None:
    """A compiler as the beginning of a command line, which works in any folder; None where it is not found.

    Args:
        compiler: the command as a shell would read it in the current folder.
    """
    try:
        words = shlex.split(compiler)
    except ValueError:  # a quotation mark without its other half
        return None
    found = shutil.which(words[0]) if words else None
    if found is None:
        return None
    if not os.path.isabs(found):  # a path from here, or one of the folders in PATH is
        words[0] = os.path.abspath(found)
    return [words[0], *map(_from_anywhere, words[1:])]


def _from_anywhere(word: str) -> str:
    """A word of a command line, as an absolute path where it names a file from here (``ccache ./gcc``)."""
    return os.path.abspath(word) if os.sep in word and os.path.exists(word) else word


def not_found(compiler: str) -> str:
    """The message that there is no such compiler."""
    return f"the C compiler {compiler!r} was not found"


def compiler_identity(compiler: str) -> str:
    """What tells one C compiler from another in a cache: command, path, size and time; empty where there is none."""
    words = compiler_words(compiler)
    if words is None:
        return ""
    path = shutil.which(words[0]) or ""
    status = os.stat(path)
    return f"{' '.join(words)} {path} {status.st_size} {status.st_mtime_ns}"
