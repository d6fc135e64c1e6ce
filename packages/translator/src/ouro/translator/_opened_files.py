"""Which files a target reads while it is imported and translated: data that the executable depends on like on sources.

Python tells of every file that it opens through audit hooks. A hook cannot be taken away again, so that there is one,
which records only inside of `recorded_files`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ouro.translator._cache import is_of_python

#: The recording now, if there is one, and whether the hook is there.
_recording: list[OpenedFiles] = []
_hooked: list[bool] = []

_NO_FILES = ("/proc/", "/sys/", "/dev/")


class OpenedFiles:
    """The files that were opened for reading, and those that somebody tried to read and that were not there."""

    def __init__(self, outside: list[Path]) -> None:
        self._outside = (*_NO_FILES, *[f"{folder}{os.sep}" for folder in outside])
        self._existed: dict[str, bool] = {}

    def note(self, name: Any, flags: Any) -> None:
        """A file is about to be opened."""
        if not isinstance(name, (str, bytes, os.PathLike)) or not isinstance(flags, int):
            return
        if flags & (os.O_WRONLY | os.O_CREAT | os.O_TRUNC):
            return
        path = os.path.abspath(os.fsdecode(name))
        if "\0" in path or path in self._existed or path.endswith(".pyc") or path.startswith(self._outside):
            return
        if is_of_python(path):
            return
        self._existed[path] = os.path.exists(path)

    def read(self) -> list[str]:
        """The files that were read and are there still."""
        return [path for path, existed in self._existed.items() if existed and os.path.isfile(path)]

    def missing(self) -> list[str]:
        """The files that were not there and are not there now."""
        return [path for path, existed in self._existed.items() if not existed and not os.path.exists(path)]


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and _recording:
        _recording[-1].note(arguments[0], arguments[2])


@contextmanager
def recorded_files(*outside: Path) -> Iterator[OpenedFiles]:
    """Record the files that are opened inside of the block, but for those in the folders *outside*."""
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked.append(True)
    files = OpenedFiles([*outside, Path(tempfile.gettempdir()) / "ouro-"])
    _recording.append(files)
    try:
        yield files
    finally:
        _recording.remove(files)
